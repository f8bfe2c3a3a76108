/* SPDX-License-Identifier: MIT */
/* What recvmsg(MSG_ERRQUEUE) gives in a control message of IP_RECVERR. */
#ifndef UAPI_LINUX_ERRQUEUE_H
#define UAPI_LINUX_ERRQUEUE_H

#include <linux/types.h>

#define SO_EE_ORIGIN_NONE	0
#define SO_EE_ORIGIN_LOCAL	1
#define SO_EE_ORIGIN_ICMP	2
#define SO_EE_ORIGIN_ZEROCOPY	5	/* calls ee_info to ee_data: the memory is free */

/* ee_code of SO_EE_ORIGIN_ZEROCOPY: it was copied after all. */
#define SO_EE_CODE_ZEROCOPY_COPIED 1

/* The address of who sent the error follows. */
struct sock_extended_err {
	u32 ee_errno;
	u8 ee_origin;		/* SO_EE_ORIGIN_* */
	u8 ee_type;		/* ICMP type */
	u8 ee_code;		/* ICMP code */
	u8 ee_pad;
	u32 ee_info;		/* next-hop MTU; offset of a parameter problem */
	u32 ee_data;
};
static_assert(sizeof(struct sock_extended_err) == 16, "ABI");

#endif
