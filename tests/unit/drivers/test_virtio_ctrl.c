// SPDX-License-Identifier: MIT
/*
 * The virtio-net driver's control queue beyond receive filters: pairs of queues,
 * announcing, coalescing; and what else is only used where a device offers it.
 */
#include <linux/inetdevice.h>
#include <linux/init.h>
#include <linux/ip.h>
#include <net/arp.h>
#include <net/checksum.h>
#include <net/ip.h>

#include "../../../drivers/net/virtnet.h"
#include "test_virtio_net.h"

#define ANNOUNCE	(1ULL << 21)
#define MQ		(1ULL << 22)
#define CTRL_VQ		(1ULL << 17)
#define PACKED		(1ULL << 34)
#define NOTF_COAL	(1ULL << 53)
#define HOST_USO	(1ULL << 56)

#define US		htonl(0x0a000002)

static struct fake_virtio fake;
static struct nic nic;

static void command_line(const char *words)
{
	char copy[128];

	strscpy(copy, words, sizeof(copy));
	parse_command_line(copy);
}

static struct virtnet_info *info(void)
{
	return netdev_priv(nic.dev);
}

/* ---- pairs of queues ------------------------------------------------------------- */

static void begin_pairs(bool on_mmio, unsigned int msix, unsigned int asked, unsigned int has,
			u64 with)
{
	char words[] = "virtio_net.queue_pairs=0";

	words[sizeof(words) - 2] += (char)asked;
	command_line(words);
	fake_virtio_init(&fake, on_mmio);
	fake_virtio_set_pairs(&fake, has);
	fake.offered |= with;
	virtio_test_plug(&fake, msix);
	nic_begin(&nic, "virtio_net", &fake);
	fake.on_tx = nic_on_tx;
	fake.ctx = &nic;
}

static void end_pairs(void)
{
	virtio_test_end(&fake, &nic);
	command_line("virtio_net.queue_pairs=1");
}

/* Frames to each pair that is in use, and out again. */
static void exercise_pairs(unsigned int pairs)
{
	u32 seq = 0;

	for (unsigned int round = 0; round < 300; round++) {
		fake.rx_pair = round % pairs;
		EXPECT_TRUE(virtio_test_rx(&fake, seq++, 60 + round));
		nic_send(&nic, 1, 60 + round);
		host_run();
	}
	virtio_test_settle();
	EXPECT_EQ(nic.rx_count, 300UL);
	EXPECT_EQ(nic.wire_count, 300UL);
	EXPECT_EQ(nic.dev->stats.tx_packets, 300UL);
}

TEST(virtio_net_uses_as_many_pairs_as_are_asked_for_and_there_are)
{
	static const struct {
		unsigned int asked, has, used;
	} cases[] = { { 1, 1, 1 }, { 1, 4, 1 }, { 2, 4, 2 }, { 4, 4, 4 }, { 4, 2, 2 },
		      { 4, 1, 1 } };

	for (unsigned int i = 0; i < ARRAY_SIZE(cases); i++) {
		for (unsigned int way = 0; way < 5; way++) {
			static const unsigned int msix[] = { 9, 2, 0, 0, 9 };

			begin_pairs(way == 3, msix[way], cases[i].asked, cases[i].has,
				    way == 4 ? PACKED : 0);
			EXPECT_EQ(fake.pairs, cases[i].used);
			EXPECT_EQ(info()->curr_pairs, cases[i].used);
			EXPECT_EQ(!!(fake.accepted & MQ), cases[i].asked > 1 && cases[i].has > 1);
			exercise_pairs(cases[i].used);
			end_pairs();
		}
	}
}

/* A packet of UDP from port @port. */
static void send_udp(u16 port)
{
	unsigned int room = LL_RESERVED_SPACE(nic.dev);
	struct sk_buff *skb = alloc_skb(init_net, room + 100, GFP_ATOMIC);
	struct iphdr *iph;
	u8 *frame;

	skb_reserve(skb, (int)room);
	frame = skb_put(skb, 100);
	memset(frame, 0, 100);
	put_unaligned_be16(ETH_P_IP, frame + 12);
	iph = (void *)(frame + ETH_HLEN);
	iph->version = 4;
	iph->ihl = 5;
	iph->protocol = IPPROTO_UDP;
	iph->tot_len = htons(86);
	put_unaligned_be16(port, frame + 34);
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, ETH_HLEN);
	skb->protocol = htons(ETH_P_IP);
	skb->dev = nic.dev;
	dev_queue_xmit(skb);
}

TEST(virtio_net_spreads_flows_over_its_pairs_and_keeps_each_in_one)
{
	begin_pairs(false, 9, 4, 4, 0);
	for (u16 port = 0; port < 400; port++)
		send_udp(port);
	for (unsigned int i = 0; i < 4; i++)
		EXPECT_GT(fake.pair_tx[i], 50UL);
	for (unsigned int i = 0; i < 50; i++) {
		u64 before[4];

		memcpy(before, fake.pair_tx, sizeof(before));
		for (unsigned int n = 0; n < 5; n++)
			send_udp((u16)i);
		for (unsigned int n = 0; n < 4; n++)
			EXPECT_TRUE(fake.pair_tx[n] == before[n] ||
				    fake.pair_tx[n] == before[n] + 5);
	}
	virtio_test_settle();
	EXPECT_EQ(nic.dev->netdev_ops->ndo_held(nic.dev), 0U);
	end_pairs();
}

TEST(virtio_net_rings_every_queue_of_a_burst)
{
	begin_pairs(false, 9, 4, 4, 0);
	local_bh_disable();
	for (u16 port = 0; port < 32; port++) {
		struct sk_buff *skb = nic_skb(&nic, nic.tx_seq++, 500, 0);

		put_unaligned_be16(ETH_P_IP, skb->data + 12);
		memset(skb->data + ETH_HLEN, 0, 20);
		skb->data[ETH_HLEN] = 0x45;
		skb->data[ETH_HLEN + 9] = IPPROTO_UDP;
		put_unaligned_be16(port, skb->data + 34);
		skb->protocol = htons(ETH_P_IP);
		skb->xmit_more = port < 31;
		EXPECT_EQ(nic.dev->netdev_ops->ndo_start_xmit(skb, nic.dev), NETDEV_TX_OK);
	}
	local_bh_enable();
	EXPECT_GE(fake.tx_frames, 32UL);
	virtio_test_settle();
	EXPECT_EQ(nic.dev->netdev_ops->ndo_held(nic.dev), 0U);
	end_pairs();
}

TEST(virtio_net_stops_and_wakes_with_several_pairs)
{
	begin_pairs(false, 9, 2, 2, 0);
	fake.stop_tx = true;
	for (u16 port = 0; port < 900; port++)
		send_udp(port);
	EXPECT_TRUE(netif_queue_stopped(nic.dev));
	fake.tx_limit = 5;
	for (unsigned int i = 0; i < 400; i++) {
		fake_virtio_run(&fake);
		host_run();
	}
	fake.tx_limit = 0;
	fake.stop_tx = false;
	virtio_test_settle();
	EXPECT_FALSE(netif_queue_stopped(nic.dev));
	EXPECT_GE(nic.dev->stats.tx_packets, 900UL);
	end_pairs();
}

TEST(virtio_net_stays_with_one_pair_when_its_device_refuses_more)
{
	command_line("virtio_net.queue_pairs=2");
	fake_virtio_init(&fake, false);
	fake_virtio_set_pairs(&fake, 2);
	fake.ctrl_answer = 1;
	virtio_test_begin(&fake, &nic);
	EXPECT_EQ(info()->curr_pairs, 1U);
	EXPECT_GT(info()->ctrl_errors, 0UL);
	fake.ctrl_answer = 0;
	exercise_pairs(1);
	/* Or has more than there can be. */
	end_pairs();
	command_line("virtio_net.queue_pairs=2");
	fake_virtio_init(&fake, false);
	put_unaligned_le16(0x4000, fake.config + 8);
	virtio_test_begin(&fake, &nic);
	EXPECT_EQ(fake.accepted & MQ, 0UL);
	exercise_pairs(1);
	end_pairs();
	/* Or has no control queue. */
	command_line("virtio_net.queue_pairs=2");
	fake_virtio_init(&fake, false);
	fake_virtio_set_pairs(&fake, 2);
	fake.offered &= ~CTRL_VQ;
	virtio_test_begin(&fake, &nic);
	EXPECT_EQ(fake.accepted & MQ, 0UL);
	exercise_pairs(1);
	end_pairs();
}

TEST(virtio_net_takes_no_other_words_for_numbers_of_pairs)
{
	command_line("virtio_net.queue_pairs=0 virtio_net.queue_pairs=5 virtio_net.queue_pairs=x");
	command_line("virtio_net.coalesce=1,2,3 virtio_net.coalesce=1,2,3,4,5 virtio_net.coalesce=");
	fake_virtio_init(&fake, false);
	fake_virtio_set_pairs(&fake, 4);
	fake.offered |= NOTF_COAL;
	virtio_test_begin(&fake, &nic);
	EXPECT_EQ(info()->pairs, 1U);
	EXPECT_EQ(fake.coal[0][0] | fake.coal[0][1] | fake.coal[1][0] | fake.coal[1][1], 0U);
	virtio_test_end(&fake, &nic);
}

/* ---- announcing ------------------------------------------------------------------ */

static unsigned int announcements;

static void hear_arp(void *ctx, const u8 *frame, unsigned int len)
{
	static const u8 all[] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	__be32 us = US;

	if (len < 42 || get_unaligned_be16(frame + 12) != ETH_P_ARP)
		return;
	announcements += !memcmp(frame, all, ETH_ALEN) && frame[21] == 1 &&
			 !memcmp(frame + 28, &us, 4) && !memcmp(frame + 38, &us, 4) &&
			 !memcmp(frame + 22, nic.dev->dev_addr, ETH_ALEN);
}

TEST(virtio_net_tells_the_link_where_it_is_when_its_device_asks)
{
	fake_virtio_init(&fake, false);
	fake.offered |= ANNOUNCE;
	virtio_test_begin(&fake, &nic);
	EXPECT_EQ(ip_config_set(init_net, nic.dev, US, 24, 0), 0);
	virtio_test_settle();
	fake.on_tx = hear_arp;
	announcements = 0;
	fake_virtio_announce(&fake);
	host_run();
	EXPECT_EQ(announcements, 1U);
	EXPECT_EQ(fake.announced, 1UL);
	/* And not again, whatever else changes. */
	fake_virtio_link(&fake, false);
	fake_virtio_link(&fake, true);
	host_run();
	EXPECT_EQ(announcements, 1U);
	EXPECT_EQ(fake.announced, 1UL);
	virtio_test_settle();
	virtio_test_end(&fake, &nic);
}

TEST(virtio_net_does_not_announce_for_a_device_that_may_not_ask)
{
	fake_virtio_init(&fake, false);
	virtio_test_begin(&fake, &nic);
	EXPECT_EQ(fake.accepted & ANNOUNCE, 0UL);
	EXPECT_EQ(ip_config_set(init_net, nic.dev, US, 24, 0), 0);
	virtio_test_settle();
	fake.on_tx = hear_arp;
	announcements = 0;
	fake_virtio_announce(&fake);
	host_run();
	EXPECT_EQ(announcements, 0U);
	virtio_test_end(&fake, &nic);
}

/* ---- coalescing, USO ---------------------------------------------------------------- */

TEST(virtio_net_has_interrupts_wait_as_the_command_line_says)
{
	command_line("virtio_net.coalesce=50,16,100,64");
	for (unsigned int offered = 0; offered < 2; offered++) {
		fake_virtio_init(&fake, false);
		fake.offered |= offered ? NOTF_COAL : 0;
		virtio_test_begin(&fake, &nic);
		EXPECT_EQ(fake.coal[0][0], offered * 64);
		EXPECT_EQ(fake.coal[0][1], offered * 100);
		EXPECT_EQ(fake.coal[1][0], offered * 16);
		EXPECT_EQ(fake.coal[1][1], offered * 50);
		virtio_test_end(&fake, &nic);
	}
	command_line("virtio_net.coalesce=none");
}

/* 3,000 bytes of UDP to be cut. */
static struct sk_buff *uso_skb(void)
{
	unsigned int room = LL_RESERVED_SPACE(nic.dev);
	struct sk_buff *skb = alloc_skb(init_net, room + 3042, GFP_ATOMIC);
	struct iphdr *iph;
	u8 *frame;

	skb_reserve(skb, (int)room);
	frame = skb_put(skb, 3042);
	memset(frame, 0, 3042);
	memset(frame, 0xff, ETH_ALEN);
	put_unaligned_be16(ETH_P_IP, frame + 12);
	iph = (void *)(frame + ETH_HLEN);
	iph->version = 4;
	iph->ihl = 5;
	iph->ttl = 64;
	iph->protocol = IPPROTO_UDP;
	iph->tot_len = htons(3028);
	iph->check = ip_fast_csum(iph, 5);
	put_unaligned_be16(3008, frame + 38);
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, ETH_HLEN);
	skb->protocol = htons(ETH_P_IP);
	skb->dev = nic.dev;
	EXPECT_TRUE(skb_partial_csum_set(skb, 34, 6));
	skb_shinfo(skb)->gso_size = 1000;
	skb_shinfo(skb)->gso_segs = 3;
	skb_shinfo(skb)->gso_type = SKB_GSO_UDP_L4;
	return skb;
}

TEST(virtio_net_has_the_device_cut_udp_where_it_can)
{
	static const u8 hdr[12] = { 1, 5, 42, 0, 1000 & 0xff, 1000 >> 8, 34, 0, 6 };

	fake_virtio_init(&fake, false);
	fake.offered |= HOST_USO;
	virtio_test_begin(&fake, &nic);
	EXPECT_TRUE(nic.dev->features & NETIF_F_GSO_UDP_L4);
	local_bh_disable();
	EXPECT_EQ(nic.dev->netdev_ops->ndo_start_xmit(uso_skb(), nic.dev), NETDEV_TX_OK);
	local_bh_enable();
	EXPECT_EQ(fake.tx_gso, 1UL);
	EXPECT_MEMEQ(fake.tx_hdr, hdr, sizeof(hdr));
	virtio_test_settle();
	virtio_test_end(&fake, &nic);
	/* Where it cannot it never sees one. */
	fake_virtio_init(&fake, false);
	virtio_test_begin(&fake, &nic);
	EXPECT_FALSE(nic.dev->features & NETIF_F_GSO_UDP_L4);
	local_bh_disable();
	nic.dev->netdev_ops->ndo_start_xmit(uso_skb(), nic.dev);
	local_bh_enable();
	EXPECT_EQ(fake.tx_gso, 0UL);
	EXPECT_EQ(nic.dev->stats.tx_errors, 1UL);
	virtio_test_end(&fake, &nic);
}
