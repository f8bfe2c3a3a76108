/* SPDX-License-Identifier: MIT */
/* What icmp.c and icmp_input.c share. */
#ifndef NET_IPV4_ICMP_INTERNAL_H
#define NET_IPV4_ICMP_INTERNAL_H

#include <net/icmp.h>

/* Does a message of this type report an error? None is sent about it. */
bool icmp_type_is_error(u8 type);

/* Answers @skb: @hdr (its checksum aside), then @head_len - 8 bytes behind it in
 * @hdr's buffer, then @skb's data from @offset on. Borrows. */
struct icmp_bxm {
	struct sk_buff *skb;
	unsigned int offset;	/* from skb->data */
	unsigned int data_len;	/* bytes copied from there */
	unsigned int head_len;	/* bytes of head */
	struct {
		struct icmphdr icmph;
		__be32 times[3];
	} head;
};

void icmp_reply(struct icmp_bxm *bxm, struct sk_buff *skb);

#endif
