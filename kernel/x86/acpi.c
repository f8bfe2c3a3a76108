// SPDX-License-Identifier: MIT
/*
 * The ACPI tables, as far as we ask: where the interrupt controllers are and
 * how ISA lines arrive (MADT), where PCI's configuration space is (MCFG), the
 * timer, the power switch and the reset register (FADT; of the DSDT only the
 * bytes of _S5_ and of virtio-mmio devices are looked for, no AML is run).
 *
 * Linux: drivers/acpi/, arch/x86/kernel/acpi/boot.c.
 * Read first: ACPI 6.4 chapter 5.2.
 */
#include <asm/acpi.h>
#include <asm/boot.h>
#include <asm/io.h>
#include <asm/page.h>
#include <linux/kernel.h>
#include <linux/string.h>

#define MAX_TABLES	64
#define TABLE_MAX	(1U << 20)	/* a length beyond it is garbage */
#define MAPPED_END	(4UL << 30)	/* what the boot page tables reach */

struct acpi_rsdp {
	char signature[8];
	u8 checksum;
	char oem[6];
	u8 revision;			/* 2: the fields from length on are there */
	u32 rsdt;
	u32 length;
	u64 xsdt;
	u8 checksum2;
	u8 reserved[3];
} __packed;

struct acpi_header {
	char signature[4];
	u32 length;
	u8 revision;
	u8 checksum;
	char oem[6];
	char oem_table[8];
	u32 oem_revision;
	u32 creator;
	u32 creator_revision;
} __packed;
static_assert(sizeof(struct acpi_header) == 36, "ACPI 6.4 5.2.6");

/* FADT, ACPI 6.4 table 5.9: offsets from the table's start. */
#define FADT_DSDT		40
#define FADT_SMI_CMD		48
#define FADT_ACPI_ENABLE	52
#define FADT_PM1A_CNT		64
#define FADT_PM1B_CNT		68
#define FADT_PM_TMR		76
#define FADT_PM_TMR_LEN		91
#define FADT_FLAGS		112
#define FADT_RESET_REG		116
#define FADT_RESET_VALUE	128
#define FADT_X_DSDT		140
#define FADT_SLEEP_CONTROL	244
#define FADT_TMR_VAL_EXT	(1U << 8)
#define FADT_RESET_REG_SUP	(1U << 10)
#define FADT_HW_REDUCED		(1U << 20)

struct acpi_info acpi;

static const struct acpi_header *tables[MAX_TABLES];
static unsigned int nr_tables;

/* Unaligned fields of a table; 0 beyond its end: old tables are shorter. */
static u64 field(const struct acpi_header *t, unsigned int offset, unsigned int width)
{
	u64 value = 0;

	if (offset + width <= t->length)
		memcpy(&value, (const u8 *)t + offset, width);
	return value;
}

static struct acpi_gas gas_field(const struct acpi_header *t, unsigned int offset)
{
	struct acpi_gas gas = {
		.space = (u8)field(t, offset, 1),
		.address = field(t, offset + 4, 8),
	};

	return gas;
}

static bool sums_to_zero(const void *p, size_t n)
{
	const u8 *bytes = p;
	u8 sum = 0;

	while (n--)
		sum += *bytes++;
	return sum == 0;
}

/* ---- finding ------------------------------------------------------------- */

static bool rsdp_valid(u64 addr)
{
	const struct acpi_rsdp *r = (const void *)addr;

	return !memcmp(r->signature, "RSD PTR ", 8) && sums_to_zero(r, 20);
}

/* ACPI 6.4 5.2.5.1: on a paragraph, in the BIOS area or the first KiB of the
 * extended BIOS data area. */
static u64 rsdp_scan(void)
{
	u64 bda = 0x40e;		/* the EBDA's segment */
	u64 ebda, addr;

	/* gcc takes reads near address 0 for mistakes. */
	__asm__("" : "+r"(bda));
	ebda = (u64)*(const u16 *)bda << 4;
	if (ebda >= 0x80000 && ebda < 0xa0000)
		for (addr = ebda; addr < ebda + 1024; addr += 16)
			if (rsdp_valid(addr))
				return addr;
	for (addr = 0xe0000; addr < 0x100000; addr += 16)
		if (rsdp_valid(addr))
			return addr;
	return 0;
}

/* Notes a table and keeps its memory. */
static void table_add(u64 addr)
{
	const struct acpi_header *t = (const void *)addr;

	if (addr < PAGE_SIZE || addr + sizeof(*t) > MAPPED_END ||
	    nr_tables >= MAX_TABLES)
		return;
	if (t->length < sizeof(*t) || t->length > TABLE_MAX ||
	    addr + t->length > MAPPED_END)
		return;
	memblock_reserve(addr, t->length);
	if (!sums_to_zero(t, t->length))
		return;
	tables[nr_tables++] = t;
}

/* The root table lists the others in words of @width bytes. */
static void root_read(u64 addr, unsigned int width)
{
	unsigned int first = nr_tables;
	const struct acpi_header *root;
	unsigned int at;

	table_add(addr);
	if (nr_tables == first)
		return;
	root = tables[first];
	for (at = sizeof(*root); at + width <= root->length; at += width)
		table_add(field(root, at, width));
}

/**
 * acpi_find() - find the tables and keep their memory from being given away
 *
 * Most firmware marks it in the memory map, but not all.
 *
 * Context: boot, between memblock_init() and page_alloc_init(), on the boot
 * page tables (page 0 has the BIOS data area).
 */
void acpi_find(void)
{
	u64 addr = boot_info.rsdp;
	const struct acpi_header *fadt;
	const struct acpi_rsdp *rsdp;
	u64 dsdt;

	if (!addr || addr + sizeof(*rsdp) > MAPPED_END || !rsdp_valid(addr))
		addr = rsdp_scan();
	if (!addr)
		return;
	rsdp = (const void *)addr;
	if (rsdp->revision >= 2 && rsdp->xsdt)
		root_read(rsdp->xsdt, 8);
	if (!nr_tables)
		root_read(rsdp->rsdt, 4);

	fadt = acpi_table("FACP", 0);
	if (fadt) {
		dsdt = field(fadt, FADT_X_DSDT, 8);
		table_add(dsdt ? dsdt : field(fadt, FADT_DSDT, 4));
	}
	acpi.present = nr_tables > 0;
}

/**
 * acpi_table() - a table by its signature
 * @signature: four characters
 * @nth: 0 for the first of that name
 *
 * Context: any, after acpi_find().
 * Return: the table, its length and sum checked; NULL when there is none.
 */
const struct acpi_header *acpi_table(const char *signature, unsigned int nth)
{
	unsigned int i;

	for (i = 0; i < nr_tables; i++)
		if (!memcmp(tables[i]->signature, signature, 4) && !nth--)
			return tables[i];
	return NULL;
}

/* ---- MADT: interrupt controllers ------------------------------------------- */

enum {
	MADT_IOAPIC = 1,
	MADT_OVERRIDE = 2,
	MADT_LAPIC_ADDRESS = 5,
};

/* ACPI 6.4 table 5.23, interrupt source override: bus 0 is ISA. */
static void madt_override(const struct acpi_header *madt, unsigned int at)
{
	u8 source = (u8)field(madt, at + 3, 1);
	u16 flags = (u16)field(madt, at + 8, 2);
	struct acpi_isa_irq *isa;

	if (field(madt, at + 2, 1) || source >= ACPI_ISA_IRQS)
		return;
	isa = &acpi.isa[source];
	isa->overridden = true;
	isa->gsi = (u32)field(madt, at + 4, 4);
	isa->active_low = (flags & 3) == 3;
	isa->level = (flags >> 2 & 3) == 3;
}

static void madt_entry(const struct acpi_header *madt, unsigned int at, u8 length)
{
	struct acpi_ioapic *io;

	switch (field(madt, at, 1)) {
	case MADT_IOAPIC:
		if (length < 12 || acpi.nr_ioapics >= ACPI_MAX_IOAPICS)
			return;
		io = &acpi.ioapic[acpi.nr_ioapics++];
		io->address = field(madt, at + 4, 4);
		io->gsi_base = (u32)field(madt, at + 8, 4);
		break;
	case MADT_OVERRIDE:
		if (length >= 10)
			madt_override(madt, at);
		break;
	case MADT_LAPIC_ADDRESS:
		if (length >= 12)
			acpi.lapic_address = field(madt, at + 4, 8);
		break;
	}
}

static void madt_read(const struct acpi_header *madt)
{
	unsigned int at = sizeof(*madt) + 8;

	acpi.madt = true;
	acpi.lapic_address = field(madt, sizeof(*madt), 4);
	while (at + 2 <= madt->length) {
		u8 length = (u8)field(madt, at + 1, 1);

		if (length < 2 || at + length > madt->length)
			break;
		madt_entry(madt, at, length);
		at += length;
	}
}

/* ---- FADT and DSDT: timer, power, reset ------------------------------------- */

/* One integer of AML, ACPI 6.4 20.2.3; returns its length, 0: not one. */
static unsigned int aml_integer(const struct acpi_header *t, unsigned int at, u32 *value)
{
	u8 op = (u8)field(t, at, 1);

	switch (op) {
	case 0x00:			/* ZeroOp */
	case 0x01:			/* OneOp */
		*value = op;
		return 1;
	case 0x0a:			/* BytePrefix */
		*value = (u32)field(t, at + 1, 1);
		return 2;
	case 0x0b:			/* WordPrefix */
		*value = (u32)field(t, at + 1, 2);
		return 3;
	case 0x0c:			/* DWordPrefix */
		*value = (u32)field(t, at + 1, 4);
		return 5;
	default:
		return 0;
	}
}

static unsigned int find_bytes(const struct acpi_header *t, unsigned int at,
			       const char *bytes, unsigned int n)
{
	const char *p = (const char *)t;

	for (; at + n <= t->length; at++)
		if (p[at] == bytes[0] && !memcmp(p + at, bytes, n))
			return at;
	return 0;
}

/* Name (_S5_, Package () { SLP_TYPa, SLP_TYPb, ... }): ACPI 6.4 7.4.2.5. */
static bool s5_read(const struct acpi_header *t)
{
	unsigned int at = find_bytes(t, sizeof(*t), "_S5_", 4);
	unsigned int n;
	u32 a, b;

	if (!at || field(t, at + 4, 1) != 0x12)	/* PackageOp */
		return false;
	at += 5;
	at += 1 + (unsigned int)(field(t, at, 1) >> 6);	/* PkgLength */
	at++;						/* NumElements */
	n = aml_integer(t, at, &a);
	if (!n)
		return false;
	if (!aml_integer(t, at + n, &b))
		b = a;
	acpi.s5_typ_a = a & 7;
	acpi.s5_typ_b = b & 7;
	return true;
}

static void fadt_read(const struct acpi_header *fadt)
{
	u32 flags = (u32)field(fadt, FADT_FLAGS, 4);
	const struct acpi_header *t = acpi_table("DSDT", 0);
	unsigned int i;

	if (field(fadt, FADT_PM_TMR_LEN, 1) == 4) {
		acpi.pm_timer_port = (u16)field(fadt, FADT_PM_TMR, 4);
		acpi.pm_timer_32bit = flags & FADT_TMR_VAL_EXT;
	}
	acpi.pm1a_cnt = (u16)field(fadt, FADT_PM1A_CNT, 4);
	acpi.pm1b_cnt = (u16)field(fadt, FADT_PM1B_CNT, 4);
	acpi.smi_cmd = (u16)field(fadt, FADT_SMI_CMD, 4);
	acpi.acpi_enable = (u8)field(fadt, FADT_ACPI_ENABLE, 1);
	if (flags & FADT_HW_REDUCED) {
		acpi.sleep_control = gas_field(fadt, FADT_SLEEP_CONTROL);
		acpi.pm1a_cnt = 0;
		acpi.pm_timer_port = 0;
	}
	if (flags & FADT_RESET_REG_SUP) {
		acpi.reset = gas_field(fadt, FADT_RESET_REG);
		acpi.reset_value = (u8)field(fadt, FADT_RESET_VALUE, 1);
	}
	acpi.s5 = t && s5_read(t);
	for (i = 0; !acpi.s5 && (t = acpi_table("SSDT", i)) != NULL; i++)
		acpi.s5 = s5_read(t);
}

/* ---- MCFG, virtio-mmio --------------------------------------------------------- */

/* PCI firmware specification 3.0 table 4-3; segment 0 only. */
static void mcfg_read(const struct acpi_header *mcfg)
{
	unsigned int at = sizeof(*mcfg) + 8;

	if (field(mcfg, at + 8, 2))
		return;
	acpi.ecam = field(mcfg, at, 8);
	acpi.ecam_first_bus = (u8)field(mcfg, at + 10, 1);
	acpi.ecam_last_bus = (u8)field(mcfg, at + 11, 1);
}

/*
 * QEMU's microvm names its virtio-mmio devices in the DSDT when ACPI is on, on
 * the command line when it is off. Drivers know one form: what the tables say
 * is added to the command line. _HID "LNRO0005", then _CRS with a fixed memory
 * range and an extended interrupt (ACPI 6.4 6.4.3.4, 6.4.3.6).
 */
static void virtio_mmio_read(const struct acpi_header *dsdt)
{
	unsigned int at = find_bytes(dsdt, sizeof(*dsdt), "LNRO0005", 8);

	while (at) {
		unsigned int next = find_bytes(dsdt, at + 8, "LNRO0005", 8);
		unsigned int mem = find_bytes(dsdt, at, "\x86\x09\x00", 3);
		unsigned int irq = find_bytes(dsdt, at, "\x89\x06\x00", 3);
		char word[64];

		if (mem && irq && (!next || (mem < next && irq < next))) {
			snprintf(word, sizeof(word),
				 "virtio_mmio.device=%u@%#x:%u",
				 (u32)field(dsdt, mem + 8, 4),
				 (u32)field(dsdt, mem + 4, 4),
				 (u32)field(dsdt, irq + 5, 4));
			boot_append_cmdline(word);
		}
		at = next;
	}
}

/**
 * acpi_init() - read the tables that acpi_find() found
 *
 * Without tables, ISA line n is I/O APIC line n, edge triggered.
 *
 * Context: boot, before apic_init().
 */
void acpi_init(void)
{
	const struct acpi_header *t;
	unsigned int i;

	for (i = 0; i < ACPI_ISA_IRQS; i++)
		acpi.isa[i].gsi = i;
	t = acpi_table("APIC", 0);
	if (t)
		madt_read(t);
	t = acpi_table("FACP", 0);
	if (t)
		fadt_read(t);
	t = acpi_table("MCFG", 0);
	if (t)
		mcfg_read(t);
	t = acpi_table("DSDT", 0);
	if (t)
		virtio_mmio_read(t);
}
