// SPDX-License-Identifier: MIT
/*
 * Interrupts of the CPU: off, on, and what happens when one comes.
 *
 * Disabling is lazy: platform_irq_save() only writes a flag. An interrupt that
 * comes all the same is noted, not served: it returns with RFLAGS.IF clear, so
 * that no second one comes, and platform_irq_restore() serves it. The sections
 * are short and many (each allocation is one), interrupts in them rare; and
 * cli, popf and above all sti are dear, most of all where the CPU is emulated.
 *
 *	off  hard_off  pending
 *	 0      0         0	enabled
 *	 1      0         0	disabled by flag; RFLAGS.IF is still set
 *	 1      1         v	... and vector v came: it waits
 *	 1      1         0	in an interrupt handler; at boot
 *
 * Linux: arch/x86/kernel/irq.c; lazy disabling is arch/powerpc's
 * (kernel/irq_64.c).
 * Read first: SDM vol. 3 6.8.1 (IF), 11.8.4 (EOI and priorities).
 */
#include <asm/apic.h>
#include <asm/irqflags.h>
#include <asm/processor.h>
#include <asm/ptrace.h>
#include <asm/setup.h>
#include <linux/kernel.h>
#include <platform.h>

struct irq_state irq_state = { .off = true, .hard_off = true };

static_assert(PLATFORM_IRQ_ON == X86_EFLAGS_IF, "saved flags look like RFLAGS");

static void timer_interrupt(void)
{
	irq_enter();
	apic_eoi();
	tsc_timer_interrupt();
	irq_exit();
}

/* IRQ-1: the CPU has saved its place; the handler only quiets the device and
 * schedules; EOI; irq_exit() then runs the softirqs it raised. */
static void device_interrupt(unsigned int irq)
{
	irq_enter();
	handle_irq(irq);
	apic_eoi();
	irq_exit();
}

/* Disabled, both ways, on entry; softirqs may have enabled interrupts in
 * between. */
static void serve(unsigned int vector)
{
	irq_state.off = true;
	irq_state.hard_off = true;
	barrier();
	if (likely(vector < IRQ_VECTOR_END))
		device_interrupt(vector - IRQ_VECTOR_BASE);
	else if (vector == TIMER_VECTOR)
		timer_interrupt();
	else if (vector == ERROR_VECTOR)
		apic_report_error();
}

/* Serves what was noted, until nothing is. Returns with RFLAGS.IF clear. */
static void serve_pending(void)
{
	for (;;) {
		unsigned int vector;

		native_irq_disable();
		vector = irq_state.pending;
		if (likely(!vector))
			return;
		irq_state.pending = 0;
		serve(vector);
	}
}

/* Spurious interrupts of the APIC and of the masked 8259s are not in service:
 * they get no EOI (SDM vol. 3 11.9) and mean nothing. */
static bool is_spurious(unsigned int vector)
{
	return vector >= IRQ_VECTOR_END && vector != TIMER_VECTOR &&
	       vector != ERROR_VECTOR;
}

/**
 * x86_interrupt() - every interrupt and exception, from entry.S
 * @regs: the interrupted registers
 *
 * Context: RFLAGS.IF clear; on the interrupted thread's stack, but for the
 * three exceptions with an emergency stack.
 */
void x86_interrupt(struct pt_regs *regs)
{
	unsigned int vector = regs->vector & 0xff;

	if (unlikely(vector < IRQ_VECTOR_BASE)) {
		do_trap(regs);
		return;
	}
	if (unlikely(is_spurious(vector)))
		return;
	if (unlikely(irq_state.off)) {
		/* Without EOI it stays in service: nothing of its priority or
		 * below comes, and a level-triggered line is quiet. */
		irq_state.pending = (u8)vector;
		irq_state.hard_off = true;
		regs->rflags &= ~X86_EFLAGS_IF;
		return;
	}
	serve(vector);
	serve_pending();
	/* iretq sets RFLAGS.IF again. */
	irq_state.off = false;
	irq_state.hard_off = false;
}

/**
 * irq_enable_hard() - enable interrupts where one was noted, or in a handler
 *
 * Context: RFLAGS.IF clear.
 */
void irq_enable_hard(void)
{
	serve_pending();
	irq_state.off = false;
	irq_state.hard_off = false;
	native_irq_enable();
}

/**
 * platform_irq_save() - disable interrupts
 *
 * Context: any.
 * Return: for platform_irq_restore(); PLATFORM_IRQ_ON when they were enabled.
 */
unsigned long platform_irq_save(void)
{
	return arch_irq_save();
}

/**
 * platform_irq_restore() - enable or disable interrupts again
 * @flags: from platform_irq_save()
 *
 * Context: any. An interrupt that came meanwhile is served before it returns.
 */
void platform_irq_restore(unsigned long flags)
{
	arch_irq_restore(flags);
}

/**
 * platform_idle() - wait for an interrupt, losing none
 *
 * One that is noted already ends the wait before it begins. sti takes effect
 * after the next instruction: an interrupt that comes from here on ends the hlt
 * (SDM vol. 2, STI).
 *
 * Context: interrupts disabled, before and after.
 */
void platform_idle(void)
{
	native_irq_disable();
	if (irq_state.pending) {
		serve_pending();
		irq_state.off = true;
		irq_state.hard_off = true;
		return;
	}
	irq_state.off = false;
	irq_state.hard_off = false;
	__asm__ __volatile__("sti; hlt" : : : "memory");
	WRITE_ONCE(irq_state.off, true);
	barrier();
}
