// SPDX-License-Identifier: MIT
/* kernel/sysctl.c: names, types, ranges. */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/ktime.h>
#include <linux/sysctl.h>

#include "../test.h"

static int an_int = 5;
static int a_vec[3] = { 4096, 131072, 6291456 };
static u64 secs_ns, msecs_ns;
static u8 a_byte;
static char handled[32];

static int handler_set(struct net *net, const struct ctl_table *t, const char *value)
{
	if (*value == '!')
		return -EINVAL;
	strscpy(handled, value, sizeof(handled));
	return 0;
}

static int handler_get(struct net *net, const struct ctl_table *t, char *buf, size_t size)
{
	return snprintf(buf, size, "<%s>", handled);
}

static const struct ctl_table table[] = {
	{ .procname = "test.int", .data = &an_int, .type = CTL_TYPE_INT, .min = -1, .max = 10 },
	{ .procname = "test.vec", .data = a_vec, .type = CTL_TYPE_INT_VEC, .count = 3,
	  .min = 1, .max = INT_MAX },
	{ .procname = "test.secs", .data = &secs_ns, .type = CTL_TYPE_SECS_NS, .max = 1000 },
	{ .procname = "test.msecs", .data = &msecs_ns, .type = CTL_TYPE_MSECS_NS, .max = 1000 },
	{ .procname = "test.u8", .data = &a_byte, .type = CTL_TYPE_U8, .max = 255 },
	{ .procname = "test.handler", .type = CTL_TYPE_HANDLER, .get = handler_get,
	  .set = handler_set },
};

static int test_sysctl_init(void)
{
	register_sysctl_table(table, ARRAY_SIZE(table));
	return 0;
}
late_initcall(test_sysctl_init);

TEST(sysctl_int_keeps_its_range)
{
	EXPECT_EQ(sysctl_write(NULL, "test.int", "7"), 0);
	EXPECT_EQ(an_int, 7);
	EXPECT_EQ(sysctl_write(NULL, "test/int", " -1\n"), 0);
	EXPECT_EQ(an_int, -1);
	EXPECT_EQ(sysctl_write(NULL, "test.int", "11"), -EINVAL);
	EXPECT_EQ(sysctl_write(NULL, "test.int", "-2"), -EINVAL);
	EXPECT_EQ(sysctl_write(NULL, "test.int", ""), -EINVAL);
	EXPECT_EQ(sysctl_write(NULL, "test.int", "5x"), -EINVAL);
	EXPECT_EQ(sysctl_write(NULL, "test.int", "1 2"), -EINVAL);
	EXPECT_EQ(sysctl_write(NULL, "test.int", "99999999999999999999"), -EINVAL);
	EXPECT_EQ(an_int, -1);
	EXPECT_EQ(sysctl_write(NULL, "test.nothing", "1"), -ENOENT);
	EXPECT_EQ(sysctl_write(NULL, "test.in", "1"), -ENOENT);
}

TEST(sysctl_vector_is_written_whole_or_not_at_all)
{
	char buf[64];

	EXPECT_EQ(sysctl_write(NULL, "test.vec", "1 2 3"), 0);
	EXPECT_EQ(a_vec[2], 3);
	EXPECT_EQ(sysctl_write(NULL, "test.vec", "9 0 9"), -EINVAL);
	EXPECT_EQ(a_vec[0], 1);
	EXPECT_EQ(sysctl_write(NULL, "test.vec", "1 2 3 4"), -EINVAL);
	EXPECT_EQ(sysctl_write(NULL, "test.vec", "7\t8"), 0);
	EXPECT_EQ(sysctl_read(NULL, "test.vec", buf, sizeof(buf)), 5);
	EXPECT_STREQ(buf, "7\t8\t3");
	EXPECT_EQ(sysctl_read(NULL, "test.vec", buf, 4), 5);
	EXPECT_STREQ(buf, "7\t8");
}

TEST(sysctl_times_are_nanoseconds_inside)
{
	char buf[32];

	EXPECT_EQ(sysctl_write(NULL, "test.secs", "60"), 0);
	EXPECT_EQ(secs_ns, 60 * NSEC_PER_SEC);
	EXPECT_EQ(sysctl_write(NULL, "test.msecs", "200"), 0);
	EXPECT_EQ(msecs_ns, 200 * NSEC_PER_MSEC);
	EXPECT_EQ(sysctl_write(NULL, "test.secs", "1001"), -EINVAL);
	EXPECT_EQ(sysctl_read(NULL, "test.secs", buf, sizeof(buf)), 2);
	EXPECT_STREQ(buf, "60");
	EXPECT_EQ(sysctl_write(NULL, "test.u8", "255"), 0);
	EXPECT_EQ(a_byte, 255);
	EXPECT_EQ(sysctl_read(NULL, "test.u8", buf, sizeof(buf)), 3);
}

TEST(sysctl_handler_decides_itself)
{
	char buf[32];

	EXPECT_EQ(sysctl_write(NULL, "test.handler", "reno cubic"), 0);
	EXPECT_EQ(sysctl_write(NULL, "test.handler", "!"), -EINVAL);
	EXPECT_EQ(sysctl_read(NULL, "test.handler", buf, sizeof(buf)), 12);
	EXPECT_STREQ(buf, "<reno cubic>");
	EXPECT_EQ(sysctl_read(NULL, "test.nothing", buf, sizeof(buf)), -ENOENT);
}
