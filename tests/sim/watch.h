/* SPDX-License-Identifier: MIT */
/*
 * What a bystander at the cable knows: which bytes of a connection are sure to
 * arrive, hence which retransmissions were needed and which were not. It asks
 * no counter of the stack.
 */
#ifndef TESTS_SIM_WATCH_H
#define TESTS_SIM_WATCH_H

#include <linux/types.h>

#include "../host/simlink.h"

#define SIM_WATCH_FLOWS	64

/* A TCP segment of a frame. */
struct sim_segment {
	u16 sport, dport;		/* host order */
	u32 seq, ack, win;		/* win as it stands in the header */
	u32 len;			/* bytes of data */
	u8 flags;			/* TCPHDR_* */
};

/* One direction of a connection. */
struct sim_flow {
	u16 sport, dport;
	u32 first, high;		/* sequence numbers: first byte, behind the last sent */
	u64 *safe;			/* bit a byte: arrived, or will */
};

/* All that one side sends. */
struct sim_sent {
	u64 data_segs;			/* retransmissions included */
	u64 again;			/* retransmissions */
	u64 spurious;			/* of @again: every byte of it was safe */
	struct sim_flow flow[SIM_WATCH_FLOWS];
	unsigned int nr_flows;
};

struct sim_watch {
	u32 bytes_each;			/* bytes followed in each direction; 0: none */
	u64 last_ns;			/* when anything left last */
	struct sim_sent sent[2];
};

/* Is the frame a TCP segment? Its parts in *@seg. */
bool sim_parse(const void *frame, size_t len, struct sim_segment *seg);
/* Sees all frames of @link from now on. */
void sim_watch_begin(struct sim_watch *w, struct simlink *link);
void sim_watch_end(struct sim_watch *w);

#endif
