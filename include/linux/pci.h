/* SPDX-License-Identifier: MIT */
/*
 * PCI devices and their drivers (drivers/pci/). What is found at boot is
 * offered to every driver whose id table names it, in bus order.
 *
 * Access to configuration space and interrupt routing come from the device
 * seam (linux/pci_config.h, linux/msi.h); everything above it is portable.
 * Linux: linux/pci.h, linux/mod_devicetable.h.
 */
#ifndef LINUX_PCI_H
#define LINUX_PCI_H

#include <linux/device.h>
#include <linux/ioport.h>
#include <linux/list.h>
#include <linux/pci_config.h>
#include <linux/pci_regs.h>
#include <linux/types.h>

#define PCI_STD_NUM_BARS	6
#define PCI_ANY_ID		(~0U)
#define PCI_VENDOR_ID_INTEL	0x8086
#define PCI_VENDOR_ID_REDHAT_QUMRANET 0x1af4

struct pci_dev;
struct pci_driver;
struct msix_vector;

struct pci_device_id {
	u32 vendor, device;		/* or PCI_ANY_ID */
	u32 subvendor, subdevice;
	u32 class, class_mask;		/* 24 bits */
	unsigned long driver_data;	/* the driver's own */
};

#define PCI_DEVICE(vend, dev)						\
	.vendor = (vend), .device = (dev),				\
	.subvendor = PCI_ANY_ID, .subdevice = PCI_ANY_ID

struct pci_driver {
	const char *name;
	const struct pci_device_id *id_table;	/* ends with an entry of zeros */
	/* Both: process context, may sleep. probe: 0 takes the device; -ENODEV
	 * leaves it without a word; any other error is logged. */
	int (*probe)(struct pci_dev *dev, const struct pci_device_id *id);
	void (*remove)(struct pci_dev *dev);
	struct list_head node;			/* of all drivers */
};

struct pci_dev {
	struct device dev;
	struct list_head bus_list;	/* of all devices, in bus order */
	char name[16];			/* "0000:00:03.0" */
	u8 bus;				/* bus number */
	u8 devfn;			/* PCI_SLOT, PCI_FUNC */
	u8 hdr_type;			/* PCI_HEADER_TYPE_*, without the MFD bit */
	u8 pin;				/* INTx pin 1 to 4; 0: none */
	u8 revision;
	u16 vendor, device;
	u16 subsystem_vendor, subsystem_device;
	u32 class;			/* base class, subclass, interface */
	struct resource resource[PCI_STD_NUM_BARS];
	struct pci_driver *driver;	/* who took it, or NULL */

	int irq;			/* of INTx after pci_enable_device(), or -errno */
	unsigned int enable_cnt;
	bool is_busmaster;

	/* MSI-X, while pci_alloc_irq_vectors() holds it. */
	u8 msix_cap;			/* offset in configuration space */
	bool msix_enabled;
	unsigned int num_vectors;
	void __iomem *msix_base;	/* the table */
	struct msix_vector *msix;	/* num_vectors of them */
};

#define to_pci_dev(d) container_of(d, struct pci_dev, dev)

static inline void *pci_get_drvdata(const struct pci_dev *pdev)
{
	return dev_get_drvdata(&pdev->dev);
}

static inline void pci_set_drvdata(struct pci_dev *pdev, void *data)
{
	dev_set_drvdata(&pdev->dev, data);
}

static inline const char *pci_name(const struct pci_dev *pdev)
{
	return pdev->name;
}

/* ---- drivers/pci/probe.c ------------------------------------------------ */

/* Looks at all buses; devices not seen before are offered to the drivers.
 * Returns how many devices are known. */
unsigned int pci_rescan(void);
/* Takes the driver off @dev and forgets it; a later scan may find it again. */
void pci_stop_and_remove_bus_device(struct pci_dev *dev);
/* The device after @from (NULL: the first) with these ids, or NULL. */
struct pci_dev *pci_get_device(unsigned int vendor, unsigned int device,
			       struct pci_dev *from);

/* ---- drivers/pci/pci-driver.c ------------------------------------------- */

int __must_check pci_register_driver(struct pci_driver *drv);
void pci_unregister_driver(struct pci_driver *drv);
const struct pci_device_id *pci_match_id(const struct pci_device_id *ids,
					 const struct pci_dev *dev);
void pci_device_attach(struct pci_dev *dev);
void pci_device_detach(struct pci_dev *dev);

/* ---- drivers/pci/pci.c --------------------------------------------------- */

u8 pci_read_config_byte(const struct pci_dev *dev, unsigned int where);
u16 pci_read_config_word(const struct pci_dev *dev, unsigned int where);
u32 pci_read_config_dword(const struct pci_dev *dev, unsigned int where);
void pci_write_config_byte(const struct pci_dev *dev, unsigned int where, u8 value);
void pci_write_config_word(const struct pci_dev *dev, unsigned int where, u16 value);
void pci_write_config_dword(const struct pci_dev *dev, unsigned int where, u32 value);

u8 pci_find_capability(const struct pci_dev *dev, u8 cap);
u8 pci_find_next_capability(const struct pci_dev *dev, u8 pos, u8 cap);

int __must_check pci_enable_device(struct pci_dev *dev);
void pci_disable_device(struct pci_dev *dev);
int __must_check pci_set_master(struct pci_dev *dev);
void pci_clear_master(struct pci_dev *dev);
void pci_intx(struct pci_dev *dev, bool enable);

void __iomem *pci_iomap_range(const struct pci_dev *dev, unsigned int bar,
			      u64 offset, u64 len);
void __iomem *pci_iomap(const struct pci_dev *dev, unsigned int bar, u64 maxlen);
void pci_iounmap(const struct pci_dev *dev, void __iomem *addr);

/* ---- drivers/pci/msi.c ---------------------------------------------------- */

#define PCI_IRQ_INTX	(1 << 0)
#define PCI_IRQ_MSIX	(1 << 2)

/* Linux: PCI_IRQ_MSI (plain MSI) has no user here. */
int __must_check pci_alloc_irq_vectors(struct pci_dev *dev, unsigned int min_vecs,
				       unsigned int max_vecs, unsigned int flags);
void pci_free_irq_vectors(struct pci_dev *dev);
int pci_irq_vector(const struct pci_dev *dev, unsigned int nr);

#endif
