// SPDX-License-Identifier: MIT
/*
 * The life of a packet: allocation, clones and copies, private data blocks, and
 * the two ends (SKB-1 … SKB-7, SKB-11, SKB-24).
 *
 * A packet is a struct sk_buff and a data block. The struct comes from
 * skbuff_cache, or paired with room for its clone from skbuff_fclone_cache. The
 * block comes from one of two caches (small: headers and control segments; mtu:
 * a full Ethernet frame with its headroom) or, when larger, from kmalloc(); its
 * size tells which (skb_free_head()).
 *
 * Conservation: every struct counts in net->acct.created when it comes to be,
 * and in exactly one of consumed and dropped when its last reference goes.
 *
 * Linux: net/core/skbuff.c, of which skb_geometry.c, skb_data.c, skb_checksum.c,
 * skb_user.c, skb_page.c and skb_queue.c beside this file are parts too.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/trace.h>
#include <net/dst.h>
#include <net/net_namespace.h>

#define SHINFO_SIZE		SKB_DATA_ALIGN(sizeof(struct skb_shared_info))
#define SKB_SMALL_HEAD_SIZE	576U
#define SKB_MTU_HEAD_SIZE	2048U
#define SKB_SMALL_HEADROOM	(SKB_SMALL_HEAD_SIZE - SHINFO_SIZE)
#define SKB_MTU_HEADROOM	(SKB_MTU_HEAD_SIZE - SHINFO_SIZE)
/* Linear bytes of a packet that is received into a page, at least: with the room
 * in front of them a small head. Linux: GOOD_COPY_LEN. */
#define SKB_RX_LINEAR		128U
static_assert(NET_SKB_PAD + NET_IP_ALIGN + SKB_RX_LINEAR <= SKB_SMALL_HEADROOM, "a small head");
/* More than any packet: 64 KiB and its headers many times over. */
#define SKB_MAX_ALLOC		(16U << 20)

static struct kmem_cache *skbuff_cache __ro_after_init;
static struct kmem_cache *skbuff_fclone_cache __ro_after_init;
static struct kmem_cache *skb_small_head_cache __ro_after_init;
static struct kmem_cache *skb_mtu_head_cache __ro_after_init;

/* A data block with at least *size bytes of room; *size becomes how many. */
static void *skb_alloc_head(unsigned int *size, gfp_t gfp)
{
	if (*size <= SKB_SMALL_HEADROOM) {
		*size = SKB_SMALL_HEADROOM;
		return kmem_cache_alloc(skb_small_head_cache, gfp);
	}
	if (*size <= SKB_MTU_HEADROOM) {
		*size = SKB_MTU_HEADROOM;
		return kmem_cache_alloc(skb_mtu_head_cache, gfp);
	}
	if (unlikely(*size > SKB_MAX_ALLOC))
		return NULL;
	*size = (unsigned int)SKB_DATA_ALIGN(*size);
	return kmalloc(*size + SHINFO_SIZE, gfp);
}

static void skb_free_head(struct sk_buff *skb)
{
	unsigned int room = skb_end_offset(skb);

	if (likely(room == SKB_SMALL_HEADROOM))
		kmem_cache_free(skb_small_head_cache, skb->head);
	else if (likely(room == SKB_MTU_HEADROOM))
		kmem_cache_free(skb_mtu_head_cache, skb->head);
	else
		kfree(skb->head);
}

static void skb_shinfo_init(struct sk_buff *skb)
{
	struct skb_shared_info *shinfo = skb_shinfo(skb);

	memset(shinfo, 0, offsetof(struct skb_shared_info, dataref));
	refcount_set(&shinfo->dataref, 1);
}

/**
 * __alloc_skb - a new packet
 * @net: whose accounts it is in
 * @size: bytes of room for headers and data
 * @gfp: GFP_KERNEL or GFP_ATOMIC
 * @fclone: with room for a clone beside it
 *
 * Context: any, as @gfp says.
 * Return: an empty packet with one reference and a new id, or NULL.
 */
struct sk_buff *__alloc_skb(struct net *net, unsigned int size, gfp_t gfp, bool fclone)
{
	struct kmem_cache *cache = fclone ? skbuff_fclone_cache : skbuff_cache;
	struct sk_buff *skb;
	u8 *data;

	skb = kmem_cache_alloc(cache, gfp);
	if (unlikely(!skb))
		return NULL;
	data = skb_alloc_head(&size, gfp);
	if (unlikely(!data)) {
		kmem_cache_free(cache, skb);
		return NULL;
	}

	memset(skb, 0, offsetof(struct sk_buff, transport_header));
	skb->transport_header = SKB_HEADER_NOT_SET;
	skb->network_header = SKB_HEADER_NOT_SET;
	skb->mac_header = SKB_HEADER_NOT_SET;
	skb->l4_hash = 0;
	skb->net = net;
	skb->id = ++net->next_packet_id;
	skb->head = data;
	skb->data = data;
	skb->tail = data;
	skb->end = data + size;
	skb->truesize = (unsigned int)SKB_TRUESIZE(size);
	refcount_set(&skb->users, 1);
	skb_shinfo_init(skb);
	if (fclone) {
		struct sk_buff_fclones *fclones =
			container_of(skb, struct sk_buff_fclones, skb1);

		skb->fclone = SKB_FCLONE_ORIG;
		fclones->skb2.sk = NULL;
		refcount_set(&fclones->fclone_ref, 1);
	}
	net->acct.created++;
	return skb;
}

/**
 * alloc_skb_with_frags - a packet whose data lies in pages
 * @net: whose accounts it is in
 * @header_len: bytes of room in the linear part
 * @data_len: bytes in frags; they count in len and data_len at once
 * @errcode: -ENOBUFS or -EMSGSIZE when NULL is returned
 * @gfp: GFP_KERNEL or GFP_ATOMIC
 *
 * Context: any, as @gfp says.
 * Return: the packet, or NULL.
 */
struct sk_buff *alloc_skb_with_frags(struct net *net, unsigned int header_len,
				     unsigned int data_len, int *errcode, gfp_t gfp)
{
	const unsigned int chunk_max = SKB_FRAG_PAGE_ORDER_BYTES;
	struct sk_buff *skb;
	int i = 0;

	*errcode = -EMSGSIZE;
	if (data_len > MAX_SKB_FRAGS * chunk_max)
		return NULL;
	*errcode = -ENOBUFS;
	skb = alloc_skb(net, header_len, gfp);
	if (!skb)
		return NULL;
	while (data_len) {
		unsigned int chunk = min(data_len, chunk_max);
		struct skb_page *page = skb_page_alloc(chunk, gfp);

		if (!page) {
			kfree_skb_reason(skb, SKB_DROP_REASON_NOMEM);
			return NULL;
		}
		skb_add_rx_frag(skb, i++, page, 0, chunk, page->size);
		data_len -= chunk;
	}
	return skb;
}

/**
 * __netdev_alloc_skb - a packet to receive a frame into
 * @dev: the device it will arrive on
 * @length: bytes of the frame
 * @gfp: GFP_KERNEL or GFP_ATOMIC
 *
 * Context: any, as @gfp says.
 * Return: a packet with NET_SKB_PAD bytes of headroom and its dev set, or NULL.
 */
struct sk_buff *__netdev_alloc_skb(struct net_device *dev, unsigned int length, gfp_t gfp)
{
	struct sk_buff *skb;

	if (unlikely(length > SKB_MAX_ALLOC))
		return NULL;
	skb = alloc_skb(dev_net(dev), length + NET_SKB_PAD, gfp);
	if (likely(skb)) {
		skb_reserve(skb, NET_SKB_PAD);
		skb->dev = dev;
	}
	return skb;
}

/**
 * netdev_alloc_skb_ip_align - the same, so that the IP header will be aligned
 * @dev: the device it will arrive on
 * @length: bytes of the frame
 *
 * Context: any.
 * Return: a packet with NET_SKB_PAD + NET_IP_ALIGN bytes of headroom, or NULL.
 */
struct sk_buff *netdev_alloc_skb_ip_align(struct net_device *dev, unsigned int length)
{
	struct sk_buff *skb;

	if (unlikely(length > SKB_MAX_ALLOC))
		return NULL;
	skb = __netdev_alloc_skb(dev, length + NET_IP_ALIGN, GFP_ATOMIC);
	if (likely(skb))
		skb_reserve(skb, NET_IP_ALIGN);
	return skb;
}

/**
 * napi_alloc_skb - netdev_alloc_skb_ip_align() in a poll function
 * @napi: the instance that polls
 * @length: bytes of the frame
 *
 * Context: softirq.
 * Return: the packet, or NULL.
 */
struct sk_buff *napi_alloc_skb(struct napi_struct *napi, unsigned int length)
{
	return netdev_alloc_skb_ip_align(napi->dev, length);
}

/**
 * skb_from_page - a received packet out of a page that the device filled
 * @net: whose accounts it is in
 * @page: the block; the caller's reference goes to the packet or is given back
 * @offset: where the packet begins in it
 * @len: its length; the caller has checked that it lies in @page
 * @copy: so many of them are headers (eth_get_headlen()); at most @len and SKB_RX_COPY
 * @truesize: bytes of @page that it blocks
 *
 * The headers are copied to the linear part, since every layer wants to look
 * at them there; a packet that is copied whole frees the page at once. With the
 * headers of TCP the linear part is a small head: the page is what is accounted.
 *
 * Context: any.
 * Return: the packet, or NULL (then @page is still the caller's).
 */
struct sk_buff *skb_from_page(struct net *net, struct skb_page *page, unsigned int offset,
			      unsigned int len, unsigned int copy, unsigned int truesize)
{
	const unsigned int room = NET_SKB_PAD + NET_IP_ALIGN;
	struct sk_buff *skb = alloc_skb(net, room + max(copy, SKB_RX_LINEAR), GFP_ATOMIC);

	if (unlikely(!skb))
		return NULL;
	skb_reserve(skb, (int)room);
	skb_put_data(skb, page->data + offset, copy);
	if (len > copy)
		skb_add_rx_frag(skb, 0, page, offset + copy, len - copy, truesize);
	else
		skb_page_put(page);
	return skb;
}

/* ---- the ends ------------------------------------------------------------ */

static void kfree_skbmem(struct sk_buff *skb)
{
	struct sk_buff_fclones *fclones;

	switch (skb->fclone) {
	case SKB_FCLONE_UNAVAILABLE:
		kmem_cache_free(skbuff_cache, skb);
		return;
	case SKB_FCLONE_ORIG:
		fclones = container_of(skb, struct sk_buff_fclones, skb1);
		break;
	default:
		fclones = container_of(skb, struct sk_buff_fclones, skb2);
		skb->sk = NULL;
		break;
	}
	if (refcount_dec_and_test(&fclones->fclone_ref))
		kmem_cache_free(skbuff_fclone_cache, fclones);
}

/* One reference to the data block less; the last one frees it. */
static void skb_release_data(struct sk_buff *skb, enum skb_drop_reason reason)
{
	struct skb_shared_info *shinfo = skb_shinfo(skb);
	int i;

	if (skb->cloned &&
	    !refcount_sub_and_test(skb->nohdr ? (1 << SKB_DATAREF_SHIFT) + 1 : 1,
				   &shinfo->dataref))
		return;
	for (i = 0; i < shinfo->nr_frags; i++)
		__skb_frag_unref(&shinfo->frags[i]);
	if (unlikely(shinfo->frag_list))
		kfree_skb_list_reason(shinfo->frag_list, reason);
	skb_free_head(skb);
}

static void skb_release_head_state(struct sk_buff *skb)
{
	skb_dst_drop(skb);
	if (skb->destructor) {
		WARN_ON(in_hardirq());
		skb->destructor(skb);
	}
}

/**
 * __kfree_skb - the end of a packet that nobody refers to any more
 * @skb: consumed; its reference count does not matter
 * @reason: why it was lost; SKB_NOT_DROPPED_YET: it was not
 *
 * Context: any but hardirq.
 */
void __kfree_skb(struct sk_buff *skb, enum skb_drop_reason reason)
{
	struct net *net = skb->net;

	if (likely(reason == SKB_NOT_DROPPED_YET)) {
		net->acct.consumed++;
	} else {
		net->acct.dropped++;
		net->drops[reason]++;
	}
	skb_release_head_state(skb);
	skb_release_data(skb, reason);
	kfree_skbmem(skb);
}

/**
 * consume_skb - the good end: the packet has arrived where it was going
 * @skb: one reference is consumed; NULL does nothing
 *
 * Context: any but hardirq (dev_consume_skb_any() there).
 */
void consume_skb(struct sk_buff *skb)
{
	if (unlikely(!skb))
		return;
	trace_skb(skb);
	if (skb_unref(skb))
		__kfree_skb(skb, SKB_NOT_DROPPED_YET);
}

/**
 * kfree_skb_reason - the bad end: the packet is lost
 * @skb: one reference is consumed; NULL does nothing
 * @reason: why; counted in net->drops[]
 *
 * Context: any but hardirq (dev_kfree_skb_any() there).
 */
void kfree_skb_reason(struct sk_buff *skb, enum skb_drop_reason reason)
{
	if (unlikely(!skb))
		return;
	trace_skb(skb);
	BUG_ON(reason <= SKB_NOT_DROPPED_YET || reason >= SKB_DROP_REASON_MAX);
	if (skb_unref(skb))
		__kfree_skb(skb, reason);
}

/**
 * kfree_skb_list_reason - the end of a chain of packets
 * @segs: linked by ->next; one reference to each is consumed
 * @reason: why they are lost; SKB_NOT_DROPPED_YET: the good end
 *
 * A chain that is a frag_list may be shared: who else holds its packets needs
 * their links, so they stay.
 *
 * Context: any but hardirq.
 */
void kfree_skb_list_reason(struct sk_buff *segs, enum skb_drop_reason reason)
{
	struct sk_buff *next;

	for (; segs; segs = next) {
		next = segs->next;
		if (reason == SKB_NOT_DROPPED_YET)
			consume_skb(segs);
		else
			kfree_skb_reason(segs, reason);
	}
}

/**
 * napi_consume_skb - the good end in a driver's poll function
 * @skb: consumed
 * @budget: the poll's; 0: called from elsewhere, perhaps a hardirq
 *
 * Context: any.
 */
void napi_consume_skb(struct sk_buff *skb, int budget)
{
	if (likely(budget))
		consume_skb(skb);
	else
		dev_consume_skb_any(skb);
}

/* ---- clones and copies --------------------------------------------------- */

/* What a copy inherits: everything but memory, length, owner and links. */
static void __copy_skb_header(struct sk_buff *to, const struct sk_buff *from)
{
	to->dev = from->dev;
	memcpy(to->cb, from->cb, sizeof(to->cb));
	__skb_dst_copy(to, from->_skb_refdst);
	to->tstamp = from->tstamp;
	to->mac_len = from->mac_len;
	to->queue_mapping = from->queue_mapping;
	to->pkt_type = from->pkt_type;
	to->ip_summed = from->ip_summed;
	to->csum_valid = from->csum_valid;
	to->ooo_okay = from->ooo_okay;
	to->dst_pending_confirm = from->dst_pending_confirm;
	to->nf_trace = from->nf_trace;
	to->decrypted = from->decrypted;
	to->protocol = from->protocol;
	to->csum = from->csum;
	to->priority = from->priority;
	to->mark = from->mark;
	skb_copy_hash(to, from);
	to->skb_iif = from->skb_iif;
	to->vlan_proto = from->vlan_proto;
	to->vlan_tci = from->vlan_tci;
	to->transport_header = from->transport_header;
	to->network_header = from->network_header;
	to->mac_header = from->mac_header;
	to->id = from->id;
}

/**
 * skb_copy_header - make a copy look like its original to all layers
 * @to: the copy; its header positions are those of @from, relative to head
 * @from: borrowed
 *
 * Context: any.
 */
void skb_copy_header(struct sk_buff *to, const struct sk_buff *from)
{
	__copy_skb_header(to, from);
	skb_shinfo(to)->gso_size = skb_shinfo(from)->gso_size;
	skb_shinfo(to)->gso_segs = skb_shinfo(from)->gso_segs;
	skb_shinfo(to)->gso_type = skb_shinfo(from)->gso_type;
}

/**
 * skb_headers_offset_update - the data moved within the block
 * @skb: borrowed
 * @off: bytes by which everything lies further from head than before
 *
 * Context: any.
 */
void skb_headers_offset_update(struct sk_buff *skb, int off)
{
	if (skb->ip_summed == CHECKSUM_PARTIAL)
		skb->csum_start = (u16)(skb->csum_start + off);
	if (skb_transport_header_was_set(skb))
		skb->transport_header = (u16)(skb->transport_header + off);
	if (skb->network_header != SKB_HEADER_NOT_SET)
		skb->network_header = (u16)(skb->network_header + off);
	if (skb_mac_header_was_set(skb))
		skb->mac_header = (u16)(skb->mac_header + off);
}

static struct sk_buff *__skb_clone(struct sk_buff *n, struct sk_buff *skb, u8 fclone)
{
	const size_t from = offsetof(struct sk_buff, dev);

	memcpy((u8 *)n + from, (u8 *)skb + from, offsetof(struct sk_buff, users) - from);
	n->next = n->prev = NULL;
	n->sk = NULL;
	n->destructor = NULL;
	n->fclone = fclone;
	n->nohdr = 0;
	n->peeked = 0;
	n->cloned = 1;
	skb->cloned = 1;
	refcount_set(&n->users, 1);
	refcount_inc(&skb_shinfo(skb)->dataref);
	__skb_dst_copy(n, skb->_skb_refdst);
	skb->net->acct.created++;
	return n;
}

/**
 * skb_clone - another struct for the same data
 * @skb: borrowed; its data is shared from here on
 * @gfp: GFP_KERNEL or GFP_ATOMIC
 *
 * The clone has the same id, no owner, and its own everything that is not in
 * the data block.
 *
 * Context: any, as @gfp says.
 * Return: the clone with one reference, or NULL.
 */
struct sk_buff *skb_clone(struct sk_buff *skb, gfp_t gfp)
{
	struct sk_buff_fclones *fclones =
		container_of(skb, struct sk_buff_fclones, skb1);
	struct sk_buff *n;

	trace_skb(skb);
	if (skb->fclone == SKB_FCLONE_ORIG && refcount_read(&fclones->fclone_ref) == 1) {
		refcount_set(&fclones->fclone_ref, 2);
		return __skb_clone(&fclones->skb2, skb, SKB_FCLONE_CLONE);
	}
	n = kmem_cache_alloc(skbuff_cache, gfp);
	return likely(n) ? __skb_clone(n, skb, SKB_FCLONE_UNAVAILABLE) : NULL;
}

/**
 * skb_copy - a private, linear copy
 * @skb: borrowed
 * @gfp: GFP_KERNEL or GFP_ATOMIC
 *
 * Context: any, as @gfp says.
 * Return: the copy with the same id and one reference, or NULL.
 */
struct sk_buff *skb_copy(const struct sk_buff *skb, gfp_t gfp)
{
	return skb_copy_expand(skb, (int)skb_headroom(skb),
			       (int)(skb->end - skb->tail), gfp);
}

/**
 * skb_copy_expand - a private, linear copy with other room around it
 * @skb: borrowed
 * @newheadroom: bytes in front; what was in front is copied as far as it fits
 * @newtailroom: bytes behind
 * @gfp: GFP_KERNEL or GFP_ATOMIC
 *
 * Context: any, as @gfp says.
 * Return: the copy with the same id and one reference, or NULL.
 */
struct sk_buff *skb_copy_expand(const struct sk_buff *skb, int newheadroom, int newtailroom,
				gfp_t gfp)
{
	int oldheadroom = (int)skb_headroom(skb);
	int front = min(oldheadroom, newheadroom);
	struct sk_buff *n;

	n = alloc_skb(skb->net, (unsigned int)newheadroom + skb->len +
		      (unsigned int)newtailroom, gfp);
	if (unlikely(!n))
		return NULL;
	skb_reserve(n, newheadroom);
	skb_put(n, skb->len);
	BUG_ON(skb_copy_bits(skb, -front, n->data - front, front + (int)skb->len));
	skb_copy_header(n, skb);
	skb_headers_offset_update(n, newheadroom - oldheadroom);
	return n;
}

/* @n refers to the frags of @skb too. */
static void skb_copy_frags(struct sk_buff *n, struct sk_buff *skb)
{
	struct skb_shared_info *to = skb_shinfo(n), *from = skb_shinfo(skb);
	struct sk_buff *list;
	int i;

	for (i = 0; i < from->nr_frags; i++) {
		to->frags[i] = from->frags[i];
		skb_frag_ref(skb, i);
	}
	to->nr_frags = (u8)i;
	to->frag_list = from->frag_list;
	skb_walk_frags(n, list)
		skb_get(list);
}

/**
 * __pskb_copy_fclone - a copy with a private linear part, frags by reference
 * @skb: borrowed
 * @headroom: bytes in front of the copy
 * @gfp: GFP_KERNEL or GFP_ATOMIC
 * @fclone: with room for a clone beside it
 *
 * Context: any, as @gfp says.
 * Return: the copy with the same id and one reference, or NULL.
 */
struct sk_buff *__pskb_copy_fclone(struct sk_buff *skb, int headroom, gfp_t gfp, bool fclone)
{
	unsigned int headlen = skb_headlen(skb);
	struct sk_buff *n;

	n = __alloc_skb(skb->net, headlen + (unsigned int)headroom, gfp, fclone);
	if (unlikely(!n))
		return NULL;
	skb_reserve(n, headroom);
	skb_put_data(n, skb->data, headlen);
	n->truesize += skb->data_len;
	n->data_len = skb->data_len;
	n->len = skb->len;
	skb_copy_frags(n, skb);
	skb_copy_header(n, skb);
	skb_headers_offset_update(n, headroom - (int)skb_headroom(skb));
	return n;
}

/* The frags and frag_list of @skb, copied by value into a new block, get a
 * reference each; the old block keeps its own. */
static void skb_ref_frags(struct sk_buff *skb)
{
	struct sk_buff *list;
	int i;

	for (i = 0; i < skb_shinfo(skb)->nr_frags; i++)
		skb_frag_ref(skb, i);
	skb_walk_frags(skb, list)
		skb_get(list);
}

/**
 * pskb_expand_head - a private data block with more room
 * @skb: borrowed; only the caller holds the struct
 * @nhead: bytes of headroom more
 * @ntail: bytes of tailroom more
 * @gfp: GFP_KERNEL or GFP_ATOMIC
 *
 * Afterwards nobody shares the linear part. Pointers into it are void. The
 * truesize of a packet that is on a socket's account does not change.
 *
 * Context: any, as @gfp says.
 * Return: 0, or -ENOMEM and nothing changed.
 */
int pskb_expand_head(struct sk_buff *skb, int nhead, int ntail, gfp_t gfp)
{
	unsigned int osize = skb_end_offset(skb);
	unsigned int size = osize + (unsigned int)nhead + (unsigned int)ntail;
	u8 *data;
	long off;

	BUG_ON(nhead < 0 || ntail < 0 || skb_shared(skb));
	data = skb_alloc_head(&size, gfp);
	if (unlikely(!data))
		return -ENOMEM;
	memcpy(data + nhead, skb->head, (size_t)(skb->tail - skb->head));
	memcpy(data + size, skb_shinfo(skb),
	       offsetof(struct skb_shared_info, frags[skb_shinfo(skb)->nr_frags]));
	if (skb_cloned(skb)) {
		skb_ref_frags(skb);
		skb_release_data(skb, SKB_NOT_DROPPED_YET);
	} else {
		skb_free_head(skb);
	}
	off = (data + nhead) - skb->head;
	skb->head = data;
	skb->data += off;
	skb->tail += off;
	skb->end = data + size;
	skb_headers_offset_update(skb, nhead);
	skb->cloned = 0;
	skb->nohdr = 0;
	refcount_set(&skb_shinfo(skb)->dataref, 1);
	if (!skb->sk)
		skb->truesize += size - osize;
	return 0;
}

/**
 * skb_realloc_headroom - a copy with a private linear part and more headroom
 * @skb: borrowed
 * @headroom: bytes in front of the copy
 *
 * Context: any.
 * Return: the copy with one reference, or NULL.
 */
struct sk_buff *skb_realloc_headroom(struct sk_buff *skb, unsigned int headroom)
{
	int delta = (int)headroom - (int)skb_headroom(skb);
	struct sk_buff *n;

	if (delta <= 0)
		return pskb_copy(skb, GFP_ATOMIC);
	n = skb_clone(skb, GFP_ATOMIC);
	if (n && pskb_expand_head(n, (int)SKB_DATA_ALIGN((unsigned int)delta), 0, GFP_ATOMIC)) {
		kfree_skb_reason(n, SKB_DROP_REASON_NOMEM);
		n = NULL;
	}
	return n;
}

/**
 * skb_expand_head - make headroom, replacing the packet if others hold it
 * @skb: consumed
 * @headroom: bytes in front that are needed
 *
 * Context: any.
 * Return: the packet or a replacement, or NULL (dropped: NOMEM).
 */
struct sk_buff *skb_expand_head(struct sk_buff *skb, unsigned int headroom)
{
	int delta = (int)headroom - (int)skb_headroom(skb);

	if (delta <= 0)
		return skb;
	skb = skb_share_check(skb, GFP_ATOMIC);
	if (unlikely(!skb))
		return NULL;
	if (pskb_expand_head(skb, (int)SKB_DATA_ALIGN((unsigned int)delta), 0, GFP_ATOMIC)) {
		kfree_skb_reason(skb, SKB_DROP_REASON_NOMEM);
		return NULL;
	}
	return skb;
}

/**
 * skb_set_net - the packet crosses into another namespace
 * @skb: borrowed
 * @net: its new home; the same id goes on there
 *
 * Context: any.
 */
void skb_set_net(struct sk_buff *skb, struct net *net)
{
	skb->net->acct.consumed++;
	net->acct.created++;
	skb->net = net;
}

/**
 * skb_dump - print a packet to the log
 * @skb: borrowed
 * @full_pkt: the bytes of the linear part too (at most 512)
 *
 * Context: any.
 */
void skb_dump(const struct sk_buff *skb, bool full_pkt)
{
	const struct skb_shared_info *sh = skb_shinfo(skb);
	int i;

	pr_err("skb %p id %llu: len=%u headlen=%u data_len=%u truesize=%u users=%u dataref=%u\n",
	       (const void *)skb, (unsigned long long)skb->id, skb->len, skb_headlen(skb),
	       skb->data_len, skb->truesize, refcount_read(&skb->users),
	       refcount_read(&sh->dataref));
	pr_err("  head=%p data=+%ld tail=+%ld end=+%ld\n", (const void *)skb->head,
	       (long)(skb->data - skb->head), (long)(skb->tail - skb->head),
	       (long)(skb->end - skb->head));
	pr_err("  mac=%u net=%u trans=%u mac_len=%u protocol=%04x pkt_type=%u iif=%d dev=%s\n",
	       skb->mac_header, skb->network_header, skb->transport_header, skb->mac_len,
	       ntohs(skb->protocol), skb->pkt_type, skb->skb_iif,
	       skb->dev ? skb->dev->name : "none");
	pr_err("  ip_summed=%u csum=%08x cloned=%u nohdr=%u frags=%u gso_size=%u sk=%p\n",
	       skb->ip_summed, (__force u32)skb->csum, skb->cloned, skb->nohdr, sh->nr_frags,
	       sh->gso_size, (const void *)skb->sk);
	for (i = 0; i < sh->nr_frags && i < MAX_SKB_FRAGS; i++)
		pr_err("  frag %d: page=%p offset=%u size=%u\n", i,
		       (const void *)sh->frags[i].page, sh->frags[i].offset,
		       sh->frags[i].size);
	if (full_pkt && skb->tail >= skb->data && skb->tail <= skb->end)
		print_hex_dump(KERN_ERR, "  ", skb->data,
			       min_t(size_t, (size_t)(skb->tail - skb->data), 512));
}

static int __init skb_caches_init(void)
{
	skb_init();
	return 0;
}

/**
 * skb_init - make the caches that packets come from
 *
 * Context: process, at boot.
 */
void __init skb_init(void)
{
	skbuff_cache = kmem_cache_create("skbuff_head_cache", sizeof(struct sk_buff));
	skbuff_fclone_cache = kmem_cache_create("skbuff_fclone_cache",
						sizeof(struct sk_buff_fclones));
	skb_small_head_cache = kmem_cache_create("skbuff_small_head", SKB_SMALL_HEAD_SIZE);
	skb_mtu_head_cache = kmem_cache_create("skbuff_mtu_head", SKB_MTU_HEAD_SIZE);
	if (!skbuff_cache || !skbuff_fclone_cache || !skb_small_head_cache ||
	    !skb_mtu_head_cache)
		panic("no memory for packet caches");
}

core_initcall(skb_caches_init);
