// SPDX-License-Identifier: MIT
/*
 * The minimum or maximum of a value over a sliding time window, in constant
 * space: the best value and the best two that came after it are kept, so that
 * when the best ages out its successor is known (Kathleen Nichols' filter).
 * An estimate: a value between the kept ones may be forgotten.
 *
 * Linux: lib/win_minmax.c
 */
#include <linux/win_minmax.h>

/**
 * minmax_reset() - forget everything but one sample
 * @m: the filter
 * @t: time of the sample
 * @v: the sample
 * Context: any
 * Return: @v
 */
u32 minmax_reset(struct minmax *m, u64 t, u32 v)
{
	struct minmax_sample val = { .t = t, .v = v };

	m->s[2] = m->s[1] = m->s[0] = val;
	return v;
}

/* @val is no better than s[0]: let the kept samples age. */
static u32 minmax_subwin_update(struct minmax *m, u64 win,
				const struct minmax_sample *val)
{
	u64 dt = val->t - m->s[0].t;

	if (dt > win) {
		/* The best has left the window; so may have its successor. */
		m->s[0] = m->s[1];
		m->s[1] = m->s[2];
		m->s[2] = *val;
		if (val->t - m->s[0].t > win) {
			m->s[0] = m->s[1];
			m->s[1] = m->s[2];
			m->s[2] = *val;
		}
	} else if (m->s[1].t == m->s[0].t && dt > win / 4) {
		/* A quarter of the window without a second choice: take one. */
		m->s[2] = m->s[1] = *val;
	} else if (m->s[2].t == m->s[1].t && dt > win / 2) {
		/* Half of it without a third. */
		m->s[2] = *val;
	}
	return m->s[0].v;
}

/**
 * minmax_running_max() - add a sample to a maximum filter
 * @m: the filter
 * @win: length of the window, in the unit of @t
 * @t: time of the sample, not before the last one
 * @v: the sample
 * Context: any
 * Return: the maximum over the window
 */
u32 minmax_running_max(struct minmax *m, u64 win, u64 t, u32 v)
{
	struct minmax_sample val = { .t = t, .v = v };

	if (v >= m->s[0].v || t - m->s[2].t > win)
		return minmax_reset(m, t, v);
	if (v >= m->s[1].v)
		m->s[2] = m->s[1] = val;
	else if (v >= m->s[2].v)
		m->s[2] = val;
	return minmax_subwin_update(m, win, &val);
}

/**
 * minmax_running_min() - add a sample to a minimum filter
 * @m: the filter
 * @win: length of the window, in the unit of @t
 * @t: time of the sample, not before the last one
 * @v: the sample
 * Context: any
 * Return: the minimum over the window
 */
u32 minmax_running_min(struct minmax *m, u64 win, u64 t, u32 v)
{
	struct minmax_sample val = { .t = t, .v = v };

	if (v <= m->s[0].v || t - m->s[2].t > win)
		return minmax_reset(m, t, v);
	if (v <= m->s[1].v)
		m->s[2] = m->s[1] = val;
	else if (v <= m->s[2].v)
		m->s[2] = val;
	return minmax_subwin_update(m, win, &val);
}
