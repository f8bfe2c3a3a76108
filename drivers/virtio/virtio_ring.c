// SPDX-License-Identifier: MIT
/*
 * The split virtqueue: a ring of buffers between driver and device, with event
 * indices so that neither side tells the other what it knows already.
 *
 *                    driver writes                  device writes
 *   desc[]  <------- avail: "these are yours" ----> used: "these are done"
 *                    used_event: "interrupt me      avail_event: "ring the
 *                    when used.idx passes this"     bell when avail.idx does"
 *
 * What the device writes (used.idx, used.ring, avail_event) is not trusted: an
 * index or id that cannot be breaks the queue. What the driver has to remember
 * about a buffer it keeps in memory of its own (desc_extra, desc_state), never
 * reading it back from the descriptors.
 *
 * Linux: drivers/virtio/virtio_ring.c
 * Read first: virtio 1.2, 2.7.
 * Left out: packed rings (2.8), in-order use (2.9).
 */
#include <linux/barrier.h>
#include <linux/byteorder.h>
#include <linux/dma-mapping.h>
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/trace.h>
#include <linux/virtio.h>
#include <linux/virtio_ring.h>

/* A shorter chain goes into the ring itself: a table of its own costs an
 * allocation and the device another read. */
#define VRING_INDIRECT_MIN	4

struct vring_desc_extra {
	dma_addr_t addr;
	u32 len;
	u16 flags;			/* VRING_DESC_F_* */
	u16 next;			/* in the chain, or in the free list */
};

/* A table outside the ring, and what is to be remembered of it. */
struct vring_indirect {
	dma_addr_t addr;		/* of table[] */
	unsigned int n;
	struct vring_desc_extra *extra;	/* behind table[], in the same block */
	struct vring_desc table[] __aligned(16);
};

struct vring_desc_state {
	void *data;			/* the driver's token; NULL: not in use */
	struct vring_indirect *indir;	/* or NULL */
};

struct vring_virtqueue {
	struct virtqueue vq;
	bool (*notify)(struct virtqueue *vq);	/* rings the doorbell */

	unsigned int num;		/* entries, a power of two */
	struct vring_desc *desc;
	struct vring_avail *avail;
	struct vring_used *used;
	__le16 *used_event;		/* behind avail->ring */
	const __le16 *avail_event;	/* behind used->ring */
	dma_addr_t dma_addr;		/* of the block that holds all three */
	size_t dma_size;
	size_t avail_offset, used_offset;

	bool broken;			/* the device did what cannot be */
	bool indirect;			/* RING_INDIRECT_DESC agreed upon */
	bool event;			/* RING_EVENT_IDX agreed upon */
	u16 free_head;			/* of the list of free descriptors */
	u16 num_added;			/* since the last look at the doorbell */
	u16 last_used_idx;		/* next entry of used to look at */
	u16 avail_flags_shadow;		/* avail->flags, without reading it */
	u16 avail_idx_shadow;		/* avail->idx, likewise */

	struct virtqueue_stats stats;
	struct vring_desc_state *desc_state;	/* by head, num of them */
	struct vring_desc_extra *desc_extra;	/* by descriptor, num of them */
};

#define to_vvq(v) container_of(v, struct vring_virtqueue, vq)

#define BAD_RING(v, fmt, args...) do {					\
	dev_err(&(v)->vq.vdev->dev, "%s: " fmt "\n", (v)->vq.name, ##args); \
	(v)->broken = true;						\
} while (0)

static struct device *vring_dma_dev(const struct vring_virtqueue *v)
{
	return v->vq.vdev->dma_dev;
}

static enum dma_data_direction vring_direction(u16 flags)
{
	return flags & VRING_DESC_F_WRITE ? DMA_FROM_DEVICE : DMA_TO_DEVICE;
}

/* ---- making and taking down ---------------------------------------------- */

/* Where the three parts are in one block; sizes of virtio 1.2 2.7.2. The used
 * ring begins a cache line of its own: the two sides write different lines. */
static void vring_layout(struct vring_virtqueue *v)
{
	size_t desc_size = v->num * sizeof(struct vring_desc);
	size_t avail_size = sizeof(struct vring_avail) + v->num * sizeof(__le16) +
			    sizeof(__le16);
	size_t used_size = sizeof(struct vring_used) +
			   v->num * sizeof(struct vring_used_elem) + sizeof(__le16);

	v->avail_offset = desc_size;
	v->used_offset = ALIGN(desc_size + avail_size, 64UL);
	v->dma_size = v->used_offset + used_size;
}

static int vring_alloc_rings(struct vring_virtqueue *v)
{
	u8 *mem;

	vring_layout(v);
	mem = dma_alloc_coherent(vring_dma_dev(v), v->dma_size, &v->dma_addr, GFP_KERNEL);
	if (!mem)
		return -ENOMEM;
	v->desc = (void *)mem;
	v->avail = (void *)(mem + v->avail_offset);
	v->used = (void *)(mem + v->used_offset);
	v->used_event = &v->avail->ring[v->num];
	v->avail_event = (const void *)&v->used->ring[v->num];
	return 0;
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
	dma_free_coherent(vring_dma_dev(v), v->dma_size, v->desc, v->dma_addr);
	kfree(v->desc_state);
	kfree(v->desc_extra);
	kfree(v);
}

/**
 * vring_create_virtqueue() - makes a queue, not yet known to the device
 * @index: the device's number for it
 * @num: entries, a power of two up to VRING_MAX_NUM
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

	if (!is_power_of_2(num) || num > VRING_MAX_NUM) {
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
	v->notify = notify;
	v->num = num;
	v->indirect = virtio_has_feature(vdev, VIRTIO_F_RING_INDIRECT_DESC);
	v->event = virtio_has_feature(vdev, VIRTIO_F_RING_EVENT_IDX);
	if (vring_alloc_rings(v) || vring_alloc_state(v)) {
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

/** vring_transport_features() - feature bits this file implements */
u64 vring_transport_features(void)
{
	return BIT_ULL(VIRTIO_F_RING_INDIRECT_DESC) | BIT_ULL(VIRTIO_F_RING_EVENT_IDX);
}

/** virtqueue_get_desc_addr() - bus address of the descriptor table */
dma_addr_t virtqueue_get_desc_addr(const struct virtqueue *vq)
{
	return to_vvq(vq)->dma_addr;
}

/** virtqueue_get_avail_addr() - bus address of the available ring */
dma_addr_t virtqueue_get_avail_addr(const struct virtqueue *vq)
{
	return to_vvq(vq)->dma_addr + to_vvq(vq)->avail_offset;
}

/** virtqueue_get_used_addr() - bus address of the used ring */
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
	return (u16)(to_vvq(vq)->avail_idx_shadow - to_vvq(vq)->last_used_idx);
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

	return (size_t)scnprintf(buf, size,
		"%s: size %u free %u avail %u used %u seen %u used_event %u avail_event %u%s"
		" kicks %llu suppressed %llu interrupts %llu spurious %llu\n",
		vq->name, v->num, vq->num_free, v->avail_idx_shadow,
		le16_to_cpu(READ_ONCE(v->used->idx)), v->last_used_idx,
		le16_to_cpu(*v->used_event), le16_to_cpu(READ_ONCE(*v->avail_event)),
		v->broken ? " BROKEN" : "", (unsigned long long)v->stats.kicks,
		(unsigned long long)v->stats.kicks_suppressed,
		(unsigned long long)v->stats.interrupts,
		(unsigned long long)v->stats.spurious);
}

/* ---- giving buffers to the device ---------------------------------------- */

/* Maps one piece and writes its descriptor; the chain is not visible yet. */
static int vring_fill_desc(struct vring_virtqueue *v, struct vring_desc *desc,
			   struct vring_desc_extra *extra, const struct scatterlist *sg,
			   u16 flags, u16 next)
{
	dma_addr_t addr = dma_map_single(vring_dma_dev(v), sg->addr, sg->length,
					 vring_direction(flags));

	if (dma_mapping_error(vring_dma_dev(v), addr))
		return -ENOMEM;
	extra->addr = addr;
	extra->len = sg->length;
	extra->flags = flags;
	desc->addr = cpu_to_le64(addr);
	desc->len = cpu_to_le32(sg->length);
	desc->flags = cpu_to_le16(flags);
	desc->next = cpu_to_le16(next);
	return 0;
}

static void vring_unmap(const struct vring_virtqueue *v, const struct vring_desc_extra *extra)
{
	dma_unmap_single(vring_dma_dev(v), extra->addr, extra->len,
			 vring_direction(extra->flags));
}

/* F_WRITE for the pieces behind the @out first, F_NEXT for all but the last. */
static u16 vring_flags(unsigned int i, unsigned int out, unsigned int total)
{
	return (u16)((i >= out ? VRING_DESC_F_WRITE : 0) |
		     (i + 1 < total ? VRING_DESC_F_NEXT : 0));
}

/* A chain in the ring itself, from free_head on. 0 or -ENOMEM. */
static int vring_add_direct(struct vring_virtqueue *v, const struct scatterlist *sg,
			    unsigned int out, unsigned int total)
{
	unsigned int i = v->free_head, n, at;

	for (n = 0; n < total; n++) {
		struct vring_desc_extra *extra = &v->desc_extra[i];

		if (vring_fill_desc(v, &v->desc[i], extra, &sg[n],
				    vring_flags(n, out, total), extra->next))
			goto unmap;
		i = extra->next;
	}
	v->free_head = (u16)i;
	v->vq.num_free -= total;
	return 0;

unmap:
	/* The free list still runs through them: only the mappings go. */
	for (at = v->free_head; n--; at = v->desc_extra[at].next)
		vring_unmap(v, &v->desc_extra[at]);
	return -ENOMEM;
}

/* A chain in a table of its own, which takes one descriptor. virtio 1.2
 * 2.7.5.3. NULL when there is no memory: the caller uses the ring then. */
static struct vring_indirect *vring_add_indirect(struct vring_virtqueue *v,
						 const struct scatterlist *sg,
						 unsigned int out, unsigned int total)
{
	size_t table_size = total * sizeof(struct vring_desc);
	unsigned int head = v->free_head, n;
	struct vring_indirect *indir;

	indir = kmalloc(sizeof(*indir) + table_size + total * sizeof(*indir->extra),
			GFP_ATOMIC);
	if (!indir)
		return NULL;
	indir->extra = (void *)((u8 *)indir->table + table_size);
	for (n = 0; n < total; n++)
		if (vring_fill_desc(v, &indir->table[n], &indir->extra[n], &sg[n],
				    vring_flags(n, out, total), (u16)(n + 1)))
			goto unmap;
	indir->n = total;
	indir->addr = dma_map_single(vring_dma_dev(v), indir->table, table_size,
				     DMA_TO_DEVICE);
	if (dma_mapping_error(vring_dma_dev(v), indir->addr))
		goto unmap;
	v->desc[head].addr = cpu_to_le64(indir->addr);
	v->desc[head].len = cpu_to_le32((u32)table_size);
	v->desc[head].flags = cpu_to_le16(VRING_DESC_F_INDIRECT);
	v->desc_extra[head].flags = VRING_DESC_F_INDIRECT;
	v->free_head = v->desc_extra[head].next;
	v->vq.num_free--;
	return indir;

unmap:
	while (n--)
		vring_unmap(v, &indir->extra[n]);
	kfree(indir);
	return NULL;
}

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
	struct vring_indirect *indir = NULL;
	unsigned int total = out + in;
	u16 head = v->free_head;

	if (unlikely(v->broken))
		return -EIO;
	if (WARN_ON(!data || !total))
		return -EINVAL;
	if (v->indirect && total >= VRING_INDIRECT_MIN && vq->num_free)
		indir = vring_add_indirect(v, sg, out, total);
	if (!indir) {
		if (unlikely(vq->num_free < total))
			return -ENOSPC;
		if (unlikely(vring_add_direct(v, sg, out, total)))
			return -ENOMEM;
	}
	v->desc_state[head].data = data;
	v->desc_state[head].indir = indir;

	v->avail->ring[v->avail_idx_shadow & (v->num - 1)] = cpu_to_le16(head);
	/* The device must see descriptors and ring entry before the index that
	 * hands them over. virtio 1.2 2.7.13.3. */
	virt_wmb();
	v->avail_idx_shadow++;
	WRITE_ONCE(v->avail->idx, cpu_to_le16(v->avail_idx_shadow));
	v->num_added++;
	/* The doorbell's arithmetic is modulo 2^16: never let it go round. */
	if (unlikely(v->num_added == U16_MAX))
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
	u16 new_idx = v->avail_idx_shadow;
	u16 old = new_idx - v->num_added;
	bool wanted;

	/* Our index must be out before we look whether the device waits for it:
	 * the device writes avail_event and then looks at our index. With the two
	 * accesses the other way round on one side, both could miss each other
	 * and the buffers would lie there until somebody adds more.
	 * virtio 1.2 2.7.13.4.1. */
	virt_mb();
	v->num_added = 0;
	if (v->event)
		wanted = vring_need_event(le16_to_cpu(READ_ONCE(*v->avail_event)),
					  new_idx, old);
	else
		wanted = !(READ_ONCE(v->used->flags) & cpu_to_le16(VRING_USED_F_NO_NOTIFY));
	if (!wanted && new_idx != old)
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

/* Unmaps the chain at @head and puts its descriptors on the free list. */
static void vring_detach_buf(struct vring_virtqueue *v, unsigned int head)
{
	struct vring_indirect *indir = v->desc_state[head].indir;
	unsigned int i = head;

	v->desc_state[head].data = NULL;
	v->desc_state[head].indir = NULL;
	if (indir) {
		unsigned int n;

		dma_unmap_single(vring_dma_dev(v), indir->addr,
				 indir->n * sizeof(struct vring_desc), DMA_TO_DEVICE);
		for (n = 0; n < indir->n; n++)
			vring_unmap(v, &indir->extra[n]);
		kfree(indir);
	} else {
		vring_unmap(v, &v->desc_extra[i]);
		while (v->desc_extra[i].flags & VRING_DESC_F_NEXT) {
			i = v->desc_extra[i].next;
			vring_unmap(v, &v->desc_extra[i]);
			v->vq.num_free++;
		}
	}
	v->desc_extra[i].next = v->free_head;
	v->free_head = (u16)head;
	v->vq.num_free++;
}

static bool vring_more_used(const struct vring_virtqueue *v)
{
	return v->last_used_idx != le16_to_cpu(READ_ONCE(v->used->idx));
}

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
	const struct vring_used_elem *elem;
	void *data;
	u16 more;
	u32 id;

	if (unlikely(v->broken))
		return NULL;
	more = (u16)(le16_to_cpu(READ_ONCE(v->used->idx)) - v->last_used_idx);
	if (!more)
		return NULL;
	if (unlikely(more > v->num)) {
		BAD_RING(v, "device used %u entries of %u", more, v->num);
		return NULL;
	}
	/* Not before the index that says it is there. virtio 1.2 2.7.14. */
	virt_rmb();
	elem = &v->used->ring[v->last_used_idx & (v->num - 1)];
	id = le32_to_cpu(READ_ONCE(elem->id));
	*len = le32_to_cpu(READ_ONCE(elem->len));
	if (unlikely(id >= v->num)) {
		BAD_RING(v, "device used descriptor %u of %u", id, v->num);
		return NULL;
	}
	data = v->desc_state[id].data;
	if (unlikely(!data)) {
		BAD_RING(v, "device used descriptor %u, which it does not have", id);
		return NULL;
	}
	vring_detach_buf(v, id);
	v->last_used_idx++;
	/* With interrupts on, the next entry shall raise one. */
	if (v->event && !(v->avail_flags_shadow & VRING_AVAIL_F_NO_INTERRUPT)) {
		WRITE_ONCE(*v->used_event, cpu_to_le16(v->last_used_idx));
		virt_mb();
	}
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

	if (vq->num_free == v->num)
		return NULL;
	for (i = 0; i < v->num; i++) {
		void *data = v->desc_state[i].data;

		if (data) {
			vring_detach_buf(v, i);
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

	if (v->avail_flags_shadow & VRING_AVAIL_F_NO_INTERRUPT)
		return;
	v->avail_flags_shadow |= VRING_AVAIL_F_NO_INTERRUPT;
	/* With event indices the flag is not looked at (2.7.7.2): name the entry
	 * behind us instead, which is as far away as can be. */
	if (v->event)
		WRITE_ONCE(*v->used_event, cpu_to_le16(v->last_used_idx - 1));
	else
		WRITE_ONCE(v->avail->flags, cpu_to_le16(v->avail_flags_shadow));
}

/* Interrupts on, the next one when used.idx passes @event. */
static void vring_enable_at(struct vring_virtqueue *v, u16 event)
{
	v->avail_flags_shadow &= (u16)~VRING_AVAIL_F_NO_INTERRUPT;
	if (v->event)
		WRITE_ONCE(*v->used_event, cpu_to_le16(event));
	else
		WRITE_ONCE(v->avail->flags, cpu_to_le16(v->avail_flags_shadow));
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

	vring_enable_at(v, v->last_used_idx);
	return v->last_used_idx;
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

	if (unlikely(v->broken))
		return false;
	/* The wish must be out before we look; the device looks at the wish after
	 * writing its index. virtio 1.2 2.7.7.1. */
	virt_mb();
	return (u16)last_used_idx != le16_to_cpu(READ_ONCE(v->used->idx));
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
 * Context: any. Return: false: that many are used already, go on with them.
 */
bool virtqueue_enable_cb_delayed(struct virtqueue *vq)
{
	struct vring_virtqueue *v = to_vvq(vq);
	u16 bufs = (u16)(v->avail_idx_shadow - v->last_used_idx);

	bufs = (u16)(bufs * 3U / 4);
	vring_enable_at(v, (u16)(v->last_used_idx + bufs));
	if (unlikely(v->broken))
		return true;
	virt_mb();
	return (u16)(le16_to_cpu(READ_ONCE(v->used->idx)) - v->last_used_idx) <= bufs;
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
	if (!vring_more_used(v) || (v->avail_flags_shadow & VRING_AVAIL_F_NO_INTERRUPT)) {
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
