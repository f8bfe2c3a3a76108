/* SPDX-License-Identifier: MIT */
/*
 * An Ethernet device whose wire is a callback, with the features that an input
 * chooses: it gathers and sums (NETIF_F_SG, NETIF_F_HW_CSUM), so that memory is sent
 * by reference, and its frames are merged (NETIF_F_GRO) until card_poll_ends().
 */
#ifndef TESTS_FUZZ_CARD_H
#define TESTS_FUZZ_CARD_H

#include <linux/netdevice.h>
#include <linux/types.h>

struct net;

struct card_config {
	unsigned int mtu;	/* bytes of IP packet */
	u8 mac[6];
	netdev_features_t features;
	/* A frame leaves, Ethernet header first. */
	void (*output)(void *ctx, const void *frame, size_t len);
	void *ctx;
};

/* "eth%d" in @net, registered and down. Process. */
struct net_device *card_create(struct net *net, const struct card_config *cfg);
/* A frame arrives. Process. */
void card_input(struct net_device *dev, const void *frame, size_t len);
/* The same, from output: it waits in the backlog, and is not merged. Any context. */
void card_answer(struct net_device *dev, const void *frame, size_t len);
/* What was merged goes up. Process. */
void card_poll_ends(struct net_device *dev);
/* Before its namespace ends: what leaves goes nowhere. Process. */
void card_mute(struct net_device *dev);

#endif
