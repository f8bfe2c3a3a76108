// SPDX-License-Identifier: MIT
/*
 * TCP over IPv4: a segment comes in, and its socket is found. Other parts:
 * tcp_ipv4_open.c (connect, SYN), tcp_ipv4_reply.c (RST, ACK, SYN-ACK without a
 * socket), tcp_ipv4_err.c (ICMP).
 *
 *	tcp_v4_rcv ─┬─ no socket ─────────▶ RST
 *		    ├─ TIME_WAIT ─────────▶ tcp_timewait_state_process
 *		    ├─ half-open ─────────▶ tcp_check_req ─▶ tcp_child_process
 *		    ├─ listener ──────────▶ tcp_v4_do_rcv
 *		    └─ connection ────────▶ tcp_v4_do_rcv, or the backlog
 *
 * Linux: net/ipv4/tcp_ipv4.c
 * RFC: 9293 3.10.7
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/random.h>
#include <linux/trace.h>
#include <net/busy_poll.h>
#include <net/gro.h>
#include <net/protocol.h>
#include <net/route.h>
#include "tcp_ipv4.h"

/* ---- early demux -------------------------------------------------------------------- */

/**
 * tcp_v4_early_demux() - net_protocol early_demux: the socket before the route
 * @skb: data at the IP header; gets skb->sk, and its route when that is known
 * Context: softirq
 * Return: 0
 */
int tcp_v4_early_demux(struct sk_buff *skb)
{
	const struct iphdr *iph;
	const struct tcphdr *th;
	struct dst_entry *dst;
	struct sock *sk;

	trace_skb(skb);
	if (skb->pkt_type != PACKET_HOST ||
	    !pskb_may_pull(skb, (unsigned int)skb_transport_offset(skb) + sizeof(*th)))
		return 0;
	iph = ip_hdr(skb);
	th = tcp_hdr(skb);
	if (th->doff < sizeof(*th) / 4)
		return 0;
	sk = __inet_lookup_established(dev_net(skb->dev), iph->saddr, th->source, iph->daddr,
				       ntohs(th->dest), skb->skb_iif);
	if (!sk)
		return 0;
	skb->sk = sk;
	skb->destructor = sock_edemux;
	if (!sk_fullsock(sk) || !sk->sk_rx_dst)
		return 0;
	dst = dst_check(sk->sk_rx_dst, 0);
	if (dst && sk->sk_rx_dst_ifindex == skb->skb_iif)
		skb_dst_set_noref(skb, dst);
	return 0;
}

/* ---- to the socket ------------------------------------------------------------------ */

/* The way in has changed. */
static void tcp_v4_check_rx_dst(struct sock *sk, const struct sk_buff *skb)
{
	struct dst_entry *dst = sk->sk_rx_dst;

	if (dst && (sk->sk_rx_dst_ifindex != skb->skb_iif || !dst_check(dst, 0))) {
		sk->sk_rx_dst = NULL;
		dst_release(dst);
	}
}

/* Answers by a reset and drops. */
static int tcp_v4_reset_drop(const struct sock *sk, struct sk_buff *skb,
			     enum skb_drop_reason reason)
{
	tcp_v4_send_reset(sk, skb);
	kfree_skb_reason(skb, reason);
	return 0;
}

/* A listener: what is no SYN may be the third ACK of a cookie. True: consumed. */
static bool tcp_v4_cookie_rcv(struct sock *sk, struct sk_buff *skb)
{
	struct sock *nsk;
	int reason;

	if (tcp_hdr(skb)->syn)
		return false;
	nsk = cookie_v4_check(sk, skb);
	if (nsk == sk)
		return false;
	if (!nsk) {
		kfree_skb_reason(skb, SKB_DROP_REASON_TCP_LISTEN_OVERFLOW);
		return true;
	}
	reason = tcp_child_process(sk, nsk, skb);
	if (reason)
		tcp_v4_reset_drop(sk, skb, (enum skb_drop_reason)reason);
	return true;
}

/**
 * tcp_v4_do_rcv() - a segment for a listener or a connection
 * @sk: a listener; or a connection, locked
 * @skb: checksum good, data at the TCP header, TCP_SKB_CB filled; consumed
 * Context: softirq; process, from the backlog
 * Return: 0
 */
int tcp_v4_do_rcv(struct sock *sk, struct sk_buff *skb)
{
	enum skb_drop_reason reason;

	trace_skb(skb);
	if (sk->sk_state == TCP_ESTABLISHED) {
		tcp_v4_check_rx_dst(sk, skb);
		tcp_rcv_established(sk, skb);
		return 0;
	}
	if (sk->sk_state == TCP_LISTEN && tcp_v4_cookie_rcv(sk, skb))
		return 0;
	reason = tcp_rcv_state_process(sk, skb);
	return reason ? tcp_v4_reset_drop(sk, skb, reason) : 0;
}

/* ---- a segment comes in ------------------------------------------------------------- */

static __wsum inet_compute_pseudo(const struct sk_buff *skb, int proto)
{
	return csum_tcpudp_nofold(ip_hdr(skb)->saddr, ip_hdr(skb)->daddr, skb->len, (u8)proto,
				  (__force __wsum)0);
}

/* Header whole, checksum right? Counts what is wrong. */
static enum skb_drop_reason tcp_v4_check_header(struct net *net, struct sk_buff *skb)
{
	const struct tcphdr *th;

	if (skb->pkt_type != PACKET_HOST)
		return SKB_DROP_REASON_TCP_BCAST;
	TCP_INC_STATS(net, TCP_MIB_INSEGS);
	if (!pskb_may_pull(skb, sizeof(*th)))
		return SKB_DROP_REASON_PKT_TOO_SMALL;
	th = (const struct tcphdr *)skb->data;
	if (unlikely(th->doff < sizeof(*th) / 4) || !pskb_may_pull(skb, th->doff * 4U)) {
		TCP_INC_STATS(net, TCP_MIB_INERRS);
		return SKB_DROP_REASON_TCP_HEADER;
	}
	/* RFC 9293 3.1 (MUST-3): always */
	if (skb_checksum_validate(skb, IPPROTO_TCP, inet_compute_pseudo)) {
		TCP_INC_STATS(net, TCP_MIB_CSUMERRORS);
		TCP_INC_STATS(net, TCP_MIB_INERRS);
		return SKB_DROP_REASON_TCP_CSUM;
	}
	return SKB_NOT_DROPPED_YET;
}

/* From here on cb is TCP's; IP's part moves to its end. */
static void tcp_v4_fill_cb(struct sk_buff *skb)
{
	const struct tcphdr *th = tcp_hdr(skb);
	struct tcp_skb_cb *tcb = TCP_SKB_CB(skb);

	memmove(&tcb->header.h4, IPCB(skb), sizeof(struct inet_skb_parm));
	tcb->seq = ntohl(th->seq);
	tcb->end_seq = tcb->seq + th->syn + th->fin + skb->len - th->doff * 4U;
	tcb->ack_seq = ntohl(th->ack_seq);
	tcb->tcp_flags = ((const u8 *)th)[13];
	tcb->tcp_tw_isn = 0;
	tcb->ip_dsfield = ip_hdr(skb)->tos;
	tcb->sacked = 0;
	tcb->eor = 0;
	tcb->has_rxtstamp = skb->tstamp != 0;
}

static void tcp_v4_drop(struct sk_buff *skb, enum skb_drop_reason reason)
{
	if (reason)
		kfree_skb_reason(skb, reason);
	else
		consume_skb(skb);
}

/* A connection, locked by us or by a thread. */
static void tcp_v4_rcv_connection(struct sock *sk, struct sk_buff *skb)
{
	enum skb_drop_reason reason;

	bh_lock_sock(sk);
	tcp_segs_in(tcp_sk(sk), skb);
	if (!sock_owned_by_user(sk))
		tcp_v4_do_rcv(sk, skb);
	else if (!tcp_add_backlog(sk, skb, &reason))
		kfree_skb_reason(skb, reason);
	bh_unlock_sock(sk);
}

/* A full socket. */
static void tcp_v4_rcv_sock(struct sock *sk, struct sk_buff *skb)
{
	if (unlikely(ip_hdr(skb)->ttl < inet_sk(sk)->min_ttl)) {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPMINTTLDROP);
		kfree_skb_reason(skb, SKB_DROP_REASON_TCP_MINTTL);
		return;
	}
	sk_mark_napi_id(sk, skb);
	skb->dev = NULL;
	if (sk->sk_state == TCP_LISTEN)
		tcp_v4_do_rcv(sk, skb);
	else
		tcp_v4_rcv_connection(sk, skb);
}

/* A half-open connection. False: another segment was faster; look again. Else
 * consumed. The reference to @req goes. */
static bool tcp_v4_rcv_request(struct request_sock *req, struct sk_buff *skb)
{
	enum skb_drop_reason reason = SKB_NOT_DROPPED_YET;
	struct sock *sk = req->rsk_listener, *nsk;
	bool req_stolen = false;
	int reset;

	if (unlikely(sk->sk_state != TCP_LISTEN)) {
		inet_csk_reqsk_queue_drop_and_put(sk, req);
		return false;
	}
	/* Its own reference may be the request's. */
	sock_hold(sk);
	nsk = tcp_check_req(sk, skb, req, false, &req_stolen, &reason);
	if (nsk == sk) {
		reqsk_put(req);
		tcp_v4_rcv_sock(sk, skb);
	} else if (nsk) {
		reset = tcp_child_process(sk, nsk, skb);
		if (reset)
			tcp_v4_reset_drop(sk, skb, (enum skb_drop_reason)reset);
	} else {
		reqsk_put(req);
		if (!req_stolen)
			tcp_v4_drop(skb, reason);
	}
	sock_put(sk);
	return nsk || !req_stolen;
}

/* TIME_WAIT. Consumes; the reference to @tw goes. */
static void tcp_v4_rcv_timewait(struct inet_timewait_sock *tw, struct sk_buff *skb)
{
	const struct tcphdr *th = tcp_hdr(skb);
	const struct iphdr *iph = ip_hdr(skb);
	struct net *net = tw->__tw_common.skc_net;
	struct sock *sk = container_of(&tw->__tw_common, struct sock, __sk_common), *listener;
	enum skb_drop_reason reason = SKB_NOT_DROPPED_YET;
	u32 isn = 0;

	switch (tcp_timewait_state_process(tw, skb, th, &isn, &reason)) {
	case TCP_TW_SYN:
		listener = __inet_lookup_listener(net, skb, 0, iph->saddr, th->source,
						  iph->daddr, ntohs(th->dest), skb->skb_iif);
		if (listener) {
			inet_twsk_deschedule_put(tw);
			TCP_SKB_CB(skb)->tcp_tw_isn = isn;
			tcp_v4_rcv_sock(listener, skb);
			return;
		}
		/* Nobody listens: the old connection is all that is there. */
		reason = SKB_DROP_REASON_TCP_TIMEWAIT;
		fallthrough;
	case TCP_TW_ACK:
		tcp_v4_timewait_ack(sk, skb);
		break;
	case TCP_TW_RST:
		tcp_v4_send_reset(sk, skb);
		inet_twsk_deschedule_put(tw);
		break;
	case TCP_TW_SUCCESS:
		break;
	}
	tcp_v4_drop(skb, reason);
}

/* Gives the segment to @sk, whatever it is. False: look again. */
static bool tcp_v4_deliver(struct sock *sk, struct sk_buff *skb, bool refcounted)
{
	if (sk->sk_state == TCP_TIME_WAIT) {
		tcp_v4_rcv_timewait(inet_twsk(sk), skb);
		return true;
	}
	if (sk->sk_state == TCP_NEW_SYN_RECV)
		return tcp_v4_rcv_request(inet_reqsk(sk), skb);
	tcp_v4_rcv_sock(sk, skb);
	if (refcounted)
		sock_put(sk);
	return true;
}

/**
 * tcp_v4_rcv() - net_protocol handler of IPPROTO_TCP
 * @skb: data at the TCP header, network header set; consumed
 * Context: softirq
 * Return: 0
 */
int tcp_v4_rcv(struct sk_buff *skb)
{
	struct net *net = dev_net(skb->dev);
	enum skb_drop_reason reason;
	bool refcounted;
	struct sock *sk;

	trace_skb(skb);
	reason = tcp_v4_check_header(net, skb);
	if (reason) {
		kfree_skb_reason(skb, reason);
		return 0;
	}
	tcp_v4_fill_cb(skb);
	do {
		const struct tcphdr *th = tcp_hdr(skb);

		sk = __inet_lookup_skb(skb, (int)__tcp_hdrlen(th), th->source, th->dest,
				       &refcounted);
		/* RFC 9293 3.10.7.1: there is no connection */
		if (!sk)
			return tcp_v4_reset_drop(NULL, skb, SKB_DROP_REASON_NO_SOCKET);
	} while (!tcp_v4_deliver(sk, skb, refcounted));
	return 0;
}

/* ---- registered tables -------------------------------------------------------------- */

const struct inet_connection_sock_af_ops ipv4_specific = {
	.queue_xmit = ip_queue_xmit,
	.send_check = tcp_v4_send_check,
	.rebuild_header = inet_sk_rebuild_header,
	.sk_rx_dst_set = inet_sk_rx_dst_set,
	.conn_request = tcp_v4_conn_request,
	.syn_recv_sock = tcp_v4_syn_recv_sock,
	.net_header_len = sizeof(struct iphdr),
	.sockaddr_len = sizeof(struct sockaddr_in),
	.setsockopt = ip_setsockopt,
	.getsockopt = ip_getsockopt,
	.mtu_reduced = tcp_v4_mtu_reduced,
};

struct request_sock_ops tcp_request_sock_ops __ro_after_init = {
	.family = AF_INET,
	.obj_size = sizeof(struct tcp_request_sock),
	.slab_name = "request_sock_TCP",
	.rtx_syn_ack = tcp_rtx_synack,
	.send_ack = tcp_v4_reqsk_send_ack,
	.send_reset = tcp_v4_send_reset,
	.syn_ack_timeout = tcp_syn_ack_timeout,
};

static struct timewait_sock_ops tcp_timewait_sock_ops __ro_after_init = {
	.twsk_slab_name = "tw_sock_TCP",
	.twsk_obj_size = sizeof(struct inet_timewait_sock),
};

static int tcp_v4_init_sock(struct sock *sk)
{
	inet_csk(sk)->icsk_af_ops = &ipv4_specific;
	tcp_init_sock(sk);
	return 0;
}

/**
 * tcp_v4_destroy_sock() - proto.destroy of TCP: all that a connection had
 * @sk: in CLOSE
 * Context: process or softirq, socket locked
 */
void tcp_v4_destroy_sock(struct sock *sk)
{
	tcp_clear_xmit_timers(sk);
	tcp_cleanup_congestion_control(sk);
	tcp_write_queue_purge(sk);
	/* Does something on the way swallow Fast Open? */
	tcp_fastopen_active_disable_ofo_check(sk);
	tcp_rbtree_purge_ofo(sk, SKB_DROP_REASON_SOCKET_CLOSE);
	WARN_ON(tcp_sk(sk)->fastopen_rsk);
	tcp_free_fastopen_req(tcp_sk(sk));
	tcp_fastopen_destroy_cipher(sk);
	tcp_saved_syn_free(tcp_sk(sk));
	if (inet_csk(sk)->icsk_bind_hash)
		inet_put_port(sk);
	sock_net(sk)->ipv4.tcp_sockets_allocated--;
}

struct proto tcp_prot __ro_after_init = {
	.name = "TCP",
	.obj_size = sizeof(struct tcp_sock),
	.close = tcp_close,
	.connect = tcp_v4_connect,
	.disconnect = tcp_disconnect,
	.accept = inet_csk_accept,
	.ioctl = tcp_ioctl,
	.init = tcp_v4_init_sock,
	.destroy = tcp_v4_destroy_sock,
	.shutdown = tcp_shutdown,
	.setsockopt = tcp_setsockopt,
	.getsockopt = tcp_getsockopt,
	.keepalive = tcp_set_keepalive,
	.recvmsg = tcp_recvmsg,
	.sendmsg = tcp_sendmsg,
	.backlog_rcv = tcp_v4_do_rcv,
	.release_cb = tcp_release_cb,
	.hash = inet_hash,
	.unhash = inet_unhash,
	.get_port = inet_csk_get_port,
	.put_port = inet_put_port,
	.enter_memory_pressure = tcp_enter_memory_pressure,
	.leave_memory_pressure = tcp_leave_memory_pressure,
	.stream_memory_free = tcp_stream_memory_free,
	.diag_destroy = tcp_abort,
	.no_autobind = true,
	.max_header = MAX_TCP_HEADER,
	.sysctl_mem_off = offsetof(struct net, ipv4.sysctl_tcp_mem),
	.sysctl_rmem_off = offsetof(struct net, ipv4.sysctl_tcp_rmem),
	.sysctl_wmem_off = offsetof(struct net, ipv4.sysctl_tcp_wmem),
	.memory_off = offsetof(struct net, ipv4.tcp_memory),
	.rsk_prot = &tcp_request_sock_ops,
	.twsk_prot = &tcp_timewait_sock_ops,
};

static const struct net_protocol tcp_protocol = {
	.early_demux = tcp_v4_early_demux,
	.handler = tcp_v4_rcv,
	.err_handler = tcp_v4_err,
	.offload = &tcpv4_offload,
	.no_policy = true,
	.icmp_strict_tag_validation = true,
};

/* ---- namespaces --------------------------------------------------------------------- */

static void tcp_sk_init_secrets(struct netns_ipv4 *ipv4)
{
	get_random_bytes(&ipv4->tcp_isn_key, sizeof(ipv4->tcp_isn_key));
	get_random_bytes(&ipv4->tcp_ts_key, sizeof(ipv4->tcp_ts_key));
	get_random_bytes(&ipv4->port_key, sizeof(ipv4->port_key));
	get_random_bytes(ipv4->syncookie_key, sizeof(ipv4->syncookie_key));
	get_random_bytes(ipv4->port_perturb, sizeof(ipv4->port_perturb));
}

static int tcp_sk_init(struct net *net)
{
	int err;

	tcp_sysctl_defaults(net);
	tcp_sk_init_secrets(&net->ipv4);
	tcp_init_allowed_congestion_control(net);
	err = tcp_set_default_congestion_control(net, "cubic");
	if (err)
		return err;
	err = inet_hashinfo_init(net);
	if (err)
		return err;
	err = tcp_metrics_init(net);
	if (err)
		inet_hashinfo_exit(net);
	return err;
}

/* Is there no program to end it? */
static bool tcp_net_dead(const struct sock *sk)
{
	return sk->sk_state == TCP_TIME_WAIT || sk->sk_state == TCP_NEW_SYN_RECV ||
	       sock_flag(sk, SOCK_DEAD);
}

/* Takes it out of the table. */
static void tcp_net_end(struct sock *sk)
{
	refcount_inc(&sk->sk_refcnt);
	if (sk->sk_state == TCP_TIME_WAIT) {
		inet_twsk_deschedule_put(inet_twsk(sk));
	} else if (sk->sk_state == TCP_NEW_SYN_RECV) {
		struct request_sock *req = inet_reqsk(sk);

		inet_csk_reqsk_queue_drop_and_put(req->rsk_listener, req);
	} else {
		bh_lock_sock(sk);
		tcp_done(sk);
		bh_unlock_sock(sk);
		sock_put(sk);
	}
}

/* Nothing is sent any more: devices are gone. */
static void tcp_sk_exit(struct net *net)
{
	struct inet_hashinfo *hinfo = net->ipv4.hashinfo;
	struct hlist_node *tmp;
	struct sock *sk;
	u32 i;

	local_bh_disable();
	for (i = 0; i <= hinfo->ehash_mask; i++)
		hlist_for_each_entry_safe(sk, tmp, &hinfo->ehash[i].chain, sk_node)
			if (tcp_net_dead(sk))
				tcp_net_end(sk);
	local_bh_enable();
	/* What is counted must come to nothing. */
	WARN_ON(net->ipv4.tcp_tw_count);
	WARN_ON(net->ipv4.tcp_orphan_count);
	WARN_ON(net->ipv4.tcp_sockets_allocated);
	WARN_ON(net->ipv4.tcp_memory.allocated_pages);
	WARN_ON(net->mib.tcp[TCP_MIB_CURRESTAB]);
	tcp_metrics_exit(net);
	inet_hashinfo_exit(net);
}

static struct pernet_operations tcp_sk_ops __ro_after_init = {
	.init = tcp_sk_init,
	.exit = tcp_sk_exit,
};

/**
 * tcp_init() - tables of namespaces, congestion control; TCP is there
 * Context: initcall (inet_init())
 */
void __init tcp_init(void)
{
	trace_here();
	if (tcp_register_congestion_control(&tcp_reno) ||
	    tcp_register_congestion_control(&cubictcp) ||
	    tcp_register_congestion_control(&tcp_bbr_cong_ops) ||
	    register_pernet_subsys(&tcp_sk_ops) || proto_register(&tcp_prot, 1) ||
	    inet_add_protocol(&tcp_protocol, IPPROTO_TCP))
		panic("TCP: cannot be set up");
}
