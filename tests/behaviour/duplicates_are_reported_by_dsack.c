// SPDX-License-Identifier: MIT
/*
 * Data that arrives twice is reported in the first SACK block, once, also below
 * the acknowledgement number.
 *
 * RFC: 2883 3, 4
 */
#include "../host/segtest.h"

RULE("RFC 2883", "4.1.1", "a duplicate below the ACK is the first block");
TEST(duplicate_below_the_ack_is_reported)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000,sackOK", 32768);
	seg_in(&c, ". 1:1001(1000) ack 1");
	seg_out(&c, ". 1:1(0) ack 1001");
	seg_in(&c, ". 1:1001(1000) ack 1");
	seg_out(&c, ". 1:1(0) ack 1001 <nop,nop,sack 1:1001>");
	/* Once only. */
	seg_in(&c, ". 1001:2001(1000) ack 1");
	seg_out(&c, ". 1:1(0) ack 2001");
	EXPECT_EQ(seg_mib(TCPDSACKOLDSENT), 1);
	seg_end();
}

RULE("RFC 2883", "4.1.3", "a duplicate above the ACK stands before the block that holds it");
TEST(duplicate_above_the_ack_is_reported_before_its_block)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000,sackOK", 32768);
	seg_in(&c, ". 1001:2001(1000) ack 1");
	seg_out(&c, ". 1:1(0) ack 1 <nop,nop,sack 1001:2001>");
	seg_in(&c, ". 2001:3001(1000) ack 1");
	seg_out(&c, ". 1:1(0) ack 1 <nop,nop,sack 1001:3001>");
	seg_in(&c, ". 1001:2001(1000) ack 1");
	seg_out(&c, ". 1:1(0) ack 1 <nop,nop,sack 1001:2001 1001:3001>");
	EXPECT_EQ(seg_mib(TCPDSACKOFOSENT), 1);
	seg_end();
}

/* The examples of RFC 2883, with its numbers; in those of 4.2 each is four fifths of it,
 * for the MTU. */
static void up_to(struct seg_conn *c, u32 first)
{
	seg_begin();
	seg_sysctl(tcp_comp_sack_nr) = 0;
	seg_passive(c, "mss 2000,sackOK", 32768);
	seg_in(c, ". 1:%u(%u) ack 1", first, first - 1);
	EXPECT_EQ(seg_flush(), 1);
}

RULE("RFC 2883", "4.1.2", "a duplicate below the ACK stands before the block of data out of order");
TEST(duplicate_below_the_ack_is_reported_before_what_is_out_of_order)
{
	struct seg_conn c;

	up_to(&c, 1000);
	seg_in(&c, ". 1000:2000(1000) ack 1");
	seg_in(&c, ". 2000:3000(1000) ack 1");
	seg_in(&c, ". 3000:3500(500) ack 1");
	seg_in(&c, ". 3500:4000(500) ack 1");
	seg_flush();
	seg_in(&c, ". 4500:5000(500) ack 1");
	seg_out(&c, ". 1:1(0) ack 4000 <nop,nop,sack 4500:5000>");
	seg_in(&c, ". 3000:3500(500) ack 1");
	seg_out(&c, ". 1:1(0) ack 4000 <nop,nop,sack 3000:3500 4500:5000>");
	/* Once. */
	seg_in(&c, ". 5000:5500(500) ack 1");
	seg_out(&c, ". 1:1(0) ack 4000 <nop,nop,sack 4500:5500>");
	seg_end();
}

RULE("RFC 2883", "4.2.1", "one part of a segment is a duplicate: that part is reported, below the ACK");
TEST(part_of_a_segment_that_came_before_is_reported)
{
	struct seg_conn c;

	up_to(&c, 800);
	seg_in(&c, ". 1600:2000(400) ack 1");
	seg_out(&c, ". 1:1(0) ack 800 <nop,nop,sack 1600:2000>");
	seg_in(&c, ". 800:1200(400) ack 1");
	seg_out(&c, ". 1:1(0) ack 1200 <nop,nop,sack 1600:2000>");
	seg_in(&c, ". 800:1600(800) ack 1");
	seg_out(&c, ". 1:1(0) ack 2000 <nop,nop,sack 800:1200>");
	EXPECT_EQ(seg_read(&c, 10000), 1999);
	seg_end();
}

RULE("RFC 2883", "4.2.2", "two parts of a segment are duplicates: the first of them is reported");
TEST(first_of_two_parts_that_came_before_is_reported)
{
	struct seg_conn c;

	up_to(&c, 800);
	seg_in(&c, ". 2400:2800(400) ack 1");
	seg_out(&c, ". 1:1(0) ack 800 <nop,nop,sack 2400:2800>");
	seg_in(&c, ". 800:1200(400) ack 1");
	seg_out(&c, ". 1:1(0) ack 1200 <nop,nop,sack 2400:2800>");
	seg_in(&c, ". 1600:2000(400) ack 1");
	seg_out(&c, ". 1:1(0) ack 1200 <nop,nop,sack 1600:2000 2400:2800>");
	seg_in(&c, ". 800:2000(1200) ack 1");
	seg_out(&c, ". 1:1(0) ack 2000 <nop,nop,sack 800:1200 2400:2800>");
	EXPECT_EQ(seg_read(&c, 10000), 1999);
	seg_end();
}

RULE("RFC 2883", "4.2.3",
     "two parts of a segment above the ACK are duplicates: the first, then the block that holds it");
TEST(first_of_two_parts_above_the_ack_is_reported_before_its_block)
{
	struct seg_conn c;

	up_to(&c, 800);
	seg_in(&c, ". 2800:3200(400) ack 1");
	seg_out(&c, ". 1:1(0) ack 800 <nop,nop,sack 2800:3200>");
	seg_in(&c, ". 1200:1600(400) ack 1");
	seg_out(&c, ". 1:1(0) ack 800 <nop,nop,sack 1200:1600 2800:3200>");
	seg_in(&c, ". 2000:2400(400) ack 1");
	seg_out(&c, ". 1:1(0) ack 800 <nop,nop,sack 2000:2400 1200:1600 2800:3200>");
	seg_in(&c, ". 1200:2400(1200) ack 1");
	seg_out(&c, ". 1:1(0) ack 800 <nop,nop,sack 1200:1600 1200:2400 2800:3200>");
	seg_in(&c, ". 800:1200(400) ack 1");
	seg_out(&c, ". 1:1(0) ack 2400 <nop,nop,sack 2800:3200>");
	EXPECT_EQ(seg_read(&c, 10000), 2399);
	seg_end();
}

RULE("RFC 2883", "4.2", "of a segment that is a duplicate in part, that part is reported");
TEST(overlap_is_reported_in_part)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000,sackOK", 32768);
	seg_in(&c, ". 1:501(500) ack 1");
	seg_out(&c, ". 1:1(0) ack 501");
	seg_in(&c, ". 301:801(500) ack 1");
	seg_out(&c, ". 1:1(0) ack 801 <nop,nop,sack 301:501>");
	seg_in(&c, ". 1001:1501(500) ack 1");
	seg_out(&c, ". 1:1(0) ack 801 <nop,nop,sack 1001:1501>");
	seg_in(&c, ". 801:1201(400) ack 1");
	seg_out(&c, ". 1:1(0) ack 1501 <nop,nop,sack 1001:1201>");
	EXPECT_EQ(seg_read(&c, 10000), 1500);
	seg_end();
}

TEST(sysctl_turns_dsack_off)
{
	struct seg_conn c;

	seg_begin();
	seg_sysctl(tcp_dsack) = 0;
	seg_passive(&c, "mss 1000,sackOK", 32768);
	seg_in(&c, ". 1:1001(1000) ack 1");
	seg_out(&c, ". 1:1(0) ack 1001");
	seg_in(&c, ". 1:1001(1000) ack 1");
	seg_out(&c, ". 1:1(0) ack 1001");
	seg_end();
}

RULE("RFC 2883", "3", "a peer without SACK gets no D-SACK");
TEST(peer_without_sack_gets_no_dsack)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_in(&c, ". 1:1001(1000) ack 1");
	seg_out(&c, ". 1:1(0) ack 1001");
	seg_in(&c, ". 1:1001(1000) ack 1");
	seg_out(&c, ". 1:1(0) ack 1001");
	seg_end();
}
