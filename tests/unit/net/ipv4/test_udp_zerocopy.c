// SPDX-License-Identifier: MIT
/* MSG_ZEROCOPY of datagrams, and what is received on the same host. */
#include <linux/skb_frag.h>
#include <linux/slab.h>

#include "../../../host/zerocopy.h"
#include "wire.h"

#define LO	htonl(INADDR_LOOPBACK)

static u8 memory[8192];

static struct socket *zerocopy_udp(struct wire *w, netdev_features_t features)
{
	struct socket *sock;
	unsigned int i;

	wire_up_plain(w, features);
	EXPECT_EQ(arp_set_permanent(w->dev, PEER, peer_mac), 0);
	sock = wire_socket(w, SOCK_DGRAM, 0);
	EXPECT_EQ(wire_bind(sock, 0, 7), 0);
	EXPECT_EQ(wire_set_int(sock, SOL_SOCKET, SO_ZEROCOPY, 1), 0);
	for (i = 0; i < sizeof(memory); i++)
		memory[i] = (u8)(i * 7);
	return sock;
}

TEST(zerocopy_datagram_is_told_of_when_the_device_has_sent_it)
{
	struct socket *sock;
	struct sk_buff *skb;
	struct wire w;

	sock = zerocopy_udp(&w, NETIF_F_SG | NETIF_F_HW_CSUM);
	EXPECT_EQ(wire_sendto(sock, memory, 1000, MSG_ZEROCOPY, PEER, 9), 1000);
	expect_not_told(sock);
	skb = fake_netdev_pop(w.dev);
	EXPECT_EQ(skb->data_len, 1000);
	EXPECT_TRUE(skb_frag_address(&skb_shinfo(skb)->frags[0]) == memory);
	EXPECT_GT(sock->sk->sk_wmem_alloc, 1000);
	consume_skb(skb);
	expect_told(sock, 0, 0, 0);
	EXPECT_EQ(sock->sk->sk_wmem_alloc, 1);
	EXPECT_EQ(sock->sk->sk_omem_alloc, 0);
	/* An empty one refers to nothing; one without the flag is copied. */
	EXPECT_EQ(wire_sendto(sock, memory, 0, MSG_ZEROCOPY, PEER, 9), 0);
	EXPECT_EQ(wire_sendto(sock, memory, 10, 0, PEER, 9), 10);
	EXPECT_EQ(fake_netdev_drain(w.dev), 2);
	expect_not_told(sock);
	sock_release(sock);
	wire_down(&w);
}

TEST(zerocopy_datagrams_cut_from_one_write_are_told_of_with_the_last)
{
	struct socket *sock;
	struct wire w;
	int n;

	sock = zerocopy_udp(&w, NETIF_F_SG | NETIF_F_HW_CSUM);
	EXPECT_EQ(wire_set_int(sock, SOL_UDP, UDP_SEGMENT, 1000), 0);
	EXPECT_EQ(wire_sendto(sock, memory, 3500, MSG_ZEROCOPY, PEER, 9), 3500);
	for (n = 0; n < 4; n++) {
		struct sk_buff *skb = fake_netdev_pop(w.dev);

		expect_not_told(sock);
		EXPECT_TRUE(skb_frag_address(&skb_shinfo(skb)->frags[0]) == memory + n * 1000);
		consume_skb(skb);
	}
	expect_told(sock, 0, 0, 0);
	sock_release(sock);
	wire_down(&w);
}

TEST(zerocopy_says_when_it_had_to_copy)
{
	struct socket *sock;
	struct frame f;
	struct wire w;

	/* A device that cannot gather; or not sum. */
	sock = zerocopy_udp(&w, 0);
	EXPECT_EQ(wire_sendto(sock, memory, 1000, MSG_ZEROCOPY, PEER, 9), 1000);
	expect_told(sock, 0, 0, SO_EE_CODE_ZEROCOPY_COPIED);
	EXPECT_TRUE(wire_pop(&w, &f));
	expect_udp_ok(&f);
	/* Pieces that are collected behind the headers. */
	EXPECT_EQ(wire_sendto(sock, memory, 10, MSG_ZEROCOPY | MSG_MORE, PEER, 9), 10);
	EXPECT_EQ(wire_sendto(sock, memory + 10, 10, MSG_ZEROCOPY, PEER, 9), 10);
	expect_told(sock, 1, 2, SO_EE_CODE_ZEROCOPY_COPIED);
	EXPECT_TRUE(wire_pop(&w, &f));
	EXPECT_MEMEQ((u8 *)frame_l4(&f) + 8, memory, 20);
	/* More than fits: no call at all. */
	EXPECT_EQ(wire_sendto(sock, memory, 1473, MSG_ZEROCOPY, PEER, 9), -EMSGSIZE);
	expect_not_told(sock);
	EXPECT_EQ(sock->sk->sk_zckey, 3);
	sock_release(sock);
	wire_down(&w);
}

TEST(zerocopy_news_stay_when_errors_are_not_wanted_any_more)
{
	struct socket *sock;
	struct wire w;

	sock = zerocopy_udp(&w, NETIF_F_SG | NETIF_F_HW_CSUM);
	EXPECT_EQ(wire_set_int(sock, SOL_IP, IP_RECVERR, 1), 0);
	EXPECT_EQ(wire_sendto(sock, memory, 1000, MSG_ZEROCOPY, PEER, 9), 1000);
	EXPECT_EQ(wire_sendto(sock, memory, 1473, 0, PEER, 9), -EMSGSIZE);
	EXPECT_EQ(fake_netdev_drain(w.dev), 1);
	EXPECT_EQ(wire_sendto(sock, memory, 1473, 0, PEER, 9), -EMSGSIZE);
	EXPECT_EQ(skb_queue_len(&sock->sk->sk_error_queue), 3);
	EXPECT_EQ(wire_set_int(sock, SOL_IP, IP_RECVERR, 0), 0);
	expect_told(sock, 0, 0, 0);
	expect_not_told(sock);
	EXPECT_EQ(sock->sk->sk_rmem_alloc, 0);
	sock_release(sock);
	wire_down(&w);
}

TEST(zerocopy_over_lo_the_reader_has_a_copy)
{
	struct socket *sock, *to;
	u8 buf[4000];
	struct wire w;

	sock = zerocopy_udp(&w, 0);
	to = wire_socket(&w, SOCK_DGRAM, 0);
	EXPECT_EQ(wire_bind(to, 0, 9), 0);
	EXPECT_EQ(wire_sendto(sock, memory, 4000, MSG_ZEROCOPY, LO, 9), 4000);
	expect_told(sock, 0, 0, SO_EE_CODE_ZEROCOPY_COPIED);
	memset(memory, 0, 4000);
	host_run();
	EXPECT_EQ(wire_recv(to, buf, sizeof(buf), 0, NULL), 4000);
	EXPECT_EQ(buf[3999], (u8)(3999 * 7));
	EXPECT_EQ(to->sk->sk_rmem_alloc, 0);
	sock_release(sock);
	sock_release(to);
	wire_down(&w);
}

TEST(zerocopy_is_of_tcp_and_udp)
{
	struct socket *sock;
	struct wire w;
	int val = 1;

	wire_up(&w);
	sock = wire_socket(&w, SOCK_DGRAM, IPPROTO_ICMP);
	EXPECT_EQ(wire_set_int(sock, SOL_SOCKET, SO_ZEROCOPY, 1), -EOPNOTSUPP);
	EXPECT_EQ(wire_get_int(sock, SOL_SOCKET, SO_ZEROCOPY, &val), 0);
	EXPECT_EQ(val, 0);
	sock_release(sock);
	wire_down(&w);
}

TEST(zerocopy_news_leaves_pending_errors_alone)
{
	struct sock_extended_err ee = { 0 };
	struct socket *sock;
	struct wire w;

	sock = zerocopy_udp(&w, NETIF_F_SG | NETIF_F_HW_CSUM);
	EXPECT_EQ(wire_set_int(sock, SOL_IP, IP_RECVERR, 1), 0);
	EXPECT_EQ(wire_sendto(sock, memory, 10, MSG_ZEROCOPY, PEER, 9), 10);
	fake_netdev_drain(w.dev);
	sock->sk->sk_err = EHOSTUNREACH;
	expect_told(sock, 0, 0, 0);
	EXPECT_EQ(sock->sk->sk_err, EHOSTUNREACH);
	sock->sk->sk_err = 0;
	/* An error of our own is one message more. */
	EXPECT_EQ(wire_sendto(sock, memory, 2000, 0, PEER, 9), -EMSGSIZE);
	EXPECT_EQ(zerocopy_read(sock, &ee), 0);
	EXPECT_EQ(ee.ee_origin, SO_EE_ORIGIN_LOCAL);
	EXPECT_EQ(ee.ee_errno, EMSGSIZE);
	sock_release(sock);
	wire_down(&w);
}

TEST(zerocopy_datagram_survives_any_failed_allocation)
{
	struct socket *sock, *to;
	unsigned long nth;
	struct wire w;
	u8 buf[4000];

	sock = zerocopy_udp(&w, NETIF_F_SG | NETIF_F_HW_CSUM);
	to = wire_socket(&w, SOCK_DGRAM, 0);
	EXPECT_EQ(wire_bind(to, 0, 9), 0);
	for (nth = 1; nth < 12; nth++) {
		struct sock_extended_err ee;

		slab_fail_after(nth, 1);
		wire_sendto(sock, memory, 1000, MSG_ZEROCOPY, PEER, 9);
		slab_fail_after(0, 0);
		slab_fail_after(nth, 1);
		wire_sendto(sock, memory, 4000, MSG_ZEROCOPY, LO, 9);
		host_run();
		slab_fail_after(0, 0);
		fake_netdev_drain(w.dev);
		wire_recv(to, buf, sizeof(buf), 0, NULL);
		while (!zerocopy_read(sock, &ee))
			;
		EXPECT_EQ(sock->sk->sk_omem_alloc, 0);
		EXPECT_EQ(sock->sk->sk_wmem_alloc, 1);
	}
	sock_release(sock);
	sock_release(to);
	wire_down(&w);
}
