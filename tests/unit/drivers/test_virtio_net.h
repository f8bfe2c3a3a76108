/* SPDX-License-Identifier: MIT */
/* Shared by the virtio-net driver's tests. */
#ifndef TESTS_UNIT_DRIVERS_TEST_VIRTIO_NET_H
#define TESTS_UNIT_DRIVERS_TEST_VIRTIO_NET_H

#include "../../host/fake_virtio.h"
#include "nic.h"

/* @f is initialised (fake_virtio_init) and its knobs are set. */
void virtio_test_begin(struct fake_virtio *f, struct nic *nic);
void virtio_test_plug(struct fake_virtio *f, unsigned int msix);
void virtio_test_end(struct fake_virtio *f, struct nic *nic);
void virtio_test_settle(void);
bool virtio_test_rx(struct fake_virtio *f, u32 seq, unsigned int len);

#endif
