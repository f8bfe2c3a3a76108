/* SPDX-License-Identifier: MIT */
/*
 * A fake virtio network device, on PCI or at a plain address, written from the
 * virtio 1.2 specification and not from the driver. It fails the test at
 * whatever a driver must not do, and it can be told to misbehave itself.
 */
#ifndef TESTS_HOST_FAKE_VIRTIO_H
#define TESTS_HOST_FAKE_VIRTIO_H

#include "fake_bus.h"

#define FAKE_VIRTIO_PAIRS	4	/* most */
#define FAKE_VIRTIO_VQS		(2 * FAKE_VIRTIO_PAIRS + 1)
#define FAKE_VIRTIO_MAX		1024	/* entries of a queue */
#define FAKE_VIRTIO_PCI_BASE	0xf1000000ULL
#define FAKE_VIRTIO_MSIX_BASE	0xf2000000ULL
#define FAKE_VIRTIO_MMIO_BASE	0xfeb00e00ULL
#define FAKE_VIRTIO_PCI_IRQ	10
#define FAKE_VIRTIO_MMIO_IRQ	12

#define FAKE_RX	0
#define FAKE_TX	1
#define FAKE_CTRL 2	/* without MQ */

struct fake_vq {
	u16 max, num;			/* entries: largest, as set by the driver */
	u64 desc, avail, used;
	bool ready;
	u16 vector;
	u16 last_avail, used_idx;	/* free running; packed: of descriptors */
	/* Packed: where we are, and whether in an odd lap (wrap counter 0). */
	u16 avail_at, used_at;
	bool avail_lap, used_lap;
	u16 descs[FAKE_VIRTIO_MAX];	/* of each id that was given */
	bool busy[FAKE_VIRTIO_MAX];	/* heads that the device has */
	u64 doorbells, interrupts;
};

/* What the device writes in place of the truth, for one frame. */
struct fake_virtio_lie {
	bool set_id, set_len, set_len2, set_buffers;
	u32 id, len;			/* of the first used entry */
	u32 len2;			/* of the further ones */
	u16 buffers;			/* num_buffers */
	u8 flags, gso_type;
	u16 csum_start, csum_offset, hdr_len, gso_size;
};

struct fake_virtio {
	struct fake_pci_dev pci;
	struct fake_region mmio;
	bool on_mmio;
	const struct device *dma_dev;	/* whose mappings count; set when known */

	u64 offered, accepted;		/* features */
	u32 feature_sel[2];		/* device's, driver's */
	u8 status;
	u8 isr;
	u8 config[12];			/* mac, status, pairs, mtu */
	u8 generation;
	u16 config_vector;
	u16 queue_sel;
	struct fake_vq vq[FAKE_VIRTIO_VQS];
	bool irq_level;			/* mmio */

	/* Where sent frames go; NULL: nowhere. */
	void (*on_tx)(void *ctx, const u8 *frame, unsigned int len);
	void *ctx;

	/* Knobs. */
	bool stop_tx, stop_ctrl;	/* take nothing until fake_virtio_run() */
	unsigned int tx_limit;		/* packets that fake_virtio_run() takes; 0: all */
	bool no_interrupts;		/* swallow them */
	bool no_notify;			/* say that no doorbell is wanted */
	bool refuse_features;		/* FEATURES_OK does not stay */
	bool reset_hangs;
	bool refuse_vectors;		/* no room for a queue's message */
	u8 ctrl_answer;			/* of the control queue */
	unsigned int rx_pair;		/* that frames come to */

	/* What it saw. */
	u64 tx_frames, rx_frames, rx_missed, indirect_chains, csum_filled;
	unsigned int tx_pieces;		/* of the last packet */
	u8 tx_hdr[12];			/* of the last packet */
	u64 tx_gso;			/* packets to be cut */
	u8 promisc, allmulti, mc_count, mac_set[6];
	u64 commands, announced;
	u16 pairs;			/* that the driver switched on */
	u64 pair_tx[FAKE_VIRTIO_PAIRS];	/* packets sent by each */
	u32 coal[2][2];			/* TX, RX: packets, usecs */
	u8 frame[70000];
};

void fake_virtio_init(struct fake_virtio *f, bool on_mmio);
/* Plugs it in and lets the kernel find it; @msix: entries of its MSI-X table. */
void fake_virtio_plug(struct fake_virtio *f, unsigned int msix);
void fake_virtio_unplug(struct fake_virtio *f);

/* A frame from the wire. False: not taken. */
bool fake_virtio_rx(struct fake_virtio *f, const void *frame, unsigned int len,
		    const struct fake_virtio_lie *lie);
/* Buffers that the device has for receiving. */
unsigned int fake_virtio_rx_room(struct fake_virtio *f);
/* Takes what is in the transmit and control queues, as the knobs let. */
void fake_virtio_run(struct fake_virtio *f);
/* Tells the driver that no doorbell is wanted. */
void fake_virtio_want_no_notify(struct fake_virtio *f, unsigned int queue);
/* Tells the driver to notify again, as a device does that runs dry; then looks. */
void fake_virtio_want_notify(struct fake_virtio *f, unsigned int queue);
void fake_virtio_link(struct fake_virtio *f, bool up);
/* Asks the driver to tell the link where it is. */
void fake_virtio_announce(struct fake_virtio *f);
/* Before it is plugged in: it has so many pairs of queues. */
void fake_virtio_set_pairs(struct fake_virtio *f, unsigned int pairs);
/* Puts an entry into a used ring that was never given to the device. */
void fake_virtio_use_raw(struct fake_virtio *f, unsigned int queue, u32 id, u32 len);
void fake_virtio_jump_used(struct fake_virtio *f, unsigned int queue, u16 by);

#endif
