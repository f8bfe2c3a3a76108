/* SPDX-License-Identifier: MIT */
/*
 * A host of its own namespace on a wire: one Ethernet device, 10.0.0.1/24, a
 * gateway, and a peer whose part the test plays.
 */
#ifndef TESTS_UNIT_NET_IPV4_WIRE_H
#define TESTS_UNIT_NET_IPV4_WIRE_H

#include <linux/byteorder.h>
#include <linux/inetdevice.h>
#include <linux/net.h>
#include <net/arp.h>
#include <net/checksum.h>
#include <net/icmp.h>
#include <net/inetpeer.h>
#include <net/inet_sock.h>
#include <net/ip.h>
#include <net/ip_fib.h>
#include <net/net_namespace.h>
#include <net/route.h>
#include <net/udp.h>

#include "../../test.h"
#include "../fake_netdev.h"

#define IP4(a, b, c, d) htonl((u32)(a) << 24 | (b) << 16 | (c) << 8 | (d))
#define US	IP4(10, 0, 0, 1)
#define PEER	IP4(10, 0, 0, 2)
#define GW	IP4(10, 0, 0, 254)
#define FAR	IP4(192, 0, 2, 7)	/* behind the gateway */

extern const u8 peer_mac[6];

struct wire {
	struct net *net;
	struct net_device *dev;
	struct napi_struct *napi; /* that receives frames, by GRO; NULL: nobody merges */
	unsigned long fail_nth;	/* of the allocations that a frame received causes */
};

/* The host, its announcement sent and taken away. */
void wire_up(struct wire *w);
/* The same without a gateway, and with features. */
void wire_up_plain(struct wire *w, netdev_features_t features);
/* And with the peer's and the gateway's hardware addresses known. */
void wire_up_known(struct wire *w);
void wire_down(struct wire *w);

/* What an IP packet is made of; 0: as it should be. */
struct ip_spec {
	__be32 saddr, daddr;	/* 0: PEER, US; see any_addr */
	u8 protocol, ttl, tos;
	u16 id, frag_off;
	u8 version, ihl;
	u16 tot_len;		/* what the header says */
	const u8 *options;
	unsigned int optlen;	/* bytes, a multiple of 4 */
	bool any_addr;		/* addresses are as given, 0 too */
	bool bad_csum;
	unsigned int cut;	/* bytes missing at the end of the frame */
	unsigned int pad;	/* bytes more at the end of the frame */
	const u8 *mac_dest;	/* NULL: the device's */
	u8 pkt_type;		/* PACKET_*, if not by mac_dest */
};

/* The device receives a frame. */
void wire_receive(struct wire *w, const u8 *mac_dest, u16 type, const void *data,
		  unsigned int len);
/* An IP packet with @len bytes behind its header. */
void wire_ip(struct wire *w, const struct ip_spec *s, const void *payload, unsigned int len);
/* ICMP: header and @len bytes 0, 1, 2 …; the checksum right. */
void wire_icmp(struct wire *w, const struct ip_spec *s, struct icmphdr h, unsigned int len);
/* An echo request of @len bytes. */
void wire_ping(struct wire *w, const struct ip_spec *s, unsigned int len);
/* A datagram; @check 0: the right one; ~0: none. */
void wire_udp(struct wire *w, const struct ip_spec *s, u16 sport, u16 dport,
	      const void *data, unsigned int len);
/* An ARP packet from @sha/@sip about @tip. */
void wire_arp(struct wire *w, u16 op, const u8 *sha, __be32 sip, const u8 *tha, __be32 tip);

/* A frame that was sent. */
struct frame {
	unsigned int len;
	u8 data[2048];
};

/* The first one that was sent: false when there is none. */
bool wire_pop(struct wire *w, struct frame *f);
/* Nothing was sent. */
#define EXPECT_SILENCE(w) do {						\
	struct frame __f;						\
	EXPECT_FALSE(wire_pop(w, &__f));				\
} while (0)

static inline struct iphdr *frame_ip(struct frame *f)
{
	return (void *)(f->data + ETH_HLEN);
}

static inline void *frame_l4(struct frame *f)
{
	return f->data + ETH_HLEN + frame_ip(f)->ihl * 4;
}

static inline u16 frame_type(const struct frame *f)
{
	return (u16)(f->data[12] << 8 | f->data[13]);
}

/* The checksums of an IP packet sent are right. */
void expect_ip_ok(struct frame *f);
void expect_icmp_ok(struct frame *f);
void expect_udp_ok(struct frame *f);

/* Sockets of the namespace, by the kernel's own calls. */
struct socket *wire_socket(struct wire *w, int type, int protocol);
int wire_bind(struct socket *sock, __be32 addr, u16 port);
int wire_connect(struct socket *sock, __be32 addr, u16 port);
/* @addr 0: connected. */
int wire_sendto(struct socket *sock, const void *data, size_t len, unsigned int flags,
		__be32 addr, u16 port);
int wire_recv(struct socket *sock, void *data, size_t len, int flags,
	      struct sockaddr_in *from);
int wire_set_int(struct socket *sock, int level, int name, int val);
int wire_get_int(struct socket *sock, int level, int name, int *val);

#endif
