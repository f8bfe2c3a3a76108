/* SPDX-License-Identifier: MIT */
/* Sorting of lists (kernel/lib/list_sort.c). */
#ifndef LINUX_LIST_SORT_H
#define LINUX_LIST_SORT_H

#include <linux/types.h>

/* > 0 when @a belongs behind @b; else it stays in front. */
typedef int (*list_cmp_func_t)(void *priv, const struct list_head *a,
			       const struct list_head *b);

/* Stable; no allocation; n log n comparisons, n of a list in order. */
void list_sort(void *priv, struct list_head *head, list_cmp_func_t cmp);

#endif
