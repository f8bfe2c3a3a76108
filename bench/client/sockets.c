// SPDX-License-Identifier: MIT
/*
 * The client's sockets: opened, watched, and what is said when one fails.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client.h"

#define CONNECT_S	20

/**
 * fail - say what did not work
 * @r: the run
 * @what: the call; errno says why
 *
 * Return: -1.
 */
int fail(const struct run *r, const char *what)
{
	fprintf(stderr, "client: %s: %s: %s\n", r->row, what, strerror(errno));
	return -1;
}

/**
 * tcp_start - begin to connect
 * @r: the run, for the peer
 * @port: the peer's
 *
 * Return: a socket that does not block, or -1.
 */
int tcp_start(const struct run *r, uint16_t port)
{
	struct sockaddr_in peer = r->peer;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;

	if (fd < 0)
		return fail(r, "socket");
	peer.sin_port = htons(port);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (connect(fd, (const struct sockaddr *)&peer, sizeof(peer)) && errno != EINPROGRESS) {
		fail(r, "connect");
		close(fd);
		return -1;
	}
	return fd;
}

/**
 * tcp_connect - connect
 * @r: the run, for the peer
 * @port: the peer's
 *
 * Return: a connected socket that does not block, or -1.
 */
int tcp_connect(const struct run *r, uint16_t port)
{
	struct sockaddr_in peer = r->peer;
	struct timeval patience = { .tv_sec = CONNECT_S };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

	if (fd < 0)
		return fail(r, "socket");
	peer.sin_port = htons(port);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (connect(fd, (const struct sockaddr *)&peer, sizeof(peer)) ||
	    fcntl(fd, F_SETFL, O_NONBLOCK)) {
		fail(r, "connect");
		close(fd);
		return -1;
	}
	return fd;
}

/**
 * wait_for - add a socket to an epoll set
 * @epfd: the set
 * @fd: the socket
 * @events: EPOLLIN, EPOLLOUT, EPOLLET
 * @tag: comes with its events
 *
 * Return: 0 or -1, as epoll_ctl().
 */
int wait_for(int epfd, int fd, uint32_t events, void *tag)
{
	struct epoll_event ev = { .events = events, .data.ptr = tag };

	return epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &ev);
}
