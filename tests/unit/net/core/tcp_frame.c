// SPDX-License-Identifier: MIT
/* TCP segments in Ethernet frames. */
#include <linux/skb_frag.h>
#include <net/net_namespace.h>

#include "../../test.h"
#include "tcp_frame.h"

static void put_headers(u8 *p, struct net_device *dev, const struct tcp_frame *f)
{
	static const u8 peer[ETH_ALEN] = { 0x02, 0, 0, 0, 0, 2 };
	struct ethhdr *eth = (void *)p;
	struct iphdr iph = {
		.version = 4, .ihl = 5, .ttl = f->ttl ? f->ttl : 64, .protocol = IPPROTO_TCP,
		.tot_len = htons((u16)(sizeof(iph) + sizeof(struct tcphdr) + f->len)),
		.id = htons(f->id), .frag_off = htons(f->frag_off),
		.saddr = htonl(0xc0000202U), .daddr = htonl(0xc0000201U),
	};
	struct tcphdr th = {
		.source = htons(f->sport ? f->sport : 1000), .dest = htons(80),
		.seq = htonl(f->seq), .ack_seq = htonl(f->ack), .window = htons(f->window),
	};

	memcpy(eth->h_dest, dev->dev_addr, ETH_ALEN);
	memcpy(eth->h_source, peer, ETH_ALEN);
	eth->h_proto = htons(ETH_P_IP);
	iph.check = ip_fast_csum(&iph, 5);
	memcpy(p + ETH_HLEN, &iph, sizeof(iph));
	memcpy(p + ETH_HLEN + sizeof(iph), &th, sizeof(th));
	/* doff 5 */
	p[ETH_HLEN + sizeof(iph) + 12] = 0x50;
	p[ETH_HLEN + sizeof(iph) + 13] = (u8)(f->flags | TCPHDR_ACK);
}

static void put_sum(struct sk_buff *skb, const struct tcp_frame *f)
{
	const unsigned int at = ETH_HLEN + sizeof(struct iphdr);
	const int len = (int)(sizeof(struct tcphdr) + f->len);
	struct tcphdr *th = (void *)(skb->data + at);
	const struct iphdr *iph = (const void *)(skb->data + ETH_HLEN);

	th->check = 0;
	th->check = tcp_v4_check(len, iph->saddr, iph->daddr,
				 skb_checksum(skb, (int)at, len, (__force __wsum)0));
	if (f->bad_sum)
		th->check = (__force __sum16)(u16)~(__force u16)th->check;
}

struct sk_buff *tcp_frame(struct net_device *dev, const struct tcp_frame *f)
{
	unsigned int linear = TCP_FRAME_HEADERS + f->padding + (f->paged ? 0 : f->len), i;
	struct sk_buff *skb = __netdev_alloc_skb(dev, linear + NET_IP_ALIGN, GFP_ATOMIC);
	struct skb_page *page;
	u8 *payload;

	BUG_ON(!skb);
	skb_reserve(skb, NET_IP_ALIGN);
	put_headers(skb_put(skb, TCP_FRAME_HEADERS), dev, f);
	if (f->paged) {
		page = skb_page_alloc(2048, GFP_ATOMIC);
		BUG_ON(!page);
		payload = page->data;
		skb_add_rx_frag(skb, 0, page, 0, f->len, page->size);
	} else {
		payload = skb_put(skb, f->len);
	}
	for (i = 0; i < f->len; i++)
		payload[i] = (u8)((f->seq + i) * 7);
	put_sum(skb, f);
	if (f->padding)
		skb_put_zero(skb, f->padding);
	return skb;
}

void tcp_frame_expect(const struct sk_buff *skb, unsigned int offset, u32 seq, unsigned int len)
{
	unsigned int i;
	u8 byte;

	EXPECT_EQ(skb->len, offset + len);
	for (i = 0; i < len; i++) {
		if (skb_copy_bits(skb, (int)(offset + i), &byte, 1) ||
		    byte != (u8)((seq + i) * 7)) {
			test_fail(__FILE__, __LINE__, "byte %u of %u is wrong", i, len);
			return;
		}
	}
}
