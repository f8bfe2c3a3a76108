// SPDX-License-Identifier: MIT
/*
 * Addresses of devices: adding and removing them, with the routes they bring,
 * and choosing one of them as a source.
 *
 * Linux: net/ipv4/devinet.c; ip_config_set() is Linux's ic_setup_if() and
 * ic_setup_routes() (net/ipv4/ipconfig.c) for one device.
 * RFC: 1122 3.3.4, 3021, 4632, 5227 2.3
 */
#include <linux/errno.h>
#include <linux/inetdevice.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/notifier.h>
#include <linux/proc.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/arp.h>
#include <net/inet_sock.h>
#include <net/ip.h>
#include <net/ip_fib.h>
#include <net/route.h>

/**
 * inetdev_init - give a device its IPv4 part
 * @dev: device without one
 *
 * Context: process.
 * Return: it, or NULL on no memory.
 */
struct in_device *inetdev_init(struct net_device *dev)
{
	struct in_device *in_dev = kzalloc(sizeof(*in_dev), GFP_KERNEL);

	if (!in_dev)
		return NULL;
	in_dev->cnf = dev_net(dev)->ipv4.devconf_dflt;
	in_dev->dev = dev;
	dev_hold(dev);
	dev->ip_ptr = in_dev;
	return in_dev;
}

/* Takes an address off its list and its routes out of the tables. */
static void inet_remove_ifa(struct in_device *in_dev, struct in_ifaddr **ifap,
			    struct in_ifaddr *iprim)
{
	struct in_ifaddr *ifa = *ifap;

	*ifap = ifa->ifa_next;
	dev_net(in_dev->dev)->ipv4.dev_addr_genid++;
	fib_del_ifaddr(ifa, iprim);
	kfree(ifa);
}

/* As Linux without promote_secondaries: a subnet's first address takes the
 * others with it. */
static void inet_del_ifa(struct in_device *in_dev, struct in_ifaddr **ifap)
{
	struct in_ifaddr **p = &in_dev->ifa_list, *prim = *ifap;

	while (!(prim->ifa_flags & IFA_F_SECONDARY) && *p) {
		struct in_ifaddr *ifa = *p;

		if (ifa != prim && (ifa->ifa_flags & IFA_F_SECONDARY) &&
		    ifa->ifa_mask == prim->ifa_mask && inet_ifa_match(ifa->ifa_address, prim))
			inet_remove_ifa(in_dev, p, prim);
		else
			p = &ifa->ifa_next;
	}
	for (p = &in_dev->ifa_list; *p != prim; p = &(*p)->ifa_next)
		;
	inet_remove_ifa(in_dev, p, NULL);
}

/**
 * inetdev_destroy - take a device's IPv4 part away, addresses and all
 * @in_dev: it
 *
 * Context: process.
 */
void inetdev_destroy(struct in_device *in_dev)
{
	struct net_device *dev = in_dev->dev;

	in_dev->dead = true;
	while (in_dev->ifa_list)
		inet_del_ifa(in_dev, &in_dev->ifa_list);
	dev->ip_ptr = NULL;
	kfree(in_dev);
	dev_put(dev);
}

/* Where a new address goes: primary ones in front of secondary ones. */
static int inet_find_place(struct in_device *in_dev, struct in_ifaddr *ifa,
			   struct in_ifaddr ***place)
{
	struct in_ifaddr **p, **last_primary = &in_dev->ifa_list, *ifa1;

	ifa->ifa_flags &= (u8)~IFA_F_SECONDARY;
	for (p = &in_dev->ifa_list; (ifa1 = *p) != NULL; p = &ifa1->ifa_next) {
		if (!(ifa1->ifa_flags & IFA_F_SECONDARY) && ifa->ifa_scope <= ifa1->ifa_scope)
			last_primary = &ifa1->ifa_next;
		if (ifa1->ifa_mask != ifa->ifa_mask || !inet_ifa_match(ifa1->ifa_address, ifa))
			continue;
		if (ifa1->ifa_local == ifa->ifa_local)
			return -EEXIST;
		if (ifa1->ifa_scope != ifa->ifa_scope)
			return -EINVAL;
		ifa->ifa_flags |= IFA_F_SECONDARY;
	}
	*place = ifa->ifa_flags & IFA_F_SECONDARY ? p : last_primary;
	return 0;
}

static struct in_ifaddr *inet_alloc_ifa(struct in_device *in_dev, __be32 addr, u8 prefixlen)
{
	struct in_ifaddr *ifa = kzalloc(sizeof(*ifa), GFP_KERNEL);

	if (!ifa)
		return NULL;
	ifa->ifa_dev = in_dev;
	ifa->ifa_local = addr;
	ifa->ifa_address = addr;
	ifa->ifa_prefixlen = prefixlen;
	ifa->ifa_mask = inet_make_mask(prefixlen);
	ifa->ifa_scope = ipv4_is_loopback(addr) ? RT_SCOPE_HOST : RT_SCOPE_UNIVERSE;
	ifa->ifa_flags = IFA_F_PERMANENT;
	if ((in_dev->dev->flags & IFF_BROADCAST) && prefixlen < 31)
		ifa->ifa_broadcast = addr | (__force __be32)~(__force u32)ifa->ifa_mask;
	strscpy(ifa->ifa_label, in_dev->dev->name, sizeof(ifa->ifa_label));
	return ifa;
}

static int inet_insert_ifa(struct in_device *in_dev, __be32 addr, u8 prefixlen)
{
	struct in_ifaddr *ifa = inet_alloc_ifa(in_dev, addr, prefixlen), **place;
	int err;

	if (!ifa)
		return -ENOBUFS;
	err = inet_find_place(in_dev, ifa, &place);
	if (err) {
		kfree(ifa);
		return err;
	}
	ifa->ifa_next = *place;
	*place = ifa;
	dev_net(in_dev->dev)->ipv4.dev_addr_genid++;
	fib_add_ifaddr(ifa);
	return 0;
}

/* Can it be anybody's address? */
static bool inet_addr_assignable(const struct net_device *dev, __be32 addr, u8 prefixlen)
{
	if (prefixlen > 32 || ipv4_is_zeronet(addr) || ipv4_is_multicast(addr) ||
	    ipv4_is_lbcast(addr))
		return false;
	return !ipv4_is_loopback(addr) || (dev->flags & IFF_LOOPBACK);
}

/**
 * inet_add_addr - `ip addr add`
 * @net: namespace
 * @dev: one of its devices
 * @addr: address
 * @prefixlen: length of its subnet's prefix, 0 to 32
 *
 * Context: process.
 * Return: 0; -EINVAL: nobody's address; -EEXIST; -ENOBUFS.
 */
int inet_add_addr(struct net *net, struct net_device *dev, __be32 addr, u8 prefixlen)
{
	struct in_device *in_dev;
	int err;

	if (dev_net(dev) != net || !inet_addr_assignable(dev, addr, prefixlen))
		return -EINVAL;
	in_dev = __in_dev_get_rtnl(dev);
	if (!in_dev)
		in_dev = inetdev_init(dev);
	if (!in_dev)
		return -ENOBUFS;
	err = inet_insert_ifa(in_dev, addr, prefixlen);
	if (!err && IN_DEV_ORCONF(in_dev, arp_notify))
		arp_announce_addr(dev, addr);
	return err;
}

/**
 * inet_del_addr - `ip addr del`
 * @net: namespace
 * @dev: one of its devices
 * @addr: address
 * @prefixlen: as it was added with
 *
 * Context: process.
 * Return: 0 or -EADDRNOTAVAIL.
 */
int inet_del_addr(struct net *net, struct net_device *dev, __be32 addr, u8 prefixlen)
{
	struct in_device *in_dev = __in_dev_get_rtnl(dev);
	struct in_ifaddr **p;

	if (!in_dev || dev_net(dev) != net)
		return -EADDRNOTAVAIL;
	for (p = &in_dev->ifa_list; *p; p = &(*p)->ifa_next) {
		if ((*p)->ifa_local != addr || (*p)->ifa_prefixlen != prefixlen)
			continue;
		inet_del_ifa(in_dev, p);
		return 0;
	}
	return -EADDRNOTAVAIL;
}

/**
 * ip_config_set - bring a device up with an address and a default route
 * @net: namespace
 * @dev: one of its devices
 * @addr: address
 * @prefixlen: length of its subnet's prefix
 * @gw: default gateway; 0: no default route
 *
 * The address is announced on the link (RFC 5227 2.3).
 *
 * Context: process.
 * Return: 0; as dev_open(), inet_add_addr() and ip_route_add(); -ENETUNREACH
 * when the gateway is not on the link.
 */
int ip_config_set(struct net *net, struct net_device *dev, __be32 addr, u8 prefixlen,
		  __be32 gw)
{
	struct fib_config cfg = {
		.fc_gw4 = gw,
		.fc_oif = dev->ifindex,
		.fc_type = RTN_UNICAST,
		.fc_scope = RT_SCOPE_UNIVERSE,
		.fc_protocol = RTPROT_BOOT,
		.fc_table = RT_TABLE_MAIN,
	};
	int err = dev_open(dev);

	if (err)
		return err;
	err = inet_add_addr(net, dev, addr, prefixlen);
	if (err)
		return err;
	arp_announce_addr(dev, addr);
	return gw ? ip_route_add(net, &cfg) : 0;
}

/**
 * inet_lookup_ifaddr_rcu - find an address of ours
 * @net: namespace
 * @addr: address
 *
 * Context: any.
 * Return: it, borrowed; NULL.
 */
struct in_ifaddr *inet_lookup_ifaddr_rcu(struct net *net, __be32 addr)
{
	struct net_device *dev;

	for_each_netdev(net, dev) {
		struct in_device *in_dev = __in_dev_get_rcu(dev);
		struct in_ifaddr *ifa;

		if (!in_dev)
			continue;
		in_dev_for_each_ifa_rcu(ifa, in_dev) {
			if (ifa->ifa_local == addr)
				return ifa;
		}
	}
	return NULL;
}

/**
 * ip_dev_find - the device that has an address
 * @net: namespace
 * @addr: address; any of 127/8 finds the loopback device
 *
 * Context: any.
 * Return: it, borrowed; NULL.
 */
struct net_device *ip_dev_find(struct net *net, __be32 addr)
{
	struct flowi4 fl4 = { .daddr = addr };
	struct fib_result res;
	struct in_ifaddr *ifa = inet_lookup_ifaddr_rcu(net, addr);

	if (ifa)
		return ifa->ifa_dev->dev;
	if (!fib_table_lookup(net->ipv4.fib_local, &fl4, &res, 0) && res.type == RTN_LOCAL)
		return FIB_RES_DEV(res);
	return NULL;
}

/**
 * inet_addr_onlink - are two addresses in one subnet of a device?
 * @in_dev: IPv4's part of the device
 * @a: address
 * @b: address, or 0: only @a matters
 *
 * Context: any.
 * Return: whether they are.
 */
bool inet_addr_onlink(struct in_device *in_dev, __be32 a, __be32 b)
{
	const struct in_ifaddr *ifa;

	in_dev_for_each_ifa_rcu(ifa, in_dev) {
		if (inet_ifa_match(a, ifa) && (!b || inet_ifa_match(b, ifa)))
			return true;
	}
	return false;
}

/* The device's primary address of at most @scope: one of @dst's subnet, else
 * the first one. */
static __be32 in_dev_select_addr(const struct in_device *in_dev, __be32 dst, int scope)
{
	const struct in_ifaddr *ifa;
	__be32 addr = 0;

	in_dev_for_each_ifa_rcu(ifa, in_dev) {
		if ((ifa->ifa_flags & IFA_F_SECONDARY) || ifa->ifa_scope > scope)
			continue;
		if (!dst || inet_ifa_match(dst, ifa))
			return ifa->ifa_local;
		if (!addr)
			addr = ifa->ifa_local;
	}
	return addr;
}

/**
 * inet_select_addr - choose a source address
 * @dev: device that packets leave by
 * @dst: where to; 0: no matter
 * @scope: the address may not be nearer than that (RT_SCOPE_*)
 *
 * Context: any.
 * Return: an address of @dev if it has a fitting one, else another device's;
 * 0: there is none.
 */
__be32 inet_select_addr(const struct net_device *dev, __be32 dst, int scope)
{
	const struct in_device *in_dev = __in_dev_get_rcu(dev);
	struct net_device *other;
	__be32 addr = in_dev ? in_dev_select_addr(in_dev, dst, scope) : 0;

	if (addr)
		return addr;
	for_each_netdev(dev_net(dev), other) {
		in_dev = __in_dev_get_rcu(other);
		if (!in_dev)
			continue;
		addr = in_dev_select_addr(in_dev, 0, scope);
		if (addr)
			return addr;
	}
	return 0;
}

static __be32 confirm_addr_indev(const struct in_device *in_dev, __be32 dst, __be32 local,
				 int scope)
{
	const struct in_ifaddr *ifa;
	__be32 addr = 0;
	bool same = false;

	in_dev_for_each_ifa_rcu(ifa, in_dev) {
		u8 min_scope = min_t(u8, ifa->ifa_scope, RT_SCOPE_LINK);

		if (!addr && (local == ifa->ifa_local || !local) && min_scope <= scope) {
			addr = ifa->ifa_local;
			if (same)
				break;
		}
		if (same)
			continue;
		same = (!local || inet_ifa_match(local, ifa)) &&
		       (!dst || inet_ifa_match(dst, ifa));
		if (same && addr) {
			/* An address that was chosen must be of dst's subnet. */
			if (local || !dst || inet_ifa_match(addr, ifa))
				break;
			same = false;
			addr = 0;
		}
	}
	return same ? addr : 0;
}

/**
 * inet_confirm_addr - is this address ours, and fit to talk to that one?
 * @net: namespace
 * @in_dev: on this device; NULL: on any
 * @dst: peer; 0: any
 * @local: address; 0: any of ours
 * @scope: at most this near
 *
 * Context: any.
 * Return: the address, or 0.
 */
__be32 inet_confirm_addr(struct net *net, struct in_device *in_dev, __be32 dst,
			 __be32 local, int scope)
{
	struct net_device *dev;
	__be32 addr;

	if (in_dev)
		return confirm_addr_indev(in_dev, dst, local, scope);
	for_each_netdev(net, dev) {
		in_dev = __in_dev_get_rcu(dev);
		addr = in_dev ? confirm_addr_indev(in_dev, dst, local, scope) : 0;
		if (addr)
			return addr;
	}
	return 0;
}

/**
 * inet_addr_valid_or_nonlocal - may a socket be bound to an address?
 * @net: namespace
 * @inet: socket
 * @addr: address
 * @addr_type: RTN_* of it
 *
 * Context: process.
 * Return: whether; any address with IP_FREEBIND, IP_TRANSPARENT or
 * net.ipv4.ip_nonlocal_bind.
 */
bool inet_addr_valid_or_nonlocal(struct net *net, struct inet_sock *inet, __be32 addr,
				 int addr_type)
{
	return net->ipv4.sysctl_ip_nonlocal_bind || inet->freebind || inet->transparent ||
	       !addr || addr_type == RTN_LOCAL || addr_type == RTN_MULTICAST ||
	       addr_type == RTN_BROADCAST;
}

/* IPv4 needs 68 bytes (RFC 791). */
static bool inetdev_valid_mtu(unsigned int mtu)
{
	return mtu >= IPV4_MIN_MTU;
}

static void inetdev_up(struct net_device *dev, struct in_device *in_dev)
{
	struct in_ifaddr *ifa;

	if (!inetdev_valid_mtu(dev->mtu))
		return;
	if ((dev->flags & IFF_LOOPBACK) && !in_dev->ifa_list)
		inet_insert_ifa(in_dev, htonl(INADDR_LOOPBACK), 8);
	in_dev_for_each_ifa_rcu(ifa, in_dev) {
		fib_add_ifaddr(ifa);
		if (IN_DEV_ORCONF(in_dev, arp_notify))
			arp_announce_addr(dev, ifa->ifa_local);
	}
	rt_cache_flush(dev_net(dev));
}

static void inetdev_unregister(struct net_device *dev, struct in_device *in_dev)
{
	fib_disable_ip(dev, true);
	inetdev_destroy(in_dev);
	rt_flush_dev(dev);
}

static void inetdev_send_gratuitous_arp(struct net_device *dev, const struct in_device *in_dev)
{
	const struct in_ifaddr *ifa;

	for (ifa = in_dev->ifa_list; ifa; ifa = ifa->ifa_next)
		arp_announce_addr(dev, ifa->ifa_local);
}

static int inetdev_event(struct notifier_block *nb, unsigned long event, void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct in_device *in_dev = __in_dev_get_rtnl(dev);

	if (event == NETDEV_REGISTER && !in_dev)
		return inetdev_init(dev) ? NOTIFY_DONE : notifier_from_errno(-ENOMEM);
	if (!in_dev)
		return NOTIFY_DONE;
	switch (event) {
	case NETDEV_UP:
		inetdev_up(dev, in_dev);
		break;
	case NETDEV_DOWN:
		fib_disable_ip(dev, false);
		break;
	case NETDEV_CHANGEADDR:
		arp_changeaddr(dev);
		rt_cache_flush(dev_net(dev));
		break;
	case NETDEV_CHANGEMTU:
		rt_cache_flush(dev_net(dev));
		if (!inetdev_valid_mtu(dev->mtu))
			inetdev_unregister(dev, in_dev);
		break;
	case NETDEV_NOTIFY_PEERS:
		inetdev_send_gratuitous_arp(dev, in_dev);
		break;
	case NETDEV_UNREGISTER:
		inetdev_unregister(dev, in_dev);
		break;
	default:
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block ip_netdev_notifier __ro_after_init = {
	.notifier_call = inetdev_event,
};

/**
 * inet_addr_print - the addresses as `ip -br addr` prints them
 * @net: namespace
 * @buf: for the text
 * @size: of @buf, bytes
 *
 * Context: process.
 * Return: length of the whole text.
 */
size_t inet_addr_print(struct net *net, char *buf, size_t size)
{
	struct proc_text t = { .buf = buf, .size = size };
	struct net_device *dev;

	for_each_netdev(net, dev) {
		const struct in_device *in_dev = __in_dev_get_rcu(dev);
		const struct in_ifaddr *ifa;

		proc_printf(&t, "%-16s %-6s", dev->name, dev->flags & IFF_UP ? "UP" : "DOWN");
		for (ifa = in_dev ? in_dev->ifa_list : NULL; ifa; ifa = ifa->ifa_next)
			proc_printf(&t, " %pI4/%u", &ifa->ifa_local, ifa->ifa_prefixlen);
		proc_printf(&t, "\n");
	}
	return t.len;
}

/**
 * devinet_init - hear of devices
 *
 * Context: initcall (inet_init()).
 */
void __init devinet_init(void)
{
	register_netdevice_notifier(&ip_netdev_notifier);
}
