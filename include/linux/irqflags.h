/* SPDX-License-Identifier: MIT */
#ifndef LINUX_IRQFLAGS_H
#define LINUX_IRQFLAGS_H

#include <platform.h>

#define local_irq_save(flags)	((flags) = platform_irq_save())
#define local_irq_restore(flags) platform_irq_restore(flags)

#endif
