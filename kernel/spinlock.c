// SPDX-License-Identifier: MIT
/*
 * Spinlocks. With one CPU nobody ever spins: a lock that is found held is held
 * by someone underneath us on the same stack, for ever. So what is left of a
 * lock are its checks: not taken twice; released where it was taken, in the
 * same context by the same thread; nobody sleeps with one; and a lock that is
 * taken in softirqs is never taken where a softirq can come in between, nor one
 * of an interrupt handler with interrupts on.
 *
 * Linux: kernel/locking/spinlock.c, and what lockdep finds
 */
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

#define CALLER __builtin_return_address(0)

/* The innermost of the contexts that preempt_count @count tells: one of SPIN_IN_*,
 * or 0 for process code. */
static u32 context_of(u32 count)
{
	if (count & HARDIRQ_MASK)
		return SPIN_IN_HARDIRQ;
	return count & SOFTIRQ_OFFSET ? SPIN_IN_SOFTIRQ : 0;
}

static void __cold lock_bug(const spinlock_t *lock, const char *what,
			    const void *caller)
{
	panic("spinlock %p at %pS: %s (holder %pS)", (const void *)lock, caller,
	      what, lock->holder);
}

/* Deadlocks that have not happened yet, but could. */
static noinline void check_context(spinlock_t *lock, const void *caller)
{
	u32 context = context_of(preempt_count());

	/* Asking whether interrupts are off costs something: only when it
	 * decides. */
	if (!context && !in_softirq() && !(lock->seen & SPIN_BH_ON) &&
	    !irqs_disabled())
		lock->seen |= SPIN_BH_ON;
	lock->seen |= context;
	if (unlikely((lock->seen & SPIN_BH_ON) && (lock->seen & SPIN_IN_SOFTIRQ)))
		lock_bug(lock, "taken in a softirq, and with softirqs on", caller);
	if (unlikely(lock->seen & SPIN_IN_HARDIRQ) && !in_hardirq() &&
	    !irqs_disabled())
		lock_bug(lock, "of an interrupt handler, taken with interrupts on",
			 caller);
}

/*
 * Would check_context() learn anything, or complain? Not when the lock was taken
 * like this before; @irqs_off: as the caller has just seen to, which is as good
 * as any context.
 */
static __always_inline bool context_is_known(const spinlock_t *lock, u32 count, bool irqs_off)
{
	u32 context = count & (HARDIRQ_MASK | SOFTIRQ_OFFSET), known = lock->seen;

	if (irqs_off)
		return !(context & ~known);
	if (!(count & (HARDIRQ_MASK | SOFTIRQ_MASK)))
		context = SPIN_BH_ON;
	return !((context & ~known) | (known & SPIN_IN_HARDIRQ));
}

/* It is free, and taking it here is nothing new. @count: preempt_count. */
static __always_inline bool can_take(const spinlock_t *lock, u32 count, bool irqs_off)
{
	return likely(!lock->holder && context_is_known(lock, count, irqs_off));
}

static __always_inline void set_held(spinlock_t *lock, const void *caller, u32 count)
{
	this_cpu()->preempt_count = count + PREEMPT_OFFSET;
	lock->owner = current;
	lock->context = count;
	lock->holder = caller;
	barrier();
}

/* What is seldom is a function of its own, called last: so that the rest is short. */
static noinline void take_slow(spinlock_t *lock, const void *caller)
{
	if (unlikely(lock->holder))
		lock_bug(lock, "taken twice", caller);
	check_context(lock, caller);
	set_held(lock, caller, preempt_count());
}

static noinline unsigned long take_slow_irqs_off(spinlock_t *lock, const void *caller,
						 unsigned long flags)
{
	take_slow(lock, caller);
	return flags;
}

static __always_inline void take(spinlock_t *lock, const void *caller, bool irqs_off)
{
	u32 count = preempt_count();

	if (can_take(lock, count, irqs_off))
		set_held(lock, caller, count);
	else
		take_slow(lock, caller);
}

static __always_inline void take_bh(spinlock_t *lock, const void *caller)
{
	this_cpu()->preempt_count += SOFTIRQ_DISABLE_OFFSET;
	barrier();
	take(lock, caller, false);
}

/* Held by us, and the last to be taken of those that are: then preempt_count is
 * @count + 1. */
static __always_inline bool can_release(const spinlock_t *lock, u32 count)
{
	return likely(lock->holder && lock->owner == current && lock->context == count);
}

static __always_inline void set_free(spinlock_t *lock, u32 count)
{
	barrier();
	lock->holder = NULL;
	this_cpu()->preempt_count = count;
}

static noinline void release_slow(spinlock_t *lock, const void *caller)
{
	if (unlikely(!lock->holder))
		lock_bug(lock, "released, but not held", caller);
	if (unlikely(lock->owner != current ||
		     context_of(lock->context) != context_of(preempt_count())))
		lock_bug(lock, "released by another than who took it", caller);
	set_free(lock, preempt_count() - PREEMPT_OFFSET);
}

static noinline void release_slow_bh(spinlock_t *lock, const void *caller)
{
	release_slow(lock, caller);
	local_bh_enable();
}

static noinline void release_slow_irqs(spinlock_t *lock, const void *caller, unsigned long flags)
{
	release_slow(lock, caller);
	local_irq_restore(flags);
}

static __always_inline void release(spinlock_t *lock, const void *caller)
{
	u32 count = preempt_count() - PREEMPT_OFFSET;

	if (can_release(lock, count))
		set_free(lock, count);
	else
		release_slow(lock, caller);
}

static __always_inline void release_bh(spinlock_t *lock, const void *caller)
{
	u32 count = preempt_count() - PREEMPT_OFFSET;

	if (can_release(lock, count)) {
		set_free(lock, count);
		local_bh_enable();
	} else {
		release_slow_bh(lock, caller);
	}
}

/**
 * spin_lock_init - a free lock
 * @lock: the lock
 *
 * Context: any.
 */
void spin_lock_init(spinlock_t *lock)
{
	*lock = (spinlock_t)__SPIN_LOCK_UNLOCKED;
}

/**
 * spin_lock - take a lock
 * @lock: the lock
 *
 * Context: any; in process code only for locks that softirqs never take.
 */
void spin_lock(spinlock_t *lock)
{
	take(lock, CALLER, false);
}

/**
 * spin_unlock - release a lock taken with spin_lock()
 * @lock: the lock
 *
 * Context: that of spin_lock().
 */
void spin_unlock(spinlock_t *lock)
{
	release(lock, CALLER);
}

/**
 * spin_trylock - take a lock if it is free
 * @lock: the lock
 *
 * Context: any.
 * Return: whether it was taken.
 */
bool spin_trylock(spinlock_t *lock)
{
	if (lock->holder)
		return false;
	take(lock, CALLER, false);
	return true;
}

/**
 * spin_lock_bh - take a lock and keep softirqs out
 * @lock: the lock
 *
 * Context: process or softirq.
 */
void spin_lock_bh(spinlock_t *lock)
{
	take_bh(lock, CALLER);
}

/**
 * spin_unlock_bh - release a lock taken with spin_lock_bh(); softirqs may run
 * @lock: the lock
 *
 * Context: that of spin_lock_bh().
 */
void spin_unlock_bh(spinlock_t *lock)
{
	release_bh(lock, CALLER);
}

/**
 * spin_lock_irq - disable interrupts, which are on, and take a lock
 * @lock: the lock
 *
 * Context: process or softirq.
 */
void spin_lock_irq(spinlock_t *lock)
{
	local_irq_disable();
	take(lock, CALLER, true);
}

/**
 * spin_unlock_irq - release a lock taken with spin_lock_irq(); interrupts on
 * @lock: the lock
 *
 * Context: that of spin_lock_irq().
 */
void spin_unlock_irq(spinlock_t *lock)
{
	release(lock, CALLER);
	local_irq_enable();
}

/**
 * __spin_lock_irqsave - disable interrupts and take a lock
 * @lock: the lock
 *
 * Context: any.
 * Return: the value for spin_unlock_irqrestore().
 */
unsigned long __spin_lock_irqsave(spinlock_t *lock)
{
	unsigned long flags;
	u32 count;

	local_irq_save(flags);
	count = preempt_count();
	if (!can_take(lock, count, true))
		return take_slow_irqs_off(lock, CALLER, flags);
	set_held(lock, CALLER, count);
	return flags;
}

/**
 * spin_unlock_irqrestore - release a lock taken with spin_lock_irqsave()
 * @lock: the lock
 * @flags: as spin_lock_irqsave() gave them
 *
 * Context: that of spin_lock_irqsave().
 */
void spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags)
{
	u32 count = preempt_count() - PREEMPT_OFFSET;

	if (can_release(lock, count)) {
		set_free(lock, count);
		local_irq_restore(flags);
	} else {
		release_slow_irqs(lock, CALLER, flags);
	}
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
static void read_take(rwlock_t *lock, const void *caller)
{
	if (lock->readers)
		check_context(&lock->lock, caller);
	else
		take(&lock->lock, caller, false);
	lock->readers++;
}

static void read_release(rwlock_t *lock, const void *caller)
{
	if (unlikely(!lock->readers))
		lock_bug(&lock->lock, "read side released, but not held", caller);
	if (!--lock->readers)
		release(&lock->lock, caller);
}

static void write_release(rwlock_t *lock, const void *caller)
{
	if (unlikely(lock->readers))
		lock_bug(&lock->lock, "write side released, but readers hold it",
			 caller);
	release(&lock->lock, caller);
}

/**
 * read_lock - exclude writers
 * @lock: the lock
 *
 * Context: any; in process code only for locks that softirqs never write.
 */
void read_lock(rwlock_t *lock)
{
	read_take(lock, CALLER);
}

/**
 * read_unlock - end of read_lock()
 * @lock: the lock
 *
 * Context: that of read_lock().
 */
void read_unlock(rwlock_t *lock)
{
	read_release(lock, CALLER);
}

/**
 * write_lock - exclude readers and writers
 * @lock: the lock
 *
 * Context: any; in process code only for locks that softirqs never take.
 */
void write_lock(rwlock_t *lock)
{
	take(&lock->lock, CALLER, false);
}

/**
 * write_unlock - end of write_lock()
 * @lock: the lock
 *
 * Context: that of write_lock().
 */
void write_unlock(rwlock_t *lock)
{
	write_release(lock, CALLER);
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
	read_take(lock, CALLER);
}

/**
 * read_unlock_bh - end of read_lock_bh()
 * @lock: the lock
 *
 * Context: that of read_lock_bh().
 */
void read_unlock_bh(rwlock_t *lock)
{
	read_release(lock, CALLER);
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
	take_bh(&lock->lock, CALLER);
}

/**
 * write_unlock_bh - end of write_lock_bh()
 * @lock: the lock
 *
 * Context: that of write_lock_bh().
 */
void write_unlock_bh(rwlock_t *lock)
{
	write_release(lock, CALLER);
	local_bh_enable();
}
