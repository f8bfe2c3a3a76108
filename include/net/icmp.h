/* SPDX-License-Identifier: MIT */
/*
 * ICMP: errors out, echo and errors in. net/ipv4/icmp.c.
 *
 * Linux: include/net/icmp.h   RFC: 792, 1122 3.2.2, 1812 4.3, 1191
 */
#ifndef NET_ICMP_H
#define NET_ICMP_H

#include <linux/skbuff.h>
#include <net/snmp.h>
#include <uapi/linux/icmp.h>

struct net;
struct sock;

/* What an unreachable of each code means to a socket. */
struct icmp_err {
	int errno;
	bool fatal;		/* ends a connection attempt; soft otherwise */
};
extern const struct icmp_err icmp_err_convert[NR_ICMP_UNREACH + 1];

static inline struct icmphdr *icmp_hdr(const struct sk_buff *skb)
{
	return (void *)skb_transport_header(skb);
}

/* Answers @skb_in with an ICMP error, unless one of the RFCs' reasons (or the
 * rate limit) forbids it. skb_in: received, network header set. @info in
 * network order: the second word (gateway, MTU, pointer). Borrows skb_in. */
void icmp_send(struct sk_buff *skb_in, int type, int code, __be32 info);

/* net_protocol handler of IPPROTO_ICMP. Softirq. Consumes. */
int icmp_rcv(struct sk_buff *skb);
/* net_protocol err_handler: an error about a ping of ours. Borrows. */
int icmp_err(struct sk_buff *skb, u32 info);

/* The global token bucket (net.ipv4.icmp_msgs_per_sec, _burst). */
bool icmp_global_allow(struct net *net);

void icmp_out_count(struct net *net, unsigned char type);

/* A pernet init: sysctl defaults of ICMP. */
int icmp_sk_init(struct net *net);
void icmp_init(void);

#endif
