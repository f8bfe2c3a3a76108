/* SPDX-License-Identifier: MIT */
/*
 * A fake 82540EM or 82574L, written from the Software Developer's Manual and not from the
 * driver: rings, context and data descriptors, interrupt causes, EEPROM, receive
 * filter. It fails the test at whatever the manual forbids a driver to do, and
 * it can be told to misbehave itself.
 */
#ifndef TESTS_HOST_FAKE_E1000_H
#define TESTS_HOST_FAKE_E1000_H

#include "fake_bus.h"

#define FAKE_E1000_BAR0	0xf0000000ULL
#define FAKE_E1000_IRQ	11
#define FAKE_E1000_MAX_DESCS 4096

/* What the device writes into a receive descriptor in place of the truth. */
struct fake_e1000_rx_lie {
	bool no_eop;
	u8 status;		/* ORed */
	u8 errors;
	bool set_length;
	u16 length;
};

/* What a context descriptor said. */
struct fake_e1000_context {
	bool valid;
	u8 ipcss, ipcso, tucss, tucso;
	u16 ipcse, tucse;
	bool ip, tcp;
	u32 paylen;
	u16 hdr_len, mss;
};

struct fake_e1000 {
	struct fake_pci_dev pci;
	u32 regs[0x6000 / 4];
	u16 eeprom[64];
	bool is_82574;

	/* Where sent frames go, one by one; NULL: nowhere. */
	void (*on_tx)(void *ctx, const u8 *frame, unsigned int len);
	void *ctx;

	/* Knobs. */
	bool stop_tx;			/* take no descriptor until fake_e1000_run() */
	unsigned int tx_limit;		/* frames that fake_e1000_run() takes; 0: all */
	bool hold_irq;			/* the line stays down until told otherwise */
	bool reset_hangs;
	bool reset_keeps;		/* as QEMU's: CTRL.RST changes no register */
	bool eeprom_dead;
	/* Called when interrupts are about to be unmasked. */
	void (*before_ims)(struct fake_e1000 *f);

	/* What it saw. */
	u64 tx_frames, rx_frames, rx_missed, rx_filtered;
	u64 tx_doorbells, rx_doorbells, icr_reads, rctl_writes;
	u64 contexts, tso_contexts;	/* of frames; of packets that it cut */
	u64 write_backs;
	u64 messages[8];		/* by vector */

	/* Inside. */
	u8 shadow_tx[FAKE_E1000_MAX_DESCS][16];	/* as handed over */
	u64 shadow_rx[FAKE_E1000_MAX_DESCS];	/* buffer addresses */
	u32 sent;			/* causes whose message is sent, while they stand */
	struct fake_e1000_context csum, tso;
	u8 packet[70000];		/* what its data descriptors gave so far */
	unsigned int packet_len;
	bool packet_tso, packet_ixsm, packet_txsm;
	u8 frame[1518];
};

/* Plugs it in at slot 3 and lets the kernel find it; the address is
 * 52:54:00:12:34:<slot>. */
void fake_e1000_init(struct fake_e1000 *f);
void fake_e1000e_init(struct fake_e1000 *f, bool msix);
void fake_e1000_plug(struct fake_e1000 *f);
void fake_e1000_unplug(struct fake_e1000 *f);
void fake_e1000_set_mac(struct fake_e1000 *f, const u8 *mac);

/* A frame from the wire, without FCS. False: not taken. */
bool fake_e1000_rx(struct fake_e1000 *f, const void *frame, unsigned int len,
		   const struct fake_e1000_rx_lie *lie);
/* Descriptors that the device has for receiving. */
unsigned int fake_e1000_rx_room(const struct fake_e1000 *f);
/* Takes what is in the transmit ring, as much as the knobs let. */
void fake_e1000_run(struct fake_e1000 *f);
void fake_e1000_link(struct fake_e1000 *f, bool up);
void fake_e1000_release_irq(struct fake_e1000 *f);

/* Between its files: memory by its bus address, or NULL and the test has failed;
 * one transmit descriptor, true: it ended its packet. */
void *fake_e1000_dma(struct fake_e1000 *f, u64 addr, size_t size);
bool fake_e1000_tx_desc(struct fake_e1000 *f, const u8 *desc);

#endif
