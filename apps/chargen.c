// SPDX-License-Identifier: MIT
/*
 * Character generator: lines of 72 printable characters, each line beginning
 * one character further on in the ring of 95.
 *
 *	 !"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`abcdefg
 *	!"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\]^_`abcdefgh
 *
 * After 95 lines it begins anew, so one such block, several times over, is what
 * is sent from.
 *
 * RFC: 864
 */
#include "apps.h"

#define RING		95		/* printable characters, from the blank on */
#define LINE_CHARS	72
#define LINE_BYTES	(LINE_CHARS + 2)
#define BLOCK_BYTES	(RING * LINE_BYTES)
#define BLOCKS		4
#define TURN_BYTES	(16UL * BLOCK_BYTES)
#define DATAGRAM_MAX	512

struct chargen_conn {
	struct conn conn;		/* first */
	size_t at;			/* place in the block */
};

static char block[BLOCKS * BLOCK_BYTES];

static void block_fill(void)
{
	size_t line, i;

	for (line = 0; line < BLOCKS * RING; line++) {
		char *to = block + line * LINE_BYTES;

		for (i = 0; i < LINE_CHARS; i++)
			to[i] = (char)(' ' + (line + i) % RING);
		to[LINE_CHARS] = '\r';
		to[LINE_CHARS + 1] = '\n';
	}
}

static int chargen_opened(struct conn *c)
{
	if (!block[0])
		block_fill();
	conn_wait(c, EPOLLIN | EPOLLOUT);
	return CONN_OK;
}

/* Whatever the peer says is thrown away. When it says that it is done, it still
 * may listen: there is nothing more to be read then. */
static int chargen_read(struct conn *c)
{
	ssize_t n = recv(c->fd, c->server->buf, SERVER_BUF, 0);

	if (n < 0)
		return errno == EAGAIN ? CONN_OK : CONN_CLOSE;
	if (!n)
		conn_wait(c, EPOLLOUT);
	return CONN_OK;
}

static int chargen_ready(struct conn *c, u32 events)
{
	struct chargen_conn *g = (struct chargen_conn *)c;
	size_t done;

	if (events & (EPOLLIN | EPOLLERR) && chargen_read(c) != CONN_OK)
		return CONN_CLOSE;
	for (done = 0; done < TURN_BYTES;) {
		ssize_t n = send(c->fd, block + g->at, sizeof(block) - g->at, 0);

		if (n < 0)
			return errno == EAGAIN ? CONN_OK : CONN_CLOSE;
		g->at = (g->at + (size_t)n) % BLOCK_BYTES;
		done += (size_t)n;
	}
	return CONN_OK;
}

static void chargen_datagram(struct server *s, size_t n, const struct sockaddr_in *from)
{
	unsigned short port = app_ntohs(from->sin_port), len = 0;

	/* Not with another server: they would go on for ever. */
	if (port == 7 || port == 19 || port == 17 || port == 13)
		return;
	if (!block[0])
		block_fill();
	getrandom(&len, sizeof(len));
	sendto(s->udp, block, len % (DATAGRAM_MAX + 1), 0, from, sizeof(*from));
}

const struct server_ops chargen_ops = {
	.name = "chargen",
	.port = 19,
	.conn_size = sizeof(struct chargen_conn),
	.opened = chargen_opened,
	.ready = chargen_ready,
	.datagram = chargen_datagram,
};
