/* SPDX-License-Identifier: MIT */
/* virtio over PCI, modern devices: capabilities and registers. virtio 1.2 4.1. */
#ifndef UAPI_LINUX_VIRTIO_PCI_H
#define UAPI_LINUX_VIRTIO_PCI_H

#include <linux/types.h>

#define VIRTIO_PCI_DEVICE_TRANSITIONAL	0x1000	/* to 0x103f; 4.1.2 */
#define VIRTIO_PCI_DEVICE_MODERN	0x1040	/* plus the device type */
#define VIRTIO_PCI_DEVICE_LAST		0x107f

/* cfg_type of a vendor capability; 4.1.4 */
#define VIRTIO_PCI_CAP_COMMON_CFG	1
#define VIRTIO_PCI_CAP_NOTIFY_CFG	2
#define VIRTIO_PCI_CAP_ISR_CFG		3
#define VIRTIO_PCI_CAP_DEVICE_CFG	4
#define VIRTIO_PCI_CAP_PCI_CFG		5

struct virtio_pci_cap {
	u8 cap_vndr;		/* PCI_CAP_ID_VNDR */
	u8 cap_next;		/* offset of the next capability */
	u8 cap_len;		/* of this one, bytes */
	u8 cfg_type;		/* VIRTIO_PCI_CAP_* */
	u8 bar;			/* which BAR it is in, 0 to 5 */
	u8 id;
	u8 padding[2];
	__le32 offset;		/* in the BAR, bytes */
	__le32 length;		/* bytes */
};
static_assert(sizeof(struct virtio_pci_cap) == 16, "virtio 1.2 4.1.4");

/* Behind the capability of NOTIFY_CFG: bytes between two queues' doorbells. */
#define VIRTIO_PCI_NOTIFY_CAP_MULT	16

/* VIRTIO_PCI_CAP_COMMON_CFG; 4.1.4.3. Each field is accessed by its own width,
 * 64-bit ones in two halves. */
struct virtio_pci_common_cfg {
	__le32 device_feature_select;
	__le32 device_feature;
	__le32 guest_feature_select;
	__le32 guest_feature;
	__le16 msix_config;		/* vector of configuration changes */
	__le16 num_queues;
	u8 device_status;
	u8 config_generation;
	__le16 queue_select;		/* which queue the rest is about */
	__le16 queue_size;
	__le16 queue_msix_vector;
	__le16 queue_enable;
	__le16 queue_notify_off;	/* times the multiplier: its doorbell */
	__le32 queue_desc_lo;
	__le32 queue_desc_hi;
	__le32 queue_avail_lo;
	__le32 queue_avail_hi;
	__le32 queue_used_lo;
	__le32 queue_used_hi;
};
static_assert(sizeof(struct virtio_pci_common_cfg) == 56, "virtio 1.2 4.1.4.3");

#define VIRTIO_MSI_NO_VECTOR	0xffff

#define VIRTIO_PCI_ISR_QUEUE	0x1	/* 4.1.4.5; reading clears */
#define VIRTIO_PCI_ISR_CONFIG	0x2

#endif
