/* SPDX-License-Identifier: MIT */
/* Interrupts off by a flag, on again: kernel/x86/irq.c tells how and why. */
#ifndef ASM_IRQFLAGS_H
#define ASM_IRQFLAGS_H

#include <linux/types.h>
#include <platform.h>

struct irq_state {
	bool off;			/* the kernel wants none */
	bool hard_off;			/* RFLAGS.IF is clear */
	u8 pending;			/* vector noted while off; 0: none */
};

extern struct irq_state irq_state;

void irq_enable_hard(void);

/* Disables interrupts; the value is for arch_irq_restore(). */
static inline unsigned long arch_irq_save(void)
{
	bool was_off = irq_state.off;

	WRITE_ONCE(irq_state.off, true);
	barrier();
	return was_off ? 0 : PLATFORM_IRQ_ON;
}

/* An interrupt that came meanwhile is served before it returns. */
static inline void arch_irq_restore(unsigned long flags)
{
	barrier();
	WRITE_ONCE(irq_state.off, !(flags & PLATFORM_IRQ_ON));
	barrier();
	if ((flags & PLATFORM_IRQ_ON) && unlikely(READ_ONCE(irq_state.hard_off)))
		irq_enable_hard();
}

#endif
