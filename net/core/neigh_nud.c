// SPDX-License-Identifier: MIT
/*
 * What a neighbour goes through (NB-1, NB-2, NB-3):
 *
 *	        packet                answer
 *	NONE ──────────> INCOMPLETE ─────────> REACHABLE <──────────────┐
 *	                    │ no answer            │ reachable_time      │ confirmed
 *	                    v                      v                     │
 *	                  FAILED <───── PROBE <─ DELAY <── packet ── STALE
 *	                         no answer  delay_probe_time
 *
 * PERMANENT and NOARP never change by themselves. In INCOMPLETE packets wait; in
 * FAILED the next packet starts anew; in all other states they are sent. A
 * connected neighbour has its link-layer header ready (hh), which neigh_output()
 * copies in front of the packet; in the other states every packet passes
 * neigh_resolve_output() and so moves the state on.
 *
 * All of it with softirqs off.
 *
 * Linux: net/core/neighbour.c, include/net/neighbour.h
 * RFC: 1122 2.3.2; the states are those of RFC 4861 7.3.2
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/random.h>
#include <linux/string.h>
#include <linux/trace.h>
#include <net/dst.h>
#include "neigh.h"

#define NEIGH_MIN_TIMER_NS	(10 * NSEC_PER_MSEC)
#define NEIGH_RAND_INTERVAL_NS	(300 * NSEC_PER_SEC)

/* ---- small parts ------------------------------------------------------------------- */

/**
 * neigh_blackhole - the output function of a neighbour that is not in use
 * @n: not used
 * @skb: consumed (NEIGH_DEAD)
 *
 * Context: softirqs off.
 * Return: -ENETDOWN.
 */
int neigh_blackhole(struct neighbour *n, struct sk_buff *skb)
{
	kfree_skb_reason(skb, SKB_DROP_REASON_NEIGH_DEAD);
	return -ENETDOWN;
}

/**
 * neigh_purge_queue - drop the packets that wait
 * @n: the neighbour (NEIGH_DEAD)
 *
 * Context: softirqs off.
 */
void neigh_purge_queue(struct neighbour *n)
{
	__skb_queue_purge_reason(&n->arp_queue, SKB_DROP_REASON_NEIGH_DEAD);
	n->arp_queue_len_bytes = 0;
}

/* The timer holds a reference while it runs. */
static void neigh_add_timer(struct neighbour *n, u64 when)
{
	neigh_hold(n);
	if (unlikely(mod_timer(&n->timer, when)))
		WARN_ON(1);
}

/**
 * neigh_del_timer - stop the timer, if it runs
 * @n: the neighbour; the timer's reference is dropped, and is not the last
 *
 * Context: softirqs off.
 */
void neigh_del_timer(struct neighbour *n)
{
	if ((n->nud_state & NUD_IN_TIMER) && del_timer(&n->timer))
		neigh_release(n);
}

/**
 * neigh_rand_reach_time - how long a confirmation holds
 * @base_ns: base_reachable_time
 *
 * Context: any.
 * Return: something between half and one and a half of it, so that neighbours do
 * not ask in step (RFC 4861 6.3.2).
 */
u64 neigh_rand_reach_time(u64 base_ns)
{
	u32 base_ms = (u32)(base_ns / NSEC_PER_MSEC);

	return base_ms ? (base_ns >> 1) + get_random_u32_below(base_ms) * NSEC_PER_MSEC : 0;
}

/* Drawn anew every five minutes, when somebody needs it. */
static u64 neigh_reachable_time(struct neigh_parms *p, u64 now)
{
	if (now >= p->last_rand_ns + NEIGH_RAND_INTERVAL_NS) {
		p->last_rand_ns = now;
		p->reachable_time_ns = neigh_rand_reach_time(p->base_reachable_time_ns);
	}
	return p->reachable_time_ns;
}

static void neigh_suspect(struct neighbour *n)
{
	n->output = n->ops->output;
}

static void neigh_connect(struct neighbour *n)
{
	n->output = n->ops->connected_output;
}

/* The header for packets of the table's protocol, made once. */
static void neigh_hh_init(struct neighbour *n)
{
	const struct header_ops *ops = n->dev->header_ops;

	if (ops->cache && !n->hh.hh_len)
		ops->cache(n, &n->hh, n->tbl->protocol);
}

static void neigh_update_hhs(struct neighbour *n)
{
	const struct header_ops *ops = n->dev->header_ops;

	if (n->hh.hh_len && ops && ops->cache_update)
		ops->cache_update(&n->hh, n->dev, n->ha);
}

static unsigned int neigh_max_probes(const struct neighbour *n)
{
	const struct neigh_parms *p = n->parms;
	int max = p->ucast_probes + p->app_probes;

	if (!(n->nud_state & NUD_PROBE))
		max += p->mcast_probes;
	return (unsigned int)max;
}

/* Asks, on behalf of the youngest packet that waits. */
static void neigh_probe(struct neighbour *n)
{
	if (n->ops->solicit)
		n->ops->solicit(n, skb_peek_tail(&n->arp_queue));
	n->probes++;
}

/* No answer: the packets that wait are given up, each with an error. */
static void neigh_invalidate(struct neighbour *n)
{
	struct sk_buff *skb;

	n->tbl->stats.res_failed++;
	n->updated_ns = ktime_get_ns();
	/* An error report may reach the neighbour again and change it. */
	while (n->nud_state == NUD_FAILED && (skb = __skb_dequeue(&n->arp_queue)) != NULL) {
		if (n->ops->error_report)
			n->ops->error_report(n, skb);
		else
			kfree_skb_reason(skb, SKB_DROP_REASON_NEIGH_FAILED);
	}
	if (n->nud_state == NUD_FAILED)
		__skb_queue_purge_reason(&n->arp_queue, SKB_DROP_REASON_NEIGH_FAILED);
	n->arp_queue_len_bytes = 0;
}

/* ---- by time ------------------------------------------------------------------------- */

static void neigh_set_state(struct neighbour *n, u8 state, u64 now)
{
	n->nud_state = state;
	n->updated_ns = now;
}

/* REACHABLE is over, unless it was confirmed meanwhile. When to look next. */
static u64 neigh_timer_reachable(struct neighbour *n, u64 now)
{
	u64 until = n->confirmed_ns + neigh_reachable_time(n->parms, now);

	if (now < until)
		return until;
	neigh_suspect(n);
	if (now <= n->used_ns + n->parms->delay_probe_time_ns) {
		neigh_set_state(n, NUD_DELAY, now);
		return now + n->parms->delay_probe_time_ns;
	}
	neigh_set_state(n, NUD_STALE, now);
	return 0;
}

/* DELAY is over: nothing confirmed it meanwhile, or a transport did. */
static u64 neigh_timer_delay(struct neighbour *n, u64 now)
{
	if (now <= n->confirmed_ns + n->parms->delay_probe_time_ns) {
		neigh_set_state(n, NUD_REACHABLE, now);
		neigh_connect(n);
		return n->confirmed_ns + neigh_reachable_time(n->parms, now);
	}
	neigh_set_state(n, NUD_PROBE, now);
	n->probes = 0;
	return now + n->parms->retrans_time_ns;
}

/**
 * neigh_timer_handler - a neighbour's time has come
 * @t: its timer, whose reference is dropped or goes on with it
 *
 * Context: softirq.
 */
void neigh_timer_handler(struct timer_list *t)
{
	struct neighbour *n = from_timer(n, t, timer);
	u64 now = ktime_get_ns(), next = now + n->parms->retrans_time_ns;

	if (!(n->nud_state & NUD_IN_TIMER))
		goto out;
	if (n->nud_state & NUD_REACHABLE)
		next = neigh_timer_reachable(n, now);
	else if (n->nud_state & NUD_DELAY)
		next = neigh_timer_delay(n, now);

	if ((n->nud_state & (NUD_INCOMPLETE | NUD_PROBE)) && n->probes >= neigh_max_probes(n)) {
		neigh_set_state(n, NUD_FAILED, now);
		neigh_invalidate(n);
		goto out;
	}
	if (n->nud_state & NUD_IN_TIMER)
		neigh_add_timer(n, max_t(u64, next, now + NEIGH_MIN_TIMER_NS));
	if (n->nud_state & (NUD_INCOMPLETE | NUD_PROBE))
		neigh_probe(n);
out:
	neigh_release(n);
}

/* ---- by a packet ----------------------------------------------------------------------- */

/* Its address is not known: it waits, and if need be the oldest do not. */
static void neigh_queue_packet(struct neighbour *n, struct sk_buff *skb)
{
	struct sk_buff *old;

	while (n->arp_queue_len_bytes + skb->truesize > n->parms->queue_len_bytes) {
		old = __skb_dequeue(&n->arp_queue);
		if (!old)
			break;
		n->arp_queue_len_bytes -= old->truesize;
		n->tbl->stats.unres_discards++;
		kfree_skb_reason(old, SKB_DROP_REASON_NEIGH_QUEUEFULL);
	}
	skb_dst_force(skb);
	__skb_queue_tail(&n->arp_queue, skb);
	n->arp_queue_len_bytes += skb->truesize;
}

/* Begins to ask. False: there is no way to. */
static bool neigh_start_resolving(struct neighbour *n, u64 now)
{
	neigh_del_timer(n);
	if (!(n->parms->mcast_probes + n->parms->app_probes)) {
		neigh_set_state(n, NUD_FAILED, now);
		return false;
	}
	/* Nobody to ask directly: those probes count as done. */
	n->probes = (unsigned int)n->parms->ucast_probes;
	neigh_set_state(n, NUD_INCOMPLETE, now);
	neigh_add_timer(n, now + max_t(u64, n->parms->retrans_time_ns, NEIGH_MIN_TIMER_NS));
	return true;
}

static int neigh_event_locked(struct neighbour *n, struct sk_buff *skb)
{
	enum skb_drop_reason reason = SKB_DROP_REASON_NEIGH_DEAD;
	u64 now = ktime_get_ns();
	bool probe = false;

	if (n->nud_state & (NUD_CONNECTED | NUD_DELAY | NUD_PROBE))
		return 0;
	if (n->dead) {
		if (n->nud_state & NUD_STALE)
			return 0;
		goto drop;
	}
	if (n->nud_state & NUD_STALE) {
		neigh_set_state(n, NUD_DELAY, now);
		neigh_add_timer(n, now + n->parms->delay_probe_time_ns);
		return 0;
	}
	if (!(n->nud_state & NUD_INCOMPLETE)) {
		reason = SKB_DROP_REASON_NEIGH_FAILED;
		probe = neigh_start_resolving(n, now);
		if (!probe)
			goto drop;
	}
	if (skb)
		neigh_queue_packet(n, skb);
	if (probe)
		neigh_probe(n);
	return 1;
drop:
	kfree_skb_reason(skb, reason);
	return 1;
}

/**
 * __neigh_event_send - a packet is to go to a neighbour that is not connected
 * @n: the neighbour
 * @skb: NULL, or consumed when 1 is returned (it waits, or was dropped)
 *
 * Context: process or softirq.
 * Return: 0: its address is known, send; 1: not.
 */
int __neigh_event_send(struct neighbour *n, struct sk_buff *skb)
{
	int ret;

	local_bh_disable();
	ret = neigh_event_locked(n, skb);
	local_bh_enable();
	return ret;
}

/**
 * neigh_confirm - a transport saw the neighbour alive
 * @n: the neighbour
 *
 * Context: any.
 */
void neigh_confirm(struct neighbour *n)
{
	n->confirmed_ns = ktime_get_ns();
}

/* ---- by news of it ----------------------------------------------------------------------- */

/* The packets that waited, in their order. */
static void neigh_send_waiting(struct neighbour *n)
{
	struct sk_buff *skb;

	while ((n->nud_state & NUD_VALID) && (skb = __skb_dequeue(&n->arp_queue)) != NULL)
		n->output(n, skb);
	neigh_purge_queue(n);
}

/* It is known no more. */
static int neigh_update_invalid(struct neighbour *n, u8 state, u8 old)
{
	neigh_del_timer(n);
	if (old & NUD_CONNECTED)
		neigh_suspect(n);
	n->nud_state = state;
	if ((old & (NUD_INCOMPLETE | NUD_PROBE)) && (state & NUD_FAILED))
		neigh_invalidate(n);
	return 0;
}

/* Into the new state, timers and all. @now: as of when. */
static void neigh_enter_state(struct neighbour *n, u8 state, u64 now)
{
	neigh_del_timer(n);
	if (state & NUD_PROBE)
		n->probes = 0;
	n->nud_state = state;
	if (state & NUD_REACHABLE)
		neigh_add_timer(n, now + neigh_reachable_time(n->parms, now));
	else if (state & NUD_IN_TIMER)
		neigh_add_timer(n, now + NEIGH_MIN_TIMER_NS);
}

static void neigh_set_address(struct neighbour *n, const u8 *lladdr, u8 state, u64 now)
{
	u64 long_ago = 2 * n->parms->base_reachable_time_ns;

	memcpy(n->ha, lladdr, n->dev->addr_len);
	neigh_update_hhs(n);
	if (!(state & NUD_CONNECTED))
		n->confirmed_ns = now > long_ago ? now - long_ago : 0;
}

static int neigh_update_locked(struct neighbour *n, const u8 *lladdr, u8 state, u32 flags)
{
	const unsigned int addr_len = n->dev->addr_len;
	u64 now = ktime_get_ns();
	u8 old = n->nud_state;
	bool changed;

	if (n->dead)
		return -EINVAL;
	if (!(flags & NEIGH_UPDATE_F_ADMIN) && (old & (NUD_NOARP | NUD_PERMANENT)))
		return -EPERM;
	if (!(state & NUD_VALID))
		return neigh_update_invalid(n, state, old);
	if (!lladdr && addr_len && !(old & NUD_VALID))
		return -EINVAL;
	changed = lladdr && addr_len &&
		  !((old & NUD_VALID) && !memcmp(lladdr, n->ha, addr_len));

	if (state & NUD_CONNECTED)
		n->confirmed_ns = now;
	if (old & NUD_VALID) {
		if (changed && !(flags & NEIGH_UPDATE_F_OVERRIDE)) {
			/* Who says that he is our neighbour all of a sudden is
			 * not believed, but checked. */
			if (!(flags & NEIGH_UPDATE_F_WEAK_OVERRIDE) || !(old & NUD_CONNECTED))
				return 0;
			changed = false;
			state = NUD_STALE;
		} else if (!changed && state == NUD_STALE && !(flags & NEIGH_UPDATE_F_ADMIN)) {
			state = old;
		}
	}
	if (state != old || changed)
		n->updated_ns = now;
	if (state != old)
		neigh_enter_state(n, state, now);
	if (changed)
		neigh_set_address(n, lladdr, state, now);
	if (state == old)
		return 0;
	if (state & NUD_CONNECTED)
		neigh_connect(n);
	else
		neigh_suspect(n);
	if (!(old & NUD_VALID))
		neigh_send_waiting(n);
	return 0;
}

/**
 * neigh_update - there is news of a neighbour
 * @n: the neighbour
 * @lladdr: its link-layer address; NULL: as it was
 * @nud: its state: REACHABLE it answered us, STALE it may have changed, FAILED,
 *	PERMANENT …
 * @flags: NEIGH_UPDATE_F_OVERRIDE: another address is believed; _WEAK_OVERRIDE:
 *	then it is suspected; _ADMIN: a person says so
 *
 * Packets that waited for the address are sent.
 *
 * Context: process or softirq.
 * Return: 0, -EPERM (permanent entry), or -EINVAL (no address, dead).
 */
int neigh_update(struct neighbour *n, const u8 *lladdr, u8 nud, u32 flags)
{
	int err;

	local_bh_disable();
	neigh_hold(n);
	err = neigh_update_locked(n, lladdr, nud, flags);
	neigh_release(n);
	local_bh_enable();
	return err;
}

/**
 * neigh_event_ns - somebody asks for us, and in doing so says who he is
 * @tbl: table
 * @lladdr: his link-layer address
 * @saddr: his address
 * @dev: the device he is on
 *
 * Context: process or softirq.
 * Return: the neighbour with a reference, or NULL.
 */
struct neighbour *neigh_event_ns(struct neigh_table *tbl, const u8 *lladdr, const void *saddr,
				 struct net_device *dev)
{
	struct neighbour *n = neigh_create(tbl, saddr, dev);

	if (IS_ERR(n))
		return NULL;
	neigh_update(n, lladdr, NUD_STALE, NEIGH_UPDATE_F_OVERRIDE);
	return n;
}

/* ---- output -------------------------------------------------------------------------------- */

/* The header the long way, and off. Consumes. */
static int neigh_header_output(struct neighbour *n, struct sk_buff *skb)
{
	struct net_device *dev = n->dev;
	int err;

	n->tbl->stats.hh_slow++;
	if (unlikely(skb_headroom(skb) < LL_RESERVED_SPACE(dev))) {
		skb = skb_expand_head(skb, LL_RESERVED_SPACE(dev));
		if (!skb)
			return -ENOMEM;
	}
	__skb_pull(skb, (unsigned int)skb_network_offset(skb));
	err = dev_hard_header(skb, dev, ntohs(skb->protocol), n->ha, NULL, skb->len);
	if (likely(err >= 0))
		return dev_queue_xmit(skb);
	kfree_skb_reason(skb, SKB_DROP_REASON_DEV_HDR);
	return -EINVAL;
}

/**
 * neigh_resolve_output - send, when the address is known; else wait for it
 * @n: the neighbour, in any state
 * @skb: consumed
 *
 * Context: softirqs off.
 * Return: as dev_queue_xmit(); 0 when the packet waits.
 */
int neigh_resolve_output(struct neighbour *n, struct sk_buff *skb)
{
	trace_skb(skb);
	if (neigh_event_send(n, skb))
		return 0;
	if (n->dev->header_ops)
		neigh_hh_init(n);
	return neigh_header_output(n, skb);
}

/**
 * neigh_connected_output - send to a neighbour that is connected
 * @n: the neighbour
 * @skb: consumed
 *
 * Context: softirqs off.
 * Return: as dev_queue_xmit().
 */
int neigh_connected_output(struct neighbour *n, struct sk_buff *skb)
{
	trace_skb(skb);
	return neigh_header_output(n, skb);
}

/**
 * neigh_direct_output - send on a device without link-layer headers
 * @n: the neighbour
 * @skb: consumed
 *
 * Context: softirqs off.
 * Return: as dev_queue_xmit().
 */
int neigh_direct_output(struct neighbour *n, struct sk_buff *skb)
{
	trace_skb(skb);
	return dev_queue_xmit(skb);
}

/**
 * neigh_hh_output - send with the header that is ready
 * @n: connected, its hh filled
 * @skb: consumed
 *
 * HH_DATA_MOD bytes are copied, two words whatever the header's length: the
 * header is at their end, what is before it falls into the headroom.
 *
 * Context: softirqs off.
 * Return: as dev_queue_xmit().
 */
int neigh_hh_output(struct neighbour *n, struct sk_buff *skb)
{
	const struct hh_cache *hh = &n->hh;

	trace_skb(skb);
	if (unlikely(skb_headroom(skb) < HH_DATA_MOD)) {
		skb = skb_expand_head(skb, HH_DATA_MOD);
		if (!skb)
			return -ENOMEM;
	}
	n->tbl->stats.hh_hits++;
	memcpy(skb->data - HH_DATA_MOD, hh->hh_data, HH_DATA_MOD);
	__skb_push(skb, hh->hh_len);
	return dev_queue_xmit(skb);
}
