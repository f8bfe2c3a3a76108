// SPDX-License-Identifier: MIT
/*
 * Options with lengths of zero, past the end, or wrong for their kind are
 * skipped or end the list; the segment is processed without them.
 *
 * RFC: 9293 3.1, 3.2 (MUST-4, MUST-6, MUST-7, MUST-68)
 */
#include "../host/segtest.h"

struct hostile {
	const char *opts;	/* of the SYN */
	const char *answer;	/* of the SYN-ACK */
};

static const struct hostile syns[] = {
	{ "", "<mss 1460>" },
	{ "eol,mss 1000,sackOK", "<mss 1460>" },		/* behind the end */
	{ "raw 0002,sackOK", "<mss 1460>" },			/* nor has the end a length */
	{ "nop,nop,nop,nop", "<mss 1460>" },
	{ "raw 02", "<mss 1460>" },				/* no length */
	{ "raw 0200,mss 1000", "<mss 1460>" },			/* zero */
	{ "raw 0201,mss 1000", "<mss 1460>" },			/* one */
	{ "raw 0203ff,sackOK", "<mss 1460,nop,nop,sackOK>" },	/* MSS of three */
	{ "raw 0205020202", "<mss 1460>" },			/* MSS of five */
	{ "raw 02040000", "<mss 1460>" },			/* MSS 0 */
	{ "raw 04030004000000", "<mss 1460>" },			/* SACK permitted of 3 */
	{ "raw 03040707", "<mss 1460>" },			/* scale of four */
	{ "raw 0302", "<mss 1460>" },				/* scale of two */
	{ "raw 0809000000000000000000", "<mss 1460>" },		/* timestamps of 9 */
	{ "raw 08ff", "<mss 1460>" },				/* past the end */
	{ "raw 02ff05b4", "<mss 1460>" },
	{ "raw fe08aabbccddeeff,sackOK", "<mss 1460,nop,nop,sackOK>" },	/* unknown */
	{ "raw fe00,sackOK", "<mss 1460>" },			/* unknown, zero */
	{ "raw 0502,sackOK", "<mss 1460,nop,nop,sackOK>" },	/* SACK, empty */
	{ "raw 050a0000000100000002", "<mss 1460>" },		/* SACK on a SYN */
	{ "mss 1000,mss 500", "<mss 1460>" },			/* twice */
	{ "nop,nop,nop,raw 02", "<mss 1460>" },
};

RULE("RFC 9293", "3.1", "MUST-7: an illegal length of an option does no harm");
RULE("RFC 9293", "3.1", "MUST-6: options that are not known are skipped");
TEST(hostile_options_on_a_syn_are_skipped)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(syns); i++) {
		struct seg_conn c;
		int listener;

		seg_begin();
		listener = seg_listen(SEG_PORT, 5);
		seg_conn_init(&c);
		seg_in(&c, "S 0:0(0) <%s>", syns[i].opts);
		seg_out(&c, "S. 0:0(0) ack 1 %s", syns[i].answer);
		seg_in(&c, ". 1:1(0) ack 1");
		EXPECT_GE(seg_accept(listener, &c), 0);
		seg_end();
	}
}

static const char *const data_opts[] = {
	"raw 00", "raw 01", "raw 0800", "raw 0801", "raw 080a", "raw 05", "raw 0500", "raw 0502",
	"raw 0503ff", "raw 0509ffffffffffffff", "raw 050bffffffffffffffffff",
	"raw 0522", "raw 02", "raw 0200", "raw 1300", "raw 1312", "raw ff", "raw ffff", "raw fe00",
	"sack 5:1", "sack 0:0", "sack 100:200 90:95", "sack -5:5",
	"sack 2000000000:-2000000000", "mss 1,wscale 14,sackOK",
	"nop,nop,TS val 1 ecr 1",
};

RULE("RFC 9293", "3.1", "MUST-5: options are taken in any segment");
RULE("RFC 9293", "3.1", "MUST-64: options are read at any alignment");
TEST(hostile_options_on_data_are_skipped)
{
	unsigned int i, at = 1;
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000,sackOK", 32768);
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	seg_out(&c, "P. 1:101(100) ack 1");
	for (i = 0; i < ARRAY_SIZE(data_opts); i++, at += 10) {
		seg_in(&c, "P. %u:%u(10) ack 1 <%s>", at, at + 10, data_opts[i]);
		EXPECT_EQ(seg_read(&c, 100), 10);
	}
	seg_flush();
	seg_in(&c, ". %u:%u(0) ack 101", at, at);
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	seg_out(&c, "P. 101:201(100) ack %u", at);
	seg_end();
}

RULE_AS_LINUX("RFC 9293", "3.7.1",
	      "an absurd MSS does no harm",
	      "raised to 48 less than tcp_min_snd_mss allows");
TEST(tiny_mss_is_raised_to_something_usable)
{
	struct seg_conn c;
	struct tcp_info info;

	seg_begin();
	seg_passive(&c, "mss 1", 32768);
	seg_info(c.fd, &info);
	EXPECT_GE(info.tcpi_snd_mss, 36);
	EXPECT_EQ(seg_write(&c, 500, 0), 500);
	EXPECT_LE(seg_flush(), 14);
	seg_end();
}

RULE("RFC 9293", "3.7.1", "MUST-15: without the MSS option 536 is sent");
TEST(absent_mss_means_536)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "", 32768);
	EXPECT_EQ(seg_write(&c, 600, 0), 600);
	seg_out(&c, ". 1:537(536) ack 1");
	seg_out(&c, "P. 537:601(64) ack 1");
	seg_end();

	/* An MSS of nothing is none. */
	seg_begin();
	seg_passive(&c, "raw 02040000", 32768);
	EXPECT_EQ(seg_write(&c, 600, 0), 600);
	seg_out(&c, ". 1:537(536) ack 1");
	seg_out(&c, "P. 537:601(64) ack 1");
	seg_end();
}

/* Data offsets that cannot be: each is dropped with a reason, nothing else. */
RULE("RFC 9293", "3.1", "a data offset that cannot be is dropped");
TEST(impossible_data_offset_is_dropped)
{
	u8 frame[SEG_FRAME_MAX];
	struct seg_conn c;
	unsigned int doff;
	size_t len;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	for (doff = 0; doff < 16; doff++) {
		u64 drops = seg_net->acct.dropped;

		len = seg_build(&c, frame, "P. 1:5(4) ack 1");
		seg_frame_tcp(frame)->doff = doff & 0xf;
		seg_fix_checksum(frame, len);
		if (doff == 5 || doff == 6)
			continue;
		seg_inject(frame, len);
		EXPECT_EQ(seg_net->acct.dropped, drops + 1);
		seg_none();
	}
	EXPECT_EQ(seg_drops(TCP_HEADER) + seg_drops(PKT_TOO_SMALL), 14);
	EXPECT_EQ(seg_read(&c, 10), -EAGAIN);
	seg_in(&c, "P. 1:5(4) ack 1");
	seg_out(&c, ". 1:1(0) ack 5");
	EXPECT_EQ(seg_read(&c, 10), 4);
	seg_end();
}

RULE("RFC 9293", "3.1", "a truncated header is dropped");
TEST(truncated_header_is_dropped)
{
	u8 frame[SEG_FRAME_MAX];
	struct seg_conn c;
	struct iphdr *iph;
	size_t len;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_build(&c, frame, ". 1:1(0) ack 1");
	iph = seg_frame_ip(frame);
	for (len = 0; len < 20; len++) {
		iph->tot_len = htons((u16)(20 + len));
		iph->check = 0;
		iph->check = ip_fast_csum(iph, 5);
		seg_inject(frame, 14 + 20 + len);
		seg_none();
	}
	EXPECT_EQ(seg_drops(PKT_TOO_SMALL) + seg_drops(TCP_HEADER), 20);
	EXPECT_EQ(seg_state(c.fd), TCP_ESTABLISHED);
	seg_end();
}
