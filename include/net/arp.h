/* SPDX-License-Identifier: MIT */
/*
 * ARP: the neighbour table of IPv4. net/ipv4/arp.c, arp_table.c.
 *
 * Linux: include/net/arp.h   RFC: 826, 1122 2.3.2, 5227
 */
#ifndef NET_ARP_H
#define NET_ARP_H

#include <linux/byteorder.h>
#include <net/neighbour.h>
#include <net/net_namespace.h>
#include <uapi/linux/if_arp.h>

struct packet_type;

static inline struct arphdr *arp_hdr(const struct sk_buff *skb)
{
	return (void *)skb_network_header(skb);
}

/* Header and both address pairs, bytes. */
static inline unsigned int arp_hdr_len(const struct net_device *dev)
{
	return sizeof(struct arphdr) + (dev->addr_len + sizeof(u32)) * 2U;
}

/* The table of a device's namespace; loopback and NOARP entries under key 0. */
struct neighbour *__ipv4_neigh_lookup_noref(struct net_device *dev, u32 key);
struct neighbour *__ipv4_neigh_lookup(struct net_device *dev, u32 key);
/* Found or made; borrowed or ERR_PTR. */
struct neighbour *ip_neigh_gw4(struct net_device *dev, __be32 daddr);
/* The transport saw the neighbour alive. */
void __ipv4_confirm_neigh(struct net_device *dev, u32 key);

int arp_rcv(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt,
	    struct net_device *orig_dev);
/* A packet ready for arp_xmit(), or NULL. Addresses NULL: the device's own and
 * broadcast; target_hw NULL: zeros. */
struct sk_buff *arp_create(int type, int ptype, __be32 dest_ip, struct net_device *dev,
			   __be32 src_ip, const unsigned char *dest_hw,
			   const unsigned char *src_hw, const unsigned char *target_hw);
void arp_xmit(struct sk_buff *skb);	/* consumes */
void arp_send(int type, int ptype, __be32 dest_ip, struct net_device *dev, __be32 src_ip,
	      const unsigned char *dest_hw, const unsigned char *src_hw,
	      const unsigned char *th);
/* An announcement (RFC 5227 2.3) of @addr on @dev. */
void arp_announce_addr(struct net_device *dev, __be32 addr);
void arp_ifdown(struct net_device *dev);
void arp_changeaddr(struct net_device *dev);
int arp_invalidate(struct net_device *dev, __be32 ip);
/* Adds a permanent entry: `ip neigh add`. 0 or -errno. */
int arp_set_permanent(struct net_device *dev, __be32 ip, const u8 *lladdr);
/* `ip neigh`-like text; returns its length. */
size_t arp_print(struct net *net, char *buf, size_t size);

int arp_net_init(struct net *net);
void arp_net_exit(struct net *net);

#endif
