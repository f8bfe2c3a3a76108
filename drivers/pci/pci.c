// SPDX-License-Identifier: MIT
/*
 * What a driver does with a PCI device that is its own: configuration space,
 * capabilities, switching it on, bus mastering, its memory BARs.
 *
 * Linux: drivers/pci/pci.c, drivers/pci/iomap.c
 * Read first: PCI Local Bus 3.0, chapter 6.
 * Left out: I/O BARs (no driver here uses ports), power states but D0.
 */
#include <linux/errno.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/pci.h>

/* A list of capabilities that is longer has a loop in it: each takes at least
 * four of the 192 bytes behind the header. */
#define PCI_FIND_CAP_TTL ((PCI_CFG_SPACE_SIZE - PCI_STD_HEADER_SIZEOF) / 4)

/**
 * pci_read_config_byte() - reads one byte of configuration space
 * @dev: the device
 * @where: offset in bytes
 *
 * The other widths are the same; their offsets are aligned.
 * Context: any. Return: the value; all ones when nobody answers.
 */
u8 pci_read_config_byte(const struct pci_dev *dev, unsigned int where)
{
	return pci_conf_read8(dev->bus, dev->devfn, where);
}

/** pci_read_config_word() - as pci_read_config_byte(), 16 bits */
u16 pci_read_config_word(const struct pci_dev *dev, unsigned int where)
{
	return pci_conf_read16(dev->bus, dev->devfn, where);
}

/** pci_read_config_dword() - as pci_read_config_byte(), 32 bits */
u32 pci_read_config_dword(const struct pci_dev *dev, unsigned int where)
{
	return pci_conf_read32(dev->bus, dev->devfn, where);
}

/**
 * pci_write_config_byte() - writes one byte of configuration space
 * @dev: the device
 * @where: offset in bytes
 * @value: what to write
 *
 * The other widths are the same; their offsets are aligned.
 * Context: any.
 */
void pci_write_config_byte(const struct pci_dev *dev, unsigned int where, u8 value)
{
	pci_conf_write8(dev->bus, dev->devfn, where, value);
}

/** pci_write_config_word() - as pci_write_config_byte(), 16 bits */
void pci_write_config_word(const struct pci_dev *dev, unsigned int where, u16 value)
{
	pci_conf_write16(dev->bus, dev->devfn, where, value);
}

/** pci_write_config_dword() - as pci_write_config_byte(), 32 bits */
void pci_write_config_dword(const struct pci_dev *dev, unsigned int where, u32 value)
{
	pci_conf_write32(dev->bus, dev->devfn, where, value);
}

/* The first capability @cap in the chain that begins at @pos; 0: none. What a
 * device says is not believed: positions inside the header end the walk, and
 * so does a loop. */
static u8 pci_walk_capabilities(const struct pci_dev *dev, u8 pos, u8 cap)
{
	int ttl = PCI_FIND_CAP_TTL;

	while (ttl--) {
		u8 id;

		pos &= ~3;	/* PCI 3.0 6.7: the two low bits are reserved */
		if (pos < PCI_STD_HEADER_SIZEOF)
			return 0;
		id = pci_read_config_byte(dev, pos + PCI_CAP_LIST_ID);
		if (id == 0xff)
			return 0;
		if (id == cap)
			return pos;
		pos = pci_read_config_byte(dev, pos + PCI_CAP_LIST_NEXT);
	}
	return 0;
}

/**
 * pci_find_capability() - looks for a capability
 * @dev: the device
 * @cap: PCI_CAP_ID_*
 *
 * Context: any. Return: its offset in configuration space, 0 when there is none.
 */
u8 pci_find_capability(const struct pci_dev *dev, u8 cap)
{
	if (!(pci_read_config_word(dev, PCI_STATUS) & PCI_STATUS_CAP_LIST))
		return 0;
	return pci_walk_capabilities(dev, pci_read_config_byte(dev, PCI_CAPABILITY_LIST),
				     cap);
}

/**
 * pci_find_next_capability() - looks for another capability of the same kind
 * @dev: the device
 * @pos: offset of the one found before
 * @cap: PCI_CAP_ID_*
 *
 * A caller that loops bounds its own rounds: a hostile list may be a ring.
 * Context: any. Return: its offset in configuration space, 0 when there is none.
 */
u8 pci_find_next_capability(const struct pci_dev *dev, u8 pos, u8 cap)
{
	return pci_walk_capabilities(dev,
				     pci_read_config_byte(dev, pos + PCI_CAP_LIST_NEXT),
				     cap);
}

/* Sets and clears bits of the command register; writes only if they change. */
static void pci_update_command(const struct pci_dev *dev, u16 set, u16 clear)
{
	u16 old = pci_read_config_word(dev, PCI_COMMAND);
	u16 cmd = (old & ~clear) | set;

	if (cmd != old)
		pci_write_config_word(dev, PCI_COMMAND, cmd);
}

/* A device that sleeps answers configuration cycles only. PCI PM 1.2 3.2.4. */
static void pci_set_power_d0(const struct pci_dev *dev)
{
	u8 pm = pci_find_capability(dev, PCI_CAP_ID_PM);
	u16 ctrl;

	if (!pm)
		return;
	ctrl = pci_read_config_word(dev, pm + PCI_PM_CTRL);
	if (ctrl & PCI_PM_CTRL_STATE_MASK)
		pci_write_config_word(dev, pm + PCI_PM_CTRL,
				      ctrl & ~PCI_PM_CTRL_STATE_MASK);
}

/**
 * pci_enable_device() - makes the device answer at its memory BARs
 * @dev: the device
 *
 * Also finds its INTx line: dev->irq, or a negative error there when it has
 * none (which a device with MSI-X does not need). Counted: as many calls of
 * pci_disable_device() switch it off.
 * Context: process.
 * Return: 0; -ENXIO when the firmware gave a memory BAR no address.
 */
int pci_enable_device(struct pci_dev *dev)
{
	unsigned int i;

	if (dev->enable_cnt++)
		return 0;
	for (i = 0; i < PCI_STD_NUM_BARS; i++) {
		const struct resource *res = &dev->resource[i];

		if ((res->flags & IORESOURCE_MEM) && (res->flags & IORESOURCE_UNSET)) {
			dev_err(&dev->dev, "BAR %u: firmware gave it no address\n", i);
			dev->enable_cnt = 0;
			return -ENXIO;
		}
	}
	pci_set_power_d0(dev);
	pci_update_command(dev, PCI_COMMAND_MEMORY, PCI_COMMAND_INTX_DISABLE);
	dev->irq = pci_conf_intx_irq(dev->bus, dev->devfn);
	return 0;
}

/**
 * pci_disable_device() - takes back one pci_enable_device()
 * @dev: the device
 *
 * The last one also ends bus mastering: nothing is written to memory any more.
 * Memory decoding stays on, as in Linux.
 * Context: process.
 */
void pci_disable_device(struct pci_dev *dev)
{
	if (WARN_ON(!dev->enable_cnt))
		return;
	if (--dev->enable_cnt)
		return;
	pci_clear_master(dev);
}

/**
 * pci_set_master() - lets the device read and write memory on its own
 * @dev: the device
 *
 * Linux: returns nothing. Here it looks whether the bit stayed: without it a
 * NIC is silent in both directions and nothing else says why.
 * Context: process. Return: 0, or -EIO when the device refuses.
 */
int pci_set_master(struct pci_dev *dev)
{
	pci_update_command(dev, PCI_COMMAND_MASTER, 0);
	if (!(pci_read_config_word(dev, PCI_COMMAND) & PCI_COMMAND_MASTER)) {
		dev_err(&dev->dev, "bus mastering refused\n");
		return -EIO;
	}
	dev->is_busmaster = true;
	return 0;
}

/**
 * pci_clear_master() - ends what pci_set_master() began
 * @dev: the device
 *
 * Context: process.
 */
void pci_clear_master(struct pci_dev *dev)
{
	pci_update_command(dev, 0, PCI_COMMAND_MASTER);
	dev->is_busmaster = false;
}

/**
 * pci_intx() - lets the device use its interrupt pin, or not
 * @dev: the device
 * @enable: whether it may
 *
 * PCI 3.0 6.2.2, bit 10. Context: process.
 */
void pci_intx(struct pci_dev *dev, bool enable)
{
	if (enable)
		pci_update_command(dev, 0, PCI_COMMAND_INTX_DISABLE);
	else
		pci_update_command(dev, PCI_COMMAND_INTX_DISABLE, 0);
}

/**
 * pci_iomap_range() - makes part of a memory BAR reachable
 * @dev: the device, enabled
 * @bar: number of the BAR, 0 to 5; may come from the device itself
 * @offset: bytes into the BAR
 * @len: bytes; 0: up to the end
 *
 * Context: process.
 * Return: what readl() and friends take, or NULL: no such memory BAR, the range
 * does not fit into it, no memory. Give back with pci_iounmap().
 */
void __iomem *pci_iomap_range(const struct pci_dev *dev, unsigned int bar,
			      u64 offset, u64 len)
{
	const struct resource *res;
	u64 size;

	if (bar >= PCI_STD_NUM_BARS)
		return NULL;
	res = &dev->resource[bar];
	size = resource_size(res);
	if (!(res->flags & IORESOURCE_MEM) || (res->flags & IORESOURCE_UNSET))
		return NULL;
	if (offset >= size)
		return NULL;
	if (!len)
		len = size - offset;
	if (len > size - offset)
		return NULL;
	return ioremap(res->start + offset, len);
}

/**
 * pci_iomap() - makes a memory BAR reachable
 * @dev: the device, enabled
 * @bar: number of the BAR, 0 to 5
 * @maxlen: at most that many bytes; 0: all of it
 *
 * Context: process. Return: as pci_iomap_range().
 */
void __iomem *pci_iomap(const struct pci_dev *dev, unsigned int bar, u64 maxlen)
{
	if (bar >= PCI_STD_NUM_BARS)
		return NULL;
	if (maxlen)
		maxlen = min(maxlen, resource_size(&dev->resource[bar]));
	return pci_iomap_range(dev, bar, 0, maxlen);
}

/**
 * pci_iounmap() - gives back what pci_iomap() or pci_iomap_range() gave
 * @dev: the device
 * @addr: the address; NULL does nothing
 *
 * Context: process.
 */
void pci_iounmap(const struct pci_dev *dev, void __iomem *addr)
{
	(void)dev;
	if (addr)
		iounmap(addr);
}
