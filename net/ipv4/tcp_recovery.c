// SPDX-License-Identifier: MIT
/*
 * RACK: loss by time. A segment is lost when one sent later has been delivered
 * and more than a reordering window has passed since. NewReno's rule for peers
 * without SACK stands here too: both answer "what is lost?".
 *
 * Linux: net/ipv4/tcp_recovery.c
 * RFC: 8985 (RACK-TLP), 6582 (NewReno)
 */
#include <net/tcp.h>

/* Bits of net.ipv4.tcp_recovery. */
#define TCP_RACK_LOSS_DETECTION	0x1
#define TCP_RACK_STATIC_REO_WND	0x2
#define TCP_RACK_NO_DUPTHRESH	0x4

/* D-SACK free recoveries after which the reordering window shrinks again. */
#define TCP_RACK_RECOVERY_THRESH 16

/* RFC 8985 6.2 step 4: how long to wait for reordered segments, microseconds. */
static u32 tcp_rack_reo_wnd(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	if (!tp->reord_seen) {
		/* No reordering seen: none is waited for in recovery, nor once
		 * three segments have been SACKed (the DupThresh of old). */
		if (inet_csk(sk)->icsk_ca_state >= TCP_CA_Recovery)
			return 0;
		if (tp->sacked_out >= tp->reordering &&
		    !(sock_net(sk)->ipv4.sysctl_tcp_recovery & TCP_RACK_NO_DUPTHRESH))
			return 0;
	}
	/* A quarter of the minimum RTT, times what D-SACKs taught, at most SRTT. */
	return min_t(u32, (tcp_min_rtt(tp) >> 2) * tp->rack.reo_wnd_steps, tp->srtt_us >> 3);
}

/* Microseconds until @skb counts as lost; zero or less: now. */
static s32 tcp_rack_skb_timeout(const struct tcp_sock *tp, const struct sk_buff *skb,
				u32 reo_wnd)
{
	return (s32)(tp->rack.rtt_us + reo_wnd -
		     tcp_stamp_us_delta(tp->tcp_mstamp, tcp_skb_timestamp_us(skb)));
}

/* RFC 8985 6.2 step 5. *@reo_timeout: microseconds until the next could be. */
static void tcp_rack_detect_loss(struct sock *sk, u32 *reo_timeout)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 reo_wnd = tcp_rack_reo_wnd(sk);
	struct sk_buff *skb, *n;

	*reo_timeout = 0;
	list_for_each_entry_safe(skb, n, &tp->tsorted_sent_queue, tcp_tsorted_anchor) {
		struct tcp_skb_cb *scb = TCP_SKB_CB(skb);
		s32 remaining;

		if ((scb->sacked & TCPCB_LOST) && !(scb->sacked & TCPCB_SACKED_RETRANS))
			continue;
		/* In order of sending: all that follow were sent later still. */
		if (!tcp_skb_sent_after(tp->rack.mstamp, tcp_skb_timestamp_us(skb),
					tp->rack.end_seq, scb->end_seq))
			break;
		remaining = tcp_rack_skb_timeout(tp, skb, reo_wnd);
		if (remaining <= 0) {
			tcp_mark_skb_lost(sk, skb);
			list_del_init(&skb->tcp_tsorted_anchor);
		} else {
			*reo_timeout = max_t(u32, *reo_timeout, (u32)remaining);
		}
	}
}

/**
 * tcp_rack_mark_lost() - mark what RACK takes for lost after an ACK
 * @sk: the connection
 *
 * What may be lost a little later gets a timer.
 *
 * Context: socket locked
 * Return: the reordering timer was armed
 */
bool tcp_rack_mark_lost(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 timeout;

	if (!tp->rack.advanced)
		return false;
	tp->rack.advanced = 0;
	tcp_rack_detect_loss(sk, &timeout);
	if (timeout)
		inet_csk_reset_xmit_timer(sk, ICSK_TIME_REO_TIMEOUT,
					  usecs_to_ns(timeout) + TCP_TIMEOUT_MIN,
					  inet_csk(sk)->icsk_rto);
	return timeout != 0;
}

/**
 * tcp_rack_advance() - a segment was delivered: is it the latest sent so far?
 * @tp: the connection
 * @sacked: its TCPCB_* bits
 * @end_seq: its end
 * @xmit_time_us: when it was (last) sent
 * Context: socket locked
 */
void tcp_rack_advance(struct tcp_sock *tp, u8 sacked, u32 end_seq, u64 xmit_time_us)
{
	u32 rtt_us = tcp_stamp_us_delta(tp->tcp_mstamp, xmit_time_us);

	/* RFC 8985 6.2 step 2: an ACK sooner than the minimum RTT after a
	 * retransmission is the original's. */
	if (rtt_us < tcp_min_rtt(tp) && (sacked & TCPCB_RETRANS))
		return;
	tp->rack.advanced = 1;
	tp->rack.rtt_us = rtt_us;
	if (tcp_skb_sent_after(xmit_time_us, tp->rack.mstamp, end_seq, tp->rack.end_seq)) {
		tp->rack.mstamp = xmit_time_us;
		tp->rack.end_seq = end_seq;
	}
}

/**
 * tcp_rack_reo_timeout() - the reordering timer fired
 * @sk: the connection
 * Context: softirq, socket locked
 */
void tcp_rack_reo_timeout(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 timeout, prior_inflight = tcp_packets_in_flight(tp);
	u32 lost = tp->lost;

	tcp_rack_detect_loss(sk, &timeout);
	if (prior_inflight != tcp_packets_in_flight(tp)) {
		if (inet_csk(sk)->icsk_ca_state != TCP_CA_Recovery) {
			tcp_enter_recovery(sk, false);
			if (!inet_csk(sk)->icsk_ca_ops->cong_control)
				tcp_cwnd_reduction(sk, 1, (int)(tp->lost - lost), 0);
		}
		tcp_xmit_retransmit_queue(sk);
	}
	if (inet_csk(sk)->icsk_pending != ICSK_TIME_RETRANS)
		tcp_rearm_rto(sk);
}

/**
 * tcp_rack_update_reo_wnd() - adapt the reordering window to D-SACKs
 * @sk: the connection
 * @rs: the sample of the present ACK
 *
 * RFC 8985 6.2 step 4: a quarter of the minimum RTT more, at most once a round
 * trip, for spurious retransmissions; back to one after sixteen recoveries
 * without.
 *
 * Context: socket locked
 */
void tcp_rack_update_reo_wnd(struct sock *sk, struct rate_sample *rs)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if ((sock_net(sk)->ipv4.sysctl_tcp_recovery & TCP_RACK_STATIC_REO_WND) ||
	    !rs->prior_delivered)
		return;
	/* D-SACKs of segments sent before the last change were its cause. */
	if (before(rs->prior_delivered, tp->rack.last_delivered))
		tp->rack.dsack_seen = 0;
	if (tp->rack.dsack_seen) {
		tp->rack.reo_wnd_steps = (u8)min_t(u32, 0xFF, tp->rack.reo_wnd_steps + 1U);
		tp->rack.dsack_seen = 0;
		tp->rack.last_delivered = tp->delivered;
		tp->rack.reo_wnd_persist = TCP_RACK_RECOVERY_THRESH;
	} else if (!tp->rack.reo_wnd_persist) {
		tp->rack.reo_wnd_steps = 1;
	}
}

/**
 * tcp_newreno_mark_lost() - without SACK: the first segment is lost
 * @sk: the connection
 * @snd_una_advanced: in recovery, a partial ACK came
 *
 * RFC 6582 3.2: three duplicate ACKs, or a partial ACK, say that the segment
 * at SND.UNA is missing.
 *
 * Context: socket locked
 */
void tcp_newreno_mark_lost(struct sock *sk, bool snd_una_advanced)
{
	const u8 state = inet_csk(sk)->icsk_ca_state;
	struct tcp_sock *tp = tcp_sk(sk);

	if ((state < TCP_CA_Recovery && tp->sacked_out >= tp->reordering) ||
	    (state == TCP_CA_Recovery && snd_una_advanced)) {
		struct sk_buff *skb = tcp_rtx_queue_head(sk);
		u32 mss;

		if (!skb || (TCP_SKB_CB(skb)->sacked & TCPCB_LOST))
			return;
		mss = (u32)tcp_skb_mss(skb);
		if (tcp_skb_pcount(skb) > 1 && skb->len > mss)
			tcp_fragment(sk, TCP_FRAG_IN_RTX_QUEUE, skb, mss, mss, GFP_ATOMIC);
		tcp_mark_skb_lost(sk, skb);
		/* Linux: where there was no memory to cut it off, the packet is lost as a
		 * whole, and more than was sent counts as gone. */
		tp->sacked_out = min(tp->sacked_out, tp->packets_out - tp->lost_out);
	}
}
