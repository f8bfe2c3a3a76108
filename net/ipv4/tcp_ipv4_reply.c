// SPDX-License-Identifier: MIT
/*
 * Segments that no socket sends: RST to who has none, ACK of TIME_WAIT and of
 * half-open connections, SYN-ACK; and the checksum over IPv4.
 *
 * Linux: net/ipv4/tcp_ipv4.c
 * RFC: 9293 3.10.7.1 (reset generation), 3.1 (checksum), 7323 2.3
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/trace.h>
#include <net/route.h>
#include "tcp_ipv4.h"

/* ---- checksum ----------------------------------------------------------------------- */

/**
 * tcp_v4_check() - checksum with the pseudo header
 * @len: bytes of header and data
 * @saddr: source
 * @daddr: destination
 * @base: sum of header and data
 * Context: any
 */
__sum16 tcp_v4_check(int len, __be32 saddr, __be32 daddr, __wsum base)
{
	return csum_tcpudp_magic(saddr, daddr, (u32)len, IPPROTO_TCP, base);
}

/* The pseudo header's sum; the rest is left to the device, or to
 * skb_checksum_help(). */
static void __tcp_v4_send_check(struct sk_buff *skb, __be32 saddr, __be32 daddr)
{
	struct tcphdr *th = tcp_hdr(skb);
	__sum16 pseudo = tcp_v4_check((int)skb->len, saddr, daddr, (__force __wsum)0);

	th->check = (__force __sum16)(u16)~(__force u16)pseudo;
	skb->csum_start = (u16)(skb_transport_header(skb) - skb->head);
	skb->csum_offset = offsetof(struct tcphdr, check);
}

/**
 * tcp_v4_send_check() - prepare the checksum of a segment
 * @sk: its connection
 * @skb: data at the TCP header; borrowed
 * Context: socket locked
 */
void tcp_v4_send_check(struct sock *sk, struct sk_buff *skb)
{
	const struct inet_sock *inet = inet_sk(sk);

	__tcp_v4_send_check(skb, inet->inet_saddr, inet->inet_daddr);
}

/* ---- RST and ACK -------------------------------------------------------------------- */

/* A header, and room for a timestamp. */
struct tcp_reply {
	struct tcphdr th;
	__be32 opt[TCPOLEN_TSTAMP_ALIGNED / 4];
};

static void tcp_v4_send_reply(struct net *net, const struct sock *sk, struct sk_buff *skb,
			      struct tcp_reply *rep, struct ip_reply_arg *arg)
{
	const struct iphdr *iph = ip_hdr(skb);
	const struct tcphdr *th = tcp_hdr(skb);

	rep->th.source = th->dest;
	rep->th.dest = th->source;
	rep->th.doff = (arg->len / 4) & 0xf;
	arg->iov_base = rep;
	arg->csum = csum_tcpudp_nofold(iph->daddr, iph->saddr, arg->len, IPPROTO_TCP,
				       (__force __wsum)0);
	arg->csumoffset = offsetof(struct tcphdr, check) / 2;
	TCP_INC_STATS(net, TCP_MIB_OUTSEGS);
	ip_send_unicast_reply(net, NULL, skb, iph->saddr, iph->daddr, arg, IPPROTO_TCP);
}

static bool sk_no_srccheck(const struct sock *sk)
{
	if (sk_fullsock(sk))
		return inet_sk(sk)->transparent;
	return sk->sk_state == TCP_TIME_WAIT && inet_twsk(sk)->tw_transparent;
}

/**
 * tcp_v4_send_reset() - RFC 9293 3.10.7.1: answer what belongs to no connection
 * @sk: the socket that does not want it, or NULL
 * @skb: the segment, data at the TCP header; borrowed
 *
 * Nothing answers a RST, and nothing that was not for us alone.
 *
 * Context: softirq or process
 */
void tcp_v4_send_reset(const struct sock *sk, struct sk_buff *skb)
{
	const struct tcphdr *th = tcp_hdr(skb);
	struct tcp_reply rep = { .th = { .rst = 1 } };
	struct ip_reply_arg arg = { .len = sizeof(struct tcphdr), .tos = ip_hdr(skb)->tos };
	struct net *net = sk ? sock_net(sk) : dev_net(skb->dev);

	trace_skb(skb);
	if (th->rst)
		return;
	if (!sk && skb_rtable(skb)->rt_type != RTN_LOCAL)
		return;
	if (th->ack) {
		rep.th.seq = th->ack_seq;
	} else {
		rep.th.ack = 1;
		rep.th.ack_seq = htonl(ntohl(th->seq) + th->syn + th->fin + skb->len -
				       th->doff * 4U);
	}
	if (sk) {
		arg.bound_dev_if = sk->sk_bound_dev_if;
		if (sk_no_srccheck(sk))
			arg.flags = IP_REPLY_ARG_NOSRCCHECK;
		if (sk_fullsock(sk))
			arg.mark = sk->sk_mark;
		else if (sk->sk_state == TCP_TIME_WAIT)
			arg.mark = inet_twsk(sk)->tw_mark;
	}
	TCP_INC_STATS(net, TCP_MIB_OUTRSTS);
	tcp_v4_send_reply(net, sk, skb, &rep, &arg);
}

/* What an ACK says. */
struct tcp_ack_numbers {
	u32 seq, ack;
	u32 win;		/* scaled */
	u32 tsval, tsecr;	/* tsecr 0: no timestamps */
};

static void tcp_v4_send_ack(const struct sock *sk, struct sk_buff *skb,
			    const struct tcp_ack_numbers *n, struct ip_reply_arg *arg)
{
	struct tcp_reply rep = { .th = { .ack = 1 } };

	rep.th.seq = htonl(n->seq);
	rep.th.ack_seq = htonl(n->ack);
	rep.th.window = htons((u16)min(n->win, 65535U));
	arg->len = sizeof(struct tcphdr);
	if (n->tsecr) {
		rep.opt[0] = htonl((TCPOPT_NOP << 24) | (TCPOPT_NOP << 16) |
				   (TCPOPT_TIMESTAMP << 8) | TCPOLEN_TIMESTAMP);
		rep.opt[1] = htonl(n->tsval);
		rep.opt[2] = htonl(n->tsecr);
		arg->len += TCPOLEN_TSTAMP_ALIGNED;
	}
	tcp_v4_send_reply(sock_net(sk), sk, skb, &rep, arg);
}

/**
 * tcp_v4_timewait_ack() - the last ACK, again
 * @sk: a timewait sock; the caller's reference goes
 * @skb: what it answers; borrowed
 * Context: softirq
 */
void tcp_v4_timewait_ack(struct sock *sk, struct sk_buff *skb)
{
	struct inet_timewait_sock *tw = inet_twsk(sk);
	struct ip_reply_arg arg = {
		.bound_dev_if = tw->tw_bound_dev_if,
		.flags = tw->tw_transparent ? IP_REPLY_ARG_NOSRCCHECK : 0,
		.tos = tw->tw_tos,
		.mark = tw->tw_mark,
	};
	const struct tcp_ack_numbers n = {
		.seq = tw->tw_snd_nxt,
		.ack = tw->tw_rcv_nxt,
		.win = tw->tw_rcv_wnd >> tw->tw_rcv_wscale,
		.tsval = tcp_time_stamp_raw() + tw->tw_ts_offset,
		.tsecr = tw->tw_ts_recent,
	};

	trace_skb(skb);
	tcp_v4_send_ack(sk, skb, &n, &arg);
	inet_twsk_put(tw);
}

/**
 * tcp_v4_reqsk_send_ack() - an ACK of a half-open connection
 * @sk: the listener, or a Fast Open child
 * @skb: what it answers; borrowed
 * @req: the half-open connection; borrowed
 * Context: softirq
 */
void tcp_v4_reqsk_send_ack(const struct sock *sk, struct sk_buff *skb, struct request_sock *req)
{
	const struct inet_request_sock *ireq = inet_rsk(req);
	struct ip_reply_arg arg = {
		.bound_dev_if = ireq->ir_iif,
		.flags = ireq->no_srccheck ? IP_REPLY_ARG_NOSRCCHECK : 0,
		.tos = ip_hdr(skb)->tos,
		.mark = ireq->ir_mark,
	};
	/* RFC 7323 2.3: this is no SYN, so the window is scaled */
	const struct tcp_ack_numbers n = {
		/* A Fast Open child may have sent data. */
		.seq = sk->sk_state == TCP_LISTEN ? tcp_rsk(req)->snt_isn + 1 :
						    tcp_sk(sk)->snd_nxt,
		.ack = tcp_rsk(req)->rcv_nxt,
		.win = req->rsk_rcv_wnd >> ireq->rcv_wscale,
		.tsval = tcp_time_stamp_raw() + tcp_rsk(req)->ts_off,
		.tsecr = req->ts_recent,
	};

	trace_skb(skb);
	tcp_v4_send_ack(sk, skb, &n, &arg);
}

/* ---- SYN-ACK ------------------------------------------------------------------------ */

/* The listener's, or with tcp_reflect_tos the peer's, but for ECN. */
static u8 tcp_v4_synack_tos(const struct sock *sk, const struct request_sock *req)
{
	const u8 tos = inet_sk(sk)->tos;

	if (!sock_net(sk)->ipv4.sysctl_tcp_reflect_tos)
		return tos;
	return (u8)((inet_rsk(req)->tos & ~INET_ECN_MASK) | (tos & INET_ECN_MASK));
}

/**
 * tcp_v4_send_synack() - answer a SYN
 * @sk: the listener
 * @dst: the way there, borrowed; NULL: it is looked up
 * @req: the half-open connection
 * @foc: a Fast Open cookie to give, or NULL
 * Context: softirq
 * Return: 0, -ENOMEM: no route or no memory, or what IP says
 */
int tcp_v4_send_synack(const struct sock *sk, struct dst_entry *dst, struct request_sock *req,
		       struct tcp_fastopen_cookie *foc)
{
	const struct inet_request_sock *ireq = inet_rsk(req);
	struct dst_entry *found = NULL;
	struct flowi4 fl4;
	struct sk_buff *skb;
	int err;

	trace_here();
	if (!dst) {
		found = inet_csk_route_req(sk, &fl4, req);
		if (!found)
			return -ENOMEM;
		dst = found;
	}
	skb = tcp_make_synack(sk, dst, req, foc);
	dst_release(found);
	if (!skb)
		return -ENOMEM;
	__tcp_v4_send_check(skb, ireq->ir_loc_addr, ireq->ir_rmt_addr);
	err = ip_build_and_send_pkt(skb, sk, ireq->ir_loc_addr, ireq->ir_rmt_addr,
				    tcp_v4_synack_tos(sk, req));
	return err > 0 ? 0 : err;	/* congestion below us is no error */
}
