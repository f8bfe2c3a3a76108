// SPDX-License-Identifier: MIT
/*
 * Making the bytes lie where a layer needs them: pulled to the linear part,
 * trimmed, padded, linear, writable (SKB-2, SKB-5, SKB-25). The short ones are
 * inline in linux/skb_data.h; going beyond a packet's bounds there ends here,
 * in a panic that prints the packet, since it is a bug of ours.
 *
 * Linux: net/core/skbuff.c
 */
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include "skb_walk.h"

/**
 * skb_over_panic - bytes were put beyond the end of a packet
 * @skb: borrowed
 * @len: how many
 * @addr: the code that did it
 *
 * Context: any. Does not return.
 */
void skb_over_panic(const struct sk_buff *skb, unsigned int len, const void *addr)
{
	skb_dump(skb, true);
	panic("skb_put: %u bytes do not fit behind skb %p (id %llu), at %pS", len,
	      (const void *)skb, (unsigned long long)skb->id, addr);
}

/**
 * skb_under_panic - bytes were pushed beyond the front of a packet
 * @skb: borrowed
 * @len: how many
 * @addr: the code that did it
 *
 * Context: any. Does not return.
 */
void skb_under_panic(const struct sk_buff *skb, unsigned int len, const void *addr)
{
	skb_dump(skb, true);
	panic("skb_push: %u bytes do not fit before skb %p (id %llu), at %pS", len,
	      (const void *)skb, (unsigned long long)skb->id, addr);
}

/* ---- pull ---------------------------------------------------------------- */

/* Takes @eat bytes off the front of the frags, or all of them. */
static void skb_eat_frags(struct sk_buff *skb, int eat)
{
	struct skb_shared_info *sh = skb_shinfo(skb);
	int i, k = 0;

	for (i = 0; i < sh->nr_frags; i++) {
		int size = (int)skb_frag_size(&sh->frags[i]);

		if (size <= eat) {
			__skb_frag_unref(&sh->frags[i]);
			eat -= size;
			continue;
		}
		sh->frags[k] = sh->frags[i];
		if (eat) {
			skb_frag_off_add(&sh->frags[k], eat);
			skb_frag_size_sub(&sh->frags[k], eat);
			eat = 0;
		}
		k++;
	}
	sh->nr_frags = (u8)k;
}

/**
 * skb_trim_head - take bytes off the front, wherever they lie
 * @skb: borrowed, its data private; no frag_list
 * @len: bytes; not more than there are
 *
 * Unlike pskb_pull() it copies nothing.
 *
 * Context: any.
 * Return: bytes of them that were in frags: memory that the packet holds no more.
 */
unsigned int skb_trim_head(struct sk_buff *skb, unsigned int len)
{
	unsigned int linear = min(len, skb_headlen(skb));

	__skb_pull(skb, linear);
	len -= linear;
	skb_eat_frags(skb, (int)len);
	skb->data_len -= len;
	skb->len -= len;
	return len;
}

/* Takes @eat bytes off the front of frag_list. 0, or -ENOMEM and nothing done:
 * what can fail comes first. Another packet may share the list, links and all:
 * links of its packets are not touched. */
static int skb_eat_frag_list(struct sk_buff *skb, int eat)
{
	struct sk_buff *part = skb_shinfo(skb)->frag_list, *stay, *gone, *next;

	while (part && (int)part->len <= eat) {
		eat -= (int)part->len;
		part = part->next;
	}
	stay = part;
	if (eat) {
		BUG_ON(!part);
		if (skb_shared(part) || skb_cloned(part)) {
			stay = skb_copy(part, GFP_ATOMIC);
			if (!stay)
				return -ENOMEM;
		}
		if (!pskb_pull(stay, (unsigned int)eat)) {
			if (stay != part)
				consume_skb(stay);
			return -ENOMEM;
		}
		stay->next = part->next;
	}
	for (gone = skb_shinfo(skb)->frag_list; gone != part; gone = next) {
		next = gone->next;
		consume_skb(gone);
	}
	if (stay != part)
		consume_skb(part);
	skb_shinfo(skb)->frag_list = stay;
	return 0;
}

/**
 * __pskb_pull_tail - make more bytes linear
 * @skb: borrowed; only the caller holds the struct
 * @delta: bytes to bring over from the frags; not more than there are
 *
 * Context: any. Pointers into the linear part are void afterwards.
 * Return: the tail, or NULL on no memory.
 */
void *__pskb_pull_tail(struct sk_buff *skb, int delta)
{
	int eat = (int)(skb->tail - skb->end) + delta;

	if (eat > 0 || skb_cloned(skb)) {
		/* 128 bytes more: who pulls one header will pull another. */
		if (pskb_expand_head(skb, 0, eat > 0 ? eat + 128 : 0, GFP_ATOMIC))
			return NULL;
	}
	if (skb_copy_bits(skb, (int)skb_headlen(skb), skb->tail, delta))
		return NULL;
	eat = delta - (int)__skb_pagelen(skb);
	if (eat > 0 && skb_eat_frag_list(skb, eat))
		return NULL;
	skb_eat_frags(skb, delta);
	skb->tail += delta;
	skb->data_len -= (unsigned int)delta;
	return skb->tail;
}

/**
 * __skb_linearize - bring all bytes to the linear part
 * @skb: borrowed; only the caller holds the struct
 *
 * Counted in softnet_data.linearized: each is a copy that a device with
 * scatter-gather would not need.
 *
 * Context: any.
 * Return: 0 or -ENOMEM.
 */
int __skb_linearize(struct sk_buff *skb)
{
	this_cpu()->softnet->linearized++;
	return __pskb_pull_tail(skb, (int)skb->data_len) ? 0 : -ENOMEM;
}

/* ---- trim ---------------------------------------------------------------- */

/* Shortens frag_list to @keep bytes. The packets that stay get structs of their
 * own if others hold them too, since their links change. 0 or -ENOMEM. */
static int trim_frag_list(struct sk_buff *skb, unsigned int keep)
{
	struct sk_buff **p = &skb_shinfo(skb)->frag_list, *list, *n;

	while ((list = *p) != NULL && keep) {
		if (skb_shared(list)) {
			n = skb_clone(list, GFP_ATOMIC);
			if (!n)
				return -ENOMEM;
			n->next = list->next;
			*p = n;
			consume_skb(list);
			list = n;
		}
		if (list->len > keep && pskb_trim(list, keep))
			return -ENOMEM;
		keep -= list->len;
		p = &list->next;
	}
	list = *p;
	*p = NULL;
	kfree_skb_list_reason(list, SKB_NOT_DROPPED_YET);
	return 0;
}

/**
 * ___pskb_trim - shorten a packet that has frags
 * @skb: borrowed; only the caller holds the struct
 * @len: bytes to keep; fewer than there are
 *
 * Context: any.
 * Return: 0 or -ENOMEM.
 */
int ___pskb_trim(struct sk_buff *skb, unsigned int len)
{
	unsigned int pos = skb_headlen(skb);
	struct skb_shared_info *sh;
	int i, nfrags;

	if (skb_cloned(skb) && pskb_expand_head(skb, 0, 0, GFP_ATOMIC))
		return -ENOMEM;
	sh = skb_shinfo(skb);
	nfrags = sh->nr_frags;
	for (i = 0; i < nfrags; i++) {
		unsigned int size = skb_frag_size(&sh->frags[i]);

		if (pos >= len)
			break;
		if (pos + size > len)
			skb_frag_size_set(&sh->frags[i], len - pos);
		pos += size;
	}
	sh->nr_frags = (u8)i;
	for (; i < nfrags; i++) {
		pos += skb_frag_size(&sh->frags[i]);
		__skb_frag_unref(&sh->frags[i]);
	}
	if (skb_has_frag_list(skb) && trim_frag_list(skb, len > pos ? len - pos : 0))
		return -ENOMEM;

	if (len > skb_headlen(skb)) {
		skb->data_len -= skb->len - len;
		skb->len = len;
	} else {
		skb->len = len;
		skb->data_len = 0;
		skb_set_tail_pointer(skb, (int)len);
	}
	/* A packet on nobody's account holds less now. */
	if (!skb->sk && skb->data_len == 0)
		skb->truesize = (unsigned int)SKB_TRUESIZE(skb_end_offset(skb));
	return 0;
}

/**
 * pskb_trim_rcsum_slow - shorten a packet and correct its checksum state
 * @skb: borrowed; only the caller holds the struct
 * @len: bytes to keep; fewer than there are
 *
 * Context: any.
 * Return: 0, -ENOMEM, or -EINVAL when CHECKSUM_PARTIAL points behind the cut.
 */
int pskb_trim_rcsum_slow(struct sk_buff *skb, unsigned int len)
{
	if (skb->ip_summed == CHECKSUM_COMPLETE) {
		int delta = (int)(skb->len - len);

		skb->csum = csum_block_sub(skb->csum,
					   skb_checksum(skb, (int)len, delta, (__force __wsum)0),
					   (int)len);
	} else if (skb->ip_summed == CHECKSUM_PARTIAL) {
		int end = skb_checksum_start_offset(skb) + skb->csum_offset +
			  (int)sizeof(__sum16);

		if (end > (int)len)
			return -EINVAL;
	}
	return __pskb_trim(skb, len);
}

/* ---- pull and push with the checksum of a CHECKSUM_COMPLETE packet --------- */

/**
 * skb_postpull_rcsum - bytes have gone from the front
 * @skb: borrowed
 * @start: the bytes, still readable
 * @len: how many
 *
 * Context: any.
 */
void skb_postpull_rcsum(struct sk_buff *skb, const void *start, unsigned int len)
{
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		skb->csum = csum_block_sub(skb->csum,
					   csum_partial(start, (int)len, (__force __wsum)0), 0);
	else if (skb->ip_summed == CHECKSUM_PARTIAL && skb_checksum_start_offset(skb) < 0)
		skb->ip_summed = CHECKSUM_NONE;
}

/**
 * skb_postpush_rcsum - bytes have come in front
 * @skb: borrowed
 * @start: the bytes
 * @len: how many; even
 *
 * Context: any.
 */
void skb_postpush_rcsum(struct sk_buff *skb, const void *start, unsigned int len)
{
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		skb->csum = csum_block_add(skb->csum,
					   csum_partial(start, (int)len, (__force __wsum)0), 0);
}

/**
 * skb_pull_rcsum - take bytes off the front, and out of the sum
 * @skb: borrowed
 * @len: bytes; linear, and not more than there are
 *
 * Context: any.
 * Return: the new data.
 */
void *skb_pull_rcsum(struct sk_buff *skb, unsigned int len)
{
	unsigned char *data = skb->data;

	BUG_ON(len > skb_headlen(skb));
	__skb_pull(skb, len);
	skb_postpull_rcsum(skb, data, len);
	return skb->data;
}

/**
 * skb_push_rcsum - put bytes in front, and into the sum
 * @skb: borrowed; the bytes are in the headroom already
 * @len: bytes; even
 *
 * Context: any.
 * Return: the new data.
 */
void *skb_push_rcsum(struct sk_buff *skb, unsigned int len)
{
	skb_push(skb, len);
	skb_postpush_rcsum(skb, skb->data, len);
	return skb->data;
}

/* ---- writable, padded ------------------------------------------------------ */

/**
 * skb_ensure_writable - make bytes at the front writable in place
 * @skb: borrowed; only the caller holds the struct
 * @write_len: bytes from data on
 *
 * Context: any. Pointers into the linear part are void afterwards.
 * Return: 0 or -ENOMEM.
 */
int skb_ensure_writable(struct sk_buff *skb, unsigned int write_len)
{
	if (!pskb_may_pull(skb, write_len))
		return -ENOMEM;
	if (!skb_header_cloned(skb))
		return 0;
	return pskb_expand_head(skb, 0, 0, GFP_ATOMIC);
}

/**
 * __skb_pad - zeros behind the last byte, not counted in len
 * @skb: borrowed; consumed on failure (NOMEM)
 * @pad: bytes
 *
 * Nothing of what was in the memory before leaves the machine with the frame.
 *
 * Context: any.
 * Return: 0 or -ENOMEM.
 */
int __skb_pad(struct sk_buff *skb, int pad)
{
	int more;

	if (!skb_cloned(skb) && (int)skb_tailroom(skb) >= pad) {
		memset(skb->tail, 0, (size_t)pad);
		return 0;
	}
	more = (int)skb->data_len + pad - (int)(skb->end - skb->tail);
	if ((skb_cloned(skb) || more > 0) &&
	    pskb_expand_head(skb, 0, max(more, 0), GFP_ATOMIC))
		goto drop;
	if (skb_linearize(skb))
		goto drop;
	memset(skb->tail, 0, (size_t)pad);
	return 0;
drop:
	kfree_skb_reason(skb, SKB_DROP_REASON_NOMEM);
	return -ENOMEM;
}
