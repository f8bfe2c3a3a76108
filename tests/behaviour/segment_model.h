/* SPDX-License-Identifier: MIT */
/*
 * What a host has to do with one segment, by RFC 9293 3.10.7, RFC 5961 and the
 * choices of Linux: a model for tests, made of the texts and of nothing of the
 * stack. Numbers are relative to the initial ones of their side.
 */
#ifndef TESTS_SEGMENT_MODEL_H
#define TESTS_SEGMENT_MODEL_H

#include <linux/types.h>

enum model_state {
	M_CLOSED, M_LISTEN, M_SYN_SENT, M_SYN_RECEIVED, M_ESTABLISHED, M_FIN_WAIT_1,
	M_FIN_WAIT_2, M_CLOSE_WAIT, M_CLOSING, M_LAST_ACK, M_TIME_WAIT, M_STATES
};

/* What else is so, besides the state. */
enum {
	MODEL_ORPHAN = 1,	/* the program has closed it, not shut it down */
	MODEL_CROSSED = 2,	/* SYN-RECEIVED of SYNs that crossed, not of a listener */
	MODEL_FULL = 4,		/* our window is closed by what nobody has read */
	MODEL_HELD = 8,		/* theirs is: data waits, and before any FIN of ours */
	MODEL_GAP = 16,		/* something is received beyond a gap */
};

struct model_conn {
	enum model_state state;
	unsigned int more;		/* MODEL_* */
	u32 snd_una, snd_nxt;		/* a FIN of ours is the last before snd_nxt */
	u32 snd_back;			/* how far below snd_una an ACK is only old */
	u32 rcv_nxt, rcv_edge;		/* the window: [rcv_nxt, rcv_edge) */
};

struct model_seg {
	bool syn, ack, rst, fin;
	u32 seq, ackno, len;
};

enum model_answer {
	M_NOTHING,
	M_ACK,			/* SEQ = snd_nxt, ACK = rcv_nxt */
	M_ACK_LATER,		/* the same, delayed */
	M_RST,			/* SEQ = SEG.ACK, or ACK = SEG.SEQ + SEG.LEN */
	M_SYN_ACK,		/* of our SYN, at number 0 */
	M_SYN_ACK_ANEW,		/* of a new connection */
};

struct model_result {
	enum model_answer answer;
	enum model_state state;
	u32 snd_nxt, rcv_nxt;
};

void model_step(const struct model_conn *c, const struct model_seg *s, struct model_result *r);
const char *model_state_name(enum model_state state);
const char *model_answer_name(enum model_answer answer);

#endif
