/* SPDX-License-Identifier: MIT */
/*
 * The 256 interrupt entries and what they share: save the registers, call
 * x86_interrupt(), restore, return.
 *
 * Linux: arch/x86/entry/entry_64.S. There is no user mode, hence no swapgs and
 * no stack switch other than the IST entries that idt.c sets up.
 * Read first: SDM vol. 3 6.14 (64-bit mode exception handling).
 */

#define STUB_SIZE	16	/* idt.c */
#define REGS_RIP	136

	.text

	/* Vectors for which the CPU pushes an error code. */
#define HAS_ERROR_CODE(v) \
	((v) == 8 || ((v) >= 10 && (v) <= 14) || (v) == 17 || (v) == 21 || \
	 (v) == 29 || (v) == 30)

	.balign	STUB_SIZE
	.globl	interrupt_stubs
	.type	interrupt_stubs, @function
interrupt_stubs:
	vector = 0
	.rept	256
	.balign	STUB_SIZE
	.if	!HAS_ERROR_CODE(vector)
	pushq	$0
	.endif
	pushq	$vector
	jmp	common_interrupt
	vector = vector + 1
	.endr
	.size	interrupt_stubs, . - interrupt_stubs

	.type	common_interrupt, @function
common_interrupt:
	cld
	pushq	%rdi
	pushq	%rsi
	pushq	%rax
	pushq	%rcx
	pushq	%rdx
	pushq	%rbx
	pushq	%rbp
	pushq	%r8
	pushq	%r9
	pushq	%r10
	pushq	%r11
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	movq	%rsp, %rdi

	/*
	 * A frame as if the interrupted code had called us: backtraces go on
	 * through it. The stack stays aligned to 16: the CPU aligned it, and
	 * 22 + 2 words are on it.
	 */
	pushq	REGS_RIP(%rdi)
	pushq	%rbp
	movq	%rsp, %rbp
	call	x86_interrupt
	addq	$16, %rsp

	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%r11
	popq	%r10
	popq	%r9
	popq	%r8
	popq	%rbp
	popq	%rbx
	popq	%rdx
	popq	%rcx
	popq	%rax
	popq	%rsi
	popq	%rdi
	addq	$16, %rsp			/* vector, error code */
	iretq
	.size	common_interrupt, . - common_interrupt

	.section .note.GNU-stack, "", @progbits
