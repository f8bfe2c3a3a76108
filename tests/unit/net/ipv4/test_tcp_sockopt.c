// SPDX-License-Identifier: MIT
/* Options of TCP sockets: what is kept, what is out of range, what is not there. */
#include <uapi/linux/in.h>

#include "../../../host/segtest.h"

TEST(tcp_options_are_kept_within_their_ranges)
{
	static const struct {
		int name, fresh, good, kept, bad_low, bad_high;
	} opts[] = {
		{ TCP_NODELAY, 0, 7, 1, 0, 0 },
		{ TCP_CORK, 0, 7, 1, 0, 0 },
		{ TCP_MAXSEG, 536, 1000, 1000, 87, 32768 },
		{ TCP_KEEPIDLE, 7200, 32767, 32767, 0, 32768 },
		{ TCP_KEEPINTVL, 75, 32767, 32767, 0, 32768 },
		{ TCP_KEEPCNT, 9, 127, 127, 0, 128 },
		{ TCP_SYNCNT, 6, 127, 127, 0, 128 },
		{ TCP_USER_TIMEOUT, 0, 12345, 12345, -1, 0 },
		{ TCP_NOTSENT_LOWAT, 0, 5000, 5000, 0, 0 },
		{ TCP_INQ, 0, 1, 1, -1, 2 },
		{ TCP_THIN_LINEAR_TIMEOUTS, 0, 1, 1, -1, 2 },
		{ TCP_WINDOW_CLAMP, 0, 10000, 10000, 0, 0 },
		{ TCP_WINDOW_CLAMP, 10000, 1, 1152, 0, 0 },
		{ TCP_SAVE_SYN, 0, 2, 2, -1, 3 },
		{ TCP_FASTOPEN, 0, 9, 9, -1, 0 },
		{ TCP_FASTOPEN_CONNECT, 0, 1, 1, -1, 2 },
		{ TCP_FASTOPEN_NO_COOKIE, 0, 1, 1, -1, 2 },
		{ TCP_RTO_MAX_MS, 120000, 1000, 1000, 999, 120001 },
		{ TCP_RTO_MIN_US, 200000, 2000, 2000, 1999, 200001 },
		{ TCP_DELACK_MAX_US, 200000, 2000, 2000, 1999, 200001 },
	};
	unsigned int i;
	int fd;

	seg_begin();
	fd = seg_socket();
	for (i = 0; i < ARRAY_SIZE(opts); i++) {
		EXPECT_EQ(seg_getsockopt(fd, SOL_TCP, opts[i].name), opts[i].fresh);
		EXPECT_EQ(seg_setsockopt(fd, SOL_TCP, opts[i].name, opts[i].good), 0);
		EXPECT_EQ(seg_getsockopt(fd, SOL_TCP, opts[i].name), opts[i].kept);
		if (opts[i].bad_low)
			EXPECT_EQ(seg_setsockopt(fd, SOL_TCP, opts[i].name, opts[i].bad_low),
				  -EINVAL);
		if (opts[i].bad_high)
			EXPECT_EQ(seg_setsockopt(fd, SOL_TCP, opts[i].name, opts[i].bad_high),
				  -EINVAL);
		EXPECT_EQ(seg_getsockopt(fd, SOL_TCP, opts[i].name), opts[i].kept);
	}
	EXPECT_EQ(seg_setsockopt(fd, SOL_TCP, TCP_KEEPIDLE, 0), -EINVAL);
	EXPECT_EQ(seg_setsockopt(fd, SOL_TCP, TCP_SYNCNT, 0), -EINVAL);
	EXPECT_EQ(seg_setsockopt(fd, SOL_TCP, TCP_MAXSEG, 0), 0);
	seg_end();
}

TEST(tcp_linger2_and_defer_accept_are_rounded)
{
	static const int linger2[][2] = {
		{ 0, 60 }, { 5, 5 }, { 120, 120 }, { 121, 120 }, { 1 << 30, 120 }, { -7, -1 },
	};
	static const int defer[][2] = {
		{ -1, 0 }, { 0, 0 }, { 1, 1 }, { 2, 3 }, { 3, 3 }, { 4, 7 }, { 60, 63 },
		{ 200, 247 },
	};
	unsigned int i;
	int fd;

	seg_begin();
	fd = seg_socket();
	EXPECT_EQ(seg_getsockopt(fd, SOL_TCP, TCP_LINGER2), 60);
	for (i = 0; i < ARRAY_SIZE(linger2); i++) {
		EXPECT_EQ(seg_setsockopt(fd, SOL_TCP, TCP_LINGER2, linger2[i][0]), 0);
		EXPECT_EQ(seg_getsockopt(fd, SOL_TCP, TCP_LINGER2), linger2[i][1]);
	}
	for (i = 0; i < ARRAY_SIZE(defer); i++) {
		EXPECT_EQ(seg_setsockopt(fd, SOL_TCP, TCP_DEFER_ACCEPT, defer[i][0]), 0);
		EXPECT_EQ(seg_getsockopt(fd, SOL_TCP, TCP_DEFER_ACCEPT), defer[i][1]);
	}
	seg_end();
}

TEST(tcp_options_that_are_not_there_say_so)
{
	static const int names[] = {
		TCP_MD5SIG, TCP_THIN_DUPACK, TCP_REPAIR, TCP_REPAIR_QUEUE, TCP_QUEUE_SEQ,
		TCP_REPAIR_OPTIONS, TCP_TIMESTAMP, TCP_REPAIR_WINDOW, TCP_ULP,
		TCP_MD5SIG_EXT, TCP_TX_DELAY, 0, 15, 38, 1000, -1,
	};
	unsigned int i;
	int fd;

	seg_begin();
	fd = seg_socket();
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		EXPECT_EQ(seg_setsockopt(fd, SOL_TCP, names[i], 1), -ENOPROTOOPT);
		EXPECT_EQ(seg_getsockopt(fd, SOL_TCP, names[i]), -ENOPROTOOPT);
	}
	/* To be read only. */
	EXPECT_EQ(seg_setsockopt(fd, SOL_TCP, TCP_INFO, 1), -ENOPROTOOPT);
	seg_end();
}

TEST(tcp_options_want_a_whole_int)
{
	int fd, len, val = 1;
	u8 bytes[4];

	seg_begin();
	fd = seg_socket();
	EXPECT_EQ(__sys_setsockopt(fd, SOL_TCP, TCP_NODELAY, &val, 3), -EINVAL);
	EXPECT_EQ(__sys_setsockopt(fd, SOL_TCP, TCP_NODELAY, &val, 0), -EINVAL);
	EXPECT_EQ(__sys_setsockopt(fd, SOL_TCP, TCP_NODELAY, NULL, 4), -EFAULT);
	EXPECT_EQ(__sys_setsockopt(fd, SOL_TCP, TCP_NODELAY, &val, 400), 0);
	/* What is read is as long as there is room. */
	memset(bytes, 0x55, sizeof(bytes));
	len = 1;
	EXPECT_EQ(__sys_getsockopt(fd, SOL_TCP, TCP_NODELAY, bytes, &len), 0);
	EXPECT_EQ(len, 1);
	EXPECT_EQ(bytes[0], 1);
	EXPECT_EQ(bytes[1], 0x55);
	EXPECT_EQ(seg_getsockopt(fd, SOL_TCP, TCP_IS_MPTCP), 0);
	EXPECT_EQ(seg_setsockopt(fd, SOL_TCP, TCP_IS_MPTCP, 1), -ENOPROTOOPT);
	seg_end();
}

TEST(tcp_options_depend_on_the_state)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_TCP, TCP_WINDOW_CLAMP, 0), -EINVAL);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_TCP, TCP_FASTOPEN, 1), -EINVAL);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_TCP, TCP_FASTOPEN_CONNECT, 1), -EINVAL);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_TCP, TCP_FASTOPEN_NO_COOKIE, 1), -EINVAL);
	/* The MSS in force is what is read. */
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_TCP, TCP_MAXSEG, 500), 0);
	EXPECT_EQ(seg_getsockopt(c.fd, SOL_TCP, TCP_MAXSEG), 1000);
	seg_end();
}

TEST(tcp_rto_bounds_of_a_socket_hold)
{
	struct seg_conn c;
	int fd;

	seg_begin();
	fd = seg_listen(SEG_PORT, 5);
	/* The first sample, that of the handshake, comes with it already. */
	EXPECT_EQ(seg_setsockopt(fd, SOL_TCP, TCP_RTO_MIN_US, 20000), 0);
	EXPECT_EQ(seg_setsockopt(fd, SOL_TCP, TCP_RTO_MAX_MS, 1000), 0);
	seg_conn_init(&c);
	seg_handshake(&c, "mss 1000", 32768);
	EXPECT_GE(seg_accept(fd, &c), 0);
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	seg_out(&c, "P. 1:101(100) ack 1");
	seg_out_at(&c, seg_ms(20), seg_ms(21), "P. 1:101(100) ack 1");
	seg_sleep(seg_s(3));
	seg_flush();
	seg_out_at(&c, seg_ms(1), seg_s(1), "P. 1:101(100) ack 1");
	seg_out_at(&c, seg_s(1), seg_s(1), "P. 1:101(100) ack 1");
	seg_end();
}

/* TCP_SAVE_SYN, TCP_SAVED_SYN: the headers of the SYN, once. */
static void expect_saved_syn(int save, u32 offset)
{
	u8 frame[SEG_FRAME_MAX], saved[128];
	struct seg_conn c;
	size_t size;
	int fd, len;

	seg_begin();
	fd = seg_listen(SEG_PORT, 5);
	EXPECT_EQ(seg_setsockopt(fd, SOL_TCP, TCP_SAVE_SYN, save), 0);
	seg_conn_init(&c);
	size = seg_build(&c, frame, "S 0:0(0) <mss 1000>");
	seg_inject(frame, size);
	seg_out(&c, "S. 0:0(0) ack 1 <mss 1460>");
	seg_in(&c, ". 1:1(0) ack 1");
	EXPECT_GE(seg_accept(fd, &c), 0);
	len = 10;
	EXPECT_EQ(__sys_getsockopt(c.fd, SOL_TCP, TCP_SAVED_SYN, saved, &len), -EINVAL);
	EXPECT_EQ((u32)len, (u32)size - offset);
	len = sizeof(saved);
	EXPECT_EQ(__sys_getsockopt(c.fd, SOL_TCP, TCP_SAVED_SYN, saved, &len), 0);
	EXPECT_EQ((u32)len, (u32)size - offset);
	EXPECT_MEMEQ(saved, frame + offset, size - offset);
	len = sizeof(saved);
	EXPECT_EQ(__sys_getsockopt(c.fd, SOL_TCP, TCP_SAVED_SYN, saved, &len), 0);
	EXPECT_EQ(len, 0);
	/* One that nobody reads is given back too. */
	seg_conn_init(&c);
	seg_in(&c, "S 0:0(0) <mss 1000>");
	seg_out(&c, "S. 0:0(0) ack 1 <mss 1460>");
	seg_end();
}

TEST(tcp_saved_syn_is_what_came)
{
	expect_saved_syn(1, 14);
	expect_saved_syn(2, 0);
}

TEST(tcp_congestion_is_chosen_by_name)
{
	char name[64];
	int fd, len;

	seg_begin();
	fd = seg_socket();
	memset(name, 'x', sizeof(name));
	len = sizeof(name);
	EXPECT_EQ(__sys_getsockopt(fd, SOL_TCP, TCP_CONGESTION, name, &len), 0);
	EXPECT_EQ(len, TCP_CA_NAME_MAX);
	EXPECT_STREQ(name, "cubic");
	EXPECT_EQ(__sys_setsockopt(fd, SOL_TCP, TCP_CONGESTION, "reno", 4), 0);
	len = 3;
	EXPECT_EQ(__sys_getsockopt(fd, SOL_TCP, TCP_CONGESTION, name, &len), 0);
	EXPECT_EQ(len, 3);
	EXPECT_STREQ(name, "renic");	/* no more than there is room for */
	EXPECT_EQ(__sys_setsockopt(fd, SOL_TCP, TCP_CONGESTION, "nemo", 4), -ENOENT);
	EXPECT_EQ(__sys_setsockopt(fd, SOL_TCP, TCP_CONGESTION, "", 0), -EINVAL);
	seg_end();
}

TEST(tcp_info_is_as_long_as_both_sides_know)
{
	struct tcp_info info[2];
	int fd, len;

	seg_begin();
	fd = seg_listen(SEG_PORT, 7);
	memset(info, 0x55, sizeof(info));
	len = sizeof(info);
	EXPECT_EQ(__sys_getsockopt(fd, SOL_TCP, TCP_INFO, info, &len), 0);
	EXPECT_EQ(len, (int)sizeof(info[0]));
	EXPECT_EQ(info[0].tcpi_state, TCP_LISTEN);
	EXPECT_EQ(info[0].tcpi_sacked, 7);
	EXPECT_EQ(((u8 *)&info[1])[0], 0x55);
	len = 5;
	memset(info, 0x55, sizeof(info));
	EXPECT_EQ(__sys_getsockopt(fd, SOL_TCP, TCP_INFO, info, &len), 0);
	EXPECT_EQ(len, 5);
	EXPECT_EQ(((u8 *)&info[0])[5], 0x55);
	len = -1;
	EXPECT_EQ(__sys_getsockopt(fd, SOL_TCP, TCP_INFO, info, &len), -EINVAL);
	EXPECT_EQ(__sys_getsockopt(fd, SOL_TCP, TCP_INFO, info, NULL), -EFAULT);
	seg_end();
}

/* Numbers of timeouts, rows of them, milliseconds. */
static void expect_rtos(int fd, unsigned int rtos, unsigned int rows, u32 ms)
{
	struct tcp_info info;

	seg_info(fd, &info);
	EXPECT_EQ(info.tcpi_total_rto, rtos);
	EXPECT_EQ(info.tcpi_total_rto_recoveries, rows);
	EXPECT_EQ(info.tcpi_total_rto_time, ms);
}

TEST(tcp_info_counts_timeouts_and_the_time_until_they_are_over)
{
	struct seg_conn c;

	seg_begin();
	seg_sysctl(tcp_early_retrans) = 0;
	seg_passive_rtt(&c, "mss 1000,sackOK", 32768, seg_ms(100));
	expect_rtos(c.fd, 0, 0, 0);
	EXPECT_EQ(seg_write(&c, 500, 0), 500);
	seg_out(&c, "P. 1:501(500) ack 1");
	seg_out_at(&c, seg_ms(200), seg_ms(310), "P. 1:501(500) ack 1");
	expect_rtos(c.fd, 1, 1, 0);
	seg_sleep(seg_ms(50));
	expect_rtos(c.fd, 1, 1, 50);
	seg_out_at(&c, seg_ms(400), seg_ms(620), "P. 1:501(500) ack 1");
	seg_sleep(seg_ms(100));
	seg_in(&c, ". 1:1(0) ack 501");
	expect_rtos(c.fd, 2, 1, 700);
	/* What is over stays as it is; the next row adds to it. */
	seg_sleep(seg_ms(100));
	expect_rtos(c.fd, 2, 1, 700);
	EXPECT_EQ(seg_write(&c, 500, 0), 500);
	seg_out(&c, "P. 501:1001(500) ack 1");
	seg_out_at(&c, seg_ms(200), seg_ms(1300), "P. 501:1001(500) ack 1");
	seg_sleep(seg_ms(30));
	seg_in(&c, ". 1:1(0) ack 1001");
	expect_rtos(c.fd, 3, 2, 730);
	seg_end();
}

TEST(tcp_info_counts_timeouts_of_the_handshake)
{
	struct seg_conn c, d;
	int listener;

	seg_begin();
	seg_conn_init(&c);
	EXPECT_EQ(seg_connect_start(&c), -EINPROGRESS);
	seg_out(&c, "S 0:0(0) <*>");
	seg_out_at(&c, seg_ms(990), seg_ms(1010), "S 0:0(0) <*>");
	seg_sleep(seg_ms(40));
	seg_in(&c, "S. 0:0(0) ack 1 win 32768 <mss 1000>");
	seg_out(&c, ". 1:1(0) ack 1");
	expect_rtos(c.fd, 1, 1, 40);
	listener = seg_listen(SEG_PORT, 5);
	seg_conn_init(&d);
	d.lport = SEG_PORT;
	seg_in(&d, "S 0:0(0) win 32768 <mss 1000>");
	seg_out(&d, "S. 0:0(0) ack 1 <mss 1460>");
	seg_out_at(&d, seg_ms(990), seg_ms(1010), "S. 0:0(0) ack 1 <mss 1460>");
	seg_sleep(seg_ms(40));
	seg_in(&d, ". 1:1(0) ack 1 win 32768");
	EXPECT_GE(seg_accept(listener, &d), 0);
	expect_rtos(d.fd, 1, 1, 1040);
	seg_end();
}

TEST(tcp_info_tells_what_a_connection_did)
{
	struct tcp_info info;
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000,sackOK,nop,wscale 3", 1000);
	EXPECT_EQ(seg_write(&c, 2500, 0), 2500);
	seg_flush();
	seg_info(c.fd, &info);
	EXPECT_EQ(info.tcpi_unacked, 3);
	EXPECT_EQ(info.tcpi_snd_mss, 1000);
	EXPECT_EQ(info.tcpi_snd_wnd, 8000);
	EXPECT_EQ(info.tcpi_bytes_sent, 2500);
	seg_sleep(seg_ms(1));
	seg_in(&c, ". 1:1(0) ack 2501");
	seg_in(&c, "P. 1:301(300) ack 2501");
	seg_sleep(seg_ms(30));
	seg_flush();
	seg_info(c.fd, &info);
	EXPECT_EQ(info.tcpi_state, TCP_ESTABLISHED);
	EXPECT_EQ(info.tcpi_options, TCPI_OPT_SACK | TCPI_OPT_WSCALE);
	EXPECT_EQ(info.tcpi_unacked, 0);
	EXPECT_EQ(info.tcpi_bytes_acked, 2500);
	EXPECT_EQ(info.tcpi_bytes_received, 300);
	EXPECT_EQ(info.tcpi_data_segs_out, 3);
	EXPECT_EQ(info.tcpi_data_segs_in, 1);
	EXPECT_EQ(info.tcpi_last_data_recv, 30);
	EXPECT_EQ(info.tcpi_last_data_sent, 31);
	EXPECT_EQ(info.tcpi_busy_time, 1000);
	EXPECT_EQ(info.tcpi_snd_ssthresh, 0x7fffffff);
	EXPECT_EQ(info.tcpi_pmtu, 1500);
	EXPECT_EQ(info.tcpi_advmss, 1460);
	EXPECT_EQ(info.tcpi_total_retrans, 0);
	EXPECT_EQ(seg_read(&c, 1000), 300);
	seg_end();
}
