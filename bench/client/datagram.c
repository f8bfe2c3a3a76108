// SPDX-License-Identifier: MIT
/*
 * Rows without connections: ping, and UDP echo with a window of datagrams on
 * their way.
 *
 * RFC: 792 (echo)
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client.h"

#define ECHO_PORT	7
#define DATAGRAM	64	/* bytes */
#define BATCH		64	/* datagrams of a call */
#define LOST_MS		200	/* no answer for so long: they are lost */
#define PING_MS		1000
#define PING_DATA	56	/* bytes, as ping(8) has */

/* ---- ping ----------------------------------------------------------------------------- */

struct ping {
	struct icmphdr head;
	char data[PING_DATA];
};

static uint16_t checksum(const void *data, size_t len)
{
	const unsigned char *p = data;
	uint32_t sum = 0;
	size_t i;

	for (i = 0; i + 1 < len; i += 2)
		sum += (uint32_t)p[i] << 8 | p[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons((uint16_t)~sum);
}

/* Waits for the answer to @seq. 1: it came, 0: it is lost, -1: failed. */
static int ping_answer(const struct run *r, int fd, uint16_t id, uint16_t seq)
{
	struct pollfd wait = { .fd = fd, .events = POLLIN };
	char frame[256];

	while (poll(&wait, 1, PING_MS) > 0) {
		ssize_t n = recv(fd, frame, sizeof(frame), 0);
		size_t at = n > 0 ? (frame[0] & 15) * 4U : 0;
		struct icmphdr head;

		if (n < 0)
			return fail(r, "recv");
		if ((size_t)n < at + sizeof(head))
			continue;
		memcpy(&head, frame + at, sizeof(head));
		if (head.type == ICMP_ECHOREPLY && head.un.echo.id == id &&
		    head.un.echo.sequence == seq)
			return 1;
	}
	return 0;
}

/**
 * row_ping - one ping after the other
 * @r: the run
 * @arg: nothing
 *
 * Return: 0, or -1: it was said why.
 */
int row_ping(struct run *r, int arg)
{
	int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP), came = 0;
	struct ping ask = { .head = { .type = ICMP_ECHO } };
	uint16_t seq = 0;
	uint64_t sent_ns;

	(void)arg;
	if (fd < 0)
		return fail(r, "a raw socket");
	ask.head.un.echo.id = (uint16_t)getpid();
	while (came >= 0 && run_goes_on(r)) {
		ask.head.un.echo.sequence = ++seq;
		ask.head.checksum = 0;
		ask.head.checksum = checksum(&ask, sizeof(ask));
		sent_ns = clock_ns();
		if (sendto(fd, &ask, sizeof(ask), 0, (const struct sockaddr *)&r->peer,
			   sizeof(r->peer)) < 0) {
			came = fail(r, "sendto");
			break;
		}
		came = ping_answer(r, fd, ask.head.un.echo.id, seq);
		if (came > 0)
			run_latency(r, clock_ns() - sent_ns);
		r->ops += came > 0;
		r->lost += came == 0;
	}
	close(fd);
	return came < 0 ? -1 : 0;
}

/* ---- UDP ---------------------------------------------------------------------------------- */

/* The same datagram many times over, and room for as many answers. */
struct batch {
	struct mmsghdr out[BATCH], in[BATCH];
	struct iovec out_iov, in_iov[BATCH];
	char data[DATAGRAM], room[BATCH][DATAGRAM];
};

static void batch_init(struct batch *b)
{
	size_t i;

	memset(b, 0, sizeof(*b));
	memset(b->data, 'u', sizeof(b->data));
	b->out_iov = (struct iovec){ b->data, sizeof(b->data) };
	for (i = 0; i < BATCH; i++) {
		b->in_iov[i] = (struct iovec){ b->room[i], sizeof(b->room[i]) };
		b->out[i].msg_hdr.msg_iov = &b->out_iov;
		b->in[i].msg_hdr.msg_iov = &b->in_iov[i];
		b->out[i].msg_hdr.msg_iovlen = b->in[i].msg_hdr.msg_iovlen = 1;
	}
}

static int udp_open(const struct run *r)
{
	struct sockaddr_in peer = r->peer;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	peer.sin_port = htons(ECHO_PORT);
	if (fd < 0 || connect(fd, (const struct sockaddr *)&peer, sizeof(peer)))
		return fail(r, "socket");
	return fd;
}

/* Sends until @window are on their way; how many were sent, -1: failed. */
static int udp_fill(const struct run *r, int fd, struct batch *b, int on_way, int window)
{
	int want = window - on_way, sent;

	if (want <= 0)
		return 0;
	sent = sendmmsg(fd, b->out, (unsigned int)(want < BATCH ? want : BATCH), 0);
	if (sent < 0 && errno != EAGAIN && errno != ENOBUFS)
		return fail(r, "sendmmsg");
	return sent < 0 ? 0 : sent;
}

/**
 * row_udp - datagrams of 64 bytes there and back
 * @r: the run
 * @window: so many on their way at a time
 *
 * Return: 0, or -1: it was said why.
 */
int row_udp(struct run *r, int window)
{
	static struct batch b;
	int fd = udp_open(r), on_way = 0, n;

	if (fd < 0)
		return -1;
	batch_init(&b);
	while (run_goes_on(r)) {
		struct pollfd wait = { .fd = fd, .events = POLLIN };

		n = udp_fill(r, fd, &b, on_way, window);
		if (n < 0)
			break;
		on_way += n;
		if (!poll(&wait, 1, LOST_MS)) {
			r->lost += (uint64_t)on_way;
			on_way = 0;
			continue;
		}
		n = recvmmsg(fd, b.in, BATCH, MSG_DONTWAIT, NULL);
		if (n < 0 && errno != EAGAIN) {
			fail(r, "recvmmsg");
			break;
		}
		if (n > 0) {
			r->ops += (uint64_t)n;
			/* An answer that was given up may come after all. */
			on_way = n < on_way ? on_way - n : 0;
		}
	}
	close(fd);
	return r->phase == DONE ? 0 : -1;
}
