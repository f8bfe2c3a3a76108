// SPDX-License-Identifier: MIT
/*
 * BBR's view of the bandwidth: the greatest delivery rate of the last ten rounds;
 * the long-term rate that a policer lets through; and by how much ACKs come in
 * lumps, so that the window can span the silence between them.
 *
 * Linux: net/ipv4/tcp_bbr.c
 * RFC: draft-cardwell-iccrg-bbr-congestion-control-00
 */
#include "tcp_bbr.h"

#define BBR_BW_RTTS		10U	/* rounds: a cycle of eight and two */

#define BBR_LT_INTVL_MIN_RTTS	4U	/* rounds of an interval at least */
#define BBR_LT_LOSS_THRESH	50U	/* lost of 256 that look like a policer */
#define BBR_LT_BW_RATIO		(BBR_UNIT / 8)	/* so close are two intervals "the same", */
#define BBR_LT_BW_DIFF		(4000U / 8)	/* or in bytes a second */
#define BBR_LT_BW_MAX_RTTS	48U	/* rounds until the path is probed again */

#define BBR_EXTRA_ACKED_GAIN	BBR_UNIT
#define BBR_EXTRA_ACKED_WIN_RTTS 5U
#define BBR_ACK_EPOCH_RESET	(1U << 20)	/* segments after which to count anew */
#define BBR_EXTRA_ACKED_MAX_US	(100U * 1000)

/* ---- the policer ---------------------------------------------------------------- */

static void bbr_reset_lt_bw_sampling_interval(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	struct bbr *bbr = inet_csk_ca(sk);

	bbr->lt_last_stamp = (u32)(tp->delivered_mstamp / USEC_PER_MSEC);
	bbr->lt_last_delivered = tp->delivered;
	bbr->lt_last_lost = tp->lost;
	bbr->lt_rtt_cnt = 0;
}

/**
 * bbr_reset_lt_bw_sampling() - there is no policer, as far as we know
 * @sk: the connection
 * Context: socket locked
 */
void bbr_reset_lt_bw_sampling(struct sock *sk)
{
	struct bbr *bbr = inet_csk_ca(sk);

	bbr->lt_bw = 0;
	bbr->lt_use_bw = 0;
	bbr->lt_is_sampling = 0;
	bbr_reset_lt_bw_sampling_interval(sk);
}

/* An interval between losses gave @bw: like the one before? */
static void bbr_lt_bw_interval_done(struct sock *sk, u32 bw)
{
	struct bbr *bbr = inet_csk_ca(sk);

	if (bbr->lt_bw) {
		u32 diff = bw > bbr->lt_bw ? bw - bbr->lt_bw : bbr->lt_bw - bw;

		if ((u64)diff * BBR_UNIT <= (u64)BBR_LT_BW_RATIO * bbr->lt_bw ||
		    bbr_rate_bytes_per_sec(sk, diff, BBR_UNIT) <= BBR_LT_BW_DIFF) {
			bbr->lt_bw = (u32)(((u64)bw + bbr->lt_bw) >> 1);
			bbr->lt_use_bw = 1;
			bbr->pacing_gain = BBR_UNIT;
			bbr->lt_rtt_cnt = 0;
			return;
		}
	}
	bbr->lt_bw = bw;
	bbr_reset_lt_bw_sampling_interval(sk);
}

/* A round or a loss more in the interval: is it at its end, with much lost? */
static void bbr_lt_bw_interval(struct sock *sk, const struct rate_sample *rs)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	struct bbr *bbr = inet_csk_ca(sk);
	u32 lost, delivered, t_ms;
	u64 bw;

	if (bbr->round_start)
		bbr->lt_rtt_cnt++;
	if (bbr->lt_rtt_cnt < BBR_LT_INTVL_MIN_RTTS)
		return;
	if (bbr->lt_rtt_cnt > 4 * BBR_LT_INTVL_MIN_RTTS) {
		bbr_reset_lt_bw_sampling(sk);
		return;
	}
	/* It ends with a loss: then the policer's bucket is empty. */
	if (!rs->losses)
		return;
	lost = tp->lost - bbr->lt_last_lost;
	delivered = tp->delivered - bbr->lt_last_delivered;
	if (!delivered || (u64)lost << BBR_SCALE < (u64)BBR_LT_LOSS_THRESH * delivered)
		return;
	t_ms = (u32)(tp->delivered_mstamp / USEC_PER_MSEC) - bbr->lt_last_stamp;
	if ((s32)t_ms < 1)
		return;
	if (t_ms >= U32_MAX / USEC_PER_MSEC) {
		bbr_reset_lt_bw_sampling(sk);
		return;
	}
	bw = (u64)delivered * BW_UNIT / (t_ms * USEC_PER_MSEC);
	bbr_lt_bw_interval_done(sk, (u32)min_t(u64, bw, U32_MAX));
}

/**
 * bbr_lt_bw_sampling() - look for a token-bucket policer
 * @sk: the connection
 * @rs: the ACK's sample
 *
 * It lets a burst pass, and then drops a good deal of what exceeds its rate. Two
 * intervals in a row, between losses of a fifth, with the same rate: then this
 * rate is used for 48 rounds.
 *
 * Context: socket locked
 */
void bbr_lt_bw_sampling(struct sock *sk, const struct rate_sample *rs)
{
	struct bbr *bbr = inet_csk_ca(sk);

	if (bbr->lt_use_bw) {
		if (bbr->mode == BBR_PROBE_BW && bbr->round_start &&
		    ++bbr->lt_rtt_cnt >= BBR_LT_BW_MAX_RTTS) {
			bbr_reset_lt_bw_sampling(sk);
			bbr_reset_probe_bw_mode(sk);
		}
		return;
	}
	/* Begin with a loss: let the policer give its burst first. */
	if (!bbr->lt_is_sampling) {
		if (!rs->losses)
			return;
		bbr_reset_lt_bw_sampling_interval(sk);
		bbr->lt_is_sampling = 1;
	}
	if (rs->is_app_limited)
		bbr_reset_lt_bw_sampling(sk);
	else
		bbr_lt_bw_interval(sk, rs);
}

/* ---- the greatest rate ---------------------------------------------------------- */

/**
 * bbr_update_bw() - take the ACK's rate sample; count rounds
 * @sk: the connection
 * @rs: the sample
 * Context: socket locked
 */
void bbr_update_bw(struct sock *sk, const struct rate_sample *rs)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	struct bbr *bbr = inet_csk_ca(sk);
	u64 bw;

	bbr->round_start = 0;
	if (rs->delivered < 0 || rs->interval_us <= 0)
		return;
	/* What was sent after the last round began is delivered: a round trip. */
	if (!before(rs->prior_delivered, bbr->next_rtt_delivered)) {
		bbr->next_rtt_delivered = tp->delivered;
		bbr->rtt_cnt++;
		bbr->round_start = 1;
		bbr->packet_conservation = 0;
	}
	bbr_lt_bw_sampling(sk, rs);
	bw = min_t(u64, (u64)rs->delivered * BW_UNIT / (u64)rs->interval_us, U32_MAX);
	/* The application's rate says something of the path only if it is high. */
	if (!rs->is_app_limited || bw >= bbr_max_bw(sk))
		minmax_running_max(&bbr->bw, BBR_BW_RTTS, bbr->rtt_cnt, (u32)bw);
}

/* ---- ACKs in lumps -------------------------------------------------------------- */

/**
 * bbr_update_ack_aggregation() - how much came beyond what the bandwidth explains?
 * @sk: the connection
 * @rs: the ACK's sample
 *
 * The greatest excess of the last five to ten rounds is kept, in two halves.
 *
 * Context: socket locked
 */
void bbr_update_ack_aggregation(struct sock *sk, const struct rate_sample *rs)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	struct bbr *bbr = inet_csk_ca(sk);
	u32 epoch_us, extra;
	u64 expected;

	if (!rs->acked_sacked || rs->delivered < 0 || rs->interval_us <= 0)
		return;
	if (bbr->round_start && ++bbr->extra_acked_win_rtts >= BBR_EXTRA_ACKED_WIN_RTTS) {
		bbr->extra_acked_win_rtts = 0;
		bbr->extra_acked_win_idx = !bbr->extra_acked_win_idx;
		bbr->extra_acked[bbr->extra_acked_win_idx] = 0;
	}
	epoch_us = tcp_stamp_us_delta(tp->delivered_mstamp, bbr->ack_epoch_mstamp);
	expected = (u64)bbr_bw(sk) * epoch_us / BW_UNIT;
	/* Not more than expected: a lump can begin only now. */
	if (bbr->ack_epoch_acked <= expected ||
	    bbr->ack_epoch_acked + rs->acked_sacked >= BBR_ACK_EPOCH_RESET) {
		bbr->ack_epoch_acked = 0;
		bbr->ack_epoch_mstamp = tp->delivered_mstamp;
		expected = 0;
	}
	bbr->ack_epoch_acked = min(bbr->ack_epoch_acked + rs->acked_sacked,
				   BBR_ACK_EPOCH_RESET - 1);
	extra = min(bbr->ack_epoch_acked - (u32)expected, tcp_snd_cwnd(tp));
	bbr->extra_acked[bbr->extra_acked_win_idx] =
		max(bbr->extra_acked[bbr->extra_acked_win_idx], extra);
}

/**
 * bbr_ack_aggregation_cwnd() - window for the time in which no ACK comes
 * @sk: the connection
 * Context: socket locked
 * Return: segments; what is sent in 100 ms at most
 */
u32 bbr_ack_aggregation_cwnd(const struct sock *sk)
{
	const struct bbr *bbr = inet_csk_ca(sk);
	u32 extra = max(bbr->extra_acked[0], bbr->extra_acked[1]);

	if (!bbr->full_bw_reached)
		return 0;
	return (u32)min_t(u64, (u64)BBR_EXTRA_ACKED_GAIN * extra >> BBR_SCALE,
			  (u64)bbr_bw(sk) * BBR_EXTRA_ACKED_MAX_US / BW_UNIT);
}
