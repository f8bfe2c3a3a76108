// SPDX-License-Identifier: MIT
/* Who waits asks the device himself: when, for how long, and what is left behind. */
#include <linux/ktime.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/syscalls.h>
#include <net/busy_poll.h>

#include "../ipv4/wire.h"
#include "../sockhost.h"

#define USECS	50

/* A host whose device brings datagrams when it is looked at. */
static struct {
	struct sockhost h;
	struct wire w;
	struct napi_struct napi;
	int fd;
	unsigned int polls;		/* looks */
	unsigned int unmasked;		/* looks that ended with the interrupt on */
	unsigned int at;		/* the look that brings something; 0: none */
	unsigned int packets;		/* and how much */
	int budget;			/* of the last look */
} t;

/* A datagram of one byte arrives: nothing of it may sleep. */
static void datagram(void)
{
	struct {
		struct iphdr ip;
		struct udphdr udp;
		u8 data[18];
	} p = {
		.ip = { .version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_UDP,
			.tot_len = htons(29), .saddr = PEER, .daddr = US },
		.udp = { .source = htons(5000), .dest = htons(7), .len = htons(9) },
	};

	p.ip.check = ip_fast_csum(&p.ip, 5);
	wire_receive(&t.w, NULL, ETH_P_IP, &p, sizeof(p));
}

static int poll_fn(struct napi_struct *napi, int budget)
{
	unsigned int n = 0;

	t.budget = budget;
	if (++t.polls == t.at)
		for (; n < t.packets && (int)n < budget; n++)
			datagram();
	if ((int)n < budget && napi_complete_done(napi, (int)n))
		t.unmasked++;
	return (int)n;
}

static void forget(void)
{
	t.polls = t.unmasked = t.at = 0;
	t.packets = 1;
}

static void begin(void)
{
	struct sockaddr_in any = ANY(7);

	memset(&t, 0, sizeof(t));
	sockhost_enter(&t.h);
	t.w.net = t.h.net;
	t.w.dev = fake_netdev_create(t.h.net, NETIF_F_GRO);
	EXPECT_EQ(ip_config_set(t.h.net, t.w.dev, US, 24, 0), 0);
	netif_napi_add(t.w.dev, &t.napi, poll_fn);
	napi_enable(&t.napi);
	t.w.napi = &t.napi;
	t.fd = __sys_socket(AF_INET, SOCK_DGRAM, 0);
	EXPECT_EQ(__sys_bind(t.fd, (struct sockaddr *)&any, sizeof(any)), 0);
	forget();
}

static void end(void)
{
	EXPECT_EQ(t.napi.state, 0);
	close_fd((unsigned int)t.fd);
	napi_disable(&t.napi);
	netif_napi_del(&t.napi);
	fake_netdev_destroy(t.w.dev);
	sockhost_leave(&t.h);
}

static int option(int name, int val)
{
	return __sys_setsockopt(t.fd, SOL_SOCKET, name, &val, sizeof(val));
}

static int option_is(int name)
{
	int val = -1, len = sizeof(val);

	EXPECT_EQ(__sys_getsockopt(t.fd, SOL_SOCKET, name, &val, &len), 0);
	return val;
}

static ssize_t read_one(unsigned int flags)
{
	u8 byte;

	return __sys_recvfrom(t.fd, &byte, 1, flags, NULL, NULL);
}

/* The socket learns where its packets come from by the first one. */
static void learn(void)
{
	EXPECT_EQ(option_is(SO_INCOMING_NAPI_ID), 0);
	datagram();
	EXPECT_EQ(read_one(MSG_DONTWAIT), 1);
	EXPECT_EQ(option_is(SO_INCOMING_NAPI_ID), (int)t.napi.napi_id);
	EXPECT_EQ(t.polls, 0);
}

TEST(busy_reader_polls_the_device_instead_of_sleeping)
{
	begin();
	EXPECT_EQ(option(SO_BUSY_POLL, USECS), 0);
	learn();
	/* The third look brings it. A read that slept would end the test. */
	t.at = 3;
	EXPECT_EQ(read_one(0), 1);
	/* One look more, to unmask: only that one does. */
	EXPECT_EQ(t.polls, 4);
	EXPECT_EQ(t.unmasked, 1);
	EXPECT_EQ(t.budget, BUSY_POLL_BUDGET);
	EXPECT_EQ(t.h.net->mib.net[LINUX_MIB_BUSYPOLLRXPACKETS], 1);
	/* What is there is read without a look. */
	forget();
	datagram();
	EXPECT_EQ(read_one(0), 1);
	EXPECT_EQ(t.polls, 0);
	end();
}

TEST(busy_reader_who_may_not_wait_looks_once)
{
	begin();
	EXPECT_EQ(option(SO_BUSY_POLL, USECS), 0);
	learn();
	EXPECT_EQ(read_one(MSG_DONTWAIT), -EAGAIN);
	EXPECT_EQ(t.polls, 2);
	forget();
	t.at = 1;
	EXPECT_EQ(read_one(MSG_DONTWAIT), 1);
	/* Nobody polls for whom it is off, or who does not know whom to ask. */
	forget();
	EXPECT_EQ(option(SO_BUSY_POLL, 0), 0);
	EXPECT_EQ(read_one(MSG_DONTWAIT), -EAGAIN);
	EXPECT_EQ(t.polls, 0);
	end();
}

static int reader(void *arg)
{
	*(ssize_t *)arg = read_one(0);
	return 0;
}

TEST(busy_reader_sleeps_after_a_while)
{
	struct __kernel_timeval tv = { 0, 1000 };

	begin();
	EXPECT_EQ(option(SO_BUSY_POLL, USECS), 0);
	EXPECT_EQ(__sys_setsockopt(t.fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)), 0);
	learn();
	host_set_idle_advances(true);
	EXPECT_EQ(read_one(0), -EAGAIN);
	host_set_idle_advances(false);
	/* Here the clock stands still meanwhile: it is the number of looks that ends it. */
	EXPECT_GT(t.polls, 1000);
	EXPECT_LE(t.polls, 2 * (USECS * 1000 / 10 + 2));
	end();
}

TEST(busy_reader_lets_others_run_and_sleeps)
{
	struct task_struct *task;
	ssize_t ret = -99;

	begin();
	EXPECT_EQ(option(SO_BUSY_POLL, USECS), 0);
	learn();
	task = kthread_run(reader, &ret, "reader");
	EXPECT_FALSE(IS_ERR(task));
	host_run();
	/* We could run. */
	EXPECT_EQ(t.polls, 2);
	EXPECT_EQ(t.unmasked, 1);
	EXPECT_EQ(ret, -99);
	/* It sleeps: no look is taken until an interrupt brings something. */
	forget();
	host_sleep(NSEC_PER_SEC);
	EXPECT_EQ(t.polls, 0);
	t.at = 1;
	EXPECT_TRUE(napi_schedule_prep(&t.napi));
	__napi_schedule(&t.napi);
	host_run();
	EXPECT_EQ(ret, 1);
	end();
}

TEST(busy_reader_leaves_a_scheduled_or_disabled_instance_alone)
{
	begin();
	EXPECT_EQ(option(SO_BUSY_POLL, USECS), 0);
	learn();
	set_bit(NAPI_STATE_SCHED, &t.napi.state);
	EXPECT_EQ(read_one(MSG_DONTWAIT), -EAGAIN);
	EXPECT_EQ(t.polls, 0);
	t.napi.state = 0;
	napi_disable(&t.napi);
	EXPECT_EQ(read_one(MSG_DONTWAIT), -EAGAIN);
	EXPECT_EQ(t.polls, 0);
	napi_enable(&t.napi);
	end();
}

TEST(busy_look_that_leaves_work_leaves_it_to_the_softirq)
{
	begin();
	EXPECT_EQ(option(SO_BUSY_POLL, USECS), 0);
	EXPECT_EQ(option(SO_BUSY_POLL_BUDGET, 2), 0);
	learn();
	/* The look that is to be the last one finds as much as it may take. */
	t.at = 2;
	t.packets = 2;
	EXPECT_EQ(read_one(MSG_DONTWAIT), 1);
	EXPECT_EQ(t.budget, NAPI_POLL_WEIGHT);	/* the softirq came after it */
	EXPECT_EQ(t.polls, 3);
	EXPECT_EQ(t.unmasked, 1);
	EXPECT_EQ(read_one(MSG_DONTWAIT), 1);
	end();
}

TEST(busy_epoll_asks_the_device_of_the_file_that_was_ready_last)
{
	struct epoll_event ev = { .events = EPOLLIN }, got;
	int epfd;

	begin();
	epfd = __sys_epoll_create1(0);
	EXPECT_EQ(__sys_epoll_ctl(epfd, EPOLL_CTL_ADD, t.fd, &ev), 0);
	t.h.net->core.sysctl_busy_poll = USECS;
	datagram();
	EXPECT_EQ(__sys_epoll_wait(epfd, &got, 1, -1), 1);
	EXPECT_EQ(read_one(MSG_DONTWAIT), 1);
	t.at = 5;
	EXPECT_EQ(__sys_epoll_wait(epfd, &got, 1, -1), 1);
	EXPECT_EQ(t.polls, 6);
	EXPECT_EQ(t.unmasked, 1);
	EXPECT_EQ(read_one(MSG_DONTWAIT), 1);
	/* Who only asks is not made to wait. */
	forget();
	EXPECT_EQ(__sys_epoll_wait(epfd, &got, 1, 0), 0);
	EXPECT_EQ(t.polls, 0);
	/* Nor is anybody asked when the file is gone. */
	EXPECT_EQ(__sys_epoll_ctl(epfd, EPOLL_CTL_DEL, t.fd, NULL), 0);
	host_set_idle_advances(true);
	EXPECT_EQ(__sys_epoll_wait(epfd, &got, 1, NSEC_PER_MSEC), 0);
	host_set_idle_advances(false);
	EXPECT_EQ(t.polls, 0);
	end();
}

TEST(busy_options_are_kept_and_checked)
{
	begin();
	EXPECT_EQ(option_is(SO_BUSY_POLL), 0);
	EXPECT_EQ(option(SO_BUSY_POLL, -1), -EINVAL);
	EXPECT_EQ(option(SO_BUSY_POLL, 100), 0);
	EXPECT_EQ(option_is(SO_BUSY_POLL), 100);
	EXPECT_EQ(option(SO_BUSY_POLL_BUDGET, 65536), -EINVAL);
	EXPECT_EQ(option(SO_BUSY_POLL_BUDGET, -1), -EINVAL);
	EXPECT_EQ(option(SO_BUSY_POLL_BUDGET, 65535), 0);
	EXPECT_EQ(option_is(SO_BUSY_POLL_BUDGET), 65535);
	EXPECT_EQ(option(SO_INCOMING_NAPI_ID, 1), -ENOPROTOOPT);
	EXPECT_EQ(option(SO_PREFER_BUSY_POLL, 1), -ENOPROTOOPT);
	/* New sockets begin with the setting. */
	t.h.net->core.sysctl_busy_read = 70;
	close_fd((unsigned int)t.fd);
	t.fd = __sys_socket(AF_INET, SOCK_DGRAM, 0);
	EXPECT_EQ(option_is(SO_BUSY_POLL), 70);
	end();
}
