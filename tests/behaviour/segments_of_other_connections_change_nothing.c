// SPDX-License-Identifier: MIT
/*
 * A connection is its four numbers: what belongs to another one, or to none,
 * leaves window, state and data alone.
 *
 * RFC: 9293 3.3.1. FEATURES 3.2, 6
 */
#include "../host/segtest.h"

TEST(stray_segments_do_not_change_the_window)
{
	struct seg_conn c, other;
	struct tcp_info info;

	seg_begin();
	seg_passive(&c, "mss 1000", 10000);
	other = c;
	other.rport++;
	seg_in(&other, ". 1:1(0) ack 1 win 0");
	seg_out(&other, "R 1:1(0) win 0");
	other = c;
	other.lport++;
	seg_in(&other, ". 1:1(0) ack 1 win 0");
	seg_out(&other, "R 1:1(0) win 0");
	other = c;
	other.raddr++;
	seg_in(&other, ". 1:1(0) ack 1 win 0");
	seg_out(&other, "R 1:1(0) win 0");
	seg_info(c.fd, &info);
	EXPECT_EQ(info.tcpi_snd_wnd, 10000);
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	seg_out(&c, "P. 1:101(100) ack 1");
	seg_end();
}

TEST(old_segments_do_not_change_the_window)
{
	struct seg_conn c;
	struct tcp_info info;

	seg_begin();
	seg_passive(&c, "mss 1000", 10000);
	seg_in(&c, "P. 1:101(100) ack 1 win 10000");
	seg_out(&c, ". 1:1(0) ack 101");
	seg_in(&c, "P. 101:201(100) ack 1 win 9000");
	seg_out(&c, ". 1:1(0) ack 201");
	/* RFC 9293 3.10.7.4: SND.WL1: from before. */
	seg_in(&c, ". 101:101(0) ack 1 win 500");
	seg_flush();
	seg_info(c.fd, &info);
	EXPECT_EQ(info.tcpi_snd_wnd, 9000);
	seg_end();
}

TEST(two_connections_do_not_mix)
{
	struct seg_conn c[8];
	unsigned int i, round;
	int listener;

	seg_begin();
	listener = seg_listen(SEG_PORT, 10);
	for (i = 0; i < 8; i++) {
		seg_conn_init(&c[i]);
		c[i].risn = i * 3000;
		seg_handshake(&c[i], "mss 1000", 32768);
		EXPECT_GE(seg_accept(listener, &c[i]), 0);
	}
	for (round = 0; round < 10; round++) {
		for (i = 0; i < 8; i++) {
			seg_in(&c[i], "P. %u:%u(100) ack %u", round * 100 + 1, round * 100 + 101,
			       round * 50 + 1);
			seg_flush();
		}
		for (i = 8; i-- > 0;) {
			EXPECT_EQ(seg_read(&c[i], 1000), 100);
			EXPECT_EQ(seg_write(&c[i], 50, 0), 50);
			seg_out(&c[i], "P. %u:%u(50) ack %u", round * 50 + 1, round * 50 + 51,
				round * 100 + 101);
		}
	}
	seg_end();
}
