// SPDX-License-Identifier: MIT
/*
 * The neighbour table of IPv4: how an entry begins, how it asks, and what is
 * done to it from outside. Packets are arp.c; the states of a neighbour are
 * net/core/neighbour.c's.
 *
 * Linux: net/ipv4/arp.c
 * RFC: 1122 2.3.2, 1112 6.4
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/inetdevice.h>
#include <linux/kernel.h>
#include <linux/proc.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/arp.h>
#include <net/ip.h>
#include <net/route.h>

/* ---- entries ---------------------------------------------------------------- */

static void arp_solicit(struct neighbour *neigh, struct sk_buff *skb);
static void arp_error_report(struct neighbour *neigh, struct sk_buff *skb);

static const struct neigh_ops arp_generic_ops = {
	.family = AF_INET,
	.solicit = arp_solicit,
	.error_report = arp_error_report,
	.output = neigh_resolve_output,
	.connected_output = neigh_connected_output,
};

/* The header is cached: neigh_resolve_output() makes the cache. */
static const struct neigh_ops arp_hh_ops = {
	.family = AF_INET,
	.solicit = arp_solicit,
	.error_report = arp_error_report,
	.output = neigh_resolve_output,
	.connected_output = neigh_resolve_output,
};

static const struct neigh_ops arp_direct_ops = {
	.family = AF_INET,
	.output = neigh_direct_output,
	.connected_output = neigh_direct_output,
};

/* RFC 1112 6.4: the lower 23 bits of the group. */
static void ip_eth_mc_map(__be32 naddr, u8 *buf)
{
	u32 addr = ntohl(naddr);

	buf[0] = 0x01;
	buf[1] = 0x00;
	buf[2] = 0x5e;
	buf[3] = addr >> 16 & 0x7f;
	buf[4] = (u8)(addr >> 8);
	buf[5] = (u8)addr;
}

/* Entries whose link-layer address needs no asking. */
static void arp_fixed_address(struct neighbour *neigh, __be32 addr)
{
	struct net_device *dev = neigh->dev;

	if (neigh->type == RTN_MULTICAST && dev->addr_len == 6) {
		neigh->nud_state = NUD_NOARP;
		ip_eth_mc_map(addr, neigh->ha);
	} else if (dev->flags & (IFF_NOARP | IFF_LOOPBACK)) {
		neigh->nud_state = NUD_NOARP;
		memcpy(neigh->ha, dev->dev_addr, dev->addr_len);
	} else if (neigh->type == RTN_BROADCAST || (dev->flags & IFF_POINTOPOINT)) {
		neigh->nud_state = NUD_NOARP;
		memcpy(neigh->ha, dev->broadcast, dev->addr_len);
	}
}

static int arp_constructor(struct neighbour *neigh)
{
	struct net_device *dev = neigh->dev;
	__be32 addr;

	memcpy(&addr, neigh->primary_key, sizeof(addr));
	if (!__in_dev_get_rcu(dev))
		return -EINVAL;
	neigh->type = (u8)inet_addr_type_dev_table(dev_net(dev), dev, addr);
	if (!dev->header_ops) {
		neigh->nud_state = NUD_NOARP;
		neigh->ops = &arp_direct_ops;
		neigh->output = neigh_direct_output;
		return 0;
	}
	arp_fixed_address(neigh, addr);
	neigh->ops = dev->header_ops->cache ? &arp_hh_ops : &arp_generic_ops;
	neigh->output = neigh->nud_state & NUD_VALID ? neigh->ops->connected_output
						     : neigh->ops->output;
	return 0;
}

/* All destinations of a device without link-layer addresses are one. */
static u32 arp_key(const struct net_device *dev, u32 key)
{
	return dev->flags & (IFF_LOOPBACK | IFF_POINTOPOINT) ? INADDR_ANY : key;
}

/**
 * __ipv4_neigh_lookup_noref - find a neighbour
 * @dev: device it is reached by
 * @key: its address, network order
 *
 * Context: softirq, or process with softirqs off.
 * Return: the entry, borrowed; NULL.
 */
struct neighbour *__ipv4_neigh_lookup_noref(struct net_device *dev, u32 key)
{
	key = arp_key(dev, key);
	return __neigh_lookup_noref(dev_net(dev)->ipv4.arp_tbl, &key, dev);
}

/**
 * __ipv4_neigh_lookup - find a neighbour
 * @dev: device it is reached by
 * @key: its address, network order
 *
 * Context: any but hardirq.
 * Return: the entry with a reference; NULL.
 */
struct neighbour *__ipv4_neigh_lookup(struct net_device *dev, u32 key)
{
	key = arp_key(dev, key);
	return neigh_lookup(dev_net(dev)->ipv4.arp_tbl, &key, dev);
}

/**
 * ip_neigh_gw4 - the neighbour to send to
 * @dev: device to leave by
 * @daddr: next hop
 *
 * Context: softirq, or process with softirqs off.
 * Return: the entry, made if there was none, borrowed; ERR_PTR(-ENOBUFS,
 * -EINVAL).
 */
struct neighbour *ip_neigh_gw4(struct net_device *dev, __be32 daddr)
{
	struct neighbour *n = __ipv4_neigh_lookup_noref(dev, (__force u32)daddr);
	u32 key;

	if (likely(n))
		return n;
	key = arp_key(dev, (__force u32)daddr);
	n = neigh_create(dev_net(dev)->ipv4.arp_tbl, &key, dev);
	if (!IS_ERR(n))
		neigh_release(n);	/* the table holds it as well */
	return n;
}

/**
 * __ipv4_confirm_neigh - a transport saw the neighbour alive
 * @dev: device it is reached by
 * @key: its address, network order
 *
 * Context: any but hardirq.
 */
void __ipv4_confirm_neigh(struct net_device *dev, u32 key)
{
	struct neighbour *n;

	local_bh_disable();
	n = __ipv4_neigh_lookup_noref(dev, key);
	if (n)
		neigh_confirm(n);
	local_bh_enable();
}

static void arp_error_report(struct neighbour *neigh, struct sk_buff *skb)
{
	dst_link_failure(skb);
	kfree_skb_reason(skb, SKB_DROP_REASON_NEIGH_FAILED);
}

/* net.ipv4.conf.*.arp_announce: whose address does a request name as its
 * sender's? That of the packet that waits, if the target could care. */
static __be32 arp_solicit_saddr(struct net_device *dev, struct sk_buff *skb, __be32 target)
{
	struct in_device *in_dev = __in_dev_get_rcu(dev);
	struct net *net = dev_net(dev);
	__be32 saddr = 0;

	if (!in_dev)
		return 0;
	switch (IN_DEV_ARP_ANNOUNCE(in_dev)) {
	default:
	case 0:
		if (skb && inet_addr_type_dev_table(net, dev, ip_hdr(skb)->saddr) == RTN_LOCAL)
			saddr = ip_hdr(skb)->saddr;
		break;
	case 1:
		if (!skb)
			break;
		saddr = ip_hdr(skb)->saddr;
		if (inet_addr_type_dev_table(net, dev, saddr) == RTN_LOCAL &&
		    inet_addr_onlink(in_dev, target, saddr))
			break;
		saddr = 0;
		break;
	case 2:
		break;
	}
	return saddr ? saddr : inet_select_addr(dev, target, RT_SCOPE_LINK);
}

/* Asks: the neighbour itself while its old address may hold, then everybody. */
static void arp_solicit(struct neighbour *neigh, struct sk_buff *skb)
{
	struct net_device *dev = neigh->dev;
	const struct neigh_parms *parms = neigh->parms;
	const u8 *dst_hw = NULL;
	u8 dst_ha[MAX_ADDR_LEN];
	__be32 saddr, target;

	memcpy(&target, neigh->primary_key, sizeof(target));
	saddr = arp_solicit_saddr(dev, skb, target);
	if ((int)neigh->probes < parms->ucast_probes) {
		memcpy(dst_ha, neigh->ha, sizeof(dst_ha));
		dst_hw = dst_ha;
	}
	arp_send(ARPOP_REQUEST, ETH_P_ARP, target, dev, saddr, dst_hw, dev->dev_addr, NULL);
}

/* ---- administration --------------------------------------------------------- */

/**
 * arp_invalidate - forget what is known of an address
 * @dev: device
 * @ip: address
 *
 * Context: process.
 * Return: 0, or -ENXIO when nothing was known.
 */
int arp_invalidate(struct net_device *dev, __be32 ip)
{
	if (!dev_net(dev)->ipv4.arp_tbl)
		return -ENXIO;
	return neigh_delete(dev_net(dev)->ipv4.arp_tbl, &ip, dev) ? -ENXIO : 0;
}

/**
 * arp_set_permanent - `ip neigh add`: an entry that is not asked about
 * @dev: device
 * @ip: address
 * @lladdr: its hardware address, dev->addr_len bytes
 *
 * Context: process.
 * Return: 0, -ENOBUFS, -EINVAL.
 */
int arp_set_permanent(struct net_device *dev, __be32 ip, const u8 *lladdr)
{
	struct neighbour *n = neigh_create(dev_net(dev)->ipv4.arp_tbl, &ip, dev);
	int err;

	if (IS_ERR(n))
		return (int)PTR_ERR(n);
	err = neigh_update(n, lladdr, NUD_PERMANENT,
			   NEIGH_UPDATE_F_OVERRIDE | NEIGH_UPDATE_F_ADMIN);
	neigh_release(n);
	return err;
}

/**
 * arp_ifdown - a device went down: its neighbours are gone
 * @dev: device
 *
 * Context: process.
 */
void arp_ifdown(struct net_device *dev)
{
	if (dev_net(dev)->ipv4.arp_tbl)
		neigh_ifdown(dev_net(dev)->ipv4.arp_tbl, dev);
}

/**
 * arp_changeaddr - a device has another hardware address
 * @dev: device
 *
 * Context: process.
 */
void arp_changeaddr(struct net_device *dev)
{
	struct in_device *in_dev = __in_dev_get_rtnl(dev);
	const struct in_ifaddr *ifa;

	neigh_changeaddr(dev_net(dev)->ipv4.arp_tbl, dev);
	if (!in_dev || !IN_DEV_ORCONF(in_dev, arp_notify))
		return;
	in_dev_for_each_ifa_rcu(ifa, in_dev)
		arp_announce_addr(dev, ifa->ifa_local);
}

static const char *nud_name(u8 state)
{
	switch (state) {
	case NUD_INCOMPLETE:
		return "INCOMPLETE";
	case NUD_REACHABLE:
		return "REACHABLE";
	case NUD_STALE:
		return "STALE";
	case NUD_DELAY:
		return "DELAY";
	case NUD_PROBE:
		return "PROBE";
	case NUD_FAILED:
		return "FAILED";
	case NUD_NOARP:
		return "NOARP";
	case NUD_PERMANENT:
		return "PERMANENT";
	default:
		return "NONE";
	}
}

static void arp_print_one(struct neighbour *n, void *ctx)
{
	if (n->nud_state == NUD_NOARP)
		return;
	proc_printf(ctx, "%pI4 dev %s ", n->primary_key, n->dev->name);
	if (n->nud_state & NUD_VALID)
		proc_printf(ctx, "lladdr %pM ", n->ha);
	proc_printf(ctx, "%s\n", nud_name(n->nud_state));
}

/**
 * arp_print - the table as `ip neigh` prints it
 * @net: namespace
 * @buf: for the text
 * @size: of @buf, bytes
 *
 * Context: process.
 * Return: length of the whole text.
 */
size_t arp_print(struct net *net, char *buf, size_t size)
{
	struct proc_text t = { .buf = buf, .size = size };

	neigh_for_each(net->ipv4.arp_tbl, arp_print_one, &t);
	return t.len;
}

static void arp_table_defaults(struct neigh_table *tbl)
{
	tbl->family = AF_INET;
	tbl->key_len = 4;
	tbl->protocol = htons(ETH_P_IP);
	tbl->constructor = arp_constructor;
	tbl->parms = (struct neigh_parms){
		.base_reachable_time_ns = 30 * NSEC_PER_SEC,
		.reachable_time_ns = 30 * NSEC_PER_SEC,
		.retrans_time_ns = NSEC_PER_SEC,	/* RFC 1122 2.3.2.1 */
		.gc_staletime_ns = 60 * NSEC_PER_SEC,
		.delay_probe_time_ns = 5 * NSEC_PER_SEC,
		.mcast_probes = 3,
		.ucast_probes = 3,
		.queue_len_bytes = 212992,
		.locktime_ns = NSEC_PER_SEC,
		.anycast_delay_ns = NSEC_PER_SEC,
	};
	tbl->gc_interval_ns = 30 * NSEC_PER_SEC;
	tbl->gc_thresh1 = 128;
	tbl->gc_thresh2 = 512;
	tbl->gc_thresh3 = 1024;
}

/**
 * arp_net_init - a namespace's table
 * @net: namespace
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int arp_net_init(struct net *net)
{
	struct neigh_table *tbl = kzalloc(sizeof(*tbl), GFP_KERNEL);

	if (!tbl)
		return -ENOMEM;
	arp_table_defaults(tbl);
	neigh_table_init(tbl, net);
	net->ipv4.arp_tbl = tbl;
	return 0;
}

/**
 * arp_net_exit - undo arp_net_init()
 * @net: namespace
 *
 * Context: process.
 */
void arp_net_exit(struct net *net)
{
	neigh_table_clear(net->ipv4.arp_tbl);
	kfree(net->ipv4.arp_tbl);
	net->ipv4.arp_tbl = NULL;
}
