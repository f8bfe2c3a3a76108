// SPDX-License-Identifier: MIT
/*
 * The stall detector. It looks at a connection when everything that can run now
 * has run, and the clock is about to go on. A connection may then wait only for
 * something: an answer, with a timer in case it does not come; a window, with a
 * probe; its program. Anything else would last for ever, or longer than need be.
 *
 * RFC: 6298 5.1 (a timer for what is in flight), 1122 4.2.2.17 (probes), 9293
 *	3.8.6.2.2 (window updates), 8985 (lost is sent again when it may be)
 */
#include <linux/kernel.h>
#include <linux/rbtree.h>
#include <linux/timer.h>
#include <net/tcp.h>
#include <net/tcp_states.h>

#include "sim.h"

/* What a timer may be late by rightly: the RTO it was armed with was a larger one. */
#define SLACK_NS	(NSEC_PER_SEC / 4)

static bool xmit_timer_armed(const struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);

	return icsk->icsk_pending && timer_pending(&icsk->icsk_retransmit_timer);
}

/* How long the transmission timer may run. */
static u64 xmit_timer_limit(const struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);

	if (icsk->icsk_pending == ICSK_TIME_PROBE0)
		return tcp_probe0_when(sk, TCP_RTO_MAX) + SLACK_NS;
	return min_t(u64, 2 * icsk->icsk_rto, TCP_RTO_MAX) + SLACK_NS;
}

/**
 * sim_patience - how long nothing at all may come from a socket
 * @sk: connection
 *
 * Return: nanoseconds.
 */
u64 sim_patience(const struct sock *sk)
{
	return max(xmit_timer_limit(sk), tcp_probe0_when(sk, TCP_RTO_MAX)) + SLACK_NS;
}

/* The next packet is large, the windows let only a small part of it go, and an ACK
 * is under way: it may wait for a larger part (tcp_tso_should_defer()). */
static bool may_defer(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	const struct sk_buff *skb = tcp_send_head(sk);
	u32 cwnd = tcp_snd_cwnd(tp), send_win = tcp_wnd_end(tp) - TCP_SKB_CB(skb)->seq;
	u32 cong_win = (cwnd - tcp_packets_in_flight(tp)) * tp->mss_cache;
	u32 chunk = min(tp->snd_wnd, cwnd * tp->mss_cache) / 3;

	return tp->packets_out && tcp_skb_pcount(skb) > 1 && min(send_win, cong_win) < chunk;
}

static const char *sender_stuck(struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_sock *tp = tcp_sk(sk);
	bool paced = timer_pending(&tp->pacing_timer);

	if (tp->packets_out && !xmit_timer_armed(sk))
		return "data is in flight, and no timer for it";
	if (xmit_timer_armed(sk) && icsk->icsk_timeout > host_clock_ns + xmit_timer_limit(sk))
		return "the timer is armed for later than the back-off says";
	if (paced)
		return NULL;
	if (tcp_send_head(sk) && !tp->packets_out && !xmit_timer_armed(sk))
		return "data is queued, nothing in flight, and no timer";
	if (sk->sk_state == TCP_SYN_SENT)
		return NULL;
	if (tp->lost_out > tp->retrans_out && !tcp_packets_in_flight(tp) &&
	    icsk->icsk_pending != ICSK_TIME_RETRANS)
		return "data is lost, and neither sent again nor waited for";
	if (tcp_may_send_now(sk) && !may_defer(sk))
		return "data is queued, and both windows would take it";
	return NULL;
}

static const char *receiver_stuck(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	if (skb_queue_empty(&sk->sk_receive_queue) && RB_EMPTY_ROOT(&tp->out_of_order_queue) &&
	    !tcp_receive_window(tp))
		return "all is read, and the peer was not told that there is room";
	return NULL;
}

/**
 * sim_stuck - see sim.h
 * @sk: connection; its segments are cut by the present MSS, otherwise borrowed
 * @reads: its program has read all there is
 *
 * Return: why it must not be so, or NULL.
 */
const char *sim_stuck(struct sock *sk, bool reads)
{
	const char *why = NULL;

	if (!((1 << sk->sk_state) & (TCPF_CLOSE | TCPF_LISTEN | TCPF_TIME_WAIT)))
		why = sender_stuck(sk);
	if (!why && reads && (1 << sk->sk_state) & (TCPF_ESTABLISHED | TCPF_FIN_WAIT1 |
						    TCPF_FIN_WAIT2))
		why = receiver_stuck(sk);
	return why;
}
