// SPDX-License-Identifier: MIT
/*
 * What a program calls: sendmsg, recvmsg. Neighbours: tcp_poll.c, tcp_sockopt.c,
 * tcp_close.c.
 *
 * Writing fills segments: a write goes on where the last one ended, in the last
 * segment of sk_write_queue, as long as that is not full and not sent. Data lies
 * behind the room for headers, in one block of memory, of which the device gets
 * one piece.
 *
 * Reading takes sk_receive_queue, which is in order; the urgent byte is left out
 * of it, or marks a place in it where a read ends.
 *
 * Linux: net/ipv4/tcp.c
 * RFC: 9293 3.9.1 (user interface), 3.8.6.2 (silly windows), 6093 (urgent data)
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/skb_zerocopy.h>
#include <linux/trace.h>
#include <net/busy_poll.h>
#include <net/tcp.h>

/* ---- beginning ---------------------------------------------------------------------- */

/**
 * tcp_init_sock() - what every new TCP socket begins with
 * @sk: zeroed but for struct sock's own
 * Context: process
 */
void tcp_init_sock(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	const struct netns_ipv4 *ipv4 = &sock_net(sk)->ipv4;
	struct tcp_sock *tp = tcp_sk(sk);

	tp->out_of_order_queue = RB_ROOT;
	sk->tcp_rtx_queue = RB_ROOT;
	tcp_init_xmit_timers(sk);
	INIT_LIST_HEAD(&tp->tsorted_sent_queue);

	icsk->icsk_rto = TCP_TIMEOUT_INIT;
	icsk->icsk_rto_min = usecs_to_ns((u64)ipv4->sysctl_tcp_rto_min_us);
	icsk->icsk_rto_max = (u64)ipv4->sysctl_tcp_rto_max_ms * NSEC_PER_MSEC;
	icsk->icsk_delack_max = TCP_DELACK_MAX;
	tp->mdev_us = (u32)(TCP_TIMEOUT_INIT / NSEC_PER_USEC);
	minmax_reset(&tp->rtt_min, ktime_get_ns(), ~0U);

	/* Before the window is known it may not be exceeded: metrics come with the
	 * route. */
	tcp_snd_cwnd_set(tp, TCP_INIT_CWND);
	tp->app_limited = ~0U;
	tp->rate_app_limited = 1;
	tp->snd_ssthresh = TCP_INFINITE_SSTHRESH;
	tp->snd_cwnd_clamp = ~0U;
	tp->mss_cache = TCP_MSS_DEFAULT;
	tp->reordering = (u32)ipv4->sysctl_tcp_reordering;
	tcp_assign_congestion_control(sk);
	tp->rack.reo_wnd_steps = 1;
	tcp_scaling_ratio_init(sk);

	sk->sk_write_space = sk_stream_write_space;
	sock_set_flag(sk, SOCK_USE_WRITE_QUEUE);
	icsk->icsk_sync_mss = tcp_sync_mss;
	spin_lock_init(&icsk->icsk_accept_queue.rskq_lock);
	sk->sk_sndbuf = ipv4->sysctl_tcp_wmem[1];
	sk->sk_rcvbuf = ipv4->sysctl_tcp_rmem[1];
	sock_net(sk)->ipv4.tcp_sockets_allocated++;
}

/* ---- sendmsg ------------------------------------------------------------------------ */

/**
 * tcp_mark_push() - the receiver shall hand over what it has
 * @tp: the connection
 * @skb: the last segment written
 * Context: socket locked
 */
void tcp_mark_push(struct tcp_sock *tp, struct sk_buff *skb)
{
	TCP_SKB_CB(skb)->tcp_flags |= TCPHDR_PSH;
	tp->pushed_seq = tp->write_seq;
}

/* Half of the largest window is written and not pushed. */
static bool forced_push(const struct tcp_sock *tp)
{
	return after(tp->write_seq, tp->pushed_seq + (tp->max_window >> 1));
}

/**
 * tcp_alloc_segment() - a segment to be sent, with room for data
 * @sk: the connection
 * @size: bytes of data
 * @gfp: GFP_*
 * @force_schedule: whatever the limits of memory say
 * Context: socket locked, or as @gfp says
 * Return: an skb with room for headers and data; NULL: no memory
 */
struct sk_buff *tcp_alloc_segment(struct sock *sk, unsigned int size, gfp_t gfp,
				  bool force_schedule)
{
	struct sk_buff *skb = alloc_skb_fclone(sock_net(sk), MAX_TCP_HEADER + size, gfp);

	if (unlikely(!skb)) {
		sk->sk_prot->enter_memory_pressure(sk);
		return NULL;
	}
	if (force_schedule) {
		sk_forced_mem_schedule(sk, (int)skb->truesize);
	} else if (!sk_wmem_schedule(sk, (int)skb->truesize)) {
		consume_skb(skb);	/* there was nothing in it yet */
		return NULL;
	}
	skb_reserve(skb, MAX_TCP_HEADER);
	skb->ip_summed = CHECKSUM_PARTIAL;
	INIT_LIST_HEAD(&skb->tcp_tsorted_anchor);
	return skb;
}

/**
 * tcp_stream_alloc_skb() - a segment to be sent
 * @sk: the connection
 * @gfp: GFP_*
 * @force_schedule: whatever the limits of memory say
 * Context: socket locked, or as @gfp says
 * Return: an skb with room for headers; its data will be in frags. NULL: no memory
 */
struct sk_buff *tcp_stream_alloc_skb(struct sock *sk, gfp_t gfp, bool force_schedule)
{
	return tcp_alloc_segment(sk, 0, gfp, force_schedule);
}

/**
 * tcp_slow_start_after_idle_check() - RFC 5681 4.1: after a silence the window is not true
 * @sk: the connection; there is something to send
 *
 * Asked once, for the first segment: those behind it would take the same silence for
 * theirs; and when the peer's window, for which they waited, opens.
 *
 * Context: socket locked
 */
void tcp_slow_start_after_idle_check(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u64 delta;

	if (!sock_net(sk)->ipv4.sysctl_tcp_slow_start_after_idle || tp->packets_out ||
	    inet_csk(sk)->icsk_ca_ops->cong_control)
		return;
	delta = tp->tcp_clock_cache - tp->lsndtime;
	if (delta > inet_csk(sk)->icsk_rto)
		tcp_cwnd_restart(sk, delta);
}

/**
 * tcp_skb_entail() - a new, empty segment at the end of the write queue
 * @sk: the connection
 * @skb: its memory is scheduled; the queue's from here on
 * Context: socket locked
 */
void tcp_skb_entail(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_skb_cb *tcb = TCP_SKB_CB(skb);
	struct tcp_sock *tp = tcp_sk(sk);

	tcb->seq = tp->write_seq;
	tcb->end_seq = tp->write_seq;
	tcb->tcp_flags = TCPHDR_ACK;
	__skb_header_release(skb);
	if (tcp_write_queue_empty(sk)) {
		tcp_mstamp_refresh(tp);
		tcp_slow_start_after_idle_check(sk);
	}
	tcp_add_write_queue_tail(sk, skb);
	if (tcp_write_queue_head(sk) == skb)
		tcp_chrono_start(sk, TCP_CHRONO_BUSY);
	sk->sk_wmem_queued += (int)skb->truesize;
	sk_mem_charge(sk, (int)skb->truesize);
	tp->nonagle &= ~TCP_NAGLE_PUSH & 0xf;
}

/* A segment into which nothing could be copied. */
static void tcp_remove_empty_skb(struct sock *sk)
{
	struct sk_buff *skb = tcp_write_queue_tail(sk);

	if (!skb || TCP_SKB_CB(skb)->seq != TCP_SKB_CB(skb)->end_seq)
		return;
	tcp_unlink_write_queue(skb, sk);
	if (tcp_write_queue_empty(sk))
		tcp_chrono_stop(sk, TCP_CHRONO_BUSY);
	tcp_wmem_free_skb(sk, skb);
}

/* One sendmsg() under way. */
struct tcp_send {
	struct msghdr *msg;
	int flags;		/* MSG_* */
	int mss_now;		/* bytes */
	int size_goal;		/* bytes that a segment shall have */
	int copied;		/* bytes written so far */
	s64 timeo;		/* left to wait */
	struct skb_zerocopy zc;	/* MSG_ZEROCOPY, sendfile() */
};

/* A new segment to go on with. NULL: there is no room to queue more. */
static struct sk_buff *tcp_send_new(struct sock *sk)
{
	struct sk_buff *skb;

	if (!sk_stream_memory_free(sk))
		return NULL;
	/* A connection with nothing to send gets its first segment, however short
	 * memory is: no ACK would come to wake it. */
	skb = tcp_stream_alloc_skb(sk, GFP_KERNEL, tcp_rtx_and_write_queues_empty(sk));
	if (skb)
		tcp_skb_entail(sk, skb);
	return skb;
}

/* Is the little that is left to write best put behind the headers? */
static bool tcp_send_linear(const struct tcp_send *s, const struct sk_buff *skb)
{
	return !skb_is_nonlinear(skb) &&
	       iov_iter_count(&s->msg->msg_iter) <= skb_tailroom(skb) &&
	       !skb_zerocopy_refers(&s->zc);
}

/* The segment that the next bytes go to: the last one if there is room in it,
 * else a new one; and where in memory, unless that is behind the headers:
 * [pfrag->offset, pfrag->size) of its page. NULL: there is no room to queue more. */
static struct sk_buff *tcp_send_tail(struct sock *sk, const struct tcp_send *s,
				     struct page_frag *pfrag)
{
	struct sk_buff *skb = tcp_write_queue_tail(sk);

	if (!skb || (int)skb->len >= s->size_goal || TCP_SKB_CB(skb)->eor)
		skb = tcp_send_new(sk);
	if (!skb || tcp_send_linear(s, skb))
		return skb;
	if (!skb_zerocopy_refers(&s->zc) && !sk_page_frag_refill(sk, pfrag))
		return NULL;
	if (skb_shinfo(skb)->nr_frags < MAX_SKB_FRAGS ||
	    (!skb_zerocopy_refers(&s->zc) &&
	     skb_can_coalesce(skb, MAX_SKB_FRAGS, pfrag->page, pfrag->offset)))
		return skb;
	tcp_mark_push(tcp_sk(sk), skb);
	return tcp_send_new(sk);
}

/* How much of @copy bytes may be queued, by protocol memory. Something always may
 * when little is queued: else nothing would ever make room. */
static int tcp_wmem_schedule(struct sock *sk, int copy)
{
	int left;

	if (likely(sk_wmem_schedule(sk, copy)))
		return copy;
	left = sock_net(sk)->ipv4.sysctl_tcp_wmem[0] - sk->sk_wmem_queued;
	if (left > 0)
		sk_forced_mem_schedule(sk, min(left, copy));
	/* What arrives may have used more than was taken for it. */
	return clamp(sk->sk_forward_alloc, 0, copy);
}

/* Copies up to @copy bytes to a page. How many; -ENOBUFS: there is no memory for
 * more; -EFAULT. */
static int tcp_send_fill_page(struct sock *sk, struct tcp_send *s, struct sk_buff *skb,
			      struct page_frag *pfrag, int copy)
{
	int i = skb_shinfo(skb)->nr_frags, err;

	copy = tcp_wmem_schedule(sk, min(copy, (int)(pfrag->size - pfrag->offset)));
	if (!copy)
		return -ENOBUFS;
	err = skb_copy_to_page_nocache(sk, &s->msg->msg_iter, skb, pfrag->page,
				       (int)pfrag->offset, copy);
	if (err)
		return err;
	if (skb_can_coalesce(skb, i, pfrag->page, pfrag->offset))
		skb_frag_size_add(&skb_shinfo(skb)->frags[i - 1], copy);
	else
		skb_fill_page_desc(skb, i, skb_page_get(pfrag->page), pfrag->offset,
				   (unsigned int)copy);
	pfrag->offset += (unsigned int)copy;
	return copy;
}

/* Refers to up to @copy bytes. As tcp_send_fill_page(). */
static int tcp_send_fill_zerocopy(struct sock *sk, struct tcp_send *s, struct sk_buff *skb,
				  int copy)
{
	copy = tcp_wmem_schedule(sk, copy);
	if (!copy)
		return -ENOBUFS;
	copy = skb_zerocopy_append(&s->zc, skb, &s->msg->msg_iter, (unsigned int)copy);
	if (copy > 0) {
		sk->sk_wmem_queued += copy;
		sk_mem_charge(sk, copy);
	}
	return copy;
}

/* Copies as much to @skb as fits. 0; -ENOBUFS: there is no memory for more; -EFAULT. */
static int tcp_send_fill(struct sock *sk, struct tcp_send *s, struct sk_buff *skb,
			 struct page_frag *pfrag)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int copy = (int)min_t(size_t, (size_t)s->size_goal - skb->len,
			      iov_iter_count(&s->msg->msg_iter));
	int err = 0;

	if (tcp_send_linear(s, skb))
		err = skb_add_data_nocache(sk, skb, &s->msg->msg_iter, copy);
	else if (skb_zerocopy_refers(&s->zc))
		err = copy = tcp_send_fill_zerocopy(sk, s, skb, copy);
	else
		err = copy = tcp_send_fill_page(sk, s, skb, pfrag, copy);
	if (err < 0)
		return err;
	if (!s->copied)
		TCP_SKB_CB(skb)->tcp_flags &= (u8)~TCPHDR_PSH;
	tp->write_seq += (u32)copy;
	TCP_SKB_CB(skb)->end_seq += (u32)copy;
	tcp_skb_pcount_set(skb, 0);	/* to be counted anew */
	s->copied += copy;
	return 0;
}

/* A segment is full, and more comes: begin to send. */
static void tcp_send_full(struct sock *sk, const struct tcp_send *s, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if ((int)skb->len < s->size_goal || s->flags & MSG_OOB)
		return;
	if (forced_push(tp)) {
		tcp_mark_push(tp, skb);
		__tcp_push_pending_frames(sk, (unsigned int)s->mss_now, TCP_NAGLE_PUSH);
	} else if (skb == tcp_send_head(sk)) {
		tcp_push_one(sk, (unsigned int)s->mss_now);
	}
}

/* Sends what there is, and waits for room. 0 or -errno. */
static int tcp_send_wait(struct sock *sk, struct tcp_send *s)
{
	int err;

	sock_set_bit(SOCK_NOSPACE, &sk->sk_socket->flags);
	tcp_remove_empty_skb(sk);
	if (s->copied)
		tcp_push(sk, s->flags & ~MSG_MORE, s->mss_now, TCP_NAGLE_PUSH, s->size_goal);
	err = sk_stream_wait_memory(sk, &s->timeo);
	if (!err)
		s->mss_now = tcp_send_mss(sk, &s->size_goal, s->flags);
	return err;
}

/* Until all is written. 0 or -errno. */
static int tcp_send_loop(struct sock *sk, struct tcp_send *s)
{
	struct page_frag *pfrag = sk_page_frag(sk);
	struct sk_buff *skb;
	int err;

	s->mss_now = tcp_send_mss(sk, &s->size_goal, s->flags);
	while (iov_iter_count(&s->msg->msg_iter)) {
		if (sk->sk_err || sk->sk_shutdown & SEND_SHUTDOWN)
			return -EPIPE;
		skb = tcp_send_tail(sk, s, pfrag);
		err = skb ? tcp_send_fill(sk, s, skb, pfrag) : -ENOBUFS;
		if (err == -ENOBUFS) {
			err = tcp_send_wait(sk, s);
			if (err)
				return err;
			continue;
		}
		if (err)
			return err;
		if (iov_iter_count(&s->msg->msg_iter))
			tcp_send_full(sk, s, skb);
		else if (s->flags & MSG_EOR)
			TCP_SKB_CB(skb)->eor = 1;
	}
	return 0;
}

/* MSG_ZEROCOPY: the pages are the program's, if the way can gather; sendfile(): those of
 * a file. 0 or -ENOBUFS. */
static int tcp_send_zerocopy(struct sock *sk, struct tcp_send *s, size_t size)
{
	int err;

	if (unlikely(s->msg->msg_splice)) {
		if (sk->sk_route_caps & NETIF_F_SG)
			s->zc.page = s->msg->msg_splice;
		return 0;
	}
	if (likely(!(s->flags & MSG_ZEROCOPY)) || !size || !sock_flag(sk, SOCK_ZEROCOPY))
		return 0;
	err = skb_zerocopy_begin(&s->zc, sk);
	if (!err && !(sk->sk_route_caps & NETIF_F_SG))
		s->zc.uarg->copied = true;
	return err;
}

/**
 * tcp_sendmsg_locked() - write, the socket being locked
 * @sk: the connection
 * @msg: what to write, and MSG_*
 * @size: bytes
 * Context: process, may sleep
 * Return: bytes written; -EPIPE, -EAGAIN, -EINTR, -EFAULT, the pending error;
 * MSG_FASTOPEN: as tcp_sendmsg_fastopen()
 */
int tcp_sendmsg_locked(struct sock *sk, struct msghdr *msg, size_t size)
{
	struct tcp_send s = { .msg = msg, .flags = (int)msg->msg_flags };
	int err = 0, copied_syn = 0;

	trace_here();
	if (unlikely(s.flags & MSG_FASTOPEN || inet_sk(sk)->defer_connect)) {
		err = tcp_sendmsg_fastopen(sk, msg, &copied_syn, size);
		if (err == -EINPROGRESS && copied_syn > 0)
			return copied_syn;
		if (err)
			return copied_syn ? copied_syn : sk_stream_error(sk, s.flags, err);
	}
	s.timeo = sock_sndtimeo(sk, (s.flags & MSG_DONTWAIT) != 0);
	tcp_rate_check_app_limited(sk);
	if ((1 << sk->sk_state) & ~(TCPF_ESTABLISHED | TCPF_CLOSE_WAIT) &&
	    !tcp_passive_fastopen(sk))
		err = sk_stream_wait_connect(sk, &s.timeo);
	if (!err && (sk->sk_err || sk->sk_shutdown & SEND_SHUTDOWN))
		err = -EPIPE;
	if (!err)
		err = tcp_send_zerocopy(sk, &s, size);
	if (!err)
		err = tcp_send_loop(sk, &s);
	if (err)
		tcp_remove_empty_skb(sk);
	skb_zerocopy_end(&s.zc, s.copied);
	if (s.copied)
		tcp_push(sk, s.flags, s.mss_now, tcp_sk(sk)->nonagle, s.size_goal);
	if (s.copied + copied_syn || !err)
		return s.copied + copied_syn;
	err = sk_stream_error(sk, s.flags, err);
	/* Edge-triggered waiters would never hear of an empty queue again. */
	if (err == -EAGAIN && tcp_rtx_and_write_queues_empty(sk)) {
		sk->sk_write_space(sk);
		tcp_mstamp_refresh(tcp_sk(sk));
		tcp_chrono_stop(sk, TCP_CHRONO_SNDBUF_LIMITED);
	}
	return err;
}

/**
 * tcp_sendmsg() - proto.sendmsg: write
 * @sk: the connection, not locked
 * @msg: what to write, and MSG_*
 * @size: bytes
 * Context: process, may sleep
 * Return: as tcp_sendmsg_locked()
 */
int tcp_sendmsg(struct sock *sk, struct msghdr *msg, size_t size)
{
	int ret;

	trace_here();
	lock_sock(sk);
	ret = tcp_sendmsg_locked(sk, msg, size);
	release_sock(sk);
	return ret;
}

/* ---- recvmsg ------------------------------------------------------------------------ */

/* Is an ACK due, now that @copied bytes were read? */
static bool tcp_ack_after_read(struct sock *sk, int copied)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 rcv_window_now, new_window;

	/* Two segments not acknowledged; or the last small one was read, and the
	 * program does not look as if it would answer. */
	if (inet_csk_ack_scheduled(sk) &&
	    (tp->rcv_nxt - tp->rcv_wup > icsk->icsk_ack.rcv_mss ||
	     (copied > 0 && !READ_ONCE(sk->sk_rmem_alloc) &&
	      ((icsk->icsk_ack.pending & ICSK_ACK_PUSHED2) ||
	       ((icsk->icsk_ack.pending & ICSK_ACK_PUSHED) && !inet_csk_in_pingpong_mode(sk))))))
		return true;
	if (copied <= 0 || sk->sk_shutdown & RCV_SHUTDOWN)
		return false;
	/* RFC 9293 3.8.6.2.2: tell of a window that has opened by much: twice */
	rcv_window_now = tcp_receive_window(tp);
	if (2 * rcv_window_now > tp->window_clamp)
		return false;
	new_window = __tcp_select_window(sk);
	return new_window && new_window >= 2 * rcv_window_now;
}

/**
 * tcp_cleanup_rbuf() - data was read: an ACK, or news of the window?
 * @sk: the connection
 * @copied: bytes read
 * Context: process, socket locked
 */
void tcp_cleanup_rbuf(struct sock *sk, int copied)
{
	if (tcp_ack_after_read(sk, copied))
		tcp_send_ack(sk);
}

/* MSG_OOB: the urgent byte. */
static int tcp_recv_urg(struct sock *sk, struct msghdr *msg, size_t len, int flags)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u8 c = (u8)tp->urg_data;

	if (sock_flag(sk, SOCK_URGINLINE) || !tp->urg_data || tp->urg_data == TCP_URG_READ)
		return -EINVAL;		/* there is none, or it was read */
	if (sk->sk_state == TCP_CLOSE && !sock_flag(sk, SOCK_DONE))
		return -ENOTCONN;
	if (!(tp->urg_data & TCP_URG_VALID)) {
		/* It was announced, but has not come. This never waits. */
		if (sk->sk_state == TCP_CLOSE || sk->sk_shutdown & RCV_SHUTDOWN)
			return 0;
		return -EAGAIN;
	}
	if (!(flags & MSG_PEEK))
		tp->urg_data = TCP_URG_READ;
	msg->msg_flags |= MSG_OOB;
	if (!len) {
		msg->msg_flags |= MSG_TRUNC;
		return 0;
	}
	if (!(flags & MSG_TRUNC) && !copy_to_iter(&c, 1, &msg->msg_iter))
		return -EFAULT;
	return 1;
}

/* One recvmsg() under way. */
struct tcp_recv {
	struct msghdr *msg;
	size_t len;		/* bytes wanted yet */
	int flags;		/* MSG_* */
	int copied;		/* bytes read so far, or -errno */
	int target;		/* bytes to wait for */
	u32 *seq;		/* where we read: copied_seq, or peek_seq */
	u32 peek_seq;
	u32 urg_hole;		/* urgent bytes stepped over while peeking */
	s64 timeo;		/* left to wait */
	struct sk_buff *stamped;	/* the last packet read, for SO_TIMESTAMP */
};

static void tcp_eat_recv_skb(struct sock *sk, struct sk_buff *skb)
{
	__skb_unlink(skb, &sk->sk_receive_queue);
	consume_skb(skb);
}

/* The packet that the next byte is in, and where; @last: the last one seen. NULL:
 * it has not come. */
static struct sk_buff *tcp_recv_find(struct sock *sk, const struct tcp_recv *r, u32 *offset,
				     struct sk_buff **last)
{
	struct sk_buff *skb;

	*last = skb_peek_tail(&sk->sk_receive_queue);
	skb_queue_walk(&sk->sk_receive_queue, skb) {
		*last = skb;
		if (WARN_ON_ONCE(before(*r->seq, TCP_SKB_CB(skb)->seq)))
			break;
		*offset = *r->seq - TCP_SKB_CB(skb)->seq;
		if (*offset < skb->len || TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN)
			return skb;
	}
	return NULL;
}

/* There is nothing to read. True: the call ends, with r->copied. */
static bool tcp_recv_ends(struct sock *sk, struct tcp_recv *r)
{
	if (r->copied >= r->target && !READ_ONCE(sk->sk_backlog.tail))
		return true;
	if (r->copied)
		return !r->timeo || sk->sk_err || sk->sk_state == TCP_CLOSE ||
		       sk->sk_shutdown & RCV_SHUTDOWN || signal_pending(current);
	if (sock_flag(sk, SOCK_DONE))
		return true;			/* the end of the stream */
	if (sk->sk_err)
		r->copied = sock_error(sk);
	else if (sk->sk_shutdown & RCV_SHUTDOWN)
		return true;
	else if (sk->sk_state == TCP_CLOSE)
		r->copied = -ENOTCONN;		/* it was never connected */
	else if (!r->timeo)
		r->copied = -EAGAIN;
	else if (signal_pending(current))
		r->copied = sock_intr_errno(r->timeo);
	else
		return false;
	return true;
}

/* Waits for more, or sees whether there is more in the backlog. */
static void tcp_recv_wait(struct sock *sk, struct tcp_recv *r, const struct sk_buff *last)
{
	if (r->copied >= r->target) {
		__sk_flush_backlog(sk);
	} else {
		tcp_cleanup_rbuf(sk, r->copied);
		sk_wait_data(sk, &r->timeo, last);
	}
	/* While the lock was not ours somebody else has read. */
	if (r->flags & MSG_PEEK &&
	    r->peek_seq - (u32)r->copied - r->urg_hole != tcp_sk(sk)->copied_seq)
		r->peek_seq = tcp_sk(sk)->copied_seq;
}

/* How much of the @used bytes from *@offset on may be read in one go: up to the
 * urgent byte, which itself is stepped over, if it is not in line. */
static u32 tcp_recv_urgent_cut(const struct sock *sk, struct tcp_recv *r, u32 *offset, u32 used)
{
	u32 urg_offset = tcp_sk(sk)->urg_seq - *r->seq;

	if (urg_offset >= used)
		return used;
	if (urg_offset)
		return urg_offset;
	if (sock_flag(sk, SOCK_URGINLINE))
		return used;
	++*r->seq;
	++*offset;
	r->urg_hole++;
	return used - 1;
}

static void tcp_recv_keep_stamp(const struct sock *sk, struct tcp_recv *r, struct sk_buff *skb)
{
	if (!sock_flag(sk, SOCK_RCVTSTAMP) || !TCP_SKB_CB(skb)->has_rxtstamp)
		return;
	consume_skb(r->stamped);
	r->stamped = skb_get(skb);
}

/* Reads from @skb. True: the call ends. */
static bool tcp_recv_skb(struct sock *sk, struct tcp_recv *r, struct sk_buff *skb, u32 offset)
{
	struct tcp_sock *tp = tcp_sk(sk);
	const bool fin = TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN;
	u32 used = offset < skb->len ? (u32)min_t(size_t, skb->len - offset, r->len) : 0;

	if (unlikely(tp->urg_data) && used)
		used = tcp_recv_urgent_cut(sk, r, &offset, used);
	if (used) {
		if (!(r->flags & MSG_TRUNC) &&
		    skb_copy_datagram_msg(skb, (int)offset, r->msg, (int)used)) {
			if (!r->copied)
				r->copied = -EFAULT;
			return true;
		}
		*r->seq += used;
		r->copied += (int)used;
		r->len -= used;
		tcp_rcv_space_adjust(sk);
	}
	if (unlikely(tp->urg_data) && after(tp->copied_seq, tp->urg_seq)) {
		tp->urg_data = 0;
		tcp_fast_path_check(sk);
	}
	tcp_recv_keep_stamp(sk, r, skb);
	if (offset + used < skb->len)
		return false;
	if (fin)
		++*r->seq;
	if (!(r->flags & MSG_PEEK))
		tcp_eat_recv_skb(sk, skb);
	return fin;
}

/* Urgent data is a mark at which a read ends. True: the call ends. */
static bool tcp_recv_at_mark(const struct sock *sk, struct tcp_recv *r)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	if (likely(!tp->urg_data) || tp->urg_seq != *r->seq)
		return false;
	if (r->copied)
		return true;
	if (!signal_pending(current))
		return false;
	r->copied = r->timeo ? sock_intr_errno(r->timeo) : -EAGAIN;
	return true;
}

static void tcp_recv_loop(struct sock *sk, struct tcp_recv *r)
{
	struct sk_buff *skb, *last;
	u32 offset = 0;

	do {
		if (tcp_recv_at_mark(sk, r))
			return;
		skb = tcp_recv_find(sk, r, &offset, &last);
		if (skb) {
			if (tcp_recv_skb(sk, r, skb, offset))
				return;
			continue;
		}
		if (tcp_recv_ends(sk, r))
			return;
		tcp_recv_wait(sk, r, last);
	} while (r->len > 0);
}

static int tcp_recvmsg_locked(struct sock *sk, struct tcp_recv *r)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (sk->sk_state == TCP_LISTEN)
		return -ENOTCONN;
	r->timeo = sock_rcvtimeo(sk, (r->flags & MSG_DONTWAIT) != 0);
	if (r->flags & MSG_OOB)
		return tcp_recv_urg(sk, r->msg, r->len, r->flags);
	r->peek_seq = tp->copied_seq;
	r->seq = r->flags & MSG_PEEK ? &r->peek_seq : &tp->copied_seq;
	r->target = sock_rcvlowat(sk, r->flags & MSG_WAITALL, (int)min_t(size_t, r->len, INT_MAX));
	tcp_recv_loop(sk, r);
	tcp_cleanup_rbuf(sk, r->copied);
	if (unlikely(r->stamped)) {
		sock_recv_timestamp(r->msg, sk, r->stamped);
		consume_skb(r->stamped);
	}
	return r->copied;
}

/* TCP_INQ: how much more is there? At the end of the stream: 1, so that a program
 * which asks reads once more. */
static void tcp_recv_inq(struct sock *sk, struct msghdr *msg)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	int inq = (int)(READ_ONCE(tp->rcv_nxt) - READ_ONCE(tp->copied_seq));

	if (inq <= 0)
		inq = sock_flag(sk, SOCK_DONE);
	put_cmsg(msg, SOL_TCP, TCP_INQ, sizeof(inq), &inq);
}

/**
 * tcp_recvmsg() - proto.recvmsg: read
 * @sk: the connection, not locked
 * @msg: where to
 * @len: bytes
 * @flags: MSG_*
 * @addr_len: set with MSG_ERRQUEUE only
 * Context: process, may sleep
 * Return: bytes read, 0 at the end; -ENOTCONN, -EAGAIN, -EINTR, -EFAULT, the
 * pending error; -EINVAL: no urgent byte
 */
int tcp_recvmsg(struct sock *sk, struct msghdr *msg, size_t len, int flags, int *addr_len)
{
	struct tcp_recv r = { .msg = msg, .len = len, .flags = flags };
	int ret;

	trace_here();
	if (unlikely(flags & MSG_ERRQUEUE))
		return ip_recv_error(sk, msg, (int)min_t(size_t, len, INT_MAX), addr_len);
	if (sk_can_busy_loop(sk) && skb_queue_empty_lockless(&sk->sk_receive_queue) &&
	    sk->sk_state == TCP_ESTABLISHED)
		sk_busy_loop(sk, flags & MSG_DONTWAIT);
	lock_sock(sk);
	ret = tcp_recvmsg_locked(sk, &r);
	release_sock(sk);
	if (ret >= 0 && tcp_sk(sk)->recvmsg_inq)
		tcp_recv_inq(sk, msg);
	return ret;
}
