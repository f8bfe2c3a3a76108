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
#include <linux/types.h>

typedef struct spinlock {
	const void *holder;	/* NULL when free; address of the taker's code */
	u8 seen;		/* contexts it was taken in: SPIN_IN_* */
} spinlock_t;

#define __SPIN_LOCK_UNLOCKED { NULL, 0 }
#define DEFINE_SPINLOCK(x) spinlock_t x = __SPIN_LOCK_UNLOCKED

void spin_lock_init(spinlock_t *lock);
void spin_lock(spinlock_t *lock);
void spin_unlock(spinlock_t *lock);
void spin_lock_bh(spinlock_t *lock);
void spin_unlock_bh(spinlock_t *lock);
unsigned long __spin_lock_irqsave(spinlock_t *lock);
#define spin_lock_irqsave(lock, flags) ((flags) = __spin_lock_irqsave(lock))
void spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags);
static inline bool spin_is_locked(const spinlock_t *lock)
{
	return lock->holder != NULL;
}

#endif
