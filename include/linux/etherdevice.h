/* SPDX-License-Identifier: MIT */
/*
 * Ethernet devices and addresses (DEV-12). net/ethernet/eth.c.
 *
 * Linux: include/linux/etherdevice.h
 */
#ifndef LINUX_ETHERDEVICE_H
#define LINUX_ETHERDEVICE_H

#include <linux/if_ether.h>
#include <linux/netdevice.h>
#include <linux/random.h>
#include <linux/unaligned.h>

/* Takes the Ethernet header off a received frame: dev, mac_header, pkt_type;
 * returns the ethertype for skb->protocol, 0 for a frame shorter than a header
 * (which is then dropped with PKT_TOO_SMALL). Softirq or process. */
__be16 eth_type_trans(struct sk_buff *skb, struct net_device *dev);
unsigned int eth_get_headlen(const void *data, unsigned int len);
int eth_header(struct sk_buff *skb, struct net_device *dev, unsigned short type,
	       const void *daddr, const void *saddr, unsigned int len);
int eth_header_parse(const struct sk_buff *skb, unsigned char *haddr);
int eth_header_cache(const struct neighbour *neigh, struct hh_cache *hh, __be16 type);
void eth_header_cache_update(struct hh_cache *hh, const struct net_device *dev,
			     const unsigned char *haddr);
int eth_mac_addr(struct net_device *dev, const u8 *addr);
int eth_validate_addr(struct net_device *dev);
extern const struct header_ops eth_header_ops;

void ether_setup(struct net_device *dev);
struct net_device *alloc_etherdev_mqs(size_t sizeof_priv, unsigned int txqs,
				      unsigned int rxqs);
#define alloc_etherdev(sizeof_priv) alloc_etherdev_mqs(sizeof_priv, 1, 1)

static inline struct ethhdr *eth_hdr(const struct sk_buff *skb)
{
	return (struct ethhdr *)(void *)skb_mac_header(skb);
}

static inline bool is_zero_ether_addr(const u8 *addr)
{
	return !(get_unaligned_le32(addr) | get_unaligned_le16(addr + 4));
}

static inline bool is_multicast_ether_addr(const u8 *addr)
{
	return addr[0] & 1;
}

static inline bool is_local_ether_addr(const u8 *addr)
{
	return addr[0] & 2;
}

static inline bool is_broadcast_ether_addr(const u8 *addr)
{
	return (get_unaligned_le16(addr) &
		get_unaligned_le16(addr + 2) &
		get_unaligned_le16(addr + 4)) == 0xffff;
}

static inline bool is_valid_ether_addr(const u8 *addr)
{
	return !is_multicast_ether_addr(addr) && !is_zero_ether_addr(addr);
}

static inline bool ether_addr_equal(const u8 *a, const u8 *b)
{
	return !((get_unaligned_le32(a) ^ get_unaligned_le32(b)) |
		 (u32)(get_unaligned_le16(a + 4) ^ get_unaligned_le16(b + 4)));
}

static inline void ether_addr_copy(u8 *dst, const u8 *src)
{
	memcpy(dst, src, ETH_ALEN);
}

static inline void eth_zero_addr(u8 *addr)
{
	memset(addr, 0, ETH_ALEN);
}

static inline void eth_broadcast_addr(u8 *addr)
{
	memset(addr, 0xff, ETH_ALEN);
}

/* Unicast, locally administered. */
static inline void eth_random_addr(u8 *addr)
{
	get_random_bytes(addr, ETH_ALEN);
	addr[0] &= 0xfe;
	addr[0] |= 0x02;
}

static inline void eth_hw_addr_set(struct net_device *dev, const u8 *addr)
{
	ether_addr_copy(dev->dev_addr, addr);
}

static inline void eth_hw_addr_random(struct net_device *dev)
{
	eth_random_addr(dev->dev_addr);
}

/* Zeros up to the shortest frame. 0, or -ENOMEM (freed). */
static inline int __must_check eth_skb_pad(struct sk_buff *skb)
{
	return skb_put_padto(skb, ETH_ZLEN);
}

#endif
