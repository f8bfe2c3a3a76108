// SPDX-License-Identifier: MIT
/*
 * Initcalls: the order in which the parts of the stack come up.
 *
 * The linker gathers each level's entries in a section of its own, in the order
 * of objects.mk. Level 1 is core_initcall (sock_init), 4 subsys (net_dev_init),
 * 5 fs (inet_init), 6 device (drivers), 7 late (ip_auto_config).
 *
 * Linux: init/main.c, do_initcalls()
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/preempt.h>

/* One empty entry a level, so that each section exists in every body. */
#define INITCALL_LEVEL(level)						\
	static const struct initcall_entry __initcall_anchor##level	\
	__used __aligned(8) __section("initcall" #level) = { NULL, "" };	\
	DECLARE_TABLE(const struct initcall_entry, initcall##level)

INITCALL_LEVEL(1);
INITCALL_LEVEL(4);
INITCALL_LEVEL(5);
INITCALL_LEVEL(6);
INITCALL_LEVEL(7);

struct initcall_level {
	const struct initcall_entry *begin, *end;
};

static const struct initcall_level initcall_levels[] = {
	{ TABLE_BEGIN(initcall1), TABLE_END(initcall1) },
	{ TABLE_BEGIN(initcall4), TABLE_END(initcall4) },
	{ TABLE_BEGIN(initcall5), TABLE_END(initcall5) },
	{ TABLE_BEGIN(initcall6), TABLE_END(initcall6) },
	{ TABLE_BEGIN(initcall7), TABLE_END(initcall7) },
};

static void __init do_one_initcall(const struct initcall_entry *entry)
{
	unsigned int count = preempt_count();
	int err;

	if (!entry->fn)
		return;
	err = entry->fn();
	if (err)
		pr_err("initcall %s failed: error %d\n", entry->name, err);
	if (WARN_ON(preempt_count() != count))
		pr_err("initcall %s left a lock held\n", entry->name);
}

/**
 * do_initcalls - bring up everything that registered itself, level by level
 *
 * A call that fails is logged by name, and the others still run.
 *
 * Context: process, once, after sched_init() and timers_init().
 */
void __init do_initcalls(void)
{
	const struct initcall_entry *entry;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(initcall_levels); i++)
		for (entry = initcall_levels[i].begin;
		     entry < initcall_levels[i].end; entry++)
			do_one_initcall(entry);
}
