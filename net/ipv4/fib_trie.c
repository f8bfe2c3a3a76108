// SPDX-License-Identifier: MIT
/*
 * Longest prefix match: a path-compressed binary trie.
 *
 *	                 0.0.0.0/0 *            * has routes
 *	                /           \
 *	     10.0.2.0/24 *       128.0.0.0/1    branches only
 *	                          /        \
 *	              192.168.0.0/16 *   224.0.0.0/4 *
 *
 * A node's children extend its prefix by at least one bit, so a way from the
 * root to a leaf has at most 33 nodes, and a lookup is one way down and, when
 * the longest prefix's routes do not fit the flow, part of it up again. A node
 * without routes has two children, or it is not there.
 *
 * Linux: net/ipv4/fib_trie.c (an LC-trie: children in blocks of 2^n)
 * RFC: 1812 5.2.4.3, 4632
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <net/ip.h>
#include <net/ip_fib.h>
#include <net/route.h>

static u32 plen_mask(unsigned int plen)
{
	return plen ? ~0U << (32 - plen) : 0;
}

/* Bit @pos of @key, 0 the highest; @pos is below 32. */
static unsigned int key_bit(u32 key, unsigned int pos)
{
	return key >> (31 - pos) & 1;
}

static bool node_covers(const struct fib_node *n, u32 key)
{
	return !((key ^ n->key) & plen_mask(n->plen));
}

/* How many leading bits two prefixes share. */
static unsigned int common_bits(u32 a, unsigned int alen, u32 b, unsigned int blen)
{
	u32 diff = a ^ b;
	unsigned int bits = diff ? (unsigned int)__builtin_clz(diff) : 32;
	unsigned int shorter = min(alen, blen);

	return min(bits, shorter);
}

static struct fib_node *node_alloc(u32 key, unsigned int plen)
{
	struct fib_node *n = kzalloc(sizeof(*n), GFP_ATOMIC);

	if (!n)
		return NULL;
	n->key = key & plen_mask(plen);
	n->plen = (u8)plen;
	INIT_LIST_HEAD(&n->aliases);
	return n;
}

/* Where the pointer to @n is. */
static struct fib_node **node_slot(struct fib_table *tb, struct fib_node *n)
{
	if (!n->parent)
		return &tb->root;
	return &n->parent->child[key_bit(n->key, n->parent->plen)];
}

static void node_attach(struct fib_node *parent, struct fib_node *n)
{
	parent->child[key_bit(n->key, parent->plen)] = n;
	n->parent = parent;
}

/* Puts @n where @old is, and @old below it. */
static void node_insert_above(struct fib_table *tb, struct fib_node *n, struct fib_node *old)
{
	*node_slot(tb, old) = n;
	n->parent = old->parent;
	node_attach(n, old);
}

/**
 * fib_trie_table - make an empty table
 * @net: its namespace
 * @id: RT_TABLE_*
 *
 * Context: process.
 * Return: the table, or NULL on no memory.
 */
struct fib_table *fib_trie_table(struct net *net, u32 id)
{
	struct fib_table *tb = kzalloc(sizeof(*tb), GFP_KERNEL);

	if (!tb)
		return NULL;
	tb->net = net;
	tb->tb_id = id;
	return tb;
}

/* The node of exactly this prefix, or NULL. */
static struct fib_node *fib_find_node(struct fib_table *tb, u32 key, unsigned int plen)
{
	struct fib_node *n = tb->root;

	while (n && n->plen <= plen && node_covers(n, key)) {
		if (n->plen == plen)
			return n;
		n = n->child[key_bit(key, n->plen)];
	}
	return NULL;
}

/* Splits the way to @old, which does not cover the new prefix, at the last bit
 * they share. */
static struct fib_node *fib_split_node(struct fib_table *tb, struct fib_node *old,
				       u32 key, unsigned int plen)
{
	unsigned int bits = common_bits(key, plen, old->key, old->plen);
	struct fib_node *n = node_alloc(key, plen), *branch;

	if (!n)
		return NULL;
	if (bits == plen) {
		node_insert_above(tb, n, old);
		return n;
	}
	branch = node_alloc(key, bits);
	if (!branch) {
		kfree(n);
		return NULL;
	}
	node_insert_above(tb, branch, old);
	node_attach(branch, n);
	return n;
}

/* The node of a prefix, made if need be; NULL on no memory. */
static struct fib_node *fib_make_node(struct fib_table *tb, u32 key, unsigned int plen)
{
	struct fib_node *n = tb->root, *parent = NULL;

	while (n && n->plen <= plen && node_covers(n, key)) {
		if (n->plen == plen)
			return n;
		parent = n;
		n = n->child[key_bit(key, n->plen)];
	}
	if (n)
		return fib_split_node(tb, n, key, plen);
	n = node_alloc(key, plen);
	if (!n)
		return NULL;
	if (parent)
		node_attach(parent, n);
	else
		tb->root = n;
	return n;
}

/* Takes out nodes that have neither routes nor two children, upwards from @n. */
static void fib_trim_node(struct fib_table *tb, struct fib_node *n)
{
	while (n && list_empty(&n->aliases) && !(n->child[0] && n->child[1])) {
		struct fib_node *child = n->child[0] ? n->child[0] : n->child[1];
		struct fib_node *parent = n->parent;

		*node_slot(tb, n) = child;
		if (child)
			child->parent = parent;
		kfree(n);
		n = parent;
	}
}

/* Does a route fit the flow? 0: yes, *res is filled; 1: no; < 0: it answers
 * with an error. */
static int fib_alias_match(struct fib_table *tb, const struct fib_node *n,
			   const struct fib_alias *fa, const struct flowi4 *flp,
			   struct fib_result *res)
{
	struct fib_info *fi = fa->fa_info;

	if (fa->fa_tos && fa->fa_tos != (flp->flowi4_tos & IPTOS_TOS_MASK))
		return 1;
	if (fi->fib_dead || fi->fib_scope < flp->flowi4_scope)
		return 1;
	if (fib_props[fa->fa_type].error)
		return fib_props[fa->fa_type].error;
	if (fi->fib_nh.fib_nh_flags & RTNH_F_DEAD)
		return 1;
	if (flp->flowi4_oif && flp->flowi4_oif != fi->fib_nh.fib_nh_oif)
		return 1;
	res->prefix = htonl(n->key);
	res->prefixlen = n->plen;
	res->type = fa->fa_type;
	res->scope = fi->fib_scope;
	res->fi = fi;
	res->table = tb;
	return 0;
}

/**
 * fib_table_lookup - the route of a flow
 * @tb: table
 * @flp: destination, type of service, scope and device asked for
 * @res: filled on success; its fib_info is borrowed
 * @fib_flags: FIB_LOOKUP_*
 *
 * Context: any.
 * Return: 0; -EAGAIN when no route fits; the error of the route's type.
 */
int fib_table_lookup(struct fib_table *tb, const struct flowi4 *flp,
		     struct fib_result *res, int fib_flags)
{
	u32 key = ntohl(flp->daddr);
	struct fib_node *n = tb->root, *best = NULL;

	while (n && node_covers(n, key)) {
		if (!list_empty(&n->aliases))
			best = n;
		if (n->plen == 32)
			break;
		n = n->child[key_bit(key, n->plen)];
	}
	for (; best; best = best->parent) {
		const struct fib_alias *fa;

		list_for_each_entry(fa, &best->aliases, fa_list) {
			int err = fib_alias_match(tb, best, fa, flp, res);

			if (err <= 0)
				return err;
		}
	}
	return -EAGAIN;
}

/* The alias in front of which a route of this tos and metric belongs; the list
 * head: at the end. *@same: one with both the same. */
static struct list_head *fib_alias_place(struct fib_node *n, u8 tos, u32 prio,
					 const struct fib_info *fi, u8 type,
					 struct fib_alias **same, bool *identical)
{
	struct fib_alias *fa;

	*same = NULL;
	*identical = false;
	list_for_each_entry(fa, &n->aliases, fa_list) {
		if (fa->fa_tos > tos)
			continue;
		if (fa->fa_tos < tos || fa->fa_info->fib_priority > prio)
			return &fa->fa_list;
		if (fa->fa_info->fib_priority < prio)
			continue;
		*same = fa;
		if (fa->fa_type == type && fa->fa_info == fi)
			*identical = true;
	}
	return &n->aliases;
}

static int fib_insert_alias(struct fib_table *tb, const struct fib_config *cfg,
			    struct fib_info *fi)
{
	struct fib_alias *fa, *same;
	struct list_head *before;
	struct fib_node *n;
	bool identical;

	fa = kzalloc(sizeof(*fa), GFP_ATOMIC);
	if (!fa)
		return -ENOBUFS;
	n = fib_make_node(tb, ntohl(cfg->fc_dst), cfg->fc_dst_len);
	if (!n) {
		kfree(fa);
		return -ENOBUFS;
	}
	before = fib_alias_place(n, cfg->fc_tos, fi->fib_priority, fi, cfg->fc_type,
				 &same, &identical);
	if (identical || (same && !cfg->fc_append)) {
		kfree(fa);
		return -EEXIST;
	}
	fa->fa_info = fi;
	fa->fa_tos = cfg->fc_tos;
	fa->fa_type = cfg->fc_type;
	list_add_tail(&fa->fa_list, before);
	tb->tb_num_routes++;
	return 0;
}

/* A prefix as it must be: at most 32 bits, none set behind them. */
static bool fib_valid_key_len(const struct fib_config *cfg)
{
	return cfg->fc_dst_len <= 32 &&
	       !(ntohl(cfg->fc_dst) & ~plen_mask(cfg->fc_dst_len));
}

/**
 * fib_table_insert - add a route
 * @net: namespace
 * @tb: table
 * @cfg: the route
 *
 * Every cached dst is stale afterwards.
 *
 * Context: process.
 * Return: 0, -EINVAL (no such prefix), -EEXIST, -ENOBUFS, or what
 * fib_create_info() says.
 */
int fib_table_insert(struct net *net, struct fib_table *tb, const struct fib_config *cfg)
{
	struct fib_info *fi;
	int err;

	if (!fib_valid_key_len(cfg))
		return -EINVAL;
	fi = fib_create_info(net, cfg);
	if (IS_ERR(fi))
		return (int)PTR_ERR(fi);
	err = fib_insert_alias(tb, cfg, fi);
	if (err) {
		fib_release_info(fi);
		return err;
	}
	rt_cache_flush(net);
	return 0;
}

static void fib_remove_alias(struct fib_table *tb, struct fib_alias *fa)
{
	list_del(&fa->fa_list);
	fib_release_info(fa->fa_info);
	kfree(fa);
	tb->tb_num_routes--;
}

/* Is this the route that @cfg names? What it leaves 0 does not matter. */
static bool fib_alias_is(const struct fib_alias *fa, const struct fib_config *cfg)
{
	const struct fib_info *fi = fa->fa_info;

	return fa->fa_tos == cfg->fc_tos &&
	       (!cfg->fc_type || fa->fa_type == cfg->fc_type) &&
	       (cfg->fc_scope == RT_SCOPE_NOWHERE || fi->fib_scope == cfg->fc_scope) &&
	       (!cfg->fc_prefsrc || fi->fib_prefsrc == cfg->fc_prefsrc) &&
	       (!cfg->fc_protocol || fi->fib_protocol == cfg->fc_protocol) &&
	       (!cfg->fc_priority || fi->fib_priority == cfg->fc_priority) &&
	       (!cfg->fc_oif || fi->fib_nh.fib_nh_oif == cfg->fc_oif) &&
	       (!cfg->fc_gw4 || fi->fib_nh.fib_nh_gw4 == cfg->fc_gw4);
}

/**
 * fib_table_delete - remove a route
 * @net: namespace
 * @tb: table
 * @cfg: which; fc_scope RT_SCOPE_NOWHERE: any scope
 *
 * Context: process.
 * Return: 0, -EINVAL (no such prefix), -ESRCH.
 */
int fib_table_delete(struct net *net, struct fib_table *tb, const struct fib_config *cfg)
{
	struct fib_alias *fa;
	struct fib_node *n;

	if (!fib_valid_key_len(cfg))
		return -EINVAL;
	n = fib_find_node(tb, ntohl(cfg->fc_dst), cfg->fc_dst_len);
	if (!n)
		return -ESRCH;
	list_for_each_entry(fa, &n->aliases, fa_list) {
		if (!fib_alias_is(fa, cfg))
			continue;
		fib_remove_alias(tb, fa);
		fib_trim_node(tb, n);
		rt_cache_flush(net);
		return 0;
	}
	return -ESRCH;
}

/* The node after @n in the order of prefixes (parents first), or NULL. */
static struct fib_node *fib_next_node(const struct fib_node *n)
{
	if (n->child[0])
		return n->child[0];
	if (n->child[1])
		return n->child[1];
	for (; n->parent; n = n->parent) {
		if (n->parent->child[0] == n && n->parent->child[1])
			return n->parent->child[1];
	}
	return NULL;
}

static int fib_flush_node(struct fib_table *tb, struct fib_node *n, bool all)
{
	struct fib_alias *fa, *tmp;
	int found = 0;

	list_for_each_entry_safe(fa, tmp, &n->aliases, fa_list) {
		if (!all && !fa->fa_info->fib_dead)
			continue;
		fib_remove_alias(tb, fa);
		found++;
	}
	return found;
}

/* Some node that has neither routes nor two children, or NULL. */
static struct fib_node *fib_find_superfluous(struct fib_table *tb)
{
	struct fib_node *n;

	for (n = tb->root; n; n = fib_next_node(n)) {
		if (list_empty(&n->aliases) && !(n->child[0] && n->child[1]))
			return n;
	}
	return NULL;
}

/**
 * fib_table_flush - remove dead routes
 * @net: namespace
 * @tb: table
 * @all: living ones as well
 *
 * Context: process.
 * Return: how many were removed.
 */
int fib_table_flush(struct net *net, struct fib_table *tb, bool all)
{
	struct fib_node *n;
	int found = 0;

	for (n = tb->root; n; n = fib_next_node(n))
		found += fib_flush_node(tb, n, all);
	if (!found)
		return 0;
	while ((n = fib_find_superfluous(tb)))
		fib_trim_node(tb, n);
	rt_cache_flush(net);
	return found;
}

/**
 * fib_free_table - remove a table and what is in it
 * @tb: table, or NULL
 *
 * Context: process.
 */
void fib_free_table(struct fib_table *tb)
{
	if (!tb)
		return;
	fib_table_flush(tb->net, tb, true);
	kfree(tb);
}

/**
 * fib_table_for_each - call a function for every route
 * @tb: table
 * @fn: called with the prefix and the route; must not change the table
 * @ctx: handed to @fn
 *
 * Context: process.
 */
void fib_table_for_each(struct fib_table *tb,
			void (*fn)(const struct fib_node *n, const struct fib_alias *fa,
				   void *ctx), void *ctx)
{
	const struct fib_alias *fa;
	struct fib_node *n;

	for (n = tb->root; n; n = fib_next_node(n)) {
		list_for_each_entry(fa, &n->aliases, fa_list)
			fn(n, fa, ctx);
	}
}
