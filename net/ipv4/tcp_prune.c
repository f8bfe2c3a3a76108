// SPDX-License-Identifier: MIT
/*
 * The receive buffer is full: what is done before a segment is thrown away. First
 * the buffer grows, if it may; then skbs that hold few bytes for their memory are
 * copied together, out of order and in order, which loses nothing; then what is out
 * of order is dropped from the far end, for the peer still has that.
 *
 * Linux: net/ipv4/tcp_input.c (tcp_try_rmem_schedule, tcp_collapse, tcp_prune_queue)
 * RFC: 2018 8 (what was SACKed may be thrown away), 9293 3.10.7.4 (leaves it open)
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <net/tcp.h>
#include "tcp_rcvbuf.h"

/* What one skb of the collapsed may hold: with its overhead it fills a page. */
#define TCP_COLLAPSE_BYTES	SKB_MAX_ORDER(0, 0)

/**
 * tcp_can_ingest() - is there room in the receive buffer?
 * @sk: the connection
 *
 * One segment may go beyond its end, else a large one would find no room ever.
 *
 * Context: socket locked
 * Return: there is
 */
bool tcp_can_ingest(const struct sock *sk)
{
	return READ_ONCE(sk->sk_rmem_alloc) <= READ_ONCE(sk->sk_rcvbuf);
}

/* ---- copied together ------------------------------------------------------------------ */

/* A range of one of the two queues: @list, or the tree if that is NULL. It ends before
 * @tail (NULL: with the queue). Bytes [@start, @end) of the stream are to be kept. */
struct tcp_collapse {
	struct sock *sk;
	struct sk_buff_head *list;
	struct sk_buff *tail;
	u32 start, end;
};

static struct sk_buff *tcp_collapse_next(const struct tcp_collapse *c, struct sk_buff *skb)
{
	return c->list ? skb_peek_next(skb, c->list) : skb_rb_next(skb);
}

/* All of @skb is copied, or old: it goes. What stands behind it. */
static struct sk_buff *tcp_collapse_one(const struct tcp_collapse *c, struct sk_buff *skb)
{
	struct sk_buff *next = tcp_collapse_next(c, skb);

	if (c->list)
		__skb_unlink(skb, c->list);
	else
		rb_erase(&skb->rbnode, &tcp_sk(c->sk)->out_of_order_queue);
	consume_skb(skb);
	NET_INC_STATS(sock_net(c->sk), LINUX_MIB_TCPRCVCOLLAPSED);
	return next;
}

/* SYN and FIN are numbers without a byte: those stay as they are. */
static bool tcp_collapse_may(const struct tcp_collapse *c, const struct sk_buff *skb)
{
	return skb && skb != c->tail && !(TCP_SKB_CB(skb)->tcp_flags & (TCPHDR_SYN | TCPHDR_FIN));
}

/* Is copying worth its while from @skb on? When it holds less than its memory could, or
 * bytes twice. */
static bool tcp_collapse_gains(const struct tcp_collapse *c, struct sk_buff *skb)
{
	const struct sk_buff *next = tcp_collapse_next(c, skb);

	if (tcp_collapse_may(c, skb) &&
	    (tcp_win_from_space(c->sk, (int)skb->truesize) > (int)skb->len ||
	     before(TCP_SKB_CB(skb)->seq, c->start)))
		return true;
	return next && next != c->tail && TCP_SKB_CB(skb)->end_seq != TCP_SKB_CB(next)->seq;
}

/* Goes on to the first skb from which copying is worth its while; what is old on the way
 * goes. NULL: there is none. */
static struct sk_buff *tcp_collapse_find(struct tcp_collapse *c, struct sk_buff *skb)
{
	while (skb && skb != c->tail) {
		if (!before(c->start, TCP_SKB_CB(skb)->end_seq)) {
			skb = tcp_collapse_one(c, skb);
			continue;
		}
		if (tcp_collapse_gains(c, skb))
			return tcp_collapse_may(c, skb) ? skb : NULL;
		c->start = TCP_SKB_CB(skb)->end_seq;
		skb = tcp_collapse_next(c, skb);
	}
	return NULL;
}

/* An empty skb for bytes from c->start on, charged to the socket; *@copy: its room. */
static struct sk_buff *tcp_collapse_alloc(const struct tcp_collapse *c, const struct sk_buff *skb,
					  u32 *copy)
{
	struct sk_buff *nskb;

	*copy = min_t(u32, TCP_COLLAPSE_BYTES, c->end - c->start);
	nskb = alloc_skb(sock_net(c->sk), *copy, GFP_ATOMIC);
	if (!nskb)
		return NULL;
	memcpy(nskb->cb, skb->cb, sizeof(skb->cb));
	nskb->tstamp = skb->tstamp;
	TCP_SKB_CB(nskb)->seq = c->start;
	TCP_SKB_CB(nskb)->end_seq = c->start;
	skb_set_owner_r(nskb, c->sk);
	return nskb;
}

/* Copies up to @copy bytes to @nskb, from @skb and those behind it, which go when they are
 * copied. The one to go on with; NULL: the end of what can be collapsed. */
static struct sk_buff *tcp_collapse_fill(struct tcp_collapse *c, struct sk_buff *nskb,
					 struct sk_buff *skb, u32 copy)
{
	while (copy) {
		u32 size = min(copy, TCP_SKB_CB(skb)->end_seq - c->start);

		if (WARN_ON_ONCE(before(c->start, TCP_SKB_CB(skb)->seq)))
			return NULL;
		if (WARN_ON_ONCE(skb_copy_bits(skb, (int)(c->start - TCP_SKB_CB(skb)->seq),
					       skb_put(nskb, size), (int)size)))
			return NULL;
		c->start += size;
		copy -= size;
		TCP_SKB_CB(nskb)->end_seq = c->start;
		/* Those behind may be covered by this one. */
		while (!before(c->start, TCP_SKB_CB(skb)->end_seq)) {
			skb = tcp_collapse_one(c, skb);
			if (!tcp_collapse_may(c, skb))
				return NULL;
		}
	}
	return skb;
}

/* Copies the range from @skb on into as few skbs as will hold it. Those that are new stand
 * in the place of the old ones; in a tree that is found when the old ones are gone. */
static void tcp_collapse(struct tcp_collapse *c, struct sk_buff *skb)
{
	struct sk_buff_head tmp;
	struct sk_buff *nskb;
	u32 copy;

	__skb_queue_head_init(&tmp);
	skb = tcp_collapse_find(c, skb);
	while (skb && before(c->start, c->end)) {
		nskb = tcp_collapse_alloc(c, skb, &copy);
		if (!nskb)
			break;
		if (c->list)
			__skb_queue_before(c->list, skb, nskb);
		else
			__skb_queue_tail(&tmp, nskb);
		skb = tcp_collapse_fill(c, nskb, skb, copy);
	}
	while ((nskb = __skb_dequeue(&tmp)) != NULL)
		tcp_rbtree_insert(&tcp_sk(c->sk)->out_of_order_queue, nskb);
}

static void tcp_collapse_receive_queue(struct sock *sk)
{
	struct tcp_collapse c = { .sk = sk, .list = &sk->sk_receive_queue,
				  .start = tcp_sk(sk)->copied_seq, .end = tcp_sk(sk)->rcv_nxt };

	if (!skb_queue_empty(&sk->sk_receive_queue))
		tcp_collapse(&c, skb_peek(&sk->sk_receive_queue));
}

/* The contiguous range that begins with @head. Its end is in @c; @truesize: its memory. */
static void tcp_ofo_range(struct tcp_collapse *c, struct sk_buff *head, u32 *truesize)
{
	struct sk_buff *skb = head;

	c->start = TCP_SKB_CB(head)->seq;
	c->end = TCP_SKB_CB(head)->end_seq;
	*truesize = head->truesize;
	while ((skb = skb_rb_next(skb)) != NULL && !after(TCP_SKB_CB(skb)->seq, c->end)) {
		*truesize += skb->truesize;
		if (after(TCP_SKB_CB(skb)->end_seq, c->end))
			c->end = TCP_SKB_CB(skb)->end_seq;
	}
	c->tail = skb;
}

/* Collapses each contiguous range of what is out of order. A peer that sends every other
 * byte makes ranges that cannot be: not many of those are looked at (CVE-2018-5390). */
static void tcp_collapse_ofo_queue(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *head = skb_rb_first(&tp->out_of_order_queue);
	u32 truesize, sum_tiny = 0;

	while (head) {
		struct tcp_collapse c = { .sk = sk };

		tcp_ofo_range(&c, head, &truesize);
		if (truesize != head->truesize ||
		    c.end - c.start >= SKB_WITH_OVERHEAD(SK_MEM_QUANTUM)) {
			tcp_collapse(&c, head);
		} else {
			sum_tiny += truesize;
			if (sum_tiny > (u32)sk->sk_rcvbuf >> 3)
				break;
		}
		head = c.tail;
	}
	tp->ooo_last_skb = skb_rb_last(&tp->out_of_order_queue);
}

/* ---- thrown away ------------------------------------------------------------------------ */

/**
 * tcp_rbtree_purge_ofo() - throw the out-of-order data away
 * @sk: the connection
 * @reason: why
 * Context: socket locked
 */
void tcp_rbtree_purge_ofo(struct sock *sk, enum skb_drop_reason reason)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct rb_node *p;

	while ((p = rb_first(&tp->out_of_order_queue)) != NULL) {
		struct sk_buff *skb = rb_to_skb(p);

		rb_erase(p, &tp->out_of_order_queue);
		kfree_skb_reason(skb, reason);
	}
	tp->ooo_last_skb = NULL;
}

/* Drops out-of-order data from the far end, an eighth of the buffer at a time, but nothing
 * that comes before @in_skb, which wants in. Was there something? */
static bool tcp_prune_ofo_queue(struct sock *sk, const struct sk_buff *in_skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int goal = sk->sk_rcvbuf >> 3;
	bool pruned = false;

	while (tp->ooo_last_skb && !RB_EMPTY_ROOT(&tp->out_of_order_queue)) {
		struct sk_buff *skb = tp->ooo_last_skb;
		struct rb_node *prev;

		if (after(TCP_SKB_CB(in_skb)->seq, TCP_SKB_CB(skb)->seq))
			break;
		prev = rb_prev(&skb->rbnode);
		rb_erase(&skb->rbnode, &tp->out_of_order_queue);
		goal -= (int)skb->truesize;
		tp->ooo_last_skb = prev ? rb_to_skb(prev) : NULL;
		sk->sk_drops++;
		kfree_skb_reason(skb, SKB_DROP_REASON_TCP_OFO_QUEUE_PRUNE);
		pruned = true;
		if (goal <= 0) {
			if (tcp_can_ingest(sk) && !sk_under_memory_pressure(sk))
				break;
			goal = sk->sk_rcvbuf >> 3;
		}
	}
	if (pruned) {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_OFOPRUNED);
		/* RFC 2018 8: what we SACKed is gone. Report none until new data
		 * comes, so that the sender need not believe us. */
		if (tp->rx_opt.sack_ok)
			tp->rx_opt.num_sacks = 0;
	}
	return pruned;
}

/* ---- the order of it --------------------------------------------------------------------- */

/* The buffer is full: let it grow if it may, else shrink what we offer. */
static void tcp_clamp_window(struct sock *sk)
{
	const struct netns_ipv4 *ipv4 = &sock_net(sk)->ipv4;
	struct tcp_sock *tp = tcp_sk(sk);
	int rmem2 = ipv4->sysctl_tcp_rmem[2];

	inet_csk(sk)->icsk_ack.quick = 0;
	if (sk->sk_rcvbuf < rmem2 && !(sk->sk_userlocks & SOCK_RCVBUF_LOCK) &&
	    !sk_under_memory_pressure(sk) &&
	    sk_memory_allocated(sk) < sk_prot_mem_limits(sk, 0))
		sk->sk_rcvbuf = min(sk->sk_rmem_alloc, rmem2);
	if (sk->sk_rmem_alloc > sk->sk_rcvbuf)
		tp->rcv_ssthresh = min(tp->window_clamp, 2U * tp->advmss);
}

/* Makes room for @in_skb. False: there is none to be made, it has to be dropped. */
static bool tcp_prune_queue(struct sock *sk, const struct sk_buff *in_skb)
{
	struct tcp_sock *tp = tcp_sk(sk);

	/* Nothing is queued: there is nothing to prune. */
	if (!READ_ONCE(sk->sk_rmem_alloc))
		return false;
	NET_INC_STATS(sock_net(sk), LINUX_MIB_PRUNECALLED);
	if (!tcp_can_ingest(sk))
		tcp_clamp_window(sk);
	else if (sk_under_memory_pressure(sk))
		tp->rcv_ssthresh = min(tp->rcv_ssthresh, 4U * tp->advmss);
	if (tcp_can_ingest(sk))
		return true;

	tcp_collapse_ofo_queue(sk);
	tcp_collapse_receive_queue(sk);
	if (tcp_can_ingest(sk))
		return true;

	/* That the window was kept to and still does not fit should not be. */
	tcp_prune_ofo_queue(sk, in_skb);
	if (tcp_can_ingest(sk))
		return true;
	NET_INC_STATS(sock_net(sk), LINUX_MIB_RCVPRUNED);
	/* Massive overcommitment: no header prediction until it is better. */
	tp->pred_flags = 0;
	return false;
}

/**
 * tcp_try_rmem_schedule() - may @skb be queued? Makes room if it must.
 * @sk: the connection
 * @skb: what came in; borrowed
 * @size: bytes of truesize
 * Context: socket locked
 * Return: 0, or -ENOMEM: the segment has to be dropped
 */
int tcp_try_rmem_schedule(struct sock *sk, struct sk_buff *skb, unsigned int size)
{
	if (tcp_can_ingest(sk) && sk_rmem_schedule(sk, skb, (int)size))
		return 0;
	if (!tcp_prune_queue(sk, skb))
		return -ENOMEM;
	while (!sk_rmem_schedule(sk, skb, (int)size))
		if (!tcp_prune_ofo_queue(sk, skb))
			return -ENOMEM;
	return 0;
}
