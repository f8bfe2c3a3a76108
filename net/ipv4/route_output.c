// SPDX-License-Identifier: MIT
/*
 * Output routing: by which device and next hop a packet of ours leaves, and
 * from which address.
 *
 * Linux: net/ipv4/route.c
 * RFC: 1122 3.3.1, 3.3.4.3
 */
#include <linux/errno.h>
#include <linux/inetdevice.h>
#include <linux/kernel.h>
#include <linux/trace.h>
#include <net/inet_sock.h>
#include <net/ip.h>
#include <net/ip_fib.h>
#include <net/route.h>

#include "route_internal.h"

/* What a lookup has found out so far. */
struct route_out {
	struct fib_result res;		/* fi NULL: destination on the link */
	struct net_device *dev;		/* to leave by */
	unsigned int flags;		/* RTCF_* */
	int orig_oif;			/* that the caller asked for */
};

/* RTN_* by the address itself, or by the route; RTN_UNSPEC: nobody's. */
static u8 output_type(const struct route_out *ro, const struct flowi4 *fl4)
{
	if (ipv4_is_lbcast(fl4->daddr))
		return RTN_BROADCAST;
	if (ipv4_is_multicast(fl4->daddr))
		return RTN_MULTICAST;
	if (ipv4_is_zeronet(fl4->daddr))
		return RTN_UNSPEC;
	return ro->res.type;
}

/* Broadcasts and groups: heard by ourselves as well, if we belong. */
static struct fib_info *output_flags(struct route_out *ro, const struct flowi4 *fl4, u8 type)
{
	struct fib_info *fi = ro->res.fi;

	if (ro->dev->flags & IFF_LOOPBACK)
		ro->flags |= RTCF_LOCAL;
	if (type == RTN_BROADCAST) {
		ro->flags |= RTCF_BROADCAST | RTCF_LOCAL;
		return NULL;
	}
	if (type != RTN_MULTICAST)
		return fi;
	ro->flags |= RTCF_MULTICAST;
	if (ip_check_mc_rcu(__in_dev_get_rcu(ro->dev), fl4->daddr))
		ro->flags |= RTCF_LOCAL;
	/* The default route says nothing of groups. */
	return fi && ro->res.prefixlen < 4 ? NULL : fi;
}

/* A cached route for the destination, with a reference; NULL. */
static struct rtable *output_cached(struct net *net, struct fib_nh *nh,
				    const struct fib_nh_exception *fnhe)
{
	struct rtable *rt = fnhe ? fnhe->fnhe_rth_output : nh->nh_rth_output;

	if (!rt_cache_valid(rt) || !dst_hold_safe(&rt->dst))
		return NULL;
	RT_CACHE_STAT_INC(net, out_hit);
	return rt;
}

/* The rtable for what was found: a cached one, or a new one. A reference or
 * ERR_PTR(-EINVAL, -ENOBUFS). */
static struct rtable *__mkroute_output(struct net *net, struct route_out *ro,
				       const struct flowi4 *fl4)
{
	struct in_device *in_dev = __in_dev_get_rcu(ro->dev);
	struct fib_nh_exception *fnhe = NULL;
	struct fib_info *fi;
	struct rtable *rt;
	bool do_cache;
	u8 type;

	if (!in_dev)
		return ERR_PTR(-EINVAL);
	/* RFC 1122 3.2.1.3 (g): 127/8 stays in the host. */
	if ((ipv4_is_loopback(fl4->saddr) || ipv4_is_loopback(fl4->daddr)) &&
	    !(ro->dev->flags & IFF_LOOPBACK) && !IN_DEV_ROUTE_LOCALNET(in_dev))
		return ERR_PTR(-EINVAL);
	type = output_type(ro, fl4);
	if (type == RTN_UNSPEC)
		return ERR_PTR(-EINVAL);
	fi = output_flags(ro, fl4, type);
	/* An address of ours by a device that was named is a rare thing. */
	do_cache = fi && !(ro->flags & RTCF_MULTICAST) &&
		   !(type == RTN_LOCAL && ro->orig_oif && ro->orig_oif != ro->dev->ifindex);
	if (fi)
		fnhe = find_exception(&fi->fib_nh, fl4->daddr);
	rt = do_cache ? output_cached(net, &fi->fib_nh, fnhe) : NULL;
	if (rt)
		return rt;
	rt = rt_dst_alloc(ro->dev, ro->flags, type, false);
	if (!rt)
		return ERR_PTR(-ENOBUFS);
	rt->rt_iif = ro->orig_oif;
	RT_CACHE_STAT_INC(net, out_slow_tot);
	if ((ro->flags & RTCF_LOCAL) && (ro->flags & (RTCF_BROADCAST | RTCF_MULTICAST)) &&
	    !(ro->dev->flags & IFF_LOOPBACK)) {
		rt->dst.output = ip_mc_output;
		RT_CACHE_STAT_INC(net, out_slow_mc);
	}
	rt_set_nexthop(rt, fl4->daddr, &ro->res, fnhe, fi, do_cache);
	return rt;
}

/* A source was given: it has to be one of ours (unless FLOWI_FLAG_ANYSRC). It
 * chooses the device for broadcasts and groups. 1: the device is known. */
static int output_with_source(struct net *net, struct route_out *ro, struct flowi4 *fl4)
{
	if (ipv4_is_multicast(fl4->saddr) || ipv4_is_lbcast(fl4->saddr) ||
	    ipv4_is_zeronet(fl4->saddr))
		return -EINVAL;
	if (!fl4->flowi4_oif &&
	    (ipv4_is_multicast(fl4->daddr) || ipv4_is_lbcast(fl4->daddr))) {
		ro->dev = ip_dev_find(net, fl4->saddr);
		return ro->dev ? 1 : -EINVAL;
	}
	if (!(fl4->flowi4_flags & FLOWI_FLAG_ANYSRC) && !ip_dev_find(net, fl4->saddr))
		return -EINVAL;
	return 0;
}

/* A device was given. 1: it is all that is needed. */
static int output_with_device(struct net *net, struct route_out *ro, struct flowi4 *fl4)
{
	ro->dev = __dev_get_by_index(net, fl4->flowi4_oif);
	if (!ro->dev)
		return -ENODEV;
	if (!(ro->dev->flags & IFF_UP) || !__in_dev_get_rcu(ro->dev))
		return -ENETUNREACH;
	if (ipv4_is_local_multicast(fl4->daddr) || ipv4_is_lbcast(fl4->daddr) ||
	    fl4->flowi4_proto == IPPROTO_IGMP) {
		if (!fl4->saddr)
			fl4->saddr = inet_select_addr(ro->dev, 0, RT_SCOPE_LINK);
		return 1;
	}
	if (!fl4->saddr && ipv4_is_multicast(fl4->daddr))
		fl4->saddr = inet_select_addr(ro->dev, 0, fl4->flowi4_scope);
	else if (!fl4->saddr && !fl4->daddr)
		fl4->saddr = inet_select_addr(ro->dev, 0, RT_SCOPE_HOST);
	return 0;
}

/* RFC 1122: a destination of 0.0.0.0 means this host. */
static void output_to_self(struct net *net, struct route_out *ro, struct flowi4 *fl4)
{
	fl4->daddr = fl4->saddr;
	if (!fl4->daddr)
		fl4->daddr = fl4->saddr = htonl(INADDR_LOOPBACK);
	ro->dev = net->loopback_dev;
	ro->res.type = RTN_LOCAL;
	ro->flags |= RTCF_LOCAL;
}

static int output_by_table(struct net *net, struct route_out *ro, struct flowi4 *fl4)
{
	int err = fib_lookup(net, fl4, &ro->res, 0);

	if (err) {
		ro->res.fi = NULL;
		if (!fl4->flowi4_oif || !ro->dev)
			return err;
		/* Linux: with a device given, no route means: on its link. */
		ro->res.type = RTN_UNICAST;
		if (!fl4->saddr)
			fl4->saddr = inet_select_addr(ro->dev, 0, RT_SCOPE_LINK);
		return 0;
	}
	if (ro->res.type == RTN_LOCAL) {
		if (!fl4->saddr)
			fl4->saddr = ro->res.fi->fib_prefsrc ? ro->res.fi->fib_prefsrc
							     : fl4->daddr;
		ro->orig_oif = FIB_RES_NH(ro->res)->fib_nh_oif;
		ro->dev = net->loopback_dev;
		ro->flags |= RTCF_LOCAL;
		return 0;
	}
	if (!fl4->saddr)
		fl4->saddr = fib_result_prefsrc(net, &ro->res);
	ro->dev = FIB_RES_DEV(ro->res);
	return 0;
}

/**
 * ip_route_output_key - the route of a flow of ours
 * @net: namespace
 * @fl4: flow; a source or destination of 0 is filled in
 *
 * Context: any but hardirq.
 * Return: a reference; ERR_PTR(-EINVAL): an address that cannot be, or a
 * source that is not ours; -ENODEV, -ENETUNREACH, -ENOBUFS, or the error of
 * the route's type.
 */
struct rtable *ip_route_output_key(struct net *net, struct flowi4 *fl4)
{
	struct route_out ro = { .orig_oif = fl4->flowi4_oif, .res.type = RTN_UNICAST };
	int err = 0;

	if (fl4->flowi4_tos & RTO_ONLINK)
		fl4->flowi4_scope = RT_SCOPE_LINK;
	fl4->flowi4_tos &= IPTOS_TOS_MASK;
	if (fl4->saddr)
		err = output_with_source(net, &ro, fl4);
	if (!err && fl4->flowi4_oif)
		err = output_with_device(net, &ro, fl4);
	if (!err && !fl4->daddr)
		output_to_self(net, &ro, fl4);
	else if (!err)
		err = output_by_table(net, &ro, fl4);
	if (err < 0)
		return ERR_PTR(err);
	return __mkroute_output(net, &ro, fl4);
}

/**
 * ip_route_output_flow - the route of a socket's flow
 * @net: namespace
 * @fl4: flow; see ip_route_output_key()
 * @sk: socket (Linux: whose IPsec policy applies), or NULL
 *
 * Context: any but hardirq.
 * Return: as ip_route_output_key().
 */
struct rtable *ip_route_output_flow(struct net *net, struct flowi4 *fl4,
				    const struct sock *sk)
{
	trace_here();
	return ip_route_output_key(net, fl4);
}

/**
 * rt_tos2priority - the SO_PRIORITY that a type of service stands for
 * @tos: type of service
 *
 * Context: any.
 * Return: 0 best effort, 2 bulk, 4 interactive bulk, 6 interactive.
 */
u32 rt_tos2priority(u8 tos)
{
	/* By the bits "low delay" and "throughput". */
	static const u8 prio[4] = { 0, 2, 6, 4 };

	return prio[tos >> 3 & 3];
}

/* What a socket asks of its packets' routes. */
static u8 sk_flow_flags(const struct sock *sk)
{
	return sk && inet_sk(sk)->transparent ? FLOWI_FLAG_ANYSRC : 0;
}

static u8 sk_flow_tos(const struct sock *sk)
{
	u8 tos = inet_sk(sk)->tos & IPTOS_TOS_MASK;

	return sock_flag(sk, SOCK_LOCALROUTE) ? tos | RTO_ONLINK : tos;
}

/**
 * ip_route_output_ports - the route of a flow given by its parts
 * @net: namespace
 * @fl4: filled in
 * @sk: socket, or NULL
 * @daddr: destination
 * @saddr: source; 0: choose
 * @dport: destination port
 * @sport: source port
 * @proto: IPPROTO_*
 * @tos: type of service, RTO_ONLINK
 * @oif: ifindex to leave by; 0: any
 *
 * Context: any but hardirq.
 * Return: as ip_route_output_key().
 */
struct rtable *ip_route_output_ports(struct net *net, struct flowi4 *fl4,
				     const struct sock *sk, __be32 daddr, __be32 saddr,
				     __be16 dport, __be16 sport, u8 proto, u8 tos, int oif)
{
	flowi4_init_output(fl4, oif, sk ? sk->sk_mark : 0, tos, RT_SCOPE_UNIVERSE, proto,
			   sk_flow_flags(sk), daddr, saddr, dport, sport);
	return ip_route_output_flow(net, fl4, sk);
}

/**
 * ip_route_connect - the route of a connection about to be made
 * @fl4: filled in: also with the source that was chosen
 * @dst: destination
 * @src: source; 0: choose
 * @oif: ifindex to leave by; 0: any
 * @protocol: IPPROTO_*
 * @sport: source port; 0: not known yet, see ip_route_newports()
 * @dport: destination port
 * @sk: socket
 *
 * Context: process, socket locked.
 * Return: as ip_route_output_key().
 */
struct rtable *ip_route_connect(struct flowi4 *fl4, __be32 dst, __be32 src, int oif,
				u8 protocol, __be16 sport, __be16 dport,
				const struct sock *sk)
{
	return ip_route_output_ports(sock_net(sk), fl4, sk, dst, src, dport, sport, protocol,
				     sk_flow_tos(sk), oif);
}

/**
 * ip_route_newports - look again when the ports are known
 * @fl4: as ip_route_connect() left it
 * @rt: what that returned; the reference is consumed
 * @orig_sport: source port then
 * @orig_dport: destination port then
 * @sport: source port now
 * @dport: destination port now
 * @sk: socket
 *
 * Context: process, socket locked.
 * Return: as ip_route_output_key().
 */
struct rtable *ip_route_newports(struct flowi4 *fl4, struct rtable *rt, __be16 orig_sport,
				 __be16 orig_dport, __be16 sport, __be16 dport,
				 const struct sock *sk)
{
	if (sport == orig_sport && dport == orig_dport)
		return rt;
	fl4->fl4_sport = sport;
	fl4->fl4_dport = dport;
	ip_rt_put(rt);
	return ip_route_output_flow(sock_net(sk), fl4, sk);
}
