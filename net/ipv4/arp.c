// SPDX-License-Identifier: MIT
/*
 * ARP: asking who has an IPv4 address, and answering. The table of who is
 * known is arp_table.c.
 *
 * Linux: net/ipv4/arp.c; arp_defend() is what RFC 5227 asks for and Linux
 * leaves to a daemon.
 * RFC: 826, 1122 2.3.2, 2131 (address probes), 5227
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/inetdevice.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/trace.h>
#include <net/arp.h>
#include <net/ip.h>
#include <net/ip_fib.h>
#include <net/route.h>

/* RFC 5227 2.4 (c): a conflict is answered no more often. */
#define ARP_DEFEND_INTERVAL_NS	(10 * NSEC_PER_SEC)

#define ARPHRD_IEEE802	6

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
