// SPDX-License-Identifier: MIT
/*
 * Generic receive offload (RX-4): the place where packets of one flow that
 * arrive together are merged before they climb the stack. The walk is laid out
 * in full: dev_gro_receive() decides what becomes of a packet, napi->gro_list
 * holds those that may still grow, and napi_gro_complete() sends one up, whether
 * it grew or not. No protocol merges yet, so that every packet is complete when
 * it arrives.
 *
 * Linux: net/core/gro.c
 */
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/trace.h>

/* Into an older packet of its flow, held for younger ones, or neither. */
static gro_result_t dev_gro_receive(struct napi_struct *napi, struct sk_buff *skb)
{
	trace_skb(skb);
	return GRO_NORMAL;
}

/* A packet that will not grow any more goes up. Consumes. */
static int napi_gro_complete(struct sk_buff *skb)
{
	trace_skb(skb);
	return netif_receive_skb_internal(skb);
}

/**
 * napi_gro_flush - no held packet waits any longer
 * @napi: the instance; its poll ends
 *
 * Context: softirqs off.
 */
void napi_gro_flush(struct napi_struct *napi)
{
	struct sk_buff *skb, *next;

	for (skb = napi->gro_list; skb; skb = next) {
		next = skb->next;
		skb_mark_not_on_list(skb);
		napi_gro_complete(skb);
	}
	napi->gro_list = NULL;
	napi->gro_count = 0;
}

/**
 * napi_gro_receive - a packet from a driver's poll function
 * @napi: the instance that polls
 * @skb: consumed
 *
 * Context: softirqs off.
 * Return: what became of it.
 */
gro_result_t napi_gro_receive(struct napi_struct *napi, struct sk_buff *skb)
{
	gro_result_t ret;

	trace_skb(skb);
	ret = dev_gro_receive(napi, skb);
	if (ret == GRO_NORMAL)
		napi_gro_complete(skb);
	return ret;
}
