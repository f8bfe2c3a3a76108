// SPDX-License-Identifier: MIT
/* kernel/lib/string_helpers.c. The mem and str functions of the image are
 * tested by tests/unit/kernel/test_string_metal.c. */
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../test.h"

TEST(string_strscpy_always_ends_and_tells_when_it_cut)
{
	char buf[4];

	EXPECT_EQ(strscpy(buf, "abc", sizeof(buf)), 3L);
	EXPECT_STREQ(buf, "abc");
	EXPECT_EQ(strscpy(buf, "abcd", sizeof(buf)), (ssize_t)-E2BIG);
	EXPECT_STREQ(buf, "abc");
	EXPECT_EQ(strscpy(buf, "abcd", 0), (ssize_t)-E2BIG);
	EXPECT_EQ(strscpy(buf, "", 1), 0L);
}

TEST(string_strim_cuts_both_ends)
{
	char a[] = "  a b\t\n", b[] = "   ", c[] = "x";

	EXPECT_STREQ(strim(a), "a b");
	EXPECT_STREQ(strim(b), "");
	EXPECT_STREQ(strim(c), "x");
	EXPECT_STREQ(skip_spaces(" \t x"), "x");
}

TEST(string_glob_matches_as_a_shell_would)
{
	EXPECT_TRUE(glob_match("*", ""));
	EXPECT_TRUE(glob_match("tcp_*", "tcp_ack"));
	EXPECT_FALSE(glob_match("tcp_*", "udp_rcv"));
	EXPECT_TRUE(glob_match("*_rcv", "tcp_v4_rcv"));
	EXPECT_TRUE(glob_match("a*b*c", "aXbXbXc"));
	EXPECT_FALSE(glob_match("a*b*c", "aXbXbX"));
	EXPECT_TRUE(glob_match("?p_rcv", "ip_rcv"));
	EXPECT_FALSE(glob_match("", "x"));
	EXPECT_TRUE(glob_match("x**", "x"));
}

TEST(string_copies_come_from_kmalloc)
{
	char *s = kstrdup("eth0", GFP_KERNEL);

	EXPECT_STREQ(s, "eth0");
	kfree(s);
	slab_fail_after(1, 0);
	EXPECT_TRUE(kstrdup("eth0", GFP_KERNEL) == NULL);
}
