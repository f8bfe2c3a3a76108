/* SPDX-License-Identifier: MIT */
/* Between fake_virtio.c (packets), fake_virtio_ring.c (queues) and fake_virtio_regs.c
 * (registers). */
#ifndef TESTS_HOST_FAKE_VIRTIO_REGS_H
#define TESTS_HOST_FAKE_VIRTIO_REGS_H

#include "fake_virtio.h"

#define vfail(...) test_fail(__FILE__, __LINE__, "virtio: " __VA_ARGS__)

#define CHAIN_MAX	64

/* A chain as the device sees it. */
struct piece {
	u64 addr;
	u32 len;
	bool write;
};

struct chain {
	u16 head;			/* packed: its id */
	unsigned int n, out;		/* pieces; of them, to be read */
	u64 out_len, in_len;
	struct piece piece[CHAIN_MAX];
};

/* Queues that there are. */
static inline unsigned int fake_virtio_vqs(const struct fake_virtio *f)
{
	return 2U * (f->config[8] | (unsigned int)f->config[9] << 8) + 1;
}

void *fake_virtio_dma(struct fake_virtio *f, u64 addr, size_t size, bool write);
bool fake_vq_pop(struct fake_virtio *f, struct fake_vq *q, struct chain *c);
void fake_vq_push(struct fake_virtio *f, struct fake_vq *q, u32 id, u32 len);
void fake_vq_signal(struct fake_virtio *f, struct fake_vq *q, u16 old);

void fake_virtio_kick(struct fake_virtio *f, unsigned int queue);
/* @bit: 1 a queue, 2 the configuration. */
void fake_virtio_interrupt(struct fake_virtio *f, u16 vector, u8 bit);

#endif
