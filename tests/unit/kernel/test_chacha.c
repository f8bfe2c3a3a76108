// SPDX-License-Identifier: MIT
/*
 * The cipher inside kernel/random.c, which exports none of it: built here once
 * more, under other names.
 */
#define random_init		chacha_random_init
#define random_seed		chacha_random_seed
#define random_seed_get		chacha_random_seed_get
#define get_random_bytes	chacha_get_random_bytes
#define get_random_u8		chacha_get_random_u8
#define get_random_u16		chacha_get_random_u16
#define get_random_u32		chacha_get_random_u32
#define get_random_u64		chacha_get_random_u64
#define get_random_u32_below	chacha_get_random_u32_below
#define get_random_u32_inclusive chacha_get_random_u32_inclusive

/* `seed=` is the real one's. */
#include <linux/init.h>
#undef __setup
#define __setup(prefix, fn) static int (*const setup_##fn)(char *) __maybe_unused = fn

#include "../../../kernel/random.c"

#include "../test.h"

/* draft-agl-tls-chacha20poly1305-04, section 7: key, nonce and counter 0. */
TEST(chacha20_gives_the_known_answer)
{
	static const u8 want[64] = {
		0x76, 0xb8, 0xe0, 0xad, 0xa0, 0xf1, 0x3d, 0x90, 0x40, 0x5d, 0x6a, 0xe5,
		0x53, 0x86, 0xbd, 0x28, 0xbd, 0xd2, 0x19, 0xb8, 0xa0, 0x8d, 0xed, 0x1a,
		0xa8, 0x36, 0xef, 0xcc, 0x8b, 0x77, 0x0d, 0xc7, 0xda, 0x41, 0x59, 0x7c,
		0x51, 0x57, 0x48, 0x8d, 0x77, 0x24, 0xe0, 0x3f, 0xb8, 0xd8, 0x4a, 0x37,
		0x6a, 0x43, 0xb8, 0xf4, 0x15, 0x18, 0xa1, 0x1c, 0xc3, 0x87, 0xb6, 0x69,
		0xb2, 0xee, 0x65, 0x86,
	};
	static const u32 key[8];
	u32 block[BLOCK_WORDS];

	chacha20_block(key, 0, block);
	EXPECT_MEMEQ(block, want, sizeof(want));
}

TEST(random_key_is_erased_with_each_block)
{
	u32 before[8];
	u8 out[POOL_BYTES];

	random_seed(7);
	memcpy(before, crng.key, sizeof(before));
	get_random_bytes(out, sizeof(out));
	EXPECT_NE(memcmp(before, crng.key, sizeof(before)), 0);
	EXPECT_FALSE(memchr_inv_any(crng.pool, 0, sizeof(crng.pool)));
}
