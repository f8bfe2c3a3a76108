// SPDX-License-Identifier: MIT
/*
 * Multiboot 2 boot information: GRUB's `multiboot2` command.
 *
 * Read first: Multiboot 2 specification 3.6.
 */
#include <asm/boot.h>
#include <linux/kernel.h>
#include <linux/string.h>

enum {
	MB2_TAG_END = 0,
	MB2_TAG_CMDLINE = 1,
	MB2_TAG_MMAP = 6,
	MB2_TAG_ACPI_OLD = 14,
	MB2_TAG_ACPI_NEW = 15,
};

/* More than any loader writes; a length beyond it is garbage. */
#define MB2_INFO_MAX	(1U << 20)

struct mb2_info {
	u32 total_size;
	u32 reserved;
};

struct mb2_tag {
	u32 type;
	u32 size;			/* with this header, without padding */
};

struct mb2_mmap {
	struct mb2_tag tag;
	u32 entry_size;
	u32 entry_version;
};

struct mb2_mmap_entry {
	u64 addr;
	u64 len;
	u32 type;
	u32 reserved;
};

static void mb2_read_mmap(const struct mb2_mmap *map)
{
	u64 p = (uintptr_t)map + sizeof(*map);
	u64 end = (uintptr_t)map + map->tag.size;

	if (map->tag.size < sizeof(*map) ||
	    map->entry_size < sizeof(struct mb2_mmap_entry))
		return;
	for (; p + sizeof(struct mb2_mmap_entry) <= end; p += map->entry_size) {
		const struct mb2_mmap_entry *e = (const void *)p;

		boot_add_mem(e->addr, e->len, e->type);
	}
}

static void mb2_read_tag(const struct mb2_tag *tag)
{
	const void *body = tag + 1;

	switch (tag->type) {
	case MB2_TAG_CMDLINE:
		boot_set_cmdline(body, tag->size - sizeof(*tag));
		break;
	case MB2_TAG_MMAP:
		mb2_read_mmap((const struct mb2_mmap *)tag);
		break;
	case MB2_TAG_ACPI_OLD:
		/* The tag holds a copy; a newer one is preferred. */
		if (!boot_info.rsdp)
			boot_info.rsdp = (uintptr_t)body;
		break;
	case MB2_TAG_ACPI_NEW:
		boot_info.rsdp = (uintptr_t)body;
		break;
	}
}

/**
 * multiboot2_read() - fill boot_info from Multiboot 2 information
 * @info: address of the fixed part, 8-byte aligned
 *
 * The RSDP stays where the loader copied it: acpi_find() reads it before the
 * memory is given away.
 *
 * Context: boot.
 */
void multiboot2_read(u64 info)
{
	const struct mb2_info *head = (const void *)info;
	u64 p = info + sizeof(*head);
	u64 end;

	boot_info.loader = "Multiboot 2";
	if (head->total_size > MB2_INFO_MAX)
		panic("Multiboot 2 information of %u bytes is not believable",
		      head->total_size);
	end = info + head->total_size;

	while (p + sizeof(struct mb2_tag) <= end) {
		const struct mb2_tag *tag = (const void *)p;

		if (tag->type == MB2_TAG_END || tag->size < sizeof(*tag) ||
		    tag->size > end - p)
			break;
		mb2_read_tag(tag);
		p += ALIGN((u64)tag->size, 8);
	}
}
