// SPDX-License-Identifier: MIT
/*
 * SYN-RECEIVED, from LISTEN: only an ACK of our SYN-ACK completes it; a wrong
 * ACK is reset, a RST at RCV.NXT ends it, what lies outside the window is
 * acknowledged.
 *
 * RFC: 9293 3.10.7.4, 5961 3.2
 */
#include "../host/segtest.h"

static int half_open(struct seg_conn *c)
{
	int listener = seg_listen(SEG_PORT, 5);

	seg_conn_init(c);
	seg_in(c, "S 0:0(0) <mss 1000>");
	seg_out(c, "S. 0:0(0) ack 1 <mss 1460>");
	EXPECT_EQ(seg_count(TCP_SYN_RECV), 1);
	return listener;
}

RULE("RFC 9293", "3.10.7.4", "SYN-RECEIVED: an ACK that is not acceptable gets a RST");
TEST(wrong_ack_in_syn_received_is_reset_and_harms_nothing)
{
	struct seg_conn c;
	int listener;

	seg_begin();
	listener = half_open(&c);
	seg_in(&c, ". 1:1(0) ack 2");
	seg_out(&c, "R 2:2(0) win 0");
	seg_in(&c, ". 1:1(0) ack 0");
	seg_out(&c, "R 0:0(0) win 0");
	EXPECT_EQ(seg_accept(listener, &c), -EAGAIN);
	seg_in(&c, ". 1:1(0) ack 1");
	EXPECT_GE(seg_accept(listener, &c), 0);
	EXPECT_EQ(seg_state(c.fd), TCP_ESTABLISHED);
	seg_end();
}

RULE("RFC 9293", "3.10.7.4", "SYN-RECEIVED: a RST ends it; a passive open goes back to LISTEN");
TEST(rst_ends_syn_received)
{
	struct seg_conn c;

	seg_begin();
	half_open(&c);
	seg_in(&c, "R 1:1(0)");
	seg_none();
	EXPECT_EQ(seg_count(TCP_SYN_RECV), 0);
	EXPECT_EQ(seg_mib(EMBRYONICRSTS), 1);
	seg_quiet(seg_s(70));
	seg_end();
}

RULE("RFC 9293", "3.10.7.4", "SYN-RECEIVED: a RST out of the window is ignored");
TEST(rst_outside_the_window_does_not_end_syn_received)
{
	struct seg_conn c;
	int listener;

	seg_begin();
	listener = half_open(&c);
	seg_in(&c, "R 70001:70001(0)");
	seg_none();
	EXPECT_EQ(seg_count(TCP_SYN_RECV), 1);
	seg_in(&c, ". 1:1(0) ack 1");
	EXPECT_GE(seg_accept(listener, &c), 0);
	seg_end();
}

RULE("RFC 9293", "3.10.7.4", "SYN-RECEIVED: a segment out of the window is answered by an ACK");
TEST(segment_outside_the_window_is_acknowledged_in_syn_received)
{
	struct seg_conn c;

	seg_begin();
	half_open(&c);
	seg_in(&c, ". 70001:70101(100) ack 1");
	seg_out(&c, ". 1:1(0) ack 1");
	EXPECT_EQ(seg_count(TCP_SYN_RECV), 1);
	seg_end();
}

RULE("RFC 9293", "3.10.7.4", "SYN-RECEIVED: data and FIN with the third ACK are kept");
TEST(data_and_fin_with_the_third_ack_are_kept)
{
	struct seg_conn c;
	int listener;

	seg_begin();
	listener = half_open(&c);
	seg_in(&c, "P. 1:101(100) ack 1");
	seg_out(&c, ". 1:1(0) ack 101");
	EXPECT_GE(seg_accept(listener, &c), 0);
	EXPECT_EQ(seg_read(&c, 1000), 100);
	seg_in(&c, "F. 101:101(0) ack 1");
	seg_out_at(&c, 0, seg_ms(40), ". 1:1(0) ack 102");
	EXPECT_EQ(seg_read(&c, 1000), 0);
	seg_end();
}

TEST(fin_with_the_third_ack_is_not_lost)
{
	struct seg_conn c;
	int listener;

	seg_begin();
	listener = half_open(&c);
	seg_in(&c, "FP. 1:101(100) ack 1");
	seg_out_at(&c, 0, seg_ms(40), ". 1:1(0) ack 102");
	EXPECT_GE(seg_accept(listener, &c), 0);
	EXPECT_EQ(seg_state(c.fd), TCP_CLOSE_WAIT);
	EXPECT_EQ(seg_read(&c, 1000), 100);
	EXPECT_EQ(seg_read(&c, 1000), 0);
	seg_end();
}

RULE_AS_LINUX("RFC 9293", "3.10.7.2",
	      "data on a SYN is not delivered before the handshake ends",
	      "nor kept without Fast Open: the peer sends it again");
TEST(data_on_a_syn_is_not_delivered_before_the_handshake_ends)
{
	struct seg_conn c;
	int listener;

	seg_begin();
	listener = seg_listen(SEG_PORT, 5);
	seg_conn_init(&c);
	seg_in(&c, "S 0:100(100) <mss 1000>");
	/* Not acknowledged: the peer sends it again. */
	seg_out(&c, "S. 0:0(0) ack 1 <mss 1460>");
	seg_in(&c, ". 1:1(0) ack 1");
	EXPECT_GE(seg_accept(listener, &c), 0);
	EXPECT_EQ(seg_read(&c, 100), -EAGAIN);
	seg_in(&c, "P. 1:101(100) ack 1");
	seg_out(&c, ". 1:1(0) ack 101");
	EXPECT_EQ(seg_read(&c, 100), 100);
	seg_end();
}

RULE_AS_LINUX("RFC 5961", "7", "answers in SYN-RECEIVED are limited",
	      "tcp_invalid_ratelimit, for each half-open connection; data is answered always");
TEST(answers_in_syn_received_are_limited)
{
	struct seg_conn c;
	int i;

	seg_begin();
	half_open(&c);
	seg_in(&c, ". 70001:70001(0) ack 1");
	seg_out(&c, ". 1:1(0) ack 1");
	for (i = 0; i < 10; i++)
		seg_in(&c, ". 70001:70001(0) ack 1");
	seg_none();
	EXPECT_EQ(seg_mib(TCPACKSKIPPEDSYNRECV), 10);
	seg_in(&c, ". 70001:70101(100) ack 1");
	seg_out(&c, ". 1:1(0) ack 1");
	seg_sleep(seg_ms(501));
	seg_in(&c, ". 70001:70001(0) ack 1");
	seg_out(&c, ". 1:1(0) ack 1");
	seg_end();
}

RULE("RFC 5961", "3.2", "SYN-RECEIVED: a RST in the window, but not at its edge, is challenged");
TEST(rst_inside_the_window_is_challenged_in_syn_received)
{
	struct seg_conn c;
	int listener;

	seg_begin();
	listener = half_open(&c);
	seg_in(&c, "R 2:2(0)");
	seg_out(&c, ". 1:1(0) ack 1");
	EXPECT_EQ(seg_mib(TCPCHALLENGEACK), 1);
	/* Not twice in half a second. */
	seg_in(&c, "R 3:3(0)");
	seg_none();
	EXPECT_EQ(seg_mib(TCPACKSKIPPEDCHALLENGE), 1);
	EXPECT_EQ(seg_count(TCP_SYN_RECV), 1);
	seg_in(&c, ". 1:1(0) ack 1");
	EXPECT_GE(seg_accept(listener, &c), 0);
	seg_end();
}
