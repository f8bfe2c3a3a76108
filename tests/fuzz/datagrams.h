/* SPDX-License-Identifier: MIT */
/*
 * The record of datagrams sent: each begins with its number, the rest follows from
 * it, so that one that arrives can be asked who it is.
 */
#ifndef TESTS_FUZZ_DATAGRAMS_H
#define TESTS_FUZZ_DATAGRAMS_H

#include <linux/types.h>

struct sockaddr_in;

/* A write, or several that UDP_CORK and MSG_MORE make one of. */
struct cork {
	u32 first;		/* number of its first datagram */
	unsigned int from, to;	/* sockets */
	unsigned int size;	/* bytes of each datagram but the last */
	unsigned int len;	/* bytes so far */
};

void datagrams_forget(void);
/* From here on one may arrive twice. */
void datagrams_may_double(void);

void cork_begin(struct cork *c, unsigned int from, unsigned int to, u16 gso_size);
/* The bytes that follow those that it has. */
void cork_fill(const struct cork *c, u8 *buf, size_t len);
/* It was sent, or thrown away; it was of @len bytes. */
void cork_end(struct cork *c, unsigned int len);

/* Socket @to has read a packet of @len bytes, of which @buf has the first @have: it
 * is datagrams of @size bytes, the last one perhaps shorter. */
void datagrams_arrived(unsigned int to, const struct sockaddr_in *from, const u8 *buf,
		       size_t have, size_t len, size_t size);

#endif
