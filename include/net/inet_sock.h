/* SPDX-License-Identifier: MIT */
/* struct inet_sock: an IPv4 socket. */
#ifndef NET_INET_SOCK_H
#define NET_INET_SOCK_H

#include <net/flow.h>
#include <net/ip.h>
#include <net/route.h>
#include <net/sock.h>
#include <uapi/linux/in.h>

/* What a corked datagram remembers between the pieces. */
struct inet_cork {
	unsigned int flags;		/* IPCORK_* */
	__be32 addr;
	unsigned int fragsize;		/* MTU in force, bytes */
	u16 gso_size;			/* UDP_SEGMENT; 0: one datagram */
	int length;			/* bytes collected */
	struct dst_entry *dst;		/* holds a reference */
	u8 ttl;
	s16 tos;
	u32 priority, mark;
	struct flowi4 fl;
};
#define IPCORK_OPT	1

struct inet_sock {
	struct sock sk;			/* first: casts both ways */
#define inet_daddr	sk.__sk_common.skc_daddr
#define inet_rcv_saddr	sk.__sk_common.skc_rcv_saddr
#define inet_dport	sk.__sk_common.skc_dport
#define inet_num	sk.__sk_common.skc_num
	__be32 inet_saddr;		/* source of what we send */
	__be16 inet_sport;		/* = htons(inet_num) */
	u16 inet_id;			/* IP identification, when needed */
	s16 uc_ttl;			/* IP_TTL; -1: the route's or sysctl's */
	u8 tos;				/* IP_TOS */
	u8 min_ttl;			/* IP_MINTTL */
	u8 mc_ttl;
	u8 pmtudisc;			/* IP_PMTUDISC_* */
	u8 recverr:1, freebind:1, hdrincl:1, mc_loop:1, transparent:1, mc_all:1,
	   nodefrag:1, bind_address_no_port:1;
	u8 defer_connect:1;		/* TFO: connect() left to the first send */
	u8 convert_csum:1;
	u16 cmsg_flags;			/* IP_CMSG_* */
	int uc_index, mc_index;		/* IP_UNICAST_IF, IP_MULTICAST_IF */
	__be32 mc_addr;
	int rx_dst_ifindex;
	struct inet_cork cork;
};

#define IP_CMSG_PKTINFO		BIT(0)
#define IP_CMSG_TTL		BIT(1)
#define IP_CMSG_TOS		BIT(2)
#define IP_CMSG_RECVOPTS	BIT(3)
#define IP_CMSG_RETOPTS		BIT(4)
#define IP_CMSG_ORIGDSTADDR	BIT(6)
#define IP_CMSG_CHECKSUM	BIT(7)

static inline struct inet_sock *inet_sk(const struct sock *sk)
{
	return (struct inet_sock *)(uintptr_t)sk;
}

static inline bool inet_is_local_reserved_port(struct net *net, unsigned short port)
{
	return false;
}

/* net/ipv4/af_inet.c */
int inet_bind(struct socket *sock, struct sockaddr *uaddr, int addr_len);
int inet_listen(struct socket *sock, int backlog);
int inet_release(struct socket *sock);
int inet_stream_connect(struct socket *sock, struct sockaddr *uaddr, int addr_len, int flags);
int __inet_stream_connect(struct socket *sock, struct sockaddr *uaddr, int addr_len, int flags,
			  int is_sendmsg);
int inet_dgram_connect(struct socket *sock, struct sockaddr *uaddr, int addr_len, int flags);
int inet_accept(struct socket *sock, struct socket *newsock, int flags, bool kern);
int inet_getname(struct socket *sock, struct sockaddr *uaddr, int peer);
int inet_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg);
int inet_shutdown(struct socket *sock, int how);
int inet_sendmsg(struct socket *sock, struct msghdr *msg, size_t size);
int inet_recvmsg(struct socket *sock, struct msghdr *msg, size_t size, int flags);
int inet_send_prepare(struct sock *sk);		/* autobind */
void inet_sock_destruct(struct sock *sk);
int inet_sk_rebuild_header(struct sock *sk);
void inet_get_local_port_range(struct net *net, int *low, int *high);

/* net/ipv4/ip_sockglue.c */
int ip_setsockopt(struct sock *sk, int level, int optname, const void __user *optval,
		  unsigned int optlen);
int ip_getsockopt(struct sock *sk, int level, int optname, char __user *optval, int __user *optlen);

#endif
