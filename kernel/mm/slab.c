// SPDX-License-Identifier: MIT
/*
 * platform_alloc() and platform_free(): objects of a few fixed sizes cut from
 * slabs, and whole pages for what is larger. Cache names, counts and the leak
 * report are kernel/slab.c's, which is portable and calls this.
 *
 * A slab is 2^order pages full of objects of one class. Its free objects form
 * a list through their first word; the second word is a seal (made of the
 * object's address and its first word), by which a write after free is seen
 * without any search, and a second free with one that only it needs:
 *
 *	class ── partial ──> [page_info] ──> [page_info]
 *	                        │freelist
 *	        slab: [ used ][ next|seal ][ used ][ next|seal ] ...
 *	                          └─────────────────────^
 *
 * With `slab_debug` on the command line freed memory is filled with 0x6b and
 * looked at when it is given out again, new memory with 0x5a, and the bytes
 * behind the size asked for must be left alone.
 *
 * Linux: mm/slub.c.
 */
#include <asm/boot.h>
#include <asm/page.h>
#include <asm/processor.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <platform.h>
#include "mm.h"

#define SLAB_MAX_SIZE	2688		/* larger: whole pages */
#define SLAB_MAX_ORDER	3
#define SLAB_MIN_OBJECTS 8

#define POISON_FREE	0x6b
#define POISON_NEW	0x5a
#define REDZONE		0xbb

/* From 64 bytes on multiples of 64: objects begin on cache lines. */
static const u16 class_sizes[] = {
	16, 32, 48, 64, 128, 192, 256, 320, 384, 512, 640, 768, 1024, 1280,
	1536, 2048, SLAB_MAX_SIZE,
};

#define NR_CLASSES ARRAY_SIZE(class_sizes)

struct slab_class {
	struct list_head partial;	/* slabs with a free object */
	unsigned int nr_partial;
	unsigned int size;
	unsigned int objects;		/* a slab */
	unsigned int order;
	u32 inverse;			/* 2^32 / size, rounded up */
};

/* A free object. */
struct free_object {
	struct free_object *next;
	unsigned long seal;
};

static struct slab_class classes[NR_CLASSES];
/* Class by (size + 15) / 16. */
static u8 class_of[SLAB_MAX_SIZE / 16 + 1];
static bool debug;
static u64 slab_pages;			/* in slabs now */
static unsigned long seal_key;		/* another one at each boot */

static unsigned long seal_of(const struct free_object *obj)
{
	return (uintptr_t)obj ^ (uintptr_t)obj->next ^ seal_key;
}

/* ---- slab_debug --------------------------------------------------------- */

static void poison_free(struct free_object *obj, size_t size)
{
	memset(obj + 1, POISON_FREE, size - sizeof(*obj));
}

/* The last word of an object holds the size that was asked for, and what lies
 * between is the red zone. */
static noinline void poison_new(struct free_object *obj, size_t size, size_t wanted)
{
	const u8 *bytes = (const u8 *)obj;
	size_t i;

	for (i = sizeof(*obj); i < size; i++)
		if (bytes[i] != POISON_FREE)
			panic("slab: byte %lu of the free %lu-byte object %p was written (%#x)",
			      i, size, (void *)obj, bytes[i]);
	memset(obj, POISON_NEW, wanted);
	memset((u8 *)obj + wanted, REDZONE, size - wanted);
	memcpy((u8 *)obj + size - sizeof(wanted), &wanted, sizeof(wanted));
}

static noinline void check_redzone(const void *obj, size_t size)
{
	const u8 *bytes = obj;
	size_t wanted, i;

	memcpy(&wanted, bytes + size - sizeof(wanted), sizeof(wanted));
	if (wanted > size - sizeof(wanted))
		panic("slab: the end of the %lu-byte object %p was overwritten",
		      size, obj);
	for (i = wanted; i < size - sizeof(wanted); i++)
		if (bytes[i] != REDZONE)
			panic("slab: byte %lu behind the %lu bytes at %p was written (%#x)",
			      i - wanted, wanted, obj, bytes[i]);
}

/* ---- slabs --------------------------------------------------------------- */

static void slab_push(struct page_info *slab, struct free_object *obj)
{
	obj->next = slab->freelist;
	obj->seal = seal_of(obj);
	slab->freelist = obj;
}

/* A fresh slab with all objects free, on its class's list. */
static noinline struct page_info *slab_new(struct slab_class *c)
{
	char *mem = alloc_pages(c->order);
	struct page_info *slab;
	unsigned int i;

	if (!mem)
		return NULL;
	slab = virt_to_page(mem);
	for (i = 0; i < 1U << c->order; i++) {
		slab[i].use = PAGE_SLAB;
		slab[i].head = (u8)i;
	}
	slab->class = (u8)(c - classes);
	slab->inuse = 0;
	slab->freelist = NULL;
	for (i = c->objects; i-- > 0;) {
		struct free_object *obj = (void *)(mem + (size_t)i * c->size);

		if (debug)
			poison_free(obj, c->size);
		slab_push(slab, obj);
	}
	list_add(&slab->list, &c->partial);
	c->nr_partial++;
	slab_pages += 1UL << c->order;
	return slab;
}

static noinline void slab_release(struct slab_class *c, struct page_info *slab)
{
	unsigned int i;

	list_del(&slab->list);
	c->nr_partial--;
	for (i = 0; i < 1U << c->order; i++)
		slab[i].use = PAGE_NONE;
	slab_pages -= 1UL << c->order;
	slab->use = PAGE_USED;
	slab->order = (u8)c->order;
	free_pages(page_to_virt(slab), c->order);
}

static void __cold __noreturn seal_broken(const struct slab_class *c, const struct free_object *obj)
{
	panic("slab: the free %u-byte object %p was written to", c->size, (const void *)obj);
}

/* Of a class that has a free object. */
static __always_inline struct free_object *class_alloc(struct slab_class *c)
{
	struct page_info *slab;
	struct free_object *obj;

	slab = list_first_entry(&c->partial, struct page_info, list);
	obj = slab->freelist;
	if (unlikely(obj->seal != seal_of(obj)))
		seal_broken(c, obj);
	slab->freelist = obj->next;
	slab->inuse++;
	obj->seal = 0;
	if (!slab->freelist) {
		list_del(&slab->list);
		c->nr_partial--;
	}
	return obj;
}

/* A sealed object is free, or holds data that looks like a seal. */
static noinline void check_free_twice(const struct slab_class *c, const struct page_info *slab,
				      const struct free_object *obj)
{
	const struct free_object *f = slab->freelist;

	while (f && f != obj)
		f = f->next;
	if (f)
		panic("slab: the %u-byte object %p was freed twice", c->size,
		      (const void *)obj);
}

static __always_inline void class_free(struct slab_class *c, struct page_info *slab,
				       struct free_object *obj)
{
	if (unlikely(obj->seal == seal_of(obj)))
		check_free_twice(c, slab, obj);
	if (unlikely(debug)) {
		check_redzone(obj, c->size);
		poison_free(obj, c->size);
	}
	if (!slab->freelist) {
		list_add(&slab->list, &c->partial);
		c->nr_partial++;
	}
	slab_push(slab, obj);
	slab->inuse--;
	/* One empty slab is kept, so that the next allocation is cheap. */
	if (!slab->inuse && c->nr_partial > 1)
		slab_release(c, slab);
}

/* ---- whole pages ---------------------------------------------------------- */

static noinline void *large_alloc(size_t size)
{
	unsigned long nr = (size + PAGE_SIZE - 1) >> PAGE_SHIFT;
	void *p = size + PAGE_SIZE > size ? alloc_pages_exact(nr) : NULL;
	struct page_info *page;

	if (!p)
		return NULL;
	page = virt_to_page(p);
	page->use = PAGE_LARGE;
	page->nr_pages = nr;
	if (debug)
		memset(p, POISON_NEW, nr << PAGE_SHIFT);
	return p;
}

static noinline void large_free(void *p, struct page_info *page)
{
	if (debug)
		memset(p, POISON_FREE, page->nr_pages << PAGE_SHIFT);
	free_pages_exact(p, page->nr_pages);
}

/* ---- the seam -------------------------------------------------------------- */

/* No free object of the class is at hand. */
static noinline void *alloc_fresh(struct slab_class *c, unsigned long flags)
{
	struct free_object *obj = slab_new(c) ? class_alloc(c) : NULL;

	platform_irq_restore(flags);
	return obj;
}

static noinline void *alloc_debug(size_t size)
{
	size_t need = size + sizeof(size);
	struct free_object *obj;
	unsigned long flags;
	struct slab_class *c;

	if (need > SLAB_MAX_SIZE || need < size)
		return large_alloc(size);
	c = &classes[class_of[(need + 15) / 16]];
	flags = platform_irq_save();
	obj = list_empty(&c->partial) && !slab_new(c) ? NULL : class_alloc(c);
	platform_irq_restore(flags);
	if (obj)
		poison_new(obj, c->size, size);
	return obj;
}

/**
 * platform_alloc() - allocate memory
 * @size: bytes; 0 counts as 1
 *
 * Context: any.
 * Return: the block, aligned to 4096 from a page on, to 64 from 64 bytes on,
 * else to 16; contents undefined. NULL when there is none.
 */
void *platform_alloc(size_t size)
{
	struct free_object *obj;
	struct slab_class *c;
	unsigned long flags;

	if (unlikely(debug))
		return alloc_debug(size);
	if (unlikely(size > SLAB_MAX_SIZE))
		return large_alloc(size);
	c = &classes[class_of[(size + 15) / 16]];
	flags = platform_irq_save();
	if (unlikely(list_empty(&c->partial)))
		return alloc_fresh(c, flags);
	obj = class_alloc(c);
	platform_irq_restore(flags);
	return obj;
}

static void __cold __noreturn free_broken(const void *p, const char *why)
{
	panic("slab: free of %p, which %s", p, why);
}

/* What is no object of a slab should be whole pages. */
static noinline void free_pages_of(void *p, struct page_info *page, unsigned long flags)
{
	if (unlikely(page->use != PAGE_LARGE || !IS_ALIGNED((uintptr_t)p, PAGE_SIZE)))
		free_broken(p, "is no block (or was freed before)");
	large_free(p, page);
	platform_irq_restore(flags);
}

/**
 * platform_free() - give memory back
 * @p: from platform_alloc(), or NULL
 *
 * Context: any. Stops the machine at a pointer that is not a block's, and at a
 * block that is free already.
 */
void platform_free(void *p)
{
	unsigned long pfn = (uintptr_t)p >> PAGE_SHIFT;
	struct page_info *page;
	struct slab_class *c;
	unsigned long flags;
	u32 offset;

	if (!p)
		return;
	if (unlikely(pfn >= page_count))
		free_broken(p, "is not memory");
	flags = platform_irq_save();
	page = &page_infos[pfn];
	if (unlikely(page->use != PAGE_SLAB)) {
		free_pages_of(p, page, flags);
		return;
	}
	page -= page->head;
	c = &classes[page->class];
	offset = (u32)((uintptr_t)p - (uintptr_t)page_to_virt(page));
	if (unlikely((u32)((u64)offset * c->inverse >> 32) * c->size != offset))
		free_broken(p, "lies inside an object");
	class_free(c, page, p);
	platform_irq_restore(flags);
}

/* ---- start ------------------------------------------------------------------ */

/* The smallest slab that holds some objects and wastes at most a twelfth. */
static void class_init(struct slab_class *c, unsigned int size)
{
	INIT_LIST_HEAD(&c->partial);
	c->size = size;
	c->inverse = (u32)(((1ULL << 32) + size - 1) / size);
	for (c->order = 0; c->order < SLAB_MAX_ORDER; c->order++) {
		unsigned int bytes = (unsigned int)PAGE_SIZE << c->order;

		if (bytes / size >= SLAB_MIN_OBJECTS && bytes % size <= bytes / 12)
			break;
	}
	c->objects = ((unsigned int)PAGE_SIZE << c->order) / size;
}

/**
 * slab_init() - set up the size classes
 *
 * Context: boot, after page_alloc_init().
 */
void slab_init(void)
{
	unsigned int i, unit = 0;

	debug = boot_option("slab_debug");
	seal_key = rdtsc() * 0x9e3779b97f4a7c15UL;
	for (i = 0; i < NR_CLASSES; i++) {
		class_init(&classes[i], class_sizes[i]);
		for (; unit * 16 <= class_sizes[i]; unit++)
			class_of[unit] = (u8)i;
	}
}

/** nr_slab_pages() - pages in slabs, objects used or not. Context: any. */
u64 nr_slab_pages(void)
{
	return slab_pages;
}

/* slab_init() has looked for it already: objects given out before would not
 * bear the marks. */
static int slab_debug_setup(char *value)
{
	return *value == '\0';
}
__setup("slab_debug", slab_debug_setup);
