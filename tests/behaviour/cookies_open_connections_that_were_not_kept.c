// SPDX-License-Identifier: MIT
/*
 * SYN cookies: when the queue of half-open connections is full the SYN-ACK
 * remembers the SYN for us, and a third ACK that brings it back opens the
 * connection. One that is forged or too old is reset like any other.
 *
 * RFC: 4987 3.6
 */
#include "../host/segtest.h"

static void cookies_always(int *listener)
{
	seg_begin();
	seg_sysctl(tcp_syncookies) = 2;
	*listener = seg_listen(SEG_PORT, 5);
}

RULE("RFC 4987", "3.6", "a SYN cookie opens a connection of which nothing was kept");
TEST(cookie_is_sent_when_the_queue_is_full_and_opens_a_connection)
{
	struct seg_conn half[2], c;
	int listener, i;

	seg_begin();
	listener = seg_listen(SEG_PORT, 1);
	for (i = 0; i < 2; i++) {
		seg_conn_init(&half[i]);
		seg_in(&half[i], "S 0:0(0) <mss 1000>");
		seg_out(&half[i], "S. 0:0(0) ack 1 <mss 1460>");
	}
	seg_conn_init(&c);
	seg_in(&c, "S 0:0(0) <mss 1000>");
	seg_out(&c, "S. 0:0(0) ack 1 <mss 1460>");
	EXPECT_EQ(seg_count(TCP_SYN_RECV), 2);
	EXPECT_EQ(seg_mib(SYNCOOKIESSENT), 1);
	EXPECT_EQ(seg_mib(TCPREQQFULLDOCOOKIES), 1);

	seg_in(&c, ". 1:1(0) ack 1");
	seg_none();
	EXPECT_EQ(seg_mib(SYNCOOKIESRECV), 1);
	EXPECT_GE(seg_accept(listener, &c), 0);
	seg_in(&c, "P. 1:101(100) ack 1");
	seg_out(&c, ". 1:1(0) ack 101");
	EXPECT_EQ(seg_read(&c, 200), 100);
	seg_end();
}

RULE("RFC 4987", "3.6", "a SYN cookie keeps no state");
TEST(cookie_keeps_no_state_and_is_not_repeated)
{
	struct seg_conn c;
	int listener;

	cookies_always(&listener);
	seg_conn_init(&c);
	seg_in(&c, "S 0:0(0) <mss 1000>");
	seg_out(&c, "S. 0:0(0) ack 1 <mss 1460>");
	EXPECT_EQ(seg_count(TCP_SYN_RECV), 0);
	seg_quiet(seg_s(100));
	/* It is good for a minute at least. */
	seg_in(&c, "S 0:0(0) <mss 1000>");
	c.lisn_known = false;
	seg_out(&c, "S. 0:0(0) ack 1 <mss 1460>");
	seg_quiet(seg_s(59));
	seg_in(&c, ". 1:1(0) ack 1");
	seg_none();
	EXPECT_GE(seg_accept(listener, &c), 0);
	seg_end();
}

TEST(cookie_rounds_the_mss_down_and_forgets_other_options)
{
	static const struct {
		const char *syn;
		u32 mss;
	} peers[] = {
		{ "<mss 400>", 400 }, { "<mss 536>", 536 }, { "<mss 1299>", 536 },
		{ "<mss 1300>", 1300 }, { "<mss 1459,sackOK,nop,wscale 5>", 1440 },
		{ "<mss 1460>", 1460 },
	};
	struct tcp_info info;
	struct seg_conn c;
	unsigned int i;
	int listener;

	for (i = 0; i < ARRAY_SIZE(peers); i++) {
		cookies_always(&listener);
		seg_conn_init(&c);
		seg_in(&c, "S 0:0(0) %s", peers[i].syn);
		seg_out(&c, "S. 0:0(0) ack 1 <mss 1460>");
		seg_in(&c, ". 1:1(0) ack 1");
		EXPECT_GE(seg_accept(listener, &c), 0);
		seg_info(c.fd, &info);
		/* Linux: below the smallest of the table it is the smallest. */
		EXPECT_EQ(info.tcpi_snd_mss, max(peers[i].mss, 536U));
		EXPECT_EQ(info.tcpi_options, 0);
		seg_end();
	}
}

RULE_AS_LINUX("RFC 4987", "3.6",
	      "what a cookie forgets",
	      "the timestamp keeps window scale, SACK and ECN");
TEST(cookie_remembers_options_in_the_timestamp)
{
	struct tcp_info info;
	struct seg_conn c;
	int listener;

	cookies_always(&listener);
	seg_conn_init(&c);
	seg_in(&c, "S 0:0(0) <mss 1460,sackOK,TS val 700 ecr 0,nop,wscale 5>");
	seg_out(&c, "S. 0:0(0) ack 1 <mss 1460,sackOK,TS val * ecr 700,nop,wscale 7>");
	seg_in(&c, ". 1:1(0) ack 1 <nop,nop,TS val 710 ecr 0>");
	EXPECT_GE(seg_accept(listener, &c), 0);
	seg_info(c.fd, &info);
	EXPECT_EQ(info.tcpi_options, TCPI_OPT_TIMESTAMPS | TCPI_OPT_SACK | TCPI_OPT_WSCALE);
	EXPECT_TRUE(info.tcpi_snd_wscale == 5);
	EXPECT_TRUE(info.tcpi_rcv_wscale == 7);
	seg_in(&c, "P. 1:11(10) ack 1 <nop,nop,TS val 711 ecr 0>");
	seg_out(&c, ". 1:1(0) ack 11 <nop,nop,TS val * ecr 711>");
	EXPECT_EQ(seg_read(&c, 100), 10);
	seg_end();
}

TEST(cookie_with_data_on_the_third_ack_delivers_it)
{
	struct seg_conn c;
	int listener;

	cookies_always(&listener);
	seg_conn_init(&c);
	seg_in(&c, "S 0:0(0) <mss 1000>");
	seg_out(&c, "S. 0:0(0) ack 1 <mss 1460>");
	seg_in(&c, "P. 1:51(50) ack 1");
	seg_out(&c, ". 1:1(0) ack 51");
	EXPECT_GE(seg_accept(listener, &c), 0);
	EXPECT_EQ(seg_read(&c, 100), 50);
	seg_end();
}

RULE("RFC 4987", "3.6", "a forged or an old cookie opens nothing");
TEST(forged_and_old_cookies_are_reset)
{
	struct seg_conn c, other;
	int listener;

	cookies_always(&listener);
	seg_conn_init(&c);
	seg_in(&c, "S 0:0(0) <mss 1000>");
	seg_out(&c, "S. 0:0(0) ack 1 <mss 1460>");
	/* One more would only be another MSS. */
	seg_in(&c, ". 1:1(0) ack 101");
	seg_out(&c, "R 101:101(0) win 0");
	EXPECT_EQ(seg_mib(SYNCOOKIESFAILED), 1);
	/* Two minutes later it is no good, though others are sent. */
	seg_quiet(seg_s(110));
	seg_conn_init(&other);
	seg_in(&other, "S 0:0(0) <mss 1000>");
	seg_out(&other, "S. 0:0(0) ack 1 <mss 1460>");
	seg_quiet(seg_s(70));
	seg_in(&c, ". 1:1(0) ack 1");
	seg_out(&c, "R 1:1(0) win 0");
	EXPECT_EQ(seg_mib(SYNCOOKIESFAILED), 2);
	EXPECT_EQ(seg_mib(SYNCOOKIESRECV), 0);
	EXPECT_EQ(seg_accept(listener, &c), -EAGAIN);
	seg_end();
}

/* The third ACK and a first segment of one to three bytes are lost: what follows
 * acknowledges the right cookie, but from a number that no SYN stands before. */
TEST(data_behind_a_lost_byte_is_no_third_ack)
{
	struct seg_conn c;
	int listener;
	u32 lost;

	cookies_always(&listener);
	for (lost = 1; lost <= 3; lost++) {
		seg_conn_init(&c);
		seg_in(&c, "S 0:0(0) <mss 1460>");
		seg_out(&c, "S. 0:0(0) ack 1 <mss 1460>");
		switch (lost) {
		case 1:
			seg_in(&c, "P. 2:12(10) ack 1");
			break;
		case 2:
			seg_in(&c, "P. 3:13(10) ack 1");
			break;
		default:
			seg_in(&c, "P. 4:14(10) ack 1");
		}
		seg_out(&c, "R 1:1(0) win 0");
		EXPECT_EQ(seg_accept(listener, &c), -EAGAIN);
	}
	EXPECT_EQ(seg_mib(SYNCOOKIESFAILED), 3);
	seg_end();
}

TEST(ack_is_no_cookie_while_none_were_sent)
{
	struct seg_conn c;
	int listener;

	cookies_always(&listener);
	seg_conn_init(&c);
	c.lisn = 12345;
	c.lisn_known = true;
	seg_in(&c, ". 1:1(0) ack 1");
	seg_out(&c, "R 1:1(0) win 0");
	EXPECT_EQ(seg_mib(SYNCOOKIESFAILED), 0);
	seg_end();
}

TEST(cookie_used_twice_opens_one_connection)
{
	struct seg_conn c;
	int listener;

	cookies_always(&listener);
	seg_conn_init(&c);
	seg_in(&c, "S 0:0(0) <mss 1000>");
	seg_out(&c, "S. 0:0(0) ack 1 <mss 1460>");
	seg_in(&c, ". 1:1(0) ack 1");
	seg_in(&c, ". 1:1(0) ack 1");
	seg_none();
	EXPECT_EQ(seg_count(TCP_ESTABLISHED), 1);
	EXPECT_GE(seg_accept(listener, &c), 0);
	EXPECT_EQ(seg_accept(listener, &c), -EAGAIN);
	seg_end();
}

RULE("RFC 4987", "3.2", "half-open connections are bounded: beyond, a SYN is dropped, never reset");
TEST(full_queue_without_cookies_drops_the_syn)
{
	struct seg_conn half[2], c;
	int i;

	seg_begin();
	seg_sysctl(tcp_syncookies) = 0;
	EXPECT_GE(seg_listen(SEG_PORT, 1), 0);
	for (i = 0; i < 2; i++) {
		seg_conn_init(&half[i]);
		seg_in(&half[i], "S 0:0(0) <mss 1000>");
		seg_out(&half[i], "S. 0:0(0) ack 1 <mss 1460>");
	}
	seg_conn_init(&c);
	seg_in(&c, "S 0:0(0) <mss 1000>");
	seg_none();
	EXPECT_EQ(seg_drops(TCP_REQQFULL), 1);
	EXPECT_EQ(seg_mib(TCPREQQFULLDROP), 1);
	seg_end();
}
