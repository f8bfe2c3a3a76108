/* SPDX-License-Identifier: MIT */
/*
 * Lists that RCU readers walk. A deleted entry keeps its forward pointer until
 * the grace period is over, so a reader standing on it can go on.
 */
#ifndef LINUX_RCULIST_H
#define LINUX_RCULIST_H

#include <linux/list.h>
#include <linux/rcupdate.h>

static inline void list_add_rcu(struct list_head *entry, struct list_head *head)
{
	list_add(entry, head);
}

static inline void list_add_tail_rcu(struct list_head *entry, struct list_head *head)
{
	list_add_tail(entry, head);
}

static inline void list_del_rcu(struct list_head *entry)
{
	__list_del_entry(entry);
	entry->prev = LIST_POISON2;
}

static inline void hlist_add_head_rcu(struct hlist_node *n, struct hlist_head *h)
{
	hlist_add_head(n, h);
}

static inline void hlist_add_before_rcu(struct hlist_node *n, struct hlist_node *next)
{
	hlist_add_before(n, next);
}

static inline void hlist_add_behind_rcu(struct hlist_node *n, struct hlist_node *prev)
{
	hlist_add_behind(n, prev);
}

static inline void hlist_del_rcu(struct hlist_node *n)
{
	__hlist_del(n);
	n->pprev = LIST_POISON2;
}

static inline void hlist_del_init_rcu(struct hlist_node *n)
{
	if (!hlist_unhashed(n)) {
		__hlist_del(n);
		n->pprev = NULL;
	}
}

#define list_for_each_entry_rcu(pos, head, member) \
	list_for_each_entry(pos, head, member)
#define hlist_for_each_entry_rcu(pos, head, member) \
	hlist_for_each_entry(pos, head, member)

#endif
