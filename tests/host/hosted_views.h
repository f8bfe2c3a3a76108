/* SPDX-License-Identifier: MIT */
/*
 * What libsojourn-views.so shows besides hosted_api.h: the text views of the
 * stack, for tests that compare its counters with Linux's.
 */
#ifndef HOST_HOSTED_VIEWS_H
#define HOST_HOSTED_VIEWS_H

#include <stddef.h>
#include <stdint.h>

/* The text of a view ("net/snmp": what Linux has at /proc/net/snmp), at most
 * @size bytes, not terminated. Its length, or -ENOENT: no such view, -EFAULT. */
int64_t hosted_view(const char *name, char *buf, size_t size);

#endif
