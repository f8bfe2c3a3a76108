/* SPDX-License-Identifier: MIT */
/*
 * The paged part of a packet: reference counted blocks (struct skb_page) and
 * the frags that point into them. net/core/skb_page.c.
 *
 * Linux: include/linux/skbuff.h, skbuff_ref.h; page_frag in mm_types_task.h.
 * Linux uses struct page; here a block knows its own size and address.
 */
#include <linux/skbuff.h>

/* Last, so that it works whichever of the two comes first. */
#ifndef LINUX_SKB_FRAG_H
#define LINUX_SKB_FRAG_H

/* A block of @size usable bytes with one reference, or NULL. Context: any. */
struct skb_page *skb_page_alloc(unsigned int size, gfp_t gfp) __must_check;
/* One that describes @size bytes at @data, which belong to @ubuf. */
struct skb_page *skb_page_refer(u8 *data, unsigned int size, struct ubuf_info *ubuf,
				gfp_t gfp) __must_check;
/* One that describes @size bytes at @offset of @block, which gets a reference more. */
struct skb_page *skb_page_lend(struct splice_block *block, unsigned int offset,
			       unsigned int size, gfp_t gfp) __must_check;
void __skb_page_free(struct skb_page *page);

static inline struct skb_page *skb_page_get(struct skb_page *page)
{
	refcount_inc(&page->refs);
	return page;
}

static inline void skb_page_put(struct skb_page *page)
{
	if (refcount_dec_and_test(&page->refs))
		__skb_page_free(page);
}

/* Where the next piece comes from: [offset, size) of page is free. */
struct page_frag {
	struct skb_page *page;		/* one reference, or NULL */
	unsigned int offset;
	unsigned int size;		/* of page */
};

#define SKB_FRAG_PAGE_ORDER_BYTES 32768U	/* what a socket's page_frag asks for first */

/* Makes sure that @sz bytes are free in @pfrag, beginning anew in the same
 * block when all its pieces have come back. False: no memory. Context: any. */
bool skb_page_frag_refill(unsigned int sz, struct page_frag *pfrag, gfp_t gfp) __must_check;
/* Gives the block back. */
void skb_page_frag_release(struct page_frag *pfrag);

/* ---- frags --------------------------------------------------------------- */

static inline unsigned int skb_frag_size(const skb_frag_t *frag)
{
	return frag->size;
}

static inline void skb_frag_size_set(skb_frag_t *frag, unsigned int size)
{
	frag->size = size;
}

static inline void skb_frag_size_add(skb_frag_t *frag, int delta)
{
	frag->size += (unsigned int)delta;
}

static inline void skb_frag_size_sub(skb_frag_t *frag, int delta)
{
	frag->size -= (unsigned int)delta;
}

static inline unsigned int skb_frag_off(const skb_frag_t *frag)
{
	return frag->offset;
}

static inline void skb_frag_off_add(skb_frag_t *frag, int delta)
{
	frag->offset += (unsigned int)delta;
}

static inline void skb_frag_off_set(skb_frag_t *frag, unsigned int offset)
{
	frag->offset = offset;
}

static inline struct skb_page *skb_frag_page(const skb_frag_t *frag)
{
	return frag->page;
}

static inline void *skb_frag_address(const skb_frag_t *frag)
{
	return frag->page->data + frag->offset;
}

static inline void skb_frag_ref(struct sk_buff *skb, int f)
{
	skb_page_get(skb_shinfo(skb)->frags[f].page);
}

static inline void __skb_frag_unref(skb_frag_t *frag)
{
	skb_page_put(frag->page);
}

static inline void skb_frag_unref(struct sk_buff *skb, int f)
{
	__skb_frag_unref(&skb_shinfo(skb)->frags[f]);
}

static inline void skb_frag_fill_page_desc(skb_frag_t *frag, struct skb_page *page,
					   unsigned int off, unsigned int size)
{
	frag->page = page;
	frag->offset = off;
	frag->size = size;
}

static inline void __skb_fill_page_desc(struct sk_buff *skb, int i, struct skb_page *page,
					unsigned int off, unsigned int size)
{
	skb_frag_fill_page_desc(&skb_shinfo(skb)->frags[i], page, off, size);
}

/* Frag @i is the last one: @size bytes at @off of @page, whose reference the
 * packet takes over. Lengths are the caller's to add. */
static inline void skb_fill_page_desc(struct sk_buff *skb, int i, struct skb_page *page,
				      unsigned int off, unsigned int size)
{
	__skb_fill_page_desc(skb, i, page, off, size);
	skb_shinfo(skb)->nr_frags = (u8)(i + 1);
}

/* And adds to len, data_len and truesize. Drivers. */
static inline void skb_add_rx_frag(struct sk_buff *skb, int i, struct skb_page *page,
				   unsigned int off, unsigned int size, unsigned int truesize)
{
	skb_fill_page_desc(skb, i, page, off, size);
	skb->len += size;
	skb->data_len += size;
	skb->truesize += truesize;
}

static inline void skb_coalesce_rx_frag(struct sk_buff *skb, int i, unsigned int size,
					unsigned int truesize)
{
	skb_frag_size_add(&skb_shinfo(skb)->frags[i], (int)size);
	skb->len += size;
	skb->data_len += size;
	skb->truesize += truesize;
}

/* Would bytes at @off of @page continue frag @i - 1? */
static inline bool skb_can_coalesce(struct sk_buff *skb, int i, const struct skb_page *page,
				    unsigned int off)
{
	const skb_frag_t *frag;

	if (!i)
		return false;
	frag = &skb_shinfo(skb)->frags[i - 1];
	return page == frag->page && off == frag->offset + frag->size;
}

/* Bytes in frags[]; without frag_list. */
static inline unsigned int __skb_pagelen(const struct sk_buff *skb)
{
	unsigned int len = 0;
	int i;

	for (i = (int)skb_shinfo(skb)->nr_frags - 1; i >= 0; i--)
		len += skb_frag_size(&skb_shinfo(skb)->frags[i]);
	return len;
}

static inline unsigned int skb_pagelen(const struct sk_buff *skb)
{
	return skb_headlen(skb) + __skb_pagelen(skb);
}

static inline bool skb_has_frag_list(const struct sk_buff *skb)
{
	return skb_shinfo(skb)->frag_list != NULL;
}

static inline void skb_frag_list_init(struct sk_buff *skb)
{
	skb_shinfo(skb)->frag_list = NULL;
}

#define skb_walk_frags(skb, iter) \
	for (iter = skb_shinfo(skb)->frag_list; iter; iter = iter->next)

#endif
