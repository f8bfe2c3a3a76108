/* SPDX-License-Identifier: MIT */
/*
 * Device registers in memory. Functions, not inlines, and part of the device
 * seam: on metal kernel/x86/io.c, in hosted tests fake devices; a driver's
 * object is the same in both. Each access is one access of that width, in
 * program order with the others.
 */
#ifndef LINUX_IO_H
#define LINUX_IO_H

#include <linux/types.h>

u8 readb(const volatile void __iomem *addr);
u16 readw(const volatile void __iomem *addr);
u32 readl(const volatile void __iomem *addr);
u64 readq(const volatile void __iomem *addr);
void writeb(u8 value, volatile void __iomem *addr);
void writew(u16 value, volatile void __iomem *addr);
void writel(u32 value, volatile void __iomem *addr);
void writeq(u64 value, volatile void __iomem *addr);

/* Makes @size bytes of device memory at bus address @phys reachable, uncached.
 * NULL: no memory for page tables, or @phys is no device's. Context: process. */
void __iomem *ioremap(u64 phys, size_t size);
void iounmap(volatile void __iomem *addr);

#endif
