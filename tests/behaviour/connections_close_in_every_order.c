// SPDX-License-Identifier: MIT
/*
 * FIN in every order: we first, the peer first, both at once; with data, half
 * closed for long, and what polls and reads find in each state.
 *
 * RFC: 9293 3.6, 3.10.4, 3.10.7.4 (MUST-12, MUST-13)
 */
#include <linux/slab.h>

#include "../host/segtest.h"

RULE("RFC 9293", "3.6", "closing first: FIN-WAIT-1, FIN-WAIT-2, TIME-WAIT");
TEST(we_close_first)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_close(&c), 0);
	seg_out(&c, "F. 1:1(0) ack 1");
	EXPECT_EQ(seg_count(TCP_FIN_WAIT1), 1);
	seg_in(&c, ". 1:1(0) ack 2");
	seg_none();
	EXPECT_EQ(seg_count(TCP_FIN_WAIT2), 1);
	seg_in(&c, "F. 1:1(0) ack 2");
	seg_out(&c, ". 2:2(0) ack 2");
	EXPECT_EQ(seg_count(TCP_TIME_WAIT), 1);
	seg_quiet(seg_s(59));
	EXPECT_EQ(seg_count(TCP_TIME_WAIT), 1);
	seg_quiet(seg_s(2));
	EXPECT_EQ(seg_count(TCP_TIME_WAIT), 0);
	seg_end();
}

TEST(ack_and_fin_of_the_peer_in_one_segment)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_close(&c), 0);
	seg_out(&c, "F. 1:1(0) ack 1");
	seg_in(&c, "F. 1:1(0) ack 2");
	seg_out(&c, ". 2:2(0) ack 2");
	EXPECT_EQ(seg_count(TCP_TIME_WAIT), 1);
	seg_quiet(seg_s(70));
	seg_end();
}

RULE("RFC 9293", "3.6", "both close at once: CLOSING, TIME-WAIT");
TEST(both_close_at_once)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_close(&c), 0);
	seg_out(&c, "F. 1:1(0) ack 1");
	seg_in(&c, "F. 1:1(0) ack 1");
	seg_out(&c, ". 2:2(0) ack 2");
	EXPECT_EQ(seg_count(TCP_CLOSING), 1);
	seg_in(&c, ". 2:2(0) ack 2");
	seg_none();
	EXPECT_EQ(seg_count(TCP_CLOSING), 0);
	EXPECT_EQ(seg_count(TCP_TIME_WAIT), 1);
	seg_quiet(seg_s(61));
	EXPECT_EQ(seg_count(TCP_TIME_WAIT), 0);
	seg_end();
}

RULE("RFC 9293", "3.6", "the peer closes first: CLOSE-WAIT, LAST-ACK");
TEST(peer_closes_first)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_in(&c, "F. 1:1(0) ack 1");
	seg_out_at(&c, 0, seg_ms(40), ". 1:1(0) ack 2");
	EXPECT_EQ(seg_state(c.fd), TCP_CLOSE_WAIT);
	EXPECT_EQ(seg_poll(c.fd), POLLIN | POLLOUT | POLLRDHUP);
	EXPECT_EQ(seg_read(&c, 10), 0);
	EXPECT_EQ(seg_close(&c), 0);
	seg_out(&c, "F. 1:1(0) ack 2");
	EXPECT_EQ(seg_count(TCP_LAST_ACK), 1);
	seg_in(&c, ". 2:2(0) ack 2");
	seg_none();
	EXPECT_EQ(seg_count(TCP_LAST_ACK), 0);
	EXPECT_EQ(seg_count(TCP_TIME_WAIT), 0);
	seg_quiet(seg_s(10));
	seg_end();
}

/* FEATURES 3.2, 12 */
RULE("RFC 9293", "3.10.7.4", "data before a FIN is delivered before the end is told");
TEST(reader_gets_all_data_of_a_peer_that_closes_at_once)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_in(&c, ". 1:1001(1000) ack 1");
	seg_in(&c, "FP. 1001:1501(500) ack 1");
	seg_flush();
	seg_sleep(seg_s(1));
	seg_flush();
	EXPECT_EQ(seg_read(&c, 700), 700);
	EXPECT_EQ(seg_read(&c, 10000), 800);
	EXPECT_EQ(seg_read(&c, 10000), 0);
	EXPECT_EQ(seg_read(&c, 10000), 0);
	seg_flush();
	seg_end();
}

RULE("RFC 9293", "3.6", "after the peer's FIN data still goes to it");
TEST(data_flows_to_a_peer_that_has_half_closed)
{
	struct seg_conn c;
	unsigned int i;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_in(&c, "F. 1:1(0) ack 1");
	seg_sleep(seg_ms(100));
	seg_flush();
	/* Ten minutes. */
	for (i = 0; i < 10; i++) {
		EXPECT_EQ(seg_write(&c, 1000, 0), 1000);
		seg_out(&c, "P. %u:%u(1000) ack 2", i * 1000 + 1, i * 1000 + 1001);
		seg_in(&c, ". 2:2(0) ack %u", i * 1000 + 1001);
		seg_quiet(seg_s(60));
	}
	EXPECT_EQ(seg_close(&c), 0);
	seg_out(&c, "F. 10001:10001(0) ack 2");
	seg_in(&c, ". 2:2(0) ack 10002");
	EXPECT_EQ(seg_count(TCP_LAST_ACK), 0);
	seg_end();
}

RULE("RFC 9293", "3.6", "after our FIN data is still received");
TEST(data_is_received_after_we_have_half_closed)
{
	struct seg_conn c;
	unsigned int i;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(__sys_shutdown(c.fd, SHUT_WR), 0);
	seg_out(&c, "F. 1:1(0) ack 1");
	seg_in(&c, ". 1:1(0) ack 2");
	EXPECT_EQ(seg_state(c.fd), TCP_FIN_WAIT2);
	EXPECT_EQ(seg_write(&c, 1, MSG_NOSIGNAL), -EPIPE);
	/* Not an orphan: no timeout for it. */
	for (i = 0; i < 10; i++) {
		seg_quiet(seg_s(60));
		seg_in(&c, ". %u:%u(1000) ack 2", i * 1000 + 1, i * 1000 + 1001);
		seg_out_at(&c, 0, seg_ms(200), ". 2:2(0) ack %u", i * 1000 + 1001);
		EXPECT_EQ(seg_read(&c, 2000), 1000);
		seg_flush();
	}
	seg_in(&c, "F. 10001:10001(0) ack 2");
	seg_out(&c, ". 2:2(0) ack 10002");
	EXPECT_EQ(seg_read(&c, 1), 0);
	EXPECT_EQ(seg_poll(c.fd), POLLIN | POLLOUT | POLLRDHUP | POLLHUP);
	EXPECT_EQ(seg_count(TCP_TIME_WAIT), 1);
	seg_end();
}

RULE("RFC 9293", "3.10.4", "CLOSE: the FIN goes after all that was written");
TEST(fin_follows_the_data_that_waits)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 2000);
	EXPECT_EQ(seg_write(&c, 2500, 0), 2500);
	seg_out(&c, ". 1:1001(1000) ack 1");
	seg_out(&c, "P. 1001:2001(1000) ack 1");
	EXPECT_EQ(seg_close(&c), 0);
	seg_none();
	EXPECT_EQ(seg_count(TCP_FIN_WAIT1), 1);
	seg_in(&c, ". 1:1(0) ack 2001 win 2000");
	seg_out(&c, "FP. 2001:2501(500) ack 1");
	seg_in(&c, "F. 1:1(0) ack 2502");
	seg_out(&c, ". 2502:2502(0) ack 2");
	EXPECT_EQ(seg_count(TCP_TIME_WAIT), 1);
	seg_end();
}

TEST(fin_of_the_peer_with_an_old_ack_in_fin_wait_1)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	seg_out(&c, "P. 1:101(100) ack 1");
	EXPECT_EQ(seg_close(&c), 0);
	seg_out(&c, "F. 101:101(0) ack 1");
	/* It has our data but not our FIN. */
	seg_in(&c, "F. 1:1(0) ack 101");
	seg_out(&c, ". 102:102(0) ack 2");
	EXPECT_EQ(seg_count(TCP_CLOSING), 1);
	seg_in(&c, ". 2:2(0) ack 102");
	EXPECT_EQ(seg_count(TCP_TIME_WAIT), 1);
	seg_end();
}

RULE("RFC 9293", "3.10.7.4", "a FIN again is acknowledged again");
TEST(retransmitted_fin_is_acknowledged_in_close_wait)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_in(&c, "F. 1:1(0) ack 1");
	seg_out_at(&c, 0, seg_ms(40), ". 1:1(0) ack 2");
	seg_in(&c, "F. 1:1(0) ack 1");
	seg_out(&c, ". 1:1(0) ack 2");
	EXPECT_EQ(seg_state(c.fd), TCP_CLOSE_WAIT);
	seg_end();
}

RULE("RFC 9293", "3.10.7.4", "data beyond a FIN is ignored");
TEST(data_after_the_peers_fin_is_not_delivered)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_in(&c, "F. 1:1(0) ack 1");
	seg_sleep(seg_ms(50));
	seg_flush();
	seg_in(&c, "P. 2:102(100) ack 1");
	seg_flush();
	EXPECT_EQ(seg_read(&c, 100), 0);
	EXPECT_EQ(seg_state(c.fd), TCP_CLOSE_WAIT);
	seg_end();
}

RULE("RFC 1122", "4.2.2.13", "data that begins before the peer's FIN and goes on beyond it resets");
TEST(data_across_the_peers_fin_resets)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_in(&c, "FP. 1:11(10) ack 1");
	seg_sleep(seg_ms(50));
	seg_out(&c, ". 1:1(0) ack 12");
	seg_in(&c, "P. 1:31(30) ack 1");
	seg_out(&c, "R 1:1(0)");
	EXPECT_EQ(seg_state(c.fd), TCP_CLOSE);
	EXPECT_EQ(seg_mib(TCPABORTONDATA), 1);
	seg_end();
}

RULE("RFC 1122", "4.2.2.13", "after shutdown() of both directions new data resets");
TEST(data_after_both_directions_were_shut_down_resets)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(__sys_shutdown(c.fd, SHUT_RDWR), 0);
	seg_out(&c, "F. 1:1(0) ack 1");
	seg_in(&c, ". 1:1(0) ack 2");
	EXPECT_EQ(seg_state(c.fd), TCP_FIN_WAIT2);
	seg_in(&c, "P. 1:11(10) ack 2");
	seg_out(&c, "R 2:2(0)");
	EXPECT_EQ(seg_state(c.fd), TCP_CLOSE);
	seg_end();
}

TEST(shutdown_says_enotconn_when_there_is_no_connection)
{
	int fd;

	seg_begin();
	fd = seg_socket();
	EXPECT_EQ(__sys_shutdown(fd, SHUT_WR), -ENOTCONN);
	EXPECT_EQ(__sys_shutdown(fd, 7), -EINVAL);
	seg_end();
}

TEST(shut_rd_reads_the_end_and_still_acknowledges)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(__sys_shutdown(c.fd, SHUT_RD), 0);
	seg_none();
	EXPECT_EQ(seg_read(&c, 10), 0);
	EXPECT_EQ(seg_write(&c, 10, 0), 10);
	seg_out(&c, "P. 1:11(10) ack 1");
	seg_end();
}

TEST(a_fin_that_finds_no_memory_is_sent_later)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	slab_fail_after(1, 1);
	EXPECT_EQ(__sys_shutdown(c.fd, SHUT_WR), 0);
	slab_fail_after(0, 0);
	seg_none();
	/* What acknowledges all that was sent does not acknowledge the FIN. */
	seg_in(&c, ". 1:1(0) ack 1");
	EXPECT_EQ(seg_state(c.fd), TCP_FIN_WAIT1);
	seg_out_at(&c, seg_ms(400), seg_ms(600), "F. 1:1(0) ack 1");
	seg_in(&c, ". 1:1(0) ack 2");
	EXPECT_EQ(seg_state(c.fd), TCP_FIN_WAIT2);
	seg_end();
}
