// SPDX-License-Identifier: MIT
/*
 * What ICMP says of single destinations behind a next hop: a smaller MTU on
 * the path, a better gateway. Kept as exceptions of the next hop, bounded,
 * and forgotten in time.
 *
 * Linux: net/ipv4/route.c
 * RFC: 1191, 1122 3.2.2.2, 5927
 */
#include <linux/errno.h>
#include <linux/inetdevice.h>
#include <linux/kernel.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <net/arp.h>
#include <net/icmp.h>
#include <net/inet_sock.h>
#include <net/ip.h>
#include <net/ip_fib.h>
#include <net/route.h>

#include "route_internal.h"

#define IP_RT_REDIRECT_TIMEOUT_NS	(300 * NSEC_PER_SEC)

/* Keyed, as the addresses are a stranger's choice. */
static u32 fnhe_hashfun(struct net *net, __be32 daddr)
{
	return (u32)siphash_1u32((__force u32)daddr, &net->ipv4.ip_id_key) &
	       (FNHE_HASH_SIZE - 1);
}

static struct net *nh_net(const struct fib_nh *nh)
{
	return nh->nh_parent->fib_net;
}

/* Whoever has a cached route of it has to look again. */
static void fnhe_drop_route(struct fib_nh_exception *fnhe)
{
	struct rtable *rt = fnhe->fnhe_rth_output;

	fnhe->fnhe_rth_output = NULL;
	if (!rt)
		return;
	rt->dst.obsolete = DST_OBSOLETE_KILL;
	rt_add_uncached_list(rt);
	dst_release(&rt->dst);
}

static void fnhe_free(struct fib_nh_exception *fnhe)
{
	fnhe_drop_route(fnhe);
	kfree(fnhe);
}

static void ip_del_fnhe(struct fib_nh *nh, __be32 daddr)
{
	struct fib_nh_exception **p = &nh->nh_exceptions[fnhe_hashfun(nh_net(nh), daddr)];

	for (; *p; p = &(*p)->fnhe_next) {
		struct fib_nh_exception *fnhe = *p;

		if (fnhe->fnhe_daddr != daddr)
			continue;
		*p = fnhe->fnhe_next;
		fnhe_free(fnhe);
		return;
	}
}

/**
 * find_exception - what is known of a destination behind a next hop
 * @nh: next hop
 * @daddr: destination
 *
 * Context: any but hardirq.
 * Return: the exception, borrowed; NULL.
 */
struct fib_nh_exception *find_exception(struct fib_nh *nh, __be32 daddr)
{
	struct fib_nh_exception *fnhe;
	u64 now = ktime_get_ns();

	if (!nh->nh_exceptions)
		return NULL;
	fnhe = nh->nh_exceptions[fnhe_hashfun(nh_net(nh), daddr)];
	for (; fnhe; fnhe = fnhe->fnhe_next) {
		if (fnhe->fnhe_daddr != daddr)
			continue;
		if (fnhe->fnhe_expires_ns && now >= fnhe->fnhe_expires_ns) {
			ip_del_fnhe(nh, daddr);
			return NULL;
		}
		fnhe->fnhe_stamp_ns = now;
		return fnhe;
	}
	return NULL;
}

/**
 * fill_route_from_fnhe - tell an rtable what the exception says
 * @rt: rtable
 * @fnhe: exception
 *
 * Context: any.
 */
void fill_route_from_fnhe(struct rtable *rt, const struct fib_nh_exception *fnhe)
{
	rt->rt_pmtu = fnhe->fnhe_pmtu;
	rt->rt_mtu_locked = fnhe->fnhe_mtu_locked;
	rt->dst.expires_ns = fnhe->fnhe_expires_ns;
	if (fnhe->fnhe_gw) {
		rt->rt_flags |= RTCF_REDIRECTED;
		rt->rt_uses_gateway = true;
		rt->rt_gw4 = fnhe->fnhe_gw;
	}
}

/**
 * fib_nh_free_exceptions - forget all of a next hop's exceptions
 * @nh: next hop
 *
 * Context: process.
 */
void fib_nh_free_exceptions(struct fib_nh *nh)
{
	unsigned int i;

	if (!nh->nh_exceptions)
		return;
	for (i = 0; i < FNHE_HASH_SIZE; i++) {
		while (nh->nh_exceptions[i]) {
			struct fib_nh_exception *fnhe = nh->nh_exceptions[i];

			nh->nh_exceptions[i] = fnhe->fnhe_next;
			if (fnhe->fnhe_rth_output)
				dst_dev_put(&fnhe->fnhe_rth_output->dst);
			if (fnhe->fnhe_rth_output)
				dst_release(&fnhe->fnhe_rth_output->dst);
			kfree(fnhe);
		}
	}
	kfree(nh->nh_exceptions);
	nh->nh_exceptions = NULL;
}

/* A chain too long: its entry that was not used for longest goes. */
static void fnhe_remove_oldest(struct fib_nh *nh, struct fib_nh_exception **bucket)
{
	struct fib_nh_exception **p, **oldest = NULL, *fnhe;
	unsigned int depth = 0;

	for (p = bucket; *p; p = &(*p)->fnhe_next) {
		if (!oldest || (*p)->fnhe_stamp_ns < (*oldest)->fnhe_stamp_ns)
			oldest = p;
		depth++;
	}
	if (depth < FNHE_RECLAIM_DEPTH)
		return;
	fnhe = *oldest;
	*oldest = fnhe->fnhe_next;
	fnhe_free(fnhe);
}

/* The exception for @daddr, made if there is none; NULL on no memory. */
static struct fib_nh_exception *fnhe_get(struct fib_nh *nh, __be32 daddr)
{
	struct fib_nh_exception *fnhe = find_exception(nh, daddr), **bucket;

	if (fnhe)
		return fnhe;
	if (!nh->nh_exceptions)
		nh->nh_exceptions = kcalloc(FNHE_HASH_SIZE, sizeof(*nh->nh_exceptions),
					    GFP_ATOMIC);
	if (!nh->nh_exceptions)
		return NULL;
	bucket = &nh->nh_exceptions[fnhe_hashfun(nh_net(nh), daddr)];
	fnhe_remove_oldest(nh, bucket);
	fnhe = kzalloc(sizeof(*fnhe), GFP_ATOMIC);
	if (!fnhe)
		return NULL;
	fnhe->fnhe_daddr = daddr;
	fnhe->fnhe_stamp_ns = ktime_get_ns();
	fnhe->fnhe_next = *bucket;
	*bucket = fnhe;
	/* Whoever uses the next hop's common route looks again, and finds the
	 * exception if it is for him. */
	if (nh->nh_rth_output)
		nh->nh_rth_output->dst.obsolete = DST_OBSOLETE_KILL;
	return fnhe;
}

static void update_or_create_fnhe(struct fib_nh *nh, __be32 daddr, __be32 gw, u32 pmtu,
				  bool lock, u64 expires_ns)
{
	struct fib_nh_exception *fnhe = fnhe_get(nh, daddr);

	if (!fnhe)
		return;
	if (gw)
		fnhe->fnhe_gw = gw;
	if (pmtu) {
		fnhe->fnhe_pmtu = pmtu;
		fnhe->fnhe_mtu_locked = lock;
	}
	fnhe->fnhe_expires_ns = max(expires_ns, (u64)1);
	if (fnhe->fnhe_rth_output)
		fill_route_from_fnhe(fnhe->fnhe_rth_output, fnhe);
}

/* RFC 1191 6.3: a path is not believed to carry more because ICMP says so, and
 * not less than net.ipv4.route.min_pmtu. */
static void __ip_rt_update_pmtu(struct rtable *rt, struct flowi4 *fl4, u32 mtu)
{
	struct net *net = dev_net(rt->dst.dev);
	u64 now = ktime_get_ns(), lifetime = net->ipv4.ip_rt_mtu_expires_ns;
	u32 old_mtu = dst_mtu(&rt->dst), floor = (u32)net->ipv4.ip_rt_min_pmtu;
	struct fib_result res;
	bool lock = false;

	if (old_mtu < mtu || (rt->rt_flags & RTCF_LOCAL))
		return;
	if (mtu < floor) {
		lock = true;
		mtu = min(old_mtu, floor);
	}
	/* Still fresh. */
	if (rt->rt_pmtu == mtu && !lock && now + lifetime / 2 < rt->dst.expires_ns)
		return;
	if (fib_lookup(net, fl4, &res, 0) || res.type != RTN_UNICAST)
		return;
	update_or_create_fnhe(FIB_RES_NH(res), fl4->daddr, 0, mtu, lock, now + lifetime);
}

/* The flow that a quoted header of ours belongs to. */
static void build_flow_key(struct flowi4 *fl4, const struct iphdr *iph, int oif, u8 protocol,
			   const struct sock *sk)
{
	*fl4 = (struct flowi4){
		.flowi4_oif = sk ? sk->sk_bound_dev_if : oif,
		.flowi4_mark = sk ? sk->sk_mark : 0,
		.flowi4_tos = iph->tos & IPTOS_TOS_MASK,
		.flowi4_scope = RT_SCOPE_UNIVERSE,
		.flowi4_proto = protocol,
		.flowi4_flags = FLOWI_FLAG_ANYSRC,
		.daddr = iph->daddr,
		.saddr = iph->saddr,
	};
}

/* The flow that a socket sends. */
static void build_sk_flow_key(struct flowi4 *fl4, const struct sock *sk)
{
	const struct inet_sock *inet = inet_sk(sk);

	*fl4 = (struct flowi4){
		.flowi4_oif = sk->sk_bound_dev_if,
		.flowi4_mark = sk->sk_mark,
		.flowi4_tos = inet->tos & IPTOS_TOS_MASK,
		.flowi4_scope = RT_SCOPE_UNIVERSE,
		.flowi4_proto = (u8)sk->sk_protocol,
		.flowi4_flags = FLOWI_FLAG_ANYSRC,
		.daddr = inet->inet_daddr,
		.saddr = inet->inet_saddr,
	};
}

/**
 * ip_rt_update_pmtu - dst_ops.update_pmtu: packets above a size do not pass
 * @dst: route they took
 * @sk: socket that sent them; NULL: see @skb
 * @skb: one of them, network header set; NULL: see @sk. Borrows.
 * @mtu: what passes, bytes
 *
 * Context: softirq, or process with the socket locked.
 */
void ip_rt_update_pmtu(struct dst_entry *dst, struct sock *sk, struct sk_buff *skb, u32 mtu)
{
	struct rtable *rt = (struct rtable *)dst;
	struct flowi4 fl4;

	if (skb)
		build_flow_key(&fl4, ip_hdr(skb), 0, ip_hdr(skb)->protocol, sk);
	else if (sk)
		build_sk_flow_key(&fl4, sk);
	else
		return;
	__ip_rt_update_pmtu(rt, &fl4, mtu);
}

/**
 * ipv4_update_pmtu - a FRAG_NEEDED came about a packet of ours
 * @skb: it; data at the quoted IP header. Borrows.
 * @net: namespace
 * @mtu: next-hop MTU, bytes
 * @oif: device that the packet had to leave by; 0: any
 * @protocol: of the packet
 *
 * Context: softirq.
 */
void ipv4_update_pmtu(struct sk_buff *skb, struct net *net, u32 mtu, int oif, u8 protocol)
{
	const struct iphdr *iph = (const void *)skb->data;
	struct flowi4 fl4, key;
	struct rtable *rt;

	build_flow_key(&fl4, iph, oif, protocol, NULL);
	key = fl4;
	rt = ip_route_output_key(net, &key);
	if (IS_ERR(rt))
		return;
	__ip_rt_update_pmtu(rt, &fl4, mtu);
	ip_rt_put(rt);
}

/**
 * ipv4_sk_update_pmtu - a FRAG_NEEDED came about a packet of a socket's
 * @skb: it; data at the quoted IP header. Borrows.
 * @sk: socket
 * @mtu: next-hop MTU, bytes
 *
 * Context: softirq.
 */
void ipv4_sk_update_pmtu(struct sk_buff *skb, struct sock *sk, u32 mtu)
{
	if (!ip_sk_accept_pmtu(sk))
		return;
	ipv4_update_pmtu(skb, sock_net(sk), mtu, sk->sk_bound_dev_if, (u8)sk->sk_protocol);
	if (!sock_owned_by_user(sk))
		sk_dst_reset(sk);
}

/* RFC 1122 3.2.2.2: from the gateway we use now, to one on the same link. */
static bool redirect_valid(struct rtable *rt, struct in_device *in_dev, __be32 old_gw,
			   __be32 new_gw)
{
	struct net *net = dev_net(in_dev->dev);

	if (!IN_DEV_ANDCONF(in_dev, accept_redirects) || !rt->rt_uses_gateway ||
	    rt->rt_gw4 != old_gw || new_gw == old_gw)
		return false;
	if (ipv4_is_multicast(new_gw) || ipv4_is_lbcast(new_gw) || ipv4_is_zeronet(new_gw) ||
	    ipv4_is_loopback(new_gw))
		return false;
	return inet_addr_onlink(in_dev, new_gw, old_gw) &&
	       inet_addr_type(net, new_gw) == RTN_UNICAST;
}

static void __ip_do_redirect(struct rtable *rt, struct sk_buff *skb, struct flowi4 *fl4)
{
	struct in_device *in_dev = __in_dev_get_rcu(skb->dev);
	__be32 new_gw = icmp_hdr(skb)->un.gateway, old_gw = ip_hdr(skb)->saddr;
	struct net *net = dev_net(skb->dev);
	struct fib_result res;

	if (!in_dev || rt->dst.dev != skb->dev || icmp_hdr(skb)->code > 3 ||
	    !redirect_valid(rt, in_dev, old_gw, new_gw))
		return;
	if (fib_lookup(net, fl4, &res, 0) || res.type != RTN_UNICAST)
		return;
	update_or_create_fnhe(FIB_RES_NH(res), fl4->daddr, new_gw, 0, false,
			      ktime_get_ns() + IP_RT_REDIRECT_TIMEOUT_NS);
}

/**
 * ip_do_redirect - dst_ops.redirect: there is a better gateway
 * @dst: route that was taken
 * @sk: socket that took it, or NULL
 * @skb: the ICMP message; data at the quoted IP header. Borrows.
 *
 * Context: softirq.
 */
void ip_do_redirect(struct dst_entry *dst, struct sock *sk, struct sk_buff *skb)
{
	const struct iphdr *iph = (const void *)skb->data;
	struct flowi4 fl4;

	build_flow_key(&fl4, iph, skb->dev->ifindex, iph->protocol, sk);
	__ip_do_redirect((struct rtable *)dst, skb, &fl4);
}

/**
 * ipv4_redirect - a redirect came about a packet of ours
 * @skb: it; data at the quoted IP header. Borrows.
 * @net: namespace
 * @oif: device that the packet had to leave by; 0: any
 * @protocol: of the packet
 *
 * Context: softirq.
 */
void ipv4_redirect(struct sk_buff *skb, struct net *net, int oif, u8 protocol)
{
	const struct iphdr *iph = (const void *)skb->data;
	struct flowi4 fl4, key;
	struct rtable *rt;

	build_flow_key(&fl4, iph, oif, protocol, NULL);
	key = fl4;
	rt = ip_route_output_key(net, &key);
	if (IS_ERR(rt))
		return;
	__ip_do_redirect(rt, skb, &fl4);
	ip_rt_put(rt);
}

/**
 * ipv4_sk_redirect - a redirect came about a packet of a socket's
 * @skb: it; data at the quoted IP header. Borrows.
 * @sk: socket
 *
 * Context: softirq.
 */
void ipv4_sk_redirect(struct sk_buff *skb, struct sock *sk)
{
	ipv4_redirect(skb, sock_net(sk), sk->sk_bound_dev_if, (u8)sk->sk_protocol);
}
