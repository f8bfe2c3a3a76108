// SPDX-License-Identifier: MIT
/* The text of counters has the layout of Linux's /proc, and settings their names. */
#include <linux/proc.h>
#include <linux/sysctl.h>

#include "wire.h"

static char text[16384];

/* Lines in pairs: names, and as many values. */
static void check_pairs(const char *view, const char *const *groups, unsigned int n)
{
	char *p = text, *names, *values;
	unsigned int i;

	for (i = 0; i < n; i++) {
		unsigned int a = 0, b = 0;

		names = strsep(&p, "\n");
		values = strsep(&p, "\n");
		if (!names || !values) {
			test_fail(__FILE__, __LINE__, "%s: no %s", view, groups[i]);
			return;
		}
		EXPECT_EQ(strncmp(names, groups[i], strlen(groups[i])), 0);
		EXPECT_EQ(strncmp(values, groups[i], strlen(groups[i])), 0);
		for (; *names; names++)
			a += *names == ' ';
		for (; *values; values++)
			b += *values == ' ';
		EXPECT_EQ(a, b);
	}
	EXPECT_TRUE(p && !*p);
}

TEST(snmp_and_netstat_have_a_value_for_every_name)
{
	static const char *const snmp[] = { "Ip: ", "Icmp: ", "IcmpMsg: ", "Tcp: ", "Udp: ",
					    "UdpLite: " };
	static const char *const netstat[] = { "TcpExt: ", "IpExt: " };
	struct wire w;

	wire_up_known(&w);
	wire_ping(&w, &(struct ip_spec){ 0 }, 8);
	fake_netdev_drain(w.dev);
	EXPECT_LT(snmp_seq_show(w.net, text, sizeof(text)), sizeof(text));
	EXPECT_TRUE(strstr(text, "Ip: 2 64 1 0 0 0 0 0 1 1 0") != NULL);
	EXPECT_TRUE(strstr(text, "IcmpMsg: InType8 OutType0\nIcmpMsg: 1 1\n") != NULL);
	EXPECT_TRUE(strstr(text, "Tcp: 1 200 120000 -1 ") != NULL);
	check_pairs("snmp", snmp, ARRAY_SIZE(snmp));
	EXPECT_LT(netstat_seq_show(w.net, text, sizeof(text)), sizeof(text));
	check_pairs("netstat", netstat, ARRAY_SIZE(netstat));
	wire_down(&w);
}

TEST(routes_and_neighbours_have_linux_s_columns)
{
	struct wire w;

	wire_up_known(&w);
	EXPECT_GT(proc_read_view(w.net, "net/route", text, sizeof(text)), 0);
	EXPECT_TRUE(strstr(text, "fake0\t00000000\tFE00000A\t0003\t0\t0\t0\t00000000\t0\t0\t0\n")
		    != NULL);
	EXPECT_TRUE(strstr(text, "fake0\t0000000A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n")
		    != NULL);
	EXPECT_GT(proc_read_view(w.net, "net/arp", text, sizeof(text)), 0);
	EXPECT_TRUE(strstr(text, "10.0.0.2         0x1         0x6         02:00:00:00:00:02"
			   "     *        fake0\n") != NULL);
	EXPECT_GT(proc_read_view(w.net, "net/sockstat", text, sizeof(text)), 0);
	EXPECT_TRUE(strstr(text, "UDP: inuse 0 mem 0\n") != NULL);
	wire_down(&w);
}

TEST(settings_are_read_and_written_by_their_names)
{
	char buf[64];
	struct wire w;

	wire_up(&w);
	EXPECT_GT(sysctl_read(w.net, "net.ipv4.ip_local_port_range", buf, sizeof(buf)), 0);
	EXPECT_STREQ(buf, "32768\t60999");
	EXPECT_EQ(sysctl_write(w.net, "net.ipv4.ip_local_port_range", "5000 5009"), 0);
	EXPECT_EQ(w.net->ipv4.sysctl_local_port_range[1], 5009);
	EXPECT_EQ(sysctl_write(w.net, "net.ipv4.ip_local_port_range", "5000"), -EINVAL);
	EXPECT_EQ(sysctl_write(w.net, "net.ipv4.ip_local_port_range", "5009 5000"), -EINVAL);
	EXPECT_EQ(sysctl_write(w.net, "net.ipv4.ip_local_port_range", "0 70000"), -EINVAL);
	EXPECT_EQ(sysctl_write(w.net, "net.ipv4.ip_default_ttl", "255"), 0);
	EXPECT_EQ(sysctl_write(w.net, "net.ipv4.ip_default_ttl", "0"), -EINVAL);
	EXPECT_EQ(sysctl_write(w.net, "net.ipv4.ip_forward", "0"), 0);
	EXPECT_EQ(sysctl_write(w.net, "net.ipv4.ip_forward", "1"), -EINVAL);
	EXPECT_EQ(sysctl_write(w.net, "net.ipv4.conf.all.rp_filter", "2"), 0);
	EXPECT_EQ(w.net->ipv4.devconf_all.rp_filter, 2);
	EXPECT_EQ(sysctl_write(w.net, "net.ipv4.route.mtu_expires", "60"), 0);
	EXPECT_EQ(w.net->ipv4.ip_rt_mtu_expires_ns, 60 * NSEC_PER_SEC);
	EXPECT_EQ(sysctl_write(w.net, "net.ipv4.no_such_thing", "1"), -ENOENT);
	wire_down(&w);
}
