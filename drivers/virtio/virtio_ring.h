/* SPDX-License-Identifier: MIT */
/*
 * A virtqueue from inside: what virtio_ring.c (all that does not depend on the
 * layout), virtio_ring_split.c and virtio_ring_packed.c share.
 *
 * Both layouts number buffers from 0 to num - 1: the split ring by the descriptor
 * that a chain begins with, the packed one by an id of its own. Free ones, and the
 * pieces of a chain, are lists through desc_extra[].next.
 */
#ifndef DRIVERS_VIRTIO_RING_H
#define DRIVERS_VIRTIO_RING_H

#include <linux/dma-mapping.h>
#include <linux/virtio.h>
#include <linux/virtio_ring.h>

/* What is to be remembered of a piece; never read back from the ring. */
struct vring_desc_extra {
	dma_addr_t addr;
	u32 len;
	u16 flags;			/* VRING_DESC_F_* */
	u16 next;			/* in the chain, or in the free list */
};

/* A table outside the ring, and what is to be remembered of it. */
struct vring_indirect {
	dma_addr_t addr;		/* of the table */
	unsigned int n;
	struct vring_desc_extra *extra;	/* behind the table, in the same block */
	union {				/* n of one of them */
		struct vring_desc table[0] __aligned(16);
		struct vring_packed_desc packed_table[0];
	};
};

struct vring_desc_state {
	void *data;			/* the driver's token; NULL: not in use */
	struct vring_indirect *indir;	/* or NULL */
	u16 num;			/* packed: descriptors in the ring */
};

struct vring_virtqueue;

/* What depends on the layout. */
struct vring_ops {
	/* Makes the ring; v->num is set. 0 or -ENOMEM. */
	int (*alloc)(struct vring_virtqueue *v);
	/* As virtqueue_add_sgs(), @total pieces. */
	int (*add)(struct vring_virtqueue *v, const struct scatterlist *sg, unsigned int out,
		   unsigned int total, void *data);
	bool (*kick_prepare)(struct vring_virtqueue *v);
	void *(*get_buf)(struct vring_virtqueue *v, unsigned int *len);
	bool (*more_used)(const struct vring_virtqueue *v);
	/* Unmaps buffer @id and makes it free. */
	void (*detach)(struct vring_virtqueue *v, unsigned int id);
	/* As virtqueue_disable_cb() and its siblings; cb_off is the caller's. */
	void (*disable_cb)(struct vring_virtqueue *v);
	unsigned int (*enable_cb_prepare)(struct vring_virtqueue *v);
	bool (*poll)(const struct vring_virtqueue *v, unsigned int last_used);
	bool (*enable_cb_delayed)(struct vring_virtqueue *v);
	/* Indices and event indices. */
	size_t (*dump)(const struct vring_virtqueue *v, char *buf, size_t size);
};

struct vring_virtqueue {
	struct virtqueue vq;
	const struct vring_ops *ops;
	bool (*notify)(struct virtqueue *vq);	/* rings the doorbell */

	unsigned int num;		/* entries; of a split ring, a power of two */
	dma_addr_t dma_addr;		/* of the block that holds all parts */
	size_t dma_size;
	size_t avail_offset, used_offset;	/* parts two and three in it */
	void *dma_mem;

	bool broken;			/* the device did what cannot be */
	bool indirect;			/* RING_INDIRECT_DESC agreed upon */
	bool event;			/* RING_EVENT_IDX agreed upon */
	bool cb_off;			/* no interrupt is asked for */
	u16 free_head;			/* of the list of free buffers */
	u16 num_added;			/* since the last look at the doorbell */
	u16 last_used_idx;		/* next entry to look at for a used buffer */
	unsigned int outstanding;	/* buffers that the device has */

	union {
		struct {		/* virtio_ring_split.c */
			struct vring_desc *desc;
			struct vring_avail *avail;
			struct vring_used *used;
			__le16 *used_event;		/* behind avail->ring */
			const __le16 *avail_event;	/* behind used->ring */
			u16 avail_flags_shadow;		/* avail->flags, unread */
			u16 avail_idx_shadow;		/* avail->idx, likewise */
		};
		struct {		/* virtio_ring_packed.c */
			struct vring_packed_desc *ring;
			struct vring_packed_desc_event *driver_event;
			const struct vring_packed_desc_event *device_event;
			u16 next_avail_idx;		/* next descriptor to write */
			bool avail_wrap;		/* flips when that wraps */
			bool used_wrap;			/* and when last_used_idx does */
			u16 event_flags_shadow;		/* driver_event->flags, unread */
		};
	};

	struct virtqueue_stats stats;
	struct vring_desc_state *desc_state;	/* by buffer, num of them */
	struct vring_desc_extra *desc_extra;	/* num of them */
};

#define to_vvq(v) container_of(v, struct vring_virtqueue, vq)

#define BAD_RING(v, fmt, args...) do {					\
	dev_err(&(v)->vq.vdev->dev, "%s: " fmt "\n", (v)->vq.name, ##args); \
	(v)->broken = true;						\
} while (0)

static inline struct device *vring_dma_dev(const struct vring_virtqueue *v)
{
	return v->vq.vdev->dma_dev;
}

static inline enum dma_data_direction vring_direction(u16 flags)
{
	return flags & VRING_DESC_F_WRITE ? DMA_FROM_DEVICE : DMA_TO_DEVICE;
}

/* Maps one piece and remembers it. 0 or -ENOMEM. */
static inline int vring_map(struct vring_virtqueue *v, struct vring_desc_extra *extra,
			    const struct scatterlist *sg, u16 flags)
{
	dma_addr_t addr = dma_map_single(vring_dma_dev(v), sg->addr, sg->length,
					 vring_direction(flags));

	if (dma_mapping_error(vring_dma_dev(v), addr))
		return -ENOMEM;
	extra->addr = addr;
	extra->len = sg->length;
	extra->flags = flags;
	return 0;
}

static inline void vring_unmap(const struct vring_virtqueue *v,
			       const struct vring_desc_extra *extra)
{
	dma_unmap_single(vring_dma_dev(v), extra->addr, extra->len,
			 vring_direction(extra->flags));
}

/* F_WRITE for the pieces behind the @out first, F_NEXT for all but the last. */
static inline u16 vring_flags(unsigned int i, unsigned int out, unsigned int total)
{
	return (u16)((i >= out ? VRING_DESC_F_WRITE : 0) |
		     (i + 1 < total ? VRING_DESC_F_NEXT : 0));
}

/* A shorter chain goes into the ring itself: a table of its own costs an
 * allocation and the device another read. */
#define VRING_INDIRECT_MIN	4

static inline bool vring_wants_indirect(const struct vring_virtqueue *v, unsigned int total)
{
	return v->indirect && total >= VRING_INDIRECT_MIN && v->vq.num_free;
}

/* virtio_ring.c */
int vring_alloc_block(struct vring_virtqueue *v, size_t avail_offset, size_t used_offset,
		      size_t size);
struct vring_indirect *vring_map_indirect(struct vring_virtqueue *v,
					  const struct scatterlist *sg, unsigned int out,
					  unsigned int total);
int vring_map_table(struct vring_virtqueue *v, struct vring_indirect *indir);
void vring_unmap_indirect(struct vring_virtqueue *v, struct vring_indirect *indir);

extern const struct vring_ops vring_split_ops;
extern const struct vring_ops vring_packed_ops;

#endif
