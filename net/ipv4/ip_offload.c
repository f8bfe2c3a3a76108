// SPDX-License-Identifier: MIT
/*
 * IPv4's part in large packets: the headers of what one was cut into (TX-3), and
 * which packets may be merged into one (RX-4). What is above it is asked by
 * protocol number, net_protocol.offload.
 *
 * Linux: net/ipv4/af_inet.c, inet_gso_segment(), inet_gro_receive()
 * RFC: 791 3.1, 6864 4 (the identification of segments)
 */
#include <linux/err.h>
#include <linux/if_ether.h>
#include <linux/init.h>
#include <linux/trace.h>
#include <net/gro.h>
#include <net/ip.h>
#include <net/protocol.h>

static const struct net_offload *inet_offload(u8 protocol)
{
	const struct net_protocol *prot = inet_protos[protocol];

	return prot ? prot->offload : NULL;
}

/* packet_offload.gso_segment. skb->data at the IP header. */
static struct sk_buff *inet_gso_segment(struct sk_buff *skb, netdev_features_t features)
{
	const struct net_offload *offload;
	struct sk_buff *segs, *seg;
	struct iphdr *iph;
	unsigned int ihl;
	u16 id;

	trace_skb(skb);
	if (!pskb_may_pull(skb, sizeof(*iph)))
		return ERR_PTR(-EINVAL);
	iph = (struct iphdr *)skb->data;
	ihl = iph->ihl * 4U;
	offload = inet_offload(iph->protocol);
	if (ihl < sizeof(*iph) || !pskb_may_pull(skb, ihl) || !offload || !offload->gso_segment)
		return ERR_PTR(-EINVAL);
	id = ntohs(ip_hdr(skb)->id);
	__skb_pull(skb, ihl);
	skb_reset_transport_header(skb);
	segs = offload->gso_segment(skb, features);
	__skb_push(skb, ihl);
	if (IS_ERR(segs))
		return segs;
	for (seg = segs; seg; seg = seg->next) {
		iph = ip_hdr(seg);
		iph->id = htons(id++);
		iph->tot_len = htons((u16)(seg->len - (unsigned int)skb_network_offset(seg)));
		ip_send_check(iph);
	}
	return segs;
}

/* Would a packet with @iph be the next one after those merged in @p? */
static bool inet_gro_alike(const struct sk_buff *p, const struct iphdr *iph2,
			   const struct iphdr *iph)
{
	u16 step = (u16)(ntohs(iph->id) - ntohs(iph2->id));

	return iph->ttl == iph2->ttl && iph->tos == iph2->tos &&
	       iph->frag_off == iph2->frag_off &&
	       (step == NAPI_GRO_CB(p)->count || ((iph->frag_off & htons(IP_DF)) && !step));
}

/**
 * inet_gro_checksum_good - is a packet that may be merged known to be good?
 * @skb: its offset at the transport header. Borrows.
 * @protocol: IPPROTO_*, of the pseudo-header
 *
 * Context: softirqs off.
 */
bool inet_gro_checksum_good(struct sk_buff *skb, u8 protocol)
{
	const struct iphdr *iph = ip_hdr(skb);
	unsigned int len = skb_gro_len(skb);
	__wsum csum;

	if (skb_csum_unnecessary(skb))
		return true;
	csum = csum_tcpudp_nofold(iph->saddr, iph->daddr, len, protocol, (__force __wsum)0);
	if (csum_fold(skb_checksum(skb, (int)skb_gro_offset(skb), (int)len, csum)))
		return false;
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	return true;
}

/**
 * inet_gro_lookup - the held packet with the same two ports
 * @held: those of the same addresses have same_flow; the others lose it
 * @offset: of the transport header
 * @ports: where TCP and UDP have them: source, then destination
 *
 * Context: softirqs off.
 * Return: it, or NULL.
 */
struct sk_buff *inet_gro_lookup(struct sk_buff *held, unsigned int offset, const __be16 *ports)
{
	struct sk_buff *found = NULL;

	for (; held; held = held->next) {
		const __be16 *ports2 = (const void *)(held->data + offset);

		if (!NAPI_GRO_CB(held)->same_flow)
			continue;
		if (ports[0] == ports2[0] && ports[1] == ports2[1])
			found = held;
		else
			NAPI_GRO_CB(held)->same_flow = 0;
	}
	return found;
}

/* packet_offload.gro_receive */
static struct sk_buff *inet_gro_receive(struct sk_buff *held, struct sk_buff *skb)
{
	unsigned int offset = skb_gro_offset(skb);
	const struct net_offload *offload;
	const struct iphdr *iph;
	struct sk_buff *p;

	trace_skb(skb);
	iph = skb_gro_header(skb, sizeof(*iph));
	NAPI_GRO_CB(skb)->flush = 1;
	if (!iph || iph->version != 4 || iph->ihl != 5 || ip_fast_csum(iph, 5))
		return NULL;
	offload = inet_offload(iph->protocol);
	if (!offload || !offload->gro_receive)
		return NULL;
	/* A fragment, or bytes behind it (a padded frame): not to be merged, but not
	 * to overtake those before it either. */
	NAPI_GRO_CB(skb)->flush = ntohs(iph->tot_len) != skb_gro_len(skb) ||
				  iph->frag_off & ~htons(IP_DF);

	for (p = held; p; p = p->next) {
		const struct iphdr *iph2 = (const void *)(p->data + offset);

		if (!NAPI_GRO_CB(p)->same_flow)
			continue;
		if (iph->protocol != iph2->protocol || iph->saddr != iph2->saddr ||
		    iph->daddr != iph2->daddr)
			NAPI_GRO_CB(p)->same_flow = 0;
		else
			NAPI_GRO_CB(p)->flush = !inet_gro_alike(p, iph2, iph);
	}
	skb_set_network_header(skb, (int)offset);
	skb_gro_pull(skb, sizeof(*iph));
	skb_set_transport_header(skb, (int)skb_gro_offset(skb));
	return offload->gro_receive(held, skb);
}

/* packet_offload.gro_complete */
static void inet_gro_complete(struct sk_buff *skb, int nhoff)
{
	struct iphdr *iph = (struct iphdr *)(skb->data + nhoff);
	__be16 len = htons((u16)((int)skb->len - nhoff));

	csum_replace2(&iph->check, iph->tot_len, len);
	iph->tot_len = len;
	inet_offload(iph->protocol)->gro_complete(skb, nhoff + (int)sizeof(*iph));
}

static const struct packet_offload ip_packet_offload = {
	.type = htons(ETH_P_IP),
	.gso_segment = inet_gso_segment,
	.gro_receive = inet_gro_receive,
	.gro_complete = inet_gro_complete,
};

static int __init ipv4_offload_init(void)
{
	return dev_add_offload(&ip_packet_offload);
}

fs_initcall(ipv4_offload_init);
