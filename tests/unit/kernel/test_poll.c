// SPDX-License-Identifier: MIT
/* kernel/poll.c: what is ready, waiting, timeouts, failures. */
#include <linux/err.h>
#include <linux/ktime.h>
#include <linux/net.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "../test.h"
#include "fake_file.h"

#define MS	((s64)NSEC_PER_MSEC)

TEST(poll_tells_what_holds_of_what_was_asked)
{
	struct fake_file f;
	struct pollfd p = { .fd = fake_file_open(&f), .events = POLLIN };

	EXPECT_EQ(__sys_poll(&p, 1, 0), 0);
	EXPECT_EQ(p.revents, 0);
	fake_file_set(&f, EPOLLOUT);
	EXPECT_EQ(__sys_poll(&p, 1, 0), 0);
	fake_file_set(&f, EPOLLOUT | EPOLLIN);
	EXPECT_EQ(__sys_poll(&p, 1, 0), 1);
	EXPECT_EQ(p.revents, POLLIN);
	/* Errors are told without being asked for. */
	fake_file_set(&f, EPOLLERR | EPOLLHUP);
	EXPECT_EQ(__sys_poll(&p, 1, -1), 1);
	EXPECT_EQ(p.revents, POLLERR | POLLHUP);
	EXPECT_EQ(close_fd((unsigned int)p.fd), 0);
}

TEST(poll_bad_descriptors_are_pollnval_and_negative_ones_ignored)
{
	struct pollfd p[2] = { { .fd = 77777, .events = POLLIN, .revents = 9 },
			       { .fd = -1, .events = POLLIN, .revents = 9 } };

	EXPECT_EQ(__sys_poll(p, 2, -1), 1);
	EXPECT_EQ(p[0].revents, POLLNVAL);
	EXPECT_EQ(p[1].revents, 0);
	EXPECT_EQ(__sys_poll(NULL, 2, 0), -EFAULT);
	EXPECT_EQ(__sys_poll(NULL, 0, 0), 0);
	EXPECT_EQ(__sys_poll(p, 1 << 21, 0), -EINVAL);
}

TEST(poll_waits_as_long_as_it_says)
{
	struct fake_file f;
	struct pollfd p = { .fd = fake_file_open(&f), .events = POLLIN };
	u64 start_ns = ktime_get_ns();

	EXPECT_EQ(__sys_poll(&p, 1, 250 * MS), 0);
	EXPECT_EQ(ktime_get_ns() - start_ns, 250 * NSEC_PER_MSEC);
	/* With nothing to wait for it is a sleep. */
	EXPECT_EQ(__sys_poll(NULL, 0, 10 * MS), 0);
	EXPECT_EQ(ktime_get_ns() - start_ns, 260 * NSEC_PER_MSEC);
	EXPECT_FALSE(waitqueue_active(&f.wq));
	EXPECT_EQ(close_fd((unsigned int)p.fd), 0);
}

TEST(poll_is_woken_by_the_event_and_not_by_others)
{
	struct fake_file f;
	struct pollfd p = { .fd = fake_file_open(&f), .events = POLLIN };
	u64 start_ns = ktime_get_ns();

	fake_file_set_later(&f, EPOLLOUT, 5 * NSEC_PER_MSEC);
	EXPECT_EQ(__sys_poll(&p, 1, 10 * MS), 0);
	/* Asked once, and once at the end: the other event woke nobody. */
	EXPECT_EQ(f.polled, 2);
	fake_file_set_later(&f, EPOLLIN, 7 * NSEC_PER_MSEC);
	EXPECT_EQ(__sys_poll(&p, 1, -1), 1);
	EXPECT_EQ(p.revents, POLLIN);
	EXPECT_EQ(ktime_get_ns() - start_ns, 17 * NSEC_PER_MSEC);
	EXPECT_EQ(close_fd((unsigned int)p.fd), 0);
}

TEST(poll_many_files_wait_together)
{
	enum { N = 40 };
	static struct fake_file f[N];
	static struct pollfd p[N];
	int i;

	for (i = 0; i < N; i++)
		p[i] = (struct pollfd){ .fd = fake_file_open(&f[i]), .events = POLLIN };
	fake_file_set_later(&f[N - 1], EPOLLIN, NSEC_PER_MSEC);
	EXPECT_EQ(__sys_poll(p, N, -1), 1);
	EXPECT_EQ(p[N - 1].revents, POLLIN);
	for (i = 0; i < N; i++) {
		EXPECT_FALSE(waitqueue_active(&f[i].wq));
		EXPECT_EQ(close_fd((unsigned int)p[i].fd), 0);
		EXPECT_EQ(f[i].released, 1);
	}
}

TEST(poll_without_memory_gives_all_back)
{
	enum { N = 12 };
	static struct fake_file f[N];
	static struct pollfd p[N];
	unsigned long n;
	int i, ret;

	for (i = 0; i < N; i++)
		p[i] = (struct pollfd){ .fd = fake_file_open(&f[i]), .events = POLLIN };
	for (n = 1; n < 8; n++) {
		slab_fail_after(n, 0);
		ret = __sys_poll(p, N, MS);
		slab_fail_after(0, 0);
		EXPECT_EQ(ret, n <= 1 + N - 8 ? -ENOMEM : 0);
	}
	for (i = 0; i < N; i++) {
		EXPECT_FALSE(waitqueue_active(&f[i].wq));
		EXPECT_EQ(close_fd((unsigned int)p[i].fd), 0);
	}
}

static struct pollfd thread_poll;
static int thread_result;

static int poll_thread(void *arg)
{
	thread_result = __sys_poll(&thread_poll, 1, -1);
	return 0;
}

static struct task_struct *start_poll(struct fake_file *f)
{
	struct task_struct *t;

	thread_poll = (struct pollfd){ .fd = fake_file_open(f), .events = POLLIN };
	thread_result = 99;
	t = kthread_run(poll_thread, NULL, "poller");
	host_run();
	EXPECT_TRUE(waitqueue_active(&f->wq));
	return t;
}

TEST(poll_is_ended_by_a_kill)
{
	struct fake_file f;
	struct task_struct *t = start_poll(&f);

	task_kill(t);
	host_run();
	EXPECT_EQ(thread_result, -EINTR);
	EXPECT_FALSE(waitqueue_active(&f.wq));
	EXPECT_EQ(close_fd((unsigned int)thread_poll.fd), 0);
}

TEST(poll_keeps_a_file_that_is_closed_meanwhile)
{
	struct fake_file f;

	start_poll(&f);
	EXPECT_EQ(close_fd((unsigned int)thread_poll.fd), 0);
	EXPECT_EQ(f.released, 0);
	fake_file_set(&f, EPOLLIN);
	host_run();
	/* By then the descriptor means nothing. */
	EXPECT_EQ(thread_result, 1);
	EXPECT_EQ(thread_poll.revents, POLLNVAL);
	EXPECT_EQ(f.released, 1);
}
