// SPDX-License-Identifier: MIT
/*
 * Delivery rate: how fast does data arrive at the peer? Each segment remembers
 * how much had been delivered when it was sent; when it is acknowledged, the
 * difference over the longer of the sending and the acknowledging span is a
 * sample that neither ACK compression nor a burst can inflate.
 *
 * Linux: net/ipv4/tcp_rate.c
 * RFC: draft-cheng-iccrg-delivery-rate-estimation
 */
#include <net/tcp.h>

/**
 * tcp_rate_skb_sent() - a segment leaves: snapshot the delivery state in it
 * @sk: the connection
 * @skb: the segment; borrowed
 * Context: socket locked
 */
void tcp_rate_skb_sent(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_skb_cb *tcb = TCP_SKB_CB(skb);

	/* A flight starts now: time before it says nothing of the path. */
	if (!tp->packets_out) {
		tp->first_tx_mstamp = tcp_skb_timestamp_us(skb);
		tp->delivered_mstamp = tp->first_tx_mstamp;
	}
	tcb->header.tx.first_tx_mstamp = tp->first_tx_mstamp;
	tcb->header.tx.delivered_mstamp = tp->delivered_mstamp;
	tcb->header.tx.delivered = tp->delivered;
	tcb->header.tx.delivered_ce = tp->delivered_ce & 0xfffff;
	tcb->header.tx.is_app_limited = tp->app_limited ? 1 : 0;
}

/**
 * tcp_rate_skb_delivered() - a segment was (S)ACKed: the newest gives the sample
 * @sk: the connection
 * @skb: the segment; borrowed
 * @rs: the ACK's sample
 * Context: socket locked
 */
void tcp_rate_skb_delivered(struct sock *sk, struct sk_buff *skb, struct rate_sample *rs)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_skb_cb *scb = TCP_SKB_CB(skb);
	u64 sent = tcp_skb_timestamp_us(skb);

	if (!scb->header.tx.delivered_mstamp)
		return;
	if (!rs->prior_delivered ||
	    tcp_skb_sent_after(sent, tp->first_tx_mstamp, scb->end_seq, rs->last_end_seq)) {
		rs->prior_delivered_ce = scb->header.tx.delivered_ce;
		rs->prior_delivered = scb->header.tx.delivered;
		rs->prior_mstamp = scb->header.tx.delivered_mstamp;
		rs->is_app_limited = scb->header.tx.is_app_limited;
		rs->is_retrans = scb->sacked & TCPCB_RETRANS;
		rs->last_end_seq = scb->end_seq;
		tp->first_tx_mstamp = sent;
		rs->snd_interval_us = tcp_stamp_us_delta(sent, scb->header.tx.first_tx_mstamp);
	}
	/* Once SACKed it is not sampled again when it is cumulatively ACKed. */
	if (scb->sacked & TCPCB_SACKED_ACKED)
		scb->header.tx.delivered_mstamp = 0;
}

/**
 * tcp_rate_gen() - finish the sample of an ACK
 * @sk: the connection
 * @delivered: segments newly delivered by this ACK
 * @lost: segments newly marked lost
 * @is_sack_reneg: the peer took SACKs back: the sample is worthless
 * @rs: the sample
 * Context: socket locked
 */
void tcp_rate_gen(struct sock *sk, u32 delivered, u32 lost, bool is_sack_reneg,
		  struct rate_sample *rs)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 ack_us;

	if (tp->app_limited && after(tp->delivered, tp->app_limited))
		tp->app_limited = 0;
	if (delivered)
		tp->delivered_mstamp = tp->tcp_mstamp;
	rs->acked_sacked = delivered;
	rs->losses = (int)lost;

	if (!rs->prior_mstamp || is_sack_reneg) {
		rs->delivered = -1;
		rs->interval_us = -1;
		return;
	}
	rs->delivered = (s32)(tp->delivered - rs->prior_delivered);
	rs->delivered_ce = (s32)((tp->delivered_ce - rs->prior_delivered_ce) & 0xfffff);
	ack_us = tcp_stamp_us_delta(tp->tcp_mstamp, rs->prior_mstamp);
	rs->rcv_interval_us = ack_us;
	rs->interval_us = max(rs->snd_interval_us, ack_us);

	/* Faster than the fastest round trip ever: a retransmission's ACK was
	 * taken for the original's. */
	if (unlikely(rs->interval_us < tcp_min_rtt(tp))) {
		rs->interval_us = -1;
		return;
	}
	/* tcp_info's rate: the best, or the latest that was not app-limited. */
	if (!rs->is_app_limited ||
	    (u64)(u32)rs->delivered * tp->rate_interval_us >=
	    (u64)tp->rate_delivered * (u64)rs->interval_us) {
		tp->rate_delivered = (u32)rs->delivered;
		tp->rate_interval_us = (u32)rs->interval_us;
		tp->rate_app_limited = rs->is_app_limited;
	}
}

/**
 * tcp_rate_check_app_limited() - is it the application that holds us back?
 * @sk: the connection
 *
 * Called when the application writes. If nothing waits in the queues, the
 * window has room and nothing waits to be retransmitted, the samples of what is
 * in flight show the application's rate, not the path's.
 *
 * Context: socket locked
 */
void tcp_rate_check_app_limited(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tp->write_seq - tp->snd_nxt < tp->mss_cache &&
	    sk->sk_wmem_alloc < (int)SKB_TRUESIZE(1) &&
	    tcp_packets_in_flight(tp) < tcp_snd_cwnd(tp) &&
	    tp->lost_out <= tp->retrans_out)
		tp->app_limited = max_t(u32, tp->delivered + tcp_packets_in_flight(tp), 1);
}
