/* SPDX-License-Identifier: MIT */
/*
 * struct net: a network namespace, and the home of all mutable state of the
 * stack. Two hosts in one test are two of these.
 */
#ifndef NET_NET_NAMESPACE_H
#define NET_NET_NAMESPACE_H

#include <linux/list.h>
#include <linux/netdevice.h>
#include <linux/refcount.h>
#include <linux/siphash.h>
#include <linux/types.h>
#include <net/dropreason.h>
#include <net/netns/core.h>
#include <net/netns/ipv4.h>
#include <net/snmp.h>

struct packet_accounting {
	/* Conservation, checked at the end of every test: every skb that came to
	 * be ended in exactly one way.
	 * created = delivered (consumed) + dropped (sum of drops) + alive */
	u64 created;			/* skbs given a new id (alloc, not clone) + clones */
	u64 consumed;			/* consume_skb(), the good end */
	u64 dropped;			/* kfree_skb_reason() */
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

	u64 next_packet_id;
	u64 drops[SKB_DROP_REASON_MAX];	/* by reason */

	struct netns_core core;
	struct netns_ipv4 ipv4;
	struct netns_mib mib;
};

extern struct net *init_net;		/* __ro_after_init pointer */

/*
 * What a subsystem sets up in each namespace, in order of registration; undone
 * in reverse.
 */
struct pernet_operations {
	struct list_head list;
	int (*init)(struct net *net);
	void (*exit)(struct net *net);
};
int register_pernet_subsys(struct pernet_operations *ops);

/* A namespace with lo down; NULL on no memory. Context: process. */
struct net *net_create(void);
/* Gives everything in it back without sending anything. */
void net_destroy(struct net *net);

static inline struct net *get_net(struct net *net)
{
	return net;
}

#endif
