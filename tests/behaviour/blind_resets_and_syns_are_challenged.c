// SPDX-License-Identifier: MIT
/*
 * A RST resets only at exactly RCV.NXT; elsewhere in the window, and for a SYN
 * anywhere, a challenge ACK asks the peer. Challenges are limited per connection,
 * and the limit silences nothing else.
 *
 * RFC: 5961 3.2, 4.2, 5.2, 7; 9293 3.10.7.4
 */
#include "../host/segtest.h"

TEST(rst_at_rcv_nxt_resets)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	seg_out(&c, "P. 1:101(100) ack 1");
	seg_in(&c, "R 1:1(0)");
	seg_none();
	EXPECT_EQ(seg_state(c.fd), TCP_CLOSE);
	EXPECT_EQ(seg_poll(c.fd) & (POLLIN | POLLERR | POLLHUP), POLLIN | POLLERR | POLLHUP);
	EXPECT_EQ(seg_read(&c, 1), -ECONNRESET);
	EXPECT_EQ(seg_read(&c, 1), 0);
	EXPECT_EQ(seg_write(&c, 1, MSG_NOSIGNAL), -EPIPE);
	seg_quiet(seg_s(10));
	seg_end();
}

TEST(rst_elsewhere_in_the_window_is_challenged)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_in(&c, "R 2:2(0)");
	seg_out(&c, ". 1:1(0) ack 1");
	EXPECT_EQ(seg_state(c.fd), TCP_ESTABLISHED);
	seg_sleep(seg_s(1));
	seg_in(&c, "R. 64240:64240(0) ack 1");
	seg_out(&c, ". 1:1(0) ack 1");
	EXPECT_EQ(seg_mib(TCPCHALLENGEACK), 2);
	EXPECT_EQ(seg_state(c.fd), TCP_ESTABLISHED);
	seg_end();
}

TEST(rst_outside_the_window_is_dropped_in_silence)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_in(&c, "R 0:0(0)");
	seg_none();
	seg_in(&c, "R 64242:64242(0)");
	seg_none();
	seg_in(&c, "R. 2000000000:2000000000(0) ack 1");
	seg_none();
	EXPECT_EQ(seg_state(c.fd), TCP_ESTABLISHED);
	seg_end();
}

TEST(rst_at_the_end_of_a_sacked_block_resets)
{
	struct seg_conn c;

	/* A peer that forgot us takes our SACK for its sequence number. */
	seg_begin();
	seg_passive(&c, "mss 1000,sackOK", 32768);
	seg_in(&c, ". 1001:2001(1000) ack 1");
	seg_out(&c, ". 1:1(0) ack 1 <nop,nop,sack 1001:2001>");
	seg_in(&c, "R 2001:2001(0)");
	seg_none();
	EXPECT_EQ(seg_state(c.fd), TCP_CLOSE);
	seg_end();
}

TEST(syn_in_a_synchronised_state_is_challenged)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_in(&c, "S 1:1(0) <mss 1000>");
	seg_out(&c, ". 1:1(0) ack 1");
	EXPECT_EQ(seg_state(c.fd), TCP_ESTABLISHED);
	seg_sleep(seg_s(1));
	/* Also outside the window, and with an ACK. */
	seg_in(&c, "S 2000000000:2000000000(0) <mss 1000>");
	seg_out(&c, ". 1:1(0) ack 1");
	seg_sleep(seg_s(1));
	seg_in(&c, "S. 0:0(0) ack 1 <mss 1000>");
	seg_out(&c, ". 1:1(0) ack 1");
	EXPECT_EQ(seg_mib(TCPSYNCHALLENGE), 3);
	EXPECT_EQ(seg_drops(TCP_INVALID_SYN), 3);
	seg_end();
}

TEST(peer_that_restarted_resets_by_its_answer_to_the_challenge)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_in(&c, "S 5000:5000(0) <mss 1000>");
	seg_out(&c, ". 1:1(0) ack 1");
	seg_in(&c, "R 1:1(0)");
	EXPECT_EQ(seg_state(c.fd), TCP_CLOSE);
	seg_end();
}

TEST(ack_older_than_the_largest_window_is_challenged)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_in(&c, "P. 1:11(10) ack -40000");
	seg_out(&c, ". 1:1(0) ack 1");
	EXPECT_EQ(seg_read(&c, 10), -EAGAIN);
	EXPECT_EQ(seg_drops(TCP_TOO_OLD_ACK), 1);
	seg_end();
}

TEST(challenges_are_limited_to_one_in_half_a_second)
{
	struct seg_conn c, d;
	int i, listener;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	listener = seg_listen(SEG_PORT, 5);
	seg_conn_init(&d);
	d.rport = 50000;
	seg_handshake(&d, "mss 1000", 32768);
	EXPECT_GE(seg_accept(listener, &d), 0);

	seg_in(&c, "R 2:2(0)");
	seg_out(&c, ". 1:1(0) ack 1");
	for (i = 0; i < 10; i++)
		seg_in(&c, "R 2:2(0)");
	seg_none();
	EXPECT_EQ(seg_mib(TCPACKSKIPPEDCHALLENGE), 10);
	/* Each connection has its own. */
	seg_in(&d, "R 2:2(0)");
	seg_out(&d, ". 1:1(0) ack 1");
	seg_sleep(seg_ms(501));
	seg_in(&c, "R 2:2(0)");
	seg_out(&c, ". 1:1(0) ack 1");
	seg_end();
}

/* FEATURES 3.2, 5 */
TEST(challenge_limit_does_not_silence_acks_of_retransmitted_data)
{
	struct seg_conn c;
	int i;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_in(&c, "P. 1:101(100) ack 1");
	seg_out(&c, ". 1:1(0) ack 101");
	seg_in(&c, "R 150:150(0)");
	seg_out(&c, ". 1:1(0) ack 101");
	for (i = 0; i < 5; i++) {
		seg_in(&c, "P. 1:101(100) ack 1");
		seg_out(&c, ". 1:1(0) ack 101");
	}
	seg_in(&c, "P. 101:201(100) ack 1");
	seg_out(&c, ". 1:1(0) ack 201");
	seg_end();
}

TEST(pure_acks_out_of_window_do_not_make_an_ack_war)
{
	struct seg_conn c;
	int i;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_in(&c, ". 70000:70000(0) ack 1");
	seg_out(&c, ". 1:1(0) ack 1");
	for (i = 0; i < 10; i++)
		seg_in(&c, ". 70000:70000(0) ack 1");
	seg_none();
	EXPECT_EQ(seg_mib(TCPACKSKIPPEDSEQ), 10);
	seg_end();
}
