/* SPDX-License-Identifier: MIT */
/* The Ethernet header on the wire (RFC 894) and ethertypes. */
#ifndef UAPI_LINUX_IF_ETHER_H
#define UAPI_LINUX_IF_ETHER_H

#include <linux/types.h>

#define ETH_ALEN	6	/* bytes of an address */
#define ETH_HLEN	14	/* bytes of the header */
#define ETH_ZLEN	60	/* shortest frame, without FCS */
#define ETH_DATA_LEN	1500	/* longest payload */
#define ETH_FRAME_LEN	1514	/* longest frame, without FCS */
#define ETH_MIN_MTU	68
#define ETH_MAX_MTU	0xFFFFU

#define ETH_P_LOOP	0x0060
#define ETH_P_IP	0x0800
#define ETH_P_ARP	0x0806
#define ETH_P_8021Q	0x8100
#define ETH_P_IPV6	0x86DD
#define ETH_P_8021AD	0x88A8
#define ETH_P_802_3_MIN	0x0600	/* a smaller "type" is an 802.3 length */
#define ETH_P_802_3	0x0001
#define ETH_P_ALL	0x0003
#define ETH_P_802_2	0x0004

struct ethhdr {
	u8 h_dest[ETH_ALEN];
	u8 h_source[ETH_ALEN];
	__be16 h_proto;
} __packed;
static_assert(sizeof(struct ethhdr) == ETH_HLEN, "RFC 894");

#endif
