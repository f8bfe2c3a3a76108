// SPDX-License-Identifier: MIT
/*
 * When is an acknowledgement sent? At once, with the next data, or soon; and out
 * of order: the first three at once, since the sender counts them, then a few
 * together, since SACK blocks say it all (ACK compression).
 *
 * Linux: net/ipv4/tcp_input.c, tcp_output.c and tcp_timer.c (compression)
 * RFC: 5681 4.2, 9293 3.8.6.3, 2018 4
 */
#include <linux/trace.h>
#include <net/tcp.h>

/* ---- compression -------------------------------------------------------------------- */

/**
 * tcp_sack_compress_send_ack() - report now what was held back
 * @sk: the connection
 * Context: socket locked
 */
void tcp_sack_compress_send_ack(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!tp->compressed_ack)
		return;
	sk_stop_timer(sk, &tp->compressed_ack_timer);
	/* One of them goes now. */
	NET_ADD_STATS(sock_net(sk), LINUX_MIB_TCPACKCOMPRESSED, tp->compressed_ack - 1U);
	tp->compressed_ack = 0;
	tcp_send_ack(sk);
}

/**
 * tcp_compressed_ack_kick() - they have waited long enough
 * @t: tcp_sock.compressed_ack_timer
 * Context: softirq
 */
void tcp_compressed_ack_kick(struct timer_list *t)
{
	struct tcp_sock *tp = from_timer(tp, t, compressed_ack_timer);
	struct sock *sk = &tp->inet_conn.icsk_inet.sk;

	bh_lock_sock(sk);
	if (!sock_owned_by_user(sk)) {
		if (tp->compressed_ack) {
			tcp_mstamp_refresh(tp);
			tcp_sack_compress_send_ack(sk);
		}
	} else if (!(tp->tsq_flags & BIT(TCP_DELACK_TIMER_DEFERRED))) {
		tp->tsq_flags |= BIT(TCP_DELACK_TIMER_DEFERRED);
		sock_hold(sk);
	}
	bh_unlock_sock(sk);
	sock_put(sk);
}

/* A segment out of order came: may its SACK wait? Then its timer runs. */
static bool tcp_compress_ack(struct sock *sk)
{
	const struct netns_ipv4 *ipv4 = &sock_net(sk)->ipv4;
	struct tcp_sock *tp = tcp_sk(sk);
	u64 delay;
	u32 rtt;

	if (!tcp_is_sack(tp) || tp->compressed_ack >= ipv4->sysctl_tcp_comp_sack_nr)
		return false;
	if (tp->compressed_ack_rcv_nxt != tp->rcv_nxt) {
		tp->compressed_ack_rcv_nxt = tp->rcv_nxt;
		tp->dup_ack_counter = 0;
	}
	/* RFC 5681 3.2: the sender may wait for three */
	if (tp->dup_ack_counter < TCP_FASTRETRANS_THRESH) {
		tp->dup_ack_counter++;
		return false;
	}
	tp->compressed_ack++;
	if (timer_pending(&tp->compressed_ack_timer))
		return true;
	/* A twentieth of the round trip, which is scaled by eight. */
	rtt = tp->rcv_rtt_est.rtt_us;
	if (tp->srtt_us && tp->srtt_us < rtt)
		rtt = tp->srtt_us;
	delay = min_t(u64, (u64)ipv4->sysctl_tcp_comp_sack_delay_ns,
		      rtt * (NSEC_PER_USEC >> 3) / 20);
	sk_reset_timer(sk, &tp->compressed_ack_timer,
		       ktime_get_ns() + delay + (u64)ipv4->sysctl_tcp_comp_sack_slack_ns);
	return true;
}

/* ---- now, or soon? ------------------------------------------------------------------ */

/* Is it due, whatever waits out of order? */
static bool tcp_ack_is_due(struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_sock *tp = tcp_sk(sk);

	/* More than one full segment since the last ACK, and the window could be
	 * opened as promised (no silly window). */
	return (tp->rcv_nxt - tp->rcv_wup > icsk->icsk_ack.rcv_mss &&
		(tp->rcv_nxt - tp->copied_seq < (u32)sk->sk_rcvlowat ||
		 __tcp_select_window(sk) >= tp->rcv_wnd)) ||
	       (icsk->icsk_ack.quick && !inet_csk_in_pingpong_mode(sk)) ||
	       (icsk->icsk_ack.pending & ICSK_ACK_NOW);
}

/**
 * __tcp_ack_snd_check() - must this ACK go out now, or can it wait?
 * @sk: the connection
 * @ofo_possible: there may be data out of order
 * Context: socket locked
 */
void __tcp_ack_snd_check(struct sock *sk, int ofo_possible)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (tcp_ack_is_due(sk)) {
		/* Of a whole backlog the last one says it all (tcp_release_cb). */
		if (sock_owned_by_user(sk) && sock_net(sk)->ipv4.sysctl_tcp_backlog_ack_defer)
			tp->tsq_flags |= BIT(TCP_ACK_DEFERRED);
		else
			tcp_send_ack(sk);
		return;
	}
	if (!ofo_possible || RB_EMPTY_ROOT(&tp->out_of_order_queue))
		tcp_send_delayed_ack(sk);
	else if (!tcp_compress_ack(sk))
		tcp_send_ack(sk);
}

/**
 * tcp_ack_snd_check() - after a segment: acknowledge, if one is owed
 * @sk: the connection
 * Context: socket locked
 */
void tcp_ack_snd_check(struct sock *sk)
{
	trace_here();
	if (inet_csk_ack_scheduled(sk))
		__tcp_ack_snd_check(sk, 1);
}
