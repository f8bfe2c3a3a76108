// SPDX-License-Identifier: MIT
/*
 * What a program or its IP layer settles is on every segment: addresses, TTL,
 * DSCP, the MSS of the link, a checksum. Timers start and stop with data; several
 * listeners do not disturb each other.
 *
 * RFC: 9293 3.1, 3.7.1, 3.9; 6298 5
 */
#include "../host/segtest.h"

#include <uapi/linux/icmp.h>
#include <uapi/linux/in.h>

RULE("RFC 9293", "3.1", "MUST-2: every segment has a checksum, whatever its length");
TEST(checksum_is_right_for_every_length)
{
	static const size_t lengths[] = { 1, 2, 3, 99, 100, 999, 1000 };
	struct seg_conn c;
	unsigned int i;

	/* The wire checks it, of every segment of every test. */
	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		u32 at = (u32)c.written + 1;

		EXPECT_EQ(seg_write(&c, lengths[i], 0), (ssize_t)lengths[i]);
		seg_out(&c, "p. %u:%u(%u) ack 1", at, at + (u32)lengths[i], (u32)lengths[i]);
		seg_in(&c, ". 1:1(0) ack %u", at + (u32)lengths[i]);
	}
	seg_end();
}

RULE("RFC 9293", "3.1", "MUST-1: a window of more than 32767 is taken as it is");
TEST(large_window_is_no_negative_one)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 65535);
	EXPECT_EQ(seg_write(&c, 10000, 0), 10000);
	EXPECT_EQ(seg_flush(), 10);
	seg_end();
}

RULE("RFC 9293", "3.8.6", "SHLD-15: no new data is sent beyond a window that has shrunk");
TEST(no_new_data_goes_beyond_a_shrunk_window)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 5000);
	EXPECT_EQ(seg_write(&c, 3000, 0), 3000);
	EXPECT_EQ(seg_flush(), 3);
	seg_in(&c, ". 1:1(0) ack 1001 win 1500");
	EXPECT_EQ(seg_write(&c, 2000, 0), 2000);
	seg_none();
	seg_in(&c, ". 1:1(0) ack 3001 win 5000");
	EXPECT_EQ(seg_flush(), 2);
	seg_end();
}

RULE("RFC 9293", "3.6.1", "MUST-13: TIME-WAIT lasts for two maximum segment lifetimes");
RULE_AS_LINUX("RFC 9293", "3.4.1", "a maximum segment lifetime of two minutes",
	      "TIME-WAIT is 60 s");
TEST(time_wait_lasts_60_seconds)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_close(&c), 0);
	seg_out(&c, "F. 1:1(0) ack 1");
	seg_in(&c, "F. 1:1(0) ack 2");
	seg_out(&c, ". 2:2(0) ack 2");
	seg_sleep(seg_ms(59900));
	EXPECT_EQ(seg_count(TCP_TIME_WAIT), 1);
	seg_sleep(seg_ms(200));
	EXPECT_EQ(seg_count(TCP_TIME_WAIT), 0);
	seg_in(&c, ". 2:2(0) ack 2");
	seg_out(&c, "R 2:2(0)");
	seg_end();
}

RULE("RFC 9293", "3.9.1.1", "MUST-41: a passive OPEN leaves earlier connections alone");
RULE("RFC 9293", "3.9.1.1", "MUST-42: several LISTENs of one port, of different addresses");
TEST(listeners_do_not_disturb_each_other)
{
	struct sockaddr_in lo = { .sin_family = AF_INET, .sin_port = htons(SEG_PORT) };
	struct sockaddr_in eth = lo;
	struct seg_conn c, d;
	int a, b;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	lo.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	eth.sin_addr.s_addr = htonl(SEG_HOST);
	a = seg_socket();
	b = seg_socket();
	EXPECT_EQ(seg_setsockopt(a, SOL_SOCKET, SO_REUSEADDR, 1), 0);
	EXPECT_EQ(seg_setsockopt(b, SOL_SOCKET, SO_REUSEADDR, 1), 0);
	EXPECT_EQ(__sys_bind(a, (struct sockaddr *)&lo, sizeof(lo)), 0);
	EXPECT_EQ(__sys_bind(b, (struct sockaddr *)&eth, sizeof(eth)), 0);
	EXPECT_EQ(__sys_listen(a, 5), 0);
	EXPECT_EQ(__sys_listen(b, 5), 0);
	seg_conn_init(&d);
	seg_handshake(&d, "mss 1000", 32768);
	EXPECT_EQ(seg_accept(a, &d), -EAGAIN);
	EXPECT_GE(seg_accept(b, &d), 0);
	/* The first one goes on. */
	seg_in(&c, "P. 1:11(10) ack 1");
	seg_out(&c, ". 1:1(0) ack 11");
	EXPECT_EQ(seg_read(&c, 10), 10);
	seg_end();
}

RULE("RFC 9293", "3.9.1.1", "MUST-43: a program can choose the local address and port");
TEST(program_chooses_the_local_end)
{
	struct seg_conn c;

	seg_begin();
	seg_conn_init(&c);
	c.fd = seg_socket();
	EXPECT_EQ(seg_bind(c.fd, 7777), 0);
	EXPECT_EQ(seg_connect_start(&c), -EINPROGRESS);
	EXPECT_EQ(c.lport, 7777);
	seg_out(&c, "S 0:0(0) <*>");
	seg_end();
}

RULE("RFC 9293", "3.9.1.1", "MUST-44: without one IP chooses the source address of a SYN");
RULE("RFC 9293", "3.9.1.1", "MUST-45: all segments of a connection have the same local address");
TEST(source_address_is_that_of_the_route)
{
	struct seg_conn c;

	/* seg_out() compares the addresses. */
	seg_begin();
	seg_active(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	seg_out(&c, "P. 1:101(100) ack 1");
	EXPECT_EQ(seg_close(&c), 0);
	seg_out(&c, "F. 101:101(0) ack 1");
	seg_in(&c, "R 1:1(0)");
	seg_end();
}

RULE("RFC 9293", "3.9.1.9", "MUST-48: a program can choose the DSCP of what is sent");
RULE("RFC 9293", "3.9.1.9", "SHLD-21: and change it in the life of a connection");
RULE("RFC 9293", "3.9.1.9", "SHLD-22: and IP gets it as it was given");
RULE("RFC 9293", "3.9.2", "MUST-49: the TTL can be chosen");
TEST(dscp_and_ttl_are_as_the_program_says)
{
	struct seg_sent sent;
	struct seg_conn c;

	seg_begin();
	seg_conn_init(&c);
	c.fd = seg_socket();
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_IP, IP_TOS, 0xb8), 0);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_IP, IP_TTL, 9), 0);
	EXPECT_EQ(seg_connect_start(&c), -EINPROGRESS);
	EXPECT_TRUE(seg_take(&c, &sent));
	EXPECT_EQ(sent.tos, 0xb8);
	EXPECT_EQ(sent.ttl, 9);
	seg_in(&c, "S. 0:0(0) ack 1 <mss 1000>");
	EXPECT_TRUE(seg_take(&c, &sent));
	EXPECT_EQ(sent.tos, 0xb8);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_IP, IP_TOS, 0x28), 0);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_IP, IP_TTL, 255), 0);
	EXPECT_EQ(seg_write(&c, 10, 0), 10);
	EXPECT_TRUE(seg_take(&c, &sent));
	EXPECT_EQ(sent.tos, 0x28);
	EXPECT_EQ(sent.ttl, 255);
	seg_end();
}

RULE("RFC 9293", "3.9.2.2", "MUST-55: source quench is ignored");
TEST(source_quench_is_ignored)
{
	struct tcp_info before, after;
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_write(&c, 5000, 0), 5000);
	EXPECT_EQ(seg_flush(), 5);
	seg_info(c.fd, &before);
	seg_icmp(&c, ICMP_SOURCE_QUENCH, 0, 0, 1);
	seg_none();
	seg_info(c.fd, &after);
	EXPECT_EQ(after.tcpi_snd_cwnd, before.tcpi_snd_cwnd);
	EXPECT_EQ(after.tcpi_snd_ssthresh, before.tcpi_snd_ssthresh);
	EXPECT_EQ(seg_error(c.fd), 0);
	seg_end();
}

RULE("RFC 9293", "3.10.7.4", "MUST-59: all that is queued is processed before an ACK is sent");
TEST(segment_that_fills_a_gap_brings_one_ack_of_all)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_in(&c, ". 1001:2001(1000) ack 1");
	seg_in(&c, ". 2001:3001(1000) ack 1");
	seg_out(&c, ". 1:1(0) ack 1");
	seg_out(&c, ". 1:1(0) ack 1");
	seg_in(&c, ". 1:1001(1000) ack 1");
	seg_out(&c, ". 1:1(0) ack 3001");
	seg_none();
	seg_end();
}

RULE("RFC 6298", "5.1", "the timer runs from when data is sent");
RULE("RFC 6298", "5.2", "it stops when all is acknowledged");
TEST(timer_starts_with_data_and_stops_when_all_is_acknowledged)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_sleep(seg_s(3));
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	seg_out(&c, "P. 1:101(100) ack 1");
	seg_out_at(&c, seg_ms(200), seg_ms(202), "P. 1:101(100) ack 1");
	seg_in(&c, ". 1:1(0) ack 101");
	seg_quiet(seg_s(300));
	seg_end();
}

RULE("RFC 9293", "3.8.6", "REC-1: windows are numbers of 32 bits");
TEST(window_beyond_64_kib_is_filled)
{
	struct tcp_info info;
	unsigned int acked;
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000,nop,wscale 7", 1000);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_SOCKET, SO_SNDBUF, 500000), 0);
	EXPECT_EQ(seg_write(&c, 400000, 0), 400000);
	/* Slow start: of each thousand that is acknowledged two go out. */
	for (acked = 1001; acked <= 150001; acked += 1000) {
		seg_in(&c, ". 1:1(0) ack %u win 1001", acked);
		seg_flush();
	}
	seg_info(c.fd, &info);
	EXPECT_EQ(info.tcpi_snd_wnd, 1001 << 7);
	EXPECT_GE(info.tcpi_unacked, 128);
	seg_end();
}
