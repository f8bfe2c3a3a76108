// SPDX-License-Identifier: MIT
/*
 * What we offer: the right edge never moves to the left; a slow reader does not
 * open the window by slivers.
 *
 * RFC: 9293 3.8.6 (SHLD-14), 3.8.6.2.2 (MUST-39)
 */
#include "../host/segtest.h"

#include <uapi/linux/in.h>

/* What the last segment offered. */
static u32 right_edge(const struct seg_conn *c)
{
	struct file *file;
	int err;
	struct socket *sock = sockfd_lookup_light(c->fd, &err, &file);
	const struct tcp_sock *tp = tcp_sk(sock->sk);
	u32 edge = tp->rcv_wup + tp->rcv_wnd - c->risn;

	fput(file);
	return edge;
}

/* Chosen before the connection: the window follows it from the start. */
static void small_buffer(struct seg_conn *c, const char *opts)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(SEG_PORT) };
	int listener = seg_socket();

	EXPECT_EQ(seg_setsockopt(listener, SOL_SOCKET, SO_RCVBUF, 20000), 0);
	EXPECT_EQ(__sys_bind(listener, (struct sockaddr *)&sin, sizeof(sin)), 0);
	EXPECT_EQ(__sys_listen(listener, 5), 0);
	seg_conn_init(c);
	seg_handshake(c, opts, 32768);
	EXPECT_GE(seg_accept(listener, c), 0);
}

RULE("RFC 9293", "3.8.6", "SHLD-14: the right edge of our window never moves left");
TEST(right_edge_never_moves_left)
{
	struct seg_conn c;
	struct tcp_info info;
	unsigned int at = 1, i;
	u32 edge, next;

	seg_begin();
	small_buffer(&c, "mss 1000,nop,wscale 7");
	edge = right_edge(&c);
	for (i = 0; i < 2000; i++) {
		unsigned int len = (i * 7919) % 500 + 501;

		seg_in(&c, "P. %u:%u(%u) ack 1", at, at + len, len);
		next = right_edge(&c);
		EXPECT_FALSE(before(next, edge));
		edge = next;
		if (i % 3 == 0) {
			ssize_t n = seg_read(&c, (i * 31) % 2500);

			EXPECT_TRUE(n >= 0 || n == -EAGAIN);
			next = right_edge(&c);
			EXPECT_FALSE(before(next, edge));
			edge = next;
		}
		seg_flush();
		/* What was taken is acknowledged: go on from there. */
		seg_info(c.fd, &info);
		at = (unsigned int)info.tcpi_bytes_received + 1;
	}
	EXPECT_GT(at, 10000);
	EXPECT_EQ(seg_mib(TCPRCVQDROP), 0);
	seg_end();
}

RULE("RFC 9293", "3.8.6.2.2", "MUST-39: the receiver avoids silly windows");
RULE("RFC 1122", "4.2.3.3", "the receiver avoids silly windows");
TEST(slow_reader_opens_the_window_by_a_segment_or_more)
{
	struct seg_conn c;
	unsigned int at = 1, i, updates = 0;
	struct tcp_info info;
	u32 edge, next;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_SOCKET, SO_RCVBUF, 20000), 0);
	do {
		at += 1000;
		seg_in(&c, ". %u:%u(1000) ack 1", at - 1000, at);
		seg_info(c.fd, &info);
	} while (info.tcpi_bytes_received == at - 1);
	seg_sleep(seg_s(1));
	seg_flush();
	edge = right_edge(&c);
	for (i = 0; i < info.tcpi_bytes_received / 10; i++) {
		EXPECT_EQ(seg_read(&c, 10), 10);
		updates += seg_flush();
		next = right_edge(&c);
		if (next != edge)
			EXPECT_GE(next - edge, 1000);
		edge = next;
	}
	EXPECT_GT(updates, 0);
	EXPECT_LE(updates, 10);
	seg_end();
}

/* A bound that was less than a segment for a moment holds the slow start of the window
 * there, and only data that arrives would raise it: the window has to open even so. */
TEST(window_opens_by_less_than_a_segment_if_it_may_not_open_by_more)
{
	struct seg_conn c;
	unsigned int at = 1;
	struct tcp_info info;
	u32 edge;

	seg_begin();
	seg_passive(&c, "mss 1460", 32768);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_SOCKET, SO_RCVBUF, 10000), 0);
	do {
		at += 1400;
		seg_in(&c, ". %u:%u(1400) ack 1", at - 1400, at);
		seg_info(c.fd, &info);
	} while (info.tcpi_bytes_received == at - 1);
	seg_sleep(seg_s(1));
	seg_flush();
	edge = right_edge(&c);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_TCP, TCP_WINDOW_CLAMP, 1), 0);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_TCP, TCP_WINDOW_CLAMP, 20000), 0);
	while (seg_read(&c, 4096) > 0)
		continue;
	seg_sleep(seg_s(1));
	/* A probe, and the segment that did not fit: both find it open. */
	at = (unsigned int)info.tcpi_bytes_received + 1;
	seg_in(&c, ". %u:%u(0) ack 1", at - 1, at - 1);
	seg_flush();
	EXPECT_GT(right_edge(&c) - edge, 1000);
	seg_in(&c, ". %u:%u(1400) ack 1", at, at + 1400);
	seg_in(&c, ". %u:%u(1400) ack 1", at, at + 1400);
	seg_flush();
	EXPECT_GT(seg_read(&c, 4096), 1000);
	seg_end();
}

/* The window field of the answer to an old byte. */
static u32 window_field(struct seg_conn *c, unsigned int at)
{
	struct seg_sent sent = { .flags = 0 };

	seg_flush();
	seg_in(c, ". %u:%u(1) ack 1", at - 1, at);
	EXPECT_TRUE(seg_take(c, &sent));
	return sent.edge - sent.ack;
}

RULE("RFC 9293", "3.8.6.2.2", "MUST-39: a scaled window opens by a segment or more, too");
TEST(scaled_window_opens_by_a_segment_or_more)
{
	unsigned int at = 1, i, opened = 0;
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000,nop,wscale 0", 32768);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_SOCKET, SO_RCVBUF, 20000), 0);
	/* Not so small that they are copied together: each gives back little when it is read. */
	for (i = 0; i < 500 && (at == 1 || window_field(&c, at)); i++, at += 400)
		seg_in(&c, ". %u:%u(400) ack 1", at, at + 400);
	EXPECT_EQ(window_field(&c, at), 0);
	/* The field counts in units of 128 bytes. */
	for (i = 0; i < 200 && !opened; i++) {
		EXPECT_EQ(seg_read(&c, 50), 50);
		opened = window_field(&c, at) << 7;
	}
	EXPECT_GE(opened, 1000);
	seg_end();
}

TEST(window_follows_the_buffer_the_user_sets)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(SEG_PORT) };
	struct seg_conn c;
	int fd;

	seg_begin();
	fd = seg_socket();
	EXPECT_EQ(seg_setsockopt(fd, SOL_SOCKET, SO_RCVBUF, 5000), 0);
	EXPECT_EQ(seg_getsockopt(fd, SOL_SOCKET, SO_RCVBUF), 10000);
	EXPECT_EQ(__sys_bind(fd, (struct sockaddr *)&sin, sizeof(sin)), 0);
	EXPECT_EQ(__sys_listen(fd, 5), 0);
	seg_conn_init(&c);
	seg_in(&c, "S 0:0(0) <mss 1000>");
	/* Half of twice 5000, in whole segments. */
	seg_out(&c, "S. 0:0(0) ack 1 win 4380 <mss 1460>");
	seg_end();
}

TEST(data_beyond_the_offered_window_is_not_stored)
{
	struct seg_conn c;
	unsigned int at;
	struct tcp_info info;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	/* A sender that ignores the window does not eat our memory. */
	for (at = 1; at < 2000000; at += 1000) {
		seg_in(&c, ". %u:%u(1000) ack 1", at, at + 1000);
		seg_flush();
	}
	seg_info(c.fd, &info);
	EXPECT_LE(info.tcpi_bytes_received, 70000);
	while (seg_read(&c, 65536) > 0)
		seg_flush();
	seg_flush();
	seg_end();
}

/* Only when there is no memory does it move left. */
RULE("RFC 7323", "2.4", "a window that was taken back still holds what was sent into it");
TEST(acks_from_a_window_that_was_taken_back_are_heard)
{
	struct seg_conn c;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	EXPECT_EQ(seg_setsockopt(c.fd, SOL_SOCKET, SO_RCVBUF, 1), 0);
	seg_in(&c, ". 1:1001(1000) ack 1");
	seg_in(&c, ". 1001:2001(1000) ack 1");
	seg_in(&c, ". 2001:3001(1000) ack 1");
	seg_flush();
	EXPECT_LT(right_edge(&c), 20001);
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	EXPECT_EQ(seg_flush(), 1);
	/* Sent when the window was larger, and come later. */
	seg_in(&c, ". 20001:20001(0) ack 101");
	seg_quiet(seg_s(10));
	/* Beyond what was ever offered nothing is heard. */
	EXPECT_EQ(seg_write(&c, 100, 0), 100);
	EXPECT_EQ(seg_flush(), 1);
	seg_in(&c, ". 100001:100001(0) ack 201");
	EXPECT_EQ(seg_flush(), 1);
	EXPECT_EQ(seg_drops(TCP_INVALID_SEQUENCE), 1);
	seg_end();
}

/* What waits behind a gap fills a buffer that was made smaller: there is nothing to
 * read, and the window is closed. */
static void gap_before_a_closed_window(struct seg_conn *c)
{
	seg_sysctl(tcp_shrink_window) = 1;
	seg_passive(c, "mss 1000,sackOK,nop,wscale 7", 32768);
	seg_in(c, ". 1001:2001(1000) ack 1");
	seg_in(c, ". 3001:4001(1000) ack 1");
	EXPECT_EQ(seg_flush(), 2);
	EXPECT_EQ(seg_setsockopt(c->fd, SOL_SOCKET, SO_RCVBUF,
				 seg_sock(c->fd)->sk_rmem_alloc / 2 + 100), 0);
	seg_in(c, ". 3001:4001(1000) ack 1");
	seg_out(c, ". 1:1(0) ack 1 win 0 <nop,nop,sack 3001:4001 3001:4001 1001:2001>");
	EXPECT_EQ(seg_mib(PRUNECALLED), 0);
	EXPECT_EQ(seg_read(c, 1), -EAGAIN);
}

RULE_AS_LINUX("RFC 9293", "3.8.6", "a segment for a closed window is not taken",
	      "the missing one is, if what is behind it closed the window and nothing waits to be read: Linux would wait for ever");
TEST(missing_segment_is_taken_when_what_is_behind_it_closed_the_window)
{
	struct seg_conn c;

	seg_begin();
	gap_before_a_closed_window(&c);
	seg_in(&c, ". 1:1001(1000) ack 1");
	seg_out(&c, ". 1:1(0) ack 2001 win 0 <nop,nop,sack 3001:4001>");
	EXPECT_EQ(seg_read(&c, 10000), 2000);
	seg_flush();
	seg_in(&c, ". 2001:3001(1000) ack 1");
	seg_out(&c, ". 1:1(0) ack 4001 win 0");
	EXPECT_EQ(seg_mib(TCPZEROWINDOWDROP), 0);
	EXPECT_EQ(seg_read(&c, 10000), 2000);
	EXPECT_EQ(seg_flush(), 1);
	EXPECT_GT(right_edge(&c), 5001);
	seg_end();
}

/* No more than that: not what is behind the gap, and nothing while there is something to
 * read. */
TEST(closed_window_stays_closed_but_for_the_segment_that_is_missing)
{
	struct seg_conn c;

	seg_begin();
	gap_before_a_closed_window(&c);
	seg_in(&c, ". 4001:5001(1000) ack 1");
	seg_out(&c, ". 1:1(0) ack 1 win 0 <nop,nop,sack 3001:4001 1001:2001>");
	seg_in(&c, ". 1:1001(1000) ack 1");
	seg_out(&c, ". 1:1(0) ack 2001 win 0 <nop,nop,sack 3001:4001>");
	seg_in(&c, ". 2001:3001(1000) ack 1");
	seg_out(&c, ". 1:1(0) ack 2001 win 0 <nop,nop,sack 3001:4001>");
	EXPECT_EQ(seg_mib(TCPZEROWINDOWDROP), 1);
	EXPECT_EQ(seg_read(&c, 10000), 2000);
	seg_flush();
	seg_end();
}
