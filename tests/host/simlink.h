/* SPDX-License-Identifier: MIT */
/*
 * A simulated link: a cable between two namespaces, with an Ethernet device at
 * each end, on the virtual clock. Each direction has a rate, a queue in front of
 * it, a delay, and a seed from which loss, duplication, reordering and
 * corruption follow: equal seeds, equal runs.
 *
 *	side 0 --[queue][rate]--(loss, dup, corrupt)--[delay]--> side 1
 *
 * A frame crosses as bytes: the packet ends well in one namespace, and another
 * begins in the other.
 */
#ifndef TESTS_SIMLINK_H
#define TESTS_SIMLINK_H

#include <linux/types.h>

struct net;
struct net_device;
struct simlink;

/* One direction. All zero: a perfect cable. */
struct simlink_config {
	u64 delay_ns;
	u64 rate_bps;			/* bits a second; 0: infinite */
	unsigned int queue_limit;	/* frames that wait for their turn; 0: 1000 */
	/* Frames in a million that meet each fate. */
	u32 loss_ppm, duplicate_ppm, reorder_ppm, corrupt_ppm;
	u64 reorder_ns;			/* more delay for those out of order; 0: @delay_ns */
	u64 seed;
};

struct simlink_stats {
	u64 sent;			/* given to the link */
	u64 delivered;			/* duplicates included */
	u64 lost, queue_drops, duplicated, reordered, corrupted;
	u64 bytes;			/* delivered */
};

enum simlink_fate {
	SIMLINK_SENT,			/* leaves the device */
	SIMLINK_DELIVERED,		/* arrives, perhaps damaged */
	SIMLINK_LOST,
	SIMLINK_FLYING,			/* will arrive, and undamaged */
};

/* Sees every frame; @side is the sender's. */
typedef void (*simlink_tap_t)(void *ctx, int side, enum simlink_fate fate, const void *frame,
			      size_t len);

/* Devices "eth%d", registered and down. NULL on no memory. Process. */
struct simlink *simlink_create(struct net *net0, struct net *net1,
			       const struct simlink_config *from0,
			       const struct simlink_config *from1);
/* Frames on their way are gone. The devices end with their namespaces, before
 * or after. Process. */
void simlink_destroy(struct simlink *link);

/* The device of a side; NULL: its namespace is gone. */
struct net_device *simlink_dev(const struct simlink *link, int side);
/* Frames sent from here on by @side are treated so. The seed starts anew. */
void simlink_change(struct simlink *link, int side, const struct simlink_config *cfg);
const struct simlink_stats *simlink_stats(const struct simlink *link, int side);
/* Frames on their way from @side. */
unsigned int simlink_in_flight(const struct simlink *link, int side);
void simlink_set_tap(struct simlink *link, simlink_tap_t tap, void *ctx);
/* The next frames of @side that @wants says are lost, besides those by chance. */
void simlink_set_loss(struct simlink *link, int side,
		      bool (*wants)(void *ctx, const void *frame, size_t len), void *ctx);

/* A namespace with lo up. NULL on no memory. Process. */
struct net *simhost_create(void);
/* Two of them on a link: 10.0.0.1/24 and 10.0.0.2/24, up. NULL on no memory. */
struct simlink *simlink_two_hosts(struct net **host0, struct net **host1,
				  const struct simlink_config *from0,
				  const struct simlink_config *from1);

#endif
