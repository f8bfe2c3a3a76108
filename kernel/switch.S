/* SPDX-License-Identifier: MIT */
/*
 * One thread to another: the callee's registers and the stack pointer. All else
 * the C compiler has saved already, because to it this is a function call. The
 * floating point control words are not kept: nobody changes them.
 *
 * There is no privileged instruction here, so the same code switches threads in
 * an ordinary process.
 *
 * Linux: arch/x86/entry/entry_64.S, __switch_to_asm
 */
	.text

/* void switch_to(struct task_struct *prev, struct task_struct *next)
 * rdi, rsi; sp is the first member. Returns in next. */
	.globl	switch_to
	.hidden	switch_to
	.type	switch_to, @function
switch_to:
	pushq	%rbp
	pushq	%rbx
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	movq	%rsp, (%rdi)
	movq	(%rsi), %rsp
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbx
	popq	%rbp
	ret
	.size	switch_to, . - switch_to

/* Where a new thread's first switch_to() returns to: kthread_run() has laid
 * this address on its stack. A zero frame pointer ends backtraces here. The
 * stack is aligned to 16 bytes before the calls. */
	.globl	thread_start
	.hidden	thread_start
	.type	thread_start, @function
thread_start:
	xorl	%ebp, %ebp
	call	thread_main
	call	do_exit
	ud2
	.size	thread_start, . - thread_start

	.hidden	thread_main
	.hidden	do_exit
	.section .note.GNU-stack, "", @progbits
