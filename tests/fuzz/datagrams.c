// SPDX-License-Identifier: MIT
/* The record of datagrams.h. */
#include "datagrams.h"

#include <linux/byteorder.h>
#include <uapi/linux/in.h>
#include <uapi/linux/udp.h>

#include "fuzz.h"

#define RECORDS		32768
#define MARK		8U	/* bytes that say who it is; one that is shorter does not */

struct record {
	u32 len;		/* 0: never sent */
	u8 from, to, seen;
};

static struct record record[RECORDS];
static u32 next;
static bool doubles;

/** datagrams_forget() - none was sent */
void datagrams_forget(void)
{
	memset(record, 0, next * sizeof(record[0]));
	next = 0;
	doubles = false;
}

/** datagrams_may_double() - the wire gives some twice */
void datagrams_may_double(void)
{
	doubles = true;
}

/**
 * cork_begin - a write begins
 * @c: filled in
 * @from: socket
 * @to: socket
 * @gso_size: what the kernel shall cut it into; 0: nothing
 */
void cork_begin(struct cork *c, unsigned int from, unsigned int to, u16 gso_size)
{
	*c = (struct cork){ .first = next, .from = from, .to = to,
			    .size = gso_size ? gso_size : 65536U };
	next += UDP_MAX_SEGMENTS + 1;
	BUG_ON(next > RECORDS);
}

static u8 byte_of(u32 number, unsigned int off)
{
	if (off < 4)
		return (u8)(number >> (8 * off));
	if (off < MARK)
		return (u8)~(number >> (8 * (off - 4)));
	return fuzz_pattern(number * 65536 + off);
}

/**
 * cork_fill - the bytes to write
 * @c: the write
 * @buf: filled in
 * @len: bytes
 */
void cork_fill(const struct cork *c, u8 *buf, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		unsigned int at = c->len + (unsigned int)i;

		buf[i] = byte_of(c->first + at / c->size, at % c->size);
	}
}

/**
 * cork_end - datagrams may arrive
 * @c: the write
 * @len: bytes of all of them
 */
void cork_end(struct cork *c, unsigned int len)
{
	unsigned int i;

	for (i = 0; i < UDP_MAX_SEGMENTS && len; i++) {
		struct record *r = &record[c->first + i];

		r->len = min(len, c->size);
		r->from = (u8)c->from;
		r->to = (u8)c->to;
		len -= r->len;
	}
}

static void one_arrived(unsigned int to, unsigned int sport, const u8 *buf, size_t have,
			size_t len)
{
	u32 number = (u32)buf[0] | (u32)buf[1] << 8 | (u32)buf[2] << 16 | (u32)buf[3] << 24;
	struct record *r = &record[number % RECORDS];
	size_t i;

	EXPECT_LT(number, (u32)RECORDS);
	EXPECT_EQ(len, (size_t)r->len);
	EXPECT_EQ(r->to, to);
	EXPECT_EQ(sport, r->from);
	for (i = 0; i < have; i++)
		if (buf[i] != byte_of(number, (unsigned int)i))
			test_fail(__FILE__, __LINE__, "byte %zu of datagram %u is damaged", i,
				  number);
	r->seen += r->seen < U8_MAX;
	EXPECT_TRUE(doubles || r->seen == 1);
}

/**
 * datagrams_arrived - a packet was read
 * @to: socket that read it
 * @from: whose it is, as it was told
 * @buf: what was read
 * @have: bytes of it
 * @len: bytes of the packet
 * @size: bytes of each datagram in it but the last
 */
void datagrams_arrived(unsigned int to, const struct sockaddr_in *from, const u8 *buf,
		       size_t have, size_t len, size_t size)
{
	unsigned int sport = (ntohl(from->sin_addr.s_addr) - 0x0a000001U) * 2 +
			     ntohs(from->sin_port) - 7000;
	size_t off;

	for (off = 0; off < len; off += size) {
		size_t n = min(size, len - off), here = off < have ? min(n, have - off) : 0;

		if (n >= MARK && here >= MARK)
			one_arrived(to, sport, buf + off, here, n);
	}
}
