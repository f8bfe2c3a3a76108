// SPDX-License-Identifier: MIT
/*
 * Opening over IPv4: initial sequence numbers, connect(), a SYN for a listener,
 * and the full socket that the third ACK makes.
 *
 * Linux: net/ipv4/tcp_ipv4.c, net/core/secure_seq.c
 * RFC: 9293 3.4.1 (6528: sequence numbers), 7323 5.4 (timestamp offsets)
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/random.h>
#include <linux/siphash.h>
#include <linux/trace.h>
#include <net/route.h>
#include "tcp_ipv4.h"

/* ---- numbers that strangers cannot guess -------------------------------------------- */

/**
 * tcp_v4_init_seq() - an initial sequence number
 * @net: namespace
 * @saddr: local address
 * @daddr: foreign address
 * @sport: local port
 * @dport: foreign port
 *
 * RFC 6528 3: M + F(connection, secret). M counts 64 ns, so the same connection
 * goes forward 2^24 a second.
 *
 * Context: any
 */
u32 tcp_v4_init_seq(struct net *net, __be32 saddr, __be32 daddr, __be16 sport, __be16 dport)
{
	u64 hash = siphash_3u32((__force u32)saddr, (__force u32)daddr,
				(u32)(__force u16)sport << 16 | (__force u16)dport,
				&net->ipv4.tcp_isn_key);

	return (u32)hash + (u32)(ktime_get_ns() >> 6);
}

/**
 * tcp_v4_init_ts_off() - where our timestamps towards a host begin
 * @net: namespace
 * @saddr: local address
 * @daddr: foreign address
 *
 * By host, not by connection: a new connection's timestamps must go on from the
 * last one's (RFC 6191).
 *
 * Context: any
 * Return: offset; 0 if tcp_timestamps is 2: the clock as it is
 */
u32 tcp_v4_init_ts_off(struct net *net, __be32 saddr, __be32 daddr)
{
	if (net->ipv4.sysctl_tcp_timestamps != 1)
		return 0;
	return (u32)siphash_2u32((__force u32)saddr, (__force u32)daddr, &net->ipv4.tcp_ts_key);
}

/* ---- connect() ---------------------------------------------------------------------- */

/* The way there; chooses our address, if bind() has not. */
static struct rtable *tcp_v4_connect_route(struct sock *sk, const struct sockaddr_in *usin,
					   struct flowi4 *fl4)
{
	const struct inet_sock *inet = inet_sk(sk);
	struct rtable *rt;

	rt = ip_route_connect(fl4, usin->sin_addr.s_addr, inet->inet_saddr, sk->sk_bound_dev_if,
			      IPPROTO_TCP, inet->inet_sport, usin->sin_port, sk);
	if (IS_ERR(rt)) {
		if (PTR_ERR(rt) == -ENETUNREACH)
			IP_INC_STATS(sock_net(sk), IPSTATS_MIB_OUTNOROUTES);
		return rt;
	}
	if (rt->rt_flags & (RTCF_MULTICAST | RTCF_BROADCAST)) {
		ip_rt_put(rt);
		return ERR_PTR(-ENETUNREACH);
	}
	return rt;
}

/* Both addresses. What an earlier connection left is of use only for the same
 * peer. */
static void tcp_v4_connect_addresses(struct sock *sk, const struct sockaddr_in *usin,
				     const struct flowi4 *fl4)
{
	struct inet_sock *inet = inet_sk(sk);
	struct tcp_sock *tp = tcp_sk(sk);

	if (!inet->inet_saddr) {
		inet->inet_saddr = fl4->saddr;
		inet->inet_rcv_saddr = fl4->saddr;
	}
	if (tp->rx_opt.ts_recent_stamp && inet->inet_daddr != fl4->daddr) {
		tp->rx_opt.ts_recent = 0;
		tp->rx_opt.ts_recent_stamp = 0;
		tp->write_seq = 0;
	}
	inet->inet_dport = usin->sin_port;
	inet->inet_daddr = fl4->daddr;
	inet_csk(sk)->icsk_ext_hdr_len = 0;
	tp->rx_opt.mss_clamp = TCP_MSS_DEFAULT;
}

/* Ports and routes are known: number the SYN and send it. */
static int tcp_v4_connect_send(struct sock *sk)
{
	struct inet_sock *inet = inet_sk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	struct net *net = sock_net(sk);
	const bool sending = tp->fastopen_req;
	bool request;
	int err = 0;

	/* Not 0: it goes on from a TIME_WAIT whose place it took. */
	if (!tp->write_seq)
		tp->write_seq = tcp_v4_init_seq(net, inet->inet_saddr, inet->inet_daddr,
						inet->inet_sport, inet->inet_dport);
	tp->tsoffset = tcp_v4_init_ts_off(net, inet->inet_saddr, inet->inet_daddr);
	inet->inet_id = get_random_u16();
	if (tcp_fastopen_defer_connect(sk, &err) || err)
		return err;
	request = !sending && tp->fastopen_req;
	err = tcp_connect(sk);
	/* It has asked for a cookie; SYNs that are repeated do not. */
	if (request)
		tcp_free_fastopen_req(tp);
	return err;
}

/**
 * tcp_v4_connect() - proto.connect of TCP: begin to open
 * @sk: in CLOSE
 * @uaddr: where to
 * @addr_len: bytes of it
 * Context: process, socket locked
 * Return: 0: the SYN is out; -EINVAL, -EAFNOSUPPORT: no such address;
 * -ENETUNREACH, -EHOSTUNREACH: no route; -EADDRNOTAVAIL: no port; -ENOBUFS
 */
int tcp_v4_connect(struct sock *sk, struct sockaddr *uaddr, int addr_len)
{
	const struct sockaddr_in *usin = (const struct sockaddr_in *)(const void *)uaddr;
	struct inet_sock *inet = inet_sk(sk);
	__be16 orig_sport = inet->inet_sport;
	struct flowi4 fl4;
	struct rtable *rt;
	int err;

	trace_here();
	if (addr_len < (int)sizeof(*usin))
		return -EINVAL;
	if (usin->sin_family != AF_INET)
		return -EAFNOSUPPORT;
	rt = tcp_v4_connect_route(sk, usin, &fl4);
	if (IS_ERR(rt))
		return (int)PTR_ERR(rt);
	tcp_v4_connect_addresses(sk, usin, &fl4);

	/* The state first: in the tables it stands as what it is going to be. */
	tcp_set_state(sk, TCP_SYN_SENT);
	err = inet_hash_connect(sk);
	if (err)
		goto failure;
	rt = ip_route_newports(&fl4, rt, orig_sport, usin->sin_port, inet->inet_sport,
			       inet->inet_dport, sk);
	if (IS_ERR(rt)) {
		err = (int)PTR_ERR(rt);
		rt = NULL;
		goto failure;
	}
	sk_setup_caps(sk, &rt->dst);
	rt = NULL;
	err = tcp_v4_connect_send(sk);
	if (!err)
		return 0;
failure:
	/* Out of the tables; its port goes, if it was not bound. */
	tcp_set_state(sk, TCP_CLOSE);
	if (!(sk->sk_userlocks & SOCK_BINDADDR_LOCK)) {
		inet->inet_rcv_saddr = 0;
		inet->inet_saddr = 0;
	}
	if (rt)
		ip_rt_put(rt);
	sk->sk_route_caps = 0;
	inet->inet_dport = 0;
	return err;
}

/* ---- a SYN for a listener, and its child -------------------------------------------- */

/**
 * tcp_v4_conn_request() - a SYN for a listener
 * @sk: the listener
 * @skb: the SYN; consumed
 * Context: softirq
 * Return: 0
 */
int tcp_v4_conn_request(struct sock *sk, struct sk_buff *skb)
{
	trace_skb(skb);
	/* RFC 9293 3.10.7.2 (MUST-57): nobody connects to many */
	if (skb_rtable(skb)->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST)) {
		sk->sk_drops++;
		NET_INC_STATS(sock_net(sk), LINUX_MIB_LISTENDROPS);
		kfree_skb_reason(skb, SKB_DROP_REASON_TCP_BCAST);
		return 0;
	}
	return tcp_conn_request(&tcp_request_sock_ops, sk, skb);
}

/**
 * inet_sk_rx_dst_set() - remember the way segments come in, for early demux
 * @sk: the connection
 * @skb: a segment of it; borrowed
 * Context: socket locked
 */
void inet_sk_rx_dst_set(struct sock *sk, const struct sk_buff *skb)
{
	struct dst_entry *dst = skb_dst(skb);

	if (dst && dst_hold_safe(dst)) {
		dst_release(sk->sk_rx_dst);
		sk->sk_rx_dst = dst;
		sk->sk_rx_dst_ifindex = skb->skb_iif;
	}
}

/* The child's own addresses and way. False: there is no way. */
static bool tcp_v4_child_route(const struct sock *sk, struct sock *newsk,
			       const struct request_sock *req, struct sk_buff *skb,
			       struct dst_entry *dst)
{
	const struct inet_request_sock *ireq = inet_rsk(req);
	struct inet_sock *newinet = inet_sk(newsk);
	struct tcp_sock *newtp = tcp_sk(newsk);
	u16 advmss;

	newinet->inet_daddr = ireq->ir_rmt_addr;
	newinet->inet_rcv_saddr = ireq->ir_loc_addr;
	newinet->inet_saddr = ireq->ir_loc_addr;
	newinet->inet_id = get_random_u16();
	if (sock_net(sk)->ipv4.sysctl_tcp_reflect_tos)
		newinet->tos = ireq->tos & (u8)~INET_ECN_MASK;
	inet_csk(newsk)->icsk_ext_hdr_len = 0;
	inet_sk_rx_dst_set(newsk, skb);
	if (!dst)
		dst = inet_csk_route_child_sock(sk, newsk, req);
	if (!dst)
		return false;
	sk_setup_caps(newsk, dst);
	tcp_ca_openreq_child(newsk, dst);
	tcp_sync_mss(newsk, dst_mtu(dst));
	advmss = (u16)dst_metric_advmss(dst);
	if (newtp->rx_opt.user_mss && newtp->rx_opt.user_mss < advmss)
		advmss = newtp->rx_opt.user_mss;
	newtp->advmss = advmss;
	tcp_initialize_rcv_mss(newsk);
	return true;
}

static struct sock *tcp_v4_listen_drop(const struct sock *sk, struct dst_entry *dst)
{
	struct sock *listener = (struct sock *)(uintptr_t)sk;

	dst_release(dst);
	listener->sk_drops++;
	NET_INC_STATS(sock_net(sk), LINUX_MIB_LISTENDROPS);
	return NULL;
}

/**
 * tcp_v4_syn_recv_sock() - the handshake is over: make a full socket
 * @sk: the listener
 * @skb: the third ACK; borrowed
 * @req: the half-open connection
 * @dst: its route, taken over; NULL: it is looked up
 * @req_unhash: leaves the ehash for the child; NULL: it is not in there (cookies)
 * @own_req: set: the child has taken its place
 * Context: softirq
 * Return: the child, bh-locked, with a reference for the caller; NULL: the
 * accept queue is full, or no memory
 */
struct sock *tcp_v4_syn_recv_sock(const struct sock *sk, struct sk_buff *skb,
				  struct request_sock *req, struct dst_entry *dst,
				  struct request_sock *req_unhash, bool *own_req)
{
	bool found_dup_sk = false;
	struct sock *newsk;

	trace_skb(skb);
	*own_req = false;
	if (sk_acceptq_is_full(sk)) {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_LISTENOVERFLOWS);
		return tcp_v4_listen_drop(sk, dst);
	}
	newsk = tcp_create_openreq_child(sk, req, skb);
	if (!newsk)
		return tcp_v4_listen_drop(sk, dst);
	if (!tcp_v4_child_route(sk, newsk, req, skb, dst) ||
	    __inet_inherit_port(sk, newsk) < 0) {
		inet_csk_prepare_forced_close(newsk);
		tcp_done(newsk);
		return tcp_v4_listen_drop(sk, NULL);
	}
	if (req_unhash)
		*own_req = inet_ehash_nolisten(newsk, req_to_sk(req_unhash), NULL);
	else
		*own_req = inet_ehash_nolisten(newsk, NULL, &found_dup_sk);
	if (*own_req) {
		tcp_sk(newsk)->saved_syn = req->saved_syn;
		req->saved_syn = NULL;
	}
	if (!*own_req && found_dup_sk) {
		/* The same cookie twice: the first has made the connection. */
		bh_unlock_sock(newsk);
		sock_put(newsk);
		newsk = NULL;
	}
	return newsk;
}
