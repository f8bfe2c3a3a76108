/* SPDX-License-Identifier: MIT */
/* virtio over plain memory-mapped registers, version 2. virtio 1.2 4.2.2. */
#ifndef UAPI_LINUX_VIRTIO_MMIO_H
#define UAPI_LINUX_VIRTIO_MMIO_H

#define VIRTIO_MMIO_MAGIC_VALUE		0x000	/* R: "virt" */
#define  VIRTIO_MMIO_MAGIC		0x74726976
#define VIRTIO_MMIO_VERSION		0x004	/* R: 2; 1 is a legacy device */
#define VIRTIO_MMIO_DEVICE_ID		0x008	/* R: VIRTIO_ID_*; 0: nobody there */
#define VIRTIO_MMIO_VENDOR_ID		0x00c	/* R */
#define VIRTIO_MMIO_DEVICE_FEATURES	0x010	/* R: 32 bits of them */
#define VIRTIO_MMIO_DEVICE_FEATURES_SEL	0x014	/* W: which */
#define VIRTIO_MMIO_DRIVER_FEATURES	0x020	/* W */
#define VIRTIO_MMIO_DRIVER_FEATURES_SEL	0x024	/* W */
#define VIRTIO_MMIO_QUEUE_SEL		0x030	/* W: which queue the next are about */
#define VIRTIO_MMIO_QUEUE_NUM_MAX	0x034	/* R */
#define VIRTIO_MMIO_QUEUE_NUM		0x038	/* W */
#define VIRTIO_MMIO_QUEUE_READY		0x044	/* RW */
#define VIRTIO_MMIO_QUEUE_NOTIFY	0x050	/* W: the doorbell, queue number */
#define VIRTIO_MMIO_INTERRUPT_STATUS	0x060	/* R */
#define VIRTIO_MMIO_INTERRUPT_ACK	0x064	/* W: the bits that were seen */
#define  VIRTIO_MMIO_INT_VRING		0x1
#define  VIRTIO_MMIO_INT_CONFIG		0x2
#define VIRTIO_MMIO_STATUS		0x070	/* RW: VIRTIO_CONFIG_S_*; 0 resets */
#define VIRTIO_MMIO_QUEUE_DESC_LOW	0x080	/* W */
#define VIRTIO_MMIO_QUEUE_DESC_HIGH	0x084
#define VIRTIO_MMIO_QUEUE_AVAIL_LOW	0x090	/* W: driver area */
#define VIRTIO_MMIO_QUEUE_AVAIL_HIGH	0x094
#define VIRTIO_MMIO_QUEUE_USED_LOW	0x0a0	/* W: device area */
#define VIRTIO_MMIO_QUEUE_USED_HIGH	0x0a4
#define VIRTIO_MMIO_CONFIG_GENERATION	0x0fc	/* R */
#define VIRTIO_MMIO_CONFIG		0x100	/* RW: the device's own */

#endif
