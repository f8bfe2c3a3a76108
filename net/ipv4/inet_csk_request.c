// SPDX-License-Identifier: MIT
/*
 * Half-open connections of a listener: in the ehash, each with its timer, until
 * the third ACK makes a full socket that waits in the accept queue.
 *
 * References of a request sock: one of the ehash, one of its timer; later one of
 * the accept queue in their place.
 *
 * Linux: net/ipv4/inet_connection_sock.c
 * RFC: 9293 3.8.3 (SYN retransmission), 4987 (SYN floods)
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/rculist.h>
#include <linux/trace.h>
#include <net/inet_hashtables.h>
#include <net/tcp.h>

/**
 * inet_reqsk_alloc - a half-open connection over IPv4
 * @ops: what it can do
 * @sk_listener: who listens
 * @attach_listener: hold the listener
 *
 * Context: softirq.
 * Return: as reqsk_alloc().
 */
struct request_sock *inet_reqsk_alloc(const struct request_sock_ops *ops,
				      struct sock *sk_listener, bool attach_listener)
{
	trace_here();
	return reqsk_alloc(ops, sk_listener, attach_listener);
}

/**
 * inet_rtx_syn_ack - send the SYN-ACK again
 * @parent: the listener
 * @req: the half-open connection
 *
 * Context: softirq.
 * Return: 0 or -errno.
 */
int inet_rtx_syn_ack(const struct sock *parent, struct request_sock *req)
{
	int err = req->rsk_ops->rtx_syn_ack(parent, req);

	if (!err && req->num_retrans < U8_MAX)
		req->num_retrans++;
	return err;
}

/**
 * reqsk_queue_removed - one half-open connection less
 * @queue: of the listener
 * @req: which
 *
 * Context: softirqs off.
 */
void reqsk_queue_removed(struct request_sock_queue *queue, const struct request_sock *req)
{
	if (req->num_timeout == 0)
		queue->young--;
	queue->qlen--;
}

/* Takes it out of the ehash and stops its timer. True: it was in. */
static bool reqsk_queue_unlink(struct request_sock *req)
{
	struct inet_hashinfo *hinfo = req->__req_common.skc_net->ipv4.hashinfo;
	bool found = !hlist_unhashed(&req->__req_common.skc_node);

	if (found) {
		hlist_del_init_rcu(&req->__req_common.skc_node);
		hinfo->ehash_count--;
	}
	if (del_timer(&req->rsk_timer))
		reqsk_put(req);
	return found;
}

/**
 * inet_csk_reqsk_queue_drop - forget a half-open connection
 * @sk: its listener
 * @req: loses the references of hash and timer; the caller has another
 *
 * Context: softirqs off.
 * Return: it was still known.
 */
bool inet_csk_reqsk_queue_drop(struct sock *sk, struct request_sock *req)
{
	bool unlinked = reqsk_queue_unlink(req);

	if (unlinked) {
		reqsk_queue_removed(&inet_csk(sk)->icsk_accept_queue, req);
		reqsk_put(req);
	}
	return unlinked;
}

/**
 * inet_csk_reqsk_queue_drop_and_put - the same, and the caller's reference goes
 * @sk: its listener
 * @req: the half-open connection
 *
 * Context: softirqs off.
 */
void inet_csk_reqsk_queue_drop_and_put(struct sock *sk, struct request_sock *req)
{
	inet_csk_reqsk_queue_drop(sk, req);
	reqsk_put(req);
}

/* ---- the timer ---------------------------------------------------------------------- */

/* How often the SYN-ACK may go out again. When old ones fill the queue they get
 * fewer tries: half of the room is for the young. */
static int reqsk_max_retries(const struct sock *sk_listener)
{
	const struct inet_connection_sock *icsk = inet_csk(sk_listener);
	const struct request_sock_queue *queue = &icsk->icsk_accept_queue;
	int max_retries = icsk->icsk_syn_retries ?
				  icsk->icsk_syn_retries :
				  sock_net(sk_listener)->ipv4.sysctl_tcp_synack_retries;
	int young;

	if ((u32)queue->qlen << 1 <= max(8U, READ_ONCE(sk_listener->sk_max_ack_backlog)))
		return max_retries;
	for (young = queue->young << 1; max_retries > 2 && queue->qlen >= young; young <<= 1)
		max_retries--;
	return max_retries;
}

/* Is it over, and if not: SYN-ACK again? With TCP_DEFER_ACCEPT a bare third ACK
 * has only been noted, and there is nothing to repeat until the time to wait for
 * data is nearly over. */
static void syn_ack_recalc(const struct request_sock *req, int max_retries,
			   u8 rskq_defer_accept, bool *expire, bool *resend)
{
	const bool acked = inet_rsk(req)->acked;

	*expire = req->num_timeout >= max_retries;
	*resend = true;
	if (rskq_defer_accept) {
		*expire = *expire && (!acked || req->num_timeout >= rskq_defer_accept);
		*resend = !acked || req->num_timeout >= rskq_defer_accept - 1;
	}
}

static void reqsk_timer_handler(struct timer_list *t)
{
	struct request_sock *req = from_timer(req, t, rsk_timer);
	struct sock *sk_listener = req->rsk_listener;
	struct request_sock_queue *queue = &inet_csk(sk_listener)->icsk_accept_queue;
	bool expire, resend;

	if (sk_listener->sk_state != TCP_LISTEN) {
		inet_csk_reqsk_queue_drop_and_put(sk_listener, req);
		return;
	}
	syn_ack_recalc(req, reqsk_max_retries(sk_listener), queue->rskq_defer_accept, &expire,
		       &resend);
	req->rsk_ops->syn_ack_timeout(req);
	/* Not sent, but acknowledged before: it may still come to something. */
	if (!expire &&
	    (!resend || !inet_rtx_syn_ack(sk_listener, req) || inet_rsk(req)->acked)) {
		if (req->num_timeout++ == 0)
			queue->young--;
		mod_timer(&req->rsk_timer, ktime_get_ns() + tcp_reqsk_timeout(req));
		return;
	}
	inet_csk_reqsk_queue_drop_and_put(sk_listener, req);
}

/**
 * inet_csk_reqsk_queue_hash_add - a half-open connection more
 * @sk: its listener
 * @req: filled in; gets three references: of hash, timer and caller
 * @timeout_ns: until its SYN-ACK is sent again
 *
 * Context: softirq.
 */
void inet_csk_reqsk_queue_hash_add(struct sock *sk, struct request_sock *req, u64 timeout_ns)
{
	struct request_sock_queue *queue = &inet_csk(sk)->icsk_accept_queue;

	req->timeout_ns = timeout_ns;
	timer_setup(&req->rsk_timer, reqsk_timer_handler, 0);
	mod_timer(&req->rsk_timer, ktime_get_ns() + timeout_ns);
	refcount_set(&req->rsk_refcnt, 2 + 1);
	inet_ehash_insert(req_to_sk(req), NULL, NULL);
	queue->young++;
	queue->qlen++;
}

/* ---- the accept queue --------------------------------------------------------------- */

/* Nobody will accept it: the connection is reset. @child has no owner. */
static void inet_child_forget(struct sock *sk, struct request_sock *req, struct sock *child)
{
	sk->sk_prot->disconnect(child, 0);
	sock_orphan(child);
	sock_net(sk)->ipv4.tcp_orphan_count++;
	inet_csk_destroy_sock(child);
}

/**
 * inet_csk_reqsk_queue_add - a finished connection waits for accept()
 * @sk: the listener
 * @req: its reference becomes the queue's
 * @child: the connection, bh-locked
 *
 * Context: softirqs off.
 * Return: @child; NULL: @sk listens no longer, and @child was destroyed (the
 * caller's reference is left).
 */
struct sock *inet_csk_reqsk_queue_add(struct sock *sk, struct request_sock *req,
				      struct sock *child)
{
	struct request_sock_queue *queue = &inet_csk(sk)->icsk_accept_queue;

	trace_here();
	spin_lock(&queue->rskq_lock);
	if (unlikely(sk->sk_state != TCP_LISTEN)) {
		inet_child_forget(sk, req, child);
		child = NULL;
	} else {
		req->sk = child;
		req->dl_next = NULL;
		if (queue->rskq_accept_head)
			queue->rskq_accept_tail->dl_next = req;
		else
			queue->rskq_accept_head = req;
		queue->rskq_accept_tail = req;
		sk->sk_ack_backlog++;
	}
	spin_unlock(&queue->rskq_lock);
	return child;
}

/**
 * inet_csk_complete_hashdance - the request becomes the child
 * @sk: the listener
 * @child: the connection, bh-locked, in the ehash in the request's place
 * @req: the request; the caller's reference becomes the accept queue's
 * @own_req: it is this child that took the request's place
 *
 * Context: softirqs off.
 * Return: @child; NULL: it was destroyed, unlocked and given back.
 */
struct sock *inet_csk_complete_hashdance(struct sock *sk, struct sock *child,
					 struct request_sock *req, bool own_req)
{
	if (own_req) {
		/* Out of the hash already; this stops the timer. */
		inet_csk_reqsk_queue_drop(req->rsk_listener, req);
		reqsk_queue_removed(&inet_csk(req->rsk_listener)->icsk_accept_queue, req);
		if (inet_csk_reqsk_queue_add(sk, req, child))
			return child;
	}
	bh_unlock_sock(child);
	sock_put(child);
	return NULL;
}

/**
 * inet_csk_listen_stop - nobody accepts any more
 * @sk: the listener, in CLOSE: what waited in its queue is reset
 *
 * Half-open connections hold it: the next segment or timer of each finds that it listens
 * no longer, and ends it. Nothing is sent; if it listens again, they go on.
 *
 * Context: process, socket locked.
 */
void inet_csk_listen_stop(struct sock *sk)
{
	struct request_sock_queue *queue = &inet_csk(sk)->icsk_accept_queue;
	struct request_sock *req;

	while ((req = reqsk_queue_remove(queue, sk)) != NULL) {
		struct sock *child = req->sk;

		local_bh_disable();
		bh_lock_sock(child);
		WARN_ON(sock_owned_by_user(child));
		sock_hold(child);
		inet_child_forget(sk, req, child);
		reqsk_put(req);
		bh_unlock_sock(child);
		local_bh_enable();
		sock_put(child);
		cond_resched();
	}
	tcp_fastopen_listen_stop(sk);
	WARN_ON(sk->sk_ack_backlog);
}
