// SPDX-License-Identifier: MIT
/*
 * The Ethernet interface of the hosted library. It has no offloads: the core
 * completes checksums and segments before a frame comes here.
 */
#include "hosted_dev.h"

#include <linux/etherdevice.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <net/net_namespace.h>

struct hosted_priv {
	void (*output)(void *ctx, const void *frame, size_t len);
	void *ctx;
};

static int hosted_open(struct net_device *dev)
{
	netif_start_queue(dev);
	return 0;
}

static int hosted_stop(struct net_device *dev)
{
	netif_stop_queue(dev);
	return 0;
}

static netdev_tx_t hosted_xmit(struct sk_buff *skb, struct net_device *dev)
{
	const struct hosted_priv *priv = netdev_priv(dev);

	if (skb_linearize(skb)) {
		dev->stats.tx_dropped++;
		kfree_skb_reason(skb, SKB_DROP_REASON_NOMEM);
		return NETDEV_TX_OK;
	}
	dev->stats.tx_packets++;
	dev->stats.tx_bytes += skb->len;
	netif_trans_update(dev);
	if (priv->output)
		priv->output(priv->ctx, skb->data, skb->len);
	consume_skb(skb);
	return NETDEV_TX_OK;
}

static const struct net_device_ops hosted_netdev_ops = {
	.ndo_open = hosted_open,
	.ndo_stop = hosted_stop,
	.ndo_start_xmit = hosted_xmit,
	.ndo_set_mac_address = eth_mac_addr,
};

/**
 * hosted_dev_create - an interface whose wire is a callback
 * @net: namespace
 * @cfg: not kept
 *
 * Context: process.
 * Return: the device, which belongs to @net; NULL.
 */
struct net_device *hosted_dev_create(struct net *net, const struct hosted_dev_config *cfg)
{
	struct net_device *dev = alloc_etherdev(sizeof(struct hosted_priv));
	struct hosted_priv *priv;

	if (!dev)
		return NULL;
	priv = netdev_priv(dev);
	priv->output = cfg->output;
	priv->ctx = cfg->ctx;
	dev_net_set(dev, net);
	dev->netdev_ops = &hosted_netdev_ops;
	dev->driver = "hosted";
	dev->mtu = cfg->mtu;
	dev->min_mtu = ETH_MIN_MTU;
	dev->max_mtu = ETH_MAX_MTU;
	dev->needs_free_netdev = true;
	eth_hw_addr_set(dev, cfg->mac);
	if (register_netdev(dev)) {
		free_netdev(dev);
		return NULL;
	}
	return dev;
}

/**
 * hosted_dev_input - a frame arrives
 * @dev: from hosted_dev_create()
 * @frame: Ethernet header first
 * @len: its bytes; what is shorter than a header or longer than the MTU allows
 *	is an error of the wire
 *
 * Context: process or softirq.
 */
void hosted_dev_input(struct net_device *dev, const void *frame, size_t len)
{
	struct sk_buff *skb;

	if (len < ETH_HLEN || len > dev->mtu + ETH_HLEN) {
		dev->stats.rx_errors++;
		dev->stats.rx_length_errors++;
		return;
	}
	if (!netif_running(dev))
		return;
	skb = netdev_alloc_skb_ip_align(dev, (unsigned int)len);
	if (!skb) {
		dev->stats.rx_dropped++;
		return;
	}
	skb_put_data(skb, frame, (unsigned int)len);
	dev->stats.rx_packets++;
	dev->stats.rx_bytes += len;
	skb->protocol = eth_type_trans(skb, dev);
	netif_rx(skb);
}

/**
 * hosted_dev_mute - cut the wire
 * @dev: from hosted_dev_create()
 *
 * Context: process.
 */
void hosted_dev_mute(struct net_device *dev)
{
	struct hosted_priv *priv = netdev_priv(dev);

	priv->output = NULL;
}
