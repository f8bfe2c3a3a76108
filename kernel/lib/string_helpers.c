// SPDX-License-Identifier: MIT
/*
 * What no C library has, so it is in every body.
 *
 * Linux: lib/string_helpers.c, lib/string.c, lib/glob.c, mm/util.c
 */
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/string.h>

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/**
 * strscpy - copy a string to a place of a certain size
 * @dst: the place
 * @src: the string
 * @size: bytes of @dst
 *
 * Context: any.
 * Return: the length copied; -E2BIG when it was cut (or @size is 0).
 */
ssize_t strscpy(char *dst, const char *src, size_t size)
{
	size_t i;

	if (!size)
		return -E2BIG;
	for (i = 0; i < size - 1 && src[i]; i++)
		dst[i] = src[i];
	dst[i] = '\0';
	return src[i] ? -E2BIG : (ssize_t)i;
}

/**
 * skip_spaces - the first character that is no white space
 * @s: the string
 *
 * Context: any.
 * Return: where it is; at the NUL when there is none.
 */
char *skip_spaces(const char *s)
{
	while (is_space(*s))
		s++;
	return (char *)(uintptr_t)s;
}

/**
 * strim - cut white space off both ends
 * @s: the string, changed
 *
 * Context: any.
 * Return: its new beginning.
 */
char *strim(char *s)
{
	size_t n = strlen(s);

	while (n && is_space(s[n - 1]))
		s[--n] = '\0';
	return skip_spaces(s);
}

/**
 * glob_match - does a pattern match all of a string?
 * @pat: "*" any run of characters, "?" any one, others themselves
 * @str: the string
 *
 * When a character does not match, the last star takes one more: earlier stars
 * need not be tried again.
 *
 * Context: any.
 * Return: whether it does.
 */
bool glob_match(const char *pat, const char *str)
{
	const char *star = NULL, *star_str = NULL;

	while (*str) {
		if (*pat == '*') {
			star = pat++;
			star_str = str;
		} else if (*pat == '?' || *pat == *str) {
			pat++;
			str++;
		} else if (star) {
			pat = star + 1;
			str = ++star_str;
		} else {
			return false;
		}
	}
	while (*pat == '*')
		pat++;
	return !*pat;
}

/**
 * kmemdup - a copy of some memory
 * @src: the memory
 * @len: bytes
 * @gfp: GFP_*
 *
 * Context: as @gfp says.
 * Return: the copy, for kfree(), or NULL.
 */
void *kmemdup(const void *src, size_t len, gfp_t gfp)
{
	void *p = kmalloc(len, gfp);

	if (p)
		memcpy(p, src, len);
	return p;
}

/**
 * kstrdup - a copy of a string
 * @s: the string
 * @gfp: GFP_*
 *
 * Context: as @gfp says.
 * Return: the copy, for kfree(), or NULL.
 */
char *kstrdup(const char *s, gfp_t gfp)
{
	return kmemdup(s, strlen(s) + 1, gfp);
}
