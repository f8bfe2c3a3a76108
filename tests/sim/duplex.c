// SPDX-License-Identifier: MIT
/*
 * A million bytes each way at once, on links that lose, reorder, duplicate and
 * damage: across the end of the number space, with readers that stop, with small
 * buffers, with one half closed long before the other, with each size of MTU.
 *
 * RFC: 9293 3.4 (numbers), 3.6 (half close), 3.8.6 (windows)
 */
#include <linux/byteorder.h>
#include <linux/kernel.h>
#include <linux/net.h>
#include <linux/netdevice.h>
#include <linux/random.h>
#include <net/tcp.h>
#include <net/tcp_states.h>
#include <uapi/linux/in.h>

#include "../host/invariants.h"
#include "path.h"

#define BYTES	1000000U
#define PORT	80

/* 50 Mbit/s, 10 ms, and a little of everything, both ways. */
static const struct sim_path bad = {
	.mbit = 50, .rtt_ms = 10, .loss_ppm = SIM_PPM, .reorder_ppm = 2 * SIM_PPM,
	.duplicate_ppm = SIM_PPM, .corrupt_ppm = SIM_PPM / 2, .both_ways = true, .seed = 3,
};

static const struct sim_path clean = { .mbit = 50, .rtt_ms = 10 };

struct duplex {
	struct sim s;
	int fd[2];
	struct sim_stream st[2];
};

static void duplex_streams(struct duplex *d)
{
	sim_stream_init(&d->st[0], d->fd[0], d->fd[1], 1, BYTES);
	sim_stream_init(&d->st[1], d->fd[1], d->fd[0], 2, BYTES);
}

/* The two of them, moved to their ends; and what holds of both hosts then. */
static void duplex_run(struct duplex *d)
{
	sim_run(d->st, 2);
	EXPECT_EQ(d->st[0].received, BYTES);
	EXPECT_EQ(d->st[1].received, BYTES);
	invariants_check(d->s.net[0]);
	invariants_check(d->s.net[1]);
	sim_end(&d->s);
}

static void duplex_begin(struct duplex *d, const struct sim_path *path)
{
	sim_path_begin(&d->s, path);
	sim_pair(&d->s, PORT, d->fd);
	duplex_streams(d);
}

TEST(sim_million_bytes_each_way_on_a_bad_link)
{
	struct sim_path path = bad;
	struct duplex d;

	for (path.seed = 1; path.seed <= 8; path.seed++) {
		duplex_begin(&d, &path);
		duplex_run(&d);
	}
}

/* ---- numbers that wrap ----------------------------------------------------------------- */

/* ISNs go with the clock, 64 ns a step. A local port is looked for with which both
 * ends' numbers are so close that one moment suits both; its distance to that
 * moment, in steps. */
static u16 port_for_wrap(const struct sim *s, u32 *steps)
{
	__be32 a = htonl(0x0a000001), b = htonl(0x0a000002);
	u32 port;

	for (port = 1024; port < 65536; port++) {
		u32 first = tcp_v4_init_seq(s->net[0], a, b, htons((u16)port), htons(PORT));
		u32 second = tcp_v4_init_seq(s->net[1], b, a, htons(PORT), htons((u16)port));

		/* The second counts on during half a round trip. */
		second += 5 * NSEC_PER_MSEC / 64;
		if (second - first < BYTES / 2) {
			/* Then they are 3/4 and at least 1/4 of the bytes before the end. */
			*steps = 0U - BYTES * 3 / 4 - first;
			return (u16)port;
		}
	}
	test_fail(__FILE__, __LINE__, "no port suits");
	*steps = 0;
	return 1024;
}

static bool wraps(const struct sim *s, int side)
{
	const struct sim_flow *flow = &s->watch.sent[side].flow[0];

	return flow->high < flow->first;
}

TEST(sim_million_bytes_each_way_across_the_wrap)
{
	struct sim_path path = bad;
	struct sockaddr_in sin = { .sin_family = AF_INET };
	struct duplex d;
	int listener;
	u32 steps;

	for (path.seed = 1; path.seed <= 4; path.seed++) {
		sim_path_begin(&d.s, &path);
		d.s.watch.bytes_each = BYTES;
		sin.sin_port = htons(port_for_wrap(&d.s, &steps));
		host_sleep((u64)steps * 64);
		listener = sim_listen(&d.s, 1, PORT, 5);
		d.fd[0] = sim_socket(&d.s, 0);
		EXPECT_EQ(__sys_bind(d.fd[0], (struct sockaddr *)&sin, sizeof(sin)), 0);
		sim_connect_fd(&d.s, d.fd[0], 0, PORT);
		d.fd[1] = sim_accept(&d.s, listener);
		duplex_streams(&d);
		sim_run(d.st, 2);
		EXPECT_TRUE(wraps(&d.s, 0));
		EXPECT_TRUE(wraps(&d.s, 1));
		duplex_run(&d);
	}
}

/* ---- readers that stop ------------------------------------------------------------------- */

TEST(sim_million_bytes_each_way_while_readers_stop)
{
	struct duplex d;
	int i;

	duplex_begin(&d, &bad);
	for (i = 0; i < 2; i++) {
		d.st[i].total = 1000ULL * BYTES;
		EXPECT_EQ(sim_setsockopt(d.fd[i], SOL_SOCKET, SO_RCVBUF, 50000), 0);
	}
	for (i = 0; i < 6; i++) {
		u64 until = host_clock_ns + (i + 1) * NSEC_PER_SEC;

		/* One of them rests until the window is closed and probed; then both. */
		d.st[i % 2].next_read_ns = until;
		if (i > 3)
			d.st[!(i % 2)].next_read_ns = until;
		while (host_clock_ns < until && sim_turn(d.st, 2, until))
			continue;
	}
	for (i = 0; i < 2; i++) {
		EXPECT_FALSE(d.st[i].done);
		d.st[i].total = d.st[i].sent + BYTES;
	}
	sim_run(d.st, 2);
	EXPECT_GT(d.s.net[0]->mib.net[LINUX_MIB_TCPWINPROBE] +
			  d.s.net[1]->mib.net[LINUX_MIB_TCPWINPROBE], 0);
	sim_end(&d.s);
}

/* Slow all the way: a few thousand bytes each twenty milliseconds. */
static void slow(const struct sim_path *path, u64 chunk)
{
	struct duplex d;
	int i;

	duplex_begin(&d, path);
	for (i = 0; i < 2; i++) {
		d.st[i].total = BYTES / 5;
		d.st[i].read_every_ns = 20 * NSEC_PER_MSEC;
		d.st[i].read_chunk = chunk;
		EXPECT_EQ(sim_setsockopt(d.fd[i], SOL_SOCKET, SO_RCVBUF, 16384), 0);
	}
	sim_run(d.st, 2);
	sim_end(&d.s);
}

TEST(sim_slow_readers_both_ways)
{
	slow(&clean, 5000);
	slow(&bad, 5000);
	slow(&bad, 700);
}

/* ---- small buffers ------------------------------------------------------------------------ */

/* SO_RCVBUF before the handshake, of both. */
static void small_buffers(const struct sim_path *path, int rcvbuf, int sndbuf, u64 total)
{
	struct duplex d;
	int listener, i;

	sim_path_begin(&d.s, path);
	listener = sim_listen(&d.s, 1, PORT, 5);
	d.fd[0] = sim_socket(&d.s, 0);
	EXPECT_EQ(sim_setsockopt(listener, SOL_SOCKET, SO_RCVBUF, rcvbuf), 0);
	EXPECT_EQ(sim_setsockopt(d.fd[0], SOL_SOCKET, SO_RCVBUF, rcvbuf), 0);
	if (sndbuf)
		EXPECT_EQ(sim_setsockopt(d.fd[0], SOL_SOCKET, SO_SNDBUF, sndbuf), 0);
	sim_connect_fd(&d.s, d.fd[0], 0, PORT);
	d.fd[1] = sim_accept(&d.s, listener);
	duplex_streams(&d);
	for (i = 0; i < 2; i++)
		d.st[i].total = total;
	sim_run(d.st, 2);
	invariants_check(d.s.net[0]);
	invariants_check(d.s.net[1]);
	sim_end(&d.s);
}

TEST(sim_receive_buffers_of_four_kilobytes_both_ways)
{
	small_buffers(&clean, 4096, 0, BYTES);
	small_buffers(&bad, 4096, 4096, BYTES / 4);
}

TEST(sim_smallest_receive_buffers_both_ways)
{
	small_buffers(&clean, 1, 1, BYTES / 10);
	small_buffers(&bad, 1, 1, BYTES / 20);
}

/* ---- half close ------------------------------------------------------------------------------ */

/* One side closes its half at once; the other sends its million then. */
static void half_closed(int first, const struct sim_path *path)
{
	struct duplex d;
	struct sock *sk;

	duplex_begin(&d, path);
	d.st[first].total = 1000;
	EXPECT_TRUE(sim_run(&d.st[first], 1));
	sk = sim_sock(d.fd[!first]);
	EXPECT_EQ(sk->sk_state, TCP_CLOSE_WAIT);
	EXPECT_TRUE(sim_run(&d.st[!first], 1));
	EXPECT_EQ(d.st[!first].received, BYTES);
	sim_end(&d.s);
}

TEST(sim_half_closed_by_either_side_the_other_goes_on)
{
	half_closed(0, &clean);
	half_closed(1, &clean);
	half_closed(0, &bad);
	half_closed(1, &bad);
}

/* ---- MTUs ------------------------------------------------------------------------------  */

static void with_mtu(int mtu0, int mtu1, const struct sim_path *path)
{
	struct duplex d;

	sim_path_begin(&d.s, path);
	EXPECT_EQ(dev_set_mtu(simlink_dev(d.s.link, 0), mtu0), 0);
	EXPECT_EQ(dev_set_mtu(simlink_dev(d.s.link, 1), mtu1), 0);
	sim_pair(&d.s, PORT, d.fd);
	duplex_streams(&d);
	/* 20 of IP, 20 of TCP, 12 of timestamps. */
	EXPECT_EQ(tcp_sk(sim_sock(d.fd[0]))->mss_cache, min(mtu0, mtu1) - 52);
	duplex_run(&d);
}

TEST(sim_million_bytes_each_way_with_small_and_large_mtus)
{
	with_mtu(576, 576, &bad);
	with_mtu(9000, 9000, &bad);
	with_mtu(9000, 1500, &bad);
	with_mtu(296, 1500, &bad);
}
