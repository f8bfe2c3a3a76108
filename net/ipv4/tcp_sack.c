// SPDX-License-Identifier: MIT
/*
 * Selective acknowledgement, both sides. Sending: the scoreboard, in the
 * `sacked` bits of the segments of the retransmit queue and the counters
 * sacked_out, lost_out, retrans_out (what marks it: tcp_sacktag.c). Receiving:
 * the blocks we report.
 *
 *   retransmit queue   [ ][S][ ][L][L][S][S][ ]      S  TCPCB_SACKED_ACKED
 *                      ^              ^              L  TCPCB_LOST
 *                   snd_una       highest_sack: the segment after the last S
 *
 * Linux: net/ipv4/tcp_input.c
 * RFC: 2018 (SACK), 2883 (D-SACK), 6675 (its use)
 */
#include <linux/errno.h>
#include <linux/unaligned.h>
#include <net/tcp.h>

/* Blocks that most paths need: with more of them none is held back. */
#define TCP_SACK_BLOCKS_EXPECTED 2

/* ======== sending: the scoreboard ============================================ */

/**
 * tcp_highest_sack_seq() - how far the peer's SACKs reach
 * @tp: the connection
 * Context: socket locked
 * Return: the sequence number after the highest SACKed segment; snd_una if none
 */
u32 tcp_highest_sack_seq(struct tcp_sock *tp)
{
	if (!tp->sacked_out)
		return tp->snd_una;
	if (!tp->highest_sack)
		return tp->snd_nxt;
	return TCP_SKB_CB(tp->highest_sack)->seq;
}

/**
 * tcp_advance_highest_sack() - @skb, the highest so far, is gone or SACKed
 * @sk: the connection
 * @skb: a segment of the retransmit queue
 * Context: socket locked
 */
void tcp_advance_highest_sack(struct sock *sk, struct sk_buff *skb)
{
	tcp_sk(sk)->highest_sack = skb_rb_next(skb);
}

/**
 * tcp_highest_sack_reset() - nothing is SACKed any more
 * @sk: the connection
 * Context: socket locked
 */
void tcp_highest_sack_reset(struct sock *sk)
{
	tcp_sk(sk)->highest_sack = tcp_rtx_queue_head(sk);
}

/**
 * tcp_highest_sack_replace() - @old was merged into or replaced by @new
 * @sk: the connection
 * @old: a segment that goes
 * @new: the one that stands for it
 * Context: socket locked
 */
void tcp_highest_sack_replace(struct sock *sk, struct sk_buff *old, struct sk_buff *new)
{
	if (old == tcp_sk(sk)->highest_sack)
		tcp_sk(sk)->highest_sack = new;
}

/**
 * tcp_check_sack_reordering() - a hole below the highest SACK was filled
 * @sk: the connection
 * @low_seq: where the late segment stood
 * @ts: timestamps, not SACK, showed it
 *
 * It was late, not lost: remember how far reordering reaches, in segments.
 *
 * Context: socket locked
 */
void tcp_check_sack_reordering(struct sock *sk, const u32 low_seq, const int ts)
{
	struct tcp_sock *tp = tcp_sk(sk);
	const u32 mss = tp->mss_cache;
	u32 fack, metric;

	fack = tcp_highest_sack_seq(tp);
	if (!before(low_seq, fack))
		return;
	metric = fack - low_seq;
	if (metric > tp->reordering * mss && mss)
		tp->reordering = min_t(u32, (metric + mss - 1) / mss,
				       (u32)sock_net(sk)->ipv4.sysctl_tcp_max_reordering);
	tp->reord_seen++;
	NET_INC_STATS(sock_net(sk), ts ? LINUX_MIB_TCPTSREORDER : LINUX_MIB_TCPSACKREORDER);
}

/* ======== receiving: the blocks we report ===================================== */

/**
 * tcp_dsack_set() - report [seq, end_seq) as received twice (RFC 2883)
 * @sk: the connection
 * @seq: start
 * @end_seq: end
 * Context: socket locked
 */
void tcp_dsack_set(struct sock *sk, u32 seq, u32 end_seq)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!tcp_is_sack(tp) || !sock_net(sk)->ipv4.sysctl_tcp_dsack)
		return;
	NET_INC_STATS(sock_net(sk), before(seq, tp->rcv_nxt) ? LINUX_MIB_TCPDSACKOLDSENT :
							       LINUX_MIB_TCPDSACKOFOSENT);
	tp->rx_opt.dsack = 1;
	tp->duplicate_sack[0].start_seq = seq;
	tp->duplicate_sack[0].end_seq = end_seq;
}

/* Grows @sp to cover [seq, end_seq) if they touch. */
static bool tcp_sack_extend(struct tcp_sack_block *sp, u32 seq, u32 end_seq)
{
	if (after(seq, sp->end_seq) || after(sp->start_seq, end_seq))
		return false;
	if (before(seq, sp->start_seq))
		sp->start_seq = seq;
	if (after(end_seq, sp->end_seq))
		sp->end_seq = end_seq;
	return true;
}

/**
 * tcp_dsack_extend() - as tcp_dsack_set(), growing a block not yet reported
 * @sk: the connection
 * @seq: start
 * @end_seq: end
 * Context: socket locked
 */
void tcp_dsack_extend(struct sock *sk, u32 seq, u32 end_seq)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!tp->rx_opt.dsack)
		tcp_dsack_set(sk, seq, end_seq);
	else
		tcp_sack_extend(tp->duplicate_sack, seq, end_seq);
}

/* Block 0 grew: swallow those that it touches now. */
static void tcp_sack_maybe_coalesce(struct tcp_sock *tp)
{
	struct tcp_sack_block *sp = &tp->selective_acks[0];
	int this_sack = 1;

	while (this_sack < tp->rx_opt.num_sacks) {
		struct tcp_sack_block *other = &tp->selective_acks[this_sack];
		int i;

		if (!tcp_sack_extend(sp, other->start_seq, other->end_seq)) {
			this_sack++;
			continue;
		}
		tp->rx_opt.num_sacks--;
		for (i = this_sack; i < tp->rx_opt.num_sacks; i++)
			tp->selective_acks[i] = tp->selective_acks[i + 1];
	}
}

/* Reports what is held back, before more blocks than most reports hold push it out. The
 * segment that just came is owed one of its own (Linux: it goes without, until the next). */
static void tcp_sack_flush_compressed(struct sock *sk)
{
	if (tcp_sk(sk)->compressed_ack) {
		tcp_sack_compress_send_ack(sk);
		inet_csk_schedule_ack(sk);
	}
}

/**
 * tcp_sack_new_ofo_skb() - data [seq, end_seq) arrived out of order
 * @sk: the connection
 * @seq: start
 * @end_seq: end
 *
 * RFC 2018 4: the block that holds the latest segment comes first.
 *
 * Context: socket locked
 */
void tcp_sack_new_ofo_skb(struct sock *sk, u32 seq, u32 end_seq)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_sack_block *sp = &tp->selective_acks[0];
	int cur_sacks = tp->rx_opt.num_sacks;
	int i;

	for (i = 0; i < cur_sacks; i++) {
		struct tcp_sack_block hit;

		if (!tcp_sack_extend(&sp[i], seq, end_seq))
			continue;
		if (i >= TCP_SACK_BLOCKS_EXPECTED)
			tcp_sack_flush_compressed(sk);
		hit = sp[i];
		for (; i > 0; i--)
			sp[i] = sp[i - 1];
		sp[0] = hit;
		if (cur_sacks > 1)
			tcp_sack_maybe_coalesce(tp);
		return;
	}
	if (i >= TCP_SACK_BLOCKS_EXPECTED)
		tcp_sack_flush_compressed(sk);
	/* No room: the oldest report is dropped. */
	if (cur_sacks == TCP_NUM_SACKS) {
		tp->rx_opt.num_sacks--;
		cur_sacks--;
	}
	for (i = cur_sacks; i > 0; i--)
		sp[i] = sp[i - 1];
	sp[0].start_seq = seq;
	sp[0].end_seq = end_seq;
	tp->rx_opt.num_sacks++;
}

/**
 * tcp_sack_remove() - RCV.NXT advanced: forget blocks below it
 * @tp: the connection
 * Context: socket locked
 */
void tcp_sack_remove(struct tcp_sock *tp)
{
	struct tcp_sack_block *sp = &tp->selective_acks[0];
	int num_sacks = tp->rx_opt.num_sacks;
	int this_sack = 0, i;

	if (RB_EMPTY_ROOT(&tp->out_of_order_queue)) {
		tp->rx_opt.num_sacks = 0;
		return;
	}
	while (this_sack < num_sacks) {
		if (before(tp->rcv_nxt, sp[this_sack].start_seq)) {
			this_sack++;
			continue;
		}
		for (i = this_sack + 1; i < num_sacks; i++)
			sp[i - 1] = sp[i];
		num_sacks--;
	}
	tp->rx_opt.num_sacks = (u8)num_sacks;
}
