// SPDX-License-Identifier: MIT
/*
 * Random numbers: ChaCha20 (RFC 8439 2.3) with fast key erasure. Each block
 * gives 64 bytes: the first 32 become the next key, the others are handed out
 * and erased. Who reads the state learns nothing about what came before.
 *
 * The key comes from platform_random(), or from `seed=`: then all that follows
 * is the same in each run.
 *
 * Linux: drivers/char/random.c, lib/crypto/chacha.c
 */
#include <linux/bitops.h>
#include <linux/byteorder.h>
#include <linux/init.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/random.h>
#include <linux/string.h>

#define KEY_BYTES	32
#define BLOCK_WORDS	16
#define POOL_BYTES	(BLOCK_WORDS * 4 - KEY_BYTES)

/* Guarded by interrupts off. */
struct crng {
	u32 key[8];
	u64 counter;
	u8 pool[POOL_BYTES];		/* handed out from the front */
	unsigned int left;		/* bytes of pool not handed out yet */
	bool ready;
	bool fixed;			/* by seed */
	u64 seed;
};

static struct crng crng;

/* ---- ChaCha20 ----------------------------------------------------------- */

static void quarter_round(u32 *x, int a, int b, int c, int d)
{
	x[a] += x[b];
	x[d] = rol32(x[d] ^ x[a], 16);
	x[c] += x[d];
	x[b] = rol32(x[b] ^ x[c], 12);
	x[a] += x[b];
	x[d] = rol32(x[d] ^ x[a], 8);
	x[c] += x[d];
	x[b] = rol32(x[b] ^ x[c], 7);
}

/* RFC 8439 2.3: constants, key, counter; the nonce is the counter's upper half
 * and zeros. */
static void chacha20_block(const u32 key[8], u64 counter, u32 out[BLOCK_WORDS])
{
	u32 x[BLOCK_WORDS] = {
		0x61707865, 0x3320646e, 0x79622d32, 0x6b206574,
		key[0], key[1], key[2], key[3], key[4], key[5], key[6], key[7],
		lower_32_bits(counter), upper_32_bits(counter), 0, 0,
	};
	unsigned int i;

	memcpy(out, x, sizeof(x));
	for (i = 0; i < 10; i++) {
		quarter_round(x, 0, 4, 8, 12);
		quarter_round(x, 1, 5, 9, 13);
		quarter_round(x, 2, 6, 10, 14);
		quarter_round(x, 3, 7, 11, 15);
		quarter_round(x, 0, 5, 10, 15);
		quarter_round(x, 1, 6, 11, 12);
		quarter_round(x, 2, 7, 8, 13);
		quarter_round(x, 3, 4, 9, 14);
	}
	for (i = 0; i < BLOCK_WORDS; i++)
		out[i] += x[i];
	memzero_explicit(x, sizeof(x));
}

/* ---- the generator ------------------------------------------------------ */

static void crng_refill(void)
{
	u32 block[BLOCK_WORDS];

	chacha20_block(crng.key, crng.counter++, block);
	memcpy(crng.key, block, KEY_BYTES);
	memcpy(crng.pool, block + KEY_BYTES / 4, POOL_BYTES);
	crng.left = POOL_BYTES;
	memzero_explicit(block, sizeof(block));
}

static void crng_set_key(const u32 key[8])
{
	memcpy(crng.key, key, KEY_BYTES);
	crng.counter = 0;
	crng.left = 0;
	crng.ready = true;
}

/**
 * random_seed - make the output repeatable
 * @seed: everything follows from it
 *
 * Context: boot, and tests.
 */
void random_seed(u64 seed)
{
	unsigned long flags;
	u32 key[8];
	u64 x = seed;
	unsigned int i;

	/* splitmix64 (Steele, Lea, Flood 2014): seeds that are near each other
	 * give keys that are not. */
	for (i = 0; i < 8; i += 2) {
		u64 z = x += 0x9e3779b97f4a7c15ULL;

		z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
		z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
		z ^= z >> 31;
		key[i] = lower_32_bits(z);
		key[i + 1] = upper_32_bits(z);
	}
	local_irq_save(flags);
	crng_set_key(key);
	crng.fixed = true;
	crng.seed = seed;
	local_irq_restore(flags);
}

/**
 * random_seed_get - what random_seed() or `seed=` set
 * @seed: result
 *
 * Context: any.
 * Return: false if the platform gave the seed.
 */
bool random_seed_get(u64 *seed)
{
	*seed = crng.seed;
	return crng.fixed;
}

/**
 * random_init - take a key from the platform, unless a seed was given
 *
 * Context: boot, after parse_command_line().
 */
void random_init(void)
{
	unsigned long flags;
	u32 key[8];

	local_irq_save(flags);
	if (!crng.ready) {
		platform_random(key, sizeof(key));
		crng_set_key(key);
		memzero_explicit(key, sizeof(key));
	}
	local_irq_restore(flags);
}

/**
 * get_random_bytes - fill a buffer
 * @buf: the buffer
 * @len: bytes
 *
 * Context: any.
 */
void get_random_bytes(void *buf, size_t len)
{
	u8 *to = buf;
	unsigned long flags;

	if (unlikely(!crng.ready))
		random_init();
	while (len) {
		size_t n;

		local_irq_save(flags);
		if (!crng.left)
			crng_refill();
		n = min_t(size_t, len, crng.left);
		memcpy(to, crng.pool + POOL_BYTES - crng.left, n);
		memset(crng.pool + POOL_BYTES - crng.left, 0, n);
		crng.left -= (unsigned int)n;
		local_irq_restore(flags);
		to += n;
		len -= n;
	}
}

/**
 * get_random_u8 - 8 random bits
 *
 * Context: any.
 * Return: the bits.
 */
u8 get_random_u8(void)
{
	u8 v;

	get_random_bytes(&v, sizeof(v));
	return v;
}

/**
 * get_random_u16 - 16 random bits
 *
 * Context: any.
 * Return: the bits.
 */
u16 get_random_u16(void)
{
	u16 v;

	get_random_bytes(&v, sizeof(v));
	return v;
}

/**
 * get_random_u32 - 32 random bits
 *
 * Context: any.
 * Return: the bits.
 */
u32 get_random_u32(void)
{
	u32 v;

	get_random_bytes(&v, sizeof(v));
	return v;
}

/**
 * get_random_u64 - 64 random bits
 *
 * Context: any.
 * Return: the bits.
 */
u64 get_random_u64(void)
{
	u64 v;

	get_random_bytes(&v, sizeof(v));
	return v;
}

/**
 * get_random_u32_below - evenly from 0 to @ceil - 1
 * @ceil: 0 gives 0
 *
 * Context: any.
 * Return: the number.
 */
u32 get_random_u32_below(u32 ceil)
{
	u64 product;
	u32 unfair;

	if (ceil <= 1)
		return 0;
	/* Lemire 2019: the upper half of random * ceil. The lowest
	 * 2^32 % ceil values of the lower half would favour some results. */
	product = (u64)get_random_u32() * ceil;
	if (lower_32_bits(product) < ceil) {
		unfair = -ceil % ceil;
		while (lower_32_bits(product) < unfair)
			product = (u64)get_random_u32() * ceil;
	}
	return upper_32_bits(product);
}

/**
 * get_random_u32_inclusive - evenly from @floor to @ceil
 * @floor: the least
 * @ceil: the greatest; not below @floor
 *
 * Context: any.
 * Return: the number.
 */
u32 get_random_u32_inclusive(u32 floor, u32 ceil)
{
	if (ceil - floor == U32_MAX)
		return get_random_u32();
	return floor + get_random_u32_below(ceil - floor + 1);
}

static int __init seed_setup(char *value)
{
	u64 seed;

	if (kstrtoull(value, 0, &seed)) {
		pr_warn("seed=%s: not a number of 64 bits\n", value);
		return 0;
	}
	random_seed(seed);
	pr_notice("random: every random value follows from seed=%lu\n", seed);
	return 1;
}
__setup("seed=", seed_setup);
