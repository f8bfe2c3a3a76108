// SPDX-License-Identifier: MIT
/*
 * Spinlocks. With one CPU nobody ever spins: a lock that is found held is held
 * by someone underneath us on the same stack, for ever. So what is left of a
 * lock are its checks: not taken twice; released where it was taken, in the
 * same context; nobody sleeps with one; and a lock that is
 * taken in softirqs is never taken where a softirq can come in between, nor one
 * of an interrupt handler with interrupts on.
 *
 * Linux: kernel/locking/spinlock.c, and what lockdep finds
 */
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

/* The innermost of the contexts that preempt_count @count tells: one of SPIN_IN_*,
 * or 0 for process code. */
static u32 context_of(u32 count)
{
	if (count & HARDIRQ_MASK)
		return SPIN_IN_HARDIRQ;
	return count & SOFTIRQ_OFFSET ? SPIN_IN_SOFTIRQ : 0;
}

/* Who holds it stands below us in the backtrace. */
static void __cold lock_bug(const spinlock_t *lock, const char *what)
{
	panic("spinlock %p: %s (taken with preempt_count %08x)", (const void *)lock, what,
	      lock->held & ~SPIN_HELD);
}

/* Deadlocks that have not happened yet, but could. */
static void check_context(spinlock_t *lock)
{
	u32 context = context_of(preempt_count());

	/* Asking whether interrupts are off costs something: only when it
	 * decides. */
	if (!context && !in_softirq() && !(lock->seen & SPIN_BH_ON) &&
	    !irqs_disabled())
		lock->seen |= SPIN_BH_ON;
	lock->seen |= context;
	if (unlikely((lock->seen & SPIN_BH_ON) && (lock->seen & SPIN_IN_SOFTIRQ)))
		lock_bug(lock, "taken in a softirq, and with softirqs on");
	if (unlikely(lock->seen & SPIN_IN_HARDIRQ) && !in_hardirq() &&
	    !irqs_disabled())
		lock_bug(lock, "of an interrupt handler, taken with interrupts on");
}

/**
 * spin_take_slow - take a lock, and learn of the context it is taken in
 * @lock: the lock
 *
 * Context: that of the call it is part of (linux/spinlock.h).
 */
void spin_take_slow(spinlock_t *lock)
{
	u32 count = preempt_count();

	if (unlikely(lock->held))
		lock_bug(lock, "taken twice");
	check_context(lock);
	this_cpu()->preempt_count = count + PREEMPT_OFFSET;
	lock->held = count | SPIN_HELD;
	barrier();
}

/**
 * spin_release_slow - release a lock that is not the last one taken
 * @lock: the lock
 *
 * Context: that of the call it is part of (linux/spinlock.h).
 */
void spin_release_slow(spinlock_t *lock)
{
	if (unlikely(!lock->held))
		lock_bug(lock, "released, but not held");
	if (unlikely(context_of(lock->held) != context_of(preempt_count())))
		lock_bug(lock, "released in another context than it was taken in");
	barrier();
	lock->held = 0;
	this_cpu()->preempt_count -= PREEMPT_OFFSET;
}

/* ---- readers and writers ------------------------------------------------ */

/**
 * rwlock_init - a free lock
 * @lock: the lock
 *
 * Context: any.
 */
void rwlock_init(rwlock_t *lock)
{
	spin_lock_init(&lock->lock);
	lock->readers = 0;
}

/* A second reader on one CPU is one that interrupted the first, or its own
 * nesting: only the outermost holds the lock underneath. */
static void read_take(rwlock_t *lock)
{
	if (lock->readers)
		check_context(&lock->lock);
	else
		spin_lock(&lock->lock);
	lock->readers++;
}

static void read_release(rwlock_t *lock)
{
	if (unlikely(!lock->readers))
		lock_bug(&lock->lock, "read side released, but not held");
	if (!--lock->readers)
		spin_unlock(&lock->lock);
}

static void write_release(rwlock_t *lock)
{
	if (unlikely(lock->readers))
		lock_bug(&lock->lock, "write side released, but readers hold it");
	spin_unlock(&lock->lock);
}

/**
 * read_lock - exclude writers
 * @lock: the lock
 *
 * Context: any; in process code only for locks that softirqs never write.
 */
void read_lock(rwlock_t *lock)
{
	read_take(lock);
}

/**
 * read_unlock - end of read_lock()
 * @lock: the lock
 *
 * Context: that of read_lock().
 */
void read_unlock(rwlock_t *lock)
{
	read_release(lock);
}

/**
 * write_lock - exclude readers and writers
 * @lock: the lock
 *
 * Context: any; in process code only for locks that softirqs never take.
 */
void write_lock(rwlock_t *lock)
{
	spin_lock(&lock->lock);
}

/**
 * write_unlock - end of write_lock()
 * @lock: the lock
 *
 * Context: that of write_lock().
 */
void write_unlock(rwlock_t *lock)
{
	write_release(lock);
}

/**
 * read_lock_bh - exclude writers and softirqs
 * @lock: the lock
 *
 * Context: process or softirq.
 */
void read_lock_bh(rwlock_t *lock)
{
	local_bh_disable();
	read_take(lock);
}

/**
 * read_unlock_bh - end of read_lock_bh()
 * @lock: the lock
 *
 * Context: that of read_lock_bh().
 */
void read_unlock_bh(rwlock_t *lock)
{
	read_release(lock);
	local_bh_enable();
}

/**
 * write_lock_bh - exclude readers, writers and softirqs
 * @lock: the lock
 *
 * Context: process or softirq.
 */
void write_lock_bh(rwlock_t *lock)
{
	spin_lock_bh(&lock->lock);
}

/**
 * write_unlock_bh - end of write_lock_bh()
 * @lock: the lock
 *
 * Context: that of write_lock_bh().
 */
void write_unlock_bh(rwlock_t *lock)
{
	write_release(lock);
	local_bh_enable();
}
