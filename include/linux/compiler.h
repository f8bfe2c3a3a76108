/* SPDX-License-Identifier: MIT */
/* Names for what the compiler can be told. */
#ifndef LINUX_COMPILER_H
#define LINUX_COMPILER_H

#ifdef __CHECKER__
#define __bitwise	__attribute__((bitwise))
#define __force		__attribute__((force))
#define __user		__attribute__((noderef, address_space(1)))
#define __iomem		__attribute__((noderef, address_space(2)))
#else
#define __bitwise
#define __force
#define __user
#define __iomem
#endif

#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)
#define barrier()	__asm__ __volatile__("" : : : "memory")
/* The compiler knows nothing more about what is in @v. */
#define OPTIMIZER_HIDE_VAR(v) __asm__("" : "+r"(v))
#define unreachable()	__builtin_unreachable()

#define READ_ONCE(x)	(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, v) (*(volatile __typeof__(x) *)(uintptr_t)&(x) = (v))

#define __packed	__attribute__((packed))
#define __aligned(n)	__attribute__((aligned(n)))
#define __used		__attribute__((used))
#define __maybe_unused	__attribute__((unused))
#define __must_check	__attribute__((warn_unused_result))
#define __noreturn	__attribute__((noreturn))
#define __cold		__attribute__((cold))
#define __always_inline	inline __attribute__((always_inline))
#define noinline	__attribute__((noinline))
#define __printf(f, a)	__attribute__((format(printf, f, a)))
#define fallthrough	__attribute__((fallthrough))
#define __section(s)	__attribute__((section(s)))
#define ____cacheline_aligned __attribute__((aligned(64)))

/*
 * Registration tables: written by initcalls, read-only afterwards. The only
 * file-scope objects of net/ that are not const and not in struct net.
 */
#define __ro_after_init	__section("ro_after_init")

#define static_assert(...) _Static_assert(__VA_ARGS__)

#define offsetof(t, m)	__builtin_offsetof(t, m)
#define container_of(ptr, type, member) ({				\
	const __typeof__(((type *)0)->member) *__mptr = (ptr);		\
	(type *)((uintptr_t)__mptr - offsetof(type, member)); })
#define sizeof_field(t, m) sizeof(((t *)0)->m)
#define offsetofend(t, m) (offsetof(t, m) + sizeof_field(t, m))
#define __stringify_1(x...) #x
#define __stringify(x...) __stringify_1(x)

#endif
