// SPDX-License-Identifier: MIT
/* Output routes: source selection, caching, and what ICMP tells about paths. */
#include <linux/err.h>

#include "wire.h"

#define SPEC(...) (&(struct ip_spec){ __VA_ARGS__ })

static __be32 source_for(struct wire *w, __be32 daddr)
{
	struct flowi4 fl4 = { .daddr = daddr };
	struct rtable *rt = ip_route_output_key(w->net, &fl4);

	if (IS_ERR(rt))
		return 0;
	ip_rt_put(rt);
	return fl4.saddr;
}

TEST(the_source_is_the_address_of_the_subnet_that_the_next_hop_is_in)
{
	struct fib_config cfg = { .fc_type = RTN_UNICAST, .fc_table = RT_TABLE_MAIN,
				  .fc_dst = IP4(203, 0, 113, 0), .fc_dst_len = 24,
				  .fc_gw4 = IP4(10, 5, 0, 1) };
	struct wire w;

	wire_up(&w);
	EXPECT_EQ(inet_add_addr(w.net, w.dev, IP4(10, 5, 0, 7), 24), 0);
	EXPECT_EQ(ip_route_add(w.net, &cfg), 0);
	EXPECT_EQ(source_for(&w, PEER), US);
	EXPECT_EQ(source_for(&w, FAR), US);
	EXPECT_EQ(source_for(&w, IP4(10, 5, 0, 99)), IP4(10, 5, 0, 7));
	EXPECT_EQ(source_for(&w, IP4(203, 0, 113, 5)), IP4(10, 5, 0, 7));
	EXPECT_EQ(source_for(&w, US), US);
	EXPECT_EQ(source_for(&w, IP4(10, 5, 0, 7)), IP4(10, 5, 0, 7));
	EXPECT_EQ(source_for(&w, IP4(127, 0, 0, 1)), IP4(127, 0, 0, 1));
	EXPECT_EQ(source_for(&w, IP4(127, 9, 9, 9)), IP4(127, 0, 0, 1));
	EXPECT_EQ(source_for(&w, IP4(255, 255, 255, 255)), US);
	EXPECT_EQ(source_for(&w, IP4(10, 5, 0, 255)), IP4(10, 5, 0, 7));
	/* What was chosen is forgotten with its address. */
	EXPECT_EQ(inet_del_addr(w.net, w.dev, IP4(10, 5, 0, 7), 24), 0);
	EXPECT_EQ(source_for(&w, IP4(203, 0, 113, 5)), US);
	wire_down(&w);
}

static long route_err(struct wire *w, struct flowi4 fl4)
{
	struct rtable *rt = ip_route_output_key(w->net, &fl4);

	if (IS_ERR(rt))
		return PTR_ERR(rt);
	ip_rt_put(rt);
	return 0;
}

TEST(sources_that_are_not_ours_and_loopback_on_the_wire_are_refused)
{
	struct wire w;

	wire_up(&w);
	EXPECT_EQ(route_err(&w, (struct flowi4){ .daddr = PEER, .saddr = PEER }), -EINVAL);
	EXPECT_EQ(route_err(&w, (struct flowi4){ .daddr = PEER,
				.saddr = IP4(224, 0, 0, 1) }), -EINVAL);
	EXPECT_EQ(route_err(&w, (struct flowi4){ .daddr = PEER,
				.saddr = IP4(127, 0, 0, 1) }), -EINVAL);
	EXPECT_EQ(route_err(&w, (struct flowi4){ .daddr = IP4(127, 0, 0, 1),
				.flowi4_oif = w.dev->ifindex }), -EINVAL);
	EXPECT_EQ(route_err(&w, (struct flowi4){ .daddr = IP4(0, 1, 2, 3) }), -EINVAL);
	EXPECT_EQ(route_err(&w, (struct flowi4){ .daddr = PEER, .flowi4_oif = 4711 }), -ENODEV);
	EXPECT_EQ(route_err(&w, (struct flowi4){ .daddr = PEER, .saddr = US }), 0);
	/* SO_DONTROUTE: only what is on the link. */
	EXPECT_EQ(route_err(&w, (struct flowi4){ .daddr = PEER, .flowi4_tos = RTO_ONLINK }), 0);
	EXPECT_EQ(route_err(&w, (struct flowi4){ .daddr = FAR, .flowi4_tos = RTO_ONLINK }),
		  -ENETUNREACH);
	wire_down(&w);
}

TEST(a_route_is_cached_and_stale_when_any_route_changes)
{
	struct fib_config cfg = { .fc_type = RTN_UNICAST, .fc_table = RT_TABLE_MAIN,
				  .fc_dst = IP4(203, 0, 113, 0), .fc_dst_len = 24,
				  .fc_gw4 = GW };
	struct rtable *a, *b;
	struct wire w;

	wire_up(&w);
	a = ip_route_output(w.net, FAR, 0, 0, 0);
	b = ip_route_output(w.net, IP4(192, 0, 2, 99), 0, 0, 0);
	EXPECT_TRUE(a == b);
	EXPECT_EQ(a->rt_gw4, GW);
	EXPECT_TRUE(dst_check(&a->dst, 0) != NULL);
	EXPECT_EQ(ip_route_add(w.net, &cfg), 0);
	EXPECT_TRUE(dst_check(&a->dst, 0) == NULL);
	ip_rt_put(b);
	b = ip_route_output(w.net, FAR, 0, 0, 0);
	EXPECT_TRUE(a != b);
	ip_rt_put(a);
	ip_rt_put(b);
	EXPECT_EQ(w.net->ipv4.rt_cache_stat.out_hit, 1);
	wire_down(&w);
}

/* ---- path MTU ------------------------------------------------------------------- */

static u32 mtu_to(struct wire *w, __be32 daddr)
{
	struct rtable *rt = ip_route_output(w->net, daddr, 0, 0, 0);
	u32 mtu = 0;

	if (IS_ERR(rt))
		return 0;
	mtu = dst_mtu(&rt->dst);
	ip_rt_put(rt);
	return mtu;
}

static void tell_mtu(struct wire *w, __be32 daddr, u32 mtu)
{
	struct rtable *rt = ip_route_output(w->net, daddr, 0, 0, 0);
	struct iphdr iph = { .version = 4, .ihl = 5, .saddr = US, .daddr = daddr };
	struct sk_buff *skb = alloc_skb(w->net, 64, GFP_KERNEL);

	skb_put_data(skb, &iph, sizeof(iph));
	skb_reset_network_header(skb);
	rt->dst.ops->update_pmtu(&rt->dst, NULL, skb, mtu);
	consume_skb(skb);
	ip_rt_put(rt);
}

TEST(a_path_mtu_is_kept_for_its_destination_alone_and_expires)
{
	struct rtable *rt;
	struct wire w;

	wire_up(&w);
	EXPECT_EQ(mtu_to(&w, FAR), 1500);
	rt = ip_route_output(w.net, FAR, 0, 0, 0);
	tell_mtu(&w, FAR, 1400);
	/* Who holds the old route has to look again. */
	EXPECT_TRUE(dst_check(&rt->dst, 0) == NULL);
	ip_rt_put(rt);
	EXPECT_EQ(mtu_to(&w, FAR), 1400);
	EXPECT_EQ(mtu_to(&w, IP4(192, 0, 2, 8)), 1500);
	/* Never raised by ICMP. */
	tell_mtu(&w, FAR, 1450);
	EXPECT_EQ(mtu_to(&w, FAR), 1400);
	/* Who holds the exception's route sees it change. */
	rt = ip_route_output(w.net, FAR, 0, 0, 0);
	tell_mtu(&w, FAR, 1300);
	EXPECT_TRUE(dst_check(&rt->dst, 0) != NULL);
	EXPECT_EQ(dst_mtu(&rt->dst), 1300);
	EXPECT_EQ(dst_metric_advmss(&rt->dst), 1260);
	host_sleep(601 * NSEC_PER_SEC);
	EXPECT_EQ(dst_mtu(&rt->dst), 1500);
	ip_rt_put(rt);
	EXPECT_EQ(mtu_to(&w, FAR), 1500);
	wire_down(&w);
}

TEST(a_path_mtu_has_a_floor)
{
	struct rtable *rt;
	struct wire w;

	wire_up(&w);
	tell_mtu(&w, FAR, 60);
	EXPECT_EQ(mtu_to(&w, FAR), 552);
	rt = ip_route_output(w.net, FAR, 0, 0, 0);
	EXPECT_TRUE(rt->rt_mtu_locked);
	ip_rt_put(rt);
	tell_mtu(&w, PEER, 0);
	EXPECT_EQ(mtu_to(&w, PEER), 552);
	wire_down(&w);
}

TEST(many_path_mtus_do_not_take_all_memory)
{
	struct wire w;
	u32 i;

	wire_up(&w);
	for (i = 0; i < 5000; i++)
		tell_mtu(&w, htonl(0xc6330000 + i), 1280);
	EXPECT_EQ(mtu_to(&w, htonl(0xc6330000 + 4999)), 1280);
	wire_down(&w);
}

/* FRAG_NEEDED about a datagram of @len bytes that a socket sent from @sport. */
static void wire_frag_needed(struct wire *w, __be16 sport, __be32 daddr, u16 len, u16 mtu)
{
	struct {
		struct icmphdr h;
		struct iphdr iph;
		struct udphdr uh;
	} __packed m = {
		.h = { .type = ICMP_DEST_UNREACH, .code = ICMP_FRAG_NEEDED,
		       .un.frag.mtu = htons(mtu) },
		.iph = { .version = 4, .ihl = 5, .tot_len = htons(len), .ttl = 60,
			 .protocol = IPPROTO_UDP, .saddr = US, .daddr = daddr },
		.uh = { .source = sport, .dest = htons(9), .len = htons(len - 20) },
	};

	m.h.checksum = ip_compute_csum(&m, sizeof(m));
	wire_ip(w, SPEC(.protocol = IPPROTO_ICMP, .saddr = GW), &m, sizeof(m));
}

TEST(frag_needed_lowers_the_path_of_the_socket_that_sent)
{
	struct socket *sock;
	u8 data[1472] = { 0 };
	struct wire w;
	int mtu = 0, err = 0;

	wire_up_known(&w);
	sock = wire_socket(&w, SOCK_DGRAM, 0);
	EXPECT_EQ(wire_connect(sock, FAR, 9), 0);
	EXPECT_EQ(wire_sendto(sock, data, 1472, 0, 0, 0), 1472);
	EXPECT_EQ(fake_netdev_drain(w.dev), 1);
	/* Of a flow that is nobody's: not believed. */
	wire_frag_needed(&w, htons(1), FAR, 1500, 1400);
	EXPECT_EQ(mtu_to(&w, FAR), 1500);
	wire_frag_needed(&w, inet_sk(sock->sk)->inet_sport, FAR, 1500, 1400);
	EXPECT_EQ(mtu_to(&w, FAR), 1400);
	EXPECT_EQ(wire_get_int(sock, SOL_IP, IP_MTU, &mtu), -ENOTCONN);
	EXPECT_EQ(wire_get_int(sock, SOL_SOCKET, SO_ERROR, &err), 0);
	EXPECT_EQ(err, EMSGSIZE);
	EXPECT_EQ(wire_sendto(sock, data, 1472, 0, 0, 0), -EMSGSIZE);
	EXPECT_EQ(wire_get_int(sock, SOL_IP, IP_MTU, &mtu), 0);
	EXPECT_EQ(mtu, 1400);
	EXPECT_EQ(wire_sendto(sock, data, 1372, 0, 0, 0), 1372);
	/* A router of old gives no size: the least there may be, as in Linux. */
	wire_frag_needed(&w, inet_sk(sock->sk)->inet_sport, FAR, 1400, 0);
	EXPECT_EQ(mtu_to(&w, FAR), 552);
	fake_netdev_drain(w.dev);
	sock_release(sock);
	wire_down(&w);
}

static void wire_redirect(struct wire *w, __be32 from, __be16 sport, __be32 gateway)
{
	struct {
		struct icmphdr h;
		struct iphdr iph;
		struct udphdr uh;
	} __packed m = {
		.h = { .type = ICMP_REDIRECT, .code = 1, .un.gateway = gateway },
		.iph = { .version = 4, .ihl = 5, .tot_len = htons(28), .ttl = 60,
			 .protocol = IPPROTO_UDP, .saddr = US, .daddr = FAR },
		.uh = { .source = sport, .dest = htons(9), .len = htons(8) },
	};

	m.h.checksum = ip_compute_csum(&m, sizeof(m));
	wire_ip(w, SPEC(.protocol = IPPROTO_ICMP, .saddr = from), &m, sizeof(m));
}

static __be32 gateway_to(struct wire *w, __be32 daddr)
{
	struct rtable *rt = ip_route_output(w->net, daddr, 0, 0, 0);
	__be32 gw = rt->rt_gw4;

	ip_rt_put(rt);
	return gw;
}

TEST(a_redirect_is_followed_only_from_the_gateway_to_one_on_the_link)
{
	struct socket *sock;
	__be16 sport;
	struct wire w;

	wire_up_known(&w);
	sock = wire_socket(&w, SOCK_DGRAM, 0);
	EXPECT_EQ(wire_connect(sock, FAR, 9), 0);
	sport = inet_sk(sock->sk)->inet_sport;
	wire_redirect(&w, PEER, sport, IP4(10, 0, 0, 253));
	EXPECT_EQ(gateway_to(&w, FAR), GW);
	wire_redirect(&w, GW, sport, IP4(172, 16, 0, 1));
	EXPECT_EQ(gateway_to(&w, FAR), GW);
	wire_redirect(&w, GW, sport, US);
	EXPECT_EQ(gateway_to(&w, FAR), GW);
	wire_redirect(&w, GW, sport, IP4(10, 0, 0, 253));
	EXPECT_EQ(gateway_to(&w, FAR), IP4(10, 0, 0, 253));
	EXPECT_EQ(gateway_to(&w, IP4(192, 0, 2, 8)), GW);
	host_sleep(301 * NSEC_PER_SEC);
	EXPECT_EQ(gateway_to(&w, FAR), GW);
	sock_release(sock);
	wire_down(&w);
}

/* ---- identification ---------------------------------------------------------------- */

TEST(identifications_differ_and_do_not_tell_of_other_flows)
{
	struct iphdr iph = { .saddr = US, .daddr = PEER, .protocol = IPPROTO_UDP };
	struct wire w;
	u16 a, b;

	wire_up(&w);
	__ip_select_ident(w.net, &iph, 1);
	a = ntohs(iph.id);
	__ip_select_ident(w.net, &iph, 1);
	b = ntohs(iph.id);
	EXPECT_EQ((u16)(b - a), 1);
	__ip_select_ident(w.net, &iph, 3);
	__ip_select_ident(w.net, &iph, 1);
	EXPECT_EQ((u16)(ntohs(iph.id) - b), 4);
	iph.daddr = FAR;
	__ip_select_ident(w.net, &iph, 1);
	EXPECT_NE((u16)(ntohs(iph.id) - b), 5);
	wire_down(&w);
}

TEST(what_may_not_be_fragmented_has_df_and_what_may_has_an_identification)
{
	struct socket *sock;
	struct frame f;
	struct wire w;
	__be16 id;

	wire_up_known(&w);
	sock = wire_socket(&w, SOCK_DGRAM, 0);
	EXPECT_EQ(wire_sendto(sock, "x", 1, 0, PEER, 9), 1);
	EXPECT_TRUE(wire_pop(&w, &f));
	EXPECT_EQ(frame_ip(&f)->frag_off, htons(IP_DF));
	EXPECT_EQ(frame_ip(&f)->id, 0);
	EXPECT_EQ(wire_set_int(sock, SOL_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT), 0);
	EXPECT_EQ(wire_sendto(sock, "x", 1, 0, PEER, 9), 1);
	EXPECT_TRUE(wire_pop(&w, &f));
	EXPECT_EQ(frame_ip(&f)->frag_off, 0);
	id = frame_ip(&f)->id;
	EXPECT_EQ(wire_sendto(sock, "x", 1, 0, PEER, 9), 1);
	EXPECT_TRUE(wire_pop(&w, &f));
	EXPECT_EQ((u16)(ntohs(frame_ip(&f)->id) - ntohs(id)), 1);
	sock_release(sock);
	wire_down(&w);
}
