// SPDX-License-Identifier: MIT
/*
 * Exceptions: all of them are bugs here. They print what happened, the
 * registers, the way there with names, and the last packets, and stop the
 * machine (BOOT-2).
 *
 * Nested-safe: a second exception while printing prints one raw line, a third
 * stops at once.
 *
 * Linux: arch/x86/kernel/traps.c, arch/x86/kernel/dumpstack.c.
 * Read first: SDM vol. 3 6.15.
 */
#include <asm/boot.h>
#include <asm/page.h>
#include <asm/processor.h>
#include <asm/ptrace.h>
#include <asm/setup.h>
#include <linux/kernel.h>
#include <linux/reboot.h>
#include <linux/sched.h>
#include <linux/trace.h>
#include <platform.h>

#define EXIT_PANIC	1		/* machine_power_off() */
#define EXIT_NESTED	2

#define BACKTRACE_MAX	32
#define LAST_PACKETS	16

#define TRAP_PF		14

static const char *const trap_names[32] = {
	[0] = "divide error",
	[1] = "debug exception",
	[2] = "non-maskable interrupt",
	[3] = "breakpoint",
	[4] = "overflow",
	[5] = "bound range exceeded",
	[6] = "invalid opcode",
	[7] = "device not available (x87 or SSE used)",
	[8] = "double fault (stack overflow?)",
	[10] = "invalid TSS",
	[11] = "segment not present",
	[12] = "stack segment fault",
	[13] = "general protection fault",
	[14] = "page fault",
	[16] = "x87 floating-point error",
	[17] = "alignment check",
	[18] = "machine check",
	[19] = "SIMD floating-point error",
	[20] = "virtualisation exception",
	[21] = "control protection exception",
};

static unsigned int trap_depth;

/* A line that depends on nothing but the serial port. */
static void raw_line(const char *fmt, ...) __printf(1, 2);
static void raw_line(const char *fmt, ...)
{
	char line[160];
	va_list args;
	int n;

	va_start(args, fmt);
	n = vscnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	serial_write(line, (size_t)n);
}

/* A return address may be the first byte behind a function that ends with a
 * call: @back 1 looks up the call itself. */
static void print_code(unsigned long addr, unsigned long back)
{
	unsigned long offset = 0;
	char name[KSYM_NAME_LEN];

	if (symbol_lookup(addr - back, &offset, name))
		raw_line("  [<%lx>] %s+%#lx\n", addr, name, offset + back);
	else
		raw_line("  [<%lx>]\n", addr);
}

/* Both words of a frame can be read without a fault. */
static bool frame_readable(unsigned long rbp)
{
	return rbp && IS_ALIGNED(rbp, 8UL) && paging_is_mapped(rbp) &&
	       paging_is_mapped(rbp + 8);
}

/**
 * show_backtrace() - print the chain of callers with names
 * @rip: where the code is; 0: do not print it
 * @rbp: its frame pointer
 *
 * Follows saved frame pointers as long as they rise and can be read.
 *
 * Context: any, also inside an exception.
 */
void show_backtrace(unsigned long rip, unsigned long rbp)
{
	unsigned int i;

	raw_line("backtrace:\n");
	if (rip)
		print_code(rip, 0);
	for (i = 0; i < BACKTRACE_MAX && frame_readable(rbp); i++) {
		const unsigned long *frame = (const unsigned long *)rbp;
		unsigned long ret = frame[1];

		if (ret < (uintptr_t)_text || ret >= (uintptr_t)_etext)
			break;
		print_code(ret, 1);
		if (frame[0] <= rbp)
			break;
		rbp = frame[0];
	}
}

/**
 * show_regs() - print the registers of interrupted code
 * @regs: from entry.S
 *
 * Context: any.
 */
void show_regs(const struct pt_regs *regs)
{
	raw_line("rip %016lx  rsp %016lx  rflags %08lx  cs %lx ss %lx\n",
		 regs->rip, regs->rsp, regs->rflags, regs->cs, regs->ss);
	raw_line("rax %016lx  rbx %016lx  rcx %016lx\n",
		 regs->rax, regs->rbx, regs->rcx);
	raw_line("rdx %016lx  rsi %016lx  rdi %016lx\n",
		 regs->rdx, regs->rsi, regs->rdi);
	raw_line("rbp %016lx  r8  %016lx  r9  %016lx\n",
		 regs->rbp, regs->r8, regs->r9);
	raw_line("r10 %016lx  r11 %016lx  r12 %016lx\n",
		 regs->r10, regs->r11, regs->r12);
	raw_line("r13 %016lx  r14 %016lx  r15 %016lx\n",
		 regs->r13, regs->r14, regs->r15);
	raw_line("cr0 %016lx  cr2 %016lx  cr3 %016lx\n",
		 read_cr0(), read_cr2(), read_cr3());
}

/* The newest trace records, oldest first; nothing when no tracepoint was on. */
static void show_last_packets(void)
{
	static const char *const context[] = { "task", "softirq", "hardirq" };
	size_t n = trace_count();
	size_t i = n > LAST_PACKETS ? n - LAST_PACKETS : 0;

	if (n)
		raw_line("last packets:\n");
	for (; i < n; i++) {
		const struct trace_record *r = trace_get(i);

		if (!r || !r->tp)
			continue;
		raw_line("  %6lu.%06lu packet %lu %s %s()\n",
			 r->time_ns / 1000000000, r->time_ns / 1000 % 1000000,
			 r->packet_id, context[r->ctx % ARRAY_SIZE(context)],
			 r->tp->name);
	}
}

static void print_page_fault(const struct pt_regs *regs)
{
	unsigned long addr = read_cr2();
	/* SDM vol. 3 4.7: the bits of the error code. */
	const char *what = regs->error & 16 ? "execution" :
			   regs->error & 2 ? "write" : "read";
	const char *why = regs->error & 1 ? "protected" : "not mapped";

	if (addr < PAGE_SIZE)
		why = "a NULL pointer";
	else if (addr >= (uintptr_t)boot_stack_guard &&
		 addr < (uintptr_t)boot_stack)
		why = "below the boot stack: it overflowed";
	raw_line("%s of %lx, %s\n", what, addr, why);
}

/* The first caller goes on; one that comes while it reports stops here. */
static void report_once(const char *what, unsigned long rip)
{
	if (!trap_depth++)
		return;
	if (trap_depth == 2)
		raw_line("\n%s at %lx while reporting another\n", what, rip);
	machine_power_off(EXIT_NESTED);
}

/**
 * panic_report() - print the way to here and stop: the end of panic()
 *
 * panic() has said why, and printed the last packets.
 *
 * Context: any, interrupts disabled. Does not return.
 */
void __noreturn panic_report(void)
{
	unsigned long rbp = (uintptr_t)__builtin_frame_address(0);

	report_once("panic", (uintptr_t)__builtin_return_address(0));
	if (current)
		raw_line("thread %d (%.15s)\n", current->pid, current->comm);
	show_backtrace(0, rbp);
	machine_power_off(EXIT_PANIC);
}

/**
 * do_trap() - an exception: report it and stop
 * @regs: the registers of the code that raised it
 *
 * Context: interrupts disabled, possibly on an emergency stack.
 */
void do_trap(struct pt_regs *regs)
{
	unsigned int vector = regs->vector & 31;
	const char *name = trap_names[vector] ? trap_names[vector] : "reserved";

	report_once(name, regs->rip);
	raw_line("\nkernel exception %u: %s, error code %lx\n", vector, name,
		 regs->error);
	if (vector == TRAP_PF)
		print_page_fault(regs);
	if (current)
		raw_line("thread %d (%.15s)\n", current->pid, current->comm);
	show_regs(regs);
	show_backtrace(regs->rip, regs->rbp);
	show_last_packets();
	machine_power_off(EXIT_PANIC);
}
