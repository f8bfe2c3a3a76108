/* SPDX-License-Identifier: MIT */
/*
 * Text views: what Linux shows in /proc, opened and read like files
 * (kernel/proc.c). A part registers a function that writes its text.
 */
#ifndef LINUX_PROC_H
#define LINUX_PROC_H

#include <linux/kernel.h>
#include <linux/types.h>

struct net;

/* Writes at most @size bytes, NUL included, and returns the length of the text:
 * the whole one, or what was written. Called again with a larger buffer when
 * that filled @size. Process context; may be called with any @size > 0. */
typedef size_t (*proc_show_t)(struct net *net, char *buf, size_t size);
/* Takes one line written to the view, without newline. 0 or -errno. */
typedef int (*proc_write_t)(struct net *net, char *line);

/* Makes "/proc/<name>". Initcalls only; @name is kept. */
void proc_register(const char *name, proc_show_t show);
void proc_register_rw(const char *name, proc_show_t show, proc_write_t write);

/* Makes every "/proc/<prefix><rest>": @show and @write get @rest too. -ENOENT:
 * there is no such thing. */
typedef ssize_t (*proc_show_rest_t)(struct net *net, const char *rest, char *buf, size_t size);
typedef int (*proc_write_rest_t)(struct net *net, const char *rest, char *line);
void proc_register_prefix(const char *prefix, proc_show_rest_t show, proc_write_rest_t write);

/* The text of a view by name ("net/snmp"), for bodies without a console.
 * As proc_show_t; -ENOENT: no such view. */
ssize_t proc_read_view(struct net *net, const char *name, char *buf, size_t size);

/* Text that grows at the end of a buffer and never beyond it; len counts what
 * the whole would have. */
struct proc_text {
	char *buf;
	size_t size, len;
};
void proc_printf(struct proc_text *t, const char *fmt, ...) __printf(2, 3);

#endif
