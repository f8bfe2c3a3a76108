// SPDX-License-Identifier: MIT
/* The e1000 driver, receive side: whose the pages are, and how often it may
 * interrupt. */
#include <linux/dma-mapping.h>
#include <linux/slab.h>

#include "test_e1000.h"

#define R_ITR	0x00c4

static struct fake_e1000 fake;
static struct nic nic;

static unsigned long mapped(void)
{
	return fake_pci_found(&fake.pci)->dev.dma_mapped;
}

TEST(e1000_hands_large_frames_up_in_the_pages_they_came_in)
{
	static const unsigned int lens[] = { 60, 256, 257, 1514 };

	e1000_test_begin(&fake, &nic);
	for (unsigned int i = 0; i < ARRAY_SIZE(lens); i++) {
		EXPECT_TRUE(e1000_test_rx(&fake, i, lens[i]));
		host_run();
		EXPECT_EQ(nic.rx_len, lens[i]);
		EXPECT_EQ(nic.rx_frags, lens[i] > 256 ? 1U : 0U);
	}
	EXPECT_EQ(nic.rx_count, (u64)ARRAY_SIZE(lens));
	e1000_test_end(&fake, &nic);
}

TEST(e1000_receives_into_pages_that_came_back)
{
	unsigned long before;

	e1000_test_begin(&fake, &nic);
	for (unsigned int i = 0; i < 500; i++)
		EXPECT_TRUE(e1000_test_rx(&fake, i, 1000));
	host_run();
	before = mapped();
	/* From here on there is nothing to map, nor a page to allocate. */
	fake_dma_fail_after(1, 1000000);
	for (unsigned int i = 500; i < 2000; i++)
		EXPECT_TRUE(e1000_test_rx(&fake, i, 1000));
	host_run();
	fake_dma_fail_after(0, 0);
	EXPECT_EQ(nic.rx_count, 2000UL);
	EXPECT_EQ(mapped(), before);
	e1000_test_end(&fake, &nic);
}

TEST(e1000_does_not_receive_into_pages_that_somebody_reads)
{
	e1000_test_begin(&fake, &nic);
	for (unsigned int round = 0; round < 3; round++) {
		/* More than it remembers. */
		nic.hold = true;
		for (unsigned int i = 0; i < 700; i++)
			EXPECT_TRUE(e1000_test_rx(&fake, nic.rx_seq, 1000));
		EXPECT_EQ(nic.held_count, 700U);
		/* Compares all of them once more. */
		nic_release(&nic);
		EXPECT_EQ(nic.rx_bad, 0UL);
	}
	/* What it holds is bounded: the ring, and as many again. */
	EXPECT_LE(mapped(), 256UL + 256UL);
	e1000_test_end(&fake, &nic);
}

TEST(e1000_gives_pages_back_whose_frames_outlive_the_interface)
{
	e1000_test_begin(&fake, &nic);
	nic.hold = true;
	for (unsigned int i = 0; i < 20; i++)
		EXPECT_TRUE(e1000_test_rx(&fake, i, 1000));
	dev_close(nic.dev);
	host_run();
	EXPECT_EQ(mapped(), 0UL);
	nic_release(&nic);
	EXPECT_EQ(dev_open(nic.dev), 0);
	e1000_test_end(&fake, &nic);
}

/* One interrupt for @n frames of @len bytes. */
static void together(unsigned int n, unsigned int len)
{
	fake.hold_irq = true;
	for (unsigned int i = 0; i < n; i++)
		EXPECT_TRUE(e1000_test_rx(&fake, (u32)nic.rx_count + i, len));
	fake_e1000_release_irq(&fake);
	host_run();
}

/* Interrupts a second that ITR admits. */
static unsigned int rate(void)
{
	return 1000000000U / (fake.regs[R_ITR / 4] * 256U);
}

TEST(e1000_fits_its_interrupt_rate_to_the_load)
{
	unsigned int middle, i;

	e1000_test_begin(&fake, &nic);
	middle = rate();
	EXPECT_GT(middle, 18000U);
	EXPECT_LT(middle, 22000U);
	/* Question and answer. */
	together(1, 60);
	EXPECT_EQ(rate(), middle);
	together(1, 60);
	EXPECT_GT(rate(), 65000U);
	/* One poll that is different changes nothing. */
	together(60, 1514);
	EXPECT_GT(rate(), 65000U);
	together(1, 60);
	together(60, 1514);
	EXPECT_GT(rate(), 65000U);
	/* A stream. */
	together(60, 1514);
	EXPECT_LT(rate(), 4500U);
	EXPECT_GT(rate(), 3500U);
	/* Many connections. */
	for (i = 0; i < 2; i++)
		together(30, 66);
	EXPECT_EQ(rate(), middle);
	/* Nothing to tell it: it is not written. */
	fake_bus_reset_counts();
	for (i = 0; i < 10; i++)
		together(10, 66);
	EXPECT_LE(fake_mmio_writes, 2UL);	/* the tail */
	e1000_test_end(&fake, &nic);
}
