// SPDX-License-Identifier: MIT
/*
 * Delayed ACKs: at once while a connection is young, then every second full
 * segment or after 40 ms; at once for anything unusual.
 *
 * RFC: 9293 3.8.6.3 (MUST-58, MUST-59), 5681 4.2; Linux: quick ACKs
 */
#include "../host/segtest.h"

/* Past the quick ACKs of the beginning; returns the next number. */
static unsigned int settled(struct seg_conn *c)
{
	unsigned int at = 1, i;

	seg_passive(c, "mss 1000,sackOK,nop,wscale 7", 32768);
	for (i = 0; i < 20; i++, at += 1000) {
		seg_in(c, ". %u:%u(1000) ack 1", at, at + 1000);
		EXPECT_EQ(seg_read(c, 1000), 1000);
		seg_sleep(seg_ms(1));
	}
	/* Not longer than the RTO: that would count as a new beginning. */
	seg_sleep(seg_ms(100));
	seg_flush();
	return at;
}

RULE_AS_LINUX("RFC 5681", "4.2",
	      "delaying ACKs is a choice: not while the peer is in slow start",
	      "the first segments are acknowledged at once (quick ACKs)");
TEST(first_segments_are_acknowledged_at_once)
{
	struct seg_conn c;
	unsigned int i;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	for (i = 0; i < 8; i++) {
		seg_in(&c, "P. %u:%u(10) ack 1", i * 10 + 1, i * 10 + 11);
		seg_out(&c, ". 1:1(0) ack %u", i * 10 + 11);
		EXPECT_EQ(seg_read(&c, 100), 10);
		seg_none();
	}
	seg_end();
}

RULE("RFC 9293", "3.8.6.3", "SHLD-19: every second full segment is acknowledged");
RULE("RFC 5681", "4.2", "every second full segment is acknowledged");
TEST(second_full_segment_is_acknowledged_at_once)
{
	struct seg_conn c;
	unsigned int at, i;

	seg_begin();
	at = settled(&c);
	for (i = 0; i < 5; i++, at += 2000) {
		seg_in(&c, ". %u:%u(1000) ack 1", at, at + 1000);
		EXPECT_EQ(seg_read(&c, 2000), 1000);
		seg_none();
		/* While the window cannot open, Linux waits for the reader. */
		seg_in(&c, ". %u:%u(1000) ack 1", at + 1000, at + 2000);
		EXPECT_EQ(seg_read(&c, 2000), 1000);
		seg_out(&c, ". 1:1(0) ack %u", at + 2000);
		seg_none();
		seg_sleep(seg_ms(1));
	}
	seg_end();
}

RULE("RFC 9293", "3.8.6.3", "SHLD-19: every second full segment is acknowledged");
TEST(second_full_segment_is_acknowledged_before_it_is_read)
{
	struct seg_conn c;
	unsigned int at;

	seg_begin();
	at = settled(&c);
	/* The reader will not come before there is more. */
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_SOCKET, SO_RCVLOWAT, 20000), 0);
	seg_in(&c, ". %u:%u(1000) ack 1", at, at + 1000);
	seg_none();
	seg_in(&c, ". %u:%u(1000) ack 1", at + 1000, at + 2000);
	seg_out(&c, ". 1:1(0) ack %u", at + 2000);
	seg_end();
}

RULE("RFC 9293", "3.8.6.3", "SHLD-18: ACKs are delayed");
TEST(lone_segment_is_acknowledged_after_40_ms)
{
	struct seg_conn c;
	unsigned int at;

	seg_begin();
	at = settled(&c);
	seg_in(&c, ". %u:%u(1000) ack 1", at, at + 1000);
	seg_out_at(&c, seg_ms(39), seg_ms(41), ". 1:1(0) ack %u", at + 1000);
	EXPECT_GE(seg_mib(DELAYEDACKS), 1);
	seg_end();
}

RULE("RFC 9293", "3.10.7.4", "MUST-58: ACKs are aggregated with data and each other");
TEST(ack_rides_on_data)
{
	struct seg_conn c;
	unsigned int at;

	seg_begin();
	at = settled(&c);
	seg_in(&c, "P. %u:%u(100) ack 1", at, at + 100);
	seg_none();
	EXPECT_EQ(seg_write(&c, 10, 0), 10);
	seg_out(&c, "P. 1:11(10) ack %u", at + 100);
	/* And is not sent once more. */
	seg_in(&c, ". %u:%u(0) ack 11", at + 100, at + 100);
	seg_quiet(seg_s(1));
	seg_end();
}

RULE("RFC 5681", "4.2", "out of order data, and data that fills a gap, is acknowledged at once");
RULE("RFC 9293", "3.10.7.4", "MAY-13: a segment out of order is acknowledged at once");
TEST(out_of_order_and_gap_filling_segments_are_acknowledged_at_once)
{
	struct seg_conn c;
	unsigned int at;

	seg_begin();
	at = settled(&c);
	seg_in(&c, ". %u:%u(100) ack 1", at + 100, at + 200);
	seg_out(&c, ". 1:1(0) ack %u <nop,nop,sack %u:%u>", at, at + 100, at + 200);
	seg_in(&c, ". %u:%u(100) ack 1", at, at + 100);
	seg_out(&c, ". 1:1(0) ack %u", at + 200);
	seg_end();
}

TEST(fin_is_acknowledged_within_the_delay)
{
	struct seg_conn c;
	unsigned int at;

	seg_begin();
	at = settled(&c);
	seg_in(&c, "F. %u:%u(0) ack 1", at, at);
	seg_out_at(&c, 0, seg_ms(41), ". 1:1(0) ack %u", at + 1);
	seg_end();
}

TEST(tcp_quickack_acknowledges_at_once)
{
	struct seg_conn c;
	unsigned int at;

	seg_begin();
	at = settled(&c);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_TCP, TCP_QUICKACK, 0), 0);
	seg_in(&c, ". %u:%u(100) ack 1", at, at + 100);
	EXPECT_EQ(seg_read(&c, 100), 100);
	seg_none();
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_TCP, TCP_QUICKACK, 1), 0);
	seg_out(&c, ". 1:1(0) ack %u", at + 100);
	EXPECT_EQ(seg_getsockopt(c.fd, SOL_TCP, TCP_QUICKACK), 1);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_TCP, TCP_QUICKACK, 0), 0);
	EXPECT_EQ(seg_getsockopt(c.fd, SOL_TCP, TCP_QUICKACK), 0);
	seg_end();
}

RULE("RFC 9293", "3.8.6.3", "MUST-40: an ACK is delayed for less than half a second");
RULE("RFC 1122", "4.2.3.2", "an ACK is delayed for less than half a second");
TEST(delay_never_reaches_half_a_second)
{
	struct seg_conn c;
	unsigned int at, i;
	u64 sent;

	seg_begin();
	at = settled(&c);
	for (i = 0; i < 20; i++, at += 100) {
		seg_in(&c, "P. %u:%u(100) ack 1", at, at + 100);
		sent = host_clock_ns;
		while (!seg_flush() && host_clock_ns - sent < seg_s(1))
			seg_sleep(seg_ms(5));
		EXPECT_LE(host_clock_ns - sent, seg_ms(500));
		seg_sleep(seg_ms(700));
	}
	seg_end();
}
