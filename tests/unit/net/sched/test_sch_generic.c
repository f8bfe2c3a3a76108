// SPDX-License-Identifier: MIT
/* Queues: bands, a busy driver, stop and wake, the watchdogs. */
#include <linux/slab.h>
#include <linux/timer.h>
#include <net/net_namespace.h>
#include <net/sch_generic.h>

#include "../../test.h"
#include "../fake_netdev.h"

/* A packet that can be told apart by its length. */
static int send(struct net_device *dev, unsigned int len, u32 priority)
{
	return dev_queue_xmit(fake_packet(dev, len, priority));
}

static unsigned int next_len(struct net_device *dev)
{
	struct sk_buff *skb = fake_netdev_pop(dev);
	unsigned int len;

	if (!skb)
		return 0;
	len = skb->len - ETH_HLEN;
	consume_skb(skb);
	return len;
}

TEST(bands_follow_priomap_and_order_within_is_kept)
{
	static const u8 band_of[16] = { 1, 2, 2, 2, 1, 2, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1 };
	struct net_device *dev = fake_netdev_create(init_net, 0);
	unsigned int prio, band;

	EXPECT_STREQ(dev->qdisc->ops->id, "pfifo_fast");
	netif_stop_queue(dev);
	for (prio = 0; prio < 32; prio++)
		EXPECT_EQ(send(dev, 100 + prio, prio), 0);
	EXPECT_EQ(qdisc_qlen(dev->qdisc), 32);
	EXPECT_EQ(dev->qdisc->ops->peek(dev->qdisc)->priority, 6);
	netif_wake_queue(dev);
	host_run();
	for (band = 0; band < 3; band++) {
		for (prio = 0; prio < 32; prio++) {
			if (band_of[prio & 15] == band)
				EXPECT_EQ(next_len(dev), 100 + prio);
		}
	}
	EXPECT_EQ(next_len(dev), 0);
	EXPECT_EQ(qdisc_qlen(dev->qdisc), 0);
	EXPECT_EQ(dev->qdisc->qstats.backlog, 0);
	EXPECT_EQ(dev->qdisc->qstats.packets, 32);
	fake_netdev_destroy(dev);
}

TEST(a_full_band_drops_and_counts)
{
	struct net_device *dev = fake_netdev_create(init_net, 0);
	u64 before = init_net->drops[SKB_DROP_REASON_QDISC_DROP];
	int i;

	dev_change_tx_queue_len(dev, 3);
	netif_stop_queue(dev);
	for (i = 0; i < 5; i++)
		EXPECT_EQ(send(dev, 60, 0), i < 3 ? NET_XMIT_SUCCESS : NET_XMIT_DROP);
	EXPECT_EQ(send(dev, 60, 6), NET_XMIT_SUCCESS);	/* another band */
	EXPECT_EQ(dev->qdisc->qstats.drops, 2);
	EXPECT_EQ(init_net->drops[SKB_DROP_REASON_QDISC_DROP] - before, 2);
	netif_wake_queue(dev);
	host_run();
	EXPECT_EQ(fake_netdev_drain(dev), 4);
	fake_netdev_destroy(dev);
}

TEST(a_busy_driver_gets_the_same_packets_again_in_order)
{
	struct net_device *dev = fake_netdev_create(init_net, 0);
	unsigned int i;

	fake_netdev(dev)->busy = true;
	local_bh_disable();
	for (i = 1; i <= 5; i++)
		EXPECT_EQ(send(dev, 100 + i, 0), 0);
	EXPECT_EQ(fake_netdev(dev)->refused, 5);
	EXPECT_EQ(dev->qdisc->qstats.requeues, 5);
	EXPECT_EQ(qdisc_qlen(dev->qdisc), 5);
	EXPECT_EQ(dev->qdisc->qstats.backlog, 5 * ETH_HLEN + 515);
	fake_netdev(dev)->busy = false;
	/* NET_TX_SOFTIRQ was raised by the requeueing. */
	local_bh_enable();
	host_run();
	for (i = 1; i <= 5; i++)
		EXPECT_EQ(next_len(dev), 100 + i);
	EXPECT_EQ(qdisc_qlen(dev->qdisc), 0);
	EXPECT_EQ(dev->qdisc->qstats.backlog, 0);
	fake_netdev_destroy(dev);
}

TEST(a_driver_that_stops_in_a_batch_loses_nothing)
{
	struct net_device *dev = fake_netdev_create(init_net, 0);
	unsigned int i, got = 0;

	netif_stop_queue(dev);
	for (i = 1; i <= 20; i++)
		send(dev, 100 + i, 0);
	/* Room for three at a time. */
	while (qdisc_qlen(dev->qdisc)) {
		fake_netdev(dev)->room = 3;
		netif_wake_queue(dev);
		host_run();
		while ((i = next_len(dev)) != 0)
			EXPECT_EQ(i, 100 + ++got);
	}
	EXPECT_EQ(got, 20);
	fake_netdev_destroy(dev);
}

TEST(one_doorbell_serves_a_batch)
{
	struct net_device *dev = fake_netdev_create(init_net, 0);
	unsigned int i;

	send(dev, 60, 0);
	EXPECT_EQ(fake_netdev(dev)->doorbells, 1);
	netif_stop_queue(dev);
	for (i = 0; i < 30; i++)
		send(dev, 1000, 0);
	netif_wake_queue(dev);
	host_run();
	EXPECT_EQ(fake_netdev_drain(dev), 31);
	EXPECT_EQ(fake_netdev(dev)->doorbells, 2);
	fake_netdev_destroy(dev);
}

TEST(closing_a_device_drops_what_is_queued)
{
	struct net_device *dev = fake_netdev_create(init_net, 0);
	u64 before = init_net->drops[SKB_DROP_REASON_DEV_READY];

	netif_stop_queue(dev);
	send(dev, 60, 0);
	send(dev, 60, 7);
	netif_schedule(dev);
	dev_close(dev);
	EXPECT_EQ(init_net->drops[SKB_DROP_REASON_DEV_READY] - before, 2);
	EXPECT_EQ(send(dev, 60, 0), -ENETDOWN);
	host_run();
	EXPECT_EQ(dev_open(dev), 0);
	EXPECT_EQ(send(dev, 60, 0), 0);
	EXPECT_EQ(fake_netdev_drain(dev), 1);
	fake_netdev_destroy(dev);
}

TEST(a_queue_that_nobody_wakes_is_reported)
{
	struct net_device *dev = fake_netdev_create(init_net, 0);
	unsigned long armed = timers_armed();

	netif_stop_queue(dev);
	host_sleep(4 * NSEC_PER_SEC);
	EXPECT_EQ(fake_netdev(dev)->timeouts, 0);
	host_sleep(1001 * NSEC_PER_MSEC);
	EXPECT_EQ(fake_netdev(dev)->timeouts, 1);
	host_sleep(5 * NSEC_PER_SEC);
	EXPECT_EQ(fake_netdev(dev)->timeouts, 2);
	netif_wake_queue(dev);
	host_sleep(6 * NSEC_PER_SEC);
	EXPECT_EQ(fake_netdev(dev)->timeouts, 2);
	/* An idle device needs no timer. */
	EXPECT_EQ(timers_armed(), armed);
	fake_netdev_destroy(dev);
}

TEST(a_queue_that_is_woken_in_time_is_not_reported)
{
	struct net_device *dev = fake_netdev_create(init_net, 0);
	int i;

	for (i = 0; i < 20; i++) {
		netif_stop_queue(dev);
		host_sleep(NSEC_PER_SEC);
		netif_wake_queue(dev);
		host_run();
	}
	EXPECT_EQ(fake_netdev(dev)->timeouts, 0);
	fake_netdev_destroy(dev);
}

/* A qdisc that lets nothing out before its time, as shapers do. */
struct hold_priv {
	struct qdisc_watchdog watchdog;
	u64 open_at;
};

static int hold_enqueue(struct sk_buff *skb, struct Qdisc *sch)
{
	__skb_queue_tail(&sch->q, skb);
	return NET_XMIT_SUCCESS;
}

static struct sk_buff *hold_dequeue(struct Qdisc *sch)
{
	struct hold_priv *priv = qdisc_priv(sch);

	if (ktime_get_ns() < priv->open_at) {
		qdisc_watchdog_schedule_ns(&priv->watchdog, priv->open_at);
		return NULL;
	}
	return __skb_dequeue(&sch->q);
}

static int hold_init(struct Qdisc *sch, const void *opt)
{
	struct hold_priv *priv = qdisc_priv(sch);

	priv->open_at = ktime_get_ns() + NSEC_PER_SEC;
	qdisc_watchdog_init(&priv->watchdog, sch);
	return 0;
}

static void hold_reset(struct Qdisc *sch)
{
	struct hold_priv *priv = qdisc_priv(sch);

	qdisc_watchdog_cancel(&priv->watchdog);
	__skb_queue_purge_reason(&sch->q, SKB_DROP_REASON_DEV_READY);
}

static const struct Qdisc_ops hold_ops = {
	.id = "hold", .priv_size = sizeof(struct hold_priv), .enqueue = hold_enqueue,
	.dequeue = hold_dequeue, .init = hold_init, .reset = hold_reset,
};

TEST(a_qdisc_that_holds_packets_back_is_run_again_in_time)
{
	struct net_device *dev = fake_netdev_create(init_net, 0);
	u64 start = ktime_get_ns();

	EXPECT_EQ(dev_graft_qdisc(dev, qdisc_create(&dev->_tx, &hold_ops, NULL)), 0);
	EXPECT_EQ(send(dev, 60, 0), 0);
	EXPECT_EQ(send(dev, 61, 0), 0);
	host_advance(start + NSEC_PER_SEC - 1);
	EXPECT_EQ(next_len(dev), 0);
	host_advance(start + NSEC_PER_SEC);
	EXPECT_EQ(next_len(dev), 60);
	EXPECT_EQ(next_len(dev), 61);
	/* With a packet held and the timer armed: all given back. */
	((struct hold_priv *)qdisc_priv(dev->qdisc))->open_at += 5 * NSEC_PER_SEC;
	send(dev, 62, 0);
	EXPECT_EQ(dev_graft_qdisc(dev, NULL), 0);
	EXPECT_STREQ(dev->qdisc->ops->id, "pfifo_fast");
	fake_netdev_destroy(dev);
}

TEST(a_qdisc_without_memory_is_not_there)
{
	struct net_device *dev = fake_netdev_create(init_net, 0);

	slab_fail_after(1, 10);
	EXPECT_EQ(dev_graft_qdisc(dev, NULL), -ENOMEM);
	slab_fail_after(0, 0);
	EXPECT_EQ(send(dev, 60, 0), 0);
	fake_netdev_destroy(dev);
}
