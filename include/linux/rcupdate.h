/* SPDX-License-Identifier: MIT */
/*
 * RCU by its names (TASK-4). On one CPU without preemption a reader cannot be
 * overtaken by process code; call_rcu() runs from RCU_SOFTIRQ once no read
 * section is open. kernel/rcu.c.
 */
#ifndef LINUX_RCUPDATE_H
#define LINUX_RCUPDATE_H

#include <linux/compiler.h>
#include <linux/preempt.h>
#include <linux/types.h>

struct rcu_head {
	struct rcu_head *next;
	void (*func)(struct rcu_head *head);
};

/* Begin of a read section, in which nothing may sleep; nests. Context: any. */
static inline void rcu_read_lock(void)
{
	struct cpu *cpu = this_cpu();

	cpu->preempt_count += PREEMPT_OFFSET;
	cpu->rcu_nesting++;
	barrier();
}

/* Has the callbacks run that wait for readers; panics where nobody reads. */
void rcu_read_unlock_special(void);

/* End of a read section. Context: that of rcu_read_lock(). */
static inline void rcu_read_unlock(void)
{
	struct cpu *cpu = this_cpu();

	barrier();
	cpu->preempt_count -= PREEMPT_OFFSET;
	if (unlikely(--cpu->rcu_nesting ? cpu->rcu_nesting > 0xff : cpu->rcu_list != NULL))
		rcu_read_unlock_special();
}

void call_rcu(struct rcu_head *head, void (*func)(struct rcu_head *head));
void rcu_init(void);
/* Returns when every read section that was open is over. May sleep. */
void synchronize_rcu(void);
/* Returns when every callback queued so far has run. May sleep. */
void rcu_barrier(void);
#define rcu_dereference(p)	READ_ONCE(p)
#define rcu_dereference_protected(p, c) READ_ONCE(p)
#define rcu_access_pointer(p)	READ_ONCE(p)
#define rcu_assign_pointer(p, v) WRITE_ONCE(p, v)
#define RCU_INIT_POINTER(p, v)	WRITE_ONCE(p, v)

/* kfree() after the grace period. @rhf: the rcu_head in *@ptr, at an offset
 * below 4096, which stands in place of a function. */
#define kfree_rcu(ptr, rhf) do {					\
	static_assert(offsetof(__typeof__(*(ptr)), rhf) < 4096, "kfree_rcu"); \
	call_rcu(&(ptr)->rhf, (void (*)(struct rcu_head *))		\
		 (uintptr_t)offsetof(__typeof__(*(ptr)), rhf));		\
} while (0)

#endif
