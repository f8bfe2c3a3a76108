// SPDX-License-Identifier: MIT
/*
 * A segment to a port where nobody listens is answered by a RST whose numbers
 * the sender must accept; a RST is answered by nothing.
 *
 * RFC: 9293 3.10.7.1
 */
#include "../host/segtest.h"

static struct seg_conn to_closed_port(void)
{
	struct seg_conn c;

	seg_conn_init(&c);
	c.lport = 9;
	return c;
}

RULE("RFC 9293", "3.10.7.1", "CLOSED: a SYN without ACK gets RST, SEQ 0, ACK = SEG.SEQ + SEG.LEN");
TEST(rst_to_a_syn_acknowledges_the_syn)
{
	struct seg_conn c;

	seg_begin();
	c = to_closed_port();
	seg_in(&c, "S 0:0(0) <mss 1000,sackOK>");
	seg_out(&c, "R. 0:0(0) ack 1 win 0");
	seg_end();
}

RULE("RFC 9293", "3.10.7.1",
     "CLOSED: a SYN with data without ACK gets RST, SEQ 0, ACK = SEG.SEQ + SEG.LEN");
TEST(rst_to_a_syn_with_data_acknowledges_both)
{
	struct seg_conn c;

	seg_begin();
	c = to_closed_port();
	seg_in(&c, "S 0:100(100)");
	seg_out(&c, "R. 0:0(0) ack 101 win 0");
	seg_end();
}

RULE("RFC 9293", "3.10.7.1", "CLOSED: a FIN without ACK gets RST, SEQ 0, ACK = SEG.SEQ + SEG.LEN");
TEST(rst_to_a_fin_without_ack_acknowledges_the_fin)
{
	struct seg_conn c;

	seg_begin();
	c = to_closed_port();
	seg_in(&c, "F 5:15(10)");
	seg_out(&c, "R. 0:0(0) ack 16 win 0");
	seg_end();
}

RULE("RFC 9293", "3.10.7.1", "CLOSED: data without ACK gets RST, SEQ 0, ACK = SEG.SEQ + SEG.LEN");
TEST(rst_to_data_without_ack_acknowledges_the_data)
{
	struct seg_conn c;

	seg_begin();
	c = to_closed_port();
	seg_in(&c, "- 5:15(10)");
	seg_out(&c, "R. 0:0(0) ack 15 win 0");
	seg_end();
}

RULE("RFC 9293", "3.10.7.1", "CLOSED: a segment with ACK gets RST, SEQ = SEG.ACK");
TEST(rst_to_an_ack_takes_its_number)
{
	struct seg_conn c;

	seg_begin();
	c = to_closed_port();
	seg_in(&c, ". 1:1(0) ack 77");
	seg_out(&c, "R 77:77(0) win 0");
	seg_in(&c, "FP. 1:101(100) ack 4294967295");
	seg_out(&c, "R -1:-1(0) win 0");
	seg_in(&c, "S. 0:0(0) ack 5");
	seg_out(&c, "R 5:5(0) win 0");
	EXPECT_EQ(seg_tcp_mib(OUTRSTS), 3);
	seg_end();
}

RULE("RFC 9293", "3.10.7.1", "CLOSED: a RST is answered by nothing");
TEST(rst_is_answered_by_nothing)
{
	struct seg_conn c;

	seg_begin();
	c = to_closed_port();
	seg_in(&c, "R 1:1(0)");
	seg_none();
	seg_in(&c, "R. 1:1(0) ack 1");
	seg_none();
	seg_in(&c, "SR. 1:1(0) ack 1");
	seg_none();
	EXPECT_EQ(seg_drops(NO_SOCKET), 3);
	seg_end();
}
