/* SPDX-License-Identifier: MIT */
/*
 * What every device on a bus has; a bus's own structure (struct pci_dev,
 * struct virtio_device) embeds it. Linux: linux/device.h.
 */
#ifndef LINUX_DEVICE_H
#define LINUX_DEVICE_H

#include <linux/types.h>

struct dma_debug;

struct device {
	const char *name;		/* "0000:00:03.0"; the owner keeps it alive */
	void *driver_data;		/* the driver's own structure */
	u64 dma_mask;			/* highest bus address it can reach; 0: all 64 bits */

	/* Kept by kernel/dma.c. Zero at first. */
	unsigned long dma_mapped;	/* streaming mappings alive */
	unsigned long dma_coherent;	/* coherent blocks alive */
	unsigned long dma_errors;	/* wrong unmaps seen */
	struct dma_debug *dma_debug;	/* each mapping by address; NULL: not watched */
};

static inline const char *dev_name(const struct device *dev)
{
	return dev->name ? dev->name : "?";
}

static inline void *dev_get_drvdata(const struct device *dev)
{
	return dev->driver_data;
}

static inline void dev_set_drvdata(struct device *dev, void *data)
{
	dev->driver_data = data;
}

#define dev_err(dev, f, a...)	pr_err("%s: " f, dev_name(dev), ##a)
#define dev_warn(dev, f, a...)	pr_warn("%s: " f, dev_name(dev), ##a)
#define dev_info(dev, f, a...)	pr_info("%s: " f, dev_name(dev), ##a)
#define dev_dbg(dev, f, a...)	pr_debug("%s: " f, dev_name(dev), ##a)

#endif
