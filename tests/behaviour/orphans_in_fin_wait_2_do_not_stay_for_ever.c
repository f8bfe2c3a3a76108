// SPDX-License-Identifier: MIT
/*
 * FIN-WAIT-2 without a program: ends after tcp_fin_timeout; TCP_LINGER2 changes
 * that; data for nobody is reset.
 *
 * RFC: 9293 3.6; 1122 4.2.2.13; Linux: tcp(7)
 */
#include "../host/segtest.h"

static void orphan(struct seg_conn *c, int linger2)
{
	seg_passive(c, "mss 1000", 32768);
	if (linger2)
		EXPECT_EQ(seg_setsockopt(c->fd, SOL_TCP, TCP_LINGER2, linger2), 0);
	EXPECT_EQ(seg_close(c), 0);
	seg_out(c, "F. 1:1(0) ack 1");
	seg_in(c, ". 1:1(0) ack 2");
	seg_none();
}

RULE_AS_LINUX("RFC 9293", "3.6",
	      "FIN-WAIT-2 of a socket that a program closed",
	      "ends after tcp_fin_timeout: 60 s");
TEST(orphan_in_fin_wait_2_ends_after_60_seconds)
{
	struct seg_conn c;

	seg_begin();
	orphan(&c, 0);
	seg_quiet(seg_s(59));
	EXPECT_EQ(seg_count(TCP_FIN_WAIT2), 1);
	seg_quiet(seg_s(2));
	EXPECT_EQ(seg_count(TCP_FIN_WAIT2), 0);
	/* The FIN that comes then finds nobody. */
	seg_in(&c, "F. 1:1(0) ack 2");
	seg_out(&c, "R 2:2(0) win 0");
	seg_end();
}

TEST(fin_in_time_makes_it_time_wait)
{
	struct seg_conn c;

	seg_begin();
	orphan(&c, 0);
	seg_quiet(seg_s(59));
	seg_in(&c, "F. 1:1(0) ack 2");
	seg_out(&c, ". 2:2(0) ack 2");
	EXPECT_EQ(seg_count(TCP_TIME_WAIT), 1);
	seg_quiet(seg_s(59));
	EXPECT_EQ(seg_count(TCP_TIME_WAIT), 1);
	seg_quiet(seg_s(2));
	EXPECT_EQ(seg_count(TCP_TIME_WAIT), 0);
	seg_end();
}

TEST(linger2_sets_the_time)
{
	struct seg_conn c;

	seg_begin();
	orphan(&c, 5);
	seg_quiet(seg_s(4));
	EXPECT_EQ(seg_count(TCP_FIN_WAIT2), 1);
	seg_quiet(seg_s(2));
	EXPECT_EQ(seg_count(TCP_FIN_WAIT2), 0);
	seg_end();
}

/* The peer acknowledged the FIN of shutdown() before close() came. */
TEST(close_in_fin_wait_2_with_a_negative_linger2_resets)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_TCP, TCP_LINGER2, -1), 0);
	EXPECT_EQ(__sys_shutdown(c.fd, SHUT_WR), 0);
	seg_out(&c, "F. 1:1(0) ack 1");
	seg_in(&c, ". 1:1(0) ack 2");
	EXPECT_EQ(seg_count(TCP_FIN_WAIT2), 1);
	EXPECT_EQ(seg_close(&c), 0);
	seg_out(&c, "R. 2:2(0) ack 1");
	EXPECT_EQ(seg_count(TCP_FIN_WAIT2), 0);
	EXPECT_EQ(seg_mib(TCPABORTONLINGER), 1);
	seg_end();
}

TEST(linger2_above_60_seconds_keeps_it_longer)
{
	struct seg_conn c;

	seg_begin();
	/* Linux: what is above 60 s counts twice. */
	orphan(&c, 100);
	seg_quiet(seg_s(79));
	EXPECT_EQ(seg_count(TCP_FIN_WAIT2), 1);
	seg_quiet(seg_s(2));
	EXPECT_EQ(seg_count(TCP_FIN_WAIT2), 0);
	seg_end();
}

RULE("RFC 1122", "4.2.2.13", "data that nobody will read is answered by a reset");
RULE("RFC 9293", "3.6.1", "MAY-1: close() closes both directions: data that comes is answered by a reset");
TEST(data_for_an_orphan_is_reset)
{
	struct seg_conn c;

	seg_begin();
	orphan(&c, 0);
	seg_in(&c, "P. 1:101(100) ack 2");
	seg_out(&c, "R 2:2(0) win 0");
	EXPECT_EQ(seg_count(TCP_FIN_WAIT2), 0);
	seg_end();
}

TEST(data_for_an_orphan_in_fin_wait_1_is_reset)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_close(&c), 0);
	seg_out(&c, "F. 1:1(0) ack 1");
	seg_in(&c, "P. 1:101(100) ack 1");
	seg_out(&c, "R 1:1(0) win 0");
	EXPECT_EQ(seg_count(TCP_FIN_WAIT1), 0);
	EXPECT_EQ(seg_mib(TCPABORTONDATA), 1);
	seg_end();
}

TEST(orphan_without_answer_ends)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	seg_out(&c, "P. 1:101(100) ack 1");
	EXPECT_EQ(seg_close(&c), 0);
	seg_flush();
	seg_sleep(seg_s(300));
	/* tcp_orphan_retries: 8 */
	EXPECT_GE(seg_flush(), 7);
	EXPECT_EQ(seg_count(TCP_FIN_WAIT1), 0);
	EXPECT_EQ(seg_net->ipv4.tcp_orphan_count, 0);
	seg_quiet(seg_s(300));
	seg_end();
}
