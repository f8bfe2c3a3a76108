// SPDX-License-Identifier: MIT
/*
 * TCP speaks to single hosts: a SYN to a broadcast or multicast address, or from
 * one, is dropped without a word, even where somebody listens.
 *
 * RFC: 9293 3.9.2.3 (MUST-57), 1122 3.2.1.3, 3.3.6
 */
#include "../host/segtest.h"

#include <net/checksum.h>

/* Sends a SYN with other addresses. */
static void syn_between(u32 saddr, u32 daddr)
{
	u8 frame[SEG_FRAME_MAX];
	struct seg_conn c;
	struct iphdr *iph;
	size_t len;

	seg_conn_init(&c);
	len = seg_build(&c, frame, "S 0:0(0) <mss 1000>");
	iph = seg_frame_ip(frame);
	iph->saddr = htonl(saddr);
	iph->daddr = htonl(daddr);
	iph->check = 0;
	iph->check = ip_fast_csum(iph, 5);
	seg_fix_checksum(frame, len);
	seg_inject(frame, len);
	seg_none();
}

RULE("RFC 9293", "3.9.2.3",
     "MUST-57: a segment to a broadcast or multicast address gets no answer");
TEST(syn_to_a_broadcast_or_multicast_address_gets_no_answer)
{
	seg_begin();
	EXPECT_GE(seg_listen(SEG_PORT, 5), 0);
	syn_between(SEG_PEER, 0x0a0000ff);
	syn_between(SEG_PEER, 0xffffffff);
	syn_between(SEG_PEER, 0x0a000000);
	syn_between(SEG_PEER, 0xe0000001);
	syn_between(SEG_PEER, 0x0a000007);	/* another host's */
	EXPECT_EQ(seg_count(TCP_SYN_RECV), 0);
	seg_end();
}

RULE("RFC 9293", "3.9.2.3", "MUST-63: a SYN from an address that is no host is ignored");
TEST(syn_from_an_address_that_is_no_host_gets_no_answer)
{
	seg_begin();
	EXPECT_GE(seg_listen(SEG_PORT, 5), 0);
	syn_between(0xffffffff, SEG_HOST);
	syn_between(0x0a0000ff, SEG_HOST);
	syn_between(0xe0000001, SEG_HOST);
	syn_between(0x7f000001, SEG_HOST);
	syn_between(0, SEG_HOST);
	syn_between(SEG_HOST, SEG_HOST);
	EXPECT_EQ(seg_count(TCP_SYN_RECV), 0);
	seg_end();
}

TEST(syn_in_a_link_layer_broadcast_gets_no_answer)
{
	u8 frame[SEG_FRAME_MAX];
	struct seg_conn c;
	size_t len;

	seg_begin();
	EXPECT_GE(seg_listen(SEG_PORT, 5), 0);
	seg_conn_init(&c);
	len = seg_build(&c, frame, "S 0:0(0) <mss 1000>");
	memset(frame, 0xff, 6);
	seg_inject(frame, len);
	seg_none();
	frame[0] = 1;		/* multicast */
	seg_inject(frame, len);
	seg_none();
	len = seg_build(&c, frame, "S 0:0(0) <mss 1000>");
	frame[5] ^= 1;		/* another station */
	seg_inject(frame, len);
	seg_none();
	EXPECT_EQ(seg_count(TCP_SYN_RECV), 0);
	seg_end();
}
