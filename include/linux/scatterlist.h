/* SPDX-License-Identifier: MIT */
/*
 * Pieces of memory that make one buffer for a device.
 * Linux: linux/scatterlist.h, with pages; here all memory is mapped one to one
 * and a piece is its address. Arrays only, no chaining.
 */
#ifndef LINUX_SCATTERLIST_H
#define LINUX_SCATTERLIST_H

#include <linux/types.h>

struct scatterlist {
	const void *addr;
	unsigned int length;	/* bytes */
};

static inline void sg_set_buf(struct scatterlist *sg, const void *buf, unsigned int len)
{
	sg->addr = buf;
	sg->length = len;
}

#endif
