// SPDX-License-Identifier: MIT
/*
 * ARP: asking who has an IPv4 address, and answering. The states of a
 * neighbour are net/core/neighbour.c's; here is what IPv4 adds to them.
 *
 * Linux: net/ipv4/arp.c; arp_defend() is what RFC 5227 asks for and Linux
 * leaves to a daemon.
 * RFC: 826, 1122 2.3.2, 2131 (address probes), 5227
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/inetdevice.h>
#include <linux/kernel.h>
#include <linux/proc.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/trace.h>
#include <net/arp.h>
#include <net/ip.h>
#include <net/ip_fib.h>
#include <net/route.h>

/* RFC 5227 2.4 (c): a conflict is answered no more often. */
#define ARP_DEFEND_INTERVAL_NS	(10 * NSEC_PER_SEC)

#define ARPHRD_IEEE802	6

/* ---- the table's side ------------------------------------------------------ */

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

/* ---- packets out ----------------------------------------------------------- */

/**
 * arp_create - build an ARP packet
 * @type: ARPOP_*
 * @ptype: ethertype, ETH_P_ARP
 * @dest_ip: target's protocol address
 * @dev: device it will leave by
 * @src_ip: sender's protocol address
 * @dest_hw: link-layer destination; NULL: broadcast
 * @src_hw: sender's hardware address; NULL: the device's
 * @target_hw: target's hardware address; NULL: zeros
 *
 * Context: any.
 * Return: the packet with its link-layer header; NULL on no memory, or when no
 * header could be made.
 */
struct sk_buff *arp_create(int type, int ptype, __be32 dest_ip, struct net_device *dev,
			   __be32 src_ip, const unsigned char *dest_hw,
			   const unsigned char *src_hw, const unsigned char *target_hw)
{
	struct sk_buff *skb = alloc_skb(dev_net(dev), arp_hdr_len(dev) +
					LL_RESERVED_SPACE(dev), GFP_ATOMIC);
	struct arphdr *arp;
	u8 *p;

	if (!skb)
		return NULL;
	skb_reserve(skb, (int)LL_RESERVED_SPACE(dev));
	skb_reset_network_header(skb);
	arp = skb_put_zero(skb, arp_hdr_len(dev));
	skb->dev = dev;
	skb->protocol = htons(ETH_P_ARP);
	if (!src_hw)
		src_hw = dev->dev_addr;
	if (!dest_hw)
		dest_hw = dev->broadcast;
	if (dev_hard_header(skb, dev, (unsigned short)ptype, dest_hw, src_hw, skb->len) < 0) {
		kfree_skb_reason(skb, SKB_DROP_REASON_DEV_HDR);
		return NULL;
	}
	arp->ar_hrd = htons(dev->type);
	arp->ar_pro = htons(ETH_P_IP);
	arp->ar_hln = dev->addr_len;
	arp->ar_pln = 4;
	arp->ar_op = htons(type);
	p = (u8 *)(arp + 1);
	memcpy(p, src_hw, dev->addr_len);
	p += dev->addr_len;
	memcpy(p, &src_ip, 4);
	p += 4;
	if (target_hw)
		memcpy(p, target_hw, dev->addr_len);
	p += dev->addr_len;
	memcpy(p, &dest_ip, 4);
	return skb;
}

/**
 * arp_xmit - send an ARP packet
 * @skb: from arp_create(). Consumes.
 *
 * Context: any but hardirq.
 */
void arp_xmit(struct sk_buff *skb)
{
	trace_skb(skb);
	dev_queue_xmit(skb);
}

/**
 * arp_send - build and send an ARP packet
 * @type: ARPOP_*
 * @ptype: ethertype, ETH_P_ARP
 * @dest_ip: target's protocol address
 * @dev: device to leave by
 * @src_ip: sender's protocol address
 * @dest_hw: link-layer destination; NULL: broadcast
 * @src_hw: sender's hardware address; NULL: the device's
 * @th: target's hardware address; NULL: zeros
 *
 * Context: any but hardirq.
 */
void arp_send(int type, int ptype, __be32 dest_ip, struct net_device *dev, __be32 src_ip,
	      const unsigned char *dest_hw, const unsigned char *src_hw,
	      const unsigned char *th)
{
	struct sk_buff *skb;

	trace_here();
	if (dev->flags & IFF_NOARP)
		return;
	skb = arp_create(type, ptype, dest_ip, dev, src_ip, dest_hw, src_hw, th);
	if (skb)
		arp_xmit(skb);
}

/**
 * arp_announce_addr - tell the link that an address is ours
 * @dev: device on the link, up
 * @addr: address
 *
 * RFC 5227 2.3: a request with sender and target address the same, so that
 * whoever has an older entry corrects it.
 *
 * Context: any but hardirq.
 */
void arp_announce_addr(struct net_device *dev, __be32 addr)
{
	if (!(dev->flags & IFF_UP) || (dev->flags & (IFF_LOOPBACK | IFF_NOARP)))
		return;
	arp_send(ARPOP_REQUEST, ETH_P_ARP, addr, dev, addr, NULL, dev->dev_addr, NULL);
}

/* ---- packets in ------------------------------------------------------------ */

/* The four addresses of a packet. */
struct arp_addrs {
	const u8 *sha, *tha;		/* hardware: sender, target */
	__be32 sip, tip;		/* protocol */
};

/* net.ipv4.conf.*.arp_ignore: requests that are not answered though the
 * address is ours. */
static bool arp_ignore(struct in_device *in_dev, __be32 sip, __be32 tip)
{
	struct net *net = dev_net(in_dev->dev);
	int scope = RT_SCOPE_HOST;

	switch (IN_DEV_ARP_IGNORE(in_dev)) {
	case 0:			/* any address of ours */
		return false;
	case 1:			/* only an address of this device */
		sip = 0;
		break;
	case 2:			/* and only if the sender is of its subnet */
		break;
	case 3:			/* only addresses that are not of scope host */
		sip = 0;
		scope = RT_SCOPE_LINK;
		in_dev = NULL;
		break;
	case 8:			/* never */
		return true;
	default:
		return false;
	}
	return !inet_confirm_addr(net, in_dev, sip, tip, scope);
}

/* net.ipv4.conf.*.arp_filter: would we talk to @sip by another device? */
static bool arp_filter(__be32 sip, __be32 tip, struct net_device *dev)
{
	struct net *net = dev_net(dev);
	struct rtable *rt = ip_route_output(net, sip, tip, 0, 0);
	bool other;

	if (IS_ERR(rt))
		return true;
	other = rt->dst.dev != dev;
	if (other)
		NET_INC_STATS(net, LINUX_MIB_ARPFILTER);
	ip_rt_put(rt);
	return other;
}

static void arp_reply(struct net_device *dev, const struct arp_addrs *a)
{
	arp_send(ARPOP_REPLY, ETH_P_ARP, a->sip, dev, a->tip, a->sha, dev->dev_addr, a->sha);
}

/* Somebody else says that our address is his: say once more that it is ours,
 * not more often than every ten seconds, or two such hosts never stop. */
static void arp_defend(struct net_device *dev, struct in_ifaddr *ifa)
{
	u64 now = ktime_get_ns();

	if (ifa->ifa_defended_ns && now - ifa->ifa_defended_ns < ARP_DEFEND_INTERVAL_NS)
		return;
	ifa->ifa_defended_ns = now;
	pr_warn_ratelimited("%s: another host claims %pI4\n", dev->name, &ifa->ifa_local);
	arp_announce_addr(dev, ifa->ifa_local);
}

/* Does the sender claim an address of ours? (RFC 5227 2.4) */
static bool arp_conflict(struct net_device *dev, struct in_device *in_dev,
			 const struct arp_addrs *a)
{
	struct in_ifaddr *ifa;

	if (!memcmp(a->sha, dev->dev_addr, dev->addr_len))
		return false;
	in_dev_for_each_ifa_rcu(ifa, in_dev) {
		if (ifa->ifa_local == a->sip) {
			arp_defend(dev, ifa);
			return true;
		}
	}
	return false;
}

/* What cannot be: no host has these addresses, none answers for them. */
static bool arp_addrs_valid(struct net_device *dev, struct in_device *in_dev,
			    const struct arp_addrs *a)
{
	if (ipv4_is_multicast(a->tip) ||
	    (ipv4_is_loopback(a->tip) && !IN_DEV_ROUTE_LOCALNET(in_dev)))
		return false;
	if (ipv4_is_multicast(a->sip) || ipv4_is_lbcast(a->sip) || ipv4_is_loopback(a->sip))
		return false;
	/* A host has no group or broadcast address as its own. */
	if (dev->type == ARPHRD_ETHER && (a->sha[0] & 1))
		return false;
	return true;
}

/* A request for an address of ours; true if it was one, answered or not. */
static bool arp_answer(struct sk_buff *skb, struct net_device *dev,
		       struct in_device *in_dev, const struct arp_addrs *a)
{
	enum skb_drop_reason reason = SKB_NOT_DROPPED_YET;
	struct neighbour *n;

	if (ip_route_input_noref(skb, a->tip, a->sip, 0, dev, &reason) ||
	    skb_rtable(skb)->rt_type != RTN_LOCAL)
		return false;
	if (arp_ignore(in_dev, a->sip, a->tip) ||
	    (IN_DEV_ARPFILTER(in_dev) && arp_filter(a->sip, a->tip, dev)))
		return true;
	/* RFC 826: who asks us will be asked by us soon: remember him. */
	n = neigh_event_ns(dev_net(dev)->ipv4.arp_tbl, a->sha, &a->sip, dev);
	if (n) {
		arp_reply(dev, a);
		neigh_release(n);
	}
	return true;
}

static bool arp_is_garp(struct net *net, struct net_device *dev, __be16 op,
			const struct arp_addrs *a)
{
	if (a->tip != a->sip)
		return false;
	/* A gratuitous reply names the sender twice. */
	if (op == htons(ARPOP_REPLY) && memcmp(a->tha, a->sha, dev->addr_len) &&
	    memchr_inv_any(a->tha, 0, dev->addr_len))
		return false;
	return inet_addr_type_dev_table(net, dev, a->sip) == RTN_UNICAST;
}

/* An entry that there is learns from any packet that names it; one that there
 * is not is made only with net.ipv4.conf.*.arp_accept. */
static void arp_learn(struct sk_buff *skb, struct net_device *dev, struct in_device *in_dev,
		      __be16 op, const struct arp_addrs *a)
{
	struct neigh_table *tbl = dev_net(dev)->ipv4.arp_tbl;
	struct neighbour *n = neigh_lookup(tbl, &a->sip, dev);
	bool garp = arp_is_garp(dev_net(dev), dev, op, a), override;
	u8 state = NUD_REACHABLE;

	if (!n && garp && IN_DEV_ARP_ACCEPT(in_dev)) {
		n = neigh_create(tbl, &a->sip, dev);
		if (IS_ERR(n))
			return;
	}
	if (!n)
		return;
	/* A good entry is not replaced at once: the first answer wins. */
	override = ktime_get_ns() > n->updated_ns + n->parms->locktime_ns || garp;
	/* Only a reply to us proves that he hears us. */
	if (op != htons(ARPOP_REPLY) || skb->pkt_type != PACKET_HOST)
		state = NUD_STALE;
	neigh_update(n, a->sha, state, override ? NEIGH_UPDATE_F_OVERRIDE : 0);
	neigh_release(n);
}

static bool arp_hdr_valid(const struct net_device *dev, const struct arphdr *arp)
{
	if (arp->ar_hln != dev->addr_len || arp->ar_pln != 4 || arp->ar_pro != htons(ETH_P_IP))
		return false;
	if (arp->ar_hrd == htons(dev->type))
		return true;
	return dev->type == ARPHRD_ETHER && arp->ar_hrd == htons(ARPHRD_IEEE802);
}

static void arp_parse(const struct net_device *dev, const struct arphdr *arp,
		      struct arp_addrs *a)
{
	const u8 *p = (const u8 *)(arp + 1);

	a->sha = p;
	p += dev->addr_len;
	memcpy(&a->sip, p, 4);
	p += 4;
	a->tha = p;
	p += dev->addr_len;
	memcpy(&a->tip, p, 4);
}

/* RFC 826, "Packet Reception", on a header that is whole and for IPv4. */
static enum skb_drop_reason arp_process(struct sk_buff *skb, struct net_device *dev,
					struct in_device *in_dev)
{
	const struct arphdr *arp = arp_hdr(skb);
	__be16 op = arp->ar_op;
	struct arp_addrs a;

	trace_skb(skb);
	if (op != htons(ARPOP_REPLY) && op != htons(ARPOP_REQUEST))
		return SKB_DROP_REASON_ARP_INHDR;
	arp_parse(dev, arp, &a);
	if (!arp_addrs_valid(dev, in_dev, &a))
		return SKB_DROP_REASON_ARP_IGNORED;
	/* RFC 5227 2.1.1: an address probe is answered and leaves no trace. */
	if (!a.sip) {
		if (op == htons(ARPOP_REQUEST) && !arp_ignore(in_dev, a.sip, a.tip) &&
		    inet_addr_type_dev_table(dev_net(dev), dev, a.tip) == RTN_LOCAL)
			arp_reply(dev, &a);
		return SKB_NOT_DROPPED_YET;
	}
	if (arp_conflict(dev, in_dev, &a) ||
	    inet_addr_type_dev_table(dev_net(dev), dev, a.sip) != RTN_UNICAST)
		return SKB_DROP_REASON_ARP_IGNORED;
	if (a.tip == a.sip && in_dev->cnf.drop_gratuitous_arp)
		return SKB_DROP_REASON_ARP_IGNORED;
	if (op == htons(ARPOP_REQUEST) && arp_answer(skb, dev, in_dev, &a))
		return SKB_NOT_DROPPED_YET;
	arp_learn(skb, dev, in_dev, op, &a);
	return SKB_NOT_DROPPED_YET;
}

/**
 * arp_rcv - packet_type handler of ETH_P_ARP
 * @skb: packet, data at the ARP header. Consumes.
 * @dev: device
 * @pt: our packet_type
 * @orig_dev: device it arrived on first
 *
 * Context: softirq.
 * Return: NET_RX_SUCCESS or NET_RX_DROP.
 */
int arp_rcv(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt,
	    struct net_device *orig_dev)
{
	struct in_device *in_dev = __in_dev_get_rcu(dev);
	enum skb_drop_reason reason;

	trace_skb(skb);
	if ((dev->flags & IFF_NOARP) || !in_dev || skb->pkt_type == PACKET_LOOPBACK) {
		kfree_skb_reason(skb, SKB_DROP_REASON_ARP_IGNORED);
		return NET_RX_DROP;
	}
	if (skb->pkt_type == PACKET_OTHERHOST) {
		kfree_skb_reason(skb, SKB_DROP_REASON_OTHERHOST);
		return NET_RX_DROP;
	}
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (!skb)
		return NET_RX_DROP;
	if (!pskb_may_pull(skb, arp_hdr_len(dev)) || !arp_hdr_valid(dev, arp_hdr(skb)))
		reason = SKB_DROP_REASON_ARP_INHDR;
	else
		reason = arp_process(skb, dev, in_dev);
	if (reason) {
		kfree_skb_reason(skb, reason);
		return NET_RX_DROP;
	}
	consume_skb(skb);
	return NET_RX_SUCCESS;
}

/* ---- administration -------------------------------------------------------- */

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
