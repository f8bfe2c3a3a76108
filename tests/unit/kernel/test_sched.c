// SPDX-License-Identifier: MIT
/* kernel/sched.c, switch.S: threads, sleeping and waking, the idle loop. */
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/timer.h>

#include "../test.h"

static char trail[256];
static size_t trail_len;

static void mark(char c)
{
	if (trail_len < sizeof(trail) - 1)
		trail[trail_len++] = c;
	trail[trail_len] = '\0';
}

static void trail_clear(void)
{
	trail_len = 0;
	trail[0] = '\0';
}

/* Its letter three times, with callee-saved registers full of it. */
static int letters(void *arg)
{
	u64 c = (uintptr_t)arg, a = c * 3, b = c * 5, d = c * 7, e = c * 11, f = c * 13;
	int i;

	for (i = 0; i < 3; i++) {
		mark((char)c);
		yield();
		OPTIMIZER_HIDE_VAR(a);
		OPTIMIZER_HIDE_VAR(b);
		OPTIMIZER_HIDE_VAR(d);
		OPTIMIZER_HIDE_VAR(e);
		OPTIMIZER_HIDE_VAR(f);
	}
	EXPECT_EQ(a + b + d + e + f, c * 39);
	return 0;
}

TEST(sched_threads_take_turns_in_order)
{
	trail_clear();
	kthread_run(letters, (void *)'a', "a");
	kthread_run(letters, (void *)'b', "b");
	kthread_run(letters, (void *)'c', "c");
	EXPECT_STREQ(trail, "");
	host_run();
	EXPECT_STREQ(trail, "abcabcabc");
}

static int sleeper(void *arg)
{
	mark('(');
	set_current_state(TASK_UNINTERRUPTIBLE);
	schedule();
	mark(')');
	return 0;
}

TEST(sched_sleeper_runs_when_woken_and_only_then)
{
	struct task_struct *t;

	trail_clear();
	t = kthread_run(sleeper, NULL, "sleeper");
	host_run();
	EXPECT_STREQ(trail, "(");
	EXPECT_FALSE(wake_up_state(t, TASK_INTERRUPTIBLE));
	host_run();
	EXPECT_STREQ(trail, "(");
	EXPECT_TRUE(wake_up_process(t));
	EXPECT_FALSE(wake_up_process(t));
	EXPECT_STREQ(trail, "(");
	host_run();
	EXPECT_STREQ(trail, "()");
}

TEST(sched_wakeup_between_state_and_schedule_is_not_lost)
{
	set_current_state(TASK_UNINTERRUPTIBLE);
	EXPECT_TRUE(wake_up_process(current));
	/* Would panic in platform_idle() if it slept. */
	host_set_idle_advances(false);
	schedule();
	host_set_idle_advances(true);
	EXPECT_EQ(current->state, (unsigned int)TASK_RUNNING);
}

static struct task_struct *to_wake;

static void wake_it(struct timer_list *t)
{
	wake_up_process(to_wake);
}

TEST(sched_idle_loop_ends_when_a_timer_wakes_the_sleeper)
{
	struct timer_list timer;
	u64 due = host_clock_ns + 5000;

	to_wake = current;
	timer_setup(&timer, wake_it, 0);
	mod_timer(&timer, due);
	set_current_state(TASK_UNINTERRUPTIBLE);
	schedule();
	EXPECT_EQ(host_clock_ns, due);
	EXPECT_FALSE(this_cpu()->idle);
}

static irqreturn_t wake_handler(int irq, void *dev)
{
	wake_up_process(to_wake);
	return IRQ_HANDLED;
}

TEST(sched_interrupt_that_came_while_they_were_off_ends_the_sleep)
{
	unsigned long flags;

	to_wake = current;
	EXPECT_EQ(request_irq(9, wake_handler, 0, "wake", NULL), 0);
	host_set_idle_advances(false);
	set_current_state(TASK_UNINTERRUPTIBLE);
	local_irq_save(flags);
	host_raise_irq(9);
	EXPECT_EQ(current->state, (unsigned int)TASK_UNINTERRUPTIBLE);
	local_irq_restore(flags);
	schedule();
	host_set_idle_advances(true);
	free_irq(9, NULL);
}

TEST(sched_timeout_sleeps_exactly_and_returns_what_is_left)
{
	unsigned long armed = timers_armed();
	u64 start = host_clock_ns;
	struct timer_list timer;
	struct task_struct *t;

	EXPECT_EQ(schedule_timeout_uninterruptible(1500), 0L);
	EXPECT_EQ(host_clock_ns, start + 1500);
	EXPECT_EQ(schedule_timeout(0), 0L);

	/* Woken by a timer a third into it. */
	to_wake = current;
	start = host_clock_ns;
	timer_setup(&timer, wake_it, 0);
	mod_timer(&timer, start + 1000);
	EXPECT_EQ(schedule_timeout_interruptible(3000), 2000L);
	EXPECT_EQ(host_clock_ns, start + 1000);
	EXPECT_EQ(timers_armed(), armed);

	t = kthread_run(sleeper, NULL, "sleeper");
	host_run();
	wake_up_process(t);
}

static int interruptible_sleeper(void *arg)
{
	s64 *left = arg;

	*left = schedule_timeout_interruptible(MAX_SCHEDULE_TIMEOUT);
	mark(signal_pending(current) ? 'k' : '?');
	return 0;
}

TEST(sched_kill_ends_an_interruptible_sleep)
{
	struct task_struct *t;
	s64 left = 0;

	trail_clear();
	t = kthread_run(interruptible_sleeper, &left, "victim");
	host_run();
	EXPECT_TRUE(find_task_by_pid(t->pid) == t);
	task_kill(t);
	host_run();
	EXPECT_STREQ(trail, "k");
	EXPECT_EQ(left, MAX_SCHEDULE_TIMEOUT);
}

static int exiter(void *arg)
{
	/* Where a call does not return, AddressSanitizer wants to clear the
	 * stack of a libc thread: not of ours. */
	void (*volatile end)(void) = do_exit;

	mark('x');
	if (arg)
		end();
	return 7;
}

TEST(sched_threads_end_and_give_their_memory_back)
{
	unsigned int i;

	trail_clear();
	for (i = 0; i < 20; i++)
		EXPECT_FALSE(IS_ERR(kthread_run(exiter, (void *)(uintptr_t)(i & 1), "x")));
	host_run();
	EXPECT_EQ(trail_len, 20UL);
	/* The runner compares task_struct and thread_stack with before. */
}

TEST(sched_no_memory_for_a_thread_is_an_error)
{
	slab_fail_after(1, 0);
	EXPECT_EQ(PTR_ERR(kthread_run(exiter, NULL, "x")), (long)-ENOMEM);
	slab_fail_after(2, 0);
	EXPECT_EQ(PTR_ERR(kthread_run(exiter, NULL, "x")), (long)-ENOMEM);
}

static void count_task(struct task_struct *t, void *ctx)
{
	++*(unsigned int *)ctx;
}

TEST(sched_thread_inherits_and_is_listed)
{
	unsigned int before = 0, after = 0;
	struct task_struct *t;

	task_for_each(count_task, &before);
	t = kthread_run(exiter, NULL, "a name that is far too long");
	task_for_each(count_task, &after);
	EXPECT_EQ(after, before + 1);
	EXPECT_STREQ(t->comm, "a name that is ");
	EXPECT_TRUE(t->net == current->net);
	host_run();
	after = 0;
	task_for_each(count_task, &after);
	EXPECT_EQ(after, before);
}

static int time_taker(void *arg)
{
	host_clock_ns += 5000;
	yield();
	host_clock_ns += 2000;
	*(u64 *)arg = current->runtime_ns;
	return 0;
}

TEST(sched_counts_time_on_the_cpu)
{
	u64 runtime = 0;

	kthread_run(time_taker, &runtime, "taker");
	yield();
	host_clock_ns += 100000;
	yield();
	EXPECT_EQ(runtime, 5000UL);
}

static void yield_fn(void *arg)
{
	yield();
}

TEST(sched_stack_overflow_is_found_at_the_switch)
{
	struct task_struct *t = kthread_run(exiter, NULL, "deep");
	u64 *guard = t->stack;
	u64 was = guard[0];

	host_run();
	t = kthread_run(exiter, NULL, "deep");
	guard = t->stack;
	was = guard[0];
	guard[0] = 0;
	EXPECT_PANIC(yield_fn, NULL, "stack overflow in thread");
	/* Back to where it was before the switch: it first, we running. */
	guard[0] = was;
	list_add_tail(&t->run_node, &current->run_node);
	list_del_init(&current->run_node);
	host_run();
}

static void schedule_atomic(void *arg)
{
	this_cpu()->preempt_count += PREEMPT_OFFSET;
	schedule();
}

static void schedule_irqs_off(void *arg)
{
	local_irq_disable();
	schedule();
}

TEST(sched_sleeping_where_one_must_not_is_caught)
{
	EXPECT_PANIC(schedule_atomic, NULL, "BUG");
	EXPECT_PANIC(schedule_irqs_off, NULL, "BUG");
}

static void wait_for_nothing(void *arg)
{
	set_current_state(TASK_UNINTERRUPTIBLE);
	schedule();
}

TEST(sched_waiting_for_nothing_is_reported_by_the_hosted_body)
{
	host_set_idle_advances(false);
	EXPECT_PANIC(wait_for_nothing, NULL, "nobody can wake it");
	host_set_idle_advances(true);
	set_current_state(TASK_RUNNING);
	current->flags &= ~(unsigned int)PF_IDLE;
}
