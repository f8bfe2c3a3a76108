// SPDX-License-Identifier: MIT
/*
 * A position in scattered buffers, and copies from and to there.
 *
 * All copies are one loop over the pieces (iterate()): it hands each piece that
 * lies in one segment to a step function and moves the position by what that
 * one did.
 *
 * Linux: lib/iov_iter.c
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uio.h>
#include <net/checksum.h>

/**
 * iov_iter_init - a position at the beginning of a program's buffers
 * @i: result
 * @direction: ITER_SOURCE or ITER_DEST
 * @iov: the segments; must live as long as @i
 * @nr_segs: how many
 * @count: bytes in all
 *
 * Context: any.
 */
void iov_iter_init(struct iov_iter *i, unsigned int direction,
		   const struct iovec *iov, unsigned long nr_segs, size_t count)
{
	*i = (struct iov_iter){
		.iter_type = ITER_IOVEC,
		.data_source = direction == ITER_SOURCE,
		.count = count,
		.__iov = iov,
		.nr_segs = nr_segs,
	};
}

/**
 * iov_iter_kvec - a position at the beginning of the kernel's own buffers
 * @i: result
 * @direction: ITER_SOURCE or ITER_DEST
 * @kvec: the segments; must live as long as @i
 * @nr_segs: how many
 * @count: bytes in all
 *
 * Context: any.
 */
void iov_iter_kvec(struct iov_iter *i, unsigned int direction,
		   const struct kvec *kvec, unsigned long nr_segs, size_t count)
{
	static_assert(sizeof(struct kvec) == sizeof(struct iovec), "kvec");
	iov_iter_init(i, direction, (const struct iovec *)kvec, nr_segs, count);
	i->iter_type = ITER_KVEC;
}

/* ---- moving ------------------------------------------------------------- */

/**
 * iov_iter_advance - step over bytes
 * @i: the position
 * @bytes: how many; no more than are left are stepped over
 *
 * Context: any.
 */
void iov_iter_advance(struct iov_iter *i, size_t bytes)
{
	bytes = min(bytes, i->count);
	i->count -= bytes;
	bytes += i->iov_offset;
	while (i->nr_segs > 1 && bytes >= i->__iov->iov_len) {
		bytes -= i->__iov->iov_len;
		i->__iov++;
		i->nr_segs--;
	}
	i->iov_offset = bytes;
}

/**
 * iov_iter_revert - step back
 * @i: the position
 * @bytes: how many; not more than were stepped over since the beginning
 *
 * Context: any.
 */
void iov_iter_revert(struct iov_iter *i, size_t bytes)
{
	i->count += bytes;
	while (bytes > i->iov_offset) {
		bytes -= i->iov_offset;
		i->__iov--;
		i->nr_segs++;
		i->iov_offset = i->__iov->iov_len;
	}
	i->iov_offset -= bytes;
}

/**
 * iov_iter_single_seg_count - bytes left in the segment we are in
 * @i: the position
 *
 * Context: any.
 * Return: the number.
 */
size_t iov_iter_single_seg_count(const struct iov_iter *i)
{
	if (!i->nr_segs)
		return 0;
	return min(i->count, i->__iov->iov_len - i->iov_offset);
}

/**
 * iov_iter_data - where the next bytes lie
 * @i: the position; steps over empty segments
 * @len: how many there are in one piece
 *
 * Context: any.
 * Return: the place; NULL: nothing is left, or it is not the program's.
 */
void *iov_iter_data(struct iov_iter *i, size_t *len)
{
	void *data;

	iov_iter_advance(i, 0);
	*len = iov_iter_single_seg_count(i);
	if (!*len)
		return NULL;
	data = (__force char *)i->__iov->iov_base + i->iov_offset;
	return i->iter_type == ITER_KVEC || access_ok(data, *len) ? data : NULL;
}

/* ---- copying ------------------------------------------------------------ */

struct step_ctx {
	u8 *addr;		/* the kernel's side; NULL for zeros */
	__wsum csum;
};

/* Handles @len bytes at @base, the buffers' side, which are bytes @done and on
 * of the whole. */
typedef void (*step_t)(struct step_ctx *ctx, void *base, size_t len, size_t done);

static size_t iterate(struct iov_iter *i, size_t bytes, struct step_ctx *ctx, step_t step)
{
	size_t done = 0;

	bytes = min(bytes, i->count);
	while (done < bytes) {
		size_t len = min(iov_iter_single_seg_count(i), bytes - done);
		void __user *base;

		if (!len) {
			/* An empty segment; behind the last one is nothing,
			 * whatever the count says. */
			if (i->nr_segs <= 1)
				break;
			i->__iov++;
			i->nr_segs--;
			i->iov_offset = 0;
			continue;
		}
		base = (char __user *)i->__iov->iov_base + i->iov_offset;
		if (i->iter_type == ITER_IOVEC && !access_ok(base, len))
			break;
		step(ctx, (__force void *)base, len, done);
		done += len;
		iov_iter_advance(i, len);
	}
	return done;
}

static void step_to(struct step_ctx *ctx, void *base, size_t len, size_t done)
{
	memcpy(base, ctx->addr + done, len);
}

static void step_from(struct step_ctx *ctx, void *base, size_t len, size_t done)
{
	memcpy(ctx->addr + done, base, len);
}

static void step_zero(struct step_ctx *ctx, void *base, size_t len, size_t done)
{
	memset(base, 0, len);
}

static void step_csum_to(struct step_ctx *ctx, void *base, size_t len, size_t done)
{
	__wsum sum = csum_partial_copy_nocheck(ctx->addr + done, base, (int)len);

	ctx->csum = csum_block_add(ctx->csum, sum, (int)(done & 1));
}

static void step_csum_from(struct step_ctx *ctx, void *base, size_t len, size_t done)
{
	__wsum sum = csum_partial_copy_nocheck(base, ctx->addr + done, (int)len);

	ctx->csum = csum_block_add(ctx->csum, sum, (int)(done & 1));
}

/**
 * copy_to_iter - copy into the buffers
 * @addr: from
 * @bytes: how many
 * @i: to; moves on
 *
 * Context: process.
 * Return: bytes copied; fewer at a bad pointer or the end.
 */
size_t copy_to_iter(const void *addr, size_t bytes, struct iov_iter *i)
{
	struct step_ctx ctx = { .addr = (u8 *)(uintptr_t)addr };

	if (WARN_ON(i->data_source))
		return 0;
	return iterate(i, bytes, &ctx, step_to);
}

/**
 * copy_from_iter - copy out of the buffers
 * @addr: to
 * @bytes: how many
 * @i: from; moves on
 *
 * Context: process.
 * Return: bytes copied; fewer at a bad pointer or the end.
 */
size_t copy_from_iter(void *addr, size_t bytes, struct iov_iter *i)
{
	struct step_ctx ctx = { .addr = addr };

	if (WARN_ON(!i->data_source))
		return 0;
	return iterate(i, bytes, &ctx, step_from);
}

/**
 * iov_iter_zero - zeros into the buffers
 * @bytes: how many
 * @i: to; moves on
 *
 * Context: process.
 * Return: bytes cleared; fewer at a bad pointer or the end.
 */
size_t iov_iter_zero(size_t bytes, struct iov_iter *i)
{
	struct step_ctx ctx = { .addr = NULL };

	if (WARN_ON(i->data_source))
		return 0;
	return iterate(i, bytes, &ctx, step_zero);
}

/**
 * csum_and_copy_to_iter - copy into the buffers and sum
 * @addr: from
 * @bytes: how many
 * @csum: the sum of the copied bytes is added
 * @i: to; moves on
 *
 * Context: process.
 * Return: bytes copied; fewer at a bad pointer or the end.
 */
size_t csum_and_copy_to_iter(const void *addr, size_t bytes, __wsum *csum,
			     struct iov_iter *i)
{
	struct step_ctx ctx = { .addr = (u8 *)(uintptr_t)addr };
	size_t done;

	if (WARN_ON(i->data_source))
		return 0;
	done = iterate(i, bytes, &ctx, step_csum_to);
	*csum = csum_add(*csum, ctx.csum);
	return done;
}

/**
 * csum_and_copy_from_iter - copy out of the buffers and sum
 * @addr: to
 * @bytes: how many
 * @csum: the sum of the copied bytes is added
 * @i: from; moves on
 *
 * Context: process.
 * Return: bytes copied; fewer at a bad pointer or the end.
 */
size_t csum_and_copy_from_iter(void *addr, size_t bytes, __wsum *csum,
			       struct iov_iter *i)
{
	struct step_ctx ctx = { .addr = addr };
	size_t done;

	if (WARN_ON(!i->data_source))
		return 0;
	done = iterate(i, bytes, &ctx, step_csum_from);
	*csum = csum_add(*csum, ctx.csum);
	return done;
}

static bool all_or_revert(size_t done, size_t bytes, struct iov_iter *i)
{
	if (likely(done == bytes))
		return true;
	iov_iter_revert(i, done);
	return false;
}

/**
 * copy_to_iter_full - copy all into the buffers, or do not move
 * @addr: from
 * @bytes: how many
 * @i: to
 *
 * Context: process.
 * Return: false if not all could be copied.
 */
bool copy_to_iter_full(const void *addr, size_t bytes, struct iov_iter *i)
{
	return all_or_revert(copy_to_iter(addr, bytes, i), bytes, i);
}

/**
 * copy_from_iter_full - copy all out of the buffers, or do not move
 * @addr: to
 * @bytes: how many
 * @i: from
 *
 * Context: process.
 * Return: false if not all could be copied.
 */
bool copy_from_iter_full(void *addr, size_t bytes, struct iov_iter *i)
{
	return all_or_revert(copy_from_iter(addr, bytes, i), bytes, i);
}

/**
 * csum_and_copy_from_iter_full - copy and sum all, or do not move
 * @addr: to
 * @bytes: how many
 * @csum: the sum of the bytes is added; not touched on failure
 * @i: from
 *
 * Context: process.
 * Return: false if not all could be copied.
 */
bool csum_and_copy_from_iter_full(void *addr, size_t bytes, __wsum *csum,
				  struct iov_iter *i)
{
	__wsum sum = *csum;

	if (!all_or_revert(csum_and_copy_from_iter(addr, bytes, &sum, i), bytes, i))
		return false;
	*csum = sum;
	return true;
}

/* ---- taking a program's vector ------------------------------------------ */

/* Linux: readv(2): lengths that do not fit ssize_t are EINVAL, bad pointers
 * EFAULT, and the whole is cut to MAX_RW_COUNT. */
static ssize_t check_iovec(struct iovec *iov, unsigned int nr_segs)
{
	size_t total = 0;
	unsigned int i;

	for (i = 0; i < nr_segs; i++) {
		size_t len = iov[i].iov_len;

		if ((ssize_t)len < 0)
			return -EINVAL;
		if (!access_ok(iov[i].iov_base, len))
			return -EFAULT;
		if (len > MAX_RW_COUNT - total) {
			len = MAX_RW_COUNT - total;
			iov[i].iov_len = len;
		}
		total += len;
	}
	return (ssize_t)total;
}

/**
 * import_iovec - take a program's vector
 * @direction: ITER_SOURCE or ITER_DEST
 * @uvec: the program's vector
 * @nr_segs: its entries; more than UIO_MAXIOV is -EINVAL
 * @fast_segs: entries of @fast_iov
 * @fast_iov: the caller's memory for short vectors
 * @iovp: result: NULL, or memory to kfree() when @i is done with
 * @i: result
 *
 * Context: process, may sleep.
 * Return: bytes in all; -EINVAL, -EFAULT, -ENOMEM.
 */
ssize_t import_iovec(unsigned int direction, const struct iovec __user *uvec,
		     unsigned int nr_segs, unsigned int fast_segs,
		     struct iovec *fast_iov, struct iovec **iovp, struct iov_iter *i)
{
	struct iovec *iov = fast_iov;
	ssize_t total;

	*iovp = NULL;
	if (nr_segs > UIO_MAXIOV)
		return -EINVAL;
	if (nr_segs > fast_segs) {
		iov = kcalloc(nr_segs, sizeof(*iov), GFP_KERNEL);
		if (!iov)
			return -ENOMEM;
		*iovp = iov;
	}
	total = -EFAULT;
	if (!copy_from_user(iov, uvec, nr_segs * sizeof(*iov)))
		total = check_iovec(iov, nr_segs);
	if (total < 0) {
		kfree(*iovp);
		*iovp = NULL;
		return total;
	}
	iov_iter_init(i, direction, iov, nr_segs, (size_t)total);
	return total;
}

/**
 * import_single_range - take a program's buffer
 * @direction: ITER_SOURCE or ITER_DEST
 * @buf: the program's pointer
 * @len: bytes; cut to MAX_RW_COUNT
 * @iov: the caller's memory; must live as long as @i
 * @i: result
 *
 * Context: process.
 * Return: 0 or -EFAULT.
 */
int import_single_range(unsigned int direction, void __user *buf, size_t len,
			struct iovec *iov, struct iov_iter *i)
{
	len = min_t(size_t, len, MAX_RW_COUNT);
	if (!access_ok(buf, len))
		return -EFAULT;
	iov->iov_base = buf;
	iov->iov_len = len;
	iov_iter_init(i, direction, iov, 1, len);
	return 0;
}
