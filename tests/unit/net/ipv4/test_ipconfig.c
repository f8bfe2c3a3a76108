// SPDX-License-Identifier: MIT
/* ip= on the command line: Linux's spelling, and one clear word on mistakes. */
#include <linux/printk.h>
#include <net/ipconfig.h>

#include "wire.h"

static char said[256];

static void catch_line(void *ctx, int level, const char *line)
{
	strscpy(said, line, sizeof(said));
}

/* What the log says of it in said[]. */
static int parse(struct ic_config *c, const char *text)
{
	char buf[128];
	int err;

	strscpy(buf, text, sizeof(buf));
	said[0] = '\0';
	log_set_sink(catch_line, NULL);
	err = ic_parse(c, buf);
	log_set_sink(NULL, NULL);
	return err;
}

TEST(ip_on_the_command_line_says_address_gateway_netmask_and_device)
{
	struct ic_config c;

	EXPECT_EQ(parse(&c, "192.168.7.2::192.168.7.1:255.255.255.0:host:eth1:off"), 0);
	EXPECT_EQ(c.mode, IC_STATIC);
	EXPECT_EQ(c.addr, IP4(192, 168, 7, 2));
	EXPECT_EQ(c.gateway, IP4(192, 168, 7, 1));
	EXPECT_EQ(c.prefixlen, 24);
	EXPECT_STREQ(c.device, "eth1");
	EXPECT_EQ(parse(&c, "10.1.2.3:::255.255.255.255"), 0);
	EXPECT_EQ(c.prefixlen, 32);
	EXPECT_EQ(c.gateway, 0);
	EXPECT_EQ(parse(&c, "10.1.2.3::10.0.0.1::::none:1.1.1.1:8.8.8.8"), 0);
	EXPECT_EQ(c.prefixlen, 8);
	EXPECT_EQ(parse(&c, "172.16.0.1"), 0);
	EXPECT_EQ(c.prefixlen, 16);
	EXPECT_EQ(parse(&c, "192.0.2.1:"), 0);
	EXPECT_EQ(c.prefixlen, 24);
	EXPECT_STREQ(said, "");
}

TEST(ip_off_configures_nothing_and_dhcp_is_answered_in_words)
{
	struct ic_config c;
	struct wire w;

	EXPECT_EQ(parse(&c, "off"), 0);
	EXPECT_EQ(c.mode, IC_OFF);
	EXPECT_EQ(parse(&c, "none"), 0);
	EXPECT_EQ(c.mode, IC_OFF);
	EXPECT_EQ(parse(&c, ""), 0);
	EXPECT_EQ(c.mode, IC_OFF);
	EXPECT_EQ(parse(&c, "dhcp"), 0);
	EXPECT_EQ(c.mode, IC_AUTOCONF);
	EXPECT_EQ(parse(&c, ":::::eth0:dhcp"), 0);
	EXPECT_EQ(c.mode, IC_AUTOCONF);
	wire_up(&w);
	log_set_sink(catch_line, NULL);
	EXPECT_EQ(ic_apply(w.net, &c), -EOPNOTSUPP);
	log_set_sink(NULL, NULL);
	EXPECT_TRUE(strstr(said, "DHCP") != NULL);
	wire_down(&w);
}

TEST(a_malformed_word_is_named)
{
	static const struct {
		const char *text, *word;
	} bad[] = {
		{ "10.0.0", "\"10.0.0\"" }, { "10.0.0.256", "\"10.0.0.256\"" },
		{ "10.0.0.1.2", "\"10.0.0.1.2\"" }, { "ten", "\"ten\"" },
		{ "10.0.0.1::x:", "\"x\"" }, { "10.0.0.1:::255.0.255.0", "\"255.0.255.0\"" },
		{ "10.0.0.1:::0.0.0.0", "\"0.0.0.0\"" },
		{ "10.0.0.1:::::averylongdevicename", "\"averylongdevicename\"" },
		{ "10.0.0.1::::::sometimes", "\"sometimes\"" },
		{ "10.0.0.1::::::::::x", "\"x\"" }, { "-1.2.3.4", "\"-1.2.3.4\"" },
		{ "1.2.3.4444", "\"1.2.3.4444\"" },
	};
	struct ic_config c;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT_EQ(parse(&c, bad[i].text), -EINVAL);
		EXPECT_EQ(c.mode, IC_OFF);
		if (!strstr(said, bad[i].word))
			test_fail(__FILE__, __LINE__, "%s: said \"%s\"", bad[i].text, said);
	}
}

TEST(a_device_that_is_not_there_or_a_gateway_elsewhere_is_named)
{
	struct ic_config c = { .mode = IC_STATIC, .addr = IP4(10, 8, 0, 1), .prefixlen = 24,
			       .gateway = IP4(10, 9, 0, 1), .device = "eth7" };
	struct wire w;

	wire_up_plain(&w, 0);
	log_set_sink(catch_line, NULL);
	EXPECT_EQ(ic_apply(w.net, &c), -ENODEV);
	EXPECT_TRUE(strstr(said, "eth7") != NULL);
	strscpy(c.device, w.dev->name, sizeof(c.device));
	EXPECT_EQ(ic_apply(w.net, &c), -ENETUNREACH);
	EXPECT_TRUE(strstr(said, "10.9.0.1") != NULL);
	log_set_sink(NULL, NULL);
	fake_netdev_drain(w.dev);
	wire_down(&w);
}

TEST(what_the_command_line_says_is_done)
{
	struct ic_config c;
	struct wire w;

	w.fail_nth = 0;
	w.net = net_create();
	w.dev = fake_netdev_create(w.net, 0);
	EXPECT_EQ(parse(&c, "10.0.2.15::10.0.2.2:255.255.255.0"), 0);
	EXPECT_EQ(ic_apply(w.net, &c), 0);
	EXPECT_EQ(inet_addr_type(w.net, IP4(10, 0, 2, 15)), RTN_LOCAL);
	EXPECT_EQ(fake_netdev_drain(w.dev), 1);
	wire_down(&w);
}
