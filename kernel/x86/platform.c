// SPDX-License-Identifier: MIT
/*
 * The platform seam on metal: platform.h's functions that are one line of the
 * machine half each. Interrupts and idle are in irq.c, memory is in
 * kernel/mm/slab.c.
 *
 * Linux: has no such seam; arch/x86/ is spread over asm/ headers.
 */
#include <asm/page.h>
#include <asm/processor.h>
#include <asm/setup.h>
#include <linux/dma-mapping.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <platform.h>

#define CPUID1_ECX_RDRAND (1U << 30)
#define CPUID7_EBX_RDSEED (1U << 18)
#define RANDOM_TRIES	10		/* SDM vol. 1 7.3.17.1 */
#define JITTER_ROUNDS	64		/* readings mixed into each word */

/**
 * platform_clock_ns() - nanoseconds since boot
 *
 * Context: any.
 * Return: a number that never gets less.
 */
u64 platform_clock_ns(void)
{
	return tsc_read_ns();
}

/**
 * platform_clock_arm() - ask for one clock_interrupt()
 * @deadline_ns: when, in platform_clock_ns()'s time; U64_MAX: none
 *
 * Context: any.
 */
void platform_clock_arm(u64 deadline_ns)
{
	tsc_timer_arm(deadline_ns);
}

static bool rdseed(u64 *value)
{
	bool ok;

	__asm__ __volatile__("rdseed %0" : "=r"(*value), "=@ccc"(ok) : : "cc");
	return ok;
}

static bool rdrand(u64 *value)
{
	bool ok;

	__asm__ __volatile__("rdrand %0" : "=r"(*value), "=@ccc"(ok) : : "cc");
	return ok;
}

static u64 hardware_random(void)
{
	bool has_rdseed = cpuid_max(0) >= 7 &&
			  (cpuid(7, 0).ebx & CPUID7_EBX_RDSEED);
	bool has_rdrand = cpuid(1, 0).ecx & CPUID1_ECX_RDRAND;
	unsigned int i;
	u64 value;

	for (i = 0; has_rdseed && i < RANDOM_TRIES; i++)
		if (rdseed(&value))
			return value;
	for (i = 0; has_rdrand && i < RANDOM_TRIES; i++)
		if (rdrand(&value))
			return value;
	return 0;
}

/* How long a CPUID takes varies with caches, the host and its interrupts: a
 * little from each of many readings. */
static u64 jitter_random(void)
{
	u64 mix = rdtsc();
	unsigned int i;

	for (i = 0; i < JITTER_ROUNDS; i++) {
		u64 before = rdtsc();

		cpuid(0, 0);
		mix ^= rdtsc() - before;
		/* Murmur3's finaliser spreads each bit over the word. */
		mix ^= mix >> 33;
		mix *= 0xff51afd7ed558ccdUL;
		mix ^= mix >> 29;
		mix *= 0xc4ceb9fe1a85ec53UL;
		mix ^= mix >> 32;
	}
	return mix;
}

/**
 * platform_memory() - how much memory there is
 *
 * Context: any. Return: bytes, used or not.
 */
size_t platform_memory(void)
{
	return memblock_total();
}

/**
 * platform_random() - seed material
 * @buf: filled
 * @len: bytes
 *
 * The CPU's generator where there is one, and timing jitter on top of it.
 *
 * Context: any. Slow: for seeds, not for every random number.
 */
void platform_random(void *buf, size_t len)
{
	u8 *p = buf;

	while (len) {
		u64 word = hardware_random() ^ jitter_random();
		size_t n = min(len, sizeof(word));

		memcpy(p, &word, n);
		p += n;
		len -= n;
	}
}

/**
 * platform_console_write() - write log text
 * @text: "\n" ends a line
 * @len: bytes
 *
 * Context: any.
 */
void platform_console_write(const char *text, size_t len)
{
	serial_write(text, len);
}

/**
 * platform_panic() - print what is known and stop the machine
 *
 * panic() has printed why.
 *
 * Context: any. Does not return.
 */
void __noreturn platform_panic(void)
{
	native_irq_disable();
	panic_report();
}

/**
 * platform_dma_address() - memory as devices see it
 * @p: in RAM
 *
 * Context: any.
 * Return: the same number: everything is mapped one to one.
 */
dma_addr_t platform_dma_address(const void *p)
{
	return (uintptr_t)p;
}
