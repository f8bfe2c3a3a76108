// SPDX-License-Identifier: MIT
/*
 * The end: say what happened, and stop. Also warnings, and backtraces by frame
 * pointers (everything is compiled with them).
 *
 * Linux: kernel/panic.c, lib/dump_stack.c
 */
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/trace.h>

#define PANIC_TRACE_RECORDS	32
#define BACKTRACE_FRAMES	16

static unsigned long warnings;

/* What the stack looks like at %rbp. */
struct stack_frame {
	const struct stack_frame *caller;
	uintptr_t return_address;
};

/**
 * dump_stack - log the callers of the running function, innermost first
 *
 * The walk stays within the bytes a stack can have and only goes up, so a
 * frame pointer that is none ends it.
 *
 * Context: any.
 */
__attribute__((no_sanitize("address"))) void dump_stack(void)
{
	const struct stack_frame *frame = __builtin_frame_address(0);
	uintptr_t low = (uintptr_t)frame, high = low + THREAD_SIZE;
	unsigned int i;

	if (current && current->stack)
		high = (uintptr_t)current->stack + THREAD_SIZE;
	for (i = 0; i < BACKTRACE_FRAMES; i++) {
		uintptr_t at = (uintptr_t)frame;

		if (at < low || at > high - sizeof(*frame) || (at & 7))
			break;
		printk(KERN_ERR "  %pS\n", (void *)frame->return_address);
		low = at + sizeof(*frame);
		frame = frame->caller;
	}
}

/**
 * __warn - what WARN_ON() does when its condition holds
 * @file: source file
 * @line: line in it
 * @what: the condition's text
 *
 * Context: any.
 */
void __warn(const char *file, int line, const char *what)
{
	warnings++;
	printk(KERN_WARNING "WARNING at %s:%d: %s\n", file, line, what);
	dump_stack();
}

/**
 * warn_count - how many warnings there have been
 *
 * Context: any.
 * Return: the number since boot.
 */
unsigned long warn_count(void)
{
	return warnings;
}

static void print_last_trace(void)
{
	size_t n = trace_count();
	size_t i = n > PANIC_TRACE_RECORDS ? n - PANIC_TRACE_RECORDS : 0;

	if (n)
		printk(KERN_EMERG "last trace records:\n");
	for (; i < n; i++) {
		const struct trace_record *r = trace_get(i);

		printk(KERN_EMERG "  %12lu ns  packet %lu  pid %d  %s\n",
		       r->time_ns, r->packet_id, r->pid, r->tp->name);
	}
}

/**
 * panic - log a message and the last packets' way, and stop the machine
 * @fmt: as for printk(); no "\n"
 *
 * Context: any; does not return.
 */
void panic(const char *fmt, ...)
{
	static bool panicking;
	char text[256];
	va_list args;

	local_irq_disable();
	if (panicking)
		platform_panic();
	panicking = true;
	va_start(args, fmt);
	vscnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (console_loglevel < 1)
		console_loglevel = 1;
	printk(KERN_EMERG "Kernel panic: %s\n", text);
	print_last_trace();
	/* Tests that provoke a panic survive it; a machine does not. */
	panicking = false;
	platform_panic();
}
