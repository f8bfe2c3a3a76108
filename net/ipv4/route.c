// SPDX-License-Identifier: MIT
/*
 * The dst_entry of IPv4: struct rtable, its methods, and where rtables are
 * kept: one each for input and output in a next hop (RT-5), one in each of the
 * next hop's exceptions, all others in a list of the namespace. Lookups are
 * route_input.c and route_output.c; what ICMP tells is route_pmtu.c.
 *
 * Linux: net/ipv4/route.c (all four)
 * RFC: 1122 3.3.1, 1191
 */
#include <linux/errno.h>
#include <linux/inetdevice.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/trace.h>
#include <net/arp.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/ip_fib.h>
#include <net/route.h>
#include <uapi/linux/tcp.h>

#include "route_internal.h"

static struct dst_entry *ipv4_dst_check(struct dst_entry *dst, u32 cookie)
{
	/* Set aside by a PMTU exception or a device's end, or older than the
	 * last change of any route. */
	return rt_cache_valid((struct rtable *)dst) ? dst : NULL;
}

static unsigned int ipv4_mtu(const struct dst_entry *dst)
{
	const struct rtable *rt = (const struct rtable *)dst;
	unsigned int mtu = rt->rt_pmtu;

	if (!mtu || ktime_get_ns() >= dst->expires_ns)
		mtu = dst_metric(dst, RTAX_MTU);
	if (!mtu || mtu > dst->dev->mtu)
		mtu = dst->dev->mtu;
	return min(mtu, IP_MAX_MTU);
}

static unsigned int ipv4_default_advmss(const struct dst_entry *dst)
{
	const unsigned int headers = sizeof(struct iphdr) + sizeof(struct tcphdr);
	unsigned int mtu = ipv4_mtu(dst), floor;
	unsigned int advmss = mtu > headers ? mtu - headers : 0;

	floor = (unsigned int)dev_net(dst->dev)->ipv4.ip_rt_min_advmss;
	advmss = max(advmss, floor);
	return min(advmss, IPV4_MAX_PMTU - headers);
}

static void ipv4_dst_destroy(struct dst_entry *dst)
{
	rt_del_uncached_list((struct rtable *)dst);
}

static void ipv4_link_failure(struct sk_buff *skb)
{
	struct rtable *rt;

	/* Only output leaves a full header and no parsed options behind. */
	if (pskb_network_may_pull(skb, sizeof(struct iphdr)) &&
	    ip_hdr(skb)->version == 4 && ip_hdr(skb)->ihl >= 5)
		icmp_send(skb, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0);
	rt = skb_rtable(skb);
	if (rt)
		dst_set_expires(&rt->dst, 0);
}

static struct neighbour *ipv4_neigh_lookup(const struct dst_entry *dst, struct sk_buff *skb,
					   const void *daddr)
{
	const struct rtable *rt = (const struct rtable *)dst;
	struct neighbour *n;
	__be32 addr;

	memcpy(&addr, daddr, sizeof(addr));
	local_bh_disable();
	n = ip_neigh_gw4(dst->dev, rt_nexthop(rt, addr));
	if (IS_ERR(n))
		n = NULL;
	else
		neigh_hold(n);
	local_bh_enable();
	return n;
}

static void ipv4_confirm_neigh(const struct dst_entry *dst, const void *daddr)
{
	const struct rtable *rt = (const struct rtable *)dst;
	__be32 addr;

	if (rt->rt_flags & (RTCF_MULTICAST | RTCF_BROADCAST | RTCF_LOCAL))
		return;
	memcpy(&addr, daddr, sizeof(addr));
	__ipv4_confirm_neigh(dst->dev, (__force u32)rt_nexthop(rt, addr));
}

static const struct dst_ops ipv4_dst_ops = {
	.family = AF_INET,
	.check = ipv4_dst_check,
	.default_advmss = ipv4_default_advmss,
	.mtu = ipv4_mtu,
	.destroy = ipv4_dst_destroy,
	.link_failure = ipv4_link_failure,
	.update_pmtu = ip_rt_update_pmtu,
	.redirect = ip_do_redirect,
	.neigh_lookup = ipv4_neigh_lookup,
	.confirm_neigh = ipv4_confirm_neigh,
	.local_out = __ip_local_out,
};

/**
 * ip_rt_bug - the output of a route that is only for input
 * @net: namespace
 * @sk: socket, or NULL
 * @skb: packet. Consumes.
 *
 * Context: any but hardirq.
 * Return: 0.
 */
int ip_rt_bug(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	WARN_ON_ONCE(1);
	kfree_skb_reason(skb, SKB_DROP_REASON_IP_OUTNOROUTES);
	return 0;
}

/**
 * ip_check_mc_rcu - is a group joined?
 * @in_dev: IPv4's part of a device
 * @group: multicast address
 *
 * RFC 1112 6.1: every host belongs to all-hosts. Linux: and to what IGMP
 * joined (docs/omissions.md).
 *
 * Context: any.
 * Return: whether it is.
 */
bool ip_check_mc_rcu(const struct in_device *in_dev, __be32 group)
{
	return group == htonl(INADDR_ALLHOSTS_GROUP) && (in_dev->dev->flags & IFF_MULTICAST);
}

/**
 * rt_dst_alloc - make an rtable
 * @dev: packets leave by it (input: the loopback device)
 * @flags: RTCF_*
 * @type: RTN_*
 * @noxfrm: no IPsec policy (there is none here)
 *
 * Context: any but hardirq.
 * Return: a reference; NULL on no memory.
 */
struct rtable *rt_dst_alloc(struct net_device *dev, unsigned int flags, u16 type,
			    bool noxfrm)
{
	struct rtable *rt = dst_alloc(sizeof(*rt), &ipv4_dst_ops, dev,
				      DST_OBSOLETE_FORCE_CHK, noxfrm ? DST_NOXFRM : 0);

	if (!rt)
		return NULL;
	rt->rt_genid = rt_genid_ipv4(dev_net(dev));
	rt->rt_flags = flags;
	rt->rt_type = type;
	rt->rt_is_input = false;
	rt->rt_uses_gateway = false;
	rt->rt_mtu_locked = false;
	rt->rt_iif = 0;
	rt->rt_gw4 = 0;
	rt->rt_pmtu = 0;
	INIT_LIST_HEAD(&rt->rt_uncached);
	rt->dst.output = ip_output;
	if (flags & RTCF_LOCAL)
		rt->dst.input = ip_local_deliver;
	return rt;
}

/**
 * rt_add_uncached_list - remember an rtable that nothing else keeps
 * @rt: rtable; not referenced by the list
 *
 * So that it lets go of its device when that goes away.
 *
 * Context: any but hardirq.
 */
void rt_add_uncached_list(struct rtable *rt)
{
	list_add_tail(&rt->rt_uncached, &dev_net(rt->dst.dev)->ipv4.rt_uncached);
}

/**
 * rt_del_uncached_list - forget it again
 * @rt: rtable, on the list or not
 *
 * Context: any but hardirq.
 */
void rt_del_uncached_list(struct rtable *rt)
{
	if (!list_empty(&rt->rt_uncached))
		list_del_init(&rt->rt_uncached);
}

/**
 * rt_flush_dev - a device goes away
 * @dev: device
 *
 * Context: process.
 */
void rt_flush_dev(struct net_device *dev)
{
	struct rtable *rt, *tmp;

	list_for_each_entry_safe(rt, tmp, &dev_net(dev)->ipv4.rt_uncached, rt_uncached) {
		if (rt->dst.dev != dev)
			continue;
		list_del_init(&rt->rt_uncached);
		dst_dev_put(&rt->dst);
	}
}

/**
 * rt_cache_flush - every route is to be looked up again
 * @net: namespace
 *
 * Context: any.
 */
void rt_cache_flush(struct net *net)
{
	rt_genid_bump_ipv4(net);
}

/**
 * rt_cache_route - keep an rtable for the next lookup
 * @slot: where; its reference on the old one ends
 * @rt: rtable; gets one more reference
 *
 * Context: any but hardirq.
 */
void rt_cache_route(struct rtable **slot, struct rtable *rt)
{
	struct rtable *old = *slot;

	dst_hold(&rt->dst);
	*slot = rt;
	if (old) {
		/* Who still has it finds it stale, and it must be found when
		 * its device goes. */
		old->dst.obsolete = DST_OBSOLETE_KILL;
		rt_add_uncached_list(old);
		dst_release(&old->dst);
	}
}

/**
 * rt_set_nexthop - where packets by an rtable go next
 * @rt: rtable
 * @daddr: destination
 * @res: result of the lookup
 * @fnhe: exception for @daddr, or NULL
 * @fi: the route's, or NULL: destination on the link
 * @do_cache: keep it for the next lookup
 *
 * Context: any but hardirq.
 */
void rt_set_nexthop(struct rtable *rt, __be32 daddr, const struct fib_result *res,
		    struct fib_nh_exception *fnhe, struct fib_info *fi, bool do_cache)
{
	struct fib_nh *nh;

	if (!fi) {
		rt_add_uncached_list(rt);
		return;
	}
	nh = &fi->fib_nh;
	if (nh->fib_nh_gw4 && nh->fib_nh_scope == RT_SCOPE_LINK) {
		rt->rt_gw4 = nh->fib_nh_gw4;
		rt->rt_uses_gateway = true;
	}
	dst_metric_set(&rt->dst, RTAX_MTU, fi->fib_mtu);
	if (fnhe)
		fill_route_from_fnhe(rt, fnhe);
	if (!do_cache)
		rt_add_uncached_list(rt);
	else if (fnhe)
		rt_cache_route(&fnhe->fnhe_rth_output, rt);
	else
		rt_cache_route(&nh->nh_rth_output, rt);
}

static void rt_free_cached(struct rtable **slot)
{
	struct rtable *rt = *slot;

	*slot = NULL;
	if (!rt)
		return;
	dst_dev_put(&rt->dst);
	dst_release(&rt->dst);
}

/**
 * fib_nh_flush_cache - a next hop goes away: so does what it keeps
 * @nh: next hop
 *
 * Context: process.
 */
void fib_nh_flush_cache(struct fib_nh *nh)
{
	rt_free_cached(&nh->nh_rth_input);
	rt_free_cached(&nh->nh_rth_output);
	fib_nh_free_exceptions(nh);
}

/**
 * ip4_dst_hoplimit - the TTL for packets by a route
 * @dst: route
 *
 * Context: any.
 * Return: 1 to 255.
 */
int ip4_dst_hoplimit(const struct dst_entry *dst)
{
	u32 hoplimit = dst_metric(dst, RTAX_HOPLIMIT);

	return hoplimit ? (int)hoplimit : dev_net(dst->dev)->ipv4.sysctl_ip_default_ttl;
}

/**
 * ip_rt_net_init - a namespace's routes
 * @net: namespace
 *
 * Context: process.
 * Return: 0.
 */
int ip_rt_net_init(struct net *net)
{
	INIT_LIST_HEAD(&net->ipv4.rt_uncached);
	net->ipv4.ip_rt_min_pmtu = 512 + 20 + 20;
	net->ipv4.ip_rt_min_advmss = 256;
	/* RFC 1191 6.3 */
	net->ipv4.ip_rt_mtu_expires_ns = 10 * 60 * NSEC_PER_SEC;
	/* Not 0: what says "never looked" is stale from the start. */
	net->ipv4.dev_addr_genid = 1;
	return 0;
}

/**
 * ip_rt_init - begin to have routes: those that addresses of devices bring
 *
 * Context: initcall (ip_init()); what namespaces have of IPv4 is registered.
 */
void __init ip_rt_init(void)
{
	devinet_init();
}
