// SPDX-License-Identifier: MIT
/*
 * The packed virtqueue: one ring of descriptors that both sides write.
 *
 *   ring[]   | used | used | avail | avail | avail | old | old |
 *                            ^               ^
 *                            last_used_idx   next_avail_idx
 *
 * Each side has a wrap counter, which flips when its index wraps. The driver makes a
 * descriptor available with AVAIL = its counter and USED = the opposite; the device
 * returns one, with id and length, by setting both to its counter. A chain takes as
 * many descriptors as it has pieces but is returned by one, which counts for all.
 *
 * An id is given for as long as the device has the buffer; the descriptors it was
 * written to are forgotten, since the device may overwrite them in another order. What
 * the device writes is not trusted: an id that cannot be breaks the queue.
 *
 * Linux: drivers/virtio/virtio_ring.c (virtqueue_*_packed)
 * Read first: virtio 1.2, 2.8.
 * Left out: in-order use (2.8.9 ff.).
 */
#include <linux/barrier.h>
#include <linux/byteorder.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "virtio_ring.h"

#define PACKED_AVAIL	(1U << VRING_PACKED_DESC_F_AVAIL)
#define PACKED_USED	(1U << VRING_PACKED_DESC_F_USED)
#define PACKED_WRAP	(1U << VRING_PACKED_EVENT_F_WRAP_CTR)

/* The ring and the two event structures, each of which one side writes; 2.8.10. */
static int packed_alloc(struct vring_virtqueue *v)
{
	size_t ring_size = v->num * sizeof(struct vring_packed_desc);
	size_t driver_offset = ALIGN(ring_size, 64UL);
	size_t device_offset = driver_offset + 64;
	u8 *mem;

	if (vring_alloc_block(v, driver_offset, device_offset,
			      device_offset + sizeof(struct vring_packed_desc_event)))
		return -ENOMEM;
	mem = v->dma_mem;
	v->ring = (void *)mem;
	v->driver_event = (void *)(mem + driver_offset);
	v->device_event = (const void *)(mem + device_offset);
	v->avail_wrap = v->used_wrap = true;
	return 0;
}

/* ---- giving buffers to the device ---------------------------------------- */

/* Writes the next descriptor; its flags when @publish, else they are returned: the
 * device shall see the first of a chain last. */
static u16 packed_write_desc(struct vring_virtqueue *v, const struct vring_desc_extra *extra,
			     u16 id, bool publish)
{
	struct vring_packed_desc *desc = &v->ring[v->next_avail_idx];
	u16 flags = extra->flags | (u16)(v->avail_wrap ? PACKED_AVAIL : PACKED_USED);

	desc->addr = cpu_to_le64(extra->addr);
	desc->len = cpu_to_le32(extra->len);
	desc->id = cpu_to_le16(id);
	if (publish)
		desc->flags = cpu_to_le16(flags);
	if (++v->next_avail_idx == v->num) {
		v->next_avail_idx = 0;
		v->avail_wrap = !v->avail_wrap;
	}
	return flags;
}

/* A chain in the ring itself. @first receives the flags of its first descriptor,
 * which are not written yet. Descriptors in use or 0: out of memory. */
static u16 packed_add_direct(struct vring_virtqueue *v, const struct scatterlist *sg,
			     unsigned int out, unsigned int total, u16 id, u16 *first)
{
	unsigned int i = id, n, at;

	/* Nothing is written before all of it is mapped: what was once in the ring
	 * cannot be taken back. */
	for (n = 0; n < total; n++, i = v->desc_extra[i].next)
		if (vring_map(v, &v->desc_extra[i], &sg[n], vring_flags(n, out, total)))
			goto unmap;
	for (n = 0, i = id; n < total; n++, i = v->desc_extra[i].next) {
		u16 flags = packed_write_desc(v, &v->desc_extra[i], id, n > 0);

		if (!n)
			*first = flags;
	}
	v->free_head = (u16)i;
	return (u16)total;

unmap:
	for (at = id; n--; at = v->desc_extra[at].next)
		vring_unmap(v, &v->desc_extra[at]);
	return 0;
}

/* A chain in a table of its own, 2.8.7: its order is that of the table, and of the
 * flags only F_WRITE counts. NULL when there is no memory. */
static struct vring_indirect *packed_add_indirect(struct vring_virtqueue *v,
						  const struct scatterlist *sg,
						  unsigned int out, unsigned int total, u16 id,
						  u16 *first)
{
	struct vring_indirect *indir = vring_map_indirect(v, sg, out, total);
	struct vring_desc_extra *extra = &v->desc_extra[id];
	unsigned int n;

	if (!indir)
		return NULL;
	for (n = 0; n < total; n++)
		indir->packed_table[n] = (struct vring_packed_desc){
			.addr = cpu_to_le64(indir->extra[n].addr),
			.len = cpu_to_le32(indir->extra[n].len),
			.flags = cpu_to_le16(indir->extra[n].flags & VRING_DESC_F_WRITE),
		};
	if (vring_map_table(v, indir))
		return NULL;
	extra->addr = indir->addr;
	extra->len = (u32)(total * sizeof(struct vring_packed_desc));
	extra->flags = VRING_DESC_F_INDIRECT;
	v->free_head = extra->next;
	*first = packed_write_desc(v, extra, id, false);
	return indir;
}

static int packed_add(struct vring_virtqueue *v, const struct scatterlist *sg, unsigned int out,
		      unsigned int total, void *data)
{
	u16 id = v->free_head, at = v->next_avail_idx, first = 0, used = 1;
	struct vring_desc_state *state;
	struct vring_indirect *indir = NULL;

	if (vring_wants_indirect(v, total))
		indir = packed_add_indirect(v, sg, out, total, id, &first);
	if (!indir) {
		if (unlikely(v->vq.num_free < total))
			return -ENOSPC;
		used = packed_add_direct(v, sg, out, total, id, &first);
		if (unlikely(!used))
			return -ENOMEM;
	}
	state = &v->desc_state[id];
	state->data = data;
	state->indir = indir;
	state->num = used;
	v->vq.num_free -= used;
	v->num_added += used;
	/* The device must see all of the chain before the flags of its first
	 * descriptor, which hand it over. virtio 1.2 2.8.21.1. */
	virt_wmb();
	WRITE_ONCE(v->ring[at].flags, cpu_to_le16(first));
	return 0;
}

static bool packed_kick_prepare(struct vring_virtqueue *v)
{
	u16 new_idx = v->next_avail_idx;
	u16 old = new_idx - v->num_added;
	u16 off_wrap, event, flags;

	/* As in the split ring: flags of descriptors first, then a look at what the
	 * device wants. virtio 1.2 2.8.21.3.1. */
	virt_mb();
	off_wrap = le16_to_cpu(READ_ONCE(v->device_event->off_wrap));
	flags = le16_to_cpu(READ_ONCE(v->device_event->flags));
	v->num_added = 0;
	if (new_idx == old)
		return false;
	if (flags != VRING_PACKED_EVENT_FLAG_DESC || !v->event)
		return flags != VRING_PACKED_EVENT_FLAG_DISABLE;
	/* 2.8.10: an offset of the lap before counts from there. */
	event = off_wrap & (u16)~PACKED_WRAP;
	if (!!(off_wrap & PACKED_WRAP) != v->avail_wrap)
		event -= (u16)v->num;
	return vring_need_event(event, new_idx, old);
}

/* ---- taking buffers back -------------------------------------------------- */

static bool packed_is_used(const struct vring_virtqueue *v, u16 idx, bool wrap)
{
	u16 flags = le16_to_cpu(READ_ONCE(v->ring[idx].flags));

	return !!(flags & PACKED_AVAIL) == wrap && !!(flags & PACKED_USED) == wrap;
}

static bool packed_more_used(const struct vring_virtqueue *v)
{
	return packed_is_used(v, v->last_used_idx, v->used_wrap);
}

/* Unmaps buffer @id and puts the ids of its pieces on the free list. */
static void packed_detach(struct vring_virtqueue *v, unsigned int id)
{
	struct vring_desc_state *state = &v->desc_state[id];
	unsigned int i = id, n;

	if (state->indir) {
		vring_unmap_indirect(v, state->indir);
	} else {
		vring_unmap(v, &v->desc_extra[i]);
		for (n = 1; n < state->num; n++) {
			i = v->desc_extra[i].next;
			vring_unmap(v, &v->desc_extra[i]);
		}
	}
	state->data = NULL;
	state->indir = NULL;
	v->desc_extra[i].next = v->free_head;
	v->free_head = (u16)id;
	v->vq.num_free += state->num;
}

/* Where @n descriptors behind last_used_idx is, as an event offset; 2.8.10. */
static u16 packed_ahead(const struct vring_virtqueue *v, unsigned int n)
{
	unsigned int at = v->last_used_idx + n;
	bool wrap = v->used_wrap;

	if (at >= v->num) {
		at -= v->num;
		wrap = !wrap;
	}
	return (u16)(at | (wrap ? PACKED_WRAP : 0));
}

static void *packed_get_buf(struct vring_virtqueue *v, unsigned int *len)
{
	const struct vring_packed_desc *desc = &v->ring[v->last_used_idx];
	u16 id, next;
	void *data;

	if (!packed_more_used(v))
		return NULL;
	/* Not before the flags that say it is there. virtio 1.2 2.8.22. */
	virt_rmb();
	id = le16_to_cpu(READ_ONCE(desc->id));
	*len = le32_to_cpu(READ_ONCE(desc->len));
	if (unlikely(id >= v->num)) {
		BAD_RING(v, "device used buffer %u of %u", id, v->num);
		return NULL;
	}
	data = v->desc_state[id].data;
	if (unlikely(!data)) {
		BAD_RING(v, "device used buffer %u, which it does not have", id);
		return NULL;
	}
	next = packed_ahead(v, v->desc_state[id].num);
	v->last_used_idx = next & (u16)~PACKED_WRAP;
	v->used_wrap = next & PACKED_WRAP;
	packed_detach(v, id);
	/* With interrupts on, the next one shall raise one. */
	if (v->event && !v->cb_off) {
		WRITE_ONCE(v->driver_event->off_wrap, cpu_to_le16(next));
		virt_mb();
	}
	return data;
}

/* ---- interrupts ------------------------------------------------------------ */

static void packed_set_event_flags(struct vring_virtqueue *v, u16 flags)
{
	if (v->event_flags_shadow == flags)
		return;
	v->event_flags_shadow = flags;
	WRITE_ONCE(v->driver_event->flags, cpu_to_le16(flags));
}

static void packed_disable_cb(struct vring_virtqueue *v)
{
	packed_set_event_flags(v, VRING_PACKED_EVENT_FLAG_DISABLE);
}

/* Interrupts on; with event indices, the next one @n descriptors from here. */
static void packed_enable_at(struct vring_virtqueue *v, unsigned int n)
{
	if (!v->event) {
		packed_set_event_flags(v, VRING_PACKED_EVENT_FLAG_ENABLE);
		return;
	}
	WRITE_ONCE(v->driver_event->off_wrap, cpu_to_le16(packed_ahead(v, n)));
	/* The offset before the flag that has it looked at. */
	virt_wmb();
	packed_set_event_flags(v, VRING_PACKED_EVENT_FLAG_DESC);
}

static unsigned int packed_enable_cb_prepare(struct vring_virtqueue *v)
{
	packed_enable_at(v, 0);
	return packed_ahead(v, 0);
}

/* The wish must be out before we look, as in the split ring. */
static bool packed_poll(const struct vring_virtqueue *v, unsigned int last_used)
{
	virt_mb();
	return packed_is_used(v, (u16)(last_used & ~PACKED_WRAP), last_used & PACKED_WRAP);
}

/* The place is counted in descriptors, and may be inside of a chain: a look there
 * would see what an older one left. So false, too, when one buffer is used. */
static bool packed_enable_cb_delayed(struct vring_virtqueue *v)
{
	packed_enable_at(v, (v->num - v->vq.num_free) * 3 / 4);
	virt_mb();
	return !packed_more_used(v);
}

static size_t packed_dump(const struct vring_virtqueue *v, char *buf, size_t size)
{
	return (size_t)scnprintf(buf, size,
		"packed avail %u/%u seen %u/%u driver_event %#x/%u device_event %#x/%u",
		v->next_avail_idx, v->avail_wrap, v->last_used_idx, v->used_wrap,
		le16_to_cpu(v->driver_event->off_wrap), le16_to_cpu(v->driver_event->flags),
		le16_to_cpu(READ_ONCE(v->device_event->off_wrap)),
		le16_to_cpu(READ_ONCE(v->device_event->flags)));
}

const struct vring_ops vring_packed_ops = {
	.alloc = packed_alloc,
	.add = packed_add,
	.kick_prepare = packed_kick_prepare,
	.get_buf = packed_get_buf,
	.more_used = packed_more_used,
	.detach = packed_detach,
	.disable_cb = packed_disable_cb,
	.enable_cb_prepare = packed_enable_cb_prepare,
	.poll = packed_poll,
	.enable_cb_delayed = packed_enable_cb_delayed,
	.dump = packed_dump,
};
