// SPDX-License-Identifier: MIT
/*
 * What every connection-oriented IPv4 socket has: timers, listening and
 * accepting, routes, birth and end. Binding stands in inet_csk_bind.c, half-open
 * connections in inet_csk_request.c.
 *
 * Timers are lazy. Armed is only what must fire earlier than is armed already;
 * to stop one, or to move it on, is to write down what is wanted (icsk_pending,
 * icsk_timeout), and the function, when it comes too early, looks there and arms
 * itself again. An ACK so costs no timer operation.
 *
 * Linux: net/ipv4/inet_connection_sock.c, include/net/inet_connection_sock.h
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/sched.h>
#include <linux/trace.h>
#include <net/inet_hashtables.h>
#include <net/route.h>
#include <net/tcp.h>

/* ---- timers ------------------------------------------------------------------------- */

/**
 * inet_csk_init_xmit_timers - set up the three timers
 * @sk: a new socket
 * @retransmit: function of icsk_retransmit_timer
 * @delack: function of icsk_delack_timer
 * @keepalive: function of sk_timer
 *
 * Context: process or softirq.
 */
void inet_csk_init_xmit_timers(struct sock *sk, void (*retransmit)(struct timer_list *),
			       void (*delack)(struct timer_list *),
			       void (*keepalive)(struct timer_list *))
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	timer_setup(&icsk->icsk_retransmit_timer, retransmit, 0);
	timer_setup(&icsk->icsk_delack_timer, delack, 0);
	timer_setup(&sk->sk_timer, keepalive, 0);
	icsk->icsk_pending = 0;
	icsk->icsk_ack.pending = 0;
}

/**
 * inet_csk_clear_xmit_timers - stop all three, at once
 * @sk: they give their references back
 *
 * Context: process or softirq, socket locked.
 */
void inet_csk_clear_xmit_timers(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	icsk->icsk_pending = 0;
	icsk->icsk_ack.pending = 0;
	sk_stop_timer(sk, &icsk->icsk_retransmit_timer);
	sk_stop_timer(sk, &icsk->icsk_delack_timer);
	sk_stop_timer(sk, &sk->sk_timer);
}

/**
 * inet_csk_clear_xmit_timer - there is nothing to wait for any more
 * @sk: the socket
 * @what: ICSK_TIME_*
 *
 * Context: process or softirq, socket locked.
 */
void inet_csk_clear_xmit_timer(struct sock *sk, int what)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	if (what == ICSK_TIME_DACK) {
		icsk->icsk_ack.pending = 0;
		icsk->icsk_ack.retry = 0;
	} else {
		icsk->icsk_pending = 0;
	}
}

/* Makes sure that @timer fires at @expires_ns or before. */
static void icsk_timer_lower(struct sock *sk, struct timer_list *timer, u64 expires_ns)
{
	if (!timer_pending(timer) || expires_ns < timer->expires)
		sk_reset_timer(sk, timer, expires_ns);
}

/**
 * inet_csk_set_xmit_timer - wait for something until a certain time
 * @sk: the socket
 * @what: ICSK_TIME_*; all but ICSK_TIME_DACK take each other's place
 * @expires: absolute nanoseconds
 *
 * Context: process or softirq, socket locked.
 */
void inet_csk_set_xmit_timer(struct sock *sk, int what, u64 expires)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	if (what == ICSK_TIME_DACK) {
		icsk->icsk_ack.pending |= ICSK_ACK_TIMER;
		icsk->icsk_ack.timeout = expires;
		icsk_timer_lower(sk, &icsk->icsk_delack_timer, expires);
	} else {
		icsk->icsk_pending = (u8)what;
		icsk->icsk_timeout = expires;
		icsk_timer_lower(sk, &icsk->icsk_retransmit_timer, expires);
	}
}

/**
 * inet_csk_reset_xmit_timer - wait for something
 * @sk: the socket
 * @what: as for inet_csk_set_xmit_timer()
 * @when_ns: from now
 * @max_when_ns: at most
 *
 * Context: process or softirq, socket locked.
 */
void inet_csk_reset_xmit_timer(struct sock *sk, int what, u64 when_ns, u64 max_when_ns)
{
	inet_csk_set_xmit_timer(sk, what, ktime_get_ns() + min(when_ns, max_when_ns));
}

/**
 * inet_csk_reset_keepalive_timer - wait for the keepalive timer
 * @sk: the socket
 * @len_ns: from now
 *
 * Context: process or softirq, socket locked.
 */
void inet_csk_reset_keepalive_timer(struct sock *sk, u64 len_ns)
{
	sk_reset_timer(sk, &sk->sk_timer, ktime_get_ns() + len_ns);
}

/**
 * inet_csk_delete_keepalive_timer - stop it
 * @sk: the socket
 *
 * Context: process or softirq, socket locked.
 */
void inet_csk_delete_keepalive_timer(struct sock *sk)
{
	sk_stop_timer(sk, &sk->sk_timer);
}

/* ---- listening and accepting -------------------------------------------------------- */

/**
 * inet_sk_set_state - change a state
 * @sk: the socket
 * @state: TCP_*
 *
 * Context: process or softirq, socket locked.
 */
void inet_sk_set_state(struct sock *sk, int state)
{
	trace_here();
	WRITE_ONCE(sk->sk_state, (unsigned char)state);
}

/**
 * inet_csk_listen_start - begin to listen
 * @sk: in CLOSE, bound or not
 *
 * Context: process, socket locked.
 * Return: 0; -EADDRINUSE: another listens there.
 */
int inet_csk_listen_start(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct inet_sock *inet = inet_sk(sk);

	reqsk_queue_alloc(&icsk->icsk_accept_queue);
	sk->sk_ack_backlog = 0;
	inet_csk_delack_init(sk);

	/* The state first: get_port() tells listeners from others, two of whom
	 * cannot share a port that two bound sockets can. */
	inet_sk_set_state(sk, TCP_LISTEN);
	if (sk->sk_prot->get_port(sk, inet->inet_num)) {
		inet_sk_set_state(sk, TCP_CLOSE);
		return -EADDRINUSE;
	}
	inet->inet_sport = htons(inet->inet_num);
	sk_dst_reset(sk);
	return sk->sk_prot->hash(sk);
}

/* Sleeps until a connection waits. 0 or -errno. */
static int inet_csk_wait_for_connect(struct sock *sk, s64 timeo)
{
	struct request_sock_queue *queue = &inet_csk(sk)->icsk_accept_queue;
	DEFINE_WAIT(wait);
	int err;

	trace_here();
	/* Exclusive: one connection wakes one thread; that is why the entry is
	 * queued anew each time. */
	for (;;) {
		prepare_to_wait_exclusive(sk_sleep(sk), &wait, TASK_INTERRUPTIBLE);
		release_sock(sk);
		if (reqsk_queue_empty(queue))
			timeo = schedule_timeout(timeo);
		lock_sock(sk);
		err = 0;
		if (!reqsk_queue_empty(queue))
			break;
		err = -EINVAL;
		if (sk->sk_state != TCP_LISTEN)
			break;
		err = sock_intr_errno(timeo);
		if (signal_pending(current))
			break;
		err = -EAGAIN;
		if (!timeo)
			break;
	}
	finish_wait(sk_sleep(sk), &wait);
	return err;
}

/**
 * inet_csk_accept - proto.accept of TCP: the next connection
 * @sk: the listener, not locked
 * @flags: O_NONBLOCK: do not wait
 * @err: -EINVAL: not listening; -EAGAIN; -EINTR
 * @kern: for the kernel itself
 *
 * Context: process, may sleep.
 * Return: the connection, with the queue's reference; NULL and *@err.
 */
struct sock *inet_csk_accept(struct sock *sk, int flags, int *err, bool kern)
{
	struct request_sock_queue *queue = &inet_csk(sk)->icsk_accept_queue;
	struct request_sock *req;
	struct sock *newsk = NULL;
	int error = -EINVAL;

	trace_here();
	lock_sock(sk);
	if (sk->sk_state != TCP_LISTEN)
		goto out;
	if (reqsk_queue_empty(queue)) {
		s64 timeo = sock_rcvtimeo(sk, (flags & O_NONBLOCK) != 0);

		error = -EAGAIN;
		if (!timeo)
			goto out;
		error = inet_csk_wait_for_connect(sk, timeo);
		if (error)
			goto out;
	}
	req = reqsk_queue_remove(queue, sk);
	newsk = req->sk;
	/* Fast Open: until the third ACK it is the child's (reqsk_fastopen_remove()). */
	if (tcp_rsk(req)->tfo_listener)
		req->sk = NULL;
	else
		reqsk_put(req);
	error = 0;
out:
	release_sock(sk);
	*err = error;
	return newsk;
}

/**
 * inet_csk_listen_poll - what poll() says of a listener
 * @sk: the listener
 *
 * Context: process.
 * Return: EPOLL* bits.
 */
u32 inet_csk_listen_poll(const struct sock *sk)
{
	return reqsk_queue_empty(&inet_csk(sk)->icsk_accept_queue) ? 0 : EPOLLIN | EPOLLRDNORM;
}

/* ---- routes ------------------------------------------------------------------------- */

static void inet_csk_req_flow(struct flowi4 *fl4, const struct sock *sk,
			      const struct request_sock *req)
{
	const struct inet_request_sock *ireq = inet_rsk(req);

	flowi4_init_output(fl4, ireq->ir_iif, ireq->ir_mark, inet_sk(sk)->tos & IPTOS_TOS_MASK,
			   RT_SCOPE_UNIVERSE, IPPROTO_TCP,
			   inet_sk(sk)->transparent ? FLOWI_FLAG_ANYSRC : 0, ireq->ir_rmt_addr,
			   ireq->ir_loc_addr, ireq->ir_rmt_port, htons(ireq->ir_num));
}

/**
 * inet_csk_route_req - the way of a SYN-ACK
 * @sk: the listener
 * @fl4: filled in
 * @req: the half-open connection
 *
 * Context: softirq.
 * Return: a reference, or NULL.
 */
struct dst_entry *inet_csk_route_req(const struct sock *sk, struct flowi4 *fl4,
				     const struct request_sock *req)
{
	struct rtable *rt;

	inet_csk_req_flow(fl4, sk, req);
	rt = ip_route_output_flow(sock_net(sk), fl4, sk);
	if (IS_ERR(rt)) {
		IP_INC_STATS(sock_net(sk), IPSTATS_MIB_OUTNOROUTES);
		return NULL;
	}
	return &rt->dst;
}

/**
 * inet_csk_route_child_sock - the way of a new connection
 * @sk: the listener
 * @newsk: its child
 * @req: what it was made of
 *
 * Context: softirq.
 * Return: a reference, or NULL.
 */
struct dst_entry *inet_csk_route_child_sock(const struct sock *sk, struct sock *newsk,
					    const struct request_sock *req)
{
	/* ip_queue_xmit() takes the addresses from the flow that is kept. */
	return inet_csk_route_req(sk, &inet_sk(newsk)->cork.fl, req);
}

static struct dst_entry *inet_csk_rebuild_route(struct sock *sk)
{
	const struct inet_sock *inet = inet_sk(sk);
	struct flowi4 fl4;
	struct rtable *rt;

	rt = ip_route_output_ports(sock_net(sk), &fl4, sk, inet->inet_daddr, inet->inet_saddr,
				   inet->inet_dport, inet->inet_sport, (u8)sk->sk_protocol,
				   inet->tos & IPTOS_TOS_MASK, sk->sk_bound_dev_if);
	if (IS_ERR(rt))
		return NULL;
	sk_setup_caps(sk, &rt->dst);
	return &rt->dst;
}

/**
 * inet_csk_update_pmtu - ICMP said that @mtu passes, and no more
 * @sk: the connection
 * @mtu: bytes
 *
 * Context: softirq or process, socket locked.
 * Return: the route with what it now knows, borrowed; NULL: there is none.
 */
struct dst_entry *inet_csk_update_pmtu(struct sock *sk, u32 mtu)
{
	struct dst_entry *dst = __sk_dst_check(sk, 0);

	if (!dst)
		dst = inet_csk_rebuild_route(sk);
	if (!dst)
		return NULL;
	dst->ops->update_pmtu(dst, sk, NULL, mtu);
	dst = __sk_dst_check(sk, 0);
	return dst ? dst : inet_csk_rebuild_route(sk);
}

/* ---- birth and end ------------------------------------------------------------------ */

/**
 * inet_csk_clone_lock - a child of a listener
 * @sk: the listener
 * @req: who the child talks to
 * @gfp: GFP_*
 *
 * Context: softirqs off.
 * Return: bh-locked, two references, in SYN_RECV; NULL on no memory.
 */
struct sock *inet_csk_clone_lock(const struct sock *sk, const struct request_sock *req,
				 gfp_t gfp)
{
	const struct inet_request_sock *ireq = inet_rsk(req);
	struct sock *newsk = sk_clone_lock(sk, gfp);
	struct inet_connection_sock *newicsk;

	if (!newsk)
		return NULL;
	newicsk = inet_csk(newsk);
	inet_sk_set_state(newsk, TCP_SYN_RECV);
	newicsk->icsk_bind_hash = NULL;
	newsk->sk_dport = ireq->ir_rmt_port;
	inet_sk(newsk)->inet_num = ireq->ir_num;
	inet_sk(newsk)->inet_sport = htons(ireq->ir_num);
	newsk->sk_bound_dev_if = ireq->ir_iif;
	newsk->sk_mark = ireq->ir_mark;
	sock_reset_flag(newsk, SOCK_RCU_FREE);	/* that of a hashed listener */

	newicsk->icsk_retransmits = 0;
	newicsk->icsk_backoff = 0;
	newicsk->icsk_probes_out = 0;
	newicsk->icsk_probes_tstamp = 0;
	memset(&newicsk->icsk_accept_queue, 0, sizeof(newicsk->icsk_accept_queue));
	spin_lock_init(&newicsk->icsk_accept_queue.rskq_lock);
	return newsk;
}

/**
 * inet_csk_prepare_forced_close - a child that was not hashed is given up
 * @sk: from inet_csk_clone_lock(); tcp_done() ends it
 *
 * Context: softirqs off.
 */
void inet_csk_prepare_forced_close(struct sock *sk)
{
	/* It is not hashed: nobody else has the second reference. */
	bh_unlock_sock(sk);
	sock_put(sk);
	sock_set_flag(sk, SOCK_DEAD);
	sock_net(sk)->ipv4.tcp_orphan_count++;
	inet_sk(sk)->inet_num = 0;
}

/**
 * inet_csk_destroy_sock - an orphan has come to its end
 * @sk: dead, in CLOSE, not hashed; the reference that was its own goes
 *
 * Context: process or softirq, socket locked.
 */
void inet_csk_destroy_sock(struct sock *sk)
{
	WARN_ON(sk->sk_state != TCP_CLOSE);
	WARN_ON(!sock_flag(sk, SOCK_DEAD));
	WARN_ON(!hlist_unhashed(&sk->sk_node));
	/* A port without its bucket would be one that was never given back. */
	WARN_ON(inet_sk(sk)->inet_num && !inet_csk(sk)->icsk_bind_hash);

	sk->sk_prot->destroy(sk);
	sk_stream_kill_queues(sk);
	sock_net(sk)->ipv4.tcp_orphan_count--;
	sock_put(sk);
}
