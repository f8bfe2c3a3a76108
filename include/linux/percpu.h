/* SPDX-License-Identifier: MIT */
/* What belongs to a CPU. One CPU so far; reached only through this_cpu(). */
#ifndef LINUX_PERCPU_H
#define LINUX_PERCPU_H

#include <linux/types.h>

struct task_struct;
struct softnet_data;
struct rcu_head;

struct cpu {
	/* Nesting of contexts: bits 0-7 rcu/preempt, 8-15 softirq, 16-19 hardirq
	 * (linux/preempt.h). */
	unsigned int preempt_count;
	u32 softirq_pending;		/* bit per softirq, linux/interrupt.h */
	struct task_struct *current;	/* running thread */
	bool idle;			/* in the idle loop, in place of current */
	unsigned int rcu_nesting;	/* open read sections, kernel/rcu.c */
	struct rcu_head *rcu_list;	/* callbacks to run, oldest first */
	struct rcu_head **rcu_tail;	/* where the next one is linked */
	u64 trace_cause;		/* packet id this softirq last touched */
	struct softnet_data *softnet;	/* linux/netdevice.h; net_dev_init() */
};

extern struct cpu cpu_data;

static inline struct cpu *this_cpu(void)
{
	return &cpu_data;
}

#endif
