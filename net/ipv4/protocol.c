// SPDX-License-Identifier: MIT
/*
 * inet_protos[]: what handles an IP protocol number. The one way up from IP.
 *
 * Linux: net/ipv4/protocol.c
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <net/protocol.h>

const struct net_protocol *inet_protos[MAX_INET_PROTOS] __ro_after_init;

/**
 * inet_add_protocol - register a protocol's handlers
 * @prot: handlers
 * @protocol: IPPROTO_*
 *
 * Context: initcall.
 * Return: 0, or -EBUSY when the number is taken.
 */
int __init inet_add_protocol(const struct net_protocol *prot, unsigned char protocol)
{
	if (inet_protos[protocol])
		return -EBUSY;
	inet_protos[protocol] = prot;
	return 0;
}
