// SPDX-License-Identifier: MIT
/*
 * The virtio-net driver against the fake device, over all ways to reach it: PCI
 * with a message for each queue, with one for all, with the pin; plain mmio.
 */
#include <linux/dma-mapping.h>
#include <linux/slab.h>

#include "../../../drivers/net/virtnet.h"
#include "test_virtio_net.h"

/** virtio_test_begin() - a NIC, found and up */
void virtio_test_begin(struct fake_virtio *f, struct nic *nic)
{
	virtio_test_plug(f, 3);
	nic_begin(nic, "virtio_net", f);
	f->on_tx = nic_on_tx;
	f->ctx = nic;
}

/** virtio_test_plug() - on its bus, found, still down */
void virtio_test_plug(struct fake_virtio *f, unsigned int msix)
{
	struct net_device *dev;

	dma_debug_enable(true);
	fake_virtio_plug(f, msix);
	dev = nic_find("virtio_net");
	if (dev) {
		struct virtnet_info *vi = netdev_priv(dev);

		f->dma_dev = vi->vdev->dma_dev;
	}
}

/** virtio_test_end() - down, nothing left mapped, gone */
void virtio_test_end(struct fake_virtio *f, struct nic *nic)
{
	nic_end(nic);
	nic_expect_dma_clean(f->dma_dev);
	fake_virtio_unplug(f);
	dma_debug_enable(false);
}

/** virtio_test_rx() - the next numbered frame from the wire */
bool virtio_test_rx(struct fake_virtio *f, u32 seq, unsigned int len)
{
	static u8 frame[70000];

	nic_fill(frame, seq, len, NULL);
	return fake_virtio_rx(f, frame, len, NULL);
}

/** virtio_test_settle() - long enough for completions that raise no interrupt */
void virtio_test_settle(void)
{
	host_sleep(5 * NSEC_PER_MSEC);
}

static struct fake_virtio fake;
static struct nic nic;

/* Traffic both ways, thrice round the rings, and the ring full. */
static void exercise(void)
{
	unsigned int i;

	for (i = 0; i < 3 * 256 + 5; i++) {
		nic_send(&nic, 1, 60 + i % 1455);
		EXPECT_TRUE(virtio_test_rx(&fake, i, 60 + (i * 7) % 1455));
	}
	virtio_test_settle();
	EXPECT_EQ(nic.wire_count, (u64)i);
	EXPECT_EQ(nic.rx_count, (u64)i);
	EXPECT_EQ(nic.dev->stats.tx_packets, (u64)i);
	EXPECT_EQ(nic.dev->stats.rx_packets, (u64)i);
	EXPECT_EQ(fake.rx_missed, 0UL);

	EXPECT_EQ(nic.dev->netdev_ops->ndo_held(nic.dev), 0U);
	fake.stop_tx = true;
	nic_send(&nic, 600, 200);
	EXPECT_TRUE(netif_queue_stopped(nic.dev));
	EXPECT_GT(nic.dev->netdev_ops->ndo_held(nic.dev), 200U);
	fake.tx_limit = 7;
	for (i = 0; i < 200 && nic.wire_count < 600 + 3 * 256 + 5; i++) {
		fake_virtio_run(&fake);
		host_run();
	}
	virtio_test_settle();
	EXPECT_EQ(nic.wire_count, 600UL + 3 * 256 + 5);
	EXPECT_FALSE(netif_queue_stopped(nic.dev));
	EXPECT_EQ(nic.dev->stats.tx_packets, 600UL + 3 * 256 + 5);
	EXPECT_EQ(nic.dev->stats.tx_dropped, 0UL);
	fake.stop_tx = false;
	fake.tx_limit = 0;
}

#define PACKED	(1ULL << 34)

static void exercise_ring(bool on_mmio, unsigned int msix, u64 without, u64 with)
{
	fake_virtio_init(&fake, on_mmio);
	fake.offered &= ~without;
	fake.offered |= with;
	virtio_test_plug(&fake, msix);
	nic_begin(&nic, "virtio_net", &fake);
	fake.on_tx = nic_on_tx;
	fake.ctx = &nic;
	exercise();
	fake_virtio_link(&fake, false);
	host_run();
	EXPECT_FALSE(netif_carrier_ok(nic.dev));
	fake_virtio_link(&fake, true);
	host_run();
	EXPECT_TRUE(netif_carrier_ok(nic.dev));
	virtio_test_end(&fake, &nic);
}

static void exercise_with(bool on_mmio, unsigned int msix, u64 without)
{
	exercise_ring(on_mmio, msix, without, 0);
}

TEST(virtio_net_works_with_packed_rings)
{
	exercise_ring(false, 3, 0, PACKED);
	exercise_ring(false, 2, 0, PACKED);
	exercise_ring(false, 0, 0, PACKED);
	exercise_ring(true, 0, 0, PACKED);
	exercise_ring(false, 3, 1ULL << 29, PACKED);
	exercise_ring(true, 0, 1ULL << 29 | 1ULL << 28, PACKED);
	exercise_ring(false, 3, 1ULL << 15, PACKED);
}

TEST(virtio_net_works_with_a_message_for_each_queue)
{
	exercise_with(false, 3, 0);
}

TEST(virtio_net_works_with_one_message_for_all_queues)
{
	exercise_with(false, 2, 0);
}

TEST(virtio_net_works_with_the_interrupt_pin)
{
	exercise_with(false, 0, 0);
	exercise_with(false, 1, 0);
}

TEST(virtio_net_works_with_the_pin_when_the_device_has_no_room_for_messages)
{
	fake_virtio_init(&fake, false);
	fake.refuse_vectors = true;
	virtio_test_begin(&fake, &nic);
	exercise();
	EXPECT_FALSE(fake_pci_get16(&fake.pci, PCI_COMMAND) & PCI_COMMAND_INTX_DISABLE);
	virtio_test_end(&fake, &nic);
}

TEST(virtio_net_works_on_mmio)
{
	exercise_with(true, 0, 0);
}

TEST(virtio_net_works_without_event_indices)
{
	exercise_with(false, 3, 1ULL << 29);
	exercise_with(true, 0, 1ULL << 29);
}

TEST(virtio_net_works_without_merging_and_without_indirect_tables)
{
	exercise_with(false, 3, 1ULL << 15 | 1ULL << 28);
}

TEST(virtio_net_works_without_a_control_queue_and_checksums)
{
	exercise_with(false, 3, 1ULL << 17 | 1ULL << 18 | 1ULL << 23 | 3);
}

TEST(virtio_net_works_with_rings_of_all_sizes)
{
	static const u16 sizes[] = { 4, 8, 16, 32, 64, 128, 512, 1024,
				     /* from here on packed */
				     5, 7, 16, 99, 256, 1000 };

	for (unsigned int i = 0; i < ARRAY_SIZE(sizes); i++) {
		fake_virtio_init(&fake, false);
		fake.offered |= i < 8 ? 0 : PACKED;
		fake.vq[FAKE_RX].max = fake.vq[FAKE_RX].num = sizes[i];
		fake.vq[FAKE_TX].max = fake.vq[FAKE_TX].num = sizes[i];
		virtio_test_begin(&fake, &nic);
		for (u32 n = 0; n < 3000; n++) {
			nic_send(&nic, 1, 60 + n % 1400);
			EXPECT_TRUE(virtio_test_rx(&fake, n, 60 + n % 1400));
		}
		dev_queue_xmit(nic_skb(&nic, nic.tx_seq++, 1400, MAX_SKB_FRAGS));
		host_run();
		EXPECT_EQ(nic.wire_count, 3001UL);
		EXPECT_EQ(nic.rx_count, 3000UL);
		virtio_test_end(&fake, &nic);
	}
}

TEST(virtio_net_knows_its_address_and_its_mtu)
{
	static const u8 mac[] = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x04 };

	fake_virtio_init(&fake, false);
	put_unaligned_le16(1400, fake.config + 10);
	virtio_test_begin(&fake, &nic);
	EXPECT_MEMEQ(nic.dev->dev_addr, mac, ETH_ALEN);
	EXPECT_EQ(nic.dev->mtu, 1400U);
	EXPECT_EQ(dev_set_mtu(nic.dev, 1401), -EINVAL);
	virtio_test_end(&fake, &nic);
	/* An MTU that cannot be. */
	fake_virtio_init(&fake, false);
	put_unaligned_le16(67, fake.config + 10);
	virtio_test_begin(&fake, &nic);
	EXPECT_EQ(nic.dev->mtu, 1500U);
	virtio_test_end(&fake, &nic);
	/* No address. */
	fake_virtio_init(&fake, false);
	fake.offered &= ~(1ULL << 5);
	virtio_test_begin(&fake, &nic);
	EXPECT_TRUE(is_local_ether_addr(nic.dev->dev_addr));
	EXPECT_MEMEQ(fake.mac_set, nic.dev->dev_addr, ETH_ALEN);
	virtio_test_end(&fake, &nic);
}

TEST(virtio_net_sees_what_was_sent_while_the_device_wanted_no_doorbell)
{
	for (unsigned int ring = 0; ring < 4; ring++) {
		bool no_event = ring & 1;
		u64 bells;

		fake_virtio_init(&fake, false);
		if (no_event)
			fake.offered &= ~(1ULL << 29);
		if (ring & 2)
			fake.offered |= PACKED;
		virtio_test_begin(&fake, &nic);
		nic_send(&nic, 5, 100);
		host_run();
		if (no_event)
			fake_virtio_want_no_notify(&fake, FAKE_TX);
		fake.no_notify = true;
		nic_send(&nic, 1, 100);		/* the last one it asked to hear of */
		bells = fake.vq[FAKE_TX].doorbells;
		nic_send(&nic, 7, 100);
		host_run();
		EXPECT_EQ(fake.vq[FAKE_TX].doorbells, bells);
		fake_virtio_want_notify(&fake, FAKE_TX);
		virtio_test_settle();
		EXPECT_EQ(nic.wire_count, 13UL);
		EXPECT_EQ(nic.dev->stats.tx_packets, 13UL);
		nic_send(&nic, 1, 100);
		EXPECT_EQ(fake.vq[FAKE_TX].doorbells, bells + 1);
		EXPECT_EQ(nic.wire_count, 14UL);
		host_run();
		virtio_test_end(&fake, &nic);
	}
}

static void one_more_from_within(struct nic *n)
{
	if (n->rx_count < 50)
		EXPECT_TRUE(virtio_test_rx(n->fake, (u32)n->rx_count, 300));
}

TEST(virtio_net_sees_frames_that_come_while_it_polls)
{
	fake_virtio_init(&fake, false);
	virtio_test_begin(&fake, &nic);
	nic.on_rx = one_more_from_within;
	EXPECT_TRUE(virtio_test_rx(&fake, 0, 300));
	host_run();
	EXPECT_EQ(nic.rx_count, 50UL);
	/* Without an interrupt for each. */
	EXPECT_LE(fake.vq[FAKE_RX].interrupts, 3UL);
	virtio_test_end(&fake, &nic);
}

static void frames_in_the_midst(void)
{
	for (u32 i = 0; i < 20; i++)
		EXPECT_TRUE(virtio_test_rx(&fake, nic.rx_seq + i, 1000));
}

TEST(virtio_net_is_not_confused_by_frames_that_come_while_it_fills_its_ring)
{
	/* 3 rings, and then buffers: the device has the first hundred. */
	for (unsigned long at = 50; at < 250; at += 25) {
		fake_virtio_init(&fake, false);
		virtio_test_begin(&fake, &nic);
		dev_close(nic.dev);
		fake_dma_call_at(at, frames_in_the_midst);
		EXPECT_EQ(dev_open(nic.dev), 0);
		host_run();
		fake_dma_call_at(0, NULL);
		EXPECT_EQ(nic.rx_count, 20UL);
		EXPECT_GE(fake_virtio_rx_room(&fake), 236U);
		virtio_test_end(&fake, &nic);
	}
}

static void frame_when_reaped(struct sk_buff *skb)
{
	EXPECT_TRUE(virtio_test_rx(&fake, 1, 300));
}

TEST(virtio_net_sees_a_frame_that_comes_between_its_last_look_and_unmasking)
{
	struct sk_buff *skb;

	fake_virtio_init(&fake, false);
	virtio_test_begin(&fake, &nic);
	skb = nic_skb(&nic, nic.tx_seq++, 300, 0);
	skb->destructor = frame_when_reaped;
	fake.no_interrupts = true;
	dev_queue_xmit(skb);
	fake.no_interrupts = false;
	/* Receiving comes before reaping; callbacks are off until after it. */
	EXPECT_TRUE(virtio_test_rx(&fake, 0, 300));
	host_run();
	EXPECT_EQ(nic.rx_count, 2UL);
	virtio_test_end(&fake, &nic);
}

TEST(virtio_net_rings_once_for_packets_that_follow_each_other)
{
	u64 bells;

	fake_virtio_init(&fake, false);
	virtio_test_begin(&fake, &nic);
	bells = fake.vq[FAKE_TX].doorbells;
	local_bh_disable();
	for (unsigned int i = 0; i < 16; i++) {
		struct sk_buff *skb = nic_skb(&nic, nic.tx_seq++, 500, 0);

		skb->xmit_more = i < 15;
		EXPECT_EQ(nic.dev->netdev_ops->ndo_start_xmit(skb, nic.dev), NETDEV_TX_OK);
		EXPECT_EQ(nic.wire_count, i < 15 ? 0UL : 16UL);
	}
	EXPECT_EQ(fake.vq[FAKE_TX].doorbells, bells + 1);
	/* And when the ring is full, whatever was promised. */
	while (!netif_queue_stopped(nic.dev) && nic.tx_seq < 1000) {
		struct sk_buff *skb = nic_skb(&nic, nic.tx_seq++, 500, 0);

		skb->xmit_more = 1;
		nic.dev->netdev_ops->ndo_start_xmit(skb, nic.dev);
		if (nic.wire_count > 16)
			break;
	}
	EXPECT_GT(nic.wire_count, 200UL);
	local_bh_enable();
	virtio_test_settle();
	EXPECT_EQ(nic.wire_count, (u64)nic.tx_seq);
	EXPECT_EQ(nic.dev->stats.tx_packets, (u64)nic.tx_seq);
	virtio_test_end(&fake, &nic);
}

TEST(virtio_net_takes_a_burst_with_one_interrupt)
{
	unsigned long flags;
	u64 irqs;

	fake_virtio_init(&fake, false);
	virtio_test_begin(&fake, &nic);
	irqs = fake.pci.irqs_raised;
	local_irq_save(flags);
	for (u32 i = 0; i < 200; i++)
		EXPECT_TRUE(virtio_test_rx(&fake, i, 1514));
	fake_bus_reset_counts();
	local_irq_restore(flags);
	host_run();
	EXPECT_EQ(nic.rx_count, 200UL);
	EXPECT_EQ(fake.pci.irqs_raised, irqs + 1);
	EXPECT_EQ(fake_mmio_reads, 0UL);
	virtio_test_end(&fake, &nic);
}

TEST(virtio_net_tells_a_device_that_ran_dry_of_its_new_buffers)
{
	static const unsigned int len[] = { 100, 1514 };	/* copied, passed on */

	for (unsigned int i = 0; i < ARRAY_SIZE(len); i++) {
		unsigned long flags;
		u32 seq = 0;
		u64 bells;

		fake_virtio_init(&fake, false);
		virtio_test_begin(&fake, &nic);
		local_irq_save(flags);
		while (fake_virtio_rx_room(&fake))
			EXPECT_TRUE(virtio_test_rx(&fake, seq++, len[i]));
		bells = fake.vq[FAKE_RX].doorbells;
		local_irq_restore(flags);
		host_run();
		EXPECT_EQ(nic.rx_count, (u64)seq);
		EXPECT_TRUE(fake.vq[FAKE_RX].doorbells > bells);
		virtio_test_end(&fake, &nic);
	}
}

TEST(virtio_net_interrupts_less_than_once_for_each_packet_sent_in_bulk)
{
	u64 irqs;

	fake_virtio_init(&fake, false);
	virtio_test_begin(&fake, &nic);
	irqs = fake.pci.irqs_raised;
	fake.stop_tx = true;
	fake.tx_limit = 16;
	for (unsigned int i = 0; i < 64; i++) {
		nic_send(&nic, 16, 1514);
		fake_virtio_run(&fake);
		host_run();
	}
	virtio_test_settle();
	EXPECT_EQ(nic.wire_count, 1024UL);
	EXPECT_EQ(nic.dev->stats.tx_packets, 1024UL);
	EXPECT_LE(fake.pci.irqs_raised - irqs, 128UL);
	virtio_test_end(&fake, &nic);
}

TEST(virtio_net_gathers_fragments_in_an_indirect_table)
{
	for (unsigned int ring = 0; ring < 4; ring++) {
		bool indirect = ring & 1;

		fake_virtio_init(&fake, false);
		fake.offered |= ring & 2 ? PACKED : 0;
		fake.offered &= ~(indirect ? 0 : 1ULL << 28);
		virtio_test_begin(&fake, &nic);
		/* Twenty times round: chains that span the end of the ring. */
		for (unsigned int i = 0; i < 20 * MAX_SKB_FRAGS; i++) {
			dev_queue_xmit(nic_skb(&nic, nic.tx_seq++, 1514, 1 + i % MAX_SKB_FRAGS));
			EXPECT_EQ(nic.wire_len, 1514U);
		}
		virtio_test_settle();
		EXPECT_EQ(nic.wire_count, 20UL * MAX_SKB_FRAGS);
		if (indirect)
			EXPECT_GT(fake.indirect_chains, 200UL);
		else
			EXPECT_EQ(fake.indirect_chains, 0UL);
		virtio_test_end(&fake, &nic);
	}
}

TEST(virtio_net_puts_the_header_aside_when_the_headroom_is_not_its_own)
{
	struct sk_buff *skb, *clone;

	fake_virtio_init(&fake, false);
	virtio_test_begin(&fake, &nic);
	/* Room for the header in front, as the stack leaves it: one piece. */
	nic_send(&nic, 1, 700);
	EXPECT_EQ(fake.tx_pieces, 1U);
	skb = nic_skb(&nic, nic.tx_seq++, 700, 0);
	memset(skb->head, 0x5a, skb_headroom(skb));
	clone = skb_clone(skb, GFP_ATOMIC);
	dev_queue_xmit(skb);
	EXPECT_EQ(nic.wire_count, 2UL);
	EXPECT_EQ(fake.tx_pieces, 2U);
	EXPECT_FALSE(memchr_inv_any(clone->head, 0x5a, skb_headroom(clone)));
	EXPECT_EQ(clone->len, 700U);
	consume_skb(clone);
	virtio_test_settle();
	EXPECT_EQ(nic.dev->stats.tx_bytes, 1400UL);
	virtio_test_end(&fake, &nic);
}

TEST(virtio_net_has_the_device_fill_in_checksums)
{
	static u8 want[1514];

	fake_virtio_init(&fake, false);
	virtio_test_begin(&fake, &nic);
	for (unsigned int i = 0; i < 20; i++) {
		unsigned int len = 100 + 71 * i;
		struct sk_buff *skb = nic_skb(&nic, nic.tx_seq++, len, 0), *copy;

		EXPECT_TRUE(skb_partial_csum_set(skb, (u16)(34 + i), 16));
		put_unaligned_be16(0x4321, skb->data + 34 + i + 16);
		copy = skb_copy(skb, GFP_ATOMIC);
		EXPECT_EQ(skb_checksum_help(copy), 0);
		memcpy(want, copy->data, len);
		consume_skb(copy);
		dev_queue_xmit(skb);
		EXPECT_MEMEQ(nic.wire, want, len);
	}
	EXPECT_EQ(fake.csum_filled, 20UL);
	nic.wire_bad = 0;	/* the pattern has a checksum in it */
	host_run();
	virtio_test_end(&fake, &nic);
}

TEST(virtio_net_hands_up_what_the_device_says_about_checksums)
{
	struct fake_virtio_lie lie = { .flags = 2 };
	u8 frame[600];

	fake_virtio_init(&fake, false);
	virtio_test_begin(&fake, &nic);
	nic_fill(frame, 0, sizeof(frame), NULL);
	EXPECT_TRUE(fake_virtio_rx(&fake, frame, sizeof(frame), &lie));
	EXPECT_EQ(nic.rx_ip_summed, CHECKSUM_UNNECESSARY);
	lie = (struct fake_virtio_lie){ .flags = 1, .csum_start = 34, .csum_offset = 16 };
	nic_fill(frame, 1, sizeof(frame), NULL);
	EXPECT_TRUE(fake_virtio_rx(&fake, frame, sizeof(frame), &lie));
	EXPECT_EQ(nic.rx_ip_summed, CHECKSUM_PARTIAL);
	EXPECT_TRUE(virtio_test_rx(&fake, 2, 600));
	EXPECT_EQ(nic.rx_ip_summed, CHECKSUM_NONE);
	EXPECT_EQ(nic.rx_count, 3UL);
	virtio_test_end(&fake, &nic);
}

TEST(virtio_net_takes_jumbo_frames_in_merged_buffers)
{
	fake_virtio_init(&fake, false);
	fake.offered &= ~(1ULL << 3);
	virtio_test_begin(&fake, &nic);
	EXPECT_EQ(dev_set_mtu(nic.dev, 9000), 0);
	host_run();
	EXPECT_TRUE(virtio_test_rx(&fake, 0, 9014));
	host_run();
	EXPECT_EQ(nic.rx_count, 1UL);
	EXPECT_EQ(nic.rx_len, 9014U);
	/* Neighbours in the ring and in memory: one frag. */
	EXPECT_EQ(nic.rx_frags, 1U);
	EXPECT_EQ(dev_set_mtu(nic.dev, 65535), 0);
	host_run();
	EXPECT_TRUE(virtio_test_rx(&fake, 1, 65549));
	host_run();
	EXPECT_EQ(nic.rx_count, 2UL);
	EXPECT_EQ(nic.rx_len, 65549U);
	nic_send(&nic, 1, 9014);
	host_run();
	EXPECT_EQ(nic.wire_len, 9014U);
	/* Longer than the MTU asks for, in buffers that were made for it. */
	EXPECT_EQ(dev_set_mtu(nic.dev, 1500), 0);
	host_run();
	EXPECT_TRUE(virtio_test_rx(&fake, 2, 5000));
	EXPECT_TRUE(virtio_test_rx(&fake, 3, 100));
	host_run();
	EXPECT_EQ(nic.rx_count, 4UL);
	virtio_test_end(&fake, &nic);
}

TEST(virtio_net_tells_the_device_what_to_receive)
{
	static const u8 group[] = { 0x01, 0x00, 0x5e, 0x01, 0x02, 0x03 };
	static const u8 mac[] = { 0x52, 0x54, 0x00, 0x77, 0x88, 0x99 };
	u8 count;

	fake_virtio_init(&fake, false);
	virtio_test_begin(&fake, &nic);
	EXPECT_EQ(fake.promisc, 0);
	count = fake.mc_count;
	EXPECT_EQ(dev_mc_add(nic.dev, group), 0);
	EXPECT_EQ(fake.mc_count, count + 1);
	EXPECT_EQ(dev_mc_del(nic.dev, group), 0);
	EXPECT_EQ(fake.mc_count, count);
	dev_set_promiscuity(nic.dev, 1);
	EXPECT_EQ(fake.promisc, 1);
	dev_set_promiscuity(nic.dev, -1);
	EXPECT_EQ(fake.promisc, 0);
	dev_set_allmulti(nic.dev, 1);
	EXPECT_EQ(fake.allmulti, 1);
	dev_set_allmulti(nic.dev, -1);
	EXPECT_EQ(dev_set_mac_address(nic.dev, mac), 0);
	EXPECT_MEMEQ(fake.mac_set, mac, ETH_ALEN);
	EXPECT_MEMEQ(nic.dev->dev_addr, mac, ETH_ALEN);
	/* And again when it comes up anew. */
	memset(fake.mac_set, 0, ETH_ALEN);
	dev_close(nic.dev);
	EXPECT_EQ(dev_open(nic.dev), 0);
	EXPECT_MEMEQ(fake.mac_set, mac, ETH_ALEN);
	virtio_test_end(&fake, &nic);
}

TEST(virtio_net_goes_down_and_up_under_traffic_and_gives_everything_back)
{
	for (unsigned int on_mmio = 0; on_mmio < 2; on_mmio++) {
		fake_virtio_init(&fake, on_mmio);
		virtio_test_begin(&fake, &nic);
		for (unsigned int round = 0; round < 20; round++) {
			fake.stop_tx = round & 1;
			nic_send(&nic, 40 * round, 400);
			fake.no_interrupts = true;
			for (unsigned int i = 0; i < 30; i++)
				virtio_test_rx(&fake, 0, 400);
			dev_close(nic.dev);
			nic_expect_dma_clean(fake.dma_dev);
			fake.no_interrupts = false;
			EXPECT_EQ(dev_open(nic.dev), 0);
			host_run();
			fake.stop_tx = false;
			nic.wire_seq = nic.tx_seq;
			nic.rx_seq = 1000 * round;
			nic.rx_count = nic.wire_count = 0;
			nic_send(&nic, 2, 400);
			EXPECT_TRUE(virtio_test_rx(&fake, 1000 * round, 400));
			host_run();
			EXPECT_EQ(nic.wire_count, 2UL);
			EXPECT_EQ(nic.rx_count, 1UL);
		}
		virtio_test_end(&fake, &nic);
	}
}

TEST(virtio_net_and_its_queues_tell_their_state_in_any_space)
{
	char text[2048];
	size_t len;

	fake_virtio_init(&fake, false);
	virtio_test_begin(&fake, &nic);
	len = nic.dev->netdev_ops->ndo_dump(nic.dev, text, sizeof(text));
	EXPECT_EQ(len, strlen(text));
	EXPECT_TRUE(strstr(text, "input.0: size 256") != NULL);
	EXPECT_TRUE(strstr(text, "output.0: size 256 free 256") != NULL);
	for (size_t size = 1; size < len; size += 13) {
		text[size] = 0x5a;
		EXPECT_LT(nic.dev->netdev_ops->ndo_dump(nic.dev, text, size), size);
		EXPECT_EQ(text[size], 0x5a);
	}
	dev_close(nic.dev);
	nic.dev->netdev_ops->ndo_dump(nic.dev, text, sizeof(text));
	EXPECT_TRUE(strstr(text, "down") != NULL);
	EXPECT_EQ(dev_open(nic.dev), 0);
	virtio_test_end(&fake, &nic);
}
