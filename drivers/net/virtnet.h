/* SPDX-License-Identifier: MIT */
/*
 * The virtio-net driver's own state, shared by its files: virtio_net.c (the
 * interface), virtio_net_rx.c (receiving), virtio_net_buf.c (what is received
 * into), virtio_net_tx.c (sending), virtio_net_ctrl.c (control queue).
 */
#ifndef DRIVERS_NET_VIRTNET_H
#define DRIVERS_NET_VIRTNET_H

#include <linux/if_ether.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/timer.h>
#include <linux/virtio.h>
#include <linux/virtio_net.h>

/* virtio 1.2 5.1.2: receive queue 2N, transmit queue 2N + 1, then control. */
#define VIRTNET_MAX_PAIRS	4U	/* that we use */
#define VIRTNET_DEV_PAIRS	16U	/* of a device: where its control queue is */
#define VIRTNET_VQS		(2 * VIRTNET_DEV_PAIRS + 1)

/* In front of every frame, in either direction. */
#define VIRTNET_HDR_LEN	((unsigned int)sizeof(struct virtio_net_hdr_v1))

/* Longest packet that is believed: an IPv4 packet, Ethernet and a VLAN tag. */
#define VIRTNET_FRAME_MAX	(ETH_MAX_MTU + ETH_HLEN + 4)

/* ---- receiving --------------------------------------------------------- */

/* Running average of the lengths of packets, each of weight 1/64. */
struct ewma_pkt_len {
	unsigned int internal;		/* bytes times the weight; 0: none came */
};

#define EWMA_PKT_LEN_WEIGHT	64U

static inline unsigned int ewma_pkt_len_read(const struct ewma_pkt_len *e)
{
	return e->internal / EWMA_PKT_LEN_WEIGHT;
}

/* @len is at most VIRTNET_FRAME_MAX. */
static inline void ewma_pkt_len_add(struct ewma_pkt_len *e, unsigned int len)
{
	e->internal = e->internal ? e->internal - ewma_pkt_len_read(e) + len :
				    len * EWMA_PKT_LEN_WEIGHT;
}

/* A receive buffer: a piece of a block. The queue's token for it. */
struct virtnet_rx_buf {
	struct virtnet_rx_buf *next;	/* on rq->free, where the rest is void */
	struct skb_page *page;		/* one reference is the buffer's */
	unsigned int offset;		/* bytes into page->data, a multiple of 64 */
	unsigned int len;		/* bytes */
};

struct receive_queue {
	struct virtnet_info *vi;
	struct virtqueue *vq;		/* while the interface is up */
	struct napi_struct napi;	/* of this queue and the send queue beside it */
	struct virtnet_rx_buf *bufs;	/* as many as the ring has entries */
	struct virtnet_rx_buf *free;	/* those that are not in the ring */
	struct page_frag alloc_frag;	/* what the next buffer is cut from */
	struct ewma_pkt_len mrg_avg_pkt_len;
	/* Bytes of a buffer: between these, both multiples of 64; the same when a
	 * frame may not span buffers. */
	unsigned int min_buf_len, max_buf_len;
	unsigned int posted;		/* bytes in the ring */
	unsigned int posted_max;	/* no further buffer beyond that */

	u64 packets;
	u64 copied;			/* frames whose buffer was given back at once */
	u64 merged;			/* buffers beyond the first of a frame */
	u64 split;			/* buffers whose rest was given back */
	u64 refill_failed;		/* refills that found no memory */
};

/* ---- sending ------------------------------------------------------------ */

struct send_queue {
	struct virtnet_info *vi;
	struct receive_queue *rq;	/* of the same pair: its NAPI serves both */
	struct virtqueue *vq;		/* while the interface is up */
	unsigned int held;		/* packets that the device has */
	unsigned int held_bytes;
	bool unkicked;			/* packets of a burst that goes on */

	u64 packets;			/* that the device has sent */
};

/* ---- all -------------------------------------------------------------------- */

/* What a command and its answer are put together in; the device reads and writes
 * it until the command is used. */
struct virtnet_ctrl {
	struct virtio_net_ctrl_hdr hdr;
	virtio_net_ctrl_ack status;	/* written by the device */
	u8 value;			/* CTRL_RX */
	u8 mac[ETH_ALEN];		/* CTRL_MAC_ADDR_SET */
	__le16 pairs;			/* CTRL_MQ_VQ_PAIRS_SET */
	struct virtio_net_ctrl_coal coal;	/* CTRL_NOTF_COAL */
	void *table;			/* CTRL_MAC_TABLE_SET, kmalloc'ed; or NULL */
	bool busy;			/* the device has it */
};

struct virtnet_info {
	struct virtio_device *vdev;
	struct net_device *dev;
	struct receive_queue rq[VIRTNET_MAX_PAIRS];
	struct send_queue sq[VIRTNET_MAX_PAIRS];
	unsigned int pairs;		/* of these set up */
	unsigned int curr_pairs;	/* of these in use by the device; others are silent */
	unsigned int dev_pairs;		/* the device has */
	struct virtqueue *cvq;		/* or NULL */
	struct timer_list refill_timer;	/* receive buffers could not be had */
	struct timer_list tx_timer;	/* packets were sent that raise no interrupt */

	bool up;			/* between virtnet_up() and virtnet_down() */
	bool used;			/* was up once: negotiate again before the next */
	u64 features;			/* agreed upon at the probe */
	u8 mac[ETH_ALEN];		/* the device's own; zero: it has none */
	bool mergeable;			/* MRG_RXBUF */
	bool large_rx;			/* GUEST_TSO4: packets larger than a frame come */
	unsigned int tx_descs_max;	/* of one packet */

	/* Written in hardirq context. */
	bool config_event;		/* config_changed seen, not looked at yet */

	struct virtnet_ctrl ctrl;
	/* What the device was last told; CTRL_UNKNOWN after a reset. */
	u8 promisc, allmulti;

	u64 polls;
	u64 tx_restart_queue;
	u64 ctrl_errors;
};

#define CTRL_UNKNOWN	0xff

/* The send queue beside @rq. */
static inline struct send_queue *virtnet_sq(struct receive_queue *rq)
{
	return &rq->vi->sq[rq - rq->vi->rq];
}

/* virtio_net.c */
void virtnet_napi_schedule(struct receive_queue *rq);

/* virtio_net_buf.c */
int virtnet_rx_setup(struct receive_queue *rq);
void virtnet_rx_teardown(struct receive_queue *rq);
void virtnet_free_buf(struct receive_queue *rq, struct virtnet_rx_buf *buf);
void virtnet_give_back(struct receive_queue *rq, struct virtnet_rx_buf *buf);
struct skb_page *virtnet_take_page(struct receive_queue *rq, struct virtnet_rx_buf *buf,
				   unsigned int len, unsigned int *truesize);
void try_fill_recv(struct receive_queue *rq);

/* virtio_net_rx.c */
int virtnet_receive(struct receive_queue *rq, int budget);

/* virtio_net_tx.c */
netdev_tx_t start_xmit(struct sk_buff *skb, struct net_device *dev);
void virtnet_xmit_flush(struct net_device *dev);
void free_old_xmit_skbs(struct send_queue *sq, int budget);
bool virtnet_tx_arm(struct send_queue *sq);
void virtnet_tx_wake(struct virtnet_info *vi);
void virtnet_tx_timer(struct timer_list *t);

/* virtio_net_ctrl.c */
void virtnet_ctrl_reset(struct virtnet_info *vi);
int virtnet_ctrl_set_mac(struct virtnet_info *vi, const u8 *addr);
void virtnet_ctrl_set_rx_mode(struct virtnet_info *vi);
unsigned int virtnet_ctrl_set_pairs(struct virtnet_info *vi, unsigned int pairs);
void virtnet_ctrl_announce_ack(struct virtnet_info *vi);
void virtnet_ctrl_set_coal(struct virtnet_info *vi);

#endif
