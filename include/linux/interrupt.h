/* SPDX-License-Identifier: MIT */
/* Hardware interrupts (kernel/irq.c) and softirqs (kernel/softirq.c). */
#ifndef LINUX_INTERRUPT_H
#define LINUX_INTERRUPT_H

#include <linux/irqflags.h>
#include <linux/preempt.h>
#include <linux/types.h>

/* In the order they are served. Linux: HI, BLOCK, IRQ_POLL, TASKLET, SCHED
 * and HRTIMER have no user here. */
enum {
	TIMER_SOFTIRQ,
	NET_TX_SOFTIRQ,
	NET_RX_SOFTIRQ,
	RCU_SOFTIRQ,
	NR_SOFTIRQS
};

struct softirq_action {
	void (*action)(struct softirq_action *);
};

typedef void (*softirq_fn_t)(struct softirq_action *);
/* Returns the action before it; Linux: nothing. */
softirq_fn_t open_softirq(int nr, softirq_fn_t action);
void raise_softirq(unsigned int nr);
void raise_softirq_irqoff(unsigned int nr);
void __raise_softirq_irqoff(unsigned int nr);
void __do_softirq(void);
void do_softirq(void);
static inline u32 local_softirq_pending(void)
{
	return this_cpu()->softirq_pending;
}

/* Keeps softirqs away from what process code is about to touch; nests. Context:
 * process or softirq. */
static inline void local_bh_disable(void)
{
	this_cpu()->preempt_count += SOFTIRQ_DISABLE_OFFSET;
	barrier();
}

/* Serves softirqs, if this is a place to do so; panics where none were disabled. */
void local_bh_enable_slow(void);

/* End of a local_bh_disable() section. The outermost one, in process context and
 * with interrupts on, runs what has become pending meanwhile. */
static inline void local_bh_enable(void)
{
	unsigned int count = preempt_count();

	barrier();
	if (unlikely((count & SOFTIRQ_MASK) < SOFTIRQ_DISABLE_OFFSET || local_softirq_pending()))
		local_bh_enable_slow();
	else
		this_cpu()->preempt_count = count - SOFTIRQ_DISABLE_OFFSET;
}

/* The thread that serves what the budget left over. 0 or -errno. */
int spawn_ksoftirqd(void);
void softirq_init(void);

typedef enum { IRQ_NONE, IRQ_HANDLED } irqreturn_t;
typedef irqreturn_t (*irq_handler_t)(int irq, void *dev_id);

#define IRQF_SHARED	0x80	/* INTx lines may be shared */

/* Handlers run in hardirq context and only acknowledge the device and
 * schedule. Returns 0, -EINVAL (no such line), -EBUSY (not shareable). */
int __must_check request_irq(unsigned int irq, irq_handler_t handler,
			     unsigned long flags, const char *name, void *dev_id);
void free_irq(unsigned int irq, void *dev_id);

/* How a line is masked at the interrupt controller; set by the machine half
 * (IOAPIC) or the fake devices. MSI-X needs none: NULL. */
struct irq_chip {
	const char *name;
	void (*irq_mask)(unsigned int irq);
	void (*irq_unmask)(unsigned int irq);
};
void irq_set_chip(unsigned int irq, const struct irq_chip *chip);

#define NR_IRQS 128
u64 irq_count(unsigned int irq);	/* times served, for `interrupts` */
const char *irq_name(unsigned int irq);	/* of the first handler, or NULL */
u64 softirq_count(unsigned int nr);	/* times served */
extern const char *const softirq_names[NR_SOFTIRQS];

#endif
