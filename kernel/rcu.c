// SPDX-License-Identifier: MIT
/*
 * RCU on one CPU without preemption.
 *
 * A read section cannot sleep, so no other thread runs while one is open: only
 * softirqs and interrupts can come in between. A callback queued by one of them
 * (or by the reader itself) waits in RCU_SOFTIRQ until no section is open: if
 * the softirq finds that it interrupted one, it leaves, and the end of that
 * section raises it again. Sections of softirqs themselves are closed when the
 * next softirq runs.
 *
 * Linux: kernel/rcu/tiny.c
 */
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

/**
 * rcu_read_unlock_special - a read section ended that callbacks waited for
 *
 * Context: any. Panics when none was open.
 */
void rcu_read_unlock_special(void)
{
	BUG_ON(this_cpu()->rcu_nesting);
	raise_softirq(RCU_SOFTIRQ);
}

/**
 * call_rcu - call a function once every reader that may hold @head is through
 * @head: inside of the object; its own until the call
 * @func: runs in softirq context, in the order of call_rcu(); usually frees
 *
 * Context: any.
 */
void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head))
{
	struct cpu *cpu = this_cpu();
	unsigned long flags;

	head->func = func;
	head->next = NULL;
	local_irq_save(flags);
	*cpu->rcu_tail = head;
	cpu->rcu_tail = &head->next;
	/* In a read section its end raises the softirq. */
	if (!cpu->rcu_nesting)
		raise_softirq_irqoff(RCU_SOFTIRQ);
	local_irq_restore(flags);
}

static struct rcu_head *rcu_take_list(void)
{
	struct cpu *cpu = this_cpu();
	struct rcu_head *list;
	unsigned long flags;

	local_irq_save(flags);
	list = cpu->rcu_list;
	cpu->rcu_list = NULL;
	cpu->rcu_tail = &cpu->rcu_list;
	local_irq_restore(flags);
	return list;
}

static void rcu_run_list(struct rcu_head *list)
{
	struct rcu_head *head;

	while (list) {
		uintptr_t offset = (uintptr_t)list->func;

		head = list;
		list = head->next;
		/* kfree_rcu(): where a function should be, the way back to the
		 * beginning of the object. No function lies in the first page. */
		if (offset < 4096)
			kfree((const void *)((uintptr_t)head - offset));
		else
			head->func(head);
	}
}

static void rcu_process_callbacks(struct softirq_action *action)
{
	if (this_cpu()->rcu_nesting)
		return;
	rcu_run_list(rcu_take_list());
}

/**
 * synchronize_rcu - wait for the readers of now
 *
 * On one CPU the caller, who may sleep, is the proof that there are none.
 *
 * Context: process, may sleep.
 */
void synchronize_rcu(void)
{
	might_sleep();
}

/**
 * rcu_barrier - have all queued callbacks run before going on
 *
 * Context: process, may sleep.
 */
void rcu_barrier(void)
{
	might_sleep();
	/* Callbacks expect softirq context, and each other in order. */
	while (this_cpu()->rcu_list) {
		local_bh_disable();
		rcu_run_list(rcu_take_list());
		local_bh_enable();
	}
}

/**
 * rcu_init - no callbacks
 *
 * Context: boot.
 */
void rcu_init(void)
{
	this_cpu()->rcu_list = NULL;
	this_cpu()->rcu_tail = &this_cpu()->rcu_list;
	open_softirq(RCU_SOFTIRQ, rcu_process_callbacks);
}
