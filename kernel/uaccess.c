// SPDX-License-Identifier: MIT
/*
 * Copies from and to programs. One address space: what Linux finds out by a
 * page fault is found out here by a range.
 *
 * Linux: lib/usercopy.c, lib/strncpy_from_user.c, arch/x86/lib/usercopy_64.c
 */
#include <linux/string.h>
#include <linux/uaccess.h>

/* Set once by the body, at boot. */
uintptr_t uaccess_lo = 65536;
uintptr_t uaccess_hi = 1UL << 47;	/* canonical addresses */

/**
 * uaccess_set_limits - say which addresses a program can own
 * @lo: the first
 * @hi: the one behind the last
 *
 * Context: boot.
 */
void uaccess_set_limits(uintptr_t lo, uintptr_t hi)
{
	uaccess_lo = lo;
	uaccess_hi = hi;
}

/**
 * copy_from_user - copy what a program points to
 * @to: kernel memory
 * @from: the program's pointer
 * @n: bytes
 *
 * Context: process.
 * Return: bytes not copied: 0, or @n.
 */
unsigned long copy_from_user(void *to, const void __user *from, unsigned long n)
{
	if (!access_ok(from, n))
		return n;
	/* Nothing may be asked for at NULL, and memcpy() may not. */
	if (n)
		memcpy(to, (__force const void *)from, n);
	return 0;
}

/**
 * copy_to_user - copy to where a program points
 * @to: the program's pointer
 * @from: kernel memory
 * @n: bytes
 *
 * Context: process.
 * Return: bytes not copied: 0, or @n.
 */
unsigned long copy_to_user(void __user *to, const void *from, unsigned long n)
{
	if (!access_ok(to, n))
		return n;
	if (n)
		memcpy((__force void *)to, from, n);
	return 0;
}

/**
 * clear_user - zeros to where a program points
 * @to: the program's pointer
 * @n: bytes
 *
 * Context: process.
 * Return: bytes not cleared: 0, or @n.
 */
unsigned long clear_user(void __user *to, unsigned long n)
{
	if (!access_ok(to, n))
		return n;
	if (n)
		memset((__force void *)to, 0, n);
	return 0;
}

/**
 * strncpy_from_user - copy a program's string
 * @dst: kernel memory, @count bytes
 * @src: the program's pointer
 * @count: bytes at most, NUL included
 *
 * Context: process.
 * Return: its length without NUL; @count when there is no NUL among that many
 * bytes; -EFAULT when it runs into what is not the program's.
 */
long strncpy_from_user(char *dst, const char __user *src, long count)
{
	const char *from = (__force const char *)src;
	long i;

	for (i = 0; i < count; i++) {
		if (!__access_ok((uintptr_t)from + (uintptr_t)i, 1))
			return -EFAULT;
		dst[i] = from[i];
		if (!dst[i])
			return i;
	}
	return count;
}
