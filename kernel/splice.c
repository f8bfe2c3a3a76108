// SPDX-License-Identifier: MIT
/*
 * sendfile(): what a file holds goes out by another one, by reference where that can
 * (a TCP socket whose device gathers), else by one copy less.
 *
 *	sendfile ── [splice_read] of the one: a piece of its memory, a reference held
 *	         └─ [splice_write] of the other: keeps references of its own
 *
 * Linux: fs/read_write.c (do_sendfile), fs/splice.c, where a pipe stands between the
 * two. What is written to the file after the call may or may not be what is sent, as
 * there.
 */
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/splice.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>

/**
 * splice_block_alloc - memory that a file can lend
 * @size: bytes
 *
 * Context: process.
 * Return: a block of zeros with one reference, or NULL.
 */
struct splice_block *splice_block_alloc(unsigned int size)
{
	struct splice_block *block = kmalloc(sizeof(*block), GFP_KERNEL);

	if (!block)
		return NULL;
	block->data = kzalloc(size, GFP_KERNEL);
	if (!block->data) {
		kfree(block);
		return NULL;
	}
	block->size = size;
	refcount_set(&block->refs, 1);
	return block;
}

/**
 * __splice_block_free - nobody refers to it any more
 * @block: freed
 *
 * Context: any.
 */
void __splice_block_free(struct splice_block *block)
{
	kfree(block->data);
	kfree(block);
}

/* At most @count bytes of @in from *@pos on to @out; *@pos moves on. Bytes, 0 at the
 * end of the file, or -errno when there was none. */
static ssize_t splice_direct(struct file *in, loff_t *pos, struct file *out, size_t count)
{
	size_t done = 0;
	ssize_t ret = 0;

	while (done < count) {
		struct splice_piece piece = { .len = (unsigned int)(count - done) };
		bool more;

		/* As much as one block has; whether the file goes on behind it. */
		ret = in->f_op->splice_read(in, *pos, &piece, &more);
		if (ret <= 0)
			break;
		more = more && done + piece.len < count;
		ret = out->f_op->splice_write(out, &piece, more);
		splice_block_put(piece.block);
		if (ret <= 0)
			break;
		*pos += ret;
		done += (size_t)ret;
		/* It takes no more now. */
		if ((unsigned int)ret < piece.len || signal_pending(current))
			break;
	}
	return done ? (ssize_t)done : ret;
}

/* @pos: where to begin, NULL: where the file stands. */
static ssize_t do_sendfile(struct file *out, struct file *in, loff_t *pos, size_t count)
{
	if ((in->f_flags & O_ACCMODE) == O_WRONLY || (out->f_flags & O_ACCMODE) == O_RDONLY)
		return -EBADF;
	if (!in->f_op->splice_read)
		return pos && !in->f_op->llseek ? -ESPIPE : -EINVAL;
	if (!out->f_op->splice_write)
		return -EINVAL;
	if (!pos)
		pos = &in->f_pos;
	if (*pos < 0)
		return -EINVAL;
	return splice_direct(in, pos, out, min_t(size_t, count, MAX_RW_COUNT));
}

SYSCALL_DEFINE4(sendfile, int, out_fd, int, in_fd, loff_t __user *, offset, size_t, count)
{
	struct file *in = fget((unsigned int)in_fd), *out = fget((unsigned int)out_fd);
	ssize_t ret = -EBADF;
	loff_t pos;

	if (in && out) {
		ret = 0;
		if (offset && copy_from_user(&pos, offset, sizeof(pos)))
			ret = -EFAULT;
		if (!ret)
			ret = do_sendfile(out, in, offset ? &pos : NULL, count);
		if (offset && ret != -EFAULT && copy_to_user(offset, &pos, sizeof(pos)))
			ret = -EFAULT;
	}
	if (in)
		fput(in);
	if (out)
		fput(out);
	return ret;
}
