// SPDX-License-Identifier: MIT
/* kernel/slab.c: counts, alignment, failure injection, context. */
#include <linux/interrupt.h>
#include <linux/slab.h>

#include "../test.h"

static const struct kmem_cache *found;

static void find_cache(const struct kmem_cache *s, void *ctx)
{
	if (!strcmp(s->name, ctx))
		found = s;
}

static const struct kmem_cache *cache_named(const char *name)
{
	found = NULL;
	kmem_cache_for_each(find_cache, (void *)(uintptr_t)name);
	return found;
}

TEST(slab_counts_objects_by_cache)
{
	static struct kmem_cache *s;
	void *a, *b;

	if (!s)
		s = kmem_cache_create("test_object", 40);
	EXPECT_TRUE(cache_named("test_object") == s);
	a = kmem_cache_alloc(s, GFP_KERNEL);
	b = kmem_cache_zalloc(s, GFP_ATOMIC);
	EXPECT_EQ(s->inuse, 2UL);
	EXPECT_GE(s->peak, 2UL);
	EXPECT_FALSE(memchr_inv_any(b, 0, 40));
	kmem_cache_free(s, a);
	kmem_cache_free(s, b);
	kmem_cache_free(s, NULL);
	EXPECT_EQ(s->inuse, 0UL);
}

TEST(slab_kmalloc_is_aligned_and_counted)
{
	const struct kmem_cache *s = cache_named("kmalloc");
	static const size_t sizes[] = { 0, 1, 15, 64, 100, 2048, 4096, 10000 };
	unsigned long before = s->inuse;
	void *p[ARRAY_SIZE(sizes)];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		p[i] = kzalloc(sizes[i], GFP_KERNEL);
		EXPECT_TRUE(p[i] != NULL);
		EXPECT_FALSE(memchr_inv_any(p[i], 0, sizes[i]));
		EXPECT_EQ((uintptr_t)p[i] & (sizes[i] >= 64 ? 63 : 15), 0UL);
	}
	EXPECT_EQ(s->inuse, before + ARRAY_SIZE(sizes));
	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		kfree(p[i]);
	kfree(NULL);
	EXPECT_EQ(s->inuse, before);
}

TEST(slab_arrays_refuse_to_overflow)
{
	u32 *a = kcalloc(4, sizeof(u32), GFP_KERNEL), *b;

	EXPECT_TRUE(kcalloc(SIZE_MAX / 2, 3, GFP_KERNEL) == NULL);
	a[3] = 77;
	b = krealloc_array(a, 4, 8, sizeof(u32), GFP_KERNEL);
	EXPECT_EQ(b[3], 77U);
	EXPECT_TRUE(krealloc_array(b, 8, SIZE_MAX / 2, sizeof(u32), GFP_KERNEL) == NULL);
	EXPECT_EQ(b[3], 77U);
	kfree(b);
}

TEST(slab_failure_injection_hits_the_nth_and_those_after)
{
	void *p[6];
	unsigned int i;

	slab_fail_after(3, 1);
	for (i = 0; i < 6; i++)
		p[i] = kmalloc(8, GFP_ATOMIC);
	EXPECT_TRUE(p[0] && p[1] && p[4] && p[5]);
	EXPECT_TRUE(!p[2] && !p[3]);
	for (i = 0; i < 6; i++)
		kfree(p[i]);
}

static void sleep_alloc(void *arg)
{
	local_bh_disable();
	kfree(kmalloc(8, GFP_KERNEL));
}

TEST(slab_gfp_kernel_in_a_softirq_is_caught)
{
	EXPECT_PANIC(sleep_alloc, NULL, "BUG");
}
