// SPDX-License-Identifier: MIT
/*
 * Cooperative threads on one CPU: a run queue, first come first served.
 *
 * A thread runs until it sleeps or yields. Interrupts and softirqs run on the
 * stack of the thread that they interrupt. There is no idle thread: when nobody
 * can run, the idle loop runs on the stack of who slept last.
 *
 * Why no wake-up is lost. A sleeper first sets its state, then looks at what it
 * waits for, then calls schedule(). wake_up_process() sets the state back to
 * TASK_RUNNING, whether or not the sleeper got as far as schedule(): if it did
 * not, schedule() finds it running and keeps it on the run queue. The decision
 * to sleep, taken from the state, and the change of the run queue are made with
 * interrupts off, so no wake-up falls between them. The idle loop looks at the
 * run queue and at pending softirqs, with interrupts off, before each wait, and
 * platform_idle() opens interrupts and waits in one step: an interrupt after
 * the look ends the wait. What it woke or raised is seen in the next look.
 *
 * Linux: kernel/sched/core.c, kernel/sched/idle.c, kernel/kthread.c,
 * kernel/exit.c
 */
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timer.h>

/* At the low end of each stack, which grows down to it. */
#define STACK_GUARD		0x7c15f39ce57acc04ULL
#define STACK_GUARD_WORDS	4

/* switch_to() pops six registers and returns. */
#define SWITCH_FRAME_WORDS	7

struct cpu cpu_data;

/* Run queue and list of threads: guarded by interrupts off. */
static LIST_HEAD(run_queue);
static LIST_HEAD(all_tasks);
static struct task_struct *switched_from;

static struct task_struct boot_task;
static pid_t last_pid;
static struct kmem_cache *task_cache;
static struct kmem_cache *stack_cache;
static const struct task_files_ops *files_ops;

/* ---- stacks ------------------------------------------------------------ */

static void stack_prepare(struct task_struct *t)
{
	u64 *guard = t->stack;
	u64 *top = (u64 *)((uintptr_t)t->stack + THREAD_SIZE);
	unsigned int i;

	for (i = 0; i < STACK_GUARD_WORDS; i++)
		guard[i] = STACK_GUARD;
	/* One word for alignment: thread_start begins as after a call. */
	*--top = 0;
	*--top = 0;
	*--top = (uintptr_t)thread_start;
	for (i = 0; i < SWITCH_FRAME_WORDS - 1; i++)
		*--top = 0;
	t->sp = top;
}

/* A stack that ran over has hit its lower neighbour in memory: too late to go
 * on, but not too late to say who did it. */
static void stack_check(const struct task_struct *t)
{
	const u64 *guard = t->stack;
	unsigned int i;

	if (!guard)
		return;
	for (i = 0; i < STACK_GUARD_WORDS; i++)
		if (unlikely(guard[i] != STACK_GUARD))
			panic("stack overflow in thread %d (%s)", t->pid, t->comm);
}

/* ---- switching --------------------------------------------------------- */

static void account(struct task_struct *prev, struct task_struct *next)
{
	u64 now_ns = ktime_get_ns();

	prev->runtime_ns += now_ns - prev->switched_in_ns;
	next->switched_in_ns = now_ns;
}

static void task_free(struct task_struct *t)
{
	kmem_cache_free(stack_cache, t->stack);
	kmem_cache_free(task_cache, t);
}

/* On the stack of the thread that was switched to. A thread that ended cannot
 * free the stack it runs on: its successor does. */
static void finish_switch(void)
{
	struct task_struct *prev = switched_from;

	if (prev->state == TASK_DEAD)
		task_free(prev);
}

static void context_switch(struct task_struct *prev, struct task_struct *next)
{
	stack_check(prev);
	stack_check(next);
	account(prev, next);
	switched_from = prev;
	current = next;
	switch_to(prev, next);
	finish_switch();
}

static bool (*idle_work)(void) __ro_after_init;

/**
 * sched_set_idle_work - what was put off until there is nothing else to do
 * @work: called with interrupts off before the CPU waits, returns with them off; true:
 *	it did something, perhaps with interrupts on
 *
 * Context: boot.
 */
void sched_set_idle_work(bool (*work)(void))
{
	idle_work = work;
}

/**
 * sched_idle_work - do now what was put off; who waits by asking again calls it
 *
 * Context: any but an interrupt or softirq.
 * Return: there was something.
 */
bool sched_idle_work(void)
{
	return idle_work && idle_work();
}

static bool (*idle_poll)(bool fresh) __ro_after_init;

/**
 * sched_set_idle_poll - what the CPU does for a while before it halts
 * @poll: called with interrupts off when there is nothing to do, returns with them off;
 *	@fresh: for the first time since a thread ran. True: interrupts were on meanwhile;
 *	false: halt
 *
 * Context: boot.
 */
void sched_set_idle_poll(bool (*poll)(bool fresh))
{
	idle_poll = poll;
}

/* Interrupts off, on entry and on return. The head comment says why this
 * neither loses a wake-up nor spins. */
static void idle(struct task_struct *prev)
{
	struct cpu *cpu = this_cpu();
	bool was_idle_task = prev->flags & PF_IDLE, fresh = true;

	account(prev, prev);
	prev->flags |= PF_IDLE;
	cpu->idle = true;
	while (list_empty(&run_queue)) {
		if (local_softirq_pending()) {
			__do_softirq();
		} else if (!sched_idle_work()) {
			if (!idle_poll || !idle_poll(fresh))
				platform_idle();
			fresh = false;
		}
	}
	cpu->idle = false;
	if (!was_idle_task)
		prev->flags &= ~(unsigned int)PF_IDLE;
	prev->switched_in_ns = ktime_get_ns();
}

/**
 * schedule - give the CPU away
 *
 * A thread in state TASK_RUNNING gets it back after once round the run queue,
 * others when they are woken.
 *
 * Context: process, may sleep; interrupts on.
 */
void schedule(void)
{
	struct task_struct *prev = current, *next;
	unsigned long flags;

	might_sleep();
	local_irq_save(flags);
	BUG_ON(irqs_disabled_flags(flags));
	if (prev->state == TASK_RUNNING)
		list_add_tail(&prev->run_node, &run_queue);
	if (list_empty(&run_queue))
		idle(prev);
	next = list_first_entry(&run_queue, struct task_struct, run_node);
	list_del_init(&next->run_node);
	if (next != prev)
		context_switch(prev, next);
	local_irq_restore(flags);
}

/**
 * need_resched - does another thread wait for the CPU?
 *
 * Context: any.
 */
bool need_resched(void)
{
	return !list_empty(&run_queue);
}

/**
 * yield - let the other threads that can run have a turn
 *
 * Context: process, may sleep.
 */
void yield(void)
{
	set_current_state(TASK_RUNNING);
	schedule();
}

/**
 * wake_up_state - make a thread runnable if it sleeps in a certain way
 * @t: the thread
 * @mode: TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE, or one of them
 *
 * Context: any.
 * Return: whether it was asleep (or about to sleep) in one of these states.
 */
bool wake_up_state(struct task_struct *t, unsigned int mode)
{
	unsigned long flags;
	bool woken = false;

	local_irq_save(flags);
	if (t->state & mode & (TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE)) {
		woken = true;
		t->state = TASK_RUNNING;
		/* The current thread is not on the queue: it has yet to call
		 * schedule() - unless it has, and idles. */
		if (t != current || this_cpu()->idle)
			list_add_tail(&t->run_node, &run_queue);
	}
	local_irq_restore(flags);
	return woken;
}

/**
 * wake_up_process - make a thread runnable
 * @t: the thread
 *
 * Context: any.
 * Return: false if it was running or runnable already.
 */
bool wake_up_process(struct task_struct *t)
{
	return wake_up_state(t, TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE);
}

/**
 * task_kill - end a thread's interruptible sleeps
 * @t: the thread; it decides itself what -EINTR means to it
 *
 * Context: any.
 */
void task_kill(struct task_struct *t)
{
	t->killed = true;
	wake_up_state(t, TASK_INTERRUPTIBLE);
}

/* ---- timeouts ----------------------------------------------------------- */

struct process_timer {
	struct timer_list timer;
	struct task_struct *task;
};

static void process_timeout(struct timer_list *t)
{
	struct process_timer *timeout = from_timer(timeout, t, timer);

	wake_up_process(timeout->task);
}

/**
 * schedule_timeout - schedule(), and wake up at the latest when time is over
 * @timeout_ns: relative; MAX_SCHEDULE_TIMEOUT never ends
 *
 * The caller has set its state; TASK_RUNNING only yields.
 *
 * Context: process, may sleep.
 * Return: what is left, 0 when the time is over.
 */
s64 schedule_timeout(s64 timeout_ns)
{
	struct process_timer t = { .task = current };
	u64 expires_ns, now_ns;

	if (timeout_ns == MAX_SCHEDULE_TIMEOUT) {
		schedule();
		return MAX_SCHEDULE_TIMEOUT;
	}
	if (timeout_ns <= 0) {
		/* Linux: 0 sleeps until the next tick; we have none. */
		yield();
		return 0;
	}
	expires_ns = ktime_get_ns() + (u64)timeout_ns;
	timer_setup(&t.timer, process_timeout, 0);
	mod_timer(&t.timer, expires_ns);
	schedule();
	del_timer_sync(&t.timer);
	now_ns = ktime_get_ns();
	return expires_ns > now_ns ? (s64)(expires_ns - now_ns) : 0;
}

/**
 * schedule_timeout_interruptible - schedule_timeout() in TASK_INTERRUPTIBLE
 * @timeout_ns: relative
 *
 * Context: process, may sleep.
 * Return: what is left; more than 0 when woken or killed before.
 */
s64 schedule_timeout_interruptible(s64 timeout_ns)
{
	if (signal_pending(current))
		return timeout_ns;
	set_current_state(TASK_INTERRUPTIBLE);
	return schedule_timeout(timeout_ns);
}

/**
 * schedule_timeout_uninterruptible - schedule_timeout() in TASK_UNINTERRUPTIBLE
 * @timeout_ns: relative
 *
 * Context: process, may sleep.
 * Return: what is left; more than 0 when woken before.
 */
s64 schedule_timeout_uninterruptible(s64 timeout_ns)
{
	set_current_state(TASK_UNINTERRUPTIBLE);
	return schedule_timeout(timeout_ns);
}

/* ---- life of a thread --------------------------------------------------- */

static void task_register(struct task_struct *t, const char *name)
{
	unsigned long flags;

	INIT_LIST_HEAD(&t->run_node);
	strscpy(t->comm, name, sizeof(t->comm));
	local_irq_save(flags);
	list_add_tail(&t->task_node, &all_tasks);
	local_irq_restore(flags);
}

/**
 * kthread_run - start a thread
 * @fn: what it does; it ends when @fn returns
 * @arg: for @fn
 * @name: cut to TASK_COMM_LEN - 1 characters
 *
 * It inherits the caller's namespace and shares its descriptor table, and runs
 * when the caller sleeps or yields.
 *
 * Context: process.
 * Return: the thread, or ERR_PTR(-ENOMEM).
 */
struct task_struct *kthread_run(int (*fn)(void *arg), void *arg, const char *name)
{
	struct task_struct *t = kmem_cache_zalloc(task_cache, GFP_KERNEL);

	if (!t)
		return ERR_PTR(-ENOMEM);
	t->stack = kmem_cache_alloc(stack_cache, GFP_KERNEL);
	if (!t->stack) {
		kmem_cache_free(task_cache, t);
		return ERR_PTR(-ENOMEM);
	}
	stack_prepare(t);
	t->state = TASK_UNINTERRUPTIBLE;
	t->pid = ++last_pid;
	t->net = current->net;
	t->files = current->files;
	if (t->files && files_ops)
		t->files = files_ops->get(t->files);
	t->fn = fn;
	t->arg = arg;
	task_register(t, name);
	wake_up_process(t);
	return t;
}

/**
 * thread_main - the C beginning of every thread but the first
 *
 * Context: switch.S calls it, interrupts off, when the thread runs first; on
 * return it calls do_exit().
 */
void thread_main(void)
{
	finish_switch();
	local_irq_enable();
	current->fn(current->arg);
}

/**
 * do_exit - end the running thread
 *
 * Its share in the descriptor table is given back. The one who runs next frees
 * its stack.
 *
 * Context: process, may sleep; not the boot thread.
 */
void do_exit(void)
{
	struct task_struct *t = current;
	struct files_struct *files = t->files;
	unsigned long flags;

	might_sleep();
	if (!t->stack)
		panic("the boot thread ended");
	t->flags |= PF_EXITING;
	if (files && files_ops)
		files_ops->put(files);
	t->files = NULL;
	local_irq_save(flags);
	list_del_init(&t->task_node);
	t->state = TASK_DEAD;
	local_irq_restore(flags);
	schedule();
	panic("thread %d (%s) runs after its end", t->pid, t->comm);
}

/**
 * sched_set_files_ops - register who counts the users of descriptor tables
 * @ops: kept
 *
 * Context: boot.
 */
void sched_set_files_ops(const struct task_files_ops *ops)
{
	files_ops = ops;
}

/**
 * task_for_each - call a function for each thread, oldest first
 * @fn: must not sleep
 * @ctx: for @fn
 *
 * Context: process.
 */
void task_for_each(void (*fn)(struct task_struct *t, void *ctx), void *ctx)
{
	struct task_struct *t, *n;

	list_for_each_entry_safe(t, n, &all_tasks, task_node)
		fn(t, ctx);
}

/**
 * find_task_by_pid - a live thread by its number
 * @pid: its number
 *
 * Context: process. The thread stays only as long as the caller does not sleep.
 * Return: the thread, or NULL.
 */
struct task_struct *find_task_by_pid(pid_t pid)
{
	struct task_struct *t;

	list_for_each_entry(t, &all_tasks, task_node)
		if (t->pid == pid)
			return t;
	return NULL;
}

/**
 * sched_init - the caller becomes thread 0
 *
 * Context: boot, once, before any other function of this file.
 */
void sched_init(void)
{
	task_cache = kmem_cache_create("task_struct", sizeof(struct task_struct));
	stack_cache = kmem_cache_create("thread_stack", THREAD_SIZE);
	if (!task_cache || !stack_cache)
		panic("no memory for threads");
	boot_task.state = TASK_RUNNING;
	boot_task.switched_in_ns = ktime_get_ns();
	task_register(&boot_task, "swapper/0");
	current = &boot_task;
}

/**
 * cpu_idle - the end of thread 0's own work
 *
 * Context: process; does not return. Thread 0 sleeps for ever, and the CPU
 * idles on the stack of whoever slept last.
 */
void cpu_idle(void)
{
	current->flags |= PF_IDLE;
	for (;;) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		schedule();
	}
}

/**
 * sched_run_until_idle - run all threads and softirqs until only timers are left
 *
 * Softirqs that are pending run here, on the caller's stack. For the hosted
 * body, which must not wait: the caller stays runnable, so the idle loop is
 * never entered.
 *
 * Context: process, may sleep.
 */
void sched_run_until_idle(void)
{
	might_sleep();
	for (;;) {
		while (local_softirq_pending())
			do_softirq();
		if (!list_empty(&run_queue))
			yield();
		else if (!sched_idle_work())
			return;
	}
}
