// SPDX-License-Identifier: MIT
/*
 * Initial sequence numbers and ephemeral ports: unrelated between tuples, moving
 * forward for one; ports random, in their range, never one in use.
 *
 * RFC: 9293 3.4.1 (MUST-8), 6528, 6056 3.3
 */
#include "../host/segtest.h"

#define TRIES 200

static u32 isn_of_syn(u16 *port)
{
	struct seg_conn c;

	seg_conn_init(&c);
	c.rport = 80;
	EXPECT_EQ(seg_connect_start(&c), -EINPROGRESS);
	seg_out(&c, "S 0:0(0) <*>");
	if (port)
		*port = c.lport;
	EXPECT_EQ(seg_close(&c), 0);
	return c.lisn;
}

RULE("RFC 6528", "3", "numbers of different tuples are unrelated");
RULE("RFC 9293", "3.4.1", "SHLD-1: initial numbers hold a keyed hash of the tuple");
RULE("RFC 9293", "3.4.1", "MUST-9: the hash cannot be computed from outside");
TEST(initial_numbers_of_different_tuples_are_unrelated)
{
	u32 isn[TRIES];
	unsigned int i, j, near = 0, high = 0;

	seg_begin();
	for (i = 0; i < TRIES; i++) {
		isn[i] = isn_of_syn(NULL);
		high += isn[i] >> 31;
		for (j = 0; j < i; j++)
			near += isn[i] - isn[j] + 50000 < 100000;
	}
	/* 20000 pairs, each near by chance once in 43000. */
	EXPECT_LE(near, 6);
	EXPECT_GT(high, TRIES / 4);
	EXPECT_LT(high, TRIES * 3 / 4);
	seg_end();
}

RULE("RFC 6528", "3", "the number of the same tuple moves forward with the clock");
RULE("RFC 9293", "3.4.1", "MUST-8: initial numbers go with the clock");
TEST(initial_number_of_a_tuple_moves_forward)
{
	struct seg_conn c;
	u32 before_isn, after_isn;

	seg_begin();
	seg_conn_init(&c);
	before_isn = tcp_v4_init_seq(seg_net, htonl(SEG_HOST), htonl(SEG_PEER), htons(80),
				     htons(c.rport));
	seg_sleep(seg_s(1));
	after_isn = tcp_v4_init_seq(seg_net, htonl(SEG_HOST), htonl(SEG_PEER), htons(80),
				    htons(c.rport));
	/* A step in 64 ns */
	EXPECT_EQ(after_isn - before_isn, 1000000000U / 64);
	seg_end();
}

RULE("RFC 6056", "3.3.3", "ephemeral ports are random, within the range");
TEST(ephemeral_ports_are_random_and_in_range)
{
	u16 port[TRIES];
	unsigned int i, j, same = 0, successors = 0;

	seg_begin();
	for (i = 0; i < TRIES; i++) {
		isn_of_syn(&port[i]);
		EXPECT_GE(port[i], 32768);
		EXPECT_LE(port[i], 60999);
		for (j = 0; j < i; j++)
			same += port[i] == port[j];
		successors += i && port[i] == port[i - 1] + 1;
	}
	EXPECT_LE(same, 8);
	EXPECT_LE(successors, 3);
	seg_end();
}

RULE("RFC 6056", "3.1", "a port whose tuple is in use is not given again");
TEST(ephemeral_port_in_use_is_not_given_again)
{
	struct seg_conn c[16], full;
	unsigned int i, j;

	seg_begin();
	seg_sysctl(local_port_range)[0] = 40000;
	seg_sysctl(local_port_range)[1] = 40015;
	for (i = 0; i < 16; i++) {
		seg_conn_init(&c[i]);
		c[i].rport = 80;
		EXPECT_EQ(seg_connect_start(&c[i]), -EINPROGRESS);
		seg_out(&c[i], "S 0:0(0) <*>");
		EXPECT_GE(c[i].lport, 40000);
		EXPECT_LE(c[i].lport, 40015);
		for (j = 0; j < i; j++)
			EXPECT_NE(c[i].lport, c[j].lport);
	}
	seg_conn_init(&full);
	full.rport = 80;
	EXPECT_EQ(seg_connect_start(&full), -EADDRNOTAVAIL);
	/* To another port all of them are free. */
	full.rport = 81;
	EXPECT_EQ(seg_connect_start(&full), -EINPROGRESS);
	seg_out(&full, "S 0:0(0) <*>");
	seg_end();
}
