// SPDX-License-Identifier: MIT
/*
 * The fake virtio device's queues, in both layouts: taking chains, giving them back,
 * telling and being told. Numbers in brackets are sections of virtio 1.2.
 */
#include <linux/byteorder.h>

#include "../unit/test.h"
#include "fake_virtio_regs.h"

#define F_INDIRECT	28
#define F_EVENT_IDX	29
#define F_PACKED	34

#define DESC_NEXT	1
#define DESC_WRITE	2
#define DESC_INDIRECT	4
#define DESC_AVAIL	0x80
#define DESC_USED	0x8000

#define EVENT_DISABLE	1
#define EVENT_DESC	2

static bool has(const struct fake_virtio *f, unsigned int bit)
{
	return f->accepted >> bit & 1;
}

/** fake_virtio_dma() - @size bytes of memory that the driver must have given us */
void *fake_virtio_dma(struct fake_virtio *f, u64 addr, size_t size, bool write)
{
	return fake_dma(f->on_mmio ? NULL : &f->pci, f->dma_dev, addr, size, write);
}

static u16 get16(struct fake_virtio *f, u64 addr)
{
	const void *p = fake_virtio_dma(f, addr, 2, false);

	return p ? get_unaligned_le16(p) : 0;
}

static void set16(struct fake_virtio *f, u64 addr, u16 value)
{
	void *p = fake_virtio_dma(f, addr, 2, true);

	if (p)
		put_unaligned_le16(value, p);
}

static bool add_piece(struct chain *c, u64 addr, u32 len, bool write)
{
	if (c->n == CHAIN_MAX) {
		vfail("chain of more than %u", CHAIN_MAX);
		return false;
	}
	if (!len)
		vfail("piece without length");
	/* [2.7.4.2] what is read comes first. */
	if (!write && c->out < c->n)
		vfail("piece to be read behind one to be written");
	c->piece[c->n++] = (struct piece){ addr, len, write };
	c->out += !write;
	*(write ? &c->in_len : &c->out_len) += len;
	return true;
}

/* ---- split [2.7] ------------------------------------------------------------------------ */

static u16 split_avail_idx(struct fake_virtio *f, const struct fake_vq *q)
{
	return get16(f, q->avail + 2);
}

static u64 avail_event_addr(const struct fake_vq *q)
{
	return q->used + 4 + 8UL * q->num;
}

/* Follows a chain in a table of @num descriptors from @i on. [2.7.5] */
static bool split_walk(struct fake_virtio *f, struct chain *c, u64 table, unsigned int num,
		       unsigned int i, bool indirect_ok)
{
	unsigned int n;

	for (n = 0; n <= num; n++) {
		const u8 *d = i < num ? fake_virtio_dma(f, table + 16UL * i, 16, false) : NULL;
		u16 flags;

		if (!d) {
			vfail("descriptor %u of %u", i, num);
			return false;
		}
		flags = get_unaligned_le16(d + 12);
		if (flags & DESC_INDIRECT) {
			u32 len = get_unaligned_le32(d + 8);

			/* [2.7.5.3.1] */
			if (!indirect_ok || !has(f, F_INDIRECT) || (flags & DESC_NEXT) ||
			    !len || len % 16) {
				vfail("indirect table not allowed here");
				return false;
			}
			f->indirect_chains++;
			return split_walk(f, c, get_unaligned_le64(d), len / 16, 0, false);
		}
		if (!add_piece(c, get_unaligned_le64(d), get_unaligned_le32(d + 8),
			       flags & DESC_WRITE))
			return false;
		if (!(flags & DESC_NEXT))
			return true;
		i = get_unaligned_le16(d + 14);
	}
	vfail("chain with a loop");
	return false;
}

static bool split_pop(struct fake_virtio *f, struct fake_vq *q, struct chain *c)
{
	u16 idx = split_avail_idx(f, q);

	if ((u16)(idx - q->last_avail) > q->num)
		vfail("available index %u, %u seen, ring of %u", idx, q->last_avail, q->num);
	if (idx == q->last_avail)
		return false;
	*c = (struct chain){ .head = get16(f, q->avail + 4 + 2UL * (q->last_avail % q->num)) };
	q->last_avail++;
	if (has(f, F_EVENT_IDX) && !f->no_notify)
		set16(f, avail_event_addr(q), q->last_avail);
	if (c->head >= q->num || q->busy[c->head]) {
		vfail("head %u made available twice, or outside", c->head);
		return false;
	}
	q->busy[c->head] = true;
	return split_walk(f, c, q->desc, q->num, c->head, true);
}

/* [2.7.7.2, 2.7.8] */
static void split_push(struct fake_virtio *f, struct fake_vq *q, u32 id, u32 len)
{
	u8 *e = fake_virtio_dma(f, q->used + 4 + 8UL * (q->used_idx % q->num), 8, true);

	if (!e)
		return;
	put_unaligned_le32(id, e);
	put_unaligned_le32(len, e + 4);
	q->used_idx++;
}

static bool split_wants_interrupt(struct fake_virtio *f, struct fake_vq *q, u16 old)
{
	u16 event = get16(f, q->avail + 4 + 2UL * q->num);

	set16(f, q->used + 2, q->used_idx);
	if (has(f, F_EVENT_IDX))
		return (u16)(q->used_idx - event - 1) < (u16)(q->used_idx - old);
	return !(get16(f, q->avail) & 1);
}

/* ---- packed [2.8] ----------------------------------------------------------------------- */

/* The descriptor at @at, if it is available with wrap counter @wrap [2.8.1]. */
static const u8 *packed_avail(struct fake_virtio *f, const struct fake_vq *q, unsigned int at,
			      bool wrap)
{
	const u8 *d = fake_virtio_dma(f, q->desc + 16UL * at, 16, false);
	u16 flags = d ? get_unaligned_le16(d + 14) : 0;

	return d && !!(flags & DESC_AVAIL) == wrap && !!(flags & DESC_USED) != wrap ? d : NULL;
}

static void packed_advance(const struct fake_vq *q, u16 *at, bool *lap, unsigned int by)
{
	for (; by; by--) {
		if (++*at == q->num) {
			*at = 0;
			*lap = !*lap;
		}
	}
}

/* [2.8.7] a table: in its order, and only WRITE means something. */
static bool packed_indirect(struct fake_virtio *f, struct chain *c, const u8 *d)
{
	u32 len = get_unaligned_le32(d + 8), i;
	u64 table = get_unaligned_le64(d);

	if (!has(f, F_INDIRECT) || (get_unaligned_le16(d + 14) & DESC_NEXT) || c->n || !len ||
	    len % 16) {
		vfail("indirect table not allowed here");
		return false;
	}
	f->indirect_chains++;
	for (i = 0; i < len / 16; i++) {
		const u8 *e = fake_virtio_dma(f, table + 16UL * i, 16, false);

		if (!e)
			return false;
		if (get_unaligned_le16(e + 14) & ~DESC_WRITE)
			vfail("flags %#x in an indirect table", get_unaligned_le16(e + 14));
		if (!add_piece(c, get_unaligned_le64(e), get_unaligned_le32(e + 8),
			       get_unaligned_le16(e + 14) & DESC_WRITE))
			return false;
	}
	return true;
}

/* What the driver is to ring for: the next descriptor [2.8.14]. */
static void packed_ask(struct fake_virtio *f, const struct fake_vq *q)
{
	if (has(f, F_EVENT_IDX))
		set16(f, q->used, (u16)(q->avail_at | (q->avail_lap ? 0 : 0x8000)));
	set16(f, q->used + 2, has(f, F_EVENT_IDX) ? EVENT_DESC : 0);
}

static bool packed_pop(struct fake_virtio *f, struct fake_vq *q, struct chain *c)
{
	unsigned int n = 0;
	u16 flags;

	*c = (struct chain){ 0 };
	do {
		const u8 *d = packed_avail(f, q, q->avail_at, !q->avail_lap);

		if (!d) {
			if (n)
				vfail("chain that ends after %u", n);
			return false;
		}
		flags = get_unaligned_le16(d + 14);
		/* [2.8.6] the id of the last one counts. */
		c->head = get_unaligned_le16(d + 12);
		if (flags & DESC_INDIRECT ? !packed_indirect(f, c, d) :
		    !add_piece(c, get_unaligned_le64(d), get_unaligned_le32(d + 8),
			       flags & DESC_WRITE))
			return false;
		packed_advance(q, &q->avail_at, &q->avail_lap, 1);
		if (++n > q->num) {
			vfail("chain longer than the ring");
			return false;
		}
	} while (flags & DESC_NEXT);
	q->last_avail++;
	if (!f->no_notify)
		packed_ask(f, q);
	if (c->head >= q->num || q->busy[c->head]) {
		vfail("buffer id %u used twice, or outside", c->head);
		return false;
	}
	q->busy[c->head] = true;
	q->descs[c->head] = (u16)n;
	return true;
}

/* [2.8.2, 2.8.8] one descriptor for all of a chain, whose others are skipped. */
static void packed_push(struct fake_virtio *f, struct fake_vq *q, u32 id, u32 len)
{
	u8 *d = fake_virtio_dma(f, q->desc + 16UL * q->used_at, 16, true);
	u16 by = id < q->num ? q->descs[id] : 1;

	if (!d)
		return;
	put_unaligned_le32(len, d + 8);
	put_unaligned_le16((u16)id, d + 12);
	put_unaligned_le16(q->used_lap ? 0 : DESC_AVAIL | DESC_USED, d + 14);
	by = by ? by : 1;
	q->used_idx += by;
	packed_advance(q, &q->used_at, &q->used_lap, by);
}

static bool packed_wants_interrupt(struct fake_virtio *f, struct fake_vq *q, u16 old)
{
	u16 event = get16(f, q->avail), flags = get16(f, q->avail + 2), off = event & 0x7fff;

	if (flags != EVENT_DESC)
		return flags != EVENT_DISABLE;
	if (!has(f, F_EVENT_IDX))
		vfail("event offset without EVENT_IDX");
	if (off >= q->num)
		vfail("event at %u of %u", off, q->num);
	/* [2.8.10] */
	if (!!(event & 0x8000) == q->used_lap)
		off -= q->num;
	return (u16)(q->used_at - off - 1) < (u16)(q->used_idx - old);
}

/* ---- either ------------------------------------------------------------------------------ */

/** fake_vq_pop() - the next chain of a queue; false: there is none */
bool fake_vq_pop(struct fake_virtio *f, struct fake_vq *q, struct chain *c)
{
	if (!q->ready || !(f->status & 4))
		return false;
	return has(f, F_PACKED) ? packed_pop(f, q, c) : split_pop(f, q, c);
}

/** fake_vq_push() - gives a buffer back, not told yet */
void fake_vq_push(struct fake_virtio *f, struct fake_vq *q, u32 id, u32 len)
{
	if (id < q->num)
		q->busy[id] = false;
	if (has(f, F_PACKED))
		packed_push(f, q, id, len);
	else
		split_push(f, q, id, len);
}

/** fake_vq_signal() - publishes what was pushed since @old, and interrupts if asked to */
void fake_vq_signal(struct fake_virtio *f, struct fake_vq *q, u16 old)
{
	bool wanted = has(f, F_PACKED) ? packed_wants_interrupt(f, q, old) :
					 split_wants_interrupt(f, q, old);

	if (!wanted || f->no_interrupts)
		return;
	q->interrupts++;
	fake_virtio_interrupt(f, q->vector, 1);
}

/** fake_virtio_rx_room() - see fake_virtio.h */
unsigned int fake_virtio_rx_room(struct fake_virtio *f)
{
	struct fake_vq *q = &f->vq[FAKE_RX];
	bool lap = q->avail_lap;
	u16 at = q->avail_at;
	unsigned int n;

	if (!q->ready)
		return 0;
	if (!has(f, F_PACKED))
		return (u16)(split_avail_idx(f, q) - q->last_avail);
	/* Each buffer is one piece. */
	for (n = 0; n < q->num && packed_avail(f, q, at, !lap); n++)
		packed_advance(q, &at, &lap, 1);
	return n;
}

/** fake_virtio_want_notify() - see fake_virtio.h */
void fake_virtio_want_notify(struct fake_virtio *f, unsigned int queue)
{
	struct fake_vq *q = &f->vq[queue];

	f->no_notify = false;
	if (has(f, F_PACKED))
		packed_ask(f, q);
	else if (has(f, F_EVENT_IDX))
		set16(f, avail_event_addr(q), q->last_avail);
	else
		set16(f, q->used, 0);
	/* [2.7.10.1] and then look: what came before the driver saw it rings no
	 * bell. */
	fake_virtio_run(f);
}

/** fake_virtio_want_no_notify() - see fake_virtio.h */
void fake_virtio_want_no_notify(struct fake_virtio *f, unsigned int queue)
{
	struct fake_vq *q = &f->vq[queue];

	f->no_notify = true;
	if (has(f, F_PACKED))
		set16(f, q->used + 2, EVENT_DISABLE);
	else if (!has(f, F_EVENT_IDX))
		set16(f, q->used, 1);
}

/** fake_virtio_use_raw() - see fake_virtio.h */
void fake_virtio_use_raw(struct fake_virtio *f, unsigned int queue, u32 id, u32 len)
{
	struct fake_vq *q = &f->vq[queue];
	u16 old = q->used_idx;

	fake_vq_push(f, q, id, len);
	fake_vq_signal(f, q, old);
}

/** fake_virtio_jump_used() - lets the used index claim @by more entries than there are */
void fake_virtio_jump_used(struct fake_virtio *f, unsigned int queue, u16 by)
{
	struct fake_vq *q = &f->vq[queue];
	u16 old = q->used_idx;

	q->used_idx += by;
	fake_vq_signal(f, q, old);
}
