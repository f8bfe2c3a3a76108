// SPDX-License-Identifier: MIT
/*
 * What happens when a reference count is misused: a warning, and the object is
 * pinned for ever, because a leak is better than a use after free.
 *
 * Linux: lib/refcount.c
 */
#include <linux/kernel.h>
#include <linux/refcount.h>

/**
 * refcount_warn_saturate - pin a count, and say why
 * @r: the count
 * @t: what went wrong
 *
 * Context: any.
 */
void refcount_warn_saturate(refcount_t *r, enum refcount_saturation_type t)
{
	static const char *const what[] = {
		[REFCOUNT_ADD_NOT_ZERO_OVF] = "overflow",
		[REFCOUNT_ADD_OVF] = "overflow",
		[REFCOUNT_ADD_UAF] = "taken from nothing",
		[REFCOUNT_SUB_UAF] = "dropped below nothing",
		[REFCOUNT_DEC_LEAK] = "last reference dropped without freeing",
	};

	refcount_set(r, REFCOUNT_SATURATED);
	pr_err("refcount: %s\n", what[t]);
	WARN_ON(true);
}
