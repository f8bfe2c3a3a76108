// SPDX-License-Identifier: MIT
/*
 * What the boot loader told us, in one shape whichever it was.
 *
 * Linux: arch/x86/kernel/e820.c, arch/x86/kernel/setup.c.
 */
#include <asm/boot.h>
#include <linux/kernel.h>
#include <linux/string.h>

struct boot_info boot_info;
char *saved_command_line = boot_info.cmdline;

/**
 * boot_add_mem() - note one range of the memory map
 * @start: first byte
 * @size: bytes; an empty range or one that wraps is left out
 * @type: BOOT_MEM_RAM, or what else the loader called it
 *
 * Context: boot, before the allocators.
 */
void boot_add_mem(u64 start, u64 size, u32 type)
{
	struct boot_mem *m;

	if (!size || start + size < start ||
	    boot_info.nr_mem >= ARRAY_SIZE(boot_info.mem))
		return;
	m = &boot_info.mem[boot_info.nr_mem++];
	m->start = start;
	m->size = size;
	m->type = type;
}

/**
 * boot_set_cmdline() - keep the kernel command line
 * @text: the loader's copy, closed by a NUL or by its size
 * @max: bytes that may be read at @text
 *
 * Context: boot.
 */
void boot_set_cmdline(const char *text, size_t max)
{
	size_t n = 0;

	while (n < max && n < COMMAND_LINE_SIZE - 1 && text[n]) {
		boot_info.cmdline[n] = text[n];
		n++;
	}
	boot_info.cmdline[n] = '\0';
	boot_info.cmdline_cut = n == COMMAND_LINE_SIZE - 1 && n < max && text[n];
}

/**
 * boot_append_cmdline() - add a word that the machine half found out
 * @word: without spaces
 *
 * Dropped, and the line marked as cut, when there is no room.
 *
 * Context: boot, before parse_command_line().
 */
void boot_append_cmdline(const char *word)
{
	size_t len = strlen(boot_info.cmdline);
	size_t n = strlen(word);

	if (len + n + 2 > COMMAND_LINE_SIZE) {
		boot_info.cmdline_cut = true;
		return;
	}
	if (len)
		boot_info.cmdline[len++] = ' ';
	memcpy(boot_info.cmdline + len, word, n + 1);
}

/**
 * boot_option() - is a word on the command line?
 * @word: the whole word
 *
 * For what has to be known before parse_command_line() can run.
 *
 * Context: any.
 * Return: true when it is there.
 */
bool boot_option(const char *word)
{
	size_t n = strlen(word);
	const char *p = boot_info.cmdline;

	while (*p) {
		if (!strncmp(p, word, n) && (p[n] == ' ' || !p[n]))
			return true;
		while (*p && *p != ' ')
			p++;
		while (*p == ' ')
			p++;
	}
	return false;
}

/**
 * boot_info_read() - take over what the loader left
 * @magic: who it says it is
 * @info: address of its information
 *
 * Context: boot, first thing after the console; the boot page tables reach the
 * first 4 GiB, and loaders keep their structures there.
 */
void boot_info_read(u32 magic, u64 info)
{
	switch (magic) {
	case MULTIBOOT2_MAGIC:
		multiboot2_read(info);
		break;
	case PVH_MAGIC:
		pvh_read(info);
		break;
	default:
		panic("unknown boot loader (magic %#x): use `qemu-system-x86_64 -kernel` or GRUB's multiboot2",
		      magic);
	}
}
