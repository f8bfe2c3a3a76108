/* SPDX-License-Identifier: MIT */
/* The IPv4 header on the wire (RFC 791, RFC 2474, RFC 3168). */
#ifndef UAPI_LINUX_IP_H
#define UAPI_LINUX_IP_H

#include <linux/types.h>

#define IPTOS_TOS_MASK		0x1E
#define IPTOS_LOWDELAY		0x10
#define IPTOS_THROUGHPUT	0x08
#define IPTOS_RELIABILITY	0x04
#define IPTOS_MINCOST		0x02
#define IPVERSION	4
#define MAXTTL		255
#define IPDEFTTL	64

#define IP_CE		0x8000	/* reserved flag */
#define IP_DF		0x4000
#define IP_MF		0x2000
#define IP_OFFSET	0x1FFF	/* in units of 8 bytes */

struct iphdr {
	u8 ihl:4,		/* header length in 32-bit words */
	   version:4;
	u8 tos;
	__be16 tot_len;
	__be16 id;
	__be16 frag_off;
	u8 ttl;
	u8 protocol;
	__sum16 check;
	__be32 saddr;
	__be32 daddr;
};
static_assert(sizeof(struct iphdr) == 20, "RFC 791");

#define IPOPT_END	0
#define IPOPT_NOOP	1
#define IPOPT_RR	7
#define IPOPT_TIMESTAMP	68
#define IPOPT_SEC	130
#define IPOPT_LSRR	131
#define IPOPT_CIPSO	134
#define IPOPT_SID	136
#define IPOPT_SSRR	137
#define IPOPT_RA	148

#endif
