// SPDX-License-Identifier: MIT
/*
 * SYN-SENT: an unacceptable ACK is reset; a RST counts only with an acceptable
 * ACK; a SYN-ACK opens, a SYN alone crosses ours.
 *
 * RFC: 9293 3.10.7.3, 3.5
 */
#include "../host/segtest.h"

#define SYN_OPTS "<mss 1460,sackOK,TS val * ecr 0,nop,wscale 7>"

static void connecting(struct seg_conn *c)
{
	seg_conn_init(c);
	EXPECT_EQ(seg_connect_start(c), -EINPROGRESS);
	seg_out(c, "S 0:0(0) win 64240 " SYN_OPTS);
	EXPECT_EQ(seg_connect_start(c), -EALREADY);
}

RULE("RFC 9293", "3.10.7.3", "SYN-SENT: SYN-ACK of our SYN opens the connection");
TEST(syn_ack_completes_connect)
{
	struct seg_conn c;

	seg_begin();
	connecting(&c);
	EXPECT_EQ(seg_poll(c.fd) & (POLLOUT | POLLHUP | POLLERR), 0);
	seg_in(&c, "S. 0:0(0) ack 1 <mss 1000>");
	seg_out(&c, ". 1:1(0) ack 1");
	EXPECT_EQ(seg_poll(c.fd), POLLOUT);
	EXPECT_EQ(seg_connect_start(&c), 0);
	EXPECT_EQ(seg_connect_start(&c), -EISCONN);
	seg_end();
}

RULE("RFC 9293", "3.10.7.3", "SYN-SENT: an ACK that is not of our SYN gets a RST");
TEST(unacceptable_ack_in_syn_sent_is_reset)
{
	struct seg_conn c;

	seg_begin();
	connecting(&c);
	seg_in(&c, "S. 0:0(0) ack 2 <mss 1000>");
	seg_out(&c, "R 2:2(0) win 0");
	seg_in(&c, "S. 0:0(0) ack 0 <mss 1000>");
	seg_out(&c, "R 0:0(0) win 0");
	seg_in(&c, ". 0:0(0) ack 100");
	seg_out(&c, "R 100:100(0) win 0");
	EXPECT_EQ(seg_state(c.fd), TCP_SYN_SENT);
	/* Linux: whoever answers so may now be ready for the SYN. */
	seg_out_at(&c, 0, seg_ms(3), "S 0:0(0) " SYN_OPTS);
	seg_in(&c, "S. 0:0(0) ack 1 <mss 1000>");
	seg_out(&c, ". 1:1(0) ack 1");
	seg_end();
}

RULE("RFC 9293", "3.10.7.3", "SYN-SENT: a RST without an ACK of our SYN is ignored");
TEST(rst_without_an_acceptable_ack_is_ignored_in_syn_sent)
{
	struct seg_conn c;

	seg_begin();
	connecting(&c);
	seg_in(&c, "R 0:0(0)");
	seg_none();
	EXPECT_EQ(seg_state(c.fd), TCP_SYN_SENT);
	seg_in(&c, "R. 0:0(0) ack 2");
	seg_none();
	EXPECT_EQ(seg_state(c.fd), TCP_SYN_SENT);
	seg_end();
}

RULE("RFC 9293", "3.10.7.3", "SYN-SENT: a RST with an ACK of our SYN refuses the connection");
TEST(rst_with_an_acceptable_ack_refuses_the_connection)
{
	struct seg_conn c;

	seg_begin();
	connecting(&c);
	seg_in(&c, "R. 0:0(0) ack 1");
	seg_none();
	EXPECT_EQ(seg_poll(c.fd) & (POLLERR | POLLHUP), POLLERR | POLLHUP);
	EXPECT_EQ(seg_error(c.fd), ECONNREFUSED);
	EXPECT_EQ(seg_error(c.fd), 0);
	EXPECT_EQ(seg_state(c.fd), TCP_CLOSE);
	seg_quiet(seg_s(10));
	seg_end();
}

TEST(refusal_is_told_by_the_next_connect)
{
	struct seg_conn c;

	seg_begin();
	connecting(&c);
	seg_in(&c, "R. 0:0(0) ack 1");
	EXPECT_EQ(seg_connect_start(&c), -ECONNREFUSED);
	/* And the socket may try again. */
	c.lisn_known = false;
	c.ts_known = false;
	EXPECT_EQ(seg_connect_start(&c), -EINPROGRESS);
	seg_out(&c, "S 0:0(0) " SYN_OPTS);
	seg_end();
}

RULE("RFC 9293", "3.10.7.3", "SYN-SENT: a segment with neither SYN nor RST is dropped");
TEST(ack_without_syn_or_rst_is_dropped_in_syn_sent)
{
	struct seg_conn c;

	seg_begin();
	connecting(&c);
	seg_in(&c, ". 0:0(0) ack 1");
	seg_none();
	seg_in(&c, "F. 0:0(0) ack 1");
	seg_none();
	seg_in(&c, "F 0:0(0)");
	seg_none();
	seg_in(&c, "- 0:10(10)");
	seg_none();
	EXPECT_EQ(seg_state(c.fd), TCP_SYN_SENT);
	seg_end();
}

RULE_AS_LINUX("RFC 9293", "3.10.7.3", "data on a SYN-ACK is processed",
	      "it is not taken; the peer sends it again");
TEST(data_on_the_syn_ack_has_to_be_sent_again)
{
	struct seg_conn c;

	seg_begin();
	connecting(&c);
	seg_in(&c, "SP. 0:10(10) ack 1 <mss 1000>");
	seg_out(&c, ". 1:1(0) ack 1");
	seg_none();
	EXPECT_EQ(seg_read(&c, 100), -EAGAIN);
	seg_in(&c, "P. 1:11(10) ack 1");
	seg_out(&c, ". 1:1(0) ack 11");
	EXPECT_EQ(seg_read(&c, 100), 10);
	seg_end();
}

TEST(close_in_syn_sent_forgets_the_connection)
{
	struct seg_conn c;

	seg_begin();
	connecting(&c);
	EXPECT_EQ(seg_close(&c), 0);
	seg_quiet(seg_s(10));
	seg_in(&c, "S. 0:0(0) ack 1 <mss 1000>");
	seg_out(&c, "R 1:1(0) win 0");
	seg_end();
}
