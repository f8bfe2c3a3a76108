// SPDX-License-Identifier: MIT
/*
 * ICMP errors: in SYN-SENT they end the attempt, later they are remembered only;
 * what is not about data in flight is ignored; fragmentation needed makes
 * segments smaller.
 *
 * RFC: 9293 3.9.2.2 (MUST-55, 56), 5927, 1191, 5461
 */
#include "../host/segtest.h"

#include <uapi/linux/icmp.h>

static void connecting(struct seg_conn *c)
{
	seg_conn_init(c);
	EXPECT_EQ(seg_connect_start(c), -EINPROGRESS);
	seg_out(c, "S 0:0(0) <*>");
}

RULE_AS_LINUX("RFC 9293", "3.9.2.2",
	      "SHLD-26: hard errors (destination unreachable 2 to 4) end the connection",
	      "in SYN-SENT they do");
RULE("RFC 5927", "5.2", "hard errors end an attempt, not a connection");
TEST(hard_errors_end_an_attempt_to_connect)
{
	static const struct {
		u8 code;
		int err;
	} errors[] = {
		{ ICMP_PORT_UNREACH, ECONNREFUSED }, { ICMP_PROT_UNREACH, ENOPROTOOPT },
		{ ICMP_NET_UNREACH, ENETUNREACH }, { ICMP_HOST_UNREACH, EHOSTUNREACH },
		{ ICMP_HOST_ANO, EHOSTUNREACH }, { ICMP_PKT_FILTERED, EHOSTUNREACH },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(errors); i++) {
		struct seg_conn c;

		seg_begin();
		connecting(&c);
		seg_icmp(&c, ICMP_DEST_UNREACH, errors[i].code, 0, 0);
		seg_none();
		EXPECT_EQ(seg_state(c.fd), TCP_CLOSE);
		EXPECT_EQ(seg_error(c.fd), errors[i].err);
		seg_end();
	}
}

RULE("RFC 5927", "4.1", "an error about a sequence number that is not in flight is ignored");
TEST(error_about_another_syn_is_ignored)
{
	struct seg_conn c;

	seg_begin();
	connecting(&c);
	seg_icmp(&c, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0, 1000);
	seg_icmp(&c, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0, (u32)-1);
	EXPECT_EQ(seg_state(c.fd), TCP_SYN_SENT);
	EXPECT_EQ(seg_mib(OUTOFWINDOWICMPS), 2);
	seg_end();
}

RULE("RFC 9293", "3.9.2.2", "MUST-56: soft errors do not end a connection");
RULE("RFC 5927", "5.2", "hard errors do not end an established connection");
TEST(errors_do_not_end_an_established_connection)
{
	struct seg_conn c;
	u8 code;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	seg_out(&c, "P. 1:101(100) ack 1");
	for (code = 0; code <= 15; code++)
		if (code != ICMP_FRAG_NEEDED)
			seg_icmp(&c, ICMP_DEST_UNREACH, code, 0, 1);
	seg_icmp(&c, ICMP_TIME_EXCEEDED, 0, 0, 1);
	seg_icmp(&c, ICMP_SOURCE_QUENCH, 0, 0, 1);
	seg_icmp(&c, ICMP_PARAMETERPROB, 0, 0, 1);
	EXPECT_EQ(seg_state(c.fd), TCP_ESTABLISHED);
	/* Linux: SO_ERROR tells of the last one, and forgets it. */
	EXPECT_EQ(seg_error(c.fd), EPROTO);
	EXPECT_EQ(seg_error(c.fd), 0);
	seg_flush();
	seg_in(&c, ". 1:1(0) ack 101");
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	seg_out(&c, "P. 101:201(100) ack 1");
	seg_end();
}

RULE_AS_LINUX("RFC 9293", "3.9.2.2",
	      "SHLD-25: soft errors are told to the program",
	      "when the connection ends by them, or with IP_RECVERR");
TEST(soft_error_is_told_when_the_connection_times_out)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	seg_icmp(&c, ICMP_DEST_UNREACH, ICMP_HOST_UNREACH, 0, 1);
	seg_sleep(seg_s(1200));
	seg_flush();
	EXPECT_EQ(seg_error(c.fd), EHOSTUNREACH);
	seg_end();
}

RULE("RFC 1191", "6.3",
     "\"fragmentation needed\" makes segments smaller; they are sent again at once");
RULE("RFC 9293", "3.7.2", "path MTU discovery");
RULE("RFC 9293", "3.7.1", "SHLD-6: the size of segments follows the MTU of the path");
RULE("RFC 9293", "3.9.2.2", "MUST-54: ICMP errors are acted upon");
TEST(fragmentation_needed_makes_segments_smaller)
{
	struct seg_conn c;
	struct tcp_info info;

	seg_begin();
	seg_passive(&c, "mss 1460", 32768);
	EXPECT_EQ(seg_write(&c, 1460, 0), 1460);
	seg_out(&c, "P. 1:1461(1460) ack 1");
	seg_icmp(&c, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, 1000, 1);
	/* Again at once, in two parts. */
	seg_out(&c, ". 1:961(960) ack 1");
	seg_out(&c, "P. 961:1461(500) ack 1");
	seg_info(c.fd, &info);
	EXPECT_EQ(info.tcpi_snd_mss, 960);
	EXPECT_EQ(info.tcpi_pmtu, 1000);
	seg_in(&c, ". 1:1(0) ack 1461");
	seg_none();
	seg_end();
}

RULE_AS_LINUX("RFC 5927", "7.2",
	      "a path MTU that is too small is not believed",
	      "not below min_pmtu: 552");
TEST(absurd_path_mtu_is_not_believed)
{
	struct seg_conn c;
	struct tcp_info info;

	seg_begin();
	seg_passive(&c, "mss 1460", 32768);
	EXPECT_EQ(seg_write(&c, 1460, 0), 1460);
	seg_flush();
	seg_icmp(&c, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, 20, 1);
	seg_flush();
	seg_info(c.fd, &info);
	EXPECT_GE(info.tcpi_snd_mss, 500);
	/* Nor one about data that is not in flight. */
	seg_icmp(&c, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, 600, 100000);
	seg_flush();
	EXPECT_GE(seg_mib(OUTOFWINDOWICMPS), 1);
	/* Nor one that would make it larger. */
	seg_icmp(&c, ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED, 9000, 1);
	seg_flush();
	seg_info(c.fd, &info);
	EXPECT_LE(info.tcpi_snd_mss, 1460);
	seg_end();
}

RULE("RFC 5927", "4.1", "an error that quotes too little is ignored");
TEST(truncated_quote_is_ignored)
{
	struct seg_conn c;
	size_t quoted;

	seg_begin();
	connecting(&c);
	for (quoted = 0; quoted < 8; quoted++) {
		seg_icmp_cut(&c, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0, 0, quoted);
		EXPECT_EQ(seg_state(c.fd), TCP_SYN_SENT);
	}
	EXPECT_EQ(seg_drops(PKT_TOO_SMALL), 8);
	c.lport++;
	seg_icmp(&c, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0, 0);	/* nobody's */
	c.lport--;
	EXPECT_EQ(seg_state(c.fd), TCP_SYN_SENT);
	seg_icmp_cut(&c, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0, 0, 8);
	EXPECT_EQ(seg_state(c.fd), TCP_CLOSE);
	seg_end();
}
