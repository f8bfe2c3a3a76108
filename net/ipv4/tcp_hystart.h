/* SPDX-License-Identifier: MIT */
/* When slow start ends without a loss (tcp_hystart.c); used by tcp_cubic.c. */
#ifndef NET_IPV4_TCP_HYSTART_H
#define NET_IPV4_TCP_HYSTART_H

#include <net/tcp.h>

/* net.ipv4.tcp_cubic_hystart */
#define HYSTART_OFF		0
#define HYSTART_LINUX		1	/* ACK trains and delay, as Linux's cubic */
#define HYSTART_RFC9406		2	/* HyStart++ */

struct hystart {
	u8 found;		/* the end of slow start was seen */
	u8 sample_cnt;		/* RTT samples of this round, eight at most */
	u8 in_css;		/* conservative slow start (RFC 9406 4.2) */
	u8 css_rounds;		/* begun in it */
	u8 css_credit;		/* segments acknowledged, not yet worth one of growth */
	u32 end_seq;		/* the round ends when this is acknowledged */
	u32 curr_rtt;		/* us: least of this round; ~0: none yet */
	u32 last_rtt;		/* us: least of the round before; ~0: none */
	u32 css_rtt;		/* us: curr_rtt when it began */
	u64 round_start;	/* us */
	u64 last_ack;		/* us: last one that was close to the one before */
};

/* All: socket locked. */
void hystart_init(struct sock *sk, struct hystart *ca);
void hystart_update(struct sock *sk, struct hystart *ca, u32 delay_us, u32 delay_min_us);
u32 hystart_growth(const struct sock *sk, struct hystart *ca, u32 acked);

#endif
