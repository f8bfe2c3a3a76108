// SPDX-License-Identifier: MIT
/*
 * Queueing in general: running a qdisc, a driver that is busy, devices that come
 * up and go down, and the watchdog for a queue that nobody wakes (QD-1, QD-3,
 * QD-4, DEV-8, DEV-10).
 *
 *	qdisc_run ─> __qdisc_run ─> qdisc_restart ─┬─> dequeue_skb ─> [dequeue]
 *	                                           └─> sch_direct_xmit ─> the driver
 *	                                                 │ NETDEV_TX_BUSY
 *	      netif_schedule <─ dev_requeue_skb <────────┘
 *
 * Linux: net/sched/sch_generic.c. There a qdisc may be passed by when it is
 * empty (TCQ_F_CAN_BYPASS); here every packet goes through it, which is a few
 * instructions more and one path instead of two.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/slab.h>
#include <linux/trace.h>
#include <net/net_namespace.h>
#include <net/sch_generic.h>

/* Bytes that one turn may take from the qdisc: the driver rings its doorbell
 * once for all of them. */
#define QDISC_BULK_BYTES 65536

/* ---- running ---------------------------------------------------------------- */

/* The driver did not take them: first in line again, in their order, and the
 * softirq tries once more. Consumes (keeps). */
static void dev_requeue_skb(struct sk_buff *skb, struct Qdisc *q)
{
	struct sk_buff_head again;

	__skb_queue_head_init(&again);
	while (skb) {
		struct sk_buff *next = skb->next;

		trace_skb(skb);
		__skb_queue_tail(&again, skb);
		q->qstats.requeues++;
		q->qstats.backlog += qdisc_pkt_len(skb);
		q->q.qlen++;
		skb = next;
	}
	skb_queue_splice(&again, &q->gso_skb);
	__netif_schedule(q);
}

/* More of what the qdisc gives, behind @skb: the driver wants many at once. */
static void try_bulk_dequeue_skb(struct Qdisc *q, struct sk_buff *skb)
{
	int bytelimit = QDISC_BULK_BYTES - (int)skb->len;

	while (bytelimit > 0) {
		struct sk_buff *nskb = q->ops->dequeue(q);

		if (!nskb)
			break;
		bytelimit -= (int)nskb->len;
		skb->next = nskb;
		skb = nskb;
	}
	skb_mark_not_on_list(skb);
}

/* What goes next: what the driver refused before, then what the qdisc gives.
 * NULL: nothing, or the driver takes nothing. */
static struct sk_buff *dequeue_skb(struct Qdisc *q)
{
	struct sk_buff *skb;

	if (netif_xmit_stopped(q->dev_queue))
		return NULL;
	if (!q->q.qlen)
		return NULL;
	if (unlikely(!skb_queue_empty(&q->gso_skb))) {
		skb = __skb_dequeue(&q->gso_skb);
		q->qstats.backlog -= qdisc_pkt_len(skb);
		q->q.qlen--;
		return skb;
	}
	skb = q->ops->dequeue(q);
	if (skb && q->q.qlen)
		try_bulk_dequeue_skb(q, skb);
	return skb;
}

/**
 * sch_direct_xmit - to the driver, with the qdisc unlocked meanwhile
 * @skb: a chain by ->next; consumed: sent, dropped, or requeued
 * @q: the qdisc, locked and RUNNING
 * @dev: leaves by
 * @txq: its queue
 *
 * Context: softirqs off.
 * Return: false when the driver is busy: no use in going on.
 */
bool sch_direct_xmit(struct sk_buff *skb, struct Qdisc *q, struct net_device *dev,
		     struct netdev_queue *txq)
{
	int ret = NETDEV_TX_BUSY;

	spin_unlock(qdisc_lock(q));
	skb = validate_xmit_skb_list(skb, dev);
	if (unlikely(!skb)) {
		spin_lock(qdisc_lock(q));
		return true;
	}
	__netif_tx_lock(txq);
	if (likely(!netif_xmit_stopped(txq)))
		skb = dev_hard_start_xmit(skb, dev, txq, &ret);
	__netif_tx_unlock(txq);
	spin_lock(qdisc_lock(q));
	if (likely(dev_xmit_complete(ret)))
		return true;
	if (unlikely(ret != NETDEV_TX_BUSY))
		pr_warn_ratelimited("%s: driver answered %d to a packet\n", dev->name, ret);
	dev_requeue_skb(skb, q);
	return false;
}

/* One turn. False: nothing more to do now. */
static bool qdisc_restart(struct Qdisc *q, int *packets)
{
	struct sk_buff *skb = dequeue_skb(q), *p;

	if (unlikely(!skb))
		return false;
	trace_skb(skb);
	for (p = skb; p; p = p->next)
		(*packets)++;
	return sch_direct_xmit(skb, q, qdisc_dev(q), q->dev_queue);
}

/**
 * __qdisc_run - send what is queued, as far as the driver and our share go
 * @q: the qdisc, locked and RUNNING
 *
 * Context: softirqs off.
 */
void __qdisc_run(struct Qdisc *q)
{
	int quota = init_net->core.sysctl_dev_weight;
	int packets = 0;

	while (qdisc_restart(q, &packets)) {
		if (packets >= quota) {
			if (q->q.qlen)
				__netif_schedule(q);
			break;
		}
	}
}

/* What goes next, for the trace. */
static u64 qdisc_next_id(struct Qdisc *q)
{
	struct sk_buff *skb = skb_peek(&q->gso_skb);

	if (!skb && q->ops->peek)
		skb = q->ops->peek(q);
	return skb ? skb->id : 0;
}

/**
 * qdisc_run - run a qdisc unless somebody does already
 * @q: the qdisc, locked
 *
 * Who does will find what was queued meanwhile.
 *
 * Context: softirqs off.
 */
void qdisc_run(struct Qdisc *q)
{
	trace_id(qdisc_next_id(q));
	if (qdisc_run_begin(q)) {
		__qdisc_run(q);
		qdisc_run_end(q);
	}
}

/**
 * qdisc_drop - a qdisc does not take a packet
 * @skb: consumed (QDISC_DROP)
 * @sch: the qdisc
 *
 * Context: softirqs off.
 * Return: NET_XMIT_DROP.
 */
int qdisc_drop(struct sk_buff *skb, struct Qdisc *sch)
{
	sch->qstats.drops++;
	kfree_skb_reason(skb, SKB_DROP_REASON_QDISC_DROP);
	return NET_XMIT_DROP;
}

/* ---- stop and wake ------------------------------------------------------------ */

/**
 * netif_schedule_queue - have the queue's qdisc run by the softirq
 * @txq: the queue
 *
 * Context: any.
 */
void netif_schedule_queue(struct netdev_queue *txq)
{
	if (txq->qdisc && !netif_xmit_stopped(txq))
		__netif_schedule(txq->qdisc);
}

/**
 * netif_schedule - have a device's qdisc run by the softirq
 * @dev: the device
 *
 * Context: any.
 */
void netif_schedule(struct net_device *dev)
{
	trace_here();
	netif_schedule_queue(&dev->_tx);
}

/**
 * netif_tx_wake_queue - the driver takes packets again
 * @txq: its queue
 *
 * Context: any.
 */
void netif_tx_wake_queue(struct netdev_queue *txq)
{
	if (test_and_clear_bit(__QUEUE_STATE_DRV_XOFF, &txq->state))
		netif_schedule(txq->dev);
}

/* Linux: runs every watchdog_timeo_ms while the device is up. Here it is armed
 * when the queue is stopped, so that an idle device needs no timer. */
static void netdev_watchdog_up(struct net_device *dev)
{
	if (dev->netdev_ops->ndo_tx_timeout && dev->watchdog_timeo_ms &&
	    !timer_pending(&dev->watchdog_timer))
		mod_timer(&dev->watchdog_timer, ktime_get_ns() +
			  dev->watchdog_timeo_ms * NSEC_PER_MSEC);
}

/**
 * netif_tx_stop_queue - the driver will not take another packet
 * @txq: its queue
 *
 * Context: any.
 */
void netif_tx_stop_queue(struct netdev_queue *txq)
{
	txq_trans_update(txq);
	set_bit(__QUEUE_STATE_DRV_XOFF, &txq->state);
	if (netif_running(txq->dev))
		netdev_watchdog_up(txq->dev);
}

/* The queue was stopped a while ago. Has it been woken meanwhile? */
static void dev_watchdog(struct timer_list *t)
{
	struct net_device *dev = from_timer(dev, t, watchdog_timer);
	struct netdev_queue *txq = &dev->_tx;
	u64 now = ktime_get_ns(), due;

	if (!netif_running(dev) || !netif_device_present(dev) || !netif_carrier_ok(dev) ||
	    !netif_xmit_stopped(txq))
		return;
	due = txq->trans_start_ns + dev->watchdog_timeo_ms * NSEC_PER_MSEC;
	if (now >= due) {
		pr_warn_ratelimited("%s: transmit queue stopped for %llu ms\n", dev->name,
				    (unsigned long long)((now - txq->trans_start_ns) /
							 NSEC_PER_MSEC));
		dev->stats.tx_errors++;
		txq_trans_update(txq);
		dev->netdev_ops->ndo_tx_timeout(dev);
	}
	if (netif_xmit_stopped(txq))
		mod_timer(&dev->watchdog_timer, txq->trans_start_ns +
			  dev->watchdog_timeo_ms * NSEC_PER_MSEC);
}

/* ---- qdiscs ------------------------------------------------------------------- */

/* The device takes packets as they come: no functions, __dev_queue_xmit() goes
 * to the driver. */
const struct Qdisc_ops noqueue_qdisc_ops = {
	.id = "noqueue",
};

/**
 * qdisc_create - a new qdisc
 * @dev_queue: of the device it is for
 * @ops: its kind
 * @opt: for ops->init
 *
 * Context: any.
 * Return: the qdisc, empty, or NULL.
 */
struct Qdisc *qdisc_create(struct netdev_queue *dev_queue, const struct Qdisc_ops *ops,
			   const void *opt)
{
	const size_t priv_at = ALIGN(sizeof(struct Qdisc), 64UL);
	struct Qdisc *sch = kzalloc(priv_at + ops->priv_size, GFP_ATOMIC);

	if (!sch)
		return NULL;
	sch->ops = ops;
	sch->dev_queue = dev_queue;
	sch->privdata = (u8 *)sch + priv_at;
	sch->limit = dev_queue->dev->tx_queue_len;
	if (ops == &noqueue_qdisc_ops)
		sch->flags |= TCQ_F_NOQUEUE;
	__skb_queue_head_init(&sch->gso_skb);
	skb_queue_head_init(&sch->q);
	if (ops->init && ops->init(sch, opt)) {
		kfree(sch);
		return NULL;
	}
	return sch;
}

/**
 * qdisc_reset - drop everything that is queued
 * @qdisc: locked, or not in use; what it held is lost (DEV_READY)
 *
 * Context: softirqs off.
 */
void qdisc_reset(struct Qdisc *qdisc)
{
	if (qdisc->ops->reset)
		qdisc->ops->reset(qdisc);
	__skb_queue_purge_reason(&qdisc->gso_skb, SKB_DROP_REASON_DEV_READY);
	qdisc->q.qlen = 0;
	qdisc->qstats.backlog = 0;
}

/* Off output_queue: its memory is about to go. */
static void qdisc_unschedule(struct Qdisc *qdisc)
{
	struct softnet_data *sd = this_cpu()->softnet;
	struct Qdisc **p;
	unsigned long flags;

	local_irq_save(flags);
	for (p = &sd->output_queue; *p; p = &(*p)->next_sched) {
		if (*p != qdisc)
			continue;
		*p = qdisc->next_sched;
		if (!*p)
			sd->output_queue_tailp = p;
		break;
	}
	local_irq_restore(flags);
}

/**
 * qdisc_destroy - the end of a qdisc
 * @qdisc: in nobody's use; NULL does nothing
 *
 * Context: process or softirq.
 */
void qdisc_destroy(struct Qdisc *qdisc)
{
	if (!qdisc)
		return;
	local_bh_disable();
	qdisc_unschedule(qdisc);
	qdisc_reset(qdisc);
	if (qdisc->ops->destroy)
		qdisc->ops->destroy(qdisc);
	local_bh_enable();
	kfree(qdisc);
}

static struct Qdisc *default_qdisc(struct net_device *dev)
{
	bool noqueue = (dev->priv_flags & IFF_NO_QUEUE) || !dev->tx_queue_len;

	return qdisc_create(&dev->_tx, noqueue ? &noqueue_qdisc_ops : &pfifo_fast_ops, NULL);
}

/**
 * dev_graft_qdisc - another root qdisc for a device
 * @dev: the device
 * @qdisc: the new one, which is taken over; NULL: the default
 *
 * Context: process.
 * Return: 0 or -ENOMEM (only with NULL).
 */
int dev_graft_qdisc(struct net_device *dev, struct Qdisc *qdisc)
{
	struct Qdisc *old = dev->qdisc;

	if (!qdisc)
		qdisc = default_qdisc(dev);
	if (!qdisc)
		return -ENOMEM;
	local_bh_disable();
	dev->qdisc = qdisc;
	if (dev->_tx.qdisc)
		dev->_tx.qdisc = qdisc;
	local_bh_enable();
	qdisc_destroy(old);
	return 0;
}

/* ---- devices ------------------------------------------------------------------ */

/**
 * dev_init_scheduler - a device is registered: no queue yet
 * @dev: the device
 *
 * Context: process.
 */
void dev_init_scheduler(struct net_device *dev)
{
	dev->qdisc = NULL;
	dev->_tx.qdisc = NULL;
	timer_setup(&dev->watchdog_timer, dev_watchdog, 0);
}

/**
 * dev_activate - packets may be queued: the device is open and has a carrier
 * @dev: the device; nothing happens while it has no carrier
 *
 * Context: process or softirq.
 */
void dev_activate(struct net_device *dev)
{
	if (!dev->qdisc)
		dev->qdisc = default_qdisc(dev);
	if (!dev->qdisc) {
		netdev_err(dev, "no memory for a qdisc, nothing will be sent\n");
		return;
	}
	if (!netif_carrier_ok(dev))
		return;
	local_bh_disable();
	clear_bit(__QDISC_STATE_DEACTIVATED, &dev->qdisc->state);
	dev->_tx.qdisc = dev->qdisc;
	local_bh_enable();
}

/**
 * dev_deactivate - no more packets: closed, or the carrier is gone
 * @dev: the device; what is queued is lost (DEV_READY)
 *
 * Context: process or softirq.
 */
void dev_deactivate(struct net_device *dev)
{
	struct Qdisc *q = dev->qdisc;

	del_timer_sync(&dev->watchdog_timer);
	local_bh_disable();
	dev_xmit_flush(dev);
	dev->_tx.qdisc = NULL;
	if (q) {
		set_bit(__QDISC_STATE_DEACTIVATED, &q->state);
		spin_lock(qdisc_lock(q));
		qdisc_reset(q);
		spin_unlock(qdisc_lock(q));
	}
	local_bh_enable();
}

/**
 * dev_shutdown - a device is unregistered: its qdisc goes
 * @dev: closed
 *
 * Context: process.
 */
void dev_shutdown(struct net_device *dev)
{
	struct Qdisc *q = dev->qdisc;

	dev->_tx.qdisc = NULL;
	dev->qdisc = NULL;
	qdisc_destroy(q);
	del_timer_sync(&dev->watchdog_timer);
}
