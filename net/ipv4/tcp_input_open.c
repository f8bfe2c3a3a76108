// SPDX-License-Identifier: MIT
/*
 * Opening, the active side: segments in SYN-SENT, and what has to be set up
 * once a connection (of either side) can carry data.
 *
 * Linux: net/ipv4/tcp_input.c
 * RFC: 9293 3.10.7.3 and 3.5 (simultaneous open), 7323 2 and 3, 3168 6.1.1
 */
#include <linux/errno.h>
#include <linux/trace.h>
#include <net/tcp.h>

/**
 * tcp_init_transfer() - the handshake is over: metrics, window, buffers
 * @sk: the connection
 * @skb: the segment that ended it, or NULL; borrowed
 * Context: socket locked
 */
void tcp_init_transfer(struct sock *sk, struct sk_buff *skb)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);

	tcp_mtup_init(sk);
	icsk->icsk_af_ops->rebuild_header(sk);
	tcp_init_metrics(sk);

	/* RFC 5681 3.1: one segment after a lost SYN or SYN-ACK; a timeout that
	 * was spurious is taken back (undo_marker) */
	if (tp->total_retrans > 1 && tp->undo_marker)
		tcp_snd_cwnd_set(tp, 1);
	else
		tcp_snd_cwnd_set(tp, tcp_init_cwnd(tp, __sk_dst_get(sk)));
	tp->snd_cwnd_stamp = ktime_get_ns();
	if (!icsk->icsk_ca_initialized)
		tcp_init_congestion_control(sk);
	tcp_init_buffer_space(sk);
}

/**
 * tcp_finish_connect() - our SYN is acknowledged: ESTABLISHED
 * @sk: the connection
 * @skb: the SYN-ACK; borrowed
 * Context: socket locked
 */
void tcp_finish_connect(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct inet_connection_sock *icsk = inet_csk(sk);

	tcp_set_state(sk, TCP_ESTABLISHED);
	icsk->icsk_ack.lrcvtime = ktime_get_ns();
	if (skb)
		icsk->icsk_af_ops->sk_rx_dst_set(sk, skb);
	tcp_init_transfer(sk, skb);
	/* No restart after idle because of a slow handshake. */
	tp->lsndtime = ktime_get_ns();
	if (sock_flag(sk, SOCK_KEEPOPEN))
		inet_csk_reset_keepalive_timer(sk, keepalive_time_when(tp));
	if (!tp->rx_opt.snd_wscale)
		__tcp_fast_path_on(tp, tp->snd_wnd);
	else
		tp->pred_flags = 0;
}

/* Timestamps agreed: they take room in every segment from now on. */
static void tcp_start_timestamps(struct tcp_sock *tp)
{
	tp->rx_opt.tstamp_ok = 1;
	tp->tcp_header_len = sizeof(struct tcphdr) + TCPOLEN_TSTAMP_ALIGNED;
	tp->rx_opt.ts_recent = tp->rx_opt.rcv_tsval;
	tp->rx_opt.ts_recent_stamp = ktime_get_ns();
}

/* The peer's window on a SYN is never scaled (RFC 7323 2.2). */
static void tcp_take_syn_window(struct tcp_sock *tp, const struct sk_buff *skb,
				const struct tcphdr *th)
{
	tp->snd_wnd = ntohs(th->window);
	tp->snd_wl1 = TCP_SKB_CB(skb)->seq;
	tp->max_window = tp->snd_wnd;
	if (!tp->rx_opt.wscale_ok) {
		tp->rx_opt.snd_wscale = 0;
		tp->rx_opt.rcv_wscale = 0;
		tp->window_clamp = min(tp->window_clamp, 65535U);
	}
	if (tp->rx_opt.saw_tstamp)
		tcp_start_timestamps(tp);
	else
		tp->tcp_header_len = sizeof(struct tcphdr);
}

/* RFC 9293 3.10.7.3, fourth: SYN-ACK. Consumes the skb. */
static enum skb_drop_reason tcp_synsent_synack(struct sock *sk, struct sk_buff *skb,
					       const struct tcphdr *th,
					       struct tcp_fastopen_cookie *foc)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	bool fastopen_fail;

	/* RFC 3168 6.1.1: ECE without CWR is a yes */
	if ((tp->ecn_flags & TCP_ECN_OK) && (!th->ece || th->cwr))
		tp->ecn_flags &= (u8)~TCP_ECN_OK;
	tp->snd_wl1 = TCP_SKB_CB(skb)->seq;
	tcp_ack(sk, skb, FLAG_SLOWPATH);

	tp->rcv_nxt = TCP_SKB_CB(skb)->seq + 1;
	tp->rcv_wup = TCP_SKB_CB(skb)->seq + 1;
	tcp_init_max_rcv_wnd_seq(tp);
	tcp_take_syn_window(tp, skb, th);
	if (tp->rx_opt.tstamp_ok)
		tp->advmss -= TCPOLEN_TSTAMP_ALIGNED;
	tcp_sync_mss(sk, icsk->icsk_pmtu_cookie);
	tcp_initialize_rcv_mss(sk);
	/* The SYN is not a byte of data. */
	tp->copied_seq = tp->rcv_nxt;
	tcp_finish_connect(sk, skb);
	fastopen_fail = (tp->syn_fastopen || tp->syn_data) &&
			tcp_rcv_fastopen_synack(sk, skb, foc);

	if (!sock_flag(sk, SOCK_DEAD)) {
		sk->sk_state_change(sk);
		sk_wake_async(sk, SOCK_WAKE_IO, POLLOUT);
	}
	/* Data is about to be written, or accepted late at the other end: the
	 * ACK may ride on it. */
	if (fastopen_fail) {
		/* The data that went again was the ACK. */
	} else if (tcp_send_head(sk) || (tp->fastopen_req && tp->fastopen_req->data) ||
		   icsk->icsk_accept_queue.rskq_defer_accept ||
		   inet_csk_in_pingpong_mode(sk)) {
		inet_csk_schedule_ack(sk);
		tcp_enter_quickack_mode(sk, TCP_MAX_QUICKACKS);
		inet_csk_reset_xmit_timer(sk, ICSK_TIME_DACK, TCP_DELACK_MAX, tcp_rto_max(sk));
	} else {
		tcp_send_ack(sk);
	}

	/* Linux: data or FIN on the SYN-ACK are not taken, unless ours was a Fast Open; the peer
	 * sends them again. */
	consume_skb(skb);
	tcp_data_snd_check(sk);
	return SKB_NOT_DROPPED_YET;
}

/* RFC 9293 3.5, simultaneous open: a SYN without ACK. Consumes the skb. */
static enum skb_drop_reason tcp_synsent_syn(struct sock *sk, struct sk_buff *skb,
					    const struct tcphdr *th)
{
	struct tcp_sock *tp = tcp_sk(sk);

	tcp_set_state(sk, TCP_SYN_RECV);
	tcp_take_syn_window(tp, skb, th);
	tp->rcv_nxt = TCP_SKB_CB(skb)->seq + 1;
	tp->copied_seq = tp->rcv_nxt;
	tp->rcv_wup = TCP_SKB_CB(skb)->seq + 1;
	tcp_init_max_rcv_wnd_seq(tp);
	/* RFC 3168 6.1.1: theirs asks for ECN with both bits */
	if ((tp->ecn_flags & TCP_ECN_OK) && (!th->ece || !th->cwr))
		tp->ecn_flags &= (u8)~TCP_ECN_OK;
	tcp_sync_mss(sk, inet_csk(sk)->icsk_pmtu_cookie);
	tcp_initialize_rcv_mss(sk);
	tcp_send_synack(sk);
	/* Data on it would have to be kept until we are established; the peer
	 * sends it again. */
	consume_skb(skb);
	return SKB_NOT_DROPPED_YET;
}

/**
 * tcp_rcv_synsent_state_process() - a segment in SYN-SENT
 * @sk: the connection
 * @skb: the segment; consumed unless a reset is asked for
 * @th: its header
 *
 * RFC 9293 3.10.7.3, step by step.
 *
 * Context: socket locked
 * Return: SKB_NOT_DROPPED_YET; or why it has to be answered by a reset: then
 * the skb is still the caller's
 */
enum skb_drop_reason tcp_rcv_synsent_state_process(struct sock *sk, struct sk_buff *skb,
						   const struct tcphdr *th)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_fastopen_cookie foc = { .len = -1 };
	u16 saved_clamp = tp->rx_opt.mss_clamp;

	tcp_parse_options(sock_net(sk), skb, &tp->rx_opt, 0, &foc);
	if (tp->rx_opt.saw_tstamp && tp->rx_opt.rcv_tsecr)
		tp->rx_opt.rcv_tsecr -= tp->tsoffset;

	/* first: the ACK */
	if (th->ack) {
		if (!after(TCP_SKB_CB(skb)->ack_seq, tp->snd_una) ||
		    after(TCP_SKB_CB(skb)->ack_seq, tp->snd_nxt)) {
			/* The first SYN's timer goes on; after a retransmission an
			 * old host's answer is likely: try again at once. */
			if (icsk->icsk_retransmits == 0)
				inet_csk_reset_xmit_timer(sk, ICSK_TIME_RETRANS,
							  TCP_TIMEOUT_MIN, tcp_rto_max(sk));
			goto reset;
		}
		if (tp->rx_opt.saw_tstamp && tp->rx_opt.rcv_tsecr &&
		    !between(tp->rx_opt.rcv_tsecr,
			     (u32)(tp->retrans_stamp / USEC_PER_MSEC), tcp_time_stamp(tp))) {
			NET_INC_STATS(sock_net(sk), LINUX_MIB_PAWSACTIVEREJECTED);
			goto reset;
		}
		/* second: RST, now that the ACK is acceptable */
		if (th->rst) {
			tcp_reset(sk, skb);
			goto consume;
		}
		/* fifth: neither SYN nor RST */
		if (!th->syn)
			goto discard;
		return tcp_synsent_synack(sk, skb, th, &foc);
	}

	if (th->rst)
		goto discard;	/* without an ACK it is not ours */
	/* RFC 7323 5.5: a timestamp of an older incarnation */
	if (tp->rx_opt.ts_recent_stamp && tp->rx_opt.saw_tstamp &&
	    tcp_paws_reject(&tp->rx_opt, 0))
		goto discard;
	if (th->syn)
		return tcp_synsent_syn(sk, skb, th);

discard:
	tcp_clear_options(&tp->rx_opt);
	tp->rx_opt.mss_clamp = saved_clamp;
	kfree_skb_reason(skb, SKB_DROP_REASON_TCP_FLAGS);
	return SKB_NOT_DROPPED_YET;
consume:
	tcp_clear_options(&tp->rx_opt);
	tp->rx_opt.mss_clamp = saved_clamp;
	consume_skb(skb);
	return SKB_NOT_DROPPED_YET;
reset:
	tcp_clear_options(&tp->rx_opt);
	tp->rx_opt.mss_clamp = saved_clamp;
	return SKB_DROP_REASON_TCP_INVALID_SEQUENCE;
}
