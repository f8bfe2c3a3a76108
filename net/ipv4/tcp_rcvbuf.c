// SPDX-License-Identifier: MIT
/*
 * The receive buffer: how much of it is offered as a window, how it grows with
 * what the application reads; and the clock of delayed ACKs, which learns from the
 * same arrivals. What is done when it is full stands in tcp_prune.c.
 *
 * The offered window opens slowly (rcv_ssthresh): each segment that arrives in
 * a well-filled skb earns two more, so that tiny segments in large skbs do not
 * promise more memory than there is.
 *
 * Linux: net/ipv4/tcp_input.c
 * RFC: 1122 4.2.3.2 (delayed ACKs), 9293 3.8.6.2.2 (receiver SWS)
 */
#include <linux/trace.h>
#include <net/tcp.h>
#include "tcp_rcvbuf.h"

/* ---- estimates: MSS and RTT of what comes in --------------------------------------- */

/* How much of an skb is payload was learnt: the buffer holds more, or less. */
static void tcp_set_scaling_ratio(struct sock *sk, u8 ratio)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tp->scaling_ratio == ratio)
		return;
	tp->scaling_ratio = ratio;
	tcp_set_window_clamp(sk, tcp_full_space(sk));
	tp->rcvq_space.space = min(tp->rcvq_space.space, tp->window_clamp);
}

/**
 * tcp_measure_rcv_mss() - the peer's segment size, for "every second full segment"
 * @sk: the connection
 * @skb: data that came in, header pulled; borrowed
 * Context: socket locked
 */
void tcp_measure_rcv_mss(struct sock *sk, const struct sk_buff *skb)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	const u32 lss = icsk->icsk_ack.last_seg_size;
	unsigned int len;

	icsk->icsk_ack.last_seg_size = 0;
	len = skb_shinfo(skb)->gso_size ? skb_shinfo(skb)->gso_size : skb->len;
	if (len >= icsk->icsk_ack.rcv_mss) {
		/* How much payload does an skb carry? The window is told in it. */
		if (unlikely(len != icsk->icsk_ack.rcv_mss)) {
			u64 val = (u64)skb->len << 8;

			val /= skb->truesize;
			tcp_set_scaling_ratio(sk, (u8)clamp_t(u64, val, 1, 255));
		}
		icsk->icsk_ack.rcv_mss = min_t(u32, len, tcp_sk(sk)->advmss);
		/* A full segment with PSH may be the end of a write. */
		if (TCP_SKB_CB(skb)->tcp_flags & TCPHDR_PSH)
			icsk->icsk_ack.pending |= ICSK_ACK_PUSHED;
		return;
	}
	/* Smaller than the estimate. Two equal ones in a row correct it, if they
	 * are no runts of interactive traffic. */
	len = (unsigned int)(skb_tail_pointer(skb) - skb_transport_header(skb)) + skb->data_len;
	if (len >= TCP_MSS_DEFAULT + sizeof(struct tcphdr) ||
	    (len >= TCP_MIN_MSS + sizeof(struct tcphdr) &&
	     !(tcp_flag_word(tcp_hdr(skb)) & htonl(TCPHDR_PSH << 16)))) {
		len -= tcp_sk(sk)->tcp_header_len;
		icsk->icsk_ack.last_seg_size = len;
		if (len == lss) {
			icsk->icsk_ack.rcv_mss = len;
			return;
		}
	}
	if (icsk->icsk_ack.pending & ICSK_ACK_PUSHED)
		icsk->icsk_ack.pending |= ICSK_ACK_PUSHED2;
	icsk->icsk_ack.pending |= ICSK_ACK_PUSHED;
}

/**
 * tcp_initialize_rcv_mss() - first guess of the peer's segment size
 * @sk: the connection
 * Context: socket locked
 */
void tcp_initialize_rcv_mss(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	unsigned int hint = min_t(unsigned int, tp->advmss, tp->mss_cache);

	hint = min(hint, tp->rcv_wnd / 2);
	hint = min(hint, TCP_MSS_DEFAULT);
	hint = max(hint, TCP_MIN_MSS);
	inet_csk(sk)->icsk_ack.rcv_mss = hint;
}

/* Receiver-side RTT, as good as a receiver can know it: the least counts. A larger
 * sample does only if it cannot be the application's delay. */
static void tcp_rcv_rtt_update(struct tcp_sock *tp, u32 sample, bool win_dep)
{
	u32 old = tp->rcv_rtt_est.rtt_us;

	if (!old || (u64)sample << 3 < old)
		tp->rcv_rtt_est.rtt_us = (u32)min_t(u64, (u64)sample << 3, U32_MAX);
	else if (!win_dep && tp->rcv_nxt == tp->copied_seq)
		tp->rcv_rtt_est.rtt_us = old - (old >> 3) + sample;
}

/* Without timestamps: the time to receive one window of data. */
static void tcp_rcv_rtt_measure(struct tcp_sock *tp)
{
	u32 delta_us;

	if (tp->rcv_rtt_est.time != 0) {
		if (before(tp->rcv_nxt, tp->rcv_rtt_est.seq))
			return;
		delta_us = tcp_stamp_us_delta(tp->tcp_mstamp, tp->rcv_rtt_est.time);
		tcp_rcv_rtt_update(tp, delta_us ? delta_us : 1, true);
	}
	tp->rcv_rtt_est.seq = tp->rcv_nxt + tp->rcv_wnd;
	tp->rcv_rtt_est.time = tp->tcp_mstamp;
}

/**
 * tcp_rcv_rtt_measure_ts() - with timestamps: from the echo in a full segment
 * @sk: the connection
 * @skb: the segment; borrowed
 * Context: socket locked
 */
void tcp_rcv_rtt_measure_ts(struct sock *sk, const struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 delta;

	if (tp->rx_opt.rcv_tsecr == tp->rcv_rtt_last_tsecr)
		return;
	tp->rcv_rtt_last_tsecr = tp->rx_opt.rcv_tsecr;
	if (TCP_SKB_CB(skb)->end_seq - TCP_SKB_CB(skb)->seq < inet_csk(sk)->icsk_ack.rcv_mss)
		return;
	delta = tcp_time_stamp(tp) - tp->rx_opt.rcv_tsecr;
	if (likely(delta && delta < (u32)(INT_MAX / (USEC_PER_SEC / TCP_TS_HZ))))
		tcp_rcv_rtt_update(tp, delta * (u32)(USEC_PER_SEC / TCP_TS_HZ), false);
}

/* ---- delayed and quick ACKs --------------------------------------------------------- */

static void tcp_incr_quickack(struct sock *sk, unsigned int max_quickacks)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	unsigned int quickacks = icsk->icsk_ack.rcv_mss ?
		tcp_sk(sk)->rcv_wnd / (2 * icsk->icsk_ack.rcv_mss) : 0;

	if (!quickacks)
		quickacks = 2;
	quickacks = min(quickacks, max_quickacks);
	if (quickacks > icsk->icsk_ack.quick)
		icsk->icsk_ack.quick = (u8)quickacks;
}

/**
 * tcp_enter_quickack_mode() - the sender needs our ACKs: do not delay them
 * @sk: the connection
 * @max_quickacks: how many at most
 * Context: socket locked
 */
void tcp_enter_quickack_mode(struct sock *sk, unsigned int max_quickacks)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	tcp_incr_quickack(sk, max_quickacks);
	inet_csk_exit_pingpong_mode(sk);
	icsk->icsk_ack.ato = TCP_ATO_MIN;
}

/**
 * tcp_ecn_check_ce() - data came: was it marked on its way?
 * @sk: the connection
 * @skb: the data, in order or not; borrowed
 *
 * RFC 3168 6.1.3: CE is echoed until CWR.
 *
 * Context: socket locked
 */
void tcp_ecn_check_ce(struct sock *sk, const struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!(tp->ecn_flags & TCP_ECN_OK))
		return;
	switch (TCP_SKB_CB(skb)->ip_dsfield & 3) {
	case 0:
		/* Not ECN-capable, though it was: a retransmission, likely. */
		if (tp->ecn_flags & TCP_ECN_SEEN)
			tcp_enter_quickack_mode(sk, 2);
		break;
	case 3:
		if (!(tp->ecn_flags & TCP_ECN_DEMAND_CWR)) {
			tcp_enter_quickack_mode(sk, 2);
			tp->ecn_flags |= TCP_ECN_DEMAND_CWR;
		}
		tp->ecn_flags |= TCP_ECN_SEEN;
		break;
	default:
		tp->ecn_flags |= TCP_ECN_SEEN;
		break;
	}
}

/**
 * tcp_event_data_recv() - data arrived: schedule the ACK, learn its pace
 * @sk: the connection
 * @skb: the data, header pulled; borrowed
 *
 * ato follows the spacing of arrivals, between TCP_ATO_MIN and the RTO.
 *
 * Context: socket locked
 */
void tcp_event_data_recv(struct sock *sk, struct sk_buff *skb)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	u64 now = tcp_sk(sk)->tcp_clock_cache;

	inet_csk_schedule_ack(sk);
	tcp_measure_rcv_mss(sk, skb);
	tcp_rcv_rtt_measure(tcp_sk(sk));

	if (!icsk->icsk_ack.ato) {
		/* The first data: the peer may be in slow start. */
		tcp_incr_quickack(sk, TCP_MAX_QUICKACKS);
		icsk->icsk_ack.ato = TCP_ATO_MIN;
	} else {
		u64 m = now - icsk->icsk_ack.lrcvtime;

		if (m <= TCP_ATO_MIN / 2) {
			icsk->icsk_ack.ato = (icsk->icsk_ack.ato >> 1) + TCP_ATO_MIN / 2;
		} else if (m < icsk->icsk_ack.ato) {
			icsk->icsk_ack.ato = (icsk->icsk_ack.ato >> 1) + m;
			if (icsk->icsk_ack.ato > icsk->icsk_rto)
				icsk->icsk_ack.ato = icsk->icsk_rto;
		} else if (m > icsk->icsk_rto) {
			/* The sender restarts from idle and needs every ACK. */
			tcp_incr_quickack(sk, TCP_MAX_QUICKACKS);
		}
	}
	icsk->icsk_ack.lrcvtime = now;
	tcp_ecn_check_ce(sk, skb);
	if (skb->len >= 128)
		tcp_grow_window(sk, skb, true);
}

/* ---- the window offered ------------------------------------------------------------------ */

/* Would @skb's kind of segment, filling the window, fit the buffer? How much
 * may the window grow then, in bytes? */
static int __tcp_grow_window(const struct sock *sk, const struct sk_buff *skb,
			     unsigned int skbtruesize)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	int truesize = tcp_win_from_space(sk, (int)skbtruesize) >> 1;
	int window = tcp_win_from_space(sk, sock_net(sk)->ipv4.sysctl_tcp_rmem[2]) >> 1;

	while (tp->rcv_ssthresh <= (u32)window) {
		if (truesize <= (int)skb->len)
			return 2 * (int)inet_csk(sk)->icsk_ack.rcv_mss;
		truesize >>= 1;
		window >>= 1;
	}
	return 0;
}

/**
 * tcp_grow_window() - a segment arrived: open rcv_ssthresh
 * @sk: the connection
 * @skb: the segment; borrowed
 * @adjust: its truesize may overstate: judge by what its memory can hold
 * Context: socket locked
 */
void tcp_grow_window(struct sock *sk, const struct sk_buff *skb, bool adjust)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int room = (int)min_t(s64, (s64)tp->window_clamp, tcp_space(sk)) - (int)tp->rcv_ssthresh;

	if (room <= 0)
		return;
	if (!sk_under_memory_pressure(sk)) {
		unsigned int truesize = skb->truesize;
		int incr;

		if (tcp_win_from_space(sk, (int)truesize) <= (int)skb->len)
			incr = 2 * tp->advmss;
		else
			incr = __tcp_grow_window(sk, skb, truesize);
		if (incr) {
			incr = max_t(int, incr, 2 * (int)skb->len);
			tp->rcv_ssthresh += (u32)min(room, incr);
			inet_csk(sk)->icsk_ack.quick |= 1;
		}
	} else {
		/* Under pressure: offer no more than is certain. */
		tp->rcv_ssthresh = min(tp->rcv_ssthresh, 4U * tp->advmss);
	}
}

/**
 * tcp_sndbuf_expand() - let the send buffer follow the window
 * @sk: the connection
 *
 * Twice the window, since what is acknowledged late stays charged, for segments
 * of the present size with their overhead.
 *
 * Context: socket locked
 */
void tcp_sndbuf_expand(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	const struct tcp_congestion_ops *ca_ops = inet_csk(sk)->icsk_ca_ops;
	u32 per_mss, nr_segs;
	u64 sndmem;

	per_mss = max(tp->rx_opt.mss_clamp, (u16)tp->mss_cache) + MAX_TCP_HEADER +
		  SKB_DATA_ALIGN(sizeof(struct skb_shared_info));
	per_mss = (u32)roundup_pow_of_two(per_mss) + SKB_DATA_ALIGN(sizeof(struct sk_buff));
	nr_segs = max_t(u32, max(tcp_snd_cwnd(tp), tp->reordering + 1), TCP_INIT_CWND);
	sndmem = ca_ops->sndbuf_expand ? ca_ops->sndbuf_expand(sk) : 2;
	sndmem *= (u64)nr_segs * per_mss;
	if (sk->sk_sndbuf < (int)min_t(u64, sndmem, INT_MAX))
		sk->sk_sndbuf = (int)min_t(u64, sndmem,
					   (u64)sock_net(sk)->ipv4.sysctl_tcp_wmem[2]);
}

/**
 * tcp_init_buffer_space() - window clamp and thresholds of a new connection
 * @sk: the connection
 * Context: socket locked
 */
void tcp_init_buffer_space(struct sock *sk)
{
	int tcp_app_win = sock_net(sk)->ipv4.sysctl_tcp_app_win;
	struct tcp_sock *tp = tcp_sk(sk);
	int maxwin;

	if (!(sk->sk_userlocks & SOCK_SNDBUF_LOCK))
		tcp_sndbuf_expand(sk);
	tcp_mstamp_refresh(tp);
	tp->rcvq_space.time = tp->tcp_mstamp;
	tp->rcvq_space.seq = tp->copied_seq;

	maxwin = tcp_full_space(sk);
	if (tp->window_clamp >= (u32)maxwin) {
		tp->window_clamp = (u32)maxwin;
		if (tcp_app_win && maxwin > 4 * tp->advmss)
			tp->window_clamp = (u32)max(maxwin - (maxwin >> tcp_app_win),
						    4 * tp->advmss);
	}
	/* Leave room for the application's reserve. */
	if (tcp_app_win && tp->window_clamp > 2U * tp->advmss &&
	    tp->window_clamp + tp->advmss > (u32)maxwin)
		tp->window_clamp = (u32)max_t(int, 2 * tp->advmss, maxwin - tp->advmss);
	tp->rcv_ssthresh = min(tp->rcv_ssthresh, tp->window_clamp);
	tp->snd_cwnd_stamp = ktime_get_ns();
	tp->rcvq_space.space = min_t(u32, min(tp->rcv_ssthresh, tp->rcv_wnd),
				     TCP_INIT_CWND * (u32)tp->advmss);
}

/**
 * tcp_rcvbuf_grow() - the buffer has to hold what comes in a round trip
 * @sk: the connection
 * @newval: bytes that the application takes in one
 *
 * Twice as much, since the measure is a round trip late; more while it grows (slow
 * start); and what waits for a gap to be filled.
 *
 * Context: socket locked
 */
void tcp_rcvbuf_grow(struct sock *sk, u32 newval)
{
	const struct netns_ipv4 *ipv4 = &sock_net(sk)->ipv4;
	struct tcp_sock *tp = tcp_sk(sk);
	u32 oldval = max(tp->rcvq_space.space, 1U);
	u64 rcvwin = (u64)newval << 1;
	int rcvbuf;

	tp->rcvq_space.space = newval;
	if (!ipv4->sysctl_tcp_moderate_rcvbuf || (sk->sk_userlocks & SOCK_RCVBUF_LOCK))
		return;
	if (newval > oldval)
		rcvwin += rcvwin * (newval - oldval) / oldval << 1;
	if (!RB_EMPTY_ROOT(&tp->out_of_order_queue))
		rcvwin += TCP_SKB_CB(tp->ooo_last_skb)->end_seq - tp->rcv_nxt;
	rcvbuf = min(tcp_space_from_win(sk, (int)min_t(u64, rcvwin, INT_MAX)),
		     ipv4->sysctl_tcp_rmem[2]);
	if (rcvbuf > sk->sk_rcvbuf) {
		sk->sk_rcvbuf = rcvbuf;
		tp->window_clamp = (u32)tcp_win_from_space(sk, rcvbuf);
	}
}

/**
 * tcp_rcv_space_adjust() - the application read: does the buffer have to grow?
 * @sk: the connection
 *
 * Dynamic right-sizing. What still waits to be read is no measure of its pace.
 *
 * Context: socket locked
 */
void tcp_rcv_space_adjust(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int copied;
	u32 time;

	trace_here();
	if (!tp->rcv_rtt_est.rtt_us)
		return;
	tcp_mstamp_refresh(tp);
	time = tcp_stamp_us_delta(tp->tcp_mstamp, tp->rcvq_space.time);
	if (time < tp->rcv_rtt_est.rtt_us >> 3)
		return;
	copied = (int)(tp->copied_seq - tp->rcvq_space.seq) - (int)(tp->rcv_nxt - tp->copied_seq);
	if (copied > (int)tp->rcvq_space.space)
		tcp_rcvbuf_grow(sk, (u32)copied);
	tp->rcvq_space.seq = tp->copied_seq;
	tp->rcvq_space.time = tp->tcp_mstamp;
}
