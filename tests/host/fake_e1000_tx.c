// SPDX-License-Identifier: MIT
/*
 * The fake 82540EM's transmit unit: contexts, checksums, and packets of TCP that
 * it cuts into frames. Numbers in brackets are sections of the Software
 * Developer's Manual (317453).
 */
#include "fake_e1000.h"

#include <linux/if_ether.h>
#include <linux/unaligned.h>

#include "../unit/test.h"

#define fail(f, ...) test_fail(__FILE__, __LINE__, "e1000: " __VA_ARGS__)

#define CMD_EOP	0x01000000
#define CMD_IFCS 0x02000000
#define CMD_TSE	0x04000000
#define CMD_DEXT 0x20000000
#define DTYP_D	0x00100000
#define FIFO	16384		/* bytes of packet buffer for sending */

/* Ones' complement sum of a frame from @start to @last (0: its end), complemented
 * into @at [3.5]. What stands there is part of the sum. */
static void put_sum(struct fake_e1000 *f, u8 *frame, unsigned int len, unsigned int start,
		    unsigned int last, unsigned int at)
{
	unsigned int i, end = last ? last + 1U : len;
	u32 sum = 0;

	if (end > len || start >= end || at + 2U > len) {
		fail(f, "checksum %u..%u into %u of %u bytes", start, end, at, len);
		return;
	}
	for (i = start; i < end; i += 2)
		sum += (u32)frame[i] << 8 | (i + 1 < end ? frame[i + 1] : 0);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	put_unaligned_be16((u16)~sum, frame + at);
}

static void send_frame(struct fake_e1000 *f, u8 *frame, unsigned int len)
{
	const struct fake_e1000_context *c = f->packet_tso ? &f->tso : &f->csum;

	if (len < 17 || len > 1518) {
		fail(f, "frame of %u bytes", len);
		return;
	}
	if (f->packet_txsm)
		put_sum(f, frame, len, c->tucss, c->tucse, c->tucso);
	if (f->packet_ixsm)
		put_sum(f, frame, len, c->ipcss, c->ipcse, c->ipcso);
	f->tx_frames++;
	if (f->on_tx)
		f->on_tx(f->ctx, frame, len);
}

/* Segment @n of a packet, @payload bytes of it [3.5.9]. Lengths, counters, flags
 * and the part of the pseudo header that software cannot know. */
static void make_segment(struct fake_e1000 *f, unsigned int n, unsigned int payload)
{
	const struct fake_e1000_context *c = &f->tso;
	unsigned int len = c->hdr_len + payload, sum;
	u8 *ip = f->frame + c->ipcss, *tcp = f->frame + c->tucss;
	u8 *check = f->frame + c->tucso;

	memcpy(f->frame, f->packet, c->hdr_len);
	memcpy(f->frame + c->hdr_len, f->packet + c->hdr_len + (size_t)n * c->mss, payload);
	put_unaligned_be16((u16)(len - c->ipcss), ip + 2);
	put_unaligned_be16((u16)(get_unaligned_be16(ip + 4) + n), ip + 4);
	put_unaligned_be32(get_unaligned_be32(tcp + 4) + n * c->mss, tcp + 4);
	if ((n + 1) * c->mss < c->paylen)
		tcp[13] &= (u8)~(0x01 | 0x08);	/* FIN, PSH */
	sum = get_unaligned_be16(check) + len - c->tucss;
	put_unaligned_be16((u16)(sum + (sum >> 16)), check);
	send_frame(f, f->frame, len);
}

static void cut_packet(struct fake_e1000 *f)
{
	const struct fake_e1000_context *c = &f->tso;
	unsigned int n, at;

	if (!c->valid || !c->ip || !c->tcp || !f->packet_ixsm || !f->packet_txsm ||
	    c->tucss < c->ipcss + 20 || c->hdr_len < c->tucss + 20) {
		fail(f, "no headers to cut by");
		return;
	}
	/* [3.3.6] */
	if (f->packet_len != c->hdr_len + c->paylen) {
		fail(f, "packet of %u bytes, not %u + %u", f->packet_len, c->hdr_len, c->paylen);
		return;
	}
	if (c->mss < 16 || c->hdr_len + c->mss > FIFO - 80 ||
	    c->hdr_len + c->mss > sizeof(f->frame)) {
		fail(f, "segments of %u + %u bytes", c->hdr_len, c->mss);
		return;
	}
	for (n = 0, at = 0; at < c->paylen; n++, at += c->mss)
		make_segment(f, n, min(c->paylen - at, (unsigned int)c->mss));
}

/* [3.3.6] TSE says which of the two contexts it is. */
static void context(struct fake_e1000 *f, const u8 *desc, u32 lower)
{
	struct fake_e1000_context *c = lower & CMD_TSE ? &f->tso : &f->csum;

	if (f->packet_len)
		fail(f, "context inside of a packet");
	if (!(lower & CMD_TSE) && (lower & 0xfffff))
		fail(f, "context with a payload length, but no TSO");
	*c = (struct fake_e1000_context){
		.valid = true, .ipcss = desc[0], .ipcso = desc[1],
		.ipcse = get_unaligned_le16(desc + 2), .tucss = desc[4], .tucso = desc[5],
		.tucse = get_unaligned_le16(desc + 6), .ip = lower & 0x02000000,
		.tcp = lower & 0x01000000, .paylen = lower & 0xfffff, .hdr_len = desc[13],
		.mss = get_unaligned_le16(desc + 14),
	};
	if (lower & CMD_TSE)
		f->tso_contexts++;
	else
		f->contexts++;
}

static void packet_done(struct fake_e1000 *f)
{
	if (f->packet_tso)
		cut_packet(f);
	else if (f->packet_txsm && !f->csum.valid)
		fail(f, "checksum asked for without a context");
	else
		send_frame(f, f->packet, f->packet_len);
	f->packet_len = 0;
}

/* [3.3.3, 3.3.7] One that holds data; true: it ends its packet. */
static bool data(struct fake_e1000 *f, const u8 *desc, u32 lower, u32 upper)
{
	bool ext = lower & CMD_DEXT, tso = ext && lower & CMD_TSE;
	u32 len = ext ? lower & 0xfffff : lower & 0xffff;
	const u8 *p;

	if (!len || len > 16288)
		fail(f, "data descriptor of %u bytes", len);
	if (f->packet_len + len > sizeof(f->packet)) {
		fail(f, "packet too long");
		return true;
	}
	if (!f->packet_len) {
		f->packet_tso = tso;
		f->packet_ixsm = ext && upper & 0x100;
		f->packet_txsm = ext && upper & 0x200;
	} else if (f->packet_tso != tso) {
		fail(f, "a packet partly to be cut");
	}
	p = fake_e1000_dma(f, get_unaligned_le64(desc), len);
	if (p)
		memcpy(f->packet + f->packet_len, p, len);
	f->packet_len += len;
	if (!(lower & CMD_EOP))
		return false;
	if (!(lower & CMD_IFCS))
		fail(f, "frame without FCS");
	return true;
}

/** fake_e1000_tx_desc() - see fake_e1000.h */
bool fake_e1000_tx_desc(struct fake_e1000 *f, const u8 *desc)
{
	u32 lower = get_unaligned_le32(desc + 8), upper = get_unaligned_le32(desc + 12);

	if ((lower & CMD_DEXT) && !(lower & DTYP_D)) {
		context(f, desc, lower);
		return false;
	}
	if (!data(f, desc, lower, upper))
		return false;
	packet_done(f);
	return true;
}
