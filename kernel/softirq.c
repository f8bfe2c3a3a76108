// SPDX-License-Identifier: MIT
/*
 * Softirqs: the work that interrupts leave for later, with interrupts on.
 *
 * They run in three places, always with interrupts on, never nested:
 *   - irq_exit(), when the outermost interrupt ends;
 *   - local_bh_enable(), when the outermost section ends;
 *   - ksoftirqd, a thread, and the idle loop.
 *
 * A softirq may raise softirqs, itself too, and a flood of packets does that
 * for ever. So one run goes round at most MAX_SOFTIRQ_RESTART times and at most
 * MAX_SOFTIRQ_TIME_NS; what is then pending is ksoftirqd's, which takes its
 * turn with the other threads.
 *
 * Linux: kernel/softirq.c
 */
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/sched.h>

#define MAX_SOFTIRQ_TIME_NS	(2 * NSEC_PER_MSEC)
#define MAX_SOFTIRQ_RESTART	10

const char *const softirq_names[NR_SOFTIRQS] = {
	[TIMER_SOFTIRQ] = "TIMER",
	[NET_TX_SOFTIRQ] = "NET_TX",
	[NET_RX_SOFTIRQ] = "NET_RX",
	[RCU_SOFTIRQ] = "RCU",
};

static struct softirq_action softirq_vec[NR_SOFTIRQS];
static u64 softirq_served[NR_SOFTIRQS];
static struct task_struct *ksoftirqd;

static void wakeup_softirqd(void)
{
	if (ksoftirqd)
		wake_up_process(ksoftirqd);
}

static void softirq_serve(u32 pending)
{
	unsigned int nr, count;

	for (nr = 0; pending; nr++, pending >>= 1) {
		if (!(pending & 1))
			continue;
		BUG_ON(!softirq_vec[nr].action);
		count = preempt_count();
		softirq_served[nr]++;
		/* What the trace finds in it was caused by no packet yet. */
		this_cpu()->trace_cause = 0;
		softirq_vec[nr].action(&softirq_vec[nr]);
		if (unlikely(count != preempt_count()))
			panic("softirq %s entered with preempt_count %08x, left with %08x",
			      softirq_names[nr], count, preempt_count());
	}
}

/**
 * __do_softirq - serve pending softirqs within the budget
 *
 * Context: interrupts off, not in an interrupt or softirq. Interrupts are on
 * while the actions run, and off again on return.
 */
void __do_softirq(void)
{
	struct cpu *cpu = this_cpu();
	unsigned int restarts = MAX_SOFTIRQ_RESTART;
	u64 end_ns = ktime_get_ns() + MAX_SOFTIRQ_TIME_NS;
	u32 pending = cpu->softirq_pending;

	BUG_ON(in_interrupt());
	cpu->preempt_count += SOFTIRQ_OFFSET;
	do {
		/* Cleared with interrupts off, before the actions run: what is
		 * raised from here on makes another round. */
		cpu->softirq_pending = 0;
		local_irq_enable();
		softirq_serve(pending);
		local_irq_disable();
		pending = cpu->softirq_pending;
	} while (pending && --restarts && ktime_get_ns() < end_ns);
	cpu->preempt_count -= SOFTIRQ_OFFSET;
	if (pending)
		wakeup_softirqd();
}

/**
 * do_softirq - serve pending softirqs, if this is a place to do so
 *
 * Context: any; in an interrupt, a softirq or a _bh section it does nothing.
 */
void do_softirq(void)
{
	unsigned long flags;

	if (in_interrupt())
		return;
	local_irq_save(flags);
	if (local_softirq_pending())
		__do_softirq();
	local_irq_restore(flags);
}

/**
 * local_bh_enable_slow - end of a local_bh_disable() section with softirqs pending
 *
 * Context: as local_bh_disable(); without one it panics.
 */
void local_bh_enable_slow(void)
{
	if (unlikely((preempt_count() & SOFTIRQ_MASK) < SOFTIRQ_DISABLE_OFFSET))
		panic("local_bh_enable() without local_bh_disable()");
	this_cpu()->preempt_count -= SOFTIRQ_DISABLE_OFFSET;
	if (local_softirq_pending() && !in_interrupt() && !irqs_disabled())
		do_softirq();
}

/**
 * __raise_softirq_irqoff - mark a softirq as pending, and no more
 * @nr: TIMER_SOFTIRQ ...
 *
 * Context: interrupts off.
 */
void __raise_softirq_irqoff(unsigned int nr)
{
	this_cpu()->softirq_pending |= 1U << nr;
}

/**
 * raise_softirq_irqoff - mark a softirq as pending and see that it is served
 * @nr: TIMER_SOFTIRQ ...
 *
 * In an interrupt, a softirq or a _bh section the end of that serves it; plain
 * process code has no such end, so ksoftirqd is woken.
 *
 * Context: interrupts off.
 */
void raise_softirq_irqoff(unsigned int nr)
{
	__raise_softirq_irqoff(nr);
	if (!in_interrupt())
		wakeup_softirqd();
}

/**
 * raise_softirq - raise_softirq_irqoff() for any context
 * @nr: TIMER_SOFTIRQ ...
 *
 * Context: any.
 */
void raise_softirq(unsigned int nr)
{
	unsigned long flags;

	local_irq_save(flags);
	raise_softirq_irqoff(nr);
	local_irq_restore(flags);
}

/**
 * open_softirq - say what a softirq does
 * @nr: TIMER_SOFTIRQ ...
 * @action: runs in softirq context with interrupts on
 *
 * Context: boot.
 * Return: the action before it.
 */
softirq_fn_t open_softirq(int nr, softirq_fn_t action)
{
	softirq_fn_t before;

	BUG_ON(nr < 0 || nr >= NR_SOFTIRQS);
	before = softirq_vec[nr].action;
	softirq_vec[nr].action = action;
	return before;
}

/**
 * softirq_count - how often a softirq was served
 * @nr: TIMER_SOFTIRQ ...
 *
 * Context: any.
 * Return: rounds since boot; 0 when there is no such softirq.
 */
u64 softirq_count(unsigned int nr)
{
	return nr < NR_SOFTIRQS ? softirq_served[nr] : 0;
}

/* One budget a turn, then round the run queue: so threads and softirqs share
 * the CPU evenly under flood. */
static int ksoftirqd_main(void *arg)
{
	unsigned long flags;

	for (;;) {
		/* State first, then the look: a softirq raised in between wakes
		 * us by setting the state back. */
		set_current_state(TASK_INTERRUPTIBLE);
		local_irq_save(flags);
		if (local_softirq_pending()) {
			set_current_state(TASK_RUNNING);
			__do_softirq();
		}
		local_irq_restore(flags);
		schedule();
	}
	return 0;
}

/**
 * spawn_ksoftirqd - start the thread that serves what the budget left over
 *
 * Context: process, after sched_init().
 * Return: 0 or -ENOMEM.
 */
int spawn_ksoftirqd(void)
{
	struct task_struct *t;

	if (ksoftirqd)
		return 0;
	t = kthread_run(ksoftirqd_main, NULL, "ksoftirqd/0");
	if (IS_ERR(t))
		return (int)PTR_ERR(t);
	ksoftirqd = t;
	return 0;
}

/**
 * softirq_init - forget everything pending
 *
 * Context: boot, before interrupts are on.
 */
void softirq_init(void)
{
	this_cpu()->softirq_pending = 0;
}
