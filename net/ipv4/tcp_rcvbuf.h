/* SPDX-License-Identifier: MIT */
/* What tcp_data.c and tcp_input.c need of tcp_rcvbuf.c and tcp_prune.c. */
#ifndef NET_IPV4_TCP_RCVBUF_H
#define NET_IPV4_TCP_RCVBUF_H

#include <net/tcp.h>

bool tcp_can_ingest(const struct sock *sk);
void tcp_ecn_check_ce(struct sock *sk, const struct sk_buff *skb);
void tcp_sndbuf_expand(struct sock *sk);
void tcp_measure_rcv_mss(struct sock *sk, const struct sk_buff *skb);
void tcp_rcvbuf_grow(struct sock *sk, u32 newval);

#endif
