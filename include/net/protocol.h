/* SPDX-License-Identifier: MIT */
/*
 * The two tables that IPv4 calls upwards through: inet_protos[] (what handles
 * an IP protocol number) and the entries of inetsw (what a socket of a type
 * and protocol is made of).
 *
 * Linux: include/net/protocol.h
 */
#ifndef NET_PROTOCOL_H
#define NET_PROTOCOL_H

#include <linux/list.h>
#include <linux/skbuff.h>
#include <uapi/linux/in.h>

#define MAX_INET_PROTOS	256

struct net_offload;

struct net_protocol {
	/* Softirq. Finds the socket before the route is looked up and gives the
	 * skb that socket's route. Borrows. Always 0. */
	int (*early_demux)(struct sk_buff *skb);
	/* Softirq. skb->data at the transport header. Consumes. */
	int (*handler)(struct sk_buff *skb);
	/* Softirq. An ICMP error arrived about a packet of ours: skb->data at the
	 * quoted IP header, of which header and 8 bytes are there; @info as
	 * ICMP gives it (next-hop MTU for FRAG_NEEDED). Borrows. 0, or -ENOENT
	 * when no socket owns that flow (ICMP_MIB_INERRORS has moved). */
	int (*err_handler)(struct sk_buff *skb, u32 info);
	const struct net_offload *offload;	/* or NULL: is neither cut nor merged */
	bool no_policy;
	/* FRAG_NEEDED is believed only with a protocol that checks the flow. */
	bool icmp_strict_tag_validation;
};

/* Written by initcalls, then read only. */
extern const struct net_protocol *inet_protos[MAX_INET_PROTOS];

/* 0, or -EBUSY if the number is taken. Initcalls only. */
int inet_add_protocol(const struct net_protocol *prot, unsigned char protocol);

struct proto;
struct proto_ops;

#define INET_PROTOSW_REUSE	0x01	/* ports reusable from the start */
#define INET_PROTOSW_PERMANENT	0x02	/* may not be replaced */
#define INET_PROTOSW_ICSK	0x04	/* is an inet_connection_sock */

/* One entry of inetsw (net/ipv4/af_inet.c). */
struct inet_protosw {
	struct list_head list;
	unsigned short type;		/* SOCK_* */
	unsigned short protocol;	/* IPPROTO_*, IPPROTO_IP: any */
	struct proto *prot;
	const struct proto_ops *ops;
	unsigned char flags;		/* INET_PROTOSW_* */
};

/* net/ipv4/af_inet.c */
void inet_register_protosw(struct inet_protosw *p);

#endif
