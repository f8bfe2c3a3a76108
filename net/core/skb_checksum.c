// SPDX-License-Identifier: MIT
/*
 * Internet checksums over packets (SKB-16). What a packet says about its own:
 *
 *	ip_summed		received			to be sent
 *	CHECKSUM_NONE		not checked			complete
 *	CHECKSUM_UNNECESSARY	the device has checked it
 *	CHECKSUM_COMPLETE	csum is the sum of all bytes
 *	CHECKSUM_PARTIAL	from a local sender, not	sum from csum_start on goes
 *				filled in			to csum_start + csum_offset
 *
 * Linux: net/core/skbuff.c, net/core/dev.c (skb_checksum_help), net/core/datagram.c
 * RFC: 1071, 1624
 */
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include <net/checksum.h>
#include "skb_walk.h"

/**
 * skb_checksum - sum of bytes of a packet
 * @skb: borrowed
 * @offset: of the first byte, from data on
 * @len: bytes; the packet has so many
 * @csum: what to add it to
 *
 * Context: any.
 * Return: the sum, not folded.
 */
__wsum skb_checksum(const struct sk_buff *skb, int offset, int len, __wsum csum)
{
	struct skb_walk w;
	int pos = 0;

	if (likely(offset + len <= (int)skb_headlen(skb)))
		return csum_partial(skb->data + offset, len, csum);
	skb_walk_start(&w, skb, offset, len);
	while (skb_walk_next(&w)) {
		csum = csum_block_add(csum, csum_partial(w.data, w.bytes, (__force __wsum)0),
				      pos);
		pos += w.bytes;
	}
	BUG_ON(w.left);
	return csum;
}

/**
 * skb_copy_and_csum_bits - bytes out of a packet, and their sum
 * @skb: borrowed
 * @offset: of the first byte, from data on
 * @to: room for @len bytes
 * @len: bytes; the packet has so many
 *
 * Context: any.
 * Return: the sum, not folded.
 */
__wsum skb_copy_and_csum_bits(const struct sk_buff *skb, int offset, u8 *to, int len)
{
	__wsum csum = (__force __wsum)0;
	struct skb_walk w;
	int pos = 0;

	skb_walk_start(&w, skb, offset, len);
	while (skb_walk_next(&w)) {
		csum = csum_block_add(csum, csum_partial_copy_nocheck(w.data, to + pos, w.bytes),
				      pos);
		pos += w.bytes;
	}
	BUG_ON(w.left);
	return csum;
}

/**
 * skb_copy_and_csum_dev - copy a packet to a device, completing its checksum
 * @skb: borrowed
 * @to: room for all of it
 *
 * Context: any.
 */
void skb_copy_and_csum_dev(const struct sk_buff *skb, u8 *to)
{
	int start = (int)skb_headlen(skb);
	__wsum csum;

	if (skb->ip_summed == CHECKSUM_PARTIAL)
		start = skb_checksum_start_offset(skb);
	BUG_ON(start > (int)skb_headlen(skb) || start < 0);
	memcpy(to, skb->data, (size_t)start);
	csum = skb_copy_and_csum_bits(skb, start, to + start, (int)skb->len - start);
	if (skb->ip_summed == CHECKSUM_PARTIAL) {
		__sum16 sum = csum_fold(csum);

		memcpy(to + start + skb->csum_offset, &sum, sizeof(sum));
	}
}

/* The sum was good although the device said otherwise, or said nothing. */
static void skb_checksum_verified(struct sk_buff *skb, __wsum csum, __sum16 sum)
{
	if (!skb_shared(skb)) {
		skb->csum = csum;
		skb->ip_summed = CHECKSUM_COMPLETE;
		skb->csum_valid = !sum;
	}
}

/**
 * __skb_checksum_complete_head - check the first bytes of a packet
 * @skb: borrowed; skb->csum holds the sum of the pseudo header
 * @len: bytes from data on
 *
 * Context: any.
 * Return: 0 when the checksum is right.
 */
__sum16 __skb_checksum_complete_head(struct sk_buff *skb, int len)
{
	__sum16 sum = csum_fold(skb_checksum(skb, 0, len, skb->csum));

	if (likely(!sum) && !skb_shared(skb))
		skb->csum_valid = 1;
	return sum;
}

/**
 * __skb_checksum_complete - check all of a packet
 * @skb: borrowed; skb->csum holds the sum of the pseudo header
 *
 * Context: any.
 * Return: 0 when the checksum is right.
 */
__sum16 __skb_checksum_complete(struct sk_buff *skb)
{
	__wsum csum = skb_checksum(skb, 0, (int)skb->len, (__force __wsum)0);
	__sum16 sum = csum_fold(csum_add(skb->csum, csum));

	skb_checksum_verified(skb, csum, sum);
	return sum;
}

/**
 * skb_checksum_help - fill in the checksum that CHECKSUM_PARTIAL asks for
 * @skb: borrowed; only the caller holds the struct
 *
 * Context: any. Pointers into the linear part are void afterwards.
 * Return: 0, -EINVAL (the offsets are not in the linear part) or -ENOMEM.
 */
int skb_checksum_help(struct sk_buff *skb)
{
	int offset, where;
	__wsum csum;
	__sum16 sum;

	if (skb->ip_summed == CHECKSUM_COMPLETE)
		goto out;
	offset = skb_checksum_start_offset(skb);
	where = offset + skb->csum_offset;
	if (unlikely(skb_is_gso(skb) || offset < 0 || offset >= (int)skb_headlen(skb) ||
		     where + (int)sizeof(__sum16) > (int)skb_headlen(skb)))
		return -EINVAL;
	csum = skb_checksum(skb, offset, (int)skb->len - offset, (__force __wsum)0);
	if (skb_ensure_writable(skb, (unsigned int)where + sizeof(__sum16)))
		return -ENOMEM;
	sum = csum_fold(csum);
	if (!sum)
		sum = CSUM_MANGLED_0;
	memcpy(skb->data + where, &sum, sizeof(sum));
out:
	skb->ip_summed = CHECKSUM_NONE;
	return 0;
}

/**
 * skb_partial_csum_set - mark a packet from outside as CHECKSUM_PARTIAL
 * @skb: borrowed
 * @start: bytes from data to where the sum begins
 * @off: bytes from there to where it goes
 *
 * Both come from a device (virtio) and are not to be trusted.
 *
 * Context: any.
 * Return: false when they do not point into the linear part.
 */
bool skb_partial_csum_set(struct sk_buff *skb, u16 start, u16 off)
{
	u32 end = (u32)start + off + (u32)sizeof(__sum16);
	u32 from_head = skb_headroom(skb) + start;

	if (unlikely(end > skb_headlen(skb) || from_head >= U16_MAX)) {
		pr_warn_ratelimited("bad partial checksum: %u/%u of %u bytes\n", start, off,
				    skb_headlen(skb));
		return false;
	}
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = (u16)from_head;
	skb->csum_offset = off;
	skb->transport_header = skb->csum_start;
	return true;
}
