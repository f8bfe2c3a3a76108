/* SPDX-License-Identifier: MIT */
/* Socket families, types, flags, levels, options and message layouts of
 * Linux x86-64. */
#ifndef UAPI_LINUX_SOCKET_H
#define UAPI_LINUX_SOCKET_H

#include <linux/types.h>
#include <uapi/linux/uio.h>

typedef unsigned short __kernel_sa_family_t;
typedef __kernel_sa_family_t sa_family_t;

struct sockaddr {
	sa_family_t sa_family;
	char sa_data[14];
};

struct __kernel_sockaddr_storage {
	__kernel_sa_family_t ss_family;
	char __data[126];
} __aligned(8);
#define sockaddr_storage __kernel_sockaddr_storage

#define AF_UNSPEC	0
#define AF_UNIX		1
#define AF_INET		2
#define AF_INET6	10
#define AF_NETLINK	16
#define AF_PACKET	17
#define AF_MAX		46
#define PF_UNSPEC	AF_UNSPEC
#define PF_INET		AF_INET
#define PF_NETLINK	AF_NETLINK
#define PF_PACKET	AF_PACKET

#define SOCK_STREAM	1
#define SOCK_DGRAM	2
#define SOCK_RAW	3
#define SOCK_RDM	4
#define SOCK_SEQPACKET	5
#define SOCK_PACKET	10
#define SOCK_MAX	11
#define SOCK_TYPE_MASK	0xf
#define SOCK_CLOEXEC	02000000
#define SOCK_NONBLOCK	00004000

#define SHUT_RD		0
#define SHUT_WR		1
#define SHUT_RDWR	2

#define SOL_IP		0
#define SOL_SOCKET	1
#define SOL_TCP		6
#define SOL_UDP		17
#define SOL_RAW		255

#define SO_DEBUG	1
#define SO_REUSEADDR	2
#define SO_TYPE		3
#define SO_ERROR	4
#define SO_DONTROUTE	5
#define SO_BROADCAST	6
#define SO_SNDBUF	7
#define SO_RCVBUF	8
#define SO_KEEPALIVE	9
#define SO_OOBINLINE	10
#define SO_NO_CHECK	11
#define SO_PRIORITY	12
#define SO_LINGER	13
#define SO_BSDCOMPAT	14
#define SO_REUSEPORT	15
#define SO_PASSCRED	16
#define SO_PEERCRED	17
#define SO_RCVLOWAT	18
#define SO_SNDLOWAT	19
#define SO_RCVTIMEO	20
#define SO_SNDTIMEO	21
#define SO_BINDTODEVICE	25
#define SO_ATTACH_FILTER 26
#define SO_DETACH_FILTER 27
#define SO_PEERNAME	28
#define SO_TIMESTAMP	29
#define SO_ACCEPTCONN	30
#define SO_SNDBUFFORCE	32
#define SO_RCVBUFFORCE	33
#define SO_TIMESTAMPNS	35
#define SO_MARK		36
#define SO_TIMESTAMPING	37
#define SO_PROTOCOL	38
#define SO_DOMAIN	39
#define SO_RXQ_OVFL	40
#define SO_PEEK_OFF	42
#define SO_NOFCS	43
#define SO_BUSY_POLL	46
#define SO_MAX_PACING_RATE 47
#define SO_INCOMING_CPU	49
#define SO_MEMINFO	55
#define SO_INCOMING_NAPI_ID 56
#define SO_COOKIE	57
#define SO_ZEROCOPY	60
#define SO_TXTIME	61
#define SO_BINDTOIFINDEX 62
#define SO_TIMESTAMP_NEW 63
#define SO_TIMESTAMPNS_NEW 64
#define SO_RCVTIMEO_NEW	66
#define SO_SNDTIMEO_NEW	67
#define SO_PREFER_BUSY_POLL 69
#define SO_BUSY_POLL_BUDGET 70
#define SO_NETNS_COOKIE	71
#define SO_BUF_LOCK	72
#define SO_RESERVE_MEM	73
#define SO_TXREHASH	74
#define SO_RCVMARK	75

/* What SO_MEMINFO gives: an array of u32. */
#define SK_MEMINFO_RMEM_ALLOC	0
#define SK_MEMINFO_RCVBUF	1
#define SK_MEMINFO_WMEM_ALLOC	2
#define SK_MEMINFO_SNDBUF	3
#define SK_MEMINFO_FWD_ALLOC	4
#define SK_MEMINFO_WMEM_QUEUED	5
#define SK_MEMINFO_OPTMEM	6
#define SK_MEMINFO_BACKLOG	7
#define SK_MEMINFO_DROPS	8
#define SK_MEMINFO_VARS		9

#define SOMAXCONN	4096

#define MSG_OOB		0x1
#define MSG_PEEK	0x2
#define MSG_DONTROUTE	0x4
#define MSG_CTRUNC	0x8
#define MSG_PROBE	0x10
#define MSG_TRUNC	0x20
#define MSG_DONTWAIT	0x40
#define MSG_EOR		0x80
#define MSG_WAITALL	0x100
#define MSG_FIN		0x200
#define MSG_SYN		0x400
#define MSG_CONFIRM	0x800
#define MSG_RST		0x1000
#define MSG_ERRQUEUE	0x2000
#define MSG_NOSIGNAL	0x4000
#define MSG_MORE	0x8000
#define MSG_WAITFORONE	0x10000
#define MSG_ZEROCOPY	0x4000000
#define MSG_FASTOPEN	0x20000000
#define MSG_CMSG_CLOEXEC 0x40000000

struct linger {
	int l_onoff;
	int l_linger;		/* seconds */
};

struct __kernel_timeval {
	s64 tv_sec;
	s64 tv_usec;
};

struct user_msghdr {
	void __user *msg_name;
	int msg_namelen;
	struct iovec __user *msg_iov;
	size_t msg_iovlen;
	void __user *msg_control;
	size_t msg_controllen;
	unsigned int msg_flags;
};
static_assert(sizeof(struct user_msghdr) == 56, "ABI");

struct cmsghdr {
	size_t cmsg_len;	/* bytes, this header included */
	int cmsg_level;
	int cmsg_type;
};

#define CMSG_ALIGN(len)	(((len) + sizeof(long) - 1) & ~(sizeof(long) - 1))
#define CMSG_DATA(cmsg)	((void *)((char *)(cmsg) + sizeof(struct cmsghdr)))
#define CMSG_SPACE(len)	(sizeof(struct cmsghdr) + CMSG_ALIGN(len))
#define CMSG_LEN(len)	(sizeof(struct cmsghdr) + (len))

/* ioctl requests of sockets. */
#define FIONREAD	0x541B
#define SIOCINQ		FIONREAD
#define SIOCOUTQ	0x5411
#define FIONBIO		0x5421
#define SIOCATMARK	0x8905
#define SIOCGSTAMP	0x8906
#define SIOCOUTQNSD	0x894B

#endif
