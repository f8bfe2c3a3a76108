/* SPDX-License-Identifier: MIT */
/*
 * struct flowi4: the key of a route lookup. Also what a socket remembers of
 * the flow it sends (inet_cork.fl).
 *
 * Linux: include/net/flow.h
 */
#ifndef NET_FLOW_H
#define NET_FLOW_H

#include <linux/types.h>

#define FLOWI_FLAG_ANYSRC		0x01	/* saddr need not be ours */
#define FLOWI_FLAG_KNOWN_NH		0x02

struct flowi4 {
	int flowi4_oif;			/* ifindex to leave by; 0: any */
	int flowi4_iif;			/* ifindex it arrived on; 0: ours */
	u32 flowi4_mark;
	u8 flowi4_tos;
	u8 flowi4_scope;		/* RT_SCOPE_*: how far it may go */
	u8 flowi4_proto;		/* IPPROTO_* */
	u8 flowi4_flags;		/* FLOWI_FLAG_* */
	__be32 saddr;
	__be32 daddr;
	union {
		struct {
			__be16 sport;
			__be16 dport;
		} ports;
		struct {
			u8 type;
			u8 code;
		} icmpt;
	} uli;
};
#define fl4_sport	uli.ports.sport
#define fl4_dport	uli.ports.dport
#define fl4_icmp_type	uli.icmpt.type
#define fl4_icmp_code	uli.icmpt.code

/* What icsk_af_ops->queue_xmit() and inet_cork carry, whatever the family. */
struct flowi {
	union {
		struct flowi4 ip4;
	} u;
};

static inline struct flowi *flowi4_to_flowi(struct flowi4 *fl4)
{
	return (struct flowi *)fl4;
}

static inline void flowi4_init_output(struct flowi4 *fl4, int oif, u32 mark, u8 tos,
				      u8 scope, u8 proto, u8 flags, __be32 daddr,
				      __be32 saddr, __be16 dport, __be16 sport)
{
	*fl4 = (struct flowi4){ .flowi4_oif = oif, .flowi4_mark = mark,
		.flowi4_tos = tos, .flowi4_scope = scope, .flowi4_proto = proto,
		.flowi4_flags = flags, .daddr = daddr, .saddr = saddr,
		.uli.ports = { .sport = sport, .dport = dport } };
}

#endif
