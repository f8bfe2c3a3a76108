// SPDX-License-Identifier: MIT
/*
 * The one address space: everything mapped one to one, in pages of 2 MiB where
 * they are all alike, else of 4 KiB.
 *
 *	0 .. 4 KiB		nothing: NULL pointers fault
 *	the image		text read and execute; rodata read; data no execute
 *	the boot stack's guard	nothing
 *	RAM			read and write, no execute
 *	below 4 GiB, not RAM	devices: uncached, no execute
 *	above			RAM; devices as ioremap() asks
 *
 * Linux: arch/x86/mm/init_64.c, ioremap.c.
 * Read first: SDM vol. 3 4.5 (4-level paging), 12.5 (memory types).
 */
#include <asm/page.h>
#include <asm/processor.h>
#include <asm/setup.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/string.h>

#define PTRS		512
#define DEVICE_END	(4UL << 30)
#define ADDRESS_BITS	48
#define PAGE_UNCACHED	(_PAGE_PCD | _PAGE_PWT)

typedef u64 pte_t;

static pte_t *pml4;
static pte_t nx = _PAGE_NX;		/* 0 on a CPU that has none */
static bool allocator_ready;
static bool protected;			/* ro_after_init is read-only now */

static unsigned int pte_index(u64 addr, unsigned int level)
{
	return (addr >> (PAGE_SHIFT + 9 * level)) & (PTRS - 1);
}

static pte_t *new_table(void)
{
	pte_t *table;

	if (!allocator_ready)
		return memblock_alloc(PAGE_SIZE, PAGE_SIZE);
	table = alloc_pages(0);
	if (table)
		memset(table, 0, PAGE_SIZE);
	return table;
}

/* The entry for @addr in the table of @level (0: 4 KiB, 1: 2 MiB pages);
 * tables on the way are made. NULL: no memory, or a large page is there. */
static pte_t *get_entry(u64 addr, unsigned int level)
{
	pte_t *table = pml4;
	unsigned int l;

	for (l = 3; l > level; l--) {
		pte_t *e = &table[pte_index(addr, l)];

		if (*e & _PAGE_PSE)
			return NULL;
		if (!*e) {
			pte_t *next = new_table();

			if (!next)
				return NULL;
			*e = (uintptr_t)next | _PAGE_PRESENT | _PAGE_RW;
		}
		table = (pte_t *)(*e & PTE_ADDR_MASK);
	}
	return &table[pte_index(addr, level)];
}

/* How the page at @addr is mapped; 0: not at all. */
static pte_t page_flags(u64 addr)
{
	if (addr < PAGE_SIZE || addr == (uintptr_t)boot_stack_guard)
		return 0;
	if (addr >= (uintptr_t)_text && addr < (uintptr_t)_etext)
		return _PAGE_PRESENT;
	if (addr >= (uintptr_t)_rodata && addr < (uintptr_t)_erodata)
		return _PAGE_PRESENT | nx;
	if (protected && addr >= (uintptr_t)__ro_after_init_begin &&
	    addr < (uintptr_t)__ro_after_init_end)
		return _PAGE_PRESENT | nx;
	if (memblock_is_ram(addr, PAGE_SIZE) || addr < 0xa0000)
		return _PAGE_PRESENT | _PAGE_RW | nx;
	return _PAGE_PRESENT | _PAGE_RW | PAGE_UNCACHED | nx;
}

/* A 2 MiB region with pages of different kinds in it. */
static bool region_is_mixed(u64 start)
{
	if (start < (uintptr_t)_end)
		return true;
	return memblock_is_ram(start, PMD_SIZE) &&
	       !memblock_is_all_ram(start, PMD_SIZE);
}

static void map_region(u64 start)
{
	u64 addr;

	if (!region_is_mixed(start)) {
		*get_entry(start, 1) = start | page_flags(start) | _PAGE_PSE;
		return;
	}
	for (addr = start; addr < start + PMD_SIZE; addr += PAGE_SIZE) {
		pte_t flags = page_flags(addr);

		*get_entry(addr, 0) = flags ? addr | flags : 0;
	}
}

/**
 * paging_init() - replace the boot page tables by the final ones
 *
 * Context: boot, after memblock_init(), before page_alloc_init().
 */
void paging_init(void)
{
	u64 end = max(DEVICE_END, ALIGN(memblock_end(), PMD_SIZE));
	u64 addr;

	if (cpuid(0x80000001, 0).edx & (1U << 20))
		wrmsr(MSR_EFER, rdmsr(MSR_EFER) | EFER_NXE);
	else
		nx = 0;

	pml4 = new_table();
	for (addr = 0; addr < end; addr += PMD_SIZE)
		if (addr < DEVICE_END || memblock_is_ram(addr, PMD_SIZE))
			map_region(addr);
	write_cr3((uintptr_t)pml4);
	write_cr0(read_cr0() | X86_CR0_WP);
	allocator_ready = true;
}

/**
 * paging_protect() - make the tables that initcalls filled read-only
 *
 * Context: boot, after do_initcalls().
 */
void paging_protect(void)
{
	u64 addr;

	protected = true;
	for (addr = (uintptr_t)__ro_after_init_begin;
	     addr < (uintptr_t)__ro_after_init_end; addr += PAGE_SIZE)
		*get_entry(addr, 0) = addr | page_flags(addr);
	write_cr3((uintptr_t)pml4);	/* flushes the TLB */
}

/**
 * paging_is_mapped() - can an address be read?
 * @addr: any number
 *
 * Context: any, also inside an exception.
 * Return: true when a read would not fault.
 */
bool paging_is_mapped(unsigned long addr)
{
	const pte_t *table = (const pte_t *)(read_cr3() & PTE_ADDR_MASK);
	unsigned int level;

	if (addr >> (ADDRESS_BITS - 1))
		return false;
	for (level = 4; level-- > 0;) {
		pte_t e = table[pte_index(addr, level)];

		if (!(e & _PAGE_PRESENT))
			return false;
		if (level == 0 || (e & _PAGE_PSE))
			return true;
		table = (const pte_t *)(e & PTE_ADDR_MASK);
	}
	return false;
}

/* Maps what ioremap() was asked for above 4 GiB, where nothing is yet. */
static bool map_device(u64 start, u64 end)
{
	const pte_t flags = _PAGE_PRESENT | _PAGE_RW | PAGE_UNCACHED | nx;
	u64 addr = start;

	while (addr < end) {
		bool large = IS_ALIGNED(addr, PMD_SIZE) && end - addr >= PMD_SIZE;
		pte_t *e;

		if (paging_is_mapped(addr)) {
			addr += PAGE_SIZE;
			continue;
		}
		e = get_entry(addr, large);
		if (!e)
			return false;
		/* A table of 4 KiB pages is there already: fill it. */
		if (large && *e) {
			e = get_entry(addr, 0);
			large = false;
		}
		*e = addr | flags | (large ? _PAGE_PSE : 0);
		addr += large ? PMD_SIZE : PAGE_SIZE;
	}
	return true;
}

/**
 * ioremap() - make device memory reachable
 * @phys: bus address of the first byte
 * @size: bytes
 *
 * Context: process, boot.
 * Return: the address to hand to readl() and friends; NULL when the range is
 * RAM, out of reach, or there is no memory for page tables.
 */
void __iomem *ioremap(u64 phys, size_t size)
{
	u64 end = phys + size;

	if (!size || end < phys || phys < PAGE_SIZE ||
	    (end - 1) >> (ADDRESS_BITS - 1))
		return NULL;
	/* Firmware tables and option ROMs lie below 1 MiB among RAM. */
	if (memblock_is_ram(phys, size))
		return NULL;
	if (end > DEVICE_END &&
	    !map_device(ALIGN_DOWN(phys, PAGE_SIZE), ALIGN(end, PAGE_SIZE)))
		return NULL;
	return (void __iomem __force *)phys;
}

/**
 * iounmap() - the driver needs the range no longer
 * @addr: from ioremap()
 *
 * Everything stays mapped one to one: a second ioremap() costs nothing.
 *
 * Context: process, boot.
 */
void iounmap(volatile void __iomem *addr)
{
	(void)addr;
}
