/* SPDX-License-Identifier: MIT */
/*
 * The platform seam: everything the portable half (net/, drivers/net/,
 * portable kernel/, kernel/lib/) needs from the body it runs in. Two bodies
 * implement it: kernel/x86/platform.c (the image) and tests/host/platform.c
 * (an ordinary Linux process with a virtual clock).
 *
 * `nm -u` of the portable objects, minus this list, minus mem* and str*, minus
 * the device seam (linux/io.h, linux/dma-mapping.h, linux/pci.h), is empty: the
 * build checks it.
 */
#ifndef PLATFORM_H
#define PLATFORM_H

#include <linux/compiler.h>
#include <linux/types.h>

/* ---- what the portable half calls ------------------------------------ */

/* Nanoseconds since boot; never goes back. Any context. */
u64 platform_clock_ns(void);

/*
 * Ask for one clock_interrupt() at or soon after @deadline_ns. A second call
 * replaces the first; U64_MAX disarms. A deadline in the past fires at once,
 * from an interrupt, never from inside this call.
 */
void platform_clock_arm(u64 deadline_ns);

/*
 * Called by the idle loop with interrupts disabled and nothing to do: enables
 * interrupts and waits for one *in one step* (sti;hlt), so that an interrupt
 * that comes after the caller's last check still ends the wait. Returns with
 * interrupts disabled.
 */
void platform_idle(void);

/*
 * Interrupts are disabled by a word that the body obeys: sections without them
 * are short and many, and most of them nothing comes in.
 */
#define PLATFORM_IRQ_ON 0x200UL		/* as RFLAGS.IF */
struct platform_irqs {
	unsigned int on;	/* PLATFORM_IRQ_ON or 0: the kernel wants none */
	bool held;		/* one waits, or more than the word keeps them off */
};
extern struct platform_irqs platform_irqs;
/* Enables interrupts where they are held, after serving those that wait. */
void platform_irq_enable(void);

/* Disables interrupts; the value is for platform_irq_restore(). */
static inline unsigned long platform_irq_save(void)
{
	unsigned long flags = READ_ONCE(platform_irqs.on);

	WRITE_ONCE(platform_irqs.on, 0);
	barrier();
	return flags;
}

/* Enables them if they were; PLATFORM_IRQ_ON enables. One that came meanwhile is
 * served before it returns. */
static inline void platform_irq_restore(unsigned long flags)
{
	barrier();
	WRITE_ONCE(platform_irqs.on, (unsigned int)flags);
	barrier();
	if (flags && unlikely(READ_ONCE(platform_irqs.held)))
		platform_irq_enable();
}

/*
 * Memory, aligned to 64 bytes when @size >= 64, else to 16; contents
 * undefined. Page-sized and larger blocks are aligned to 4096. Returns NULL
 * when there is none. Any context. platform_free(NULL) does nothing.
 */
void *platform_alloc(size_t size);
void platform_free(void *p);

/* Bytes of memory that there are, used or not; does not change. Any context. */
size_t platform_memory(void);

/* Seed material: fills @buf. Same seed, same bytes, in the same order. */
void platform_random(void *buf, size_t len);

/* Writes log text as it is ("\n" ends a line). Any context. */
void platform_console_write(const char *text, size_t len);

/* Prints what is known (registers, backtrace) and stops the machine. */
void __noreturn platform_panic(void);

/* ---- what the body calls --------------------------------------------- */

/* Around every device interrupt; irq_exit() runs pending softirqs. */
void irq_enter(void);
void irq_exit(void);

/* Runs the handlers requested for @irq. Between irq_enter and irq_exit. */
void handle_irq(unsigned int irq);

/* The armed deadline was reached. Between irq_enter and irq_exit. */
void clock_interrupt(void);

#endif
