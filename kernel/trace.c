// SPDX-License-Identifier: MIT
/*
 * Tracepoints: where a packet has been, told from a ring of records.
 *
 * The linker gathers the tracepoints in a section; each is a flag that its
 * function looks at. A record of a function that has no skb at hand belongs to
 * the packet that the same thread touched last in this system call, or the same
 * softirq in this turn; and when it has touched none yet, to the first one that
 * it will touch. So the helpers between two steps of a packet's way, and the
 * system call that fetches it, are on its way too.
 *
 * Linux: kernel/trace/, include/linux/tracepoint.h
 */
#include <linux/init.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/trace.h>

#define TRACE_RECORDS	4096	/* a power of two */

/* How many records without a packet in front of its first one are told: the
 * interrupt and the poll that brought it, the system call that caused it. */
#define TRACE_LEAD_MAX	32
/* How far back they are looked for. */
#define TRACE_LOOK_MAX	256

/* An entry nobody hits: the table exists in every body. */
static struct tracepoint trace_anchor
	__used __aligned(8) __section("tracepoints") = { "", "", false };
DECLARE_TABLE(struct tracepoint, tracepoints);

/* Guarded by interrupts off. */
static struct trace_record ring[TRACE_RECORDS];
static u64 recorded;			/* since trace_clear() */
static u64 last_packet;

/**
 * trace_count - how many records there are
 *
 * Context: any.
 * Return: the number.
 */
size_t trace_count(void)
{
	return recorded < TRACE_RECORDS ? recorded : TRACE_RECORDS;
}

static enum trace_ctx context_now(void)
{
	if (in_hardirq())
		return TRACE_HARDIRQ;
	return in_serving_softirq() ? TRACE_SOFTIRQ : TRACE_TASK;
}

/* Names that programs enter by: sys_sendto(), __sys_sendto(), ksys_write(). */
static bool is_syscall_entry(const struct tracepoint *tp)
{
	const char *name = tp->name;

	while (*name == '_')
		name++;
	return !strncmp(name, "sys_", 4) || !strncmp(name, "ksys_", 5) ||
	       !strncmp(name, "x64_sys_", 8);
}

/* The packet that this context touched last; NULL: hardirqs touch none. */
static u64 *cause_of(enum trace_ctx ctx, struct task_struct *task)
{
	if (ctx == TRACE_SOFTIRQ)
		return &this_cpu()->trace_cause;
	return ctx == TRACE_TASK && task ? &task->trace_cause : NULL;
}

/* The record that is @back records older than the newest; NULL: none. */
static struct trace_record *record_back(unsigned int back)
{
	return back < trace_count() ? &ring[(recorded - 1 - back) % TRACE_RECORDS] : NULL;
}

/* The thread touches its first packet in this system call: what it has done in
 * it so far led there. Interrupts off. */
static void claim_lead(pid_t pid, u64 packet_id)
{
	unsigned int back, n = 0;
	struct trace_record *r;

	/* Where it entered the call. */
	for (back = 1; n < TRACE_LEAD_MAX && back < TRACE_LOOK_MAX; back++) {
		r = record_back(back);
		if (!r)
			return;
		if (r->ctx != TRACE_TASK || r->pid != pid)
			continue;
		if (r->packet_id || r->cause_id)
			return;
		n++;
		if (!is_syscall_entry(r->tp))
			continue;
		for (; back; back--) {
			r = record_back(back);
			if (r->ctx == TRACE_TASK && r->pid == pid)
				r->cause_id = packet_id;
		}
		return;
	}
}

/**
 * __trace_hit - record that a tracepoint was passed
 * @tp: the tracepoint
 * @packet_id: skb->id, or 0
 *
 * Context: any.
 */
void __trace_hit(const struct tracepoint *tp, u64 packet_id)
{
	struct task_struct *task = current;
	enum trace_ctx ctx = context_now();
	struct trace_record *r;
	unsigned long flags;
	u64 *cause;

	local_irq_save(flags);
	r = &ring[recorded++ % TRACE_RECORDS];
	r->time_ns = ktime_get_ns();
	r->packet_id = packet_id;
	r->cause_id = 0;
	r->tp = tp;
	r->pid = task ? task->pid : 0;
	r->ctx = (u8)ctx;
	if (packet_id)
		last_packet = packet_id;
	cause = cause_of(ctx, task);
	if (cause && packet_id) {
		if (!*cause && ctx == TRACE_TASK)
			claim_lead(r->pid, packet_id);
		*cause = packet_id;
	} else if (cause) {
		if (is_syscall_entry(tp))
			*cause = 0;
		r->cause_id = *cause;
	}
	local_irq_restore(flags);
}

/**
 * trace_enable - switch tracepoints
 * @glob: which, by name: "*", "tcp_*"
 * @on: on or off
 *
 * Context: process.
 * Return: how many matched.
 */
unsigned int trace_enable(const char *glob, bool on)
{
	struct tracepoint *tp;
	unsigned int n = 0;

	for (tp = TABLE_BEGIN(tracepoints); tp < TABLE_END(tracepoints); tp++) {
		if (!*tp->name || !glob_match(glob, tp->name))
			continue;
		WRITE_ONCE(tp->on, on);
		n++;
	}
	return n;
}

/**
 * trace_for_each - call a function for each tracepoint
 * @fn: the function
 * @ctx: for @fn
 *
 * Context: process.
 */
void trace_for_each(void (*fn)(const struct tracepoint *tp, void *ctx), void *ctx)
{
	const struct tracepoint *tp;

	for (tp = TABLE_BEGIN(tracepoints); tp < TABLE_END(tracepoints); tp++)
		if (*tp->name)
			fn(tp, ctx);
}

/**
 * trace_clear - forget all records
 *
 * Context: any.
 */
void trace_clear(void)
{
	unsigned long flags;

	local_irq_save(flags);
	recorded = 0;
	last_packet = 0;
	local_irq_restore(flags);
}

/**
 * trace_get - a record
 * @i: the i-th oldest
 *
 * Context: any.
 * Return: the record, until it is overwritten; NULL when there is none.
 */
const struct trace_record *trace_get(size_t i)
{
	size_t n = trace_count();

	return i < n ? &ring[(recorded - n + i) % TRACE_RECORDS] : NULL;
}

/* ---- the way of a packet ------------------------------------------------ */

static bool record_belongs(const struct trace_record *r, u64 id)
{
	return r->packet_id == id || (!r->packet_id && r->cause_id == id);
}

/* From the packet's first record, number @first, back to what brought it: in a
 * thread it is the packet's own already (claim_lead()); before a softirq's, what
 * that softirq and the interrupts before it did. */
static size_t find_lead(size_t first)
{
	const struct trace_record *r;
	size_t i, lead = first;
	unsigned int n = 0;
	bool interrupt = false;

	if (trace_get(first)->ctx == TRACE_TASK)
		return first;
	for (i = first; i-- && n < TRACE_LEAD_MAX;) {
		r = trace_get(i);
		if (r->ctx == TRACE_TASK)
			continue;
		/* The packet before, or the softirq run before. */
		if (r->packet_id || r->cause_id ||
		    (interrupt && r->ctx == TRACE_SOFTIRQ))
			break;
		interrupt |= r->ctx == TRACE_HARDIRQ;
		lead = i;
		n++;
	}
	return lead;
}

static size_t print_record(char *buf, size_t size, const struct trace_record *r,
			   u64 before_ns)
{
	static const char *const ctx_names[] = {
		[TRACE_TASK] = "task",
		[TRACE_SOFTIRQ] = "softirq",
		[TRACE_HARDIRQ] = "hardirq",
	};

	return (size_t)snprintf(buf, size, "%10lu ns  %-7s  %-28s %s\n",
				r->time_ns - before_ns, ctx_names[r->ctx],
				r->tp->name, r->tp->file);
}

/**
 * trace_print_packet - the way of a packet as text
 * @id: skb->id; 0: the packet that was seen last
 * @buf: for the text and a NUL; whole lines only
 * @size: bytes of @buf
 *
 * "packet 4711", then one function a line: time since the line before, context,
 * name, file.
 *
 * Context: process.
 * Return: length of the text, 0 when nothing is known of the packet.
 */
size_t trace_print_packet(u64 id, char *buf, size_t size)
{
	size_t n = trace_count(), i, first = n, len, add;
	const struct trace_record *r;
	u64 before_ns;

	if (size)
		buf[0] = '\0';
	if (!id)
		id = last_packet;
	for (i = 0; id && i < n && first == n; i++)
		if (record_belongs(trace_get(i), id))
			first = i;
	if (first == n || !size)
		return 0;
	i = find_lead(first);
	before_ns = trace_get(i)->time_ns;
	len = (size_t)scnprintf(buf, size, "packet %lu\n", id);
	for (; i < n; i++) {
		r = trace_get(i);
		if (i < first ? r->ctx == TRACE_TASK : !record_belongs(r, id))
			continue;
		add = print_record(buf + len, size - len, r, before_ns);
		if (add >= size - len) {
			buf[len] = '\0';
			break;
		}
		before_ns = r->time_ns;
		len += add;
	}
	return len;
}
