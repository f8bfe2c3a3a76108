/* SPDX-License-Identifier: MIT */
/* TCP segments in Ethernet frames, for what cuts and merges them. */
#ifndef TESTS_UNIT_NET_CORE_TCP_FRAME_H
#define TESTS_UNIT_NET_CORE_TCP_FRAME_H

#include <linux/if_ether.h>
#include <net/ip.h>
#include <net/tcp.h>
#include <uapi/linux/in.h>

#include "../fake_netdev.h"

#define TCP_FRAME_HEADERS	(ETH_HLEN + sizeof(struct iphdr) + sizeof(struct tcphdr))

struct tcp_frame {
	u32 seq;		/* of the first byte; byte n of the stream is (u8)(n * 7) */
	unsigned int len;	/* payload */
	u16 flags;		/* TCPHDR_* besides ACK */
	u16 sport;		/* 0: 1000 */
	u16 id;			/* of the IP header */
	u16 frag_off;		/* of the IP header; host order */
	u8 ttl;			/* 0: 64 */
	u32 ack;
	u16 window;
	bool paged;		/* payload in a frag */
	bool bad_sum;
	unsigned int padding;	/* bytes behind the IP packet */
};

/* A frame as a driver makes it: data at the Ethernet header, checksums good. */
struct sk_buff *tcp_frame(struct net_device *dev, const struct tcp_frame *f);
/* Are these @len bytes the stream's from @seq on? Reports. */
void tcp_frame_expect(const struct sk_buff *skb, unsigned int offset, u32 seq, unsigned int len);

#endif
