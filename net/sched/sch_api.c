// SPDX-License-Identifier: MIT
/*
 * What qdiscs share: the watchdog timer by which one that holds packets back has
 * itself run again when their time has come (QD-5).
 *
 * Linux: net/sched/sch_api.c
 */
#include <linux/netdevice.h>
#include <linux/trace.h>
#include <net/sch_generic.h>

/* Old Linux called it that; now qdisc_watchdog(). */
static void qdisc_watchdog_timer(struct timer_list *t)
{
	struct qdisc_watchdog *wd = from_timer(wd, t, timer);

	trace_here();
	netif_schedule(qdisc_dev(wd->qdisc));
}

/**
 * qdisc_watchdog_init - a watchdog for a qdisc
 * @wd: part of the qdisc's private data
 * @qdisc: the qdisc
 *
 * Context: any.
 */
void qdisc_watchdog_init(struct qdisc_watchdog *wd, struct Qdisc *qdisc)
{
	wd->qdisc = qdisc;
	timer_setup(&wd->timer, qdisc_watchdog_timer, 0);
}

/**
 * qdisc_watchdog_schedule_ns - have the qdisc run again later
 * @wd: its watchdog
 * @expires_ns: when; absolute
 *
 * Context: any.
 */
void qdisc_watchdog_schedule_ns(struct qdisc_watchdog *wd, u64 expires_ns)
{
	if (!test_bit(__QDISC_STATE_DEACTIVATED, &wd->qdisc->state))
		mod_timer(&wd->timer, expires_ns);
}

/**
 * qdisc_watchdog_cancel - not any more
 * @wd: the watchdog; ops->reset and ops->destroy call this
 *
 * Context: any.
 */
void qdisc_watchdog_cancel(struct qdisc_watchdog *wd)
{
	del_timer_sync(&wd->timer);
}
