/* SPDX-License-Identifier: MIT */
/*
 * Kernel memory. The allocator itself is the body's (kernel/mm on metal,
 * malloc under AddressSanitizer when hosted); kernel/slab.c, portable, counts
 * per cache so that both report leaks by name (MEM-1).
 */
#ifndef LINUX_SLAB_H
#define LINUX_SLAB_H

#include <linux/types.h>
#include <platform.h>

#define GFP_KERNEL	1U	/* process context */
#define GFP_ATOMIC	2U	/* any context */
#define __GFP_ZERO	4U

/* NULL when there is no memory: always checked. Any context. */
void *kmalloc(size_t size, gfp_t gfp) __must_check;
void *kzalloc(size_t size, gfp_t gfp) __must_check;
void *kcalloc(size_t n, size_t size, gfp_t gfp) __must_check;
void *krealloc_array(void *p, size_t old_n, size_t new_n, size_t size, gfp_t gfp) __must_check;
void kfree(const void *p);

struct kmem_cache {
	const char *name;
	size_t size;			/* bytes an object */
	unsigned long inuse;		/* objects out now */
	unsigned long peak;
	unsigned long total;		/* ever allocated */
	unsigned long failed;		/* NULLs given */
	struct list_head list;		/* of all caches */
};

struct kmem_cache *kmem_cache_create(const char *name, size_t size);
void *kmem_cache_alloc(struct kmem_cache *s, gfp_t gfp) __must_check;
void *kmem_cache_zalloc(struct kmem_cache *s, gfp_t gfp) __must_check;
void kmem_cache_free(struct kmem_cache *s, void *p);

/* Calls @fn for every cache, in order of creation; kmalloc's own is "kmalloc". */
void kmem_cache_for_each(void (*fn)(const struct kmem_cache *s, void *ctx), void *ctx);

/*
 * Fault injection for tests: the @nth allocation from now fails, and @count
 * that follow. 0 turns it off.
 */
void slab_fail_after(unsigned long nth, unsigned long count);

#endif
