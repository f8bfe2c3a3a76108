// SPDX-License-Identifier: MIT
/*
 * What a peer can make us keep has a bound: data out of order is merged and thrown
 * away when the buffer is full, all of TCP has its pages, connections that nobody
 * owns are counted. Listeners of one port share what comes.
 *
 * RFC: 9293 3.10.7.4 leaves it open; Linux's tcp_mem, tcp_max_orphans, SO_REUSEPORT
 */
#include "../host/segtest.h"

RULE_AS_LINUX("RFC 9293", "3.10.7.4", "how much that is out of order is kept is a choice",
	      "within the receive buffer; beyond it is merged, then thrown away from the far end");
TEST(small_segments_out_of_order_do_not_outgrow_the_buffer)
{
	struct seg_conn c;
	unsigned int i;

	seg_begin();
	seg_passive(&c, "mss 1000,sackOK", 32768);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_SOCKET, SO_RCVBUF, 8192), 0);
	/* Bytes 3, 5, 7 …: each in a segment of its own. */
	for (i = 0; i < 400; i++) {
		seg_in(&c, ". %u:%u(1) ack 1", 2 * i + 3, 2 * i + 4);
		EXPECT_LE(seg_net->ipv4.tcp_memory.allocated_pages, 16);
		seg_flush();
	}
	EXPECT_GT(seg_mib(PRUNECALLED), 0);
	EXPECT_GT(seg_mib(OFOPRUNED) + seg_mib(TCPOFODROP) + seg_mib(TCPRCVCOLLAPSED), 0);
	/* What is sent again is received, all of it and once. */
	for (i = 0; i < 8; i++)
		seg_in(&c, "P. %u:%u(100) ack 1", i * 100 + 1, i * 100 + 101);
	EXPECT_EQ(seg_read(&c, 2000), 800);
	seg_flush();
	seg_end();
}

RULE_AS_LINUX("RFC 9293", "3.9.1.2", "memory for what a program sends has a bound",
	      "tcp_mem: above its limit a write gets what is there for one packet of 64 KiB");
TEST(writes_stop_when_the_pages_of_tcp_are_gone)
{
	struct seg_conn c, d;
	int listener;
	ssize_t got;

	seg_begin();
	seg_passive(&c, "mss 1000", 0);
	listener = seg_listen(SEG_PORT, 5);
	seg_conn_init(&d);
	seg_handshake(&d, "mss 1000", 0);
	EXPECT_GE(seg_accept(listener, &d), 0);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_SOCKET, SO_SNDBUF, 200000), 0);
	EXPECT_EQ(seg_setsockopt(d.fd, SOL_SOCKET, SO_SNDBUF, 200000), 0);
	seg_sysctl(tcp_mem)[0] = 1;
	seg_sysctl(tcp_mem)[1] = 2;
	seg_sysctl(tcp_mem)[2] = 3;
	EXPECT_GT(seg_write(&c, 100000, 0), 0);
	EXPECT_EQ(seg_write(&c, 1000, 0), -EAGAIN);
	EXPECT_LE(seg_net->ipv4.tcp_memory.allocated_pages, 18);
	/* Another connection gets its first packet all the same. */
	got = seg_write(&d, 200000, 0);
	EXPECT_GT(got, 0);
	EXPECT_LE(got, 65536);
	seg_flush();
	seg_end();
}

/* A large segment takes the place of a small one: what was taken of the pool for the large
 * one is given back with the small one, and the account is below zero. */
TEST(writes_stop_when_more_is_used_than_was_taken_of_the_pages_of_tcp)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000,sackOK", 8000);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_SOCKET, SO_SNDBUF, 100000), 0);
	/* Some is sent, a segment that is not full waits for the window. */
	EXPECT_EQ(seg_write(&c, 12500, 0), 12500);
	seg_flush();
	seg_in(&c, ". 1001:1101(100) ack 1");
	seg_in(&c, ". 1001:2001(1000) ack 1");
	seg_flush();
	seg_sysctl(tcp_mem)[0] = 0;
	seg_sysctl(tcp_mem)[1] = 0;
	seg_sysctl(tcp_mem)[2] = 0;
	EXPECT_LT(seg_sock(c.fd)->sk_forward_alloc, 0);
	EXPECT_EQ(seg_write(&c, 1000, 0), -EAGAIN);
	seg_flush();
	seg_end();
}

RULE_AS_LINUX("RFC 9293", "3.6", "connections that no program owns have a bound",
	      "tcp_max_orphans: beyond it they are reset");
TEST(too_many_orphans_are_reset)
{
	struct seg_conn c, d;

	seg_begin();
	seg_sysctl(tcp_max_orphans) = 1;
	seg_passive(&c, "mss 1000", 32768);
	seg_passive(&d, "mss 1000", 32768);
	EXPECT_EQ(seg_close(&c), 0);
	seg_out(&c, "F. 1:1(0) ack 1");
	EXPECT_EQ(seg_close(&d), 0);
	seg_out(&d, "F. 1:1(0) ack 1");
	seg_out(&d, "R. 2:2(0) ack 1");
	EXPECT_EQ(seg_mib(TCPABORTONMEMORY), 1);
	EXPECT_EQ(seg_count(TCP_FIN_WAIT1), 1);
	seg_end();
}

/* A listener that shares its port. */
static int sharing_listener(void)
{
	int fd = seg_socket();

	EXPECT_EQ(seg_setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, 1), 0);
	EXPECT_EQ(seg_bind(fd, SEG_PORT), 0);
	EXPECT_EQ(__sys_listen(fd, 100), 0);
	return fd;
}

static int count_accepted(int listener)
{
	struct seg_conn c;
	int n = 0;

	while (seg_accept(listener, &c) >= 0)
		n++;
	return n;
}

RULE_AS_LINUX("RFC 9293", "3.9.1.1", "several listeners of the same address and port",
	      "SO_REUSEPORT: connections are spread by a hash of their addresses");
TEST(connections_are_spread_over_the_listeners_of_a_port)
{
	int a, b, i, at_a, at_b;
	struct seg_conn c;

	seg_begin();
	a = sharing_listener();
	b = sharing_listener();
	for (i = 0; i < 64; i++) {
		seg_conn_init(&c);
		seg_handshake(&c, "mss 1000", 32768);
	}
	at_a = count_accepted(a);
	at_b = count_accepted(b);
	EXPECT_EQ(at_a + at_b, 64);
	EXPECT_GE(at_a, 16);
	EXPECT_GE(at_b, 16);
	seg_end();
}
