// SPDX-License-Identifier: MIT
/*
 * Bringing PCI devices and drivers together: the id tables, probe and remove.
 *
 * Linux: drivers/pci/pci-driver.c, drivers/base/dd.c
 */
#include <linux/dma-mapping.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/pci.h>

static LIST_HEAD(pci_drivers);		/* every pci_driver, in order of registration */

static bool pci_match_one_device(const struct pci_device_id *id, const struct pci_dev *dev)
{
	return (id->vendor == PCI_ANY_ID || id->vendor == dev->vendor) &&
	       (id->device == PCI_ANY_ID || id->device == dev->device) &&
	       (id->subvendor == PCI_ANY_ID || id->subvendor == dev->subsystem_vendor) &&
	       (id->subdevice == PCI_ANY_ID || id->subdevice == dev->subsystem_device) &&
	       !((id->class ^ dev->class) & id->class_mask);
}

/**
 * pci_match_id() - looks a device up in a driver's table
 * @ids: the table; its last entry is all zeros
 * @dev: the device
 *
 * Context: any. Return: the entry, or NULL.
 */
const struct pci_device_id *pci_match_id(const struct pci_device_id *ids,
					 const struct pci_dev *dev)
{
	for (; ids->vendor || ids->subvendor || ids->class_mask; ids++)
		if (pci_match_one_device(ids, dev))
			return ids;
	return NULL;
}

/* Offers @dev to @drv; true when the driver took it. */
static bool pci_call_probe(struct pci_driver *drv, struct pci_dev *dev)
{
	const struct pci_device_id *id = pci_match_id(drv->id_table, dev);
	int err;

	if (!id)
		return false;
	dev->driver = drv;
	err = drv->probe(dev, id);
	if (!err)
		return true;
	dev->driver = NULL;
	if (err != -ENODEV)
		dev_err(&dev->dev, "%s: probe failed, error %d\n", drv->name, err);
	/* What a failed probe left mapped is its own bug: say so now. */
	dma_debug_report(&dev->dev);
	return false;
}

/**
 * pci_device_attach() - offers a device without a driver to all drivers
 * @dev: the device
 *
 * Context: process, may sleep.
 */
void pci_device_attach(struct pci_dev *dev)
{
	struct pci_driver *drv;

	if (dev->driver)
		return;
	list_for_each_entry(drv, &pci_drivers, node)
		if (pci_call_probe(drv, dev))
			return;
}

/**
 * pci_device_detach() - makes the driver let go of a device
 * @dev: the device; nothing happens when it has no driver
 *
 * Mappings that the driver forgot are reported by name.
 * Context: process, may sleep.
 */
void pci_device_detach(struct pci_dev *dev)
{
	if (!dev->driver)
		return;
	dev->driver->remove(dev);
	dev->driver = NULL;
	dma_debug_report(&dev->dev);
}

/**
 * pci_register_driver() - makes a driver known and gives it its devices
 * @drv: the driver; kept
 *
 * Context: process, may sleep. Return: 0, also when no device is there.
 */
int pci_register_driver(struct pci_driver *drv)
{
	struct pci_dev *dev = NULL;

	list_add_tail(&drv->node, &pci_drivers);
	while ((dev = pci_get_device(PCI_ANY_ID, PCI_ANY_ID, dev)))
		if (!dev->driver)
			pci_call_probe(drv, dev);
	return 0;
}

/**
 * pci_unregister_driver() - takes a driver off all its devices and forgets it
 * @drv: the driver
 *
 * Context: process, may sleep.
 */
void pci_unregister_driver(struct pci_driver *drv)
{
	struct pci_dev *dev = NULL;

	while ((dev = pci_get_device(PCI_ANY_ID, PCI_ANY_ID, dev)))
		if (dev->driver == drv)
			pci_device_detach(dev);
	list_del(&drv->node);
}

/* A NIC that nobody knows is worth a line: it is why there is no network. */
static int __init pci_report_unknown(void)
{
	struct pci_dev *dev = NULL;

	while ((dev = pci_get_device(PCI_ANY_ID, PCI_ANY_ID, dev)))
		if (!dev->driver && dev->class >> 8 == PCI_CLASS_NETWORK_ETHERNET)
			dev_warn(&dev->dev, "no driver for network device [%04x:%04x]\n",
				 dev->vendor, dev->device);
	return 0;
}
late_initcall(pci_report_unknown);
