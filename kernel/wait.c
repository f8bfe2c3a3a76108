// SPDX-License-Identifier: MIT
/*
 * Wait queues: threads that wait for the same thing.
 *
 * Non-exclusive waiters stand in front and are all woken; exclusive ones stand
 * behind, in order of arrival, and as many are woken as the waker says: one new
 * connection wakes one accept().
 *
 * Linux: kernel/sched/wait.c
 */
#include <linux/kernel.h>
#include <linux/wait.h>

/**
 * init_waitqueue_head - an empty queue
 * @wq: the queue
 *
 * Context: any.
 */
void init_waitqueue_head(struct wait_queue_head *wq)
{
	spin_lock_init(&wq->lock);
	INIT_LIST_HEAD(&wq->head);
}

/**
 * init_waitqueue_func_entry - an entry that calls a function instead of waking
 * @e: the entry
 * @func: called with the queue's lock held and interrupts off
 *
 * Context: any.
 */
void init_waitqueue_func_entry(struct wait_queue_entry *e, wait_queue_func_t func)
{
	e->flags = 0;
	e->private = NULL;
	e->func = func;
	INIT_LIST_HEAD(&e->entry);
}

/**
 * default_wake_function - wake the thread in entry->private
 * @e: the entry
 * @mode: states to wake from
 * @flags: 0
 * @key: ignored
 *
 * Context: any; the queue's lock is held.
 * Return: 1 if it was asleep.
 */
int default_wake_function(struct wait_queue_entry *e, unsigned int mode, int flags,
			  void *key)
{
	return wake_up_state(e->private, mode);
}

/**
 * autoremove_wake_function - wake, and leave the queue if that helped
 * @e: the entry
 * @mode: states to wake from
 * @flags: 0
 * @key: ignored
 *
 * An exclusive waiter that was woken must not swallow the next wake-up too,
 * before it came to run.
 *
 * Context: any; the queue's lock is held.
 * Return: 1 if it was asleep.
 */
int autoremove_wake_function(struct wait_queue_entry *e, unsigned int mode, int flags,
			     void *key)
{
	int woken = default_wake_function(e, mode, flags, key);

	if (woken)
		list_del_init(&e->entry);
	return woken;
}

/**
 * woken_wake_function - wake, and leave a mark for wait_woken()
 * @e: the entry
 * @mode: states to wake from
 * @flags: 0
 * @key: ignored
 *
 * Context: any; the queue's lock is held.
 * Return: 1 if it was asleep.
 */
int woken_wake_function(struct wait_queue_entry *e, unsigned int mode, int flags,
			void *key)
{
	/* The mark before the wake-up: see wait_woken(). */
	e->flags |= WQ_FLAG_WOKEN;
	barrier();
	return default_wake_function(e, mode, flags, key);
}

/**
 * wait_woken - sleep until woken since the last call, or until time is over
 * @e: an entry with woken_wake_function, on a queue (add_wait_queue)
 * @mode: TASK_INTERRUPTIBLE or TASK_UNINTERRUPTIBLE
 * @timeout_ns: relative
 *
 * The condition may be looked at in any state, between the calls: a wake-up
 * that comes then leaves its mark, and the next call returns at once. One that
 * comes after the mark was looked at sets the state back, and schedule()
 * returns at once.
 *
 * Context: process, may sleep.
 * Return: what is left of @timeout_ns.
 */
s64 wait_woken(struct wait_queue_entry *e, unsigned int mode, s64 timeout_ns)
{
	set_current_state(mode);
	if (!(READ_ONCE(e->flags) & WQ_FLAG_WOKEN) && !signal_pending(current))
		timeout_ns = schedule_timeout(timeout_ns);
	set_current_state(TASK_RUNNING);
	e->flags &= ~(unsigned int)WQ_FLAG_WOKEN;
	barrier();
	return timeout_ns;
}

/**
 * add_wait_queue - queue up, to be woken by every wake-up
 * @wq: the queue
 * @e: the entry, on no queue
 *
 * Context: any.
 */
void add_wait_queue(struct wait_queue_head *wq, struct wait_queue_entry *e)
{
	unsigned long flags;

	e->flags &= ~(unsigned int)WQ_FLAG_EXCLUSIVE;
	spin_lock_irqsave(&wq->lock, flags);
	list_add(&e->entry, &wq->head);
	spin_unlock_irqrestore(&wq->lock, flags);
}

/**
 * add_wait_queue_exclusive - queue up, to be woken one at a time
 * @wq: the queue
 * @e: the entry, on no queue
 *
 * Context: any.
 */
void add_wait_queue_exclusive(struct wait_queue_head *wq, struct wait_queue_entry *e)
{
	unsigned long flags;

	e->flags |= WQ_FLAG_EXCLUSIVE;
	spin_lock_irqsave(&wq->lock, flags);
	list_add_tail(&e->entry, &wq->head);
	spin_unlock_irqrestore(&wq->lock, flags);
}

/**
 * remove_wait_queue - leave the queue
 * @wq: the queue
 * @e: an entry on it
 *
 * Context: any.
 */
void remove_wait_queue(struct wait_queue_head *wq, struct wait_queue_entry *e)
{
	unsigned long flags;

	spin_lock_irqsave(&wq->lock, flags);
	list_del_init(&e->entry);
	spin_unlock_irqrestore(&wq->lock, flags);
}

/**
 * prepare_to_wait - queue up if not queued, and change state
 * @wq: the queue
 * @e: the entry
 * @state: TASK_INTERRUPTIBLE or TASK_UNINTERRUPTIBLE
 *
 * Then look at the condition, then schedule(): in this order nothing is lost.
 *
 * Context: process.
 */
void prepare_to_wait(struct wait_queue_head *wq, struct wait_queue_entry *e,
		     unsigned int state)
{
	unsigned long flags;

	e->flags &= ~(unsigned int)WQ_FLAG_EXCLUSIVE;
	spin_lock_irqsave(&wq->lock, flags);
	if (list_empty(&e->entry))
		list_add(&e->entry, &wq->head);
	set_current_state(state);
	spin_unlock_irqrestore(&wq->lock, flags);
}

/**
 * prepare_to_wait_exclusive - prepare_to_wait() to be woken one at a time
 * @wq: the queue
 * @e: the entry
 * @state: TASK_INTERRUPTIBLE or TASK_UNINTERRUPTIBLE
 *
 * Context: process.
 */
void prepare_to_wait_exclusive(struct wait_queue_head *wq, struct wait_queue_entry *e,
			       unsigned int state)
{
	unsigned long flags;

	e->flags |= WQ_FLAG_EXCLUSIVE;
	spin_lock_irqsave(&wq->lock, flags);
	if (list_empty(&e->entry))
		list_add_tail(&e->entry, &wq->head);
	set_current_state(state);
	spin_unlock_irqrestore(&wq->lock, flags);
}

/**
 * finish_wait - running again, and off the queue
 * @wq: the queue
 * @e: the entry
 *
 * Context: process.
 */
void finish_wait(struct wait_queue_head *wq, struct wait_queue_entry *e)
{
	unsigned long flags;

	set_current_state(TASK_RUNNING);
	/* Who woke us has mostly taken it off, and nobody else puts it back. */
	if (list_empty(&e->entry))
		return;
	spin_lock_irqsave(&wq->lock, flags);
	if (!list_empty(&e->entry))
		list_del_init(&e->entry);
	spin_unlock_irqrestore(&wq->lock, flags);
}

/**
 * __wake_up - wake all non-exclusive waiters and some exclusive ones
 * @wq: the queue
 * @mode: states to wake from
 * @nr: how many exclusive ones; 0: all
 * @key: EPOLL* bits that became true, for entries with a function of their own
 *
 * An exclusive waiter counts only if it really was woken.
 *
 * Context: any.
 */
void __wake_up(struct wait_queue_head *wq, unsigned int mode, int nr, void *key)
{
	struct wait_queue_entry *e, *n;
	unsigned long flags;

	spin_lock_irqsave(&wq->lock, flags);
	list_for_each_entry_safe(e, n, &wq->head, entry) {
		bool exclusive = e->flags & WQ_FLAG_EXCLUSIVE;

		if (e->func(e, mode, 0, key) && exclusive && !--nr)
			break;
	}
	spin_unlock_irqrestore(&wq->lock, flags);
}
