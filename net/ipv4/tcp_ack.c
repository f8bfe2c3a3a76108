// SPDX-License-Identifier: MIT
/*
 * What an acknowledgement says: what has been delivered, how long it took, how
 * much may be sent, what is lost. From tcp_ack(), read down:
 *
 *   window update, SACK blocks (tcp_sack.c)
 *   → tcp_clean_rtx_queue(): delivered segments leave the queue, RTT samples
 *   → tcp_fastretrans_alert(): the recovery state machine, when something is odd
 *   → tcp_cong_control(): the congestion window
 *
 * The recovery state machine stands in tcp_fastretrans.c.
 *
 * Linux: net/ipv4/tcp_input.c
 * RFC: 9293 3.10.7.4, 6298 (RTO), 5681, 6675, 8985 (TLP), 5961 5.2
 */
#include <linux/trace.h>
#include <net/tcp.h>
#include "tcp_recovery.h"

/* ---- round trip times ---------------------------------------------------------- */

/**
 * tcp_update_pacing_rate() - how fast segments may leave, from cwnd and SRTT
 * @sk: the connection
 * Context: socket locked
 */
void tcp_update_pacing_rate(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	const struct netns_ipv4 *ipv4 = &sock_net(sk)->ipv4;
	u64 rate = (u64)tp->mss_cache * ((USEC_PER_SEC / 100) << 3);

	/* In slow start the window doubles each round trip: pace at twice. */
	if (tcp_snd_cwnd(tp) < tp->snd_ssthresh / 2)
		rate *= (u64)ipv4->sysctl_tcp_pacing_ss_ratio;
	else
		rate *= (u64)ipv4->sysctl_tcp_pacing_ca_ratio;
	rate *= max(tcp_snd_cwnd(tp), tp->packets_out);
	if (likely(tp->srtt_us))
		rate /= tp->srtt_us;
	sk->sk_pacing_rate = min(rate, sk->sk_max_pacing_rate);
}

/**
 * tcp_rtt_estimator() - feed one RTT sample to SRTT and RTTVAR
 * @sk: the connection
 * @mrtt_us: the sample, microseconds
 *
 * RFC 6298 2.2, 2.3 in Linux's variation: srtt_us is scaled by 8, mdev_us by 4;
 * rttvar_us is the largest deviation of the present round trip and falls only
 * once a round trip, so that it is not diluted by many samples; a sample below
 * SRTT raises the deviation by an eighth only.
 *
 * Context: socket locked
 */
void tcp_rtt_estimator(struct sock *sk, long mrtt_us)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 rto_min_us = (u32)(tcp_rto_min(sk) / NSEC_PER_USEC);
	long m = mrtt_us;
	u32 srtt = tp->srtt_us;

	if (!srtt) {
		srtt = (u32)(m << 3);
		tp->mdev_us = (u32)(m << 1);
		tp->rttvar_us = max(tp->mdev_us, rto_min_us);
		tp->mdev_max_us = tp->rttvar_us;
		tp->rtt_seq = tp->snd_nxt;
		tp->srtt_us = max(1U, srtt);
		return;
	}

	m -= (long)(srtt >> 3);
	srtt = (u32)((long)srtt + m);		/* srtt = 7/8 srtt + 1/8 new */
	if (m < 0) {
		m = -m - (long)(tp->mdev_us >> 2);
		if (m > 0)
			m >>= 3;
	} else {
		m -= (long)(tp->mdev_us >> 2);
	}
	tp->mdev_us = (u32)((long)tp->mdev_us + m);
	if (tp->mdev_us > tp->mdev_max_us) {
		tp->mdev_max_us = tp->mdev_us;
		if (tp->mdev_max_us > tp->rttvar_us)
			tp->rttvar_us = tp->mdev_max_us;
	}
	if (after(tp->snd_una, tp->rtt_seq)) {
		if (tp->mdev_max_us < tp->rttvar_us)
			tp->rttvar_us -= (tp->rttvar_us - tp->mdev_max_us) >> 2;
		tp->rtt_seq = tp->snd_nxt;
		tp->mdev_max_us = rto_min_us;
	}
	tp->srtt_us = max(1U, srtt);
}

/**
 * tcp_set_rto() - RTO from the estimates, bounded
 * @sk: the connection
 * Context: socket locked
 */
void tcp_set_rto(struct sock *sk)
{
	inet_csk(sk)->icsk_rto = min_t(u64, __tcp_set_rto(tcp_sk(sk)), tcp_rto_max(sk));
}

static void tcp_update_rtt_min(struct sock *sk, u32 rtt_us, const int flag)
{
	struct tcp_sock *tp = tcp_sk(sk);

	/* A delayed ACK of the only segment would spoil the minimum. */
	if ((flag & FLAG_ACK_MAYBE_DELAYED) && rtt_us > tcp_min_rtt(tp))
		return;
	minmax_running_min(&tp->rtt_min, sock_net(sk)->ipv4.sysctl_tcp_min_rtt_wlen_ns,
			   tp->tcp_clock_cache, rtt_us ? rtt_us : 1);
}

/* Takes the best of the samples an ACK offers. true: one was good. */
static bool tcp_ack_update_rtt(struct sock *sk, const int flag, long seq_rtt_us,
			       long sack_rtt_us, long ca_rtt_us, struct rate_sample *rs)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	/* Karn: a segment sent twice gives none; one that was SACKed does. */
	if (seq_rtt_us < 0)
		seq_rtt_us = sack_rtt_us;
	/* RFC 7323 4.1: with a timestamp even a retransmission gives one. */
	if (seq_rtt_us < 0 && tp->rx_opt.saw_tstamp && tp->rx_opt.rcv_tsecr &&
	    (flag & FLAG_ACKED)) {
		u32 delta = tcp_time_stamp(tp) - tp->rx_opt.rcv_tsecr;

		if (likely(delta < (u32)(INT_MAX / (USEC_PER_SEC / TCP_TS_HZ)))) {
			if (!delta)
				delta = 1;
			seq_rtt_us = delta * (long)(USEC_PER_SEC / TCP_TS_HZ);
			ca_rtt_us = seq_rtt_us;
		}
	}
	rs->rtt_us = ca_rtt_us;
	if (seq_rtt_us < 0)
		return false;

	tcp_update_rtt_min(sk, (u32)ca_rtt_us, flag);
	tcp_rtt_estimator(sk, seq_rtt_us);
	tcp_set_rto(sk);
	/* RFC 6298 5: only now may the back-off be forgotten. */
	inet_csk(sk)->icsk_backoff = 0;
	return true;
}

/**
 * tcp_synack_rtt_meas() - the handshake's RTT is the first sample
 * @sk: the new connection
 * @req: the request it was made of, or NULL
 * Context: socket locked
 */
void tcp_synack_rtt_meas(struct sock *sk, struct request_sock *req)
{
	struct rate_sample rs;
	long rtt_us = -1L;

	if (req && !req->num_retrans && tcp_rsk(req)->snt_synack)
		rtt_us = tcp_stamp_us_delta(tcp_sk(sk)->tcp_mstamp, tcp_rsk(req)->snt_synack);
	tcp_ack_update_rtt(sk, FLAG_SYN_ACKED, rtt_us, -1L, rtt_us, &rs);
}

/* ---- timers ---------------------------------------------------------------------- */

/**
 * tcp_rearm_rto() - RFC 6298 5.2, 5.3: restart the timer, or stop it
 * @sk: the connection
 * Context: socket locked
 */
void tcp_rearm_rto(struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	u64 rto = icsk->icsk_rto;

	/* It is the SYN-ACK's. */
	if (tp->fastopen_rsk)
		return;
	if (!tp->packets_out) {
		inet_csk_clear_xmit_timer(sk, ICSK_TIME_RETRANS);
		return;
	}
	/* The reordering and loss probe timers stood in for the RTO: it goes on
	 * from when the first segment was sent, not from now. */
	if (icsk->icsk_pending == ICSK_TIME_REO_TIMEOUT ||
	    icsk->icsk_pending == ICSK_TIME_LOSS_PROBE) {
		struct sk_buff *skb = tcp_rtx_queue_head(sk);
		u64 due = skb->skb_mstamp_ns + rto;

		rto = due > tp->tcp_clock_cache ? due - tp->tcp_clock_cache : 1;
	}
	tcp_reset_xmit_timer(sk, ICSK_TIME_RETRANS, rto);
}

static void tcp_set_xmit_timer(struct sock *sk)
{
	if (!tcp_schedule_loss_probe(sk, true))
		tcp_rearm_rto(sk);
}

/* An ACK opened (or not) a window that was too small for the next segment. */
static void tcp_ack_probe(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct sk_buff *head = tcp_send_head(sk);
	const struct tcp_sock *tp = tcp_sk(sk);

	if (!head)
		return;
	if (!after(TCP_SKB_CB(head)->end_seq, tcp_wnd_end(tp))) {
		icsk->icsk_backoff = 0;
		icsk->icsk_probes_tstamp = 0;
		inet_csk_clear_xmit_timer(sk, ICSK_TIME_PROBE0);
		return;
	}
	tcp_reset_xmit_timer(sk, ICSK_TIME_PROBE0, tcp_probe0_when(sk, tcp_rto_max(sk)));
}

/* ---- the retransmit queue ----------------------------------------------------------- */

struct tcp_cleaned {			/* what tcp_clean_rtx_queue() found */
	u64 first_ackt, last_ackt;	/* us: send times of never-retransmitted */
	u32 reord;			/* lowest of these that had not been SACKed */
	u32 pkts_acked;
	u32 prior_snd_una, prior_sacked;	/* SND.UNA and sacked_out before */
	bool fully_acked;
	int flag;
};

/* A part of a GSO skb is acknowledged. */
static u32 tcp_tso_acked(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 packets_acked = (u32)tcp_skb_pcount(skb);

	if (tcp_trim_head(sk, skb, tp->snd_una - TCP_SKB_CB(skb)->seq))
		return 0;
	packets_acked -= (u32)tcp_skb_pcount(skb);
	return packets_acked;
}

/* Accounts for @acked_pcount segments of @skb that the ACK covers. */
static void tcp_clean_one(struct sock *sk, struct sk_buff *skb, u32 acked_pcount,
			  struct tcp_sacktag_state *sack, struct tcp_cleaned *c)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_skb_cb *scb = TCP_SKB_CB(skb);
	u8 sacked = scb->sacked;

	if (unlikely(sacked & TCPCB_RETRANS)) {
		if (sacked & TCPCB_SACKED_RETRANS)
			tp->retrans_out -= acked_pcount;
		c->flag |= FLAG_RETRANS_DATA_ACKED;
	} else if (!(sacked & TCPCB_SACKED_ACKED)) {
		c->last_ackt = tcp_skb_timestamp_us(skb);
		if (!c->first_ackt)
			c->first_ackt = c->last_ackt;
		if (before(scb->seq, c->reord))
			c->reord = scb->seq;
		if (!after(scb->end_seq, tp->high_seq))
			c->flag |= FLAG_ORIG_SACK_ACKED;
	}

	if (sacked & TCPCB_SACKED_ACKED) {
		tp->sacked_out -= acked_pcount;
	} else if (tcp_is_sack(tp)) {
		tp->delivered += acked_pcount;
		if (!tcp_skb_spurious_retrans(tp, skb))
			tcp_rack_advance(tp, sacked, scb->end_seq, tcp_skb_timestamp_us(skb));
	}
	if (sacked & TCPCB_LOST)
		tp->lost_out -= acked_pcount;

	tp->packets_out -= acked_pcount;
	c->pkts_acked += acked_pcount;
	tcp_rate_skb_delivered(sk, skb, sack->rate);

	/* A SYN is not data: congestion control does not see it. */
	if (likely(!(scb->tcp_flags & TCPHDR_SYN))) {
		c->flag |= FLAG_DATA_ACKED;
	} else {
		c->flag |= FLAG_SYN_ACKED;
		tp->retrans_stamp = 0;
	}
}

/* Without SACK: duplicate ACKs stand for segments that left the network. */
static void tcp_remove_reno_sacks(struct sock *sk, int acked)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (acked > 0) {
		/* One ACK is for the hole; the others were counted before. */
		tp->delivered += (u32)max_t(int, acked - (int)tp->sacked_out, 1);
		if (acked - 1 >= (int)tp->sacked_out)
			tp->sacked_out = 0;
		else
			tp->sacked_out -= (u32)(acked - 1);
	}
	tcp_check_reno_reordering(sk, acked);
}

/* A lone runt's ACK, a round trip after it was sent, is likely to have been delayed. */
static bool tcp_ack_maybe_delayed(const struct tcp_sock *tp, const struct rate_sample *rs,
				  const struct tcp_cleaned *c)
{
	return c->pkts_acked == 1 && c->fully_acked && !c->prior_sacked &&
	       tp->snd_una - c->prior_snd_una < tp->mss_cache &&
	       rs->prior_delivered + 1 == tp->delivered &&
	       !(c->flag & (FLAG_CA_ALERT | FLAG_SYN_ACKED));
}

static void tcp_clean_samples(struct sock *sk, struct tcp_sacktag_state *sack,
			      struct tcp_cleaned *c, u32 prior_fack)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	long seq_rtt_us = -1L, sack_rtt_us = -1L, ca_rtt_us = -1L;
	bool rtt_update;

	if (likely(c->first_ackt) && !(c->flag & FLAG_RETRANS_DATA_ACKED)) {
		seq_rtt_us = tcp_stamp_us_delta(tp->tcp_mstamp, c->first_ackt);
		ca_rtt_us = tcp_stamp_us_delta(tp->tcp_mstamp, c->last_ackt);
		if (tcp_ack_maybe_delayed(tp, sack->rate, c))
			c->flag |= FLAG_ACK_MAYBE_DELAYED;
	}
	if (sack->first_sackt) {
		sack_rtt_us = tcp_stamp_us_delta(tp->tcp_mstamp, sack->first_sackt);
		ca_rtt_us = tcp_stamp_us_delta(tp->tcp_mstamp, sack->last_sackt);
	}
	rtt_update = tcp_ack_update_rtt(sk, c->flag, seq_rtt_us, sack_rtt_us, ca_rtt_us,
					sack->rate);

	if (c->flag & FLAG_ACKED) {
		c->flag |= FLAG_SET_XMIT_TIMER;
		if (tcp_is_reno(tp)) {
			tcp_remove_reno_sacks(sk, (int)c->pkts_acked);
			/* Any RTT in Reno's recovery would do harm (Karn again). */
			if (c->flag & FLAG_RETRANS_DATA_ACKED)
				c->flag &= ~FLAG_ORIG_SACK_ACKED;
		} else if (before(c->reord, prior_fack)) {
			tcp_check_sack_reordering(sk, c->reord, 0);
		}
	} else if (rtt_update && sack_rtt_us >= 0 &&
		   sack_rtt_us > (long)tcp_stamp_us_delta(tp->tcp_mstamp,
				tcp_skb_timestamp_us(tcp_rtx_queue_head(sk)))) {
		/* SACKs changed the RTO; it may be due later than armed. */
		c->flag |= FLAG_SET_XMIT_TIMER;
	}

	if (icsk->icsk_ca_ops->pkts_acked) {
		struct ack_sample sample = { .pkts_acked = c->pkts_acked,
			.rtt_us = (s32)sack->rate->rtt_us };

		sample.in_flight = tp->mss_cache * (tp->delivered - sack->rate->prior_delivered);

		icsk->icsk_ca_ops->pkts_acked(sk, &sample);
	}
}

/* Takes what the ACK covers off the retransmit queue, and the RTT samples it
 * gives. Returns FLAG_*. */
static int tcp_clean_rtx_queue(struct sock *sk, u32 prior_fack, u32 prior_snd_una,
			       struct tcp_sacktag_state *sack)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_cleaned c = { .reord = tp->snd_nxt, .fully_acked = true,
				 .prior_snd_una = prior_snd_una, .prior_sacked = tp->sacked_out };
	struct sk_buff *skb, *next;

	for (skb = tcp_rtx_queue_head(sk); skb; skb = next) {
		struct tcp_skb_cb *scb = TCP_SKB_CB(skb);
		u32 acked_pcount;

		if (after(scb->end_seq, tp->snd_una)) {
			if (tcp_skb_pcount(skb) == 1 || !after(tp->snd_una, scb->seq))
				break;
			acked_pcount = tcp_tso_acked(sk, skb);
			if (!acked_pcount)
				break;
			c.fully_acked = false;
		} else {
			acked_pcount = (u32)tcp_skb_pcount(skb);
		}
		tcp_clean_one(sk, skb, acked_pcount, sack, &c);
		if (!c.fully_acked)
			break;

		next = skb_rb_next(skb);
		if (unlikely(skb == tp->retransmit_skb_hint))
			tp->retransmit_skb_hint = NULL;
		tcp_highest_sack_replace(sk, skb, next);
		tcp_rtx_queue_unlink_and_free(skb, sk);
	}
	if (!skb)
		tcp_chrono_stop(sk, TCP_CHRONO_BUSY);
	if (likely(between(tp->snd_up, prior_snd_una, tp->snd_una)))
		tp->snd_up = tp->snd_una;
	/* The peer acknowledged less than it had SACKed: it threw data away. */
	if (skb && (TCP_SKB_CB(skb)->sacked & TCPCB_SACKED_ACKED))
		c.flag |= FLAG_SACK_RENEGING;

	tcp_clean_samples(sk, sack, &c, prior_fack);
	if (c.flag & FLAG_ACKED)
		tcp_mtup_check_success(sk);

	WARN_ON_ONCE((int)tp->sacked_out < 0);
	WARN_ON_ONCE((int)tp->lost_out < 0);
	WARN_ON_ONCE((int)tp->retrans_out < 0);
	return c.flag;
}

/* ---- the window ------------------------------------------------------------------ */

/* RFC 9293 3.10.7.4: SND.WND, WL1; WL2 is always SND.UNA here. */
static bool tcp_may_update_window(const struct tcp_sock *tp, u32 ack, u32 ack_seq, u32 nwin)
{
	return after(ack, tp->snd_una) || after(ack_seq, tp->snd_wl1) ||
	       (ack_seq == tp->snd_wl1 && (nwin > tp->snd_wnd || !nwin));
}

static void tcp_snd_una_update(struct tcp_sock *tp, u32 ack)
{
	tp->bytes_acked += ack - tp->snd_una;
	tp->snd_una = ack;
}

static int tcp_ack_update_window(struct sock *sk, const struct sk_buff *skb, u32 ack,
				 u32 ack_seq)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int flag = 0;
	u32 nwin = ntohs(tcp_hdr(skb)->window);

	if (likely(!tcp_hdr(skb)->syn))
		nwin <<= tp->rx_opt.snd_wscale;

	if (tcp_may_update_window(tp, ack, ack_seq, nwin)) {
		flag |= FLAG_WIN_UPDATE;
		tp->snd_wl1 = ack_seq;
		if (tp->snd_wnd != nwin) {
			tp->snd_wnd = nwin;
			/* The prediction holds the window: make it anew. */
			tp->pred_flags = 0;
			tcp_fast_path_check(sk);
			if (!tcp_write_queue_empty(sk))
				tcp_slow_start_after_idle_check(sk);
			if (nwin > tp->max_window) {
				tp->max_window = nwin;
				tcp_sync_mss(sk, inet_csk(sk)->icsk_pmtu_cookie);
			}
		}
	}
	tcp_snd_una_update(tp, ack);
	return flag;
}

/* RFC 7323 4.3 (2): a segment that spans Last.ACK.sent gives TS.Recent. */
static void tcp_replace_ts_recent(struct tcp_sock *tp, u32 seq)
{
	if (!tp->rx_opt.saw_tstamp || after(seq, tp->rcv_wup))
		return;
	if (tcp_paws_check(&tp->rx_opt, 0)) {
		tp->rx_opt.ts_recent = tp->rx_opt.rcv_tsval;
		tp->rx_opt.ts_recent_stamp = tp->tcp_clock_cache;
	}
}

/* ---- congestion window --------------------------------------------------------------- */

static bool tcp_may_raise_cwnd(const struct sock *sk, const int flag)
{
	/* With much reordering any progress counts, else only SND.UNA's. */
	if (tcp_sk(sk)->reordering > (u32)sock_net(sk)->ipv4.sysctl_tcp_reordering)
		return flag & FLAG_FORWARD_PROGRESS;
	return flag & FLAG_DATA_ACKED;
}

static void tcp_cong_control(struct sock *sk, u32 ack, u32 acked_sacked, int flag,
			     const struct rate_sample *rs)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);

	if (icsk->icsk_ca_ops->cong_control) {
		icsk->icsk_ca_ops->cong_control(sk, ack, flag, rs);
		return;
	}
	if (tcp_in_cwnd_reduction(sk)) {
		tcp_cwnd_reduction(sk, (int)acked_sacked, rs->losses, flag);
	} else if (tcp_may_raise_cwnd(sk, flag)) {
		icsk->icsk_ca_ops->cong_avoid(sk, ack, acked_sacked);
		tcp_sk(sk)->snd_cwnd_stamp = tcp_sk(sk)->tcp_clock_cache;
	}
	tcp_update_pacing_rate(sk);
}

static void tcp_in_ack_event(struct sock *sk, u32 flags)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);

	if (icsk->icsk_ca_ops->in_ack_event)
		icsk->icsk_ca_ops->in_ack_event(sk, flags);
}

/* RFC 3168 6.1.2: the peer echoes congestion, until we say CWR. */
static bool tcp_ecn_rcv_ecn_echo(const struct tcp_sock *tp, const struct tcphdr *th)
{
	return th->ece && !th->syn && (tp->ecn_flags & TCP_ECN_OK);
}

/* ---- tail loss probes ------------------------------------------------------------------ */

/* RFC 8985 7.4: did the probe repair a loss, so that the window must shrink? */
static void tcp_process_tlp_ack(struct sock *sk, u32 ack, int flag)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (before(ack, tp->tlp_high_seq))
		return;
	if (!tp->tlp_retrans) {
		tp->tlp_high_seq = 0;		/* the probe was new data */
	} else if (flag & FLAG_DSACK_TLP) {
		tp->tlp_high_seq = 0;		/* original and probe both arrived */
	} else if (after(ack, tp->tlp_high_seq)) {
		/* ACKed beyond without a D-SACK: the original was lost. */
		tcp_init_cwnd_reduction(sk);
		tcp_set_ca_state(sk, TCP_CA_CWR);
		tcp_end_cwnd_reduction(sk);
		tcp_try_keep_open(sk);
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPLOSSPROBERECOVERY);
	} else if (!(flag & (FLAG_SND_UNA_ADVANCED | FLAG_NOT_DUP | FLAG_DATA_SACKED))) {
		/* A pure duplicate ACK: the probe came second. */
		tp->tlp_high_seq = 0;
	}
}

/* Segments delivered by this ACK, (S)ACKed both. */
static u32 tcp_newly_delivered(struct sock *sk, u32 prior_delivered, int flag)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 delivered = tp->delivered - prior_delivered;

	NET_ADD_STATS(sock_net(sk), LINUX_MIB_TCPDELIVERED, delivered);
	if (flag & FLAG_ECE) {
		tp->delivered_ce += delivered;
		NET_ADD_STATS(sock_net(sk), LINUX_MIB_TCPDELIVEREDCE, delivered);
	}
	return delivered;
}

/* Retransmits what the ACK allows. */
static void tcp_xmit_recovery(struct sock *sk, int rexmit)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (rexmit == REXMIT_NONE || sk->sk_state == TCP_SYN_SENT)
		return;
	if (unlikely(rexmit == REXMIT_NEW)) {
		/* F-RTO: new data first, to see whether the timeout was real. */
		__tcp_push_pending_frames(sk, tcp_current_mss(sk), TCP_NAGLE_OFF);
		if (after(tp->snd_nxt, tp->high_seq))
			return;
		tp->frto = 0;
	}
	tcp_xmit_retransmit_queue(sk);
}

static bool tcp_ack_is_dubious(const struct sock *sk, const int flag)
{
	return !(flag & FLAG_NOT_DUP) || (flag & FLAG_CA_ALERT) ||
	       inet_csk(sk)->icsk_ca_state != TCP_CA_Open;
}

/* ---- the acknowledgement --------------------------------------------------------------- */

/* Below SND.UNA: the SACK blocks may still tell something new. */
static int tcp_ack_old(struct sock *sk, const struct sk_buff *skb, u32 prior_snd_una,
		       u32 prior_delivered, struct tcp_sacktag_state *sack, int flag)
{
	int rexmit = REXMIT_NONE;

	if (TCP_SKB_CB(skb)->sacked) {
		flag |= tcp_sacktag_write_queue(sk, skb, prior_snd_una, sack);
		tcp_sk(sk)->delivered += sack->sack_delivered;
		tcp_fastretrans_alert(sk, prior_snd_una, 0, &flag, &rexmit);
		tcp_newly_delivered(sk, prior_delivered, flag);
		tcp_xmit_recovery(sk, rexmit);
	}
	return 0;
}

/* Window, SACK and ECN of an ACK that is not the plain next one. */
static int tcp_ack_slow(struct sock *sk, const struct sk_buff *skb, u32 prior_snd_una,
			struct tcp_sacktag_state *sack, int flag)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 ack_ev_flags = CA_ACK_SLOWPATH;
	u32 ack_seq = TCP_SKB_CB(skb)->seq;

	if (ack_seq != TCP_SKB_CB(skb)->end_seq)
		flag |= FLAG_DATA;
	else
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPPUREACKS);
	flag |= tcp_ack_update_window(sk, skb, TCP_SKB_CB(skb)->ack_seq, ack_seq);
	if (TCP_SKB_CB(skb)->sacked)
		flag |= tcp_sacktag_write_queue(sk, skb, prior_snd_una, sack);
	if (tcp_ecn_rcv_ecn_echo(tp, tcp_hdr(skb))) {
		flag |= FLAG_ECE;
		ack_ev_flags |= CA_ACK_ECE;
	}
	tp->delivered += sack->sack_delivered;
	if (flag & FLAG_WIN_UPDATE)
		ack_ev_flags |= CA_ACK_WIN_UPDATE;
	tcp_in_ack_event(sk, ack_ev_flags);
	return flag;
}

/* With data outstanding: deliver, detect loss, adjust, retransmit. */
static void tcp_ack_outstanding(struct sock *sk, const struct sk_buff *skb, u32 prior_fack,
				u32 prior_snd_una, u32 prior_delivered, u32 prior_lost,
				struct tcp_sacktag_state *sack, int flag)
{
	struct tcp_sock *tp = tcp_sk(sk);
	bool is_sack_reneg = tp->is_sack_reneg;
	u32 ack = TCP_SKB_CB(skb)->ack_seq;
	int rexmit = REXMIT_NONE;
	u32 delivered;

	flag |= tcp_clean_rtx_queue(sk, prior_fack, prior_snd_una, sack);
	tcp_rack_update_reo_wnd(sk, sack->rate);
	if (tp->tlp_high_seq)
		tcp_process_tlp_ack(sk, ack, flag);
	if (tcp_ack_is_dubious(sk, flag)) {
		int num_dupack = 0;

		/* RFC 5681 2: no data, no window change, nothing acknowledged */
		if (!(flag & (FLAG_SND_UNA_ADVANCED | FLAG_NOT_DUP | FLAG_DSACKING_ACK)))
			/* In the backlog several may have become one. */
			num_dupack = max_t(int, 1, skb_shinfo(skb)->gso_segs);
		tcp_fastretrans_alert(sk, prior_snd_una, num_dupack, &flag, &rexmit);
	}
	if (flag & FLAG_SET_XMIT_TIMER)
		tcp_set_xmit_timer(sk);
	if ((flag & FLAG_FORWARD_PROGRESS) || !(flag & FLAG_NOT_DUP))
		sk->sk_dst_pending_confirm = 1;

	delivered = tcp_newly_delivered(sk, prior_delivered, flag);
	sack->rate->is_ack_delayed = flag & FLAG_ACK_MAYBE_DELAYED;
	tcp_rate_gen(sk, delivered, tp->lost - prior_lost, is_sack_reneg, sack->rate);
	tcp_cong_control(sk, ack, delivered, flag, sack->rate);
	tcp_xmit_recovery(sk, rexmit);
}

/**
 * tcp_ack() - process the acknowledgement of a segment
 * @sk: the connection
 * @skb: the segment, its sequence number found acceptable; borrowed
 * @flag: FLAG_SLOWPATH, FLAG_UPDATE_TS_RECENT, FLAG_NO_CHALLENGE_ACK
 *
 * Context: socket locked
 * Return: 1: it is new or a good duplicate; 0: old, ignored; -reason: the
 * segment is to be dropped with that SKB_DROP_REASON_*
 */
int tcp_ack(struct sock *sk, const struct sk_buff *skb, int flag)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	struct rate_sample rs = { .prior_delivered = 0 };
	struct tcp_sacktag_state sack = { .rate = &rs, .mss_now = 0 };
	u32 prior_snd_una = tp->snd_una, prior_fack;
	u32 ack = TCP_SKB_CB(skb)->ack_seq;
	u32 prior_delivered = tp->delivered, prior_lost = tp->lost;
	u32 prior_packets = tp->packets_out;

	trace_skb(skb);
	if (before(ack, prior_snd_una)) {
		u32 max_window = (u32)min_t(u64, tp->max_window, tp->bytes_acked);

		/* RFC 5961 5.2: older than any window could be: blind injection */
		if (before(ack, prior_snd_una - max_window)) {
			if (!(flag & FLAG_NO_CHALLENGE_ACK))
				tcp_send_challenge_ack(sk);
			return -SKB_DROP_REASON_TCP_TOO_OLD_ACK;
		}
		return tcp_ack_old(sk, skb, prior_snd_una, prior_delivered, &sack, flag);
	}
	/* RFC 9293 3.10.7.4: acknowledges something not yet sent: send an ACK */
	if (after(ack, tp->snd_nxt)) {
		if (!(flag & FLAG_NO_CHALLENGE_ACK))
			tcp_send_challenge_ack(sk);
		return -SKB_DROP_REASON_TCP_ACK_UNSENT_DATA;
	}

	if (after(ack, prior_snd_una)) {
		flag |= FLAG_SND_UNA_ADVANCED;
		icsk->icsk_retransmits = 0;
	}
	prior_fack = tcp_is_sack(tp) ? tcp_highest_sack_seq(tp) : tp->snd_una;
	rs.prior_in_flight = tcp_packets_in_flight(tp);
	if (flag & FLAG_UPDATE_TS_RECENT)
		tcp_replace_ts_recent(tp, TCP_SKB_CB(skb)->seq);

	if ((flag & (FLAG_SLOWPATH | FLAG_SND_UNA_ADVANCED)) == FLAG_SND_UNA_ADVANCED) {
		/* Header prediction said: same window, no options but timestamps. */
		tp->snd_wl1 = TCP_SKB_CB(skb)->seq;
		tcp_snd_una_update(tp, ack);
		flag |= FLAG_WIN_UPDATE;
		tcp_in_ack_event(sk, CA_ACK_WIN_UPDATE);
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPHPACKS);
	} else {
		flag = tcp_ack_slow(sk, skb, prior_snd_una, &sack, flag);
	}

	/* The peer lives: forget soft errors and failed probes. */
	sk->sk_err_soft = 0;
	icsk->icsk_probes_out = 0;
	tp->rcv_tstamp = tp->tcp_clock_cache;
	if (prior_packets) {
		tcp_ack_outstanding(sk, skb, prior_fack, prior_snd_una, prior_delivered,
				    prior_lost, &sack, flag);
		return 1;
	}

	/* Nothing was outstanding: a window update, or a D-SACK come late. */
	if (flag & FLAG_DSACKING_ACK) {
		int rexmit = REXMIT_NONE;

		tcp_fastretrans_alert(sk, prior_snd_una, 0, &flag, &rexmit);
		tcp_newly_delivered(sk, prior_delivered, flag);
	}
	tcp_ack_probe(sk);
	if (tp->tlp_high_seq)
		tcp_process_tlp_ack(sk, ack, flag);
	return 1;
}
