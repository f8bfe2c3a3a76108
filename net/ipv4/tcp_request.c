// SPDX-License-Identifier: MIT
/*
 * A SYN for a listener: is there room, what was agreed, and the SYN-ACK.
 *
 * When the queue of half-open connections is full, a SYN cookie stands for the
 * state that is not kept (syncookies.c), or the SYN is dropped; when the accept
 * queue is full it is dropped, and the peer tries again.
 *
 * Linux: net/ipv4/tcp_input.c (tcp_conn_request), tcp_minisocks.c
 * RFC: 9293 3.10.7.2 (LISTEN), 4987 (SYN floods), 3168 6.1.1 (ECN), 7323 2, 3
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/trace.h>
#include <net/tcp.h>


/* A flood, or just many: a cookie, if they are allowed. */
static bool tcp_syn_flood_action(struct sock *sk)
{
	struct request_sock_queue *queue = &inet_csk(sk)->icsk_accept_queue;
	struct net *net = sock_net(sk);
	const int syncookies = net->ipv4.sysctl_tcp_syncookies;

	NET_INC_STATS(net, syncookies ? LINUX_MIB_TCPREQQFULLDOCOOKIES :
					LINUX_MIB_TCPREQQFULLDROP);
	if (!queue->synflood_warned && syncookies != 2) {
		queue->synflood_warned = true;
		pr_info_ratelimited("TCP: possible SYN flooding on port %u. %s\n", sk->sk_num,
				    syncookies ? "Sending cookies." : "Dropping request.");
	}
	return syncookies != 0;
}

/* What the SYN said. */
static void tcp_openreq_init(struct request_sock *req, const struct tcp_options_received *rx_opt,
			     struct sk_buff *skb, const struct sock *sk)
{
	struct inet_request_sock *ireq = inet_rsk(req);
	const struct tcphdr *th = tcp_hdr(skb);

	tcp_rsk(req)->rcv_isn = TCP_SKB_CB(skb)->seq;
	tcp_rsk(req)->rcv_nxt = TCP_SKB_CB(skb)->seq + 1;
	req->mss = rx_opt->mss_clamp;
	req->ts_recent = rx_opt->saw_tstamp ? rx_opt->rcv_tsval : 0;
	ireq->tstamp_ok = rx_opt->tstamp_ok;
	ireq->sack_ok = rx_opt->sack_ok != 0;
	ireq->snd_wscale = rx_opt->snd_wscale;
	ireq->wscale_ok = rx_opt->wscale_ok;
	ireq->ir_rmt_port = th->source;
	ireq->ir_num = ntohs(th->dest);
	ireq->ir_rmt_addr = ip_hdr(skb)->saddr;
	ireq->ir_loc_addr = ip_hdr(skb)->daddr;
	ireq->ir_mark = sk->sk_mark;
	ireq->tos = TCP_SKB_CB(skb)->ip_dsfield;
	ireq->ir_iif = sk->sk_bound_dev_if;
}

/* RFC 3168 6.1.1: the SYN asks for ECN by both bits. A SYN that is itself marked
 * ECT, or has reserved bits set, comes from something that does not know. */
static void tcp_ecn_create_request(struct request_sock *req, const struct sk_buff *skb,
				   const struct sock *sk)
{
	const struct tcphdr *th = tcp_hdr(skb);

	if (!th->ece || !th->cwr || !sock_net(sk)->ipv4.sysctl_tcp_ecn)
		return;
	if (!(TCP_SKB_CB(skb)->ip_dsfield & INET_ECN_MASK) || th->res1)
		inet_rsk(req)->ecn_ok = 1;
}

/* TCP_SAVE_SYN: keeps its headers for who accepts it. Without memory it has none. */
static void tcp_reqsk_record_syn(const struct sock *sk, struct request_sock *req,
				 const struct sk_buff *skb)
{
	const u8 *end = (const u8 *)tcp_hdr(skb) + tcp_hdrlen(skb);
	const u8 *start = skb_network_header(skb);
	u32 len;

	if (!tcp_sk(sk)->save_syn)
		return;
	if (tcp_sk(sk)->save_syn == 2)
		start = skb_mac_header(skb);
	len = (u32)(end - start);
	req->saved_syn = kmalloc(sizeof(*req->saved_syn) + len, GFP_ATOMIC);
	if (req->saved_syn) {
		req->saved_syn->len = len;
		memcpy(req->saved_syn->data, start, len);
	}
}

/* The user's limit, if it is lower. */
static u16 tcp_mss_clamp(const struct tcp_sock *tp, u16 mss)
{
	u16 user_mss = tp->rx_opt.user_mss;

	return user_mss && user_mss < mss ? user_mss : mss;
}

/**
 * tcp_openreq_init_rwin() - the window to offer, and its scale
 * @req: filled in
 * @sk_listener: the listener
 * @dst: the way back
 * @unit: bytes that the window is a multiple of, as far as it can be; 0: our MSS
 * Context: softirq
 */
void tcp_openreq_init_rwin(struct request_sock *req, const struct sock *sk_listener,
			   const struct dst_entry *dst, u32 unit)
{
	struct inet_request_sock *ireq = inet_rsk(req);
	const struct tcp_sock *tp = tcp_sk(sk_listener);
	int full_space = tcp_full_space(sk_listener);
	u32 mss = tcp_mss_clamp(tp, (u16)dst_metric_advmss(dst));
	u32 init_rwnd = dst_metric(dst, RTAX_INITRWND);
	u8 rcv_wscale;

	req->rsk_window_clamp = tp->window_clamp ? tp->window_clamp : dst_metric(dst, RTAX_WINDOW);
	/* The user wanted a small buffer: no window beyond it. */
	if (sk_listener->sk_userlocks & SOCK_RCVBUF_LOCK &&
	    (req->rsk_window_clamp > (u32)full_space || !req->rsk_window_clamp))
		req->rsk_window_clamp = (u32)full_space;
	if (init_rwnd && (u32)full_space < init_rwnd * mss)
		full_space = (int)(init_rwnd * mss);
	if (!unit)
		unit = mss - (ireq->tstamp_ok ? TCPOLEN_TSTAMP_ALIGNED : 0);
	tcp_select_initial_window(sk_listener, full_space, unit,
				  &req->rsk_rcv_wnd, &req->rsk_window_clamp, ireq->wscale_ok,
				  &rcv_wscale, init_rwnd);
	ireq->rcv_wscale = rcv_wscale & 0xf;
}

/* Is there room for one more half-open connection? @want_cookie: not without. */
static enum skb_drop_reason tcp_request_admit(struct sock *sk, u32 isn, bool *want_cookie)
{
	*want_cookie = false;
	/* A SYN that ends a TIME_WAIT is a real peer's. */
	if (!isn && (sock_net(sk)->ipv4.sysctl_tcp_syncookies == 2 ||
		     inet_csk_reqsk_queue_is_full(sk))) {
		*want_cookie = tcp_syn_flood_action(sk);
		if (!*want_cookie)
			return SKB_DROP_REASON_TCP_REQQFULL;
	}
	if (sk_acceptq_is_full(sk)) {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_LISTENOVERFLOWS);
		return SKB_DROP_REASON_TCP_LISTEN_OVERFLOW;
	}
	return SKB_NOT_DROPPED_YET;
}

/* Without cookies, the last quarter of the backlog is for peers that we have
 * spoken to before. */
static bool tcp_request_is_stranger(const struct sock *sk, struct request_sock *req,
				    struct dst_entry *dst)
{
	const struct netns_ipv4 *ipv4 = &sock_net(sk)->ipv4;
	int max_syn_backlog = ipv4->sysctl_max_syn_backlog;

	return !ipv4->sysctl_tcp_syncookies &&
	       max_syn_backlog - inet_csk_reqsk_queue_len(sk) < max_syn_backlog >> 2 &&
	       !tcp_peer_is_proven(req, dst);
}

static void tcp_request_parse(struct sock *sk, struct sk_buff *skb, bool want_cookie,
			      struct tcp_options_received *opt, struct tcp_fastopen_cookie *foc)
{
	memset(opt, 0, sizeof(*opt));
	opt->mss_clamp = TCP_MSS_DEFAULT;
	opt->user_mss = tcp_sk(sk)->rx_opt.user_mss;
	tcp_parse_options(sock_net(sk), skb, opt, 0, want_cookie ? NULL : foc);
	/* A cookie remembers options in its timestamp only. */
	if (want_cookie && !opt->saw_tstamp)
		tcp_clear_options(opt);
	opt->tstamp_ok = opt->saw_tstamp;
}

/* Our initial sequence number: TIME_WAIT's, a cookie, or RFC 6528's. */
static u32 tcp_request_isn(struct sock *sk, struct request_sock *req, struct sk_buff *skb,
			   u32 isn, bool want_cookie)
{
	const struct iphdr *iph = ip_hdr(skb);
	const struct tcphdr *th = tcp_hdr(skb);

	if (want_cookie)
		return cookie_v4_init_sequence(sk, skb, &req->mss);
	if (isn)
		return isn;
	return tcp_v4_init_seq(sock_net(sk), iph->daddr, iph->saddr, th->dest, th->source);
}

/* @req is complete: keep it, unless its cookie does; answer. The reference to
 * @dst goes. */
static void tcp_request_answer(struct sock *sk, struct request_sock *req, struct dst_entry *dst,
			       bool want_cookie, struct tcp_fastopen_cookie *foc)
{
	if (!want_cookie)
		inet_csk_reqsk_queue_hash_add(sk, req, TCP_TIMEOUT_INIT);
	/* A SYN-ACK that cannot be sent now goes out by the timer. */
	tcp_v4_send_synack(sk, dst, req, foc);
	dst_release(dst);
	if (want_cookie)
		reqsk_free(req);
	else
		reqsk_put(req);
}

/* Fast Open: the child of a SYN goes to the accept queue at once. The references to it and
 * to @dst go. */
static void tcp_request_fastopen(struct sock *sk, struct request_sock *req, struct dst_entry *dst,
				 struct sock *child, struct tcp_fastopen_cookie *foc)
{
	tcp_v4_send_synack(child, dst, req, foc);
	dst_release(dst);
	if (inet_csk_reqsk_queue_add(sk, req, child))
		sk->sk_data_ready(sk);
	bh_unlock_sock(child);
	sock_put(child);
	reqsk_put(req);
}

static int tcp_request_drop(struct sock *sk, struct sk_buff *skb, enum skb_drop_reason reason)
{
	sk->sk_drops++;
	NET_INC_STATS(sock_net(sk), LINUX_MIB_LISTENDROPS);
	kfree_skb_reason(skb, reason);
	return 0;
}

/**
 * tcp_conn_request() - a SYN for a listener
 * @rsk_ops: the family's
 * @sk: the listener
 * @skb: the SYN, network header and TCP_SKB_CB set; consumed
 * Context: softirq; the listener is not locked
 * Return: 0
 */
int tcp_conn_request(struct request_sock_ops *rsk_ops, struct sock *sk, struct sk_buff *skb)
{
	u32 isn = TCP_SKB_CB(skb)->tcp_tw_isn;
	struct tcp_fastopen_cookie foc = { .len = -1 };
	struct tcp_options_received opt;
	struct sock *fastopen_sk = NULL;
	struct request_sock *req;
	enum skb_drop_reason reason;
	struct dst_entry *dst;
	struct flowi4 fl4;
	bool want_cookie;

	trace_skb(skb);
	reason = tcp_request_admit(sk, isn, &want_cookie);
	if (reason)
		return tcp_request_drop(sk, skb, reason);
	/* With a cookie it lives no longer than this call. */
	req = inet_reqsk_alloc(rsk_ops, sk, !want_cookie);
	if (!req)
		return tcp_request_drop(sk, skb, SKB_DROP_REASON_NOMEM);
	req->syncookie = want_cookie;
	tcp_request_parse(sk, skb, want_cookie, &opt, &foc);
	tcp_openreq_init(req, &opt, skb, sk);
	inet_rsk(req)->no_srccheck = inet_sk(sk)->transparent;

	dst = inet_csk_route_req(sk, &fl4, req);
	if (!dst) {
		reason = SKB_DROP_REASON_IP_OUTNOROUTES;
		goto free;
	}
	if (opt.tstamp_ok)
		tcp_rsk(req)->ts_off = tcp_v4_init_ts_off(sock_net(sk), ip_hdr(skb)->daddr,
							  ip_hdr(skb)->saddr);
	if (!want_cookie && !isn && tcp_request_is_stranger(sk, req, dst)) {
		reason = SKB_DROP_REASON_TCP_REQQFULL;
		goto release;
	}
	tcp_ecn_create_request(req, skb, sk);
	if (want_cookie && !opt.tstamp_ok)
		inet_rsk(req)->ecn_ok = 0;
	tcp_rsk(req)->snt_isn = tcp_request_isn(sk, req, skb, isn, want_cookie);
	tcp_openreq_init_rwin(req, sk, dst, 0);
	if (!want_cookie) {
		tcp_reqsk_record_syn(sk, req, skb);
		fastopen_sk = tcp_try_fastopen(sk, skb, req, &foc, dst);
	}
	if (fastopen_sk)
		tcp_request_fastopen(sk, req, dst, fastopen_sk, &foc);
	else
		tcp_request_answer(sk, req, dst, want_cookie, &foc);
	consume_skb(skb);
	return 0;

release:
	dst_release(dst);
free:
	reqsk_free(req);
	return tcp_request_drop(sk, skb, reason);
}
