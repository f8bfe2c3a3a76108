// SPDX-License-Identifier: MIT
/*
 * PCI configuration space: through memory (ECAM) where ACPI tells of it, else
 * through ports 0xcf8 and 0xcfc; and the way of INTx pins to interrupt numbers.
 *
 * Linux: arch/x86/pci/direct.c, mmconfig_64.c, irq.c.
 * Read first: PCI 3.0 3.2.2.3.2, 6.2.4; PCI Express base 7.2.2.
 */
#include <asm/acpi.h>
#include <asm/apic.h>
#include <asm/io.h>
#include <asm/setup.h>
#include <linux/errno.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/pci_config.h>
#include <linux/pci_regs.h>
#include <platform.h>

#define CONF_ADDRESS	0xcf8
#define CONF_DATA	0xcfc
#define CONF_ENABLE	0x80000000U

static u8 __iomem *ecam;		/* of bus first_bus; NULL: ports */
static unsigned int first_bus, ecam_last_bus;
static unsigned int last_bus;
static bool present;

static u8 __iomem *ecam_at(unsigned int bus, unsigned int devfn, unsigned int offset)
{
	if (!ecam || bus < first_bus || bus > ecam_last_bus)
		return NULL;
	return ecam + ((bus - first_bus) << 20 | (devfn & 0xff) << 12 |
		       (offset & 0xfff));
}

/* Selects a word for CONF_DATA; false: not reachable by ports. Interrupts are
 * off: address and data are two accesses. */
static bool conf_select(unsigned int bus, unsigned int devfn, unsigned int offset)
{
	if (!present || bus > 255 || devfn > 255 || offset > 255)
		return false;
	outl(CONF_ENABLE | bus << 16 | devfn << 8 | (offset & 0xfc), CONF_ADDRESS);
	return true;
}

/**
 * pci_conf_read8() - read a byte of configuration space
 * @bus: 0 to 255
 * @devfn: PCI_DEVFN(slot, function)
 * @offset: register
 *
 * Context: any.
 * Return: the value; all ones where nothing is.
 */
u8 pci_conf_read8(unsigned int bus, unsigned int devfn, unsigned int offset)
{
	u8 __iomem *p = ecam_at(bus, devfn, offset);
	unsigned long flags;
	u8 value = 0xff;

	if (p)
		return readb(p);
	flags = platform_irq_save();
	if (conf_select(bus, devfn, offset))
		value = inb((u16)(CONF_DATA + (offset & 3)));
	platform_irq_restore(flags);
	return value;
}

/**
 * pci_conf_read16() - read two bytes; as pci_conf_read8()
 * @bus: 0 to 255
 * @devfn: PCI_DEVFN(slot, function)
 * @offset: register, even
 *
 * Context: any.
 * Return: the value; all ones where nothing is.
 */
u16 pci_conf_read16(unsigned int bus, unsigned int devfn, unsigned int offset)
{
	u8 __iomem *p = ecam_at(bus, devfn, offset);
	unsigned long flags;
	u16 value = 0xffff;

	if (p)
		return readw(p);
	flags = platform_irq_save();
	if (conf_select(bus, devfn, offset))
		value = inw((u16)(CONF_DATA + (offset & 2)));
	platform_irq_restore(flags);
	return value;
}

/**
 * pci_conf_read32() - read four bytes; as pci_conf_read8()
 * @bus: 0 to 255
 * @devfn: PCI_DEVFN(slot, function)
 * @offset: register, a multiple of 4
 *
 * Context: any.
 * Return: the value; all ones where nothing is.
 */
u32 pci_conf_read32(unsigned int bus, unsigned int devfn, unsigned int offset)
{
	u8 __iomem *p = ecam_at(bus, devfn, offset);
	unsigned long flags;
	u32 value = 0xffffffff;

	if (p)
		return readl(p);
	flags = platform_irq_save();
	if (conf_select(bus, devfn, offset))
		value = inl(CONF_DATA);
	platform_irq_restore(flags);
	return value;
}

/**
 * pci_conf_write8() - write a byte of configuration space
 * @bus: 0 to 255
 * @devfn: PCI_DEVFN(slot, function)
 * @offset: register
 * @value: for it
 *
 * Context: any.
 */
void pci_conf_write8(unsigned int bus, unsigned int devfn, unsigned int offset,
		     u8 value)
{
	u8 __iomem *p = ecam_at(bus, devfn, offset);
	unsigned long flags;

	if (p) {
		writeb(value, p);
		return;
	}
	flags = platform_irq_save();
	if (conf_select(bus, devfn, offset))
		outb(value, (u16)(CONF_DATA + (offset & 3)));
	platform_irq_restore(flags);
}

/**
 * pci_conf_write16() - write two bytes; as pci_conf_write8()
 * @bus: 0 to 255
 * @devfn: PCI_DEVFN(slot, function)
 * @offset: register, even
 * @value: for it
 *
 * Context: any.
 */
void pci_conf_write16(unsigned int bus, unsigned int devfn, unsigned int offset,
		      u16 value)
{
	u8 __iomem *p = ecam_at(bus, devfn, offset);
	unsigned long flags;

	if (p) {
		writew(value, p);
		return;
	}
	flags = platform_irq_save();
	if (conf_select(bus, devfn, offset))
		outw(value, (u16)(CONF_DATA + (offset & 2)));
	platform_irq_restore(flags);
}

/**
 * pci_conf_write32() - write four bytes; as pci_conf_write8()
 * @bus: 0 to 255
 * @devfn: PCI_DEVFN(slot, function)
 * @offset: register, a multiple of 4
 * @value: for it
 *
 * Context: any.
 */
void pci_conf_write32(unsigned int bus, unsigned int devfn, unsigned int offset,
		      u32 value)
{
	u8 __iomem *p = ecam_at(bus, devfn, offset);
	unsigned long flags;

	if (p) {
		writel(value, p);
		return;
	}
	flags = platform_irq_save();
	if (conf_select(bus, devfn, offset))
		outl(value, CONF_DATA);
	platform_irq_restore(flags);
}

/**
 * pci_conf_present() - is there a PCI bus?
 *
 * Context: any.
 * Return: true when configuration space can be reached.
 */
bool pci_conf_present(void)
{
	return present;
}

/**
 * pci_conf_last_bus() - the highest bus number worth looking at
 *
 * Context: any.
 * Return: 0 to 255.
 */
unsigned int pci_conf_last_bus(void)
{
	return last_bus;
}

/**
 * pci_conf_intx_irq() - the interrupt number of a function's INTx pin
 * @bus: 0 to 255
 * @devfn: PCI_DEVFN(slot, function)
 *
 * Firmware has routed the pin and left the line in the interrupt line
 * register; that number is also the I/O APIC's, as chip sets with a PIRQ
 * router wire it. The line is set up as level triggered.
 * Linux: also runs AML's _PRT, for boards that route otherwise.
 *
 * Context: process.
 * Return: a number for request_irq(), or -ENOENT: no pin, or no route.
 */
int pci_conf_intx_irq(unsigned int bus, unsigned int devfn)
{
	u8 pin = pci_conf_read8(bus, devfn, PCI_INTERRUPT_PIN);
	u8 line = pci_conf_read8(bus, devfn, PCI_INTERRUPT_LINE);

	/* PCI 3.0 6.2.4: 255 is "unknown", and 0 no PIRQ router gives. */
	if (pin < 1 || pin > 4 || !line || line >= IOAPIC_GSIS)
		return -ENOENT;
	ioapic_set_level(line, false);
	return line;
}

/* PCI 3.0 3.2.2.3.2: the address register holds what is written to it. */
static bool ports_answer(void)
{
	u32 old = inl(CONF_ADDRESS);
	bool same;

	outl(CONF_ENABLE, CONF_ADDRESS);
	same = inl(CONF_ADDRESS) == CONF_ENABLE;
	outl(old, CONF_ADDRESS);
	return same;
}

/* The highest bus behind a bridge of bus 0 (PCI-to-PCI bridge architecture
 * 1.2, 3.2.5.4): firmware has numbered them. */
static unsigned int highest_bus(void)
{
	unsigned int devfn, highest = 0;

	for (devfn = 0; devfn < 256; devfn++) {
		unsigned int type;

		if (pci_conf_read16(0, devfn, PCI_VENDOR_ID) == 0xffff) {
			devfn |= 7;	/* no function 0: no others */
			continue;
		}
		type = pci_conf_read8(0, devfn, PCI_HEADER_TYPE);
		if ((type & PCI_HEADER_TYPE_MASK) == PCI_HEADER_TYPE_BRIDGE)
			highest = max(highest, (unsigned int)
				pci_conf_read8(0, devfn, PCI_SUBORDINATE_BUS));
		if (!PCI_FUNC(devfn) && !(type & PCI_HEADER_TYPE_MFD))
			devfn |= 7;
	}
	return highest;
}

/**
 * pci_conf_init() - find the way to configuration space
 *
 * Context: boot, after acpi_init() and page_alloc_init().
 */
void pci_conf_init(void)
{
	if (acpi.ecam && acpi.ecam_last_bus >= acpi.ecam_first_bus) {
		size_t size = ((size_t)acpi.ecam_last_bus -
			       acpi.ecam_first_bus + 1) << 20;

		ecam = ioremap(acpi.ecam, size);
	}
	if (ecam) {
		first_bus = acpi.ecam_first_bus;
		ecam_last_bus = acpi.ecam_last_bus;
	}
	present = ecam || ports_answer();
	if (present)
		last_bus = highest_bus();
}
