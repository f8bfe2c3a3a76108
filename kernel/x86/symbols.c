// SPDX-License-Identifier: MIT
/*
 * Names of functions for backtraces and %pS, from the table that
 * tools/ksyms.py makes of the first link and describes. In that link itself
 * there is no table yet: the symbols are weak, and nothing is found.
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

extern const u32 ksyms_base __attribute__((weak));
extern const u16 ksyms_sizes[] __attribute__((weak));
extern const u16 ksyms_sizes_end[] __attribute__((weak));
extern const u8 ksyms_pairs[][2] __attribute__((weak));
extern const u8 ksyms_names[] __attribute__((weak));
extern const u8 ksyms_names_end[] __attribute__((weak));

/* What @byte of a name stands for, behind the @len bytes of @name that are
 * there. Return: the new length. */
static size_t expand(u8 byte, char name[KSYM_NAME_LEN], size_t len)
{
	u8 stack[DEPTH_MAX + 1];
	size_t depth = 0;

	for (;;) {
		while (byte >= FIRST_TOKEN && depth < ARRAY_SIZE(stack)) {
			stack[depth++] = ksyms_pairs[byte - FIRST_TOKEN][1];
			byte = ksyms_pairs[byte - FIRST_TOKEN][0];
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
	const u8 *p = ksyms_names;
	size_t len = 0;

	while (index && p < ksyms_names_end)
		index -= *p++ == 0;
	if (p >= ksyms_names_end)
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
	const u16 *size = ksyms_sizes;

	if (addr < (uintptr_t)_text || addr >= (uintptr_t)_etext || size == ksyms_sizes_end ||
	    addr < ksyms_base)
		return false;
	addr -= ksyms_base;
	while (size < ksyms_sizes_end && addr >= *size)
		addr -= *size++;
	*offset = addr;
	return nth_name((size_t)(size - ksyms_sizes), name);
}
