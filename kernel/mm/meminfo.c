// SPDX-License-Identifier: MIT
/*
 * /proc/meminfo: how much memory there is, and who has it. And how much of a small
 * machine's TCP may have.
 *
 * Linux: fs/proc/meminfo.c; net/ipv4/tcp.c (tcp_init_mem).
 */
#include <asm/page.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/proc.h>
#include <linux/sched.h>
#include <linux/sysctl.h>

/* net.ipv4.tcp_mem[2] as it is where there is enough memory, pages. */
#define TCP_MEM_MAX	16384

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

/* Half of the memory is TCP's at most. Before the command line's sysctls. */
static int __init tcp_mem_init(void)
{
	const u64 most = nr_total_pages() / 2;
	char value[64];

	if (!current->net || most >= TCP_MEM_MAX)
		return 0;
	snprintf(value, sizeof(value), "%lu %lu %lu", most / 2, most / 4 * 3, most);
	return sysctl_write(current->net, "net.ipv4.tcp_mem", value);
}
device_initcall(tcp_mem_init);
