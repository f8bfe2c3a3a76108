// SPDX-License-Identifier: MIT
/* kernel/lib/kstrtox.c */
#include <linux/errno.h>

#include "../test.h"

static int u(const char *s, unsigned int base, u64 want)
{
	u64 v = 4711;
	int err = kstrtoull(s, base, &v);

	EXPECT_EQ(v, err ? 4711 : want);
	return err;
}

static int i(const char *s, s64 want)
{
	s64 v = 4711;
	int err = kstrtoll(s, 10, &v);

	EXPECT_EQ(v, err ? 4711 : want);
	return err;
}

TEST(kstrto_takes_whole_numbers_only)
{
	EXPECT_EQ(u("0", 10, 0), 0);
	EXPECT_EQ(u("18446744073709551615", 10, U64_MAX), 0);
	EXPECT_EQ(u("18446744073709551616", 10, 0), -ERANGE);
	EXPECT_EQ(u("99999999999999999999999", 10, 0), -ERANGE);
	EXPECT_EQ(u("+7\n", 10, 7), 0);
	EXPECT_EQ(u("7\n\n", 10, 0), -EINVAL);
	EXPECT_EQ(u("", 10, 0), -EINVAL);
	EXPECT_EQ(u("+", 10, 0), -EINVAL);
	EXPECT_EQ(u("-1", 10, 0), -EINVAL);
	EXPECT_EQ(u(" 1", 10, 0), -EINVAL);
	EXPECT_EQ(u("1 ", 10, 0), -EINVAL);
	EXPECT_EQ(u("12a", 10, 0), -EINVAL);
}

TEST(kstrto_knows_bases)
{
	EXPECT_EQ(u("0x1F", 0, 31), 0);
	EXPECT_EQ(u("0x1f", 16, 31), 0);
	EXPECT_EQ(u("1f", 16, 31), 0);
	EXPECT_EQ(u("017", 0, 15), 0);
	EXPECT_EQ(u("017", 10, 17), 0);
	EXPECT_EQ(u("0x", 0, 0), -EINVAL);
	EXPECT_EQ(u("0xg", 16, 0), -EINVAL);
	EXPECT_EQ(u("08", 0, 0), -EINVAL);
	EXPECT_EQ(u("101", 2, 5), 0);
}

TEST(kstrto_signed_and_narrow)
{
	unsigned int ui = 1;
	int n = 1;

	EXPECT_EQ(i("-9223372036854775808", (s64)1 << 63), 0);
	EXPECT_EQ(i("-9223372036854775809", 0), -ERANGE);
	EXPECT_EQ(i("9223372036854775807", S64_MAX), 0);
	EXPECT_EQ(i("9223372036854775808", 0), -ERANGE);
	EXPECT_EQ(i("-", 0), -EINVAL);
	EXPECT_EQ(i("--1", 0), -EINVAL);
	EXPECT_EQ(i("-0", 0), 0);
	EXPECT_EQ(kstrtoint("2147483648", 10, &n), -ERANGE);
	EXPECT_EQ(kstrtoint("-2147483648", 10, &n), 0);
	EXPECT_EQ(n, INT_MIN);
	EXPECT_EQ(kstrtouint("4294967296", 10, &ui), -ERANGE);
	EXPECT_EQ(kstrtouint("4294967295", 10, &ui), 0);
	EXPECT_EQ(ui, UINT_MAX);
}
