/* SPDX-License-Identifier: MIT */
/*
 * Locks by Linux's names. One CPU: taking one excludes the contexts named by
 * its suffix and checks (kernel/spinlock.c) that it is not held already, that
 * it is released by who took it, and that a lock ever taken in a softirq is
 * never taken with softirqs enabled (TASK-5).
 */
#ifndef LINUX_SPINLOCK_H
#define LINUX_SPINLOCK_H

#include <linux/interrupt.h>
#include <linux/preempt.h>
#include <linux/types.h>

/* spinlock.seen: bits as in preempt_count, and one that is free there. */
#define SPIN_BH_ON	PREEMPT_OFFSET	/* by process code that softirqs can interrupt */
#define SPIN_IN_SOFTIRQ	SOFTIRQ_OFFSET	/* in a softirq */
#define SPIN_IN_HARDIRQ	HARDIRQ_OFFSET	/* in an interrupt handler */
/* spinlock.held: beside the preempt_count it was taken with. */
#define SPIN_HELD	(1U << 31)

typedef struct spinlock {
	u32 held;		/* 0 when free */
	u32 seen;		/* contexts it was taken in: SPIN_* */
} spinlock_t;

#define __SPIN_LOCK_UNLOCKED { .held = 0 }
#define DEFINE_SPINLOCK(x) spinlock_t x = __SPIN_LOCK_UNLOCKED

/* What is seldom: a context that is new to the lock, and mistakes (a panic). */
void spin_take_slow(spinlock_t *lock);
void spin_release_slow(spinlock_t *lock);

/* A free lock. Any context. */
static inline void spin_lock_init(spinlock_t *lock)
{
	*lock = (spinlock_t)__SPIN_LOCK_UNLOCKED;
}

static inline bool spin_is_locked(const spinlock_t *lock)
{
	return lock->held != 0;
}

/*
 * Is it known of the lock that it is taken where preempt_count is @count?
 * @irqs_off: as the caller has just seen to, which is as good as any context.
 */
static inline bool spin_context_known(const spinlock_t *lock, u32 count, bool irqs_off)
{
	u32 context = count & (HARDIRQ_MASK | SOFTIRQ_OFFSET);

	if (irqs_off)
		return !(context & ~lock->seen);
	if (!(count & (HARDIRQ_MASK | SOFTIRQ_MASK)))
		context = SPIN_BH_ON;
	return !((context & ~lock->seen) | (lock->seen & SPIN_IN_HARDIRQ));
}

static inline void __spin_take(spinlock_t *lock, bool irqs_off)
{
	u32 count = preempt_count();

	if (likely(!lock->held && spin_context_known(lock, count, irqs_off))) {
		this_cpu()->preempt_count = count + PREEMPT_OFFSET;
		lock->held = count | SPIN_HELD;
		barrier();
	} else {
		spin_take_slow(lock);
	}
}

/* The last to be taken of those that are held: then preempt_count is that of its
 * taking + 1. */
static inline void __spin_release(spinlock_t *lock)
{
	u32 count = preempt_count() - PREEMPT_OFFSET;

	if (likely(lock->held == (count | SPIN_HELD))) {
		barrier();
		lock->held = 0;
		this_cpu()->preempt_count = count;
	} else {
		spin_release_slow(lock);
	}
}

/* Context: any; in process code only for locks that softirqs never take. */
static inline void spin_lock(spinlock_t *lock)
{
	__spin_take(lock, false);
}

static inline void spin_unlock(spinlock_t *lock)
{
	__spin_release(lock);
}

/* False, and nothing done, when it is held. Context: that of spin_lock(). */
static inline bool __must_check spin_trylock(spinlock_t *lock)
{
	if (lock->held)
		return false;
	__spin_take(lock, false);
	return true;
}

/* Keeps softirqs out. Context: process or softirq. */
static inline void spin_lock_bh(spinlock_t *lock)
{
	local_bh_disable();
	__spin_take(lock, false);
}

static inline void spin_unlock_bh(spinlock_t *lock)
{
	__spin_release(lock);
	local_bh_enable();
}

/* Disables interrupts, which are on. Context: process or softirq. */
static inline void spin_lock_irq(spinlock_t *lock)
{
	local_irq_disable();
	__spin_take(lock, true);
}

static inline void spin_unlock_irq(spinlock_t *lock)
{
	__spin_release(lock);
	local_irq_enable();
}

/* The value is for spin_unlock_irqrestore(). Context: any. */
static inline unsigned long __spin_lock_irqsave(spinlock_t *lock)
{
	unsigned long flags;

	local_irq_save(flags);
	__spin_take(lock, true);
	return flags;
}
#define spin_lock_irqsave(lock, flags) ((flags) = __spin_lock_irqsave(lock))

static inline void spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags)
{
	__spin_release(lock);
	local_irq_restore(flags);
}

#define assert_spin_locked(lock) BUG_ON(!spin_is_locked(lock))
#define lockdep_assert_held(lock) assert_spin_locked(lock)

/* Readers may nest; a writer excludes all. The same checks. */
typedef struct rwlock {
	spinlock_t lock;	/* held by a writer, or by the first reader */
	unsigned int readers;
} rwlock_t;

#define __RW_LOCK_UNLOCKED { .readers = 0 }
#define DEFINE_RWLOCK(x) rwlock_t x = __RW_LOCK_UNLOCKED

void rwlock_init(rwlock_t *lock);
void read_lock(rwlock_t *lock);
void read_unlock(rwlock_t *lock);
void write_lock(rwlock_t *lock);
void write_unlock(rwlock_t *lock);
void read_lock_bh(rwlock_t *lock);
void read_unlock_bh(rwlock_t *lock);
void write_lock_bh(rwlock_t *lock);
void write_unlock_bh(rwlock_t *lock);

#endif
