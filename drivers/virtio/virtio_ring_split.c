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
 * index or id that cannot be breaks the queue.
 *
 * Linux: drivers/virtio/virtio_ring.c (virtqueue_*_split)
 * Read first: virtio 1.2, 2.7.
 * Left out: in-order use (2.7.9).
 */
#include <linux/barrier.h>
#include <linux/byteorder.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "virtio_ring.h"

/* Where the three parts are in one block; sizes of virtio 1.2 2.7.2. The used
 * ring begins a cache line of its own: the two sides write different lines. */
static int split_alloc(struct vring_virtqueue *v)
{
	size_t desc_size = v->num * sizeof(struct vring_desc);
	size_t avail_size = sizeof(struct vring_avail) + v->num * sizeof(__le16) +
			    sizeof(__le16);
	size_t used_size = sizeof(struct vring_used) +
			   v->num * sizeof(struct vring_used_elem) + sizeof(__le16);
	size_t used_offset = ALIGN(desc_size + avail_size, 64UL);
	u8 *mem;

	if (vring_alloc_block(v, desc_size, used_offset, used_offset + used_size))
		return -ENOMEM;
	mem = v->dma_mem;
	v->desc = (void *)mem;
	v->avail = (void *)(mem + v->avail_offset);
	v->used = (void *)(mem + v->used_offset);
	v->used_event = &v->avail->ring[v->num];
	v->avail_event = (const void *)&v->used->ring[v->num];
	return 0;
}

/* ---- giving buffers to the device ---------------------------------------- */

/* The descriptor of a piece that is mapped; the chain is not visible yet. */
static void split_write_desc(struct vring_desc *desc, const struct vring_desc_extra *extra,
			     u16 next)
{
	desc->addr = cpu_to_le64(extra->addr);
	desc->len = cpu_to_le32(extra->len);
	desc->flags = cpu_to_le16(extra->flags);
	desc->next = cpu_to_le16(next);
}

/* A chain in the ring itself, from free_head on. 0 or -ENOMEM. */
static int split_add_direct(struct vring_virtqueue *v, const struct scatterlist *sg,
			    unsigned int out, unsigned int total)
{
	unsigned int i = v->free_head, n, at;

	for (n = 0; n < total; n++) {
		struct vring_desc_extra *extra = &v->desc_extra[i];

		if (vring_map(v, extra, &sg[n], vring_flags(n, out, total)))
			goto unmap;
		split_write_desc(&v->desc[i], extra, extra->next);
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
static struct vring_indirect *split_add_indirect(struct vring_virtqueue *v,
						 const struct scatterlist *sg,
						 unsigned int out, unsigned int total)
{
	struct vring_indirect *indir = vring_map_indirect(v, sg, out, total);
	unsigned int head = v->free_head, n;

	if (!indir)
		return NULL;
	for (n = 0; n < total; n++)
		split_write_desc(&indir->table[n], &indir->extra[n], (u16)(n + 1));
	if (vring_map_table(v, indir))
		return NULL;
	v->desc[head].addr = cpu_to_le64(indir->addr);
	v->desc[head].len = cpu_to_le32((u32)(total * sizeof(struct vring_desc)));
	v->desc[head].flags = cpu_to_le16(VRING_DESC_F_INDIRECT);
	v->desc_extra[head].flags = VRING_DESC_F_INDIRECT;
	v->free_head = v->desc_extra[head].next;
	v->vq.num_free--;
	return indir;
}

static int split_add(struct vring_virtqueue *v, const struct scatterlist *sg, unsigned int out,
		     unsigned int total, void *data)
{
	struct vring_indirect *indir = NULL;
	u16 head = v->free_head;

	if (vring_wants_indirect(v, total))
		indir = split_add_indirect(v, sg, out, total);
	if (!indir) {
		if (unlikely(v->vq.num_free < total))
			return -ENOSPC;
		if (unlikely(split_add_direct(v, sg, out, total)))
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
	return 0;
}

static bool split_kick_prepare(struct vring_virtqueue *v)
{
	u16 new_idx = v->avail_idx_shadow;
	u16 old = new_idx - v->num_added;

	/* Our index must be out before we look whether the device waits for it:
	 * the device writes avail_event and then looks at our index. With the two
	 * accesses the other way round on one side, both could miss each other
	 * and the buffers would lie there until somebody adds more.
	 * virtio 1.2 2.7.13.4.1. */
	virt_mb();
	v->num_added = 0;
	if (v->event)
		return vring_need_event(le16_to_cpu(READ_ONCE(*v->avail_event)), new_idx, old);
	return new_idx != old && !(READ_ONCE(v->used->flags) & cpu_to_le16(VRING_USED_F_NO_NOTIFY));
}

/* ---- taking buffers back -------------------------------------------------- */

/* Unmaps the chain at @head and puts its descriptors on the free list. */
static void split_detach(struct vring_virtqueue *v, unsigned int head)
{
	struct vring_indirect *indir = v->desc_state[head].indir;
	unsigned int i = head;

	v->desc_state[head].data = NULL;
	v->desc_state[head].indir = NULL;
	if (indir) {
		vring_unmap_indirect(v, indir);
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

static bool split_more_used(const struct vring_virtqueue *v)
{
	return v->last_used_idx != le16_to_cpu(READ_ONCE(v->used->idx));
}

static void *split_get_buf(struct vring_virtqueue *v, unsigned int *len)
{
	const struct vring_used_elem *elem;
	void *data;
	u16 more;
	u32 id;

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
	split_detach(v, id);
	v->last_used_idx++;
	/* With interrupts on, the next entry shall raise one. */
	if (v->event && !v->cb_off) {
		WRITE_ONCE(*v->used_event, cpu_to_le16(v->last_used_idx));
		virt_mb();
	}
	return data;
}

/* ---- interrupts ------------------------------------------------------------ */

static void split_disable_cb(struct vring_virtqueue *v)
{
	v->avail_flags_shadow |= VRING_AVAIL_F_NO_INTERRUPT;
	/* With event indices the flag is not looked at (2.7.7.2): name the entry
	 * behind us instead, which is as far away as can be. */
	if (v->event)
		WRITE_ONCE(*v->used_event, cpu_to_le16(v->last_used_idx - 1));
	else
		WRITE_ONCE(v->avail->flags, cpu_to_le16(v->avail_flags_shadow));
}

/* Interrupts on, the next one when used.idx passes @event. */
static void split_enable_at(struct vring_virtqueue *v, u16 event)
{
	v->avail_flags_shadow &= (u16)~VRING_AVAIL_F_NO_INTERRUPT;
	if (v->event)
		WRITE_ONCE(*v->used_event, cpu_to_le16(event));
	else
		WRITE_ONCE(v->avail->flags, cpu_to_le16(v->avail_flags_shadow));
}

static unsigned int split_enable_cb_prepare(struct vring_virtqueue *v)
{
	split_enable_at(v, v->last_used_idx);
	return v->last_used_idx;
}

/* The wish must be out before we look; the device looks at the wish after
 * writing its index. virtio 1.2 2.7.7.1. */
static bool split_poll(const struct vring_virtqueue *v, unsigned int last_used_idx)
{
	virt_mb();
	return (u16)last_used_idx != le16_to_cpu(READ_ONCE(v->used->idx));
}

static bool split_enable_cb_delayed(struct vring_virtqueue *v)
{
	u16 bufs = (u16)(v->avail_idx_shadow - v->last_used_idx);

	bufs = (u16)(bufs * 3U / 4);
	split_enable_at(v, (u16)(v->last_used_idx + bufs));
	virt_mb();
	return (u16)(le16_to_cpu(READ_ONCE(v->used->idx)) - v->last_used_idx) <= bufs;
}

static size_t split_dump(const struct vring_virtqueue *v, char *buf, size_t size)
{
	return (size_t)scnprintf(buf, size,
		"avail %u used %u seen %u used_event %u avail_event %u",
		v->avail_idx_shadow, le16_to_cpu(READ_ONCE(v->used->idx)), v->last_used_idx,
		le16_to_cpu(*v->used_event), le16_to_cpu(READ_ONCE(*v->avail_event)));
}

const struct vring_ops vring_split_ops = {
	.alloc = split_alloc,
	.add = split_add,
	.kick_prepare = split_kick_prepare,
	.get_buf = split_get_buf,
	.more_used = split_more_used,
	.detach = split_detach,
	.disable_cb = split_disable_cb,
	.enable_cb_prepare = split_enable_cb_prepare,
	.poll = split_poll,
	.enable_cb_delayed = split_enable_cb_delayed,
	.dump = split_dump,
};
