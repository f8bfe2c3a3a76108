/* SPDX-License-Identifier: MIT */
/*
 * RCU by its names (TASK-4). On one CPU without preemption a reader cannot be
 * overtaken by process code; call_rcu() runs from RCU_SOFTIRQ once no read
 * section is open. kernel/rcu.c.
 */
#ifndef LINUX_RCUPDATE_H
#define LINUX_RCUPDATE_H

#include <linux/compiler.h>
#include <linux/types.h>

struct rcu_head {
	struct rcu_head *next;
	void (*func)(struct rcu_head *head);
};

void rcu_read_lock(void);
void rcu_read_unlock(void);
void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head));
void rcu_init(void);
#define rcu_dereference(p)	READ_ONCE(p)
#define rcu_assign_pointer(p, v) WRITE_ONCE(p, v)

#endif
