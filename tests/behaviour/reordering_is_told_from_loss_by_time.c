// SPDX-License-Identifier: MIT
/*
 * RACK: what was sent before something that has arrived is lost when a quarter of
 * the round trip has passed, and this window grows by D-SACKs. TLP: the tail is
 * probed after two round trips, by new data if there is any.
 *
 * RFC: 8985
 */
#include "../host/segtest.h"

#define RTT	seg_ms(40)

static struct tcp_info info_of(const struct seg_conn *c)
{
	struct tcp_info info;

	seg_info(c->fd, &info);
	return info;
}

/* A round trip of 40 ms; @len bytes are written. */
static void connected(struct seg_conn *c, size_t len)
{
	seg_begin();
	EXPECT_EQ(tcp_set_default_congestion_control(seg_net, "reno"), 0);
	seg_passive_rtt(c, "mss 1000,sackOK", 60000, RTT);
	EXPECT_EQ(seg_write(c, len, 0), (ssize_t)len);
	seg_flush();
}

RULE("RFC 8985", "6.2", "one segment that arrived before another is no loss until a quarter of the "
     "minimum RTT has passed");
TEST(hole_is_retransmitted_after_the_reordering_window)
{
	struct seg_conn c;

	connected(&c, 10000);
	seg_sleep(RTT);
	seg_in(&c, ". 1:1(0) ack 1 <nop,nop,sack 1001:2001>");
	seg_out_at(&c, seg_ms(10), seg_ms(13), "p. 1:1001(1000) ack 1");
	seg_flush();
	seg_end();
}

RULE("RFC 8985", "6.2", "a segment that comes within the reordering window is not retransmitted");
TEST(reordering_within_the_window_brings_no_retransmission)
{
	struct seg_conn c;

	connected(&c, 10000);
	seg_sleep(RTT);
	seg_in(&c, ". 1:1(0) ack 1 <nop,nop,sack 1001:2001>");
	seg_sleep(seg_ms(8));
	seg_in(&c, ". 1:1(0) ack 2001");
	seg_in(&c, ". 1:1(0) ack 10001");
	seg_quiet(seg_s(1));
	EXPECT_EQ(info_of(&c).tcpi_total_retrans, 0);
	EXPECT_EQ(seg_mib(TCPSACKREORDER), 1);
	seg_end();
}

/* One more round of ten segments from @base: the first is reordered or lost. */
static void round_of_ten(struct seg_conn *c, u32 base)
{
	EXPECT_EQ(seg_write(c, 10000, 0), 10000);
	EXPECT_EQ(seg_flush(), 10);
	seg_sleep(RTT);
	seg_in(c, ". 1:1(0) ack %u <nop,nop,sack %u:%u>", base, base + 1000, base + 6000);
}

RULE("RFC 8985", "6.2", "until reordering is seen, three SACKed segments show a loss at once; then "
     "the window is waited for");
TEST(three_sacked_segments_are_enough_only_without_reordering)
{
	struct seg_conn c;

	connected(&c, 10000);
	seg_sleep(RTT);
	seg_in(&c, ". 1:1(0) ack 1 <nop,nop,sack 1001:4001>");
	seg_out(&c, "p. 1:1001(1000) ack 1");
	seg_flush();
	seg_end();

	connected(&c, 10000);
	seg_sleep(RTT);
	seg_in(&c, ". 1:1(0) ack 1 <nop,nop,sack 1001:2001>");
	/* A step of its own: reordering by two segments, not by ten. */
	seg_in(&c, ". 1:1(0) ack 2001");
	EXPECT_EQ(info_of(&c).tcpi_reordering, 3);
	seg_in(&c, ". 1:1(0) ack 10001");
	seg_none();
	round_of_ten(&c, 10001);
	seg_out_at(&c, seg_ms(10), seg_ms(13), "p. 10001:11001(1000) ack 1");
	seg_flush();
	seg_end();
}

RULE("RFC 8985", "6.2", "the reordering window grows by a quarter for a round trip with D-SACKs");
TEST(reordering_window_grows_by_dsacks)
{
	struct seg_conn c;

	connected(&c, 10000);
	seg_sleep(RTT);
	seg_in(&c, ". 1:1(0) ack 1 <nop,nop,sack 1001:2001>");
	seg_in(&c, ". 1:1(0) ack 10001");
	seg_none();
	round_of_ten(&c, 10001);
	seg_out_at(&c, seg_ms(10), seg_ms(13), "p. 10001:11001(1000) ack 1");
	/* It was late, not lost. */
	seg_in(&c, ". 1:1(0) ack 20001");
	seg_in(&c, ". 1:1(0) ack 20001 <nop,nop,sack 10001:11001>");
	seg_flush();
	round_of_ten(&c, 20001);
	seg_out_at(&c, seg_ms(20), seg_ms(23), "p. 20001:21001(1000) ack 1");
	seg_flush();
	seg_end();
}

RULE("RFC 8985", "7.2", "with one segment in flight the probe allows for a delayed ACK, and is not "
     "later than the RTO");
TEST(probe_of_a_lone_segment_waits_for_the_rto)
{
	struct seg_conn c;

	connected(&c, 1000);
	/* 2 SRTT and 200 ms would be 280 ms; the RTO is 240 ms. */
	seg_out_at(&c, seg_ms(239), seg_ms(242), "p. 1:1001(1000) ack 1");
	EXPECT_EQ(seg_mib(TCPLOSSPROBES), 1);
	EXPECT_EQ(seg_mib(TCPTIMEOUTS), 0);
	seg_in(&c, ". 1:1(0) ack 1001");
	seg_quiet(seg_s(1));
	seg_end();
}

RULE("RFC 8985", "7.3", "the probe is new data if there is any, whatever the congestion window");
TEST(probe_is_new_data_if_there_is_any)
{
	struct seg_conn c;

	connected(&c, 12000);
	EXPECT_EQ(info_of(&c).tcpi_unacked, 10);
	seg_out_at(&c, seg_ms(80), seg_ms(84), "p. 10001:11001(1000) ack 1");
	EXPECT_EQ(info_of(&c).tcpi_total_retrans, 0);
	seg_in(&c, ". 1:1(0) ack 11001");
	seg_flush();
	seg_end();
}

RULE("RFC 8985", "8", "after the probe the RTO runs: one probe, then a timeout");
TEST(timeout_follows_the_probe)
{
	struct seg_conn c;

	connected(&c, 3000);
	seg_out_at(&c, seg_ms(80), seg_ms(84), "p. 2001:3001(1000) ack 1");
	seg_out_at(&c, seg_ms(230), seg_ms(245), "p. 1:1001(1000) ack 1");
	EXPECT_EQ(seg_mib(TCPLOSSPROBES), 1);
	EXPECT_EQ(seg_mib(TCPTIMEOUTS), 1);
	seg_end();
}

RULE("RFC 8985", "7.3", "one probe at a time: none until the last one is answered");
TEST(second_probe_waits_for_the_answer_to_the_first)
{
	struct seg_conn c;

	connected(&c, 3000);
	seg_out_at(&c, seg_ms(80), seg_ms(84), "p. 2001:3001(1000) ack 1");
	EXPECT_EQ(seg_write(&c, 1000, 0), 1000);
	seg_out(&c, "p. 3001:4001(1000) ack 1");
	seg_quiet(seg_ms(150));
	EXPECT_EQ(seg_mib(TCPLOSSPROBES), 1);
	seg_in(&c, ". 1:1(0) ack 4001");
	seg_end();
}

RULE("RFC 8985", "7.4", "a loss that the probe repaired shrinks the window");
TEST(loss_that_the_probe_repaired_shrinks_the_window)
{
	struct seg_conn c;

	connected(&c, 3000);
	seg_out_at(&c, seg_ms(80), seg_ms(84), "p. 2001:3001(1000) ack 1");
	seg_sleep(RTT);
	seg_in(&c, ". 1:1(0) ack 3001");
	EXPECT_EQ(seg_write(&c, 1000, 0), 1000);
	seg_flush();
	seg_sleep(RTT);
	seg_in(&c, ". 1:1(0) ack 4001");
	EXPECT_EQ(seg_mib(TCPLOSSPROBERECOVERY), 1);
	EXPECT_EQ(info_of(&c).tcpi_snd_ssthresh, 5);
	seg_end();
}

RULE("RFC 8985", "7.4", "a D-SACK shows that the probe repaired nothing: the window stays");
TEST(probe_that_was_not_needed_changes_nothing)
{
	struct seg_conn c;

	connected(&c, 3000);
	seg_out_at(&c, seg_ms(80), seg_ms(84), "p. 2001:3001(1000) ack 1");
	seg_in(&c, ". 1:1(0) ack 3001");
	seg_sleep(RTT);
	seg_in(&c, ". 1:1(0) ack 3001 <nop,nop,sack 2001:3001>");
	EXPECT_EQ(seg_write(&c, 1000, 0), 1000);
	seg_flush();
	seg_sleep(RTT);
	seg_in(&c, ". 1:1(0) ack 4001");
	EXPECT_EQ(seg_mib(TCPLOSSPROBERECOVERY), 0);
	EXPECT_GT(info_of(&c).tcpi_snd_ssthresh, 1000000);
	seg_end();
}
