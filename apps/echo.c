// SPDX-License-Identifier: MIT
/*
 * Echo: what comes is sent back, byte for byte.
 *
 * What the peer does not take yet is kept, and nothing more is read until it has
 * gone: a slow reader is not given memory but a closed window.
 *
 * RFC: 862
 */
#include "apps.h"

#define TURN_BYTES	(4 * SERVER_BUF)	/* of one connection, then the others' turn */

struct echo_conn {
	struct conn conn;	/* first */
	char *kept;		/* read and not sent yet; NULL: nothing */
	size_t kept_size;	/* of the block */
	size_t at, len;		/* sent of it, bytes in it */
};

static void echo_drop(struct echo_conn *e)
{
	app_free(e->kept, e->kept_size);
	e->kept = NULL;
}

/* Keeps what was not sent. */
static int echo_keep(struct echo_conn *e, const char *data, size_t len)
{
	e->kept = app_malloc(len);
	if (!e->kept)
		return CONN_CLOSE;
	memcpy(e->kept, data, len);
	e->kept_size = len;
	e->at = 0;
	e->len = len;
	conn_wait(&e->conn, EPOLLOUT);
	return CONN_OK;
}

/* Sends what was kept. CONN_CLOSE: the connection is broken. */
static int echo_flush(struct echo_conn *e)
{
	ssize_t n = write(e->conn.fd, e->kept + e->at, e->len - e->at);

	if (n < 0)
		return errno == EAGAIN ? CONN_OK : CONN_CLOSE;
	e->at += (size_t)n;
	if (e->at == e->len) {
		echo_drop(e);
		conn_wait(&e->conn, EPOLLIN);
	}
	return CONN_OK;
}

static int echo_ready(struct conn *c, u32 events)
{
	struct echo_conn *e = (struct echo_conn *)c;
	char *buf = c->server->buf;
	size_t done;

	if (e->kept && echo_flush(e) != CONN_OK)
		return CONN_CLOSE;
	for (done = 0; !e->kept && done < TURN_BYTES;) {
		ssize_t n = read(c->fd, buf, SERVER_BUF), sent;

		if (n < 0)
			return errno == EAGAIN ? CONN_OK : CONN_CLOSE;
		if (!n)
			return CONN_CLOSE;	/* the peer is done, and has all back */
		sent = write(c->fd, buf, (size_t)n);
		if (sent < 0 && errno != EAGAIN)
			return CONN_CLOSE;
		if (sent < 0)
			sent = 0;
		if (sent < n && echo_keep(e, buf + sent, (size_t)(n - sent)) != CONN_OK)
			return CONN_CLOSE;
		/* There was no more: to ask again would say so, and epoll does. */
		if (n < SERVER_BUF)
			break;
		done += (size_t)n;
	}
	return CONN_OK;
}

static void echo_closed(struct conn *c)
{
	echo_drop((struct echo_conn *)c);
}

/* Two echo servers, or echo and chargen, could keep a datagram going for ever:
 * what comes from such a port is not answered. */
static bool from_a_server(const struct sockaddr_in *from)
{
	unsigned short port = app_ntohs(from->sin_port);

	return port == 7 || port == 19 || port == 17 || port == 13;
}

static void echo_datagram(struct server *s, size_t n, const struct sockaddr_in *from)
{
	if (!from_a_server(from))
		sendto(s->udp, s->buf, n, 0, from, sizeof(*from));
}

const struct server_ops echo_ops = {
	.name = "echo",
	.port = 7,
	.conn_size = sizeof(struct echo_conn),
	.ready = echo_ready,
	.closed = echo_closed,
	.datagram = echo_datagram,
};
