// SPDX-License-Identifier: MIT
/*
 * Doorbells that wait. To tell a device of a packet is a register write, which costs
 * more than the packet when the device is emulated, and one write serves for all
 * packets before it. So packets are handed over with skb->xmit_more, and the device
 * is told when there is nothing else to do:
 *
 *	dev_hard_start_xmit ─> ndo_start_xmit, xmit_more ─> in the ring, not announced
 *	net.core.xmit_more_max of them, or XMIT_OWED_BYTES: at once
 *	the CPU is about to idle, a call finds nothing (EAGAIN), the device closes,
 *	or XMIT_FLUSH_NS is over          ─> dev_xmit_flush ─> ndo_xmit_flush
 *
 * A lone packet is sent when its sender sleeps, which is when it waits for the
 * answer; a server that answers many clients in a row rings once for them all.
 *
 * Linux: packets of one qdisc run only (skb_list with netdev_xmit_more()): who
 * sends them there are other CPUs' threads, and an exit costs less.
 */
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/netdevice.h>
#include <linux/sched.h>
#include <linux/timer.h>
#include <net/net_namespace.h>

/* No packet waits longer, whatever the threads do: nanoseconds. */
#define XMIT_FLUSH_NS	(4 * NSEC_PER_MSEC)
/* So much keeps a device busy while more is being made. */
#define XMIT_OWED_BYTES	32768U

/* Devices with packets that are not announced. */
static struct list_head *xmit_owed_list(void)
{
	return &this_cpu()->softnet->xmit_owed_list;
}

static void xmit_nothing_owed(struct net_device *dev)
{
	list_del_init(&dev->xmit_owed_node);
	dev->xmit_owed = 0;
	dev->xmit_owed_bytes = 0;
}

/**
 * dev_xmit_more - may the doorbell for the next packet wait?
 * @dev: leaves by
 * @len: of the packet, bytes
 * @next: another packet is ready to follow at once
 *
 * If so and no other follows, dev_xmit_flush() will come.
 *
 * Context: softirqs off; just before ndo_start_xmit().
 * Return: what skb->xmit_more is to be.
 */
bool dev_xmit_more(struct net_device *dev, unsigned int len, bool next)
{
	struct softnet_data *sd = this_cpu()->softnet;

	if (!dev->netdev_ops->ndo_xmit_flush)
		return next;
	dev->xmit_owed++;
	dev->xmit_owed_bytes += len;
	if (next)
		return true;	/* which rings, or finds the ring full, and rings */
	if (dev->xmit_owed >= (unsigned int)init_net->core.sysctl_xmit_more_max ||
	    dev->xmit_owed_bytes >= XMIT_OWED_BYTES) {
		xmit_nothing_owed(dev);
		return false;
	}
	if (list_empty(&dev->xmit_owed_node)) {
		list_add_tail(&dev->xmit_owed_node, &sd->xmit_owed_list);
		if (!timer_pending(&sd->xmit_flush_timer))
			mod_timer(&sd->xmit_flush_timer, ktime_get_ns() + XMIT_FLUSH_NS);
	}
	return true;
}

/**
 * dev_xmit_flush - announce what waits in a device's ring
 * @dev: the device
 *
 * Context: softirqs off.
 */
void dev_xmit_flush(struct net_device *dev)
{
	struct netdev_queue *txq = netdev_get_tx_queue(dev, 0);

	if (list_empty(&dev->xmit_owed_node))
		return;
	xmit_nothing_owed(dev);
	__netif_tx_lock(txq);
	dev->netdev_ops->ndo_xmit_flush(dev);
	__netif_tx_unlock(txq);
}

/* sched_set_idle_work(): of all devices. True: there was something to announce. */
static bool xmit_flush_all(void)
{
	struct list_head *owed = xmit_owed_list();
	bool idle = irqs_disabled();

	if (likely(list_empty(owed)))
		return false;
	/* The idle loop looks at everything once more. With interrupts off packets
	 * that are sent at once could not be freed here. */
	if (idle)
		local_irq_enable();
	local_bh_disable();
	while (!list_empty(owed))
		dev_xmit_flush(list_first_entry(owed, struct net_device, xmit_owed_node));
	local_bh_enable();
	if (idle)
		local_irq_disable();
	return true;
}

static void xmit_flush_late(struct timer_list *t)
{
	xmit_flush_all();
}

/**
 * dev_xmit_more_init - begin
 * @sd: this CPU's
 *
 * Context: boot.
 */
void __init dev_xmit_more_init(struct softnet_data *sd)
{
	INIT_LIST_HEAD(&sd->xmit_owed_list);
	timer_setup(&sd->xmit_flush_timer, xmit_flush_late, 0);
	sched_set_idle_work(xmit_flush_all);
}
