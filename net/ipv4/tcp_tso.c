// SPDX-License-Identifier: MIT
/*
 * How many segments go down as one packet: collected from the application
 * (size goal), cut to what windows and pacing let go, held back for more.
 *
 * Linux: net/ipv4/tcp_output.c, tcp.c
 */
#include <linux/skb_zerocopy.h>
#include <net/tcp.h>
#include "tcp_output.h"

/* Bytes of data that a GSO skb may have: its headers must fit into its length. */
static u32 tcp_gso_bytes(const struct sock *sk)
{
	return sk->sk_gso_max_size - MAX_TCP_HEADER - 1;
}

/**
 * tcp_mss_split_point() - bytes of the skb that the windows let go now
 * @sk: the connection
 * @skb: of several segments; borrowed
 * @mss_now: bytes
 * @max_segs: segments that congestion control lets go
 * @nonagle: TCP_NAGLE_*
 * Context: socket locked
 * Return: bytes, whole segments unless it is all of the skb; 0: Nagle holds it back
 */
unsigned int tcp_mss_split_point(const struct sock *sk, const struct sk_buff *skb,
				 unsigned int mss_now, unsigned int max_segs, int nonagle)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 window = tcp_wnd_end(tp) - TCP_SKB_CB(skb)->seq;
	u32 max_len = mss_now * max_segs, needed, partial;

	if (likely(max_len <= window && skb != tcp_write_queue_tail(sk)))
		return max_len;
	needed = min(skb->len, window);
	if (max_len <= needed)
		return max_len;
	partial = needed % mss_now;
	/* A part of a segment at its end is subject to Nagle. */
	if (tcp_nagle_check(partial != 0, tp, nonagle))
		return needed - partial;
	return needed;
}

/* How many segments one skb shall have: a millisecond at the pacing rate, more when
 * the peer is near, so that a burst is no longer than the path can do with. */
static u32 tcp_tso_autosize(const struct sock *sk, unsigned int mss_now, u32 min_tso_segs)
{
	u32 near = tcp_min_rtt(tcp_sk(sk)) >> sock_net(sk)->ipv4.sysctl_tcp_tso_rtt_log;
	u64 bytes = sk->sk_pacing_rate >> TCP_PACING_SHIFT;

	if (near < 32)
		bytes += sk->sk_gso_max_size >> near;
	bytes = min_t(u64, bytes, tcp_gso_bytes(sk));
	return max_t(u32, (u32)bytes / mss_now, min_tso_segs);
}

/**
 * tcp_tso_segs() - segments that one skb may have on its way down
 * @sk: the connection
 * @mss_now: bytes
 * Context: socket locked
 * Return: segments, at least 1
 */
u32 tcp_tso_segs(struct sock *sk, unsigned int mss_now)
{
	const struct tcp_congestion_ops *ca_ops = inet_csk(sk)->icsk_ca_ops;
	u32 min_tso = ca_ops->min_tso_segs ?
		      ca_ops->min_tso_segs(sk) :
		      (u32)sock_net(sk)->ipv4.sysctl_tcp_min_tso_segs;

	return min_t(u32, tcp_tso_autosize(sk, mss_now, min_tso), sk->sk_gso_max_segs);
}

/* Will the ACK that lets more go come soon? Within a millisecond, and half an RTT. */
static bool tcp_ack_is_near(const struct tcp_sock *tp, const struct sk_buff *head)
{
	u64 srtt_ns = (u64)(NSEC_PER_USEC >> 3) * tp->srtt_us;
	u64 how_far = head->skb_mstamp_ns + srtt_ns - tp->tcp_clock_cache;

	return (s64)(how_far - min_t(u64, srtt_ns >> 1, NSEC_PER_MSEC)) <= 0;
}

/**
 * tcp_tso_should_defer() - the windows let only a part of a large skb go: better to wait?
 * @sk: the connection
 * @skb: the head of the write queue; borrowed
 * @is_cwnd_limited: set when it is the congestion window that it waits for
 * @is_rwnd_limited: set when it is the peer's window
 * @max_segs: of tcp_tso_segs()
 * Context: socket locked, its clock refreshed
 * Return: wait for the next ACK, and send one that is larger
 */
bool tcp_tso_should_defer(struct sock *sk, struct sk_buff *skb, bool *is_cwnd_limited,
			  bool *is_rwnd_limited, u32 max_segs)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	int win_divisor = sock_net(sk)->ipv4.sysctl_tcp_tso_win_divisor;
	u32 send_win, cong_win, limit;
	const struct sk_buff *head;

	if (inet_csk(sk)->icsk_ca_state >= TCP_CA_Recovery)
		return false;
	/* Only in the middle of sending: the last was less than 1 ms ago. */
	if ((s64)(tp->tcp_clock_cache - tp->tcp_wstamp_ns - NSEC_PER_MSEC) > 0)
		return false;
	send_win = tcp_wnd_end(tp) - TCP_SKB_CB(skb)->seq;
	cong_win = (tcp_snd_cwnd(tp) - tcp_packets_in_flight(tp)) * tp->mss_cache;
	limit = min(send_win, cong_win);
	if (limit >= max_segs * tp->mss_cache)
		return false;
	if (skb != tcp_write_queue_tail(sk) && limit >= skb->len)
		return false;
	if (win_divisor) {
		u32 chunk = min(tp->snd_wnd, tcp_snd_cwnd(tp) * tp->mss_cache);

		if (limit >= chunk / (u32)win_divisor)
			return false;
	} else if (limit > TCP_MAX_TSO_DEFERRED * tp->mss_cache) {
		return false;
	}
	head = tcp_rtx_queue_head(sk);
	if (!head || !tcp_ack_is_near(tp, head))
		return false;

	if (cong_win < send_win) {
		if (cong_win <= skb->len) {
			*is_cwnd_limited = true;
			return true;
		}
	} else if (send_win <= skb->len) {
		*is_rwnd_limited = true;
		return true;
	}
	/* It will not grow any more. */
	return !(TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN) && !TCP_SKB_CB(skb)->eor;
}

/**
 * tcp_grow_skb() - fill up the skb that goes next from the one behind it
 * @sk: the connection
 * @skb: the head of the write queue, not its tail: windows left a part of it last time
 * @amount: bytes that may go with it
 *
 * Else each skb would end in a packet smaller than need be.
 *
 * Context: socket locked
 */
void tcp_grow_skb(struct sock *sk, struct sk_buff *skb, unsigned int amount)
{
	struct tcp_skb_cb *cb = TCP_SKB_CB(skb), *from;
	struct sk_buff *next;
	unsigned int len;

	if (cb->eor)
		return;
	next = skb_queue_next(&sk->sk_write_queue, skb);
	len = min(amount, next->len);
	if (!len || skb_zcopy(skb) || skb_zcopy(next) || !tcp_skb_append(sk, skb, next, len))
		return;
	from = TCP_SKB_CB(next);
	cb->end_seq += len;
	from->seq += len;
	if (from->seq + ((from->tcp_flags & TCPHDR_FIN) != 0) != from->end_seq)
		return;
	/* All of it: with its FIN, if there is one. */
	cb->end_seq = from->end_seq;
	cb->eor = from->eor;
	cb->tcp_flags |= from->tcp_flags;
	__skb_unlink(next, &sk->sk_write_queue);
	tcp_wmem_free_skb(sk, next);
}

/* Bytes to collect in one skb before it is sent. */
static unsigned int tcp_xmit_size_goal(struct sock *sk, u32 mss_now, int large_allowed)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 new_size_goal, size_goal;

	if (!large_allowed || !sk_can_gso(sk))
		return mss_now;
	new_size_goal = (u32)tcp_bound_to_half_wnd(tp, (int)tcp_gso_bytes(sk));
	size_goal = tp->gso_segs * mss_now;
	if (unlikely(new_size_goal < size_goal || new_size_goal >= size_goal + mss_now)) {
		tp->gso_segs = (u16)min_t(u32, new_size_goal / mss_now, sk->sk_gso_max_segs);
		size_goal = tp->gso_segs * mss_now;
	}
	return max(size_goal, mss_now);
}

/**
 * tcp_send_mss() - MSS, and how much to put in one skb
 * @sk: the connection
 * @size_goal: set, bytes
 * @flags: MSG_OOB: exactly one segment
 * Context: socket locked
 * Return: MSS, bytes
 */
int tcp_send_mss(struct sock *sk, int *size_goal, int flags)
{
	int mss_now = (int)tcp_current_mss(sk);

	*size_goal = (int)tcp_xmit_size_goal(sk, (u32)mss_now, !(flags & MSG_OOB));
	return mss_now;
}
