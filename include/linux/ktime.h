/* SPDX-License-Identifier: MIT */
/*
 * Time is u64 nanoseconds everywhere: one clock, no jiffies, no tick. A
 * variable that holds a time or a span ends in _ns unless Linux fixed its name.
 * Linux: jiffies, ktime_t, hrtimers and the timer wheel are this one thing here.
 */
#ifndef LINUX_KTIME_H
#define LINUX_KTIME_H

#include <linux/types.h>
#include <platform.h>

#define NSEC_PER_USEC	1000ULL
#define NSEC_PER_MSEC	1000000ULL
#define NSEC_PER_SEC	1000000000ULL
#define USEC_PER_MSEC	1000UL
#define USEC_PER_SEC	1000000UL
#define MSEC_PER_SEC	1000UL

/* The clock, in nanoseconds since boot. Any context. */
static inline u64 ktime_get_ns(void)
{
	return platform_clock_ns();
}

#endif
