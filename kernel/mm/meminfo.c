// SPDX-License-Identifier: MIT
/*
 * /proc/meminfo: how much memory there is, and who has it.
 *
 * Linux: fs/proc/meminfo.c.
 */
#include <asm/page.h>
#include <linux/init.h>
#include <linux/proc.h>

static u64 pages_to_kib(u64 pages)
{
	return pages << (PAGE_SHIFT - 10);
}

static size_t meminfo_show(struct net *net, char *buf, size_t size)
{
	struct proc_text t = { .buf = buf, .size = size };

	proc_printf(&t, "MemTotal:       %8lu kB\n", memblock_total() >> 10);
	proc_printf(&t, "MemFree:        %8lu kB\n", pages_to_kib(nr_free_pages()));
	proc_printf(&t, "Slab:           %8lu kB\n", pages_to_kib(nr_slab_pages()));
	proc_printf(&t, "KernelImage:    %8lu kB\n", (u64)(_end - _text) >> 10);
	return t.len;
}

static int __init meminfo_init(void)
{
	proc_register("meminfo", meminfo_show);
	return 0;
}
fs_initcall(meminfo_init);
