/* SPDX-License-Identifier: MIT */
/* What neighbour.c (the table) and neigh_nud.c (the states) know of each other. */
#ifndef NET_CORE_NEIGH_H
#define NET_CORE_NEIGH_H

#include <net/neighbour.h>

/* neigh_nud.c. Softirqs off. */
void neigh_timer_handler(struct timer_list *t);
void neigh_del_timer(struct neighbour *n);
int neigh_blackhole(struct neighbour *n, struct sk_buff *skb);
void neigh_purge_queue(struct neighbour *n);

#endif
