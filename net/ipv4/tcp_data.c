// SPDX-License-Identifier: MIT
/*
 * Received data: in order to the receive queue, out of order to a tree, never
 * more than memory allows.
 *
 *   copied_seq          rcv_nxt                      rcv_nxt + window
 *       |  receive queue   |   [ofo]    [ofo] [ofo]        |
 *       +------------------+-------------------------------+
 *
 * How large the window may grow stands in tcp_rcvbuf.c, what is done when memory is
 * short in tcp_prune.c.
 *
 * Linux: net/ipv4/tcp_input.c
 * RFC: 9293 3.10.7.4 (seventh and eighth), 2018, 2883
 */
#include <linux/errno.h>
#include <linux/trace.h>
#include <net/tcp.h>
#include "tcp_rcvbuf.h"

static void tcp_ecn_accept_cwr(struct sock *sk, const struct sk_buff *skb)
{
	if (tcp_hdr(skb)->cwr) {
		tcp_sk(sk)->ecn_flags &= (u8)~TCP_ECN_DEMAND_CWR;
		/* RFC 3168 6.1.3: confirm quickly that we saw it */
		if (TCP_SKB_CB(skb)->seq != TCP_SKB_CB(skb)->end_seq)
			inet_csk(sk)->icsk_ack.pending |= ICSK_ACK_NOW;
	}
}

/**
 * tcp_send_dupack() - data came that we have: say so at once
 * @sk: the connection
 * @skb: the segment; borrowed
 * Context: socket locked
 */
void tcp_send_dupack(struct sock *sk, const struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (TCP_SKB_CB(skb)->end_seq != TCP_SKB_CB(skb)->seq &&
	    before(TCP_SKB_CB(skb)->seq, tp->rcv_nxt)) {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_DELAYEDACKLOST);
		tcp_enter_quickack_mode(sk, TCP_MAX_QUICKACKS);
		if (tcp_is_sack(tp) && sock_net(sk)->ipv4.sysctl_tcp_dsack) {
			u32 end_seq = TCP_SKB_CB(skb)->end_seq;

			if (after(TCP_SKB_CB(skb)->end_seq, tp->rcv_nxt))
				end_seq = tp->rcv_nxt;
			tcp_dsack_set(sk, TCP_SKB_CB(skb)->seq, end_seq);
		}
	}
	tcp_send_ack(sk);
}

/**
 * tcp_fin() - the peer has nothing more to send
 * @sk: the connection; the FIN is the next in sequence
 *
 * RFC 9293 3.10.7.4, eighth.
 *
 * Context: socket locked
 */
void tcp_fin(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	inet_csk_schedule_ack(sk);
	sk->sk_shutdown |= RCV_SHUTDOWN;
	sock_set_flag(sk, SOCK_DONE);

	switch (sk->sk_state) {
	case TCP_SYN_RECV:
	case TCP_ESTABLISHED:
		tcp_set_state(sk, TCP_CLOSE_WAIT);
		inet_csk_enter_pingpong_mode(sk);
		break;
	case TCP_CLOSE_WAIT:
	case TCP_CLOSING:
		break;		/* a retransmitted FIN */
	case TCP_LAST_ACK:
		break;
	case TCP_FIN_WAIT1:
		/* simultaneous close: ACK, and wait for ours */
		tcp_send_ack(sk);
		tcp_set_state(sk, TCP_CLOSING);
		break;
	case TCP_FIN_WAIT2:
		tcp_send_ack(sk);
		tcp_time_wait(sk, TCP_TIME_WAIT, 0);
		break;
	default:
		/* LISTEN and CLOSE never come here. */
		WARN_ON_ONCE(1);
		break;
	}

	/* Nothing beyond the FIN can be valid. */
	tcp_rbtree_purge_ofo(sk, SKB_DROP_REASON_TCP_OVERWINDOW);
	if (tcp_is_sack(tp)) {
		tp->rx_opt.dsack = 0;
		tp->rx_opt.num_sacks = 0;
	}
	if (!sock_flag(sk, SOCK_DEAD)) {
		sk->sk_state_change(sk);
		if (sk->sk_shutdown == SHUTDOWN_MASK || sk->sk_state == TCP_CLOSE)
			sk_wake_async(sk, SOCK_WAKE_WAITD, POLLHUP);
		else
			sk_wake_async(sk, SOCK_WAKE_WAITD, POLLIN);
	}
}

/* ---- merging -------------------------------------------------------------------- */

/* Appends @from to @to if it follows it and shares its kind of memory. @from is
 * then the caller's to free: kfree_skb_partial(from, *fragstolen). */
static bool tcp_try_coalesce(struct sock *sk, struct sk_buff *to, struct sk_buff *from,
			     bool *fragstolen)
{
	int delta;

	*fragstolen = false;
	if (TCP_SKB_CB(from)->seq != TCP_SKB_CB(to)->end_seq)
		return false;
	if (!skb_try_coalesce(to, from, fragstolen, &delta))
		return false;
	sk->sk_rmem_alloc += delta;
	sk_mem_charge(sk, delta);
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPRCVCOALESCE);
	TCP_SKB_CB(to)->end_seq = TCP_SKB_CB(from)->end_seq;
	TCP_SKB_CB(to)->ack_seq = TCP_SKB_CB(from)->ack_seq;
	TCP_SKB_CB(to)->tcp_flags |= TCP_SKB_CB(from)->tcp_flags;
	return true;
}

static void tcp_drop(struct sock *sk, struct sk_buff *skb, enum skb_drop_reason reason)
{
	sk->sk_drops++;
	kfree_skb_reason(skb, reason);
}

/* ---- out of order ------------------------------------------------------------------- */

/**
 * tcp_ofo_queue() - move what has become contiguous to the receive queue
 * @sk: the connection
 * Context: socket locked
 */
void tcp_ofo_queue(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 dsack_high = tp->rcv_nxt;
	struct rb_node *p = rb_first(&tp->out_of_order_queue);

	while (p) {
		struct sk_buff *skb = rb_to_skb(p), *tail;
		bool fragstolen = false, eaten, fin;

		if (after(TCP_SKB_CB(skb)->seq, tp->rcv_nxt))
			break;
		if (before(TCP_SKB_CB(skb)->seq, dsack_high)) {
			u32 dsack = dsack_high;

			if (before(TCP_SKB_CB(skb)->end_seq, dsack_high))
				dsack = TCP_SKB_CB(skb)->end_seq;
			else
				dsack_high = TCP_SKB_CB(skb)->end_seq;
			tcp_dsack_extend(sk, TCP_SKB_CB(skb)->seq, dsack);
		}
		p = rb_next(p);
		rb_erase(&skb->rbnode, &tp->out_of_order_queue);

		if (unlikely(!after(TCP_SKB_CB(skb)->end_seq, tp->rcv_nxt))) {
			tcp_drop(sk, skb, SKB_DROP_REASON_TCP_OFO_DROP);
			continue;
		}
		tail = skb_peek_tail(&sk->sk_receive_queue);
		eaten = tail && tcp_try_coalesce(sk, tail, skb, &fragstolen);
		tp->bytes_received += TCP_SKB_CB(skb)->end_seq - tp->rcv_nxt;
		tp->rcv_nxt = TCP_SKB_CB(skb)->end_seq;
		fin = TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN;
		if (!eaten)
			__skb_queue_tail(&sk->sk_receive_queue, skb);
		else
			kfree_skb_partial(skb, fragstolen);
		if (unlikely(fin)) {
			tcp_fin(sk);
			break;	/* the tree is empty now */
		}
	}
}

/* @skb became a part of its neighbour in the tree. Consumes. */
static void tcp_ofo_merged(struct sock *sk, struct sk_buff *skb, bool fragstolen)
{
	if (tcp_is_sack(tcp_sk(sk)))
		tcp_grow_window(sk, skb, true);
	kfree_skb_partial(skb, fragstolen);
}

/* Puts @skb into the tree at its place. false: it was merged into a neighbour or
 * dropped as a duplicate, and is gone. */
static bool tcp_ofo_insert(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 seq = TCP_SKB_CB(skb)->seq, end_seq = TCP_SKB_CB(skb)->end_seq;
	struct rb_node **p = &tp->out_of_order_queue.rb_node, *parent = NULL;
	bool fragstolen;

	/* Bulk data: most often it goes behind the last one. */
	if (tcp_try_coalesce(sk, tp->ooo_last_skb, skb, &fragstolen)) {
		tcp_ofo_merged(sk, skb, fragstolen);
		return false;
	}
	if (!before(seq, TCP_SKB_CB(tp->ooo_last_skb)->end_seq)) {
		parent = &tp->ooo_last_skb->rbnode;
		p = &parent->rb_right;
	}
	while (*p) {
		struct sk_buff *skb1;

		parent = *p;
		skb1 = rb_to_skb(parent);
		if (before(seq, TCP_SKB_CB(skb1)->seq)) {
			p = &parent->rb_left;
			continue;
		}
		if (before(seq, TCP_SKB_CB(skb1)->end_seq)) {
			if (!after(end_seq, TCP_SKB_CB(skb1)->end_seq)) {
				/* All of it is there already. */
				NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPOFOMERGE);
				tcp_dsack_set(sk, seq, end_seq);
				tcp_drop(sk, skb, SKB_DROP_REASON_TCP_OFOMERGE);
				return false;
			}
			if (after(seq, TCP_SKB_CB(skb1)->seq)) {
				tcp_dsack_set(sk, seq, TCP_SKB_CB(skb1)->end_seq);
			} else {
				/* It covers skb1 and more: take its place. */
				rb_replace_node(&skb1->rbnode, &skb->rbnode,
						&tp->out_of_order_queue);
				if (skb1 == tp->ooo_last_skb)
					tp->ooo_last_skb = skb;
				tcp_dsack_extend(sk, TCP_SKB_CB(skb1)->seq,
						 TCP_SKB_CB(skb1)->end_seq);
				NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPOFOMERGE);
				tcp_drop(sk, skb1, SKB_DROP_REASON_TCP_OFOMERGE);
				return true;
			}
		} else if (tcp_try_coalesce(sk, skb1, skb, &fragstolen)) {
			tcp_ofo_merged(sk, skb, fragstolen);
			return false;
		}
		p = &parent->rb_right;
	}
	rb_link_node(&skb->rbnode, parent, p);
	rb_insert_color(&skb->rbnode, &tp->out_of_order_queue);
	return true;
}

/* @skb stands in the tree: what it covers behind it goes. */
static void tcp_ofo_remove_covered(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb1;

	while ((skb1 = skb_rb_next(skb)) != NULL) {
		if (!after(TCP_SKB_CB(skb)->end_seq, TCP_SKB_CB(skb1)->seq))
			break;
		if (before(TCP_SKB_CB(skb)->end_seq, TCP_SKB_CB(skb1)->end_seq)) {
			tcp_dsack_extend(sk, TCP_SKB_CB(skb1)->seq, TCP_SKB_CB(skb)->end_seq);
			break;
		}
		rb_erase(&skb1->rbnode, &tp->out_of_order_queue);
		tcp_dsack_extend(sk, TCP_SKB_CB(skb1)->seq, TCP_SKB_CB(skb1)->end_seq);
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPOFOMERGE);
		tcp_drop(sk, skb1, SKB_DROP_REASON_TCP_OFOMERGE);
	}
	if (!skb1)
		tp->ooo_last_skb = skb;
}

/* Data beyond RCV.NXT: keep it, report it. Consumes. */
static void tcp_data_queue_ofo(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 seq = TCP_SKB_CB(skb)->seq, end_seq = TCP_SKB_CB(skb)->end_seq;
	unsigned int truesize = skb->truesize;

	tcp_ecn_check_ce(sk, skb);
	if (unlikely(tcp_try_rmem_schedule(sk, skb, truesize))) {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPOFODROP);
		sk->sk_data_ready(sk);
		tcp_drop(sk, skb, SKB_DROP_REASON_PROTO_MEM);
		return;
	}
	tcp_measure_rcv_mss(sk, skb);
	tp->pred_flags = 0;
	inet_csk_schedule_ack(sk);
	tp->rcv_ooopack += 1;
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPOFOQUEUE);

	if (RB_EMPTY_ROOT(&tp->out_of_order_queue)) {
		if (tcp_is_sack(tp)) {
			tp->rx_opt.num_sacks = 1;
			tp->selective_acks[0].start_seq = seq;
			tp->selective_acks[0].end_seq = end_seq;
		}
		rb_link_node(&skb->rbnode, NULL, &tp->out_of_order_queue.rb_node);
		rb_insert_color(&skb->rbnode, &tp->out_of_order_queue);
		tp->ooo_last_skb = skb;
	} else {
		bool inserted = tcp_ofo_insert(sk, skb);

		if (inserted)
			tcp_ofo_remove_covered(sk, skb);
		if (tcp_is_sack(tp))
			tcp_sack_new_ofo_skb(sk, seq, end_seq);
		if (!inserted)
			goto grow;
	}
	/* Without SACK the duplicate ACKs have to look like duplicates. */
	if (tcp_is_sack(tp))
		tcp_grow_window(sk, skb, false);
	skb_set_owner_r(skb, sk);
grow:
	if (sk->sk_socket)
		tcp_rcvbuf_grow(sk, tp->rcvq_space.space);
}

/* ---- in order -------------------------------------------------------------------------- */

/**
 * tcp_queue_rcv() - append the next data in sequence
 * @sk: the connection
 * @skb: header pulled. If it was merged into the tail, the caller frees it by
 *	kfree_skb_partial(skb, *fragstolen), else it is the queue's
 * @fragstolen: its data block went with the merge
 * Context: socket locked
 * Return: 1 if it was merged, else 0
 */
int tcp_queue_rcv(struct sock *sk, struct sk_buff *skb, bool *fragstolen)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *tail = skb_peek_tail(&sk->sk_receive_queue);
	int eaten = tail && tcp_try_coalesce(sk, tail, skb, fragstolen) ? 1 : 0;

	tp->bytes_received += TCP_SKB_CB(skb)->end_seq - tp->rcv_nxt;
	tp->rcv_nxt = TCP_SKB_CB(skb)->end_seq;
	if (!eaten) {
		__skb_queue_tail(&sk->sk_receive_queue, skb);
		skb_set_owner_r(skb, sk);
	}
	return eaten;
}

/* The segment at RCV.NXT, perhaps with an old head. Consumes. */
static void tcp_data_queue_in_order(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);
	bool fragstolen = false;
	bool fin = TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN;
	bool has_data = skb->len != 0;
	int eaten;

	if (tcp_try_rmem_schedule(sk, skb, skb->truesize)) {
		/* No room: tell the peer, and the reader. */
		inet_csk(sk)->icsk_ack.pending |= ICSK_ACK_NOMEM | ICSK_ACK_NOW;
		inet_csk_schedule_ack(sk);
		sk->sk_data_ready(sk);
		if (skb_queue_len(&sk->sk_receive_queue) && skb->len) {
			NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPRCVQDROP);
			tcp_drop(sk, skb, SKB_DROP_REASON_PROTO_MEM);
			return;
		}
		/* With nothing to read, one segment is always taken; a FIN too. */
		sk_forced_mem_schedule(sk, (int)skb->truesize);
	}

	eaten = tcp_queue_rcv(sk, skb, &fragstolen);
	if (has_data)
		tcp_event_data_recv(sk, skb);
	if (fin)
		tcp_fin(sk);

	if (!RB_EMPTY_ROOT(&tp->out_of_order_queue)) {
		tcp_ofo_queue(sk);
		/* RFC 5681 4.2: at once when a gap is filled, all or in part */
		inet_csk(sk)->icsk_ack.pending |= ICSK_ACK_NOW;
	}
	if (tp->rx_opt.num_sacks)
		tcp_sack_remove(tp);
	tcp_fast_path_check(sk);

	if (eaten > 0)
		kfree_skb_partial(skb, fragstolen);
	if (!sock_flag(sk, SOCK_DEAD))
		tcp_data_ready(sk);
}

/* Linux: what waits behind a gap may hold the window closed, in a buffer that was made
 * smaller; where nothing is left to be read, nothing but the segment that is missing will
 * ever open it. */
static bool tcp_ofo_closes_window(const struct sock *sk)
{
	return skb_queue_empty(&sk->sk_receive_queue) &&
	       !RB_EMPTY_ROOT(&tcp_sk(sk)->out_of_order_queue);
}

/* Nothing of it is wanted: acknowledge at once, drop. Consumes. */
static void tcp_data_drop(struct sock *sk, struct sk_buff *skb, enum skb_drop_reason reason)
{
	tcp_enter_quickack_mode(sk, TCP_MAX_QUICKACKS);
	inet_csk_schedule_ack(sk);
	tcp_drop(sk, skb, reason);
}

/**
 * tcp_data_queue() - take a segment's data and FIN
 * @sk: the connection
 * @skb: sequence acceptable, skb->data at the TCP header; consumed
 * Context: socket locked
 */
void tcp_data_queue(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);

	trace_skb(skb);
	if (TCP_SKB_CB(skb)->seq == TCP_SKB_CB(skb)->end_seq) {
		consume_skb(skb);	/* an ACK: it has done its work */
		return;
	}
	skb_dst_drop(skb);
	__skb_pull(skb, tcp_hdr(skb)->doff * 4U);
	tcp_ecn_accept_cwr(sk, skb);
	tp->rx_opt.dsack = 0;

	if (TCP_SKB_CB(skb)->seq == tp->rcv_nxt) {
		if (tcp_receive_window(tp) == 0) {
			/* A FIN alone needs no buffer. */
			if ((!skb->len && (TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN)) ||
			    tcp_ofo_closes_window(sk)) {
				tcp_data_queue_in_order(sk, skb);
				return;
			}
			NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPZEROWINDOWDROP);
			tcp_data_drop(sk, skb, SKB_DROP_REASON_TCP_ZEROWINDOW);
			return;
		}
		tcp_data_queue_in_order(sk, skb);
		return;
	}

	if (!after(TCP_SKB_CB(skb)->end_seq, tp->rcv_nxt)) {
		/* A retransmission of what we have. */
		NET_INC_STATS(sock_net(sk), LINUX_MIB_DELAYEDACKLOST);
		tcp_dsack_set(sk, TCP_SKB_CB(skb)->seq, TCP_SKB_CB(skb)->end_seq);
		tcp_data_drop(sk, skb, SKB_DROP_REASON_TCP_OLD_DATA);
		return;
	}
	if (!before(TCP_SKB_CB(skb)->seq, tp->rcv_nxt + tcp_receive_window(tp))) {
		tcp_data_drop(sk, skb, SKB_DROP_REASON_TCP_OVERWINDOW);
		return;
	}
	if (before(TCP_SKB_CB(skb)->seq, tp->rcv_nxt)) {
		/* The head is old. */
		tcp_dsack_set(sk, TCP_SKB_CB(skb)->seq, tp->rcv_nxt);
		if (!tcp_receive_window(tp)) {
			NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPZEROWINDOWDROP);
			tcp_data_drop(sk, skb, SKB_DROP_REASON_TCP_ZEROWINDOW);
			return;
		}
		tcp_data_queue_in_order(sk, skb);
		return;
	}
	tcp_data_queue_ofo(sk, skb);
}
