// SPDX-License-Identifier: MIT
/*
 * Each kind of segment lost once, one run for each of them: the n-th data segment,
 * the n-th pure ACK, each window update, each FIN, SYN, SYN-ACK, the third ACK. Every
 * run ends byte for byte and is quiet afterwards; and it ends in time: what ACKs,
 * SACKs and probes can mend waits for no timeout.
 *
 * RFC: 8985 (RACK-TLP), 9293 3.8.6.1 (window probes), 6298 (what is left: SYNs)
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include <net/snmp.h>
#include <net/tcp.h>

#include "../host/invariants.h"
#include "path.h"

#define RTT_NS		(20 * NSEC_PER_MSEC)
#define TO_SERVER	60000U
#define TO_CLIENT	20000U
#define PORT		80

/* Lose the n-th, from 0, of what @is says, of one side. */
struct drop {
	bool (*is)(struct drop *d, const struct sim_segment *seg);
	int side;
	u32 nth;
	u32 seen;
	bool done;
	/* The last pure ACK of that side: a window update differs in its window only. */
	u32 last_ack, last_win;
	bool any_ack;
};

static bool is_data(struct drop *d, const struct sim_segment *seg)
{
	return seg->len && !(seg->flags & TCPHDR_SYN);
}

static bool is_pure_ack(struct drop *d, const struct sim_segment *seg)
{
	return seg->flags == TCPHDR_ACK && !seg->len;
}

static bool is_window_update(struct drop *d, const struct sim_segment *seg)
{
	bool opens;

	if (!is_pure_ack(d, seg))
		return false;
	opens = d->any_ack && seg->ack == d->last_ack && seg->win > d->last_win;
	d->any_ack = true;
	d->last_ack = seg->ack;
	d->last_win = seg->win;
	return opens;
}

static bool is_fin(struct drop *d, const struct sim_segment *seg)
{
	return seg->flags & TCPHDR_FIN;
}

static bool is_syn(struct drop *d, const struct sim_segment *seg)
{
	return seg->flags & TCPHDR_SYN;
}

static bool wants(void *ctx, const void *frame, size_t len)
{
	struct drop *d = ctx;
	struct sim_segment seg;

	if (!sim_parse(frame, len, &seg) || !d->is(d, &seg) || d->seen++ != d->nth)
		return false;
	d->done = true;
	return true;
}

struct run {
	u64 ns;				/* from connect() to the last EOF */
	u64 rtos;			/* of both sides */
};

/* What a run does. */
struct script {
	u32 to_server, to_client;	/* bytes */
	int rcvbuf;			/* of the server; 0: as it is */
	u64 read_every_ns, read_chunk;	/* of the server */
};

static const struct script both_ways = { .to_server = TO_SERVER, .to_client = TO_CLIENT };
static const struct script answer_only = { .to_client = TO_CLIENT };
/* The window closes, a delayed ACK says so, and it opens again about when the first
 * probe is due. */
static const struct script slow_reader = { .to_server = TO_SERVER, .rcvbuf = 8192,
					   .read_every_ns = 250 * NSEC_PER_MSEC,
					   .read_chunk = 16384 };

static u64 both_rtos(const struct sim *s)
{
	return s->net[0]->mib.net[LINUX_MIB_TCPTIMEOUTS] +
	       s->net[1]->mib.net[LINUX_MIB_TCPTIMEOUTS];
}

/* After the streams: until nothing is in flight and no FIN waits, on the same link. */
static void until_closed(struct sim *s, const struct sim_stream st[2])
{
	u64 end = host_clock_ns + 10 * NSEC_PER_SEC;
	struct sock *sk[2] = { sim_sock(st[0].tx), sim_sock(st[0].rx) };

	while (sk[0]->sk_state != TCP_CLOSE || sk[1]->sk_state != TCP_CLOSE) {
		const char *why = sim_stuck(sk[0], true);

		if (!why)
			why = sim_stuck(sk[1], true);
		if (why || host_clock_ns > end || !sim_step()) {
			test_fail(__FILE__, __LINE__, "states %d and %d: %s", sk[0]->sk_state,
				  sk[1]->sk_state, why ? why : "not closed");
			break;
		}
	}
	invariants_check(s->net[0]);
	invariants_check(s->net[1]);
}

static void run_script(const struct script *script, struct drop *d, struct run *out)
{
	const struct sim_path path = { .mbit = 100, .rtt_ms = 20 };
	struct sim_stream st[2];
	struct sim s;
	int listener, fd[2];
	u64 start;

	sim_path_begin(&s, &path);
	if (d)
		simlink_set_loss(s.link, d->side, wants, d);
	listener = sim_listen(&s, 1, PORT, 5);
	if (script->rcvbuf)
		EXPECT_EQ(sim_setsockopt(listener, SOL_SOCKET, SO_RCVBUF, script->rcvbuf), 0);
	start = host_clock_ns;
	fd[0] = sim_connect(&s, 0, PORT);
	if (script->to_server)
		/* The first data need not wait for accept(). */
		while (sim_sock(fd[0])->sk_state == TCP_SYN_SENT)
			sim_step();
	sim_stream_init(&st[0], fd[0], -1, 1, script->to_server);
	sim_stream_init(&st[1], -1, fd[0], 2, script->to_client);
	st[0].read_every_ns = script->read_every_ns;
	st[0].read_chunk = script->read_chunk;
	if (script->to_server)
		sim_pump(&st[0]);
	fd[1] = sim_accept(&s, listener);
	st[0].rx = fd[1];
	st[1].tx = fd[1];
	sim_run(st, 2);
	out->ns = max(st[0].done_ns, st[1].done_ns) - start;
	until_closed(&s, st);
	out->rtos = both_rtos(&s);
	simlink_set_loss(s.link, 0, NULL, NULL);
	simlink_set_loss(s.link, 1, NULL, NULL);
	sim_end(&s);
}

/* Runs once with nothing lost, and then with each n-th segment of that kind lost,
 * until there is none. @late_ns: a run may end so much later; @timeouts: by RTO.
 * Returns how many there were. */
static u32 each_lost_once(const struct script *script, int side,
			  bool (*is)(struct drop *d, const struct sim_segment *seg), u64 late_ns,
			  bool timeouts)
{
	struct run plain, run;
	u32 nth;

	run_script(script, NULL, &plain);
	EXPECT_EQ(plain.rtos, 0);
	for (nth = 0;; nth++) {
		struct drop d = { .is = is, .side = side, .nth = nth };

		run_script(script, &d, &run);
		if (!d.done)
			return nth;
		if (run.ns > plain.ns + late_ns || (run.rtos && !timeouts))
			test_fail(__FILE__, __LINE__,
				  "number %u of side %d lost: %lu us, else %lu us; %lu timeouts", nth,
				  side, (u64)(run.ns / NSEC_PER_USEC),
				  (u64)(plain.ns / NSEC_PER_USEC), run.rtos);
	}
}

/* A loss probe for a single segment waits for a delayed ACK too: RFC 8985 7.2. SRTT
 * remembers that the handshake waited for ARP; and a round trip to mend. */
#define PROBE_NS	(2 * 2 * RTT_NS + TCP_RTO_MIN + RTT_NS)

TEST(sim_each_data_segment_lost_once_is_sent_again_without_a_timeout)
{
	EXPECT_GE(each_lost_once(&both_ways, 0, is_data, PROBE_NS, false),
		  TO_SERVER / SIM_MSS);
	EXPECT_GE(each_lost_once(&both_ways, 1, is_data, PROBE_NS, false),
		  TO_CLIENT / SIM_MSS);
}

/* All but the last few have segments behind them: their SACKs tell. */
TEST(sim_data_segment_lost_in_the_middle_costs_few_round_trips)
{
	struct run plain, run;
	u32 nth;

	run_script(&both_ways, NULL, &plain);
	for (nth = 0; nth < TO_SERVER / SIM_MSS - 3; nth++) {
		struct drop d = { .is = is_data, .nth = nth };

		run_script(&both_ways, &d, &run);
		EXPECT_TRUE(d.done);
		EXPECT_LE(run.ns, plain.ns + 4 * RTT_NS);
		EXPECT_EQ(run.rtos, 0);
	}
}

TEST(sim_each_pure_ack_lost_once_stops_nothing)
{
	EXPECT_GE(each_lost_once(&both_ways, 0, is_pure_ack, PROBE_NS, false), 5);
	EXPECT_GE(each_lost_once(&both_ways, 1, is_pure_ack, PROBE_NS, false), 5);
}

TEST(sim_each_window_update_lost_once_is_made_good_by_a_probe)
{
	/* The probe comes after an RTO; then the reader is a few rounds behind. */
	EXPECT_GE(each_lost_once(&slow_reader, 1, is_window_update, NSEC_PER_SEC, false), 5);
}

TEST(sim_each_ack_of_a_slow_reader_lost_once_stops_nothing)
{
	EXPECT_GE(each_lost_once(&slow_reader, 1, is_pure_ack, NSEC_PER_SEC, false), 10);
}

TEST(sim_each_fin_lost_once_is_probed_for)
{
	EXPECT_GE(each_lost_once(&both_ways, 0, is_fin, PROBE_NS, false), 1);
	EXPECT_GE(each_lost_once(&both_ways, 1, is_fin, PROBE_NS, false), 1);
	EXPECT_GE(each_lost_once(&answer_only, 0, is_fin, PROBE_NS, false), 1);
}

/* RFC 6298 2.1: the first RTO is a second; there is nothing to probe with. */
TEST(sim_lost_syn_and_syn_ack_are_sent_again_after_a_second)
{
	EXPECT_EQ(each_lost_once(&both_ways, 0, is_syn, TCP_TIMEOUT_INIT + 4 * RTT_NS, true), 1);
	EXPECT_EQ(each_lost_once(&both_ways, 1, is_syn, TCP_TIMEOUT_INIT + 4 * RTT_NS, true), 1);
}

/* The first pure ACK of side 0 is the third of the handshake. */
static void third_ack_lost(const struct script *script, u64 late_ns)
{
	struct drop d = { .is = is_pure_ack };
	struct run plain, run;

	run_script(script, NULL, &plain);
	run_script(script, &d, &run);
	EXPECT_TRUE(d.done);
	EXPECT_LE(run.ns, plain.ns + late_ns);
}

TEST(sim_lost_third_ack_does_no_harm_when_data_follows)
{
	third_ack_lost(&both_ways, 2 * RTT_NS);
}

TEST(sim_lost_third_ack_is_asked_for_by_the_syn_ack_when_none_follows)
{
	third_ack_lost(&answer_only, TCP_TIMEOUT_INIT + 4 * RTT_NS);
}
