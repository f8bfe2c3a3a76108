// SPDX-License-Identifier: MIT
/*
 * What the e1000 driver tells of itself.
 *
 * Linux: drivers/net/ethernet/intel/e1000/e1000_ethtool.c, of which there are only
 * the counters.
 */
#include <linux/kernel.h>

#include "e1000.h"

static size_t e1000_dump_rings(struct e1000_adapter *adapter, char *buf, size_t size)
{
	const struct e1000_tx_ring *tx = adapter->tx;
	const struct e1000_rx_ring *rx = adapter->rx;

	if (!adapter->up)
		return (size_t)scnprintf(buf, size, "down\n");
	return (size_t)scnprintf(buf, size,
		"tx ring: size %u clean %u use %u head %u tail %u%s\n"
		"rx ring: size %u clean %u use %u head %u tail %u\n",
		E1000_TXD, tx->next_to_clean, tx->next_to_use, er32(TDH), tx->tail,
		netif_queue_stopped(adapter->netdev) ? " stopped" : "",
		E1000_RXD, rx->next_to_clean, rx->next_to_use, er32(RDH), er32(RDT));
}

/**
 * e1000_dump() - counters, and the state of the rings, as text (ndo_dump)
 * @netdev: the interface, up or down
 * @buf: receives it
 * @size: bytes of @buf, at least 1
 *
 * The names are those of Linux's ethtool -S where it has them.
 * Context: process. Return: characters, less than @size.
 */
size_t e1000_dump(struct net_device *netdev, char *buf, size_t size)
{
	struct e1000_adapter *adapter = netdev_priv(netdev);
	size_t n;

	if (adapter->up)
		e1000_update_stats(adapter);
	n = (size_t)scnprintf(buf, size,
		"interrupts %llu\npolls %llu\nitr_class %u\nitr_changes %llu\n"
		"mmio_reads %llu\nmmio_writes %llu\n"
		"tx_restart_queue %llu\ntx_busy %llu\ntx_context_descs %llu\n"
		"tx_tcp_seg_good %llu\ntx_timeout_count %llu\nrx_csum_offload_good %llu\n"
		"rx_csum_offload_errors %llu\nrx_copied %llu\n"
		"rx_recycled %llu\nalloc_rx_buff_failed %llu\nrx_long_length_errors %llu\n",
		(unsigned long long)adapter->interrupts, (unsigned long long)adapter->polls,
		adapter->itr.class, (unsigned long long)adapter->itr_changes,
		(unsigned long long)adapter->mmio_reads,
		(unsigned long long)adapter->mmio_writes,
		(unsigned long long)adapter->tx_restart_queue,
		(unsigned long long)adapter->tx_busy,
		(unsigned long long)adapter->tx_context_descs,
		(unsigned long long)adapter->tx_tso,
		(unsigned long long)adapter->tx_timeouts,
		(unsigned long long)adapter->rx_csum_good,
		(unsigned long long)adapter->rx_csum_err,
		(unsigned long long)adapter->rx_copied,
		(unsigned long long)adapter->rx_recycled,
		(unsigned long long)adapter->alloc_rx_buff_failed,
		(unsigned long long)adapter->rx_long_frames);
	return n + e1000_dump_rings(adapter, buf + n, size - n);
}
