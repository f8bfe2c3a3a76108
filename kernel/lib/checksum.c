// SPDX-License-Identifier: MIT
/*
 * Sums of many bytes. A one's complement sum may be taken over words of any
 * width and folded afterwards (RFC 1071 2.(C)), so this one goes by 64 bits; a
 * carry out of the top comes back in at the bottom. Four sums side by side keep
 * the carries from waiting for each other.
 *
 * Linux: lib/checksum.c, arch/x86/lib/csum-partial_64.c   RFC: 1071
 */
#include <linux/string.h>
#include <linux/uaccess.h>
#include <net/checksum.h>

static __always_inline u64 add64(u64 sum, u64 v)
{
	u64 res;
	bool carry = __builtin_add_overflow(sum, v, &res);

	return res + carry;
}

static __always_inline u64 load64(const u8 *p)
{
	u64 v;

	memcpy(&v, p, sizeof(v));
	return v;
}

/* Up to 7 bytes as a word, zeros behind them. */
static __always_inline u64 load_tail(const u8 *p, unsigned int len)
{
	u64 v = 0;

	if (len & 4) {
		u32 w;

		memcpy(&w, p, sizeof(w));
		v = w;
		p += 4;
	}
	if (len & 2) {
		u16 w;

		memcpy(&w, p, sizeof(w));
		v |= (u64)w << ((len & 4) * 8);
		p += 2;
	}
	if (len & 1)
		v |= (u64)*p << ((len & 6) * 8);
	return v;
}

static u64 sum_bytes(const u8 *p, unsigned int len, u64 sum)
{
	if (len >= 32) {
		u64 b = 0, c = 0, d = 0;

		for (; len >= 32; len -= 32, p += 32) {
			sum = add64(sum, load64(p));
			b = add64(b, load64(p + 8));
			c = add64(c, load64(p + 16));
			d = add64(d, load64(p + 24));
		}
		sum = add64(add64(sum, b), add64(c, d));
	}
	for (; len >= 8; len -= 8, p += 8)
		sum = add64(sum, load64(p));
	return len ? add64(sum, load_tail(p, len)) : sum;
}

/* The same, and each word is stored on its way. */
static u64 sum_and_copy(u8 *to, const u8 *p, unsigned int len)
{
	u64 a = 0, b = 0, v, w;

	for (; len >= 16; len -= 16, p += 16, to += 16) {
		v = load64(p);
		w = load64(p + 8);
		a = add64(a, v);
		b = add64(b, w);
		memcpy(to, &v, 8);
		memcpy(to + 8, &w, 8);
	}
	a = add64(a, b);
	if (len >= 8) {
		v = load64(p);
		a = add64(a, v);
		memcpy(to, &v, 8);
		p += 8;
		to += 8;
		len -= 8;
	}
	if (!len)
		return a;
	memcpy(to, p, len);
	return add64(a, load_tail(p, len));
}

/**
 * csum_partial - add the sum of some bytes to a sum
 * @buff: the bytes, at any address
 * @len: how many, odd or even; the last of an odd number counts as if a zero
 *	 followed
 * @sum: what to add to
 *
 * Context: any.
 * Return: the sum.
 */
__wsum csum_partial(const void *buff, int len, __wsum sum)
{
	return csum_from64(sum_bytes(buff, len < 0 ? 0 : (unsigned int)len,
				     (__force u32)sum));
}

/**
 * csum_partial_copy_nocheck - copy and sum in one go
 * @src: from
 * @dst: to
 * @len: bytes
 *
 * Context: any.
 * Return: the sum.
 */
__wsum csum_partial_copy_nocheck(const void *src, void *dst, int len)
{
	return csum_from64(sum_and_copy(dst, src, len < 0 ? 0 : (unsigned int)len));
}

/* Adding all ones changes no sum, and makes one that is never 0. */
static __wsum never_zero(__wsum sum)
{
	return csum_add(sum, (__force __wsum)~0U);
}

/**
 * csum_and_copy_from_user - copy a program's bytes and sum them
 * @src: the program's pointer
 * @dst: to
 * @len: bytes
 *
 * Context: process.
 * Return: the sum, which is not 0; 0 for a bad pointer.
 */
__wsum csum_and_copy_from_user(const void __user *src, void *dst, int len)
{
	if (len < 0 || !access_ok(src, (size_t)len))
		return 0;
	return never_zero(csum_partial_copy_nocheck((__force const void *)src, dst, len));
}

/**
 * csum_and_copy_to_user - copy bytes to a program and sum them
 * @src: from
 * @dst: the program's pointer
 * @len: bytes
 *
 * Context: process.
 * Return: the sum, which is not 0; 0 for a bad pointer.
 */
__wsum csum_and_copy_to_user(const void *src, void __user *dst, int len)
{
	if (len < 0 || !access_ok(dst, (size_t)len))
		return 0;
	return never_zero(csum_partial_copy_nocheck(src, (__force void *)dst, len));
}

/**
 * ip_fast_csum - checksum of an IPv4 header
 * @iph: the header, at any address
 * @ihl: its length in 32-bit words
 *
 * Context: any.
 * Return: what belongs into its check field if that is 0 now; 0 if the header
 * holds a right checksum.
 */
__sum16 ip_fast_csum(const void *iph, unsigned int ihl)
{
	const u8 *p = iph;

	/* Nearly every header: no options. */
	if (likely(ihl == 5))
		return csum_fold(csum_from64(add64(add64(load64(p), load64(p + 8)),
						   load_tail(p + 16, 4))));
	return csum_fold(csum_from64(sum_bytes(iph, ihl * 4, 0)));
}

/**
 * ip_compute_csum - checksum of some bytes (ICMP, IGMP)
 * @buff: the bytes
 * @len: how many
 *
 * Context: any.
 * Return: the checksum; 0 if they hold a right one.
 */
__sum16 ip_compute_csum(const void *buff, int len)
{
	return csum_fold(csum_partial(buff, len, 0));
}
