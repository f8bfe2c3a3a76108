/* SPDX-License-Identifier: MIT */
/*
 * From file to file without a copy (kernel/splice.c): a file lends pieces of its
 * memory, the other one refers to them until it is done.
 *
 * Linux: include/linux/splice.h, where pages go through a pipe
 */
#ifndef LINUX_SPLICE_H
#define LINUX_SPLICE_H

#include <linux/refcount.h>
#include <linux/types.h>

/* Memory of a file that others refer to: it stays as long as one of them does. */
struct splice_block {
	refcount_t refs;
	unsigned int size;	/* bytes at data */
	u8 *data;
};

/* Some bytes of a block. */
struct splice_piece {
	struct splice_block *block;
	unsigned int offset;	/* into the block */
	unsigned int len;
};

/* A block of @size bytes of zeros with one reference, or NULL. */
struct splice_block *splice_block_alloc(unsigned int size) __must_check;
void __splice_block_free(struct splice_block *block);

static inline struct splice_block *splice_block_get(struct splice_block *block)
{
	refcount_inc(&block->refs);
	return block;
}

static inline void splice_block_put(struct splice_block *block)
{
	if (refcount_dec_and_test(&block->refs))
		__splice_block_free(block);
}

#endif
