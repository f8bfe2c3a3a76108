/* SPDX-License-Identifier: MIT */
/* Route types, protocols, scopes and tables, as Linux numbers them. */
#ifndef UAPI_LINUX_RTNETLINK_H
#define UAPI_LINUX_RTNETLINK_H

enum {
	RTN_UNSPEC,
	RTN_UNICAST,		/* gateway or direct route */
	RTN_LOCAL,		/* accept locally */
	RTN_BROADCAST,		/* accept locally as broadcast, send as broadcast */
	RTN_ANYCAST,
	RTN_MULTICAST,
	RTN_BLACKHOLE,		/* drop */
	RTN_UNREACHABLE,	/* destination is unreachable */
	RTN_PROHIBIT,		/* administratively prohibited */
	RTN_THROW,		/* not in this table */
	RTN_NAT,
	RTN_XRESOLVE,
	__RTN_MAX
};
#define RTN_MAX (__RTN_MAX - 1)

#define RTPROT_UNSPEC	0
#define RTPROT_REDIRECT	1
#define RTPROT_KERNEL	2
#define RTPROT_BOOT	3
#define RTPROT_STATIC	4
#define RTPROT_DHCP	16

/* Distance to the destination: the higher, the nearer. */
enum {
	RT_SCOPE_UNIVERSE = 0,
	RT_SCOPE_SITE = 200,
	RT_SCOPE_LINK = 253,
	RT_SCOPE_HOST = 254,
	RT_SCOPE_NOWHERE = 255
};

enum {
	RT_TABLE_UNSPEC = 0,
	RT_TABLE_DEFAULT = 253,
	RT_TABLE_MAIN = 254,
	RT_TABLE_LOCAL = 255
};

#define RTNH_F_DEAD	1
#define RTNH_F_ONLINK	4
#define RTNH_F_LINKDOWN	16

#endif
