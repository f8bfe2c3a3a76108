// SPDX-License-Identifier: MIT
/*
 * The fake virtio network device: packets and commands. Its queues are in
 * fake_virtio_ring.c, the registers of its two transports in fake_virtio_regs.c.
 * Numbers in brackets are sections of virtio 1.2.
 */
#include "fake_virtio.h"

#include <linux/byteorder.h>
#include <linux/errno.h>

#include "../unit/test.h"
#include "fake_virtio_regs.h"

#define HDR_LEN		12

static bool has(const struct fake_virtio *f, unsigned int bit)
{
	return f->accepted >> bit & 1;
}

static void *dma(struct fake_virtio *f, u64 addr, size_t size, bool write)
{
	return fake_virtio_dma(f, addr, size, write);
}

static void done(struct fake_virtio *f, struct fake_vq *q, const struct chain *c, u32 len)
{
	u16 old = q->used_idx;

	fake_vq_push(f, q, c->head, len);
	fake_vq_signal(f, q, old);
}

/* Copies the pieces to be read. */
static u32 gather(struct fake_virtio *f, const struct chain *c, u8 *to, u32 room)
{
	unsigned int i;
	u32 len = 0;

	for (i = 0; i < c->out; i++) {
		const u8 *p = dma(f, c->piece[i].addr, c->piece[i].len, false);

		if (!p || c->piece[i].len > room - len)
			break;
		memcpy(to + len, p, c->piece[i].len);
		len += c->piece[i].len;
	}
	return len;
}

/* ---- transmit [5.1.6.2] ---------------------------------------------------------------- */

static void fill_checksum(struct fake_virtio *f, u8 *frame, u32 len, u16 start, u16 offset)
{
	u32 sum = 0, i;
	u16 check;

	if (start >= len || start + offset + 2U > len) {
		vfail("checksum from %u at +%u of %u bytes", start, offset, len);
		return;
	}
	for (i = start; i < len; i += 2)
		sum += frame[i] << 8 | (i + 1 < len ? frame[i + 1] : 0);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	check = (u16)~sum;
	frame[start + offset] = (u8)(check >> 8);
	frame[start + offset + 1] = (u8)check;
	f->csum_filled++;
}

/* A packet to be cut: @h in front of @len bytes, headers included. */
static void tx_gso(struct fake_virtio *f, const u8 *h, u32 len)
{
	u32 start = get_unaligned_le16(h + 6), hdr_len = get_unaligned_le16(h + 2);
	const u8 *frame = h + HDR_LEN;

	f->tx_gso++;
	if (h[1] == 5) {
		if (!has(f, 56) || !(h[0] & 1) || get_unaligned_le16(h + 8) != 6 || start < 34 ||
		    hdr_len != start + 8 || hdr_len >= len || !get_unaligned_le16(h + 4))
			vfail("USO header %*ph of %u bytes", HDR_LEN, h, len);
		return;
	}
	if ((h[1] & 0x7f) != 1 || !has(f, 11) || ((h[1] & 0x80) && !has(f, 13)))
		vfail("gso type %#x, not agreed upon", h[1]);
	if (!(h[0] & 1) || get_unaligned_le16(h + 8) != 16 || start < 34 || start + 20 > len ||
	    hdr_len != start + (frame[start + 12] >> 4) * 4U || hdr_len >= len ||
	    !get_unaligned_le16(h + 4))
		vfail("gso header %*ph of %u bytes", HDR_LEN, h, len);
}

static void tx_packet(struct fake_virtio *f, struct fake_vq *q, const struct chain *c)
{
	unsigned int pair = (unsigned int)(q - f->vq) / 2;
	u32 len = gather(f, c, f->frame, sizeof(f->frame));
	const u8 *h = f->frame;

	if (c->n != c->out || len < HDR_LEN + 14)
		vfail("transmit chain of %u bytes, %lu to be written", len, c->in_len);
	if (get_unaligned_le16(h + 10) || (h[0] & ~1U) ||
	    (!h[1] && (get_unaligned_le16(h + 2) || get_unaligned_le16(h + 4))))
		vfail("transmit header %*ph", HDR_LEN, h);
	memcpy(f->tx_hdr, h, HDR_LEN);
	if (h[1])
		tx_gso(f, h, len - HDR_LEN);
	if (h[0] & 1) {
		if (!has(f, 0))
			vfail("checksum asked for, not agreed upon");
		fill_checksum(f, f->frame + HDR_LEN, len - HDR_LEN,
			      get_unaligned_le16(h + 6), get_unaligned_le16(h + 8));
	}
	/* [5.1.6.5.5] */
	if (pair >= f->pairs)
		vfail("packet in transmit queue %u, %u in use", pair, f->pairs);
	f->pair_tx[pair]++;
	f->tx_frames++;
	f->tx_pieces = c->n;
	if (f->on_tx)
		f->on_tx(f->ctx, f->frame + HDR_LEN, len - HDR_LEN);
	done(f, q, c, 0);
}

/* ---- control [5.1.6.5] -------------------------------------------------------------------- */

static u8 command(struct fake_virtio *f, const u8 *d, u32 len)
{
	f->commands++;
	if (d[0] == 0 && len == 3 && d[1] <= 1) {
		*(d[1] ? &f->allmulti : &f->promisc) = d[2];
	} else if (d[0] == 1 && d[1] == 1 && len == 8) {
		memcpy(f->mac_set, d + 2, 6);
	} else if (d[0] == 1 && d[1] == 0 && len >= 10) {
		u32 uc = get_unaligned_le32(d + 2), mc;

		if (uc || len < 10) {
			vfail("unicast table of %u", uc);
			return 1;
		}
		mc = get_unaligned_le32(d + 6);
		if (len != 10 + 6 * mc)
			vfail("multicast table of %u in %u bytes", mc, len);
		f->mc_count = (u8)mc;
	} else if (d[0] == 3 && d[1] == 0 && len == 2 && has(f, 21)) {
		f->announced++;
		f->config[6] &= (u8)~2U;
	} else if (d[0] == 4 && d[1] == 0 && len == 4 && has(f, 22)) {
		u16 pairs = get_unaligned_le16(d + 2);

		if (!pairs || 2U * pairs >= fake_virtio_vqs(f))
			vfail("%u pairs", pairs);
		else if (!f->ctrl_answer)
			f->pairs = pairs;
	} else if (d[0] == 6 && d[1] <= 1 && len == 10 && has(f, 53)) {
		f->coal[d[1]][0] = get_unaligned_le32(d + 2);
		f->coal[d[1]][1] = get_unaligned_le32(d + 6);
	} else {
		vfail("command %u/%u of %u bytes", d[0], d[1], len);
		return 1;
	}
	return f->ctrl_answer;
}

static void ctrl_packet(struct fake_virtio *f, struct fake_vq *q, const struct chain *c)
{
	u32 len = gather(f, c, f->frame, sizeof(f->frame));
	u8 *ack = c->in_len == 1 ? dma(f, c->piece[c->n - 1].addr, 1, true) : NULL;

	if (!ack || len < 2)
		vfail("control chain of %u bytes, %lu to be written", len, c->in_len);
	else
		*ack = command(f, f->frame, len);
	done(f, q, c, 1);
}

/* [5.1.2] */
static unsigned int ctrl_queue(const struct fake_virtio *f)
{
	return has(f, 22) ? fake_virtio_vqs(f) - 1 : FAKE_CTRL;
}

static void run_queue(struct fake_virtio *f, unsigned int queue, unsigned int limit)
{
	struct fake_vq *q = &f->vq[queue];
	unsigned int n = 0;
	struct chain c;

	while ((!limit || n++ < limit) && fake_vq_pop(f, q, &c)) {
		if (queue == ctrl_queue(f))
			ctrl_packet(f, q, &c);
		else
			tx_packet(f, q, &c);
	}
}

/** fake_virtio_run() - see fake_virtio.h */
void fake_virtio_run(struct fake_virtio *f)
{
	unsigned int i;

	for (i = FAKE_TX; i < ctrl_queue(f); i += 2)
		run_queue(f, i, f->tx_limit);
	run_queue(f, ctrl_queue(f), 0);
}

/** fake_virtio_kick() - the driver rang a doorbell */
void fake_virtio_kick(struct fake_virtio *f, unsigned int queue)
{
	/* [3.1.1] */
	if (queue >= FAKE_VIRTIO_VQS || !f->vq[queue].ready || !(f->status & 4)) {
		vfail("doorbell %u of a device with status %#x", queue, f->status);
		return;
	}
	f->vq[queue].doorbells++;
	if (queue == ctrl_queue(f) ? !f->stop_ctrl : (queue & 1 && !f->stop_tx))
		run_queue(f, queue, 0);
}

/* ---- receive [5.1.6.4] --------------------------------------------------------------------- */

static void put_hdr(struct fake_virtio *f, u8 *h, u16 buffers, const struct fake_virtio_lie *lie)
{
	memset(h, 0, HDR_LEN);
	h[0] = lie->flags;
	h[1] = lie->gso_type;
	put_unaligned_le16(lie->hdr_len, h + 2);
	put_unaligned_le16(lie->gso_size, h + 4);
	put_unaligned_le16(lie->csum_start, h + 6);
	put_unaligned_le16(lie->csum_offset, h + 8);
	put_unaligned_le16(lie->set_buffers ? lie->buffers : buffers, h + 10);
}

/* Writes bytes [*off, len) of f->frame into one buffer; returns how many. */
static u32 rx_buffer(struct fake_virtio *f, const struct chain *c, u32 off, u32 len)
{
	u32 n = min((u32)c->in_len, len - off);
	u8 *p;

	if (c->n != 1 || c->out)
		vfail("receive buffer of %u pieces", c->n);
	p = dma(f, c->piece[0].addr, n, true);
	if (p)
		memcpy(p, f->frame + off, n);
	return n;
}

/** fake_virtio_rx() - see fake_virtio.h */
bool fake_virtio_rx(struct fake_virtio *f, const void *frame, unsigned int len,
		    const struct fake_virtio_lie *lie)
{
	static const struct fake_virtio_lie truth;
	struct fake_vq *q = &f->vq[2 * f->rx_pair];
	u16 old = q->used_idx;
	u8 *first = NULL;
	u32 off = 0, total = len + HDR_LEN;
	u16 buffers = 0;
	struct chain c;

	if (!lie)
		lie = &truth;
	memcpy(f->frame + HDR_LEN, frame, len);
	put_hdr(f, f->frame, 1, lie);
	while (off < total) {
		u32 n;

		if ((buffers && !has(f, 15)) || !fake_vq_pop(f, q, &c)) {
			f->rx_missed++;
			return false;
		}
		n = rx_buffer(f, &c, off, total);
		if (!buffers)
			first = (u8 *)(uintptr_t)c.piece[0].addr;
		q->busy[c.head] = false;
		fake_vq_push(f, q, !buffers && lie->set_id ? lie->id : c.head,
			  !buffers && lie->set_len ? lie->len :
			  buffers && lie->set_len2 ? lie->len2 : n);
		off += n;
		buffers++;
	}
	put_hdr(f, first, buffers, lie);
	f->rx_frames++;
	fake_vq_signal(f, q, old);
	return true;
}

/** fake_virtio_link() - plugs the cable, or pulls it [5.1.4.2] */
void fake_virtio_link(struct fake_virtio *f, bool up)
{
	put_unaligned_le16(up, f->config + 6);
	f->generation++;
	fake_virtio_interrupt(f, f->config_vector, 2);
}

/** fake_virtio_announce() - see fake_virtio.h [5.1.4.2] */
void fake_virtio_announce(struct fake_virtio *f)
{
	f->config[6] |= 2;
	f->generation++;
	fake_virtio_interrupt(f, f->config_vector, 2);
}
