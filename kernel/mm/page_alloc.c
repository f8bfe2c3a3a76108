// SPDX-License-Identifier: MIT
/*
 * The page allocator: buddies. Blocks of 2^order pages, aligned to their size;
 * a block is split to serve a smaller request and merged with its buddy (the
 * block whose address differs in the one bit of its size) when both are free.
 *
 *	order 0  [p] -> [p] -> ...		free lists, one an order
 *	order 1  [p p] -> ...
 *	...
 *	order 12 [16 MiB] -> ...
 *
 * Linux: mm/page_alloc.c.
 */
#include <asm/page.h>
#include <linux/kernel.h>
#include <platform.h>
#include "mm.h"

struct page_info *page_infos;
unsigned long page_count;

/* All below: interrupts off. */
static struct list_head free_lists[MAX_ORDER + 1];
static unsigned int free_orders;	/* bit per order whose list is not empty */
static u64 free_pages_count;
static u64 total_pages_count;

static void free_list_add(struct page_info *page, unsigned int order)
{
	page->use = PAGE_FREE;
	page->order = (u8)order;
	list_add(&page->list, &free_lists[order]);
	free_orders |= 1U << order;
}

static void free_list_del(struct page_info *page)
{
	unsigned int order = page->order;

	list_del(&page->list);
	page->use = PAGE_NONE;
	if (list_empty(&free_lists[order]))
		free_orders &= ~(1U << order);
}

/* Frees one aligned block, merging upwards as far as buddies are free. */
static void free_block(unsigned long pfn, unsigned int order)
{
	free_pages_count += 1UL << order;
	while (order < MAX_ORDER) {
		unsigned long buddy = pfn ^ (1UL << order);
		struct page_info *b;

		if (buddy >= page_count)
			break;
		b = &page_infos[buddy];
		if (b->use != PAGE_FREE || b->order != order)
			break;
		free_list_del(b);
		pfn &= ~(1UL << order);
		order++;
	}
	free_list_add(&page_infos[pfn], order);
}

/* Frees [@pfn, @end) in the largest aligned blocks that fit. */
static void free_range(unsigned long pfn, unsigned long end)
{
	while (pfn < end) {
		unsigned int order = MAX_ORDER;

		if (pfn)
			order = min(order, (unsigned int)__builtin_ctzl(pfn));
		order = min(order, ilog2(end - pfn));
		free_block(pfn, order);
		pfn += 1UL << order;
	}
}

static struct page_info *take_block(unsigned int order)
{
	unsigned int orders = free_orders & ~((1U << order) - 1);
	struct page_info *page;
	unsigned int o;

	if (!orders)
		return NULL;
	o = (unsigned int)__builtin_ctz(orders);
	page = list_first_entry(&free_lists[o], struct page_info, list);
	free_list_del(page);
	while (o > order) {
		o--;
		free_list_add(page + (1UL << o), o);
	}
	page->use = PAGE_USED;
	page->order = (u8)order;
	free_pages_count -= 1UL << order;
	return page;
}

/**
 * alloc_pages() - a block of 2^order pages, contents undefined
 * @order: 0 to MAX_ORDER
 *
 * Context: any.
 * Return: the block, aligned to its size; NULL when there is none.
 */
void *alloc_pages(unsigned int order)
{
	struct page_info *page = NULL;
	unsigned long flags = platform_irq_save();

	if (order <= MAX_ORDER)
		page = take_block(order);
	platform_irq_restore(flags);
	return page ? page_to_virt(page) : NULL;
}

/**
 * free_pages() - give a block back
 * @p: from alloc_pages()
 * @order: as allocated
 *
 * Context: any.
 */
void free_pages(void *p, unsigned int order)
{
	struct page_info *page = virt_to_page(p);
	unsigned long flags = platform_irq_save();

	BUG_ON(page->use != PAGE_USED || page->order != order);
	free_block((unsigned long)(page - page_infos), order);
	platform_irq_restore(flags);
}

/**
 * alloc_pages_exact() - pages in a row, no more than asked for
 * @nr: pages
 *
 * Context: any.
 * Return: the first page; NULL when there is no such row.
 */
void *alloc_pages_exact(unsigned long nr)
{
	unsigned int order = nr > 1 ? ilog2(nr - 1) + 1 : 0;
	struct page_info *page = NULL;
	unsigned long flags;

	if (!nr || order > MAX_ORDER)
		return NULL;
	flags = platform_irq_save();
	page = take_block(order);
	if (page) {
		unsigned long pfn = (unsigned long)(page - page_infos);

		free_range(pfn + nr, pfn + (1UL << order));
	}
	platform_irq_restore(flags);
	return page ? page_to_virt(page) : NULL;
}

/**
 * free_pages_exact() - give pages in a row back
 * @p: from alloc_pages_exact()
 * @nr: as allocated
 *
 * Context: any.
 */
void free_pages_exact(void *p, unsigned long nr)
{
	struct page_info *page = virt_to_page(p);
	unsigned long pfn = (unsigned long)(page - page_infos);
	unsigned long flags = platform_irq_save();

	page->use = PAGE_NONE;
	free_range(pfn, pfn + nr);
	platform_irq_restore(flags);
}

static void give_range(u64 start, u64 end)
{
	total_pages_count += (end - start) >> PAGE_SHIFT;
	free_range(start >> PAGE_SHIFT, end >> PAGE_SHIFT);
}

/**
 * page_alloc_init() - take over the memory that boot left
 *
 * Context: boot, after paging_init(): memory above 4 GiB is mapped.
 */
void page_alloc_init(void)
{
	unsigned int i;

	page_count = memblock_end() >> PAGE_SHIFT;
	page_infos = memblock_alloc(page_count * sizeof(*page_infos), PAGE_SIZE);
	for (i = 0; i <= MAX_ORDER; i++)
		INIT_LIST_HEAD(&free_lists[i]);
	memblock_free_all(give_range);
}

/** nr_free_pages() - pages nobody uses. Context: any. */
u64 nr_free_pages(void)
{
	return free_pages_count;
}

/** nr_total_pages() - pages the allocator was given. Context: any. */
u64 nr_total_pages(void)
{
	return total_pages_count;
}
