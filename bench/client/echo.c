// SPDX-License-Identifier: MIT
/*
 * Rows of TCP echo: a byte there and back on connections that stay, on
 * connections made for it, and connections that are only held.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client.h"

#define ECHO_PORT	7
#define EVENTS_MAX	64
#define TURN_MS		100	/* the clock is looked at at least that often */

/* ---- connections that stay --------------------------------------------------------- */

struct echoed {
	int fd;
	uint64_t sent_ns;
};

static int echo_send(struct run *r, struct echoed *e)
{
	e->sent_ns = clock_ns();
	return send(e->fd, "x", 1, MSG_NOSIGNAL) == 1 ? 0 : fail(r, "send");
}

static int echo_came(struct run *r, struct echoed *e)
{
	char byte;

	if (recv(e->fd, &byte, 1, 0) != 1)
		return errno == EAGAIN ? 0 : fail(r, "recv");
	run_latency(r, clock_ns() - e->sent_ns);
	r->ops++;
	return echo_send(r, e);
}

static int echo_turns(struct run *r, int epfd)
{
	struct epoll_event events[EVENTS_MAX];
	int i, n;

	while (run_goes_on(r)) {
		n = epoll_wait(epfd, events, EVENTS_MAX, TURN_MS);
		for (i = 0; i < n; i++)
			if (echo_came(r, events[i].data.ptr))
				return -1;
	}
	return 0;
}

/**
 * row_echo - one byte there and back on each connection, again and again
 * @r: the run
 * @connections: how many
 *
 * Return: 0, or -1: it was said why.
 */
int row_echo(struct run *r, int connections)
{
	struct echoed *all = calloc((size_t)connections, sizeof(*all));
	int epfd = epoll_create1(EPOLL_CLOEXEC), i, result = -1;

	if (!all || epfd < 0) {
		fail(r, "epoll_create1");
		goto out;
	}
	for (i = 0; i < connections; i++)
		all[i].fd = -1;
	for (i = 0; i < connections; i++) {
		all[i].fd = tcp_connect(r, ECHO_PORT);
		if (all[i].fd < 0 || wait_for(epfd, all[i].fd, EPOLLIN, &all[i]))
			goto out;
	}
	for (i = 0; i < connections; i++)
		if (echo_send(r, &all[i]))
			goto out;
	result = echo_turns(r, epfd);
out:
	for (i = 0; all && i < connections; i++)
		if (all[i].fd >= 0)
			close(all[i].fd);
	free(all);
	if (epfd >= 0)
		close(epfd);
	return result;
}

/* ---- connections made for one byte ---------------------------------------------------- */

enum step { CONNECTING, ECHOING, CLOSING };

struct attempt {
	enum step step;
	int fd;
	uint64_t began_ns;
};

static int attempt_begin(struct run *r, int epfd, struct attempt *a)
{
	a->step = CONNECTING;
	a->began_ns = clock_ns();
	a->fd = tcp_start(r, ECHO_PORT);
	if (a->fd < 0)
		return -1;
	/* Told of each change once: one system call less for each step. */
	return wait_for(epfd, a->fd, EPOLLIN | EPOLLOUT | EPOLLET, a) ? fail(r, "epoll_ctl") : 0;
}

/* Goes as many steps as the socket allows now. */
static int attempt_go_on(struct run *r, int epfd, struct attempt *a)
{
	char byte;

	if (a->step == CONNECTING) {
		if (send(a->fd, "x", 1, MSG_NOSIGNAL) != 1)
			return errno == EAGAIN ? 0 : fail(r, "connect");
		a->step = ECHOING;
	}
	if (a->step == ECHOING) {
		if (recv(a->fd, &byte, 1, 0) != 1)
			return errno == EAGAIN ? 0 : fail(r, "recv");
		a->step = CLOSING;
		shutdown(a->fd, SHUT_WR);
	}
	if (recv(a->fd, &byte, 1, 0))
		return errno == EAGAIN ? 0 : fail(r, "end");
	close(a->fd);
	run_latency(r, clock_ns() - a->began_ns);
	r->ops++;
	return attempt_begin(r, epfd, a);
}

/**
 * row_connect - connect, one byte there and back, both ends closed
 * @r: the run
 * @at_once: so many connections at a time
 *
 * Return: 0, or -1: it was said why.
 */
int row_connect(struct run *r, int at_once)
{
	struct attempt *all = calloc((size_t)at_once, sizeof(*all));
	struct epoll_event events[EVENTS_MAX];
	int epfd = epoll_create1(EPOLL_CLOEXEC), i, n, result = 0;

	if (!all || epfd < 0)
		return fail(r, "epoll_create1");
	for (i = 0; i < at_once && !result; i++)
		result = attempt_begin(r, epfd, &all[i]);
	while (!result && run_goes_on(r)) {
		n = epoll_wait(epfd, events, EVENTS_MAX, TURN_MS);
		for (i = 0; i < n && !result; i++)
			result = attempt_go_on(r, epfd, events[i].data.ptr);
	}
	for (i = 0; i < at_once; i++)
		if (all[i].fd > 0)
			close(all[i].fd);
	free(all);
	close(epfd);
	return result;
}

/* ---- connections that are held ----------------------------------------------------------- */

static int hold_one(struct run *r)
{
	int fd = tcp_connect(r, ECHO_PORT);
	char byte;

	if (fd < 0)
		return -1;
	if (send(fd, "x", 1, MSG_NOSIGNAL) != 1)
		return fail(r, "send");
	for (;;) {
		struct epoll_event ev;
		int epfd;

		if (recv(fd, &byte, 1, 0) == 1)
			return 0;
		if (errno != EAGAIN)
			return fail(r, "recv");
		epfd = epoll_create1(EPOLL_CLOEXEC);
		if (epfd < 0 || wait_for(epfd, fd, EPOLLIN, NULL))
			return fail(r, "epoll");
		if (epoll_wait(epfd, &ev, 1, 20000) != 1)
			return fail(r, "no echo");
		close(epfd);
	}
}

/**
 * hold_idle - open connections, use each once, hold them until stdin ends
 * @r: the run; only its peer matters
 * @connections: how many
 *
 * Return: 0, or -1: it was said why.
 */
int hold_idle(struct run *r, int connections)
{
	char byte;
	int i;

	for (i = 0; i < connections; i++)
		if (hold_one(r))
			return -1;
	printf("{\"row\": \"%s\", \"held\": %d}\n", r->row, connections);
	fflush(stdout);
	/* The process' end closes them. */
	return read(STDIN_FILENO, &byte, 1) < 0 ? fail(r, "read") : 0;
}
