// SPDX-License-Identifier: MIT
/*
 * start_kernel(): how the machine comes up, in order. boot/head_64.S calls it
 * on the boot stack, in long mode, with the first 4 GiB mapped one to one.
 *
 * Linux: init/main.c, arch/x86/kernel/setup.c.
 */
#include <asm/acpi.h>
#include <asm/apic.h>
#include <asm/boot.h>
#include <asm/page.h>
#include <asm/setup.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/random.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/timer.h>

static void print_banner(void)
{
	pr_info("Sojourn, by %s\n", boot_info.loader);
	pr_info("Command line: %s\n", saved_command_line);
	if (boot_info.cmdline_cut)
		pr_warn("The command line was cut after %d bytes\n",
			COMMAND_LINE_SIZE - 1);
}

static void print_memory(void)
{
	pr_info("Memory: %lu KiB of %lu KiB free, image %lu KiB\n",
		nr_free_pages() * (PAGE_SIZE >> 10), memblock_total() >> 10,
		(unsigned long)(_end - _text) >> 10);
}

/**
 * start_kernel() - the boot order
 * @magic: which boot loader (asm/boot.h)
 * @info: address of what it left
 *
 * Context: boot, interrupts disabled. Does not return.
 */
void __noreturn start_kernel(u32 magic, u64 info)
{
	serial_early_init();		/* so that there are words for the rest */
	idt_init();			/* segments; exceptions print and stop */
	set_symbol_lookup(symbol_lookup); /* addresses print as names */
	boot_info_read(magic, info);	/* memory map, command line, ACPI root */
	print_banner();
	memblock_init();		/* RAM, without the image */
	acpi_find();			/* tables, kept from being given away */
	paging_init();			/* one to one, read-only text, no page 0 */
	page_alloc_init();		/* buddies */
	slab_init();			/* platform_alloc(), from here kmalloc() */
	print_memory();
	acpi_init();			/* interrupt lines, power switch, timers */
	apic_init();			/* this CPU's interrupt controller */
	ioapic_init();			/* device lines, masked */
	tsc_init();			/* the clock; from here time passes */
	copy_init();			/* the quickest way to copy */
	pci_conf_init();		/* a way to configuration space */
	softirq_init();			/* deferred work */
	timers_init();			/* TIMER_SOFTIRQ */
	rcu_init();			/* RCU_SOFTIRQ */
	sched_init();			/* we become thread 0 */
	random_init();			/* seeded by the platform ... */
	parse_command_line(saved_command_line);	/* ... or by seed= */
	serial_irq_init();		/* the console can be typed at */
	local_irq_enable();		/* devices and clock interrupt from here */
	do_initcalls();			/* the stack and the drivers, by level */
	paging_protect();		/* their tables are read-only from here */
	apps_start();			/* servers and the shell, as threads */
	spawn_ksoftirqd();		/* softirqs beyond their budget */
	cpu_idle();			/* thread 0 waits for interrupts */
}
