// SPDX-License-Identifier: MIT
/*
 * read() and write(): from a descriptor through vfs_read()/vfs_write() to the
 * file's read_iter()/write_iter(). Also the other calls on any file: open is
 * in kernel/proc.c; close, dup, fcntl, ioctl are here.
 *
 *	write -> vfs_write -> new_sync_write -> call_write_iter -> sock_write_iter
 *	read  -> vfs_read  -> new_sync_read  -> call_read_iter  -> sock_read_iter
 *
 * Linux: fs/read_write.c, fs/open.c (close), fs/fcntl.c, fs/ioctl.c
 */
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/net.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/trace.h>
#include <linux/uaccess.h>

static ssize_t call_read_iter(struct file *file, struct kiocb *kio, struct iov_iter *iter)
{
	trace_here();
	return file->f_op->read_iter(kio, iter);
}

static ssize_t call_write_iter(struct file *file, struct kiocb *kio, struct iov_iter *iter)
{
	trace_here();
	return file->f_op->write_iter(kio, iter);
}

static void init_sync_kiocb(struct kiocb *kio, struct file *file, const loff_t *pos)
{
	kio->ki_filp = file;
	kio->ki_pos = pos ? *pos : 0;
	kio->ki_flags = 0;
}

/**
 * new_sync_read - read into one buffer and wait for it
 * @filp: with read_iter
 * @buf: the program's
 * @len: bytes
 * @ppos: position, moved on; may be NULL
 *
 * Context: process, may sleep.
 * Return: bytes read, 0 at the end, or -errno.
 */
ssize_t new_sync_read(struct file *filp, char __user *buf, size_t len, loff_t *ppos)
{
	struct iov_iter iter;
	struct iovec iov;
	struct kiocb kio;
	ssize_t ret;

	trace_here();
	init_sync_kiocb(&kio, filp, ppos);
	ret = import_single_range(ITER_DEST, buf, len, &iov, &iter);
	if (ret)
		return ret;
	ret = call_read_iter(filp, &kio, &iter);
	if (ppos)
		*ppos = kio.ki_pos;
	return ret;
}

/**
 * new_sync_write - write one buffer and wait for it
 * @filp: with write_iter
 * @buf: the program's
 * @len: bytes
 * @ppos: position, moved on; may be NULL
 *
 * Context: process, may sleep.
 * Return: bytes written, or -errno.
 */
ssize_t new_sync_write(struct file *filp, const char __user *buf, size_t len, loff_t *ppos)
{
	struct iov_iter iter;
	struct iovec iov;
	struct kiocb kio;
	ssize_t ret;

	trace_here();
	init_sync_kiocb(&kio, filp, ppos);
	ret = import_single_range(ITER_SOURCE, (void __user *)(uintptr_t)buf, len, &iov, &iter);
	if (ret)
		return ret;
	ret = call_write_iter(filp, &kio, &iter);
	if (ppos)
		*ppos = kio.ki_pos;
	return ret;
}

static bool may_read(const struct file *file)
{
	return (file->f_flags & O_ACCMODE) != O_WRONLY;
}

static bool may_write(const struct file *file)
{
	return (file->f_flags & O_ACCMODE) != O_RDONLY;
}

/**
 * vfs_read - read from a file
 * @file: borrowed
 * @buf: the program's
 * @count: bytes; more than MAX_RW_COUNT are cut
 * @pos: position, moved on; may be NULL
 *
 * Context: process, may sleep.
 * Return: bytes read; -EBADF: not open for reading; -EINVAL: cannot be read;
 * -EFAULT; what the file says.
 */
ssize_t vfs_read(struct file *file, void __user *buf, size_t count, loff_t *pos)
{
	trace_here();
	if (!may_read(file))
		return -EBADF;
	if (!file->f_op->read_iter)
		return -EINVAL;
	if (!access_ok(buf, count))
		return -EFAULT;
	return new_sync_read(file, buf, min_t(size_t, count, MAX_RW_COUNT), pos);
}

/**
 * vfs_write - write to a file
 * @file: borrowed
 * @buf: the program's
 * @count: bytes; more than MAX_RW_COUNT are cut
 * @pos: position, moved on; may be NULL
 *
 * Context: process, may sleep.
 * Return: bytes written; -EBADF: not open for writing; -EINVAL: cannot be
 * written; -EFAULT; what the file says.
 */
ssize_t vfs_write(struct file *file, const void __user *buf, size_t count, loff_t *pos)
{
	trace_here();
	if (!may_write(file))
		return -EBADF;
	if (!file->f_op->write_iter)
		return -EINVAL;
	if (!access_ok(buf, count))
		return -EFAULT;
	return new_sync_write(file, buf, min_t(size_t, count, MAX_RW_COUNT), pos);
}

static ssize_t do_iter(struct file *file, const struct iovec __user *vec,
		       unsigned long vlen, unsigned int direction)
{
	struct iovec fast[UIO_FASTIOV], *iov;
	struct iov_iter iter;
	struct kiocb kio;
	ssize_t ret;

	if (vlen > UIO_MAXIOV)
		return -EINVAL;
	ret = import_iovec(direction, vec, (unsigned int)vlen, UIO_FASTIOV, fast, &iov, &iter);
	if (ret < 0)
		return ret;
	init_sync_kiocb(&kio, file, &file->f_pos);
	ret = direction == ITER_DEST ? call_read_iter(file, &kio, &iter) :
				       call_write_iter(file, &kio, &iter);
	file->f_pos = kio.ki_pos;
	kfree(iov);
	return ret;
}

/**
 * vfs_readv - read into several buffers
 * @file: borrowed
 * @vec: the program's
 * @vlen: how many; at most UIO_MAXIOV
 *
 * Context: process, may sleep.
 * Return: as vfs_read().
 */
ssize_t vfs_readv(struct file *file, const struct iovec __user *vec, unsigned long vlen)
{
	if (!may_read(file))
		return -EBADF;
	if (!file->f_op->read_iter)
		return -EINVAL;
	return do_iter(file, vec, vlen, ITER_DEST);
}

/**
 * vfs_writev - write several buffers
 * @file: borrowed
 * @vec: the program's
 * @vlen: how many; at most UIO_MAXIOV
 *
 * Context: process, may sleep.
 * Return: as vfs_write().
 */
ssize_t vfs_writev(struct file *file, const struct iovec __user *vec, unsigned long vlen)
{
	if (!may_write(file))
		return -EBADF;
	if (!file->f_op->write_iter)
		return -EINVAL;
	return do_iter(file, vec, vlen, ITER_SOURCE);
}

/**
 * __sys_ioctl - the body of ioctl()
 * @fd: any number
 * @cmd: FIONBIO is for every file, the rest is the file's
 * @arg: as @cmd says
 *
 * Context: process, may sleep.
 * Return: as @cmd says; -EBADF, -EFAULT, -ENOTTY: not for this file.
 */
long __sys_ioctl(int fd, unsigned int cmd, unsigned long arg)
{
	struct file *file = fget((unsigned int)fd);
	long ret = -ENOTTY;
	int on;

	if (!file)
		return -EBADF;
	if (cmd == FIONBIO) {
		ret = get_user(on, (int __user *)arg);
		if (!ret && on)
			file->f_flags |= O_NONBLOCK;
		else if (!ret)
			file->f_flags &= ~(unsigned int)O_NONBLOCK;
	} else if (file->f_op->unlocked_ioctl) {
		ret = file->f_op->unlocked_ioctl(file, cmd, arg);
	}
	fput(file);
	return ret;
}

static ssize_t ksys_read(unsigned int fd, char __user *buf, size_t count)
{
	struct file *file = fget(fd);
	ssize_t ret;

	trace_here();
	if (!file)
		return -EBADF;
	ret = vfs_read(file, buf, count, &file->f_pos);
	fput(file);
	return ret;
}

SYSCALL_DEFINE3(read, unsigned int, fd, char __user *, buf, size_t, count)
{
	return ksys_read(fd, buf, count);
}

static ssize_t ksys_write(unsigned int fd, const char __user *buf, size_t count)
{
	struct file *file = fget(fd);
	ssize_t ret;

	trace_here();
	if (!file)
		return -EBADF;
	ret = vfs_write(file, buf, count, &file->f_pos);
	fput(file);
	return ret;
}

SYSCALL_DEFINE3(write, unsigned int, fd, const char __user *, buf, size_t, count)
{
	return ksys_write(fd, buf, count);
}

SYSCALL_DEFINE3(readv, unsigned int, fd, const struct iovec __user *, vec, unsigned long, vlen)
{
	struct file *file = fget(fd);
	ssize_t ret;

	if (!file)
		return -EBADF;
	ret = vfs_readv(file, vec, vlen);
	fput(file);
	return ret;
}

SYSCALL_DEFINE3(writev, unsigned int, fd, const struct iovec __user *, vec, unsigned long, vlen)
{
	struct file *file = fget(fd);
	ssize_t ret;

	if (!file)
		return -EBADF;
	ret = vfs_writev(file, vec, vlen);
	fput(file);
	return ret;
}

SYSCALL_DEFINE1(close, unsigned int, fd)
{
	return close_fd(fd);
}

SYSCALL_DEFINE1(dup, unsigned int, oldfd)
{
	struct file *file = fget(oldfd);
	int fd;

	if (!file)
		return -EBADF;
	fd = get_unused_fd_flags(0);
	if (fd < 0)
		fput(file);
	else
		fd_install((unsigned int)fd, file);
	return fd;
}

SYSCALL_DEFINE3(ioctl, unsigned int, fd, unsigned int, cmd, unsigned long, arg)
{
	return __sys_ioctl((int)fd, cmd, arg);
}

SYSCALL_DEFINE3(fcntl, unsigned int, fd, unsigned int, cmd, unsigned long, arg)
{
	struct file *file = fget(fd);
	long ret = 0;

	if (!file)
		return -EBADF;
	switch (cmd) {
	case F_GETFD:
		ret = fd_get_cloexec(fd) ? FD_CLOEXEC : 0;
		break;
	case F_SETFD:
		fd_set_cloexec(fd, arg & FD_CLOEXEC);
		break;
	case F_GETFL:
		ret = (long)(file->f_flags & ~(unsigned int)O_CLOEXEC);
		break;
	case F_SETFL:
		/* Linux: the same; of the others, none has a meaning here. */
		file->f_flags = (file->f_flags & ~(unsigned int)O_NONBLOCK) |
				((unsigned int)arg & O_NONBLOCK);
		break;
	default:
		ret = -EINVAL;
	}
	fput(file);
	return ret;
}
