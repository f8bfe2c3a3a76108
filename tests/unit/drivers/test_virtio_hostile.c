// SPDX-License-Identifier: MIT
/*
 * The virtio-net driver when things go wrong: no memory, a device that lies,
 * hangs, refuses, or is not what it should be.
 */
#include <linux/dma-mapping.h>
#include <linux/slab.h>

#include "test_virtio_net.h"

static struct fake_virtio fake;
static struct nic nic;

#define PACKED	(1ULL << 34)

static void begin_ring(u64 with)
{
	fake_virtio_init(&fake, false);
	fake.offered |= with;
	virtio_test_begin(&fake, &nic);
}

static void begin(void)
{
	begin_ring(0);
}

/* No large receive: buffers are for MTU 1500. */
static void begin_with_short_buffers(void)
{
	fake_virtio_init(&fake, false);
	fake.offered &= ~(1ULL << 7);
	virtio_test_begin(&fake, &nic);
}

/* After a reset all is well again. */
static void down_up_works(void)
{
	dev_close(nic.dev);
	EXPECT_EQ(dev_open(nic.dev), 0);
	host_run();
	nic.wire_count = nic.rx_count = 0;
	nic.wire_seq = nic.tx_seq;
	nic.rx_seq = 5000;
	nic_send(&nic, 3, 100);
	EXPECT_TRUE(virtio_test_rx(&fake, 5000, 100));
	host_run();
	EXPECT_EQ(nic.wire_count, 3UL);
	EXPECT_EQ(nic.rx_count, 1UL);
}

TEST(virtio_net_comes_back_when_memory_for_buffers_does)
{
	unsigned int taken = 0;

	begin();
	slab_fail_after(1, 1000000);
	for (u32 i = 0; i < 400; i++)
		taken += virtio_test_rx(&fake, i, 60);
	host_run();
	/* Frames are dropped, and their pages go round. */
	EXPECT_EQ(taken, 400U);
	EXPECT_EQ(nic.rx_count, 0UL);
	EXPECT_EQ(nic.dev->stats.rx_dropped, 400UL);
	slab_fail_after(0, 0);
	EXPECT_TRUE(virtio_test_rx(&fake, 0, 1000));
	host_run();
	EXPECT_EQ(nic.rx_count, 1UL);
	virtio_test_end(&fake, &nic);
}

TEST(virtio_net_fills_an_empty_ring_by_its_timer)
{
	begin();
	/* Pages leave with large frames, and no other can be mapped. */
	fake_dma_fail_after(1, 1000000);
	for (u32 i = 0; i < 256; i++)
		EXPECT_TRUE(virtio_test_rx(&fake, i, 1500));
	host_sleep(100 * NSEC_PER_MSEC);
	EXPECT_EQ(fake_virtio_rx_room(&fake), 0U);
	EXPECT_EQ(nic.rx_count, 256UL);
	fake_dma_fail_after(0, 0);
	host_sleep(20 * NSEC_PER_MSEC);
	EXPECT_EQ(fake_virtio_rx_room(&fake), 256U);
	virtio_test_end(&fake, &nic);
}

static void lie_once(const struct fake_virtio_lie *lie, unsigned int len)
{
	static u8 frame[4096];
	u64 count = nic.rx_count, errors = nic.dev->stats.rx_errors;

	nic_fill(frame, nic.rx_seq, len, NULL);
	EXPECT_TRUE(fake_virtio_rx(&fake, frame, len, lie));
	host_run();
	EXPECT_EQ(nic.rx_count, count);
	EXPECT_EQ(nic.dev->stats.rx_errors, errors + 1);
}

static void good_once(void)
{
	u64 count = nic.rx_count;

	EXPECT_TRUE(virtio_test_rx(&fake, nic.rx_seq, 900));
	host_run();
	EXPECT_EQ(nic.rx_count, count + 1);
}

TEST(virtio_net_drops_frames_of_impossible_length)
{
	static const u32 lengths[] = { 0, 1, 11, 12, 25, 4097, 65536, ~0U };

	begin();
	for (unsigned int i = 0; i < ARRAY_SIZE(lengths); i++) {
		const struct fake_virtio_lie lie = { .set_len = true, .len = lengths[i] };

		lie_once(&lie, 100);
		good_once();
	}
	EXPECT_EQ(nic.dev->stats.rx_length_errors, (u64)ARRAY_SIZE(lengths));
	virtio_test_end(&fake, &nic);
}

TEST(virtio_net_drops_frames_of_impossible_numbers_of_buffers)
{
	static const u16 buffers[] = { 0, 2, 17, 257, 0xffff };

	begin();
	for (unsigned int i = 0; i < ARRAY_SIZE(buffers); i++) {
		const struct fake_virtio_lie lie = { .set_buffers = true,
						     .buffers = buffers[i] };

		lie_once(&lie, 900);
		lie_once(&lie, 100);
		good_once();
	}
	virtio_test_end(&fake, &nic);
}

TEST(virtio_net_does_not_lose_the_next_frame_to_one_of_no_buffers)
{
	const struct fake_virtio_lie lie = { .set_buffers = true };
	unsigned long flags;
	u8 frame[900];

	begin();
	nic_fill(frame, 0, sizeof(frame), NULL);
	local_irq_save(flags);
	EXPECT_TRUE(fake_virtio_rx(&fake, frame, sizeof(frame), &lie));
	EXPECT_TRUE(virtio_test_rx(&fake, 0, 900));
	local_irq_restore(flags);
	host_run();
	EXPECT_EQ(nic.rx_count, 1UL);
	virtio_test_end(&fake, &nic);
}

TEST(virtio_net_drops_frames_whose_further_buffers_have_impossible_lengths)
{
	static const u32 lengths[] = { 0, 1537, 65536, ~0U };

	begin_with_short_buffers();
	for (unsigned int i = 0; i < ARRAY_SIZE(lengths); i++) {
		const struct fake_virtio_lie lie = { .set_len2 = true, .len2 = lengths[i] };

		lie_once(&lie, 4000);
		good_once();
	}
	virtio_test_end(&fake, &nic);
}

TEST(virtio_net_drops_frames_with_impossible_headers)
{
	static const struct fake_virtio_lie lies[] = {
		{ .gso_type = 1 }, { .gso_type = 0xff },
		{ .flags = 1, .csum_start = 0xffff, .csum_offset = 16 },
		{ .flags = 1, .csum_start = 0xfffe, .csum_offset = 0xffff },
		{ .flags = 1, .csum_start = 899, .csum_offset = 0 },
		{ .flags = 1, .csum_start = 34, .csum_offset = 0xfff0 },
	};

	begin();
	for (unsigned int i = 0; i < ARRAY_SIZE(lies); i++) {
		lie_once(&lies[i], 900);
		good_once();
	}
	EXPECT_EQ(nic.dev->stats.rx_frame_errors, (u64)ARRAY_SIZE(lies));
	virtio_test_end(&fake, &nic);
}

TEST(virtio_net_stops_using_a_queue_whose_device_uses_what_it_does_not_have)
{
	static const u32 ids[] = { 256, 0xffff, ~0U };

	begin();
	for (unsigned int i = 0; i < ARRAY_SIZE(ids); i++) {
		const struct fake_virtio_lie lie = { .set_id = true, .id = ids[i] };
		u8 frame[100];

		nic_fill(frame, 0, sizeof(frame), NULL);
		fake_virtio_rx(&fake, frame, sizeof(frame), &lie);
		host_run();
		down_up_works();
	}
	/* Twice the same, and on a transmit queue that is empty. */
	fake_virtio_use_raw(&fake, FAKE_TX, 0, 0);
	host_run();
	nic.dev->netdev_ops->ndo_tx_timeout(nic.dev);
	host_run();
	down_up_works();
	/* Many entries at once that are not there. */
	fake_virtio_jump_used(&fake, FAKE_RX, 0x8000);
	host_run();
	down_up_works();
	virtio_test_end(&fake, &nic);
}

TEST(virtio_net_stops_using_a_packed_ring_whose_device_uses_what_it_does_not_have)
{
	static const u32 ids[] = { 256, 0x8000, 0xffff };

	begin_ring(PACKED);
	for (unsigned int i = 0; i < ARRAY_SIZE(ids); i++) {
		const struct fake_virtio_lie lie = { .set_id = true, .id = ids[i] };
		u8 frame[100];

		nic_fill(frame, 0, sizeof(frame), NULL);
		fake_virtio_rx(&fake, frame, sizeof(frame), &lie);
		host_run();
		down_up_works();
	}
	/* One that it gave back already, again and again; the ring full of them. */
	for (unsigned int i = 0; i < 600; i++)
		fake_virtio_use_raw(&fake, FAKE_TX, 0, 0);
	nic.dev->netdev_ops->ndo_tx_timeout(nic.dev);
	host_run();
	down_up_works();
	virtio_test_end(&fake, &nic);
}

TEST(virtio_net_drops_packed_frames_that_cannot_be)
{
	static const struct fake_virtio_lie lies[] = {
		{ .set_len = true, .len = 0 }, { .set_len = true, .len = 25 },
		{ .set_len = true, .len = 20000 }, { .set_len = true, .len = ~0U },
		{ .set_buffers = true, .buffers = 0 }, { .set_buffers = true, .buffers = 2 },
		{ .set_buffers = true, .buffers = 257 }, { .set_buffers = true, .buffers = 0xffff },
	};

	begin_ring(PACKED);
	for (unsigned int i = 0; i < ARRAY_SIZE(lies); i++) {
		lie_once(&lies[i], 900);
		good_once();
	}
	virtio_test_end(&fake, &nic);
}

TEST(virtio_net_drops_packets_that_a_broken_queue_does_not_take)
{
	u64 drops = init_net->drops[SKB_DROP_REASON_DEV_TX_ERROR];

	begin();
	fake_virtio_use_raw(&fake, FAKE_TX, 99, 0);
	host_run();
	nic_send(&nic, 4, 100);
	host_run();
	EXPECT_EQ(init_net->drops[SKB_DROP_REASON_DEV_TX_ERROR], drops + 4);
	down_up_works();
	virtio_test_end(&fake, &nic);
}

static void drop_what_cannot_be_mapped(u64 with)
{
	begin_ring(with);
	fake_dma_fail_after(1, 1);
	dev_queue_xmit(nic_skb(&nic, 77, 500, 0));
	/* Inside of an indirect table, and then of a chain in the ring. */
	fake_dma_fail_after(3, 2);
	dev_queue_xmit(nic_skb(&nic, 77, 500, 6));
	fake_dma_fail_after(3, 6);
	dev_queue_xmit(nic_skb(&nic, 77, 500, 6));
	fake_dma_fail_after(0, 0);
	host_run();
	EXPECT_GE(nic.dev->stats.tx_dropped, 2UL);
	nic.wire_bad = 0;
	nic.wire_seq = nic.tx_seq;
	nic.wire_count = 0;
	nic_send(&nic, 300, 100);
	host_run();
	EXPECT_EQ(nic.wire_count, 300UL);
	virtio_test_end(&fake, &nic);
}

TEST(virtio_net_drops_a_packet_that_cannot_be_mapped)
{
	drop_what_cannot_be_mapped(0);
	drop_what_cannot_be_mapped(PACKED);
}

TEST(virtio_net_waits_for_a_control_command_but_not_for_ever)
{
	static const u8 mac[] = { 0x52, 0x54, 0x00, 0x77, 0x88, 0x99 };

	begin();
	fake.stop_ctrl = true;
	EXPECT_EQ(dev_set_mac_address(nic.dev, mac), -ETIMEDOUT);
	EXPECT_EQ(dev_set_mac_address(nic.dev, mac), -EBUSY);
	dev_set_promiscuity(nic.dev, 1);
	fake.stop_ctrl = false;
	fake_virtio_run(&fake);
	EXPECT_EQ(dev_set_mac_address(nic.dev, mac), 0);
	fake.ctrl_answer = 1;
	EXPECT_EQ(dev_set_mac_address(nic.dev, mac), -EINVAL);
	dev_set_promiscuity(nic.dev, -1);
	/* A command that the device still has when it goes down. */
	fake.stop_ctrl = true;
	EXPECT_EQ(dev_set_mac_address(nic.dev, mac), -ETIMEDOUT);
	fake.ctrl_answer = 0;
	virtio_test_end(&fake, &nic);
}

static void expect_refused(void)
{
	virtio_test_plug(&fake, 0);
	EXPECT_TRUE(!nic_find("virtio_net"));
	fake_virtio_unplug(&fake);
	dma_debug_enable(false);
}

TEST(virtio_net_refuses_a_device_that_it_cannot_drive)
{
	for (unsigned int on_mmio = 0; on_mmio < 2; on_mmio++) {
		fake_virtio_init(&fake, on_mmio);
		fake.offered &= ~(1ULL << 32);		/* legacy */
		expect_refused();
		fake_virtio_init(&fake, on_mmio);
		fake.refuse_features = true;
		expect_refused();
		fake_virtio_init(&fake, on_mmio);
		fake.reset_hangs = true;
		expect_refused();
	}
	fake_virtio_init(&fake, false);
	fake.pci.writable[PCI_COMMAND / 4] &= ~(u32)PCI_COMMAND_MASTER;
	expect_refused();
}

TEST(virtio_pci_refuses_capabilities_that_point_outside)
{
	unsigned int at, n = 0;

	fake_virtio_init(&fake, false);
	for (at = fake.pci.config[PCI_CAPABILITY_LIST]; at; at = fake.pci.config[at + 1]) {
		static const u32 offsets[] = { 0x4000, 0xfffffff0, 0x3ffe };

		for (unsigned int i = 0; i < ARRAY_SIZE(offsets); i++, n++) {
			fake_virtio_init(&fake, false);
			fake_pci_put32(&fake.pci, at + 8, offsets[i]);
			if (offsets[i] == 0x3ffe)
				fake_pci_put32(&fake.pci, at + 12, ~0U);
			expect_refused();
		}
		fake_virtio_init(&fake, false);
		fake.pci.config[at + 4] = 6;		/* a BAR that cannot be */
		expect_refused();
		fake_virtio_init(&fake, false);
		fake.pci.config[at + 4] = 2;		/* a BAR that is not */
		expect_refused();
		/* A list that is a ring. */
		fake_virtio_init(&fake, false);
		fake.pci.config[at + 1] = fake.pci.config[PCI_CAPABILITY_LIST];
		fake.pci.config[at + 3] = 9;
		expect_refused();
		fake_virtio_init(&fake, false);
	}
	EXPECT_EQ(n, 12U);
}

TEST(virtio_net_does_not_open_over_queues_that_cannot_be)
{
	static const u16 sizes[] = { 0, 3, 255 };

	for (unsigned int i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct net_device *dev;

		fake_virtio_init(&fake, false);
		virtio_test_plug(&fake, 3);
		dev = nic_find("virtio_net");
		fake.vq[FAKE_TX].max = fake.vq[FAKE_TX].num = sizes[i];
		EXPECT_NE(dev_open(dev), 0);
		fake.vq[FAKE_TX].max = fake.vq[FAKE_TX].num = 256;
		EXPECT_EQ(dev_open(dev), 0);
		dev_close(dev);
		host_run();
		nic_expect_dma_clean(fake.dma_dev);
		fake_virtio_unplug(&fake);
		dma_debug_enable(false);
	}
}

TEST(virtio_net_probe_and_open_survive_every_failed_allocation)
{
	for (unsigned long n = 1; n < 120; n++) {
		struct net_device *dev;

		fake_virtio_init(&fake, false);
		fake.offered |= n & 1 ? PACKED : 0;
		slab_fail_after(n / 2 + 1, 1);
		virtio_test_plug(&fake, 3);
		dev = nic_find("virtio_net");
		if (dev && !dev_open(dev)) {
			slab_fail_after(0, 0);
			host_run();
			host_sleep(20 * NSEC_PER_MSEC);
			EXPECT_EQ(fake_virtio_rx_room(&fake), 256U);
			dev_close(dev);
		}
		slab_fail_after(0, 0);
		host_run();
		if (fake.dma_dev)
			nic_expect_dma_clean(fake.dma_dev);
		fake_virtio_unplug(&fake);
		dma_debug_enable(false);
	}
}
