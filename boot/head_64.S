/* SPDX-License-Identifier: MIT */
/*
 * From the boot loader's 32-bit protected mode to start_kernel() in long mode:
 * a stack, page tables that map the first 4 GiB one to one, paging, 64-bit
 * segments. kernel/x86/paging.c replaces the tables soon after.
 *
 * Linux: arch/x86/kernel/head_64.S.
 * Read first: SDM vol. 3 10.8.5 (entering IA-32e mode).
 */

#define CR0_PE		0x00000001
#define CR0_MP		0x00000002
#define CR0_NE		0x00000020
#define CR0_WP		0x00010000
#define CR0_PG		0x80000000
#define CR4_PAE		0x20
#define MSR_EFER	0xc0000080
#define EFER_LME	0x100

#define COM1		0x3f8

	.section .boot.text, "ax"
	.code32

	.globl	multiboot2_entry
multiboot2_entry:				/* eax: magic, ebx: information */
	cli
	movl	%eax, %edi
	jmp	head_32

	.globl	pvh_entry
pvh_entry:					/* ebx: struct hvm_start_info */
	cli
	movl	(%ebx), %edi			/* its magic */

	/* edi and esi become the arguments of start_kernel(). */
head_32:
	cld
	movl	%ebx, %esi
	movl	$boot_stack_top, %esp

	/* Is this a 64-bit CPU? cpuid clobbers ebx. */
	movl	$0x80000000, %eax
	cpuid
	cmpl	$0x80000001, %eax
	jb	no_long_mode
	movl	$0x80000001, %eax
	cpuid
	btl	$29, %edx
	jnc	no_long_mode

	/* Four tables of 512 pages of 2 MiB, present and writable. */
	movl	$boot_pd, %ebx
	movl	$0x83, %eax
	movl	$2048, %ecx
1:	movl	%eax, (%ebx)
	movl	$0, 4(%ebx)
	addl	$0x200000, %eax
	addl	$8, %ebx
	decl	%ecx
	jnz	1b

	movl	$boot_pd + 3, %eax
	movl	%eax, boot_pdpt
	addl	$0x1000, %eax
	movl	%eax, boot_pdpt + 8
	addl	$0x1000, %eax
	movl	%eax, boot_pdpt + 16
	addl	$0x1000, %eax
	movl	%eax, boot_pdpt + 24
	movl	$boot_pdpt + 3, boot_pml4

	movl	$CR4_PAE, %eax
	movl	%eax, %cr4
	movl	$boot_pml4, %eax
	movl	%eax, %cr3
	movl	$MSR_EFER, %ecx
	rdmsr
	orl	$EFER_LME, %eax
	wrmsr
	movl	$CR0_PG | CR0_WP | CR0_NE | CR0_MP | CR0_PE, %eax
	movl	%eax, %cr0

	lgdt	boot_gdt_pointer
	ljmp	$8, $head_64

	/* There is no printk on such a machine, but a serial port. */
no_long_mode:
	movl	$no_long_mode_text, %esi
2:	movw	$COM1 + 5, %dx
3:	inb	%dx, %al
	testb	$0x20, %al
	jz	3b
	lodsb
	testb	%al, %al
	jz	4f
	movw	$COM1, %dx
	outb	%al, %dx
	jmp	2b
4:	hlt
	jmp	4b

	.code64
head_64:
	movl	$16, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	xorl	%eax, %eax
	movl	%eax, %fs
	movl	%eax, %gs
	movl	$boot_stack_top, %esp
	xorl	%ebp, %ebp			/* backtraces end here */
	movl	%edi, %edi			/* the upper halves are undefined */
	movl	%esi, %esi
	call	start_kernel
5:	hlt
	jmp	5b

	.section .boot.rodata, "a"
no_long_mode_text:
	.asciz	"Sojourn needs a 64-bit CPU.\r\n"
	.balign	8
boot_gdt:
	.quad	0
	.quad	0x00af9b000000ffff		/* 64-bit code */
	.quad	0x00cf93000000ffff		/* data */
boot_gdt_end:
	.short	0
boot_gdt_pointer:
	.short	boot_gdt_end - boot_gdt - 1
	.quad	boot_gdt

	.section .bss.boot, "aw", @nobits
	.balign	4096
boot_pml4:
	.skip	4096
boot_pdpt:
	.skip	4096
boot_pd:
	.skip	4 * 4096

	/* Thread 0's stack. paging_init() unmaps the page below it. */
	.globl	boot_stack_guard, boot_stack, boot_stack_top
boot_stack_guard:
	.skip	4096
boot_stack:
	.skip	16384
boot_stack_top:

	.section .note.GNU-stack, "", @progbits
