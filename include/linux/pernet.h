/* SPDX-License-Identifier: MIT */
/*
 * What a subsystem or a driver sets up in each namespace. For drivers, which
 * do not see inside struct net; net/net_namespace.h includes this.
 *
 * Linux: include/net/net_namespace.h
 */
#ifndef LINUX_PERNET_H
#define LINUX_PERNET_H

#include <linux/types.h>

struct net;

/* Set up in order of registration, undone in reverse. Process context. */
struct pernet_operations {
	struct list_head list;
	int (*init)(struct net *net);	/* 0 or -errno: then nothing is left behind */
	void (*exit)(struct net *net);
};

/* From initcalls only. Also runs init for every namespace there is: 0, or the
 * error of one (then it is registered nowhere). */
int register_pernet_subsys(struct pernet_operations *ops);
/* The same for what makes devices: their exit runs before any subsystem's. */
int register_pernet_device(struct pernet_operations *ops);

#endif
