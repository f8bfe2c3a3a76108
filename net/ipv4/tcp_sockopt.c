// SPDX-License-Identifier: MIT
/*
 * Options of TCP sockets, by tcp(7). An option that is not there gives
 * -ENOPROTOOPT: nothing is accepted and ignored (docs/omissions.md has the list).
 *
 * Linux: net/ipv4/tcp.c
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <net/tcp.h>

/* ---- setting ------------------------------------------------------------------------ */

/**
 * tcp_sock_set_cork() - TCP_CORK: collect full segments, or let go of them
 * @sk: the connection
 * @on: collect
 * Context: process, socket locked
 */
void tcp_sock_set_cork(struct sock *sk, bool on)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (on) {
		tp->nonagle |= TCP_NAGLE_CORK;
		return;
	}
	tp->nonagle &= ~TCP_NAGLE_CORK & 0xf;
	if (tp->nonagle & TCP_NAGLE_OFF)
		tp->nonagle |= TCP_NAGLE_PUSH;
	tcp_push_pending_frames(sk);
}

/* TCP_NODELAY. Also pushes what waits, even of a corked socket: once. */
static void tcp_sock_set_nodelay(struct sock *sk, bool on)
{
	struct tcp_sock *tp = tcp_sk(sk);

	if (on) {
		tp->nonagle |= TCP_NAGLE_OFF | TCP_NAGLE_PUSH;
		tcp_push_pending_frames(sk);
	} else {
		tp->nonagle &= ~TCP_NAGLE_OFF & 0xf;
	}
}

static void tcp_sock_set_quickack(struct sock *sk, int val)
{
	if (!val) {
		inet_csk_enter_pingpong_mode(sk);
		return;
	}
	inet_csk_exit_pingpong_mode(sk);
	if ((1 << sk->sk_state) & (TCPF_ESTABLISHED | TCPF_CLOSE_WAIT) &&
	    inet_csk_ack_scheduled(sk)) {
		inet_csk(sk)->icsk_ack.pending |= ICSK_ACK_PUSHED;
		tcp_cleanup_rbuf(sk, 1);
		if (!(val & 1))		/* an even one: this time only */
			inet_csk_enter_pingpong_mode(sk);
	}
}

static int tcp_sock_set_keepidle(struct sock *sk, int val)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u64 elapsed;

	if (val < 1 || val > MAX_TCP_KEEPIDLE)
		return -EINVAL;
	tp->keepalive_time = (u64)val * NSEC_PER_SEC;
	if (sock_flag(sk, SOCK_KEEPOPEN) &&
	    !((1 << sk->sk_state) & (TCPF_CLOSE | TCPF_LISTEN))) {
		elapsed = keepalive_time_elapsed(tp);
		inet_csk_reset_keepalive_timer(sk, tp->keepalive_time > elapsed ?
						   tp->keepalive_time - elapsed : 0);
	}
	return 0;
}

/**
 * tcp_set_window_clamp() - bound the window that is offered
 * @sk: the connection
 * @val: bytes; 0: no bound, before there is a connection
 * Context: socket locked
 * Return: 0 or -EINVAL
 */
int tcp_set_window_clamp(struct sock *sk, int val)
{
	struct tcp_sock *tp = tcp_sk(sk);
	u32 old = tp->window_clamp, clamp = (u32)max(val, SOCK_MIN_RCVBUF / 2);

	if (!val) {
		if (sk->sk_state != TCP_CLOSE)
			return -EINVAL;
		tp->window_clamp = 0;
		return 0;
	}
	tp->window_clamp = clamp;
	if (clamp < old)
		tp->rcv_ssthresh = min(tp->rcv_ssthresh, clamp);
	else if (clamp > old)
		tp->rcv_ssthresh = max_t(u32, min(tp->rcv_wnd, clamp), tp->rcv_ssthresh);
	return 0;
}

/* TCP_DEFER_ACCEPT is in seconds, the timer counts SYN-ACKs. */
static u8 secs_to_retrans(int seconds)
{
	int timeout = (int)(TCP_TIMEOUT_INIT / NSEC_PER_SEC), period = timeout;
	const int rto_max = (int)(TCP_RTO_MAX / NSEC_PER_SEC);
	u8 res = 0;

	if (seconds <= 0)
		return 0;
	for (res = 1; seconds > period && res < 255; res++) {
		timeout = min(timeout << 1, rto_max);
		period += timeout;
	}
	return res;
}

static int retrans_to_secs(u8 retrans)
{
	int timeout = (int)(TCP_TIMEOUT_INIT / NSEC_PER_SEC), period = 0;
	const int rto_max = (int)(TCP_RTO_MAX / NSEC_PER_SEC);

	for (; retrans; retrans--) {
		period += timeout;
		timeout = min(timeout << 1, rto_max);
	}
	return period;
}

static void tcp_sock_set_linger2(struct tcp_sock *tp, int val)
{
	if (val < 0)
		tp->linger2 = -1;
	else
		tp->linger2 = (s64)min_t(u64, (u64)val * NSEC_PER_SEC, TCP_FIN_TIMEOUT_MAX);
}

static bool tcp_usecs_in(int val, u64 lo_ns, u64 hi_ns)
{
	return val > 0 && usecs_to_ns((u64)val) >= lo_ns && usecs_to_ns((u64)val) <= hi_ns;
}

/* Bounds of a connection's timers. -ENOPROTOOPT: none of these. */
static int tcp_set_bound_option(struct sock *sk, int optname, int val)
{
	struct inet_connection_sock *icsk = inet_csk(sk);

	switch (optname) {
	case TCP_RTO_MAX_MS:
		if (val < 1000 || (u64)val > TCP_RTO_MAX / NSEC_PER_MSEC)
			return -EINVAL;
		icsk->icsk_rto_max = (u64)val * NSEC_PER_MSEC;
		return 0;
	case TCP_RTO_MIN_US:
		if (!tcp_usecs_in(val, TCP_TIMEOUT_MIN, TCP_RTO_MIN))
			return -EINVAL;
		icsk->icsk_rto_min = usecs_to_ns((u64)val);
		return 0;
	case TCP_DELACK_MAX_US:
		if (!tcp_usecs_in(val, TCP_TIMEOUT_MIN, TCP_DELACK_MAX))
			return -EINVAL;
		icsk->icsk_delack_max = usecs_to_ns((u64)val);
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

/* TCP_FASTOPEN and its kin, and what is kept of a SYN. -ENOPROTOOPT: none of these. */
static int tcp_set_fastopen_option(struct sock *sk, int optname, int val)
{
	const bool fresh = (1 << sk->sk_state) & (TCPF_CLOSE | TCPF_LISTEN);
	struct net *net = sock_net(sk);
	struct tcp_sock *tp = tcp_sk(sk);

	switch (optname) {
	case TCP_FASTOPEN:
		if (val < 0 || !fresh)
			return -EINVAL;
		tcp_fastopen_init_key_once(net);
		fastopen_queue_tune(sk, val);
		return 0;
	case TCP_FASTOPEN_CONNECT:
		if (val < 0 || val > 1)
			return -EINVAL;
		if (!(net->ipv4.sysctl_tcp_fastopen & TFO_CLIENT_ENABLE))
			return -EOPNOTSUPP;
		if (sk->sk_state != TCP_CLOSE)
			return -EINVAL;
		tp->fastopen_connect = val != 0;
		return 0;
	case TCP_FASTOPEN_NO_COOKIE:
		if (val < 0 || val > 1 || !fresh)
			return -EINVAL;
		tp->fastopen_no_cookie = val != 0;
		return 0;
	case TCP_SAVE_SYN:
		if (val < 0 || val > 2)
			return -EINVAL;
		tp->save_syn = (u8)val & 3;
		return 0;
	default:
		return tcp_set_bound_option(sk, optname, val);
	}
}

/* Timers and counts: each within its range. -ENOPROTOOPT: none of these. */
static int tcp_set_time_option(struct sock *sk, int optname, int val)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	struct tcp_sock *tp = tcp_sk(sk);

	switch (optname) {
	case TCP_KEEPIDLE:
		return tcp_sock_set_keepidle(sk, val);
	case TCP_KEEPINTVL:
		if (val < 1 || val > MAX_TCP_KEEPINTVL)
			return -EINVAL;
		tp->keepalive_intvl = (u64)val * NSEC_PER_SEC;
		return 0;
	case TCP_KEEPCNT:
		if (val < 1 || val > MAX_TCP_KEEPCNT)
			return -EINVAL;
		tp->keepalive_probes = (u8)val;
		return 0;
	case TCP_SYNCNT:
		if (val < 1 || val > MAX_TCP_SYNCNT)
			return -EINVAL;
		icsk->icsk_syn_retries = (u8)val;
		return 0;
	case TCP_LINGER2:
		tcp_sock_set_linger2(tp, val);
		return 0;
	case TCP_DEFER_ACCEPT:
		icsk->icsk_accept_queue.rskq_defer_accept = secs_to_retrans(val);
		return 0;
	case TCP_USER_TIMEOUT:
		if (val < 0)
			return -EINVAL;
		icsk->icsk_user_timeout_ms = (u32)val;
		return 0;
	default:
		return tcp_set_fastopen_option(sk, optname, val);
	}
}

/* Socket locked. */
static int tcp_set_int_option(struct sock *sk, int optname, int val)
{
	struct tcp_sock *tp = tcp_sk(sk);

	switch (optname) {
	case TCP_MAXSEG:
		if (val && (val < (int)TCP_MIN_MSS || val > (int)MAX_TCP_WINDOW))
			return -EINVAL;
		tp->rx_opt.user_mss = (u16)val;
		return 0;
	case TCP_NODELAY:
		tcp_sock_set_nodelay(sk, val != 0);
		return 0;
	case TCP_CORK:
		tcp_sock_set_cork(sk, val != 0);
		return 0;
	case TCP_QUICKACK:
		tcp_sock_set_quickack(sk, val);
		return 0;
	case TCP_WINDOW_CLAMP:
		return tcp_set_window_clamp(sk, val);
	case TCP_NOTSENT_LOWAT:
		tp->notsent_lowat = (u32)val;
		sk->sk_write_space(sk);
		return 0;
	case TCP_THIN_LINEAR_TIMEOUTS:
		if (val < 0 || val > 1)
			return -EINVAL;
		tp->thin_lto = val != 0;
		return 0;
	case TCP_INQ:
		if (val < 0 || val > 1)
			return -EINVAL;
		tp->recvmsg_inq = val != 0;
		return 0;
	default:
		return tcp_set_time_option(sk, optname, val);
	}
}

static int tcp_set_congestion_option(struct sock *sk, const void __user *optval,
				     unsigned int optlen)
{
	char name[TCP_CA_NAME_MAX];
	long len;
	int err;

	if (optlen < 1)
		return -EINVAL;
	len = strncpy_from_user(name, optval, min_t(long, TCP_CA_NAME_MAX - 1, optlen));
	if (len < 0)
		return -EFAULT;
	name[len] = '\0';
	lock_sock(sk);
	err = tcp_set_congestion_control(sk, name, true, true);
	release_sock(sk);
	return err;
}

/* TCP_FASTOPEN_KEY: one or two keys of sixteen bytes. */
static int tcp_set_fastopen_key(struct sock *sk, const void __user *optval, unsigned int optlen)
{
	u8 key[TCP_FASTOPEN_KEY_BUF_LENGTH];
	const u8 *backup = NULL;
	int err;

	if (optlen != TCP_FASTOPEN_KEY_LENGTH && optlen != TCP_FASTOPEN_KEY_BUF_LENGTH)
		return -EINVAL;
	if (copy_from_user(key, optval, optlen))
		return -EFAULT;
	if (optlen == TCP_FASTOPEN_KEY_BUF_LENGTH)
		backup = key + TCP_FASTOPEN_KEY_LENGTH;
	lock_sock(sk);
	err = tcp_fastopen_reset_cipher(sock_net(sk), sk, key, backup);
	release_sock(sk);
	return err;
}

/**
 * tcp_setsockopt() - proto.setsockopt
 * @sk: not locked
 * @level: SOL_TCP; others are IP's
 * @optname: TCP_*
 * @optval: the program's
 * @optlen: its bytes
 * Context: process, may sleep
 * Return: 0; -EINVAL: too short or out of range; -EFAULT; -ENOPROTOOPT; -ENOENT:
 * no such congestion control
 */
int tcp_setsockopt(struct sock *sk, int level, int optname, const void __user *optval,
		   unsigned int optlen)
{
	int val, err;

	if (level != SOL_TCP)
		return inet_csk(sk)->icsk_af_ops->setsockopt(sk, level, optname, optval, optlen);
	if (optname == TCP_CONGESTION)
		return tcp_set_congestion_option(sk, optval, optlen);
	if (optname == TCP_FASTOPEN_KEY)
		return tcp_set_fastopen_key(sk, optval, optlen);
	if (optlen < sizeof(int))
		return -EINVAL;
	if (copy_from_user(&val, optval, sizeof(val)))
		return -EFAULT;
	lock_sock(sk);
	err = tcp_set_int_option(sk, optname, val);
	release_sock(sk);
	return err;
}

/* ---- getting ------------------------------------------------------------------------ */

static int tcp_get_congestion_option(struct sock *sk, char __user *optval, int __user *optlen)
{
	const struct tcp_congestion_ops *ca = inet_csk(sk)->icsk_ca_ops;
	int len;

	if (get_user(len, optlen))
		return -EFAULT;
	if (len < 0)
		return -EINVAL;
	len = (int)min_t(unsigned int, (unsigned int)len, TCP_CA_NAME_MAX);
	if (put_user(len, optlen) || copy_to_user(optval, ca->name, (unsigned long)len))
		return -EFAULT;
	return 0;
}

static int tcp_get_cc_info(struct sock *sk, char __user *optval, int __user *optlen)
{
	const struct tcp_congestion_ops *ca;
	union tcp_cc_info info;
	size_t size = 0;
	int attr, len;

	if (get_user(len, optlen))
		return -EFAULT;
	if (len < 0)
		return -EINVAL;
	lock_sock(sk);
	ca = inet_csk(sk)->icsk_ca_ops;
	if (ca->get_info)
		size = ca->get_info(sk, ~0U, &attr, &info);
	release_sock(sk);
	len = (int)min_t(size_t, (size_t)len, size);
	if (put_user(len, optlen) || copy_to_user(optval, &info, (unsigned long)len))
		return -EFAULT;
	return 0;
}

static int tcp_get_fastopen_key(struct sock *sk, char __user *optval, int __user *optlen)
{
	u8 key[TCP_FASTOPEN_KEY_BUF_LENGTH];
	unsigned int key_len;
	int len;

	if (get_user(len, optlen))
		return -EFAULT;
	if (len < 0)
		return -EINVAL;
	lock_sock(sk);
	key_len = tcp_fastopen_get_cipher(sk, key) * (unsigned int)TCP_FASTOPEN_KEY_LENGTH;
	release_sock(sk);
	len = (int)min((unsigned int)len, key_len);
	if (put_user(len, optlen) || copy_to_user(optval, key, (unsigned long)len))
		return -EFAULT;
	return 0;
}

/* TCP_SAVED_SYN: once. Too little room: -EINVAL, and how much it takes. */
static int tcp_get_saved_syn(struct sock *sk, char __user *optval, int __user *optlen)
{
	struct tcp_sock *tp = tcp_sk(sk);
	int len, room, err = 0;

	if (get_user(room, optlen))
		return -EFAULT;
	if (room < 0)
		return -EINVAL;
	lock_sock(sk);
	len = tp->saved_syn ? (int)tp->saved_syn->len : 0;
	if (put_user(len, optlen))
		err = -EFAULT;
	else if (room < len)
		err = -EINVAL;
	else if (len && copy_to_user(optval, tp->saved_syn->data, (unsigned long)len))
		err = -EFAULT;
	else
		tcp_saved_syn_free(tp);
	release_sock(sk);
	return err;
}

static int tcp_get_linger2(const struct sock *sk)
{
	s64 linger2 = tcp_sk(sk)->linger2;

	if (linger2 < 0)
		return -1;
	if (!linger2)
		linger2 = (s64)sock_net(sk)->ipv4.sysctl_tcp_fin_timeout_ns;
	return (int)(linger2 / (s64)NSEC_PER_SEC);
}

static int tcp_get_maxseg(const struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	if (tp->rx_opt.user_mss && (1 << sk->sk_state) & (TCPF_CLOSE | TCPF_LISTEN))
		return tp->rx_opt.user_mss;
	return (int)tp->mss_cache;
}

/* 0 or -ENOPROTOOPT. */
static int tcp_get_time_option(const struct sock *sk, int optname, int *val)
{
	const struct inet_connection_sock *icsk = inet_csk(sk);
	const struct tcp_sock *tp = tcp_sk(sk);

	switch (optname) {
	case TCP_KEEPIDLE:
		*val = (int)(keepalive_time_when(tp) / NSEC_PER_SEC);
		return 0;
	case TCP_KEEPINTVL:
		*val = (int)(keepalive_intvl_when(tp) / NSEC_PER_SEC);
		return 0;
	case TCP_KEEPCNT:
		*val = keepalive_probes(tp);
		return 0;
	case TCP_SYNCNT:
		*val = icsk->icsk_syn_retries ? icsk->icsk_syn_retries :
						sock_net(sk)->ipv4.sysctl_tcp_syn_retries;
		return 0;
	case TCP_LINGER2:
		*val = tcp_get_linger2(sk);
		return 0;
	case TCP_DEFER_ACCEPT:
		*val = retrans_to_secs(icsk->icsk_accept_queue.rskq_defer_accept);
		return 0;
	case TCP_USER_TIMEOUT:
		*val = (int)icsk->icsk_user_timeout_ms;
		return 0;
	case TCP_FASTOPEN:
		*val = icsk->icsk_accept_queue.fastopenq.max_qlen;
		return 0;
	case TCP_FASTOPEN_CONNECT:
		*val = tp->fastopen_connect;
		return 0;
	case TCP_FASTOPEN_NO_COOKIE:
		*val = tp->fastopen_no_cookie;
		return 0;
	case TCP_SAVE_SYN:
		*val = tp->save_syn;
		return 0;
	case TCP_IS_MPTCP:
		*val = 0;
		return 0;
	case TCP_RTO_MAX_MS:
		*val = (int)(icsk->icsk_rto_max / NSEC_PER_MSEC);
		return 0;
	case TCP_RTO_MIN_US:
		*val = (int)(icsk->icsk_rto_min / NSEC_PER_USEC);
		return 0;
	case TCP_DELACK_MAX_US:
		*val = (int)(icsk->icsk_delack_max / NSEC_PER_USEC);
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

static int tcp_get_int_option(const struct sock *sk, int optname, int *val)
{
	const struct tcp_sock *tp = tcp_sk(sk);

	switch (optname) {
	case TCP_MAXSEG:
		*val = tcp_get_maxseg(sk);
		return 0;
	case TCP_NODELAY:
		*val = (tp->nonagle & TCP_NAGLE_OFF) != 0;
		return 0;
	case TCP_CORK:
		*val = (tp->nonagle & TCP_NAGLE_CORK) != 0;
		return 0;
	case TCP_QUICKACK:
		*val = !inet_csk_in_pingpong_mode(sk);
		return 0;
	case TCP_WINDOW_CLAMP:
		*val = (int)tp->window_clamp;
		return 0;
	case TCP_NOTSENT_LOWAT:
		*val = (int)tp->notsent_lowat;
		return 0;
	case TCP_THIN_LINEAR_TIMEOUTS:
		*val = tp->thin_lto;
		return 0;
	case TCP_INQ:
		*val = tp->recvmsg_inq;
		return 0;
	default:
		return tcp_get_time_option(sk, optname, val);
	}
}

/**
 * tcp_getsockopt() - proto.getsockopt
 * @sk: not locked
 * @level: SOL_TCP; others are IP's
 * @optname: TCP_*
 * @optval: the program's
 * @optlen: its bytes, in and out
 * Context: process, may sleep
 * Return: 0; -EINVAL, -EFAULT, -ENOPROTOOPT
 */
int tcp_getsockopt(struct sock *sk, int level, int optname, char __user *optval,
		   int __user *optlen)
{
	int val, len, err;

	if (level != SOL_TCP)
		return inet_csk(sk)->icsk_af_ops->getsockopt(sk, level, optname, optval, optlen);
	if (optname == TCP_INFO)
		return tcp_get_info_option(sk, optval, optlen);
	if (optname == TCP_CONGESTION)
		return tcp_get_congestion_option(sk, optval, optlen);
	if (optname == TCP_CC_INFO)
		return tcp_get_cc_info(sk, optval, optlen);
	if (optname == TCP_FASTOPEN_KEY)
		return tcp_get_fastopen_key(sk, optval, optlen);
	if (optname == TCP_SAVED_SYN)
		return tcp_get_saved_syn(sk, optval, optlen);
	if (get_user(len, optlen))
		return -EFAULT;
	if (len < 0)
		return -EINVAL;
	err = tcp_get_int_option(sk, optname, &val);
	if (err)
		return err;
	len = (int)min_t(unsigned int, (unsigned int)len, sizeof(int));
	if (put_user(len, optlen) || copy_to_user(optval, &val, (unsigned long)len))
		return -EFAULT;
	return 0;
}
