// SPDX-License-Identifier: MIT
/*
 * request_sock: life of a half-open connection, and the queue of finished ones
 * that wait for accept() (TCP-13, TCP-14). What TCP does with them stands in
 * net/ipv4/inet_csk_request.c.
 *
 * Linux: net/core/request_sock.c, include/net/request_sock.h
 */
#include <linux/kernel.h>
#include <linux/slab.h>
#include <net/request_sock.h>

/**
 * reqsk_queue_alloc - an empty accept queue
 * @queue: of a socket that begins to listen
 *
 * Its counts of half-open connections stay: of an earlier life as a listener
 * some may still be there.
 *
 * Context: process, socket locked.
 */
void reqsk_queue_alloc(struct request_sock_queue *queue)
{
	spin_lock_init(&queue->rskq_lock);
	queue->synflood_warned = false;
	queue->rskq_accept_head = NULL;
	queue->rskq_accept_tail = NULL;
}

/**
 * reqsk_alloc - a half-open connection
 * @ops: what it can do
 * @listener: who listens
 * @attach: hold the listener, for as long as it lives
 *
 * Context: softirq.
 * Return: zeroed but for these, without references (reqsk_free() undoes it);
 * NULL: no memory, or the listener is on its way out.
 */
struct request_sock *reqsk_alloc(const struct request_sock_ops *ops, struct sock *listener,
				 bool attach)
{
	struct request_sock *req = kmem_cache_zalloc(ops->slab, GFP_ATOMIC);

	if (!req)
		return NULL;
	if (attach) {
		if (unlikely(!refcount_inc_not_zero(&listener->sk_refcnt))) {
			kmem_cache_free(ops->slab, req);
			return NULL;
		}
		req->rsk_listener = listener;
	}
	req->rsk_ops = ops;
	req->__req_common.skc_prot = listener->sk_prot;
	req->__req_common.skc_net = sock_net(listener);
	req->__req_common.skc_family = listener->sk_family;
	req->__req_common.skc_state = TCP_NEW_SYN_RECV;
	refcount_set(&req->rsk_refcnt, 0);
	return req;
}

/**
 * reqsk_free - the end of a half-open connection
 * @req: without references; its listener is given back
 *
 * Context: softirq or process.
 */
void reqsk_free(struct request_sock *req)
{
	WARN_ON(refcount_read(&req->rsk_refcnt));
	if (req->rsk_listener)
		sock_put(req->rsk_listener);
	kfree(req->saved_syn);
	kmem_cache_free(req->rsk_ops->slab, req);
}

/**
 * reqsk_put - give a reference back
 * @req: freed with the last one
 *
 * Context: softirq or process.
 */
void reqsk_put(struct request_sock *req)
{
	if (refcount_dec_and_test(&req->rsk_refcnt))
		reqsk_free(req);
}

/**
 * reqsk_queue_remove - the first of the accept queue
 * @queue: the queue
 * @parent: its listener: one less waits
 *
 * Context: process.
 * Return: the request, with the queue's reference; NULL: none.
 */
struct request_sock *reqsk_queue_remove(struct request_sock_queue *queue, struct sock *parent)
{
	struct request_sock *req;

	spin_lock_bh(&queue->rskq_lock);
	req = queue->rskq_accept_head;
	if (req) {
		parent->sk_ack_backlog--;
		queue->rskq_accept_head = req->dl_next;
		if (!queue->rskq_accept_head)
			queue->rskq_accept_tail = NULL;
	}
	spin_unlock_bh(&queue->rskq_lock);
	return req;
}
