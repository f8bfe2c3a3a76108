// SPDX-License-Identifier: MIT
/* ARP: what is asked, answered, learnt, and what is not. */
#include "wire.h"

static struct arphdr *frame_arp(struct frame *f)
{
	return (void *)(f->data + ETH_HLEN);
}

static __be32 arp_sip(struct frame *f)
{
	__be32 a;

	memcpy(&a, f->data + ETH_HLEN + 14, 4);
	return a;
}

static __be32 arp_tip(struct frame *f)
{
	__be32 a;

	memcpy(&a, f->data + ETH_HLEN + 24, 4);
	return a;
}

static bool known(struct wire *w, __be32 addr)
{
	struct neighbour *n = neigh_lookup(w->net->ipv4.arp_tbl, &addr, w->dev);
	bool valid = n && (n->nud_state & NUD_VALID);

	if (n)
		neigh_release(n);
	return valid;
}

static bool there(struct wire *w, __be32 addr)
{
	struct neighbour *n = neigh_lookup(w->net->ipv4.arp_tbl, &addr, w->dev);

	if (n)
		neigh_release(n);
	return n != NULL;
}

static void expect_reply(struct wire *w, __be32 sip)
{
	struct frame f;

	if (!wire_pop(w, &f)) {
		test_fail(__FILE__, __LINE__, "no reply");
		return;
	}
	EXPECT_EQ(frame_type(&f), ETH_P_ARP);
	EXPECT_MEMEQ(f.data, peer_mac, 6);
	EXPECT_EQ(frame_arp(&f)->ar_op, htons(ARPOP_REPLY));
	EXPECT_MEMEQ(f.data + ETH_HLEN + 8, w->dev->dev_addr, 6);
	EXPECT_EQ(arp_sip(&f), US);
	EXPECT_MEMEQ(f.data + ETH_HLEN + 18, peer_mac, 6);
	EXPECT_EQ(arp_tip(&f), sip);
}

TEST(a_request_for_our_address_is_answered_to_the_asker_who_is_remembered)
{
	struct wire w;

	wire_up(&w);
	EXPECT_FALSE(known(&w, PEER));
	wire_arp(&w, ARPOP_REQUEST, peer_mac, PEER, NULL, US);
	expect_reply(&w, PEER);
	EXPECT_TRUE(known(&w, PEER));
	EXPECT_SILENCE(&w);
	wire_down(&w);
}

TEST(an_address_probe_is_answered_and_leaves_no_trace)
{
	struct wire w;

	wire_up(&w);
	wire_arp(&w, ARPOP_REQUEST, peer_mac, 0, NULL, US);
	expect_reply(&w, 0);
	EXPECT_FALSE(there(&w, 0));
	wire_arp(&w, ARPOP_REQUEST, peer_mac, 0, NULL, PEER);
	EXPECT_SILENCE(&w);
	wire_down(&w);
}

TEST(requests_for_other_addresses_are_neither_answered_nor_remembered)
{
	struct wire w;

	wire_up(&w);
	wire_arp(&w, ARPOP_REQUEST, peer_mac, PEER, NULL, IP4(10, 0, 0, 77));
	EXPECT_SILENCE(&w);
	EXPECT_FALSE(there(&w, PEER));
	wire_arp(&w, ARPOP_REPLY, peer_mac, PEER, w.dev->dev_addr, US);
	EXPECT_FALSE(there(&w, PEER));
	wire_down(&w);
}

TEST(an_entry_that_there_is_learns_from_any_packet_that_names_it)
{
	static const u8 other[6] = { 2, 0, 0, 0, 0, 0x33 };
	struct neighbour *n;
	__be32 key = PEER;
	struct wire w;

	wire_up(&w);
	wire_arp(&w, ARPOP_REQUEST, peer_mac, PEER, NULL, US);
	fake_netdev_drain(w.dev);
	host_sleep(2 * NSEC_PER_SEC);		/* the lock time is over */
	wire_arp(&w, ARPOP_REQUEST, other, PEER, NULL, IP4(10, 0, 0, 77));
	n = neigh_lookup(w.net->ipv4.arp_tbl, &key, w.dev);
	EXPECT_TRUE(n != NULL);
	if (n) {
		EXPECT_MEMEQ(n->ha, other, 6);
		EXPECT_EQ(n->nud_state, NUD_STALE);
		neigh_release(n);
	}
	wire_down(&w);
}

/* Malformed, or about addresses that cannot be. */
static void check_ignored(struct wire *w, const u8 *pkt, unsigned int len, int reason, int line)
{
	u64 before = w->net->drops[reason];

	wire_receive(w, NULL, ETH_P_ARP, pkt, len);
	if (w->net->drops[reason] != before + 1)
		test_fail(__FILE__, line, "not dropped for %s", skb_drop_reason_name(reason));
	EXPECT_SILENCE(w);
}

#define CHECK_IGNORED(w, reason, len, ...) do {				\
	static const u8 __p[] = { __VA_ARGS__ };			\
	check_ignored(w, __p, len, SKB_DROP_REASON_##reason, __LINE__);	\
} while (0)
#define SHA 2, 0, 0, 0, 0, 2
#define ZERO6 0, 0, 0, 0, 0, 0

TEST(malformed_arp_is_dropped)
{
	struct wire w;

	wire_up(&w);
	CHECK_IGNORED(&w, ARP_INHDR, 28, 0, 2, 8, 0, 6, 4, 0, 1, SHA, 10, 0, 0, 2, ZERO6,
		      10, 0, 0, 1);		/* hardware type */
	CHECK_IGNORED(&w, ARP_INHDR, 28, 0, 1, 8, 6, 6, 4, 0, 1, SHA, 10, 0, 0, 2, ZERO6,
		      10, 0, 0, 1);		/* protocol */
	CHECK_IGNORED(&w, ARP_INHDR, 28, 0, 1, 8, 0, 5, 4, 0, 1, SHA, 10, 0, 0, 2, ZERO6,
		      10, 0, 0, 1);		/* hardware length */
	CHECK_IGNORED(&w, ARP_INHDR, 28, 0, 1, 8, 0, 6, 16, 0, 1, SHA, 10, 0, 0, 2, ZERO6,
		      10, 0, 0, 1);		/* protocol length */
	CHECK_IGNORED(&w, ARP_INHDR, 28, 0, 1, 8, 0, 6, 4, 0, 3, SHA, 10, 0, 0, 2, ZERO6,
		      10, 0, 0, 1);		/* operation */
	CHECK_IGNORED(&w, ARP_INHDR, 27, 0, 1, 8, 0, 6, 4, 0, 1, SHA, 10, 0, 0, 2, ZERO6,
		      10, 0, 0, 1);		/* too short */
	CHECK_IGNORED(&w, ARP_INHDR, 3, 0, 1, 8);
	wire_down(&w);
}

TEST(arp_about_addresses_that_cannot_be_is_ignored)
{
	struct wire w;

	wire_up(&w);
	CHECK_IGNORED(&w, ARP_IGNORED, 28, 0, 1, 8, 0, 6, 4, 0, 1, SHA, 224, 0, 0, 2, ZERO6,
		      10, 0, 0, 1);
	CHECK_IGNORED(&w, ARP_IGNORED, 28, 0, 1, 8, 0, 6, 4, 0, 1, SHA, 255, 255, 255, 255,
		      ZERO6, 10, 0, 0, 1);
	CHECK_IGNORED(&w, ARP_IGNORED, 28, 0, 1, 8, 0, 6, 4, 0, 1, SHA, 10, 0, 0, 255, ZERO6,
		      10, 0, 0, 1);
	CHECK_IGNORED(&w, ARP_IGNORED, 28, 0, 1, 8, 0, 6, 4, 0, 1, SHA, 127, 0, 0, 1, ZERO6,
		      10, 0, 0, 1);
	CHECK_IGNORED(&w, ARP_IGNORED, 28, 0, 1, 8, 0, 6, 4, 0, 1, SHA, 10, 0, 0, 2, ZERO6,
		      127, 0, 0, 1);
	CHECK_IGNORED(&w, ARP_IGNORED, 28, 0, 1, 8, 0, 6, 4, 0, 1, SHA, 10, 0, 0, 2, ZERO6,
		      224, 0, 0, 1);
	/* A sender whose hardware address is a group, or everybody. */
	CHECK_IGNORED(&w, ARP_IGNORED, 28, 0, 1, 8, 0, 6, 4, 0, 2, 255, 255, 255, 255, 255, 255,
		      10, 0, 0, 2, ZERO6, 10, 0, 0, 1);
	CHECK_IGNORED(&w, ARP_IGNORED, 28, 0, 1, 8, 0, 6, 4, 0, 2, 1, 0, 0x5e, 0, 0, 1,
		      10, 0, 0, 2, ZERO6, 10, 0, 0, 1);
	EXPECT_FALSE(there(&w, PEER));
	wire_down(&w);
}

TEST(our_own_address_is_never_learnt_and_defended_once_in_ten_seconds)
{
	struct frame f;
	struct wire w;

	wire_up(&w);
	wire_arp(&w, ARPOP_REPLY, peer_mac, US, w.dev->dev_addr, US);
	EXPECT_FALSE(there(&w, US));
	EXPECT_TRUE(wire_pop(&w, &f));
	EXPECT_EQ(frame_type(&f), ETH_P_ARP);
	EXPECT_EQ(arp_sip(&f), US);
	EXPECT_EQ(arp_tip(&f), US);
	wire_arp(&w, ARPOP_REQUEST, peer_mac, US, NULL, US);
	EXPECT_SILENCE(&w);
	host_sleep(11 * NSEC_PER_SEC);
	wire_arp(&w, ARPOP_REQUEST, peer_mac, US, NULL, PEER);
	EXPECT_EQ(fake_netdev_drain(w.dev), 1);
	EXPECT_FALSE(there(&w, US));
	wire_down(&w);
}

TEST(an_address_is_announced_when_it_is_configured)
{
	static const u8 bcast[6] = { 255, 255, 255, 255, 255, 255 };
	struct frame f;
	struct wire w;

	w.fail_nth = 0;
	w.net = net_create();
	w.dev = fake_netdev_create(w.net, 0);
	EXPECT_EQ(ip_config_set(w.net, w.dev, US, 24, 0), 0);
	EXPECT_TRUE(wire_pop(&w, &f));
	EXPECT_EQ(frame_type(&f), ETH_P_ARP);
	EXPECT_MEMEQ(f.data, bcast, 6);
	EXPECT_EQ(frame_arp(&f)->ar_op, htons(ARPOP_REQUEST));
	EXPECT_EQ(arp_sip(&f), US);
	EXPECT_EQ(arp_tip(&f), US);
	EXPECT_SILENCE(&w);
	wire_down(&w);
}

TEST(the_first_packet_to_a_stranger_waits_for_the_answer)
{
	struct socket *sock;
	struct frame f;
	struct wire w;

	wire_up_plain(&w, 0);
	sock = wire_socket(&w, SOCK_DGRAM, 0);
	EXPECT_EQ(wire_sendto(sock, "first", 5, 0, PEER, 9), 5);
	EXPECT_TRUE(wire_pop(&w, &f));
	EXPECT_EQ(frame_type(&f), ETH_P_ARP);
	EXPECT_EQ(arp_tip(&f), PEER);
	EXPECT_EQ(arp_sip(&f), US);
	EXPECT_SILENCE(&w);
	wire_arp(&w, ARPOP_REPLY, peer_mac, PEER, w.dev->dev_addr, US);
	EXPECT_TRUE(wire_pop(&w, &f));
	expect_udp_ok(&f);
	EXPECT_MEMEQ(f.data, peer_mac, 6);
	EXPECT_MEMEQ((u8 *)frame_l4(&f) + 8, "first", 5);
	sock_release(sock);
	wire_down(&w);
}

TEST(a_neighbour_that_does_not_answer_is_asked_three_times_a_second_apart)
{
	struct socket *sock;
	struct frame f;
	struct wire w;
	int i, err = 0;

	wire_up_plain(&w, 0);
	sock = wire_socket(&w, SOCK_DGRAM, 0);
	EXPECT_EQ(wire_connect(sock, PEER, 9), 0);
	EXPECT_EQ(wire_set_int(sock, SOL_IP, IP_RECVERR, 1), 0);
	EXPECT_EQ(wire_sendto(sock, "x", 1, 0, 0, 0), 1);
	for (i = 0; i < 3; i++) {
		EXPECT_TRUE(wire_pop(&w, &f));
		EXPECT_EQ(frame_type(&f), ETH_P_ARP);
		EXPECT_SILENCE(&w);
		host_sleep(NSEC_PER_SEC);
	}
	EXPECT_SILENCE(&w);
	EXPECT_EQ(w.net->drops[SKB_DROP_REASON_NEIGH_FAILED], 1);
	/* And the socket is told. */
	EXPECT_EQ(wire_get_int(sock, SOL_SOCKET, SO_ERROR, &err), 0);
	EXPECT_EQ(err, EHOSTUNREACH);
	sock_release(sock);
	wire_down(&w);
}

TEST(arp_ignore_and_filter_withhold_answers)
{
	struct wire w;

	wire_up(&w);
	EXPECT_EQ(inet_add_addr(w.net, w.net->loopback_dev, IP4(10, 7, 7, 7), 32), 0);
	wire_arp(&w, ARPOP_REQUEST, peer_mac, PEER, NULL, IP4(10, 7, 7, 7));
	EXPECT_EQ(fake_netdev_drain(w.dev), 1);
	w.net->ipv4.devconf_all.arp_ignore = 1;
	wire_arp(&w, ARPOP_REQUEST, peer_mac, PEER, NULL, IP4(10, 7, 7, 7));
	EXPECT_SILENCE(&w);
	wire_arp(&w, ARPOP_REQUEST, peer_mac, PEER, NULL, US);
	EXPECT_EQ(fake_netdev_drain(w.dev), 1);
	w.net->ipv4.devconf_all.arp_ignore = 8;
	wire_arp(&w, ARPOP_REQUEST, peer_mac, PEER, NULL, US);
	EXPECT_SILENCE(&w);
	wire_down(&w);
}

TEST(an_arp_flood_is_answered_and_leaves_the_table_bounded)
{
	struct wire w;
	u32 i;

	wire_up(&w);
	wire_arp(&w, ARPOP_REQUEST, peer_mac, PEER, NULL, US);
	for (i = 0; i < 3000; i++) {
		u8 mac[6] = { 2, 1, (u8)(i >> 16), (u8)(i >> 8), (u8)i, 0 };

		wire_arp(&w, ARPOP_REQUEST, mac, htonl(0x0a000000 + 256 + i), NULL, US);
		fake_netdev_drain(w.dev);
	}
	EXPECT_LE(w.net->ipv4.arp_tbl->entries, (unsigned int)w.net->ipv4.arp_tbl->gc_thresh3);
	/* Who was known stays known; others get in when the flood is over. */
	wire_ping(&w, &(struct ip_spec){ 0 }, 8);
	EXPECT_EQ(fake_netdev_drain(w.dev), 1);
	host_sleep(6 * NSEC_PER_SEC);
	fake_netdev_drain(w.dev);
	wire_arp(&w, ARPOP_REQUEST, peer_mac, IP4(10, 0, 0, 3), NULL, US);
	EXPECT_EQ(fake_netdev_drain(w.dev), 1);
	wire_down(&w);
}

static void send_number(struct socket *sock, u8 number)
{
	EXPECT_EQ(wire_sendto(sock, &number, 1, 0, PEER, 9), 1);
}

static void expect_number(struct wire *w, u8 number)
{
	struct frame f;

	EXPECT_TRUE(wire_pop(w, &f));
	expect_udp_ok(&f);
	EXPECT_MEMEQ(f.data, peer_mac, 6);
	EXPECT_EQ(((u8 *)frame_l4(&f))[8], number);
}

/* What waits behind a full ring has its header already: the entry may grow old, be
 * asked about (which waits there too) and fail meanwhile. */
TEST(an_entry_may_fail_while_the_send_ring_is_full)
{
	struct socket *sock;
	struct frame f;
	struct wire w;
	unsigned int asked = 0;

	wire_up_plain(&w, 0);
	sock = wire_socket(&w, SOCK_DGRAM, 0);
	wire_arp(&w, ARPOP_REQUEST, peer_mac, PEER, NULL, US);
	fake_netdev_drain(w.dev);
	fake_netdev(w.dev)->room = 1;
	send_number(sock, 0);
	send_number(sock, 1);
	send_number(sock, 2);
	host_sleep(60 * NSEC_PER_SEC);
	EXPECT_FALSE(known(&w, PEER));
	send_number(sock, 3);	/* nobody answers: it ends in the table */
	host_sleep(60 * NSEC_PER_SEC);
	expect_number(&w, 0);
	EXPECT_SILENCE(&w);
	netif_wake_queue(w.dev);
	host_run();
	expect_number(&w, 1);
	expect_number(&w, 2);
	for (; wire_pop(&w, &f); asked++)
		EXPECT_EQ(frame_type(&f), ETH_P_ARP);
	EXPECT_EQ(asked, 6);
	/* And all goes on as with any stranger. */
	send_number(sock, 4);
	EXPECT_TRUE(wire_pop(&w, &f));
	EXPECT_EQ(frame_type(&f), ETH_P_ARP);
	wire_arp(&w, ARPOP_REPLY, peer_mac, PEER, w.dev->dev_addr, US);
	expect_number(&w, 4);
	sock_release(sock);
	wire_down(&w);
}
