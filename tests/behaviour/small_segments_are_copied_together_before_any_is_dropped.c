// SPDX-License-Identifier: MIT
/*
 * A receive buffer counts memory, a window counts bytes. Small segments fill the first
 * long before the second; then they are copied together, in order and out of order, and
 * what the window allowed is received. What cannot be copied together is thrown away
 * from the far end.
 *
 * RFC: 9293 3.8.6 (what was offered stays offered), 2018 8 (reneging); Linux's
 * tcp_collapse(), tcp_prune_ofo_queue()
 */
#include <linux/slab.h>

#include "../host/segtest.h"

#define SMALL	100U		/* bytes of a segment */

/* A connection with a buffer of 16 KiB: a window of half of it. */
static void small_buffer(struct seg_conn *c)
{
	seg_begin();
	seg_passive(c, "mss 1000,sackOK", 32768);
	EXPECT_EQ(seg_setsockopt(c->fd, SOL_SOCKET, SO_RCVBUF, 8192), 0);
}

/* Segments of [@from, @to), SMALL bytes each. */
static void small_segments(struct seg_conn *c, u32 from, u32 to)
{
	for (; from < to; from += SMALL)
		seg_in(c, ". %u:%u(%u) ack 1", from, from + SMALL, SMALL);
	seg_flush();
}

static void expect_nothing_lost(void)
{
	EXPECT_GT(seg_mib(PRUNECALLED), 0);
	EXPECT_GT(seg_mib(TCPRCVCOLLAPSED), 0);
	EXPECT_EQ(seg_mib(RCVPRUNED), 0);
	EXPECT_EQ(seg_mib(OFOPRUNED), 0);
	EXPECT_EQ(seg_mib(TCPRCVQDROP), 0);
	EXPECT_EQ(seg_mib(TCPOFODROP), 0);
}

RULE_AS_LINUX("RFC 9293", "3.8.6", "segments much smaller than their memory fit the window",
	      "what waits to be read is copied together when the buffer is full (TCPRcvCollapsed)");
TEST(small_segments_in_order_are_copied_together)
{
	struct seg_conn c;

	small_buffer(&c);
	small_segments(&c, 1, 6001);
	expect_nothing_lost();
	EXPECT_EQ(seg_read(&c, 10000), 6000);
	seg_flush();
	seg_end();
}

TEST(the_rest_of_a_segment_half_read_is_copied_together)
{
	struct seg_conn c;

	small_buffer(&c);
	small_segments(&c, 1, 2001);
	EXPECT_EQ(seg_read(&c, 50), 50);
	small_segments(&c, 2001, 6001);
	expect_nothing_lost();
	EXPECT_EQ(seg_read(&c, 10000), 5950);
	seg_flush();
	seg_end();
}

RULE_AS_LINUX("RFC 9293", "3.10.7.4", "small segments out of order fit the window",
	      "what continues each other is copied together, then what is there is SACKed still");
TEST(small_segments_out_of_order_are_copied_together)
{
	struct seg_conn c;

	small_buffer(&c);
	small_segments(&c, 101, 3001);
	small_segments(&c, 3101, 6001);
	expect_nothing_lost();
	seg_in(&c, ". 6001:6101(100) ack 1");
	seg_out(&c, ". 1:1(0) ack 1 <nop,nop,sack 3101:6101 101:3001>");
	seg_in(&c, ". 1:101(100) ack 1");
	seg_out(&c, ". 1:1(0) ack 3001 <nop,nop,sack 3101:6101>");
	seg_in(&c, ". 3001:3101(100) ack 1");
	EXPECT_EQ(seg_read(&c, 10000), 6100);
	seg_flush();
	seg_end();
}

TEST(a_fin_out_of_order_outlives_the_copying)
{
	struct seg_conn c;

	small_buffer(&c);
	seg_in(&c, "F. 6001:6101(100) ack 1");
	small_segments(&c, 101, 6001);
	expect_nothing_lost();
	seg_in(&c, ". 1:101(100) ack 1");
	seg_out(&c, ". 1:1(0) ack 6102");
	EXPECT_EQ(seg_read(&c, 10000), 6100);
	EXPECT_EQ(seg_read(&c, 1), 0);
	EXPECT_EQ(seg_state(c.fd), TCP_CLOSE_WAIT);
	seg_flush();
	seg_end();
}

/* Two with a gap between, then one that overlaps both; and so on. */
TEST(segments_that_overlap_are_copied_once)
{
	static const u32 order[] = { 0, 150, 75, 225 };
	struct seg_conn c;
	unsigned int i;
	u32 seq;

	small_buffer(&c);
	for (seq = 151; seq < 6001; seq += 300)
		for (i = 0; i < ARRAY_SIZE(order); i++)
			seg_in(&c, ". %u:%u(100) ack 1", seq + order[i], seq + order[i] + 100);
	seg_flush();
	expect_nothing_lost();
	seg_in(&c, ". 1:161(160) ack 1");
	EXPECT_EQ(seg_read(&c, 10000), 6175);
	seg_flush();
	seg_end();
}

RULE_AS_LINUX("RFC 2018", "8", "the receiver may discard what it has SACKed",
	      "single bytes with gaps between them cannot be copied together: the farthest go");
TEST(bytes_with_gaps_between_are_thrown_away_from_the_far_end)
{
	struct seg_conn c;
	u32 i;

	small_buffer(&c);
	/* From far to near: what wants in is always nearer than what is there. */
	for (i = 200; i > 0; i--)
		seg_in(&c, ". %u:%u(1) ack 1", 2 * i + 1, 2 * i + 2);
	seg_flush();
	EXPECT_GT(seg_mib(OFOPRUNED), 0);
	EXPECT_EQ(seg_mib(TCPRCVCOLLAPSED), 0);
	EXPECT_EQ(seg_mib(TCPOFODROP), 0);
	EXPECT_GT(seg_drops(TCP_OFO_QUEUE_PRUNE), 100);
	EXPECT_LT(seg_drops(TCP_OFO_QUEUE_PRUNE), 195);
	/* The nearest are there still. */
	seg_in(&c, ". 1:3(2) ack 1");
	seg_in(&c, ". 4:5(1) ack 1");
	seg_flush();
	EXPECT_EQ(seg_read(&c, 100), 5);
	seg_flush();
	seg_end();
}

/* CVE-2018-5390: looking through what cannot be copied together has its price. */
TEST(many_gaps_end_the_search_for_what_could_be_copied_together)
{
	struct seg_conn c;
	u32 seq;

	small_buffer(&c);
	for (seq = 101; seq < 1101; seq += 200)
		small_segments(&c, seq, seq + 100);
	small_segments(&c, 1201, 4001);
	EXPECT_GT(seg_mib(PRUNECALLED), 0);
	EXPECT_EQ(seg_mib(TCPRCVCOLLAPSED), 0);
	seg_end();
}

RULE_AS_LINUX("RFC 9293", "3.8.6", "no memory to copy to",
	      "what is queued stays; what comes is dropped, and the window closed until it is read");
TEST(without_memory_to_copy_to_nothing_queued_is_lost)
{
	struct seg_conn c;
	u32 seq, queued = 0;

	small_buffer(&c);
	for (seq = 1; seq < 6001 && !seg_mib(TCPRCVQDROP); seq += SMALL) {
		/* The frame and its skb are two, then nothing more. */
		slab_fail_after(3, 100);
		seg_in(&c, ". %u:%u(%u) ack 1", seq, seq + SMALL, SMALL);
		slab_fail_after(0, 0);
		queued = seq - 1;
	}
	EXPECT_EQ(seg_mib(TCPRCVQDROP), 1);
	EXPECT_EQ(seg_mib(TCPRCVCOLLAPSED), 0);
	EXPECT_EQ(seg_read(&c, 10000), queued);
	seg_flush();
	seg_end();
}
