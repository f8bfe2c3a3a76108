// SPDX-License-Identifier: MIT
/*
 * What is remembered of a peer longer than a route to it: how many ICMP errors
 * it was sent lately. At most INETPEER_MAX of them; the one not used for
 * longest is forgotten first. And the identifications of datagrams to it.
 *
 * Linux: net/ipv4/inetpeer.c (a tree, and entries age out by time);
 * __ip_select_ident() is in net/ipv4/route.c
 * RFC: 1812 4.3.2.8, 6864
 */
#include <linux/errno.h>
#include <linux/jhash.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/random.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <net/inetpeer.h>
#include <net/ip.h>
#include <net/net_namespace.h>

/* Messages that may follow each other at once after a silence. */
#define XRLIM_BURST_FACTOR	6

static struct hlist_head *peer_bucket(struct inet_peer_base *base, __be32 daddr)
{
	u32 h = jhash_1word((__force u32)daddr, base->hash_rnd);

	return &base->hash[h & (INETPEER_HASH_SIZE - 1)];
}

static void peer_forget(struct inet_peer_base *base, struct inet_peer *p)
{
	hlist_del(&p->node);
	list_del(&p->lru);
	base->total--;
	kfree(p);
}

static struct inet_peer *peer_create(struct inet_peer_base *base, __be32 daddr)
{
	struct inet_peer *p;

	if (base->total >= INETPEER_MAX)
		peer_forget(base, list_first_entry(&base->lru, struct inet_peer, lru));
	p = kzalloc(sizeof(*p), GFP_ATOMIC);
	if (!p)
		return NULL;
	p->daddr = daddr;
	/* A stranger has his whole burst. */
	p->rate_tokens_ns = U64_MAX / 2;
	p->rate_last_ns = ktime_get_ns();
	hlist_add_head(&p->node, peer_bucket(base, daddr));
	list_add_tail(&p->lru, &base->lru);
	base->total++;
	return p;
}

/**
 * inet_getpeer_v4 - the entry of a peer
 * @net: namespace
 * @daddr: its address
 *
 * Context: softirq, or process with softirqs off.
 * Return: the entry, made if there was none, borrowed until softirqs run
 * again; NULL on no memory.
 */
struct inet_peer *inet_getpeer_v4(struct net *net, __be32 daddr)
{
	struct inet_peer_base *base = net->ipv4.peers;
	struct inet_peer *p;

	hlist_for_each_entry(p, peer_bucket(base, daddr), node) {
		if (p->daddr != daddr)
			continue;
		list_move_tail(&p->lru, &base->lru);
		return p;
	}
	return peer_create(base, daddr);
}

/**
 * inet_peer_xrlim_allow - take a token from a peer's bucket
 * @peer: the peer, or NULL: no limit known, so yes
 * @timeout_ns: the bucket gains a token in this time, up to six
 *
 * Context: as inet_getpeer_v4().
 * Return: whether one more message may go to the peer now.
 */
bool inet_peer_xrlim_allow(struct inet_peer *peer, u64 timeout_ns)
{
	u64 now = ktime_get_ns(), token;
	bool allowed;

	if (!peer)
		return true;
	token = peer->rate_tokens_ns + (now - peer->rate_last_ns);
	peer->rate_last_ns = now;
	token = min(token, XRLIM_BURST_FACTOR * timeout_ns);
	allowed = token >= timeout_ns;
	peer->rate_tokens_ns = allowed ? token - timeout_ns : token;
	return allowed;
}

/**
 * __ip_select_ident - an identification for a datagram that may be fragmented
 * @net: namespace
 * @iph: its header: addresses and protocol set, id filled in
 * @segs: how many datagrams it will become
 *
 * RFC 6864 4.3: counted up for each pair of addresses and protocol, from a
 * place nobody can guess, and with steps that do not tell how many datagrams
 * went to others of the same hash.
 *
 * Context: any but hardirq.
 */
void __ip_select_ident(struct net *net, struct iphdr *iph, int segs)
{
	u32 hash = (u32)siphash_3u32((__force u32)iph->daddr, (__force u32)iph->saddr,
				     iph->protocol, &net->ipv4.ip_id_key);
	struct ip_ident_bucket *b = &net->ipv4.peers->idents[hash & (IP_IDENTS_SZ - 1)];
	u32 now_ms = (u32)(ktime_get_ns() / NSEC_PER_MSEC), delta = 0;

	if (b->stamp_ms != now_ms)
		delta = get_random_u32_below(now_ms - b->stamp_ms);
	b->stamp_ms = now_ms;
	b->id += (u32)segs + delta;
	iph->id = htons((u16)(b->id - (u32)segs));
}

/**
 * inet_peer_base_init - a namespace's memory of its peers
 * @net: namespace
 *
 * Context: process.
 * Return: 0 or -ENOMEM.
 */
int inet_peer_base_init(struct net *net)
{
	struct inet_peer_base *base = kzalloc(sizeof(*base), GFP_KERNEL);

	if (!base)
		return -ENOMEM;
	INIT_LIST_HEAD(&base->lru);
	base->hash_rnd = get_random_u32();
	get_random_bytes(base->idents, sizeof(base->idents));
	get_random_bytes(&net->ipv4.ip_id_key, sizeof(net->ipv4.ip_id_key));
	net->ipv4.peers = base;
	return 0;
}

/**
 * inet_peer_base_exit - undo inet_peer_base_init()
 * @net: namespace
 *
 * Context: process.
 */
void inet_peer_base_exit(struct net *net)
{
	struct inet_peer_base *base = net->ipv4.peers;

	while (!list_empty(&base->lru))
		peer_forget(base, list_first_entry(&base->lru, struct inet_peer, lru));
	kfree(base);
	net->ipv4.peers = NULL;
}
