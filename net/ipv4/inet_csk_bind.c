// SPDX-License-Identifier: MIT
/*
 * A port for bind(), listen() and who needs any: may it be shared with those who
 * have it already?
 *
 * Linux: net/ipv4/inet_connection_sock.c
 * RFC: 6056 (random choice)
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/random.h>
#include <linux/trace.h>
#include <net/inet_hashtables.h>
#include <net/tcp.h>

/* Two binds, by two sockets of the same port. @relax: the program named the port
 * itself, so SO_REUSEADDR means what it says; when we choose a port for it, one
 * in use by the same address is no choice. @reuseport_ok: so for SO_REUSEPORT. */
static bool inet_bind_conflict(const struct sock *sk, const struct sock *sk2, bool relax,
			       bool reuseport_ok)
{
	bool reuseport = sk->sk_reuseport && sk2->sk_reuseport;

	if (sk->sk_bound_dev_if && sk2->sk_bound_dev_if &&
	    sk->sk_bound_dev_if != sk2->sk_bound_dev_if)
		return false;
	if (sk->sk_reuse && sk2->sk_reuse && sk2->sk_state != TCP_LISTEN) {
		if (relax && (reuseport_ok || !reuseport))
			return false;
	} else if (reuseport_ok && reuseport) {
		return false;
	}
	return inet_rcv_saddr_equal(sk, sk2, true);
}

static bool inet_csk_bind_conflict(const struct sock *sk, const struct inet_bind_bucket *tb,
				   bool relax, bool reuseport_ok)
{
	const struct sock *sk2;

	hlist_for_each_entry(sk2, &tb->owners, sk_bind_node)
		if (sk2 != sk && inet_bind_conflict(sk, sk2, relax, reuseport_ok))
			return true;
	hlist_for_each_entry(sk2, &tb->tw_owners, sk_bind_node)
		if (inet_bind_conflict(sk, sk2, relax, reuseport_ok))
			return true;
	return false;
}

static bool inet_bind_unowned(const struct inet_bind_bucket *tb)
{
	return hlist_empty(&tb->owners) && hlist_empty(&tb->tw_owners);
}

/* Every second port of [low, high) from an odd offset on, then the others:
 * connect() begins with the even ones. 0: none is free. */
static int inet_csk_scan_ports(struct sock *sk, int low, int high)
{
	u32 remaining = (u32)(high - low), offset, i;
	const struct inet_bind_bucket *tb;
	int parity, port;

	if (remaining > 1)
		remaining &= ~1U;
	offset = get_random_u32_below(remaining) | 1U;
	for (parity = 0; parity < 2; parity++, offset--) {
		port = low + (int)offset;
		for (i = 0; i < remaining; i += 2, port += 2) {
			if (port >= high)
				port -= (int)remaining;
			if (inet_is_local_reserved_port(sock_net(sk), (unsigned short)port))
				continue;
			tb = inet_bind_bucket_find(sock_net(sk), (unsigned short)port);
			if (!tb || !inet_csk_bind_conflict(sk, tb, false, false))
				return port;
		}
	}
	return 0;
}

/* With SO_REUSEADDR the lower half of the range is preferred, so that ports that
 * may be shared are found together. 0: none is free. */
static int inet_csk_find_open_port(struct sock *sk)
{
	int low, high, half, port;

	inet_get_local_port_range(sock_net(sk), &low, &high);
	high++;
	if (!sk->sk_reuse || high - low < 4)
		return inet_csk_scan_ports(sk, low, high);
	half = low + (((high - low) >> 2) << 1);
	port = inet_csk_scan_ports(sk, low, half);
	return port ? port : inet_csk_scan_ports(sk, half, high);
}

/* What the next bind may take for granted of the owners. */
static void inet_csk_update_fastreuse(struct inet_bind_bucket *tb, const struct sock *sk)
{
	bool reuse = sk->sk_reuse && sk->sk_state != TCP_LISTEN;

	if (inet_bind_unowned(tb)) {
		tb->fastreuse = reuse;
		tb->fastreuseport = sk->sk_reuseport;
		return;
	}
	if (!reuse)
		tb->fastreuse = 0;
	if (!sk->sk_reuseport)
		tb->fastreuseport = 0;
}

/* The port that the program named. */
static bool inet_csk_may_bind(const struct sock *sk, const struct inet_bind_bucket *tb)
{
	bool reuse = sk->sk_reuse && sk->sk_state != TCP_LISTEN;

	if (inet_bind_unowned(tb) || (tb->fastreuse > 0 && reuse) ||
	    (tb->fastreuseport > 0 && sk->sk_reuseport))
		return true;
	return !inet_csk_bind_conflict(sk, tb, true, true);
}

/* Softirqs off. 0, or 1: it cannot be had. */
static int __inet_csk_get_port(struct sock *sk, unsigned short snum)
{
	int port = snum ? snum : inet_csk_find_open_port(sk);
	struct net *net = sock_net(sk);
	struct inet_bind_bucket *tb;

	if (!port)
		return 1;
	tb = inet_bind_bucket_find(net, (unsigned short)port);
	if (!tb) {
		tb = inet_bind_bucket_create(net, inet_bhash_head(net->ipv4.hashinfo,
								  (unsigned short)port),
					     (unsigned short)port);
		if (!tb)
			return 1;
	} else if (snum && !inet_csk_may_bind(sk, tb)) {
		return 1;
	}
	inet_csk_update_fastreuse(tb, sk);
	if (!inet_csk(sk)->icsk_bind_hash)
		inet_bind_hash(sk, tb, (unsigned short)port);
	WARN_ON(inet_csk(sk)->icsk_bind_hash != tb);
	return 0;
}

/**
 * inet_csk_get_port - proto.get_port of TCP: take a local port
 * @sk: locked; may have @snum already and want to listen on it
 * @snum: the port, host order; 0: any
 *
 * Context: process.
 * Return: 0; 1: it is in use, or none is free.
 */
int inet_csk_get_port(struct sock *sk, unsigned short snum)
{
	int err;

	trace_here();
	local_bh_disable();
	err = __inet_csk_get_port(sk, snum);
	local_bh_enable();
	return err;
}
