/* SPDX-License-Identifier: MIT */
/* Bind, listening and established hashes, per namespace: net/ipv4/inet_hashtables.c. */
#ifndef NET_INET_HASHTABLES_H
#define NET_INET_HASHTABLES_H

#include <net/inet_connection_sock.h>
#include <net/inet_timewait_sock.h>

struct inet_bind_bucket {		/* one local port in use */
	struct hlist_node node;
	unsigned short port;
	/* 1: all owners may share it (SO_REUSEADDR and not listening; SO_REUSEPORT);
	 * 0: not all; -1: chosen by connect(), not by bind() */
	signed char fastreuse, fastreuseport;
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
	u64 ehash_count;			/* entries; the table grows with them */
	struct hlist_head *bhash;		/* inet_bind_bucket, by port */
	unsigned int bhash_size;		/* a power of two */
	struct hlist_head *lhash;		/* listeners, by port */
	unsigned int lhash_mask;
};

static inline struct hlist_head *inet_bhash_head(const struct inet_hashinfo *hinfo,
						 unsigned short port)
{
	return &hinfo->bhash[port & (hinfo->bhash_size - 1)];
}

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
/* Gives back a reference to a sock of any of the three kinds. */
void sock_gen_put(struct sock *sk);
/* Destructor of packets whose skb->sk was found by early demux. */
void sock_edemux(struct sk_buff *skb);
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
/* The bucket of @port, or NULL. */
struct inet_bind_bucket *inet_bind_bucket_find(struct net *net, unsigned short port);
struct inet_bind_bucket *inet_bind_bucket_create(struct net *net, struct hlist_head *head,
						 unsigned short port);
/* Frees @tb when nobody owns it any more. */
void inet_bind_bucket_destroy(struct inet_bind_bucket *tb);
bool inet_rcv_saddr_equal(const struct sock *sk, const struct sock *sk2, bool match_wildcard);
int inet_hashinfo_init(struct net *net);	/* pernet */
void inet_hashinfo_exit(struct net *net);
/* Every hashed TCP endpoint of @net; @state: TCP_NEW_SYN_RECV for request socks,
 * TCP_TIME_WAIT for timewait socks. */
void inet_for_each_endpoint(struct net *net, void (*fn)(const struct sock_common *skc,
							int state, void *ctx), void *ctx);
/* Endpoints in a state as RFC 9293 names it, wherever they are kept; port 0: any. */
unsigned int tcp_count_states(struct net *net, int state, u16 port);

#endif
