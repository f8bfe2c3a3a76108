// SPDX-License-Identifier: MIT
/*
 * The floor's virtio-net: modern, over PCI, split rings that are looked at.
 *
 * A descriptor is one whole buffer, virtio's header in front of the frame. With
 * buffers of 64 KiB there is nothing to merge.
 *
 * Read first: virtio 1.2 2.7, 4.1, 5.1.
 */
#include "floor.h"

#include <linux/barrier.h>
#include <linux/byteorder.h>
#include <linux/pci_regs.h>
#include <linux/string.h>
#include <linux/virtio_config.h>
#include <linux/virtio_net.h>
#include <linux/virtio_pci.h>
#include <linux/virtio_ring.h>

#define RX	0
#define TX	1
#define CSUM_START	(14 + 20)
#define CSUM_OFFSET	16

struct queue {
	struct vring_desc desc[RING_SIZE] __aligned(16);
	struct {
		struct vring_avail head;
		__le16 ring[RING_SIZE + 1];
	} avail;
	struct {
		struct vring_used head;
		struct vring_used_elem ring[RING_SIZE];
		__le16 event;
	} used __aligned(4096);
	u8 *buf[RING_SIZE];		/* of each descriptor */
	u16 free[RING_SIZE];		/* descriptors that are not the device's */
	unsigned int nr_free;
	u16 seen;			/* of the used ring */
	u16 told;			/* of the available ring, by a doorbell */
	volatile u16 *doorbell;
};

static struct queue queues[2];
static volatile struct virtio_pci_common_cfg *common;

static const u64 features = 1ULL << VIRTIO_F_VERSION_1 | 1ULL << VIRTIO_NET_F_MAC |
	1ULL << VIRTIO_NET_F_CSUM | 1ULL << VIRTIO_NET_F_GUEST_CSUM |
	1ULL << VIRTIO_NET_F_GUEST_TSO4 | 1ULL << VIRTIO_NET_F_HOST_TSO4;

/* ---- the rings ---------------------------------------------------------------------- */

static void queue_put(struct queue *q, u8 *buf, u32 len, u16 flags)
{
	u16 id = q->free[--q->nr_free], at = le16_to_cpu(q->avail.head.idx);

	q->buf[id] = buf;
	q->desc[id] = (struct vring_desc){ .addr = cpu_to_le64((u64)buf),
					   .len = cpu_to_le32(len), .flags = cpu_to_le16(flags) };
	q->avail.ring[at % RING_SIZE] = cpu_to_le16(id);
	dma_wmb();
	WRITE_ONCE(q->avail.head.idx, cpu_to_le16((u16)(at + 1)));
}

/* The next buffer that the device is done with; NULL: none. */
static u8 *queue_take(struct queue *q, u32 *len)
{
	const struct vring_used_elem *e = &q->used.ring[q->seen % RING_SIZE];
	u32 id;

	if (q->seen == le16_to_cpu(READ_ONCE(q->used.head.idx)))
		return NULL;
	dma_rmb();
	id = le32_to_cpu(e->id) % RING_SIZE;
	*len = le32_to_cpu(e->len);
	q->seen++;
	q->free[q->nr_free++] = (u16)id;
	return q->buf[id];
}

static void queue_tell(struct queue *q)
{
	u16 at = le16_to_cpu(q->avail.head.idx);

	if (at == q->told)
		return;
	q->told = at;
	mb();				/* the index is seen before the flag is asked */
	if (!(READ_ONCE(q->used.head.flags) & cpu_to_le16(VRING_USED_F_NO_NOTIFY)))
		*q->doorbell = (u16)(q - queues);
}

static u8 *virtio_receive(u32 *len)
{
	u8 *buf = queue_take(&queues[RX], len), *fresh;

	if (!buf)
		return NULL;
	*len = *len > BUF_HEAD ? *len - BUF_HEAD : 0;
	fresh = buf_get();
	if (fresh)
		queue_put(&queues[RX], fresh, BUF_SIZE, VRING_DESC_F_WRITE);
	return buf;
}

static bool virtio_send(u8 *buf, const struct frame *f)
{
	struct virtio_net_hdr_v1 *hdr = (struct virtio_net_hdr_v1 *)(void *)buf;

	if (!queues[TX].nr_free)
		return false;
	memset(hdr, 0, sizeof(*hdr));
	if (f->csum) {
		hdr->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
		hdr->csum_start = cpu_to_le16(CSUM_START);
		hdr->csum_offset = cpu_to_le16(CSUM_OFFSET);
	}
	if (f->tso) {
		hdr->gso_type = VIRTIO_NET_HDR_GSO_TCPV4;
		hdr->gso_size = cpu_to_le16(CANNED_MSS);
		hdr->hdr_len = cpu_to_le16((u16)f->head_len);
	}
	queue_put(&queues[TX], buf, BUF_HEAD + f->len, 0);
	return true;
}

static void virtio_flush(void)
{
	u32 len;
	u8 *buf;

	queue_tell(&queues[TX]);
	while ((buf = queue_take(&queues[TX], &len)))
		buf_put(buf);
	while (queues[RX].nr_free && (buf = buf_get()))
		queue_put(&queues[RX], buf, BUF_SIZE, VRING_DESC_F_WRITE);
	queue_tell(&queues[RX]);
}

/* ---- bringing it up ------------------------------------------------------------------- */

/* Where the capability of @type points; its own offset to @cap. */
static volatile void *find_cap(unsigned int devfn, u8 type, unsigned int *cap)
{
	unsigned int at = conf_read(devfn, PCI_CAPABILITY_LIST) & 0xfc;

	for (; at; at = conf_read(devfn, at + PCI_CAP_LIST_NEXT) & 0xfc) {
		u32 head = conf_read(devfn, at);

		if ((head & 0xff) != PCI_CAP_ID_VNDR || head >> 24 != type)
			continue;
		*cap = at;
		return (volatile void *)(bar_address(devfn, conf_read(devfn, at + 4) & 7) +
					 conf_read(devfn, at + 8));
	}
	return NULL;
}

static void queue_open(unsigned int nr, volatile u8 *notify, u32 multiplier)
{
	struct queue *q = &queues[nr];
	unsigned int i;

	for (i = 0; i < RING_SIZE; i++)
		q->free[q->nr_free++] = (u16)i;
	q->avail.head.flags = cpu_to_le16(VRING_AVAIL_F_NO_INTERRUPT);
	common->queue_select = cpu_to_le16((u16)nr);
	common->queue_size = cpu_to_le16(RING_SIZE);
	common->queue_desc_lo = cpu_to_le32((u32)(u64)q->desc);
	common->queue_desc_hi = 0;
	common->queue_avail_lo = cpu_to_le32((u32)(u64)&q->avail);
	common->queue_avail_hi = 0;
	common->queue_used_lo = cpu_to_le32((u32)(u64)&q->used);
	common->queue_used_hi = 0;
	q->doorbell = (volatile u16 *)(volatile void *)
		(notify + le16_to_cpu(common->queue_notify_off) * multiplier);
	common->queue_enable = cpu_to_le16(1);
}

static bool agree(void)
{
	unsigned int half;

	common->device_status = 0;
	common->device_status = VIRTIO_CONFIG_S_ACKNOWLEDGE | VIRTIO_CONFIG_S_DRIVER;
	for (half = 0; half < 2; half++) {
		common->device_feature_select = cpu_to_le32(half);
		common->guest_feature_select = cpu_to_le32(half);
		common->guest_feature = common->device_feature &
			cpu_to_le32((u32)(features >> (32 * half)));
	}
	common->device_status |= VIRTIO_CONFIG_S_FEATURES_OK;
	return common->device_status & VIRTIO_CONFIG_S_FEATURES_OK;
}

static bool virtio_open(unsigned int devfn, u8 *mac)
{
	volatile struct virtio_net_config *config;
	unsigned int cap, notify_cap, i;
	volatile u8 *notify;
	u32 multiplier;

	common = find_cap(devfn, VIRTIO_PCI_CAP_COMMON_CFG, &cap);
	config = find_cap(devfn, VIRTIO_PCI_CAP_DEVICE_CFG, &cap);
	notify = find_cap(devfn, VIRTIO_PCI_CAP_NOTIFY_CFG, &notify_cap);
	if (!common || !config || !notify || !agree())
		return false;
	multiplier = conf_read(devfn, notify_cap + VIRTIO_PCI_NOTIFY_CAP_MULT);
	for (i = 0; i < 6; i++)
		mac[i] = config->mac[i];
	queue_open(RX, notify, multiplier);
	queue_open(TX, notify, multiplier);
	common->device_status |= VIRTIO_CONFIG_S_DRIVER_OK;
	virtio_flush();
	return true;
}

const struct nic virtio_nic = {
	.name = "virtio", .vendor = 0x1af4, .device = VIRTIO_PCI_DEVICE_MODERN + 1,
	.tso_with_length = true, .open = virtio_open, .receive = virtio_receive,
	.send = virtio_send, .flush = virtio_flush,
};
