/* SPDX-License-Identifier: MIT */
/*
 * The hosted body: the seam (include/platform.h) over an ordinary process, with
 * a virtual clock. Nothing happens but what is asked for here: time stands
 * still between calls, interrupts come when a fake device or the clock raises
 * them, and one seed gives all randomness.
 */
#ifndef TESTS_HOST_H
#define TESTS_HOST_H

#include <linux/types.h>

/* Now, in nanoseconds. Set it before host_boot(); later it moves by
 * host_advance() only. */
extern u64 host_clock_ns;

/* What platform_random() will give. Before host_boot(). */
void host_set_seed(u64 seed);

#define HOST_MEMORY (128UL << 20)
/* What platform_memory() answers from now on; HOST_MEMORY at the beginning. */
void host_set_memory(size_t bytes);

/* Where the console goes; NULL: standard error. */
typedef void (*host_console_t)(const char *text, size_t len);
void host_set_console(host_console_t fn);

/* Brings up the portable kernel, softirqs to ksoftirqd, and then all initcalls.
 * The caller becomes thread 0. */
void host_boot(void);

/* The deadline the clock is armed for, or U64_MAX. */
u64 host_clock_armed(void);

/* How often the clock was armed: each is a VM exit on the machine. */
extern unsigned long host_clock_arms;

/*
 * Moves the clock to @t_ns, or stays when that is past; stops at each armed
 * deadline on the way, fires clock_interrupt() and runs everything that comes
 * of it. Process context, thread 0.
 */
void host_advance(u64 t_ns);
/* The same by a span. */
void host_sleep(u64 span_ns);
/* Sets the clock, back too: one run does not see how long those before it took.
 * No timer is armed. */
void host_clock_restart(u64 t_ns);
/* Runs what can run now: softirqs and threads. */
void host_run(void);

/*
 * A device interrupt: at once when interrupts are on, else as soon as they are.
 * Any context.
 */
void host_raise_irq(unsigned int irq);

/*
 * What the idle loop does when every thread sleeps: true: the clock goes on to
 * the next deadline, as time would; false: a panic, because a call blocked that
 * must not. False to begin with.
 */
void host_set_idle_advances(bool on);

/*
 * Calls @fn(@arg), which is expected to panic on the stack it was called on.
 * Returns the panic's message, or NULL if there was none. Context and
 * interrupts are as before.
 */
const char *host_catch_panic(void (*fn)(void *arg), void *arg);
/* Whether one runs now: what is logged is its business. */
bool host_catching_panic(void);

#endif
