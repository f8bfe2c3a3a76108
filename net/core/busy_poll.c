// SPDX-License-Identifier: MIT
/*
 * Busy polling: who waits for packets calls the poll function of the device that
 * the last one came from, for some microseconds, before he sleeps. What comes
 * meanwhile costs no interrupt, no softirq, no change of threads.
 *
 *	recvmsg()              SO_BUSY_POLL, net.core.busy_read
 *	poll(), epoll_wait()   net.core.busy_poll
 *	      └─> napi_busy_loop ─> [poll] ─> ... ─> the socket's queue
 *
 * Who polls owns the instance as net_rx_action() would (NAPI_STATE_SCHED), with
 * NAPI_STATE_IN_BUSY_POLL beside it: a poll that found nothing does then not unmask
 * the device (napi_complete_done()); the last one does. It ends as soon as another
 * thread can run, and the next wait begins only when a packet was there or the
 * program asks again: a machine without traffic sleeps.
 *
 * Linux: napi_busy_loop() in net/core/dev.c, include/net/busy_poll.h
 */
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <net/busy_poll.h>
#include <net/net_namespace.h>
#include <net/snmp.h>

/* A look takes longer than this: the loop ends although the clock stands still, as
 * that of the hosted body does. */
#define BUSY_LOOK_NS	10

static struct napi_struct *napi_by_id(struct net *net, unsigned int napi_id)
{
	struct net_device *dev;
	struct napi_struct *n;

	for_each_netdev(net, dev)
		list_for_each_entry(n, &dev->napi_list, dev_list)
			if (n->napi_id == napi_id)
				return n;
	return NULL;
}

/**
 * napi_busy_poll_own - is an instance the caller's to poll?
 * @n: the instance; from here on until napi_busy_poll_stop()
 *
 * Not while it is on a list, or disabled, which may happen in the middle.
 *
 * Context: softirqs off.
 * Return: it is.
 */
bool napi_busy_poll_own(struct napi_struct *n)
{
	if (test_bit(NAPI_STATE_IN_BUSY_POLL, &n->state))
		return true;
	if (test_bit(NAPI_STATE_DISABLE, &n->state) ||
	    test_and_set_bit(NAPI_STATE_SCHED, &n->state))
		return false;
	set_bit(NAPI_STATE_IN_BUSY_POLL, &n->state);
	return true;
}

/**
 * napi_busy_poll_once - one look, if it is the caller's to take
 * @n: the instance
 * @budget: packets
 *
 * Context: process, or the idle loop; softirqs on.
 * Return: packets.
 */
int napi_busy_poll_once(struct napi_struct *n, u16 budget)
{
	int work = 0;

	local_bh_disable();
	if (napi_busy_poll_own(n)) {
		this_cpu()->trace_cause = 0;
		work = n->poll(n, budget);
		if (n->gro_count)
			napi_gro_flush(n);
	}
	local_bh_enable();
	return work;
}

/**
 * napi_busy_poll_stop - the last look: completes and unmasks as any does
 * @n: the instance
 * @budget: packets; with so many there is more to do, and a softirq goes on
 *
 * Context: process, or the idle loop; softirqs on.
 */
void napi_busy_poll_stop(struct napi_struct *n, u16 budget)
{
	local_bh_disable();
	if (test_and_clear_bit(NAPI_STATE_IN_BUSY_POLL, &n->state)) {
		clear_bit(NAPI_STATE_MISSED, &n->state);
		if (n->poll(n, budget) == budget && list_empty(&n->poll_list) &&
		    test_bit(NAPI_STATE_SCHED, &n->state) &&
		    !test_bit(NAPI_STATE_DISABLE, &n->state))
			__napi_schedule(n);
	}
	local_bh_enable();
}

/**
 * napi_busy_loop - poll a device instead of waiting for its interrupt
 * @net: namespace
 * @napi_id: which instance; one that is not there: nothing happens
 * @loop_end: has it brought what was waited for? NULL: one look only
 * @arg: for @loop_end
 * @limit_ns: for how long at most
 * @budget: packets a look
 *
 * Context: process, no socket locked; softirqs on.
 */
void napi_busy_loop(struct net *net, unsigned int napi_id, busy_loop_end_t loop_end, void *arg,
		    u64 limit_ns, u16 budget)
{
	struct napi_struct *n = napi_by_id(net, napi_id);
	u64 end = ktime_get_ns() + limit_ns, looks = limit_ns / BUSY_LOOK_NS + 1;

	if (!n || !budget)
		return;
	do {
		/* What the peer waits for goes first: doorbells that were put off. */
		sched_idle_work();
		NET_ADD_STATS(net, LINUX_MIB_BUSYPOLLRXPACKETS,
			      (u64)napi_busy_poll_once(n, budget));
		if (!loop_end || loop_end(arg))
			break;
	} while (--looks && ktime_get_ns() < end && !need_resched() && !signal_pending(current));
	napi_busy_poll_stop(n, budget);
}

static u16 sk_busy_budget(const struct sock *sk)
{
	u16 budget = READ_ONCE(sk->sk_busy_poll_budget);

	return budget ? budget : BUSY_POLL_BUDGET;
}

static bool sk_busy_loop_end(void *arg)
{
	const struct sock *sk = arg;

	return !skb_queue_empty_lockless(&sk->sk_receive_queue) || READ_ONCE(sk->sk_err) ||
	       sk->sk_shutdown & RCV_SHUTDOWN;
}

/**
 * sk_busy_loop - poll for the reader of a socket
 * @sk: whose queue is empty; not locked
 * @nonblock: one look
 *
 * Context: process.
 */
void sk_busy_loop(struct sock *sk, bool nonblock)
{
	unsigned int napi_id = READ_ONCE(sk->sk_napi_id);

	if (napi_id)
		napi_busy_loop(sock_net(sk), napi_id, nonblock ? NULL : sk_busy_loop_end, sk,
			       READ_ONCE(sk->sk_ll_usec) * (u64)NSEC_PER_USEC,
			       sk_busy_budget(sk));
}

/**
 * sk_busy_loop_poll - poll for one who waits for several files
 * @sk: of which this one was ready last
 * @loop_end: is one of them ready?
 * @arg: for @loop_end
 *
 * Context: process.
 */
void sk_busy_loop_poll(struct sock *sk, busy_loop_end_t loop_end, void *arg)
{
	int usecs = READ_ONCE(sock_net(sk)->core.sysctl_busy_poll);
	unsigned int napi_id = READ_ONCE(sk->sk_napi_id);

	if (usecs > 0 && napi_id)
		napi_busy_loop(sock_net(sk), napi_id, loop_end, arg,
			       (u64)usecs * NSEC_PER_USEC, sk_busy_budget(sk));
}
