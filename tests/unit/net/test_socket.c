// SPDX-License-Identifier: MIT
/* net/socket.c, socket_calls.c, core/datagram.c, ipv4/af_inet.c: by UDP over lo. */
#include <linux/err.h>
#include <linux/ktime.h>
#include <linux/sched.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <net/sock.h>

#include "../test.h"
#include "sockhost.h"

#define SA(a)	((struct sockaddr *)&(a))

static ssize_t send_to(int fd, const char *text, u16 port)
{
	struct sockaddr_in to = LOOPBACK(port);

	return __sys_sendto(fd, text, strlen(text), 0, SA(to), sizeof(to));
}

TEST(socket_refuses_what_is_not_there)
{
	struct sockhost h;

	sockhost_enter(&h);
	EXPECT_EQ(__sys_socket(AF_INET, SOCK_DGRAM | 0x100, 0), -EINVAL);
	EXPECT_EQ(__sys_socket(AF_INET6, SOCK_DGRAM, 0), -EAFNOSUPPORT);
	EXPECT_EQ(__sys_socket(-1, SOCK_DGRAM, 0), -EAFNOSUPPORT);
	EXPECT_EQ(__sys_socket(AF_MAX, SOCK_DGRAM, 0), -EAFNOSUPPORT);
	EXPECT_EQ(__sys_socket(AF_INET, 15, 0), -EINVAL);
	EXPECT_EQ(__sys_socket(AF_INET, SOCK_SEQPACKET, 0), -ESOCKTNOSUPPORT);
	EXPECT_EQ(__sys_socket(AF_INET, SOCK_DGRAM, 99), -EPROTONOSUPPORT);
	EXPECT_EQ(__sys_socket(AF_INET, SOCK_DGRAM, 262), -EPROTONOSUPPORT);
	EXPECT_EQ(__sys_socket(AF_INET, SOCK_DGRAM, 263), -EINVAL);
	EXPECT_EQ(__sys_socket(AF_INET, SOCK_DGRAM, -1), -EINVAL);
	sockhost_leave(&h);
}

TEST(socket_calls_on_what_is_no_socket)
{
	struct sockaddr_in addr = ANY(0);
	int len = sizeof(addr), epfd;
	struct sockhost h;

	sockhost_enter(&h);
	epfd = __sys_epoll_create1(0);
	EXPECT_EQ(__sys_bind(epfd, SA(addr), len), -ENOTSOCK);
	EXPECT_EQ(__sys_listen(epfd, 1), -ENOTSOCK);
	EXPECT_EQ(__sys_accept4(epfd, NULL, NULL, 0), -ENOTSOCK);
	EXPECT_EQ(__sys_connect(99, SA(addr), len), -EBADF);
	EXPECT_EQ(__sys_getsockname(99, SA(addr), &len), -EBADF);
	EXPECT_EQ(__sys_sendto(99, "x", 1, 0, NULL, 0), -EBADF);
	EXPECT_EQ(__sys_recvfrom(epfd, &addr, 1, 0, NULL, NULL), -ENOTSOCK);
	EXPECT_EQ(__sys_shutdown(99, 0), -EBADF);
	sockhost_leave(&h);
}

TEST(socket_udp_datagrams_go_over_lo)
{
	struct sockaddr_in from = ANY(0);
	int len = sizeof(from), a, b;
	struct sockhost h;
	char buf[32] = "";

	sockhost_enter(&h);
	a = sockhost_udp(4000, 0);
	b = sockhost_udp(4001, 0);
	EXPECT_EQ(send_to(a, "hello", 4001), 5);
	EXPECT_EQ(__sys_recvfrom(b, buf, sizeof(buf), 0, SA(from), &len), 5);
	EXPECT_STREQ(buf, "hello");
	EXPECT_EQ(len, sizeof(from));
	EXPECT_EQ(ntohs(from.sin_port), 4000);
	EXPECT_EQ(ntohl(from.sin_addr.s_addr), INADDR_LOOPBACK);
	/* Empty ones are datagrams too. */
	EXPECT_EQ(send_to(a, "", 4001), 0);
	EXPECT_EQ(__sys_recvfrom(b, buf, sizeof(buf), MSG_DONTWAIT, NULL, NULL), 0);
	EXPECT_EQ(__sys_recvfrom(b, buf, sizeof(buf), MSG_DONTWAIT, NULL, NULL), -EAGAIN);
	sockhost_leave(&h);
}

TEST(socket_connected_udp_reads_and_writes_like_a_file)
{
	struct sockaddr_in to = LOOPBACK(4001), name;
	int len = sizeof(name), a, b;
	struct sockhost h;
	char buf[32] = "";

	sockhost_enter(&h);
	a = sockhost_udp(0, 0);
	b = sockhost_udp(4001, 0);
	EXPECT_EQ(syscall_dispatch(__NR_write, a, (long)"x", 1, 0, 0, 0), -EDESTADDRREQ);
	EXPECT_EQ(__sys_getpeername(a, SA(name), &len), -ENOTCONN);
	EXPECT_EQ(__sys_connect(a, SA(to), sizeof(to)), 0);
	EXPECT_EQ(__sys_getpeername(a, SA(name), &len), 0);
	EXPECT_EQ(ntohs(name.sin_port), 4001);
	EXPECT_EQ(__sys_getsockname(a, SA(name), &len), 0);
	EXPECT_NE(name.sin_port, 0);
	EXPECT_EQ(syscall_dispatch(__NR_write, a, (long)"abc", 3, 0, 0, 0), 3);
	EXPECT_EQ(syscall_dispatch(__NR_read, b, (long)buf, 2, 0, 0, 0), 2);
	/* AF_UNSPEC dissolves it. */
	to.sin_family = AF_UNSPEC;
	EXPECT_EQ(__sys_connect(a, SA(to), sizeof(to)), 0);
	EXPECT_EQ(__sys_getpeername(a, SA(name), &len), -ENOTCONN);
	sockhost_leave(&h);
}

TEST(socket_names_are_cut_and_tell_their_length)
{
	struct sockaddr_in name;
	struct sockhost h;
	int fd, len;

	sockhost_enter(&h);
	fd = sockhost_udp(4001, 0);
	len = 4;
	memset(&name, 0xee, sizeof(name));
	EXPECT_EQ(__sys_getsockname(fd, SA(name), &len), 0);
	EXPECT_EQ(len, sizeof(name));
	EXPECT_EQ(ntohs(name.sin_port), 4001);
	EXPECT_EQ(name.sin_addr.s_addr, (__force __be32)0xeeeeeeee);
	len = -1;
	EXPECT_EQ(__sys_getsockname(fd, SA(name), &len), -EINVAL);
	len = 16;
	EXPECT_EQ(__sys_getsockname(fd, NULL, &len), -EFAULT);
	EXPECT_EQ(__sys_getsockname(fd, SA(name), NULL), -EFAULT);
	sockhost_leave(&h);
}

TEST(socket_bind_checks_address_port_and_state)
{
	struct sockaddr_in addr = LOOPBACK(4001), far = sockhost_addr(0x08080808, 1);
	struct sockhost h;
	int a, b;

	sockhost_enter(&h);
	a = sockhost_udp(4001, 0);
	b = sockhost_udp(0, 0);
	EXPECT_EQ(__sys_bind(b, SA(addr), sizeof(addr)), -EADDRINUSE);
	EXPECT_EQ(__sys_bind(a, SA(addr), sizeof(addr)), -EINVAL);
	EXPECT_EQ(__sys_bind(b, SA(far), sizeof(far)), -EADDRNOTAVAIL);
	EXPECT_EQ(__sys_bind(b, SA(addr), 3), -EINVAL);
	EXPECT_EQ(__sys_bind(b, SA(addr), -1), -EINVAL);
	EXPECT_EQ(__sys_bind(b, SA(addr), 1000), -EINVAL);
	EXPECT_EQ(__sys_bind(b, NULL, sizeof(addr)), -EFAULT);
	addr.sin_family = 77;
	EXPECT_EQ(__sys_bind(b, SA(addr), sizeof(addr)), -EAFNOSUPPORT);
	EXPECT_EQ(__sys_listen(b, 5), -EOPNOTSUPP);
	EXPECT_EQ(__sys_accept4(b, NULL, NULL, 0), -EOPNOTSUPP);
	EXPECT_EQ(__sys_accept4(b, NULL, NULL, 1), -EINVAL);
	sockhost_leave(&h);
}

TEST(socket_reading_waits_for_the_datagram)
{
	struct __kernel_timeval tv = { .tv_usec = 20000 };
	struct sockhost h;
	u64 start_ns;
	char buf[8];
	int fd;

	sockhost_enter(&h);
	fd = sockhost_udp(4001, 0);
	EXPECT_EQ(__sys_setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)), 0);
	start_ns = ktime_get_ns();
	EXPECT_EQ(__sys_recvfrom(fd, buf, sizeof(buf), 0, NULL, NULL), -EAGAIN);
	EXPECT_EQ(ktime_get_ns() - start_ns, 20 * NSEC_PER_MSEC);
	sockhost_leave(&h);
}

struct reader {
	int fd;
	ssize_t got;
	char buf[16];
};

static int reader_thread(void *arg)
{
	struct reader *r = arg;

	r->got = __sys_recvfrom(r->fd, r->buf, sizeof(r->buf), 0, NULL, NULL);
	return 0;
}

TEST(socket_one_datagram_wakes_one_of_two_readers)
{
	struct reader r[2] = { { .got = -1 }, { .got = -1 } };
	struct sockhost h;
	int fd, out, i;

	sockhost_enter(&h);
	fd = sockhost_udp(4001, 0);
	out = sockhost_udp(0, 0);
	for (i = 0; i < 2; i++) {
		r[i].fd = fd;
		EXPECT_FALSE(IS_ERR(kthread_run(reader_thread, &r[i], "reader")));
	}
	host_run();
	EXPECT_EQ(send_to(out, "one", 4001), 3);
	host_run();
	EXPECT_EQ((r[0].got == 3) + (r[1].got == 3), 1);
	EXPECT_EQ(send_to(out, "two", 4001), 3);
	host_run();
	EXPECT_EQ((r[0].got == 3) + (r[1].got == 3), 2);
	sockhost_leave(&h);
}

TEST(socket_shutdown_and_kill_end_a_waiting_read)
{
	struct sockaddr_in self = LOOPBACK(4001);
	struct reader r = { .got = -99 };
	struct task_struct *t;
	struct sockhost h;

	sockhost_enter(&h);
	r.fd = sockhost_udp(4001, 0);
	t = kthread_run(reader_thread, &r, "reader");
	host_run();
	task_kill(t);
	host_run();
	EXPECT_EQ(r.got, -EINTR);
	EXPECT_EQ(__sys_shutdown(r.fd, SHUT_RD), -ENOTCONN);
	EXPECT_EQ(__sys_connect(r.fd, SA(self), sizeof(self)), 0);
	EXPECT_FALSE(IS_ERR(kthread_run(reader_thread, &r, "reader")));
	host_run();
	EXPECT_EQ(__sys_shutdown(r.fd, SHUT_RD), 0);
	host_run();
	EXPECT_EQ(r.got, 0);
	EXPECT_EQ(__sys_shutdown(r.fd, 3), -EINVAL);
	sockhost_leave(&h);
}

TEST(socket_a_closed_port_is_reported_once)
{
	struct sockaddr_in to = LOOPBACK(4009);
	struct pollfd p = { .events = POLLIN };
	int err, len = sizeof(err), fd;
	struct sockhost h;

	sockhost_enter(&h);
	fd = p.fd = sockhost_udp(0, 0);
	EXPECT_EQ(__sys_connect(fd, SA(to), sizeof(to)), 0);
	EXPECT_EQ(__sys_sendto(fd, "x", 1, 0, NULL, 0), 1);
	host_run();
	EXPECT_EQ(__sys_poll(&p, 1, 0), 1);
	EXPECT_TRUE(p.revents & POLLERR);
	EXPECT_EQ(__sys_getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len), 0);
	EXPECT_EQ(err, ECONNREFUSED);
	EXPECT_EQ(__sys_getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len), 0);
	EXPECT_EQ(err, 0);
	EXPECT_EQ(__sys_recvfrom(fd, &err, 4, MSG_DONTWAIT, NULL, NULL), -EAGAIN);
	sockhost_leave(&h);
}

TEST(socket_peeking_leaves_the_datagram)
{
	struct sockhost h;
	char buf[8] = "";
	int fd;

	sockhost_enter(&h);
	fd = sockhost_udp(4001, SOCK_NONBLOCK);
	EXPECT_EQ(send_to(fd, "first", 4001), 5);
	EXPECT_EQ(send_to(fd, "second", 4001), 6);
	EXPECT_EQ(__sys_recvfrom(fd, buf, 3, MSG_PEEK, NULL, NULL), 3);
	EXPECT_STREQ(buf, "fir");
	EXPECT_EQ(__sys_recvfrom(fd, buf, 3, MSG_PEEK | MSG_TRUNC, NULL, NULL), 5);
	EXPECT_EQ(__sys_recvfrom(fd, buf, 8, 0, NULL, NULL), 5);
	EXPECT_EQ(__sys_recvfrom(fd, buf, 8, 0, NULL, NULL), 6);
	EXPECT_EQ(__sys_recvfrom(fd, buf, 8, 0, NULL, NULL), -EAGAIN);
	sockhost_leave(&h);
}

/* ---- sendmsg, recvmsg ----------------------------------------------------------------- */

TEST(socket_messages_gather_and_scatter)
{
	struct sockaddr_in to = LOOPBACK(4001), from;
	char ab[] = "ab", cde[] = "cde", x[2], y[2];
	struct iovec out[3] = { { ab, 2 }, { NULL, 0 }, { cde, 3 } };
	struct iovec in[2] = { { x, 2 }, { y, 2 } };
	struct user_msghdr smsg = { .msg_name = &to, .msg_namelen = sizeof(to),
				    .msg_iov = out, .msg_iovlen = 3 };
	struct user_msghdr rmsg = { .msg_name = &from, .msg_namelen = sizeof(from),
				    .msg_iov = in, .msg_iovlen = 2 };
	struct sockhost h;
	int fd;

	sockhost_enter(&h);
	fd = sockhost_udp(4001, SOCK_NONBLOCK);
	EXPECT_EQ(__sys_sendmsg(fd, &smsg, 0), 5);
	EXPECT_EQ(__sys_recvmsg(fd, &rmsg, 0), 4);
	EXPECT_MEMEQ(x, "ab", 2);
	EXPECT_MEMEQ(y, "cd", 2);
	EXPECT_EQ(rmsg.msg_flags, MSG_TRUNC);
	EXPECT_EQ(rmsg.msg_namelen, sizeof(from));
	EXPECT_EQ(ntohs(from.sin_port), 4001);
	EXPECT_EQ(rmsg.msg_controllen, 0);
	sockhost_leave(&h);
}

TEST(socket_messages_check_every_pointer_and_length)
{
	struct sockaddr_in to = LOOPBACK(4001);
	char ab[] = "ab";
	struct iovec iov = { ab, 2 };
	struct user_msghdr good = { .msg_name = &to, .msg_namelen = sizeof(to),
				    .msg_iov = &iov, .msg_iovlen = 1 };
	struct user_msghdr msg;
	struct sockhost h;
	int fd;

	sockhost_enter(&h);
	fd = sockhost_udp(4001, SOCK_NONBLOCK);
	EXPECT_EQ(__sys_sendmsg(fd, NULL, 0), -EFAULT);
	msg = good;
	msg.msg_namelen = -1;
	EXPECT_EQ(__sys_sendmsg(fd, &msg, 0), -EINVAL);
	msg = good;
	msg.msg_iovlen = UIO_MAXIOV + 1;
	EXPECT_EQ(__sys_sendmsg(fd, &msg, 0), -EMSGSIZE);
	msg = good;
	msg.msg_iov = NULL;
	EXPECT_EQ(__sys_sendmsg(fd, &msg, 0), -EFAULT);
	msg = good;
	msg.msg_controllen = 1UL << 40;
	EXPECT_EQ(__sys_sendmsg(fd, &msg, 0), -ENOBUFS);
	msg = good;
	msg.msg_controllen = 24;
	EXPECT_EQ(__sys_sendmsg(fd, &msg, 0), -EFAULT);
	iov.iov_base = NULL;
	EXPECT_EQ(__sys_sendmsg(fd, &good, 0), -EFAULT);
	EXPECT_EQ(__sys_sendto(fd, NULL, 5, 0, SA(to), sizeof(to)), -EFAULT);
	EXPECT_EQ(__sys_recvfrom(fd, NULL, 5, 0, NULL, NULL), -EFAULT);
	sockhost_leave(&h);
}

TEST(socket_timestamps_come_as_control_messages_and_are_cut_when_too_long)
{
	char control[64] __aligned(8), data[8];
	struct iovec iov = { data, sizeof(data) };
	struct user_msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control,
				   .msg_controllen = sizeof(control) };
	const struct cmsghdr *cmsg = (const struct cmsghdr *)control;
	struct sockhost h;
	int on = 1, fd;

	sockhost_enter(&h);
	fd = sockhost_udp(4001, SOCK_NONBLOCK);
	EXPECT_EQ(__sys_setsockopt(fd, SOL_SOCKET, SO_TIMESTAMP, &on, sizeof(on)), 0);
	EXPECT_EQ(send_to(fd, "a", 4001), 1);
	EXPECT_EQ(__sys_recvmsg(fd, &msg, 0), 1);
	EXPECT_EQ(msg.msg_controllen, 32);
	EXPECT_EQ(cmsg->cmsg_len, 32);
	EXPECT_EQ(cmsg->cmsg_level, SOL_SOCKET);
	EXPECT_EQ(cmsg->cmsg_type, SO_TIMESTAMP);
	EXPECT_EQ(*(const s64 *)(const void *)(control + 16), ktime_get_ns() / NSEC_PER_SEC);
	EXPECT_EQ(msg.msg_flags, 0);
	EXPECT_EQ(send_to(fd, "a", 4001), 1);
	msg.msg_controllen = 20;
	EXPECT_EQ(__sys_recvmsg(fd, &msg, 0), 1);
	EXPECT_EQ(msg.msg_flags, MSG_CTRUNC);
	EXPECT_EQ(msg.msg_controllen, 20);
	EXPECT_EQ(send_to(fd, "a", 4001), 1);
	msg.msg_control = NULL;
	EXPECT_EQ(__sys_recvmsg(fd, &msg, 0), 1);
	EXPECT_EQ(msg.msg_flags, MSG_CTRUNC);
	sockhost_leave(&h);
}

/* ---- memory ---------------------------------------------------------------------------- */

TEST(socket_without_memory_leaves_nothing_behind)
{
	struct sockhost h;
	unsigned long n;
	int fd;

	sockhost_enter(&h);
	for (n = 1; n < 6; n++) {
		slab_fail_after(n, 0);
		fd = __sys_socket(AF_INET, SOCK_DGRAM, 0);
		slab_fail_after(0, 0);
		EXPECT_EQ(fd, n <= 3 ? -ENOMEM : 0);
		if (fd >= 0)
			EXPECT_EQ(close_fd((unsigned int)fd), 0);
	}
	EXPECT_EQ(h.net->core.sockets_used, 0);
	sockhost_leave(&h);
}

TEST(socket_sending_without_memory_loses_at_most_the_datagram)
{
	struct sockhost h;
	unsigned long n;
	ssize_t ret;
	char buf[8];
	int fd;

	sockhost_enter(&h);
	fd = sockhost_udp(4001, SOCK_NONBLOCK);
	EXPECT_EQ(send_to(fd, "warm", 4001), 4);
	EXPECT_EQ(__sys_recvfrom(fd, buf, 8, 0, NULL, NULL), 4);
	for (n = 1; n < 12; n++) {
		slab_fail_after(n, 0);
		ret = send_to(fd, "x", 4001);
		slab_fail_after(0, 0);
		EXPECT_TRUE(ret == 1 || ret == -ENOBUFS || ret == -ENOMEM);
		host_run();
		ret = __sys_recvfrom(fd, buf, 8, 0, NULL, NULL);
		EXPECT_TRUE(ret == 1 || ret == -EAGAIN);
	}
	sockhost_leave(&h);
}

TEST(socket_receive_buffer_bounds_what_waits)
{
	struct sockhost h;
	int fd, val = 1, sent, got = 0;
	char buf[512] = "";

	sockhost_enter(&h);
	fd = sockhost_udp(4001, SOCK_NONBLOCK);
	EXPECT_EQ(__sys_setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &val, sizeof(val)), 0);
	memset(buf, 'x', sizeof(buf) - 1);
	for (sent = 0; sent < 50; sent++)
		EXPECT_EQ(send_to(fd, buf, 4001), 511);
	host_run();
	while (__sys_recvfrom(fd, buf, sizeof(buf), 0, NULL, NULL) > 0)
		got++;
	EXPECT_GE(got, 1);
	EXPECT_LT(got, 10);
	EXPECT_EQ(h.net->drops[SKB_DROP_REASON_SOCKET_RCVBUFF], (u64)(sent - got));
	sockhost_leave(&h);
}

static int deny(struct socket *sock, struct msghdr *msg, int size)
{
	return size == 3 ? -EACCES : 0;
}

TEST(socket_security_hook_can_refuse)
{
	static const struct security_ops ops = { .sock_sendmsg = deny };
	struct sockhost h;
	int fd;

	sockhost_enter(&h);
	fd = sockhost_udp(4001, SOCK_NONBLOCK);
	security_register(&ops);
	EXPECT_EQ(send_to(fd, "abc", 4001), -EACCES);
	EXPECT_EQ(send_to(fd, "abcd", 4001), 4);
	security_register(NULL);
	EXPECT_EQ(send_to(fd, "abc", 4001), 3);
	sockhost_leave(&h);
}

TEST(socket_epoll_tells_of_datagrams)
{
	struct epoll_event ev = { .events = EPOLLIN | EPOLLET, .data = 3 };
	struct sockhost h;
	int fd, epfd;
	char buf[8];

	sockhost_enter(&h);
	fd = sockhost_udp(4001, SOCK_NONBLOCK);
	epfd = __sys_epoll_create1(0);
	EXPECT_EQ(__sys_epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &ev), 0);
	EXPECT_EQ(__sys_epoll_wait(epfd, &ev, 1, 0), 0);
	EXPECT_EQ(send_to(fd, "a", 4001), 1);
	EXPECT_EQ(__sys_epoll_wait(epfd, &ev, 1, -1), 1);
	EXPECT_EQ(ev.events, EPOLLIN);
	EXPECT_EQ(ev.data, 3);
	EXPECT_EQ(__sys_epoll_wait(epfd, &ev, 1, 0), 0);
	EXPECT_EQ(__sys_recvfrom(fd, buf, 8, 0, NULL, NULL), 1);
	EXPECT_EQ(close_fd((unsigned int)fd), 0);
	EXPECT_EQ(__sys_epoll_wait(epfd, &ev, 1, 0), 0);
	sockhost_leave(&h);
}
