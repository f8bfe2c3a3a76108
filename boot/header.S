/* SPDX-License-Identifier: MIT */
/*
 * By what a boot loader knows this image: a Multiboot 2 header (GRUB) and a
 * PVH note (`qemu-system-x86_64 -kernel`, machines pc, q35, microvm). Both
 * load the ELF segments where linker.ld puts them and jump into head_64.S in
 * 32-bit protected mode without paging.
 *
 * QEMU refuses a 64-bit ELF with a plain Multiboot 1 header, so there is none.
 *
 * Read first: Multiboot 2 specification 3.1; Xen docs/misc/pvh.pandoc,
 * include/public/elfnote.h.
 */

	.section .boot.header, "a"
	.balign	8
multiboot2_header:
	.long	0xe85250d6			/* magic */
	.long	0				/* i386, protected mode */
	.long	multiboot2_end - multiboot2_header
	.long	-(0xe85250d6 + 0 + (multiboot2_end - multiboot2_header))

	/* 3.1.7: start here, whatever the ELF header says. */
	.balign	8
	.short	3, 0				/* entry address */
	.long	12
	.long	multiboot2_entry

	/* 3.1.8: modules, were there any, on page boundaries. */
	.balign	8
	.short	6, 0
	.long	8

	.balign	8
	.short	0, 0				/* end */
	.long	8
multiboot2_end:

	.section .note.pvh, "a", @note
	.balign	4
	.long	4				/* size of the name */
	.long	8				/* size of the value */
	.long	18				/* XEN_ELFNOTE_PHYS32_ENTRY */
	.asciz	"Xen"
	.balign	4
	.quad	pvh_entry

	.section .note.GNU-stack, "", @progbits
