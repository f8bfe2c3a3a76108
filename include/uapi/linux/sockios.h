/* SPDX-License-Identifier: MIT */
/* ioctl requests about devices and their addresses, and what they carry. The
 * requests of sockets as such are in linux/socket.h. */
#ifndef UAPI_LINUX_SOCKIOS_H
#define UAPI_LINUX_SOCKIOS_H

#include <linux/if.h>
#include <linux/socket.h>

#define SIOCGIFNAME	0x8910	/* name of ifr_ifindex */
#define SIOCGIFCONF	0x8912	/* every address */
#define SIOCGIFFLAGS	0x8913
#define SIOCGIFADDR	0x8915
#define SIOCGIFBRDADDR	0x8919
#define SIOCGIFNETMASK	0x891b
#define SIOCGIFMETRIC	0x891d
#define SIOCGIFMTU	0x8921
#define SIOCGIFHWADDR	0x8927
#define SIOCGIFINDEX	0x8933
#define SIOCGIFTXQLEN	0x8942

struct ifreq {
	char ifr_name[IFNAMSIZ];
	union {
		struct sockaddr ifr_addr;	/* also mask, broadcast, hardware */
		short ifr_flags;
		int ifr_ifindex;
		int ifr_metric;
		int ifr_mtu;
		int ifr_qlen;
		char pad[24];
	};
};
static_assert(sizeof(struct ifreq) == 40, "ABI");

struct ifconf {
	int ifc_len;			/* bytes there are; bytes filled */
	union {
		char __user *ifc_buf;
		struct ifreq __user *ifc_req;
	};
};
static_assert(sizeof(struct ifconf) == 16, "ABI");

#endif
