/* SPDX-License-Identifier: MIT */
/* Between the files of the family AF_INET. Its operations: net/inet_sock.h. */
#ifndef NET_INET_COMMON_H
#define NET_INET_COMMON_H

#include <linux/compiler.h>
#include <linux/types.h>

struct net;

/* Requests about devices and addresses (linux/sockios.h). Process context.
 * 0, -EFAULT, -EINVAL, -ENODEV, -EADDRNOTAVAIL; -ENOIOCTLCMD: another request.
 * net/ipv4/devinet_ioctl.c */
int devinet_ioctl(struct net *net, unsigned int cmd, void __user *arg);

#endif
