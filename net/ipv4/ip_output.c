// SPDX-License-Identifier: MIT
/*
 * IPv4 out, from the transport to the neighbour:
 *
 *	ip_queue_xmit -> ip_local_out -> __ip_local_out -> (LOCAL_OUT)
 *	-> [dst.output] ip_output -> (POST_ROUTING) -> ip_finish_output
 *	-> ip_finish_output2 -> neigh_output
 *
 * Datagrams built piece by piece are ip_append.c.
 *
 * Linux: net/ipv4/ip_output.c; GSO stands below, in validate_xmit_skb(), and
 * datagrams are not cut into fragments yet (docs/omissions.md).
 * RFC: 791, 1122 3.2.1, 1191, 6864
 */
#include <linux/errno.h>
#include <linux/inetdevice.h>
#include <linux/kernel.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <linux/trace.h>
#include <net/arp.h>
#include <net/checksum.h>
#include <net/icmp.h>
#include <net/inet_sock.h>
#include <net/ip.h>
#include <net/route.h>

/**
 * ip_send_check - fill in a header's checksum
 * @iph: header, all else set
 *
 * Context: any.
 */
void ip_send_check(struct iphdr *iph)
{
	iph->check = 0;
	iph->check = ip_fast_csum(iph, iph->ihl);
}

/**
 * __ip_local_out - complete the header and ask the LOCAL_OUT hook
 * @net: namespace
 * @sk: socket, or NULL
 * @skb: packet with a dst, data at the IP header. Consumes, unless it
 *	returns 1.
 *
 * Context: any but hardirq.
 * Return: 1: go on with dst_output(); else what became of it.
 */
int __ip_local_out(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	struct iphdr *iph = ip_hdr(skb);

	trace_skb(skb);
	IP_INC_STATS(net, IPSTATS_MIB_OUTREQUESTS);
	iph->tot_len = htons((u16)skb->len);
	ip_send_check(iph);
	skb->protocol = htons(ETH_P_IP);
	return nf_hook(NFPROTO_IPV4, NF_INET_LOCAL_OUT, net, sk, skb, NULL,
		       skb_dst(skb)->dev, dst_output);
}

/**
 * ip_local_out - send a packet of ours
 * @net: namespace
 * @sk: socket, or NULL
 * @skb: packet with a dst, data at the IP header. Consumes.
 *
 * Context: any but hardirq.
 * Return: 0, NET_XMIT_*, or -errno.
 */
int ip_local_out(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	int err;

	trace_skb(skb);
	err = __ip_local_out(net, sk, skb);
	if (likely(err == 1))
		err = dst_output(net, sk, skb);
	return err;
}

/**
 * ip_select_ttl - the TTL of a socket's packets
 * @inet: socket
 * @dst: their route
 *
 * Context: any.
 * Return: IP_TTL if it was set, else the route's.
 */
int ip_select_ttl(const struct inet_sock *inet, const struct dst_entry *dst)
{
	return inet->uc_ttl < 0 ? ip4_dst_hoplimit(dst) : inet->uc_ttl;
}

/**
 * ip_sk_accept_pmtu - does the socket want to hear of path MTUs?
 * @sk: socket
 *
 * Context: any.
 * Return: whether it does.
 */
bool ip_sk_accept_pmtu(const struct sock *sk)
{
	return inet_sk(sk)->pmtudisc != IP_PMTUDISC_INTERFACE &&
	       inet_sk(sk)->pmtudisc != IP_PMTUDISC_OMIT;
}

/**
 * ip_sk_use_pmtu - do path MTUs bound the socket's packets?
 * @sk: socket
 *
 * Context: any.
 * Return: whether they do; if not, the device's MTU does.
 */
bool ip_sk_use_pmtu(const struct sock *sk)
{
	return inet_sk(sk)->pmtudisc < IP_PMTUDISC_PROBE;
}

/**
 * ip_dont_fragment - do the socket's packets carry DF?
 * @sk: socket
 * @dst: their route
 *
 * Context: any.
 * Return: whether they do.
 */
bool ip_dont_fragment(const struct sock *sk, const struct dst_entry *dst)
{
	u8 pmtudisc = inet_sk(sk)->pmtudisc;

	/* A path narrower than net.ipv4.route.min_pmtu: routers have to cut. */
	return pmtudisc == IP_PMTUDISC_DO ||
	       (pmtudisc == IP_PMTUDISC_WANT && !((const struct rtable *)dst)->rt_mtu_locked);
}

/**
 * ip_skb_dst_mtu - the largest packet that may leave by a packet's route
 * @sk: socket, or NULL
 * @skb: packet with a dst. Borrows.
 *
 * Context: any but hardirq.
 * Return: bytes.
 */
u32 ip_skb_dst_mtu(struct sock *sk, const struct sk_buff *skb)
{
	if (!sk || !sk_fullsock(sk) || ip_sk_use_pmtu(sk))
		return dst_mtu(skb_dst(skb));
	return min(skb_dst(skb)->dev->mtu, IP_MAX_MTU);
}

/**
 * ip_select_ident_segs - fill in a header's identification
 * @net: namespace
 * @skb: packet, network header set. Borrows.
 * @sk: socket, or NULL
 * @segs: how many packets it will become
 *
 * RFC 6864 4.1: what is never fragmented needs none.
 *
 * Context: any but hardirq; the socket locked.
 */
void ip_select_ident_segs(struct net *net, struct sk_buff *skb, struct sock *sk, int segs)
{
	struct iphdr *iph = ip_hdr(skb);

	if (sk && inet_sk(sk)->inet_daddr) {
		iph->id = htons(inet_sk(sk)->inet_id);
		inet_sk(sk)->inet_id += (u16)segs;
	} else if (iph->frag_off & htons(IP_DF)) {
		iph->id = 0;
	} else {
		__ip_select_ident(net, iph, segs);
	}
}

/* Version, length without options, type of service. */
static struct iphdr *ip_push_header(struct sk_buff *skb, u8 tos)
{
	struct iphdr *iph = skb_push(skb, sizeof(struct iphdr));

	skb_reset_network_header(skb);
	iph->version = 4;
	iph->ihl = 5;
	iph->tos = tos;
	return iph;
}

/* The route of a connected socket, looked up again when it is stale; the
 * socket keeps it. Borrowed, or NULL. */
static struct rtable *ip_xmit_route(struct sock *sk, struct flowi4 *fl4, u8 tos)
{
	struct rtable *rt = (struct rtable *)__sk_dst_check(sk, 0);
	const struct inet_sock *inet = inet_sk(sk);

	if (likely(rt))
		return rt;
	tos &= IPTOS_TOS_MASK;
	if (sock_flag(sk, SOCK_LOCALROUTE))
		tos |= RTO_ONLINK;
	rt = ip_route_output_ports(sock_net(sk), fl4, sk, inet->inet_daddr, inet->inet_saddr,
				   inet->inet_dport, inet->inet_sport, (u8)sk->sk_protocol,
				   tos, sk->sk_bound_dev_if);
	if (IS_ERR(rt))
		return NULL;
	sk_setup_caps(sk, &rt->dst);
	return rt;
}

/**
 * __ip_queue_xmit - send a segment of a connected socket
 * @sk: socket, locked
 * @skb: segment, data at the transport header. Consumes.
 * @fl: its flow, to look up the route with
 * @tos: type of service
 *
 * Context: any but hardirq.
 * Return: 0, NET_XMIT_*, or -EHOSTUNREACH: no route.
 */
int __ip_queue_xmit(struct sock *sk, struct sk_buff *skb, struct flowi *fl, u8 tos)
{
	struct rtable *rt = skb_rtable(skb);
	struct net *net = sock_net(sk);
	struct iphdr *iph;

	if (!rt) {
		rt = ip_xmit_route(sk, &fl->u.ip4, tos);
		if (!rt) {
			IP_INC_STATS(net, IPSTATS_MIB_OUTNOROUTES);
			kfree_skb_reason(skb, SKB_DROP_REASON_IP_OUTNOROUTES);
			return -EHOSTUNREACH;
		}
		skb_dst_set_noref(skb, &rt->dst);
	}
	iph = ip_push_header(skb, tos);
	iph->frag_off = ip_dont_fragment(sk, &rt->dst) ? htons(IP_DF) : 0;
	iph->ttl = (u8)ip_select_ttl(inet_sk(sk), &rt->dst);
	iph->protocol = (u8)sk->sk_protocol;
	/* Linux: the flow's, which a source route may have changed. */
	iph->saddr = inet_sk(sk)->inet_saddr;
	iph->daddr = inet_sk(sk)->inet_daddr;
	ip_select_ident_segs(net, skb, sk, max_t(int, skb_shinfo(skb)->gso_segs, 1));
	skb->priority = sk->sk_priority;
	skb->mark = sk->sk_mark;
	memset(IPCB(skb), 0, sizeof(struct inet_skb_parm));
	return ip_local_out(net, sk, skb);
}

/**
 * ip_queue_xmit - icsk_af_ops.queue_xmit of IPv4
 * @sk: socket, locked
 * @skb: segment, data at the transport header. Consumes.
 * @fl: its flow
 *
 * Context: any but hardirq.
 * Return: as __ip_queue_xmit().
 */
int ip_queue_xmit(struct sock *sk, struct sk_buff *skb, struct flowi *fl)
{
	trace_skb(skb);
	return __ip_queue_xmit(sk, skb, fl, inet_sk(sk)->tos);
}

/**
 * ip_build_and_send_pkt - send a packet that has its route (SYN-ACK)
 * @skb: packet, data at the transport header. Consumes.
 * @sk: socket whose settings it has
 * @saddr: source
 * @daddr: destination
 * @tos: type of service
 *
 * Context: any but hardirq.
 * Return: 0, NET_XMIT_*, or -errno.
 */
int ip_build_and_send_pkt(struct sk_buff *skb, const struct sock *sk, __be32 saddr,
			  __be32 daddr, u8 tos)
{
	struct dst_entry *dst = skb_dst(skb);
	struct net *net = sock_net(sk);
	struct iphdr *iph;

	trace_skb(skb);
	iph = ip_push_header(skb, tos);
	iph->ttl = (u8)ip_select_ttl(inet_sk(sk), dst);
	iph->saddr = saddr;
	iph->daddr = daddr;
	iph->protocol = (u8)sk->sk_protocol;
	iph->frag_off = 0;
	/* What passes everywhere is fragmented nowhere. */
	if (skb->len <= IPV4_MIN_MTU || ip_dont_fragment(sk, dst)) {
		iph->frag_off = htons(IP_DF);
		iph->id = 0;
	} else {
		__ip_select_ident(net, iph, 1);
	}
	skb->priority = sk->sk_priority;
	if (!skb->mark)
		skb->mark = sk->sk_mark;
	memset(IPCB(skb), 0, sizeof(struct inet_skb_parm));
	return ip_local_out(net, skb->sk, skb);
}

/* The reply with its transport header and checksum; NULL on no memory. */
static struct sk_buff *ip_reply_alloc(struct net *net, const struct rtable *rt,
				      const struct ip_reply_arg *arg)
{
	unsigned int hlen = LL_RESERVED_SPACE(rt->dst.dev) + sizeof(struct iphdr);
	struct sk_buff *skb = alloc_skb(net, hlen + arg->len, GFP_ATOMIC);

	if (!skb)
		return NULL;
	skb_reserve(skb, (int)hlen);
	skb_reset_transport_header(skb);
	skb_put_data(skb, arg->iov_base, arg->len);
	if (arg->csumoffset >= 0) {
		__sum16 *check = (__sum16 *)(void *)skb->data + arg->csumoffset;

		*check = csum_fold(csum_partial(skb->data, (int)arg->len, arg->csum));
	}
	return skb;
}

/**
 * ip_send_unicast_reply - answer a packet without a socket (RST, ACK)
 * @net: namespace
 * @sk: socket whose mark and priority the reply has, or NULL
 * @skb: the packet that is answered. Borrows.
 * @daddr: destination
 * @saddr: source
 * @arg: the reply's transport header and data
 * @protocol: IPPROTO_*
 *
 * Context: softirq.
 */
void ip_send_unicast_reply(struct net *net, struct sock *sk, struct sk_buff *skb,
			   __be32 daddr, __be32 saddr, const struct ip_reply_arg *arg,
			   u8 protocol)
{
	struct flowi4 fl4;
	struct sk_buff *nskb;
	struct rtable *rt;
	struct iphdr *iph;

	trace_skb(skb);
	flowi4_init_output(&fl4, arg->bound_dev_if, arg->mark, arg->tos & IPTOS_TOS_MASK,
			   RT_SCOPE_UNIVERSE, protocol,
			   arg->flags & IP_REPLY_ARG_NOSRCCHECK ? FLOWI_FLAG_ANYSRC : 0,
			   daddr, saddr, 0, 0);
	rt = ip_route_output_key(net, &fl4);
	if (IS_ERR(rt)) {
		IP_INC_STATS(net, IPSTATS_MIB_OUTNOROUTES);
		return;
	}
	nskb = ip_reply_alloc(net, rt, arg);
	if (!nskb) {
		IP_INC_STATS(net, IPSTATS_MIB_OUTDISCARDS);
		ip_rt_put(rt);
		return;
	}
	skb_dst_set(nskb, &rt->dst);
	iph = ip_push_header(nskb, arg->tos);
	iph->frag_off = htons(IP_DF);
	iph->id = 0;
	iph->ttl = (u8)ip4_dst_hoplimit(&rt->dst);
	iph->protocol = protocol;
	iph->saddr = fl4.saddr;
	iph->daddr = daddr;
	nskb->mark = arg->mark;
	nskb->priority = sk && sk_fullsock(sk) ? sk->sk_priority : 0;
	memset(IPCB(nskb), 0, sizeof(struct inet_skb_parm));
	ip_local_out(net, NULL, nskb);
}

/* The transport saw the peer: so the neighbour is there. */
static void sock_confirm_neigh(struct sk_buff *skb, struct neighbour *n)
{
	if (!skb_get_dst_pending_confirm(skb))
		return;
	if (skb->sk && sk_fullsock(skb->sk))
		skb->sk->sk_dst_pending_confirm = 0;
	neigh_confirm(n);
}

static void ip_count_cast(struct net *net, const struct rtable *rt, const struct sk_buff *skb)
{
	if (rt->rt_type == RTN_MULTICAST)
		IP_UPD_PO_STATS(net, IPSTATS_MIB_OUTMCASTPKTS, IPSTATS_MIB_OUTMCASTOCTETS,
				skb->len);
	else if (rt->rt_type == RTN_BROADCAST)
		IP_UPD_PO_STATS(net, IPSTATS_MIB_OUTBCASTPKTS, IPSTATS_MIB_OUTBCASTOCTETS,
				skb->len);
}

static int ip_finish_output2(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	const struct rtable *rt = skb_rtable(skb);
	struct net_device *dev = rt->dst.dev;
	struct neighbour *neigh;
	int res;

	trace_skb(skb);
	ip_count_cast(net, rt, skb);
	IP_UPD_PO_STATS(net, IPSTATS_MIB_OUTPKTS, IPSTATS_MIB_OUTOCTETS, skb->len);
	if (unlikely(skb_headroom(skb) < LL_RESERVED_SPACE(dev) && dev->header_ops)) {
		skb = skb_expand_head(skb, LL_RESERVED_SPACE(dev));
		if (!skb) {
			IP_INC_STATS(net, IPSTATS_MIB_OUTDISCARDS);
			return -ENOMEM;
		}
	}
	local_bh_disable();
	neigh = ip_neigh_gw4(dev, rt_nexthop(rt, ip_hdr(skb)->daddr));
	if (IS_ERR(neigh)) {
		kfree_skb_reason(skb, SKB_DROP_REASON_NEIGH_CREATEFAIL);
		res = (int)PTR_ERR(neigh);
	} else {
		sock_confirm_neigh(skb, neigh);
		res = neigh_output(neigh, skb, false);
	}
	local_bh_enable();
	return res;
}

/* Longer than the way is wide. RFC 1191: who said DF is told how wide it is. */
static int ip_fragment(struct net *net, struct sock *sk, struct sk_buff *skb,
		       unsigned int mtu)
{
	IP_INC_STATS(net, IPSTATS_MIB_FRAGFAILS);
	if (ip_hdr(skb)->frag_off & htons(IP_DF))
		icmp_send(skb, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, htonl(mtu));
	kfree_skb_reason(skb, SKB_DROP_REASON_PKT_TOO_BIG);
	return -EMSGSIZE;
}

static int ip_finish_output(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	unsigned int mtu;

	trace_skb(skb);
	mtu = ip_skb_dst_mtu(sk, skb);
	if (unlikely(skb->len > mtu && !skb_is_gso(skb)))
		return ip_fragment(net, sk, skb, mtu);
	return ip_finish_output2(net, sk, skb);
}

/**
 * ip_output - dst.output of unicast packets
 * @net: namespace
 * @sk: socket, or NULL
 * @skb: packet, data at the IP header. Consumes.
 *
 * Context: any but hardirq.
 * Return: 0, NET_XMIT_*, or -errno.
 */
int ip_output(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	struct net_device *dev = skb_dst(skb)->dev, *indev = skb->dev;

	trace_skb(skb);
	skb->dev = dev;
	skb->protocol = htons(ETH_P_IP);
	return NF_HOOK(NFPROTO_IPV4, NF_INET_POST_ROUTING, net, sk, skb, indev, dev,
		       ip_finish_output);
}

/* A copy of a broadcast for ourselves, as if it had come from the link. */
static int ip_mc_finish_output(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	skb_reset_mac_header(skb);
	__skb_pull(skb, (unsigned int)skb_network_offset(skb));
	skb->pkt_type = PACKET_LOOPBACK;
	if (skb->ip_summed == CHECKSUM_NONE)
		skb->ip_summed = CHECKSUM_UNNECESSARY;
	if (!skb_dst_force(skb)) {
		kfree_skb_reason(skb, SKB_DROP_REASON_IP_OUTNOROUTES);
		return NET_RX_DROP;
	}
	return netif_rx(skb);
}

/**
 * ip_mc_output - dst.output of broadcasts, and of groups that we belong to
 * @net: namespace
 * @sk: socket, or NULL
 * @skb: packet, data at the IP header. Consumes.
 *
 * Context: any but hardirq.
 * Return: 0, NET_XMIT_*, or -errno.
 */
int ip_mc_output(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	const struct rtable *rt = skb_rtable(skb);
	struct net_device *dev = rt->dst.dev, *indev = skb->dev;
	struct sk_buff *copy = NULL;

	trace_skb(skb);
	skb->dev = dev;
	skb->protocol = htons(ETH_P_IP);
	if ((rt->rt_flags & RTCF_BROADCAST) || !sk || !sk_fullsock(sk) || inet_sk(sk)->mc_loop)
		copy = skb_clone(skb, GFP_ATOMIC);
	if (copy)
		NF_HOOK(NFPROTO_IPV4, NF_INET_POST_ROUTING, net, sk, copy, NULL, dev,
			ip_mc_finish_output);
	/* RFC 1112 6.1: TTL 0 stays in the host. */
	if ((rt->rt_flags & RTCF_MULTICAST) && !ip_hdr(skb)->ttl) {
		consume_skb(skb);
		return 0;
	}
	return NF_HOOK(NFPROTO_IPV4, NF_INET_POST_ROUTING, net, sk, skb, indev, dev,
		       ip_finish_output);
}
