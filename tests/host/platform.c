// SPDX-License-Identifier: MIT
/*
 * The seam over libc: what kernel/x86/platform.c is on the machine.
 *
 * Interrupts are a flag, a set of pending lines and the clock. A pending line
 * is served when the flag goes on, in the middle of whatever put it on, as on
 * the machine; the clock is served by host_advance() and by the idle loop only,
 * because time moves nowhere else.
 */
#include "host.h"

#include <linux/bitops.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/random.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <platform.h>

#include "libc.h"

u64 host_clock_ns;
unsigned long host_clock_arms;

static u64 armed_ns = U64_MAX;
struct platform_irqs platform_irqs = { .on = PLATFORM_IRQ_ON };
static DECLARE_BITMAP(irqs_pending, NR_IRQS);
static u64 random_state;
static size_t memory_bytes = HOST_MEMORY;
static host_console_t console;
static bool idle_advances;

/* host_catch_panic() */
static void *panic_return[5];
static bool catching;
static char panic_text[512];
static size_t panic_len;

/* ---- the clock ---------------------------------------------------------- */

/**
 * platform_clock_ns - the virtual clock
 *
 * Context: any.
 * Return: nanoseconds.
 */
u64 platform_clock_ns(void)
{
	return host_clock_ns;
}

/**
 * platform_clock_arm - remember when to fire
 * @deadline_ns: absolute; U64_MAX: never
 *
 * Context: any.
 */
void platform_clock_arm(u64 deadline_ns)
{
	armed_ns = deadline_ns;
	host_clock_arms++;
}

/**
 * host_clock_armed - when the clock will fire
 *
 * Return: the deadline, or U64_MAX.
 */
u64 host_clock_armed(void)
{
	return armed_ns;
}

/* ---- interrupts --------------------------------------------------------- */

static void irqs_set(bool on)
{
	platform_irqs.on = on ? PLATFORM_IRQ_ON : 0;
}

/* The frame around a handler. Interrupts are off in it, but irq_exit() puts
 * them on while softirqs run. */
static void clock_fires(void)
{
	armed_ns = U64_MAX;
	irqs_set(false);
	irq_enter();
	clock_interrupt();
	irq_exit();
	irqs_set(true);
}

static void device_fires(unsigned int irq)
{
	irqs_set(false);
	irq_enter();
	handle_irq(irq);
	irq_exit();
	irqs_set(true);
}

static void serve_pending(void)
{
	unsigned long irq;

	while (platform_irqs.on) {
		irq = find_first_bit(irqs_pending, NR_IRQS);
		if (irq >= NR_IRQS) {
			platform_irqs.held = false;
			return;
		}
		__clear_bit(irq, irqs_pending);
		device_fires((unsigned int)irq);
	}
}

/**
 * host_raise_irq - a device wants attention
 * @irq: its line
 *
 * Context: any.
 */
void host_raise_irq(unsigned int irq)
{
	BUG_ON(irq >= NR_IRQS);
	__set_bit(irq, irqs_pending);
	platform_irqs.held = true;
	serve_pending();
}

/**
 * platform_irq_enable - interrupts on, and those that wait are served
 *
 * Context: any.
 */
void platform_irq_enable(void)
{
	irqs_set(true);
	serve_pending();
}

/**
 * platform_idle - one step of time, for want of anything else to do
 *
 * Context: interrupts off, before and after.
 */
void platform_idle(void)
{
	irqs_set(true);
	if (find_first_bit(irqs_pending, NR_IRQS) < NR_IRQS) {
		serve_pending();
	} else if (idle_advances && armed_ns != U64_MAX) {
		host_clock_ns = max(host_clock_ns, armed_ns);
		clock_fires();
	} else {
		panic("thread %d (%s) waits, and nobody can wake it", current->pid,
		      current->comm);
	}
	irqs_set(false);
}

/**
 * host_set_idle_advances - what the idle loop may do
 * @on: move the clock
 */
void host_set_idle_advances(bool on)
{
	idle_advances = on;
}

/**
 * host_run - run softirqs and threads until only timers are left
 */
void host_run(void)
{
	sched_run_until_idle();
}

/**
 * host_advance - move the clock, and do all that is due on the way
 * @t_ns: where to
 */
void host_advance(u64 t_ns)
{
	host_run();
	while (armed_ns <= max(t_ns, host_clock_ns)) {
		host_clock_ns = max(host_clock_ns, armed_ns);
		clock_fires();
		host_run();
	}
	host_clock_ns = max(host_clock_ns, t_ns);
}

/**
 * host_sleep - let time pass
 * @span_ns: how much
 */
void host_sleep(u64 span_ns)
{
	host_advance(host_clock_ns + span_ns);
}

/**
 * host_clock_restart - set the clock, back too
 * @t_ns: to what
 *
 * The wheel of timers begins anew: none may be armed.
 */
void host_clock_restart(u64 t_ns)
{
	BUG_ON(timers_armed());
	host_clock_ns = t_ns;
	armed_ns = U64_MAX;
	timers_init();
}

/* ---- memory, randomness, console ---------------------------------------- */

/**
 * platform_alloc - memory
 * @size: bytes
 *
 * Context: any.
 * Return: the memory, or NULL.
 */
void *platform_alloc(size_t size)
{
	size_t alignment = size >= 4096 ? 4096 : size >= 64 ? 64 : 16;
	void *p;

	return posix_memalign(&p, alignment, size) ? NULL : p;
}

/**
 * platform_free - give memory back
 * @p: the memory, or NULL
 *
 * Context: any.
 */
void platform_free(void *p)
{
	free(p);
}

/**
 * host_set_memory - how much memory there is said to be
 * @bytes: of the next who ask
 */
void host_set_memory(size_t bytes)
{
	memory_bytes = bytes;
}

/**
 * platform_memory - as host_set_memory() said
 *
 * Context: any.
 */
size_t platform_memory(void)
{
	return memory_bytes;
}

/**
 * host_set_seed - choose what platform_random() gives
 * @seed: equal seeds, equal bytes
 */
void host_set_seed(u64 seed)
{
	random_state = seed;
}

/**
 * platform_random - splitmix64 (Steele, Lea, Flood 2014)
 * @buf: to fill
 * @len: bytes
 *
 * Context: any.
 */
void platform_random(void *buf, size_t len)
{
	u8 *to = buf;

	while (len) {
		u64 z = random_state += 0x9e3779b97f4a7c15ULL;
		size_t n = min(len, sizeof(z));

		z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
		z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
		z ^= z >> 31;
		memcpy(to, &z, n);
		to += n;
		len -= n;
	}
}

/**
 * host_set_console - choose where log text goes
 * @fn: called with the text; NULL: standard error
 */
void host_set_console(host_console_t fn)
{
	console = fn;
}

/**
 * platform_console_write - log text
 * @text: the text
 * @len: bytes
 *
 * Context: any.
 */
void platform_console_write(const char *text, size_t len)
{
	if (catching) {
		size_t n = min(len, sizeof(panic_text) - 1 - panic_len);

		memcpy(panic_text + panic_len, text, n);
		panic_len += n;
		panic_text[panic_len] = '\0';
		return;
	}
	if (console) {
		console(text, len);
		return;
	}
	while (len) {
		ssize_t n = write(STDERR_FILENO, text, len);

		if (n <= 0)
			return;
		text += n;
		len -= (size_t)n;
	}
}

/* ---- the end ------------------------------------------------------------ */

/**
 * platform_panic - to host_catch_panic(), or the end of the process
 *
 * Context: any.
 */
void platform_panic(void)
{
	if (catching)
		__builtin_longjmp(panic_return, 1);
	abort();
}

/* Apart, because what setjmp() returns to must not have been inlined. */
static noinline bool call_caught(void (*fn)(void *arg), void *arg)
{
	if (__builtin_setjmp(panic_return))
		return true;
	fn(arg);
	return false;
}

/**
 * host_catch_panic - call what is expected to panic
 * @fn: the function
 * @arg: for @fn
 *
 * Return: what was logged meanwhile, when it panicked; else NULL.
 */
const char *host_catch_panic(void (*fn)(void *arg), void *arg)
{
	struct cpu saved = cpu_data;
	struct task_struct *saved_current = current;
	bool was_on = platform_irqs.on, panicked;

	panic_len = 0;
	panic_text[0] = '\0';
	catching = true;
	panicked = call_caught(fn, arg);
	catching = false;
	if (!panicked)
		return NULL;
	cpu_data.preempt_count = saved.preempt_count;
	cpu_data.rcu_nesting = saved.rcu_nesting;
	current = saved_current;
	cpu_data.idle = saved.idle;
	irqs_set(was_on);
	return panic_text;
}

/**
 * host_catching_panic - is a panic expected?
 *
 * Return: whether host_catch_panic() runs.
 */
bool host_catching_panic(void)
{
	return catching;
}

/**
 * host_boot - kernel/main.c's order, without a machine
 */
void host_boot(void)
{
	softirq_init();
	timers_init();
	rcu_init();
	sched_init();
	random_init();
	if (spawn_ksoftirqd())
		panic("no memory for ksoftirqd");
	do_initcalls();
	/* The clock stands still while it would look. */
	sched_set_idle_poll(NULL);
}
