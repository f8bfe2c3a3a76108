// SPDX-License-Identifier: MIT
/*
 * ACK compression: of a burst out of order the first three segments are reported at
 * once, the others together, a moment later.
 *
 * RFC: 5681 3.2, 2018 4; Linux: tcp_comp_sack_nr, tcp_comp_sack_delay_ns,
 * tcp_comp_sack_slack_ns
 */
#include "../host/segtest.h"

static void three_at_once(struct seg_conn *c)
{
	seg_in(c, ". 1001:2001(1000) ack 1");
	seg_out(c, ". 1:1(0) ack 1 <nop,nop,sack 1001:2001>");
	seg_in(c, ". 2001:3001(1000) ack 1");
	seg_out(c, ". 1:1(0) ack 1 <nop,nop,sack 1001:3001>");
	seg_in(c, ". 3001:4001(1000) ack 1");
	seg_out(c, ". 1:1(0) ack 1 <nop,nop,sack 1001:4001>");
}

RULE_AS_LINUX("RFC 5681", "4.2", "every segment out of order is acknowledged at once",
	      "the first three are, then some together (tcp_comp_sack_nr)");
TEST(fourth_sack_waits_for_those_behind_it)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000,sackOK", 32768);
	three_at_once(&c);
	seg_in(&c, ". 4001:5001(1000) ack 1");
	seg_in(&c, ". 5001:6001(1000) ack 1");
	seg_in(&c, ". 6001:7001(1000) ack 1");
	seg_none();
	/* The delay is a share of a round trip that is not known; the slack is left. */
	seg_out_at(&c, 100 * NSEC_PER_USEC, 100 * NSEC_PER_USEC,
		   ". 1:1(0) ack 1 <nop,nop,sack 1001:7001>");
	EXPECT_EQ(seg_mib(TCPACKCOMPRESSED), 2);
	seg_quiet(seg_ms(10));
	seg_end();
}

TEST(sacks_held_back_are_no_more_than_the_limit)
{
	struct seg_conn c;

	seg_begin();
	seg_sysctl(tcp_comp_sack_nr) = 2;
	seg_passive(&c, "mss 1000,sackOK", 32768);
	three_at_once(&c);
	seg_in(&c, ". 4001:5001(1000) ack 1");
	seg_in(&c, ". 5001:6001(1000) ack 1");
	seg_none();
	seg_in(&c, ". 6001:7001(1000) ack 1");
	seg_out(&c, ". 1:1(0) ack 1 <nop,nop,sack 1001:7001>");
	EXPECT_EQ(seg_mib(TCPACKCOMPRESSED), 2);
	seg_quiet(seg_ms(10));
	seg_end();
}

TEST(sacks_are_not_held_back_without_the_setting)
{
	struct seg_conn c;

	seg_begin();
	seg_sysctl(tcp_comp_sack_nr) = 0;
	seg_passive(&c, "mss 1000,sackOK", 32768);
	three_at_once(&c);
	seg_in(&c, ". 4001:5001(1000) ack 1");
	seg_out(&c, ". 1:1(0) ack 1 <nop,nop,sack 1001:5001>");
	EXPECT_EQ(seg_mib(TCPACKCOMPRESSED), 0);
	seg_end();
}

RULE("RFC 5681", "4.2", "the segment that fills the gap is acknowledged at once");
TEST(filled_gap_is_reported_at_once_for_all)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000,sackOK", 32768);
	three_at_once(&c);
	seg_in(&c, ". 4001:5001(1000) ack 1");
	seg_none();
	seg_in(&c, ". 1:1001(1000) ack 1");
	seg_out(&c, ". 1:1(0) ack 5001");
	EXPECT_EQ(seg_mib(TCPACKCOMPRESSED), 1);
	seg_quiet(seg_ms(10));
	EXPECT_EQ(seg_read(&c, 10000), 5000);
	seg_flush();
	seg_end();
}

/* More blocks than most reports hold: what waits is told first. */
TEST(third_block_does_not_wait_for_the_timer)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000,sackOK", 32768);
	three_at_once(&c);
	seg_in(&c, ". 6001:7001(1000) ack 1");
	seg_in(&c, ". 8001:9001(1000) ack 1");
	seg_out(&c, ". 1:1(0) ack 1 <nop,nop,sack 6001:7001 1001:4001>");
	seg_none();
	seg_out_at(&c, 0, seg_ms(1), ". 1:1(0) ack 1 <nop,nop,sack 8001:9001 6001:7001 1001:4001>");
	seg_end();
}

/* 5 % of the round trip: 20 ms of it are more than tcp_comp_sack_delay_ns. */
TEST(sacks_wait_for_a_share_of_the_round_trip)
{
	struct seg_conn c;

	seg_begin();
	seg_sysctl(tcp_comp_sack_slack_ns) = 0;
	seg_passive(&c, "mss 1000,sackOK,TS val 100 ecr 0", 32768);
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	seg_flush();
	seg_sleep(seg_ms(10));
	/* It answers, so the round trip can be told: 10 ms, a twentieth is 500 us. */
	seg_in(&c, "P. 1:1001(1000) ack 101 <nop,nop,TS val 110 ecr 0>");
	seg_flush();
	EXPECT_EQ(seg_read(&c, 1000), 1000);
	seg_flush();
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_TCP, TCP_QUICKACK, 0), 0);
	seg_in(&c, ". 2001:3001(1000) ack 101 <nop,nop,TS val 110 ecr 0>");
	seg_in(&c, ". 3001:4001(1000) ack 101 <nop,nop,TS val 110 ecr 0>");
	seg_in(&c, ". 4001:5001(1000) ack 101 <nop,nop,TS val 110 ecr 0>");
	EXPECT_EQ(seg_flush(), 3);
	seg_in(&c, ". 5001:6001(1000) ack 101 <nop,nop,TS val 110 ecr 0>");
	seg_none();
	seg_out_at(&c, 1, seg_ms(1),
		   ". 101:101(0) ack 1001 <nop,nop,TS val * ecr 110,nop,nop,sack 2001:6001>");
	seg_end();
}
