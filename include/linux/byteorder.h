/* SPDX-License-Identifier: MIT */
/*
 * Between the host's byte order (little-endian) and the wire's, and access to
 * integers that are not aligned. All of the conversions are constant
 * expressions when their argument is one.
 */
#ifndef LINUX_BYTEORDER_H
#define LINUX_BYTEORDER_H

#include <linux/compiler.h>
#include <linux/types.h>

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "x86-64 is little-endian");

#define swab16(x)	__builtin_bswap16((u16)(x))
#define swab32(x)	__builtin_bswap32((u32)(x))
#define swab64(x)	__builtin_bswap64((u64)(x))

#define cpu_to_be16(x)	((__force __be16)swab16(x))
#define cpu_to_be32(x)	((__force __be32)swab32(x))
#define cpu_to_be64(x)	((__force __be64)swab64(x))
#define be16_to_cpu(x)	swab16((__force u16)(__be16)(x))
#define be32_to_cpu(x)	swab32((__force u32)(__be32)(x))
#define be64_to_cpu(x)	swab64((__force u64)(__be64)(x))

#define cpu_to_le16(x)	((__force __le16)(u16)(x))
#define cpu_to_le32(x)	((__force __le32)(u32)(x))
#define cpu_to_le64(x)	((__force __le64)(u64)(x))
#define le16_to_cpu(x)	((__force u16)(__le16)(x))
#define le32_to_cpu(x)	((__force u32)(__le32)(x))
#define le64_to_cpu(x)	((__force u64)(__le64)(x))

#define htons(x)	cpu_to_be16(x)
#define htonl(x)	cpu_to_be32(x)
#define ntohs(x)	be16_to_cpu(x)
#define ntohl(x)	be32_to_cpu(x)

static inline u16 be16_to_cpup(const __be16 *p)
{
	return be16_to_cpu(*p);
}

static inline u32 be32_to_cpup(const __be32 *p)
{
	return be32_to_cpu(*p);
}

static inline void be16_add_cpu(__be16 *p, u16 v)
{
	*p = cpu_to_be16(be16_to_cpu(*p) + v);
}

static inline void be32_add_cpu(__be32 *p, u32 v)
{
	*p = cpu_to_be32(be32_to_cpu(*p) + v);
}

/* An integer at any address, by its type. */
#define get_unaligned(ptr) ({						\
	const struct { __typeof__(*(ptr)) v; } __packed *__up =		\
		(const void *)(ptr);					\
	__up->v; })
#define put_unaligned(val, ptr) do {					\
	struct { __typeof__(*(ptr)) v; } __packed *__up = (void *)(ptr);	\
	__up->v = (val);						\
} while (0)

#define __UNALIGNED(order, bits)					\
static inline u##bits get_unaligned_##order##bits(const void *p)	\
{									\
	return order##bits##_to_cpu(get_unaligned((const __##order##bits *)p)); \
}									\
static inline void put_unaligned_##order##bits(u##bits v, void *p)	\
{									\
	put_unaligned(cpu_to_##order##bits(v), (__##order##bits *)p);	\
}

__UNALIGNED(be, 16)
__UNALIGNED(be, 32)
__UNALIGNED(be, 64)
__UNALIGNED(le, 16)
__UNALIGNED(le, 32)
__UNALIGNED(le, 64)

#endif
