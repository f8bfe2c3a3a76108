// SPDX-License-Identifier: MIT
/*
 * What programs see of the stream: MSG_PEEK, SO_RCVLOWAT, FIONREAD, SIOCOUTQ,
 * a full send buffer and POLLOUT.
 *
 * Linux: tcp(7), recv(2), socket(7)
 */
#include "../host/segtest.h"

static int ioctl_int(const struct seg_conn *c, unsigned int cmd)
{
	int answer = -1;

	EXPECT_EQ(__sys_ioctl(c->fd, cmd, (unsigned long)(uintptr_t)&answer), 0);
	return answer;
}

TEST(peek_leaves_the_data)
{
	struct seg_conn c;
	u8 buf[200];

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_in(&c, "P. 1:101(100) ack 1");
	seg_in(&c, "P. 101:151(50) ack 1");
	seg_flush();
	EXPECT_EQ(seg_recv(&c, buf, sizeof(buf), MSG_PEEK), 150);
	EXPECT_EQ(buf[149], seg_pattern(149));
	EXPECT_EQ(seg_recv(&c, buf, 10, MSG_PEEK), 10);
	EXPECT_EQ(seg_read(&c, 200), 150);
	seg_end();
}

TEST(msg_trunc_throws_data_away)
{
	struct seg_conn c;
	u8 buf[200];

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_in(&c, "P. 1:101(100) ack 1");
	seg_flush();
	EXPECT_EQ(seg_recv(&c, buf, 60, MSG_TRUNC), 60);
	EXPECT_EQ(seg_recv(&c, buf, 60, 0), 40);
	EXPECT_EQ(buf[0], seg_pattern(60));
	seg_end();
}

TEST(rcvlowat_holds_poll_back)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_SOCKET, SO_RCVLOWAT, 100), 0);
	seg_in(&c, "P. 1:51(50) ack 1");
	seg_flush();
	EXPECT_FALSE(seg_poll(c.fd) & POLLIN);
	seg_in(&c, "P. 51:101(50) ack 1");
	seg_flush();
	EXPECT_TRUE(seg_poll(c.fd) & POLLIN);
	EXPECT_EQ(seg_read(&c, 200), 100);
	seg_flush();
	seg_end();
}

RULE("RFC 9293", "3.9.1.6", "STATUS: a program can ask what is queued");
TEST(ioctls_count_bytes)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 2000);
	seg_in(&c, "P. 1:101(100) ack 1");
	seg_flush();
	EXPECT_EQ(ioctl_int(&c, FIONREAD), 100);
	EXPECT_EQ(seg_read(&c, 30), 30);
	EXPECT_EQ(ioctl_int(&c, FIONREAD), 70);
	EXPECT_EQ(seg_write(&c, 3000, 0), 3000);
	seg_flush();
	EXPECT_EQ(ioctl_int(&c, SIOCOUTQ), 3000);
	EXPECT_EQ(ioctl_int(&c, SIOCOUTQNSD), 1000);
	seg_in(&c, ". 101:101(0) ack 1001 win 1000");
	EXPECT_EQ(ioctl_int(&c, SIOCOUTQ), 2000);
	EXPECT_EQ(seg_read(&c, 70), 70);
	seg_in(&c, "F. 101:101(0) ack 1001 win 1000");
	EXPECT_EQ(ioctl_int(&c, FIONREAD), 0);
	seg_flush();
	seg_sleep(seg_ms(50));
	seg_flush();
	seg_end();
}

TEST(full_send_buffer_stops_writes_and_pollout)
{
	struct seg_conn c;
	ssize_t n, total = 0;
	u32 acked = 1;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_SOCKET, SO_SNDBUF, 20000), 0);
	while ((n = seg_write(&c, 5000, 0)) > 0)
		total += n;
	EXPECT_EQ(n, -EAGAIN);
	EXPECT_GE(total, 10000);
	EXPECT_LE(total, 60000);
	EXPECT_FALSE(seg_poll(c.fd) & POLLOUT);
	while (acked < (u32)total + 1) {
		acked = min_t(u32, acked + 5000, (u32)total + 1);
		seg_flush();
		seg_in(&c, ". 1:1(0) ack %u", acked);
		seg_sleep(seg_ms(1));
	}
	seg_flush();
	EXPECT_TRUE(seg_poll(c.fd) & POLLOUT);
	EXPECT_EQ(seg_write(&c, 5000, 0), 5000);
	seg_flush();
	seg_end();
}

TEST(unknown_options_are_refused)
{
	int fd;

	/* FEATURES 3.2, 20 */
	seg_begin();
	fd = seg_socket();
	EXPECT_EQ(seg_setsockopt(fd, SOL_TCP, 12345, 1), -ENOPROTOOPT);
	EXPECT_EQ(seg_getsockopt(fd, SOL_TCP, 12345), -ENOPROTOOPT);
	EXPECT_EQ(seg_setsockopt(fd, SOL_SOCKET, 12345, 1), -ENOPROTOOPT);
	EXPECT_EQ(seg_getsockopt(fd, SOL_SOCKET, 12345), -ENOPROTOOPT);
	EXPECT_EQ(seg_setsockopt(fd, SOL_TCP, TCP_MD5SIG, 1), -ENOPROTOOPT);
	EXPECT_EQ(seg_setsockopt(fd, SOL_TCP, TCP_ULP, 1), -ENOPROTOOPT);
	EXPECT_EQ(__sys_setsockopt(fd, SOL_TCP, TCP_NODELAY, NULL, 4), -EFAULT);
	EXPECT_EQ(__sys_setsockopt(fd, SOL_TCP, TCP_NODELAY, &fd, 1), -EINVAL);
	seg_end();
}
