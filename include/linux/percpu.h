/* SPDX-License-Identifier: MIT */
/* What belongs to a CPU. One CPU so far; reached only through this_cpu(). */
#ifndef LINUX_PERCPU_H
#define LINUX_PERCPU_H

#include <linux/types.h>

struct task_struct;
struct softnet_data;

struct cpu {
	/* Nesting of contexts: bits 0-7 rcu/preempt, 8-15 softirq, 16-19 hardirq
	 * (linux/preempt.h). */
	unsigned int preempt_count;
	u32 softirq_pending;		/* bit per softirq, linux/interrupt.h */
	struct task_struct *current;	/* running thread */
	struct softnet_data *softnet;	/* linux/netdevice.h; net_dev_init() */
};

extern struct cpu cpu_data;

static inline struct cpu *this_cpu(void)
{
	return &cpu_data;
}

#endif
