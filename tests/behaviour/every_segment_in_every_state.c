// SPDX-License-Identifier: MIT
/*
 * Each kind of segment, with each kind of sequence and acknowledgement number, in
 * each of the eleven states: what is answered, what state follows and how much is
 * received has to be what segment_model.c says, which knows nothing of the stack.
 *
 * RFC: 9293 3.10.7; 5961; 1122 4.2.2.13; 1337
 */
#include "../host/segtest.h"
#include "segment_grid.h"

RULE("RFC 9293", "3.10.7.1", "CLOSED: every kind of segment");
TEST(every_segment_in_closed)
{
	EXPECT_EQ(segment_grid_run(M_CLOSED, 0), 378);
}

RULE("RFC 9293", "3.10.7.2", "LISTEN: every kind of segment");
TEST(every_segment_in_listen)
{
	segment_grid_run(M_LISTEN, 0);
}

RULE("RFC 9293", "3.10.7.3", "SYN-SENT: every kind of segment");
TEST(every_segment_in_syn_sent)
{
	segment_grid_run(M_SYN_SENT, 0);
}

RULE("RFC 9293", "3.10.7.4", "SYN-RECEIVED: every kind of segment");
TEST(every_segment_in_syn_received)
{
	segment_grid_run(M_SYN_RECEIVED, 0);
}

RULE("RFC 9293", "3.10.7.4", "ESTABLISHED: every kind of segment");
TEST(every_segment_in_established)
{
	segment_grid_run(M_ESTABLISHED, 0);
}

RULE("RFC 9293", "3.10.7.4", "FIN-WAIT-1: every kind of segment");
TEST(every_segment_in_fin_wait_1)
{
	segment_grid_run(M_FIN_WAIT_1, 0);
}

RULE("RFC 9293", "3.10.7.4", "FIN-WAIT-2: every kind of segment");
TEST(every_segment_in_fin_wait_2)
{
	segment_grid_run(M_FIN_WAIT_2, 0);
}

RULE("RFC 9293", "3.10.7.4", "CLOSE-WAIT: every kind of segment");
TEST(every_segment_in_close_wait)
{
	segment_grid_run(M_CLOSE_WAIT, 0);
}

RULE("RFC 9293", "3.10.7.4", "CLOSING: every kind of segment");
TEST(every_segment_in_closing)
{
	segment_grid_run(M_CLOSING, 0);
}

RULE("RFC 9293", "3.10.7.4", "LAST-ACK: every kind of segment");
TEST(every_segment_in_last_ack)
{
	segment_grid_run(M_LAST_ACK, 0);
}

RULE("RFC 9293", "3.10.7.4", "TIME-WAIT: every kind of segment");
TEST(every_segment_in_time_wait)
{
	segment_grid_run(M_TIME_WAIT, 0);
}
