// SPDX-License-Identifier: MIT
/*
 * Between tcp_sacktag.c, which walks the retransmit queue along SACK blocks, and
 * tcp_sackshift.c, which joins what it finds.
 *
 * Linux: net/ipv4/tcp_input.c
 */
#ifndef NET_IPV4_TCP_SACKTAG_H
#define NET_IPV4_TCP_SACKTAG_H

#include <linux/types.h>

struct sk_buff;
struct sock;
struct tcp_sacktag_state;

/* Segments of one skb that a block covers. */
struct tcp_sacked {
	u32 start_seq, end_seq;
	int pcount;		/* how many */
	u8 sacked;		/* TCPCB_* of their skb */
	bool dup_sack;		/* the block is a D-SACK */
	u64 xmit_time;		/* us */
};

u8 tcp_sacktag_one(struct sock *sk, const struct tcp_sacked *s, struct tcp_sacktag_state *state);

/* A block, and what of an skb is to join the one before. */
struct tcp_shift {
	u32 start_seq, end_seq;
	bool dup_sack;
	int pcount, len, mss;	/* so many segments, bytes; bytes a segment */
};

struct sk_buff *tcp_shift_skb_data(struct sock *sk, struct sk_buff *skb, struct tcp_shift *s,
				   struct tcp_sacktag_state *state);

#endif
