// SPDX-License-Identifier: MIT
/*
 * Sequence numbers are compared modulo 2^32: transfers, gaps, SACKs,
 * retransmissions and FINs across the end of the number space, both ways.
 *
 * RFC: 9293 3.4. FEATURES 3.2, 1
 */
#include "../host/segtest.h"

/* Both initial sequence numbers lie 256 below the end. */
static void near_the_end(struct seg_conn *c, const char *opts, u16 win)
{
	int listener;

	seg_conn_init(c);
	c->risn = 0xffffff00U;
	seg_set_isn(c, 0xffffff00U);
	listener = seg_listen(SEG_PORT, 5);
	seg_handshake(c, opts, win);
	EXPECT_EQ(c->lisn, 0xffffff00U);
	EXPECT_GE(seg_accept(listener, c), 0);
}

RULE("RFC 9293", "3.4", "sequence numbers are compared modulo 2^32: a transfer across the wrap");
TEST(transfer_in_order_across_the_wrap)
{
	struct seg_conn c;
	unsigned int at;

	seg_begin();
	near_the_end(&c, "mss 1000", 32768);
	for (at = 1; at < 1000; at += 100) {
		seg_in(&c, "P. %u:%u(100) ack 1", at, at + 100);
		EXPECT_EQ(seg_read(&c, 1000), 100);
	}
	seg_flush();
	for (at = 1; at < 1000; at += 100) {
		EXPECT_EQ(seg_write(&c, 100, 0), 100);
		seg_out(&c, "P. %u:%u(100) ack 1001", at, at + 100);
		seg_in(&c, ". 1001:1001(0) ack %u", at + 100);
	}
	EXPECT_EQ(seg_close(&c), 0);
	seg_out(&c, "F. 1001:1001(0) ack 1001");
	seg_in(&c, "F. 1001:1001(0) ack 1002");
	seg_out(&c, ". 1002:1002(0) ack 1002");
	EXPECT_EQ(seg_count(TCP_TIME_WAIT), 1);
	seg_quiet(seg_s(61));
	EXPECT_EQ(seg_count(TCP_TIME_WAIT), 0);
	seg_end();
}

RULE("RFC 9293", "3.4", "sequence numbers are compared modulo 2^32: a gap across the wrap");
TEST(gap_across_the_wrap_is_filled)
{
	struct seg_conn c;

	seg_begin();
	near_the_end(&c, "mss 1000,sackOK", 32768);
	seg_in(&c, ". 401:501(100) ack 1");
	seg_out(&c, ". 1:1(0) ack 1 <nop,nop,sack 401:501>");
	seg_in(&c, ". 201:301(100) ack 1");	/* the wrap is in it */
	seg_out(&c, ". 1:1(0) ack 1 <nop,nop,sack 201:301 401:501>");
	seg_in(&c, ". 101:201(100) ack 1");
	seg_out(&c, ". 1:1(0) ack 1 <nop,nop,sack 101:301 401:501>");
	seg_in(&c, ". 1:101(100) ack 1");
	seg_out(&c, ". 1:1(0) ack 301 <nop,nop,sack 401:501>");
	seg_in(&c, ". 301:401(100) ack 1");
	seg_out(&c, ". 1:1(0) ack 501");
	/* Old data from before the wrap. */
	seg_in(&c, ". 1:101(100) ack 1");
	seg_out(&c, ". 1:1(0) ack 501 <nop,nop,sack 1:101>");
	EXPECT_EQ(seg_read(&c, 1000), 500);
	seg_end();
}

RULE("RFC 9293", "3.4",
     "sequence numbers are compared modulo 2^32: a retransmission across the wrap");
TEST(retransmission_across_the_wrap)
{
	struct seg_conn c;

	seg_begin();
	near_the_end(&c, "mss 200,sackOK", 32768);
	EXPECT_EQ(seg_write(&c, 1000, 0), 1000);
	seg_out(&c, ". 1:201(200) ack 1");
	seg_out(&c, ". 201:401(200) ack 1");
	seg_out(&c, ". 401:601(200) ack 1");
	seg_out(&c, ". 601:801(200) ack 1");
	seg_out(&c, "P. 801:1001(200) ack 1");
	/* The second is lost: it holds the wrap. */
	seg_sleep(seg_ms(1));
	seg_in(&c, ". 1:1(0) ack 201");
	seg_in(&c, ". 1:1(0) ack 201 <nop,nop,sack 401:601>");
	seg_in(&c, ". 1:1(0) ack 201 <nop,nop,sack 401:801>");
	seg_in(&c, ". 1:1(0) ack 201 <nop,nop,sack 401:1001>");
	seg_out(&c, ". 201:401(200) ack 1");
	seg_in(&c, ". 1:1(0) ack 1001");
	seg_none();
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	seg_out(&c, "P. 1001:1101(100) ack 1");
	seg_end();
}

TEST(window_edge_across_the_wrap)
{
	struct seg_conn c;

	seg_begin();
	near_the_end(&c, "mss 100", 300);
	EXPECT_EQ(seg_write(&c, 1000, 0), 1000);
	/* PSH after each window: a burst is no larger. */
	seg_out(&c, ". 1:101(100) ack 1");
	seg_out(&c, ". 101:201(100) ack 1");
	seg_out(&c, "P. 201:301(100) ack 1");
	seg_none();
	seg_in(&c, ". 1:1(0) ack 301 win 200");
	seg_out(&c, ". 301:401(100) ack 1");
	seg_out(&c, "P. 401:501(100) ack 1");
	seg_none();
	/* An old ACK from before the wrap. */
	seg_in(&c, ". 1:1(0) ack 101 win 5000");
	seg_none();
	seg_end();
}

RULE("RFC 9293", "3.4", "sequence numbers are compared modulo 2^32: RST and SYN across the wrap");
TEST(rst_and_challenge_across_the_wrap)
{
	struct seg_conn c;

	seg_begin();
	near_the_end(&c, "mss 1000", 32768);
	seg_in(&c, "P. 1:251(250) ack 1");
	seg_flush();
	seg_in(&c, "R 300:300(0)");		/* beyond the wrap, in the window */
	seg_out(&c, ". 1:1(0) ack 251");
	seg_in(&c, "R 250:250(0)");
	seg_none();
	EXPECT_EQ(seg_state(c.fd), TCP_ESTABLISHED);
	seg_in(&c, "R 251:251(0)");
	EXPECT_EQ(seg_state(c.fd), TCP_CLOSE);
	seg_end();
}
