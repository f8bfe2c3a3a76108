/* SPDX-License-Identifier: MIT */
/*
 * Notifier chains: how an upper layer hears of events below without being
 * named there. Chains are registration tables, written by initcalls only.
 * A call is one of the ways up, as packet_type and net_protocol are.
 *
 * Linux: include/linux/notifier.h, kernel/notifier.c
 */
#ifndef LINUX_NOTIFIER_H
#define LINUX_NOTIFIER_H

#include <linux/types.h>

struct notifier_block;
typedef int (*notifier_fn_t)(struct notifier_block *nb, unsigned long action, void *data);

struct notifier_block {
	notifier_fn_t notifier_call;
	struct notifier_block *next;
	int priority;			/* higher is called first */
};

#define NOTIFY_DONE		0x0000	/* not for me */
#define NOTIFY_OK		0x0001
#define NOTIFY_STOP_MASK	0x8000	/* ends the walk */
#define NOTIFY_BAD		(NOTIFY_STOP_MASK | 0x0002)
#define NOTIFY_STOP		(NOTIFY_OK | NOTIFY_STOP_MASK)

/* A -errno as an answer that ends the walk, and back. */
static inline int notifier_from_errno(int err)
{
	return err ? NOTIFY_STOP_MASK | (NOTIFY_OK - err) : NOTIFY_OK;
}

static inline int notifier_to_errno(int ret)
{
	ret &= ~NOTIFY_STOP_MASK;
	return ret > NOTIFY_OK ? NOTIFY_OK - ret : 0;
}

struct raw_notifier_head {
	struct notifier_block *head;
};

static inline void raw_notifier_chain_register(struct raw_notifier_head *nh,
					       struct notifier_block *nb)
{
	struct notifier_block **p = &nh->head;

	while (*p && (*p)->priority >= nb->priority)
		p = &(*p)->next;
	nb->next = *p;
	*p = nb;
}

static inline int raw_notifier_call_chain(const struct raw_notifier_head *nh,
					  unsigned long action, void *data)
{
	struct notifier_block *nb;
	int ret = NOTIFY_DONE;

	for (nb = nh->head; nb; nb = nb->next) {
		ret = nb->notifier_call(nb, action, data);
		if (ret & NOTIFY_STOP_MASK)
			break;
	}
	return ret;
}

#endif
