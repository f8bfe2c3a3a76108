// SPDX-License-Identifier: MIT
/*
 * Names of functions for backtraces and %pS, from the table that
 * tools/ksyms.py makes of the first link. In that link itself there is no
 * table yet: the symbols are weak, and nothing is found.
 *
 * Linux: kernel/kallsyms.c, scripts/kallsyms.c.
 */
#include <asm/page.h>
#include <asm/setup.h>
#include <linux/kernel.h>
#include <linux/string.h>

extern const u32 ksyms_addresses[] __attribute__((weak));
extern const u32 ksyms_addresses_end[] __attribute__((weak));
extern const char ksyms_names[] __attribute__((weak));
extern const char ksyms_names_end[] __attribute__((weak));

/* The name of the @index-th function: names are read from the first on, which
 * is slow and saves an offset for each. */
static const char *nth_name(size_t index)
{
	const char *p = ksyms_names;

	while (index-- && p < ksyms_names_end)
		p += strlen(p) + 1;
	return p < ksyms_names_end ? p : NULL;
}

/**
 * symbol_lookup() - the function that an address lies in
 * @addr: of code
 * @offset: set to the distance from the function's start, when it is found
 *
 * Context: any.
 * Return: its name, or NULL.
 */
const char *symbol_lookup(unsigned long addr, unsigned long *offset)
{
	size_t lo = 0, hi = (size_t)(ksyms_addresses_end - ksyms_addresses);

	if (addr < (uintptr_t)_text || addr >= (uintptr_t)_etext || !hi ||
	    addr < ksyms_addresses[0])
		return NULL;
	while (hi - lo > 1) {
		size_t mid = lo + (hi - lo) / 2;

		if (ksyms_addresses[mid] <= addr)
			lo = mid;
		else
			hi = mid;
	}
	*offset = addr - ksyms_addresses[lo];
	return nth_name(lo);
}
