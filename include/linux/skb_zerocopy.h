/* SPDX-License-Identifier: MIT */
/*
 * Writes by reference (MSG_ZEROCOPY): packets refer to the program's memory, and
 * the program is told when they do not any more. net/core/skb_zerocopy.c.
 *
 * Linux: struct ubuf_info_msgzc and its functions in include/linux/skbuff.h
 */
#ifndef LINUX_SKB_ZEROCOPY_H
#define LINUX_SKB_ZEROCOPY_H

#include <linux/refcount.h>
#include <linux/skbuff.h>
#include <linux/uio.h>

struct sock;

/* One call of sendmsg() that the program has not been told of: in the cb of the
 * packet that will tell, whose owner is the socket (sk_omem_alloc). */
struct ubuf_info {
	refcount_t refs;	/* blocks of the program's memory, and the call itself */
	u32 id;			/* number of the call among those of its socket */
	bool copied;		/* some of it had to be copied after all */
	bool aborted;		/* the call failed: nobody is told */
};
static_assert(sizeof(struct ubuf_info) <= sizeof_field(struct sk_buff, cb), "cb[48]");

/* That call, while it is under way. All zero: an ordinary write. A page without a call
 * is a piece of a file (sendfile()), which the caller holds. */
struct skb_zerocopy {
	struct ubuf_info *uarg;	/* NULL: an ordinary write, one that copies, a file's */
	struct skb_page *page;	/* the segment of the program's vector that we are in */
	unsigned int off;	/* how far */
};

/* Is the rest of the write to be referred to? */
static inline bool skb_zerocopy_refers(const struct skb_zerocopy *zc)
{
	return zc->uarg ? !zc->uarg->copied : zc->page != NULL;
}

/* Does any of @skb's pages belong to a program, which is told when it is free? */
static inline bool skb_zcopy(const struct sk_buff *skb)
{
	const struct skb_shared_info *shinfo = skb_shinfo(skb);
	int i;

	for (i = 0; i < shinfo->nr_frags; i++)
		if (shinfo->frags[i].page->ubuf)
			return true;
	return false;
}

/* Begins a call. 0; -ENOBUFS: optmem_max, or no memory. Process, socket of any lock. */
int __must_check skb_zerocopy_begin(struct skb_zerocopy *zc, struct sock *sk);
/* At most @len bytes become part of @skb, and @from moves on. How many; -EMSGSIZE: no
 * frag is free; -ENOBUFS, -EFAULT. */
int __must_check skb_zerocopy_append(struct skb_zerocopy *zc, struct sk_buff *skb,
				     struct iov_iter *from, unsigned int len);
/* The call returns; @sent: something of it was queued. */
void skb_zerocopy_end(struct skb_zerocopy *zc, bool sent);
/* A block of the program's memory is not referred to any more. Any context. */
void net_zcopy_put(struct ubuf_info *uarg);
/* Copies what a packet refers to of a program's memory: it will be read by others,
 * at their leisure. 0, -ENOMEM. Any context. */
int __must_check skb_orphan_frags_rx(struct sk_buff *skb, gfp_t gfp);

#endif
