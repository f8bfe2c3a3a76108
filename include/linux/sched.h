/* SPDX-License-Identifier: MIT */
/* Cooperative kernel threads (kernel/sched.c, kernel/switch.S). */
#ifndef LINUX_SCHED_H
#define LINUX_SCHED_H

#include <linux/percpu.h>
#include <linux/types.h>

struct net;
struct files_struct;

#define TASK_RUNNING		0
#define TASK_INTERRUPTIBLE	1
#define TASK_UNINTERRUPTIBLE	2
#define TASK_DEAD		4

#define PF_EXITING	0x4	/* close() does not linger: hosted body, exiting threads */
#define PF_IDLE		0x2

#define MAX_SCHEDULE_TIMEOUT	S64_MAX
#define TASK_COMM_LEN	16
/* Bytes of stack; a guard word is checked at each switch. AddressSanitizer's
 * frames are several times as large. */
#if defined(__SANITIZE_ADDRESS__)
#define THREAD_SIZE	131072
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define THREAD_SIZE	131072
#else
#define THREAD_SIZE	16384
#endif
#else
#define THREAD_SIZE	16384
#endif

struct task_struct {
	void *sp;			/* saved stack pointer; kernel/switch.S knows it is first */
	void *stack;			/* THREAD_SIZE bytes; NULL for the boot thread */
	unsigned int state;		/* TASK_* */
	unsigned int flags;		/* PF_* */
	struct list_head run_node;	/* run queue, when TASK_RUNNING and not current */
	struct list_head task_node;	/* all threads */
	pid_t pid;
	char comm[TASK_COMM_LEN];
	struct net *net;		/* namespace that system calls act on */
	struct files_struct *files;	/* descriptor table, shared by fork-less clones */
	bool killed;			/* Ctrl-C: interruptible sleeps end with -EINTR */
	u64 runtime_ns;			/* time on the CPU, for ps */
	u64 switched_in_ns;
	int (*fn)(void *arg);
	void *arg;
	u64 trace_cause;		/* packet id this thread last touched; kernel/trace.c */
};

#define current (this_cpu()->current)

static inline bool signal_pending(const struct task_struct *t)
{
	return t->killed;
}

#define set_current_state(s)	do { current->state = (s); barrier(); } while (0)
#define __set_current_state(s)	set_current_state(s)

/* Gives the CPU away until woken (state not TASK_RUNNING) or once round the
 * run queue (TASK_RUNNING). Context: process, may sleep. When no thread can
 * run, the idle loop runs in the caller's place, in this order: pending
 * softirqs, then recheck with interrupts off, then platform_idle(). */
void schedule(void);
/* Can another thread run? */
bool need_resched(void);

/* Sleeps until woken or @timeout_ns (relative) is over. Returns what is left,
 * 0 when it is over; MAX_SCHEDULE_TIMEOUT never ends. */
s64 schedule_timeout(s64 timeout_ns);

s64 schedule_timeout_interruptible(s64 timeout_ns);
s64 schedule_timeout_uninterruptible(s64 timeout_ns);

/* What was put off until no thread can run (kernel/sched.c). */
void sched_set_idle_work(bool (*work)(void));
bool sched_idle_work(void);
void sched_set_idle_poll(bool (*poll)(bool fresh));

/* Makes @t runnable. Any context. Returns false if it already was. */
bool wake_up_process(struct task_struct *t);
/* The same, if its state is one of @mode (TASK_* or-ed). */
bool wake_up_state(struct task_struct *t, unsigned int mode);
/* Ends the interruptible sleeps of @t, this one and those to come, with
 * -EINTR. Any context. */
void task_kill(struct task_struct *t);

void yield(void);
static inline void cond_resched(void)
{
	yield();
}

/* A new thread that inherits the namespace and shares the descriptor table of
 * the caller; ERR_PTR on no memory. The thread ends when @fn returns. */
struct task_struct *kthread_run(int (*fn)(void *arg), void *arg, const char *name);
void __noreturn do_exit(void);
void task_for_each(void (*fn)(struct task_struct *t, void *ctx), void *ctx);

/* What threads need from the owner of descriptor tables (kernel/file.c), which
 * registers it: one more thread shares @files, one less. Without it, tables
 * are handed on and nothing is closed. */
struct task_files_ops {
	struct files_struct *(*get)(struct files_struct *files);
	void (*put)(struct files_struct *files);
};
void sched_set_files_ops(const struct task_files_ops *ops);

/* kernel/switch.S and its way back into C. */
void switch_to(struct task_struct *prev, struct task_struct *next);
void thread_start(void);
void thread_main(void);

void sched_init(void);		/* the caller becomes thread 0 */
void __noreturn cpu_idle(void);	/* thread 0's end: idle for ever */
/* A live thread by its number, or NULL. */
struct task_struct *find_task_by_pid(pid_t pid);
/* Hosted: run threads and softirqs until only timers are left; never waits. */
void sched_run_until_idle(void);

#endif
