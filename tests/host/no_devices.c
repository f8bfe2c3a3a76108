// SPDX-License-Identifier: MIT
/*
 * The device seam of a body without devices: the hosted library. Drivers are
 * linked in, look for a bus and find none.
 */
#include <linux/dma-mapping.h>
#include <linux/errno.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/msi.h>
#include <linux/pci_config.h>

/** pci_conf_present() - there is no PCI bus */
bool pci_conf_present(void)
{
	return false;
}

/** pci_conf_last_bus() - bus 0, where nobody answers */
unsigned int pci_conf_last_bus(void)
{
	return 0;
}

/** pci_conf_read8() - nobody answers */
u8 pci_conf_read8(unsigned int bus, unsigned int devfn, unsigned int offset)
{
	return 0xff;
}

/** pci_conf_read16() - nobody answers */
u16 pci_conf_read16(unsigned int bus, unsigned int devfn, unsigned int offset)
{
	return 0xffff;
}

/** pci_conf_read32() - nobody answers */
u32 pci_conf_read32(unsigned int bus, unsigned int devfn, unsigned int offset)
{
	return ~0U;
}

/** pci_conf_write8() - goes nowhere */
void pci_conf_write8(unsigned int bus, unsigned int devfn, unsigned int offset, u8 value)
{
}

/** pci_conf_write16() - goes nowhere */
void pci_conf_write16(unsigned int bus, unsigned int devfn, unsigned int offset, u16 value)
{
}

/** pci_conf_write32() - goes nowhere */
void pci_conf_write32(unsigned int bus, unsigned int devfn, unsigned int offset, u32 value)
{
}

/** pci_conf_intx_irq() - no pin is wired */
int pci_conf_intx_irq(unsigned int bus, unsigned int devfn)
{
	return -ENOENT;
}

/** msi_alloc_irq() - no messages */
int msi_alloc_irq(void)
{
	return -ENOSPC;
}

/** msi_free_irq() - none was given */
void msi_free_irq(unsigned int irq)
{
	BUG();
}

/** msi_compose_msg() - none was given */
void msi_compose_msg(unsigned int irq, struct msi_msg *msg)
{
	BUG();
}

/** ioremap() - no address is a device's */
void __iomem *ioremap(u64 phys, size_t size)
{
	return NULL;
}

/** iounmap() - nothing was mapped */
void iounmap(volatile void __iomem *addr)
{
	BUG();
}

/** readb() - no register was ever mapped, here and below */
u8 readb(const volatile void __iomem *addr)
{
	BUG();
}

/** readw() - as readb() */
u16 readw(const volatile void __iomem *addr)
{
	BUG();
}

/** readl() - as readb() */
u32 readl(const volatile void __iomem *addr)
{
	BUG();
}

/** readq() - as readb() */
u64 readq(const volatile void __iomem *addr)
{
	BUG();
}

/** writeb() - as readb() */
void writeb(u8 value, volatile void __iomem *addr)
{
	BUG();
}

/** writew() - as readb() */
void writew(u16 value, volatile void __iomem *addr)
{
	BUG();
}

/** writel() - as readb() */
void writel(u32 value, volatile void __iomem *addr)
{
	BUG();
}

/** writeq() - as readb() */
void writeq(u64 value, volatile void __iomem *addr)
{
	BUG();
}

/** platform_dma_address() - nobody would look there */
dma_addr_t platform_dma_address(const void *p)
{
	return (dma_addr_t)(uintptr_t)p;
}
