/* SPDX-License-Identifier: MIT */
/* Between fake_virtio.c (queues) and fake_virtio_regs.c (registers). */
#ifndef TESTS_HOST_FAKE_VIRTIO_REGS_H
#define TESTS_HOST_FAKE_VIRTIO_REGS_H

#include "fake_virtio.h"

#define vfail(...) test_fail(__FILE__, __LINE__, "virtio: " __VA_ARGS__)

void fake_virtio_kick(struct fake_virtio *f, unsigned int queue);
/* @bit: 1 a queue, 2 the configuration. */
void fake_virtio_interrupt(struct fake_virtio *f, u16 vector, u8 bit);

#endif
