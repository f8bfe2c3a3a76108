// SPDX-License-Identifier: MIT
/* kernel/lib/vsprintf.c, hexdump.c */
#include <linux/printk.h>

#include "../test.h"

static char buf[256];

/* The compiler checks formats, and would refuse some that are tested here. */
static int format(const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(buf, sizeof(buf), fmt, args);
	va_end(args);
	return len;
}

#define EXPECT_FORMAT(want, fmt, a...) do {				\
	int __len = format(fmt, ##a);					\
	EXPECT_STREQ(buf, want);					\
	EXPECT_EQ((size_t)__len, strlen(want));				\
} while (0)

TEST(vsprintf_integers_as_in_c)
{
	EXPECT_FORMAT("0 -1 42", "%d %i %u", 0, -1, 42U);
	EXPECT_FORMAT("-2147483648 4294967295", "%d %u", INT_MIN, UINT_MAX);
	EXPECT_FORMAT("-9223372036854775808 18446744073709551615", "%ld %lu",
		      (long)1 << 63, ULONG_MAX);
	EXPECT_FORMAT("-1 255 -1 65535", "%hhd %hhu %hd %hu", -1, -1, -1, -1);
	EXPECT_FORMAT("123 18446744073709551615", "%zu %llu", (size_t)123, ~0ULL);
	EXPECT_FORMAT("beef BEEF 0xbeef 777 0777", "%x %X %#x %o %#o", 0xbeef, 0xbeef,
		      0xbeef, 0777, 0777);
	EXPECT_FORMAT("+5 | 5|-5", "%+d |% d|% d", 5, 5, -5);
	EXPECT_FORMAT("0 0", "%#x %#o", 0, 0);
}

TEST(vsprintf_width_and_precision)
{
	EXPECT_FORMAT("[   42][42   ][00042]", "[%5d][%-5d][%05d]", 42, 42, 42);
	EXPECT_FORMAT("[  -42][-0042]", "[%5d][%05d]", -42, -42);
	EXPECT_FORMAT("[  007][007  ]", "[%5.3d][%-5.3d]", 7, 7);
	EXPECT_FORMAT("[]", "[%.0d]", 0);
	EXPECT_FORMAT("[0x00ff]", "[%#06x]", 0xff);
	EXPECT_FORMAT("[   ab][ab   ][a]", "[%5s][%-5s][%.1s]", "ab", "ab", "ab");
	EXPECT_FORMAT("[  7][7  ][abc]", "[%*d][%*d][%.*s]", 3, 7, -3, 7, 3, "abcdef");
	EXPECT_FORMAT("[  x]", "[%3c]", 'x');
}

TEST(vsprintf_text_and_oddities)
{
	char three[3] = { 'a', 'b', 'c' };	/* no NUL */

	EXPECT_FORMAT("100%", "%d%%", 100);
	EXPECT_FORMAT("(null)", "%s", (char *)NULL);
	EXPECT_FORMAT("abc", "%.3s", three);
	EXPECT_FORMAT("%k", "%k");
	EXPECT_FORMAT("x", "x%");
	EXPECT_FORMAT("", "");
}

static bool lookup(uintptr_t addr, unsigned long *offset, char name[KSYM_NAME_LEN])
{
	if (addr != 0x1234)
		return false;
	*offset = 0x1c;
	strscpy(name, "ip_rcv", KSYM_NAME_LEN);
	return true;
}

TEST(vsprintf_pointers)
{
	static const u8 ip[4] = { 10, 0, 2, 255 };
	static const u8 mac[6] = { 0x52, 0x54, 0x00, 0x12, 0xab, 0xcd };

	EXPECT_FORMAT("10.0.2.255", "%pI4", ip);
	EXPECT_FORMAT("[     10.0.2.255]", "[%15pI4]", ip);
	EXPECT_FORMAT("52:54:00:12:ab:cd", "%pM", mac);
	EXPECT_FORMAT("0a 00 02", "%*ph", 3, ip);
	EXPECT_FORMAT("", "%*ph", 0, ip);
	EXPECT_FORMAT("0xdeadbeef", "%p", (void *)0xdeadbeef);
	EXPECT_FORMAT("0", "%p", NULL);
	EXPECT_FORMAT("(null)", "%pI4", NULL);
	set_symbol_lookup(lookup);
	EXPECT_FORMAT("ip_rcv+0x1c/", "%pS/", (void *)0x1234);
	EXPECT_FORMAT("0x99", "%pS", (void *)0x99);
	set_symbol_lookup(NULL);
}

TEST(vsprintf_never_writes_behind_the_buffer)
{
	char small[8];

	memset(small, 'z', sizeof(small));
	EXPECT_EQ(snprintf(small, 4, "%s", "abcdef"), 6);
	EXPECT_STREQ(small, "abc");
	EXPECT_EQ(small[4], 'z');
	EXPECT_EQ(scnprintf(small, 4, "%d", 123456), 3);
	EXPECT_STREQ(small, "123");
	EXPECT_EQ(snprintf(NULL, 0, "%d", 123456), 6);
	EXPECT_EQ(scnprintf(small, 0, "x"), 0);
	EXPECT_EQ(small[0], '1');
	EXPECT_EQ(scnprintf(small, 1, "x"), 0);
	EXPECT_STREQ(small, "");
}

static char dumped[256];

static void keep_line(void *ctx, int level, const char *line)
{
	strscpy(dumped, line, sizeof(dumped));
}

TEST(hexdump_shows_bytes_and_characters)
{
	log_set_sink(keep_line, NULL);
	print_hex_dump(KERN_DEBUG, "skb ", "E\0abc\x7f~", 7);
	EXPECT_STREQ(dumped, "skb 0000: 45 00 61 62 63 7f 7e                            |E.abc.~|");
	print_hex_dump(KERN_DEBUG, "", "0123456789abcdefX", 17);
	EXPECT_TRUE(!strncmp(dumped, "0010: 58 ", 9));
	log_set_sink(NULL, NULL);
}
