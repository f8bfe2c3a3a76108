/* SPDX-License-Identifier: MIT */
/*
 * Large packets between the stack and the device: what a protocol does to have
 * its packets cut (GSO) and merged (GRO). packet_offload is found by ethertype,
 * net_offload by IP protocol (net_protocol.offload); each calls the next one up.
 *
 * Linux: include/net/gro.h, struct packet_offload in include/linux/netdevice.h
 */
#ifndef NET_GRO_H
#define NET_GRO_H

#include <linux/netdevice.h>

/* skb->cb of a packet on its way through napi_gro_receive(), or held there. */
struct napi_gro_cb {
	struct sk_buff *last;		/* of a held packet's frag_list; or NULL */
	unsigned int data_offset;	/* from skb->data: what is looked at next */
	u16 count;			/* frames that were merged into it */
	u8 same_flow;			/* held: of the flow of the packet that is looked at;
					 * that packet: it has been merged */
	u8 flush;			/* is not to be merged or held */
	u8 spent;			/* its frags have moved: nothing is left of it */
};
#define NAPI_GRO_CB(skb) ((struct napi_gro_cb *)(uintptr_t)(skb)->cb)

static inline unsigned int skb_gro_offset(const struct sk_buff *skb)
{
	return NAPI_GRO_CB(skb)->data_offset;
}

/* Bytes from the present offset on. */
static inline unsigned int skb_gro_len(const struct sk_buff *skb)
{
	return skb->len - NAPI_GRO_CB(skb)->data_offset;
}

/* @len bytes at the present offset, linear; NULL: there are not so many. */
static inline void *skb_gro_header(struct sk_buff *skb, unsigned int len)
{
	unsigned int offset = skb_gro_offset(skb);

	return pskb_may_pull(skb, offset + len) ? skb->data + offset : NULL;
}

static inline void skb_gro_pull(struct sk_buff *skb, unsigned int len)
{
	NAPI_GRO_CB(skb)->data_offset += len;
}

/*
 * gso_segment: the packet's segments, a chain by ->next without owner, headers
 * complete but for checksums (CHECKSUM_PARTIAL); or ERR_PTR. Borrows; skb->data
 * at the header of this protocol.
 *
 * gro_receive: skb_gro_offset() at the header of this protocol. Those of @held
 * (by ->next) whose same_flow this header contradicts lose it. Merges @skb into
 * the one that is left (skb_gro_receive()), or leaves it. Returns the held packet
 * that must go up now, or NULL.
 *
 * gro_complete: a merged packet's header, @nhoff bytes from skb->data, made that
 * of the whole. Context of all: softirqs off.
 */
struct packet_offload {
	__be16 type;
	struct sk_buff *(*gso_segment)(struct sk_buff *skb, netdev_features_t features);
	struct sk_buff *(*gro_receive)(struct sk_buff *held, struct sk_buff *skb);
	void (*gro_complete)(struct sk_buff *skb, int nhoff);
};

struct net_offload {
	struct sk_buff *(*gso_segment)(struct sk_buff *skb, netdev_features_t features);
	struct sk_buff *(*gro_receive)(struct sk_buff *held, struct sk_buff *skb);
	void (*gro_complete)(struct sk_buff *skb, int nhoff);
};

/* net/core/gro.c. Initcalls only; @po stays the caller's. -ENOSPC: too many. */
int dev_add_offload(const struct packet_offload *po);
const struct packet_offload *dev_find_offload(__be16 type);
/* Appends @skb from its offset on to @held; its end is dev_gro_receive()'s. 0, or
 * -E2BIG and nothing done. */
int skb_gro_receive(struct sk_buff *held, struct sk_buff *skb);

/* net/core/skb_segment.c */
struct sk_buff *skb_segment(struct sk_buff *skb, netdev_features_t features);
void skb_gso_set_owner(struct sk_buff *segs, struct sk_buff *skb);
/* net/core/gso.c: skb->data at the link-layer header; segments or ERR_PTR. Borrows. */
struct sk_buff *skb_gso_segment(struct sk_buff *skb, netdev_features_t features);

/* net/ipv4/ip_offload.c: softirqs off; skb_gro_offset() at the transport header. */
bool inet_gro_checksum_good(struct sk_buff *skb, u8 protocol);
struct sk_buff *inet_gro_lookup(struct sk_buff *held, unsigned int offset, const __be16 *ports);

/* net/ipv4/tcp_offload.c, udp_offload.c */
extern const struct net_offload tcpv4_offload, udpv4_offload;

#endif
