/* SPDX-License-Identifier: MIT */
/* What the files of TCP over IPv4 need of each other. */
#ifndef NET_IPV4_TCP_IPV4_H
#define NET_IPV4_TCP_IPV4_H

#include <net/tcp.h>

/* tcp_ipv4_reply.c; all borrow the skb */
void tcp_v4_send_reset(const struct sock *sk, struct sk_buff *skb);
void tcp_v4_timewait_ack(struct sock *sk, struct sk_buff *skb);
void tcp_v4_reqsk_send_ack(const struct sock *sk, struct sk_buff *skb,
			   struct request_sock *req);

/* tcp_ipv4_open.c */
void inet_sk_rx_dst_set(struct sock *sk, const struct sk_buff *skb);

#endif
