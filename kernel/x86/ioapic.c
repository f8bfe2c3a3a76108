// SPDX-License-Identifier: MIT
/*
 * The I/O APICs: lines of devices become vectors. Interrupt number and line
 * (GSI) are the same; where an ISA line arrives at another GSI, ISA's number is
 * the alias that request_irq() is given.
 *
 * Linux: arch/x86/kernel/apic/io_apic.c.
 * Read first: 82093AA datasheet 3.0; ACPI 6.4 5.2.12.5.
 */
#include <asm/acpi.h>
#include <asm/apic.h>
#include <asm/io.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/kernel.h>

#define IOAPIC_DEFAULT	0xfec00000UL
#define IOREGSEL	0x00
#define IOWIN		0x10
#define IOAPIC_VER	0x01
#define IOAPIC_REDTBL	0x10		/* two words a line */

#define REDIR_LOW	(1U << 13)	/* active low */
#define REDIR_LEVEL	(1U << 15)
#define REDIR_MASKED	(1U << 16)

/* Lines of ISA that are edge triggered by the devices every PC has: timer,
 * keyboard, cascade, serial ports, clock, coprocessor. */
#define ISA_EDGE_LINES	0x211f

#define ELCR		0x4d0		/* two ports: level bit per ISA line */

struct ioapic {
	u8 __iomem *regs;
	unsigned int gsi_base;
	unsigned int lines;
};

struct line {
	bool level;
	bool active_low;
};

static struct ioapic ioapics[ACPI_MAX_IOAPICS];
static unsigned int nr_ioapics;
static struct line lines[IOAPIC_GSIS];

static u32 ioapic_read(const struct ioapic *io, u32 reg)
{
	writel(reg, io->regs + IOREGSEL);
	return readl(io->regs + IOWIN);
}

static void ioapic_write(const struct ioapic *io, u32 reg, u32 value)
{
	writel(reg, io->regs + IOREGSEL);
	writel(value, io->regs + IOWIN);
}

static const struct ioapic *ioapic_of(unsigned int gsi)
{
	unsigned int i;

	for (i = 0; i < nr_ioapics; i++)
		if (gsi >= ioapics[i].gsi_base &&
		    gsi - ioapics[i].gsi_base < ioapics[i].lines)
			return &ioapics[i];
	return NULL;
}

/* The number that a caller uses may be an ISA line's, which firmware may have
 * wired to another GSI. */
static unsigned int irq_to_gsi(unsigned int irq)
{
	return irq < ACPI_ISA_IRQS ? acpi.isa[irq].gsi : irq;
}

static void line_write(unsigned int irq, u32 masked)
{
	unsigned int gsi = irq_to_gsi(irq);
	const struct ioapic *io = ioapic_of(gsi);
	u32 reg, value;

	if (!io)
		return;
	reg = IOAPIC_REDTBL + 2 * (gsi - io->gsi_base);
	value = (IRQ_VECTOR_BASE + irq) | masked;
	if (lines[irq].level)
		value |= REDIR_LEVEL;
	if (lines[irq].active_low)
		value |= REDIR_LOW;
	/* Masked while the halves do not fit. */
	ioapic_write(io, reg, REDIR_MASKED);
	ioapic_write(io, reg + 1, apic_id() << 24);
	ioapic_write(io, reg, value);
}

static void ioapic_mask(unsigned int irq)
{
	line_write(irq, REDIR_MASKED);
}

static void ioapic_unmask(unsigned int irq)
{
	line_write(irq, 0);
}

static const struct irq_chip ioapic_chip = {
	.name = "IO-APIC",
	.irq_mask = ioapic_mask,
	.irq_unmask = ioapic_unmask,
};

/**
 * ioapic_set_level() - a line is level triggered, as PCI's are
 * @gsi: the line
 * @active_low: its polarity
 *
 * What the MADT says of an ISA line stands.
 *
 * Context: process, before the line's first request_irq().
 */
void ioapic_set_level(unsigned int gsi, bool active_low)
{
	if (gsi >= IOAPIC_GSIS ||
	    (gsi < ACPI_ISA_IRQS && acpi.isa[gsi].overridden))
		return;
	lines[gsi].level = true;
	lines[gsi].active_low = active_low;
}

static void ioapic_add(u64 address, unsigned int gsi_base)
{
	struct ioapic *io = &ioapics[nr_ioapics];
	unsigned int i;
	u32 version;

	io->regs = ioremap(address, 0x20);
	if (!io->regs)
		return;
	version = ioapic_read(io, IOAPIC_VER);
	if (version == 0xffffffff)	/* nobody answers */
		return;
	io->gsi_base = gsi_base;
	io->lines = (version >> 16 & 0xff) + 1;
	nr_ioapics++;
	for (i = 0; i < io->lines; i++) {
		ioapic_write(io, IOAPIC_REDTBL + 2 * i, REDIR_MASKED);
		ioapic_write(io, IOAPIC_REDTBL + 2 * i + 1, 0);
		if (gsi_base + i < IOAPIC_GSIS)
			irq_set_chip(gsi_base + i, &ioapic_chip);
	}
}

/*
 * How the lines are triggered. ISA's: by the MADT's overrides, else as the
 * firmware programmed the edge/level register for PCI, else edge. Without a
 * MADT nobody tells, and what is not one of the standard ISA devices is level
 * (virtio-mmio of a microvm without ACPI). Above ISA: level.
 */
static void lines_init(void)
{
	u32 elcr = inb(ELCR) | (u32)inb(ELCR + 1) << 8;
	unsigned int i;

	if (elcr == 0xffff)		/* no such register */
		elcr = acpi.madt ? 0 : 0xffff;
	elcr &= ~(u32)ISA_EDGE_LINES;
	for (i = 0; i < IOAPIC_GSIS; i++)
		lines[i].level = i >= ACPI_ISA_IRQS || (elcr & (1U << i));
	for (i = 0; i < ACPI_ISA_IRQS; i++) {
		if (!acpi.isa[i].overridden)
			continue;
		lines[i].level = acpi.isa[i].level;
		lines[i].active_low = acpi.isa[i].active_low;
	}
}

/**
 * ioapic_init() - set up the I/O APICs, all lines masked
 *
 * kernel/irq.c unmasks a line when its first handler is requested.
 *
 * Context: boot, after acpi_init() and apic_init().
 */
void ioapic_init(void)
{
	unsigned int i;

	lines_init();
	for (i = 0; i < acpi.nr_ioapics; i++)
		ioapic_add(acpi.ioapic[i].address, acpi.ioapic[i].gsi_base);
	if (!nr_ioapics)
		ioapic_add(IOAPIC_DEFAULT, 0);
	if (!nr_ioapics)
		pr_warn("ioapic: none found: devices can use messages only\n");
}
