// SPDX-License-Identifier: MIT
/*
 * Many connections: at once, one after another, both ways, on links that lose.
 * Every byte arrives once and in order, and nothing is left behind.
 */
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/net.h>

#include "sim.h"

#define PPM	10000U

static const struct simlink_config lossy[2] = {
	{ .delay_ns = 5 * NSEC_PER_MSEC, .rate_bps = 100000000, .loss_ppm = 2 * PPM,
	  .reorder_ppm = 1 * PPM, .reorder_ns = 2 * NSEC_PER_MSEC, .duplicate_ppm = PPM / 2,
	  .corrupt_ppm = PPM / 2, .seed = 11 },
	{ .delay_ns = 5 * NSEC_PER_MSEC, .rate_bps = 100000000, .loss_ppm = 2 * PPM,
	  .reorder_ppm = 1 * PPM, .reorder_ns = 2 * NSEC_PER_MSEC, .duplicate_ppm = PPM / 2,
	  .corrupt_ppm = PPM / 2, .seed = 12 },
};

/* Eight connections, each with both ways busy. */
static void eight_both_ways(const struct simlink_config *from, u64 bytes)
{
	struct sim_stream st[16];
	struct sim s;
	int listener, i, tx[8], rx;

	sim_begin(&s, from);
	listener = sim_listen(&s, 1, 80, 16);
	for (i = 0; i < 8; i++) {
		tx[i] = sim_connect(&s, 0, 80);
		rx = sim_accept(&s, listener);
		sim_stream_init(&st[2 * i], tx[i], rx, 2 * (u32)i, bytes);
		sim_stream_init(&st[2 * i + 1], rx, tx[i], 2 * (u32)i + 1, bytes);
	}
	sim_run(st, 16);
	sim_end(&s);
}

TEST(sim_eight_connections_at_once_both_ways)
{
	eight_both_ways(NULL, 512 * 1024);
}

TEST(sim_eight_connections_at_once_both_ways_on_a_bad_link)
{
	eight_both_ways(lossy, 128 * 1024);
}

TEST(sim_reader_that_stops_and_goes_on)
{
	struct sim_stream st;
	struct sim s;
	int listener, tx, rx, i;

	sim_begin(&s, lossy);
	listener = sim_listen(&s, 1, 80, 5);
	tx = sim_connect(&s, 0, 80);
	rx = sim_accept(&s, listener);
	sim_stream_init(&st, tx, rx, 1, 2000000);
	for (i = 0; i < 5; i++) {
		/* Nobody reads, until the window has long been closed. */
		sim_pump(&st);
		host_sleep(30 * NSEC_PER_SEC);
	}
	sim_run(&st, 1);
	sim_end(&s);
}

/* FEATURES 3.2, 4: nobody reads, at neither end. */
TEST(sim_two_full_ends_fall_silent)
{
	struct simlink_config from[2] = { { .delay_ns = NSEC_PER_MSEC },
					  { .delay_ns = NSEC_PER_MSEC } };
	static const u8 zeros[65536];
	int listener, fd[2], i;
	u64 sent, end;
	struct sim s;

	sim_begin(&s, from);
	listener = sim_listen(&s, 1, 80, 5);
	fd[0] = sim_connect(&s, 0, 80);
	fd[1] = sim_accept(&s, listener);
	for (end = host_clock_ns + 10 * NSEC_PER_SEC; host_clock_ns < end;) {
		for (i = 0; i < 2; i++)
			while (__sys_sendto(fd[i], zeros, sizeof(zeros), 0, NULL, 0) > 0)
				continue;
		if (!sim_step())
			break;
	}
	sent = simlink_stats(s.link, 0)->sent + simlink_stats(s.link, 1)->sent;
	host_sleep(600 * NSEC_PER_SEC);
	sent = simlink_stats(s.link, 0)->sent + simlink_stats(s.link, 1)->sent - sent;
	/* Probes and their answers, ever more rarely. */
	EXPECT_LE(sent, 80);
	sim_end(&s);
}

TEST(sim_ten_thousand_short_connections)
{
	struct simlink_config from[2] = { { .delay_ns = 100 * NSEC_PER_USEC },
					  { .delay_ns = 100 * NSEC_PER_USEC } };
	struct sim s;
	int listener, i;

	sim_begin(&s, from);
	listener = sim_listen(&s, 1, 80, 16);
	for (i = 0; i < 10000; i++) {
		int tx = sim_connect(&s, 0, 80), rx = sim_accept(&s, listener);
		struct sim_stream st[2];

		sim_stream_init(&st[0], tx, rx, (u32)i, 100);
		sim_stream_init(&st[1], rx, tx, (u32)i + 10000, 200);
		if (!sim_run(st, 2))
			break;
		EXPECT_EQ(close_fd((unsigned int)tx), 0);
		EXPECT_EQ(close_fd((unsigned int)rx), 0);
		host_sleep(10 * NSEC_PER_MSEC);
	}
	sim_end(&s);
}

TEST(sim_thousand_connections_open_at_once)
{
	struct simlink_config from[2] = { { .delay_ns = NSEC_PER_MSEC },
					  { .delay_ns = NSEC_PER_MSEC } };
	static struct sim_stream st[1000];
	static int by_port[65536];
	struct sim s;
	int listener, i;

	sim_begin(&s, from);
	listener = sim_listen(&s, 1, 80, 1000);
	for (i = 0; i < 1000; i++) {
		int fd = sim_connect(&s, 0, 80);

		by_port[sim_port(fd, false)] = fd;
	}
	for (i = 0; i < 1000; i++) {
		int fd = sim_accept(&s, listener);

		sim_stream_init(&st[i], fd, by_port[sim_port(fd, true)], (u32)i, 500);
	}
	sim_run(st, 1000);
	sim_end(&s);
}
