// SPDX-License-Identifier: MIT
/*
 * Keepalive: off by default, two hours by default, a probe at SND.NXT - 1, death
 * after several unanswered ones only.
 *
 * RFC: 9293 3.8.4 (MUST-24 to 28, SHLD-9)
 */
#include "../host/segtest.h"

static void keep(const struct seg_conn *c, int idle, int intvl, int cnt)
{
	EXPECT_EQ(seg_setsockopt(c->fd, SOL_TCP, TCP_KEEPIDLE, idle), 0);
	EXPECT_EQ(seg_setsockopt(c->fd, SOL_TCP, TCP_KEEPINTVL, intvl), 0);
	EXPECT_EQ(seg_setsockopt(c->fd, SOL_TCP, TCP_KEEPCNT, cnt), 0);
	EXPECT_EQ(seg_setsockopt(c->fd, SOL_SOCKET, SO_KEEPALIVE, 1), 0);
}

RULE("RFC 9293", "3.8.4", "MUST-25: keepalive is off by default");
TEST(idle_connection_sends_nothing_by_default)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_quiet(seg_s(100000));
	EXPECT_EQ(seg_state(c.fd), TCP_ESTABLISHED);
	seg_end();
}

RULE("RFC 9293", "3.8.4", "MUST-28: the first probe comes after two hours at least");
RULE("RFC 9293", "3.8.4", "MAY-5: keepalive is there");
RULE("RFC 9293", "3.8.4", "MUST-24: a program can switch keepalive on and off");
RULE("RFC 9293", "3.8.4", "MUST-29: one probe without answer does not end the connection");
RULE("RFC 9293", "3.8.4", "SHLD-12: probes carry no data");
TEST(first_probe_comes_after_two_hours_and_death_after_nine)
{
	struct seg_conn c;
	int i;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_SOCKET, SO_KEEPALIVE, 1), 0);
	seg_out_at(&c, seg_s(7200), seg_s(7200) + seg_ms(1), ". 0:0(0) ack 1");
	for (i = 1; i < 9; i++)
		seg_out_at(&c, seg_s(75), seg_s(75) + seg_ms(1), ". 0:0(0) ack 1");
	seg_out_at(&c, seg_s(75), seg_s(75) + seg_ms(1), "R. 1:1(0) ack 1");
	EXPECT_EQ(seg_error(c.fd), ETIMEDOUT);
	EXPECT_EQ(seg_mib(TCPKEEPALIVE), 9);
	seg_end();
}

TEST(answered_probe_begins_anew)
{
	struct seg_conn c;
	int i;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	keep(&c, 10, 3, 2);
	for (i = 0; i < 5; i++) {
		seg_out_at(&c, seg_s(10), seg_s(10) + seg_ms(1), ". 0:0(0) ack 1");
		seg_in(&c, ". 1:1(0) ack 1");
	}
	seg_out_at(&c, seg_s(10), seg_s(10) + seg_ms(1), ". 0:0(0) ack 1");
	seg_out_at(&c, seg_s(3), seg_s(3) + seg_ms(1), ". 0:0(0) ack 1");
	seg_in(&c, ". 1:1(0) ack 1");
	seg_quiet(seg_s(9));
	EXPECT_EQ(seg_state(c.fd), TCP_ESTABLISHED);
	seg_end();
}

RULE("RFC 9293", "3.8.4", "MUST-26: probes are sent when nothing was received for the interval");
TEST(traffic_postpones_the_probe)
{
	struct seg_conn c;
	int i;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	keep(&c, 10, 3, 2);
	for (i = 0; i < 5; i++) {
		seg_sleep(seg_s(8));
		seg_in(&c, "P. %d:%d(1) ack 1", i + 1, i + 2);
		seg_out_at(&c, 0, seg_ms(40), ". 1:1(0) ack %d", i + 2);
	}
	seg_out_at(&c, seg_ms(9900), seg_ms(10001), ". 0:0(0) ack 6");
	seg_end();
}

TEST(peer_that_restarted_answers_the_probe_by_a_reset)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	keep(&c, 10, 3, 2);
	seg_out_at(&c, seg_s(10), seg_s(10) + seg_ms(1), ". 0:0(0) ack 1");
	seg_in(&c, "R 1:1(0)");
	EXPECT_EQ(seg_error(c.fd), ECONNRESET);
	seg_end();
}

TEST(probe_of_the_peer_is_acknowledged)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	seg_in(&c, ". 0:0(0) ack 1");
	seg_out(&c, ". 1:1(0) ack 1");
	seg_sleep(seg_s(75));
	seg_in(&c, ". 0:0(0) ack 1");
	seg_out(&c, ". 1:1(0) ack 1");
	seg_end();
}

RULE("RFC 9293", "3.8.4", "MUST-27: the interval of keepalive can be set");
TEST(options_of_keepalive_have_bounds)
{
	int fd;

	seg_begin();
	fd = seg_socket();
	EXPECT_EQ(seg_getsockopt(fd, SOL_TCP, TCP_KEEPIDLE), 7200);
	EXPECT_EQ(seg_getsockopt(fd, SOL_TCP, TCP_KEEPINTVL), 75);
	EXPECT_EQ(seg_getsockopt(fd, SOL_TCP, TCP_KEEPCNT), 9);
	EXPECT_EQ(seg_setsockopt(fd, SOL_TCP, TCP_KEEPIDLE, 0), -EINVAL);
	EXPECT_EQ(seg_setsockopt(fd, SOL_TCP, TCP_KEEPIDLE, 32768), -EINVAL);
	EXPECT_EQ(seg_setsockopt(fd, SOL_TCP, TCP_KEEPINTVL, 0), -EINVAL);
	EXPECT_EQ(seg_setsockopt(fd, SOL_TCP, TCP_KEEPCNT, 128), -EINVAL);
	seg_end();
}
