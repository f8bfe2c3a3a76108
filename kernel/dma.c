// SPDX-License-Identifier: MIT
/*
 * Memory that devices read and write, and the account of it (MEM-2).
 *
 * Counts of what a device holds are always kept. With dma_debug on, each
 * mapping is remembered in a table on its device: an unmap that has no map, or
 * another size or direction, is logged, and what is left at the end is listed.
 * The same bytes may be mapped more than once (a clone of a packet in flight),
 * so the table is a multiset.
 *
 * Linux: kernel/dma/mapping.c, kernel/dma/debug.c.
 */
#include <linux/dma-mapping.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#define TABLE_MIN	64		/* entries; a power of two */
#define REPORT_MAX	20		/* mappings listed one by one */

enum dma_kind { DMA_KIND_NONE, DMA_KIND_STREAMING, DMA_KIND_COHERENT };

struct dma_entry {
	dma_addr_t addr;
	size_t size;
	u8 dir;				/* enum dma_data_direction */
	u8 kind;			/* enum dma_kind; NONE: the slot is free */
};

/*
 * Open addressing: an entry lies at its hash's slot or, with no free slot in
 * between, behind it. At most half full.
 */
struct dma_debug {
	struct dma_entry *slots;
	unsigned int size;		/* slots; a power of two */
	unsigned int used;
};

static bool dma_debug_on;

static const char *const kind_names[] = { "?", "mapping", "coherent block" };
static const char *const dir_names[] = { "both ways", "to device", "from device" };

static const char *dir_name(unsigned int dir)
{
	return dir < ARRAY_SIZE(dir_names) ? dir_names[dir] : "no direction";
}

/* ---- the table ------------------------------------------------------------ */

static unsigned int slot_of(const struct dma_debug *d, dma_addr_t addr)
{
	return (unsigned int)((addr * 0x9e3779b97f4a7c15ULL) >> 32) & (d->size - 1);
}

static void table_put(struct dma_debug *d, const struct dma_entry *e)
{
	unsigned int i = slot_of(d, e->addr);

	while (d->slots[i].kind != DMA_KIND_NONE)
		i = (i + 1) & (d->size - 1);
	d->slots[i] = *e;
	d->used++;
}

static bool table_grow(struct dma_debug *d)
{
	struct dma_debug bigger = { .size = d->size ? 2 * d->size : TABLE_MIN };
	unsigned int i;

	bigger.slots = kcalloc(bigger.size, sizeof(*bigger.slots), GFP_ATOMIC);
	if (!bigger.slots)
		return false;
	for (i = 0; i < d->size; i++)
		if (d->slots[i].kind != DMA_KIND_NONE)
			table_put(&bigger, &d->slots[i]);
	kfree(d->slots);
	*d = bigger;
	return true;
}

/* The entry equal to @want, else one that starts at the same address, else
 * NULL; *@exact tells which. */
static struct dma_entry *table_find(struct dma_debug *d, const struct dma_entry *want,
				    bool *exact)
{
	struct dma_entry *near = NULL;
	unsigned int i = slot_of(d, want->addr);

	for (; d->slots[i].kind != DMA_KIND_NONE; i = (i + 1) & (d->size - 1)) {
		struct dma_entry *e = &d->slots[i];

		if (e->addr != want->addr || e->kind != want->kind)
			continue;
		*exact = e->size == want->size && e->dir == want->dir;
		if (*exact)
			return e;
		near = e;
	}
	*exact = false;
	return near;
}

/* Empties a slot and moves up what could no longer be found behind it. */
static void table_remove(struct dma_debug *d, struct dma_entry *e)
{
	unsigned int mask = d->size - 1;
	unsigned int hole = (unsigned int)(e - d->slots);
	unsigned int i = hole;

	for (;;) {
		unsigned int home;

		i = (i + 1) & mask;
		if (d->slots[i].kind == DMA_KIND_NONE)
			break;
		home = slot_of(d, d->slots[i].addr);
		/* May it go into the hole, or does it begin after it? */
		if (((i - home) & mask) >= ((i - hole) & mask)) {
			d->slots[hole] = d->slots[i];
			hole = i;
		}
	}
	d->slots[hole].kind = DMA_KIND_NONE;
	d->used--;
}

/* ---- the account ------------------------------------------------------------ */

static void watch_end(struct device *dev)
{
	struct dma_debug *d = dev->dma_debug;

	dev->dma_debug = NULL;
	if (d) {
		kfree(d->slots);
		kfree(d);
	}
}

/* Without memory for the table a device is not watched any further. */
static void account_map(struct device *dev, const struct dma_entry *e)
{
	struct dma_debug *d;
	bool first = !dev->dma_mapped && !dev->dma_coherent;

	if (e->kind == DMA_KIND_STREAMING)
		dev->dma_mapped++;
	else
		dev->dma_coherent++;
	if (dma_debug_on && first && !dev->dma_debug)
		dev->dma_debug = kzalloc(sizeof(*dev->dma_debug), GFP_ATOMIC);
	d = dev->dma_debug;
	if (!d)
		return;
	if (2 * (d->used + 1) > d->size && !table_grow(d)) {
		pr_warn("dma: %s: no memory to watch its mappings\n", dev_name(dev));
		watch_end(dev);
		return;
	}
	table_put(d, e);
}

/* False: there is no such mapping, and nothing is given back. */
static bool account_unmap(struct device *dev, const struct dma_entry *want)
{
	unsigned long *count = want->kind == DMA_KIND_STREAMING ?
			       &dev->dma_mapped : &dev->dma_coherent;
	struct dma_debug *d = dev->dma_debug;
	struct dma_entry *e = NULL;
	bool exact = true;

	if (d && d->size)
		e = table_find(d, want, &exact);
	if ((d && !e) || !*count) {
		dev->dma_errors++;
		pr_err("dma: %s: %s at %#lx of %lu bytes is not there to unmap\n",
		       dev_name(dev), kind_names[want->kind], want->addr, want->size);
		return false;
	}
	if (!exact) {
		dev->dma_errors++;
		pr_err("dma: %s: %s at %#lx: %lu bytes %s unmapped as %lu bytes %s\n",
		       dev_name(dev), kind_names[want->kind], want->addr,
		       e->size, dir_name(e->dir), want->size, dir_name(want->dir));
	}
	(*count)--;
	if (e)
		table_remove(d, e);
	return true;
}

/* Nobody watches: the count alone is kept, by one instruction. */
static bool is_unwatched(const struct device *dev)
{
	return likely(!dma_debug_on && !dev->dma_debug);
}

static void map_entry(struct device *dev, dma_addr_t addr, size_t size,
		      enum dma_data_direction dir, enum dma_kind kind)
{
	struct dma_entry e = { addr, size, (u8)dir, (u8)kind };
	unsigned long flags;

	if (is_unwatched(dev) && kind == DMA_KIND_STREAMING) {
		__atomic_add_fetch(&dev->dma_mapped, 1, __ATOMIC_RELAXED);
		return;
	}
	local_irq_save(flags);
	account_map(dev, &e);
	local_irq_restore(flags);
}

static bool unmap_entry(struct device *dev, dma_addr_t addr, size_t size,
			enum dma_data_direction dir, enum dma_kind kind)
{
	struct dma_entry e = { addr, size, (u8)dir, (u8)kind };
	unsigned long flags;
	bool found;

	if (is_unwatched(dev) && kind == DMA_KIND_STREAMING && likely(dev->dma_mapped)) {
		__atomic_sub_fetch(&dev->dma_mapped, 1, __ATOMIC_RELAXED);
		return true;
	}
	local_irq_save(flags);
	found = account_unmap(dev, &e);
	local_irq_restore(flags);
	return found;
}

/* Can the device reach all of it? */
static bool reachable(const struct device *dev, dma_addr_t addr, size_t size)
{
	if (addr == DMA_MAPPING_ERROR || addr + size < addr)
		return false;
	return !dev->dma_mask || addr + size - 1 <= dev->dma_mask;
}

/* ---- interface ---------------------------------------------------------------- */

/**
 * dma_map_single() - hand memory to a device
 * @dev: the device
 * @ptr: kernel memory that stays until the unmap
 * @size: bytes, not 0
 * @dir: who writes
 *
 * Context: any.
 * Return: the bus address, or DMA_MAPPING_ERROR when the device cannot reach it.
 */
dma_addr_t dma_map_single(struct device *dev, const void *ptr, size_t size,
			  enum dma_data_direction dir)
{
	dma_addr_t addr = platform_dma_address(ptr);

	if (!size || !reachable(dev, addr, size))
		return DMA_MAPPING_ERROR;
	map_entry(dev, addr, size, dir, DMA_KIND_STREAMING);
	return addr;
}

/**
 * dma_unmap_single() - take memory back from a device
 * @dev: the device
 * @addr: from dma_map_single()
 * @size: as mapped
 * @dir: as mapped
 *
 * Context: any.
 */
void dma_unmap_single(struct device *dev, dma_addr_t addr, size_t size,
		      enum dma_data_direction dir)
{
	unmap_entry(dev, addr, size, dir, DMA_KIND_STREAMING);
}

/**
 * dma_map_page() - hand a fragment to a device
 * @dev: the device
 * @page: the block that the fragment is in
 * @offset: bytes from its start
 * @size: bytes, not 0
 * @dir: who writes
 *
 * Context: any.
 * Return: the bus address of the fragment, or DMA_MAPPING_ERROR.
 */
dma_addr_t dma_map_page(struct device *dev, const void *page, size_t offset,
			size_t size, enum dma_data_direction dir)
{
	return dma_map_single(dev, (const u8 *)page + offset, size, dir);
}

/**
 * dma_unmap_page() - take a fragment back from a device
 * @dev: the device
 * @addr: from dma_map_page()
 * @size: as mapped
 * @dir: as mapped
 *
 * Context: any.
 */
void dma_unmap_page(struct device *dev, dma_addr_t addr, size_t size,
		    enum dma_data_direction dir)
{
	dma_unmap_single(dev, addr, size, dir);
}

/* Is [@addr, +@size) inside a live mapping? Only the whole table knows. */
static bool sync_allowed(const struct dma_debug *d, dma_addr_t addr, size_t size)
{
	unsigned int i;

	for (i = 0; i < d->size; i++) {
		const struct dma_entry *e = &d->slots[i];

		if (e->kind == DMA_KIND_STREAMING && addr >= e->addr &&
		    addr - e->addr <= e->size && size <= e->size - (addr - e->addr))
			return true;
	}
	return false;
}

/* Does @e let the device read, or write, [@addr, +@size)? */
static bool entry_allows(const struct dma_entry *e, dma_addr_t addr, size_t size,
			 bool write)
{
	if (e->kind == DMA_KIND_NONE || addr < e->addr || addr - e->addr > e->size ||
	    size > e->size - (addr - e->addr))
		return false;
	return e->dir == DMA_BIDIRECTIONAL ||
	       e->dir == (write ? DMA_FROM_DEVICE : DMA_TO_DEVICE);
}

/**
 * dma_debug_allowed() - may a device touch memory now?
 * @dev: the device
 * @addr: bus address
 * @size: bytes
 * @write: it writes, else it reads
 *
 * For fake devices in tests: what a real one would do outside of its mappings
 * nobody sees.
 *
 * Context: any.
 * Return: true when one live mapping covers it, or the device is not watched.
 */
bool dma_debug_allowed(const struct device *dev, dma_addr_t addr, size_t size, bool write)
{
	const struct dma_debug *d = dev->dma_debug;
	unsigned int i;

	if (!d)
		return true;
	for (i = 0; i < d->size; i++)
		if (entry_allows(&d->slots[i], addr, size, write))
			return true;
	return false;
}

static void sync_check(struct device *dev, dma_addr_t addr, size_t size)
{
	unsigned long flags;

	if (!dev->dma_debug)
		return;
	local_irq_save(flags);
	if (!sync_allowed(dev->dma_debug, addr, size)) {
		dev->dma_errors++;
		pr_err("dma: %s: sync of %lu bytes at %#lx, which are not mapped\n",
		       dev_name(dev), size, addr);
	}
	local_irq_restore(flags);
}

/**
 * dma_sync_single_for_cpu() - let the CPU look at a mapped buffer
 * @dev: the device
 * @addr: inside a mapping
 * @size: bytes of it
 * @dir: as mapped
 *
 * Context: any.
 */
void dma_sync_single_for_cpu(struct device *dev, dma_addr_t addr, size_t size,
			     enum dma_data_direction dir)
{
	sync_check(dev, addr, size);
	dma_rmb();
}

/**
 * dma_sync_single_for_device() - give a mapped buffer back to the device
 * @dev: the device
 * @addr: inside a mapping
 * @size: bytes of it
 * @dir: as mapped
 *
 * Context: any.
 */
void dma_sync_single_for_device(struct device *dev, dma_addr_t addr, size_t size,
				enum dma_data_direction dir)
{
	sync_check(dev, addr, size);
	dma_wmb();
}

/**
 * dma_alloc_coherent() - memory that driver and device share, zeroed
 * @dev: the device
 * @size: bytes, not 0
 * @handle: set to the bus address
 * @gfp: GFP_KERNEL or GFP_ATOMIC
 *
 * Context: any.
 * Return: the memory, page aligned from a page on; NULL: none, or out of reach.
 */
void *dma_alloc_coherent(struct device *dev, size_t size, dma_addr_t *handle,
			 gfp_t gfp)
{
	/* 64 bytes at least: rings want cache lines. */
	void *p = size ? kzalloc(max(size, (size_t)64), gfp) : NULL;
	dma_addr_t addr;

	if (!p)
		return NULL;
	addr = platform_dma_address(p);
	if (!reachable(dev, addr, size)) {
		kfree(p);
		return NULL;
	}
	map_entry(dev, addr, size, DMA_BIDIRECTIONAL, DMA_KIND_COHERENT);
	*handle = addr;
	return p;
}

/**
 * dma_free_coherent() - give shared memory back
 * @dev: the device
 * @size: as allocated
 * @cpu_addr: from dma_alloc_coherent(), or NULL
 * @handle: its bus address
 *
 * A block that is not there is not freed.
 *
 * Context: any.
 */
void dma_free_coherent(struct device *dev, size_t size, void *cpu_addr,
		       dma_addr_t handle)
{
	if (!cpu_addr)
		return;
	if (unmap_entry(dev, handle, size, DMA_BIDIRECTIONAL, DMA_KIND_COHERENT))
		kfree(cpu_addr);
}

/**
 * dma_set_mask_and_coherent() - tell what a device can address
 * @dev: the device
 * @mask: DMA_BIT_MASK(bits)
 *
 * Context: process, before the first mapping.
 * Return: 0, or -EIO for a mask below 24 bits.
 */
int dma_set_mask_and_coherent(struct device *dev, u64 mask)
{
	if (mask < DMA_BIT_MASK(24))
		return -EIO;
	dev->dma_mask = mask;
	return 0;
}

/**
 * dma_debug_enable() - watch single mappings, or not
 * @on: for devices that hold none yet
 *
 * Context: any.
 */
void dma_debug_enable(bool on)
{
	dma_debug_on = on;
}

/**
 * dma_debug_report() - log what a device still holds
 * @dev: the device; not watched any more afterwards
 *
 * Context: process.
 * Return: mappings and blocks alive, plus the wrong unmaps and syncs so far.
 */
unsigned long dma_debug_report(struct device *dev)
{
	unsigned long left = dev->dma_mapped + dev->dma_coherent;
	struct dma_debug *d = dev->dma_debug;
	unsigned int i, listed = 0;

	if (left)
		pr_err("dma: %s: %lu mappings and %lu coherent blocks left\n",
		       dev_name(dev), dev->dma_mapped, dev->dma_coherent);
	for (i = 0; d && i < d->size && listed < REPORT_MAX; i++) {
		const struct dma_entry *e = &d->slots[i];

		if (e->kind == DMA_KIND_NONE)
			continue;
		listed++;
		pr_err("dma: %s: %s at %#lx of %lu bytes, %s\n", dev_name(dev),
		       kind_names[e->kind], e->addr, e->size, dir_name(e->dir));
	}
	watch_end(dev);
	return left + dev->dma_errors;
}

static int dma_debug_setup(char *value)
{
	if (*value)
		return 0;
	dma_debug_enable(true);
	return 1;
}
__setup("dma_debug", dma_debug_setup);
