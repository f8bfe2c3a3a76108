// SPDX-License-Identifier: MIT
/* ICMP: echo of any length, errors when they are due, never when they are not,
 * and not too many. */
#include <linux/slab.h>
#include <net/ping.h>

#include "wire.h"

#define SPEC(...) (&(struct ip_spec){ __VA_ARGS__ })

static void check_echo(struct wire *w, unsigned int len)
{
	struct icmphdr *icmph;
	struct frame f;
	unsigned int i;
	u8 *data;

	wire_ping(w, SPEC(.tos = 0x2e), len);
	if (!wire_pop(w, &f)) {
		test_fail(__FILE__, __LINE__, "no reply to a ping of %u", len);
		return;
	}
	expect_icmp_ok(&f);
	icmph = frame_l4(&f);
	data = (u8 *)(icmph + 1);
	EXPECT_EQ(icmph->type, ICMP_ECHOREPLY);
	EXPECT_EQ(icmph->un.echo.id, htons(0x1234));
	EXPECT_EQ(icmph->un.echo.sequence, htons(7));
	EXPECT_EQ(frame_ip(&f)->saddr, US);
	EXPECT_EQ(frame_ip(&f)->daddr, PEER);
	EXPECT_EQ(frame_ip(&f)->ttl, 64);
	EXPECT_EQ(ntohs(frame_ip(&f)->tot_len), 28 + len);
	for (i = 0; i < len; i++) {
		if (data[i] != (u8)i)
			test_fail(__FILE__, __LINE__, "byte %u of %u differs", i, len);
	}
}

TEST(an_echo_returns_every_byte_odd_or_even)
{
	static const unsigned int sizes[] = { 0, 1, 2, 3, 7, 56, 57, 255, 999, 1000, 1471, 1472 };
	unsigned int i;
	struct wire w;

	wire_up_known(&w);
	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		check_echo(&w, sizes[i]);
	EXPECT_EQ(w.net->mib.icmp[ICMP_MIB_INECHOS], ARRAY_SIZE(sizes));
	EXPECT_EQ(w.net->mib.icmp[ICMP_MIB_OUTECHOREPS], ARRAY_SIZE(sizes));
	EXPECT_EQ(w.net->mib.icmp_in_type[ICMP_ECHO], ARRAY_SIZE(sizes));
	wire_down(&w);
}

TEST(the_longest_echo_there_is_goes_round_the_loopback_device)
{
	u8 *buf = kzalloc(65516, GFP_KERNEL), *back = kzalloc(65516, GFP_KERNEL);
	struct icmphdr h = { .type = ICMP_ECHO };
	struct socket *sock;
	struct wire w;
	int i;

	wire_up(&w);
	sock = wire_socket(&w, SOCK_DGRAM, IPPROTO_ICMP);
	for (i = 8; i < 65515; i++)
		buf[i] = (u8)(i * 7);
	memcpy(buf, &h, sizeof(h));
	/* 65507 bytes behind the ICMP header: a datagram of 65535. */
	EXPECT_EQ(wire_sendto(sock, buf, 65515, 0, htonl(INADDR_LOOPBACK), 0), 65515);
	EXPECT_EQ(wire_recv(sock, back, 65516, 0, NULL), 65515);
	EXPECT_EQ(back[0], ICMP_ECHOREPLY);
	EXPECT_MEMEQ(back + 8, buf + 8, 65507);
	EXPECT_EQ(wire_sendto(sock, buf, 65516, 0, htonl(INADDR_LOOPBACK), 0), -EMSGSIZE);
	sock_release(sock);
	wire_down(&w);
	kfree(buf);
	kfree(back);
}

TEST(the_reply_comes_from_the_address_that_was_asked)
{
	struct frame f;
	struct wire w;

	wire_up_known(&w);
	EXPECT_EQ(inet_add_addr(w.net, w.dev, IP4(10, 0, 0, 9), 24), 0);
	wire_ping(&w, SPEC(.daddr = IP4(10, 0, 0, 9)), 4);
	EXPECT_TRUE(wire_pop(&w, &f));
	EXPECT_EQ(frame_ip(&f)->saddr, IP4(10, 0, 0, 9));
	wire_down(&w);
}

TEST(a_damaged_icmp_message_is_counted_and_dropped)
{
	u8 ping[16] = { ICMP_ECHO, 0, 0xf8, 0 };
	struct wire w;

	wire_up_known(&w);
	wire_ip(&w, SPEC(.protocol = IPPROTO_ICMP), ping, sizeof(ping));
	EXPECT_EQ(w.net->mib.icmp[ICMP_MIB_CSUMERRORS], 1);
	EXPECT_EQ(w.net->mib.icmp[ICMP_MIB_INERRORS], 1);
	EXPECT_EQ(w.net->drops[SKB_DROP_REASON_ICMP_CSUM], 1);
	wire_ip(&w, SPEC(.protocol = IPPROTO_ICMP), "\xff\xff", 2);
	EXPECT_EQ(w.net->drops[SKB_DROP_REASON_PKT_TOO_SMALL], 1);
	EXPECT_SILENCE(&w);
	wire_down(&w);
}

TEST(types_of_old_and_types_unknown_are_dropped_silently)
{
	static const u8 dead[] = { 1, 2, ICMP_SOURCE_QUENCH, 6, 7, 9, 10, ICMP_TIMESTAMPREPLY,
		ICMP_INFO_REQUEST, ICMP_INFO_REPLY, ICMP_ADDRESS, ICMP_ADDRESSREPLY, 19, 42, 255 };
	unsigned int i;
	struct wire w;

	wire_up_known(&w);
	for (i = 0; i < ARRAY_SIZE(dead); i++)
		wire_icmp(&w, SPEC(0), (struct icmphdr){ .type = dead[i] }, 20);
	EXPECT_SILENCE(&w);
	EXPECT_EQ(w.net->drops[SKB_DROP_REASON_ICMP_TYPE], ARRAY_SIZE(dead));
	wire_down(&w);
}

TEST(an_echo_to_a_broadcast_is_answered_only_when_allowed)
{
	struct frame f;
	struct wire w;

	wire_up_known(&w);
	wire_ping(&w, SPEC(.daddr = IP4(10, 0, 0, 255)), 4);
	wire_ping(&w, SPEC(.daddr = IP4(255, 255, 255, 255)), 4);
	EXPECT_SILENCE(&w);
	EXPECT_EQ(w.net->drops[SKB_DROP_REASON_ICMP_BCAST], 2);
	w.net->ipv4.sysctl_icmp_echo_ignore_broadcasts = 0;
	wire_ping(&w, SPEC(.daddr = IP4(10, 0, 0, 255)), 4);
	EXPECT_TRUE(wire_pop(&w, &f));
	EXPECT_EQ(frame_ip(&f)->saddr, US);
	w.net->ipv4.sysctl_icmp_echo_ignore_all = 1;
	wire_ping(&w, SPEC(0), 4);
	EXPECT_SILENCE(&w);
	wire_down(&w);
}

TEST(a_timestamp_is_answered_with_a_clock_that_is_not_midnight_s)
{
	struct frame f;
	struct wire w;
	u32 t[3];

	wire_up_known(&w);
	wire_icmp(&w, SPEC(0), (struct icmphdr){ .type = ICMP_TIMESTAMP }, 12);
	EXPECT_TRUE(wire_pop(&w, &f));
	expect_icmp_ok(&f);
	EXPECT_EQ(((struct icmphdr *)frame_l4(&f))->type, ICMP_TIMESTAMPREPLY);
	memcpy(t, (u8 *)frame_l4(&f) + 8, 12);
	EXPECT_EQ(ntohl((__be32)t[0]), 0x00010203U);
	EXPECT_TRUE(ntohl((__be32)t[1]) & 0x80000000U);
	EXPECT_EQ(t[1], t[2]);
	wire_icmp(&w, SPEC(0), (struct icmphdr){ .type = ICMP_TIMESTAMP }, 3);
	EXPECT_SILENCE(&w);
	wire_down(&w);
}

/* ---- errors -------------------------------------------------------------------- */

TEST(a_closed_port_brings_port_unreachable_with_the_packet_quoted)
{
	u8 data[900] = { 0 };
	struct icmphdr *icmph;
	struct iphdr *quoted;
	struct frame f;
	struct wire w;

	wire_up_known(&w);
	wire_udp(&w, SPEC(.tos = 0x10, .id = 0x77), 5000, 33434, data, 20);
	EXPECT_TRUE(wire_pop(&w, &f));
	expect_icmp_ok(&f);
	icmph = frame_l4(&f);
	quoted = (void *)(icmph + 1);
	EXPECT_EQ(icmph->type, ICMP_DEST_UNREACH);
	EXPECT_EQ(icmph->code, ICMP_PORT_UNREACH);
	EXPECT_EQ(icmph->un.gateway, 0);
	EXPECT_EQ(frame_ip(&f)->tos, 0xd0);
	EXPECT_EQ(frame_ip(&f)->saddr, US);
	EXPECT_EQ(quoted->id, htons(0x77));
	EXPECT_EQ(quoted->daddr, US);
	EXPECT_EQ(ntohs(frame_ip(&f)->tot_len), 28 + 48);
	wire_udp(&w, SPEC(0), 5000, 33434, data, sizeof(data));
	EXPECT_TRUE(wire_pop(&w, &f));
	EXPECT_EQ(ntohs(frame_ip(&f)->tot_len), 576);
	EXPECT_EQ(w.net->mib.icmp[ICMP_MIB_OUTDESTUNREACHS], 2);
	wire_down(&w);
}

/* A datagram to a port that is closed brings nothing. */
#define CHECK_NO_ERROR(w, ...) do {					\
	wire_udp(w, SPEC(__VA_ARGS__), 5000, 33434, "x", 1);		\
	EXPECT_SILENCE(w);						\
	host_sleep(2 * NSEC_PER_SEC);					\
} while (0)

TEST(no_error_is_sent_about_what_was_sent_to_or_from_many)
{
	static const u8 bcast[6] = { 255, 255, 255, 255, 255, 255 };
	struct wire w;

	wire_up_known(&w);
	w.net->ipv4.devconf_all.drop_unicast_in_l2_multicast = 0;
	CHECK_NO_ERROR(&w, .daddr = IP4(10, 0, 0, 255));
	CHECK_NO_ERROR(&w, .daddr = IP4(255, 255, 255, 255));
	CHECK_NO_ERROR(&w, .daddr = IP4(224, 0, 0, 1));
	CHECK_NO_ERROR(&w, .mac_dest = bcast);
	CHECK_NO_ERROR(&w, .saddr = IP4(240, 0, 0, 1));
	CHECK_NO_ERROR(&w, .saddr = IP4(10, 0, 0, 255));
	CHECK_NO_ERROR(&w, .saddr = IP4(224, 0, 0, 1));
	CHECK_NO_ERROR(&w, .frag_off = 1);
	wire_down(&w);
}

TEST(no_error_is_sent_about_an_icmp_error)
{
	static const u8 bad[4] = { IPOPT_RR, 0, 0, 0 };
	struct frame f;
	struct wire w;

	wire_up_known(&w);
	wire_icmp(&w, SPEC(.options = bad, .optlen = 4),
		  (struct icmphdr){ .type = ICMP_DEST_UNREACH }, 28);
	EXPECT_SILENCE(&w);
	wire_icmp(&w, SPEC(.options = bad, .optlen = 4), (struct icmphdr){ .type = 200 }, 28);
	EXPECT_SILENCE(&w);
	wire_icmp(&w, SPEC(.options = bad, .optlen = 4), (struct icmphdr){ .type = ICMP_ECHO }, 28);
	EXPECT_TRUE(wire_pop(&w, &f));
	EXPECT_EQ(((struct icmphdr *)frame_l4(&f))->type, ICMP_PARAMETERPROB);
	wire_down(&w);
}

/* ---- limits --------------------------------------------------------------------- */

static unsigned int provoke(struct wire *w, unsigned int n, bool strangers)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		wire_udp(w, SPEC(.saddr = strangers ? htonl(0xc6336400 + i) : PEER), 5000,
			 33434, "x", 1);
	return fake_netdev_drain(w->dev);
}

TEST(one_peer_gets_six_errors_at_once_and_then_one_a_second)
{
	struct wire w;

	wire_up_known(&w);
	EXPECT_EQ(provoke(&w, 30, false), 6);
	EXPECT_EQ(w.net->mib.icmp[ICMP_MIB_RATELIMITHOST], 24);
	host_sleep(NSEC_PER_SEC);
	EXPECT_EQ(provoke(&w, 10, false), 1);
	host_sleep(3 * NSEC_PER_SEC);
	EXPECT_EQ(provoke(&w, 10, false), 3);
	host_sleep(100 * NSEC_PER_SEC);
	EXPECT_EQ(provoke(&w, 10, false), 6);
	/* Echo is not limited. */
	wire_ping(&w, SPEC(0), 8);
	EXPECT_EQ(fake_netdev_drain(w.dev), 1);
	wire_down(&w);
}

TEST(all_peers_together_get_a_burst_of_fifty_and_a_thousand_a_second)
{
	struct wire w;

	wire_up_known(&w);
	EXPECT_EQ(provoke(&w, 200, true), 50);
	EXPECT_EQ(w.net->mib.icmp[ICMP_MIB_RATELIMITGLOBAL], 150);
	host_sleep(10 * NSEC_PER_MSEC);
	EXPECT_EQ(provoke(&w, 200, true), 10);
	w.net->ipv4.sysctl_icmp_ratemask = 0;
	EXPECT_EQ(provoke(&w, 200, true), 200);
	wire_down(&w);
}

TEST(the_memory_of_peers_is_bounded)
{
	struct wire w;
	u32 i;

	wire_up_known(&w);
	local_bh_disable();
	for (i = 0; i < INETPEER_MAX * 2; i++)
		EXPECT_TRUE(inet_getpeer_v4(w.net, htonl(i)) != NULL);
	local_bh_enable();
	EXPECT_EQ(w.net->ipv4.peers->total, INETPEER_MAX);
	wire_down(&w);
}

/* ---- ping sockets -------------------------------------------------------------- */

TEST(a_ping_socket_gets_its_own_replies_only)
{
	struct icmphdr h = { .type = ICMP_ECHO, .un.echo.sequence = htons(3) }, *sent;
	struct sockaddr_in from = { 0 };
	struct socket *sock;
	struct frame f;
	struct wire w;
	u8 buf[64];

	wire_up_known(&w);
	sock = wire_socket(&w, SOCK_DGRAM, IPPROTO_ICMP);
	memcpy(buf, &h, 8);
	memcpy(buf + 8, "payload", 7);
	EXPECT_EQ(wire_sendto(sock, buf, 15, 0, PEER, 0), 15);
	EXPECT_TRUE(wire_pop(&w, &f));
	expect_icmp_ok(&f);
	sent = frame_l4(&f);
	EXPECT_EQ(sent->type, ICMP_ECHO);
	EXPECT_EQ(sent->un.echo.sequence, htons(3));
	EXPECT_EQ(sent->un.echo.id, inet_sk(sock->sk)->inet_sport);
	EXPECT_NE(sent->un.echo.id, 0);
	h = *sent;
	h.type = ICMP_ECHOREPLY;
	wire_icmp(&w, SPEC(0), (struct icmphdr){ .type = ICMP_ECHOREPLY,
		  .un.echo.id = h.un.echo.id ^ htons(1) }, 8);
	EXPECT_EQ(w.net->drops[SKB_DROP_REASON_NO_SOCKET], 1);
	EXPECT_EQ(wire_recv(sock, buf, sizeof(buf), 0, &from), -EAGAIN);
	wire_icmp(&w, SPEC(0), h, 8);
	EXPECT_EQ(wire_recv(sock, buf, sizeof(buf), 0, &from), 16);
	EXPECT_EQ(buf[0], ICMP_ECHOREPLY);
	EXPECT_EQ(from.sin_addr.s_addr, PEER);
	/* Nothing but echo requests. */
	buf[0] = ICMP_DEST_UNREACH;
	EXPECT_EQ(wire_sendto(sock, buf, 15, 0, PEER, 0), -EINVAL);
	buf[0] = ICMP_ECHO;
	EXPECT_EQ(wire_sendto(sock, buf, 7, 0, PEER, 0), -EINVAL);
	EXPECT_EQ(wire_sendto(sock, buf, 15, 0, 0, 0), -EDESTADDRREQ);
	sock_release(sock);
	wire_down(&w);
}
