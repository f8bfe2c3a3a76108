/* SPDX-License-Identifier: MIT */
/*
 * What an algorithm of congestion control says of itself (TCP_CC_INFO); byte for
 * byte Linux's.
 */
#ifndef UAPI_LINUX_INET_DIAG_H
#define UAPI_LINUX_INET_DIAG_H

#include <linux/types.h>

#define INET_DIAG_NONE		0
#define INET_DIAG_BBRINFO	16

struct tcp_bbr_info {
	u32 bbr_bw_lo, bbr_bw_hi;	/* estimate of the bottleneck, bytes a second */
	u32 bbr_min_rtt;		/* of the filter, us */
	u32 bbr_pacing_gain;		/* << 8 */
	u32 bbr_cwnd_gain;		/* << 8 */
};

union tcp_cc_info {
	struct tcp_bbr_info bbr;
};
static_assert(sizeof(union tcp_cc_info) == 20, "ABI");

#endif
