// SPDX-License-Identifier: MIT
/*
 * The system call table and its door (SYS-1, SYS-7).
 *
 * SYSCALL_DEFINEn puts an entry into the section "syscall_entries";
 * sys_call_table is made of them at boot. Calls are traced in strace's manner
 * when switched on (/proc/sys/kernel/strace): one log line a call.
 *
 * Linux: arch/x86/entry/common.c, arch/x86/entry/syscall_64.c
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/sysctl.h>
#include <linux/syscalls.h>

#define STRACE_LINE	256	/* bytes */

DECLARE_TABLE(const struct syscall_entry, syscall_entries);

static const struct syscall_entry *sys_call_table[__NR_MAX] __ro_after_init;
static u64 syscall_counts[__NR_MAX];

/* Which thread's calls are not traced: the one that asked for the trace, whose
 * own printing would be traced for ever. 0: none. */
static pid_t strace_spared;
static int strace_on;

/**
 * syscall_name - the name of a system call
 * @nr: any number
 *
 * Context: any.
 * Return: the name, or NULL when there is no such call.
 */
const char *syscall_name(long nr)
{
	if (nr < 0 || nr >= __NR_MAX || !sys_call_table[nr])
		return NULL;
	return sys_call_table[nr]->name;
}

/**
 * syscall_count - how often a system call was made
 * @nr: a number that syscall_name() knows
 *
 * Context: any.
 * Return: the count since boot.
 */
u64 syscall_count(long nr)
{
	return nr >= 0 && nr < __NR_MAX ? syscall_counts[nr] : 0;
}

/* "read(fd=5, buf=0x1234, count=512) = 12 <0.000003>" */
static void strace_print(const struct syscall_entry *entry, const long *args, long ret,
			 u64 span_ns)
{
	char line[STRACE_LINE];
	unsigned int i;
	int len;

	len = scnprintf(line, sizeof(line), "%s(", entry->name);
	for (i = 0; i < entry->nargs; i++) {
		bool pointer = strchr(entry->args[2 * i], '*') != NULL;

		len += scnprintf(line + len, sizeof(line) - (size_t)len,
				 pointer ? "%s%s=0x%lx" : "%s%s=%ld", i ? ", " : "",
				 entry->args[2 * i + 1], args[i]);
	}
	printk(KERN_INFO "strace: [%d] %s) = %ld <%lu.%06lu>\n", current->pid, line, ret,
	       (unsigned long)(span_ns / NSEC_PER_SEC),
	       (unsigned long)(span_ns % NSEC_PER_SEC / NSEC_PER_USEC));
}

static long syscall_traced(const struct syscall_entry *entry, const long *args)
{
	u64 start_ns = ktime_get_ns();
	long ret = entry->fn(args);

	strace_print(entry, args, ret, ktime_get_ns() - start_ns);
	return ret;
}

/**
 * syscall_dispatch - make a system call
 * @nr: its number
 * @a0: its arguments, as many as it has
 * @a1: ditto
 * @a2: ditto
 * @a3: ditto
 * @a4: ditto
 * @a5: ditto
 *
 * Context: process, may sleep.
 * Return: its result, or -errno; -ENOSYS: there is no such call.
 */
long syscall_dispatch(long nr, long a0, long a1, long a2, long a3, long a4, long a5)
{
	const long args[SYSCALL_MAX_ARGS] = { a0, a1, a2, a3, a4, a5 };
	const struct syscall_entry *entry;
	long ret;

	if (nr < 0 || nr >= __NR_MAX)
		return -ENOSYS;
	entry = sys_call_table[nr];
	if (!entry)
		return -ENOSYS;
	syscall_counts[nr]++;
	/* What the trace finds in this call was caused by no packet yet. */
	current->trace_cause = 0;
	if (unlikely(strace_on) && current->pid != strace_spared)
		return syscall_traced(entry, args);
	ret = entry->fn(args);
	if (unlikely(ret == -EAGAIN))
		sched_idle_work();	/* it may ask again and again */
	return ret;
}

/* ---- /proc/sys/kernel/strace ------------------------------------------------- */

static int strace_get(struct net *net, const struct ctl_table *t, char *buf, size_t size)
{
	return snprintf(buf, size, "%d", strace_on);
}

static int strace_set(struct net *net, const struct ctl_table *t, const char *value)
{
	int on;

	if (kstrtoint(value, 10, &on) || on < 0 || on > 1)
		return -EINVAL;
	strace_on = on;
	strace_spared = current->pid;
	return 0;
}

static const struct ctl_table syscall_sysctls[] = {
	{ .procname = "kernel.strace", .type = CTL_TYPE_HANDLER, .count = 1,
	  .min = 0, .max = 1, .get = strace_get, .set = strace_set },
};

static int __init syscall_init(void)
{
	const struct syscall_entry *entry;

	for (entry = TABLE_BEGIN(syscall_entries); entry < TABLE_END(syscall_entries); entry++) {
		BUG_ON(entry->nr >= __NR_MAX || sys_call_table[entry->nr]);
		sys_call_table[entry->nr] = entry;
	}
	register_sysctl_table(syscall_sysctls, ARRAY_SIZE(syscall_sysctls));
	return 0;
}
core_initcall(syscall_init);
