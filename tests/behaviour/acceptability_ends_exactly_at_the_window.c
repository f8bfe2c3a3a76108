// SPDX-License-Identifier: MIT
/*
 * What lies in the window is taken, what lies outside is acknowledged and
 * dropped: probed at both edges, one byte to each side.
 *
 * RFC: 9293 3.4, 3.10.7.4 (MUST-66)
 */
#include "../host/segtest.h"

#define WIN 64240

RULE("RFC 9293", "3.4", "data is taken up to the right edge of the window and not beyond");
TEST(byte_at_the_right_edge_is_taken_and_the_next_is_not)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000,sackOK", 32768);
	seg_in(&c, ". %u:%u(1) ack 1", WIN, WIN + 1);
	seg_out(&c, ". 1:1(0) ack 1 win %u <nop,nop,sack %u:%u>", WIN, WIN, WIN + 1);
	seg_in(&c, ". %u:%u(1) ack 1", WIN + 1, WIN + 2);
	seg_out(&c, ". 1:1(0) ack 1 win %u <nop,nop,sack %u:%u>", WIN, WIN, WIN + 1);
	seg_in(&c, ". %u:%u(1) ack 1", WIN + 2, WIN + 3);
	seg_out(&c, ". 1:1(0) ack 1 win %u <nop,nop,sack %u:%u>", WIN, WIN, WIN + 1);
	EXPECT_EQ(seg_drops(TCP_OVERWINDOW), 1);
	EXPECT_EQ(seg_drops(TCP_INVALID_SEQUENCE), 1);
	seg_end();
}

RULE("RFC 9293", "3.4", "an empty segment is acceptable up to the right edge of the window");
TEST(empty_segment_counts_at_the_right_edge)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_in(&c, ". %u:%u(0) ack 1", WIN, WIN);
	seg_none();
	seg_in(&c, ". %u:%u(0) ack 1", WIN + 1, WIN + 1);
	seg_none();
	seg_in(&c, ". %u:%u(0) ack 1", WIN + 2, WIN + 2);
	seg_out(&c, ". 1:1(0) ack 1");
	seg_end();
}

RULE("RFC 9293", "3.10.7.4", "a segment that is not acceptable is answered by an ACK and dropped");
TEST(old_data_is_acknowledged_at_once)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_in(&c, "P. 1:101(100) ack 1");
	seg_out(&c, ". 1:1(0) ack 101");
	seg_in(&c, "P. 1:101(100) ack 1");
	seg_out(&c, ". 1:1(0) ack 101");
	seg_in(&c, "P. 0:1(1) ack 1");		/* a keepalive's byte */
	seg_out(&c, ". 1:1(0) ack 101");
	seg_in(&c, ". 100:100(0) ack 1");	/* and one without */
	seg_out(&c, ". 1:1(0) ack 101");
	EXPECT_EQ(seg_read(&c, 1000), 100);
	EXPECT_EQ(seg_read(&c, 1000), -EAGAIN);
	seg_end();
}

RULE("RFC 9293", "3.10.7.4", "of a segment across the left edge the new bytes are taken");
TEST(segment_across_the_left_edge_gives_its_new_bytes)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_in(&c, "P. 1:101(100) ack 1");
	seg_out(&c, ". 1:1(0) ack 101");
	seg_in(&c, "P. 51:201(150) ack 1");
	seg_out(&c, ". 1:1(0) ack 201");
	EXPECT_EQ(seg_read(&c, 1000), 200);
	seg_in(&c, "P. 200:202(2) ack 1");
	seg_out(&c, ". 1:1(0) ack 202");
	EXPECT_EQ(seg_read(&c, 1000), 1);
	seg_end();
}

RULE("RFC 9293", "3.10.7.4", "a segment without ACK is dropped in a synchronised state");
TEST(segment_without_ack_is_dropped_in_silence)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_in(&c, "P 1:101(100)");
	seg_none();
	seg_in(&c, "F 1:1(0)");
	seg_none();
	seg_in(&c, "- 1:1(0)");
	seg_none();
	EXPECT_EQ(seg_read(&c, 1000), -EAGAIN);
	EXPECT_EQ(seg_state(c.fd), TCP_ESTABLISHED);
	EXPECT_EQ(seg_drops(TCP_FLAGS), 3);
	seg_end();
}

RULE("RFC 9293", "3.10.7.4",
     "an ACK of what was never sent is answered by an ACK, the segment dropped");
TEST(ack_of_what_was_never_sent_is_answered_and_dropped)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_in(&c, ". 1:1(0) ack 2");
	seg_out(&c, ". 1:1(0) ack 1");
	EXPECT_EQ(seg_drops(TCP_ACK_UNSENT_DATA), 1);
	EXPECT_EQ(seg_mib(TCPCHALLENGEACK), 1);
	/* RFC 5961 7: tcp_invalid_ratelimit goes by */
	host_sleep(seg_ms(600));
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	seg_out(&c, "P. 1:101(100) ack 1");
	seg_in(&c, "P. 1:11(10) ack 102");
	seg_out(&c, ". 101:101(0) ack 1");
	EXPECT_EQ(seg_read(&c, 100), -EAGAIN);
	seg_in(&c, ". 1:1(0) ack 101");
	seg_none();
	seg_end();
}

RULE("RFC 9293", "3.10.7.4",
     "an ACK of what is acknowledged already is ignored; the segment goes on");
TEST(old_ack_is_ignored_and_its_data_taken)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	seg_out(&c, "P. 1:101(100) ack 1");
	seg_in(&c, ". 1:1(0) ack 101");
	seg_in(&c, "P. 1:11(10) ack 1");
	EXPECT_EQ(seg_read(&c, 100), 10);
	seg_flush();
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	seg_out(&c, "P. 101:201(100) ack 11");
	seg_end();
}

RULE("RFC 9293", "3.1", "MUST-3: the checksum of every segment is checked");
TEST(flipped_bit_is_found_by_the_checksum)
{
	u8 frame[SEG_FRAME_MAX];
	struct seg_conn c;
	unsigned int i, drops;
	size_t len;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	drops = 0;
	/* Every byte of the TCP segment, odd and even lengths. */
	for (i = 34; i < 34 + 20 + 7; i++) {
		len = seg_build(&c, frame, "P. 1:%u(%u) ack 1", 7 + i % 2, 6 + i % 2);
		if (i >= len)
			continue;
		frame[i] ^= (u8)(1U << i % 8);
		seg_inject(frame, len);
		seg_none();
		drops++;
	}
	/* Damage to the offset is found before. */
	EXPECT_EQ(seg_drops(TCP_CSUM) + seg_drops(TCP_HEADER) + seg_drops(PKT_TOO_SMALL), drops);
	EXPECT_GE(seg_tcp_mib(CSUMERRORS), drops - 1);
	EXPECT_EQ(seg_read(&c, 100), -EAGAIN);
	seg_in(&c, "P. 1:8(7) ack 1");
	seg_out(&c, ". 1:1(0) ack 8");
	EXPECT_EQ(seg_read(&c, 100), 7);
	seg_end();
}

static u32 window_of(const struct seg_conn *c)
{
	struct tcp_info info;

	seg_info(c->fd, &info);
	return info.tcpi_snd_wnd;
}

RULE_AS_LINUX("RFC 9293", "3.10.7.4", "SND.WND follows SEG.SEQ and SEG.ACK: old segments do not move it",
	      "nor does one with the same numbers that makes it smaller, unless to nothing");
TEST(window_is_that_of_the_newest_segment)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 10000);
	EXPECT_EQ(seg_write(&c, 2000, 0), 2000);
	EXPECT_EQ(seg_flush(), 2);
	seg_in(&c, ". 1:1(0) ack 1001 win 9000");
	EXPECT_EQ(window_of(&c), 9000);
	/* Overtaken, though its data is new. */
	seg_in(&c, "P. 1:11(10) ack 1 win 20000");
	EXPECT_EQ(window_of(&c), 9000);
	seg_in(&c, ". 11:11(0) ack 1001 win 8000");
	EXPECT_EQ(window_of(&c), 8000);
	/* The same numbers. */
	seg_in(&c, ". 11:11(0) ack 1001 win 7000");
	EXPECT_EQ(window_of(&c), 8000);
	seg_in(&c, ". 11:11(0) ack 1001 win 8500");
	EXPECT_EQ(window_of(&c), 8500);
	seg_in(&c, ". 11:11(0) ack 1001 win 0");
	EXPECT_EQ(window_of(&c), 0);
	seg_in(&c, ". 11:11(0) ack 2001 win 3000");
	EXPECT_EQ(window_of(&c), 3000);
	seg_flush();
	seg_end();
}
