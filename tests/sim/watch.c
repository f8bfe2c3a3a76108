// SPDX-License-Identifier: MIT
/*
 * The bystander at the cable; watch.h says what for.
 *
 * A retransmission is spurious when, at the moment it leaves, each of its bytes
 * has arrived or is on its way undamaged.
 */
#include "watch.h"

#include <linux/byteorder.h>
#include <linux/if_ether.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/tcp.h>

static u32 get32(const u8 *p)
{
	return (u32)p[0] << 24 | (u32)p[1] << 16 | (u32)p[2] << 8 | p[3];
}

/**
 * sim_parse - the parts of a TCP segment
 * @frame: Ethernet header first; as the stack sent it
 * @len: bytes
 * @seg: filled in
 *
 * Return: false: the frame carries something else.
 */
bool sim_parse(const void *frame, size_t len, struct sim_segment *seg)
{
	const u8 *eth = frame, *ip = eth + ETH_HLEN, *th;
	u32 ip_len, total, th_len;

	if (len < ETH_HLEN + 20 || eth[12] != 0x08 || eth[13] || ip[0] >> 4 != 4 || ip[9] != 6)
		return false;
	ip_len = (ip[0] & 15) * 4U;
	total = (u32)ip[2] << 8 | ip[3];
	if (total > len - ETH_HLEN || total < ip_len + 20)
		return false;
	th = ip + ip_len;
	th_len = (th[12] >> 4) * 4U;
	if (th_len < 20 || total < ip_len + th_len)
		return false;
	seg->sport = (u16)(th[0] << 8 | th[1]);
	seg->dport = (u16)(th[2] << 8 | th[3]);
	seg->seq = get32(th + 4);
	seg->ack = get32(th + 8);
	seg->flags = th[13];
	seg->win = (u32)th[14] << 8 | th[15];
	seg->len = total - ip_len - th_len;
	return true;
}

static struct sim_flow *flow_of(struct sim_watch *w, int side, const struct sim_segment *seg)
{
	struct sim_sent *sent = &w->sent[side];
	struct sim_flow *flow;
	unsigned int i;

	for (i = 0; i < sent->nr_flows; i++)
		if (sent->flow[i].sport == seg->sport && sent->flow[i].dport == seg->dport)
			return &sent->flow[i];
	if (!(seg->flags & TCPHDR_SYN) || sent->nr_flows == SIM_WATCH_FLOWS)
		return NULL;
	flow = &sent->flow[sent->nr_flows];
	*flow = (struct sim_flow){ .sport = seg->sport, .dport = seg->dport,
				   .first = seg->seq + 1, .high = seg->seq + 1 };
	flow->safe = kzalloc(w->bytes_each / 8 + sizeof(u64), GFP_ATOMIC);
	BUG_ON(!flow->safe);
	sent->nr_flows++;
	return flow;
}

/* Is each byte of @seg safe? With @mark they are from now on. */
static bool all_safe(const struct sim_watch *w, struct sim_flow *flow,
		     const struct sim_segment *seg, bool mark)
{
	u32 at = seg->seq - flow->first, end = min(at + seg->len, w->bytes_each), n;
	bool all = true;

	for (; at < end; at += n) {
		u64 *word = &flow->safe[at / 64], mask;

		n = min(64 - at % 64, end - at);
		mask = (~0ULL >> (64 - n)) << at % 64;
		all &= (*word & mask) == mask;
		if (mark)
			*word |= mask;
	}
	return all;
}

static void watch_sent(struct sim_watch *w, int side, struct sim_flow *flow,
		       const struct sim_segment *seg)
{
	struct sim_sent *sent = &w->sent[side];

	sent->data_segs++;
	if (before(seg->seq, flow->high)) {
		sent->again++;
		sent->spurious += all_safe(w, flow, seg, false);
	}
	if (after(seg->seq + seg->len, flow->high))
		flow->high = seg->seq + seg->len;
}

static void watch_tap(void *ctx, int side, enum simlink_fate fate, const void *frame, size_t len)
{
	struct sim_watch *w = ctx;
	struct sim_segment seg;
	struct sim_flow *flow;

	if (fate == SIMLINK_SENT)
		w->last_ns = ktime_get_ns();
	if (!w->bytes_each || (fate != SIMLINK_SENT && fate != SIMLINK_FLYING) ||
	    !sim_parse(frame, len, &seg))
		return;
	flow = flow_of(w, side, &seg);
	if (!flow || !seg.len || seg.flags & TCPHDR_SYN)
		return;
	if (fate == SIMLINK_SENT)
		watch_sent(w, side, flow, &seg);
	else
		all_safe(w, flow, &seg, true);
}

/**
 * sim_watch_begin - see all frames of a link
 * @w: set up
 * @link: the cable
 */
void sim_watch_begin(struct sim_watch *w, struct simlink *link)
{
	memset(w, 0, sizeof(*w));
	w->last_ns = ktime_get_ns();
	simlink_set_tap(link, watch_tap, w);
}

/**
 * sim_watch_end - give its memory back
 * @w: from sim_watch_begin(); its link has no frames left
 */
void sim_watch_end(struct sim_watch *w)
{
	unsigned int side, i;

	for (side = 0; side < 2; side++)
		for (i = 0; i < w->sent[side].nr_flows; i++)
			kfree(w->sent[side].flow[i].safe);
}
