// SPDX-License-Identifier: MIT
/*
 * The bytes of a packet, in and out, wherever they lie; and packets that give
 * bytes to each other: split, shift, coalesce (TCP's three ways to keep its
 * queues short).
 *
 * Linux: net/core/skbuff.c
 */
#include <linux/kernel.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include "skb_walk.h"

/**
 * skb_copy_bits - bytes out of a packet
 * @skb: borrowed
 * @offset: of the first byte, from data on; negative: in the headroom
 * @to: room for @len bytes
 * @len: bytes
 *
 * Context: any.
 * Return: 0, or -EFAULT when the packet has not so many.
 */
int skb_copy_bits(const struct sk_buff *skb, int offset, void *to, int len)
{
	struct skb_walk w;
	u8 *p = to;

	if (unlikely(len < 0 || offset > (int)skb->len - len))
		return -EFAULT;
	skb_walk_start(&w, skb, offset, len);
	while (skb_walk_next(&w)) {
		memcpy(p, w.data, (size_t)w.bytes);
		p += w.bytes;
	}
	return w.left ? -EFAULT : 0;
}

/**
 * skb_store_bits - bytes into a packet
 * @skb: borrowed; the caller knows that its data is private
 * @offset: of the first byte, from data on
 * @from: @len bytes
 * @len: bytes
 *
 * Context: any.
 * Return: 0, or -EFAULT when the packet has not so many.
 */
int skb_store_bits(struct sk_buff *skb, int offset, const void *from, int len)
{
	struct skb_walk w;
	const u8 *p = from;

	if (unlikely(len < 0 || offset > (int)skb->len - len))
		return -EFAULT;
	skb_walk_start(&w, skb, offset, len);
	while (skb_walk_next(&w)) {
		memcpy(w.data, p, (size_t)w.bytes);
		p += w.bytes;
	}
	return w.left ? -EFAULT : 0;
}

/* ---- split --------------------------------------------------------------- */

/* The cut is in the linear part: what is behind it is copied, all frags move. */
static void skb_split_inside_header(struct sk_buff *skb, struct sk_buff *skb1, u32 len,
				    unsigned int pos)
{
	struct skb_shared_info *from = skb_shinfo(skb), *to = skb_shinfo(skb1);
	int i;

	skb_put_data(skb1, skb->data + len, pos - len);
	for (i = 0; i < from->nr_frags; i++)
		to->frags[i] = from->frags[i];
	to->nr_frags = from->nr_frags;
	from->nr_frags = 0;
	skb1->data_len = skb->data_len;
	skb1->len += skb1->data_len;
	skb->data_len = 0;
	skb->len = len;
	skb_set_tail_pointer(skb, (int)len);
}

/* The cut is in the frags, at @len - @pos: one of them may be in both. */
static void skb_split_no_header(struct sk_buff *skb, struct sk_buff *skb1, u32 len,
				unsigned int pos)
{
	struct skb_shared_info *from = skb_shinfo(skb), *to = skb_shinfo(skb1);
	const int nfrags = from->nr_frags;
	int i, k = 0;

	from->nr_frags = 0;
	skb1->len = skb1->data_len = skb->len - len;
	skb->len = len;
	skb->data_len = len - pos;
	for (i = 0; i < nfrags; i++) {
		unsigned int size = skb_frag_size(&from->frags[i]);

		if (pos + size > len) {
			to->frags[k] = from->frags[i];
			if (pos < len) {
				skb_frag_ref(skb, i);
				skb_frag_off_add(&to->frags[0], (int)(len - pos));
				skb_frag_size_sub(&to->frags[0], (int)(len - pos));
				skb_frag_size_set(&from->frags[i], len - pos);
				from->nr_frags++;
			}
			k++;
		} else {
			from->nr_frags++;
		}
		pos += size;
	}
	to->nr_frags = (u8)k;
}

/**
 * skb_split - cut a packet in two
 * @skb: borrowed, its data private; keeps the first @len bytes
 * @skb1: borrowed, empty, with room for the linear bytes behind the cut; gets
 *	the rest, frags by reference
 * @len: bytes; not more than @skb has
 *
 * Lengths are kept, truesizes are the caller's to settle.
 *
 * Context: any.
 */
void skb_split(struct sk_buff *skb, struct sk_buff *skb1, const u32 len)
{
	unsigned int pos = skb_headlen(skb);

	if (len < pos)
		skb_split_inside_header(skb, skb1, len, pos);
	else
		skb_split_no_header(skb, skb1, len, pos);
}

/* ---- shift --------------------------------------------------------------- */

static int skb_prepare_for_shift(struct sk_buff *skb)
{
	return skb_unclone_keeptruesize(skb, GFP_ATOMIC);
}

/* Part of @fragfrom joins @fragto: they follow each other in one page. */
static void skb_shift_part(skb_frag_t *fragto, skb_frag_t *fragfrom, int bytes)
{
	skb_frag_size_add(fragto, bytes);
	skb_frag_size_sub(fragfrom, bytes);
	skb_frag_off_add(fragfrom, bytes);
}

/* Moves frags from index @from of @skb behind index @to of @tgt until @todo
 * bytes are over; the last one is divided if need be. Indexes are advanced.
 * Bytes that found no place are returned. */
static int skb_shift_frags(struct sk_buff *tgt, int *to, struct sk_buff *skb, int *from,
			   int todo)
{
	struct skb_shared_info *ts = skb_shinfo(tgt), *ss = skb_shinfo(skb);

	while (todo > 0 && *from < ss->nr_frags) {
		skb_frag_t *fragfrom = &ss->frags[*from];
		skb_frag_t *fragto;

		if (*to == MAX_SKB_FRAGS)
			return todo;
		fragto = &ts->frags[*to];
		*fragto = *fragfrom;
		if (todo >= (int)skb_frag_size(fragfrom)) {
			todo -= (int)skb_frag_size(fragfrom);
			(*from)++;
		} else {
			skb_page_get(fragfrom->page);
			skb_frag_size_set(fragto, (unsigned int)todo);
			skb_frag_off_add(fragfrom, todo);
			skb_frag_size_sub(fragfrom, todo);
			todo = 0;
		}
		(*to)++;
	}
	return 0;
}

/**
 * skb_shift - move bytes from the front of a packet to the end of another
 * @tgt: borrowed; gets them
 * @skb: borrowed; loses them. Has no linear bytes
 * @shiftlen: bytes; not more than @skb has
 *
 * All or nothing: nothing when @tgt has no room for the frags.
 *
 * Context: any.
 * Return: @shiftlen, or 0 when nothing was done.
 */
int skb_shift(struct sk_buff *tgt, struct sk_buff *skb, int shiftlen)
{
	struct skb_shared_info *ts = skb_shinfo(tgt), *ss = skb_shinfo(skb);
	int from = 0, to = ts->nr_frags, merge = 0, todo, i, need = 0;

	if (shiftlen <= 0 || shiftlen > (int)skb->len || skb_headlen(skb) ||
	    skb_has_frag_list(skb) || skb_has_frag_list(tgt))
		return 0;
	if (skb_prepare_for_shift(skb) || skb_prepare_for_shift(tgt))
		return 0;
	ts = skb_shinfo(tgt);
	ss = skb_shinfo(skb);

	/* Does the first frag continue the last one of tgt? */
	if (to && ss->nr_frags &&
	    skb_can_coalesce(tgt, to, ss->frags[0].page, ss->frags[0].offset))
		merge = min(shiftlen, (int)skb_frag_size(&ss->frags[0]));
	for (i = 0, todo = shiftlen; todo > 0 && i < ss->nr_frags; i++) {
		todo -= (int)skb_frag_size(&ss->frags[i]);
		need++;
	}
	if (to + need - (merge ? 1 : 0) > MAX_SKB_FRAGS)
		return 0;

	todo = shiftlen - merge;
	if (merge) {
		skb_shift_part(&ts->frags[to - 1], &ss->frags[0], merge);
		if (!skb_frag_size(&ss->frags[0])) {
			__skb_frag_unref(&ss->frags[0]);
			from = 1;
		}
	}
	todo = skb_shift_frags(tgt, &to, skb, &from, todo);
	WARN_ON(todo);

	ts->nr_frags = (u8)to;
	for (i = 0; from < ss->nr_frags; i++, from++)
		ss->frags[i] = ss->frags[from];
	ss->nr_frags = (u8)i;

	skb->ip_summed = CHECKSUM_PARTIAL;
	tgt->ip_summed = CHECKSUM_PARTIAL;
	skb->len -= (unsigned int)shiftlen;
	skb->data_len -= (unsigned int)shiftlen;
	skb->truesize -= (unsigned int)shiftlen;
	tgt->len += (unsigned int)shiftlen;
	tgt->data_len += (unsigned int)shiftlen;
	tgt->truesize += (unsigned int)shiftlen;
	return shiftlen;
}

/* ---- coalesce ------------------------------------------------------------ */

/**
 * kfree_skb_partial - the end of a packet whose bytes another has taken over
 * @skb: consumed
 * @head_stolen: as skb_try_coalesce() said. Linux: heads that are page
 *	fragments move as frags; here heads are blocks of their own and never do
 *
 * Context: any but hardirq.
 */
void kfree_skb_partial(struct sk_buff *skb, bool head_stolen)
{
	BUG_ON(head_stolen);
	consume_skb(skb);
}

/**
 * skb_try_coalesce - append the bytes of a packet to another
 * @to: borrowed; grows
 * @from: borrowed; to be freed by kfree_skb_partial() when it worked
 * @fragstolen: for kfree_skb_partial()
 * @delta_truesize: bytes of memory that @to holds more
 *
 * Bytes are copied when they fit behind a linear @to, else frags move over; a
 * @from with linear bytes beyond that does not fit.
 *
 * Context: any.
 * Return: whether it was done.
 */
bool skb_try_coalesce(struct sk_buff *to, struct sk_buff *from, bool *fragstolen,
		      int *delta_truesize)
{
	struct skb_shared_info *ts = skb_shinfo(to), *fs = skb_shinfo(from);
	unsigned int len = from->len;
	int i, delta;

	*fragstolen = false;
	if (skb_cloned(to))
		return false;
	if (len <= skb_tailroom(to)) {
		if (len)
			BUG_ON(skb_copy_bits(from, 0, skb_put(to, len), (int)len));
		*delta_truesize = 0;
		return true;
	}
	if (ts->frag_list || fs->frag_list || skb_headlen(from) ||
	    ts->nr_frags + fs->nr_frags > MAX_SKB_FRAGS)
		return false;

	delta = (int)from->truesize - (int)SKB_TRUESIZE(skb_end_offset(from));
	for (i = 0; i < (int)fs->nr_frags; i++) {
		ts->frags[ts->nr_frags + i] = fs->frags[i];
		if (skb_cloned(from))
			skb_frag_ref(from, i);
	}
	ts->nr_frags = (u8)(ts->nr_frags + fs->nr_frags);
	/* The references of a block that nobody shares have moved. */
	if (!skb_cloned(from))
		fs->nr_frags = 0;
	to->truesize += (unsigned int)delta;
	to->len += len;
	to->data_len += len;
	*delta_truesize = delta;
	return true;
}
