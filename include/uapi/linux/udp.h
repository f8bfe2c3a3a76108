/* SPDX-License-Identifier: MIT */
/* The UDP header on the wire (RFC 768) and UDP socket options. */
#ifndef UAPI_LINUX_UDP_H
#define UAPI_LINUX_UDP_H

#include <linux/types.h>

struct udphdr {
	__be16 source;
	__be16 dest;
	__be16 len;		/* header and payload */
	__sum16 check;		/* 0: none */
};
static_assert(sizeof(struct udphdr) == 8, "RFC 768");

#define UDP_CORK	1
#define UDP_ENCAP	100
#define UDP_NO_CHECK6_TX 101
#define UDP_NO_CHECK6_RX 102
#define UDP_SEGMENT	103	/* a write becomes datagrams of so many bytes */
#define UDP_GRO		104	/* a read may give several; of how many bytes is said */

/* Datagrams that one write may become, at most. */
#define UDP_MAX_SEGMENTS 128

#endif
