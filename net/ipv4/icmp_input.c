// SPDX-License-Identifier: MIT
/*
 * ICMP in: echo and timestamp are answered, errors go to the transport whose
 * packet they quote, all else is counted and dropped.
 *
 * Linux: net/ipv4/icmp.c
 * RFC: 792, 1122 3.2.2, 1191, 5927, 6633, 6918
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/inetdevice.h>
#include <linux/kernel.h>
#include <linux/skbuff.h>
#include <linux/trace.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/ping.h>
#include <net/protocol.h>
#include <net/route.h>

#include "icmp_internal.h"

/* What there must be of the transport header that an error quotes (RFC 792). */
#define ICMP_QUOTED_TRANSPORT	8

static unsigned int icmp_in_mib(u8 type)
{
	switch (type) {
	case ICMP_DEST_UNREACH:
		return ICMP_MIB_INDESTUNREACHS;
	case ICMP_TIME_EXCEEDED:
		return ICMP_MIB_INTIMEEXCDS;
	case ICMP_PARAMETERPROB:
		return ICMP_MIB_INPARMPROBS;
	case ICMP_SOURCE_QUENCH:
		return ICMP_MIB_INSRCQUENCHS;
	case ICMP_REDIRECT:
		return ICMP_MIB_INREDIRECTS;
	case ICMP_ECHO:
		return ICMP_MIB_INECHOS;
	case ICMP_ECHOREPLY:
		return ICMP_MIB_INECHOREPS;
	case ICMP_TIMESTAMP:
		return ICMP_MIB_INTIMESTAMPS;
	case ICMP_TIMESTAMPREPLY:
		return ICMP_MIB_INTIMESTAMPREPS;
	case ICMP_ADDRESS:
		return ICMP_MIB_INADDRMASKS;
	case ICMP_ADDRESSREPLY:
		return ICMP_MIB_INADDRMASKREPS;
	default:
		return ICMP_MIB_MAX;
	}
}

static void icmp_in_count(struct net *net, u8 type)
{
	unsigned int mib = icmp_in_mib(type);

	net->mib.icmp_in_type[type]++;
	if (mib < ICMP_MIB_MAX)
		ICMP_INC_STATS(net, mib);
}

/* Malformed: counted as such. */
static enum skb_drop_reason icmp_error(struct net *net, enum skb_drop_reason reason)
{
	ICMP_INC_STATS(net, ICMP_MIB_INERRORS);
	return reason;
}

static enum skb_drop_reason icmp_echo(struct sk_buff *skb)
{
	struct icmp_bxm bxm = { .skb = skb, .data_len = skb->len,
				.head_len = sizeof(struct icmphdr) };

	trace_skb(skb);
	if (dev_net(skb->dev)->ipv4.sysctl_icmp_echo_ignore_all)
		return SKB_DROP_REASON_ICMP_TYPE;
	bxm.head.icmph = *icmp_hdr(skb);
	bxm.head.icmph.type = ICMP_ECHOREPLY;
	bxm.head.icmph.code = 0;
	icmp_reply(&bxm, skb);
	return SKB_NOT_DROPPED_YET;
}

static enum skb_drop_reason icmp_echo_reply(struct sk_buff *skb)
{
	/* The socket sees the ICMP header. */
	skb_push(skb, sizeof(struct icmphdr));
	if (!ping_rcv(skb))
		return SKB_DROP_REASON_NO_SOCKET;
	return SKB_NOT_DROPPED_YET;
}

/* RFC 792: originate time from the query; receive and transmit time ours,
 * which is not counted from midnight UT: the high bit says so. */
static enum skb_drop_reason icmp_timestamp(struct sk_buff *skb)
{
	struct icmp_bxm bxm = { .skb = skb, .data_len = 0,
				.head_len = sizeof(struct icmphdr) + 12 };
	u32 ms = (u32)(ktime_get_ns() / NSEC_PER_MSEC % (24 * 3600 * 1000ULL));

	if (skb_copy_bits(skb, 0, &bxm.head.times[0], 4))
		return icmp_error(dev_net(skb->dev), SKB_DROP_REASON_PKT_TOO_SMALL);
	bxm.head.times[1] = bxm.head.times[2] = htonl(ms | 0x80000000U);
	bxm.head.icmph = *icmp_hdr(skb);
	bxm.head.icmph.type = ICMP_TIMESTAMPREPLY;
	bxm.head.icmph.code = 0;
	icmp_reply(&bxm, skb);
	return SKB_NOT_DROPPED_YET;
}

/* Hands an error to the transport of the quoted packet. */
static enum skb_drop_reason icmp_socket_deliver(struct sk_buff *skb, u32 info)
{
	const struct iphdr *iph = (const void *)skb->data;
	const struct net_protocol *ipprot;

	if (!pskb_may_pull(skb, iph->ihl * 4U + ICMP_QUOTED_TRANSPORT))
		return icmp_error(dev_net(skb->dev), SKB_DROP_REASON_PKT_TOO_SMALL);
	iph = (const void *)skb->data;
	ipprot = inet_protos[iph->protocol];
	if (!ipprot || !ipprot->err_handler)
		return SKB_DROP_REASON_IP_NOPROTO;
	/* The handler has counted it. */
	return ipprot->err_handler(skb, info) == -ENOENT ? SKB_DROP_REASON_NO_SOCKET
							 : SKB_NOT_DROPPED_YET;
}

/* Is the next-hop MTU of a FRAG_NEEDED to be believed? (net.ipv4.
 * ip_no_pmtu_disc: 0 yes; 2 no; 3 if the protocol checks the flow.) */
static bool icmp_believe_mtu(struct net *net, u8 protocol)
{
	const struct net_protocol *ipprot = inet_protos[protocol];

	switch (net->ipv4.sysctl_ip_no_pmtu_disc) {
	case 2:
		return false;
	case 3:
		return ipprot && ipprot->icmp_strict_tag_validation;
	default:
		return true;
	}
}

/* What a type and code tell the transport in @info; false: nothing. */
static bool icmp_unreach_info(struct net *net, const struct icmphdr *icmph,
			      const struct iphdr *iph, u32 *info)
{
	*info = 0;
	switch (icmph->type) {
	case ICMP_DEST_UNREACH:
		if (icmph->code > NR_ICMP_UNREACH)
			return false;
		if (icmph->code != ICMP_FRAG_NEEDED)
			return true;
		if (!icmp_believe_mtu(net, iph->protocol))
			return false;
		/* RFC 1191 5: a router of old says 0; the route makes that the least
		 * path MTU there may be. */
		*info = ntohs(icmph->un.frag.mtu);
		return true;
	case ICMP_PARAMETERPROB:
		*info = ntohl(icmph->un.gateway) >> 24;
		return true;
	case ICMP_TIME_EXCEEDED:
		/* We did not ask for reassembly to be reported. */
		return icmph->code != ICMP_EXC_FRAGTIME;
	default:
		return false;
	}
}

/* Destination unreachable, time exceeded, parameter problem. */
static enum skb_drop_reason icmp_unreach(struct sk_buff *skb)
{
	struct net *net = dev_net(skb->dev);
	const struct iphdr *iph;
	u32 info;

	trace_skb(skb);
	if (!pskb_may_pull(skb, sizeof(struct iphdr)))
		return icmp_error(net, SKB_DROP_REASON_PKT_TOO_SMALL);
	iph = (const void *)skb->data;
	if (iph->ihl < 5 || iph->version != 4)
		return icmp_error(net, SKB_DROP_REASON_IP_INHDR);
	if (!icmp_unreach_info(net, icmp_hdr(skb), iph, &info))
		return SKB_DROP_REASON_ICMP_TYPE;
	/* RFC 1122 3.2.2: nobody answers a broadcast with an error. */
	if (inet_addr_type_dev_table(net, skb->dev, iph->daddr) == RTN_BROADCAST)
		return SKB_DROP_REASON_ICMP_BCAST;
	return icmp_socket_deliver(skb, info);
}

static enum skb_drop_reason icmp_redirect(struct sk_buff *skb)
{
	struct net *net = dev_net(skb->dev);
	const struct iphdr *iph;

	if (!pskb_may_pull(skb, sizeof(struct iphdr)))
		return icmp_error(net, SKB_DROP_REASON_PKT_TOO_SMALL);
	iph = (const void *)skb->data;
	if (iph->ihl < 5 || iph->version != 4)
		return icmp_error(net, SKB_DROP_REASON_IP_INHDR);
	return icmp_socket_deliver(skb, ntohl(icmp_hdr(skb)->un.gateway));
}

static enum skb_drop_reason icmp_dispatch(struct sk_buff *skb)
{
	switch (icmp_hdr(skb)->type) {
	case ICMP_ECHO:
		return icmp_echo(skb);
	case ICMP_ECHOREPLY:
		return icmp_echo_reply(skb);
	case ICMP_TIMESTAMP:
		return icmp_timestamp(skb);
	case ICMP_DEST_UNREACH:
	case ICMP_TIME_EXCEEDED:
	case ICMP_PARAMETERPROB:
		return icmp_unreach(skb);
	case ICMP_REDIRECT:
		return icmp_redirect(skb);
	default:
		/* Source quench (RFC 6633), information, address mask (RFC
		 * 6918): of old. Timestamp replies: we asked for none. */
		return SKB_DROP_REASON_ICMP_TYPE;
	}
}

/* RFC 1122 3.2.2.6, 3.2.2.8: what comes by broadcast is answered, if at all,
 * only when it is a query. */
static bool icmp_bcast_allowed(struct net *net, u8 type)
{
	return (type == ICMP_ECHO || type == ICMP_TIMESTAMP) &&
	       !net->ipv4.sysctl_icmp_echo_ignore_broadcasts;
}

static enum skb_drop_reason icmp_check(struct net *net, struct sk_buff *skb)
{
	u8 type;

	if (skb_checksum_simple_validate(skb)) {
		ICMP_INC_STATS(net, ICMP_MIB_CSUMERRORS);
		return icmp_error(net, SKB_DROP_REASON_ICMP_CSUM);
	}
	if (!pskb_pull(skb, sizeof(struct icmphdr)))
		return icmp_error(net, SKB_DROP_REASON_PKT_TOO_SMALL);
	type = icmp_hdr(skb)->type;
	icmp_in_count(net, type);
	/* RFC 1122 3.2.2: unknown types are dropped silently. */
	if (type > NR_ICMP_TYPES)
		return icmp_error(net, SKB_DROP_REASON_ICMP_TYPE);
	if ((skb_rtable(skb)->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST)) &&
	    !icmp_bcast_allowed(net, type))
		return icmp_error(net, SKB_DROP_REASON_ICMP_BCAST);
	return SKB_NOT_DROPPED_YET;
}

/**
 * icmp_rcv - net_protocol handler of IPPROTO_ICMP
 * @skb: message, data at the ICMP header. Consumes.
 *
 * Context: softirq.
 * Return: 0.
 */
int icmp_rcv(struct sk_buff *skb)
{
	struct net *net = dev_net(skb->dev);
	enum skb_drop_reason reason;

	trace_skb(skb);
	ICMP_INC_STATS(net, ICMP_MIB_INMSGS);
	reason = icmp_check(net, skb);
	if (!reason)
		reason = icmp_dispatch(skb);
	if (reason)
		kfree_skb_reason(skb, reason);
	else
		consume_skb(skb);
	return 0;
}

/**
 * icmp_err - net_protocol err_handler: an error about an ICMP message of ours
 * @skb: the error, data at the quoted IP header. Borrows.
 * @info: next-hop MTU of a FRAG_NEEDED
 *
 * Context: softirq.
 * Return: 0.
 */
int icmp_err(struct sk_buff *skb, u32 info)
{
	const struct iphdr *iph = (const void *)skb->data;
	int offset = iph->ihl << 2;
	const struct icmphdr *quoted = (const void *)(skb->data + offset);
	struct net *net = dev_net(skb->dev);
	const struct icmphdr *icmph = icmp_hdr(skb);

	if (quoted->type == ICMP_ECHO)
		ping_err(skb, offset, info);
	else if (icmph->type == ICMP_DEST_UNREACH && icmph->code == ICMP_FRAG_NEEDED)
		ipv4_update_pmtu(skb, net, info, 0, IPPROTO_ICMP);
	else if (icmph->type == ICMP_REDIRECT)
		ipv4_redirect(skb, net, 0, IPPROTO_ICMP);
	return 0;
}

static const struct net_protocol icmp_protocol = {
	.handler = icmp_rcv,
	.err_handler = icmp_err,
	.no_policy = true,
};

/**
 * icmp_init - register ICMP with IP
 *
 * Context: initcall (ip_init()).
 */
void __init icmp_init(void)
{
	if (inet_add_protocol(&icmp_protocol, IPPROTO_ICMP))
		pr_err("cannot add ICMP protocol\n");
}
