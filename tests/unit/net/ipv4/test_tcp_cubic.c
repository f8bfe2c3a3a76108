// SPDX-License-Identifier: MIT
/*
 * CUBIC against its model (RFC 9438), and both kinds of HyStart: the algorithm
 * alone, fed with ACKs on the virtual clock.
 */
#include <linux/sysctl.h>
#include <net/tcp.h>

#include "../../../host/segtest.h"

#define MILLI 1000ULL

static struct tcp_sock tp;

static struct sock *const sk = (struct sock *)&tp;

/* A connection that uses its whole window. */
static void begin(u32 cwnd, u32 ssthresh)
{
	seg_begin();
	memset(&tp, 0, sizeof(tp));
	sk->sk_net = seg_net;
	sk->sk_pacing_rate = ~0ULL;
	inet_csk(sk)->icsk_ca_ops = &cubictcp;
	tp.snd_cwnd = cwnd;
	tp.snd_ssthresh = ssthresh;
	tp.snd_cwnd_clamp = ~0U;
	tp.is_cwnd_limited = 1;
	tp.mss_cache = 1000;
	tcp_mstamp_refresh(&tp);
	cubictcp.init(sk);
}

/* A loss, and the recovery from it. */
static void lose(void)
{
	tp.snd_ssthresh = cubictcp.ssthresh(sk);
	tp.snd_cwnd = tp.snd_ssthresh;
	tp.snd_cwnd_cnt = 0;
}

/* @n segments are acknowledged, @rtt_us after they were sent. */
static void ack(u32 n, u32 rtt_us)
{
	struct ack_sample sample = { .pkts_acked = n, .rtt_us = (s32)rtt_us };

	tcp_mstamp_refresh(&tp);
	cubictcp.pkts_acked(sk, &sample);
	cubictcp.cong_avoid(sk, tp.snd_una, n);
}

/* A window's worth of ACKs, evenly over a round trip. */
static void round_trip(u32 rtt_ms)
{
	u32 left = tp.snd_cwnd, n;
	u64 start = host_clock_ns, span = rtt_ms * NSEC_PER_MSEC;
	u32 cwnd = left;

	tp.snd_nxt = tp.snd_una + cwnd * 1000;
	for (; left; left -= n) {
		n = min(left, 4U);
		host_advance(start + span * (cwnd - left + n) / cwnd);
		tp.snd_una += n * 1000;
		ack(n, rtt_ms * 1000);
	}
}

static u64 cube_root(u64 a)
{
	u64 r = 0;

	while ((r + 1) * (r + 1) * (r + 1) <= a)
		r++;
	return r;
}

/* RFC 9438 (1): 0.4 (t - K)^3 + Wmax, in thousandths of a segment. */
static u64 w_cubic(u64 wmax, u64 cwnd_epoch, u64 t_ms)
{
	u64 k_ms = cube_root((wmax - cwnd_epoch) * 2500000000ULL);
	u64 offs = t_ms > k_ms ? t_ms - k_ms : k_ms - t_ms;
	u64 delta = offs * offs * offs / 2500000;

	return t_ms > k_ms ? wmax * MILLI + delta : wmax * MILLI - delta;
}

/* Within a hundredth, and @segs segments for what is not whole. */
static void expect_near(u32 rtt_ms, u64 t_ms, u64 model_milli, u32 segs)
{
	u64 cwnd = tp.snd_cwnd * MILLI;
	u64 tolerance = model_milli / 100 + segs * MILLI;

	if (cwnd + tolerance < model_milli || cwnd > model_milli + tolerance)
		test_fail(__FILE__, __LINE__, "RTT %u ms, t %lu ms: window %u, model %lu/1000",
			  rtt_ms, (unsigned long)t_ms, tp.snd_cwnd, (unsigned long)model_milli);
}

/* From a loss at @wmax segments on, until twelve seconds beyond K. */
static void follow(u32 wmax, u32 rtt_ms, u32 segs)
{
	u64 start, t_ms = 0, w_est;
	u32 cwnd_epoch;

	begin(wmax, 2);
	/* The least RTT is known: samples are not taken just after a loss. */
	ack(1, rtt_ms * 1000);
	tp.snd_cwnd = wmax;
	lose();
	cwnd_epoch = tp.snd_cwnd;
	EXPECT_EQ(cwnd_epoch, wmax * 717 / 1024);
	w_est = cwnd_epoch * MILLI;
	start = host_clock_ns;
	while (t_ms < cube_root((wmax - cwnd_epoch) * 2500000000ULL) + 12000) {
		round_trip(rtt_ms);
		t_ms = (host_clock_ns - start) / NSEC_PER_MSEC;
		/* RFC 9438 4.3: alpha is 3 (1 - 0.7) / (1 + 0.7) */
		w_est += 529;
		/* The curve begins with the first ACK: a round trip's part later. */
		if (t_ms > 2 * rtt_ms)
			expect_near(rtt_ms, t_ms, max(w_cubic(wmax, cwnd_epoch, t_ms), w_est),
				    segs);
	}
	seg_end();
}

TEST(cubic_follows_its_curve_at_any_rtt)
{
	follow(600, 20, 1);
	follow(600, 50, 1);
	follow(600, 100, 1);
	follow(1000, 200, 1);
}

TEST(cubic_is_not_slower_than_reno_with_short_round_trips)
{
	/* Not below 1/32 s: so long Linux keeps to a growth once reckoned. */
	follow(20, 35, 2);
	follow(40, 40, 2);
}

TEST(cubic_grows_by_a_half_a_round_trip_at_most)
{
	u32 before_cwnd;

	begin(1000, 2);
	ack(1, 100000);
	lose();
	tp.snd_cwnd = 20;	/* far below the curve, though not in slow start */
	tp.snd_ssthresh = 2;
	before_cwnd = tp.snd_cwnd;
	round_trip(100);
	EXPECT_LE(tp.snd_cwnd, before_cwnd * 3 / 2);
	EXPECT_GE(tp.snd_cwnd, before_cwnd * 3 / 2 - 2);
	seg_end();
}

TEST(cubic_without_a_loss_grows_by_a_twentieth_a_round_trip_at_least)
{
	begin(100, 100);
	round_trip(10);
	EXPECT_GE(tp.snd_cwnd, 104);
	round_trip(10);
	EXPECT_GE(tp.snd_cwnd, 109);
	seg_end();
}

/* Where the curve is level: the origin of the curve. */
static u32 plateau(u32 rtt_ms, u32 wmax_model)
{
	u64 end = host_clock_ns +
		  cube_root((wmax_model - tp.snd_cwnd) * 2500000000ULL) * NSEC_PER_MSEC;

	while (host_clock_ns < end)
		round_trip(rtt_ms);
	return tp.snd_cwnd;
}

TEST(cubic_makes_room_when_it_falls_behind)
{
	begin(1000, 2);
	ack(1, 100000);
	tp.snd_cwnd = 1000;
	lose();
	tp.snd_cwnd = 800;	/* did not come back to 1000 */
	lose();
	EXPECT_EQ(tp.snd_cwnd, 560);
	/* RFC 9438 4.7: 800 (1 + 0.7) / 2 */
	EXPECT_LE(plateau(100, 680), 684);
	EXPECT_GE(tp.snd_cwnd, 676);
	/* Above the last one the new one is believed. */
	tp.snd_cwnd = 900;
	lose();
	EXPECT_EQ(tp.snd_cwnd, 630);
	EXPECT_GE(plateau(100, 900), 895);
	EXPECT_LE(tp.snd_cwnd, 905);
	seg_end();
}

TEST(cubic_does_not_grow_while_the_application_is_slow)
{
	u32 cwnd;

	begin(500, 2);
	ack(1, 50000);
	lose();
	round_trip(50);
	cwnd = tp.snd_cwnd;
	tp.is_cwnd_limited = 0;
	for (u32 i = 0; i < 100; i++)
		round_trip(50);
	EXPECT_EQ(tp.snd_cwnd, cwnd);
	seg_end();
}

TEST(cubic_stops_its_clock_while_nothing_is_sent)
{
	u64 start, idle = 20 * NSEC_PER_SEC, t_ms;
	u32 epoch, cwnd, i;

	begin(600, 2);
	ack(1, 50000);
	tp.snd_cwnd = 600;
	lose();
	epoch = tp.snd_cwnd;
	start = host_clock_ns;
	for (i = 0; i < 20; i++)
		round_trip(50);
	cwnd = tp.snd_cwnd;
	tp.lsndtime = host_clock_ns;
	host_sleep(idle);
	cubictcp.cwnd_event(sk, CA_EVENT_TX_START);
	tp.lsndtime = host_clock_ns;
	round_trip(50);
	t_ms = (host_clock_ns - start - idle) / NSEC_PER_MSEC;
	EXPECT_LT(tp.snd_cwnd, cwnd + 20);
	expect_near(50, t_ms, w_cubic(600, epoch, t_ms), 1);
	seg_end();
}

TEST(cubic_forgets_the_curve_at_a_timeout)
{
	begin(600, 2);
	ack(1, 50000);
	lose();
	round_trip(50);
	cubictcp.set_state(sk, TCP_CA_Loss);
	/* No Wmax is known: a twentieth a round trip. */
	tp.snd_cwnd = 200;
	tp.snd_ssthresh = 2;
	round_trip(50);
	EXPECT_GE(tp.snd_cwnd, 209);
	EXPECT_LE(tp.snd_cwnd, 212);
	seg_end();
}

TEST(cubic_goes_back_to_what_it_had)
{
	begin(600, 2);
	tp.prior_cwnd = 600;
	lose();
	EXPECT_EQ(cubictcp.undo_cwnd(sk), 600);
	seg_end();
}

/* ---- HyStart ------------------------------------------------------------------------ */

#define HMIB(name) ((u32)seg_mib(TCPHYSTART##name))

/* Rounds of ACKs that come all at once, so that they make no train. */
static void burst_round(u32 rtt_us)
{
	u32 left = tp.snd_cwnd;

	host_sleep(rtt_us * NSEC_PER_USEC);
	tp.snd_una = tp.snd_nxt + 1;
	tp.snd_nxt += 1 + left * 1000;
	for (; left && tcp_in_slow_start(&tp); left--)
		ack(1, rtt_us);
}

TEST(hystart_ends_slow_start_when_the_delay_rises)
{
	u32 cwnd;

	begin(16, TCP_INFINITE_SSTHRESH);
	burst_round(40000);
	EXPECT_EQ(tp.snd_cwnd, 32);
	/* An eighth is 5 ms: this is not enough. */
	burst_round(44900);
	EXPECT_EQ(tp.snd_cwnd, 64);
	cwnd = tp.snd_cwnd;
	burst_round(45100);
	/* Eight samples and one that judges. */
	EXPECT_EQ(tp.snd_ssthresh, cwnd + 8);
	EXPECT_EQ(HMIB(DELAYDETECT), 1);
	EXPECT_EQ(HMIB(DELAYCWND), cwnd + 8);
	EXPECT_EQ(HMIB(TRAINDETECT), 0);
	seg_end();
}

TEST(hystart_ends_slow_start_when_acks_fill_half_of_the_round_trip)
{
	u32 i;

	begin(16, TCP_INFINITE_SSTHRESH);
	burst_round(40000);
	tp.snd_una = tp.snd_nxt + 1;
	tp.snd_nxt += 100000;
	/* A millisecond apart: after 20 of them the train is half of 40 ms long. */
	for (i = 0; i < 21; i++) {
		EXPECT_EQ(tp.snd_ssthresh, TCP_INFINITE_SSTHRESH);
		host_sleep(i ? NSEC_PER_MSEC : 0);
		ack(1, 40000);
	}
	EXPECT_EQ(tp.snd_ssthresh, TCP_INFINITE_SSTHRESH);
	host_sleep(NSEC_PER_MSEC);
	ack(1, 40000);
	EXPECT_EQ(tp.snd_ssthresh, tp.snd_cwnd);
	EXPECT_EQ(HMIB(TRAINDETECT), 1);
	EXPECT_EQ(HMIB(DELAYDETECT), 0);
	seg_end();
}

TEST(hystart_takes_a_gap_for_the_end_of_the_train)
{
	u32 i;

	begin(16, TCP_INFINITE_SSTHRESH);
	burst_round(40000);
	tp.snd_una = tp.snd_nxt + 1;
	tp.snd_nxt += 100000;
	ack(1, 40000);
	for (i = 0; i < 40; i++) {
		host_sleep(i == 10 ? 3 * NSEC_PER_MSEC : NSEC_PER_MSEC);
		ack(1, 40000);
	}
	EXPECT_EQ(tp.snd_ssthresh, TCP_INFINITE_SSTHRESH);
	seg_end();
}

TEST(hystart_leaves_small_windows_alone_and_can_be_switched_off)
{
	begin(15, TCP_INFINITE_SSTHRESH);
	burst_round(10000);
	tp.snd_cwnd = 15;
	burst_round(10000);
	tp.snd_cwnd = 10;
	host_sleep(NSEC_PER_MSEC);
	tp.snd_una = tp.snd_nxt + 1;
	for (u32 i = 0; i < 5; i++)
		ack(1, 200000);
	EXPECT_EQ(tp.snd_ssthresh, TCP_INFINITE_SSTHRESH);
	EXPECT_EQ(sysctl_write(seg_net, "net.ipv4.tcp_cubic_hystart", "0"), 0);
	for (u32 i = 0; i < 100; i++)
		ack(1, 200000);
	EXPECT_EQ(tp.snd_ssthresh, TCP_INFINITE_SSTHRESH);
	EXPECT_EQ(tp.snd_cwnd, 115);
	seg_end();
}

static void begin_pp(u32 cwnd)
{
	begin(cwnd, TCP_INFINITE_SSTHRESH);
	EXPECT_EQ(sysctl_write(seg_net, "net.ipv4.tcp_cubic_hystart", "2"), 0);
	EXPECT_EQ(sysctl_write(seg_net, "net.ipv4.tcp_cubic_hystart", "3"), -EINVAL);
	cubictcp.init(sk);
}

TEST(hystart_plus_plus_grows_slowly_for_five_rounds_and_ends_slow_start)
{
	u32 cwnd, i;

	begin_pp(32);
	burst_round(40000);
	burst_round(40000);
	EXPECT_EQ(tp.snd_cwnd, 128);
	/* 5 ms more: after the eighth sample conservative slow start begins. */
	burst_round(45000);
	EXPECT_EQ(tp.snd_cwnd, 128 + 7 + 121 / 4);
	EXPECT_EQ(tp.snd_ssthresh, TCP_INFINITE_SSTHRESH);
	for (i = 0; i < 4; i++) {
		cwnd = tp.snd_cwnd;
		burst_round(45000);
		EXPECT_GE(tp.snd_cwnd, cwnd + cwnd / 4);
		EXPECT_LE(tp.snd_cwnd, cwnd + cwnd / 4 + 1);
	}
	EXPECT_EQ(tp.snd_ssthresh, TCP_INFINITE_SSTHRESH);
	cwnd = tp.snd_cwnd;
	burst_round(45000);
	EXPECT_EQ(tp.snd_ssthresh, cwnd);
	EXPECT_EQ(HMIB(DELAYDETECT), 1);
	seg_end();
}

TEST(hystart_plus_plus_resumes_when_it_was_jitter)
{
	u32 cwnd;

	begin_pp(32);
	burst_round(40000);
	burst_round(46000);
	cwnd = tp.snd_cwnd;
	EXPECT_EQ(cwnd, 64 + 7 + 57 / 4);
	burst_round(41000);
	/* Seven at a quarter, from the eighth on at the whole. */
	EXPECT_GE(tp.snd_cwnd, cwnd + cwnd - 7);
	EXPECT_EQ(HMIB(DELAYDETECT), 0);
	seg_end();
}

TEST(hystart_plus_plus_bounds_the_growth_of_an_ack_unless_paced)
{
	begin_pp(20);
	ack(20, 40000);
	EXPECT_EQ(tp.snd_cwnd, 28);
	sk->sk_pacing_status = SK_PACING_NEEDED;
	ack(20, 40000);
	EXPECT_EQ(tp.snd_cwnd, 48);
	/* RFC 9406 4.3: nothing of it when ssthresh is known */
	sk->sk_pacing_status = SK_PACING_NONE;
	tp.snd_ssthresh = 1000;
	ack(20, 40000);
	EXPECT_EQ(tp.snd_cwnd, 68);
	seg_end();
}

/* @n ACKs of a flight that is @rtt_us long; each lets more go at once. */
static void flight(u32 n, u32 rtt_us)
{
	for (; n; n--) {
		tp.snd_una += 1000;
		ack(1, rtt_us);
		tp.snd_nxt = tp.snd_una + tp.snd_cwnd * 1000;
	}
}

/* Rounds end where flights do from the very first, though that is too small to be judged:
 * else one is made of the end of one flight and the beginning of the next, and the least
 * RTT of both is that of the first. */
TEST(hystart_counts_rounds_from_the_first_flight)
{
	begin(10, TCP_INFINITE_SSTHRESH);
	tp.snd_nxt = tp.snd_una + 10000;
	flight(10, 50000);
	flight(20, 50000);
	EXPECT_EQ(tp.snd_cwnd, 40);
	flight(8, 90000);
	EXPECT_EQ(tp.snd_ssthresh, TCP_INFINITE_SSTHRESH);
	flight(1, 90000);
	EXPECT_EQ(tp.snd_ssthresh, 48);
	seg_end();
}

RULE("RFC 9438", "4.9.2", "after a spurious fast retransmit Wmax is what it was before");
TEST(cubic_forgets_a_loss_that_was_none)
{
	begin(50, TCP_INFINITE_SSTHRESH);
	tp.prior_cwnd = 50;
	lose();
	EXPECT_EQ(cubictcp.undo_cwnd(sk), 50);
	/* Slow start goes on, and ends without a loss: nobody knows how much there is. */
	tp.snd_cwnd = 200;
	tp.snd_ssthresh = 200;
	round_trip(40);
	EXPECT_GE(tp.snd_cwnd, 209);
	seg_end();
}
