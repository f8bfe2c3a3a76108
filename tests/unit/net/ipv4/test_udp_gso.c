// SPDX-License-Identifier: MIT
/*
 * UDP_SEGMENT and UDP_GRO: one write becomes several datagrams, several become one
 * read, and who did not ask notices nothing.
 */
#include <linux/slab.h>
#include <net/gro.h>

#include "wire.h"

#define SPEC(...) (&(struct ip_spec){ __VA_ARGS__ })
#define BYTES	70000
#define LO	htonl(INADDR_LOOPBACK)

/* What is sent: byte n of it says where it is. */
static u8 pattern(unsigned int n)
{
	return (u8)(n * 7 + n / 251);
}

static u8 *pattern_alloc(void)
{
	u8 *data = kmalloc(BYTES, GFP_KERNEL);
	unsigned int i;

	BUG_ON(!data);
	for (i = 0; i < BYTES; i++)
		data[i] = pattern(i);
	return data;
}

static void expect_pattern(const u8 *got, unsigned int off, unsigned int len)
{
	unsigned int i, bad = 0;

	for (i = 0; i < len; i++)
		bad += got[i] != pattern(off + i);
	EXPECT_EQ(bad, 0);
}

static struct socket *udp(struct wire *w, u16 port)
{
	struct socket *sock = wire_socket(w, SOCK_DGRAM, 0);

	EXPECT_EQ(wire_bind(sock, 0, port), 0);
	return sock;
}

static struct socket *segmenting(struct wire *w, int gso_size)
{
	struct socket *sock = udp(w, 7);

	EXPECT_EQ(wire_set_int(sock, SOL_UDP, UDP_SEGMENT, gso_size), 0);
	return sock;
}

static void up(struct wire *w, netdev_features_t features)
{
	wire_up_plain(w, features);
	EXPECT_EQ(arp_set_permanent(w->dev, PEER, peer_mac), 0);
}

/* The next frame: bytes [@off, @off + @len) of the pattern in a datagram. */
static void expect_datagram(struct wire *w, unsigned int off, unsigned int len, u16 id)
{
	struct udphdr *uh;
	struct frame f;

	EXPECT_TRUE(wire_pop(w, &f));
	expect_udp_ok(&f);
	uh = frame_l4(&f);
	EXPECT_EQ(ntohs(uh->source), 7);
	EXPECT_EQ(ntohs(uh->dest), 5000);
	EXPECT_EQ(ntohs(uh->len), 8 + len);
	EXPECT_EQ(ntohs(frame_ip(&f)->id), id);
	expect_pattern((u8 *)(uh + 1), off, len);
}

/* @len bytes by @gso_size through a device with @features. */
static void send_and_expect(netdev_features_t features, unsigned int len, unsigned int gso_size)
{
	u8 *data = pattern_alloc();
	struct socket *sock;
	unsigned int off;
	struct wire w;
	u16 id;

	up(&w, features);
	sock = segmenting(&w, (int)gso_size);
	EXPECT_EQ(wire_connect(sock, PEER, 5000), 0);
	id = inet_sk(sock->sk)->inet_id;
	EXPECT_EQ(wire_sendto(sock, data, len, 0, 0, 0), len);
	for (off = 0; off < len; off += gso_size)
		expect_datagram(&w, off, min(gso_size, len - off), id++);
	EXPECT_SILENCE(&w);
	EXPECT_EQ(w.net->mib.udp[UDP_MIB_OUTDATAGRAMS], 1);
	EXPECT_EQ(sock->sk->sk_wmem_alloc, 1);
	EXPECT_EQ(inet_sk(sock->sk)->inet_id, id);
	sock_release(sock);
	wire_down(&w);
	kfree(data);
}

TEST(udp_one_write_becomes_datagrams_of_the_size_asked_for)
{
	static const struct { unsigned int len, gso_size; } cases[] = {
		{ 3500, 1000 }, { 2000, 1000 }, { 1001, 1000 }, { 1472, 1472 }, { 300, 1472 },
		{ 60000, 1472 }, { 65507, 1400 }, { 128, 1 }, { 40000, 401 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		send_and_expect(0, cases[i].len, cases[i].gso_size);
		send_and_expect(NETIF_F_SG, cases[i].len, cases[i].gso_size);
	}
}

TEST(udp_segments_for_a_device_that_sums_share_the_pages_of_the_whole)
{
	u8 *data = pattern_alloc();
	struct socket *sock;
	struct sk_buff *skb;
	struct wire w;
	int n;

	up(&w, NETIF_F_SG | NETIF_F_HW_CSUM);
	sock = segmenting(&w, 1000);
	EXPECT_EQ(wire_sendto(sock, data, 3500, 0, PEER, 5000), 3500);
	for (n = 0; (skb = fake_netdev_pop(w.dev)) != NULL; n++) {
		const unsigned int at = ETH_HLEN + sizeof(struct iphdr);

		EXPECT_EQ(skb_headlen(skb), at + sizeof(struct udphdr));
		EXPECT_EQ(skb->data_len, n < 3 ? 1000 : 500);
		EXPECT_EQ((int)skb->ip_summed, CHECKSUM_PARTIAL);
		EXPECT_EQ(skb_checksum_start_offset(skb), (int)at);
		EXPECT_EQ(skb->csum_offset, offsetof(struct udphdr, check));
		consume_skb(skb);
	}
	EXPECT_EQ(n, 4);
	sock_release(sock);
	wire_down(&w);
	kfree(data);
}

TEST(udp_large_datagram_goes_whole_to_a_device_that_cuts_it)
{
	u8 *data = pattern_alloc();
	struct socket *sock;
	struct sk_buff *skb;
	struct wire w;

	up(&w, NETIF_F_SG | NETIF_F_HW_CSUM | NETIF_F_GSO_UDP_L4);
	sock = segmenting(&w, 1000);
	EXPECT_EQ(wire_sendto(sock, data, 3500, 0, PEER, 5000), 3500);
	skb = fake_netdev_pop(w.dev);
	EXPECT_TRUE(skb != NULL);
	EXPECT_EQ(skb->len, ETH_HLEN + 28 + 3500);
	EXPECT_EQ(skb_shinfo(skb)->gso_size, 1000);
	EXPECT_EQ(skb_shinfo(skb)->gso_segs, 4);
	EXPECT_EQ(skb_shinfo(skb)->gso_type, SKB_GSO_UDP_L4);
	EXPECT_EQ(ntohs(udp_hdr(skb)->len), 3508);
	consume_skb(skb);
	/* One that is not cut is a datagram like any other. */
	EXPECT_EQ(wire_sendto(sock, data, 1000, 0, PEER, 5000), 1000);
	skb = fake_netdev_pop(w.dev);
	EXPECT_EQ(skb_shinfo(skb)->gso_size, 0);
	consume_skb(skb);
	sock_release(sock);
	wire_down(&w);
	kfree(data);
}

TEST(udp_segment_has_limits_and_says_which)
{
	u8 *data = pattern_alloc();
	struct socket *sock;
	struct wire w;
	int val = 0;

	up(&w, NETIF_F_SG);
	sock = segmenting(&w, 10);
	EXPECT_EQ(wire_set_int(sock, SOL_UDP, UDP_SEGMENT, -1), -EINVAL);
	EXPECT_EQ(wire_set_int(sock, SOL_UDP, UDP_SEGMENT, 65536), -EINVAL);
	EXPECT_EQ(wire_get_int(sock, SOL_UDP, UDP_SEGMENT, &val), 0);
	EXPECT_EQ(val, 10);
	/* 128 datagrams, not more. */
	EXPECT_EQ(wire_sendto(sock, data, 1280, 0, PEER, 5000), 1280);
	EXPECT_EQ(fake_netdev_drain(w.dev), 128);
	EXPECT_EQ(wire_sendto(sock, data, 1281, 0, PEER, 5000), -EINVAL);
	/* Each has to fit the way, if there will be one of that size. */
	EXPECT_EQ(wire_set_int(sock, SOL_UDP, UDP_SEGMENT, 1473), 0);
	EXPECT_EQ(wire_sendto(sock, data, 1473, 0, PEER, 5000), -EMSGSIZE);
	EXPECT_EQ(wire_sendto(sock, data, 3000, 0, PEER, 5000), -EMSGSIZE);
	EXPECT_EQ(wire_sendto(sock, data, 1472, 0, PEER, 5000), 1472);
	EXPECT_EQ(fake_netdev_drain(w.dev), 1);
	/* All together are a packet of IPv4 at most. */
	EXPECT_EQ(wire_set_int(sock, SOL_UDP, UDP_SEGMENT, 1472), 0);
	EXPECT_EQ(wire_sendto(sock, data, 65508, 0, PEER, 5000), -EMSGSIZE);
	EXPECT_EQ(wire_sendto(sock, data, 65507, 0, PEER, 5000), 65507);
	EXPECT_EQ(fake_netdev_drain(w.dev), 45);
	/* Who cuts sums: there is no doing without. */
	EXPECT_EQ(wire_set_int(sock, SOL_SOCKET, SO_NO_CHECK, 1), 0);
	EXPECT_EQ(wire_sendto(sock, data, 3000, 0, PEER, 5000), -EINVAL);
	EXPECT_EQ(sock->sk->sk_wmem_alloc, 1);
	/* 0 turns it off. */
	EXPECT_EQ(wire_set_int(sock, SOL_UDP, UDP_SEGMENT, 0), 0);
	EXPECT_EQ(wire_sendto(sock, data, 3000, 0, PEER, 5000), -EMSGSIZE);
	EXPECT_SILENCE(&w);
	sock_release(sock);
	wire_down(&w);
	kfree(data);
}

struct two_cmsgs {
	struct cmsghdr h0;
	u8 data0[8];
	struct cmsghdr h1;
	u8 data1[8];
};

/* UDP_SEGMENT of @len0 bytes, and IP_TTL if @ttl. */
static int send_with(struct socket *sock, const u8 *data, int type, size_t len0, u16 gso_size,
		     int ttl)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(5000),
				   .sin_addr = { PEER } };
	struct two_cmsgs c = {
		.h0 = { CMSG_LEN(len0), SOL_UDP, type },
		.h1 = { CMSG_LEN(sizeof(int)), SOL_IP, IP_TTL },
	};
	struct kvec kv = { (void *)(uintptr_t)data, 2500 };
	struct msghdr msg = { .msg_name = &sin, .msg_namelen = sizeof(sin), .msg_control = &c,
			      .msg_controllen = ttl ? sizeof(c) : CMSG_SPACE(8),
			      .msg_flags = MSG_DONTWAIT };

	memcpy(c.data0, &gso_size, sizeof(gso_size));
	memcpy(c.data1, &ttl, sizeof(ttl));
	iov_iter_kvec(&msg.msg_iter, ITER_SOURCE, &kv, 1, 2500);
	return sock_sendmsg(sock, &msg);
}

TEST(udp_control_message_says_the_size_of_one_write)
{
	u8 *data = pattern_alloc();
	struct socket *sock;
	struct frame f;
	struct wire w;

	up(&w, NETIF_F_SG);
	sock = segmenting(&w, 1400);
	EXPECT_EQ(send_with(sock, data, UDP_SEGMENT, 2, 1000, 0), 2500);
	EXPECT_EQ(fake_netdev_drain(w.dev), 3);
	EXPECT_EQ(send_with(sock, data, UDP_SEGMENT, 2, 500, 9), 2500);
	EXPECT_TRUE(wire_pop(&w, &f));
	EXPECT_EQ(frame_ip(&f)->ttl, 9);
	EXPECT_EQ(fake_netdev_drain(w.dev), 4);
	EXPECT_EQ(wire_sendto(sock, data, 2500, 0, PEER, 5000), 2500);	/* the socket's */
	EXPECT_EQ(fake_netdev_drain(w.dev), 2);
	/* It is a u16; UDP has no others; those of IP are looked at too. */
	EXPECT_EQ(send_with(sock, data, UDP_SEGMENT, 4, 1000, 0), -EINVAL);
	EXPECT_EQ(send_with(sock, data, UDP_SEGMENT, 1, 1000, 0), -EINVAL);
	EXPECT_EQ(send_with(sock, data, UDP_GRO, 2, 1000, 0), -EINVAL);
	EXPECT_EQ(send_with(sock, data, UDP_SEGMENT, 2, 1000, 256), -EINVAL);
	EXPECT_EQ(send_with(sock, data, UDP_SEGMENT, 8000, 1000, 0), -EINVAL);
	EXPECT_SILENCE(&w);
	sock_release(sock);
	wire_down(&w);
	kfree(data);
}

TEST(udp_corked_pieces_are_cut_when_the_cork_is_pulled)
{
	u8 *data = pattern_alloc();
	struct socket *sock;
	struct wire w;
	u16 id;

	up(&w, NETIF_F_SG);
	sock = segmenting(&w, 1000);
	EXPECT_EQ(wire_connect(sock, PEER, 5000), 0);
	id = inet_sk(sock->sk)->inet_id;
	EXPECT_EQ(wire_sendto(sock, data, 700, MSG_MORE, 0, 0), 700);
	/* The size was settled by the first piece. */
	EXPECT_EQ(wire_set_int(sock, SOL_UDP, UDP_SEGMENT, 100), 0);
	EXPECT_EQ(wire_sendto(sock, data + 700, 700, MSG_MORE, 0, 0), 700);
	EXPECT_SILENCE(&w);
	EXPECT_EQ(wire_sendto(sock, data + 1400, 701, 0, 0, 0), 701);
	expect_datagram(&w, 0, 1000, id);
	expect_datagram(&w, 1000, 1000, (u16)(id + 1));
	expect_datagram(&w, 2000, 101, (u16)(id + 2));
	EXPECT_SILENCE(&w);
	/* What is thrown away leaves nothing on the account. */
	EXPECT_EQ(wire_sendto(sock, data, 40000, MSG_MORE, 0, 0), 40000);
	EXPECT_GT(sock->sk->sk_wmem_alloc, 40000);
	EXPECT_EQ(wire_sendto(sock, data, 30000, MSG_MORE, 0, 0), -EMSGSIZE);
	EXPECT_EQ(sock->sk->sk_wmem_alloc, 1);
	sock_release(sock);
	wire_down(&w);
	kfree(data);
}

/* ---- reading ---------------------------------------------------------------- */

/* One read; *@gso_size: what the control message says, 0: there was none. */
static int recv_gro(struct socket *sock, u8 *buf, size_t size, int *gso_size)
{
	struct {
		struct cmsghdr h;
		int val;
		u8 pad[4];
	} c = { 0 };
	struct kvec kv = { buf, size };
	struct msghdr msg = { .msg_control = &c, .msg_controllen = sizeof(c) };
	int ret;

	iov_iter_kvec(&msg.msg_iter, ITER_DEST, &kv, 1, size);
	ret = sock_recvmsg(sock, &msg, MSG_DONTWAIT);
	*gso_size = 0;
	if (c.h.cmsg_len) {
		EXPECT_EQ(c.h.cmsg_level, SOL_UDP);
		EXPECT_EQ(c.h.cmsg_type, UDP_GRO);
		EXPECT_EQ(c.h.cmsg_len, CMSG_LEN(sizeof(int)));
		*gso_size = c.val;
	}
	return ret;
}

static void expect_read(struct socket *sock, unsigned int off, unsigned int len, int gso_size)
{
	u8 *buf = kmalloc(BYTES, GFP_KERNEL);
	int said = -1;

	EXPECT_EQ(recv_gro(sock, buf, BYTES, &said), (int)len);
	EXPECT_EQ(said, gso_size);
	expect_pattern(buf, off, len);
	kfree(buf);
}

static void expect_nothing_to_read(struct socket *sock)
{
	u8 byte;

	EXPECT_EQ(wire_recv(sock, &byte, 1, 0, NULL), -EAGAIN);
	EXPECT_EQ(sock->sk->sk_rmem_alloc, 0);
}

TEST(udp_large_datagram_over_lo_is_read_whole_or_in_pieces)
{
	u8 *data = pattern_alloc();
	struct socket *sock, *to;
	struct wire w;
	int val = -1;

	up(&w, 0);
	sock = segmenting(&w, 1000);
	to = udp(&w, 9);
	EXPECT_EQ(wire_get_int(to, SOL_UDP, UDP_GRO, &val), 0);
	EXPECT_EQ(val, 0);
	EXPECT_EQ(wire_sendto(sock, data, 2500, 0, LO, 9), 2500);
	host_run();
	expect_read(to, 0, 1000, 0);
	expect_read(to, 1000, 1000, 0);
	expect_read(to, 2000, 500, 0);
	expect_nothing_to_read(to);
	EXPECT_EQ(w.net->mib.udp[UDP_MIB_INDATAGRAMS], 3);

	EXPECT_EQ(wire_set_int(to, SOL_UDP, UDP_GRO, 2), 0);
	EXPECT_EQ(wire_get_int(to, SOL_UDP, UDP_GRO, &val), 0);
	EXPECT_EQ(val, 1);
	EXPECT_EQ(wire_sendto(sock, data, 2500, 0, LO, 9), 2500);
	EXPECT_EQ(wire_sendto(sock, data, 1000, 0, LO, 9), 1000);
	host_run();
	expect_read(to, 0, 2500, 1000);
	expect_read(to, 0, 1000, 0);
	expect_nothing_to_read(to);

	EXPECT_EQ(wire_set_int(to, SOL_UDP, UDP_GRO, 0), 0);
	EXPECT_EQ(wire_sendto(sock, data, 1001, 0, LO, 9), 1001);
	host_run();
	expect_read(to, 0, 1000, 0);
	expect_read(to, 1000, 1, 0);
	expect_nothing_to_read(to);
	sock_release(sock);
	sock_release(to);
	wire_down(&w);
	kfree(data);
}

/* ---- merging ---------------------------------------------------------------- */

struct gro_wire {
	struct wire w;
	struct napi_struct napi;
	struct socket *sock;
	u8 *data;
	u16 id;
};

static int no_poll(struct napi_struct *napi, int budget)
{
	return 0;
}

/* A host whose device merges, a socket at port 7 that has asked, or not. */
static void gro_up(struct gro_wire *g, bool ask)
{
	up(&g->w, NETIF_F_GRO);
	memset(&g->napi, 0, sizeof(g->napi));
	netif_napi_add(g->w.dev, &g->napi, no_poll);
	napi_enable(&g->napi);
	g->w.napi = &g->napi;
	g->data = pattern_alloc();
	g->id = 100;
	g->sock = udp(&g->w, 7);
	EXPECT_EQ(wire_set_int(g->sock, SOL_UDP, UDP_GRO, ask), 0);
}

static void gro_down(struct gro_wire *g)
{
	expect_nothing_to_read(g->sock);
	sock_release(g->sock);
	EXPECT_EQ(g->w.net->ipv4.udp_table->gro_sockets, 0);
	napi_disable(&g->napi);
	netif_napi_del(&g->napi);
	wire_down(&g->w);
	kfree(g->data);
}

/* The next datagram of the poll. */
static void arrives(struct gro_wire *g, u16 sport, unsigned int off, unsigned int len)
{
	wire_udp(&g->w, SPEC(.frag_off = IP_DF), sport, 7, g->data + off, len);
}

static void poll_ends(struct gro_wire *g)
{
	local_bh_disable();
	napi_gro_flush(&g->napi);
	local_bh_enable();
}

TEST(udp_datagrams_of_a_poll_are_merged_for_a_socket_that_asked)
{
	struct gro_wire g;
	unsigned int n;

	gro_up(&g, true);
	for (n = 0; n < 5; n++)
		arrives(&g, 5000, n * 1000, 1000);
	expect_nothing_to_read(g.sock);
	poll_ends(&g);
	expect_read(g.sock, 0, 5000, 1000);
	/* A shorter one is the last; what follows is the next train. */
	arrives(&g, 5000, 0, 1000);
	arrives(&g, 5000, 1000, 10);
	expect_read(g.sock, 0, 1010, 1000);
	arrives(&g, 5000, 0, 10);
	arrives(&g, 5000, 10, 11);
	expect_read(g.sock, 0, 10, 0);
	/* Two flows, mixed. */
	arrives(&g, 5001, 100, 50);
	arrives(&g, 5000, 21, 11);
	arrives(&g, 5001, 150, 50);
	poll_ends(&g);
	expect_read(g.sock, 10, 22, 11);
	expect_read(g.sock, 100, 100, 50);
	EXPECT_EQ(g.w.net->mib.udp[UDP_MIB_INDATAGRAMS], 5);
	EXPECT_EQ(g.w.net->mib.udp[UDP_MIB_CSUMERRORS], 0);
	gro_down(&g);
}

TEST(udp_train_ends_after_64_datagrams)
{
	struct gro_wire g;
	unsigned int n;

	gro_up(&g, true);
	for (n = 0; n < 65; n++)
		arrives(&g, 5000, n * 10, 10);
	expect_read(g.sock, 0, 640, 10);
	poll_ends(&g);
	expect_read(g.sock, 640, 10, 0);
	gro_down(&g);
}

TEST(udp_train_is_no_longer_than_a_packet_of_ipv4)
{
	struct gro_wire g;
	unsigned int n;

	gro_up(&g, true);
	for (n = 0; n < 45; n++)
		arrives(&g, 5000, n * 1472, 1472);
	expect_read(g.sock, 0, 44 * 1472, 1472);
	poll_ends(&g);
	expect_read(g.sock, 44 * 1472, 1472, 0);
	gro_down(&g);
}

TEST(udp_nothing_is_merged_for_a_socket_that_did_not_ask)
{
	struct gro_wire g;

	gro_up(&g, false);
	arrives(&g, 5000, 0, 1000);
	expect_read(g.sock, 0, 1000, 0);
	/* Another socket's wish is not its own. */
	EXPECT_EQ(g.w.net->ipv4.udp_table->gro_sockets, 0);
	arrives(&g, 5000, 1000, 1000);
	expect_read(g.sock, 1000, 1000, 0);
	gro_down(&g);
}

/* A datagram without a checksum, or with a wrong one. */
static void arrives_summed(struct gro_wire *g, unsigned int off, unsigned int len, u16 check)
{
	u8 buf[1500] = { 0 };
	struct udphdr *uh = (void *)buf;

	uh->source = htons(5000);
	uh->dest = htons(7);
	uh->len = htons((u16)(sizeof(*uh) + len));
	uh->check = (__force __sum16)check;
	memcpy(uh + 1, g->data + off, len);
	wire_ip(&g->w, SPEC(.protocol = IPPROTO_UDP, .frag_off = IP_DF), buf,
		(unsigned int)sizeof(*uh) + len);
}

TEST(udp_what_is_not_merged_does_not_overtake_what_is)
{
	struct gro_wire g;

	gro_up(&g, true);
	arrives(&g, 5000, 0, 100);
	arrives(&g, 5000, 100, 100);
	arrives_summed(&g, 200, 100, 0);
	expect_read(g.sock, 0, 200, 100);
	expect_read(g.sock, 200, 100, 0);
	arrives(&g, 5000, 300, 100);
	arrives_summed(&g, 400, 100, 0xbad);
	expect_read(g.sock, 300, 100, 0);
	EXPECT_EQ(g.w.net->drops[SKB_DROP_REASON_UDP_CSUM], 1);
	/* Other fields of the header, and a frame with bytes behind the datagram. */
	arrives(&g, 5000, 0, 100);
	wire_udp(&g.w, SPEC(.frag_off = IP_DF, .tos = 4), 5000, 7, g.data + 100, 100);
	expect_read(g.sock, 0, 100, 0);
	wire_udp(&g.w, SPEC(.frag_off = IP_DF, .tos = 4, .pad = 6), 5000, 7, g.data + 200,
		 100);
	expect_read(g.sock, 100, 100, 0);
	expect_read(g.sock, 200, 100, 0);
	gro_down(&g);
}

TEST(udp_merged_broadcast_is_cut_again_for_those_who_did_not_ask)
{
	const __be32 all = IP4(10, 0, 0, 255);
	struct gro_wire g;
	struct socket *other;
	unsigned int n;

	gro_up(&g, true);
	EXPECT_EQ(wire_set_int(g.sock, SOL_SOCKET, SO_REUSEADDR, 1), 0);
	other = wire_socket(&g.w, SOCK_DGRAM, 0);
	EXPECT_EQ(wire_set_int(other, SOL_SOCKET, SO_REUSEADDR, 1), 0);
	EXPECT_EQ(wire_bind(other, 0, 7), 0);
	/* GRO finds the one that says most: it must be the one that asked. */
	EXPECT_EQ(wire_set_int(g.sock, SOL_SOCKET, SO_BINDTOIFINDEX, g.w.dev->ifindex), 0);
	for (n = 0; n < 3; n++)
		wire_udp(&g.w, SPEC(.daddr = all, .id = g.id++), 5000, 7, g.data + n * 100,
			 100);
	EXPECT_EQ(g.napi.gro_count, 1);
	poll_ends(&g);
	for (n = 0; n < 3; n++)
		expect_read(other, n * 100, 100, 0);
	expect_nothing_to_read(other);
	expect_read(g.sock, 0, 300, 100);
	sock_release(other);
	gro_down(&g);
}

/* ---- trouble ------------------------------------------------------------------ */

TEST(udp_every_allocation_of_a_large_datagram_may_fail)
{
	u8 *data = pattern_alloc(), *buf = pattern_alloc();
	struct socket *sock, *to;
	unsigned long nth;
	struct wire w;
	int done = 0;

	up(&w, NETIF_F_SG);
	sock = segmenting(&w, 1000);
	to = udp(&w, 9);
	for (nth = 1; nth < 40; nth++) {
		slab_fail_after(nth, 1);
		done += wire_sendto(sock, data, 5500, 0, PEER, 5000) == 5500;
		slab_fail_after(0, 0);
		slab_fail_after(nth, 1);
		wire_sendto(sock, data, 5500, 0, LO, 9);
		host_run();
		slab_fail_after(0, 0);
		while (wire_recv(to, buf, BYTES, 0, NULL) > 0)
			;
		fake_netdev_drain(w.dev);
		EXPECT_EQ(sock->sk->sk_wmem_alloc, 1);
		EXPECT_EQ(to->sk->sk_rmem_alloc, 0);
	}
	EXPECT_GT(done, 10);
	sock_release(sock);
	sock_release(to);
	wire_down(&w);
	kfree(data);
	kfree(buf);
}

/* A large packet from a device: a datagram of 300 bytes, @gso_size, @type. */
static void device_lies(struct wire *w, u16 gso_size, unsigned int type, u8 ip_summed)
{
	struct sk_buff *skb = fake_frame(w->dev, NULL, ETH_P_IP, 20 + 8 + 300);
	struct iphdr *iph = (void *)(skb->data + ETH_HLEN);
	struct udphdr *uh = (void *)(iph + 1);

	*iph = (struct iphdr){ .version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_UDP,
			       .tot_len = htons(328), .saddr = PEER, .daddr = US };
	iph->check = ip_fast_csum(iph, 5);
	*uh = (struct udphdr){ .source = htons(5000), .dest = htons(7), .len = htons(308) };
	skb->ip_summed = ip_summed & 3;
	skb->csum_start = (u16)(skb_headroom(skb) + ETH_HLEN + 20);
	skb->csum_offset = offsetof(struct udphdr, check);
	skb_shinfo(skb)->gso_size = gso_size;
	skb_shinfo(skb)->gso_segs = 3;
	skb_shinfo(skb)->gso_type = type;
	skb->protocol = eth_type_trans(skb, w->dev);
	local_bh_disable();
	netif_receive_skb(skb);
	local_bh_enable();
}

TEST(udp_large_packet_that_makes_no_sense_is_dropped_for_its_reason)
{
	struct socket *sock;
	struct wire w;
	u8 buf[400];

	up(&w, 0);
	sock = udp(&w, 7);
	device_lies(&w, 100, SKB_GSO_UDP_L4, CHECKSUM_PARTIAL);
	EXPECT_EQ(wire_recv(sock, buf, sizeof(buf), 0, NULL), 100);
	EXPECT_EQ(wire_recv(sock, buf, sizeof(buf), 0, NULL), 100);
	EXPECT_EQ(wire_recv(sock, buf, sizeof(buf), 0, NULL), 100);
	device_lies(&w, 300, SKB_GSO_UDP_L4, CHECKSUM_PARTIAL);	/* nothing to cut */
	device_lies(&w, 65535, SKB_GSO_UDP_L4, CHECKSUM_PARTIAL);
	device_lies(&w, 100, SKB_GSO_TCPV4, CHECKSUM_PARTIAL);
	device_lies(&w, 100, SKB_GSO_UDP_L4, CHECKSUM_UNNECESSARY);
	expect_nothing_to_read(sock);
	EXPECT_EQ(wire_set_int(sock, SOL_UDP, UDP_GRO, 1), 0);
	device_lies(&w, 100, SKB_GSO_TCPV4, CHECKSUM_PARTIAL);
	expect_nothing_to_read(sock);
	EXPECT_EQ(w.net->drops[SKB_DROP_REASON_SKB_GSO_SEG], 5);
	EXPECT_EQ(sock->sk->sk_drops, 15);
	EXPECT_EQ(w.net->mib.udp[UDP_MIB_INERRORS], 15);
	sock_release(sock);
	wire_down(&w);
}
