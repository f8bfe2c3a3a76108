/* SPDX-License-Identifier: MIT */
/* The golden table as it is in the tree, for goodput.c. */
	.section .rodata
	.globl	golden_begin, golden_end
	.hidden	golden_begin, golden_end
golden_begin:
	.incbin	"tests/sim/golden.txt"
golden_end:
	.byte	0
	.section .note.GNU-stack, "", @progbits
