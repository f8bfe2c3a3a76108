/* SPDX-License-Identifier: MIT */
/* The Ethernet interface of the hosted library: frames out by a callback. */
#ifndef TESTS_HOSTED_DEV_H
#define TESTS_HOSTED_DEV_H

#include <linux/types.h>

struct net;
struct net_device;

struct hosted_dev_config {
	unsigned int mtu;	/* bytes of IP packet */
	u8 mac[6];
	/* A frame leaves, Ethernet header first. */
	void (*output)(void *ctx, const void *frame, size_t len);
	void *ctx;
};

/* "eth%d" in @net, registered and down; NULL on no memory. Process. */
struct net_device *hosted_dev_create(struct net *net, const struct hosted_dev_config *cfg);
/* A frame arrives. Process or softirq. */
void hosted_dev_input(struct net_device *dev, const void *frame, size_t len);
/* From here on frames that leave go nowhere. */
void hosted_dev_mute(struct net_device *dev);

#endif
