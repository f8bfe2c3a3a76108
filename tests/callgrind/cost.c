// SPDX-License-Identifier: MIT
/*
 * Counts what a packet costs: fixed scripts between the image's programs and a
 * peer that is not counted, for tools/callgrind.py.
 *
 *	cost [SCRIPT]...
 *
 * The machine runs as it does: its one CPU idles until the world (run_world())
 * moves the clock or puts a frame on the wire. A line for each script says how
 * many operations were counted, and what in them costs more than instructions.
 */
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <net/tcp.h>

#include "../unit/test.h"
#include "body.h"
#include "peer.h"
#include "programs.h"

#define STEP_NS		(100 * NSEC_PER_USEC)
#define BURST		32		/* segments that arrive at once */
#define STALL_STEPS	20000		/* without progress: the script is at fault */

struct script {
	const char *name;
	void (*begin)(void);
	void (*step)(void);		/* after each STEP_NS */
	void (*end)(void);
	u64 (*done)(void);		/* operations, ever */
	unsigned int warm, ops;		/* first not counted, then counted */
};

int body_main(int argc, char **argv);

static struct {
	const struct script *script;
	u64 next_ns;			/* when the world goes on */
	u64 begun, counted_from, last;	/* values of script->done() */
	bool counting;
	unsigned int stalled;		/* steps without progress */
	int argc;
	char **argv;
} run;

static u64 closed;			/* connections that came to their end */
static u16 next_port = 20000;

/* ---- echoes of one byte ----------------------------------------------------------- */

static void tcp_begin(u16 their_port)
{
	peer_ports(next_port++, their_port);
	peer_says(TCPHDR_SYN, 0);
}

/* Once the connection is there. */
static bool tcp_is_open(void)
{
	if (!peer.syn)
		return true;
	peer.syn = false;
	peer_says(TCPHDR_ACK, 0);
	return false;
}

static void tcp_end(void)
{
	peer_says(TCPHDR_RST | TCPHDR_ACK, 0);
}

static void echo_begin(void)
{
	tcp_begin(7);
}

static void echo_step(void)
{
	if (tcp_is_open() && (peer.data || peer.snd_nxt == peer.snd_una)) {
		peer.data = false;
		peer_says(TCPHDR_ACK | TCPHDR_PSH, 1);
	}
}

static u64 bytes_done(void)
{
	return peer.bytes;
}

static void udp_begin(void)
{
	peer_ports(next_port++, 7);
}

static void udp_step(void)
{
	peer_datagram(1);
}

static u64 datagrams_done(void)
{
	return peer.datagrams;
}

static void nothing(void)
{
}

/* ---- streams ------------------------------------------------------------------------- */

static u64 bytes_acked;

static void discard_begin(void)
{
	bytes_acked = 0;
	tcp_begin(9);
}

static void discard_step(void)
{
	static u32 seen;
	unsigned int i;

	if (!tcp_is_open()) {
		seen = peer.snd_una;
		return;
	}
	bytes_acked += peer.snd_una - seen;
	seen = peer.snd_una;
	for (i = 0; i < BURST; i++) {
		if (peer.snd_nxt + PEER_MSS - peer.snd_una > peer.window)
			break;
		peer_says(TCPHDR_ACK, PEER_MSS);
	}
}

static u64 segments_acked(void)
{
	return bytes_acked / PEER_MSS;
}

static void chargen_begin(void)
{
	tcp_begin(19);
}

static void chargen_step(void)
{
	unsigned int i;

	if (!tcp_is_open())
		return;
	for (i = 0; i < peer.acks; i++)
		peer_acks(peer.ack[i]);
	peer.acks = 0;
}

static u64 segments_heard(void)
{
	return peer.bytes / PEER_MSS;
}

/* ---- connections ------------------------------------------------------------------------ */

static u64 connections_done(void)
{
	return closed;
}

static void accept_begin(void)
{
	tcp_begin(7);
}

/* Connect, one byte, its echo, close. */
static void accept_step(void)
{
	if (peer.syn) {
		peer.syn = false;
		peer_says(TCPHDR_ACK, 0);
		peer_says(TCPHDR_ACK | TCPHDR_PSH, 1);
	} else if (peer.data) {
		peer.data = false;
		peer_says(TCPHDR_ACK | TCPHDR_FIN, 0);
	} else if (peer.fin) {
		peer.fin = false;
		peer_says(TCPHDR_ACK, 0);
		closed++;
		tcp_begin(7);
	}
}

/* The same by a program here; TIME_WAIT stays with us. */
static void connect_begin(void)
{
	EXPECT_TRUE(dial_start());
}

static void connect_step(void)
{
	closed += peer_ends_last();
	if (peer.syn) {
		peer.syn = false;
		peer_says(TCPHDR_SYN | TCPHDR_ACK, 0);
	} else if (peer.data) {
		peer.data = false;
		peer_says(TCPHDR_ACK | TCPHDR_PSH, 1);
	}
}

/* ---- the run ------------------------------------------------------------------------------- */

static const struct script scripts[] = {
	{ "tcp_echo", echo_begin, echo_step, tcp_end, bytes_done, 100, 3000 },
	{ "udp_echo", udp_begin, udp_step, nothing, datagrams_done, 100, 3000 },
	{ "tcp_in", discard_begin, discard_step, tcp_end, segments_acked, 2000, 10000 },
	{ "tcp_out", chargen_begin, chargen_step, tcp_end, segments_heard, 2000, 10000 },
	{ "tcp_accept", accept_begin, accept_step, nothing, connections_done, 50, 500 },
	{ "tcp_connect", connect_begin, connect_step, dial_stop, connections_done, 50, 500 },
};

static bool is_wanted(const struct script *s)
{
	int i;

	for (i = 1; i < run.argc; i++)
		if (!strcmp(run.argv[i], s->name))
			return true;
	return run.argc < 2;
}

static void script_next(void)
{
	const struct script *s = run.script ? run.script + 1 : scripts;

	while (s < scripts + ARRAY_SIZE(scripts) && !is_wanted(s))
		s++;
	if (s == scripts + ARRAY_SIZE(scripts))
		body_exit(0);
	run.script = s;
	run.begun = run.last = s->done();
	run.stalled = 0;
	s->begin();
}

static void script_end(void)
{
	const struct script *s = run.script;

	body_count_end(s->name);
	run.counting = false;
	body_say("%s ops=%lu clock_reads=%lu clock_arms=%lu interrupts=%lu register_accesses=%lu\n",
		 s->name, s->done() - run.counted_from, body_dear.clock_reads,
		 body_dear.clock_arms, body_dear.interrupts, body_dear.register_accesses);
	s->end();
}

static void run_world(void)
{
	const struct script *s = run.script;
	u64 done;

	if (!body_clock_to(run.next_ns))
		return;
	run.next_ns += STEP_NS;
	if (!s) {
		script_next();
		return;
	}
	done = s->done();
	run.stalled = done == run.last ? run.stalled + 1 : 0;
	run.last = done;
	if (run.stalled > STALL_STEPS)
		test_fail(__FILE__, __LINE__, "%s stands still after %lu operations", s->name,
			  done - run.begun);
	if (!run.counting && done - run.begun >= s->warm) {
		run.counting = true;
		run.counted_from = done;
		body_count_begin();
	} else if (run.counting && done - run.counted_from >= s->ops) {
		script_end();
		script_next();
		return;
	}
	s->step();
}

int body_main(int argc, char **argv)
{
	run.argc = argc;
	run.argv = argv;
	uaccess_set_limits(4096, 1UL << 47);
	host_boot();
	/* Packets come when the CPU has halted: to look for them before costs only. */
	init_net->core.sysctl_guest_halt_poll_ns = 0;
	peer_plug();
	EXPECT_TRUE(programs_start());
	run.next_ns = host_clock_ns + STEP_NS;
	body_set_world(run_world);
	cpu_idle();
	return 0;
}
