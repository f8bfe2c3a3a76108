/* SPDX-License-Identifier: MIT */
/*
 * What the page allocator knows about each page, shared with the slab.
 */
#ifndef MM_MM_H
#define MM_MM_H

#include <asm/page.h>
#include <linux/list.h>
#include <linux/types.h>

enum page_use {
	PAGE_NONE,			/* not ours, or inside a larger block */
	PAGE_FREE,			/* first of a free buddy block */
	PAGE_USED,			/* alloc_pages() gave it out */
	PAGE_LARGE,			/* first of a platform_alloc() block of pages */
	PAGE_SLAB,			/* of a slab; @head tells the first */
};

struct page_info {
	struct list_head list;		/* free: of its order; slab: of its class */
	union {
		void *freelist;		/* slab: first free object */
		unsigned long nr_pages;	/* PAGE_LARGE */
	};
	u16 inuse;			/* slab: objects out */
	u8 head;			/* slab: pages back to the first */
	u8 class;			/* slab */
	u8 order;			/* free and slab: 2^order pages */
	u8 use;				/* enum page_use */
};
static_assert(sizeof(struct page_info) == 32, "one for each 4 KiB");

/* By pfn; what it says of pages beyond page_count() is undefined. */
extern struct page_info *page_infos;
extern unsigned long page_count;

#define MAX_ORDER	12		/* 16 MiB, the largest block */

static inline struct page_info *virt_to_page(const void *p)
{
	return &page_infos[(uintptr_t)p >> PAGE_SHIFT];
}

static inline void *page_to_virt(const struct page_info *page)
{
	return (void *)((uintptr_t)(page - page_infos) << PAGE_SHIFT);
}

/* Whole pages, not rounded to a power of two; to be freed by count. */
void *alloc_pages_exact(unsigned long nr);
void free_pages_exact(void *p, unsigned long nr);

#endif
