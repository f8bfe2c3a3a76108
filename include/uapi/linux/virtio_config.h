/* SPDX-License-Identifier: MIT */
/* Device status (virtio 1.2 2.1) and the features every device may have (6). */
#ifndef UAPI_LINUX_VIRTIO_CONFIG_H
#define UAPI_LINUX_VIRTIO_CONFIG_H

#define VIRTIO_CONFIG_S_ACKNOWLEDGE	0x01	/* the device was seen */
#define VIRTIO_CONFIG_S_DRIVER		0x02	/* there is a driver for it */
#define VIRTIO_CONFIG_S_DRIVER_OK	0x04	/* the driver is set up */
#define VIRTIO_CONFIG_S_FEATURES_OK	0x08	/* features are agreed upon */
#define VIRTIO_CONFIG_S_NEEDS_RESET	0x40	/* device: beyond repair */
#define VIRTIO_CONFIG_S_FAILED		0x80	/* driver: gave up */

#define VIRTIO_F_RING_INDIRECT_DESC	28	/* 2.7.5.3 */
#define VIRTIO_F_RING_EVENT_IDX		29	/* 2.7.7, 2.7.10 */
#define VIRTIO_F_VERSION_1		32	/* not a legacy device */
#define VIRTIO_F_ACCESS_PLATFORM	33	/* addresses go through an IOMMU */
#define VIRTIO_F_RING_PACKED		34
#define VIRTIO_F_IN_ORDER		35
#define VIRTIO_F_ORDER_PLATFORM		36
#define VIRTIO_F_RING_RESET		40

#endif
