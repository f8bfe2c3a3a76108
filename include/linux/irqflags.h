/* SPDX-License-Identifier: MIT */
/* Interrupts of this CPU, on and off. */
#ifndef LINUX_IRQFLAGS_H
#define LINUX_IRQFLAGS_H

#include <platform.h>

#define local_irq_save(flags)	((flags) = platform_irq_save())
#define local_irq_restore(flags) platform_irq_restore(flags)
#define irqs_disabled_flags(flags) (!((flags) & PLATFORM_IRQ_ON))

static inline void local_irq_disable(void)
{
	(void)platform_irq_save();
}

static inline void local_irq_enable(void)
{
	platform_irq_restore(PLATFORM_IRQ_ON);
}

static inline bool irqs_disabled(void)
{
	return !READ_ONCE(platform_irqs.on);
}

#endif
