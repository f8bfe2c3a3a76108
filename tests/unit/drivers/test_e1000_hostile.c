// SPDX-License-Identifier: MIT
/*
 * The e1000 driver when things go wrong: no memory, a device that lies, hangs,
 * or is not what it should be.
 */
#include <linux/dma-mapping.h>
#include <linux/slab.h>

#include "test_e1000.h"

static struct fake_e1000 fake;
static struct nic nic;

/* Frames that are kept take their pages along, and no others can be mapped: until
 * the ring is empty. */
static void run_dry(void)
{
	unsigned int i, taken = 0;

	nic.hold = true;
	fake_dma_fail_after(1, 1000000);
	for (i = 0; i < 300; i++)
		taken += e1000_test_rx(&fake, i, 1000);
	host_run();
	EXPECT_EQ(taken, 256U);
	EXPECT_EQ(nic.rx_count, 256UL);
	EXPECT_EQ(fake_e1000_rx_room(&fake), 0U);
	EXPECT_GT(fake.rx_missed, 0UL);
}

TEST(e1000_comes_back_when_there_are_buffers_again)
{
	e1000_test_begin(&fake, &nic);
	run_dry();
	fake_dma_fail_after(0, 0);
	/* No interrupt will come from an empty ring: the timer has to. */
	host_sleep(20 * NSEC_PER_MSEC);
	EXPECT_EQ(fake_e1000_rx_room(&fake), 255U);
	EXPECT_TRUE(e1000_test_rx(&fake, 256, 1000));
	host_run();
	EXPECT_EQ(nic.rx_count, 257UL);
	nic_release(&nic);
	e1000_test_end(&fake, &nic);
}

TEST(e1000_keeps_trying_while_there_are_no_buffers)
{
	e1000_test_begin(&fake, &nic);
	run_dry();
	host_sleep(100 * NSEC_PER_MSEC);
	EXPECT_EQ(fake_e1000_rx_room(&fake), 0U);
	/* The pages that come back are mapped: they will do. */
	nic_release(&nic);
	host_sleep(20 * NSEC_PER_MSEC);
	EXPECT_EQ(fake_e1000_rx_room(&fake), 255U);
	fake_dma_fail_after(0, 0);
	e1000_test_end(&fake, &nic);
}

TEST(e1000_drops_frames_and_keeps_its_buffers_while_there_is_no_memory)
{
	unsigned int i;

	e1000_test_begin(&fake, &nic);
	slab_fail_after(1, 1000000);
	for (i = 0; i < 600; i++)
		EXPECT_TRUE(e1000_test_rx(&fake, i, i & 1 ? 60 : 1000));
	host_run();
	slab_fail_after(0, 0);
	EXPECT_EQ(nic.rx_count, 0UL);
	EXPECT_EQ(nic.dev->stats.rx_dropped, 600UL);
	EXPECT_TRUE(e1000_test_rx(&fake, 0, 1000));
	host_run();
	EXPECT_EQ(nic.rx_count, 1UL);
	e1000_test_end(&fake, &nic);
}

/* A frame with a lie, then a good one. */
static void lie_once(const struct fake_e1000_rx_lie *lie, unsigned int len, u64 errors)
{
	u64 drops = init_net->drops[SKB_DROP_REASON_DEV_RX_ERROR];
	u64 before = nic.dev->stats.rx_errors, count = nic.rx_count;
	u8 frame[2048];

	nic_fill(frame, nic.rx_seq, len, NULL);
	EXPECT_TRUE(fake_e1000_rx(&fake, frame, len, lie));
	host_run();
	EXPECT_EQ(nic.rx_count, count);
	EXPECT_EQ(nic.dev->stats.rx_errors, before + errors);
	EXPECT_EQ(init_net->drops[SKB_DROP_REASON_DEV_RX_ERROR], drops + 1);
}

static void good_once(void)
{
	u64 count = nic.rx_count;

	EXPECT_TRUE(e1000_test_rx(&fake, nic.rx_seq, 500));
	host_run();
	EXPECT_EQ(nic.rx_count, count + 1);
}

TEST(e1000_drops_frames_of_impossible_length)
{
	static const u16 lengths[] = { 0, 1, 13, 2049, 0x7fff, 0xffff };

	e1000_test_begin(&fake, &nic);
	for (unsigned int i = 0; i < ARRAY_SIZE(lengths); i++) {
		const struct fake_e1000_rx_lie lie = { .set_length = true,
						       .length = lengths[i] };

		lie_once(&lie, 100, 1);
		good_once();
	}
	EXPECT_EQ(nic.dev->stats.rx_length_errors, (u64)ARRAY_SIZE(lengths));
	e1000_test_end(&fake, &nic);
}

TEST(e1000_drops_damaged_frames)
{
	static const u8 errors[] = { 0x01, 0x02, 0x04, 0x10, 0x80, 0xff };

	e1000_test_begin(&fake, &nic);
	for (unsigned int i = 0; i < ARRAY_SIZE(errors); i++) {
		const struct fake_e1000_rx_lie lie = { .errors = errors[i] };

		lie_once(&lie, 100, 1);
		good_once();
	}
	EXPECT_EQ(nic.dev->stats.rx_crc_errors, 2UL);
	e1000_test_end(&fake, &nic);
}

TEST(e1000_drops_a_frame_that_spans_buffers_as_a_whole)
{
	const struct fake_e1000_rx_lie more = { .no_eop = true };

	e1000_test_begin(&fake, &nic);
	lie_once(&more, 2048, 1);
	lie_once(&more, 2048, 0);
	lie_once(NULL, 300, 0);		/* its end */
	good_once();
	EXPECT_EQ(nic.dev->stats.rx_length_errors, 1UL);
	e1000_test_end(&fake, &nic);
}

TEST(e1000_does_not_believe_descriptors_that_the_device_does_not_have)
{
	u64 base;
	u8 *desc;

	e1000_test_begin(&fake, &nic);
	/* All buffers used up; the descriptor behind them claims a frame. */
	run_dry();
	base = fake.regs[0x2800 / 4] | (u64)fake.regs[0x2804 / 4] << 32;
	desc = (u8 *)(uintptr_t)base;
	desc[12] = 3;
	desc[8] = 100;
	fake_e1000_link(&fake, true);
	host_run();
	EXPECT_EQ(nic.rx_count, 256UL);
	fake_dma_fail_after(0, 0);
	nic_release(&nic);
	host_sleep(20 * NSEC_PER_MSEC);
	/* And transmit descriptors say DD although nothing is under way. */
	base = fake.regs[0x3800 / 4] | (u64)fake.regs[0x3804 / 4] << 32;
	for (unsigned int i = 0; i < 256; i++)
		((u8 *)(uintptr_t)base)[16 * i + 12] = 1;
	EXPECT_TRUE(e1000_test_rx(&fake, 256, 100));
	host_run();
	EXPECT_EQ(nic.dev->stats.tx_packets, 0UL);
	nic_send(&nic, 300, 100);
	host_run();
	EXPECT_EQ(nic.wire_count, 300UL);
	e1000_test_end(&fake, &nic);
}

TEST(e1000_resets_a_transmit_queue_that_hangs)
{
	e1000_test_begin(&fake, &nic);
	fake.stop_tx = true;
	nic_send(&nic, 300, 100);
	EXPECT_TRUE(netif_queue_stopped(nic.dev));
	/* The reset gives the ring up; the queue discipline fills it again. */
	fake.on_tx = NULL;
	host_sleep(6 * NSEC_PER_SEC);
	EXPECT_GT(nic.dev->stats.tx_errors, 0UL);
	EXPECT_GT(nic.dev->stats.tx_dropped, 0UL);
	fake.stop_tx = false;
	fake_e1000_run(&fake);
	host_run();
	EXPECT_FALSE(netif_queue_stopped(nic.dev));
	fake.on_tx = nic_on_tx;
	nic.wire_seq = nic.tx_seq;
	nic_send(&nic, 10, 100);
	host_run();
	EXPECT_EQ(nic.wire_count, 10UL);
	EXPECT_TRUE(e1000_test_rx(&fake, 0, 100));
	host_run();
	EXPECT_EQ(nic.rx_count, 1UL);
	e1000_test_end(&fake, &nic);
}

TEST(e1000_drops_a_packet_that_cannot_be_mapped_and_rings_for_those_before)
{
	struct sk_buff *skb;

	e1000_test_begin(&fake, &nic);
	local_bh_disable();
	skb = nic_skb(&nic, nic.tx_seq++, 500, 0);
	skb->xmit_more = true;
	nic.dev->netdev_ops->ndo_start_xmit(skb, nic.dev);
	/* The third of its four pieces. */
	fake_dma_fail_after(3, 1);
	skb = nic_skb(&nic, 77, 500, 3);
	nic.dev->netdev_ops->ndo_start_xmit(skb, nic.dev);
	fake_dma_fail_after(0, 0);
	local_bh_enable();
	EXPECT_EQ(nic.wire_count, 1UL);
	EXPECT_EQ(nic.dev->stats.tx_dropped, 1UL);
	nic_send(&nic, 300, 100);
	host_run();
	EXPECT_EQ(nic.wire_count, 301UL);
	e1000_test_end(&fake, &nic);
}

TEST(e1000_tells_the_checksum_context_again_after_a_packet_that_was_not_sent)
{
	struct sk_buff *skb;

	e1000_test_begin(&fake, &nic);
	for (unsigned int i = 0; i < 2; i++) {
		skb = nic_skb(&nic, nic.tx_seq++, 500, 0);
		EXPECT_TRUE(skb_partial_csum_set(skb, 34, 16));
		fake_dma_fail_after(!i, !i);
		dev_queue_xmit(skb);
		fake_dma_fail_after(0, 0);
	}
	host_run();
	EXPECT_EQ(nic.wire_count, 1UL);
	EXPECT_EQ(fake.contexts, 1UL);
	nic.wire_bad = 0;	/* the pattern has a checksum in it */
	e1000_test_end(&fake, &nic);
}

TEST(e1000_makes_up_an_address_when_the_eeprom_has_none)
{
	static const u8 group[] = { 0x01, 0x00, 0x5e, 0x00, 0x00, 0x01 };

	for (unsigned int i = 0; i < 3; i++) {
		dma_debug_enable(true);
		fake_e1000_init(&fake);
		if (i == 0)
			fake.eeprom_dead = true;
		else if (i == 1)
			fake.eeprom[63]++;
		else
			fake_e1000_set_mac(&fake, group);
		fake_e1000_plug(&fake);
		nic_begin(&nic, "e1000", &fake);
		EXPECT_TRUE(is_valid_ether_addr(nic.dev->dev_addr));
		EXPECT_TRUE(is_local_ether_addr(nic.dev->dev_addr));
		e1000_test_end(&fake, &nic);
	}
}

TEST(e1000_refuses_a_device_that_it_cannot_drive)
{
	/* No bus mastering. */
	fake_e1000_init(&fake);
	fake.pci.writable[PCI_COMMAND / 4] &= ~(u32)PCI_COMMAND_MASTER;
	fake_e1000_plug(&fake);
	EXPECT_TRUE(!nic_find("e1000"));
	fake_e1000_unplug(&fake);
	/* It does not come out of reset. */
	fake_e1000_init(&fake);
	fake.reset_hangs = true;
	fake_e1000_plug(&fake);
	EXPECT_TRUE(!nic_find("e1000"));
	fake_e1000_unplug(&fake);
	/* No interrupt line. */
	fake_e1000_init(&fake);
	fake.pci.intx_irq = -ENOENT;
	fake_e1000_plug(&fake);
	EXPECT_TRUE(!nic_find("e1000"));
	fake_e1000_unplug(&fake);
	/* Registers too small, and without an address. */
	fake_e1000_init(&fake);
	fake_pci_set_bar(&fake.pci, 0, FAKE_E1000_BAR0, 0x1000);
	fake_e1000_plug(&fake);
	EXPECT_TRUE(!nic_find("e1000"));
	fake_e1000_unplug(&fake);
	fake_e1000_init(&fake);
	fake_pci_set_bar(&fake.pci, 0, 0, 0x20000);
	fake_e1000_plug(&fake);
	EXPECT_TRUE(!nic_find("e1000"));
	fake_e1000_unplug(&fake);
}

TEST(e1000_probe_and_open_survive_every_failed_allocation)
{
	unsigned long n, failed = 0;

	for (n = 1; n < 60; n++) {
		struct net_device *dev;

		dma_debug_enable(true);
		fake_e1000_init(&fake);
		slab_fail_after(n, 1);
		fake_e1000_plug(&fake);
		dev = nic_find("e1000");
		if (dev && !dev_open(dev)) {
			slab_fail_after(0, 0);
			host_run();
			dev_close(dev);
		} else {
			failed++;
		}
		slab_fail_after(0, 0);
		host_run();
		if (fake_pci_found(&fake.pci))
			nic_expect_dma_clean(&fake_pci_found(&fake.pci)->dev);
		fake_e1000_unplug(&fake);
		dma_debug_enable(false);
	}
	EXPECT_GT(failed, 4UL);
}
