// SPDX-License-Identifier: MIT
/*
 * A RST resets only at exactly RCV.NXT; elsewhere in the window, and for a SYN
 * anywhere, a challenge ACK asks the peer. Challenges are limited per connection,
 * and the limit silences nothing else.
 *
 * RFC: 5961 3.2, 4.2, 5.2, 7; 9293 3.10.7.4
 */
#include "../host/segtest.h"

RULE("RFC 5961", "3.2", "a RST at exactly RCV.NXT resets");
RULE("RFC 9293", "3.10.7.4", "a RST at RCV.NXT ends the connection");
RULE("RFC 9293", "3.5.3", "MUST-12: a program is told that its connection was aborted");
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

RULE("RFC 5961", "3.2", "a RST in the window but not at RCV.NXT is answered by a challenge ACK");
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

RULE("RFC 5961", "3.2", "a RST outside the window is dropped in silence");
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

RULE_AS_LINUX("RFC 5961", "3.2",
	      "a RST beyond RCV.NXT does not reset",
	      "one at the end of the highest block that we SACKed does: a peer that forgot us "
	      "takes it for ours");
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

RULE("RFC 5961", "4.2",
     "a SYN in a synchronised state is answered by a challenge ACK, wherever it is");
RULE("RFC 9293", "3.10.7.4", "a SYN in a synchronised state is challenged");
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

RULE("RFC 5961", "4.2",
     "a peer that restarted ends the old connection by its answer to the challenge");
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

RULE("RFC 5961", "5.2",
     "an ACK older than SND.UNA - MAX.SND.WND is answered by an ACK and dropped");
RULE("RFC 9293", "3.10.7.4", "MAY-12: data is taken with an ACK of the last window only");
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

RULE_AS_LINUX("RFC 5961", "7",
	      "challenge ACKs are limited",
	      "for each connection, by tcp_invalid_ratelimit; the limit of the host is off by "
	      "default");
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

RULE_AS_LINUX("RFC 5961", "7",
	      "the challenges of a host have a limit",
	      "tcp_challenge_ack_limit: none by default, else half of it to one and a half in a second");
TEST(challenges_of_a_host_are_limited_when_it_is_told_to)
{
	struct seg_conn c[8];
	unsigned int i, answers = 0;
	int listener;

	seg_begin();
	seg_sysctl(tcp_challenge_ack_limit) = 2;
	listener = seg_listen(SEG_PORT, 8);
	for (i = 0; i < ARRAY_SIZE(c); i++) {
		seg_conn_init(&c[i]);
		c[i].rport = (u16)(50000 + i);
		seg_handshake(&c[i], "mss 1000", 32768);
		EXPECT_GE(seg_accept(listener, &c[i]), 0);
	}
	for (i = 0; i < ARRAY_SIZE(c); i++) {
		seg_in(&c[i], "R 2:2(0)");
		answers += seg_flush();
	}
	EXPECT_GE(answers, 1);
	EXPECT_LE(answers, 3);
	EXPECT_EQ(seg_mib(TCPCHALLENGEACK), answers);
	/* The next second has its own. */
	seg_sleep(seg_s(1));
	seg_in(&c[0], "R 2:2(0)");
	seg_out(&c[0], ". 1:1(0) ack 1");
	seg_end();
}

/* FEATURES 3.2, 5 */
RULE("RFC 5961", "7", "the limit does not silence ACKs of retransmitted data");
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
	/* Wholly before the window now: a retransmission whose ACK was lost. */
	for (i = 0; i < 5; i++) {
		seg_in(&c, "P. 1:101(100) ack 1");
		seg_out(&c, ". 1:1(0) ack 201");
	}
	seg_end();
}

RULE_AS_LINUX("RFC 5961", "7",
	      "answers to what is out of the window are limited",
	      "tcp_invalid_ratelimit, for each connection: once in half a second");
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

RULE_AS_LINUX("RFC 5961", "7", "every kind of answer to what may be an attack has a limit",
	      "all kinds share that of the connection; data is answered always");
TEST(all_answers_to_rubbish_share_one_limit)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_in(&c, "R 2:2(0)");
	seg_out(&c, ". 1:1(0) ack 1");
	seg_in(&c, "S 5000:5000(0) <mss 1000>");
	seg_in(&c, ". 1:1(0) ack 2");
	seg_in(&c, ". 1:1(0) ack -40000");
	seg_in(&c, ". 90000:90000(0) ack 1");
	seg_in(&c, "S 5000:5100(100) <mss 1000>");
	seg_none();
	EXPECT_EQ(seg_mib(TCPACKSKIPPEDCHALLENGE), 4);
	EXPECT_EQ(seg_mib(TCPACKSKIPPEDSEQ), 1);
	seg_in(&c, ". 90000:90100(100) ack 1");
	seg_out(&c, ". 1:1(0) ack 1");
	EXPECT_EQ(seg_state(c.fd), TCP_ESTABLISHED);
	seg_end();
}

RULE_AS_LINUX("RFC 5961", "7", "the limit can be set",
	      "tcp_invalid_ratelimit in milliseconds; 0: none");
TEST(limit_of_challenges_can_be_set)
{
	struct seg_conn c;
	int i;

	seg_begin();
	seg_sysctl(tcp_invalid_ratelimit_ns) = 0;
	seg_passive(&c, "mss 1000", 32768);
	for (i = 0; i < 5; i++) {
		seg_in(&c, "R 2:2(0)");
		seg_out(&c, ". 1:1(0) ack 1");
		seg_in(&c, "S 5000:5000(0) <mss 1000>");
		seg_out(&c, ". 1:1(0) ack 1");
	}
	seg_sysctl(tcp_invalid_ratelimit_ns) = seg_s(3);
	seg_sleep(seg_ms(2900));
	seg_in(&c, "R 2:2(0)");
	seg_none();
	seg_sleep(seg_ms(101));
	seg_in(&c, "R 2:2(0)");
	seg_out(&c, ". 1:1(0) ack 1");
	seg_end();
}
