// SPDX-License-Identifier: MIT
/*
 * Input routing: is a received packet for us, by which kind of address, and
 * may its addresses be what they are?
 *
 * Linux: net/ipv4/route.c
 * RFC: 1122 3.2.1.3, 3.3.4.2, 1812 5.3.7, 6890
 */
#include <linux/errno.h>
#include <linux/inetdevice.h>
#include <linux/kernel.h>
#include <linux/trace.h>
#include <net/ip.h>
#include <net/ip_fib.h>
#include <net/route.h>

#include "route_internal.h"

/* dst.input of what is not for us: this host does not forward. */
static int ip_error(struct sk_buff *skb)
{
	enum skb_drop_reason reason = SKB_DROP_REASON_IP_INNOROUTES;
	struct net *net = dev_net(skb->dev);

	if (skb_dst(skb)->error == -EHOSTUNREACH) {
		reason = SKB_DROP_REASON_IP_INADDRERRORS;
		IP_INC_STATS(net, IPSTATS_MIB_INADDRERRORS);
	} else {
		IP_INC_STATS(net, IPSTATS_MIB_INNOROUTES);
	}
	kfree_skb_reason(skb, reason);
	return NET_RX_DROP;
}

static void martian_source(struct in_device *in_dev, struct sk_buff *skb, __be32 daddr,
			   __be32 saddr)
{
	RT_CACHE_STAT_INC(dev_net(in_dev->dev), in_martian_src);
	if (IN_DEV_LOG_MARTIANS(in_dev))
		pr_warn_ratelimited("martian source %pI4 from %pI4, on dev %s\n", &daddr,
				    &saddr, in_dev->dev->name);
}

static void martian_destination(struct in_device *in_dev, __be32 daddr, __be32 saddr)
{
	RT_CACHE_STAT_INC(dev_net(in_dev->dev), in_martian_dst);
	if (IN_DEV_LOG_MARTIANS(in_dev))
		pr_warn_ratelimited("martian destination %pI4 from %pI4, dev %s\n", &daddr,
				    &saddr, in_dev->dev->name);
}

/* Why fib_validate_source() did not like a source. */
static enum skb_drop_reason bad_source_reason(struct net *net, __be32 saddr, int err)
{
	if (err == -EXDEV)
		return SKB_DROP_REASON_IP_RPFILTER;
	if (inet_addr_type(net, saddr) == RTN_LOCAL)
		return SKB_DROP_REASON_IP_LOCAL_SOURCE;
	return SKB_DROP_REASON_IP_MARTIAN_SOURCE;
}

/* RFC 1122 3.2.1.3, RFC 6890: sources that no packet from the wire has. A
 * source of 0.0.0.0 is a host that asks for its address. */
static bool source_impossible(struct in_device *in_dev, __be32 saddr, __be32 daddr)
{
	if (ipv4_is_multicast(saddr) || ipv4_is_lbcast(saddr))
		return true;
	if (!saddr && (ipv4_is_lbcast(daddr) || !daddr))
		return false;
	if (ipv4_is_zeronet(saddr))
		return true;
	return ipv4_is_loopback(saddr) && !IN_DEV_ROUTE_LOCALNET(in_dev);
}

static bool destination_impossible(struct in_device *in_dev, __be32 saddr, __be32 daddr)
{
	if (!daddr)
		return saddr != 0;
	if (ipv4_is_zeronet(daddr))
		return true;
	return ipv4_is_loopback(daddr) && !IN_DEV_ROUTE_LOCALNET(in_dev);
}

/**
 * ip_mc_validate_source - may this be the source of a multicast packet?
 * @skb: packet. Borrows.
 * @daddr: its destination
 * @saddr: its source
 * @tos: type of service
 * @dev: where it came in
 * @in_dev: IPv4's part of @dev
 *
 * Context: softirq.
 * Return: 0, -EINVAL, -EXDEV.
 */
int ip_mc_validate_source(struct sk_buff *skb, __be32 daddr, __be32 saddr, u8 tos,
			  struct net_device *dev, struct in_device *in_dev)
{
	int err;

	if (skb->protocol != htons(ETH_P_IP) || ipv4_is_multicast(saddr) ||
	    ipv4_is_lbcast(saddr))
		return -EINVAL;
	if (ipv4_is_loopback(saddr) && !IN_DEV_ROUTE_LOCALNET(in_dev))
		return -EINVAL;
	if (ipv4_is_zeronet(saddr)) {
		if (!ipv4_is_local_multicast(daddr) && ip_hdr(skb)->protocol != IPPROTO_IGMP)
			return -EINVAL;
		return 0;
	}
	err = fib_validate_source(skb, saddr, 0, tos, dev, in_dev);
	return err < 0 ? err : 0;
}

/* An input route to ourselves, not cached. */
static struct rtable *rt_input_alloc(struct net *net, unsigned int flags, u8 type)
{
	struct rtable *rt = rt_dst_alloc(net->loopback_dev, flags | RTCF_LOCAL, type, false);

	if (!rt)
		return NULL;
	rt->dst.output = ip_rt_bug;
	rt->rt_is_input = true;
	return rt;
}

static int ip_route_input_mc(struct sk_buff *skb, __be32 daddr, __be32 saddr, u8 tos,
			     struct net_device *dev, struct in_device *in_dev,
			     enum skb_drop_reason *reason)
{
	struct rtable *rt;
	int err = ip_mc_validate_source(skb, daddr, saddr, tos, dev, in_dev);

	if (err) {
		martian_source(in_dev, skb, daddr, saddr);
		*reason = bad_source_reason(dev_net(dev), saddr, err);
		return err;
	}
	rt = rt_input_alloc(dev_net(dev), RTCF_MULTICAST, RTN_MULTICAST);
	if (!rt) {
		*reason = SKB_DROP_REASON_NOMEM;
		return -ENOBUFS;
	}
	RT_CACHE_STAT_INC(dev_net(dev), in_slow_mc);
	rt_add_uncached_list(rt);
	skb_dst_drop(skb);
	skb_dst_set(skb, &rt->dst);
	return 0;
}

/* The end of every way that stays here. @err: 0, or what the dst answers. */
static int local_input(struct sk_buff *skb, struct net *net, const struct fib_result *res,
		       unsigned int flags, int err, enum skb_drop_reason *reason)
{
	struct rtable **slot = res->fi ? &res->fi->fib_nh.nh_rth_input : NULL;
	struct rtable *rt;

	if (slot && rt_cache_valid(*slot)) {
		RT_CACHE_STAT_INC(net, in_hit);
		skb_dst_set_noref(skb, &(*slot)->dst);
		return 0;
	}
	rt = rt_input_alloc(net, flags, res->type);
	if (!rt) {
		*reason = SKB_DROP_REASON_NOMEM;
		return -ENOBUFS;
	}
	RT_CACHE_STAT_INC(net, in_slow_tot);
	if (err) {
		rt->dst.input = ip_error;
		rt->dst.error = err;
		rt->rt_flags &= ~RTCF_LOCAL;
	}
	if (slot)
		rt_cache_route(slot, rt);
	else
		rt_add_uncached_list(rt);
	skb_dst_set(skb, &rt->dst);
	return 0;
}

/* Broadcasts: anybody's source but ours, and DHCP's 0.0.0.0. */
static int brd_input(struct sk_buff *skb, __be32 daddr, __be32 saddr, u8 tos,
		     struct net_device *dev, struct in_device *in_dev,
		     struct fib_result *res, enum skb_drop_reason *reason)
{
	if (skb->protocol != htons(ETH_P_IP)) {
		*reason = SKB_DROP_REASON_IP_INVALID_DEST;
		return -EINVAL;
	}
	if (!ipv4_is_zeronet(saddr)) {
		int err = fib_validate_source(skb, saddr, 0, tos, dev, in_dev);

		if (err < 0) {
			martian_source(in_dev, skb, daddr, saddr);
			*reason = bad_source_reason(dev_net(dev), saddr, err);
			return err;
		}
	}
	res->type = RTN_BROADCAST;
	RT_CACHE_STAT_INC(dev_net(dev), in_brd);
	return local_input(skb, dev_net(dev), res, RTCF_BROADCAST, 0, reason);
}

/**
 * ip_route_input_slow - the route of a received unicast or broadcast packet
 * @skb: packet. Borrows; gets a dst.
 * @daddr: destination
 * @saddr: source
 * @tos: type of service
 * @dev: where it came in
 * @in_dev: IPv4's part of @dev
 * @reason: set on failure
 *
 * A destination that is not ours gets a dst too: one that counts and drops.
 *
 * Context: softirq.
 * Return: 0, -EINVAL (martian), -EXDEV (reverse path filter), -ENOBUFS.
 */
static int ip_route_input_slow(struct sk_buff *skb, __be32 daddr, __be32 saddr, u8 tos,
			       struct net_device *dev, struct in_device *in_dev,
			       enum skb_drop_reason *reason)
{
	struct flowi4 fl4 = { .flowi4_iif = dev->ifindex, .flowi4_mark = skb->mark,
			      .flowi4_tos = tos, .daddr = daddr, .saddr = saddr };
	struct fib_result res = { .type = RTN_UNREACHABLE };
	struct net *net = dev_net(dev);
	int err;

	trace_skb(skb);
	if (source_impossible(in_dev, saddr, daddr)) {
		martian_source(in_dev, skb, daddr, saddr);
		*reason = SKB_DROP_REASON_IP_MARTIAN_SOURCE;
		return -EINVAL;
	}
	if (ipv4_is_lbcast(daddr) || (!saddr && !daddr))
		return brd_input(skb, daddr, saddr, tos, dev, in_dev, &res, reason);
	if (destination_impossible(in_dev, saddr, daddr)) {
		martian_destination(in_dev, daddr, saddr);
		*reason = SKB_DROP_REASON_IP_INVALID_DEST;
		return -EINVAL;
	}
	err = fib_lookup(net, &fl4, &res, 0);
	if (!err && res.type == RTN_BROADCAST)
		return brd_input(skb, daddr, saddr, tos, dev, in_dev, &res, reason);
	if (!err && res.type == RTN_LOCAL) {
		err = fib_validate_source(skb, saddr, daddr, tos, dev, in_dev);
		if (err < 0) {
			martian_source(in_dev, skb, daddr, saddr);
			*reason = bad_source_reason(net, saddr, err);
			return err;
		}
		return local_input(skb, net, &res, 0, 0, reason);
	}
	/* Linux: with net.ipv4.ip_forward=0. */
	RT_CACHE_STAT_INC(net, in_no_route);
	res.type = RTN_UNREACHABLE;
	res.fi = NULL;
	return local_input(skb, net, &res, 0, -EHOSTUNREACH, reason);
}

/**
 * ip_route_input_noref - give a received packet its route
 * @skb: packet. Borrows; gets a dst, perhaps a borrowed one.
 * @daddr: destination
 * @saddr: source
 * @tos: type of service
 * @dev: where it came in
 * @reason: set on failure
 *
 * Context: softirq.
 * Return: 0, -EINVAL, -EXDEV, -ENOBUFS.
 */
int ip_route_input_noref(struct sk_buff *skb, __be32 daddr, __be32 saddr, u8 tos,
			 struct net_device *dev, enum skb_drop_reason *reason)
{
	struct in_device *in_dev = __in_dev_get_rcu(dev);

	trace_skb(skb);
	tos &= IPTOS_TOS_MASK;
	if (!in_dev) {
		*reason = SKB_DROP_REASON_IP_INADDRERRORS;
		return -EINVAL;
	}
	if (!ipv4_is_multicast(daddr))
		return ip_route_input_slow(skb, daddr, saddr, tos, dev, in_dev, reason);
	if (!ip_check_mc_rcu(in_dev, daddr)) {
		*reason = SKB_DROP_REASON_IP_MC_NOMEMBER;
		return -EINVAL;
	}
	return ip_route_input_mc(skb, daddr, saddr, tos, dev, in_dev, reason);
}

/**
 * ip_route_input - give a received packet its route, with a reference
 * @skb: packet. Borrows.
 * @daddr: destination
 * @saddr: source
 * @tos: type of service
 * @dev: where it came in
 *
 * Context: softirq.
 * Return: 0, -EINVAL, -EXDEV, -ENOBUFS.
 */
int ip_route_input(struct sk_buff *skb, __be32 daddr, __be32 saddr, u8 tos,
		   struct net_device *dev)
{
	enum skb_drop_reason reason = SKB_NOT_DROPPED_YET;
	int err = ip_route_input_noref(skb, daddr, saddr, tos, dev, &reason);

	if (!err && !skb_dst_force(skb))
		err = -EINVAL;
	return err;
}
