// SPDX-License-Identifier: MIT
/*
 * PVH start information: `qemu-system-x86_64 -kernel`, Firecracker, Xen.
 *
 * Read first: xen/include/public/arch-x86/hvm/start_info.h.
 */
#include <asm/boot.h>
#include <linux/kernel.h>

struct hvm_start_info {
	u32 magic;
	u32 version;			/* 1 and later have the memory map */
	u32 flags;
	u32 nr_modules;
	u64 modlist;
	u64 cmdline;
	u64 rsdp;
	u64 memmap;
	u32 memmap_entries;
	u32 reserved;
};

struct hvm_memmap_entry {
	u64 addr;
	u64 size;
	u32 type;			/* E820's types */
	u32 reserved;
};
static_assert(sizeof(struct hvm_memmap_entry) == 24, "PVH memory map entry");

/**
 * pvh_read() - fill boot_info from PVH start information
 * @info: address of struct hvm_start_info
 *
 * Context: boot.
 */
void pvh_read(u64 info)
{
	const struct hvm_start_info *si = (const void *)info;
	const struct hvm_memmap_entry *map;
	u32 i;

	boot_info.loader = "PVH";
	if (si->version < 1)
		panic("PVH start information of version %u has no memory map",
		      si->version);
	map = (const void *)si->memmap;
	for (i = 0; map && i < si->memmap_entries; i++)
		boot_add_mem(map[i].addr, map[i].size, map[i].type);
	if (si->cmdline)
		boot_set_cmdline((const char *)si->cmdline, COMMAND_LINE_SIZE);
	boot_info.rsdp = si->rsdp;
}
