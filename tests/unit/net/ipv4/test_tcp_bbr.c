// SPDX-License-Identifier: MIT
/*
 * BBR on a simulated link: it fills it, whatever the buffer and whatever is lost,
 * keeps no queue, and looks at the RTT every ten seconds.
 */
#include <linux/random.h>
#include <linux/sysctl.h>
#include <net/tcp.h>
#include <uapi/linux/in.h>

#include "../../../sim/sim.h"

#define PPM		10000U
#define RATE		100000000ULL	/* bit/s */
#define RTT		(40 * NSEC_PER_MSEC)
#define BDP_FRAMES	325U		/* of 1538 bytes on the wire */
/* Bytes of payload a second that fill the link: 1448 of each 1538. */
#define FULL(rate)	((rate) / 8 * 1448 / 1538)
#define BBR_UNIT	256U

static struct sim sim;
static struct sim_stream stream;

static void info_of(struct tcp_info *info)
{
	int len = sizeof(*info);

	EXPECT_EQ(__sys_getsockopt(stream.tx, SOL_TCP, TCP_INFO, info, &len), 0);
}

static void bbr_of(struct tcp_bbr_info *info)
{
	union tcp_cc_info cc;
	int len = sizeof(cc);

	EXPECT_EQ(__sys_getsockopt(stream.tx, SOL_TCP, TCP_CC_INFO, &cc, &len), 0);
	EXPECT_EQ(len, (int)sizeof(cc.bbr));
	*info = cc.bbr;
}

/* A connection of side 0 that never has nothing to send. */
static void begin(const char *ca, const struct simlink_config *data)
{
	struct simlink_config from[2] = { *data, *data };
	int listener, tx, rx;

	from[1].loss_ppm = 0;
	from[1].queue_limit = 0;
	random_seed(1);
	sim_begin(&sim, from);
	EXPECT_EQ(sysctl_write(sim.net[0], "net.ipv4.tcp_congestion_control", ca), 0);
	listener = sim_listen(&sim, 1, 80, 5);
	tx = sim_connect(&sim, 0, 80);
	rx = sim_accept(&sim, listener);
	sim_stream_init(&stream, tx, rx, 1, 1ULL << 40);
}

/* Lets it go on for a time; calls @each after every step. */
static void run(u64 span_ns, void (*each)(void))
{
	u64 end = host_clock_ns + span_ns;

	while (host_clock_ns < end) {
		sim_pump(&stream);
		if (each)
			each();
		if (!sim_step())
			break;
	}
}

/* Payload received in a time, in per cent of what the link carries. */
static u64 per_cent_in(u64 span_ns, u64 rate_bps)
{
	u64 received = stream.received, start = host_clock_ns;

	run(span_ns, NULL);
	return (stream.received - received) * 100 * NSEC_PER_SEC / (host_clock_ns - start) /
	       FULL(rate_bps);
}

static void end(void)
{
	sim_end(&sim);
}

TEST(bbr_fills_a_link_with_a_shallow_buffer)
{
	const struct simlink_config link = { .delay_ns = RTT / 2, .rate_bps = RATE,
					     .queue_limit = BDP_FRAMES / 4, .seed = 1 };
	struct tcp_bbr_info bbr;

	begin("bbr", &link);
	run(NSEC_PER_SEC, NULL);
	EXPECT_GE(per_cent_in(NSEC_PER_SEC, RATE), 95);
	bbr_of(&bbr);
	/* Both estimates are right. */
	EXPECT_GE(bbr.bbr_min_rtt, RTT / NSEC_PER_USEC);
	EXPECT_LE(bbr.bbr_min_rtt, RTT / NSEC_PER_USEC + 500);
	EXPECT_EQ(bbr.bbr_bw_hi, 0);
	EXPECT_GE(bbr.bbr_bw_lo, FULL(RATE) / 100 * 96);
	EXPECT_LE(bbr.bbr_bw_lo, FULL(RATE) / 100 * 103);
	EXPECT_EQ(bbr.bbr_cwnd_gain, 2 * BBR_UNIT);
	end();
}

TEST(bbr_does_not_mind_a_loss_of_one_per_cent)
{
	const struct simlink_config link = { .delay_ns = RTT / 2, .rate_bps = RATE,
					     .queue_limit = BDP_FRAMES, .loss_ppm = 1 * PPM,
					     .seed = 1 };
	u64 cubic;

	begin("cubic", &link);
	run(2 * NSEC_PER_SEC, NULL);
	cubic = per_cent_in(3 * NSEC_PER_SEC, RATE);
	end();
	begin("bbr", &link);
	run(NSEC_PER_SEC, NULL);
	EXPECT_GE(per_cent_in(NSEC_PER_SEC, RATE), 90);
	end();
	/* What it would be else. */
	EXPECT_LE(cubic, 40);
}

static u32 srtt_max;

static void see_rtt(void)
{
	struct tcp_info info;

	info_of(&info);
	srtt_max = max(srtt_max, info.tcpi_rtt);
}

TEST(bbr_keeps_a_deep_buffer_empty)
{
	const struct simlink_config link = { .delay_ns = RTT / 2, .rate_bps = RATE / 10,
					     .queue_limit = 10 * BDP_FRAMES, .seed = 1 };

	begin("bbr", &link);
	run(3 * NSEC_PER_SEC, NULL);
	srtt_max = 0;
	run(3 * NSEC_PER_SEC, see_rtt);
	EXPECT_LE(srtt_max, RTT / NSEC_PER_USEC * 3 / 2);
	EXPECT_EQ(simlink_stats(sim.link, 0)->queue_drops, 0);
	end();
}

static u64 probe_first, probe_last;
static u32 gains_seen;			/* bit: which pacing gain */

static void see_mode(void)
{
	struct tcp_info info;
	struct tcp_bbr_info bbr;

	info_of(&info);
	bbr_of(&bbr);
	if (info.tcpi_snd_cwnd == 4 && bbr.bbr_pacing_gain == BBR_UNIT) {
		EXPECT_EQ(bbr.bbr_cwnd_gain, BBR_UNIT);
		probe_first = probe_first ? probe_first : host_clock_ns;
		probe_last = host_clock_ns;
	}
	if (bbr.bbr_cwnd_gain == 2 * BBR_UNIT) {
		gains_seen |= bbr.bbr_pacing_gain == BBR_UNIT * 5 / 4 ? 1 : 0;
		gains_seen |= bbr.bbr_pacing_gain == BBR_UNIT * 3 / 4 ? 2 : 0;
		gains_seen |= bbr.bbr_pacing_gain == BBR_UNIT ? 4 : 0;
	}
}

TEST(bbr_looks_at_the_rtt_every_ten_seconds)
{
	const struct simlink_config link = { .delay_ns = RTT / 2, .rate_bps = RATE / 20,
					     .queue_limit = BDP_FRAMES, .seed = 1 };
	u64 start;

	begin("bbr", &link);
	probe_first = 0;
	gains_seen = 0;
	start = host_clock_ns;
	run(12 * NSEC_PER_SEC, see_mode);
	/* The least was seen in the first round trips. */
	EXPECT_GE(probe_first - start, 10 * NSEC_PER_SEC);
	EXPECT_LE(probe_first - start, 11 * NSEC_PER_SEC);
	/* 200 ms, and until the end of a round. */
	EXPECT_GE(probe_last - probe_first, 200 * NSEC_PER_MSEC);
	EXPECT_LE(probe_last - probe_first, 300 * NSEC_PER_MSEC);
	/* Then it goes on as before. */
	EXPECT_GE(per_cent_in(2 * NSEC_PER_SEC, RATE / 20), 95);
	/* It went through all phases of the cycle. */
	EXPECT_EQ(gains_seen, 7);
	end();
}

static u32 ack_count;

/* Side 1's ACKs: 31 of 32 are lost. The next one says all, of 64 segments, more
 * than the window has beyond the link. */
static bool lose_acks(void *ctx, const void *frame, size_t len)
{
	return len < 100 && ack_count++ % 32;
}

TEST(bbr_fills_the_link_when_acks_come_in_lumps)
{
	const struct simlink_config link = { .delay_ns = RTT / 2, .rate_bps = RATE / 10,
					     .queue_limit = BDP_FRAMES, .seed = 1 };

	begin("bbr", &link);
	run(2 * NSEC_PER_SEC, NULL);
	simlink_set_loss(sim.link, 1, lose_acks, NULL);
	run(2 * NSEC_PER_SEC, NULL);
	EXPECT_GE(per_cent_in(3 * NSEC_PER_SEC, RATE / 10), 95);
	simlink_set_loss(sim.link, 1, NULL, NULL);
	end();
}

/* A policer: a bucket of 100 frames that fills at 5 Mbit/s; what finds it empty is
 * dropped, not queued. */
static u64 bucket_ns, bucket_full_ns;

static bool police(void *ctx, const void *frame, size_t len)
{
	u64 cost = len * 8ULL * NSEC_PER_SEC / 5000000;

	bucket_full_ns = max(bucket_full_ns, host_clock_ns);
	if (bucket_full_ns + cost > host_clock_ns + bucket_ns)
		return true;
	bucket_full_ns += cost;
	return false;
}

TEST(bbr_sends_at_the_rate_of_a_policer)
{
	const struct simlink_config link = { .delay_ns = RTT / 2, .rate_bps = RATE,
					     .queue_limit = BDP_FRAMES, .seed = 1 };
	u64 segs, again;

	bucket_ns = 100 * 1514 * 8ULL * NSEC_PER_SEC / 5000000;
	bucket_full_ns = 0;
	begin("bbr", &link);
	simlink_set_loss(sim.link, 0, police, NULL);
	run(2 * NSEC_PER_SEC, NULL);
	segs = sim.net[0]->mib.tcp[TCP_MIB_OUTSEGS];
	again = sim.net[0]->mib.tcp[TCP_MIB_RETRANSSEGS];
	/* It asks for more every two seconds or so, and is told. */
	run(8 * NSEC_PER_SEC, NULL);
	segs = sim.net[0]->mib.tcp[TCP_MIB_OUTSEGS] - segs;
	again = sim.net[0]->mib.tcp[TCP_MIB_RETRANSSEGS] - again;
	EXPECT_GE(segs, 500);
	/* A probing 5/4 would lose a fifth in a phase of eight, else all that is beyond; one
	 * in twelve to one in eighteen, as bursts and bucket meet. */
	EXPECT_LE(again, segs / 10);
	simlink_set_loss(sim.link, 0, NULL, NULL);
	end();
}

TEST(bbr_tells_of_itself_and_reno_has_nothing_to_tell)
{
	const struct simlink_config link = { .delay_ns = RTT / 2, .rate_bps = RATE, .seed = 1 };
	struct tcp_bbr_info info;
	u8 byte = 0x55;
	int len;

	begin("bbr", &link);
	bbr_of(&info);
	/* Nothing was acknowledged yet; then STARTUP: 2/ln(2). */
	EXPECT_EQ(info.bbr_pacing_gain, 0);
	run(2 * RTT, NULL);
	bbr_of(&info);
	EXPECT_EQ(info.bbr_pacing_gain, BBR_UNIT * 2885 / 1000 + 1);
	len = 1;
	EXPECT_EQ(__sys_getsockopt(stream.tx, SOL_TCP, TCP_CC_INFO, &byte, &len), 0);
	EXPECT_EQ(len, 1);
	EXPECT_EQ(byte, info.bbr_bw_lo & 0xff);
	len = -1;
	EXPECT_EQ(__sys_getsockopt(stream.tx, SOL_TCP, TCP_CC_INFO, &byte, &len), -EINVAL);
	EXPECT_EQ(__sys_setsockopt(stream.tx, SOL_TCP, TCP_CONGESTION, "reno", 4), 0);
	len = sizeof(info);
	EXPECT_EQ(__sys_getsockopt(stream.tx, SOL_TCP, TCP_CC_INFO, &info, &len), 0);
	EXPECT_EQ(len, 0);
	end();
}

TEST(bbr_changes_places_with_others_in_the_middle_of_a_transfer)
{
	static const char *const names[] = { "cubic", "bbr", "reno", "bbr", "cubic", "reno" };
	const struct simlink_config link = { .delay_ns = RTT / 2, .rate_bps = RATE / 10,
					     .queue_limit = BDP_FRAMES / 10, .seed = 1 };
	unsigned int i;

	begin("bbr", &link);
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		run(500 * NSEC_PER_MSEC, NULL);
		EXPECT_EQ(__sys_setsockopt(stream.tx, SOL_TCP, TCP_CONGESTION, names[i],
					   (int)strlen(names[i])), 0);
	}
	EXPECT_GE(per_cent_in(2 * NSEC_PER_SEC, RATE / 10), 50);
	end();
}
