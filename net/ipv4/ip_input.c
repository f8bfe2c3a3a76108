// SPDX-License-Identifier: MIT
/*
 * IPv4 in, from packet_type to the transport:
 *
 *	ip_rcv -> ip_rcv_core -> (PRE_ROUTING) -> ip_rcv_finish: early demux or
 *	route, options -> [dst.input] ip_local_deliver -> (LOCAL_IN)
 *	-> ip_local_deliver_finish -> ip_protocol_deliver_rcu -> [inet_protos]
 *
 * Linux: net/ipv4/ip_input.c
 * RFC: 791, 1122 3.2.1, 1812 5.2.2
 */
#include <linux/errno.h>
#include <linux/inetdevice.h>
#include <linux/kernel.h>
#include <linux/netfilter.h>
#include <linux/skbuff.h>
#include <linux/trace.h>
#include <net/checksum.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/protocol.h>
#include <net/route.h>


/**
 * ip_protocol_deliver_rcu - hand a datagram to its protocol
 * @net: namespace
 * @skb: datagram, data at the transport header. Consumes.
 * @protocol: IPPROTO_*
 *
 * Context: softirq.
 */
void ip_protocol_deliver_rcu(struct net *net, struct sk_buff *skb, int protocol)
{
	const struct net_protocol *ipprot = inet_protos[protocol & (MAX_INET_PROTOS - 1)];

	trace_skb(skb);
	if (!ipprot) {
		IP_INC_STATS(net, IPSTATS_MIB_INUNKNOWNPROTOS);
		icmp_send(skb, ICMP_DEST_UNREACH, ICMP_PROT_UNREACH, 0);
		kfree_skb_reason(skb, SKB_DROP_REASON_IP_NOPROTO);
		return;
	}
	IP_INC_STATS(net, IPSTATS_MIB_INDELIVERS);
	ipprot->handler(skb);
}

static int ip_local_deliver_finish(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	trace_skb(skb);
	__skb_pull(skb, skb_network_header_len(skb));
	rcu_read_lock();
	ip_protocol_deliver_rcu(net, skb, ip_hdr(skb)->protocol);
	rcu_read_unlock();
	return NET_RX_SUCCESS;
}

/**
 * ip_local_deliver - dst.input of packets for us
 * @skb: packet, data at the IP header. Consumes.
 *
 * Context: softirq.
 * Return: NET_RX_SUCCESS or NET_RX_DROP.
 */
int ip_local_deliver(struct sk_buff *skb)
{
	struct net *net = dev_net(skb->dev);

	trace_skb(skb);
	if (ip_is_fragment(ip_hdr(skb)) && ip_defrag(net, skb, IP_DEFRAG_LOCAL_DELIVER))
		return NET_RX_DROP;
	return NF_HOOK(NFPROTO_IPV4, NF_INET_LOCAL_IN, net, NULL, skb, skb->dev, NULL,
		       ip_local_deliver_finish);
}

/* Options: in bounds, and no source route that we would have to follow. */
static enum skb_drop_reason ip_rcv_options(struct sk_buff *skb, struct net_device *dev)
{
	struct in_device *in_dev = __in_dev_get_rcu(dev);
	struct ip_options *opt = &IPCB(skb)->opt;
	struct net *net = dev_net(dev);
	__be32 pp_ptr = 0;

	opt->optlen = (u8)(ip_hdrlen(skb) - sizeof(struct iphdr));
	if (ip_options_compile(net, opt, skb, &pp_ptr)) {
		IP_INC_STATS(net, IPSTATS_MIB_INHDRERRORS);
		icmp_send(skb, ICMP_PARAMETERPROB, 0, pp_ptr);
		return SKB_DROP_REASON_IP_OPTIONS;
	}
	if (!opt->srr)
		return SKB_NOT_DROPPED_YET;
	if (in_dev && IN_DEV_SOURCE_ROUTE(in_dev) && !ip_options_rcv_srr(skb, dev))
		return SKB_NOT_DROPPED_YET;
	/* RFC 7126 4.3, 4.4 */
	IP_INC_STATS(net, IPSTATS_MIB_INDISCARDS);
	if (in_dev && IN_DEV_LOG_MARTIANS(in_dev))
		pr_info_ratelimited("source route option %pI4 -> %pI4\n",
				    &ip_hdr(skb)->saddr, &ip_hdr(skb)->daddr);
	return SKB_DROP_REASON_IP_OPTIONS;
}

/* The socket that the packet belongs to knows the way already. */
static void ip_early_demux(struct net *net, struct sk_buff *skb)
{
	const struct iphdr *iph = ip_hdr(skb);
	const struct net_protocol *ipprot = inet_protos[iph->protocol];

	if (!net->ipv4.sysctl_ip_early_demux || skb_dst(skb) || skb->sk ||
	    ip_is_fragment(iph) || !ipprot || !ipprot->early_demux)
		return;
	if (iph->protocol == IPPROTO_TCP && !net->ipv4.sysctl_tcp_early_demux)
		return;
	ipprot->early_demux(skb);
}

/* Counts broadcasts and groups; unicast in a link-layer broadcast is nobody's. */
static enum skb_drop_reason ip_rcv_cast(struct net *net, struct sk_buff *skb,
					struct net_device *dev)
{
	const struct rtable *rt = skb_rtable(skb);
	struct in_device *in_dev;

	if (rt->rt_type == RTN_MULTICAST) {
		IP_UPD_PO_STATS(net, IPSTATS_MIB_INMCASTPKTS, IPSTATS_MIB_INMCASTOCTETS,
				skb->len);
		return SKB_NOT_DROPPED_YET;
	}
	if (rt->rt_type == RTN_BROADCAST) {
		IP_UPD_PO_STATS(net, IPSTATS_MIB_INBCASTPKTS, IPSTATS_MIB_INBCASTOCTETS,
				skb->len);
		return SKB_NOT_DROPPED_YET;
	}
	if (skb->pkt_type != PACKET_BROADCAST && skb->pkt_type != PACKET_MULTICAST)
		return SKB_NOT_DROPPED_YET;
	/* RFC 1122 3.3.6. Linux: the setting is off unless it is set. */
	in_dev = __in_dev_get_rcu(dev);
	if (in_dev && IN_DEV_ORCONF(in_dev, drop_unicast_in_l2_multicast))
		return SKB_DROP_REASON_UNICAST_IN_L2_MULTICAST;
	return SKB_NOT_DROPPED_YET;
}

/* Route and options; on failure the reason, and the counter has moved. */
static enum skb_drop_reason ip_rcv_finish_core(struct net *net, struct sk_buff *skb,
					       struct net_device *dev)
{
	enum skb_drop_reason reason = SKB_NOT_DROPPED_YET;
	const struct iphdr *iph;

	ip_early_demux(net, skb);
	iph = ip_hdr(skb);
	if (!skb_valid_dst(skb) &&
	    ip_route_input_noref(skb, iph->daddr, iph->saddr, iph->tos, dev, &reason)) {
		if (reason == SKB_DROP_REASON_IP_RPFILTER)
			NET_INC_STATS(net, LINUX_MIB_IPRPFILTER);
		return reason;
	}
	if (iph->ihl > 5)
		reason = ip_rcv_options(skb, dev);
	return reason ? reason : ip_rcv_cast(net, skb, dev);
}

static int ip_rcv_finish(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	enum skb_drop_reason reason;

	trace_skb(skb);
	reason = ip_rcv_finish_core(net, skb, skb->dev);
	if (reason) {
		kfree_skb_reason(skb, reason);
		return NET_RX_DROP;
	}
	return dst_input(skb);
}

/* RFC 1122 3.2.1.1, 3.2.1.2, RFC 1812 5.2.2: is this an IPv4 header, whole,
 * right, and no longer than its packet? On failure the counters have moved. */
static enum skb_drop_reason ip_hdr_check(struct net *net, struct sk_buff *skb,
					 unsigned int *len)
{
	const struct iphdr *iph;

	if (!pskb_may_pull(skb, sizeof(struct iphdr)))
		goto inhdr_error;
	iph = ip_hdr(skb);
	if (iph->version != 4 || iph->ihl < 5)
		goto inhdr_error;
	IP_ADD_STATS(net, IPSTATS_MIB_NOECTPKTS + (iph->tos & INET_ECN_MASK),
		     max_t(u32, skb_shinfo(skb)->gso_segs, 1));
	if (!pskb_may_pull(skb, iph->ihl * 4U))
		goto inhdr_error;
	iph = ip_hdr(skb);
	if (unlikely(ip_fast_csum(iph, iph->ihl))) {
		IP_INC_STATS(net, IPSTATS_MIB_CSUMERRORS);
		IP_INC_STATS(net, IPSTATS_MIB_INHDRERRORS);
		return SKB_DROP_REASON_IP_CSUM;
	}
	*len = ntohs(iph->tot_len);
	if (skb->len < *len) {
		IP_INC_STATS(net, IPSTATS_MIB_INTRUNCATEDPKTS);
		return SKB_DROP_REASON_PKT_TOO_SMALL;
	}
	if (*len >= iph->ihl * 4U)
		return SKB_NOT_DROPPED_YET;

inhdr_error:
	IP_INC_STATS(net, IPSTATS_MIB_INHDRERRORS);
	return SKB_DROP_REASON_IP_INHDR;
}

/* Everything that can be said of a packet without looking anything up. Consumes
 * and returns NULL, or returns the packet: cut to its length, headers set. */
static struct sk_buff *ip_rcv_core(struct sk_buff *skb, struct net *net)
{
	enum skb_drop_reason reason;
	unsigned int len = 0;

	trace_skb(skb);
	if (skb->pkt_type == PACKET_OTHERHOST) {
		kfree_skb_reason(skb, SKB_DROP_REASON_OTHERHOST);
		return NULL;
	}
	IP_UPD_PO_STATS(net, IPSTATS_MIB_INPKTS, IPSTATS_MIB_INOCTETS, skb->len);
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb) {
		IP_INC_STATS(net, IPSTATS_MIB_INDISCARDS);
		return NULL;
	}
	reason = ip_hdr_check(net, skb, &len);
	/* RFC 894: what is behind the datagram is the link's padding. */
	if (!reason && pskb_trim_rcsum(skb, len)) {
		IP_INC_STATS(net, IPSTATS_MIB_INDISCARDS);
		reason = SKB_DROP_REASON_NOMEM;
	}
	if (reason) {
		kfree_skb_reason(skb, reason);
		return NULL;
	}
	skb_set_transport_header(skb, (int)ip_hdrlen(skb));
	memset(IPCB(skb), 0, sizeof(struct inet_skb_parm));
	IPCB(skb)->iif = skb->skb_iif;
	skb_orphan(skb);
	return skb;
}

/**
 * ip_rcv - packet_type handler of ETH_P_IP
 * @skb: packet, data at the IP header. Consumes.
 * @dev: device
 * @pt: our packet_type
 * @orig_dev: device it arrived on first
 *
 * Context: softirq.
 * Return: NET_RX_SUCCESS or NET_RX_DROP.
 */
int ip_rcv(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt,
	   struct net_device *orig_dev)
{
	struct net *net = dev_net(dev);

	trace_skb(skb);
	skb = ip_rcv_core(skb, net);
	if (!skb)
		return NET_RX_DROP;
	return NF_HOOK(NFPROTO_IPV4, NF_INET_PRE_ROUTING, net, NULL, skb, dev, NULL,
		       ip_rcv_finish);
}
