// SPDX-License-Identifier: MIT
/* Sequence numbers, slow start, additive increase: the arithmetic of TCP. */
#include <net/tcp.h>

#include "../../test.h"

RULE("RFC 9293", "3.4", "sequence numbers are compared modulo 2^32");
TEST(sequence_numbers_compare_modulo_2_to_the_32)
{
	static const u32 at[] = { 0, 1, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(at); i++) {
		EXPECT_TRUE(before(at[i], at[i] + 1));
		EXPECT_TRUE(before(at[i], at[i] + 0x7fffffff));
		EXPECT_FALSE(before(at[i], at[i]));
		EXPECT_FALSE(before(at[i] + 1, at[i]));
		EXPECT_TRUE(after(at[i] + 1, at[i]));
		EXPECT_FALSE(after(at[i], at[i]));
		EXPECT_TRUE(between(at[i], at[i], at[i]));
		EXPECT_TRUE(between(at[i] + 5, at[i], at[i] + 5));
		EXPECT_TRUE(between(at[i] + 5, at[i] + 5, at[i] + 9));
		EXPECT_FALSE(between(at[i] + 6, at[i], at[i] + 5));
		EXPECT_FALSE(between(at[i] - 1, at[i], at[i] + 5));
	}
}

static struct tcp_sock tp;

static void window(u32 cwnd, u32 ssthresh)
{
	memset(&tp, 0, sizeof(tp));
	tp.snd_cwnd = cwnd;
	tp.snd_ssthresh = ssthresh;
	tp.snd_cwnd_clamp = ~0U;
	tp.is_cwnd_limited = 1;
}

RULE("RFC 5681", "3.1", "slow start ends at ssthresh");
TEST(slow_start_grows_by_what_is_acknowledged_up_to_ssthresh)
{
	window(10, TCP_INFINITE_SSTHRESH);
	EXPECT_EQ(tcp_slow_start(&tp, 10), 0);
	EXPECT_EQ(tp.snd_cwnd, 20);
	window(10, 15);
	EXPECT_EQ(tcp_slow_start(&tp, 8), 3);
	EXPECT_EQ(tp.snd_cwnd, 15);
	window(10, TCP_INFINITE_SSTHRESH);
	tp.snd_cwnd_clamp = 12;
	EXPECT_EQ(tcp_slow_start(&tp, 8), 0);
	EXPECT_EQ(tp.snd_cwnd, 12);
}

RULE("RFC 5681", "3.1", "congestion avoidance: one segment in a round trip");
TEST(congestion_avoidance_grows_by_one_in_a_window)
{
	unsigned int i;

	window(10, 5);
	for (i = 0; i < 9; i++)
		tcp_reno_cong_avoid((struct sock *)&tp, 0, 1);
	EXPECT_EQ(tp.snd_cwnd, 10);
	tcp_reno_cong_avoid((struct sock *)&tp, 0, 1);
	EXPECT_EQ(tp.snd_cwnd, 11);
	for (i = 0; i < 11; i++)
		tcp_reno_cong_avoid((struct sock *)&tp, 0, 1);
	EXPECT_EQ(tp.snd_cwnd, 12);
}

RULE("RFC 7661", "4.3", "a window that is not used does not grow");
TEST(window_that_is_not_used_does_not_grow)
{
	window(20, 5);
	tp.is_cwnd_limited = 0;
	tcp_reno_cong_avoid((struct sock *)&tp, 0, 100);
	EXPECT_EQ(tp.snd_cwnd, 20);
	/* In slow start: when not even half of it was. */
	window(20, TCP_INFINITE_SSTHRESH);
	tp.is_cwnd_limited = 0;
	tp.max_packets_out = 9;
	tcp_reno_cong_avoid((struct sock *)&tp, 0, 5);
	EXPECT_EQ(tp.snd_cwnd, 20);
	tp.max_packets_out = 11;
	tcp_reno_cong_avoid((struct sock *)&tp, 0, 5);
	EXPECT_EQ(tp.snd_cwnd, 25);
}

RULE_AS_LINUX("RFC 5681", "3.1",
	      "ssthresh is half of the flight, two segments at least",
	      "half of the window");
TEST(ssthresh_is_half_the_window_and_two_at_least)
{
	window(20, 5);
	EXPECT_EQ(tcp_reno_ssthresh((struct sock *)&tp), 10);
	window(3, 5);
	EXPECT_EQ(tcp_reno_ssthresh((struct sock *)&tp), 2);
	window(1, 5);
	EXPECT_EQ(tcp_reno_ssthresh((struct sock *)&tp), 2);
}

TEST(segments_that_came_as_one_packet_are_counted_as_they_came)
{
	struct sk_buff *skb = alloc_skb(init_net, 2000, GFP_KERNEL);
	struct tcphdr *th;

	memset(&tp, 0, sizeof(tp));
	th = skb_put(skb, 1500);
	memset(th, 0, sizeof(*th));
	th->doff = sizeof(*th) / 4;
	skb_reset_transport_header(skb);
	tcp_segs_in(&tp, skb);
	skb_shinfo(skb)->gso_segs = 3;
	tcp_segs_in(&tp, skb);
	skb_trim(skb, sizeof(*th));
	skb_gso_reset(skb);
	tcp_segs_in(&tp, skb);
	EXPECT_EQ(tp.segs_in, 5);
	EXPECT_EQ(tp.data_segs_in, 4);
	consume_skb(skb);
}
