// SPDX-License-Identifier: MIT
/*
 * Which way of copying is the quickest here? No flag of CPUID tells under an
 * emulator, so each is tried once at boot, for some microseconds.
 *
 * Linux: arch/x86/lib/memcpy_64.S (by CPUID)
 */
#include <asm/copy.h>
#include <asm/page.h>
#include <asm/setup.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/string.h>

/* The length of a trial, and how often it is tried: the best counts, since whatever
 * the host does meanwhile can only make one slower. */
#define TRIAL_ORDER	2U
#define TRIAL_BYTES	(PAGE_SIZE << TRIAL_ORDER)
#define TRIALS		4

static const char *const copy_names[COPY_WAYS] = {
	[COPY_WORDS] = "words",
	[COPY_MOVSQ] = "rep movsq",
	[COPY_MOVSB] = "rep movsb",
};

/* Nanoseconds that a copy takes at least, 1 or more. */
static u64 copy_trial(u8 *to, const u8 *from)
{
	size_t bytes = TRIAL_BYTES;
	u64 best = U64_MAX;
	unsigned int i;

	/* Of a length that it knows the compiler copies in its own way. */
	OPTIMIZER_HIDE_VAR(bytes);
	for (i = 0; i < TRIALS; i++) {
		u64 begin = tsc_read_ns();

		memcpy(to, from, bytes);
		best = min(best, tsc_read_ns() - begin);
	}
	return best ? best : 1;
}

/**
 * copy_init() - choose how memcpy() copies long ranges
 *
 * Context: boot, after tsc_init(), interrupts disabled.
 */
void __init copy_init(void)
{
	u8 *pages = alloc_pages(TRIAL_ORDER + 1);
	u8 way, best = COPY_WORDS;
	u64 ns[COPY_WAYS];

	if (!pages)
		return;		/* the default copies, too */
	/* What is not in the page tables of an emulator yet would count for the first. */
	memset(pages, 0, 2 * TRIAL_BYTES);
	for (way = COPY_WORDS; way < COPY_WAYS; way++) {
		copy_way = way;
		barrier();	/* memcpy() reads no such thing, says the language */
		ns[way] = copy_trial(pages, pages + TRIAL_BYTES);
		if (ns[way] < ns[best])
			best = way;
	}
	copy_way = best;
	free_pages(pages, TRIAL_ORDER + 1);
	pr_info("copy: by %s; MB/s: %s %lu, %s %lu, %s %lu\n", copy_names[best],
		copy_names[COPY_WORDS], TRIAL_BYTES * 1000 / ns[COPY_WORDS],
		copy_names[COPY_MOVSQ], TRIAL_BYTES * 1000 / ns[COPY_MOVSQ],
		copy_names[COPY_MOVSB], TRIAL_BYTES * 1000 / ns[COPY_MOVSB]);
}
