/* SPDX-License-Identifier: MIT */
/*
 * Busy polling: who waits for packets asks the device himself for a while, before
 * he sleeps and an interrupt has to wake him. net/core/busy_poll.c.
 *
 * Linux: include/net/busy_poll.h
 */
#ifndef NET_BUSY_POLL_H
#define NET_BUSY_POLL_H

#include <linux/netdevice.h>
#include <linux/sched.h>
#include <net/sock.h>

/* Packets a look, when SO_BUSY_POLL_BUDGET says nothing. */
#define BUSY_POLL_BUDGET	8

/* What a look has brought: true: enough. */
typedef bool (*busy_loop_end_t)(void *arg);

/* Polls instance @napi_id of the namespace until @loop_end says so (NULL: once),
 * @limit_ns are over, or another thread can run. Process, may not hold the socket. */
void napi_busy_loop(struct net *net, unsigned int napi_id, busy_loop_end_t loop_end, void *arg,
		    u64 limit_ns, u16 budget);
/* The pieces of it, for who polls in another way: net/core/idle_poll.c. */
bool napi_busy_poll_own(struct napi_struct *n);
int napi_busy_poll_once(struct napi_struct *n, u16 budget);
void napi_busy_poll_stop(struct napi_struct *n, u16 budget);
/* For a reader of @sk whose queue is empty: SO_BUSY_POLL. */
void sk_busy_loop(struct sock *sk, bool nonblock);
/* For one who waits for several: net.core.busy_poll. */
void sk_busy_loop_poll(struct sock *sk, busy_loop_end_t loop_end, void *arg);

static inline bool sk_can_busy_loop(const struct sock *sk)
{
	return unlikely(READ_ONCE(sk->sk_ll_usec)) && !signal_pending(current);
}

/* Where its packets come from. Softirq. */
static inline void sk_mark_napi_id(struct sock *sk, const struct sk_buff *skb)
{
	if (READ_ONCE(sk->sk_napi_id) != skb->napi_id)
		WRITE_ONCE(sk->sk_napi_id, skb->napi_id);
}

#endif
