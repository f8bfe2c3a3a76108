// SPDX-License-Identifier: MIT
/*
 * Datagrams between two hosts over a hostile wire: trains that one write makes
 * (UDP_SEGMENT) and one read gives (UDP_GRO), corked ones, memory by reference. Each
 * datagram says who it is: it has the length, the sender and the bytes that it was
 * sent with, and comes to its port alone; and as often as the wire carried it. Once
 * the wire is good again, all of a train arrives.
 *
 * RFC: 768
 */
#include "fuzz.h"

#include <linux/byteorder.h>
#include <linux/fs.h>
#include <linux/inetdevice.h>
#include <linux/ktime.h>
#include <linux/net.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <net/net_namespace.h>
#include <net/udp.h>
#include <uapi/linux/in.h>

#include "../host/invariants.h"
#include "../host/libc.h"
#include "../host/simlink.h"
#include "card.h"
#include "datagrams.h"
#include "lent.h"
#include "peer.h"

#define MTU	1500
#define HELD	128
#define SOCKETS	2		/* of each host */
#define PORT	7000		/* of the first; the others follow */
#define BIGGEST	65000
#define TRAIN	5		/* datagrams that must arrive in the end */

struct held_frame {
	unsigned int len;
	u8 data[MTU + 14];
};

struct end {
	int fd;
	struct cork cork;
	struct lent lent;
};

struct host {
	struct net *net;
	struct net_device *dev;
	struct held_frame held[HELD];
	unsigned int head, count;
	struct end end[SOCKETS];
};

static struct host host[2];
static struct net *saved_net;
static struct files_struct *saved_files;

/** fuzz_target_init() - nothing to do */
void fuzz_target_init(void)
{
}

/* ---- the wire ------------------------------------------------------------------- */

static void frame_out(void *ctx, const void *frame, size_t len)
{
	struct host *h = ctx;
	struct held_frame *f = &h->held[(h->head + h->count) % HELD];

	invariants_frame(frame, len);
	if (h->count == HELD || len > sizeof(f->data))
		return;
	memcpy(f->data, frame, len);
	f->len = (unsigned int)len;
	h->count++;
}

static void look(void)
{
	host_run();
	invariants_check(host[0].net);
	invariants_check(host[1].net);
}

static bool take(struct host *h, struct held_frame *f)
{
	if (!h->count)
		return false;
	*f = h->held[h->head];
	h->head = (h->head + 1) % HELD;
	h->count--;
	return true;
}

static void deliver(struct host *from, const struct held_frame *f)
{
	card_input(host[from == &host[0]].dev, f->data, f->len);
	host_run();
}

/* One wrong bit is found in what has a checksum: not in ARP. */
static bool may_be_bent(const struct held_frame *f)
{
	return f->len > 34 && f->data[12] == 8 && !f->data[13];
}

static void one_fate(struct host *h, struct fuzz_input *in)
{
	static struct held_frame f;
	u8 fate = fuzz_u8(in);

	if (!take(h, &f))
		return;
	if (fate < 120) {
		deliver(h, &f);
	} else if (fate < 150) {
		return;
	} else if (fate < 180) {
		datagrams_may_double();
		deliver(h, &f);
		deliver(h, &f);
	} else if (fate < 215) {
		h->held[(h->head + h->count++) % HELD] = f;
	} else if (fate < 240) {
		if (may_be_bent(&f))
			f.data[14 + fuzz_u16(in) % (f.len - 14)] ^= (u8)(1U << (fate & 7));
		deliver(h, &f);
	} else {
		f.len -= fuzz_u8(in) % (f.len - 13);
		deliver(h, &f);
	}
}

static bool wire_moves(void)
{
	static struct held_frame f;
	bool moved = false;
	int i;

	for (i = 0; i < 2; i++)
		while (take(&host[i], &f)) {
			deliver(&host[i], &f);
			moved = true;
		}
	return moved;
}

static void polls_end(void)
{
	card_poll_ends(host[0].dev);
	card_poll_ends(host[1].dev);
	look();
}

/* ---- the programs ------------------------------------------------------------------ */

static struct sockaddr_in address(unsigned int nr, unsigned int sock)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons((u16)(PORT + sock)) };

	sin.sin_addr.s_addr = htonl(0x0a000001U + nr);
	return sin;
}

/* Whose socket it is, for the record of datagrams. */
static unsigned int name_of(const struct end *e)
{
	unsigned int nr = e >= host[1].end && e < host[1].end + SOCKETS;

	return nr * SOCKETS + (unsigned int)(e - host[nr].end);
}

/* A control message of UDP_SEGMENT, if the program wants one; its bytes. */
static size_t segment_cmsg(u8 *control, u16 gso_size)
{
	struct cmsghdr h = { .cmsg_len = CMSG_LEN(sizeof(gso_size)), .cmsg_level = SOL_UDP,
			     .cmsg_type = UDP_SEGMENT };

	memset(control, 0, CMSG_SPACE(sizeof(gso_size)));
	memcpy(control, &h, sizeof(h));
	memcpy(control + sizeof(h), &gso_size, sizeof(gso_size));
	return CMSG_SPACE(sizeof(gso_size));
}

/* One write of @len bytes; @gso: UDP_SEGMENT by a control message, -1: the socket's. */
static ssize_t program_writes(struct end *e, size_t len, unsigned int flags, unsigned int to,
			      int gso)
{
	struct sockaddr_in sin = address(to / SOCKETS, to % SOCKETS);
	const struct udp_sock *up = udp_sk(peer_sock(e->fd));
	u8 control[CMSG_SPACE(sizeof(u16))] __aligned(8), *data = malloc(len + 1);
	size_t controllen = gso >= 0 ? segment_cmsg(control, (u16)gso) : 0;
	bool corked = up->pending;
	ssize_t ret;

	BUG_ON(!data);
	if (!corked)
		cork_begin(&e->cork, name_of(e), to, gso >= 0 ? (u16)gso : up->gso_size);
	cork_fill(&e->cork, data, len);
	ret = lent_write(&e->lent, e->fd, data, len, flags, &sin, sizeof(sin),
			 controllen ? control : NULL, controllen);
	if (!up->pending)
		cork_end(&e->cork, e->cork.len + (unsigned int)len);
	else if (ret >= 0)
		e->cork.len += (unsigned int)len;
	look();
	return ret;
}

static void one_write(struct end *e, struct fuzz_input *in)
{
	u8 how = fuzz_u8(in);
	size_t len = how & 1 ? fuzz_u16(in) % BIGGEST : fuzz_len(in, 9000);
	int gso = how & 8 ? fuzz_u16(in) % 3000 : -1;

	program_writes(e, len, (how & 2 ? MSG_ZEROCOPY : 0) | (how & 4 ? MSG_MORE : 0),
		       how >> 4 & 3, gso);
}

/* Reads one packet: how many bytes, or -errno. */
static ssize_t program_reads(struct end *e, size_t room)
{
	static u8 buf[65536];
	u8 control[64] __aligned(8);
	struct sockaddr_in from;
	struct iovec iov = { .iov_base = buf, .iov_len = room };
	struct user_msghdr msg = {
		.msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = &iov,
		.msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control),
	};
	ssize_t ret = __sys_recvmsg(e->fd, &msg, MSG_DONTWAIT | MSG_TRUNC);
	struct cmsghdr h;
	int gso = 0;

	if (ret < 0)
		return ret;
	if (msg.msg_controllen) {
		EXPECT_EQ(msg.msg_controllen, CMSG_SPACE(sizeof(gso)));
		memcpy(&h, control, sizeof(h));
		memcpy(&gso, control + sizeof(h), sizeof(gso));
		EXPECT_TRUE(h.cmsg_level == SOL_UDP && h.cmsg_type == UDP_GRO);
		EXPECT_TRUE(gso > 0 && gso < ret);
	}
	EXPECT_TRUE(!(msg.msg_flags & MSG_TRUNC) == (ret <= (ssize_t)room));
	EXPECT_EQ(from.sin_family, AF_INET);
	datagrams_arrived(name_of(e), &from, buf, min_t(size_t, room, (size_t)ret), (size_t)ret,
			  gso ? (size_t)gso : (size_t)ret);
	look();
	return ret;
}

static int set(int fd, int level, int name, int val)
{
	return __sys_setsockopt(fd, level, name, &val, sizeof(val));
}

/* UDP_CORK may send what was collected. */
static void uncork(struct end *e)
{
	bool corked = udp_sk(peer_sock(e->fd))->pending;

	set(e->fd, SOL_UDP, UDP_CORK, 0);
	if (corked && !udp_sk(peer_sock(e->fd))->pending)
		cork_end(&e->cork, e->cork.len);
}

static void program_settles(struct end *e, struct fuzz_input *in)
{
	u8 b = fuzz_u8(in);
	int on = b >> 3 & 1;

	switch (b & 7) {
	case 0:
		set(e->fd, SOL_UDP, UDP_SEGMENT, fuzz_u16(in) % 2000);
		break;
	case 1:
	case 2:
		/* As in Linux, trains that wait are read as one datagram after that. */
		while (!on && program_reads(e, BIGGEST) >= 0)
			;
		set(e->fd, SOL_UDP, UDP_GRO, on);
		break;
	case 3:
		if (on)
			set(e->fd, SOL_UDP, UDP_CORK, 1);
		else
			uncork(e);
		break;
	case 4:
		set(e->fd, SOL_SOCKET, SO_ZEROCOPY, on);
		break;
	case 5:
		set(e->fd, SOL_SOCKET, on ? SO_RCVBUF : SO_SNDBUF, 1 << (b >> 4));
		break;
	case 6:
		set(e->fd, SOL_IP, IP_MTU_DISCOVER, b >> 4 & 3);
		break;
	default:
		set(e->fd, SOL_IP, IP_RECVERR, on);
		break;
	}
	look();
}

static void program_connects(struct end *e, u8 b)
{
	struct sockaddr_in to = address(b >> 1 & 1, b & 1);

	/* As in Linux, what is corked would go where connect() says. */
	uncork(e);
	if (b & 0x80)
		to.sin_family = AF_UNSPEC;
	__sys_connect(e->fd, (struct sockaddr *)&to, sizeof(to));
	look();
}

/* ---- begin and end -------------------------------------------------------------------- */

static void host_begin(struct host *h, unsigned int nr, netdev_features_t features)
{
	struct card_config cfg = { .mtu = MTU, .features = features, .output = frame_out,
				   .ctx = h };
	const u8 mac[6] = { 0x52, 0x54, 0, 0, 0, (u8)(nr + 1) };
	unsigned int i;

	memcpy(cfg.mac, mac, 6);
	h->head = h->count = 0;
	h->net = simhost_create();
	BUG_ON(!h->net);
	h->dev = card_create(h->net, &cfg);
	BUG_ON(ip_config_set(h->net, h->dev, htonl(0x0a000001U + nr), 24, 0));
	current->net = h->net;
	for (i = 0; i < SOCKETS; i++) {
		struct sockaddr_in any = { .sin_family = AF_INET,
					   .sin_port = htons((u16)(PORT + i)) };
		struct end *e = &h->end[i];

		e->fd = __sys_socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
		EXPECT_EQ(__sys_bind(e->fd, (struct sockaddr *)&any, sizeof(any)), 0);
		EXPECT_EQ(set(e->fd, SOL_SOCKET, SO_ZEROCOPY, 1), 0);
	}
}

static void hosts_begin(u8 how)
{
	netdev_features_t features = (how & 1 ? 0 : NETIF_F_SG | NETIF_F_HW_CSUM) |
				     (how & 2 ? 0 : NETIF_F_GRO);

	datagrams_forget();
	saved_net = current->net;
	saved_files = current->files;
	current->files = files_create();
	BUG_ON(!current->files);
	host_begin(&host[0], 0, features);
	host_begin(&host[1], 1, features);
	if (!(how & 4)) {
		EXPECT_EQ(set(host[0].end[0].fd, SOL_UDP, UDP_SEGMENT, 100), 0);
		EXPECT_EQ(set(host[1].end[0].fd, SOL_UDP, UDP_GRO, 1), 0);
	}
	look();
}

/* Every socket as new, but for UDP_GRO; nothing waits anywhere. */
static void hosts_calm_down(void)
{
	struct sockaddr_in none = { .sin_family = AF_UNSPEC };
	unsigned int i;

	for (i = 0; i < 2 * SOCKETS; i++) {
		struct end *e = &host[i / SOCKETS].end[i % SOCKETS];

		uncork(e);
		__sys_connect(e->fd, (struct sockaddr *)&none, sizeof(none));
		set(e->fd, SOL_SOCKET, SO_RCVBUF, 212992);
		set(e->fd, SOL_SOCKET, SO_SNDBUF, 212992);
		set(e->fd, SOL_IP, IP_MTU_DISCOVER, IP_PMTUDISC_WANT);
		set(e->fd, SOL_IP, IP_RECVERR, 0);
		set(e->fd, SOL_SOCKET, SO_ZEROCOPY, 1);
	}
	/* Neighbours that were asked for in vain are asked again. */
	for (i = 0; i < 20; i++) {
		while (wire_moves())
			;
		polls_end();
		host_sleep(10 * NSEC_PER_SEC);
	}
	for (i = 0; i < 2 * SOCKETS; i++) {
		struct end *e = &host[i / SOCKETS].end[i % SOCKETS];
		int err = 0, len = sizeof(err);

		__sys_getsockopt(e->fd, SOL_SOCKET, SO_ERROR, &err, &len);
		while (program_reads(e, BIGGEST) >= 0)
			;
		lent_hear(&e->lent, e->fd);
		EXPECT_EQ(e->lent.count, 0U);
	}
}

/* A train from one host to a socket of the other: all of it. */
static void train_arrives(unsigned int from, unsigned int to, unsigned int flags)
{
	struct end *e = &host[from / SOCKETS].end[from % SOCKETS];
	struct end *p = &host[to / SOCKETS].end[to % SOCKETS];
	size_t got = 0;
	ssize_t ret;

	EXPECT_EQ(program_writes(e, TRAIN * 1000 - 1, flags, to, 1000), TRAIN * 1000 - 1);
	while (wire_moves())
		;
	polls_end();
	while ((ret = program_reads(p, BIGGEST)) >= 0)
		got += (size_t)ret;
	EXPECT_EQ(ret, -EAGAIN);
	EXPECT_EQ(got, TRAIN * 1000 - 1UL);
	lent_hear(&e->lent, e->fd);
	EXPECT_EQ(e->lent.count, 0U);
}

static void hosts_end(void)
{
	unsigned int i;

	files_destroy(current->files);
	current->files = saved_files;
	look();
	for (i = 0; i < 2; i++) {
		invariants_conserved(host[i].net);
		card_mute(host[i].dev);
	}
	current->net = saved_net;
	net_destroy(host[0].net);
	net_destroy(host[1].net);
	host_run();
	for (i = 0; i < 2 * SOCKETS; i++)
		lent_end(&host[i / SOCKETS].end[i % SOCKETS].lent);
}

static void one_step(struct fuzz_input *in)
{
	u8 op = fuzz_u8(in);
	struct host *h = &host[op & 1];
	struct end *e = &h->end[op >> 1 & 1];

	switch (op >> 2 & 15) {
	case 0:
	case 1:
	case 2:
		one_fate(h, in);
		break;
	case 3:
	case 4:
		wire_moves();
		break;
	case 5:
		polls_end();
		break;
	case 6:
	case 7:
	case 8:
		one_write(e, in);
		break;
	case 9:
	case 10:
		program_reads(e, op & 0x80 ? fuzz_len(in, BIGGEST) : BIGGEST);
		break;
	case 11:
		host_sleep(fuzz_span_ns(in) % (100 * NSEC_PER_SEC));
		look();
		break;
	case 12:
		program_settles(e, in);
		break;
	case 13:
		program_connects(e, fuzz_u8(in));
		break;
	case 14:
		slab_fail_after(fuzz_u8(in), op >> 6);
		break;
	default:
		lent_hear(&e->lent, e->fd);
		break;
	}
}

/** fuzz_target() - see above */
void fuzz_target(struct fuzz_input *in)
{
	int steps = 100;

	hosts_begin(fuzz_u8(in));
	while (fuzz_more(in) && steps--)
		one_step(in);
	slab_fail_after(0, 0);
	hosts_calm_down();
	train_arrives(0, SOCKETS, 0);
	train_arrives(SOCKETS + 1, 1, MSG_ZEROCOPY);
	hosts_end();
}
