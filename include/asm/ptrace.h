/* SPDX-License-Identifier: MIT */
/* What kernel/x86/entry.S leaves on the stack of an interrupted thread. */
#ifndef ASM_PTRACE_H
#define ASM_PTRACE_H

#include <linux/types.h>

/*
 *   higher addresses
 *   +------------------------------+
 *   | ss rsp rflags cs rip         |  by the CPU (SDM vol. 3 6.14.2)
 *   | error                        |  by the CPU, or 0 by the stub
 *   | vector                       |  by the stub
 *   | rdi ... r15                  |  by common_interrupt
 *   +------------------------------+  <- struct pt_regs *
 */
struct pt_regs {
	u64 r15, r14, r13, r12, r11, r10, r9, r8;
	u64 rbp, rbx, rdx, rcx, rax, rsi, rdi;
	u64 vector;
	u64 error;
	u64 rip, cs, rflags, rsp, ss;
};
static_assert(sizeof(struct pt_regs) == 22 * 8, "entry.S pushes 22 words");

#endif
