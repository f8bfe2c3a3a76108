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
#include <linux/string.h>
#include <net/inet_hashtables.h>
#include <net/tcp_states.h>
#include <uapi/linux/in.h>

#include "../host/invariants.h"

#define STALL_NS	(600 * NSEC_PER_SEC)
#define CHUNK		16384
#define TURNS_TO_CHECK	256

/* The one there is. */
static struct sim *running;

/* ---- hosts --------------------------------------------------------------------- */

/**
 * sim_begin - two hosts that know nothing yet
 * @s: filled in
 * @from: of each side, or NULL
 */
void sim_begin(struct sim *s, const struct simlink_config *from)
{
	static const struct simlink_config perfect[2];
	int side;

	if (!from)
		from = perfect;
	s->saved_net = current->net;
	s->saved_files = current->files;
	s->link = simlink_two_hosts(&s->net[0], &s->net[1], &from[0], &from[1]);
	BUG_ON(!s->link || running);
	running = s;
	s->turns = 0;
	s->rtt_ns = from[0].delay_ns + from[1].delay_ns;
	for (side = 0; side < 2; side++)
		if (from[side].reorder_ppm)
			s->rtt_ns += from[side].reorder_ns ? from[side].reorder_ns :
							     from[side].delay_ns;
	sim_watch_begin(&s->watch, s->link);
	current->files = files_create();
	BUG_ON(!current->files);
	host_run();
}

/* What holds of both hosts whenever they are at rest. */
static void check_hosts(const struct sim *s)
{
	invariants_check(s->net[0]);
	invariants_check(s->net[1]);
}

/* The same now and then: after each event it would take longer than the run. */
static void check_hosts_at_times(void)
{
	if (!(++running->turns % TURNS_TO_CHECK))
		check_hosts(running);
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

	check_hosts(s);
	simlink_change(s->link, 0, &perfect);
	simlink_change(s->link, 1, &perfect);
	files_destroy(current->files);
	current->files = s->saved_files;
	/* TIME-WAIT, and a retransmission or two before it. */
	host_sleep(400 * NSEC_PER_SEC);
	host_run();
	check_hosts(s);
	for (side = 0; side < 2; side++) {
		invariants_conserved(s->net[side]);
		check_nothing_left(s->net[side]);
	}
	simlink_destroy(s->link);
	sim_watch_end(&s->watch);
	running = NULL;
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
	return sim_connect_fd(s, sim_socket(s, side), side, port);
}

/**
 * sim_connect_fd - begin to connect a socket that has been prepared
 * @s: simulation
 * @fd: from sim_socket()
 * @side: its host
 * @port: of the other host, host order
 *
 * Return: @fd.
 */
int sim_connect_fd(const struct sim *s, int fd, int side, u16 port)
{
	struct sockaddr_in sin = address(0x0a000001U + (u32)!side, port);

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

/**
 * sim_try_accept - a connection if there is one
 * @listener: its descriptor
 *
 * Return: descriptor or -EAGAIN.
 */
int sim_try_accept(int listener)
{
	return __sys_accept4(listener, NULL, NULL, SOCK_NONBLOCK);
}

/**
 * sim_pair - a connection from side 0 to side 1
 * @s: simulation
 * @port: side 1 listens there from now on; host order
 * @fd: filled in
 */
void sim_pair(const struct sim *s, u16 port, int fd[2])
{
	int listener = sim_listen(s, 1, port, 5);

	fd[0] = sim_connect(s, 0, port);
	fd[1] = sim_accept(s, listener);
	EXPECT_EQ(close_fd((unsigned int)listener), 0);
}

/**
 * sim_port - one of the two ports of a connection
 * @fd: descriptor
 * @peers: that of the peer
 *
 * Return: host order.
 */
u16 sim_port(int fd, bool peers)
{
	struct sockaddr_in sin = { .sin_port = 0 };
	int len = sizeof(sin);

	if (peers)
		EXPECT_EQ(__sys_getpeername(fd, (struct sockaddr *)&sin, &len), 0);
	else
		EXPECT_EQ(__sys_getsockname(fd, (struct sockaddr *)&sin, &len), 0);
	return ntohs(sin.sin_port);
}

/**
 * sim_sock - the socket behind a descriptor
 * @fd: descriptor
 *
 * Return: borrowed, as long as the descriptor is open.
 */
struct sock *sim_sock(int fd)
{
	struct file *file;
	int err;
	struct socket *sock = sockfd_lookup_light(fd, &err, &file);
	struct sock *sk;

	BUG_ON(!sock);
	sk = sock->sk;
	fput(file);
	return sk;
}

/**
 * sim_setsockopt - set an option that is a number
 * @fd: descriptor
 * @level: SOL_*, IPPROTO_*
 * @name: option
 * @value: number
 *
 * Return: 0 or -errno.
 */
int sim_setsockopt(int fd, int level, int name, int value)
{
	return __sys_setsockopt(fd, level, name, (char *)&value, sizeof(value));
}

/* ---- streams --------------------------------------------------------------------------- */

/* Bytes that repeat after a prime number of them: shifted, torn or swapped data
 * differs. Longer by a chunk, so that every chunk lies in one piece. */
#define PERIOD	65521U

/* What stream @id has at @off; CHUNK bytes of it at least. */
static const u8 *pattern(u32 id, u64 off)
{
	static u8 bytes[PERIOD + CHUNK];
	u32 i;

	for (i = bytes[0] ? sizeof(bytes) : 0; i < sizeof(bytes); i++)
		bytes[i] = (u8)((i % PERIOD + 1) * 0x9e3779b97f4a7c15ULL >> 32);
	return &bytes[(off + id * 7919ULL) % PERIOD];
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
	*st = (struct sim_stream){ .tx = tx, .rx = rx, .id = id, .total = total,
				   .moved_ns = host_clock_ns, .began_ns = host_clock_ns };
}

static bool pump_out(struct sim_stream *st)
{
	size_t n = (size_t)min_t(u64, st->total - st->sent, CHUNK);
	ssize_t ret;

	if (st->fin_sent || (!n && st->keep_open))
		return false;
	if (!n) {
		st->fin_sent = true;
		EXPECT_EQ(__sys_shutdown(st->tx, SHUT_WR), 0);
		return true;
	}
	ret = __sys_sendto(st->tx, pattern(st->id, st->sent), n, 0, NULL, 0);
	if (ret <= 0) {
		EXPECT_EQ(ret, -EAGAIN);
		st->fin_sent |= ret != -EAGAIN;
		return false;
	}
	st->sent += (u64)ret;
	return true;
}

static void stream_done(struct sim_stream *st)
{
	st->done = true;
	st->done_ns = host_clock_ns;
}

/* May the reader read now? */
static bool reader_is_due(const struct sim_stream *st)
{
	return st->rx >= 0 && host_clock_ns >= st->next_read_ns;
}

static bool pump_in(struct sim_stream *st)
{
	static u8 buf[CHUNK];
	size_t n = st->read_chunk ? (size_t)min_t(u64, st->read_chunk, CHUNK) : CHUNK;
	ssize_t ret;

	if (!reader_is_due(st))
		return false;
	ret = __sys_recvfrom(st->rx, buf, n, 0, NULL, NULL);
	if (ret == -EAGAIN)
		return false;
	if (ret <= 0) {
		EXPECT_EQ(ret, 0);
		EXPECT_EQ(st->received, st->total);
		stream_done(st);
		return true;
	}
	if (memcmp(buf, pattern(st->id, st->received), (size_t)ret))
		test_fail(__FILE__, __LINE__, "stream %u is damaged within %ld bytes from %lu",
			  st->id, ret, st->received);
	st->received += (u64)ret;
	if (st->keep_open && st->received == st->total)
		stream_done(st);
	if (st->read_every_ns)
		st->next_read_ns = host_clock_ns + st->read_every_ns;
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

	while (!st->done && st->tx >= 0 && (pump_in(st) || pump_out(st)))
		moved = true;
	if (moved)
		st->moved_ns = host_clock_ns;
	return moved;
}

/* ---- time ------------------------------------------------------------------------------ */

/**
 * sim_step - on to the next timer
 *
 * Return: false when none is armed.
 */
bool sim_step(void)
{
	u64 next;

	host_run();
	check_hosts_at_times();
	next = host_clock_armed();
	if (next == U64_MAX)
		return false;
	host_advance(next);
	return true;
}

static void report_stall(const struct sim_stream *st, const char *why)
{
	u64 us = (host_clock_ns - st->began_ns) / NSEC_PER_USEC;

	test_fail(__FILE__, __LINE__,
		  "stream %u stands still at %lu us: %s; %lu sent, %lu received of %lu", st->id,
		  us, why, st->sent, st->received, st->total);
}

/* Everything has run that can: may this stream wait for what comes next? */
static bool may_wait(const struct sim_stream *st)
{
	struct sock *tx, *rx;
	u64 silent_ns = host_clock_ns - max(running->watch.last_ns, st->moved_ns);
	const char *why;
	u64 patience_ns;

	if (st->done || st->tx < 0)
		return true;
	tx = sim_sock(st->tx);
	why = sim_stuck(tx, false);
	patience_ns = sim_patience(tx) + running->rtt_ns;
	if (!why && st->rx >= 0) {
		rx = sim_sock(st->rx);
		why = sim_stuck(rx, reader_is_due(st));
		patience_ns += sim_patience(rx);
	}
	if (!why && silent_ns > patience_ns && reader_is_due(st))
		why = "nothing was sent for longer than any timer takes";
	if (!why && host_clock_ns - st->moved_ns > STALL_NS)
		why = "no byte has moved for ten minutes";
	if (why)
		report_stall(st, why);
	return !why;
}

/**
 * sim_turn - pump all streams, then on to the next thing that happens
 * @st: streams
 * @n: how many
 * @not_after: advance no further, absolute
 *
 * Return: false: they stand still; which is reported.
 */
bool sim_turn(struct sim_stream *st, unsigned int n, u64 not_after)
{
	bool waits = true;
	unsigned int i;
	u64 next;

	for (i = 0; i < n; i++)
		sim_pump(&st[i]);
	host_run();
	check_hosts_at_times();
	next = min(host_clock_armed(), not_after);
	for (i = 0; i < n; i++) {
		waits &= may_wait(&st[i]);
		if (!st[i].done && st[i].next_read_ns > host_clock_ns)
			next = min(next, st[i].next_read_ns);
	}
	if (!waits)
		return false;
	for (i = 0; next == U64_MAX && i < n; i++)
		if (!st[i].done)
			report_stall(&st[i], "no timer is armed at all");
	if (next != U64_MAX)
		host_advance(next);
	return next != U64_MAX;
}

static bool all_done(const struct sim_stream *st, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		if (!st[i].done)
			return false;
	return true;
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
	unsigned int i;

	for (;;) {
		for (i = 0; i < n; i++)
			sim_pump(&st[i]);
		if (all_done(st, n))
			return true;
		if (!sim_turn(st, n, U64_MAX))
			return false;
	}
}
