/* SPDX-License-Identifier: MIT */
/*
 * Multiplicative hashing, for keys that no stranger can choose. For those that
 * one can: linux/siphash.h.
 */
#ifndef LINUX_HASH_H
#define LINUX_HASH_H

#include <linux/types.h>

/* 2^32 and 2^64 divided by the golden ratio, odd. */
#define GOLDEN_RATIO_32	0x61C88647U
#define GOLDEN_RATIO_64	0x61C8864680B583EBULL

/* The highest @bits of the product: they depend on all bits of the key. */
static inline u32 hash_32(u32 val, unsigned int bits)
{
	return (val * GOLDEN_RATIO_32) >> (32 - bits);
}

static inline u32 hash_64(u64 val, unsigned int bits)
{
	return (u32)((val * GOLDEN_RATIO_64) >> (64 - bits));
}

static inline u32 hash_long(unsigned long val, unsigned int bits)
{
	return hash_64(val, bits);
}

static inline u32 hash_ptr(const void *ptr, unsigned int bits)
{
	return hash_64((uintptr_t)ptr, bits);
}

#endif
