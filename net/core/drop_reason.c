// SPDX-License-Identifier: MIT
/*
 * Names and sentences of the drop reasons.
 *
 * Linux: net/core/skbuff.c (drop_reasons[])
 */
#include <linux/kernel.h>
#include <net/dropreason.h>

struct reason_text {
	const char *name;
	const char *text;
};

static const struct reason_text reasons[SKB_DROP_REASON_MAX] = {
	[SKB_NOT_DROPPED_YET] = { "NOT_DROPPED_YET", "not dropped" },
#define X(reason, sentence) [SKB_DROP_REASON_##reason] = { #reason, sentence },
	SKB_DROP_REASONS(X)
#undef X
};

static const struct reason_text *reason_text(enum skb_drop_reason reason)
{
	static const struct reason_text unknown = { "?", "no such reason" };

	return (unsigned int)reason < SKB_DROP_REASON_MAX ? &reasons[reason] : &unknown;
}

/**
 * skb_drop_reason_name - "TCP_CSUM" for SKB_DROP_REASON_TCP_CSUM
 * @reason: of the closed list
 *
 * Context: any.
 * Return: the name.
 */
const char *skb_drop_reason_name(enum skb_drop_reason reason)
{
	return reason_text(reason)->name;
}

/**
 * skb_drop_reason_text - what it means
 * @reason: of the closed list
 *
 * Context: any.
 * Return: the sentence, without a full stop.
 */
const char *skb_drop_reason_text(enum skb_drop_reason reason)
{
	return reason_text(reason)->text;
}
