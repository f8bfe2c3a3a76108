// SPDX-License-Identifier: MIT
/*
 * virtio-net: what frames are received into.
 *
 * Buffers are cut one after the other from blocks of 32 KiB:
 *
 *	alloc_frag.page --> [ buf | buf | buf |   free   ]
 *	                      |     `-> in the ring, or part of a packet
 *	                      `-> 12 bytes of header, then the frame
 *
 * How long they are follows the frames: 1,536 bytes hold one of MTU 1500, but a
 * packet of 64 KiB would take 43 of them, and each costs device and driver an
 * entry of the ring. So a buffer is as long as the packets of late were on average,
 * within bounds. Neighbours that one packet fills follow each other in the block
 * too, and become one frag of it.
 *
 * A packet pays (truesize) for what it took of a buffer and no more: if enough is
 * left for another frame the rest goes back into the ring at once. A buffer whose
 * frame was copied goes back whole, unless it is far too long for what comes now:
 * an idle interface is not to keep what a transfer needed.
 *
 * The bytes in a ring are bounded by the size of memory, whatever the device says
 * its ring takes.
 *
 * Linux: drivers/net/virtio_net.c (add_recvbuf_mergeable, get_mergeable_buf_len,
 * try_fill_recv ...). Linux: buffers up to a page, not split.
 * Read first: virtio 1.2, 5.1.6.3.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "virtnet.h"

#define VIRTNET_BUF_ALIGN	64U
/* A frame of MTU 1500 with a VLAN tag, and its header. */
#define VIRTNET_BUF_MIN		1536U
/* A longer one: 64 KiB would be two pieces of a block, of which the second is
 * nearly empty; of this, five. */
#define VIRTNET_BUF_MAX		16384U
/* Bytes in a ring: of memory, so much; but what three large packets take. */
#define VIRTNET_POSTED_SHARE	32
#define VIRTNET_POSTED_MIN	(256U << 10)
#define VIRTNET_POSTED_MAX	(4U << 20)

#define VIRTNET_REFILL_RETRY_NS	(10 * NSEC_PER_MSEC)

/* ---- sizes ------------------------------------------------------------------ */

/* Bounds of a buffer's length for a ring of @num entries. A packet of 64 KiB has to
 * fit into half of them: the other half may be waiting to be refilled. */
static void virtnet_size_bufs(struct receive_queue *rq, unsigned int num)
{
	unsigned int half = max(num / 2, 1U), room;

	rq->posted_max = (unsigned int)clamp(totalram_bytes() / VIRTNET_POSTED_SHARE,
					     (size_t)VIRTNET_POSTED_MIN,
					     (size_t)VIRTNET_POSTED_MAX);
	rq->min_buf_len = rq->max_buf_len = VIRTNET_BUF_MIN;
	if (!rq->vi->mergeable)
		return;
	room = ALIGN(DIV_ROUND_UP(VIRTNET_HDR_LEN + VIRTNET_FRAME_MAX, half), VIRTNET_BUF_ALIGN);
	rq->min_buf_len = max(rq->min_buf_len, room);
	/* Linux: a page. */
	rq->max_buf_len = clamp(ALIGN(rq->posted_max / num, VIRTNET_BUF_ALIGN),
				max(4096U, rq->min_buf_len), max(VIRTNET_BUF_MAX, rq->min_buf_len));
	/* A ring of two entries needs more than the bound. */
	rq->posted_max = max(rq->posted_max, 4 * rq->min_buf_len);
}

/* Bytes of the next buffer. */
static unsigned int get_mergeable_buf_len(const struct receive_queue *rq)
{
	unsigned int avg = VIRTNET_HDR_LEN + ewma_pkt_len_read(&rq->mrg_avg_pkt_len);

	return clamp(ALIGN(avg, VIRTNET_BUF_ALIGN), rq->min_buf_len, rq->max_buf_len);
}

/* ---- into the ring ------------------------------------------------------------ */

/**
 * virtnet_free_buf() - ends a buffer that is not in the ring
 * @rq: its queue
 * @buf: with its reference to the block, which is put; or with page NULL
 *
 * Context: any.
 */
void virtnet_free_buf(struct receive_queue *rq, struct virtnet_rx_buf *buf)
{
	if (buf->page)
		skb_page_put(buf->page);
	buf->page = NULL;
	buf->next = rq->free;
	rq->free = buf;
}

/* False: it could not be given to the device, and is ended. */
static bool virtnet_post(struct receive_queue *rq, struct virtnet_rx_buf *buf)
{
	struct scatterlist sg;

	sg_set_buf(&sg, buf->page->data + buf->offset, buf->len);
	if (unlikely(virtqueue_add_inbuf(rq->vq, &sg, 1, buf))) {
		virtnet_free_buf(rq, buf);
		return false;
	}
	rq->posted += buf->len;
	return true;
}

/* The next buffer, cut off and given to the device. */
static bool virtnet_add_recvbuf(struct receive_queue *rq)
{
	unsigned int len = get_mergeable_buf_len(rq);
	struct page_frag *frag = &rq->alloc_frag;
	struct virtnet_rx_buf *buf = rq->free;

	if (!buf || !skb_page_frag_refill(len, frag, GFP_ATOMIC))
		return false;
	rq->free = buf->next;
	buf->page = skb_page_get(frag->page);
	buf->offset = frag->offset;
	/* What would be left and holds no other goes with it. */
	if (frag->size - frag->offset - len < rq->min_buf_len && rq->vi->mergeable)
		len = ALIGN_DOWN(frag->size - frag->offset, VIRTNET_BUF_ALIGN);
	buf->len = len;
	frag->offset += len;
	return virtnet_post(rq, buf);
}

/**
 * try_fill_recv() - gives the device as many buffers as its queue takes
 * @rq: the queue, up
 *
 * One doorbell for all. When memory runs out, a timer tries again: with an empty
 * queue there would be no frame, hence no interrupt and no poll, for ever.
 * Context: softirqs off.
 */
void try_fill_recv(struct receive_queue *rq)
{
	struct timer_list *retry = &rq->vi->refill_timer;

	while (rq->vq->num_free && rq->posted < rq->posted_max && !virtqueue_is_broken(rq->vq)) {
		if (likely(virtnet_add_recvbuf(rq)))
			continue;
		rq->refill_failed++;
		if (!timer_pending(retry))
			mod_timer(retry, ktime_get_ns() + VIRTNET_REFILL_RETRY_NS);
		break;
	}
	virtqueue_kick(rq->vq);
}

/* ---- out of it ------------------------------------------------------------------ */

/**
 * virtnet_give_back() - a buffer of which nothing is needed any more
 * @rq: its queue
 * @buf: out of the ring
 *
 * Into the ring again, unless buffers of late are less than half as long: then the
 * next refill makes one of those. Not while memory is short, which is when a refill
 * might make none. Context: softirqs off.
 */
void virtnet_give_back(struct receive_queue *rq, struct virtnet_rx_buf *buf)
{
	if (buf->len / 2 > get_mergeable_buf_len(rq) && rq->posted > rq->posted_max / 8)
		virtnet_free_buf(rq, buf);
	else
		virtnet_post(rq, buf);
}

/**
 * virtnet_take_page() - what a packet takes of a buffer becomes its own
 * @rq: its queue
 * @buf: out of the ring; spent
 * @len: bytes the device wrote, from the beginning of the buffer
 * @truesize: receives the bytes of the block that the packet has to pay for
 *
 * The rest goes back into the ring when it is at least half of what a buffer is to be
 * now: then a packet pays for less than one half too much.
 *
 * Context: softirqs off. Return: the block, with a reference for the packet.
 */
struct skb_page *virtnet_take_page(struct receive_queue *rq, struct virtnet_rx_buf *buf,
				   unsigned int len, unsigned int *truesize)
{
	unsigned int used = ALIGN(len, VIRTNET_BUF_ALIGN);
	unsigned int want = max(get_mergeable_buf_len(rq) / 2, rq->min_buf_len);
	struct skb_page *page = buf->page;

	if (used + want > buf->len) {
		*truesize = buf->len;
		buf->page = NULL;
		virtnet_free_buf(rq, buf);
		return page;
	}
	*truesize = used;
	skb_page_get(page);
	buf->offset += used;
	buf->len -= used;
	rq->split++;
	virtnet_post(rq, buf);
	return page;
}

/* ---- up and down ------------------------------------------------------------------ */

/**
 * virtnet_rx_setup() - a receive queue for its virtqueue
 * @rq: vq and vi set; down
 *
 * Context: process. Return: 0 or -ENOMEM.
 */
int virtnet_rx_setup(struct receive_queue *rq)
{
	unsigned int num = virtqueue_get_vring_size(rq->vq), i;

	rq->bufs = kcalloc(num, sizeof(*rq->bufs), GFP_KERNEL);
	if (!rq->bufs)
		return -ENOMEM;
	rq->free = NULL;
	for (i = num; i--;)
		virtnet_free_buf(rq, &rq->bufs[i]);
	rq->posted = 0;
	rq->mrg_avg_pkt_len = (struct ewma_pkt_len){ 0 };
	virtnet_size_bufs(rq, num);
	return 0;
}

/**
 * virtnet_rx_teardown() - takes back all buffers of a device that was reset
 * @rq: the queue
 *
 * Context: process.
 */
void virtnet_rx_teardown(struct receive_queue *rq)
{
	struct virtnet_rx_buf *buf;

	while ((buf = virtqueue_detach_unused_buf(rq->vq)))
		virtnet_free_buf(rq, buf);
	skb_page_frag_release(&rq->alloc_frag);
	kfree(rq->bufs);
	rq->bufs = rq->free = NULL;
}
