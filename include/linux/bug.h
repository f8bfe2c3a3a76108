/* SPDX-License-Identifier: MIT */
/*
 * For our own bugs only. Nothing on the wire and nothing an application
 * passes may reach one of these.
 */
#ifndef LINUX_BUG_H
#define LINUX_BUG_H

#include <linux/compiler.h>
#include <linux/types.h>

/* Prints like printk() and stops the machine (kernel/panic.c). */
void __noreturn __cold panic(const char *fmt, ...) __printf(1, 2);

/* A warning with a backtrace; tests treat any warning as a failure. */
void __cold __warn(const char *file, int line, const char *what);
/* How many warnings there have been since boot. */
unsigned long warn_count(void);
/* Logs the callers of the running function, innermost first. Any context. */
void __cold dump_stack(void);

#define BUG() panic("BUG at %s:%d %s()", __FILE__, __LINE__, __func__)
#define BUG_ON(c) do { if (unlikely(c))					\
	panic("BUG at %s:%d %s(): %s", __FILE__, __LINE__, __func__, #c); } while (0)
#define WARN_ON(c) ({ bool __w = !!(c);					\
	if (unlikely(__w)) {						\
		__warn(__FILE__, __LINE__, #c);				\
	}								\
	unlikely(__w); })
#define WARN_ON_ONCE(c) ({ static bool __warned; bool __w = !!(c);	\
	if (unlikely(__w) && !__warned) { __warned = true;		\
		__warn(__FILE__, __LINE__, #c); } unlikely(__w); })
#define BUILD_BUG_ON(c) _Static_assert(!(c), #c)

#endif
