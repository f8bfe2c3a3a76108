/* SPDX-License-Identifier: MIT */
/*
 * IPv4 routes: struct rtable, the dst_entry of IPv4, and the lookups that give
 * one. net/ipv4/route.c.
 *
 * Linux: include/net/route.h
 */
#ifndef NET_ROUTE_H
#define NET_ROUTE_H

#include <linux/err.h>
#include <linux/list.h>
#include <linux/skbuff.h>
#include <net/dst.h>
#include <net/flow.h>
#include <net/net_namespace.h>
#include <uapi/linux/rtnetlink.h>

struct fib_nh;
struct fib_info;
struct sock;
struct in_device;

#define RT_TOS(tos)	((tos) & IPTOS_TOS_MASK)
#define RTO_ONLINK	0x01	/* SO_DONTROUTE: in flowi4_tos, no gateways */

#define RTCF_DOREDIRECT	0x01000000
#define RTCF_REDIRECTED	0x00040000
#define RTCF_BROADCAST	0x10000000
#define RTCF_MULTICAST	0x20000000
#define RTCF_LOCAL	0x80000000U

struct rtable {
	struct dst_entry dst;		/* first: a dst_entry is cast to its rtable */
	u32 rt_genid;			/* netns_ipv4.rt_genid when it was made */
	unsigned int rt_flags;		/* RTCF_* */
	u16 rt_type;			/* RTN_* */
	bool rt_is_input;
	bool rt_uses_gateway;
	bool rt_mtu_locked;
	int rt_iif;			/* ifindex it arrived on; 0: ours */
	__be32 rt_gw4;			/* next hop; 0: the destination itself */
	u32 rt_pmtu;			/* learnt by ICMP, bytes; 0: none */
	struct list_head rt_uncached;	/* of netns_ipv4.rt_uncached */
};
static_assert(offsetof(struct rtable, dst) == 0, "rtable is a dst_entry");

static inline struct rtable *skb_rtable(const struct sk_buff *skb)
{
	return (struct rtable *)skb_dst(skb);
}

static inline bool rt_is_input_route(const struct rtable *rt)
{
	return rt->rt_is_input;
}

static inline bool rt_is_output_route(const struct rtable *rt)
{
	return !rt->rt_is_input;
}

static inline __be32 rt_nexthop(const struct rtable *rt, __be32 daddr)
{
	return rt->rt_gw4 ? rt->rt_gw4 : daddr;
}

static inline void ip_rt_put(struct rtable *rt)
{
	dst_release(&rt->dst);
}

static inline u32 rt_genid_ipv4(const struct net *net)
{
	return net->ipv4.rt_genid;
}

/* Every cached route is looked up again. */
static inline void rt_genid_bump_ipv4(struct net *net)
{
	net->ipv4.rt_genid++;
}

/* ---- output. Process or softirq; return a reference or ERR_PTR ----------- */

/* Fills in fl4->saddr and ->daddr where they are 0. */
struct rtable *ip_route_output_key(struct net *net, struct flowi4 *fl4);
struct rtable *ip_route_output_flow(struct net *net, struct flowi4 *fl4,
				    const struct sock *sk);

static inline struct rtable *ip_route_output(struct net *net, __be32 daddr, __be32 saddr,
					     u8 tos, int oif)
{
	struct flowi4 fl4 = { .flowi4_oif = oif, .flowi4_tos = tos,
			      .daddr = daddr, .saddr = saddr };

	return ip_route_output_key(net, &fl4);
}

struct rtable *ip_route_output_ports(struct net *net, struct flowi4 *fl4,
				     const struct sock *sk, __be32 daddr, __be32 saddr,
				     __be16 dport, __be16 sport, u8 proto, u8 tos, int oif);
/* connect(): chooses the source address before the port is known … */
struct rtable *ip_route_connect(struct flowi4 *fl4, __be32 dst, __be32 src, int oif,
				u8 protocol, __be16 sport, __be16 dport,
				const struct sock *sk);
/* … and looks again if the port changed. Consumes @rt. */
struct rtable *ip_route_newports(struct flowi4 *fl4, struct rtable *rt, __be16 orig_sport,
				 __be16 orig_dport, __be16 sport, __be16 dport,
				 const struct sock *sk);

/* ---- input. Softirq; on 0 the skb has a dst, else a reason is in *reason --- */

int ip_route_input_noref(struct sk_buff *skb, __be32 daddr, __be32 saddr, u8 tos,
			 struct net_device *dev, enum skb_drop_reason *reason);
/* As above, and the skb holds a reference. */
int ip_route_input(struct sk_buff *skb, __be32 daddr, __be32 saddr, u8 tos,
		   struct net_device *dev);
/* May @saddr be the source of a multicast packet here? 0 or -EINVAL. */
int ip_mc_validate_source(struct sk_buff *skb, __be32 daddr, __be32 saddr, u8 tos,
			  struct net_device *dev, struct in_device *in_dev);

/* ---- what ICMP tells ------------------------------------------------------ */

/* A FRAG_NEEDED quoted @skb (data at the quoted IP header). */
void ipv4_update_pmtu(struct sk_buff *skb, struct net *net, u32 mtu, int oif, u8 protocol);
/* The same for the route of @sk. */
void ipv4_sk_update_pmtu(struct sk_buff *skb, struct sock *sk, u32 mtu);
void ipv4_redirect(struct sk_buff *skb, struct net *net, int oif, u8 protocol);
void ipv4_sk_redirect(struct sk_buff *skb, struct sock *sk);

/* ---- addresses ------------------------------------------------------------- */

/* RTN_LOCAL, RTN_BROADCAST, RTN_MULTICAST or RTN_UNICAST. */
unsigned int inet_addr_type(struct net *net, __be32 addr);
unsigned int inet_addr_type_dev_table(struct net *net, const struct net_device *dev,
				      __be32 addr);

/* The SO_PRIORITY that a type of service stands for. */
u32 rt_tos2priority(u8 tos);

/* ---- the entry itself -------------------------------------------------------- */

struct rtable *rt_dst_alloc(struct net_device *dev, unsigned int flags, u16 type,
			    bool noxfrm);
void rt_add_uncached_list(struct rtable *rt);
void rt_del_uncached_list(struct rtable *rt);
void rt_flush_dev(struct net_device *dev);
void rt_cache_flush(struct net *net);
void fib_nh_flush_cache(struct fib_nh *nh);
/* Sender's hop limit towards @dst. */
int ip4_dst_hoplimit(const struct dst_entry *dst);

int ip_rt_net_init(struct net *net);
void ip_rt_init(void);


#endif
