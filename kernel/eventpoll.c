// SPDX-License-Identifier: MIT
/*
 * epoll: a set of files, and a list of those that may be ready.
 *
 *	eventpoll --rbr-->  epitem (by file and descriptor) --ffd--> file
 *	   |                  |  on the file's wait queue: ep_poll_callback()
 *	   '--rdllist-------->'  while it may be ready
 *
 * A wake-up of the file puts its item on rdllist and wakes epoll_wait(), which
 * asks each item on the list for what really holds: level-triggered items that
 * are ready stay on the list, edge-triggered ones leave it until the next
 * wake-up, EPOLLONESHOT ones are disabled until EPOLL_CTL_MOD.
 *
 * An item lives until it is deleted, its file ends (eventpoll_release()) or the
 * epoll file ends; all three in process context. Threads do not preempt each
 * other and ->poll() does not sleep, so ep->lock protects rdllist against
 * ep_poll_callback() in softirqs and nothing else.
 *
 * Linux: fs/eventpoll.c. An epoll file in another epoll set is refused with
 * -EINVAL; poll() on an epoll file works.
 */
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/net.h>
#include <linux/poll.h>
#include <linux/rbtree.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/syscalls.h>
#include <linux/uaccess.h>

#define EP_MAX_EVENTS	(INT_MAX / (int)sizeof(struct epoll_event))
/* What stays when a one-shot item has fired. */
#define EP_PRIVATE_BITS	(EPOLLWAKEUP | EPOLLONESHOT | EPOLLET | EPOLLEXCLUSIVE)
/* What may stand beside EPOLLEXCLUSIVE. */
#define EP_EXCLUSIVE_OK	(EPOLLIN | EPOLLOUT | EPOLLERR | EPOLLHUP | EPOLLWAKEUP | \
			 EPOLLET | EPOLLEXCLUSIVE)

struct eventpoll {
	spinlock_t lock;		/* rdllist and the items' places on it */
	struct list_head rdllist;	/* items that may be ready, oldest first */
	wait_queue_head_t wq;		/* epoll_wait() */
	wait_queue_head_t poll_wait;	/* poll() on the epoll file */
	struct rb_root rbr;		/* items */
	struct epitem *busy;		/* that was ready last, or NULL */
};

/* The entry on a wait queue of the watched file. */
struct eppoll_entry {
	struct eppoll_entry *next;
	struct epitem *base;
	struct wait_queue_entry wait;
	wait_queue_head_t *whead;
};

struct epitem {
	struct rb_node rbn;
	struct list_head rdllink;	/* empty: not on rdllist */
	struct file *file;		/* not counted: fllink ends with it */
	int fd;
	struct eppoll_entry *pwqlist;
	struct eventpoll *ep;
	struct list_head fllink;	/* of file->f_ep */
	struct epoll_event event;
};

/* Given to ->poll() as poll_table. */
struct ep_pqueue {
	poll_table pt;			/* first */
	struct epitem *epi;
	bool failed;			/* no memory for an entry */
};

static struct kmem_cache *epi_cache;
static struct kmem_cache *pwq_cache;
static struct kmem_cache *ep_cache;

static const struct file_operations eventpoll_fops;

/* ---- wake-ups -------------------------------------------------------------- */

static void ep_wake(struct eventpoll *ep)
{
	if (waitqueue_active(&ep->wq))
		wake_up_interruptible(&ep->wq);
	if (waitqueue_active(&ep->poll_wait))
		wake_up_interruptible_poll(&ep->poll_wait, EPOLLIN | EPOLLRDNORM);
}

/* The watched file was woken. Any context; the lock of its queue is held. */
static int ep_poll_callback(struct wait_queue_entry *wait, unsigned int mode, int flags,
			    void *key)
{
	struct eppoll_entry *pwq = container_of(wait, struct eppoll_entry, wait);
	u32 pollflags = (u32)(uintptr_t)key;
	struct epitem *epi = pwq->base;
	struct eventpoll *ep = epi->ep;
	unsigned long irqflags;
	bool waiters;

	/* Disabled by EPOLLONESHOT, or not one of the wanted events. */
	if (!(epi->event.events & ~EP_PRIVATE_BITS) ||
	    (pollflags && !(pollflags & epi->event.events)))
		return 0;
	waiters = waitqueue_active(&ep->wq);
	spin_lock_irqsave(&ep->lock, irqflags);
	if (list_empty(&epi->rdllink))
		list_add_tail(&epi->rdllink, &ep->rdllist);
	spin_unlock_irqrestore(&ep->lock, irqflags);
	ep_wake(ep);
	/* An exclusive entry that found nobody waiting leaves the wake-up to
	 * the next one. */
	return epi->event.events & EPOLLEXCLUSIVE ? waiters : 1;
}

/* Called by poll_wait() when an item is added. */
static void ep_ptable_queue_proc(struct file *file, wait_queue_head_t *whead, poll_table *pt)
{
	struct ep_pqueue *epq = container_of(pt, struct ep_pqueue, pt);
	struct epitem *epi = epq->epi;
	struct eppoll_entry *pwq;

	if (epq->failed)
		return;
	pwq = kmem_cache_alloc(pwq_cache, GFP_KERNEL);
	if (!pwq) {
		epq->failed = true;
		return;
	}
	init_waitqueue_func_entry(&pwq->wait, ep_poll_callback);
	pwq->whead = whead;
	pwq->base = epi;
	pwq->next = epi->pwqlist;
	epi->pwqlist = pwq;
	if (epi->event.events & EPOLLEXCLUSIVE)
		add_wait_queue_exclusive(whead, &pwq->wait);
	else
		add_wait_queue(whead, &pwq->wait);
}

/* ---- items ------------------------------------------------------------------ */

static u32 ep_item_poll(const struct epitem *epi, poll_table *pt)
{
	pt->_key = epi->event.events;
	return vfs_poll(epi->file, pt) & epi->event.events;
}

static int ep_cmp(const struct epitem *epi, const struct file *file, int fd)
{
	if (epi->file != file)
		return (uintptr_t)file < (uintptr_t)epi->file ? -1 : 1;
	return fd < epi->fd ? -1 : fd > epi->fd;
}

static struct epitem *ep_find(struct eventpoll *ep, const struct file *file, int fd)
{
	struct rb_node *node = ep->rbr.rb_node;

	while (node) {
		struct epitem *epi = rb_entry(node, struct epitem, rbn);
		int cmp = ep_cmp(epi, file, fd);

		if (!cmp)
			return epi;
		node = cmp < 0 ? node->rb_left : node->rb_right;
	}
	return NULL;
}

static void ep_rbtree_insert(struct eventpoll *ep, struct epitem *epi)
{
	struct rb_node **p = &ep->rbr.rb_node, *parent = NULL;

	while (*p) {
		struct epitem *at = rb_entry(*p, struct epitem, rbn);

		parent = *p;
		p = ep_cmp(at, epi->file, epi->fd) < 0 ? &parent->rb_left : &parent->rb_right;
	}
	rb_link_node(&epi->rbn, parent, p);
	rb_insert_color(&epi->rbn, &ep->rbr);
}

static void ep_unregister_pollwait(struct epitem *epi)
{
	struct eppoll_entry *pwq;

	while ((pwq = epi->pwqlist)) {
		epi->pwqlist = pwq->next;
		remove_wait_queue(pwq->whead, &pwq->wait);
		kmem_cache_free(pwq_cache, pwq);
	}
}

static void ep_unlink_ready(struct eventpoll *ep, struct epitem *epi)
{
	unsigned long flags;

	spin_lock_irqsave(&ep->lock, flags);
	if (!list_empty(&epi->rdllink))
		list_del_init(&epi->rdllink);
	spin_unlock_irqrestore(&ep->lock, flags);
}

static void ep_remove(struct eventpoll *ep, struct epitem *epi)
{
	ep_unregister_pollwait(epi);
	list_del(&epi->fllink);
	rb_erase(&epi->rbn, &ep->rbr);
	ep_unlink_ready(ep, epi);
	if (ep->busy == epi)
		ep->busy = NULL;
	kmem_cache_free(epi_cache, epi);
}

static void ep_mark_ready(struct eventpoll *ep, struct epitem *epi)
{
	unsigned long flags;

	spin_lock_irqsave(&ep->lock, flags);
	if (list_empty(&epi->rdllink))
		list_add_tail(&epi->rdllink, &ep->rdllist);
	spin_unlock_irqrestore(&ep->lock, flags);
	ep_wake(ep);
}

static int ep_insert(struct eventpoll *ep, const struct epoll_event *event,
		     struct file *file, int fd)
{
	struct epitem *epi = kmem_cache_zalloc(epi_cache, GFP_KERNEL);
	struct ep_pqueue epq = { .pt._qproc = ep_ptable_queue_proc, .epi = epi };
	u32 revents;

	if (!epi)
		return -ENOMEM;
	INIT_LIST_HEAD(&epi->rdllink);
	epi->ep = ep;
	epi->file = file;
	epi->fd = fd;
	epi->event = *event;
	list_add_tail(&epi->fllink, &file->f_ep);
	ep_rbtree_insert(ep, epi);
	revents = ep_item_poll(epi, &epq.pt);
	if (epq.failed) {
		ep_remove(ep, epi);
		return -ENOMEM;
	}
	if (revents)
		ep_mark_ready(ep, epi);
	return 0;
}

static int ep_modify(struct eventpoll *ep, struct epitem *epi, const struct epoll_event *event)
{
	poll_table pt = { ._qproc = NULL };

	epi->event = *event;
	if (ep_item_poll(epi, &pt))
		ep_mark_ready(ep, epi);
	return 0;
}

/* ---- waiting ------------------------------------------------------------------ */

static struct epitem *ep_take_ready(struct eventpoll *ep)
{
	struct epitem *epi;
	unsigned long flags;

	spin_lock_irqsave(&ep->lock, flags);
	epi = list_first_entry_or_null(&ep->rdllist, struct epitem, rdllink);
	if (epi)
		list_del_init(&epi->rdllink);
	spin_unlock_irqrestore(&ep->lock, flags);
	return epi;
}

/* Puts an item back: at the front if it was not told yet, else at the end, so
 * that all ready files have their turn. */
static void ep_requeue(struct eventpoll *ep, struct epitem *epi, bool front)
{
	unsigned long flags;

	spin_lock_irqsave(&ep->lock, flags);
	if (list_empty(&epi->rdllink)) {
		if (front)
			list_add(&epi->rdllink, &ep->rdllist);
		else
			list_add_tail(&epi->rdllink, &ep->rdllist);
	}
	spin_unlock_irqrestore(&ep->lock, flags);
}

static bool ep_events_available(const struct eventpoll *ep)
{
	return !list_empty(&ep->rdllist);
}

static int ep_send_events(struct eventpoll *ep, struct epoll_event __user *events,
			  int maxevents)
{
	/* What becomes ready from here on, or is put back, stands behind it: each item
	 * is told once a call. */
	const struct list_head *last = READ_ONCE(ep->rdllist.prev);
	poll_table pt = { ._qproc = NULL };
	struct epitem *epi;
	bool more = true;
	int count = 0;

	while (count < maxevents && more && (epi = ep_take_ready(ep))) {
		struct epoll_event event = { .data = epi->event.data };

		more = &epi->rdllink != last;
		event.events = ep_item_poll(epi, &pt);
		if (!event.events)
			continue;
		if (copy_to_user(&events[count], &event, sizeof(event))) {
			ep_requeue(ep, epi, true);
			return count ? count : -EFAULT;
		}
		count++;
		ep->busy = epi;
		if (epi->event.events & EPOLLONESHOT)
			epi->event.events &= EP_PRIVATE_BITS;
		else if (!(epi->event.events & EPOLLET))
			ep_requeue(ep, epi, false);
	}
	/* There is more than one thread could take: the next one's turn. */
	if (ep_events_available(ep) && waitqueue_active(&ep->wq))
		wake_up_interruptible(&ep->wq);
	return count;
}

static bool ep_busy_loop_end(void *arg)
{
	return ep_events_available(arg);
}

/* Asks the device of the file that was ready last, before we sleep. */
static void ep_busy_loop(struct eventpoll *ep)
{
	struct file *file = ep->busy ? ep->busy->file : NULL;

	if (file && file->f_op->busy_poll)
		file->f_op->busy_poll(file, ep_busy_loop_end, ep);
}

static s64 ep_wait_events(struct eventpoll *ep, s64 timeout_ns)
{
	DEFINE_WAIT(wait);

	prepare_to_wait_exclusive(&ep->wq, &wait, TASK_INTERRUPTIBLE);
	if (!ep_events_available(ep) && !signal_pending(current))
		timeout_ns = schedule_timeout(timeout_ns);
	finish_wait(&ep->wq, &wait);
	return timeout_ns;
}

static int ep_poll(struct eventpoll *ep, struct epoll_event __user *events, int maxevents,
		   s64 timeout_ns)
{
	for (;;) {
		int count = 0;

		if (ep_events_available(ep))
			count = ep_send_events(ep, events, maxevents);
		if (!count && !timeout_ns)
			sched_idle_work();
		if (count || !timeout_ns)
			return count;
		if (signal_pending(current))
			return -EINTR;
		ep_busy_loop(ep);
		if (!ep_events_available(ep))
			timeout_ns = ep_wait_events(ep, timeout_ns);
	}
}

/* ---- the epoll file -------------------------------------------------------------- */

static u32 ep_eventpoll_poll(struct file *file, poll_table *wait)
{
	struct eventpoll *ep = file->private_data;
	poll_table pt = { ._qproc = NULL };
	struct epitem *epi;
	unsigned long flags;
	u32 ready = 0;

	poll_wait(file, &ep->poll_wait, wait);
	spin_lock_irqsave(&ep->lock, flags);
	list_for_each_entry(epi, &ep->rdllist, rdllink)
		if (ep_item_poll(epi, &pt)) {
			ready = EPOLLIN | EPOLLRDNORM;
			break;
		}
	spin_unlock_irqrestore(&ep->lock, flags);
	return ready;
}

static int ep_eventpoll_release(struct file *file)
{
	struct eventpoll *ep = file->private_data;
	struct rb_node *node;

	while ((node = rb_first(&ep->rbr)))
		ep_remove(ep, rb_entry(node, struct epitem, rbn));
	kmem_cache_free(ep_cache, ep);
	return 0;
}

static const struct file_operations eventpoll_fops = {
	.poll = ep_eventpoll_poll,
	.release = ep_eventpoll_release,
};

/**
 * eventpoll_release - forget a file that ends
 * @file: its last reference is gone
 *
 * Context: process.
 */
void eventpoll_release(struct file *file)
{
	while (!list_empty(&file->f_ep)) {
		struct epitem *epi = list_first_entry(&file->f_ep, struct epitem, fllink);

		ep_remove(epi->ep, epi);
	}
}

/* ---- system calls ------------------------------------------------------------------ */

/**
 * __sys_epoll_create1 - the body of epoll_create1()
 * @flags: EPOLL_CLOEXEC or 0
 *
 * Context: process.
 * Return: a descriptor; -EINVAL, -EMFILE, -ENOMEM.
 */
int __sys_epoll_create1(int flags)
{
	struct eventpoll *ep;
	struct file *file;
	int fd;

	if (flags & ~EPOLL_CLOEXEC)
		return -EINVAL;
	ep = kmem_cache_zalloc(ep_cache, GFP_KERNEL);
	if (!ep)
		return -ENOMEM;
	spin_lock_init(&ep->lock);
	INIT_LIST_HEAD(&ep->rdllist);
	init_waitqueue_head(&ep->wq);
	init_waitqueue_head(&ep->poll_wait);
	ep->rbr = RB_ROOT;
	file = alloc_file(&eventpoll_fops, O_RDWR | ((unsigned int)flags & O_CLOEXEC), ep);
	if (IS_ERR(file)) {
		kmem_cache_free(ep_cache, ep);
		return (int)PTR_ERR(file);
	}
	fd = get_unused_fd_flags((unsigned int)flags & O_CLOEXEC);
	if (fd < 0)
		fput(file);
	else
		fd_install((unsigned int)fd, file);
	return fd;
}

static int ep_ctl(struct eventpoll *ep, int op, struct file *file, int fd,
		  struct epoll_event *event)
{
	struct epitem *epi = ep_find(ep, file, fd);

	if (op == EPOLL_CTL_ADD) {
		if (epi)
			return -EEXIST;
		if (event->events & EPOLLEXCLUSIVE && event->events & ~EP_EXCLUSIVE_OK)
			return -EINVAL;
		event->events |= EPOLLERR | EPOLLHUP;
		return ep_insert(ep, event, file, fd);
	}
	if (op == EPOLL_CTL_DEL) {
		if (!epi)
			return -ENOENT;
		ep_remove(ep, epi);
		return 0;
	}
	/* EPOLLEXCLUSIVE cannot be changed: the entry is queued already. */
	if (event->events & EPOLLEXCLUSIVE)
		return -EINVAL;
	if (!epi)
		return -ENOENT;
	if (epi->event.events & EPOLLEXCLUSIVE)
		return -EINVAL;
	event->events |= EPOLLERR | EPOLLHUP;
	return ep_modify(ep, epi, event);
}

/**
 * __sys_epoll_ctl - the body of epoll_ctl()
 * @epfd: the epoll file
 * @op: EPOLL_CTL_*
 * @fd: the file to watch
 * @uevent: the program's; not looked at by EPOLL_CTL_DEL
 *
 * Context: process.
 * Return: 0; -EBADF, -EFAULT, -EINVAL, -EEXIST, -ENOENT, -ENOMEM, -EPERM: the
 * file cannot be waited for.
 */
int __sys_epoll_ctl(int epfd, int op, int fd, struct epoll_event __user *uevent)
{
	struct epoll_event event = { .events = 0 };
	struct file *file, *target;
	int err = -EFAULT;

	if (op != EPOLL_CTL_DEL && copy_from_user(&event, uevent, sizeof(event)))
		return -EFAULT;
	err = -EBADF;
	file = fget((unsigned int)epfd);
	if (!file)
		return err;
	target = fget((unsigned int)fd);
	if (!target)
		goto out_file;
	err = -EPERM;
	if (!target->f_op->poll)
		goto out_target;
	err = -EINVAL;
	if (file->f_op != &eventpoll_fops || target->f_op == &eventpoll_fops)
		goto out_target;
	if (op != EPOLL_CTL_ADD && op != EPOLL_CTL_DEL && op != EPOLL_CTL_MOD)
		goto out_target;
	err = ep_ctl(file->private_data, op, target, fd, &event);
out_target:
	fput(target);
out_file:
	fput(file);
	return err;
}

/**
 * __sys_epoll_wait - the body of epoll_wait()
 * @epfd: the epoll file
 * @evs: the program's array
 * @maxevents: its length
 * @timeout_ns: relative; 0: only ask; negative: no limit
 *
 * Context: process, may sleep.
 * Return: how many events were written; -EBADF, -EINVAL, -EFAULT, -EINTR.
 */
int __sys_epoll_wait(int epfd, struct epoll_event __user *evs, int maxevents, s64 timeout_ns)
{
	struct file *file;
	int ret;

	if (maxevents <= 0 || maxevents > EP_MAX_EVENTS)
		return -EINVAL;
	if (!access_ok(evs, (size_t)maxevents * sizeof(*evs)))
		return -EFAULT;
	file = fget((unsigned int)epfd);
	if (!file)
		return -EBADF;
	ret = -EINVAL;
	if (file->f_op == &eventpoll_fops)
		ret = ep_poll(file->private_data, evs, maxevents,
			      timeout_ns < 0 ? MAX_SCHEDULE_TIMEOUT : timeout_ns);
	fput(file);
	return ret;
}

SYSCALL_DEFINE1(epoll_create1, int, flags)
{
	return __sys_epoll_create1(flags);
}

SYSCALL_DEFINE1(epoll_create, int, size)
{
	return size <= 0 ? -EINVAL : __sys_epoll_create1(0);
}

SYSCALL_DEFINE4(epoll_ctl, int, epfd, int, op, int, fd, struct epoll_event __user *, event)
{
	return __sys_epoll_ctl(epfd, op, fd, event);
}

SYSCALL_DEFINE4(epoll_wait, int, epfd, struct epoll_event __user *, events, int, maxevents,
		int, timeout)
{
	return __sys_epoll_wait(epfd, events, maxevents, (s64)timeout * (s64)NSEC_PER_MSEC);
}

static int __init eventpoll_init(void)
{
	epi_cache = kmem_cache_create("eventpoll_epi", sizeof(struct epitem));
	pwq_cache = kmem_cache_create("eventpoll_pwq", sizeof(struct eppoll_entry));
	ep_cache = kmem_cache_create("eventpoll", sizeof(struct eventpoll));
	return epi_cache && pwq_cache && ep_cache ? 0 : -ENOMEM;
}
core_initcall(eventpoll_init);
