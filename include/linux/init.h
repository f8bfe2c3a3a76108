/* SPDX-License-Identifier: MIT */
/*
 * Initcalls: a function put in a level's section is run once at boot, level by
 * level, in link order within a level (BOOT-1). The same in both bodies.
 */
#ifndef LINUX_INIT_H
#define LINUX_INIT_H

#include <linux/compiler.h>

struct net;

/*
 * A table that the linker gathers: objects of one type put by many files into
 * a section whose name is a C identifier. TABLE_BEGIN(name) and TABLE_END(name)
 * bound it after DECLARE_TABLE(). Entries carry __aligned(8): else the compiler
 * may widen the alignment of some, and the table gets holes.
 */
#define DECLARE_TABLE(type, name)					\
	extern type __start_##name[] __attribute__((visibility("hidden"))); \
	extern type __stop_##name[] __attribute__((visibility("hidden")))
#define TABLE_BEGIN(name)	(__start_##name)
#define TABLE_END(name)		(__stop_##name)

typedef int (*initcall_t)(void);

struct initcall_entry {
	initcall_t fn;
	const char *name;
};

#define __define_initcall(f, level)					\
	static const struct initcall_entry __initcall_##f		\
	__used __aligned(8) __section("initcall" #level) = { f, #f }

#define core_initcall(f)	__define_initcall(f, 1)	/* sock_init */
#define subsys_initcall(f)	__define_initcall(f, 4)	/* net_dev_init */
#define fs_initcall(f)		__define_initcall(f, 5)	/* inet_init */
#define device_initcall(f)	__define_initcall(f, 6)
#define module_init(f)		device_initcall(f)	/* drivers */
#define late_initcall(f)	__define_initcall(f, 7)	/* ip_auto_config */

#define __init __cold

/* Runs all levels in order; a failing call is logged by name. kernel/main.c's
 * and the hosted body's one way to bring the stack up. */
void do_initcalls(void);

/*
 * Kernel command line. __setup("name=", fn): fn gets what follows the prefix;
 * returns 1 if it took the value, 0 if it was malformed (it then has logged
 * what is wrong). parse_command_line() (kernel/params.c) warns about words
 * nobody takes.
 */
struct setup_entry {
	const char *prefix;
	int (*fn)(char *value);
};
#define __setup(p, f)							\
	static const struct setup_entry __setup_##f			\
	__used __aligned(8) __section("setup_params") = { p, f }

void parse_command_line(char *cmdline);

/* Starts the programs, each as a thread; apps/. After do_initcalls(). */
void apps_start(void);

/* Writes the `sysctl.<name>=<value>` words of the command line into @net, once
 * the stack is up; a refused one gives one warning. The first late_initcall does
 * it for the namespace of the boot thread. */
void apply_boot_sysctls(struct net *net);

#endif
