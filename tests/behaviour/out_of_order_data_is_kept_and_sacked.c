// SPDX-License-Identifier: MIT
/*
 * Data beyond a gap is kept and reported in SACK blocks: the latest arrival
 * first, at most four blocks, three with timestamps; each arrival is
 * acknowledged at once.
 *
 * RFC: 2018 3, 4; 5681 4.2; 9293 3.10.7.4
 */
#include "../host/segtest.h"

RULE("RFC 2018", "4", "the first block holds the segment that arrived last");
RULE("RFC 2018", "4", "as many blocks as fit are sent");
TEST(first_sack_block_is_the_latest_arrival)
{
	struct seg_conn c;

	seg_begin();
	seg_sysctl(tcp_comp_sack_nr) = 0;
	seg_passive(&c, "mss 1000,sackOK", 32768);
	seg_in(&c, ". 1001:1501(500) ack 1");
	seg_out(&c, ". 1:1(0) ack 1 <nop,nop,sack 1001:1501>");
	seg_in(&c, ". 3001:3501(500) ack 1");
	seg_out(&c, ". 1:1(0) ack 1 <nop,nop,sack 3001:3501 1001:1501>");
	seg_in(&c, ". 2001:2501(500) ack 1");
	seg_out(&c, ". 1:1(0) ack 1 <nop,nop,sack 2001:2501 3001:3501 1001:1501>");
	/* Grows a block: that one comes first. */
	seg_in(&c, ". 1501:1601(100) ack 1");
	seg_out(&c, ". 1:1(0) ack 1 <nop,nop,sack 1001:1601 2001:2501 3001:3501>");
	seg_in(&c, ". 4001:4501(500) ack 1");
	seg_out(&c, ". 1:1(0) ack 1 <nop,nop,sack 4001:4501 1001:1601 2001:2501 3001:3501>");
	/* A fifth pushes the oldest out. */
	seg_in(&c, ". 5001:5501(500) ack 1");
	seg_out(&c, ". 1:1(0) ack 1 <nop,nop,sack 5001:5501 4001:4501 1001:1601 2001:2501>");
	/* Filling the first gap: no more than what is left. */
	seg_in(&c, ". 1:1001(1000) ack 1");
	seg_out(&c, ". 1:1(0) ack 1601 <nop,nop,sack 5001:5501 4001:4501 2001:2501>");
	EXPECT_EQ(seg_read(&c, 10000), 1600);
	seg_flush();
	seg_end();
}

RULE("RFC 2018", "3", "three blocks fit beside timestamps");
TEST(three_sack_blocks_beside_timestamps)
{
	struct seg_conn c;
	unsigned int i;

	seg_begin();
	seg_sysctl(tcp_comp_sack_nr) = 0;
	seg_passive(&c, "mss 1000,sackOK,TS val 100 ecr 0", 32768);
	for (i = 1; i <= 4; i++)
		seg_in(&c, ". %u:%u(100) ack 1 <nop,nop,TS val 200 ecr 0>", i * 1000, i * 1000 + 100);
	seg_out(&c, ". 1:1(0) ack 1 <nop,nop,TS val * ecr 101,nop,nop,sack 1000:1100>");
	seg_out(&c, ". 1:1(0) ack 1 <nop,nop,TS val * ecr 101,nop,nop,sack 2000:2100 1000:1100>");
	seg_out(&c, ". 1:1(0) ack 1 <nop,nop,TS val * ecr 101,nop,nop,sack 3000:3100 2000:2100 1000:1100>");
	seg_out(&c, ". 1:1(0) ack 1 <nop,nop,TS val * ecr 101,nop,nop,sack 4000:4100 3000:3100 2000:2100>");
	seg_end();
}

RULE("RFC 2018", "3", "blocks are contiguous and disjoint");
TEST(blocks_that_touch_become_one)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000,sackOK", 32768);
	seg_in(&c, ". 1001:2001(1000) ack 1");
	seg_out(&c, ". 1:1(0) ack 1 <nop,nop,sack 1001:2001>");
	seg_in(&c, ". 3001:4001(1000) ack 1");
	seg_out(&c, ". 1:1(0) ack 1 <nop,nop,sack 3001:4001 1001:2001>");
	seg_in(&c, ". 2001:3001(1000) ack 1");
	seg_out(&c, ". 1:1(0) ack 1 <nop,nop,sack 1001:4001>");
	seg_in(&c, ". 1:1001(1000) ack 1");
	seg_out(&c, ". 1:1(0) ack 4001");
	EXPECT_EQ(seg_read(&c, 10000), 4000);
	seg_end();
}

RULE("RFC 9293", "3.10.7.4", "each byte is delivered once, however segments overlap");
TEST(overlapping_segments_give_each_byte_once)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_in(&c, ". 501:1001(500) ack 1");
	seg_in(&c, ". 301:1201(900) ack 1");	/* covers it */
	seg_in(&c, ". 401:601(200) ack 1");	/* inside */
	seg_in(&c, ". 1101:1401(300) ack 1");	/* across the end */
	seg_in(&c, ". 201:401(200) ack 1");	/* across the beginning */
	seg_in(&c, ". 1801:1901(100) ack 1");
	seg_in(&c, ". 1601:1701(100) ack 1");
	seg_in(&c, ". 1351:2001(650) ack 1");	/* covers two, beyond */
	seg_in(&c, ". 1:301(300) ack 1");
	EXPECT_EQ(seg_flush(), 9);
	EXPECT_EQ(seg_read(&c, 10000), 2000);
	seg_end();
}

RULE("RFC 2018", "4", "SACK is not sent to a peer that did not permit it");
TEST(out_of_order_data_without_sack_gives_duplicate_acks)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_in(&c, ". 1001:2001(1000) ack 1");
	seg_out(&c, ". 1:1(0) ack 1 win 64240");
	seg_in(&c, ". 2001:3001(1000) ack 1");
	seg_out(&c, ". 1:1(0) ack 1 win 64240");
	/* Filling the gap is acknowledged at once. */
	seg_in(&c, ". 1:1001(1000) ack 1");
	seg_out(&c, ". 1:1(0) ack 3001");
	EXPECT_EQ(seg_read(&c, 10000), 3000);
	seg_end();
}

RULE("RFC 9293", "3.10.7.4", "a FIN beyond a gap waits for the gap");
TEST(fin_beyond_a_gap_waits_for_the_gap)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000,sackOK", 32768);
	seg_in(&c, "FP. 1001:1501(500) ack 1");
	seg_out(&c, ". 1:1(0) ack 1 <nop,nop,sack 1001:1502>");
	EXPECT_EQ(seg_state(c.fd), TCP_ESTABLISHED);
	EXPECT_EQ(seg_read(&c, 10000), -EAGAIN);
	seg_in(&c, ". 1:1001(1000) ack 1");
	seg_out(&c, ". 1:1(0) ack 1502");
	EXPECT_EQ(seg_state(c.fd), TCP_CLOSE_WAIT);
	EXPECT_EQ(seg_read(&c, 10000), 1500);
	EXPECT_EQ(seg_read(&c, 10000), 0);
	seg_end();
}

RULE("RFC 9293", "3.10.7.4", "what lies beyond a FIN is thrown away");
TEST(data_beyond_a_fin_is_thrown_away)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000,sackOK", 32768);
	seg_in(&c, ". 1001:1501(500) ack 1");
	seg_out(&c, ". 1:1(0) ack 1 <nop,nop,sack 1001:1501>");
	seg_in(&c, "F. 1:501(500) ack 1");
	seg_out_at(&c, 0, seg_ms(40), ". 1:1(0) ack 502");
	EXPECT_EQ(seg_read(&c, 10000), 500);
	EXPECT_EQ(seg_read(&c, 10000), 0);
	seg_end();
}

RULE("RFC 9293", "3.10.7.4", "SHLD-31: segments out of order are kept");
TEST(hundred_segments_backwards_arrive_in_order)
{
	struct seg_conn c;
	unsigned int i;

	seg_begin();
	seg_sysctl(tcp_comp_sack_nr) = 0;
	seg_passive(&c, "mss 1000,sackOK", 32768);
	for (i = 100; i > 0; i--)
		seg_in(&c, ". %u:%u(100) ack 1", (i - 1) * 100 + 1, i * 100 + 1);
	EXPECT_EQ(seg_flush(), 100);
	EXPECT_EQ(seg_read(&c, 20000), 10000);
	seg_flush();
	seg_end();
}
