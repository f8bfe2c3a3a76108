// SPDX-License-Identifier: MIT
/* The e1000 driver against the fake 82540EM: what works when all is well. */
#include <linux/dma-mapping.h>
#include <linux/slab.h>

#include "../../host/fake_e1000.h"
#include "nic.h"
#include "test_e1000.h"

static void begin(struct fake_e1000 *f, struct nic *nic, const char *driver)
{
	dma_debug_enable(true);
	fake_e1000_plug(f);
	nic_begin(nic, driver, f);
	f->on_tx = nic_on_tx;
	f->ctx = nic;
}

/** e1000_test_begin() - a NIC, found and up */
void e1000_test_begin(struct fake_e1000 *f, struct nic *nic)
{
	fake_e1000_init(f);
	begin(f, nic, "e1000");
}

/** e1000e_test_begin() - an 82574L, found and up */
void e1000e_test_begin(struct fake_e1000 *f, struct nic *nic, bool msix)
{
	fake_e1000e_init(f, msix);
	begin(f, nic, "e1000e");
}

/** e1000_test_end() - down, nothing left mapped, gone */
void e1000_test_end(struct fake_e1000 *f, struct nic *nic)
{
	nic_end(nic);
	nic_expect_dma_clean(&fake_pci_found(&f->pci)->dev);
	fake_e1000_unplug(f);
	dma_debug_enable(false);
}

/** e1000_test_rx() - the next numbered frame from the wire */
bool e1000_test_rx(struct fake_e1000 *f, u32 seq, unsigned int len)
{
	static u8 frame[2048];

	nic_fill(frame, seq, len, NULL);
	return fake_e1000_rx(f, frame, len, NULL);
}

static struct fake_e1000 fake;
static struct nic nic;

TEST(e1000_has_the_address_of_its_eeprom_and_bus_mastering_and_a_link)
{
	static const u8 mac[] = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x03 };

	e1000_test_begin(&fake, &nic);
	EXPECT_MEMEQ(nic.dev->dev_addr, mac, ETH_ALEN);
	EXPECT_TRUE(fake_pci_get16(&fake.pci, PCI_COMMAND) & PCI_COMMAND_MASTER);
	EXPECT_TRUE(netif_carrier_ok(nic.dev));
	EXPECT_STREQ(nic.dev->driver, "e1000");
	EXPECT_EQ(fake.regs[0x2808 / 4] % 128, 0U);
	EXPECT_EQ(fake.regs[0x3808 / 4] % 128, 0U);
	e1000_test_end(&fake, &nic);
}

TEST(e1000_sends_and_receives_at_every_index_of_its_rings)
{
	unsigned int i;

	e1000_test_begin(&fake, &nic);
	/* One by one three times round, with sizes that vary. */
	for (i = 0; i < 3 * 256 + 5; i++) {
		nic_send(&nic, 1, 60 + i % 1455);
		EXPECT_TRUE(e1000_test_rx(&fake, i, 60 + (i * 7) % 1455));
	}
	host_run();
	EXPECT_EQ(nic.wire_count, (u64)i);
	EXPECT_EQ(nic.rx_count, (u64)i);
	EXPECT_EQ(nic.dev->stats.tx_packets, (u64)i);
	EXPECT_EQ(nic.dev->stats.rx_packets, (u64)i);
	/* In batches whose size shifts the wrap each time. */
	for (i = 1; i <= 256; i += 5) {
		unsigned int before = (unsigned int)nic.wire_count;

		fake.stop_tx = true;
		nic_send(&nic, i, 100);
		fake.stop_tx = false;
		fake_e1000_run(&fake);
		host_run();
		EXPECT_EQ(nic.wire_count, (u64)before + i);
	}
	e1000_test_end(&fake, &nic);
}

TEST(e1000_stops_the_queue_when_the_ring_is_full_and_loses_no_frame)
{
	e1000_test_begin(&fake, &nic);
	fake.stop_tx = true;
	EXPECT_EQ(nic.dev->netdev_ops->ndo_held(nic.dev), 0U);
	nic_send(&nic, 600, 200);
	EXPECT_TRUE(netif_queue_stopped(nic.dev));
	EXPECT_GT(nic.dev->netdev_ops->ndo_held(nic.dev), 200U);
	EXPECT_EQ(nic.wire_count, 0UL);
	/* A few at a time: below the threshold it stays stopped. */
	fake.tx_limit = 3;
	fake_e1000_run(&fake);
	host_run();
	EXPECT_TRUE(netif_queue_stopped(nic.dev));
	/* Woken long before the ring is empty, and filled again. */
	fake.tx_limit = 60;
	fake_e1000_run(&fake);
	host_run();
	EXPECT_EQ(nic.wire_count, 63UL);
	EXPECT_GT(fake.regs[0x3818 / 4], 10U);
	EXPECT_LT(fake.regs[0x3818 / 4], 100U);
	fake.tx_limit = 7;
	for (unsigned int i = 0; i < 200 && nic.wire_count < 600; i++) {
		fake_e1000_run(&fake);
		host_run();
	}
	EXPECT_EQ(nic.wire_count, 600UL);
	EXPECT_FALSE(netif_queue_stopped(nic.dev));
	EXPECT_EQ(nic.dev->stats.tx_packets, 600UL);
	EXPECT_EQ(nic.dev->stats.tx_dropped, 0UL);
	e1000_test_end(&fake, &nic);
}

TEST(e1000_transmit_needs_no_interrupt_when_the_device_is_done_at_the_doorbell)
{
	u64 irqs;

	e1000_test_begin(&fake, &nic);
	irqs = fake.pci.irqs_raised;
	fake_bus_reset_counts();
	nic_send(&nic, 100, 1000);
	host_run();
	EXPECT_EQ(fake.pci.irqs_raised, irqs);
	EXPECT_EQ(nic.dev->stats.tx_packets, 100UL);
	EXPECT_EQ(fake_mmio_reads, 0UL);
	EXPECT_EQ(fake_mmio_writes, 100UL);	/* the doorbells */
	e1000_test_end(&fake, &nic);
}

TEST(e1000_reaps_by_interrupt_what_was_not_done_at_the_doorbell)
{
	u64 irqs;

	e1000_test_begin(&fake, &nic);
	fake.stop_tx = true;
	irqs = fake.pci.irqs_raised;
	nic_send(&nic, 10, 1000);
	host_run();
	EXPECT_EQ(nic.dev->stats.tx_packets, 0UL);
	fake_e1000_run(&fake);
	host_run();
	EXPECT_EQ(nic.dev->stats.tx_packets, 10UL);
	EXPECT_EQ(fake.pci.irqs_raised, irqs + 1);
	/* And not by interrupt what is done at once, after that. */
	fake.stop_tx = false;
	EXPECT_TRUE(e1000_test_rx(&fake, 0, 100));
	host_run();
	irqs = fake.pci.irqs_raised;
	nic_send(&nic, 10, 1000);
	host_run();
	EXPECT_EQ(nic.dev->stats.tx_packets, 20UL);
	EXPECT_EQ(fake.pci.irqs_raised, irqs);
	e1000_test_end(&fake, &nic);
}

TEST(e1000_takes_a_burst_with_one_interrupt_and_few_register_accesses)
{
	u64 irqs;
	unsigned int i;

	e1000_test_begin(&fake, &nic);
	irqs = fake.pci.irqs_raised;
	fake.hold_irq = true;
	for (i = 0; i < 200; i++)
		EXPECT_TRUE(e1000_test_rx(&fake, i, 1514));
	fake_bus_reset_counts();
	fake_e1000_release_irq(&fake);
	host_run();
	EXPECT_EQ(nic.rx_count, 200UL);
	EXPECT_EQ(fake.pci.irqs_raised, irqs + 1);
	EXPECT_EQ(fake_mmio_reads, 1UL);	/* ICR */
	EXPECT_LE(fake_mmio_writes, 3UL);	/* a tail for each poll of 64 */
	e1000_test_end(&fake, &nic);
}

TEST(e1000_takes_a_lone_frame_with_one_register_read)
{
	e1000_test_begin(&fake, &nic);
	for (unsigned int i = 0; i < 3; i++) {
		fake_bus_reset_counts();
		EXPECT_TRUE(e1000_test_rx(&fake, i, 100));
		host_run();
		EXPECT_EQ(nic.rx_count, i + 1UL);
		EXPECT_EQ(fake_mmio_reads, 1UL);	/* ICR */
		/* Once: the interrupt rate of such a load. */
		EXPECT_EQ(fake_mmio_writes, i == 1 ? 1UL : 0UL);
	}
	e1000_test_end(&fake, &nic);
}

static void one_more_from_within(struct nic *n)
{
	if (n->rx_count < 50)
		EXPECT_TRUE(e1000_test_rx(n->fake, (u32)n->rx_count, 300));
}

TEST(e1000_sees_frames_that_come_while_it_polls)
{
	u64 reads;

	e1000_test_begin(&fake, &nic);
	nic.on_rx = one_more_from_within;
	reads = fake.icr_reads;
	EXPECT_TRUE(e1000_test_rx(&fake, 0, 300));
	host_run();
	EXPECT_EQ(nic.rx_count, 50UL);
	/* The second interrupt masked the others; unmasking raised what they had
	 * latched. */
	EXPECT_EQ(fake.icr_reads, reads + 3);
	EXPECT_TRUE(fake.regs[0xd0 / 4] & 0x80);
	e1000_test_end(&fake, &nic);
}

static void frame_before_unmasking(struct fake_e1000 *f)
{
	f->before_ims = NULL;
	EXPECT_TRUE(e1000_test_rx(f, 2, 300));
}

static void second_from_within(struct nic *n)
{
	n->on_rx = NULL;
	EXPECT_TRUE(e1000_test_rx(n->fake, 1, 300));
}

TEST(e1000_sees_a_frame_that_comes_between_its_last_look_and_unmasking)
{
	e1000_test_begin(&fake, &nic);
	fake.before_ims = frame_before_unmasking;
	/* Two interrupts, or nothing would be masked. */
	nic.on_rx = second_from_within;
	EXPECT_TRUE(e1000_test_rx(&fake, 0, 300));
	host_run();
	EXPECT_TRUE(!fake.before_ims);
	EXPECT_EQ(nic.rx_count, 3UL);
	e1000_test_end(&fake, &nic);
}

TEST(e1000_gathers_fragments)
{
	e1000_test_begin(&fake, &nic);
	for (unsigned int frags = 1; frags <= MAX_SKB_FRAGS; frags++) {
		dev_queue_xmit(nic_skb(&nic, nic.tx_seq++, 1514, frags));
		EXPECT_EQ(nic.wire_len, 1514U);
	}
	host_run();
	EXPECT_EQ(nic.wire_count, (u64)MAX_SKB_FRAGS);
	EXPECT_EQ(nic.dev->stats.tx_packets, (u64)MAX_SKB_FRAGS);
	e1000_test_end(&fake, &nic);
}

/* A packet whose checksum, over what is behind byte @start, belongs at
 * @start + @off. */
static struct sk_buff *partial(unsigned int len, unsigned int start, unsigned int off)
{
	struct sk_buff *skb = nic_skb(&nic, nic.tx_seq++, len, 0);

	EXPECT_TRUE(skb_partial_csum_set(skb, (u16)start, (u16)off));
	put_unaligned_be16(0x1234, skb->data + start + off);	/* a pseudo header's sum */
	return skb;
}

TEST(e1000_fills_in_the_checksum_that_software_would)
{
	static const unsigned int at[][2] = { { 34, 16 }, { 34, 6 }, { 54, 16 }, { 24, 40 } };
	static u8 want[1514];
	u64 contexts;

	e1000_test_begin(&fake, &nic);
	for (unsigned int i = 0; i < 40; i++) {
		unsigned int start = at[i / 10][0], off = at[i / 10][1], len = 100 + 31 * i;
		struct sk_buff *skb = partial(len, start, off);
		struct sk_buff *copy = skb_copy(skb, GFP_ATOMIC);

		EXPECT_EQ(skb_checksum_help(copy), 0);
		memcpy(want, copy->data, len);
		consume_skb(copy);
		dev_queue_xmit(skb);
		EXPECT_EQ(nic.wire_len, len);
		EXPECT_MEMEQ(nic.wire, want, len);
	}
	nic.wire_bad = 0;	/* the pattern has a checksum in it */
	/* The device keeps its context: told four times, not forty. */
	contexts = fake.contexts;
	EXPECT_EQ(contexts, 4UL);
	e1000_test_end(&fake, &nic);
}

TEST(e1000_hands_up_what_the_device_found_about_checksums)
{
	struct fake_e1000_rx_lie lie = { .status = 0x20 | 0x40 };
	u8 frame[600];

	e1000_test_begin(&fake, &nic);
	nic_fill(frame, 0, sizeof(frame), NULL);
	fake_e1000_rx(&fake, frame, sizeof(frame), &lie);
	EXPECT_EQ(nic.rx_ip_summed, CHECKSUM_UNNECESSARY);
	nic_fill(frame, 1, sizeof(frame), NULL);
	lie.status |= 0x04;		/* IXSM: ignore */
	fake_e1000_rx(&fake, frame, sizeof(frame), &lie);
	EXPECT_EQ(nic.rx_ip_summed, CHECKSUM_NONE);
	nic_fill(frame, 2, sizeof(frame), NULL);
	lie.status = 0x20;
	lie.errors = 0x20;		/* wrong: the stack shall see for itself */
	fake_e1000_rx(&fake, frame, sizeof(frame), &lie);
	EXPECT_EQ(nic.rx_ip_summed, CHECKSUM_NONE);
	EXPECT_EQ(nic.rx_count, 3UL);
	e1000_test_end(&fake, &nic);
}

TEST(e1000_rings_once_for_packets_that_follow_each_other)
{
	e1000_test_begin(&fake, &nic);
	fake_bus_reset_counts();
	local_bh_disable();
	for (unsigned int i = 0; i < 16; i++) {
		struct sk_buff *skb = nic_skb(&nic, nic.tx_seq++, 500, 0);

		skb->xmit_more = i < 15;
		EXPECT_EQ(nic.dev->netdev_ops->ndo_start_xmit(skb, nic.dev), NETDEV_TX_OK);
		EXPECT_EQ(nic.wire_count, i < 15 ? 0UL : 16UL);
	}
	local_bh_enable();
	EXPECT_EQ(fake_mmio_writes, 1UL);
	host_run();
	EXPECT_EQ(nic.dev->stats.tx_packets, 16UL);
	e1000_test_end(&fake, &nic);
}

TEST(e1000_follows_the_link)
{
	e1000_test_begin(&fake, &nic);
	fake_e1000_link(&fake, false);
	host_run();
	EXPECT_FALSE(netif_carrier_ok(nic.dev));
	fake_e1000_link(&fake, true);
	host_run();
	EXPECT_TRUE(netif_carrier_ok(nic.dev));
	nic_send(&nic, 3, 100);
	EXPECT_TRUE(e1000_test_rx(&fake, 0, 100));
	host_run();
	EXPECT_EQ(nic.wire_count, 3UL);
	EXPECT_EQ(nic.rx_count, 1UL);
	e1000_test_end(&fake, &nic);
}

TEST(e1000_drops_what_waits_for_a_link_that_went)
{
	u64 drops = init_net->drops[SKB_DROP_REASON_DEV_RESET];

	e1000_test_begin(&fake, &nic);
	fake.stop_tx = true;
	nic_send(&nic, 20, 100);
	fake_e1000_link(&fake, false);
	host_run();
	EXPECT_EQ(init_net->drops[SKB_DROP_REASON_DEV_RESET], drops + 20);
	fake.stop_tx = false;
	nic.wire_seq = nic.tx_seq;
	fake_e1000_link(&fake, true);
	host_run();
	nic_send(&nic, 20, 100);
	host_run();
	EXPECT_EQ(nic.wire_count, 20UL);
	e1000_test_end(&fake, &nic);
}

TEST(e1000_filters_by_address)
{
	static const u8 other[] = { 0x52, 0x54, 0x00, 0xaa, 0xbb, 0xcc };
	static const u8 group[] = { 0x01, 0x00, 0x5e, 0x01, 0x02, 0x03 };
	u64 writes;
	u8 frame[100];

	e1000_test_begin(&fake, &nic);
	writes = fake.rctl_writes;
	nic_fill(frame, 0, sizeof(frame), nic.dev->dev_addr);
	EXPECT_TRUE(fake_e1000_rx(&fake, frame, sizeof(frame), NULL));
	nic_fill(frame, 1, sizeof(frame), other);
	EXPECT_FALSE(fake_e1000_rx(&fake, frame, sizeof(frame), NULL));
	nic_fill(frame, 1, sizeof(frame), group);
	EXPECT_FALSE(fake_e1000_rx(&fake, frame, sizeof(frame), NULL));
	EXPECT_EQ(dev_mc_add(nic.dev, group), 0);
	EXPECT_TRUE(fake_e1000_rx(&fake, frame, sizeof(frame), NULL));
	EXPECT_EQ(dev_mc_del(nic.dev, group), 0);
	EXPECT_FALSE(fake_e1000_rx(&fake, frame, sizeof(frame), NULL));
	/* The table only: QEMU's device pauses for a second at writes of RCTL. */
	EXPECT_EQ(fake.rctl_writes, writes);
	dev_set_promiscuity(nic.dev, 1);
	nic_fill(frame, 2, sizeof(frame), other);
	EXPECT_TRUE(fake_e1000_rx(&fake, frame, sizeof(frame), NULL));
	dev_set_promiscuity(nic.dev, -1);
	EXPECT_EQ(fake.rctl_writes, writes + 2);
	host_run();
	e1000_test_end(&fake, &nic);
}

TEST(e1000_goes_down_and_up_under_traffic_and_gives_everything_back)
{
	const struct device *dev;

	e1000_test_begin(&fake, &nic);
	dev = &fake_pci_found(&fake.pci)->dev;
	for (unsigned int round = 0; round < 20; round++) {
		fake.stop_tx = round & 1;
		nic_send(&nic, 40 * round, 400);
		fake.hold_irq = true;
		for (unsigned int i = 0; i < 30; i++)
			e1000_test_rx(&fake, 0, 400);
		dev_close(nic.dev);
		nic_expect_dma_clean(dev);
		fake.hold_irq = false;
		fake.reset_keeps = !fake.reset_keeps;
		EXPECT_EQ(dev_open(nic.dev), 0);
		host_run();
		fake.stop_tx = false;
		nic.wire_seq = nic.tx_seq;
		nic.rx_seq = 1000 * round;
		nic.rx_count = nic.wire_count = 0;
		nic_send(&nic, 2, 400);
		EXPECT_TRUE(e1000_test_rx(&fake, 1000 * round, 400));
		host_run();
		EXPECT_EQ(nic.wire_count, 2UL);
		EXPECT_EQ(nic.rx_count, 1UL);
	}
	e1000_test_end(&fake, &nic);
}

TEST(e1000_tells_its_state_in_any_space)
{
	char text[2048];
	size_t len;

	e1000_test_begin(&fake, &nic);
	nic_send(&nic, 3, 100);
	host_run();
	len = nic.dev->netdev_ops->ndo_dump(nic.dev, text, sizeof(text));
	EXPECT_EQ(len, strlen(text));
	EXPECT_TRUE(strstr(text, "tx ring: size 256 clean") != NULL);
	for (size_t size = 1; size < len; size += 13) {
		text[size] = 0x5a;
		EXPECT_LT(nic.dev->netdev_ops->ndo_dump(nic.dev, text, size), size);
		EXPECT_EQ(text[size], 0x5a);
	}
	dev_close(nic.dev);
	nic.dev->netdev_ops->ndo_dump(nic.dev, text, sizeof(text));
	EXPECT_TRUE(strstr(text, "down") != NULL);
	EXPECT_EQ(dev_open(nic.dev), 0);
	e1000_test_end(&fake, &nic);
}
