// SPDX-License-Identifier: MIT
/*
 * The two copies of the whole path (SKB-27): from a program's memory into a
 * packet on the way down, from a packet into a program's memory on the way up.
 *
 * Linux: net/core/datagram.c, include/net/sock.h
 */
#include <linux/kernel.h>
#include <linux/net.h>
#include <linux/skbuff.h>
#include <linux/trace.h>
#include <linux/uio.h>
#include <net/checksum.h>
#include <net/sock.h>
#include "skb_walk.h"

/**
 * skb_copy_datagram_iter - from a packet to a program
 * @skb: borrowed
 * @offset: of the first byte, from data on
 * @to: where to; a shorter one takes what it can
 * @len: bytes; the packet has so many
 *
 * Context: process.
 * Return: 0, or -EFAULT (nothing of @to is used up then).
 */
int skb_copy_datagram_iter(const struct sk_buff *skb, int offset, struct iov_iter *to,
			   int len)
{
	size_t done = 0;
	struct skb_walk w;

	trace_skb(skb);
	skb_walk_start(&w, skb, offset, len);
	while (skb_walk_next(&w)) {
		size_t n = copy_to_iter(w.data, (size_t)w.bytes, to);

		done += n;
		if (n == (size_t)w.bytes)
			continue;
		if (!iov_iter_count(to))
			return 0;
		iov_iter_revert(to, done);
		return -EFAULT;
	}
	return 0;
}

/**
 * skb_copy_datagram_msg - from a packet to the buffers of a recvmsg()
 * @skb: borrowed
 * @offset: of the first byte, from data on
 * @msg: whose buffers
 * @size: bytes
 *
 * Context: process.
 * Return: 0 or -EFAULT.
 */
int skb_copy_datagram_msg(const struct sk_buff *skb, int offset, struct msghdr *msg, int size)
{
	return skb_copy_datagram_iter(skb, offset, &msg->msg_iter, size);
}

/* Copies @len bytes from @offset on and adds them to *csum. */
static int skb_copy_and_csum_datagram(const struct sk_buff *skb, int offset,
				      struct iov_iter *to, int len, __wsum *csum)
{
	struct skb_walk w;
	int pos = 0;

	skb_walk_start(&w, skb, offset, len);
	while (skb_walk_next(&w)) {
		__wsum part = (__force __wsum)0;
		size_t n = csum_and_copy_to_iter(w.data, (size_t)w.bytes, &part, to);

		*csum = csum_block_add(*csum, part, pos);
		pos += (int)n;
		if (n != (size_t)w.bytes) {
			iov_iter_revert(to, (size_t)pos);
			return -EFAULT;
		}
	}
	return 0;
}

/**
 * skb_copy_and_csum_datagram_msg - from a packet to a program, checking the sum
 * @skb: borrowed; skb->csum holds the sum of the pseudo header
 * @hlen: bytes of header, summed but not copied
 * @msg: where to
 *
 * When everything fits the sum is taken while copying; when it does not, before.
 *
 * Context: process.
 * Return: 0; -EFAULT; or -EINVAL: the sum is wrong (nothing of @msg is used up).
 */
int skb_copy_and_csum_datagram_msg(struct sk_buff *skb, int hlen, struct msghdr *msg)
{
	int chunk = (int)skb->len - hlen;
	__wsum csum;

	if (chunk <= 0)
		return 0;
	if (iov_iter_count(&msg->msg_iter) < (size_t)chunk) {
		if (__skb_checksum_complete(skb))
			return -EINVAL;
		return skb_copy_datagram_msg(skb, hlen, msg, chunk);
	}
	if (hlen & 1) {
		/* The copy begins at an odd byte of the sum. */
		csum = csum_shift(skb_checksum(skb, 0, hlen, (__force __wsum)0), 1);
		csum = csum_add(csum, csum_shift(skb->csum, 1));
	} else {
		csum = skb_checksum(skb, 0, hlen, skb->csum);
	}
	if (skb_copy_and_csum_datagram(skb, hlen, &msg->msg_iter, chunk, &csum))
		return -EFAULT;
	if (csum_fold(csum)) {
		iov_iter_revert(&msg->msg_iter, (size_t)chunk);
		return -EINVAL;
	}
	return 0;
}

/**
 * skb_copy_datagram_from_iter - from a program into bytes a packet has already
 * @skb: borrowed; its data is private
 * @offset: of the first byte, from data on
 * @from: where from
 * @len: bytes
 *
 * Context: process.
 * Return: 0, or -EFAULT.
 */
int skb_copy_datagram_from_iter(struct sk_buff *skb, int offset, struct iov_iter *from,
				int len)
{
	struct skb_walk w;

	skb_walk_start(&w, skb, offset, len);
	while (skb_walk_next(&w)) {
		if (copy_from_iter(w.data, (size_t)w.bytes, from) != (size_t)w.bytes)
			return -EFAULT;
	}
	return w.left ? -EFAULT : 0;
}

/* Bytes from a program to @to, summed on the way unless somebody below sums. */
static int skb_do_copy_data_nocache(struct sk_buff *skb, struct iov_iter *from, void *to,
				    int copy, int offset)
{
	if (skb->ip_summed == CHECKSUM_NONE) {
		__wsum csum = (__force __wsum)0;

		if (!csum_and_copy_from_iter_full(to, (size_t)copy, &csum, from))
			return -EFAULT;
		skb->csum = csum_block_add(skb->csum, csum, offset);
		return 0;
	}
	return copy_from_iter_full(to, (size_t)copy, from) ? 0 : -EFAULT;
}

/**
 * skb_add_data_nocache - append bytes of a program to the linear part
 * @sk: the socket that sends
 * @skb: borrowed; has @copy bytes of tailroom
 * @from: where from
 * @copy: bytes
 *
 * Context: process.
 * Return: 0, or -EFAULT and nothing changed.
 */
int skb_add_data_nocache(struct sock *sk, struct sk_buff *skb, struct iov_iter *from,
			 int copy)
{
	int err, offset = (int)skb->len;

	trace_skb(skb);
	err = skb_do_copy_data_nocache(skb, from, skb_put(skb, (unsigned int)copy), copy,
				       offset);
	if (err)
		__skb_trim(skb, (unsigned int)offset);
	return err;
}

/**
 * skb_copy_to_page_nocache - bytes of a program into a page of a packet
 * @sk: the socket that sends; its send buffer is charged
 * @from: where from
 * @skb: borrowed; len, data_len and truesize grow. The frag is the caller's
 * @page: the block
 * @off: where in it
 * @copy: bytes
 *
 * Context: process.
 * Return: 0, or -EFAULT and nothing changed.
 */
int skb_copy_to_page_nocache(struct sock *sk, struct iov_iter *from, struct sk_buff *skb,
			     struct skb_page *page, int off, int copy)
{
	int err;

	trace_skb(skb);
	err = skb_do_copy_data_nocache(skb, from, page->data + off, copy, (int)skb->len);
	if (err)
		return err;
	skb->len += (unsigned int)copy;
	skb->data_len += (unsigned int)copy;
	skb->truesize += (unsigned int)copy;
	sk->sk_wmem_queued += copy;
	sk_mem_charge(sk, copy);
	return 0;
}
