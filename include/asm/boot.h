/* SPDX-License-Identifier: MIT */
/*
 * What the boot loader told us, whichever it was. Filled once, by
 * boot/multiboot2.c or boot/pvh.c, by copy: the loader's own structures lie in
 * memory that is about to be given away.
 */
#ifndef ASM_BOOT_H
#define ASM_BOOT_H

#include <linux/types.h>

#define MULTIBOOT2_MAGIC	0x36d76289U	/* in eax, Multiboot 2 3.3 */
#define PVH_MAGIC		0x336ec578U	/* hvm_start_info.magic */

#define COMMAND_LINE_SIZE	2048
#define BOOT_MEM_MAX		128

/* The types that E820, Multiboot 2 and PVH have in common. */
#define BOOT_MEM_RAM		1

struct boot_mem {
	u64 start;
	u64 size;
	u32 type;			/* BOOT_MEM_RAM, else not ours */
};

struct boot_info {
	const char *loader;		/* "PVH", "Multiboot 2"; NULL: unknown */
	char cmdline[COMMAND_LINE_SIZE];
	bool cmdline_cut;		/* it was longer */
	struct boot_mem mem[BOOT_MEM_MAX];
	unsigned int nr_mem;
	u64 rsdp;			/* address of the ACPI root; 0: not told */
};

extern struct boot_info boot_info;

/* The command line as given, for everybody after boot. Linux: init/main.c. */
extern char *saved_command_line;

void boot_info_read(u32 magic, u64 info);
void boot_add_mem(u64 start, u64 size, u32 type);
void boot_set_cmdline(const char *text, size_t max);
void boot_append_cmdline(const char *word);
bool boot_option(const char *word);
void multiboot2_read(u64 info);
void pvh_read(u64 info);

#endif
