// SPDX-License-Identifier: MIT
/*
 * A listener is closed while connections to it are half open: nothing is sent to their
 * peers. Each ends with what comes next, its third ACK (answered by a RST, as nobody
 * listens) or its timer; should the same socket listen again before, it goes on.
 *
 * RFC: 9293 3.10.4 (CLOSE in LISTEN); Linux's inet_csk_listen_stop(), reqsk_timer_handler()
 */
#include <linux/fs.h>

#include "../host/segtest.h"

static int half_open(struct seg_conn *c)
{
	int listener = seg_listen(SEG_PORT, 5);

	seg_conn_init(c);
	seg_in(c, "S 0:0(0) <mss 1000>");
	seg_out(c, "S. 0:0(0) ack 1 <mss 1460>");
	return listener;
}

RULE_AS_LINUX("RFC 9293", "3.10.4", "CLOSE of a listener with connections in SYN-RECEIVED",
	      "no RST at once; the third ACK gets one");
TEST(half_open_connection_of_a_closed_listener_is_reset_by_its_third_ack)
{
	struct seg_conn c;
	int listener;

	seg_begin();
	listener = half_open(&c);
	EXPECT_EQ(close_fd((unsigned int)listener), 0);
	seg_none();
	EXPECT_EQ(seg_count(TCP_SYN_RECV), 1);
	seg_in(&c, ". 1:1(0) ack 1");
	seg_out(&c, "R 1:1(0) win 0");
	EXPECT_EQ(seg_count(TCP_SYN_RECV), 0);
	seg_quiet(seg_s(70));
	seg_end();
}

TEST(half_open_connection_of_a_closed_listener_ends_with_its_timer)
{
	struct seg_conn c;
	int listener;

	seg_begin();
	listener = half_open(&c);
	EXPECT_EQ(close_fd((unsigned int)listener), 0);
	seg_quiet(seg_ms(990));
	EXPECT_EQ(seg_count(TCP_SYN_RECV), 1);
	/* In place of its SYN-ACK there is silence. */
	seg_quiet(seg_ms(20));
	EXPECT_EQ(seg_count(TCP_SYN_RECV), 0);
	seg_quiet(seg_s(70));
	seg_end();
}

TEST(half_open_connection_goes_on_when_its_socket_listens_again)
{
	struct seg_conn c;
	int listener;

	seg_begin();
	listener = half_open(&c);
	EXPECT_EQ(__sys_shutdown(listener, SHUT_RD), 0);
	EXPECT_EQ(seg_count(TCP_SYN_RECV), 1);
	EXPECT_EQ(__sys_listen(listener, 5), 0);
	seg_in(&c, ". 1:1(0) ack 1");
	seg_none();
	EXPECT_GE(seg_accept(listener, &c), 0);
	EXPECT_EQ(seg_state(c.fd), TCP_ESTABLISHED);
	seg_end();
}

TEST(half_open_connection_is_not_another_listeners)
{
	struct seg_conn c;
	int listener;

	seg_begin();
	listener = half_open(&c);
	EXPECT_EQ(close_fd((unsigned int)listener), 0);
	listener = seg_listen(SEG_PORT, 5);
	seg_in(&c, ". 1:1(0) ack 1");
	seg_out(&c, "R 1:1(0) win 0");
	EXPECT_EQ(seg_accept(listener, &c), -EAGAIN);
	/* And a SYN opens a new one with it. */
	seg_in(&c, "S 0:0(0) <mss 1000>");
	EXPECT_EQ(seg_flush(), 1);
	EXPECT_EQ(seg_count(TCP_SYN_RECV), 1);
	seg_end();
}
