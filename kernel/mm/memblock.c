// SPDX-License-Identifier: MIT
/*
 * Memory before there is an allocator: the free ranges of the memory map, cut
 * where something lies, and given whole to the page allocator in the end.
 *
 * Linux: mm/memblock.c.
 */
#include <asm/boot.h>
#include <asm/page.h>
#include <linux/kernel.h>
#include <linux/string.h>

#define MAX_RANGES	192
#define LOW_MEMORY_END	0x100000UL	/* BIOS data, video, option ROMs below */
#define BOOT_MAPPED_END	(4UL << 30)	/* what boot/head_64.S maps */
#define MIN_FREE	(4UL << 20)	/* bytes the stack cannot do without */

struct range {
	u64 start, end;			/* whole pages; start < end */
};

static struct range free_ranges[MAX_RANGES];
static unsigned int nr_free;
static u64 total;			/* bytes of RAM, before anything is cut off */
static u64 highest;			/* end of the last RAM range */

static void remove_range(unsigned int i)
{
	nr_free--;
	memmove(&free_ranges[i], &free_ranges[i + 1],
		(nr_free - i) * sizeof(free_ranges[0]));
}

/* No room for one more range: it is lost, not misused. */
static void add_range(u64 start, u64 end)
{
	if (start < end && nr_free < MAX_RANGES)
		free_ranges[nr_free++] = (struct range){ start, end };
}

/* Takes [@start, @end) out of range @i. True when the range is gone. */
static bool cut_range(unsigned int i, u64 start, u64 end)
{
	struct range *r = &free_ranges[i];
	u64 old_end = r->end;

	if (end <= r->start || start >= r->end)
		return false;
	if (start <= r->start && end >= r->end) {
		remove_range(i);
		return true;
	}
	if (start <= r->start) {
		r->start = end;
		return false;
	}
	r->end = start;
	add_range(end, old_end);
	return false;
}

/**
 * memblock_reserve() - keep a range from being given away
 * @start: first byte
 * @size: bytes; rounded out to pages
 *
 * Context: boot, before page_alloc_init().
 */
void memblock_reserve(u64 start, u64 size)
{
	u64 end = start + size;
	unsigned int i = 0;

	if (!size || end < start)
		return;
	start = ALIGN_DOWN(start, PAGE_SIZE);
	end = ALIGN(end, PAGE_SIZE);
	while (i < nr_free)
		if (!cut_range(i, start, end))
			i++;
}

/* The part of the memory map's RAM that is whole pages above low memory. */
static void add_ram(const struct boot_mem *m)
{
	u64 start = ALIGN(max(m->start, (u64)LOW_MEMORY_END), PAGE_SIZE);
	u64 end = ALIGN_DOWN(m->start + m->size, PAGE_SIZE);

	if (start >= end)
		return;
	add_range(start, end);
	total += end - start;
	highest = max(highest, end);
}

/**
 * memblock_init() - take the RAM of the memory map
 *
 * Entries that are not RAM win over RAM that overlaps them, and the image is
 * kept. Stops with one message when there is too little.
 *
 * Context: boot, after boot_info_read().
 */
void memblock_init(void)
{
	unsigned int i;
	u64 left = 0;

	for (i = 0; i < boot_info.nr_mem; i++)
		if (boot_info.mem[i].type == BOOT_MEM_RAM)
			add_ram(&boot_info.mem[i]);
	for (i = 0; i < boot_info.nr_mem; i++)
		if (boot_info.mem[i].type != BOOT_MEM_RAM)
			memblock_reserve(boot_info.mem[i].start,
					 boot_info.mem[i].size);
	memblock_reserve((uintptr_t)_text, (uintptr_t)(_end - _text));

	for (i = 0; i < nr_free; i++)
		left += free_ranges[i].end - free_ranges[i].start;
	if (left < MIN_FREE)
		panic("too little memory: %lu KiB of RAM, %lu KiB free after the image; at least %lu KiB have to be free",
		      total >> 10, left >> 10, MIN_FREE >> 10);
}

/**
 * memblock_alloc() - a block for ever, before there is an allocator
 * @size: bytes; rounded up to pages
 * @align: a power of two
 *
 * From the highest range that the boot page tables reach, zeroed.
 *
 * Context: boot, between memblock_init() and page_alloc_init().
 * Return: the block; it stops the machine when there is none.
 */
void *memblock_alloc(size_t size, size_t align)
{
	u64 best = 0;
	unsigned int i;

	size = ALIGN(size, PAGE_SIZE);
	for (i = 0; i < nr_free; i++) {
		u64 end = min(free_ranges[i].end, (u64)BOOT_MAPPED_END);
		u64 at;

		if (end < size)
			continue;
		at = ALIGN_DOWN(end - size, max((u64)align, PAGE_SIZE));
		if (at >= free_ranges[i].start && at > best)
			best = at;
	}
	if (!best)
		panic("too little memory: no block of %lu KiB for the kernel's tables",
		      size >> 10);
	memblock_reserve(best, size);
	memset((void *)best, 0, size);
	return (void *)best;
}

/**
 * memblock_is_ram() - does a range touch RAM?
 * @start: first byte
 * @size: bytes
 *
 * Context: any.
 * Return: true when at least one byte of it is RAM by the memory map.
 */
bool memblock_is_ram(u64 start, u64 size)
{
	unsigned int i;

	for (i = 0; i < boot_info.nr_mem; i++) {
		const struct boot_mem *m = &boot_info.mem[i];

		if (m->type == BOOT_MEM_RAM && start < m->start + m->size &&
		    m->start < start + size)
			return true;
	}
	return false;
}

/**
 * memblock_is_all_ram() - is a range RAM from end to end?
 * @start: first byte
 * @size: bytes
 *
 * Context: any.
 * Return: true when one entry of the memory map holds all of it and no entry
 * says that a part is something else.
 */
bool memblock_is_all_ram(u64 start, u64 size)
{
	bool inside = false;
	unsigned int i;

	for (i = 0; i < boot_info.nr_mem; i++) {
		const struct boot_mem *m = &boot_info.mem[i];

		if (start >= m->start + m->size || m->start >= start + size)
			continue;
		if (m->type != BOOT_MEM_RAM)
			return false;
		if (start >= m->start && start + size <= m->start + m->size)
			inside = true;
	}
	return inside;
}

/** memblock_total() - bytes of RAM above low memory. Context: any. */
u64 memblock_total(void)
{
	return total;
}

/** memblock_end() - the first address above all RAM. Context: any. */
u64 memblock_end(void)
{
	return highest;
}

/**
 * memblock_free_all() - give what is left to the page allocator
 * @give: called for each range of whole pages
 *
 * Context: boot, once; nothing is left here afterwards.
 */
void memblock_free_all(void (*give)(u64 start, u64 end))
{
	unsigned int i;

	for (i = 0; i < nr_free; i++)
		give(free_ranges[i].start, free_ranges[i].end);
	nr_free = 0;
}
