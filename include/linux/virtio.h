/* SPDX-License-Identifier: MIT */
/*
 * virtio devices, drivers and queues (drivers/virtio/). The transports
 * (virtio_pci_modern.c, virtio_mmio.c) make a struct virtio_device for each
 * device found; drivers see only this.
 *
 * Read first: virtio 1.2, chapters 2 and 3.
 * Linux: linux/virtio.h, linux/virtio_config.h, linux/virtio_ring.h,
 * linux/mod_devicetable.h.
 */
#ifndef LINUX_VIRTIO_H
#define LINUX_VIRTIO_H

#include <linux/device.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/scatterlist.h>
#include <linux/types.h>
#include <linux/virtio_config.h>
#include <linux/virtio_ids.h>

struct virtio_device;
struct virtqueue;

typedef void vq_callback_t(struct virtqueue *vq);	/* hardirq context */

struct virtio_device_id {
	u32 device;			/* VIRTIO_ID_*; 0 ends a table */
};

/* What a transport does. Context of all but get/set/notify: process. */
struct virtio_config_ops {
	/* Device configuration space; drivers use virtio_cread*() instead. */
	void (*get)(struct virtio_device *vdev, unsigned int offset, void *buf,
		    unsigned int len);
	void (*set)(struct virtio_device *vdev, unsigned int offset, const void *buf,
		    unsigned int len);
	u32 (*generation)(struct virtio_device *vdev);
	u8 (*get_status)(struct virtio_device *vdev);
	void (*set_status)(struct virtio_device *vdev, u8 status);
	/* Returns when the device is reset: it uses no queue any more. 0 or -EIO. */
	int (*reset)(struct virtio_device *vdev);
	/* Makes the queues and their interrupts; @callbacks may be NULL each. A queue
	 * without a name is none of ours: @vqs gets NULL there. */
	int (*find_vqs)(struct virtio_device *vdev, unsigned int nvqs,
			struct virtqueue *vqs[], vq_callback_t *callbacks[],
			const char *const names[]);
	void (*del_vqs)(struct virtio_device *vdev);
	u64 (*get_features)(struct virtio_device *vdev);
	/* Writes vdev->features. */
	void (*set_features)(struct virtio_device *vdev);
	const char *(*bus_name)(const struct virtio_device *vdev);
	/* Interrupt number of a queue, to be shown. */
	int (*vq_irq)(const struct virtqueue *vq);
};

struct virtio_device {
	struct device dev;		/* driver_data is the driver's */
	struct device *dma_dev;		/* who reads and writes memory: the PCI
					 * function, or &dev */
	struct list_head node;		/* of all virtio devices */
	u32 id;				/* VIRTIO_ID_* */
	const struct virtio_config_ops *config;
	u64 features;			/* agreed upon */
	struct list_head vqs;
	struct virtio_driver *driver;	/* who took it, or NULL */
	bool config_enabled;		/* config_changed may be called */
	bool config_change_pending;	/* ... and was due while it might not */
};

struct virtio_driver {
	const char *name;
	const struct virtio_device_id *id_table;
	const unsigned int *feature_table;	/* bits the driver can use */
	unsigned int feature_table_size;
	/* Takes features away that need others which are not there; or NULL. */
	void (*validate)(struct virtio_device *vdev);
	/* Process context, may sleep. */
	int (*probe)(struct virtio_device *vdev);
	void (*remove)(struct virtio_device *vdev);
	void (*config_changed)(struct virtio_device *vdev);	/* hardirq context */
	struct list_head node;
};

/* ---- drivers/virtio/virtio.c --------------------------------------------- */

int __must_check register_virtio_driver(struct virtio_driver *drv);
void unregister_virtio_driver(struct virtio_driver *drv);
int __must_check register_virtio_device(struct virtio_device *vdev);
void unregister_virtio_device(struct virtio_device *vdev);
int __must_check virtio_negotiate(struct virtio_device *vdev);
void virtio_config_changed(struct virtio_device *vdev);
void virtio_add_status(struct virtio_device *vdev, u8 status);
void virtio_reset_device(struct virtio_device *vdev);
void virtio_device_ready(struct virtio_device *vdev);
void virtio_break_device(struct virtio_device *vdev);
void virtio_cread_bytes(struct virtio_device *vdev, unsigned int offset, void *buf,
			unsigned int len);
u16 virtio_cread16(struct virtio_device *vdev, unsigned int offset);

static inline bool virtio_has_feature(const struct virtio_device *vdev, unsigned int bit)
{
	return vdev->features & BIT_ULL(bit);
}

static inline void __virtio_clear_bit(struct virtio_device *vdev, unsigned int bit)
{
	vdev->features &= ~BIT_ULL(bit);
}

/* ---- drivers/virtio/virtio_ring.c ---------------------------------------- */

struct virtqueue {
	struct list_head list;		/* of vdev->vqs */
	vq_callback_t *callback;	/* hardirq: entries were used; or NULL */
	const char *name;
	struct virtio_device *vdev;
	unsigned int index;
	unsigned int num_free;		/* descriptors nobody uses */
	void *priv;			/* the transport's */
};

/* What the transports call. @notify rings the doorbell; any context. */
struct virtqueue *vring_create_virtqueue(unsigned int index, unsigned int num,
					 struct virtio_device *vdev,
					 bool (*notify)(struct virtqueue *vq),
					 vq_callback_t *callback, const char *name);
void vring_del_virtqueue(struct virtqueue *vq);
irqreturn_t vring_interrupt(int irq, void *vq);
u64 vring_transport_features(void);
dma_addr_t virtqueue_get_desc_addr(const struct virtqueue *vq);
dma_addr_t virtqueue_get_avail_addr(const struct virtqueue *vq);
dma_addr_t virtqueue_get_used_addr(const struct virtqueue *vq);

/* What drivers call. One at a time for each queue. */
int __must_check virtqueue_add_sgs(struct virtqueue *vq, const struct scatterlist *sg,
				   unsigned int out, unsigned int in, void *data);
int __must_check virtqueue_add_outbuf(struct virtqueue *vq, const struct scatterlist *sg,
				      unsigned int num, void *data);
int __must_check virtqueue_add_inbuf(struct virtqueue *vq, const struct scatterlist *sg,
				     unsigned int num, void *data);
bool virtqueue_kick_prepare(struct virtqueue *vq);
bool virtqueue_notify(struct virtqueue *vq);
bool virtqueue_kick(struct virtqueue *vq);
void *virtqueue_get_buf(struct virtqueue *vq, unsigned int *len);
void virtqueue_disable_cb(struct virtqueue *vq);
bool virtqueue_enable_cb(struct virtqueue *vq);
unsigned int virtqueue_enable_cb_prepare(struct virtqueue *vq);
bool virtqueue_enable_cb_delayed(struct virtqueue *vq);
bool virtqueue_poll(struct virtqueue *vq, unsigned int last_used_idx);
void *virtqueue_detach_unused_buf(struct virtqueue *vq);
unsigned int virtqueue_get_vring_size(const struct virtqueue *vq);
unsigned int virtqueue_outstanding(const struct virtqueue *vq);
bool virtqueue_is_broken(const struct virtqueue *vq);
void __virtqueue_break(struct virtqueue *vq);

struct virtqueue_stats {
	u64 kicks;		/* doorbells rung */
	u64 kicks_suppressed;	/* the device had said it need not be told */
	u64 interrupts;		/* with work in them */
	u64 spurious;		/* without */
};
const struct virtqueue_stats *virtqueue_get_stats(const struct virtqueue *vq);
/* One line of text: indices and event indices. */
size_t virtqueue_dump(const struct virtqueue *vq, char *buf, size_t size);

/* ---- drivers/virtio/virtio_mmio.c ----------------------------------------- */

void virtio_mmio_rescan(void);
void virtio_mmio_remove_all(void);

#endif
