// SPDX-License-Identifier: MIT
/*
 * Finding PCI devices: buses, bridges, functions, and how large their BARs are.
 *
 * Buses are numbered by the firmware. The scan begins at bus 0 and goes on to
 * the secondary bus of each bridge it meets; a bitmap of buses still to be
 * looked at takes the place of recursion, so that bridges that point at each
 * other end the scan instead of the stack.
 *
 * Linux: drivers/pci/probe.c, drivers/pci/search.c, drivers/pci/remove.c
 * Read first: PCI Local Bus 3.0, 6.2; PCI-to-PCI Bridge 1.2, 3.2.5.
 * Left out: giving numbers and addresses ourselves, root buses other than 0,
 * extended configuration space.
 */
#include <linux/bitops.h>
#include <linux/dma-mapping.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/pci.h>
#include <linux/slab.h>

#define PCI_BUSES	256
#define PCI_DEVFNS	256

static LIST_HEAD(pci_devices);		/* every pci_dev, in bus order */

/* Writes all ones to a BAR and reads which bits stayed, then puts it back. */
static u32 pci_bar_mask(const struct pci_dev *dev, unsigned int where)
{
	u32 old = pci_read_config_dword(dev, where);
	u32 mask;

	pci_write_config_dword(dev, where, ~0U);
	mask = pci_read_config_dword(dev, where);
	pci_write_config_dword(dev, where, old);
	return mask;
}

/* One BAR; returns how many of the six registers it takes. PCI 3.0 6.2.5.1. */
static unsigned int pci_read_base(struct pci_dev *dev, unsigned int bar)
{
	unsigned int where = PCI_BASE_ADDRESS_0 + 4 * bar;
	struct resource *res = &dev->resource[bar];
	u32 low = pci_read_config_dword(dev, where);
	u64 mask = pci_bar_mask(dev, where);
	u64 start, size;
	bool wide = false;

	if (!mask || mask == U32_MAX)
		return 1;
	if (low & PCI_BASE_ADDRESS_SPACE_IO) {
		res->flags = IORESOURCE_IO;
		/* The upper half is not always wired up: I/O space has 64 KiB. */
		mask = (mask & PCI_BASE_ADDRESS_IO_MASK) | ~0xffffULL;
		start = low & PCI_BASE_ADDRESS_IO_MASK;
	} else {
		res->flags = IORESOURCE_MEM;
		if (low & PCI_BASE_ADDRESS_MEM_PREFETCH)
			res->flags |= IORESOURCE_PREFETCH;
		wide = (low & PCI_BASE_ADDRESS_MEM_TYPE_MASK) ==
		       PCI_BASE_ADDRESS_MEM_TYPE_64;
		mask = (mask & PCI_BASE_ADDRESS_MEM_MASK) | ~0ULL << 32;
		start = low & PCI_BASE_ADDRESS_MEM_MASK;
	}
	if (wide && bar + 1 < PCI_STD_NUM_BARS) {
		res->flags |= IORESOURCE_MEM_64;
		start |= (u64)pci_read_config_dword(dev, where + 4) << 32;
		mask &= (u64)pci_bar_mask(dev, where + 4) << 32 | U32_MAX;
	}
	/* The lowest bit that can be set is the size; it is a power of two. */
	size = mask & -mask;
	if (!start || !size || start & (size - 1))
		res->flags |= IORESOURCE_UNSET;
	res->start = start;
	res->end = start + (size ? size - 1 : 0);
	return wide ? 2 : 1;
}

/* Sizes all BARs. Decoding is off meanwhile: with all ones in a BAR the device
 * would answer at the top of memory. */
static void pci_read_bases(struct pci_dev *dev)
{
	u16 cmd = pci_read_config_word(dev, PCI_COMMAND);
	unsigned int bar = 0;

	/* Switching off the host bridge switches off the way to memory. */
	if (dev->class >> 8 == PCI_CLASS_BRIDGE_HOST)
		return;
	pci_write_config_word(dev, PCI_COMMAND,
			      cmd & ~(PCI_COMMAND_IO | PCI_COMMAND_MEMORY));
	while (bar < PCI_STD_NUM_BARS)
		bar += pci_read_base(dev, bar);
	pci_write_config_word(dev, PCI_COMMAND, cmd);
}

static struct pci_dev *pci_find(unsigned int bus, unsigned int devfn)
{
	struct pci_dev *dev;

	list_for_each_entry(dev, &pci_devices, bus_list)
		if (dev->bus == bus && dev->devfn == devfn)
			return dev;
	return NULL;
}

/* Keeps the list in the order of bus, slot, function. */
static void pci_insert(struct pci_dev *dev)
{
	struct pci_dev *pos;

	list_for_each_entry(pos, &pci_devices, bus_list)
		if (pos->bus > dev->bus ||
		    (pos->bus == dev->bus && pos->devfn > dev->devfn))
			break;
	list_add_tail(&dev->bus_list, &pos->bus_list);
}

/* Reads the header of the function that answered with @id. */
static struct pci_dev *pci_setup_device(unsigned int bus, unsigned int devfn, u32 id)
{
	struct pci_dev *dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	u32 class;

	if (!dev)
		return NULL;
	dev->bus = bus;
	dev->devfn = devfn;
	dev->vendor = id & 0xffff;
	dev->device = id >> 16;
	snprintf(dev->name, sizeof(dev->name), "0000:%02x:%02x.%u", bus,
		 PCI_SLOT(devfn), PCI_FUNC(devfn));
	dev->dev.name = dev->name;
	dev->irq = -ENOENT;
	class = pci_read_config_dword(dev, PCI_CLASS_REVISION);
	dev->class = class >> 8;
	dev->revision = class & 0xff;
	dev->hdr_type = pci_read_config_byte(dev, PCI_HEADER_TYPE) & PCI_HEADER_TYPE_MASK;
	if (dev->hdr_type == PCI_HEADER_TYPE_NORMAL) {
		dev->pin = pci_read_config_byte(dev, PCI_INTERRUPT_PIN);
		dev->subsystem_vendor = pci_read_config_word(dev, PCI_SUBSYSTEM_VENDOR_ID);
		dev->subsystem_device = pci_read_config_word(dev, PCI_SUBSYSTEM_ID);
		pci_read_bases(dev);
	}
	return dev;
}

/* Marks the bus behind a bridge as one to look at. */
static void pci_scan_bridge(const struct pci_dev *dev, unsigned long *todo)
{
	u8 secondary = pci_read_config_byte(dev, PCI_SECONDARY_BUS);

	if (!secondary) {
		dev_warn(&dev->dev, "bridge without a bus number, skipped\n");
		return;
	}
	/* Upwards only: a bridge that points back would make a ring. */
	if (secondary <= dev->bus || secondary > pci_conf_last_bus()) {
		dev_warn(&dev->dev, "bridge to bus %u, not looked at\n", secondary);
		return;
	}
	__set_bit(secondary, todo);
}

/* One function. Returns whether the slot may have more of them. */
static bool pci_scan_function(unsigned int bus, unsigned int devfn, unsigned long *todo)
{
	u32 id = pci_conf_read32(bus, devfn, PCI_VENDOR_ID);
	struct pci_dev *dev = pci_find(bus, devfn);
	bool more;

	/* PCI 3.0 6.1: nobody answers: all ones; some bridges give these. */
	if ((id & 0xffff) == 0xffff || id == 0 || id == 0x0000ffff || id == 0xffff0000)
		return false;
	more = pci_conf_read8(bus, devfn, PCI_HEADER_TYPE) & PCI_HEADER_TYPE_MFD;
	if (!dev) {
		dev = pci_setup_device(bus, devfn, id);
		if (!dev) {
			pr_err("pci: no memory for the device at %02x:%02x.%u\n", bus,
			       PCI_SLOT(devfn), PCI_FUNC(devfn));
			return more;
		}
		pci_insert(dev);
		dev_dbg(&dev->dev, "[%04x:%04x] class %06x\n", dev->vendor, dev->device,
			dev->class);
	}
	if (dev->hdr_type == PCI_HEADER_TYPE_BRIDGE)
		pci_scan_bridge(dev, todo);
	return more;
}

static void pci_scan_bus(unsigned int bus, unsigned long *todo)
{
	unsigned int slot, func;

	for (slot = 0; slot < 32; slot++) {
		/* Only a multi-function device's further functions may be asked:
		 * others answer for function 0 at all eight. */
		if (!pci_scan_function(bus, PCI_DEVFN(slot, 0), todo))
			continue;
		for (func = 1; func < 8; func++)
			pci_scan_function(bus, PCI_DEVFN(slot, func), todo);
	}
}

/**
 * pci_rescan() - looks at all buses and offers new devices to the drivers
 *
 * Context: process, may sleep (drivers' probe functions).
 * Return: the number of devices known afterwards.
 */
unsigned int pci_rescan(void)
{
	DECLARE_BITMAP(todo, PCI_BUSES) = { 1 };
	struct pci_dev *dev;
	unsigned int bus, n = 0;

	if (!pci_conf_present())
		return 0;
	/* Secondary buses are above their bridge's: one pass upwards sees all. */
	for_each_set_bit(bus, todo, PCI_BUSES)
		pci_scan_bus(bus, todo);
	list_for_each_entry(dev, &pci_devices, bus_list) {
		pci_device_attach(dev);
		n++;
	}
	return n;
}

/**
 * pci_get_device() - looks for a device by its ids
 * @vendor: 16 bits, or PCI_ANY_ID
 * @device: 16 bits, or PCI_ANY_ID
 * @from: the one found before, or NULL to begin with the first
 *
 * Linux: counts a reference; here devices go only by
 * pci_stop_and_remove_bus_device(), in process context.
 * Context: process. Return: the device, or NULL when there is no more.
 */
struct pci_dev *pci_get_device(unsigned int vendor, unsigned int device,
			       struct pci_dev *from)
{
	struct pci_dev *dev;

	if (from)
		dev = list_next_entry(from, bus_list);
	else
		dev = list_first_entry(&pci_devices, struct pci_dev, bus_list);
	list_for_each_entry_from(dev, &pci_devices, bus_list)
		if ((vendor == PCI_ANY_ID || dev->vendor == vendor) &&
		    (device == PCI_ANY_ID || dev->device == device))
			return dev;
	return NULL;
}

/**
 * pci_stop_and_remove_bus_device() - takes the driver off a device and forgets it
 * @dev: the device; freed
 *
 * Context: process, may sleep (the driver's remove function).
 */
void pci_stop_and_remove_bus_device(struct pci_dev *dev)
{
	pci_device_detach(dev);
	list_del(&dev->bus_list);
	kfree(dev);
}

static int __init pci_init(void)
{
	if (!pci_conf_present()) {
		pr_debug("pci: no bus on this machine\n");
		return 0;
	}
	pr_debug("pci: %u devices\n", pci_rescan());
	return 0;
}
subsys_initcall(pci_init);
