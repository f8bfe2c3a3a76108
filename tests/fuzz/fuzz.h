/* SPDX-License-Identifier: MIT */
/*
 * Fuzzing: a target is a file that defines fuzz_target(), linked with libFuzzer
 * and the stack (make fuzz). fuzz.c sees to it that every input meets the same
 * machine: the same time, the same random numbers, nothing in use.
 *
 * An input is read from its beginning; behind its end stand zeros. Whatever is
 * not as it must be ends the process by test_fail(), so that EXPECT_ and all
 * that tests/host offers work here as in tests.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/types.h>

#include "../unit/test.h"

#define FUZZ_START_NS	(1000 * 1000000000ULL)

struct fuzz_input {
	const u8 *p;
	size_t left;
};

/* The target: all it began must be ended when it returns. */
void fuzz_target(struct fuzz_input *in);
/* Once, after boot. */
void fuzz_target_init(void);

static inline bool fuzz_more(const struct fuzz_input *in)
{
	return in->left > 0;
}

static inline u8 fuzz_u8(struct fuzz_input *in)
{
	if (!in->left)
		return 0;
	in->left--;
	return *in->p++;
}

static inline u16 fuzz_u16(struct fuzz_input *in)
{
	u16 hi = fuzz_u8(in);

	return (u16)(hi << 8 | fuzz_u8(in));
}

static inline u32 fuzz_u32(struct fuzz_input *in)
{
	u32 hi = fuzz_u16(in);

	return hi << 16 | fuzz_u16(in);
}

/* Fills @buf; returns how many bytes the input gave, the rest are zeros. */
static inline size_t fuzz_bytes(struct fuzz_input *in, void *buf, size_t len)
{
	size_t n = min(len, in->left);

	memset(buf, 0, len);
	memcpy(buf, in->p, n);
	in->p += n;
	in->left -= n;
	return n;
}

/* A length from one byte: small ones exact, large ones in steps, up to @max. */
static inline unsigned int fuzz_len(struct fuzz_input *in, unsigned int max)
{
	unsigned int b = fuzz_u8(in);

	return min(max, b < 64 ? b : (b - 63) * (b - 63) / 4 + 63);
}

/* A span of time from one byte, from microseconds to an hour. */
static inline u64 fuzz_span_ns(struct fuzz_input *in)
{
	u8 b = fuzz_u8(in);

	return (u64)((b & 7) + 8) << (12 + (b >> 3));
}

/* Byte at sequence number @seq of every stream: pieces of it are right or wrong
 * by themselves. */
static inline u8 fuzz_pattern(u32 seq)
{
	return (u8)((seq * 0x9e3779b1U) >> 24);
}

static inline void fuzz_fill(u8 *buf, u32 seq, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		buf[i] = fuzz_pattern(seq + (u32)i);
}

#endif
