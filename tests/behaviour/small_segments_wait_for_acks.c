// SPDX-License-Identifier: MIT
/*
 * Nagle's algorithm, and the ways to have it otherwise: TCP_NODELAY, TCP_CORK,
 * MSG_MORE. Segment boundaries are exact.
 *
 * RFC: 9293 3.7.4 (SHLD-7, MUST-17), 896; Linux: Minshall's variation, tcp(7)
 */
#include "../host/segtest.h"

RULE("RFC 9293", "3.7.4", "SHLD-7: Nagle: a small segment waits while a small one is in flight");
TEST(second_small_segment_waits_for_the_ack_of_the_first)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_write(&c, 10, 0), 10);
	seg_out(&c, "P. 1:11(10) ack 1");
	EXPECT_EQ(seg_write(&c, 10, 0), 10);
	EXPECT_EQ(seg_write(&c, 20, 0), 20);
	seg_none();
	seg_in(&c, ". 1:1(0) ack 11");
	seg_out(&c, "P. 11:41(30) ack 1");
	seg_end();
}

RULE("RFC 9293", "3.9.1.2", "SHLD-28: segments are full where they can be");
RULE("RFC 9293", "3.9.1.2", "MUST-60: data is not held back for ever");
TEST(full_segments_do_not_wait)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_write(&c, 10, 0), 10);
	seg_out(&c, "P. 1:11(10) ack 1");
	EXPECT_EQ(seg_write(&c, 2500, 0), 2500);
	seg_out(&c, ". 11:1011(1000) ack 1");
	seg_out(&c, "P. 1011:2011(1000) ack 1");
	seg_none();
	seg_in(&c, ". 1:1(0) ack 2011");
	seg_out(&c, "P. 2011:2511(500) ack 1");
	seg_end();
}

RULE_AS_LINUX("RFC 9293", "3.7.4",
	      "Nagle: a small segment after full ones",
	      "does not wait (Minshall)");
TEST(small_segment_after_full_ones_does_not_wait)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_write(&c, 1500, 0), 1500);
	seg_out(&c, ". 1:1001(1000) ack 1");
	seg_out(&c, "P. 1001:1501(500) ack 1");
	seg_in(&c, ". 1:1(0) ack 1501");
	/* Nor does one of a write of its own, which is behind a full one in flight. */
	EXPECT_EQ(seg_write(&c, 1000, 0), 1000);
	seg_out(&c, "P. 1501:2501(1000) ack 1");
	EXPECT_EQ(seg_write(&c, 500, 0), 500);
	seg_out(&c, "P. 2501:3001(500) ack 1");
	/* Behind that one it would. */
	EXPECT_EQ(seg_write(&c, 10, 0), 10);
	seg_none();
	seg_in(&c, ". 1:1(0) ack 3001");
	seg_out(&c, "P. 3001:3011(10) ack 1");
	seg_end();
}

RULE("RFC 9293", "3.7.4", "MUST-17: a program can switch Nagle's algorithm off");
TEST(nodelay_sends_each_write)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_TCP, TCP_NODELAY, 1), 0);
	EXPECT_EQ(seg_getsockopt(c.fd, SOL_TCP, TCP_NODELAY), 1);
	EXPECT_EQ(seg_write(&c, 10, 0), 10);
	seg_out(&c, "P. 1:11(10) ack 1");
	EXPECT_EQ(seg_write(&c, 10, 0), 10);
	seg_out(&c, "P. 11:21(10) ack 1");
	EXPECT_EQ(seg_write(&c, 1010, 0), 1010);
	seg_out(&c, ". 21:1021(1000) ack 1");
	seg_out(&c, "P. 1021:1031(10) ack 1");
	seg_end();
}

TEST(nodelay_sends_what_waits)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_write(&c, 10, 0), 10);
	seg_out(&c, "P. 1:11(10) ack 1");
	EXPECT_EQ(seg_write(&c, 10, 0), 10);
	seg_none();
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_TCP, TCP_NODELAY, 1), 0);
	seg_out(&c, "P. 11:21(10) ack 1");
	seg_end();
}

RULE_AS_LINUX("RFC 9293", "3.9.1.2",
	      "MAY-16: data that is not pushed is collected",
	      "TCP_CORK, for 200 ms at most");
TEST(cork_sends_full_segments_only_until_it_is_pulled)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_TCP, TCP_CORK, 1), 0);
	EXPECT_EQ(seg_getsockopt(c.fd, SOL_TCP, TCP_CORK), 1);
	EXPECT_EQ(seg_write(&c, 10, 0), 10);
	EXPECT_EQ(seg_write(&c, 20, 0), 20);
	seg_none();
	EXPECT_EQ(seg_write(&c, 1470, 0), 1470);
	seg_out(&c, ". 1:1001(1000) ack 1");
	seg_none();
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_TCP, TCP_CORK, 0), 0);
	seg_out(&c, "P. 1001:1501(500) ack 1");
	seg_end();
}

TEST(corked_data_goes_after_200_ms_at_the_latest)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_TCP, TCP_CORK, 1), 0);
	EXPECT_EQ(seg_write(&c, 10, 0), 10);
	seg_out_at(&c, seg_ms(190), seg_ms(210), "P. 1:11(10) ack 1");
	seg_end();
}

TEST(msg_more_holds_the_small_rest)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_write(&c, 10, MSG_MORE), 10);
	seg_none();
	EXPECT_EQ(seg_write(&c, 1000, MSG_MORE), 1000);
	seg_out(&c, ". 1:1001(1000) ack 1");
	seg_none();
	EXPECT_EQ(seg_write(&c, 10, 0), 10);
	seg_out(&c, "P. 1001:1021(20) ack 1");
	seg_end();
}

TEST(corked_data_goes_with_the_fin)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_TCP, TCP_CORK, 1), 0);
	EXPECT_EQ(seg_write(&c, 10, 0), 10);
	seg_none();
	EXPECT_EQ(__sys_shutdown(c.fd, SHUT_WR), 0);
	seg_out(&c, "FP. 1:11(10) ack 1");
	seg_end();
}

RULE("RFC 9293", "3.9.1.2", "MUST-61: PSH stands on the last segment of what was written");
RULE_AS_LINUX("RFC 9293", "3.9.1.2", "MAY-15: a program can ask for PSH",
	      "each write has it, unless MSG_MORE or TCP_CORK says that more follows");
TEST(psh_stands_on_the_last_segment_of_a_write)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 65535);
	EXPECT_EQ(seg_write(&c, 3000, 0), 3000);
	seg_out(&c, ". 1:1001(1000) ack 1");
	seg_out(&c, ". 1001:2001(1000) ack 1");
	seg_out(&c, "P. 2001:3001(1000) ack 1");
	EXPECT_EQ(seg_write(&c, 10, 0), 10);
	seg_out(&c, "P. 3001:3011(10) ack 1");
	seg_in(&c, ". 1:1(0) ack 3011");
	/* More follows, said the program: it does not know that yet. */
	EXPECT_EQ(seg_write(&c, 1000, MSG_MORE), 1000);
	seg_out(&c, ". 3011:4011(1000) ack 1");
	seg_end();
}

TEST(tcp_maxseg_makes_segments_smaller)
{
	struct seg_conn c;

	seg_begin();
	seg_conn_init(&c);
	c.fd = seg_socket();
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_TCP, TCP_MAXSEG, 500), 0);
	EXPECT_EQ(seg_connect_start(&c), -EINPROGRESS);
	seg_out(&c, "S 0:0(0) <mss 500,sackOK,TS val * ecr 0,nop,wscale 7>");
	seg_in(&c, "S. 0:0(0) ack 1 <mss 1000>");
	seg_out(&c, ". 1:1(0) ack 1");
	EXPECT_EQ(seg_write(&c, 700, 0), 700);
	seg_out(&c, ". 1:501(500) ack 1");
	seg_out(&c, "P. 501:701(200) ack 1");
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_TCP, TCP_MAXSEG, 10), -EINVAL);
	seg_end();
}
