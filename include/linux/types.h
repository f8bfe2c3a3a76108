/* SPDX-License-Identifier: MIT */
/* Integer types by width, and the endian-marked types of wire structs. */
#ifndef LINUX_TYPES_H
#define LINUX_TYPES_H

#include <linux/compiler.h>
#include <stdbool.h>
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int8_t s8;
typedef int16_t s16;
typedef int32_t s32;
typedef int64_t s64;

typedef u8 __u8;
typedef u16 __u16;
typedef u32 __u32;
typedef u64 __u64;
typedef s8 __s8;
typedef s16 __s16;
typedef s32 __s32;
typedef s64 __s64;

/* Big-endian on the wire; sparse refuses to mix them with host integers. */
typedef u16 __bitwise __be16;
typedef u32 __bitwise __be32;
typedef u64 __bitwise __be64;
typedef u16 __bitwise __le16;
typedef u32 __bitwise __le32;
typedef u64 __bitwise __le64;

typedef u16 __bitwise __sum16;	/* a folded, complemented Internet checksum */
typedef u32 __bitwise __wsum;	/* a partial one: 32 bits, not folded */

typedef unsigned long size_t;
typedef long ssize_t;
typedef long loff_t;
typedef int pid_t;
typedef unsigned int gfp_t;
typedef u64 dma_addr_t;		/* an address as a device sees it */
typedef u64 netdev_features_t;

#ifndef NULL
#define NULL ((void *)0)
#endif

#define U8_MAX	((u8)~0U)
#define U16_MAX	((u16)~0U)
#define U32_MAX	((u32)~0U)
#define S32_MAX	((s32)(U32_MAX >> 1))
#define U64_MAX	((u64)~0ULL)
#define S64_MAX	((s64)(U64_MAX >> 1))
#define INT_MAX	((int)(~0U >> 1))
#define INT_MIN	(-INT_MAX - 1)
#define UINT_MAX (~0U)
#define LONG_MAX ((long)(~0UL >> 1))
#define ULONG_MAX (~0UL)
#define USHRT_MAX ((unsigned short)~0U)

struct list_head {
	struct list_head *next, *prev;
};

struct hlist_head {
	struct hlist_node *first;
};

struct hlist_node {
	struct hlist_node *next, **pprev;
};

#endif
