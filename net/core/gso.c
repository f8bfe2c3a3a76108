// SPDX-License-Identifier: MIT
/*
 * Fitting a packet to what its device can do, just before the driver: one that is
 * larger than a frame is cut, checksums are filled in, frags brought together
 * (TX-3, SKB-25).
 *
 * Linux: net/core/dev.c (validate_xmit_skb), net/core/gso.c
 */
#include <linux/err.h>
#include <linux/if_ether.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/trace.h>
#include <net/gro.h>

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
	if (skb_is_gso(skb) && (skb->len > skb->dev->gso_max_size ||
				skb_shinfo(skb)->gso_segs > skb->dev->gso_max_segs))
		features &= ~NETIF_F_GSO_SOFTWARE;
	return features;
}

/**
 * skb_gso_segment - cut a packet that is larger than a frame
 * @skb: borrowed; data at the link-layer header
 * @features: of the device that will send the segments
 *
 * Context: softirqs off.
 * Return: the segments, a chain by ->next, on the account of the packet's owner;
 * ERR_PTR: -EINVAL, -EPROTONOSUPPORT, -ENOMEM.
 */
struct sk_buff *skb_gso_segment(struct sk_buff *skb, netdev_features_t features)
{
	const struct packet_offload *po = dev_find_offload(skb->protocol);
	struct sk_buff *segs;
	unsigned int mac_len;

	trace_skb(skb);
	if (unlikely(!po || !po->gso_segment))
		return ERR_PTR(-EPROTONOSUPPORT);
	skb_reset_mac_header(skb);
	skb_reset_mac_len(skb);
	mac_len = skb->mac_len;
	__skb_pull(skb, mac_len);
	segs = po->gso_segment(skb, features);
	__skb_push(skb, mac_len);
	return segs;
}

/* One frame: gathered and summed up where the device cannot. Consumed, dropped,
 * when false. */
static bool validate_xmit_frame(struct sk_buff *skb, struct net_device *dev,
				netdev_features_t features)
{
	enum skb_drop_reason reason = SKB_DROP_REASON_NOMEM;
	int err;

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
	return true;
drop:
	dev->stats.tx_dropped++;
	kfree_skb_reason(skb, reason);
	return false;
}

/* The segments of @skb instead of it; NULL when it could not be cut. */
static struct sk_buff *validate_xmit_gso(struct sk_buff *skb, struct net_device *dev,
					 netdev_features_t features)
{
	struct sk_buff *segs = skb_gso_segment(skb, features), **at, *seg;

	if (IS_ERR(segs)) {
		dev->stats.tx_dropped++;
		kfree_skb_reason(skb, PTR_ERR(segs) == -ENOMEM ? SKB_DROP_REASON_NOMEM :
							   SKB_DROP_REASON_SKB_GSO_SEG);
		return NULL;
	}
	consume_skb(skb);
	for (at = &segs; (seg = *at) != NULL;) {
		struct sk_buff *next = seg->next;

		skb_mark_not_on_list(seg);
		if (likely(validate_xmit_frame(seg, dev, features))) {
			seg->next = next;
			at = &seg->next;
		} else {
			*at = next;
		}
	}
	return segs;
}

/**
 * validate_xmit_skb - make a packet one that the device can send, or several
 * @skb: consumed when NULL is returned (NOMEM, DEV_TX_ERROR, SKB_GSO_SEG)
 * @dev: leaves by
 *
 * Context: softirqs off.
 * Return: the packet, its segments as a chain by ->next, or NULL.
 */
struct sk_buff *validate_xmit_skb(struct sk_buff *skb, struct net_device *dev)
{
	netdev_features_t features;

	if (likely(!skb_is_nonlinear(skb) && skb->ip_summed != CHECKSUM_PARTIAL))
		return skb;
	features = netif_skb_features(skb);
	if (netif_needs_gso(skb, features))
		return validate_xmit_gso(skb, dev, features);
	return validate_xmit_frame(skb, dev, features) ? skb : NULL;
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
	struct sk_buff *next, *head = NULL, **tail = &head;

	for (; skb; skb = next) {
		next = skb->next;
		skb_mark_not_on_list(skb);
		*tail = validate_xmit_skb(skb, dev);
		while (*tail)
			tail = &(*tail)->next;
	}
	return head;
}
