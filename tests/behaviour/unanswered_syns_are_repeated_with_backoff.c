// SPDX-License-Identifier: MIT
/*
 * SYN and SYN-ACK without an answer: again after 1 s, doubling, until the
 * configured number of tries.
 *
 * RFC: 6298 2.1, 5.5; 9293 3.8.3 (R2 for SYN)
 */
#include "../host/segtest.h"

#define SYN_OPTS "<mss 1460,sackOK,TS val * ecr 0,nop,wscale 7>"

RULE("RFC 9293", "3.8.3", "MUST-22: SYNs are retransmitted by the same rules");
RULE("RFC 6298", "2.1", "before a sample the RTO is one second");
TEST(syn_is_repeated_after_1_2_4_8_16_32_seconds)
{
	struct seg_conn c;
	u64 wait;

	seg_begin();
	seg_sysctl(tcp_syn_linear_timeouts) = 0;
	seg_conn_init(&c);
	EXPECT_EQ(seg_connect_start(&c), -EINPROGRESS);
	seg_out(&c, "S 0:0(0) " SYN_OPTS);
	for (wait = 1; wait <= 32; wait *= 2)
		seg_out_at(&c, seg_s(wait) - seg_ms(1), seg_s(wait) + seg_ms(1),
			   "S 0:0(0) " SYN_OPTS);
	seg_quiet(seg_s(63));
	EXPECT_EQ(seg_state(c.fd), TCP_SYN_SENT);
	seg_quiet(seg_s(2));
	EXPECT_EQ(seg_state(c.fd), TCP_CLOSE);
	EXPECT_EQ(seg_error(c.fd), ETIMEDOUT);
	EXPECT_EQ(seg_mib(TCPABORTONTIMEOUT), 1);
	seg_end();
}

RULE_AS_LINUX("RFC 9293", "3.8.3",
	      "MUST-23: a SYN is retransmitted for three minutes at least",
	      "tcp_syn_retries: 6, after tcp_syn_linear_timeouts: 4; 67 s in all");
TEST(first_four_syn_timeouts_are_linear_by_default)
{
	static const u8 waits[] = { 1, 1, 1, 1, 1, 2 };
	struct seg_conn c;
	unsigned int i;

	seg_begin();
	seg_conn_init(&c);
	EXPECT_EQ(seg_connect_start(&c), -EINPROGRESS);
	seg_out(&c, "S 0:0(0) " SYN_OPTS);
	for (i = 0; i < ARRAY_SIZE(waits); i++)
		seg_out_at(&c, seg_s(waits[i]) - seg_ms(1), seg_s(waits[i]) + seg_ms(1),
			   "S 0:0(0) " SYN_OPTS);
	seg_end();
}

TEST(linear_syn_timeouts_come_on_top_of_the_retries)
{
	struct seg_conn c;
	unsigned int i;

	seg_begin();
	seg_sysctl(tcp_syn_linear_timeouts) = 2;
	seg_sysctl(tcp_syn_retries) = 1;
	seg_conn_init(&c);
	EXPECT_EQ(seg_connect_start(&c), -EINPROGRESS);
	seg_out(&c, "S 0:0(0) " SYN_OPTS);
	for (i = 0; i < 2; i++)
		seg_out_at(&c, seg_s(1) - seg_ms(1), seg_s(1) + seg_ms(1), "S 0:0(0) " SYN_OPTS);
	seg_quiet(seg_s(10));
	EXPECT_EQ(seg_error(c.fd), ETIMEDOUT);
	seg_end();
}

RULE_AS_LINUX("RFC 9293", "3.8.3",
	      "MUST-21: a program can set R2",
	      "TCP_SYNCNT for a SYN, TCP_USER_TIMEOUT for data");
TEST(tcp_syncnt_bounds_the_tries)
{
	struct seg_conn c;

	seg_begin();
	seg_sysctl(tcp_syn_linear_timeouts) = 0;
	seg_conn_init(&c);
	c.fd = seg_socket();
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_TCP, TCP_SYNCNT, 1), 0);
	EXPECT_EQ(seg_connect_start(&c), -EINPROGRESS);
	seg_out(&c, "S 0:0(0) " SYN_OPTS);
	seg_out_at(&c, seg_ms(999), seg_ms(1001), "S 0:0(0) " SYN_OPTS);
	seg_quiet(seg_ms(2100));
	EXPECT_EQ(seg_error(c.fd), ETIMEDOUT);
	seg_end();
}

TEST(user_timeout_does_not_lengthen_what_syncnt_bounds)
{
	struct seg_conn c;

	seg_begin();
	seg_sysctl(tcp_syn_linear_timeouts) = 1;
	seg_conn_init(&c);
	c.fd = seg_socket();
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_TCP, TCP_SYNCNT, 1), 0);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_TCP, TCP_USER_TIMEOUT, 60000), 0);
	EXPECT_EQ(seg_connect_start(&c), -EINPROGRESS);
	seg_out(&c, "S 0:0(0) " SYN_OPTS);
	seg_out_at(&c, seg_ms(999), seg_ms(1001), "S 0:0(0) " SYN_OPTS);
	seg_out_at(&c, seg_ms(999), seg_ms(1001), "S 0:0(0) " SYN_OPTS);
	seg_quiet(seg_ms(2100));
	EXPECT_EQ(seg_error(c.fd), ETIMEDOUT);
	seg_end();
}

RULE_AS_LINUX("RFC 9293", "3.8.3",
	      "a SYN-ACK is repeated, and then forgotten",
	      "tcp_synack_retries: 5");
TEST(syn_ack_is_repeated_after_1_2_4_8_16_seconds_and_then_forgotten)
{
	struct seg_conn c;
	u64 wait;

	seg_begin();
	EXPECT_GE(seg_listen(SEG_PORT, 5), 0);
	seg_conn_init(&c);
	seg_in(&c, "S 0:0(0) <mss 1000>");
	seg_out(&c, "S. 0:0(0) ack 1 <mss 1460>");
	for (wait = 1; wait <= 16; wait *= 2)
		seg_out_at(&c, seg_s(wait) - seg_ms(1), seg_s(wait) + seg_ms(1),
			   "S. 0:0(0) ack 1 <mss 1460>");
	EXPECT_EQ(seg_count(TCP_SYN_RECV), 1);
	seg_quiet(seg_s(33));
	EXPECT_EQ(seg_count(TCP_SYN_RECV), 0);
	/* Nobody remembers it: the late ACK is reset. */
	seg_in(&c, ". 1:1(0) ack 1");
	seg_out(&c, "R 1:1(0) win 0");
	seg_end();
}

RULE("RFC 6298", "5.7", "after a lost SYN the RTO is three seconds for data");
TEST(rto_is_3_seconds_after_a_lost_syn)
{
	struct seg_conn c;

	seg_begin();
	seg_conn_init(&c);
	EXPECT_EQ(seg_connect_start(&c), -EINPROGRESS);
	seg_out(&c, "S 0:0(0) " SYN_OPTS);
	seg_out_at(&c, seg_ms(999), seg_ms(1001), "S 0:0(0) " SYN_OPTS);
	seg_sleep(seg_ms(10));
	seg_in(&c, "S. 0:0(0) ack 1 <mss 1000>");
	seg_out(&c, ". 1:1(0) ack 1");
	/* RFC 5681 3.1: and one segment only. */
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	seg_out(&c, "P. 1:101(100) ack 1");
	seg_out_at(&c, seg_ms(2990), seg_ms(3010), "P. 1:101(100) ack 1");
	seg_end();
}
