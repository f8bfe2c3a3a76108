/* SPDX-License-Identifier: MIT */
/*
 * UDP: net/ipv4/udp.c (sockets), udp_output.c, udp_input.c.
 *
 * Linux: include/net/udp.h, include/linux/udp.h   RFC: 768, 1122 4.1
 */
#ifndef NET_UDP_H
#define NET_UDP_H

#include <linux/skbuff.h>
#include <net/checksum.h>
#include <net/inet_sock.h>
#include <net/ip.h>
#include <net/snmp.h>
#include <net/sock.h>
#include <uapi/linux/udp.h>

struct udp_sock {
	struct inet_sock inet;		/* first: struct sock within */
	int pending;			/* AF_INET: a datagram is corked */
	bool corkflag;			/* UDP_CORK */
	bool gro_enabled;		/* UDP_GRO */
	u16 gso_size;			/* UDP_SEGMENT: bytes of payload a datagram; 0: whole */
	unsigned int len;		/* bytes of payload and header corked */
};

static inline struct udp_sock *udp_sk(const struct sock *sk)
{
	return (struct udp_sock *)(uintptr_t)sk;
}

static inline struct udphdr *udp_hdr(const struct sk_buff *skb)
{
	return (void *)skb_transport_header(skb);
}

#define UDP_HTABLE_SIZE	256

/* Bound sockets, by local port. */
struct udp_hslot {
	struct hlist_head head;		/* struct sock by sk_node */
	int count;
};

struct udp_table {
	struct udp_hslot hash[UDP_HTABLE_SIZE];
	spinlock_t lock;		/* of all slots; softirqs off */
	u32 rnd;
	unsigned int gro_sockets;	/* that have set UDP_GRO */
};

static inline u32 udp_hashfn(const struct udp_table *tbl, unsigned int num)
{
	return (num + tbl->rnd) & (UDP_HTABLE_SIZE - 1);
}

extern struct proto udp_prot;

/* Finds a port (@snum 0: a free one) and hashes the socket. 0, or 1: in use. */
int udp_v4_get_port(struct sock *sk, unsigned short snum);
void udp_lib_unhash(struct sock *sk);
int udp_sendmsg(struct sock *sk, struct msghdr *msg, size_t len);
int udp_push_pending_frames(struct sock *sk);
void udp_flush_pending_frames(struct sock *sk);
int udp_recvmsg(struct sock *sk, struct msghdr *msg, size_t len, int flags, int *addr_len);
int udp_disconnect(struct sock *sk, int flags);

/* net_protocol handlers. Softirq. */
int udp_rcv(struct sk_buff *skb);			/* consumes */
int udp_err(struct sk_buff *skb, u32 info);		/* borrows */
int __udp4_lib_rcv(struct sk_buff *skb, struct udp_table *udptable, int proto);
int __udp4_lib_err(struct sk_buff *skb, u32 info, struct udp_table *udptable);
/* The socket for a datagram; borrowed, NULL. */
struct sock *__udp4_lib_lookup(struct net *net, __be32 saddr, __be16 sport, __be32 daddr,
			       __be16 dport, int dif, struct udp_table *udptable,
			       struct sk_buff *skb);
/* Softirq or backlog. Consumes. 0 or -1. */
int udp_queue_rcv_skb(struct sock *sk, struct sk_buff *skb);

/* Bound sockets, one a line: /proc/net/udp. */
size_t udp_seq_show(struct net *net, char *buf, size_t size);

int udp_net_init(struct net *net);
void udp_net_exit(struct net *net);
void udp_init(void);

#endif
