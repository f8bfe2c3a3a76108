// SPDX-License-Identifier: MIT
/*
 * What connect(), bind(), listen(), send() and recv() say when it does not work.
 *
 * Linux: connect(2), tcp(7), ip(7)
 */
#include "../host/segtest.h"

#include <uapi/linux/in.h>

TEST(connect_to_a_host_without_answer_to_arp_is_unreachable)
{
	struct seg_conn c;

	seg_begin();
	seg_conn_init(&c);
	c.raddr = SEG_NOBODY;
	EXPECT_EQ(seg_connect_start(&c), -EINPROGRESS);
	seg_sleep(seg_s(5));
	EXPECT_EQ(seg_error(c.fd), EHOSTUNREACH);
	EXPECT_EQ(seg_state(c.fd), TCP_CLOSE);
	seg_none();
	seg_end();
}

/* FEATURES 3.2, 9 */
TEST(first_syn_to_an_unknown_neighbour_arrives)
{
	struct seg_conn c;

	seg_begin();
	seg_conn_init(&c);
	c.raddr = 0x0a000042;
	EXPECT_EQ(seg_connect_start(&c), -EINPROGRESS);
	seg_out(&c, "S 0:0(0) <*>");
	seg_end();
}

RULE("RFC 9293", "3.9.1.1", "MUST-46: an OPEN to a broadcast or multicast address is refused");
TEST(connect_to_broadcast_is_refused)
{
	struct seg_conn c;

	seg_begin();
	seg_conn_init(&c);
	c.raddr = 0x0a0000ff;
	EXPECT_EQ(seg_connect_start(&c), -ENETUNREACH);
	c.raddr = 0xffffffff;
	EXPECT_EQ(seg_connect_start(&c), -ENETUNREACH);
	c.raddr = 0xe0000001;
	EXPECT_EQ(seg_connect_start(&c), -ENETUNREACH);
	seg_none();
	seg_end();
}

TEST(connect_to_an_own_closed_port_is_refused)
{
	struct seg_conn c;

	seg_begin();
	seg_conn_init(&c);
	c.raddr = SEG_HOST;
	c.rport = 9;
	/* Through lo: the answer is there before we look. */
	EXPECT_EQ(seg_connect_start(&c), -EINPROGRESS);
	EXPECT_EQ(seg_error(c.fd), ECONNREFUSED);
	seg_end();
}

TEST(wrong_addresses_are_refused)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(80) };
	int fd;

	seg_begin();
	fd = seg_socket();
	sin.sin_addr.s_addr = htonl(SEG_PEER);
	EXPECT_EQ(__sys_connect(fd, (struct sockaddr *)&sin, 8), -EINVAL);
	sin.sin_family = AF_INET6;
	EXPECT_EQ(__sys_connect(fd, (struct sockaddr *)&sin, sizeof(sin)), -EAFNOSUPPORT);
	sin.sin_family = AF_INET;
	EXPECT_EQ(__sys_bind(fd, (struct sockaddr *)&sin, sizeof(sin)), -EADDRNOTAVAIL);
	EXPECT_EQ(__sys_bind(fd, (struct sockaddr *)&sin, 4), -EINVAL);
	EXPECT_EQ(__sys_bind(fd, NULL, sizeof(sin)), -EFAULT);
	EXPECT_EQ(__sys_bind(99, (struct sockaddr *)&sin, sizeof(sin)), -EBADF);
	seg_end();
}

RULE("RFC 9293", "3.10", "calls in the wrong state are refused");
TEST(calls_in_the_wrong_state_are_refused)
{
	struct seg_conn c, l;
	u8 byte = 0;

	seg_begin();
	seg_conn_init(&c);
	c.fd = seg_socket();
	EXPECT_EQ(seg_write(&c, 1, MSG_NOSIGNAL), -EPIPE);
	EXPECT_EQ(seg_recv(&c, &byte, 1, 0), -ENOTCONN);
	EXPECT_EQ(seg_accept(c.fd, &c), -EINVAL);
	EXPECT_EQ(seg_poll(c.fd), POLLOUT | POLLHUP);
	seg_conn_init(&l);
	l.fd = seg_listen(SEG_PORT, 5);
	EXPECT_EQ(seg_poll(l.fd), 0);
	EXPECT_EQ(seg_write(&l, 1, MSG_NOSIGNAL), -EPIPE);
	EXPECT_EQ(seg_recv(&l, &byte, 1, 0), -ENOTCONN);
	EXPECT_EQ(seg_connect_start(&l), -EISCONN);
	EXPECT_EQ(seg_accept(l.fd, &l), -EAGAIN);
	seg_end();
}

TEST(port_in_use_cannot_be_bound_twice)
{
	int a, b;

	seg_begin();
	a = seg_socket();
	b = seg_socket();
	EXPECT_EQ(seg_bind(a, 1234), 0);
	EXPECT_EQ(seg_bind(b, 1234), -EADDRINUSE);
	EXPECT_EQ(seg_bind(a, 1235), -EINVAL);
	seg_setsockopt(a, SOL_SOCKET, SO_REUSEADDR, 1);
	seg_setsockopt(b, SOL_SOCKET, SO_REUSEADDR, 1);
	EXPECT_EQ(seg_bind(b, 1234), 0);
	EXPECT_EQ(__sys_listen(a, 1), 0);
	/* SO_REUSEADDR does not let two listen. */
	EXPECT_EQ(__sys_listen(b, 1), -EADDRINUSE);
	seg_end();
}

RULE("RFC 9293", "3.9.1.8", "MUST-47: errors are reported to the program");
TEST(error_is_told_once_and_then_the_end)
{
	struct seg_conn c;
	u8 byte;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_in(&c, "R 1:1(0)");
	EXPECT_EQ(seg_write(&c, 1, MSG_NOSIGNAL), -ECONNRESET);
	EXPECT_EQ(seg_write(&c, 1, MSG_NOSIGNAL), -EPIPE);
	EXPECT_EQ(seg_recv(&c, &byte, 1, 0), 0);
	EXPECT_EQ(seg_error(c.fd), 0);
	seg_end();
}

RULE_AS_LINUX("RFC 9293", "3.10.7.4",
	      "a reset is told, and what was received may still be read",
	      "data in the receive queue is read before the error is told");
TEST(data_before_a_reset_is_still_read)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_in(&c, "P. 1:101(100) ack 1");
	seg_flush();
	seg_in(&c, "R 101:101(0)");
	EXPECT_EQ(seg_read(&c, 100), 100);
	EXPECT_EQ(seg_read(&c, 100), -ECONNRESET);
	EXPECT_EQ(seg_read(&c, 100), 0);
	seg_end();
}

TEST(reset_in_close_wait_is_a_broken_pipe)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_in(&c, "F. 1:1(0) ack 1");
	seg_sleep(seg_ms(50));
	seg_flush();
	seg_in(&c, "R 2:2(0)");
	EXPECT_EQ(seg_error(c.fd), EPIPE);
	seg_end();
}

TEST(connect_to_af_unspec_dissolves_the_connection)
{
	struct sockaddr sa = { .sa_family = AF_UNSPEC };
	struct seg_conn c;

	seg_begin();
	seg_active(&c, "mss 1000", 32768);
	EXPECT_EQ(__sys_connect(c.fd, &sa, sizeof(sa)), 0);
	seg_out(&c, "R. 1:1(0) ack 1");
	EXPECT_EQ(seg_state(c.fd), TCP_CLOSE);
	c.lisn_known = false;
	EXPECT_EQ(seg_connect_start(&c), -EINPROGRESS);
	seg_out(&c, "S 0:0(0) <*>");
	seg_end();
}
