// SPDX-License-Identifier: MIT
/*
 * The text views of the hosted library (kernel/proc.c).
 */
#include <linux/proc.h>
#include <net/net_namespace.h>

#pragma GCC visibility push(default)
#include "hosted_views.h"
#pragma GCC visibility pop

/**
 * hosted_view - read a text view
 * @name: without "/proc/"
 * @buf: for the text
 * @size: its bytes
 *
 * Context: between hosted_init() and hosted_fini().
 * Return: the length of the text, -ENOENT, -EFAULT.
 */
int64_t hosted_view(const char *name, char *buf, size_t size)
{
	if (!name || !buf || !size)
		return -EFAULT;
	return proc_read_view(init_net, name, buf, size);
}
