// SPDX-License-Identifier: MIT
/* net.ipv4.tcp_*: Linux's names and defaults, ranges, and what those do that no file of
 * tests/behaviour is about. */
#include <linux/string.h>
#include <linux/sysctl.h>
#include <uapi/linux/in.h>

#include "../../../host/segtest.h"

TEST(tcp_settings_begin_as_in_linux)
{
	static const struct {
		const char *name, *value;
	} defaults[] = {
		{ "abort_on_overflow", "0" }, { "app_win", "31" }, { "autocorking", "1" },
		{ "backlog_ack_defer", "1" }, { "base_mss", "1024" },
		{ "challenge_ack_limit", "2147483647" }, { "comp_sack_delay_ns", "1000000" },
		{ "comp_sack_nr", "44" }, { "comp_sack_slack_ns", "100000" }, { "dsack", "1" },
		{ "early_retrans", "3" }, { "ecn", "2" }, { "ecn_fallback", "1" },
		{ "fin_timeout", "60" }, { "frto", "2" }, { "invalid_ratelimit", "500" },
		{ "keepalive_intvl", "75" }, { "keepalive_probes", "9" },
		{ "keepalive_time", "7200" }, { "limit_output_bytes", "4194304" },
		{ "max_reordering", "300" }, { "min_rtt_wlen", "300" }, { "min_snd_mss", "48" },
		{ "moderate_rcvbuf", "1" }, { "mtu_probe_floor", "48" }, { "mtu_probing", "0" },
		{ "no_metrics_save", "0" }, { "no_ssthresh_metrics_save", "1" },
		{ "notsent_lowat", "4294967295" }, { "orphan_retries", "0" },
		{ "pacing_ca_ratio", "120" }, { "pacing_ss_ratio", "200" },
		{ "pingpong_thresh", "1" }, { "probe_interval", "600" },
		{ "probe_threshold", "8" }, { "recovery", "1" }, { "reflect_tos", "0" },
		{ "reordering", "3" }, { "retrans_collapse", "1" }, { "retries1", "3" },
		{ "retries2", "15" }, { "rfc1337", "0" }, { "rto_max_ms", "120000" },
		{ "rto_min_us", "200000" }, { "sack", "1" }, { "shrink_window", "0" },
		{ "slow_start_after_idle", "1" }, { "stdurg", "0" },
		{ "syn_linear_timeouts", "4" }, { "syn_retries", "6" }, { "synack_retries", "5" },
		{ "syncookies", "1" }, { "thin_linear_timeouts", "0" }, { "timestamps", "1" },
		{ "tw_reuse", "2" }, { "tw_reuse_delay", "1000" }, { "window_scaling", "1" },
		{ "wmem", "4096\t16384\t4194304" }, { "workaround_signed_windows", "0" },
	};
	char name[64], buf[64];
	unsigned int i;

	seg_begin();
	for (i = 0; i < ARRAY_SIZE(defaults); i++) {
		snprintf(name, sizeof(name), "net.ipv4.tcp_%s", defaults[i].name);
		EXPECT_GT(sysctl_read(seg_net, name, buf, sizeof(buf)), 0);
		EXPECT_STREQ(buf, defaults[i].value);
		/* What is read can be written. */
		EXPECT_EQ(sysctl_write(seg_net, name, buf), 0);
	}
	seg_end();
}

TEST(tcp_settings_keep_their_ranges)
{
	static const struct {
		const char *name, *bad;
	} bad[] = {
		{ "mtu_probing", "3" }, { "rto_max_ms", "999" }, { "rto_max_ms", "120001" },
		{ "rto_min_us", "0" }, { "comp_sack_nr", "256" }, { "pingpong_thresh", "0" },
		{ "tw_reuse", "3" }, { "tw_reuse_delay", "0" }, { "tw_reuse_delay", "60001" },
		{ "syn_retries", "0" }, { "syn_retries", "128" }, { "base_mss", "47" },
		{ "notsent_lowat", "4294967296" }, { "notsent_lowat", "-1" },
		{ "shrink_window", "2" }, { "reflect_tos", "-1" },
	};
	char name[64];
	unsigned int i;

	seg_begin();
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		snprintf(name, sizeof(name), "net.ipv4.tcp_%s", bad[i].name);
		EXPECT_EQ(sysctl_write(seg_net, name, bad[i].bad), -EINVAL);
	}
	seg_end();
}

/* A segment of 100 bytes is sent, and lost: how soon does it come again? */
static void expect_rto(struct seg_conn *c, u64 ns)
{
	EXPECT_EQ(seg_write(c, 100, 0), 100);
	seg_out(c, "P. 1:101(100) ack 1");
	seg_out_at(c, ns, ns + seg_ms(1), "P. 1:101(100) ack 1");
}

TEST(tcp_rto_min_us_bounds_the_timeout_from_below)
{
	struct seg_conn c;

	seg_begin();
	seg_sysctl(tcp_rto_min_us) = 50000;
	seg_passive(&c, "mss 1000", 32768);
	expect_rto(&c, seg_ms(50));
	seg_end();
}

TEST(tcp_rto_max_ms_bounds_the_timeout_from_above)
{
	struct tcp_info info;
	struct seg_conn c;

	seg_begin();
	seg_sysctl(tcp_rto_max_ms) = 1000;
	seg_passive(&c, "mss 1000", 32768);
	expect_rto(&c, seg_ms(200));
	seg_out_at(&c, seg_ms(400), seg_ms(401), "P. 1:101(100) ack 1");
	seg_out_at(&c, seg_ms(800), seg_ms(801), "P. 1:101(100) ack 1");
	seg_out_at(&c, seg_ms(1000), seg_ms(1001), "P. 1:101(100) ack 1");
	seg_out_at(&c, seg_ms(1000), seg_ms(1001), "P. 1:101(100) ack 1");
	seg_info(c.fd, &info);
	EXPECT_EQ(info.tcpi_rto, 1000000);
	seg_end();
}

/* A SYN with a type of service: does the answer have it? */
static u8 synack_tos(int reflect)
{
	struct seg_conn c;
	u8 frame[SEG_FRAME_MAX];
	struct iphdr *iph;
	size_t len;
	int fd, tos;

	seg_begin();
	seg_sysctl(tcp_reflect_tos) = reflect;
	fd = seg_listen(SEG_PORT, 5);
	seg_conn_init(&c);
	len = seg_build(&c, frame, "S 0:0(0) <mss 1000>");
	iph = seg_frame_ip(frame);
	iph->tos = 0x48 | 2;
	iph->check = 0;
	iph->check = ip_fast_csum(iph, iph->ihl);
	seg_inject(frame, len);
	seg_out(&c, "S. 0:0(0) ack 1 <mss 1460>");
	seg_in(&c, ". 1:1(0) ack 1");
	EXPECT_GE(seg_accept(fd, &c), 0);
	tos = seg_getsockopt(c.fd, SOL_IP, IP_TOS);
	seg_end();
	return (u8)tos;
}

TEST(tcp_reflect_tos_answers_as_it_was_asked)
{
	EXPECT_EQ(synack_tos(0), 0);
	/* But for ECN's bits. */
	EXPECT_EQ(synack_tos(1), 0x48);
}

/* How many answers in time make it interactive, so that ACKs wait? */
TEST(tcp_pingpong_thresh_counts_answers)
{
	struct seg_conn c;

	seg_begin();
	seg_sysctl(tcp_pingpong_thresh) = 2;
	seg_passive(&c, "mss 1000", 32768);
	seg_in(&c, "P. 1:101(100) ack 1");
	seg_out(&c, ". 1:1(0) ack 101");
	EXPECT_EQ(seg_write(&c, 10, 0), 10);
	seg_out(&c, "P. 1:11(10) ack 101");
	EXPECT_EQ(seg_getsockopt(c.fd, SOL_TCP, TCP_QUICKACK), 1);
	seg_in(&c, "P. 101:201(100) ack 11");
	seg_flush();
	EXPECT_EQ(seg_write(&c, 10, 0), 10);
	seg_flush();
	EXPECT_EQ(seg_getsockopt(c.fd, SOL_TCP, TCP_QUICKACK), 0);
	EXPECT_EQ(seg_read(&c, 1000), 200);
	seg_flush();
	seg_end();
}

/* Closed by us, so that we keep TIME_WAIT; then the same port again. */
static int reuse_after(int delay_ms, u64 wait)
{
	struct seg_conn c, again;
	int err;

	seg_begin();
	seg_sysctl(tcp_tw_reuse) = 1;
	seg_sysctl(tcp_tw_reuse_delay) = delay_ms;
	seg_sysctl(local_port_range[0]) = 40000;
	seg_sysctl(local_port_range[1]) = 40000;
	seg_active(&c, "mss 1000,TS val 100 ecr 0", 32768);
	seg_close(&c);
	seg_flush();
	seg_in(&c, "F. 1:1(0) ack 2 <nop,nop,TS val 101 ecr 0>");
	seg_flush();
	EXPECT_EQ(seg_count(TCP_TIME_WAIT), 1);
	seg_sleep(wait);
	again = c;
	again.fd = -1;
	err = seg_connect_start(&again);
	seg_flush();
	if (again.fd >= 0)
		seg_close(&again);
	seg_flush();
	seg_end();
	return err;
}

TEST(tcp_tw_reuse_delay_says_when_a_port_is_free_again)
{
	EXPECT_EQ(reuse_after(10000, seg_ms(1500)), -EADDRNOTAVAIL);
	EXPECT_EQ(reuse_after(1000, seg_ms(1500)), -EINPROGRESS);
}
