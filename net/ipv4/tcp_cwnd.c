// SPDX-License-Identifier: MIT
/*
 * A congestion window that nobody uses says nothing of the path: it shrinks
 * when the connection is idle, or when the application sends less than it might.
 *
 * Linux: net/ipv4/tcp_output.c
 * RFC: 5681 4.1 (restart after idle), 2861, 7661 (in spirit)
 */
#include <net/tcp.h>
#include "tcp_output.h"

/**
 * tcp_cwnd_restart() - RFC 5681 4.1: the window after an idle time
 * @sk: the connection
 * @delta_ns: how long it was idle
 *
 * Halved for each RTO, down to what a new connection would have (RFC 2861).
 *
 * Context: socket locked
 */
void tcp_cwnd_restart(struct sock *sk, u64 delta_ns)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 restart_cwnd = tcp_init_cwnd(tp, __sk_dst_get(sk));
	u32 cwnd = tcp_snd_cwnd(tp);
	u64 rto = inet_csk(sk)->icsk_rto;

	tcp_ca_event(sk, CA_EVENT_CWND_RESTART);
	tp->snd_ssthresh = tcp_current_ssthresh(sk);
	restart_cwnd = min(restart_cwnd, cwnd);
	while (delta_ns > rto && cwnd > restart_cwnd) {
		delta_ns -= rto;
		cwnd >>= 1;
	}
	tcp_snd_cwnd_set(tp, max(cwnd, restart_cwnd));
	tp->snd_cwnd_stamp = ktime_get_ns();
	tp->snd_cwnd_used = 0;
}

/* The application did not use the window for an RTO: it says less than it did. */
static void tcp_cwnd_application_limited(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (inet_csk(sk)->icsk_ca_state == TCP_CA_Open && sk->sk_socket &&
	    !sock_test_bit(SOCK_NOSPACE, &sk->sk_socket->flags)) {
		u32 init_win = tcp_init_cwnd(tp, __sk_dst_get(sk));
		u32 win_used = max(tp->snd_cwnd_used, init_win);

		if (win_used < tcp_snd_cwnd(tp)) {
			tp->snd_ssthresh = tcp_current_ssthresh(sk);
			tcp_snd_cwnd_set(tp, (tcp_snd_cwnd(tp) + win_used) >> 1);
		}
		tp->snd_cwnd_used = 0;
	}
	tp->snd_cwnd_stamp = ktime_get_ns();
}

/**
 * tcp_cwnd_validate() - was the window used? What was not is not kept for ever
 * @sk: the connection, just after it sent
 * @is_cwnd_limited: more would have gone but for the congestion window
 *
 * RFC 7661 in spirit, as Linux.
 *
 * Context: socket locked
 */
void tcp_cwnd_validate(struct sock *sk, bool is_cwnd_limited)
{
	const struct tcp_congestion_ops *ca_ops = inet_csk(sk)->icsk_ca_ops;
	struct tcp_sock *tp = tcp_sk(sk);

	/* The largest use of this window; a new round begins at cwnd_usage_seq. */
	if (!before(tp->snd_una, tp->cwnd_usage_seq) || is_cwnd_limited ||
	    (!tp->is_cwnd_limited && tp->packets_out > tp->max_packets_out)) {
		tp->is_cwnd_limited = is_cwnd_limited;
		tp->max_packets_out = tp->packets_out;
		tp->cwnd_usage_seq = tp->snd_nxt;
	}
	if (tcp_is_cwnd_limited(sk)) {
		tp->snd_cwnd_used = 0;
		tp->snd_cwnd_stamp = tp->tcp_clock_cache;
		return;
	}
	if (tp->packets_out > tp->snd_cwnd_used)
		tp->snd_cwnd_used = tp->packets_out;
	if (sock_net(sk)->ipv4.sysctl_tcp_slow_start_after_idle &&
	    tp->tcp_clock_cache - tp->snd_cwnd_stamp >= inet_csk(sk)->icsk_rto &&
	    !ca_ops->cong_control)
		tcp_cwnd_application_limited(sk);
	/* Neither queue nor buffer full, nothing to send: the application. */
	if (tcp_write_queue_empty(sk) && sk->sk_socket &&
	    sock_test_bit(SOCK_NOSPACE, &sk->sk_socket->flags) &&
	    (1 << sk->sk_state) & (TCPF_ESTABLISHED | TCPF_CLOSE_WAIT))
		tcp_chrono_start(sk, TCP_CHRONO_SNDBUF_LIMITED);
}
