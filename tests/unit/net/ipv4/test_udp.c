// SPDX-License-Identifier: MIT
/* UDP: checksums and lengths, ports, connected sockets, errors, corks, options. */
#include <linux/slab.h>
#include <uapi/linux/errqueue.h>

#include "wire.h"

#define SPEC(...) (&(struct ip_spec){ __VA_ARGS__ })

static struct socket *bound(struct wire *w, __be32 addr, u16 port)
{
	struct socket *sock = wire_socket(w, SOCK_DGRAM, 0);

	EXPECT_EQ(wire_bind(sock, addr, port), 0);
	return sock;
}

TEST(a_datagram_goes_in_and_out_with_its_addresses)
{
	struct sockaddr_in from = { 0 };
	struct socket *sock;
	struct frame f;
	struct wire w;
	char buf[64];

	wire_up_known(&w);
	sock = bound(&w, 0, 7);
	wire_udp(&w, SPEC(0), 5000, 7, "hello", 5);
	EXPECT_EQ(wire_recv(sock, buf, sizeof(buf), 0, &from), 5);
	EXPECT_MEMEQ(buf, "hello", 5);
	EXPECT_EQ(from.sin_addr.s_addr, PEER);
	EXPECT_EQ(from.sin_port, htons(5000));
	EXPECT_EQ(wire_sendto(sock, "world!", 6, 0, PEER, 5000), 6);
	EXPECT_TRUE(wire_pop(&w, &f));
	expect_udp_ok(&f);
	EXPECT_EQ(((struct udphdr *)frame_l4(&f))->source, htons(7));
	EXPECT_EQ(((struct udphdr *)frame_l4(&f))->dest, htons(5000));
	EXPECT_EQ(w.net->mib.udp[UDP_MIB_INDATAGRAMS], 1);
	EXPECT_EQ(w.net->mib.udp[UDP_MIB_OUTDATAGRAMS], 1);
	/* Empty ones are datagrams too. */
	wire_udp(&w, SPEC(0), 5000, 7, NULL, 0);
	EXPECT_EQ(wire_recv(sock, buf, sizeof(buf), 0, NULL), 0);
	EXPECT_EQ(wire_recv(sock, buf, sizeof(buf), 0, NULL), -EAGAIN);
	EXPECT_EQ(wire_sendto(sock, "", 0, 0, PEER, 5000), 0);
	EXPECT_EQ(fake_netdev_drain(w.dev), 1);
	sock_release(sock);
	wire_down(&w);
}

/* A datagram as it is given: its length field, and its checksum, or ~0: right. */
static void raw_udp(struct wire *w, u16 len_field, int check, unsigned int payload)
{
	u8 buf[128] = { 0 };
	struct udphdr *uh = (void *)buf;

	uh->source = htons(5000);
	uh->dest = htons(7);
	uh->len = htons(len_field);
	if (check == ~0)
		uh->check = csum_tcpudp_magic(PEER, US, len_field, IPPROTO_UDP,
					      csum_partial(buf, len_field, 0));
	else
		uh->check = (__force __sum16)htons((u16)check);
	wire_ip(w, SPEC(.protocol = IPPROTO_UDP), buf, 8 + payload);
}

TEST(lengths_and_checksums_follow_rfc_768)
{
	struct socket *sock;
	struct wire w;
	char buf[64];

	wire_up_known(&w);
	sock = bound(&w, 0, 7);
	raw_udp(&w, 18, ~0, 10);
	EXPECT_EQ(wire_recv(sock, buf, 64, 0, NULL), 10);
	raw_udp(&w, 18, 0, 10);				/* no checksum */
	EXPECT_EQ(wire_recv(sock, buf, 64, 0, NULL), 10);
	raw_udp(&w, 18, 0x1234, 10);			/* a wrong one */
	EXPECT_EQ(wire_recv(sock, buf, 64, 0, NULL), -EAGAIN);
	EXPECT_EQ(w.net->drops[SKB_DROP_REASON_UDP_CSUM], 1);
	EXPECT_EQ(w.net->mib.udp[UDP_MIB_CSUMERRORS], 1);
	raw_udp(&w, 12, ~0, 10);			/* more than it says: cut */
	EXPECT_EQ(wire_recv(sock, buf, 64, 0, NULL), 4);
	raw_udp(&w, 7, 0, 10);				/* less than a header */
	raw_udp(&w, 19, 0, 10);				/* more than there is */
	raw_udp(&w, 0, 0, 10);
	EXPECT_EQ(w.net->drops[SKB_DROP_REASON_UDP_LENGTH], 3);
	wire_ip(&w, SPEC(.protocol = IPPROTO_UDP), "1234567", 7);
	EXPECT_EQ(w.net->drops[SKB_DROP_REASON_PKT_TOO_SMALL], 1);
	EXPECT_EQ(w.net->mib.udp[UDP_MIB_INERRORS], 5);
	EXPECT_EQ(wire_recv(sock, buf, 64, 0, NULL), -EAGAIN);
	EXPECT_SILENCE(&w);
	sock_release(sock);
	wire_down(&w);
}

TEST(a_checksum_that_comes_out_as_zero_is_sent_as_all_ones)
{
	struct socket *sock;
	struct udphdr *uh;
	struct frame f;
	struct wire w;
	u16 fill;
	u8 data[2];

	wire_up_known(&w);
	sock = bound(&w, US, 7);
	EXPECT_EQ(wire_sendto(sock, "\0\0", 2, 0, PEER, 5000), 2);
	EXPECT_TRUE(wire_pop(&w, &f));
	uh = frame_l4(&f);
	/* What makes the sum of everything all ones, and so its complement 0. */
	fill = ntohs((__force __be16)uh->check);
	data[0] = (u8)(fill >> 8);
	data[1] = (u8)fill;
	EXPECT_EQ(wire_sendto(sock, data, 2, 0, PEER, 5000), 2);
	EXPECT_TRUE(wire_pop(&w, &f));
	uh = frame_l4(&f);
	EXPECT_EQ(uh->check, CSUM_MANGLED_0);
	expect_udp_ok(&f);
	EXPECT_EQ(wire_set_int(sock, SOL_SOCKET, SO_NO_CHECK, 1), 0);
	EXPECT_EQ(wire_sendto(sock, data, 2, 0, PEER, 5000), 2);
	EXPECT_TRUE(wire_pop(&w, &f));
	EXPECT_EQ(((struct udphdr *)frame_l4(&f))->check, 0);
	sock_release(sock);
	wire_down(&w);
}

TEST(a_device_that_sums_gets_the_sum_begun)
{
	struct socket *sock;
	struct sk_buff *skb;
	struct wire w;

	wire_up_plain(&w, NETIF_F_HW_CSUM | NETIF_F_SG);
	EXPECT_EQ(arp_set_permanent(w.dev, PEER, peer_mac), 0);
	sock = bound(&w, 0, 7);
	EXPECT_EQ(wire_sendto(sock, "abc", 3, 0, PEER, 5000), 3);
	skb = fake_netdev_pop(w.dev);
	EXPECT_TRUE(skb != NULL);
	EXPECT_TRUE(skb->ip_summed == CHECKSUM_PARTIAL);
	EXPECT_EQ(skb->csum_offset, offsetof(struct udphdr, check));
	EXPECT_EQ(skb_checksum_help(skb), 0);
	EXPECT_EQ(csum_tcpudp_magic(US, PEER, 11, IPPROTO_UDP,
				    skb_checksum(skb, skb_transport_offset(skb), 11, 0)), 0);
	consume_skb(skb);
	sock_release(sock);
	wire_down(&w);
}

TEST(every_length_sums_right_at_once_and_in_pieces)
{
	struct socket *sock;
	unsigned int len;
	struct frame f;
	struct wire w;
	u8 data[300];

	wire_up_known(&w);
	sock = bound(&w, 0, 7);
	for (len = 0; len < sizeof(data); len++)
		data[len] = (u8)(len * 13 + 5);
	for (len = 0; len < sizeof(data); len++) {
		unsigned int a = len / 3, b = len / 2;

		EXPECT_EQ(wire_sendto(sock, data, len, 0, PEER, 9), (int)len);
		EXPECT_TRUE(wire_pop(&w, &f));
		expect_udp_ok(&f);
		wire_sendto(sock, data, a, MSG_MORE, PEER, 9);
		wire_sendto(sock, data + a, b - a, MSG_MORE, PEER, 9);
		EXPECT_SILENCE(&w);
		wire_sendto(sock, data + b, len - b, 0, PEER, 9);
		EXPECT_TRUE(wire_pop(&w, &f));
		expect_udp_ok(&f);
		EXPECT_MEMEQ((u8 *)frame_l4(&f) + 8, data, len);
	}
	sock_release(sock);
	wire_down(&w);
}

/* ---- ports ------------------------------------------------------------------------ */

TEST(a_port_belongs_to_one_socket_unless_both_share_it)
{
	struct socket *a, *b;
	struct wire w;

	wire_up(&w);
	a = bound(&w, US, 53);
	b = wire_socket(&w, SOCK_DGRAM, 0);
	EXPECT_EQ(wire_bind(b, US, 53), -EADDRINUSE);
	EXPECT_EQ(wire_bind(b, 0, 53), -EADDRINUSE);
	EXPECT_EQ(wire_set_int(b, SOL_SOCKET, SO_REUSEADDR, 1), 0);
	EXPECT_EQ(wire_bind(b, 0, 53), -EADDRINUSE);
	EXPECT_EQ(wire_set_int(a, SOL_SOCKET, SO_REUSEADDR, 1), 0);
	EXPECT_EQ(wire_bind(b, 0, 53), 0);
	sock_release(b);
	b = wire_socket(&w, SOCK_DGRAM, 0);
	EXPECT_EQ(wire_bind(b, htonl(INADDR_LOOPBACK), 53), 0);
	EXPECT_EQ(wire_bind(b, htonl(INADDR_LOOPBACK), 54), -EINVAL);
	sock_release(b);
	b = wire_socket(&w, SOCK_DGRAM, 0);
	EXPECT_EQ(wire_bind(b, PEER, 53), -EADDRNOTAVAIL);
	EXPECT_EQ(wire_set_int(b, SOL_IP, IP_FREEBIND, 1), 0);
	EXPECT_EQ(wire_bind(b, PEER, 53), 0);
	sock_release(b);
	sock_release(a);
	wire_down(&w);
}

TEST(ephemeral_ports_are_of_the_range_and_run_out)
{
	struct socket *s[5];
	struct wire w;
	int i;

	wire_up(&w);
	w.net->ipv4.sysctl_local_port_range[0] = 40000;
	w.net->ipv4.sysctl_local_port_range[1] = 40003;
	for (i = 0; i < 4; i++) {
		s[i] = bound(&w, 0, 0);
		EXPECT_GE(s[i]->sk->sk_num, 40000);
		EXPECT_LE(s[i]->sk->sk_num, 40003);
	}
	s[4] = wire_socket(&w, SOCK_DGRAM, 0);
	EXPECT_EQ(wire_bind(s[4], 0, 0), -EADDRINUSE);
	EXPECT_EQ(wire_sendto(s[4], "x", 1, 0, PEER, 9), -EAGAIN);
	for (i = 0; i < 5; i++)
		sock_release(s[i]);
	wire_down(&w);
}

static int got(struct socket *sock)
{
	char buf[16];

	return wire_recv(sock, buf, sizeof(buf), 0, NULL);
}

TEST(the_socket_that_says_most_about_a_datagram_gets_it)
{
	struct socket *any, *ours, *connected;
	struct wire w;

	wire_up_known(&w);
	any = wire_socket(&w, SOCK_DGRAM, 0);
	ours = wire_socket(&w, SOCK_DGRAM, 0);
	connected = wire_socket(&w, SOCK_DGRAM, 0);
	EXPECT_EQ(wire_set_int(any, SOL_SOCKET, SO_REUSEADDR, 1), 0);
	EXPECT_EQ(wire_set_int(ours, SOL_SOCKET, SO_REUSEADDR, 1), 0);
	EXPECT_EQ(wire_set_int(connected, SOL_SOCKET, SO_REUSEADDR, 1), 0);
	EXPECT_EQ(wire_bind(connected, US, 7), 0);
	EXPECT_EQ(wire_bind(ours, US, 7), 0);
	EXPECT_EQ(wire_bind(any, 0, 7), 0);
	EXPECT_EQ(wire_connect(connected, PEER, 5000), 0);
	wire_udp(&w, SPEC(0), 5000, 7, "c", 1);
	wire_udp(&w, SPEC(0), 5001, 7, "oo", 2);
	wire_udp(&w, SPEC(.saddr = IP4(10, 0, 0, 3)), 5000, 7, "ooo", 3);
	EXPECT_EQ(got(connected), 1);
	EXPECT_EQ(got(connected), -EAGAIN);
	EXPECT_EQ(got(ours), 2);
	EXPECT_EQ(got(ours), 3);
	EXPECT_EQ(got(any), -EAGAIN);
	sock_release(any);
	sock_release(ours);
	sock_release(connected);
	wire_down(&w);
}

TEST(sockets_that_share_a_port_share_the_flows)
{
	struct socket *s[4];
	int i, count[4] = { 0 }, total = 0;
	struct wire w;

	wire_up_known(&w);
	for (i = 0; i < 4; i++) {
		s[i] = wire_socket(&w, SOCK_DGRAM, 0);
		EXPECT_EQ(wire_set_int(s[i], SOL_SOCKET, SO_REUSEPORT, 1), 0);
		EXPECT_EQ(wire_bind(s[i], 0, 7), 0);
	}
	for (i = 0; i < 400; i++)
		wire_udp(&w, SPEC(0), (u16)(10000 + i), 7, "x", 1);
	for (i = 0; i < 4; i++) {
		while (got(s[i]) == 1)
			count[i]++;
		EXPECT_GT(count[i], 40);
		total += count[i];
	}
	EXPECT_EQ(total, 400);
	/* One flow goes to one of them. */
	for (i = 0; i < 20; i++)
		wire_udp(&w, SPEC(0), 999, 7, "x", 1);
	for (i = 0; i < 4; i++) {
		int n = 0;

		while (got(s[i]) == 1)
			n++;
		EXPECT_TRUE(n == 0 || n == 20);
		sock_release(s[i]);
	}
	wire_down(&w);
}

TEST(a_broadcast_reaches_every_socket_of_its_port)
{
	struct socket *a, *b, *c;
	struct wire w;

	wire_up_known(&w);
	a = wire_socket(&w, SOCK_DGRAM, 0);
	b = wire_socket(&w, SOCK_DGRAM, 0);
	c = bound(&w, 0, 68);
	EXPECT_EQ(wire_set_int(a, SOL_SOCKET, SO_REUSEADDR, 1), 0);
	EXPECT_EQ(wire_set_int(b, SOL_SOCKET, SO_REUSEADDR, 1), 0);
	EXPECT_EQ(wire_bind(a, 0, 67), 0);
	EXPECT_EQ(wire_bind(b, 0, 67), 0);
	wire_udp(&w, SPEC(.daddr = IP4(255, 255, 255, 255)), 68, 67, "dis", 3);
	wire_udp(&w, SPEC(.daddr = IP4(10, 0, 0, 255)), 68, 67, "cover", 5);
	EXPECT_EQ(got(a), 3);
	EXPECT_EQ(got(a), 5);
	EXPECT_EQ(got(b), 3);
	EXPECT_EQ(got(b), 5);
	EXPECT_EQ(got(c), -EAGAIN);
	wire_udp(&w, SPEC(.daddr = IP4(10, 0, 0, 255)), 68, 1, "nobody", 6);
	EXPECT_EQ(w.net->mib.udp[UDP_MIB_IGNOREDMULTI], 1);
	EXPECT_SILENCE(&w);
	sock_release(a);
	sock_release(b);
	sock_release(c);
	wire_down(&w);
}

TEST(sending_a_broadcast_needs_so_broadcast_and_is_heard_here_too)
{
	static const u8 bcast[6] = { 255, 255, 255, 255, 255, 255 };
	struct socket *sock;
	struct frame f;
	struct wire w;

	wire_up_known(&w);
	sock = bound(&w, 0, 67);
	EXPECT_EQ(wire_sendto(sock, "x", 1, 0, IP4(255, 255, 255, 255), 67), -EACCES);
	EXPECT_EQ(wire_sendto(sock, "x", 1, 0, IP4(10, 0, 0, 255), 67), -EACCES);
	EXPECT_EQ(wire_connect(sock, IP4(10, 0, 0, 255), 67), -EACCES);
	EXPECT_EQ(wire_set_int(sock, SOL_SOCKET, SO_BROADCAST, 1), 0);
	EXPECT_EQ(wire_sendto(sock, "xy", 2, 0, IP4(10, 0, 0, 255), 67), 2);
	EXPECT_TRUE(wire_pop(&w, &f));
	expect_udp_ok(&f);
	EXPECT_MEMEQ(f.data, bcast, 6);
	host_run();
	EXPECT_EQ(got(sock), 2);
	EXPECT_EQ(w.net->mib.ip[IPSTATS_MIB_OUTBCASTPKTS], 1);
	sock_release(sock);
	wire_down(&w);
}

/* ---- connected sockets, errors ------------------------------------------------------ */

/* An ICMP error about a datagram from @sport to FAR:9. */
static void wire_unreach(struct wire *w, u8 type, u8 code, __be16 sport, __be32 daddr)
{
	struct {
		struct icmphdr h;
		struct iphdr iph;
		struct udphdr uh;
		char data[4];
	} __packed m = {
		.h = { .type = type, .code = code },
		.iph = { .version = 4, .ihl = 5, .tot_len = htons(32), .ttl = 60,
			 .protocol = IPPROTO_UDP, .saddr = US, .daddr = daddr },
		.uh = { .source = sport, .dest = htons(9), .len = htons(12) },
		.data = "dat",
	};

	m.h.checksum = ip_compute_csum(&m, sizeof(m));
	wire_ip(w, SPEC(.protocol = IPPROTO_ICMP, .saddr = GW), &m, sizeof(m));
}

TEST(a_connected_socket_hears_that_the_port_is_closed)
{
	struct socket *sock;
	struct wire w;
	__be16 sport;
	char c;

	wire_up_known(&w);
	sock = wire_socket(&w, SOCK_DGRAM, 0);
	EXPECT_EQ(wire_connect(sock, FAR, 9), 0);
	sport = inet_sk(sock->sk)->inet_sport;
	wire_unreach(&w, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, sport, FAR);
	EXPECT_EQ(wire_recv(sock, &c, 1, 0, NULL), -ECONNREFUSED);
	EXPECT_EQ(wire_recv(sock, &c, 1, 0, NULL), -EAGAIN);
	/* Routers' errors are soft: only for who asks. */
	wire_unreach(&w, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, sport, FAR);
	wire_unreach(&w, ICMP_TIME_EXCEEDED, ICMP_EXC_TTL, sport, FAR);
	EXPECT_EQ(wire_recv(sock, &c, 1, 0, NULL), -EAGAIN);
	/* Not about a datagram of ours. */
	wire_unreach(&w, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, sport, PEER);
	wire_unreach(&w, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, htons(1), FAR);
	EXPECT_EQ(wire_recv(sock, &c, 1, 0, NULL), -EAGAIN);
	EXPECT_EQ(w.net->mib.icmp[ICMP_MIB_INERRORS], 2);
	sock_release(sock);
	wire_down(&w);
}

TEST(a_socket_that_is_not_connected_hears_nothing_unless_it_asks)
{
	struct sockaddr_in name = { 0 };
	struct {
		struct cmsghdr h;
		struct sock_extended_err ee;
		struct sockaddr_in offender;
	} control = { 0 };
	char buf[16];
	struct kvec kv = { buf, sizeof(buf) };
	struct msghdr msg = { .msg_name = &name, .msg_control = &control,
			      .msg_controllen = sizeof(control) };
	struct socket *sock;
	struct wire w;
	__be16 sport;

	wire_up_known(&w);
	sock = bound(&w, 0, 777);
	sport = htons(777);
	wire_unreach(&w, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, sport, FAR);
	EXPECT_EQ(got(sock), -EAGAIN);
	EXPECT_EQ(wire_set_int(sock, SOL_IP, IP_RECVERR, 1), 0);
	wire_unreach(&w, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, sport, FAR);
	EXPECT_EQ(got(sock), -EHOSTUNREACH);
	iov_iter_kvec(&msg.msg_iter, ITER_DEST, &kv, 1, sizeof(buf));
	EXPECT_EQ(sock_recvmsg(sock, &msg, MSG_ERRQUEUE), 4);
	EXPECT_MEMEQ(buf, "dat", 4);
	EXPECT_TRUE(msg.msg_flags & MSG_ERRQUEUE);
	EXPECT_EQ(name.sin_addr.s_addr, FAR);
	EXPECT_EQ(name.sin_port, htons(9));
	EXPECT_EQ(control.h.cmsg_type, IP_RECVERR);
	EXPECT_EQ(control.ee.ee_errno, EHOSTUNREACH);
	EXPECT_EQ(control.ee.ee_origin, SO_EE_ORIGIN_ICMP);
	EXPECT_EQ(control.ee.ee_type, ICMP_DEST_UNREACH);
	EXPECT_EQ(control.ee.ee_code, ICMP_HOST_UNREACH);
	EXPECT_EQ(control.offender.sin_addr.s_addr, GW);
	EXPECT_EQ(wire_recv(sock, buf, 16, MSG_ERRQUEUE, NULL), -EAGAIN);
	/* One left unread when the socket closes. */
	wire_unreach(&w, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, sport, FAR);
	sock_release(sock);
	wire_down(&w);
}

TEST(disconnecting_gives_address_and_port_back)
{
	struct sockaddr_in unspec = { .sin_family = AF_UNSPEC };
	struct socket *sock;
	struct wire w;

	wire_up_known(&w);
	sock = wire_socket(&w, SOCK_DGRAM, 0);
	EXPECT_EQ(wire_sendto(sock, "x", 1, 0, 0, 0), -EDESTADDRREQ);
	EXPECT_EQ(wire_connect(sock, FAR, 9), 0);
	EXPECT_EQ(inet_sk(sock->sk)->inet_saddr, US);
	EXPECT_NE(inet_sk(sock->sk)->inet_sport, 0);
	EXPECT_EQ(wire_sendto(sock, "x", 1, 0, 0, 0), 1);
	/* And elsewhere all the same. */
	EXPECT_EQ(wire_sendto(sock, "x", 1, 0, PEER, 9), 1);
	EXPECT_EQ(sock->ops->connect(sock, (void *)&unspec, sizeof(unspec), 0), 0);
	EXPECT_EQ(inet_sk(sock->sk)->inet_saddr, 0);
	EXPECT_EQ(sock->sk->sk_num, 0);
	EXPECT_EQ(wire_sendto(sock, "x", 1, 0, 0, 0), -EDESTADDRREQ);
	EXPECT_EQ(fake_netdev_drain(w.dev), 2);
	sock_release(sock);
	wire_down(&w);
}

TEST(a_full_receive_buffer_drops_and_counts)
{
	struct socket *sock;
	u8 data[1400] = { 0 };
	struct wire w;
	int i, n = 0;
	char c;

	wire_up_known(&w);
	sock = bound(&w, 0, 7);
	EXPECT_EQ(wire_set_int(sock, SOL_SOCKET, SO_RCVBUF, 8192), 0);
	for (i = 0; i < 50; i++)
		wire_udp(&w, SPEC(0), 5000, 7, data, sizeof(data));
	while (wire_recv(sock, &c, 1, 0, NULL) == 1)
		n++;
	EXPECT_GT(n, 2);
	EXPECT_LT(n, 20);
	EXPECT_EQ(w.net->mib.udp[UDP_MIB_RCVBUFERRORS], 50 - (u64)n);
	EXPECT_EQ(w.net->drops[SKB_DROP_REASON_SOCKET_RCVBUFF], 50 - (u64)n);
	wire_udp(&w, SPEC(0), 5000, 7, data, 1);
	EXPECT_EQ(got(sock), 1);
	sock_release(sock);
	wire_down(&w);
}

/* ---- reading and options --------------------------------------------------------------- */

TEST(peeking_leaves_a_datagram_and_truncation_is_told)
{
	struct socket *sock;
	struct wire w;
	char buf[4];

	wire_up_known(&w);
	sock = bound(&w, 0, 7);
	wire_udp(&w, SPEC(0), 5000, 7, "0123456789", 10);
	wire_udp(&w, SPEC(0), 5000, 7, "next", 4);
	EXPECT_EQ(wire_recv(sock, buf, 4, MSG_PEEK, NULL), 4);
	EXPECT_EQ(wire_recv(sock, buf, 4, MSG_PEEK | MSG_TRUNC, NULL), 10);
	EXPECT_EQ(w.net->mib.udp[UDP_MIB_INDATAGRAMS], 0);
	EXPECT_EQ(wire_recv(sock, buf, 4, MSG_TRUNC, NULL), 10);
	EXPECT_EQ(wire_recv(sock, buf, 4, 0, NULL), 4);
	EXPECT_MEMEQ(buf, "next", 4);
	EXPECT_EQ(w.net->mib.udp[UDP_MIB_INDATAGRAMS], 2);
	sock_release(sock);
	wire_down(&w);
}

TEST(a_socket_closed_with_datagrams_in_its_queue_drops_them_with_a_reason)
{
	struct socket *sock;
	struct wire w;

	wire_up_known(&w);
	sock = bound(&w, 0, 7);
	wire_udp(&w, SPEC(0), 5000, 7, "x", 1);
	wire_udp(&w, SPEC(0), 5000, 7, "x", 1);
	sock_release(sock);
	EXPECT_EQ(w.net->drops[SKB_DROP_REASON_SOCKET_CLOSE], 2);
	wire_down(&w);
}

TEST(control_messages_tell_address_device_ttl_and_tos)
{
	struct {
		struct cmsghdr h0;
		struct in_pktinfo info;
		u8 pad[4];
		struct cmsghdr h1;
		int ttl;
		u8 pad1[4];
		struct cmsghdr h2;
		u8 tos;
		u8 pad2[7];
	} c = { 0 };
	char buf[16];
	struct kvec kv = { buf, sizeof(buf) };
	struct msghdr msg = { .msg_control = &c, .msg_controllen = sizeof(c) };
	struct socket *sock;
	struct wire w;

	wire_up_known(&w);
	sock = bound(&w, 0, 7);
	EXPECT_EQ(wire_set_int(sock, SOL_IP, IP_PKTINFO, 1), 0);
	EXPECT_EQ(wire_set_int(sock, SOL_IP, IP_RECVTTL, 1), 0);
	EXPECT_EQ(wire_set_int(sock, SOL_IP, IP_RECVTOS, 1), 0);
	wire_udp(&w, SPEC(.ttl = 17, .tos = 0x48, .daddr = IP4(10, 0, 0, 255)), 5000, 7, "x", 1);
	iov_iter_kvec(&msg.msg_iter, ITER_DEST, &kv, 1, sizeof(buf));
	EXPECT_EQ(sock_recvmsg(sock, &msg, 0), 1);
	EXPECT_EQ(c.h0.cmsg_type, IP_PKTINFO);
	EXPECT_EQ(c.info.ipi_ifindex, w.dev->ifindex);
	EXPECT_EQ(c.info.ipi_addr.s_addr, IP4(10, 0, 0, 255));
	EXPECT_EQ(c.info.ipi_spec_dst.s_addr, US);
	EXPECT_EQ(c.h1.cmsg_type, IP_TTL);
	EXPECT_EQ(c.ttl, 17);
	EXPECT_EQ(c.h2.cmsg_type, IP_TOS);
	EXPECT_EQ(c.tos, 0x48);
	sock_release(sock);
	wire_down(&w);
}

static int send_with(struct socket *sock, int type, const void *data, size_t len)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(9),
				   .sin_addr = { PEER } };
	struct {
		struct cmsghdr h;
		u8 data[16];
	} c = { .h = { .cmsg_len = CMSG_LEN(len), .cmsg_level = SOL_IP, .cmsg_type = type } };
	struct kvec kv = { (void *)(uintptr_t)"x", 1 };
	struct msghdr msg = { .msg_name = &sin, .msg_namelen = sizeof(sin), .msg_control = &c,
			      .msg_controllen = CMSG_SPACE(len), .msg_flags = MSG_DONTWAIT };

	memcpy(c.data, data, len);
	iov_iter_kvec(&msg.msg_iter, ITER_SOURCE, &kv, 1, 1);
	return sock_sendmsg(sock, &msg);
}

TEST(control_messages_choose_source_ttl_and_tos)
{
	struct in_pktinfo info = { .ipi_spec_dst = { IP4(10, 0, 0, 9) } };
	struct socket *sock;
	int ttl = 3, tos = 0x10, bad = 0;
	struct frame f;
	struct wire w;

	wire_up_known(&w);
	EXPECT_EQ(inet_add_addr(w.net, w.dev, IP4(10, 0, 0, 9), 24), 0);
	sock = bound(&w, 0, 7);
	EXPECT_EQ(send_with(sock, IP_PKTINFO, &info, sizeof(info)), 1);
	EXPECT_TRUE(wire_pop(&w, &f));
	EXPECT_EQ(frame_ip(&f)->saddr, IP4(10, 0, 0, 9));
	EXPECT_EQ(send_with(sock, IP_TTL, &ttl, sizeof(ttl)), 1);
	EXPECT_TRUE(wire_pop(&w, &f));
	EXPECT_EQ(frame_ip(&f)->ttl, 3);
	EXPECT_EQ(send_with(sock, IP_TOS, &tos, sizeof(tos)), 1);
	EXPECT_TRUE(wire_pop(&w, &f));
	EXPECT_EQ(frame_ip(&f)->tos, 0x10);
	EXPECT_EQ(send_with(sock, IP_TTL, &bad, sizeof(bad)), -EINVAL);
	EXPECT_EQ(send_with(sock, IP_RETOPTS, &bad, sizeof(bad)), -EINVAL);
	info.ipi_spec_dst.s_addr = PEER;
	EXPECT_EQ(send_with(sock, IP_PKTINFO, &info, sizeof(info)), -EINVAL);
	sock_release(sock);
	wire_down(&w);
}

TEST(options_of_ip_are_kept_checked_or_unknown)
{
	static const int unknown[] = { 0, IP_OPTIONS, IP_RECVOPTS, IP_RETOPTS, IP_HDRINCL,
		IP_ADD_MEMBERSHIP, IP_MULTICAST_TTL, IP_MULTICAST_IF, IP_NODEFRAG, 99, -1 };
	struct socket *sock;
	struct wire w;
	unsigned int i;
	int val = 0;

	wire_up(&w);
	sock = wire_socket(&w, SOCK_DGRAM, 0);
	for (i = 0; i < ARRAY_SIZE(unknown); i++) {
		EXPECT_EQ(wire_set_int(sock, SOL_IP, unknown[i], 1), -ENOPROTOOPT);
		EXPECT_EQ(wire_get_int(sock, SOL_IP, unknown[i], &val), -ENOPROTOOPT);
	}
	EXPECT_EQ(wire_get_int(sock, SOL_IP, IP_TTL, &val), 0);
	EXPECT_EQ(val, 64);
	EXPECT_EQ(wire_set_int(sock, SOL_IP, IP_TTL, 0), -EINVAL);
	EXPECT_EQ(wire_set_int(sock, SOL_IP, IP_TTL, 256), -EINVAL);
	EXPECT_EQ(wire_set_int(sock, SOL_IP, IP_TTL, 255), 0);
	EXPECT_EQ(wire_get_int(sock, SOL_IP, IP_TTL, &val), 0);
	EXPECT_EQ(val, 255);
	EXPECT_EQ(wire_set_int(sock, SOL_IP, IP_TOS, 0x10), 0);
	EXPECT_EQ(sock->sk->sk_priority, 6);
	EXPECT_EQ(wire_set_int(sock, SOL_IP, IP_MTU_DISCOVER, 6), -EINVAL);
	EXPECT_EQ(wire_set_int(sock, SOL_UDP, UDP_ENCAP, 1), -ENOPROTOOPT);
	EXPECT_EQ(wire_get_int(sock, SOL_UDP, UDP_ENCAP, &val), -ENOPROTOOPT);
	EXPECT_EQ(wire_set_int(sock, SOL_UDP, UDP_CORK, 1), 0);
	EXPECT_EQ(wire_get_int(sock, SOL_UDP, UDP_CORK, &val), 0);
	EXPECT_EQ(val, 1);
	sock_release(sock);
	wire_down(&w);
}

/* ---- corks -------------------------------------------------------------------------- */

TEST(a_cork_collects_one_datagram_until_it_is_pulled)
{
	struct socket *sock;
	struct frame f;
	struct wire w;

	wire_up_known(&w);
	sock = bound(&w, 0, 7);
	EXPECT_EQ(wire_connect(sock, PEER, 9), 0);
	EXPECT_EQ(wire_set_int(sock, SOL_UDP, UDP_CORK, 1), 0);
	EXPECT_EQ(wire_sendto(sock, "one ", 4, 0, 0, 0), 4);
	EXPECT_EQ(wire_sendto(sock, "two ", 4, 0, 0, 0), 4);
	EXPECT_EQ(wire_sendto(sock, "three", 5, 0, 0, 0), 5);
	EXPECT_SILENCE(&w);
	EXPECT_EQ(wire_set_int(sock, SOL_UDP, UDP_CORK, 0), 0);
	EXPECT_TRUE(wire_pop(&w, &f));
	expect_udp_ok(&f);
	EXPECT_MEMEQ((u8 *)frame_l4(&f) + 8, "one two three", 13);
	EXPECT_EQ(w.net->mib.udp[UDP_MIB_OUTDATAGRAMS], 1);
	/* Closed with the cork in. */
	EXPECT_EQ(wire_sendto(sock, "lost", 4, MSG_MORE, 0, 0), 4);
	sock_release(sock);
	EXPECT_SILENCE(&w);
	wire_down(&w);
}

TEST(more_than_fits_is_refused_whole)
{
	u8 *data = kzalloc(70000, GFP_KERNEL);
	struct socket *sock;
	struct wire w;

	wire_up_known(&w);
	sock = bound(&w, 0, 7);
	EXPECT_EQ(wire_sendto(sock, data, 1473, 0, PEER, 9), -EMSGSIZE);
	EXPECT_EQ(wire_sendto(sock, data, 65536, 0, PEER, 9), -EMSGSIZE);
	EXPECT_EQ(w.net->mib.ip[IPSTATS_MIB_FRAGFAILS], 1);
	EXPECT_EQ(wire_sendto(sock, data, 1472, 0, PEER, 9), 1472);
	EXPECT_EQ(fake_netdev_drain(w.dev), 1);
	EXPECT_EQ(wire_sendto(sock, data, 1000, MSG_MORE, PEER, 9), 1000);
	EXPECT_EQ(wire_sendto(sock, data, 473, 0, PEER, 9), -EMSGSIZE);
	EXPECT_SILENCE(&w);
	/* The loopback device takes the longest there is. */
	EXPECT_EQ(wire_sendto(sock, data, 65507, 0, htonl(INADDR_LOOPBACK), 7), 65507);
	EXPECT_EQ(wire_recv(sock, data, 70000, 0, NULL), 65507);
	EXPECT_EQ(wire_sendto(sock, data, 65508, 0, htonl(INADDR_LOOPBACK), 7), -EMSGSIZE);
	sock_release(sock);
	wire_down(&w);
	kfree(data);
}

TEST(every_allocation_on_the_way_may_fail)
{
	struct socket *sock;
	struct wire w;
	unsigned long nth;
	char buf[16];

	wire_up_known(&w);
	sock = bound(&w, 0, 7);
	for (nth = 1; nth < 12; nth++) {
		rt_cache_flush(w.net);
		slab_fail_after(nth, 1);
		wire_sendto(sock, "x", 1, 0, PEER, 9);
		slab_fail_after(0, 0);
		w.fail_nth = nth;
		wire_ping(&w, SPEC(0), 8);
		wire_udp(&w, SPEC(0), 5000, 7, "x", 1);
		wire_udp(&w, SPEC(0), 5000, 8, "x", 1);
		wire_arp(&w, ARPOP_REQUEST, peer_mac, IP4(10, 0, 0, 20 + nth), NULL, US);
		w.fail_nth = 0;
		wire_recv(sock, buf, sizeof(buf), 0, NULL);
		fake_netdev_drain(w.dev);
	}
	sock_release(sock);
	wire_down(&w);
}
