// SPDX-License-Identifier: MIT
/* kernel/lib/siphash.c: vectors of the reference implementation: key 00 01 ..
 * 0f, message of n bytes 00 01 02 ... */
#include <linux/siphash.h>

#include "../test.h"

static const siphash_key_t key = { { 0x0706050403020100ULL, 0x0f0e0d0c0b0a0908ULL } };

/* Appendix A of the paper, and the first ones of vectors.h. */
static const u64 vectors[] = {
	0x726fdb47dd0e0e31ULL, 0x74f839c593dc67fdULL, 0x0d6c8009d9a94f5aULL,
	0x85676696d7fb7e2dULL, 0xcf2794e0277187b7ULL, 0x18765564cd99a68dULL,
	0xcbc9466e58fee3ceULL, 0xab0200f58b01d137ULL, 0x93f5f5799a932462ULL,
	0x9e0082df0ba9e4b0ULL, 0x7a5dbbc594ddb9f3ULL, 0xf4b32f46226bada7ULL,
	0x751e8fbc860ee5fbULL, 0x14ea5627c0843d90ULL, 0xf723ca908e7af2eeULL,
	0xa129ca6149be45e5ULL,
};

TEST(siphash_gives_the_known_answers)
{
	u8 in[64];
	unsigned int i;

	for (i = 0; i < sizeof(in); i++)
		in[i] = (u8)i;
	for (i = 0; i < ARRAY_SIZE(vectors); i++)
		EXPECT_EQ(siphash(in, i, &key), vectors[i]);
}

TEST(siphash_of_words_is_that_of_their_bytes)
{
	u64 w[4] = { 0x0123456789abcdefULL, 1, ~0ULL, 0xdeadbeef };
	u32 h[3] = { 0xc0a80001, 0x0a00020f, 0x00501234 };

	EXPECT_EQ(siphash_1u64(w[0], &key), siphash(w, 8, &key));
	EXPECT_EQ(siphash_2u64(w[0], w[1], &key), siphash(w, 16, &key));
	EXPECT_EQ(siphash_3u64(w[0], w[1], w[2], &key), siphash(w, 24, &key));
	EXPECT_EQ(siphash_4u64(w[0], w[1], w[2], w[3], &key), siphash(w, 32, &key));
	EXPECT_EQ(siphash_1u32(h[0], &key), siphash(h, 4, &key));
	EXPECT_EQ(siphash_2u32(h[0], h[1], &key), siphash(h, 8, &key));
	EXPECT_EQ(siphash_3u32(h[0], h[1], h[2], &key), siphash(h, 12, &key));
	EXPECT_EQ(siphash_4u32(h[0], h[1], h[2], h[0], &key),
		  siphash((u32[]){ h[0], h[1], h[2], h[0] }, 16, &key));
}
