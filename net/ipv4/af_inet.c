// SPDX-License-Identifier: MIT
/*
 * The address family AF_INET: between struct socket and the transports
 * (SOCK-2, 3, 6 … 10, 17).
 *
 *	inetsw[type] -> inet_protosw { proto_ops, proto }: what socket() makes
 *	inet_stream_ops: TCP	inet_dgram_ops: UDP, ping
 *
 * The operations here see to what all transports share - states of the socket,
 * addresses, binding, waiting for connections - and call sk_prot for the rest.
 *
 * Linux: net/ipv4/af_inet.c
 */
#include <linux/err.h>
#include <linux/init.h>
#include <linux/inetdevice.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/trace.h>
#include <linux/uaccess.h>
#include <net/arp.h>
#include <net/icmp.h>
#include <net/inet_common.h>
#include <net/inet_connection_sock.h>
#include <net/inet_sock.h>
#include <net/ip.h>
#include <net/ping.h>
#include <net/protocol.h>
#include <net/route.h>
#include <net/sock.h>
#include <net/tcp.h>
#include <net/udp.h>

static struct list_head inetsw[SOCK_MAX] __ro_after_init;

/* ---- life -------------------------------------------------------------------------- */

/**
 * inet_sock_destruct - what is left of an AF_INET socket is given back
 * @sk: nobody refers to it any more
 *
 * Context: process or softirq.
 */
void inet_sock_destruct(struct sock *sk)
{
	skb_queue_purge_reason(&sk->sk_receive_queue, SKB_DROP_REASON_SOCKET_CLOSE);
	skb_queue_purge_reason(&sk->sk_error_queue, SKB_DROP_REASON_SOCKET_CLOSE);
	sk_mem_reclaim(sk);
	WARN_ON(sk->sk_type == SOCK_STREAM && sk->sk_state != TCP_CLOSE);
	WARN_ON(sk->sk_rmem_alloc);
	WARN_ON(sk->sk_wmem_queued);
	WARN_ON(sk->sk_forward_alloc);
	__sk_dst_reset(sk);
	dst_release(sk->sk_rx_dst);
	sk->sk_rx_dst = NULL;
}

/* The entry for (type, protocol); *@protocol 0 is the type's usual one. */
static struct inet_protosw *inet_lookup_protosw(int type, int *protocol)
{
	struct inet_protosw *answer;

	if (list_empty(&inetsw[type]))
		return ERR_PTR(-ESOCKTNOSUPPORT);
	list_for_each_entry(answer, &inetsw[type], list) {
		if (*protocol == answer->protocol)
			return answer;
		if (*protocol == IPPROTO_IP) {
			*protocol = answer->protocol;
			return answer;
		}
		if (answer->protocol == IPPROTO_IP)
			return answer;
	}
	return ERR_PTR(-EPROTONOSUPPORT);
}

static void inet_init_sock(struct socket *sock, struct sock *sk, int protocol)
{
	struct inet_sock *inet = inet_sk(sk);

	sock_init_data(sock, sk);
	sk->sk_destruct = inet_sock_destruct;
	sk->sk_protocol = (u16)protocol;
	inet->pmtudisc = READ_ONCE(sock_net(sk)->ipv4.sysctl_ip_no_pmtu_disc) ?
				 IP_PMTUDISC_DONT : IP_PMTUDISC_WANT;
	inet->uc_ttl = -1;
	inet->mc_loop = 1;
	inet->mc_ttl = 1;
	inet->mc_all = 1;
}

/* net_proto_family.create */
static int inet_create(struct net *net, struct socket *sock, int protocol, int kern)
{
	struct inet_protosw *answer;
	struct sock *sk;
	int err;

	if (protocol < 0 || protocol >= IPPROTO_MAX)
		return -EINVAL;
	sock->state = SS_UNCONNECTED;
	answer = inet_lookup_protosw(sock->type, &protocol);
	if (IS_ERR(answer))
		return (int)PTR_ERR(answer);
	sk = sk_alloc(net, PF_INET, GFP_KERNEL, answer->prot, kern);
	if (!sk)
		return -ENOMEM;
	sock->ops = answer->ops;
	inet_init_sock(sock, sk, protocol);
	if (answer->flags & INET_PROTOSW_REUSE)
		sk->sk_reuse = 1;
	if (!sk->sk_prot->init)
		return 0;
	err = sk->sk_prot->init(sk);
	if (err) {
		sk_common_release(sk);
		sock->sk = NULL;
	}
	return err;
}

/**
 * inet_release - the program has closed its socket
 * @sock: its sock goes on alone, if it has something to finish
 *
 * Context: process, may sleep: with SO_LINGER until that is done or time is
 * over, unless the thread ends.
 * Return: 0.
 */
int inet_release(struct socket *sock)
{
	struct sock *sk = sock->sk;
	s64 timeout = 0;

	if (!sk)
		return 0;
	if (sock_flag(sk, SOCK_LINGER) && !(current->flags & PF_EXITING))
		timeout = (s64)min_t(u64, sk->sk_lingertime_ns, S64_MAX);
	sk->sk_prot->close(sk, timeout);
	sock->sk = NULL;
	return 0;
}

/* ---- binding ------------------------------------------------------------------------- */

/* Socket locked. */
static int __inet_autobind(struct sock *sk)
{
	struct inet_sock *inet = inet_sk(sk);

	if (inet->inet_num)
		return 0;
	if (sk->sk_prot->get_port(sk, 0))
		return -EAGAIN;
	inet->inet_sport = htons(inet->inet_num);
	return 0;
}

/**
 * inet_get_local_port_range - ports for who asks for any
 * @net: namespace
 * @low: the first
 * @high: the last
 *
 * Context: any.
 */
void inet_get_local_port_range(struct net *net, int *low, int *high)
{
	*low = READ_ONCE(net->ipv4.sysctl_local_port_range[0]);
	*high = READ_ONCE(net->ipv4.sysctl_local_port_range[1]);
}

static int inet_autobind(struct sock *sk)
{
	int err;

	lock_sock(sk);
	err = __inet_autobind(sk);
	release_sock(sk);
	return err;
}

/* Socket locked. */
static int inet_bind_port(struct sock *sk, const struct sockaddr_in *addr, unsigned int type)
{
	unsigned short snum = ntohs(addr->sin_port);
	struct inet_sock *inet = inet_sk(sk);

	/* A second bind, or one of a connected socket. */
	if (sk->sk_state != TCP_CLOSE || inet->inet_num)
		return -EINVAL;
	inet->inet_rcv_saddr = inet->inet_saddr = addr->sin_addr.s_addr;
	/* Such an address cannot be a source: routing chooses one. */
	if (type == RTN_BROADCAST || type == RTN_MULTICAST)
		inet->inet_saddr = 0;
	if (snum || !inet->bind_address_no_port) {
		if (sk->sk_prot->get_port(sk, snum)) {
			inet->inet_saddr = inet->inet_rcv_saddr = 0;
			return -EADDRINUSE;
		}
	}
	if (inet->inet_rcv_saddr)
		sk->sk_userlocks |= SOCK_BINDADDR_LOCK;
	if (snum)
		sk->sk_userlocks |= SOCK_BINDPORT_LOCK;
	inet->inet_sport = htons(inet->inet_num);
	inet->inet_daddr = 0;
	inet->inet_dport = 0;
	__sk_dst_reset(sk);
	return 0;
}

/**
 * inet_bind - give a socket its own address
 * @sock: an AF_INET socket
 * @uaddr: a sockaddr_in; port 0: any
 * @addr_len: its bytes
 *
 * Context: process, may sleep.
 * Return: 0, -EINVAL, -EAFNOSUPPORT, -EADDRNOTAVAIL, -EADDRINUSE.
 */
int inet_bind(struct socket *sock, struct sockaddr *uaddr, int addr_len)
{
	const struct sockaddr_in *addr = (const struct sockaddr_in *)(const void *)uaddr;
	struct sock *sk = sock->sk;
	unsigned int type;
	int err;

	if (sk->sk_prot->bind) {
		lock_sock(sk);
		err = sk->sk_prot->bind(sk, uaddr, addr_len);
		release_sock(sk);
		return err;
	}
	if ((size_t)addr_len < sizeof(*addr) || addr_len < 0)
		return -EINVAL;
	/* Linux: AF_UNSPEC is taken for AF_INET with INADDR_ANY, for old programs. */
	if (addr->sin_family != AF_INET &&
	    (addr->sin_family != AF_UNSPEC || addr->sin_addr.s_addr != htonl(INADDR_ANY)))
		return -EAFNOSUPPORT;
	type = inet_addr_type(sock_net(sk), addr->sin_addr.s_addr);
	if (!inet_addr_valid_or_nonlocal(sock_net(sk), inet_sk(sk), addr->sin_addr.s_addr,
					 (int)type))
		return -EADDRNOTAVAIL;
	lock_sock(sk);
	err = inet_bind_port(sk, addr, type);
	release_sock(sk);
	return err;
}

/* Fast Open without TCP_FASTOPEN, if tcp_fastopen says so. */
static void inet_listen_fastopen(struct sock *sk, int backlog)
{
	const int wanted = TFO_SERVER_WO_SOCKOPT1 | TFO_SERVER_ENABLE;

	if ((sock_net(sk)->ipv4.sysctl_tcp_fastopen & wanted) != wanted ||
	    inet_csk(sk)->icsk_accept_queue.fastopenq.max_qlen)
		return;
	fastopen_queue_tune(sk, backlog);
	tcp_fastopen_init_key_once(sock_net(sk));
}

/**
 * inet_listen - wait for connections
 * @sock: a stream socket
 * @backlog: connections that may wait for accept(); changeable by a second call
 *
 * Context: process, may sleep.
 * Return: 0, -EINVAL, -EADDRINUSE.
 */
int inet_listen(struct socket *sock, int backlog)
{
	struct sock *sk = sock->sk;
	int err = -EINVAL;

	lock_sock(sk);
	if (sock->state != SS_UNCONNECTED || sock->type != SOCK_STREAM ||
	    !((1 << sk->sk_state) & (TCPF_CLOSE | TCPF_LISTEN)))
		goto out;
	WRITE_ONCE(sk->sk_max_ack_backlog, (u32)backlog);
	err = 0;
	if (sk->sk_state != TCP_LISTEN) {
		inet_listen_fastopen(sk, backlog);
		err = inet_csk_listen_start(sk);
	}
out:
	release_sock(sk);
	return err;
}

/* ---- connecting ------------------------------------------------------------------------ */

static int __inet_dgram_connect(struct sock *sk, struct sockaddr *uaddr, int addr_len, int flags)
{
	int err;

	if (uaddr->sa_family == AF_UNSPEC)
		return sk->sk_prot->disconnect(sk, flags);
	if (sk->sk_prot->pre_connect) {
		err = sk->sk_prot->pre_connect(sk, uaddr, addr_len);
		if (err)
			return err;
	}
	if (__inet_autobind(sk))
		return -EAGAIN;
	return sk->sk_prot->connect(sk, uaddr, addr_len);
}

/**
 * inet_dgram_connect - choose the peer of a datagram socket
 * @sock: the socket
 * @uaddr: its address; AF_UNSPEC: none any more
 * @addr_len: its bytes
 * @flags: O_NONBLOCK
 *
 * Context: process, may sleep.
 * Return: 0, -EINVAL, -EAGAIN: no free port, what the protocol says.
 */
int inet_dgram_connect(struct socket *sock, struct sockaddr *uaddr, int addr_len, int flags)
{
	struct sock *sk = sock->sk;
	int err;

	if (addr_len < (int)sizeof(uaddr->sa_family))
		return -EINVAL;
	lock_sock(sk);
	err = __inet_dgram_connect(sk, uaddr, addr_len, flags);
	release_sock(sk);
	return err;
}

static bool inet_connecting(const struct sock *sk)
{
	return (1 << sk->sk_state) & (TCPF_SYN_SENT | TCPF_SYN_RECV);
}

/* Socket locked, not so while asleep. What is left of @timeo. */
static s64 inet_wait_for_connect(struct sock *sk, s64 timeo)
{
	DEFINE_WAIT_FUNC(wait, woken_wake_function);

	add_wait_queue(sk_sleep(sk), &wait);
	/* Linux: under two thirds of its send buffer a non-blocking write
	 * during connect() is told to wait too; that is in poll() here. */
	while (inet_connecting(sk)) {
		release_sock(sk);
		timeo = wait_woken(&wait, TASK_INTERRUPTIBLE, timeo);
		lock_sock(sk);
		if (signal_pending(current) || !timeo)
			break;
	}
	remove_wait_queue(sk_sleep(sk), &wait);
	return timeo;
}

static void inet_stream_disconnect(struct socket *sock, int flags)
{
	struct sock *sk = sock->sk;

	sock->state = SS_UNCONNECTED;
	if (sk->sk_prot->disconnect(sk, flags))
		sock->state = SS_DISCONNECTING;
}

/* The first part of connect(): sends the SYN. -EINPROGRESS or -EALREADY: one is
 * under way; others end the call; 0: it waits for the first write. */
static int inet_stream_begin_connect(struct socket *sock, struct sockaddr *uaddr, int addr_len,
				     int is_sendmsg)
{
	struct sock *sk = sock->sk;
	int err;

	switch (sock->state) {
	case SS_CONNECTED:
		return -EISCONN;
	case SS_CONNECTING:
		/* TCP_FASTOPEN_CONNECT: the SYN waits for the first write. */
		if (inet_sk(sk)->defer_connect)
			return is_sendmsg ? -EINPROGRESS : -EISCONN;
		return -EALREADY;
	case SS_UNCONNECTED:
		break;
	default:
		return -EINVAL;
	}
	if (sk->sk_state != TCP_CLOSE)
		return -EISCONN;
	if (sk->sk_prot->pre_connect) {
		err = sk->sk_prot->pre_connect(sk, uaddr, addr_len);
		if (err)
			return err;
	}
	err = sk->sk_prot->connect(sk, uaddr, addr_len);
	if (err < 0)
		return err;
	sock->state = SS_CONNECTING;
	return inet_sk(sk)->defer_connect ? 0 : -EINPROGRESS;
}

/* The second: waits for what comes of it. */
static int inet_stream_end_connect(struct socket *sock, int flags, int err)
{
	struct sock *sk = sock->sk;
	s64 timeo = sock_sndtimeo(sk, flags & O_NONBLOCK);

	if (inet_connecting(sk)) {
		/* Linux: -EINPROGRESS also when SO_SNDTIMEO is over. */
		if (!timeo)
			return err;
		timeo = inet_wait_for_connect(sk, timeo);
		if (inet_connecting(sk))
			return timeo ? sock_intr_errno(timeo) : err;
	}
	/* Reset, timed out, or unreachable: and no connection any more. */
	if (sk->sk_state == TCP_CLOSE) {
		err = sock_error(sk);
		if (!err)
			err = -ECONNABORTED;
		inet_stream_disconnect(sock, flags);
		return err;
	}
	/* sk_err may be set while the connection stands: RFC 1122 4.2.3.9
	 * errors are soft then, and not ours to report. */
	sock->state = SS_CONNECTED;
	return 0;
}

/**
 * __inet_stream_connect - connect a stream socket
 * @sock: the socket, locked
 * @uaddr: the peer; AF_UNSPEC: dissolve the connection
 * @addr_len: its bytes
 * @flags: O_NONBLOCK
 * @is_sendmsg: called for MSG_FASTOPEN
 *
 * Context: process, may sleep.
 * Return: 0, -EINVAL, -EINPROGRESS, -EALREADY, -EISCONN, -EINTR, what the
 * protocol or the network says.
 */
int __inet_stream_connect(struct socket *sock, struct sockaddr *uaddr, int addr_len, int flags,
			  int is_sendmsg)
{
	struct sock *sk = sock->sk;
	int err;

	if (uaddr && addr_len < (int)sizeof(uaddr->sa_family))
		return -EINVAL;
	if (uaddr && uaddr->sa_family == AF_UNSPEC) {
		err = sk->sk_prot->disconnect(sk, flags);
		sock->state = err ? SS_DISCONNECTING : SS_UNCONNECTED;
		return err;
	}
	err = inet_stream_begin_connect(sock, uaddr, addr_len, is_sendmsg);
	if (err != -EINPROGRESS && err != -EALREADY)
		return err;
	return inet_stream_end_connect(sock, flags, err);
}

/**
 * inet_stream_connect - connect a stream socket
 * @sock: the socket
 * @uaddr: the peer; AF_UNSPEC: dissolve the connection
 * @addr_len: its bytes
 * @flags: O_NONBLOCK
 *
 * Context: process, may sleep.
 * Return: as __inet_stream_connect().
 */
int inet_stream_connect(struct socket *sock, struct sockaddr *uaddr, int addr_len, int flags)
{
	int err;

	lock_sock(sock->sk);
	err = __inet_stream_connect(sock, uaddr, addr_len, flags, 0);
	release_sock(sock->sk);
	return err;
}

/**
 * inet_accept - take a connection
 * @sock: a listener
 * @newsock: gets it
 * @flags: O_NONBLOCK
 * @kern: for the kernel itself
 *
 * Context: process, may sleep.
 * Return: 0, -EINVAL: does not listen, -EAGAIN, -EINTR.
 */
int inet_accept(struct socket *sock, struct socket *newsock, int flags, bool kern)
{
	struct sock *sk1 = sock->sk, *sk2;
	int err = -EINVAL;

	sk2 = sk1->sk_prot->accept(sk1, flags, &err, kern);
	if (!sk2)
		return err;
	lock_sock(sk2);
	WARN_ON(!((1 << sk2->sk_state) &
		  (TCPF_ESTABLISHED | TCPF_SYN_RECV | TCPF_FIN_WAIT1 | TCPF_FIN_WAIT2 |
		   TCPF_CLOSING | TCPF_CLOSE_WAIT | TCPF_LAST_ACK | TCPF_CLOSE)));
	sock_graft(sk2, newsock);
	newsock->state = SS_CONNECTED;
	release_sock(sk2);
	return 0;
}

/**
 * inet_getname - a socket's address, or its peer's
 * @sock: the socket
 * @uaddr: room for a sockaddr_in
 * @peer: 0 its own; 1 the peer's, of a connection that stands; 2 the peer's,
 *	whatever became of it
 *
 * Context: process.
 * Return: bytes of the address, or -ENOTCONN.
 */
int inet_getname(struct socket *sock, struct sockaddr *uaddr, int peer)
{
	struct sockaddr_in *sin = (struct sockaddr_in *)(void *)uaddr;
	struct sock *sk = sock->sk;
	struct inet_sock *inet = inet_sk(sk);

	*sin = (struct sockaddr_in){ .sin_family = AF_INET };
	if (!peer) {
		sin->sin_port = inet->inet_sport;
		sin->sin_addr.s_addr = inet->inet_rcv_saddr ? inet->inet_rcv_saddr :
							      inet->inet_saddr;
		return sizeof(*sin);
	}
	if (!inet->inet_dport ||
	    (peer == 1 && (1 << sk->sk_state) & (TCPF_CLOSE | TCPF_SYN_SENT)))
		return -ENOTCONN;
	sin->sin_port = inet->inet_dport;
	sin->sin_addr.s_addr = inet->inet_daddr;
	return sizeof(*sin);
}

/* ---- data ---------------------------------------------------------------------------------- */

/**
 * inet_send_prepare - a port, for who sends without one
 * @sk: the socket, not locked
 *
 * Context: process, may sleep.
 * Return: 0, or -EAGAIN: no free port.
 */
int inet_send_prepare(struct sock *sk)
{
	if (!inet_sk(sk)->inet_num && !sk->sk_prot->no_autobind && inet_autobind(sk))
		return -EAGAIN;
	return 0;
}

/**
 * inet_sendmsg - hand a message to the protocol
 * @sock: the socket
 * @msg: the message
 * @size: its bytes
 *
 * Context: process, may sleep.
 * Return: bytes sent, or -errno.
 */
int inet_sendmsg(struct socket *sock, struct msghdr *msg, size_t size)
{
	struct sock *sk = sock->sk;

	trace_here();
	if (unlikely(inet_send_prepare(sk)))
		return -EAGAIN;
	return sk->sk_prot->sendmsg(sk, msg, size);
}

/**
 * inet_recvmsg - have the protocol fill a message
 * @sock: the socket
 * @msg: the message
 * @size: bytes at most
 * @flags: MSG_*
 *
 * Context: process, may sleep.
 * Return: bytes received, or -errno.
 */
int inet_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, int flags)
{
	struct sock *sk = sock->sk;
	int addr_len = 0;
	int err;

	trace_here();
	err = sk->sk_prot->recvmsg(sk, msg, size, flags, &addr_len);
	if (err >= 0)
		msg->msg_namelen = addr_len;
	return err;
}

/* Socket locked. */
static int __inet_shutdown(struct socket *sock, int how)
{
	struct sock *sk = sock->sk;
	int err = 0;

	if (sock->state == SS_CONNECTING)
		sock->state = (1 << sk->sk_state) & (TCPF_SYN_SENT | TCPF_SYN_RECV | TCPF_CLOSE) ?
				      SS_DISCONNECTING : SS_CONNECTED;
	switch (sk->sk_state) {
	case TCP_LISTEN:
		if (!(how & RCV_SHUTDOWN))
			break;
		fallthrough;
	case TCP_SYN_SENT:
		err = sk->sk_prot->disconnect(sk, O_NONBLOCK);
		sock->state = err ? SS_DISCONNECTING : SS_UNCONNECTED;
		break;
	case TCP_CLOSE:
		err = -ENOTCONN;
		/* It wakes sleepers all the same: of datagram sockets too. */
		fallthrough;
	default:
		sk->sk_shutdown |= (u8)how;
		if (sk->sk_prot->shutdown)
			sk->sk_prot->shutdown(sk, how);
	}
	sk->sk_state_change(sk);
	return err;
}

/**
 * inet_shutdown - end one direction of a connection, or both
 * @sock: the socket
 * @how: SHUT_*
 *
 * Context: process, may sleep.
 * Return: 0, -EINVAL, -ENOTCONN.
 */
int inet_shutdown(struct socket *sock, int how)
{
	int err;

	if (how < SHUT_RD || how > SHUT_RDWR)
		return -EINVAL;
	lock_sock(sock->sk);
	/* SHUT_RD, SHUT_WR, SHUT_RDWR to bits. */
	err = __inet_shutdown(sock, how + 1);
	release_sock(sock->sk);
	return err;
}

/* ---- ioctl ----------------------------------------------------------------------------------- */

static int inet_gettstamp(struct sock *sk, unsigned int cmd, void __user *arg)
{
	struct __kernel_timeval t;
	u64 ns;
	int err = sock_gettstamp_ns(sk, &ns);

	if (err)
		return err;
	t.tv_sec = (s64)(ns / NSEC_PER_SEC);
	t.tv_usec = (s64)(ns % NSEC_PER_SEC / NSEC_PER_USEC);
	return copy_to_user(arg, &t, sizeof(t)) ? -EFAULT : 0;
}

/**
 * inet_ioctl - requests to an AF_INET socket
 * @sock: the socket
 * @cmd: SIOC*
 * @arg: as @cmd says
 *
 * Context: process, may sleep.
 * Return: as @cmd says; -ENOIOCTLCMD: no such request.
 */
int inet_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg)
{
	struct sock *sk = sock->sk;
	int err;

	if (cmd == SIOCGSTAMP)
		return inet_gettstamp(sk, cmd, (void __user *)arg);
	err = devinet_ioctl(sock_net(sk), cmd, (void __user *)arg);
	if (err == -ENOIOCTLCMD && sk->sk_prot->ioctl)
		err = sk->sk_prot->ioctl(sk, (int)cmd, arg);
	return err;
}

/* ---- tables ---------------------------------------------------------------------------------- */

static const struct proto_ops inet_stream_ops = {
	.family = PF_INET,
	.release = inet_release,
	.bind = inet_bind,
	.connect = inet_stream_connect,
	.accept = inet_accept,
	.getname = inet_getname,
	.poll = tcp_poll,
	.ioctl = inet_ioctl,
	.listen = inet_listen,
	.shutdown = inet_shutdown,
	.setsockopt = sock_common_setsockopt,
	.getsockopt = sock_common_getsockopt,
	.sendmsg = inet_sendmsg,
	.recvmsg = inet_recvmsg,
	.set_rcvlowat = tcp_set_rcvlowat,
};

static const struct proto_ops inet_dgram_ops = {
	.family = PF_INET,
	.release = inet_release,
	.bind = inet_bind,
	.connect = inet_dgram_connect,
	.accept = sock_no_accept,
	.getname = inet_getname,
	.poll = datagram_poll,
	.ioctl = inet_ioctl,
	.listen = sock_no_listen,
	.shutdown = inet_shutdown,
	.setsockopt = sock_common_setsockopt,
	.getsockopt = sock_common_getsockopt,
	.sendmsg = inet_sendmsg,
	.recvmsg = sock_common_recvmsg,
};

static const struct net_proto_family inet_family_ops = {
	.family = PF_INET,
	.create = inet_create,
};

static struct inet_protosw inetsw_array[] __ro_after_init = {
	{ .type = SOCK_STREAM, .protocol = IPPROTO_TCP, .prot = &tcp_prot,
	  .ops = &inet_stream_ops, .flags = INET_PROTOSW_PERMANENT | INET_PROTOSW_ICSK },
	{ .type = SOCK_DGRAM, .protocol = IPPROTO_UDP, .prot = &udp_prot,
	  .ops = &inet_dgram_ops, .flags = INET_PROTOSW_PERMANENT },
	{ .type = SOCK_DGRAM, .protocol = IPPROTO_ICMP, .prot = &ping_prot,
	  .ops = &inet_dgram_ops, .flags = INET_PROTOSW_REUSE },
};

/**
 * inet_register_protosw - make a kind of AF_INET socket known
 * @p: kept; behind those of the same type that are permanent
 *
 * Context: initcalls.
 */
void inet_register_protosw(struct inet_protosw *p)
{
	struct inet_protosw *answer;

	if (p->type >= SOCK_MAX) {
		pr_err("inet: no socket type %u\n", p->type);
		return;
	}
	list_for_each_entry(answer, &inetsw[p->type], list) {
		if (answer->flags & INET_PROTOSW_PERMANENT && answer->protocol == p->protocol) {
			pr_err("inet: protocol %u is permanent\n", p->protocol);
			return;
		}
	}
	list_add_tail(&p->list, &inetsw[p->type]);
}

static int __init inet_init(void)
{
	unsigned int i;
	int err;

	for (i = 0; i < SOCK_MAX; i++)
		INIT_LIST_HEAD(&inetsw[i]);
	err = sock_register(&inet_family_ops);
	if (err)
		return err;
	for (i = 0; i < ARRAY_SIZE(inetsw_array); i++)
		inet_register_protosw(&inetsw_array[i]);
	ip_init();			/* routes, ARP, ICMP, UDP, ping; takes ETH_P_IP */
	tcp_init();			/* tables, timers, congestion control */
	return 0;
}
fs_initcall(inet_init);
