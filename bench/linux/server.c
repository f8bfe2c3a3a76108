// SPDX-License-Identifier: MIT
/*
 * The loop of the Linux guest's services, and echo, discard and chargen; the
 * counterpart of apps/lib/server.c, echo.c, discard.c, chargen.c.
 *
 * One process and one epoll set serve all ports: the leanest way that Linux has.
 *
 * RFC: 862, 863, 864
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "server.h"

#define EVENTS_MAX	64
#define ACCEPTS_MAX	32	/* a turn */
#define DATAGRAMS_MAX	32
#define ECHO_TURN	(4 * SERVER_BUF)
#define DISCARD_TURN	(16 * SERVER_BUF)

#define RING		95
#define LINE_CHARS	72
#define LINE_BYTES	(LINE_CHARS + 2)
#define BLOCK_BYTES	(RING * LINE_BYTES)
#define BLOCKS		4
#define CHARGEN_TURN	(16UL * BLOCK_BYTES)

/* One open port. */
struct port {
	const struct service *service;
	int tcp, udp;
};

static const struct service *const services[] = {
	&echo_service, &discard_service, &chargen_service, &http_service,
};
#define NR_PORTS	(sizeof(services) / sizeof(services[0]))

char server_buf[SERVER_BUF];
static struct port ports[NR_PORTS];
static int epfd;

/* ---- echo ------------------------------------------------------------------------- */

struct echo_conn {
	struct conn conn;	/* first */
	char *kept;		/* read and not sent yet; NULL: nothing */
	size_t at, len;		/* sent of it, bytes in it */
};

static int echo_keep(struct echo_conn *e, const char *data, size_t len)
{
	e->kept = malloc(len);
	if (!e->kept)
		return CONN_CLOSE;
	memcpy(e->kept, data, len);
	e->at = 0;
	e->len = len;
	conn_wait(&e->conn, EPOLLOUT);
	return CONN_OK;
}

static int echo_flush(struct echo_conn *e)
{
	ssize_t n = write(e->conn.fd, e->kept + e->at, e->len - e->at);

	if (n < 0)
		return errno == EAGAIN ? CONN_OK : CONN_CLOSE;
	e->at += (size_t)n;
	if (e->at == e->len) {
		free(e->kept);
		e->kept = NULL;
		conn_wait(&e->conn, EPOLLIN);
	}
	return CONN_OK;
}

static int echo_ready(struct conn *c, uint32_t events)
{
	struct echo_conn *e = (struct echo_conn *)c;
	size_t done;

	(void)events;
	if (e->kept && echo_flush(e) != CONN_OK)
		return CONN_CLOSE;
	for (done = 0; !e->kept && done < ECHO_TURN;) {
		ssize_t n = read(c->fd, server_buf, SERVER_BUF), sent;

		if (n < 0)
			return errno == EAGAIN ? CONN_OK : CONN_CLOSE;
		if (!n)
			return CONN_CLOSE;
		sent = write(c->fd, server_buf, (size_t)n);
		if (sent < 0 && errno != EAGAIN)
			return CONN_CLOSE;
		if (sent < 0)
			sent = 0;
		if (sent < n && echo_keep(e, server_buf + sent, (size_t)(n - sent)) != CONN_OK)
			return CONN_CLOSE;
		done += (size_t)n;
	}
	return CONN_OK;
}

static void echo_closed(struct conn *c)
{
	free(((struct echo_conn *)c)->kept);
}

static void echo_datagram(int fd, size_t len, const struct sockaddr_in *from)
{
	/* An answer that finds no room is lost, as a datagram may be. */
	ssize_t n = sendto(fd, server_buf, len, 0, (const struct sockaddr *)from, sizeof(*from));

	(void)n;
}

const struct service echo_service = {
	.name = "echo", .port = 7, .conn_size = sizeof(struct echo_conn),
	.ready = echo_ready, .closed = echo_closed, .datagram = echo_datagram,
};

/* ---- discard ----------------------------------------------------------------------- */

static int discard_ready(struct conn *c, uint32_t events)
{
	size_t done;

	(void)events;
	for (done = 0; done < DISCARD_TURN;) {
		ssize_t n = recv(c->fd, server_buf, SERVER_BUF, 0);

		if (n < 0)
			return errno == EAGAIN ? CONN_OK : CONN_CLOSE;
		if (!n)
			return CONN_CLOSE;
		done += (size_t)n;
	}
	return CONN_OK;
}

const struct service discard_service = {
	.name = "discard", .port = 9, .conn_size = sizeof(struct conn), .ready = discard_ready,
};

/* ---- chargen ------------------------------------------------------------------------ */

struct chargen_conn {
	struct conn conn;	/* first */
	size_t at;		/* place in the block */
};

static char block[BLOCKS * BLOCK_BYTES];

static void block_fill(void)
{
	size_t line, i;

	for (line = 0; line < BLOCKS * RING; line++) {
		char *to = block + line * LINE_BYTES;

		for (i = 0; i < LINE_CHARS; i++)
			to[i] = (char)(' ' + (line + i) % RING);
		memcpy(to + LINE_CHARS, "\r\n", 2);
	}
}

static int chargen_opened(struct conn *c)
{
	if (!block[0])
		block_fill();
	conn_wait(c, EPOLLIN | EPOLLOUT);
	return CONN_OK;
}

static int chargen_read(struct conn *c)
{
	ssize_t n = recv(c->fd, server_buf, SERVER_BUF, 0);

	if (n < 0)
		return errno == EAGAIN ? CONN_OK : CONN_CLOSE;
	if (!n)
		conn_wait(c, EPOLLOUT);
	return CONN_OK;
}

static int chargen_ready(struct conn *c, uint32_t events)
{
	struct chargen_conn *g = (struct chargen_conn *)c;
	size_t done;

	if (events & (EPOLLIN | EPOLLERR) && chargen_read(c) != CONN_OK)
		return CONN_CLOSE;
	for (done = 0; done < CHARGEN_TURN;) {
		ssize_t n = send(c->fd, block + g->at, sizeof(block) - g->at, 0);

		if (n < 0)
			return errno == EAGAIN ? CONN_OK : CONN_CLOSE;
		g->at = (g->at + (size_t)n) % BLOCK_BYTES;
		done += (size_t)n;
	}
	return CONN_OK;
}

const struct service chargen_service = {
	.name = "chargen", .port = 19, .conn_size = sizeof(struct chargen_conn),
	.opened = chargen_opened, .ready = chargen_ready,
};

/* ---- the loop ------------------------------------------------------------------------ */

static void conn_close(struct conn *c)
{
	if (c->service->closed)
		c->service->closed(c);
	close(c->fd);
	free(c);
}

/**
 * conn_wait - choose what to be told of
 * @c: the connection
 * @events: EPOLLIN, EPOLLOUT
 */
void conn_wait(struct conn *c, uint32_t events)
{
	struct epoll_event ev = { .events = events, .data.ptr = c };

	if (c->events == events)
		return;
	c->events = events;
	epoll_ctl(epfd, EPOLL_CTL_MOD, c->fd, &ev);
}

static void conn_open(const struct service *service, int fd)
{
	struct conn *c = calloc(1, service->conn_size);
	struct epoll_event ev = { .events = EPOLLIN, .data.ptr = c };

	if (!c || epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &ev)) {
		free(c);
		close(fd);
		return;
	}
	c->service = service;
	c->fd = fd;
	c->events = EPOLLIN;
	if (service->opened && service->opened(c) != CONN_OK)
		conn_close(c);
}

static void port_accept(const struct port *p)
{
	int i, fd;

	for (i = 0; i < ACCEPTS_MAX; i++) {
		fd = accept4(p->tcp, NULL, NULL, SOCK_NONBLOCK);
		if (fd >= 0)
			conn_open(p->service, fd);
		else if (errno != ECONNABORTED)
			return;
	}
}

static void port_datagrams(const struct port *p)
{
	struct sockaddr_in from;
	socklen_t len;
	ssize_t n;
	int i;

	for (i = 0; i < DATAGRAMS_MAX; i++) {
		len = sizeof(from);
		n = recvfrom(p->udp, server_buf, SERVER_BUF, 0, (struct sockaddr *)&from, &len);
		if (n < 0 && errno != ECONNREFUSED)
			return;
		if (n >= 0)
			p->service->datagram(p->udp, (size_t)n, &from);
	}
}

static int port_open(const struct service *service, int type, void *tag)
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET, .sin_port = htons(service->port),
	};
	struct epoll_event ev = { .events = EPOLLIN, .data.ptr = tag };
	int fd = socket(AF_INET, type | SOCK_NONBLOCK, 0), on = 1;

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(fd, (const struct sockaddr *)&addr, sizeof(addr)) ||
	    (type == SOCK_STREAM && listen(fd, SOMAXCONN)) ||
	    epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &ev)) {
		close(fd);
		return -1;
	}
	return fd;
}

static int ports_open(void)
{
	size_t i;

	for (i = 0; i < NR_PORTS; i++) {
		struct port *p = &ports[i];

		p->service = services[i];
		p->tcp = port_open(p->service, SOCK_STREAM, &p->tcp);
		p->udp = p->service->datagram ? port_open(p->service, SOCK_DGRAM, &p->udp) : -1;
		if (p->tcp < 0 || (p->service->datagram && p->udp < 0))
			return -1;
	}
	return 0;
}

static void handle(const struct epoll_event *ev)
{
	struct conn *c = ev->data.ptr;
	size_t i;

	for (i = 0; i < NR_PORTS; i++) {
		if (ev->data.ptr == &ports[i].tcp) {
			port_accept(&ports[i]);
			return;
		}
		if (ev->data.ptr == &ports[i].udp) {
			port_datagrams(&ports[i]);
			return;
		}
	}
	if (c->service->ready(c, ev->events) != CONN_OK)
		conn_close(c);
}

/**
 * server_open - open all ports
 *
 * Return: 0, or -1 with errno: a port did not open.
 */
int server_open(void)
{
	epfd = epoll_create1(0);
	return epfd < 0 ? -1 : ports_open();
}

/**
 * server_run - serve the open ports
 *
 * Return: -1 with errno: waiting failed.
 */
int server_run(void)
{
	struct epoll_event events[EVENTS_MAX];
	int i, n;

	for (;;) {
		n = epoll_wait(epfd, events, EVENTS_MAX, -1);
		if (n < 0 && errno != EINTR)
			return -1;
		for (i = 0; i < n; i++)
			handle(&events[i]);
	}
}
