/* SPDX-License-Identifier: MIT */
/*
 * Tracepoints (TR-1, TR-6): one stands at the head of every function that the
 * sources name. Off, it costs a load and a branch not taken. On, it records
 * time, packet id, context and thread in a ring. kernel/trace.c.
 *
 * A packet's way is told from its records and from those without a packet of the
 * same thread, since it entered the system call that made or fetched the packet,
 * and of the same softirq.
 */
#ifndef LINUX_TRACE_H
#define LINUX_TRACE_H

#include <linux/compiler.h>
#include <linux/types.h>

struct tracepoint {
	const char *name;	/* function */
	const char *file;
	bool on;
};

void __trace_hit(const struct tracepoint *tp, u64 packet_id);

/* @id: skb->id, or 0 where there is no skb yet. */
#define trace_id(id) do {						\
	static struct tracepoint __tp __used __aligned(8)		\
		__section("tracepoints") = { __func__, __FILE__, false }; \
	if (unlikely(READ_ONCE(__tp.on)))				\
		__trace_hit(&__tp, id);					\
} while (0)
#define trace_skb(skb) trace_id((skb)->id)
#define trace_here() trace_id(0)
/* For a hop that is an inline function or a callback of another name. */
#define trace_skb_as(skb, fn_name) do {					\
	static struct tracepoint __tp __used __aligned(8)		\
		__section("tracepoints") = { fn_name, __FILE__, false }; \
	if (unlikely(READ_ONCE(__tp.on)))				\
		__trace_hit(&__tp, (skb)->id);				\
} while (0)

enum trace_ctx { TRACE_TASK, TRACE_SOFTIRQ, TRACE_HARDIRQ };

struct trace_record {
	u64 time_ns;
	u64 packet_id;			/* 0: none yet */
	u64 cause_id;			/* when it is 0: the packet this thread
					 * touched last in this system call, or
					 * first; this softirq last in its turn */
	const struct tracepoint *tp;
	pid_t pid;
	u8 ctx;				/* enum trace_ctx */
};

/* Switches every tracepoint whose name matches @glob ("*", "tcp_*"); returns
 * how many matched. */
unsigned int trace_enable(const char *glob, bool on);
void trace_clear(void);
/* Number of records held, and the @i-th oldest. */
size_t trace_count(void);
const struct trace_record *trace_get(size_t i);
/* The way of packet @id as text, one function a line with the time since the
 * line before, its context and file; returns its length. id 0: the last packet. */
size_t trace_print_packet(u64 id, char *buf, size_t size);
void trace_for_each(void (*fn)(const struct tracepoint *tp, void *ctx), void *ctx);

#endif
