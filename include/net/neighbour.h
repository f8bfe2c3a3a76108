/* SPDX-License-Identifier: MIT */
/* The neighbour subsystem (NB-1 … NB-4): net/core/neighbour.c; ARP is net/ipv4/arp.c. */
#ifndef NET_NEIGHBOUR_H
#define NET_NEIGHBOUR_H

#include <linux/netdevice.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/skbuff.h>
#include <linux/timer.h>
#include <linux/trace.h>

#define NUD_INCOMPLETE	0x01
#define NUD_REACHABLE	0x02
#define NUD_STALE	0x04
#define NUD_DELAY	0x08
#define NUD_PROBE	0x10
#define NUD_FAILED	0x20
#define NUD_NOARP	0x40
#define NUD_PERMANENT	0x80
#define NUD_NONE	0x00
#define NUD_IN_TIMER	(NUD_INCOMPLETE | NUD_REACHABLE | NUD_DELAY | NUD_PROBE)
#define NUD_VALID	(NUD_PERMANENT | NUD_NOARP | NUD_REACHABLE | NUD_PROBE |	\
			 NUD_STALE | NUD_DELAY)
#define NUD_CONNECTED	(NUD_PERMANENT | NUD_NOARP | NUD_REACHABLE)

#define NEIGH_UPDATE_F_OVERRIDE		0x1
#define NEIGH_UPDATE_F_WEAK_OVERRIDE	0x2
#define NEIGH_UPDATE_F_ADMIN		0x80000000

struct neigh_parms {
	u64 reachable_time_ns;		/* randomised from base_reachable_time */
	u64 base_reachable_time_ns, retrans_time_ns, gc_staletime_ns, delay_probe_time_ns;
	u64 last_rand_ns;
	int mcast_probes, ucast_probes, app_probes;
	unsigned int queue_len_bytes;	/* of waiting packets (truesize), per neighbour */
	u64 locktime_ns, anycast_delay_ns;
};

struct neighbour;
struct neigh_ops {
	int family;
	void (*solicit)(struct neighbour *n, struct sk_buff *skb);	/* borrows */
	void (*error_report)(struct neighbour *n, struct sk_buff *skb);	/* consumes */
	int (*output)(struct neighbour *n, struct sk_buff *skb);	/* consumes */
	int (*connected_output)(struct neighbour *n, struct sk_buff *skb);
};

struct neigh_table;
struct neighbour {
	struct hlist_node hash;
	struct list_head gc_list;
	struct neigh_table *tbl;
	struct neigh_parms *parms;
	struct net_device *dev;		/* holds a reference */
	u64 confirmed_ns, updated_ns, used_ns;
	refcount_t refcnt;
	struct sk_buff_head arp_queue;	/* waiting packets */
	unsigned int arp_queue_len_bytes;
	struct timer_list timer;
	u8 nud_state;			/* NUD_* */
	u8 type;			/* RTN_UNICAST, RTN_BROADCAST … */
	u8 dead;
	unsigned int probes;
	u8 ha[MAX_ADDR_LEN];		/* link-layer address, when NUD_VALID */
	struct hh_cache hh;
	int (*output)(struct neighbour *n, struct sk_buff *skb);	/* consumes */
	const struct neigh_ops *ops;
	struct rcu_head rcu;		/* borrowers may outlive the last reference */
	u8 primary_key[4] __aligned(4);	/* IPv4 address */
};

#define NEIGH_HASH_SIZE 256

struct neigh_statistics {
	u64 allocs, destroys, hash_grows, res_failed, lookups, hits;
	u64 rcv_probes_ucast, rcv_probes_mcast, periodic_gc_runs, forced_gc_runs;
	u64 unres_discards, table_fulls;
	u64 hh_hits, hh_slow;		/* neigh_hh_output() against the long way */
};

struct neigh_table {
	struct net *net;
	int family;
	unsigned int key_len;		/* bytes */
	__be16 protocol;
	int (*constructor)(struct neighbour *n);
	struct neigh_parms parms;
	struct hlist_head hash_buckets[NEIGH_HASH_SIZE];
	u32 hash_rnd;
	unsigned int entries;
	int gc_thresh1, gc_thresh2, gc_thresh3;
	u64 gc_interval_ns, last_flush_ns;
	struct timer_list gc_timer;
	struct list_head gc_list;	/* oldest first */
	struct neigh_statistics stats;
};

void neigh_table_init(struct neigh_table *tbl, struct net *net);
void neigh_table_clear(struct neigh_table *tbl);
/* Returns a reference or NULL. */
struct neighbour *neigh_lookup(struct neigh_table *tbl, const void *pkey, struct net_device *dev);
/* Borrowed, softirqs off; NULL. */
struct neighbour *__neigh_lookup_noref(struct neigh_table *tbl, const void *pkey,
				       struct net_device *dev);
/* Finds or makes; returns a reference, or ERR_PTR(-ENOBUFS, -EINVAL). */
struct neighbour *neigh_create(struct neigh_table *tbl, const void *pkey, struct net_device *dev);
void neigh_destroy(struct neighbour *n);
static inline void neigh_hold(struct neighbour *n)
{
	refcount_inc(&n->refcnt);
}

static inline void neigh_release(struct neighbour *n)
{
	if (refcount_dec_and_test(&n->refcnt))
		neigh_destroy(n);
}

int neigh_update(struct neighbour *n, const u8 *lladdr, u8 nud, u32 flags);
/* 0: send now; 1: the skb was consumed (queued, or dropped). skb may be NULL. */
int __neigh_event_send(struct neighbour *n, struct sk_buff *skb);
int neigh_resolve_output(struct neighbour *n, struct sk_buff *skb);	/* consumes */
int neigh_connected_output(struct neighbour *n, struct sk_buff *skb);	/* consumes */
int neigh_direct_output(struct neighbour *n, struct sk_buff *skb);	/* consumes */
int neigh_hh_output(struct neighbour *n, struct sk_buff *skb);		/* consumes */
/* A new parms->reachable_time_ns between half and one and a half of @base_ns. */
u64 neigh_rand_reach_time(u64 base_ns);
/* An answer or a request came from this neighbour. Returns a reference. */
struct neighbour *neigh_event_ns(struct neigh_table *tbl, const u8 *lladdr,
				 const void *saddr, struct net_device *dev);
/* The transport saw the peer alive. */
void neigh_confirm(struct neighbour *n);
void neigh_ifdown(struct neigh_table *tbl, struct net_device *dev);
void neigh_changeaddr(struct neigh_table *tbl, struct net_device *dev);
int neigh_delete(struct neigh_table *tbl, const void *pkey, struct net_device *dev);
void neigh_for_each(struct neigh_table *tbl, void (*fn)(struct neighbour *n, void *ctx), void *ctx);
static inline int neigh_event_send(struct neighbour *n, struct sk_buff *skb)
{
	u64 now = ktime_get_ns();

	if (n->used_ns != now)
		n->used_ns = now;
	if (likely(n->nud_state & (NUD_CONNECTED | NUD_DELAY | NUD_PROBE)))
		return 0;
	return __neigh_event_send(n, skb);
}

/* By hh cache when connected, else by n->output. Consumes. */
static inline int neigh_output(struct neighbour *n, struct sk_buff *skb, bool skip_cache)
{
	trace_skb(skb);
	if ((n->nud_state & NUD_CONNECTED) && n->hh.hh_len && !skip_cache)
		return neigh_hh_output(n, skb);
	return n->output(n, skb);
}

static inline bool neigh_is_connected(const struct neighbour *n)
{
	return n->nud_state & NUD_CONNECTED;
}

#endif
