/* SPDX-License-Identifier: MIT */
/*
 * Where a security module may say no to sending and receiving (SYS-6). None is
 * there by default: everything is allowed. net/socket.c.
 */
#ifndef LINUX_SECURITY_H
#define LINUX_SECURITY_H

struct socket;
struct msghdr;

/* 0, or -EACCES or another -errno: the call ends with it. Process context. */
struct security_ops {
	int (*sock_sendmsg)(struct socket *sock, struct msghdr *msg, int size);
	int (*sock_recvmsg)(struct socket *sock, struct msghdr *msg, int size, int flags);
};

/* NULL: none. Kept. */
void security_register(const struct security_ops *ops);
int security_sock_sendmsg(struct socket *sock, struct msghdr *msg, int size);
int security_sock_recvmsg(struct socket *sock, struct msghdr *msg, int size, int flags);

#endif
