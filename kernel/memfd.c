// SPDX-License-Identifier: MIT
/*
 * Files that are memory (memfd_create): read, written, and lent piece by piece to
 * sendfile(). Blocks of BLOCK_BYTES, made when they are first written to; where none
 * is the file has zeros.
 *
 *	block[] ─> [ block | NULL: zeros | block ]	a packet may refer to each
 *
 * Linux: mm/memfd.c, mm/shmem.c. Left out: names, seals, mmap(), ftruncate(): a file
 * only grows.
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/splice.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>
#include <uapi/linux/memfd.h>

#define BLOCK_BYTES	32768U
/* A bound for the table of blocks; memory ends before. */
#define MEMFD_MAX	((loff_t)1 << 32)
#define NAME_MAX_BYTES	250		/* with its NUL: Linux's */

struct memfd {
	loff_t size;			/* bytes */
	size_t nr_blocks;		/* length of the table */
	struct splice_block **block;	/* NULL: zeros */
};

/* ---- blocks ------------------------------------------------------------------ */

/* Makes the table reach to block @index. */
static int memfd_grow(struct memfd *m, size_t index)
{
	size_t nr = max(m->nr_blocks, (size_t)8);
	struct splice_block **table;

	if (index < m->nr_blocks)
		return 0;
	while (nr <= index)
		nr *= 2;
	table = kcalloc(nr, sizeof(*table), GFP_KERNEL);
	if (!table)
		return -ENOMEM;
	if (m->nr_blocks)
		memcpy(table, m->block, m->nr_blocks * sizeof(*table));
	kfree(m->block);
	m->block = table;
	m->nr_blocks = nr;
	return 0;
}

/* The block that byte @pos is in, made if it is not there; NULL: no memory. */
static struct splice_block *memfd_block(struct memfd *m, loff_t pos)
{
	size_t index = (size_t)pos / BLOCK_BYTES;

	if (memfd_grow(m, index))
		return NULL;
	if (!m->block[index])
		m->block[index] = splice_block_alloc(BLOCK_BYTES);
	return m->block[index];
}

/* ---- the file ---------------------------------------------------------------- */

static ssize_t memfd_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct memfd *m = iocb->ki_filp->private_data;
	size_t done = 0;

	while (iov_iter_count(to) && iocb->ki_pos < m->size) {
		size_t index = (size_t)iocb->ki_pos / BLOCK_BYTES;
		size_t at = (size_t)iocb->ki_pos % BLOCK_BYTES, n, copied;

		n = min_t(size_t, BLOCK_BYTES - at, (size_t)(m->size - iocb->ki_pos));
		n = min(n, iov_iter_count(to));
		if (index < m->nr_blocks && m->block[index])
			copied = copy_to_iter(m->block[index]->data + at, n, to);
		else
			copied = iov_iter_zero(n, to);
		done += copied;
		iocb->ki_pos += (loff_t)copied;
		if (copied < n)
			return done ? (ssize_t)done : -EFAULT;
	}
	return (ssize_t)done;
}

static ssize_t memfd_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct memfd *m = iocb->ki_filp->private_data;
	size_t done = 0;
	int err = 0;

	while (iov_iter_count(from) && !err) {
		size_t at = (size_t)iocb->ki_pos % BLOCK_BYTES, n, copied;
		struct splice_block *block;

		if (iocb->ki_pos >= MEMFD_MAX) {
			err = -EFBIG;
			break;
		}
		block = memfd_block(m, iocb->ki_pos);
		if (!block) {
			err = -ENOSPC;
			break;
		}
		n = min_t(size_t, BLOCK_BYTES - at, iov_iter_count(from));
		copied = copy_from_iter(block->data + at, n, from);
		if (copied < n)
			err = -EFAULT;
		done += copied;
		iocb->ki_pos += (loff_t)copied;
		m->size = max(m->size, iocb->ki_pos);
	}
	return done ? (ssize_t)done : err;
}

static ssize_t memfd_splice_read(struct file *file, loff_t pos, struct splice_piece *piece,
				 bool *more)
{
	struct memfd *m = file->private_data;
	struct splice_block *block;
	loff_t left = m->size - pos;

	if (left <= 0)
		return 0;
	/* Zeros that were never written need a place, too. */
	block = memfd_block(m, pos);
	if (!block)
		return -ENOMEM;
	piece->block = splice_block_get(block);
	piece->offset = (unsigned int)((size_t)pos % BLOCK_BYTES);
	piece->len = min(piece->len, BLOCK_BYTES - piece->offset);
	piece->len = (unsigned int)min_t(u64, piece->len, (u64)left);
	*more = (loff_t)piece->len < left;
	return (ssize_t)piece->len;
}

static loff_t memfd_llseek(struct file *file, loff_t offset, int whence)
{
	const struct memfd *m = file->private_data;
	loff_t base;

	switch (whence) {
	case SEEK_SET:
		base = 0;
		break;
	case SEEK_CUR:
		base = file->f_pos;
		break;
	case SEEK_END:
		base = m->size;
		break;
	default:
		return -EINVAL;
	}
	if (__builtin_add_overflow(base, offset, &offset) || offset < 0)
		return -EINVAL;
	file->f_pos = offset;
	return offset;
}

static int memfd_release(struct file *file)
{
	struct memfd *m = file->private_data;
	size_t i;

	for (i = 0; i < m->nr_blocks; i++)
		if (m->block[i])
			splice_block_put(m->block[i]);
	kfree(m->block);
	kfree(m);
	return 0;
}

static const struct file_operations memfd_fops = {
	.read_iter = memfd_read_iter,
	.write_iter = memfd_write_iter,
	.splice_read = memfd_splice_read,
	.llseek = memfd_llseek,
	.release = memfd_release,
};

/* ---- system calls ------------------------------------------------------------ */

static int memfd_open(unsigned int flags)
{
	struct memfd *m;
	struct file *file;
	int fd = get_unused_fd_flags(flags & MFD_CLOEXEC ? O_CLOEXEC : 0);

	if (fd < 0)
		return fd;
	m = kzalloc(sizeof(*m), GFP_KERNEL);
	file = m ? alloc_file(&memfd_fops, O_RDWR, m) : ERR_PTR(-ENOMEM);
	if (IS_ERR(file)) {
		kfree(m);
		put_unused_fd((unsigned int)fd);
		return -ENOMEM;
	}
	fd_install((unsigned int)fd, file);
	return fd;
}

SYSCALL_DEFINE2(memfd_create, const char __user *, uname, unsigned int, flags)
{
	char name[NAME_MAX_BYTES];
	long len;

	if (flags & ~MFD_CLOEXEC)
		return -EINVAL;
	len = strncpy_from_user(name, uname, sizeof(name));
	if (len < 0)
		return len;
	return len == sizeof(name) ? -EINVAL : memfd_open(flags);
}

SYSCALL_DEFINE3(lseek, unsigned int, fd, loff_t, offset, unsigned int, whence)
{
	struct file *file = fget(fd);
	loff_t ret;

	if (!file)
		return -EBADF;
	ret = file->f_op->llseek ? file->f_op->llseek(file, offset, (int)whence) : -ESPIPE;
	fput(file);
	return ret;
}
