// SPDX-License-Identifier: MIT
/*
 * Loss recovery without waiting: limited transmit, fast retransmit, NewReno's
 * partial ACKs, and the same by SACK.
 *
 * RFC: 5681 3.2, 3042, 6582, 6675
 */
#include "../host/segtest.h"

/* Ten segments are in flight: the initial window. */
static void ten_in_flight(struct seg_conn *c, const char *opts)
{
	unsigned int i;

	seg_passive(c, opts, 60000);
	EXPECT_EQ(seg_write(c, 20000, 0), 20000);
	/* Two bursts of half the window, PSH at the end of each. */
	for (i = 0; i < 10; i++)
		seg_out(c, "%s %u:%u(1000) ack 1", i % 5 == 4 ? "P." : ".", i * 1000 + 1,
			i * 1000 + 1001);
	seg_none();
}

static void info_of(const struct seg_conn *c, struct tcp_info *info)
{
	seg_info(c->fd, info);
}

RULE("RFC 6928", "2", "the initial window is ten segments");
RULE("RFC 5681", "3.1", "slow start: the window grows by what is acknowledged");
TEST(initial_window_is_ten_segments)
{
	struct seg_conn c;

	seg_begin();
	ten_in_flight(&c, "mss 1000");
	/* Slow start: two for each segment acknowledged. */
	seg_in(&c, ". 1:1(0) ack 1001");
	seg_out(&c, ". 10001:11001(1000) ack 1");
	seg_out(&c, "P. 11001:12001(1000) ack 1");
	seg_none();
	seg_in(&c, ". 1:1(0) ack 3001");
	EXPECT_EQ(seg_flush(), 4);
	seg_end();
}

RULE("RFC 5681", "3.2", "the third duplicate ACK retransmits");
RULE("RFC 3042", "2", "limited transmit: each of the first two duplicate ACKs sends a new segment");
RULE("RFC 5681", "3.2", "fast retransmit: ssthresh is half of what was in flight");
TEST(third_duplicate_ack_retransmits)
{
	struct seg_conn c;
	struct tcp_info info;

	seg_begin();
	ten_in_flight(&c, "mss 1000");
	/* RFC 3042: one new segment for each of the first two. */
	seg_in(&c, ". 1:1(0) ack 1");
	seg_out(&c, ". 10001:11001(1000) ack 1");
	seg_in(&c, ". 1:1(0) ack 1");
	seg_out(&c, ". 11001:12001(1000) ack 1");
	seg_in(&c, ". 1:1(0) ack 1");
	seg_out(&c, ". 1:1001(1000) ack 1");
	info_of(&c, &info);
	EXPECT_EQ(info.tcpi_ca_state, TCP_CA_Recovery);
	EXPECT_EQ(info.tcpi_snd_ssthresh, 7);	/* cubic: 0.7 of ten */
	EXPECT_EQ(seg_mib(TCPRENORECOVERY), 1);
	EXPECT_EQ(seg_mib(TCPFASTRETRANS), 1);
	seg_flush();
	/* All of it arrives. */
	seg_in(&c, ". 1:1(0) ack 12001");
	seg_flush();
	info_of(&c, &info);
	EXPECT_LE(info.tcpi_snd_cwnd, 8);
	EXPECT_EQ(info.tcpi_lost, 0);
	EXPECT_EQ(info.tcpi_retrans, 0);
	seg_end();
}

RULE("RFC 5681", "2", "what is a duplicate ACK: no data, no new window, nothing acknowledged");
TEST(window_updates_and_data_are_no_duplicate_acks)
{
	struct seg_conn c;
	struct tcp_info info;

	seg_begin();
	ten_in_flight(&c, "mss 1000");
	seg_in(&c, ". 1:1(0) ack 1 win 60100");
	seg_in(&c, ". 1:1(0) ack 1 win 60200");
	seg_in(&c, ". 1:1(0) ack 1 win 60300");
	seg_in(&c, ". 1:1(0) ack 1 win 60400");
	seg_in(&c, "P. 1:11(10) ack 1 win 60400");
	seg_in(&c, "P. 11:21(10) ack 1 win 60400");
	seg_in(&c, "P. 21:31(10) ack 1 win 60400");
	info_of(&c, &info);
	EXPECT_EQ(info.tcpi_ca_state, TCP_CA_Open);
	EXPECT_EQ(info.tcpi_total_retrans, 0);
	seg_flush();
	seg_end();
}

RULE("RFC 5681", "2", "what comes between duplicate ACKs does not count for one");
TEST(window_updates_after_two_duplicate_acks_are_no_third)
{
	struct seg_conn c;
	struct tcp_info info;

	seg_begin();
	ten_in_flight(&c, "mss 1000");
	seg_in(&c, ". 1:1(0) ack 1");
	seg_in(&c, ". 1:1(0) ack 1");
	EXPECT_EQ(seg_flush(), 2);
	seg_in(&c, ". 1:1(0) ack 1 win 60100");
	seg_in(&c, "P. 1:11(10) ack 1 win 60100");
	info_of(&c, &info);
	EXPECT_EQ(info.tcpi_ca_state, TCP_CA_Disorder);
	EXPECT_EQ(info.tcpi_total_retrans, 0);
	seg_flush();
	/* The first from a new number is taken for a window update. */
	seg_in(&c, ". 11:11(0) ack 1 win 60100");
	EXPECT_EQ(seg_mib(TCPFASTRETRANS), 0);
	seg_flush();
	seg_in(&c, ". 11:11(0) ack 1 win 60100");
	seg_out(&c, "p. 1:1001(1000) ack 11");
	seg_flush();
	seg_end();
}

RULE("RFC 6582", "3.2", "a partial ACK retransmits the next segment; ssthresh falls once");
TEST(partial_ack_retransmits_the_next_hole)
{
	struct seg_conn c;
	struct tcp_info info;
	int i;

	seg_begin();
	ten_in_flight(&c, "mss 1000");
	/* 1 and 4001 are lost. */
	for (i = 0; i < 3; i++)
		seg_in(&c, ". 1:1(0) ack 1");
	seg_out(&c, ". 10001:11001(1000) ack 1");
	seg_out(&c, ". 11001:12001(1000) ack 1");
	seg_out(&c, ". 1:1001(1000) ack 1");
	for (i = 0; i < 5; i++)
		seg_in(&c, ". 1:1(0) ack 1");
	seg_flush();
	seg_in(&c, ". 1:1(0) ack 4001");
	/* RFC 6582 3.2 step 3: the next hole at once */
	seg_out(&c, ". 4001:5001(1000) ack 1");
	info_of(&c, &info);
	EXPECT_EQ(info.tcpi_ca_state, TCP_CA_Recovery);
	/* One reduction for both. */
	EXPECT_EQ(info.tcpi_snd_ssthresh, 7);	/* cubic: 0.7 of ten */
	seg_flush();
	seg_in(&c, ". 1:1(0) ack %u", info.tcpi_unacked * 1000 + 4001);
	seg_flush();
	info_of(&c, &info);
	EXPECT_LE(info.tcpi_ca_state, TCP_CA_Disorder);
	EXPECT_EQ(info.tcpi_total_retrans, 2);
	seg_end();
}

RULE("RFC 6675", "5", "the holes are retransmitted and nothing else");
TEST(sack_retransmits_the_holes_and_nothing_else)
{
	struct seg_conn c;
	struct tcp_info info;

	seg_begin();
	ten_in_flight(&c, "mss 1000,sackOK");
	/* 1 and 2001 are lost. */
	seg_sleep(seg_ms(1));
	seg_in(&c, ". 1:1(0) ack 1 <nop,nop,sack 1001:2001>");
	seg_in(&c, ". 1:1(0) ack 1 <nop,nop,sack 3001:4001 1001:2001>");
	seg_in(&c, ". 1:1(0) ack 1 <nop,nop,sack 3001:5001 1001:2001>");
	seg_in(&c, ". 1:1(0) ack 1 <nop,nop,sack 3001:6001 1001:2001>");
	seg_in(&c, ". 1:1(0) ack 1 <nop,nop,sack 3001:7001 1001:2001>");
	seg_in(&c, ". 1:1(0) ack 1 <nop,nop,sack 3001:8001 1001:2001>");
	info_of(&c, &info);
	EXPECT_EQ(info.tcpi_ca_state, TCP_CA_Recovery);
	EXPECT_EQ(info.tcpi_sacked, 6);
	EXPECT_EQ(info.tcpi_total_retrans, 2);
	seg_flush();
	seg_in(&c, ". 1:1(0) ack 2001 <nop,nop,sack 3001:10001>");
	seg_flush();
	info_of(&c, &info);
	EXPECT_EQ(info.tcpi_total_retrans, 2);
	seg_in(&c, ". 1:1(0) ack %u", 2001 + info.tcpi_unacked * 1000);
	seg_flush();
	info_of(&c, &info);
	EXPECT_EQ(info.tcpi_ca_state, TCP_CA_Open);
	EXPECT_EQ(info.tcpi_sacked, 0);
	EXPECT_EQ(info.tcpi_lost, 0);
	seg_end();
}

RULE("RFC 6675", "5", "the first retransmission is of the first hole");
TEST(first_retransmission_by_sack_is_of_the_first_hole)
{
	struct seg_conn c;

	seg_begin();
	ten_in_flight(&c, "mss 1000,sackOK");
	seg_in(&c, ". 1:1(0) ack 1 <nop,nop,sack 1001:4001>");
	seg_out(&c, ". 1:1001(1000) ack 1");
	seg_flush();
	seg_end();
}

RULE("RFC 2018", "8",
     "data that was SACKed is kept until it is acknowledged: reneging is survived");
TEST(reneged_sack_is_retransmitted_after_all)
{
	struct seg_conn c;
	unsigned int i;

	/* RFC 2018 8: what was SACKed may be thrown away by the peer. */
	seg_begin();
	seg_passive(&c, "mss 1000,sackOK", 65535);
	EXPECT_EQ(seg_write(&c, 4000, 0), 4000);
	EXPECT_EQ(seg_flush(), 4);
	seg_in(&c, ". 1:1(0) ack 1 <nop,nop,sack 1001:4001>");
	EXPECT_GE(seg_flush(), 1);
	/* The hole is filled, and the rest is gone. */
	seg_in(&c, ". 1:1(0) ack 1001");
	for (i = 0; i < 40; i++)
		seg_sleep(seg_ms(100));
	EXPECT_GE(seg_flush(), 1);
	seg_in(&c, ". 1:1(0) ack 2001");
	seg_sleep(seg_s(4));
	seg_in(&c, ". 1:1(0) ack 4001");
	seg_flush();
	EXPECT_EQ(seg_getsockopt(c.fd, SOL_SOCKET, SO_ERROR), 0);
	seg_quiet(seg_s(10));
	seg_end();
}

RULE("RFC 2018", "5", "blocks that cannot be are ignored");
TEST(sack_blocks_that_cannot_be_are_ignored)
{
	struct seg_conn c;
	struct tcp_info info;

	seg_begin();
	ten_in_flight(&c, "mss 1000,sackOK");
	seg_in(&c, ". 1:1(0) ack 1 <nop,nop,sack 20001:21001>");	/* never sent */
	seg_in(&c, ". 1:1(0) ack 1 <nop,nop,sack 3001:2001>");		/* backwards */
	seg_in(&c, ". 1:1(0) ack 1 <nop,nop,sack 3001:3001>");		/* empty */
	seg_in(&c, ". 1:1(0) ack 1 <nop,nop,sack 9001:20001>");		/* too far */
	info_of(&c, &info);
	EXPECT_EQ(info.tcpi_sacked, 0);
	EXPECT_EQ(info.tcpi_total_retrans, 0);
	EXPECT_GE(seg_mib(TCPSACKDISCARD), 3);
	seg_flush();
	seg_end();
}

RULE("RFC 8985", "7.2", "a lost tail is probed after two SRTT");
TEST(tail_loss_is_probed_before_the_timeout)
{
	struct seg_conn c;
	int listener;

	/* RFC 8985 7: PTO is two round trips, when more than one is in flight. */
	seg_begin();
	listener = seg_listen(SEG_PORT, 5);
	seg_conn_init(&c);
	seg_in(&c, "S 0:0(0) <mss 1000,sackOK>");
	seg_out(&c, "S. 0:0(0) ack 1 <*>");
	seg_sleep(seg_ms(20));
	seg_in(&c, ". 1:1(0) ack 1");
	EXPECT_GE(seg_accept(listener, &c), 0);
	EXPECT_EQ(seg_write(&c, 3000, 0), 3000);
	EXPECT_EQ(seg_flush(), 3);
	seg_out_at(&c, seg_ms(40), seg_ms(45), "P. 2001:3001(1000) ack 1");
	/* The first two were received, the last only now. */
	seg_in(&c, ". 1:1(0) ack 3001");
	EXPECT_EQ(seg_mib(TCPLOSSPROBES), 1);
	seg_quiet(seg_s(1));
	seg_end();
}

/* Segments leave in packets of several; a lost one is cut off its packet. Without memory
 * for that all of the packet counts as lost, and no more than all. */
TEST(lost_segment_that_cannot_be_cut_off_is_lost_with_its_packet)
{
	struct seg_conn c;
	u32 nth;
	int i;

	for (nth = 1; nth <= 8; nth++) {
		seg_begin();
		seg_passive(&c, "mss 1000", 32768);
		EXPECT_EQ(seg_write(&c, 5000, 0), 5000);
		EXPECT_EQ(seg_flush(), 5);
		for (i = 0; i < 2; i++)
			seg_in(&c, ". 1:1(0) ack 1");
		slab_fail_after(nth, 1);
		seg_in(&c, ". 1:1(0) ack 1");
		slab_fail_after(0, 0);
		seg_in(&c, ". 1:1(0) ack 1");
		seg_sleep(seg_ms(300));
		EXPECT_GE(seg_flush(), 1);
		seg_in(&c, ". 1:1(0) ack 5001");
		seg_none();
		seg_end();
	}
}
