// SPDX-License-Identifier: MIT
/*
 * One transfer on each of a set of bad links: it ends byte for byte, and takes
 * the time that golden.txt says. A change of the stack shows there, in its diff;
 * `make golden` writes the table anew.
 */
#include <linux/kernel.h>
#include <linux/random.h>
#include <net/snmp.h>

#include "sim.h"

#define BYTES	(1U << 20)
#define PPM	10000U		/* a hundredth */

struct scenario {
	const char *name;
	struct simlink_config data, acks;
};

/* 10 Mbit/s and 20 ms there and back, but for what a name says. */
#define LINK(...) { .delay_ns = 10 * NSEC_PER_MSEC, .rate_bps = 10000000, .queue_limit = 50, \
		    .seed = 1, __VA_ARGS__ }

static const struct scenario scenarios[] = {
	{ "clean", LINK(), LINK() },
	{ "loss-1%", LINK(.loss_ppm = 1 * PPM), LINK() },
	{ "loss-3%", LINK(.loss_ppm = 3 * PPM), LINK() },
	{ "loss-5%", LINK(.loss_ppm = 5 * PPM), LINK() },
	{ "loss-3%-both-ways", LINK(.loss_ppm = 3 * PPM), LINK(.loss_ppm = 3 * PPM) },
	{ "ack-loss-20%", LINK(), LINK(.loss_ppm = 20 * PPM) },
	{ "reorder-1%", LINK(.reorder_ppm = 1 * PPM, .reorder_ns = 3 * NSEC_PER_MSEC), LINK() },
	{ "reorder-10%", LINK(.reorder_ppm = 10 * PPM, .reorder_ns = 3 * NSEC_PER_MSEC), LINK() },
	{ "duplicate-5%", LINK(.duplicate_ppm = 5 * PPM), LINK(.duplicate_ppm = 5 * PPM) },
	{ "corrupt-2%", LINK(.corrupt_ppm = 2 * PPM), LINK(.corrupt_ppm = 2 * PPM) },
	{ "everything", LINK(.loss_ppm = 1 * PPM, .reorder_ppm = 2 * PPM, .duplicate_ppm = 1 * PPM,
			     .corrupt_ppm = 1 * PPM, .reorder_ns = 3 * NSEC_PER_MSEC),
	  LINK(.loss_ppm = 1 * PPM, .reorder_ppm = 2 * PPM, .duplicate_ppm = 1 * PPM,
	       .corrupt_ppm = 1 * PPM, .reorder_ns = 3 * NSEC_PER_MSEC) },
	{ "short-queue",
	  { .delay_ns = 10 * NSEC_PER_MSEC, .rate_bps = 10000000, .queue_limit = 5, .seed = 1 },
	  LINK() },
	{ "lan",
	  { .delay_ns = 50 * NSEC_PER_USEC, .rate_bps = 1000000000, .queue_limit = 100000,
	    .seed = 1 },
	  { .delay_ns = 50 * NSEC_PER_USEC, .rate_bps = 1000000000, .queue_limit = 100000,
	    .seed = 1 } },
	{ "satellite", { .delay_ns = 300 * NSEC_PER_MSEC, .rate_bps = 10000000, .seed = 1 },
	  { .delay_ns = 300 * NSEC_PER_MSEC, .rate_bps = 10000000, .seed = 1 } },
	{ "modem", { .delay_ns = 100 * NSEC_PER_MSEC, .rate_bps = 56000, .queue_limit = 20, .seed = 1 },
	  { .delay_ns = 100 * NSEC_PER_MSEC, .rate_bps = 56000, .queue_limit = 20, .seed = 1 } },
};

/* Bytes moved in a scenario: the slow one has less to do. */
static u32 bytes_of(const struct scenario *sc)
{
	return sc->data.rate_bps < 1000000 ? BYTES / 16 : BYTES;
}

/* Runs it; its line of the table in @line. */
static void run_scenario(const struct scenario *sc, char *line, size_t size)
{
	const struct simlink_config from[2] = { sc->data, sc->acks };
	u32 bytes = bytes_of(sc);
	struct sim_stream st;
	struct sim s;
	u64 start, ms;
	int listener, tx, rx;

	/* The table is that of one seed and of a full second, whatever ran before. */
	random_seed(1);
	host_advance(host_clock_ns + NSEC_PER_SEC - host_clock_ns % NSEC_PER_SEC);
	sim_begin(&s, from);
	listener = sim_listen(&s, 1, 80, 5);
	tx = sim_connect(&s, 0, 80);
	rx = sim_accept(&s, listener);
	start = host_clock_ns;
	sim_stream_init(&st, tx, rx, 1, bytes);
	sim_run(&st, 1);
	ms = (host_clock_ns - start) / NSEC_PER_MSEC;
	scnprintf(line, size, "%-18s %8u %7lu %7lu %6lu %5lu %5lu\n", sc->name, bytes, ms,
		  bytes / max_t(u64, ms, 1), s.net[0]->mib.tcp[TCP_MIB_OUTSEGS],
		  s.net[0]->mib.tcp[TCP_MIB_RETRANSSEGS], s.net[0]->mib.net[LINUX_MIB_TCPTIMEOUTS]);
	sim_end(&s);
}

TEST(sim_goodput_is_as_in_the_golden_table)
{
	unsigned int i;
	char line[128];

	for (i = 0; i < ARRAY_SIZE(scenarios); i++) {
		run_scenario(&scenarios[i], line, sizeof(line));
		sim_table_line(&sim_golden, line);
	}
}
