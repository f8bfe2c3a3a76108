/* SPDX-License-Identifier: MIT */
/*
 * The e1000 driver's own state, shared by its files.
 *
 *   RX ring                                 TX ring
 *   next_to_clean  first that may be done   next_to_clean  first not reaped
 *   next_to_use    first without a buffer   next_to_use    first free
 *   RDT            = next_to_use            batch          first without RS behind it
 *                                           TDT            = next_to_use, later
 *                                                            under xmit_more
 *
 * One descriptor always stays unused: head == tail means "empty" to the device.
 *
 * Linux: drivers/net/ethernet/intel/e1000/e1000.h
 */
#ifndef DRIVERS_NET_E1000_H
#define DRIVERS_NET_E1000_H

#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/netdevice.h>
#include <linux/pci.h>
#include <linux/timer.h>

#include "e1000_hw.h"

#define E1000_RXD		256	/* descriptors */
#define E1000_TXD		256
static_assert(E1000_RXD * sizeof(struct e1000_rx_desc) % E1000_RING_LEN_MULTIPLE == 0, "RDLEN");
static_assert(E1000_TXD * sizeof(struct e1000_tx_desc) % E1000_RING_LEN_MULTIPLE == 0, "TDLEN");

#define E1000_RXBUFFER		2048	/* bytes of a receive buffer: RCTL.BSIZE */
#define E1000_RX_BUFFER_WRITE	64	/* free descriptors that are worth a doorbell */
#define E1000_RX_RECYCLE	256	/* pages that went up and may come back */
#define E1000_COPYBREAK		256	/* up to that a frame is copied, the buffer stays */
#define E1000_REFILL_RETRY_NS	(10 * NSEC_PER_MSEC)
#define E1000_MAX_DATA_PER_TXD	16288U	/* of one descriptor. 3.3.3 */
/* A packet at most: a context, its pieces, and what splitting them adds. */
#define E1000_TX_PACKET_DESCS                                                  \
	(1 + 1 + MAX_SKB_FRAGS + DIV_ROUND_UP(GSO_MAX_SIZE, E1000_MAX_DATA_PER_TXD))
/* Packets that wait for one doorbell report together, but not more descriptors
 * than that: the ring is to be reaped and filled at the same time. */
#define E1000_TX_BATCH_DESCS	64
/* Woken when there is room for some packets, not for one: fewer wake-ups. */
#define E1000_TX_WAKE_THRESHOLD	(2 * E1000_TX_PACKET_DESCS)
#define E1000_WATCHDOG_MS	5000

struct e1000_rx_buffer {
	struct skb_page *page;		/* one reference, or NULL */
	dma_addr_t dma;			/* of its data, mapped as long as we have it */
};

struct e1000_rx_ring {
	struct e1000_rx_desc *desc;	/* shared with the device */
	dma_addr_t dma;
	u16 next_to_use, next_to_clean;
	bool discarding;		/* inside of a frame that has more than one buffer */
	struct e1000_rx_buffer buffer[E1000_RXD];	/* where the device writes */
	/* Pages with frames that went up, the oldest first: gone[gone_first]. */
	u16 gone_first, gone_count;
	struct e1000_rx_buffer gone[E1000_RX_RECYCLE];
};

struct e1000_tx_buffer {
	struct sk_buff *skb;		/* at the last descriptor of its packet */
	dma_addr_t dma;
	u16 length;			/* bytes mapped; 0: nothing (a context) */
	u16 next_to_watch;		/* at the first of a batch: index of the last */
	bool mapped_as_page;
};

/* What the device's checksum engine was last told; it keeps it, and what it is
 * told of a packet that it is to cut lies elsewhere. 3.3.6 */
struct e1000_csum_context {
	bool valid;
	u8 css, cso;
};

/* How the data descriptors of a packet begin. 3.3.7 */
struct e1000_tx_cmd {
	u32 lower, upper;
};

struct e1000_tx_ring {
	struct e1000_tx_desc *desc;	/* shared with the device */
	dma_addr_t dma;
	u16 next_to_use, next_to_clean;
	u16 batch;			/* first one that no RS stands behind yet */
	u16 tail;			/* what TDT holds */
	bool in_poll;			/* the poll rings at its end for all it sends */
	struct e1000_csum_context context;
	struct e1000_tx_buffer buffer[E1000_TXD];
};

/* How often it may interrupt: e1000_itr.c. */
enum e1000_itr_class {
	E1000_ITR_LOWEST_LATENCY,
	E1000_ITR_LOW_LATENCY,
	E1000_ITR_BULK,
};

struct e1000_itr {
	enum e1000_itr_class class;	/* what ITR is set to */
	enum e1000_itr_class asked;	/* what the last look asked for */
	u64 packets, bytes;		/* received until then */
};

/* What a device of the family has its own way. */
struct e1000_info {
	const char *name;		/* Linux's driver of it */
	u32 eerd_done;			/* 13.4.4 */
	u8 eerd_addr_shift;
	bool reads_eeprom;		/* EECD.AUTO_RD tells that it has, after a reset */
	bool msix;			/* messages by cause, that need no ICR */
	u32 tctl, txdctl, rfctl;	/* bits beside those of all */
};

struct e1000_adapter {
	struct net_device *netdev;
	struct pci_dev *pdev;
	const struct e1000_info *info;
	u8 __iomem *hw_addr;		/* BAR 0 */
	struct napi_struct napi;
	bool msix;			/* by messages; else by a line */
	unsigned int num_vectors;
	u32 ims_rx, ims_tx;		/* what IMS calls received, sent; with the link */
	unsigned int itr_reg;		/* ITR, or EITR of the vector */

	/* Softirqs off (xmit, poll) or the interface down. */
	struct e1000_tx_ring *tx;	/* while the interface is up */
	struct e1000_rx_ring *rx;
	struct timer_list refill_timer;	/* receive buffers could not be had */
	struct e1000_itr itr;
	u32 rctl;			/* what RCTL holds */
	u32 mta[E1000_MTA_WORDS];	/* what the multicast table holds */

	/* Written in hardirq context. */
	u32 ims;			/* what IMS holds, as far as we know */
	bool link_event;		/* LSC seen, STATUS not read yet */
	u64 interrupts;

	bool up;			/* between e1000_up() and e1000_down() */

	/* Counters that the device's own or the stack's do not have. */
	u64 mmio_reads, mmio_writes;
	u64 polls, itr_changes;
	u64 tx_restart_queue, tx_busy, tx_context_descs, tx_tso, tx_timeouts;
	u64 rx_csum_good, rx_csum_err, rx_copied, rx_recycled;
	u64 alloc_rx_buff_failed;	/* refills that found no memory */
	u64 rx_long_frames;
};

/* Each access leaves the guest under an emulator and costs more than all the
 * instructions of a packet: they are counted. */
static inline u32 e1000_read(struct e1000_adapter *adapter, unsigned int reg)
{
	adapter->mmio_reads++;
	return readl(adapter->hw_addr + reg);
}

static inline void e1000_write(struct e1000_adapter *adapter, unsigned int reg, u32 value)
{
	adapter->mmio_writes++;
	writel(value, adapter->hw_addr + reg);
}

#define er32(reg)	 e1000_read(adapter, E1000_##reg)
#define ew32(reg, value) e1000_write(adapter, E1000_##reg, value)

static inline unsigned int e1000_next(unsigned int i, unsigned int count)
{
	return i + 1 == count ? 0 : i + 1;
}

/* Descriptors that may be filled. */
static inline unsigned int e1000_desc_unused(unsigned int use, unsigned int clean,
					     unsigned int count)
{
	return (clean > use ? 0 : count) + clean - use - 1;
}

static inline bool e1000_tx_pending(const struct e1000_adapter *adapter)
{
	return adapter->tx->next_to_use != adapter->tx->next_to_clean;
}

/* e1000_hw.c */
int e1000_reset_hw(struct e1000_adapter *adapter);
int e1000_read_mac_addr(struct e1000_adapter *adapter, u8 *addr);
void e1000_rar_set(struct e1000_adapter *adapter, const u8 *addr);
void e1000_set_rx_mode_hw(struct e1000_adapter *adapter);
void e1000_update_stats(struct e1000_adapter *adapter);

/* e1000_irq.c */
int e1000_setup_irq(struct e1000_adapter *adapter);
void e1000_configure_irq(struct e1000_adapter *adapter);
int e1000_request_irq(struct e1000_adapter *adapter);
void e1000_free_irq(struct e1000_adapter *adapter);
void e1000_irq_enable(struct e1000_adapter *adapter);
void e1000_irq_disable(struct e1000_adapter *adapter);

/* e1000_main.c */
irqreturn_t e1000_intr(int irq, void *data);

/* e1000_itr.c */
void e1000_reset_itr(struct e1000_adapter *adapter);
void e1000_set_itr(struct e1000_adapter *adapter);

/* e1000_rx.c */
int e1000_setup_rx_resources(struct e1000_adapter *adapter);
void e1000_free_rx_resources(struct e1000_adapter *adapter);
void e1000_configure_rx(struct e1000_adapter *adapter);
void e1000_clean_rx_ring(struct e1000_adapter *adapter);
int e1000_clean_rx_irq(struct e1000_adapter *adapter, int budget);
void e1000_alloc_rx_buffers(struct e1000_adapter *adapter);

/* e1000_tx.c */
int e1000_setup_tx_resources(struct e1000_adapter *adapter);
void e1000_free_tx_resources(struct e1000_adapter *adapter);
void e1000_configure_tx(struct e1000_adapter *adapter);
void e1000_clean_tx_ring(struct e1000_adapter *adapter);
void e1000_clean_tx_irq(struct e1000_adapter *adapter, int budget);
void e1000_tx_hand_over(struct e1000_adapter *adapter);
netdev_tx_t e1000_xmit_frame(struct sk_buff *skb, struct net_device *netdev);
void e1000_xmit_flush(struct net_device *netdev);

/* e1000_ethtool.c */
size_t e1000_dump(struct net_device *netdev, char *buf, size_t size);

/* e1000_offload.c */
int e1000_tx_offload(struct e1000_adapter *adapter, struct sk_buff *skb,
		     struct e1000_tx_cmd *cmd);

#endif
