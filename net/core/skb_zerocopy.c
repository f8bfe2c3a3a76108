// SPDX-License-Identifier: MIT
/*
 * Writes by reference (MSG_ZEROCOPY with SO_ZEROCOPY).
 *
 *	sendmsg() ── ubuf_info ── one skb_page for each segment of the vector
 *	                 ^                 ^        ^
 *	             in the cb of        frags of the packets, their clones,
 *	             the packet that     their segments
 *	             will tell
 *
 * The program's memory is described by blocks that own nothing (skb_page.ubuf).
 * When the last packet lets go of the last of them, be it acknowledged, sent or
 * lost, the program is told by the error queue: which calls (ee_info to ee_data, in
 * one message when they follow each other), and whether it was worth it
 * (SO_EE_CODE_ZEROCOPY_COPIED). The message is made with the call, so that telling
 * cannot fail, and is on the socket's account (optmem_max) until it is read.
 *
 * Until then the memory is not to be changed; after close() nobody is told, and
 * the memory is not to be given back while the connection may still send it.
 *
 * Linux: net/core/skbuff.c. There a call may be told of together with the one
 * before it from the start, and memory is pinned and counted (RLIMIT_MEMLOCK).
 */
#include <linux/errno.h>
#include <linux/errqueue.h>
#include <linux/kernel.h>
#include <linux/skb_zerocopy.h>
#include <linux/uaccess.h>
#include <net/sock.h>

/* Bytes of one segment of a vector that one block describes. */
#define ZEROCOPY_BLOCK_MAX	(1U << 30)

static struct sk_buff *skb_from_uarg(struct ubuf_info *uarg)
{
	return (struct sk_buff *)(void *)((u8 *)uarg - offsetof(struct sk_buff, cb));
}

/* Destructor of what tells. */
static void sock_ofree(struct sk_buff *skb)
{
	(void)__atomic_sub_fetch(&skb->sk->sk_omem_alloc, (int)skb->truesize, __ATOMIC_RELAXED);
}

/**
 * skb_zerocopy_begin - a call is to write by reference
 * @zc: the call; filled in
 * @sk: its socket
 *
 * Context: process.
 * Return: 0, or -ENOBUFS: too many calls that the program has not been told of, or
 * has not read of; no memory.
 */
int skb_zerocopy_begin(struct skb_zerocopy *zc, struct sock *sk)
{
	struct ubuf_info *uarg;
	struct sk_buff *skb;

	if (READ_ONCE(sk->sk_omem_alloc) + (int)SKB_TRUESIZE(0) >
	    READ_ONCE(sock_net(sk)->core.sysctl_optmem_max))
		return -ENOBUFS;
	skb = alloc_skb(sock_net(sk), 0, GFP_KERNEL);
	if (!skb)
		return -ENOBUFS;
	skb->sk = sk;
	skb->destructor = sock_ofree;
	(void)__atomic_add_fetch(&sk->sk_omem_alloc, (int)skb->truesize, __ATOMIC_RELAXED);
	(void)__atomic_add_fetch(&sk->sk_zcopy_calls, 1, __ATOMIC_RELAXED);
	sock_hold(sk);
	uarg = (struct ubuf_info *)(void *)skb->cb;
	*uarg = (struct ubuf_info){ .id = sk->sk_zckey++ };
	refcount_set(&uarg->refs, 1);
	*zc = (struct skb_zerocopy){ .uarg = uarg };
	return 0;
}

/* The block that the next bytes of @from lie in, at zc->off. NULL: no memory. */
static struct skb_page *zerocopy_page(struct skb_zerocopy *zc, u8 *data, size_t len)
{
	if (zc->page && zc->off < zc->page->size && zc->page->data + zc->off == data)
		return zc->page;
	if (zc->page)
		skb_page_put(zc->page);
	zc->page = skb_page_refer(data, (unsigned int)min_t(size_t, len, ZEROCOPY_BLOCK_MAX),
				  zc->uarg, GFP_KERNEL);
	zc->off = 0;
	if (zc->page)
		refcount_inc(&zc->uarg->refs);
	return zc->page;
}

/**
 * skb_zerocopy_append - refer to bytes of the program
 * @zc: the call
 * @skb: len, data_len and truesize grow. Borrows.
 * @from: the program's vector; moves on
 * @len: bytes, at most
 *
 * Context: process.
 * Return: bytes, at least 1, of one segment of the vector; -EMSGSIZE: the packet has
 * no frag left; -ENOBUFS: no memory; -EFAULT.
 */
int skb_zerocopy_append(struct skb_zerocopy *zc, struct sk_buff *skb, struct iov_iter *from,
			unsigned int len)
{
	int i = skb_shinfo(skb)->nr_frags;
	size_t seg_len;
	u8 *data = iov_iter_data(from, &seg_len);
	struct skb_page *page;

	if (!data)
		return -EFAULT;
	page = zerocopy_page(zc, data, seg_len);
	if (!page)
		return -ENOBUFS;
	len = min(len, page->size - zc->off);
	len = (unsigned int)min_t(size_t, len, seg_len);
	if (skb_can_coalesce(skb, i, page, zc->off))
		skb_frag_size_add(&skb_shinfo(skb)->frags[i - 1], (int)len);
	else if (i == MAX_SKB_FRAGS)
		return -EMSGSIZE;
	else
		skb_fill_page_desc(skb, i, skb_page_get(page), zc->off, len);
	skb->len += len;
	skb->data_len += len;
	skb->truesize += len;
	zc->off += len;
	iov_iter_advance(from, len);
	return (int)len;
}

/**
 * skb_zerocopy_end - the call returns
 * @zc: the call; an ordinary write: nothing to do
 * @sent: something of it was queued; else the program is told by the return value
 *
 * Context: process.
 */
void skb_zerocopy_end(struct skb_zerocopy *zc, bool sent)
{
	struct ubuf_info *uarg = zc->uarg;

	if (likely(!uarg))
		return;
	if (zc->page)
		skb_page_put(zc->page);
	if (!sent) {
		uarg->aborted = true;
		skb_from_uarg(uarg)->sk->sk_zckey--;
	}
	net_zcopy_put(uarg);
	*zc = (struct skb_zerocopy){ 0 };
}

/* ---- telling ------------------------------------------------------------------ */

/* Is the call the next one after those that @tail tells of? Then it does of this
 * one, too. */
static bool zerocopy_extend(struct sk_buff *tail, const struct ubuf_info *uarg)
{
	struct sock_extended_err *ee = &SKB_EXT_ERR(tail)->ee;

	if (ee->ee_origin != SO_EE_ORIGIN_ZEROCOPY || ee->ee_data + 1 != uarg->id ||
	    ee->ee_data - ee->ee_info == U32_MAX - 1 ||
	    ee->ee_code != (uarg->copied ? SO_EE_CODE_ZEROCOPY_COPIED : 0))
		return false;
	ee->ee_data++;
	return true;
}

/* To the error queue. Consumes @skb. */
static void zerocopy_tell(struct sock *sk, struct sk_buff *skb, const struct ubuf_info *uarg)
{
	struct sk_buff_head *q = &sk->sk_error_queue;
	struct sk_buff *tail;
	unsigned long flags;

	spin_lock_irqsave(&q->lock, flags);
	tail = skb_peek_tail(q);
	if (!tail || !zerocopy_extend(tail, uarg)) {
		struct sock_extended_err ee = {
			.ee_origin = SO_EE_ORIGIN_ZEROCOPY,
			.ee_code = uarg->copied ? SO_EE_CODE_ZEROCOPY_COPIED : 0,
			.ee_info = uarg->id,
			.ee_data = uarg->id,
		};

		*SKB_EXT_ERR(skb) = (struct sock_exterr_skb){ .ee = ee };
		__skb_queue_tail(q, skb);
		skb = NULL;
	}
	spin_unlock_irqrestore(&q->lock, flags);
	sk->sk_error_report(sk);
	consume_skb(skb);
}

/**
 * net_zcopy_put - one block less of what a call referred to
 * @uarg: the call; the last one tells the program
 *
 * Context: any but hardirq.
 */
void net_zcopy_put(struct ubuf_info *uarg)
{
	struct sk_buff *skb = skb_from_uarg(uarg);
	struct sock *sk = skb->sk;

	if (!refcount_dec_and_test(&uarg->refs))
		return;
	(void)__atomic_sub_fetch(&sk->sk_zcopy_calls, 1, __ATOMIC_RELAXED);
	if (uarg->aborted || sock_flag(sk, SOCK_DEAD)) {
		consume_skb(skb);
	} else {
		struct ubuf_info copy = *uarg;	/* its place is needed */

		zerocopy_tell(sk, skb, &copy);
	}
	sock_put(sk);
}

/* ---- reading what others may change -------------------------------------------- */

static bool skb_has_user_frags(const struct sk_buff *skb)
{
	unsigned int i;

	for (i = 0; i < skb_shinfo(skb)->nr_frags; i++)
		if (skb_shinfo(skb)->frags[i].page->ubuf)
			return true;
	return false;
}

/* A block of its own instead of a program's. */
static int skb_copy_frag(skb_frag_t *frag, gfp_t gfp)
{
	struct skb_page *own = skb_page_alloc(skb_frag_size(frag), gfp), *page = frag->page;

	if (!own)
		return -ENOMEM;
	memcpy(own->data, skb_frag_address(frag), skb_frag_size(frag));
	page->ubuf->copied = true;
	skb_frag_fill_page_desc(frag, own, 0, skb_frag_size(frag));
	skb_page_put(page);
	return 0;
}

/**
 * skb_orphan_frags_rx - a packet is going to be received on this host
 * @skb: only the caller holds the struct; does not refer to a program's memory
 *	afterwards. Borrows.
 * @gfp: GFP_*
 *
 * Whoever reads it may be slow, and the writer has to be told some day.
 *
 * Context: any, as @gfp says.
 * Return: 0, or -ENOMEM: it refers to some still.
 */
int skb_orphan_frags_rx(struct sk_buff *skb, gfp_t gfp)
{
	unsigned int i;
	int err;

	if (likely(!skb_is_nonlinear(skb) || !skb_has_user_frags(skb)))
		return 0;
	/* The frags are an original's, too, that may have to send it again. */
	err = skb_unclone(skb, gfp);
	for (i = 0; !err && i < skb_shinfo(skb)->nr_frags; i++)
		if (skb_shinfo(skb)->frags[i].page->ubuf)
			err = skb_copy_frag(&skb_shinfo(skb)->frags[i], gfp);
	return err;
}
