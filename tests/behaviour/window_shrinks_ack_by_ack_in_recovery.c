// SPDX-License-Identifier: MIT
/*
 * Proportional rate reduction: in recovery the window goes down to ssthresh over
 * a round trip, a segment for every so many delivered, and up to it again as ACKs
 * show that it is safe. NewReno leaves recovery beyond `recover` only. An idle
 * sender begins with the window of a new connection.
 *
 * RFC: 9937, 6582, 5681 4.1
 */
#include "../host/segtest.h"

static void begin(void)
{
	seg_begin();
	EXPECT_EQ(tcp_set_default_congestion_control(seg_net, "reno"), 0);
}

static struct tcp_info info_of(const struct seg_conn *c)
{
	struct tcp_info info;

	seg_info(c->fd, &info);
	return info;
}

/* Twenty segments are in flight, 10001 to 30001; the round trip takes 20 ms. */
static void twenty_in_flight(struct seg_conn *c, const char *opts)
{
	seg_passive_rtt(c, opts, 60000, seg_ms(20));
	EXPECT_EQ(seg_setsockopt(c->fd, SOL_SOCKET, SO_SNDBUF, 400000), 0);
	EXPECT_EQ(seg_write(c, 60000, 0), 60000);
	EXPECT_EQ(seg_flush(), 10);
	seg_sleep(seg_ms(20));
	seg_in(c, ". 1:1(0) ack 10001");
	EXPECT_EQ(seg_flush(), 20);
	EXPECT_EQ(info_of(c).tcpi_snd_cwnd, 20);
	seg_sleep(seg_ms(20));
}

RULE("RFC 9937", "6.2", "above ssthresh one segment is sent for every two delivered "
     "(ssthresh is half of the flight)");
TEST(reduction_is_spread_over_the_round_trip)
{
	struct seg_conn c;
	u32 next = 32001, end;
	unsigned int odd = 0;

	begin();
	twenty_in_flight(&c, "mss 1000,sackOK");
	/* 10001 is lost. Limited transmit, then the retransmission. */
	seg_in(&c, ". 1:1(0) ack 10001 <nop,nop,sack 11001:12001>");
	seg_out(&c, "p. 30001:31001(1000) ack 1");
	/* Closer together, and it would wait for more to send. */
	seg_sleep(seg_ms(2));
	seg_in(&c, ". 1:1(0) ack 10001 <nop,nop,sack 11001:13001>");
	seg_out(&c, "p. 31001:32001(1000) ack 1");
	seg_in(&c, ". 1:1(0) ack 10001 <nop,nop,sack 11001:14001>");
	seg_out(&c, "p. 10001:11001(1000) ack 1");
	seg_none();
	EXPECT_EQ(info_of(&c).tcpi_snd_ssthresh, 10);
	for (end = 15001; end <= 29001; end += 1000) {
		seg_in(&c, ". 1:1(0) ack 10001 <nop,nop,sack 11001:%u>", end);
		if (++odd % 2 == 0) {
			seg_out(&c, "p. %u:%u(1000) ack 1", next, next + 1000);
			next += 1000;
		}
		seg_none();
	}
	/* In flight are as many as the window is to be. */
	seg_in(&c, ". 1:1(0) ack 10001 <nop,nop,sack 11001:30001>");
	seg_none();
	EXPECT_EQ(info_of(&c).tcpi_unacked - info_of(&c).tcpi_sacked, 10);
	seg_in(&c, ". 1:1(0) ack 32001");
	EXPECT_EQ(info_of(&c).tcpi_snd_cwnd, 10);
	EXPECT_EQ(info_of(&c).tcpi_ca_state, TCP_CA_Open);
	seg_flush();
	seg_end();
}

RULE("RFC 9937", "6.2", "below ssthresh as much is sent as is delivered, and one more only while "
     "ACKs advance and nothing more is lost");
TEST(below_ssthresh_the_window_grows_with_safe_acks_only)
{
	struct seg_conn c;

	begin();
	seg_passive_rtt(&c, "mss 1000,sackOK", 60000, seg_ms(20));
	EXPECT_EQ(seg_write(&c, 20000, 0), 20000);
	EXPECT_EQ(seg_flush(), 10);
	seg_sleep(seg_ms(20));
	/* Seven of ten are lost, three are delivered. */
	seg_in(&c, ". 1:1(0) ack 1 <nop,nop,sack 7001:10001>");
	seg_out(&c, "p. 1:1001(1000) ack 1");
	seg_out(&c, "p. 1001:2001(1000) ack 1");
	seg_out(&c, "p. 2001:3001(1000) ack 1");
	seg_none();
	EXPECT_EQ(info_of(&c).tcpi_snd_ssthresh, 5);
	seg_sleep(seg_ms(20));
	seg_in(&c, ". 1:1(0) ack 1001 <nop,nop,sack 7001:10001>");
	seg_out(&c, "p. 3001:4001(1000) ack 1");
	seg_out(&c, "p. 4001:5001(1000) ack 1");
	seg_none();
	seg_in(&c, ". 1:1(0) ack 2001 <nop,nop,sack 7001:10001>");
	seg_out(&c, "p. 5001:6001(1000) ack 1");
	seg_out(&c, "p. 6001:7001(1000) ack 1");
	seg_none();
	seg_flush();
	seg_end();
}

RULE("RFC 6582", "3.2", "duplicate ACKs at `recover` begin no second recovery");
TEST(duplicate_acks_at_recover_begin_no_second_recovery)
{
	struct seg_conn c;
	unsigned int i;

	begin();
	seg_passive(&c, "mss 1000", 60000);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_SOCKET, SO_SNDBUF, 400000), 0);
	EXPECT_EQ(seg_write(&c, 60000, 0), 60000);
	EXPECT_EQ(seg_flush(), 10);
	for (i = 0; i < 3; i++)
		seg_in(&c, ". 1:1(0) ack 1");
	EXPECT_EQ(seg_flush(), 3);
	EXPECT_EQ(seg_mib(TCPFASTRETRANS), 1);
	EXPECT_EQ(info_of(&c).tcpi_snd_ssthresh, 5);
	seg_in(&c, ". 1:1(0) ack 12001");
	EXPECT_GE(seg_flush(), 1);
	/* These come of segments that had been sent twice. */
	for (i = 0; i < 4; i++)
		seg_in(&c, ". 1:1(0) ack 12001");
	EXPECT_EQ(seg_mib(TCPFASTRETRANS), 1);
	EXPECT_EQ(info_of(&c).tcpi_snd_ssthresh, 5);
	seg_flush();
	/* Beyond it three mean what they always do. */
	seg_in(&c, ". 1:1(0) ack 13001");
	EXPECT_EQ(info_of(&c).tcpi_ca_state, TCP_CA_Open);
	for (i = 14001; i <= 20001; i += 1000)
		seg_in(&c, ". 1:1(0) ack %u", i);
	seg_flush();
	for (i = 0; i < 3; i++)
		seg_in(&c, ". 1:1(0) ack 20001");
	/* An ACK of everything was no sign of reordering. */
	EXPECT_EQ(info_of(&c).tcpi_reordering, 3);
	EXPECT_EQ(seg_mib(TCPFASTRETRANS), 2);
	seg_flush();
	seg_end();
}

/* Sends @len more after @idle, and counts segments. */
static unsigned int burst_after(struct seg_conn *c, u64 idle)
{
	seg_in(c, ". 1:1(0) ack 60001");
	seg_flush();
	/* Whatever the ACKs made of it, it is more than an initial window. */
	EXPECT_GE(info_of(c).tcpi_snd_cwnd, 20);
	seg_sleep(idle);
	EXPECT_EQ(seg_write(c, 50000, 0), 50000);
	return seg_flush();
}

static void grow(struct seg_conn *c)
{
	unsigned int acked;

	twenty_in_flight(c, "mss 1000");
	for (acked = 12001; acked <= 50001; acked += 2000)
		seg_in(c, ". 1:1(0) ack %u", acked);
	seg_flush();
}

RULE("RFC 5681", "4.1", "after an idle time longer than the RTO the window is an initial one");
TEST(idle_sender_begins_with_an_initial_window)
{
	struct seg_conn c;

	begin();
	grow(&c);
	EXPECT_EQ(burst_after(&c, seg_s(10)), 10);
	seg_end();
}

RULE_AS_LINUX("RFC 5681", "4.1", "the window falls at once when the sender was idle",
	      "by half for each RTO, not below the initial window");
TEST(window_is_halved_for_each_rto_of_idle_time)
{
	struct seg_conn c;
	u32 cwnd;

	begin();
	grow(&c);
	seg_in(&c, ". 1:1(0) ack 60001");
	cwnd = info_of(&c).tcpi_snd_cwnd;
	EXPECT_GE(cwnd, 40);
	seg_flush();
	EXPECT_EQ(burst_after(&c, info_of(&c).tcpi_rto * 1000UL * 3 / 2), cwnd / 2);
	EXPECT_EQ(info_of(&c).tcpi_snd_cwnd, cwnd / 2);
	seg_end();
}

RULE_AS_LINUX("RFC 5681", "4.1", "slow start after idle is a rule",
	      "tcp_slow_start_after_idle switches it off");
TEST(slow_start_after_idle_can_be_switched_off)
{
	struct seg_conn c;

	begin();
	seg_sysctl(tcp_slow_start_after_idle) = 0;
	grow(&c);
	EXPECT_GE(burst_after(&c, seg_s(10)), 20);
	seg_end();
}
