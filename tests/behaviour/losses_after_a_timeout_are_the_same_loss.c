// SPDX-License-Identifier: MIT
/*
 * What was in flight when the timer ran out is sent again by slow start. Until all of it
 * is acknowledged, no sign of a loss begins a second recovery; and what the peer has
 * SACKed, before or after, is not sent again.
 *
 * RFC: 6675 5.1, 6582 4
 */
#include "../host/segtest.h"

/* Ten segments in flight, reno; the first was lost, and nothing came back. */
static void timed_out(struct seg_conn *c, const char *opts)
{
	seg_begin();
	seg_passive(c, opts, 60000);
	EXPECT_EQ(__sys_setsockopt(c->fd, SOL_TCP, TCP_CONGESTION, "reno", 4), 0);
	/* Neither a probe before the timer, nor a guess that it was needless. */
	seg_sysctl(tcp_early_retrans) = 0;
	seg_sysctl(tcp_frto) = 0;
	EXPECT_EQ(seg_write(c, 10000, 0), 10000);
	EXPECT_EQ(seg_flush(), 10);
	seg_out_at(c, seg_ms(200), seg_ms(202), ". 1:1001(1000) ack 1");
	seg_none();
}

static struct tcp_info info_of(const struct seg_conn *c)
{
	struct tcp_info info;

	seg_info(c->fd, &info);
	return info;
}

/* One reduction, and no recovery but the one that the timer began. */
static void expect_one_loss(const struct seg_conn *c)
{
	struct tcp_info info = info_of(c);

	EXPECT_EQ(info.tcpi_ca_state, TCP_CA_Loss);
	EXPECT_EQ(info.tcpi_snd_ssthresh, 5);
	EXPECT_EQ(seg_mib(TCPTIMEOUTS), 1);
	EXPECT_EQ(seg_mib(TCPSACKRECOVERY), 0);
	EXPECT_EQ(seg_mib(TCPRENORECOVERY), 0);
	EXPECT_EQ(seg_mib(TCPFASTRETRANS), 0);
}

RULE_AS_LINUX("RFC 6675", "5.1", "SACKs are forgotten when the timer runs out",
	      "they are kept, unless the first segment itself was SACKed (reneging)");
TEST(what_was_sacked_before_the_timeout_is_not_sent_again)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000,sackOK", 60000);
	EXPECT_EQ(seg_write(&c, 10000, 0), 10000);
	EXPECT_EQ(seg_flush(), 10);
	seg_in(&c, ". 1:1(0) ack 1 <nop,nop,sack 2001:10001>");
	seg_out(&c, ". 1:1001(1000) ack 1");
	seg_out(&c, ".p 1001:2001(1000) ack 1");
	/* Both were lost again. */
	seg_out_at(&c, seg_ms(200), seg_ms(202), ". 1:1001(1000) ack 1");
	EXPECT_EQ(info_of(&c).tcpi_sacked, 8);
	seg_in(&c, ". 1:1(0) ack 1001 <nop,nop,sack 2001:10001>");
	seg_out(&c, ".p 1001:2001(1000) ack 1");
	seg_in(&c, ". 1:1(0) ack 10001");
	seg_quiet(seg_s(5));
	EXPECT_EQ(info_of(&c).tcpi_total_retrans, 4);
	seg_end();
}

RULE("RFC 6675", "5.1", "SACKs that come after the timeout say what need not be sent again");
TEST(what_is_sacked_after_the_timeout_is_not_sent_again)
{
	struct seg_conn c;

	timed_out(&c, "mss 1000,sackOK");
	seg_in(&c, ". 1:1(0) ack 1001 <nop,nop,sack 3001:8001>");
	seg_out(&c, ". 1001:2001(1000) ack 1");
	seg_out(&c, ".p 2001:3001(1000) ack 1");
	seg_out(&c, ". 8001:9001(1000) ack 1");
	seg_out(&c, ".p 9001:10001(1000) ack 1");
	expect_one_loss(&c);
	seg_in(&c, ". 1:1(0) ack 10001");
	seg_quiet(seg_s(5));
	EXPECT_EQ(info_of(&c).tcpi_total_retrans, 5);
	seg_end();
}

RULE("RFC 6675", "5.1",
     "after a timeout no recovery begins until all that was in flight is acknowledged");
TEST(sacks_after_a_timeout_begin_no_recovery_before_all_is_acknowledged)
{
	struct seg_conn c;
	u32 end;

	timed_out(&c, "mss 1000,sackOK");
	seg_in(&c, ". 1:1(0) ack 1001");
	seg_out(&c, ". 1001:2001(1000) ack 1");
	seg_out(&c, ".p 2001:3001(1000) ack 1");
	/* The first of the two is lost again: many SACKs show it. */
	for (end = 3001; end <= 7001; end += 1000) {
		seg_in(&c, ". 1:1(0) ack 1001 <nop,nop,sack 2001:%u>", end);
		seg_flush();
		expect_one_loss(&c);
	}
	/* Beyond it a loss is a new one. */
	seg_in(&c, ". 1:1(0) ack 10001");
	EXPECT_EQ(info_of(&c).tcpi_ca_state, TCP_CA_Open);
	EXPECT_EQ(seg_write(&c, 5000, 0), 5000);
	EXPECT_EQ(seg_flush(), 5);
	seg_in(&c, ". 1:1(0) ack 10001 <nop,nop,sack 11001:15001>");
	EXPECT_EQ(seg_flush(), 1);
	EXPECT_EQ(seg_mib(TCPSACKRECOVERY), 1);
	EXPECT_EQ(info_of(&c).tcpi_ca_state, TCP_CA_Recovery);
	seg_end();
}

RULE_AS_LINUX("RFC 6675", "5.1", "a retransmission that is lost again, after a timeout",
	      "that is a new loss: a recovery begins");
TEST(retransmission_lost_after_a_timeout_begins_a_recovery)
{
	struct seg_conn c;

	timed_out(&c, "mss 1000,sackOK");
	seg_in(&c, ". 1:1(0) ack 1001");
	EXPECT_EQ(seg_flush(), 2);
	seg_sleep(seg_ms(60));
	/* Sent again after it, and arrived. */
	seg_in(&c, ". 1:1(0) ack 1001 <nop,nop,sack 2001:3001>");
	seg_out(&c, ". 1001:2001(1000) ack 1");
	EXPECT_EQ(seg_mib(TCPLOSTRETRANSMIT), 1);
	EXPECT_EQ(seg_mib(TCPSACKRECOVERY), 1);
	EXPECT_EQ(info_of(&c).tcpi_ca_state, TCP_CA_Recovery);
	seg_end();
}

RULE("RFC 6582", "4",
     "duplicate ACKs after a timeout, below all that was in flight, are no sign of a loss");
TEST(duplicate_acks_after_a_timeout_retransmit_nothing)
{
	struct seg_conn c;
	int i;

	timed_out(&c, "mss 1000");
	seg_in(&c, ". 1:1(0) ack 4001");
	EXPECT_EQ(seg_flush(), 5);
	/* The peer has 4001:10001 already: what is sent twice gives duplicates. */
	for (i = 0; i < 6; i++) {
		seg_in(&c, ". 1:1(0) ack 4001");
		expect_one_loss(&c);
	}
	seg_flush();
	EXPECT_EQ(info_of(&c).tcpi_unacked, 6);
	seg_end();
}

RULE_AS_LINUX("RFC 6582", "4.1", "duplicate ACKs at the end of what was in flight",
	      "they begin nothing, until more than that is acknowledged");
TEST(duplicate_acks_of_all_that_timed_out_begin_no_recovery)
{
	struct seg_conn c;
	int i;

	timed_out(&c, "mss 1000");
	EXPECT_EQ(seg_write(&c, 10000, 0), 10000);
	seg_in(&c, ". 1:1(0) ack 10001");
	EXPECT_GE(seg_flush(), 2);
	for (i = 0; i < 4; i++)
		seg_in(&c, ". 1:1(0) ack 10001");
	expect_one_loss(&c);
	seg_flush();
	/* More: then three mean what they always do. */
	seg_in(&c, ". 1:1(0) ack 11001");
	EXPECT_EQ(info_of(&c).tcpi_ca_state, TCP_CA_Open);
	seg_flush();
	for (i = 0; i < 3; i++)
		seg_in(&c, ". 1:1(0) ack 11001");
	EXPECT_EQ(seg_mib(TCPRENORECOVERY), 1);
	seg_flush();
	seg_end();
}

RULE_AS_LINUX("RFC 8985", "7.2", "a probe is armed to fire no later than the timer it replaces",
	      "a timer that has passed already does not count");
TEST(probe_is_not_sent_at_once_for_a_segment_of_long_ago)
{
	struct seg_conn c;
	u64 probes;

	seg_begin();
	seg_passive_rtt(&c, "mss 1000,sackOK,nop,wscale 7", 32768, seg_ms(40));
	EXPECT_EQ(seg_write(&c, 20000, 0), 20000);
	/* A probe, with the eleventh segment; the timeout. */
	seg_sleep(seg_ms(600));
	seg_flush();
	probes = seg_mib(TCPLOSSPROBES);
	EXPECT_EQ(probes, 1);
	/* All had arrived: the timeout was none. The eleventh is as old as ever. */
	seg_in(&c, ". 1:1(0) ack 10001");
	EXPECT_EQ(seg_mib(TCPSPURIOUSRTOS), 1);
	seg_flush();
	seg_quiet(seg_ms(20));
	EXPECT_EQ(seg_mib(TCPLOSSPROBES), probes);
	seg_end();
}
