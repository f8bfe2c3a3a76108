/* SPDX-License-Identifier: MIT */
/* What the ACPI tables say, as far as we ask. kernel/x86/acpi.c. */
#ifndef ASM_ACPI_H
#define ASM_ACPI_H

#include <linux/types.h>

#define ACPI_MAX_IOAPICS	8
#define ACPI_ISA_IRQS		16

/* Generic address structure, ACPI 6.4 5.2.3.2. */
struct acpi_gas {
	u8 space;			/* 0 memory, 1 ports */
	u64 address;			/* 0: there is none */
};

struct acpi_ioapic {
	u64 address;
	u32 gsi_base;
};

struct acpi_isa_irq {
	u32 gsi;
	bool overridden;
	bool level;
	bool active_low;
};

struct acpi_info {
	bool present;			/* there are tables */
	bool madt;			/* ... and they name the interrupt controllers */
	u64 lapic_address;		/* 0: not told */
	struct acpi_ioapic ioapic[ACPI_MAX_IOAPICS];
	unsigned int nr_ioapics;
	struct acpi_isa_irq isa[ACPI_ISA_IRQS];	/* where ISA line n arrives */

	u16 pm_timer_port;		/* 0: none */
	bool pm_timer_32bit;

	bool s5;			/* power can be switched off ... */
	u8 s5_typ_a, s5_typ_b;		/* ... by SLP_TYP values */
	u16 pm1a_cnt, pm1b_cnt;		/* ... written to ports */
	u16 smi_cmd;			/* to take the hardware over from the firmware */
	u8 acpi_enable;
	struct acpi_gas sleep_control;	/* ... or here, on reduced hardware */

	struct acpi_gas reset;		/* address 0: no reset register */
	u8 reset_value;

	u64 ecam;			/* PCI configuration space; 0: none */
	u8 ecam_first_bus, ecam_last_bus;
};

extern struct acpi_info acpi;

void acpi_find(void);			/* finds and reserves the tables */
void acpi_init(void);			/* reads them */

struct acpi_header;
const struct acpi_header *acpi_table(const char *signature, unsigned int nth);

#endif
