/* SPDX-License-Identifier: MIT */
/*
 * The Internet checksum: the one's complement of the one's complement sum of
 * 16-bit words (RFC 1071), and its update in place (RFC 1624).
 *
 * A __wsum is a partial sum, 32 bits wide, in the byte order of the data; a
 * __sum16 is folded and complemented, as in a header. The sum does not depend
 * on byte order, so nothing is swapped.
 *
 * Linux: include/net/checksum.h, lib/checksum.c   RFC: 1071, 1624
 */
#ifndef NET_CHECKSUM_H
#define NET_CHECKSUM_H

#include <linux/bitops.h>
#include <linux/byteorder.h>
#include <linux/types.h>

/* What UDP sends for a computed 0, which would mean "none" (RFC 768). */
#define CSUM_MANGLED_0 ((__force __sum16)0xffff)

/* Adds the sum of @len bytes, of any length and alignment, to @sum. */
__wsum csum_partial(const void *buff, int len, __wsum sum);
/* Copies @len bytes and returns their sum. */
__wsum csum_partial_copy_nocheck(const void *src, void *dst, int len);
/* From a program's memory; 0 for a bad pointer, which no sum is. */
__wsum csum_and_copy_from_user(const void __user *src, void *dst, int len);
__wsum csum_and_copy_to_user(const void *src, void __user *dst, int len);
/* Checksum of a header of @ihl 32-bit words; 0 when it holds a right one. */
__sum16 ip_fast_csum(const void *iph, unsigned int ihl);
/* Checksum of @len bytes; 0 when they hold a right one. */
__sum16 ip_compute_csum(const void *buff, int len);

/* 32 bits to 16, and the complement. */
static inline __sum16 csum_fold(__wsum csum)
{
	u32 sum = (__force u32)csum;

	sum = (sum >> 16) + (sum & 0xffff);
	sum += sum >> 16;
	return (__force __sum16)(u16)~sum;
}

static inline __wsum csum_unfold(__sum16 n)
{
	return (__force __wsum)(__force u16)n;
}

/* 64 bits to 32 with end-around carry. */
static inline __wsum csum_from64(u64 sum)
{
	sum = (sum >> 32) + (sum & 0xffffffffU);
	sum += sum >> 32;
	return (__force __wsum)(u32)sum;
}

static inline __wsum csum_add(__wsum csum, __wsum addend)
{
	u32 res = (__force u32)csum + (__force u32)addend;

	return (__force __wsum)(res + (res < (__force u32)addend));
}

static inline __wsum csum_sub(__wsum csum, __wsum addend)
{
	return csum_add(csum, (__force __wsum)~(__force u32)addend);
}

/* A sum of bytes that begin at an odd offset, seen from an even one. */
static inline __wsum csum_shift(__wsum sum, int offset)
{
	if (offset & 1)
		return (__force __wsum)ror32((__force u32)sum, 8);
	return sum;
}

/* @csum2 is of a block that begins @offset bytes into that of @csum. */
static inline __wsum csum_block_add(__wsum csum, __wsum csum2, int offset)
{
	return csum_add(csum, csum_shift(csum2, offset));
}

static inline __wsum csum_block_sub(__wsum csum, __wsum csum2, int offset)
{
	return csum_sub(csum, csum_shift(csum2, offset));
}

/* Adds the pseudo-header: @len is that of header and data, in host order. */
static inline __wsum csum_tcpudp_nofold(__be32 saddr, __be32 daddr, u32 len,
					u8 proto, __wsum sum)
{
	u64 s = (__force u32)sum;

	s += (__force u32)saddr;
	s += (__force u32)daddr;
	s += (u64)(len + proto) << 8;	/* as read from the wire, little-endian */
	return csum_from64(s);
}

static inline __sum16 csum_tcpudp_magic(__be32 saddr, __be32 daddr, u32 len,
					u8 proto, __wsum sum)
{
	return csum_fold(csum_tcpudp_nofold(saddr, daddr, len, proto, sum));
}

/* RFC 1624 3: HC' = ~(~HC + ~m + m'). Equation 3, the one without the -0. */
static inline void csum_replace4(__sum16 *sum, __be32 from, __be32 to)
{
	__wsum tmp = csum_sub((__force __wsum)(u32)(u16)~(__force u16)*sum,
			      (__force __wsum)from);

	*sum = csum_fold(csum_add(tmp, (__force __wsum)to));
}

static inline __sum16 csum16_add(__sum16 csum, __be16 addend)
{
	u16 res = (u16)((__force u16)csum + (__force u16)addend);

	return (__force __sum16)(u16)(res + (res < (__force u16)addend));
}

static inline __sum16 csum16_sub(__sum16 csum, __be16 addend)
{
	return csum16_add(csum, (__force __be16)(u16)~(__force u16)addend);
}

static inline void csum_replace2(__sum16 *sum, __be16 old, __be16 to)
{
	__sum16 tmp = csum16_sub((__force __sum16)(u16)~(__force u16)*sum, old);

	*sum = (__force __sum16)(u16)~(__force u16)csum16_add(tmp, to);
}

/* @from and @to are sums of the words before and after the change. */
static inline void csum_replace(__wsum *csum, __wsum from, __wsum to)
{
	*csum = csum_add(csum_sub(*csum, from), to);
}

static inline void csum_replace_by_diff(__sum16 *sum, __wsum diff)
{
	*sum = csum_fold(csum_add(diff,
			(__force __wsum)(u32)(u16)~(__force u16)*sum));
}

#endif
