// SPDX-License-Identifier: MIT
/*
 * The tables local and main, the routes that an address brings with it, and
 * the question whether a source address is credible.
 *
 * Linux: net/ipv4/fib_frontend.c
 * RFC: 1122 3.3.1, 1812 5.3.8, 3704, 3021
 */
#include <linux/errno.h>
#include <linux/inetdevice.h>
#include <linux/kernel.h>
#include <linux/proc.h>
#include <linux/slab.h>
#include <net/arp.h>
#include <net/ip.h>
#include <net/ip_fib.h>
#include <net/route.h>

/**
 * fib_get_table - a table by its number
 * @net: namespace
 * @id: RT_TABLE_*
 *
 * Context: any.
 * Return: the table, or NULL.
 */
struct fib_table *fib_get_table(struct net *net, u32 id)
{
	switch (id) {
	case RT_TABLE_LOCAL:
		return net->ipv4.fib_local;
	case RT_TABLE_UNSPEC:
	case RT_TABLE_MAIN:
		return net->ipv4.fib_main;
	default:
		return NULL;
	}
}

/**
 * fib_lookup - what to do with a destination
 * @net: namespace
 * @flp: flow
 * @res: filled on success
 * @flags: FIB_LOOKUP_*
 *
 * Context: any.
 * Return: 0; -ENETUNREACH when no route fits; the error of the route's type.
 */
int fib_lookup(struct net *net, const struct flowi4 *flp, struct fib_result *res,
	       unsigned int flags)
{
	int err = fib_table_lookup(net->ipv4.fib_local, flp, res, (int)flags);

	if (err == -EAGAIN)
		err = fib_table_lookup(net->ipv4.fib_main, flp, res, (int)flags);
	return err == -EAGAIN ? -ENETUNREACH : err;
}

/* Dead routes out of both tables. */
static void fib_flush(struct net *net)
{
	fib_table_flush(net, net->ipv4.fib_local, false);
	fib_table_flush(net, net->ipv4.fib_main, false);
}

/**
 * inet_addr_type - what kind of address is this, seen from here?
 * @net: namespace
 * @addr: address
 *
 * Context: any.
 * Return: RTN_LOCAL (ours), RTN_BROADCAST, RTN_MULTICAST, else RTN_UNICAST.
 */
unsigned int inet_addr_type(struct net *net, __be32 addr)
{
	struct flowi4 fl4 = { .daddr = addr };
	struct fib_result res;

	if (ipv4_is_zeronet(addr) || ipv4_is_lbcast(addr))
		return RTN_BROADCAST;
	if (ipv4_is_multicast(addr))
		return RTN_MULTICAST;
	if (fib_table_lookup(net->ipv4.fib_local, &fl4, &res, 0))
		return RTN_UNICAST;
	return res.type;
}

/**
 * inet_addr_type_dev_table - the kind of an address in a device's own table
 * @net: namespace
 * @dev: device
 * @addr: address
 *
 * Linux: differs from inet_addr_type() with VRF, which has a table a device.
 *
 * Context: any.
 * Return: as inet_addr_type().
 */
unsigned int inet_addr_type_dev_table(struct net *net, const struct net_device *dev,
				      __be32 addr)
{
	return inet_addr_type(net, addr);
}

/**
 * fib_compute_spec_dst - the address of ours that an answer should come from
 * @skb: received, with a route. Borrows.
 *
 * RFC 1122 4.1.3.5: the address it was sent to, unless that was a broadcast or
 * multicast.
 *
 * Context: softirq.
 * Return: the address; 0: none.
 */
__be32 fib_compute_spec_dst(struct sk_buff *skb)
{
	const struct rtable *rt = skb_rtable(skb);
	struct net_device *dev = skb->dev;
	struct fib_result res;
	struct flowi4 fl4 = { 0 };
	u8 scope = RT_SCOPE_UNIVERSE;

	if (rt && (rt->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST | RTCF_LOCAL)) ==
	    RTCF_LOCAL)
		return ip_hdr(skb)->daddr;
	if (!__in_dev_get_rcu(dev))
		return 0;
	if (ipv4_is_zeronet(ip_hdr(skb)->saddr)) {
		scope = RT_SCOPE_LINK;
	} else {
		fl4.daddr = ip_hdr(skb)->saddr;
		fl4.flowi4_tos = ip_hdr(skb)->tos & IPTOS_TOS_MASK;
		if (!fib_lookup(dev_net(dev), &fl4, &res, 0))
			return fib_result_prefsrc(dev_net(dev), &res);
	}
	return inet_select_addr(dev, ip_hdr(skb)->saddr, scope);
}

/* RFC 3704: does the way back to @src lead through where it came from? */
static int __fib_validate_source(struct net *net, __be32 src, __be32 dst, u8 tos, int rpf,
				 struct net_device *dev, struct in_device *idev)
{
	struct flowi4 fl4 = { .daddr = src, .saddr = dst, .flowi4_tos = tos };
	struct fib_result res;

	if (fib_lookup(net, &fl4, &res, 0))
		return rpf ? -EXDEV : 0;
	if (res.type != RTN_UNICAST &&
	    (res.type != RTN_LOCAL || !IN_DEV_ACCEPT_LOCAL(idev)))
		return -EINVAL;
	if (FIB_RES_DEV(res) == dev)
		return FIB_RES_NH(res)->fib_nh_scope >= RT_SCOPE_HOST;
	if (!idev->ifa_list)
		return rpf ? -EXDEV : 0;
	if (rpf == 1)
		return -EXDEV;
	fl4.flowi4_oif = dev->ifindex;
	if (!fib_lookup(net, &fl4, &res, FIB_LOOKUP_IGNORE_LINKSTATE) &&
	    res.type == RTN_UNICAST)
		return FIB_RES_NH(res)->fib_nh_scope >= RT_SCOPE_HOST;
	return 0;
}

/**
 * fib_validate_source - is this a credible source address?
 * @skb: received. Borrows.
 * @src: its source
 * @dst: its destination; 0 for broadcasts
 * @tos: type of service
 * @dev: where it came in
 * @idev: IPv4's part of @dev
 *
 * Context: softirq.
 * Return: 1 when @src is on the link of @dev, 0 when it is elsewhere; -EINVAL
 * when it is one of our own or a broadcast address; -EXDEV when net.ipv4.conf
 * .*.rp_filter forbids it.
 */
int fib_validate_source(struct sk_buff *skb, __be32 src, __be32 dst, u8 tos,
			struct net_device *dev, struct in_device *idev)
{
	struct net *net = dev_net(dev);

	return __fib_validate_source(net, src, dst, tos, IN_DEV_RPFILTER(idev), dev, idev);
}

/* One of the routes that come with an address. Failing for lack of memory, or
 * because the route is there, leaves things as they are. */
static void fib_magic(bool add, u8 type, __be32 dst, u8 dst_len, struct in_ifaddr *ifa)
{
	struct net *net = dev_net(ifa->ifa_dev->dev);
	struct fib_config cfg = {
		.fc_protocol = RTPROT_KERNEL,
		.fc_type = type,
		.fc_dst = dst,
		.fc_dst_len = dst_len,
		.fc_prefsrc = ifa->ifa_local,
		.fc_oif = ifa->ifa_dev->dev->ifindex,
		.fc_append = true,
		.fc_table = type == RTN_UNICAST ? RT_TABLE_MAIN : RT_TABLE_LOCAL,
		.fc_scope = type == RTN_LOCAL ? RT_SCOPE_HOST : RT_SCOPE_LINK,
	};
	struct fib_table *tb = fib_get_table(net, cfg.fc_table);
	int err;

	if (!add) {
		fib_table_delete(net, tb, &cfg);
		return;
	}
	err = fib_table_insert(net, tb, &cfg);
	if (err && err != -EEXIST)
		pr_err("%s: no route for %pI4/%u (%d)\n", ifa->ifa_dev->dev->name, &dst,
		       dst_len, err);
}

static u8 ifa_subnet_type(const struct in_ifaddr *ifa)
{
	return ifa->ifa_dev->dev->flags & IFF_LOOPBACK ? RTN_LOCAL : RTN_UNICAST;
}

/* Does a prefix of its own belong to the address? Not to a /32. */
static bool ifa_has_subnet(const struct in_ifaddr *ifa, __be32 prefix)
{
	return !ipv4_is_zeronet(prefix) && !(ifa->ifa_flags & IFA_F_SECONDARY) &&
	       ifa->ifa_prefixlen < 32;
}

/**
 * fib_add_ifaddr - add the routes of an address
 * @ifa: the address, on its device's list
 *
 * The address itself, its broadcast address and, of a device that is up, its
 * subnet; RFC 3021: a /31 has no broadcast address.
 *
 * Context: process.
 */
void fib_add_ifaddr(struct in_ifaddr *ifa)
{
	struct net_device *dev = ifa->ifa_dev->dev;
	__be32 prefix = ifa->ifa_address & ifa->ifa_mask;

	fib_magic(true, RTN_LOCAL, ifa->ifa_local, 32, ifa);
	if (!(dev->flags & IFF_UP))
		return;
	if (ifa->ifa_broadcast && !ipv4_is_lbcast(ifa->ifa_broadcast)) {
		fib_magic(true, RTN_BROADCAST, ifa->ifa_broadcast, 32, ifa);
		arp_invalidate(dev, ifa->ifa_broadcast);
	}
	if (!ifa_has_subnet(ifa, prefix))
		return;
	fib_magic(true, ifa_subnet_type(ifa), prefix, ifa->ifa_prefixlen, ifa);
	if (ifa->ifa_prefixlen < 31) {
		__be32 brd = prefix | (__force __be32)~(__force u32)ifa->ifa_mask;

		fib_magic(true, RTN_BROADCAST, brd, 32, ifa);
		arp_invalidate(dev, brd);
	}
}

/* Is @brd the broadcast address of another address on the device? */
static bool fib_brd_needed(const struct in_ifaddr *gone, __be32 brd)
{
	const struct in_ifaddr *ifa;

	in_dev_for_each_ifa_rcu(ifa, gone->ifa_dev) {
		if (ifa != gone && (ifa->ifa_broadcast == brd ||
		    (ifa->ifa_prefixlen < 31 && brd ==
		     (ifa->ifa_address | (__force __be32)~(__force u32)ifa->ifa_mask))))
			return true;
	}
	return false;
}

static bool fib_local_needed(const struct in_ifaddr *gone)
{
	const struct in_ifaddr *ifa;

	in_dev_for_each_ifa_rcu(ifa, gone->ifa_dev) {
		if (ifa != gone && ifa->ifa_local == gone->ifa_local)
			return true;
	}
	return false;
}

/**
 * fib_del_ifaddr - remove the routes of an address
 * @ifa: the address, off its device's list already
 * @iprim: the address whose subnet it shares, or NULL
 *
 * What another address of the device needs as well stays.
 *
 * Context: process.
 */
void fib_del_ifaddr(struct in_ifaddr *ifa, struct in_ifaddr *iprim)
{
	struct net *net = dev_net(ifa->ifa_dev->dev);
	__be32 prefix = ifa->ifa_address & ifa->ifa_mask;
	__be32 brd = prefix | (__force __be32)~(__force u32)ifa->ifa_mask;

	if (!iprim && ifa_has_subnet(ifa, prefix)) {
		fib_magic(false, ifa_subnet_type(ifa), prefix, ifa->ifa_prefixlen, ifa);
		if (ifa->ifa_prefixlen < 31 && !fib_brd_needed(ifa, brd))
			fib_magic(false, RTN_BROADCAST, brd, 32, ifa);
	}
	if (ifa->ifa_broadcast && !fib_brd_needed(ifa, ifa->ifa_broadcast))
		fib_magic(false, RTN_BROADCAST, ifa->ifa_broadcast, 32, ifa);
	if (fib_local_needed(ifa))
		return;
	fib_magic(false, RTN_LOCAL, ifa->ifa_local, 32, ifa);
	if (inet_addr_type(net, ifa->ifa_local) != RTN_LOCAL &&
	    fib_sync_down_addr(net, ifa->ifa_local))
		fib_flush(net);
}

/**
 * fib_disable_ip - a device went down: its routes and neighbours go
 * @dev: device
 * @force: addresses are going too (unregister)
 *
 * Context: process.
 */
void fib_disable_ip(struct net_device *dev, bool force)
{
	if (fib_sync_down_dev(dev, force))
		fib_flush(dev_net(dev));
	else
		rt_cache_flush(dev_net(dev));
	arp_ifdown(dev);
}

/**
 * ip_route_add - `ip route add`
 * @net: namespace
 * @cfg: the route
 *
 * Context: process.
 * Return: as fib_table_insert(); -ESRCH: no such table.
 */
int ip_route_add(struct net *net, const struct fib_config *cfg)
{
	struct fib_table *tb = fib_get_table(net, cfg->fc_table);

	return tb ? fib_table_insert(net, tb, cfg) : -ESRCH;
}

/**
 * ip_route_del - `ip route del`
 * @net: namespace
 * @cfg: which; what is 0 matches anything
 *
 * Context: process.
 * Return: 0, -EINVAL, -ESRCH.
 */
int ip_route_del(struct net *net, const struct fib_config *cfg)
{
	struct fib_table *tb = fib_get_table(net, cfg->fc_table);

	return tb ? fib_table_delete(net, tb, cfg) : -ESRCH;
}

static const char *fib_proto_name(u8 proto)
{
	switch (proto) {
	case RTPROT_KERNEL:
		return "kernel";
	case RTPROT_BOOT:
		return "boot";
	case RTPROT_STATIC:
		return "static";
	case RTPROT_DHCP:
		return "dhcp";
	case RTPROT_REDIRECT:
		return "redirect";
	default:
		return "unspec";
	}
}

static const char *fib_type_name(u8 type)
{
	static const char *const names[RTN_MAX + 1] = {
		"none", "", "local ", "broadcast ", "anycast ", "multicast ",
		"blackhole ", "unreachable ", "prohibit ", "throw ", "nat ", "xresolve "
	};

	return names[type <= RTN_MAX ? type : 0];
}

/* One line, as `ip route` writes it. */
static void fib_print_route(const struct fib_node *n, const struct fib_alias *fa, void *ctx)
{
	struct proc_text *p = ctx;
	const struct fib_info *fi = fa->fa_info;
	__be32 dst = htonl(n->key);

	proc_printf(p, "%s", fib_type_name(fa->fa_type));
	if (!n->plen)
		proc_printf(p, "default");
	else if (n->plen == 32)
		proc_printf(p, "%pI4", &dst);
	else
		proc_printf(p, "%pI4/%u", &dst, n->plen);
	if (fi->fib_nh.fib_nh_gw4)
		proc_printf(p, " via %pI4", &fi->fib_nh.fib_nh_gw4);
	if (fi->fib_nh.fib_nh_dev)
		proc_printf(p, " dev %s", fi->fib_nh.fib_nh_dev->name);
	if (fi->fib_protocol != RTPROT_BOOT)
		proc_printf(p, " proto %s", fib_proto_name(fi->fib_protocol));
	if (fi->fib_scope == RT_SCOPE_LINK || fi->fib_scope == RT_SCOPE_HOST)
		proc_printf(p, " scope %s",
			      fi->fib_scope == RT_SCOPE_LINK ? "link" : "host");
	if (fi->fib_prefsrc)
		proc_printf(p, " src %pI4", &fi->fib_prefsrc);
	if (fi->fib_priority)
		proc_printf(p, " metric %u", fi->fib_priority);
	if (fi->fib_mtu)
		proc_printf(p, " mtu %u", fi->fib_mtu);
	proc_printf(p, "%s\n", fi->fib_nh.fib_nh_flags & RTNH_F_ONLINK ? " onlink" : "");
}

/**
 * fib_route_print - the main table as `ip route` prints it
 * @net: namespace
 * @buf: for the text
 * @size: of @buf, bytes
 *
 * Context: process.
 * Return: length of the whole text.
 */
size_t fib_route_print(struct net *net, char *buf, size_t size)
{
	struct proc_text p = { .buf = buf, .size = size };

	fib_table_for_each(net->ipv4.fib_main, fib_print_route, &p);
	return p.len;
}

/**
 * fib_net_init - the tables of a new namespace
 * @net: namespace
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int fib_net_init(struct net *net)
{
	unsigned int i;

	for (i = 0; i < FIB_INFO_HASH_SIZE; i++)
		INIT_HLIST_HEAD(&net->ipv4.fib_info_hash[i]);
	net->ipv4.fib_local = fib_trie_table(net, RT_TABLE_LOCAL);
	net->ipv4.fib_main = fib_trie_table(net, RT_TABLE_MAIN);
	if (net->ipv4.fib_local && net->ipv4.fib_main)
		return 0;
	kfree(net->ipv4.fib_local);
	kfree(net->ipv4.fib_main);
	return -ENOMEM;
}

/**
 * fib_net_exit - undo fib_net_init()
 * @net: namespace
 *
 * Context: process.
 */
void fib_net_exit(struct net *net)
{
	fib_free_table(net->ipv4.fib_main);
	fib_free_table(net->ipv4.fib_local);
	net->ipv4.fib_main = NULL;
	net->ipv4.fib_local = NULL;
}
