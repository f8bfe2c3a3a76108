/* SPDX-License-Identifier: MIT */
/*
 * Bob Jenkins' lookup3 hash (public domain, 2006), seeded. Fast on short keys;
 * against keys that a stranger chooses use linux/siphash.h.
 */
#ifndef LINUX_JHASH_H
#define LINUX_JHASH_H

#include <linux/bitops.h>
#include <linux/types.h>

#define JHASH_INITVAL	0xdeadbeefU

#define __jhash_mix(a, b, c) do {					\
	(a) -= (c); (a) ^= rol32(c, 4);  (c) += (b);			\
	(b) -= (a); (b) ^= rol32(a, 6);  (a) += (c);			\
	(c) -= (b); (c) ^= rol32(b, 8);  (b) += (a);			\
	(a) -= (c); (a) ^= rol32(c, 16); (c) += (b);			\
	(b) -= (a); (b) ^= rol32(a, 19); (a) += (c);			\
	(c) -= (b); (c) ^= rol32(b, 4);  (b) += (a);			\
} while (0)

#define __jhash_final(a, b, c) do {					\
	(c) ^= (b); (c) -= rol32(b, 14);				\
	(a) ^= (c); (a) -= rol32(c, 11);				\
	(b) ^= (a); (b) -= rol32(a, 25);				\
	(c) ^= (b); (c) -= rol32(b, 16);				\
	(a) ^= (c); (a) -= rol32(c, 4);					\
	(b) ^= (a); (b) -= rol32(a, 14);				\
	(c) ^= (b); (c) -= rol32(b, 24);				\
} while (0)

static inline u32 jhash_3words(u32 a, u32 b, u32 c, u32 initval)
{
	u32 base = JHASH_INITVAL + (3U << 2) + initval;

	a += base;
	b += base;
	c += base;
	__jhash_final(a, b, c);
	return c;
}

static inline u32 jhash_2words(u32 a, u32 b, u32 initval)
{
	u32 base = JHASH_INITVAL + (2U << 2) + initval;
	u32 c = base;

	a += base;
	b += base;
	__jhash_final(a, b, c);
	return c;
}

static inline u32 jhash_1word(u32 a, u32 initval)
{
	u32 base = JHASH_INITVAL + (1U << 2) + initval;
	u32 b = base, c = base;

	a += base;
	__jhash_final(a, b, c);
	return c;
}

/* @k: @n words of 32 bits. */
static inline u32 jhash2(const u32 *k, u32 n, u32 initval)
{
	u32 a = JHASH_INITVAL + (n << 2) + initval;
	u32 b = a, c = a;

	for (; n > 3; n -= 3, k += 3) {
		a += k[0];
		b += k[1];
		c += k[2];
		__jhash_mix(a, b, c);
	}
	if (!n)
		return c;
	c += n > 2 ? k[2] : 0;
	b += n > 1 ? k[1] : 0;
	a += k[0];
	__jhash_final(a, b, c);
	return c;
}

#endif
