// SPDX-License-Identifier: MIT
/* Stream sockets as programs use them, by TCP over lo: ipv4/af_inet.c,
 * socket_calls.c, core/stream.c. What goes over the wire is tested elsewhere. */
#include <linux/err.h>
#include <linux/ktime.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <net/sock.h>

#include "../test.h"
#include "sockhost.h"

#define SA(a)	((struct sockaddr *)&(a))

static int listener(u16 port, int flags)
{
	struct sockaddr_in addr = ANY(port);
	int fd = __sys_socket(AF_INET, SOCK_STREAM | flags, 0), on = 1;

	EXPECT_GE(fd, 0);
	EXPECT_EQ(__sys_setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)), 0);
	EXPECT_EQ(__sys_bind(fd, SA(addr), sizeof(addr)), 0);
	EXPECT_EQ(__sys_listen(fd, 8), 0);
	return fd;
}

static int dial_to(u16 port)
{
	struct sockaddr_in to = LOOPBACK(port);
	int fd = __sys_socket(AF_INET, SOCK_STREAM, 0);

	EXPECT_GE(fd, 0);
	EXPECT_EQ(__sys_connect(fd, SA(to), sizeof(to)), 0);
	return fd;
}

static ssize_t put(int fd, const char *text)
{
	return __sys_sendto(fd, text, strlen(text), MSG_DONTWAIT, NULL, 0);
}

static ssize_t get(int fd, char *buf, size_t n)
{
	return __sys_recvfrom(fd, buf, n, MSG_DONTWAIT, NULL, NULL);
}

/* A connection: [0] who called, [1] who was called. */
static void pair(int fd[2], int *l)
{
	*l = listener(5000, 0);
	fd[0] = dial_to(5000);
	fd[1] = __sys_accept4(*l, NULL, NULL, 0);
	EXPECT_GE(fd[1], 0);
}

static u32 events(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN | POLLOUT | POLLRDHUP };

	__sys_poll(&p, 1, 0);
	return (u32)(u16)p.revents;
}

TEST(stream_accepted_socket_has_both_names)
{
	struct sockaddr_in here, there, peer;
	int l, fd[2], len = sizeof(here);
	struct sockhost h;

	sockhost_enter(&h);
	l = listener(5000, 0);
	fd[0] = dial_to(5000);
	fd[1] = __sys_accept4(l, SA(peer), &len, 0);
	EXPECT_EQ(len, sizeof(peer));
	EXPECT_EQ(__sys_getsockname(fd[0], SA(here), &len), 0);
	EXPECT_MEMEQ(&here, &peer, sizeof(peer));
	EXPECT_EQ(__sys_getpeername(fd[1], SA(there), &len), 0);
	EXPECT_MEMEQ(&here, &there, sizeof(there));
	EXPECT_EQ(__sys_getpeername(fd[0], SA(there), &len), 0);
	EXPECT_EQ(ntohs(there.sin_port), 5000);
	EXPECT_EQ(__sys_getpeername(l, SA(there), &len), -ENOTCONN);
	sockhost_leave(&h);
}

struct acceptor {
	int listener, fd;
};

static int accept_thread(void *arg)
{
	struct acceptor *a = arg;

	a->fd = __sys_accept4(a->listener, NULL, NULL, 0);
	return 0;
}

TEST(stream_one_connection_wakes_one_of_two_acceptors)
{
	struct acceptor a[2];
	struct task_struct *t[2];
	struct sockhost h;
	int l, i;

	sockhost_enter(&h);
	l = listener(5000, 0);
	for (i = 0; i < 2; i++) {
		a[i] = (struct acceptor){ l, -99 };
		t[i] = kthread_run(accept_thread, &a[i], "acceptor");
	}
	host_run();
	dial_to(5000);
	host_run();
	EXPECT_EQ((a[0].fd >= 0) + (a[1].fd >= 0), 1);
	i = a[0].fd >= 0;
	task_kill(t[i]);
	host_run();
	EXPECT_EQ(a[i].fd, -EINTR);
	sockhost_leave(&h);
}

TEST(stream_accept_waits_as_long_as_so_rcvtimeo_says)
{
	struct __kernel_timeval tv = { 1, 500000 };
	struct sockhost h;
	u64 start_ns;
	int l;

	sockhost_enter(&h);
	l = listener(5000, 0);
	EXPECT_EQ(__sys_setsockopt(l, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)), 0);
	start_ns = ktime_get_ns();
	EXPECT_EQ(__sys_accept4(l, NULL, NULL, 0), -EAGAIN);
	EXPECT_EQ(ktime_get_ns() - start_ns, 1500 * NSEC_PER_MSEC);
	EXPECT_EQ(close_fd((unsigned int)l), 0);
	l = listener(5001, SOCK_NONBLOCK);
	EXPECT_EQ(__sys_accept4(l, NULL, NULL, 0), -EAGAIN);
	EXPECT_EQ(events(l), 0);
	dial_to(5001);
	EXPECT_EQ(events(l), POLLIN);
	sockhost_leave(&h);
}

TEST(stream_accept_into_a_bad_pointer_loses_the_connection_and_nothing_else)
{
	int l, fd, len = 16;
	struct sockhost h;
	char c;

	sockhost_enter(&h);
	l = listener(5000, SOCK_NONBLOCK);
	fd = dial_to(5000);
	EXPECT_EQ(__sys_accept4(l, (struct sockaddr *)8, &len, 0), -EFAULT);
	EXPECT_EQ(__sys_accept4(l, NULL, NULL, 0), -EAGAIN);
	host_sleep(NSEC_PER_SEC);
	EXPECT_LE(get(fd, &c, 1), 0);
	sockhost_leave(&h);
}

TEST(stream_accept_without_memory_leaves_nothing_behind)
{
	struct sockhost h;
	unsigned long n;
	int l, fd;

	sockhost_enter(&h);
	l = listener(5000, SOCK_NONBLOCK);
	for (n = 1; n < 5; n++) {
		dial_to(5000);
		slab_fail_after(n, 0);
		fd = __sys_accept4(l, NULL, NULL, 0);
		slab_fail_after(0, 0);
		EXPECT_TRUE(fd >= 0 || fd == -ENFILE || fd == -ENOMEM);
		/* A failure takes no connection out of the queue. */
		if (fd < 0)
			EXPECT_GE(__sys_accept4(l, NULL, NULL, 0), 0);
	}
	sockhost_leave(&h);
}

TEST(stream_listening_is_for_streams_that_are_not_connected)
{
	int l, fd[2], val, len = sizeof(val);
	struct sockaddr_in to = LOOPBACK(5000);
	struct sockhost h;

	sockhost_enter(&h);
	pair(fd, &l);
	EXPECT_EQ(__sys_listen(fd[0], 5), -EINVAL);
	EXPECT_EQ(__sys_listen(l, 5), 0);
	EXPECT_EQ(__sys_connect(l, SA(to), sizeof(to)), -EISCONN);
	EXPECT_EQ(__sys_accept4(fd[0], NULL, NULL, 0), -EINVAL);
	EXPECT_EQ(__sys_getsockopt(l, SOL_SOCKET, SO_ACCEPTCONN, &val, &len), 0);
	EXPECT_EQ(val, 1);
	EXPECT_EQ(__sys_connect(fd[0], SA(to), sizeof(to)), -EISCONN);
	EXPECT_EQ(__sys_connect(fd[0], SA(to), 1), -EINVAL);
	sockhost_leave(&h);
}

TEST(stream_connect_reports_and_may_be_tried_again)
{
	struct sockaddr_in to = LOOPBACK(5000);
	int fd, l, val, len = sizeof(val);
	struct sockhost h;

	sockhost_enter(&h);
	fd = __sys_socket(AF_INET, SOCK_STREAM, 0);
	EXPECT_EQ(__sys_connect(fd, SA(to), sizeof(to)), -ECONNREFUSED);
	EXPECT_EQ(__sys_getsockopt(fd, SOL_SOCKET, SO_ERROR, &val, &len), 0);
	EXPECT_EQ(val, 0);
	l = listener(5000, 0);
	EXPECT_EQ(__sys_connect(fd, SA(to), sizeof(to)), 0);
	EXPECT_GE(__sys_accept4(l, NULL, NULL, 0), 0);
	sockhost_leave(&h);
}

TEST(stream_nonblocking_connect_tells_by_poll)
{
	struct sockaddr_in to = LOOPBACK(5000);
	int fd, val, len = sizeof(val);
	struct sockhost h;

	sockhost_enter(&h);
	fd = __sys_socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	EXPECT_EQ(events(fd), POLLOUT | POLLHUP);
	EXPECT_EQ(__sys_connect(fd, SA(to), sizeof(to)), -EINPROGRESS);
	host_run();
	EXPECT_TRUE(events(fd) & POLLERR);
	EXPECT_EQ(__sys_getsockopt(fd, SOL_SOCKET, SO_ERROR, &val, &len), 0);
	EXPECT_EQ(val, ECONNREFUSED);
	EXPECT_EQ(__sys_connect(fd, SA(to), sizeof(to)), -ECONNABORTED);
	sockhost_leave(&h);
}

TEST(stream_shutdown_ends_one_direction)
{
	struct sockhost h;
	char buf[8] = "";
	int l, fd[2];

	sockhost_enter(&h);
	pair(fd, &l);
	EXPECT_EQ(put(fd[0], "last"), 4);
	EXPECT_EQ(__sys_shutdown(fd[0], SHUT_WR), 0);
	EXPECT_EQ(put(fd[0], "more"), -EPIPE);
	host_run();
	EXPECT_EQ(events(fd[1]), POLLIN | POLLOUT | POLLRDHUP);
	EXPECT_EQ(get(fd[1], buf, 8), 4);
	EXPECT_EQ(get(fd[1], buf, 8), 0);
	EXPECT_EQ(get(fd[1], buf, 8), 0);
	EXPECT_EQ(put(fd[1], "answer"), 6);
	host_run();
	EXPECT_EQ(get(fd[0], buf, 8), 6);
	EXPECT_EQ(__sys_shutdown(fd[1], SHUT_RDWR), 0);
	host_run();
	EXPECT_EQ(events(fd[0]), POLLIN | POLLOUT | POLLRDHUP | POLLHUP);
	EXPECT_EQ(get(fd[0], buf, 8), 0);
	sockhost_leave(&h);
}

TEST(stream_epoll_tells_of_a_half_closed_peer_once)
{
	struct epoll_event ev = { .events = EPOLLRDHUP | EPOLLET };
	struct sockhost h;
	int l, fd[2], epfd;

	sockhost_enter(&h);
	pair(fd, &l);
	epfd = __sys_epoll_create1(0);
	EXPECT_EQ(__sys_epoll_ctl(epfd, EPOLL_CTL_ADD, fd[1], &ev), 0);
	EXPECT_EQ(put(fd[0], "data"), 4);
	EXPECT_EQ(__sys_epoll_wait(epfd, &ev, 1, 0), 0);
	EXPECT_EQ(__sys_shutdown(fd[0], SHUT_WR), 0);
	EXPECT_EQ(__sys_epoll_wait(epfd, &ev, 1, (s64)NSEC_PER_SEC), 1);
	EXPECT_EQ(ev.events, EPOLLRDHUP);
	EXPECT_EQ(__sys_epoll_wait(epfd, &ev, 1, 0), 0);
	sockhost_leave(&h);
}

/* Whoever is told once has to accept until there is nothing; what comes after that
 * look is told of anew. */
TEST(stream_edge_triggered_accept_loop_misses_no_connection)
{
	struct epoll_event ev = { .events = EPOLLIN | EPOLLET };
	int l, epfd, round, i, found = 0;
	struct sockhost h;

	sockhost_enter(&h);
	l = listener(5000, SOCK_NONBLOCK);
	epfd = __sys_epoll_create1(0);
	EXPECT_EQ(__sys_epoll_ctl(epfd, EPOLL_CTL_ADD, l, &ev), 0);
	EXPECT_EQ(__sys_epoll_wait(epfd, &ev, 1, 0), 0);
	for (round = 1; round <= 4; round++) {
		for (i = 0; i < round; i++)
			dial_to(5000);
		EXPECT_EQ(__sys_epoll_wait(epfd, &ev, 1, (s64)NSEC_PER_SEC), 1);
		/* One is left for the next round: of it alone nothing is told. */
		while (found < round * (round + 1) / 2 - 1 &&
		       __sys_accept4(l, NULL, NULL, SOCK_NONBLOCK) >= 0)
			found++;
		EXPECT_EQ(found, round * (round + 1) / 2 - 1);
		EXPECT_EQ(__sys_epoll_wait(epfd, &ev, 1, 0), 0);
	}
	EXPECT_GE(__sys_accept4(l, NULL, NULL, SOCK_NONBLOCK), 0);
	EXPECT_EQ(__sys_accept4(l, NULL, NULL, SOCK_NONBLOCK), -EAGAIN);
	dial_to(5000);
	EXPECT_EQ(__sys_epoll_wait(epfd, &ev, 1, (s64)NSEC_PER_SEC), 1);
	EXPECT_GE(__sys_accept4(l, NULL, NULL, SOCK_NONBLOCK), 0);
	sockhost_leave(&h);
}

/* Over lo a segment has 64 KiB, and buffers grow by segments: this one does not. */
static void small_buffer(int fd)
{
	int bytes = 100000;

	EXPECT_EQ(__sys_setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes)), 0);
}

struct writer {
	int fd;
	size_t total;
	ssize_t last;
};

static int write_thread(void *arg)
{
	static char data[10000];
	struct writer *w = arg;

	while (w->total < 2000000) {
		w->last = __sys_sendto(w->fd, data, sizeof(data), 0, NULL, 0);
		if (w->last <= 0)
			break;
		w->total += (size_t)w->last;
	}
	return 0;
}

TEST(stream_a_writer_sleeps_until_the_reader_makes_room)
{
	static char buf[65536];
	struct writer w = { .total = 0 };
	struct sockhost h;
	size_t got = 0;
	int l, fd[2];
	ssize_t n;

	sockhost_enter(&h);
	pair(fd, &l);
	w.fd = fd[0];
	small_buffer(fd[0]);
	EXPECT_FALSE(IS_ERR(kthread_run(write_thread, &w, "writer")));
	host_sleep(10 * NSEC_PER_SEC);
	EXPECT_LT(w.total, 2000000);
	EXPECT_FALSE(events(fd[0]) & POLLOUT);
	while (got < 2000000 && (n = __sys_recvfrom(fd[1], buf, sizeof(buf), 0, NULL, NULL)) > 0)
		got += (size_t)n;
	EXPECT_EQ(got, 2000000);
	EXPECT_EQ(w.total, 2000000);
	sockhost_leave(&h);
}

TEST(stream_a_sleeping_writer_is_ended_by_a_reset_and_by_so_sndtimeo)
{
	struct __kernel_timeval tv = { 3, 0 };
	struct linger hard = { 1, 0 };
	struct writer w = { .total = 0 };
	struct sockhost h;
	int l, fd[2];

	sockhost_enter(&h);
	pair(fd, &l);
	w.fd = fd[0];
	small_buffer(fd[0]);
	EXPECT_EQ(__sys_setsockopt(fd[0], SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv)), 0);
	EXPECT_FALSE(IS_ERR(kthread_run(write_thread, &w, "writer")));
	/* One that copied a part, and one that copied nothing. */
	host_sleep(20 * NSEC_PER_SEC);
	EXPECT_EQ(w.last, -EAGAIN);
	EXPECT_EQ(__sys_setsockopt(fd[0], SOL_SOCKET, SO_SNDTIMEO,
				   &(struct __kernel_timeval){ 0, 0 }, sizeof(tv)), 0);
	EXPECT_FALSE(IS_ERR(kthread_run(write_thread, &w, "writer")));
	host_sleep(NSEC_PER_SEC);
	EXPECT_EQ(__sys_setsockopt(fd[1], SOL_SOCKET, SO_LINGER, &hard, sizeof(hard)), 0);
	EXPECT_EQ(close_fd((unsigned int)fd[1]), 0);
	host_sleep(NSEC_PER_SEC);
	EXPECT_EQ(w.last, -ECONNRESET);
	EXPECT_EQ(put(fd[0], "x"), -EPIPE);
	sockhost_leave(&h);
}

TEST(stream_close_lingers_until_all_is_acknowledged)
{
	struct linger soft = { 1, 20 };
	static char buf[65536];
	struct sockhost h;
	u64 start_ns;
	int l, fd[2];

	sockhost_enter(&h);
	pair(fd, &l);
	EXPECT_EQ(__sys_setsockopt(fd[0], SOL_SOCKET, SO_LINGER, &soft, sizeof(soft)), 0);
	/* The peer does not read: its window closes, and the time is waited out. */
	while (__sys_sendto(fd[0], buf, sizeof(buf), MSG_DONTWAIT, NULL, 0) > 0)
		host_sleep(NSEC_PER_MSEC);
	start_ns = ktime_get_ns();
	EXPECT_EQ(close_fd((unsigned int)fd[0]), 0);
	EXPECT_EQ(ktime_get_ns() - start_ns, 20 * NSEC_PER_SEC);
	sockhost_leave(&h);
}

TEST(stream_queues_can_be_asked_for)
{
	struct sockhost h;
	int l, fd[2], n = -1;

	sockhost_enter(&h);
	pair(fd, &l);
	EXPECT_EQ(put(fd[0], "12345"), 5);
	host_run();
	EXPECT_EQ(__sys_ioctl(fd[1], FIONREAD, (unsigned long)&n), 0);
	EXPECT_EQ(n, 5);
	EXPECT_EQ(__sys_ioctl(l, FIONREAD, (unsigned long)&n), -EINVAL);
	host_sleep(NSEC_PER_SEC);
	EXPECT_EQ(__sys_ioctl(fd[0], SIOCOUTQ, (unsigned long)&n), 0);
	EXPECT_EQ(n, 0);
	EXPECT_EQ(__sys_ioctl(fd[0], 0x8999, (unsigned long)&n), -ENOTTY);
	sockhost_leave(&h);
}
