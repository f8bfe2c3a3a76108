// SPDX-License-Identifier: MIT
/*
 * CUBIC: the window is a cubic function of the time since the last reduction.
 *
 *	 cwnd
 *	Wmax ┤╲           ╭────────╯       W(t) = C (t - K)^3 + Wmax
 *	     │ ╲       ╭──╯                 K   = cbrt((Wmax - cwnd) / C)
 *	     │  ╲___╭──╯ concave   convex   C   = 0.4, cwnd = 0.7 Wmax after a loss
 *	     └──────┬──────────┬─────────▶ t
 *	       epoch_start     K
 *
 * Fast at first, slow about the window where the loss was, then probing ever
 * faster: independent of the RTT. Never slower than Reno would be.
 *
 * Linux: net/ipv4/tcp_cubic.c; HyStart stands in tcp_hystart.c here. Times are
 * nanoseconds; Linux looks at the curve once in a jiffy, here once in a
 * millisecond (HZ=1000).
 * RFC: 9438
 */
#include <net/tcp.h>
#include "tcp_hystart.h"

#define BICTCP_BETA_SCALE	1024U
#define BICTCP_BETA		717U	/* 0.7: what a loss leaves of the window */
#define BICTCP_HZ		10	/* time on the curve: 1 / 2^10 s */
#define BICTCP_C		410U	/* 0.4 << 10 (Linux: bic_scale 41) */
#define BICTCP_JIFFY		NSEC_PER_MSEC
#define BICTCP_SAME_CWND	(NSEC_PER_SEC / 32)
/* Farther from K the curve is beyond any window: (300 s)^3 C is 10^7 segments. */
#define BICTCP_MAX_OFFS		(300ULL << BICTCP_HZ)
/* (1 + beta) / (3 (1 - beta)) << 3: ACKs a segment of growth that Reno with our
 * beta would need for the same average window (RFC 9438 4.3). */
#define BICTCP_BETA_SCALED						\
	(8U * (BICTCP_BETA_SCALE + BICTCP_BETA) / 3U / (BICTCP_BETA_SCALE - BICTCP_BETA))

struct bictcp {
	u32 cnt;		/* ACKs for each segment of growth */
	u32 last_max_cwnd;	/* Wmax; 0: no loss yet */
	u32 last_cwnd;		/* the window when cnt was last reckoned */
	u32 bic_origin_point;	/* of the curve */
	u32 bic_K;		/* time to it, 1/1024 s */
	u32 delay_min;		/* us: least RTT; 0: none yet */
	u32 ack_cnt;		/* segments acknowledged, for tcp_cwnd */
	u32 tcp_cwnd;		/* the window that Reno would have */
	u64 last_time;		/* when cnt was last reckoned */
	u64 epoch_start;	/* where the curve begins; 0: at the next ACK */
	u32 undo_max_cwnd;	/* both as they were before the last reduction */
	u64 undo_epoch_start;
	u64 recovered;		/* when the last curve began; 0: none since the reduction */
	struct hystart hystart;
};
static_assert(sizeof(struct bictcp) <= ICSK_CA_PRIV_SIZE, "fits in the socket");

/* The integer part of the cube root, a bit at a time. */
static u32 cubic_root(u64 a)
{
	u64 root = 0;
	int bit;

	for (bit = 21; bit >= 0; bit--) {
		u64 next = root | 1ULL << bit;

		/* 64 bits hold no greater cube than that of 2642245. */
		if (next <= 2642245 && next * next * next <= a)
			root = next;
	}
	return (u32)root;
}

/* Everything begins anew: a connection, or after a timeout. */
static void cubictcp_init(struct sock *sk)
{
	struct bictcp *ca = inet_csk_ca(sk);

	*ca = (struct bictcp){ .cnt = 0 };
	hystart_init(sk, &ca->hystart);
}

/* ---- the curve ------------------------------------------------------------------ */

/* Time on the curve's axis. */
static u64 bictcp_time(u64 ns)
{
	/* 2^10 / 10^9, reduced so that a year does not overflow */
	return ns * 2 / (2 * NSEC_PER_SEC >> BICTCP_HZ);
}

static void bictcp_begin_epoch(struct bictcp *ca, u32 cwnd, u32 acked, u64 now)
{
	ca->epoch_start = now;
	ca->recovered = now;
	ca->ack_cnt = acked;
	ca->tcp_cwnd = cwnd;
	if (ca->last_max_cwnd <= cwnd) {
		ca->bic_K = 0;
		ca->bic_origin_point = cwnd;
	} else {
		/* RFC 9438 4.2: K, in 1/1024 s */
		ca->bic_K = cubic_root((1ULL << (10 + 3 * BICTCP_HZ)) / BICTCP_C *
				       (ca->last_max_cwnd - cwnd));
		ca->bic_origin_point = ca->last_max_cwnd;
	}
}

/* Where the curve is going to be a round trip from now. */
static u32 bictcp_target(const struct bictcp *ca, u64 now)
{
	u64 t = bictcp_time(now - ca->epoch_start + ca->delay_min * NSEC_PER_USEC);
	u64 offs = t < ca->bic_K ? ca->bic_K - t : t - ca->bic_K;
	u32 delta;

	offs = min_t(u64, offs, BICTCP_MAX_OFFS);
	delta = (u32)((BICTCP_C * offs * offs * offs) >> (10 + 3 * BICTCP_HZ));
	return t < ca->bic_K ? ca->bic_origin_point - delta : ca->bic_origin_point + delta;
}

/* RFC 9438 4.3: with small windows and short round trips Reno would be faster. */
static void bictcp_tcp_friendliness(struct bictcp *ca, u32 cwnd)
{
	u32 delta = (cwnd * BICTCP_BETA_SCALED) >> 3;

	if (delta && ca->ack_cnt > delta) {
		u32 growth = (ca->ack_cnt - 1) / delta;

		ca->ack_cnt -= growth * delta;
		ca->tcp_cwnd += growth;
	}
	if (ca->tcp_cwnd > cwnd)
		ca->cnt = min(ca->cnt, cwnd / (ca->tcp_cwnd - cwnd));
}

/* Reckons ca->cnt, by which the window shall grow until the next time. */
static void bictcp_update(struct bictcp *ca, u32 cwnd, u32 acked)
{
	u64 now = max_t(u64, ktime_get_ns(), 1);
	u32 target;

	ca->ack_cnt += acked;
	if (ca->last_cwnd == cwnd && now - ca->last_time <= BICTCP_SAME_CWND)
		return;
	if (!ca->epoch_start || now - ca->last_time >= BICTCP_JIFFY) {
		ca->last_cwnd = cwnd;
		ca->last_time = now;
		if (!ca->epoch_start)
			bictcp_begin_epoch(ca, cwnd, acked, now);
		target = bictcp_target(ca, now);
		ca->cnt = target > cwnd ? cwnd / (target - cwnd) : 100 * cwnd;
		/* Nothing was lost yet: nobody knows how much there is. */
		if (!ca->last_max_cwnd)
			ca->cnt = min(ca->cnt, 20U);
	}
	bictcp_tcp_friendliness(ca, cwnd);
	/* RFC 9438 4.4: a half more in a round trip at most */
	ca->cnt = max(ca->cnt, 2U);
}

static void cubictcp_cong_avoid(struct sock *sk, u32 ack, u32 acked)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct bictcp *ca = inet_csk_ca(sk);

	/* RFC 9438 5.8: a window that is not used does not grow. */
	if (!tcp_is_cwnd_limited(sk))
		return;
	if (tcp_in_slow_start(tp)) {
		acked = tcp_slow_start(tp, hystart_growth(sk, &ca->hystart, acked));
		if (!acked)
			return;
	}
	bictcp_update(ca, tcp_snd_cwnd(tp), acked);
	tcp_cong_avoid_ai(tp, ca->cnt, acked);
}

/* ---- events --------------------------------------------------------------------- */

/* RFC 9438 4.6, 4.7: the new ssthresh; a flow that falls behind where it was makes
 * room for others (fast convergence). */
static u32 cubictcp_recalc_ssthresh(struct sock *sk)
{
	u64 cwnd = tcp_snd_cwnd(tcp_sk(sk));
	struct bictcp *ca = inet_csk_ca(sk);

	ca->undo_epoch_start = ca->epoch_start;
	ca->undo_max_cwnd = ca->last_max_cwnd;
	ca->epoch_start = 0;
	ca->recovered = 0;
	if (cwnd < ca->last_max_cwnd)
		ca->last_max_cwnd = (u32)(cwnd * (BICTCP_BETA_SCALE + BICTCP_BETA) /
					  (2 * BICTCP_BETA_SCALE));
	else
		ca->last_max_cwnd = (u32)cwnd;
	return max((u32)(cwnd * BICTCP_BETA / BICTCP_BETA_SCALE), 2U);
}

/* RFC 9438 4.9.2: nothing was lost, so the curve goes on where it was. (Linux: the window
 * alone is restored. A Wmax of a reduction early in slow start, undone, then makes the
 * growth after slow start that of a loss at this window: slow for seconds.) */
static u32 cubictcp_undo_cwnd(struct sock *sk)
{
	struct bictcp *ca = inet_csk_ca(sk);

	ca->last_max_cwnd = ca->undo_max_cwnd;
	ca->epoch_start = ca->undo_epoch_start;
	return tcp_reno_undo_cwnd(sk);
}

static void cubictcp_cwnd_event(struct sock *sk, enum tcp_ca_event event)
{
	struct bictcp *ca = inet_csk_ca(sk);
	u64 now;

	if (event != CA_EVENT_TX_START || !ca->epoch_start)
		return;
	now = ktime_get_ns();
	/* RFC 9438 5.8: time without anything to send is no time on the curve. */
	ca->epoch_start = min(ca->epoch_start + (now - tcp_sk(sk)->lsndtime), now);
}

static void cubictcp_state(struct sock *sk, u8 new_state)
{
	if (new_state == TCP_CA_Loss)
		cubictcp_init(sk);
}

static void cubictcp_acked(struct sock *sk, const struct ack_sample *sample)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	struct bictcp *ca = inet_csk_ca(sk);
	u32 delay;

	if (sample->rtt_us < 0)
		return;
	/* Right after a recovery samples are of queues that are about to drain. */
	if (ca->recovered && ktime_get_ns() - ca->recovered < NSEC_PER_SEC)
		return;
	delay = max((u32)sample->rtt_us, 1U);
	if (!ca->delay_min || ca->delay_min > delay)
		ca->delay_min = delay;
	if (sock_net(sk)->ipv4.sysctl_tcp_cubic_hystart != HYSTART_OFF &&
	    tcp_in_slow_start(tp))
		hystart_update(sk, &ca->hystart, delay, ca->delay_min);
}

struct tcp_congestion_ops cubictcp __ro_after_init = {
	.name = "cubic",
	.init = cubictcp_init,
	.ssthresh = cubictcp_recalc_ssthresh,
	.cong_avoid = cubictcp_cong_avoid,
	.set_state = cubictcp_state,
	.undo_cwnd = cubictcp_undo_cwnd,
	.cwnd_event = cubictcp_cwnd_event,
	.pkts_acked = cubictcp_acked,
};
