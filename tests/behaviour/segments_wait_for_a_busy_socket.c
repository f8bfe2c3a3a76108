// SPDX-License-Identifier: MIT
/*
 * Segments that find their socket held by a thread wait in its backlog, one with
 * another when they only go on; what is made of them afterwards is the same.
 *
 * Linux: tcp_add_backlog()
 */
#include "../host/segtest.h"

TEST(segments_merged_in_the_backlog_are_counted_and_measured_one_by_one)
{
	struct tcp_info info;
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_hold(&c);
	seg_in(&c, ". 1:601(600) ack 1");
	seg_in(&c, ". 601:1201(600) ack 1");
	seg_in(&c, "P. 1201:1501(300) ack 1");
	seg_none();
	seg_release();
	seg_out(&c, ". 1:1(0) ack 1501");
	EXPECT_EQ(seg_mib(TCPBACKLOGCOALESCE), 2);
	seg_info(c.fd, &info);
	/* Every second full segment is acknowledged: what is full is not their sum. */
	EXPECT_EQ(info.tcpi_rcv_mss, 600);
	EXPECT_EQ(info.tcpi_segs_in, 5);
	EXPECT_EQ(info.tcpi_data_segs_in, 3);
	EXPECT_EQ(seg_read(&c, 2000), 1500);
	seg_end();
}
