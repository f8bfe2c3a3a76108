// SPDX-License-Identifier: MIT
/*
 * pfifo_fast: three first-in-first-out bands, a lower one served only when those
 * above it are empty (QD-2). The band comes from skb->priority, which comes from
 * the TOS or from SO_PRIORITY:
 *
 *	band 0	interactive, control		priorities 6, 7
 *	band 1	best effort			0, 4, 8 … 15
 *	band 2	bulk, filler			1, 2, 3, 5
 *
 * Each band holds tx_queue_len packets.
 *
 * Linux: net/sched/sch_generic.c
 */
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/trace.h>
#include <net/sch_generic.h>

#define PFIFO_FAST_BANDS 3
#define TC_PRIO_MAX 15

static const u8 prio2band[TC_PRIO_MAX + 1] = {
	1, 2, 2, 2, 1, 2, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1
};

/* The first band of those whose bits are set. */
static const s8 bitmap2band[1 << PFIFO_FAST_BANDS] = { -1, 0, 1, 0, 2, 0, 1, 0 };

struct pfifo_fast_priv {
	unsigned int bitmap;		/* of bands that are not empty */
	struct sk_buff_head q[PFIFO_FAST_BANDS];	/* sch->q.lock guards them */
};

static int pfifo_fast_enqueue(struct sk_buff *skb, struct Qdisc *sch)
{
	struct pfifo_fast_priv *priv = qdisc_priv(sch);
	unsigned int band = prio2band[skb->priority & TC_PRIO_MAX];
	struct sk_buff_head *list = &priv->q[band];

	trace_skb(skb);
	if (unlikely(skb_queue_len(list) >= qdisc_dev(sch)->tx_queue_len))
		return qdisc_drop(skb, sch);
	priv->bitmap |= 1U << band;
	__skb_queue_tail(list, skb);
	sch->q.qlen++;
	sch->qstats.backlog += qdisc_pkt_len(skb);
	return NET_XMIT_SUCCESS;
}

static struct sk_buff *pfifo_fast_dequeue(struct Qdisc *sch)
{
	struct pfifo_fast_priv *priv = qdisc_priv(sch);
	int band = bitmap2band[priv->bitmap];
	struct sk_buff *skb;

	if (band < 0)
		return NULL;
	skb = __skb_dequeue(&priv->q[band]);
	trace_skb(skb);
	if (skb_queue_empty(&priv->q[band]))
		priv->bitmap &= ~(1U << band);
	sch->q.qlen--;
	sch->qstats.backlog -= qdisc_pkt_len(skb);
	qdisc_bstats_update(sch, skb);
	return skb;
}

static struct sk_buff *pfifo_fast_peek(struct Qdisc *sch)
{
	struct pfifo_fast_priv *priv = qdisc_priv(sch);
	int band = bitmap2band[priv->bitmap];

	return band < 0 ? NULL : skb_peek(&priv->q[band]);
}

static int pfifo_fast_init(struct Qdisc *sch, const void *opt)
{
	struct pfifo_fast_priv *priv = qdisc_priv(sch);
	int band;

	for (band = 0; band < PFIFO_FAST_BANDS; band++)
		skb_queue_head_init(&priv->q[band]);
	return 0;
}

static void pfifo_fast_reset(struct Qdisc *sch)
{
	struct pfifo_fast_priv *priv = qdisc_priv(sch);
	int band;

	for (band = 0; band < PFIFO_FAST_BANDS; band++)
		__skb_queue_purge_reason(&priv->q[band], SKB_DROP_REASON_DEV_READY);
	priv->bitmap = 0;
}

const struct Qdisc_ops pfifo_fast_ops = {
	.id = "pfifo_fast",
	.priv_size = sizeof(struct pfifo_fast_priv),
	.enqueue = pfifo_fast_enqueue,
	.dequeue = pfifo_fast_dequeue,
	.peek = pfifo_fast_peek,
	.init = pfifo_fast_init,
	.reset = pfifo_fast_reset,
};
