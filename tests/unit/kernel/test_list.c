// SPDX-License-Identifier: MIT
/* linux/list.h, list_sort.c, bitops.h, refcount.h, jhash.h, byteorder.h */
#include <linux/bitops.h>
#include <linux/byteorder.h>
#include <linux/err.h>
#include <linux/hash.h>
#include <linux/jhash.h>
#include <linux/list.h>
#include <linux/list_sort.h>
#include <linux/random.h>
#include <linux/refcount.h>

#include "../test.h"

struct entry {
	int value;
	struct list_head list;
	struct hlist_node hash;
};

static struct entry e[64];

static int digits(struct list_head *head)
{
	struct entry *pos;
	int n = 0;

	list_for_each_entry(pos, head, list)
		n = n * 10 + pos->value;
	return n;
}

static int digits_back(struct list_head *head)
{
	struct entry *pos;
	int n = 0;

	list_for_each_entry_reverse(pos, head, list)
		n = n * 10 + pos->value;
	return n;
}

TEST(list_operations)
{
	struct entry *pos, *n;
	LIST_HEAD(a);
	LIST_HEAD(b);
	int i;

	for (i = 1; i <= 5; i++) {
		e[i].value = i;
		list_add_tail(&e[i].list, i <= 3 ? &a : &b);
	}
	EXPECT_EQ(digits(&a), 123);
	list_splice_tail_init(&b, &a);
	EXPECT_TRUE(list_empty(&b));
	EXPECT_EQ(digits(&a), 12345);
	EXPECT_EQ(digits_back(&a), 54321);
	list_move(&e[5].list, &a);
	EXPECT_EQ(digits(&a), 51234);
	list_cut_position(&b, &a, &e[1].list);
	EXPECT_EQ(digits(&b), 51);
	EXPECT_EQ(digits(&a), 234);
	list_splice(&b, &a);
	EXPECT_EQ(digits(&a), 51234);
	list_for_each_entry_safe(pos, n, &a, list)
		if (pos->value & 1)
			list_del_init(&pos->list);
	EXPECT_EQ(digits(&a), 24);
	EXPECT_FALSE(list_is_singular(&a));
	list_replace(&e[2].list, &e[3].list);
	EXPECT_EQ(digits(&a), 34);
	EXPECT_EQ(list_last_entry(&a, struct entry, list)->value, 4);
	EXPECT_TRUE(list_first_entry_or_null(&b, struct entry, list) != NULL);
}

TEST(hlist_operations)
{
	struct hlist_node *tmp;
	struct entry *pos;
	HLIST_HEAD(h);
	int i, n = 0;

	for (i = 1; i <= 3; i++) {
		e[i].value = i;
		INIT_HLIST_NODE(&e[i].hash);
		hlist_add_head(&e[i].hash, &h);
	}
	e[4].value = 4;
	hlist_add_behind(&e[4].hash, &e[1].hash);
	hlist_for_each_entry(pos, &h, hash)
		n = n * 10 + pos->value;
	EXPECT_EQ(n, 3214);
	hlist_del_init(&e[2].hash);
	hlist_del_init(&e[2].hash);
	EXPECT_TRUE(hlist_unhashed(&e[2].hash));
	hlist_for_each_entry_safe(pos, tmp, &h, hash)
		hlist_del(&pos->hash);
	EXPECT_TRUE(hlist_empty(&h));
}

static int by_tens(void *priv, const struct list_head *a, const struct list_head *b)
{
	return list_entry(a, struct entry, list)->value / 10 -
	       list_entry(b, struct entry, list)->value / 10;
}

TEST(list_sort_is_stable)
{
	unsigned int n, i;

	for (n = 0; n <= 64; n++) {
		struct entry *pos, *prev = NULL;
		LIST_HEAD(head);
		unsigned int count = 0;

		for (i = 0; i < n; i++) {
			/* The units tell the order of arrival in a ten. */
			e[i].value = (int)get_random_u32_below(4) * 100 + (int)i;
			list_add_tail(&e[i].list, &head);
		}
		list_sort(NULL, &head, by_tens);
		list_for_each_entry(pos, &head, list) {
			if (prev && by_tens(NULL, &prev->list, &pos->list) == 0)
				EXPECT_LT(prev->value, pos->value);
			if (prev)
				EXPECT_LE(by_tens(NULL, &prev->list, &pos->list), 0);
			EXPECT_TRUE(pos->list.next->prev == &pos->list);
			prev = pos;
			count++;
		}
		EXPECT_EQ(count, n);
	}
}

TEST(bitops_find_and_change)
{
	DECLARE_BITMAP(map, 130) = { 0 };
	unsigned long bit, sum = 0;

	EXPECT_EQ(find_first_bit(map, 130), 130UL);
	set_bit(0, map);
	set_bit(64, map);
	EXPECT_FALSE(test_and_set_bit(129, map));
	EXPECT_TRUE(test_and_set_bit(129, map));
	for_each_set_bit(bit, map, 130)
		sum += bit;
	EXPECT_EQ(sum, 193UL);
	EXPECT_EQ(find_next_bit(map, 129, 65), 129UL);
	EXPECT_EQ(find_first_zero_bit(map, 130), 1UL);
	EXPECT_TRUE(test_and_clear_bit(64, map));
	EXPECT_FALSE(test_bit(64, map));
	EXPECT_EQ(fls(0), 0);
	EXPECT_EQ(fls(0x80000000U), 32);
	EXPECT_EQ(fls64(1), 1);
	EXPECT_EQ(ffs(8), 4);
	EXPECT_EQ(hweight32(0xf0f0), 8U);
	EXPECT_EQ(hweight64(~0ULL), 64U);
	EXPECT_EQ(rol32(0x80000001, 1), 3U);
	EXPECT_EQ(rol32(5, 0), 5U);
	EXPECT_EQ(GENMASK(7, 4), 0xf0UL);
}

TEST(refcount_misuse_pins_the_object)
{
	refcount_t r = REFCOUNT_INIT(1);

	refcount_inc(&r);
	EXPECT_FALSE(refcount_dec_and_test(&r));
	EXPECT_TRUE(refcount_dec_and_test(&r));
	EXPECT_FALSE(refcount_inc_not_zero(&r));
	test_expect_warnings(3);
	refcount_inc(&r);
	EXPECT_FALSE(refcount_dec_and_test(&r));
	EXPECT_GT(refcount_read(&r), 1U);
	refcount_set(&r, INT_MAX);
	refcount_inc(&r);
	EXPECT_EQ((int)refcount_read(&r), REFCOUNT_SATURATED);
}

TEST(byteorder_and_unaligned_access)
{
	u8 bytes[9] = { 0, 0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0 };

	EXPECT_EQ((__force u16)htons(0x1234), 0x3412);
	EXPECT_EQ(ntohl(htonl(0xdeadbeef)), 0xdeadbeefU);
	EXPECT_EQ(get_unaligned_be16(bytes + 1), 0x1234);
	EXPECT_EQ(get_unaligned_be32(bytes + 1), 0x12345678U);
	EXPECT_EQ(get_unaligned_be64(bytes + 1), 0x123456789abcdef0UL);
	EXPECT_EQ(get_unaligned_le16(bytes + 1), 0x3412);
	put_unaligned_be32(0xcafebabe, bytes + 3);
	EXPECT_EQ(bytes[3], 0xca);
	EXPECT_EQ(get_unaligned((u32 *)(void *)(bytes + 3)), 0xbebafecaU);
	EXPECT_TRUE(IS_ERR(ERR_PTR(-ENOMEM)));
	EXPECT_EQ(PTR_ERR(ERR_PTR(-ENOMEM)), (long)-ENOMEM);
	EXPECT_FALSE(IS_ERR(bytes));
	EXPECT_TRUE(IS_ERR_OR_NULL(NULL));
}

TEST(hashes_spread)
{
	unsigned int count[16] = { 0 }, jcount[16] = { 0 }, i;

	for (i = 0; i < 1600; i++) {
		count[hash_32(i, 4)]++;
		jcount[jhash_3words(i, 80, 443, 0) & 15]++;
	}
	for (i = 0; i < 16; i++) {
		EXPECT_TRUE(count[i] > 50 && count[i] < 200);
		EXPECT_TRUE(jcount[i] > 50 && jcount[i] < 200);
	}
	EXPECT_EQ(jhash_1word(7, 3), jhash2((u32[]){ 7 }, 1, 3));
	EXPECT_EQ(jhash_2words(7, 8, 3), jhash2((u32[]){ 7, 8 }, 2, 3));
	EXPECT_EQ(jhash_3words(7, 8, 9, 3), jhash2((u32[]){ 7, 8, 9 }, 3, 3));
}
