// SPDX-License-Identifier: MIT
/*
 * A window of zero: probes after the RTO, doubled, for as long as they are
 * answered; data goes as soon as the window opens. What comes to our closed
 * window is acknowledged.
 *
 * RFC: 9293 3.8.6.1 (MUST-35, 36, 37, SHLD-29, SHLD-30), 3.8.6.2.1
 */
#include "../host/segtest.h"

/* 2000 bytes sent and acknowledged, 1000 more wait for a window. */
static void window_closed(struct seg_conn *c)
{
	seg_passive(c, "mss 1000", 2000);
	EXPECT_EQ(seg_write(c, 3000, 0), 3000);
	seg_out(c, ". 1:1001(1000) ack 1");
	seg_out(c, "P. 1001:2001(1000) ack 1");
	seg_none();
	seg_in(c, ". 1:1(0) ack 2001 win 0");
	seg_none();
}

RULE("RFC 9293", "3.8.6.1", "MUST-36: a closed window is probed");
RULE("RFC 9293", "3.8.6.1", "MUST-35: probes go on as the timer says");
RULE("RFC 9293", "3.8.6.1", "MUST-37: a window may stay closed as long as probes are answered");
RULE("RFC 9293", "3.8.6.1", "SHLD-30: the interval of probes is doubled");
RULE("RFC 1122", "4.2.2.17", "a closed window is probed for ever while probes are answered");
RULE("RFC 9293", "3.8.6.1", "SHLD-29: the first probe goes after one RTO");
TEST(probes_double_and_go_on_while_they_are_answered)
{
	struct seg_conn c;
	u64 wait;
	int i;

	seg_begin();
	window_closed(&c);
	for (wait = 200; wait <= 102400; wait *= 2) {
		/* One below what the peer expects: it has to answer. */
		seg_out_at(&c, seg_ms(wait), seg_ms(wait + 2), ". 2000:2000(0) ack 1");
		seg_in(&c, ". 1:1(0) ack 2001 win 0");
	}
	for (i = 0; i < 60; i++) {
		seg_out_at(&c, seg_s(120), seg_s(120) + seg_ms(2), ". 2000:2000(0) ack 1");
		seg_in(&c, ". 1:1(0) ack 2001 win 0");
	}
	/* Two hours. */
	EXPECT_EQ(seg_state(c.fd), TCP_ESTABLISHED);
	seg_in(&c, ". 1:1(0) ack 2001 win 2000");
	seg_out(&c, "P. 2001:3001(1000) ack 1");
	seg_in(&c, ". 1:1(0) ack 3001");
	seg_quiet(seg_s(200));
	EXPECT_EQ(seg_mib(TCPWINPROBE), 70);
	seg_end();
}

TEST(window_update_sends_at_once_and_ends_the_probes)
{
	struct seg_conn c;

	seg_begin();
	window_closed(&c);
	seg_sleep(seg_ms(100));
	seg_in(&c, ". 1:1(0) ack 2001 win 2000");
	seg_out(&c, "P. 2001:3001(1000) ack 1");
	seg_in(&c, ". 1:1(0) ack 3001 win 2000");
	seg_quiet(seg_s(10));
	EXPECT_EQ(seg_mib(TCPWINPROBE), 0);
	seg_end();
}

TEST(unanswered_probes_end_the_connection)
{
	struct seg_conn c;

	seg_begin();
	window_closed(&c);
	seg_sleep(seg_s(1500));
	EXPECT_EQ(seg_flush(), 15);
	EXPECT_EQ(seg_state(c.fd), TCP_CLOSE);
	EXPECT_EQ(seg_error(c.fd), ETIMEDOUT);
	seg_end();
}

RULE("RFC 9293", "3.8.6.2.1", "MUST-38: the sender avoids silly windows");
RULE("RFC 1122", "4.2.3.4", "the sender avoids silly windows");
TEST(small_window_is_not_filled_at_once_but_after_the_timer)
{
	struct seg_conn c;

	/* RFC 9293 3.8.6.2.1: sender's silly window avoidance */
	seg_begin();
	window_closed(&c);
	seg_in(&c, ". 1:1(0) ack 2001 win 100");
	seg_none();
	seg_out_at(&c, seg_ms(190), seg_ms(202), "P. 2001:2101(100) ack 1");
	seg_in(&c, ". 1:1(0) ack 2101 win 2000");
	seg_out(&c, "P. 2101:3001(900) ack 1");
	seg_end();
}

RULE("RFC 9293", "3.8.6", "MUST-34: a window that shrinks is survived");
TEST(peer_that_shrinks_its_window_is_survived)
{
	struct seg_conn c;

	/* RFC 9293 3.8.6 (MUST-34) */
	seg_begin();
	seg_passive(&c, "mss 1000", 10000);
	EXPECT_EQ(seg_write(&c, 5000, 0), 5000);
	EXPECT_EQ(seg_flush(), 5);
	seg_in(&c, ". 1:1(0) ack 1001 win 1000");
	seg_none();
	EXPECT_EQ(seg_write(&c, 1000, 0), 1000);
	seg_none();
	seg_in(&c, ". 1:1(0) ack 5001 win 0");
	seg_none();
	seg_in(&c, ". 1:1(0) ack 5001 win 1000");
	seg_out(&c, "P. 5001:6001(1000) ack 1");
	seg_end();
}

RULE("RFC 9293", "3.8.6", "SHLD-16: what was sent is retransmitted into a shrunk window");
RULE("RFC 9293", "3.8.6",
     "SHLD-17: a connection is not ended because of data beyond a shrunk window");
RULE("RFC 9293", "3.8.6", "MAY-7: what was sent is sent again beyond the right edge");
TEST(window_shrunk_to_zero_with_data_in_flight_is_retried)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 10000);
	EXPECT_EQ(seg_write(&c, 2000, 0), 2000);
	EXPECT_EQ(seg_flush(), 2);
	seg_in(&c, ". 1:1(0) ack 1 win 0");
	seg_out_at(&c, seg_ms(200), seg_ms(202), ". 1:1001(1000) ack 1");
	seg_in(&c, ". 1:1(0) ack 1 win 0");
	seg_out_at(&c, seg_ms(400), seg_ms(402), ". 1:1001(1000) ack 1");
	seg_in(&c, ". 1:1(0) ack 2001 win 5000");
	seg_quiet(seg_s(1));
	seg_end();
}

/* Fills our receive buffer; returns the next number. */
static unsigned int fill(struct seg_conn *c)
{
	unsigned int at = 1;
	struct tcp_info info;

	seg_passive(c, "mss 1000", 32768);
	EXPECT_EQ(seg_setsockopt(c->fd, SOL_SOCKET, SO_RCVBUF, 8192), 0);
	for (;;) {
		u64 got;

		seg_info(c->fd, &info);
		got = info.tcpi_bytes_received;
		seg_in(c, ". %u:%u(1000) ack 1", at, at + 1000);
		seg_flush();
		seg_info(c->fd, &info);
		if (info.tcpi_bytes_received == got)
			return at;
		at += 1000;
		EXPECT_LT(at, 100000);
	}
}

/* FEATURES 3.2, 4 */
RULE("RFC 9293", "3.10.7.4", "a segment for a closed window is answered by an ACK");
RULE("RFC 9293", "3.8.6.1", "MAY-8: our window may stay closed; a probe is answered");
TEST(segment_to_our_closed_window_is_acknowledged)
{
	struct seg_conn c;
	unsigned int at, i;

	seg_begin();
	at = fill(&c);
	seg_sleep(seg_ms(300));
	seg_flush();
	for (i = 0; i < 5; i++) {
		seg_in(&c, ". %u:%u(1) ack 1", at, at + 1);
		seg_out(&c, ". 1:1(0) ack %u win 0", at);
	}
	/* A probe without a byte. */
	seg_in(&c, ". %u:%u(0) ack 1", at - 1, at - 1);
	seg_out(&c, ". 1:1(0) ack %u win 0", at);
	/* FIN and ACKs are processed. */
	EXPECT_EQ(seg_write(&c, 10, 0), 10);
	seg_out(&c, "P. 1:11(10) ack %u win 0", at);
	seg_in(&c, ". %u:%u(0) ack 11", at, at);
	seg_quiet(seg_s(1));
	seg_end();
}

/* FEATURES 3.2, 4: two zero-window ends must not answer each other for ever. */
TEST(two_closed_windows_do_not_make_an_ack_war)
{
	struct seg_conn c;
	unsigned int at, i, sent = 0;

	seg_begin();
	at = fill(&c);
	seg_sleep(seg_ms(600));
	seg_flush();
	for (i = 0; i < 100; i++) {
		seg_in(&c, ". %u:%u(0) ack 1 win 0", at, at);
		sent += seg_flush();
		seg_in(&c, ". %u:%u(0) ack 1 win 0", at - 1, at - 1);
		sent += seg_flush();
	}
	EXPECT_LE(sent, 1);
	seg_end();
}

/* FEATURES 3.2, 3 */
RULE("RFC 9293", "3.8.6", "a window that was closed is announced when it opens");
TEST(window_update_follows_when_the_reader_drains)
{
	struct seg_conn c;
	unsigned int at;

	seg_begin();
	at = fill(&c);
	seg_sleep(seg_ms(600));
	seg_flush();
	EXPECT_GT(seg_read(&c, 100000), 1000);
	seg_out(&c, ". 1:1(0) ack %u", at);
	seg_in(&c, ". %u:%u(1000) ack 1", at, at + 1000);
	EXPECT_EQ(seg_read(&c, 100000), 1000);
	seg_flush();
	seg_end();
}

RULE("RFC 9293", "3.8.6", "MUST-66: a RST is heard through our closed window");
TEST(rst_at_our_closed_window_resets)
{
	struct seg_conn c;
	unsigned int at;

	seg_begin();
	at = fill(&c);
	seg_in(&c, "R %u:%u(0)", at, at);
	seg_none();
	EXPECT_EQ(seg_state(c.fd), TCP_CLOSE);
	EXPECT_EQ(seg_error(c.fd), ECONNRESET);
	seg_end();
}

RULE("RFC 9293", "3.8.6", "MUST-66: urgent mode is heard through our closed window");
TEST(urgent_pointer_at_our_closed_window_is_heard)
{
	struct seg_conn c;
	unsigned int at;
	u8 buf[1];

	seg_begin();
	at = fill(&c);
	EXPECT_EQ(seg_recv(&c, buf, 1, MSG_OOB), -EINVAL);
	seg_in(&c, "U. %u:%u(0) ack 1 urg 100", at, at);
	/* It is known; the byte is to come. */
	EXPECT_EQ(seg_recv(&c, buf, 1, MSG_OOB), -EAGAIN);
	seg_flush();
	seg_end();
}

RULE("RFC 5681", "4.1", "after a silence the window is what a new connection has");
TEST(window_that_opens_late_is_not_filled_at_once)
{
	struct tcp_info info;
	struct seg_conn c;

	seg_begin();
	seg_passive_rtt(&c, "mss 1000,sackOK,nop,wscale 7", 32768, seg_ms(40));
	EXPECT_EQ(seg_write(&c, 10000, 0), 10000);
	seg_sleep(seg_ms(40));
	seg_in(&c, ". 1:1(0) ack 10001 win 0");
	seg_info(c.fd, &info);
	EXPECT_EQ(info.tcpi_snd_cwnd, 20);
	EXPECT_EQ(seg_write(&c, 30000, 0), 30000);
	seg_sleep(seg_ms(350));
	seg_flush();
	seg_in(&c, ". 1:1(0) ack 10001 win 32768");
	seg_info(c.fd, &info);
	EXPECT_EQ(info.tcpi_snd_cwnd, 10);
	EXPECT_EQ(info.tcpi_unacked, 10);
	seg_flush();
	seg_end();
}
