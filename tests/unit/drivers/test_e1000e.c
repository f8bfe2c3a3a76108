// SPDX-License-Identifier: MIT
/* The e1000 driver against the fake 82574L: what that has its own way. */
#include <linux/dma-mapping.h>
#include <linux/slab.h>

#include "test_e1000.h"

#define RX	0	/* vectors */
#define TX	1
#define OTHER	2
#define R_IMS	0x00d0
#define R_EITR0	0x00e8
#define IMS_RXQ0 0x100000
#define IMS_TXQ0 0x400000

static struct fake_e1000 fake;
static struct nic nic;

static void traffic(unsigned int n)
{
	u64 out = nic.wire_count, in = nic.rx_count;

	for (unsigned int i = 0; i < n; i++) {
		nic_send(&nic, 1, 60 + i % 1455);
		EXPECT_TRUE(e1000_test_rx(&fake, nic.rx_seq, 60 + (i * 7) % 1455));
	}
	host_run();
	EXPECT_EQ(nic.wire_count, out + n);
	EXPECT_EQ(nic.rx_count, in + n);
	EXPECT_EQ(nic.dev->stats.tx_packets, out + n);
}

TEST(e1000e_sends_and_receives_with_messages_and_with_a_line)
{
	static const u8 mac[] = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x03 };

	for (unsigned int msix = 0; msix < 2; msix++) {
		e1000e_test_begin(&fake, &nic, msix);
		EXPECT_STREQ(nic.dev->driver, "e1000e");
		EXPECT_MEMEQ(nic.dev->dev_addr, mac, ETH_ALEN);
		EXPECT_TRUE(netif_carrier_ok(nic.dev));
		EXPECT_TRUE(nic.dev->features & NETIF_F_TSO);
		traffic(600);
		EXPECT_EQ(fake.messages[RX] != 0, msix);
		e1000_test_end(&fake, &nic);
	}
}

TEST(e1000e_takes_a_lone_frame_with_one_register_write)
{
	e1000e_test_begin(&fake, &nic, true);
	/* Until the interrupt rate is that of such a load. */
	traffic(3);
	for (unsigned int i = 0; i < 3; i++) {
		fake_bus_reset_counts();
		EXPECT_TRUE(e1000_test_rx(&fake, nic.rx_seq, 100));
		host_run();
		EXPECT_EQ(fake_mmio_reads, 0UL);
		EXPECT_EQ(fake_mmio_writes, 1UL);	/* IMS */
		EXPECT_TRUE(fake.regs[R_IMS / 4] & IMS_RXQ0);
	}
	e1000_test_end(&fake, &nic);
}

static void one_more_from_within(struct nic *n)
{
	if (n->rx_count < 50)
		EXPECT_TRUE(e1000_test_rx(n->fake, (u32)n->rx_count, 300));
}

TEST(e1000e_sees_frames_that_come_while_it_polls)
{
	e1000e_test_begin(&fake, &nic, true);
	nic.on_rx = one_more_from_within;
	EXPECT_TRUE(e1000_test_rx(&fake, 0, 300));
	host_run();
	EXPECT_EQ(nic.rx_count, 50UL);
	/* The first, and what was latched when it unmasked. */
	EXPECT_LE(fake.messages[RX], 2UL);
	EXPECT_TRUE(fake.regs[R_IMS / 4] & IMS_RXQ0);
	e1000_test_end(&fake, &nic);
}

static void message_from_within(struct nic *n)
{
	n->on_rx = NULL;
	fake_msix_send(&fake.pci, RX);
}

TEST(e1000e_polls_no_longer_for_a_message_that_tells_nothing)
{
	char text[2048];

	e1000e_test_begin(&fake, &nic, true);
	nic.on_rx = message_from_within;
	EXPECT_TRUE(e1000_test_rx(&fake, 0, 300));
	host_run();
	EXPECT_EQ(nic.rx_count, 1UL);
	nic.dev->netdev_ops->ndo_dump(nic.dev, text, sizeof(text));
	EXPECT_TRUE(strstr(text, "interrupts 2\npolls 1\n") != NULL);
	/* One that comes after the poll is polled for, and unmasks again. */
	fake_msix_send(&fake.pci, RX);
	host_run();
	EXPECT_TRUE(e1000_test_rx(&fake, 1, 300));
	host_run();
	EXPECT_EQ(nic.rx_count, 2UL);
	e1000_test_end(&fake, &nic);
}

static void frame_before_unmasking(struct fake_e1000 *f)
{
	f->before_ims = NULL;
	EXPECT_TRUE(e1000_test_rx(f, 1, 300));
}

TEST(e1000e_sees_a_frame_that_comes_between_its_last_look_and_unmasking)
{
	e1000e_test_begin(&fake, &nic, true);
	fake.before_ims = frame_before_unmasking;
	EXPECT_TRUE(e1000_test_rx(&fake, 0, 300));
	host_run();
	EXPECT_EQ(nic.rx_count, 2UL);
	e1000_test_end(&fake, &nic);
}

TEST(e1000e_reaps_by_message_what_was_not_done_at_the_doorbell)
{
	u64 before;

	e1000e_test_begin(&fake, &nic, true);
	fake.stop_tx = true;
	nic_send(&nic, 10, 1000);
	host_run();
	EXPECT_TRUE(fake.regs[R_IMS / 4] & IMS_TXQ0);
	before = fake.messages[TX];
	fake_e1000_run(&fake);
	host_run();
	EXPECT_EQ(nic.dev->stats.tx_packets, 10UL);
	EXPECT_EQ(fake.messages[TX], before + 1);
	EXPECT_FALSE(fake.regs[R_IMS / 4] & IMS_TXQ0);
	/* And without one what is done at once. */
	fake.stop_tx = false;
	nic_send(&nic, 10, 1000);
	host_run();
	EXPECT_EQ(nic.dev->stats.tx_packets, 20UL);
	EXPECT_EQ(fake.messages[TX], before + 1);
	e1000_test_end(&fake, &nic);
}

TEST(e1000e_follows_the_link_by_a_message_of_its_own)
{
	u64 before;

	e1000e_test_begin(&fake, &nic, true);
	for (unsigned int i = 0; i < 3; i++) {
		before = fake.messages[OTHER];
		fake_e1000_link(&fake, false);
		host_run();
		EXPECT_FALSE(netif_carrier_ok(nic.dev));
		fake_e1000_link(&fake, true);
		host_run();
		EXPECT_TRUE(netif_carrier_ok(nic.dev));
		EXPECT_EQ(fake.messages[OTHER], before + 2);
	}
	traffic(3);
	e1000_test_end(&fake, &nic);
}

TEST(e1000e_loses_no_frame_that_comes_with_a_change_of_the_link)
{
	e1000e_test_begin(&fake, &nic, true);
	fake.hold_irq = true;
	EXPECT_TRUE(e1000_test_rx(&fake, 0, 300));
	fake_e1000_link(&fake, true);
	fake_e1000_release_irq(&fake);
	host_run();
	EXPECT_EQ(nic.rx_count, 1UL);
	EXPECT_TRUE(e1000_test_rx(&fake, 1, 300));
	host_run();
	EXPECT_EQ(nic.rx_count, 2UL);
	e1000_test_end(&fake, &nic);
}

TEST(e1000e_is_not_told_twice_of_an_ack)
{
	u8 frame[60] = { 0 };
	u64 before;

	e1000e_test_begin(&fake, &nic, true);
	before = fake.messages[OTHER];
	memcpy(frame, nic.dev->dev_addr, ETH_ALEN);
	put_unaligned_be16(ETH_P_IP, frame + 12);
	frame[14] = 0x45;
	put_unaligned_be16(40, frame + 16);
	frame[23] = 6;
	frame[46] = 0x50;
	frame[47] = 0x10;
	EXPECT_TRUE(fake_e1000_rx(&fake, frame, sizeof(frame), NULL));
	host_run();
	EXPECT_EQ(nic.dev->stats.rx_packets, 1UL);
	EXPECT_EQ(fake.messages[OTHER], before);
	e1000_test_end(&fake, &nic);
}

TEST(e1000e_fits_the_rate_of_its_message_to_the_load)
{
	u32 first;

	e1000e_test_begin(&fake, &nic, true);
	first = fake.regs[R_EITR0 / 4];
	EXPECT_NE(first, 0U);
	for (unsigned int i = 0; i < 3; i++) {
		EXPECT_TRUE(e1000_test_rx(&fake, nic.rx_seq, 60));
		host_run();
	}
	EXPECT_LT(fake.regs[R_EITR0 / 4], first);
	e1000_test_end(&fake, &nic);
}

TEST(e1000e_goes_down_and_up_under_traffic_and_gives_everything_back)
{
	e1000e_test_begin(&fake, &nic, true);
	for (unsigned int round = 0; round < 10; round++) {
		fake.stop_tx = round & 1;
		nic_send(&nic, 40 * round, 400);
		fake.hold_irq = true;
		for (unsigned int i = 0; i < 30; i++)
			e1000_test_rx(&fake, 0, 400);
		dev_close(nic.dev);
		nic_expect_dma_clean(&fake_pci_found(&fake.pci)->dev);
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

TEST(e1000e_whose_eeprom_is_never_read_is_refused)
{
	fake_e1000e_init(&fake, true);
	fake.eeprom_dead = true;
	fake_e1000_plug(&fake);
	EXPECT_TRUE(!nic_find("e1000e"));
	fake_e1000_unplug(&fake);
}

TEST(e1000e_probe_and_open_survive_every_failed_allocation)
{
	unsigned long n, failed = 0;

	for (n = 1; n < 60; n++) {
		struct net_device *dev;

		dma_debug_enable(true);
		fake_e1000e_init(&fake, true);
		slab_fail_after(n, 1);
		fake_e1000_plug(&fake);
		dev = nic_find("e1000e");
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
