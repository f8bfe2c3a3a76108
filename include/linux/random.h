/* SPDX-License-Identifier: MIT */
/*
 * The one source of randomness (kernel/random.c): a ChaCha20 generator with
 * fast key erasure, seeded from platform_random() or, for runs that repeat, by
 * `seed=` on the command line. Any context.
 */
#ifndef LINUX_RANDOM_H
#define LINUX_RANDOM_H

#include <linux/types.h>

void random_init(void);
/* The whole output follows from @seed. */
void random_seed(u64 seed);
/* The seed that `seed=` or random_seed() gave; false: seeded by the platform. */
bool random_seed_get(u64 *seed);

void get_random_bytes(void *buf, size_t len);
u8 get_random_u8(void);
u16 get_random_u16(void);
u32 get_random_u32(void);
u64 get_random_u64(void);
/* Evenly from 0 to @ceil - 1; 0 when @ceil is 0. */
u32 get_random_u32_below(u32 ceil);
/* Evenly from @floor to @ceil, both included. */
u32 get_random_u32_inclusive(u32 floor, u32 ceil);

#endif
