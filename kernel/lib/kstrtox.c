// SPDX-License-Identifier: MIT
/*
 * Strings to numbers, strictly: all of the string is the number, but for one
 * "\n" at its end.
 *
 * Linux: lib/kstrtox.c
 */
#include <linux/errno.h>
#include <linux/kernel.h>

/**
 * hex_to_bin - value of a hexadecimal digit
 * @c: the digit
 *
 * Context: any.
 * Return: 0 to 15, or -1.
 */
int hex_to_bin(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* "0x" makes base 16; with base 0, "0" alone makes 8 and nothing 10. */
static const char *parse_base(const char *s, unsigned int *base)
{
	bool hex = s[0] == '0' && (s[1] | 0x20) == 'x' && hex_to_bin(s[2]) >= 0;

	if (hex && (*base == 0 || *base == 16)) {
		*base = 16;
		return s + 2;
	}
	if (*base == 0)
		*base = s[0] == '0' ? 8 : 10;
	return s;
}

static int parse_digits(const char *s, unsigned int base, u64 *res)
{
	u64 v = 0;
	unsigned int digits = 0;
	int d;

	for (; (d = hex_to_bin(*s)) >= 0 && (unsigned int)d < base; s++, digits++)
		if (__builtin_mul_overflow(v, (u64)base, &v) ||
		    __builtin_add_overflow(v, (u64)d, &v))
			return -ERANGE;
	if (*s == '\n')
		s++;
	if (!digits || *s)
		return -EINVAL;
	*res = v;
	return 0;
}

/**
 * kstrtoull - a string to a number without sign
 * @s: the string; a "+" in front is allowed
 * @base: 2 to 16, or 0: as in C
 * @res: result; not touched on errors
 *
 * Context: any.
 * Return: 0; -EINVAL: no number; -ERANGE.
 */
int kstrtoull(const char *s, unsigned int base, u64 *res)
{
	if (*s == '+')
		s++;
	s = parse_base(s, &base);
	return parse_digits(s, base, res);
}

/**
 * kstrtoll - a string to a number with sign
 * @s: the string; a "+" or "-" in front is allowed
 * @base: 2 to 16, or 0: as in C
 * @res: result; not touched on errors
 *
 * Context: any.
 * Return: 0; -EINVAL: no number; -ERANGE.
 */
int kstrtoll(const char *s, unsigned int base, s64 *res)
{
	bool negative = *s == '-';
	u64 v;
	int err;

	if (negative) {
		s = parse_base(s + 1, &base);
		err = parse_digits(s, base, &v);
	} else {
		err = kstrtoull(s, base, &v);
	}
	if (err)
		return err;
	if (v > (u64)S64_MAX + negative)
		return -ERANGE;
	*res = (s64)(negative ? -v : v);
	return 0;
}

/**
 * kstrtouint - a string to an unsigned int
 * @s: the string
 * @base: 2 to 16, or 0: as in C
 * @res: result; not touched on errors
 *
 * Context: any.
 * Return: 0; -EINVAL: no number; -ERANGE.
 */
int kstrtouint(const char *s, unsigned int base, unsigned int *res)
{
	u64 v;
	int err = kstrtoull(s, base, &v);

	if (err)
		return err;
	if (v > UINT_MAX)
		return -ERANGE;
	*res = (unsigned int)v;
	return 0;
}

/**
 * kstrtoint - a string to an int
 * @s: the string
 * @base: 2 to 16, or 0: as in C
 * @res: result; not touched on errors
 *
 * Context: any.
 * Return: 0; -EINVAL: no number; -ERANGE.
 */
int kstrtoint(const char *s, unsigned int base, int *res)
{
	s64 v;
	int err = kstrtoll(s, base, &v);

	if (err)
		return err;
	if (v < INT_MIN || v > INT_MAX)
		return -ERANGE;
	*res = (int)v;
	return 0;
}
