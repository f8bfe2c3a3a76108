// SPDX-License-Identifier: MIT
/*
 * Interrupts of PCI devices: MSI-X messages, or the INTx pin.
 *
 * Linux: drivers/pci/msi/
 * Read first: PCI Local Bus 3.0, 6.8.2 (MSI-X), 2.2.6 (INTx).
 */
#include <linux/errno.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/msi.h>
#include <linux/pci.h>
#include <linux/slab.h>

struct msix_vector {
	unsigned int irq;	/* of request_irq() */
};

static void __iomem *msix_entry(const struct pci_dev *dev, unsigned int nr)
{
	return (u8 __iomem *)dev->msix_base + nr * PCI_MSIX_ENTRY_SIZE;
}

static void msix_mask(const struct pci_dev *dev, unsigned int nr, bool mask)
{
	writel(mask ? PCI_MSIX_ENTRY_CTRL_MASKBIT : 0,
	       (u8 __iomem *)msix_entry(dev, nr) + PCI_MSIX_ENTRY_VECTOR_CTRL);
}

/* PCI 3.0 6.8.2.9: an entry is changed only while it is masked. */
static void msix_write_msg(const struct pci_dev *dev, unsigned int nr)
{
	u8 __iomem *entry = msix_entry(dev, nr);
	struct msi_msg msg;

	msi_compose_msg(dev->msix[nr].irq, &msg);
	writel(msg.address_lo, entry + PCI_MSIX_ENTRY_LOWER_ADDR);
	writel(msg.address_hi, entry + PCI_MSIX_ENTRY_UPPER_ADDR);
	writel(msg.data, entry + PCI_MSIX_ENTRY_DATA);
	msix_mask(dev, nr, false);
}

static void msix_free_irqs(struct pci_dev *dev)
{
	while (dev->num_vectors)
		msi_free_irq(dev->msix[--dev->num_vectors].irq);
	kfree(dev->msix);
	dev->msix = NULL;
}

/* As many interrupt numbers as there are, up to @max; none when below @min. */
static int msix_alloc_irqs(struct pci_dev *dev, unsigned int min_vecs,
			   unsigned int max_vecs)
{
	dev->msix = kcalloc(max_vecs, sizeof(*dev->msix), GFP_KERNEL);
	if (!dev->msix)
		return -ENOMEM;
	while (dev->num_vectors < max_vecs) {
		int irq = msi_alloc_irq();

		if (irq < 0)
			break;
		dev->msix[dev->num_vectors++].irq = (unsigned int)irq;
	}
	if (dev->num_vectors >= min_vecs)
		return 0;
	msix_free_irqs(dev);
	return -ENOSPC;
}

/* The table, checked against its BAR by pci_iomap_range(). */
static int msix_map_table(struct pci_dev *dev, unsigned int entries)
{
	u32 table = pci_read_config_dword(dev, dev->msix_cap + PCI_MSIX_TABLE);

	dev->msix_base = pci_iomap_range(dev, table & PCI_MSIX_TABLE_BIR,
					 table & PCI_MSIX_TABLE_OFFSET,
					 (u64)entries * PCI_MSIX_ENTRY_SIZE);
	if (!dev->msix_base) {
		dev_err(&dev->dev, "MSI-X table is outside of BAR %u\n",
			table & PCI_MSIX_TABLE_BIR);
		return -EIO;
	}
	return 0;
}

static int msix_enable(struct pci_dev *dev, unsigned int min_vecs, unsigned int max_vecs)
{
	unsigned int entries, i;
	u16 flags;
	int err;

	dev->msix_cap = pci_find_capability(dev, PCI_CAP_ID_MSIX);
	if (!dev->msix_cap)
		return -ENOENT;
	flags = pci_read_config_word(dev, dev->msix_cap + PCI_MSIX_FLAGS);
	entries = (flags & PCI_MSIX_FLAGS_QSIZE) + 1;
	if (entries < min_vecs)
		return -ENOSPC;
	err = msix_map_table(dev, entries);
	if (err)
		return err;
	err = msix_alloc_irqs(dev, min_vecs, min(entries, max_vecs));
	if (err) {
		pci_iounmap(dev, dev->msix_base);
		return err;
	}
	/* On, but all masked, until every entry has its message. */
	flags |= PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL;
	pci_write_config_word(dev, dev->msix_cap + PCI_MSIX_FLAGS, flags);
	for (i = 0; i < entries; i++)
		msix_mask(dev, i, true);
	for (i = 0; i < dev->num_vectors; i++)
		msix_write_msg(dev, i);
	pci_intx(dev, false);
	pci_write_config_word(dev, dev->msix_cap + PCI_MSIX_FLAGS,
			      flags & ~PCI_MSIX_FLAGS_MASKALL);
	dev->msix_enabled = true;
	return (int)dev->num_vectors;
}

static void msix_disable(struct pci_dev *dev)
{
	u16 flags = pci_read_config_word(dev, dev->msix_cap + PCI_MSIX_FLAGS);
	unsigned int i;

	for (i = 0; i < dev->num_vectors; i++)
		msix_mask(dev, i, true);
	pci_write_config_word(dev, dev->msix_cap + PCI_MSIX_FLAGS,
			      flags & ~PCI_MSIX_FLAGS_ENABLE);
	pci_intx(dev, true);
	pci_iounmap(dev, dev->msix_base);
	dev->msix_base = NULL;
	dev->msix_enabled = false;
	msix_free_irqs(dev);
}

/**
 * pci_alloc_irq_vectors() - gives a device its interrupts
 * @dev: the device, enabled
 * @min_vecs: fewer are of no use
 * @max_vecs: more are not needed
 * @flags: PCI_IRQ_MSIX, PCI_IRQ_INTX: what the driver can live with; MSI-X is
 *         tried first. INTx is one vector.
 *
 * Context: process.
 * Return: how many vectors there are; -ENOSPC when fewer than @min_vecs, or
 * another error that says why there are none.
 */
int pci_alloc_irq_vectors(struct pci_dev *dev, unsigned int min_vecs,
			  unsigned int max_vecs, unsigned int flags)
{
	int n = -ENOSPC;

	if (WARN_ON(!min_vecs || min_vecs > max_vecs || dev->msix_enabled))
		return -EINVAL;
	if (flags & PCI_IRQ_MSIX) {
		n = msix_enable(dev, min_vecs, max_vecs);
		if (n > 0)
			return n;
	}
	if ((flags & PCI_IRQ_INTX) && min_vecs == 1) {
		if (dev->irq < 0)
			return dev->irq;
		pci_intx(dev, true);
		return 1;
	}
	return n;
}

/**
 * pci_free_irq_vectors() - takes the interrupts back
 * @dev: the device; its handlers are gone already (free_irq())
 *
 * Context: process.
 */
void pci_free_irq_vectors(struct pci_dev *dev)
{
	if (dev->msix_enabled)
		msix_disable(dev);
}

/**
 * pci_irq_vector() - the interrupt number of a vector, for request_irq()
 * @dev: the device
 * @nr: the vector, from 0
 *
 * Context: any. Return: the number, or -EINVAL: there is no such vector.
 */
int pci_irq_vector(const struct pci_dev *dev, unsigned int nr)
{
	if (dev->msix_enabled)
		return nr < dev->num_vectors ? (int)dev->msix[nr].irq : -EINVAL;
	return nr || dev->irq < 0 ? -EINVAL : dev->irq;
}
