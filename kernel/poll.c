// SPDX-License-Identifier: MIT
/*
 * poll(): wait until one of several files is ready (SOCK-11).
 *
 * Each file's ->poll() says what holds now and, in the first round, queues an
 * entry of ours on the wait queue that will be woken when that changes. A
 * wake-up sets `triggered`; then all files are asked again. The order - queue,
 * ask, sleep only if not triggered - is why none is lost.
 *
 * ->poll() must not sleep.
 *
 * Linux: fs/select.c
 */
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/net.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>

#define POLL_MAX_FDS	(1U << 20)
#define POLL_INLINE	8	/* files and entries that need no memory */

struct poll_wqueues;

struct poll_table_entry {
	struct file *filp;		/* holds a reference */
	u32 key;			/* events of interest */
	struct wait_queue_entry wait;	/* ->private: the poll_wqueues */
	wait_queue_head_t *wait_address;
	struct poll_table_entry *next;
};

struct poll_wqueues {
	poll_table pt;			/* first: _qproc gets a pointer to it */
	struct task_struct *polling_task;
	bool triggered;
	int error;			/* -ENOMEM: an entry could not be made */
	struct poll_table_entry *entries;
	unsigned int inline_used;
	struct poll_table_entry inline_entries[POLL_INLINE];
};

static int pollwake(struct wait_queue_entry *wait, unsigned int mode, int flags, void *key)
{
	struct poll_table_entry *entry = container_of(wait, struct poll_table_entry, wait);
	struct poll_wqueues *pwq = wait->private;

	if (key && !((u32)(uintptr_t)key & entry->key))
		return 0;
	pwq->triggered = true;
	barrier();
	return wake_up_state(pwq->polling_task, mode);
}

static struct poll_table_entry *poll_get_entry(struct poll_wqueues *pwq)
{
	if (pwq->inline_used < POLL_INLINE)
		return &pwq->inline_entries[pwq->inline_used++];
	return kmalloc(sizeof(struct poll_table_entry), GFP_KERNEL);
}

/* Called by poll_wait(). */
static void __pollwait(struct file *filp, wait_queue_head_t *wq, poll_table *p)
{
	struct poll_wqueues *pwq = container_of(p, struct poll_wqueues, pt);
	struct poll_table_entry *entry = poll_get_entry(pwq);

	if (!entry) {
		pwq->error = -ENOMEM;
		return;
	}
	entry->filp = get_file(filp);
	entry->key = p->_key;
	entry->wait_address = wq;
	init_waitqueue_func_entry(&entry->wait, pollwake);
	entry->wait.private = pwq;
	entry->next = pwq->entries;
	pwq->entries = entry;
	add_wait_queue(wq, &entry->wait);
}

static void poll_initwait(struct poll_wqueues *pwq)
{
	pwq->pt._qproc = __pollwait;
	pwq->pt._key = ~0U;
	pwq->polling_task = current;
	pwq->triggered = false;
	pwq->error = 0;
	pwq->entries = NULL;
	pwq->inline_used = 0;
}

static void poll_freewait(struct poll_wqueues *pwq)
{
	struct poll_table_entry *entry, *next;

	/* Off the queues first: a file may end with fput(), and its queue. */
	for (entry = pwq->entries; entry; entry = next) {
		struct file *filp = entry->filp;

		next = entry->next;
		remove_wait_queue(entry->wait_address, &entry->wait);
		if (entry < pwq->inline_entries || entry >= pwq->inline_entries + POLL_INLINE)
			kfree(entry);
		fput(filp);
	}
}

static s64 poll_schedule_timeout(struct poll_wqueues *pwq, s64 timeout_ns)
{
	set_current_state(TASK_INTERRUPTIBLE);
	if (!READ_ONCE(pwq->triggered) && !signal_pending(current))
		timeout_ns = schedule_timeout(timeout_ns);
	set_current_state(TASK_RUNNING);
	/* Cleared before the files are asked: what comes then is not lost. */
	pwq->triggered = false;
	barrier();
	return timeout_ns;
}

static u32 do_pollfd(struct pollfd *pollfd, poll_table *pt)
{
	u32 filter, mask;
	struct file *file;

	if (pollfd->fd < 0)
		return 0;
	file = fget((unsigned int)pollfd->fd);
	if (!file)
		return POLLNVAL;
	filter = (u32)(u16)pollfd->events | POLLERR | POLLHUP;
	pt->_key = filter;
	mask = vfs_poll(file, pt) & filter;
	fput(file);
	return mask;
}

static int do_poll(struct pollfd *fds, unsigned int n, struct poll_wqueues *wait,
		   s64 timeout_ns)
{
	poll_table *pt = &wait->pt;
	unsigned int i;
	int count = 0;

	/* Nobody waits: nobody needs to be queued. */
	if (!timeout_ns)
		pt->_qproc = NULL;
	for (;;) {
		for (i = 0; i < n; i++) {
			fds[i].revents = (short)do_pollfd(&fds[i], pt);
			if (fds[i].revents) {
				count++;
				pt->_qproc = NULL;
			}
		}
		pt->_qproc = NULL;
		if (!count) {
			count = wait->error;
			if (signal_pending(current))
				count = -EINTR;
		}
		if (!count && !timeout_ns)
			sched_idle_work();
		if (count || !timeout_ns)
			return count;
		timeout_ns = poll_schedule_timeout(wait, timeout_ns);
	}
}

/**
 * __sys_poll - the body of poll()
 * @ufds: the program's array; revents are filled in
 * @n: how many
 * @timeout_ns: relative; 0: only ask; negative: no limit
 *
 * Context: process, may sleep.
 * Return: how many have events; -EINVAL, -EFAULT, -ENOMEM, -EINTR.
 */
int __sys_poll(struct pollfd __user *ufds, unsigned int n, s64 timeout_ns)
{
	struct pollfd fast[POLL_INLINE], *fds = fast;
	size_t size = n * sizeof(*fds);
	struct poll_wqueues table;
	unsigned int i;
	int count;

	if (n > POLL_MAX_FDS)
		return -EINVAL;
	if (n > POLL_INLINE)
		fds = kmalloc(size, GFP_KERNEL);
	if (!fds)
		return -ENOMEM;
	count = -EFAULT;
	if (copy_from_user(fds, ufds, size))
		goto out;
	poll_initwait(&table);
	count = do_poll(fds, n, &table, timeout_ns < 0 ? MAX_SCHEDULE_TIMEOUT : timeout_ns);
	poll_freewait(&table);
	if (count < 0)
		goto out;
	for (i = 0; i < n; i++)
		if (put_user(fds[i].revents, &ufds[i].revents))
			count = -EFAULT;
out:
	if (fds != fast)
		kfree(fds);
	return count;
}

SYSCALL_DEFINE3(poll, struct pollfd __user *, ufds, unsigned int, nfds, int, timeout_msecs)
{
	return __sys_poll(ufds, nfds, (s64)timeout_msecs * (s64)NSEC_PER_MSEC);
}
