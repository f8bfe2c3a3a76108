/* SPDX-License-Identifier: MIT */
/* dst_entry: where a packet goes next; the pivot of input and output (RT-1). */
#ifndef NET_DST_H
#define NET_DST_H

#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/skbuff.h>
#include <linux/types.h>

struct net_device;
struct neighbour;
struct dst_entry;

enum { RTAX_UNSPEC, RTAX_LOCK, RTAX_MTU, RTAX_WINDOW, RTAX_RTT, RTAX_RTTVAR,
	RTAX_SSTHRESH, RTAX_CWND, RTAX_ADVMSS, RTAX_REORDERING, RTAX_HOPLIMIT,
	RTAX_INITCWND, RTAX_FEATURES, RTAX_RTO_MIN, RTAX_INITRWND, RTAX_QUICKACK,
	RTAX_CC_ALGO, RTAX_FASTOPEN_NO_COOKIE, __RTAX_MAX };
#define RTAX_MAX (__RTAX_MAX - 1)

struct dst_ops {
	unsigned short family;
	/* Still good? NULL: route it again. Borrows. */
	struct dst_entry *(*check)(struct dst_entry *dst, u32 cookie);
	unsigned int (*default_advmss)(const struct dst_entry *dst);
	unsigned int (*mtu)(const struct dst_entry *dst);
	void (*destroy)(struct dst_entry *dst);
	void (*link_failure)(struct sk_buff *skb);
	/* ICMP said packets above @mtu do not pass. */
	void (*update_pmtu)(struct dst_entry *dst, struct sock *sk, struct sk_buff *skb, u32 mtu);
	void (*redirect)(struct dst_entry *dst, struct sock *sk, struct sk_buff *skb);
	/* Returns a reference, or NULL. */
	struct neighbour *(*neigh_lookup)(const struct dst_entry *dst, struct sk_buff *skb,
					  const void *daddr);
	void (*confirm_neigh)(const struct dst_entry *dst, const void *daddr);
	int (*local_out)(struct net *net, struct sock *sk, struct sk_buff *skb);
};

#define DST_HOST	0x0001
#define DST_NOXFRM	0x0002
#define DST_NOPOLICY	0x0004
#define DST_NOCOUNT	0x0008

struct dst_entry {
	struct net_device *dev;		/* leaves by; holds a reference */
	const struct dst_ops *ops;
	u32 metrics[RTAX_MAX];		/* RTAX_x at [x - 1]; 0: not set */
	int (*input)(struct sk_buff *skb);	/* consumes */
	int (*output)(struct net *net, struct sock *sk, struct sk_buff *skb);	/* consumes */
	u64 expires_ns;			/* 0: never */
	u64 lastuse_ns;
	unsigned short flags;		/* DST_* */
	short obsolete;			/* DST_OBSOLETE_* */
	int error;			/* -errno that output gives, 0 */
	refcount_t __refcnt;
	struct rcu_head rcu_head;	/* borrowers may outlive the last reference */
};
#define DST_OBSOLETE_NONE	0
#define DST_OBSOLETE_DEAD	2
#define DST_OBSOLETE_FORCE_CHK	-1
#define DST_OBSOLETE_KILL	-2

#define SKB_DST_NOREF	1UL
#define SKB_DST_PTRMASK	~(SKB_DST_NOREF)

/* net/core/dst.c */
void *dst_alloc(size_t size, const struct dst_ops *ops, struct net_device *dev,
		int initial_obsolete, unsigned short flags);	/* returns a reference */
void dst_release(struct dst_entry *dst);
/* The device goes away: packets are dropped from here on. */
void dst_dev_put(struct dst_entry *dst);
int dst_discard(struct sk_buff *skb);
int dst_discard_out(struct net *net, struct sock *sk, struct sk_buff *skb);

static inline void dst_hold(struct dst_entry *dst)
{
	refcount_inc(&dst->__refcnt);
}

/* False: it is on its way out. */
static inline bool __must_check dst_hold_safe(struct dst_entry *dst)
{
	return refcount_inc_not_zero(&dst->__refcnt);
}

static inline struct dst_entry *dst_clone(struct dst_entry *dst)
{
	if (dst)
		dst_hold(dst);
	return dst;
}

static inline void dst_use_noref(struct dst_entry *dst, u64 now_ns)
{
	dst->lastuse_ns = now_ns;
}

static inline struct dst_entry *skb_dst(const struct sk_buff *skb)
{
	return (struct dst_entry *)(skb->_skb_refdst & SKB_DST_PTRMASK);
}

/* The skb takes over the caller's reference. */
static inline void skb_dst_set(struct sk_buff *skb, struct dst_entry *dst)
{
	skb->_skb_refdst = (unsigned long)dst;
}

/* The skb borrows: valid within this softirq run only. */
static inline void skb_dst_set_noref(struct sk_buff *skb, struct dst_entry *dst)
{
	skb->_skb_refdst = (unsigned long)dst | SKB_DST_NOREF;
}

static inline bool skb_valid_dst(const struct sk_buff *skb)
{
	return skb->_skb_refdst != 0;
}

static inline u32 dst_metric(const struct dst_entry *dst, int metric)
{
	return dst->metrics[metric - 1];
}

static inline bool skb_dst_is_noref(const struct sk_buff *skb)
{
	return (skb->_skb_refdst & SKB_DST_NOREF) && skb_dst(skb);
}

static inline void refdst_drop(unsigned long refdst)
{
	if (!(refdst & SKB_DST_NOREF))
		dst_release((struct dst_entry *)(refdst & SKB_DST_PTRMASK));
}

static inline void skb_dst_drop(struct sk_buff *skb)
{
	if (skb->_skb_refdst) {
		refdst_drop(skb->_skb_refdst);
		skb->_skb_refdst = 0UL;
	}
}

static inline void __skb_dst_copy(struct sk_buff *nskb, unsigned long refdst)
{
	nskb->_skb_refdst = refdst;
	if (!(refdst & SKB_DST_NOREF))
		dst_clone(skb_dst(nskb));
}

static inline void skb_dst_copy(struct sk_buff *nskb, const struct sk_buff *oskb)
{
	__skb_dst_copy(nskb, oskb->_skb_refdst);
}

/* Borrowed -> referenced; without a dst when that is on its way out. True when
 * it has one. */
static inline bool skb_dst_force(struct sk_buff *skb)
{
	if (skb_dst_is_noref(skb)) {
		struct dst_entry *dst = skb_dst(skb);

		skb->_skb_refdst = dst_hold_safe(dst) ? (unsigned long)dst : 0UL;
	}
	return skb->_skb_refdst != 0UL;
}

static inline void dst_link_failure(struct sk_buff *skb)
{
	struct dst_entry *dst = skb_dst(skb);

	if (dst && dst->ops && dst->ops->link_failure)
		dst->ops->link_failure(skb);
}

static inline void dst_confirm_neigh(const struct dst_entry *dst, const void *daddr)
{
	if (dst->ops->confirm_neigh)
		dst->ops->confirm_neigh(dst, daddr);
}

/* Returns a reference or NULL. */
static inline struct neighbour *dst_neigh_lookup(const struct dst_entry *dst, const void *daddr)
{
	return dst->ops->neigh_lookup ? dst->ops->neigh_lookup(dst, NULL, daddr) : NULL;
}

static inline void dst_set_expires(struct dst_entry *dst, u64 timeout_ns)
{
	u64 expires = ktime_get_ns() + timeout_ns;

	if (!dst->expires_ns || expires < dst->expires_ns)
		dst->expires_ns = expires;
}

static inline void dst_metric_set(struct dst_entry *dst, int metric, u32 val)
{
	dst->metrics[metric - 1] = val;
}

static inline struct dst_entry *dst_check(struct dst_entry *dst, u32 cookie)
{
	return dst->obsolete ? dst->ops->check(dst, cookie) : dst;
}

static inline u32 dst_mtu(const struct dst_entry *dst)
{
	return dst->ops->mtu(dst);
}

static inline u32 dst_metric_advmss(const struct dst_entry *dst)
{
	u32 advmss = dst_metric(dst, RTAX_ADVMSS);

	return advmss ? advmss : dst->ops->default_advmss(dst);
}

static inline int dst_input(struct sk_buff *skb)
{
	return skb_dst(skb)->input(skb);
}

static inline int dst_output(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	return skb_dst(skb)->output(net, sk, skb);
}

#endif
