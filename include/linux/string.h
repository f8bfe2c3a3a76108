/* SPDX-License-Identifier: MIT */
/*
 * Bytes and strings. The image brings its own (kernel/x86/string.c), a hosted
 * process has them in its C library; what no C library has is portable
 * (kernel/lib/string_helpers.c).
 */
#ifndef LINUX_STRING_H
#define LINUX_STRING_H

#include <linux/compiler.h>
#include <linux/types.h>

void *memcpy(void *dst, const void *src, size_t n);
void *memmove(void *dst, const void *src, size_t n);
void *memset(void *dst, int c, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memchr(const void *s, int c, size_t n);
size_t strlen(const char *s);
size_t strnlen(const char *s, size_t max);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
int strcasecmp(const char *a, const char *b);
int strncasecmp(const char *a, const char *b, size_t n);
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);
char *strstr(const char *haystack, const char *needle);
size_t strspn(const char *s, const char *accept);
size_t strcspn(const char *s, const char *reject);
char *strsep(char **s, const char *delims);

/* The compiler makes loads and stores of short constant lengths. */
#define memcpy(d, s, n)		__builtin_memcpy(d, s, n)
#define memmove(d, s, n)	__builtin_memmove(d, s, n)
#define memset(d, c, n)		__builtin_memset(d, c, n)
#define memcmp(a, b, n)		__builtin_memcmp(a, b, n)
#define strlen(s)		__builtin_strlen(s)
#define strcmp(a, b)		__builtin_strcmp(a, b)

/* Copies at most @size - 1 bytes and always ends @dst with a NUL. Returns the
 * length copied, or -E2BIG when @src did not fit. */
ssize_t strscpy(char *dst, const char *src, size_t size);
char *skip_spaces(const char *s);
/* Cuts white space off both ends, in place; returns the new beginning. */
char *strim(char *s);
/* Whether @str matches @pat: "*" any run, "?" any one character. */
bool glob_match(const char *pat, const char *str);
/* A copy from kmalloc(), or NULL. */
char *kstrdup(const char *s, gfp_t gfp) __must_check;
void *kmemdup(const void *src, size_t len, gfp_t gfp) __must_check;

/* A memset() that the compiler may not leave out: for secrets. */
static inline void memzero_explicit(void *s, size_t n)
{
	memset(s, 0, n);
	__asm__ __volatile__("" : : "r"(s) : "memory");
}

/* True when any of the @n bytes is not @c. */
static inline bool memchr_inv_any(const void *s, int c, size_t n)
{
	const u8 *p = s;

	while (n--)
		if (*p++ != (u8)c)
			return true;
	return false;
}

#endif
