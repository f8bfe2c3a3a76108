// SPDX-License-Identifier: MIT
/*
 * Simultaneous open: SYNs that cross make one connection.
 *
 * RFC: 9293 3.5 figure 7 (MUST-10)
 */
#include "../host/segtest.h"

static void crossed(struct seg_conn *c)
{
	seg_conn_init(c);
	EXPECT_EQ(seg_connect_start(c), -EINPROGRESS);
	seg_out(c, "S 0:0(0) <mss 1460,sackOK,TS val 0 ecr 0,nop,wscale 7>");
	seg_in(c, "S 0:0(0) <mss 1000,nop,wscale 2>");
	seg_out(c, "S. 0:0(0) ack 1 <mss 1460,sackOK,TS val * ecr 0,nop,wscale 7>");
	EXPECT_EQ(seg_state(c->fd), TCP_SYN_RECV);
}

static void both_ways(struct seg_conn *c)
{
	EXPECT_EQ(seg_state(c->fd), TCP_ESTABLISHED);
	EXPECT_EQ(seg_connect_start(c), 0);
	EXPECT_EQ(seg_write(c, 100, 0), 100);
	seg_out(c, "P. 1:101(100) ack 1");
	seg_in(c, "P. 1:51(50) ack 101");
	seg_out_at(c, 0, seg_ms(40), ". 101:101(0) ack 51");
	EXPECT_EQ(seg_read(c, 100), 50);
}

RULE("RFC 9293", "3.5", "MUST-10: SYNs that cross open one connection");
TEST(crossing_syns_and_syn_acks_open_one_connection)
{
	struct seg_conn c;

	seg_begin();
	crossed(&c);
	seg_in(&c, "S. 0:0(0) ack 1 <mss 1000,nop,wscale 2>");
	seg_out(&c, ". 1:1(0) ack 1");
	both_ways(&c);
	seg_end();
}

RULE("RFC 9293", "3.5", "SYNs that cross: an ACK of ours is enough");
TEST(crossing_syns_and_an_ack_open_one_connection)
{
	struct seg_conn c;

	seg_begin();
	crossed(&c);
	seg_in(&c, ". 1:1(0) ack 1");
	seg_none();
	both_ways(&c);
	seg_end();
}

TEST(lost_syn_ack_of_crossing_syns_is_sent_again)
{
	struct seg_conn c;

	seg_begin();
	crossed(&c);
	seg_out_at(&c, seg_ms(900), seg_ms(1001),
		   "S. 0:0(0) ack 1 <mss 1460,sackOK,TS val * ecr 0,nop,wscale 7>");
	seg_in(&c, ". 1:1(0) ack 1");
	both_ways(&c);
	seg_end();
}

RULE("RFC 9293", "3.5.3",
     "MUST-11: SYN-RECEIVED knows where it came from: a RST refuses an active open");
TEST(rst_after_crossing_syns_ends_the_attempt)
{
	struct seg_conn c;

	seg_begin();
	crossed(&c);
	seg_in(&c, "R. 1:1(0) ack 1");
	seg_none();
	EXPECT_EQ(seg_state(c.fd), TCP_CLOSE);
	EXPECT_EQ(seg_error(c.fd), ECONNRESET);
	seg_end();
}
