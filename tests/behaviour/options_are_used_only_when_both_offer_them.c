// SPDX-License-Identifier: MIT
/*
 * Window scale, timestamps and SACK are answered when they are offered, and used
 * when both sides did.
 *
 * RFC: 7323 1.3, 2.2, 3.2; 2018 2
 */
#include "../host/segtest.h"

RULE("RFC 9293", "3.7.1", "MUST-14: the MSS option is sent and received");
RULE("RFC 7323", "2.2", "a SYN-ACK scales only if the SYN did");
RULE("RFC 2018", "2", "SACK-permitted is sent on a SYN-ACK only if it was on the SYN");
RULE("RFC 9293", "3.1", "MUST-4: EOL, NOP and MSS are known");
RULE("RFC 9293", "3.7.1", "SHLD-5: the MSS option is sent");
RULE("RFC 9293", "3.7.1", "MUST-67: the MSS that is sent comes of the MTU");
RULE("RFC 9293", "3.1", "MUST-68: every option but EOL and NOP has a length");
RULE_AS_LINUX("RFC 9293", "3.1",
	      "MUST-69: the header is padded",
	      "with NOPs, before options; nothing is behind EOL");
TEST(syn_ack_answers_what_the_syn_offers)
{
	unsigned int i;
	static const char *const offers[][2] = {
		{ "mss 1000", "<mss 1460>" },
		{ "mss 1000,nop,wscale 7", "<mss 1460,nop,wscale 7>" },
		{ "mss 1000,sackOK", "<mss 1460,nop,nop,sackOK>" },
		{ "mss 1000,TS val 100 ecr 0", "<mss 1460,nop,nop,TS val 0 ecr 100>" },
		{ "mss 1000,sackOK,nop,wscale 7", "<mss 1460,nop,nop,sackOK,nop,wscale 7>" },
		{ "mss 1000,sackOK,TS val 100 ecr 0", "<mss 1460,sackOK,TS val 0 ecr 100>" },
		{ "mss 1000,TS val 100 ecr 0,nop,wscale 7",
		  "<mss 1460,nop,nop,TS val 0 ecr 100,nop,wscale 7>" },
		{ "mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 7",
		  "<mss 1460,sackOK,TS val 0 ecr 100,nop,wscale 7>" },
	};

	for (i = 0; i < ARRAY_SIZE(offers); i++) {
		struct seg_conn c;

		seg_begin();
		EXPECT_GE(seg_listen(SEG_PORT, 5), 0);
		seg_conn_init(&c);
		seg_in(&c, "S 0:0(0) <%s>", offers[i][0]);
		/* 64 KiB in whole segments, of 1448 bytes with timestamps. */
		seg_out(&c, "S. 0:0(0) ack 1 win %d %s",
			strstr(offers[i][0], "TS") ? 65160 : 64240, offers[i][1]);
		seg_end();
	}
}

TEST(sysctls_take_options_out_of_the_offer)
{
	struct seg_conn c;

	seg_begin();
	seg_sysctl(tcp_timestamps) = 0;
	seg_sysctl(tcp_window_scaling) = 0;
	seg_conn_init(&c);
	EXPECT_EQ(seg_connect_start(&c), -EINPROGRESS);
	seg_out(&c, "S 0:0(0) win 64240 <mss 1460,nop,nop,sackOK>");
	seg_end();
	seg_begin();
	seg_sysctl(tcp_sack) = 0;
	EXPECT_GE(seg_listen(SEG_PORT, 5), 0);
	seg_conn_init(&c);
	seg_in(&c, "S 0:0(0) <mss 1000,sackOK>");
	seg_out(&c, "S. 0:0(0) ack 1 <mss 1460>");
	seg_end();
}

RULE("RFC 7323", "2.2", "the window of a SYN is never scaled");
TEST(window_is_scaled_after_the_handshake_only)
{
	struct seg_conn c;
	struct tcp_info info;
	int listener;

	seg_begin();
	/* 65535 in the SYN are 65535 bytes; 20 afterwards are 5120. */
	listener = seg_listen(SEG_PORT, 5);
	seg_conn_init(&c);
	seg_in(&c, "S 0:0(0) win 65535 <mss 1000,nop,wscale 8>");
	seg_out(&c, "S. 0:0(0) ack 1 win 64240 <mss 1460,nop,wscale 7>");
	seg_in(&c, ". 1:1(0) ack 1 win 20");
	EXPECT_GE(seg_accept(listener, &c), 0);
	seg_info(c.fd, &info);
	EXPECT_EQ(info.tcpi_snd_wnd, 20 << 8);
	EXPECT_EQ(info.tcpi_options & TCPI_OPT_WSCALE, TCPI_OPT_WSCALE);
	seg_in(&c, "P. 1:11(10) ack 1 win 20");
	seg_out(&c, ". 1:1(0) ack 11 win 502");
	seg_end();
}

RULE("RFC 7323", "2.3", "a shift above 14 is taken as 14");
TEST(shift_above_14_is_taken_as_14)
{
	struct seg_conn c;
	struct tcp_info info;

	seg_begin();
	seg_passive(&c, "mss 1000,nop,wscale 15", 1);
	seg_info(c.fd, &info);
	EXPECT_TRUE(info.tcpi_snd_wscale == 14);
	EXPECT_EQ(info.tcpi_snd_wnd, 1 << 14);
	seg_end();
}

RULE("RFC 7323", "3.2", "timestamps stand on every segment once agreed");
RULE("RFC 9293", "3.7.1", "MUST-65: the MSS option stands on SYNs alone");
TEST(timestamps_stand_on_every_segment_once_agreed)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000,TS val 100 ecr 0", 32768);
	seg_sleep(seg_ms(50));
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	seg_out(&c, "P. 1:101(100) ack 1 <nop,nop,TS val 50 ecr 101>");
	seg_in(&c, ". 1:1(0) ack 101 <nop,nop,TS val 200 ecr 50>");
	seg_in(&c, "P. 1:11(10) ack 101 <nop,nop,TS val 210 ecr 50>");
	seg_out(&c, ". 101:101(0) ack 11 <nop,nop,TS val 50 ecr 210>");
	EXPECT_EQ(seg_close(&c), 0);
	seg_out(&c, "R. 101:101(0) ack 11 <nop,nop,TS val 50 ecr 210>");
	seg_end();
}

RULE("RFC 9293", "3.7.1", "MUST-16: the size of options is taken off the segment");
TEST(options_make_segments_smaller)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000,TS val 100 ecr 0", 32768);
	EXPECT_EQ(seg_write(&c, 1000, 0), 1000);
	seg_out(&c, ". 1:989(988) ack 1 <nop,nop,TS val 0 ecr 101>");
	seg_out(&c, "P. 989:1001(12) ack 1 <nop,nop,TS val 0 ecr 101>");
	seg_end();

	/* SACK blocks come and go: they count while they are there. */
	seg_begin();
	seg_passive(&c, "mss 1000,sackOK", 32768);
	seg_in(&c, "P. 101:201(100) ack 1");
	seg_out(&c, ". 1:1(0) ack 1 <nop,nop,sack 101:201>");
	EXPECT_EQ(seg_write(&c, 1000, 0), 1000);
	seg_out(&c, ". 1:989(988) ack 1 <nop,nop,sack 101:201>");
	seg_out(&c, "P. 989:1001(12) ack 1 <nop,nop,sack 101:201>");
	seg_end();
}

TEST(timestamps_stand_on_what_follows_a_syn_ack_that_agreed)
{
	struct seg_conn c;

	seg_begin();
	seg_sysctl(tcp_timestamps) = 1;
	seg_active(&c, "mss 1000,TS val 100 ecr 0", 32768);
	EXPECT_EQ(seg_write(&c, 1000, 0), 1000);
	seg_out(&c, ". 1:989(988) ack 1 <nop,nop,TS val * ecr 100>");
	seg_out(&c, "P. 989:1001(12) ack 1 <nop,nop,TS val * ecr 100>");
	seg_end();
}

RULE("RFC 7323", "3.2", "timestamps that were not agreed are ignored, not sent");
TEST(timestamps_not_agreed_are_ignored)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_in(&c, "P. 1:11(10) ack 1 <nop,nop,TS val 500 ecr 0>");
	seg_out(&c, ". 1:1(0) ack 11");
	seg_in(&c, "P. 11:21(10) ack 1 <nop,nop,TS val 1 ecr 0>");
	seg_out(&c, ". 1:1(0) ack 21");
	EXPECT_EQ(seg_read(&c, 100), 20);
	seg_end();
}

RULE("RFC 9293", "3.7.1", "MAY-3: the MSS option is sent always, also where it says 536");
TEST(mss_of_536_is_sent_as_any_other)
{
	struct seg_conn c;

	seg_begin();
	seg_conn_init(&c);
	c.fd = seg_socket();
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_TCP, TCP_MAXSEG, 536), 0);
	EXPECT_EQ(seg_connect_start(&c), -EINPROGRESS);
	seg_out(&c, "S 0:0(0) <mss 536,sackOK,TS val 0 ecr 0,nop,wscale 7>");
	seg_end();
}
