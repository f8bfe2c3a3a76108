// SPDX-License-Identifier: MIT
/*
 * e1000, transmit side: descriptors for a packet's pieces, the doorbell, and
 * reaping.
 *
 *	next_to_clean      batch                next_to_use
 *	v                  v                    v
 *	[ p1 p1 p2 p3 RS ][ p4 p4 p4 RS ][ p5 p6 ]
 *	  a batch: reaped as one           no RS yet: others follow (xmit_more)
 *
 * Completions. Under an emulator a packet is gone when the doorbell's write
 * returns, so a transmit interrupt would only say what is known. Therefore the
 * doorbell is followed by reaping, and only if that finds descriptors that are
 * not done yet does it schedule the poll, which looks again and enables TXDW.
 * One descriptor a batch asks to be written back: the device does them in order.
 *
 * Order between CPU contexts: e1000_xmit_frame() runs with softirqs off and
 * reaping runs in the NET_RX softirq, so on one CPU they exclude each other;
 * netif_stop_queue() needs no second look for a reaper that came in between.
 *
 * Linux: e1000_main.c (e1000_xmit_frame, e1000_clean_tx_irq ...)
 * Read first: 3.3, 3.4 of the manual.
 * Left out: VLAN insertion; the 82544's and the 82571's errata.
 */
#include <linux/barrier.h>
#include <linux/byteorder.h>
#include <linux/dma-mapping.h>
#include <linux/errno.h>
#include <linux/etherdevice.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/trace.h>

#include "e1000.h"

#define E1000_TX_RING_BYTES (E1000_TXD * sizeof(struct e1000_tx_desc))

/**
 * e1000_setup_tx_resources() - memory for the transmit ring
 * @adapter: the NIC
 *
 * Context: process. Return: 0 or -ENOMEM.
 */
int e1000_setup_tx_resources(struct e1000_adapter *adapter)
{
	struct e1000_tx_ring *tx = kzalloc(sizeof(*tx), GFP_KERNEL);

	if (!tx)
		return -ENOMEM;
	tx->desc = dma_alloc_coherent(&adapter->pdev->dev, E1000_TX_RING_BYTES, &tx->dma,
				      GFP_KERNEL);
	if (!tx->desc) {
		kfree(tx);
		return -ENOMEM;
	}
	adapter->tx = tx;
	return 0;
}

/**
 * e1000_free_tx_resources() - gives the transmit ring back
 * @adapter: the NIC; its ring is clean
 *
 * Context: process.
 */
void e1000_free_tx_resources(struct e1000_adapter *adapter)
{
	struct e1000_tx_ring *tx = adapter->tx;

	dma_free_coherent(&adapter->pdev->dev, E1000_TX_RING_BYTES, tx->desc, tx->dma);
	kfree(tx);
	adapter->tx = NULL;
}

/**
 * e1000_configure_tx() - tells the device where the empty ring is and starts it
 * @adapter: the NIC, reset
 *
 * 14.5. Context: process or softirq.
 */
void e1000_configure_tx(struct e1000_adapter *adapter)
{
	struct e1000_tx_ring *tx = adapter->tx;

	memset(tx->desc, 0, E1000_TX_RING_BYTES);
	tx->next_to_use = tx->next_to_clean = tx->tail = tx->batch = 0;
	tx->in_poll = false;
	tx->context.valid = false;
	ew32(TDBAL, lower_32_bits(tx->dma));
	ew32(TDBAH, upper_32_bits(tx->dma));
	ew32(TDLEN, E1000_TX_RING_BYTES);
	ew32(TDH, 0);
	ew32(TDT, 0);
	ew32(TIDV, 0);
	ew32(TADV, 0);
	/* 13.4.34: gaps for copper, IPGT 8, IPGR1 8, IPGR2 6. */
	ew32(TIPG, 8 | 8 << 10 | 6 << 20);
	if (adapter->info->txdctl)
		ew32(TXDCTL, adapter->info->txdctl);
	/* 13.4.33: collision threshold 15, distance 64 byte times (full duplex). */
	ew32(TCTL, adapter->info->tctl | E1000_TCTL_EN | E1000_TCTL_PSP | E1000_TCTL_RTLC |
		   15 << E1000_TCTL_CT_SHIFT | 64 << E1000_TCTL_COLD_SHIFT);
}

static void e1000_unmap_tx(struct e1000_adapter *adapter, struct e1000_tx_buffer *buf)
{
	struct device *dev = &adapter->pdev->dev;

	if (buf->length) {
		if (buf->mapped_as_page)
			dma_unmap_page(dev, buf->dma, buf->length, DMA_TO_DEVICE);
		else
			dma_unmap_single(dev, buf->dma, buf->length, DMA_TO_DEVICE);
	}
	buf->length = 0;
}

/**
 * e1000_clean_tx_ring() - drops everything in the transmit ring
 * @adapter: the NIC, reset: it does not look at the ring any more
 *
 * Frees its skbs with DEV_RESET: nobody knows whether they were sent.
 * Context: process or softirq.
 */
void e1000_clean_tx_ring(struct e1000_adapter *adapter)
{
	struct e1000_tx_ring *tx = adapter->tx;

	while (tx->next_to_clean != tx->next_to_use) {
		struct e1000_tx_buffer *buf = &tx->buffer[tx->next_to_clean];

		e1000_unmap_tx(adapter, buf);
		if (buf->skb) {
			adapter->netdev->stats.tx_dropped++;
			dev_kfree_skb_any(buf->skb, SKB_DROP_REASON_DEV_RESET);
			buf->skb = NULL;
		}
		tx->next_to_clean = (u16)e1000_next(tx->next_to_clean, E1000_TXD);
	}
}

/* The packet that ends at the current descriptor is sent. */
static void e1000_tx_complete(struct e1000_adapter *adapter, struct e1000_tx_buffer *buf,
			      int budget)
{
	struct rtnl_link_stats64 *stats = &adapter->netdev->stats;

	stats->tx_packets++;
	stats->tx_bytes += buf->skb->len;
	napi_consume_skb(buf->skb, budget);
	buf->skb = NULL;
}

/* The batch from @i to @last is done. */
static void e1000_tx_reap_batch(struct e1000_adapter *adapter, unsigned int i,
				unsigned int last, int budget)
{
	struct e1000_tx_ring *tx = adapter->tx;

	for (;; i = e1000_next(i, E1000_TXD)) {
		e1000_unmap_tx(adapter, &tx->buffer[i]);
		if (tx->buffer[i].skb)
			e1000_tx_complete(adapter, &tx->buffer[i], budget);
		if (i == last)
			break;
	}
}

/**
 * e1000_clean_tx_irq() - reaps what the device has sent
 * @adapter: the NIC, up
 * @budget: of the poll, for napi_consume_skb(); 0 outside of it
 *
 * Looks at the last descriptor of each batch, the only one with RS. Only
 * descriptors of closed batches are believed when they say DD. Consumes their
 * skbs; wakes the queue when there is room again.
 * Context: softirqs off.
 */
void e1000_clean_tx_irq(struct e1000_adapter *adapter, int budget)
{
	struct net_device *netdev = adapter->netdev;
	struct e1000_tx_ring *tx = adapter->tx;

	while (tx->next_to_clean != tx->batch) {
		unsigned int first = tx->next_to_clean;
		unsigned int last = tx->buffer[first].next_to_watch;

		/* 3.3.3.2: DD is written when all of the packet was fetched. */
		if (!(READ_ONCE(tx->desc[last].upper) & cpu_to_le32(E1000_TXD_STAT_DD)))
			break;
		dma_rmb();
		tx->next_to_clean = (u16)e1000_next(last, E1000_TXD);
		e1000_tx_reap_batch(adapter, first, last, budget);
	}

	if (unlikely(netif_queue_stopped(netdev)) && netif_carrier_ok(netdev) && adapter->up &&
	    e1000_desc_unused(tx->next_to_use, tx->next_to_clean, E1000_TXD) >=
		    E1000_TX_WAKE_THRESHOLD) {
		adapter->tx_restart_queue++;
		netif_wake_queue(netdev);
	}
}

/* One piece of a packet as one or more descriptors. Returns the first index
 * behind them, or -ENOMEM when a part could not be mapped: that one has length 0. */
static int e1000_tx_map_piece(struct e1000_adapter *adapter, unsigned int i,
			      const u8 *data, unsigned int len, bool page,
			      const struct e1000_tx_cmd *cmd)
{
	struct device *dev = &adapter->pdev->dev;
	struct e1000_tx_ring *tx = adapter->tx;

	while (len) {
		unsigned int size = min(len, E1000_MAX_DATA_PER_TXD);
		struct e1000_tx_buffer *buf = &tx->buffer[i];

		buf->dma = page ? dma_map_page(dev, data, 0, size, DMA_TO_DEVICE) :
				  dma_map_single(dev, data, size, DMA_TO_DEVICE);
		if (unlikely(dma_mapping_error(dev, buf->dma))) {
			buf->length = 0;
			return -ENOMEM;
		}
		buf->length = (u16)size;
		buf->mapped_as_page = page;
		buf->skb = NULL;
		tx->desc[i].buffer_addr = cpu_to_le64(buf->dma);
		tx->desc[i].lower = cpu_to_le32(cmd->lower | size);
		tx->desc[i].upper = cpu_to_le32(cmd->upper);
		data += size;
		len -= size;
		i = e1000_next(i, E1000_TXD);
	}
	return (int)i;
}

/* All pieces, from next_to_use on. Returns the first index behind them or
 * -ENOMEM, and then nothing is mapped. */
static int e1000_tx_map(struct e1000_adapter *adapter, const struct sk_buff *skb,
			const struct e1000_tx_cmd *cmd)
{
	struct e1000_tx_ring *tx = adapter->tx;
	unsigned int first = tx->next_to_use, f;
	int i;

	i = e1000_tx_map_piece(adapter, first, skb->data, skb_headlen(skb), false, cmd);
	for (f = 0; i >= 0 && f < skb_shinfo(skb)->nr_frags; f++) {
		const skb_frag_t *frag = &skb_shinfo(skb)->frags[f];

		i = e1000_tx_map_piece(adapter, (unsigned int)i, skb_frag_address(frag),
				       skb_frag_size(frag), true, cmd);
	}
	if (likely(i >= 0))
		return i;
	/* The first one that failed has length 0. */
	for (f = first; tx->buffer[f].length; f = e1000_next(f, E1000_TXD))
		e1000_unmap_tx(adapter, &tx->buffer[f]);
	return i;
}

/* What is filled so far reports as one, at its last descriptor. */
static void e1000_tx_close_batch(struct e1000_tx_ring *tx)
{
	unsigned int last = (tx->next_to_use ? tx->next_to_use : E1000_TXD) - 1U;

	if (tx->batch == tx->next_to_use)
		return;
	tx->desc[last].lower |= cpu_to_le32(E1000_TXD_CMD_RS);
	tx->buffer[tx->batch].next_to_watch = (u16)last;
	tx->batch = tx->next_to_use;
}

/**
 * e1000_tx_hand_over() - writes the tail register
 * @adapter: the NIC, up
 *
 * Everything up to next_to_use is the device's. Context: softirqs off.
 */
void e1000_tx_hand_over(struct e1000_adapter *adapter)
{
	struct e1000_tx_ring *tx = adapter->tx;

	if (tx->tail == tx->next_to_use)
		return;
	e1000_tx_close_batch(tx);
	tx->tail = tx->next_to_use;
	/* Descriptors before the tail that hands them over. 3.4 */
	dma_wmb();
	ew32(TDT, tx->tail);
}

/* Hands over and reaps, or has it done soon: a poll that is scheduled does it after
 * it has received. */
static void e1000_tx_doorbell(struct e1000_adapter *adapter)
{
	if (adapter->tx->tail == adapter->tx->next_to_use)
		return;
	e1000_tx_hand_over(adapter);
	e1000_clean_tx_irq(adapter, 0);
	if (unlikely(e1000_tx_pending(adapter)) && !napi_is_scheduled(&adapter->napi))
		napi_schedule(&adapter->napi);
}

/** e1000_xmit_flush() - rings for packets handed over with xmit_more (ndo_xmit_flush) */
void e1000_xmit_flush(struct net_device *netdev)
{
	e1000_tx_doorbell(netdev_priv(netdev));
}

/* Descriptors that @skb takes at most, its context included. */
static unsigned int e1000_tx_count(const struct sk_buff *skb)
{
	unsigned int count = 1, f;

	count += DIV_ROUND_UP(skb_headlen(skb), E1000_MAX_DATA_PER_TXD);
	for (f = 0; f < skb_shinfo(skb)->nr_frags; f++)
		count += DIV_ROUND_UP(skb_frag_size(&skb_shinfo(skb)->frags[f]),
				      E1000_MAX_DATA_PER_TXD);
	return count;
}

/* The packet cannot be sent. Packets before it that wait for their doorbell
 * under xmit_more get it when no other follows. Consumes. */
static netdev_tx_t e1000_tx_drop(struct e1000_adapter *adapter, struct sk_buff *skb,
				 enum skb_drop_reason reason)
{
	bool more = skb->xmit_more;

	adapter->netdev->stats.tx_dropped++;
	dev_kfree_skb_any(skb, reason);
	if (!more && !adapter->tx->in_poll)
		e1000_tx_doorbell(adapter);
	return NETDEV_TX_OK;
}

/* Room for another packet, of any kind? If not the device is told of what there
 * is, and when it does not take it at once the queue stops. */
static void e1000_tx_stop_if_full(struct e1000_adapter *adapter)
{
	const struct e1000_tx_ring *tx = adapter->tx;

	if (likely(e1000_desc_unused(tx->next_to_use, tx->next_to_clean, E1000_TXD) >=
		   E1000_TX_PACKET_DESCS))
		return;
	e1000_tx_doorbell(adapter);
	if (e1000_desc_unused(tx->next_to_use, tx->next_to_clean, E1000_TXD) <
	    E1000_TX_PACKET_DESCS)
		netif_stop_queue(adapter->netdev);
}

/* Descriptors for @skb from next_to_use on: context, pieces. 0, or -errno and
 * nothing has changed. */
static int e1000_tx_queue(struct e1000_adapter *adapter, struct sk_buff *skb)
{
	struct e1000_tx_ring *tx = adapter->tx;
	const struct e1000_csum_context context = tx->context;
	const u16 first = tx->next_to_use;
	struct e1000_tx_cmd cmd;
	unsigned int last;
	int end;

	end = e1000_tx_offload(adapter, skb, &cmd);
	if (likely(!end))
		end = e1000_tx_map(adapter, skb, &cmd);
	if (unlikely(end < 0)) {
		/* The context was not handed over. */
		tx->context = context;
		tx->next_to_use = first;
		return end;
	}
	last = ((unsigned int)end ? (unsigned int)end : E1000_TXD) - 1;
	tx->buffer[last].skb = skb;
	tx->desc[last].lower |= cpu_to_le32(E1000_TXD_CMD_EOP | E1000_TXD_CMD_IFCS);
	tx->next_to_use = (u16)end;
	return 0;
}

/**
 * e1000_xmit_frame() - puts a packet into the transmit ring (ndo_start_xmit)
 * @skb: Ethernet header first; linear or with frags, no frag_list; GSO as
 *	the features say
 * @netdev: the interface
 *
 * Consumes @skb unless it returns NETDEV_TX_BUSY. With skb->xmit_more the
 * doorbell waits for the next packet, within our poll for its end. Stops the queue
 * when another packet might not fit. Context: softirqs off.
 * Return: NETDEV_TX_OK, or NETDEV_TX_BUSY: no room now.
 */
netdev_tx_t e1000_xmit_frame(struct sk_buff *skb, struct net_device *netdev)
{
	struct e1000_adapter *adapter = netdev_priv(netdev);
	struct e1000_tx_ring *tx = adapter->tx;
	bool more = skb->xmit_more;
	unsigned int count;

	trace_skb(skb);
	/* 3.3.3.1: frames under 17 bytes are not padded by the device. */
	if (unlikely(skb->len < 17) && eth_skb_pad(skb))
		return NETDEV_TX_OK;
	count = e1000_tx_count(skb);
	if (unlikely(count > e1000_desc_unused(tx->next_to_use, tx->next_to_clean, E1000_TXD))) {
		if (count >= E1000_TXD)
			return e1000_tx_drop(adapter, skb, SKB_DROP_REASON_PKT_TOO_BIG);
		adapter->tx_busy++;
		netif_stop_queue(netdev);
		e1000_tx_doorbell(adapter);
		return NETDEV_TX_BUSY;
	}
	if (unlikely(e1000_tx_queue(adapter, skb)))
		return e1000_tx_drop(adapter, skb, SKB_DROP_REASON_DEV_TX_ERROR);
	/* From here on the packet may be gone at any doorbell. */
	e1000_tx_stop_if_full(adapter);
	if ((!more && !tx->in_poll) || netif_queue_stopped(netdev))
		e1000_tx_doorbell(adapter);
	else if ((tx->next_to_use + E1000_TXD - tx->batch) % E1000_TXD >= E1000_TX_BATCH_DESCS)
		e1000_tx_close_batch(tx);
	return NETDEV_TX_OK;
}
