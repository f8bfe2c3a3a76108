/* SPDX-License-Identifier: MIT */
/* Which context is this? (IRQ-3) */
#ifndef LINUX_PREEMPT_H
#define LINUX_PREEMPT_H

#include <linux/bug.h>
#include <linux/percpu.h>

#define PREEMPT_OFFSET	(1U << 0)
#define SOFTIRQ_OFFSET	(1U << 8)	/* serving a softirq */
#define SOFTIRQ_DISABLE_OFFSET (2 * SOFTIRQ_OFFSET)	/* local_bh_disable() */
#define HARDIRQ_OFFSET	(1U << 16)
#define SOFTIRQ_MASK	0x0000ff00U
#define HARDIRQ_MASK	0x000f0000U

static inline unsigned int preempt_count(void)
{
	return this_cpu()->preempt_count;
}

#define in_hardirq()	 (preempt_count() & HARDIRQ_MASK)
#define in_irq()	 in_hardirq()
#define in_softirq()	 (preempt_count() & SOFTIRQ_MASK)	/* serving or disabled */
#define in_serving_softirq() (preempt_count() & SOFTIRQ_OFFSET)
#define in_interrupt()	 (preempt_count() & (HARDIRQ_MASK | SOFTIRQ_MASK))
#define in_task()	 (!(preempt_count() & HARDIRQ_MASK) && !in_serving_softirq())

/* At the head of everything that can sleep. */
#define might_sleep()	 BUG_ON(in_interrupt() || (preempt_count() & 0xff))

#endif
