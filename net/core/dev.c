// SPDX-License-Identifier: MIT
/*
 * The two ends of the stack at the device: dev_queue_xmit() downwards,
 * netif_receive_skb() upwards, and the two softirqs between (TX-1 … TX-4,
 * RX-1 … RX-3, NAPI-3, NAPI-4, SIRQ-3, SIRQ-5).
 *
 *	dev_queue_xmit ─> __dev_queue_xmit ─┬─> [Qdisc enqueue] ─> qdisc_run ─┐
 *			    (no queue: lo)  └─────────────────────────────────┴─>
 *	   dev_hard_start_xmit ─> xmit_one ─> (taps) ─> [ndo_start_xmit]
 *
 *	[poll] ─> napi_gro_receive ─> netif_receive_skb_internal ─┐
 *	netif_rx ─> enqueue_to_backlog ─> process_backlog ────────┴─>
 *	   __netif_receive_skb_core ─> (taps) ─> [rx_handler] ─> [packet_type]
 *
 * Devices themselves (register, open, close …) are in dev_mgmt.c, polling in
 * napi.c, queueing in net/sched/sch_generic.c.
 *
 * Linux: net/core/dev.c
 */
#include <linux/etherdevice.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/rculist.h>
#include <linux/skb_zerocopy.h>
#include <linux/slab.h>
#include <linux/sysctl.h>
#include <linux/trace.h>
#include <net/dst.h>
#include <net/net_namespace.h>
#include <net/sch_generic.h>
#include "dev.h"

/* A packet that noqueue devices send through each other, deeper than this, goes
 * round in a circle. */
#define XMIT_RECURSION_LIMIT 8

/* ---- who takes packets --------------------------------------------------- */

static struct list_head *ptype_head(const struct packet_type *pt)
{
	struct net *net = pt->net;

	if (!net && pt->dev)
		net = dev_net(pt->dev);
	BUG_ON(!net);
	if (pt->type == htons(ETH_P_ALL))
		return pt->dev ? &pt->dev->ptype_all : &net->ptype_all;
	return &net->ptype_base[ntohs(pt->type) & (PTYPE_HASH_SIZE - 1)];
}

/**
 * dev_add_pack - begin to take packets
 * @pt: ethertype (ETH_P_ALL: a tap), device or all, namespace; stays the
 *	caller's, on a list until dev_remove_pack()
 *
 * Context: process or softirq.
 */
void dev_add_pack(struct packet_type *pt)
{
	list_add_rcu(&pt->list, ptype_head(pt));
}

/**
 * dev_remove_pack - take no more packets
 * @pt: as added; the caller's to free when no packet is in its function
 *
 * Context: process or softirq, not from pt->func.
 */
void dev_remove_pack(struct packet_type *pt)
{
	list_del(&pt->list);
}

/**
 * netdev_rx_handler_register - have a device's frames handled before IP
 * @dev: the device
 * @rx_handler: gets each; one a device
 * @rx_handler_data: for it, in dev->rx_handler_data
 *
 * Context: process.
 * Return: 0, or -EBUSY when there is one.
 */
int netdev_rx_handler_register(struct net_device *dev, rx_handler_func_t *rx_handler,
			       void *rx_handler_data)
{
	if (dev->rx_handler)
		return -EBUSY;
	dev->rx_handler_data = rx_handler_data;
	rcu_assign_pointer(dev->rx_handler, rx_handler);
	return 0;
}

/**
 * netdev_rx_handler_unregister - end that
 * @dev: the device
 *
 * Context: process.
 */
void netdev_rx_handler_unregister(struct net_device *dev)
{
	rcu_assign_pointer(dev->rx_handler, NULL);
	dev->rx_handler_data = NULL;
}

/* Hands the packet to a taker, with one reference: consumes. */
static inline int deliver_skb(struct sk_buff *skb, struct packet_type *pt,
			      struct net_device *orig_dev)
{
	trace_skb(skb);
	return pt->func(skb, skb->dev, pt, orig_dev);
}

/* ---- down: transmit ------------------------------------------------------- */

/**
 * dev_nit_active - does anybody tap this device?
 * @dev: the device
 *
 * Context: any.
 * Return: whether.
 */
bool dev_nit_active(const struct net_device *dev)
{
	return !list_empty(&dev_net(dev)->ptype_all) || !list_empty(&dev->ptype_all);
}

/* The clone that taps share: as a receiver would see the packet. */
static struct sk_buff *nit_clone(struct sk_buff *skb)
{
	struct sk_buff *skb2 = skb_clone(skb, GFP_ATOMIC);

	if (!skb2)
		return NULL;
	__net_timestamp(skb2);
	skb_reset_mac_header(skb2);
	if (skb2->network_header == SKB_HEADER_NOT_SET ||
	    skb_network_header(skb2) < skb2->data ||
	    skb_network_header(skb2) > skb_tail_pointer(skb2))
		skb_reset_network_header(skb2);
	skb2->transport_header = skb2->network_header;
	skb2->pkt_type = PACKET_OUTGOING;
	return skb2;
}

/* Every tap of @list but the sender's own; returns the last, not served yet, or
 * NULL: none, or no memory for the clone. */
static struct packet_type *nit_list(struct sk_buff *skb, struct sk_buff **skb2,
				    struct list_head *list, struct packet_type *pt_prev,
				    struct net_device *dev)
{
	struct packet_type *pt;

	list_for_each_entry_rcu(pt, list, list) {
		if (pt->af_packet_priv && (void *)skb->sk == pt->af_packet_priv)
			continue;
		if (pt_prev)
			deliver_skb(skb_get(*skb2), pt_prev, dev);
		else
			*skb2 = nit_clone(skb);
		if (!*skb2)
			return NULL;
		pt_prev = pt;
	}
	return pt_prev;
}

/**
 * dev_queue_xmit_nit - show a packet that leaves to the taps
 * @skb: borrowed; the taps get clones
 * @dev: leaves by
 *
 * Context: softirqs off.
 */
void dev_queue_xmit_nit(struct sk_buff *skb, struct net_device *dev)
{
	struct packet_type *pt_prev;
	struct sk_buff *skb2 = NULL;

	trace_skb(skb);
	rcu_read_lock();
	pt_prev = nit_list(skb, &skb2, &dev_net(dev)->ptype_all, NULL, dev);
	pt_prev = nit_list(skb, &skb2, &dev->ptype_all, pt_prev, dev);
	if (pt_prev)
		deliver_skb(skb2, pt_prev, dev);
	rcu_read_unlock();
}

/* The driver. */
static netdev_tx_t netdev_start_xmit(struct sk_buff *skb, struct net_device *dev, bool more)
{
	trace_skb(skb);
	skb->xmit_more = more;
	return dev->netdev_ops->ndo_start_xmit(skb, dev);
}

static netdev_tx_t xmit_one(struct sk_buff *skb, struct net_device *dev, bool more)
{
	trace_skb(skb);
	if (unlikely(dev_nit_active(dev)))
		dev_queue_xmit_nit(skb, dev);
	return netdev_start_xmit(skb, dev, more);
}

/**
 * dev_hard_start_xmit - hand packets to the driver, one after the other
 * @first: a chain by ->next; those sent are consumed
 * @dev: leaves by
 * @txq: its queue, locked
 * @ret: what the driver said last; NETDEV_TX_BUSY when it stopped in between
 *
 * Context: softirqs off.
 * Return: what was not sent, again the caller's, or NULL.
 */
struct sk_buff *dev_hard_start_xmit(struct sk_buff *first, struct net_device *dev,
				    struct netdev_queue *txq, int *ret)
{
	struct sk_buff *skb = first;
	int rc = NETDEV_TX_OK;

	while (skb) {
		struct sk_buff *next = skb->next;

		trace_skb(skb);
		skb_mark_not_on_list(skb);
		rc = (int)xmit_one(skb, dev, dev_xmit_more(dev, skb->len, next != NULL));
		if (unlikely(!dev_xmit_complete(rc))) {
			skb->next = next;
			break;
		}
		skb = next;
		if (netif_xmit_stopped(txq) && skb) {
			rc = NETDEV_TX_BUSY;
			break;
		}
	}
	*ret = rc;
	return skb;
}

/* Into the queue, then as much out of it as the driver takes. */
static int __dev_xmit_skb(struct sk_buff *skb, struct Qdisc *q)
{
	int rc;

	qdisc_skb_cb(skb)->pkt_len = skb->len;
	spin_lock(qdisc_lock(q));
	rc = q->ops->enqueue(skb, q);
	qdisc_run(q);
	spin_unlock(qdisc_lock(q));
	return rc & NET_XMIT_MASK;
}

/* A device without a queue: at once, or not at all. */
static int dev_xmit_noqueue(struct sk_buff *skb, struct net_device *dev,
			    struct netdev_queue *txq)
{
	struct softnet_data *sd = this_cpu()->softnet;
	enum skb_drop_reason reason = SKB_DROP_REASON_DEV_READY;
	int rc = -ENETDOWN;

	if (unlikely(!(dev->flags & IFF_UP)))
		goto drop;
	if (unlikely(sd->xmit_recursion > XMIT_RECURSION_LIMIT)) {
		pr_warn_ratelimited("%s: packets go round in a circle\n", dev->name);
		reason = SKB_DROP_REASON_DEV_TX_ERROR;
		goto drop;
	}
	skb = validate_xmit_skb(skb, dev);
	if (unlikely(!skb))
		return -ENOMEM;
	if (likely(!netif_xmit_stopped(txq))) {
		sd->xmit_recursion++;
		skb = dev_hard_start_xmit(skb, dev, txq, &rc);
		sd->xmit_recursion--;
		if (likely(dev_xmit_complete(rc)))
			return rc;
	}
	pr_warn_ratelimited("%s has no queue, and is busy\n", dev->name);
	rc = -ENETDOWN;
drop:
	dev->stats.tx_dropped++;
	kfree_skb_reason(skb, reason);
	return rc;
}

/**
 * __dev_queue_xmit - pick the queue, and send by it or past it
 * @skb: consumed; its link-layer header is in place
 *
 * Context: process or softirq.
 * Return: 0, NET_XMIT_DROP, NET_XMIT_CN, or -errno.
 */
int __dev_queue_xmit(struct sk_buff *skb)
{
	struct net_device *dev = skb->dev;
	struct netdev_queue *txq;
	struct Qdisc *q;
	int rc;

	trace_skb(skb);
	skb_cb_poison(skb);
	skb_reset_mac_header(skb);
	/* Process context: softirqs stay off, so a queue is entered by one
	 * packet at a time; they run at local_bh_enable(). */
	local_bh_disable();
	txq = netdev_get_tx_queue(dev, 0);
	q = txq->qdisc;
	if (unlikely(!q)) {
		/* Linux: noop_qdisc: closed, or no carrier. */
		dev->stats.tx_dropped++;
		kfree_skb_reason(skb, SKB_DROP_REASON_DEV_READY);
		rc = dev->flags & IFF_UP ? NET_XMIT_CN : -ENETDOWN;
	} else if (q->ops->enqueue) {
		rc = __dev_xmit_skb(skb, q);
	} else {
		rc = dev_xmit_noqueue(skb, dev, txq);
	}
	local_bh_enable();
	return rc;
}

/**
 * dev_queue_xmit - send a packet by its device
 * @skb: consumed; skb->dev is set and the link-layer header is in place
 *
 * Context: process or softirq.
 * Return: 0, NET_XMIT_DROP, NET_XMIT_CN, or -errno.
 */
int dev_queue_xmit(struct sk_buff *skb)
{
	trace_skb(skb);
	return __dev_queue_xmit(skb);
}

/* ---- up: receive ----------------------------------------------------------- */

/* Why nobody took it. */
static enum skb_drop_reason no_taker_reason(const struct sk_buff *skb)
{
	if (!skb->protocol)
		return SKB_DROP_REASON_PKT_TOO_SMALL;
	if (skb->protocol == htons(ETH_P_802_2) || skb->protocol == htons(ETH_P_802_3))
		return SKB_DROP_REASON_LLC_LENGTH;
	return SKB_DROP_REASON_UNHANDLED_PROTO;
}

/* Every taker on @list that fits gets the packet, but for the last one found,
 * which is returned and not served yet: who is last gets our reference. */
static __always_inline struct packet_type *
deliver_ptype_list(struct sk_buff *skb, struct list_head *list, struct packet_type *pt_prev,
		   __be16 type, struct net_device *orig_dev)
{
	struct packet_type *pt;

	list_for_each_entry_rcu(pt, list, list) {
		if (pt->type != type || (pt->dev && pt->dev != skb->dev && pt->dev != orig_dev))
			continue;
		if (pt_prev)
			deliver_skb(skb_get(skb), pt_prev, orig_dev);
		pt_prev = pt;
	}
	return pt_prev;
}

/* Taps, then the device's handler, then who takes the ethertype. Consumes. */
static int __netif_receive_skb_core(struct sk_buff *skb)
{
	struct net_device *orig_dev = skb->dev;
	struct packet_type *pt_prev;
	rx_handler_func_t *rx_handler;
	struct net *net;

	trace_skb(skb);
	skb_cb_poison(skb);
	skb_reset_network_header(skb);
	if (!skb_transport_header_was_set(skb))
		skb_reset_transport_header(skb);
	skb_reset_mac_len(skb);
	this_cpu()->softnet->processed++;

another_round:
	skb->skb_iif = skb->dev->ifindex;
	net = dev_net(skb->dev);
	pt_prev = deliver_ptype_list(skb, &net->ptype_all, NULL, htons(ETH_P_ALL), orig_dev);
	pt_prev = deliver_ptype_list(skb, &skb->dev->ptype_all, pt_prev, htons(ETH_P_ALL),
				     orig_dev);

	rx_handler = rcu_dereference(skb->dev->rx_handler);
	if (rx_handler) {
		if (pt_prev) {
			deliver_skb(skb_get(skb), pt_prev, orig_dev);
			pt_prev = NULL;
		}
		switch (rx_handler(&skb)) {
		case RX_HANDLER_CONSUMED:
			return NET_RX_SUCCESS;
		case RX_HANDLER_ANOTHER:
			goto another_round;
		case RX_HANDLER_EXACT:
		case RX_HANDLER_PASS:
			break;
		}
	}

	pt_prev = deliver_ptype_list(skb, &net->ptype_base[ntohs(skb->protocol) &
							   (PTYPE_HASH_SIZE - 1)],
				     pt_prev, skb->protocol, orig_dev);
	if (likely(pt_prev))
		return deliver_skb(skb, pt_prev, orig_dev);
	skb->dev->stats.rx_dropped++;
	kfree_skb_reason(skb, no_taker_reason(skb));
	return NET_RX_DROP;
}

static int __netif_receive_skb(struct sk_buff *skb)
{
	trace_skb(skb);
	return __netif_receive_skb_core(skb);
}

/* When it arrived, if anybody wants to know. */
static void net_timestamp_check(struct sk_buff *skb)
{
	if (unlikely(skb->net->core.netstamp_needed) && !skb->tstamp)
		__net_timestamp(skb);
}

/**
 * netif_receive_skb_internal - the way up, for all that comes by NAPI
 * @skb: consumed
 *
 * Linux: XDP and RPS stand here.
 *
 * Context: softirqs off.
 * Return: NET_RX_SUCCESS or NET_RX_DROP.
 */
int netif_receive_skb_internal(struct sk_buff *skb)
{
	int ret;

	trace_skb(skb);
	net_timestamp_check(skb);
	rcu_read_lock();
	ret = __netif_receive_skb(skb);
	rcu_read_unlock();
	return ret;
}

/**
 * netif_receive_skb - a received packet, from a driver that does its own polling
 * @skb: consumed
 *
 * Context: softirqs off.
 * Return: NET_RX_SUCCESS or NET_RX_DROP.
 */
int netif_receive_skb(struct sk_buff *skb)
{
	trace_skb(skb);
	return netif_receive_skb_internal(skb);
}

/* To the end of this CPU's backlog; the softirq does the rest. Consumes. */
static int enqueue_to_backlog(struct sk_buff *skb)
{
	struct softnet_data *sd = this_cpu()->softnet;
	enum skb_drop_reason reason = SKB_DROP_REASON_DEV_READY;
	struct net_device *dev = skb->dev;
	unsigned long flags;

	trace_skb(skb);
	if (unlikely(skb_orphan_frags_rx(skb, GFP_ATOMIC))) {
		dev->stats.rx_dropped++;
		dev_kfree_skb_any(skb, SKB_DROP_REASON_NOMEM);
		return NET_RX_DROP;
	}
	local_irq_save(flags);
	if (unlikely(!netif_running(dev)))
		goto drop;
	if (unlikely((int)skb_queue_len(&sd->input_pkt_queue) >
		     dev_net(dev)->core.sysctl_netdev_max_backlog)) {
		reason = SKB_DROP_REASON_CPU_BACKLOG;
		sd->dropped++;
		goto drop;
	}
	__skb_queue_tail(&sd->input_pkt_queue, skb);
	if (!test_and_set_bit(NAPI_STATE_SCHED, &sd->backlog.state))
		____napi_schedule(sd, &sd->backlog);
	local_irq_restore(flags);
	return NET_RX_SUCCESS;
drop:
	dev->stats.rx_dropped++;
	local_irq_restore(flags);
	dev_kfree_skb_any(skb, reason);
	return NET_RX_DROP;
}

static int netif_rx_internal(struct sk_buff *skb)
{
	trace_skb(skb);
	net_timestamp_check(skb);
	return enqueue_to_backlog(skb);
}

/**
 * __netif_rx - netif_rx() where softirqs are off
 * @skb: consumed
 *
 * Context: hardirq, softirq, or process with softirqs off.
 * Return: NET_RX_SUCCESS or NET_RX_DROP.
 */
int __netif_rx(struct sk_buff *skb)
{
	trace_skb_as(skb, "netif_rx");
	return netif_rx_internal(skb);
}

/**
 * netif_rx - a received packet, from a device that does not poll: lo, veth
 * @skb: consumed; handled in NET_RX_SOFTIRQ
 *
 * Context: any.
 * Return: NET_RX_SUCCESS, or NET_RX_DROP when the backlog is full.
 */
int netif_rx(struct sk_buff *skb)
{
	bool need_bh_off = !in_interrupt();
	int ret;

	trace_skb(skb);
	if (need_bh_off)
		local_bh_disable();
	ret = netif_rx_internal(skb);
	if (need_bh_off)
		local_bh_enable();
	return ret;
}

/* The poll function of the backlog. What is in input_pkt_queue goes over to
 * process_queue at once, so that interrupts are off only for that. */
static int process_backlog(struct napi_struct *napi, int quota)
{
	struct softnet_data *sd = container_of(napi, struct softnet_data, backlog);
	struct sk_buff *skb;
	unsigned long flags;
	int work = 0;

	napi->weight = init_net->core.sysctl_dev_weight;
	for (;;) {
		while ((skb = __skb_dequeue(&sd->process_queue)) != NULL) {
			trace_skb(skb);
			rcu_read_lock();
			__netif_receive_skb(skb);
			rcu_read_unlock();
			if (++work >= quota)
				return work;
		}
		local_irq_save(flags);
		if (skb_queue_empty(&sd->input_pkt_queue)) {
			/* Nobody else schedules the backlog's bits: plain. */
			napi->state = 0;
			local_irq_restore(flags);
			return work;
		}
		skb_queue_splice_tail_init(&sd->input_pkt_queue, &sd->process_queue);
		local_irq_restore(flags);
	}
}

/**
 * skb_turn_around - a packet that was sent begins to be received
 * @skb: borrowed; belongs to nobody afterwards
 *
 * The destination stays, referenced: a local one serves on the way up too.
 *
 * Context: softirqs off.
 */
void skb_turn_around(struct sk_buff *skb)
{
	skb_orphan(skb);
	skb_dst_force(skb);
	skb->tstamp = 0;
	skb->xmit_more = 0;
}

static void flush_queue(struct sk_buff_head *queue, const struct net_device *dev,
			struct sk_buff_head *out)
{
	struct sk_buff *skb, *tmp;

	skb_queue_walk_safe(queue, skb, tmp) {
		if (skb->dev == dev) {
			__skb_unlink(skb, queue);
			__skb_queue_tail(out, skb);
		}
	}
}

/**
 * dev_flush_backlog - a device goes away: drop what it left in the backlog
 * @dev: the device
 *
 * Context: process.
 */
void dev_flush_backlog(struct net_device *dev)
{
	struct softnet_data *sd = this_cpu()->softnet;
	struct sk_buff_head out;
	unsigned long flags;

	__skb_queue_head_init(&out);
	local_irq_save(flags);
	flush_queue(&sd->input_pkt_queue, dev, &out);
	flush_queue(&sd->process_queue, dev, &out);
	local_irq_restore(flags);
	__skb_queue_purge_reason(&out, SKB_DROP_REASON_DEV_READY);
}

/* ---- the transmit softirq -------------------------------------------------- */

/* What a packet on completion_queue keeps in its cb. */
struct completion_cb {
	enum skb_drop_reason reason;
};
#define completion_cb(skb) ((struct completion_cb *)(void *)(skb)->cb)

/**
 * dev_kfree_skb_irq - end a packet in a hardirq, later
 * @skb: one reference is consumed, in NET_TX_SOFTIRQ
 * @reason: why it is lost; SKB_NOT_DROPPED_YET: the good end
 *
 * Context: any.
 */
void dev_kfree_skb_irq(struct sk_buff *skb, enum skb_drop_reason reason)
{
	struct softnet_data *sd = this_cpu()->softnet;
	unsigned long flags;

	trace_skb(skb);
	if (refcount_read(&skb->users) != 1 && !refcount_dec_and_test(&skb->users))
		return;
	completion_cb(skb)->reason = reason;
	local_irq_save(flags);
	skb->next = sd->completion_queue;
	sd->completion_queue = skb;
	raise_softirq_irqoff(NET_TX_SOFTIRQ);
	local_irq_restore(flags);
}

/**
 * dev_kfree_skb_any - end a packet, at once if we may
 * @skb: one reference is consumed
 * @reason: why it is lost; SKB_NOT_DROPPED_YET: the good end
 *
 * Context: any.
 */
void dev_kfree_skb_any(struct sk_buff *skb, enum skb_drop_reason reason)
{
	if (in_hardirq() || irqs_disabled())
		dev_kfree_skb_irq(skb, reason);
	else if (reason == SKB_NOT_DROPPED_YET)
		consume_skb(skb);
	else
		kfree_skb_reason(skb, reason);
}

/**
 * __netif_schedule - have a qdisc run by NET_TX_SOFTIRQ
 * @q: the qdisc; goes on output_queue once
 *
 * Context: any.
 */
void __netif_schedule(struct Qdisc *q)
{
	struct softnet_data *sd = this_cpu()->softnet;
	unsigned long flags;

	if (test_and_set_bit(__QDISC_STATE_SCHED, &q->state))
		return;
	local_irq_save(flags);
	q->next_sched = NULL;
	*sd->output_queue_tailp = q;
	sd->output_queue_tailp = &q->next_sched;
	raise_softirq_irqoff(NET_TX_SOFTIRQ);
	local_irq_restore(flags);
}

static void free_completion_queue(struct softnet_data *sd)
{
	struct sk_buff *clist, *skb;
	unsigned long flags;

	local_irq_save(flags);
	clist = sd->completion_queue;
	sd->completion_queue = NULL;
	local_irq_restore(flags);
	while (clist) {
		skb = clist;
		clist = clist->next;
		skb_mark_not_on_list(skb);
		__kfree_skb(skb, completion_cb(skb)->reason);
	}
}

static void run_output_queue(struct softnet_data *sd)
{
	struct Qdisc *head, *q;
	unsigned long flags;

	local_irq_save(flags);
	head = sd->output_queue;
	sd->output_queue = NULL;
	sd->output_queue_tailp = &sd->output_queue;
	local_irq_restore(flags);
	while (head) {
		q = head;
		head = head->next_sched;
		spin_lock(qdisc_lock(q));
		/* Cleared first: who schedules it from now on wants another run. */
		clear_bit(__QDISC_STATE_SCHED, &q->state);
		if (!test_bit(__QDISC_STATE_DEACTIVATED, &q->state))
			qdisc_run(q);
		spin_unlock(qdisc_lock(q));
	}
}

/* NET_TX_SOFTIRQ: packets to free, qdiscs to run, links that came or went. */
static void net_tx_action(struct softirq_action *h)
{
	struct softnet_data *sd = this_cpu()->softnet;

	trace_here();
	if (sd->completion_queue)
		free_completion_queue(sd);
	if (sd->output_queue)
		run_output_queue(sd);
	if (sd->lweventlist)
		linkwatch_run_queue();
}

/* ---- setting up ------------------------------------------------------------ */

static const struct ctl_table net_core_table[] = {
	CTL_NET("net.core.netdev_max_backlog", core.sysctl_netdev_max_backlog,
		CTL_TYPE_INT, 0, INT_MAX),
	CTL_NET("net.core.netdev_budget", core.sysctl_netdev_budget, CTL_TYPE_INT, 1, INT_MAX),
	CTL_NET("net.core.netdev_budget_usecs", core.sysctl_netdev_budget_usecs,
		CTL_TYPE_INT, 1, INT_MAX),
	CTL_NET("net.core.dev_weight", core.sysctl_dev_weight, CTL_TYPE_INT, 1, INT_MAX),
	CTL_NET("net.core.guest_halt_poll_ns", core.sysctl_guest_halt_poll_ns, CTL_TYPE_INT,
		0, NSEC_PER_SEC),
	CTL_NET("net.core.xmit_more_max", core.sysctl_xmit_more_max, CTL_TYPE_INT, 1, 64),
};

static int __init net_dev_init(void)
{
	struct softnet_data *sd = kzalloc(sizeof(*sd), GFP_KERNEL);

	if (!sd)
		return -ENOMEM;
	INIT_LIST_HEAD(&sd->poll_list);
	skb_queue_head_init(&sd->input_pkt_queue);
	__skb_queue_head_init(&sd->process_queue);
	sd->output_queue_tailp = &sd->output_queue;
	INIT_LIST_HEAD(&sd->backlog.poll_list);
	sd->backlog.poll = process_backlog;
	sd->backlog.weight = NAPI_POLL_WEIGHT;
	dev_xmit_more_init(sd);
	net_idle_poll_init(sd);
	this_cpu()->softnet = sd;
	open_softirq(NET_TX_SOFTIRQ, net_tx_action);
	open_softirq(NET_RX_SOFTIRQ, net_rx_action);
	register_sysctl_table(net_core_table, ARRAY_SIZE(net_core_table));
	return 0;
}

subsys_initcall(net_dev_init);
