/* SPDX-License-Identifier: MIT */
/* The text form of segments (segtest.h): reading, writing, comparing. */
#ifndef TESTS_SEGTEXT_H
#define TESTS_SEGTEXT_H

#include "segtest.h"

#define SEG_OPTS_MAX	64

/* A segment as text says it; numbers are absolute. */
struct seg_spec {
	u8 flags;		/* TCPHDR_* */
	u32 seq, ack;
	u32 len;		/* payload, bytes */
	u16 win, urg;
	u8 ecn;			/* of the IP header: 0 to 3 */
	bool has_win, any_opts, any_psh;
	u8 opts[SEG_OPTS_MAX];
	u8 mask[SEG_OPTS_MAX];	/* bytes of opts that count */
	unsigned int opts_len;
};

/* @in: the peer sends it; else the host under test. false: not a segment. */
bool seg_parse(const struct seg_conn *c, bool in, const char *text, struct seg_spec *spec);
/* Writes what a segment of the host's is into @buf. */
void seg_format(const struct seg_conn *c, const struct tcphdr *th, unsigned int len, char *buf,
		size_t size);
/* NULL: it is as @spec says; else what differs. */
const char *seg_differs(const struct seg_spec *spec, const struct iphdr *iph,
			const struct tcphdr *th, unsigned int len);

#endif
