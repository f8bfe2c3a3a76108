// SPDX-License-Identifier: MIT
/*
 * net.ipv4.tcp_*: each setting does what its name says. Here those of opening, receiving
 * and keeping alive; of sending there is a file beside this. Others have their tests where
 * the behaviour has its own.
 *
 * Linux: Documentation/networking/ip-sysctl.rst
 */
#include <linux/netdevice.h>
#include <uapi/linux/ip.h>

#include "settings.h"

static long window_clamp(void)
{
	struct seg_conn c;

	seg_passive(&c, "mss 1000,nop,wscale 7", 32768);
	return seg_getsockopt(c.fd, IPPROTO_TCP, TCP_WINDOW_CLAMP);
}

/* Bytes of window in a SYN. */
static long window_of_syn(void)
{
	struct seg_conn c;
	struct seg_sent sent = { .flags = 0 };

	seg_conn_init(&c);
	EXPECT_EQ(seg_connect_start(&c), -EINPROGRESS);
	EXPECT_TRUE(seg_take(&c, &sent));
	return sent.edge;
}

/* ECN flags of the second SYN. */
static long ecn_of_second_syn(void)
{
	struct seg_sent sent = { .flags = 0 };
	struct seg_conn c;

	seg_sysctl(tcp_ecn) = 1;
	seg_conn_init(&c);
	EXPECT_EQ(seg_connect_start(&c), -EINPROGRESS);
	EXPECT_TRUE(seg_take(&c, &sent));
	EXPECT_EQ(sent.flags & (TCPHDR_ECE | TCPHDR_CWR), TCPHDR_ECE | TCPHDR_CWR);
	seg_sleep(seg_ms(1010));
	EXPECT_TRUE(seg_take(&c, &sent));
	return sent.flags & (TCPHDR_ECE | TCPHDR_CWR);
}

/* Of twenty strangers, how many are answered without cookies? */
static long half_open_connections(void)
{
	struct seg_conn c;
	int i;

	seg_sysctl(tcp_syncookies) = 0;
	seg_listen(SEG_PORT, 100);
	for (i = 0; i < 20; i++) {
		seg_conn_init(&c);
		seg_in(&c, "S 0:0(0) win 60000 <mss 1000>");
	}
	return seg_count(TCP_SYN_RECV);
}

/* Of ten SYNs in the window of a connection, how many are challenged within a second? */
static long challenges(void)
{
	struct seg_conn c;
	int i;

	seg_sysctl(tcp_invalid_ratelimit_ns) = 0;
	seg_passive(&c, "mss 1000", 32768);
	for (i = 0; i < 10; i++)
		seg_in(&c, "S 10:10(0)");
	return seg_flush();
}

/* ---- keeping alive ---------------------------------------------------------------------- */

static long first_keepalive_s(void)
{
	struct seg_conn c;

	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_SOCKET, SO_KEEPALIVE, 1), 0);
	return (ms_until_sent(&c, 20000) + 500) / 1000;
}

static long second_keepalive_s(void)
{
	struct seg_conn c;

	seg_sysctl(tcp_keepalive_time_ns) = seg_s(10);
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_SOCKET, SO_KEEPALIVE, 1), 0);
	EXPECT_GE(ms_until_sent(&c, 20000), 0);
	return (ms_until_sent(&c, 20000) + 500) / 1000;
}

static long keepalives_until_the_end(void)
{
	struct seg_conn c;

	seg_sysctl(tcp_keepalive_time_ns) = seg_s(10);
	seg_sysctl(tcp_keepalive_intvl_ns) = seg_s(1);
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_SOCKET, SO_KEEPALIVE, 1), 0);
	seg_sleep(seg_s(60));
	EXPECT_EQ(seg_error(c.fd), ETIMEDOUT);
	/* The last one is the RST. */
	return (long)seg_flush() - 1;
}

/* ---- receiving --------------------------------------------------------------------------- */

/* A program reads what comes at once, some round trips of 40 segments: has its buffer grown? */
static long rcvbuf_has_grown(void)
{
	u32 seq = 1, i, rounds;
	struct seg_conn c;

	seg_passive_rtt(&c, "mss 1000,nop,wscale 7", 60000, seg_ms(20));
	for (rounds = 0; rounds < 6; rounds++) {
		for (i = 0; i < 40; i++, seq += 1000) {
			seg_in(&c, ". %u:%u(1000) ack 1", seq, seq + 1000);
			EXPECT_EQ(seg_read(&c, 2000), 1000);
		}
		seg_flush();
		seg_sleep(seg_ms(20));
	}
	return seg_getsockopt(c.fd, SOL_SOCKET, SO_RCVBUF) > 131072;
}

/* Small segments take more memory than their bytes, and nobody reads. Does the right edge of
 * the window ever go back? */
static long window_is_taken_back(void)
{
	struct seg_sent sent = { .flags = 0 };
	u32 seq = 1, edge = 0, i;
	struct seg_conn c;
	long back = 0;

	seg_passive(&c, "mss 1000,nop,wscale 7", 60000);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_SOCKET, SO_RCVBUF, 20000), 0);
	for (i = 0; i < 60; i++, seq += 100) {
		seg_in(&c, "P. %u:%u(100) ack 1", seq, seq + 100);
		while (seg_take(&c, &sent)) {
			u32 right = sent.ack + ((sent.edge - sent.ack) << 7);

			if (edge && before(right, edge))
				back = 1;
			edge = right;
		}
	}
	EXPECT_NE(edge, 0);
	return back;
}

static long smallest_rtt_ms(void)
{
	struct tcp_info info;
	struct seg_conn c;
	int i;

	seg_passive_rtt(&c, "mss 1000", 60000, seg_ms(10));
	/* Later the path is longer. */
	for (i = 0; i < 30; i++) {
		EXPECT_EQ(seg_write(&c, 100, 0), 100);
		seg_sleep(seg_ms(50));
		seg_in(&c, ". 1:1(0) ack %u", (i + 1) * 100 + 1);
		seg_sleep(seg_ms(100));
	}
	seg_info(c.fd, &info);
	return (info.tcpi_min_rtt + 500) / 1000;
}

/* ---- what is remembered of a host --------------------------------------------------------- */

/* A connection with a loss and a slow path ends in order. */
static void one_with_a_loss(struct seg_conn *c)
{
	seg_passive_rtt(c, "mss 1000,sackOK", 60000, seg_ms(200));
	EXPECT_EQ(seg_write(c, 10000, 0), 10000);
	seg_sleep(seg_ms(200));
	seg_in(c, ". 1:1(0) ack 1 <nop,nop,sack 1001:10001>");
	seg_sleep(seg_ms(200));
	seg_in(c, ". 1:1(0) ack 10001");
	seg_in(c, "F. 1:1(0) ack 10001");
	EXPECT_EQ(seg_close(c), 0);
	seg_in(c, ". 2:2(0) ack 10002");
	seg_flush();
}

/* The RTO of the next one, whose handshake was fast. */
static long next_rto_ms(void)
{
	struct tcp_info info;
	struct seg_conn c, d;

	one_with_a_loss(&c);
	seg_passive_rtt(&d, "mss 1000,sackOK", 60000, seg_ms(10));
	seg_info(d.fd, &info);
	return info.tcpi_rto > 300000;
}

/* Is the threshold of the next one known? */
static long next_ssthresh_is_known(void)
{
	struct tcp_info info;
	struct seg_conn c, d;

	one_with_a_loss(&c);
	seg_passive_rtt(&d, "mss 1000,sackOK", 60000, seg_ms(10));
	seg_info(d.fd, &info);
	return info.tcpi_snd_ssthresh < 100;
}

TEST(settings_of_receiving_and_opening_have_their_effects)
{
	static const struct setting_effect effects[] = {
		{ "app_win", "31", window_clamp, 65536 - 1460 },
		{ "app_win", "1", window_clamp, 32768 },
		{ "app_win", "3", window_clamp, 65536 - 8192 },
		{ "workaround_signed_windows", "0", window_of_syn, 64240 },
		{ "workaround_signed_windows", "1", window_of_syn, 32767 },
		{ "ecn_fallback", "1", ecn_of_second_syn, 0 },
		{ "ecn_fallback", "0", ecn_of_second_syn, TCPHDR_ECE | TCPHDR_CWR },
		{ "max_syn_backlog", "512", half_open_connections, 20 },
		{ "max_syn_backlog", "8", half_open_connections, 7 },
		{ "challenge_ack_limit", "2147483647", challenges, 10 },
		{ "challenge_ack_limit", "1", challenges, 1 },
		{ "keepalive_time", "7", first_keepalive_s, 7 },
		{ "keepalive_time", "12", first_keepalive_s, 12 },
		{ "keepalive_intvl", "3", second_keepalive_s, 3 },
		{ "keepalive_intvl", "8", second_keepalive_s, 8 },
		{ "keepalive_probes", "2", keepalives_until_the_end, 2 },
		{ "keepalive_probes", "5", keepalives_until_the_end, 5 },
		{ "moderate_rcvbuf", "1", rcvbuf_has_grown, 1 },
		{ "moderate_rcvbuf", "0", rcvbuf_has_grown, 0 },
		{ "rmem", "4096 131072 131072", rcvbuf_has_grown, 0 },
		{ "shrink_window", "0", window_is_taken_back, 0 },
		{ "shrink_window", "1", window_is_taken_back, 1 },
		{ "min_rtt_wlen", "300", smallest_rtt_ms, 10 },
		{ "min_rtt_wlen", "1", smallest_rtt_ms, 50 },
		{ "no_metrics_save", "0", next_rto_ms, 1 },
		{ "no_metrics_save", "1", next_rto_ms, 0 },
		{ "no_ssthresh_metrics_save", "1", next_ssthresh_is_known, 0 },
		{ "no_ssthresh_metrics_save", "0", next_ssthresh_is_known, 1 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(effects); i++)
		expect_setting_effect(&effects[i]);
}
