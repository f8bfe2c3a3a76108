// SPDX-License-Identifier: MIT
/* A packet larger than a frame: cut into what the device can send, or sent whole. */
#include <linux/skb_frag.h>
#include <net/gro.h>
#include <net/net_namespace.h>

#include "../../test.h"
#include "tcp_frame.h"

#define MSS	1000

/* A packet as TCP makes it: @len bytes, in frags of @piece (0: linear). */
static struct sk_buff *large(struct net_device *dev, unsigned int len, unsigned int piece,
			     u16 flags)
{
	struct tcp_frame f = { .seq = 5000, .flags = flags, .id = 0xfffe, .frag_off = IP_DF };
	struct sk_buff *skb = tcp_frame(dev, &f);
	unsigned int done, bytes, i;
	struct skb_page *page;

	if (!piece) {
		consume_skb(skb);
		f.len = len;
		skb = tcp_frame(dev, &f);
	}
	for (done = 0; piece && done < len; done += bytes) {
		bytes = min(piece, len - done);
		page = skb_page_alloc(piece, GFP_ATOMIC);
		BUG_ON(!page);
		for (i = 0; i < bytes; i++)
			page->data[i] = (u8)((5000 + done + i) * 7);
		skb_add_rx_frag(skb, skb_shinfo(skb)->nr_frags, page, 0, bytes, page->size);
	}
	skb->protocol = htons(ETH_P_IP);
	skb_set_network_header(skb, ETH_HLEN);
	skb_set_transport_header(skb, ETH_HLEN + sizeof(struct iphdr));
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = (u16)(skb_headroom(skb) + ETH_HLEN + sizeof(struct iphdr));
	skb->csum_offset = offsetof(struct tcphdr, check);
	skb_shinfo(skb)->gso_size = MSS;
	skb_shinfo(skb)->gso_segs = (unsigned short)DIV_ROUND_UP(len, MSS);
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4;
	return skb;
}

/* The sum is good, or left to the device as it has to be. */
static void expect_sum(struct sk_buff *skb, bool left_to_device)
{
	const struct iphdr *iph = (const void *)(skb->data + ETH_HLEN);
	const unsigned int at = ETH_HLEN + sizeof(*iph);
	const struct tcphdr *th = (const void *)(skb->data + at);
	int len = (int)(skb->len - at);
	__wsum pseudo = csum_tcpudp_nofold(iph->saddr, iph->daddr, (u32)len, IPPROTO_TCP, 0);

	if (!left_to_device) {
		EXPECT_EQ(csum_fold(skb_checksum(skb, (int)at, len, pseudo)), 0);
		return;
	}
	EXPECT_EQ((int)skb->ip_summed, CHECKSUM_PARTIAL);
	EXPECT_EQ(skb_checksum_start_offset(skb), (int)at);
	EXPECT_EQ(th->check, (u16)~csum_fold(pseudo));
}

/* What the device got of @len bytes with @flags on the whole. */
static void expect_segments(struct net_device *dev, unsigned int len, u16 flags)
{
	unsigned int n = 0, segs = DIV_ROUND_UP(len, MSS), bytes;
	bool left = (dev->features & NETIF_F_HW_CSUM) != 0;
	struct sk_buff *skb;

	for (; (skb = fake_netdev_pop(dev)) != NULL; n++) {
		const struct iphdr *iph = (const void *)(skb->data + ETH_HLEN);
		const struct tcphdr *th = (const void *)(iph + 1);
		bool first = n == 0, last = n == segs - 1;

		bytes = last ? len - n * MSS : MSS;
		tcp_frame_expect(skb, TCP_FRAME_HEADERS, 5000 + n * MSS, bytes);
		EXPECT_EQ(ntohl(th->seq), 5000 + n * MSS);
		EXPECT_EQ((int)th->fin, last && (flags & TCPHDR_FIN));
		EXPECT_EQ((int)th->psh, last && (flags & TCPHDR_PSH));
		EXPECT_EQ((int)th->cwr, first && (flags & TCPHDR_CWR));
		EXPECT_EQ((int)th->ack, 1);
		EXPECT_EQ(ntohs(iph->id), (u16)(0xfffe + n));
		EXPECT_EQ(ntohs(iph->tot_len), 40 + bytes);
		EXPECT_EQ(ip_fast_csum(iph, 5), 0);
		EXPECT_EQ(skb_shinfo(skb)->gso_size, 0);
		EXPECT_EQ(skb_is_nonlinear(skb) && !(dev->features & NETIF_F_SG), false);
		expect_sum(skb, left);
		consume_skb(skb);
	}
	EXPECT_EQ(n, segs);
}

static void cut(netdev_features_t features, unsigned int len, unsigned int piece, u16 flags)
{
	struct net_device *dev = fake_netdev_create(init_net, features);

	EXPECT_EQ(dev_queue_xmit(large(dev, len, piece, flags)), 0);
	expect_segments(dev, len, flags);
	fake_netdev_destroy(dev);
}

TEST(large_packet_is_cut_for_a_device_that_cannot_do_it)
{
	static const netdev_features_t features[] = {
		0, NETIF_F_SG, NETIF_F_HW_CSUM, NETIF_F_SG | NETIF_F_HW_CSUM,
	};
	static const unsigned int lens[] = { 1001, 2000, 9999, 60000 };
	/* Linear; frags that end where segments do; that do not; larger ones. */
	static const unsigned int pieces[] = { 0, MSS, 4096, 33333 };
	unsigned int i, j, k;

	for (i = 0; i < ARRAY_SIZE(features); i++)
		for (j = 0; j < ARRAY_SIZE(lens); j++)
			for (k = 0; k < ARRAY_SIZE(pieces); k++)
				if (!pieces[k] || lens[j] <= MAX_SKB_FRAGS * pieces[k])
					cut(features[i], lens[j], pieces[k],
					    TCPHDR_FIN | TCPHDR_PSH | TCPHDR_CWR);
}

TEST(large_packet_goes_whole_to_a_device_that_cuts_it)
{
	struct net_device *dev = fake_netdev_create(init_net, NETIF_F_SG | NETIF_F_HW_CSUM |
						    NETIF_F_TSO);
	struct sk_buff *skb;

	EXPECT_EQ(dev_queue_xmit(large(dev, 9000, 4096, TCPHDR_PSH)), 0);
	skb = fake_netdev_pop(dev);
	EXPECT_EQ(skb->len, TCP_FRAME_HEADERS + 9000);
	EXPECT_EQ(skb_shinfo(skb)->gso_size, MSS);
	consume_skb(skb);
	EXPECT_EQ(fake_netdev_drain(dev), 0);

	/* It does not know what to do with CWR; it takes no more than 8000 bytes. */
	skb = large(dev, 9000, 4096, TCPHDR_CWR);
	skb_shinfo(skb)->gso_type |= SKB_GSO_TCP_ECN;
	EXPECT_EQ(dev_queue_xmit(skb), 0);
	expect_segments(dev, 9000, TCPHDR_CWR);
	dev->gso_max_size = 8000;
	EXPECT_EQ(dev_queue_xmit(large(dev, 9000, 4096, 0)), 0);
	expect_segments(dev, 9000, 0);
	fake_netdev_destroy(dev);
}

TEST(large_packet_that_makes_no_sense_is_dropped_for_its_reason)
{
	struct net_device *dev = fake_netdev_create(init_net, NETIF_F_SG);
	u64 before = init_net->drops[SKB_DROP_REASON_SKB_GSO_SEG];
	struct sk_buff *skb;

	/* Of no protocol that is cut; with a TCP header that is none; not of TCP. */
	skb = large(dev, 3000, MSS, 0);
	skb->protocol = htons(ETH_P_TEST);
	dev_queue_xmit(skb);
	skb = large(dev, 3000, MSS, 0);
	skb->data[ETH_HLEN + sizeof(struct iphdr) + 12] = 0x10;
	dev_queue_xmit(skb);
	skb = large(dev, 3000, MSS, 0);
	skb->data[ETH_HLEN + offsetof(struct iphdr, protocol)] = IPPROTO_UDP;
	dev_queue_xmit(skb);
	EXPECT_EQ(init_net->drops[SKB_DROP_REASON_SKB_GSO_SEG] - before, 3);
	EXPECT_EQ(dev->stats.tx_dropped, 3);
	EXPECT_EQ(fake_netdev_drain(dev), 0);
	fake_netdev_destroy(dev);
}

static unsigned int released;

static void release(struct sk_buff *skb)
{
	released += skb->truesize;
	skb->sk->sk_wmem_alloc -= (int)skb->truesize;
}

TEST(segments_take_over_the_account_of_their_sender)
{
	struct net_device *dev = fake_netdev_create(init_net, NETIF_F_SG | NETIF_F_HW_CSUM);
	struct sk_buff *skb = large(dev, 9999, 4096, 0);
	static struct sock sk;

	released = 0;
	sk.sk_wmem_alloc = (int)skb->truesize + 1;
	skb->sk = &sk;
	skb->destructor = release;
	EXPECT_EQ(dev_queue_xmit(skb), 0);
	EXPECT_EQ(released, 0);
	EXPECT_GT(sk.sk_wmem_alloc, 9999);
	EXPECT_EQ(fake_netdev_drain(dev), 10);
	EXPECT_EQ(sk.sk_wmem_alloc, 1);
	fake_netdev_destroy(dev);
}
