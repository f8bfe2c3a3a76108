// SPDX-License-Identifier: MIT
/*
 * Packetization layer path MTU discovery: larger segments are tried, kept when they
 * arrive, given up without harm when they do not; a black hole is seen by timeouts.
 *
 * RFC: 4821; Linux: tcp_mtu_probing, tcp_base_mss, tcp_probe_threshold,
 * tcp_probe_interval, tcp_mtu_probe_floor
 */
#include "../host/segtest.h"

/* A connection that begins at 512, with 40000 bytes to send; 5120 are acknowledged and
 * the window is 20 segments. What is sent next comes next. */
static void probing(struct seg_conn *c)
{
	seg_begin();
	seg_sysctl(tcp_mtu_probing) = 2;
	seg_sysctl(tcp_base_mss) = 512;
	seg_sysctl(tcp_timestamps) = 0;
	seg_active(c, "mss 1460,sackOK", 65535);
	EXPECT_EQ(seg_getsockopt(c->fd, SOL_TCP, TCP_MAXSEG), 512);
	EXPECT_EQ(seg_setsockopt(c->fd, SOL_SOCKET, SO_SNDBUF, 100000), 0);
	EXPECT_EQ(seg_write(c, 40000, 0), 40000);
	EXPECT_EQ(seg_flush(), 10);
	seg_sleep(seg_ms(1));
	seg_in(c, ". 1:1(0) ack 5121");
}

RULE("RFC 4821", "7.3", "a probe is larger than what is known to pass");
RULE("RFC 4821", "7.6.1", "a probe that arrives raises the size");
TEST(probe_that_arrives_raises_the_segment_size)
{
	struct seg_conn c;

	probing(&c);
	/* The middle of 552 and 1500. */
	seg_out(&c, ". 5121:6107(986) ack 1");
	seg_flush();
	EXPECT_EQ(seg_mib(TCPMTUPSUCCESS), 0);
	seg_in(&c, ". 1:1(0) ack 6107");
	EXPECT_EQ(seg_mib(TCPMTUPSUCCESS), 1);
	EXPECT_EQ(seg_getsockopt(c.fd, SOL_TCP, TCP_MAXSEG), 986);
	/* On with the middle of 1026 and 1500, as soon as the window has room. */
	seg_sleep(seg_ms(5));
	seg_flush();
	seg_in(&c, ". 1:1(0) ack 10715");
	seg_out(&c, ". 16309:17532(1223) ack 1");
	seg_flush();
	EXPECT_EQ(seg_mib(TCPMTUPFAIL), 0);
	seg_end();
}

/* The first probe is lost: 5121 to 6107. What came behind it is SACKed. */
static void lose_probe(struct seg_conn *c)
{
	seg_out(c, ". 5121:6107(986) ack 1");
	seg_flush();
	seg_sleep(seg_ms(1));
	seg_in(c, ". 1:1(0) ack 5121 <nop,nop,sack 6107:7169>");
}

RULE("RFC 4821", "7.6.2", "the loss of a probe is no congestion");
TEST(probe_that_is_lost_is_sent_again_in_pieces)
{
	struct tcp_info info;
	struct seg_conn c;

	probing(&c);
	lose_probe(&c);
	seg_out(&c, ". 5121:5633(512) ack 1");
	seg_out(&c, "P. 5633:6107(474) ack 1");
	seg_flush();
	EXPECT_EQ(seg_mib(TCPMTUPFAIL), 1);
	EXPECT_EQ(seg_mib(TCPSACKRECOVERY), 0);
	seg_info(c.fd, &info);
	/* As before the probe, which had taken one of it. */
	EXPECT_EQ(info.tcpi_snd_cwnd, 20);
	EXPECT_EQ(info.tcpi_snd_mss, 512);
	seg_end();
}

RULE("RFC 4821", "7.2", "no probe without data enough to see its loss");
TEST(probe_waits_for_data_that_can_show_its_loss)
{
	struct seg_conn c;

	seg_begin();
	seg_sysctl(tcp_mtu_probing) = 2;
	seg_sysctl(tcp_base_mss) = 512;
	seg_sysctl(tcp_timestamps) = 0;
	seg_active(&c, "mss 1460,sackOK", 65535);
	EXPECT_EQ(seg_write(&c, 5120, 0), 5120);
	EXPECT_EQ(seg_flush(), 10);
	seg_in(&c, ". 1:1(0) ack 5121");
	EXPECT_EQ(seg_write(&c, 2048, 0), 2048);
	seg_out(&c, ". 5121:5633(512) ack 1");
	seg_flush();
	seg_end();
}

static void ack_all(struct seg_conn *c)
{
	struct tcp_info info;

	for (;;) {
		seg_flush();
		seg_info(c->fd, &info);
		if (!info.tcpi_unacked)
			return;
		seg_in(c, ". 1:1(0) ack %u",
		       (u32)(1 + info.tcpi_bytes_sent - info.tcpi_bytes_retrans));
		seg_sleep(seg_ms(1));
	}
}

/* Linux: tcp_probe_threshold: the search ends when there is less than that to gain;
 * tcp_probe_interval: and begins again, from the top, later. */
RULE("RFC 4821", "7.8", "the search ends, and begins anew after a time");
TEST(search_ends_at_the_threshold_and_begins_anew)
{
	struct seg_conn c;

	probing(&c);
	seg_sysctl(tcp_probe_threshold) = 1000;
	seg_sysctl(tcp_probe_interval) = 30;
	seg_sysctl(tcp_slow_start_after_idle) = 0;
	lose_probe(&c);
	seg_sleep(seg_ms(1));
	seg_flush();
	ack_all(&c);
	/* 552 to 1025 is less than 1000. */
	EXPECT_EQ(seg_mib(TCPMTUPSUCCESS), 0);
	seg_sleep(seg_s(31));
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	ack_all(&c);
	seg_sysctl(tcp_probe_threshold) = 8;
	EXPECT_EQ(seg_write(&c, 10000, 0), 10000);
	/* The middle of 552 and 1500 again, not of 552 and 1025. */
	seg_out(&c, ". 40101:41087(986) ack 1");
	seg_flush();
	seg_end();
}

RULE("RFC 4821", "7.7", "timeouts in a row: a black hole, smaller segments");
TEST(black_hole_is_found_by_timeouts)
{
	struct tcp_info info;
	struct seg_conn c;

	seg_begin();
	seg_sysctl(tcp_mtu_probing) = 1;
	seg_passive(&c, "mss 1460", 65535);
	EXPECT_EQ(seg_write(&c, 3000, 0), 3000);
	seg_sleep(seg_s(1));
	seg_info(c.fd, &info);
	EXPECT_EQ(info.tcpi_snd_mss, 1460);
	/* tcp_retries1: three timeouts, and it is tcp_base_mss. */
	seg_sleep(seg_s(6));
	seg_info(c.fd, &info);
	EXPECT_EQ(info.tcpi_snd_mss, 1024);
	/* Then half of that with each, not below tcp_mtu_probe_floor. */
	seg_sysctl(tcp_mtu_probe_floor) = 200;
	seg_sleep(seg_s(60));
	seg_info(c.fd, &info);
	EXPECT_EQ(info.tcpi_snd_mss, 200);
	seg_flush();
	seg_end();
}

TEST(black_hole_is_not_looked_for_by_default)
{
	struct tcp_info info;
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1460", 65535);
	EXPECT_EQ(seg_write(&c, 3000, 0), 3000);
	seg_sleep(seg_s(60));
	seg_info(c.fd, &info);
	EXPECT_EQ(info.tcpi_snd_mss, 1460);
	seg_flush();
	seg_end();
}
