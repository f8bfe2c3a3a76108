/* SPDX-License-Identifier: MIT */
/* Small arithmetic and formatting helpers used everywhere. */
#ifndef LINUX_KERNEL_H
#define LINUX_KERNEL_H

#include <linux/bug.h>
#include <linux/printk.h>
#include <linux/types.h>
#include <stdarg.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define BIT(n)		(1UL << (n))
#define BIT_ULL(n)	(1ULL << (n))

#define min(x, y) ({ __typeof__(x) __mx = (x); __typeof__(y) __my = (y); \
	(void)(&__mx == &__my); __mx < __my ? __mx : __my; })
#define max(x, y) ({ __typeof__(x) __mx = (x); __typeof__(y) __my = (y); \
	(void)(&__mx == &__my); __mx > __my ? __mx : __my; })
#define min_t(t, x, y) ({ t __tx = (x); t __ty = (y); __tx < __ty ? __tx : __ty; })
#define max_t(t, x, y) ({ t __ux = (x); t __uy = (y); __ux > __uy ? __ux : __uy; })
#define clamp_t(t, v, lo, hi) min_t(t, max_t(t, v, lo), hi)
#define clamp(v, lo, hi) clamp_t(__typeof__(v), v, lo, hi)
#define swap(a, b) do { __typeof__(a) __swp = (a); (a) = (b); (b) = __swp; } while (0)

#define ALIGN(x, a)	(((x) + ((__typeof__(x))(a) - 1)) & ~((__typeof__(x))(a) - 1))
#define ALIGN_DOWN(x, a) ((x) & ~((__typeof__(x))(a) - 1))
#define IS_ALIGNED(x, a) (((x) & ((__typeof__(x))(a) - 1)) == 0)
#define DIV_ROUND_UP(n, d) (((n) + (d) - 1) / (d))
#define DIV_ROUND_UP_ULL(n, d) DIV_ROUND_UP((u64)(n), (u64)(d))
#define roundup(x, y)	((((x) + ((y) - 1)) / (y)) * (y))
#define upper_32_bits(n) ((u32)((u64)(n) >> 32))
#define lower_32_bits(n) ((u32)(n))

static inline bool is_power_of_2(unsigned long n)
{
	return n && !(n & (n - 1));
}

/* Index of the highest set bit of @x; @x is not 0. */
static inline unsigned int ilog2(u64 x)
{
	return 63 - (unsigned int)__builtin_clzll(x);
}

static inline unsigned long roundup_pow_of_two(unsigned long n)
{
	return n <= 1 ? 1 : 1UL << (ilog2(n - 1) + 1);
}

/* Formatting: as in C, plus %pI4 (an __be32 *), %pM (6-byte MAC), %pS (symbol
 * of a code address), %p (hexadecimal), %*ph (hex bytes). kernel/lib/vsprintf.c */
int vsnprintf(char *buf, size_t size, const char *fmt, va_list args) __printf(3, 0);
int snprintf(char *buf, size_t size, const char *fmt, ...) __printf(3, 4);
/* As snprintf(), but returns what was written, not what would have been. */
int scnprintf(char *buf, size_t size, const char *fmt, ...) __printf(3, 4);
int vscnprintf(char *buf, size_t size, const char *fmt, va_list args) __printf(3, 0);

/* How %pS finds names: gives the name of the function that holds @addr, cut to
 * fit, and the distance from its beginning, or false. Set by the body that
 * knows. */
#define KSYM_NAME_LEN	64
typedef bool (*symbol_lookup_t)(uintptr_t addr, unsigned long *offset,
				char name[KSYM_NAME_LEN]);
void set_symbol_lookup(symbol_lookup_t fn);

/* "45 00 ..." to the log, 16 a line with their offset.
 * kernel/lib/hexdump.c */
void print_hex_dump(const char *level, const char *prefix, const void *data, size_t len);
int hex_to_bin(char c);			/* 0 .. 15, or -1 */

/* Whole string to number; 0, -EINVAL (no number) or -ERANGE. kernel/lib/kstrtox.c */
int __must_check kstrtoull(const char *s, unsigned int base, u64 *res);
int __must_check kstrtoll(const char *s, unsigned int base, s64 *res);
int __must_check kstrtouint(const char *s, unsigned int base, unsigned int *res);
int __must_check kstrtoint(const char *s, unsigned int base, int *res);

#endif
