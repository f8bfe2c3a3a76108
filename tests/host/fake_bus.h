/* SPDX-License-Identifier: MIT */
/*
 * A bus with fake devices on it, for hosted tests: the device seam
 * (linux/io.h, pci_config.h, msi.h) over functions of the fakes.
 *
 * Bus addresses of memory are pointers; a fake reaches memory by fake_dma()
 * only, which fails the test when the bytes are not in a live mapping of the
 * right direction, or the device is not a bus master. Register addresses are
 * numbers that nobody dereferences.
 */
#ifndef TESTS_HOST_FAKE_BUS_H
#define TESTS_HOST_FAKE_BUS_H

#include <linux/device.h>
#include <linux/list.h>
#include <linux/pci.h>
#include <linux/types.h>

#define FAKE_MSIX_MAX		16

/* A range of registers. */
struct fake_region {
	struct list_head node;
	u64 base, size;
	void *opaque;
	/* @size is 1, 2, 4 or 8; @off is aligned to it and inside. */
	u64 (*read)(void *opaque, u64 off, unsigned int size);
	void (*write)(void *opaque, u64 off, unsigned int size, u64 value);
	unsigned int mapped;		/* ioremap()s alive */
	u64 reads, writes;		/* by drivers */
};

struct fake_msix {
	u32 addr_lo, addr_hi, data, ctrl;
	bool pending;
};

struct fake_pci_dev {
	struct list_head node;
	unsigned int bus, devfn;
	u8 config[256];
	u32 writable[64];		/* bits of each dword that software may set */
	struct fake_region bar[PCI_STD_NUM_BARS];	/* size 0: none */
	int intx_irq;			/* or -ENOENT */
	bool intx_level;
	/* MSI-X: the table is at msix_off of BAR msix_bar. */
	u8 msix_cap;			/* 0: none */
	unsigned int msix_bar, msix_n;
	u64 msix_off;
	struct fake_msix msix[FAKE_MSIX_MAX];
	u64 irqs_raised;
};

/* ---- bus ------------------------------------------------------------------ */

void fake_bus_add_pci(struct fake_pci_dev *dev);
void fake_bus_remove_pci(struct fake_pci_dev *dev);
void fake_bus_add_region(struct fake_region *region);
void fake_bus_remove_region(struct fake_region *region);

/* The kernel's structure of a fake that was scanned, or NULL. */
struct pci_dev *fake_pci_found(const struct fake_pci_dev *dev);

/* ---- what makes a configuration space -------------------------------------- */

void fake_pci_init(struct fake_pci_dev *dev, unsigned int slot, u16 vendor, u16 device,
		   u32 class);
void fake_pci_put8(struct fake_pci_dev *dev, unsigned int off, u8 value);
void fake_pci_put16(struct fake_pci_dev *dev, unsigned int off, u16 value);
void fake_pci_put32(struct fake_pci_dev *dev, unsigned int off, u32 value);
u16 fake_pci_get16(const struct fake_pci_dev *dev, unsigned int off);
u32 fake_pci_get32(const struct fake_pci_dev *dev, unsigned int off);
/* A memory BAR of @size bytes, a power of two, at @base as the firmware would
 * have put it; the region's functions are set by the caller. */
void fake_pci_set_bar(struct fake_pci_dev *dev, unsigned int bar, u64 base, u32 size);
/* Appends a capability of @len bytes; returns its offset. */
u8 fake_pci_add_cap(struct fake_pci_dev *dev, u8 id, unsigned int len);
void fake_pci_add_msix(struct fake_pci_dev *dev, unsigned int n, unsigned int bar, u64 off);

/* ---- what devices do -------------------------------------------------------- */

/* @size bytes at bus address @addr to read, or to @write; NULL, and a failed
 * test, when the device may not. @pci: checked for bus mastering; or NULL. */
void *fake_dma(const struct fake_pci_dev *pci, const struct device *dev, u64 addr,
	       size_t size, bool write);

/* The INTx pin. Raises the interrupt when it goes up. */
void fake_intx(struct fake_pci_dev *dev, bool level);
/* Sends message @vector, or remembers it while masked. */
void fake_msix_send(struct fake_pci_dev *dev, unsigned int vector);

/* ---- knobs and accounts ------------------------------------------------------ */

/* The @nth dma_map from now fails, and @count that follow. 0: none. */
void fake_dma_fail_after(unsigned long nth, unsigned long count);
/* Called at the @nth dma_map from now, once: something happens in its midst. */
void fake_dma_call_at(unsigned long nth, void (*fn)(void));
/* All register accesses by drivers since the last fake_bus_reset_counts(). */
extern u64 fake_mmio_reads, fake_mmio_writes;
void fake_bus_reset_counts(void);
/* Fails the test when a region is still mapped or a message still given. */
void fake_bus_check_clean(void);

#endif
