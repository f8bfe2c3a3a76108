/* SPDX-License-Identifier: MIT */
/*
 * The split virtqueue in memory. virtio 1.2 2.7. All fields little-endian.
 *
 *   descriptor table      driver -> device area     device -> driver area
 *   +--------------+      +-------+-----+-------    +-------+-----+----------
 *   | addr len     | num  | flags | idx | ring[num] | flags | idx | ring[num]
 *   | flags next   | of   +-------+-----+-------    +-------+-----+----------
 *   +--------------+ them   ... used_event            ... avail_event
 */
#ifndef UAPI_LINUX_VIRTIO_RING_H
#define UAPI_LINUX_VIRTIO_RING_H

#include <linux/types.h>

#define VRING_DESC_F_NEXT	1	/* goes on at .next */
#define VRING_DESC_F_WRITE	2	/* for the device to write (else: to read) */
#define VRING_DESC_F_INDIRECT	4	/* points at a table of descriptors */

#define VRING_USED_F_NO_NOTIFY	1	/* device: no doorbell needed */
#define VRING_AVAIL_F_NO_INTERRUPT 1	/* driver: no interrupt needed */

#define VRING_DESC_ALIGN_SIZE	16
#define VRING_AVAIL_ALIGN_SIZE	2
#define VRING_USED_ALIGN_SIZE	4
#define VRING_MAX_NUM		32768

struct vring_desc {
	__le64 addr;		/* bus address of the buffer */
	__le32 len;		/* bytes */
	__le16 flags;		/* VRING_DESC_F_* */
	__le16 next;		/* index of the next one, when F_NEXT */
};
static_assert(sizeof(struct vring_desc) == 16, "virtio 1.2 2.7.5");

struct vring_avail {
	__le16 flags;		/* VRING_AVAIL_F_* */
	__le16 idx;		/* where the driver puts the next entry; free running */
	__le16 ring[];		/* heads of chains; then used_event */
};
static_assert(sizeof(struct vring_avail) == 4, "virtio 1.2 2.7.6");

struct vring_used_elem {
	__le32 id;		/* head of the chain that was used */
	__le32 len;		/* bytes the device wrote into it */
};
static_assert(sizeof(struct vring_used_elem) == 8, "virtio 1.2 2.7.8");

struct vring_used {
	__le16 flags;		/* VRING_USED_F_* */
	__le16 idx;		/* where the device puts the next entry; free running */
	struct vring_used_elem ring[];	/* then avail_event */
};
static_assert(sizeof(struct vring_used) == 4, "virtio 1.2 2.7.8");

/* ---- the packed virtqueue; 2.8 ---- */

#define VRING_PACKED_DESC_F_AVAIL	7	/* bit: the driver's wrap counter */
#define VRING_PACKED_DESC_F_USED	15	/* bit: the device's, or the opposite of AVAIL */

#define VRING_PACKED_EVENT_FLAG_ENABLE	0
#define VRING_PACKED_EVENT_FLAG_DISABLE	1
#define VRING_PACKED_EVENT_FLAG_DESC	2	/* only at off_wrap; with EVENT_IDX */
#define VRING_PACKED_EVENT_F_WRAP_CTR	15	/* bit of off_wrap */

struct vring_packed_desc {
	__le64 addr;		/* bus address of the buffer */
	__le32 len;		/* bytes; of a used one, written */
	__le16 id;		/* of the buffer */
	__le16 flags;		/* VRING_DESC_F_*, AVAIL, USED */
};
static_assert(sizeof(struct vring_packed_desc) == 16, "virtio 1.2 2.8.13");

/* What one side wants to hear of; 2.8.14. */
struct vring_packed_desc_event {
	__le16 off_wrap;	/* descriptor, and the wrap counter it is meant with */
	__le16 flags;		/* VRING_PACKED_EVENT_FLAG_* */
};
static_assert(sizeof(struct vring_packed_desc_event) == 4, "virtio 1.2 2.8.14");

/* Whether somebody who asked to be told at @event_idx is to be told now that
 * the index went from @old to @new_idx. virtio 1.2 2.7.7.1; modulo 2^16. */
static inline bool vring_need_event(u16 event_idx, u16 new_idx, u16 old)
{
	return (u16)(new_idx - event_idx - 1) < (u16)(new_idx - old);
}

#endif
