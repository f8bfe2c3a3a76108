// SPDX-License-Identifier: MIT
/*
 * ICMP out: errors about packets received or not sendable, and replies; when
 * none may be sent; and how many.
 *
 * Linux: net/ipv4/icmp.c (which sends through a socket a CPU)
 * RFC: 792, 1122 3.2.2, 1812 4.3, 1191
 */
#include <linux/errno.h>
#include <linux/inetdevice.h>
#include <linux/kernel.h>
#include <linux/skbuff.h>
#include <linux/trace.h>
#include <net/checksum.h>
#include <net/icmp.h>
#include <net/inetpeer.h>
#include <net/ip.h>
#include <net/ip_fib.h>
#include <net/route.h>

#include "icmp_internal.h"

/* RFC 1812 4.3.2.3: a datagram with an error is at most so long. */
#define ICMP_ERROR_MAX		576U
#define IPTOS_PREC_INTERNETCONTROL	0xc0

/* RFC 1122 4.2.3.9, Linux's way: protocol, port and "prohibited" say that the
 * peer will not; what routers say may pass. */
const struct icmp_err icmp_err_convert[NR_ICMP_UNREACH + 1] = {
	[ICMP_NET_UNREACH]	= { ENETUNREACH, false },
	[ICMP_HOST_UNREACH]	= { EHOSTUNREACH, false },
	[ICMP_PROT_UNREACH]	= { ENOPROTOOPT, true },
	[ICMP_PORT_UNREACH]	= { ECONNREFUSED, true },
	[ICMP_FRAG_NEEDED]	= { EMSGSIZE, false },
	[ICMP_SR_FAILED]	= { EOPNOTSUPP, false },
	[ICMP_NET_UNKNOWN]	= { ENETUNREACH, true },
	[ICMP_HOST_UNKNOWN]	= { EHOSTDOWN, true },
	[ICMP_HOST_ISOLATED]	= { ENONET, true },
	[ICMP_NET_ANO]		= { ENETUNREACH, true },
	[ICMP_HOST_ANO]		= { EHOSTUNREACH, true },
	[ICMP_NET_UNR_TOS]	= { ENETUNREACH, false },
	[ICMP_HOST_UNR_TOS]	= { EHOSTUNREACH, false },
	[ICMP_PKT_FILTERED]	= { EHOSTUNREACH, true },
	[ICMP_PREC_VIOLATION]	= { EHOSTUNREACH, true },
	[ICMP_PREC_CUTOFF]	= { EHOSTUNREACH, true },
};

/**
 * icmp_type_is_error - is no error sent about a message of this type?
 * @type: ICMP_*
 *
 * Context: any.
 * Return: whether; true for types that nobody knows.
 */
bool icmp_type_is_error(u8 type)
{
	switch (type) {
	case ICMP_ECHOREPLY:
	case ICMP_ECHO:
	case ICMP_TIMESTAMP:
	case ICMP_TIMESTAMPREPLY:
	case ICMP_INFO_REQUEST:
	case ICMP_INFO_REPLY:
	case ICMP_ADDRESS:
	case ICMP_ADDRESSREPLY:
		return false;
	default:
		return true;
	}
}

/* /proc/net/snmp's own counters by type; ICMP_MIB_MAX: none. */
static unsigned int icmp_out_mib(u8 type)
{
	switch (type) {
	case ICMP_DEST_UNREACH:
		return ICMP_MIB_OUTDESTUNREACHS;
	case ICMP_TIME_EXCEEDED:
		return ICMP_MIB_OUTTIMEEXCDS;
	case ICMP_PARAMETERPROB:
		return ICMP_MIB_OUTPARMPROBS;
	case ICMP_SOURCE_QUENCH:
		return ICMP_MIB_OUTSRCQUENCHS;
	case ICMP_REDIRECT:
		return ICMP_MIB_OUTREDIRECTS;
	case ICMP_ECHO:
		return ICMP_MIB_OUTECHOS;
	case ICMP_ECHOREPLY:
		return ICMP_MIB_OUTECHOREPS;
	case ICMP_TIMESTAMP:
		return ICMP_MIB_OUTTIMESTAMPS;
	case ICMP_TIMESTAMPREPLY:
		return ICMP_MIB_OUTTIMESTAMPREPS;
	default:
		return ICMP_MIB_MAX;
	}
}

/**
 * icmp_out_count - count a message sent
 * @net: namespace
 * @type: ICMP_*
 *
 * Context: any but hardirq.
 */
void icmp_out_count(struct net *net, unsigned char type)
{
	unsigned int mib = icmp_out_mib(type);

	net->mib.icmp_out_type[type]++;
	ICMP_INC_STATS(net, ICMP_MIB_OUTMSGS);
	if (mib < ICMP_MIB_MAX)
		ICMP_INC_STATS(net, mib);
}

/* ---- how many --------------------------------------------------------------- */

/**
 * icmp_global_allow - take a token from the namespace's bucket
 * @net: namespace
 *
 * Context: softirq, or process with softirqs off.
 * Return: whether there was one.
 */
bool icmp_global_allow(struct net *net)
{
	u64 now = ktime_get_ns(), rate = (u64)net->ipv4.sysctl_icmp_msgs_per_sec;
	u64 delta = min(now - net->ipv4.icmp_stamp_ns, (u64)NSEC_PER_SEC);
	u64 incr = rate * delta / NSEC_PER_SEC;
	u64 burst = (u64)net->ipv4.sysctl_icmp_msgs_burst;

	if (incr) {
		net->ipv4.icmp_credit = (u32)min(net->ipv4.icmp_credit + incr, burst);
		net->ipv4.icmp_stamp_ns = now;
	}
	if (!net->ipv4.icmp_credit)
		return false;
	net->ipv4.icmp_credit--;
	return true;
}

/* Types that net.ipv4.icmp_ratemask does not limit, and path MTU discovery. */
static bool icmpv4_mask_allow(struct net *net, u8 type, u8 code)
{
	if (type > NR_ICMP_TYPES || (type == ICMP_DEST_UNREACH && code == ICMP_FRAG_NEEDED))
		return true;
	return !(1 << type & net->ipv4.sysctl_icmp_ratemask);
}

static bool icmpv4_global_allow(struct net *net, u8 type, u8 code)
{
	if (icmpv4_mask_allow(net, type, code) || icmp_global_allow(net))
		return true;
	ICMP_INC_STATS(net, ICMP_MIB_RATELIMITGLOBAL);
	return false;
}

/* Each peer's share; none is needed on the loopback device. */
static bool icmpv4_xrlim_allow(struct net *net, const struct rtable *rt, __be32 daddr,
			       u8 type, u8 code)
{
	u64 limit_ns = (u64)net->ipv4.sysctl_icmp_ratelimit_ms * NSEC_PER_MSEC;

	if (icmpv4_mask_allow(net, type, code) || (rt->dst.dev->flags & IFF_LOOPBACK) ||
	    !limit_ns)
		return true;
	if (inet_peer_xrlim_allow(inet_getpeer_v4(net, daddr), limit_ns))
		return true;
	ICMP_INC_STATS(net, ICMP_MIB_RATELIMITHOST);
	return false;
}

/* ---- sending ------------------------------------------------------------------ */

/* The message without IP header: head, and what is quoted; its checksum. */
static struct sk_buff *icmp_build(struct net *net, const struct icmp_bxm *bxm,
				  unsigned int hlen)
{
	struct sk_buff *skb = alloc_skb(net, hlen + bxm->head_len + bxm->data_len,
					GFP_ATOMIC);
	struct icmphdr *icmph;
	__wsum csum;

	if (!skb)
		return NULL;
	skb_reserve(skb, (int)hlen);
	skb_reset_transport_header(skb);
	icmph = skb_put_data(skb, &bxm->head, bxm->head_len);
	icmph->checksum = 0;
	csum = skb_copy_and_csum_bits(bxm->skb, (int)bxm->offset,
				      skb_put(skb, bxm->data_len), (int)bxm->data_len);
	csum = csum_partial(icmph, (int)bxm->head_len, csum);
	icmph->checksum = csum_fold(csum);
	return skb;
}

/* Sends the message by @rt, whose reference is consumed. */
static void icmp_push_reply(struct net *net, const struct icmp_bxm *bxm,
			    const struct flowi4 *fl4, struct rtable *rt, u8 tos)
{
	unsigned int hlen = LL_RESERVED_SPACE(rt->dst.dev) + sizeof(struct iphdr);
	struct sk_buff *skb = icmp_build(net, bxm, hlen);
	struct iphdr *iph;

	if (!skb) {
		ICMP_INC_STATS(net, ICMP_MIB_OUTERRORS);
		ip_rt_put(rt);
		return;
	}
	skb_dst_set(skb, &rt->dst);
	iph = skb_push(skb, sizeof(*iph));
	skb_reset_network_header(skb);
	iph->version = 4;
	iph->ihl = 5;
	iph->tos = tos;
	/* No DF: the message passes, whatever the path has become. */
	iph->frag_off = 0;
	iph->ttl = (u8)ip4_dst_hoplimit(&rt->dst);
	iph->protocol = IPPROTO_ICMP;
	iph->saddr = fl4->saddr;
	iph->daddr = fl4->daddr;
	__ip_select_ident(net, iph, 1);
	skb->mark = fl4->flowi4_mark;
	memset(IPCB(skb), 0, sizeof(struct inet_skb_parm));
	icmp_out_count(net, bxm->head.icmph.type);
	ip_local_out(net, NULL, skb);
}

/**
 * icmp_reply - answer a query
 * @bxm: the answer
 * @skb: the query, with its input route. Borrows.
 *
 * From the address that was asked (RFC 1122 3.2.2.6).
 *
 * Context: softirq.
 */
void icmp_reply(struct icmp_bxm *bxm, struct sk_buff *skb)
{
	struct net *net = dev_net(skb->dev);
	u8 type = bxm->head.icmph.type, code = bxm->head.icmph.code;
	const struct iphdr *iph = ip_hdr(skb);
	struct flowi4 fl4 = {
		.daddr = iph->saddr,
		.saddr = fib_compute_spec_dst(skb),
		.flowi4_tos = iph->tos & IPTOS_TOS_MASK,
		.flowi4_proto = IPPROTO_ICMP,
	};
	struct rtable *rt;
	u8 tos = iph->tos;

	/* Nobody, or a host that has no address yet. */
	if (ipv4_is_zeronet(fl4.daddr))
		return;
	if (!icmpv4_global_allow(net, type, code))
		return;
	rt = ip_route_output_key(net, &fl4);
	if (IS_ERR(rt)) {
		ICMP_INC_STATS(net, ICMP_MIB_OUTERRORS);
		return;
	}
	if (icmpv4_xrlim_allow(net, rt, fl4.daddr, type, code))
		icmp_push_reply(net, bxm, &fl4, rt, tos);
	else
		ip_rt_put(rt);
}

/* RFC 1122 3.2.2: does @skb_in quote an ICMP error, or something of ICMP that
 * is unknown or cut off? */
static bool icmp_about_icmp_error(const struct sk_buff *skb_in, const struct iphdr *iph)
{
	const u8 *inner;
	u8 buf;

	if (iph->protocol != IPPROTO_ICMP)
		return false;
	inner = skb_header_pointer(skb_in, skb_network_offset(skb_in) + iph->ihl * 4,
				   sizeof(buf), &buf);
	return !inner || icmp_type_is_error(*inner);
}

/* RFC 1122 3.2.2, RFC 1812 4.3.2.7: about what is no error sent? */
static bool icmp_error_allowed(const struct sk_buff *skb_in, int type)
{
	const struct rtable *rt = skb_rtable(skb_in);
	const struct iphdr *iph = ip_hdr(skb_in);

	if (!rt || skb_network_header(skb_in) < skb_in->head ||
	    skb_network_header(skb_in) + sizeof(*iph) > skb_tail_pointer(skb_in))
		return false;
	if (skb_in->pkt_type != PACKET_HOST)
		return false;
	if (rt->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST))
		return false;
	if (ipv4_is_multicast(iph->daddr) || ipv4_is_lbcast(iph->daddr))
		return false;
	/* A source that is not one host. 240/4 is nobody's. */
	if (ipv4_is_zeronet(iph->saddr) || ntohl(iph->saddr) >= 0xe0000000)
		return false;
	/* Only about the first fragment. */
	if (iph->frag_off & htons(IP_OFFSET))
		return false;
	return !icmp_type_is_error((u8)type) || !icmp_about_icmp_error(skb_in, iph);
}

/* The address that an error comes from: the one that was addressed, if it is
 * ours, else one of the device that heard the packet or could not send it. */
static __be32 icmp_error_source(const struct sk_buff *skb_in)
{
	const struct rtable *rt = skb_rtable(skb_in);
	const struct iphdr *iph = ip_hdr(skb_in);
	struct net_device *dev = skb_in->dev ? skb_in->dev : rt->dst.dev;

	if (rt_is_input_route(rt) && (rt->rt_flags & RTCF_LOCAL))
		return iph->daddr;
	/* About a packet of our own, to ourselves. */
	if (inet_addr_type(dev_net(dev), iph->saddr) == RTN_LOCAL)
		return iph->saddr;
	return inet_select_addr(dev, iph->saddr, RT_SCOPE_LINK);
}

/* RFC 1812 4.3.2.3: as much of the packet as fits. */
static void icmp_quote(struct icmp_bxm *bxm, struct sk_buff *skb_in, unsigned int mtu)
{
	unsigned int room = min(mtu, ICMP_ERROR_MAX) - sizeof(struct iphdr) -
			    sizeof(struct icmphdr);
	int offset = skb_network_offset(skb_in);

	/* The header may have been pulled: then it lies before data. */
	if (offset < 0) {
		__skb_push(skb_in, (unsigned int)-offset);
		offset = 0;
	}
	bxm->skb = skb_in;
	bxm->offset = (unsigned int)offset;
	bxm->data_len = min(skb_in->len - (unsigned int)offset, room);
}

static void icmp_send_error(struct net *net, struct sk_buff *skb_in, struct icmp_bxm *bxm)
{
	u8 type = bxm->head.icmph.type, code = bxm->head.icmph.code;
	const struct iphdr *iph = ip_hdr(skb_in);
	struct flowi4 fl4 = {
		.daddr = iph->saddr,
		.saddr = icmp_error_source(skb_in),
		.flowi4_tos = iph->tos & IPTOS_TOS_MASK,
		.flowi4_proto = IPPROTO_ICMP,
	};
	u8 tos = (iph->tos & IPTOS_TOS_MASK) | IPTOS_PREC_INTERNETCONTROL;
	int pulled = -skb_network_offset(skb_in);
	struct rtable *rt = ip_route_output_key(net, &fl4);

	if (IS_ERR(rt)) {
		ICMP_INC_STATS(net, ICMP_MIB_OUTERRORS);
		return;
	}
	if (!icmpv4_xrlim_allow(net, rt, fl4.daddr, type, code)) {
		ip_rt_put(rt);
		return;
	}
	icmp_quote(bxm, skb_in, max_t(u32, dst_mtu(&rt->dst), IPV4_MIN_MTU));
	icmp_push_reply(net, bxm, &fl4, rt, tos);
	if (pulled > 0)
		__skb_pull(skb_in, (unsigned int)pulled);
}

/**
 * icmp_send - send an error about a packet
 * @skb_in: packet, with its route, network header set. Borrows.
 * @type: ICMP_*
 * @code: of that type
 * @info: second word of the message, network order
 *
 * Nothing is sent when the RFCs forbid it or the rate limits are reached.
 *
 * Context: any but hardirq.
 */
void icmp_send(struct sk_buff *skb_in, int type, int code, __be32 info)
{
	struct icmp_bxm bxm = { .head_len = sizeof(struct icmphdr) };
	struct net *net;

	trace_skb(skb_in);
	if (!icmp_error_allowed(skb_in, type))
		return;
	net = dev_net(skb_dst(skb_in)->dev);
	bxm.head.icmph.type = (u8)type;
	bxm.head.icmph.code = (u8)code;
	bxm.head.icmph.un.gateway = info;
	local_bh_disable();
	if ((skb_in->dev && (skb_in->dev->flags & IFF_LOOPBACK)) ||
	    icmpv4_global_allow(net, (u8)type, (u8)code))
		icmp_send_error(net, skb_in, &bxm);
	local_bh_enable();
}

/**
 * icmp_sk_init - ICMP's settings of a new namespace
 * @net: namespace
 *
 * Context: process.
 * Return: 0.
 */
int icmp_sk_init(struct net *net)
{
	net->ipv4.sysctl_icmp_echo_ignore_all = 0;
	net->ipv4.sysctl_icmp_echo_ignore_broadcasts = 1;
	net->ipv4.sysctl_icmp_ratelimit_ms = 1000;
	/* Unreachable, source quench, time exceeded, parameter problem. */
	net->ipv4.sysctl_icmp_ratemask = 0x1818;
	net->ipv4.sysctl_icmp_msgs_per_sec = 1000;
	net->ipv4.sysctl_icmp_msgs_burst = 50;
	net->ipv4.icmp_credit = 50;
	net->ipv4.icmp_stamp_ns = ktime_get_ns();
	return 0;
}
