/* SPDX-License-Identifier: MIT */
/*
 * Settings and what they do: a row writes a setting by its name, measures something on a
 * fresh host, and says what that is to be. Two rows of each, with different outcomes.
 */
#ifndef TESTS_SETTINGS_H
#define TESTS_SETTINGS_H

#include <linux/sysctl.h>

#include "../host/segtest.h"

struct setting_effect {
	const char *name;	/* behind net.ipv4.tcp_ */
	const char *value;
	long (*measure)(void);	/* on a fresh host; what is left on the wire is thrown away */
	long expected;
};

static inline void expect_setting_effect(const struct setting_effect *e)
{
	char name[64];
	long got;

	seg_begin();
	snprintf(name, sizeof(name), "net.ipv4.tcp_%s", e->name);
	EXPECT_EQ(sysctl_write(seg_net, name, e->value), 0);
	got = e->measure();
	if (got != e->expected)
		test_fail(__FILE__, __LINE__, "%s = %s: %ld, not %ld", e->name, e->value, got,
			  e->expected);
	seg_flush();
	seg_end();
}

/* How long until something is sent, in milliseconds, rounded; -1: not within @limit_ms. It
 * is taken. */
static inline long ms_until_sent(struct seg_conn *c, long limit_ms)
{
	struct seg_sent sent;
	long ms;

	for (ms = 0; ms <= limit_ms; ms++) {
		if (seg_take(c, &sent))
			return ms;
		seg_sleep(seg_ms(1));
	}
	return -1;
}

#endif
