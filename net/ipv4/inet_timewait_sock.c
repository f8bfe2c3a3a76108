// SPDX-License-Identifier: MIT
/*
 * TIME_WAIT as a small sock: it holds the place of a connection in the ehash
 * and its port in the bhash, answers segments (tcp_timewait_state_process), and
 * goes by a timer. So does FIN_WAIT2 of a socket that its program has closed.
 *
 * It has three references while it is in use: of the ehash, of the bhash, of
 * the timer.
 *
 * Linux: net/ipv4/inet_timewait_sock.c
 * RFC: 9293 3.6 (2 MSL), 1122 4.2.2.13
 */
#include <linux/kernel.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <net/inet_hashtables.h>
#include <net/inet_timewait_sock.h>
#include <net/snmp.h>
#include <net/tcp.h>

/**
 * inet_twsk_free - the last reference is gone
 * @tw: neither hashed nor timed
 *
 * Context: softirq or process.
 */
void inet_twsk_free(struct inet_timewait_sock *tw)
{
	struct proto *prot = tw->__tw_common.skc_prot;

	kmem_cache_free(prot->twsk_prot->twsk_slab, tw);
}

/**
 * inet_twsk_put - give a reference back
 * @tw: freed with the last one
 *
 * Context: softirq or process.
 */
void inet_twsk_put(struct inet_timewait_sock *tw)
{
	if (refcount_dec_and_test(&tw->tw_refcnt))
		inet_twsk_free(tw);
}

/**
 * inet_twsk_bind_unhash - let go of the local port
 * @tw: its reference of the bhash goes; it has another
 *
 * Context: softirqs off.
 */
void inet_twsk_bind_unhash(struct inet_timewait_sock *tw)
{
	struct inet_bind_bucket *tb = tw->tw_tb;

	if (!tb)
		return;
	hlist_del_init(&tw->__tw_common.skc_bind_node);
	tw->tw_tb = NULL;
	inet_bind_bucket_destroy(tb);
	refcount_dec(&tw->tw_refcnt);
}

/* Out of the tables; the timer's reference, which the caller has, goes last. */
static void inet_twsk_kill(struct inet_timewait_sock *tw)
{
	struct net *net = tw->__tw_common.skc_net;

	local_bh_disable();
	if (!hlist_unhashed(&tw->__tw_common.skc_node)) {
		hlist_del_init_rcu(&tw->__tw_common.skc_node);
		net->ipv4.hashinfo->ehash_count--;
		refcount_dec(&tw->tw_refcnt);
	}
	inet_twsk_bind_unhash(tw);
	net->ipv4.tcp_tw_count--;
	inet_twsk_put(tw);
	local_bh_enable();
}

static void tw_timer_handler(struct timer_list *t)
{
	struct inet_timewait_sock *tw = from_timer(tw, t, tw_timer);

	inet_twsk_kill(tw);
}

/**
 * inet_twsk_alloc - what is left of a connection
 * @sk: the connection
 * @state: TCP_TIME_WAIT or TCP_FIN_WAIT2
 *
 * Context: softirq or process, socket locked.
 * Return: a timewait sock without references, not hashed, not timed; NULL: there
 * are tcp_max_tw_buckets of them, or no memory.
 */
struct inet_timewait_sock *inet_twsk_alloc(const struct sock *sk, int state)
{
	struct net *net = sock_net(sk);
	struct inet_timewait_sock *tw;
	const struct inet_sock *inet = inet_sk(sk);

	if (net->ipv4.tcp_tw_count >= net->ipv4.sysctl_tcp_max_tw_buckets)
		return NULL;
	tw = kmem_cache_zalloc(sk->sk_prot->twsk_prot->twsk_slab, GFP_ATOMIC);
	if (!tw)
		return NULL;
	tw->__tw_common.skc_daddr = inet->inet_daddr;
	tw->__tw_common.skc_rcv_saddr = inet->inet_rcv_saddr;
	tw->__tw_common.skc_dport = inet->inet_dport;
	tw->__tw_common.skc_num = inet->inet_num;
	tw->__tw_common.skc_bound_dev_if = sk->sk_bound_dev_if;
	tw->__tw_common.skc_family = sk->sk_family;
	tw->__tw_common.skc_state = TCP_TIME_WAIT;
	tw->__tw_common.skc_reuse = sk->sk_reuse;
	tw->__tw_common.skc_reuseport = sk->sk_reuseport;
	tw->__tw_common.skc_net = net;
	tw->__tw_common.skc_prot = sk->sk_prot;
	refcount_set(&tw->tw_refcnt, 0);
	tw->tw_sport = inet->inet_sport;
	tw->tw_substate = (u8)state;
	tw->tw_tos = inet->tos;
	tw->tw_transparent = inet->transparent;
	tw->tw_mark = sk->sk_mark;
	timer_setup(&tw->tw_timer, tw_timer_handler, 0);
	return tw;
}

/**
 * inet_twsk_hashdance - take a connection's place in the tables
 * @tw: from inet_twsk_alloc(), timer running; gets its three references
 * @sk: leaves the ehash; its port is the timewait sock's too
 *
 * Context: softirqs off.
 */
void inet_twsk_hashdance(struct inet_timewait_sock *tw, struct sock *sk)
{
	struct sock *tw_sk = container_of(&tw->__tw_common, struct sock, __sk_common);

	tw->tw_tb = inet_csk(sk)->icsk_bind_hash;
	WARN_ON(!tw->tw_tb);
	/* For the bhash, the ehash and the timer; before anybody can find it. */
	refcount_set(&tw->tw_refcnt, 3);
	hlist_add_head(&tw->__tw_common.skc_bind_node, &tw->tw_tb->tw_owners);
	inet_unhash(sk);
	inet_ehash_insert(tw_sk, NULL, NULL);
}

/**
 * inet_twsk_schedule - start the timer
 * @tw: from inet_twsk_alloc()
 * @timeo_ns: from now
 *
 * Context: softirqs off.
 */
void inet_twsk_schedule(struct inet_timewait_sock *tw, u64 timeo_ns)
{
	struct net *net = tw->__tw_common.skc_net;

	/* Short: an orphan's FIN_WAIT2. */
	NET_INC_STATS(net, timeo_ns <= 4 * NSEC_PER_SEC ? LINUX_MIB_TIMEWAITKILLED :
							  LINUX_MIB_TIMEWAITED);
	mod_timer(&tw->tw_timer, ktime_get_ns() + timeo_ns);
	net->ipv4.tcp_tw_count++;
}

/**
 * inet_twsk_reschedule - begin to wait anew
 * @tw: in use
 * @timeo_ns: from now
 *
 * Context: softirqs off.
 */
void inet_twsk_reschedule(struct inet_timewait_sock *tw, u64 timeo_ns)
{
	if (timer_pending(&tw->tw_timer))
		mod_timer(&tw->tw_timer, ktime_get_ns() + timeo_ns);
}

/**
 * inet_twsk_deschedule_put - it is over before its time
 * @tw: leaves the tables; the caller's reference goes too
 *
 * Context: softirq or process.
 */
void inet_twsk_deschedule_put(struct inet_timewait_sock *tw)
{
	if (del_timer(&tw->tw_timer))
		inet_twsk_kill(tw);
	inet_twsk_put(tw);
}
