// SPDX-License-Identifier: MIT
/*
 * Merge sort for lists: bottom up, without recursion.
 *
 * part[i] holds a sorted run of 2^i entries, or nothing; taking in an entry is
 * adding one to a binary number whose bits are the runs, a carry is a merge.
 *
 * Linux: lib/list_sort.c
 */
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/list_sort.h>

#define MAX_RUNS 48		/* 2^48 entries are more than there is memory */

/* Of chains that end in NULL. @a is the earlier one: first among equals. */
static struct list_head *merge(void *priv, list_cmp_func_t cmp,
			       struct list_head *a, struct list_head *b)
{
	struct list_head *first = NULL, **tail = &first;

	while (a && b) {
		struct list_head **less = cmp(priv, a, b) > 0 ? &b : &a;

		*tail = *less;
		tail = &(*less)->next;
		*less = (*less)->next;
	}
	*tail = a ? a : b;
	return first;
}

static bool is_sorted(void *priv, const struct list_head *head,
		      list_cmp_func_t cmp)
{
	const struct list_head *pos;

	for (pos = head->next; pos != head && pos->next != head; pos = pos->next)
		if (cmp(priv, pos, pos->next) > 0)
			return false;
	return true;
}

/* Makes a ring of @chain again. */
static void relink(struct list_head *head, struct list_head *chain)
{
	struct list_head *prev = head;

	while (chain) {
		prev->next = chain;
		chain->prev = prev;
		prev = chain;
		chain = chain->next;
	}
	prev->next = head;
	head->prev = prev;
}

/**
 * list_sort - sort a list
 * @priv: handed to @cmp
 * @head: the list
 * @cmp: greater than 0 when its first entry belongs behind its second
 *
 * Context: any; time grows with n log n.
 */
void list_sort(void *priv, struct list_head *head, list_cmp_func_t cmp)
{
	struct list_head *part[MAX_RUNS] = { NULL };
	struct list_head *list = head->next, *run;
	unsigned int i, used = 0;

	if (is_sorted(priv, head, cmp))
		return;
	head->prev->next = NULL;
	while (list) {
		run = list;
		list = list->next;
		run->next = NULL;
		for (i = 0; part[i]; i++) {
			run = merge(priv, cmp, part[i], run);
			part[i] = NULL;
		}
		part[i] = run;
		used = max(used, i + 1);
	}
	run = NULL;
	for (i = 0; i < used; i++)
		if (part[i])
			run = merge(priv, cmp, part[i], run);
	relink(head, run);
}
