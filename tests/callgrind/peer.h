/* SPDX-License-Identifier: MIT */
/*
 * The other end of the wire: one host that speaks Ethernet, IPv4, UDP and as
 * much TCP as a script needs. It keeps numbers, repeats nothing, and fails the
 * run when something comes that the script does not expect.
 */
#ifndef TESTS_CALLGRIND_PEER_H
#define TESTS_CALLGRIND_PEER_H

#include <linux/types.h>

#define PEER_MSS	1448		/* with timestamps */
#define PEER_ACKS	256

struct peer {
	u16 port, their_port;		/* ours; the stack's */
	u32 snd_una, snd_nxt, rcv_nxt;
	u32 window;			/* what the stack takes beyond snd_una, bytes */
	u8 wscale;
	u32 ts_recent;
	/* What came and was not answered: cleared by who answers. */
	bool syn, fin, data;
	u32 ack[PEER_ACKS];		/* an acknowledgement for each packet of data */
	unsigned int acks;
	u64 bytes;			/* of data that came, ever */
	u64 datagrams;
};
extern struct peer peer;

/* Before the machine boots, and after: the wire, the card, the addresses. */
void peer_plug(void);
/* Forgets the connection, and goes by these ports from now on. */
void peer_ports(u16 port, u16 their_port);
/* A segment: @flags, acknowledging all; @len bytes of data. */
void peer_says(u8 flags, unsigned int len);
/* One that acknowledges up to @ack. */
void peer_acks(u32 ack);
/* The FIN of ours to the connection before this one, if it sent its own. */
bool peer_ends_last(void);
void peer_datagram(unsigned int len);

#endif
