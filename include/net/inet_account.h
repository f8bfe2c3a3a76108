/* SPDX-License-Identifier: MIT */
/*
 * Where packets are and whether anything is lost: the ends of every test look
 * at this. net/ipv4/inet_account.c.
 */
#ifndef NET_INET_ACCOUNT_H
#define NET_INET_ACCOUNT_H

#include <linux/types.h>

struct net;

/* Packets of a namespace by where they wait. */
struct packet_places {
	u64 alive;		/* created and not ended */
	u64 sockets;		/* receive, send, retransmit, out-of-order, error queues */
	u64 neighbours;		/* for an address to be resolved */
	u64 qdiscs;
	u64 backlog;		/* of netif_rx() */
	u64 devices;		/* receive buffers, and what is not sent yet */
};

/* Context: process. */
void count_packets(struct net *net, struct packet_places *places);
/* Packets that are in none of these places: on their way - or lost.
 * 0 when the stack is at rest. Negative: one is counted in two places. */
s64 packets_unaccounted(struct net *net);

/* Sockets, files and structs that nobody can reach any more. When the stack is
 * at rest: 0. Describes each in @buf. */
unsigned int count_leaks(struct net *net, char *buf, size_t size);

#endif
