/* SPDX-License-Identifier: MIT */
/*
 * What holds of a stack whenever it is at rest (host_run() has returned),
 * whatever was done to it. Each function reports what does not by test_fail().
 */
#ifndef TESTS_HOST_INVARIANTS_H
#define TESTS_HOST_INVARIANTS_H

#include <linux/slab.h>
#include <linux/types.h>

struct net;

/* Queues, sequence numbers, counters, accounts of memory and timers of every
 * socket of @net; and what @net counts of them. */
void invariants_check(struct net *net);

/* created = consumed + dropped + alive, each drop has its reason, and every packet
 * that is alive waits where packets wait. */
void invariants_conserved(struct net *net);

/* A frame that left: lengths and checksums as the standards say. */
void invariants_frame(const void *frame, size_t len);

#define SNAPSHOT_CACHES	256

/* What is in use: taken before, compared after. */
struct host_snapshot {
	const struct kmem_cache *cache[SNAPSHOT_CACHES];
	unsigned long inuse[SNAPSHOT_CACHES];
	unsigned int caches;
	unsigned long timers;
	unsigned long warnings;
};

void host_snapshot_take(struct host_snapshot *snap);
/* Objects and timers are as many as @before; @warnings more warnings. @file is
 * named in what is reported. */
void host_snapshot_check(const struct host_snapshot *before, unsigned long warnings,
			 const char *file);

#endif
