/* SPDX-License-Identifier: MIT */
/* What tcp_ack.c, tcp_fastretrans.c and tcp_mtu.c need of each other. */
#ifndef NET_IPV4_TCP_RECOVERY_H
#define NET_IPV4_TCP_RECOVERY_H

#include <net/tcp.h>

#define REXMIT_NONE	0	/* nothing to retransmit */
#define REXMIT_LOST	1	/* what is marked lost */
#define REXMIT_NEW	2	/* F-RTO: new data */

/* tcp_fastretrans.c */
void tcp_fastretrans_alert(struct sock *sk, u32 prior_snd_una, int num_dupack,
			   int *ack_flag, int *rexmit);
void tcp_end_cwnd_reduction(struct sock *sk);
void tcp_try_keep_open(struct sock *sk);
void tcp_check_reno_reordering(struct sock *sk, int addend);

/* tcp_mtu.c */
void tcp_mtup_check_success(struct sock *sk);
void tcp_mtup_probe_failed(struct sock *sk);

#endif
