/* SPDX-License-Identifier: MIT */
/*
 * What is remembered of a peer address longer than a route: its share of the
 * ICMP rate. net/ipv4/inetpeer.c, bounded, oldest entries forgotten first.
 *
 * Linux: include/net/inetpeer.h
 */
#ifndef NET_INETPEER_H
#define NET_INETPEER_H

#include <linux/list.h>
#include <linux/types.h>

struct net;

struct inet_peer {
	struct hlist_node node;		/* of its hash bucket */
	struct list_head lru;		/* of inet_peer_base.lru, oldest first */
	__be32 daddr;
	u64 rate_tokens_ns;		/* credit, in nanoseconds */
	u64 rate_last_ns;		/* when credit was last counted */
};

#define INETPEER_HASH_SIZE	256
#define INETPEER_MAX		4096	/* entries in a namespace */

#define IP_IDENTS_SZ		1024

/* The next identification for flows of a hash, and when the last was given. */
struct ip_ident_bucket {
	u32 id;
	u32 stamp_ms;
};

struct inet_peer_base {
	struct ip_ident_bucket idents[IP_IDENTS_SZ];
	struct hlist_head hash[INETPEER_HASH_SIZE];
	struct list_head lru;
	u32 hash_rnd;
	unsigned int total;
};

/* The entry for @daddr, made if there is none; borrowed, valid until softirqs
 * run again. NULL on no memory. */
struct inet_peer *inet_getpeer_v4(struct net *net, __be32 daddr);
/* May one more message go to @peer, at one in @timeout_ns on average? */
bool inet_peer_xrlim_allow(struct inet_peer *peer, u64 timeout_ns);

int inet_peer_base_init(struct net *net);
void inet_peer_base_exit(struct net *net);

#endif
