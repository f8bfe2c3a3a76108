// SPDX-License-Identifier: MIT
/*
 * TCP_DEFER_ACCEPT: the bare third ACK does not complete the connection, data
 * does; when it does not come the SYN-ACK is repeated, and an ACK of that one
 * completes it after all.
 *
 * Linux: tcp(7)
 */
#include "../host/segtest.h"

static int deferring(struct seg_conn *c, int seconds)
{
	int listener;

	seg_begin();
	listener = seg_listen(SEG_PORT, 5);
	EXPECT_EQ(seg_setsockopt(listener, SOL_TCP, TCP_DEFER_ACCEPT, seconds), 0);
	seg_conn_init(c);
	seg_in(c, "S 0:0(0) <mss 1000>");
	seg_out(c, "S. 0:0(0) ack 1 <mss 1460>");
	seg_in(c, ". 1:1(0) ack 1");
	seg_none();
	EXPECT_EQ(seg_accept(listener, c), -EAGAIN);
	EXPECT_EQ(seg_count(TCP_SYN_RECV), 1);
	return listener;
}

RULE_AS_LINUX("RFC 9293", "3.10.7.4",
	      "TCP_DEFER_ACCEPT: the third ACK alone opens nothing",
	      "the listener is told when data comes");
TEST(deferred_connection_comes_with_its_data)
{
	struct seg_conn c;
	int listener = deferring(&c, 5);

	seg_quiet(seg_s(1));
	seg_in(&c, "P. 1:31(30) ack 1");
	seg_out(&c, ". 1:1(0) ack 31");
	EXPECT_GE(seg_accept(listener, &c), 0);
	EXPECT_EQ(seg_read(&c, 100), 30);
	EXPECT_EQ(seg_mib(TCPDEFERACCEPTDROP), 1);
	seg_end();
}

TEST(deferred_connection_without_data_is_asked_again_and_then_taken)
{
	struct seg_conn c;
	/* 1 + 2 seconds: two timeouts; the last of them repeats the SYN-ACK. */
	int listener = deferring(&c, 3);

	EXPECT_EQ(seg_getsockopt(listener, SOL_TCP, TCP_DEFER_ACCEPT), 3);
	seg_quiet(seg_ms(900));
	seg_out_at(&c, 0, seg_s(4), "S. 0:0(0) ack 1 <mss 1460>");
	seg_sleep(seg_s(3));
	seg_flush();
	seg_in(&c, ". 1:1(0) ack 1");
	seg_none();
	EXPECT_GE(seg_accept(listener, &c), 0);
	seg_end();
}

TEST(deferred_connection_can_be_reset)
{
	struct seg_conn c;
	int listener = deferring(&c, 5);

	seg_in(&c, "R 1:1(0)");
	seg_none();
	EXPECT_EQ(seg_count(TCP_SYN_RECV), 0);
	EXPECT_EQ(seg_mib(EMBRYONICRSTS), 1);
	EXPECT_EQ(seg_accept(listener, &c), -EAGAIN);
	seg_end();
}
