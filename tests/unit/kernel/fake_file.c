// SPDX-License-Identifier: MIT
/* A file whose readiness a test decides. */
#include "fake_file.h"

#include <linux/err.h>

static u32 fake_poll(struct file *file, poll_table *wait)
{
	struct fake_file *f = file->private_data;

	f->polled++;
	poll_wait(file, &f->wq, wait);
	return f->ready;
}

static int fake_release(struct file *file)
{
	struct fake_file *f = file->private_data;

	f->released++;
	return 0;
}

static ssize_t fake_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	return copy_to_iter("fake", 4, to) ? 4 : -EFAULT;
}

static const struct file_operations fake_fops = {
	.read_iter = fake_read_iter,
	.poll = fake_poll,
	.release = fake_release,
};

static void fake_timer(struct timer_list *t)
{
	struct fake_file *f = from_timer(f, t, timer);

	fake_file_set(f, f->ready_later);
}

/** fake_file_open() - see fake_file.h */
int fake_file_open(struct fake_file *f)
{
	struct file *file;
	int fd;

	init_waitqueue_head(&f->wq);
	f->ready = 0;
	f->polled = f->released = 0;
	timer_setup(&f->timer, fake_timer, 0);
	fd = get_unused_fd_flags(0);
	if (fd < 0)
		return fd;
	file = alloc_file(&fake_fops, O_RDONLY, f);
	if (IS_ERR(file)) {
		put_unused_fd((unsigned int)fd);
		return (int)PTR_ERR(file);
	}
	fd_install((unsigned int)fd, file);
	return fd;
}

/** fake_file_set() - see fake_file.h */
void fake_file_set(struct fake_file *f, u32 events)
{
	f->ready = events;
	wake_up_interruptible_poll(&f->wq, events);
}

/** fake_file_set_later() - see fake_file.h */
void fake_file_set_later(struct fake_file *f, u32 events, u64 after_ns)
{
	f->ready_later = events;
	mod_timer(&f->timer, ktime_get_ns() + after_ns);
}
