// SPDX-License-Identifier: MIT
/*
 * PAWS: a segment whose timestamp is older than TS.Recent is a leftover:
 * acknowledged and dropped. Not so a RST, nor after 24 days of silence.
 *
 * RFC: 7323 4.3, 5.2 to 5.5
 */
#include "../host/segtest.h"

#define DAY		(24ULL * 3600 * NSEC_PER_SEC)

static void established(struct seg_conn *c)
{
	seg_passive(c, "mss 1000,TS val 100 ecr 0", 32768);
	seg_in(c, "P. 1:11(10) ack 1 <nop,nop,TS val 1000 ecr 0>");
	seg_out(c, ". 1:1(0) ack 11 <nop,nop,TS val * ecr 1000>");
	EXPECT_EQ(seg_read(c, 100), 10);
}

RULE("RFC 7323", "5.3", "PAWS: a segment with an old timestamp is answered by an ACK and dropped");
TEST(segment_with_an_old_timestamp_is_acknowledged_and_dropped)
{
	struct seg_conn c;

	seg_begin();
	established(&c);
	seg_in(&c, "P. 11:21(10) ack 1 <nop,nop,TS val 998 ecr 0>");
	seg_out(&c, ". 1:1(0) ack 11 <nop,nop,TS val * ecr 1000>");
	EXPECT_EQ(seg_read(&c, 100), -EAGAIN);
	EXPECT_EQ(seg_drops(TCP_RFC7323_PAWS), 1);
	EXPECT_EQ(seg_mib(PAWSESTABREJECTED), 1);
	/* The same time again is good. */
	seg_in(&c, "P. 11:21(10) ack 1 <nop,nop,TS val 1000 ecr 0>");
	seg_out(&c, ". 1:1(0) ack 21 <nop,nop,TS val * ecr 1000>");
	EXPECT_EQ(seg_read(&c, 100), 10);
	seg_end();
}

RULE("RFC 7323", "5.2", "timestamps are compared modulo 2^32");
/* Linux: TCP_PAWS_WINDOW. A segment that a later one has overtaken was sent a tick
 * before it, perhaps; that does not make it old. */
TEST(timestamp_one_tick_back_is_taken_and_not_remembered)
{
	struct seg_conn c;

	seg_begin();
	established(&c);
	seg_in(&c, "P. 11:21(10) ack 1 <nop,nop,TS val 999 ecr 0>");
	seg_out(&c, ". 1:1(0) ack 21 <nop,nop,TS val * ecr 1000>");
	EXPECT_EQ(seg_read(&c, 100), 10);
	EXPECT_EQ(seg_mib(PAWSESTABREJECTED), 0);
	seg_in(&c, "P. 21:31(10) ack 1 <nop,nop,TS val 998 ecr 0>");
	seg_out(&c, ". 1:1(0) ack 21 <nop,nop,TS val * ecr 1000>");
	EXPECT_EQ(seg_mib(PAWSESTABREJECTED), 1);
	seg_end();
}

TEST(timestamps_are_compared_modulo_2_to_the_32)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000,TS val 100 ecr 0", 32768);
	seg_in(&c, "P. 1:11(10) ack 1 <nop,nop,TS val 2147483000 ecr 0>");
	seg_in(&c, "P. 11:21(10) ack 1 <nop,nop,TS val 4294963000 ecr 0>");
	seg_in(&c, "P. 21:31(10) ack 1 <nop,nop,TS val 5 ecr 0>");
	EXPECT_EQ(seg_read(&c, 100), 30);
	seg_flush();
	seg_in(&c, "P. 31:41(10) ack 1 <nop,nop,TS val 4294963001 ecr 0>");
	seg_out(&c, ". 1:1(0) ack 31 <nop,nop,TS val * ecr 5>");
	EXPECT_EQ(seg_read(&c, 100), -EAGAIN);
	seg_end();
}

RULE("RFC 7323", "5.2", "PAWS is not for a RST");
TEST(rst_with_an_old_timestamp_still_resets)
{
	struct seg_conn c;

	seg_begin();
	established(&c);
	seg_in(&c, "R. 11:11(0) ack 1 <nop,nop,TS val 5 ecr 0>");
	seg_none();
	EXPECT_EQ(seg_state(c.fd), TCP_CLOSE);
	EXPECT_EQ(seg_error(c.fd), ECONNRESET);
	seg_end();
}

RULE("RFC 7323", "5.5", "after 24 days TS.Recent is not valid any more");
TEST(old_timestamp_is_accepted_after_24_days)
{
	struct seg_conn c;

	seg_begin();
	established(&c);
	seg_sleep(24 * DAY + seg_s(2));
	seg_in(&c, "P. 11:21(10) ack 1 <nop,nop,TS val 5 ecr 0>");
	EXPECT_EQ(seg_read(&c, 100), 10);
	seg_flush();
	seg_end();
}

TEST(old_timestamp_is_refused_until_24_days_are_over)
{
	struct seg_conn c;

	seg_begin();
	established(&c);
	seg_sleep(24 * DAY - seg_s(2));
	seg_in(&c, "P. 11:21(10) ack 1 <nop,nop,TS val 5 ecr 0>");
	seg_out(&c, ". 1:1(0) ack 11 <nop,nop,TS val * ecr 1000>");
	EXPECT_EQ(seg_read(&c, 100), -EAGAIN);
	EXPECT_EQ(seg_mib(PAWSESTABREJECTED), 1);
	seg_end();
}

RULE("RFC 7323", "5.5", "the first segment after 24 days makes TS.Recent valid anew");
TEST(timestamp_after_24_days_is_the_one_to_compare_with)
{
	struct seg_conn c;

	seg_begin();
	established(&c);
	seg_sleep(24 * DAY + seg_s(2));
	seg_in(&c, "P. 11:21(10) ack 1 <nop,nop,TS val 5 ecr 0>");
	seg_out_at(&c, 0, seg_ms(45), ". 1:1(0) ack 21 <nop,nop,TS val * ecr 5>");
	seg_in(&c, "P. 21:31(10) ack 1 <nop,nop,TS val 3 ecr 0>");
	seg_out(&c, ". 1:1(0) ack 21 <nop,nop,TS val * ecr 5>");
	EXPECT_EQ(seg_mib(PAWSESTABREJECTED), 1);
	EXPECT_EQ(seg_read(&c, 100), 10);
	seg_end();
}

RULE("RFC 7323", "5.3", "R1: PAWS comes before the sequence number");
TEST(old_timestamp_beyond_the_window_is_paws_s)
{
	struct seg_conn c;

	seg_begin();
	established(&c);
	seg_in(&c, "P. 90011:90021(10) ack 1 <nop,nop,TS val 5 ecr 0>");
	seg_out(&c, ". 1:1(0) ack 11 <nop,nop,TS val * ecr 1000>");
	EXPECT_EQ(seg_mib(PAWSESTABREJECTED), 1);
	EXPECT_EQ(seg_mib(BEYOND_WINDOW), 0);
	seg_end();
}

RULE_AS_LINUX("RFC 7323", "5.3", "an ACK without data that was overtaken is no old one",
	      "one that tells nothing new, an RTO old at most, is taken and not answered");
TEST(overtaken_ack_with_an_old_timestamp_is_taken)
{
	struct seg_conn c;

	seg_begin();
	established(&c);
	seg_in(&c, ". 11:11(0) ack 1 <nop,nop,TS val 1000 ecr 0>");
	seg_in(&c, ". 11:11(0) ack 1 <nop,nop,TS val 990 ecr 0>");
	seg_none();
	EXPECT_EQ(seg_mib(PAWSESTABREJECTED), 0);
	/* Data has overtaken it: dropped, and counted, and not answered either. */
	seg_in(&c, ". 1:1(0) ack 1 <nop,nop,TS val 990 ecr 0>");
	seg_none();
	EXPECT_EQ(seg_mib(PAWS_OLD_ACK), 1);
	/* Much older: it is of another time. */
	seg_in(&c, ". 11:11(0) ack 1 <nop,nop,TS val -9000000 ecr 0>");
	seg_out(&c, ". 1:1(0) ack 11 <nop,nop,TS val * ecr 1000>");
	EXPECT_EQ(seg_mib(PAWSESTABREJECTED), 1);
	seg_end();
}

RULE("RFC 7323", "3.2", "a RST needs no timestamp, where all else has one");
TEST(rst_without_a_timestamp_resets)
{
	struct seg_conn c;

	seg_begin();
	established(&c);
	seg_in(&c, "R 11:11(0)");
	seg_none();
	EXPECT_EQ(seg_state(c.fd), TCP_CLOSE);
	EXPECT_EQ(seg_error(c.fd), ECONNRESET);
	seg_end();
}

RULE("RFC 7323", "5.2", "a RST in the window, with an old timestamp or none, is challenged as any other");
TEST(rst_with_an_old_timestamp_in_the_window_is_challenged)
{
	struct seg_conn c;

	seg_begin();
	established(&c);
	seg_in(&c, "R. 12:12(0) ack 1 <nop,nop,TS val 5 ecr 0>");
	seg_out(&c, ". 1:1(0) ack 11 <nop,nop,TS val * ecr 1000>");
	seg_sleep(seg_s(1));
	seg_in(&c, "R 12:12(0)");
	seg_out(&c, ". 1:1(0) ack 11 <nop,nop,TS val * ecr 1000>");
	EXPECT_EQ(seg_state(c.fd), TCP_ESTABLISHED);
	EXPECT_EQ(seg_mib(PAWSESTABREJECTED), 0);
	EXPECT_EQ(seg_mib(TCPCHALLENGEACK), 2);
	seg_end();
}

RULE("RFC 7323", "3.2", "TSecr is zero where there is no ACK");
TEST(timestamp_of_a_syn_echoes_nothing)
{
	struct seg_conn c;

	seg_begin();
	seg_conn_init(&c);
	EXPECT_EQ(seg_connect_start(&c), -EINPROGRESS);
	seg_out(&c, "S 0:0(0) <mss 1460,sackOK,TS val 0 ecr 0,nop,wscale 7>");
	seg_end();
}

RULE("RFC 7323", "3.2", "what it echoes on the third ACK is a timestamp of the SYN-ACK, or the ACK is dropped");
TEST(third_ack_that_echoes_what_was_never_sent_opens_nothing)
{
	struct seg_conn c;
	int listener;

	seg_begin();
	listener = seg_listen(SEG_PORT, 5);
	seg_conn_init(&c);
	seg_in(&c, "S 0:0(0) <mss 1000,TS val 100 ecr 0>");
	seg_out(&c, "S. 0:0(0) ack 1 <mss 1460,nop,nop,TS val 0 ecr 100>");
	seg_in(&c, ". 1:1(0) ack 1 <nop,nop,TS val 100 ecr 1000>");
	seg_out(&c, ". 1:1(0) ack 1 <nop,nop,TS val * ecr 100>");
	EXPECT_EQ(seg_accept(listener, &c), -EAGAIN);
	EXPECT_EQ(seg_mib(TSECRREJECTED), 1);
	seg_in(&c, ". 1:1(0) ack 1 <nop,nop,TS val 100 ecr 0>");
	EXPECT_GE(seg_accept(listener, &c), 0);
	seg_end();
}

RULE("RFC 7323", "5.3", "a third ACK with a timestamp older than the SYN's is acknowledged and dropped");
TEST(third_ack_older_than_its_syn_opens_nothing)
{
	struct seg_conn c;
	int listener;

	seg_begin();
	listener = seg_listen(SEG_PORT, 5);
	seg_conn_init(&c);
	seg_in(&c, "S 0:0(0) <mss 1000,TS val 100 ecr 0>");
	seg_out(&c, "S. 0:0(0) ack 1 <mss 1460,nop,nop,TS val 0 ecr 100>");
	seg_in(&c, ". 1:1(0) ack 1 <nop,nop,TS val 98 ecr 0>");
	seg_out(&c, ". 1:1(0) ack 1 <nop,nop,TS val * ecr 100>");
	EXPECT_EQ(seg_accept(listener, &c), -EAGAIN);
	EXPECT_EQ(seg_mib(PAWSESTABREJECTED), 1);
	seg_in(&c, ". 1:1(0) ack 1 <nop,nop,TS val 100 ecr 0>");
	EXPECT_GE(seg_accept(listener, &c), 0);
	seg_end();
}

RULE("RFC 7323", "4.3", "TS.Recent is taken from a segment that spans Last.ACK.sent");
TEST(ts_recent_is_taken_from_what_was_acknowledged_last)
{
	struct seg_conn c;

	seg_begin();
	established(&c);
	/* Out of order: beyond Last.ACK.sent, so it does not count. */
	seg_in(&c, ". 111:211(100) ack 1 <nop,nop,TS val 1100 ecr 0>");
	seg_out(&c, ". 1:1(0) ack 11 <nop,nop,TS val * ecr 1000>");
	/* The one that fills the gap does. */
	seg_in(&c, ". 11:111(100) ack 1 <nop,nop,TS val 1050 ecr 0>");
	seg_out(&c, ". 1:1(0) ack 211 <nop,nop,TS val * ecr 1050>");
	EXPECT_EQ(seg_read(&c, 1000), 200);
	seg_end();
}

RULE_AS_LINUX("RFC 7323", "3.2",
	      "a segment without the agreed timestamp",
	      "is taken: the RFC would drop it");
TEST(segment_without_the_agreed_timestamp_is_taken)
{
	struct seg_conn c;

	/* RFC 7323 3.2 says SHOULD drop; Linux, and so we, takes it. */
	seg_begin();
	established(&c);
	seg_in(&c, "P. 11:21(10) ack 1");
	seg_out(&c, ". 1:1(0) ack 21 <nop,nop,TS val * ecr 1000>");
	EXPECT_EQ(seg_read(&c, 100), 10);
	seg_end();
}
