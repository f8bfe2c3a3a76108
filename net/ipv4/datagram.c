// SPDX-License-Identifier: MIT
/*
 * connect() of sockets without connections: a peer and a route are remembered.
 *
 * Linux: net/ipv4/datagram.c
 * RFC: 1122 4.1.4
 */
#include <linux/errno.h>
#include <linux/random.h>
#include <net/inet_sock.h>
#include <net/ip.h>
#include <net/route.h>

static void datagram_set_peer(struct sock *sk, const struct flowi4 *fl4, __be16 dport)
{
	struct inet_sock *inet = inet_sk(sk);

	if (!inet->inet_saddr)
		inet->inet_saddr = fl4->saddr;
	if (!inet->inet_rcv_saddr)
		inet->inet_rcv_saddr = fl4->saddr;
	inet->inet_daddr = fl4->daddr;
	inet->inet_dport = dport;
	sk->sk_state = TCP_ESTABLISHED;
	inet->inet_id = get_random_u16();
}

/**
 * ip4_datagram_connect - proto.connect of UDP and ping
 * @sk: socket
 * @uaddr: peer
 * @addr_len: bytes of @uaddr
 *
 * Context: process, socket locked.
 * Return: 0; -EINVAL, -EAFNOSUPPORT, -EACCES: broadcast without SO_BROADCAST,
 * or as ip_route_connect().
 */
int ip4_datagram_connect(struct sock *sk, struct sockaddr *uaddr, int addr_len)
{
	const struct sockaddr_in *usin = (const void *)uaddr;
	struct inet_sock *inet = inet_sk(sk);
	struct flowi4 *fl4 = &inet->cork.fl;
	int oif = sk->sk_bound_dev_if;
	struct rtable *rt;

	if (addr_len < (int)sizeof(*usin))
		return -EINVAL;
	if (usin->sin_family != AF_INET)
		return -EAFNOSUPPORT;
	sk_dst_reset(sk);
	if (!oif)
		oif = ipv4_is_multicast(usin->sin_addr.s_addr) ? inet->mc_index : inet->uc_index;
	rt = ip_route_connect(fl4, usin->sin_addr.s_addr, inet->inet_saddr, oif,
			      (u8)sk->sk_protocol, inet->inet_sport, usin->sin_port, sk);
	if (IS_ERR(rt)) {
		if (PTR_ERR(rt) == -ENETUNREACH)
			IP_INC_STATS(sock_net(sk), IPSTATS_MIB_OUTNOROUTES);
		return (int)PTR_ERR(rt);
	}
	if ((rt->rt_flags & RTCF_BROADCAST) && !sock_flag(sk, SOCK_BROADCAST)) {
		ip_rt_put(rt);
		return -EACCES;
	}
	datagram_set_peer(sk, fl4, usin->sin_port);
	sk_dst_set(sk, &rt->dst);
	return 0;
}
