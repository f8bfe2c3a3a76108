/* SPDX-License-Identifier: MIT */
/* Bind, listening and established hashes, per namespace: net/ipv4/inet_hashtables.c. */
#ifndef NET_INET_HASHTABLES_H
#define NET_INET_HASHTABLES_H

#include <net/inet_connection_sock.h>
#include <net/inet_timewait_sock.h>

struct inet_bind_bucket {		/* one local port in use */
	struct hlist_node node;
	unsigned short port;
	signed char fastreuse, fastreuseport;
	int num_owners;
	struct hlist_head owners;	/* sockets, by sk_bind_node */
	struct hlist_head tw_owners;	/* timewait socks, by skc_bind_node */
};

struct inet_ehash_bucket {
	struct hlist_head chain;	/* sock_common.skc_node */
};

struct inet_hashinfo {
	struct inet_ehash_bucket *ehash;	/* full, request and timewait socks */
	unsigned int ehash_mask;
	u32 ehash_secret;
	u64 ehash_count;
	struct hlist_head *bhash;		/* inet_bind_bucket */
	unsigned int bhash_size;
	struct hlist_head *lhash;		/* listeners, by port */
	unsigned int lhash_mask;
};

u32 inet_ehashfn(const struct net *net, __be32 laddr, u16 lport, __be32 faddr, __be16 fport);
/* All lookups: softirqs off; return a borrowed or (_lookup without __) held sock. */
struct sock *__inet_lookup_established(struct net *net, __be32 saddr, __be16 sport,
				       __be32 daddr, u16 hnum, int dif);	/* held */
struct sock *__inet_lookup_listener(struct net *net, struct sk_buff *skb, int doff,
				    __be32 saddr, __be16 sport, __be32 daddr,
				    unsigned short hnum, int dif);		/* borrowed */
/* skb->sk if early demux set it, else established, else listener. *@refcounted
 * tells whether the caller has to put it. */
struct sock *__inet_lookup_skb(struct sk_buff *skb, int doff, __be16 sport, __be16 dport,
			       bool *refcounted);
int inet_hash(struct sock *sk);
int __inet_hash(struct sock *sk);
void inet_unhash(struct sock *sk);
/* Inserts; with @osk given replaces it. false: a duplicate is there. */
bool inet_ehash_insert(struct sock *sk, struct sock *osk, bool *found_dup_sk);
bool inet_ehash_nolisten(struct sock *sk, struct sock *osk, bool *found_dup_sk);
int inet_hash_connect(struct sock *sk);		/* port and hash for connect() */
void inet_put_port(struct sock *sk);
void inet_bind_hash(struct sock *sk, struct inet_bind_bucket *tb, unsigned short port);
int __inet_inherit_port(const struct sock *sk, struct sock *child);
struct inet_bind_bucket *inet_bind_bucket_create(struct net *net, struct hlist_head *head, unsigned short port);
void inet_bind_bucket_destroy(struct inet_bind_bucket *tb);
bool inet_rcv_saddr_equal(const struct sock *sk, const struct sock *sk2, bool match_wildcard);
int inet_hashinfo_init(struct net *net);	/* pernet */
void inet_hashinfo_exit(struct net *net);
/* Every TCP endpoint of @net wherever it is kept (hosted_tcp_count, ss). */
void inet_for_each_endpoint(struct net *net, void (*fn)(const struct sock_common *skc, int state, void *ctx), void *ctx);
unsigned int tcp_count_states(struct net *net, int state, u16 port);

#endif
