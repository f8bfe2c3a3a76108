// SPDX-License-Identifier: MIT
/*
 * Two hosts on a simulated link; sim.h tells what for.
 */
#include "sim.h"

#include <linux/byteorder.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/net.h>
#include <linux/sched.h>
#include <net/inet_account.h>
#include <net/inet_hashtables.h>
#include <net/tcp_states.h>
#include <uapi/linux/in.h>

#define STALL_NS	(600 * NSEC_PER_SEC)
#define CHUNK		16384

/* ---- hosts --------------------------------------------------------------------- */

/**
 * sim_begin - two hosts that know nothing yet
 * @s: filled in
 * @from: of each side, or NULL
 */
void sim_begin(struct sim *s, const struct simlink_config *from)
{
	static const struct simlink_config perfect[2];

	if (!from)
		from = perfect;
	s->saved_net = current->net;
	s->saved_files = current->files;
	s->link = simlink_two_hosts(&s->net[0], &s->net[1], &from[0], &from[1]);
	BUG_ON(!s->link);
	current->files = files_create();
	BUG_ON(!current->files);
	host_run();
}

static void check_conservation(struct net *net)
{
	u64 dropped = 0;
	int i;

	for (i = 0; i < SKB_DROP_REASON_MAX; i++)
		dropped += net->drops[i];
	EXPECT_EQ(dropped, net->acct.dropped);
	EXPECT_EQ(packets_unaccounted(net), 0);
}

static void check_nothing_left(struct net *net)
{
	int state;

	for (state = TCP_ESTABLISHED; state <= TCP_CLOSING; state++)
		EXPECT_EQ(tcp_count_states(net, state, 0), 0);
	EXPECT_EQ(net->ipv4.tcp_orphan_count, 0);
	EXPECT_EQ(net->ipv4.tcp_sockets_allocated, 0);
	EXPECT_EQ(net->ipv4.tcp_memory.allocated_pages, 0);
}

/**
 * sim_end - all connections end, then the hosts
 * @s: from sim_begin()
 */
void sim_end(struct sim *s)
{
	static const struct simlink_config perfect;
	int side;

	simlink_change(s->link, 0, &perfect);
	simlink_change(s->link, 1, &perfect);
	files_destroy(current->files);
	current->files = s->saved_files;
	/* TIME-WAIT, and a retransmission or two before it. */
	host_sleep(400 * NSEC_PER_SEC);
	host_run();
	for (side = 0; side < 2; side++) {
		check_conservation(s->net[side]);
		check_nothing_left(s->net[side]);
	}
	simlink_destroy(s->link);
	current->net = s->saved_net;
	net_destroy(s->net[0]);
	net_destroy(s->net[1]);
}

/* ---- sockets ---------------------------------------------------------------------- */

static struct sockaddr_in address(u32 addr, u16 port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(port) };

	sin.sin_addr.s_addr = htonl(addr);
	return sin;
}

/**
 * sim_socket - a TCP socket of one of the hosts
 * @s: simulation
 * @side: which
 *
 * Return: non-blocking descriptor.
 */
int sim_socket(const struct sim *s, int side)
{
	int fd;

	current->net = s->net[side];
	fd = __sys_socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	current->net = s->saved_net;
	EXPECT_GE(fd, 0);
	return fd;
}

/**
 * sim_listen - a listening socket
 * @s: simulation
 * @side: host
 * @port: host order
 * @backlog: for listen()
 *
 * Return: descriptor.
 */
int sim_listen(const struct sim *s, int side, u16 port, int backlog)
{
	struct sockaddr_in sin = address(0, port);
	int fd = sim_socket(s, side);

	EXPECT_EQ(__sys_bind(fd, (struct sockaddr *)&sin, sizeof(sin)), 0);
	EXPECT_EQ(__sys_listen(fd, backlog), 0);
	return fd;
}

/**
 * sim_connect - begin to connect
 * @s: simulation
 * @side: host that connects to the other
 * @port: of the other, host order
 *
 * Return: descriptor.
 */
int sim_connect(const struct sim *s, int side, u16 port)
{
	struct sockaddr_in sin = address(0x0a000001U + (u32)!side, port);
	int fd = sim_socket(s, side);

	EXPECT_EQ(__sys_connect(fd, (struct sockaddr *)&sin, sizeof(sin)), -EINPROGRESS);
	host_run();
	return fd;
}

/**
 * sim_accept - wait for a connection
 * @s: simulation
 * @listener: its descriptor
 *
 * Return: descriptor, or -EAGAIN after ten minutes.
 */
int sim_accept(const struct sim *s, int listener)
{
	u64 end = host_clock_ns + STALL_NS;
	int fd;

	while ((fd = __sys_accept4(listener, NULL, NULL, SOCK_NONBLOCK)) == -EAGAIN)
		if (host_clock_ns > end || !sim_step())
			break;
	EXPECT_GE(fd, 0);
	return fd;
}

/* ---- streams --------------------------------------------------------------------------- */

static u8 pattern(u32 id, u64 off)
{
	u64 z = (off + ((u64)id << 40)) * 0x9e3779b97f4a7c15ULL;

	return (u8)(z >> 32);
}

/**
 * sim_stream_init - bytes to be moved
 * @st: filled in
 * @tx: descriptor to write to
 * @rx: descriptor at the other end
 * @id: each stream its own bytes
 * @total: how many
 */
void sim_stream_init(struct sim_stream *st, int tx, int rx, u32 id, u64 total)
{
	*st = (struct sim_stream){ .tx = tx, .rx = rx, .id = id, .total = total };
}

static bool pump_out(struct sim_stream *st)
{
	static u8 buf[CHUNK];
	size_t n = (size_t)min_t(u64, st->total - st->sent, CHUNK), i;
	ssize_t ret;

	if (st->fin_sent)
		return false;
	if (!n) {
		st->fin_sent = true;
		EXPECT_EQ(__sys_shutdown(st->tx, SHUT_WR), 0);
		return true;
	}
	for (i = 0; i < n; i++)
		buf[i] = pattern(st->id, st->sent + i);
	ret = __sys_sendto(st->tx, buf, n, 0, NULL, 0);
	if (ret <= 0) {
		EXPECT_EQ(ret, -EAGAIN);
		st->fin_sent |= ret != -EAGAIN;
		return false;
	}
	st->sent += (u64)ret;
	return true;
}

static bool pump_in(struct sim_stream *st)
{
	static u8 buf[CHUNK];
	ssize_t ret = __sys_recvfrom(st->rx, buf, sizeof(buf), 0, NULL, NULL), i;

	if (ret == -EAGAIN)
		return false;
	if (ret <= 0) {
		EXPECT_EQ(ret, 0);
		EXPECT_EQ(st->received, st->total);
		st->done = true;
		return true;
	}
	for (i = 0; i < ret; i++)
		if (buf[i] != pattern(st->id, st->received + (u64)i))
			break;
	if (i < ret)
		test_fail(__FILE__, __LINE__, "byte %lu of stream %u is damaged",
			  st->received + (u64)i, st->id);
	st->received += (u64)ret;
	return true;
}

/**
 * sim_pump - write and read what goes without waiting
 * @st: stream
 *
 * Return: whether anything went.
 */
bool sim_pump(struct sim_stream *st)
{
	bool moved = false;

	while (!st->done && (pump_in(st) || pump_out(st)))
		moved = true;
	return moved;
}

/**
 * sim_step - on to the next timer
 *
 * Return: false when none is armed.
 */
bool sim_step(void)
{
	u64 next;

	host_run();
	next = host_clock_armed();
	if (next == U64_MAX)
		return false;
	host_advance(next);
	return true;
}

static void report_stall(const struct sim_stream *st)
{
	test_fail(__FILE__, __LINE__, "stream %u stands still: %lu sent, %lu received of %lu",
		  st->id, st->sent, st->received, st->total);
}

/**
 * sim_run - move all streams to their ends
 * @st: streams
 * @n: how many
 *
 * Return: false: they stand still; which is reported.
 */
bool sim_run(struct sim_stream *st, unsigned int n)
{
	u64 moved_at = host_clock_ns;

	for (;;) {
		unsigned int i, left = 0;

		for (i = 0; i < n; i++) {
			if (sim_pump(&st[i]))
				moved_at = host_clock_ns;
			left += !st[i].done;
		}
		if (!left)
			return true;
		if (!sim_step() || host_clock_ns - moved_at > STALL_NS) {
			for (i = 0; i < n; i++)
				if (!st[i].done)
					report_stall(&st[i]);
			return false;
		}
	}
}
