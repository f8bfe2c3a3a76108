// SPDX-License-Identifier: MIT
/*
 * Generic receive offload (RX-4): frames of one flow that arrive together become
 * one packet before they climb the stack.
 *
 *	napi_gro_receive ─> dev_gro_receive ─> inet_gro_receive ─> tcp4_gro_receive
 *		merged into a packet of napi->gro_list, held there itself, or
 *		sent up as it is
 *	napi_gro_complete: it goes up. If it was held, when a frame ends what may be
 *		merged, when its poll ends, or when too many are held; its headers are
 *		made those of the whole
 *
 * What a frame shares with those held is decided header by header, from below:
 * each layer takes same_flow from those that differ in what names the flow.
 *
 * Linux: net/core/gro.c
 */
#include <linux/errno.h>
#include <linux/etherdevice.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/trace.h>
#include <net/gro.h>

/* Packets held at a time, of one NAPI instance. */
#define MAX_GRO_SKBS	8U
#define OFFLOADS_MAX	4

static const struct packet_offload *offloads[OFFLOADS_MAX] __ro_after_init;

/**
 * dev_add_offload - register what cuts and merges packets of an ethertype
 * @po: stays the caller's
 *
 * Context: initcall.
 * Return: 0 or -ENOSPC.
 */
int __init dev_add_offload(const struct packet_offload *po)
{
	unsigned int i;

	for (i = 0; i < OFFLOADS_MAX; i++) {
		if (!offloads[i]) {
			offloads[i] = po;
			return 0;
		}
	}
	return -ENOSPC;
}

/**
 * dev_find_offload - who cuts and merges packets of an ethertype
 * @type: ethertype
 *
 * Context: any.
 * Return: or NULL.
 */
const struct packet_offload *dev_find_offload(__be16 type)
{
	unsigned int i;

	for (i = 0; i < OFFLOADS_MAX && offloads[i]; i++)
		if (offloads[i]->type == type)
			return offloads[i];
	return NULL;
}

/* ---- merging ------------------------------------------------------------- */

/* The payload lies in frags of @skb: they move. */
static bool gro_take_frags(struct sk_buff *held, struct sk_buff *skb)
{
	struct skb_shared_info *to = skb_shinfo(held), *from = skb_shinfo(skb);
	unsigned int truesize = skb->truesize - (unsigned int)SKB_TRUESIZE(skb_end_offset(skb));
	unsigned int i, len = skb->data_len;

	if (skb_headlen(skb) > skb_gro_offset(skb) || skb_has_frag_list(skb) ||
	    skb_cloned(skb) || skb_has_frag_list(held) ||
	    to->nr_frags + from->nr_frags > MAX_SKB_FRAGS)
		return false;
	for (i = 0; i < from->nr_frags; i++) {
		skb_frag_t *frag = &from->frags[i];

		if (skb_can_coalesce(held, to->nr_frags, frag->page, frag->offset)) {
			skb_frag_size_add(&to->frags[to->nr_frags - 1], (int)frag->size);
			__skb_frag_unref(frag);
		} else {
			to->frags[to->nr_frags++] = *frag;
		}
	}
	from->nr_frags = 0;
	skb->truesize -= truesize;
	skb->len -= len;
	skb->data_len = 0;
	held->len += len;
	held->data_len += len;
	held->truesize += truesize;
	NAPI_GRO_CB(skb)->spent = 1;
	return true;
}

/* It does not: the packet as a whole becomes part of frag_list. */
static void gro_take_whole(struct sk_buff *held, struct sk_buff *skb)
{
	struct napi_gro_cb *cb = NAPI_GRO_CB(held);

	__skb_pull(skb, skb_gro_offset(skb));
	skb_mark_not_on_list(skb);
	if (cb->last)
		cb->last->next = skb;
	else
		skb_shinfo(held)->frag_list = skb;
	cb->last = skb;
	held->len += skb->len;
	held->data_len += skb->len;
	held->truesize += skb->truesize;
}

/**
 * skb_gro_receive - append a packet's payload to a held one
 * @held: grows
 * @skb: from its offset on it is payload. Afterwards part of @held, or spent;
 *	dev_gro_receive() sees to it
 *
 * Context: softirqs off.
 * Return: 0, or -E2BIG: what comes of it would be larger than an IPv4 packet.
 */
int skb_gro_receive(struct sk_buff *held, struct sk_buff *skb)
{
	if (held->len + skb_gro_len(skb) > U16_MAX || skb_has_frag_list(skb))
		return -E2BIG;
	trace_skb(skb);
	NAPI_GRO_CB(held)->count++;
	NAPI_GRO_CB(skb)->same_flow = 1;
	/* A packet in the list has all of its bytes before those of the list. */
	if (!gro_take_frags(held, skb))
		gro_take_whole(held, skb);
	return 0;
}

/* ---- the walk ------------------------------------------------------------ */

/* A packet that will not grow any more goes up. Consumes. */
static int napi_gro_complete(struct sk_buff *skb)
{
	trace_skb(skb);
	if (NAPI_GRO_CB(skb)->count > 1) {
		skb_shinfo(skb)->gso_segs = NAPI_GRO_CB(skb)->count;
		dev_find_offload(skb->protocol)->gro_complete(skb, 0);
	}
	return netif_receive_skb_internal(skb);
}

/* Which of those held came from the same station? (They are all of this NAPI.) */
static void gro_list_prepare(struct sk_buff *held, const struct sk_buff *skb)
{
	for (; held; held = held->next) {
		NAPI_GRO_CB(held)->flush = 0;
		NAPI_GRO_CB(held)->same_flow =
			held->vlan_tci == skb->vlan_tci && held->protocol == skb->protocol &&
			!memcmp(skb_mac_header(held), skb_mac_header(skb), ETH_HLEN);
	}
}

static void gro_unlink(struct napi_struct *napi, struct sk_buff *skb)
{
	struct sk_buff **at = &napi->gro_list;

	while (*at != skb)
		at = &(*at)->next;
	*at = skb->next;
	skb_mark_not_on_list(skb);
	napi->gro_count--;
	if (NAPI_GRO_CB(skb)->count == 1)
		skb_gso_reset(skb);
}

/* To the end of the list. Too many: the oldest goes up. */
static void gro_hold(struct napi_struct *napi, struct sk_buff *skb)
{
	struct sk_buff **at = &napi->gro_list, *oldest = napi->gro_list;

	if (napi->gro_count >= MAX_GRO_SKBS) {
		gro_unlink(napi, oldest);
		napi_gro_complete(oldest);
	}
	while (*at)
		at = &(*at)->next;
	*at = skb;
	skb->next = NULL;
	napi->gro_count++;
	/* The size of all segments but the last, if there will be more. */
	skb_shinfo(skb)->gso_size = (unsigned short)skb_gro_len(skb);
}

/* Into an older packet of its flow, held for younger ones, or neither. */
static gro_result_t dev_gro_receive(struct napi_struct *napi, struct sk_buff *skb)
{
	const struct packet_offload *po;
	struct napi_gro_cb cb;
	struct sk_buff *complete;

	trace_skb(skb);
	*NAPI_GRO_CB(skb) = (struct napi_gro_cb){ .count = 1 };
	if (!(skb->dev->features & NETIF_F_GRO))
		return GRO_NORMAL;
	/* The device has merged it already: it must not overtake what is held.
	 * Linux: only those of its flow make way. */
	if (skb_is_gso(skb) || skb_has_frag_list(skb)) {
		napi_gro_flush(napi);
		return GRO_NORMAL;
	}
	po = dev_find_offload(skb->protocol);
	if (!po || !po->gro_receive)
		return GRO_NORMAL;
	gro_list_prepare(napi->gro_list, skb);
	complete = po->gro_receive(napi->gro_list, skb);
	/* It may go up, and away, with the packet that it became part of. */
	cb = *NAPI_GRO_CB(skb);
	if (cb.spent)
		consume_skb(skb);
	if (complete) {
		gro_unlink(napi, complete);
		napi_gro_complete(complete);
	}
	if (cb.same_flow)
		return GRO_MERGED;
	if (cb.flush)
		return GRO_NORMAL;
	gro_hold(napi, skb);
	return GRO_HELD;
}

/**
 * napi_gro_flush - no held packet waits any longer
 * @napi: the instance; its poll ends
 *
 * Context: softirqs off.
 */
void napi_gro_flush(struct napi_struct *napi)
{
	struct sk_buff *skb;

	while ((skb = napi->gro_list) != NULL) {
		gro_unlink(napi, skb);
		napi_gro_complete(skb);
	}
}

/**
 * napi_gro_receive - a packet from a driver's poll function
 * @napi: the instance that polls
 * @skb: consumed; eth_type_trans() has been
 *
 * Context: softirqs off.
 * Return: what became of it.
 */
gro_result_t napi_gro_receive(struct napi_struct *napi, struct sk_buff *skb)
{
	gro_result_t ret;

	trace_skb(skb);
	skb->napi_id = napi->napi_id;
	ret = dev_gro_receive(napi, skb);
	if (ret == GRO_NORMAL)
		napi_gro_complete(skb);
	return ret;
}
