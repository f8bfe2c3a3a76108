/* SPDX-License-Identifier: MIT */
/* IPv4 protocols, addresses and socket options, as Linux numbers them. */
#ifndef UAPI_LINUX_IN_H
#define UAPI_LINUX_IN_H

#include <linux/socket.h>
#include <linux/types.h>

#define IPPROTO_IP	0
#define IPPROTO_ICMP	1
#define IPPROTO_IGMP	2
#define IPPROTO_IPIP	4
#define IPPROTO_TCP	6
#define IPPROTO_UDP	17
#define IPPROTO_RAW	255
#define IPPROTO_MAX	263

struct in_addr {
	__be32 s_addr;
};

struct sockaddr_in {
	__kernel_sa_family_t sin_family;
	__be16 sin_port;
	struct in_addr sin_addr;
	u8 sin_zero[8];
};
static_assert(sizeof(struct sockaddr_in) == 16, "ABI");

#define INADDR_ANY		((u32)0x00000000)
#define INADDR_BROADCAST	((u32)0xffffffff)
#define INADDR_NONE		((u32)0xffffffff)
#define INADDR_LOOPBACK		((u32)0x7f000001)
#define INADDR_ALLHOSTS_GROUP	((u32)0xe0000001)

#define IP_TOS			1
#define IP_TTL			2
#define IP_HDRINCL		3
#define IP_OPTIONS		4
#define IP_RECVOPTS		6
#define IP_RETOPTS		7
#define IP_PKTINFO		8
#define IP_PKTOPTIONS		9
#define IP_MTU_DISCOVER		10
#define IP_RECVERR		11
#define IP_RECVTTL		12
#define IP_RECVTOS		13
#define IP_MTU			14
#define IP_FREEBIND		15
#define IP_TRANSPARENT		19
#define IP_RECVORIGDSTADDR	20
#define IP_MINTTL		21
#define IP_NODEFRAG		22
#define IP_CHECKSUM		23
#define IP_BIND_ADDRESS_NO_PORT	24
#define IP_MULTICAST_IF		32
#define IP_MULTICAST_TTL	33
#define IP_MULTICAST_LOOP	34
#define IP_ADD_MEMBERSHIP	35
#define IP_DROP_MEMBERSHIP	36
#define IP_MULTICAST_ALL	49
#define IP_UNICAST_IF		50
#define IP_LOCAL_PORT_RANGE	51

#define IP_PMTUDISC_DONT	0
#define IP_PMTUDISC_WANT	1
#define IP_PMTUDISC_DO		2
#define IP_PMTUDISC_PROBE	3
#define IP_PMTUDISC_INTERFACE	4
#define IP_PMTUDISC_OMIT	5

struct in_pktinfo {
	int ipi_ifindex;
	struct in_addr ipi_spec_dst;
	struct in_addr ipi_addr;
};

#endif
