// SPDX-License-Identifier: MIT
/*
 * Discard: what comes is thrown away, and nothing is said.
 *
 * RFC: 863
 */
#include "apps.h"

#define TURN_BYTES	(16 * SERVER_BUF)

static int discard_ready(struct conn *c, u32 events)
{
	size_t done;

	for (done = 0; done < TURN_BYTES;) {
		ssize_t n = recv(c->fd, c->server->buf, SERVER_BUF, 0);

		if (n < 0)
			return errno == EAGAIN ? CONN_OK : CONN_CLOSE;
		if (!n)
			return CONN_CLOSE;
		done += (size_t)n;
	}
	return CONN_OK;
}

static void discard_datagram(struct server *s, size_t n, const struct sockaddr_in *from)
{
	/* That was all. */
}

const struct server_ops discard_ops = {
	.name = "discard",
	.port = 9,
	.conn_size = sizeof(struct conn),
	.ready = discard_ready,
	.datagram = discard_datagram,
};
