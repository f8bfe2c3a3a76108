/* SPDX-License-Identifier: MIT */
/*
 * Memory that devices read and write (MEM-2). kernel/dma.c, portable, keeps
 * account: with dma_debug on, every mapping must be unmapped exactly once, with
 * the size and direction it was mapped with, and what is left over is reported
 * by name. The one thing the body decides is how an address looks to a device:
 * platform_dma_address().
 *
 * Linux: linux/dma-mapping.h; the report is dma-debug's.
 */
#ifndef LINUX_DMA_MAPPING_H
#define LINUX_DMA_MAPPING_H

#include <linux/barrier.h>
#include <linux/device.h>
#include <linux/types.h>

enum dma_data_direction {
	DMA_BIDIRECTIONAL = 0,
	DMA_TO_DEVICE = 1,
	DMA_FROM_DEVICE = 2,
};

#define DMA_MAPPING_ERROR	(~(dma_addr_t)0)
#define DMA_BIT_MASK(n)		(((n) == 64) ? ~0ULL : ((1ULL << (n)) - 1))

/* Ring memory, zeroed, aligned to a page when a page or larger, else to 64.
 * NULL when there is none or the device cannot reach it. Context: any. */
void *dma_alloc_coherent(struct device *dev, size_t size, dma_addr_t *handle,
			 gfp_t gfp) __must_check;
/* With the size, address and handle of the allocation. NULL does nothing. */
void dma_free_coherent(struct device *dev, size_t size, void *cpu_addr,
		       dma_addr_t handle);

/* Hands @size bytes at @ptr to the device until the unmap; check the result
 * with dma_mapping_error(). Context: any. */
dma_addr_t dma_map_single(struct device *dev, const void *ptr, size_t size,
			  enum dma_data_direction dir) __must_check;
void dma_unmap_single(struct device *dev, dma_addr_t addr, size_t size,
		      enum dma_data_direction dir);

/* The same for a fragment: @offset bytes into the block at @page (all memory
 * is mapped one to one, so a page is named by its address). */
dma_addr_t dma_map_page(struct device *dev, const void *page, size_t offset,
			size_t size, enum dma_data_direction dir) __must_check;
void dma_unmap_page(struct device *dev, dma_addr_t addr, size_t size,
		    enum dma_data_direction dir);

/* Between map and unmap: lets the CPU look at (part of) the buffer, and gives
 * it back. The machine is coherent; these check that the mapping is alive. */
void dma_sync_single_for_cpu(struct device *dev, dma_addr_t addr, size_t size,
			     enum dma_data_direction dir);
void dma_sync_single_for_device(struct device *dev, dma_addr_t addr, size_t size,
				enum dma_data_direction dir);

static inline bool dma_mapping_error(const struct device *dev, dma_addr_t addr)
{
	(void)dev;
	return addr == DMA_MAPPING_ERROR;
}

/* What the device can address. 0, or -EIO for a mask that reaches nothing. */
int dma_set_mask_and_coherent(struct device *dev, u64 mask);

/* Watching of single mappings, for devices whose first mapping is made while
 * it is on. Off at boot; `dma_debug` on the command line or a test turns it on. */
void dma_debug_enable(bool on);

/* Logs every mapping of @dev that is still alive, and gives back the table.
 * Called when a driver lets go of its device. Returns how many there were,
 * plus the wrong unmaps counted before. */
unsigned long dma_debug_report(struct device *dev);

/* Whether one live mapping lets @dev read (or @write) these bytes; true when it
 * is not watched. For fake devices. */
bool dma_debug_allowed(const struct device *dev, dma_addr_t addr, size_t size, bool write);

/* The seam: the bus address of memory at @p. kernel/x86/platform.c, or the
 * fake devices' own. */
dma_addr_t platform_dma_address(const void *p);

#endif
