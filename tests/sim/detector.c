// SPDX-License-Identifier: MIT
/*
 * The detectors detect: each thing that stall.c speaks of is done to a
 * connection by hand, seen, and undone; and the bystander tells a needed
 * retransmission from one that was not.
 */
#include <linux/kernel.h>
#include <linux/timer.h>
#include <net/tcp.h>

#include "sim.h"

#define BYTES	100000

static const struct simlink_config ten_ms[2] = {
	{ .delay_ns = 10 * NSEC_PER_MSEC, .rate_bps = 100000000 },
	{ .delay_ns = 10 * NSEC_PER_MSEC, .rate_bps = 100000000 },
};

/* A connection with data in flight and more in its queue. */
static void begin_busy(struct sim *s, struct sim_stream *st)
{
	int fd[2];

	sim_begin(s, ten_ms);
	sim_pair(s, 80, fd);
	sim_stream_init(st, fd[0], fd[1], 1, BYTES);
	sim_pump(st);
	host_run();
}

static void end_busy(struct sim *s, struct sim_stream *st)
{
	sim_run(st, 1);
	sim_end(s);
}

TEST(sim_stall_no_timer_for_what_is_in_flight_is_seen)
{
	struct sim_stream st;
	struct sim s;
	struct sock *sk;
	u64 expires;

	begin_busy(&s, &st);
	sk = sim_sock(st.tx);
	EXPECT_GT(tcp_sk(sk)->packets_out, 0);
	EXPECT_TRUE(!sim_stuck(sk, false));
	expires = inet_csk(sk)->icsk_retransmit_timer.expires;
	EXPECT_TRUE(del_timer(&inet_csk(sk)->icsk_retransmit_timer));
	EXPECT_STREQ(sim_stuck(sk, false), "data is in flight, and no timer for it");
	mod_timer(&inet_csk(sk)->icsk_retransmit_timer, expires);
	EXPECT_TRUE(!sim_stuck(sk, false));
	end_busy(&s, &st);
}

TEST(sim_stall_late_timer_is_seen)
{
	struct sim_stream st;
	struct sim s;
	struct sock *sk;

	begin_busy(&s, &st);
	sk = sim_sock(st.tx);
	inet_csk(sk)->icsk_timeout += 10 * NSEC_PER_SEC;
	EXPECT_STREQ(sim_stuck(sk, false), "the timer is armed for later than the back-off says");
	inet_csk(sk)->icsk_timeout -= 10 * NSEC_PER_SEC;
	EXPECT_TRUE(!sim_stuck(sk, false));
	end_busy(&s, &st);
}

TEST(sim_stall_open_windows_are_seen)
{
	struct sim_stream st;
	struct sim s;
	struct tcp_sock *tp;

	begin_busy(&s, &st);
	tp = tcp_sk(sim_sock(st.tx));
	EXPECT_TRUE(tcp_send_head(sim_sock(st.tx)));
	tp->snd_cwnd *= 2;
	EXPECT_STREQ(sim_stuck(sim_sock(st.tx), false),
		     "data is queued, and both windows would take it");
	tp->snd_cwnd /= 2;
	EXPECT_TRUE(!sim_stuck(sim_sock(st.tx), false));
	end_busy(&s, &st);
}

TEST(sim_stall_closed_window_without_a_probe_is_seen)
{
	struct sim_stream st;
	struct sim s;
	struct sock *sk;
	u64 expires;

	begin_busy(&s, &st);
	sk = sim_sock(st.tx);
	/* Nobody reads: the window closes. */
	st.total = 10000000;
	st.next_read_ns = U64_MAX;
	while (tcp_sk(sk)->packets_out || tcp_sk(sk)->snd_wnd)
		if (!sim_turn(&st, 1, host_clock_ns + NSEC_PER_SEC))
			break;
	EXPECT_EQ(inet_csk(sk)->icsk_pending, ICSK_TIME_PROBE0);
	EXPECT_TRUE(!sim_stuck(sk, false));
	expires = inet_csk(sk)->icsk_retransmit_timer.expires;
	EXPECT_TRUE(del_timer(&inet_csk(sk)->icsk_retransmit_timer));
	EXPECT_STREQ(sim_stuck(sk, false), "data is queued, nothing in flight, and no timer");
	mod_timer(&inet_csk(sk)->icsk_retransmit_timer, expires);
	st.next_read_ns = 0;
	end_busy(&s, &st);
}

TEST(sim_stall_window_not_reopened_is_seen)
{
	struct sim_stream st;
	struct sim s;
	struct tcp_sock *tp;
	u32 rcv_wnd;

	begin_busy(&s, &st);
	while (st.received < BYTES / 2 && sim_turn(&st, 1, U64_MAX))
		;
	while (sim_pump(&st))
		host_run();
	tp = tcp_sk(sim_sock(st.rx));
	EXPECT_TRUE(!sim_stuck(sim_sock(st.rx), true));
	rcv_wnd = tp->rcv_wnd;
	tp->rcv_wnd = 0;
	EXPECT_STREQ(sim_stuck(sim_sock(st.rx), true),
		     "all is read, and the peer was not told that there is room");
	EXPECT_TRUE(!sim_stuck(sim_sock(st.rx), false));
	tp->rcv_wnd = rcv_wnd;
	end_busy(&s, &st);
}

/* ---- the bystander ------------------------------------------------------------------ */

/* The n-th data segment is lost. */
static bool nth_data(void *ctx, const void *frame, size_t len)
{
	unsigned int *left = ctx;
	struct sim_segment seg;

	return sim_parse(frame, len, &seg) && seg.len && !--*left;
}

/* ACKs are lost while *@ctx is. */
static bool while_set(void *ctx, const void *frame, size_t len)
{
	return *(const bool *)ctx;
}

TEST(sim_watch_calls_a_repaired_loss_needed)
{
	unsigned int left = 20;
	struct sim_stream st;
	struct sim s;
	int fd[2];

	sim_begin(&s, ten_ms);
	s.watch.bytes_each = BYTES;
	simlink_set_loss(s.link, 0, nth_data, &left);
	sim_pair(&s, 80, fd);
	sim_stream_init(&st, fd[0], fd[1], 1, BYTES);
	sim_run(&st, 1);
	EXPECT_EQ(s.watch.sent[0].again, 1);
	EXPECT_EQ(s.watch.sent[0].spurious, 0);
	EXPECT_EQ(s.watch.sent[0].data_segs, (BYTES + 1447) / 1448 + 1);
	sim_end(&s);
}

TEST(sim_watch_calls_a_retransmission_without_loss_spurious)
{
	bool no_acks = false;
	struct sim_stream st;
	struct sim s;
	int fd[2];

	sim_begin(&s, ten_ms);
	s.watch.bytes_each = BYTES;
	sim_pair(&s, 80, fd);
	simlink_set_loss(s.link, 1, while_set, &no_acks);
	sim_stream_init(&st, fd[0], fd[1], 1, 1000);
	no_acks = true;
	while (host_clock_ns < st.began_ns + NSEC_PER_SEC)
		sim_turn(&st, 1, st.began_ns + NSEC_PER_SEC);
	no_acks = false;
	sim_run(&st, 1);
	EXPECT_GT(s.watch.sent[0].again, 1);
	EXPECT_EQ(s.watch.sent[0].spurious, s.watch.sent[0].again);
	sim_end(&s);
}
