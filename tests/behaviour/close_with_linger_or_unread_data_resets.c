// SPDX-License-Identifier: MIT
/*
 * close() with data unread tells the peer by a RST; SO_LINGER with a time of zero
 * aborts; with a time it waits for what was sent to be acknowledged.
 *
 * RFC: 9293 3.6 (MUST-14), 3.9.1.5; 2525 2.17; Linux: socket(7)
 */
#include "../host/segtest.h"

#include <linux/fs.h>
#include <linux/sched.h>

static void set_linger(const struct seg_conn *c, int on, int seconds)
{
	struct linger l = { .l_onoff = on, .l_linger = seconds };

	EXPECT_EQ(__sys_setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &l, sizeof(l)), 0);
}

RULE("RFC 9293", "3.6.1", "SHLD-3: closing with data unread resets the connection");
RULE("RFC 1122", "4.2.2.13", "closing with data unread resets the connection");
TEST(close_with_unread_data_resets)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_in(&c, "P. 1:101(100) ack 1");
	seg_out(&c, ". 1:1(0) ack 101");
	EXPECT_EQ(seg_read(&c, 50), 50);
	EXPECT_EQ(seg_close(&c), 0);
	seg_out(&c, "R. 1:1(0) ack 101");
	EXPECT_EQ(seg_mib(TCPABORTONCLOSE), 1);
	EXPECT_EQ(seg_count(TCP_FIN_WAIT1), 0);
	seg_quiet(seg_s(10));
	seg_end();
}

RULE("RFC 9293", "3.6.1", "a FIN that nobody read is no data: no reset");
TEST(close_with_only_a_fin_unread_does_not_reset)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_in(&c, "F. 1:1(0) ack 1");
	EXPECT_EQ(seg_close(&c), 0);
	seg_out(&c, "F. 1:1(0) ack 2");
	seg_in(&c, ". 2:2(0) ack 2");
	seg_end();
}

RULE_AS_LINUX("RFC 9293", "3.9.1.5",
	      "ABORT: what is queued is thrown away, a RST is sent",
	      "SO_LINGER with a time of 0, then close()");
TEST(linger_of_zero_aborts)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	seg_out(&c, "P. 1:101(100) ack 1");
	set_linger(&c, 1, 0);
	EXPECT_EQ(seg_close(&c), 0);
	seg_out(&c, "R. 101:101(0) ack 1");
	seg_quiet(seg_s(10));
	EXPECT_EQ(seg_count(TCP_FIN_WAIT1), 0);
	seg_end();
}

/* close() as a program calls it, which may sleep. */
static int lingering_close(void *arg)
{
	struct seg_conn *c = arg;

	close_fd((unsigned int)c->fd);
	c->fd = -1;
	return 0;
}

static void start_close(struct seg_conn *c)
{
	EXPECT_FALSE(IS_ERR(kthread_run(lingering_close, c, "closer")));
	host_run();
}

RULE_AS_LINUX("RFC 9293", "3.6",
	      "close() can be made to wait until all is acknowledged",
	      "SO_LINGER with a time; without it close() returns at once");
TEST(linger_waits_for_the_acknowledgement)
{
	struct seg_conn c;
	int fd;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	seg_out(&c, "P. 1:101(100) ack 1");
	set_linger(&c, 1, 10);
	fd = c.fd;
	start_close(&c);
	seg_out(&c, "F. 101:101(0) ack 1");
	EXPECT_EQ(c.fd, fd);
	seg_sleep(seg_ms(50));
	seg_in(&c, ". 1:1(0) ack 101");
	EXPECT_EQ(c.fd, fd);
	seg_in(&c, ". 1:1(0) ack 102");
	EXPECT_EQ(c.fd, -1);
	EXPECT_EQ(seg_count(TCP_FIN_WAIT2), 1);
	seg_end();
}

TEST(linger_ends_when_its_time_is_over)
{
	struct seg_conn c;
	int fd;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	set_linger(&c, 1, 3);
	fd = c.fd;
	start_close(&c);
	seg_sleep(seg_ms(2900));
	EXPECT_EQ(c.fd, fd);
	seg_sleep(seg_ms(200));
	EXPECT_EQ(c.fd, -1);
	EXPECT_EQ(seg_count(TCP_FIN_WAIT1), 1);
	seg_flush();
	seg_end();
}

/* FEATURES 3.2, 13 */
TEST(linger_with_the_peer_gone_returns_in_time)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	seg_out(&c, "P. 1:101(100) ack 1");
	seg_in(&c, "F. 1:1(0) ack 1");
	set_linger(&c, 1, 3);
	start_close(&c);
	seg_sleep(seg_ms(10));
	seg_in(&c, "R 2:2(0)");
	EXPECT_EQ(c.fd, -1);
	seg_flush();
	EXPECT_EQ(seg_count(TCP_LAST_ACK), 0);
	seg_end();
}
