/* SPDX-License-Identifier: MIT */
/* Wait queues with exclusive waiters and no lost wake-up (kernel/wait.c, TASK-2). */
#ifndef LINUX_WAIT_H
#define LINUX_WAIT_H

#include <linux/errno.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

struct wait_queue_entry;
/* Returns nonzero if it woke somebody. @key: EPOLL* bits that became true, or NULL. */
typedef int (*wait_queue_func_t)(struct wait_queue_entry *wq_entry, unsigned int mode,
				 int flags, void *key);

#define WQ_FLAG_EXCLUSIVE	0x01
#define WQ_FLAG_WOKEN		0x02

struct wait_queue_entry {
	unsigned int flags;		/* WQ_FLAG_* */
	void *private;			/* task_struct, for the default function */
	wait_queue_func_t func;
	struct list_head entry;
};

struct wait_queue_head {
	spinlock_t lock;
	struct list_head head;
};
typedef struct wait_queue_head wait_queue_head_t;

#define __WAIT_QUEUE_HEAD_INITIALIZER(name) \
	{ .lock = __SPIN_LOCK_UNLOCKED, .head = LIST_HEAD_INIT((name).head) }
#define DECLARE_WAIT_QUEUE_HEAD(name) \
	struct wait_queue_head name = __WAIT_QUEUE_HEAD_INITIALIZER(name)

void init_waitqueue_head(struct wait_queue_head *wq);
void init_waitqueue_func_entry(struct wait_queue_entry *e, wait_queue_func_t func);
int default_wake_function(struct wait_queue_entry *e, unsigned int mode, int flags, void *key);
int autoremove_wake_function(struct wait_queue_entry *e, unsigned int mode, int flags, void *key);
int woken_wake_function(struct wait_queue_entry *e, unsigned int mode, int flags, void *key);

#define DEFINE_WAIT_FUNC(name, function)				\
	struct wait_queue_entry name = { .private = current,		\
		.func = function, .entry = LIST_HEAD_INIT((name).entry) }
#define DEFINE_WAIT(name) DEFINE_WAIT_FUNC(name, autoremove_wake_function)

void add_wait_queue(struct wait_queue_head *wq, struct wait_queue_entry *e);
void add_wait_queue_exclusive(struct wait_queue_head *wq, struct wait_queue_entry *e);
void remove_wait_queue(struct wait_queue_head *wq, struct wait_queue_entry *e);
void prepare_to_wait(struct wait_queue_head *wq, struct wait_queue_entry *e, unsigned int state);
void prepare_to_wait_exclusive(struct wait_queue_head *wq, struct wait_queue_entry *e,
			       unsigned int state);
void finish_wait(struct wait_queue_head *wq, struct wait_queue_entry *e);
s64 wait_woken(struct wait_queue_entry *e, unsigned int mode, s64 timeout_ns);

/* Wakes all non-exclusive waiters and @nr exclusive ones (0: all). Any context. */
void __wake_up(struct wait_queue_head *wq, unsigned int mode, int nr, void *key);
#define TASK_NORMAL	(TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE)
#define wake_up(wq)			__wake_up(wq, TASK_NORMAL, 1, NULL)
#define wake_up_all(wq)			__wake_up(wq, TASK_NORMAL, 0, NULL)
#define wake_up_interruptible(wq)	__wake_up(wq, TASK_INTERRUPTIBLE, 1, NULL)
#define wake_up_interruptible_all(wq)	__wake_up(wq, TASK_INTERRUPTIBLE, 0, NULL)
#define wake_up_interruptible_poll(wq, m) \
	__wake_up(wq, TASK_INTERRUPTIBLE, 1, (void *)(uintptr_t)(m))

static inline bool waitqueue_active(const struct wait_queue_head *wq)
{
	return wq->head.next != &wq->head;
}

/*
 * The loop that all of them are: queue up and change state first, look at the
 * condition then, sleep last. A wake-up that comes in between finds the entry
 * queued and sets the state back, so that schedule() returns at once.
 */
#define ___wait_event(wq, cond, state, ret, sleep) ({			\
	__typeof__(ret) __wret = (ret);					\
	DEFINE_WAIT(__w);						\
	for (;;) {							\
		prepare_to_wait(&(wq), &__w, state);			\
		if (cond)						\
			break;						\
		if ((state) == TASK_INTERRUPTIBLE && signal_pending(current)) { \
			__wret = -EINTR;				\
			break;						\
		}							\
		sleep;							\
	}								\
	finish_wait(&(wq), &__w);					\
	__wret; })

/* Sleeps until @cond. */
#define wait_event(wq, cond) \
	(void)___wait_event(wq, cond, TASK_UNINTERRUPTIBLE, 0, schedule())

/* Sleeps until @cond; 0, or -EINTR when the thread was killed. */
#define wait_event_interruptible(wq, cond) \
	___wait_event(wq, cond, TASK_INTERRUPTIBLE, 0, schedule())

/* Sleeps until @cond or for @timeout_ns: what is left of it (at least 1 when
 * @cond holds), 0 when it is over and @cond does not hold. */
#define ___wait_cond_timeout(cond) ({					\
	bool __wc = (cond);						\
	if (__wc && !__wret)						\
		__wret = 1;						\
	__wc || !__wret; })
#define wait_event_timeout(wq, cond, timeout_ns)			\
	___wait_event(wq, ___wait_cond_timeout(cond), TASK_UNINTERRUPTIBLE, \
		      (s64)(timeout_ns), __wret = schedule_timeout(__wret))
/* The same; or -EINTR. */
#define wait_event_interruptible_timeout(wq, cond, timeout_ns)		\
	___wait_event(wq, ___wait_cond_timeout(cond), TASK_INTERRUPTIBLE, \
		      (s64)(timeout_ns), __wret = schedule_timeout(__wret))

#endif
