// SPDX-License-Identifier: MIT
/*
 * TCP and IP options, byte by byte as the input says, on a SYN, a SYN-ACK, the
 * third ACK, and the segments of a connection whose options are agreed; then the
 * connection is used, with what was agreed.
 *
 * RFC: 9293 3.1, 3.2, 7323, 2018; 791 3.1
 */
#include "peer.h"

/** fuzz_target_init() - nothing to do */
void fuzz_target_init(void)
{
}

/* Lengths first: options of IP and TCP, in words and bytes. */
static void add_options(struct peer_segment *s, struct fuzz_input *in)
{
	u8 len = fuzz_u8(in), raw[40];

	s->opts_len = 0;
	if (len & 0x80) {
		s->ip_opts_len = fuzz_u8(in) % 11 * 4;
		fuzz_bytes(in, s->ip_opts, s->ip_opts_len);
	}
	len = (len & 0x7f) % 41;
	peer_option(s, raw, (unsigned int)fuzz_bytes(in, raw, len));
}

static void send_with_options(struct peer_conn *c, u8 flags, unsigned int len,
			      struct fuzz_input *in)
{
	struct peer_segment s;

	peer_good(c, &s, flags, len);
	add_options(&s, in);
	peer_send(c, &s);
}

static void use(struct peer_conn *c, int fd, struct fuzz_input *in)
{
	int steps = 30;

	while (fuzz_more(in) && steps--) {
		u8 op = fuzz_u8(in);

		if (op < 100)
			send_with_options(c, op & 1 ? TCPHDR_ACK : TCPHDR_ACK | TCPHDR_PSH,
					  op & 2 ? op : 0, in);
		else if (op < 160)
			peer_write(fd, (size_t)(op - 100) * 80, 0);
		else if (op < 200)
			peer_read(fd, 4096, 0);
		else if (op < 230)
			peer_fuzzed(c, in);
		else
			peer_sleep(fuzz_span_ns(in));
	}
}

static int open_passive(struct peer_conn *c, u8 how, struct fuzz_input *in)
{
	struct peer_segment s;
	int fd, listener;

	if (how & 4)
		peer.net->ipv4.sysctl_tcp_syncookies = 2;
	listener = peer_listen(PEER_PORT, 5);
	send_with_options(c, TCPHDR_SYN, how & 8 ? 100 : 0, in);
	if (how & 16) {
		send_with_options(c, TCPHDR_ACK, 0, in);
	} else {
		peer_good(c, &s, TCPHDR_ACK, 0);
		peer_send(c, &s);
	}
	fd = __sys_accept4(listener, NULL, NULL, SOCK_NONBLOCK);
	return fd >= 0 ? fd : listener;
}

static int open_active(struct peer_conn *c, u8 how, struct fuzz_input *in)
{
	int fd = peer_connect(c);

	/* Crossing SYNs, or the common way. */
	if (how & 4)
		send_with_options(c, TCPHDR_SYN, 0, in);
	send_with_options(c, TCPHDR_SYN | TCPHDR_ACK, 0, in);
	return fd;
}

/** fuzz_target() - see above */
void fuzz_target(struct fuzz_input *in)
{
	u8 how = fuzz_u8(in);
	struct peer_conn *c = &peer.conn[how >> 5 & 1];
	int fd;

	peer_begin();
	c = &peer.conn[how >> 5 & 1];
	switch (how & 3) {
	case 0:
	case 1:
		fd = open_passive(c, how, in);
		break;
	case 2:
		fd = open_active(c, how, in);
		break;
	default:
		fd = peer_reach(c, TCP_ESTABLISHED, fuzz_u8(in));
		break;
	}
	use(c, fd, in);
	peer_end();
}
