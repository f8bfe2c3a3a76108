// SPDX-License-Identifier: MIT
/*
 * Text views of the kernel itself: memory by cache, interrupts, threads, the
 * log, traces, system calls; and /dev/kmsg, by which programs write to the log.
 *
 * Linux: fs/proc/, kernel/printk/printk.c, mm/slab_common.c (slabinfo),
 * kernel/trace/
 */
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/proc.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/syscalls.h>
#include <linux/timer.h>
#include <linux/trace.h>

#define KMSG_LINE_MAX	256	/* bytes of a write to /dev/kmsg */

/* ---- memory, interrupts, threads ----------------------------------------------------- */

static void slabinfo_line(const struct kmem_cache *s, void *ctx)
{
	proc_printf(ctx, "%-24s %8lu %8lu %10lu %8lu %8lu\n", s->name, s->inuse, s->peak,
		    s->total, s->failed, s->size);
}

static size_t slabinfo_show(struct net *net, char *buf, size_t size)
{
	struct proc_text t = { .buf = buf, .size = size };

	proc_printf(&t, "%-24s %8s %8s %10s %8s %8s\n", "# name", "inuse", "peak", "total",
		    "failed", "size");
	kmem_cache_for_each(slabinfo_line, &t);
	return t.len;
}

static size_t interrupts_show(struct net *net, char *buf, size_t size)
{
	struct proc_text t = { .buf = buf, .size = size };
	unsigned int irq;

	for (irq = 0; irq < NR_IRQS; irq++)
		if (irq_name(irq) || irq_count(irq))
			proc_printf(&t, "%3u: %10lu  %s\n", irq, irq_count(irq),
				    irq_name(irq) ? irq_name(irq) : "none");
	return t.len;
}

static size_t softirqs_show(struct net *net, char *buf, size_t size)
{
	struct proc_text t = { .buf = buf, .size = size };
	unsigned int nr;

	for (nr = 0; nr < NR_SOFTIRQS; nr++)
		proc_printf(&t, "%-8s %10lu\n", softirq_names[nr], softirq_count(nr));
	return t.len;
}

static char task_state(const struct task_struct *p)
{
	if (p == current || p->state == TASK_RUNNING)
		return 'R';
	return p->state == TASK_INTERRUPTIBLE ? 'S' : 'D';
}

static void tasks_line(struct task_struct *p, void *ctx)
{
	u64 us = p->runtime_ns / NSEC_PER_USEC;

	proc_printf(ctx, "%5d %c %6lu.%06lu %s\n", p->pid, task_state(p), us / USEC_PER_SEC,
		    us % USEC_PER_SEC, p->comm);
}

static size_t tasks_show(struct net *net, char *buf, size_t size)
{
	struct proc_text t = { .buf = buf, .size = size };

	proc_printf(&t, "%5s %s %13s %s\n", "PID", "S", "TIME", "COMMAND");
	task_for_each(tasks_line, &t);
	return t.len;
}

static size_t timers_show(struct net *net, char *buf, size_t size)
{
	struct proc_text t = { .buf = buf, .size = size };
	u64 now_ns = ktime_get_ns(), next_ns = timer_next_expiry();

	proc_printf(&t, "now_ns %lu\narmed %lu\n", now_ns, timers_armed());
	if (next_ns != U64_MAX)
		proc_printf(&t, "next_ns %lu\n", next_ns);
	return t.len;
}

static size_t uptime_show(struct net *net, char *buf, size_t size)
{
	struct proc_text t = { .buf = buf, .size = size };
	u64 now_ns = ktime_get_ns();

	proc_printf(&t, "%lu.%02lu\n", (unsigned long)(now_ns / NSEC_PER_SEC),
		    (unsigned long)(now_ns % NSEC_PER_SEC / (10 * NSEC_PER_MSEC)));
	return t.len;
}

static size_t syscalls_show(struct net *net, char *buf, size_t size)
{
	struct proc_text t = { .buf = buf, .size = size };
	long nr;

	for (nr = 0; nr < __NR_MAX; nr++)
		if (syscall_name(nr))
			proc_printf(&t, "%4ld %-16s %10lu\n", nr, syscall_name(nr),
				    syscall_count(nr));
	return t.len;
}

/* ---- the log ------------------------------------------------------------------------------ */

static size_t kmsg_show(struct net *net, char *buf, size_t size)
{
	return dmesg_read(buf, size);
}

static int printk_level(const char *line)
{
	/* "<3>text", as in Linux. */
	return line[0] == '<' && line[1] >= '0' && line[1] <= '7' && line[2] == '>' ?
		       line[1] - '0' : -1;
}

static ssize_t kmsg_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	size_t n = iov_iter_count(from);
	char line[KMSG_LINE_MAX], *text;
	int level;

	if (n >= sizeof(line))
		return -EINVAL;
	if (!copy_from_iter_full(line, n, from))
		return -EFAULT;
	line[n] = '\0';
	level = printk_level(line);
	text = strim(level < 0 ? line : line + 3);
	if (level >= 0 && level <= 3)
		pr_err("%s\n", text);
	else if (level == 4)
		pr_warn("%s\n", text);
	else
		pr_info("%s\n", text);
	return (ssize_t)n;
}

static const struct file_operations kmsg_fops = {
	.write_iter = kmsg_write_iter,
};

static const struct file_node kmsg_node = {
	.name = "/dev/kmsg",
	.fops = &kmsg_fops,
};

/* ---- traces -------------------------------------------------------------------------------- */

static void trace_line(const struct tracepoint *tp, void *ctx)
{
	proc_printf(ctx, "%-3s %-32s %s\n", tp->on ? "on" : "off", tp->name, tp->file);
}

static size_t trace_show(struct net *net, char *buf, size_t size)
{
	struct proc_text t = { .buf = buf, .size = size };

	trace_for_each(trace_line, &t);
	proc_printf(&t, "%lu records\n", trace_count());
	return t.len;
}

/* "on", "on tcp_*", "off", "clear" */
static int trace_write(struct net *net, char *line)
{
	char *rest = line, *word = strsep(&rest, " \t");
	const char *glob = rest ? skip_spaces(rest) : "";

	if (!*glob)
		glob = "*";
	if (!strcmp(word, "clear")) {
		trace_clear();
		return 0;
	}
	if (strcmp(word, "on") && strcmp(word, "off"))
		return -EINVAL;
	return trace_enable(glob, !strcmp(word, "on")) ? 0 : -ENOENT;
}

/* "/proc/trace/last", "/proc/trace/123": the way of a packet. */
static ssize_t trace_packet_show(struct net *net, const char *rest, char *buf, size_t size)
{
	u64 id = 0;

	if (strcmp(rest, "last") && kstrtoull(rest, 0, &id))
		return -EINVAL;
	return (ssize_t)trace_print_packet(id, buf, size);
}

/* ---- programs that the command line asks for ------------------------------------------------ */

static char services[128] = "echo,discard,chargen,http";

static int __init services_setup(char *value)
{
	if (strscpy(services, value, sizeof(services)) < 0) {
		pr_warn("services=: cut to \"%s\"\n", services);
		return 0;
	}
	return 1;
}
__setup("services=", services_setup);

static size_t services_show(struct net *net, char *buf, size_t size)
{
	return (size_t)snprintf(buf, size, "%s\n", services);
}

static int __init proc_views_init(void)
{
	proc_register("slabinfo", slabinfo_show);
	proc_register("interrupts", interrupts_show);
	proc_register("softirqs", softirqs_show);
	proc_register("tasks", tasks_show);
	proc_register("timers", timers_show);
	proc_register("uptime", uptime_show);
	proc_register("syscalls", syscalls_show);
	proc_register("kmsg", kmsg_show);
	proc_register("services", services_show);
	proc_register_rw("trace", trace_show, trace_write);
	proc_register_prefix("trace/", trace_packet_show, NULL);
	register_file_node(&kmsg_node);
	return 0;
}
core_initcall(proc_views_init);
