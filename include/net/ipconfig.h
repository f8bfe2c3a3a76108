/* SPDX-License-Identifier: MIT */
/*
 * The address from the kernel command line. net/ipv4/ipconfig.c.
 *
 * Linux: include/net/ipconfig.h
 */
#ifndef NET_IPCONFIG_H
#define NET_IPCONFIG_H

#include <linux/if.h>
#include <linux/types.h>

struct net;

enum ic_mode {
	IC_OFF,			/* nothing is to be configured */
	IC_STATIC,		/* as the command line says */
	IC_AUTOCONF,		/* by DHCP and the like */
};

struct ic_config {
	__be32 addr;
	__be32 gateway;		/* 0: none */
	u8 prefixlen;		/* bits */
	char device[IFNAMSIZ];	/* "": the first that is not loopback */
	enum ic_mode mode;
};

int ic_parse(struct ic_config *c, char *value);
int ic_apply(struct net *net, const struct ic_config *c);

#endif
