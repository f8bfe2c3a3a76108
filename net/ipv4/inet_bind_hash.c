// SPDX-License-Identifier: MIT
/*
 * Local ports: who uses which, and the choice of one for connect(). The choice
 * for bind() stands in inet_csk_bind.c.
 *
 * A bucket stands for a port in use in a namespace; its owners are sockets and,
 * after them, the timewait socks they became.
 *
 * Linux: net/ipv4/inet_hashtables.c
 * RFC: 6056 3.3.4 (algorithm 4, double hash: a secret offset for each
 * destination, and counters for groups of destinations)
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/random.h>
#include <linux/rculist.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <linux/trace.h>
#include <net/inet_hashtables.h>
#include <net/tcp.h>

/* ---- buckets ------------------------------------------------------------------------ */

/**
 * inet_bind_bucket_find - the bucket of a port
 * @net: namespace
 * @port: host order
 *
 * Context: softirqs off.
 * Return: the bucket, or NULL: the port is not in use.
 */
struct inet_bind_bucket *inet_bind_bucket_find(struct net *net, unsigned short port)
{
	struct inet_bind_bucket *tb;

	hlist_for_each_entry(tb, inet_bhash_head(net->ipv4.hashinfo, port), node)
		if (tb->port == port)
			return tb;
	return NULL;
}

/**
 * inet_bind_bucket_create - a port comes into use
 * @net: namespace
 * @head: its chain
 * @port: host order
 *
 * Context: softirqs off.
 * Return: a bucket without owners, or NULL.
 */
struct inet_bind_bucket *inet_bind_bucket_create(struct net *net, struct hlist_head *head,
						 unsigned short port)
{
	struct inet_bind_bucket *tb = kzalloc(sizeof(*tb), GFP_ATOMIC);

	if (!tb)
		return NULL;
	tb->port = port;
	hlist_add_head(&tb->node, head);
	return tb;
}

/**
 * inet_bind_bucket_destroy - free a bucket that nobody owns any more
 * @tb: kept, if somebody does
 *
 * Context: softirqs off.
 */
void inet_bind_bucket_destroy(struct inet_bind_bucket *tb)
{
	if (hlist_empty(&tb->owners) && hlist_empty(&tb->tw_owners)) {
		hlist_del(&tb->node);
		kfree(tb);
	}
}

/**
 * inet_bind_hash - make a socket an owner of its port
 * @sk: a full socket without a port
 * @tb: the port's bucket
 * @port: host order
 *
 * Context: softirqs off.
 */
void inet_bind_hash(struct sock *sk, struct inet_bind_bucket *tb, unsigned short port)
{
	inet_sk(sk)->inet_num = port;
	hlist_add_head(&sk->sk_bind_node, &tb->owners);
	inet_csk(sk)->icsk_bind_hash = tb;
}

/**
 * inet_put_port - proto.put_port of TCP: the socket needs its port no longer
 * @sk: owner of a port
 *
 * Context: process or softirq.
 */
void inet_put_port(struct sock *sk)
{
	struct inet_bind_bucket *tb = inet_csk(sk)->icsk_bind_hash;

	local_bh_disable();
	if (tb) {
		hlist_del_init(&sk->sk_bind_node);
		inet_csk(sk)->icsk_bind_hash = NULL;
		inet_sk(sk)->inet_num = 0;
		inet_bind_bucket_destroy(tb);
	}
	local_bh_enable();
}

/**
 * __inet_inherit_port - a child shares its listener's port
 * @sk: the listener
 * @child: its child, inet_num set
 *
 * Context: softirqs off.
 * Return: 0; -ENOENT: the listener has lost its port; -ENOMEM.
 */
int __inet_inherit_port(const struct sock *sk, struct sock *child)
{
	unsigned short port = inet_sk(child)->inet_num;
	struct inet_bind_bucket *tb = inet_csk(sk)->icsk_bind_hash;

	if (unlikely(!tb))
		return -ENOENT;
	/* A transparent listener takes connections to any port. */
	if (tb->port != port) {
		tb = inet_bind_bucket_find(sock_net(sk), port);
		if (!tb)
			tb = inet_bind_bucket_create(sock_net(sk),
				inet_bhash_head(sock_net(sk)->ipv4.hashinfo, port), port);
		if (!tb)
			return -ENOMEM;
	}
	inet_bind_hash(child, tb, port);
	return 0;
}

/**
 * inet_rcv_saddr_equal - are two sockets bound to the same address?
 * @sk: a sock of any kind
 * @sk2: another
 * @match_wildcard: any address equals every address
 *
 * Context: any.
 */
bool inet_rcv_saddr_equal(const struct sock *sk, const struct sock *sk2, bool match_wildcard)
{
	if (sk->sk_rcv_saddr == sk2->sk_rcv_saddr)
		return true;
	return match_wildcard && (!sk->sk_rcv_saddr || !sk2->sk_rcv_saddr);
}

/* ---- a port for connect() ----------------------------------------------------------- */

/* RFC 6056 3.3.4: F(local, remote, port, secret); two hashes in one. */
static u64 inet_sk_port_offset(const struct sock *sk)
{
	return siphash_4u32((__force u32)sk->sk_rcv_saddr, (__force u32)sk->sk_daddr,
			    (__force u16)sk->sk_dport, 0, &sock_net(sk)->ipv4.port_key);
}

/* A connection of the same four numbers as @sk's would have with @lport. */
static struct sock *inet_find_same(const struct sock *sk, u16 lport, u32 hash)
{
	const struct inet_hashinfo *hinfo = sock_net(sk)->ipv4.hashinfo;
	struct sock *sk2;

	hlist_for_each_entry(sk2, &hinfo->ehash[hash & hinfo->ehash_mask].chain, sk_node) {
		if (sk2->sk_hash == hash && sk2->sk_daddr == sk->sk_daddr &&
		    sk2->sk_rcv_saddr == sk->sk_rcv_saddr && sk2->sk_dport == sk->sk_dport &&
		    sk2->sk_num == lport &&
		    (!sk2->sk_bound_dev_if || sk2->sk_bound_dev_if == sk->sk_bound_dev_if))
			return sk2;
	}
	return NULL;
}

/* Is the connection unique with this local port? Then it is hashed. A TIME_WAIT
 * in its place is taken over when that is safe. 0 or -EADDRNOTAVAIL. */
static int __inet_check_established(struct sock *sk, u16 lport)
{
	struct inet_sock *inet = inet_sk(sk);
	struct net *net = sock_net(sk);
	struct sock *sk2;

	sk2 = inet_find_same(sk, lport, inet_ehashfn(net, sk->sk_rcv_saddr, lport, sk->sk_daddr,
						     sk->sk_dport));
	if (sk2 && (sk2->sk_state != TCP_TIME_WAIT || !tcp_twsk_unique(sk, sk2)))
		return -EADDRNOTAVAIL;
	inet->inet_num = lport;
	inet->inet_sport = htons(lport);
	if (sk2) {
		/* It leaves the port too: the socket is its owner, or becomes so. */
		NET_INC_STATS(net, LINUX_MIB_TIMEWAITRECYCLED);
		refcount_inc(&sk2->sk_refcnt);
		inet_twsk_deschedule_put(inet_twsk(sk2));
	}
	inet_ehash_nolisten(sk, NULL, NULL);
	return 0;
}

/* The port was chosen by bind(). */
static int inet_hash_bound(struct sock *sk, u16 port)
{
	const struct inet_bind_bucket *tb = inet_csk(sk)->icsk_bind_hash;
	int err = 0;

	local_bh_disable();
	/* Nobody else has it: no other connection can be the same. */
	if (tb->owners.first == &sk->sk_bind_node && !sk->sk_bind_node.next &&
	    hlist_empty(&tb->tw_owners))
		inet_ehash_nolisten(sk, NULL, NULL);
	else
		err = __inet_check_established(sk, port);
	local_bh_enable();
	return err;
}

/* Takes @port if it may be. Softirqs off. 0, -EADDRNOTAVAIL: try another, -ENOMEM. */
static int inet_try_port(struct sock *sk, u16 port)
{
	struct net *net = sock_net(sk);
	struct inet_bind_bucket *tb = inet_bind_bucket_find(net, port);
	int err;

	if (tb) {
		/* Ports of bind() are left alone: checking who shares them
		 * would take long. */
		if (tb->fastreuse >= 0 || tb->fastreuseport >= 0)
			return -EADDRNOTAVAIL;
		/* An owner first: the bucket must outlive a TIME_WAIT taken over. */
		inet_bind_hash(sk, tb, port);
		err = __inet_check_established(sk, port);
		if (err)
			inet_put_port(sk);
		return err;
	}
	tb = inet_bind_bucket_create(net, inet_bhash_head(net->ipv4.hashinfo, port), port);
	if (!tb)
		return -ENOMEM;
	tb->fastreuse = -1;
	tb->fastreuseport = -1;
	inet_bind_hash(sk, tb, port);
	inet_sk(sk)->inet_sport = htons(port);
	inet_ehash_nolisten(sk, NULL, NULL);
	return 0;
}

/* Every second port from @low + @offset on, once round. bind() prefers the
 * others, so that the two do not meet before the range is half full. */
static int inet_try_ports(struct sock *sk, int low, int high, u32 offset, u32 remaining,
			  u32 *tried)
{
	int port = low + (int)offset;
	u32 i;

	for (i = 0; i < remaining; i += 2, port += 2) {
		int err;

		if (port >= high)
			port -= (int)remaining;
		if (inet_is_local_reserved_port(sock_net(sk), (unsigned short)port))
			continue;
		local_bh_disable();
		err = inet_try_port(sk, (u16)port);
		local_bh_enable();
		if (err != -EADDRNOTAVAIL) {
			*tried = i;
			return err;
		}
	}
	return -EADDRNOTAVAIL;
}

/**
 * inet_hash_connect - a local port for connect(), and a place in the ehash
 * @sk: in SYN-SENT, all but its port chosen
 *
 * Context: process, socket locked.
 * Return: 0; -EADDRNOTAVAIL: no port is left for this destination; -ENOMEM.
 */
int inet_hash_connect(struct sock *sk)
{
	struct net *net = sock_net(sk);
	u32 *perturb, offset, remaining, tried = 0;
	u64 port_offset;
	int low, high, err;

	trace_here();
	if (inet_sk(sk)->inet_num)
		return inet_hash_bound(sk, inet_sk(sk)->inet_num);
	inet_get_local_port_range(net, &low, &high);
	high++;
	remaining = (u32)(high - low);
	if (remaining > 1)
		remaining &= ~1U;
	port_offset = inet_sk_port_offset(sk);
	perturb = &net->ipv4.port_perturb[port_offset % ARRAY_SIZE(net->ipv4.port_perturb)];
	offset = (*perturb + (u32)(port_offset >> 32)) % remaining & ~1U;

	err = inet_try_ports(sk, low, high, offset, remaining, &tried);
	if (err == -EADDRNOTAVAIL && remaining > 1)
		err = inet_try_ports(sk, low, high, offset + 1, remaining, &tried);
	/* On by at least what was tried, and by chance: the next choice must not
	 * be told from this one. */
	if (!err)
		*perturb += max(tried, get_random_u32_below(8) * 2) + 2;
	return err;
}
