// SPDX-License-Identifier: MIT
/*
 * virtio devices and their drivers: the handshake of status bits and features,
 * device configuration, configuration changes.
 *
 * Linux: drivers/virtio/virtio.c
 * Read first: virtio 1.2, 2.1 (status), 2.2 (features), 3.1 (initialisation).
 * Left out: legacy devices. A device without VERSION_1 is refused by name.
 */
#include <linux/byteorder.h>
#include <linux/dma-mapping.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/virtio.h>

static LIST_HEAD(virtio_devices);
static LIST_HEAD(virtio_drivers);

/* A configuration that changes under every read is no configuration. */
#define VIRTIO_CREAD_TRIES 16

/**
 * virtio_add_status() - sets bits of the device status
 * @vdev: the device
 * @status: VIRTIO_CONFIG_S_*
 *
 * virtio 1.2 2.1.1: bits are only ever added, until a reset.
 * Context: process.
 */
void virtio_add_status(struct virtio_device *vdev, u8 status)
{
	vdev->config->set_status(vdev, vdev->config->get_status(vdev) | status);
}

/**
 * virtio_reset_device() - makes the device forget everything
 * @vdev: the device
 *
 * When it returns, the device touches no queue and no buffer any more, and
 * raises no interrupt. virtio 1.2 2.4.
 * Context: process.
 */
void virtio_reset_device(struct virtio_device *vdev)
{
	vdev->config_enabled = false;
	vdev->config_change_pending = false;
	/* A device that does not come back must not be given memory again. */
	if (vdev->config->reset(vdev))
		virtio_break_device(vdev);
}

/**
 * virtio_device_ready() - lets the device work
 * @vdev: the device, its queues set up
 *
 * The last step of virtio 1.2 3.1.1. Interrupts may come from here on.
 * Context: process.
 */
void virtio_device_ready(struct virtio_device *vdev)
{
	vdev->config_enabled = true;
	virtio_add_status(vdev, VIRTIO_CONFIG_S_DRIVER_OK);
}

/**
 * virtio_break_device() - marks all queues as not to be used
 * @vdev: the device, which has done something impossible
 *
 * Context: any.
 */
void virtio_break_device(struct virtio_device *vdev)
{
	struct virtqueue *vq;

	list_for_each_entry(vq, &vdev->vqs, list)
		__virtqueue_break(vq);
}

/**
 * virtio_config_changed() - a transport was told that the configuration changed
 * @vdev: the device
 *
 * Context: hardirq.
 */
void virtio_config_changed(struct virtio_device *vdev)
{
	if (!vdev->config_enabled)
		vdev->config_change_pending = true;
	else if (vdev->driver && vdev->driver->config_changed)
		vdev->driver->config_changed(vdev);
}

/**
 * virtio_cread_bytes() - reads device configuration
 * @vdev: the device
 * @offset: bytes into the configuration
 * @buf: receives the bytes, little-endian as they are
 * @len: how many
 *
 * All bytes are of one state of the device: virtio 1.2 2.5.3.
 * Context: any.
 */
void virtio_cread_bytes(struct virtio_device *vdev, unsigned int offset, void *buf,
			unsigned int len)
{
	unsigned int tries = VIRTIO_CREAD_TRIES;
	u32 before;

	do {
		before = vdev->config->generation(vdev);
		vdev->config->get(vdev, offset, buf, len);
	} while (vdev->config->generation(vdev) != before && --tries);
	if (!tries)
		dev_warn(&vdev->dev, "configuration does not hold still\n");
}

/** virtio_cread16() - as virtio_cread_bytes(), one 16-bit field */
u16 virtio_cread16(struct virtio_device *vdev, unsigned int offset)
{
	__le16 v;

	vdev->config->get(vdev, offset, &v, sizeof(v));
	return le16_to_cpu(v);
}

static u64 virtio_driver_features(const struct virtio_driver *drv)
{
	u64 features = BIT_ULL(VIRTIO_F_VERSION_1) | vring_transport_features();
	unsigned int i;

	for (i = 0; i < drv->feature_table_size; i++)
		features |= BIT_ULL(drv->feature_table[i]);
	return features;
}

/**
 * virtio_negotiate() - brings a device from anywhere to FEATURES_OK
 * @vdev: the device, its driver known
 *
 * virtio 1.2 3.1.1 steps 1 to 6. Used when the driver first meets the device,
 * and again by drivers that reset it.
 * Context: process.
 * Return: 0; -EIO when the device does not reset; -ENODEV when it is a legacy
 * device or does not accept a subset of what it offered.
 */
int virtio_negotiate(struct virtio_device *vdev)
{
	u64 offered;
	int err;

	err = vdev->config->reset(vdev);
	if (err) {
		dev_err(&vdev->dev, "device does not reset\n");
		return err;
	}
	virtio_add_status(vdev, VIRTIO_CONFIG_S_ACKNOWLEDGE);
	virtio_add_status(vdev, VIRTIO_CONFIG_S_DRIVER);
	offered = vdev->config->get_features(vdev);
	if (!(offered & BIT_ULL(VIRTIO_F_VERSION_1))) {
		dev_err(&vdev->dev, "legacy virtio device: VERSION_1 not offered\n");
		goto failed;
	}
	if (offered & BIT_ULL(VIRTIO_F_ACCESS_PLATFORM) & ~virtio_driver_features(vdev->driver))
		dev_warn(&vdev->dev, "device sits behind an IOMMU (ACCESS_PLATFORM)\n");
	vdev->features = offered & virtio_driver_features(vdev->driver);
	/* 2.2.1: none without those it requires. */
	if (vdev->driver->validate)
		vdev->driver->validate(vdev);
	vdev->config->set_features(vdev);
	virtio_add_status(vdev, VIRTIO_CONFIG_S_FEATURES_OK);
	if (!(vdev->config->get_status(vdev) & VIRTIO_CONFIG_S_FEATURES_OK)) {
		dev_err(&vdev->dev, "device refused features %#llx of its %#llx\n",
			(unsigned long long)vdev->features, (unsigned long long)offered);
		goto failed;
	}
	return 0;

failed:
	virtio_add_status(vdev, VIRTIO_CONFIG_S_FAILED);
	return -ENODEV;
}

static bool virtio_match(const struct virtio_device_id *ids, u32 device)
{
	for (; ids->device; ids++)
		if (ids->device == device)
			return true;
	return false;
}

/* Offers @vdev to @drv. */
static void virtio_dev_probe(struct virtio_driver *drv, struct virtio_device *vdev)
{
	int err;

	if (vdev->driver || !virtio_match(drv->id_table, vdev->id))
		return;
	vdev->driver = drv;
	err = virtio_negotiate(vdev);
	if (!err)
		err = drv->probe(vdev);
	if (!err)
		return;
	dev_err(&vdev->dev, "%s: probe failed, error %d\n", drv->name, err);
	virtio_add_status(vdev, VIRTIO_CONFIG_S_FAILED);
	vdev->driver = NULL;
}

static void virtio_dev_remove(struct virtio_device *vdev)
{
	if (!vdev->driver)
		return;
	vdev->driver->remove(vdev);
	vdev->driver = NULL;
	virtio_reset_device(vdev);
}

/**
 * register_virtio_driver() - makes a driver known and gives it its devices
 * @drv: the driver; kept
 *
 * Context: process, may sleep. Return: 0, also when no device is there.
 */
int register_virtio_driver(struct virtio_driver *drv)
{
	struct virtio_device *vdev;

	list_add_tail(&drv->node, &virtio_drivers);
	list_for_each_entry(vdev, &virtio_devices, node)
		virtio_dev_probe(drv, vdev);
	return 0;
}

/**
 * unregister_virtio_driver() - takes a driver off all its devices
 * @drv: the driver
 *
 * Context: process, may sleep.
 */
void unregister_virtio_driver(struct virtio_driver *drv)
{
	struct virtio_device *vdev;

	list_for_each_entry(vdev, &virtio_devices, node)
		if (vdev->driver == drv)
			virtio_dev_remove(vdev);
	list_del(&drv->node);
}

/**
 * register_virtio_device() - a transport found a device
 * @vdev: id, config, dev.name and dma_dev set, the rest zero; kept
 *
 * Context: process, may sleep. Return: 0, or -EIO when it does not reset.
 */
int register_virtio_device(struct virtio_device *vdev)
{
	struct virtio_driver *drv;
	int err;

	INIT_LIST_HEAD(&vdev->vqs);
	/* 3.1.1 step 1: whoever used it before us (firmware) is gone. */
	err = vdev->config->reset(vdev);
	if (err) {
		dev_err(&vdev->dev, "device does not reset\n");
		return err;
	}
	virtio_add_status(vdev, VIRTIO_CONFIG_S_ACKNOWLEDGE);
	list_add_tail(&vdev->node, &virtio_devices);
	list_for_each_entry(drv, &virtio_drivers, node)
		virtio_dev_probe(drv, vdev);
	return 0;
}

/**
 * unregister_virtio_device() - a transport's device goes away
 * @vdev: the device; the transport frees it afterwards
 *
 * Context: process, may sleep.
 */
void unregister_virtio_device(struct virtio_device *vdev)
{
	virtio_dev_remove(vdev);
	list_del(&vdev->node);
}
