/* SPDX-License-Identifier: MIT */
/*
 * The services of a Linux guest, and what init.c and they share.
 *
 * They are those of apps/, call for call: the same reads and writes of the same
 * sizes, so that what is compared is what the kernels do below them.
 */
#ifndef BENCH_LINUX_SERVER_H
#define BENCH_LINUX_SERVER_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SERVER_BUF	65536	/* bytes of a read, as in apps/lib/server.h */

enum conn_verdict { CONN_OK, CONN_CLOSE };

/* One connection; each service has its own struct that begins with this. */
struct conn {
	const struct service *service;
	uint32_t events;	/* what epoll waits for */
	int fd;
};

/* What a port does. @datagram NULL: no UDP. */
struct service {
	const char *name;
	uint16_t port;
	size_t conn_size;
	int (*opened)(struct conn *c);
	int (*ready)(struct conn *c, uint32_t events);
	void (*closed)(struct conn *c);
	void (*datagram)(int fd, size_t len, const struct sockaddr_in *from);
};

extern char server_buf[SERVER_BUF];	/* what a handler reads into */
extern const struct service echo_service, discard_service, chargen_service, http_service;

void conn_wait(struct conn *c, uint32_t events);
int server_open(void);
int server_run(void);

#endif
