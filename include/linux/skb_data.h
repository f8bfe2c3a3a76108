/* SPDX-License-Identifier: MIT */
/*
 * Inside a packet: room, length, headers, checksums. The drawing is in
 * linux/skbuff.h, which includes this; the long functions are in
 * net/core/skb_geometry.c, skb_data.c, skb_user.c and skb_checksum.c.
 *
 * Linux: include/linux/skbuff.h
 */
#include <linux/skbuff.h>
#include <net/checksum.h>

/* Last, so that it works whichever of the two comes first. */
#ifndef LINUX_SKB_DATA_H
#define LINUX_SKB_DATA_H

#define skb_shinfo(skb) ((struct skb_shared_info *)(void *)(skb)->end)

void __noreturn __cold skb_over_panic(const struct sk_buff *skb, unsigned int len,
				      const void *addr);
void __noreturn __cold skb_under_panic(const struct sk_buff *skb, unsigned int len,
				       const void *addr);

/* ---- room and length ----------------------------------------------------- */

static inline unsigned int skb_headlen(const struct sk_buff *skb)
{
	return skb->len - skb->data_len;
}

static inline bool skb_is_nonlinear(const struct sk_buff *skb)
{
	return skb->data_len != 0;
}

static inline unsigned int skb_headroom(const struct sk_buff *skb)
{
	return (unsigned int)(skb->data - skb->head);
}

/* 0 for a packet with frags: bytes put behind the head would lie before them. */
static inline unsigned int skb_tailroom(const struct sk_buff *skb)
{
	return skb_is_nonlinear(skb) ? 0 : (unsigned int)(skb->end - skb->tail);
}

static inline unsigned int skb_availroom(const struct sk_buff *skb)
{
	return skb_tailroom(skb);
}

static inline unsigned int skb_end_offset(const struct sk_buff *skb)
{
	return (unsigned int)(skb->end - skb->head);
}

static inline unsigned char *skb_end_pointer(const struct sk_buff *skb)
{
	return skb->end;
}

static inline unsigned char *skb_tail_pointer(const struct sk_buff *skb)
{
	return skb->tail;
}

static inline void skb_reset_tail_pointer(struct sk_buff *skb)
{
	skb->tail = skb->data;
}

static inline void skb_set_tail_pointer(struct sk_buff *skb, int offset)
{
	skb->tail = skb->data + offset;
}

/* Headroom for an empty packet. */
static inline void skb_reserve(struct sk_buff *skb, int len)
{
	skb->data += len;
	skb->tail += len;
}

static inline void *__skb_put(struct sk_buff *skb, unsigned int len)
{
	unsigned char *tmp = skb->tail;

	skb->tail += len;
	skb->len += len;
	return tmp;
}

/* @len more bytes at the end; returns where they begin. Linear packets. */
static inline void *skb_put(struct sk_buff *skb, unsigned int len)
{
	if (unlikely(skb->data_len || len > (unsigned int)(skb->end - skb->tail)))
		skb_over_panic(skb, len, __builtin_return_address(0));
	return __skb_put(skb, len);
}

static inline void *skb_put_zero(struct sk_buff *skb, unsigned int len)
{
	return memset(skb_put(skb, len), 0, len);
}

static inline void *skb_put_data(struct sk_buff *skb, const void *data, unsigned int len)
{
	return memcpy(skb_put(skb, len), data, len);
}

static inline void skb_put_u8(struct sk_buff *skb, u8 val)
{
	*(u8 *)skb_put(skb, 1) = val;
}

static inline void *__skb_push(struct sk_buff *skb, unsigned int len)
{
	skb->data -= len;
	skb->len += len;
	return skb->data;
}

/* @len more bytes in front; returns the new data. */
static inline void *skb_push(struct sk_buff *skb, unsigned int len)
{
	if (unlikely(len > skb_headroom(skb)))
		skb_under_panic(skb, len, __builtin_return_address(0));
	return __skb_push(skb, len);
}

/* The caller knows that @len bytes are linear. */
static inline void *__skb_pull(struct sk_buff *skb, unsigned int len)
{
	skb->len -= len;
	BUG_ON(skb->len < skb->data_len);
	return skb->data += len;
}

/* @len bytes less in front; NULL, and nothing done, when there are fewer.
 * They have to be linear: pskb_may_pull() first. */
static inline void *skb_pull(struct sk_buff *skb, unsigned int len)
{
	return unlikely(len > skb->len) ? NULL : __skb_pull(skb, len);
}

static inline void *skb_pull_data(struct sk_buff *skb, unsigned int len)
{
	void *data = skb->data;

	if (skb_headlen(skb) < len)
		return NULL;
	__skb_pull(skb, len);
	return data;
}

void *__pskb_pull_tail(struct sk_buff *skb, int delta);
unsigned int skb_trim_head(struct sk_buff *skb, unsigned int len);

/* Makes the first @len bytes linear; false when the packet is shorter, or
 * there was no memory (pskb_may_pull_reason() tells which). */
static inline bool pskb_may_pull(struct sk_buff *skb, unsigned int len)
{
	if (likely(len <= skb_headlen(skb)))
		return true;
	if (unlikely(len > skb->len))
		return false;
	return __pskb_pull_tail(skb, (int)(len - skb_headlen(skb))) != NULL;
}

static inline enum skb_drop_reason pskb_may_pull_reason(struct sk_buff *skb, unsigned int len)
{
	if (likely(len <= skb_headlen(skb)))
		return SKB_NOT_DROPPED_YET;
	if (unlikely(len > skb->len))
		return SKB_DROP_REASON_PKT_TOO_SMALL;
	return __pskb_pull_tail(skb, (int)(len - skb_headlen(skb))) ?
	       SKB_NOT_DROPPED_YET : SKB_DROP_REASON_NOMEM;
}

static inline void *pskb_pull(struct sk_buff *skb, unsigned int len)
{
	return pskb_may_pull(skb, len) ? __skb_pull(skb, len) : NULL;
}

/* Linear packets, @len <= skb->len. */
static inline void __skb_set_length(struct sk_buff *skb, unsigned int len)
{
	BUG_ON(skb_is_nonlinear(skb));
	skb->len = len;
	skb_set_tail_pointer(skb, (int)len);
}

static inline void __skb_trim(struct sk_buff *skb, unsigned int len)
{
	__skb_set_length(skb, len);
}

/* Cuts a linear packet to @len bytes, if it is longer. */
static inline void skb_trim(struct sk_buff *skb, unsigned int len)
{
	if (skb->len > len)
		__skb_set_length(skb, len);
}

int ___pskb_trim(struct sk_buff *skb, unsigned int len);

static inline int __pskb_trim(struct sk_buff *skb, unsigned int len)
{
	if (skb->data_len)
		return ___pskb_trim(skb, len);
	__skb_trim(skb, len);
	return 0;
}

/* Cuts any packet to @len bytes, if it is longer. 0 or -ENOMEM. */
static inline int __must_check pskb_trim(struct sk_buff *skb, unsigned int len)
{
	return len < skb->len ? __pskb_trim(skb, len) : 0;
}

int pskb_trim_rcsum_slow(struct sk_buff *skb, unsigned int len);

/* And corrects a CHECKSUM_COMPLETE sum. */
static inline int __must_check pskb_trim_rcsum(struct sk_buff *skb, unsigned int len)
{
	return likely(len >= skb->len) ? 0 : pskb_trim_rcsum_slow(skb, len);
}

/* Pulls, correcting a CHECKSUM_COMPLETE sum. */
void *skb_pull_rcsum(struct sk_buff *skb, unsigned int len);
void skb_postpull_rcsum(struct sk_buff *skb, const void *start, unsigned int len);
void skb_postpush_rcsum(struct sk_buff *skb, const void *start, unsigned int len);
void *skb_push_rcsum(struct sk_buff *skb, unsigned int len);

int __skb_linearize(struct sk_buff *skb);
/* All bytes to the linear part, counted. 0 or -ENOMEM. */
static inline int __must_check skb_linearize(struct sk_buff *skb)
{
	return skb_is_nonlinear(skb) ? __skb_linearize(skb) : 0;
}

/* Makes @write_len bytes in front writable in place. 0 or -ENOMEM. */
int skb_ensure_writable(struct sk_buff *skb, unsigned int write_len);

/* Appends @pad zero bytes, freeing the packet on failure (NOMEM). */
int __skb_pad(struct sk_buff *skb, int pad);
/* Zeros behind the packet up to @len, not counted in its length. 0 or -ENOMEM
 * (freed). */
static inline int __must_check skb_padto(struct sk_buff *skb, unsigned int len)
{
	return likely(skb->len >= len) ? 0 : __skb_pad(skb, (int)(len - skb->len));
}

/* As skb_padto(), and they count. */
static inline int __must_check skb_put_padto(struct sk_buff *skb, unsigned int len)
{
	if (unlikely(skb->len < len)) {
		unsigned int more = len - skb->len;

		if (__skb_pad(skb, (int)more))
			return -ENOMEM;
		__skb_put(skb, more);
	}
	return 0;
}

/* ---- header positions ---------------------------------------------------- */

static inline bool skb_transport_header_was_set(const struct sk_buff *skb)
{
	return skb->transport_header != SKB_HEADER_NOT_SET;
}

static inline unsigned char *skb_transport_header(const struct sk_buff *skb)
{
	return skb->head + skb->transport_header;
}

static inline void skb_reset_transport_header(struct sk_buff *skb)
{
	skb->transport_header = (u16)(skb->data - skb->head);
}

static inline void skb_set_transport_header(struct sk_buff *skb, int offset)
{
	skb->transport_header = (u16)(skb->data - skb->head + offset);
}

static inline int skb_transport_offset(const struct sk_buff *skb)
{
	return (int)(skb_transport_header(skb) - skb->data);
}

static inline unsigned char *skb_network_header(const struct sk_buff *skb)
{
	return skb->head + skb->network_header;
}

static inline void skb_reset_network_header(struct sk_buff *skb)
{
	skb->network_header = (u16)(skb->data - skb->head);
}

static inline void skb_set_network_header(struct sk_buff *skb, int offset)
{
	skb->network_header = (u16)(skb->data - skb->head + offset);
}

static inline int skb_network_offset(const struct sk_buff *skb)
{
	return (int)(skb_network_header(skb) - skb->data);
}

static inline u32 skb_network_header_len(const struct sk_buff *skb)
{
	return (u32)skb->transport_header - skb->network_header;
}

static inline bool pskb_network_may_pull(struct sk_buff *skb, unsigned int len)
{
	return pskb_may_pull(skb, (unsigned int)skb_network_offset(skb) + len);
}

static inline bool skb_mac_header_was_set(const struct sk_buff *skb)
{
	return skb->mac_header != SKB_HEADER_NOT_SET;
}

static inline unsigned char *skb_mac_header(const struct sk_buff *skb)
{
	return skb->head + skb->mac_header;
}

static inline int skb_mac_offset(const struct sk_buff *skb)
{
	return (int)(skb_mac_header(skb) - skb->data);
}

static inline u32 skb_mac_header_len(const struct sk_buff *skb)
{
	return (u32)skb->network_header - skb->mac_header;
}

static inline void skb_unset_mac_header(struct sk_buff *skb)
{
	skb->mac_header = SKB_HEADER_NOT_SET;
}

static inline void skb_reset_mac_header(struct sk_buff *skb)
{
	skb->mac_header = (u16)(skb->data - skb->head);
}

static inline void skb_set_mac_header(struct sk_buff *skb, int offset)
{
	skb->mac_header = (u16)(skb->data - skb->head + offset);
}

static inline void skb_pop_mac_header(struct sk_buff *skb)
{
	skb->mac_header = skb->network_header;
}

static inline void skb_reset_mac_len(struct sk_buff *skb)
{
	skb->mac_len = (u16)(skb->network_header - skb->mac_header);
}

/* ---- bytes wherever they are --------------------------------------------- */

/* 0, or -EFAULT when the packet has not @len bytes from @offset on. */
int __must_check skb_copy_bits(const struct sk_buff *skb, int offset, void *to, int len);
int __must_check skb_store_bits(struct sk_buff *skb, int offset, const void *from, int len);

/* @len bytes at @offset: in place if linear, else copied to @buffer; NULL when
 * there are not so many. */
static inline const void *skb_header_pointer(const struct sk_buff *skb, int offset,
					     int len, void *buffer)
{
	if (likely(offset >= 0 && len >= 0 &&
		   (int)skb_headlen(skb) - offset >= len))
		return skb->data + offset;
	return skb_copy_bits(skb, offset, buffer, len) < 0 ? NULL : buffer;
}

/* Splits at @len: the first @len bytes stay, the rest goes to the empty @skb1,
 * frags by reference. */
void skb_split(struct sk_buff *skb, struct sk_buff *skb1, const u32 len);
/* Moves up to @shiftlen bytes of frags from the front of @skb to the end of
 * @tgt; returns how many (0: cannot). */
int skb_shift(struct sk_buff *tgt, struct sk_buff *skb, int shiftlen);
/* Takes the bytes of @from over to the end of @to; then the caller frees @from
 * by kfree_skb_partial(from, *fragstolen) and adds *delta_truesize to his
 * accounts. False: nothing done. */
bool skb_try_coalesce(struct sk_buff *to, struct sk_buff *from, bool *fragstolen,
		      int *delta_truesize);

/* ---- checksums (net/core/skb_checksum.c) ---------------------------------- */

__wsum skb_checksum(const struct sk_buff *skb, int offset, int len, __wsum csum);
__wsum skb_copy_and_csum_bits(const struct sk_buff *skb, int offset, u8 *to, int len);
__sum16 __skb_checksum_complete_head(struct sk_buff *skb, int len);
__sum16 __skb_checksum_complete(struct sk_buff *skb);
/* Writes the sum that CHECKSUM_PARTIAL asked for. 0, -EINVAL or -ENOMEM. */
int __must_check skb_checksum_help(struct sk_buff *skb);
/* Marks a packet from outside as CHECKSUM_PARTIAL; false: offsets not in it. */
bool __must_check skb_partial_csum_set(struct sk_buff *skb, u16 start, u16 off);
void skb_copy_and_csum_dev(const struct sk_buff *skb, u8 *to);

static inline bool skb_csum_unnecessary(const struct sk_buff *skb)
{
	return skb->ip_summed == CHECKSUM_UNNECESSARY || skb->csum_valid ||
	       (skb->ip_summed == CHECKSUM_PARTIAL &&
		skb->csum_start - (int)skb_headroom(skb) >= 0);
}

/* 0: good. skb->csum holds the pseudo header's sum. */
static inline __sum16 skb_checksum_complete(struct sk_buff *skb)
{
	return skb_csum_unnecessary(skb) ? (__force __sum16)0 : __skb_checksum_complete(skb);
}

/* Bytes that are summed at once when a packet comes in; a longer one is
 * checked when it is copied out. */
#define CHECKSUM_BREAK 76

/* @psum: the pseudo header's sum. 0: good, or left for later (@complete false). */
static inline __sum16 __skb_checksum_validate_complete(struct sk_buff *skb, bool complete,
						       __wsum psum)
{
	__sum16 csum;

	if (skb->ip_summed == CHECKSUM_COMPLETE && !csum_fold(csum_add(psum, skb->csum))) {
		skb->csum_valid = 1;
		return (__force __sum16)0;
	}
	skb->csum = psum;
	if (!complete && skb->len > CHECKSUM_BREAK)
		return (__force __sum16)0;
	csum = __skb_checksum_complete(skb);
	skb->csum_valid = !csum;
	return csum;
}

static inline bool __skb_checksum_validate_needed(struct sk_buff *skb, bool zero_okay,
						  __sum16 check)
{
	if (skb_csum_unnecessary(skb) || (zero_okay && !check)) {
		skb->csum_valid = 1;
		return false;
	}
	return true;
}

#define __skb_checksum_validate(skb, proto, complete, zero_okay, check, compute_pseudo) ({ \
	__sum16 __csum_ret = (__force __sum16)0;			\
	if (__skb_checksum_validate_needed(skb, zero_okay, check))	\
		__csum_ret = __skb_checksum_validate_complete(skb, complete, \
					(__force __wsum)compute_pseudo(skb, proto)); \
	__csum_ret; })
/* At once for short packets, prepared for skb_checksum_complete() for others. */
#define skb_checksum_init(skb, proto, compute_pseudo)			\
	__skb_checksum_validate(skb, proto, false, false, (__force __sum16)0, compute_pseudo)
#define skb_checksum_init_zero_check(skb, proto, check, compute_pseudo)	\
	__skb_checksum_validate(skb, proto, false, true, check, compute_pseudo)
#define skb_checksum_validate(skb, proto, compute_pseudo)		\
	__skb_checksum_validate(skb, proto, true, false, (__force __sum16)0, compute_pseudo)
#define skb_checksum_validate_zero_check(skb, proto, check, compute_pseudo) \
	__skb_checksum_validate(skb, proto, true, true, check, compute_pseudo)

static inline __wsum null_compute_pseudo(const struct sk_buff *skb, int proto)
{
	return (__force __wsum)0;
}

#define skb_checksum_simple_validate(skb)				\
	__skb_checksum_validate(skb, 0, true, false, (__force __sum16)0, null_compute_pseudo)

static inline int skb_checksum_start_offset(const struct sk_buff *skb)
{
	return skb->csum_start - (int)skb_headroom(skb);
}

static inline unsigned char *skb_checksum_start(const struct sk_buff *skb)
{
	return skb->head + skb->csum_start;
}

/* The device checked a header that we now take off: what is below it was not. */
static inline void skb_checksum_none_assert(const struct sk_buff *skb)
{
	BUG_ON(skb->ip_summed != CHECKSUM_NONE);
}

/* ---- to and from programs (net/core/skb_user.c) --------------------------- */

/* Copies @len bytes from @offset on; 0 or -EFAULT. */
int __must_check skb_copy_datagram_iter(const struct sk_buff *skb, int offset,
					struct iov_iter *to, int len);
int __must_check skb_copy_datagram_msg(const struct sk_buff *skb, int offset,
				       struct msghdr *msg, int size);
/* Everything from @hlen on, checking the sum on the way: 0, -EFAULT or -EINVAL
 * (wrong sum; the iterator is where it was). */
int __must_check skb_copy_and_csum_datagram_msg(struct sk_buff *skb, int hlen,
						struct msghdr *msg);
/* Fills @len bytes from @offset on. 0 or -EFAULT. */
int __must_check skb_copy_datagram_from_iter(struct sk_buff *skb, int offset,
					     struct iov_iter *from, int len);
/* Appends @copy bytes to the linear part; on -EFAULT nothing is left behind. */
int __must_check skb_add_data_nocache(struct sock *sk, struct sk_buff *skb,
				      struct iov_iter *from, int copy);
/* Copies @copy bytes to @off of @page and counts them as @skb's: len,
 * data_len, truesize and the owner's send buffer. The caller attaches the frag. */
int __must_check skb_copy_to_page_nocache(struct sock *sk, struct iov_iter *from,
					  struct sk_buff *skb, struct skb_page *page,
					  int off, int copy);

#endif
