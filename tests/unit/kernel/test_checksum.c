// SPDX-License-Identifier: MIT
/* kernel/lib/checksum.c and net/checksum.h against the definition. */
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <net/checksum.h>

#include "../test.h"

/* RFC 1071 4.1, by 16-bit words in network order. */
static u16 naive(const u8 *p, size_t len)
{
	u32 sum = 0;
	size_t i;

	for (i = 0; i + 1 < len; i += 2)
		sum += (u32)(p[i] << 8 | p[i + 1]);
	if (len & 1)
		sum += (u32)(p[len - 1] << 8);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (u16)~sum;
}

/* 0 and ffff are the same number. */
static bool same(u16 a, u16 b)
{
	return a == b || (a == 0xffff && b == 0) || (a == 0 && b == 0xffff);
}

TEST(checksum_is_right_for_all_small_lengths_and_alignments)
{
	u8 buf[400], copy[400];
	unsigned int len, align, wrong = 0;

	get_random_bytes(buf, sizeof(buf));
	for (align = 0; align < 16; align++)
		for (len = 0; len < 300; len++) {
			u16 want = naive(buf + align, len);
			__wsum sum = csum_partial(buf + align, (int)len, 0);

			wrong += !same(ntohs((__force __be16)csum_fold(sum)), want);
			memset(copy, 0, sizeof(copy));
			sum = csum_partial_copy_nocheck(buf + align, copy + 3, (int)len);
			wrong += !same(ntohs((__force __be16)csum_fold(sum)), want);
			wrong += memcmp(copy + 3, buf + align, len) != 0;
			wrong += copy[3 + len] != 0 || copy[2] != 0;
		}
	EXPECT_EQ(wrong, 0U);
}

TEST(checksum_carries_come_around)
{
	u8 ones[256];
	unsigned int len;

	memset(ones, 0xff, sizeof(ones));
	for (len = 2; len <= 256; len += 2)
		EXPECT_EQ((__force u16)ip_compute_csum(ones, (int)len), 0);
	EXPECT_EQ((__force u32)csum_add((__force __wsum)0xffffffffU, (__force __wsum)1), 1U);
	EXPECT_EQ((__force u32)csum_sub((__force __wsum)5, (__force __wsum)5), 0xffffffffU);
}

TEST(checksum_of_parts_is_that_of_the_whole)
{
	u8 buf[256];
	unsigned int cut, wrong = 0;

	get_random_bytes(buf, sizeof(buf));
	for (cut = 0; cut <= 255; cut++) {
		__wsum whole = csum_partial(buf, 255, 0);
		__wsum a = csum_partial(buf, (int)cut, 0);
		__wsum b = csum_partial(buf + cut, 255 - (int)cut, 0);
		__wsum both = csum_block_add(a, b, (int)cut);

		wrong += csum_fold(both) != csum_fold(whole);
		wrong += csum_fold(csum_block_sub(whole, b, (int)cut)) != csum_fold(a) &&
			 !same((__force u16)csum_fold(csum_block_sub(whole, b, (int)cut)),
			       (__force u16)csum_fold(a));
	}
	EXPECT_EQ(wrong, 0U);
}

/* The example of RFC 791 headers that everyone uses. */
TEST(checksum_of_a_known_header)
{
	u8 iph[20] = { 0x45, 0x00, 0x00, 0x73, 0x00, 0x00, 0x40, 0x00, 0x40, 0x11,
		       0x00, 0x00, 0xc0, 0xa8, 0x00, 0x01, 0xc0, 0xa8, 0x00, 0xc7 };
	__sum16 sum = ip_fast_csum(iph, 5);

	EXPECT_EQ(ntohs((__force __be16)sum), 0xb861);
	memcpy(iph + 10, &sum, 2);
	EXPECT_EQ((__force u16)ip_fast_csum(iph, 5), 0);
}

TEST(checksum_pseudo_header_counts_like_bytes)
{
	u8 pseudo[12] = { 10, 0, 2, 15, 192, 168, 255, 254, 0, 17, 0x12, 0x35 };
	__be32 saddr = get_unaligned((__be32 *)(void *)pseudo);
	__be32 daddr = get_unaligned((__be32 *)(void *)(pseudo + 4));
	__sum16 sum = csum_tcpudp_magic(saddr, daddr, 0x1235, 17, 0);

	EXPECT_EQ(ntohs((__force __be16)sum), naive(pseudo, 12));
}

TEST(checksum_update_equals_computing_anew_for_all_values)
{
	u8 hdr[20];
	unsigned int v, wrong2 = 0, wrong4 = 0, wrong_diff = 0;

	get_random_bytes(hdr, sizeof(hdr));
	for (v = 0; v < 65536; v++) {
		__be16 old = get_unaligned((__be16 *)(void *)(hdr + 4));
		__be16 to = (__force __be16)(u16)v;
		__be32 old4 = get_unaligned((__be32 *)(void *)(hdr + 12));
		__be32 to4 = (__force __be32)((u32)v * 0x9e3779b9U);
		__sum16 sum, sum4, diff, want;

		put_unaligned((__be16)0, (__be16 *)(void *)(hdr + 10));
		sum = sum4 = diff = ip_fast_csum(hdr, 5);
		csum_replace2(&sum, old, to);
		put_unaligned(to, (__be16 *)(void *)(hdr + 4));
		want = ip_fast_csum(hdr, 5);
		wrong2 += sum != want;
		csum_replace_by_diff(&diff, csum_sub((__force __wsum)(u32)(__force u16)to,
						     (__force __wsum)(u32)(__force u16)old));
		wrong_diff += diff != want;
		sum4 = want;
		csum_replace4(&sum4, old4, to4);
		put_unaligned(to4, (__be32 *)(void *)(hdr + 12));
		wrong4 += sum4 != ip_fast_csum(hdr, 5);
	}
	EXPECT_EQ(wrong2, 0U);
	EXPECT_EQ(wrong4, 0U);
	EXPECT_EQ(wrong_diff, 0U);
}

TEST(checksum_with_user_pointers)
{
	u8 a[33], b[33];
	__wsum sum;

	get_random_bytes(a, sizeof(a));
	sum = csum_and_copy_from_user((__force const void __user *)a, b, 33);
	EXPECT_TRUE(same(ntohs((__force __be16)csum_fold(sum)), naive(a, 33)));
	EXPECT_MEMEQ(a, b, 33);
	memset(a, 0, sizeof(a));
	EXPECT_NE((__force u32)csum_and_copy_to_user(a, (__force void __user *)b, 33), 0U);
	EXPECT_EQ((__force u32)csum_and_copy_from_user(NULL, b, 33), 0U);
	EXPECT_EQ((__force u32)csum_and_copy_to_user(b, (void __user *)(uintptr_t)16, 1), 0U);
}
