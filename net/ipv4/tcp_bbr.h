/* SPDX-License-Identifier: MIT */
/* What the two files of BBR share: tcp_bbr.c (state machine, rate and window),
 * tcp_bbr_bw.c (what the path gives). */
#ifndef NET_IPV4_TCP_BBR_H
#define NET_IPV4_TCP_BBR_H

#include <net/tcp.h>

/* Bandwidth is kept in segments a microsecond, << 24: from 1500 bit/s to 3 Tbit/s. */
#define BW_SCALE	24
#define BW_UNIT		(1U << BW_SCALE)

/* Gains are << 8. */
#define BBR_SCALE	8
#define BBR_UNIT	(1U << BBR_SCALE)

enum bbr_mode {
	BBR_STARTUP,		/* double each round trip, until the pipe is full */
	BBR_DRAIN,		/* let the queue go that this made */
	BBR_PROBE_BW,		/* in cycles of eight: a bit more, a bit less, six as it is */
	BBR_PROBE_RTT,		/* nearly nothing in flight, to see the bare RTT */
};

struct bbr {
	struct minmax bw;		/* max of the last 10 rounds (rtt_cnt) */
	u64 min_rtt_stamp;		/* ns: when min_rtt_us was seen */
	u64 probe_rtt_done_stamp;	/* ns: end of PROBE_RTT; 0: not known yet */
	u64 cycle_mstamp;		/* us: when this phase of PROBE_BW began */
	u64 ack_epoch_mstamp;		/* us: when counting of ack_epoch_acked began */
	u32 min_rtt_us;			/* min of the last 10 s */
	u32 rtt_cnt;			/* rounds so far */
	u32 next_rtt_delivered;		/* tp->delivered at which this round ends */
	u32 prior_cwnd;			/* before recovery or PROBE_RTT */
	u32 full_bw;			/* bandwidth that has to be exceeded in STARTUP */
	u32 lt_bw;			/* long-term estimate; 0: none */
	u32 lt_last_delivered, lt_last_lost;	/* when its interval began */
	u32 lt_last_stamp;		/* ms: the same */
	u32 ack_epoch_acked;		/* segments acknowledged since ack_epoch_mstamp */
	u32 extra_acked[2];		/* max of what came beyond bw, of two windows */
	u16 pacing_gain, cwnd_gain;
	u8 mode;			/* enum bbr_mode */
	u8 prev_ca_state;		/* at the last ACK */
	u8 cycle_idx;			/* phase of PROBE_BW */
	u8 full_bw_cnt;			/* rounds without a larger full_bw */
	u8 lt_rtt_cnt;			/* rounds in the interval of lt_bw */
	u8 extra_acked_win_rtts;	/* age of extra_acked[idx], rounds */
	u8 extra_acked_win_idx:1,
	   packet_conservation:1,	/* in recovery: one out for each one in */
	   round_start:1,		/* this ACK began a round */
	   idle_restart:1,		/* sending again after the application was idle */
	   probe_rtt_round_done:1,
	   lt_is_sampling:1,
	   lt_use_bw:1,			/* lt_bw is used: there is a policer */
	   full_bw_reached:1;
	u8 has_seen_rtt:1;
};
static_assert(sizeof(struct bbr) <= ICSK_CA_PRIV_SIZE, "fits in the socket");

/* The most that was seen lately, segments a microsecond << BW_SCALE. */
static inline u32 bbr_max_bw(const struct sock *sk)
{
	const struct bbr *bbr = inet_csk_ca(sk);

	return minmax_get(&bbr->bw);
}

/* What the path is taken to give. */
static inline u32 bbr_bw(const struct sock *sk)
{
	const struct bbr *bbr = inet_csk_ca(sk);

	return bbr->lt_use_bw ? bbr->lt_bw : bbr_max_bw(sk);
}

/* tcp_bbr.c */
u64 bbr_rate_bytes_per_sec(const struct sock *sk, u64 rate, u32 gain);
void bbr_reset_probe_bw_mode(struct sock *sk);

/* tcp_bbr_bw.c */
void bbr_reset_lt_bw_sampling(struct sock *sk);
void bbr_lt_bw_sampling(struct sock *sk, const struct rate_sample *rs);
void bbr_update_bw(struct sock *sk, const struct rate_sample *rs);
void bbr_update_ack_aggregation(struct sock *sk, const struct rate_sample *rs);
u32 bbr_ack_aggregation_cwnd(const struct sock *sk);

#endif
