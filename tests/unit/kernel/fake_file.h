/* SPDX-License-Identifier: MIT */
/* A file whose readiness a test decides, for poll and epoll. */
#ifndef TESTS_FAKE_FILE_H
#define TESTS_FAKE_FILE_H

#include <linux/fs.h>
#include <linux/poll.h>
#include <linux/timer.h>

struct fake_file {
	wait_queue_head_t wq;
	u32 ready;			/* EPOLL* that hold now */
	unsigned int polled;		/* calls of ->poll() */
	unsigned int released;
	struct timer_list timer;
	u32 ready_later;
};

/* A descriptor of a new file over @f, or -errno. */
int fake_file_open(struct fake_file *f);
/* Makes @events hold, and wakes. */
void fake_file_set(struct fake_file *f, u32 events);
/* The same in @after_ns, from a softirq. */
void fake_file_set_later(struct fake_file *f, u32 events, u64 after_ns);

#endif
