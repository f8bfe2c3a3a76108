// SPDX-License-Identifier: MIT
/* kernel/rcu.c: callbacks wait for open read sections. */
#include <linux/interrupt.h>
#include <linux/rculist.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "../test.h"

struct item {
	int value;
	struct rcu_head rcu;
};

static unsigned int freed;
static int last_value;

static void item_free(struct rcu_head *head)
{
	struct item *item = container_of(head, struct item, rcu);

	EXPECT_TRUE(in_softirq());
	freed++;
	last_value = item->value;
	kfree(item);
}

static struct item *item_new(int value)
{
	struct item *item = kmalloc(sizeof(*item), GFP_ATOMIC);

	item->value = value;
	return item;
}

/* What an interrupt does to a reader. */
static void softirq_comes(void)
{
	local_irq_disable();
	irq_enter();
	irq_exit();
	local_irq_enable();
}

TEST(rcu_callback_waits_for_the_reader_that_a_softirq_interrupted)
{
	freed = 0;
	rcu_read_lock();
	rcu_read_lock();
	call_rcu(&item_new(1)->rcu, item_free);
	raise_softirq(RCU_SOFTIRQ);
	softirq_comes();
	EXPECT_EQ(freed, 0U);
	rcu_read_unlock();
	softirq_comes();
	EXPECT_EQ(freed, 0U);
	rcu_read_unlock();
	host_run();
	EXPECT_EQ(freed, 1U);
}

TEST(rcu_callbacks_run_in_order_and_soon)
{
	int i;

	freed = 0;
	for (i = 1; i <= 10; i++)
		call_rcu(&item_new(i)->rcu, item_free);
	EXPECT_EQ(freed, 0U);
	host_run();
	EXPECT_EQ(freed, 10U);
	EXPECT_EQ(last_value, 10);
}

TEST(rcu_barrier_runs_what_is_queued)
{
	freed = 0;
	call_rcu(&item_new(3)->rcu, item_free);
	rcu_barrier();
	EXPECT_EQ(freed, 1U);
}

TEST(rcu_kfree_rcu_frees)
{
	struct item *item = item_new(1);

	kfree_rcu(item, rcu);
	host_run();
	/* The runner counts kmalloc's objects. */
}

static void sleep_in_section(void *arg)
{
	rcu_read_lock();
	schedule();
}

static void unlock_without_lock(void *arg)
{
	rcu_read_unlock();
}

TEST(rcu_misuse_is_caught)
{
	EXPECT_PANIC(sleep_in_section, NULL, "BUG");
	EXPECT_PANIC(unlock_without_lock, NULL, "BUG");
}
