// SPDX-License-Identifier: MIT
/*
 * Looking before halting. An interrupt that wakes a halted CPU, its end, and the way
 * out of the halt cost more than a small packet; with an emulated device and a
 * virtual CPU several times as much. So the idle loop looks at the device that
 * packets came from last, before it halts: as long as waits lately turned out to be.
 *
 *	nothing to do ─> look, at most limit_ns ─> packets: on we go, no interrupt
 *	                       │ in vain
 *	                       └> unmask, halt ─> interrupt ─> how long was it?
 *
 *	it came within guest_halt_poll_ns	limit_ns grows: looking would have paid
 *	it came later				limit_ns shrinks, and soon is 0
 *
 * A machine without traffic, or where packets are far apart, therefore halts at once.
 *
 * While looking pays the instance stays ours (NAPI_STATE_IN_BUSY_POLL) from wait to
 * wait, so that a device is not masked and unmasked each time. A thread that does not
 * give the CPU back meanwhile must not keep packets waiting: after GUARD_NS the
 * instance goes to the softirq.
 *
 * Linux: drivers/cpuidle/governors/haltpoll.c, whose names, figures and rule these
 * are. It waits for interrupts that way, and only as a KVM guest who is told that his
 * CPUs are his own. Polling the device is net/core/busy_poll.c.
 */
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/netdevice.h>
#include <linux/sched.h>
#include <linux/timer.h>
#include <net/busy_poll.h>
#include <net/net_namespace.h>

#define HALT_POLL_GROW		2
#define HALT_POLL_SHRINK	2
#define HALT_POLL_GROW_START_NS	(50 * NSEC_PER_USEC)

/* Packets wait no longer for a thread than this. */
#define GUARD_NS	NSEC_PER_MSEC
/* A look takes longer than this: it ends although the clock stands still, as that of
 * the hosted body does. */
#define LOOK_NS		10
/* Packets of a look. */
#define LOOK_BUDGET	NAPI_POLL_WEIGHT

static u64 halt_poll_max(void)
{
	return (u64)READ_ONCE(init_net->core.sysctl_guest_halt_poll_ns);
}

/**
 * net_idle_woken - packets have ended a wait
 * @idle: this CPU's, which waited
 * @now_ns: the time
 *
 * Context: softirqs off.
 */
void net_idle_woken(struct napi_idle *idle, u64 now_ns)
{
	u64 waited_ns = now_ns - idle->since_ns, most = halt_poll_max();

	idle->since_ns = 0;
	if (waited_ns > most) {
		idle->limit_ns /= HALT_POLL_SHRINK;
		if (idle->limit_ns < HALT_POLL_GROW_START_NS)
			idle->limit_ns = 0;
	} else if (waited_ns > idle->limit_ns) {
		idle->limit_ns = max(idle->limit_ns * HALT_POLL_GROW,
				     (u64)HALT_POLL_GROW_START_NS);
		idle->limit_ns = min(idle->limit_ns, most);
	}
}

/* Softirqs off. Is there one that is ours, still? */
static struct napi_struct *idle_kept(const struct napi_idle *idle)
{
	struct napi_struct *n = idle->kept;

	return n && test_bit(NAPI_STATE_IN_BUSY_POLL, &n->state) ? n : NULL;
}

/* The device interrupts again. Softirqs on. */
static void idle_release(struct napi_struct *n)
{
	if (n)
		napi_busy_poll_stop(n, LOOK_BUDGET);
}

/* A thread runs, and nobody has looked: the softirq does, and unmasks. */
static void idle_guard(struct timer_list *t)
{
	struct napi_idle *idle = from_timer(idle, t, guard);
	struct napi_struct *n = idle_kept(idle);
	u64 due = idle->looked_ns + GUARD_NS;

	if (!n)
		return;
	if (ktime_get_ns() < due) {
		mod_timer(t, due);
		return;
	}
	idle->kept = NULL;
	clear_bit(NAPI_STATE_IN_BUSY_POLL, &n->state);
	__napi_schedule(n);
}

/* Looks until packets come, here or elsewhere, or a thread can run, or @limit_ns are
 * over. Softirqs on. True: it need not halt. */
static bool idle_look(struct napi_idle *idle, struct napi_struct *n, u64 limit_ns)
{
	u64 looks = limit_ns / LOOK_NS + 1;

	do {
		if (napi_busy_poll_once(n, LOOK_BUDGET)) {
			idle->hits++;
			idle->since_ns = 0;
		}
		idle->looked_ns = ktime_get_ns();
		if (!idle->since_ns || need_resched())
			return true;
		/* Sent by a timer. */
		sched_idle_work();
	} while (--looks && idle->looked_ns - idle->since_ns < limit_ns);
	return false;
}

/**
 * net_idle_poll - there is nothing to do: look at the device before the CPU halts
 * @fresh: for the first time since a thread ran
 *
 * Context: the idle loop, interrupts off; on while it looks.
 * Return: true: look whether there is something to do; false: halt.
 */
bool net_idle_poll(bool fresh)
{
	struct napi_idle *idle = &this_cpu()->softnet->idle;
	u64 limit_ns = idle->last ? min(idle->limit_ns, halt_poll_max()) : 0;
	struct napi_struct *n, *kept;

	if (fresh || !idle->since_ns) {
		idle->since_ns = ktime_get_ns();
		idle->spent = false;
	}
	if (idle->spent || (!limit_ns && !idle->kept))
		return false;
	idle->spent = true;
	/* While we look nobody has to see to it that somebody does. */
	n = idle->last;
	kept = idle->kept;
	idle->kept = NULL;
	local_irq_enable();
	if (kept != n || !limit_ns)
		idle_release(kept);
	if (limit_ns && idle_look(idle, n, limit_ns)) {
		idle->kept = n;
		if (!timer_pending(&idle->guard))
			mod_timer(&idle->guard, idle->looked_ns + GUARD_NS);
	} else if (limit_ns) {
		idle->misses++;
		idle_release(n);
	}
	local_irq_disable();
	return true;
}

/**
 * net_idle_forget - an instance goes away
 * @n: disabled
 *
 * Context: process.
 */
void net_idle_forget(const struct napi_struct *n)
{
	struct napi_idle *idle = &this_cpu()->softnet->idle;

	if (idle->last == n)
		idle->last = NULL;
	if (idle->kept == n)
		idle->kept = NULL;
}

/**
 * net_idle_poll_init - begin
 * @sd: this CPU's
 *
 * Context: boot.
 */
void __init net_idle_poll_init(struct softnet_data *sd)
{
	timer_setup(&sd->idle.guard, idle_guard, 0);
	sched_set_idle_poll(net_idle_poll);
}
