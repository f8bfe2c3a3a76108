// SPDX-License-Identifier: MIT
/* Devices, taps, the backlog, and who gets a received packet. */
#include <linux/init.h>
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/trace.h>
#include <net/checksum.h>
#include <net/net_namespace.h>

#include "../../test.h"
#include "../fake_netdev.h"

/* ---- taps and takers --------------------------------------------------------- */

struct taker {
	struct packet_type pt;
	unsigned int seen;
	unsigned int type;		/* pkt_type of the last */
	unsigned int len;
	u64 id;
	bool shared;
};

static int take(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt,
		struct net_device *orig_dev)
{
	struct taker *t = container_of(pt, struct taker, pt);

	t->seen++;
	t->type = skb->pkt_type;
	t->len = skb->len;
	t->id = skb->id;
	t->shared = skb_shared(skb);
	skb = skb_share_check(skb, GFP_ATOMIC);
	consume_skb(skb);
	return NET_RX_SUCCESS;
}

static void taker_add(struct taker *t, struct net *net, u16 type, struct net_device *dev)
{
	memset(t, 0, sizeof(*t));
	t->pt.type = htons(type);
	t->pt.func = take;
	t->pt.net = net;
	t->pt.dev = dev;
	dev_add_pack(&t->pt);
}

TEST(received_packets_go_to_who_takes_their_type)
{
	struct net_device *dev = fake_netdev_create(init_net, 0);
	struct taker a, b, other;

	taker_add(&a, init_net, ETH_P_TEST, NULL);
	taker_add(&other, init_net, ETH_P_TEST + PTYPE_HASH_SIZE, NULL);
	EXPECT_EQ(fake_receive(dev, NULL, ETH_P_TEST, 100), NET_RX_SUCCESS);
	EXPECT_EQ(a.seen, 1);
	EXPECT_EQ(a.len, 100);
	EXPECT_FALSE(a.shared);
	EXPECT_EQ(a.type, PACKET_HOST);
	/* A second one: the first to be served shares. */
	taker_add(&b, init_net, ETH_P_TEST, dev);
	fake_receive(dev, dev->broadcast, ETH_P_TEST, 50);
	EXPECT_EQ(a.seen, 2);
	EXPECT_EQ(b.seen, 1);
	EXPECT_TRUE(a.shared != b.shared);
	EXPECT_EQ(a.id, b.id);
	EXPECT_EQ(b.type, PACKET_BROADCAST);
	EXPECT_EQ(other.seen, 0);
	dev_remove_pack(&a.pt);
	dev_remove_pack(&b.pt);
	dev_remove_pack(&other.pt);
	fake_netdev_destroy(dev);
}

TEST(what_nobody_takes_is_dropped_with_its_reason)
{
	struct net_device *dev = fake_netdev_create(init_net, 0);
	u64 *drops = init_net->drops;
	u64 unhandled = drops[SKB_DROP_REASON_UNHANDLED_PROTO];
	u64 llc = drops[SKB_DROP_REASON_LLC_LENGTH];
	u64 small = drops[SKB_DROP_REASON_PKT_TOO_SMALL];
	struct sk_buff *skb;

	EXPECT_EQ(fake_receive(dev, NULL, ETH_P_TEST, 46), NET_RX_DROP);
	EXPECT_EQ(drops[SKB_DROP_REASON_UNHANDLED_PROTO], unhandled + 1);
	EXPECT_EQ(fake_receive(dev, NULL, 46, 46), NET_RX_DROP);
	EXPECT_EQ(drops[SKB_DROP_REASON_LLC_LENGTH], llc + 1);
	/* Shorter than an Ethernet header. */
	skb = fake_frame(dev, NULL, ETH_P_TEST, 0);
	skb_trim(skb, 13);
	skb->protocol = eth_type_trans(skb, dev);
	local_bh_disable();
	EXPECT_EQ(netif_receive_skb(skb), NET_RX_DROP);
	local_bh_enable();
	EXPECT_EQ(drops[SKB_DROP_REASON_PKT_TOO_SMALL], small + 1);
	EXPECT_EQ(dev->stats.rx_dropped, 3);
	fake_netdev_destroy(dev);
}

TEST(taps_see_both_directions_in_their_namespace)
{
	struct net *net = net_create();
	struct net_device *dev = fake_netdev_create(init_net, 0);
	struct net_device *far = fake_netdev_create(net, 0);
	struct taker all, one, elsewhere, type;
	struct sk_buff *skb;
	u64 id;

	taker_add(&all, init_net, ETH_P_ALL, NULL);
	taker_add(&one, NULL, ETH_P_ALL, dev);
	taker_add(&elsewhere, net, ETH_P_ALL, NULL);
	taker_add(&type, init_net, ETH_P_TEST, NULL);
	fake_receive(dev, NULL, ETH_P_TEST, 60);
	EXPECT_EQ(all.seen, 1);
	EXPECT_EQ(one.seen, 1);
	EXPECT_EQ(type.seen, 1);
	EXPECT_EQ(elsewhere.seen, 0);

	skb = fake_packet(dev, 80, 0);
	id = skb->id;
	EXPECT_EQ(dev_queue_xmit(skb), 0);
	EXPECT_EQ(all.seen, 2);
	EXPECT_EQ(all.type, PACKET_OUTGOING);
	EXPECT_EQ(all.len, 80 + ETH_HLEN);
	EXPECT_EQ(all.id, id);
	EXPECT_EQ(one.seen, 2);
	EXPECT_EQ(type.seen, 1);
	EXPECT_EQ(fake_netdev_drain(dev), 1);

	dev_queue_xmit(fake_packet(far, 10, 0));
	EXPECT_EQ(elsewhere.seen, 1);
	EXPECT_EQ(all.seen, 2);
	dev_remove_pack(&all.pt);
	dev_remove_pack(&one.pt);
	dev_remove_pack(&elsewhere.pt);
	dev_remove_pack(&type.pt);
	EXPECT_FALSE(dev_nit_active(dev));
	fake_netdev_destroy(dev);
	fake_netdev_destroy(far);
	net_destroy(net);
}

TEST(a_tap_without_memory_does_not_stop_the_packet)
{
	struct net_device *dev = fake_netdev_create(init_net, 0);
	struct taker all;
	struct sk_buff *skb = fake_packet(dev, 80, 0);

	taker_add(&all, init_net, ETH_P_ALL, NULL);
	slab_fail_after(1, 10);
	EXPECT_EQ(dev_queue_xmit(skb), 0);
	slab_fail_after(0, 0);
	EXPECT_EQ(all.seen, 0);
	EXPECT_EQ(fake_netdev_drain(dev), 1);
	dev_remove_pack(&all.pt);
	fake_netdev_destroy(dev);
}

/* ---- the device's own handler ------------------------------------------------ */

static rx_handler_result_t handler_says;
static struct net_device *handler_dev;
static unsigned int handled;

static rx_handler_result_t handle(struct sk_buff **pskb)
{
	handled++;
	switch (handler_says) {
	case RX_HANDLER_CONSUMED:
		consume_skb(*pskb);
		break;
	case RX_HANDLER_ANOTHER:
		(*pskb)->dev = handler_dev;
		break;
	case RX_HANDLER_EXACT:
	case RX_HANDLER_PASS:
		break;
	}
	return handler_says;
}

TEST(a_handler_takes_passes_or_redirects_frames)
{
	struct net_device *dev = fake_netdev_create(init_net, 0);
	struct net_device *upper = fake_netdev_create(init_net, 0);
	struct taker t;

	handled = 0;
	handler_dev = upper;
	taker_add(&t, init_net, ETH_P_TEST, NULL);
	EXPECT_EQ(netdev_rx_handler_register(dev, handle, &t), 0);
	EXPECT_EQ(netdev_rx_handler_register(dev, handle, &t), -EBUSY);
	EXPECT_TRUE(dev->rx_handler_data == &t);
	handler_says = RX_HANDLER_CONSUMED;
	fake_receive(dev, NULL, ETH_P_TEST, 60);
	EXPECT_EQ(t.seen, 0);
	handler_says = RX_HANDLER_PASS;
	fake_receive(dev, NULL, ETH_P_TEST, 60);
	EXPECT_EQ(t.seen, 1);
	handler_says = RX_HANDLER_ANOTHER;
	fake_receive(dev, NULL, ETH_P_TEST, 60);
	EXPECT_EQ(t.seen, 2);
	EXPECT_EQ(handled, 3);
	netdev_rx_handler_unregister(dev);
	fake_receive(dev, NULL, ETH_P_TEST, 60);
	EXPECT_EQ(handled, 3);
	dev_remove_pack(&t.pt);
	fake_netdev_destroy(dev);
	fake_netdev_destroy(upper);
}

/* ---- the backlog -------------------------------------------------------------- */

TEST(the_backlog_is_bounded_and_counts_what_it_refuses)
{
	struct net_device *dev = fake_netdev_create(init_net, 0);
	struct softnet_data *sd = this_cpu()->softnet;
	u64 full = init_net->drops[SKB_DROP_REASON_CPU_BACKLOG], dropped = sd->dropped;
	int i, saved = init_net->core.sysctl_netdev_max_backlog, refused = 0;
	struct taker t;

	taker_add(&t, init_net, ETH_P_TEST, NULL);
	init_net->core.sysctl_netdev_max_backlog = 10;
	local_bh_disable();
	for (i = 0; i < 15; i++) {
		struct sk_buff *skb = fake_frame(dev, NULL, ETH_P_TEST, 60);

		skb->protocol = eth_type_trans(skb, dev);
		if (netif_rx(skb) == NET_RX_DROP)
			refused++;
	}
	EXPECT_EQ(refused, 4);
	EXPECT_EQ(t.seen, 0);
	local_bh_enable();
	EXPECT_EQ(t.seen, 11);
	EXPECT_EQ(init_net->drops[SKB_DROP_REASON_CPU_BACKLOG] - full, 4);
	EXPECT_EQ(sd->dropped - dropped, 4);
	EXPECT_EQ(dev->stats.rx_dropped, 4);
	init_net->core.sysctl_netdev_max_backlog = saved;
	dev_remove_pack(&t.pt);
	fake_netdev_destroy(dev);
}

TEST(a_closed_device_receives_nothing_and_leaves_nothing)
{
	struct net_device *dev = fake_netdev_create(init_net, 0);
	u64 before = init_net->drops[SKB_DROP_REASON_DEV_READY];
	struct sk_buff *skb;
	struct taker t;
	int i;

	taker_add(&t, init_net, ETH_P_TEST, NULL);
	local_bh_disable();
	for (i = 0; i < 3; i++) {
		skb = fake_frame(dev, NULL, ETH_P_TEST, 60);
		skb->protocol = eth_type_trans(skb, dev);
		netif_rx(skb);
	}
	dev_close(dev);
	skb = fake_frame(dev, NULL, ETH_P_TEST, 60);
	skb->protocol = eth_type_trans(skb, dev);
	EXPECT_EQ(netif_rx(skb), NET_RX_DROP);
	/* Unregistering takes what waits out of the backlog. */
	unregister_netdev(dev);
	local_bh_enable();
	EXPECT_EQ(t.seen, 0);
	EXPECT_EQ(init_net->drops[SKB_DROP_REASON_DEV_READY] - before, 4);
	dev_remove_pack(&t.pt);
	free_netdev(dev);
}

/* ---- lo --------------------------------------------------------------------------- */

TEST(lo_gives_back_what_was_sent_in_a_softirq)
{
	struct net *net = net_create();
	struct net_device *lo = net->loopback_dev;
	struct sk_buff *skb;
	struct taker t;
	u64 id;

	EXPECT_STREQ(lo->name, "lo");
	EXPECT_EQ(lo->ifindex, 1);
	EXPECT_EQ(lo->mtu, 65536);
	EXPECT_EQ(lo->tx_queue_len, 1000);
	EXPECT_EQ(dev_queue_xmit(fake_packet(lo, 10, 0)), -ENETDOWN);
	EXPECT_EQ(dev_open(lo), 0);
	taker_add(&t, net, ETH_P_TEST, NULL);
	skb = fake_packet(lo, 2000, 0);
	ether_addr_copy(((struct ethhdr *)(void *)skb->data)->h_dest, lo->dev_addr);
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = (u16)(skb_headroom(skb) + 20);
	skb->tstamp = 5;
	id = skb->id;
	local_bh_disable();
	EXPECT_EQ(dev_queue_xmit(skb), 0);
	EXPECT_EQ(t.seen, 0);
	local_bh_enable();
	EXPECT_EQ(t.seen, 1);
	EXPECT_EQ(t.id, id);
	EXPECT_EQ(t.len, 2000);
	EXPECT_EQ(t.type, PACKET_HOST);
	EXPECT_EQ(lo->stats.tx_packets, 1);
	EXPECT_EQ(lo->stats.rx_bytes, 2000 + ETH_HLEN);
	dev_remove_pack(&t.pt);
	net_destroy(net);
}

/* ---- the way, told ------------------------------------------------------------------- */

/* The functions that packet @id went through are those of @names, in order. */
static void expect_way(u64 id, const char *const *names)
{
	size_t i, n = trace_count();

	for (i = 0; i < n; i++) {
		const struct trace_record *r = trace_get(i);

		if (r->packet_id != id)
			continue;
		if (!*names) {
			test_fail(__FILE__, __LINE__, "too many: %s", r->tp->name);
			return;
		}
		EXPECT_STREQ(r->tp->name, *names);
		names++;
	}
	if (*names)
		test_fail(__FILE__, __LINE__, "missing: %s", *names);
}

TEST(the_trace_tells_the_way_down_and_up)
{
	static const char *const down[] = { "dev_queue_xmit", "__dev_queue_xmit",
		"pfifo_fast_enqueue", "qdisc_run", "pfifo_fast_dequeue", "qdisc_restart",
		"dev_hard_start_xmit", "xmit_one", "netdev_start_xmit", NULL };
	static const char *const through_lo[] = { "dev_queue_xmit", "__dev_queue_xmit",
		"dev_hard_start_xmit", "xmit_one", "netdev_start_xmit", "loopback_xmit",
		"eth_type_trans", "netif_rx", "netif_rx_internal", "enqueue_to_backlog",
		"____napi_schedule", "process_backlog", "__netif_receive_skb",
		"__netif_receive_skb_core", "kfree_skb_reason", NULL };
	static const char *const up[] = { "eth_type_trans", "netif_receive_skb",
		"netif_receive_skb_internal", "__netif_receive_skb",
		"__netif_receive_skb_core", "deliver_skb", "consume_skb", NULL };
	struct net *net = net_create();
	struct net_device *dev = fake_netdev_create(net, 0), *lo = net->loopback_dev;
	struct taker t;
	u64 id;

	dev_open(lo);
	taker_add(&t, net, ETH_P_TEST, dev);
	trace_clear();
	trace_enable("*", true);
	dev_queue_xmit(fake_packet(dev, 100, 0));
	id = fake_netdev(dev)->sent.next->id;
	expect_way(id, down);
	fake_receive(dev, NULL, ETH_P_TEST, 100);
	expect_way(t.id, up);
	dev_queue_xmit(fake_packet(lo, 100, 0));
	expect_way(net->next_packet_id, through_lo);
	trace_enable("*", false);
	trace_clear();
	dev_remove_pack(&t.pt);
	fake_netdev_destroy(dev);
	net_destroy(net);
}

/* ---- ends in interrupts ------------------------------------------------------------ */

TEST(a_packet_freed_in_an_interrupt_ends_in_the_softirq)
{
	struct sk_buff *a = alloc_skb(init_net, 10, GFP_KERNEL);
	struct sk_buff *b = alloc_skb(init_net, 10, GFP_KERNEL);
	u64 lost = init_net->drops[SKB_DROP_REASON_DEV_RESET];
	unsigned long flags;

	local_irq_save(flags);
	irq_enter();
	dev_consume_skb_any(a);
	skb_get(b);
	dev_kfree_skb_any(b, SKB_DROP_REASON_DEV_RESET);
	dev_kfree_skb_any(b, SKB_DROP_REASON_DEV_RESET);
	EXPECT_EQ(net_packets_alive(init_net), 2);
	irq_exit();
	local_irq_restore(flags);
	host_run();
	EXPECT_EQ(net_packets_alive(init_net), 0);
	EXPECT_EQ(init_net->drops[SKB_DROP_REASON_DEV_RESET] - lost, 1);
	napi_consume_skb(alloc_skb(init_net, 10, GFP_KERNEL), 0);
	napi_consume_skb(alloc_skb(init_net, 10, GFP_KERNEL), 64);
}

/* ---- what the device cannot do -------------------------------------------------------- */

TEST(frags_and_sums_are_done_for_devices_that_cannot)
{
	struct net_device *dev = fake_netdev_create(init_net, 0);
	struct net_device *able = fake_netdev_create(init_net, NETIF_F_SG | NETIF_F_HW_CSUM);
	u64 before = this_cpu()->softnet->linearized;
	struct net_device *to[2] = { dev, able };
	struct sk_buff *skb;
	int i;

	for (i = 0; i < 2; i++) {
		struct skb_page *page = skb_page_alloc(500, GFP_KERNEL);

		memset(page->data, 0x31, 500);
		skb = fake_packet(to[i], 60, 0);
		skb_add_rx_frag(skb, 0, page, 0, 500, 500);
		memset(skb->data + 50, 0, 2);
		EXPECT_TRUE(skb_partial_csum_set(skb, 20, 30));
		EXPECT_EQ(dev_queue_xmit(skb), 0);
	}
	skb = fake_netdev_pop(dev);
	EXPECT_FALSE(skb_is_nonlinear(skb));
	EXPECT_EQ((int)skb->ip_summed, CHECKSUM_NONE);
	EXPECT_EQ(csum_fold(skb_checksum(skb, 20, (int)skb->len - 20, (__force __wsum)0)), 0);
	EXPECT_EQ(this_cpu()->softnet->linearized - before, 1);
	consume_skb(skb);
	skb = fake_netdev_pop(able);
	EXPECT_TRUE(skb_is_nonlinear(skb));
	EXPECT_EQ((int)skb->ip_summed, CHECKSUM_PARTIAL);
	consume_skb(skb);
	/* No memory for that, and offsets that point nowhere. */
	skb = fake_packet(dev, 60, 0);
	skb_add_rx_frag(skb, 0, skb_page_alloc(4000, GFP_KERNEL), 0, 4000, 4000);
	slab_fail_after(1, 10);
	dev_queue_xmit(skb);
	slab_fail_after(0, 0);
	skb = fake_packet(dev, 60, 0);
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = 0;
	dev_queue_xmit(skb);
	EXPECT_EQ(dev->stats.tx_dropped, 2);
	EXPECT_EQ(fake_netdev_drain(dev), 0);
	fake_netdev_destroy(dev);
	fake_netdev_destroy(able);
}

/* ---- names, events, settings ------------------------------------------------------------ */

static unsigned int events[16];
static unsigned long refuse;

static int on_netdev_event(struct notifier_block *nb, unsigned long event, void *ptr)
{
	const struct net_device *dev = netdev_notifier_info_to_dev(ptr);

	if (strncmp(dev->name, "fake", 4))
		return NOTIFY_DONE;
	events[event]++;
	return event == refuse ? notifier_from_errno(-EADDRINUSE) : NOTIFY_OK;
}

static struct notifier_block netdev_nb __ro_after_init = { .notifier_call = on_netdev_event };

static int __init test_dev_init(void)
{
	return register_netdevice_notifier(&netdev_nb);
}

late_initcall(test_dev_init);

TEST(layers_above_hear_of_everything_and_may_object)
{
	struct net_device *dev;

	memset(events, 0, sizeof(events));
	refuse = 0;
	dev = fake_netdev_create(init_net, 0);
	EXPECT_EQ(events[NETDEV_REGISTER], 1);
	EXPECT_EQ(events[NETDEV_PRE_UP], 1);
	EXPECT_EQ(events[NETDEV_UP], 1);
	EXPECT_EQ(dev_set_mtu(dev, 1400), 0);
	EXPECT_EQ(events[NETDEV_CHANGEMTU], 1);
	EXPECT_EQ(dev->mtu, 1400);
	EXPECT_EQ(dev_set_mtu(dev, 67), -EINVAL);
	EXPECT_EQ(dev_set_mtu(dev, 1501), -EINVAL);
	EXPECT_EQ(dev_set_mtu(dev, -1), -EINVAL);
	refuse = NETDEV_PRECHANGEMTU;
	EXPECT_EQ(dev_set_mtu(dev, 1000), -EADDRINUSE);
	EXPECT_EQ(dev->mtu, 1400);
	dev_close(dev);
	EXPECT_EQ(events[NETDEV_GOING_DOWN], 1);
	EXPECT_EQ(events[NETDEV_DOWN], 1);
	refuse = NETDEV_PRE_UP;
	EXPECT_EQ(dev_open(dev), -EADDRINUSE);
	EXPECT_FALSE(netif_running(dev));
	refuse = 0;
	EXPECT_EQ(dev_change_flags(dev, dev->flags | IFF_UP), 0);
	EXPECT_EQ(events[NETDEV_UP], 2);
	EXPECT_EQ(dev_get_flags(dev) & (IFF_UP | IFF_RUNNING | IFF_LOWER_UP),
		  IFF_UP | IFF_RUNNING | IFF_LOWER_UP);
	fake_netdev_destroy(dev);
	EXPECT_EQ(events[NETDEV_UNREGISTER], 1);
	refuse = NETDEV_REGISTER;
	dev = alloc_netdev(sizeof(struct fake_netdev), "fake%d", NET_NAME_ENUM, ether_setup);
	dev->netdev_ops = init_net->loopback_dev->netdev_ops;
	EXPECT_EQ(register_netdev(dev), -EADDRINUSE);
	refuse = 0;
	free_netdev(dev);
}

TEST(names_are_numbered_checked_and_found)
{
	struct net_device *a = fake_netdev_create(init_net, 0);
	struct net_device *b = fake_netdev_create(init_net, 0), *c;

	EXPECT_STREQ(a->name, "fake0");
	EXPECT_STREQ(b->name, "fake1");
	EXPECT_EQ(b->ifindex, a->ifindex + 1);
	EXPECT_TRUE(__dev_get_by_name(init_net, "fake1") == b);
	EXPECT_TRUE(__dev_get_by_name(init_net, "fake2") == NULL);
	EXPECT_TRUE(__dev_get_by_index(init_net, a->ifindex) == a);
	c = dev_get_by_index(init_net, b->ifindex);
	EXPECT_TRUE(c == b);
	EXPECT_EQ(refcount_read(&b->refs) >= 3, true);
	dev_put(c);
	EXPECT_TRUE(dev_get_by_name(init_net, "nothing") == NULL);
	EXPECT_FALSE(dev_valid_name("") || dev_valid_name(".") || dev_valid_name("a/b") ||
		     dev_valid_name("a b") || dev_valid_name("a:0") ||
		     dev_valid_name("0123456789abcdef"));
	fake_netdev_destroy(a);
	/* The number is free again. */
	a = fake_netdev_create(init_net, 0);
	EXPECT_STREQ(a->name, "fake0");
	c = alloc_netdev(0, "fake1", NET_NAME_ENUM, ether_setup);
	c->netdev_ops = a->netdev_ops;
	EXPECT_EQ(register_netdev(c), -EEXIST);
	strscpy(c->name, "x%s", IFNAMSIZ);
	EXPECT_EQ(register_netdev(c), -EINVAL);
	free_netdev(c);
	EXPECT_TRUE(alloc_netdev_mqs(0, "q", NET_NAME_ENUM, ether_setup, 2, 1) == NULL);
	fake_netdev_destroy(a);
	fake_netdev_destroy(b);
}

TEST(filters_are_counted)
{
	static const u8 group[ETH_ALEN] = { 1, 0, 0x5e, 0, 0, 1 };
	struct net_device *dev = fake_netdev_create(init_net, 0);
	unsigned int had = netdev_mc_count(dev), modes = fake_netdev(dev)->rx_modes;

	EXPECT_EQ(dev_set_promiscuity(dev, 1), 0);
	EXPECT_EQ(dev_set_promiscuity(dev, 1), 0);
	EXPECT_EQ(dev_set_promiscuity(dev, -1), 0);
	EXPECT_TRUE(dev->flags & IFF_PROMISC);
	EXPECT_EQ(dev_set_promiscuity(dev, -1), 0);
	EXPECT_FALSE(dev->flags & IFF_PROMISC);
	EXPECT_EQ(dev_set_promiscuity(dev, -1), -EINVAL);
	EXPECT_GE(fake_netdev(dev)->rx_modes, modes + 2);
	EXPECT_EQ(dev_mc_add(dev, group), 0);
	EXPECT_EQ(dev_mc_add(dev, group), 0);
	EXPECT_LE(netdev_mc_count(dev), had + 1);
	EXPECT_EQ(dev_mc_del(dev, group), 0);
	EXPECT_EQ(dev_mc_del(dev, group), 0);
	EXPECT_EQ(netdev_mc_count(dev), had);
	dev_mc_add(dev, dev->broadcast);	/* unregistering forgets it */
	fake_netdev_destroy(dev);
}

TEST(carrier_changes_stop_and_start_the_queue)
{
	struct net_device *dev;
	unsigned long flags;

	refuse = 0;
	dev = fake_netdev_create(init_net, 0);
	memset(events, 0, sizeof(events));
	local_irq_save(flags);
	irq_enter();
	netif_carrier_off(dev);
	netif_carrier_off(dev);
	EXPECT_EQ(events[NETDEV_CHANGE], 0);
	irq_exit();
	local_irq_restore(flags);
	host_run();
	EXPECT_EQ(events[NETDEV_CHANGE], 1);
	EXPECT_FALSE(dev_get_flags(dev) & IFF_RUNNING);
	EXPECT_EQ(dev_queue_xmit(fake_packet(dev, 60, 0)), NET_XMIT_CN);
	EXPECT_EQ(dev->stats.tx_dropped, 1);
	netif_carrier_on(dev);
	host_run();
	EXPECT_EQ(events[NETDEV_CHANGE], 2);
	EXPECT_EQ(dev_queue_xmit(fake_packet(dev, 60, 0)), 0);
	EXPECT_EQ(fake_netdev_drain(dev), 1);
	/* On and off again before anybody was told: told of what is. */
	netif_carrier_off(dev);
	netif_carrier_on(dev);
	host_run();
	EXPECT_EQ(dev_queue_xmit(fake_packet(dev, 60, 0)), 0);
	fake_netdev_destroy(dev);
}

TEST(a_device_outlives_its_name_while_somebody_holds_it)
{
	struct net_device *dev = fake_netdev_create(init_net, 0);

	dev_hold(dev);
	fake_netdev_destroy(dev);
	EXPECT_EQ(dev->reg_state, NETREG_UNREGISTERED);
	EXPECT_TRUE(dev_net(dev) == init_net);
	dev_put(dev);
}
