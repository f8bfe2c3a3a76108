// SPDX-License-Identifier: MIT
/*
 * Congestion control: the registry of algorithms, and reno, which is always
 * there. An algorithm is a table of functions (struct tcp_congestion_ops) and
 * up to ICSK_CA_PRIV_SIZE bytes in the socket.
 *
 * Linux: net/ipv4/tcp_cong.c
 * RFC: 5681 (slow start, congestion avoidance), 3465 (byte counting)
 */
#include <linux/errno.h>
#include <linux/list.h>
#include <linux/string.h>
#include <linux/trace.h>
#include <net/tcp.h>

static struct list_head tcp_cong_list __ro_after_init;
static u32 tcp_cong_count __ro_after_init;

static struct tcp_congestion_ops *tcp_ca_find(const char *name)
{
	struct tcp_congestion_ops *ca;

	list_for_each_entry(ca, &tcp_cong_list, list)
		if (!strcmp(ca->name, name))
			return ca;
	return NULL;
}

/**
 * tcp_register_congestion_control() - make an algorithm available
 * @ca: its table; kept
 * Context: initcall
 * Return: 0, -EINVAL if a required function is missing, -EEXIST, -ENOSPC
 */
int tcp_register_congestion_control(struct tcp_congestion_ops *ca)
{
	if (!ca->ssthresh || !ca->undo_cwnd || !(ca->cong_avoid || ca->cong_control))
		return -EINVAL;
	if (!tcp_cong_list.next)
		INIT_LIST_HEAD(&tcp_cong_list);
	if (tcp_ca_find(ca->name))
		return -EEXIST;
	if (tcp_cong_count == BITS_PER_BYTE * sizeof_field(struct net, ipv4.tcp_allowed_ca))
		return -ENOSPC;
	ca->id = tcp_cong_count++;
	list_add_tail(&ca->list, &tcp_cong_list);
	return 0;
}

/* Linux: a flag of the (one) table; here each namespace allows for itself. */
static bool tcp_ca_allowed(const struct net *net, const struct tcp_congestion_ops *ca)
{
	return net->ipv4.tcp_allowed_ca & (1U << ca->id);
}

/**
 * tcp_set_default_congestion_control() - net.ipv4.tcp_congestion_control
 * @net: namespace
 * @name: algorithm; from here on everybody may use it
 * Context: process
 * Return: 0 or -ENOENT
 */
int tcp_set_default_congestion_control(struct net *net, const char *name)
{
	struct tcp_congestion_ops *ca = tcp_ca_find(name);

	if (!ca)
		return -ENOENT;
	net->ipv4.tcp_congestion_control = ca;
	net->ipv4.tcp_allowed_ca |= 1U << ca->id;
	return 0;
}

/* Names of those in @mask, separated by blanks. */
static void tcp_ca_names(u32 mask, char *buf, size_t len)
{
	struct tcp_congestion_ops *ca;
	int offs = 0;

	*buf = '\0';
	list_for_each_entry(ca, &tcp_cong_list, list)
		if (mask & (1U << ca->id))
			offs += scnprintf(buf + offs, len - (size_t)offs, "%s%s",
					  offs ? " " : "", ca->name);
}

/**
 * tcp_get_available_congestion_control() - all names, separated by blanks
 * @buf: where to
 * @len: its size, bytes
 * Context: any
 */
void tcp_get_available_congestion_control(char *buf, size_t len)
{
	tcp_ca_names(U32_MAX, buf, len);
}

/**
 * tcp_get_allowed_congestion_control() - names of what everybody may use
 * @net: namespace
 * @buf: where to
 * @len: its size, bytes
 * Context: any
 */
void tcp_get_allowed_congestion_control(const struct net *net, char *buf, size_t len)
{
	tcp_ca_names(net->ipv4.tcp_allowed_ca, buf, len);
}

/**
 * tcp_init_allowed_congestion_control() - what a new namespace's programs may use
 * @net: namespace
 * Context: process
 */
void tcp_init_allowed_congestion_control(struct net *net)
{
	struct tcp_congestion_ops *ca;

	net->ipv4.tcp_allowed_ca = 0;
	list_for_each_entry(ca, &tcp_cong_list, list)
		if (ca->flags & TCP_CONG_NON_RESTRICTED)
			net->ipv4.tcp_allowed_ca |= 1U << ca->id;
}

/**
 * tcp_set_allowed_congestion_control() - net.ipv4.tcp_allowed_congestion_control
 * @net: namespace
 * @names: separated by one blank; those after two are not read
 * Context: process
 * Return: 0, or -ENOENT if there is one that nobody knows: then nothing changes
 */
int tcp_set_allowed_congestion_control(struct net *net, const char *names)
{
	const struct tcp_congestion_ops *ca;
	char name[TCP_CA_NAME_MAX];
	u32 mask = 0;
	size_t len;

	for (; *names && *names != ' '; names += names[len] ? len + 1 : len) {
		for (len = 0; names[len] && names[len] != ' '; len++)
			;
		if (len >= sizeof(name))
			return -ENOENT;
		memcpy(name, names, len);
		name[len] = '\0';
		ca = tcp_ca_find(name);
		if (!ca)
			return -ENOENT;
		mask |= 1U << ca->id;
	}
	net->ipv4.tcp_allowed_ca = mask;
	return 0;
}

/**
 * tcp_assign_congestion_control() - give a new socket the default
 * @sk: the socket
 * Context: process
 */
void tcp_assign_congestion_control(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	icsk->icsk_ca_ops = sock_net(sk)->ipv4.tcp_congestion_control;
	memset(icsk->icsk_ca_priv, 0, sizeof(icsk->icsk_ca_priv));
}

/**
 * tcp_init_congestion_control() - start the algorithm: data can flow
 * @sk: the connection
 * Context: socket locked
 */
void tcp_init_congestion_control(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	tcp_sk(sk)->prior_ssthresh = 0;
	if (icsk->icsk_ca_ops->init)
		icsk->icsk_ca_ops->init(sk);
	icsk->icsk_ca_initialized = 1;
}

/**
 * tcp_cleanup_congestion_control() - the socket goes, or changes algorithm
 * @sk: the connection
 * Context: socket locked, or last reference
 */
void tcp_cleanup_congestion_control(struct sock *sk)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	if (icsk->icsk_ca_initialized && icsk->icsk_ca_ops->release)
		icsk->icsk_ca_ops->release(sk);
	icsk->icsk_ca_initialized = 0;
}

/**
 * tcp_set_congestion_control() - TCP_CONGESTION
 * @sk: the socket
 * @name: algorithm
 * @load: may load a module: there are none here
 * @cap_net_admin: may use restricted ones
 * Context: socket locked
 * Return: 0, -ENOENT, -EPERM
 */
int tcp_set_congestion_control(struct sock *sk, const char *name, bool load,
			       bool cap_net_admin)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_congestion_ops *ca;

	if (icsk->icsk_ca_dst_locked)
		return -EPERM;
	ca = tcp_ca_find(name);
	if (!ca)
		return -ENOENT;
	if (ca != icsk->icsk_ca_ops && !cap_net_admin && !tcp_ca_allowed(sock_net(sk), ca))
		return -EPERM;
	icsk->icsk_ca_setsockopt = 1;
	if (ca == icsk->icsk_ca_ops)
		return 0;
	tcp_cleanup_congestion_control(sk);
	icsk->icsk_ca_ops = ca;
	memset(icsk->icsk_ca_priv, 0, sizeof(icsk->icsk_ca_priv));
	if (!((1 << sk->sk_state) & (TCPF_CLOSE | TCPF_LISTEN)))
		tcp_init_congestion_control(sk);
	return 0;
}

/**
 * tcp_set_ca_state() - the one place where icsk_ca_state changes
 * @sk: the connection
 * @ca_state: enum tcp_ca_state
 * Context: socket locked
 */
void tcp_set_ca_state(struct sock *sk, u8 ca_state)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	trace_here();
	if (icsk->icsk_ca_ops->set_state)
		icsk->icsk_ca_ops->set_state(sk, ca_state);
	icsk->icsk_ca_state = ca_state;
}

/**
 * tcp_slow_start() - RFC 5681 3.1: one segment more for each acknowledged
 * @tp: the connection
 * @acked: segments newly acknowledged
 * Context: socket locked
 * Return: what is left of @acked beyond ssthresh
 */
u32 tcp_slow_start(struct tcp_sock *tp, u32 acked)
{
	u32 cwnd = min(tcp_snd_cwnd(tp) + acked, tp->snd_ssthresh);

	acked -= cwnd - tcp_snd_cwnd(tp);
	tcp_snd_cwnd_set(tp, min(cwnd, tp->snd_cwnd_clamp));
	return acked;
}

/**
 * tcp_cong_avoid_ai() - additive increase: a segment for every @w acknowledged
 * @tp: the connection
 * @w: segments
 * @acked: segments newly acknowledged
 * Context: socket locked
 */
void tcp_cong_avoid_ai(struct tcp_sock *tp, u32 w, u32 acked)
{
	/* Credit saved when w was larger is worth one segment at most. */
	if (tp->snd_cwnd_cnt >= w) {
		tp->snd_cwnd_cnt = 0;
		tcp_snd_cwnd_set(tp, tcp_snd_cwnd(tp) + 1);
	}
	tp->snd_cwnd_cnt += acked;
	if (tp->snd_cwnd_cnt >= w) {
		u32 delta = tp->snd_cwnd_cnt / w;

		tp->snd_cwnd_cnt -= delta * w;
		tcp_snd_cwnd_set(tp, tcp_snd_cwnd(tp) + delta);
	}
	tcp_snd_cwnd_set(tp, min(tcp_snd_cwnd(tp), tp->snd_cwnd_clamp));
}

/**
 * tcp_reno_cong_avoid() - reno: slow start, then one segment a round trip
 * @sk: the connection
 * @ack: acknowledgement number
 * @acked: segments newly acknowledged
 * Context: socket locked
 */
void tcp_reno_cong_avoid(struct sock *sk, u32 ack, u32 acked)
{
	struct tcp_sock *tp = tcp_sk(sk);

	/* RFC 7661: a window that is not used says nothing and does not grow. */
	if (!tcp_is_cwnd_limited(sk))
		return;
	if (tcp_in_slow_start(tp)) {
		acked = tcp_slow_start(tp, acked);
		if (!acked)
			return;
	}
	tcp_cong_avoid_ai(tp, tcp_snd_cwnd(tp), acked);
}

/**
 * tcp_reno_ssthresh() - half the window, two segments at least (RFC 5681 eq. 4)
 * @sk: the connection
 * Context: socket locked
 * Return: segments
 */
u32 tcp_reno_ssthresh(struct sock *sk)
{
	return max(tcp_snd_cwnd(tcp_sk(sk)) >> 1U, 2U);
}

/**
 * tcp_reno_undo_cwnd() - the reduction was for nothing
 * @sk: the connection
 * Context: socket locked
 * Return: the window to go back to, segments
 */
u32 tcp_reno_undo_cwnd(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	return max(tcp_snd_cwnd(tp), tp->prior_cwnd);
}

struct tcp_congestion_ops tcp_reno __ro_after_init = {
	.flags = TCP_CONG_NON_RESTRICTED,
	.name = "reno",
	.ssthresh = tcp_reno_ssthresh,
	.cong_avoid = tcp_reno_cong_avoid,
	.undo_cwnd = tcp_reno_undo_cwnd,
};
