// SPDX-License-Identifier: MIT
/*
 * Forty flows of 10 to 100 kB, one every 50 ms, each with its handshake and its
 * FIN, on paths of 100 Mbit/s and 40 ms; alone or beside a long flow that keeps
 * the buffer full: short_flows.txt.
 *
 * Columns: from connect() to the last byte read, microseconds: median, the
 * last but one, the last; timeouts and loss probes of all; the long flow's goodput
 * in thousandths of the link.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "path.h"

#define FLOWS		40
#define SPACING_NS	(50 * NSEC_PER_MSEC)
#define PORT		80
#define LONG_PORT	81

struct row {
	const char *name;
	bool beside_long;
	struct sim_path path;
};

#define BASE(...)	{ .mbit = 100, .rtt_ms = 40, .buffer_pct = 100, __VA_ARGS__ }

static const struct row rows[] = {
	{ "alone", false, BASE() },
	{ "loss-1%", false, BASE(.loss_ppm = 1 * SIM_PPM, .both_ways = true) },
	{ "loss-5%", false, BASE(.loss_ppm = 5 * SIM_PPM, .both_ways = true) },
	{ "reorder-5%", false, BASE(.reorder_ppm = 5 * SIM_PPM) },
	{ "beside-long", true, BASE() },
	{ "beside-long-loss-1%", true, BASE(.loss_ppm = 1 * SIM_PPM) },
};

struct short_flows {
	struct sim *s;
	const char *cc;
	int listener;
	u64 begin_ns;
	unsigned int nr_begun;
	u16 port[FLOWS];		/* of the connecting side */
	int fd[FLOWS];
	/* The last is the long one. */
	struct sim_stream st[FLOWS + 1];
};

/* 10 to 100 kB, in no order. */
static u32 size_of(unsigned int i)
{
	return 10000 + i * 37 % FLOWS * (90000 / (FLOWS - 1));
}

static void begin_one(struct short_flows *f)
{
	unsigned int i = f->nr_begun++;
	struct sim_stream *st = &f->st[i];

	f->fd[i] = sim_connect_fd(f->s, sim_socket_cc(f->s, 0, f->cc), 0, PORT);
	f->port[i] = sim_port(f->fd[i], false);
	sim_stream_init(st, -1, -1, i, size_of(i));
}

/* Connections that are complete get their streams going. */
static void accept_all(struct short_flows *f)
{
	unsigned int i;
	int fd;

	while ((fd = sim_try_accept(f->listener)) >= 0) {
		u16 port = sim_port(fd, true);

		for (i = 0; i < f->nr_begun; i++)
			if (f->port[i] == port && f->st[i].rx < 0)
				break;
		BUG_ON(i == f->nr_begun);
		f->st[i].tx = f->fd[i];
		f->st[i].rx = fd;
		f->st[i].moved_ns = host_clock_ns;
	}
}

static bool all_done(const struct short_flows *f)
{
	unsigned int i;

	for (i = 0; i < FLOWS; i++)
		if (!f->st[i].done)
			return false;
	return true;
}

static void run_flows(struct short_flows *f, unsigned int nr_streams)
{
	u64 end = f->begin_ns + 120 * NSEC_PER_SEC;

	while (!all_done(f)) {
		u64 due = f->nr_begun < FLOWS ? f->begin_ns + f->nr_begun * SPACING_NS : end;

		if (host_clock_ns >= end) {
			test_fail(__FILE__, __LINE__, "short flows still run after two minutes");
			break;
		}
		if (f->nr_begun < FLOWS && host_clock_ns >= due)
			begin_one(f);
		accept_all(f);
		if (!sim_turn(f->st, nr_streams, due))
			break;
	}
}

/* Their times, ascending, microseconds. */
static void sorted_times(const struct short_flows *f, u64 us[FLOWS])
{
	unsigned int i, j;

	for (i = 0; i < FLOWS; i++) {
		u64 t = (f->st[i].done_ns - f->st[i].began_ns) / NSEC_PER_USEC;

		for (j = i; j && us[j - 1] > t; j--)
			us[j] = us[j - 1];
		us[j] = t;
	}
}

static void run_row(const struct row *row, const char *cc)
{
	static struct short_flows f;
	u64 us[FLOWS], permille = 0;
	unsigned int i;
	char line[128];
	struct sim s;
	int fd[2];

	sim_path_begin(&s, &row->path);
	memset(&f, 0, sizeof(f));
	f.s = &s;
	f.cc = cc;
	f.listener = sim_listen(&s, 1, PORT, 64);
	for (i = 0; i < FLOWS; i++)
		sim_stream_init(&f.st[i], -1, -1, i, 0);
	if (row->beside_long) {
		sim_pair_cc(&s, LONG_PORT, cc, fd);
		sim_stream_init(&f.st[FLOWS], fd[0], fd[1], FLOWS, 1U << 30);
		/* It has found its rate. */
		while (host_clock_ns < f.st[FLOWS].began_ns + 2 * NSEC_PER_SEC)
			if (!sim_turn(&f.st[FLOWS], 1,
				      f.st[FLOWS].began_ns + 2 * NSEC_PER_SEC))
				break;
	}
	f.begin_ns = host_clock_ns;
	run_flows(&f, FLOWS + row->beside_long);
	sorted_times(&f, us);
	if (row->beside_long)
		permille = sim_permille_of_link(&row->path, f.st[FLOWS].received,
						host_clock_ns - f.st[FLOWS].began_ns);
	scnprintf(line, sizeof(line), "%-19s %-5s %7lu %7lu %7lu %5lu %4lu %5lu\n", row->name, cc,
		  us[FLOWS / 2], us[FLOWS - 2], us[FLOWS - 1], sim_rtos(&s),
		  sim_tlps(&s), permille);
	sim_end(&s);
	sim_table_line(&sim_short_flows, line);
}

TEST(sim_short_flows_take_as_long_as_in_their_table)
{
	unsigned int i, n;
	const char *cc;

	for (n = 0; (cc = sim_cc_name(n)) != NULL; n++)
		for (i = 0; sim_cc_there(cc) && i < ARRAY_SIZE(rows); i++)
			run_row(&rows[i], cc);
}
