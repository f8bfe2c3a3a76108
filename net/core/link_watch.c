// SPDX-License-Identifier: MIT
/*
 * Links that come and go. A driver may find out in a hardirq, where nobody may
 * be told; so the device is put on a list and NET_TX_SOFTIRQ starts or stops its
 * queue and tells the layers above.
 *
 * Linux: net/core/link_watch.c, where a work queue does it
 */
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <net/sch_generic.h>

static void linkwatch_fire_event(struct net_device *dev)
{
	struct softnet_data *sd = this_cpu()->softnet;
	unsigned long flags;

	if (dev->reg_state != NETREG_REGISTERED ||
	    test_and_set_bit(__LINK_STATE_LINKWATCH_PENDING, &dev->state))
		return;
	dev_hold(dev);
	local_irq_save(flags);
	dev->link_watch_next = sd->lweventlist;
	sd->lweventlist = dev;
	raise_softirq_irqoff(NET_TX_SOFTIRQ);
	local_irq_restore(flags);
}

/**
 * netif_carrier_on - the link is there
 * @dev: the device
 *
 * Context: any.
 */
void netif_carrier_on(struct net_device *dev)
{
	if (test_and_clear_bit(__LINK_STATE_NOCARRIER, &dev->state))
		linkwatch_fire_event(dev);
}

/**
 * netif_carrier_off - the link is gone
 * @dev: the device
 *
 * Context: any.
 */
void netif_carrier_off(struct net_device *dev)
{
	if (!test_and_set_bit(__LINK_STATE_NOCARRIER, &dev->state))
		linkwatch_fire_event(dev);
}

/* As the link is now, which may not be what it was when the event was fired. */
static void linkwatch_do_dev(struct net_device *dev)
{
	clear_bit(__LINK_STATE_LINKWATCH_PENDING, &dev->state);
	if (dev->reg_state != NETREG_REGISTERED || !netif_running(dev))
		return;
	if (netif_carrier_ok(dev))
		dev_activate(dev);
	else
		dev_deactivate(dev);
	netdev_state_change(dev);
}

/**
 * linkwatch_run_queue - tell what came and went
 *
 * Context: softirq.
 */
void linkwatch_run_queue(void)
{
	struct softnet_data *sd = this_cpu()->softnet;
	struct net_device *dev, *next;
	unsigned long flags;

	local_irq_save(flags);
	dev = sd->lweventlist;
	sd->lweventlist = NULL;
	local_irq_restore(flags);
	for (; dev; dev = next) {
		next = dev->link_watch_next;
		linkwatch_do_dev(dev);
		dev_put(dev);
	}
}
