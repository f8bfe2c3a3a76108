// SPDX-License-Identifier: MIT
/*
 * Fast Open, the side that opens: a SYN with data and the peer's cookie, or one that
 * asks for a cookie; what the SYN-ACK says of it; and to leave it alone where the way
 * swallows it.
 *
 *	sendto(MSG_FASTOPEN), or connect() with TCP_FASTOPEN_CONNECT and write()
 *	    ─▶ tcp_connect ─▶ tcp_send_syn_data: two segments in the retransmit queue, the
 *	       bare SYN and the data; what goes out is both in one
 *	SYN-ACK ─▶ tcp_rcv_fastopen_synack: what it does not acknowledge goes out again
 *
 * Cookies are kept with the metrics of a host (tcp_metrics.c).
 *
 * Linux: net/ipv4/tcp_fastopen.c, tcp_output.c, tcp_input.c, tcp.c
 * RFC: 7413 4.1.3, 4.2.1
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/trace.h>
#include <net/inet_sock.h>
#include <net/tcp.h>
#include "tcp_output.h"

/* ---- black holes -------------------------------------------------------------------- */

/* Something on the way cannot bear it: none from this host for a while, each time twice
 * as long. */
static void tcp_fastopen_active_disable(struct sock *sk)
{
	struct netns_ipv4 *ipv4 = &sock_net(sk)->ipv4;

	if (!ipv4->sysctl_tcp_fastopen_blackhole_timeout)
		return;
	ipv4->tfo_active_disable_stamp_ns = ktime_get_ns();
	ipv4->tfo_active_disable_times++;
	NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPFASTOPENBLACKHOLE);
}

/* Is it one of those times? */
static bool tcp_fastopen_active_should_disable(struct sock *sk)
{
	const struct netns_ipv4 *ipv4 = &sock_net(sk)->ipv4;
	const u64 timeout = (u64)ipv4->sysctl_tcp_fastopen_blackhole_timeout * NSEC_PER_SEC;
	const u32 times = ipv4->tfo_active_disable_times;

	if (!timeout || !times)
		return false;
	if (ktime_get_ns() - ipv4->tfo_active_disable_stamp_ns < timeout << min(times - 1, 6U))
		return true;
	/* If this one succeeds, all is well again. */
	tcp_sk(sk)->syn_fastopen_ch = 1;
	return false;
}

/* Was the device that it went by one of this host alone? */
static bool tcp_fastopen_over_loopback(const struct sock *sk)
{
	return ipv4_is_loopback(sk->sk_daddr) || sk->sk_daddr == inet_sk(sk)->inet_saddr;
}

/**
 * tcp_fastopen_active_disable_ofo_check() - at the end: did the peer's data come?
 * @sk: the connection
 *
 * RFC 7413 7.1.1's kind of trouble: a FIN came, and nothing before it.
 *
 * Context: socket locked
 */
void tcp_fastopen_active_disable_ofo_check(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	struct rb_node *p;

	if (!tp->syn_fastopen)
		return;
	if (!tp->data_segs_in) {
		p = rb_first(&tp->out_of_order_queue);
		if (p && !rb_next(p) && TCP_SKB_CB(rb_to_skb(p))->tcp_flags & TCPHDR_FIN)
			tcp_fastopen_active_disable(sk);
	} else if (tp->syn_fastopen_ch && !tcp_fastopen_over_loopback(sk)) {
		sock_net(sk)->ipv4.tfo_active_disable_times = 0;
	}
}

/**
 * tcp_fastopen_active_detect_blackhole() - a timeout: one too many?
 * @sk: the connection
 * @expired: it is given up
 * Context: softirq, socket locked
 */
void tcp_fastopen_active_detect_blackhole(struct sock *sk, bool expired)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	const u32 timeouts = inet_csk(sk)->icsk_retransmits;

	if ((tp->syn_fastopen || tp->syn_data || tp->syn_data_acked) &&
	    (timeouts == 2 || (timeouts < 2 && expired))) {
		tcp_fastopen_active_disable(sk);
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPFASTOPENACTIVEFAIL);
	}
}

/**
 * tcp_fastopen_active_detect_rst() - a RST out of order: does something on the way make it?
 * @sk: the connection
 * Context: socket locked
 */
void tcp_fastopen_active_detect_rst(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	if (tp->syn_fastopen && !tp->data_segs_in && sk->sk_state == TCP_ESTABLISHED)
		tcp_fastopen_active_disable(sk);
}

/* ---- the SYN ------------------------------------------------------------------------ */

/**
 * tcp_free_fastopen_req() - no call is under way any more
 * @tp: the connection
 * Context: socket locked
 */
void tcp_free_fastopen_req(struct tcp_sock *tp)
{
	kfree(tp->fastopen_req);
	tp->fastopen_req = NULL;
}

/* May data go on the SYN? @mss, @cookie: what is known of the peer; a length of 0 asks for
 * a cookie, -1 sends no option. */
static bool tcp_fastopen_cookie_check(struct sock *sk, u16 *mss,
				      struct tcp_fastopen_cookie *cookie)
{
	tcp_fastopen_cache_get(sk, mss, cookie);
	if (tcp_fastopen_active_should_disable(sk)) {
		cookie->len = -1;
		return false;
	}
	if (tcp_fastopen_no_cookie(sk, __sk_dst_get(sk), TFO_CLIENT_NO_COOKIE)) {
		cookie->len = -1;
		return true;
	}
	if (cookie->len > 0)
		return true;
	tcp_sk(sk)->fastopen_client_fail = TFO_COOKIE_UNAVAILABLE;
	return false;
}

/**
 * tcp_fastopen_defer_connect() - TCP_FASTOPEN_CONNECT: is the SYN to wait for data?
 * @sk: in SYN-SENT, routed
 * @err: -ENOBUFS
 * Context: process, socket locked
 * Return: it waits: connect() has nothing more to do
 */
bool tcp_fastopen_defer_connect(struct sock *sk, int *err)
{
	struct tcp_fastopen_cookie cookie = { .len = 0 };
	struct tcp_sock *tp = tcp_sk(sk);
	u16 mss = 0;

	if (!tp->fastopen_connect || tp->fastopen_req)
		return false;
	if (tcp_fastopen_cookie_check(sk, &mss, &cookie)) {
		inet_sk(sk)->defer_connect = 1;
		return true;
	}
	/* The SYN goes now, and asks for a cookie. */
	tp->fastopen_req = kzalloc(sizeof(*tp->fastopen_req), GFP_KERNEL);
	if (tp->fastopen_req)
		tp->fastopen_req->cookie = cookie;
	else
		*err = -ENOBUFS;
	return false;
}

/* Bytes of data for the SYN. RFC 7413 4.1.3: by what the peer's MSS was last time; all the
 * room that options may take is left, for what is on the way. */
static int tcp_syn_data_space(struct sock *sk, const struct tcp_fastopen_request *fo)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int space;

	if (tp->rx_opt.user_mss && tp->rx_opt.user_mss < tp->rx_opt.mss_clamp)
		tp->rx_opt.mss_clamp = tp->rx_opt.user_mss;
	tcp_sync_mss(sk, inet_csk(sk)->icsk_pmtu_cookie);
	space = tcp_mtu_to_mss(sk, (int)inet_csk(sk)->icsk_pmtu_cookie) +
		(tp->tcp_header_len - (int)sizeof(struct tcphdr)) - MAX_TCP_OPTION_SPACE;
	return (int)min_t(size_t, (size_t)max(space, 0), fo->size);
}

/* SYN and data as one segment, to be sent; NULL: no memory, or the data cannot be read. */
static struct sk_buff *tcp_syn_data_build(struct sock *sk, const struct sk_buff *syn,
					  struct tcp_fastopen_request *fo)
{
	int space = tcp_syn_data_space(sk, fo);
	struct sk_buff *syn_data = tcp_alloc_segment(sk, (unsigned int)space, GFP_KERNEL, false);

	if (!syn_data)
		return NULL;
	memcpy(syn_data->cb, syn->cb, sizeof(syn->cb));
	if (space && !copy_from_iter_full(skb_put(syn_data, (unsigned int)space), (size_t)space,
					  &fo->data->msg_iter)) {
		consume_skb(syn_data);
		return NULL;
	}
	/* Nothing is left for a call that waits. */
	if ((size_t)space == fo->size)
		fo->data = NULL;
	fo->copied = space;
	return syn_data;
}

/* True: SYN and data went out as one. */
static bool tcp_syn_data_send(struct sock *sk, struct sk_buff *syn, struct sk_buff *syn_data)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int err;

	tcp_connect_queue_skb(sk, syn_data);
	tcp_mstamp_refresh(tp);
	if (syn_data->len)
		tcp_chrono_start(sk, TCP_CHRONO_BUSY);
	err = tcp_transmit_skb(sk, syn_data, 1, GFP_KERNEL);
	syn->skb_mstamp_ns = syn_data->skb_mstamp_ns;
	/* The SYN itself is the other one's to repeat. */
	TCP_SKB_CB(syn_data)->seq++;
	TCP_SKB_CB(syn_data)->tcp_flags = TCPHDR_ACK | TCPHDR_PSH;
	if (!err) {
		tp->syn_data = syn_data->len > 0;
		tcp_rbtree_insert(&sk->tcp_rtx_queue, syn_data);
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPORIGDATASENT);
		return true;
	}
	__skb_queue_tail(&sk->sk_write_queue, syn_data);
	tp->packets_out -= (u32)tcp_skb_pcount(syn_data);
	return false;
}

/**
 * tcp_send_syn_data() - the SYN of a Fast Open
 * @sk: in SYN-SENT, with a request under way (fastopen_req)
 * @syn: the bare SYN, in the retransmit queue
 *
 * RFC 7413 4.2.1. Without a cookie, or memory, it is a SYN that asks for one.
 *
 * Context: process, socket locked
 * Return: 0, or what transmission says
 */
int tcp_send_syn_data(struct sock *sk, struct sk_buff *syn)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct tcp_fastopen_request *fo = tp->fastopen_req;
	struct sk_buff *syn_data = NULL;
	int err = 0;

	tp->rx_opt.mss_clamp = tp->advmss;
	if (tcp_fastopen_cookie_check(sk, &tp->rx_opt.mss_clamp, &fo->cookie))
		syn_data = tcp_syn_data_build(sk, syn, fo);
	if (!syn_data || !tcp_syn_data_send(sk, syn, syn_data)) {
		if (fo->cookie.len > 0)
			fo->cookie.len = 0;
		err = tcp_transmit_skb(sk, syn, 1, GFP_KERNEL);
		if (err)
			tp->syn_fastopen = 0;
	}
	/* RFC 7413 4.1.3: SYNs that are repeated are plain */
	fo->cookie.len = -1;
	return err;
}

/**
 * tcp_sendmsg_fastopen() - write and connect in one
 * @sk: not connected, or a connect() that waits for data
 * @msg: what to write, and where to
 * @copied: set: bytes that went with the SYN
 * @size: bytes to write
 * Context: process, socket locked, may sleep
 * Return: 0: connected; -EINPROGRESS; -EOPNOTSUPP: not enabled; -EALREADY; what connect()
 * says
 */
int tcp_sendmsg_fastopen(struct sock *sk, struct msghdr *msg, int *copied, size_t size)
{
	struct sockaddr *uaddr = msg->msg_name;
	struct tcp_sock *tp = tcp_sk(sk);
	int err;

	if (!(sock_net(sk)->ipv4.sysctl_tcp_fastopen & TFO_CLIENT_ENABLE) ||
	    (uaddr && msg->msg_namelen >= (int)sizeof(uaddr->sa_family) &&
	     uaddr->sa_family == AF_UNSPEC))
		return -EOPNOTSUPP;
	if (tp->fastopen_req)
		return -EALREADY;
	tp->fastopen_req = kzalloc(sizeof(*tp->fastopen_req), GFP_KERNEL);
	if (!tp->fastopen_req)
		return -ENOBUFS;
	tp->fastopen_req->data = msg;
	tp->fastopen_req->size = size;
	if (inet_sk(sk)->defer_connect && tcp_connect(sk)) {
		/* As in tcp_v4_connect(). */
		tcp_set_state(sk, TCP_CLOSE);
		inet_sk(sk)->inet_dport = 0;
		sk->sk_route_caps = 0;
	}
	err = __inet_stream_connect(sk->sk_socket, uaddr, msg->msg_namelen,
				    msg->msg_flags & MSG_DONTWAIT ? O_NONBLOCK : 0, 1);
	/* It is gone if the connection came to nothing while we slept. */
	if (tp->fastopen_req) {
		*copied = tp->fastopen_req->copied;
		tcp_free_fastopen_req(tp);
		inet_sk(sk)->defer_connect = 0;
	}
	return err;
}

/* ---- the SYN-ACK -------------------------------------------------------------------- */

/* The peer's MSS as it said it: ours may have cut it. */
static u16 tcp_fastopen_peer_mss(const struct sock *sk, const struct sk_buff *synack)
{
	struct tcp_options_received opt = { .mss_clamp = 0 };

	if (tcp_sk(sk)->rx_opt.mss_clamp != tcp_sk(sk)->rx_opt.user_mss)
		return tcp_sk(sk)->rx_opt.mss_clamp;
	tcp_parse_options(sock_net(sk), synack, &opt, 0, NULL);
	return opt.mss_clamp;
}

/**
 * tcp_rcv_fastopen_synack() - what became of the data on our SYN
 * @sk: the connection, ESTABLISHED by now
 * @synack: the SYN-ACK; borrowed
 * @cookie: what it carried; len -1: none
 *
 * RFC 7413 4.2.1: cookie and MSS are remembered; data that was not acknowledged goes out
 * at once, as data; what the SYN-ACK brings is taken.
 *
 * Context: socket locked
 * Return: it was not, so that what was just sent has acknowledged the SYN-ACK
 */
bool tcp_rcv_fastopen_synack(struct sock *sk, struct sk_buff *synack,
			     struct tcp_fastopen_cookie *cookie)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct sk_buff *data = tp->syn_data ? tcp_rtx_queue_head(sk) : NULL;
	u16 mss = tcp_fastopen_peer_mss(sk, synack), try_exp = 0;

	if (!tp->syn_fastopen)
		cookie->len = -1;	/* nobody asked for it */
	else if (!tp->total_retrans && cookie->len < 0 && !tp->syn_data)
		/* It may know the option by its old, experimental number only. */
		try_exp = tp->syn_fastopen_exp ? 2 : 1;
	tcp_fastopen_cache_set(sk, mss, cookie, try_exp);

	if (data) {
		tp->fastopen_client_fail = tp->total_retrans ? TFO_SYN_RETRANSMITTED :
							       TFO_DATA_NOT_ACKED;
		for (; data; data = skb_rb_next(data))
			tcp_mark_skb_lost(sk, data);
		tcp_non_congestion_loss_retransmit(sk);
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPFASTOPENACTIVEFAIL);
		return true;
	}
	tp->syn_data_acked = tp->syn_data;
	if (tp->syn_data_acked) {
		NET_INC_STATS(sock_net(sk), LINUX_MIB_TCPFASTOPENACTIVE);
		/* SYN and data were one packet; tcp_ack() counted two. */
		if (tp->delivered > 1)
			tp->delivered--;
	}
	tcp_fastopen_add_skb(sk, synack);
	return false;
}
