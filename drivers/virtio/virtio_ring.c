// SPDX-License-Identifier: MIT
/*
 * Virtqueues, as drivers and transports see them: what does not depend on the
 * layout of the ring. The two layouts are virtio_ring_split.c and
 * virtio_ring_packed.c; virtio_ring.h is between the three.
 *
 * What the driver has to remember about a buffer it keeps in memory of its own
 * (desc_extra, desc_state), never reading it back from what the device can write.
 *
 * Linux: drivers/virtio/virtio_ring.c
 * Read first: virtio 1.2, 2.6 to 2.8.
 */
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/trace.h>

#include "virtio_ring.h"

/* ---- making and taking down ---------------------------------------------- */

/**
 * vring_alloc_block() - memory for the parts of a ring
 * @v: the queue
 * @avail_offset: where the part that the driver writes begins
 * @used_offset: where the part that the device writes begins
 * @size: bytes of all; descriptors are at the beginning
 *
 * Context: process. Return: 0 or -ENOMEM.
 */
int vring_alloc_block(struct vring_virtqueue *v, size_t avail_offset, size_t used_offset,
		      size_t size)
{
	v->avail_offset = avail_offset;
	v->used_offset = used_offset;
	v->dma_size = size;
	v->dma_mem = dma_alloc_coherent(vring_dma_dev(v), size, &v->dma_addr, GFP_KERNEL);
	return v->dma_mem ? 0 : -ENOMEM;
}

static int vring_alloc_state(struct vring_virtqueue *v)
{
	unsigned int i;

	v->desc_state = kcalloc(v->num, sizeof(*v->desc_state), GFP_KERNEL);
	v->desc_extra = kcalloc(v->num, sizeof(*v->desc_extra), GFP_KERNEL);
	if (!v->desc_state || !v->desc_extra)
		return -ENOMEM;
	for (i = 0; i < v->num; i++)
		v->desc_extra[i].next = (u16)(i + 1);
	v->vq.num_free = v->num;
	return 0;
}

static void vring_free(struct vring_virtqueue *v)
{
	dma_free_coherent(vring_dma_dev(v), v->dma_size, v->dma_mem, v->dma_addr);
	kfree(v->desc_state);
	kfree(v->desc_extra);
	kfree(v);
}

/**
 * vring_create_virtqueue() - makes a queue, not yet known to the device
 * @index: the device's number for it
 * @num: entries, up to VRING_MAX_NUM; of a split ring, a power of two
 * @vdev: the device, features agreed upon
 * @notify: rings the doorbell
 * @callback: hardirq, when entries were used; or NULL
 * @name: for messages; kept
 *
 * A queue without a callback begins with interrupts off.
 * Context: process.
 * Return: the queue, on vdev->vqs; NULL when there is no memory or @num is no
 * size. Give back with vring_del_virtqueue().
 */
struct virtqueue *vring_create_virtqueue(unsigned int index, unsigned int num,
					 struct virtio_device *vdev,
					 bool (*notify)(struct virtqueue *vq),
					 vq_callback_t *callback, const char *name)
{
	struct vring_virtqueue *v;
	bool packed = virtio_has_feature(vdev, VIRTIO_F_RING_PACKED);

	if (!num || num > VRING_MAX_NUM || (!packed && !is_power_of_2(num))) {
		dev_err(&vdev->dev, "%s: no ring of %u entries\n", name, num);
		return NULL;
	}
	v = kzalloc(sizeof(*v), GFP_KERNEL);
	if (!v)
		return NULL;
	v->vq.vdev = vdev;
	v->vq.callback = callback;
	v->vq.name = name;
	v->vq.index = index;
	v->ops = packed ? &vring_packed_ops : &vring_split_ops;
	v->notify = notify;
	v->num = num;
	v->indirect = virtio_has_feature(vdev, VIRTIO_F_RING_INDIRECT_DESC);
	v->event = virtio_has_feature(vdev, VIRTIO_F_RING_EVENT_IDX);
	if (v->ops->alloc(v) || vring_alloc_state(v)) {
		dev_err(&vdev->dev, "%s: no memory for a ring of %u\n", name, num);
		vring_free(v);
		return NULL;
	}
	if (!callback)
		virtqueue_disable_cb(&v->vq);
	list_add_tail(&v->vq.list, &vdev->vqs);
	return &v->vq;
}

/**
 * vring_del_virtqueue() - frees a queue that the device has forgotten
 * @vq: the queue; all buffers detached
 *
 * Context: process.
 */
void vring_del_virtqueue(struct virtqueue *vq)
{
	struct vring_virtqueue *v = to_vvq(vq);

	WARN_ON(vq->num_free != v->num);
	list_del(&vq->list);
	vring_free(v);
}

/** vring_transport_features() - feature bits these files implement */
u64 vring_transport_features(void)
{
	return BIT_ULL(VIRTIO_F_RING_INDIRECT_DESC) | BIT_ULL(VIRTIO_F_RING_EVENT_IDX) |
	       BIT_ULL(VIRTIO_F_RING_PACKED);
}

/** virtqueue_get_desc_addr() - bus address of the descriptor table */
dma_addr_t virtqueue_get_desc_addr(const struct virtqueue *vq)
{
	return to_vvq(vq)->dma_addr;
}

/** virtqueue_get_avail_addr() - bus address of what the driver writes */
dma_addr_t virtqueue_get_avail_addr(const struct virtqueue *vq)
{
	return to_vvq(vq)->dma_addr + to_vvq(vq)->avail_offset;
}

/** virtqueue_get_used_addr() - bus address of what the device writes */
dma_addr_t virtqueue_get_used_addr(const struct virtqueue *vq)
{
	return to_vvq(vq)->dma_addr + to_vvq(vq)->used_offset;
}

/** virtqueue_get_vring_size() - entries of the ring */
unsigned int virtqueue_get_vring_size(const struct virtqueue *vq)
{
	return to_vvq(vq)->num;
}

/** virtqueue_outstanding() - how many buffers were given and have not come back */
unsigned int virtqueue_outstanding(const struct virtqueue *vq)
{
	return to_vvq(vq)->outstanding;
}

/** virtqueue_is_broken() - whether the device has done something impossible */
bool virtqueue_is_broken(const struct virtqueue *vq)
{
	return READ_ONCE(to_vvq(vq)->broken);
}

/** __virtqueue_break() - marks one queue as not to be used; any context */
void __virtqueue_break(struct virtqueue *vq)
{
	WRITE_ONCE(to_vvq(vq)->broken, true);
}

/** virtqueue_get_stats() - counters of doorbells and interrupts */
const struct virtqueue_stats *virtqueue_get_stats(const struct virtqueue *vq)
{
	return &to_vvq(vq)->stats;
}

/**
 * virtqueue_dump() - one line about a queue's state
 * @vq: the queue
 * @buf: receives the text
 * @size: bytes of it
 *
 * Context: any. Return: bytes written, without the closing NUL.
 */
size_t virtqueue_dump(const struct virtqueue *vq, char *buf, size_t size)
{
	const struct vring_virtqueue *v = to_vvq(vq);
	size_t n;

	n = (size_t)scnprintf(buf, size, "%s: size %u free %u ", vq->name, v->num, vq->num_free);
	n += v->ops->dump(v, buf + n, size - n);
	return n + (size_t)scnprintf(buf + n, size - n,
		"%s kicks %llu suppressed %llu interrupts %llu spurious %llu\n",
		v->broken ? " BROKEN" : "", (unsigned long long)v->stats.kicks,
		(unsigned long long)v->stats.kicks_suppressed,
		(unsigned long long)v->stats.interrupts,
		(unsigned long long)v->stats.spurious);
}

/* ---- tables outside of the ring --------------------------------------------- */

/* Unmaps the first @n pieces. */
static void vring_drop_indirect(struct vring_virtqueue *v, struct vring_indirect *indir,
				unsigned int n)
{
	while (n--)
		vring_unmap(v, &indir->extra[n]);
	kfree(indir);
}

/**
 * vring_map_indirect() - maps the pieces of a chain, with room for their table
 * @v: the queue
 * @sg: the pieces
 * @out: of them, to be read by the device
 * @total: how many
 *
 * Context: any. Return: extra[] filled in, the table not; NULL: no memory.
 */
struct vring_indirect *vring_map_indirect(struct vring_virtqueue *v,
					  const struct scatterlist *sg, unsigned int out,
					  unsigned int total)
{
	size_t table_size = total * sizeof(struct vring_desc);
	struct vring_indirect *indir;
	unsigned int n;

	static_assert(sizeof(struct vring_desc) == sizeof(struct vring_packed_desc),
		      "tables of both layouts have the same size");
	indir = kmalloc(sizeof(*indir) + table_size + total * sizeof(*indir->extra),
			GFP_ATOMIC);
	if (!indir)
		return NULL;
	indir->extra = (void *)((u8 *)indir->table + table_size);
	for (n = 0; n < total; n++) {
		if (vring_map(v, &indir->extra[n], &sg[n], vring_flags(n, out, total))) {
			vring_drop_indirect(v, indir, n);
			return NULL;
		}
	}
	indir->n = total;
	return indir;
}

/**
 * vring_map_table() - the table is written: the device may read it
 * @v: the queue
 * @indir: of vring_map_indirect(); freed on error
 *
 * Context: any. Return: 0 or -ENOMEM.
 */
int vring_map_table(struct vring_virtqueue *v, struct vring_indirect *indir)
{
	indir->addr = dma_map_single(vring_dma_dev(v), indir->table,
				     indir->n * sizeof(struct vring_desc), DMA_TO_DEVICE);
	if (!dma_mapping_error(vring_dma_dev(v), indir->addr))
		return 0;
	vring_drop_indirect(v, indir, indir->n);
	return -ENOMEM;
}

/**
 * vring_unmap_indirect() - the device is done with a table and its pieces
 * @v: the queue
 * @indir: freed
 *
 * Context: any.
 */
void vring_unmap_indirect(struct vring_virtqueue *v, struct vring_indirect *indir)
{
	dma_unmap_single(vring_dma_dev(v), indir->addr, indir->n * sizeof(struct vring_desc),
			 DMA_TO_DEVICE);
	vring_drop_indirect(v, indir, indir->n);
}

/* ---- giving buffers to the device ---------------------------------------- */

/**
 * virtqueue_add_sgs() - gives a buffer to the device
 * @vq: the queue
 * @sg: its pieces: @out that the device reads, then @in that it writes
 * @out: how many
 * @in: how many
 * @data: the driver's token for it, not NULL; comes back from
 *        virtqueue_get_buf()
 *
 * The device may begin with it at once, but need not look before
 * virtqueue_kick(). Linux: takes lists of lists, and a gfp.
 * Context: any, one call at a time for each queue.
 * Return: 0; -ENOSPC when not enough descriptors are free; -ENOMEM when it
 * could not be mapped; -EIO when the queue is broken.
 */
int virtqueue_add_sgs(struct virtqueue *vq, const struct scatterlist *sg, unsigned int out,
		      unsigned int in, void *data)
{
	struct vring_virtqueue *v = to_vvq(vq);
	int err;

	if (unlikely(v->broken))
		return -EIO;
	if (WARN_ON(!data || !(out + in)))
		return -EINVAL;
	err = v->ops->add(v, sg, out, out + in, data);
	if (unlikely(err))
		return err;
	v->outstanding++;
	/* The doorbell's arithmetic is modulo 2^16: never let it go round. */
	if (unlikely(v->num_added >= VRING_MAX_NUM))
		virtqueue_kick(vq);
	return 0;
}

/** virtqueue_add_outbuf() - as virtqueue_add_sgs(), all pieces for reading */
int virtqueue_add_outbuf(struct virtqueue *vq, const struct scatterlist *sg,
			 unsigned int num, void *data)
{
	return virtqueue_add_sgs(vq, sg, num, 0, data);
}

/** virtqueue_add_inbuf() - as virtqueue_add_sgs(), all pieces for writing */
int virtqueue_add_inbuf(struct virtqueue *vq, const struct scatterlist *sg,
			unsigned int num, void *data)
{
	return virtqueue_add_sgs(vq, sg, 0, num, data);
}

/**
 * virtqueue_kick_prepare() - does the device want to hear of what was added?
 * @vq: the queue
 *
 * Context: as virtqueue_add_sgs(). Return: true: call virtqueue_notify().
 */
bool virtqueue_kick_prepare(struct virtqueue *vq)
{
	struct vring_virtqueue *v = to_vvq(vq);
	bool added = v->num_added;
	bool wanted = v->ops->kick_prepare(v);

	if (!wanted && added)
		v->stats.kicks_suppressed++;
	return wanted;
}

/**
 * virtqueue_notify() - rings the doorbell
 * @vq: the queue
 *
 * One access to a device register. Context: any. Return: false: broken.
 */
bool virtqueue_notify(struct virtqueue *vq)
{
	struct vring_virtqueue *v = to_vvq(vq);

	if (unlikely(v->broken))
		return false;
	v->stats.kicks++;
	if (!v->notify(vq)) {
		v->broken = true;
		return false;
	}
	return true;
}

/** virtqueue_kick() - virtqueue_kick_prepare(), and virtqueue_notify() if wanted */
bool virtqueue_kick(struct virtqueue *vq)
{
	if (virtqueue_kick_prepare(vq))
		return virtqueue_notify(vq);
	return true;
}

/* ---- taking buffers back -------------------------------------------------- */

/**
 * virtqueue_get_buf() - the next buffer that the device is done with
 * @vq: the queue
 * @len: receives how many bytes the device says it wrote. Not checked here
 *       against what it was given: the driver knows that and has to.
 *
 * Context: one call at a time for each queue.
 * Return: the token given with the buffer, now unmapped and the driver's again;
 * NULL when there is none, or the queue is (or just turned out to be) broken.
 */
void *virtqueue_get_buf(struct virtqueue *vq, unsigned int *len)
{
	struct vring_virtqueue *v = to_vvq(vq);
	void *data;

	if (unlikely(v->broken))
		return NULL;
	data = v->ops->get_buf(v, len);
	if (data)
		v->outstanding--;
	return data;
}

/**
 * virtqueue_detach_unused_buf() - takes back what the device never used
 * @vq: the queue of a device that was reset
 *
 * Context: process. Return: a token, or NULL when there is none any more.
 */
void *virtqueue_detach_unused_buf(struct virtqueue *vq)
{
	struct vring_virtqueue *v = to_vvq(vq);
	unsigned int i;

	for (i = 0; v->outstanding && i < v->num; i++) {
		void *data = v->desc_state[i].data;

		if (data) {
			v->ops->detach(v, i);
			v->outstanding--;
			return data;
		}
	}
	return NULL;
}

/* ---- interrupts ------------------------------------------------------------ */

/**
 * virtqueue_disable_cb() - asks the device not to interrupt
 * @vq: the queue
 *
 * A wish: one may still come. Context: any.
 */
void virtqueue_disable_cb(struct virtqueue *vq)
{
	struct vring_virtqueue *v = to_vvq(vq);

	if (v->cb_off)
		return;
	v->cb_off = true;
	v->ops->disable_cb(v);
}

/**
 * virtqueue_enable_cb_prepare() - asks for an interrupt at the next used entry
 * @vq: the queue
 *
 * An entry used before the device saw the wish raises none: the caller has to
 * look with virtqueue_poll() afterwards.
 * Context: any. Return: what virtqueue_poll() wants.
 */
unsigned int virtqueue_enable_cb_prepare(struct virtqueue *vq)
{
	struct vring_virtqueue *v = to_vvq(vq);

	v->cb_off = false;
	return v->ops->enable_cb_prepare(v);
}

/**
 * virtqueue_poll() - is there anything since virtqueue_enable_cb_prepare()?
 * @vq: the queue
 * @last_used_idx: what that returned
 *
 * Context: any. Return: true: there is, and perhaps no interrupt for it.
 */
bool virtqueue_poll(struct virtqueue *vq, unsigned int last_used_idx)
{
	const struct vring_virtqueue *v = to_vvq(vq);

	return likely(!v->broken) && v->ops->poll(v, last_used_idx);
}

/**
 * virtqueue_enable_cb() - the two steps in one
 * @vq: the queue
 *
 * Context: any. Return: false: there are used entries already, go on with them.
 */
bool virtqueue_enable_cb(struct virtqueue *vq)
{
	return !virtqueue_poll(vq, virtqueue_enable_cb_prepare(vq));
}

/**
 * virtqueue_enable_cb_delayed() - asks for an interrupt when most is used
 * @vq: the queue
 *
 * Behind three quarters of what the device has now: one interrupt for many
 * entries, and always one before the last.
 * Context: any. Return: false: that many (or, in a packed ring, any) are used
 * already, go on with them.
 */
bool virtqueue_enable_cb_delayed(struct virtqueue *vq)
{
	struct vring_virtqueue *v = to_vvq(vq);

	v->cb_off = false;
	return unlikely(v->broken) || v->ops->enable_cb_delayed(v);
}

/**
 * vring_interrupt() - the interrupt of one queue, or of all of a device
 * @irq: its number
 * @_vq: the queue
 *
 * Context: hardirq.
 * Return: IRQ_HANDLED, also when the driver has seen everything already or wants
 * no callback: a message is nobody else's, and for the pin the transport knows.
 */
irqreturn_t vring_interrupt(int irq, void *_vq)
{
	struct vring_virtqueue *v = to_vvq((struct virtqueue *)_vq);

	trace_here();
	(void)irq;
	/* An interrupt may be for another queue, or have been under way when callbacks
	 * were switched off: whoever did that looks before switching them on. */
	if (v->cb_off || !v->ops->more_used(v)) {
		v->stats.spurious++;
		return IRQ_HANDLED;
	}
	v->stats.interrupts++;
	if (unlikely(v->broken))
		return IRQ_HANDLED;
	if (v->vq.callback)
		v->vq.callback(&v->vq);
	return IRQ_HANDLED;
}
