/* SPDX-License-Identifier: MIT */
/*
 * A virtio device on PCI: what virtio_pci_modern.c (registers) and
 * virtio_pci_common.c (interrupts) share.
 */
#ifndef DRIVERS_VIRTIO_PCI_COMMON_H
#define DRIVERS_VIRTIO_PCI_COMMON_H

#include <linux/pci.h>
#include <linux/virtio.h>
#include <linux/virtio_pci.h>

#define VIRTIO_PCI_MAX_VQS	33	/* as many as any driver here asks for */

/* What virtqueue.priv points at. */
struct virtio_pci_vq_info {
	struct virtqueue *vq;
	void __iomem *notify;		/* its doorbell */
	unsigned int vector;		/* or VIRTIO_MSI_NO_VECTOR */
	bool irq_requested;		/* vector is its own */
};

struct virtio_pci_device {
	struct virtio_device vdev;
	struct pci_dev *pci_dev;
	char name[16];			/* "virtio0" */

	struct virtio_pci_common_cfg __iomem *common;
	u8 __iomem *isr;
	u8 __iomem *device;		/* device configuration, or NULL */
	u32 device_len;			/* bytes of it */
	u8 __iomem *notify_base;
	u32 notify_len;			/* bytes */
	u32 notify_offset_multiplier;	/* bytes between two doorbells */

	bool msix_enabled;
	bool intx_requested;
	bool config_requested;		/* vector 0 */
	bool shared_requested;		/* vector 1, for all queues */
	unsigned int nvqs;
	struct virtio_pci_vq_info vqs[VIRTIO_PCI_MAX_VQS];
};

#define to_vp_device(v) container_of(v, struct virtio_pci_device, vdev)

/* virtio_pci_common.c */
int vp_find_vqs(struct virtio_device *vdev, unsigned int nvqs, struct virtqueue *vqs[],
		vq_callback_t *callbacks[], const char *const names[]);
void vp_del_vqs(struct virtio_device *vdev);
int vp_vq_irq(const struct virtqueue *vq);
const char *vp_bus_name(const struct virtio_device *vdev);

/* virtio_pci_modern.c */
int vp_modern_config_vector(struct virtio_pci_device *vp, u16 vector);
int vp_modern_setup_vq(struct virtio_pci_device *vp, unsigned int index, u16 vector,
		       vq_callback_t *callback, const char *name);
void vp_modern_del_vq(struct virtio_pci_device *vp, unsigned int index);

#endif
