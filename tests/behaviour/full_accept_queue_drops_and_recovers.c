// SPDX-License-Identifier: MIT
/*
 * When the accept queue is full, SYNs and last ACKs are dropped in silence: the
 * peers try again, and succeed once there is room. Established connections are
 * not harmed.
 *
 * RFC: 4987; Linux: listen(2), tcp_abort_on_overflow
 */
#include "../host/segtest.h"

/* The first fills half of a backlog of one; the others are half open when its
 * other half is filled. */
static void three_handshakes(struct seg_conn *c)
{
	int i;

	seg_conn_init(&c[0]);
	seg_handshake(&c[0], "mss 1000", 32768);
	for (i = 1; i < 3; i++) {
		seg_conn_init(&c[i]);
		seg_in(&c[i], "S 0:0(0) <mss 1000>");
		seg_out(&c[i], "S. 0:0(0) ack 1 <mss 1460>");
	}
	for (i = 1; i < 3; i++)
		seg_in(&c[i], ". 1:1(0) ack 1");
}

RULE_AS_LINUX("RFC 9293", "3.10.7.4",
	      "the third ACK completes the handshake",
	      "not while the accept queue is full: it is ignored, the SYN-ACK repeated");
TEST(last_ack_is_ignored_while_the_accept_queue_is_full)
{
	struct seg_conn c[3], accepted;
	int listener;

	seg_begin();
	listener = seg_listen(SEG_PORT, 1);
	three_handshakes(c);
	seg_none();
	/* A backlog of n lets n + 1 wait. */
	EXPECT_EQ(seg_count(TCP_ESTABLISHED), 2);
	EXPECT_EQ(seg_count(TCP_SYN_RECV), 1);
	EXPECT_GE(seg_mib(LISTENOVERFLOWS), 1);

	EXPECT_GE(seg_accept(listener, &accepted), 0);
	seg_out_at(&c[2], seg_ms(999), seg_ms(1001), "S. 0:0(0) ack 1 <mss 1460>");
	seg_in(&c[2], ". 1:1(0) ack 1");
	EXPECT_EQ(seg_count(TCP_ESTABLISHED), 3);
	EXPECT_GE(seg_accept(listener, &accepted), 0);
	EXPECT_GE(seg_accept(listener, &accepted), 0);
	EXPECT_EQ(seg_accept(listener, &accepted), -EAGAIN);
	seg_end();
}

TEST(syn_is_dropped_while_the_accept_queue_is_full)
{
	struct seg_conn c[3];
	int listener, i;

	seg_begin();
	listener = seg_listen(SEG_PORT, 1);
	for (i = 0; i < 2; i++) {
		seg_conn_init(&c[i]);
		seg_handshake(&c[i], "mss 1000", 32768);
	}
	seg_conn_init(&c[2]);
	seg_in(&c[2], "S 0:0(0) <mss 1000>");
	seg_none();
	EXPECT_EQ(seg_mib(LISTENDROPS), 1);
	/* The others live. */
	EXPECT_GE(seg_accept(listener, &c[0]), 0);
	seg_in(&c[0], "P. 1:11(10) ack 1");
	seg_out(&c[0], ". 1:1(0) ack 11");
	seg_in(&c[2], "S 0:0(0) <mss 1000>");
	seg_out(&c[2], "S. 0:0(0) ack 1 <mss 1460>");
	seg_end();
}

TEST(abort_on_overflow_resets_the_last_ack)
{
	struct seg_conn c[3];

	seg_begin();
	seg_sysctl(tcp_abort_on_overflow) = 1;
	EXPECT_GE(seg_listen(SEG_PORT, 1), 0);
	three_handshakes(c);
	seg_out(&c[2], "R 1:1(0) win 0");
	seg_end();
}

TEST(closing_a_listener_resets_what_waits_in_its_queue)
{
	struct seg_conn c[2], l;

	seg_begin();
	seg_conn_init(&l);
	l.fd = seg_listen(SEG_PORT, 5);
	seg_conn_init(&c[0]);
	seg_handshake(&c[0], "mss 1000", 32768);
	seg_conn_init(&c[1]);
	seg_in(&c[1], "S 0:0(0) <mss 1000>");
	seg_out(&c[1], "S. 0:0(0) ack 1 <mss 1460>");
	EXPECT_EQ(seg_close(&l), 0);
	/* Never accepted: reset. Half open: forgotten. */
	seg_out(&c[0], "R. 1:1(0) ack 1");
	seg_none();
	EXPECT_EQ(seg_count(TCP_ESTABLISHED), 0);
	/* By its timer. */
	seg_quiet(seg_s(10));
	EXPECT_EQ(seg_count(TCP_SYN_RECV), 0);
	seg_end();
}

RULE("RFC 4987", "3.2", "the number of half-open connections has a bound");
TEST(half_open_connections_are_bounded)
{
	unsigned int i, answered = 0;
	struct seg_conn c;

	seg_begin();
	seg_sysctl(tcp_syncookies) = 0;
	seg_sysctl(max_syn_backlog) = 64;
	EXPECT_GE(seg_listen(SEG_PORT, 128), 0);
	for (i = 0; i < 500; i++) {
		seg_conn_init(&c);
		c.raddr = 0x0a000005;
		seg_in(&c, "S 0:0(0) <mss 1000>");
		answered += seg_flush();
	}
	EXPECT_GT(answered, 0);
	/* Not the listener's backlog: strangers have three quarters of this one. */
	EXPECT_LE(answered, 49);
	EXPECT_EQ(seg_count(TCP_SYN_RECV), answered);
	seg_sleep(seg_s(70));
	seg_flush();
	EXPECT_EQ(seg_count(TCP_SYN_RECV), 0);
	seg_end();
}
