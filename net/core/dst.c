// SPDX-License-Identifier: MIT
/*
 * Destinations: what a packet carries that says where it goes next and by which
 * functions (RT-1). Reference counted; a packet in a softirq may borrow one
 * instead (SKB_DST_NOREF), so the memory goes only after a grace period.
 *
 * A destination whose device goes away is made a dead end, but keeps the device
 * (which is reference counted too) until its own end: whoever holds it drops
 * packets into it until he asks dst_check().
 *
 * Linux: net/core/dst.c; there the device is replaced by blackhole_netdev
 */
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <net/dst.h>

/**
 * dst_discard_out - the output function of a dead end
 * @net: not used
 * @sk: not used
 * @skb: consumed (IP_OUTNOROUTES)
 *
 * Context: any but hardirq.
 * Return: 0.
 */
int dst_discard_out(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	kfree_skb_reason(skb, SKB_DROP_REASON_IP_OUTNOROUTES);
	return 0;
}

/**
 * dst_discard - the input function of a dead end
 * @skb: consumed (IP_INNOROUTES)
 *
 * Context: any but hardirq.
 * Return: 0.
 */
int dst_discard(struct sk_buff *skb)
{
	kfree_skb_reason(skb, SKB_DROP_REASON_IP_INNOROUTES);
	return 0;
}

/**
 * dst_alloc - a new destination
 * @size: bytes of the structure that begins with it, zeroed
 * @ops: its family's functions
 * @dev: leaves by; a reference is taken; NULL
 * @initial_obsolete: DST_OBSOLETE_*: when dst_check() asks the family
 * @flags: DST_*
 *
 * Context: any.
 * Return: a dead end with one reference, to be given input and output, or NULL.
 */
void *dst_alloc(size_t size, const struct dst_ops *ops, struct net_device *dev,
		int initial_obsolete, unsigned short flags)
{
	struct dst_entry *dst = kzalloc(size, GFP_ATOMIC);

	if (!dst)
		return NULL;
	dev_hold(dev);
	dst->dev = dev;
	dst->ops = ops;
	dst->input = dst_discard;
	dst->output = dst_discard_out;
	dst->obsolete = (short)initial_obsolete;
	dst->flags = flags;
	dst->lastuse_ns = ktime_get_ns();
	refcount_set(&dst->__refcnt, 1);
	return dst;
}

static void dst_destroy_rcu(struct rcu_head *head)
{
	struct dst_entry *dst = container_of(head, struct dst_entry, rcu_head);

	if (dst->ops->destroy)
		dst->ops->destroy(dst);
	dev_put(dst->dev);
	kfree(dst);
}

/**
 * dst_release - one reference less
 * @dst: freed after a grace period when it was the last; NULL does nothing
 *
 * Context: any but hardirq.
 */
void dst_release(struct dst_entry *dst)
{
	if (dst && refcount_dec_and_test(&dst->__refcnt))
		call_rcu(&dst->rcu_head, dst_destroy_rcu);
}

/**
 * dst_dev_put - the device goes away
 * @dst: a dead end from here on
 *
 * Context: any but hardirq.
 */
void dst_dev_put(struct dst_entry *dst)
{
	dst->obsolete = DST_OBSOLETE_DEAD;
	dst->input = dst_discard;
	dst->output = dst_discard_out;
}
