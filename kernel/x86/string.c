// SPDX-License-Identifier: MIT
/*
 * memcpy() and its family, and strings, for the image; a hosted process has
 * them in its C library.
 *
 * Copies go by 64-bit words, four in a round, and end with a word that may
 * overlap the one before: no loop over bytes. Long ones go by a string
 * instruction where that is quicker (asm/copy.h). OPTIMIZER_HIDE_VAR() keeps the
 * compiler from turning these loops into calls of the very functions they are.
 *
 * Linux: lib/string.c, arch/x86/lib/memcpy_64.S
 */
#include <asm/copy.h>
#include <linux/byteorder.h>
#include <linux/init.h>
#include <linux/string.h>

#undef memcpy
#undef memmove
#undef memset
#undef memcmp
#undef strlen
#undef strcmp

/* Words at any address. */
typedef u64 __attribute__((aligned(1), may_alias)) word_t;
typedef u32 __attribute__((aligned(1), may_alias)) half_t;
typedef u16 __attribute__((aligned(1), may_alias)) quarter_t;

/* Up to 16 bytes: two moves that may overlap, all loads before all stores. */
static __always_inline void copy_small(u8 *d, const u8 *s, size_t n)
{
	if (n >= 8) {
		u64 first = *(const word_t *)s, last = *(const word_t *)(s + n - 8);

		*(word_t *)d = first;
		*(word_t *)(d + n - 8) = last;
	} else if (n >= 4) {
		u32 first = *(const half_t *)s, last = *(const half_t *)(s + n - 4);

		*(half_t *)d = first;
		*(half_t *)(d + n - 4) = last;
	} else if (n >= 2) {
		u16 first = *(const quarter_t *)s;
		u16 last = *(const quarter_t *)(s + n - 2);

		*(quarter_t *)d = first;
		*(quarter_t *)(d + n - 2) = last;
	} else if (n) {
		*d = *s;
	}
}

static __always_inline void copy_32(u8 *d, const u8 *s)
{
	u64 a = ((const word_t *)s)[0], b = ((const word_t *)s)[1];
	u64 c = ((const word_t *)s)[2], e = ((const word_t *)s)[3];

	((word_t *)d)[0] = a;
	((word_t *)d)[1] = b;
	((word_t *)d)[2] = c;
	((word_t *)d)[3] = e;
}

u8 copy_way __ro_after_init = COPY_WORDS;

/* All of it but some last bytes; returns how many it copied, a multiple of 8. */
static size_t copy_long(u8 *d, const u8 *s, size_t n)
{
	n &= ~(size_t)7;
	if (copy_way == COPY_MOVSB)
		rep_movsb(d, s, n);
	else
		rep_movsq(d, s, n);
	return n;
}

/**
 * memcpy - copy bytes between places that do not overlap
 * @dst: to
 * @src: from
 * @n: bytes
 *
 * Context: any.
 * Return: @dst.
 */
void *memcpy(void *dst, const void *src, size_t n)
{
	const u8 *s = src;
	u8 *d = dst;

	if (n <= 16) {
		copy_small(d, s, n);
		return dst;
	}
	if (n >= COPY_LONG && copy_way != COPY_WORDS) {
		size_t done = copy_long(d, s, n - 16);

		d += done;
		s += done;
		n -= done;
	}
	for (; n > 32; n -= 32, d += 32, s += 32) {
		OPTIMIZER_HIDE_VAR(s);
		copy_32(d, s);
	}
	if (n > 16) {
		((word_t *)d)[0] = ((const word_t *)s)[0];
		((word_t *)d)[1] = ((const word_t *)s)[1];
	}
	/* At least 16 bytes were copied before: reach back over them. */
	((word_t *)(d + n))[-2] = ((const word_t *)(s + n))[-2];
	((word_t *)(d + n))[-1] = ((const word_t *)(s + n))[-1];
	return dst;
}

static void move_backwards(u8 *d, const u8 *s, size_t n)
{
	for (; n >= 32; n -= 32) {
		OPTIMIZER_HIDE_VAR(s);
		copy_32(d + n - 32, s + n - 32);
	}
	for (; n >= 8; n -= 8) {
		OPTIMIZER_HIDE_VAR(s);
		*(word_t *)(d + n - 8) = *(const word_t *)(s + n - 8);
	}
	copy_small(d, s, n);
}

static void move_forwards(u8 *d, const u8 *s, size_t n)
{
	for (; n >= 32; n -= 32, d += 32, s += 32) {
		OPTIMIZER_HIDE_VAR(s);
		copy_32(d, s);
	}
	for (; n >= 8; n -= 8, d += 8, s += 8) {
		OPTIMIZER_HIDE_VAR(s);
		*(word_t *)d = *(const word_t *)s;
	}
	copy_small(d, s, n);
}

/**
 * memmove - copy bytes between places that may overlap
 * @dst: to
 * @src: from
 * @n: bytes
 *
 * Context: any.
 * Return: @dst.
 */
void *memmove(void *dst, const void *src, size_t n)
{
	if ((uintptr_t)dst - (uintptr_t)src >= n)
		move_forwards(dst, src, n);
	else
		move_backwards(dst, src, n);
	return dst;
}

/**
 * memset - fill bytes
 * @dst: where
 * @c: with what
 * @n: bytes
 *
 * Context: any.
 * Return: @dst.
 */
void *memset(void *dst, int c, size_t n)
{
	u64 v = (u8)c * 0x0101010101010101ULL;
	u8 *d = dst, *end = d + n;

	if (n < 8) {
		while (d < end) {
			OPTIMIZER_HIDE_VAR(d);
			*d++ = (u8)c;
		}
		return dst;
	}
	for (; end - d >= 32; d += 32) {
		OPTIMIZER_HIDE_VAR(d);
		((word_t *)d)[0] = v;
		((word_t *)d)[1] = v;
		((word_t *)d)[2] = v;
		((word_t *)d)[3] = v;
	}
	for (; end - d >= 8; d += 8) {
		OPTIMIZER_HIDE_VAR(d);
		*(word_t *)d = v;
	}
	*(word_t *)(end - 8) = v;
	return dst;
}

/**
 * memcmp - compare bytes as unsigned numbers
 * @a: one
 * @b: the other
 * @n: bytes
 *
 * Context: any.
 * Return: below, at or above 0 as @a is below, like or above @b.
 */
int memcmp(const void *a, const void *b, size_t n)
{
	const u8 *p = a, *q = b;

	for (; n >= 8; n -= 8, p += 8, q += 8) {
		u64 x = *(const word_t *)p, y = *(const word_t *)q;

		if (x != y)
			return swab64(x) < swab64(y) ? -1 : 1;
	}
	for (; n; n--, p++, q++)
		if (*p != *q)
			return *p - *q;
	return 0;
}

/**
 * memchr - find a byte
 * @s: where
 * @c: which
 * @n: bytes to look at
 *
 * Context: any.
 * Return: its first place, or NULL.
 */
void *memchr(const void *s, int c, size_t n)
{
	const u8 *p = s;

	for (; n; n--, p++)
		if (*p == (u8)c)
			return (void *)(uintptr_t)p;
	return NULL;
}

/**
 * strlen - length of a string
 * @s: the string
 *
 * Context: any.
 * Return: bytes before the NUL.
 */
size_t strlen(const char *s)
{
	const char *p = s;

	while (*p) {
		OPTIMIZER_HIDE_VAR(p);
		p++;
	}
	return (size_t)(p - s);
}

/**
 * strnlen - length of a string that may have no end
 * @s: the string
 * @max: bytes to look at
 *
 * Context: any.
 * Return: bytes before the NUL, at most @max.
 */
size_t strnlen(const char *s, size_t max)
{
	size_t n = 0;

	while (n < max && s[n])
		n++;
	return n;
}

/**
 * strcmp - compare strings
 * @a: one
 * @b: the other
 *
 * Context: any.
 * Return: below, at or above 0.
 */
int strcmp(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return (u8)*a - (u8)*b;
}

/**
 * strncmp - compare the beginnings of strings
 * @a: one
 * @b: the other
 * @n: bytes at most
 *
 * Context: any.
 * Return: below, at or above 0.
 */
int strncmp(const char *a, const char *b, size_t n)
{
	for (; n; n--, a++, b++)
		if (*a != *b || !*a)
			return (u8)*a - (u8)*b;
	return 0;
}

static int lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : (u8)c;
}

/**
 * strncasecmp - strncmp() that takes ASCII letters of both cases as the same
 * @a: one
 * @b: the other
 * @n: bytes at most
 *
 * Context: any.
 * Return: below, at or above 0.
 */
int strncasecmp(const char *a, const char *b, size_t n)
{
	for (; n; n--, a++, b++)
		if (lower(*a) != lower(*b) || !*a)
			return lower(*a) - lower(*b);
	return 0;
}

/**
 * strcasecmp - strcmp() that takes ASCII letters of both cases as the same
 * @a: one
 * @b: the other
 *
 * Context: any.
 * Return: below, at or above 0.
 */
int strcasecmp(const char *a, const char *b)
{
	return strncasecmp(a, b, SIZE_MAX);
}

/**
 * strchr - find a character
 * @s: where
 * @c: which; the NUL counts
 *
 * Context: any.
 * Return: its first place, or NULL.
 */
char *strchr(const char *s, int c)
{
	for (;; s++) {
		if (*s == (char)c)
			return (char *)(uintptr_t)s;
		if (!*s)
			return NULL;
	}
}

/**
 * strrchr - find a character from the end
 * @s: where
 * @c: which; the NUL counts
 *
 * Context: any.
 * Return: its last place, or NULL.
 */
char *strrchr(const char *s, int c)
{
	const char *last = NULL;

	for (;; s++) {
		if (*s == (char)c)
			last = s;
		if (!*s)
			return (char *)(uintptr_t)last;
	}
}

/**
 * strstr - find a string
 * @haystack: where
 * @needle: which
 *
 * Context: any.
 * Return: its first place, or NULL.
 */
char *strstr(const char *haystack, const char *needle)
{
	size_t n = strlen(needle);

	for (;; haystack++) {
		if (!strncmp(haystack, needle, n))
			return (char *)(uintptr_t)haystack;
		if (!*haystack)
			return NULL;
	}
}

/**
 * strspn - length of the beginning that has only certain characters
 * @s: the string
 * @accept: the characters
 *
 * Context: any.
 * Return: the length.
 */
size_t strspn(const char *s, const char *accept)
{
	size_t n = 0;

	while (s[n] && strchr(accept, s[n]))
		n++;
	return n;
}

/**
 * strcspn - length of the beginning that has none of certain characters
 * @s: the string
 * @reject: the characters
 *
 * Context: any.
 * Return: the length.
 */
size_t strcspn(const char *s, const char *reject)
{
	size_t n = 0;

	while (s[n] && !strchr(reject, s[n]))
		n++;
	return n;
}

/**
 * strsep - cut off the part before a delimiter
 * @s: the rest of the string, in and out; NULL at the end
 * @delims: the delimiters
 *
 * Context: any.
 * Return: the part, which may be empty; NULL when there was no rest.
 */
char *strsep(char **s, const char *delims)
{
	char *part = *s;

	if (!part)
		return NULL;
	*s = part + strcspn(part, delims);
	if (**s)
		*(*s)++ = '\0';
	else
		*s = NULL;
	return part;
}
