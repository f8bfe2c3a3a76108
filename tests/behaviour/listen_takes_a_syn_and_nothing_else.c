// SPDX-License-Identifier: MIT
/*
 * LISTEN: a RST is ignored, an ACK is reset, a SYN opens, anything else is
 * dropped.
 *
 * RFC: 9293 3.10.7.2
 */
#include "../host/segtest.h"

RULE("RFC 9293", "3.10.7.2", "LISTEN: a RST is ignored, an ACK is reset, the rest dropped");
TEST(listen_ignores_rst_resets_ack_and_drops_the_rest)
{
	struct seg_conn c;

	seg_begin();
	EXPECT_GE(seg_listen(SEG_PORT, 5), 0);
	seg_conn_init(&c);
	seg_in(&c, "R 0:0(0)");
	seg_none();
	seg_in(&c, "SR 0:0(0)");
	seg_none();
	seg_in(&c, "R. 0:0(0) ack 1");
	seg_none();
	seg_in(&c, ". 1:1(0) ack 77");
	seg_out(&c, "R 77:77(0) win 0");
	seg_in(&c, "S. 0:0(0) ack 78");
	seg_out(&c, "R 78:78(0) win 0");
	seg_in(&c, "F. 1:11(10) ack 79");
	seg_out(&c, "R 79:79(0) win 0");
	seg_in(&c, "F 0:0(0)");
	seg_none();
	seg_in(&c, "P 0:10(10)");
	seg_none();
	seg_in(&c, "- 0:0(0)");
	seg_none();
	seg_in(&c, "SF 0:0(0) <mss 1000>");
	seg_none();
	EXPECT_EQ(seg_count(TCP_SYN_RECV), 0);
	EXPECT_EQ(seg_drops(TCP_RESET), 2);
	seg_end();
}

RULE_AS_LINUX("RFC 9293", "3.10.7.2",
	      "LISTEN: a SYN with other bits",
	      "SYN with FIN is dropped, with PSH or URG it is a SYN");
TEST(listen_answers_a_syn_whatever_else_is_set)
{
	struct seg_conn c;
	int listener;

	seg_begin();
	listener = seg_listen(SEG_PORT, 5);
	seg_conn_init(&c);
	seg_in(&c, "SPU 0:0(0) urg 5 win 1000 <mss 1000>");
	seg_out(&c, "S. 0:0(0) ack 1 win 64240 <mss 1460>");
	seg_in(&c, ". 1:1(0) ack 1");
	EXPECT_GE(seg_accept(listener, &c), 0);
	seg_end();
}

RULE("RFC 9293", "3.1", "reserved bits are ignored when received");
TEST(reserved_bits_are_ignored)
{
	u8 frame[SEG_FRAME_MAX];
	struct seg_conn c;
	size_t len;

	seg_begin();
	EXPECT_GE(seg_listen(SEG_PORT, 5), 0);
	seg_conn_init(&c);
	len = seg_build(&c, frame, "S 0:0(0) <mss 1000>");
	((u8 *)seg_frame_tcp(frame))[12] |= 0xf;
	seg_fix_checksum(frame, len);
	seg_inject(frame, len);
	seg_out(&c, "S. 0:0(0) ack 1 <mss 1460>");
	seg_end();
}

TEST(retransmitted_syn_is_answered_by_the_same_syn_ack)
{
	struct seg_conn c;

	seg_begin();
	EXPECT_GE(seg_listen(SEG_PORT, 5), 0);
	seg_conn_init(&c);
	seg_in(&c, "S 0:0(0) <mss 1000>");
	seg_out(&c, "S. 0:0(0) ack 1 <mss 1460>");
	seg_sleep(seg_ms(600));
	seg_in(&c, "S 0:0(0) <mss 1000>");
	seg_out(&c, "S. 0:0(0) ack 1 <mss 1460>");
	EXPECT_EQ(seg_count(TCP_SYN_RECV), 1);
	seg_end();
}
