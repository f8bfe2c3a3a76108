// SPDX-License-Identifier: MIT
/*
 * The retransmission timer: from the measured round trip, doubled at each
 * timeout, restarted by each ACK of new data and by no other; a segment sent
 * twice gives no sample.
 *
 * RFC: 6298 2, 3, 5; 9293 3.8.1, 3.8.3. FEATURES 3.2, 7
 */
#include "../host/segtest.h"

static u32 rto_of(const struct seg_conn *c)
{
	struct tcp_info info;

	seg_info(c->fd, &info);
	return info.tcpi_rto;
}

/* No SACK: no loss probe stands before the timeout. The round trip takes no
 * time at all, so the RTO is at its minimum of 200 ms. */
RULE("RFC 6298", "5.5", "the RTO is doubled at each timeout");
RULE_AS_LINUX("RFC 6298", "2.5", "the RTO has a maximum", "120 s");
RULE("RFC 9293", "3.8.1", "MUST-19: exponential back-off, slow start, congestion avoidance");
RULE("RFC 9293", "3.8.3", "MUST-20: after R2 retransmissions the connection is ended");
RULE("RFC 9293", "3.8.3", "SHLD-11: R2 corresponds to 100 s at least");
RULE_AS_LINUX("RFC 6298", "2.4", "the RTO has a minimum of one second", "200 ms");
TEST(rto_doubles_at_each_timeout_up_to_120_seconds)
{
	struct seg_conn c;
	u64 wait;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	seg_out(&c, "P. 1:101(100) ack 1");
	for (wait = 200; wait <= 102400; wait *= 2)
		seg_out_at(&c, seg_ms(wait), seg_ms(wait + 2), "P. 1:101(100) ack 1");
	seg_out_at(&c, seg_s(120), seg_s(120) + seg_ms(1), "P. 1:101(100) ack 1");
	seg_out_at(&c, seg_s(120), seg_s(120) + seg_ms(1), "P. 1:101(100) ack 1");
	/* It ends after tcp_retries2: 924.6 s with a RTO of 200 ms. */
	EXPECT_EQ(seg_state(c.fd), TCP_ESTABLISHED);
	seg_sleep(seg_s(600));
	seg_flush();
	EXPECT_EQ(seg_state(c.fd), TCP_CLOSE);
	EXPECT_EQ(seg_error(c.fd), ETIMEDOUT);
	seg_quiet(seg_s(500));
	seg_end();
}

RULE("RFC 6298", "2.2", "the first sample: SRTT = R, RTTVAR = R/2, RTO = SRTT + 4 RTTVAR");
RULE_AS_LINUX("RFC 6298", "2.3",
	      "later samples",
	      "the deviation is the largest of a round trip, and falls once in one");
TEST(rto_follows_the_round_trip_time)
{
	struct seg_conn c;
	struct tcp_info info;
	int listener;

	seg_begin();
	listener = seg_listen(SEG_PORT, 5);
	seg_conn_init(&c);
	seg_in(&c, "S 0:0(0) <mss 1000>");
	seg_out(&c, "S. 0:0(0) ack 1 <mss 1460>");
	seg_sleep(seg_ms(400));
	seg_in(&c, ". 1:1(0) ack 1");
	EXPECT_GE(seg_accept(listener, &c), 0);
	/* RFC 6298 2.2: SRTT 400 ms, RTTVAR 200 ms: RTO = SRTT + 4 RTTVAR */
	seg_info(c.fd, &info);
	EXPECT_EQ(info.tcpi_rtt, 400000);
	EXPECT_EQ(info.tcpi_rttvar, 200000);
	EXPECT_EQ(info.tcpi_rto, 1200000);
	/* 2.3: 7/8 of 400 and 1/8 of 480 is 410; |400 - 480| = 80: 3/4 of 200 and
	 * 1/4 of 80 is 170. Linux keeps the larger deviation for a round trip. */
	EXPECT_EQ(seg_write(&c, 1000, 0), 1000);
	seg_out(&c, "P. 1:1001(1000) ack 1");
	seg_sleep(seg_ms(480));
	seg_in(&c, ". 1:1(0) ack 1001");
	seg_info(c.fd, &info);
	EXPECT_EQ(info.tcpi_rtt, 410000);
	EXPECT_LE(info.tcpi_rto, 1210000);
	EXPECT_GE(info.tcpi_rto, 410000 + 4 * 170000);
	seg_end();
}

RULE("RFC 6298", "3", "Karn: a segment sent twice gives no sample");
RULE("RFC 9293", "3.8.1", "MUST-18: Karn's algorithm");
RULE("RFC 6298", "5.7", "the back-off stays until a sample is taken");
TEST(retransmitted_segment_gives_no_sample_and_backoff_stays)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(rto_of(&c), 200000);
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	seg_out(&c, "P. 1:101(100) ack 1");
	seg_out_at(&c, seg_ms(200), seg_ms(202), "P. 1:101(100) ack 1");
	seg_out_at(&c, seg_ms(400), seg_ms(402), "P. 1:101(100) ack 1");
	seg_sleep(seg_ms(50));
	seg_in(&c, ". 1:1(0) ack 101");
	/* Karn: the backed-off RTO holds until a segment sent once is acknowledged. */
	EXPECT_EQ(rto_of(&c), 800000);
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	seg_out(&c, "P. 101:201(100) ack 1");
	seg_sleep(seg_ms(10));
	seg_in(&c, ". 1:1(0) ack 201");
	EXPECT_LE(rto_of(&c), 220000);
	seg_end();
}

RULE("RFC 7323", "4.1", "a timestamp gives a sample even of a retransmission");
TEST(timestamps_give_a_sample_even_of_a_retransmission)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000,TS val 100 ecr 0", 32768);
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	seg_out(&c, "P. 1:101(100) ack 1 <nop,nop,TS val 0 ecr 101>");
	seg_out_at(&c, seg_ms(200), seg_ms(202), "P. 1:101(100) ack 1 <nop,nop,TS val * ecr 101>");
	EXPECT_EQ(rto_of(&c), 400000);
	seg_sleep(seg_ms(50));
	seg_in(&c, ". 1:1(0) ack 101 <nop,nop,TS val 400 ecr 200>");
	EXPECT_LE(rto_of(&c), 260000);
	seg_end();
}

RULE("RFC 6298", "5.4", "a timeout retransmits the first segment not acknowledged");
RULE("RFC 5681", "3.1", "after a timeout the window is one segment");
TEST(timeout_sends_one_segment_and_slow_start_the_rest)
{
	struct seg_conn c;
	struct tcp_info info;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_write(&c, 4000, 0), 4000);
	EXPECT_EQ(seg_flush(), 4);
	seg_out_at(&c, seg_ms(200), seg_ms(202), ". 1:1001(1000) ack 1");
	seg_none();
	seg_info(c.fd, &info);
	EXPECT_EQ(info.tcpi_ca_state, TCP_CA_Loss);
	EXPECT_EQ(info.tcpi_snd_cwnd, 1);
	/* RFC 9438 4.6: 0.7 of the window that was */
	EXPECT_EQ(info.tcpi_snd_ssthresh, 7);
	seg_in(&c, ". 1:1(0) ack 1001");
	seg_out(&c, ". 1001:2001(1000) ack 1");
	/* Two at once: one packet, cut by the device. */
	seg_out(&c, "P. 2001:3001(1000) ack 1");
	seg_none();
	seg_in(&c, ". 1:1(0) ack 3001");
	seg_out(&c, "P. 3001:4001(1000) ack 1");
	seg_in(&c, ". 1:1(0) ack 4001");
	seg_none();
	/* RFC 6582 4: without SACK it ends when something newer is acknowledged. */
	EXPECT_EQ(seg_write(&c, 1000, 0), 1000);
	seg_out(&c, "P. 4001:5001(1000) ack 1");
	seg_in(&c, ". 1:1(0) ack 5001");
	seg_info(c.fd, &info);
	EXPECT_EQ(info.tcpi_lost, 0);
	EXPECT_EQ(info.tcpi_retrans, 0);
	EXPECT_EQ(info.tcpi_unacked, 0);
	EXPECT_EQ(info.tcpi_total_retrans, 4);
	seg_end();
}

RULE("RFC 6298", "5.3", "an ACK of nothing new does not restart the timer");
TEST(acks_that_acknowledge_nothing_do_not_push_the_timer_back)
{
	struct seg_conn c;
	int i;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	seg_out(&c, "P. 1:101(100) ack 1");
	for (i = 0; i < 19; i++) {
		seg_sleep(seg_ms(10));
		/* Window updates, data, old ACKs: anything but progress. */
		seg_in(&c, ". 1:1(0) ack 1 win %d", 30000 + i);
	}
	seg_none();
	seg_out_at(&c, seg_ms(9), seg_ms(12), "P. 1:101(100) ack 1");
	seg_end();
}

RULE("RFC 6298", "5.3", "an ACK of new data restarts the timer");
TEST(ack_of_new_data_restarts_the_timer)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_write(&c, 2000, 0), 2000);
	EXPECT_EQ(seg_flush(), 2);
	seg_sleep(seg_ms(150));
	seg_in(&c, ". 1:1(0) ack 1001");
	seg_quiet(seg_ms(200));
	seg_end();
}

RULE("RFC 9293", "3.8.1", "a FIN is retransmitted");
TEST(fin_is_retransmitted)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_close(&c), 0);
	seg_out(&c, "F. 1:1(0) ack 1");
	seg_out_at(&c, seg_ms(200), seg_ms(202), "F. 1:1(0) ack 1");
	seg_out_at(&c, seg_ms(400), seg_ms(402), "F. 1:1(0) ack 1");
	seg_in(&c, ". 1:1(0) ack 2");
	seg_none();
	EXPECT_EQ(seg_count(TCP_FIN_WAIT2), 1);
	seg_end();
}

RULE("RFC 6298", "5.7", "a sample forgets the back-off, of window probes too");
TEST(sample_forgets_the_backoff)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	seg_out(&c, "P. 1:101(100) ack 1");
	seg_out_at(&c, seg_ms(200), seg_ms(202), "P. 1:101(100) ack 1");
	seg_out_at(&c, seg_ms(400), seg_ms(402), "P. 1:101(100) ack 1");
	seg_in(&c, ". 1:1(0) ack 101");
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	seg_out(&c, "P. 101:201(100) ack 1");
	seg_in(&c, ". 1:1(0) ack 201 win 0");
	EXPECT_EQ(rto_of(&c), 200000);
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	seg_out_at(&c, seg_ms(200), seg_ms(202), ". 200:200(0) ack 1");
	seg_out_at(&c, seg_ms(400), seg_ms(402), ". 200:200(0) ack 1");
	seg_end();
}

/* RFC 4015, then 6298 5.4: an ACK of the original undoes the loss while the
 * retransmission is still under way; when the timer fires again, the segment is
 * sent again, and counted once. */
TEST(a_segment_whose_loss_was_undone_is_lost_and_counted_again)
{
	struct tcp_info info;
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000,nop,nop,TS val 100 ecr 0", 32768);
	EXPECT_EQ(seg_write(&c, 900, 0), 900);
	seg_out(&c, "P. 1:901(900) ack 1 <nop,nop,TS val 0 ecr 101>");
	seg_out_at(&c, seg_ms(200), seg_ms(202), "P. 1:901(900) ack 1 <*>");
	seg_in(&c, ". 1:1(0) ack 451 <nop,nop,TS val 102 ecr 0>");
	seg_info(c.fd, &info);
	EXPECT_EQ(info.tcpi_lost, 0);
	EXPECT_EQ(info.tcpi_retrans, 1);
	seg_out_at(&c, seg_ms(200), seg_ms(800), "P. 451:901(450) ack 1 <*>");
	seg_info(c.fd, &info);
	EXPECT_EQ(info.tcpi_retrans, 1);
	seg_in(&c, ". 1:1(0) ack 901 <nop,nop,TS val 103 ecr 600>");
	seg_info(c.fd, &info);
	EXPECT_EQ(info.tcpi_retrans, 0);
	seg_end();
}

RULE_AS_LINUX("RFC 9293", "3.8.1", "MAY-4: a retransmission has the IP identification of before",
	      "it has the next one");
TEST(retransmission_has_an_identification_of_its_own)
{
	struct seg_sent first = { .id = 0 }, again = { .id = 0 };
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	EXPECT_TRUE(seg_take(&c, &first));
	seg_sleep(seg_ms(250));
	EXPECT_TRUE(seg_take(&c, &again));
	EXPECT_EQ(again.seq, first.seq);
	EXPECT_EQ(again.len, first.len);
	EXPECT_EQ(again.id, (u16)(first.id + 1));
	seg_end();
}
