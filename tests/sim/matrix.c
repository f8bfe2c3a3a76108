// SPDX-License-Identifier: MIT
/*
 * Paths by one property each, ten flows that share one, every congestion control
 * there is: matrix.txt. The base is 100 Mbit/s, 40 ms, a buffer of one
 * bandwidth-delay product and one flow; a row's name says in what it differs.
 *
 * Columns: goodput in thousandths of what the link can carry; data segments;
 * retransmissions that were needed, and that were not, as the cable saw it;
 * retransmission timeouts; loss probes; ten flows: Jain's fairness index in
 * thousandths (1000: equal shares).
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "path.h"

#define FLOWS	10

struct row {
	const char *name;
	u32 kbytes;		/* to be moved; 0: ten flows for SHARED_NS */
	struct sim_path path;
};

#define SHARED_NS	(4 * NSEC_PER_SEC)

#define BASE(...)	{ .mbit = 100, .rtt_ms = 40, .buffer_pct = 100, __VA_ARGS__ }
#define SHARED(...)	{ .mbit = 50, .rtt_ms = 40, .buffer_pct = 100, __VA_ARGS__ }
/* What a row says differs from the base last. */
#pragma GCC diagnostic ignored "-Woverride-init"

static const struct row rows[] = {
	{ "base", 20000, BASE() },
	{ "loss-0.1%", 12000, BASE(.loss_ppm = SIM_PPM / 10) },
	{ "loss-1%", 5000, BASE(.loss_ppm = 1 * SIM_PPM) },
	{ "loss-3%", 3000, BASE(.loss_ppm = 3 * SIM_PPM) },
	{ "loss-5%", 2000, BASE(.loss_ppm = 5 * SIM_PPM) },
	{ "loss-10%", 1500, BASE(.loss_ppm = 10 * SIM_PPM) },
	{ "loss-3%-both", 2000, BASE(.loss_ppm = 3 * SIM_PPM, .both_ways = true) },
	{ "reorder-1%", 10000, BASE(.reorder_ppm = 1 * SIM_PPM) },
	{ "reorder-5%", 10000, BASE(.reorder_ppm = 5 * SIM_PPM) },
	{ "reorder-20%-both", 10000, BASE(.reorder_ppm = 20 * SIM_PPM, .both_ways = true) },
	{ "duplicate-1%", 10000, BASE(.duplicate_ppm = 1 * SIM_PPM) },
	{ "duplicate-10%-both", 10000, BASE(.duplicate_ppm = 10 * SIM_PPM, .both_ways = true) },
	{ "corrupt-0.1%", 10000, BASE(.corrupt_ppm = SIM_PPM / 10) },
	{ "corrupt-1%-both", 2000, BASE(.corrupt_ppm = 1 * SIM_PPM, .both_ways = true) },
	{ "all-of-it", 1500,
	  BASE(.loss_ppm = SIM_PPM, .reorder_ppm = 2 * SIM_PPM, .duplicate_ppm = SIM_PPM,
	       .corrupt_ppm = SIM_PPM / 2, .both_ways = true) },
	{ "rtt-1ms", 8000, BASE(.rtt_ms = 1) },
	/* Linux's bursts to a peer half a millisecond away have 32 KiB (tcp_tso_rtt_log 9),
	 * three times what this buffer holds: who keeps to a rate as bbr does, and takes no
	 * loss for a sign, loses the rest of each. Without them it fills the link. */
	{ "rtt-1ms-no-burst", 8000, BASE(.rtt_ms = 1, .small_bursts = true) },
	{ "rtt-10ms", 8000, BASE(.rtt_ms = 10) },
	{ "rtt-100ms", 20000, BASE(.rtt_ms = 100) },
	{ "rtt-200ms", 20000, BASE(.rtt_ms = 200) },
	{ "10mbit", 4000, BASE(.mbit = 10) },
	{ "1gbit-rtt-1ms", 30000, BASE(.mbit = 1000, .rtt_ms = 1) },
	{ "1gbit-rtt-10ms", 30000, BASE(.mbit = 1000, .rtt_ms = 10) },
	{ "10mbit-rtt-200ms", 6000, BASE(.mbit = 10, .rtt_ms = 200) },
	{ "buffer-0.25", 16000, BASE(.buffer_pct = 25) },
	{ "buffer-0.5", 16000, BASE(.buffer_pct = 50) },
	{ "buffer-2", 16000, BASE(.buffer_pct = 200) },
	{ "buffer-4", 16000, BASE(.buffer_pct = 400) },
	{ "ten-buffer-0.25", 0, SHARED(.buffer_pct = 25) },
	{ "ten", 0, SHARED() },
	{ "ten-buffer-4", 0, SHARED(.buffer_pct = 400) },
	{ "ten-loss-1%", 0, SHARED(.loss_ppm = 1 * SIM_PPM) },
};

struct figures {
	u64 permille, jain;		/* jain: 0: one flow */
};

static void run_one(struct sim *s, const struct row *row, const char *cc, struct figures *out)
{
	struct sim_stream st;
	int fd[2];

	sim_pair_cc(s, 80, cc, fd);
	sim_stream_init(&st, fd[0], fd[1], 1, row->kbytes * 1000ULL);
	sim_run(&st, 1);
	out->permille = sim_permille_of_link(&row->path, st.received, host_clock_ns - st.began_ns);
	out->jain = 0;
}

/* Jain, Chiu, Hawe 1984: (sum x)^2 / (n sum x^2). */
static u64 jain_permille(const struct sim_stream *st, unsigned int n)
{
	u64 sum = 0, squares = 0;
	unsigned int i;

	for (i = 0; i < n; i++) {
		u64 kbytes = st[i].received / 1000;

		sum += kbytes;
		squares += kbytes * kbytes;
	}
	return 1000 * sum * sum / max_t(u64, n * squares, 1);
}

static void run_ten(struct sim *s, const struct row *row, const char *cc, struct figures *out)
{
	struct sim_stream st[FLOWS];
	u64 end, bytes = 0;
	int i, fd[2];

	for (i = 0; i < FLOWS; i++) {
		sim_pair_cc(s, (u16)(80 + i), cc, fd);
		sim_stream_init(&st[i], fd[0], fd[1], (u32)i, 1U << 30);
	}
	for (end = host_clock_ns + SHARED_NS; host_clock_ns < end;)
		if (!sim_turn(st, FLOWS, end))
			break;
	for (i = 0; i < FLOWS; i++)
		bytes += st[i].received;
	out->permille = sim_permille_of_link(&row->path, bytes, SHARED_NS);
	out->jain = jain_permille(st, FLOWS);
}

static void run_row(const struct row *row, const char *cc)
{
	const struct sim_sent *sent;
	struct figures figures;
	char line[128], jain[8] = "-";
	struct sim s;

	sim_path_begin(&s, &row->path);
	sent = &s.watch.sent[0];
	s.watch.bytes_each = row->kbytes ? row->kbytes * 1000 : 16000000;
	if (row->kbytes)
		run_one(&s, row, cc, &figures);
	else
		run_ten(&s, row, cc, &figures);
	if (figures.jain)
		scnprintf(jain, sizeof(jain), "%lu", figures.jain);
	scnprintf(line, sizeof(line), "%-18s %-5s %7lu %7lu %7lu %8lu %4lu %4lu %5s\n", row->name,
		  cc, figures.permille, sent->data_segs, sent->again - sent->spurious,
		  sent->spurious, sim_rtos(&s), sim_tlps(&s), jain);
	sim_end(&s);
	sim_table_line(&sim_matrix, line);
}

TEST(sim_matrix_of_paths_is_as_in_its_table)
{
	unsigned int i, n;
	const char *cc;

	for (n = 0; (cc = sim_cc_name(n)) != NULL; n++)
		for (i = 0; sim_cc_there(cc) && i < ARRAY_SIZE(rows); i++)
			run_row(&rows[i], cc);
}
