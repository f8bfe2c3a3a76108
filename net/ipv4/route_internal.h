/* SPDX-License-Identifier: MIT */
/* What route.c, route_input.c, route_output.c and route_pmtu.c share. */
#ifndef NET_IPV4_ROUTE_INTERNAL_H
#define NET_IPV4_ROUTE_INTERNAL_H

#include <net/ip_fib.h>
#include <net/route.h>

#define RT_CACHE_STAT_INC(net, field)	((net)->ipv4.rt_cache_stat.field++)

/* Not KILLed, and no route changed since. */
static inline bool rt_cache_valid(const struct rtable *rt)
{
	return rt && rt->dst.obsolete == DST_OBSOLETE_FORCE_CHK &&
	       rt->rt_genid == dev_net(rt->dst.dev)->ipv4.rt_genid;
}

/* route.c: gives @rt the gateway and metrics of @res; keeps it for the next
 * lookup in the next hop, or in @fnhe, if @do_cache. */
void rt_set_nexthop(struct rtable *rt, __be32 daddr, const struct fib_result *res,
		    struct fib_nh_exception *fnhe, struct fib_info *fi, bool do_cache);
/* route.c: *@slot gives its reference up for one on @rt. */
void rt_cache_route(struct rtable **slot, struct rtable *rt);
/* route.c: the output of a route that is for input only. */
int ip_rt_bug(struct net *net, struct sock *sk, struct sk_buff *skb);
/* route.c: is the group joined on the device? */
bool ip_check_mc_rcu(const struct in_device *in_dev, __be32 group);

/* route_pmtu.c: borrowed, NULL. */
struct fib_nh_exception *find_exception(struct fib_nh *nh, __be32 daddr);
void fill_route_from_fnhe(struct rtable *rt, const struct fib_nh_exception *fnhe);
void fib_nh_free_exceptions(struct fib_nh *nh);
void ip_rt_update_pmtu(struct dst_entry *dst, struct sock *sk, struct sk_buff *skb, u32 mtu);
void ip_do_redirect(struct dst_entry *dst, struct sock *sk, struct sk_buff *skb);

#endif
