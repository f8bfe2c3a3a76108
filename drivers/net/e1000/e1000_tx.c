// SPDX-License-Identifier: MIT
/*
 * e1000, transmit side: descriptors for a packet's pieces, the checksum context,
 * the doorbell, and reaping.
 *
 * Completions. Under an emulator a packet is gone when the doorbell's write
 * returns, so a transmit interrupt would only say what is known. Therefore the
 * doorbell is followed by a poll (a softirq, no interrupt), and only if that
 * poll finds descriptors that are not done yet does it enable TXDW.
 *
 * Order between CPU contexts: e1000_xmit_frame() runs with softirqs off and
 * reaping runs in the NET_RX softirq, so on one CPU they exclude each other;
 * netif_stop_queue() needs no second look for a reaper that came in between.
 *
 * Linux: e1000_main.c (e1000_xmit_frame, e1000_clean_tx_irq ...)
 * Read first: 3.3, 3.4 of the manual.
 * Left out: TSO (its fields are in the context descriptor), VLAN insertion.
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
	tx->next_to_use = tx->next_to_clean = tx->tail = 0;
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
	/* 13.4.33: collision threshold 15, distance 64 byte times (full duplex). */
	ew32(TCTL, E1000_TCTL_EN | E1000_TCTL_PSP | E1000_TCTL_RTLC |
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

/**
 * e1000_clean_tx_irq() - reaps what the device has sent
 * @adapter: the NIC, up
 * @budget: of the poll, for napi_consume_skb()
 *
 * Looks at the last descriptor of each packet, the only one with RS. Only
 * descriptors between next_to_clean and next_to_use are believed when they say
 * DD. Consumes their skbs; wakes the queue when there is room again.
 * Context: softirq.
 */
void e1000_clean_tx_irq(struct e1000_adapter *adapter, int budget)
{
	struct net_device *netdev = adapter->netdev;
	struct e1000_tx_ring *tx = adapter->tx;
	unsigned int i = tx->next_to_clean, eop;

	while (i != tx->next_to_use) {
		eop = tx->buffer[i].next_to_watch;
		/* 3.3.3.2: DD is written when all of the packet was fetched. */
		if (!(READ_ONCE(tx->desc[eop].upper) & cpu_to_le32(E1000_TXD_STAT_DD)))
			break;
		dma_rmb();
		for (;;) {
			e1000_unmap_tx(adapter, &tx->buffer[i]);
			if (i == eop)
				break;
			i = e1000_next(i, E1000_TXD);
		}
		e1000_tx_complete(adapter, &tx->buffer[eop], budget);
		i = e1000_next(eop, E1000_TXD);
	}
	tx->next_to_clean = (u16)i;

	if (unlikely(netif_queue_stopped(netdev)) && netif_carrier_ok(netdev) && adapter->up &&
	    e1000_desc_unused(tx->next_to_use, i, E1000_TXD) >= E1000_TX_WAKE_THRESHOLD) {
		adapter->tx_restart_queue++;
		netif_wake_queue(netdev);
	}
}

/* Tells the checksum engine where a packet's sum begins and belongs, unless it
 * knows. The caller made sure of one free descriptor. Returns the options of the
 * packet's data descriptors. 3.3.6: start and place are counted from the first
 * byte of the frame; end 0 is the end of the packet. */
static u32 e1000_tx_csum(struct e1000_adapter *adapter, const struct sk_buff *skb)
{
	struct e1000_tx_ring *tx = adapter->tx;
	u8 css = (u8)skb_checksum_start_offset(skb);
	u8 cso = (u8)(css + skb->csum_offset);
	struct e1000_context_desc *desc;
	unsigned int i = tx->next_to_use;

	if (tx->context.valid && tx->context.css == css && tx->context.cso == cso)
		return E1000_TXD_POPTS_TXSM;
	desc = (void *)&tx->desc[i];
	*desc = (struct e1000_context_desc){
		.tucss = css,
		.tucso = cso,
		.cmd_and_length = cpu_to_le32(E1000_TXD_CMD_DEXT | E1000_TXD_DTYP_C),
	};
	tx->buffer[i] = (struct e1000_tx_buffer){ .next_to_watch = (u16)i };
	tx->next_to_use = (u16)e1000_next(i, E1000_TXD);
	tx->context = (struct e1000_csum_context){ true, css, cso };
	adapter->tx_context_descs++;
	return E1000_TXD_POPTS_TXSM;
}

/* One piece of a packet as one or more descriptors. Returns the first index
 * behind them, or -ENOMEM when a part could not be mapped; *last is the last one
 * filled either way. */
static int e1000_tx_map_piece(struct e1000_adapter *adapter, unsigned int i,
			      const u8 *data, unsigned int len, bool page, u32 lower,
			      u32 upper)
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
		tx->desc[i].lower = cpu_to_le32(lower | size);
		tx->desc[i].upper = cpu_to_le32(upper);
		data += size;
		len -= size;
		i = e1000_next(i, E1000_TXD);
	}
	return (int)i;
}

/* All pieces, from next_to_use on. Returns the first index behind them or
 * -ENOMEM, and then nothing is mapped. */
static int e1000_tx_map(struct e1000_adapter *adapter, const struct sk_buff *skb,
			u32 popts)
{
	struct e1000_tx_ring *tx = adapter->tx;
	u32 lower = popts ? E1000_TXD_CMD_DEXT | E1000_TXD_DTYP_D : 0;
	unsigned int first = tx->next_to_use, f;
	int i;

	i = e1000_tx_map_piece(adapter, first, skb->data, skb_headlen(skb), false, lower,
			       popts);
	for (f = 0; i >= 0 && f < skb_shinfo(skb)->nr_frags; f++) {
		const skb_frag_t *frag = &skb_shinfo(skb)->frags[f];

		i = e1000_tx_map_piece(adapter, (unsigned int)i, skb_frag_address(frag),
				       skb_frag_size(frag), true, lower, popts);
	}
	if (likely(i >= 0))
		return i;
	/* The first one that failed has length 0. */
	for (f = first; tx->buffer[f].length; f = e1000_next(f, E1000_TXD))
		e1000_unmap_tx(adapter, &tx->buffer[f]);
	return i;
}

/* Writes the tail register: everything up to next_to_use is the device's. */
static void e1000_tx_doorbell(struct e1000_adapter *adapter)
{
	struct e1000_tx_ring *tx = adapter->tx;

	if (tx->tail == tx->next_to_use)
		return;
	tx->tail = tx->next_to_use;
	/* Descriptors before the tail that hands them over. 3.4 */
	dma_wmb();
	ew32(TDT, tx->tail);
	/* Reap soon; a poll that is scheduled already does it as well: it reaps
	 * after it has received. */
	if (!napi_is_scheduled(&adapter->napi))
		napi_schedule(&adapter->napi);
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
	if (!more)
		e1000_tx_doorbell(adapter);
	return NETDEV_TX_OK;
}

/* The checksum fields are one byte each in the context descriptor. */
static bool e1000_csum_fits(const struct sk_buff *skb)
{
	int start = skb_checksum_start_offset(skb);

	return start >= 0 && start + skb->csum_offset <= U8_MAX;
}

/**
 * e1000_xmit_frame() - puts a packet into the transmit ring (ndo_start_xmit)
 * @skb: Ethernet header first; linear or with frags, no frag_list
 * @netdev: the interface
 *
 * Consumes @skb unless it returns NETDEV_TX_BUSY. With skb->xmit_more the
 * doorbell waits for the next packet. Stops the queue when another packet might
 * not fit. Context: softirqs off.
 * Return: NETDEV_TX_OK, or NETDEV_TX_BUSY: no room now.
 */
netdev_tx_t e1000_xmit_frame(struct sk_buff *skb, struct net_device *netdev)
{
	struct e1000_adapter *adapter = netdev_priv(netdev);
	struct e1000_tx_ring *tx = adapter->tx;
	unsigned int first, last;
	u32 popts = 0;
	int end;

	trace_skb(skb);
	/* 3.3.3.1: frames under 17 bytes are not padded by the device. */
	if (unlikely(skb->len < 17) && eth_skb_pad(skb))
		return NETDEV_TX_OK;
	if (unlikely(e1000_desc_unused(tx->next_to_use, tx->next_to_clean, E1000_TXD) <
		     e1000_tx_count(skb))) {
		if (e1000_tx_count(skb) >= E1000_TXD)
			return e1000_tx_drop(adapter, skb, SKB_DROP_REASON_PKT_TOO_BIG);
		adapter->tx_busy++;
		netif_stop_queue(netdev);
		e1000_tx_doorbell(adapter);
		return NETDEV_TX_BUSY;
	}

	first = tx->next_to_use;
	if (skb->ip_summed == CHECKSUM_PARTIAL) {
		if (e1000_csum_fits(skb))
			popts = e1000_tx_csum(adapter, skb);
		else if (skb_checksum_help(skb))
			return e1000_tx_drop(adapter, skb, SKB_DROP_REASON_DEV_TX_ERROR);
	}
	end = e1000_tx_map(adapter, skb, popts);
	if (unlikely(end < 0)) {
		/* Take the context back too: it was not handed over. */
		tx->context.valid = tx->context.valid && tx->next_to_use == first;
		tx->next_to_use = (u16)first;
		return e1000_tx_drop(adapter, skb, SKB_DROP_REASON_DEV_TX_ERROR);
	}
	last = ((unsigned int)end ? (unsigned int)end : E1000_TXD) - 1;
	tx->buffer[first].next_to_watch = (u16)last;
	tx->buffer[last].skb = skb;
	tx->desc[last].lower |= cpu_to_le32(E1000_TXD_CMD_EOP | E1000_TXD_CMD_IFCS |
					    E1000_TXD_CMD_RS);
	tx->next_to_use = (u16)end;

	if (unlikely(e1000_desc_unused(tx->next_to_use, tx->next_to_clean, E1000_TXD) <
		     E1000_TX_PACKET_DESCS))
		netif_stop_queue(netdev);
	if (!skb->xmit_more || netif_queue_stopped(netdev))
		e1000_tx_doorbell(adapter);
	return NETDEV_TX_OK;
}
