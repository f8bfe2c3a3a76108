// SPDX-License-Identifier: MIT
/*
 * Queues of packets with their lock (SKB-7); the forms without are inline in
 * linux/skb_queue.h. The lock is taken with interrupts off, since drivers may
 * use such a queue in a hardirq.
 *
 * Linux: net/core/skbuff.c
 */
#include <linux/skbuff.h>

/**
 * skb_queue_head - put a packet at the front
 * @list: the queue
 * @newsk: the queue takes the caller's reference
 *
 * Context: any.
 */
void skb_queue_head(struct sk_buff_head *list, struct sk_buff *newsk)
{
	unsigned long flags;

	spin_lock_irqsave(&list->lock, flags);
	__skb_queue_head(list, newsk);
	spin_unlock_irqrestore(&list->lock, flags);
}

/**
 * skb_queue_tail - put a packet at the end
 * @list: the queue
 * @newsk: the queue takes the caller's reference
 *
 * Context: any.
 */
void skb_queue_tail(struct sk_buff_head *list, struct sk_buff *newsk)
{
	unsigned long flags;

	spin_lock_irqsave(&list->lock, flags);
	__skb_queue_tail(list, newsk);
	spin_unlock_irqrestore(&list->lock, flags);
}

/**
 * skb_dequeue - take the first packet
 * @list: the queue
 *
 * Context: any.
 * Return: the packet with the queue's reference, or NULL.
 */
struct sk_buff *skb_dequeue(struct sk_buff_head *list)
{
	struct sk_buff *skb;
	unsigned long flags;

	spin_lock_irqsave(&list->lock, flags);
	skb = __skb_dequeue(list);
	spin_unlock_irqrestore(&list->lock, flags);
	return skb;
}

/**
 * skb_dequeue_tail - take the last packet
 * @list: the queue
 *
 * Context: any.
 * Return: the packet with the queue's reference, or NULL.
 */
struct sk_buff *skb_dequeue_tail(struct sk_buff_head *list)
{
	struct sk_buff *skb;
	unsigned long flags;

	spin_lock_irqsave(&list->lock, flags);
	skb = __skb_dequeue_tail(list);
	spin_unlock_irqrestore(&list->lock, flags);
	return skb;
}

/**
 * skb_unlink - take a packet out, wherever in the queue it is
 * @skb: on @list; the caller gets the queue's reference
 * @list: the queue
 *
 * Context: any.
 */
void skb_unlink(struct sk_buff *skb, struct sk_buff_head *list)
{
	unsigned long flags;

	spin_lock_irqsave(&list->lock, flags);
	__skb_unlink(skb, list);
	spin_unlock_irqrestore(&list->lock, flags);
}

/**
 * skb_append - put a packet behind another
 * @old: on @list
 * @newsk: the queue takes the caller's reference
 * @list: the queue
 *
 * Context: any.
 */
void skb_append(struct sk_buff *old, struct sk_buff *newsk, struct sk_buff_head *list)
{
	unsigned long flags;

	spin_lock_irqsave(&list->lock, flags);
	__skb_queue_after(list, old, newsk);
	spin_unlock_irqrestore(&list->lock, flags);
}

/**
 * skb_queue_purge_reason - end all packets of a queue
 * @list: empty afterwards
 * @reason: why they are lost; SKB_NOT_DROPPED_YET: the good end
 *
 * Context: any but hardirq.
 */
void skb_queue_purge_reason(struct sk_buff_head *list, enum skb_drop_reason reason)
{
	struct sk_buff_head tmp;
	unsigned long flags;

	if (skb_queue_empty_lockless(list))
		return;
	__skb_queue_head_init(&tmp);
	spin_lock_irqsave(&list->lock, flags);
	skb_queue_splice_init(list, &tmp);
	spin_unlock_irqrestore(&list->lock, flags);
	__skb_queue_purge_reason(&tmp, reason);
}

/**
 * skb_rbtree_purge - end all packets of a tree
 * @root: empty afterwards
 * @reason: why they are lost; SKB_NOT_DROPPED_YET: the good end
 *
 * Context: any but hardirq.
 * Return: the sum of their truesizes.
 */
unsigned int skb_rbtree_purge(struct rb_root *root, enum skb_drop_reason reason)
{
	struct rb_node *p = rb_first(root);
	unsigned int sum = 0;

	while (p) {
		struct sk_buff *skb = rb_entry(p, struct sk_buff, rbnode);

		p = rb_next(p);
		rb_erase(&skb->rbnode, root);
		sum += skb->truesize;
		skb->next = skb->prev = NULL;
		if (reason)
			kfree_skb_reason(skb, reason);
		else
			consume_skb(skb);
	}
	return sum;
}
