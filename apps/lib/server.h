/* SPDX-License-Identifier: MIT */
/*
 * A server: one thread, one epoll set, many connections. A program says what
 * happens on a connection; listening, accepting, being patient with slow peers
 * and short of descriptors is done here.
 */
#ifndef APPS_SERVER_H
#define APPS_SERVER_H

#include "lib.h"

struct server;

struct conn {
	struct conn *next, *prev;	/* by last activity, oldest first */
	struct server *server;
	int fd;				/* non-blocking */
	u32 events;			/* EPOLL* waited for */
	s64 active_ns;			/* last time something happened, if that matters */
};

/* What a handler answers. */
#define CONN_OK		0
#define CONN_CLOSE	(-1)

struct server_ops {
	const char *name;		/* "echo" */
	unsigned short port;
	size_t conn_size;		/* of the program's struct, struct conn first */
	int idle_timeout_s;		/* a silent connection is closed; 0: never */
	/* Zeroed but for struct conn; NULL: nothing to do. */
	int (*opened)(struct conn *c);
	/* Readable or writable, or an error is there to be read. */
	int (*ready)(struct conn *c, u32 events);
	/* Before the descriptor is closed; NULL: nothing to do. */
	void (*closed)(struct conn *c);
	/* A datagram of @n bytes is in server->buf; NULL: no UDP. */
	void (*datagram)(struct server *s, size_t n, const struct sockaddr_in *from);
};

#define SERVER_BUF	65536

struct server {
	const struct server_ops *ops;
	int epfd, tcp, udp;		/* descriptors; -1: none */
	bool paused;			/* no descriptors left: not accepting */
	unsigned int nr_conns;
	struct conn oldest;		/* ring head */
	struct epoll_event *events;	/* EVENTS_MAX: what epoll_wait() told */
	int file;			/* the program's, closed at the end; -1: none */
	char *buf;			/* SERVER_BUF bytes, valid until the handler returns */
};

/* Opens the sockets. 0, or -1: it was logged why. */
int server_init(struct server *s, const struct server_ops *ops);
/* A thread's function; @arg: a struct server. */
int server_run(void *arg);
/* Waits for @events from now on. */
void conn_wait(struct conn *c, u32 events);

#endif
