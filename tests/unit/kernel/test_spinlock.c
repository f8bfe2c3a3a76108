// SPDX-License-Identifier: MIT
/* kernel/spinlock.c: what a lock excludes, and the misuse it finds. */
#include <linux/interrupt.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

#include "../test.h"

TEST(spinlock_excludes_what_its_suffix_says)
{
	DEFINE_SPINLOCK(lock);
	unsigned long flags;

	spin_lock(&lock);
	EXPECT_TRUE(spin_is_locked(&lock));
	EXPECT_FALSE(spin_trylock(&lock));
	spin_unlock(&lock);
	EXPECT_FALSE(spin_is_locked(&lock));

	spin_lock_bh(&lock);
	EXPECT_TRUE(in_softirq());
	spin_unlock_bh(&lock);
	EXPECT_FALSE(in_softirq());

	spin_lock_irqsave(&lock, flags);
	EXPECT_TRUE(irqs_disabled());
	spin_unlock_irqrestore(&lock, flags);
	EXPECT_FALSE(irqs_disabled());
	spin_lock_irq(&lock);
	EXPECT_TRUE(irqs_disabled());
	spin_unlock_irq(&lock);
	EXPECT_FALSE(irqs_disabled());
}

static void lock_twice(void *lock)
{
	spin_lock_bh(lock);
	spin_lock_bh(lock);
}

static void unlock_free(void *lock)
{
	spin_unlock(lock);
}

static void sleep_with(void *lock)
{
	spin_lock(lock);
	schedule();
}

static void hold_in_softirq_release_in_task(void *lock)
{
	this_cpu()->preempt_count += SOFTIRQ_OFFSET;
	spin_lock(lock);
	this_cpu()->preempt_count -= SOFTIRQ_OFFSET;
	spin_unlock(lock);
}

TEST(spinlock_misuse_is_caught)
{
	spinlock_t a = __SPIN_LOCK_UNLOCKED, b = a, c = a, d = a;

	EXPECT_PANIC(lock_twice, &a, "taken twice");
	EXPECT_PANIC(unlock_free, &b, "not held");
	EXPECT_PANIC(sleep_with, &c, "BUG");
	EXPECT_PANIC(hold_in_softirq_release_in_task, &d, "another");
}

static void lock_and_unlock(void *lock)
{
	spin_lock(lock);
	spin_unlock(lock);
}

static void lock_in_softirq(void *lock)
{
	this_cpu()->preempt_count += SOFTIRQ_OFFSET;
	lock_and_unlock(lock);
	this_cpu()->preempt_count -= SOFTIRQ_OFFSET;
}

static void lock_in_hardirq(void *lock)
{
	this_cpu()->preempt_count += HARDIRQ_OFFSET;
	lock_and_unlock(lock);
	this_cpu()->preempt_count -= HARDIRQ_OFFSET;
}

TEST(spinlock_of_softirqs_taken_with_softirqs_on_is_caught)
{
	spinlock_t a = __SPIN_LOCK_UNLOCKED, b = a, c = a;

	/* Both orders; and _bh in process code is right. */
	lock_in_softirq(&a);
	EXPECT_PANIC(lock_and_unlock, &a, "in a softirq");
	lock_and_unlock(&b);
	EXPECT_PANIC(lock_in_softirq, &b, "in a softirq");
	spin_lock_bh(&c);
	spin_unlock_bh(&c);
	lock_in_softirq(&c);
	spin_lock_irq(&c);
	spin_unlock_irq(&c);
	lock_in_softirq(&c);
}

TEST(spinlock_of_interrupts_taken_with_interrupts_on_is_caught)
{
	spinlock_t a = __SPIN_LOCK_UNLOCKED;
	unsigned long flags;

	lock_in_hardirq(&a);
	spin_lock_irqsave(&a, flags);
	spin_unlock_irqrestore(&a, flags);
	EXPECT_PANIC(lock_in_softirq, &a, "interrupt handler");
}

static void write_under_reader(void *lock)
{
	read_lock(lock);
	write_lock(lock);
}

TEST(spinlock_readers_nest_and_exclude_writers)
{
	DEFINE_RWLOCK(lock);

	read_lock_bh(&lock);
	read_lock(&lock);
	read_unlock(&lock);
	read_unlock_bh(&lock);
	write_lock_bh(&lock);
	write_unlock_bh(&lock);
	EXPECT_EQ(preempt_count(), 0U);
	rwlock_init(&lock);
	EXPECT_PANIC(write_under_reader, &lock, "taken twice");
}
