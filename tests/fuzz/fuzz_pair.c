// SPDX-License-Identifier: MIT
/*
 * Two hosts and a hostile wire: each frame is delivered, lost, doubled, held
 * back or bent as the input says, while both programs write and read. Whatever
 * is read is what was written, from its beginning on; and once the wire is good
 * again, all of it arrives or somebody is told that it does not.
 *
 * Bent means one bit behind the Ethernet header: the checksums find every such
 * error (RFC 1071). Lengths are cut too.
 *
 * Some writes are by reference (MSG_ZEROCOPY); in the end each of them was told of.
 */
#include "fuzz.h"

#include <linux/byteorder.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/inetdevice.h>
#include <linux/ktime.h>
#include <linux/net.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sysctl.h>
#include <net/net_namespace.h>
#include <net/tcp.h>
#include <uapi/linux/in.h>

#include "../host/invariants.h"
#include "../host/libc.h"
#include "../host/simlink.h"
#include "card.h"
#include "lent.h"

#define MTU	1500
#define HELD	64
#define PORT	80
#define CHUNK	4096
#define STALL_NS (4 * 3600 * NSEC_PER_SEC)

struct held_frame {
	unsigned int len;
	u8 data[MTU + 14];
};

/* A host, the frames that it sent and that have not arrived, its program. */
struct side {
	struct net *net;
	struct net_device *dev;
	struct held_frame held[HELD];
	unsigned int head, count;
	int fd;
	u64 written, read;
	bool closed, ended;	/* it has said all; it has read all */
	struct lent lent;
	int error;		/* what it was told */
};

static struct side side[2];
static struct net *saved_net;
static struct files_struct *saved_files;
static int listener;

/** fuzz_target_init() - nothing to do */
void fuzz_target_init(void)
{
}

/* ---- the wire ------------------------------------------------------------------- */

static void frame_out(void *ctx, const void *frame, size_t len)
{
	struct side *s = ctx;
	struct held_frame *f = &s->held[(s->head + s->count) % HELD];

	invariants_frame(frame, len);
	/* A queue that is full: the frame is lost. */
	if (s->count == HELD || len > sizeof(f->data))
		return;
	memcpy(f->data, frame, len);
	f->len = (unsigned int)len;
	s->count++;
}

static void look(void)
{
	host_run();
	card_poll_ends(side[0].dev);
	card_poll_ends(side[1].dev);
	host_run();
	invariants_check(side[0].net);
	invariants_check(side[1].net);
}

static void deliver(struct side *from, const struct held_frame *f)
{
	struct side *to = from == &side[0] ? &side[1] : &side[0];

	card_input(to->dev, f->data, f->len);
	look();
}

static bool take(struct side *s, struct held_frame *f)
{
	if (!s->count)
		return false;
	*f = s->held[s->head];
	s->head = (s->head + 1) % HELD;
	s->count--;
	return true;
}

static void put_back(struct side *s, const struct held_frame *f)
{
	if (s->count == HELD)
		return;
	s->held[(s->head + s->count) % HELD] = *f;
	s->count++;
}

static void one_fate(struct side *s, struct fuzz_input *in)
{
	static struct held_frame f;
	u8 fate = fuzz_u8(in);

	if (!take(s, &f))
		return;
	if (fate < 120) {
		deliver(s, &f);
	} else if (fate < 160) {
		return;
	} else if (fate < 180) {
		deliver(s, &f);
		deliver(s, &f);
	} else if (fate < 215) {
		put_back(s, &f);
	} else if (fate < 240) {
		f.data[14 + fuzz_u16(in) % (f.len - 14)] ^= (u8)(1U << (fate & 7));
		deliver(s, &f);
	} else {
		f.len -= fuzz_u8(in) % (f.len - 13);
		deliver(s, &f);
	}
}

/* ---- the programs ------------------------------------------------------------------ */

static u8 pattern(const struct side *s, u64 off)
{
	return fuzz_pattern((u32)off + (s == &side[0] ? 0 : 0x10000000U));
}

static void program_failed(struct side *s, ssize_t ret)
{
	if (ret != -EAGAIN && !s->error)
		s->error = (int)ret;
}

/* What the error queue says: of writes, and why there is no connection (Linux: an
 * ICMP error before there was one is queued without IP_RECVERR, too). */
static void program_hears(struct side *s)
{
	int err = lent_hear(&s->lent, s->fd);

	if (err)
		program_failed(s, -err);
}

static bool program_writes(struct side *s, size_t len, unsigned int flags)
{
	ssize_t ret;
	size_t i;
	u8 *buf;

	if (s->fd < 0 || s->closed || s->error)
		return false;
	len = min_t(size_t, len, CHUNK);
	buf = malloc(len + 1);
	BUG_ON(!buf);
	for (i = 0; i < len; i++)
		buf[i] = pattern(s, s->written + i);
	ret = lent_write(&s->lent, s->fd, buf, len, flags, NULL, 0, NULL, 0);
	if (ret > 0)
		s->written += (u64)ret;
	else
		program_failed(s, ret);
	look();
	return ret > 0;
}

static bool program_reads(struct side *s, size_t len)
{
	const struct side *peer = s == &side[0] ? &side[1] : &side[0];
	u8 buf[CHUNK];
	ssize_t ret, i;

	if (s->fd < 0 || s->ended || s->error)
		return false;
	program_hears(s);
	if (s->error)
		return false;
	ret = __sys_recvfrom(s->fd, buf, min(len, sizeof(buf)), 0, NULL, NULL);
	for (i = 0; i < ret; i++)
		if (buf[i] != pattern(peer, s->read + (u64)i))
			test_fail(__FILE__, __LINE__, "byte %lu is damaged", s->read + (u64)i);
	if (ret > 0)
		s->read += (u64)ret;
	else if (ret < 0)
		program_failed(s, ret);
	EXPECT_LE(s->read, peer->written);
	if (!ret && len) {
		/* RFC 9293 3.9.1: the end comes behind the last byte. */
		EXPECT_TRUE(peer->closed || peer->error);
		if (!peer->error)
			EXPECT_EQ(s->read, peer->written);
		s->ended = true;
	}
	look();
	return ret > 0;
}

static void program_closes(struct side *s)
{
	if (s->fd < 0 || s->closed || s->error)
		return;
	program_failed(s, __sys_shutdown(s->fd, SHUT_WR) ?: -EAGAIN);
	s->closed = true;
	look();
}

/* One that has said and read all still asks how it went. */
static void program_asks(struct side *s)
{
	int err = 0, len = sizeof(err);

	if (s->fd >= 0 && !s->error && !__sys_getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &err, &len))
		s->error = -err;
}

/* Writes by reference may come. */
static void program_begins(struct side *s, int fd)
{
	int on = 1;

	s->fd = fd;
	if (fd >= 0)
		EXPECT_EQ(__sys_setsockopt(fd, SOL_SOCKET, SO_ZEROCOPY, &on, sizeof(on)), 0);
}

static void program_accepts(void)
{
	if (side[1].fd < 0)
		program_begins(&side[1], __sys_accept4(listener, NULL, NULL, SOCK_NONBLOCK));
	look();
}

static void program_settles(struct side *s, u8 b)
{
	static const int names[] = { TCP_NODELAY, TCP_CORK, TCP_QUICKACK };
	int on = b & 1, size = 1 << (b & 15);

	if (b & 0x80)
		__sys_setsockopt(s->fd, SOL_SOCKET, b & 0x40 ? SO_SNDBUF : SO_RCVBUF, &size,
				 sizeof(size));
	else
		__sys_setsockopt(s->fd, IPPROTO_TCP, names[(b >> 1) % 3], &on, sizeof(on));
	look();
}

/* ---- begin and end -------------------------------------------------------------------- */

static void host_begin(struct side *s, unsigned int nr, netdev_features_t features)
{
	struct card_config cfg = { .mtu = MTU, .features = features, .output = frame_out,
				   .ctx = s };
	const u8 mac[6] = { 0x52, 0x54, 0, 0, 0, (u8)(nr + 1) };

	memcpy(cfg.mac, mac, 6);
	s->head = s->count = 0;
	s->fd = -1;
	s->written = s->read = 0;
	s->closed = s->ended = false;
	s->error = 0;
	s->net = simhost_create();
	BUG_ON(!s->net);
	s->dev = card_create(s->net, &cfg);
	BUG_ON(ip_config_set(s->net, s->dev, htonl(0x0a000001U + nr), 24, 0));
}

static struct sockaddr_in server(void)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(PORT) };

	sin.sin_addr.s_addr = htonl(0x0a000002U);
	return sin;
}

static void pair_begin(u8 how)
{
	netdev_features_t features = (how & 32 ? NETIF_F_SG | NETIF_F_HW_CSUM : 0) |
				     (how & 64 ? NETIF_F_GRO : 0);
	struct sockaddr_in to = server();
	int i;

	saved_net = current->net;
	saved_files = current->files;
	current->files = files_create();
	BUG_ON(!current->files);
	host_begin(&side[0], 0, features);
	host_begin(&side[1], 1, features);
	side[0].net->ipv4.sysctl_tcp_sack = !(how & 1);
	side[0].net->ipv4.sysctl_tcp_timestamps = !(how & 2);
	side[1].net->ipv4.sysctl_tcp_window_scaling = !(how & 4);
	side[0].net->ipv4.sysctl_tcp_ecn = how >> 3 & 1;
	side[1].net->ipv4.sysctl_tcp_syncookies = how & 16 ? 2 : 1;
	for (i = 0; i < 2 && how & 128; i++)
		EXPECT_EQ(sysctl_write(side[i].net, "net.ipv4.tcp_congestion_control",
				       i ? "reno" : "bbr"), 0);
	current->net = side[1].net;
	listener = __sys_socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	EXPECT_EQ(__sys_bind(listener, (struct sockaddr *)&to, sizeof(to)), 0);
	EXPECT_EQ(__sys_listen(listener, 3), 0);
	current->net = side[0].net;
	program_begins(&side[0], __sys_socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
	EXPECT_EQ(__sys_connect(side[0].fd, (struct sockaddr *)&to, sizeof(to)), -EINPROGRESS);
	look();
}

static bool wire_moves(void)
{
	static struct held_frame f;
	bool moved = false;
	int i;

	for (i = 0; i < 2; i++)
		while (take(&side[i], &f)) {
			deliver(&side[i], &f);
			moved = true;
		}
	return moved;
}

static bool pair_done(void)
{
	return side[0].error || side[1].error || (side[0].ended && side[1].ended);
}

/* The wire is good from here on. */
static void pair_finish(void)
{
	u64 moved_ns = host_clock_ns;

	for (;;) {
		bool moved = wire_moves();
		int i;

		program_accepts();
		for (i = 0; i < 2; i++) {
			program_closes(&side[i]);
			while (program_reads(&side[i], CHUNK))
				moved = true;
			program_asks(&side[i]);
		}
		if (pair_done())
			return;
		if (moved)
			moved_ns = host_clock_ns;
		else if (host_clock_armed() == U64_MAX || host_clock_ns - moved_ns > STALL_NS)
			test_fail(__FILE__, __LINE__, "it stands still: %lu of %lu, %lu of %lu",
				  side[1].read, side[0].written, side[0].read, side[1].written);
		else
			host_advance(host_clock_armed());
	}
}

/* A program that was told of an error, as that there is no memory, may have a
 * connection all the same, whose peer writes to it. */
static bool program_discards(struct side *s)
{
	u8 buf[CHUNK];

	if (s->fd < 0)
		return false;
	program_hears(s);
	return __sys_recvfrom(s->fd, buf, sizeof(buf), 0, NULL, NULL) > 0;
}

/* What was written by reference is acknowledged, or thrown away. */
static void memory_comes_back(void)
{
	u64 until_ns = host_clock_ns + STALL_NS;
	int i;

	while (side[0].lent.count || side[1].lent.count) {
		bool moved = wire_moves();

		program_accepts();
		for (i = 0; i < 2; i++)
			moved |= program_discards(&side[i]);
		if (moved || !(side[0].lent.count || side[1].lent.count))
			continue;
		if (host_clock_armed() == U64_MAX || host_clock_ns > until_ns)
			test_fail(__FILE__, __LINE__, "writes not told of: %u, %u",
				  side[0].lent.count, side[1].lent.count);
		host_advance(host_clock_armed());
		look();
	}
}

static void pair_end(void)
{
	int i;

	slab_fail_after(0, 0);
	memory_comes_back();
	files_destroy(current->files);
	current->files = saved_files;
	look();
	for (i = 0; i < 2; i++) {
		invariants_conserved(side[i].net);
		card_mute(side[i].dev);
	}
	current->net = saved_net;
	net_destroy(side[0].net);
	net_destroy(side[1].net);
	host_run();
	lent_end(&side[0].lent);
	lent_end(&side[1].lent);
}

static void one_step(struct fuzz_input *in)
{
	u8 op = fuzz_u8(in);
	struct side *s = &side[op & 1];

	switch (op >> 1 & 15) {
	case 0:
	case 1:
	case 2:
	case 3:
		one_fate(s, in);
		break;
	case 4:
		wire_moves();
		break;
	case 5:
	case 6:
		program_writes(s, fuzz_len(in, CHUNK), (op & 0x80 ? MSG_MORE : 0) |
			       (op & 0x40 ? MSG_ZEROCOPY : 0));
		break;
	case 7:
	case 8:
		program_reads(s, fuzz_len(in, CHUNK));
		break;
	case 9:
	case 10:
	case 11:
		host_sleep(fuzz_span_ns(in));
		look();
		break;
	case 12:
		program_accepts();
		break;
	case 13:
		program_settles(s, fuzz_u8(in));
		break;
	case 14:
		slab_fail_after(fuzz_u8(in), op >> 6);
		break;
	default:
		if (op & 0x80)
			program_closes(s);
		break;
	}
}

/** fuzz_target() - see above */
void fuzz_target(struct fuzz_input *in)
{
	int steps = 150;

	pair_begin(fuzz_u8(in));
	while (fuzz_more(in) && steps--)
		one_step(in);
	slab_fail_after(0, 0);
	pair_finish();
	pair_end();
}
