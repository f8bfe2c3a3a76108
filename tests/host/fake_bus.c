// SPDX-License-Identifier: MIT
/*
 * The device seam over fake devices: configuration space, register dispatch,
 * interrupts, and memory as a device sees it.
 */
#include "fake_bus.h"

#include <linux/byteorder.h>
#include <linux/dma-mapping.h>
#include <linux/errno.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/msi.h>

#include "../unit/test.h"

#define FAKE_MSI_ADDRESS 0xfee00000U	/* where messages go */

u64 fake_mmio_reads, fake_mmio_writes;

static LIST_HEAD(fake_pci_devs);
static LIST_HEAD(fake_regions);
static bool msi_given[NR_IRQS];
static unsigned long dma_fail_nth, dma_fail_count, dma_call_nth;
static void (*dma_call)(void);

/* ---- configuration space ------------------------------------------------------ */

static struct fake_pci_dev *fake_find(unsigned int bus, unsigned int devfn)
{
	struct fake_pci_dev *dev;

	list_for_each_entry(dev, &fake_pci_devs, node)
		if (dev->bus == bus && dev->devfn == devfn)
			return dev;
	return NULL;
}

/** pci_conf_present() - a bus is there when a device is */
bool pci_conf_present(void)
{
	return !list_empty(&fake_pci_devs);
}

/** pci_conf_last_bus() - tests use few */
unsigned int pci_conf_last_bus(void)
{
	return 7;
}

static u32 conf_read(unsigned int bus, unsigned int devfn, unsigned int offset,
		     unsigned int size)
{
	const struct fake_pci_dev *dev = fake_find(bus, devfn);
	u32 v = 0;

	if (offset % size || offset + size > sizeof(dev->config)) {
		test_fail(__FILE__, __LINE__, "config read of %u bytes at %#x", size, offset);
		return ~0U;
	}
	if (!dev)
		return ~0U;
	memcpy(&v, dev->config + offset, size);
	return v;
}

static void bar_update(struct fake_pci_dev *dev, unsigned int bar)
{
	struct fake_region *r = &dev->bar[bar];

	if (!r->size)
		return;
	/* Decoding must be off while a BAR moves: else it answers elsewhere. */
	if (fake_pci_get16(dev, PCI_COMMAND) & PCI_COMMAND_MEMORY)
		test_fail(__FILE__, __LINE__, "BAR %u changed while decoding is on", bar);
	r->base = fake_pci_get32(dev, PCI_BASE_ADDRESS_0 + 4 * bar) & ~0xfULL;
}

static void conf_write(unsigned int bus, unsigned int devfn, unsigned int offset,
		       unsigned int size, u32 value)
{
	struct fake_pci_dev *dev = fake_find(bus, devfn);
	unsigned int i;

	if (offset % size || offset + size > sizeof(dev->config)) {
		test_fail(__FILE__, __LINE__, "config write of %u bytes at %#x", size, offset);
		return;
	}
	if (!dev)
		return;
	for (i = 0; i < size; i++) {
		u8 mask = (u8)(dev->writable[(offset + i) / 4] >> 8 * ((offset + i) % 4));
		u8 v = (u8)(value >> 8 * i);

		dev->config[offset + i] = (dev->config[offset + i] & ~mask) | (v & mask);
	}
	if (offset >= PCI_BASE_ADDRESS_0 &&
	    offset < PCI_BASE_ADDRESS_0 + 4 * PCI_STD_NUM_BARS)
		bar_update(dev, (offset - PCI_BASE_ADDRESS_0) / 4);
}

/** pci_conf_read8() - configuration space of a fake, here and below */
u8 pci_conf_read8(unsigned int bus, unsigned int devfn, unsigned int offset)
{
	return (u8)conf_read(bus, devfn, offset, 1);
}

/** pci_conf_read16() - as pci_conf_read8() */
u16 pci_conf_read16(unsigned int bus, unsigned int devfn, unsigned int offset)
{
	return (u16)conf_read(bus, devfn, offset, 2);
}

/** pci_conf_read32() - as pci_conf_read8() */
u32 pci_conf_read32(unsigned int bus, unsigned int devfn, unsigned int offset)
{
	return conf_read(bus, devfn, offset, 4);
}

/** pci_conf_write8() - as pci_conf_read8() */
void pci_conf_write8(unsigned int bus, unsigned int devfn, unsigned int offset, u8 value)
{
	conf_write(bus, devfn, offset, 1, value);
}

/** pci_conf_write16() - as pci_conf_read8() */
void pci_conf_write16(unsigned int bus, unsigned int devfn, unsigned int offset, u16 value)
{
	conf_write(bus, devfn, offset, 2, value);
}

/** pci_conf_write32() - as pci_conf_read8() */
void pci_conf_write32(unsigned int bus, unsigned int devfn, unsigned int offset, u32 value)
{
	conf_write(bus, devfn, offset, 4, value);
}

/** pci_conf_intx_irq() - where a fake's pin goes */
int pci_conf_intx_irq(unsigned int bus, unsigned int devfn)
{
	const struct fake_pci_dev *dev = fake_find(bus, devfn);

	return dev ? dev->intx_irq : -ENOENT;
}

/** fake_pci_put8() - sets configuration space as the device would, here and below */
void fake_pci_put8(struct fake_pci_dev *dev, unsigned int off, u8 value)
{
	dev->config[off] = value;
}

/** fake_pci_put16() - as fake_pci_put8() */
void fake_pci_put16(struct fake_pci_dev *dev, unsigned int off, u16 value)
{
	memcpy(dev->config + off, &value, sizeof(value));
}

/** fake_pci_put32() - as fake_pci_put8() */
void fake_pci_put32(struct fake_pci_dev *dev, unsigned int off, u32 value)
{
	memcpy(dev->config + off, &value, sizeof(value));
}

/** fake_pci_get16() - reads configuration space as the device would */
u16 fake_pci_get16(const struct fake_pci_dev *dev, unsigned int off)
{
	return get_unaligned_le16(dev->config + off);
}

/** fake_pci_get32() - as fake_pci_get16() */
u32 fake_pci_get32(const struct fake_pci_dev *dev, unsigned int off)
{
	return get_unaligned_le32(dev->config + off);
}

/**
 * fake_pci_init() - a function on bus 0 without BARs, capabilities or interrupt
 * @dev: to fill
 * @slot: its slot
 * @vendor: id
 * @device: id
 * @class: 24 bits
 */
void fake_pci_init(struct fake_pci_dev *dev, unsigned int slot, u16 vendor, u16 device,
		   u32 class)
{
	memset(dev, 0, sizeof(*dev));
	dev->devfn = PCI_DEVFN(slot, 0);
	dev->intx_irq = -ENOENT;
	fake_pci_put16(dev, PCI_VENDOR_ID, vendor);
	fake_pci_put16(dev, PCI_DEVICE_ID, device);
	fake_pci_put32(dev, PCI_CLASS_REVISION, class << 8);
	dev->writable[PCI_COMMAND / 4] = PCI_COMMAND_IO | PCI_COMMAND_MEMORY |
					 PCI_COMMAND_MASTER | PCI_COMMAND_INTX_DISABLE;
}

/** fake_pci_set_bar() - see fake_bus.h */
void fake_pci_set_bar(struct fake_pci_dev *dev, unsigned int bar, u64 base, u32 size)
{
	unsigned int off = PCI_BASE_ADDRESS_0 + 4 * bar;

	dev->bar[bar].base = base;
	dev->bar[bar].size = size;
	dev->writable[off / 4] = ~(size - 1);
	fake_pci_put32(dev, off, (u32)base);
}

/** fake_pci_add_cap() - see fake_bus.h */
u8 fake_pci_add_cap(struct fake_pci_dev *dev, u8 id, unsigned int len)
{
	u8 last = dev->config[PCI_CAPABILITY_LIST];
	unsigned int pos = PCI_STD_HEADER_SIZEOF;
	unsigned int link = PCI_CAPABILITY_LIST;

	/* Behind the last one; each has 24 bytes. */
	while (last) {
		link = last + PCI_CAP_LIST_NEXT;
		pos = ALIGN(last + 24U, 4U);
		last = dev->config[link];
	}
	BUG_ON(len > 24 || pos + len > sizeof(dev->config));
	dev->config[pos] = id;
	dev->config[pos + PCI_CAP_LIST_NEXT] = 0;
	dev->config[link] = (u8)pos;
	fake_pci_put16(dev, PCI_STATUS, PCI_STATUS_CAP_LIST);
	return (u8)pos;
}

/** fake_pci_add_msix() - an MSI-X capability of @n entries, table in @bar at @off */
void fake_pci_add_msix(struct fake_pci_dev *dev, unsigned int n, unsigned int bar, u64 off)
{
	u8 pos = fake_pci_add_cap(dev, PCI_CAP_ID_MSIX, 12);
	unsigned int i;

	BUG_ON(n > FAKE_MSIX_MAX);
	dev->msix_cap = pos;
	dev->msix_bar = bar;
	dev->msix_off = off;
	dev->msix_n = n;
	for (i = 0; i < n; i++)
		dev->msix[i].ctrl = PCI_MSIX_ENTRY_CTRL_MASKBIT;
	fake_pci_put16(dev, pos + PCI_MSIX_FLAGS, (u16)(n - 1));
	dev->writable[pos / 4] |= (u32)(PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL) << 16;
	fake_pci_put32(dev, pos + PCI_MSIX_TABLE, (u32)off | bar);
}

/* ---- registers ------------------------------------------------------------------ */

/** fake_bus_add_region() - makes a range of registers answer */
void fake_bus_add_region(struct fake_region *region)
{
	list_add_tail(&region->node, &fake_regions);
}

/** fake_bus_remove_region() - takes it off; nobody has it mapped */
void fake_bus_remove_region(struct fake_region *region)
{
	if (region->mapped)
		test_fail(__FILE__, __LINE__, "registers at %#lx still mapped", region->base);
	list_del(&region->node);
}

/** fake_bus_add_pci() - puts a device on the bus, for the next scan to find */
void fake_bus_add_pci(struct fake_pci_dev *dev)
{
	unsigned int i;

	list_add_tail(&dev->node, &fake_pci_devs);
	for (i = 0; i < PCI_STD_NUM_BARS; i++)
		if (dev->bar[i].size)
			fake_bus_add_region(&dev->bar[i]);
}

/** fake_bus_remove_pci() - makes the kernel let go of it and takes it off */
void fake_bus_remove_pci(struct fake_pci_dev *dev)
{
	struct pci_dev *found = fake_pci_found(dev);
	unsigned int i;

	if (found)
		pci_stop_and_remove_bus_device(found);
	for (i = 0; i < PCI_STD_NUM_BARS; i++)
		if (dev->bar[i].size)
			fake_bus_remove_region(&dev->bar[i]);
	list_del(&dev->node);
}

/** fake_pci_found() - see fake_bus.h */
struct pci_dev *fake_pci_found(const struct fake_pci_dev *dev)
{
	struct pci_dev *pdev = NULL;

	while ((pdev = pci_get_device(PCI_ANY_ID, PCI_ANY_ID, pdev)))
		if (pdev->bus == dev->bus && pdev->devfn == dev->devfn)
			return pdev;
	return NULL;
}

static struct fake_region *region_at(u64 addr, size_t size)
{
	struct fake_region *r;

	list_for_each_entry(r, &fake_regions, node)
		if (addr >= r->base && addr - r->base < r->size &&
		    size <= r->size - (addr - r->base))
			return r;
	return NULL;
}

/** ioremap() - the address itself, if all of it is one device's */
void __iomem *ioremap(u64 phys, size_t size)
{
	struct fake_region *r = region_at(phys, size);

	if (!r || !size)
		return NULL;
	r->mapped++;
	return (void __iomem *)(uintptr_t)phys;
}

/** iounmap() - once for each ioremap() */
void iounmap(volatile void __iomem *addr)
{
	struct fake_region *r = region_at((u64)(uintptr_t)addr, 1);

	if (!r || !r->mapped)
		test_fail(__FILE__, __LINE__, "iounmap of %p, which is not mapped", addr);
	else
		r->mapped--;
}

/* The MSI-X entry that register @off of @r is in, or NULL. */
static struct fake_msix *msix_at(struct fake_region *r, u64 off, struct fake_pci_dev **owner)
{
	struct fake_pci_dev *dev;

	list_for_each_entry(dev, &fake_pci_devs, node) {
		if (!dev->msix_cap || r != &dev->bar[dev->msix_bar] || off < dev->msix_off ||
		    off >= dev->msix_off + dev->msix_n * PCI_MSIX_ENTRY_SIZE)
			continue;
		*owner = dev;
		return &dev->msix[(off - dev->msix_off) / PCI_MSIX_ENTRY_SIZE];
	}
	return NULL;
}

static u32 *msix_field(struct fake_msix *e, u64 off)
{
	u32 *const fields[] = { &e->addr_lo, &e->addr_hi, &e->data, &e->ctrl };

	return fields[off % PCI_MSIX_ENTRY_SIZE / 4];
}

static void msix_write(struct fake_pci_dev *dev, struct fake_msix *e, u64 off, u32 value)
{
	/* PCI 3.0 6.8.2.9: software changes an entry only while it is masked. */
	if (off % PCI_MSIX_ENTRY_SIZE != PCI_MSIX_ENTRY_VECTOR_CTRL &&
	    !(e->ctrl & PCI_MSIX_ENTRY_CTRL_MASKBIT))
		test_fail(__FILE__, __LINE__, "MSI-X entry changed while it is not masked");
	*msix_field(e, off) = value;
	if (e->pending && !(e->ctrl & PCI_MSIX_ENTRY_CTRL_MASKBIT))
		fake_msix_send(dev, (unsigned int)(e - dev->msix));
}

static struct fake_region *access_check(u64 addr, unsigned int size, const char *what)
{
	struct fake_region *r = region_at(addr, size);

	if (!r || !r->mapped || addr % size) {
		test_fail(__FILE__, __LINE__, "register %s of %u bytes at %#lx", what, size,
			  addr);
		return NULL;
	}
	return r;
}

static u64 mmio_read(const volatile void __iomem *p, unsigned int size)
{
	u64 addr = (u64)(uintptr_t)p;
	struct fake_region *r = access_check(addr, size, "read");
	struct fake_pci_dev *dev;
	struct fake_msix *e;

	if (!r)
		return ~0ULL;
	r->reads++;
	fake_mmio_reads++;
	e = msix_at(r, addr - r->base, &dev);
	if (e)
		return *msix_field(e, addr - r->base);
	return r->read(r->opaque, addr - r->base, size);
}

static void mmio_write(volatile void __iomem *p, unsigned int size, u64 value)
{
	u64 addr = (u64)(uintptr_t)p;
	struct fake_region *r = access_check(addr, size, "write");
	struct fake_pci_dev *dev;
	struct fake_msix *e;

	if (!r)
		return;
	r->writes++;
	fake_mmio_writes++;
	e = msix_at(r, addr - r->base, &dev);
	if (e)
		msix_write(dev, e, addr - r->base, (u32)value);
	else
		r->write(r->opaque, addr - r->base, size, value);
}

/** readb() - a register of a fake, here and below */
u8 readb(const volatile void __iomem *addr)
{
	return (u8)mmio_read(addr, 1);
}

/** readw() - as readb() */
u16 readw(const volatile void __iomem *addr)
{
	return (u16)mmio_read(addr, 2);
}

/** readl() - as readb() */
u32 readl(const volatile void __iomem *addr)
{
	return (u32)mmio_read(addr, 4);
}

/** readq() - as readb() */
u64 readq(const volatile void __iomem *addr)
{
	return mmio_read(addr, 8);
}

/** writeb() - as readb() */
void writeb(u8 value, volatile void __iomem *addr)
{
	mmio_write(addr, 1, value);
}

/** writew() - as readb() */
void writew(u16 value, volatile void __iomem *addr)
{
	mmio_write(addr, 2, value);
}

/** writel() - as readb() */
void writel(u32 value, volatile void __iomem *addr)
{
	mmio_write(addr, 4, value);
}

/** writeq() - as readb() */
void writeq(u64 value, volatile void __iomem *addr)
{
	mmio_write(addr, 8, value);
}

/* ---- interrupts ------------------------------------------------------------------ */

/** msi_alloc_irq() - the lowest that is free */
int msi_alloc_irq(void)
{
	int irq;

	for (irq = MSI_IRQ_BASE; irq < NR_IRQS; irq++)
		if (!msi_given[irq]) {
			msi_given[irq] = true;
			return irq;
		}
	return -ENOSPC;
}

/** msi_free_irq() - once for each msi_alloc_irq() */
void msi_free_irq(unsigned int irq)
{
	if (irq >= NR_IRQS || !msi_given[irq])
		test_fail(__FILE__, __LINE__, "message %u freed, which is not given", irq);
	else
		msi_given[irq] = false;
}

/** msi_compose_msg() - the number itself, to the one address */
void msi_compose_msg(unsigned int irq, struct msi_msg *msg)
{
	*msg = (struct msi_msg){ FAKE_MSI_ADDRESS, 0, irq };
}

/** fake_intx() - see fake_bus.h */
void fake_intx(struct fake_pci_dev *dev, bool level)
{
	bool rises = level && !dev->intx_level;

	dev->intx_level = level;
	if (!rises || (fake_pci_get16(dev, PCI_COMMAND) & PCI_COMMAND_INTX_DISABLE))
		return;
	dev->irqs_raised++;
	if (dev->intx_irq >= 0)
		host_raise_irq((unsigned int)dev->intx_irq);
}

/** fake_msix_send() - see fake_bus.h */
void fake_msix_send(struct fake_pci_dev *dev, unsigned int vector)
{
	u16 flags = fake_pci_get16(dev, dev->msix_cap + PCI_MSIX_FLAGS);
	struct fake_msix *e = &dev->msix[vector];

	if (vector >= dev->msix_n || !(flags & PCI_MSIX_FLAGS_ENABLE)) {
		test_fail(__FILE__, __LINE__, "message %u sent without MSI-X", vector);
		return;
	}
	e->pending = (flags & PCI_MSIX_FLAGS_MASKALL) ||
		     (e->ctrl & PCI_MSIX_ENTRY_CTRL_MASKBIT);
	if (e->pending)
		return;
	if (e->addr_lo != FAKE_MSI_ADDRESS || e->addr_hi || e->data >= NR_IRQS ||
	    !msi_given[e->data]) {
		test_fail(__FILE__, __LINE__, "message %u goes nowhere", vector);
		return;
	}
	dev->irqs_raised++;
	host_raise_irq(e->data);
}

/* ---- memory ------------------------------------------------------------------------ */

/** fake_dma_fail_after() - see fake_bus.h */
void fake_dma_fail_after(unsigned long nth, unsigned long count)
{
	dma_fail_nth = nth;
	dma_fail_count = count;
}

/** fake_dma_call_at() - see fake_bus.h */
void fake_dma_call_at(unsigned long nth, void (*fn)(void))
{
	dma_call_nth = nth;
	dma_call = fn;
}

/** platform_dma_address() - the pointer, or nothing when told to fail */
dma_addr_t platform_dma_address(const void *p)
{
	if (dma_call_nth && !--dma_call_nth)
		dma_call();
	if (dma_fail_nth && --dma_fail_nth)
		return (dma_addr_t)(uintptr_t)p;
	if (dma_fail_count) {
		dma_fail_count--;
		return DMA_MAPPING_ERROR;
	}
	return (dma_addr_t)(uintptr_t)p;
}

/** fake_dma() - see fake_bus.h */
void *fake_dma(const struct fake_pci_dev *pci, const struct device *dev, u64 addr,
	       size_t size, bool write)
{
	if (pci && !(fake_pci_get16(pci, PCI_COMMAND) & PCI_COMMAND_MASTER)) {
		test_fail(__FILE__, __LINE__, "memory access, but no bus master");
		return NULL;
	}
	/* Without memory to watch it a device is not watched, but has its mappings. */
	if (!dev || !(dev->dma_mapped || dev->dma_coherent) ||
	    !dma_debug_allowed(dev, addr, size, write)) {
		test_fail(__FILE__, __LINE__, "device %s %zu bytes at %#lx, not mapped so",
			  write ? "writes" : "reads", size, addr);
		return NULL;
	}
	return (void *)(uintptr_t)addr;
}

/** fake_bus_reset_counts() - register accesses from now on */
void fake_bus_reset_counts(void)
{
	fake_mmio_reads = fake_mmio_writes = 0;
}

/** fake_bus_check_clean() - see fake_bus.h */
void fake_bus_check_clean(void)
{
	const struct fake_region *r;
	unsigned int irq;

	list_for_each_entry(r, &fake_regions, node)
		if (r->mapped)
			test_fail(__FILE__, __LINE__, "registers at %#lx still mapped",
				  r->base);
	for (irq = 0; irq < NR_IRQS; irq++)
		if (msi_given[irq])
			test_fail(__FILE__, __LINE__, "message %u still given", irq);
}
