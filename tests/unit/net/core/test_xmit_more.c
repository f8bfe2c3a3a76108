// SPDX-License-Identifier: MIT
/* Doorbells wait for more packets, for a bounded number, size and time. */
#include <linux/errno.h>
#include <linux/net.h>
#include <linux/sched.h>
#include <linux/syscalls.h>
#include <net/net_namespace.h>
#include <uapi/linux/poll.h>

#include "../../../host/host.h"
#include "../../test.h"
#include "../fake_netdev.h"

static struct net_device *begin(void)
{
	struct net_device *dev = fake_netdev_create(init_net, 0);

	fake_netdev_defer(dev);
	init_net->core.sysctl_xmit_more_max = 16;
	return dev;
}

static void end(struct net_device *dev)
{
	fake_netdev_destroy(dev);
	init_net->core.sysctl_xmit_more_max = 1;
	/* A timer that was armed for what is long announced. */
	host_sleep(5 * NSEC_PER_MSEC);
}

static void send(struct net_device *dev, unsigned int n, unsigned int len)
{
	while (n--)
		EXPECT_EQ(dev_queue_xmit(fake_packet(dev, len, 0)), 0);
}

TEST(doorbell_waits_until_there_is_nothing_else_to_do)
{
	struct net_device *dev = begin();

	send(dev, 3, 100);
	EXPECT_EQ(skb_queue_len(&fake_netdev(dev)->sent), 3);
	EXPECT_EQ(fake_netdev(dev)->doorbells, 0);
	host_run();
	EXPECT_EQ(fake_netdev(dev)->doorbells, 1);
	host_run();
	EXPECT_EQ(fake_netdev(dev)->doorbells, 1);
	end(dev);
}

TEST(doorbell_waits_for_no_more_than_the_setting)
{
	struct net_device *dev = begin();

	send(dev, 15, 100);
	EXPECT_EQ(fake_netdev(dev)->doorbells, 0);
	send(dev, 1, 100);
	EXPECT_EQ(fake_netdev(dev)->doorbells, 1);
	host_run();
	EXPECT_EQ(fake_netdev(dev)->doorbells, 1);
	init_net->core.sysctl_xmit_more_max = 1;
	send(dev, 2, 100);
	EXPECT_EQ(fake_netdev(dev)->doorbells, 3);
	end(dev);
}

TEST(doorbell_waits_for_no_more_than_keeps_the_device_busy)
{
	struct net_device *dev = begin();
	unsigned int sent = 0;

	while (!fake_netdev(dev)->doorbells && sent < 48000) {
		send(dev, 1, 3000);
		sent += 3014;
	}
	EXPECT_GE(sent, 32768);
	EXPECT_LT(sent, 32768 + 3014);
	end(dev);
}

TEST(doorbell_rings_within_some_milliseconds_while_threads_run)
{
	struct net_device *dev = begin();

	send(dev, 1, 100);
	EXPECT_GE(host_clock_armed(), host_clock_ns);
	EXPECT_LE(host_clock_armed(), host_clock_ns + 4 * NSEC_PER_MSEC);
	end(dev);
}

TEST(doorbell_rings_for_who_asks_instead_of_waiting)
{
	struct net_device *dev = begin();
	int fd = __sys_socket(PF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	int ep = __sys_epoll_create1(0);
	struct epoll_event ev;
	char c;

	EXPECT_GE(fd, 0);
	EXPECT_GE(ep, 0);
	send(dev, 1, 100);
	EXPECT_EQ(syscall_dispatch(__NR_read, fd, (long)&c, 1, 0, 0, 0), -EAGAIN);
	EXPECT_EQ(fake_netdev(dev)->doorbells, 1);
	send(dev, 1, 100);
	EXPECT_EQ(syscall_dispatch(__NR_poll, (long)&pfd, 1, 0, 0, 0, 0), 0);
	EXPECT_EQ(fake_netdev(dev)->doorbells, 2);
	send(dev, 1, 100);
	EXPECT_EQ(syscall_dispatch(__NR_epoll_wait, ep, (long)&ev, 1, 0, 0, 0), 0);
	EXPECT_EQ(fake_netdev(dev)->doorbells, 3);
	EXPECT_EQ(syscall_dispatch(__NR_close, fd, 0, 0, 0, 0, 0), 0);
	EXPECT_EQ(syscall_dispatch(__NR_close, ep, 0, 0, 0, 0, 0), 0);
	end(dev);
}

TEST(device_that_closes_is_told_of_its_packets_first)
{
	struct net_device *dev = begin();

	send(dev, 2, 100);
	dev_close(dev);
	EXPECT_EQ(fake_netdev(dev)->doorbells, 1);
	EXPECT_EQ(dev_open(dev), 0);
	send(dev, 1, 100);
	host_run();
	EXPECT_EQ(fake_netdev(dev)->doorbells, 2);
	end(dev);
}

TEST(packets_of_one_burst_ring_once)
{
	struct net_device *dev = begin();

	init_net->core.sysctl_xmit_more_max = 1;
	netif_stop_queue(dev);
	send(dev, 5, 100);
	netif_wake_queue(dev);
	host_run();
	EXPECT_EQ(skb_queue_len(&fake_netdev(dev)->sent), 5);
	EXPECT_EQ(fake_netdev(dev)->doorbells, 1);
	end(dev);
}
