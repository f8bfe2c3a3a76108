// SPDX-License-Identifier: MIT
/*
 * What is SACKed of the retransmit queue is joined to the packet before, so that a
 * long queue with holes takes few packets; and is as good as before when the peer
 * takes its report back, or makes it twice.
 *
 * RFC: 2018 8 (a receiver may renege), 2883; Linux: tcp_shift_skb_data()
 */
#include <net/tcp.h>

#include "../host/segtest.h"

/* Packets of the retransmit queue that are SACKed. */
static unsigned int packets(struct seg_conn *c)
{
	struct sock *sk = seg_sock(c->fd);
	struct sk_buff *skb;
	unsigned int n = 0;

	skb_rbtree_walk(skb, &sk->tcp_rtx_queue)
		n += TCP_SKB_CB(skb)->sacked & TCPCB_SACKED_ACKED;
	return n;
}

/* Ten segments of a thousand bytes, which went as five packets of two. */
static void ten_segments(struct seg_conn *c)
{
	u32 at;

	seg_begin();
	/* From far away packets are small. */
	seg_passive_rtt(c, "mss 1000,sackOK,nop,wscale 7", 32768, seg_ms(40));
	EXPECT_EQ(seg_write(c, 10000, 0), 10000);
	for (at = 1; at < 10001; at += 1000)
		seg_out(c, "p. %u:%u(1000) ack 1", at, at + 1000);
	seg_sleep(seg_ms(40));
}

static void report(struct seg_conn *c, u32 from, u32 to)
{
	seg_in(c, ". 1:1(0) ack 1 <nop,nop,sack %u:%u>", from, to);
}

RULE_AS_LINUX("RFC 2018", "8", "the sender keeps what was reported until it is acknowledged",
	      "and joins it to the packet before, so that it takes less room");
TEST(sacked_packets_are_joined_to_the_one_before)
{
	struct seg_conn c;
	int before;

	ten_segments(&c);
	before = seg_sock(c.fd)->sk_wmem_queued;
	report(&c, 2001, 4001);
	EXPECT_EQ(packets(&c), 1);
	EXPECT_EQ(seg_mib(TCPSACKSHIFTFALLBACK), 1);
	EXPECT_EQ(seg_mib(TCPSACKMERGED), 0);
	report(&c, 2001, 10001);
	EXPECT_EQ(packets(&c), 1);
	EXPECT_EQ(seg_mib(TCPSACKMERGED), 3);
	EXPECT_LT(seg_sock(c.fd)->sk_wmem_queued, before);
	seg_flush();
	seg_in(&c, ". 1:1(0) ack 10001");
	EXPECT_EQ(tcp_sk(seg_sock(c.fd))->packets_out, 0);
	seg_end();
}

TEST(sacked_segments_of_a_packet_move_to_the_one_before)
{
	struct seg_conn c;

	ten_segments(&c);
	report(&c, 2001, 4001);
	/* One segment and a half of another: only the whole one. */
	report(&c, 2001, 5501);
	EXPECT_EQ(packets(&c), 1);
	EXPECT_EQ(seg_mib(TCPSACKSHIFTED), 1);
	EXPECT_EQ(tcp_sk(seg_sock(c.fd))->sacked_out, 3);
	report(&c, 2001, 6001);
	EXPECT_EQ(packets(&c), 1);
	EXPECT_EQ(seg_mib(TCPSACKMERGED), 1);
	EXPECT_EQ(tcp_sk(seg_sock(c.fd))->sacked_out, 4);
	seg_flush();
	seg_end();
}

TEST(filled_hole_joins_what_lies_on_both_sides)
{
	struct seg_conn c;

	ten_segments(&c);
	report(&c, 2001, 4001);
	seg_in(&c, ". 1:1(0) ack 1 <nop,nop,sack 6001:8001 2001:4001>");
	EXPECT_EQ(packets(&c), 2);
	report(&c, 2001, 8001);
	EXPECT_EQ(packets(&c), 1);
	EXPECT_EQ(seg_mib(TCPSACKMERGED), 2);
	EXPECT_EQ(tcp_sk(seg_sock(c.fd))->sacked_out, 6);
	seg_flush();
	seg_end();
}

RULE("RFC 2018", "8", "what was reported and is taken back is sent again");
TEST(joined_segments_are_sent_again_when_the_peer_takes_them_back)
{
	struct seg_conn c;
	u32 at;

	ten_segments(&c);
	report(&c, 2001, 4001);
	report(&c, 2001, 10001);
	EXPECT_EQ(packets(&c), 1);
	seg_flush();
	/* What is reported lies first now: it was not kept. */
	seg_in(&c, ". 1:1(0) ack 2001");
	seg_sleep(seg_s(1));
	seg_flush();
	for (at = 3001; at <= 10001; at += 1000) {
		seg_in(&c, ". 1:1(0) ack %u", at);
		seg_flush();
		seg_sleep(seg_ms(10));
	}
	EXPECT_EQ(tcp_sk(seg_sock(c.fd))->packets_out, 0);
	EXPECT_GE(tcp_sk(seg_sock(c.fd))->total_retrans, 8);
	seg_end();
}

TEST(dsack_of_a_joined_segment_undoes_the_reduction)
{
	struct tcp_sock *tp;
	struct seg_conn c;

	ten_segments(&c);
	tp = tcp_sk(seg_sock(c.fd));
	report(&c, 1001, 2001);
	seg_in(&c, ". 1:1(0) ack 1 <nop,nop,sack 4001:10001 1001:2001>");
	EXPECT_EQ(inet_csk(seg_sock(c.fd))->icsk_ca_state, TCP_CA_Recovery);
	EXPECT_EQ(tp->undo_retrans, 3);
	seg_flush();
	/* What was sent again was late only: the hole closes, all is one packet. */
	report(&c, 1001, 10001);
	EXPECT_EQ(packets(&c), 1);
	EXPECT_EQ(tp->sacked_out, 9);
	/* The copies come, one after the other. */
	seg_in(&c, ". 1:1(0) ack 1 <nop,nop,sack 2001:3001 1001:10001>");
	EXPECT_EQ(tp->undo_retrans, 2);
	seg_in(&c, ". 1:1(0) ack 1 <nop,nop,sack 3001:4001 1001:10001>");
	EXPECT_EQ(tp->undo_retrans, 1);
	EXPECT_EQ(tp->sacked_out, 9);
	seg_in(&c, ". 1:1(0) ack 10001 <nop,nop,sack 1:1001>");
	EXPECT_EQ(inet_csk(seg_sock(c.fd))->icsk_ca_state, TCP_CA_Open);
	EXPECT_EQ(tp->snd_ssthresh, TCP_INFINITE_SSTHRESH);
	seg_flush();
	seg_end();
}

TEST(packets_that_a_program_may_not_extend_are_not_joined)
{
	struct seg_conn c;
	u32 i;

	seg_begin();
	seg_passive(&c, "mss 1000,sackOK,nop,wscale 7", 32768);
	for (i = 0; i < 4; i++) {
		EXPECT_EQ(seg_write(&c, 1000, MSG_EOR), 1000);
		seg_flush();
	}
	report(&c, 1001, 2001);
	report(&c, 1001, 4001);
	EXPECT_EQ(packets(&c), 3);
	EXPECT_EQ(seg_mib(TCPSACKMERGED), 0);
	EXPECT_EQ(tcp_sk(seg_sock(c.fd))->sacked_out, 3);
	seg_flush();
	seg_end();
}

RULE_AS_LINUX("RFC 9293", "3.8.6.2.1", "a sender avoids small segments",
	      "what the window left of a packet is filled up from the next (tcp_grow_skb)");
TEST(packet_that_the_window_cut_is_filled_up_from_the_next)
{
	struct seg_conn c;

	seg_begin();
	/* Packets are filled to half of the largest window: 500 bytes. */
	seg_passive(&c, "mss 1000", 1000);
	EXPECT_EQ(seg_write(&c, 3000, 0), 3000);
	seg_out(&c, "p. 1:501(500) ack 1");
	seg_out(&c, "p. 501:1001(500) ack 1");
	seg_none();
	seg_in(&c, ". 1:1(0) ack 1001 win 1400");
	seg_out(&c, ". 1001:1701(700) ack 1");
	seg_out(&c, "p. 1701:2401(700) ack 1");
	seg_flush();
	seg_end();
}
