// SPDX-License-Identifier: MIT
/*
 * How often the e1000 may interrupt. What came between two interrupts tells what
 * the load is like:
 *
 *	a few small frames      question and answer: at once
 *	more of them            many connections: often enough
 *	large frames, many      a stream: seldom; nobody waits for a single one
 *
 * ITR holds the least time between two interrupts. A class is entered when two
 * looks in a row ask for it, so that a mixed load does not pay for a register write
 * with every poll.
 *
 * QEMU's devices keep 128 us at least, whatever ITR says, and begin that with an
 * interrupt: only what comes within it waits. They know no delay of a single cause
 * unless TIDV, RDTR and the like ask for one, so those stay 0.
 *
 * Linux: e1000_main.c (e1000_update_itr, e1000_set_itr), whose three classes these
 * are; the way from one to the next is its own there.
 * Read first: 13.4.18 of the manual; ITR counts 256 ns.
 */
#include "e1000.h"

#define E1000_ITR_VALUE(per_second) ((u32)(NSEC_PER_SEC / ((per_second) * 256ULL)))

/* Interrupts a second at most. */
static const u32 e1000_itr_values[] = {
	[E1000_ITR_LOWEST_LATENCY] = E1000_ITR_VALUE(70000),
	[E1000_ITR_LOW_LATENCY] = E1000_ITR_VALUE(20000),
	[E1000_ITR_BULK] = E1000_ITR_VALUE(4000),
};

/* What @packets of @bytes since the last interrupt look like. */
static enum e1000_itr_class e1000_itr_classify(u64 packets, u64 bytes)
{
	if (packets <= 4 && bytes <= packets * 512)
		return E1000_ITR_LOWEST_LATENCY;
	if (packets >= 16 && bytes >= packets * 1024)
		return E1000_ITR_BULK;
	return E1000_ITR_LOW_LATENCY;
}

/**
 * e1000_reset_itr() - begins with the middle class
 * @adapter: the NIC, down
 *
 * Context: process or softirq.
 */
void e1000_reset_itr(struct e1000_adapter *adapter)
{
	const struct rtnl_link_stats64 *stats = &adapter->netdev->stats;

	adapter->itr.class = adapter->itr.asked = E1000_ITR_LOW_LATENCY;
	adapter->itr.packets = stats->rx_packets;
	adapter->itr.bytes = stats->rx_bytes;
	e1000_write(adapter, adapter->itr_reg, e1000_itr_values[adapter->itr.class]);
}

/**
 * e1000_set_itr() - fits the interrupt rate to what was received
 * @adapter: the NIC, its poll is done
 *
 * Context: softirq.
 */
void e1000_set_itr(struct e1000_adapter *adapter)
{
	const struct rtnl_link_stats64 *stats = &adapter->netdev->stats;
	struct e1000_itr *itr = &adapter->itr;
	u64 packets = stats->rx_packets - itr->packets, bytes = stats->rx_bytes - itr->bytes;
	enum e1000_itr_class asked;

	if (!packets)
		return;
	itr->packets = stats->rx_packets;
	itr->bytes = stats->rx_bytes;
	asked = e1000_itr_classify(packets, bytes);
	if (asked != itr->class && asked == itr->asked) {
		itr->class = asked;
		adapter->itr_changes++;
		e1000_write(adapter, adapter->itr_reg, e1000_itr_values[asked]);
	}
	itr->asked = asked;
}
