// SPDX-License-Identifier: MIT
/*
 * The fake virtio device's registers: status and features, and the two
 * transports. Numbers in brackets are sections of virtio 1.2.
 */
#include "fake_virtio_regs.h"

#include <linux/byteorder.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/virtio.h>

#include "../unit/test.h"

/* Where the PCI capabilities point, in BAR 4. */
#define COMMON	0x0000
#define ISR	0x1000
#define DEVICE	0x2000
#define NOTIFY	0x3000
#define NOTIFY_MULT 4
#define BAR4_SIZE 0x4000

/* ---- status and features [2.1, 3.1.1] ---- */

static void reset(struct fake_virtio *f)
{
	unsigned int i;

	f->status = 0;
	f->isr = 0;
	f->accepted = 0;
	f->config_vector = 0xffff;
	f->queue_sel = 0;
	f->promisc = 1;
	f->pairs = 1;
	for (i = 0; i < FAKE_VIRTIO_VQS; i++) {
		u16 max = f->vq[i].max;

		memset(&f->vq[i], 0, sizeof(f->vq[i]));
		f->vq[i].max = f->vq[i].num = max;
		f->vq[i].vector = 0xffff;
	}
	fake_intx(&f->pci, false);
	f->irq_level = false;
}

/* [5.1.3.1] a feature of the first column without that of the second. */
static void check_required(u64 accepted)
{
	static const u8 requires[][2] = {
		{ 7, 1 }, { 8, 1 }, { 10, 1 }, { 11, 0 }, { 12, 0 }, { 14, 0 },
		{ 18, 17 }, { 21, 17 }, { 22, 17 }, { 23, 17 }, { 53, 17 }, { 56, 0 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(requires); i++)
		if ((accepted >> requires[i][0] & 1) && !(accepted >> requires[i][1] & 1))
			vfail("feature %u without %u", requires[i][0], requires[i][1]);
	if ((accepted >> 9 & 1) && !(accepted & (1 << 7 | 1 << 8)))
		vfail("GUEST_ECN without GUEST_TSO");
	if ((accepted >> 13 & 1) && !(accepted & (1 << 11 | 1 << 12)))
		vfail("HOST_ECN without HOST_TSO");
}

static void set_status(struct fake_virtio *f, u8 status)
{
	u8 added = status & ~f->status;

	if (!status) {
		if (!f->reset_hangs)
			reset(f);
		return;
	}
	if (f->status & ~status)
		vfail("status %#x takes bits away from %#x", status, f->status);
	if ((added & 2) && !(status & 1))
		vfail("DRIVER before ACKNOWLEDGE");
	if ((added & 8) && !(status & 2))
		vfail("FEATURES_OK before DRIVER");
	if ((added & 4) && !(status & 8))
		vfail("DRIVER_OK before FEATURES_OK");
	if (added & 8) {
		if (f->accepted & ~f->offered)
			vfail("features %#lx accepted of %#lx", f->accepted, f->offered);
		if (!(f->accepted >> 32 & 1))
			vfail("VERSION_1 not accepted");
		check_required(f->accepted);
		if (f->refuse_features)
			status &= (u8)~8U;
	}
	f->status = status;
}

static void accept(struct fake_virtio *f, u32 sel, u32 value)
{
	if (f->status & 8)
		vfail("features written after FEATURES_OK");
	if (sel > 1)
		return;
	f->accepted &= ~(0xffffffffULL << 32 * sel);
	f->accepted |= (u64)value << 32 * sel;
}

static u32 offer(const struct fake_virtio *f, u32 sel)
{
	return sel > 1 ? 0 : (u32)(f->offered >> 32 * sel);
}

static struct fake_vq *selected(struct fake_virtio *f)
{
	unsigned int n = min(fake_virtio_vqs(f), (unsigned int)FAKE_VIRTIO_VQS);

	return f->queue_sel < n ? &f->vq[f->queue_sel] : NULL;
}

/* [2.7.2, 4.1.5.1.3] */
static void enable_queue(struct fake_virtio *f, struct fake_vq *q)
{
	if (!(f->status & 8))
		vfail("queue set up before FEATURES_OK");
	if (!q->num || q->num > q->max ||
	    (!(f->accepted >> 34 & 1) && (q->num & (q->num - 1))))
		vfail("queue of %u entries, at most %u", q->num, q->max);
	if (!q->desc || q->desc % 16 || !q->avail || q->avail % 2 || !q->used || q->used % 4)
		vfail("queue at %#lx %#lx %#lx", q->desc, q->avail, q->used);
	q->ready = true;
}

static void set_half(u64 *field, u32 value, bool high)
{
	*field = high ? (*field & 0xffffffff) | (u64)value << 32 :
			(*field & ~0xffffffffULL) | value;
}

/** fake_virtio_interrupt() - by whatever way the driver set up */
void fake_virtio_interrupt(struct fake_virtio *f, u16 vector, u8 bit)
{
	if (f->on_mmio) {
		f->isr |= bit;
		if (!f->irq_level) {
			f->irq_level = true;
			host_raise_irq(FAKE_VIRTIO_MMIO_IRQ);
		}
		return;
	}
	if (f->pci.msix_cap &&
	    (fake_pci_get16(&f->pci, f->pci.msix_cap + PCI_MSIX_FLAGS) & PCI_MSIX_FLAGS_ENABLE)) {
		if (vector != 0xffff)
			fake_msix_send(&f->pci, vector);
		return;
	}
	f->isr |= bit;
	fake_intx(&f->pci, true);
}

static u64 config_read(struct fake_virtio *f, u64 off, unsigned int size)
{
	u64 v = 0;

	if (off + size > sizeof(f->config)) {
		vfail("configuration read of %u bytes at %lu", size, off);
		return 0;
	}
	memcpy(&v, f->config + off, size);
	return v;
}

/* ---- PCI [4.1.4.3] ---- */

/* Each field by its own width. */
static void width(u64 off, unsigned int size)
{
	static const u8 widths[56] = {
		[0x00] = 4, [0x04] = 4, [0x08] = 4, [0x0c] = 4, [0x10] = 2, [0x12] = 2,
		[0x14] = 1, [0x15] = 1, [0x16] = 2, [0x18] = 2, [0x1a] = 2, [0x1c] = 2,
		[0x1e] = 2, [0x20] = 4, [0x24] = 4, [0x28] = 4, [0x2c] = 4, [0x30] = 4,
		[0x34] = 4,
	};

	if (off >= sizeof(widths) || widths[off] != size)
		vfail("common configuration: %u bytes at %#lx", size, off);
}

static u64 common_read_queue(struct fake_virtio *f, u64 off)
{
	const struct fake_vq *q = selected(f);

	if (!q)
		return 0;
	switch (off) {
	case 0x18: return q->num;
	case 0x1a: return q->vector;
	case 0x1c: return q->ready;
	case 0x1e: return f->queue_sel;
	default: return 0;
	}
}

static u64 common_read(struct fake_virtio *f, u64 off)
{
	switch (off) {
	case 0x00: return f->feature_sel[0];
	case 0x04: return offer(f, f->feature_sel[0]);
	case 0x0c: return (u32)(f->accepted >> 32 * (f->feature_sel[1] & 1));
	case 0x10: return f->config_vector;
	case 0x12: return (u16)fake_virtio_vqs(f);
	case 0x14: return f->reset_hangs ? f->status | 1 : f->status;
	case 0x15: return f->generation;
	case 0x16: return f->queue_sel;
	default: return common_read_queue(f, off);
	}
}

static u16 vector_ok(const struct fake_virtio *f, u64 value)
{
	return value < f->pci.msix_n ? (u16)value : 0xffff;
}

static void common_write_queue(struct fake_virtio *f, u64 off, u32 value)
{
	struct fake_vq *q = selected(f);

	if (!q) {
		vfail("write to queue %u", f->queue_sel);
		return;
	}
	if (q->ready)
		vfail("queue %u changed while it is enabled", f->queue_sel);
	switch (off) {
	case 0x18:
		q->num = (u16)value;
		break;
	case 0x1a:
		q->vector = f->refuse_vectors ? 0xffff : vector_ok(f, value);
		break;
	case 0x1c:
		enable_queue(f, q);
		break;
	case 0x20: case 0x24:
		set_half(&q->desc, value, off & 4);
		break;
	case 0x28: case 0x2c:
		set_half(&q->avail, value, off & 4);
		break;
	case 0x30: case 0x34:
		set_half(&q->used, value, off & 4);
		break;
	default:
		vfail("write to a register that is only read, %#lx", off);
		break;
	}
}

static void common_write(struct fake_virtio *f, u64 off, u32 value)
{
	switch (off) {
	case 0x00:
		f->feature_sel[0] = value;
		break;
	case 0x08:
		f->feature_sel[1] = value;
		break;
	case 0x0c:
		accept(f, f->feature_sel[1], value);
		break;
	case 0x10:
		f->config_vector = vector_ok(f, value);
		break;
	case 0x14:
		set_status(f, (u8)value);
		break;
	case 0x16:
		f->queue_sel = (u16)value;
		break;
	default:
		common_write_queue(f, off, value);
		break;
	}
}

static u64 pci_read(void *opaque, u64 off, unsigned int size)
{
	struct fake_virtio *f = opaque;
	u8 isr = f->isr;

	if (off < ISR) {
		width(off, size);
		return common_read(f, off);
	}
	if (off == ISR) {
		f->isr = 0;
		fake_intx(&f->pci, false);
		return isr;
	}
	if (off >= DEVICE && off < NOTIFY)
		return config_read(f, off - DEVICE, size);
	vfail("read at %#lx", off);
	return 0;
}

static void pci_write(void *opaque, u64 off, unsigned int size, u64 value)
{
	struct fake_virtio *f = opaque;

	if (off < ISR) {
		width(off, size);
		common_write(f, off, (u32)value);
	} else if (off >= NOTIFY && size == 2 && value == (off - NOTIFY) / NOTIFY_MULT) {
		fake_virtio_kick(f, (unsigned int)value);
	} else {
		vfail("write of %u bytes at %#lx", size, off);
	}
}

static u64 no_read(void *opaque, u64 off, unsigned int size)
{
	return 0;
}

static void no_write(void *opaque, u64 off, unsigned int size, u64 value)
{
}

static u8 add_cap(struct fake_virtio *f, u8 type, u32 off, u32 len)
{
	u8 pos = fake_pci_add_cap(&f->pci, PCI_CAP_ID_VNDR, 20);

	f->pci.config[pos + 2] = type == 2 ? 20 : 16;
	f->pci.config[pos + 3] = type;
	f->pci.config[pos + 4] = 4;
	fake_pci_put32(&f->pci, pos + 8, off);
	fake_pci_put32(&f->pci, pos + 12, len);
	return pos;
}

static void init_pci(struct fake_virtio *f)
{
	u8 notify;

	fake_pci_init(&f->pci, 4, 0x1af4, 0x1041, 0x020000);
	fake_pci_set_bar(&f->pci, 1, FAKE_VIRTIO_MSIX_BASE, 0x1000);
	fake_pci_set_bar(&f->pci, 4, FAKE_VIRTIO_PCI_BASE, BAR4_SIZE);
	f->pci.bar[1].opaque = f->pci.bar[4].opaque = f;
	f->pci.bar[1].read = no_read;
	f->pci.bar[1].write = no_write;
	f->pci.bar[4].read = pci_read;
	f->pci.bar[4].write = pci_write;
	f->pci.intx_irq = FAKE_VIRTIO_PCI_IRQ;
	fake_pci_put8(&f->pci, PCI_INTERRUPT_PIN, 1);
	add_cap(f, 1, COMMON, 56);
	add_cap(f, 3, ISR, 1);
	add_cap(f, 4, DEVICE, 12);
	notify = add_cap(f, 2, NOTIFY, NOTIFY_MULT * FAKE_VIRTIO_VQS);
	fake_pci_put32(&f->pci, notify + 16, NOTIFY_MULT);
}

/* ---- mmio [4.2.2] ---- */

static u64 mmio_read(void *opaque, u64 off, unsigned int size)
{
	struct fake_virtio *f = opaque;
	const struct fake_vq *q = selected(f);

	if (off >= 0x100)
		return config_read(f, off - 0x100, size);
	if (size != 4)
		vfail("register read of %u bytes at %#lx", size, off);
	switch (off) {
	case 0x000: return 0x74726976;
	case 0x004: return 2;
	case 0x008: return 1;
	case 0x00c: return 0x554d4551;
	case 0x010: return offer(f, f->feature_sel[0]);
	case 0x034: return q ? q->max : 0;
	case 0x044: return q ? q->ready : 0;
	case 0x060: return f->isr;
	case 0x070: return f->reset_hangs ? f->status | 1 : f->status;
	case 0x0fc: return f->generation;
	default:
		vfail("read of register %#lx", off);
		return 0;
	}
}

static void mmio_write_queue(struct fake_virtio *f, u64 off, u32 value)
{
	struct fake_vq *q = selected(f);

	if (!q || q->ready) {
		vfail("queue %u changed, not there or in use", f->queue_sel);
		return;
	}
	switch (off) {
	case 0x038:
		q->num = (u16)value;
		break;
	case 0x044:
		enable_queue(f, q);
		break;
	case 0x080: case 0x084:
		set_half(&q->desc, value, off & 4);
		break;
	case 0x090: case 0x094:
		set_half(&q->avail, value, off & 4);
		break;
	case 0x0a0: case 0x0a4:
		set_half(&q->used, value, off & 4);
		break;
	default:
		vfail("write of register %#lx", off);
		break;
	}
}

static void mmio_write(void *opaque, u64 off, unsigned int size, u64 val64)
{
	struct fake_virtio *f = opaque;
	u32 value = (u32)val64;

	if (size != 4 || off >= 0x100) {
		vfail("register write of %u bytes at %#lx", size, off);
		return;
	}
	switch (off) {
	case 0x014:
		f->feature_sel[0] = value;
		break;
	case 0x020:
		accept(f, f->feature_sel[1], value);
		break;
	case 0x024:
		f->feature_sel[1] = value;
		break;
	case 0x030:
		f->queue_sel = (u16)value;
		break;
	case 0x050:
		fake_virtio_kick(f, value);
		break;
	case 0x064:
		f->isr &= (u8)~value;
		f->irq_level = f->isr;
		break;
	case 0x070:
		set_status(f, (u8)value);
		break;
	default:
		mmio_write_queue(f, off, value);
		break;
	}
}

/* ---- plugging ---- */

/**
 * fake_virtio_init() - a device with all features, link up, not plugged in yet
 * @f: to fill
 * @on_mmio: at a plain address, else on PCI
 */
void fake_virtio_init(struct fake_virtio *f, bool on_mmio)
{
	static const u8 config[12] = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x04, 1, 0, 1, 0,
				       0xdc, 0x05 };
	unsigned int i;

	memset(f, 0, sizeof(*f));
	f->on_mmio = on_mmio;
	/* CSUM GUEST_CSUM MTU MAC MRG_RXBUF STATUS CTRL_VQ CTRL_RX CTRL_MAC_ADDR,
	 * TSO and more that the driver does not know; INDIRECT EVENT_IDX VERSION_1 */
	f->offered = 0x3ULL | 1 << 3 | 1 << 5 | 0x7f80 | 1 << 15 | 1 << 16 | 1 << 17 |
		     1 << 18 | 1 << 22 | 1 << 23 | 3ULL << 28 | 1ULL << 32;
	memcpy(f->config, config, sizeof(config));
	for (i = 0; i < FAKE_VIRTIO_VQS; i++)
		f->vq[i].max = i == FAKE_CTRL ? 64 : 256;	/* see fake_virtio_set_pairs() */
	init_pci(f);
	f->mmio.base = FAKE_VIRTIO_MMIO_BASE;
	f->mmio.size = 512;
	f->mmio.opaque = f;
	f->mmio.read = mmio_read;
	f->mmio.write = mmio_write;
	reset(f);
}

/** fake_virtio_set_pairs() - see fake_virtio.h */
void fake_virtio_set_pairs(struct fake_virtio *f, unsigned int pairs)
{
	put_unaligned_le16((u16)pairs, f->config + 8);
	f->vq[FAKE_CTRL].max = f->vq[FAKE_CTRL].num = 256;
	if (pairs <= FAKE_VIRTIO_PAIRS)
		f->vq[2 * pairs].max = f->vq[2 * pairs].num = 64;
}

/** fake_virtio_plug() - puts it on its bus and scans */
void fake_virtio_plug(struct fake_virtio *f, unsigned int msix)
{
	char where[] = "virtio_mmio.device=512@0xfeb00e00:12";

	if (f->on_mmio) {
		fake_bus_add_region(&f->mmio);
		parse_command_line(where);
		virtio_mmio_rescan();
		return;
	}
	if (msix)
		fake_pci_add_msix(&f->pci, msix, 1, 0);
	fake_bus_add_pci(&f->pci);
	pci_rescan();
	if (fake_pci_found(&f->pci))
		f->dma_dev = &fake_pci_found(&f->pci)->dev;
}

/** fake_virtio_unplug() - the driver lets go, and it leaves the bus */
void fake_virtio_unplug(struct fake_virtio *f)
{
	if (f->on_mmio) {
		virtio_mmio_remove_all();
		fake_bus_remove_region(&f->mmio);
	} else {
		fake_bus_remove_pci(&f->pci);
	}
	fake_bus_check_clean();
}
