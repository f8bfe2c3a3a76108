/* SPDX-License-Identifier: MIT */
/*
 * Pointers that come from programs. There is one address space, so copying is
 * memcpy(); but a pointer that cannot be a program's (NULL and its
 * neighbourhood, a range that wraps, what lies outside the body's limits) is
 * refused as in Linux. kernel/uaccess.c.
 */
#ifndef LINUX_UACCESS_H
#define LINUX_UACCESS_H

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/types.h>

/* Addresses from @lo to @hi - 1 are a program's. Before it is called:
 * everything but the first 64 KiB. */
void uaccess_set_limits(uintptr_t lo, uintptr_t hi);

extern uintptr_t uaccess_lo, uaccess_hi;

/* Whether all of @len bytes at @ptr may be touched; none may be anywhere. */
static inline bool __access_ok(uintptr_t ptr, size_t len)
{
	return !len || (ptr >= uaccess_lo && ptr < uaccess_hi && len <= uaccess_hi - ptr);
}
#define access_ok(ptr, len) __access_ok((__force uintptr_t)(ptr), len)

/* Return the number of bytes that were NOT copied: 0 is success. */
unsigned long __must_check copy_from_user(void *to, const void __user *from, unsigned long n);
unsigned long __must_check copy_to_user(void __user *to, const void *from, unsigned long n);
unsigned long __must_check clear_user(void __user *to, unsigned long n);

/* Copies a string of at most @count bytes with its NUL. Returns its length
 * without the NUL, @count when there was no NUL in @count bytes, -EFAULT. */
long __must_check strncpy_from_user(char *dst, const char __user *src, long count);

/* One integer; 0 or -EFAULT (and *x is then 0). */
#define get_user(x, ptr) ({						\
	__typeof__(*(ptr)) __gu = 0;					\
	int __gu_err = copy_from_user(&__gu, ptr, sizeof(__gu)) ? -EFAULT : 0; \
	(x) = __gu;							\
	__gu_err; })
#define put_user(x, ptr) ({						\
	__typeof__(*(ptr)) __pu = (x);					\
	copy_to_user(ptr, &__pu, sizeof(__pu)) ? -EFAULT : 0; })

#endif
