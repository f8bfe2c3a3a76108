/* SPDX-License-Identifier: MIT */
/*
 * An Ethernet device without hardware: what is sent lies in a queue for the test
 * to look at, what is received the test makes itself.
 */
#ifndef TESTS_UNIT_NET_FAKE_NETDEV_H
#define TESTS_UNIT_NET_FAKE_NETDEV_H

#include <linux/etherdevice.h>
#include <linux/netdevice.h>

struct fake_netdev {
	struct sk_buff_head sent;	/* in order */
	bool busy;			/* answer NETDEV_TX_BUSY */
	unsigned int room;		/* packets until the queue is stopped; 0: no limit */
	unsigned int refused;		/* answers NETDEV_TX_BUSY */
	unsigned int doorbells;		/* last packets of a batch, and flushes */
	unsigned int timeouts;		/* calls of ndo_tx_timeout */
	unsigned int opened, stopped, rx_modes;
};

/* Registered in @net as "<prefix>%d" and open. NULL: the test has failed. */
struct net_device *fake_netdev_create(struct net *net, netdev_features_t features);
/* Everything back; what was sent arrived. */
void fake_netdev_destroy(struct net_device *dev);

static inline struct fake_netdev *fake_netdev(const struct net_device *dev)
{
	return netdev_priv(dev);
}

/* From now on its doorbell may wait (ndo_xmit_flush). */
void fake_netdev_defer(struct net_device *dev);

/* What was sent first, with its reference, or NULL. */
struct sk_buff *fake_netdev_pop(struct net_device *dev);
/* All that was sent arrived. How many. */
unsigned int fake_netdev_drain(struct net_device *dev);

/* A packet for the device to send: Ethernet header and @len bytes 0, 1, 2 … */
struct sk_buff *fake_packet(struct net_device *dev, unsigned int len, u32 priority);
/* A frame for the stack to receive, as a driver makes it: data at the Ethernet
 * header. @dest NULL: the device's own address. */
struct sk_buff *fake_frame(struct net_device *dev, const u8 *dest, u16 type, unsigned int len);
/* The same, on its way up. */
int fake_receive(struct net_device *dev, const u8 *dest, u16 type, unsigned int len);

/* An ethertype for local experiments (IEEE 802a): nobody takes it but the test. */
#define ETH_P_TEST 0x88b5

#endif
