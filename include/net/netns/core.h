/* SPDX-License-Identifier: MIT */
/* net.core.* of a namespace, and sockets in general. */
#ifndef NET_NETNS_CORE_H
#define NET_NETNS_CORE_H

#include <linux/skb_frag.h>
#include <linux/list.h>
#include <linux/types.h>

#define PROTO_INUSE_NR	16	/* protocols that can be registered */

struct netns_core {
	int sysctl_somaxconn;
	int sysctl_rmem_max, sysctl_wmem_max;		/* bytes */
	int sysctl_rmem_default, sysctl_wmem_default;	/* bytes */
	int sysctl_netdev_max_backlog;			/* packets */
	int sysctl_netdev_budget;			/* packets a net_rx_action */
	int sysctl_netdev_budget_usecs;
	int sysctl_dev_weight;
	int sysctl_xmit_more_max;	/* packets that a doorbell waits for; 1: none */
	int sysctl_guest_halt_poll_ns;	/* the idle loop looks so long at most; 0: never */
	int sysctl_optmem_max;
	int sysctl_busy_poll, sysctl_busy_read;		/* microseconds; 0: off */
	u64 sockets_used;				/* sockstat */
	int prot_inuse[PROTO_INUSE_NR];			/* by proto->inuse_idx */
	struct list_head sock_list;			/* every full sock, by sk_net_node */
	unsigned int netstamp_needed;			/* sockets with SOCK_TIMESTAMP */
	u64 sock_cookie;				/* last SO_COOKIE given */
	struct page_frag page_frag[2];	/* where data to send is copied to; [1]: in softirqs */
};

#endif
