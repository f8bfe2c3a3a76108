// SPDX-License-Identifier: MIT
/*
 * UDP's part in large packets: the headers of the datagrams that one was cut into
 * (UDP_SEGMENT, TX-3), and which datagrams may be merged into one (UDP_GRO, RX-4).
 *
 *	[ ip udp | gso_size | gso_size | rest ]  <─>  [ ip udp | gso_size ] [ ip udp | ...
 *
 * What was merged can be cut again: a train of datagrams keeps its borders. Only a
 * socket that says so gets it whole; for any other nothing is merged in the first
 * place, and what comes merged all the same (from lo, from the device, for several
 * sockets) is cut before it is queued (udp_queue_rcv_skb()).
 *
 * Linux: net/ipv4/udp_offload.c
 * RFC: 768
 */
#include <linux/err.h>
#include <linux/trace.h>
#include <net/gro.h>
#include <net/ip.h>
#include <net/udp.h>

/* Datagrams that are merged into one packet, at most. */
#define UDP_GRO_CNT_MAX 64

/* What the sum of a datagram of @len bytes begins with: CHECKSUM_PARTIAL. */
static __sum16 udp_pseudo_sum(const struct iphdr *iph, unsigned int len)
{
	return (__force __sum16)(u16)~(__force u16)csum_tcpudp_magic(
		iph->saddr, iph->daddr, len, IPPROTO_UDP, (__force __wsum)0);
}

/* ---- sending ------------------------------------------------------------- */

/* net_offload.gso_segment. skb->data at the UDP header. */
static struct sk_buff *udp4_gso_segment(struct sk_buff *skb, netdev_features_t features)
{
	unsigned int mss = skb_shinfo(skb)->gso_size;
	struct sk_buff *segs, *seg;

	trace_skb(skb);
	if (!(skb_shinfo(skb)->gso_type & SKB_GSO_UDP_L4) ||
	    !pskb_may_pull(skb, sizeof(struct udphdr)) ||
	    skb->len <= sizeof(struct udphdr) + mss || skb->ip_summed != CHECKSUM_PARTIAL ||
	    skb_checksum_start(skb) != skb_transport_header(skb))
		return ERR_PTR(-EINVAL);
	__skb_pull(skb, sizeof(struct udphdr));
	segs = skb_segment(skb, features);
	__skb_push(skb, sizeof(struct udphdr));
	if (IS_ERR(segs))
		return segs;
	for (seg = segs; seg; seg = seg->next) {
		unsigned int len = seg->len - (unsigned int)skb_transport_offset(seg);

		udp_hdr(seg)->len = htons((u16)len);
		udp_hdr(seg)->check = udp_pseudo_sum(ip_hdr(seg), len);
	}
	skb_gso_set_owner(segs, skb);
	return segs;
}

/* ---- receiving ------------------------------------------------------------- */

/* Has the socket of this datagram asked for merged ones? */
static bool udp_gro_wanted(const struct sk_buff *skb, const struct udphdr *uh)
{
	struct net *net = dev_net(skb->dev);
	const struct iphdr *iph = ip_hdr(skb);
	const struct sock *sk;

	if (likely(!net->ipv4.udp_table->gro_sockets))
		return false;
	sk = __udp4_lib_lookup(net, iph->saddr, uh->source, iph->daddr, uh->dest,
			       skb->dev->ifindex, net->ipv4.udp_table, NULL);
	return sk && udp_sk(sk)->gro_enabled;
}

/* Datagrams of one length, the last one perhaps shorter, become a packet. Returns
 * the held one that must go up now. */
static struct sk_buff *udp_gro_receive_segment(struct sk_buff *held, struct sk_buff *skb,
					       const struct udphdr *uh)
{
	unsigned int offset = skb_gro_offset(skb), len = ntohs(uh->len) - sizeof(*uh);
	struct sk_buff *p = inet_gro_lookup(held, offset, &uh->source);

	skb_gro_pull(skb, sizeof(*uh));
	if (!p)
		return NULL;
	if (len > skb_shinfo(p)->gso_size || NAPI_GRO_CB(p)->flush || skb_gro_receive(p, skb))
		return p;
	if (len < skb_shinfo(p)->gso_size || NAPI_GRO_CB(p)->count >= UDP_GRO_CNT_MAX)
		return p;
	return NULL;
}

/* net_offload.gro_receive */
static struct sk_buff *udp4_gro_receive(struct sk_buff *held, struct sk_buff *skb)
{
	const struct udphdr *uh = skb_gro_header(skb, sizeof(*uh));

	trace_skb(skb);
	/* None without a checksum: what is merged may have to be cut again, and then
	 * has one. None that is padded or empty. */
	if (!uh || NAPI_GRO_CB(skb)->flush || !uh->check || ntohs(uh->len) <= sizeof(*uh) ||
	    ntohs(uh->len) != skb_gro_len(skb) || !udp_gro_wanted(skb, uh) ||
	    !inet_gro_checksum_good(skb, IPPROTO_UDP)) {
		NAPI_GRO_CB(skb)->flush = 1;
		return uh ? inet_gro_lookup(held, skb_gro_offset(skb), &uh->source) : NULL;
	}
	return udp_gro_receive_segment(held, skb, uh);
}

/* net_offload.gro_complete */
static void udp4_gro_complete(struct sk_buff *skb, int thoff)
{
	struct udphdr *uh = (void *)(skb->data + thoff);
	unsigned int len = skb->len - (unsigned int)thoff;

	uh->len = htons((u16)len);
	uh->check = udp_pseudo_sum(ip_hdr(skb), len);
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = (u16)((int)skb_headroom(skb) + thoff);
	skb->csum_offset = offsetof(struct udphdr, check);
	skb_shinfo(skb)->gso_type = SKB_GSO_UDP_L4;
}

const struct net_offload udpv4_offload = {
	.gso_segment = udp4_gso_segment,
	.gro_receive = udp4_gro_receive,
	.gro_complete = udp4_gro_complete,
};
