// SPDX-License-Identifier: MIT
/*
 * SipHash-2-4: two rounds for each word, four at the end.
 *
 * Linux: lib/siphash.c   Paper: Aumasson and Bernstein, "SipHash: a fast
 * short-input PRF", 2012.
 */
#include <linux/bitops.h>
#include <linux/byteorder.h>
#include <linux/siphash.h>

struct state {
	u64 v0, v1, v2, v3;
};

static __always_inline void sip_round(struct state *s)
{
	s->v0 += s->v1;
	s->v2 += s->v3;
	s->v1 = rol64(s->v1, 13) ^ s->v0;
	s->v3 = rol64(s->v3, 16) ^ s->v2;
	s->v0 = rol64(s->v0, 32);
	s->v2 += s->v1;
	s->v0 += s->v3;
	s->v1 = rol64(s->v1, 17) ^ s->v2;
	s->v3 = rol64(s->v3, 21) ^ s->v0;
	s->v2 = rol64(s->v2, 32);
}

/* "somepseudorandomlygeneratedbytes" */
static __always_inline struct state sip_begin(const siphash_key_t *key)
{
	return (struct state){
		.v0 = key->key[0] ^ 0x736f6d6570736575ULL,
		.v1 = key->key[1] ^ 0x646f72616e646f6dULL,
		.v2 = key->key[0] ^ 0x6c7967656e657261ULL,
		.v3 = key->key[1] ^ 0x7465646279746573ULL,
	};
}

static __always_inline void sip_word(struct state *s, u64 m)
{
	s->v3 ^= m;
	sip_round(s);
	sip_round(s);
	s->v0 ^= m;
}

/* @rest: up to 7 bytes that fill no word. @len: bytes in all. */
static __always_inline u64 sip_end(struct state *s, u64 rest, size_t len)
{
	sip_word(s, (u64)len << 56 | rest);
	s->v2 ^= 0xff;
	sip_round(s);
	sip_round(s);
	sip_round(s);
	sip_round(s);
	return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

/**
 * siphash - hash bytes
 * @data: the bytes
 * @len: how many
 * @key: secret
 *
 * Context: any.
 * Return: the hash.
 */
u64 siphash(const void *data, size_t len, const siphash_key_t *key)
{
	struct state s = sip_begin(key);
	const u8 *p = data, *end = p + (len & ~7UL);
	u64 rest = 0;
	unsigned int i;

	for (; p < end; p += 8)
		sip_word(&s, get_unaligned_le64(p));
	for (i = 0; i < (len & 7); i++)
		rest |= (u64)p[i] << (8 * i);
	return sip_end(&s, rest, len);
}

/**
 * siphash_1u64 - hash a word
 * @a: the word
 * @key: secret
 *
 * Context: any.
 * Return: as siphash() of its 8 bytes.
 */
u64 siphash_1u64(u64 a, const siphash_key_t *key)
{
	struct state s = sip_begin(key);

	sip_word(&s, a);
	return sip_end(&s, 0, 8);
}

/**
 * siphash_2u64 - hash two words
 * @a: first
 * @b: second
 * @key: secret
 *
 * Context: any.
 * Return: as siphash() of the 16 bytes.
 */
u64 siphash_2u64(u64 a, u64 b, const siphash_key_t *key)
{
	struct state s = sip_begin(key);

	sip_word(&s, a);
	sip_word(&s, b);
	return sip_end(&s, 0, 16);
}

/**
 * siphash_3u64 - hash three words
 * @a: first
 * @b: second
 * @c: third
 * @key: secret
 *
 * Context: any.
 * Return: as siphash() of the 24 bytes.
 */
u64 siphash_3u64(u64 a, u64 b, u64 c, const siphash_key_t *key)
{
	struct state s = sip_begin(key);

	sip_word(&s, a);
	sip_word(&s, b);
	sip_word(&s, c);
	return sip_end(&s, 0, 24);
}

/**
 * siphash_4u64 - hash four words
 * @a: first
 * @b: second
 * @c: third
 * @d: fourth
 * @key: secret
 *
 * Context: any.
 * Return: as siphash() of the 32 bytes.
 */
u64 siphash_4u64(u64 a, u64 b, u64 c, u64 d, const siphash_key_t *key)
{
	struct state s = sip_begin(key);

	sip_word(&s, a);
	sip_word(&s, b);
	sip_word(&s, c);
	sip_word(&s, d);
	return sip_end(&s, 0, 32);
}

/**
 * siphash_1u32 - hash half a word
 * @a: 32 bits
 * @key: secret
 *
 * Context: any.
 * Return: as siphash() of its 4 bytes.
 */
u64 siphash_1u32(u32 a, const siphash_key_t *key)
{
	struct state s = sip_begin(key);

	return sip_end(&s, a, 4);
}

/**
 * siphash_3u32 - hash a word and a half
 * @a: first
 * @b: second
 * @c: third
 * @key: secret
 *
 * Context: any.
 * Return: as siphash() of the 12 bytes.
 */
u64 siphash_3u32(u32 a, u32 b, u32 c, const siphash_key_t *key)
{
	struct state s = sip_begin(key);

	sip_word(&s, (u64)b << 32 | a);
	return sip_end(&s, c, 12);
}
