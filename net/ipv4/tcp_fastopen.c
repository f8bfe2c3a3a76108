// SPDX-License-Identifier: MIT
/*
 * Fast Open, the side that is opened: cookies, the child that a SYN makes, and how
 * many of those a listener bears.
 *
 *	SYN, data, cookie ─▶ tcp_conn_request ─▶ tcp_try_fastopen: the cookie is good
 *	    ─▶ a full socket, in SYN_RECV, with the data in its queue (fastopen_rsk: what is
 *	       left of the half-open connection) ─▶ the accept queue, at once
 *	third ACK ─▶ tcp_check_req ─▶ ESTABLISHED; reqsk_fastopen_remove()
 *
 * A cookie is a keyed hash of both addresses: it proves that the peer has received at
 * its address before. Two keys: the first makes and checks, the second only checks.
 *
 * The other side stands in tcp_fastopen_client.c.
 *
 * Linux: net/ipv4/tcp_fastopen.c, net/core/request_sock.c
 * RFC: 7413
 */
#include <linux/byteorder.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/random.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/trace.h>
#include <net/tcp.h>

/* ---- keys --------------------------------------------------------------------------- */

static void tcp_fastopen_set_keys(struct tcp_fastopen_context *ctx, const u8 *primary,
				  const u8 *backup)
{
	memcpy(&ctx->key[0], primary, TCP_FASTOPEN_KEY_LENGTH);
	ctx->num = 1;
	if (backup) {
		memcpy(&ctx->key[1], backup, TCP_FASTOPEN_KEY_LENGTH);
		ctx->num = 2;
	}
}

/**
 * tcp_fastopen_reset_cipher() - new keys
 * @net: namespace
 * @sk: for this listener only; NULL: for all that have none of their own
 * @primary: TCP_FASTOPEN_KEY_LENGTH bytes
 * @backup: as many, or NULL
 * Context: process, @sk locked
 * Return: 0 or -ENOMEM
 */
int tcp_fastopen_reset_cipher(struct net *net, struct sock *sk, const u8 *primary,
			      const u8 *backup)
{
	struct tcp_fastopen_context **own;

	if (!sk) {
		tcp_fastopen_set_keys(&net->ipv4.tcp_fastopen_ctx, primary, backup);
		return 0;
	}
	own = &inet_csk(sk)->icsk_accept_queue.fastopenq.ctx;
	if (!*own)
		*own = kzalloc(sizeof(**own), GFP_KERNEL);
	if (!*own)
		return -ENOMEM;
	tcp_fastopen_set_keys(*own, primary, backup);
	return 0;
}

/**
 * tcp_fastopen_destroy_cipher() - a listener's own keys go
 * @sk: the listener
 * Context: socket locked
 */
void tcp_fastopen_destroy_cipher(struct sock *sk)
{
	struct fastopen_queue *fastopenq = &inet_csk(sk)->icsk_accept_queue.fastopenq;

	kfree(fastopenq->ctx);
	fastopenq->ctx = NULL;
}

/**
 * tcp_fastopen_init_key_once() - a random key, unless one was set
 * @net: namespace
 * Context: process
 */
void tcp_fastopen_init_key_once(struct net *net)
{
	u8 key[TCP_FASTOPEN_KEY_LENGTH];

	if (net->ipv4.tcp_fastopen_ctx.num)
		return;
	get_random_bytes(key, sizeof(key));
	tcp_fastopen_reset_cipher(net, NULL, key, NULL);
}

static const struct tcp_fastopen_context *tcp_fastopen_get_ctx(const struct sock *sk)
{
	const struct tcp_fastopen_context *own = inet_csk(sk)->icsk_accept_queue.fastopenq.ctx;

	return own ? own : &sock_net(sk)->ipv4.tcp_fastopen_ctx;
}

/**
 * tcp_fastopen_get_keys() - keys as bytes
 * @ctx: them
 * @key: TCP_FASTOPEN_KEY_BUF_LENGTH bytes, filled as far as there are keys
 * Context: any
 * Return: how many keys
 */
unsigned int tcp_fastopen_get_keys(const struct tcp_fastopen_context *ctx, u8 *key)
{
	memcpy(key, ctx->key, (size_t)ctx->num * TCP_FASTOPEN_KEY_LENGTH);
	return ctx->num;
}

/**
 * tcp_fastopen_get_cipher() - the keys that a listener uses
 * @sk: the listener
 * @key: as for tcp_fastopen_get_keys()
 * Context: socket locked
 * Return: how many keys
 */
unsigned int tcp_fastopen_get_cipher(const struct sock *sk, u8 *key)
{
	return tcp_fastopen_get_keys(tcp_fastopen_get_ctx(sk), key);
}

/* ---- cookies ------------------------------------------------------------------------ */

/* RFC 7413 4.1.2: of both addresses. */
static void tcp_fastopen_cookie_make(const struct sk_buff *syn, const siphash_key_t *key,
				     struct tcp_fastopen_cookie *foc)
{
	const struct iphdr *iph = ip_hdr(syn);
	const __be32 addresses[2] = { iph->saddr, iph->daddr };
	const __le64 hash = cpu_to_le64(siphash(addresses, sizeof(addresses), key));

	memcpy(foc->val, &hash, sizeof(hash));
	foc->len = TCP_FASTOPEN_COOKIE_SIZE;
}

/* Which key made @orig? 1, 2, or 0: none. @valid_foc: what it should be. */
static int tcp_fastopen_cookie_check_keys(const struct sock *sk, const struct sk_buff *syn,
					  const struct tcp_fastopen_cookie *orig,
					  struct tcp_fastopen_cookie *valid_foc)
{
	const struct tcp_fastopen_context *ctx = tcp_fastopen_get_ctx(sk);
	struct tcp_fastopen_cookie foc = { .len = -1 };
	unsigned int i;

	for (i = 0; i < ctx->num; i++) {
		tcp_fastopen_cookie_make(syn, &ctx->key[i], &foc);
		if (!i)
			*valid_foc = foc;
		if (foc.len == orig->len && !memcmp(foc.val, orig->val, (size_t)foc.len))
			return (int)i + 1;
	}
	return 0;
}

/**
 * tcp_fastopen_no_cookie() - is data on a SYN good without one?
 * @sk: listener or connection
 * @dst: its route, or NULL
 * @flag: the bit of tcp_fastopen that says so
 * Context: any
 */
bool tcp_fastopen_no_cookie(const struct sock *sk, const struct dst_entry *dst, int flag)
{
	return (sock_net(sk)->ipv4.sysctl_tcp_fastopen & flag) ||
	       tcp_sk(sk)->fastopen_no_cookie ||
	       (dst && dst_metric(dst, RTAX_FASTOPEN_NO_COOKIE));
}

/* ---- the child ---------------------------------------------------------------------- */

/**
 * tcp_fastopen_add_skb() - data that came with a SYN or SYN-ACK
 * @sk: the connection; rcv_nxt behind the SYN
 * @skb: the segment; borrowed
 * Context: softirq, socket locked
 */
void tcp_fastopen_add_skb(struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (TCP_SKB_CB(skb)->end_seq == tp->rcv_nxt)
		return;
	/* Without memory the peer sends it again. */
	skb = skb_clone(skb, GFP_ATOMIC);
	if (!skb)
		return;
	skb_dst_drop(skb);
	tp->segs_in = 0;	/* counted already, but not as data */
	tcp_segs_in(tp, skb);
	__skb_pull(skb, tcp_hdrlen(skb));
	sk_forced_mem_schedule(sk, (int)skb->truesize);
	skb_set_owner_r(skb, sk);
	TCP_SKB_CB(skb)->seq++;
	TCP_SKB_CB(skb)->tcp_flags &= (u8)~TCPHDR_SYN;
	tp->rcv_nxt = TCP_SKB_CB(skb)->end_seq;
	__skb_queue_tail(&sk->sk_receive_queue, skb);
	tp->syn_data_acked = 1;
	tp->bytes_received = skb->len;
	if (TCP_SKB_CB(skb)->tcp_flags & TCPHDR_FIN)
		tcp_fin(sk);
}

/* The child of a SYN alone, bh-locked, with a reference for the caller; or NULL. */
static struct sock *tcp_fastopen_create_child(struct sock *sk, struct sk_buff *skb,
					      struct request_sock *req)
{
	struct tcp_sock *tp;
	struct sock *child;
	bool own_req;

	child = inet_csk(sk)->icsk_af_ops->syn_recv_sock(sk, skb, req, NULL, NULL, &own_req);
	if (!child)
		return NULL;
	inet_csk(sk)->icsk_accept_queue.fastopenq.qlen++;
	tp = tcp_sk(child);
	tp->fastopen_rsk = req;
	tcp_rsk(req)->tfo_listener = 1;
	/* RFC 7323 2.2: the window of a SYN is not scaled */
	tp->snd_wnd = ntohs(tcp_hdr(skb)->window);
	tp->max_window = tp->snd_wnd;

	/* The SYN-ACK is the child's to repeat: the request is in no table. */
	req->timeout_ns = TCP_TIMEOUT_INIT;
	inet_csk_reset_xmit_timer(child, ICSK_TIME_RETRANS, req->timeout_ns, tcp_rto_max(child));
	/* One for the accept queue, one for the caller. */
	refcount_set(&req->rsk_refcnt, 2);

	tcp_init_transfer(child, skb);
	tp->rcv_nxt = TCP_SKB_CB(skb)->seq + 1;
	tcp_fastopen_add_skb(child, skb);
	tcp_rsk(req)->rcv_nxt = tp->rcv_nxt;
	tp->rcv_wup = tp->rcv_nxt;
	return child;
}

/* RFC 7413 5.1: no more than the listener bears. One that was reset a minute ago counts no
 * longer. */
static bool tcp_fastopen_queue_check(struct sock *sk)
{
	struct fastopen_queue *fastopenq = &inet_csk(sk)->icsk_accept_queue.fastopenq;
	struct request_sock *req;

	if (!fastopenq->max_qlen)
		return false;
	if (fastopenq->qlen < fastopenq->max_qlen)
		return true;
	req = fastopenq->rskq_rst_head;
	if (!req || tcp_rsk(req)->rst_expires > ktime_get_ns()) {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPFASTOPENLISTENOVERFLOW);
		return false;
	}
	fastopenq->rskq_rst_head = req->dl_next;
	fastopenq->qlen--;
	reqsk_put(req);
	return true;
}

/* Makes the child and counts. @foc: a new cookie is sent if an old key made the one that
 * came. */
static struct sock *tcp_fastopen_accept(struct sock *sk, struct sk_buff *skb,
					struct request_sock *req, int key,
					struct tcp_fastopen_cookie *foc,
					struct tcp_fastopen_cookie *valid_foc)
{
	struct sock *child = tcp_fastopen_create_child(sk, skb, req);

	if (!child) {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPFASTOPENPASSIVEFAIL);
		return NULL;
	}
	if (key == 2) {
		valid_foc->exp = foc->exp;
		*foc = *valid_foc;
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPFASTOPENPASSIVEALTKEY);
	} else {
		foc->len = -1;
	}
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPFASTOPENPASSIVE);
	tcp_sk(child)->syn_fastopen_child = 1;
	return child;
}

/**
 * tcp_try_fastopen() - a SYN for a listener: is it to be a connection at once?
 * @sk: the listener
 * @skb: the SYN; borrowed
 * @req: the half-open connection, complete; the child's, if there is one
 * @foc: the cookie that came (len 0: it is asked for, -1: no option); what is to be sent
 * @dst: the way back
 *
 * RFC 7413 4.2.2: whatever is wrong, the SYN still opens in the ordinary way.
 *
 * Context: softirq
 * Return: the child, bh-locked, with a reference for the caller; NULL: the ordinary way
 */
struct sock *tcp_try_fastopen(struct sock *sk, struct sk_buff *skb, struct request_sock *req,
			      struct tcp_fastopen_cookie *foc, const struct dst_entry *dst)
{
	const bool syn_data = TCP_SKB_CB(skb)->end_seq != TCP_SKB_CB(skb)->seq + 1;
	struct tcp_fastopen_cookie valid_foc = { .len = -1 };
	struct sock *child;
	int key = 0;

	if (foc->len == 0)
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPFASTOPENCOOKIEREQD);
	if (!(sock_net(sk)->ipv4.sysctl_tcp_fastopen & TFO_SERVER_ENABLE) ||
	    !(syn_data || foc->len >= 0) || !tcp_fastopen_queue_check(sk)) {
		foc->len = -1;
		return NULL;
	}
	trace_skb(skb);
	if (tcp_fastopen_no_cookie(sk, dst, TFO_SERVER_COOKIE_NOT_REQD)) {
		child = tcp_fastopen_accept(sk, skb, req, key, foc, &valid_foc);
		if (child)
			return child;
	} else if (foc->len == 0) {
		const struct tcp_fastopen_context *ctx = tcp_fastopen_get_ctx(sk);

		if (ctx->num)
			tcp_fastopen_cookie_make(skb, &ctx->key[0], &valid_foc);
	} else if (foc->len > 0) {
		key = tcp_fastopen_cookie_check_keys(sk, skb, foc, &valid_foc);
		if (!key)
			NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPFASTOPENPASSIVEFAIL);
		/* Without data too: then we may be the first to speak. */
		child = key ? tcp_fastopen_accept(sk, skb, req, key, foc, &valid_foc) : NULL;
		if (child)
			return child;
	}
	valid_foc.exp = foc->exp;
	*foc = valid_foc;
	return NULL;
}

/* ---- the end of it ------------------------------------------------------------------ */

/* How long one that was reset counts. */
#define TCP_FASTOPEN_RST_TIME	(60 * NSEC_PER_SEC)

/**
 * reqsk_fastopen_remove() - the handshake of a child is over
 * @sk: the child
 * @req: its request: gone, unless it is still in the accept queue
 * @reset: by a RST: RFC 7413 5.1: it counts a minute longer, so that who sends SYNs in
 *	others' names, whose hosts answer by RSTs, gains nothing
 * Context: socket locked
 */
void reqsk_fastopen_remove(struct sock *sk, struct request_sock *req, bool reset)
{
	struct sock *lsk = req->rsk_listener;
	struct fastopen_queue *fastopenq = &inet_csk(lsk)->icsk_accept_queue.fastopenq;

	tcp_sk(sk)->fastopen_rsk = NULL;
	fastopenq->qlen--;
	tcp_rsk(req)->tfo_listener = 0;
	if (req->sk)
		return;		/* not accepted yet: accept() frees it */
	if (!reset || lsk->sk_state != TCP_LISTEN) {
		reqsk_put(req);
		return;
	}
	tcp_rsk(req)->rst_expires = ktime_get_ns() + TCP_FASTOPEN_RST_TIME;
	req->dl_next = NULL;
	if (fastopenq->rskq_rst_head)
		fastopenq->rskq_rst_tail->dl_next = req;
	else
		fastopenq->rskq_rst_head = req;
	fastopenq->rskq_rst_tail = req;
	fastopenq->qlen++;
}

/**
 * fastopen_queue_tune() - how many a listener bears
 * @sk: the listener
 * @backlog: at most; and no more than somaxconn
 * Context: process, socket locked
 */
void fastopen_queue_tune(struct sock *sk, int backlog)
{
	const int somaxconn = sock_net(sk)->core.sysctl_somaxconn;

	inet_csk(sk)->icsk_accept_queue.fastopenq.max_qlen = min(backlog, somaxconn);
}

/**
 * tcp_fastopen_listen_stop() - the listener ends: those that were reset need not count
 * @sk: the listener
 * Context: process, socket locked
 */
void tcp_fastopen_listen_stop(struct sock *sk)
{
	struct fastopen_queue *fastopenq = &inet_csk(sk)->icsk_accept_queue.fastopenq;
	struct request_sock *req;

	local_bh_disable();
	while ((req = fastopenq->rskq_rst_head) != NULL) {
		fastopenq->rskq_rst_head = req->dl_next;
		fastopenq->qlen--;
		reqsk_put(req);
	}
	local_bh_enable();
}

/**
 * tcp_fastopen_synack_timer() - the SYN-ACK of a child was not answered
 * @sk: the child
 * @req: its request
 *
 * One try more than for others. Nothing else is sent again before the third ACK.
 *
 * Context: softirq, socket locked
 */
void tcp_fastopen_synack_timer(struct sock *sk, struct request_sock *req)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	int max_retries = icsk->icsk_syn_retries ?
				  icsk->icsk_syn_retries :
				  sock_net(sk)->ipv4.sysctl_tcp_synack_retries + 1;

	tcp_syn_ack_timeout(req);
	if (req->num_timeout >= max_retries) {
		tcp_write_err(sk);
		return;
	}
	/* RFC 5681 3.1: a second loss is no accident */
	if (icsk->icsk_retransmits == 1)
		tcp_enter_loss(sk);
	/* Whether it leaves the host or not: the program may have the socket. */
	if (!tcp_rtx_synack(sk, req)) {
		if (req->num_retrans < U8_MAX)
			req->num_retrans++;
		tp->total_retrans++;
	}
	req->num_timeout++;
	tcp_update_rto_stats(sk);
	if (!tp->retrans_stamp)
		tp->retrans_stamp = tp->tcp_mstamp;
	inet_csk_reset_xmit_timer(sk, ICSK_TIME_RETRANS,
				  req->timeout_ns << min_t(u8, req->num_timeout, 16),
				  tcp_rto_max(sk));
}

/**
 * tcp_rcv_synrecv_state_fastopen() - the third ACK came for a child
 * @sk: the child, in SYN_RECV or FIN_WAIT1
 * Context: socket locked
 */
void tcp_rcv_synrecv_state_fastopen(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);

	/* The timeouts were the SYN-ACK's. */
	if (inet_csk(sk)->icsk_ca_state == TCP_CA_Loss && !tp->packets_out)
		tcp_try_undo_recovery(sk);
	tcp_update_rto_time(tp);
	/* Of a recovery that this very ACK began it is the beginning. */
	if (inet_csk(sk)->icsk_ca_state != TCP_CA_Recovery)
		tp->retrans_stamp = 0;
	inet_csk(sk)->icsk_retransmits = 0;
	reqsk_fastopen_remove(sk, tp->fastopen_rsk, false);
	/* Data may be out: from now on it has a timer. */
	tcp_rearm_rto(sk);
}
