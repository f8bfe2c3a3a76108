// SPDX-License-Identifier: MIT
/*
 * Blocks of memory that frags point into (SKB-5), and the way sockets cut them
 * into pieces: one block is filled piece by piece, packets refer to the pieces,
 * and when all of them have come back the same block is filled again without
 * going to the allocator.
 *
 *	page_frag.page ──> skb_page { refs, size, data } ──> [ p1 | p2 | p3 |  free  ]
 *	page_frag.offset ────────────────────────────────────────────────^
 *
 * Linux: page_frag of net/core/sock.c; struct page, of which skb_page is what a
 * network stack needs
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/skb_zerocopy.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/splice.h>

#define SKB_FRAG_MIN_BYTES 4096U

static struct kmem_cache *skb_page_cache __ro_after_init;

/**
 * skb_page_alloc - a new block
 * @size: usable bytes
 * @gfp: GFP_KERNEL or GFP_ATOMIC
 *
 * Context: any, as @gfp says.
 * Return: a block with one reference, or NULL.
 */
struct skb_page *skb_page_alloc(unsigned int size, gfp_t gfp)
{
	struct skb_page *page = kmem_cache_alloc(skb_page_cache, gfp);

	if (unlikely(!page))
		return NULL;
	page->data = kmalloc(size, gfp);
	if (unlikely(!page->data)) {
		kmem_cache_free(skb_page_cache, page);
		return NULL;
	}
	page->size = size;
	page->ubuf = NULL;
	page->block = NULL;
	refcount_set(&page->refs, 1);
	return page;
}

/**
 * skb_page_refer - a block that describes memory of a program
 * @data: the memory
 * @size: bytes
 * @ubuf: the write that it is part of; the block takes a reference over
 * @gfp: GFP_KERNEL or GFP_ATOMIC
 *
 * Context: any, as @gfp says.
 * Return: a block with one reference, or NULL, and @ubuf is the caller's.
 */
struct skb_page *skb_page_refer(u8 *data, unsigned int size, struct ubuf_info *ubuf, gfp_t gfp)
{
	struct skb_page *page = kmem_cache_alloc(skb_page_cache, gfp);

	if (unlikely(!page))
		return NULL;
	*page = (struct skb_page){ .size = size, .data = data, .ubuf = ubuf };
	refcount_set(&page->refs, 1);
	return page;
}

/**
 * skb_page_lend - a block that describes memory of a file
 * @block: the memory; gets a reference more
 * @offset: bytes into it
 * @size: bytes
 * @gfp: GFP_KERNEL or GFP_ATOMIC
 *
 * Context: any, as @gfp says.
 * Return: a block with one reference, or NULL.
 */
struct skb_page *skb_page_lend(struct splice_block *block, unsigned int offset,
			       unsigned int size, gfp_t gfp)
{
	struct skb_page *page = kmem_cache_alloc(skb_page_cache, gfp);

	if (unlikely(!page))
		return NULL;
	*page = (struct skb_page){ .size = size, .data = block->data + offset,
				   .block = splice_block_get(block) };
	refcount_set(&page->refs, 1);
	return page;
}

/**
 * __skb_page_free - the last reference to a block is gone
 * @page: freed
 *
 * Context: any.
 */
void __skb_page_free(struct skb_page *page)
{
	if (unlikely(page->ubuf))
		net_zcopy_put(page->ubuf);
	else if (unlikely(page->block))
		splice_block_put(page->block);
	else
		kfree(page->data);
	kmem_cache_free(skb_page_cache, page);
}

/**
 * skb_page_frag_refill - room for the next piece
 * @sz: bytes that are needed
 * @pfrag: afterwards has them free from offset on
 * @gfp: GFP_KERNEL or GFP_ATOMIC
 *
 * A large block is tried first, a small one when memory is short.
 *
 * Context: any, as @gfp says.
 * Return: false when there is no memory.
 */
bool skb_page_frag_refill(unsigned int sz, struct page_frag *pfrag, gfp_t gfp)
{
	struct skb_page *page = pfrag->page;
	unsigned int want = max(sz, SKB_FRAG_PAGE_ORDER_BYTES);

	if (page) {
		if (refcount_read(&page->refs) == 1 && sz <= page->size) {
			pfrag->offset = 0;
			return true;
		}
		if (sz <= pfrag->size - pfrag->offset)
			return true;
		skb_page_frag_release(pfrag);
	}
	page = skb_page_alloc(want, gfp);
	if (unlikely(!page) && sz < want) {
		want = max(sz, SKB_FRAG_MIN_BYTES);
		page = skb_page_alloc(want, gfp);
	}
	if (unlikely(!page))
		return false;
	pfrag->page = page;
	pfrag->offset = 0;
	pfrag->size = want;
	return true;
}

/**
 * skb_page_frag_release - give the block back
 * @pfrag: empty afterwards; packets keep their references
 *
 * Context: any.
 */
void skb_page_frag_release(struct page_frag *pfrag)
{
	if (pfrag->page)
		skb_page_put(pfrag->page);
	pfrag->page = NULL;
	pfrag->offset = 0;
	pfrag->size = 0;
}

static int __init skb_page_init(void)
{
	skb_page_cache = kmem_cache_create("skb_page", sizeof(struct skb_page));
	return skb_page_cache ? 0 : -ENOMEM;
}

core_initcall(skb_page_init);
