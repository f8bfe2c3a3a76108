// SPDX-License-Identifier: MIT
/*
 * Counting over the body's allocator: every object belongs to a cache with a
 * name, kmalloc() is one cache for all sizes, and what is out at the end of a
 * test or at shutdown is a leak with a name.
 *
 * Linux: mm/slab_common.c
 */
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/preempt.h>
#include <linux/slab.h>
#include <linux/string.h>

static struct kmem_cache kmalloc_cache = {
	.name = "kmalloc",
	.list = LIST_HEAD_INIT(kmalloc_cache.list),
};

/* All caches but kmalloc's, in order of creation. */
static LIST_HEAD(caches);

/* Fault injection: allocations until the first that fails, and those after it
 * that fail too. */
static unsigned long fail_after, fail_count;

static bool should_fail(void)
{
	if (likely(!fail_after))
		return false;
	if (fail_after > 1) {
		fail_after--;
		return false;
	}
	if (!fail_count)
		fail_after = 0;
	else
		fail_count--;
	return true;
}

/**
 * slab_fail_after - make allocations fail, for tests
 * @nth: the first that fails, counted from now, from 1; 0: none
 * @count: how many fail after it
 *
 * Context: any.
 */
void slab_fail_after(unsigned long nth, unsigned long count)
{
	fail_after = nth;
	fail_count = count;
}

/* Statistics are plain: a context that interrupts another puts the counts back
 * to where it found them only if it frees what it took, so they are changed
 * with single increments of one word each. */
static __always_inline void *slab_alloc(struct kmem_cache *s, size_t size, gfp_t gfp)
{
	unsigned long inuse;
	void *p;

	if (gfp & GFP_KERNEL)
		might_sleep();
	p = should_fail() ? NULL : platform_alloc(size);
	if (unlikely(!p)) {
		s->failed++;
		return NULL;
	}
	inuse = __atomic_add_fetch(&s->inuse, 1, __ATOMIC_RELAXED);
	if (inuse > s->peak)
		s->peak = inuse;
	s->total++;
	if (gfp & __GFP_ZERO)
		memset(p, 0, size);
	return p;
}

static __always_inline void slab_free(struct kmem_cache *s, void *p)
{
	unsigned long inuse = __atomic_fetch_sub(&s->inuse, 1, __ATOMIC_RELAXED);

	if (unlikely(!inuse))
		panic("%s: more objects freed than allocated", s->name);
	platform_free(p);
}

/**
 * kmalloc - memory of any size
 * @size: bytes
 * @gfp: GFP_KERNEL (process context) or GFP_ATOMIC; __GFP_ZERO
 *
 * Context: as @gfp says.
 * Return: memory aligned to 16 bytes at least, or NULL.
 */
void *kmalloc(size_t size, gfp_t gfp)
{
	return slab_alloc(&kmalloc_cache, size ? size : 1, gfp);
}

/**
 * kzalloc - zeroed memory
 * @size: bytes
 * @gfp: as for kmalloc()
 *
 * Context: as @gfp says.
 * Return: the memory, or NULL.
 */
void *kzalloc(size_t size, gfp_t gfp)
{
	return kmalloc(size, gfp | __GFP_ZERO);
}

/**
 * kcalloc - a zeroed array
 * @n: elements
 * @size: bytes of one
 * @gfp: as for kmalloc()
 *
 * Context: as @gfp says.
 * Return: the array, or NULL, also when n * size is more than there can be.
 */
void *kcalloc(size_t n, size_t size, gfp_t gfp)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		return NULL;
	return kzalloc(bytes, gfp);
}

/**
 * krealloc_array - a longer or shorter array with the same beginning
 * @p: from kmalloc(), or NULL
 * @old_n: elements it has
 * @new_n: elements it shall have; new ones are not set
 * @size: bytes of one
 * @gfp: as for kmalloc()
 *
 * Context: as @gfp says.
 * Return: the new array, @p is then gone; or NULL, @p is then as it was.
 */
void *krealloc_array(void *p, size_t old_n, size_t new_n, size_t size, gfp_t gfp)
{
	size_t bytes;
	void *to;

	if (__builtin_mul_overflow(new_n, size, &bytes))
		return NULL;
	to = kmalloc(bytes, gfp);
	if (!to)
		return NULL;
	if (p)
		memcpy(to, p, min(old_n, new_n) * size);
	kfree(p);
	return to;
}

/**
 * kfree - give back what kmalloc() and its family gave
 * @p: the memory, or NULL
 *
 * Context: any.
 */
void kfree(const void *p)
{
	if (p)
		slab_free(&kmalloc_cache, (void *)(uintptr_t)p);
}

/**
 * kmem_cache_create - a cache for objects of one kind
 * @name: for reports; kept
 * @size: bytes of an object
 *
 * Caches live for ever: the memory of the cache itself is not counted.
 *
 * Context: process.
 * Return: the cache, or NULL.
 */
struct kmem_cache *kmem_cache_create(const char *name, size_t size)
{
	struct kmem_cache *s = platform_alloc(sizeof(*s));

	if (!s)
		return NULL;
	memset(s, 0, sizeof(*s));
	s->name = name;
	s->size = size;
	list_add_tail(&s->list, &caches);
	return s;
}

/**
 * kmem_cache_alloc - an object
 * @s: its cache
 * @gfp: as for kmalloc()
 *
 * Context: as @gfp says.
 * Return: the object, or NULL.
 */
void *kmem_cache_alloc(struct kmem_cache *s, gfp_t gfp)
{
	return slab_alloc(s, s->size, gfp);
}

/**
 * kmem_cache_zalloc - a zeroed object
 * @s: its cache
 * @gfp: as for kmalloc()
 *
 * Context: as @gfp says.
 * Return: the object, or NULL.
 */
void *kmem_cache_zalloc(struct kmem_cache *s, gfp_t gfp)
{
	return kmem_cache_alloc(s, gfp | __GFP_ZERO);
}

/**
 * kmem_cache_free - give an object back
 * @s: its cache
 * @p: the object, or NULL
 *
 * Context: any.
 */
void kmem_cache_free(struct kmem_cache *s, void *p)
{
	if (p)
		slab_free(s, p);
}

/**
 * totalram_bytes - how much memory the machine has
 *
 * Context: any.
 * Return: bytes, used or not.
 */
size_t totalram_bytes(void)
{
	return platform_memory();
}

/**
 * kmem_cache_for_each - call a function for each cache, kmalloc's first
 * @fn: the function
 * @ctx: for @fn
 *
 * Context: process.
 */
void kmem_cache_for_each(void (*fn)(const struct kmem_cache *s, void *ctx), void *ctx)
{
	const struct kmem_cache *s;

	fn(&kmalloc_cache, ctx);
	list_for_each_entry(s, &caches, list)
		fn(s, ctx);
}
