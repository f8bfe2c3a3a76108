// SPDX-License-Identifier: MIT
/*
 * Ethernet: its header taken off, put on, and kept ready (DEV-12, SKB-15, NB-3).
 *
 * Linux: net/ethernet/eth.c
 * RFC: 894, 1042
 */
#include <linux/errno.h>
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/string.h>
#include <linux/tcp.h>
#include <linux/trace.h>
#include <net/neighbour.h>

/* To us, to a group, or to somebody else? */
static unsigned int eth_pkt_type(const struct net_device *dev, const u8 *dest)
{
	if (likely(ether_addr_equal(dest, dev->dev_addr)))
		return PACKET_HOST;
	if (!is_multicast_ether_addr(dest))
		return PACKET_OTHERHOST;
	return ether_addr_equal(dest, dev->broadcast) ? PACKET_BROADCAST : PACKET_MULTICAST;
}

/**
 * eth_type_trans - take the Ethernet header off a received frame
 * @skb: borrowed; data is at the header. Afterwards data is behind it, and dev,
 *	mac_header and pkt_type are set
 * @dev: arrived on
 *
 * Context: softirq or process.
 * Return: the ethertype, for skb->protocol; ETH_P_802_2 for a frame with a length
 * there; 0 for a frame without a whole header, which is as it was.
 */
__be16 eth_type_trans(struct sk_buff *skb, struct net_device *dev)
{
	const struct ethhdr *eth;

	trace_skb(skb);
	skb->dev = dev;
	skb_reset_mac_header(skb);
	if (unlikely(!pskb_may_pull(skb, ETH_HLEN)))
		return (__force __be16)0;
	eth = eth_hdr(skb);
	__skb_pull(skb, ETH_HLEN);
	skb->pkt_type = eth_pkt_type(dev, eth->h_dest) & 7;
	if (likely(ntohs(eth->h_proto) >= ETH_P_802_3_MIN))
		return eth->h_proto;
	return htons(ETH_P_802_2);
}

/**
 * eth_get_headlen - how much of a received frame belongs into the linear part
 * @data: the frame, at its Ethernet header; hostile
 * @len: bytes of it that are there
 *
 * Of TCP over IPv4 all headers and no payload: payload in frags is what GRO and
 * the receive queue merge without copying. Of all else SKB_RX_COPY bytes.
 * Linux: dissects the flow, whatever it is.
 *
 * Context: any.
 * Return: bytes, at most @len and SKB_RX_COPY.
 */
unsigned int eth_get_headlen(const void *data, unsigned int len)
{
	const unsigned int most = min_t(unsigned int, len, SKB_RX_COPY);
	const struct ethhdr *eth = data;
	const struct iphdr *iph = (const void *)(eth + 1);
	const struct tcphdr *th;
	unsigned int headers = ETH_HLEN + sizeof(*iph);

	if (most < headers || eth->h_proto != htons(ETH_P_IP) || iph->ihl * 4U < sizeof(*iph) ||
	    iph->protocol != IPPROTO_TCP || (iph->frag_off & htons(IP_OFFSET | IP_MF)))
		return most;
	headers = ETH_HLEN + iph->ihl * 4U;
	if (most < headers + sizeof(*th))
		return most;
	th = (const void *)((const u8 *)data + headers);
	if (th->doff * 4U < sizeof(*th))
		return most;
	return min(headers + th->doff * 4U, most);
}

/**
 * eth_header - put an Ethernet header in front
 * @skb: borrowed; has ETH_HLEN bytes of headroom
 * @dev: leaves by
 * @type: ethertype, host order; ETH_P_802_2, ETH_P_802_3: @len goes there
 * @daddr: destination; NULL: not known yet
 * @saddr: source; NULL: the device's
 * @len: bytes of payload, for 802.3
 *
 * Context: any.
 * Return: ETH_HLEN; -ETH_HLEN when the destination is left open.
 */
int eth_header(struct sk_buff *skb, struct net_device *dev, unsigned short type,
	       const void *daddr, const void *saddr, unsigned int len)
{
	struct ethhdr *eth = skb_push(skb, ETH_HLEN);

	if (type != ETH_P_802_3 && type != ETH_P_802_2)
		eth->h_proto = htons(type);
	else
		eth->h_proto = htons((u16)len);
	memcpy(eth->h_source, saddr ? saddr : dev->dev_addr, ETH_ALEN);
	if (daddr) {
		memcpy(eth->h_dest, daddr, ETH_ALEN);
		return ETH_HLEN;
	}
	/* Nobody is asked for on lo. */
	if (dev->flags & (IFF_LOOPBACK | IFF_NOARP)) {
		eth_zero_addr(eth->h_dest);
		return ETH_HLEN;
	}
	return -ETH_HLEN;
}

/**
 * eth_header_parse - who sent this frame
 * @skb: borrowed; mac_header is set
 * @haddr: ETH_ALEN bytes for the address
 *
 * Context: any.
 * Return: ETH_ALEN.
 */
int eth_header_parse(const struct sk_buff *skb, unsigned char *haddr)
{
	memcpy(haddr, eth_hdr(skb)->h_source, ETH_ALEN);
	return ETH_ALEN;
}

/**
 * eth_header_cache - make the header that all packets to a neighbour will have
 * @neigh: borrowed; its address is known
 * @hh: filled; the header is at the end of hh_data
 * @type: ethertype, network order
 *
 * Context: softirqs off.
 * Return: 0, or -1 when packets of this type have no fixed header.
 */
int eth_header_cache(const struct neighbour *neigh, struct hh_cache *hh, __be16 type)
{
	struct ethhdr *eth = (struct ethhdr *)(void *)(hh->hh_data + HH_DATA_OFF(ETH_HLEN));

	if (type == htons(ETH_P_802_3))
		return -1;
	eth->h_proto = type;
	memcpy(eth->h_source, neigh->dev->dev_addr, ETH_ALEN);
	memcpy(eth->h_dest, neigh->ha, ETH_ALEN);
	/* Last: it says that the rest is there. */
	barrier();
	hh->hh_len = ETH_HLEN;
	return 0;
}

/**
 * eth_header_cache_update - the neighbour has another address
 * @hh: in use
 * @dev: not used
 * @haddr: the address
 *
 * Context: softirqs off.
 */
void eth_header_cache_update(struct hh_cache *hh, const struct net_device *dev,
			     const unsigned char *haddr)
{
	memcpy(hh->hh_data + HH_DATA_OFF(ETH_HLEN), haddr, ETH_ALEN);
}

/**
 * eth_mac_addr - ndo_set_mac_address of devices that need no telling
 * @dev: the device
 * @addr: its new address
 *
 * Context: process.
 * Return: 0, or -EADDRNOTAVAIL when that is no address for a device.
 */
int eth_mac_addr(struct net_device *dev, const u8 *addr)
{
	if (!is_valid_ether_addr(addr))
		return -EADDRNOTAVAIL;
	eth_hw_addr_set(dev, addr);
	return 0;
}

/**
 * eth_validate_addr - has the device a usable address?
 * @dev: the device
 *
 * Context: any.
 * Return: 0 or -EADDRNOTAVAIL.
 */
int eth_validate_addr(struct net_device *dev)
{
	return is_valid_ether_addr(dev->dev_addr) ? 0 : -EADDRNOTAVAIL;
}

const struct header_ops eth_header_ops = {
	.create = eth_header,
	.parse = eth_header_parse,
	.cache = eth_header_cache,
	.cache_update = eth_header_cache_update,
};

/**
 * ether_setup - what Ethernet devices have in common
 * @dev: being made
 *
 * Context: any.
 */
void ether_setup(struct net_device *dev)
{
	dev->header_ops = &eth_header_ops;
	dev->type = ARPHRD_ETHER;
	dev->hard_header_len = ETH_HLEN;
	dev->addr_len = ETH_ALEN;
	dev->mtu = ETH_DATA_LEN;
	dev->min_mtu = ETH_MIN_MTU;
	dev->max_mtu = ETH_DATA_LEN;
	dev->tx_queue_len = 1000;
	dev->flags = IFF_BROADCAST | IFF_MULTICAST;
	eth_broadcast_addr(dev->broadcast);
}

/**
 * alloc_etherdev_mqs - a new Ethernet device, "eth%d"
 * @sizeof_priv: bytes for the driver
 * @txqs: transmit queues; 1
 * @rxqs: receive queues; 1
 *
 * Context: process.
 * Return: the device, or NULL.
 */
struct net_device *alloc_etherdev_mqs(size_t sizeof_priv, unsigned int txqs,
				      unsigned int rxqs)
{
	return alloc_netdev_mqs(sizeof_priv, "eth%d", NET_NAME_ENUM, ether_setup, txqs, rxqs);
}
