/* SPDX-License-Identifier: MIT */
/* What a socket's error queue tells of writes by reference. */
#ifndef TESTS_ZEROCOPY_H
#define TESTS_ZEROCOPY_H

#include <linux/net.h>
#include <linux/string.h>
#include <net/sock.h>
#include <uapi/linux/errqueue.h>
#include <uapi/linux/in.h>

#include "../unit/test.h"

/* The next message of MSG_ERRQUEUE. */
static inline int zerocopy_read(struct socket *sock, struct sock_extended_err *ee)
{
	struct {
		struct cmsghdr h;
		struct sock_extended_err ee;
		struct sockaddr_in offender;
	} c;
	struct sockaddr_storage name;
	struct msghdr msg = { .msg_name = &name, .msg_control = &c,
			      .msg_controllen = sizeof(c) };
	int ret;

	memset(&c, 0, sizeof(c));
	iov_iter_kvec(&msg.msg_iter, ITER_DEST, NULL, 0, 0);
	ret = sock_recvmsg(sock, &msg, MSG_ERRQUEUE | MSG_DONTWAIT);
	if (ret < 0)
		return ret;
	EXPECT_EQ(c.h.cmsg_level, SOL_IP);
	EXPECT_EQ(c.h.cmsg_type, IP_RECVERR);
	EXPECT_EQ(msg.msg_flags & MSG_ERRQUEUE, MSG_ERRQUEUE);
	*ee = c.ee;
	/* An error is of a datagram, and has its address; news are of none. */
	EXPECT_EQ(msg.msg_namelen == 0, ee->ee_origin == SO_EE_ORIGIN_ZEROCOPY);
	return 0;
}

/* The program is told of calls @lo to @hi. */
static inline void expect_told(struct socket *sock, u32 lo, u32 hi, u8 code)
{
	struct sock_extended_err ee = { 0 };

	EXPECT_EQ(zerocopy_read(sock, &ee), 0);
	EXPECT_EQ(ee.ee_origin, SO_EE_ORIGIN_ZEROCOPY);
	EXPECT_EQ(ee.ee_errno, 0);
	EXPECT_EQ(ee.ee_code, code);
	EXPECT_EQ(ee.ee_info, lo);
	EXPECT_EQ(ee.ee_data, hi);
}

static inline void expect_not_told(struct socket *sock)
{
	struct sock_extended_err ee;

	EXPECT_EQ(zerocopy_read(sock, &ee), -EAGAIN);
}

#endif
