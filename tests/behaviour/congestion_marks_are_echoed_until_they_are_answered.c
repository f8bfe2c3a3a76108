// SPDX-License-Identifier: MIT
/*
 * ECN: agreed on by the SYNs; data alone is sent as ECN-capable, once; a mark is
 * echoed by every ACK until the sender says that it has reduced its window, and
 * it does so once in a window.
 *
 * RFC: 3168 6.1
 */
#include "../host/segtest.h"

static void begin(void)
{
	seg_begin();
	EXPECT_EQ(tcp_set_default_congestion_control(seg_net, "reno"), 0);
}

/* The peer connects and asks for ECN. */
static void ecn_passive(struct seg_conn *c, const char *opts)
{
	int listener = seg_listen(SEG_PORT, 5);

	seg_conn_init(c);
	c->win = 60000;
	seg_in(c, "SEW 0:0(0) <%s>", opts);
	seg_out(c, "S.E 0:0(0) ack 1 <*>");
	seg_in(c, ". 1:1(0) ack 1");
	EXPECT_GE(seg_accept(listener, c), 0);
}

static u32 ssthresh_of(const struct seg_conn *c)
{
	struct tcp_info info;

	seg_info(c->fd, &info);
	return info.tcpi_snd_ssthresh;
}

RULE("RFC 3168", "6.1.1", "a SYN-ACK agrees with ECE alone, to a SYN with ECE and CWR");
RULE("RFC 9293", "3.8.2", "SHLD-8: ECN is there");
TEST(syn_ack_says_yes_to_a_syn_that_asks_for_ecn)
{
	struct seg_conn c;

	begin();
	ecn_passive(&c, "mss 1000");
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	seg_out(&c, "P. 1:101(100) ack 1 ecn 2");
	seg_end();
}

RULE("RFC 3168", "6.1.1", "a SYN that does not ask for ECN gets a plain SYN-ACK");
TEST(syn_ack_to_a_syn_that_does_not_ask_is_plain)
{
	static const char *const syns[] = { "S", "SE", "SW" };
	struct seg_conn c;
	unsigned int i;
	int listener;

	begin();
	listener = seg_listen(SEG_PORT, 5);
	for (i = 0; i < ARRAY_SIZE(syns); i++) {
		seg_conn_init(&c);
		seg_in(&c, "%s 0:0(0) <mss 1000>", syns[i]);
		seg_out(&c, "S. 0:0(0) ack 1 <mss 1460>");
		seg_in(&c, ". 1:1(0) ack 1");
		EXPECT_GE(seg_accept(listener, &c), 0);
		EXPECT_EQ(seg_write(&c, 100, 0), 100);
		seg_out(&c, "P. 1:101(100) ack 1");
	}
	seg_sysctl(tcp_ecn) = 0;
	seg_conn_init(&c);
	seg_in(&c, "SEW 0:0(0) <mss 1000>");
	seg_out(&c, "S. 0:0(0) ack 1 <mss 1460>");
	seg_in(&c, "R 1:1(0)");
	seg_end();
}

RULE_AS_LINUX("RFC 3168", "6.1.1", "a host may ask for ECN when it connects",
	      "not by default (tcp_ecn 2); with tcp_ecn 1 it asks");
TEST(connect_asks_for_ecn_when_it_is_told_to)
{
	struct seg_conn c;

	begin();
	seg_conn_init(&c);
	EXPECT_EQ(seg_connect_start(&c), -EINPROGRESS);
	seg_out(&c, "S 0:0(0) <*>");
	EXPECT_EQ(seg_close(&c), 0);

	seg_sysctl(tcp_ecn) = 1;
	seg_conn_init(&c);
	EXPECT_EQ(seg_connect_start(&c), -EINPROGRESS);
	seg_out(&c, "SEW 0:0(0) <*>");
	seg_in(&c, "S.E 0:0(0) ack 1 <mss 1000>");
	seg_out(&c, ". 1:1(0) ack 1");
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	seg_out(&c, "P. 1:101(100) ack 1 ecn 2");
	seg_end();
}

RULE("RFC 3168", "6.1.1", "a SYN-ACK with ECE and CWR both, or neither, does not agree");
TEST(reflected_bits_of_a_syn_are_no_agreement)
{
	static const char *const answers[] = { "S.", "S.EW", "S.W" };
	struct seg_conn c;
	unsigned int i;

	begin();
	seg_sysctl(tcp_ecn) = 1;
	for (i = 0; i < ARRAY_SIZE(answers); i++) {
		seg_conn_init(&c);
		EXPECT_EQ(seg_connect_start(&c), -EINPROGRESS);
		seg_out(&c, "SEW 0:0(0) <*>");
		seg_in(&c, "%s 0:0(0) ack 1 <mss 1000>", answers[i]);
		seg_out(&c, ". 1:1(0) ack 1");
		EXPECT_EQ(seg_write(&c, 100, 0), 100);
		seg_out(&c, "P. 1:101(100) ack 1");
	}
	seg_end();
}

RULE("RFC 3168", "6.1.1.1", "after a timeout a SYN is sent without ECN");
TEST(second_syn_is_plain)
{
	struct seg_conn c;

	begin();
	seg_sysctl(tcp_ecn) = 1;
	seg_conn_init(&c);
	EXPECT_EQ(seg_connect_start(&c), -EINPROGRESS);
	seg_out(&c, "SEW 0:0(0) <*>");
	seg_out_at(&c, seg_ms(1000), seg_ms(1002), "S 0:0(0) <*>");
	/* What is agreed now counts for nothing. */
	seg_in(&c, "S.E 0:0(0) ack 1 <mss 1000>");
	seg_out(&c, ". 1:1(0) ack 1");
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	seg_out(&c, "P. 1:101(100) ack 1");
	seg_end();
}

RULE("RFC 3168", "6.1.4", "a pure ACK is not ECN-capable");
RULE("RFC 3168", "6.1.5", "a retransmission is not ECN-capable");
TEST(only_new_data_is_ecn_capable)
{
	struct seg_conn c;

	begin();
	ecn_passive(&c, "mss 1000");
	seg_in(&c, "P. 1:101(100) ack 1 ecn 2");
	seg_out(&c, ". 1:1(0) ack 101");
	EXPECT_EQ(seg_read(&c, 100), 100);
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	seg_out(&c, "P. 1:101(100) ack 101 ecn 2");
	seg_out_at(&c, seg_ms(200), seg_ms(202), "P. 1:101(100) ack 101");
	seg_in(&c, ". 101:101(0) ack 101");
	EXPECT_EQ(seg_close(&c), 0);
	seg_out(&c, "F. 101:101(0) ack 101");
	seg_in(&c, "R 101:101(0)");
	seg_end();
}

RULE("RFC 3168", "6.1.5", "a window probe is not ECN-capable");
TEST(window_probe_is_not_ecn_capable)
{
	struct seg_conn c;

	begin();
	ecn_passive(&c, "mss 1000");
	seg_in(&c, ". 1:1(0) ack 1 win 0");
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	seg_out_at(&c, seg_ms(200), seg_ms(202), ". 0:0(0) ack 1");
	seg_in(&c, ". 1:1(0) ack 1 win 1000");
	seg_out(&c, "P. 1:101(100) ack 1 ecn 2");
	seg_end();
}

RULE("RFC 3168", "6.1.3", "after CE every ACK carries ECE, until CWR comes");
TEST(every_ack_after_ce_carries_ece_until_cwr)
{
	struct seg_conn c;

	begin();
	ecn_passive(&c, "mss 1000");
	seg_in(&c, ". 1:1001(1000) ack 1 ecn 2");
	seg_out(&c, ". 1:1(0) ack 1001");
	seg_in(&c, ". 1001:2001(1000) ack 1 ecn 3");
	seg_out(&c, ".E 1:1(0) ack 2001");
	seg_in(&c, ". 2001:3001(1000) ack 1 ecn 2");
	seg_out(&c, ".E 1:1(0) ack 3001");
	/* Data carries it as well. */
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	seg_out(&c, "P.E 1:101(100) ack 3001 ecn 2");
	seg_in(&c, ".W 3001:4001(1000) ack 101 ecn 2");
	seg_out(&c, ". 101:101(0) ack 4001");
	seg_in(&c, ". 4001:5001(1000) ack 101 ecn 2");
	seg_in(&c, ". 5001:6001(1000) ack 101 ecn 2");
	EXPECT_EQ(seg_read(&c, 6000), 6000);
	seg_out(&c, ". 101:101(0) ack 6001");
	seg_end();
}

RULE("RFC 3168", "6.1.3", "a mark on the segment that brings CWR begins anew");
TEST(mark_on_the_segment_with_cwr_begins_anew)
{
	struct seg_conn c;

	begin();
	ecn_passive(&c, "mss 1000");
	seg_in(&c, ". 1:1001(1000) ack 1 ecn 3");
	seg_out(&c, ".E 1:1(0) ack 1001");
	seg_in(&c, ".W 1001:2001(1000) ack 1 ecn 3");
	seg_out(&c, ".E 1:1(0) ack 2001");
	seg_end();
}

RULE("RFC 3168", "6.1.3", "a mark on data that is out of order is echoed");
TEST(mark_on_data_out_of_order_is_echoed)
{
	struct seg_conn c;

	begin();
	ecn_passive(&c, "mss 1000");
	seg_in(&c, ". 1:1001(1000) ack 1 ecn 2");
	seg_out(&c, ". 1:1(0) ack 1001");
	seg_in(&c, ". 2001:3001(1000) ack 1 ecn 3");
	seg_out(&c, ".E 1:1(0) ack 1001");
	seg_in(&c, ". 1001:2001(1000) ack 1");
	seg_out(&c, ".E 1:1(0) ack 3001");
	seg_end();
}

RULE("RFC 3168", "6.1.3", "marks mean nothing where ECN was not agreed");
TEST(mark_without_agreement_is_ignored)
{
	struct seg_conn c;

	begin();
	seg_passive(&c, "mss 1000", 60000);
	seg_in(&c, ". 1:1001(1000) ack 1 ecn 3");
	seg_out(&c, ". 1:1(0) ack 1001");
	EXPECT_EQ(seg_write(&c, 10000, 0), 10000);
	EXPECT_EQ(seg_flush(), 10);
	seg_in(&c, ".E 1001:1001(0) ack 1001");
	EXPECT_GT(ssthresh_of(&c), 1000000);
	seg_flush();
	seg_end();
}

RULE("RFC 3168", "6.1.2", "ECE halves the window, once in a window of data");
RULE("RFC 3168", "6.1.2", "the next new segment after the reduction carries CWR");
TEST(ece_halves_the_window_once_and_cwr_says_so)
{
	struct seg_conn c;
	u32 acked;

	begin();
	ecn_passive(&c, "mss 1000");
	EXPECT_EQ(seg_write(&c, 20000, 0), 20000);
	EXPECT_EQ(seg_flush(), 10);
	seg_in(&c, ".E 1:1(0) ack 1001");
	EXPECT_EQ(ssthresh_of(&c), 5);
	/* Ten in flight shrink to five (PRR): an ACK of two lets one out. */
	seg_out(&c, "p.W 10001:11001(1000) ack 1 ecn 2");
	seg_none();
	for (acked = 3001; acked <= 7001; acked += 2000) {
		seg_in(&c, ".E 1:1(0) ack %u", acked);
		seg_out(&c, "p. %u:%u(1000) ack 1 ecn 2", 10001 + (acked - 1001) / 2,
			11001 + (acked - 1001) / 2);
		seg_none();
	}
	/* Five are left in flight: that is the new window. */
	seg_in(&c, ".E 1:1(0) ack 9001");
	seg_none();
	EXPECT_EQ(ssthresh_of(&c), 5);
	/* All that was out at the mark is acknowledged: a mark counts again. */
	seg_in(&c, ". 1:1(0) ack 13001");
	seg_flush();
	seg_in(&c, ".E 1:1(0) ack 14001");
	EXPECT_LT(ssthresh_of(&c), 5);
	seg_flush();
	seg_end();
}

RULE("RFC 3168", "6.1.2", "after the reduction the window is ssthresh, however few ACKs there were");
TEST(window_is_ssthresh_after_one_ack_of_everything)
{
	struct seg_conn c;
	struct tcp_info info;

	begin();
	ecn_passive(&c, "mss 1000");
	EXPECT_EQ(seg_write(&c, 10000, 0), 10000);
	EXPECT_EQ(seg_flush(), 10);
	seg_in(&c, ".E 1:1(0) ack 1001");
	EXPECT_EQ(seg_write(&c, 1000, 0), 1000);
	seg_out(&c, "p.W 10001:11001(1000) ack 1 ecn 2");
	seg_in(&c, ". 1:1(0) ack 11001");
	seg_info(c.fd, &info);
	EXPECT_EQ(info.tcpi_ca_state, TCP_CA_Open);
	EXPECT_GE(info.tcpi_snd_cwnd, 5);
	EXPECT_LE(info.tcpi_snd_cwnd, 7);
	seg_end();
}

RULE("RFC 3168", "6.1.2", "a retransmission does not carry CWR");
TEST(retransmission_does_not_carry_cwr)
{
	struct seg_conn c;

	begin();
	ecn_passive(&c, "mss 1000");
	EXPECT_EQ(seg_write(&c, 10000, 0), 10000);
	EXPECT_EQ(seg_flush(), 10);
	seg_in(&c, ".E 1:1(0) ack 1001");
	seg_none();
	seg_out_at(&c, seg_ms(190), seg_ms(210), "p. 1001:2001(1000) ack 1");
	seg_in(&c, ". 1:1(0) ack 10001");
	EXPECT_EQ(seg_write(&c, 1000, 0), 1000);
	seg_out(&c, "p.W 10001:11001(1000) ack 1 ecn 2");
	seg_end();
}
