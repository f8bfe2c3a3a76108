/* SPDX-License-Identifier: MIT */
/* The tables as they are in the tree, for table.c. */
	.section .rodata
	.macro	table name, file
	.globl	\name\()_begin, \name\()_end
	.hidden	\name\()_begin, \name\()_end
\name\()_begin:
	.incbin	"\file"
\name\()_end:
	.byte	0
	.endm
	table	golden, "tests/sim/golden.txt"
	table	matrix, "tests/sim/matrix.txt"
	table	short_flows, "tests/sim/short_flows.txt"
	.section .note.GNU-stack, "", @progbits
