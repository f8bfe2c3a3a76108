// SPDX-License-Identifier: MIT
/* kernel/wait.c: exclusive wake-ups, timeouts, nothing lost. */
#include <linux/err.h>
#include <linux/wait.h>

#include "../test.h"

static DECLARE_WAIT_QUEUE_HEAD(queue);
static bool condition;
static char trail[64];

static void mark(char c)
{
	size_t n = strlen(trail);

	if (n < sizeof(trail) - 1) {
		trail[n] = c;
		trail[n + 1] = '\0';
	}
}

static int exclusive_waiter(void *arg)
{
	DEFINE_WAIT(wait);

	prepare_to_wait_exclusive(&queue, &wait, TASK_INTERRUPTIBLE);
	schedule();
	finish_wait(&queue, &wait);
	mark((char)(uintptr_t)arg);
	return 0;
}

static int shared_waiter(void *arg)
{
	DEFINE_WAIT(wait);

	prepare_to_wait(&queue, &wait, TASK_INTERRUPTIBLE);
	schedule();
	finish_wait(&queue, &wait);
	mark((char)(uintptr_t)arg);
	return 0;
}

static void start(int (*fn)(void *), char name)
{
	EXPECT_FALSE(IS_ERR(kthread_run(fn, (void *)(uintptr_t)name, "waiter")));
	host_run();
}

TEST(wait_one_wakeup_wakes_one_exclusive_waiter_in_order_of_arrival)
{
	trail[0] = '\0';
	start(exclusive_waiter, 'a');
	start(exclusive_waiter, 'b');
	start(exclusive_waiter, 'c');
	EXPECT_TRUE(waitqueue_active(&queue));
	wake_up(&queue);
	host_run();
	EXPECT_STREQ(trail, "a");
	/* Two events before anyone runs: two waiters. */
	wake_up_interruptible(&queue);
	wake_up_interruptible(&queue);
	host_run();
	EXPECT_STREQ(trail, "abc");
	EXPECT_FALSE(waitqueue_active(&queue));
}

TEST(wait_one_wakeup_wakes_all_others)
{
	trail[0] = '\0';
	start(exclusive_waiter, 'X');
	start(exclusive_waiter, 'Y');
	start(shared_waiter, 'a');
	start(shared_waiter, 'b');
	wake_up(&queue);
	host_run();
	EXPECT_EQ(strlen(trail), 3UL);
	EXPECT_TRUE(strchr(trail, 'a') && strchr(trail, 'b') && strchr(trail, 'X'));
	wake_up_all(&queue);
	host_run();
	EXPECT_TRUE(strchr(trail, 'Y') != NULL);
}

TEST(wait_wake_up_all_wakes_every_exclusive_waiter)
{
	trail[0] = '\0';
	start(exclusive_waiter, 'a');
	start(exclusive_waiter, 'b');
	wake_up_interruptible_all(&queue);
	host_run();
	EXPECT_STREQ(trail, "ab");
}

static int event_waiter(void *arg)
{
	int err = wait_event_interruptible(queue, condition);

	mark(err ? 'E' : (char)(uintptr_t)arg);
	return 0;
}

TEST(wait_event_sleeps_until_the_condition_holds)
{
	trail[0] = '\0';
	condition = false;
	start(event_waiter, 'a');
	wake_up(&queue);
	host_run();
	EXPECT_STREQ(trail, "");
	condition = true;
	wake_up(&queue);
	host_run();
	EXPECT_STREQ(trail, "a");
	/* Already true: no sleep. */
	start(event_waiter, 'b');
	EXPECT_STREQ(trail, "ab");
}

TEST(wait_event_is_ended_by_a_kill)
{
	struct task_struct *t;

	trail[0] = '\0';
	condition = false;
	t = kthread_run(event_waiter, (void *)'a', "waiter");
	host_run();
	task_kill(t);
	host_run();
	EXPECT_STREQ(trail, "E");
}

TEST(wait_event_timeout_gives_what_is_left)
{
	u64 now = host_clock_ns;

	condition = false;
	EXPECT_EQ(wait_event_timeout(queue, condition, 5000), 0L);
	EXPECT_EQ(host_clock_ns, now + 5000);
	condition = true;
	EXPECT_EQ(wait_event_timeout(queue, condition, 5000), 5000L);
	EXPECT_EQ(wait_event_interruptible_timeout(queue, condition, 0), 1L);
}

static s64 left_ns;

static int woken_waiter(void *arg)
{
	DEFINE_WAIT_FUNC(wait, woken_wake_function);

	add_wait_queue(&queue, &wait);
	/* A wake-up that comes before the sleep. */
	wake_up(&queue);
	left_ns = wait_woken(&wait, TASK_INTERRUPTIBLE, 1000000);
	mark('1');
	left_ns = wait_woken(&wait, TASK_INTERRUPTIBLE, 1000000);
	mark('2');
	remove_wait_queue(&queue, &wait);
	return 0;
}

TEST(wait_woken_does_not_lose_a_wakeup_before_the_sleep)
{
	u64 now = host_clock_ns;

	trail[0] = '\0';
	start(woken_waiter, 'a');
	EXPECT_STREQ(trail, "1");
	EXPECT_EQ(left_ns, 1000000L);
	host_sleep(400000);
	EXPECT_STREQ(trail, "1");
	wake_up(&queue);
	host_run();
	EXPECT_STREQ(trail, "12");
	EXPECT_EQ(left_ns, 600000L);
	EXPECT_EQ(host_clock_ns, now + 400000);
}

TEST(wait_woken_times_out)
{
	DEFINE_WAIT_FUNC(wait, woken_wake_function);
	u64 now = host_clock_ns;

	add_wait_queue(&queue, &wait);
	EXPECT_EQ(wait_woken(&wait, TASK_INTERRUPTIBLE, 2500), 0L);
	EXPECT_EQ(host_clock_ns, now + 2500);
	remove_wait_queue(&queue, &wait);
}

static void *seen_key;

static int key_function(struct wait_queue_entry *e, unsigned int mode, int flags, void *key)
{
	seen_key = key;
	return 0;
}

TEST(wait_own_function_gets_the_key_and_does_not_use_up_the_wakeup)
{
	struct wait_queue_entry e;

	trail[0] = '\0';
	init_waitqueue_func_entry(&e, key_function);
	add_wait_queue_exclusive(&queue, &e);
	start(exclusive_waiter, 'a');
	wake_up_interruptible_poll(&queue, 0x41);
	host_run();
	EXPECT_EQ((uintptr_t)seen_key, 0x41UL);
	EXPECT_STREQ(trail, "a");
	remove_wait_queue(&queue, &e);
}
