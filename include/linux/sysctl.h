/* SPDX-License-Identifier: MIT */
/*
 * sysctl: named, typed, range-checked settings under Linux's names (MG-1).
 * A table is static const; a per-namespace value is given by its offset in
 * struct net, so one table serves all namespaces. kernel/sysctl.c.
 */
#ifndef LINUX_SYSCTL_H
#define LINUX_SYSCTL_H

#include <linux/types.h>

struct net;

enum ctl_type {
	CTL_TYPE_INT,		/* int; text: decimal */
	CTL_TYPE_UINT,		/* u32 */
	CTL_TYPE_INT_VEC,	/* count ints; text: "a b c" */
	CTL_TYPE_SECS_NS,	/* u64 nanoseconds; text: seconds */
	CTL_TYPE_MSECS_NS,	/* u64 nanoseconds; text: milliseconds */
	CTL_TYPE_U8,		/* u8 */
	CTL_TYPE_HANDLER,	/* get and set below */
};

struct ctl_table {
	const char *procname;	/* "net.ipv4.tcp_sack" */
	size_t offset;		/* in struct net; or */
	void *data;		/* a global, when not NULL */
	enum ctl_type type;
	unsigned int count;	/* CTL_TYPE_INT_VEC */
	s64 min, max;		/* bounds in the text's unit, inclusive */
	int (*get)(struct net *net, const struct ctl_table *t, char *buf, size_t size);
	int (*set)(struct net *net, const struct ctl_table *t, const char *value);
};

#define CTL_NET(name, field, t, lo, hi) { .procname = name,	\
	.offset = offsetof(struct net, field), .type = t, .count = 1, .min = lo, .max = hi }

/* Registration lasts; tables are static. @n entries. */
void register_sysctl_table(const struct ctl_table *table, size_t n);

/* 0, -ENOENT: no such name, -EINVAL: malformed or out of range. Dots or slashes. */
int sysctl_write(struct net *net, const char *name, const char *value);
/* Length of the text, or -ENOENT; at most size - 1 bytes and a NUL are written. */
int sysctl_read(struct net *net, const char *name, char *buf, size_t size);
void sysctl_for_each(void (*fn)(const struct ctl_table *t, void *ctx), void *ctx);

#endif
