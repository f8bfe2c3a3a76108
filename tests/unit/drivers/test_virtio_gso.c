// SPDX-License-Identifier: MIT
/*
 * The virtio-net driver and packets that are larger than a frame: sent whole, for
 * the device to cut, and received whole.
 */
#include <linux/ip.h>
#include <linux/tcp.h>
#include <net/checksum.h>
#include <net/ip.h>
#include <net/tcp.h>

#include "test_virtio_net.h"

#define GUEST_CSUM	(1ULL << 1)
#define GUEST_TSO4	(1ULL << 7)
#define GUEST_ECN	(1ULL << 9)
#define MRG_RXBUF	(1ULL << 15)
#define HOST_TSO4	(1ULL << 11)
#define HOST_ECN	(1ULL << 13)
#define IP_OFF		14
#define TCP_OFF		34
#define HEADERS		66	/* with a time stamp option */
#define MSS		1448

static struct fake_virtio fake;
static struct nic nic;

static u8 packet[70000];		/* what a test sends or what arrives */
static u8 wire[70000];			/* the last packet of TCP that was sent */
static unsigned int wire_len, wire_packets;

/* A packet of TCP with @len bytes of payload, its checksum to be filled in. */
static void make_packet(unsigned int len)
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
	iph->protocol = IPPROTO_TCP;
	iph->tot_len = htons((u16)(HEADERS - IP_OFF + len));
	iph->saddr = htonl(0x0a000001);
	iph->daddr = htonl(0x0a000002);
	iph->check = ip_fast_csum(iph, iph->ihl);
	th->source = htons(1234);
	th->dest = htons(80);
	th->seq = htonl(1000);
	th->doff = (HEADERS - TCP_OFF) / 4;
	th->ack = 1;
	memcpy(th + 1, "\1\1\10\12\0\0\0\1\0\0\0\2", 12);
	th->check = (__force __sum16)(u16)~(__force u16)
		    tcp_v4_check((int)(HEADERS - TCP_OFF + len), iph->saddr, iph->daddr,
				 (__force __wsum)0);
	for (i = 0; i < len; i++)
		packet[HEADERS + i] = (u8)(i * 7 + i / 256);
}

/* The same as an skb to be cut: headers in the linear part, payload in frags. */
static struct sk_buff *gso_skb(unsigned int len, unsigned int type)
{
	unsigned int room = LL_RESERVED_SPACE(nic.dev), at = 0;
	struct sk_buff *skb = alloc_skb(init_net, room + HEADERS, GFP_ATOMIC);

	make_packet(len);
	skb_reserve(skb, (int)room);
	skb_put_data(skb, packet, HEADERS);
	while (at < len) {
		unsigned int size = min(len - at, 4096U);
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
	skb_shinfo(skb)->gso_type = type;
	return skb;
}

static bool checksum_good(const u8 *frame, unsigned int len)
{
	const struct iphdr *iph = (const void *)(frame + IP_OFF);
	__wsum sum = csum_partial(frame + TCP_OFF, (int)(len - TCP_OFF), (__force __wsum)0);

	return !tcp_v4_check((int)(len - TCP_OFF), iph->saddr, iph->daddr, sum);
}

static void on_tx(void *ctx, const u8 *frame, unsigned int len)
{
	if (get_unaligned_be16(frame + 12) != ETH_P_IP || frame[IP_OFF + 9] != IPPROTO_TCP)
		return;
	wire_packets++;
	wire_len = len;
	memcpy(wire, frame, len);
	EXPECT_TRUE(checksum_good(frame, len));
}

static void begin(u64 without, u16 ring)
{
	fake_virtio_init(&fake, false);
	fake.offered &= ~without;
	fake.vq[FAKE_RX].max = fake.vq[FAKE_RX].num = ring;
	fake.vq[FAKE_TX].max = fake.vq[FAKE_TX].num = ring;
	virtio_test_begin(&fake, &nic);
	fake.on_tx = on_tx;
	wire_packets = 0;
}

/* It came out as it went in, but for the checksum. */
static void expect_whole(unsigned int len)
{
	EXPECT_EQ(wire_packets, 1U);
	EXPECT_EQ(wire_len, HEADERS + len);
	memcpy(packet + TCP_OFF + 16, wire + TCP_OFF + 16, 2);
	EXPECT_MEMEQ(wire, packet, HEADERS + len);
}

TEST(virtio_net_sends_a_large_packet_whole)
{
	static const unsigned int lens[] = { MSS + 1, 2 * MSS, GSO_MAX_SIZE - HEADERS };

	for (unsigned int i = 0; i < ARRAY_SIZE(lens); i++) {
		static const u8 hdr[12] = { 1, 1, HEADERS, 0, MSS & 0xff, MSS >> 8, TCP_OFF, 0,
					    16 };

		begin(0, 256);
		EXPECT_TRUE(nic.dev->features & NETIF_F_TSO);
		dev_queue_xmit(gso_skb(lens[i], SKB_GSO_TCPV4));
		expect_whole(lens[i]);
		EXPECT_MEMEQ(fake.tx_hdr, hdr, sizeof(hdr));
		EXPECT_EQ(fake.tx_gso, 1UL);
		host_run();
		EXPECT_EQ(nic.dev->stats.tx_errors, 0UL);
		virtio_test_end(&fake, &nic);
	}
}

TEST(virtio_net_tells_the_device_of_a_congestion_mark_to_keep)
{
	begin(0, 256);
	dev_queue_xmit(gso_skb(9000, SKB_GSO_TCPV4 | SKB_GSO_TCP_ECN));
	expect_whole(9000);
	EXPECT_EQ(fake.tx_hdr[1], 0x81);
	host_run();
	virtio_test_end(&fake, &nic);
	/* A device that does not know them gets the segments. */
	begin(HOST_ECN, 256);
	dev_queue_xmit(gso_skb(9000, SKB_GSO_TCPV4 | SKB_GSO_TCP_ECN));
	EXPECT_EQ(wire_packets, 7U);
	EXPECT_EQ(fake.tx_gso, 0UL);
	host_run();
	virtio_test_end(&fake, &nic);
}

TEST(virtio_net_gets_segments_when_its_device_cannot_cut)
{
	static const u64 without[] = { HOST_TSO4, HOST_TSO4 | HOST_ECN, 1 };

	for (unsigned int i = 0; i < ARRAY_SIZE(without); i++) {
		begin(without[i], 256);
		EXPECT_FALSE(nic.dev->features & (NETIF_F_TSO | NETIF_F_TSO_ECN));
		dev_queue_xmit(gso_skb(3 * MSS, SKB_GSO_TCPV4));
		EXPECT_EQ(wire_packets, 3U);
		EXPECT_EQ(wire_len, (unsigned int)(HEADERS + MSS));
		EXPECT_EQ(fake.tx_gso, 0UL);
		EXPECT_EQ(fake.tx_hdr[1], 0);
		virtio_test_settle();
		EXPECT_EQ(nic.dev->stats.tx_packets, 3UL);
		virtio_test_end(&fake, &nic);
	}
}

TEST(virtio_net_with_a_ring_too_small_for_large_packets_gets_segments)
{
	begin(0, 16);
	EXPECT_FALSE(nic.dev->features & (NETIF_F_TSO | NETIF_F_TSO_ECN | NETIF_F_SG));
	dev_queue_xmit(gso_skb(3 * MSS, SKB_GSO_TCPV4));
	EXPECT_EQ(wire_packets, 3U);
	host_run();
	virtio_test_end(&fake, &nic);
}

static void expect_refused(struct sk_buff *skb)
{
	u64 errors = nic.dev->stats.tx_errors;

	local_bh_disable();
	EXPECT_EQ(nic.dev->netdev_ops->ndo_start_xmit(skb, nic.dev), NETDEV_TX_OK);
	local_bh_enable();
	EXPECT_EQ(wire_packets, 0U);
	EXPECT_EQ(nic.dev->stats.tx_errors, errors + 1);
}

TEST(virtio_net_drops_large_packets_that_it_cannot_describe)
{
	struct sk_buff *skb;

	begin(0, 256);
	expect_refused(gso_skb(5000, SKB_GSO_UDP_L4));
	skb = gso_skb(5000, SKB_GSO_TCPV4);
	skb->ip_summed = CHECKSUM_NONE;
	expect_refused(skb);
	/* A header that ends outside of the linear part. */
	skb = gso_skb(5000, SKB_GSO_TCPV4);
	((struct tcphdr *)(void *)(skb->data + TCP_OFF))->doff = 9;
	expect_refused(skb);
	skb = gso_skb(5000, SKB_GSO_TCPV4);
	skb->csum_start += HEADERS - TCP_OFF - 18;
	expect_refused(skb);
	host_run();
	virtio_test_end(&fake, &nic);
}

/* ---- receiving ---------------------------------------------------------------- */

/* What came up, of TCP. */
static struct {
	struct packet_type pt;
	unsigned int packets;
	/* of the last one */
	unsigned int len, headlen, frags, truesize, size, segs, type;
	u8 ip_summed;
	u32 seqs[4];			/* of the first few */
} up;

static int rcv_ip(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt,
		  struct net_device *orig_dev)
{
	static u8 bytes[70000];
	u32 seq = 0;

	if (!skb_copy_bits(skb, 0, bytes + ETH_HLEN, (int)skb->len) &&
	    bytes[IP_OFF + 9] == IPPROTO_TCP) {
		seq = get_unaligned_be32(bytes + TCP_OFF + 4);
		if (up.packets < ARRAY_SIZE(up.seqs))
			up.seqs[up.packets] = seq;
		up.packets++;
		up.len = skb->len + ETH_HLEN;
		up.headlen = skb_headlen(skb) + ETH_HLEN;
		up.frags = skb_shinfo(skb)->nr_frags;
		up.truesize = skb->truesize;
		up.size = skb_shinfo(skb)->gso_size;
		up.segs = skb_shinfo(skb)->gso_segs;
		up.type = skb_shinfo(skb)->gso_type;
		up.ip_summed = skb->ip_summed;
		EXPECT_MEMEQ(bytes + HEADERS, packet + HEADERS, up.len - HEADERS);
	}
	consume_skb(skb);
	return NET_RX_SUCCESS;
}

static void rx_begin(u64 without, u16 ring)
{
	begin(without, ring);
	memset(&up, 0, sizeof(up));
	up.pt.type = htons(ETH_P_IP);
	up.pt.dev = nic.dev;
	up.pt.func = rcv_ip;
	dev_add_pack(&up.pt);
}

static void rx_end(void)
{
	dev_remove_pack(&up.pt);
	virtio_test_end(&fake, &nic);
}

/* A good header of a large packet of @len bytes of payload. */
static struct fake_virtio_lie good_hdr(void)
{
	return (struct fake_virtio_lie){ .flags = 1, .gso_type = 1, .csum_start = TCP_OFF,
					 .csum_offset = 16, .hdr_len = HEADERS,
					 .gso_size = MSS };
}

static void receive(unsigned int len, const struct fake_virtio_lie *hdr)
{
	make_packet(len);
	EXPECT_TRUE(fake_virtio_rx(&fake, packet, HEADERS + len, hdr));
	host_run();
}

TEST(virtio_net_receives_a_large_packet_whole)
{
	static const unsigned int lens[] = { MSS + 1, 5 * MSS, 65535 - HEADERS + IP_OFF };
	static const u16 rings[] = { 256, 64, 32, 16, 4 };

	for (unsigned int i = 0; i < ARRAY_SIZE(lens) * ARRAY_SIZE(rings); i++) {
		const struct fake_virtio_lie hdr = good_hdr();
		unsigned int len = lens[i / ARRAY_SIZE(rings)], n;

		rx_begin(0, rings[i % ARRAY_SIZE(rings)]);
		/* Wherever its buffers lie in the ring, half used up or not. */
		for (n = 1; n <= 20; n++) {
			receive(len, &hdr);
			EXPECT_EQ(up.packets, n);
			EXPECT_EQ(up.len, HEADERS + len);
			EXPECT_EQ(up.headlen, (unsigned int)HEADERS);
			EXPECT_LE(up.frags, (unsigned int)MAX_SKB_FRAGS);
			EXPECT_GE(up.truesize, up.len);
			EXPECT_EQ(up.size, (unsigned int)MSS);
			EXPECT_EQ(up.segs, DIV_ROUND_UP(len, MSS));
			EXPECT_EQ(up.type, (unsigned int)SKB_GSO_TCPV4);
			EXPECT_EQ(up.ip_summed, CHECKSUM_PARTIAL);
		}
		EXPECT_EQ(nic.dev->stats.rx_errors, 0UL);
		rx_end();
	}
}

TEST(virtio_net_takes_buffers_for_large_packets_only_when_they_can_come)
{
	static const u64 without[] = { GUEST_TSO4, GUEST_CSUM, MRG_RXBUF };

	for (unsigned int i = 0; i < ARRAY_SIZE(without); i++) {
		struct fake_virtio_lie hdr = good_hdr();
		char text[2048];

		rx_begin(without[i], 256);
		EXPECT_EQ(fake.accepted & (GUEST_TSO4 | GUEST_ECN), 0UL);
		nic.dev->netdev_ops->ndo_dump(nic.dev, text, sizeof(text));
		EXPECT_TRUE(strstr(text, without[i] == MRG_RXBUF ? "buffers 1536..1536 " :
					       "buffers 1536..16384 ") != NULL);
		/* And they may not. */
		hdr.gso_size = 500;
		receive(1400, &hdr);
		EXPECT_EQ(up.packets, 0U);
		EXPECT_EQ(nic.dev->stats.rx_frame_errors, 1UL);
		rx_end();
	}
}

TEST(virtio_net_copies_the_headers_of_tcp_and_nothing_of_its_payload)
{
	rx_begin(0, 256);
	receive(1000, NULL);
	EXPECT_EQ(up.headlen, (unsigned int)HEADERS);
	EXPECT_EQ(up.frags, 1U);
	EXPECT_EQ(up.size, 0U);
	EXPECT_EQ(up.ip_summed, CHECKSUM_NONE);
	/* A short one is copied whole. */
	receive(100, NULL);
	EXPECT_EQ(up.headlen, (unsigned int)HEADERS + 100);
	EXPECT_EQ(up.frags, 0U);
	EXPECT_EQ(up.packets, 2U);
	rx_end();
}

TEST(virtio_net_knows_a_congestion_mark_and_what_is_only_called_large)
{
	struct fake_virtio_lie hdr = good_hdr();

	rx_begin(0, 256);
	hdr.gso_type = 0x81;
	receive(9000, &hdr);
	EXPECT_EQ(up.type, (unsigned int)(SKB_GSO_TCPV4 | SKB_GSO_TCP_ECN));
	receive(MSS, &hdr);
	EXPECT_EQ(up.packets, 2U);
	EXPECT_EQ(up.size, 0U);
	EXPECT_EQ(up.segs, 0U);
	EXPECT_EQ(up.ip_summed, CHECKSUM_PARTIAL);
	/* The smallest size there is. */
	hdr.gso_size = 1;
	receive(60000, &hdr);
	EXPECT_EQ(up.segs, 60000U);
	rx_end();
}

TEST(virtio_net_drops_large_packets_with_headers_that_cannot_be)
{
	struct fake_virtio_lie lies[10];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(lies); i++)
		lies[i] = good_hdr();
	lies[0].gso_size = 0;
	lies[1].flags = 0;
	lies[2].flags = 2;
	lies[3].gso_type = 3;
	lies[4].gso_type = 4;
	lies[5].gso_type = 0x80;
	lies[6].csum_start = IP_OFF;
	lies[7].csum_start = TCP_OFF + 4;
	lies[8].csum_offset = 14;
	lies[9].hdr_len = HEADERS + 5001;
	rx_begin(0, 256);
	for (i = 0; i < ARRAY_SIZE(lies); i++) {
		receive(5000, &lies[i]);
		EXPECT_EQ(nic.dev->stats.rx_frame_errors, i + 1UL);
	}
	EXPECT_EQ(up.packets, 0U);
	EXPECT_EQ(nic.dev->stats.rx_errors, (u64)i);
	EXPECT_GE(fake_virtio_rx_room(&fake), 200U);
	rx_end();
	/* A mark that was not agreed upon. */
	rx_begin(GUEST_ECN, 256);
	lies[5].gso_type = 0x81;
	receive(5000, &lies[5]);
	EXPECT_EQ(nic.dev->stats.rx_frame_errors, 1UL);
	rx_end();
}

TEST(virtio_net_drops_large_packets_that_are_not_tcp)
{
	static const struct {
		u8 at, value;
	} bad[] = {
		{ 12, 0x86 }, { IP_OFF, 0x65 }, { IP_OFF, 0x46 }, { IP_OFF + 9, IPPROTO_UDP },
		{ TCP_OFF + 12, 0x40 }, { TCP_OFF + 12, 0 },
	};
	const struct fake_virtio_lie hdr = good_hdr();

	rx_begin(0, 256);
	for (unsigned int i = 0; i < ARRAY_SIZE(bad); i++) {
		make_packet(5000);
		packet[bad[i].at] = bad[i].value;
		EXPECT_TRUE(fake_virtio_rx(&fake, packet, HEADERS + 5000, &hdr));
		host_run();
		EXPECT_EQ(nic.dev->stats.rx_frame_errors, i + 1UL);
	}
	EXPECT_EQ(up.packets, 0U);
	rx_end();
}

TEST(virtio_net_hands_large_packets_up_in_the_order_in_which_they_came)
{
	const struct fake_virtio_lie hdr = good_hdr(), small = { .flags = 2 };
	unsigned long flags;

	rx_begin(0, 256);
	make_packet(1000);
	local_irq_save(flags);
	EXPECT_TRUE(fake_virtio_rx(&fake, packet, HEADERS + 1000, &small));
	put_unaligned_be32(2000, packet + TCP_OFF + 4);
	put_unaligned_be16(HEADERS - IP_OFF + 5000, packet + IP_OFF + 2);
	EXPECT_TRUE(fake_virtio_rx(&fake, packet, HEADERS + 5000, &hdr));
	up.packets = 0;
	local_irq_restore(flags);
	host_run();
	EXPECT_EQ(up.packets, 2U);
	EXPECT_EQ(up.seqs[0], 1000U);
	EXPECT_EQ(up.seqs[1], 2000U);
	rx_end();
}
