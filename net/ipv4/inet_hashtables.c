// SPDX-License-Identifier: MIT
/*
 * Whose segment is this? Established, half-open and TIME_WAIT connections stand
 * in one table, keyed by their four numbers (ehash); listeners in another, by
 * port (lhash). Ports in use are the third (bhash): inet_bind_hash.c.
 *
 * Every change is made with softirqs off; lookups run in softirqs. The ehash
 * begins small and grows with what is in it, so that an idle host pays for a
 * few hundred buckets and a busy one has short chains.
 *
 * Linux: net/ipv4/inet_hashtables.c (there the size is fixed at boot)
 */
#include <linux/errno.h>
#include <linux/jhash.h>
#include <linux/kernel.h>
#include <linux/random.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <net/inet_hashtables.h>
#include <net/ip.h>
#include <net/route.h>
#include <net/tcp.h>

#define EHASH_MIN_SIZE	512U
#define EHASH_MAX_SIZE	65536U
#define BHASH_SIZE	1024U
#define LHASH_SIZE	32U

/* ---- the tables of a namespace ------------------------------------------------------ */

/**
 * inet_hashinfo_init - make the tables of a namespace
 * @net: namespace
 *
 * Context: process.
 * Return: 0 or -ENOMEM: then nothing is left behind.
 */
int inet_hashinfo_init(struct net *net)
{
	struct inet_hashinfo *hinfo = kzalloc(sizeof(*hinfo), GFP_KERNEL);

	if (!hinfo)
		return -ENOMEM;
	hinfo->ehash = kcalloc(EHASH_MIN_SIZE, sizeof(*hinfo->ehash), GFP_KERNEL);
	hinfo->bhash = kcalloc(BHASH_SIZE, sizeof(*hinfo->bhash), GFP_KERNEL);
	hinfo->lhash = kcalloc(LHASH_SIZE, sizeof(*hinfo->lhash), GFP_KERNEL);
	hinfo->ehash_mask = EHASH_MIN_SIZE - 1;
	hinfo->bhash_size = BHASH_SIZE;
	hinfo->lhash_mask = LHASH_SIZE - 1;
	hinfo->ehash_secret = get_random_u32();
	net->ipv4.hashinfo = hinfo;
	if (!hinfo->ehash || !hinfo->bhash || !hinfo->lhash) {
		inet_hashinfo_exit(net);
		return -ENOMEM;
	}
	return 0;
}

/**
 * inet_hashinfo_exit - give the tables of a namespace back
 * @net: namespace; nothing is hashed any more
 *
 * Context: process.
 */
void inet_hashinfo_exit(struct net *net)
{
	struct inet_hashinfo *hinfo = net->ipv4.hashinfo;

	WARN_ON(hinfo->ehash_count);
	kfree(hinfo->ehash);
	kfree(hinfo->bhash);
	kfree(hinfo->lhash);
	kfree(hinfo);
	net->ipv4.hashinfo = NULL;
}

/**
 * inet_ehashfn - hash of a connection
 * @net: namespace
 * @laddr: local address
 * @lport: local port, host order
 * @faddr: foreign address
 * @fport: foreign port
 *
 * Context: any.
 */
u32 inet_ehashfn(const struct net *net, __be32 laddr, u16 lport, __be32 faddr, __be16 fport)
{
	return jhash_3words((__force u32)laddr, (__force u32)faddr,
			    (u32)lport << 16 | (__force u32)fport,
			    net->ipv4.hashinfo->ehash_secret);
}

static u32 sk_ehashfn(const struct sock *sk)
{
	return inet_ehashfn(sock_net(sk), sk->sk_rcv_saddr, sk->sk_num, sk->sk_daddr,
			    sk->sk_dport);
}

static struct hlist_head *inet_ehash_chain(const struct inet_hashinfo *hinfo, u32 hash)
{
	return &hinfo->ehash[hash & hinfo->ehash_mask].chain;
}

static struct hlist_head *inet_lhash_chain(const struct inet_hashinfo *hinfo,
					   unsigned short port)
{
	return &hinfo->lhash[port & hinfo->lhash_mask];
}

/* More entries than buckets: four times the buckets, if there is memory. */
static void inet_ehash_grow(struct inet_hashinfo *hinfo)
{
	u32 old_size = hinfo->ehash_mask + 1, size = old_size * 4, i;
	struct inet_ehash_bucket *ehash;
	struct hlist_node *tmp;
	struct sock *sk;

	if (size > EHASH_MAX_SIZE)
		return;
	ehash = kcalloc(size, sizeof(*ehash), GFP_ATOMIC);
	if (!ehash)
		return;
	for (i = 0; i < old_size; i++) {
		hlist_for_each_entry_safe(sk, tmp, &hinfo->ehash[i].chain, sk_node) {
			hlist_del(&sk->sk_node);
			hlist_add_head(&sk->sk_node, &ehash[sk->sk_hash & (size - 1)].chain);
		}
	}
	kfree(hinfo->ehash);
	hinfo->ehash = ehash;
	hinfo->ehash_mask = size - 1;
}

/* ---- references to whatever is in the ehash ----------------------------------------- */

/**
 * sock_gen_put - give a reference back
 * @sk: full, request or timewait sock
 *
 * Context: softirq or process.
 */
void sock_gen_put(struct sock *sk)
{
	if (!refcount_dec_and_test(&sk->sk_refcnt))
		return;
	if (sk->sk_state == TCP_TIME_WAIT)
		inet_twsk_free(inet_twsk(sk));
	else if (sk->sk_state == TCP_NEW_SYN_RECV)
		reqsk_free(inet_reqsk(sk));
	else
		sk_free(sk);
}

/**
 * sock_edemux - destructor of packets whose socket was found before their route
 * @skb: its socket is given back; borrowed
 *
 * Context: softirq.
 */
void sock_edemux(struct sk_buff *skb)
{
	sock_gen_put(skb->sk);
}

/* ---- looking up --------------------------------------------------------------------- */

static bool inet_match(const struct sock *sk, __be32 saddr, __be16 sport, __be32 daddr,
		       u16 hnum, int dif)
{
	return sk->sk_daddr == saddr && sk->sk_rcv_saddr == daddr && sk->sk_dport == sport &&
	       sk->sk_num == hnum && (!sk->sk_bound_dev_if || sk->sk_bound_dev_if == dif);
}

/**
 * __inet_lookup_established - find a connection
 * @net: namespace
 * @saddr: foreign address
 * @sport: foreign port
 * @daddr: local address
 * @hnum: local port, host order
 * @dif: ifindex of the device it came by
 *
 * Context: softirq, or softirqs off.
 * Return: a full, request or timewait sock with a reference; NULL: none.
 */
struct sock *__inet_lookup_established(struct net *net, __be32 saddr, __be16 sport,
				       __be32 daddr, u16 hnum, int dif)
{
	const struct inet_hashinfo *hinfo = net->ipv4.hashinfo;
	u32 hash = inet_ehashfn(net, daddr, hnum, saddr, sport);
	struct sock *sk;

	hlist_for_each_entry_rcu(sk, inet_ehash_chain(hinfo, hash), sk_node) {
		if (sk->sk_hash != hash || !inet_match(sk, saddr, sport, daddr, hnum, dif))
			continue;
		return refcount_inc_not_zero(&sk->sk_refcnt) ? sk : NULL;
	}
	return NULL;
}

/* How well a listener fits; -1: not at all. An address counts more than a device. */
static int compute_score(const struct sock *sk, __be32 daddr, unsigned short hnum, int dif)
{
	int score = 1;

	if (sk->sk_num != hnum)
		return -1;
	if (sk->sk_rcv_saddr) {
		if (sk->sk_rcv_saddr != daddr)
			return -1;
		score += 4;
	}
	if (sk->sk_bound_dev_if) {
		if (sk->sk_bound_dev_if != dif)
			return -1;
		score += 2;
	}
	return score;
}

/* One in @n, by a hash that is spread over 32 bits. */
static bool chance(u32 hash, unsigned int n)
{
	return (((u64)hash * n) >> 32) == 0;
}

/**
 * __inet_lookup_listener - find who listens
 * @net: namespace
 * @skb: the segment; borrowed
 * @doff: bytes from data to the TCP header
 * @saddr: foreign address
 * @sport: foreign port
 * @daddr: local address
 * @hnum: local port, host order
 * @dif: ifindex of the device it came by
 *
 * Among listeners that fit alike and share the port (SO_REUSEPORT) the
 * connection's hash chooses, so that all its segments find the same one.
 *
 * Context: softirq, or softirqs off.
 * Return: borrowed, or NULL.
 */
struct sock *__inet_lookup_listener(struct net *net, struct sk_buff *skb, int doff,
				    __be32 saddr, __be16 sport, __be32 daddr,
				    unsigned short hnum, int dif)
{
	const struct inet_hashinfo *hinfo = net->ipv4.hashinfo;
	struct sock *sk, *result = NULL;
	unsigned int matches = 0;
	int score, hiscore = 0;
	u32 phash = 0;

	hlist_for_each_entry_rcu(sk, inet_lhash_chain(hinfo, hnum), sk_node) {
		score = compute_score(sk, daddr, hnum, dif);
		if (score > hiscore) {
			result = sk;
			hiscore = score;
			matches = 1;
			if (sk->sk_reuseport)
				phash = inet_ehashfn(net, daddr, hnum, saddr, sport);
		} else if (score == hiscore && sk->sk_reuseport) {
			matches++;
			if (chance(phash, matches))
				result = sk;
			phash = phash * 1664525U + 1013904223U;
		}
	}
	return result;
}

/* What early demux has found; the packet's reference is the caller's then. */
static struct sock *skb_steal_sock(struct sk_buff *skb, bool *refcounted)
{
	struct sock *sk = skb->sk;

	*refcounted = false;
	if (!sk)
		return NULL;
	*refcounted = skb->destructor == sock_edemux;
	skb->destructor = NULL;
	skb->sk = NULL;
	return sk;
}

/**
 * __inet_lookup_skb - find the socket of a segment
 * @skb: the segment, network header set; loses skb->sk
 * @doff: bytes from data to the TCP header
 * @sport: source port
 * @dport: destination port
 * @refcounted: whether the caller has to give the socket back
 *
 * Context: softirq.
 * Return: the socket, or NULL.
 */
struct sock *__inet_lookup_skb(struct sk_buff *skb, int doff, __be16 sport, __be16 dport,
			       bool *refcounted)
{
	const struct iphdr *iph = ip_hdr(skb);
	struct net *net = dev_net(skb->dev);
	struct sock *sk;

	sk = skb_steal_sock(skb, refcounted);
	if (sk)
		return sk;
	sk = __inet_lookup_established(net, iph->saddr, sport, iph->daddr, ntohs(dport),
				       skb->skb_iif);
	*refcounted = sk != NULL;
	if (sk)
		return sk;
	return __inet_lookup_listener(net, skb, doff, iph->saddr, sport, iph->daddr,
				      ntohs(dport), skb->skb_iif);
}

/* ---- inserting and removing --------------------------------------------------------- */

static bool inet_ehash_has(const struct inet_hashinfo *hinfo, const struct sock *sk, u32 hash)
{
	const struct sock *sk2;

	hlist_for_each_entry(sk2, inet_ehash_chain(hinfo, hash), sk_node) {
		if (sk2->sk_hash == hash &&
		    inet_match(sk2, sk->sk_daddr, sk->sk_dport, sk->sk_rcv_saddr, sk->sk_num,
			       sk->sk_bound_dev_if))
			return true;
	}
	return false;
}

/**
 * inet_ehash_insert - put a connection into the ehash
 * @sk: full, request or timewait sock, its addresses and ports set
 * @osk: taken out in its place, and its reference for being there given back;
 *	NULL: none. It has another reference.
 * @found_dup_sk: if not NULL, a connection of the same four numbers is looked
 *	for first, and *@found_dup_sk says whether there is one
 *
 * Context: softirqs off.
 * Return: it is in; false: there is a duplicate, or @osk was not in any more.
 */
bool inet_ehash_insert(struct sock *sk, struct sock *osk, bool *found_dup_sk)
{
	struct inet_hashinfo *hinfo = sock_net(sk)->ipv4.hashinfo;

	sk->sk_hash = sk_ehashfn(sk);
	if (osk) {
		if (hlist_unhashed(&osk->sk_node))
			return false;
		hlist_del_init_rcu(&osk->sk_node);
		hinfo->ehash_count--;
		refcount_dec(&osk->sk_refcnt);
	} else if (found_dup_sk) {
		*found_dup_sk = inet_ehash_has(hinfo, sk, sk->sk_hash);
		if (*found_dup_sk)
			return false;
	}
	if (hinfo->ehash_count > hinfo->ehash_mask)
		inet_ehash_grow(hinfo);
	hlist_add_head_rcu(&sk->sk_node, inet_ehash_chain(hinfo, sk->sk_hash));
	hinfo->ehash_count++;
	return true;
}

/**
 * inet_ehash_nolisten - put a full connection into the ehash, or destroy it
 * @sk: a connection
 * @osk: as for inet_ehash_insert()
 * @found_dup_sk: as for inet_ehash_insert()
 *
 * Context: softirqs off.
 * Return: it is in; false: it is closed and has lost the reference that was its
 * own: the caller's is left.
 */
bool inet_ehash_nolisten(struct sock *sk, struct sock *osk, bool *found_dup_sk)
{
	if (inet_ehash_insert(sk, osk, found_dup_sk)) {
		sock_prot_inuse_add(sock_net(sk), sk->sk_prot, 1);
		return true;
	}
	sock_net(sk)->ipv4.tcp_orphan_count++;
	inet_sk_set_state(sk, TCP_CLOSE);
	sock_set_flag(sk, SOCK_DEAD);
	inet_csk_destroy_sock(sk);
	return false;
}

/**
 * __inet_hash - make a socket findable
 * @sk: a listener or a connection
 *
 * Context: softirqs off.
 * Return: 0.
 */
int __inet_hash(struct sock *sk)
{
	struct inet_hashinfo *hinfo = sock_net(sk)->ipv4.hashinfo;

	if (sk->sk_state != TCP_LISTEN) {
		inet_ehash_nolisten(sk, NULL, NULL);
		return 0;
	}
	WARN_ON(!hlist_unhashed(&sk->sk_node));
	hlist_add_head_rcu(&sk->sk_node, inet_lhash_chain(hinfo, sk->sk_num));
	sock_set_flag(sk, SOCK_RCU_FREE);
	sock_prot_inuse_add(sock_net(sk), sk->sk_prot, 1);
	return 0;
}

/**
 * inet_hash - proto.hash of TCP
 * @sk: a listener or a connection; nothing is done for one in CLOSE
 *
 * Context: process.
 * Return: 0.
 */
int inet_hash(struct sock *sk)
{
	int err = 0;

	if (sk->sk_state != TCP_CLOSE) {
		local_bh_disable();
		err = __inet_hash(sk);
		local_bh_enable();
	}
	return err;
}

/**
 * inet_unhash - proto.unhash of TCP: nothing finds it any more
 * @sk: a full socket, hashed or not
 *
 * Context: process or softirq.
 */
void inet_unhash(struct sock *sk)
{
	struct inet_hashinfo *hinfo = sock_net(sk)->ipv4.hashinfo;

	if (hlist_unhashed(&sk->sk_node))
		return;
	local_bh_disable();
	hlist_del_init_rcu(&sk->sk_node);
	/* Only listeners carry this flag; it is theirs as long as they are hashed. */
	if (sock_flag(sk, SOCK_RCU_FREE))
		sock_reset_flag(sk, SOCK_RCU_FREE);
	else
		hinfo->ehash_count--;
	sock_prot_inuse_add(sock_net(sk), sk->sk_prot, -1);
	local_bh_enable();
}

/* ---- counting ----------------------------------------------------------------------- */

/**
 * inet_for_each_endpoint - call a function for everything that is hashed
 * @net: namespace
 * @fn: called with softirqs off, must not change the tables
 * @ctx: for @fn
 *
 * Context: process or softirq.
 */
void inet_for_each_endpoint(struct net *net,
			    void (*fn)(const struct sock_common *skc, int state, void *ctx),
			    void *ctx)
{
	const struct inet_hashinfo *hinfo = net->ipv4.hashinfo;
	const struct sock *sk;
	u32 i;

	local_bh_disable();
	for (i = 0; i <= hinfo->lhash_mask; i++)
		hlist_for_each_entry(sk, &hinfo->lhash[i], sk_node)
			fn(&sk->__sk_common, sk->sk_state, ctx);
	for (i = 0; i <= hinfo->ehash_mask; i++)
		hlist_for_each_entry(sk, &hinfo->ehash[i].chain, sk_node)
			fn(&sk->__sk_common, sk->sk_state, ctx);
	local_bh_enable();
}

struct state_count {
	int state;
	u16 port;
	unsigned int n;
};

static void count_mini(const struct sock_common *skc, int state, void *ctx)
{
	const struct sock *sk = container_of(skc, struct sock, __sk_common);
	struct state_count *count = ctx;

	if (state == TCP_NEW_SYN_RECV)
		state = TCP_SYN_RECV;
	else if (state == TCP_TIME_WAIT)
		state = inet_twsk(sk)->tw_substate;
	else
		return;
	if (state == count->state && (!count->port || skc->skc_num == count->port))
		count->n++;
}

/**
 * tcp_count_states - how many endpoints are in a state
 * @net: namespace
 * @state: TCP_*; half-open ones count as TCP_SYN_RECV
 * @port: local port, host order; 0: any
 *
 * Context: process.
 * Return: the number, wherever they are kept.
 */
unsigned int tcp_count_states(struct net *net, int state, u16 port)
{
	struct state_count count = { .state = state, .port = port };
	const struct sock *sk;

	local_bh_disable();
	list_for_each_entry(sk, &net->core.sock_list, sk_net_node) {
		if (sk->sk_protocol == IPPROTO_TCP && sk->sk_type == SOCK_STREAM &&
		    sk->sk_state == state && (!port || sk->sk_num == port))
			count.n++;
	}
	inet_for_each_endpoint(net, count_mini, &count);
	local_bh_enable();
	return count.n;
}
