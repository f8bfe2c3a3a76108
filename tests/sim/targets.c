// SPDX-License-Identifier: MIT
/*
 * What loss recovery and congestion control owe at 100 Mbit/s and 40 ms: a link
 * that is filled, reordering that is seen through, the response function, a tail
 * repaired by a probe, a window of losses repaired without a timeout.
 *
 * RFC: 8985 (RACK-TLP), 9438 5 and 8312 5 (response functions), 9937 (PRR)
 */
#include <linux/kernel.h>
#include <linux/string.h>
#include <net/snmp.h>
#include <net/tcp.h>

#include "path.h"

#define RTT_NS	(40 * NSEC_PER_MSEC)

/* 100 Mbit/s, 40 ms, and a buffer of two bandwidth-delay products. */
/* What a test says differs comes last. */
#pragma GCC diagnostic ignored "-Woverride-init"
#define PATH(...)	{ .mbit = 100, .rtt_ms = 40, .buffer_pct = 200, __VA_ARGS__ }

/* One transfer of @bytes; what it gave, in *@out. */
struct outcome {
	u64 ns, permille, segs, again, spurious, rtos, tlps;
};

static void transfer(const struct sim_path *path, const char *cc, u32 bytes, struct outcome *out)
{
	struct sim_stream st;
	struct sim s;
	int fd[2];

	sim_path_begin(&s, path);
	s.watch.bytes_each = bytes;
	sim_pair_cc(&s, 80, cc, fd);
	sim_stream_init(&st, fd[0], fd[1], 1, bytes);
	sim_run(&st, 1);
	out->ns = st.done_ns - st.began_ns;
	out->permille = sim_permille_of_link(path, bytes, out->ns);
	out->segs = s.watch.sent[0].data_segs;
	out->again = s.watch.sent[0].again;
	out->spurious = s.watch.sent[0].spurious;
	out->rtos = sim_rtos(&s);
	out->tlps = sim_tlps(&s);
	sim_end(&s);
}

/* ---- a link that is filled ----------------------------------------------------------- */

TEST(sim_link_without_loss_is_filled)
{
	/* Slow start is a part of it, and what it overshoots. */
	const struct sim_path path = PATH();
	struct outcome out;

	transfer(&path, NULL, 80000000, &out);
	EXPECT_GE(out.permille, 950);
	EXPECT_EQ(out.rtos, 0);
	EXPECT_EQ(out.spurious, 0);
}

/* ---- reordering ------------------------------------------------------------------------ */

/* 5 % of the segments are late by @us; nothing is lost. */
static void reordered(u32 us)
{
	const struct sim_path path = PATH(.buffer_pct = 0, .reorder_ppm = 5 * SIM_PPM,
					  .reorder_us = us);
	struct outcome out;

	transfer(&path, NULL, 40000000, &out);
	EXPECT_GE(out.permille, 900);
	EXPECT_EQ(out.rtos, 0);
	/* One in a thousand: until reordering has been seen, three SACKs are a loss. */
	EXPECT_LE(out.again * 1000, out.segs);
}

TEST(sim_reordering_by_a_segment_or_two_is_seen_through)
{
	reordered(300);
}

TEST(sim_reordering_by_an_eighth_of_the_round_trip_is_seen_through)
{
	reordered(5000);
}

TEST(sim_reordering_by_half_the_round_trip_is_seen_through)
{
	reordered(20000);
}

/* ---- the response function ---------------------------------------------------------------- */

static u64 square_root(u64 x)
{
	u64 root = 0, bit;

	for (bit = 1ULL << 31; bit; bit >>= 1)
		if ((root + bit) * (root + bit) <= x)
			root += bit;
	return root;
}

/*
 * RFC 9438 5.1, eq. 5 with C = 0.4 and beta = 0.7 (RFC 8312 5.1, eq. 6):
 *
 *	AVG_W_cubic = (C (3 + beta) / (4 (1 - beta)))^(1/4) RTT^(3/4) / p^(3/4)
 *
 * hundredths of a segment.
 */
static u64 w_cubic(u64 rtt_ms, u64 ppm)
{
	/* (C ...) is 37/30; r = RTT / p; a hundred times W is W to the fourth by 10^8. */
	u64 r = 1000 * rtt_ms / ppm;

	return square_root(square_root(37 * r * r * r * 100000000ULL / 30));
}

/* RFC 9438 5.2 and 4.3: no slower than AIMD(1, 1/2): AVG_W = sqrt(3 / (2 p)). */
static u64 w_reno(u64 ppm)
{
	return square_root(15000 * 1000000ULL / ppm);
}

/* Hundredths of a segment: the average window of a transfer on a path that loses
 * @ppm, and nothing else. */
static u64 average_window(const char *cc, u32 ppm, u32 bytes)
{
	const struct sim_path path = PATH(.buffer_pct = 0, .loss_ppm = ppm);
	struct outcome out;

	transfer(&path, cc, bytes, &out);
	return bytes / SIM_MSS * 100ULL * RTT_NS / max_t(u64, out.ns, 1);
}

TEST(sim_response_functions_have_the_values_of_their_tables)
{
	/* RFC 8312 table 1, RTT 0.1 s, C = 0.4: p = 0.01 and 0.0001, Reno and CUBIC's
	 * plain formula: 12 and 120, 5.9 and 187 segments. */
	EXPECT_EQ(w_reno(10000) / 100, 12);
	EXPECT_EQ(w_reno(100) / 100, 122);
	EXPECT_EQ(w_cubic(100, 10000) / 10, 59);
	EXPECT_EQ(w_cubic(100, 100) / 100, 187);
}

TEST(sim_reno_with_a_percent_of_loss_follows_its_response_function)
{
	/* Two per cent for what large packets wait. */
	EXPECT_GE(average_window("reno", SIM_PPM, 20000000), w_reno(SIM_PPM) * 98 / 100);
}

/* The models' windows are fluids. CUBIC's are whole segments, rounded down after a
 * loss and in the estimate of what Reno would have, which at twelve segments is
 * less than a tenth. */
TEST(sim_cubic_with_a_percent_of_loss_follows_its_response_function)
{
	u64 window = average_window("cubic", SIM_PPM, 20000000);

	EXPECT_GE(window, w_cubic(40, SIM_PPM));
	EXPECT_GE(window, w_reno(SIM_PPM) * 9 / 10);
}

/* ---- the tail ------------------------------------------------------------------------------- */

/* Data segments from the @first on, @n of them, are lost once. */
struct lose {
	u32 first, n, every;		/* every: of each so many one; 0: all */
	u32 seen, lost;
};

static bool lose(void *ctx, const void *frame, size_t len)
{
	struct lose *l = ctx;
	struct sim_segment seg;
	u32 i;

	if (!sim_parse(frame, len, &seg) || !seg.len)
		return false;
	i = l->seen++;
	if (i < l->first || i >= l->first + l->n || (l->every && (i - l->first) % l->every))
		return false;
	l->lost++;
	return true;
}

/* A write of @segs segments, of which @l are lost, on a warm connection: how long
 * until the last byte is read? */
static void write_losing(u32 segs, struct lose *l, struct outcome *out)
{
	const struct sim_path path = PATH();
	struct sim_stream st;
	u64 rtos, tlps;
	struct sim s;
	int fd[2];

	sim_path_begin(&s, &path);
	sim_pair_cc(&s, 80, NULL, fd);
	/* Long enough for SRTT to forget that the handshake waited for ARP. */
	sim_stream_init(&st, fd[0], fd[1], 1, 100 * SIM_MSS);
	st.keep_open = true;
	sim_run(&st, 1);
	rtos = sim_rtos(&s);
	tlps = sim_tlps(&s);
	simlink_set_loss(s.link, 0, lose, l);
	sim_stream_init(&st, fd[0], fd[1], 2, (u64)segs * SIM_MSS);
	st.keep_open = true;
	sim_run(&st, 1);
	out->ns = st.done_ns - st.began_ns;
	out->rtos = sim_rtos(&s) - rtos;
	out->tlps = sim_tlps(&s) - tlps;
	simlink_set_loss(s.link, 0, NULL, NULL);
	sim_end(&s);
}

/* The probe, two round trips after the ACK of what came before, repairs the last
 * segment, and its SACK says that the others are lost. PRR sends them again: one,
 * then two, then four in a round trip. RFC 8985 7.2, 9937 */
TEST(sim_lost_tail_is_repaired_by_a_probe_after_two_round_trips)
{
	static const u32 rounds[] = { [2] = 1, 2, 2, 3, 3, 3, 3 };
	struct outcome out;
	u32 n;

	for (n = 2; n < ARRAY_SIZE(rounds); n++) {
		struct lose l = { .first = 10 - n, .n = n };

		write_losing(10, &l, &out);
		EXPECT_EQ(l.lost, n);
		EXPECT_EQ(out.rtos, 0);
		EXPECT_EQ(out.tlps, 1);
		EXPECT_LE(out.ns, (3 + rounds[n]) * RTT_NS + RTT_NS / 2 + 10 * NSEC_PER_MSEC);
	}
}

/* A single segment in flight may be waited for by a delayed ACK: RFC 8985 7.2 adds
 * what that may take, and the RTO bounds the sum. Still a probe, no timeout. */
TEST(sim_lost_last_segment_is_repaired_by_a_probe)
{
	struct lose l = { .first = 9, .n = 1 };
	struct outcome out;

	write_losing(10, &l, &out);
	EXPECT_EQ(l.lost, 1);
	EXPECT_EQ(out.rtos, 0);
	EXPECT_EQ(out.tlps, 1);
	EXPECT_LE(out.ns, 2 * RTT_NS + TCP_RTO_MIN + RTT_NS / 2 + 10 * NSEC_PER_MSEC);
}

/* ---- a window of losses ----------------------------------------------------------------- */

/* After @segs segments a window's worth loses one in @every. */
static void window_of_losses(u32 every, const char *cc)
{
	const struct sim_path path = PATH();
	struct lose l = { .first = 1000, .every = every };
	struct sim_stream st;
	struct tcp_sock *tp;
	struct sim s;
	int fd[2];

	sim_path_begin(&s, &path);
	s.watch.bytes_each = 8000000;
	sim_pair_cc(&s, 80, cc, fd);
	tp = tcp_sk(sim_sock(fd[0]));
	simlink_set_loss(s.link, 0, lose, &l);
	sim_stream_init(&st, fd[0], fd[1], 1, 8000000);
	while (l.seen < l.first && sim_turn(&st, 1, U64_MAX))
		continue;
	/* Segments go in packets of several: the last one went beyond. */
	l.first = l.seen;
	l.n = tcp_snd_cwnd(tp);
	EXPECT_GT(l.n, 100);
	sim_run(&st, 1);
	EXPECT_GE(l.lost, l.n / every);
	EXPECT_EQ(sim_rtos(&s), 0);
	/* The losses of the window, and what slow start overran later if it did. */
	EXPECT_LE(s.watch.sent[0].spurious, 1);
	sim_end(&s);
}

TEST(sim_fifth_of_a_window_lost_is_repaired_without_a_timeout)
{
	unsigned int n;
	const char *cc;

	for (n = 0; (cc = sim_cc_name(n)) != NULL; n++)
		if (sim_cc_there(cc))
			window_of_losses(5, cc);
}

TEST(sim_half_of_a_window_lost_is_repaired_without_a_timeout)
{
	window_of_losses(2, "reno");
}
