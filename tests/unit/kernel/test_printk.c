// SPDX-License-Identifier: MIT
/* kernel/printk.c: levels, time stamps, the ring buffer. */
#include <linux/ktime.h>
#include <linux/printk.h>
#include <linux/slab.h>

#include "../test.h"

static struct {
	unsigned int lines;
	int level;
	char text[128];
} sink;

static char console[4096];
static size_t console_len;

static void sink_line(void *ctx, int level, const char *line)
{
	sink.lines++;
	sink.level = level;
	strscpy(sink.text, line, sizeof(sink.text));
}

static void console_text(const char *text, size_t len)
{
	len = min(len, sizeof(console) - 1 - console_len);
	memcpy(console + console_len, text, len);
	console_len += len;
	console[console_len] = '\0';
}

static void nowhere(const char *text, size_t len)
{
	/* As the runner has it. */
}

static void capture(void)
{
	memset(&sink, 0, sizeof(sink));
	console_len = 0;
	console[0] = '\0';
	log_set_sink(sink_line, NULL);
	host_set_console(console_text);
}

static void release(void)
{
	log_set_sink(NULL, NULL);
	host_set_console(nowhere);
}

TEST(printk_line_has_level_and_time)
{
	char *dmesg = kmalloc(70000, GFP_KERNEL);
	size_t len;

	host_clock_ns += NSEC_PER_SEC - host_clock_ns % NSEC_PER_SEC;
	host_sleep(123456789);
	capture();
	pr_err("eth%d: link %s\n", 0, "down");
	EXPECT_EQ(sink.lines, 1U);
	EXPECT_EQ(sink.level, 3);
	EXPECT_STREQ(sink.text, "eth0: link down");
	EXPECT_TRUE(strstr(console, ".123456] eth0: link down\n") != NULL);
	EXPECT_EQ(console[0], '[');
	len = dmesg_read(dmesg, 70000);
	EXPECT_EQ(len, strlen(dmesg));
	EXPECT_STREQ(dmesg + len - console_len, console);
	release();
	kfree(dmesg);
}

TEST(printk_console_loglevel_keeps_lines_off_the_console_only)
{
	int was = console_loglevel;

	capture();
	console_loglevel = 5;
	pr_info("unimportant\n");
	EXPECT_EQ(console_len, 0UL);
	EXPECT_EQ(sink.lines, 1U);
	printk("no level\n");
	EXPECT_EQ(sink.level, 4);
	EXPECT_TRUE(console_len != 0);
	console_loglevel = was;
	release();
}

TEST(printk_embedded_newlines_make_lines)
{
	capture();
	pr_info("one\ntwo\n");
	EXPECT_EQ(sink.lines, 2U);
	EXPECT_STREQ(sink.text, "two");
	pr_info("no newline");
	EXPECT_EQ(sink.lines, 3U);
	pr_info("\n");
	EXPECT_EQ(sink.lines, 4U);
	EXPECT_STREQ(sink.text, "");
	release();
}

TEST(printk_ring_keeps_the_newest_lines_whole)
{
	char *dmesg = kmalloc(300000, GFP_KERNEL), *line;
	unsigned int i, first;
	size_t len;

	for (i = 0; i < 5000; i++)
		pr_info("line number %05u\n", i);
	len = dmesg_read(dmesg, 300000);
	EXPECT_GT(len, 60000UL);
	line = strstr(dmesg, "line number ");
	EXPECT_LT((size_t)(line - dmesg), 32UL);
	EXPECT_EQ(kstrtouint(strsep(&(char *){ line + 12 }, "\n"), 10, &first), 0);
	/* Without a gap to the end. */
	line += 18;
	for (i = first + 1; i < 5000; i++) {
		char want[32];

		scnprintf(want, sizeof(want), "line number %05u\n", i);
		line = strstr(line, "line");
		if (!line || strncmp(line, want, strlen(want)))
			break;
		line += strlen(want);
	}
	EXPECT_EQ(i, 5000U);
	/* A small buffer gets the newest. */
	len = dmesg_read(dmesg, 100);
	EXPECT_LT(len, 100UL);
	EXPECT_TRUE(strstr(dmesg, "04999") != NULL);
	EXPECT_EQ(dmesg[0], '[');
	kfree(dmesg);
}

TEST(printk_long_line_is_cut)
{
	char *text = kmalloc(3000, GFP_KERNEL);

	memset(text, 'x', 2999);
	text[2999] = '\0';
	capture();
	pr_info("%s\n", text);
	EXPECT_EQ(sink.lines, 1U);
	EXPECT_LT(console_len, 600UL);
	release();
	kfree(text);
}

static void limited(void)
{
	pr_warn_ratelimited("peer did it again\n");
}

TEST(printk_rate_limit_lets_ten_through_in_five_seconds)
{
	unsigned int i;

	capture();
	for (i = 0; i < 25; i++)
		limited();
	EXPECT_EQ(sink.lines, 10U);
	host_sleep(5 * NSEC_PER_SEC);
	limited();
	EXPECT_EQ(sink.lines, 12U);
	EXPECT_TRUE(strstr(console, "limited: 15 messages suppressed") != NULL);
	release();
}
