// SPDX-License-Identifier: MIT
/*
 * net.ipv4.tcp_*: each setting does what its name says. Here those of sending and sending
 * again; of opening and receiving there is a file beside this.
 *
 * Linux: Documentation/networking/ip-sysctl.rst
 */
#include <linux/netdevice.h>
#include <uapi/linux/poll.h>

#include "settings.h"

static u32 segs_sent(const struct seg_conn *c)
{
	struct tcp_info info;

	seg_info(c->fd, &info);
	return info.tcpi_data_segs_out;
}

/* Two small writes while the device is busy: how many segments? */
static long segs_of_two_writes(void)
{
	struct net_device *dev = __dev_get_by_name(seg_net, "eth0");
	struct seg_conn c;
	u32 segs;

	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_setsockopt(c.fd, IPPROTO_TCP, TCP_NODELAY, 1), 0);
	netif_stop_queue(dev);
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	segs = segs_sent(&c);
	netif_wake_queue(dev);
	seg_sleep(1);
	EXPECT_EQ(segs_sent(&c), 2);
	return segs;
}

/* With 20 KiB unsent: would a program be told that it may write? */
static long more_is_wanted(void)
{
	struct seg_conn c;

	seg_passive(&c, "mss 1000", 60000);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_SOCKET, SO_SNDBUF, 200000), 0);
	EXPECT_EQ(seg_write(&c, 30000, 0), 30000);
	return (seg_poll(c.fd) & POLLOUT) != 0;
}

static long sndbuf_at_first(void)
{
	int fd = seg_socket();

	return seg_getsockopt(fd, SOL_SOCKET, SO_SNDBUF);
}

static long sndbuf_of_a_connection(void)
{
	struct seg_conn c;

	seg_passive(&c, "mss 1000", 60000);
	return seg_getsockopt(c.fd, SOL_SOCKET, SO_SNDBUF);
}

/* ---- large packets ----------------------------------------------------------------------- */

/* Segments of the first burst of a connection that is paced slowly. */
static long segs_of_a_burst(void)
{
	struct seg_conn c;

	seg_passive_rtt(&c, "mss 1000", 60000, seg_ms(20));
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_SOCKET, SO_SNDBUF, 100000), 0);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_SOCKET, SO_MAX_PACING_RATE, 200000), 0);
	/* The first ten are not paced. */
	EXPECT_EQ(seg_write(&c, 10000, 0), 10000);
	seg_sleep(seg_ms(20));
	seg_in(&c, ". 1:1(0) ack 10001");
	seg_flush();
	seg_sleep(seg_ms(200));
	EXPECT_EQ(seg_write(&c, 20000, 0), 20000);
	return seg_flush();
}

/* The window opens by two while something was sent just now: how many go at once? */
static long segs_of_a_small_opening(void)
{
	struct seg_conn c;

	seg_sysctl(tcp_min_tso_segs) = 10;
	seg_passive_rtt(&c, "mss 1000", 60000, seg_ms(20));
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_SOCKET, SO_SNDBUF, 200000), 0);
	EXPECT_EQ(seg_write(&c, 40000, 0), 40000);
	EXPECT_EQ(seg_flush(), 10);
	seg_sleep(seg_ms(20));
	seg_in(&c, ". 1:1(0) ack 1001");
	EXPECT_EQ(seg_flush(), 2);
	seg_in(&c, ". 1:1(0) ack 2001");
	return seg_flush();
}

/* ---- sending again ------------------------------------------------------------------------ */

static long bytes_sent_again(void)
{
	struct seg_sent sent = { .flags = 0 };
	struct seg_conn c;
	int i;

	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_setsockopt(c.fd, IPPROTO_TCP, TCP_NODELAY, 1), 0);
	for (i = 0; i < 8; i++)
		EXPECT_EQ(seg_write(&c, 120, 0), 120);
	EXPECT_EQ(seg_flush(), 8);
	seg_sleep(seg_ms(300));
	EXPECT_TRUE(seg_take(&c, &sent));
	return sent.len;
}

/* The interval between the second and the third retransmission of a thin stream whose first
 * timeout was 220 ms, as a multiple of that. */
static long timeouts_of_a_thin_stream(void)
{
	struct seg_conn c;
	long first;

	seg_passive_rtt(&c, "mss 1000", 32768, seg_ms(20));
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	EXPECT_EQ(seg_flush(), 1);
	first = ms_until_sent(&c, 1000);
	EXPECT_GE(first, 200);
	EXPECT_GE(ms_until_sent(&c, 5000), 0);
	return (ms_until_sent(&c, 5000) + first / 2) / first;
}

/* How far reordering is taken to reach. */
static long reordering_at_first(void)
{
	struct tcp_info info;
	struct seg_conn c;

	seg_passive(&c, "mss 1000,sackOK", 32768);
	seg_info(c.fd, &info);
	return info.tcpi_reordering;
}

/* Without SACK or RACK: duplicate ACKs until the first segment is sent again. */
static long dupacks_until_retransmission(void)
{
	struct tcp_info info;
	struct seg_conn c;
	long i;

	seg_sysctl(tcp_recovery) = 0;
	seg_passive(&c, "mss 1000", 60000);
	EXPECT_EQ(seg_write(&c, 10000, 0), 10000);
	for (i = 1; i < 10; i++) {
		seg_in(&c, ". 1:1(0) ack 1");
		seg_info(c.fd, &info);
		if (info.tcpi_total_retrans)
			return i;
	}
	return -1;
}

/* The same when the last of ten comes first, before any is taken for lost. */
static long reordering_of_ten(void)
{
	struct tcp_info info;
	struct seg_conn c;

	seg_passive_rtt(&c, "mss 1000,sackOK", 60000, seg_ms(100));
	EXPECT_EQ(seg_write(&c, 10000, 0), 10000);
	EXPECT_EQ(seg_flush(), 10);
	seg_sleep(seg_ms(100));
	seg_in(&c, ". 1:1(0) ack 1 <nop,nop,sack 9001:10001>");
	seg_in(&c, ". 1:1(0) ack 1001 <nop,nop,sack 9001:10001>");
	seg_info(c.fd, &info);
	EXPECT_EQ(info.tcpi_reord_seen, 1);
	return info.tcpi_reordering;
}

TEST(settings_of_sending_have_their_effects)
{
	static const struct setting_effect effects[] = {
		{ "autocorking", "1", segs_of_two_writes, 1 },
		{ "autocorking", "0", segs_of_two_writes, 2 },
		{ "notsent_lowat", "4294967295", more_is_wanted, 1 },
		{ "notsent_lowat", "10000", more_is_wanted, 0 },
		{ "wmem", "4096 16384 4194304", sndbuf_at_first, 16384 },
		{ "wmem", "4096 30000 4194304", sndbuf_at_first, 30000 },
		{ "wmem", "4096 16384 20000", sndbuf_of_a_connection, 20000 },
		{ "wmem", "4096 16384 30000", sndbuf_of_a_connection, 30000 },
		{ "min_tso_segs", "2", segs_of_a_burst, 2 },
		{ "min_tso_segs", "5", segs_of_a_burst, 5 },
		{ "tso_rtt_log", "9", segs_of_a_burst, 2 },
		{ "tso_rtt_log", "12", segs_of_a_burst, 4 },
		{ "tso_win_divisor", "3", segs_of_a_small_opening, 0 },
		{ "tso_win_divisor", "30", segs_of_a_small_opening, 2 },
		{ "retrans_collapse", "1", bytes_sent_again, 960 },
		{ "retrans_collapse", "0", bytes_sent_again, 120 },
		{ "thin_linear_timeouts", "0", timeouts_of_a_thin_stream, 4 },
		{ "thin_linear_timeouts", "1", timeouts_of_a_thin_stream, 1 },
		{ "reordering", "3", reordering_at_first, 3 },
		{ "reordering", "6", reordering_at_first, 6 },
		{ "reordering", "3", dupacks_until_retransmission, 3 },
		{ "reordering", "6", dupacks_until_retransmission, 6 },
		{ "max_reordering", "300", reordering_of_ten, 9 },
		{ "max_reordering", "5", reordering_of_ten, 5 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(effects); i++)
		expect_setting_effect(&effects[i]);
}
