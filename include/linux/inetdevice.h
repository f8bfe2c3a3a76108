/* SPDX-License-Identifier: MIT */
/*
 * IPv4's part of a device: its addresses and its settings. net/ipv4/devinet.c.
 *
 * Linux: include/linux/inetdevice.h
 */
#ifndef LINUX_INETDEVICE_H
#define LINUX_INETDEVICE_H

#include <linux/byteorder.h>
#include <linux/netdevice.h>
#include <linux/types.h>
#include <net/net_namespace.h>

struct in_ifaddr;

struct in_device {
	struct net_device *dev;		/* holds a reference */
	bool dead;			/* being taken down */
	struct in_ifaddr *ifa_list;	/* primary addresses first, in order of adding */
	struct ipv4_devconf cnf;	/* net.ipv4.conf.<dev> */
};

#define IFA_F_SECONDARY	0x01		/* another one of the same subnet came first */
#define IFA_F_PERMANENT	0x80

struct in_ifaddr {
	struct in_ifaddr *ifa_next;
	struct in_device *ifa_dev;
	__be32 ifa_local;		/* the address */
	__be32 ifa_address;		/* the same; the peer's on point-to-point links */
	__be32 ifa_mask;
	__be32 ifa_broadcast;		/* 0: none (prefix 31 and 32) */
	u8 ifa_prefixlen;
	u8 ifa_scope;			/* RT_SCOPE_* */
	u8 ifa_flags;			/* IFA_F_* */
	char ifa_label[IFNAMSIZ];
	u64 ifa_defended_ns;		/* last answer to a conflict; 0: none */
};

static inline struct in_device *__in_dev_get_rcu(const struct net_device *dev)
{
	return dev->ip_ptr;
}

/* Linux: the two differ in which lock protects the result. */
static inline struct in_device *__in_dev_get_rtnl(const struct net_device *dev)
{
	return dev->ip_ptr;
}

/* all and the device's own: the larger; either; both. */
#define IN_DEV_NET_ALL(in_dev)		(&dev_net((in_dev)->dev)->ipv4.devconf_all)
#define IN_DEV_MAXCONF(in_dev, attr) \
	max(IN_DEV_NET_ALL(in_dev)->attr, (in_dev)->cnf.attr)
#define IN_DEV_ORCONF(in_dev, attr) \
	(IN_DEV_NET_ALL(in_dev)->attr || (in_dev)->cnf.attr)
#define IN_DEV_ANDCONF(in_dev, attr) \
	(IN_DEV_NET_ALL(in_dev)->attr && (in_dev)->cnf.attr)

#define IN_DEV_RPFILTER(in_dev)		IN_DEV_MAXCONF(in_dev, rp_filter)
#define IN_DEV_ARP_ANNOUNCE(in_dev)	IN_DEV_MAXCONF(in_dev, arp_announce)
#define IN_DEV_ARP_IGNORE(in_dev)	IN_DEV_MAXCONF(in_dev, arp_ignore)
#define IN_DEV_ARP_ACCEPT(in_dev)	IN_DEV_MAXCONF(in_dev, arp_accept)
#define IN_DEV_ARPFILTER(in_dev)	IN_DEV_ORCONF(in_dev, arp_filter)
#define IN_DEV_LOG_MARTIANS(in_dev)	IN_DEV_ORCONF(in_dev, log_martians)
#define IN_DEV_SOURCE_ROUTE(in_dev)	IN_DEV_ANDCONF(in_dev, accept_source_route)
#define IN_DEV_ACCEPT_LOCAL(in_dev)	IN_DEV_ORCONF(in_dev, accept_local)
#define IN_DEV_ROUTE_LOCALNET(in_dev)	IN_DEV_ORCONF(in_dev, route_localnet)

static inline __be32 inet_make_mask(int logmask)
{
	return logmask ? htonl(~((1U << (32 - logmask)) - 1)) : 0;
}

/* Bits set in a mask without holes. */
static inline int inet_mask_len(__be32 mask)
{
	u32 hmask = ntohl(mask);

	return hmask ? 32 - __builtin_ctz(hmask) : 0;
}

/* Is @mask no netmask (ones, then zeros)? */
static inline bool bad_mask(__be32 mask, __be32 addr)
{
	u32 hmask = ~ntohl(mask);

	return (addr & (__force __be32)~(__force u32)mask) || (hmask & (hmask + 1));
}

static inline bool inet_ifa_match(__be32 addr, const struct in_ifaddr *ifa)
{
	return !((addr ^ ifa->ifa_address) & ifa->ifa_mask);
}

#define in_dev_for_each_ifa_rcu(ifa, in_dev) \
	for ((ifa) = (in_dev)->ifa_list; (ifa); (ifa) = (ifa)->ifa_next)

/* Gives @dev the address @addr/@prefixlen with its local, broadcast and
 * connected routes, and announces it. Context: process.
 * 0, -EINVAL, -EEXIST, -ENODEV, -ENOBUFS. */
int inet_add_addr(struct net *net, struct net_device *dev, __be32 addr, u8 prefixlen);
/* 0 or -EADDRNOTAVAIL. */
int inet_del_addr(struct net *net, struct net_device *dev, __be32 addr, u8 prefixlen);
/* Address and, if @gw is not 0, default route, after bringing @dev up. */
int ip_config_set(struct net *net, struct net_device *dev, __be32 addr, u8 prefixlen,
		  __be32 gw);

/* The device that has @addr; borrowed, NULL. */
struct net_device *ip_dev_find(struct net *net, __be32 addr);
struct in_ifaddr *inet_lookup_ifaddr_rcu(struct net *net, __be32 addr);
/* Does @dev have an address in whose subnet both @a and @b (if not 0) lie? */
bool inet_addr_onlink(struct in_device *in_dev, __be32 a, __be32 b);
/* A source address for packets to @dst (0: any) of at most @scope leaving by
 * @dev; 0 when there is none. */
__be32 inet_select_addr(const struct net_device *dev, __be32 dst, int scope);
/* Is @local an address here that may be used on in_dev (NULL: on any device)
 * towards @dst? Returns the address, 0. Zero @local or @dst: any. */
__be32 inet_confirm_addr(struct net *net, struct in_device *in_dev, __be32 dst,
			 __be32 local, int scope);

/* Makes and undoes dev->ip_ptr; by the device notifications below. */
struct in_device *inetdev_init(struct net_device *dev);
void inetdev_destroy(struct in_device *in_dev);

/* Called once by ip_rt_init(). */
void devinet_init(void);

/* `ip -br addr`-like text; returns the length of the whole. */
size_t inet_addr_print(struct net *net, char *buf, size_t size);

#endif
