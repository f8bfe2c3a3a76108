// SPDX-License-Identifier: MIT
/*
 * NAPI: interrupts to begin with, polling while there is work (NAPI-1, NAPI-5,
 * SIRQ-2).
 *
 *	hardirq: mask the device, napi_schedule()      ─> on softnet_data.poll_list
 *	softirq: net_rx_action() ─> napi_poll() ─> [poll]
 *		did its whole weight: back to the end of the list
 *		did less: napi_complete_done(), off the list; the driver unmasks
 *
 * NAPI_STATE_SCHED is the ownership: who sets it puts the instance on a list,
 * and it is off all lists when the bit is clear. An event that comes while it is
 * set leaves NAPI_STATE_MISSED, and completing then means scheduling again: no
 * event is lost between the last look of the poll and the unmasking.
 *
 * Linux: net/core/dev.c
 */
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/trace.h>
#include <net/net_namespace.h>
#include "dev.h"

/* The packet that woke the backlog, for the trace; a device's has no id yet. */
static u64 backlog_last_id(const struct softnet_data *sd, const struct napi_struct *napi)
{
	const struct sk_buff *skb = skb_peek_tail(&sd->input_pkt_queue);

	return napi == &sd->backlog && skb ? skb->id : 0;
}

/**
 * ____napi_schedule - onto the poll list
 * @sd: of this CPU
 * @napi: the caller has set its NAPI_STATE_SCHED
 *
 * Context: interrupts off.
 */
void ____napi_schedule(struct softnet_data *sd, struct napi_struct *napi)
{
	trace_id(backlog_last_id(sd, napi));
	list_add_tail(&napi->poll_list, &sd->poll_list);
	/* net_rx_action() looks at the list itself when it ends. */
	if (!sd->in_net_rx_action)
		raise_softirq_irqoff(NET_RX_SOFTIRQ);
}

/**
 * napi_schedule_prep - may this instance be scheduled?
 * @n: the instance
 *
 * Context: any.
 * Return: true when it is now the caller's to schedule; false when it is
 * scheduled already (and will be again when it completes) or disabled.
 */
bool napi_schedule_prep(struct napi_struct *n)
{
	if (unlikely(test_bit(NAPI_STATE_DISABLE, &n->state)))
		return false;
	if (test_and_set_bit(NAPI_STATE_SCHED, &n->state)) {
		set_bit(NAPI_STATE_MISSED, &n->state);
		return false;
	}
	return true;
}

/**
 * __napi_schedule - have an instance polled
 * @n: napi_schedule_prep() said yes
 *
 * Context: any.
 */
void __napi_schedule(struct napi_struct *n)
{
	unsigned long flags;

	local_irq_save(flags);
	____napi_schedule(this_cpu()->softnet, n);
	local_irq_restore(flags);
}

/**
 * napi_complete_done - a poll did less than its budget
 * @n: the instance, being polled
 * @work_done: packets
 *
 * Context: softirq.
 * Return: true: off the list, the driver unmasks its interrupt; false: an event
 * came meanwhile, it is on the list again; or a thread goes on to poll it.
 */
bool napi_complete_done(struct napi_struct *n, int work_done)
{
	unsigned long flags;
	bool missed;

	if (n->gro_count)
		napi_gro_flush(n);
	/* The thread that polls it will look again, and complete it in the end. */
	if (unlikely(test_bit(NAPI_STATE_IN_BUSY_POLL, &n->state)))
		return false;
	local_irq_save(flags);
	if (!list_empty(&n->poll_list))
		list_del_init(&n->poll_list);
	missed = test_and_clear_bit(NAPI_STATE_MISSED, &n->state);
	if (unlikely(missed))
		____napi_schedule(this_cpu()->softnet, n);
	else
		clear_bit(NAPI_STATE_SCHED, &n->state);
	local_irq_restore(flags);
	return !missed;
}

/**
 * netif_napi_add_weight - a device gets a polled queue
 * @dev: the device
 * @napi: the instance; disabled until napi_enable()
 * @poll: softirq; does at most budget packets and returns how many; when fewer,
 *	it has called napi_complete_done()
 * @weight: packets at a turn
 *
 * Context: process.
 */
void netif_napi_add_weight(struct net_device *dev, struct napi_struct *napi,
			   int (*poll)(struct napi_struct *, int), int weight)
{
	INIT_LIST_HEAD(&napi->poll_list);
	napi->state = BIT(NAPI_STATE_SCHED) | BIT(NAPI_STATE_DISABLE);
	napi->weight = weight;
	napi->poll = poll;
	napi->dev = dev;
	napi->gro_list = NULL;
	napi->gro_count = 0;
	napi->napi_id = ++this_cpu()->softnet->napi_gen_id;
	list_add_tail(&napi->dev_list, &dev->napi_list);
}

/**
 * netif_napi_del - take it back
 * @napi: disabled
 *
 * Context: process.
 */
void netif_napi_del(struct napi_struct *napi)
{
	WARN_ON(!test_bit(NAPI_STATE_DISABLE, &napi->state));
	list_del_init(&napi->dev_list);
	net_idle_forget(napi);
}

/**
 * napi_enable - from here on it may be scheduled
 * @n: disabled
 *
 * Context: process or softirq.
 */
void napi_enable(struct napi_struct *n)
{
	BUG_ON(!test_bit(NAPI_STATE_SCHED, &n->state));
	n->state = 0;
}

/**
 * napi_disable - from here on it is neither polled nor scheduled
 * @n: enabled, and not being polled by the caller
 *
 * Linux waits for the poll to end. Here no poll can be under way in this
 * context, only be due: the instance is taken off the list. The device stays as
 * masked as it is; whoever enables the instance again starts the device too.
 *
 * Context: process, or softirq outside of a poll.
 */
void napi_disable(struct napi_struct *n)
{
	unsigned long flags;

	if (n->gro_count)
		napi_gro_flush(n);
	local_irq_save(flags);
	if (!list_empty(&n->poll_list))
		list_del_init(&n->poll_list);
	n->state = BIT(NAPI_STATE_SCHED) | BIT(NAPI_STATE_DISABLE);
	local_irq_restore(flags);
}

/* One turn of one instance. If it has more to do it goes to @repoll. */
static int napi_poll(struct napi_struct *n, struct list_head *repoll)
{
	int work, weight = n->weight;

	this_cpu()->trace_cause = 0;
	trace_here();
	work = n->poll(n, weight);
	if (likely(work && n->dev))
		this_cpu()->softnet->idle.last = n;
	if (WARN_ON_ONCE(work > weight))
		pr_err("%s: poll did %d packets of %d\n", n->dev ? n->dev->name : "backlog",
		       work, weight);
	if (likely(work < weight))
		return work;
	if (n->gro_count)
		napi_gro_flush(n);
	/* A poll that did exactly its weight may have completed or disabled
	 * itself (the backlog cannot tell): only what is still owned stays. */
	if (test_bit(NAPI_STATE_SCHED, &n->state) &&
	    !test_bit(NAPI_STATE_DISABLE, &n->state) && list_empty(&n->poll_list))
		list_add_tail(&n->poll_list, repoll);
	return work;
}

/**
 * net_rx_action - NET_RX_SOFTIRQ: polls what is on the list, within bounds
 * @h: not used
 *
 * At most netdev_budget packets or netdev_budget_usecs; what is left goes on in
 * the next round, with time_squeeze counted.
 *
 * Context: softirq.
 */
void net_rx_action(struct softirq_action *h)
{
	struct softnet_data *sd = this_cpu()->softnet;
	u64 now = ktime_get_ns(), time_limit = now +
		(u64)init_net->core.sysctl_netdev_budget_usecs * NSEC_PER_USEC;
	int budget = init_net->core.sysctl_netdev_budget;
	LIST_HEAD(list);
	LIST_HEAD(repoll);
	unsigned long flags;

	trace_here();
	if (sd->idle.since_ns)
		net_idle_woken(&sd->idle, now);
	local_irq_save(flags);
	sd->in_net_rx_action = true;
	list_splice_init(&sd->poll_list, &list);
	local_irq_restore(flags);

	for (;;) {
		struct napi_struct *n;

		if (list_empty(&list)) {
			if (list_empty(&repoll) && list_empty(&sd->poll_list))
				break;
			local_irq_save(flags);
			list_splice_tail_init(&repoll, &list);
			list_splice_tail_init(&sd->poll_list, &list);
			local_irq_restore(flags);
			continue;
		}
		n = list_first_entry(&list, struct napi_struct, poll_list);
		list_del_init(&n->poll_list);
		budget -= napi_poll(n, &repoll);
		/* With nothing left it does not matter how long it took. */
		if (list_empty(&list) && list_empty(&repoll) && list_empty(&sd->poll_list))
			continue;
		if (unlikely(budget <= 0 || ktime_get_ns() >= time_limit)) {
			sd->time_squeeze++;
			break;
		}
	}

	local_irq_save(flags);
	sd->in_net_rx_action = false;
	list_splice_tail_init(&sd->poll_list, &list);
	list_splice_tail(&repoll, &list);
	list_splice(&list, &sd->poll_list);
	if (!list_empty(&sd->poll_list))
		__raise_softirq_irqoff(NET_RX_SOFTIRQ);
	local_irq_restore(flags);
}
