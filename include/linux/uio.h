/* SPDX-License-Identifier: MIT */
/*
 * A position in scattered buffers (kernel/lib/iov_iter.c). Copying moves it on;
 * what was copied is the return value, and less than asked for means a bad
 * pointer or the end of the buffers.
 */
#ifndef LINUX_UIO_H
#define LINUX_UIO_H

#include <linux/types.h>
#include <linux/uaccess.h>
#include <uapi/linux/uio.h>

/* The kernel's own buffers: not checked. The same layout as struct iovec. */
struct kvec {
	void *iov_base;
	size_t iov_len;
};

enum iter_type {
	ITER_IOVEC,		/* a program's buffers: every copy is checked */
	ITER_KVEC,		/* the kernel's */
};

/* Directions, as seen from the buffers. */
#define ITER_SOURCE	1	/* WRITE: data comes out of them */
#define ITER_DEST	0	/* READ: data goes into them */

/* One read or write moves no more, as in Linux. */
#define MAX_RW_COUNT	(INT_MAX & ~4095)

struct iov_iter {
	u8 iter_type;			/* enum iter_type */
	bool data_source;		/* ITER_SOURCE */
	size_t iov_offset;		/* bytes done of iov[0] */
	size_t count;			/* bytes left in all */
	const struct iovec *__iov;	/* the segment we are in */
	unsigned long nr_segs;		/* segments left, this one included */
};

void iov_iter_init(struct iov_iter *i, unsigned int direction,
		   const struct iovec *iov, unsigned long nr_segs, size_t count);
void iov_iter_kvec(struct iov_iter *i, unsigned int direction,
		   const struct kvec *kvec, unsigned long nr_segs, size_t count);

/*
 * Takes a program's vector: copies it to @fast_iov (@fast_segs of them) or, if
 * it is longer, to memory of its own, and checks it. *@iovp is then NULL, or
 * what the caller has to kfree(). Returns the bytes in all, or -EINVAL,
 * -EFAULT, -ENOMEM.
 */
ssize_t import_iovec(unsigned int direction, const struct iovec __user *uvec,
		     unsigned int nr_segs, unsigned int fast_segs,
		     struct iovec *fast_iov, struct iovec **iovp, struct iov_iter *i);
/* One buffer; @iov must live as long as @i. */
int import_single_range(unsigned int direction, void __user *buf, size_t len,
			struct iovec *iov, struct iov_iter *i);

static inline size_t iov_iter_count(const struct iov_iter *i)
{
	return i->count;
}

static inline bool iov_iter_rw(const struct iov_iter *i)
{
	return i->data_source;
}

/* Shortens to at most @count bytes. */
static inline void iov_iter_truncate(struct iov_iter *i, u64 count)
{
	if (i->count > count)
		i->count = (size_t)count;
}

/* Undoes iov_iter_truncate(): @count bytes are left from here. */
static inline void iov_iter_reexpand(struct iov_iter *i, size_t count)
{
	i->count = count;
}

void iov_iter_advance(struct iov_iter *i, size_t bytes);
/* Steps back over @bytes that were copied or advanced over before. */
void iov_iter_revert(struct iov_iter *i, size_t bytes);
/* Bytes left in the present segment. */
size_t iov_iter_single_seg_count(const struct iov_iter *i);
/* Where the next bytes lie, and how many in one piece; NULL: none, or a bad pointer. */
void *iov_iter_data(struct iov_iter *i, size_t *len);

size_t __must_check copy_to_iter(const void *addr, size_t bytes, struct iov_iter *i);
size_t __must_check copy_from_iter(void *addr, size_t bytes, struct iov_iter *i);
size_t __must_check iov_iter_zero(size_t bytes, struct iov_iter *i);
/* All or nothing: on false the position has not moved. */
bool __must_check copy_from_iter_full(void *addr, size_t bytes, struct iov_iter *i);
bool __must_check copy_to_iter_full(const void *addr, size_t bytes, struct iov_iter *i);
/* Copies and adds up; *csum is the sum of what was there and the bytes copied,
 * as if these began at an even offset. */
size_t __must_check csum_and_copy_from_iter(void *addr, size_t bytes, __wsum *csum,
					    struct iov_iter *i);
size_t __must_check csum_and_copy_to_iter(const void *addr, size_t bytes, __wsum *csum,
					  struct iov_iter *i);
bool __must_check csum_and_copy_from_iter_full(void *addr, size_t bytes, __wsum *csum,
					       struct iov_iter *i);

#endif
