// SPDX-License-Identifier: MIT
/* Namespaces: apart from each other, made and unmade without a trace. */
#include <linux/init.h>
#include <linux/slab.h>
#include <linux/sysctl.h>
#include <net/net_namespace.h>

#include "../../test.h"
#include "../fake_netdev.h"

static unsigned int inits, exits;
static bool refuse;

static int count_init(struct net *net)
{
	if (refuse)
		return -ENOSPC;
	inits++;
	return 0;
}

static void count_exit(struct net *net)
{
	exits++;
	/* Devices are gone before any subsystem is. */
	EXPECT_TRUE(list_empty(&net->dev_base_head));
}

static struct pernet_operations count_ops __ro_after_init = {
	.init = count_init,
	.exit = count_exit,
};

static int __init count_register(void)
{
	return register_pernet_subsys(&count_ops);
}

late_initcall(count_register);

TEST(namespaces_have_their_own_devices_settings_and_accounts)
{
	struct net *a = net_create(), *b = net_create();
	struct net_device *dev = fake_netdev_create(a, 0);
	char buf[16];

	EXPECT_TRUE(a && b && a->id != b->id);
	EXPECT_TRUE(a->loopback_dev != b->loopback_dev);
	EXPECT_TRUE(dev_net(a->loopback_dev) == a);
	EXPECT_TRUE(__dev_get_by_name(a, "fake0") == dev);
	EXPECT_TRUE(__dev_get_by_name(b, "fake0") == NULL);
	EXPECT_EQ(sysctl_write(a, "net.core.netdev_max_backlog", "77"), 0);
	EXPECT_EQ(sysctl_read(b, "net.core.netdev_max_backlog", buf, sizeof(buf)), 4);
	EXPECT_STREQ(buf, "1000");
	EXPECT_EQ(a->core.sysctl_netdev_max_backlog, 77);
	fake_netdev_destroy(dev);
	net_destroy(a);
	net_destroy(b);
}

TEST(subsystems_are_set_up_and_taken_down_in_each)
{
	struct net *net;

	inits = exits = 0;
	net = net_create();
	EXPECT_EQ(inits, 1);
	net_destroy(net);
	EXPECT_EQ(exits, 1);
	refuse = true;
	EXPECT_TRUE(net_create() == NULL);
	refuse = false;
	EXPECT_EQ(exits, 1);
}

TEST(a_namespace_takes_its_devices_and_packets_with_it)
{
	struct net *net = net_create();
	struct net_device *lo = net->loopback_dev;

	dev_open(lo);
	local_bh_disable();
	dev_queue_xmit(fake_packet(lo, 100, 0));
	local_bh_enable();
	net_destroy(net);
}

TEST(no_memory_for_a_namespace_leaves_nothing_behind)
{
	unsigned long nth;
	struct net *net;

	for (nth = 1; nth < 500; nth++) {
		slab_fail_after(nth, 0);
		net = net_create();
		slab_fail_after(0, 0);
		if (net) {
			net_destroy(net);
			break;
		}
	}
	EXPECT_LT(nth, 500);
}

TEST(ids_are_not_given_twice_while_in_use)
{
	struct net *a = net_create(), *b = net_create(), *c, *net;
	unsigned int n = 0;

	net_destroy(a);
	c = net_create();
	EXPECT_NE(c->id, b->id);
	for_each_net(net)
		n++;
	EXPECT_EQ(n, 3);
	net_destroy(b);
	net_destroy(c);
}
