// SPDX-License-Identifier: MIT
/*
 * The local APIC: end of interrupt, the timer. The CPU's own interrupt
 * controller, reached by MSRs (x2APIC) where the CPU has them, else in memory.
 *
 * Linux: arch/x86/kernel/apic/apic.c.
 * Read first: SDM vol. 3 chapter 11.
 */
#include <asm/acpi.h>
#include <asm/apic.h>
#include <asm/page.h>
#include <asm/processor.h>
#include <linux/io.h>
#include <linux/kernel.h>

/* Registers, SDM vol. 3 table 11-1. */
#define APIC_ID		0x20
#define APIC_TPR	0x80
#define APIC_EOI	0xb0
#define APIC_SPIV	0xf0
#define APIC_ESR	0x280
#define APIC_LVT_TIMER	0x320
#define APIC_LVT_LINT0	0x350
#define APIC_LVT_LINT1	0x360
#define APIC_LVT_ERROR	0x370
#define APIC_TIMER_INIT	0x380
#define APIC_TIMER_NOW	0x390
#define APIC_TIMER_DIV	0x3e0

#define SPIV_ENABLE	0x100
#define LVT_MASKED	0x10000
#define LVT_NMI		0x400
#define LVT_TSC_DEADLINE 0x40000
#define DIVIDE_BY_16	0x3

#define APIC_BASE_ENABLE 0x800
#define APIC_BASE_X2APIC 0x400

#define CPUID1_EDX_APIC	(1U << 9)
#define CPUID1_ECX_X2APIC (1U << 21)
#define CPUID1_ECX_DEADLINE (1U << 24)

static u8 __iomem *apic_regs;		/* NULL: x2APIC */

static u32 apic_read(unsigned int reg)
{
	if (!apic_regs)
		return (u32)rdmsr(MSR_X2APIC + (reg >> 4));
	return readl(apic_regs + reg);
}

static void apic_write(unsigned int reg, u32 value)
{
	if (!apic_regs)
		wrmsr(MSR_X2APIC + (reg >> 4), value);
	else
		writel(value, apic_regs + reg);
}

/**
 * apic_eoi() - the interrupt in service is done
 *
 * For a level-triggered line the I/O APIC hears of it too.
 *
 * Context: hardirq.
 */
void apic_eoi(void)
{
	apic_write(APIC_EOI, 0);
}

/**
 * apic_id() - how messages and I/O APICs name this CPU
 *
 * Context: any.
 * Return: the APIC id; below 255, as one byte has to hold it.
 */
u32 apic_id(void)
{
	u32 id = apic_read(APIC_ID);

	return apic_regs ? id >> 24 : id;
}

/**
 * apic_report_error() - the error interrupt: log what the APIC saw
 *
 * Context: interrupts disabled.
 */
void apic_report_error(void)
{
	u32 esr;

	/* SDM vol. 3 11.5.3: a write makes the register show new errors. */
	apic_write(APIC_ESR, 0);
	esr = apic_read(APIC_ESR);
	apic_eoi();
	printk_ratelimited(KERN_WARNING "apic: error status %#x\n", esr);
}

/**
 * apic_has_deadline_timer() - can the timer compare with the TSC?
 *
 * Context: any.
 * Return: true when it can.
 */
bool apic_has_deadline_timer(void)
{
	return cpuid(1, 0).ecx & CPUID1_ECX_DEADLINE;
}

/**
 * apic_timer_count() - (re)start the timer in count mode
 * @count: units of 16 timer clocks; 0 stops it
 *
 * Context: any.
 */
void apic_timer_count(u32 count)
{
	apic_write(APIC_TIMER_INIT, count);
}

/**
 * apic_timer_current() - what is left of the count
 *
 * Context: any.
 * Return: units of 16 timer clocks; 0 when it is over.
 */
u32 apic_timer_current(void)
{
	return apic_read(APIC_TIMER_NOW);
}

/**
 * apic_timer_setup() - let the timer interrupt
 *
 * Context: boot, after calibration, which uses the timer without interrupt.
 */
void apic_timer_setup(void)
{
	u32 mode = apic_has_deadline_timer() ? LVT_TSC_DEADLINE : 0;

	apic_write(APIC_TIMER_INIT, 0);
	apic_write(APIC_LVT_TIMER, TIMER_VECTOR | mode);
	/* SDM vol. 3 11.5.4.1: a deadline written before the mode is lost. */
	__asm__ __volatile__("mfence" : : : "memory");
}

static void apic_enable(void)
{
	struct cpuid_regs id = cpuid(1, 0);
	u64 base = rdmsr(MSR_APIC_BASE);

	if (!(id.edx & CPUID1_EDX_APIC))
		panic("this CPU has no local APIC");
	if (id.ecx & CPUID1_ECX_X2APIC) {
		/* SDM vol. 3 11.12.5: xAPIC first, then x2APIC. */
		wrmsr(MSR_APIC_BASE, base | APIC_BASE_ENABLE);
		wrmsr(MSR_APIC_BASE, base | APIC_BASE_ENABLE | APIC_BASE_X2APIC);
		return;
	}
	base &= PTE_ADDR_MASK;
	wrmsr(MSR_APIC_BASE, base | APIC_BASE_ENABLE |
	      (rdmsr(MSR_APIC_BASE) & 0x100));
	apic_regs = ioremap(base, PAGE_SIZE);
	if (!apic_regs)
		panic("the local APIC at %#lx cannot be mapped", base);
}

/**
 * apic_init() - switch the local APIC on, with all its sources quiet
 *
 * Context: boot, interrupts disabled, after paging_init().
 */
void apic_init(void)
{
	apic_enable();
	apic_write(APIC_TPR, 0);
	apic_write(APIC_LVT_TIMER, LVT_MASKED | TIMER_VECTOR);
	apic_write(APIC_LVT_LINT0, LVT_MASKED);
	apic_write(APIC_LVT_LINT1, LVT_NMI);
	apic_write(APIC_LVT_ERROR, ERROR_VECTOR);
	apic_write(APIC_TIMER_DIV, DIVIDE_BY_16);
	apic_write(APIC_TIMER_INIT, 0);
	apic_write(APIC_ESR, 0);
	apic_write(APIC_SPIV, SPIV_ENABLE | SPURIOUS_VECTOR);
	apic_eoi();			/* of what firmware may have left */
}
