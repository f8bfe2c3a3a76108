// SPDX-License-Identifier: MIT
/*
 * A retransmission that turns out needless, by a timestamp, by a D-SACK or by
 * F-RTO, gives the congestion window back; one that was needed does not.
 *
 * RFC: 3522 and 4015 (Eifel), 5682 (F-RTO), 2883 and 3708 (D-SACK)
 */
#include "../host/segtest.h"

static void begin(void)
{
	seg_begin();
	EXPECT_EQ(tcp_set_default_congestion_control(seg_net, "reno"), 0);
	/* The timeout is to be seen, not the probe before it. */
	seg_sysctl(tcp_early_retrans) = 0;
}

/* Ten segments of twenty are in flight; the window is in use. */
static void ten_in_flight(struct seg_conn *c, const char *opts)
{
	seg_passive(c, opts, 60000);
	EXPECT_EQ(seg_write(c, 20000, 0), 20000);
	EXPECT_EQ(seg_flush(), 10);
}

static void expect_window(const struct seg_conn *c, u32 at_least, bool undone)
{
	struct tcp_info info;

	seg_info(c->fd, &info);
	if (undone) {
		EXPECT_GE(info.tcpi_snd_cwnd, at_least);
		EXPECT_GT(info.tcpi_snd_ssthresh, 1000000);
	} else {
		EXPECT_LT(info.tcpi_snd_cwnd, at_least);
		EXPECT_EQ(info.tcpi_snd_ssthresh, 5);
	}
}

static void fast_retransmit_by_dupacks(struct seg_conn *c)
{
	unsigned int i;

	ten_in_flight(c, "mss 1012,TS val 100 ecr 0");
	seg_sleep(seg_ms(50));
	for (i = 0; i < 3; i++) {
		seg_in(c, ". 1:1(0) ack 1 <nop,nop,TS val 150 ecr 0>");
		/* Closer together, and limited transmit waits for more to send. */
		seg_sleep(seg_ms(2));
	}
	seg_out(c, "p. 10001:11001(1000) ack 1 <*>");
	seg_out(c, "p. 11001:12001(1000) ack 1 <*>");
	seg_out(c, "p. 1:1001(1000) ack 1 <nop,nop,TS val 54 ecr 150>");
	expect_window(c, 10, false);
}

RULE("RFC 3522", "3.2", "Eifel: an ACK with the timestamp of the original shows a needless fast "
     "retransmission; the window comes back");
TEST(timestamp_of_the_original_undoes_a_fast_retransmission)
{
	struct seg_conn c;

	begin();
	fast_retransmit_by_dupacks(&c);
	seg_in(&c, ". 1:1(0) ack 12001 <nop,nop,TS val 160 ecr 0>");
	expect_window(&c, 10, true);
	EXPECT_EQ(seg_mib(TCPFULLUNDO), 1);
	seg_flush();
	seg_end();
}

RULE("RFC 3522", "3.2", "Eifel: an ACK with the timestamp of the retransmission undoes nothing");
TEST(timestamp_of_the_retransmission_undoes_nothing)
{
	struct seg_conn c;

	begin();
	fast_retransmit_by_dupacks(&c);
	seg_in(&c, ". 1:1(0) ack 12001 <nop,nop,TS val 160 ecr 54>");
	expect_window(&c, 10, false);
	EXPECT_EQ(seg_mib(TCPFULLUNDO), 0);
	seg_flush();
	seg_end();
}

RULE("RFC 3522", "3.2", "Eifel: the timestamp shows a needless timeout; the window comes back");
TEST(timestamp_of_the_original_undoes_a_timeout)
{
	struct seg_conn c;
	struct tcp_info info;

	begin();
	ten_in_flight(&c, "mss 1012,TS val 100 ecr 0");
	seg_out_at(&c, seg_ms(200), seg_ms(202), "p. 1:1001(1000) ack 1 <*>");
	expect_window(&c, 10, false);
	seg_in(&c, ". 1:1(0) ack 1001 <nop,nop,TS val 300 ecr 0>");
	expect_window(&c, 10, true);
	EXPECT_EQ(seg_mib(TCPLOSSUNDO), 1);
	seg_flush();
	seg_in(&c, ". 1:1(0) ack 10001 <nop,nop,TS val 301 ecr 0>");
	seg_info(c.fd, &info);
	EXPECT_EQ(info.tcpi_total_retrans, 1);
	seg_flush();
	seg_end();
}

static void expect_ca_state(const struct seg_conn *c, int state)
{
	struct tcp_info info;

	seg_info(c->fd, &info);
	EXPECT_EQ(info.tcpi_ca_state, state);
}

/* As in Linux: even when all was acknowledged that the state was about. */
TEST(timeout_undone_without_sack_is_left_with_the_next_ack)
{
	struct seg_conn c;

	begin();
	seg_passive(&c, "mss 1012,TS val 100 ecr 0", 60000);
	EXPECT_EQ(seg_write(&c, 2000, 0), 2000);
	EXPECT_EQ(seg_flush(), 2);
	seg_out_at(&c, seg_ms(200), seg_ms(202), "p. 1:1001(1000) ack 1 <*>");
	EXPECT_EQ(seg_write(&c, 1000, 0), 1000);
	seg_in(&c, ". 1:1(0) ack 1001 <nop,nop,TS val 300 ecr 200>");
	seg_out(&c, "P. 2001:3001(1000) ack 1 <*>");
	seg_in(&c, ". 1:1(0) ack 3001 <nop,nop,TS val 301 ecr 0>");
	EXPECT_EQ(seg_mib(TCPLOSSUNDO), 1);
	expect_ca_state(&c, TCP_CA_Loss);
	EXPECT_EQ(seg_write(&c, 1000, 0), 1000);
	seg_out(&c, "P. 3001:4001(1000) ack 1 <*>");
	seg_in(&c, ". 1:1(0) ack 4001 <nop,nop,TS val 302 ecr 400>");
	expect_ca_state(&c, TCP_CA_Open);
	seg_end();
}

RULE("RFC 2883", "5", "D-SACKs of every retransmission give the window back");
TEST(dsack_of_every_retransmission_undoes_the_reduction)
{
	struct tcp_info info;
	struct seg_conn c;
	u32 delivered;

	begin();
	ten_in_flight(&c, "mss 1000,sackOK");
	seg_sleep(seg_ms(20));
	seg_in(&c, ". 1:1(0) ack 1 <nop,nop,sack 1001:4001>");
	seg_out(&c, "p. 1:1001(1000) ack 1");
	seg_flush();
	expect_window(&c, 10, false);
	/* The original was only late, and then comes the copy. */
	seg_in(&c, ". 1:1(0) ack 4001");
	expect_window(&c, 10, false);
	seg_info(c.fd, &info);
	delivered = info.tcpi_delivered;
	seg_in(&c, ". 1:1(0) ack 4001 <nop,nop,sack 1:1001>");
	EXPECT_EQ(seg_mib(TCPDSACKUNDO), 1);
	expect_window(&c, 10, true);
	/* The copy was delivered as well. */
	seg_info(c.fd, &info);
	EXPECT_EQ(info.tcpi_delivered, delivered + 1);
	seg_flush();
	seg_end();
}

RULE("RFC 2883", "5", "a D-SACK of one of two retransmissions undoes nothing");
TEST(dsack_of_one_of_two_retransmissions_undoes_nothing)
{
	struct seg_conn c;
	struct tcp_info info;

	begin();
	ten_in_flight(&c, "mss 1000,sackOK");
	seg_sleep(seg_ms(20));
	seg_in(&c, ". 1:1(0) ack 1 <nop,nop,sack 2001:10001>");
	seg_info(c.fd, &info);
	EXPECT_EQ(info.tcpi_total_retrans, 2);
	seg_flush();
	seg_in(&c, ". 1:1(0) ack 10001");
	seg_in(&c, ". 1:1(0) ack 10001 <nop,nop,sack 1:1001>");
	EXPECT_EQ(seg_mib(TCPDSACKUNDO), 0);
	expect_window(&c, 10, false);
	seg_in(&c, ". 1:1(0) ack 10001 <nop,nop,sack 1001:2001>");
	EXPECT_EQ(seg_mib(TCPDSACKUNDO), 1);
	seg_flush();
	seg_end();
}

/* The timeout of ten segments, and the late ACK of the first. */
static void timeout_and_late_ack(struct seg_conn *c)
{
	ten_in_flight(c, "mss 1000,sackOK");
	seg_out_at(c, seg_ms(200), seg_ms(202), "p. 1:1001(1000) ack 1");
	expect_window(c, 10, false);
	seg_in(c, ". 1:1(0) ack 1001");
}

RULE("RFC 5682", "3.1", "F-RTO: after the first ACK new data is sent; a second ACK of what was "
     "never retransmitted shows a needless timeout");
TEST(frto_finds_a_needless_timeout)
{
	struct seg_conn c;
	struct tcp_info info;

	begin();
	timeout_and_late_ack(&c);
	seg_out(&c, "p. 10001:11001(1000) ack 1");
	seg_out(&c, "p. 11001:12001(1000) ack 1");
	seg_none();
	seg_in(&c, ". 1:1(0) ack 2001");
	EXPECT_EQ(seg_mib(TCPSPURIOUSRTOS), 1);
	expect_window(&c, 10, true);
	seg_info(c.fd, &info);
	EXPECT_EQ(info.tcpi_total_retrans, 1);
	EXPECT_EQ(info.tcpi_ca_state, TCP_CA_Open);
	seg_flush();
	seg_end();
}

RULE("RFC 5682", "3.1", "F-RTO: a duplicate ACK after the new data shows that the loss was real");
TEST(frto_finds_a_real_loss)
{
	struct seg_conn c;
	struct tcp_info info;

	begin();
	timeout_and_late_ack(&c);
	EXPECT_EQ(seg_flush(), 2);
	seg_in(&c, ". 1:1(0) ack 1001 <nop,nop,sack 10001:11001>");
	seg_out(&c, "p. 1001:2001(1000) ack 1");
	seg_flush();
	seg_info(c.fd, &info);
	EXPECT_EQ(info.tcpi_ca_state, TCP_CA_Loss);
	/* Then an original that arrived after all proves nothing any more. */
	seg_in(&c, ". 1:1(0) ack 1001 <nop,nop,sack 5001:6001 10001:11001>");
	EXPECT_EQ(seg_mib(TCPSPURIOUSRTOS), 0);
	seg_flush();
	seg_end();
}

RULE("RFC 5682", "2.1", "F-RTO: an ACK of everything after the timeout decides nothing");
TEST(frto_needs_two_acks)
{
	struct seg_conn c;

	begin();
	ten_in_flight(&c, "mss 1000,sackOK");
	seg_out_at(&c, seg_ms(200), seg_ms(202), "p. 1:1001(1000) ack 1");
	seg_in(&c, ". 1:1(0) ack 1 <nop,nop,sack 1001:2001>");
	EXPECT_EQ(seg_mib(TCPSPURIOUSRTOS), 1);
	seg_flush();
	seg_end();

	/* Without SACK a duplicate ACK is none of new data. */
	begin();
	ten_in_flight(&c, "mss 1000");
	seg_out_at(&c, seg_ms(200), seg_ms(202), "p. 1:1001(1000) ack 1");
	seg_in(&c, ". 1:1(0) ack 10001");
	EXPECT_EQ(seg_mib(TCPSPURIOUSRTOS), 0);
	expect_window(&c, 10, false);
	seg_flush();
	seg_end();
}

RULE_AS_LINUX("RFC 5682", "2.1", "F-RTO is a choice", "tcp_frto switches it off");
TEST(frto_can_be_switched_off)
{
	struct seg_conn c;

	begin();
	seg_sysctl(tcp_frto) = 0;
	timeout_and_late_ack(&c);
	seg_out(&c, "p. 1001:2001(1000) ack 1");
	seg_out(&c, "p. 2001:3001(1000) ack 1");
	seg_none();
	seg_end();
}
