/* SPDX-License-Identifier: MIT */
/* Kernel side of poll(2): kernel/poll.c. epoll: kernel/eventpoll.c. */
#ifndef LINUX_POLL_KERNEL_H
#define LINUX_POLL_KERNEL_H

#include <linux/fs.h>
#include <linux/wait.h>
#include <uapi/linux/poll.h>

struct poll_table_struct;
typedef void (*poll_queue_proc)(struct file *file, wait_queue_head_t *wq,
				struct poll_table_struct *pt);

typedef struct poll_table_struct {
	poll_queue_proc _qproc;		/* NULL: only asking */
	u32 _key;			/* events of interest */
} poll_table;

static inline void poll_wait(struct file *file, wait_queue_head_t *wq, poll_table *p)
{
	if (p && p->_qproc && wq)
		p->_qproc(file, wq, p);
}

static inline u32 vfs_poll(struct file *file, poll_table *pt)
{
	if (!file->f_op->poll)
		return EPOLLIN | EPOLLOUT | EPOLLRDNORM | EPOLLWRNORM;
	return file->f_op->poll(file, pt);
}

/* Called when the last reference of a watched file goes. */
void eventpoll_release(struct file *file);

#endif
