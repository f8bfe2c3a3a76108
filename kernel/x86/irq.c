// SPDX-License-Identifier: MIT
/*
 * Interrupts of the CPU: off, on, and what happens when one comes.
 *
 * Disabling is lazy: platform_irq_save() only writes a word. An interrupt that
 * comes all the same is noted, not served: it returns with RFLAGS.IF clear, so
 * that no second one comes, and platform_irq_restore() serves it. The sections
 * are short and many (each allocation is one), interrupts in them rare; and
 * cli, popf and above all sti are dear, most of all where the CPU is emulated.
 *
 *	on  held  pending
 *	 1    0      0	enabled
 *	 0    0      0	disabled by the word; RFLAGS.IF is still set
 *	 0    1      v	... and vector v came: it waits
 *	 0    1      0	in an interrupt handler; at boot
 *
 * Linux: arch/x86/kernel/irq.c; lazy disabling is arch/powerpc's
 * (kernel/irq_64.c).
 * Read first: SDM vol. 3 6.8.1 (IF), 11.8.4 (EOI and priorities).
 */
#include <asm/apic.h>
#include <asm/processor.h>
#include <asm/ptrace.h>
#include <asm/setup.h>
#include <linux/kernel.h>
#include <platform.h>

struct platform_irqs platform_irqs = { .on = 0, .held = true };
static u8 pending_vector;	/* noted while they were off; 0: none */

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
	platform_irqs.on = 0;
	platform_irqs.held = true;
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
		vector = READ_ONCE(pending_vector);
		if (likely(!vector))
			return;
		pending_vector = 0;
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
	if (unlikely(!platform_irqs.on)) {
		/* Without EOI it stays in service: nothing of its priority or
		 * below comes, and a level-triggered line is quiet. */
		pending_vector = (u8)vector;
		platform_irqs.held = true;
		regs->rflags &= ~X86_EFLAGS_IF;
		return;
	}
	serve(vector);
	serve_pending();
	/* iretq sets RFLAGS.IF again. */
	platform_irqs.on = PLATFORM_IRQ_ON;
	platform_irqs.held = false;
}

/**
 * platform_irq_enable() - enable interrupts where one was noted, or in a handler
 *
 * Context: RFLAGS.IF clear.
 */
void platform_irq_enable(void)
{
	serve_pending();
	platform_irqs.on = PLATFORM_IRQ_ON;
	platform_irqs.held = false;
	native_irq_enable();
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
	if (READ_ONCE(pending_vector)) {
		serve_pending();
		platform_irqs.on = 0;
		platform_irqs.held = true;
		return;
	}
	platform_irqs.on = PLATFORM_IRQ_ON;
	platform_irqs.held = false;
	__asm__ __volatile__("sti; hlt" : : : "memory");
	WRITE_ONCE(platform_irqs.on, 0);
	barrier();
}
