// SPDX-License-Identifier: MIT
/*
 * What ICMP says about our segments. Believed is only what quotes a sequence
 * number that is in flight; an established connection is never ended by it.
 *
 * Linux: net/ipv4/tcp_ipv4.c
 * RFC: 9293 3.9.2.2, 5461 (soft errors), 5927 (attacks), 1191 (path MTU),
 * 6069 (a timeout explained)
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/trace.h>
#include <net/icmp.h>
#include <net/route.h>
#include "tcp_ipv4.h"

/**
 * tcp_v4_mtu_reduced() - less than we thought passes on our way
 * @sk: the connection; mtu_info says how much
 * Context: socket locked
 */
void tcp_v4_mtu_reduced(struct sock *sk)
{
	struct dst_entry *dst;
	u32 mtu;

	if ((1 << sk->sk_state) & (TCPF_LISTEN | TCPF_CLOSE))
		return;
	mtu = tcp_sk(sk)->mtu_info;
	dst = inet_csk_update_pmtu(sk, mtu);
	if (!dst)
		return;
	/* It does not pass, and may not be fragmented: what it will fail of. */
	if (mtu < dst_mtu(dst) && ip_dont_fragment(sk, dst))
		sk->sk_err_soft = EMSGSIZE;
	mtu = dst_mtu(dst);
	if (inet_sk(sk)->pmtudisc != IP_PMTUDISC_DONT && ip_sk_accept_pmtu(sk) &&
	    inet_csk(sk)->icsk_pmtu_cookie > mtu) {
		tcp_sync_mss(sk, mtu);
		/* RFC 1191 6.4: at once, and without blaming congestion */
		tcp_simple_retransmit(sk);
	}
}

/* Whoever owns the socket will see to it (tcp_release_cb). */
static void tcp_defer_mtu_reduced(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (!(tp->tsq_flags & BIT(TCP_MTU_REDUCED_DEFERRED))) {
		tp->tsq_flags |= BIT(TCP_MTU_REDUCED_DEFERRED);
		sock_hold(sk);
	}
}

/* RFC 6069: "unreachable" about what the last timeout sent again: it was not
 * congestion, so one step of the back-off is taken back. */
static void tcp_ld_RTO_revert(struct sock *sk, u32 seq)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *skb = tcp_rtx_queue_head(sk);
	u64 elapsed;

	if (sock_owned_by_user(sk) || seq != tp->snd_una || !icsk->icsk_retransmits ||
	    !icsk->icsk_backoff || !skb)
		return;
	icsk->icsk_backoff--;
	icsk->icsk_rto = tp->srtt_us ? __tcp_set_rto(tp) : TCP_TIMEOUT_INIT;
	icsk->icsk_rto = min(icsk->icsk_rto << icsk->icsk_backoff, tcp_rto_max(sk));

	tcp_mstamp_refresh(tp);
	elapsed = usecs_to_ns(tcp_stamp_us_delta(tp->tcp_mstamp, tcp_skb_timestamp_us(skb)));
	if (elapsed < icsk->icsk_rto)
		inet_csk_reset_xmit_timer(sk, ICSK_TIME_RETRANS, icsk->icsk_rto - elapsed,
					  tcp_rto_max(sk));
	else
		tcp_retransmit_timer(sk);
}

/* About a SYN-ACK. Only what looks final ends a half-open connection: silently,
 * accept() reports no errors of the network. */
static void tcp_req_err(struct sock *sk, u32 seq, bool abort)
{
	struct request_sock *req = inet_reqsk(sk);
	struct sock *listener = req->rsk_listener;

	if (seq != tcp_rsk(req)->snt_isn) {
		NET_INC_STATS(sock_net(listener), LINUX_MIB_OUTOFWINDOWICMPS);
	} else if (abort) {
		inet_csk_reqsk_queue_drop(listener, req);
		listener->sk_drops++;
		NET_INC_STATS(sock_net(listener), LINUX_MIB_LISTENDROPS);
	}
	reqsk_put(req);
}

static bool tcp_icmp_is_final(int type, int code)
{
	return type == ICMP_PARAMETERPROB || type == ICMP_TIME_EXCEEDED ||
	       (type == ICMP_DEST_UNREACH &&
		(code == ICMP_NET_UNREACH || code == ICMP_HOST_UNREACH));
}

/* Redirect, path MTU: these change the way, not the connection. */
static void tcp_v4_err_route(struct sock *sk, struct sk_buff *skb, int type, u32 info)
{
	if (type == ICMP_REDIRECT) {
		struct dst_entry *dst = __sk_dst_check(sk, 0);

		if (!sock_owned_by_user(sk) && dst)
			dst->ops->redirect(dst, sk, skb);
		return;
	}
	/* A listener sends SYN-ACKs only: they pass everywhere. */
	if (sk->sk_state == TCP_LISTEN)
		return;
	tcp_sk(sk)->mtu_info = info;
	if (!sock_owned_by_user(sk))
		tcp_v4_mtu_reduced(sk);
	else
		tcp_defer_mtu_reduced(sk);
}

/* The error of the socket that a message stands for; 0: none. */
static int tcp_v4_icmp_errno(int type, int code)
{
	switch (type) {
	case ICMP_PARAMETERPROB:
		return EPROTO;
	case ICMP_DEST_UNREACH:
		return code <= NR_ICMP_UNREACH ? icmp_err_convert[code].errno : 0;
	case ICMP_TIME_EXCEEDED:
		return EHOSTUNREACH;
	default:
		return 0;	/* source quench: RFC 6633 */
	}
}

/* Tells the socket. */
static void tcp_v4_err_report(struct sock *sk, struct sk_buff *skb, int err,
			      const struct tcphdr *th, u32 info)
{
	const struct request_sock *fastopen = tcp_sk(sk)->fastopen_rsk;
	const bool owned = sock_owned_by_user(sk);

	/* A Fast Open child that was accepted is like one that stands. */
	if (fastopen && !fastopen->sk)
		goto stands;
	/* An attempt to connect fails at once, as everywhere (Linux too): RFC 5461
	 * 3 says why. Connections that stand only remember why they may fail. */
	if ((1 << sk->sk_state) & (TCPF_SYN_SENT | TCPF_SYN_RECV)) {
		ip_icmp_error(sk, skb, err, th->dest, info, (u8 *)(uintptr_t)th);
		if (owned) {
			sk->sk_err_soft = err;
			return;
		}
		sk->sk_err = err;
		sk->sk_error_report(sk);
		tcp_done(sk);
		return;
	}
stands:
	if (!owned && inet_sk(sk)->recverr) {
		sk->sk_err = err;
		sk->sk_error_report(sk);
	} else {
		sk->sk_err_soft = err;
	}
}

/* bh-locked. */
static void __tcp_v4_err(struct sock *sk, struct sk_buff *skb, const struct tcphdr *th, u32 info)
{
	const int type = icmp_hdr(skb)->type, code = icmp_hdr(skb)->code;
	struct net *net = sock_net(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	const u32 seq = ntohl(th->seq);
	u32 snd_una;
	int err;

	if (sock_owned_by_user(sk) && !(type == ICMP_DEST_UNREACH && code == ICMP_FRAG_NEEDED))
		NET_INC_STATS(net, LINUX_MIB_LOCKDROPPEDICMPS);
	if (sk->sk_state == TCP_CLOSE)
		return;
	if (ip_hdr(skb)->ttl < inet_sk(sk)->min_ttl) {
		NET_INC_STATS(net, LINUX_MIB_TCPMINTTLDROP);
		return;
	}
	/* RFC 5927 4.1: it must be about something in flight */
	snd_una = tp->fastopen_rsk ? tcp_rsk(tp->fastopen_rsk)->snt_isn : tp->snd_una;
	if (sk->sk_state != TCP_LISTEN && !between(seq, snd_una, tp->snd_nxt)) {
		NET_INC_STATS(net, LINUX_MIB_OUTOFWINDOWICMPS);
		return;
	}
	if (type == ICMP_REDIRECT || (type == ICMP_DEST_UNREACH && code == ICMP_FRAG_NEEDED)) {
		tcp_v4_err_route(sk, skb, type, info);
		return;
	}
	err = tcp_v4_icmp_errno(type, code);
	if (!err)
		return;
	if (!tp->fastopen_rsk && type == ICMP_DEST_UNREACH &&
	    (code == ICMP_NET_UNREACH || code == ICMP_HOST_UNREACH))
		tcp_ld_RTO_revert(sk, seq);
	tcp_v4_err_report(sk, skb, err, th, info);
}

/**
 * tcp_v4_err() - net_protocol err_handler: an ICMP error about a segment of ours
 * @skb: the error, data at the quoted IP header, of which the header and 8 bytes
 *	are there; borrowed
 * @info: next-hop MTU of a FRAG_NEEDED, bytes
 * Context: softirq
 * Return: 0; -ENOENT: no such connection
 */
int tcp_v4_err(struct sk_buff *skb, u32 info)
{
	const struct iphdr *iph = (const struct iphdr *)skb->data;
	const struct tcphdr *th = (const struct tcphdr *)(skb->data + iph->ihl * 4);
	struct sock *sk;

	trace_skb(skb);
	sk = __inet_lookup_established(dev_net(skb->dev), iph->daddr, th->dest, iph->saddr,
				       ntohs(th->source), skb->skb_iif);
	if (!sk)
		return -ENOENT;
	if (sk->sk_state == TCP_TIME_WAIT) {
		inet_twsk_put(inet_twsk(sk));
		return 0;
	}
	if (sk->sk_state == TCP_NEW_SYN_RECV) {
		tcp_req_err(sk, ntohl(th->seq),
			    tcp_icmp_is_final(icmp_hdr(skb)->type, icmp_hdr(skb)->code));
		return 0;
	}
	bh_lock_sock(sk);
	__tcp_v4_err(sk, skb, th, info);
	bh_unlock_sock(sk);
	sock_put(sk);
	return 0;
}
