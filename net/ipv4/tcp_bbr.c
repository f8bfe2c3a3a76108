// SPDX-License-Identifier: MIT
/*
 * BBR, version 1: send at the rate that the path delivers, and keep no more in
 * flight than bandwidth times least RTT needs. Losses do not matter much, queues
 * are not filled.
 *
 *	STARTUP ──bandwidth grows no more──▶ DRAIN ──queue gone──▶ PROBE_BW
 *	   ▲                                                        │   ▲
 *	   └── unless the pipe was full ── PROBE_RTT ◀──10 s ───────┘   │
 *	                                      └────────200 ms ──────────┘
 *
 * The two estimates cannot be measured at once: with a queue the RTT is too long,
 * without one the bandwidth may be too small. So PROBE_BW sends a quarter more for
 * a round trip and a quarter less in the next, and PROBE_RTT looks at the RTT.
 * Needs pacing: that of the socket (tcp_output.c) unless there is another.
 *
 * Linux: net/ipv4/tcp_bbr.c
 * RFC: draft-cardwell-iccrg-bbr-congestion-control-00
 */
#include <linux/random.h>
#include "tcp_bbr.h"

#define CYCLE_LEN		8U	/* phases of PROBE_BW */
#define BBR_CYCLE_RAND		7U	/* of them one may begin with */
#define BBR_MIN_RTT_WIN		(10 * NSEC_PER_SEC)
#define BBR_PROBE_RTT_MODE	(200 * NSEC_PER_MSEC)
#define BBR_MIN_TSO_RATE	1200000U	/* bit/s: below it one segment a burst */
#define BBR_PACING_MARGIN	1U	/* per cent below the estimate, so that queues empty */
/* 2/ln(2): the least that doubles the rate each round trip; and what undoes it. */
#define BBR_HIGH_GAIN		(BBR_UNIT * 2885 / 1000 + 1)
#define BBR_DRAIN_GAIN		(BBR_UNIT * 1000 / 2885)
#define BBR_CWND_GAIN		(BBR_UNIT * 2)	/* delayed and lumped ACKs need two */
#define BBR_CWND_MIN_TARGET	4U	/* segments: still enough to pipeline */
#define BBR_FULL_BW_THRESH	(BBR_UNIT * 5 / 4)
#define BBR_FULL_BW_CNT		3U

static const u16 bbr_pacing_gain[CYCLE_LEN] = {
	BBR_UNIT * 5 / 4,		/* look whether there is more */
	BBR_UNIT * 3 / 4,		/* let the queue go, if there was not */
	BBR_UNIT, BBR_UNIT, BBR_UNIT, BBR_UNIT, BBR_UNIT, BBR_UNIT,
};

/* ---- pacing rate ---------------------------------------------------------------- */

/**
 * bbr_rate_bytes_per_sec() - a bandwidth in bytes a second, less the margin
 * @sk: the connection
 * @rate: segments a microsecond << BW_SCALE
 * @gain: << BBR_SCALE
 * Context: socket locked
 * Return: bytes a second
 */
u64 bbr_rate_bytes_per_sec(const struct sock *sk, u64 rate, u32 gain)
{
	rate *= tcp_sk(sk)->mss_cache;
	rate = rate * gain >> BBR_SCALE;
	return rate * (USEC_PER_SEC / 100 * (100 - BBR_PACING_MARGIN)) >> BW_SCALE;
}

static u64 bbr_bw_to_pacing_rate(const struct sock *sk, u32 bw, u32 gain)
{
	return min(bbr_rate_bytes_per_sec(sk, bw, gain), sk->sk_max_pacing_rate);
}

/* Before there is a sample: the window in a round trip, or in a millisecond. */
static void bbr_init_pacing_rate_from_rtt(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	struct bbr *bbr = inet_csk_ca(sk);
	u32 rtt_us = USEC_PER_MSEC;
	u64 bw;

	if (tp->srtt_us) {
		rtt_us = max(tp->srtt_us >> 3, 1U);
		bbr->has_seen_rtt = 1;
	}
	bw = min_t(u64, (u64)tcp_snd_cwnd(tp) * BW_UNIT / rtt_us, U32_MAX);
	sk->sk_pacing_rate = bbr_bw_to_pacing_rate(sk, (u32)bw, BBR_HIGH_GAIN);
}

static void bbr_set_pacing_rate(struct sock *sk, u32 bw, u32 gain)
{
	struct bbr *bbr = inet_csk_ca(sk);
	u64 rate = bbr_bw_to_pacing_rate(sk, bw, gain);

	if (unlikely(!bbr->has_seen_rtt && tcp_sk(sk)->srtt_us))
		bbr_init_pacing_rate_from_rtt(sk);
	/* In STARTUP it only rises. */
	if (bbr->full_bw_reached || rate > sk->sk_pacing_rate)
		sk->sk_pacing_rate = rate;
}

static u32 bbr_min_tso_segs(struct sock *sk)
{
	return sk->sk_pacing_rate < BBR_MIN_TSO_RATE / 8 ? 1 : 2;
}

/* Segments of a burst. */
static u32 bbr_tso_segs_goal(struct sock *sk)
{
	u64 bytes = min_t(u64, sk->sk_pacing_rate >> TCP_PACING_SHIFT,
			  GSO_MAX_SIZE - 1 - MAX_TCP_HEADER);
	u32 segs = max((u32)bytes / tcp_sk(sk)->mss_cache, bbr_min_tso_segs(sk));

	return min(segs, 0x7fU);
}

/* ---- what should be in flight --------------------------------------------------- */

/* Bandwidth times least RTT, times @gain, rounded up. Segments. */
static u32 bbr_bdp(const struct sock *sk, u32 bw, u32 gain)
{
	const struct bbr *bbr = inet_csk_ca(sk);
	u64 w;

	/* No RTT yet: the initial window will not be too much. */
	if (unlikely(bbr->min_rtt_us == U32_MAX))
		return TCP_INIT_CWND;
	w = (u64)bw * bbr->min_rtt_us;
	return (u32)(((w * gain >> BBR_SCALE) + BW_UNIT - 1) / BW_UNIT);
}

/* Bursts in our host, on the way and at the peer need some segments more. */
static u32 bbr_quantization_budget(struct sock *sk, u32 cwnd)
{
	const struct bbr *bbr = inet_csk_ca(sk);

	cwnd += 3 * bbr_tso_segs_goal(sk);
	/* An even number: delayed ACKs come for pairs. */
	cwnd = (cwnd + 1) & ~1U;
	/* A gain of 1.25 shall be more than 1 for small windows, too. */
	if (bbr->mode == BBR_PROBE_BW && !bbr->cycle_idx)
		cwnd += 2;
	return cwnd;
}

static u32 bbr_inflight(struct sock *sk, u32 bw, u32 gain)
{
	return bbr_quantization_budget(sk, bbr_bdp(sk, bw, gain));
}

/* What will be in the network when the next segment is due, of @inflight_now. */
static u32 bbr_packets_in_net_at_edt(struct sock *sk, u32 inflight_now)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	const struct bbr *bbr = inet_csk_ca(sk);
	u64 now = tp->tcp_clock_cache, edt = max(tp->tcp_wstamp_ns, now);
	u64 delivered = (u64)bbr_bw(sk) * ((edt - now) / NSEC_PER_USEC) >> BW_SCALE;

	if (bbr->pacing_gain > BBR_UNIT)
		inflight_now += bbr_tso_segs_goal(sk);
	return delivered >= inflight_now ? 0 : inflight_now - (u32)delivered;
}

/* ---- the window ----------------------------------------------------------------- */

static void bbr_save_cwnd(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	struct bbr *bbr = inet_csk_ca(sk);

	if (bbr->prev_ca_state < TCP_CA_Recovery && bbr->mode != BBR_PROBE_RTT)
		bbr->prior_cwnd = tcp_snd_cwnd(tp);	/* is a good one */
	else
		bbr->prior_cwnd = max(bbr->prior_cwnd, tcp_snd_cwnd(tp));
}

/* Recovery: in its first round trip one segment for each that is delivered. true:
 * *@new_cwnd is the window. */
static bool bbr_set_cwnd_to_recover_or_restore(struct sock *sk, const struct rate_sample *rs,
					       u32 acked, u32 *new_cwnd)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	struct bbr *bbr = inet_csk_ca(sk);
	u8 prev_state = bbr->prev_ca_state, state = inet_csk(sk)->icsk_ca_state;
	u32 cwnd = tcp_snd_cwnd(tp);

	if (rs->losses > 0)
		cwnd = (u32)max_t(s32, (s32)cwnd - rs->losses, 1);
	if (state == TCP_CA_Recovery && prev_state != TCP_CA_Recovery) {
		bbr->packet_conservation = 1;
		bbr->next_rtt_delivered = tp->delivered;
		cwnd = tcp_packets_in_flight(tp) + acked;
	} else if (prev_state >= TCP_CA_Recovery && state < TCP_CA_Recovery) {
		cwnd = max(cwnd, bbr->prior_cwnd);
		bbr->packet_conservation = 0;
	}
	bbr->prev_ca_state = state;
	*new_cwnd = bbr->packet_conservation ? max(cwnd, tcp_packets_in_flight(tp) + acked) : cwnd;
	return bbr->packet_conservation;
}

/* The window for @acked delivered segments more. */
static u32 bbr_cwnd_for(struct sock *sk, const struct rate_sample *rs, u32 acked)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	const struct bbr *bbr = inet_csk_ca(sk);
	u32 cwnd = tcp_snd_cwnd(tp), target;

	if (!acked || bbr_set_cwnd_to_recover_or_restore(sk, rs, acked, &cwnd))
		return cwnd;
	target = bbr_bdp(sk, bbr_bw(sk), bbr->cwnd_gain) + bbr_ack_aggregation_cwnd(sk);
	target = bbr_quantization_budget(sk, target);
	if (bbr->full_bw_reached)
		cwnd = min(cwnd + acked, target);
	else if (cwnd < target || tp->delivered < TCP_INIT_CWND)
		cwnd += acked;
	return max(cwnd, BBR_CWND_MIN_TARGET);
}

static void bbr_set_cwnd(struct sock *sk, const struct rate_sample *rs)
{
	const struct bbr *bbr = inet_csk_ca(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	u32 cwnd = min(bbr_cwnd_for(sk, rs, rs->acked_sacked), tp->snd_cwnd_clamp);

	if (bbr->mode == BBR_PROBE_RTT)
		cwnd = min(cwnd, BBR_CWND_MIN_TARGET);
	tcp_snd_cwnd_set(tp, cwnd);
}

/* ---- PROBE_BW ------------------------------------------------------------------- */

/* Is this phase of the cycle over? */
static bool bbr_is_next_cycle_phase(struct sock *sk, const struct rate_sample *rs)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	const struct bbr *bbr = inet_csk_ca(sk);
	bool is_full_length = tcp_stamp_us_delta(tp->delivered_mstamp, bbr->cycle_mstamp) >
			      bbr->min_rtt_us;
	u32 inflight;

	if (bbr->pacing_gain == BBR_UNIT)
		return is_full_length;
	inflight = bbr_packets_in_net_at_edt(sk, rs->prior_in_flight);
	/* More is sent until it is out there, unless it is too much for the path. */
	if (bbr->pacing_gain > BBR_UNIT)
		return is_full_length &&
		       (rs->losses || inflight >= bbr_inflight(sk, bbr_max_bw(sk),
							       bbr->pacing_gain));
	/* Less is sent until the queue is gone. */
	return is_full_length || inflight <= bbr_inflight(sk, bbr_max_bw(sk), BBR_UNIT);
}

static void bbr_advance_cycle_phase(struct sock *sk)
{
	struct bbr *bbr = inet_csk_ca(sk);

	bbr->cycle_idx = (bbr->cycle_idx + 1) & (CYCLE_LEN - 1);
	bbr->cycle_mstamp = tcp_sk(sk)->delivered_mstamp;
}

static void bbr_update_cycle_phase(struct sock *sk, const struct rate_sample *rs)
{
	const struct bbr *bbr = inet_csk_ca(sk);

	if (bbr->mode == BBR_PROBE_BW && bbr_is_next_cycle_phase(sk, rs))
		bbr_advance_cycle_phase(sk);
}

/* ---- modes ---------------------------------------------------------------------- */

/**
 * bbr_reset_probe_bw_mode() - PROBE_BW, beginning with any phase but 3/4
 * @sk: the connection
 * Context: socket locked
 */
void bbr_reset_probe_bw_mode(struct sock *sk)
{
	struct bbr *bbr = inet_csk_ca(sk);

	bbr->mode = BBR_PROBE_BW;
	bbr->cycle_idx = (u8)(CYCLE_LEN - 1 - get_random_u32_below(BBR_CYCLE_RAND));
	bbr_advance_cycle_phase(sk);
}

static void bbr_reset_mode(struct sock *sk)
{
	struct bbr *bbr = inet_csk_ca(sk);

	if (bbr->full_bw_reached)
		bbr_reset_probe_bw_mode(sk);
	else
		bbr->mode = BBR_STARTUP;
}

/* Three rounds without a quarter more: the pipe is full. */
static void bbr_check_full_bw_reached(struct sock *sk, const struct rate_sample *rs)
{
	struct bbr *bbr = inet_csk_ca(sk);

	if (bbr->full_bw_reached || !bbr->round_start || rs->is_app_limited)
		return;
	if (bbr_max_bw(sk) >= (u64)bbr->full_bw * BBR_FULL_BW_THRESH >> BBR_SCALE) {
		bbr->full_bw = bbr_max_bw(sk);
		bbr->full_bw_cnt = 0;
		return;
	}
	bbr->full_bw_reached = ++bbr->full_bw_cnt >= BBR_FULL_BW_CNT;
}

static void bbr_check_drain(struct sock *sk)
{
	struct bbr *bbr = inet_csk_ca(sk);
	struct tcp_sock *tp = tcp_sk(sk);

	if (bbr->mode == BBR_STARTUP && bbr->full_bw_reached) {
		bbr->mode = BBR_DRAIN;
		tp->snd_ssthresh = bbr_inflight(sk, bbr_max_bw(sk), BBR_UNIT);
	}
	if (bbr->mode == BBR_DRAIN &&
	    bbr_packets_in_net_at_edt(sk, tcp_packets_in_flight(tp)) <=
	    bbr_inflight(sk, bbr_max_bw(sk), BBR_UNIT))
		bbr_reset_probe_bw_mode(sk);
}

static void bbr_check_probe_rtt_done(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct bbr *bbr = inet_csk_ca(sk);
	u64 now = ktime_get_ns();

	if (!bbr->probe_rtt_done_stamp || now <= bbr->probe_rtt_done_stamp)
		return;
	bbr->min_rtt_stamp = now;
	tcp_snd_cwnd_set(tp, max(tcp_snd_cwnd(tp), bbr->prior_cwnd));
	bbr_reset_mode(sk);
}

/* 200 ms and a round trip with four segments in flight. */
static void bbr_probe_rtt(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct bbr *bbr = inet_csk_ca(sk);

	/* Low rates are our own doing. */
	tp->app_limited = max(tp->delivered + tcp_packets_in_flight(tp), 1U);
	if (bbr->probe_rtt_done_stamp) {
		if (bbr->round_start)
			bbr->probe_rtt_round_done = 1;
		if (bbr->probe_rtt_round_done)
			bbr_check_probe_rtt_done(sk);
	} else if (tcp_packets_in_flight(tp) <= BBR_CWND_MIN_TARGET) {
		bbr->probe_rtt_done_stamp = ktime_get_ns() + BBR_PROBE_RTT_MODE;
		bbr->probe_rtt_round_done = 0;
		bbr->next_rtt_delivered = tp->delivered;
	}
}

static void bbr_update_min_rtt(struct sock *sk, const struct rate_sample *rs)
{
	struct bbr *bbr = inet_csk_ca(sk);
	u64 now = ktime_get_ns();
	bool filter_expired = now > bbr->min_rtt_stamp + BBR_MIN_RTT_WIN;

	if (rs->rtt_us >= 0 &&
	    (rs->rtt_us < bbr->min_rtt_us || (filter_expired && !rs->is_ack_delayed))) {
		bbr->min_rtt_us = (u32)rs->rtt_us;
		bbr->min_rtt_stamp = now;
	}
	if (filter_expired && !bbr->idle_restart && bbr->mode != BBR_PROBE_RTT) {
		bbr->mode = BBR_PROBE_RTT;
		bbr_save_cwnd(sk);
		bbr->probe_rtt_done_stamp = 0;
	}
	if (bbr->mode == BBR_PROBE_RTT)
		bbr_probe_rtt(sk);
	if (rs->delivered > 0)
		bbr->idle_restart = 0;
}

static void bbr_update_gains(struct sock *sk)
{
	struct bbr *bbr = inet_csk_ca(sk);

	switch (bbr->mode) {
	case BBR_STARTUP:
		bbr->pacing_gain = BBR_HIGH_GAIN;
		bbr->cwnd_gain = BBR_HIGH_GAIN;
		break;
	case BBR_DRAIN:
		bbr->pacing_gain = BBR_DRAIN_GAIN;
		bbr->cwnd_gain = BBR_HIGH_GAIN;
		break;
	case BBR_PROBE_BW:
		bbr->pacing_gain = bbr->lt_use_bw ? BBR_UNIT : bbr_pacing_gain[bbr->cycle_idx];
		bbr->cwnd_gain = BBR_CWND_GAIN;
		break;
	default:
		bbr->pacing_gain = BBR_UNIT;
		bbr->cwnd_gain = BBR_UNIT;
	}
}

/* ---- events --------------------------------------------------------------------- */

static void bbr_main(struct sock *sk, u32 ack, int flag, const struct rate_sample *rs)
{
	const struct bbr *bbr = inet_csk_ca(sk);

	bbr_update_bw(sk, rs);
	bbr_update_ack_aggregation(sk, rs);
	bbr_update_cycle_phase(sk, rs);
	bbr_check_full_bw_reached(sk, rs);
	bbr_check_drain(sk);
	bbr_update_min_rtt(sk, rs);
	bbr_update_gains(sk);
	bbr_set_pacing_rate(sk, bbr_bw(sk), bbr->pacing_gain);
	bbr_set_cwnd(sk, rs);
}

static void bbr_init(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct bbr *bbr = inet_csk_ca(sk);

	*bbr = (struct bbr){ .mode = BBR_STARTUP, .prev_ca_state = TCP_CA_Open };
	tp->snd_ssthresh = TCP_INFINITE_SSTHRESH;
	bbr->next_rtt_delivered = tp->delivered;
	bbr->min_rtt_us = tcp_min_rtt(tp);
	bbr->min_rtt_stamp = ktime_get_ns();
	bbr->ack_epoch_mstamp = tp->tcp_mstamp;
	minmax_reset(&bbr->bw, bbr->rtt_cnt, 0);
	bbr_reset_lt_bw_sampling(sk);
	bbr_init_pacing_rate_from_rtt(sk);
	if (sk->sk_pacing_status == SK_PACING_NONE)
		sk->sk_pacing_status = SK_PACING_NEEDED;
}

static void bbr_cwnd_event(struct sock *sk, enum tcp_ca_event event)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	struct bbr *bbr = inet_csk_ca(sk);

	if (event != CA_EVENT_TX_START || !tp->app_limited)
		return;
	bbr->idle_restart = 1;
	bbr->ack_epoch_mstamp = tp->tcp_mstamp;
	bbr->ack_epoch_acked = 0;
	/* After a silence the pipe is empty: it is filled at its own pace. */
	if (bbr->mode == BBR_PROBE_BW)
		bbr_set_pacing_rate(sk, bbr_bw(sk), BBR_UNIT);
	else if (bbr->mode == BBR_PROBE_RTT)
		bbr_check_probe_rtt_done(sk);
}

static void bbr_set_state(struct sock *sk, u8 new_state)
{
	struct bbr *bbr = inet_csk_ca(sk);

	if (new_state == TCP_CA_Loss) {
		const struct rate_sample rs = { .losses = 1 };

		bbr->prev_ca_state = TCP_CA_Loss;
		bbr->full_bw = 0;
		bbr->round_start = 1;	/* a timeout is a round of its own */
		bbr_lt_bw_sampling(sk, &rs);
	}
}

/* No window is halved: this is only told that a loss was seen. */
static u32 bbr_ssthresh(struct sock *sk)
{
	bbr_save_cwnd(sk);
	return tcp_sk(sk)->snd_ssthresh;
}

static u32 bbr_undo_cwnd(struct sock *sk)
{
	struct bbr *bbr = inet_csk_ca(sk);

	/* What looked like a full pipe may have been reordering. */
	bbr->full_bw = 0;
	bbr->full_bw_cnt = 0;
	bbr_reset_lt_bw_sampling(sk);
	return tcp_snd_cwnd(tcp_sk(sk));
}

/* Recovery needs a window more, since nothing is taken back for losses. */
static u32 bbr_sndbuf_expand(struct sock *sk)
{
	return 3;
}

static size_t bbr_get_info(struct sock *sk, u32 ext, int *attr, union tcp_cc_info *info)
{
	const struct bbr *bbr = inet_csk_ca(sk);
	u64 bw = (u64)bbr_bw(sk) * tcp_sk(sk)->mss_cache * USEC_PER_SEC >> BW_SCALE;

	*attr = INET_DIAG_BBRINFO;
	info->bbr = (struct tcp_bbr_info){
		.bbr_bw_lo = (u32)bw,
		.bbr_bw_hi = (u32)(bw >> 32),
		.bbr_min_rtt = bbr->min_rtt_us,
		.bbr_pacing_gain = bbr->pacing_gain,
		.bbr_cwnd_gain = bbr->cwnd_gain,
	};
	return sizeof(info->bbr);
}

struct tcp_congestion_ops tcp_bbr_cong_ops __ro_after_init = {
	.flags = TCP_CONG_NON_RESTRICTED,
	.name = "bbr",
	.init = bbr_init,
	.cong_control = bbr_main,
	.sndbuf_expand = bbr_sndbuf_expand,
	.undo_cwnd = bbr_undo_cwnd,
	.cwnd_event = bbr_cwnd_event,
	.ssthresh = bbr_ssthresh,
	.min_tso_segs = bbr_min_tso_segs,
	.get_info = bbr_get_info,
	.set_state = bbr_set_state,
};
