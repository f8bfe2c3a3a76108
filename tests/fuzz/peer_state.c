// SPDX-License-Identifier: MIT
/*
 * Programs of the host under test, and the ways into each state of a connection
 * (RFC 9293 3.3.2). peer.h says what for.
 */
#include "peer.h"

#include <linux/err.h>
#include <net/inet_hashtables.h>

#define CHUNK	4096

/* ---- programs ------------------------------------------------------------------- */

static struct sockaddr_in address(u32 addr, u16 port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(port) };

	sin.sin_addr.s_addr = htonl(addr);
	return sin;
}

/**
 * peer_sock - the socket behind a descriptor
 * @fd: descriptor
 *
 * Return: borrowed, or NULL.
 */
struct sock *peer_sock(int fd)
{
	struct file *file = fd >= 0 ? fget((unsigned int)fd) : NULL;
	struct socket *sock;

	if (!file)
		return NULL;
	sock = sock_from_file(file);
	fput(file);
	return sock ? sock->sk : NULL;
}

static struct tcp_sock *tcp_of(int fd)
{
	struct sock *sk = peer_sock(fd);

	return sk && sk->sk_protocol == IPPROTO_TCP ? tcp_sk(sk) : NULL;
}

/**
 * peer_state - the state of a TCP socket
 * @fd: descriptor
 *
 * Return: TCP_*, TCP_CLOSE when there is no such socket.
 */
int peer_state(int fd)
{
	const struct sock *sk = peer_sock(fd);

	return sk && sk->sk_protocol == IPPROTO_TCP ? sk->sk_state : TCP_CLOSE;
}

/**
 * peer_listen - a listening socket
 * @port: host order
 * @backlog: for listen()
 *
 * Return: descriptor.
 */
int peer_listen(u16 port, int backlog)
{
	struct sockaddr_in sin = address(0, port);
	int fd = __sys_socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), on = 1;

	EXPECT_GE(fd, 0);
	EXPECT_EQ(__sys_setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)), 0);
	EXPECT_EQ(__sys_bind(fd, (struct sockaddr *)&sin, sizeof(sin)), 0);
	EXPECT_EQ(__sys_listen(fd, backlog), 0);
	return fd;
}

/**
 * peer_connect - begin to connect
 * @c: whom to; learns the host's port
 *
 * Return: descriptor.
 */
int peer_connect(struct peer_conn *c)
{
	struct sockaddr_in to = address(PEER_ADDR, c->rport);
	int fd = __sys_socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), len = sizeof(to);

	EXPECT_GE(fd, 0);
	c->lport = 0;
	EXPECT_EQ(__sys_connect(fd, (struct sockaddr *)&to, sizeof(to)), -EINPROGRESS);
	EXPECT_EQ(__sys_getsockname(fd, (struct sockaddr *)&to, &len), 0);
	c->lport = ntohs(to.sin_port);
	peer_settle();
	return fd;
}

/**
 * peer_write - send() the next bytes of the pattern
 * @fd: descriptor
 * @len: bytes
 * @flags: MSG_*
 *
 * Return: as of send().
 */
ssize_t peer_write(int fd, size_t len, unsigned int flags)
{
	const struct tcp_sock *tp = tcp_of(fd);
	u8 buf[CHUNK];
	ssize_t ret;

	len = min(len, sizeof(buf));
	fuzz_fill(buf, tp ? tp->write_seq : 0, len);
	ret = __sys_sendto(fd, buf, len, flags, NULL, 0);
	EXPECT_LE(ret, (ssize_t)len);
	peer_settle();
	return ret;
}

/* Does the program of a connection read what the peer sent? Only while nothing
 * urgent was cut out of it. */
static bool exact(const struct tcp_sock *tp)
{
	unsigned int i;

	if (!tp || peer.wild)
		return false;
	for (i = 0; i < PEER_CONNS; i++)
		if (peer.conn[i].urg)
			return false;
	return true;
}

/**
 * peer_read - recv(), and compare
 * @fd: descriptor
 * @len: bytes
 * @flags: MSG_*
 *
 * Return: as of recv().
 */
ssize_t peer_read(int fd, size_t len, unsigned int flags)
{
	const struct tcp_sock *tp = tcp_of(fd);
	u32 seq = tp ? tp->copied_seq : 0;
	u8 buf[CHUNK];
	ssize_t ret, i;

	len = min(len, sizeof(buf));
	ret = __sys_recvfrom(fd, buf, len, flags, NULL, NULL);
	if (!(flags & MSG_TRUNC))
		EXPECT_LE(ret, (ssize_t)len);
	for (i = 0; i < ret && exact(tp) && !(flags & (MSG_OOB | MSG_TRUNC)); i++)
		if (buf[i] != fuzz_pattern(seq + (u32)i))
			test_fail(__FILE__, __LINE__, "byte %ld that was read is damaged", i);
	peer_settle();
	return ret;
}

/* ---- into a state ------------------------------------------------------------------- */

/* Bits of a variant. */
#define V_OPTIONS	0x03	/* none; some; all; all, and a small MSS */
#define V_ACTIVE	0x04	/* the host connects */
#define V_SENT		0x08	/* it has data under way */
#define V_UNREAD	0x10	/* and data to read */
#define V_GAP		0x20	/* and data beyond a gap */
#define V_NARROW	0x40	/* the peer's window is small */
#define V_SETTINGS	0x80	/* keepalive, no Nagle, a user timeout */

static void syn_options(struct peer_conn *c, struct peer_segment *s, u8 variant)
{
	static const u8 mss[] = { 2, 4, 5, 0xb4 }, small_mss[] = { 2, 4, 0, 88 };
	static const u8 sack[] = { 4, 2 }, wscale[] = { 3, 3, 7 };
	u8 ts[10] = { 8, 10, 0, 0, 0, 100 };

	s->opts_len = 0;
	if (!(variant & V_OPTIONS))
		return;
	peer_option(s, (variant & V_OPTIONS) == 3 ? small_mss : mss, sizeof(mss));
	if ((variant & V_OPTIONS) == 1)
		return;
	peer_option(s, sack, sizeof(sack));
	peer_option(s, wscale, sizeof(wscale));
	ts[6] = (u8)(c->lts >> 24);
	ts[7] = (u8)(c->lts >> 16);
	ts[8] = (u8)(c->lts >> 8);
	ts[9] = (u8)c->lts;
	peer_option(s, ts, sizeof(ts));
}

static void send_plain(struct peer_conn *c, u8 flags, unsigned int len)
{
	struct peer_segment s;

	peer_good(c, &s, flags, len);
	peer_send(c, &s);
}

static void send_syn(struct peer_conn *c, u8 flags, u8 variant)
{
	struct peer_segment s;

	peer_good(c, &s, flags, 0);
	syn_options(c, &s, variant);
	s.win = variant & V_NARROW ? 100 : 32768;
	peer_send(c, &s);
}

static void apply_settings(int fd)
{
	int on = 1, secs = 10, ms = 30000;

	__sys_setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	__sys_setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &secs, sizeof(secs));
	__sys_setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	__sys_setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &ms, sizeof(ms));
}

/* Established; the descriptor. */
static int establish(struct peer_conn *c, u8 variant)
{
	int fd, listener;

	if (variant & V_ACTIVE) {
		fd = peer_connect(c);
		send_syn(c, TCPHDR_SYN | TCPHDR_ACK, variant);
		return fd;
	}
	listener = peer_listen(PEER_PORT, 5);
	send_syn(c, TCPHDR_SYN, variant);
	send_plain(c, TCPHDR_ACK, 0);
	fd = __sys_accept4(listener, NULL, NULL, SOCK_NONBLOCK);
	EXPECT_EQ(close_fd((unsigned int)listener), 0);
	EXPECT_GE(fd, 0);
	peer_settle();
	return fd;
}

/* What an established connection may be in the middle of. */
static void furnish(struct peer_conn *c, int fd, u8 variant)
{
	struct peer_segment s;

	if (variant & V_SETTINGS)
		apply_settings(fd);
	if (variant & V_SENT) {
		peer_write(fd, CHUNK, 0);
		peer_write(fd, 1000, 0);
	}
	if (variant & V_UNREAD)
		send_plain(c, TCPHDR_ACK | TCPHDR_PSH, 500);
	if (variant & V_GAP) {
		peer_good(c, &s, TCPHDR_ACK, 300);
		s.seq += 1000;
		s.ack = c->luna;
		peer_send(c, &s);
		c->rnxt = c->racked;
	}
}

/* From established on by what the program and the peer do. */
static void leave(struct peer_conn *c, int fd, int state)
{
	bool fin_first = state == TCP_CLOSE_WAIT || state == TCP_LAST_ACK;

	if (fin_first)
		send_plain(c, TCPHDR_ACK | TCPHDR_FIN, 0);
	if (state != TCP_CLOSE_WAIT && state != TCP_ESTABLISHED) {
		EXPECT_EQ(__sys_shutdown(fd, SHUT_WR), 0);
		peer_settle();
	}
	if (state == TCP_CLOSING) {
		struct peer_segment s;

		peer_good(c, &s, TCPHDR_ACK | TCPHDR_FIN, 0);
		s.ack = c->luna;
		peer_send(c, &s);
	}
	if (state == TCP_FIN_WAIT2)
		send_plain(c, TCPHDR_ACK, 0);
	if (state == TCP_TIME_WAIT)
		send_plain(c, TCPHDR_ACK | TCPHDR_FIN, 0);
}

static int reach_opening(struct peer_conn *c, int state, u8 variant)
{
	int fd = -1;

	switch (state) {
	case TCP_LISTEN:
		return peer_listen(PEER_PORT, 3);
	case TCP_SYN_SENT:
		fd = peer_connect(c);
		break;
	case TCP_SYN_RECV:
		fd = peer_connect(c);
		send_syn(c, TCPHDR_SYN, variant);
		break;
	case TCP_NEW_SYN_RECV:
		fd = peer_listen(PEER_PORT, 3);
		send_syn(c, TCPHDR_SYN, variant);
		break;
	}
	if (fd >= 0)
		EXPECT_EQ(peer_state(fd), state == TCP_NEW_SYN_RECV ? TCP_LISTEN : state);
	return fd;
}

/**
 * peer_reach - bring a connection to a state
 * @c: connection that is none yet
 * @state: TCP_*; TCP_NEW_SYN_RECV: half open at a listener
 * @variant: V_*
 *
 * Return: the program's descriptor, or -1.
 */
int peer_reach(struct peer_conn *c, int state, u8 variant)
{
	int fd;

	if (state == TCP_CLOSE)
		return -1;
	if (state == TCP_LISTEN || state == TCP_SYN_SENT || state == TCP_SYN_RECV ||
	    state == TCP_NEW_SYN_RECV)
		return reach_opening(c, state, variant);
	/* A window that is too small for the FIN would keep us where we are. */
	if (state != TCP_ESTABLISHED && state != TCP_CLOSE_WAIT && state != TCP_FIN_WAIT1)
		variant &= (u8)~(V_SENT | V_GAP | V_NARROW);
	if (state != TCP_ESTABLISHED)
		variant &= (u8)~V_GAP;
	fd = establish(c, variant);
	EXPECT_EQ(peer_state(fd), TCP_ESTABLISHED);
	furnish(c, fd, variant);
	leave(c, fd, state);
	if (state == TCP_TIME_WAIT)
		EXPECT_EQ(tcp_count_states(peer.net, TCP_TIME_WAIT, 0), 1U);
	else
		EXPECT_EQ(peer_state(fd), state);
	return fd;
}
