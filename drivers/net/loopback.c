// SPDX-License-Identifier: MIT
/*
 * lo: what is sent comes back, through the backlog and so in a softirq of its
 * own (DEV-10). It has no queue, no loss, and no checksums: a packet that never
 * leaves memory is marked as good but not filled in (CHECKSUM_PARTIAL).
 *
 * Linux: drivers/net/loopback.c
 */
#include <linux/etherdevice.h>
#include <linux/errno.h>
#include <linux/if_arp.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/pernet.h>
#include <linux/trace.h>

static netdev_tx_t loopback_xmit(struct sk_buff *skb, struct net_device *dev)
{
	unsigned int len = skb->len;

	trace_skb(skb);
	/* Sent: the socket gets its memory back here. */
	skb_turn_around(skb);
	skb->protocol = eth_type_trans(skb, dev);
	/* Counted when it is handed over, which the backlog may refuse. */
	if (likely(__netif_rx(skb) == NET_RX_SUCCESS)) {
		dev->stats.tx_packets++;
		dev->stats.tx_bytes += len;
		dev->stats.rx_packets++;
		dev->stats.rx_bytes += len;
	}
	return NETDEV_TX_OK;
}

static const struct net_device_ops loopback_ops = {
	.ndo_start_xmit = loopback_xmit,
};

static void loopback_setup(struct net_device *dev)
{
	dev->mtu = 65536;
	dev->min_mtu = 0;
	dev->max_mtu = 0;			/* any */
	dev->hard_header_len = ETH_HLEN;
	dev->addr_len = ETH_ALEN;
	dev->type = ARPHRD_LOOPBACK;
	dev->flags = IFF_LOOPBACK;
	dev->header_ops = &eth_header_ops;
	dev->netdev_ops = &loopback_ops;
	dev->features |= NETIF_F_SG | NETIF_F_FRAGLIST | NETIF_F_HW_CSUM | NETIF_F_RXCSUM |
			 NETIF_F_GSO_SOFTWARE | NETIF_F_LOOPBACK;
	dev->driver = "loopback";
	dev->needs_free_netdev = true;
}

static int loopback_net_init(struct net *net)
{
	struct net_device *dev = alloc_netdev(0, "lo", NET_NAME_ENUM, loopback_setup);
	int err;

	if (!dev)
		return -ENOMEM;
	dev_net_set(dev, net);
	err = register_netdev(dev);
	if (err)
		free_netdev(dev);
	return err;
}

static struct pernet_operations loopback_net_ops __ro_after_init = {
	.init = loopback_net_init,
};

static int __init loopback_init(void)
{
	return register_pernet_device(&loopback_net_ops);
}

subsys_initcall(loopback_init);
