// SPDX-License-Identifier: MIT
/*
 * Selective acknowledgement, both sides. Sending: the scoreboard, in the
 * `sacked` bits of the segments of the retransmit queue and the counters
 * sacked_out, lost_out, retrans_out. Receiving: the blocks we report.
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

/* Is the block sane, given what is or was in flight? */
static bool tcp_is_sackblock_valid(struct tcp_sock *tp, bool is_dsack, u32 start_seq,
				   u32 end_seq)
{
	if (after(end_seq, tp->snd_nxt) || !before(start_seq, end_seq))
		return false;
	if (!before(start_seq, tp->snd_nxt))
		return false;
	/* In the window: the plain case. */
	if (after(start_seq, tp->snd_una))
		return true;
	if (!is_dsack || !tp->undo_marker)
		return false;
	/* RFC 2883: D-SACKs tell of data below SND.UNA, retransmitted lately. */
	if (after(end_seq, tp->snd_una))
		return false;
	if (!before(start_seq, tp->undo_marker))
		return true;
	if (!after(end_seq, tp->undo_marker))
		return false;
	return !before(start_seq, end_seq - tp->max_window);
}

/* RFC 2883 4: the first block reports a duplicate if it lies below the ACK, or
 * within the second block. */
static bool tcp_check_dsack(struct sock *sk, const struct sk_buff *ack_skb,
			    const struct tcp_sack_block_wire *sp, int num_sacks,
			    u32 prior_snd_una, struct tcp_sacktag_state *state)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 start_seq_0 = get_unaligned_be32(&sp[0].start_seq);
	u32 end_seq_0 = get_unaligned_be32(&sp[0].end_seq);
	u32 dup_segs;

	if (before(start_seq_0, TCP_SKB_CB(ack_skb)->ack_seq)) {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPDSACKRECV);
	} else if (num_sacks > 1) {
		u32 end_seq_1 = get_unaligned_be32(&sp[1].end_seq);
		u32 start_seq_1 = get_unaligned_be32(&sp[1].start_seq);

		if (after(end_seq_0, end_seq_1) || before(start_seq_0, start_seq_1))
			return false;
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPDSACKOFORECV);
	} else {
		return false;
	}

	/* More than was ever sent twice is no D-SACK of ours. */
	if (!before(start_seq_0, end_seq_0) || end_seq_0 - start_seq_0 > tp->max_window) {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPDSACKIGNOREDDUBIOUS);
		return false;
	}
	dup_segs = tp->mss_cache ? DIV_ROUND_UP(end_seq_0 - start_seq_0, tp->mss_cache) : 1;
	tp->dsack_dups += dup_segs;
	if (tp->dsack_dups > tp->total_retrans) {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPDSACKIGNOREDDUBIOUS);
		return false;
	}
	NET_ADD_STATS(sock_net(sk), LINUX_MIB_TCPDSACKRECVSEGS, dup_segs);
	state->flag |= FLAG_DSACKING_ACK;
	/* What was sent again needlessly has arrived too. */
	state->sack_delivered += dup_segs;
	/* RFC 8985 6.2: the window for reordering grows only when there was some,
	 * and not for a tail loss probe, which a timer sent. */
	if (tp->tlp_high_seq && tp->tlp_high_seq == end_seq_0)
		state->flag |= FLAG_DSACK_TLP;
	else if (tp->reord_seen)
		tp->rack.dsack_seen = 1;

	/* Undo is counted down by D-SACKs of retransmissions of this recovery. */
	if (tp->undo_marker && tp->undo_retrans > 0 && !after(end_seq_0, prior_snd_una) &&
	    after(end_seq_0, tp->undo_marker))
		tp->undo_retrans = (int)max_t(s32, 0, tp->undo_retrans - (s32)dup_segs);
	return true;
}

/* How much of @skb does [start_seq, end_seq) cover? Splits it at a segment
 * boundary when it is a GSO skb covered in part. 1: whole, 0: no, < 0: no memory. */
static int tcp_match_skb_to_sack(struct sock *sk, struct sk_buff *skb, u32 start_seq,
				 u32 end_seq)
{
	struct tcp_skb_cb *scb = TCP_SKB_CB(skb);
	bool in_sack = !after(start_seq, scb->seq) && !before(end_seq, scb->end_seq);
	unsigned int mss, pkt_len;
	int err;

	if (in_sack || tcp_skb_pcount(skb) <= 1 || !after(scb->end_seq, start_seq))
		return in_sack;

	mss = (unsigned int)tcp_skb_mss(skb);
	in_sack = !after(start_seq, scb->seq);
	if (!in_sack) {
		pkt_len = start_seq - scb->seq;
		if (pkt_len < mss)
			pkt_len = mss;
	} else {
		pkt_len = end_seq - scb->seq;
		if (pkt_len < mss)
			return -EINVAL;
	}
	/* Whole segments only: the peer cannot have a part of one. */
	if (pkt_len > mss) {
		unsigned int new_len = (pkt_len / mss) * mss;

		if (!in_sack && new_len < pkt_len)
			new_len += mss;
		pkt_len = new_len;
	}
	if (pkt_len >= skb->len && !in_sack)
		return 0;
	err = tcp_fragment(sk, TCP_FRAG_IN_RTX_QUEUE, skb, pkt_len, mss, GFP_ATOMIC);
	return err < 0 ? err : in_sack;
}

/* A segment is SACKed for the first time. */
static void tcp_sacktag_first(struct sock *sk, struct sk_buff *skb,
			      struct tcp_sacktag_state *state, u64 xmit_time)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_skb_cb *scb = TCP_SKB_CB(skb);
	int pcount = tcp_skb_pcount(skb);

	tcp_rack_advance(tp, scb->sacked, scb->end_seq, xmit_time);
	if (scb->sacked & TCPCB_SACKED_RETRANS) {
		/* If it was lost too, a retransmission filled the hole; if not, the
		 * retransmission is still on its way, and not ours to clear. */
		if (scb->sacked & TCPCB_LOST) {
			scb->sacked &= (u8)~(TCPCB_LOST | TCPCB_SACKED_RETRANS);
			tp->lost_out -= (u32)pcount;
			tp->retrans_out -= (u32)pcount;
		}
	} else {
		if (!(scb->sacked & TCPCB_RETRANS)) {
			/* Never retransmitted, below the highest SACK: reordering. */
			if (before(scb->seq, tcp_highest_sack_seq(tp)) &&
			    before(scb->seq, state->reord))
				state->reord = scb->seq;
			if (!after(scb->end_seq, tp->high_seq))
				state->flag |= FLAG_ORIG_SACK_ACKED;
			if (state->first_sackt == 0)
				state->first_sackt = xmit_time;
			state->last_sackt = xmit_time;
		}
		if (scb->sacked & TCPCB_LOST) {
			scb->sacked &= (u8)~TCPCB_LOST;
			tp->lost_out -= (u32)pcount;
		}
	}
	scb->sacked |= TCPCB_SACKED_ACKED;
	state->flag |= FLAG_DATA_SACKED;
	tp->sacked_out += (u32)pcount;
	state->sack_delivered += (u32)pcount;
	/* It will not be marked lost: out of RACK's list. */
	list_del_init(&skb->tcp_tsorted_anchor);
}

/* [start_seq, end_seq) covers @skb: mark it. */
static void tcp_sacktag_one(struct sock *sk, struct sk_buff *skb, bool dup_sack,
			    struct tcp_sacktag_state *state)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_skb_cb *scb = TCP_SKB_CB(skb);
	u64 xmit_time = tcp_skb_timestamp_us(skb);

	/* A D-SACK says a retransmission was not needed (or was duplicated). */
	if (dup_sack && (scb->sacked & TCPCB_RETRANS)) {
		if (tp->undo_marker && tp->undo_retrans > 0 &&
		    after(scb->end_seq, tp->undo_marker))
			tp->undo_retrans = (int)max_t(s32, 0, tp->undo_retrans -
							      tcp_skb_pcount(skb));
		if ((scb->sacked & TCPCB_SACKED_ACKED) && before(scb->seq, state->reord))
			state->reord = scb->seq;
	}
	if (!after(scb->end_seq, tp->snd_una))
		return;

	if (!(scb->sacked & TCPCB_SACKED_ACKED)) {
		tcp_rate_skb_delivered(sk, skb, state->rate);
		tcp_sacktag_first(sk, skb, state, xmit_time);
		if (!before(scb->seq, tcp_highest_sack_seq(tp)))
			tcp_advance_highest_sack(sk, skb);
	}
	/* The retransmission of SACKed data need not be waited for. */
	if (dup_sack && (scb->sacked & TCPCB_SACKED_RETRANS)) {
		scb->sacked &= (u8)~TCPCB_SACKED_RETRANS;
		tp->retrans_out -= (u32)tcp_skb_pcount(skb);
	}
}

/* The first segment of the retransmit queue that ends after @seq. */
static struct sk_buff *tcp_sacktag_bsearch(struct sock *sk, u32 seq)
{
	struct rb_node *p = sk->tcp_rtx_queue.rb_node;
	struct sk_buff *found = NULL;

	while (p) {
		struct sk_buff *skb = rb_to_skb(p);

		if (after(TCP_SKB_CB(skb)->end_seq, seq)) {
			found = skb;
			p = p->rb_left;
		} else {
			p = p->rb_right;
		}
	}
	return found;
}

/* Marks all segments that [start_seq, end_seq) covers. */
static void tcp_sacktag_walk(struct sock *sk, u32 start_seq, u32 end_seq, bool dup_sack,
			     struct tcp_sacktag_state *state)
{
	struct sk_buff *skb = tcp_sacktag_bsearch(sk, start_seq);

	for (; skb; skb = skb_rb_next(skb)) {
		int in_sack;

		if (!before(TCP_SKB_CB(skb)->seq, end_seq))
			break;
		in_sack = tcp_match_skb_to_sack(sk, skb, start_seq, end_seq);
		if (in_sack < 0)
			break;
		if (in_sack)
			tcp_sacktag_one(sk, skb, dup_sack, state);
	}
}

/* Ascending by start; there are at most four. */
static void tcp_sort_sack_blocks(struct tcp_sack_block *sp, int n, int *first_index)
{
	int i, j;

	for (i = n - 1; i > 0; i--) {
		for (j = 0; j < i; j++) {
			if (after(sp[j].start_seq, sp[j + 1].start_seq)) {
				swap(sp[j], sp[j + 1]);
				if (*first_index == j)
					*first_index = j + 1;
				else if (*first_index == j + 1)
					*first_index = j;
			}
		}
	}
}

/* Copies the option's valid blocks to @sp. *@first: where its first block went,
 * the one that may be a D-SACK; -1: it was left out. */
static int tcp_collect_sack_blocks(struct sock *sk, const struct tcp_sack_block_wire *wire,
				   int num_sacks, bool found_dup_sack, u32 prior_snd_una,
				   struct tcp_sack_block *sp, int *first)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int i, used = 0;

	*first = -1;

	for (i = 0; i < num_sacks; i++) {
		bool dup_sack = !i && found_dup_sack;
		struct tcp_sack_block blk = {
			.start_seq = get_unaligned_be32(&wire[i].start_seq),
			.end_seq = get_unaligned_be32(&wire[i].end_seq),
		};

		if (!tcp_is_sackblock_valid(tp, dup_sack, blk.start_seq, blk.end_seq)) {
			if (!dup_sack)
				NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPSACKDISCARD);
			else
				NET_INC_STATS(sock_net(sk), tp->undo_marker ?
					      LINUX_MIB_TCPDSACKIGNOREDOLD :
					      LINUX_MIB_TCPDSACKIGNOREDNOUNDO);
			/* A block that only repeats the ACK is harmless. */
			continue;
		}
		if (!after(blk.end_seq, prior_snd_una))
			continue;	/* old news, counted by tcp_check_dsack() */
		if (!i)
			*first = 0;
		sp[used++] = blk;
	}
	return used;
}

/**
 * tcp_sacktag_write_queue() - mark what an ACK's SACK blocks say has arrived
 * @sk: the connection
 * @ack_skb: the ACK; TCP_SKB_CB(ack_skb)->sacked is the option's offset; borrowed
 * @prior_snd_una: SND.UNA before this ACK
 * @state: FLAG_* and samples are collected in it
 *
 * Context: socket locked
 * Return: FLAG_* for tcp_ack()
 */
int tcp_sacktag_write_queue(struct sock *sk, const struct sk_buff *ack_skb,
			    u32 prior_snd_una, struct tcp_sacktag_state *state)
{
	struct tcp_sock *tp = tcp_sk(sk);
	const u8 *opt = (const u8 *)tcp_hdr(ack_skb) + TCP_SKB_CB(ack_skb)->sacked;
	const struct tcp_sack_block_wire *wire = (const void *)(opt + 2);
	int num_sacks = min(TCP_NUM_SACKS, (opt[1] - TCPOLEN_SACK_BASE) >> 3);
	struct tcp_sack_block sp[TCP_NUM_SACKS];
	bool found_dup_sack;
	int i, used, first;

	state->flag = 0;
	state->reord = tp->snd_nxt;
	if (!tp->sacked_out)
		tcp_highest_sack_reset(sk);

	found_dup_sack = tcp_check_dsack(sk, ack_skb, wire, num_sacks, prior_snd_una, state);

	/* SACKs older than the window cannot be told from forged ones. */
	if (before(TCP_SKB_CB(ack_skb)->ack_seq, prior_snd_una - tp->max_window))
		return 0;
	if (!tp->packets_out)
		goto out;

	used = tcp_collect_sack_blocks(sk, wire, num_sacks, found_dup_sack, prior_snd_una, sp,
				       &first);
	tcp_sort_sack_blocks(sp, used, &first);
	for (i = 0; i < used; i++)
		tcp_sacktag_walk(sk, sp[i].start_seq, sp[i].end_seq,
				 found_dup_sack && i == first, state);

	if (inet_csk(sk)->icsk_ca_state != TCP_CA_Loss || tp->undo_marker)
		tcp_check_sack_reordering(sk, state->reord, 0);
out:
	WARN_ON_ONCE((int)tp->sacked_out < 0);
	WARN_ON_ONCE((int)tp->lost_out < 0);
	WARN_ON_ONCE((int)tp->retrans_out < 0);
	WARN_ON_ONCE((int)tcp_packets_in_flight(tp) < 0);
	return state->flag;
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
