// SPDX-License-Identifier: MIT
/*
 * Names of functions for backtraces and %pS, from the table that
 * tools/ksyms.py makes of the linked image and describes.
 *
 * Reading is slow, from the first function on: it saves most of the table.
 *
 * Linux: kernel/kallsyms.c, scripts/kallsyms.c.
 */
#include <asm/page.h>
#include <asm/setup.h>
#include <linux/kernel.h>
#include <linux/string.h>

/* A byte of a name from here on stands for a pair of bytes. */
#define FIRST_TOKEN	0x80
/* Pairs of pairs: tools/ksyms.py, DEPTH_MAX. */
#define DEPTH_MAX	8

/* Room for the table, in the image (linker.ld). */
extern const struct ksyms {
	u32 base;
	u32 functions;
	u32 names;
	u8 pairs[0x100 - FIRST_TOKEN][2];
	u16 sizes[];
} ksyms;

/* What @byte of a name stands for, behind the @len bytes of @name that are
 * there. Return: the new length. */
static size_t expand(u8 byte, char name[KSYM_NAME_LEN], size_t len)
{
	u8 stack[DEPTH_MAX + 1];
	size_t depth = 0;

	for (;;) {
		while (byte >= FIRST_TOKEN && depth < ARRAY_SIZE(stack)) {
			stack[depth++] = ksyms.pairs[byte - FIRST_TOKEN][1];
			byte = ksyms.pairs[byte - FIRST_TOKEN][0];
		}
		if (len < KSYM_NAME_LEN - 1)
			name[len++] = (char)byte;
		if (!depth)
			return len;
		byte = stack[--depth];
	}
}

/* The name of the @index-th function. */
static bool nth_name(size_t index, char name[KSYM_NAME_LEN])
{
	const u8 *p = (const u8 *)(ksyms.sizes + ksyms.functions);
	const u8 *end = p + ksyms.names;
	size_t len = 0;

	while (index && p < end)
		index -= *p++ == 0;
	if (p >= end)
		return false;
	while (*p)
		len = expand(*p++, name, len);
	name[len] = '\0';
	return true;
}

/**
 * symbol_lookup() - the function that an address lies in
 * @addr: of code
 * @offset: set to the distance from the function's start, when it is found
 * @name: set to its name, cut to fit, when it is found
 *
 * Context: any.
 * Return: whether it is found.
 */
bool symbol_lookup(unsigned long addr, unsigned long *offset, char name[KSYM_NAME_LEN])
{
	size_t i = 0;

	if (addr < (uintptr_t)_text || addr >= (uintptr_t)_etext || addr < ksyms.base)
		return false;
	addr -= ksyms.base;
	while (i < ksyms.functions && addr >= ksyms.sizes[i])
		addr -= ksyms.sizes[i++];
	*offset = addr;
	return nth_name(i, name);
}
