/* SPDX-License-Identifier: MIT */
/*
 * struct net: a network namespace, and the home of all mutable state of the
 * stack. Two hosts in one test are two of these.
 */
#ifndef NET_NET_NAMESPACE_H
#define NET_NET_NAMESPACE_H

#include <linux/list.h>
#include <linux/netdevice.h>
#include <linux/pernet.h>
#include <linux/refcount.h>
#include <linux/siphash.h>
#include <linux/types.h>
#include <net/dropreason.h>
#include <net/netns/core.h>
#include <net/netns/ipv4.h>
#include <net/snmp.h>

/*
 * Conservation, checked at the end of every test: every sk_buff that came to be
 * ended in exactly one way,
 *     created = consumed + dropped + alive
 * Clones and copies count as created too. A packet that moves to another
 * namespace (skb_set_net()) is consumed here and created there.
 */
struct packet_accounting {
	u64 created;
	u64 consumed;			/* the good end: consume_skb() */
	u64 dropped;			/* kfree_skb_reason(); by reason in net->drops[] */
};

struct net {
	struct list_head list;		/* of net_namespace_list */
	refcount_t count;
	unsigned int id;		/* 0: init_net */

	struct list_head dev_base_head;	/* devices, by ifindex */
	int dev_next_ifindex;
	struct net_device *loopback_dev;
	struct packet_type *ptype_spare;
	struct list_head ptype_base[PTYPE_HASH_SIZE];
	struct list_head ptype_all;	/* taps on every device */

	u64 next_packet_id;		/* skb->id; the namespace's id in bits 48-63 */
	struct packet_accounting acct;
	u64 drops[SKB_DROP_REASON_MAX];	/* by reason */

	struct netns_core core;
	struct netns_ipv4 ipv4;
	struct netns_mib mib;
};

extern struct net *init_net;		/* __ro_after_init pointer */

/* Packets that exist now. */
static inline u64 net_packets_alive(const struct net *net)
{
	return net->acct.created - net->acct.consumed - net->acct.dropped;
}

/* A namespace with lo down; NULL on no memory. Context: process. */
struct net *net_create(void);
/* Gives everything in it back without sending anything. */
void net_destroy(struct net *net);

/* Every namespace, init_net first. Process context. */
#define for_each_net(net) \
	for (net = init_net; net; net = net_next(net))
struct net *net_next(const struct net *net);

static inline struct net *get_net(struct net *net)
{
	refcount_inc(&net->count);
	return net;
}

static inline bool net_eq(const struct net *net1, const struct net *net2)
{
	return net1 == net2;
}

#endif
