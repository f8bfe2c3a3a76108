// SPDX-License-Identifier: MIT
/* An Ethernet device without hardware, and the check that no packet is lost. */
#include <linux/slab.h>
#include <net/net_namespace.h>

#include "../test.h"
#include "fake_netdev.h"

/* Every packet that came to be has come to an end, in every namespace. */
TEST_CHECK(packets_are_conserved)
{
	struct net *net;

	for_each_net(net) {
		u64 dropped = 0;
		int i;

		EXPECT_EQ(net_packets_alive(net), 0);
		for (i = 0; i < SKB_DROP_REASON_MAX; i++)
			dropped += net->drops[i];
		EXPECT_EQ(dropped, net->acct.dropped);
	}
}

static netdev_tx_t fake_start_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct fake_netdev *f = netdev_priv(dev);

	if (f->busy) {
		f->refused++;
		return NETDEV_TX_BUSY;
	}
	__skb_queue_tail(&f->sent, skb);
	if (f->room && !--f->room)
		netif_stop_queue(dev);
	if (!skb->xmit_more || netif_queue_stopped(dev))
		f->doorbells++;
	dev->stats.tx_packets++;
	dev->stats.tx_bytes += skb->len;
	return NETDEV_TX_OK;
}

static int fake_open(struct net_device *dev)
{
	fake_netdev(dev)->opened++;
	netif_start_queue(dev);
	return 0;
}

static int fake_stop(struct net_device *dev)
{
	fake_netdev(dev)->stopped++;
	netif_stop_queue(dev);
	return 0;
}

static void fake_rx_mode(struct net_device *dev)
{
	fake_netdev(dev)->rx_modes++;
}

static void fake_timeout(struct net_device *dev)
{
	fake_netdev(dev)->timeouts++;
}

static const struct net_device_ops fake_ops = {
	.ndo_open = fake_open,
	.ndo_stop = fake_stop,
	.ndo_start_xmit = fake_start_xmit,
	.ndo_set_rx_mode = fake_rx_mode,
	.ndo_tx_timeout = fake_timeout,
	.ndo_set_mac_address = eth_mac_addr,
};

static void fake_flush(struct net_device *dev)
{
	fake_netdev(dev)->doorbells++;
}

static const struct net_device_ops fake_defer_ops = {
	.ndo_open = fake_open,
	.ndo_stop = fake_stop,
	.ndo_start_xmit = fake_start_xmit,
	.ndo_xmit_flush = fake_flush,
};

void fake_netdev_defer(struct net_device *dev)
{
	dev->netdev_ops = &fake_defer_ops;
}

struct net_device *fake_netdev_create(struct net *net, netdev_features_t features)
{
	static const u8 mac[ETH_ALEN] = { 0x02, 0, 0, 0, 0, 1 };
	struct net_device *dev = alloc_netdev(sizeof(struct fake_netdev), "fake%d",
					      NET_NAME_ENUM, ether_setup);

	if (!dev) {
		test_fail(__FILE__, __LINE__, "no fake device");
		return NULL;
	}
	__skb_queue_head_init(&fake_netdev(dev)->sent);
	dev_net_set(dev, net);
	eth_hw_addr_set(dev, mac);
	dev->netdev_ops = &fake_ops;
	dev->features = features;
	dev->watchdog_timeo_ms = 5000;
	EXPECT_EQ(register_netdev(dev), 0);
	EXPECT_EQ(dev_open(dev), 0);
	return dev;
}

void fake_netdev_destroy(struct net_device *dev)
{
	unregister_netdev(dev);
	fake_netdev_drain(dev);
	free_netdev(dev);
}

struct sk_buff *fake_netdev_pop(struct net_device *dev)
{
	return __skb_dequeue(&fake_netdev(dev)->sent);
}

unsigned int fake_netdev_drain(struct net_device *dev)
{
	struct sk_buff *skb;
	unsigned int n = 0;

	while ((skb = fake_netdev_pop(dev)) != NULL) {
		consume_skb(skb);
		n++;
	}
	return n;
}

struct sk_buff *fake_packet(struct net_device *dev, unsigned int len, u32 priority)
{
	static const u8 peer[ETH_ALEN] = { 0x02, 0, 0, 0, 0, 2 };
	struct sk_buff *skb = alloc_skb(dev_net(dev), LL_RESERVED_SPACE(dev) + len, GFP_ATOMIC);
	unsigned int i;
	u8 *p;

	BUG_ON(!skb);
	skb_reserve(skb, (int)LL_RESERVED_SPACE(dev));
	p = skb_put(skb, len);
	for (i = 0; i < len; i++)
		p[i] = (u8)i;
	skb->dev = dev;
	skb->priority = priority;
	skb->protocol = htons(ETH_P_TEST);
	skb_reset_network_header(skb);
	dev_hard_header(skb, dev, ETH_P_TEST, peer, NULL, len);
	return skb;
}

struct sk_buff *fake_frame(struct net_device *dev, const u8 *dest, u16 type, unsigned int len)
{
	static const u8 peer[ETH_ALEN] = { 0x02, 0, 0, 0, 0, 2 };
	struct sk_buff *skb = netdev_alloc_skb_ip_align(dev, ETH_HLEN + len);
	struct ethhdr *eth;
	unsigned int i;
	u8 *p;

	BUG_ON(!skb);
	eth = skb_put(skb, ETH_HLEN);
	ether_addr_copy(eth->h_dest, dest ? dest : dev->dev_addr);
	ether_addr_copy(eth->h_source, peer);
	eth->h_proto = htons(type);
	p = skb_put(skb, len);
	for (i = 0; i < len; i++)
		p[i] = (u8)i;
	return skb;
}

int fake_receive(struct net_device *dev, const u8 *dest, u16 type, unsigned int len)
{
	struct sk_buff *skb = fake_frame(dev, dest, type, len);
	int ret;

	skb->protocol = eth_type_trans(skb, dev);
	local_bh_disable();
	ret = netif_receive_skb(skb);
	local_bh_enable();
	return ret;
}
