/* SPDX-License-Identifier: MIT */
/*
 * What the tests of both NIC drivers need: numbered frames in both directions,
 * counted and checked byte by byte where they come out.
 */
#ifndef TESTS_UNIT_DRIVERS_NIC_H
#define TESTS_UNIT_DRIVERS_NIC_H

#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <net/net_namespace.h>

#include "../test.h"

#define NIC_ETHERTYPE	0x88b5		/* for local experiments (IEEE 802) */
#define NIC_MIN		(ETH_HLEN + 8)	/* shortest numbered frame */

#define NIC_HOLD	1024

struct nic {
	struct net_device *dev;
	struct packet_type pt;
	/* Frames of ours that came up. */
	u32 rx_seq;			/* the next one's number */
	u64 rx_count, rx_bad;
	u8 rx_ip_summed;		/* of the last one */
	unsigned int rx_frags, rx_len;
	void (*on_rx)(struct nic *nic);	/* called for each, in softirq */
	bool hold;			/* keep them: a reader that is slow */
	struct sk_buff *held[NIC_HOLD];
	unsigned int held_count;
	/* Frames of ours that left. */
	u32 tx_seq, wire_seq;		/* next to send; next on the wire */
	u64 wire_count, wire_bad;
	unsigned int wire_len;
	u8 wire[2048];			/* the last one, its beginning */
	void *fake;
};

/* The interface of a driver, or NULL; and taking part in its traffic. */
struct net_device *nic_find(const char *driver);
void nic_begin(struct nic *nic, const char *driver, void *fake);
void nic_end(struct nic *nic);

/* Frame number @seq of @len bytes: to @dst (NULL: broadcast). */
void nic_fill(u8 *frame, u32 seq, unsigned int len, const u8 *dst);
/* A packet to send; with @frags pieces in pages. */
struct sk_buff *nic_skb(struct nic *nic, u32 seq, unsigned int len, unsigned int frags);
/* Sends the next @n frames of @len bytes through the queue discipline. */
void nic_send(struct nic *nic, unsigned int n, unsigned int len);
/* Looks once more at the frames that were kept, and lets them go. */
void nic_release(struct nic *nic);
/* The fake's on_tx; ctx is the struct nic. */
void nic_on_tx(void *ctx, const u8 *frame, unsigned int len);

/* Nothing of the device is mapped any more. */
void nic_expect_dma_clean(const struct device *dev);

#endif
