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

#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/refcount.h>
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
	struct sk_buff *frag_list;	/* chain by ->next */
	refcount_t dataref;		/* sk_buffs that share this block */
	skb_frag_t frags[MAX_SKB_FRAGS];
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

	u64 id;					/* the packet's identity (TR-6) */
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
	   csum_valid:1,
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
	int skb_iif;				/* ifindex it arrived on */
	__be16 vlan_proto;
	u16 vlan_tci;

	u16 transport_header;			/* offsets from head; (u16)~0: not set */
	u16 network_header;
	u16 mac_header;

	unsigned char *head;
	unsigned char *data;
	unsigned char *tail;
	unsigned char *end;
	unsigned int truesize;			/* bytes of memory this packet holds */
	refcount_t users;
};

struct sk_buff_head {
	struct sk_buff *next;		/* first two as in sk_buff */
	struct sk_buff *prev;
	u32 qlen;
	spinlock_t lock;
};

#define SKB_FCLONE_UNAVAILABLE	0
#define SKB_FCLONE_ORIG		1
#define SKB_FCLONE_CLONE	2

#define SKB_TRUESIZE(x) ((x) + SKB_DATA_ALIGN(sizeof(struct sk_buff)) +	\
			 SKB_DATA_ALIGN(sizeof(struct skb_shared_info)))

#endif
