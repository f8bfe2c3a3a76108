// SPDX-License-Identifier: MIT
/*
 * The e1000 driver and packets that are larger than a frame. The fake device cuts
 * them as its manual says; what comes out has to be, byte for byte, what the
 * stack's own segmentation makes of the same packet.
 */
#include <linux/err.h>
#include <linux/ip.h>
#include <linux/tcp.h>
#include <net/checksum.h>
#include <net/gro.h>
#include <net/ip.h>
#include <net/tcp.h>

#include "test_e1000.h"

#define IP_OFF	14
#define TCP_OFF	34
#define HEADERS	66	/* with a time stamp option */
#define MSS	1448
#define BATCH	64	/* descriptors that report as one, at most */

static struct fake_e1000 fake;
static struct nic nic;

static u8 packet[70000];		/* what a test sends */
static u8 stream[70000];		/* frames of TCP as they left, one after another */
static unsigned int stream_len, frames;

static void on_tx(void *ctx, const u8 *frame, unsigned int len)
{
	if (get_unaligned_be16(frame + 12) != ETH_P_IP) {
		nic_on_tx(ctx, frame, len);
		return;
	}
	frames++;
	if (stream_len + len <= sizeof(stream))
		memcpy(stream + stream_len, frame, len);
	stream_len += len;
}

static void begin(void)
{
	e1000_test_begin(&fake, &nic);
	fake.on_tx = on_tx;
	stream_len = frames = 0;
}

/* Headers that wrap what the device counts: identification and sequence number. */
static void make_packet(unsigned int len, u8 flags)
{
	struct iphdr *iph = (void *)(packet + IP_OFF);
	struct tcphdr *th = (void *)(packet + TCP_OFF);
	unsigned int i;

	memset(packet, 0, HEADERS);
	memcpy(packet, nic.dev->dev_addr, ETH_ALEN);
	packet[6] = 0x02;
	put_unaligned_be16(ETH_P_IP, packet + 12);
	iph->version = 4;
	iph->ihl = 5;
	iph->ttl = 64;
	iph->id = htons(0xfffe);
	iph->protocol = IPPROTO_TCP;
	iph->tot_len = htons((u16)(HEADERS - IP_OFF + len));
	iph->saddr = htonl(0x0a000001);
	iph->daddr = htonl(0xfffefffd);
	iph->check = ip_fast_csum(iph, iph->ihl);
	th->source = htons(1234);
	th->dest = htons(80);
	th->seq = htonl(0xfffffff0);
	th->doff = (HEADERS - TCP_OFF) / 4;
	((u8 *)th)[13] = flags;
	memcpy(th + 1, "\1\1\10\12\0\0\0\1\0\0\0\2", 12);
	th->check = (__force __sum16)(u16)~(__force u16)
		    tcp_v4_check((int)(HEADERS - TCP_OFF + len), iph->saddr, iph->daddr,
				 (__force __wsum)0);
	for (i = 0; i < len; i++)
		packet[HEADERS + i] = (u8)(i * 7 + i / 256);
}

/* As an skb to be cut: headers and @linear bytes in front, the rest in frags of
 * @piece bytes. */
static struct sk_buff *gso_skb(unsigned int len, unsigned int linear, unsigned int piece)
{
	unsigned int room = LL_RESERVED_SPACE(nic.dev), at = linear;
	struct sk_buff *skb = alloc_skb(init_net, room + HEADERS + linear, GFP_ATOMIC);

	make_packet(len, 0x19);		/* FIN, PSH, ACK */
	skb_reserve(skb, (int)room);
	skb_put_data(skb, packet, HEADERS + linear);
	while (at < len) {
		unsigned int size = min(len - at, piece);
		struct skb_page *page = skb_page_alloc(size, GFP_ATOMIC);

		memcpy(page->data, packet + HEADERS + at, size);
		skb_add_rx_frag(skb, skb_shinfo(skb)->nr_frags, page, 0, size, size);
		at += size;
	}
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, IP_OFF);
	skb->protocol = htons(ETH_P_IP);
	skb->dev = nic.dev;
	EXPECT_TRUE(skb_partial_csum_set(skb, TCP_OFF, offsetof(struct tcphdr, check)));
	skb_shinfo(skb)->gso_size = MSS;
	skb_shinfo(skb)->gso_segs = (u16)DIV_ROUND_UP(len, MSS);
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4;
	return skb;
}

/* What left is what software makes of a copy. Consumes @copy. */
static void expect_as_software(struct sk_buff *copy)
{
	struct sk_buff *seg, *next, *segs = skb_gso_segment(copy, NETIF_F_SG);
	unsigned int at = 0, n = 0;
	static u8 want[2048];

	BUG_ON(IS_ERR(segs));
	for (seg = segs; seg; seg = next, n++) {
		next = seg->next;
		skb_mark_not_on_list(seg);
		if (seg->ip_summed == CHECKSUM_PARTIAL)
			EXPECT_EQ(skb_checksum_help(seg), 0);
		EXPECT_EQ(skb_copy_bits(seg, 0, want, (int)seg->len), 0);
		EXPECT_LE(at + seg->len, stream_len);
		EXPECT_MEMEQ(stream + at, want, seg->len);
		at += seg->len;
		consume_skb(seg);
	}
	EXPECT_EQ(frames, n);
	EXPECT_EQ(stream_len, at);
	consume_skb(copy);
}

TEST(e1000_has_the_device_cut_packets_as_software_would)
{
	static const struct {
		unsigned int len, linear, piece;
	} cases[] = {
		{ MSS + 1, 0, 4096 },		/* one byte in the last segment */
		{ 2 * MSS, 0, 4096 },		/* none is shorter */
		{ 5 * MSS + 100, 300, 1000 },	/* payload behind the headers */
		{ 4 * MSS, 4 * MSS, 1 },	/* no frags */
		{ 40000, 0, 32768 },		/* pieces that are split */
		{ GSO_MAX_SIZE - HEADERS, 0, 4096 },
		{ GSO_MAX_SIZE - HEADERS, 500, 16289 },
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(cases); i++) {
		struct sk_buff *skb, *copy;

		begin();
		EXPECT_TRUE(nic.dev->features & NETIF_F_TSO);
		skb = gso_skb(cases[i].len, cases[i].linear, cases[i].piece);
		copy = skb_copy(skb, GFP_ATOMIC);
		fake_bus_reset_counts();
		dev_queue_xmit(skb);
		EXPECT_EQ(fake_mmio_writes, 1UL);
		EXPECT_EQ(fake.tso_contexts, 1UL);
		EXPECT_EQ(fake.write_backs, 1UL);
		expect_as_software(copy);
		host_run();
		EXPECT_EQ(nic.dev->stats.tx_packets, 1UL);
		EXPECT_EQ(nic.dev->stats.tx_errors + nic.dev->stats.tx_dropped, 0UL);
		e1000_test_end(&fake, &nic);
	}
}

TEST(e1000_changes_no_header_that_somebody_else_looks_at)
{
	struct sk_buff *skb, *clone;

	begin();
	skb = gso_skb(3 * MSS, 0, 4096);
	clone = skb_clone(skb, GFP_ATOMIC);
	dev_queue_xmit(skb);
	host_run();
	EXPECT_EQ(frames, 3U);
	EXPECT_MEMEQ(clone->data, packet, HEADERS);
	consume_skb(clone);
	e1000_test_end(&fake, &nic);
}

TEST(e1000_keeps_its_checksum_context_over_packets_that_are_cut)
{
	struct sk_buff *skb;

	begin();
	for (unsigned int i = 0; i < 5; i++) {
		skb = nic_skb(&nic, nic.tx_seq++, 500, 0);
		EXPECT_TRUE(skb_partial_csum_set(skb, 34, 16));
		dev_queue_xmit(skb);
		dev_queue_xmit(gso_skb(3 * MSS, 0, 4096));
	}
	host_run();
	EXPECT_EQ(frames, 15U);
	EXPECT_EQ(nic.wire_count, 5UL);
	nic.wire_bad = 0;	/* the pattern has a checksum in it */
	EXPECT_EQ(fake.contexts, 1UL);
	EXPECT_EQ(fake.tso_contexts, 5UL);
	e1000_test_end(&fake, &nic);
}

TEST(e1000_sends_a_congestion_mark_in_segments_of_its_own)
{
	struct sk_buff *skb;

	begin();
	skb = gso_skb(3 * MSS, 0, 4096);
	skb_shinfo(skb)->gso_type |= SKB_GSO_TCP_ECN;
	dev_queue_xmit(skb);
	host_run();
	EXPECT_EQ(frames, 3U);
	EXPECT_EQ(fake.tso_contexts, 0UL);
	e1000_test_end(&fake, &nic);
}

static void expect_refused(struct sk_buff *skb)
{
	u64 dropped = nic.dev->stats.tx_dropped, doorbells = fake.tx_doorbells;

	local_bh_disable();
	EXPECT_EQ(nic.dev->netdev_ops->ndo_start_xmit(skb, nic.dev), NETDEV_TX_OK);
	local_bh_enable();
	EXPECT_EQ(nic.dev->stats.tx_dropped, dropped + 1);
	EXPECT_EQ(fake.tx_doorbells, doorbells);
}

TEST(e1000_refuses_to_have_cut_what_is_no_packet_of_tcp)
{
	struct sk_buff *skb;

	begin();
	skb = gso_skb(3 * MSS, 0, 4096);
	skb->ip_summed = CHECKSUM_NONE;
	expect_refused(skb);
	skb = gso_skb(3 * MSS, 0, 4096);
	skb_shinfo(skb)->gso_type = SKB_GSO_UDP_L4;
	expect_refused(skb);
	skb = gso_skb(3 * MSS, 0, 4096);
	skb->protocol = htons(ETH_P_ARP);
	expect_refused(skb);
	skb = gso_skb(3 * MSS, 0, 4096);
	skb->data[IP_OFF] = 0x46;	/* options of IP that are not there */
	expect_refused(skb);
	skb = gso_skb(3 * MSS, 0, 4096);
	skb->data[IP_OFF + 9] = IPPROTO_UDP;
	expect_refused(skb);
	skb = gso_skb(3 * MSS, 0, 4096);
	skb->data[TCP_OFF + 12] = 0xf0;	/* TCP options beyond the linear part */
	expect_refused(skb);
	skb = gso_skb(3 * MSS, 0, 4096);
	skb->data[TCP_OFF + 12] = 0x40;	/* shorter than a TCP header */
	expect_refused(skb);
	host_run();
	EXPECT_EQ(frames, 0U);
	dev_queue_xmit(gso_skb(3 * MSS, 0, 4096));
	EXPECT_EQ(frames, 3U);
	host_run();
	e1000_test_end(&fake, &nic);
}

TEST(e1000_unmaps_all_of_a_large_packet_of_which_a_piece_cannot_be_mapped)
{
	struct sk_buff *skb;

	/* Headers, ten frags: each of them. */
	for (unsigned int n = 1; n <= 11; n++) {
		unsigned long mapped;

		begin();
		mapped = fake_pci_found(&fake.pci)->dev.dma_mapped;
		skb = gso_skb(10 * 4096, 0, 4096);
		fake_dma_fail_after(n, 1);
		expect_refused(skb);
		fake_dma_fail_after(0, 0);
		EXPECT_EQ(fake_pci_found(&fake.pci)->dev.dma_mapped, mapped);
		dev_queue_xmit(gso_skb(3 * MSS, 0, 4096));
		host_run();
		EXPECT_EQ(frames, 3U);
		EXPECT_EQ(fake.tso_contexts, 1UL);
		e1000_test_end(&fake, &nic);
	}
}

TEST(e1000_loses_no_large_packet_when_the_ring_fills_up)
{
	const unsigned int packets = 60, segments = DIV_ROUND_UP(60000, MSS);

	begin();
	fake.stop_tx = true;
	for (unsigned int i = 0; i < packets; i++)
		dev_queue_xmit(gso_skb(60000, 0, 4096));
	EXPECT_TRUE(netif_queue_stopped(nic.dev));
	EXPECT_EQ(frames, 0U);
	fake.tx_limit = 2;
	for (unsigned int i = 0; i < 100 && frames < packets * segments; i++) {
		fake_e1000_run(&fake);
		host_run();
	}
	EXPECT_EQ(frames, packets * segments);
	EXPECT_EQ(nic.dev->stats.tx_packets, (u64)packets);
	EXPECT_EQ(nic.dev->stats.tx_dropped, 0UL);
	EXPECT_FALSE(netif_queue_stopped(nic.dev));
	e1000_test_end(&fake, &nic);
}

/* @n frames under one xmit_more, straight into the driver. */
static void burst(unsigned int n)
{
	local_bh_disable();
	for (unsigned int i = 0; i < n; i++) {
		struct sk_buff *skb = nic_skb(&nic, nic.tx_seq++, 500, 0);

		skb->xmit_more = i < n - 1;
		EXPECT_EQ(nic.dev->netdev_ops->ndo_start_xmit(skb, nic.dev), NETDEV_TX_OK);
	}
	local_bh_enable();
}

TEST(e1000_has_a_burst_reported_once)
{
	begin();
	burst(30);
	EXPECT_EQ(fake.tx_doorbells, 1UL);
	EXPECT_EQ(fake.write_backs, 1UL);
	EXPECT_EQ(nic.dev->stats.tx_packets, 30UL);
	/* A long one in parts. */
	burst(3 * BATCH + 1);
	EXPECT_EQ(fake.tx_doorbells, 2UL);
	EXPECT_EQ(fake.write_backs, 1UL + 3 + 1);
	EXPECT_EQ(nic.dev->stats.tx_packets, 30UL + 3 * BATCH + 1);
	EXPECT_EQ(nic.wire_count, 30UL + 3 * BATCH + 1);
	e1000_test_end(&fake, &nic);
}

TEST(e1000_rings_in_the_midst_of_a_burst_that_fills_the_ring)
{
	begin();
	/* No end of it: the device is told all the same, and takes it. */
	local_bh_disable();
	for (unsigned int i = 0; i < 600; i++) {
		struct sk_buff *skb = nic_skb(&nic, nic.tx_seq++, 500, 0);

		skb->xmit_more = true;
		EXPECT_EQ(nic.dev->netdev_ops->ndo_start_xmit(skb, nic.dev), NETDEV_TX_OK);
		EXPECT_FALSE(netif_queue_stopped(nic.dev));
	}
	local_bh_enable();
	EXPECT_GT(nic.wire_count, 400UL);
	EXPECT_LT(nic.wire_count, 600UL);
	burst(1);
	EXPECT_EQ(nic.wire_count, 601UL);
	host_run();
	EXPECT_EQ(nic.dev->stats.tx_packets, 601UL);
	e1000_test_end(&fake, &nic);
}

static void answer(struct nic *n)
{
	nic_send(n, 1, 100);
}

TEST(e1000_rings_once_for_all_that_a_poll_sends)
{
	begin();
	nic.on_rx = answer;
	fake.hold_irq = true;
	for (unsigned int i = 0; i < 40; i++)
		EXPECT_TRUE(e1000_test_rx(&fake, i, 300));
	fake_e1000_release_irq(&fake);
	host_run();
	EXPECT_EQ(nic.wire_count, 40UL);
	EXPECT_EQ(nic.dev->stats.tx_packets, 40UL);
	EXPECT_EQ(fake.tx_doorbells, 1UL);
	EXPECT_EQ(fake.write_backs, 1UL);
	/* A poll that does its whole budget rings as well. */
	fake.hold_irq = true;
	for (unsigned int i = 0; i < 64; i++)
		EXPECT_TRUE(e1000_test_rx(&fake, 40 + i, 300));
	fake_e1000_release_irq(&fake);
	host_run();
	EXPECT_EQ(nic.wire_count, 104UL);
	EXPECT_EQ(fake.tx_doorbells, 2UL);
	/* And what is sent outside of it goes at once. */
	nic_send(&nic, 1, 100);
	EXPECT_EQ(nic.wire_count, 105UL);
	e1000_test_end(&fake, &nic);
}

TEST(e1000_keeps_a_queue_going_that_a_poll_fills)
{
	begin();
	nic.on_rx = answer;
	fake.stop_tx = true;
	for (unsigned int i = 0; i < 400; i++)
		EXPECT_TRUE(e1000_test_rx(&fake, i, 300));
	host_run();
	EXPECT_TRUE(netif_queue_stopped(nic.dev));
	EXPECT_EQ(nic.wire_count, 0UL);
	fake.stop_tx = false;
	fake_e1000_run(&fake);
	host_run();
	EXPECT_EQ(nic.wire_count, 400UL);
	EXPECT_EQ(nic.dev->stats.tx_dropped, 0UL);
	e1000_test_end(&fake, &nic);
}
