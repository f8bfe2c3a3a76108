// SPDX-License-Identifier: MIT
/*
 * SACKed segments are joined: what a block covers of a segment moves to the one
 * before, if that is SACKed too. A long queue with many holes then takes fewer
 * skbs, and less time to walk along.
 *
 *      [S ][S ][  ][S ]  and the hole is reported:   [S  S  S  S ]
 *
 * Only pages move, and only whole segments of one size, so that counts in segments
 * stay true.
 *
 * Linux: net/ipv4/tcp_input.c
 * RFC: none says how a queue is kept
 */
#include <linux/skb_zerocopy.h>
#include <net/tcp.h>
#include "tcp_sacktag.h"

/* Linux: TCP_MIN_GSO_SIZE; the least that a segment of an skb has, so that the counts
 * of one are 16 bits. */
#define TCP_SHIFT_MIN_MSS	8U
#define TCP_SHIFT_MAX_SEGS	65535U

/* Bytes of each segment of @skb. */
static int tcp_shift_seglen(const struct sk_buff *skb)
{
	return tcp_skb_pcount(skb) == 1 ? (int)skb->len : tcp_skb_mss(skb);
}

/* Are all its bytes in pages of ours? */
static bool tcp_skb_can_shift(const struct sk_buff *skb)
{
	return !skb_headlen(skb) && skb_is_nonlinear(skb) && !skb_zcopy(skb);
}

/* Can the bytes of @from follow those of @to, a SACKed skb? */
static bool tcp_skb_can_join(const struct sk_buff *to, const struct sk_buff *from)
{
	return tcp_skb_can_shift(from) && !TCP_SKB_CB(to)->eor && !skb_zcopy(to);
}

/* SACKed, and nothing else. */
static bool tcp_skb_plain_sacked(const struct sk_buff *skb)
{
	return (TCP_SKB_CB(skb)->sacked & TCPCB_TAGBITS) == TCPCB_SACKED_ACKED;
}

/* Moves the bytes, if they fit. */
static bool tcp_skb_shift(struct sk_buff *to, struct sk_buff *from, const struct tcp_shift *s)
{
	if (to->len + (u32)s->len >= TCP_SHIFT_MAX_SEGS * TCP_SHIFT_MIN_MSS ||
	    (u32)(tcp_skb_pcount(to) + s->pcount) > TCP_SHIFT_MAX_SEGS)
		return false;
	return skb_shift(to, from, s->len) == s->len;
}

/* All of @skb is in @prev: it goes. */
static void tcp_shifted_whole(struct sock *sk, struct sk_buff *prev, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_skb_cb *to = TCP_SKB_CB(prev), *from = TCP_SKB_CB(skb);

	if (skb == tp->retransmit_skb_hint)
		tp->retransmit_skb_hint = prev;
	to->tcp_flags |= from->tcp_flags;
	to->eor = from->eor;
	if (from->tcp_flags & TCPHDR_FIN)
		to->end_seq++;
	if (skb == tp->highest_sack)
		tcp_advance_highest_sack(sk, skb);
	/* The sample of its delivery has been taken. */
	to->header.tx.delivered_mstamp = 0;
	tcp_rtx_queue_unlink_and_free(skb, sk);
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPSACKMERGED);
}

/* The bytes of @s have moved from @skb to @prev: so do their numbers. True: @skb is gone. */
static bool tcp_shifted_skb(struct sock *sk, struct sk_buff *prev, struct sk_buff *skb,
			    const struct tcp_shift *s, struct tcp_sacktag_state *state)
{
	struct tcp_skb_cb *to = TCP_SKB_CB(prev), *from = TCP_SKB_CB(skb);
	struct tcp_sacked newly = {
		.start_seq = from->seq, .end_seq = from->seq + (u32)s->len, .pcount = s->pcount,
		.sacked = from->sacked, .dup_sack = s->dup_sack,
		.xmit_time = tcp_skb_timestamp_us(skb),
	};

	/* Before the numbers move: the highest SACK moves with them. @prev has its bits. */
	tcp_sacktag_one(sk, &newly, state);
	tcp_rate_skb_delivered(sk, skb, state->rate);

	to->end_seq += (u32)s->len;
	from->seq += (u32)s->len;
	tcp_skb_pcount_set(prev, tcp_skb_pcount(prev) + s->pcount);
	WARN_ON_ONCE(tcp_skb_pcount(skb) < s->pcount);
	tcp_skb_pcount_set(skb, tcp_skb_pcount(skb) - s->pcount);
	if (!to->tcp_gso_size)
		to->tcp_gso_size = (u16)s->mss;
	if (tcp_skb_pcount(skb) <= 1)
		from->tcp_gso_size = 0;
	/* One ACK will cover both: it says nothing of the RTT if either was sent twice. */
	to->sacked |= from->sacked & TCPCB_EVER_RETRANS;

	if (skb->len) {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPSACKSHIFTED);
		return false;
	}
	tcp_shifted_whole(sk, prev, skb);
	return true;
}

/* How much of @skb does the block cover? 1: @s says; 0: no whole segment;
 * -1: it has to be cut, or is of another size than @prev. */
static int tcp_shift_measure(const struct sk_buff *prev, const struct sk_buff *skb,
			     struct tcp_shift *s)
{
	const struct tcp_skb_cb *cb = TCP_SKB_CB(skb);
	bool from_start = !after(s->start_seq, cb->seq);

	if (from_start && !before(s->end_seq, cb->end_seq)) {
		s->len = (int)skb->len;
		s->pcount = tcp_skb_pcount(skb);
		s->mss = tcp_shift_seglen(skb);
		return s->mss == tcp_shift_seglen(prev) ? 1 : -1;
	}
	if (!after(cb->end_seq, s->start_seq) || tcp_skb_pcount(skb) <= 1)
		return 0;
	if (!from_start)
		return -1;
	s->mss = tcp_skb_mss(skb);
	if (s->mss != tcp_shift_seglen(prev))
		return -1;
	s->pcount = (int)(s->end_seq - cb->seq) / s->mss;
	s->len = s->pcount * s->mss;
	return s->pcount ? 1 : 0;
}

/* The hole before it is filled: can the SACKed skb behind @prev join too? */
static void tcp_shift_next(struct sock *sk, struct sk_buff *prev, struct tcp_shift *s,
			   struct tcp_sacktag_state *state)
{
	struct sk_buff *skb = skb_rb_next(prev);

	if (!skb || !tcp_skb_plain_sacked(skb) || !tcp_skb_can_join(prev, skb) ||
	    s->mss != tcp_shift_seglen(skb))
		return;
	s->len = (int)skb->len;
	s->pcount = tcp_skb_pcount(skb);
	s->dup_sack = false;
	if (tcp_skb_shift(prev, skb, s))
		tcp_shifted_skb(sk, prev, skb, s, state);
}

/* May what a block covers of @skb join @prev? */
static bool tcp_may_shift(const struct tcp_sock *tp, const struct sk_buff *prev,
			  const struct sk_buff *skb, bool dup_sack)
{
	const struct tcp_skb_cb *cb = TCP_SKB_CB(skb);

	/* Sent again, but not for a loss: that stays marked until it is acknowledged. */
	if (!dup_sack && (cb->sacked & (TCPCB_LOST | TCPCB_SACKED_RETRANS)) == TCPCB_SACKED_RETRANS)
		return false;
	return after(cb->end_seq, tp->snd_una) && prev && tcp_skb_plain_sacked(prev) &&
	       tcp_skb_can_join(prev, skb);
}

/**
 * tcp_shift_skb_data() - join what a block covers of a segment to the one before
 * @sk: the connection
 * @skb: of the retransmit queue; may be gone afterwards
 * @s: the block; the rest is filled in
 * @state: FLAG_* and samples are collected in it
 *
 * Context: socket locked
 * Return: the segment before, which has all of it now that it can have; @skb: the
 * block covers no whole segment of it; NULL: they cannot be joined, which is counted
 */
struct sk_buff *tcp_shift_skb_data(struct sock *sk, struct sk_buff *skb, struct tcp_shift *s,
				   struct tcp_sacktag_state *state)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *prev = skb_rb_prev(skb);
	int covered;

	if (!tcp_may_shift(tp, prev, skb, s->dup_sack))
		goto fallback;
	covered = tcp_shift_measure(prev, skb, s);
	if (!covered)
		return skb;
	/* What is acknowledged is not marked any more. */
	if (covered < 0 || !after(TCP_SKB_CB(skb)->seq + (u32)s->len, tp->snd_una) ||
	    !tcp_skb_shift(prev, skb, s))
		goto fallback;
	if (tcp_shifted_skb(sk, prev, skb, s, state))
		tcp_shift_next(sk, prev, s, state);
	return prev;

fallback:
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPSACKSHIFTFALLBACK);
	return NULL;
}
