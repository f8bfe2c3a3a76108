/* SPDX-License-Identifier: MIT */
/* What waits in a socket's error queue. Linux: include/linux/errqueue.h */
#ifndef LINUX_ERRQUEUE_H
#define LINUX_ERRQUEUE_H

#include <linux/skbuff.h>
#include <uapi/linux/errqueue.h>

/* cb of a packet in an error queue. */
struct sock_exterr_skb {
	struct sock_extended_err ee;
	u16 addr_offset;		/* of the address that failed, from the network header */
	__be16 port;
};
#define SKB_EXT_ERR(skb) ((struct sock_exterr_skb *)(void *)(skb)->cb)
static_assert(sizeof(struct sock_exterr_skb) <= sizeof_field(struct sk_buff, cb), "cb[48]");

#endif
