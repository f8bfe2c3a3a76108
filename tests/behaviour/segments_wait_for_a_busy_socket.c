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

/* Two segments that come while the socket is held: are they one when it is worked off? */
struct pair {
	const char *first, *second;
	unsigned int merged;	/* 1 or 0 */
};

static void expect_pair(const char *opts, const struct pair *p)
{
	u64 before;
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, opts, 32768);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_SOCKET, SO_OOBINLINE, 1), 0);
	before = seg_mib(TCPBACKLOGCOALESCE);
	seg_hold(&c);
	seg_in(&c, "%s", p->first);
	seg_in(&c, "%s", p->second);
	if (seg_mib(TCPBACKLOGCOALESCE) - before != p->merged)
		test_fail(__FILE__, __LINE__, "\"%s\" and \"%s\" were %s", p->first, p->second,
			  p->merged ? "not merged" : "merged");
	seg_release();
	seg_flush();
	seg_end();
}

TEST(segments_are_merged_in_the_backlog_only_if_one_could_have_been_sent)
{
	static const struct pair pairs[] = {
		{ ". 1:601(600) ack 1", ". 601:1201(600) ack 1", 1 },
		{ ". 1:601(600) ack 1", "P. 601:1201(600) ack 1", 1 },
		{ "P. 1:601(600) ack 1", ". 601:1201(600) ack 1 win 300", 1 },
		{ ". 1:601(600) ack 1", "F. 601:1201(600) ack 1", 1 },
		{ ". 1:1(0) ack 1", ". 1:1(0) ack 1", 1 },
		{ "E. 1:601(600) ack 1", "E. 601:1201(600) ack 1", 1 },
		{ ". 1:601(600) ack 1 ecn 3", ". 601:1201(600) ack 1 ecn 3", 1 },
		/* Not what follows, twice, or after the end. */
		{ ". 1:601(600) ack 1", ". 602:1202(600) ack 1", 0 },
		{ ". 1:601(600) ack 1", ". 1:601(600) ack 1", 0 },
		{ "F. 1:601(600) ack 1", ". 602:1202(600) ack 1", 0 },
		/* Marks of the network and of the peer must not get lost. */
		{ ". 1:601(600) ack 1", ". 601:1201(600) ack 1 ecn 3", 0 },
		{ ". 1:601(600) ack 1 ecn 1", ". 601:1201(600) ack 1 ecn 2", 0 },
		{ ". 1:601(600) ack 1", "E. 601:1201(600) ack 1", 0 },
		{ "W. 1:601(600) ack 1", ". 601:1201(600) ack 1", 0 },
		/* What is not for data alone. */
		{ ". 1:601(600) ack 1", "S. 601:1201(600) ack 1", 0 },
		{ ". 1:601(600) ack 1", "R. 601:601(0) ack 1", 0 },
		{ ". 1:601(600) ack 1", "U. 601:1201(600) ack 1 urg 1", 0 },
		{ "U. 1:601(600) ack 1 urg 1", ". 601:1201(600) ack 1", 0 },
		{ ". 1:601(600) ack 1", "P 601:1201(600)", 0 },
		{ "P 1:601(600)", ". 601:1201(600) ack 1", 0 },
		/* Options: as many, and the same. */
		{ ". 1:601(600) ack 1", ". 601:1201(600) ack 1 <nop,nop,nop,nop>", 0 },
		{ ". 1:601(600) ack 1 <nop,nop,nop,nop>",
		  ". 601:1201(600) ack 1 <nop,nop,nop,eol>", 0 },
		{ ". 1:601(600) ack 1 <nop,nop,nop,nop>",
		  ". 601:1201(600) ack 1 <nop,nop,nop,nop>", 1 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(pairs); i++)
		expect_pair("mss 1000", &pairs[i]);
}

TEST(segments_with_other_timestamps_are_not_merged_in_the_backlog)
{
	static const struct pair pairs[] = {
		{ ". 1:601(600) ack 1 <nop,nop,TS val 101 ecr 0>",
		  ". 601:1201(600) ack 1 <nop,nop,TS val 101 ecr 0>", 1 },
		{ ". 1:601(600) ack 1 <nop,nop,TS val 101 ecr 0>",
		  ". 601:1201(600) ack 1 <nop,nop,TS val 102 ecr 0>", 0 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(pairs); i++)
		expect_pair("mss 1000,TS val 100 ecr 0", &pairs[i]);
}

/* The later window, and the acknowledgement that is not older. */
TEST(merged_segments_have_the_newest_acknowledgement_and_its_window)
{
	struct tcp_info info;
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_write(&c, 3000, 0), 3000);
	EXPECT_EQ(seg_flush(), 3);
	seg_hold(&c);
	seg_in(&c, ". 1:601(600) ack 1001 win 20000");
	seg_in(&c, ". 601:1201(600) ack 2001 win 21000");
	seg_in(&c, ". 1201:1501(300) ack 1 win 1000");
	EXPECT_EQ(seg_mib(TCPBACKLOGCOALESCE), 2);
	seg_release();
	seg_info(c.fd, &info);
	EXPECT_EQ(info.tcpi_bytes_acked, 2000);
	EXPECT_EQ(info.tcpi_snd_wnd, 21000);
	EXPECT_EQ(info.tcpi_unacked, 1);
	EXPECT_EQ(info.tcpi_bytes_received, 1500);
	EXPECT_EQ(seg_read(&c, 2000), 1500);
	seg_flush();
	seg_end();
}

TEST(a_fin_that_was_merged_in_the_backlog_ends_the_stream)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_hold(&c);
	seg_in(&c, ". 1:601(600) ack 1");
	seg_in(&c, "F. 601:1201(600) ack 1");
	EXPECT_EQ(seg_mib(TCPBACKLOGCOALESCE), 1);
	seg_release();
	seg_out(&c, ". 1:1(0) ack 1202");
	EXPECT_EQ(seg_state(c.fd), TCP_CLOSE_WAIT);
	EXPECT_EQ(seg_read(&c, 2000), 1200);
	EXPECT_EQ(seg_read(&c, 1000), 0);
	seg_end();
}

RULE("RFC 5681", "3.2", "three duplicate ACKs that were merged while the socket was held are three");
TEST(duplicate_acks_merged_in_the_backlog_count_one_by_one)
{
	struct tcp_info info;
	struct seg_conn c;
	int i;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_write(&c, 8000, 0), 8000);
	EXPECT_EQ(seg_flush(), 8);
	seg_hold(&c);
	for (i = 0; i < 3; i++)
		seg_in(&c, ". 1:1(0) ack 1");
	EXPECT_EQ(seg_mib(TCPBACKLOGCOALESCE), 2);
	seg_release();
	seg_out(&c, "p. 1:1001(1000) ack 1");
	seg_info(c.fd, &info);
	EXPECT_EQ(info.tcpi_ca_state, TCP_CA_Recovery);
	EXPECT_EQ(info.tcpi_sacked, 3);
	seg_end();
}

TEST(the_backlog_of_a_held_socket_is_bounded)
{
	struct seg_conn c;
	u32 seq;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_SOCKET, SO_RCVBUF, 4096), 0);
	seg_hold(&c);
	/* Each leaves a gap, so that none is merged. */
	for (seq = 1; seq < 400 * 2; seq += 2)
		seg_in(&c, ". %u:%u(1) ack 1", seq, seq + 1);
	EXPECT_EQ(seg_mib(TCPBACKLOGCOALESCE), 0);
	EXPECT_GT(seg_mib(TCPBACKLOGDROP), 100);
	EXPECT_LT(seg_mib(TCPBACKLOGDROP), 350);
	EXPECT_EQ(seg_mib(TCPBACKLOGDROP), seg_drops(SOCKET_BACKLOG));
	seg_release();
	seg_flush();
	seg_in(&c, ". 1:3(2) ack 1");
	EXPECT_GE(seg_read(&c, 1000), 3);
	seg_flush();
	seg_end();
}

/* Four full segments that cannot be merged. How many are sent when they are worked off? */
static unsigned int acks_of_a_backlog(int defer)
{
	struct seg_conn c;
	unsigned int i, acks;

	seg_begin();
	seg_sysctl(tcp_backlog_ack_defer) = defer;
	seg_passive(&c, "mss 1000,TS val 100 ecr 0", 32768);
	seg_hold(&c);
	for (i = 0; i < 4; i++)
		seg_in(&c, ". %u:%u(1000) ack 1 <nop,nop,TS val %u ecr 0>", i * 1000 + 1,
		       i * 1000 + 1001, 101 + i);
	EXPECT_EQ(seg_mib(TCPBACKLOGCOALESCE), 0);
	seg_none();
	seg_release();
	acks = seg_flush();
	seg_end();
	return acks;
}

RULE_AS_LINUX("RFC 9293", "3.8.6.3", "an ACK for at least every second full segment",
	      "of what waited for a busy socket one ACK tells all (tcp_backlog_ack_defer)");
TEST(acks_of_a_backlog_are_one_if_they_are_deferred)
{
	EXPECT_EQ(acks_of_a_backlog(1), 1);
	EXPECT_GT(acks_of_a_backlog(0), 1);
}
