// SPDX-License-Identifier: MIT
/*
 * The grid, where more has happened than the state says: the program has closed the
 * socket, a window is closed, data lies beyond a gap, SYNs have crossed.
 *
 * RFC: 9293 3.10.7; 5961; 1122 4.2.2.13
 */
#include "../host/segtest.h"
#include "segment_grid.h"

RULE_AS_LINUX("RFC 9293", "3.10.7.4", "SYN-RECEIVED, of SYNs that crossed: every kind of segment",
	      "an ACK of nothing, too, completes it");
TEST(every_segment_after_crossing_syns)
{
	segment_grid_run(M_SYN_RECEIVED, MODEL_CROSSED);
}

RULE("RFC 9293", "3.10.7.4", "closed by its program, in FIN-WAIT-1: every kind of segment");
TEST(every_segment_for_an_orphan_in_fin_wait_1)
{
	segment_grid_run(M_FIN_WAIT_1, MODEL_ORPHAN);
}

RULE("RFC 9293", "3.10.7.4", "closed by its program, in FIN-WAIT-2: every kind of segment");
TEST(every_segment_for_an_orphan_in_fin_wait_2)
{
	segment_grid_run(M_FIN_WAIT_2, MODEL_ORPHAN);
}

RULE("RFC 9293", "3.10.7.4", "closed by its program, in CLOSING: every kind of segment");
TEST(every_segment_for_an_orphan_in_closing)
{
	segment_grid_run(M_CLOSING, MODEL_ORPHAN);
}

RULE("RFC 9293", "3.10.7.4", "closed by its program, in LAST-ACK: every kind of segment");
TEST(every_segment_for_an_orphan_in_last_ack)
{
	segment_grid_run(M_LAST_ACK, MODEL_ORPHAN);
}

RULE("RFC 9293", "3.10.7.4", "closed by its program, in TIME-WAIT: every kind of segment");
TEST(every_segment_for_an_orphan_in_time_wait)
{
	segment_grid_run(M_TIME_WAIT, MODEL_ORPHAN);
}

RULE("RFC 9293", "3.10.7.4", "their window closed, data waits, in ESTABLISHED: every kind of segment");
TEST(every_segment_at_their_closed_window_in_established)
{
	segment_grid_run(M_ESTABLISHED, MODEL_HELD);
}

RULE("RFC 9293", "3.10.7.4", "their window closed, data waits, in FIN-WAIT-1: every kind of segment");
TEST(every_segment_at_their_closed_window_in_fin_wait_1)
{
	segment_grid_run(M_FIN_WAIT_1, MODEL_HELD);
}

RULE("RFC 9293", "3.10.7.4", "their window closed, data waits, in CLOSE-WAIT: every kind of segment");
TEST(every_segment_at_their_closed_window_in_close_wait)
{
	segment_grid_run(M_CLOSE_WAIT, MODEL_HELD);
}

RULE("RFC 9293", "3.10.7.4", "their window closed, data waits, in CLOSING: every kind of segment");
TEST(every_segment_at_their_closed_window_in_closing)
{
	segment_grid_run(M_CLOSING, MODEL_HELD);
}

RULE("RFC 9293", "3.10.7.4", "their window closed, data waits, in LAST-ACK: every kind of segment");
TEST(every_segment_at_their_closed_window_in_last_ack)
{
	segment_grid_run(M_LAST_ACK, MODEL_HELD);
}

RULE("RFC 9293", "3.10.7.4", "our window closed, in ESTABLISHED: every kind of segment");
TEST(every_segment_at_our_closed_window_in_established)
{
	segment_grid_run(M_ESTABLISHED, MODEL_FULL);
}

RULE("RFC 9293", "3.10.7.4", "our window closed, in FIN-WAIT-1: every kind of segment");
TEST(every_segment_at_our_closed_window_in_fin_wait_1)
{
	segment_grid_run(M_FIN_WAIT_1, MODEL_FULL);
}

RULE("RFC 9293", "3.10.7.4", "our window closed, in FIN-WAIT-2: every kind of segment");
TEST(every_segment_at_our_closed_window_in_fin_wait_2)
{
	segment_grid_run(M_FIN_WAIT_2, MODEL_FULL);
}

RULE("RFC 9293", "3.10.7.4", "data beyond a gap, in ESTABLISHED: every kind of segment");
TEST(every_segment_with_a_gap_in_established)
{
	segment_grid_run(M_ESTABLISHED, MODEL_GAP);
}

RULE("RFC 9293", "3.10.7.4", "data beyond a gap, in FIN-WAIT-1: every kind of segment");
TEST(every_segment_with_a_gap_in_fin_wait_1)
{
	segment_grid_run(M_FIN_WAIT_1, MODEL_GAP);
}

RULE("RFC 9293", "3.10.7.4", "data beyond a gap, in FIN-WAIT-2: every kind of segment");
TEST(every_segment_with_a_gap_in_fin_wait_2)
{
	segment_grid_run(M_FIN_WAIT_2, MODEL_GAP);
}
