// SPDX-License-Identifier: MIT
/*
 * The grid of segment_grid.h. Each case has a connection of its own, brought into its
 * state by segments and calls; what is answered, what state follows and how much is
 * received has to be what segment_model.c says.
 *
 * RFC: 9293 3.10.7; 5961; 1122 4.2.2.13; 1337
 */
#include "segment_grid.h"

#include "../host/segtest.h"

/* ---- the cases ---------------------------------------------------------------- */

struct kind {
	const char *flags;	/* without the ACK */
	u32 len;
};

static const struct kind kinds[] = {
	{ "S", 0 }, { "R", 0 }, { "F", 0 }, { "", 0 }, { "P", 10 }, { "FP", 10 },
	{ "SF", 0 }, { "PU", 10 }, { "S", 10 },
};

struct place {
	const char *name;
	bool right;		/* counts from the right edge, not the left */
	s32 offset;
};

static const struct place places[] = {
	{ "at the left edge", false, 0 }, { "at the left edge - 1", false, -1 },
	{ "at the left edge + 1", false, 1 }, { "in the window", false, 100 },
	{ "at the right edge - 1", true, -1 }, { "at the right edge", true, 0 },
	{ "at the right edge + 1", true, 1 },
};

enum ack_kind { ACK_NONE, ACK_SAME, ACK_ALL, ACK_OLD, ACK_TOO_OLD, ACK_FUTURE, ACK_KINDS };

static const char *const ack_names[] = {
	"no ack", "ack of nothing new", "ack of everything", "old ack", "ack that is too old",
	"ack of the unsent",
};

static u32 ack_number(const struct model_conn *m, enum ack_kind kind)
{
	switch (kind) {
	case ACK_ALL:
		return m->snd_nxt;
	case ACK_OLD:
		return m->snd_una - (m->snd_back + 1) / 2;
	case ACK_TOO_OLD:
		return m->snd_una - m->snd_back - 1;
	case ACK_FUTURE:
		return m->snd_nxt + 1;
	default:
		return m->snd_una;
	}
}

/* ---- a connection in a state ------------------------------------------------------ */

static int listener;

/* Reads all that was sent; the last that offers a window says where it ends. */
static void note_window(struct seg_conn *c, struct model_conn *m)
{
	struct seg_sent sent;

	while (seg_take(c, &sent))
		if (sent.ack)
			m->rcv_edge = sent.edge;
}

/* Ten bytes are received, of two hundred sent the first half is acknowledged. */
static void establish(struct seg_conn *c, struct model_conn *m)
{
	seg_handshake(c, "mss 1000", 32768);
	EXPECT_GE(seg_accept(listener, c), 0);
	EXPECT_EQ(seg_write(c, 100, 0), 100);
	seg_in(c, ". 1:1(0) ack 101");
	EXPECT_EQ(seg_write(c, 100, 0), 100);
	seg_in(c, "P. 1:11(10) ack 101");
	EXPECT_EQ(seg_read(c, 10), 10);
	m->snd_una = 101;
	m->snd_nxt = 201;
	m->snd_back = 100;	/* not below the first byte, whatever the window */
	m->rcv_nxt = 11;
}

/* More has happened, before anybody closes. */
static void bring_more(struct seg_conn *c, struct model_conn *m)
{
	if (m->more & MODEL_FULL) {
		note_window(c, m);
		while (m->rcv_nxt != m->rcv_edge) {
			u32 len = min(m->rcv_edge - m->rcv_nxt, 1460U);

			seg_in(c, "P. %u:%u(%u) ack %u", m->rcv_nxt, m->rcv_nxt + len, len,
			       m->snd_una);
			m->rcv_nxt += len;
			seg_sleep(seg_ms(45));
			note_window(c, m);
		}
	}
	if (m->more & MODEL_GAP)
		seg_in(c, "P. %u:%u(100) ack %u", m->rcv_nxt + 200, m->rcv_nxt + 300, m->snd_una);
	if (m->more & MODEL_HELD) {
		c->win = 0;
		seg_in(c, ". %u:%u(0) ack %u", m->rcv_nxt, m->rcv_nxt, m->snd_nxt);
		m->snd_back += m->snd_nxt - m->snd_una;
		m->snd_una = m->snd_nxt;
		EXPECT_EQ(seg_write(c, 100, 0), 100);
	}
}

static void we_close(struct seg_conn *c, struct model_conn *m)
{
	if (m->more & MODEL_ORPHAN)
		EXPECT_EQ(seg_close(c), 0);
	else
		EXPECT_EQ(__sys_shutdown(c->fd, SHUT_WR), 0);
	host_run();
	if (!(m->more & MODEL_HELD))
		m->snd_nxt++;
}

static void peer_closes(struct seg_conn *c, struct model_conn *m)
{
	seg_in(c, "F. %u:%u(0) ack %u", m->rcv_nxt, m->rcv_nxt, m->snd_una);
	if (m->state == M_CLOSE_WAIT || m->state == M_LAST_ACK)
		seg_sleep(seg_ms(45));
	m->rcv_nxt++;
}

static void peer_acks(struct seg_conn *c, struct model_conn *m)
{
	seg_in(c, ". %u:%u(0) ack %u", m->rcv_nxt, m->rcv_nxt, m->snd_nxt);
	/* Below all that was acknowledged: two hundred bytes, and the FIN. */
	m->snd_back += m->snd_nxt - m->snd_una;
	m->snd_una = m->snd_nxt;
}

/* The states before a connection is there. */
static void bring_early(struct seg_conn *c, struct model_conn *m)
{
	m->rcv_edge = 1000;
	switch (m->state) {
	case M_CLOSED:
		c->lport = SEG_PORT + 1;
		break;
	case M_SYN_SENT:
		EXPECT_EQ(seg_connect_start(c), -EINPROGRESS);
		note_window(c, m);
		m->rcv_edge = 1000;
		m->snd_nxt = 1;
		break;
	case M_SYN_RECEIVED:
		if (m->more & MODEL_CROSSED)
			EXPECT_EQ(seg_connect_start(c), -EINPROGRESS);
		seg_in(c, "S 0:0(0) <mss 1000>");
		m->snd_nxt = 1;
		m->rcv_nxt = 1;
		note_window(c, m);
		break;
	default:
		break;
	}
}

static void bring(struct seg_conn *c, struct model_conn *m)
{
	if (m->state < M_ESTABLISHED) {
		bring_early(c, m);
		return;
	}
	establish(c, m);
	bring_more(c, m);
	switch (m->state) {
	case M_FIN_WAIT_1:
		we_close(c, m);
		break;
	case M_FIN_WAIT_2:
		we_close(c, m);
		peer_acks(c, m);
		break;
	case M_CLOSE_WAIT:
		peer_closes(c, m);
		break;
	case M_CLOSING:
		we_close(c, m);
		peer_closes(c, m);
		break;
	case M_LAST_ACK:
		peer_closes(c, m);
		we_close(c, m);
		break;
	case M_TIME_WAIT:
		we_close(c, m);
		peer_closes(c, m);
		peer_acks(c, m);
		break;
	default:
		break;
	}
	note_window(c, m);
}

/* ---- what came of it ----------------------------------------------------------------- */

static enum model_state of_socket(int fd, int tw_before)
{
	switch (seg_state(fd)) {
	case TCP_ESTABLISHED:
		return M_ESTABLISHED;
	case TCP_SYN_SENT:
		return M_SYN_SENT;
	case TCP_SYN_RECV:
		return M_SYN_RECEIVED;
	case TCP_FIN_WAIT1:
		return M_FIN_WAIT_1;
	case TCP_FIN_WAIT2:
		return M_FIN_WAIT_2;
	case TCP_CLOSE_WAIT:
		return M_CLOSE_WAIT;
	case TCP_CLOSING:
		return M_CLOSING;
	case TCP_LAST_ACK:
		return M_LAST_ACK;
	default:
		return seg_net->ipv4.tcp_tw_count > tw_before ? M_TIME_WAIT : M_CLOSED;
	}
}

/* Where there is no descriptor to ask: there is one endpoint at most. */
static enum model_state of_orphan(void)
{
	static const struct {
		int tcp;
		enum model_state state;
	} states[] = {
		{ TCP_FIN_WAIT1, M_FIN_WAIT_1 }, { TCP_FIN_WAIT2, M_FIN_WAIT_2 },
		{ TCP_CLOSING, M_CLOSING }, { TCP_LAST_ACK, M_LAST_ACK },
		{ TCP_TIME_WAIT, M_TIME_WAIT },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(states); i++)
		if (seg_count(states[i].tcp))
			return states[i].state;
	return M_CLOSED;
}

/* The state after the segment. Without a socket it takes a segment to know. */
static enum model_state state_now(struct seg_conn *c, const struct model_conn *m, int tw_before)
{
	struct seg_sent sent;

	switch (m->state) {
	case M_CLOSED:
	case M_LISTEN:
		return m->state;
	case M_TIME_WAIT:
		/* The one it had is gone, and may have made room for another. */
		return seg_net->ipv4.tcp_tw_count == tw_before + 1 ? M_TIME_WAIT : M_CLOSED;
	case M_SYN_RECEIVED:
		if (m->more & MODEL_CROSSED)
			return of_socket(c->fd, tw_before);
		if (seg_accept(listener, c) >= 0)
			return of_socket(c->fd, tw_before);
		seg_in(c, ". 1:1(0) ack 1");
		if (seg_accept(listener, c) >= 0)
			return M_SYN_RECEIVED;
		return seg_take(c, &sent) && sent.flags == TCPHDR_RST ? M_LISTEN : M_STATES;
	default:
		return m->more & MODEL_ORPHAN ? of_orphan() : of_socket(c->fd, tw_before);
	}
}

/* Is what was sent, if anything, what @r says? */
static bool answered(const struct seg_conn *c, const struct model_conn *m,
		     const struct model_seg *s, const struct model_result *r, bool any,
		     const struct seg_sent *sent)
{
	u32 end = s->seq + s->len + s->syn + s->fin;

	if (!any || r->answer == M_NOTHING)
		return !any && r->answer == M_NOTHING;
	if (sent->len)
		return false;
	switch (r->answer) {
	case M_RST:
		if (s->ack)
			return sent->flags == TCPHDR_RST && sent->seq == s->ackno;
		return sent->flags == (TCPHDR_RST | TCPHDR_ACK) && sent->seq + c->lisn == 0 &&
		       sent->ack == end;
	case M_SYN_ACK:
		return sent->flags == (TCPHDR_SYN | TCPHDR_ACK) && sent->seq == 0 &&
		       sent->ack == (m->state == M_SYN_RECEIVED ? m->rcv_nxt : s->seq + 1);
	case M_SYN_ACK_ANEW:
		/* RFC 1122 4.2.2.13: beyond all numbers of before */
		return sent->flags == (TCPHDR_SYN | TCPHDR_ACK) && sent->ack == s->seq + 1 &&
		       (s32)(sent->seq - m->snd_nxt) > 65535;
	default:
		return sent->flags == TCPHDR_ACK && sent->seq == r->snd_nxt &&
		       sent->ack == r->rcv_nxt;
	}
}

/* Bytes, and a FIN, that were received in sequence. */
static bool received(const struct seg_conn *c, const struct model_conn *m,
		     const struct model_seg *s, const struct model_result *r)
{
	u32 first = m->state == M_SYN_SENT ? s->seq + 1 : 1;	/* of their data */
	struct tcp_info info;

	if (c->fd < 0 || r->state < M_ESTABLISHED || r->state == M_TIME_WAIT)
		return true;
	seg_info(c->fd, &info);
	return info.tcpi_bytes_received == r->rcv_nxt - first;
}

/* Nothing of it may stay for the next case. */
static void sweep(struct seg_conn *c, const struct model_conn *m, const struct model_seg *s,
		  const struct model_result *r)
{
	struct linger hard = { .l_onoff = 1 };

	if (c->fd >= 0) {
		EXPECT_EQ(__sys_setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard)), 0);
		EXPECT_EQ(seg_close(c), 0);
	}
	/* What has no socket: half-open by this SYN, or waiting. */
	if (m->state == M_LISTEN || m->state == M_TIME_WAIT)
		seg_in(c, "R %u:%u(0)", s->seq + 1, s->seq + 1);
	seg_in(c, "R %u:%u(0)", m->rcv_nxt, m->rcv_nxt);
	seg_in(c, "R %u:%u(0)", r->rcv_nxt, r->rcv_nxt);
	seg_flush();
}

/* ---- a case ------------------------------------------------------------------------------ */

static void send_case(struct seg_conn *c, const struct kind *kind, const struct model_seg *s)
{
	char flags[8], ack[24] = "";

	scnprintf(flags, sizeof(flags), "%s%s", kind->flags, s->ack ? "." : "");
	if (s->ack)
		scnprintf(ack, sizeof(ack), " ack %d", (int)s->ackno);
	seg_in(c, "%s %d:%d(%u)%s%s", flags[0] ? flags : "-", (int)s->seq,
	       (int)(s->seq + s->len), s->len, ack, strchr(flags, 'U') ? " urg 10" : "");
}

static void run_case(enum model_state state, unsigned int more, const struct kind *kind,
		     const struct place *place, enum ack_kind ack, u32 risn)
{
	struct model_conn m = { .state = state, .more = more };
	struct model_seg s = { .len = kind->len };
	struct model_result want;
	struct seg_sent sent = { .flags = 0 };
	enum model_state now;
	struct seg_conn c;
	int tw_before;
	bool any;

	seg_conn_init(&c);
	c.risn = risn;
	tw_before = seg_net->ipv4.tcp_tw_count;
	bring(&c, &m);
	s.syn = strchr(kind->flags, 'S') != NULL;
	s.rst = strchr(kind->flags, 'R') != NULL;
	s.fin = strchr(kind->flags, 'F') != NULL;
	s.ack = ack != ACK_NONE;
	s.ackno = s.ack ? ack_number(&m, ack) : 0;
	s.seq = (place->right ? m.rcv_edge : m.rcv_nxt) + (u32)place->offset;
	model_step(&m, &s, &want);

	send_case(&c, kind, &s);
	any = seg_take(&c, &sent);
	if (!any && want.answer == M_ACK_LATER) {
		seg_sleep(seg_ms(45));
		any = seg_take(&c, &sent);
	}
	seg_none();
	now = state_now(&c, &m, tw_before);
	/* What a segment without a socket leaves is a state of the listener's. */
	if (state == M_TIME_WAIT && want.state == M_LISTEN)
		want.state = M_CLOSED;
	if (!answered(&c, &m, &s, &want, any, &sent) || now != want.state ||
	    !received(&c, &m, &s, &want))
		test_fail(__FILE__, __LINE__,
			  "%s, \"%s\" of %u bytes %s, %s: expected %s, then %s with all up to %u; seen: %s flags 0x%x seq %d ack %d, then %s",
			  model_state_name(state), kind->flags, kind->len, place->name,
			  ack_names[ack], model_answer_name(want.answer),
			  model_state_name(want.state), want.rcv_nxt, any ? "segment" : "nothing",
			  sent.flags, (int)sent.seq, (int)sent.ack,
			  now < M_STATES ? model_state_name(now) : "nothing known");
	sweep(&c, &m, &s, &want);
}

/**
 * segment_grid_run - every case of a state
 * @state: one
 * @more: what else is so: MODEL_*
 *
 * The numbers of the peer wrap in every second case.
 *
 * Return: how many there were.
 */
unsigned int segment_grid_run(enum model_state state, unsigned int more)
{
	unsigned int k, p, n = 0;
	int ack;

	seg_begin();
	listener = seg_listen(SEG_PORT, 100);
	if (more & MODEL_FULL)
		EXPECT_EQ(seg_setsockopt(listener, SOL_SOCKET, SO_RCVBUF, 4096), 0);
	for (k = 0; k < ARRAY_SIZE(kinds); k++) {
		for (p = 0; p < ARRAY_SIZE(places); p++) {
			for (ack = ACK_NONE; ack < ACK_KINDS; ack++, n++)
				run_case(state, more, &kinds[k], &places[p], (enum ack_kind)ack,
					 n % 2 ? 0xfffffffaU : 1000000);
		}
	}
	EXPECT_EQ(seg_net->ipv4.tcp_tw_count, 0);
	seg_end();
	return n;
}
