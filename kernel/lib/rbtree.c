// SPDX-License-Identifier: MIT
/*
 * Red-black trees. Every node is red or black; a red one has no red child; all
 * paths from a node down to a missing child have the same number of black ones.
 * So the longest path is at most twice the shortest.
 *
 * Linux: lib/rbtree.c   Algorithms: Cormen et al., chapter 13.
 */
#include <linux/rbtree.h>

#define RED	0UL
#define BLACK	1UL

static bool is_red(const struct rb_node *n)
{
	return n && !(n->__rb_parent_color & BLACK);
}

static void set_parent(struct rb_node *n, struct rb_node *parent)
{
	n->__rb_parent_color = (uintptr_t)parent | (n->__rb_parent_color & BLACK);
}

static void set_color(struct rb_node *n, uintptr_t color)
{
	n->__rb_parent_color = (n->__rb_parent_color & ~BLACK) | color;
}

/* Where the pointer to @n is. */
static struct rb_node **link_of(struct rb_node *n, struct rb_root *root)
{
	struct rb_node *parent = rb_parent(n);

	if (!parent)
		return &root->rb_node;
	return parent->rb_left == n ? &parent->rb_left : &parent->rb_right;
}

/*
 *     n              r
 *    / \            / \
 *   a   r    ->    n   c
 *      / \        / \
 *     b   c      a   b
 */
static void rotate_left(struct rb_node *n, struct rb_root *root)
{
	struct rb_node *r = n->rb_right;

	*link_of(n, root) = r;
	set_parent(r, rb_parent(n));
	n->rb_right = r->rb_left;
	if (n->rb_right)
		set_parent(n->rb_right, n);
	r->rb_left = n;
	set_parent(n, r);
}

static void rotate_right(struct rb_node *n, struct rb_root *root)
{
	struct rb_node *l = n->rb_left;

	*link_of(n, root) = l;
	set_parent(l, rb_parent(n));
	n->rb_left = l->rb_right;
	if (n->rb_left)
		set_parent(n->rb_left, n);
	l->rb_right = n;
	set_parent(n, l);
}

/**
 * rb_insert_color - balance after rb_link_node()
 * @node: the new node, red
 * @root: its tree
 *
 * Context: any.
 */
void rb_insert_color(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *parent, *grand, *uncle;

	while (is_red(parent = rb_parent(node))) {
		grand = rb_parent(parent);	/* the root is black */
		uncle = parent == grand->rb_left ? grand->rb_right : grand->rb_left;
		if (is_red(uncle)) {
			set_color(parent, BLACK);
			set_color(uncle, BLACK);
			set_color(grand, RED);
			node = grand;
			continue;
		}
		/* An inner grandchild first becomes an outer one. */
		if (parent == grand->rb_left) {
			if (node == parent->rb_right) {
				rotate_left(parent, root);
				parent = node;
			}
			rotate_right(grand, root);
		} else {
			if (node == parent->rb_left) {
				rotate_right(parent, root);
				parent = node;
			}
			rotate_left(grand, root);
		}
		set_color(parent, BLACK);
		set_color(grand, RED);
		break;
	}
	set_color(root->rb_node, BLACK);
}

/*
 * One step when the paths through the left child of @parent are one black
 * short. Returns true when the tree is right, false when now all paths through
 * @parent are short.
 */
static bool erase_step_left(struct rb_node *parent, struct rb_root *root)
{
	struct rb_node *sibling = parent->rb_right;

	if (is_red(sibling)) {
		set_color(sibling, BLACK);
		set_color(parent, RED);
		rotate_left(parent, root);
		sibling = parent->rb_right;
	}
	if (!is_red(sibling->rb_left) && !is_red(sibling->rb_right)) {
		set_color(sibling, RED);
		return false;
	}
	if (!is_red(sibling->rb_right)) {
		set_color(sibling->rb_left, BLACK);
		set_color(sibling, RED);
		rotate_right(sibling, root);
		sibling = parent->rb_right;
	}
	set_color(sibling, is_red(parent) ? RED : BLACK);
	set_color(parent, BLACK);
	set_color(sibling->rb_right, BLACK);
	rotate_left(parent, root);
	return true;
}

static bool erase_step_right(struct rb_node *parent, struct rb_root *root)
{
	struct rb_node *sibling = parent->rb_left;

	if (is_red(sibling)) {
		set_color(sibling, BLACK);
		set_color(parent, RED);
		rotate_right(parent, root);
		sibling = parent->rb_left;
	}
	if (!is_red(sibling->rb_left) && !is_red(sibling->rb_right)) {
		set_color(sibling, RED);
		return false;
	}
	if (!is_red(sibling->rb_left)) {
		set_color(sibling->rb_right, BLACK);
		set_color(sibling, RED);
		rotate_left(sibling, root);
		sibling = parent->rb_left;
	}
	set_color(sibling, is_red(parent) ? RED : BLACK);
	set_color(parent, BLACK);
	set_color(sibling->rb_left, BLACK);
	rotate_right(parent, root);
	return true;
}

static void erase_fix(struct rb_node *node, struct rb_node *parent, struct rb_root *root)
{
	while (parent && !is_red(node)) {
		if (node == parent->rb_left ? erase_step_left(parent, root) :
					      erase_step_right(parent, root))
			return;
		node = parent;
		parent = rb_parent(node);
	}
	if (node)
		set_color(node, BLACK);
}

/**
 * rb_erase - take a node out
 * @node: the node
 * @root: its tree
 *
 * Context: any.
 */
void rb_erase(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *child, *parent, *next;
	bool black_gone;

	if (!node->rb_left || !node->rb_right) {
		child = node->rb_left ? node->rb_left : node->rb_right;
		parent = rb_parent(node);
		*link_of(node, root) = child;
		if (child)
			set_parent(child, parent);
		black_gone = !is_red(node);
	} else {
		/* The next node has no left child: take it out of its place, and
		 * put it in the place of @node. */
		next = node->rb_right;
		while (next->rb_left)
			next = next->rb_left;
		child = next->rb_right;
		parent = rb_parent(next);
		black_gone = !is_red(next);
		*link_of(next, root) = child;
		if (child)
			set_parent(child, parent);
		if (parent == node)
			parent = next;
		rb_replace_node(node, next, root);
	}
	if (black_gone)
		erase_fix(child, parent, root);
}

/**
 * rb_replace_node - put a node in the place of another
 * @victim: in the tree
 * @entry: not in it, with the same key
 * @root: the tree
 *
 * Context: any.
 */
void rb_replace_node(struct rb_node *victim, struct rb_node *entry,
		     struct rb_root *root)
{
	*link_of(victim, root) = entry;
	*entry = *victim;
	if (entry->rb_left)
		set_parent(entry->rb_left, entry);
	if (entry->rb_right)
		set_parent(entry->rb_right, entry);
}

/* ---- walking ------------------------------------------------------------ */

static struct rb_node *leftmost(struct rb_node *n)
{
	while (n && n->rb_left)
		n = n->rb_left;
	return n;
}

static struct rb_node *rightmost(struct rb_node *n)
{
	while (n && n->rb_right)
		n = n->rb_right;
	return n;
}

/**
 * rb_first - the node with the least key
 * @root: the tree
 *
 * Context: any.
 * Return: the node, or NULL.
 */
struct rb_node *rb_first(const struct rb_root *root)
{
	return leftmost(root->rb_node);
}

/**
 * rb_last - the node with the greatest key
 * @root: the tree
 *
 * Context: any.
 * Return: the node, or NULL.
 */
struct rb_node *rb_last(const struct rb_root *root)
{
	return rightmost(root->rb_node);
}

/**
 * rb_next - the node behind, in order of keys
 * @node: a node
 *
 * Context: any.
 * Return: the node, or NULL.
 */
struct rb_node *rb_next(const struct rb_node *node)
{
	struct rb_node *parent;

	if (RB_EMPTY_NODE(node))
		return NULL;
	if (node->rb_right)
		return leftmost(node->rb_right);
	while ((parent = rb_parent(node)) && node == parent->rb_right)
		node = parent;
	return parent;
}

/**
 * rb_prev - the node in front, in order of keys
 * @node: a node
 *
 * Context: any.
 * Return: the node, or NULL.
 */
struct rb_node *rb_prev(const struct rb_node *node)
{
	struct rb_node *parent;

	if (RB_EMPTY_NODE(node))
		return NULL;
	if (node->rb_left)
		return rightmost(node->rb_left);
	while ((parent = rb_parent(node)) && node == parent->rb_left)
		node = parent;
	return parent;
}

/* Down to a node without children, left ones first. */
static struct rb_node *left_deepest(struct rb_node *n)
{
	while (n && (n->rb_left || n->rb_right))
		n = n->rb_left ? n->rb_left : n->rb_right;
	return n;
}

/**
 * rb_first_postorder - the first node, children before parents
 * @root: the tree
 *
 * Context: any.
 * Return: the node, or NULL.
 */
struct rb_node *rb_first_postorder(const struct rb_root *root)
{
	return left_deepest(root->rb_node);
}

/**
 * rb_next_postorder - the node behind, children before parents
 * @node: a node
 *
 * Context: any.
 * Return: the node, or NULL.
 */
struct rb_node *rb_next_postorder(const struct rb_node *node)
{
	struct rb_node *parent;

	if (!node)
		return NULL;
	parent = rb_parent(node);
	if (parent && node == parent->rb_left && parent->rb_right)
		return left_deepest(parent->rb_right);
	return parent;
}
