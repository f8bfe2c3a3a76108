// SPDX-License-Identifier: MIT
/*
 * TIME-WAIT lasts 60 s and answers: a retransmitted FIN restarts it, a RST does
 * not end it, a SYN with a higher number or timestamp makes a new connection.
 *
 * RFC: 9293 3.6.1, 3.10.7.4; 1337; 6191
 */
#include "../host/segtest.h"

/* Of the port that time_wait() used. */
static int listener;

static void time_wait(struct seg_conn *c, const char *opts)
{
	const char *ts = strstr(opts, "TS") ? "<nop,nop,TS val 200 ecr 0>" : "";

	listener = seg_listen(SEG_PORT, 5);
	seg_conn_init(c);
	seg_handshake(c, opts, 32768);
	EXPECT_GE(seg_accept(listener, c), 0);
	EXPECT_EQ(seg_close(c), 0);
	seg_out(c, "F. 1:1(0) ack 1 <*>");
	seg_in(c, "F. 1:1(0) ack 2 %s", ts);
	seg_out(c, ". 2:2(0) ack 2 <*>");
	EXPECT_EQ(seg_count(TCP_TIME_WAIT), 1);
}

/* The same ports again, with another ISN. */
static void again(struct seg_conn *c, u32 isn_offset)
{
	c->risn += isn_offset;
	c->lisn_known = false;
	c->ts_known = false;
	c->lisn = 0;
	c->ts_base = 0;
}

RULE("RFC 9293", "3.10.7.4", "TIME-WAIT: a FIN again is acknowledged, and the time begins anew");
TEST(retransmitted_fin_restarts_time_wait)
{
	struct seg_conn c;

	seg_begin();
	time_wait(&c, "mss 1000");
	seg_quiet(seg_s(50));
	seg_in(&c, "F. 1:1(0) ack 2");
	seg_out(&c, ". 2:2(0) ack 2");
	seg_quiet(seg_s(59));
	EXPECT_EQ(seg_count(TCP_TIME_WAIT), 1);
	seg_quiet(seg_s(2));
	EXPECT_EQ(seg_count(TCP_TIME_WAIT), 0);
	seg_end();
}

RULE_AS_LINUX("RFC 1337", "3",
	      "a RST does not end TIME-WAIT",
	      "it does, unless tcp_rfc1337 is set");
TEST(rst_kills_time_wait_unless_rfc1337_is_asked_for)
{
	struct seg_conn c;

	/* Linux's default; RFC 1337 is net.ipv4.tcp_rfc1337. */
	seg_begin();
	time_wait(&c, "mss 1000");
	seg_in(&c, "R 2:2(0)");
	seg_none();
	EXPECT_EQ(seg_count(TCP_TIME_WAIT), 0);
	seg_end();

	seg_begin();
	seg_sysctl(tcp_rfc1337) = 1;
	time_wait(&c, "mss 1000");
	seg_quiet(seg_s(30));
	seg_in(&c, "R 2:2(0)");
	seg_none();
	EXPECT_EQ(seg_count(TCP_TIME_WAIT), 1);
	/* Nor does it last the longer for it. */
	seg_quiet(seg_s(31));
	EXPECT_EQ(seg_count(TCP_TIME_WAIT), 0);
	seg_end();
}

RULE("RFC 9293", "3.10.7.4", "TIME-WAIT: a RST out of the window is ignored");
TEST(rst_outside_the_window_does_not_kill_time_wait)
{
	struct seg_conn c;

	seg_begin();
	time_wait(&c, "mss 1000");
	seg_in(&c, "R 1:1(0)");
	seg_in(&c, "R 70000:70000(0)");
	seg_none();
	EXPECT_EQ(seg_count(TCP_TIME_WAIT), 1);
	seg_end();
}

TEST(old_data_in_time_wait_is_acknowledged)
{
	struct seg_conn c;

	seg_begin();
	time_wait(&c, "mss 1000");
	seg_in(&c, "P. 1:2(1) ack 2");
	seg_out(&c, ". 2:2(0) ack 2");
	seg_sleep(seg_s(1));
	seg_in(&c, "P. 100:200(100) ack 2");
	seg_out(&c, ". 2:2(0) ack 2");
	EXPECT_EQ(seg_count(TCP_TIME_WAIT), 1);
	seg_end();
}

TEST(last_ack_again_is_answered_by_nothing)
{
	struct seg_conn c;

	seg_begin();
	time_wait(&c, "mss 1000");
	seg_in(&c, ". 2:2(0) ack 2");
	seg_none();
	EXPECT_EQ(seg_count(TCP_TIME_WAIT), 1);
	seg_end();
}

RULE("RFC 1122", "4.2.2.13",
     "a SYN with a higher number opens the connection anew, from TIME-WAIT");
RULE("RFC 9293", "3.6.1", "MAY-2: a SYN may open a connection from TIME-WAIT");
TEST(syn_with_a_higher_number_reuses_the_connection)
{
	struct seg_conn c;
	u32 old;

	seg_begin();
	time_wait(&c, "mss 1000");
	old = c.lisn;
	seg_sleep(seg_s(1));
	again(&c, 100000);
	seg_in(&c, "S 0:0(0) <mss 1000>");
	seg_out(&c, "S. 0:0(0) ack 1 <mss 1460>");
	/* RFC 9293 3.6.1: larger than any number of the old one. */
	EXPECT_TRUE(after(c.lisn, old + 2));
	seg_in(&c, ". 1:1(0) ack 1");
	EXPECT_GE(seg_accept(listener, &c), 0);
	EXPECT_EQ(seg_count(TCP_TIME_WAIT), 0);
	EXPECT_EQ(seg_count(TCP_ESTABLISHED), 1);
	seg_end();
}

RULE("RFC 9293", "3.10.7.4", "TIME-WAIT: a SYN with an old number is answered by an ACK");
TEST(syn_with_an_old_number_is_acknowledged)
{
	struct seg_conn c;

	seg_begin();
	time_wait(&c, "mss 1000");
	seg_sleep(seg_s(1));
	seg_in(&c, "S -1000:-1000(0) <mss 1000>");
	seg_out(&c, ". 2:2(0) ack 2");
	EXPECT_EQ(seg_count(TCP_TIME_WAIT), 1);
	/* Its sender resets us, and may then try again. */
	seg_in(&c, "R 2:2(0)");
	EXPECT_EQ(seg_count(TCP_TIME_WAIT), 0);
	again(&c, -1000U);
	seg_in(&c, "S 0:0(0) <mss 1000>");
	seg_out(&c, "S. 0:0(0) ack 1 <mss 1460>");
	seg_end();
}

RULE("RFC 6191", "2", "a SYN with a newer timestamp opens the connection anew");
RULE("RFC 9293", "3.6.1", "SHLD-4: timestamps shorten TIME-WAIT");
TEST(syn_with_a_newer_timestamp_reuses_the_connection)
{
	struct seg_conn c;

	seg_begin();
	time_wait(&c, "mss 1000,TS val 100 ecr 0");
	seg_sleep(seg_s(1));
	again(&c, -1000U);
	seg_in(&c, "S 0:0(0) <mss 1000,TS val 300 ecr 0>");
	seg_out(&c, "S. 0:0(0) ack 1 <mss 1460,nop,nop,TS val * ecr 300>");
	EXPECT_EQ(seg_count(TCP_TIME_WAIT), 0);
	seg_end();
}

RULE("RFC 6191", "2", "a SYN with an older timestamp does not");
RULE("RFC 7323", "5.6", "a SYN of before, with its timestamp, is answered by an ACK in TIME-WAIT");
TEST(syn_with_an_older_timestamp_does_not)
{
	struct seg_conn c;

	seg_begin();
	time_wait(&c, "mss 1000,TS val 100 ecr 0");
	seg_sleep(seg_s(1));
	seg_in(&c, "S 100000:100000(0) <mss 1000,TS val 150 ecr 0>");
	seg_out(&c, ". 2:2(0) ack 2 <nop,nop,TS val * ecr 200>");
	EXPECT_EQ(seg_count(TCP_TIME_WAIT), 1);
	seg_end();
}

RULE("RFC 6191", "2", "of a SYN without a timestamp the number decides");
TEST(syn_without_a_timestamp_is_judged_by_its_number)
{
	struct seg_conn c;

	seg_begin();
	time_wait(&c, "mss 1000,TS val 100 ecr 0");
	seg_sleep(seg_s(1));
	seg_in(&c, "S -1000:-1000(0) <mss 1000>");
	seg_out(&c, ". 2:2(0) ack 2 <nop,nop,TS val * ecr 200>");
	EXPECT_EQ(seg_count(TCP_TIME_WAIT), 1);
	again(&c, 100000);
	seg_in(&c, "S 0:0(0) <mss 1000>");
	seg_out(&c, "S. 0:0(0) ack 1 <mss 1460>");
	EXPECT_EQ(seg_count(TCP_TIME_WAIT), 0);
	seg_end();
}

RULE("RFC 7323", "5.3", "PAWS in TIME-WAIT: a segment with an old timestamp is answered by an ACK");
TEST(old_timestamp_in_time_wait_is_acknowledged)
{
	struct seg_conn c;

	seg_begin();
	time_wait(&c, "mss 1000,TS val 100 ecr 0");
	seg_quiet(seg_s(50));
	seg_in(&c, ". 2:2(0) ack 2 <nop,nop,TS val 150 ecr 0>");
	seg_out(&c, ". 2:2(0) ack 2 <nop,nop,TS val * ecr 200>");
	EXPECT_EQ(seg_mib(PAWS_TW_REJECTED), 1);
	/* With the timestamp of the FIN it would have been the last ACK again. */
	seg_in(&c, ". 2:2(0) ack 2 <nop,nop,TS val 200 ecr 0>");
	seg_none();
	EXPECT_EQ(seg_count(TCP_TIME_WAIT), 1);
	seg_end();
}

RULE("RFC 6191", "2", "a SYN with the same timestamp and an old number does not");
TEST(syn_with_the_same_timestamp_and_an_old_number_does_not)
{
	struct seg_conn c;

	seg_begin();
	time_wait(&c, "mss 1000,TS val 100 ecr 0");
	seg_sleep(seg_s(1));
	seg_in(&c, "S -100000:-100000(0) <mss 1000,TS val 200 ecr 0>");
	seg_out(&c, ". 2:2(0) ack 2 <nop,nop,TS val * ecr 200>");
	EXPECT_EQ(seg_count(TCP_TIME_WAIT), 1);
	seg_end();
}

RULE_AS_LINUX("RFC 5961", "7", "answers in TIME-WAIT are limited",
	      "tcp_invalid_ratelimit, once in half a second");
TEST(answers_in_time_wait_are_limited)
{
	struct seg_conn c;
	unsigned int i, n = 0;

	seg_begin();
	time_wait(&c, "mss 1000");
	for (i = 0; i < 20; i++) {
		seg_in(&c, ". 70000:70000(0) ack 2");
		n += seg_flush();
	}
	EXPECT_EQ(n, 1);
	seg_end();
}

TEST(port_in_time_wait_can_be_bound_with_reuseaddr_only)
{
	struct seg_conn c;
	int fd;

	seg_begin();
	time_wait(&c, "mss 1000");
	c.fd = listener;
	EXPECT_EQ(seg_close(&c), 0);
	fd = seg_socket();
	EXPECT_EQ(seg_bind(fd, SEG_PORT), -EADDRINUSE);
	EXPECT_EQ(seg_setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, 1), 0);
	EXPECT_EQ(seg_bind(fd, SEG_PORT), 0);
	EXPECT_EQ(__sys_listen(fd, 5), 0);
	seg_end();
}

RULE_AS_LINUX("RFC 9293", "3.6.1",
	      "the number of TIME-WAITs has a bound",
	      "tcp_max_tw_buckets: beyond it the connection just ends");
TEST(too_many_time_wait_socks_are_not_kept)
{
	struct seg_conn c;

	seg_begin();
	seg_sysctl(tcp_max_tw_buckets) = 0;
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_close(&c), 0);
	seg_out(&c, "F. 1:1(0) ack 1");
	seg_in(&c, "F. 1:1(0) ack 2");
	seg_flush();
	EXPECT_EQ(seg_count(TCP_TIME_WAIT), 0);
	EXPECT_EQ(seg_mib(TCPTIMEWAITOVERFLOW), 1);
	seg_end();
}
