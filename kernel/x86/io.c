// SPDX-License-Identifier: MIT
/*
 * Device registers in memory: linux/io.h on metal. One instruction an access;
 * the volatile keeps them in program order, and uncached memory keeps them so
 * on the bus (SDM vol. 3 12.3.1). The compiler barrier in writes lets a device
 * see ring memory that was written before the doorbell; the CPU keeps stores in
 * order by itself (SDM vol. 3 9.2.2).
 *
 * Linux: arch/x86/include/asm/io.h. ioremap() is in paging.c.
 */
#include <linux/io.h>

/**
 * readb() - read a 8-bit device register
 * @addr: from ioremap(), aligned to the width
 *
 * Context: any.
 * Return: the register's value.
 */
u8 readb(const volatile void __iomem *addr)
{
	return *(const volatile u8 __force *)addr;
}

/**
 * readw() - read a 16-bit device register
 * @addr: from ioremap(), aligned to the width
 *
 * Context: any.
 * Return: the register's value.
 */
u16 readw(const volatile void __iomem *addr)
{
	return *(const volatile u16 __force *)addr;
}

/**
 * readl() - read a 32-bit device register
 * @addr: from ioremap(), aligned to the width
 *
 * Context: any.
 * Return: the register's value.
 */
u32 readl(const volatile void __iomem *addr)
{
	return *(const volatile u32 __force *)addr;
}

/**
 * readq() - read a 64-bit device register
 * @addr: from ioremap(), aligned to the width
 *
 * Context: any.
 * Return: the register's value.
 */
u64 readq(const volatile void __iomem *addr)
{
	return *(const volatile u64 __force *)addr;
}

/**
 * writeb() - write a 8-bit device register
 * @value: for the register
 * @addr: from ioremap(), aligned to the width
 *
 * Context: any.
 */
void writeb(u8 value, volatile void __iomem *addr)
{
	barrier();
	*(volatile u8 __force *)addr = value;
}

/**
 * writew() - write a 16-bit device register
 * @value: for the register
 * @addr: from ioremap(), aligned to the width
 *
 * Context: any.
 */
void writew(u16 value, volatile void __iomem *addr)
{
	barrier();
	*(volatile u16 __force *)addr = value;
}

/**
 * writel() - write a 32-bit device register
 * @value: for the register
 * @addr: from ioremap(), aligned to the width
 *
 * Context: any.
 */
void writel(u32 value, volatile void __iomem *addr)
{
	barrier();
	*(volatile u32 __force *)addr = value;
}

/**
 * writeq() - write a 64-bit device register
 * @value: for the register
 * @addr: from ioremap(), aligned to the width
 *
 * Context: any.
 */
void writeq(u64 value, volatile void __iomem *addr)
{
	barrier();
	*(volatile u64 __force *)addr = value;
}
