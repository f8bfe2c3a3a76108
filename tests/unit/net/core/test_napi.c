// SPDX-License-Identifier: MIT
/* Polling: shares, budgets, and no event lost. */
#include <net/net_namespace.h>

#include "../../test.h"
#include "../fake_netdev.h"

struct poller {
	struct napi_struct napi;
	int work;			/* packets that are there */
	int polls, done;
	int event_at_end;		/* an event comes just before completing */
	int unmasked;
	bool greedy;			/* says more than it was allowed */
};

static int test_poll(struct napi_struct *napi, int budget)
{
	struct poller *p = container_of(napi, struct poller, napi);
	int n = min(p->work, budget);

	p->polls++;
	p->work -= n;
	p->done += n;
	if (p->greedy)
		return budget + 1;
	if (n < budget) {
		if (p->event_at_end) {
			p->event_at_end--;
			p->work++;
			EXPECT_FALSE(napi_schedule(napi));
		}
		if (napi_complete_done(napi, n))
			p->unmasked++;
	}
	return n;
}

static void poller_init(struct poller *p, struct net_device *dev, int work)
{
	memset(p, 0, sizeof(*p));
	p->work = work;
	netif_napi_add(dev, &p->napi, test_poll);
	napi_enable(&p->napi);
}

static void poller_end(struct poller *p)
{
	napi_disable(&p->napi);
	netif_napi_del(&p->napi);
}

TEST(a_scheduled_instance_is_polled_until_it_has_nothing)
{
	struct net_device *dev = fake_netdev_create(init_net, 0);
	struct poller p;

	poller_init(&p, dev, 150);
	EXPECT_TRUE(napi_schedule(&p.napi));
	host_run();
	EXPECT_EQ(p.done, 150);
	EXPECT_EQ(p.polls, 3);
	EXPECT_EQ(p.unmasked, 1);
	EXPECT_FALSE(napi_is_scheduled(&p.napi));
	host_run();
	EXPECT_EQ(p.polls, 3);
	poller_end(&p);
	fake_netdev_destroy(dev);
}

TEST(an_event_during_the_poll_means_another_poll)
{
	struct net_device *dev = fake_netdev_create(init_net, 0);
	struct poller p;

	poller_init(&p, dev, 5);
	p.event_at_end = 3;
	napi_schedule(&p.napi);
	host_run();
	EXPECT_EQ(p.done, 8);
	EXPECT_EQ(p.polls, 4);
	EXPECT_EQ(p.unmasked, 1);
	poller_end(&p);
	fake_netdev_destroy(dev);
}

TEST(instances_take_turns_and_none_starves)
{
	struct net_device *dev = fake_netdev_create(init_net, 0);
	struct poller a, b;

	poller_init(&a, dev, 640);
	poller_init(&b, dev, 10);
	local_bh_disable();
	napi_schedule(&a.napi);
	napi_schedule(&b.napi);
	local_bh_enable();
	EXPECT_EQ(b.done, 10);
	host_run();
	EXPECT_EQ(a.done, 640);
	poller_end(&a);
	poller_end(&b);
	fake_netdev_destroy(dev);
}

TEST(a_round_ends_with_its_budget_and_goes_on_later)
{
	struct net_device *dev = fake_netdev_create(init_net, 0);
	struct softnet_data *sd = this_cpu()->softnet;
	u64 squeezed = sd->time_squeeze;
	struct poller p;

	poller_init(&p, dev, 2000);
	local_bh_disable();
	napi_schedule(&p.napi);
	local_bh_enable();
	host_run();
	EXPECT_EQ(p.done, 2000);
	/* 300 packets a round, in turns of 64: 320. */
	EXPECT_EQ(sd->time_squeeze - squeezed, 6);
	poller_end(&p);
	fake_netdev_destroy(dev);
}

TEST(a_disabled_instance_is_not_polled_and_starts_anew)
{
	struct net_device *dev = fake_netdev_create(init_net, 0);
	struct poller p;

	poller_init(&p, dev, 10);
	local_bh_disable();
	napi_schedule(&p.napi);
	napi_disable(&p.napi);
	local_bh_enable();
	host_run();
	EXPECT_EQ(p.polls, 0);
	EXPECT_FALSE(napi_schedule(&p.napi));
	napi_enable(&p.napi);
	EXPECT_TRUE(napi_schedule(&p.napi));
	host_run();
	EXPECT_EQ(p.done, 10);
	poller_end(&p);
	fake_netdev_destroy(dev);
}

TEST(what_a_poll_delivers_goes_up_at_once)
{
	struct net_device *dev = fake_netdev_create(init_net, 0);
	u64 before = init_net->drops[SKB_DROP_REASON_UNHANDLED_PROTO];
	struct sk_buff *skb = fake_frame(dev, NULL, ETH_P_TEST, 100);
	struct poller p;

	poller_init(&p, dev, 0);
	skb->protocol = eth_type_trans(skb, dev);
	local_bh_disable();
	EXPECT_EQ((int)napi_gro_receive(&p.napi, skb), GRO_NORMAL);
	local_bh_enable();
	EXPECT_EQ(init_net->drops[SKB_DROP_REASON_UNHANDLED_PROTO] - before, 1);
	skb = napi_alloc_skb(&p.napi, 1514);
	EXPECT_TRUE(skb->dev == dev);
	EXPECT_EQ(skb_headroom(skb), NET_SKB_PAD + NET_IP_ALIGN);
	consume_skb(skb);
	poller_end(&p);
	fake_netdev_destroy(dev);
}
