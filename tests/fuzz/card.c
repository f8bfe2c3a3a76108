// SPDX-License-Identifier: MIT
/* The device of card.h: everything leaves it as bytes, and arrives as bytes. */
#include "card.h"

#include <linux/etherdevice.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <net/net_namespace.h>

struct card {
	struct napi_struct napi;
	void (*output)(void *ctx, const void *frame, size_t len);
	void *ctx;
};

static int card_open(struct net_device *dev)
{
	struct card *card = netdev_priv(dev);

	napi_enable(&card->napi);
	netif_start_queue(dev);
	return 0;
}

static int card_stop(struct net_device *dev)
{
	struct card *card = netdev_priv(dev);

	netif_stop_queue(dev);
	napi_disable(&card->napi);
	return 0;
}

static netdev_tx_t card_xmit(struct sk_buff *skb, struct net_device *dev)
{
	const struct card *card = netdev_priv(dev);

	if ((skb->ip_summed == CHECKSUM_PARTIAL && skb_checksum_help(skb)) ||
	    skb_linearize(skb)) {
		kfree_skb_reason(skb, SKB_DROP_REASON_NOMEM);
		return NETDEV_TX_OK;
	}
	netif_trans_update(dev);
	if (card->output)
		card->output(card->ctx, skb->data, skb->len);
	consume_skb(skb);
	return NETDEV_TX_OK;
}

static const struct net_device_ops card_ops = {
	.ndo_open = card_open,
	.ndo_stop = card_stop,
	.ndo_start_xmit = card_xmit,
	.ndo_set_mac_address = eth_mac_addr,
};

/* Nothing waits in the card: frames arrive where they are given to it. */
static int card_poll(struct napi_struct *napi, int budget)
{
	napi_complete_done(napi, 0);
	return 0;
}

/**
 * card_create - a device whose wire is a callback
 * @net: namespace
 * @cfg: not kept
 *
 * Context: process.
 * Return: the device, which belongs to @net.
 */
struct net_device *card_create(struct net *net, const struct card_config *cfg)
{
	struct net_device *dev = alloc_etherdev(sizeof(struct card));
	struct card *card;

	BUG_ON(!dev);
	card = netdev_priv(dev);
	card->output = cfg->output;
	card->ctx = cfg->ctx;
	dev_net_set(dev, net);
	dev->netdev_ops = &card_ops;
	dev->driver = "card";
	dev->mtu = cfg->mtu;
	dev->min_mtu = ETH_MIN_MTU;
	dev->max_mtu = ETH_MAX_MTU;
	dev->features = cfg->features;
	dev->needs_free_netdev = true;
	eth_hw_addr_set(dev, cfg->mac);
	netif_napi_add(dev, &card->napi, card_poll);
	BUG_ON(register_netdev(dev));
	return dev;
}

/* A packet with the frame; NULL: an error of the wire, or no memory. */
static struct sk_buff *received(struct net_device *dev, const void *frame, size_t len)
{
	struct sk_buff *skb;

	if (len < ETH_HLEN || len > dev->mtu + ETH_HLEN || !netif_running(dev))
		return NULL;
	skb = netdev_alloc_skb_ip_align(dev, (unsigned int)len);
	if (!skb)
		return NULL;
	skb_put_data(skb, frame, (unsigned int)len);
	skb->protocol = eth_type_trans(skb, dev);
	return skb;
}

/**
 * card_input - a frame arrives
 * @dev: from card_create()
 * @frame: Ethernet header first
 * @len: its bytes; what is shorter than a header or longer than the MTU allows
 *	is an error of the wire
 *
 * Context: process.
 */
void card_input(struct net_device *dev, const void *frame, size_t len)
{
	struct card *card = netdev_priv(dev);
	struct sk_buff *skb = received(dev, frame, len);

	if (!skb)
		return;
	local_bh_disable();
	napi_gro_receive(&card->napi, skb);
	local_bh_enable();
}

/**
 * card_answer - a frame arrives while another one leaves
 * @dev: from card_create()
 * @frame: Ethernet header first
 * @len: its bytes
 *
 * Context: any.
 */
void card_answer(struct net_device *dev, const void *frame, size_t len)
{
	struct sk_buff *skb = received(dev, frame, len);

	if (skb)
		netif_rx(skb);
}

/**
 * card_poll_ends - what was merged goes up
 * @dev: from card_create()
 *
 * Context: process.
 */
void card_poll_ends(struct net_device *dev)
{
	struct card *card = netdev_priv(dev);

	local_bh_disable();
	napi_gro_flush(&card->napi);
	local_bh_enable();
}

/**
 * card_mute - cut the wire
 * @dev: from card_create()
 *
 * Context: process.
 */
void card_mute(struct net_device *dev)
{
	struct card *card = netdev_priv(dev);

	card->output = NULL;
	card_poll_ends(dev);
}
