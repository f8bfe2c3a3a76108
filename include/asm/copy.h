/* SPDX-License-Identifier: MIT */
/*
 * How this machine copies long ranges best: words in a loop, or one of the string
 * instructions, which are quick on most processors and slow under emulation.
 *
 * Linux: arch/x86/lib/memcpy_64.S, where CPUID decides (ERMS, FSRM)
 */
#ifndef ASM_COPY_H
#define ASM_COPY_H

#include <linux/types.h>

enum copy_way {
	COPY_WORDS,
	COPY_MOVSQ,
	COPY_MOVSB,
	COPY_WAYS,
};

/* From so many bytes on the way matters; below, words are best everywhere. */
#define COPY_LONG 512U

/* What memcpy() takes for long ranges; set by copy_init(). */
extern u8 copy_way;

static inline void rep_movsb(void *d, const void *s, size_t n)
{
	__asm__ volatile("rep movsb" : "+D"(d), "+S"(s), "+c"(n) : : "memory");
}

/* @n is rounded down to a multiple of eight bytes. */
static inline void rep_movsq(void *d, const void *s, size_t n)
{
	n /= 8;
	__asm__ volatile("rep movsq" : "+D"(d), "+S"(s), "+c"(n) : : "memory");
}

#endif
