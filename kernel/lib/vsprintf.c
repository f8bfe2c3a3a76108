// SPDX-License-Identifier: MIT
/*
 * Formatted text: flags, width, precision and lengths as in C, no floating
 * point; and the kernel's pointer formats:
 *
 *   %p     the address, 0x...        %pI4   an __be32 *, 10.0.2.15
 *   %pS    a code address, name+0x1c  %pM    6 bytes, 52:54:00:12:34:56
 *   %*ph   as many bytes as the width says (at most 64), 45 00 00 ...
 *
 * Linux: lib/vsprintf.c
 */
#include <linux/kernel.h>
#include <linux/string.h>

#define PH_MAX	64

enum {
	F_LEFT = 1,		/* - */
	F_PLUS = 2,
	F_SPACE = 4,
	F_ALT = 8,		/* # */
	F_ZERO = 16,
	F_UPPER = 32,		/* X */
	F_SIGNED = 64,
};

struct spec {
	unsigned int flags;
	int width;
	int precision;		/* -1: none given */
	unsigned int base;
};

/* Where the text goes. What does not fit is counted only. */
struct out {
	char *buf;
	size_t size;
	size_t len;
};

struct args {
	va_list ap;
};

static symbol_lookup_t symbol_lookup_fn;

/**
 * set_symbol_lookup - say how %pS finds names
 * @fn: any context; kept
 *
 * Context: boot.
 */
void set_symbol_lookup(symbol_lookup_t fn)
{
	symbol_lookup_fn = fn;
}

static void put(struct out *o, char c)
{
	if (o->len < o->size)
		o->buf[o->len] = c;
	o->len++;
}

static void pad(struct out *o, char c, int n)
{
	while (n-- > 0)
		put(o, c);
}

static void put_string(struct out *o, const char *s, size_t len, const struct spec *spec)
{
	int fill = spec->width - (int)len;

	if (!(spec->flags & F_LEFT))
		pad(o, ' ', fill);
	while (len--)
		put(o, *s++);
	if (spec->flags & F_LEFT)
		pad(o, ' ', fill);
}

/* Digits of @num, last one first; returns how many. 64 bits are 22 octal
 * digits. */
static int to_digits(char *digits, u64 num, const struct spec *spec)
{
	const char *set = spec->flags & F_UPPER ? "0123456789ABCDEF" : "0123456789abcdef";
	int n = 0;

	for (; num; num /= spec->base)
		digits[n++] = set[num % spec->base];
	return n;
}

/* "-", "+", " ", "0x" or "0" in front; returns its length. */
static int number_prefix(char *prefix, bool negative, bool zero, const struct spec *spec)
{
	int n = 0;

	if (negative)
		prefix[n++] = '-';
	else if ((spec->flags & F_SIGNED) && (spec->flags & F_PLUS))
		prefix[n++] = '+';
	else if ((spec->flags & F_SIGNED) && (spec->flags & F_SPACE))
		prefix[n++] = ' ';
	if ((spec->flags & F_ALT) && spec->base == 16 && !zero) {
		prefix[n++] = '0';
		prefix[n++] = spec->flags & F_UPPER ? 'X' : 'x';
	}
	return n;
}

static void put_number(struct out *o, u64 num, const struct spec *spec)
{
	bool negative = (spec->flags & F_SIGNED) && (s64)num < 0;
	char digits[24], prefix[4];
	int n, np, zeros, blanks, i;

	n = to_digits(digits, negative ? -num : num, spec);
	np = number_prefix(prefix, negative, num == 0, spec);
	zeros = (spec->precision < 0 ? 1 : spec->precision) - n;
	if (zeros < 0)
		zeros = 0;
	if ((spec->flags & F_ALT) && spec->base == 8 && !zeros && (!n || digits[n - 1] != '0'))
		zeros = 1;
	blanks = spec->width - np - zeros - n;
	/* "0" is ignored beside "-" or a precision. */
	if ((spec->flags & (F_ZERO | F_LEFT)) == F_ZERO && spec->precision < 0 &&
	    blanks > 0) {
		zeros += blanks;
		blanks = 0;
	}
	if (!(spec->flags & F_LEFT))
		pad(o, ' ', blanks);
	for (i = 0; i < np; i++)
		put(o, prefix[i]);
	pad(o, '0', zeros);
	while (n)
		put(o, digits[--n]);
	if (spec->flags & F_LEFT)
		pad(o, ' ', blanks);
}

/* ---- pointers ----------------------------------------------------------- */

static void put_hex_byte(struct out *o, u8 byte)
{
	static const char set[] = "0123456789abcdef";

	put(o, set[byte >> 4]);
	put(o, set[byte & 15]);
}

static void put_bytes(struct out *o, const u8 *p, int n, char between)
{
	int i;

	for (i = 0; i < n; i++) {
		if (i)
			put(o, between);
		put_hex_byte(o, p[i]);
	}
}

static void put_ipv4(struct out *o, const u8 *p, const struct spec *spec)
{
	const struct spec decimal = { .precision = -1, .base = 10 };
	char text[16];
	struct out inner = { .buf = text, .size = sizeof(text) };
	int i;

	for (i = 0; i < 4; i++) {
		if (i)
			put(&inner, '.');
		put_number(&inner, p[i], &decimal);
	}
	put_string(o, text, inner.len, spec);
}

static void put_address(struct out *o, uintptr_t addr, const struct spec *spec)
{
	struct spec hex = *spec;

	hex.flags |= F_ALT;
	hex.base = 16;
	put_number(o, addr, &hex);
}

static void put_symbol(struct out *o, uintptr_t addr, const struct spec *spec)
{
	const struct spec hex = { .flags = F_ALT, .precision = -1, .base = 16 };
	unsigned long offset = 0;
	char name[KSYM_NAME_LEN];

	if (!symbol_lookup_fn || !symbol_lookup_fn(addr, &offset, name)) {
		put_address(o, addr, spec);
		return;
	}
	for (const char *p = name; *p; p++)
		put(o, *p);
	put(o, '+');
	if (offset)
		put_number(o, offset, &hex);
	else
		put(o, '0');
}

/* @fmt is behind the "p"; returns how many letters of it were used. */
static size_t put_pointer(struct out *o, const char *fmt, const void *ptr, struct spec *spec)
{
	struct spec plain = { .width = spec->width, .flags = spec->flags, .precision = -1 };
	bool null = (uintptr_t)ptr < 4096;

	if (fmt[0] == 'S' || fmt[0] == 's') {
		put_symbol(o, (uintptr_t)ptr, &plain);
		return 1;
	}
	if (fmt[0] == 'I' && fmt[1] == '4') {
		if (null)
			put_string(o, "(null)", 6, &plain);
		else
			put_ipv4(o, ptr, &plain);
		return 2;
	}
	if (fmt[0] == 'M') {
		if (null)
			put_string(o, "(null)", 6, &plain);
		else
			put_bytes(o, ptr, 6, ':');
		return 1;
	}
	if (fmt[0] == 'h') {
		if (null)
			put_string(o, "(null)", 6, &plain);
		else
			put_bytes(o, ptr, clamp(spec->width, 0, PH_MAX), ' ');
		return 1;
	}
	put_address(o, (uintptr_t)ptr, &plain);
	return 0;
}

/* ---- formats ------------------------------------------------------------ */

static const char *parse_number(const char *fmt, int *n)
{
	*n = 0;
	while (*fmt >= '0' && *fmt <= '9') {
		if (*n < 100000)	/* wide enough, and no overflow */
			*n = *n * 10 + (*fmt - '0');
		fmt++;
	}
	return fmt;
}

static const char *parse_flags(const char *fmt, struct spec *spec)
{
	for (;; fmt++) {
		switch (*fmt) {
		case '-':
			spec->flags |= F_LEFT;
			break;
		case '+':
			spec->flags |= F_PLUS;
			break;
		case ' ':
			spec->flags |= F_SPACE;
			break;
		case '#':
			spec->flags |= F_ALT;
			break;
		case '0':
			spec->flags |= F_ZERO;
			break;
		default:
			return fmt;
		}
	}
}

static const char *parse_width(const char *fmt, struct spec *spec, struct args *args)
{
	if (*fmt == '*') {
		spec->width = va_arg(args->ap, int);
		if (spec->width < 0) {
			spec->flags |= F_LEFT;
			spec->width = -spec->width;
		}
		fmt++;
	} else {
		fmt = parse_number(fmt, &spec->width);
	}
	spec->precision = -1;
	if (*fmt != '.')
		return fmt;
	if (fmt[1] == '*') {
		spec->precision = va_arg(args->ap, int);
		return fmt + 2;
	}
	return parse_number(fmt + 1, &spec->precision);
}

/* hh h l ll z t j: bytes of the argument, in @size. */
static const char *parse_length(const char *fmt, unsigned int *size)
{
	*size = sizeof(int);
	switch (*fmt) {
	case 'h':
		*size = fmt[1] == 'h' ? 1 : 2;
		return fmt + (fmt[1] == 'h' ? 2 : 1);
	case 'l':
		*size = sizeof(long);
		return fmt + (fmt[1] == 'l' ? 2 : 1);
	case 'z':
	case 't':
	case 'j':
		*size = sizeof(long);
		return fmt + 1;
	default:
		return fmt;
	}
}

static u64 fetch_integer(struct args *args, unsigned int size, bool is_signed)
{
	u64 v;

	if (size == sizeof(long))
		return va_arg(args->ap, unsigned long);
	v = va_arg(args->ap, unsigned int);
	switch (size) {
	case 1:
		return is_signed ? (u64)(s8)v : (u8)v;
	case 2:
		return is_signed ? (u64)(s16)v : (u16)v;
	default:
		return is_signed ? (u64)(s32)v : (u32)v;
	}
}

static void put_text(struct out *o, const char *s, const struct spec *spec)
{
	size_t len;

	if (!s)
		s = "(null)";
	len = spec->precision < 0 ? strlen(s) : strnlen(s, (size_t)spec->precision);
	put_string(o, s, len, spec);
}

/* @fmt is behind the "%"; returns what is behind the conversion. */
static const char *convert(struct out *o, const char *fmt, struct args *args)
{
	struct spec spec = { .base = 10 };
	unsigned int size;
	char c;

	fmt = parse_flags(fmt, &spec);
	fmt = parse_width(fmt, &spec, args);
	fmt = parse_length(fmt, &size);
	switch (*fmt) {
	case '%':
		put(o, '%');
		break;
	case 'c':
		c = (char)va_arg(args->ap, int);
		put_string(o, &c, 1, &spec);
		break;
	case 's':
		put_text(o, va_arg(args->ap, const char *), &spec);
		break;
	case 'p':
		return fmt + 1 + put_pointer(o, fmt + 1, va_arg(args->ap, const void *), &spec);
	case 'd':
	case 'i':
		spec.flags |= F_SIGNED;
		put_number(o, fetch_integer(args, size, true), &spec);
		break;
	case 'X':
		spec.flags |= F_UPPER;
		fallthrough;
	case 'x':
		spec.base = 16;
		put_number(o, fetch_integer(args, size, false), &spec);
		break;
	case 'o':
		spec.base = 8;
		fallthrough;
	case 'u':
		put_number(o, fetch_integer(args, size, false), &spec);
		break;
	case '\0':
		return fmt;
	default:
		put(o, '%');
		put(o, *fmt);
	}
	return fmt + 1;
}

/**
 * vsnprintf - format into a buffer
 * @buf: the buffer; may be NULL when @size is 0
 * @size: its bytes; there is always a NUL at the end
 * @fmt: see the head of the file
 * @args: arguments
 *
 * Context: any.
 * Return: the length the whole text has, NUL not counted.
 */
int vsnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	struct out o = { .buf = buf, .size = size ? size - 1 : 0 };
	struct args a;

	va_copy(a.ap, args);
	while (*fmt) {
		if (*fmt == '%')
			fmt = convert(&o, fmt + 1, &a);
		else
			put(&o, *fmt++);
	}
	va_end(a.ap);
	if (size)
		buf[min(o.len, o.size)] = '\0';
	return (int)o.len;
}

/**
 * vscnprintf - vsnprintf() that returns what is in the buffer
 * @buf: the buffer
 * @size: its bytes
 * @fmt: see the head of the file
 * @args: arguments
 *
 * Context: any.
 * Return: the length written, NUL not counted.
 */
int vscnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	int len = vsnprintf(buf, size, fmt, args);

	if (!size)
		return 0;
	return (size_t)len < size ? len : (int)size - 1;
}

/**
 * snprintf - format into a buffer
 * @buf: the buffer
 * @size: its bytes
 * @fmt: see the head of the file
 *
 * Context: any.
 * Return: the length the whole text has.
 */
int snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(buf, size, fmt, args);
	va_end(args);
	return len;
}

/**
 * scnprintf - snprintf() that returns what is in the buffer
 * @buf: the buffer
 * @size: its bytes
 * @fmt: see the head of the file
 *
 * Context: any.
 * Return: the length written.
 */
int scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vscnprintf(buf, size, fmt, args);
	va_end(args);
	return len;
}
