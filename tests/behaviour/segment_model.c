// SPDX-License-Identifier: MIT
/*
 * The model of segment_model.h: one function a state, or a step.
 *
 * RFC: 9293 3.10.7; 5961 3 to 5; 1122 4.2.2.13
 */
#include "segment_model.h"

#include <linux/kernel.h>

static bool less(u32 a, u32 b)
{
	return (s32)(a - b) < 0;
}

static bool at_most(u32 a, u32 b)
{
	return !less(b, a);
}

static u32 end_of(const struct model_seg *s)
{
	return s->seq + s->len + s->syn + s->fin;
}

/* RFC 9293 3.10.7.1 */
static void step_closed(const struct model_seg *s, struct model_result *r)
{
	r->answer = s->rst ? M_NOTHING : M_RST;
}

/* 3.10.7.2. Linux: a SYN with FIN is dropped. */
static void step_listen(const struct model_seg *s, struct model_result *r)
{
	if (s->rst)
		return;
	if (s->ack)
		r->answer = M_RST;
	else if (s->syn && !s->fin)
		r->answer = M_SYN_ACK;
}

/* 3.10.7.3: any sequence number will do */
static void step_syn_sent(const struct model_conn *c, const struct model_seg *s,
			  struct model_result *r)
{
	bool good = s->ack && less(c->snd_una, s->ackno) && at_most(s->ackno, c->snd_nxt);

	if (s->ack && !good) {
		r->answer = s->rst ? M_NOTHING : M_RST;
	} else if (s->rst) {
		r->state = good ? M_CLOSED : r->state;
	} else if (s->syn && good) {
		/* Linux: data and FIN on it have to be sent again. */
		r->answer = M_ACK;
		r->rcv_nxt = s->seq + 1;
		r->state = M_ESTABLISHED;
	} else if (s->syn) {
		r->answer = M_SYN_ACK;
		r->rcv_nxt = s->seq + 1;
		r->state = M_SYN_RECEIVED;
	}
}

/* 3.4, the four cases, for a window that is open: some of it lies within. */
static bool touches_window(const struct model_conn *c, const struct model_seg *s)
{
	if (s->seq == c->rcv_nxt)
		return true;
	if (end_of(s) == s->seq)
		return less(c->rcv_nxt, s->seq) && at_most(s->seq, c->rcv_edge);
	return less(c->rcv_nxt, end_of(s)) && less(s->seq, c->rcv_edge);
}

/* Seventh and eighth: text and FIN, where there is somebody to take it. */
static void take_text(const struct model_conn *c, const struct model_seg *s,
		      struct model_result *r)
{
	u32 end = end_of(s);

	if (end == s->seq)
		return;
	r->answer = M_ACK;
	/* Nothing new, beyond the window, or beyond a gap: an ACK is all. */
	if (at_most(end, r->rcv_nxt) || less(r->rcv_nxt, s->seq))
		return;
	r->rcv_nxt = end;
	if (!s->fin)
		return;
	switch (r->state) {
	case M_ESTABLISHED:
		/* Linux: the ACK of a FIN may ride on the answer or on our FIN. */
		r->answer = M_ACK_LATER;
		r->state = M_CLOSE_WAIT;
		break;
	case M_FIN_WAIT_1:
		r->state = M_CLOSING;
		break;
	case M_FIN_WAIT_2:
		r->state = M_TIME_WAIT;
		break;
	default:
		break;
	}
}

/* Of a listener: the handshake is all there is. */
static void step_syn_received(const struct model_conn *c, const struct model_seg *s,
			      struct model_result *r)
{
	/* The SYN again. */
	if (s->syn && !s->ack && !s->rst && s->seq == c->rcv_nxt - 1) {
		r->answer = M_SYN_ACK;
		return;
	}
	/* RFC 5961 3.2, whatever it acknowledges. */
	if (s->rst) {
		if (s->seq == c->rcv_nxt)
			r->state = M_LISTEN;
		else if (touches_window(c, s))
			r->answer = M_ACK;
		return;
	}
	if (s->ack && s->ackno != c->snd_nxt) {
		r->answer = M_RST;
		return;
	}
	if (!touches_window(c, s)) {
		r->answer = M_ACK;
		return;
	}
	/* A SYN that lies before the window counts for its text. */
	if (s->syn && s->seq != c->rcv_nxt - 1) {
		r->answer = M_RST;
		r->state = M_LISTEN;
		return;
	}
	if (!s->ack)
		return;
	r->state = M_ESTABLISHED;
	/* The connection is there: its own check finds the SYN. */
	if (s->syn) {
		r->state = M_SYN_RECEIVED;
		r->answer = M_ACK;
		return;
	}
	take_text(c, s, r);
}

/* TIME-WAIT: 3.10.7.4 with RFC 1122 4.2.2.13, as in Linux. */
static void step_time_wait(const struct model_conn *c, const struct model_seg *s,
			   struct model_result *r)
{
	if (s->rst) {
		/* RFC 1337: not by default in Linux */
		if (s->seq == c->rcv_nxt)
			r->state = M_CLOSED;
		return;
	}
	if (s->seq == c->rcv_nxt && end_of(s) == s->seq)
		return;
	if (s->syn && !s->ack && less(c->rcv_nxt, s->seq)) {
		r->state = M_LISTEN;
		r->answer = s->fin ? M_NOTHING : M_SYN_ACK_ANEW;
		return;
	}
	r->answer = M_ACK;
}

/* The answer to our SYN, when both have crossed. */
static bool is_crossing_syn_ack(const struct model_conn *c, const struct model_seg *s)
{
	return s->syn && s->ack && !s->fin && !s->len && s->seq == c->rcv_nxt - 1 &&
	       s->ackno == c->snd_nxt;
}

/* First, second and fourth: sequence number, RST, SYN. true: that was all. */
static bool step_checks(const struct model_conn *c, const struct model_seg *s,
			struct model_result *r)
{
	bool peer_closed = c->state == M_CLOSE_WAIT || c->state == M_CLOSING ||
			   c->state == M_LAST_ACK;
	/* Linux: what ends at the left edge still counts as touching. */
	bool inside = at_most(c->rcv_nxt, end_of(s)) && at_most(s->seq, c->rcv_edge);
	bool unread;

	if (s->rst) {
		/* RFC 5961 3.2; Linux: also at the number of a FIN that was taken */
		if (s->seq == c->rcv_nxt || (peer_closed && s->seq == c->rcv_nxt - 1))
			r->state = M_CLOSED;
		else if (inside)
			r->answer = M_ACK;
		return true;
	}
	/* Linux: text that ends beyond the window is for a reader who has read all, and
	 * here a FIN, or more, has yet to be read; close() threw it away, if it was there
	 * by then. */
	unread = c->more & MODEL_FULL ||
		 (peer_closed && (c->state == M_CLOSING || !(c->more & MODEL_ORPHAN)));
	if (unread && less(c->rcv_edge, s->seq + s->len))
		inside = false;
	if (inside && c->more & MODEL_CROSSED && is_crossing_syn_ack(c, s))
		return false;
	if (s->syn || !inside) {
		r->answer = M_ACK;
		return true;
	}
	return false;
}

/* Fifth: the ACK. true: the segment goes no further. */
static bool step_ack(const struct model_conn *c, const struct model_seg *s,
		     struct model_result *r)
{
	if (less(s->ackno, c->snd_una - c->snd_back) || less(c->snd_nxt, s->ackno)) {
		r->answer = c->more & MODEL_CROSSED ? M_RST : M_ACK;
		return true;
	}
	if (c->more & MODEL_CROSSED) {
		/* Linux: any number from ours on, the RFC: beyond it. */
		r->state = M_ESTABLISHED;
		return false;
	}
	/* All of ours, the FIN included? It is, where it was sent. */
	if (s->ackno != c->snd_nxt || c->more & MODEL_HELD)
		return false;
	switch (c->state) {
	case M_FIN_WAIT_1:
		r->state = M_FIN_WAIT_2;
		return false;
	case M_CLOSING:
		r->state = M_TIME_WAIT;
		return true;
	case M_LAST_ACK:
		r->state = M_CLOSED;
		return true;
	default:
		return false;
	}
}

/* RFC 1122 4.2.2.13: FIN-WAIT-1 with nobody to read. true: that was all. */
static bool step_orphan(const struct model_conn *c, const struct model_seg *s,
			struct model_result *r)
{
	if (end_of(s) != s->seq && less(c->rcv_nxt, s->seq + s->len)) {
		r->answer = M_RST;
		r->state = M_CLOSED;
		return true;
	}
	/* Linux: what waits for a FIN is no socket any more. */
	return r->state == M_FIN_WAIT_2 && !s->fin;
}

/* FIN-WAIT-2, and nobody to read: Linux keeps numbers alone. */
static void step_fin_wait_2_orphan(const struct model_conn *c, const struct model_seg *s,
				   struct model_result *r)
{
	u32 end = end_of(s);

	if (!touches_window(c, s)) {
		r->answer = M_ACK;
	} else if (s->rst) {
		r->state = M_CLOSED;
	} else if (s->syn && !less(s->seq, c->rcv_nxt)) {
		r->answer = M_RST;
		r->state = M_CLOSED;
	} else if (!s->ack || end == s->seq || at_most(end, c->rcv_nxt)) {
		return;
	} else if (s->fin && end == c->rcv_nxt + 1) {
		r->answer = M_ACK;
		r->state = M_TIME_WAIT;
		r->rcv_nxt = end;
	} else {
		r->answer = M_RST;
		r->state = M_CLOSED;
	}
}

static void step_synchronised(const struct model_conn *c, const struct model_seg *s,
			      struct model_result *r)
{
	/* Linux looks for the ACK first: without one nothing is answered. */
	if (!s->ack && !s->rst && !s->syn)
		return;
	if (step_checks(c, s, r) || step_ack(c, s, r))
		return;
	if (c->state == M_FIN_WAIT_1 && c->more & MODEL_ORPHAN && step_orphan(c, s, r))
		return;
	if (c->state == M_CLOSE_WAIT || c->state == M_CLOSING || c->state == M_LAST_ACK) {
		/* The peer has said that there is no more. */
		if (!less(s->seq, c->rcv_nxt))
			return;
		/* Linux: text beyond its FIN resets (RFC 1122 4.2.2.13). */
		if (s->len && less(c->rcv_nxt, s->seq + s->len)) {
			r->answer = M_RST;
			r->state = M_CLOSED;
			return;
		}
	}
	take_text(c, s, r);
}

/**
 * model_step - what a segment does
 * @c: the connection
 * @s: arrives
 * @r: filled in
 */
void model_step(const struct model_conn *c, const struct model_seg *s, struct model_result *r)
{
	r->answer = M_NOTHING;
	r->state = c->state;
	r->snd_nxt = c->snd_nxt;
	r->rcv_nxt = c->rcv_nxt;
	switch (c->state) {
	case M_CLOSED:
		step_closed(s, r);
		break;
	case M_LISTEN:
		step_listen(s, r);
		break;
	case M_SYN_SENT:
		step_syn_sent(c, s, r);
		break;
	case M_SYN_RECEIVED:
		if (c->more & MODEL_CROSSED)
			step_synchronised(c, s, r);
		else
			step_syn_received(c, s, r);
		break;
	case M_FIN_WAIT_2:
		if (c->more & MODEL_ORPHAN)
			step_fin_wait_2_orphan(c, s, r);
		else
			step_synchronised(c, s, r);
		break;
	case M_TIME_WAIT:
		step_time_wait(c, s, r);
		break;
	default:
		step_synchronised(c, s, r);
		break;
	}
}

/**
 * model_state_name - for messages
 * @state: one
 *
 * Return: its name.
 */
const char *model_state_name(enum model_state state)
{
	static const char *const names[] = {
		"CLOSED", "LISTEN", "SYN-SENT", "SYN-RECEIVED", "ESTABLISHED", "FIN-WAIT-1",
		"FIN-WAIT-2", "CLOSE-WAIT", "CLOSING", "LAST-ACK", "TIME-WAIT" };

	return names[state];
}

/**
 * model_answer_name - for messages
 * @answer: one
 *
 * Return: its name.
 */
const char *model_answer_name(enum model_answer answer)
{
	static const char *const names[] = {
		"nothing", "an ACK", "an ACK a little later", "a RST", "a SYN-ACK",
		"a SYN-ACK of a new connection" };

	return names[answer];
}
