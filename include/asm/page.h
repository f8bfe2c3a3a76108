/* SPDX-License-Identifier: MIT */
/*
 * Pages and the address space: one, mapped one to one, so a physical address
 * and a pointer are the same number. kernel/x86/paging.c, kernel/mm/.
 */
#ifndef ASM_PAGE_H
#define ASM_PAGE_H

#include <linux/types.h>

#define PAGE_SHIFT	12
#define PAGE_SIZE	(1UL << PAGE_SHIFT)
#define PAGE_MASK	(~(PAGE_SIZE - 1))
#define PMD_SIZE	(1UL << 21)

/* Page table entries, SDM vol. 3 4.5. */
#define _PAGE_PRESENT	(1UL << 0)
#define _PAGE_RW	(1UL << 1)
#define _PAGE_PWT	(1UL << 3)
#define _PAGE_PCD	(1UL << 4)
#define _PAGE_PSE	(1UL << 7)
#define _PAGE_NX	(1UL << 63)
#define PTE_ADDR_MASK	0x000ffffffffff000UL

/* linker.ld */
extern char _text[], _etext[], _rodata[], _erodata[], _data[], _end[];
extern char boot_stack_guard[], boot_stack[], boot_stack_top[];
extern char __ro_after_init_begin[], __ro_after_init_end[];

/* kernel/x86/paging.c */
void paging_init(void);
void paging_protect(void);
bool paging_is_mapped(unsigned long addr);

/* kernel/mm/memblock.c: memory before there is an allocator. */
void memblock_init(void);
void memblock_reserve(u64 start, u64 size);
void *memblock_alloc(size_t size, size_t align);
bool memblock_is_ram(u64 start, u64 size);
bool memblock_is_all_ram(u64 start, u64 size);
u64 memblock_total(void);
u64 memblock_end(void);
void memblock_free_all(void (*give)(u64 start, u64 end));

/* kernel/mm/page_alloc.c */
void page_alloc_init(void);
void *alloc_pages(unsigned int order);
void free_pages(void *p, unsigned int order);
u64 nr_free_pages(void);
u64 nr_total_pages(void);

/* kernel/mm/slab.c */
void slab_init(void);
u64 nr_slab_pages(void);

#endif
