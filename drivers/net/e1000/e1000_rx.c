// SPDX-License-Identifier: MIT
/*
 * e1000, receive side: buffers for the device, frames out of them.
 *
 * Of a large frame the headers are copied and the rest stays where the device
 * wrote it, as a frag: so GRO and the receive queue merge frames without moving
 * them. A small one (an ACK is 60 bytes) is copied as a whole and the buffer stays
 * in the ring: the copy is cheaper than a new buffer, and a queue of small packets
 * does not pin two kilobytes for each.
 *
 *	buffer[] ──frame──> stack          the driver keeps a reference to the page,
 *	   ^                  │            and its mapping
 *	   └── gone[] <───────┘            free when that reference is the last one
 *
 * Pages come back in the order in which they went up, roughly: only the oldest is
 * looked at. While a reader is slow, others are allocated.
 *
 * Linux: e1000_main.c (e1000_clean_rx_irq, e1000_alloc_rx_buffers ...)
 * Read first: 3.2 of the manual.
 * Left out: frames over 1522 bytes (LPE), VLAN stripping.
 */
#include <linux/barrier.h>
#include <linux/byteorder.h>
#include <linux/dma-mapping.h>
#include <linux/errno.h>
#include <linux/etherdevice.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "e1000.h"

#define E1000_RX_RING_BYTES (E1000_RXD * sizeof(struct e1000_rx_desc))

/**
 * e1000_setup_rx_resources() - memory for the receive ring, without buffers
 * @adapter: the NIC
 *
 * Context: process. Return: 0 or -ENOMEM.
 */
int e1000_setup_rx_resources(struct e1000_adapter *adapter)
{
	struct e1000_rx_ring *rx = kzalloc(sizeof(*rx), GFP_KERNEL);

	if (!rx)
		return -ENOMEM;
	rx->desc = dma_alloc_coherent(&adapter->pdev->dev, E1000_RX_RING_BYTES, &rx->dma,
				      GFP_KERNEL);
	if (!rx->desc) {
		kfree(rx);
		return -ENOMEM;
	}
	adapter->rx = rx;
	return 0;
}

/**
 * e1000_free_rx_resources() - gives the receive ring back
 * @adapter: the NIC; its ring is clean
 *
 * Context: process.
 */
void e1000_free_rx_resources(struct e1000_adapter *adapter)
{
	struct e1000_rx_ring *rx = adapter->rx;

	dma_free_coherent(&adapter->pdev->dev, E1000_RX_RING_BYTES, rx->desc, rx->dma);
	kfree(rx);
	adapter->rx = NULL;
}

/**
 * e1000_configure_rx() - tells the device where the ring is, fills and starts it
 * @adapter: the NIC, reset
 *
 * 14.4. Buffers are there before RCTL.EN; RCTL is written once (see
 * e1000_set_rx_mode_hw()). Context: process or softirq.
 */
void e1000_configure_rx(struct e1000_adapter *adapter)
{
	struct e1000_rx_ring *rx = adapter->rx;
	unsigned int i;

	memset(rx->desc, 0, E1000_RX_RING_BYTES);
	rx->next_to_use = rx->next_to_clean = 0;
	rx->discarding = false;
	for (i = 0; i < E1000_MTA_WORDS; i++)
		ew32(MTA + 4 * i, 0);
	memset(adapter->mta, 0, sizeof(adapter->mta));
	ew32(RDTR, 0);
	ew32(RADV, 0);
	e1000_reset_itr(adapter);
	ew32(RDBAL, lower_32_bits(rx->dma));
	ew32(RDBAH, upper_32_bits(rx->dma));
	ew32(RDLEN, E1000_RX_RING_BYTES);
	ew32(RDH, 0);
	ew32(RDT, 0);
	if (adapter->info->rfctl)
		ew32(RFCTL, adapter->info->rfctl);
	ew32(RXCSUM, E1000_RXCSUM_TUOFL | E1000_RXCSUM_IPOFL);
	e1000_alloc_rx_buffers(adapter);
	/* Without LPE the device discards frames over 1522 bytes, and never
	 * writes beyond BSIZE. */
	adapter->rctl = 0;
	e1000_set_rx_mode_hw(adapter);
	adapter->rctl |= E1000_RCTL_EN | E1000_RCTL_BAM | E1000_RCTL_BSIZE_2048 |
			 E1000_RCTL_SECRC | E1000_RCTL_RDMTS_HALF | E1000_RCTL_MO_36;
	ew32(RCTL, adapter->rctl);
}

static void e1000_rx_release(struct e1000_adapter *adapter, struct e1000_rx_buffer *buf)
{
	if (!buf->page)
		return;
	dma_unmap_page(&adapter->pdev->dev, buf->dma, E1000_RXBUFFER, DMA_FROM_DEVICE);
	skb_page_put(buf->page);
	buf->page = NULL;
}

/**
 * e1000_clean_rx_ring() - takes all buffers out of the receive ring
 * @adapter: the NIC, reset: it does not write to them any more
 *
 * Context: process or softirq.
 */
void e1000_clean_rx_ring(struct e1000_adapter *adapter)
{
	struct e1000_rx_ring *rx = adapter->rx;
	unsigned int i;

	for (i = 0; i < E1000_RXD; i++)
		e1000_rx_release(adapter, &rx->buffer[i]);
	for (i = 0; i < E1000_RX_RECYCLE; i++)
		e1000_rx_release(adapter, &rx->gone[i]);
	rx->gone_first = rx->gone_count = 0;
	rx->next_to_use = rx->next_to_clean = 0;
}

/* Takes the oldest page that went up, if nobody else has it any more. */
static bool e1000_rx_recycle(struct e1000_adapter *adapter, struct e1000_rx_buffer *buf)
{
	struct e1000_rx_ring *rx = adapter->rx;
	struct e1000_rx_buffer *oldest = &rx->gone[rx->gone_first];

	if (!rx->gone_count || refcount_read(&oldest->page->refs) != 1)
		return false;
	*buf = *oldest;
	oldest->page = NULL;
	rx->gone_first = (u16)e1000_next(rx->gone_first, E1000_RX_RECYCLE);
	rx->gone_count--;
	dma_sync_single_for_device(&adapter->pdev->dev, buf->dma, E1000_RXBUFFER,
				   DMA_FROM_DEVICE);
	adapter->rx_recycled++;
	return true;
}

/* The page of @buf has gone up: waits to have it back. No room: it forgets the
 * oldest, whose reader is slow. */
static void e1000_rx_gone(struct e1000_adapter *adapter, struct e1000_rx_buffer *buf)
{
	struct e1000_rx_ring *rx = adapter->rx;

	if (rx->gone_count == E1000_RX_RECYCLE) {
		e1000_rx_release(adapter, &rx->gone[rx->gone_first]);
		rx->gone_first = (u16)e1000_next(rx->gone_first, E1000_RX_RECYCLE);
		rx->gone_count--;
	}
	rx->gone[(rx->gone_first + rx->gone_count) % E1000_RX_RECYCLE] = *buf;
	rx->gone_count++;
	buf->page = NULL;
}

/* A new page, mapped. */
static bool e1000_rx_new_page(struct e1000_adapter *adapter, struct e1000_rx_buffer *buf)
{
	struct device *dev = &adapter->pdev->dev;
	struct skb_page *page = skb_page_alloc(E1000_RXBUFFER, GFP_ATOMIC);

	if (unlikely(!page))
		return false;
	buf->dma = dma_map_page(dev, page->data, 0, E1000_RXBUFFER, DMA_FROM_DEVICE);
	if (unlikely(dma_mapping_error(dev, buf->dma))) {
		skb_page_put(page);
		return false;
	}
	buf->page = page;
	return true;
}

/* A buffer for slot @i, unless the one of before is still there. */
static bool e1000_rx_fill_slot(struct e1000_adapter *adapter, unsigned int i)
{
	struct e1000_rx_buffer *buf = &adapter->rx->buffer[i];
	struct e1000_rx_desc *desc = &adapter->rx->desc[i];

	if (!buf->page && !e1000_rx_recycle(adapter, buf) &&
	    unlikely(!e1000_rx_new_page(adapter, buf)))
		return false;
	desc->buffer_addr = cpu_to_le64(buf->dma);
	/* DD off before the device gets it: an old one would be taken for a new
	 * frame. */
	WRITE_ONCE(desc->status, 0);
	return true;
}

/**
 * e1000_alloc_rx_buffers() - gives the device as many buffers as it can have
 * @adapter: the NIC
 *
 * One doorbell for all. When memory runs out, a timer tries again: with an empty
 * ring there would be no frame, hence no interrupt and no poll, for ever.
 * Context: process (down) or softirq.
 */
void e1000_alloc_rx_buffers(struct e1000_adapter *adapter)
{
	struct e1000_rx_ring *rx = adapter->rx;
	unsigned int n = e1000_desc_unused(rx->next_to_use, rx->next_to_clean, E1000_RXD);
	unsigned int i = rx->next_to_use;

	for (; n; n--) {
		if (unlikely(!e1000_rx_fill_slot(adapter, i))) {
			adapter->alloc_rx_buff_failed++;
			if (!timer_pending(&adapter->refill_timer))
				mod_timer(&adapter->refill_timer,
					  ktime_get_ns() + E1000_REFILL_RETRY_NS);
			break;
		}
		i = e1000_next(i, E1000_RXD);
	}
	/* The one that stays behind gets its buffer now as well: frames that are
	 * dropped for want of memory leave theirs, and then all slots have one. */
	if (!n)
		(void)e1000_rx_fill_slot(adapter, i);
	if (i == rx->next_to_use)
		return;
	rx->next_to_use = (u16)i;
	/* Descriptors before the tail that hands them over. 3.2.6 */
	dma_wmb();
	ew32(RDT, i);
}

/* 3.2.9: whether the device checked the checksum above IP, and what it found. A
 * wrong one is left for the stack to see for itself, and to count. */
static void e1000_rx_checksum(struct e1000_adapter *adapter, struct sk_buff *skb,
			      u8 status, u8 errors)
{
	if (!(adapter->netdev->features & NETIF_F_RXCSUM))
		return;
	if ((status & E1000_RXD_STAT_IXSM) || !(status & E1000_RXD_STAT_TCPCS))
		return;
	if (errors & (E1000_RXD_ERR_TCPE | E1000_RXD_ERR_IPE)) {
		adapter->rx_csum_err++;
		return;
	}
	skb->ip_summed = CHECKSUM_UNNECESSARY;
	adapter->rx_csum_good++;
}

/* The frame in slot @i, copied. NULL: no memory. */
static struct sk_buff *e1000_rx_copy(struct e1000_adapter *adapter, unsigned int i,
				     unsigned int len)
{
	struct e1000_rx_buffer *buf = &adapter->rx->buffer[i];
	struct device *dev = &adapter->pdev->dev;
	struct sk_buff *skb = napi_alloc_skb(&adapter->napi, len);

	if (unlikely(!skb))
		return NULL;
	dma_sync_single_for_cpu(dev, buf->dma, len, DMA_FROM_DEVICE);
	skb_put_data(skb, buf->page->data, len);
	dma_sync_single_for_device(dev, buf->dma, len, DMA_FROM_DEVICE);
	adapter->rx_copied++;
	return skb;
}

/* The frame in slot @i with the buffer as its frag. NULL: no memory. */
static struct sk_buff *e1000_rx_take(struct e1000_adapter *adapter, unsigned int i,
				     unsigned int len)
{
	struct e1000_rx_buffer *buf = &adapter->rx->buffer[i];
	struct sk_buff *skb;

	dma_sync_single_for_cpu(&adapter->pdev->dev, buf->dma, len, DMA_FROM_DEVICE);
	skb = skb_from_page(dev_net(adapter->netdev), buf->page, 0, len,
			    eth_get_headlen(buf->page->data, len), E1000_RXBUFFER);
	if (unlikely(!skb))
		return NULL;
	/* One reference is the packet's now, one stays ours. */
	skb_page_get(buf->page);
	e1000_rx_gone(adapter, buf);
	return skb;
}

/* Counts a bad frame; true: it is one. @len is the device's word: it may be
 * anything. */
static bool e1000_rx_bad(struct e1000_adapter *adapter, u8 status, u8 errors,
			 unsigned int len)
{
	struct rtnl_link_stats64 *stats = &adapter->netdev->stats;
	struct e1000_rx_ring *rx = adapter->rx;

	/* A frame in more than one buffer is longer than any we asked for: drop
	 * all of it, to its last buffer. */
	if (unlikely(!(status & E1000_RXD_STAT_EOP) || rx->discarding)) {
		if (!rx->discarding) {
			adapter->rx_long_frames++;
			stats->rx_length_errors++;
			stats->rx_errors++;
		}
		rx->discarding = !(status & E1000_RXD_STAT_EOP);
		return true;
	}
	if (unlikely(errors & E1000_RXD_ERR_FRAME_MASK)) {
		if (errors & E1000_RXD_ERR_CE)
			stats->rx_crc_errors++;
		else
			stats->rx_frame_errors++;
		stats->rx_errors++;
		return true;
	}
	if (unlikely(len < ETH_HLEN || len > E1000_RXBUFFER)) {
		stats->rx_length_errors++;
		stats->rx_errors++;
		return true;
	}
	return false;
}

/* Slot @i holds a frame, or part of one: it goes up, or is dropped. Without memory
 * it is the frame that goes, not the buffer: the ring does not run dry. */
static void e1000_rx_one(struct e1000_adapter *adapter, unsigned int i, u8 status)
{
	struct net_device *netdev = adapter->netdev;
	const struct e1000_rx_desc *desc = &adapter->rx->desc[i];
	unsigned int len = le16_to_cpu(READ_ONCE(desc->length));
	u8 errors = READ_ONCE(desc->errors);
	struct sk_buff *skb;

	if (e1000_rx_bad(adapter, status, errors, len)) {
		skb = e1000_rx_copy(adapter, i, clamp(len, 1U, (unsigned int)E1000_COPYBREAK));
		kfree_skb_reason(skb, SKB_DROP_REASON_DEV_RX_ERROR);
		return;
	}
	skb = len <= E1000_COPYBREAK ? e1000_rx_copy(adapter, i, len) :
				       e1000_rx_take(adapter, i, len);
	if (unlikely(!skb)) {
		netdev->stats.rx_dropped++;
		return;
	}
	e1000_rx_checksum(adapter, skb, status, errors);
	netdev->stats.rx_packets++;
	netdev->stats.rx_bytes += len;
	skb->protocol = eth_type_trans(skb, netdev);
	if (unlikely(skb->pkt_type == PACKET_MULTICAST))
		netdev->stats.multicast++;
	napi_gro_receive(&adapter->napi, skb);
}

/**
 * e1000_clean_rx_irq() - takes received frames out of the ring and hands them up
 * @adapter: the NIC, up
 * @budget: at most that many descriptors
 *
 * Only descriptors that were given to the device are believed when they say DD.
 * Refills at the end, one doorbell for the whole poll.
 * Context: softirq. Return: how many descriptors.
 */
int e1000_clean_rx_irq(struct e1000_adapter *adapter, int budget)
{
	struct e1000_rx_ring *rx = adapter->rx;
	unsigned int i = rx->next_to_clean;
	int done = 0;

	while (done < budget && i != rx->next_to_use) {
		u8 status = READ_ONCE(rx->desc[i].status);

		if (!(status & E1000_RXD_STAT_DD))
			break;
		/* Length and data only after DD was seen. */
		dma_rmb();
		e1000_rx_one(adapter, i, status);
		i = e1000_next(i, E1000_RXD);
		rx->next_to_clean = (u16)i;
		done++;
	}
	if (e1000_desc_unused(rx->next_to_use, i, E1000_RXD) >= E1000_RX_BUFFER_WRITE)
		e1000_alloc_rx_buffers(adapter);
	return done;
}
