// SPDX-License-Identifier: MIT
/*
 * The end of the machine: off, or again.
 *
 * Linux: arch/x86/kernel/reboot.c, drivers/acpi/sleep.c.
 * Read first: ACPI 6.4 4.8.3.2.1 (PM1 control), 4.8.3.7 (sleep control),
 * 4.8.3.6 (reset register); QEMU docs, isa-debug-exit.
 */
#include <asm/acpi.h>
#include <asm/io.h>
#include <asm/processor.h>
#include <asm/setup.h>
#include <linux/init.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/reboot.h>

#define DEBUG_EXIT_PORT	0xf4

#define SLP_EN		(1U << 13)	/* PM1 control */
#define SLP_TYP_SHIFT	10
#define SCI_EN		1U
#define SLEEP_EN	(1U << 5)	/* sleep control register */
#define SLEEP_TYP_SHIFT	2

#define RESET_CONTROL	0xcf9		/* PIIX, ICH: bits 1, 2: reset the CPU */
#define I8042_COMMAND	0x64
#define I8042_PULSE_RESET 0xfe

/* How often a register is looked at, or written, before the next way is
 * tried: an outside event has to stop us meanwhile. */
#define PATIENCE	100000

static void wait_a_little(void)
{
	unsigned int i;

	for (i = 0; i < PATIENCE; i++)
		cpu_relax();
}

static void gas_write8(const struct acpi_gas *gas, u8 value)
{
	void __iomem *reg;

	if (!gas->address)
		return;
	if (gas->space == 1) {
		outb(value, (u16)gas->address);
		return;
	}
	if (gas->space)
		return;
	reg = ioremap(gas->address, 1);
	if (reg)
		writeb(value, reg);
}

/* QEMU's isa-debug-exit reads as 0; a port where nothing is, as all ones. */
static void debug_exit(int code)
{
	if (inb(DEBUG_EXIT_PORT) == 0)
		outb((u8)code, DEBUG_EXIT_PORT);
}

/* ACPI 6.4 4.8.2.5: firmware may still own the registers. */
static void acpi_take_over(void)
{
	unsigned int i;

	if (!acpi.smi_cmd || !acpi.acpi_enable || (inw(acpi.pm1a_cnt) & SCI_EN))
		return;
	outb(acpi.acpi_enable, acpi.smi_cmd);
	for (i = 0; i < PATIENCE && !(inw(acpi.pm1a_cnt) & SCI_EN); i++)
		cpu_relax();
}

static void acpi_power_off(void)
{
	if (!acpi.s5)
		return;
	if (acpi.sleep_control.address) {
		gas_write8(&acpi.sleep_control,
			   (u8)(acpi.s5_typ_a << SLEEP_TYP_SHIFT | SLEEP_EN));
		wait_a_little();
	}
	if (!acpi.pm1a_cnt)
		return;
	acpi_take_over();
	outw((u16)(acpi.s5_typ_a << SLP_TYP_SHIFT | SLP_EN), acpi.pm1a_cnt);
	if (acpi.pm1b_cnt)
		outw((u16)(acpi.s5_typ_b << SLP_TYP_SHIFT | SLP_EN), acpi.pm1b_cnt);
	wait_a_little();
}

/* An exception that cannot be delivered, nor the one that follows. */
static void __noreturn triple_fault(void)
{
	struct {
		u16 limit;
		u64 base;
	} __packed nothing = { 0, 0 };

	__asm__ __volatile__("lidt %0; int3" : : "m"(nothing));
	for (;;)
		halt();
}

/**
 * machine_restart() - reset the machine
 *
 * By ACPI's reset register, the chip set's, the keyboard controller's, and at
 * last by a triple fault.
 *
 * Context: any. Does not return.
 */
void __noreturn machine_restart(void)
{
	native_irq_disable();
	serial_flush();
	if (acpi.reset.address) {
		gas_write8(&acpi.reset, acpi.reset_value);
		wait_a_little();
	}
	outb(0x02, RESET_CONTROL);
	outb(0x06, RESET_CONTROL);
	wait_a_little();
	outb(I8042_PULSE_RESET, I8042_COMMAND);
	wait_a_little();
	triple_fault();
}

/**
 * machine_power_off() - switch the machine off
 * @code: 0 for a good end; QEMU's isa-debug-exit ends with 2 * @code + 1
 *
 * Through isa-debug-exit, ACPI S5, or a reset, whichever is there.
 *
 * Context: any. Does not return.
 */
void __noreturn machine_power_off(int code)
{
	native_irq_disable();
	serial_flush();
	debug_exit(code);
	if (!code)
		acpi_power_off();
	machine_restart();
}

static const struct machine_ops machine_ops = {
	.power_off = machine_power_off,
	.restart = machine_restart,
};

static int __init power_init(void)
{
	machine_register(&machine_ops);
	return 0;
}
core_initcall(power_init);
