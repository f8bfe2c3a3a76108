// SPDX-License-Identifier: MIT
/* kernel/params.c: who gets which word, and that none is lost in silence. */
#include <linux/init.h>
#include <linux/printk.h>
#include <linux/random.h>

#include "../test.h"

static char got[128];
static unsigned int warnings;
static char warning[128];

static int take_probe(char *value)
{
	strscpy(got, value, sizeof(got));
	return 1;
}
__setup("testprobe=", take_probe);

static int take_flag(char *value)
{
	strscpy(got, "flag", sizeof(got));
	return 1;
}
__setup("testflag", take_flag);

static void count_warnings(void *ctx, int level, const char *line)
{
	if (level > 4)
		return;
	warnings++;
	strscpy(warning, line, sizeof(warning));
}

static void parse(const char *text)
{
	char line[256];

	strscpy(line, text, sizeof(line));
	got[0] = warning[0] = '\0';
	warnings = 0;
	log_set_sink(count_warnings, NULL);
	parse_command_line(line);
	log_set_sink(NULL, NULL);
}

TEST(params_words_go_to_their_owners)
{
	parse("  testprobe=10.0.2.15::eth0  ");
	EXPECT_STREQ(got, "10.0.2.15::eth0");
	EXPECT_EQ(warnings, 0U);
	parse("testprobe=\"two words\"");
	EXPECT_STREQ(got, "two words");
	parse("testflag");
	EXPECT_STREQ(got, "flag");
	parse("");
	EXPECT_EQ(warnings, 0U);
}

TEST(params_unknown_words_give_one_warning_each)
{
	parse("testflags nonsense=1 testprobe=1");
	EXPECT_EQ(warnings, 2U);
	EXPECT_TRUE(strstr(warning, "nonsense=1") != NULL);
	EXPECT_STREQ(got, "1");
}

TEST(params_loglevel_and_seed)
{
	int was = console_loglevel;
	u64 seed;
	u32 a, b;

	parse("loglevel=5");
	EXPECT_EQ(console_loglevel, 5);
	parse("loglevel=9");
	EXPECT_EQ(warnings, 1U);
	EXPECT_EQ(console_loglevel, 5);
	parse("loglevel=");
	EXPECT_EQ(warnings, 1U);
	console_loglevel = was;
	parse("seed=12345");
	EXPECT_TRUE(random_seed_get(&seed));
	EXPECT_EQ(seed, 12345UL);
	a = get_random_u32();
	parse("seed=12345");
	b = get_random_u32();
	EXPECT_EQ(a, b);
	parse("seed=x");
	EXPECT_EQ(warnings, 1U);
}

TEST(params_sysctls_wait_and_refused_ones_warn)
{
	parse("sysctl.test.no_such=1 sysctl.novalue");
	EXPECT_EQ(warnings, 1U);
	warnings = 0;
	log_set_sink(count_warnings, NULL);
	apply_boot_sysctls(NULL);
	log_set_sink(NULL, NULL);
	EXPECT_EQ(warnings, 1U);
	EXPECT_TRUE(strstr(warning, "test.no_such") != NULL);
}
