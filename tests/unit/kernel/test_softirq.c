// SPDX-License-Identifier: MIT
/* kernel/softirq.c: where softirqs run, never nested, within a budget. */
#include <linux/interrupt.h>
#include <linux/ktime.h>
#include <linux/sched.h>

#include "../test.h"

/* Borrowed for these tests: NET_TX; given back by softirq_return(). */
static unsigned int runs, nesting, deepest;
static unsigned int raise_again;	/* times the softirq raises itself */
static u64 step_ns;			/* what a run takes */

static void probe_action(struct softirq_action *a)
{
	nesting++;
	deepest = max(deepest, nesting);
	runs++;
	host_clock_ns += step_ns;
	EXPECT_TRUE(in_serving_softirq());
	EXPECT_FALSE(irqs_disabled());
	EXPECT_FALSE(in_task());
	if (raise_again) {
		raise_again--;
		raise_softirq(NET_TX_SOFTIRQ);
		/* Neither of these may start another one inside of this. */
		local_bh_disable();
		local_bh_enable();
		do_softirq();
	}
	nesting--;
}

static softirq_fn_t borrowed;

static void softirq_borrow(void)
{
	host_run();
	runs = nesting = deepest = raise_again = 0;
	step_ns = 0;
	borrowed = open_softirq(NET_TX_SOFTIRQ, probe_action);
}

static void softirq_return(void)
{
	host_run();
	open_softirq(NET_TX_SOFTIRQ, borrowed);
}

TEST(softirq_raised_in_a_bh_section_runs_at_its_outermost_end)
{
	softirq_borrow();
	local_bh_disable();
	local_bh_disable();
	raise_softirq(NET_TX_SOFTIRQ);
	EXPECT_EQ(runs, 0U);
	local_bh_enable();
	EXPECT_EQ(runs, 0U);
	EXPECT_TRUE(in_softirq());
	EXPECT_FALSE(in_serving_softirq());
	local_bh_enable();
	EXPECT_EQ(runs, 1U);
	EXPECT_FALSE(in_softirq());
	softirq_return();
}

TEST(softirq_does_not_run_at_bh_enable_while_interrupts_are_off)
{
	unsigned long flags;

	softirq_borrow();
	local_bh_disable();
	raise_softirq(NET_TX_SOFTIRQ);
	local_irq_save(flags);
	local_bh_enable();
	EXPECT_EQ(runs, 0U);
	local_irq_restore(flags);
	do_softirq();
	EXPECT_EQ(runs, 1U);
	softirq_return();
}

TEST(softirq_raised_in_process_context_is_served_by_ksoftirqd)
{
	softirq_borrow();
	raise_softirq(NET_TX_SOFTIRQ);
	EXPECT_EQ(runs, 0U);
	yield();
	EXPECT_EQ(runs, 1U);
	softirq_return();
}

TEST(softirq_raised_by_an_interrupt_runs_at_its_end)
{
	softirq_borrow();
	local_irq_disable();
	irq_enter();
	raise_softirq(NET_TX_SOFTIRQ);
	EXPECT_TRUE(in_hardirq());
	EXPECT_EQ(runs, 0U);
	irq_exit();
	EXPECT_EQ(runs, 1U);
	local_irq_enable();
	softirq_return();
}

TEST(softirq_is_not_started_by_an_interrupt_within_a_bh_section)
{
	softirq_borrow();
	local_bh_disable();
	local_irq_disable();
	irq_enter();
	raise_softirq(NET_TX_SOFTIRQ);
	irq_exit();
	local_irq_enable();
	EXPECT_EQ(runs, 0U);
	local_bh_enable();
	EXPECT_EQ(runs, 1U);
	softirq_return();
}

TEST(softirq_that_raises_itself_never_nests)
{
	softirq_borrow();
	raise_again = 5;
	local_bh_disable();
	raise_softirq(NET_TX_SOFTIRQ);
	local_bh_enable();
	EXPECT_EQ(runs, 6U);
	EXPECT_EQ(deepest, 1U);
	softirq_return();
}

TEST(softirq_gives_up_after_ten_rounds_and_ksoftirqd_goes_on)
{
	softirq_borrow();
	raise_again = 35;
	local_bh_disable();
	raise_softirq(NET_TX_SOFTIRQ);
	local_bh_enable();
	EXPECT_EQ(runs, 10U);
	yield();
	EXPECT_EQ(runs, 20U);
	yield();
	EXPECT_EQ(runs, 30U);
	yield();
	EXPECT_EQ(runs, 36U);
	EXPECT_EQ(local_softirq_pending(), 0U);
	EXPECT_EQ(deepest, 1U);
	softirq_return();
}

TEST(softirq_gives_up_after_two_milliseconds)
{
	softirq_borrow();
	raise_again = 8;
	step_ns = 900 * NSEC_PER_USEC;
	local_bh_disable();
	raise_softirq(NET_TX_SOFTIRQ);
	local_bh_enable();
	EXPECT_EQ(runs, 3U);
	step_ns = 0;
	host_run();
	EXPECT_EQ(runs, 9U);
	softirq_return();
}

static void find_ksoftirqd(struct task_struct *t, void *ctx)
{
	if (!strcmp(t->comm, "ksoftirqd/0"))
		*(struct task_struct **)ctx = t;
}

TEST(softirq_thread_is_visible_and_asleep_when_idle)
{
	struct task_struct *t = NULL;

	host_run();
	task_for_each(find_ksoftirqd, &t);
	EXPECT_TRUE(t != NULL);
	EXPECT_EQ(t->state, (unsigned int)TASK_INTERRUPTIBLE);
}

static void enable_without_disable(void *arg)
{
	local_bh_enable();
}

static void sleep_in_softirq(void *arg)
{
	local_bh_disable();
	schedule();
}

TEST(softirq_misuse_is_caught)
{
	EXPECT_PANIC(enable_without_disable, NULL, "without local_bh_disable");
	EXPECT_PANIC(sleep_in_softirq, NULL, "BUG");
	EXPECT_FALSE(in_softirq());
}
