/* SPDX-License-Identifier: MIT */
/*
 * sk_buff: the one packet type, from driver to socket (SKB-1 … SKB-28).
 *
 *      head          data                tail              end
 *       |             |                   |                 |
 *       v             v                   v                 v
 *       +-------------+-------------------+-----------------+-----------------+
 *       |  headroom   |   linear data     |    tailroom     | skb_shared_info |
 *       +-------------+-------------------+-----------------+-----------------+
 *                     |<-- skb_headlen -->|                   frags[] -> pages
 *                     |<-- len = skb_headlen + data_len, data_len in frags -->|
 *
 * The data block (head … shared info) is reference counted apart from the
 * struct: clones share it (SKB-11). Whoever writes to it makes it private
 * first (skb_cow_head, pskb_expand_head, skb_unshare).
 */
#ifndef LINUX_SKBUFF_H
#define LINUX_SKBUFF_H

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/types.h>
#include <net/dropreason.h>

struct net;
struct net_device;
struct sock;
struct dst_entry;
struct iov_iter;
struct msghdr;
struct sk_buff;
struct ubuf_info;

#define CHECKSUM_NONE		0	/* rx: not checked; tx: complete, nothing to do */
#define CHECKSUM_UNNECESSARY	1	/* rx: device checked it */
#define CHECKSUM_COMPLETE	2	/* rx: skb->csum is the sum of everything from data on */
#define CHECKSUM_PARTIAL	3	/* tx: fill in at csum_start + csum_offset; rx: from a
					 * local sender, good but not filled in */

#define PACKET_HOST		0
#define PACKET_BROADCAST	1
#define PACKET_MULTICAST	2
#define PACKET_OTHERHOST	3
#define PACKET_OUTGOING		4
#define PACKET_LOOPBACK		5

#define MAX_SKB_FRAGS	17
#define SMP_CACHE_BYTES	64
#define SKB_DATA_ALIGN(x) ALIGN(x, SMP_CACHE_BYTES)
/* Room in front of received data so that replies can grow headers in place. */
#define NET_SKB_PAD	64
#define NET_IP_ALIGN	2

/*
 * A page-like block of memory with a reference count, made of whole
 * platform_alloc() blocks; frags point into it (SKB-5).
 */
struct skb_page {
	refcount_t refs;
	unsigned int size;	/* usable bytes at data */
	u8 *data;
	struct ubuf_info *ubuf;	/* the write whose memory it is; NULL: its own, or ... */
	struct splice_block *block;	/* ... that of a file, by a reference */
};

typedef struct skb_frag {
	struct skb_page *page;
	unsigned int offset;	/* bytes into page->data */
	unsigned int size;	/* bytes */
} skb_frag_t;

#define SKB_GSO_TCPV4	(1 << 0)
#define SKB_GSO_UDP_L4	(1 << 1)
#define SKB_GSO_TCP_ECN	(1 << 2)
#define SKB_GSO_DODGY	(1 << 3)

struct skb_shared_info {
	u8 nr_frags;
	u8 flags;
	unsigned short gso_size;	/* bytes a segment; 0: not GSO */
	unsigned short gso_segs;
	unsigned int gso_type;		/* SKB_GSO_* */
	struct sk_buff *frag_list;	/* chain by ->next; these have none themselves */
	/* sk_buffs that share this block; above SKB_DATAREF_SHIFT those of them
	 * that refer to the payload only (nohdr) */
	refcount_t dataref;
	skb_frag_t frags[MAX_SKB_FRAGS];
};

/* The two links that sk_buff and sk_buff_head begin with. */
struct sk_buff_list {
	struct sk_buff *next;
	struct sk_buff *prev;
};

struct sk_buff {
	union {
		struct {
			struct sk_buff *next;	/* first two as in sk_buff_head */
			struct sk_buff *prev;
		};
		struct rb_node rbnode;		/* tcp: retransmit and out-of-order queues */
		struct list_head list;
	};
	struct list_head tcp_tsorted_anchor;	/* tcp_sock->tsorted_sent_queue */
	struct sock *sk;			/* owner, for memory accounting; or NULL */
	struct net_device *dev;			/* rx: arrived on; tx: leaves by */

	/* Private to the layer that holds the skb; poisoned between layers in
	 * debug builds. IPCB(), TCP_SKB_CB(), qdisc_skb_cb() … */
	char cb[48] __aligned(8);

	unsigned long _skb_refdst;		/* dst_entry | SKB_DST_NOREF; skb_dst() */
	void (*destructor)(struct sk_buff *skb);/* undoes ->sk accounting */

	union {
		u64 tstamp;			/* rx: arrival, ktime ns; 0 if not stamped */
		u64 skb_mstamp_ns;		/* tcp tx: when (to be) sent */
	};

	unsigned int len;			/* all bytes from data on */
	unsigned int data_len;			/* of these, in frags and frag_list */
	u16 mac_len;				/* bytes of link-layer header */
	u16 queue_mapping;

	u8 cloned:1,				/* data block may be shared */
	   nohdr:1,				/* payload reference only */
	   fclone:2,				/* SKB_FCLONE_* */
	   peeked:1,				/* seen by MSG_PEEK, counted already */
	   pkt_type:3;				/* PACKET_* */
	u8 ip_summed:2,				/* CHECKSUM_* */
	   csum_valid:1,			/* software has verified it */
	   ooo_okay:1,
	   dst_pending_confirm:1,		/* confirm neighbour on transmit */
	   nf_trace:1,
	   decrypted:1,
	   xmit_more:1;				/* tx: another follows at once; doorbell may wait */
	__be16 protocol;			/* ethertype */

	union {
		__wsum csum;			/* CHECKSUM_COMPLETE */
		struct {
			u16 csum_start;		/* offset from head (CHECKSUM_PARTIAL) */
			u16 csum_offset;	/* from csum_start */
		};
	};
	u32 priority;				/* SKB-13 */
	u32 mark;
	u32 hash;				/* flow hash, 0: not computed */
	u32 napi_id;				/* rx: instance that polled it; 0: none */
	int skb_iif;				/* ifindex it arrived on */
	__be16 vlan_proto;
	u16 vlan_tci;

	/* Everything above is zeroed by one memset in __alloc_skb(); what
	 * follows is set field by field. */
	u16 transport_header;			/* offsets from head; (u16)~0: not set */
	u16 network_header;
	u16 mac_header;
	u8 l4_hash:1;				/* hash covers the ports */

	struct net *net;			/* whose accounts it is in; never NULL */
	u64 id;					/* the packet's identity (TR-6) */
	unsigned char *head;
	unsigned char *data;
	unsigned char *tail;
	unsigned char *end;
	unsigned int truesize;			/* bytes of memory this packet holds */
	refcount_t users;
};

struct sk_buff_head {
	union {
		struct {
			struct sk_buff *next;	/* first two as in sk_buff */
			struct sk_buff *prev;
		};
		struct sk_buff_list list;
	};
	u32 qlen;
	spinlock_t lock;
};

#define SKB_FCLONE_UNAVAILABLE	0
#define SKB_FCLONE_ORIG		1
#define SKB_FCLONE_CLONE	2

#define SKB_TRUESIZE(x) ((x) + SKB_DATA_ALIGN(sizeof(struct sk_buff)) +	\
			 SKB_DATA_ALIGN(sizeof(struct skb_shared_info)))
/* Bytes for data in a block of @x bytes. */
#define SKB_WITH_OVERHEAD(x) ((x) - SKB_DATA_ALIGN(sizeof(struct skb_shared_info)))
#define SKB_MAX_ORDER(x, order)	SKB_WITH_OVERHEAD((4096U << (order)) - (x))
#define SKB_MAX_HEAD(x)	SKB_MAX_ORDER((x), 0)

/* dataref: low half counts all references, high half the payload-only ones. */
#define SKB_DATAREF_SHIFT 16
#define SKB_DATAREF_MASK ((1 << SKB_DATAREF_SHIFT) - 1)

#define SKB_HEADER_NOT_SET ((u16)~0U)

/* ---- life (net/core/skbuff.c) ------------------------------------------- */

/*
 * All return a packet with one reference and a new id, or NULL. Context: any.
 * alloc_skb(): @size bytes of room, none of it reserved.
 */
struct sk_buff *__alloc_skb(struct net *net, unsigned int size, gfp_t gfp, bool fclone);
static inline struct sk_buff *alloc_skb(struct net *net, unsigned int size, gfp_t gfp)
{
	return __alloc_skb(net, size, gfp, false);
}

/* With room for a clone beside it: skb_clone() then needs no memory. TCP. */
static inline struct sk_buff *alloc_skb_fclone(struct net *net, unsigned int size, gfp_t gfp)
{
	return __alloc_skb(net, size, gfp, true);
}

/* @header_len bytes linear (reserved by the caller), @data_len bytes in pages. */
struct sk_buff *alloc_skb_with_frags(struct net *net, unsigned int header_len,
				     unsigned int data_len, int *errcode, gfp_t gfp);
/* For received frames: dev set, headroom NET_SKB_PAD, accounted in dev_net(dev). */
struct sk_buff *__netdev_alloc_skb(struct net_device *dev, unsigned int length, gfp_t gfp);
static inline struct sk_buff *netdev_alloc_skb(struct net_device *dev, unsigned int length)
{
	return __netdev_alloc_skb(dev, length, GFP_ATOMIC);
}
/* And NET_IP_ALIGN more, so that the IP header is aligned. */
struct sk_buff *netdev_alloc_skb_ip_align(struct net_device *dev, unsigned int length);
struct napi_struct;
/* As netdev_alloc_skb_ip_align(), in a poll function. */
struct sk_buff *napi_alloc_skb(struct napi_struct *napi, unsigned int length);

/*
 * A received packet of @len bytes at @offset of @page, for NIC buffers that are
 * pages: the first @copy bytes are copied to the linear part (headers), the
 * rest stays in the page as frag 0. Takes over the caller's reference to @page,
 * or gives it back when nothing of it is needed; on NULL it stays the caller's.
 * @truesize: bytes of @page that this packet blocks.
 */
#define SKB_RX_COPY	256
struct sk_buff *skb_from_page(struct net *net, struct skb_page *page, unsigned int offset,
			      unsigned int len, unsigned int copy, unsigned int truesize);

struct sk_buff *skb_clone(struct sk_buff *skb, gfp_t gfp);
struct sk_buff *skb_copy(const struct sk_buff *skb, gfp_t gfp);
struct sk_buff *skb_copy_expand(const struct sk_buff *skb, int newheadroom, int newtailroom,
				gfp_t gfp);
struct sk_buff *__pskb_copy_fclone(struct sk_buff *skb, int headroom, gfp_t gfp, bool fclone);
static inline struct sk_buff *pskb_copy(struct sk_buff *skb, gfp_t gfp)
{
	return __pskb_copy_fclone(skb, (int)(skb->data - skb->head), gfp, false);
}
int __must_check pskb_expand_head(struct sk_buff *skb, int nhead, int ntail, gfp_t gfp);
struct sk_buff *skb_realloc_headroom(struct sk_buff *skb, unsigned int headroom);
struct sk_buff *skb_expand_head(struct sk_buff *skb, unsigned int headroom);
void skb_copy_header(struct sk_buff *to, const struct sk_buff *from);
void skb_headers_offset_update(struct sk_buff *skb, int off);

/* Moves the packet to the accounts of @net: veth, simulated links. It ends
 * well for the old namespace and begins in the new one, with the same id. */
void skb_set_net(struct sk_buff *skb, struct net *net);

/* The good end. Consumes; NULL does nothing. Context: any but hardirq. */
void consume_skb(struct sk_buff *skb);
/* The bad end: the packet is lost, for @reason. Consumes. */
void kfree_skb_reason(struct sk_buff *skb, enum skb_drop_reason reason);
/* A chain by ->next, each. SKB_NOT_DROPPED_YET: the good end. */
void kfree_skb_list_reason(struct sk_buff *segs, enum skb_drop_reason reason);
/* The last reference is gone already. SKB_NOT_DROPPED_YET: the good end. */
void __kfree_skb(struct sk_buff *skb, enum skb_drop_reason reason);
/* The struct only, its data having been taken over (@head_stolen), or all. A
 * good end: skb_try_coalesce(). */
void kfree_skb_partial(struct sk_buff *skb, bool head_stolen);
/* The good end in a driver's poll function; @budget 0: from elsewhere. */
void napi_consume_skb(struct sk_buff *skb, int budget);
/* To the log, at error level; @full_pkt: the bytes too. Borrows. */
void skb_dump(const struct sk_buff *skb, bool full_pkt);

static inline struct sk_buff *skb_get(struct sk_buff *skb)
{
	refcount_inc(&skb->users);
	return skb;
}

static inline bool skb_shared(const struct sk_buff *skb)
{
	return refcount_read(&skb->users) != 1;
}

/* True for the last one. */
static inline bool skb_unref(struct sk_buff *skb)
{
	if (likely(refcount_read(&skb->users) == 1))
		return true;
	return refcount_dec_and_test(&skb->users);
}

/* An original and its clone, in one block (alloc_skb_fclone()). */
struct sk_buff_fclones {
	struct sk_buff skb1;
	struct sk_buff skb2;
	refcount_t fclone_ref;		/* how many of the two are alive */
};

/* Is the fast clone still below us, on the account of @sk? TCP: then what it
 * carries has not even left, and is not sent again. */
static inline bool skb_fclone_busy(const struct sock *sk, const struct sk_buff *skb)
{
	const struct sk_buff_fclones *fclones =
		container_of(skb, const struct sk_buff_fclones, skb1);

	return skb->fclone == SKB_FCLONE_ORIG &&
	       refcount_read(&fclones->fclone_ref) > 1 && fclones->skb2.sk == sk;
}

/* Gives the owner's memory back and leaves him. */
static inline void skb_orphan(struct sk_buff *skb)
{
	if (skb->destructor) {
		skb->destructor(skb);
		skb->destructor = NULL;
		skb->sk = NULL;
	} else {
		BUG_ON(skb->sk);
	}
}

#include <linux/skb_data.h>
#include <linux/skb_frag.h>
#include <linux/skb_queue.h>

/* ---- sharing ------------------------------------------------------------ */

static inline bool skb_cloned(const struct sk_buff *skb)
{
	return skb->cloned &&
	       (refcount_read(&skb_shinfo(skb)->dataref) & SKB_DATAREF_MASK) != 1;
}

/* May the header be written? Not if another reference uses it too. */
static inline bool skb_header_cloned(const struct sk_buff *skb)
{
	unsigned int dataref;

	if (!skb->cloned)
		return false;
	dataref = refcount_read(&skb_shinfo(skb)->dataref);
	dataref = (dataref & SKB_DATAREF_MASK) - (dataref >> SKB_DATAREF_SHIFT);
	return dataref != 1;
}

/* From here on this reference uses the payload only: a clone may write the
 * header in place. */
static inline void __skb_header_release(struct sk_buff *skb)
{
	skb->nohdr = 1;
	refcount_set(&skb_shinfo(skb)->dataref, 1 + (1 << SKB_DATAREF_SHIFT));
}

static inline int skb_unclone(struct sk_buff *skb, gfp_t gfp)
{
	return skb_cloned(skb) ? pskb_expand_head(skb, 0, 0, gfp) : 0;
}

/* The same bytes of memory before and after: for packets whose truesize is on
 * somebody's account. */
static inline int skb_unclone_keeptruesize(struct sk_buff *skb, gfp_t gfp)
{
	unsigned int save = skb->truesize;
	int ret = skb_unclone(skb, gfp);

	skb->truesize = save;
	return ret;
}

static inline int __skb_cow(struct sk_buff *skb, unsigned int headroom, bool cloned)
{
	unsigned int room = (unsigned int)(skb->data - skb->head);
	unsigned int delta = headroom > room ? headroom - room : 0;

	if (delta || cloned)
		return pskb_expand_head(skb, (int)ALIGN(delta, NET_SKB_PAD), 0, GFP_ATOMIC);
	return 0;
}

/* Makes @headroom bytes in front and everything writable. 0 or -ENOMEM. */
static inline int __must_check skb_cow(struct sk_buff *skb, unsigned int headroom)
{
	return __skb_cow(skb, headroom, skb_cloned(skb));
}

/* The same for headers only. */
static inline int __must_check skb_cow_head(struct sk_buff *skb, unsigned int headroom)
{
	return __skb_cow(skb, headroom, skb_header_cloned(skb));
}

/* A packet that only the caller holds (the struct; data may still be shared).
 * Consumes; NULL when there was no memory. */
static inline struct sk_buff *skb_share_check(struct sk_buff *skb, gfp_t gfp)
{
	struct sk_buff *n;

	if (likely(!skb_shared(skb)))
		return skb;
	n = skb_clone(skb, gfp);
	if (likely(n))
		consume_skb(skb);
	else
		kfree_skb_reason(skb, SKB_DROP_REASON_NOMEM);
	return n;
}

/* As skb_share_check(), and its data is private too. */
static inline struct sk_buff *skb_unshare(struct sk_buff *skb, gfp_t gfp)
{
	struct sk_buff *n;

	if (!skb_cloned(skb))
		return skb;
	n = skb_copy(skb, gfp);
	if (likely(n))
		consume_skb(skb);
	else
		kfree_skb_reason(skb, SKB_DROP_REASON_NOMEM);
	return n;
}

/* ---- the rest of a packet's state ---------------------------------------- */

#ifdef __SANITIZE_ADDRESS__
/* Debug builds: what a layer leaves in cb is not for the next one. */
#define skb_cb_poison(skb) memset((skb)->cb, 0x5a, sizeof((skb)->cb))
#else
#define skb_cb_poison(skb) do { (void)(skb); } while (0)
#endif

static inline void skb_set_hash(struct sk_buff *skb, u32 hash, bool is_l4)
{
	skb->hash = hash;
	skb->l4_hash = is_l4;
}

static inline void skb_clear_hash(struct sk_buff *skb)
{
	skb->hash = 0;
	skb->l4_hash = 0;
}

static inline u32 skb_get_hash_raw(const struct sk_buff *skb)
{
	return skb->hash;
}

static inline void skb_copy_hash(struct sk_buff *to, const struct sk_buff *from)
{
	to->hash = from->hash;
	to->l4_hash = from->l4_hash;
}

static inline u16 skb_get_queue_mapping(const struct sk_buff *skb)
{
	return skb->queue_mapping;
}

static inline void skb_set_queue_mapping(struct sk_buff *skb, u16 queue)
{
	skb->queue_mapping = queue;
}

static inline void __net_timestamp(struct sk_buff *skb)
{
	skb->tstamp = ktime_get_ns();
}

static inline u64 skb_get_ktime(const struct sk_buff *skb)
{
	return skb->tstamp;
}

static inline bool skb_is_gso(const struct sk_buff *skb)
{
	return skb_shinfo(skb)->gso_size != 0;
}

static inline void skb_gso_reset(struct sk_buff *skb)
{
	skb_shinfo(skb)->gso_size = 0;
	skb_shinfo(skb)->gso_segs = 0;
	skb_shinfo(skb)->gso_type = 0;
}

static inline void skb_set_dst_pending_confirm(struct sk_buff *skb, u32 val)
{
	skb->dst_pending_confirm = val != 0;
}

static inline bool skb_get_dst_pending_confirm(const struct sk_buff *skb)
{
	return skb->dst_pending_confirm;
}

void skb_init(void);

#endif
