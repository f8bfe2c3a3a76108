/* SPDX-License-Identifier: MIT */
/* Times as system calls give them. */
#ifndef UAPI_LINUX_TIME_H
#define UAPI_LINUX_TIME_H

#include <linux/types.h>

struct __kernel_timespec {
	s64 tv_sec;
	s64 tv_nsec;
};

#define CLOCK_REALTIME		0
#define CLOCK_MONOTONIC		1
#define CLOCK_BOOTTIME		7

#endif
