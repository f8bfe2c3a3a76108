// SPDX-License-Identifier: MIT
/*
 * virtio devices on PCI: capabilities that say where the registers are, and the
 * registers. Modern devices and the modern half of transitional ones.
 *
 * Linux: drivers/virtio/virtio_pci_modern.c, virtio_pci_modern_dev.c
 * Read first: virtio 1.2, 4.1.
 * Left out: the legacy interface (I/O ports), VIRTIO_PCI_CAP_PCI_CFG.
 */
#include <linux/byteorder.h>
#include <linux/dma-mapping.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/io.h>
#include <linux/ktime.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "virtio_pci_common.h"

/* A device's reset takes no time in an emulator and little in hardware; the
 * second bound holds where the clock stands still. */
#define VP_RESET_TIMEOUT_NS	(1000 * NSEC_PER_MSEC)
#define VP_RESET_READS		1000000
/* Vendor capabilities that are looked at: there are five kinds. */
#define VP_MAX_CAPS		32

static unsigned int virtio_pci_index;	/* of the next device's name */

/* ---- registers ------------------------------------------------------------- */

/* virtio 1.2 2.5, 4.1.3.1: fields of configuration by their own widths; our
 * callers' fields are bytes and 16-bit words. */
static void vp_get(struct virtio_device *vdev, unsigned int offset, void *buf,
		   unsigned int len)
{
	struct virtio_pci_device *vp = to_vp_device(vdev);
	u8 *p = buf;

	if (WARN_ON(!vp->device || offset > vp->device_len ||
		    len > vp->device_len - offset)) {
		memset(buf, 0, len);
		return;
	}
	if (len == 2 && !(offset & 1)) {
		__le16 v = cpu_to_le16(readw(vp->device + offset));

		memcpy(buf, &v, sizeof(v));
		return;
	}
	while (len--)
		*p++ = readb(vp->device + offset++);
}

static void vp_set(struct virtio_device *vdev, unsigned int offset, const void *buf,
		   unsigned int len)
{
	struct virtio_pci_device *vp = to_vp_device(vdev);
	const u8 *p = buf;

	if (WARN_ON(!vp->device || offset > vp->device_len ||
		    len > vp->device_len - offset))
		return;
	while (len--)
		writeb(*p++, vp->device + offset++);
}

static u32 vp_generation(struct virtio_device *vdev)
{
	return readb(&to_vp_device(vdev)->common->config_generation);
}

static u8 vp_get_status(struct virtio_device *vdev)
{
	return readb(&to_vp_device(vdev)->common->device_status);
}

static void vp_set_status(struct virtio_device *vdev, u8 status)
{
	writeb(status, &to_vp_device(vdev)->common->device_status);
}

/* virtio 1.2 4.1.4.3.2: zero read back says that the reset is done. */
static int vp_reset(struct virtio_device *vdev)
{
	u64 end_ns = ktime_get_ns() + VP_RESET_TIMEOUT_NS;
	unsigned int reads = VP_RESET_READS;

	vp_set_status(vdev, 0);
	while (vp_get_status(vdev))
		if (!--reads || ktime_get_ns() > end_ns)
			return -EIO;
	return 0;
}

static u64 vp_get_features(struct virtio_device *vdev)
{
	struct virtio_pci_common_cfg __iomem *common = to_vp_device(vdev)->common;
	u64 features;

	writel(0, &common->device_feature_select);
	features = readl(&common->device_feature);
	writel(1, &common->device_feature_select);
	return features | (u64)readl(&common->device_feature) << 32;
}

static void vp_set_features(struct virtio_device *vdev)
{
	struct virtio_pci_common_cfg __iomem *common = to_vp_device(vdev)->common;

	writel(0, &common->guest_feature_select);
	writel(lower_32_bits(vdev->features), &common->guest_feature);
	writel(1, &common->guest_feature_select);
	writel(upper_32_bits(vdev->features), &common->guest_feature);
}

/* The doorbell; virtio 1.2 4.1.5.2. */
static bool vp_notify(struct virtqueue *vq)
{
	const struct virtio_pci_vq_info *info = vq->priv;

	writew((u16)vq->index, info->notify);
	return true;
}

static void vp_write64(u64 value, void __iomem *lo, void __iomem *hi)
{
	writel(lower_32_bits(value), lo);
	writel(upper_32_bits(value), hi);
}

/**
 * vp_modern_config_vector() - which message says that the configuration changed
 * @vp: the device
 * @vector: MSI-X vector
 *
 * Context: process. Return: 0, or -EBUSY when the device has no room for it
 * (virtio 1.2 4.1.5.1.2.2).
 */
int vp_modern_config_vector(struct virtio_pci_device *vp, u16 vector)
{
	writew(vector, &vp->common->msix_config);
	return readw(&vp->common->msix_config) == vector ? 0 : -EBUSY;
}

/* The doorbell of the selected queue, inside of what the capability covers. */
static void __iomem *vp_modern_map_notify(struct virtio_pci_device *vp)
{
	u64 off = (u64)readw(&vp->common->queue_notify_off) * vp->notify_offset_multiplier;

	if (off + sizeof(u16) > vp->notify_len)
		return NULL;
	return vp->notify_base + off;
}

/**
 * vp_modern_setup_vq() - makes a queue and tells the device about it
 * @vp: the device
 * @index: the queue's number
 * @vector: MSI-X vector, or VIRTIO_MSI_NO_VECTOR
 * @callback: hardirq; or NULL
 * @name: for messages; kept
 *
 * virtio 1.2 4.1.5.1.3. Context: process.
 * Return: 0; -ENOENT: the device has no such queue, or uses it already; -EINVAL:
 * a doorbell that is nowhere; -EBUSY: no room for the vector; -ENOMEM.
 */
int vp_modern_setup_vq(struct virtio_pci_device *vp, unsigned int index, u16 vector,
		       vq_callback_t *callback, const char *name)
{
	struct virtio_pci_common_cfg __iomem *common = vp->common;
	struct virtio_pci_vq_info *info = &vp->vqs[index];
	unsigned int num;

	if (index >= readw(&common->num_queues))
		return -ENOENT;
	writew((u16)index, &common->queue_select);
	num = readw(&common->queue_size);
	if (!num || readw(&common->queue_enable))
		return -ENOENT;
	info->notify = vp_modern_map_notify(vp);
	if (!info->notify) {
		dev_err(&vp->vdev.dev, "%s: doorbell outside of its capability\n", name);
		return -EINVAL;
	}
	info->vq = vring_create_virtqueue(index, num, &vp->vdev, vp_notify, callback, name);
	if (!info->vq)
		return -ENOMEM;
	info->vq->priv = info;
	info->vector = vector;
	vp_write64(virtqueue_get_desc_addr(info->vq), &common->queue_desc_lo,
		   &common->queue_desc_hi);
	vp_write64(virtqueue_get_avail_addr(info->vq), &common->queue_avail_lo,
		   &common->queue_avail_hi);
	vp_write64(virtqueue_get_used_addr(info->vq), &common->queue_used_lo,
		   &common->queue_used_hi);
	if (vp->msix_enabled) {
		writew(vector, &common->queue_msix_vector);
		if (readw(&common->queue_msix_vector) != vector) {
			vring_del_virtqueue(info->vq);
			info->vq = NULL;
			return -EBUSY;
		}
	}
	writew(1, &common->queue_enable);
	return 0;
}

/**
 * vp_modern_del_vq() - frees a queue
 * @vp: the device, reset: it has forgotten the queue
 * @index: the queue's number
 *
 * Context: process.
 */
void vp_modern_del_vq(struct virtio_pci_device *vp, unsigned int index)
{
	vring_del_virtqueue(vp->vqs[index].vq);
}

static const struct virtio_config_ops virtio_pci_config_ops = {
	.get = vp_get,
	.set = vp_set,
	.generation = vp_generation,
	.get_status = vp_get_status,
	.set_status = vp_set_status,
	.reset = vp_reset,
	.find_vqs = vp_find_vqs,
	.del_vqs = vp_del_vqs,
	.get_features = vp_get_features,
	.set_features = vp_set_features,
	.bus_name = vp_bus_name,
	.vq_irq = vp_vq_irq,
};

/* ---- capabilities ----------------------------------------------------------- */

/* The first capability of a kind that lies in a memory BAR: the device's order
 * is its preference (virtio 1.2 4.1.4). 0: none. */
static u8 vp_find_cap(const struct pci_dev *pdev, u8 cfg_type)
{
	unsigned int n;
	u8 pos = pci_find_capability(pdev, PCI_CAP_ID_VNDR);

	for (n = 0; pos && n < VP_MAX_CAPS; n++) {
		u8 type = pci_read_config_byte(pdev,
				pos + offsetof(struct virtio_pci_cap, cfg_type));
		u8 bar = pci_read_config_byte(pdev,
				pos + offsetof(struct virtio_pci_cap, bar));

		if (type == cfg_type && bar < PCI_STD_NUM_BARS &&
		    (pdev->resource[bar].flags & IORESOURCE_MEM))
			return pos;
		pos = pci_find_next_capability(pdev, pos, PCI_CAP_ID_VNDR);
	}
	return 0;
}

/* Maps what a capability points at; *len receives its bytes. NULL, and a
 * message, when there is none, it is too short, misaligned or outside its BAR. */
static void __iomem *vp_map_cap(const struct pci_dev *pdev, u8 cfg_type, const char *what,
				u32 min_len, u32 align, u32 *len)
{
	u8 pos = vp_find_cap(pdev, cfg_type);
	void __iomem *p = NULL;
	u32 offset;
	u8 bar;

	if (!pos) {
		dev_err(&pdev->dev, "no virtio %s capability\n", what);
		return NULL;
	}
	bar = pci_read_config_byte(pdev, pos + offsetof(struct virtio_pci_cap, bar));
	offset = pci_read_config_dword(pdev, pos + offsetof(struct virtio_pci_cap, offset));
	*len = pci_read_config_dword(pdev, pos + offsetof(struct virtio_pci_cap, length));
	if (*len >= min_len && IS_ALIGNED(offset, align))
		p = pci_iomap_range(pdev, bar, offset, *len);
	if (!p)
		dev_err(&pdev->dev, "bad virtio %s capability: bar %u offset %#x length %#x\n",
			what, bar, offset, *len);
	return p;
}

/* virtio 1.2 4.1.4.3 to 4.1.4.6; alignments of 4.1.4.x.1. */
static int vp_modern_map(struct virtio_pci_device *vp)
{
	struct pci_dev *pdev = vp->pci_dev;
	u8 pos;
	u32 len;

	vp->common = vp_map_cap(pdev, VIRTIO_PCI_CAP_COMMON_CFG, "common configuration",
				sizeof(struct virtio_pci_common_cfg), 4, &len);
	vp->isr = vp_map_cap(pdev, VIRTIO_PCI_CAP_ISR_CFG, "ISR", 1, 1, &len);
	vp->notify_base = vp_map_cap(pdev, VIRTIO_PCI_CAP_NOTIFY_CFG, "notification", 2, 2,
				     &vp->notify_len);
	if (!vp->common || !vp->isr || !vp->notify_base)
		return -ENODEV;
	pos = vp_find_cap(pdev, VIRTIO_PCI_CAP_NOTIFY_CFG);
	vp->notify_offset_multiplier =
		pci_read_config_dword(pdev, pos + VIRTIO_PCI_NOTIFY_CAP_MULT);
	/* Not every type of device has a configuration; a NIC has. */
	vp->device = vp_map_cap(pdev, VIRTIO_PCI_CAP_DEVICE_CFG, "device configuration", 1,
				4, &vp->device_len);
	return vp->device ? 0 : -ENODEV;
}

static void vp_modern_unmap(struct virtio_pci_device *vp)
{
	pci_iounmap(vp->pci_dev, vp->device);
	pci_iounmap(vp->pci_dev, vp->notify_base);
	pci_iounmap(vp->pci_dev, vp->isr);
	pci_iounmap(vp->pci_dev, vp->common);
}

/* ---- the PCI driver --------------------------------------------------------- */

/* virtio 1.2 4.1.2.1: modern ids carry the type; transitional devices have it
 * in the subsystem id. */
static u32 vp_device_type(const struct pci_dev *pdev)
{
	if (pdev->device >= VIRTIO_PCI_DEVICE_MODERN)
		return pdev->device - VIRTIO_PCI_DEVICE_MODERN;
	return pdev->subsystem_device;
}

static int virtio_pci_enable(struct virtio_pci_device *vp)
{
	struct pci_dev *pdev = vp->pci_dev;
	int err;

	err = pci_enable_device(pdev);
	if (err)
		return err;
	err = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(64));
	if (!err)
		err = pci_set_master(pdev);
	if (!err)
		err = vp_modern_map(vp);
	if (err) {
		vp_modern_unmap(vp);
		pci_disable_device(pdev);
	}
	return err;
}

static int virtio_pci_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct virtio_pci_device *vp;
	int err;

	(void)id;
	if (pdev->device < VIRTIO_PCI_DEVICE_TRANSITIONAL ||
	    pdev->device > VIRTIO_PCI_DEVICE_LAST)
		return -ENODEV;
	vp = kzalloc(sizeof(*vp), GFP_KERNEL);
	if (!vp)
		return -ENOMEM;
	vp->pci_dev = pdev;
	snprintf(vp->name, sizeof(vp->name), "virtio%u", virtio_pci_index++);
	vp->vdev.dev.name = vp->name;
	vp->vdev.dma_dev = &pdev->dev;
	vp->vdev.id = vp_device_type(pdev);
	vp->vdev.config = &virtio_pci_config_ops;
	err = virtio_pci_enable(vp);
	if (err)
		goto free;
	pci_set_drvdata(pdev, vp);
	err = register_virtio_device(&vp->vdev);
	if (err)
		goto disable;
	return 0;

disable:
	pci_set_drvdata(pdev, NULL);
	vp_modern_unmap(vp);
	pci_disable_device(pdev);
free:
	kfree(vp);
	return err;
}

static void virtio_pci_remove(struct pci_dev *pdev)
{
	struct virtio_pci_device *vp = pci_get_drvdata(pdev);

	unregister_virtio_device(&vp->vdev);
	vp_modern_unmap(vp);
	pci_disable_device(pdev);
	pci_set_drvdata(pdev, NULL);
	kfree(vp);
}

static const struct pci_device_id virtio_pci_id_table[] = {
	{ PCI_DEVICE(PCI_VENDOR_ID_REDHAT_QUMRANET, PCI_ANY_ID) },
	{ 0 }
};

static struct pci_driver virtio_pci_driver = {
	.name = "virtio-pci",
	.id_table = virtio_pci_id_table,
	.probe = virtio_pci_probe,
	.remove = virtio_pci_remove,
};

static int __init virtio_pci_init(void)
{
	return pci_register_driver(&virtio_pci_driver);
}
module_init(virtio_pci_init);
