// SPDX-License-Identifier: MIT
/*
 * Rows of HTTP on connections that are kept: a small page, and one of a MiB.
 *
 * RFC: 9112
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client.h"

#define HTTP_PORT	80
#define HEAD_MAX	2048
#define ROOM		(256 << 10)	/* bytes of a read */
#define EVENTS_MAX	64
#define TURN_MS		100

struct getter {
	int fd;
	uint64_t asked_ns;
	size_t head_len;	/* of the answer's head, so far */
	size_t body_left;	/* of its body; counts when head_len is 0 */
	bool in_body;
	char head[HEAD_MAX + 1];
};

static char room[ROOM];
static char request[128];
static size_t request_len;

static int http_ask(struct run *r, struct getter *g)
{
	g->head_len = 0;
	g->in_body = false;
	g->asked_ns = clock_ns();
	if (send(g->fd, request, request_len, MSG_NOSIGNAL) != (ssize_t)request_len)
		return fail(r, "send");
	return 0;
}

/* The length that the answer's head tells; -1: it is no good answer. */
static long body_length(const char *head)
{
	const char *field = strcasestr(head, "\r\nContent-Length:");

	if (strncmp(head, "HTTP/1.1 200 ", 13) || !field)
		return -1;
	return atol(field + 17);
}

/* Takes of @data what belongs to the head; how much that is, -1: bad answer. */
static ssize_t take_head(struct run *r, struct getter *g, const char *data, size_t len)
{
	size_t before = g->head_len, room_left = HEAD_MAX - before;
	const char *end;
	long length;

	if (len > room_left)
		len = room_left;
	memcpy(g->head + before, data, len);
	g->head_len += len;
	g->head[g->head_len] = '\0';
	end = strstr(g->head, "\r\n\r\n");
	if (!end && g->head_len < HEAD_MAX)
		return (ssize_t)len;
	length = end ? body_length(g->head) : -1;
	if (length < 0) {
		fprintf(stderr, "client: %s: the answer is: %.60s\n", r->row, g->head);
		return -1;
	}
	g->in_body = true;
	g->body_left = (size_t)length;
	return end + 4 - g->head - (ssize_t)before;
}

static int take(struct run *r, struct getter *g, const char *data, size_t len)
{
	while (len || (g->in_body && !g->body_left)) {
		size_t n;

		if (!g->in_body) {
			ssize_t head = take_head(r, g, data, len);

			if (head < 0)
				return -1;
			data += head;
			len -= (size_t)head;
			continue;
		}
		n = len < g->body_left ? len : g->body_left;
		g->body_left -= n;
		r->bytes += n;
		data += n;
		len -= n;
		if (!g->body_left) {
			run_latency(r, clock_ns() - g->asked_ns);
			r->ops++;
			if (http_ask(r, g))
				return -1;
		}
	}
	return 0;
}

static int http_came(struct run *r, struct getter *g)
{
	ssize_t n = recv(g->fd, room, sizeof(room), 0);

	if (n < 0)
		return errno == EAGAIN ? 0 : fail(r, "recv");
	if (!n) {
		fprintf(stderr, "client: %s: the guest closed a connection\n", r->row);
		return -1;
	}
	return take(r, g, room, (size_t)n);
}

static int http_turns(struct run *r, int epfd)
{
	struct epoll_event events[EVENTS_MAX];
	int i, n;

	while (run_goes_on(r)) {
		n = epoll_wait(epfd, events, EVENTS_MAX, TURN_MS);
		for (i = 0; i < n; i++)
			if (http_came(r, events[i].data.ptr))
				return -1;
	}
	return 0;
}

static int http_get(struct run *r, const char *path, int connections)
{
	struct getter *all = calloc((size_t)connections, sizeof(*all));
	int epfd = epoll_create1(EPOLL_CLOEXEC), i, result = -1, open = 0;

	if (!all || epfd < 0)
		return fail(r, "epoll_create1");
	request_len = (size_t)snprintf(request, sizeof(request),
				       "GET %s HTTP/1.1\r\nHost: guest\r\n\r\n", path);
	for (; open < connections; open++) {
		all[open].fd = tcp_connect(r, HTTP_PORT);
		if (all[open].fd < 0 || wait_for(epfd, all[open].fd, EPOLLIN, &all[open]))
			goto out;
	}
	for (i = 0; i < connections; i++)
		if (http_ask(r, &all[i]))
			goto out;
	result = http_turns(r, epfd);
out:
	for (i = 0; i < open; i++)
		close(all[i].fd);
	free(all);
	close(epfd);
	return result;
}

/**
 * row_http - the small page, again and again
 * @r: the run
 * @connections: kept open, each with one request on its way
 *
 * Return: 0, or -1: it was said why.
 */
int row_http(struct run *r, int connections)
{
	return http_get(r, "/", connections);
}

/**
 * row_http_1m - the page of a MiB, again and again
 * @r: the run
 * @connections: kept open, each with one request on its way
 *
 * Return: 0, or -1: it was said why.
 */
int row_http_1m(struct run *r, int connections)
{
	return http_get(r, "/1m", connections);
}
