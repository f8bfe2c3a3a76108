// SPDX-License-Identifier: MIT
/*
 * The table of neighbours: found, made, thrown away (NB-2, NB-4). What becomes
 * of one while it lives is neigh_nud.c; ARP is net/ipv4/arp.c.
 *
 * Everything here is guarded by softirqs being off; the functions turn them off
 * themselves, so that they may be called from process context too.
 *
 * References: the hash table holds one, a running timer one. Packets and routes
 * hold none: they look the neighbour up and use it within one section with
 * softirqs off, so its memory goes after a grace period.
 *
 * Linux: net/core/neighbour.c, with neigh->lock, tbl->lock and RCU
 */
#include <linux/err.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/unaligned.h>
#include <net/net_namespace.h>
#include "neigh.h"

/* An entry that changed less than this ago is spared when the table is full. */
#define NEIGH_GC_SPARE_NS (5 * NSEC_PER_SEC)

static struct kmem_cache *neigh_cache __ro_after_init;

static unsigned int neigh_hash(const struct neigh_table *tbl, u32 key,
			       const struct net_device *dev)
{
	return ((key ^ (u32)dev->ifindex) * tbl->hash_rnd) >> 24;
}

static u32 neigh_key(const void *pkey)
{
	return get_unaligned((const u32 *)pkey);
}

/* ---- find ------------------------------------------------------------------------ */

/**
 * __neigh_lookup_noref - find a neighbour, for use at once
 * @tbl: table
 * @pkey: its address, tbl->key_len bytes
 * @dev: the device it is on
 *
 * Context: softirqs off, until the neighbour is not used any more.
 * Return: the neighbour, borrowed, or NULL.
 */
struct neighbour *__neigh_lookup_noref(struct neigh_table *tbl, const void *pkey,
				       struct net_device *dev)
{
	u32 key = neigh_key(pkey);
	struct neighbour *n;

	tbl->stats.lookups++;
	hlist_for_each_entry(n, &tbl->hash_buckets[neigh_hash(tbl, key, dev)], hash) {
		if (n->dev == dev && neigh_key(n->primary_key) == key) {
			tbl->stats.hits++;
			return n;
		}
	}
	return NULL;
}

/**
 * neigh_lookup - find a neighbour
 * @tbl: table
 * @pkey: its address, tbl->key_len bytes
 * @dev: the device it is on
 *
 * Context: process or softirq.
 * Return: the neighbour with a reference, or NULL.
 */
struct neighbour *neigh_lookup(struct neigh_table *tbl, const void *pkey,
			       struct net_device *dev)
{
	struct neighbour *n;

	local_bh_disable();
	n = __neigh_lookup_noref(tbl, pkey, dev);
	if (n)
		neigh_hold(n);
	local_bh_enable();
	return n;
}

/* ---- throw away --------------------------------------------------------------------- */

static void neigh_free_rcu(struct rcu_head *head)
{
	struct neighbour *n = container_of(head, struct neighbour, rcu);

	dev_put(n->dev);
	kmem_cache_free(neigh_cache, n);
}

/**
 * neigh_destroy - the last reference to a neighbour is gone
 * @n: dead; freed after a grace period, waiting packets are lost (NEIGH_DEAD)
 *
 * Context: process or softirq.
 */
void neigh_destroy(struct neighbour *n)
{
	BUG_ON(!n->dead || timer_pending(&n->timer));
	n->tbl->stats.destroys++;
	n->tbl->entries--;
	neigh_purge_queue(n);
	call_rcu(&n->rcu, neigh_free_rcu);
}

/* Out of the table. Whoever still has it finds a dead end. */
static void neigh_remove(struct neighbour *n)
{
	hlist_del_init(&n->hash);
	list_del_init(&n->gc_list);
	n->dead = 1;
	neigh_del_timer(n);
	if (refcount_read(&n->refcnt) != 1) {
		neigh_purge_queue(n);
		n->output = neigh_blackhole;
		n->nud_state = n->nud_state & NUD_VALID ? NUD_NOARP : NUD_NONE;
	}
	neigh_release(n);
}

/* Nobody needs it: not held, not asked for, not in use. */
static bool neigh_unused(const struct neighbour *n, u64 now)
{
	if (refcount_read(&n->refcnt) != 1 || now < n->updated_ns + NEIGH_GC_SPARE_NS)
		return n->nud_state == NUD_FAILED && refcount_read(&n->refcnt) == 1;
	if (n->nud_state & (NUD_FAILED | NUD_NOARP))
		return true;
	return (n->nud_state & NUD_STALE) && now >= n->used_ns + NEIGH_GC_SPARE_NS;
}

/* The table is full: the oldest that nobody needs go. How many did. */
static int neigh_forced_gc(struct neigh_table *tbl)
{
	int max_clean = (int)tbl->entries - tbl->gc_thresh2;
	u64 now = ktime_get_ns();
	struct neighbour *n, *tmp;
	int shrunk = 0;

	tbl->stats.forced_gc_runs++;
	list_for_each_entry_safe(n, tmp, &tbl->gc_list, gc_list) {
		if (shrunk >= max_clean)
			break;
		if (neigh_unused(n, now)) {
			neigh_remove(n);
			shrunk++;
		}
	}
	tbl->last_flush_ns = now;
	return shrunk;
}

/* Every now and then, while there are many: what has not been used for long. */
static void neigh_periodic_work(struct timer_list *t)
{
	struct neigh_table *tbl = from_timer(tbl, t, gc_timer);
	u64 now = ktime_get_ns();
	struct neighbour *n, *tmp;

	tbl->stats.periodic_gc_runs++;
	list_for_each_entry_safe(n, tmp, &tbl->gc_list, gc_list) {
		if (n->nud_state & (NUD_PERMANENT | NUD_IN_TIMER))
			continue;
		if (n->used_ns < n->confirmed_ns)
			n->used_ns = n->confirmed_ns;
		if (refcount_read(&n->refcnt) == 1 &&
		    (n->nud_state == NUD_FAILED ||
		     now >= n->used_ns + n->parms->gc_staletime_ns))
			neigh_remove(n);
	}
	if ((int)tbl->entries >= tbl->gc_thresh1)
		mod_timer(&tbl->gc_timer, now + tbl->gc_interval_ns);
}

/* Everything on @dev (NULL: everything). */
static void neigh_flush_dev(struct neigh_table *tbl, const struct net_device *dev)
{
	struct hlist_node *tmp;
	struct neighbour *n;
	int i;

	local_bh_disable();
	for (i = 0; i < NEIGH_HASH_SIZE; i++) {
		hlist_for_each_entry_safe(n, tmp, &tbl->hash_buckets[i], hash) {
			if (!dev || n->dev == dev)
				neigh_remove(n);
		}
	}
	local_bh_enable();
}

/**
 * neigh_ifdown - a device goes down: forget who was on it
 * @tbl: table
 * @dev: the device
 *
 * Context: process or softirq.
 */
void neigh_ifdown(struct neigh_table *tbl, struct net_device *dev)
{
	neigh_flush_dev(tbl, dev);
}

/**
 * neigh_changeaddr - a device has another address: headers made for it are wrong
 * @tbl: table
 * @dev: the device
 *
 * Context: process or softirq.
 */
void neigh_changeaddr(struct neigh_table *tbl, struct net_device *dev)
{
	neigh_flush_dev(tbl, dev);
}

/**
 * neigh_delete - forget one neighbour: `ip neigh del`
 * @tbl: table
 * @pkey: its address
 * @dev: the device it is on
 *
 * Context: process or softirq.
 * Return: 0, or -ENOENT.
 */
int neigh_delete(struct neigh_table *tbl, const void *pkey, struct net_device *dev)
{
	struct neighbour *n;
	int err = -ENOENT;

	local_bh_disable();
	n = __neigh_lookup_noref(tbl, pkey, dev);
	if (n) {
		neigh_remove(n);
		err = 0;
	}
	local_bh_enable();
	return err;
}

/* ---- make ------------------------------------------------------------------------------ */

/* Below gc_thresh1 nothing is thrown away; above gc_thresh2 the table is swept
 * every five seconds at most; above gc_thresh3 no entry is made unless the sweep
 * made room. */
static bool neigh_has_room(struct neigh_table *tbl, u64 now)
{
	int entries = (int)tbl->entries;

	if (entries >= tbl->gc_thresh3 ||
	    (entries >= tbl->gc_thresh2 && now >= tbl->last_flush_ns + NEIGH_GC_SPARE_NS)) {
		if (!neigh_forced_gc(tbl) && entries >= tbl->gc_thresh3) {
			tbl->stats.table_fulls++;
			pr_info_ratelimited("neighbour table overflow: %d entries\n", entries);
			return false;
		}
	}
	return true;
}

static struct neighbour *neigh_alloc(struct neigh_table *tbl, const void *pkey,
				     struct net_device *dev)
{
	u64 now = ktime_get_ns();
	struct neighbour *n;

	if (!neigh_has_room(tbl, now))
		return NULL;
	n = kmem_cache_zalloc(neigh_cache, GFP_ATOMIC);
	if (!n)
		return NULL;
	__skb_queue_head_init(&n->arp_queue);
	INIT_HLIST_NODE(&n->hash);
	INIT_LIST_HEAD(&n->gc_list);
	timer_setup(&n->timer, neigh_timer_handler, 0);
	refcount_set(&n->refcnt, 1);
	n->updated_ns = now;
	n->used_ns = now;
	n->nud_state = NUD_NONE;
	n->output = neigh_blackhole;
	n->parms = &tbl->parms;
	n->tbl = tbl;
	n->dead = 1;
	memcpy(n->primary_key, pkey, sizeof(n->primary_key));
	dev_hold(dev);
	n->dev = dev;
	tbl->entries++;
	tbl->stats.allocs++;
	return n;
}

/* Into the table, with a reference of the caller's. */
static void neigh_insert(struct neigh_table *tbl, struct neighbour *n)
{
	u64 now = ktime_get_ns(), long_ago = 2 * tbl->parms.base_reachable_time_ns;

	/* Not confirmed for as long as it takes. */
	n->confirmed_ns = now > long_ago ? now - long_ago : 0;
	n->dead = 0;
	list_add_tail(&n->gc_list, &tbl->gc_list);
	neigh_hold(n);
	hlist_add_head(&n->hash, &tbl->hash_buckets[neigh_hash(tbl, neigh_key(n->primary_key),
							       n->dev)]);
	if ((int)tbl->entries >= tbl->gc_thresh1 && !timer_pending(&tbl->gc_timer))
		mod_timer(&tbl->gc_timer, now + tbl->gc_interval_ns);
}

/**
 * neigh_create - find a neighbour, or make one
 * @tbl: table
 * @pkey: its address
 * @dev: the device it is on
 *
 * Context: process or softirq.
 * Return: the neighbour with a reference, or ERR_PTR: -ENOBUFS (no memory, table
 * full) or what the table's constructor answered.
 */
struct neighbour *neigh_create(struct neigh_table *tbl, const void *pkey,
			       struct net_device *dev)
{
	struct neighbour *n;
	int err;

	local_bh_disable();
	n = __neigh_lookup_noref(tbl, pkey, dev);
	if (n) {
		neigh_hold(n);
		goto out;
	}
	n = neigh_alloc(tbl, pkey, dev);
	if (!n) {
		n = ERR_PTR(-ENOBUFS);
		goto out;
	}
	err = tbl->constructor ? tbl->constructor(n) : 0;
	if (err) {
		neigh_release(n);
		n = ERR_PTR(err);
		goto out;
	}
	neigh_insert(tbl, n);
out:
	local_bh_enable();
	return n;
}

/* ---- tables ----------------------------------------------------------------------------- */

/**
 * neigh_for_each - visit all neighbours
 * @tbl: table
 * @fn: gets each, borrowed; may not change the table
 * @ctx: for it
 *
 * Context: process or softirq.
 */
void neigh_for_each(struct neigh_table *tbl, void (*fn)(struct neighbour *n, void *ctx),
		    void *ctx)
{
	struct neighbour *n;
	int i;

	local_bh_disable();
	for (i = 0; i < NEIGH_HASH_SIZE; i++) {
		hlist_for_each_entry(n, &tbl->hash_buckets[i], hash)
			fn(n, ctx);
	}
	local_bh_enable();
}

/**
 * neigh_table_init - an empty table
 * @tbl: family, key_len, protocol, constructor, parms and thresholds are set
 * @net: whose
 *
 * Context: process.
 */
void neigh_table_init(struct neigh_table *tbl, struct net *net)
{
	int i;

	BUG_ON(tbl->key_len != sizeof_field(struct neighbour, primary_key));
	tbl->net = net;
	tbl->entries = 0;
	tbl->hash_rnd = get_random_u32() | 1;
	tbl->last_flush_ns = ktime_get_ns();
	tbl->parms.last_rand_ns = tbl->last_flush_ns;
	tbl->parms.reachable_time_ns =
		neigh_rand_reach_time(tbl->parms.base_reachable_time_ns);
	INIT_LIST_HEAD(&tbl->gc_list);
	for (i = 0; i < NEIGH_HASH_SIZE; i++)
		tbl->hash_buckets[i].first = NULL;
	timer_setup(&tbl->gc_timer, neigh_periodic_work, 0);
}

/**
 * neigh_table_clear - give back everything in a table
 * @tbl: not used afterwards
 *
 * Context: process.
 */
void neigh_table_clear(struct neigh_table *tbl)
{
	neigh_flush_dev(tbl, NULL);
	del_timer_sync(&tbl->gc_timer);
	WARN_ON(tbl->entries);
}

static int __init neigh_init(void)
{
	neigh_cache = kmem_cache_create("neighbour", sizeof(struct neighbour));
	return neigh_cache ? 0 : -ENOMEM;
}

core_initcall(neigh_init);
