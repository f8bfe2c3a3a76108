/* SPDX-License-Identifier: MIT */
/*
 * Walking over the bytes of a packet, wherever they lie: the linear part, the
 * frags, then the same of each packet on frag_list (which have no frag_list of
 * their own). One pass, no recursion.
 *
 * Linux: skb_seq_read(); skb_copy_bits() and its relatives recurse instead.
 */
#ifndef NET_CORE_SKB_WALK_H
#define NET_CORE_SKB_WALK_H

#include <linux/skbuff.h>

struct skb_walk {
	const struct sk_buff *skb;	/* whose pieces come next */
	const struct sk_buff *list;	/* what follows it on frag_list */
	int piece;			/* -1: linear part; else index of the frag */
	int skip;			/* bytes to leave out; negative: headroom too */
	int left;			/* bytes to give */
	u8 *data;			/* the piece found: */
	int bytes;
};

static inline void skb_walk_start(struct skb_walk *w, const struct sk_buff *skb,
				  int offset, int len)
{
	w->skb = skb;
	w->list = skb_shinfo(skb)->frag_list;
	w->piece = -1;
	w->skip = offset;
	w->left = len;
}

/* The next piece that is not empty, in data and bytes; false at the end. */
static inline bool skb_walk_next(struct skb_walk *w)
{
	while (w->left > 0) {
		const struct skb_shared_info *sh = skb_shinfo(w->skb);
		u8 *base;
		int size;

		if (w->piece < 0) {
			base = w->skb->data;
			size = (int)skb_headlen(w->skb);
		} else if (w->piece < sh->nr_frags) {
			base = skb_frag_address(&sh->frags[w->piece]);
			size = (int)skb_frag_size(&sh->frags[w->piece]);
		} else {
			if (!w->list)
				return false;
			w->skb = w->list;
			w->list = w->skb->next;
			w->piece = -1;
			continue;
		}
		w->piece++;
		if (w->skip >= size) {
			w->skip -= size;
			continue;
		}
		w->data = base + w->skip;
		w->bytes = min(size - w->skip, w->left);
		w->skip = 0;
		w->left -= w->bytes;
		return true;
	}
	return false;
}

#endif
