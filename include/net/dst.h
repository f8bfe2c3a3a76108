/* SPDX-License-Identifier: MIT */
/* dst_entry: where a packet goes next; the pivot of input and output (RT-1). */
#ifndef NET_DST_H
#define NET_DST_H

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
};
#define DST_OBSOLETE_NONE	0
#define DST_OBSOLETE_DEAD	2
#define DST_OBSOLETE_FORCE_CHK	-1
#define DST_OBSOLETE_KILL	-2

#define SKB_DST_NOREF	1UL
#define SKB_DST_PTRMASK	~(SKB_DST_NOREF)

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

/* net/core/dst.c */
void *dst_alloc(size_t size, const struct dst_ops *ops, struct net_device *dev,
		int initial_obsolete, unsigned short flags);	/* returns a reference */
void dst_hold(struct dst_entry *dst);
void dst_release(struct dst_entry *dst);
void dst_dev_put(struct dst_entry *dst);	/* device goes away: point at blackhole */
void skb_dst_drop(struct sk_buff *skb);
void skb_dst_force(struct sk_buff *skb);	/* borrowed -> referenced */
int dst_discard(struct sk_buff *skb);
int dst_discard_out(struct net *net, struct sock *sk, struct sk_buff *skb);

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
