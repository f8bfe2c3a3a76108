// SPDX-License-Identifier: MIT
/*
 * The virtio-net driver and packets that are larger than a frame: sent whole, for
 * the device to cut.
 */
#include <linux/ip.h>
#include <linux/tcp.h>
#include <net/checksum.h>
#include <net/ip.h>
#include <net/tcp.h>

#include "test_virtio_net.h"

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
		host_run();
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
