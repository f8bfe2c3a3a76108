/* SPDX-License-Identifier: MIT */
/*
 * Queues of packets: a ring of sk_buffs with a head of another type but the
 * same two first members (SKB-7). With "__" the caller holds the lock, or
 * nobody else sees the queue.
 *
 * Linux: include/linux/skbuff.h
 */
#include <linux/skbuff.h>

/* Last, so that it works whichever of the two comes first. */
#ifndef LINUX_SKB_QUEUE_H
#define LINUX_SKB_QUEUE_H

static inline void __skb_queue_head_init(struct sk_buff_head *list)
{
	list->prev = list->next = (struct sk_buff *)(void *)list;
	list->qlen = 0;
}

static inline void skb_queue_head_init(struct sk_buff_head *list)
{
	spin_lock_init(&list->lock);
	__skb_queue_head_init(list);
}

static inline bool skb_queue_empty(const struct sk_buff_head *list)
{
	return list->next == (const struct sk_buff *)(const void *)list;
}

static inline bool skb_queue_empty_lockless(const struct sk_buff_head *list)
{
	return READ_ONCE(list->next) == (const struct sk_buff *)(const void *)list;
}

static inline u32 skb_queue_len(const struct sk_buff_head *list)
{
	return list->qlen;
}

static inline u32 skb_queue_len_lockless(const struct sk_buff_head *list)
{
	return READ_ONCE(list->qlen);
}

static inline bool skb_queue_is_last(const struct sk_buff_head *list, const struct sk_buff *skb)
{
	return skb->next == (const struct sk_buff *)(const void *)list;
}

static inline bool skb_queue_is_first(const struct sk_buff_head *list, const struct sk_buff *skb)
{
	return skb->prev == (const struct sk_buff *)(const void *)list;
}

static inline struct sk_buff *skb_queue_next(const struct sk_buff_head *list,
					     const struct sk_buff *skb)
{
	BUG_ON(skb_queue_is_last(list, skb));
	return skb->next;
}

static inline struct sk_buff *skb_queue_prev(const struct sk_buff_head *list,
					     const struct sk_buff *skb)
{
	BUG_ON(skb_queue_is_first(list, skb));
	return skb->prev;
}

/* Borrowed, or NULL. */
static inline struct sk_buff *skb_peek(const struct sk_buff_head *list)
{
	return skb_queue_empty(list) ? NULL : list->next;
}

static inline struct sk_buff *__skb_peek(const struct sk_buff_head *list)
{
	return list->next;
}

static inline struct sk_buff *skb_peek_next(struct sk_buff *skb, const struct sk_buff_head *list)
{
	return skb_queue_is_last(list, skb) ? NULL : skb->next;
}

static inline struct sk_buff *skb_peek_tail(const struct sk_buff_head *list)
{
	return skb_queue_empty(list) ? NULL : list->prev;
}

static inline void __skb_insert(struct sk_buff *newsk, struct sk_buff *prev,
				struct sk_buff *next, struct sk_buff_head *list)
{
	newsk->next = next;
	newsk->prev = prev;
	((struct sk_buff_list *)(void *)next)->prev = newsk;
	((struct sk_buff_list *)(void *)prev)->next = newsk;
	list->qlen++;
}

static inline void __skb_queue_after(struct sk_buff_head *list, struct sk_buff *prev,
				     struct sk_buff *newsk)
{
	struct sk_buff_list *p = (struct sk_buff_list *)(void *)prev;

	__skb_insert(newsk, prev, p->next, list);
}

static inline void __skb_queue_before(struct sk_buff_head *list, struct sk_buff *next,
				      struct sk_buff *newsk)
{
	struct sk_buff_list *n = (struct sk_buff_list *)(void *)next;

	__skb_insert(newsk, n->prev, next, list);
}

static inline void __skb_queue_head(struct sk_buff_head *list, struct sk_buff *newsk)
{
	__skb_queue_after(list, (struct sk_buff *)(void *)list, newsk);
}

static inline void __skb_queue_tail(struct sk_buff_head *list, struct sk_buff *newsk)
{
	__skb_queue_before(list, (struct sk_buff *)(void *)list, newsk);
}

static inline void __skb_unlink(struct sk_buff *skb, struct sk_buff_head *list)
{
	struct sk_buff_list *next = (struct sk_buff_list *)(void *)skb->next;
	struct sk_buff_list *prev = (struct sk_buff_list *)(void *)skb->prev;

	list->qlen--;
	next->prev = skb->prev;
	prev->next = skb->next;
	skb->next = skb->prev = NULL;
}

static inline struct sk_buff *__skb_dequeue(struct sk_buff_head *list)
{
	struct sk_buff *skb = skb_peek(list);

	if (skb)
		__skb_unlink(skb, list);
	return skb;
}

static inline struct sk_buff *__skb_dequeue_tail(struct sk_buff_head *list)
{
	struct sk_buff *skb = skb_peek_tail(list);

	if (skb)
		__skb_unlink(skb, list);
	return skb;
}

static inline void __skb_queue_splice(const struct sk_buff_head *list, struct sk_buff *prev,
				      struct sk_buff *next)
{
	struct sk_buff *first = list->next;
	struct sk_buff *last = list->prev;

	first->prev = prev;
	((struct sk_buff_list *)(void *)prev)->next = first;
	last->next = next;
	((struct sk_buff_list *)(void *)next)->prev = last;
}

/* Puts all of @list in front of @head. _init: and leaves @list empty. */
static inline void skb_queue_splice(const struct sk_buff_head *list, struct sk_buff_head *head)
{
	if (!skb_queue_empty(list)) {
		__skb_queue_splice(list, (struct sk_buff *)(void *)head, head->next);
		head->qlen += list->qlen;
	}
}

static inline void skb_queue_splice_init(struct sk_buff_head *list, struct sk_buff_head *head)
{
	skb_queue_splice(list, head);
	__skb_queue_head_init(list);
}

/* Behind the last of @head. */
static inline void skb_queue_splice_tail(const struct sk_buff_head *list,
					 struct sk_buff_head *head)
{
	if (!skb_queue_empty(list)) {
		__skb_queue_splice(list, head->prev, (struct sk_buff *)(void *)head);
		head->qlen += list->qlen;
	}
}

static inline void skb_queue_splice_tail_init(struct sk_buff_head *list,
					      struct sk_buff_head *head)
{
	skb_queue_splice_tail(list, head);
	__skb_queue_head_init(list);
}

/* Drops all. SKB_NOT_DROPPED_YET: the good end. */
static inline void __skb_queue_purge_reason(struct sk_buff_head *list,
					    enum skb_drop_reason reason)
{
	struct sk_buff *skb;

	while ((skb = __skb_dequeue(list)) != NULL) {
		if (reason)
			kfree_skb_reason(skb, reason);
		else
			consume_skb(skb);
	}
}

/* These take list->lock, with interrupts off. Context: any. */
void skb_queue_head(struct sk_buff_head *list, struct sk_buff *newsk);
void skb_queue_tail(struct sk_buff_head *list, struct sk_buff *newsk);
struct sk_buff *skb_dequeue(struct sk_buff_head *list);
struct sk_buff *skb_dequeue_tail(struct sk_buff_head *list);
void skb_unlink(struct sk_buff *skb, struct sk_buff_head *list);
void skb_append(struct sk_buff *old, struct sk_buff *newsk, struct sk_buff_head *list);
void skb_queue_purge_reason(struct sk_buff_head *list, enum skb_drop_reason reason);

#define skb_queue_walk(queue, skb)					\
	for (skb = (queue)->next;					\
	     skb != (struct sk_buff *)(void *)(queue);			\
	     skb = skb->next)
#define skb_queue_walk_safe(queue, skb, tmp)				\
	for (skb = (queue)->next, tmp = skb->next;			\
	     skb != (struct sk_buff *)(void *)(queue);			\
	     skb = tmp, tmp = skb->next)
#define skb_queue_walk_from(queue, skb)					\
	for (; skb != (struct sk_buff *)(void *)(queue); skb = skb->next)
#define skb_queue_walk_from_safe(queue, skb, tmp)			\
	for (tmp = skb->next;						\
	     skb != (struct sk_buff *)(void *)(queue);			\
	     skb = tmp, tmp = skb->next)
#define skb_queue_reverse_walk(queue, skb)				\
	for (skb = (queue)->prev;					\
	     skb != (struct sk_buff *)(void *)(queue);			\
	     skb = skb->prev)
#define skb_queue_reverse_walk_safe(queue, skb, tmp)			\
	for (skb = (queue)->prev, tmp = skb->prev;			\
	     skb != (struct sk_buff *)(void *)(queue);			\
	     skb = tmp, tmp = skb->prev)
#define skb_queue_reverse_walk_from_safe(queue, skb, tmp)		\
	for (tmp = skb->prev;						\
	     skb != (struct sk_buff *)(void *)(queue);			\
	     skb = tmp, tmp = skb->prev)

/* A chain by ->next, NULL at its end. */
#define skb_list_walk_safe(first, skb, next_skb)			\
	for ((skb) = (first), (next_skb) = (skb) ? (skb)->next : NULL;	\
	     (skb);							\
	     (skb) = (next_skb), (next_skb) = (skb) ? (skb)->next : NULL)

static inline void skb_mark_not_on_list(struct sk_buff *skb)
{
	skb->next = NULL;
}

static inline void skb_list_del_init(struct sk_buff *skb)
{
	__list_del_entry(&skb->list);
	skb_mark_not_on_list(skb);
}

/* ---- trees --------------------------------------------------------------- */

#define rb_to_skb(rb) rb_entry_safe(rb, struct sk_buff, rbnode)
#define skb_rb_first(root) rb_to_skb(rb_first(root))
#define skb_rb_last(root)  rb_to_skb(rb_last(root))
#define skb_rb_next(skb)   rb_to_skb(rb_next(&(skb)->rbnode))
#define skb_rb_prev(skb)   rb_to_skb(rb_prev(&(skb)->rbnode))

#define skb_rbtree_walk(skb, root)					\
	for (skb = skb_rb_first(root); skb != NULL; skb = skb_rb_next(skb))
#define skb_rbtree_walk_from(skb)					\
	for (; skb != NULL; skb = skb_rb_next(skb))
#define skb_rbtree_walk_from_safe(skb, tmp)				\
	for (; tmp = skb ? skb_rb_next(skb) : NULL, (skb != NULL); skb = tmp)

/* Drops all packets of a tree; returns their truesizes. */
unsigned int skb_rbtree_purge(struct rb_root *root, enum skb_drop_reason reason);

#endif
