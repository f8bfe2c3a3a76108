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
