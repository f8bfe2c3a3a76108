/* SPDX-License-Identifier: MIT */
/*
 * Timers: a hierarchical wheel with nanosecond deadlines (kernel/timer.c).
 * A timer never fires early, and timers fire in the order of their deadlines
 * (first armed first among equals). Functions run in TIMER_SOFTIRQ.
 * Linux: `expires` is absolute nanoseconds of ktime_get_ns(), not jiffies.
 */
#ifndef LINUX_TIMER_H
#define LINUX_TIMER_H

#include <linux/ktime.h>
#include <linux/types.h>

struct timer_list {
	struct list_head entry;		/* wheel slot; entry.next NULL: idle */
	u64 expires;			/* absolute, nanoseconds */
	void (*function)(struct timer_list *);
	unsigned int slot;		/* level * 64 + index, while armed */
};

#define from_timer(var, timer, field) container_of(timer, __typeof__(*var), field)

/* Context of all: any. */
void timer_setup(struct timer_list *timer, void (*fn)(struct timer_list *), unsigned int flags);
/* (Re)arms; returns 1 if it was armed before, else 0. */
int mod_timer(struct timer_list *timer, u64 expires_ns);
/* (Re)arms for now: it fires with the next softirqs, without the clock. */
int mod_timer_now(struct timer_list *timer);
void add_timer(struct timer_list *timer);
/* Disarms; returns 1 if it was armed. On one CPU a timer function is never
 * running while process or softirq code runs, so the _sync form is the same. */
int del_timer(struct timer_list *timer);
static inline int del_timer_sync(struct timer_list *timer)
{
	return del_timer(timer);
}

static inline bool timer_pending(const struct timer_list *timer)
{
	return timer->entry.next != NULL;
}

/* The earliest deadline, or U64_MAX. May be early (a wheel slot's start) but
 * then running the timers moves it on; never late. */
u64 timer_next_expiry(void);

void timers_init(void);
/* How many timers are armed, for leak reports. */
unsigned long timers_armed(void);

#endif
