// SPDX-License-Identifier: MIT
/*
 * The seam (include/platform.h) of the counting program. As far as it is on a
 * packet's way it is what kernel/x86/ has: interrupts off are a flag, memory is
 * kernel/mm's out of one block. There is no C library: what instructions a copy
 * takes depends on nothing but kernel/lib.
 */
#include "body.h"

#include <asm/boot.h>
#include <asm/page.h>
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

#include "../unit/test.h"

#define ARENA_BYTES	(96UL << 20)
#define SYS_WRITE	1
#define SYS_EXIT	60

u64 host_clock_ns = 10 * NSEC_PER_SEC;
struct body_dear body_dear;
struct platform_irqs platform_irqs;

static u8 arena[ARENA_BYTES] __aligned(4096);
static size_t arena_used;		/* before there is an allocator */
static DECLARE_BITMAP(irqs_pending, NR_IRQS);
static bool clock_pending;
static u64 armed_ns = U64_MAX;
static u64 random_state = 1;
static void (*world)(void);

int body_main(int argc, char **argv);

/* The stack as Linux hands it over: argc, then argv. */
__asm__(".pushsection .text\n"
	".globl _start\n"
	".type _start, @function\n"
	"_start:\n"
	"	xorl %ebp, %ebp\n"
	"	movq (%rsp), %rdi\n"
	"	leaq 8(%rsp), %rsi\n"
	"	andq $-16, %rsp\n"
	"	call body_main\n"
	"	movl %eax, %edi\n"
	"	movl $60, %eax\n"
	"	syscall\n"
	".size _start, . - _start\n"
	".popsection");

static long linux_call(long nr, long a, long b, long c)
{
	long ret;

	__asm__ __volatile__("syscall" : "=a"(ret) : "a"(nr), "D"(a), "S"(b), "d"(c)
			     : "rcx", "r11", "memory");
	return ret;
}

/* ---- the clock ------------------------------------------------------------------ */

/** platform_clock_ns() - see platform.h */
u64 platform_clock_ns(void)
{
	body_dear.clock_reads++;
	return host_clock_ns;
}

/** platform_clock_arm() - see platform.h */
void platform_clock_arm(u64 deadline_ns)
{
	body_dear.clock_arms++;
	armed_ns = deadline_ns;
}

/** body_clock_to() - see body.h */
bool body_clock_to(u64 t_ns)
{
	if (armed_ns > t_ns) {
		host_clock_ns = max(host_clock_ns, t_ns);
		return true;
	}
	host_clock_ns = max(host_clock_ns, armed_ns);
	armed_ns = U64_MAX;
	clock_pending = true;
	return false;
}

/* ---- interrupts ------------------------------------------------------------------ */

static void interrupt_begin(void)
{
	body_dear.interrupts++;
	platform_irqs.on = 0;
	platform_irqs.held = true;
	irq_enter();
}

static void interrupt_end(void)
{
	irq_exit();
	platform_irqs.on = 0;
}

/* Interrupts off. As in kernel/x86/irq.c, one that finds them off waits. */
static void serve_pending(void)
{
	unsigned long irq;

	for (;;) {
		if (clock_pending) {
			clock_pending = false;
			interrupt_begin();
			clock_interrupt();
			interrupt_end();
			continue;
		}
		irq = find_first_bit(irqs_pending, NR_IRQS);
		if (irq >= NR_IRQS)
			return;
		__clear_bit(irq, irqs_pending);
		interrupt_begin();
		handle_irq((unsigned int)irq);
		interrupt_end();
	}
}

/** platform_irq_enable() - interrupts on, after those that wait */
void platform_irq_enable(void)
{
	serve_pending();
	platform_irqs.on = PLATFORM_IRQ_ON;
	platform_irqs.held = false;
}

/** host_raise_irq() - a device wants attention: body_serve(), or who enables them */
void host_raise_irq(unsigned int irq)
{
	BUG_ON(irq >= NR_IRQS);
	__set_bit(irq, irqs_pending);
	platform_irqs.held = true;
}

/** body_serve() - see body.h */
void body_serve(void)
{
	if (platform_irqs.on && platform_irqs.held) {
		platform_irqs.on = 0;
		platform_irq_enable();
	}
}

/** body_set_world() - see body.h */
void body_set_world(void (*fn)(void))
{
	world = fn;
}

/** platform_idle() - the world goes on */
void platform_idle(void)
{
	if (!platform_irqs.held) {
		bool was = body_world_enter();

		world();
		body_world_leave(was);
	}
	platform_irq_enable();
	platform_irqs.on = 0;
}

/* ---- memory: kernel/mm over the arena --------------------------------------------- */

/** memblock_end() - behind the last byte */
u64 memblock_end(void)
{
	return (uintptr_t)arena + sizeof(arena);
}

/** platform_memory() - as much as the image has by default */
size_t platform_memory(void)
{
	return 128UL << 20;
}

/** memblock_alloc() - zeroed, for ever */
void *memblock_alloc(size_t size, size_t align)
{
	size_t at = ALIGN(arena_used, align);

	BUG_ON(size > sizeof(arena) - at);
	arena_used = at + size;
	return arena + at;
}

/** memblock_free_all() - the rest is the page allocator's */
void memblock_free_all(void (*give)(u64 start, u64 end))
{
	give(ALIGN((uintptr_t)arena + arena_used, 4096UL), memblock_end());
}

/** boot_option() - none is given */
bool boot_option(const char *word)
{
	return false;
}

/** platform_random() - the same in each run: splitmix64 (Steele, Lea, Flood 2014) */
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

/* ---- text, and the end ---------------------------------------------------------------- */

static void put(long fd, const char *text, size_t len)
{
	while (len) {
		long n = linux_call(SYS_WRITE, fd, (long)text, (long)len);

		if (n <= 0)
			return;
		text += n;
		len -= (size_t)n;
	}
}

/** platform_console_write() - to standard error */
void platform_console_write(const char *text, size_t len)
{
	put(2, text, len);
}

/** body_say() - a line to standard output */
void body_say(const char *fmt, ...)
{
	char text[256];
	va_list args;
	int len;

	va_start(args, fmt);
	len = vscnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	put(1, text, (size_t)len);
}

/** body_exit() - see body.h */
void body_exit(int status)
{
	for (;;)
		linux_call(SYS_EXIT, status, 0, 0);
}

/** platform_panic() - the kernel has said why */
void platform_panic(void)
{
	body_exit(2);
}

/** test_fail() - the fakes found a fault: counts of this run mean nothing */
void test_fail(const char *file, int line, const char *fmt, ...)
{
	char text[192];
	va_list args;

	va_start(args, fmt);
	vscnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	body_say("FAIL %s:%d: %s\n", file, line, text);
	body_exit(1);
}

/** test_compare_failed() - as test_fail() */
void test_compare_failed(const char *file, int line, const char *what, u64 a, u64 b)
{
	test_fail(file, line, "%s  (%ld and %ld)", what, (s64)a, (s64)b);
}

/** host_boot() - as kernel/main.c, memory first */
void host_boot(void)
{
	page_alloc_init();
	slab_init();
	softirq_init();
	timers_init();
	rcu_init();
	sched_init();
	random_init();
	if (spawn_ksoftirqd())
		panic("no memory for ksoftirqd");
	platform_irqs.on = PLATFORM_IRQ_ON;
	do_initcalls();
}
