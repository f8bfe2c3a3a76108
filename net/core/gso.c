// SPDX-License-Identifier: MIT
/*
 * Fitting a packet to what its device can do, just before the driver: checksum
 * filled in, frags brought together (TX-3, SKB-25). Segmentation of packets that
 * are larger than a frame will stand here too; until then nobody makes any.
 *
 * Linux: net/core/dev.c (validate_xmit_skb), net/core/gso.c
 */
#include <linux/if_ether.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/trace.h>

/**
 * netif_skb_features - what the device can do for this packet
 * @skb: borrowed; dev is set
 *
 * Context: any.
 * Return: NETIF_F_*.
 */
netdev_features_t netif_skb_features(const struct sk_buff *skb)
{
	netdev_features_t features = skb->dev->features;

	/* IP_CSUM knows IPv4 only. */
	if (!(features & NETIF_F_HW_CSUM) && skb->protocol != htons(ETH_P_IP))
		features &= ~NETIF_F_IP_CSUM;
	return features;
}

/**
 * validate_xmit_skb - make a packet one that the device can send
 * @skb: consumed when NULL is returned (NOMEM, DEV_TX_ERROR, PKT_TOO_BIG)
 * @dev: leaves by
 *
 * Context: softirqs off.
 * Return: the packet, or NULL.
 */
struct sk_buff *validate_xmit_skb(struct sk_buff *skb, struct net_device *dev)
{
	enum skb_drop_reason reason = SKB_DROP_REASON_NOMEM;
	netdev_features_t features;
	int err;

	if (likely(!skb_is_nonlinear(skb) && skb->ip_summed != CHECKSUM_PARTIAL))
		return skb;
	features = netif_skb_features(skb);
	if (unlikely(netif_needs_gso(skb, features))) {
		reason = SKB_DROP_REASON_PKT_TOO_BIG;
		goto drop;
	}
	if (skb_needs_linearize(skb, features) && __skb_linearize(skb))
		goto drop;
	if (skb->ip_summed == CHECKSUM_PARTIAL && !(features & NETIF_F_CSUM_MASK)) {
		err = skb_checksum_help(skb);
		if (unlikely(err)) {
			if (err == -EINVAL)
				reason = SKB_DROP_REASON_DEV_TX_ERROR;
			goto drop;
		}
	}
	return skb;
drop:
	dev->stats.tx_dropped++;
	kfree_skb_reason(skb, reason);
	return NULL;
}

/**
 * validate_xmit_skb_list - the same for a chain
 * @skb: by ->next
 * @dev: leaves by
 *
 * Context: softirqs off.
 * Return: those that can be sent, or NULL.
 */
struct sk_buff *validate_xmit_skb_list(struct sk_buff *skb, struct net_device *dev)
{
	struct sk_buff *next, *head = NULL, *tail = NULL;

	for (; skb; skb = next) {
		next = skb->next;
		skb_mark_not_on_list(skb);
		skb = validate_xmit_skb(skb, dev);
		if (unlikely(!skb))
			continue;
		if (head)
			tail->next = skb;
		else
			head = skb;
		tail = skb;
	}
	return head;
}
