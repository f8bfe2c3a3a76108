// SPDX-License-Identifier: MIT
/* kernel/random.c: repeatable by seed, even, and different otherwise. */
#include <linux/random.h>

#include "../test.h"

TEST(random_equal_seeds_give_equal_bytes)
{
	u8 a[200], b[200];

	random_seed(42);
	get_random_bytes(a, sizeof(a));
	random_seed(42);
	get_random_bytes(b, 77);
	get_random_bytes(b + 77, sizeof(b) - 77);
	EXPECT_EQ(memcmp(a, b, 77) ? 1 : 0, 0);
	random_seed(43);
	get_random_bytes(b, sizeof(b));
	EXPECT_NE(memcmp(a, b, sizeof(a)), 0);
}

TEST(random_is_even_over_small_ranges)
{
	unsigned int count[7] = { 0 }, i;

	for (i = 0; i < 70000; i++) {
		u32 v = get_random_u32_below(7);

		EXPECT_LT(v, 7U);
		count[v]++;
	}
	for (i = 0; i < 7; i++)
		EXPECT_TRUE(count[i] > 9500 && count[i] < 10500);
	EXPECT_EQ(get_random_u32_below(0), 0U);
	EXPECT_EQ(get_random_u32_below(1), 0U);
	for (i = 0; i < 1000; i++) {
		u32 v = get_random_u32_inclusive(32768, 60999);

		EXPECT_TRUE(v >= 32768 && v <= 60999);
	}
	get_random_u32_inclusive(0, U32_MAX);
}

TEST(random_bits_are_balanced)
{
	unsigned int ones[64] = { 0 }, i, bit;

	for (i = 0; i < 10000; i++) {
		u64 v = get_random_u64();

		for (bit = 0; bit < 64; bit++)
			ones[bit] += (v >> bit) & 1;
	}
	for (bit = 0; bit < 64; bit++)
		EXPECT_TRUE(ones[bit] > 4700 && ones[bit] < 5300);
	get_random_u8();
	get_random_u16();
}
