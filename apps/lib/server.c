// SPDX-License-Identifier: MIT
/*
 * The loop of a server.
 *
 * Threads here give way only when they sleep, so each turn ends with
 * sched_yield(), and a handler does a bounded piece of work. When descriptors or
 * memory run out, the listener is taken out of the set until a connection ends
 * or a tenth of a second is over: else it would wake us for ever.
 */
#include "server.h"

#define EVENTS_MAX	64
#define ACCEPTS_MAX	32		/* a turn */
#define DATAGRAMS_MAX	32
#define PAUSE_MS	100
#define NS_PER_S	1000000000LL
#define NS_PER_MS	1000000LL

/* ---- sockets ---------------------------------------------------------------------- */

static int watch(struct server *s, int fd, void *tag)
{
	struct epoll_event ev = { .events = EPOLLIN, .data = (uintptr_t)tag };

	return epoll_ctl(s->epfd, EPOLL_CTL_ADD, fd, &ev);
}

static int open_socket(struct server *s, int type, void *tag)
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET, .sin_port = app_htons(s->ops->port),
	};
	int fd = socket(AF_INET, type | SOCK_NONBLOCK, 0), on = 1;

	if (fd < 0)
		return -1;
	if (type == SOCK_STREAM)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, &addr, sizeof(addr)) ||
	    (type == SOCK_STREAM && listen(fd, SOMAXCONN)) || watch(s, fd, tag)) {
		int err = errno;

		close(fd);
		errno = err;
		return -1;
	}
	return fd;
}

static void server_close(struct server *s)
{
	if (s->tcp >= 0)
		close(s->tcp);
	if (s->udp >= 0)
		close(s->udp);
	if (s->epfd >= 0)
		close(s->epfd);
	if (s->file >= 0)
		close(s->file);
	app_free(s->events, EVENTS_MAX * sizeof(*s->events));
	app_free(s->buf, SERVER_BUF);
}

/**
 * server_init - open a server's sockets
 * @s: filled in
 * @ops: kept
 *
 * Context: process.
 * Return: 0, or -1: it was logged why.
 */
int server_init(struct server *s, const struct server_ops *ops)
{
	*s = (struct server){ .ops = ops, .tcp = -1, .udp = -1, .file = -1 };
	s->oldest.next = s->oldest.prev = &s->oldest;
	s->epfd = epoll_create1(0);
	s->buf = app_malloc(SERVER_BUF);
	s->events = app_malloc(EVENTS_MAX * sizeof(*s->events));
	if (s->epfd < 0 || !s->buf || !s->events)
		goto fail;
	s->tcp = open_socket(s, SOCK_STREAM, &s->tcp);
	if (s->tcp < 0)
		goto fail;
	if (ops->datagram) {
		s->udp = open_socket(s, SOCK_DGRAM, &s->udp);
		if (s->udp < 0)
			goto fail;
	}
	return 0;
fail:
	app_log(3, "%s: port %u: %s", ops->name, ops->port, app_strerror(errno));
	server_close(s);
	return -1;
}

/* ---- connections --------------------------------------------------------------------- */

static void conn_unlink(struct conn *c)
{
	c->prev->next = c->next;
	c->next->prev = c->prev;
}

/* Something happened: it is the youngest now. */
static void conn_link_youngest(struct server *s, struct conn *c)
{
	if (s->ops->idle_timeout_s)
		c->active_ns = now_ns();
	c->prev = s->oldest.prev;
	c->next = &s->oldest;
	c->prev->next = c;
	s->oldest.prev = c;
}

static void server_pause(struct server *s, bool pause)
{
	struct epoll_event ev = { .events = pause ? 0 : EPOLLIN, .data = (uintptr_t)&s->tcp };

	s->paused = pause;
	epoll_ctl(s->epfd, EPOLL_CTL_MOD, s->tcp, &ev);
}

static void conn_close(struct conn *c)
{
	struct server *s = c->server;

	if (s->ops->closed)
		s->ops->closed(c);
	close(c->fd);
	conn_unlink(c);
	s->nr_conns--;
	app_free(c, s->ops->conn_size);
	if (s->paused)
		server_pause(s, false);
}

/**
 * conn_wait - choose what to be told of
 * @c: the connection
 * @events: EPOLLIN, EPOLLOUT
 *
 * Context: process.
 */
void conn_wait(struct conn *c, u32 events)
{
	struct epoll_event ev = { .events = events, .data = (uintptr_t)c };

	if (c->events == events)
		return;
	c->events = events;
	epoll_ctl(c->server->epfd, EPOLL_CTL_MOD, c->fd, &ev);
}

static int conn_open(struct server *s, int fd)
{
	struct conn *c = app_calloc(s->ops->conn_size);
	struct epoll_event ev = { .events = EPOLLIN, .data = (uintptr_t)c };

	if (!c)
		goto fail;
	c->server = s;
	c->fd = fd;
	c->events = EPOLLIN;
	if (epoll_ctl(s->epfd, EPOLL_CTL_ADD, fd, &ev)) {
		app_free(c, s->ops->conn_size);
		goto fail;
	}
	conn_link_youngest(s, c);
	s->nr_conns++;
	if (s->ops->opened && s->ops->opened(c) != CONN_OK)
		conn_close(c);
	return 0;
fail:
	close(fd);
	errno = ENOMEM;
	return -1;
}

static void server_accept(struct server *s)
{
	int i, fd;

	for (i = 0; i < ACCEPTS_MAX; i++) {
		fd = accept4(s->tcp, NULL, NULL, SOCK_NONBLOCK);
		if (fd >= 0 && !conn_open(s, fd))
			continue;
		if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
			server_pause(s, true);
		/* A connection that ended before it was accepted is nothing. */
		if (errno != ECONNABORTED)
			return;
	}
}

static void server_datagrams(struct server *s)
{
	struct sockaddr_in from;
	socklen_t len;
	ssize_t n;
	int i;

	for (i = 0; i < DATAGRAMS_MAX; i++) {
		len = sizeof(from);
		n = recvfrom(s->udp, s->buf, SERVER_BUF, 0, &from, &len);
		/* An error here is that of a datagram we sent: read, and gone. */
		if (n < 0 && errno != ECONNREFUSED)
			return;
		if (n >= 0)
			s->ops->datagram(s, (size_t)n, &from);
	}
}

/* ---- the loop ---------------------------------------------------------------------------- */

static void server_event(struct server *s, const struct epoll_event *ev)
{
	void *tag = (void *)(uintptr_t)ev->data;
	struct conn *c = tag;

	if (tag == &s->tcp) {
		server_accept(s);
		return;
	}
	if (tag == &s->udp) {
		server_datagrams(s);
		return;
	}
	if (s->ops->ready(c, ev->events) != CONN_OK) {
		conn_close(c);
		return;
	}
	conn_unlink(c);
	conn_link_youngest(s, c);
}

static void server_expire(struct server *s)
{
	s64 limit_ns = now_ns() - s->ops->idle_timeout_s * NS_PER_S;

	while (s->oldest.next != &s->oldest && s->oldest.next->active_ns <= limit_ns)
		conn_close(s->oldest.next);
}

/* Milliseconds until something is to be done without an event; -1: never. */
static int server_timeout(const struct server *s)
{
	s64 left_ns;

	if (s->paused)
		return PAUSE_MS;
	if (!s->ops->idle_timeout_s || s->oldest.next == &s->oldest)
		return -1;
	left_ns = s->oldest.next->active_ns + s->ops->idle_timeout_s * NS_PER_S - now_ns();
	return left_ns <= 0 ? 0 : (int)(left_ns / NS_PER_MS) + 1;
}

/**
 * server_run - serve
 * @arg: a struct server
 *
 * Context: process; a thread of its own.
 * Return: 1: the epoll set failed.
 */
int server_run(void *arg)
{
	struct server *s = arg;
	int i, n;

	for (;;) {
		n = epoll_wait(s->epfd, s->events, EVENTS_MAX, server_timeout(s));
		if (n < 0)
			break;
		for (i = 0; i < n; i++)
			server_event(s, &s->events[i]);
		if (s->paused && !n)
			server_pause(s, false);
		if (s->ops->idle_timeout_s)
			server_expire(s);
		sched_yield();
	}
	app_log(3, "%s: %s", s->ops->name, app_strerror(errno));
	while (s->oldest.next != &s->oldest)
		conn_close(s->oldest.next);
	server_close(s);
	return 1;
}
