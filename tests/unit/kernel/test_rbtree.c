// SPDX-License-Identifier: MIT
/* kernel/lib/rbtree.c against a model: an array of what is in the tree. */
#include <linux/random.h>
#include <linux/rbtree.h>
#include <linux/slab.h>

#include "../test.h"

#define N 300

struct thing {
	struct rb_node node;
	unsigned int key;
	bool in;
};

static struct thing things[N];

static void insert(struct rb_root_cached *root, struct thing *t)
{
	struct rb_node **link = &root->rb_root.rb_node, *parent = NULL;
	bool leftmost = true;

	while (*link) {
		parent = *link;
		if (t->key < rb_entry(parent, struct thing, node)->key) {
			link = &parent->rb_left;
		} else {
			link = &parent->rb_right;
			leftmost = false;
		}
	}
	rb_link_node(&t->node, parent, link);
	rb_insert_color_cached(&t->node, root, leftmost);
	t->in = true;
}

/* Black height of the tree below @n, or -1 when a rule is broken. The trees
 * here are small: recursion is no danger. */
static int check(const struct rb_node *n)
{
	bool red;
	int left, right;

	if (!n)
		return 0;
	red = !(n->__rb_parent_color & 1);
	if (n->rb_left && rb_parent(n->rb_left) != n)
		return -1;
	if (n->rb_right && rb_parent(n->rb_right) != n)
		return -1;
	if (red && ((n->rb_left && !(n->rb_left->__rb_parent_color & 1)) ||
		    (n->rb_right && !(n->rb_right->__rb_parent_color & 1))))
		return -1;
	left = check(n->rb_left);
	right = check(n->rb_right);
	if (left < 0 || left != right)
		return -1;
	return left + !red;
}

static void check_order(struct rb_root_cached *root)
{
	struct rb_node *n, *prev = NULL;
	unsigned int i, want = 0, count = 0;

	for (n = rb_first(&root->rb_root); n; prev = n, n = rb_next(n), count++) {
		EXPECT_TRUE(rb_prev(n) == prev);
		if (prev)
			EXPECT_LE(rb_entry(prev, struct thing, node)->key,
				  rb_entry(n, struct thing, node)->key);
		EXPECT_TRUE(rb_entry(n, struct thing, node)->in);
	}
	EXPECT_TRUE(rb_last(&root->rb_root) == prev);
	EXPECT_TRUE(rb_first_cached(root) == rb_first(&root->rb_root));
	for (i = 0; i < N; i++)
		want += things[i].in;
	EXPECT_EQ(count, want);
	EXPECT_GE(check(root->rb_root.rb_node), 0);
}

TEST(rbtree_agrees_with_a_model_over_random_operations)
{
	struct rb_root_cached root = RB_ROOT_CACHED;
	unsigned int i;

	memset(things, 0, sizeof(things));
	for (i = 0; i < 20000; i++) {
		struct thing *t = &things[get_random_u32_below(N)];

		if (t->in) {
			rb_erase_cached(&t->node, &root);
			t->in = false;
		} else {
			t->key = get_random_u32_below(100);
			insert(&root, t);
		}
		if (i % 16 == 0)
			check_order(&root);
	}
	for (i = 0; i < N; i++)
		if (things[i].in) {
			rb_erase_cached(&things[i].node, &root);
			things[i].in = false;
			check_order(&root);
		}
	EXPECT_TRUE(RB_EMPTY_ROOT(&root.rb_root));
}

TEST(rbtree_stays_balanced_when_fed_in_order)
{
	struct rb_root_cached root = RB_ROOT_CACHED;
	unsigned int i, depth = 0;
	struct rb_node *n;

	memset(things, 0, sizeof(things));
	for (i = 0; i < N; i++) {
		things[i].key = i;
		insert(&root, &things[i]);
	}
	check_order(&root);
	for (n = root.rb_root.rb_node; n; n = n->rb_right)
		depth++;
	EXPECT_LE(depth, 17U);
	for (i = 0; i < N; i += 2) {
		rb_erase_cached(&things[i].node, &root);
		things[i].in = false;
	}
	check_order(&root);
}

TEST(rbtree_replaces_and_walks_postorder)
{
	struct rb_root_cached root = RB_ROOT_CACHED;
	struct thing other, *t, *n;
	unsigned int i, count = 0;

	memset(things, 0, sizeof(things));
	for (i = 0; i < 20; i++) {
		things[i].key = i;
		insert(&root, &things[i]);
	}
	other = things[7];
	rb_replace_node(&things[7].node, &other.node, &root.rb_root);
	EXPECT_TRUE(rb_next(&things[6].node) == &other.node);
	EXPECT_TRUE(rb_prev(&things[8].node) == &other.node);
	/* Children before parents: every node may be wiped when it is seen. */
	rbtree_postorder_for_each_entry_safe(t, n, &root.rb_root, node) {
		memset(&t->node, 0xff, sizeof(t->node));
		count++;
	}
	EXPECT_EQ(count, 20U);
	RB_CLEAR_NODE(&other.node);
	EXPECT_TRUE(RB_EMPTY_NODE(&other.node));
	EXPECT_TRUE(rb_next(&other.node) == NULL);
}
