// SPDX-License-Identifier: MIT
/*
 * Rows of one TCP connection that carries as much as it can: into the guest
 * (discard) and out of it (chargen).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/tcp.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client.h"

#define DISCARD_PORT	9
#define CHARGEN_PORT	19
#define PIECE		(256 << 10)	/* bytes of a call */
#define TURN_MS		100

static char piece[PIECE];

/* What the guest has acknowledged: what waits in our own queue does not count. */
static int count_acked(struct run *r, int fd)
{
	struct tcp_info info;
	socklen_t len = sizeof(info);

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) ||
	    len < offsetof(struct tcp_info, tcpi_bytes_acked) + sizeof(info.tcpi_bytes_acked))
		return fail(r, "TCP_INFO");
	r->bytes = info.tcpi_bytes_acked;
	return 0;
}

static void wait_a_turn(int fd, short events)
{
	struct pollfd wait = { .fd = fd, .events = events };

	poll(&wait, 1, TURN_MS);
}

/**
 * row_stream_in - one stream into the guest
 * @r: the run
 * @arg: nothing
 *
 * Return: 0, or -1: it was said why.
 */
int row_stream_in(struct run *r, int arg)
{
	int fd = tcp_connect(r, DISCARD_PORT), result = 0;

	(void)arg;
	if (fd < 0)
		return -1;
	memset(piece, 's', sizeof(piece));
	while (!result && run_goes_on(r)) {
		if (send(fd, piece, sizeof(piece), MSG_NOSIGNAL) < 0) {
			if (errno != EAGAIN)
				result = fail(r, "send");
			wait_a_turn(fd, POLLOUT);
		}
		if (!result)
			result = count_acked(r, fd);
	}
	close(fd);
	return result;
}

/**
 * row_stream_out - one stream out of the guest
 * @r: the run
 * @arg: nothing
 *
 * Return: 0, or -1: it was said why.
 */
int row_stream_out(struct run *r, int arg)
{
	int fd = tcp_connect(r, CHARGEN_PORT), result = 0;
	ssize_t n;

	(void)arg;
	if (fd < 0)
		return -1;
	while (!result && run_goes_on(r)) {
		n = recv(fd, piece, sizeof(piece), 0);
		if (n > 0)
			r->bytes += (uint64_t)n;
		else if (n == 0 || errno != EAGAIN)
			result = fail(r, "recv");
		else
			wait_a_turn(fd, POLLIN);
	}
	close(fd);
	return result;
}
