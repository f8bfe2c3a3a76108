/* SPDX-License-Identifier: MIT */
/* Windowed minimum and maximum (kernel/lib/win_minmax.c). */
#ifndef LINUX_WIN_MINMAX_H
#define LINUX_WIN_MINMAX_H

#include <linux/types.h>

struct minmax_sample {
	u64 t;		/* when, any unit */
	u32 v;
};

/* Best, second best, third best value of the window, oldest first. */
struct minmax {
	struct minmax_sample s[3];
};

static inline u32 minmax_get(const struct minmax *m)
{
	return m->s[0].v;
}

u32 minmax_reset(struct minmax *m, u64 t, u32 v);
u32 minmax_running_max(struct minmax *m, u64 win, u64 t, u32 v);
u32 minmax_running_min(struct minmax *m, u64 win, u64 t, u32 v);

#endif
