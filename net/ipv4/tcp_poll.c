// SPDX-License-Identifier: MIT
/*
 * What can be done without waiting, and how much: poll, ioctl, the marks that
 * wake a reader or a writer (SO_RCVLOWAT, TCP_NOTSENT_LOWAT).
 *
 * Linux: net/ipv4/tcp.c
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/uaccess.h>
#include <net/tcp.h>

static bool tcp_rmem_pressure(const struct sock *sk)
{
	return sk_under_memory_pressure(sk) ||
	       READ_ONCE(sk->sk_rmem_alloc) > sk->sk_rcvbuf - (sk->sk_rcvbuf >> 3);
}

/* Are there @target bytes, or as many as there will be? */
static bool tcp_epollin_ready(const struct sock *sk, int target)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	int avail = (int)(READ_ONCE(tp->rcv_nxt) - READ_ONCE(tp->copied_seq));

	if (avail <= 0)
		return false;
	return avail >= target || tcp_rmem_pressure(sk) ||
	       tcp_receive_window(tp) <= inet_csk(sk)->icsk_ack.rcv_mss;
}

/**
 * tcp_data_ready() - tell the program, once there is as much as it waits for
 * @sk: the connection
 * Context: socket locked
 */
void tcp_data_ready(struct sock *sk)
{
	if (tcp_epollin_ready(sk, sk->sk_rcvlowat) || sock_flag(sk, SOCK_DONE))
		sk->sk_data_ready(sk);
}

/**
 * tcp_set_rcvlowat() - proto_ops.set_rcvlowat: SO_RCVLOWAT
 * @sk: the connection; its buffer grows, if it has to
 * @val: bytes
 * Context: process, socket locked
 * Return: 0
 */
int tcp_set_rcvlowat(struct sock *sk, int val)
{
	const bool fixed = sk->sk_userlocks & SOCK_RCVBUF_LOCK;
	int cap = (fixed ? sk->sk_rcvbuf : sock_net(sk)->ipv4.sysctl_tcp_rmem[2]) >> 1;

	val = min(val, cap);
	WRITE_ONCE(sk->sk_rcvlowat, val ? val : 1);
	tcp_data_ready(sk);
	if (!fixed && val << 1 > sk->sk_rcvbuf) {
		sk->sk_rcvbuf = val << 1;
		tcp_sk(sk)->window_clamp = (u32)tcp_win_from_space(sk, val << 1);
	}
	return 0;
}

/**
 * tcp_stream_memory_free() - proto.stream_memory_free: may more be written?
 * @sk: the connection
 * @wake: 1: is it worth waking a writer?
 *
 * TCP_NOTSENT_LOWAT bounds what is written and not sent.
 *
 * Context: any
 */
bool tcp_stream_memory_free(const struct sock *sk, int wake)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	u32 notsent_bytes = READ_ONCE(tp->write_seq) - READ_ONCE(tp->snd_nxt);

	return (u64)notsent_bytes << wake < tcp_notsent_lowat(tp);
}

/* Bits about data, in states that can have some. */
static u32 tcp_poll_data(struct sock *sk, struct socket *sock)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	int target = sock_rcvlowat(sk, 0, INT_MAX);
	u32 mask = 0;

	/* An urgent byte out of band is none that can be read in line. */
	if (READ_ONCE(tp->urg_data) && READ_ONCE(tp->urg_seq) == READ_ONCE(tp->copied_seq) &&
	    !sock_flag(sk, SOCK_URGINLINE))
		target++;
	if (tcp_epollin_ready(sk, target))
		mask |= EPOLLIN | EPOLLRDNORM;
	if (sk->sk_shutdown & SEND_SHUTDOWN) {
		mask |= EPOLLOUT | EPOLLWRNORM;
	} else if (__sk_stream_is_writeable(sk, 1)) {
		mask |= EPOLLOUT | EPOLLWRNORM;
	} else {
		/* Ask to be told; and look again, as it may have just been. */
		sock_set_bit(SOCK_NOSPACE, &sock->flags);
		if (__sk_stream_is_writeable(sk, 1))
			mask |= EPOLLOUT | EPOLLWRNORM;
	}
	if (tp->urg_data & TCP_URG_VALID)
		mask |= EPOLLPRI;
	return mask;
}

/**
 * tcp_poll() - proto_ops.poll
 * @file: for @wait
 * @sock: the socket, not locked
 * @wait: whom to wake when that changes; may be NULL
 * Context: process
 * Return: EPOLL* bits
 */
u32 tcp_poll(struct file *file, struct socket *sock, poll_table *wait)
{
	struct sock *sk = sock->sk;
	u8 shutdown;
	u32 mask = 0;
	int state;

	sock_poll_wait(file, sock, wait);
	state = READ_ONCE(sk->sk_state);
	if (state == TCP_LISTEN)
		return inet_csk_listen_poll(sk);
	shutdown = READ_ONCE(sk->sk_shutdown);
	/* HUP only when both directions are done: it cannot be masked, and half of
	 * a connection can still write. */
	if (shutdown == SHUTDOWN_MASK || state == TCP_CLOSE)
		mask |= EPOLLHUP;
	if (shutdown & RCV_SHUTDOWN)
		mask |= EPOLLIN | EPOLLRDNORM | EPOLLRDHUP;
	if (state != TCP_SYN_SENT && (state != TCP_SYN_RECV || tcp_sk(sk)->fastopen_rsk))
		mask |= tcp_poll_data(sk, sock);
	else if (state == TCP_SYN_SENT && inet_sk(sk)->defer_connect)
		mask |= EPOLLOUT | EPOLLWRNORM;	/* a write sends the SYN */
	if (READ_ONCE(sk->sk_err) || !skb_queue_empty_lockless(&sk->sk_error_queue))
		mask |= EPOLLERR;
	return mask;
}

/* Bytes to be read; an urgent byte out of band ends them. */
static int tcp_inq(struct sock *sk)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	int answ;

	if ((1 << sk->sk_state) & (TCPF_SYN_SENT | TCPF_SYN_RECV))
		return 0;
	if (sock_flag(sk, SOCK_URGINLINE) || !tp->urg_data ||
	    before(tp->urg_seq, tp->copied_seq) || !before(tp->urg_seq, tp->rcv_nxt)) {
		answ = (int)(tp->rcv_nxt - tp->copied_seq);
		/* A FIN takes a number, but is no byte. */
		if (answ && sock_flag(sk, SOCK_DONE))
			answ--;
		return answ;
	}
	return (int)(tp->urg_seq - tp->copied_seq);
}

/**
 * tcp_ioctl() - proto.ioctl
 * @sk: not locked
 * @cmd: SIOCINQ, SIOCATMARK, SIOCOUTQ, SIOCOUTQNSD
 * @arg: int *
 * Context: process, may sleep
 * Return: 0; -EINVAL: a listener has no bytes; -EFAULT; -ENOIOCTLCMD
 */
int tcp_ioctl(struct sock *sk, int cmd, unsigned long arg)
{
	const struct tcp_sock *tp = tcp_sk(sk);
	bool unconnected = (1 << sk->sk_state) & (TCPF_SYN_SENT | TCPF_SYN_RECV);
	int answ;

	if (sk->sk_state == TCP_LISTEN && (cmd == SIOCINQ || cmd == SIOCOUTQ || cmd == SIOCOUTQNSD))
		return -EINVAL;
	switch (cmd) {
	case SIOCINQ:
		lock_sock(sk);
		answ = tcp_inq(sk);
		release_sock(sk);
		break;
	case SIOCATMARK:
		answ = tp->urg_data && tp->urg_seq == tp->copied_seq;
		break;
	case SIOCOUTQ:
		answ = unconnected ? 0 : (int)(tp->write_seq - tp->snd_una);
		break;
	case SIOCOUTQNSD:
		answ = unconnected ? 0 : (int)(tp->write_seq - tp->snd_nxt);
		break;
	default:
		return -ENOIOCTLCMD;
	}
	return put_user(answ, (int __user *)arg);
}
