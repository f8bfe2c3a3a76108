/* SPDX-License-Identifier: MIT */
/* ARP on the wire (RFC 826), hardware types. */
#ifndef UAPI_LINUX_IF_ARP_H
#define UAPI_LINUX_IF_ARP_H

#include <linux/types.h>

#define ARPHRD_ETHER	1
#define ARPHRD_LOOPBACK	772

#define ARPOP_REQUEST	1
#define ARPOP_REPLY	2

/* The fixed part; sender and target addresses of ar_hln and ar_pln bytes follow. */
struct arphdr {
	__be16 ar_hrd;
	__be16 ar_pro;
	u8 ar_hln;
	u8 ar_pln;
	__be16 ar_op;
} __packed;
static_assert(sizeof(struct arphdr) == 8, "RFC 826");

#endif
