// SPDX-License-Identifier: MIT
/*
 * HyStart: leave slow start before it overruns the bottleneck's queue, by what
 * the ACKs tell. Two algorithms, chosen by net.ipv4.tcp_cubic_hystart:
 *
 * 1, Linux's: a train of ACKs close to each other that lasts for half of the
 * least RTT shows that the pipe is full; or the least RTT of a round has risen.
 * Then ssthresh becomes the window.
 *
 * 2, HyStart++: the least RTT of a round has risen above that of the round
 * before. Then the window grows at a quarter of the pace for five rounds
 * (conservative slow start), unless the RTT falls again: it was jitter.
 *
 *	slow start ──RTT rose──▶ CSS ──five rounds──▶ congestion avoidance
 *	     ◀────RTT fell────────┘
 *
 * Linux: net/ipv4/tcp_cubic.c (the first)
 * RFC: 9406 (the second)
 */
#include <net/tcp.h>
#include "tcp_hystart.h"

#define HYSTART_LOW_WINDOW	16U	/* segments: below it slow start just goes on */
#define HYSTART_MIN_SAMPLES	8U	/* of a round, before it is judged */
#define HYSTART_DELAY_MIN_US	4000U
#define HYSTART_DELAY_MAX_US	16000U
#define HYSTART_ACK_DELTA_US	2000U	/* ACKs of a train are at most so far apart */

/* RFC 9406 4.3 */
#define CSS_GROWTH_DIVISOR	4U
#define CSS_ROUNDS		5U
#define HYSTART_L		8U	/* segments of growth an ACK, when not paced */

/* How much an RTT has to rise to count. */
static u32 delay_thresh(u32 rtt_us)
{
	return clamp_t(u32, rtt_us / 8, HYSTART_DELAY_MIN_US, HYSTART_DELAY_MAX_US);
}

static void begin_round(struct sock *sk, struct hystart *ca)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	ca->round_start = tp->tcp_mstamp;
	ca->last_ack = tp->tcp_mstamp;
	ca->end_seq = tp->snd_nxt;
	ca->last_rtt = ca->curr_rtt;
	ca->curr_rtt = U32_MAX;
	ca->sample_cnt = 0;
}

/**
 * hystart_init() - slow start begins, for the first time or after a timeout
 * @sk: the connection
 * @ca: its state; all is forgotten
 * Context: socket locked
 */
void hystart_init(struct sock *sk, struct hystart *ca)
{
	*ca = (struct hystart){ .curr_rtt = U32_MAX };
	begin_round(sk, ca);
}

/* Slow start is over. */
static void hystart_found(struct sock *sk, struct hystart *ca, int mib_detect, int mib_cwnd)
{
	struct tcp_sock *tp = tcp_sk(sk);

	ca->found = 1;
	NET_INC_STATS(sock_net(sk), mib_detect);
	NET_ADD_STATS(sock_net(sk), mib_cwnd, tcp_snd_cwnd(tp));
	tp->snd_ssthresh = tcp_snd_cwnd(tp);
}

static void hystart_found_delay(struct sock *sk, struct hystart *ca)
{
	hystart_found(sk, ca, LINUX_MIB_TCPHYSTARTDELAYDETECT, LINUX_MIB_TCPHYSTARTDELAYCWND);
}

/* ---- Linux's -------------------------------------------------------------------- */

/* Time that our own bursts take at the pacing rate: no sign of a full pipe. */
static u32 hystart_ack_delay(const struct sock *sk)
{
	u64 rate = sk->sk_pacing_rate;

	if (!rate)
		return 0;
	return (u32)min_t(u64, USEC_PER_MSEC, sk->sk_gso_max_size * 4ULL * USEC_PER_SEC / rate);
}

static void hystart_ack_train(struct sock *sk, struct hystart *ca, u32 delay_min_us)
{
	u64 now = tcp_sk(sk)->tcp_mstamp;
	u32 threshold;

	if (tcp_stamp_us_delta(now, ca->last_ack) > HYSTART_ACK_DELTA_US)
		return;
	ca->last_ack = now;
	threshold = delay_min_us + hystart_ack_delay(sk);
	/* Pacing spreads a window over half of the round trip by itself. */
	if (sk->sk_pacing_status == SK_PACING_NONE)
		threshold /= 2;
	if (tcp_stamp_us_delta(now, ca->round_start) > threshold)
		hystart_found(sk, ca, LINUX_MIB_TCPHYSTARTTRAINDETECT,
			      LINUX_MIB_TCPHYSTARTTRAINCWND);
}

static void hystart_linux(struct sock *sk, struct hystart *ca, u32 delay_us, u32 delay_min_us)
{
	/* Rounds are counted from the first, so that they end where flights do. */
	if (after(tcp_sk(sk)->snd_una, ca->end_seq))
		begin_round(sk, ca);
	if (tcp_snd_cwnd(tcp_sk(sk)) < HYSTART_LOW_WINDOW)
		return;
	hystart_ack_train(sk, ca, delay_min_us);
	ca->curr_rtt = min(ca->curr_rtt, delay_us);
	if (ca->sample_cnt < HYSTART_MIN_SAMPLES)
		ca->sample_cnt++;
	else if (ca->curr_rtt > delay_min_us + delay_thresh(delay_min_us) && !ca->found)
		hystart_found_delay(sk, ca);
}

/* ---- RFC 9406 ------------------------------------------------------------------- */

static void hystart_pp_round(struct sock *sk, struct hystart *ca)
{
	if (before(tcp_sk(sk)->snd_una, ca->end_seq))
		return;
	begin_round(sk, ca);
	/* RFC 9406 4.2: the round in which CSS began counts, though a part of one */
	if (ca->in_css && ++ca->css_rounds >= CSS_ROUNDS)
		hystart_found_delay(sk, ca);
}

static void hystart_pp(struct sock *sk, struct hystart *ca, u32 delay_us)
{
	/* RFC 9406 4.3: the first slow start only; later ones know ssthresh */
	if (!tcp_in_initial_slowstart(tcp_sk(sk)))
		return;
	hystart_pp_round(sk, ca);
	if (ca->found || tcp_snd_cwnd(tcp_sk(sk)) < HYSTART_LOW_WINDOW)
		return;
	ca->curr_rtt = min(ca->curr_rtt, delay_us);
	if (ca->sample_cnt < HYSTART_MIN_SAMPLES)
		ca->sample_cnt++;
	if (ca->sample_cnt < HYSTART_MIN_SAMPLES)
		return;
	if (ca->in_css) {
		if (ca->curr_rtt < ca->css_rtt)
			ca->in_css = 0;		/* it was jitter */
	} else if (ca->last_rtt != U32_MAX &&
		   ca->curr_rtt >= ca->last_rtt + delay_thresh(ca->last_rtt)) {
		ca->in_css = 1;
		ca->css_rounds = 0;
		ca->css_credit = 0;
		ca->css_rtt = ca->curr_rtt;
	}
}

/* ---- for both ------------------------------------------------------------------- */

/**
 * hystart_update() - an RTT sample in slow start
 * @sk: the connection; ssthresh becomes the window when slow start is to end
 * @ca: its state
 * @delay_us: the sample, microseconds
 * @delay_min_us: the least of all, microseconds
 * Context: socket locked
 */
void hystart_update(struct sock *sk, struct hystart *ca, u32 delay_us, u32 delay_min_us)
{
	if (ca->found)
		return;
	if (sock_net(sk)->ipv4.sysctl_tcp_cubic_hystart == HYSTART_RFC9406)
		hystart_pp(sk, ca, delay_us);
	else
		hystart_linux(sk, ca, delay_us, delay_min_us);
}

/**
 * hystart_growth() - what an ACK in slow start is worth
 * @sk: the connection
 * @ca: its state
 * @acked: segments newly acknowledged
 * Context: socket locked
 * Return: segments by which the window may grow
 */
u32 hystart_growth(const struct sock *sk, struct hystart *ca, u32 acked)
{
	u32 growth;

	if (sock_net(sk)->ipv4.sysctl_tcp_cubic_hystart != HYSTART_RFC9406 ||
	    !tcp_in_initial_slowstart(tcp_sk(sk)))
		return acked;
	/* RFC 9406 4.3: without pacing a great ACK would release a great burst */
	if (sk->sk_pacing_status == SK_PACING_NONE)
		acked = min(acked, HYSTART_L);
	if (!ca->in_css)
		return acked;
	acked += ca->css_credit;
	growth = acked / CSS_GROWTH_DIVISOR;
	ca->css_credit = (u8)(acked % CSS_GROWTH_DIVISOR);
	return growth;
}
