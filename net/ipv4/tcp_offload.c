// SPDX-License-Identifier: MIT
/*
 * TCP's part in large packets: the headers of segments that one was cut into
 * (TX-3), and which segments may be merged into one (RX-4).
 *
 * Linux: net/ipv4/tcp_offload.c
 * RFC: 9293 3.1, 3168 6.1.2 (CWR on the first segment only)
 */
#include <linux/err.h>
#include <linux/string.h>
#include <linux/trace.h>
#include <net/gro.h>
#include <net/ip.h>
#include <net/tcp.h>

/* ---- sending ------------------------------------------------------------- */

/* What differs from segment to segment; IP has been told the lengths. */
static void tcp_gso_headers(struct sk_buff *segs, unsigned int thlen, unsigned int mss)
{
	const struct iphdr *iph = ip_hdr(segs);
	u32 seq = ntohl(tcp_hdr(segs)->seq);
	struct sk_buff *seg;

	for (seg = segs; seg; seg = seg->next) {
		struct tcphdr *th = tcp_hdr(seg);
		int len = (int)(seg->len - (unsigned int)skb_transport_offset(seg));

		th->seq = htonl(seq);
		th->check = (__force __sum16)(u16)~(__force u16)
			    tcp_v4_check(len, iph->saddr, iph->daddr, (__force __wsum)0);
		if (seg != segs)
			th->cwr = 0;
		if (seg->next) {
			th->fin = 0;
			th->psh = 0;
		}
		seq += mss;
	}
}

/* net_offload.gso_segment. skb->data at the TCP header. */
static struct sk_buff *tcp4_gso_segment(struct sk_buff *skb, netdev_features_t features)
{
	unsigned int thlen, mss = skb_shinfo(skb)->gso_size;
	struct sk_buff *segs;

	trace_skb(skb);
	if (!(skb_shinfo(skb)->gso_type & SKB_GSO_TCPV4) ||
	    !pskb_may_pull(skb, sizeof(struct tcphdr)))
		return ERR_PTR(-EINVAL);
	thlen = tcp_hdrlen(skb);
	if (thlen < sizeof(struct tcphdr) || !pskb_may_pull(skb, thlen) || skb->len <= mss)
		return ERR_PTR(-EINVAL);
	__skb_pull(skb, thlen);
	segs = skb_segment(skb, features);
	__skb_push(skb, thlen);
	if (IS_ERR(segs))
		return segs;
	tcp_gso_headers(segs, thlen, mss);
	skb_gso_set_owner(segs, skb);
	return segs;
}

/* ---- receiving ------------------------------------------------------------- */

/* Does the segment @skb, with @th and options, continue the held one @p? */
static bool tcp_gro_continues(const struct sk_buff *p, const struct sk_buff *skb,
			      unsigned int offset, const struct tcphdr *th, unsigned int thlen)
{
	const struct tcphdr *th2 = (const void *)(p->data + offset);
	const __be32 may_differ = htonl((TCPHDR_CWR | TCPHDR_PSH | TCPHDR_FIN) << 16);
	unsigned int held_len = p->len - offset - thlen, len = skb_gro_len(skb);

	return !NAPI_GRO_CB(p)->flush && th2->doff == th->doff && !th->cwr &&
	       th->ack_seq == th2->ack_seq &&
	       !((tcp_flag_word(th) ^ tcp_flag_word(th2)) & ~may_differ) &&
	       !memcmp(th + 1, th2 + 1, thlen - sizeof(*th)) &&
	       len && len <= skb_shinfo(p)->gso_size &&
	       ntohl(th2->seq) + held_len == ntohl(th->seq);
}

/* @skb, whose header is @th, joins @p. What both say of the end of the data is
 * now said of the whole. False: it would grow too large. */
static bool tcp_gro_merge(struct sk_buff *p, struct sk_buff *skb, unsigned int offset,
			  const struct tcphdr *th)
{
	struct tcphdr *th2 = (void *)(p->data + offset);
	bool fin = th->fin, psh = th->psh;

	if (skb_gro_receive(p, skb))
		return false;
	th2->fin |= fin;
	th2->psh |= psh;
	return true;
}

/* net_offload.gro_receive */
static struct sk_buff *tcp4_gro_receive(struct sk_buff *held, struct sk_buff *skb)
{
	unsigned int offset = skb_gro_offset(skb), thlen = 0, len;
	struct sk_buff *p;
	struct tcphdr *th;
	bool ends;

	trace_skb(skb);
	th = skb_gro_header(skb, sizeof(*th));
	if (th) {
		thlen = __tcp_hdrlen(th);
		th = thlen < sizeof(*th) ? NULL : skb_gro_header(skb, thlen);
	}
	if (!th || (!NAPI_GRO_CB(skb)->flush && !inet_gro_checksum_good(skb, IPPROTO_TCP))) {
		NAPI_GRO_CB(skb)->flush = 1;
		return NULL;
	}
	skb_gro_pull(skb, thlen);
	len = skb_gro_len(skb);
	/* What the receiver shall see at once. */
	ends = th->urg || th->psh || th->rst || th->syn || th->fin;
	p = inet_gro_lookup(held, offset, &th->source);
	if (p && !NAPI_GRO_CB(skb)->flush && tcp_gro_continues(p, skb, offset, th, thlen)) {
		ends |= len < skb_shinfo(p)->gso_size;
		if (tcp_gro_merge(p, skb, offset, th))
			return ends ? p : NULL;
	}
	NAPI_GRO_CB(skb)->flush |= ends || !len;
	return p;
}

/* net_offload.gro_complete */
static void tcp4_gro_complete(struct sk_buff *skb, int thoff)
{
	const struct iphdr *iph = ip_hdr(skb);
	struct tcphdr *th = (void *)(skb->data + thoff);

	th->check = (__force __sum16)(u16)~(__force u16)
		    tcp_v4_check((int)skb->len - thoff, iph->saddr, iph->daddr,
				 (__force __wsum)0);
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = (u16)((int)skb_headroom(skb) + thoff);
	skb->csum_offset = offsetof(struct tcphdr, check);
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4;
	if (th->cwr)
		skb_shinfo(skb)->gso_type |= SKB_GSO_TCP_ECN;
}

const struct net_offload tcpv4_offload = {
	.gso_segment = tcp4_gso_segment,
	.gro_receive = tcp4_gro_receive,
	.gro_complete = tcp4_gro_complete,
};
