// SPDX-License-Identifier: MIT
/* kernel/dma.c: what is mapped is unmapped once, as it was mapped. */
#include <linux/dma-mapping.h>
#include <linux/slab.h>

#include "../test.h"

static u8 buffer[4096];

static struct device watched_device(void)
{
	struct device dev = { .name = "dma-test" };

	dma_debug_enable(true);
	return dev;
}

TEST(a_mapping_that_is_unmapped_leaves_nothing)
{
	struct device dev = watched_device();
	dma_addr_t addr = dma_map_single(&dev, buffer, 1500, DMA_TO_DEVICE);

	EXPECT_FALSE(dma_mapping_error(&dev, addr));
	EXPECT_EQ(dev.dma_mapped, 1);
	dma_unmap_single(&dev, addr, 1500, DMA_TO_DEVICE);
	EXPECT_EQ(dma_debug_report(&dev), 0);
}

TEST(the_same_bytes_may_be_mapped_twice_and_are_unmapped_twice)
{
	struct device dev = watched_device();
	dma_addr_t a = dma_map_single(&dev, buffer, 100, DMA_TO_DEVICE);
	dma_addr_t b = dma_map_single(&dev, buffer, 100, DMA_TO_DEVICE);

	dma_unmap_single(&dev, a, 100, DMA_TO_DEVICE);
	EXPECT_EQ(dev.dma_mapped, 1);
	dma_unmap_single(&dev, b, 100, DMA_TO_DEVICE);
	EXPECT_EQ(dma_debug_report(&dev), 0);
}

TEST(a_second_unmap_is_an_error)
{
	struct device dev = watched_device();
	dma_addr_t a = dma_map_single(&dev, buffer, 100, DMA_TO_DEVICE);
	dma_addr_t b = dma_map_single(&dev, buffer + 200, 100, DMA_TO_DEVICE);

	dma_unmap_single(&dev, a, 100, DMA_TO_DEVICE);
	dma_unmap_single(&dev, a, 100, DMA_TO_DEVICE);
	EXPECT_EQ(dev.dma_errors, 1);
	EXPECT_EQ(dev.dma_mapped, 1);
	dma_unmap_single(&dev, b, 100, DMA_TO_DEVICE);
	EXPECT_EQ(dma_debug_report(&dev), 1);
}

TEST(an_unmap_of_another_size_or_direction_is_an_error)
{
	struct device dev = watched_device();
	dma_addr_t a = dma_map_single(&dev, buffer, 100, DMA_TO_DEVICE);
	dma_addr_t b = dma_map_single(&dev, buffer + 200, 100, DMA_TO_DEVICE);

	dma_unmap_single(&dev, a, 99, DMA_TO_DEVICE);
	EXPECT_EQ(dev.dma_errors, 1);
	dma_unmap_single(&dev, b, 100, DMA_FROM_DEVICE);
	EXPECT_EQ(dev.dma_errors, 2);
	EXPECT_EQ(dev.dma_mapped, 0);
	EXPECT_EQ(dma_debug_report(&dev), 2);
}

TEST(what_is_left_is_counted_in_the_report)
{
	struct device dev = watched_device();
	dma_addr_t handle;
	void *ring = dma_alloc_coherent(&dev, 4096, &handle, GFP_KERNEL);
	dma_addr_t addr = dma_map_page(&dev, buffer, 64, 32, DMA_FROM_DEVICE);

	EXPECT_TRUE(ring);
	EXPECT_EQ(addr, platform_dma_address(buffer + 64));
	EXPECT_EQ(dma_debug_report(&dev), 2);
	/* Not watched any more, but still counted. */
	dma_unmap_page(&dev, addr, 32, DMA_FROM_DEVICE);
	dma_free_coherent(&dev, 4096, ring, handle);
	EXPECT_EQ(dma_debug_report(&dev), 0);
}

TEST(coherent_memory_is_zero_and_aligned)
{
	struct device dev = watched_device();
	dma_addr_t handle;
	u8 *ring = dma_alloc_coherent(&dev, 8192, &handle, GFP_KERNEL);

	EXPECT_TRUE(IS_ALIGNED((uintptr_t)ring, 4096));
	EXPECT_FALSE(memchr_inv_any(ring, 0, 8192));
	dma_free_coherent(&dev, 8192, ring, handle);
	EXPECT_EQ(dma_debug_report(&dev), 0);
}

TEST(coherent_memory_fails_cleanly_without_memory)
{
	struct device dev = watched_device();
	dma_addr_t handle;

	slab_fail_after(1, 0);
	EXPECT_FALSE(dma_alloc_coherent(&dev, 4096, &handle, GFP_KERNEL));
	slab_fail_after(0, 0);
	EXPECT_EQ(dma_debug_report(&dev), 0);
}

TEST(a_device_is_not_given_what_it_cannot_reach)
{
	struct device dev = watched_device();
	dma_addr_t addr;

	EXPECT_EQ(dma_set_mask_and_coherent(&dev, DMA_BIT_MASK(8)), -5);
	EXPECT_EQ(dma_set_mask_and_coherent(&dev, DMA_BIT_MASK(24)), 0);
	addr = dma_map_single(&dev, (void *)(1UL << 24), 1, DMA_TO_DEVICE);
	EXPECT_TRUE(dma_mapping_error(&dev, addr));
	EXPECT_EQ(dev.dma_mapped, 0);
}

TEST(a_sync_outside_of_every_mapping_is_an_error)
{
	struct device dev = watched_device();
	dma_addr_t addr = dma_map_single(&dev, buffer, 1000, DMA_FROM_DEVICE);

	dma_sync_single_for_cpu(&dev, addr + 100, 900, DMA_FROM_DEVICE);
	dma_sync_single_for_device(&dev, addr, 1000, DMA_FROM_DEVICE);
	EXPECT_EQ(dev.dma_errors, 0);
	dma_sync_single_for_cpu(&dev, addr + 100, 901, DMA_FROM_DEVICE);
	EXPECT_EQ(dev.dma_errors, 1);
	dma_unmap_single(&dev, addr, 1000, DMA_FROM_DEVICE);
	dma_debug_report(&dev);
}

/* Enough of them to make the table grow, and in an order that leaves holes. */
TEST(a_thousand_mappings_are_all_found_again)
{
	struct device dev = watched_device();
	dma_addr_t addr[1000];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(addr); i++)
		addr[i] = dma_map_single(&dev, buffer + i % 500, 1 + i % 7,
					 DMA_TO_DEVICE);
	for (i = 0; i < ARRAY_SIZE(addr); i++) {
		unsigned int n = i * 377 % ARRAY_SIZE(addr);

		dma_unmap_single(&dev, addr[n], 1 + n % 7, DMA_TO_DEVICE);
	}
	EXPECT_EQ(dma_debug_report(&dev), 0);
}
