// SPDX-License-Identifier: MIT
/*
 * Pacing: bursts leave at the nanosecond at which the rate lets them, and the rate
 * follows the window.
 */
#include <linux/sysctl.h>
#include <net/tcp.h>

#include "../../../host/segtest.h"

#define MSS	1000

/* Accepted, after a handshake of 20 ms: a peer that is not next door. */
static void begin(struct seg_conn *c)
{
	int listener;

	seg_begin();
	seg_conn_init(c);
	listener = seg_listen(SEG_PORT, 5);
	c->win = 60000;
	seg_in(c, "S 0:0(0) win 60000 <mss 1000>");
	seg_out(c, "S. 0:0(0) ack 1 <*>");
	seg_sleep(seg_ms(20));
	seg_in(c, ". 1:1(0) ack 1");
	EXPECT_GE(seg_accept(listener, c), 0);
}

static u64 pacing_rate(struct seg_conn *c)
{
	struct tcp_info info;

	seg_info(c->fd, &info);
	return info.tcpi_pacing_rate;
}

/* Two full segments: what a burst has at a low rate. */
static void burst_out(struct seg_conn *c, u32 seq)
{
	seg_out(c, ". %u:%u(%u) ack 1", seq, seq + MSS, MSS);
	seg_out(c, "P. %u:%u(%u) ack 1", seq + MSS, seq + 2 * MSS, MSS);
	seg_none();
}

/* And it comes @ns from now, not a nanosecond before or after. */
static void burst_out_at(struct seg_conn *c, u64 ns, u32 seq)
{
	seg_out_at(c, ns, ns, ". %u:%u(%u) ack 1", seq, seq + MSS, MSS);
	seg_out(c, "P. %u:%u(%u) ack 1", seq + MSS, seq + 2 * MSS, MSS);
	seg_none();
}

/* Ten segments are sent and acknowledged 20 ms later; no more of them is owed. */
static void begin_paced(struct seg_conn *c, int rate)
{
	begin(c);
	EXPECT_EQ(seg_setsockopt(c->fd, SOL_SOCKET, SO_SNDBUF, 100 * MSS), 0);
	EXPECT_EQ(seg_setsockopt(c->fd, SOL_SOCKET, SO_MAX_PACING_RATE, rate), 0);
	EXPECT_EQ(seg_write(c, 10 * MSS, 0), 10 * MSS);
	/* The first ten are free. */
	EXPECT_EQ(seg_flush(), 10);
	seg_sleep(seg_ms(20));
	seg_in(c, ". 1:1(0) ack 10001");
	seg_none();
}

TEST(pacing_spaces_bursts_to_the_nanosecond)
{
	struct seg_conn c;
	u32 seq = 10001;

	/* 1 MB/s: bursts of two segments, 2 ms each. */
	begin_paced(&c, 1000000);
	EXPECT_EQ(seg_write(&c, 20 * MSS, 0), 20 * MSS);
	burst_out(&c, seq);
	/* Half of this one's time is made good for the time before. */
	burst_out_at(&c, seg_ms(1), seq += 2 * MSS);
	while (seq < 28001)
		burst_out_at(&c, seg_ms(2), seq += 2 * MSS);
	seg_quiet(seg_ms(20));
	seg_flush();
	seg_end();
}

TEST(pacing_makes_good_half_of_a_delay)
{
	struct seg_conn c;

	begin_paced(&c, 1000000);
	EXPECT_EQ(seg_write(&c, 2 * MSS, 0), 2 * MSS);
	burst_out(&c, 10001);
	/* 1 ms is owed; 300 us later than that something is written. */
	seg_sleep(1300 * NSEC_PER_USEC);
	EXPECT_EQ(seg_write(&c, 6 * MSS, 0), 6 * MSS);
	burst_out(&c, 12001);
	burst_out_at(&c, 1700 * NSEC_PER_USEC, 14001);
	burst_out_at(&c, seg_ms(2), 16001);
	seg_end();
}

TEST(pacing_holds_for_retransmissions)
{
	struct seg_conn c;
	int i;

	/* 100 kB/s: a burst of two is 20 ms, and the last of the ten is just over. */
	begin_paced(&c, 100000);
	EXPECT_EQ(seg_write(&c, 6 * MSS, 0), 6 * MSS);
	burst_out(&c, 10001);
	burst_out_at(&c, seg_ms(20), 12001);
	burst_out_at(&c, seg_ms(20), 14001);
	/* The third duplicate comes when 15 ms of these are left. */
	seg_sleep(seg_ms(5));
	for (i = 0; i < 3; i++)
		seg_in(&c, ". 1:1(0) ack 10001");
	seg_none();
	seg_out_at(&c, seg_ms(15), seg_ms(15), ". 10001:11001(1000) ack 1");
	seg_none();
	seg_end();
}

TEST(pacing_is_off_until_somebody_asks_for_it)
{
	struct seg_conn c;

	begin(&c);
	EXPECT_EQ(seg_write(&c, 10 * MSS, 0), 10 * MSS);
	EXPECT_EQ(seg_flush(), 10);
	seg_in(&c, ". 1:1(0) ack 10001");
	EXPECT_EQ(seg_write(&c, 20 * MSS, 0), 20 * MSS);
	EXPECT_EQ(seg_flush(), 20);
	seg_end();
}

TEST(pacing_rate_is_twice_the_window_in_slow_start)
{
	struct seg_conn c;

	begin(&c);
	/* Ten segments in 20 ms, twice. */
	EXPECT_EQ(pacing_rate(&c), 1000000);
	EXPECT_EQ(sysctl_write(seg_net, "net.ipv4.tcp_pacing_ss_ratio", "300"), 0);
	EXPECT_EQ(sysctl_write(seg_net, "net.ipv4.tcp_pacing_ss_ratio", "1001"), -EINVAL);
	EXPECT_EQ(seg_write(&c, 10 * MSS, 0), 10 * MSS);
	EXPECT_EQ(seg_flush(), 10);
	seg_sleep(seg_ms(20));
	seg_in(&c, ". 1:1(0) ack 10001");
	EXPECT_EQ(pacing_rate(&c), 3000000);
	/* The program's bound is never exceeded. */
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_SOCKET, SO_MAX_PACING_RATE, 700000), 0);
	EXPECT_EQ(pacing_rate(&c), 700000);
	EXPECT_EQ(seg_write(&c, 1 * MSS, 0), 1 * MSS);
	EXPECT_EQ(seg_flush(), 1);
	seg_sleep(seg_ms(20));
	seg_in(&c, ". 1:1(0) ack 11001");
	EXPECT_EQ(pacing_rate(&c), 700000);
	seg_end();
}

TEST(pacing_rate_is_a_fifth_more_than_the_window_in_congestion_avoidance)
{
	struct seg_conn c;
	struct tcp_info info;
	u64 rate;
	int i;

	begin(&c);
	EXPECT_EQ(seg_write(&c, 10 * MSS, 0), 10 * MSS);
	EXPECT_EQ(seg_flush(), 10);
	seg_sleep(seg_ms(20));
	for (i = 0; i < 3; i++)
		seg_in(&c, ". 1:1(0) ack 1");
	EXPECT_EQ(seg_flush(), 1);
	seg_sleep(seg_ms(20));
	seg_in(&c, ". 1:1(0) ack 10001");
	EXPECT_EQ(seg_write(&c, 2 * MSS, 0), 2 * MSS);
	EXPECT_EQ(seg_flush(), 2);
	seg_sleep(seg_ms(20));
	seg_in(&c, ". 1:1(0) ack 12001");
	seg_info(c.fd, &info);
	EXPECT_EQ(info.tcpi_snd_ssthresh, 7);
	EXPECT_GE(info.tcpi_snd_cwnd, 7);
	rate = 1200ULL * info.tcpi_snd_cwnd * 1000000 / info.tcpi_rtt;
	EXPECT_GE(pacing_rate(&c), rate - rate / 1000);
	EXPECT_LE(pacing_rate(&c), rate + rate / 1000);
	EXPECT_EQ(sysctl_write(seg_net, "net.ipv4.tcp_pacing_ca_ratio", "240"), 0);
	rate = pacing_rate(&c);
	EXPECT_EQ(seg_write(&c, MSS, 0), MSS);
	EXPECT_EQ(seg_flush(), 1);
	seg_sleep(info.tcpi_rtt * NSEC_PER_USEC);
	seg_in(&c, ". 1:1(0) ack 13001");
	EXPECT_GE(pacing_rate(&c), 2 * rate - rate / 500);
	EXPECT_LE(pacing_rate(&c), 2 * rate + rate / 500);
	seg_end();
}

TEST(pacing_rate_takes_eight_bytes_as_well_as_four)
{
	struct seg_conn c;
	u64 rate = 5000000000ULL;
	int len = sizeof(rate);

	begin(&c);
	EXPECT_EQ(__sys_getsockopt(c.fd, SOL_SOCKET, SO_MAX_PACING_RATE, &rate, &len), 0);
	EXPECT_EQ(len, 8);
	EXPECT_EQ(rate, ~0ULL);
	rate = 5000000000ULL;
	EXPECT_EQ(__sys_setsockopt(c.fd, SOL_SOCKET, SO_MAX_PACING_RATE, &rate, 8), 0);
	rate = 0;
	EXPECT_EQ(__sys_getsockopt(c.fd, SOL_SOCKET, SO_MAX_PACING_RATE, &rate, &len), 0);
	EXPECT_EQ(rate, 5000000000ULL);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_SOCKET, SO_MAX_PACING_RATE, -1), 0);
	EXPECT_EQ(__sys_getsockopt(c.fd, SOL_SOCKET, SO_MAX_PACING_RATE, &rate, &len), 0);
	EXPECT_EQ(rate, ~0ULL);
	seg_end();
}
