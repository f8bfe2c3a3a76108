// SPDX-License-Identifier: MIT
/*
 * What a connection learnt of its path, for the next one to the same host: RTT,
 * threshold, window, reordering (RFC 9040, temporal sharing). A small table with
 * a bounded number of entries; the least recently used goes first.
 *
 * Linux: net/ipv4/tcp_metrics.c
 * RFC: 9040
 */
#include <linux/errno.h>
#include <linux/list.h>
#include <linux/random.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <net/tcp.h>

#define TCP_METRICS_BUCKETS	64
#define TCP_METRICS_MAX		256	/* entries of a namespace */
#define TCP_METRICS_TIMEOUT	(60 * 60 * NSEC_PER_SEC)

struct tcp_metrics_entry {
	struct hlist_node hash;
	struct list_head lru;		/* least recently used first */
	__be32 daddr;
	u64 stamp_ns;			/* last written */
	u32 rtt_us, rttvar_us;		/* smoothed, scaled as tcp_sock's by 8 and 4 */
	u32 ssthresh, cwnd;		/* segments; 0: not known */
	u32 reordering;			/* segments; 0: not known */
	/* Fast Open: what the peer gave us */
	struct tcp_fastopen_cookie cookie;	/* len 0: none */
	u16 fastopen_mss;		/* its MSS option; 0: not known */
	u8 try_exp;			/* 1: ask by the experimental option; 2: that failed too */
};

struct tcp_metrics_block {
	struct hlist_head buckets[TCP_METRICS_BUCKETS];
	struct list_head lru;
	siphash_key_t key;
	unsigned int entries;
};

static struct hlist_head *tcp_metrics_bucket(struct tcp_metrics_block *tm, __be32 daddr)
{
	return &tm->buckets[siphash_1u32((__force u32)daddr, &tm->key) % TCP_METRICS_BUCKETS];
}

static void tcp_metrics_free(struct tcp_metrics_block *tm, struct tcp_metrics_entry *e)
{
	hlist_del(&e->hash);
	list_del(&e->lru);
	tm->entries--;
	kfree(e);
}

/* The entry of @daddr, or NULL; a stale one is forgotten. */
static struct tcp_metrics_entry *tcp_get_metrics(struct net *net, __be32 daddr)
{
	struct tcp_metrics_block *tm = net->ipv4.tcp_metrics;
	struct tcp_metrics_entry *e;

	hlist_for_each_entry(e, tcp_metrics_bucket(tm, daddr), hash) {
		if (e->daddr != daddr)
			continue;
		if (ktime_get_ns() - e->stamp_ns > TCP_METRICS_TIMEOUT) {
			tcp_metrics_free(tm, e);
			return NULL;
		}
		list_move_tail(&e->lru, &tm->lru);
		return e;
	}
	return NULL;
}

static struct tcp_metrics_entry *tcp_new_metrics(struct net *net, __be32 daddr)
{
	struct tcp_metrics_block *tm = net->ipv4.tcp_metrics;
	struct tcp_metrics_entry *e;

	if (tm->entries >= TCP_METRICS_MAX)
		tcp_metrics_free(tm, list_first_entry(&tm->lru, struct tcp_metrics_entry, lru));
	e = kzalloc(sizeof(*e), GFP_ATOMIC);
	if (!e)
		return NULL;
	e->daddr = daddr;
	hlist_add_head(&e->hash, tcp_metrics_bucket(tm, daddr));
	list_add_tail(&e->lru, &tm->lru);
	tm->entries++;
	return e;
}

/* RTT and its variation: a sample worse than the memory counts at once, a better
 * one by an eighth and a quarter. */
static void tcp_metrics_take_rtt(struct tcp_metrics_entry *e, const struct tcp_sock *tp)
{
	s64 diff = (s64)e->rtt_us - tp->srtt_us;
	u32 var;

	if (!e->rtt_us || diff <= 0)
		e->rtt_us = tp->srtt_us;
	else
		e->rtt_us -= (u32)(diff >> 3);
	if (diff < 0)
		diff = -diff;
	var = max((u32)(diff >> 1), tp->mdev_us);
	if (var >= e->rttvar_us)
		e->rttvar_us = var;
	else
		e->rttvar_us -= (e->rttvar_us - var) >> 2;
}

static void tcp_metrics_take_window(struct tcp_metrics_entry *e, struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 cwnd = tcp_snd_cwnd(tp);
	/* By default a loss then is no reason to be slow now. */
	const bool save_ssthresh = !sock_net(sk)->ipv4.sysctl_tcp_no_ssthresh_metrics_save;

	if (tcp_in_initial_slowstart(tp)) {
		/* Still in slow start: it bears at least this much. */
		if (save_ssthresh && e->ssthresh && (cwnd >> 1) > e->ssthresh)
			e->ssthresh = cwnd >> 1;
		if (cwnd > e->cwnd)
			e->cwnd = cwnd;
	} else if (!tcp_in_slow_start(tp) && inet_csk(sk)->icsk_ca_state == TCP_CA_Open) {
		if (save_ssthresh)
			e->ssthresh = max(cwnd >> 1, tp->snd_ssthresh);
		e->cwnd = (e->cwnd + cwnd) >> 1;
	} else {
		e->cwnd = (e->cwnd + tp->snd_ssthresh) >> 1;
		if (save_ssthresh && tp->snd_ssthresh > e->ssthresh)
			e->ssthresh = tp->snd_ssthresh;
		/* As Linux: of a connection that is recovering, or was lately. */
		if (e->reordering < tp->reordering &&
		    tp->reordering != (u32)sock_net(sk)->ipv4.sysctl_tcp_reordering)
			e->reordering = tp->reordering;
	}
}

/**
 * tcp_update_metrics() - a connection ends well: remember its path
 * @sk: the connection
 * Context: socket locked
 */
void tcp_update_metrics(struct sock *sk)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_sock *tp = tcp_sk(sk);
	struct net *net = sock_net(sk);
	struct tcp_metrics_entry *e;

	sk->sk_dst_pending_confirm = 1;
	if (net->ipv4.sysctl_tcp_nometrics_save || !__sk_dst_get(sk))
		return;
	e = tcp_get_metrics(net, inet_sk(sk)->inet_daddr);
	if (icsk->icsk_backoff || !tp->srtt_us) {
		/* It was failing: the remembered RTT is in doubt. */
		if (e)
			e->rtt_us = 0;
		return;
	}
	if (!e)
		e = tcp_new_metrics(net, inet_sk(sk)->inet_daddr);
	if (!e)
		return;
	tcp_metrics_take_rtt(e, tp);
	tcp_metrics_take_window(e, sk);
	e->stamp_ns = ktime_get_ns();
}

/**
 * tcp_init_metrics() - start a connection with what is known of its path
 * @sk: the connection, RTT of the handshake measured if it could be
 * Context: socket locked
 */
void tcp_init_metrics(struct sock *sk)
{
	struct tcp_sock *tp = tcp_sk(sk);
	struct net *net = sock_net(sk);
	const struct dst_entry *dst = __sk_dst_get(sk);
	const struct tcp_metrics_entry *e;
	u32 rtt_us = 0;

	tp->snd_ssthresh = TCP_INFINITE_SSTHRESH;
	e = dst ? tcp_get_metrics(net, inet_sk(sk)->inet_daddr) : NULL;
	if (e) {
		if (e->ssthresh && !net->ipv4.sysctl_tcp_no_ssthresh_metrics_save)
			tp->snd_ssthresh = min(e->ssthresh, tp->snd_cwnd_clamp);
		if (e->reordering && tp->reordering != e->reordering)
			tp->reordering = e->reordering;
		rtt_us = e->rtt_us;
	}
	if (rtt_us > tp->srtt_us) {
		/* The handshake's packets are small: an RTO from them alone may be
		 * too short for full segments. SRTT itself stays as measured. */
		rtt_us /= 8U;
		inet_csk(sk)->icsk_rto = usecs_to_ns(rtt_us +
			max_t(u32, 2 * rtt_us, (u32)(tcp_rto_min(sk) / NSEC_PER_USEC)));
	} else if (tp->srtt_us == 0) {
		/* RFC 6298 5.7: no sample, so the SYN was sent again: start from
		 * three seconds. */
		tp->rttvar_us = TCP_TIMEOUT_FALLBACK / NSEC_PER_USEC;
		tp->mdev_us = tp->mdev_max_us = tp->rttvar_us;
		inet_csk(sk)->icsk_rto = TCP_TIMEOUT_FALLBACK;
	}
}

/**
 * tcp_fastopen_cache_get() - the cookie of a host
 * @sk: about to connect
 * @mss: set to its MSS, if that is known
 * @cookie: set; len 0: there is none
 * Context: socket locked
 */
void tcp_fastopen_cache_get(struct sock *sk, u16 *mss, struct tcp_fastopen_cookie *cookie)
{
	const struct tcp_metrics_entry *e = tcp_get_metrics(sock_net(sk), inet_sk(sk)->inet_daddr);

	if (!e)
		return;
	if (e->fastopen_mss)
		*mss = e->fastopen_mss;
	*cookie = e->cookie;
	if (cookie->len <= 0 && e->try_exp == 1)
		cookie->exp = true;
}

/**
 * tcp_fastopen_cache_set() - what a SYN-ACK said of Fast Open
 * @sk: the connection
 * @mss: its MSS option; 0: none
 * @cookie: its cookie; len 0 or less: none
 * @try_exp: how to ask next time, if it is more than what was tried
 * Context: socket locked
 */
void tcp_fastopen_cache_set(struct sock *sk, u16 mss, const struct tcp_fastopen_cookie *cookie,
			    u16 try_exp)
{
	struct net *net = sock_net(sk);
	struct tcp_metrics_entry *e = tcp_get_metrics(net, inet_sk(sk)->inet_daddr);

	if (!__sk_dst_get(sk))
		return;
	if (!e)
		e = tcp_new_metrics(net, inet_sk(sk)->inet_daddr);
	if (!e)
		return;
	if (mss)
		e->fastopen_mss = mss;
	if (cookie->len > 0)
		e->cookie = *cookie;
	else if (try_exp > e->try_exp && e->cookie.len <= 0 && !e->cookie.exp)
		e->try_exp = (u8)try_exp;
	e->stamp_ns = ktime_get_ns();
}

/**
 * tcp_peer_is_proven() - has this host been heard of before?
 * @req: a half-open connection
 * @dst: its route
 * Context: softirq
 * Return: it has, so a SYN flood is not likely to name it
 */
bool tcp_peer_is_proven(struct request_sock *req, struct dst_entry *dst)
{
	const struct tcp_metrics_entry *e;

	if (!dst)
		return false;
	e = tcp_get_metrics(sock_net(req->rsk_listener), inet_rsk(req)->ir_rmt_addr);
	return e && e->rtt_us;
}

/**
 * tcp_metrics_init() - a namespace's table
 * @net: namespace
 * Context: process
 * Return: 0 or -ENOMEM
 */
int tcp_metrics_init(struct net *net)
{
	struct tcp_metrics_block *tm = kzalloc(sizeof(*tm), GFP_KERNEL);

	if (!tm)
		return -ENOMEM;
	INIT_LIST_HEAD(&tm->lru);
	get_random_bytes(&tm->key, sizeof(tm->key));
	net->ipv4.tcp_metrics = tm;
	return 0;
}

/**
 * tcp_metrics_exit() - give the table back
 * @net: namespace
 * Context: process
 */
void tcp_metrics_exit(struct net *net)
{
	struct tcp_metrics_block *tm = net->ipv4.tcp_metrics;

	while (!list_empty(&tm->lru))
		tcp_metrics_free(tm, list_first_entry(&tm->lru, struct tcp_metrics_entry, lru));
	kfree(tm);
	net->ipv4.tcp_metrics = NULL;
}
