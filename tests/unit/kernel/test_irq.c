// SPDX-License-Identifier: MIT
/* kernel/irq.c: handlers, sharing, lines that nobody serves. */
#include <linux/errno.h>
#include <linux/interrupt.h>

#include "../test.h"

#define LINE 20

static unsigned int calls[3];
static unsigned int masked, unmasked;

static irqreturn_t handler(int irq, void *dev)
{
	unsigned int *count = dev;

	EXPECT_EQ(irq, LINE);
	EXPECT_TRUE(in_hardirq());
	EXPECT_TRUE(irqs_disabled());
	++*count;
	return count == &calls[2] ? IRQ_NONE : IRQ_HANDLED;
}

static void chip_mask(unsigned int irq)
{
	masked++;
}

static void chip_unmask(unsigned int irq)
{
	unmasked++;
}

static const struct irq_chip chip = {
	.name = "test",
	.irq_mask = chip_mask,
	.irq_unmask = chip_unmask,
};

TEST(irq_shared_line_calls_all_its_handlers)
{
	u64 before = irq_count(LINE);

	memset(calls, 0, sizeof(calls));
	masked = unmasked = 0;
	irq_set_chip(LINE, &chip);
	EXPECT_EQ(request_irq(LINE, handler, IRQF_SHARED, "one", &calls[0]), 0);
	EXPECT_EQ(unmasked, 1U);
	EXPECT_EQ(request_irq(LINE, handler, IRQF_SHARED, "two", &calls[1]), 0);
	EXPECT_EQ(request_irq(LINE, handler, 0, "three", &calls[2]), -EBUSY);
	EXPECT_STREQ(irq_name(LINE), "one");
	host_raise_irq(LINE);
	host_raise_irq(LINE);
	EXPECT_EQ(calls[0], 2U);
	EXPECT_EQ(calls[1], 2U);
	EXPECT_EQ(irq_count(LINE), before + 2);
	free_irq(LINE, &calls[0]);
	EXPECT_EQ(masked, 0U);
	host_raise_irq(LINE);
	EXPECT_EQ(calls[0], 2U);
	EXPECT_EQ(calls[1], 3U);
	free_irq(LINE, &calls[1]);
	EXPECT_EQ(masked, 1U);
	irq_set_chip(LINE, NULL);
}

TEST(irq_raised_while_off_comes_when_they_are_on)
{
	unsigned long flags;

	calls[0] = 0;
	EXPECT_EQ(request_irq(LINE, handler, 0, "one", &calls[0]), 0);
	local_irq_save(flags);
	host_raise_irq(LINE);
	EXPECT_EQ(calls[0], 0U);
	local_irq_restore(flags);
	EXPECT_EQ(calls[0], 1U);
	free_irq(LINE, &calls[0]);
}

TEST(irq_line_that_nobody_serves_is_shut)
{
	unsigned int i;

	calls[2] = 0;
	masked = unmasked = 0;
	irq_set_chip(LINE, &chip);
	EXPECT_EQ(request_irq(LINE, handler, 0, "deaf", &calls[2]), 0);
	for (i = 0; i < 10000; i++)
		host_raise_irq(LINE);
	EXPECT_EQ(masked, 1U);
	free_irq(LINE, &calls[2]);
	irq_set_chip(LINE, NULL);
}

TEST(irq_bad_requests_are_refused)
{
	EXPECT_EQ(request_irq(NR_IRQS, handler, 0, "x", &calls[0]), -EINVAL);
	EXPECT_EQ(request_irq(LINE, NULL, 0, "x", &calls[0]), -EINVAL);
	EXPECT_EQ(request_irq(LINE, handler, IRQF_SHARED, "x", NULL), -EINVAL);
	EXPECT_EQ(irq_count(NR_IRQS), 0UL);
	test_expect_warnings(1);
	free_irq(LINE, &calls[0]);
}
