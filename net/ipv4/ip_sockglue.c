// SPDX-License-Identifier: MIT
/*
 * The options of level SOL_IP, ip(7). What there is not answers -ENOPROTOOPT.
 * Control messages and the error queue are ip_cmsg.c.
 *
 * Linux: net/ipv4/ip_sockglue.c
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/uaccess.h>
#include <net/inet_sock.h>
#include <net/ip.h>
#include <net/route.h>


/* The options that ask for a control message; 0: none of them. */
static u16 ip_cmsg_option(int optname)
{
	switch (optname) {
	case IP_PKTINFO:
		return IP_CMSG_PKTINFO;
	case IP_RECVTTL:
		return IP_CMSG_TTL;
	case IP_RECVTOS:
		return IP_CMSG_TOS;
	case IP_RECVORIGDSTADDR:
		return IP_CMSG_ORIGDSTADDR;
	default:
		return 0;
	}
}

/* RFC 3168 6.1.1: the ECN bits of a connection are TCP's. */
static int ip_set_tos(struct sock *sk, int val)
{
	struct inet_sock *inet = inet_sk(sk);

	val &= 0xff;
	if (sk->sk_type == SOCK_STREAM)
		val = (val & ~INET_ECN_MASK) | (inet->tos & INET_ECN_MASK);
	if (inet->tos != val) {
		inet->tos = (u8)val;
		sk->sk_priority = rt_tos2priority((u8)val);
		sk_dst_reset(sk);
	}
	return 0;
}

static int ip_set_ttl(struct sock *sk, int val, unsigned int optlen)
{
	if (!optlen || (val != -1 && (val < 1 || val > 255)))
		return -EINVAL;
	inet_sk(sk)->uc_ttl = (s16)val;
	return 0;
}

static int ip_set_minttl(struct sock *sk, int val, unsigned int optlen)
{
	if (!optlen || val < 0 || val > 255)
		return -EINVAL;
	inet_sk(sk)->min_ttl = (u8)val;
	return 0;
}

static int ip_set_pmtudisc(struct sock *sk, int val)
{
	if (val < IP_PMTUDISC_DONT || val > IP_PMTUDISC_OMIT)
		return -EINVAL;
	inet_sk(sk)->pmtudisc = (u8)val;
	return 0;
}

/* An interface index in network order: what Linux has since 3.4. */
static int ip_set_unicast_if(struct sock *sk, int val, unsigned int optlen)
{
	int ifindex = (int)ntohl((__force __be32)val);

	if (optlen != sizeof(int))
		return -EINVAL;
	if (ifindex && !__dev_get_by_index(sock_net(sk), ifindex))
		return -EADDRNOTAVAIL;
	if (ifindex && sk->sk_bound_dev_if && ifindex != sk->sk_bound_dev_if)
		return -EINVAL;
	inet_sk(sk)->uc_index = ifindex;
	return 0;
}

static int do_ip_setsockopt(struct sock *sk, int optname, int val, unsigned int optlen)
{
	struct inet_sock *inet = inet_sk(sk);
	u16 cmsg = ip_cmsg_option(optname);

	if (cmsg) {
		inet->cmsg_flags = val ? inet->cmsg_flags | cmsg : inet->cmsg_flags & (u16)~cmsg;
		return 0;
	}
	switch (optname) {
	case IP_TOS:
		return ip_set_tos(sk, val);
	case IP_TTL:
		return ip_set_ttl(sk, val, optlen);
	case IP_MINTTL:
		return ip_set_minttl(sk, val, optlen);
	case IP_MTU_DISCOVER:
		return ip_set_pmtudisc(sk, val);
	case IP_UNICAST_IF:
		return ip_set_unicast_if(sk, val, optlen);
	case IP_RECVERR:
		inet->recverr = val != 0;
		if (!val)
			ip_purge_error_queue(sk);
		return 0;
	case IP_FREEBIND:
		if (!optlen)
			return -EINVAL;
		inet->freebind = val != 0;
		return 0;
	case IP_TRANSPARENT:
		inet->transparent = val != 0;
		return 0;
	case IP_BIND_ADDRESS_NO_PORT:
		inet->bind_address_no_port = val != 0;
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

/* An int, or, as old programs have it, a char. */
static int ip_get_optval(const void __user *optval, unsigned int optlen, int *val)
{
	u8 ucval;

	*val = 0;
	if (optlen >= sizeof(int))
		return copy_from_user(val, optval, sizeof(int)) ? -EFAULT : 0;
	if (!optlen)
		return 0;
	if (copy_from_user(&ucval, optval, sizeof(ucval)))
		return -EFAULT;
	*val = ucval;
	return 0;
}

/**
 * ip_setsockopt - set an option of level SOL_IP
 * @sk: socket
 * @level: SOL_IP
 * @optname: IP_*
 * @optval: value
 * @optlen: bytes of it
 *
 * Context: process; locks the socket.
 * Return: 0; -ENOPROTOOPT: no such option; -EINVAL, -EFAULT, -EADDRNOTAVAIL.
 */
int ip_setsockopt(struct sock *sk, int level, int optname, const void __user *optval,
		  unsigned int optlen)
{
	int val, err;

	if (level != SOL_IP)
		return -ENOPROTOOPT;
	err = ip_get_optval(optval, optlen, &val);
	if (err)
		return err;
	lock_sock(sk);
	err = do_ip_setsockopt(sk, optname, val, optlen);
	release_sock(sk);
	return err;
}

static int ip_get_mtu(struct sock *sk)
{
	struct dst_entry *dst = sk_dst_get(sk);
	int mtu;

	if (!dst)
		return -ENOTCONN;
	mtu = (int)dst_mtu(dst);
	dst_release(dst);
	return mtu ? mtu : -ENOTCONN;
}

/* Of what a program may set, and of the route's own. */
static int ip_get_ttl(const struct sock *sk)
{
	const struct inet_sock *inet = inet_sk(sk);

	return inet->uc_ttl == -1 ? sock_net(sk)->ipv4.sysctl_ip_default_ttl : inet->uc_ttl;
}

/* The value in *@val; -ENOPROTOOPT: no such option. */
static int do_ip_getsockopt(struct sock *sk, int optname, int *val)
{
	const struct inet_sock *inet = inet_sk(sk);
	u16 cmsg = ip_cmsg_option(optname);

	if (cmsg) {
		*val = (inet->cmsg_flags & cmsg) != 0;
		return 0;
	}
	switch (optname) {
	case IP_TOS:
		*val = inet->tos;
		return 0;
	case IP_TTL:
		*val = ip_get_ttl(sk);
		return 0;
	case IP_MINTTL:
		*val = inet->min_ttl;
		return 0;
	case IP_MTU_DISCOVER:
		*val = inet->pmtudisc;
		return 0;
	case IP_MTU:
		*val = ip_get_mtu(sk);
		return *val < 0 ? *val : 0;
	case IP_UNICAST_IF:
		*val = (__force int)htonl((u32)inet->uc_index);
		return 0;
	case IP_RECVERR:
		*val = inet->recverr;
		return 0;
	case IP_FREEBIND:
		*val = inet->freebind;
		return 0;
	case IP_TRANSPARENT:
		*val = inet->transparent;
		return 0;
	case IP_BIND_ADDRESS_NO_PORT:
		*val = inet->bind_address_no_port;
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

/* As an int, or as a char if there is room for no more and the value fits. */
static int ip_put_optval(char __user *optval, int __user *optlen, int len, int val)
{
	u8 ucval = (u8)val;

	if (len < (int)sizeof(int) && len > 0 && val >= 0 && val <= 255) {
		if (put_user(1, optlen) || copy_to_user(optval, &ucval, 1))
			return -EFAULT;
		return 0;
	}
	len = min_t(int, len, sizeof(int));
	if (put_user(len, optlen) || copy_to_user(optval, &val, (unsigned long)len))
		return -EFAULT;
	return 0;
}

/**
 * ip_getsockopt - get an option of level SOL_IP
 * @sk: socket
 * @level: SOL_IP
 * @optname: IP_*
 * @optval: for the value
 * @optlen: bytes of room; set to bytes of value
 *
 * Context: process; locks the socket.
 * Return: 0; -ENOPROTOOPT: no such option; -EOPNOTSUPP: no such level; -EINVAL,
 * -EFAULT, -ENOTCONN.
 */
int ip_getsockopt(struct sock *sk, int level, int optname, char __user *optval,
		  int __user *optlen)
{
	int len, val = 0, err;

	if (level != SOL_IP)
		return -EOPNOTSUPP;
	if (get_user(len, optlen))
		return -EFAULT;
	if (len < 0)
		return -EINVAL;
	lock_sock(sk);
	err = do_ip_getsockopt(sk, optname, &val);
	release_sock(sk);
	return err ? err : ip_put_optval(optval, optlen, len, val);
}
