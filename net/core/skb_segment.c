// SPDX-License-Identifier: MIT
/*
 * One packet that is larger than a frame becomes several that are not: the
 * headers are copied to each, the payload is referred to where the device can
 * gather and copied where it cannot. What the headers have to say of each
 * segment is their protocols' business (gso_segment of a packet_offload).
 *
 *	[ mac ip tcp | linear | frag 0 | frag 1 | ... ]         gso_size bytes a piece
 *	[ mac ip tcp | copied      ]
 *	            [ mac ip tcp ] -> frag 0
 *	                        [ mac ip tcp ] -> frag 0, frag 1
 *
 * Linux: net/core/skbuff.c, skb_segment()
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <net/gro.h>
#include <net/sock.h>

/* Where in the frags of a packet the next segment begins. */
struct frag_cursor {
	const struct skb_shared_info *sh;
	int frag;
	unsigned int off;		/* bytes into it */
};

/* The next @bytes of the frags have been copied. */
static void cursor_skip(struct frag_cursor *at, unsigned int bytes)
{
	at->off += bytes;
	while (at->frag < at->sh->nr_frags && at->off >= skb_frag_size(&at->sh->frags[at->frag]))
		at->off -= skb_frag_size(&at->sh->frags[at->frag++]);
}

/* @len bytes of payload by reference. False: in too many pieces. */
static bool segment_refer(struct sk_buff *seg, struct frag_cursor *at, unsigned int len)
{
	seg->len += len;
	seg->data_len += len;
	seg->truesize += len;
	while (len) {
		const skb_frag_t *frag = &at->sh->frags[at->frag];
		unsigned int bytes = min(len, skb_frag_size(frag) - at->off);
		int i = skb_shinfo(seg)->nr_frags;

		if (i == MAX_SKB_FRAGS)
			return false;
		skb_fill_page_desc(seg, i, skb_page_get(skb_frag_page(frag)),
				   skb_frag_off(frag) + at->off, bytes);
		len -= bytes;
		at->off += bytes;
		if (at->off == skb_frag_size(frag)) {
			at->frag++;
			at->off = 0;
		}
	}
	return true;
}

/* A segment with the headers of @skb, and room for @room bytes behind them. Its
 * data is at the link-layer header. */
static struct sk_buff *segment_alloc(const struct sk_buff *skb, unsigned int headers,
				     unsigned int room)
{
	unsigned int headroom = skb_headroom(skb);
	struct sk_buff *seg = alloc_skb(skb->net, headroom + headers + room, GFP_ATOMIC);

	if (unlikely(!seg))
		return NULL;
	skb_reserve(seg, (int)headroom);
	skb_copy_header(seg, skb);
	skb_gso_reset(seg);
	skb_put_data(seg, skb->data, headers);
	return seg;
}

/**
 * skb_gso_set_owner - segments take the place of a packet on its owner's account
 * @segs: chain by ->next, without owner. Borrows.
 * @skb: what they were cut from; nobody's afterwards. Borrows.
 *
 * Each has the memory of its own bytes on the account instead of the whole's: what
 * is left of them when one is freed is the same.
 *
 * Context: softirqs off.
 */
void skb_gso_set_owner(struct sk_buff *segs, struct sk_buff *skb)
{
	struct sock *sk = skb->sk;
	unsigned int delta = 0U - skb->truesize;
	struct sk_buff *seg;

	/* Linux: only that of a sender; a reader's is not cut. */
	if (!sk || !skb->destructor)
		return;
	for (seg = segs; seg; seg = seg->next) {
		seg->sk = sk;
		seg->destructor = skb->destructor;
		delta += seg->truesize;
	}
	sk_wmem_add(sk, delta);
	skb->sk = NULL;
	skb->destructor = NULL;
}

/**
 * skb_segment - cut a packet into segments of gso_size bytes
 * @skb: borrowed; data is at the payload, behind the headers from mac_header on
 * @features: of the device that will send them; without SG all are linear
 *
 * Each segment has all headers of @skb, its data at the link-layer header, and
 * its checksum to be filled in as @skb has (CHECKSUM_PARTIAL). No owner.
 *
 * Context: softirqs off.
 * Return: the segments, a chain by ->next; -EINVAL: nothing to cut or no size;
 * -ENOMEM.
 */
struct sk_buff *skb_segment(struct sk_buff *skb, netdev_features_t features)
{
	unsigned int headers = (unsigned int)(skb->data - skb_mac_header(skb));
	unsigned int linear = skb_headlen(skb), len = skb->len, mss = skb_shinfo(skb)->gso_size;
	bool refer = (features & NETIF_F_SG) && !skb_has_frag_list(skb);
	struct frag_cursor at = { .sh = skb_shinfo(skb) };
	struct sk_buff *segs = NULL, **tail = &segs, *seg;
	unsigned int off, bytes;

	if (unlikely(!mss || !len))
		return ERR_PTR(-EINVAL);
	skb_push(skb, headers);
	for (off = 0; off < len; off += bytes) {
		bool by_reference = refer && off >= linear;

		bytes = min(mss, len - off);
		seg = segment_alloc(skb, headers, by_reference ? 0 : bytes);
		if (unlikely(!seg))
			goto fail;
		*tail = seg;
		tail = &seg->next;
		if (by_reference) {
			if (unlikely(!segment_refer(seg, &at, bytes)))
				goto fail;
			continue;
		}
		if (unlikely(skb_copy_bits(skb, (int)(headers + off), skb_put(seg, bytes),
					   (int)bytes)))
			goto fail;
		if (off + bytes > linear)
			cursor_skip(&at, off + bytes - max(off, linear));
	}
	skb_pull(skb, headers);
	return segs;
fail:
	skb_pull(skb, headers);
	kfree_skb_list_reason(segs, SKB_DROP_REASON_NOMEM);
	return ERR_PTR(-ENOMEM);
}
