// SPDX-License-Identifier: MIT
/* Routes: the longest prefix against a model, scopes, metrics, what addresses bring. */
#include <linux/err.h>
#include <linux/random.h>

#include "wire.h"

#define ROUTES	400

struct model_route {
	u32 key;
	u8 plen;
	u32 metric;
	bool used;
};

static struct model_route model[ROUTES];

static u32 mask_of(unsigned int plen)
{
	return plen ? ~0U << (32 - plen) : 0;
}

/* The best route by looking at all. */
static int model_lookup(u32 addr)
{
	int i, best = -1;

	for (i = 0; i < ROUTES; i++) {
		if (!model[i].used || (addr ^ model[i].key) & mask_of(model[i].plen))
			continue;
		if (best < 0 || model[i].plen > model[best].plen ||
		    (model[i].plen == model[best].plen && model[i].metric < model[best].metric))
			best = i;
	}
	return best;
}

static int find_same(u32 key, u8 plen, u32 metric)
{
	int i;

	for (i = 0; i < ROUTES; i++) {
		if (model[i].used && model[i].key == key && model[i].plen == plen &&
		    model[i].metric == metric)
			return i;
	}
	return -1;
}

static struct fib_config config_of(const struct wire *w, const struct model_route *r)
{
	return (struct fib_config){ .fc_dst = htonl(r->key), .fc_dst_len = r->plen,
		.fc_type = RTN_UNICAST, .fc_scope = RT_SCOPE_LINK, .fc_oif = w->dev->ifindex,
		.fc_table = RT_TABLE_MAIN, .fc_priority = r->metric,
		.fc_protocol = RTPROT_STATIC };
}

static void check_lookups(struct wire *w, unsigned int n)
{
	while (n--) {
		u32 addr = get_random_u32();
		struct flowi4 fl4 = { 0 };
		struct fib_result res;
		int err, i;

		/* Near a route, as often as not. */
		if (n & 1) {
			i = (int)get_random_u32_below(ROUTES);
			addr = model[i].key | (addr & ~mask_of(model[i].plen));
		}
		fl4.daddr = htonl(addr);
		err = fib_table_lookup(w->net->ipv4.fib_main, &fl4, &res, 0);
		i = model_lookup(addr);
		EXPECT_EQ(err, i < 0 ? -EAGAIN : 0);
		if (err || i < 0)
			continue;
		EXPECT_EQ(res.prefixlen, model[i].plen);
		EXPECT_EQ(res.prefix, htonl(model[i].key));
		EXPECT_EQ(res.fi->fib_priority, model[i].metric);
	}
}

static void add_random(struct wire *w, int i)
{
	struct model_route *r = &model[i];
	struct fib_config cfg;

	r->plen = (u8)get_random_u32_below(33);
	/* Many share a beginning. */
	r->key = get_random_u32() & mask_of(r->plen);
	if (i & 1)
		r->key = (0xc0a80000U | (get_random_u32() & 0xffff)) & mask_of(r->plen);
	r->metric = 1 + get_random_u32_below(3);
	cfg = config_of(w, r);
	if (find_same(r->key, r->plen, r->metric) >= 0) {
		EXPECT_EQ(ip_route_add(w->net, &cfg), -EEXIST);
		return;
	}
	EXPECT_EQ(ip_route_add(w->net, &cfg), 0);
	r->used = true;
}

TEST(the_longest_prefix_with_the_lowest_metric_wins)
{
	struct fib_config cfg;
	struct wire w;
	int i;

	wire_up_plain(&w, 0);
	EXPECT_EQ(inet_del_addr(w.net, w.dev, US, 24), 0);
	memset(model, 0, sizeof(model));
	for (i = 0; i < ROUTES; i++)
		add_random(&w, i);
	check_lookups(&w, 4000);
	for (i = 0; i < ROUTES; i += 2) {
		cfg = config_of(&w, &model[i]);
		if (model[i].used)
			EXPECT_EQ(ip_route_del(w.net, &cfg), 0);
		model[i].used = false;
	}
	check_lookups(&w, 4000);
	for (i = 0; i < ROUTES; i += 2)
		add_random(&w, i);
	check_lookups(&w, 4000);
	for (i = 0; i < ROUTES; i++) {
		cfg = config_of(&w, &model[i]);
		if (model[i].used)
			EXPECT_EQ(ip_route_del(w.net, &cfg), 0);
		model[i].used = false;
	}
	check_lookups(&w, 100);
	EXPECT_EQ(w.net->ipv4.fib_main->tb_num_routes, 0);
	EXPECT_TRUE(w.net->ipv4.fib_main->root == NULL);
	wire_down(&w);
}

TEST(a_route_whose_prefix_has_bits_behind_its_length_is_refused)
{
	struct wire w;
	struct fib_config cfg;

	wire_up(&w);
	cfg = config_of(&w, &(struct model_route){ .key = 0x0a010001, .plen = 16 });
	EXPECT_EQ(ip_route_add(w.net, &cfg), -EINVAL);
	cfg.fc_dst_len = 33;
	EXPECT_EQ(ip_route_add(w.net, &cfg), -EINVAL);
	wire_down(&w);
}

TEST(an_address_brings_its_routes_and_takes_them_with_it)
{
	struct wire w;

	wire_up_plain(&w, 0);
	EXPECT_EQ(inet_addr_type(w.net, US), RTN_LOCAL);
	EXPECT_EQ(inet_addr_type(w.net, IP4(10, 0, 0, 255)), RTN_BROADCAST);
	EXPECT_EQ(inet_addr_type(w.net, PEER), RTN_UNICAST);
	EXPECT_EQ(inet_addr_type(w.net, IP4(127, 1, 2, 3)), RTN_LOCAL);
	EXPECT_EQ(inet_addr_type(w.net, IP4(127, 255, 255, 255)), RTN_BROADCAST);
	EXPECT_EQ(inet_addr_type(w.net, IP4(224, 0, 0, 5)), RTN_MULTICAST);
	EXPECT_EQ(inet_addr_type(w.net, IP4(255, 255, 255, 255)), RTN_BROADCAST);
	EXPECT_EQ(inet_add_addr(w.net, w.dev, US, 24), -EEXIST);
	EXPECT_EQ(inet_add_addr(w.net, w.dev, IP4(10, 0, 0, 9), 24), 0);
	EXPECT_EQ(inet_add_addr(w.net, w.dev, IP4(224, 0, 0, 9), 24), -EINVAL);
	EXPECT_EQ(inet_add_addr(w.net, w.dev, IP4(127, 0, 0, 9), 8), -EINVAL);
	EXPECT_EQ(inet_addr_type(w.net, IP4(10, 0, 0, 9)), RTN_LOCAL);
	EXPECT_EQ(inet_del_addr(w.net, w.dev, IP4(10, 0, 0, 9), 24), 0);
	EXPECT_EQ(inet_addr_type(w.net, IP4(10, 0, 0, 9)), RTN_UNICAST);
	EXPECT_EQ(inet_addr_type(w.net, IP4(10, 0, 0, 255)), RTN_BROADCAST);
	EXPECT_EQ(inet_del_addr(w.net, w.dev, US, 24), 0);
	EXPECT_EQ(inet_addr_type(w.net, US), RTN_UNICAST);
	EXPECT_EQ(inet_addr_type(w.net, IP4(10, 0, 0, 255)), RTN_UNICAST);
	EXPECT_EQ(w.net->ipv4.fib_main->tb_num_routes, 0);
	EXPECT_EQ(inet_del_addr(w.net, w.dev, US, 24), -EADDRNOTAVAIL);
	wire_down(&w);
}

TEST(a_subnet_of_two_addresses_has_no_broadcast)
{
	struct wire w;

	wire_up_plain(&w, 0);
	EXPECT_EQ(inet_add_addr(w.net, w.dev, IP4(10, 9, 0, 0), 31), 0);
	EXPECT_EQ(inet_addr_type(w.net, IP4(10, 9, 0, 0)), RTN_LOCAL);
	EXPECT_EQ(inet_addr_type(w.net, IP4(10, 9, 0, 1)), RTN_UNICAST);
	EXPECT_EQ(inet_add_addr(w.net, w.dev, IP4(10, 9, 1, 1), 32), 0);
	EXPECT_EQ(inet_addr_type(w.net, IP4(10, 9, 1, 1)), RTN_LOCAL);
	wire_down(&w);
}

TEST(a_gateway_must_be_on_the_link)
{
	struct fib_config cfg = { .fc_type = RTN_UNICAST, .fc_table = RT_TABLE_MAIN,
				  .fc_gw4 = IP4(172, 16, 0, 1), .fc_protocol = RTPROT_BOOT };
	struct wire w;

	wire_up_plain(&w, 0);
	EXPECT_EQ(ip_route_add(w.net, &cfg), -ENETUNREACH);
	cfg.fc_gw4 = GW;
	EXPECT_EQ(ip_route_add(w.net, &cfg), 0);
	EXPECT_EQ(ip_route_add(w.net, &cfg), -EEXIST);
	wire_down(&w);
}

static int route_error(struct wire *w, u8 type)
{
	struct fib_config cfg = { .fc_type = type, .fc_table = RT_TABLE_MAIN,
				  .fc_dst = IP4(198, 51, 100, 0), .fc_dst_len = 24 };
	struct rtable *rt;
	int err;

	EXPECT_EQ(ip_route_add(w->net, &cfg), 0);
	rt = ip_route_output(w->net, IP4(198, 51, 100, 3), 0, 0, 0);
	err = PTR_ERR_OR_ZERO(rt);
	if (!err)
		ip_rt_put(rt);
	EXPECT_EQ(ip_route_del(w->net, &cfg), 0);
	return err;
}

TEST(routes_that_lead_nowhere_say_why)
{
	struct wire w;

	wire_up(&w);
	EXPECT_EQ(route_error(&w, RTN_BLACKHOLE), -EINVAL);
	EXPECT_EQ(route_error(&w, RTN_UNREACHABLE), -EHOSTUNREACH);
	EXPECT_EQ(route_error(&w, RTN_PROHIBIT), -EACCES);
	wire_down(&w);
}

TEST(a_device_that_goes_down_takes_its_routes_with_it_and_brings_its_own_back)
{
	struct wire w;
	struct rtable *rt;

	wire_up(&w);
	dev_close(w.dev);
	rt = ip_route_output(w.net, PEER, 0, 0, 0);
	EXPECT_TRUE(IS_ERR(rt));
	EXPECT_EQ(inet_addr_type(w.net, US), RTN_LOCAL);
	EXPECT_EQ(dev_open(w.dev), 0);
	rt = ip_route_output(w.net, PEER, 0, 0, 0);
	EXPECT_FALSE(IS_ERR(rt));
	if (!IS_ERR(rt))
		ip_rt_put(rt);
	/* The default route was the administrator's. */
	EXPECT_TRUE(IS_ERR(ip_route_output(w.net, FAR, 0, 0, 0)));
	wire_down(&w);
}

TEST(the_routing_table_prints_as_ip_route_does)
{
	char buf[512];
	struct wire w;

	wire_up(&w);
	fib_route_print(w.net, buf, sizeof(buf));
	EXPECT_STREQ(buf, "default via 10.0.0.254 dev fake0\n"
		     "10.0.0.0/24 dev fake0 proto kernel scope link src 10.0.0.1\n");
	wire_down(&w);
}
