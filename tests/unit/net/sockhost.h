/* SPDX-License-Identifier: MIT */
/*
 * A host of a test's own: a namespace with lo up, in which the test's system
 * calls act, and a descriptor table that begins empty.
 */
#ifndef TESTS_SOCKHOST_H
#define TESTS_SOCKHOST_H

#include <linux/byteorder.h>
#include <linux/fs.h>
#include <linux/net.h>
#include <net/net_namespace.h>
#include <uapi/linux/in.h>

struct sockhost {
	struct net *net, *saved_net;
	struct files_struct *saved_files;
};

void sockhost_enter(struct sockhost *h);
/* Closes everything, takes the namespace down; reports what leaked. */
void sockhost_leave(struct sockhost *h);

/* "a.b.c.d" as four numbers. */
struct sockaddr_in sockhost_addr(u32 host_order, u16 port);
#define LOOPBACK(port)	sockhost_addr(INADDR_LOOPBACK, port)
#define ANY(port)	sockhost_addr(INADDR_ANY, port)

/* A UDP socket, bound to 127.0.0.1:@port if that is not 0. */
int sockhost_udp(u16 port, int flags);

#endif
