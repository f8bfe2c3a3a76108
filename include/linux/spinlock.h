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

struct task_struct;

/* spinlock.seen: bits as in preempt_count, and one that is free there. */
#define SPIN_BH_ON	PREEMPT_OFFSET	/* by process code that softirqs can interrupt */
#define SPIN_IN_SOFTIRQ	SOFTIRQ_OFFSET	/* in a softirq */
#define SPIN_IN_HARDIRQ	HARDIRQ_OFFSET	/* in an interrupt handler */

typedef struct spinlock {
	const void *holder;	/* NULL when free; address of the taker's code */
	const struct task_struct *owner; /* the thread it was taken in */
	u32 seen;		/* contexts it was taken in: SPIN_* */
	u32 context;		/* the preempt_count it was taken with */
} spinlock_t;

#define __SPIN_LOCK_UNLOCKED { .holder = NULL }
#define DEFINE_SPINLOCK(x) spinlock_t x = __SPIN_LOCK_UNLOCKED

void spin_lock_init(spinlock_t *lock);
void spin_lock(spinlock_t *lock);
void spin_unlock(spinlock_t *lock);
void spin_lock_bh(spinlock_t *lock);
void spin_unlock_bh(spinlock_t *lock);
/* False, and nothing done, when it is held. */
bool __must_check spin_trylock(spinlock_t *lock);
void spin_lock_irq(spinlock_t *lock);
void spin_unlock_irq(spinlock_t *lock);
unsigned long __spin_lock_irqsave(spinlock_t *lock);
#define spin_lock_irqsave(lock, flags) ((flags) = __spin_lock_irqsave(lock))
void spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags);
static inline bool spin_is_locked(const spinlock_t *lock)
{
	return lock->holder != NULL;
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
