// SPDX-License-Identifier: MIT
/*
 * /dev/console: what programs read from and write to. Raw: bytes as they are
 * typed, ^C included; echo and line editing are the shell's.
 *
 * Linux: drivers/tty/tty_io.c, kernel/printk/printk.c.
 */
#include <asm/setup.h>
#include <linux/console.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/poll.h>
#include <linux/uio.h>

#define CHUNK	128			/* bytes copied at a time, on the stack */

static bool is_nonblocking(const struct kiocb *iocb)
{
	return (iocb->ki_flags & IOCB_NOWAIT) ||
	       (iocb->ki_filp->f_flags & O_NONBLOCK);
}

static ssize_t console_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	char chunk[CHUNK];
	ssize_t n;

	if (!iov_iter_count(to))
		return 0;
	if (is_nonblocking(iocb) && !console_readable())
		return -EAGAIN;
	n = console_read(chunk, min(iov_iter_count(to), sizeof(chunk)));
	if (n > 0 && copy_to_iter(chunk, (size_t)n, to) != (size_t)n)
		return -EFAULT;
	return n;
}

static ssize_t console_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	char chunk[CHUNK];
	ssize_t done = 0;

	while (iov_iter_count(from)) {
		size_t n = min(iov_iter_count(from), sizeof(chunk));

		if (copy_from_iter(chunk, n, from) != n)
			return done ? done : -EFAULT;
		serial_write(chunk, n);
		done += (ssize_t)n;
	}
	return done;
}

static u32 console_poll(struct file *file, struct poll_table_struct *wait)
{
	u32 mask = EPOLLOUT | EPOLLWRNORM;

	poll_wait(file, console_wait_queue(), wait);
	if (console_readable())
		mask |= EPOLLIN | EPOLLRDNORM;
	return mask;
}

static const struct file_operations console_fops = {
	.read_iter = console_read_iter,
	.write_iter = console_write_iter,
	.poll = console_poll,
};

static const struct file_node console_node = {
	.name = "/dev/console",
	.fops = &console_fops,
};

static int __init console_init(void)
{
	register_file_node(&console_node);
	return 0;
}
fs_initcall(console_init);
