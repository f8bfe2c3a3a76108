// SPDX-License-Identifier: MIT
/* net/core/sock_sockopt.c: every option is real, or -ENOPROTOOPT. */
#include <linux/ktime.h>
#include <linux/syscalls.h>
#include <net/sock.h>

#include "../test.h"
#include "sockhost.h"

static int set_int(int fd, int name, int val)
{
	return __sys_setsockopt(fd, SOL_SOCKET, name, &val, sizeof(val));
}

static int get_int(int fd, int name)
{
	int val = -12345, len = sizeof(val);
	int err = __sys_getsockopt(fd, SOL_SOCKET, name, &val, &len);

	EXPECT_EQ(err, 0);
	EXPECT_EQ(len, sizeof(val));
	return val;
}

/* Options of one bit: off at first, on, off. */
static const int bool_options[] = {
	SO_DEBUG, SO_REUSEADDR, SO_REUSEPORT, SO_DONTROUTE, SO_BROADCAST, SO_KEEPALIVE,
	SO_OOBINLINE, SO_NO_CHECK, SO_TIMESTAMP, SO_TIMESTAMPNS,
};

TEST(sockopt_bits_are_set_and_cleared)
{
	struct sockhost h;
	size_t i;
	int fd;

	sockhost_enter(&h);
	fd = sockhost_udp(0, 0);
	for (i = 0; i < ARRAY_SIZE(bool_options); i++) {
		EXPECT_EQ(get_int(fd, bool_options[i]), 0);
		EXPECT_EQ(set_int(fd, bool_options[i], 7), 0);
		EXPECT_EQ(get_int(fd, bool_options[i]), 1);
		EXPECT_EQ(set_int(fd, bool_options[i], 0), 0);
		EXPECT_EQ(get_int(fd, bool_options[i]), 0);
	}
	sockhost_leave(&h);
}

TEST(sockopt_buffers_are_doubled_bounded_and_capped)
{
	struct sockhost h;
	int fd;

	sockhost_enter(&h);
	fd = sockhost_udp(0, 0);
	EXPECT_EQ(get_int(fd, SO_RCVBUF), 212992);
	EXPECT_EQ(get_int(fd, SO_SNDBUF), 212992);
	EXPECT_EQ(set_int(fd, SO_RCVBUF, 10000), 0);
	EXPECT_EQ(get_int(fd, SO_RCVBUF), 20000);
	EXPECT_EQ(set_int(fd, SO_RCVBUF, 0), 0);
	EXPECT_EQ(get_int(fd, SO_RCVBUF), SOCK_MIN_RCVBUF);
	EXPECT_EQ(set_int(fd, SO_SNDBUF, 1), 0);
	EXPECT_EQ(get_int(fd, SO_SNDBUF), SOCK_MIN_SNDBUF);
	EXPECT_EQ(set_int(fd, SO_RCVBUF, INT_MAX), 0);
	EXPECT_EQ(get_int(fd, SO_RCVBUF), 2 * 212992);
	EXPECT_EQ(set_int(fd, SO_SNDBUF, -1), 0);
	EXPECT_EQ(get_int(fd, SO_SNDBUF), 2 * 212992);
	EXPECT_EQ(set_int(fd, SO_RCVBUFFORCE, 1 << 24), 0);
	EXPECT_EQ(get_int(fd, SO_RCVBUF), 1 << 25);
	EXPECT_EQ(set_int(fd, SO_SNDBUFFORCE, INT_MAX), 0);
	EXPECT_EQ(get_int(fd, SO_SNDBUF), INT_MAX - 1);
	EXPECT_EQ(get_int(fd, SO_BUF_LOCK), 3);
	EXPECT_EQ(set_int(fd, SO_BUF_LOCK, 0), 0);
	EXPECT_EQ(get_int(fd, SO_BUF_LOCK), 0);
	EXPECT_EQ(set_int(fd, SO_BUF_LOCK, 4), -EINVAL);
	sockhost_leave(&h);
}

TEST(sockopt_what_a_socket_is_can_be_asked_not_set)
{
	static const int fixed[] = { SO_TYPE, SO_PROTOCOL, SO_DOMAIN, SO_ERROR, SO_ACCEPTCONN,
				     SO_SNDLOWAT, SO_COOKIE, SO_MEMINFO, SO_PEERNAME };
	struct sockhost h;
	size_t i;
	int fd;

	sockhost_enter(&h);
	fd = sockhost_udp(0, 0);
	EXPECT_EQ(get_int(fd, SO_TYPE), SOCK_DGRAM);
	EXPECT_EQ(get_int(fd, SO_PROTOCOL), IPPROTO_UDP);
	EXPECT_EQ(get_int(fd, SO_DOMAIN), AF_INET);
	EXPECT_EQ(get_int(fd, SO_ERROR), 0);
	EXPECT_EQ(get_int(fd, SO_ACCEPTCONN), 0);
	EXPECT_EQ(get_int(fd, SO_SNDLOWAT), 1);
	for (i = 0; i < ARRAY_SIZE(fixed); i++)
		EXPECT_EQ(set_int(fd, fixed[i], 1), -ENOPROTOOPT);
	sockhost_leave(&h);
}

TEST(sockopt_times_and_linger_keep_what_was_set)
{
	struct __kernel_timeval tv = { 3, 250000 }, got;
	struct linger ling = { 1, 7 };
	struct sockhost h;
	int fd, len = sizeof(got);

	sockhost_enter(&h);
	fd = sockhost_udp(0, 0);
	EXPECT_EQ(__sys_getsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &got, &len), 0);
	EXPECT_EQ(got.tv_sec, 0);
	EXPECT_EQ(__sys_setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv)), 0);
	EXPECT_EQ(__sys_getsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &got, &len), 0);
	EXPECT_MEMEQ(&got, &tv, sizeof(tv));
	EXPECT_EQ(__sys_setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, 8), -EINVAL);
	tv.tv_usec = 1000000;
	EXPECT_EQ(__sys_setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)), -EDOM);
	tv = (struct __kernel_timeval){ S64_MAX, 0 };
	EXPECT_EQ(__sys_setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)), 0);
	EXPECT_EQ(__sys_setsockopt(fd, SOL_SOCKET, SO_LINGER, &ling, 4), -EINVAL);
	EXPECT_EQ(__sys_setsockopt(fd, SOL_SOCKET, SO_LINGER, &ling, sizeof(ling)), 0);
	ling = (struct linger){ 0, 0 };
	len = sizeof(ling);
	EXPECT_EQ(__sys_getsockopt(fd, SOL_SOCKET, SO_LINGER, &ling, &len), 0);
	EXPECT_EQ(ling.l_onoff, 1);
	EXPECT_EQ(ling.l_linger, 7);
	sockhost_leave(&h);
}

TEST(sockopt_binding_to_a_device)
{
	char name[IFNAMSIZ] = "lo";
	struct sockhost h;
	int fd, len = sizeof(name);

	sockhost_enter(&h);
	fd = sockhost_udp(0, 0);
	EXPECT_EQ(__sys_getsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, &len), 0);
	EXPECT_EQ(len, 0);
	EXPECT_EQ(__sys_setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3), 0);
	EXPECT_EQ(get_int(fd, SO_BINDTOIFINDEX), h.net->loopback_dev->ifindex);
	len = sizeof(name);
	name[0] = '\0';
	EXPECT_EQ(__sys_getsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, &len), 0);
	EXPECT_STREQ(name, "lo");
	EXPECT_EQ(__sys_setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "no", 3), -ENODEV);
	EXPECT_EQ(__sys_setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "", 0), 0);
	EXPECT_EQ(get_int(fd, SO_BINDTOIFINDEX), 0);
	sockhost_leave(&h);
}

TEST(sockopt_cookies_are_stable_and_differ)
{
	u64 a = 0, b = 0, again = 0;
	int fd, other, len = sizeof(a);
	struct sockhost h;

	sockhost_enter(&h);
	fd = sockhost_udp(0, 0);
	other = sockhost_udp(0, 0);
	EXPECT_EQ(__sys_getsockopt(fd, SOL_SOCKET, SO_COOKIE, &a, &len), 0);
	EXPECT_EQ(__sys_getsockopt(other, SOL_SOCKET, SO_COOKIE, &b, &len), 0);
	EXPECT_EQ(__sys_getsockopt(fd, SOL_SOCKET, SO_COOKIE, &again, &len), 0);
	EXPECT_NE(a, 0);
	EXPECT_NE(a, b);
	EXPECT_EQ(a, again);
	len = 4;
	EXPECT_EQ(__sys_getsockopt(fd, SOL_SOCKET, SO_COOKIE, &a, &len), -EINVAL);
	sockhost_leave(&h);
}

/* What is accepted can be read back; nothing is accepted and ignored. */
TEST(sockopt_unknown_ones_are_enoprotoopt_both_ways)
{
	static const int known[] = {
		SO_DEBUG, SO_REUSEADDR, SO_TYPE, SO_ERROR, SO_DONTROUTE, SO_BROADCAST,
		SO_SNDBUF, SO_RCVBUF, SO_KEEPALIVE, SO_OOBINLINE, SO_NO_CHECK, SO_PRIORITY,
		SO_LINGER, SO_REUSEPORT, SO_RCVLOWAT, SO_SNDLOWAT, SO_RCVTIMEO, SO_SNDTIMEO,
		SO_BINDTODEVICE, SO_PEERNAME, SO_TIMESTAMP, SO_ACCEPTCONN, SO_SNDBUFFORCE,
		SO_RCVBUFFORCE, SO_TIMESTAMPNS, SO_MARK, SO_PROTOCOL, SO_DOMAIN,
		SO_MAX_PACING_RATE, SO_INCOMING_CPU, SO_MEMINFO, SO_COOKIE, SO_BINDTOIFINDEX,
		SO_TIMESTAMP_NEW, SO_TIMESTAMPNS_NEW, SO_RCVTIMEO_NEW, SO_SNDTIMEO_NEW,
		SO_NETNS_COOKIE, SO_BUF_LOCK, SO_ZEROCOPY, SO_BUSY_POLL, SO_BUSY_POLL_BUDGET,
		SO_INCOMING_NAPI_ID,
	};
	char buf[128] = "";
	struct sockhost h;
	int fd, name, len;
	size_t i;

	sockhost_enter(&h);
	fd = sockhost_udp(0, 0);
	for (name = 0; name < 200; name++) {
		bool is_known = false;

		for (i = 0; i < ARRAY_SIZE(known); i++)
			is_known |= known[i] == name;
		if (is_known)
			continue;
		len = sizeof(buf);
		EXPECT_EQ(__sys_setsockopt(fd, SOL_SOCKET, name, buf, 64), -ENOPROTOOPT);
		EXPECT_EQ(__sys_getsockopt(fd, SOL_SOCKET, name, buf, &len), -ENOPROTOOPT);
		EXPECT_EQ(len, sizeof(buf));
	}
	sockhost_leave(&h);
}

TEST(sockopt_bad_pointers_and_lengths)
{
	int fd, val = 1, len = -1;
	struct sockhost h;

	sockhost_enter(&h);
	fd = sockhost_udp(0, 0);
	EXPECT_EQ(__sys_setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, NULL, 4), -EFAULT);
	EXPECT_EQ(__sys_setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &val, 3), -EINVAL);
	EXPECT_EQ(__sys_setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &val, -1), -EINVAL);
	EXPECT_EQ(__sys_getsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &val, &len), -EINVAL);
	EXPECT_EQ(__sys_getsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &val, NULL), -EFAULT);
	len = 4;
	EXPECT_EQ(__sys_getsockopt(fd, SOL_SOCKET, SO_REUSEADDR, NULL, &len), -EFAULT);
	/* Shorter buffers get the beginning. */
	EXPECT_EQ(set_int(fd, SO_PRIORITY, 0x01020304), 0);
	len = 1;
	val = 0;
	EXPECT_EQ(__sys_getsockopt(fd, SOL_SOCKET, SO_PRIORITY, &val, &len), 0);
	EXPECT_EQ(val, 4);
	EXPECT_EQ(len, 1);
	EXPECT_EQ(__sys_setsockopt(fd, 12345, 1, &val, 4), -ENOPROTOOPT);
	sockhost_leave(&h);
}
