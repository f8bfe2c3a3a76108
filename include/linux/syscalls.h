/* SPDX-License-Identifier: MIT */
/*
 * SYSCALL_DEFINEn: a system call where its body is. The number is __NR_<name>;
 * the linker gathers the entries, kernel/syscall.c makes sys_call_table of them
 * (SYS-1). `grep -rn SYSCALL_DEFINE` lists all there are.
 */
#ifndef LINUX_SYSCALLS_H
#define LINUX_SYSCALLS_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <uapi/linux/unistd.h>

#define SYSCALL_MAX_ARGS 6

struct syscall_entry {
	long nr;
	const char *name;
	long (*fn)(const long *args);
	unsigned int nargs;
	const char *const *args;	/* pairs: type, name; for strace */
};

#define __SC_ENTRY(sc_name, n, arg_table)				\
	static const struct syscall_entry __syscall_entry_##sc_name	\
	__used __aligned(8) __section("syscall_entries") =		\
	{ __NR_##sc_name, #sc_name, __x64_sys_##sc_name, n, arg_table }

#define SYSCALL_DEFINE0(sc_name)					\
	static long __do_sys_##sc_name(void);				\
	static long __x64_sys_##sc_name(const long *args)		\
	{								\
		return __do_sys_##sc_name();				\
	}								\
	__SC_ENTRY(sc_name, 0, NULL);					\
	static long __do_sys_##sc_name(void)

#define __SC_ARG(t, n)	((__force t)args[n])

#define __SC_DEFINE(sc_name, n, proto, call, names)			\
	static long __do_sys_##sc_name proto;				\
	static long __x64_sys_##sc_name(const long *args)		\
	{								\
		return __do_sys_##sc_name call;				\
	}								\
	static const char *const __sc_args_##sc_name[] = names;		\
	__SC_ENTRY(sc_name, n, __sc_args_##sc_name);			\
	static long __do_sys_##sc_name proto

#define __SC_LIST(...)	{ __VA_ARGS__ }

#define SYSCALL_DEFINE1(nm, t1, a1)					\
	__SC_DEFINE(nm, 1, (t1 a1), (__SC_ARG(t1, 0)), __SC_LIST(#t1, #a1))
#define SYSCALL_DEFINE2(nm, t1, a1, t2, a2)				\
	__SC_DEFINE(nm, 2, (t1 a1, t2 a2),				\
		    (__SC_ARG(t1, 0), __SC_ARG(t2, 1)),			\
		    __SC_LIST(#t1, #a1, #t2, #a2))
#define SYSCALL_DEFINE3(nm, t1, a1, t2, a2, t3, a3)			\
	__SC_DEFINE(nm, 3, (t1 a1, t2 a2, t3 a3),			\
		    (__SC_ARG(t1, 0), __SC_ARG(t2, 1), __SC_ARG(t3, 2)), \
		    __SC_LIST(#t1, #a1, #t2, #a2, #t3, #a3))
#define SYSCALL_DEFINE4(nm, t1, a1, t2, a2, t3, a3, t4, a4)		\
	__SC_DEFINE(nm, 4, (t1 a1, t2 a2, t3 a3, t4 a4),		\
		    (__SC_ARG(t1, 0), __SC_ARG(t2, 1), __SC_ARG(t3, 2),	\
		     __SC_ARG(t4, 3)),					\
		    __SC_LIST(#t1, #a1, #t2, #a2, #t3, #a3, #t4, #a4))
#define SYSCALL_DEFINE5(nm, t1, a1, t2, a2, t3, a3, t4, a4, t5, a5)	\
	__SC_DEFINE(nm, 5, (t1 a1, t2 a2, t3 a3, t4 a4, t5 a5),		\
		    (__SC_ARG(t1, 0), __SC_ARG(t2, 1), __SC_ARG(t3, 2),	\
		     __SC_ARG(t4, 3), __SC_ARG(t5, 4)),			\
		    __SC_LIST(#t1, #a1, #t2, #a2, #t3, #a3, #t4, #a4, #t5, #a5))
#define SYSCALL_DEFINE6(nm, t1, a1, t2, a2, t3, a3, t4, a4, t5, a5, t6, a6) \
	__SC_DEFINE(nm, 6, (t1 a1, t2 a2, t3 a3, t4 a4, t5 a5, t6 a6),	\
		    (__SC_ARG(t1, 0), __SC_ARG(t2, 1), __SC_ARG(t3, 2),	\
		     __SC_ARG(t4, 3), __SC_ARG(t5, 4), __SC_ARG(t6, 5)), \
		    __SC_LIST(#t1, #a1, #t2, #a2, #t3, #a3, #t4, #a4, #t5, #a5, #t6, #a6))

/* The name of a call and how often it was made; NULL: not there. */
const char *syscall_name(long nr);
u64 syscall_count(long nr);

#endif
