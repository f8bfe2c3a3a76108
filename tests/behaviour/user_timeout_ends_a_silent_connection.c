// SPDX-License-Identifier: MIT
/*
 * TCP_USER_TIMEOUT: how long data may stay unacknowledged, whatever it waits for.
 *
 * RFC: 5482 3; 9293 3.8.3; Linux: tcp(7)
 */
#include "../host/segtest.h"

RULE("RFC 5482", "3", "the user timeout ends a connection whose data is not acknowledged");
TEST(user_timeout_ends_retransmission)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_TCP, TCP_USER_TIMEOUT, 3000), 0);
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	seg_sleep(seg_ms(2900));
	EXPECT_EQ(seg_state(c.fd), TCP_ESTABLISHED);
	seg_sleep(seg_ms(500));
	EXPECT_EQ(seg_state(c.fd), TCP_CLOSE);
	EXPECT_EQ(seg_error(c.fd), ETIMEDOUT);
	/* At 0, 0.2, 0.6, 1.4 and 3 s; it counts from the first that is sent again. */
	EXPECT_EQ(seg_flush(), 5);
	seg_end();
}

RULE("RFC 5482", "3", "the user timeout ends the probing of a closed window");
TEST(user_timeout_ends_window_probes)
{
	struct seg_conn c;
	unsigned int i;

	seg_begin();
	seg_passive(&c, "mss 1000", 2000);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_TCP, TCP_USER_TIMEOUT, 10000), 0);
	EXPECT_EQ(seg_write(&c, 3000, 0), 3000);
	seg_flush();
	seg_in(&c, ". 1:1(0) ack 2001 win 0");
	for (i = 0; i < 300 && seg_state(c.fd) == TCP_ESTABLISHED; i++) {
		seg_sleep(seg_ms(100));
		if (seg_flush())
			seg_in(&c, ". 1:1(0) ack 2001 win 0");
	}
	EXPECT_EQ(seg_error(c.fd), ETIMEDOUT);
	EXPECT_GE(i, 99);
	EXPECT_LE(i, 140);
	seg_end();
}

RULE("RFC 5482", "4.2", "the user timeout bounds keepalive");
TEST(user_timeout_bounds_keepalive)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_TCP, TCP_KEEPIDLE, 5), 0);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_TCP, TCP_KEEPINTVL, 5), 0);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_TCP, TCP_KEEPCNT, 100), 0);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_TCP, TCP_USER_TIMEOUT, 12000), 0);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_SOCKET, SO_KEEPALIVE, 1), 0);
	seg_sleep(seg_s(16));
	EXPECT_EQ(seg_error(c.fd), ETIMEDOUT);
	EXPECT_EQ(seg_flush(), 3);
	seg_end();
}

RULE("RFC 5482", "3", "the user timeout bounds connect()");
TEST(user_timeout_bounds_connect)
{
	struct seg_conn c;

	seg_begin();
	seg_conn_init(&c);
	c.fd = seg_socket();
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_TCP, TCP_USER_TIMEOUT, 2500), 0);
	EXPECT_EQ(seg_getsockopt(c.fd, SOL_TCP, TCP_USER_TIMEOUT), 2500);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_TCP, TCP_USER_TIMEOUT, -1), -EINVAL);
	EXPECT_EQ(seg_connect_start(&c), -EINPROGRESS);
	seg_sleep(seg_ms(2400));
	EXPECT_EQ(seg_state(c.fd), TCP_SYN_SENT);
	seg_sleep(seg_ms(700));
	EXPECT_EQ(seg_error(c.fd), ETIMEDOUT);
	seg_flush();
	seg_end();
}
