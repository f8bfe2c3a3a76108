// SPDX-License-Identifier: MIT
/*
 * What a connected socket does when its route is stale.
 *
 * Linux: net/ipv4/af_inet.c
 */
#include <linux/err.h>
#include <net/inet_sock.h>
#include <net/route.h>

/**
 * inet_sk_rebuild_header - find a route for a connection again
 * @sk: owned, or bh-locked; its addresses and ports stay
 *
 * Context: process or softirq.
 * Return: 0, or -errno: then it is the socket's soft error too.
 */
int inet_sk_rebuild_header(struct sock *sk)
{
	struct inet_sock *inet = inet_sk(sk);
	u8 tos = (u8)(RT_TOS(inet->tos) | (sock_flag(sk, SOCK_LOCALROUTE) ? RTO_ONLINK : 0));
	struct flowi4 fl4;
	struct rtable *rt;

	if (__sk_dst_check(sk, 0))
		return 0;
	rt = ip_route_output_ports(sock_net(sk), &fl4, sk, inet->inet_daddr, inet->inet_saddr,
				   inet->inet_dport, inet->inet_sport, (u8)sk->sk_protocol, tos,
				   sk->sk_bound_dev_if);
	if (IS_ERR(rt)) {
		/* Linux: sysctl ip_dynaddr may choose another source here. */
		sk->sk_route_caps = 0;
		sk->sk_err_soft = (int)-PTR_ERR(rt);
		return (int)PTR_ERR(rt);
	}
	sk_setup_caps(sk, &rt->dst);
	return 0;
}
