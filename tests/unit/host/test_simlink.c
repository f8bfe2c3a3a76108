// SPDX-License-Identifier: MIT
/* tests/host/simlink.c: delay, rate, queue and faults are what was asked for. */
#include <linux/ktime.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <net/inet_account.h>
#include <net/net_namespace.h>

#include "../../host/simlink.h"
#include "../net/sockhost.h"
#include "../test.h"

#define SA(a)	((struct sockaddr *)&(a))
#define PORT	4000

struct two {
	struct net *net[2], *saved;
	struct simlink *link;
	int fd[2];
};

/* Two hosts with a UDP socket each, that know each other's address already. */
static void two_up(struct two *t, const struct simlink_config *cfg)
{
	struct sockaddr_in any = ANY(PORT), to = sockhost_addr(0x0a000002, PORT);
	char buf[4];
	int i;

	t->saved = current->net;
	t->link = simlink_two_hosts(&t->net[0], &t->net[1], NULL, NULL);
	BUG_ON(!t->link);
	for (i = 0; i < 2; i++) {
		current->net = t->net[i];
		t->fd[i] = __sys_socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
		EXPECT_EQ(__sys_bind(t->fd[i], SA(any), sizeof(any)), 0);
	}
	EXPECT_EQ(__sys_sendto(t->fd[0], "warm", 4, 0, SA(to), sizeof(to)), 4);
	host_sleep(NSEC_PER_MSEC);
	EXPECT_EQ(__sys_recvfrom(t->fd[1], buf, 4, 0, NULL, NULL), 4);
	simlink_change(t->link, 0, cfg);
	simlink_change(t->link, 1, cfg);
}

static void two_down(struct two *t)
{
	int i;

	for (i = 0; i < 2; i++) {
		EXPECT_EQ(close_fd((unsigned int)t->fd[i]), 0);
		EXPECT_EQ(packets_unaccounted(t->net[i]), 0);
	}
	current->net = t->saved;
	net_destroy(t->net[0]);
	net_destroy(t->net[1]);
	simlink_destroy(t->link);
}

static void send(struct two *t, u32 number, size_t len)
{
	struct sockaddr_in to = sockhost_addr(0x0a000002, PORT);
	static char data[1472];

	memcpy(data, &number, sizeof(number));
	EXPECT_EQ(__sys_sendto(t->fd[0], data, len, 0, SA(to), sizeof(to)), (ssize_t)len);
}

/* The number in the next datagram; U32_MAX: there is none. */
static u32 receive(struct two *t)
{
	u32 number = U32_MAX;

	if (__sys_recvfrom(t->fd[1], &number, sizeof(number), 0, NULL, NULL) < 0)
		return U32_MAX;
	return number;
}

TEST(simlink_delays_to_the_nanosecond)
{
	const struct simlink_config cfg = { .delay_ns = 12345678 };
	struct two t;

	two_up(&t, &cfg);
	send(&t, 1, 100);
	host_sleep(12345677);
	EXPECT_EQ(receive(&t), U32_MAX);
	host_sleep(1);
	EXPECT_EQ(receive(&t), 1);
	two_down(&t);
}

TEST(simlink_rate_spaces_frames_and_the_queue_overflows)
{
	/* 1000 bytes of frame and 24 between: 8.192 ms each at 1 Mbit/s. */
	const struct simlink_config cfg = { .rate_bps = 1000000, .queue_limit = 4 };
	struct two t;
	u32 i;

	two_up(&t, &cfg);
	for (i = 0; i < 10; i++)
		send(&t, i, 1000 - 14 - 28);
	EXPECT_EQ(simlink_stats(t.link, 0)->queue_drops, 6);
	for (i = 0; i < 4; i++) {
		host_sleep(8192 * NSEC_PER_USEC - 1);
		EXPECT_EQ(receive(&t), U32_MAX);
		host_sleep(1);
		EXPECT_EQ(receive(&t), i);
	}
	two_down(&t);
}

TEST(simlink_queue_counts_frames_whatever_their_size)
{
	const struct simlink_config cfg = { .rate_bps = 1000000, .queue_limit = 4 };
	struct two t;
	u32 i;

	two_up(&t, &cfg);
	/* Three large ones leave room for one small one, and for no other. */
	for (i = 0; i < 3; i++)
		send(&t, i, 1000);
	for (; i < 6; i++)
		send(&t, i, 4);
	EXPECT_EQ(simlink_stats(t.link, 0)->queue_drops, 2);
	host_sleep(NSEC_PER_SEC);
	for (i = 0; i < 4; i++)
		EXPECT_EQ(receive(&t), i);
	EXPECT_EQ(receive(&t), U32_MAX);
	two_down(&t);
}

static u64 run(const struct simlink_config *cfg, struct simlink_stats *stats)
{
	u64 digest = 0;
	struct two t;
	u32 i, got;

	two_up(&t, cfg);
	for (i = 0; i < 2000; i++) {
		send(&t, i, 100);
		host_sleep(100 * NSEC_PER_USEC);
		while ((got = receive(&t)) != U32_MAX)
			digest = digest * 31 + got;
	}
	host_sleep(NSEC_PER_SEC);
	while ((got = receive(&t)) != U32_MAX)
		digest = digest * 31 + got;
	*stats = *simlink_stats(t.link, 0);
	two_down(&t);
	return digest;
}

TEST(simlink_faults_come_as_often_as_asked_and_repeat_by_seed)
{
	struct simlink_config cfg = { .delay_ns = NSEC_PER_MSEC, .loss_ppm = 100000,
				      .duplicate_ppm = 50000, .reorder_ppm = 50000,
				      .corrupt_ppm = 20000, .seed = 5 };
	struct simlink_stats a, b, c;
	u64 first = run(&cfg, &a), again = run(&cfg, &b), other;

	cfg.seed = 6;
	other = run(&cfg, &c);
	EXPECT_EQ(first, again);
	EXPECT_MEMEQ(&a, &b, sizeof(a));
	EXPECT_NE(first, other);
	EXPECT_GT(a.lost, 150);
	EXPECT_LT(a.lost, 250);
	EXPECT_GT(a.duplicated, 60);
	EXPECT_LT(a.duplicated, 130);
	EXPECT_GT(a.reordered, 60);
	EXPECT_LT(a.reordered, 130);
	EXPECT_GT(a.corrupted, 15);
	EXPECT_EQ(a.delivered, a.sent - a.lost + a.duplicated);
}

TEST(simlink_may_go_before_its_hosts)
{
	struct net *net[2];
	struct simlink *link = simlink_two_hosts(&net[0], &net[1], NULL, NULL);

	simlink_destroy(link);
	net_destroy(net[1]);
	net_destroy(net[0]);
}
