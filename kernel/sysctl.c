// SPDX-License-Identifier: MIT
/*
 * sysctl: settings by name, each with its type and its range.
 *
 * Values go in and out as text. A write is checked in full before anything is
 * changed.
 *
 * Linux: kernel/sysctl.c, fs/proc/proc_sysctl.c
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/string.h>
#include <linux/sysctl.h>

#define SYSCTL_TABLES_MAX	32
#define SYSCTL_TEXT_MAX		256	/* bytes of a value */
#define SYSCTL_VEC_MAX		8

struct sysctl_set {
	const struct ctl_table *table;
	size_t n;
};

static struct sysctl_set sysctl_sets[SYSCTL_TABLES_MAX] __ro_after_init;
static unsigned int sysctl_nr_sets __ro_after_init;

/**
 * register_sysctl_table - add settings
 * @table: static, kept
 * @n: entries
 *
 * Context: initcalls.
 */
void register_sysctl_table(const struct ctl_table *table, size_t n)
{
	BUG_ON(sysctl_nr_sets == SYSCTL_TABLES_MAX);
	sysctl_sets[sysctl_nr_sets].table = table;
	sysctl_sets[sysctl_nr_sets].n = n;
	sysctl_nr_sets++;
}

/**
 * sysctl_for_each - call a function for each setting
 * @fn: the function
 * @ctx: for @fn
 *
 * Context: process.
 */
void sysctl_for_each(void (*fn)(const struct ctl_table *t, void *ctx), void *ctx)
{
	unsigned int i;
	size_t j;

	for (i = 0; i < sysctl_nr_sets; i++)
		for (j = 0; j < sysctl_sets[i].n; j++)
			fn(&sysctl_sets[i].table[j], ctx);
}

/* "net/ipv4/tcp_sack" is "net.ipv4.tcp_sack". */
static bool same_name(const char *a, const char *b)
{
	while (*a && (*a == '/' ? '.' : *a) == *b) {
		a++;
		b++;
	}
	return !*a && !*b;
}

static const struct ctl_table *sysctl_find(const char *name)
{
	unsigned int i;
	size_t j;

	for (i = 0; i < sysctl_nr_sets; i++)
		for (j = 0; j < sysctl_sets[i].n; j++)
			if (same_name(name, sysctl_sets[i].table[j].procname))
				return &sysctl_sets[i].table[j];
	return NULL;
}

static void *sysctl_data(struct net *net, const struct ctl_table *t)
{
	return t->data ? t->data : (char *)net + t->offset;
}

/* ---- text to numbers ---------------------------------------------------- */

/* Numbers apart by white space, each within the table's range; at most @max.
 * Returns how many, or -EINVAL. */
static int parse_numbers(const struct ctl_table *t, const char *value, s64 *out,
			 unsigned int max)
{
	char text[SYSCTL_TEXT_MAX], *rest = text, *word;
	unsigned int n = 0;

	if (strscpy(text, value, sizeof(text)) < 0)
		return -EINVAL;
	while ((word = strsep(&rest, " \t\n\r"))) {
		if (!*word)
			continue;
		if (n == max || kstrtoll(word, 10, &out[n]) ||
		    out[n] < t->min || out[n] > t->max)
			return -EINVAL;
		n++;
	}
	return n ? (int)n : -EINVAL;
}

static void store_number(void *data, const struct ctl_table *t, unsigned int i,
			 s64 value)
{
	switch (t->type) {
	case CTL_TYPE_INT:
	case CTL_TYPE_INT_VEC:
		WRITE_ONCE(((int *)data)[i], (int)value);
		break;
	case CTL_TYPE_UINT:
		WRITE_ONCE(*(u32 *)data, (u32)value);
		break;
	case CTL_TYPE_U8:
		WRITE_ONCE(*(u8 *)data, (u8)value);
		break;
	case CTL_TYPE_SECS_NS:
		WRITE_ONCE(*(u64 *)data, (u64)value * NSEC_PER_SEC);
		break;
	case CTL_TYPE_MSECS_NS:
		WRITE_ONCE(*(u64 *)data, (u64)value * NSEC_PER_MSEC);
		break;
	case CTL_TYPE_HANDLER:
		break;
	}
}

static s64 load_number(const void *data, const struct ctl_table *t, unsigned int i)
{
	switch (t->type) {
	case CTL_TYPE_INT:
	case CTL_TYPE_INT_VEC:
		return READ_ONCE(((const int *)data)[i]);
	case CTL_TYPE_UINT:
		return READ_ONCE(*(const u32 *)data);
	case CTL_TYPE_U8:
		return READ_ONCE(*(const u8 *)data);
	case CTL_TYPE_SECS_NS:
		return (s64)(READ_ONCE(*(const u64 *)data) / NSEC_PER_SEC);
	case CTL_TYPE_MSECS_NS:
		return (s64)(READ_ONCE(*(const u64 *)data) / NSEC_PER_MSEC);
	case CTL_TYPE_HANDLER:
		break;
	}
	return 0;
}

static unsigned int sysctl_numbers(const struct ctl_table *t)
{
	return t->type == CTL_TYPE_INT_VEC ? min_t(unsigned int, t->count, SYSCTL_VEC_MAX) : 1;
}

/**
 * sysctl_write - change a setting
 * @net: the namespace
 * @name: with dots or slashes
 * @value: text; of a vector, values that are missing at the end stay
 *
 * Context: process.
 * Return: 0; -ENOENT: no such name; -EINVAL: malformed or out of range; what a
 * handler says.
 */
int sysctl_write(struct net *net, const char *name, const char *value)
{
	const struct ctl_table *t = sysctl_find(name);
	s64 numbers[SYSCTL_VEC_MAX];
	unsigned int i;
	int n;

	if (!t)
		return -ENOENT;
	if (t->type == CTL_TYPE_HANDLER)
		return t->set ? t->set(net, t, value) : -EPERM;
	n = parse_numbers(t, value, numbers, sysctl_numbers(t));
	if (n < 0)
		return n;
	for (i = 0; i < (unsigned int)n; i++)
		store_number(sysctl_data(net, t), t, i, numbers[i]);
	return 0;
}

/**
 * sysctl_read - a setting as text
 * @net: the namespace
 * @name: with dots or slashes
 * @buf: for the text and a NUL
 * @size: bytes of @buf
 *
 * Context: process.
 * Return: length of the whole text, of which at most @size - 1 bytes were
 * written; or -ENOENT.
 */
int sysctl_read(struct net *net, const char *name, char *buf, size_t size)
{
	const struct ctl_table *t = sysctl_find(name);
	unsigned int i;
	int len = 0;

	if (!t)
		return -ENOENT;
	if (t->type == CTL_TYPE_HANDLER)
		return t->get ? t->get(net, t, buf, size) : -EPERM;
	if (size)
		buf[0] = '\0';
	for (i = 0; i < sysctl_numbers(t); i++) {
		size_t left = (size_t)len < size ? size - (size_t)len : 0;

		/* Linux: a tab between the values of a vector. */
		len += snprintf(left ? buf + len : NULL, left, "%s%ld",
				i ? "\t" : "", load_number(sysctl_data(net, t), t, i));
	}
	return len;
}
