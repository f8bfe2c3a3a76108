/* SPDX-License-Identifier: MIT */
/*
 * Ping sockets: SOCK_DGRAM, IPPROTO_ICMP. The kernel chooses the identifier
 * (it is the socket's port) and checks that only echo requests are sent.
 * net/ipv4/ping.c.
 *
 * Linux: include/net/ping.h
 */
#ifndef NET_PING_H
#define NET_PING_H

#include <linux/skbuff.h>
#include <linux/types.h>

struct net;
struct sock;

#define PING_HTABLE_SIZE	64

/* Bound ping sockets by identifier. */
struct ping_table {
	struct hlist_head hash[PING_HTABLE_SIZE];	/* struct sock by sk_node */
};

extern struct proto ping_prot;

/* An echo reply arrived, skb->data at its ICMP header. Softirq. Borrows.
 * Returns whether a socket took it. */
bool ping_rcv(struct sk_buff *skb);
/* An ICMP error quotes an echo request of ours, whose IP header is at
 * skb->data. Borrows. */
void ping_err(struct sk_buff *skb, int offset, u32 info);

int ping_net_init(struct net *net);
void ping_net_exit(struct net *net);
void ping_init(void);

#endif
