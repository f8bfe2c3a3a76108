// SPDX-License-Identifier: MIT
/* kernel/eventpoll.c: level, edge, one shot, exclusive; life of items. */
#include <linux/err.h>
#include <linux/ktime.h>
#include <linux/net.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "../test.h"
#include "fake_file.h"

#define MS	((s64)NSEC_PER_MSEC)

static int ctl(int epfd, int op, int fd, u32 events, u64 data)
{
	struct epoll_event ev = { .events = events, .data = data };

	return __sys_epoll_ctl(epfd, op, fd, &ev);
}

static int wait1(int epfd, struct epoll_event *ev)
{
	ev->events = 0;
	ev->data = 0;
	return __sys_epoll_wait(epfd, ev, 1, 0);
}

static void shut(int fd)
{
	EXPECT_EQ(close_fd((unsigned int)fd), 0);
}

TEST(epoll_level_triggered_tells_as_long_as_it_holds)
{
	struct fake_file f;
	struct epoll_event ev;
	int epfd = __sys_epoll_create1(0), fd = fake_file_open(&f);

	EXPECT_EQ(ctl(epfd, EPOLL_CTL_ADD, fd, EPOLLIN, 42), 0);
	EXPECT_EQ(wait1(epfd, &ev), 0);
	fake_file_set(&f, EPOLLIN | EPOLLOUT);
	EXPECT_EQ(wait1(epfd, &ev), 1);
	EXPECT_EQ(ev.events, EPOLLIN);
	EXPECT_EQ(ev.data, 42);
	EXPECT_EQ(wait1(epfd, &ev), 1);
	f.ready = 0;
	EXPECT_EQ(wait1(epfd, &ev), 0);
	shut(fd);
	shut(epfd);
}

TEST(epoll_edge_triggered_tells_once_a_wakeup)
{
	struct fake_file f;
	struct epoll_event ev;
	int epfd = __sys_epoll_create1(0), fd = fake_file_open(&f);

	EXPECT_EQ(ctl(epfd, EPOLL_CTL_ADD, fd, EPOLLIN | EPOLLET, 1), 0);
	fake_file_set(&f, EPOLLIN);
	EXPECT_EQ(wait1(epfd, &ev), 1);
	EXPECT_EQ(wait1(epfd, &ev), 0);
	fake_file_set(&f, EPOLLIN);
	fake_file_set(&f, EPOLLIN);
	EXPECT_EQ(wait1(epfd, &ev), 1);
	EXPECT_EQ(wait1(epfd, &ev), 0);
	shut(fd);
	shut(epfd);
}

TEST(epoll_one_shot_tells_once_and_again_after_mod)
{
	struct fake_file f;
	struct epoll_event ev;
	int epfd = __sys_epoll_create1(0), fd = fake_file_open(&f);

	EXPECT_EQ(ctl(epfd, EPOLL_CTL_ADD, fd, EPOLLIN | EPOLLONESHOT, 1), 0);
	fake_file_set(&f, EPOLLIN);
	EXPECT_EQ(wait1(epfd, &ev), 1);
	fake_file_set(&f, EPOLLIN);
	EXPECT_EQ(wait1(epfd, &ev), 0);
	/* MOD looks at what holds already. */
	EXPECT_EQ(ctl(epfd, EPOLL_CTL_MOD, fd, EPOLLIN | EPOLLONESHOT, 2), 0);
	EXPECT_EQ(wait1(epfd, &ev), 1);
	EXPECT_EQ(ev.data, 2);
	shut(fd);
	shut(epfd);
}

TEST(epoll_add_sees_what_holds_already)
{
	struct fake_file f;
	struct epoll_event ev;
	int epfd = __sys_epoll_create1(0), fd = fake_file_open(&f);

	fake_file_set(&f, EPOLLRDHUP | EPOLLIN);
	EXPECT_EQ(ctl(epfd, EPOLL_CTL_ADD, fd, EPOLLRDHUP | EPOLLET, 7), 0);
	EXPECT_EQ(wait1(epfd, &ev), 1);
	EXPECT_EQ(ev.events, EPOLLRDHUP);
	/* Errors and hang-ups are told without being asked for. */
	fake_file_set(&f, EPOLLERR | EPOLLHUP);
	EXPECT_EQ(wait1(epfd, &ev), 1);
	EXPECT_EQ(ev.events, EPOLLERR | EPOLLHUP);
	shut(fd);
	shut(epfd);
}

TEST(epoll_errors_are_those_of_linux)
{
	struct fake_file f;
	struct epoll_event ev;
	int epfd = __sys_epoll_create1(0), other = __sys_epoll_create1(0);
	int fd = fake_file_open(&f);

	EXPECT_EQ(__sys_epoll_create1(1), -EINVAL);
	EXPECT_EQ(ctl(epfd, EPOLL_CTL_ADD, fd, EPOLLIN, 0), 0);
	EXPECT_EQ(ctl(epfd, EPOLL_CTL_ADD, fd, EPOLLIN, 0), -EEXIST);
	EXPECT_EQ(ctl(epfd, EPOLL_CTL_DEL, fd, 0, 0), 0);
	EXPECT_EQ(ctl(epfd, EPOLL_CTL_DEL, fd, 0, 0), -ENOENT);
	EXPECT_EQ(ctl(epfd, EPOLL_CTL_MOD, fd, EPOLLIN, 0), -ENOENT);
	EXPECT_EQ(ctl(epfd, 9, fd, EPOLLIN, 0), -EINVAL);
	EXPECT_EQ(ctl(epfd, EPOLL_CTL_ADD, 7777, EPOLLIN, 0), -EBADF);
	EXPECT_EQ(ctl(7777, EPOLL_CTL_ADD, fd, EPOLLIN, 0), -EBADF);
	EXPECT_EQ(ctl(fd, EPOLL_CTL_ADD, epfd, EPOLLIN, 0), -EINVAL);
	EXPECT_EQ(ctl(epfd, EPOLL_CTL_ADD, epfd, EPOLLIN, 0), -EINVAL);
	EXPECT_EQ(ctl(epfd, EPOLL_CTL_ADD, other, EPOLLIN, 0), -EINVAL);
	EXPECT_EQ(ctl(epfd, EPOLL_CTL_ADD, fd, EPOLLIN | EPOLLEXCLUSIVE | EPOLLONESHOT, 0),
		  -EINVAL);
	EXPECT_EQ(__sys_epoll_ctl(epfd, EPOLL_CTL_ADD, fd, NULL), -EFAULT);
	EXPECT_EQ(__sys_epoll_wait(epfd, &ev, 0, 0), -EINVAL);
	EXPECT_EQ(__sys_epoll_wait(epfd, NULL, 1, 0), -EFAULT);
	EXPECT_EQ(__sys_epoll_wait(fd, &ev, 1, 0), -EINVAL);
	EXPECT_EQ(__sys_epoll_wait(7777, &ev, 1, 0), -EBADF);
	shut(fd);
	shut(epfd);
	shut(other);
}

TEST(epoll_forgets_a_file_that_is_closed)
{
	struct fake_file f;
	struct epoll_event ev;
	int epfd = __sys_epoll_create1(0), fd = fake_file_open(&f);

	EXPECT_EQ(ctl(epfd, EPOLL_CTL_ADD, fd, EPOLLIN, 1), 0);
	fake_file_set(&f, EPOLLIN);
	shut(fd);
	EXPECT_EQ(f.released, 1);
	EXPECT_FALSE(waitqueue_active(&f.wq));
	EXPECT_EQ(wait1(epfd, &ev), 0);
	shut(epfd);
}

TEST(epoll_closed_first_lets_go_of_its_files)
{
	struct fake_file f;
	int epfd = __sys_epoll_create1(0), fd = fake_file_open(&f);

	EXPECT_EQ(ctl(epfd, EPOLL_CTL_ADD, fd, EPOLLIN, 1), 0);
	shut(epfd);
	EXPECT_FALSE(waitqueue_active(&f.wq));
	fake_file_set(&f, EPOLLIN);
	shut(fd);
}

TEST(epoll_ready_files_take_turns)
{
	enum { N = 5 };
	struct fake_file f[N];
	struct epoll_event ev[2];
	int epfd = __sys_epoll_create1(0), fd[N], i;
	unsigned int seen = 0;

	for (i = 0; i < N; i++) {
		fd[i] = fake_file_open(&f[i]);
		fake_file_set(&f[i], EPOLLIN);
		EXPECT_EQ(ctl(epfd, EPOLL_CTL_ADD, fd[i], EPOLLIN, (u64)i), 0);
	}
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(__sys_epoll_wait(epfd, ev, 2, 0), 2);
		seen |= 1U << ev[0].data | 1U << ev[1].data;
	}
	EXPECT_EQ(seen, 31);
	for (i = 0; i < N; i++)
		shut(fd[i]);
	shut(epfd);
}

TEST(epoll_waits_with_a_limit_and_is_woken_from_a_softirq)
{
	struct fake_file f;
	struct epoll_event ev;
	int epfd = __sys_epoll_create1(0), fd = fake_file_open(&f);
	u64 start_ns = ktime_get_ns();

	EXPECT_EQ(ctl(epfd, EPOLL_CTL_ADD, fd, EPOLLIN, 5), 0);
	EXPECT_EQ(__sys_epoll_wait(epfd, &ev, 1, 30 * MS), 0);
	EXPECT_EQ(ktime_get_ns() - start_ns, 30 * NSEC_PER_MSEC);
	fake_file_set_later(&f, EPOLLIN, 4 * NSEC_PER_MSEC);
	EXPECT_EQ(__sys_epoll_wait(epfd, &ev, 1, -1), 1);
	EXPECT_EQ(ev.data, 5);
	EXPECT_EQ(ktime_get_ns() - start_ns, 34 * NSEC_PER_MSEC);
	shut(fd);
	shut(epfd);
}

/* ---- threads ---------------------------------------------------------------------- */

static int waiters_epfd[3], waiters_got[3];

static int waiter(void *arg)
{
	int i = (int)(uintptr_t)arg;
	struct epoll_event ev;

	waiters_got[i] = __sys_epoll_wait(waiters_epfd[i], &ev, 1, -1);
	return 0;
}

static void start_waiter(int i, int epfd)
{
	waiters_epfd[i] = epfd;
	waiters_got[i] = 0;
	EXPECT_FALSE(IS_ERR(kthread_run(waiter, (void *)(uintptr_t)i, "waiter")));
	host_run();
}

TEST(epoll_add_while_a_thread_waits_wakes_it)
{
	struct fake_file f;
	int epfd = __sys_epoll_create1(0), fd = fake_file_open(&f);

	start_waiter(0, epfd);
	fake_file_set(&f, EPOLLIN);
	EXPECT_EQ(ctl(epfd, EPOLL_CTL_ADD, fd, EPOLLIN, 5), 0);
	host_run();
	EXPECT_EQ(waiters_got[0], 1);
	shut(fd);
	shut(epfd);
}

TEST(epoll_one_event_wakes_one_thread_of_a_set)
{
	struct fake_file f;
	int epfd = __sys_epoll_create1(0), fd = fake_file_open(&f);

	EXPECT_EQ(ctl(epfd, EPOLL_CTL_ADD, fd, EPOLLIN | EPOLLET, 5), 0);
	start_waiter(0, epfd);
	start_waiter(1, epfd);
	fake_file_set(&f, EPOLLIN);
	host_run();
	EXPECT_EQ(waiters_got[0] + waiters_got[1], 1);
	fake_file_set(&f, EPOLLIN);
	host_run();
	EXPECT_EQ(waiters_got[0] + waiters_got[1], 2);
	shut(fd);
	shut(epfd);
}

TEST(epoll_exclusive_items_of_several_sets_wake_one_of_them)
{
	struct fake_file f;
	int a = __sys_epoll_create1(0), b = __sys_epoll_create1(0), fd = fake_file_open(&f);

	EXPECT_EQ(ctl(a, EPOLL_CTL_ADD, fd, EPOLLIN | EPOLLET | EPOLLEXCLUSIVE, 1), 0);
	EXPECT_EQ(ctl(b, EPOLL_CTL_ADD, fd, EPOLLIN | EPOLLET | EPOLLEXCLUSIVE, 1), 0);
	EXPECT_EQ(ctl(b, EPOLL_CTL_MOD, fd, EPOLLIN, 1), -EINVAL);
	start_waiter(0, a);
	start_waiter(1, b);
	fake_file_set(&f, EPOLLIN);
	host_run();
	EXPECT_EQ(waiters_got[0] + waiters_got[1], 1);
	fake_file_set(&f, EPOLLIN);
	host_run();
	EXPECT_EQ(waiters_got[0] + waiters_got[1], 2);
	shut(fd);
	shut(a);
	shut(b);
}

TEST(epoll_files_can_be_polled)
{
	struct fake_file f;
	int epfd = __sys_epoll_create1(0), fd = fake_file_open(&f);
	struct pollfd p = { .fd = epfd, .events = POLLIN };

	EXPECT_EQ(ctl(epfd, EPOLL_CTL_ADD, fd, EPOLLIN, 1), 0);
	EXPECT_EQ(__sys_poll(&p, 1, 0), 0);
	fake_file_set_later(&f, EPOLLIN, NSEC_PER_MSEC);
	EXPECT_EQ(__sys_poll(&p, 1, -1), 1);
	shut(fd);
	EXPECT_EQ(__sys_poll(&p, 1, 0), 0);
	shut(epfd);
}

TEST(epoll_without_memory_leaves_nothing_behind)
{
	struct fake_file f;
	int epfd, fd = fake_file_open(&f);
	unsigned long n;

	for (n = 1; n <= 2; n++) {
		slab_fail_after(n, 0);
		EXPECT_EQ(__sys_epoll_create1(0), -ENOMEM);
	}
	epfd = __sys_epoll_create1(0);
	for (n = 1; n <= 2; n++) {
		slab_fail_after(n, 0);
		EXPECT_EQ(ctl(epfd, EPOLL_CTL_ADD, fd, EPOLLIN, 1), -ENOMEM);
		EXPECT_FALSE(waitqueue_active(&f.wq));
	}
	EXPECT_EQ(ctl(epfd, EPOLL_CTL_ADD, fd, EPOLLIN, 1), 0);
	shut(fd);
	shut(epfd);
}
