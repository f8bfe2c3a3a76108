// SPDX-License-Identifier: MIT
/* Neighbours: every state by virtual time, waiting packets, the header cache, the
 * table's bounds. The protocol that asks is the test's own. */
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/sysctl.h>
#include <linux/timer.h>
#include <net/neighbour.h>
#include <net/net_namespace.h>

#include "../../test.h"
#include "../fake_netdev.h"

static const u8 mac_a[ETH_ALEN] = { 2, 0, 0, 0, 0, 0xa };
static const u8 mac_b[ETH_ALEN] = { 2, 0, 0, 0, 0, 0xb };

static unsigned int asked, asked_directly, given_up;

static void solicit(struct neighbour *n, struct sk_buff *skb)
{
	asked++;
	if ((int)n->probes < n->parms->ucast_probes)
		asked_directly++;
}

static void error_report(struct neighbour *n, struct sk_buff *skb)
{
	given_up++;
	kfree_skb_reason(skb, SKB_DROP_REASON_NEIGH_FAILED);
}

static const struct neigh_ops test_ops = {
	.solicit = solicit,
	.error_report = error_report,
	.output = neigh_resolve_output,
	.connected_output = neigh_connected_output,
};

static int constructor(struct neighbour *n)
{
	if (n->primary_key[0] == 0xff)
		return -EINVAL;
	n->ops = &test_ops;
	n->output = n->ops->output;
	return 0;
}

struct scene {
	struct neigh_table tbl;
	struct net_device *dev;
	struct neighbour *n;
};

static void begin(struct scene *s)
{
	u32 key = 0x01020304;

	asked = asked_directly = given_up = 0;
	memset(&s->tbl, 0, sizeof(s->tbl));
	s->tbl.key_len = 4;
	s->tbl.protocol = htons(ETH_P_TEST);
	s->tbl.constructor = constructor;
	s->tbl.parms = (struct neigh_parms){
		.base_reachable_time_ns = 30 * NSEC_PER_SEC, .retrans_time_ns = NSEC_PER_SEC,
		.gc_staletime_ns = 60 * NSEC_PER_SEC, .delay_probe_time_ns = 5 * NSEC_PER_SEC,
		.mcast_probes = 3, .ucast_probes = 3, .queue_len_bytes = 10000,
	};
	s->tbl.gc_interval_ns = 30 * NSEC_PER_SEC;
	s->tbl.gc_thresh1 = 8;
	s->tbl.gc_thresh2 = 16;
	s->tbl.gc_thresh3 = 32;
	neigh_table_init(&s->tbl, init_net);
	s->dev = fake_netdev_create(init_net, 0);
	s->n = neigh_create(&s->tbl, &key, s->dev);
	EXPECT_FALSE(IS_ERR(s->n));
	neigh_release(s->n);		/* the table has its own */
}

static void end(struct scene *s)
{
	neigh_table_clear(&s->tbl);
	host_run();
	fake_netdev_destroy(s->dev);
}

/* A packet without link-layer header, as IP gives it to neigh_output(). */
static struct sk_buff *bare(struct scene *s, unsigned int len)
{
	struct sk_buff *skb = fake_packet(s->dev, len, 0);

	__skb_pull(skb, ETH_HLEN);
	return skb;
}

static int output(struct scene *s, struct sk_buff *skb)
{
	int ret;

	local_bh_disable();
	ret = neigh_output(s->n, skb, false);
	local_bh_enable();
	return ret;
}

static void expect_sent(struct scene *s, const u8 *dest, unsigned int len)
{
	struct sk_buff *skb = fake_netdev_pop(s->dev);

	EXPECT_TRUE(skb != NULL);
	if (!skb)
		return;
	EXPECT_EQ(skb->len, len + ETH_HLEN);
	EXPECT_MEMEQ(skb->data, dest, ETH_ALEN);
	EXPECT_MEMEQ(skb->data + 6, s->dev->dev_addr, ETH_ALEN);
	EXPECT_EQ(((struct ethhdr *)(void *)skb->data)->h_proto, htons(ETH_P_TEST));
	consume_skb(skb);
}

TEST(a_packet_asks_waits_and_goes_when_the_answer_comes)
{
	struct scene s;

	begin(&s);
	EXPECT_EQ(s.n->nud_state, NUD_NONE);
	EXPECT_EQ(output(&s, bare(&s, 100)), 0);
	EXPECT_EQ(s.n->nud_state, NUD_INCOMPLETE);
	EXPECT_EQ(asked, 1);
	EXPECT_EQ(output(&s, bare(&s, 101)), 0);
	EXPECT_EQ(asked, 1);
	EXPECT_EQ(fake_netdev_drain(s.dev), 0);
	EXPECT_EQ(neigh_update(s.n, mac_a, NUD_REACHABLE, 0), 0);
	EXPECT_EQ(s.n->nud_state, NUD_REACHABLE);
	expect_sent(&s, mac_a, 100);
	expect_sent(&s, mac_a, 101);
	EXPECT_EQ(s.n->arp_queue_len_bytes, 0);
	output(&s, bare(&s, 102));
	expect_sent(&s, mac_a, 102);
	end(&s);
}

TEST(without_an_answer_three_requests_a_second_apart_and_then_an_error)
{
	u64 start = ktime_get_ns();
	struct scene s;

	begin(&s);
	output(&s, bare(&s, 100));
	output(&s, bare(&s, 100));
	host_advance(start + NSEC_PER_SEC - 1);
	EXPECT_EQ(asked, 1);
	host_advance(start + NSEC_PER_SEC);
	EXPECT_EQ(asked, 2);
	host_advance(start + 2 * NSEC_PER_SEC);
	EXPECT_EQ(asked, 3);
	EXPECT_EQ(asked_directly, 0);
	EXPECT_EQ(given_up, 0);
	host_advance(start + 3 * NSEC_PER_SEC);
	EXPECT_EQ(asked, 3);
	EXPECT_EQ(given_up, 2);
	EXPECT_EQ(s.n->nud_state, NUD_FAILED);
	EXPECT_EQ(s.tbl.stats.res_failed, 1);
	EXPECT_FALSE(timer_pending(&s.n->timer));
	/* The next packet starts anew. */
	output(&s, bare(&s, 100));
	EXPECT_EQ(s.n->nud_state, NUD_INCOMPLETE);
	EXPECT_EQ(asked, 4);
	end(&s);
}

TEST(the_oldest_give_way_when_too_many_wait)
{
	u64 before = init_net->drops[SKB_DROP_REASON_NEIGH_QUEUEFULL];
	struct scene s;
	unsigned int i;

	begin(&s);
	for (i = 1; i <= 20; i++)
		output(&s, bare(&s, 100 + i));
	EXPECT_LE(s.n->arp_queue_len_bytes, 10000);
	EXPECT_GT(init_net->drops[SKB_DROP_REASON_NEIGH_QUEUEFULL], before);
	EXPECT_EQ(s.tbl.stats.unres_discards,
		  init_net->drops[SKB_DROP_REASON_NEIGH_QUEUEFULL] - before);
	i = 100 + (unsigned int)s.tbl.stats.unres_discards;
	neigh_update(s.n, mac_a, NUD_REACHABLE, 0);
	while (i++ < 120)
		expect_sent(&s, mac_a, i);
	EXPECT_EQ(fake_netdev_drain(s.dev), 0);
	end(&s);
}

TEST(reachable_grows_stale_and_is_checked_when_used)
{
	struct scene s;
	u64 now;

	begin(&s);
	output(&s, bare(&s, 100));
	neigh_update(s.n, mac_a, NUD_REACHABLE, 0);
	fake_netdev_drain(s.dev);
	EXPECT_GE(s.tbl.parms.reachable_time_ns, 15 * NSEC_PER_SEC);
	EXPECT_LE(s.tbl.parms.reachable_time_ns, 45 * NSEC_PER_SEC);
	host_sleep(s.tbl.parms.reachable_time_ns - 1);
	EXPECT_EQ(s.n->nud_state, NUD_REACHABLE);
	host_sleep(1);
	EXPECT_EQ(s.n->nud_state, NUD_STALE);
	EXPECT_FALSE(timer_pending(&s.n->timer));
	/* Stale for hours costs nothing. Then it is used: sent, and checked. */
	host_sleep(3600 * NSEC_PER_SEC);
	asked = 0;
	now = ktime_get_ns();
	output(&s, bare(&s, 100));
	expect_sent(&s, mac_a, 100);
	EXPECT_EQ(s.n->nud_state, NUD_DELAY);
	EXPECT_EQ(asked, 0);
	host_advance(now + 5 * NSEC_PER_SEC);
	EXPECT_EQ(s.n->nud_state, NUD_PROBE);
	EXPECT_EQ(asked, 1);
	EXPECT_EQ(asked_directly, 1);
	/* While it is probed packets go out. */
	output(&s, bare(&s, 101));
	expect_sent(&s, mac_a, 101);
	host_advance(now + 7 * NSEC_PER_SEC);
	EXPECT_EQ(asked_directly, 3);
	neigh_update(s.n, mac_a, NUD_REACHABLE, NEIGH_UPDATE_F_OVERRIDE);
	EXPECT_EQ(s.n->nud_state, NUD_REACHABLE);
	end(&s);
}

TEST(a_silent_neighbour_fails_after_its_probes)
{
	struct scene s;
	u64 now;

	begin(&s);
	neigh_update(s.n, mac_a, NUD_STALE, 0);
	EXPECT_EQ(s.n->nud_state, NUD_STALE);
	now = ktime_get_ns();
	output(&s, bare(&s, 100));
	fake_netdev_drain(s.dev);
	host_advance(now + 8 * NSEC_PER_SEC - 1);
	EXPECT_EQ(s.n->nud_state, NUD_PROBE);
	host_advance(now + 8 * NSEC_PER_SEC);
	EXPECT_EQ(s.n->nud_state, NUD_FAILED);
	EXPECT_EQ(asked, 3);
	end(&s);
}

TEST(a_transport_that_hears_the_peer_saves_the_probes)
{
	struct scene s;
	u64 now;

	begin(&s);
	neigh_update(s.n, mac_a, NUD_STALE, 0);
	now = ktime_get_ns();
	output(&s, bare(&s, 100));
	EXPECT_EQ(s.n->nud_state, NUD_DELAY);
	host_advance(now + 3 * NSEC_PER_SEC);
	neigh_confirm(s.n);
	host_advance(now + 5 * NSEC_PER_SEC);
	EXPECT_EQ(s.n->nud_state, NUD_REACHABLE);
	EXPECT_EQ(asked, 0);
	/* And again, for as long as it goes on. */
	host_sleep(10 * NSEC_PER_SEC);
	neigh_confirm(s.n);
	host_sleep(14 * NSEC_PER_SEC);
	EXPECT_EQ(s.n->nud_state, NUD_REACHABLE);
	fake_netdev_drain(s.dev);
	end(&s);
}

TEST(the_header_is_cached_used_and_changed_with_the_address)
{
	struct scene s;

	begin(&s);
	output(&s, bare(&s, 100));
	neigh_update(s.n, mac_a, NUD_REACHABLE, 0);
	expect_sent(&s, mac_a, 100);
	/* The waiting packet went by connected_output: no cache yet. */
	EXPECT_EQ(s.n->hh.hh_len, 0);
	local_bh_disable();
	neigh_resolve_output(s.n, bare(&s, 101));
	local_bh_enable();
	expect_sent(&s, mac_a, 101);
	EXPECT_EQ(s.n->hh.hh_len, ETH_HLEN);
	EXPECT_EQ(s.tbl.stats.hh_hits, 0);
	output(&s, bare(&s, 102));
	expect_sent(&s, mac_a, 102);
	EXPECT_EQ(s.tbl.stats.hh_hits, 1);
	neigh_update(s.n, mac_b, NUD_REACHABLE, NEIGH_UPDATE_F_OVERRIDE);
	output(&s, bare(&s, 103));
	expect_sent(&s, mac_b, 103);
	EXPECT_EQ(s.tbl.stats.hh_hits, 2);
	/* Not connected: the long way. */
	neigh_update(s.n, NULL, NUD_STALE, NEIGH_UPDATE_F_ADMIN);
	output(&s, bare(&s, 104));
	expect_sent(&s, mac_b, 104);
	EXPECT_EQ(s.tbl.stats.hh_hits, 2);
	end(&s);
}

TEST(a_packet_without_headroom_gets_some)
{
	struct sk_buff *skb;
	struct scene s;
	int i;

	begin(&s);
	neigh_update(s.n, mac_a, NUD_REACHABLE, 0);
	for (i = 0; i < 3; i++) {
		skb = alloc_skb(init_net, 100, GFP_KERNEL);
		skb_put_zero(skb, 80);
		skb->dev = s.dev;
		skb->protocol = htons(ETH_P_TEST);
		skb_reset_network_header(skb);
		local_bh_disable();
		if (i)
			neigh_output(s.n, skb, false);
		else
			neigh_resolve_output(s.n, skb);
		local_bh_enable();
		expect_sent(&s, mac_a, 80);
	}
	EXPECT_EQ(s.tbl.stats.hh_hits, 2);
	end(&s);
}

TEST(news_is_believed_only_from_who_may_say_it)
{
	struct scene s;

	begin(&s);
	EXPECT_EQ(neigh_update(s.n, NULL, NUD_REACHABLE, 0), -EINVAL);
	neigh_update(s.n, mac_a, NUD_REACHABLE, 0);
	/* Another address without OVERRIDE: no. */
	EXPECT_EQ(neigh_update(s.n, mac_b, NUD_REACHABLE, 0), 0);
	EXPECT_MEMEQ(s.n->ha, mac_a, ETH_ALEN);
	EXPECT_EQ(s.n->nud_state, NUD_REACHABLE);
	/* Suspected. */
	neigh_update(s.n, mac_b, NUD_REACHABLE, NEIGH_UPDATE_F_WEAK_OVERRIDE);
	EXPECT_MEMEQ(s.n->ha, mac_a, ETH_ALEN);
	EXPECT_EQ(s.n->nud_state, NUD_STALE);
	/* STALE news of the same address says nothing new. */
	neigh_update(s.n, mac_a, NUD_REACHABLE, 0);
	neigh_update(s.n, mac_a, NUD_STALE, 0);
	EXPECT_EQ(s.n->nud_state, NUD_REACHABLE);
	neigh_update(s.n, mac_b, NUD_STALE, NEIGH_UPDATE_F_OVERRIDE);
	EXPECT_EQ(s.n->nud_state, NUD_STALE);
	EXPECT_MEMEQ(s.n->ha, mac_b, ETH_ALEN);
	/* A permanent entry changes by a person's hand only. */
	neigh_update(s.n, mac_a, NUD_PERMANENT, NEIGH_UPDATE_F_ADMIN | NEIGH_UPDATE_F_OVERRIDE);
	EXPECT_EQ(neigh_update(s.n, mac_b, NUD_REACHABLE, NEIGH_UPDATE_F_OVERRIDE), -EPERM);
	EXPECT_EQ(neigh_update(s.n, NULL, NUD_FAILED, 0), -EPERM);
	host_sleep(1000 * NSEC_PER_SEC);
	EXPECT_EQ(s.n->nud_state, NUD_PERMANENT);
	output(&s, bare(&s, 100));
	expect_sent(&s, mac_a, 100);
	end(&s);
}

TEST(who_asks_for_us_is_remembered)
{
	struct neighbour *n;
	struct scene s;
	u32 key = 0x0a0b0c0d;

	begin(&s);
	n = neigh_event_ns(&s.tbl, mac_b, &key, s.dev);
	EXPECT_EQ(n->nud_state, NUD_STALE);
	EXPECT_MEMEQ(n->ha, mac_b, ETH_ALEN);
	neigh_release(n);
	EXPECT_EQ(s.tbl.entries, 2);
	n = neigh_lookup(&s.tbl, &key, s.dev);
	EXPECT_TRUE(n != NULL);
	neigh_release(n);
	EXPECT_EQ(neigh_delete(&s.tbl, &key, s.dev), 0);
	EXPECT_EQ(neigh_delete(&s.tbl, &key, s.dev), -ENOENT);
	EXPECT_TRUE(neigh_lookup(&s.tbl, &key, s.dev) == NULL);
	key = 0xff;
	EXPECT_EQ(PTR_ERR(neigh_create(&s.tbl, &key, s.dev)), -EINVAL);
	EXPECT_EQ(s.tbl.entries, 1);
	end(&s);
}

static struct neighbour *add(struct scene *s, u32 key, u8 state)
{
	struct neighbour *n = neigh_create(&s->tbl, &key, s->dev);

	if (IS_ERR(n))
		return NULL;
	if (state)
		neigh_update(n, mac_b, state, NEIGH_UPDATE_F_ADMIN);
	neigh_release(n);
	return n;
}

TEST(a_full_table_throws_away_what_is_not_used_and_nothing_else)
{
	struct scene s;
	u32 key;

	begin(&s);
	neigh_update(s.n, mac_a, NUD_REACHABLE, 0);
	for (key = 0x100; key < 0x100 + 15; key++)
		EXPECT_TRUE(add(&s, key, NUD_STALE) != NULL);
	for (; key < 0x100 + 31; key++)
		EXPECT_TRUE(add(&s, key, NUD_PERMANENT) != NULL);
	EXPECT_EQ(s.tbl.entries, 32);
	/* All young: spared, and there is no room. */
	EXPECT_TRUE(add(&s, 0x999, NUD_STALE) == NULL);
	EXPECT_EQ(s.tbl.stats.table_fulls, 1);
	host_sleep(6 * NSEC_PER_SEC);
	/* One is in use by a packet. */
	key = 0x100;
	s.n = neigh_lookup(&s.tbl, &key, s.dev);
	EXPECT_TRUE(add(&s, 0x999, NUD_STALE) != NULL);
	EXPECT_EQ(s.tbl.entries, 32 - 14 + 1);
	EXPECT_FALSE(s.n->dead);
	neigh_release(s.n);
	key = 0x01020304;
	s.n = neigh_lookup(&s.tbl, &key, s.dev);
	EXPECT_TRUE(s.n && s.n->nud_state == NUD_REACHABLE);
	neigh_release(s.n);
	end(&s);
}

TEST(many_neighbours_are_looked_after_now_and_then)
{
	struct scene s;
	u32 key;

	begin(&s);
	for (key = 0x100; key < 0x100 + 6; key++)
		add(&s, key, NUD_STALE);
	/* Fewer than gc_thresh1: no timer, for ever. */
	EXPECT_FALSE(timer_pending(&s.tbl.gc_timer));
	add(&s, key++, NUD_STALE);
	add(&s, key++, NUD_PERMANENT);
	EXPECT_TRUE(timer_pending(&s.tbl.gc_timer));
	host_sleep(59 * NSEC_PER_SEC);
	EXPECT_EQ(s.tbl.entries, 9);
	host_sleep(32 * NSEC_PER_SEC);
	EXPECT_EQ(s.tbl.entries, 1);	/* the permanent one */
	EXPECT_FALSE(timer_pending(&s.tbl.gc_timer));
	end(&s);
}

TEST(a_device_that_goes_takes_its_neighbours_and_their_packets)
{
	u64 before = init_net->drops[SKB_DROP_REASON_NEIGH_DEAD];
	struct neighbour *held;
	struct scene s;

	begin(&s);
	output(&s, bare(&s, 100));
	output(&s, bare(&s, 100));
	held = s.n;
	neigh_hold(held);
	neigh_ifdown(&s.tbl, s.dev);
	EXPECT_TRUE(held->dead);
	EXPECT_EQ(init_net->drops[SKB_DROP_REASON_NEIGH_DEAD] - before, 2);
	/* Who still has it finds a dead end. */
	output(&s, bare(&s, 100));
	EXPECT_EQ(init_net->drops[SKB_DROP_REASON_NEIGH_DEAD] - before, 3);
	EXPECT_EQ(neigh_update(held, mac_a, NUD_REACHABLE, 0), -EINVAL);
	EXPECT_EQ(s.tbl.entries, 1);
	neigh_release(held);
	EXPECT_EQ(s.tbl.entries, 0);
	end(&s);
}

TEST(no_memory_for_a_neighbour_is_an_error_not_a_crash)
{
	u32 key = 7;
	struct scene s;

	begin(&s);
	slab_fail_after(1, 10);
	EXPECT_EQ(PTR_ERR(neigh_create(&s.tbl, &key, s.dev)), -ENOBUFS);
	slab_fail_after(0, 0);
	end(&s);
}

TEST(settings_reach_the_table_of_the_namespace)
{
	static const struct {
		const char *name, *value;
	} v[] = {
		{ "gc_thresh1", "128" }, { "gc_thresh2", "512" }, { "gc_thresh3", "1024" },
		{ "base_reachable_time_ms", "30000" }, { "retrans_time_ms", "1000" },
		{ "gc_stale_time", "60" }, { "delay_first_probe_time", "5" },
		{ "ucast_solicit", "3" }, { "mcast_solicit", "3" },
		{ "unres_qlen_bytes", "212992" },
	};
	struct net *net = net_create();
	char name[64], buf[16];
	unsigned int i;

	if (!net->ipv4.arp_tbl)
		goto out;
	for (i = 0; i < ARRAY_SIZE(v); i++) {
		scnprintf(name, sizeof(name), "net.ipv4.neigh.default.%s", v[i].name);
		EXPECT_GT(sysctl_read(net, name, buf, sizeof(buf)), 0);
		EXPECT_STREQ(buf, v[i].value);
		EXPECT_EQ(sysctl_write(net, name, "7"), 0);
		sysctl_read(net, name, buf, sizeof(buf));
		EXPECT_STREQ(buf, "7");
		EXPECT_EQ(sysctl_write(net, name, "-1"), -EINVAL);
		EXPECT_EQ(sysctl_write(net, name, "x"), -EINVAL);
	}
	EXPECT_EQ(net->ipv4.arp_tbl->parms.retrans_time_ns, 7 * NSEC_PER_MSEC);
	EXPECT_EQ(net->ipv4.arp_tbl->parms.gc_staletime_ns, 7 * NSEC_PER_SEC);
	EXPECT_LE(net->ipv4.arp_tbl->parms.reachable_time_ns, 11 * NSEC_PER_MSEC);
	EXPECT_EQ(sysctl_write(net, "net.ipv4.neigh.default.unres_qlen", "10"), 0);
	sysctl_read(net, "net.ipv4.neigh.default.unres_qlen", buf, sizeof(buf));
	EXPECT_STREQ(buf, "10");
	EXPECT_EQ(init_net->ipv4.arp_tbl->gc_thresh1, 128);
out:
	net_destroy(net);
}
