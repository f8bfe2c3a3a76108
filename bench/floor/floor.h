/* SPDX-License-Identifier: MIT */
/*
 * The floor: an image that only turns frames round in the rings. What it reaches
 * is the limit of QEMU, tap and client; a stack adds its own time to that.
 *
 *   main.c      the loop, the buffers
 *   answer.c    a frame made into its answer, in place
 *   virtio.c    rings of virtio-net (PCI, modern, split)
 *   e1000.c     rings of an 82540EM
 */
#ifndef BENCH_FLOOR_H
#define BENCH_FLOOR_H

#include <linux/types.h>

/* A buffer: room for virtio's header, then a frame of up to 64 KiB. */
#define BUF_SIZE	0x11000U
#define BUF_HEAD	12U
#define FRAME_MAX	(BUF_SIZE - BUF_HEAD)
#define RING_SIZE	256U

#define ETH_IP_TCP	(14 + 20 + 20)	/* bytes of headers without options */
#define CANNED_MSS	1448U		/* of a stream out, with timestamps */
#define CANNED_BYTES	(44U * CANNED_MSS)

/* A frame on its way out. */
struct frame {
	u8 *data;
	u32 len;
	bool csum;		/* TCP's checksum is the device's to finish */
	bool tso;		/* to be cut at CANNED_MSS; headers: head_len */
	u32 head_len;
};

/* A NIC. Buffers are known by their address; a frame begins BUF_HEAD behind it. */
struct nic {
	const char *name;
	u16 vendor, device;
	bool tso_with_length;	/* its TSO wants the length in the pseudo header's sum */
	/* Device at @devfn; false: it is not as it should be. */
	bool (*open)(unsigned int devfn, u8 *mac);
	/* The next frame that came, its buffer now ours; NULL: none. */
	u8 *(*receive)(u32 *len);
	/* Queues a frame with its buffer; false: the ring is full. */
	bool (*send)(u8 *buf, const struct frame *f);
	/* Gives sent buffers back, and tells the device once of what is new. */
	void (*flush)(void);
};

extern const struct nic virtio_nic, e1000_nic;

/* main.c */
u8 *buf_get(void);
void buf_put(u8 *buf);
u32 conf_read(unsigned int devfn, unsigned int offset);
void conf_write(unsigned int devfn, unsigned int offset, u32 value);
u64 bar_address(unsigned int devfn, unsigned int bar);

/* answer.c */
bool answer(struct frame *f, const u8 *mac);
bool stream_frame(struct frame *f, bool with_length);
void stream_fill(u8 *data);

#endif
