// SPDX-License-Identifier: MIT
/*
 * The SACK blocks of an ACK, and the segments of the retransmit queue that they
 * mark.
 *
 *   the option ─▶ D-SACK? ─▶ those that may be true, by number ─▶ less what the
 *   last ACK said ─▶ each segment there: joined to the one before (tcp_sackshift.c),
 *   or cut where the block ends, and marked
 *
 * Linux: net/ipv4/tcp_input.c
 * RFC: 2018, 2883 (D-SACK), 6675
 */
#include <linux/errno.h>
#include <linux/unaligned.h>
#include <net/tcp.h>
#include "tcp_sacktag.h"

/* ---- blocks ------------------------------------------------------------------- */

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

/* Counts a block that cannot be true. */
static void tcp_sackblock_refused(struct sock *sk, bool is_dsack, u32 end_seq, u32 ack_seq)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	if (is_dsack)
		NET_INC_STATS(sock_net(sk), tp->undo_marker ? LINUX_MIB_TCPDSACKIGNOREDOLD :
							      LINUX_MIB_TCPDSACKIGNOREDNOUNDO);
	else if (ack_seq == tp->snd_una || after(end_seq, tp->snd_una))
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPSACKDISCARD);
	/* else: it was, when this ACK left; a later one has overtaken it */
}

/* The blocks of an ACK. */
struct tcp_sack_blocks {
	struct tcp_sack_block sp[TCP_NUM_SACKS];
	int used, first;	/* how many; where the option's first went, -1: left out */
};

/* Copies those of @num_sacks blocks that may be true. @is_dsack: the first is one. */
static void tcp_collect_sack_blocks(struct sock *sk, const struct sk_buff *ack_skb, int num_sacks,
				    bool is_dsack, u32 prior_snd_una, struct tcp_sack_blocks *b)
{
	const u8 *opt = (const u8 *)tcp_hdr(ack_skb) + TCP_SKB_CB(ack_skb)->sacked;
	const struct tcp_sack_block_wire *wire = (const void *)(opt + TCPOLEN_SACK_BASE);
	int i;

	b->used = 0;
	b->first = -1;
	for (i = 0; i < num_sacks; i++, is_dsack = false) {
		struct tcp_sack_block blk = {
			.start_seq = get_unaligned_be32(&wire[i].start_seq),
			.end_seq = get_unaligned_be32(&wire[i].end_seq),
		};

		if (!tcp_is_sackblock_valid(tcp_sk(sk), is_dsack, blk.start_seq, blk.end_seq)) {
			tcp_sackblock_refused(sk, is_dsack, blk.end_seq,
					      TCP_SKB_CB(ack_skb)->ack_seq);
			continue;
		}
		if (!after(blk.end_seq, prior_snd_una))
			continue;	/* old news, counted by tcp_check_dsack() */
		if (!i)
			b->first = 0;
		b->sp[b->used++] = blk;
	}
}

/* Ascending by start; there are at most four. */
static void tcp_sort_sack_blocks(struct tcp_sack_blocks *b)
{
	struct tcp_sack_block *sp = b->sp;
	int i, j;

	for (i = b->used - 1; i > 0; i--) {
		for (j = 0; j < i; j++) {
			if (!after(sp[j].start_seq, sp[j + 1].start_seq))
				continue;
			swap(sp[j], sp[j + 1]);
			if (b->first == j)
				b->first = j + 1;
			else if (b->first == j + 1)
				b->first = j;
		}
	}
}

/* ---- segments ------------------------------------------------------------------ */

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

/* A segment is SACKed for the first time. Its bits. */
static u8 tcp_sacktag_first(struct tcp_sock *tp, const struct tcp_sacked *s,
			    struct tcp_sacktag_state *state)
{
	u8 sacked = s->sacked;

	tcp_rack_advance(tp, sacked, s->end_seq, s->xmit_time);
	if (sacked & TCPCB_SACKED_RETRANS) {
		/* If it was lost too, a retransmission filled the hole; if not, the
		 * retransmission is still on its way, and not ours to clear. */
		if (sacked & TCPCB_LOST) {
			sacked &= (u8)~(TCPCB_LOST | TCPCB_SACKED_RETRANS);
			tp->lost_out -= (u32)s->pcount;
			tp->retrans_out -= (u32)s->pcount;
		}
	} else {
		if (!(sacked & TCPCB_RETRANS)) {
			/* Never retransmitted, below the highest SACK: reordering. */
			if (before(s->start_seq, tcp_highest_sack_seq(tp)) &&
			    before(s->start_seq, state->reord))
				state->reord = s->start_seq;
			if (!after(s->end_seq, tp->high_seq))
				state->flag |= FLAG_ORIG_SACK_ACKED;
			if (state->first_sackt == 0)
				state->first_sackt = s->xmit_time;
			state->last_sackt = s->xmit_time;
		}
		if (sacked & TCPCB_LOST) {
			sacked &= (u8)~TCPCB_LOST;
			tp->lost_out -= (u32)s->pcount;
		}
	}
	state->flag |= FLAG_DATA_SACKED;
	tp->sacked_out += (u32)s->pcount;
	state->sack_delivered += (u32)s->pcount;
	return sacked | TCPCB_SACKED_ACKED;
}

/**
 * tcp_sacktag_one() - account for segments that a block covers
 * @sk: the connection
 * @s: them; whole ones, of one skb
 * @state: FLAG_* and samples are collected in it
 * Context: socket locked
 * Return: the bits of their skb, if it were they alone
 */
u8 tcp_sacktag_one(struct sock *sk, const struct tcp_sacked *s, struct tcp_sacktag_state *state)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u8 sacked = s->sacked;

	/* A D-SACK says a retransmission was not needed (or was duplicated). */
	if (s->dup_sack && (sacked & TCPCB_RETRANS)) {
		if (tp->undo_marker && tp->undo_retrans > 0 && after(s->end_seq, tp->undo_marker))
			tp->undo_retrans = (int)max_t(s32, 0, tp->undo_retrans - s->pcount);
		if ((sacked & TCPCB_SACKED_ACKED) && before(s->start_seq, state->reord))
			state->reord = s->start_seq;
	}
	if (!after(s->end_seq, tp->snd_una))
		return sacked;

	if (!(sacked & TCPCB_SACKED_ACKED))
		sacked = tcp_sacktag_first(tp, s, state);
	/* The retransmission of SACKed data need not be waited for. */
	if (s->dup_sack && (sacked & TCPCB_SACKED_RETRANS)) {
		sacked &= (u8)~TCPCB_SACKED_RETRANS;
		tp->retrans_out -= (u32)s->pcount;
	}
	return sacked;
}

/* A block covers all of @skb. */
static void tcp_sacktag_skb(struct sock *sk, struct sk_buff *skb, bool dup_sack,
			    struct tcp_sacktag_state *state)
{
	struct tcp_skb_cb *scb = TCP_SKB_CB(skb);
	struct tcp_sacked s = {
		.start_seq = scb->seq, .end_seq = scb->end_seq, .pcount = tcp_skb_pcount(skb),
		.sacked = scb->sacked, .dup_sack = dup_sack,
		.xmit_time = tcp_skb_timestamp_us(skb),
	};

	scb->sacked = tcp_sacktag_one(sk, &s, state);
	tcp_rate_skb_delivered(sk, skb, state->rate);
	if (!(scb->sacked & TCPCB_SACKED_ACKED))
		return;
	/* It will not be marked lost: out of RACK's list. */
	list_del_init(&skb->tcp_tsorted_anchor);
	if (!before(scb->seq, tcp_highest_sack_seq(tcp_sk(sk))))
		tcp_advance_highest_sack(sk, skb);
}

/* ---- the queue ------------------------------------------------------------------ */

/* Where the blocks of an ACK have led so far. They ascend, so nothing before @skb
 * needs to be looked at again. */
struct tcp_sackwalk {
	struct sock *sk;
	struct tcp_sacktag_state *state;
	struct sk_buff *skb;			/* NULL: not begun, or at the end */
	const struct tcp_sack_block *next_dup;	/* the D-SACK, when it is the next block */
	const struct tcp_sack_block *cache;	/* of the last ACK, what is not passed yet */
};

/* The segment of the retransmit queue that holds @seq. */
static struct sk_buff *tcp_sacktag_bsearch(struct sock *sk, u32 seq)
{
	struct rb_node *p = sk->tcp_rtx_queue.rb_node;

	while (p) {
		struct sk_buff *skb = rb_to_skb(p);

		if (before(seq, TCP_SKB_CB(skb)->seq))
			p = p->rb_left;
		else if (!before(seq, TCP_SKB_CB(skb)->end_seq))
			p = p->rb_right;
		else
			return skb;
	}
	return NULL;
}

/* On to @seq, if it is not behind us. */
static void tcp_sacktag_skip(struct tcp_sackwalk *w, u32 seq)
{
	if (!w->skb || !after(TCP_SKB_CB(w->skb)->seq, seq))
		w->skb = tcp_sacktag_bsearch(w->sk, seq);
}

/* The segment at w->skb: marked, if the block covers it. False: no memory to cut it. */
static bool tcp_sacktag_step(struct tcp_sackwalk *w, u32 start_seq, u32 end_seq, bool dup_sack)
{
	const struct tcp_sack_block *next_dup = w->next_dup;
	struct sk_buff *skb = w->skb, *into;
	int in_sack = 0;

	if (next_dup && before(TCP_SKB_CB(skb)->seq, next_dup->end_seq)) {
		in_sack = tcp_match_skb_to_sack(w->sk, skb, next_dup->start_seq,
						next_dup->end_seq);
		if (in_sack > 0)
			dup_sack = true;
	}
	if (in_sack <= 0) {
		struct tcp_shift s = { .start_seq = start_seq, .end_seq = end_seq,
				       .dup_sack = dup_sack };

		into = tcp_shift_skb_data(w->sk, skb, &s, w->state);
		if (into && into != skb) {
			w->skb = into;		/* @skb may be gone */
			return true;
		}
		in_sack = into ? 0 : tcp_match_skb_to_sack(w->sk, skb, start_seq, end_seq);
	}
	if (in_sack > 0)
		tcp_sacktag_skb(w->sk, skb, dup_sack, w->state);
	return in_sack >= 0;
}

/* Marks all segments from w->skb on that [start_seq, end_seq) covers. */
static void tcp_sacktag_walk(struct tcp_sackwalk *w, u32 start_seq, u32 end_seq, bool dup_sack)
{
	for (; w->skb; w->skb = skb_rb_next(w->skb)) {
		if (!before(TCP_SKB_CB(w->skb)->seq, end_seq) ||
		    !tcp_sacktag_step(w, start_seq, end_seq, dup_sack))
			break;
	}
}

/* What the last ACK reported is passed over, but for a D-SACK in it. */
static void tcp_sacktag_pass_cached(struct tcp_sackwalk *w)
{
	const struct tcp_sack_block *dup = w->next_dup;

	if (!dup || !before(dup->start_seq, w->cache->end_seq))
		return;
	w->next_dup = NULL;
	tcp_sacktag_skip(w, dup->start_seq);
	tcp_sacktag_walk(w, dup->start_seq, dup->end_seq, true);
	w->next_dup = dup;
}

static bool tcp_sack_cache_ok(const struct tcp_sackwalk *w)
{
	return w->cache < tcp_sk(w->sk)->recv_sack_cache + TCP_NUM_SACKS;
}

/* Marks what @block covers and the last ACK's blocks did not. False: nothing lies
 * above any more. */
static bool tcp_sacktag_block(struct tcp_sackwalk *w, const struct tcp_sack_block *block,
			      bool dup_sack)
{
	struct tcp_sock *tp = tcp_sk(w->sk);
	const u32 start_seq = block->start_seq, end_seq = block->end_seq;

	while (tcp_sack_cache_ok(w) && !before(start_seq, w->cache->end_seq))
		w->cache++;
	while (tcp_sack_cache_ok(w) && !dup_sack && after(end_seq, w->cache->start_seq)) {
		if (before(start_seq, w->cache->start_seq)) {
			tcp_sacktag_skip(w, start_seq);
			tcp_sacktag_walk(w, start_seq, w->cache->start_seq, dup_sack);
		}
		if (!after(end_seq, w->cache->end_seq))
			return true;
		tcp_sacktag_pass_cached(w);
		if (tcp_highest_sack_seq(tp) == w->cache->end_seq) {
			/* The usual case: the highest block has grown. */
			w->skb = tp->highest_sack;
			w->cache++;
			if (!w->skb)
				return false;
			tcp_sacktag_walk(w, start_seq, end_seq, dup_sack);
			return true;
		}
		tcp_sacktag_skip(w, w->cache->end_seq);
		w->cache++;
	}
	if (!before(start_seq, tcp_highest_sack_seq(tp))) {
		w->skb = tp->highest_sack;
		if (!w->skb)
			return false;
	}
	tcp_sacktag_skip(w, start_seq);
	tcp_sacktag_walk(w, start_seq, end_seq, dup_sack);
	return true;
}

/* Marks what the blocks cover, and remembers them. @dup: the index of the D-SACK,
 * -1: there is none. */
static void tcp_sacktag_blocks(struct sock *sk, const struct tcp_sack_blocks *b, int dup,
			       struct tcp_sacktag_state *state)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_sackwalk w = { .sk = sk, .state = state, .cache = tp->recv_sack_cache };
	int i, empty = TCP_NUM_SACKS - b->used;

	/* What the last ACK reported is acknowledged, or taken back. */
	if (!tp->sacked_out)
		w.cache += TCP_NUM_SACKS;
	while (tcp_sack_cache_ok(&w) && !w.cache->start_seq && !w.cache->end_seq)
		w.cache++;

	for (i = 0; i < b->used; i++) {
		w.next_dup = dup == i + 1 ? &b->sp[dup] : NULL;
		if (!tcp_sacktag_block(&w, &b->sp[i], dup == i))
			break;
	}
	for (i = 0; i < empty; i++)
		tp->recv_sack_cache[i] = (struct tcp_sack_block){ .start_seq = 0 };
	for (i = 0; i < b->used; i++)
		tp->recv_sack_cache[empty + i] = b->sp[i];
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
	const struct tcp_sack_block_wire *wire = (const void *)(opt + TCPOLEN_SACK_BASE);
	int num_sacks = min(TCP_NUM_SACKS, (opt[1] - TCPOLEN_SACK_BASE) >> 3);
	struct tcp_sack_blocks blocks;
	bool found_dup_sack;

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

	tcp_collect_sack_blocks(sk, ack_skb, num_sacks, found_dup_sack, prior_snd_una, &blocks);
	tcp_sort_sack_blocks(&blocks);
	tcp_sacktag_blocks(sk, &blocks, found_dup_sack ? blocks.first : -1, state);

	if (inet_csk(sk)->icsk_ca_state != TCP_CA_Loss || tp->undo_marker)
		tcp_check_sack_reordering(sk, state->reord, 0);
out:
	WARN_ON_ONCE((int)tp->sacked_out < 0);
	WARN_ON_ONCE((int)tp->lost_out < 0);
	WARN_ON_ONCE((int)tp->retrans_out < 0);
	WARN_ON_ONCE((int)tcp_packets_in_flight(tp) < 0);
	return state->flag;
}
