// SPDX-License-Identifier: MIT
/*
 * SYN cookies: when there is no room to remember half-open connections, the
 * initial sequence number of the SYN-ACK remembers for us. The third ACK brings
 * it back, and a connection is made of it.
 *
 *	cookie = H1(four numbers) + peer's ISN + (minute << 24)
 *		 + ((H2(four numbers, minute, peer's ISN) + index of MSS) mod 2^24)
 *
 * Linux: H2 does not know the ISN. A segment that begins one to three bytes behind
 * it then brings a good cookie of another MSS, and when what came before is lost it
 * opens a connection that lacks its first bytes.
 *
 * A cookie is good for two minutes and only while the queue overflowed lately.
 * Other options are lost, unless the peer sent a timestamp: then they stand in
 * the lowest bits of ours, which comes back too:
 *
 *	bit 0-3 window scale (15: none), bit 4 SACK, bit 5 ECN
 *
 * Linux: net/ipv4/syncookies.c
 * RFC: 4987 3.6
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/siphash.h>
#include <linux/trace.h>
#include <net/route.h>
#include <net/tcp.h>

#define COOKIEBITS	24	/* upper bits of the cookie: minute */
#define COOKIEMASK	(((u32)1 << COOKIEBITS) - 1)
#define MAX_SYNCOOKIE_AGE	2	/* minutes */
#define TCP_SYNCOOKIE_PERIOD	(60 * NSEC_PER_SEC)
#define TCP_SYNCOOKIE_VALID	(MAX_SYNCOOKIE_AGE * TCP_SYNCOOKIE_PERIOD)

#define TSBITS			6
#define TSMASK			(((u32)1 << TSBITS) - 1)
#define TS_OPT_WSCALE_MASK	0xfU
#define TS_OPT_SACK		(1U << 4)
#define TS_OPT_ECN		(1U << 5)

/* The sizes that are met in the wild, as measured by others for Linux: what a
 * peer offers is rounded down to one of them. */
static const u16 msstab[] = { 536, 1300, 1440, 1460 };

/* ---- the cookie --------------------------------------------------------------------- */

/* H1 (@c 0) and H2 (@c 1), which has two numbers more. */
static u32 cookie_hash(const struct net *net, const struct iphdr *iph, const struct tcphdr *th,
		       u32 count, u32 sseq, int c)
{
	u32 ports = (u32)(__force u16)th->source << 16 | (__force u16)th->dest;

	return (u32)siphash_3u64((u64)(__force u32)iph->daddr << 32 | (__force u32)iph->saddr,
				 (u64)count << 32 | ports, sseq, &net->ipv4.syncookie_key[c]);
}

static u32 tcp_cookie_time(void)
{
	return (u32)(ktime_get_ns() / TCP_SYNCOOKIE_PERIOD);
}

static u32 secure_tcp_syn_cookie(const struct net *net, const struct iphdr *iph,
				 const struct tcphdr *th, u32 sseq, u32 data)
{
	u32 count = tcp_cookie_time();

	return cookie_hash(net, iph, th, 0, 0, 0) + sseq + (count << COOKIEBITS) +
	       ((cookie_hash(net, iph, th, count, sseq, 1) + data) & COOKIEMASK);
}

/* What secure_tcp_syn_cookie() hid in @cookie; (u32)-1: it is too old. */
static u32 check_tcp_syn_cookie(const struct net *net, u32 cookie, const struct iphdr *iph,
				const struct tcphdr *th, u32 sseq)
{
	u32 diff, count = tcp_cookie_time();

	cookie -= cookie_hash(net, iph, th, 0, 0, 0) + sseq;
	/* Now: (count << COOKIEBITS) ^ (hash + data) */
	diff = (count - (cookie >> COOKIEBITS)) & ((u32)-1 >> COOKIEBITS);
	if (diff >= MAX_SYNCOOKIE_AGE)
		return (u32)-1;
	return (cookie - cookie_hash(net, iph, th, count - diff, sseq, 1)) & COOKIEMASK;
}

/**
 * cookie_v4_init_sequence() - a sequence number that remembers a SYN
 * @sk: the listener
 * @skb: the SYN; borrowed
 * @mssp: the peer's MSS, bytes; rounded down to what the cookie can say
 * Context: softirq
 * Return: the cookie
 */
u32 cookie_v4_init_sequence(const struct sock *sk, const struct sk_buff *skb, u16 *mssp)
{
	struct net *net = sock_net(sk);
	const struct tcphdr *th = tcp_hdr(skb);
	u32 mssind;

	net->ipv4.tcp_last_overflow_ns = max_t(u64, ktime_get_ns(), 1);
	NET_INC_STATS(net, LINUX_MIB_SYNCOOKIESSENT);
	for (mssind = ARRAY_SIZE(msstab) - 1; mssind; mssind--)
		if (*mssp >= msstab[mssind])
			break;
	*mssp = msstab[mssind];
	return secure_tcp_syn_cookie(net, ip_hdr(skb), th, ntohl(th->seq), mssind);
}

/* The MSS of a good cookie, else 0. */
static u16 __cookie_v4_check(const struct net *net, const struct sk_buff *skb, u32 cookie)
{
	const struct tcphdr *th = tcp_hdr(skb);
	u32 mssind = check_tcp_syn_cookie(net, cookie, ip_hdr(skb), th, ntohl(th->seq) - 1);

	return mssind < ARRAY_SIZE(msstab) ? msstab[mssind] : 0;
}

static bool tcp_synq_no_recent_overflow(const struct net *net)
{
	u64 last = net->ipv4.tcp_last_overflow_ns;

	return !last || ktime_get_ns() - last > TCP_SYNCOOKIE_VALID;
}

/* ---- options in the timestamp ------------------------------------------------------- */

/**
 * cookie_init_timestamp() - when to say the SYN-ACK was sent
 * @req: with the options to remember
 * @now_ns: when it is
 * Context: softirq
 * Return: nanoseconds, less than 64 ticks of the timestamp clock away
 */
u64 cookie_init_timestamp(struct request_sock *req, u64 now_ns)
{
	const struct inet_request_sock *ireq = inet_rsk(req);
	const u64 tick_ns = NSEC_PER_SEC / TCP_TS_HZ;
	u64 ts, ts_now = now_ns / tick_ns;
	u32 options = ireq->wscale_ok ? ireq->snd_wscale : TS_OPT_WSCALE_MASK;

	if (ireq->sack_ok)
		options |= TS_OPT_SACK;
	if (ireq->ecn_ok)
		options |= TS_OPT_ECN;
	/* Not in the future, which would be gone back from later; but in the first
	 * moments after boot there is no past. */
	ts = (ts_now & ~(u64)TSMASK) | options;
	if (ts > ts_now && ts_now > TSMASK)
		ts -= 1UL << TSBITS;
	return ts * tick_ns;
}

/* The other way round. False: we never sent that. */
static bool cookie_timestamp_decode(const struct net *net, struct tcp_options_received *opt)
{
	u32 options = opt->rcv_tsecr;

	if (!opt->saw_tstamp) {
		tcp_clear_options(opt);
		return true;
	}
	if (!net->ipv4.sysctl_tcp_timestamps)
		return false;
	opt->sack_ok = options & TS_OPT_SACK ? TCP_SACK_SEEN : 0;
	if (opt->sack_ok && !net->ipv4.sysctl_tcp_sack)
		return false;
	if ((options & TS_OPT_WSCALE_MASK) == TS_OPT_WSCALE_MASK)
		return true;		/* no window scaling */
	opt->wscale_ok = 1;
	opt->snd_wscale = options & TS_OPT_WSCALE_MASK;
	return net->ipv4.sysctl_tcp_window_scaling != 0;
}

/* ---- the third ACK ------------------------------------------------------------------ */

/* The request that we did not keep, from what came back. */
static void cookie_fill_request(struct request_sock *req, const struct sock *sk,
				const struct sk_buff *skb, const struct tcp_options_received *opt,
				u32 cookie, u16 mss)
{
	struct inet_request_sock *ireq = inet_rsk(req);
	const struct tcphdr *th = tcp_hdr(skb);

	tcp_rsk(req)->rcv_isn = ntohl(th->seq) - 1;
	tcp_rsk(req)->rcv_nxt = ntohl(th->seq);
	tcp_rsk(req)->snt_isn = cookie;
	req->mss = mss;
	req->syncookie = 1;
	ireq->ir_num = ntohs(th->dest);
	ireq->ir_rmt_port = th->source;
	ireq->ir_loc_addr = ip_hdr(skb)->daddr;
	ireq->ir_rmt_addr = ip_hdr(skb)->saddr;
	ireq->ir_mark = sk->sk_mark;
	ireq->ir_iif = sk->sk_bound_dev_if;
	ireq->snd_wscale = opt->snd_wscale;
	ireq->sack_ok = opt->sack_ok != 0;
	ireq->wscale_ok = opt->wscale_ok;
	ireq->tstamp_ok = opt->saw_tstamp;
	req->ts_recent = opt->saw_tstamp ? opt->rcv_tsval : 0;
}

/* The connection, in the accept queue; or NULL. @dst is taken over. */
static struct sock *tcp_get_cookie_sock(struct sock *sk, struct sk_buff *skb,
					struct request_sock *req, struct dst_entry *dst,
					u32 tsoff)
{
	struct sock *child;
	bool own_req;

	child = inet_csk(sk)->icsk_af_ops->syn_recv_sock(sk, skb, req, dst, NULL, &own_req);
	if (child) {
		refcount_set(&req->rsk_refcnt, 1);
		tcp_sk(child)->tsoffset = tsoff;
		if (inet_csk_reqsk_queue_add(sk, req, child))
			return child;
		bh_unlock_sock(child);
		sock_put(child);
		reqsk_put(req);
		return NULL;
	}
	reqsk_free(req);
	return NULL;
}

/* Makes the connection of a good cookie; or NULL. */
static struct sock *cookie_v4_open(struct sock *sk, struct sk_buff *skb, u32 cookie, u16 mss)
{
	struct tcp_options_received opt = { .mss_clamp = mss };
	struct net *net = sock_net(sk);
	struct request_sock *req;
	struct dst_entry *dst;
	struct flowi4 fl4;
	u32 tsoff = 0;

	tcp_parse_options(net, skb, &opt, 0, NULL);
	if (opt.saw_tstamp && opt.rcv_tsecr) {
		tsoff = tcp_v4_init_ts_off(net, ip_hdr(skb)->daddr, ip_hdr(skb)->saddr);
		opt.rcv_tsecr -= tsoff;
	}
	if (!cookie_timestamp_decode(net, &opt))
		return NULL;
	req = inet_reqsk_alloc(&tcp_request_sock_ops, sk, true);
	if (!req)
		return NULL;
	cookie_fill_request(req, sk, skb, &opt, cookie, mss);
	tcp_rsk(req)->ts_off = tsoff;
	dst = inet_csk_route_req(sk, &fl4, req);
	if (!dst) {
		reqsk_free(req);
		return NULL;
	}
	/* Linux: by the peer's MSS, other than on the SYN-ACK */
	tcp_openreq_init_rwin(req, sk, dst, req->mss);
	inet_rsk(req)->ecn_ok = opt.saw_tstamp && opt.rcv_tsecr & TS_OPT_ECN &&
				net->ipv4.sysctl_tcp_ecn;
	return tcp_get_cookie_sock(sk, skb, req, dst, tsoff);
}

/**
 * cookie_v4_check() - is this ACK the third of a handshake we do not remember?
 * @sk: the listener
 * @skb: a segment without SYN; borrowed
 * Context: softirq
 * Return: @sk: no; NULL: yes, but there is no room for it; else the new
 * connection, bh-locked, with a reference for the caller
 */
struct sock *cookie_v4_check(struct sock *sk, struct sk_buff *skb)
{
	const struct tcphdr *th = tcp_hdr(skb);
	struct net *net = sock_net(sk);
	u32 cookie = ntohl(th->ack_seq) - 1;
	u16 mss;

	trace_skb(skb);
	if (!net->ipv4.sysctl_tcp_syncookies || !th->ack || th->rst ||
	    tcp_synq_no_recent_overflow(net))
		return sk;
	mss = __cookie_v4_check(net, skb, cookie);
	if (!mss) {
		NET_INC_STATS(net, LINUX_MIB_SYNCOOKIESFAILED);
		return sk;
	}
	NET_INC_STATS(net, LINUX_MIB_SYNCOOKIESRECV);
	return cookie_v4_open(sk, skb, cookie, mss);
}
