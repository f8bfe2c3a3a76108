// SPDX-License-Identifier: MIT
/*
 * Segments in each state of a connection: the input's first byte chooses the
 * state, the second the way there, then come segments near the right ones,
 * time, and what the program does.
 *
 * RFC: 9293 3.10.7
 */
#include "peer.h"

#include <linux/slab.h>

static const int states[] = {
	TCP_ESTABLISHED, TCP_SYN_SENT, TCP_SYN_RECV, TCP_FIN_WAIT1, TCP_FIN_WAIT2, TCP_TIME_WAIT,
	TCP_CLOSE, TCP_CLOSE_WAIT, TCP_LAST_ACK, TCP_LISTEN, TCP_CLOSING, TCP_NEW_SYN_RECV,
};

/** fuzz_target_init() - nothing to do */
void fuzz_target_init(void)
{
}

static void good_segment(struct peer_conn *c, struct fuzz_input *in)
{
	struct peer_segment s;

	peer_good(c, &s, TCPHDR_ACK, fuzz_len(in, 1460));
	peer_send(c, &s);
}

static void accept_one(int *fd)
{
	int child = __sys_accept4(*fd, NULL, NULL, SOCK_NONBLOCK);

	if (child >= 0) {
		close_fd((unsigned int)*fd);
		*fd = child;
	}
	peer_settle();
}

static void program_acts(int *fd, u8 op, struct fuzz_input *in)
{
	switch (op) {
	case 0:
		peer_write(*fd, fuzz_len(in, 4096), fuzz_u8(in) & 1 ? MSG_OOB : 0);
		break;
	case 1:
		peer_read(*fd, fuzz_len(in, 4096), 0);
		break;
	case 2:
		__sys_shutdown(*fd, fuzz_u8(in) % 3);
		peer_settle();
		break;
	case 3:
		close_fd((unsigned int)*fd);
		*fd = -1;
		peer_settle();
		break;
	case 4:
		accept_one(fd);
		break;
	}
}

/** fuzz_target() - see above */
void fuzz_target(struct fuzz_input *in)
{
	struct peer_conn *c = &peer.conn[0];
	u8 first = fuzz_u8(in);
	int fd, steps = 40;

	peer_begin();
	if (first & 0x80)
		c = &peer.conn[1];
	fd = peer_reach(c, states[first % ARRAY_SIZE(states)], fuzz_u8(in));
	while (fuzz_more(in) && steps--) {
		u8 op = fuzz_u8(in);

		if (op < 160)
			peer_fuzzed(c, in);
		else if (op < 180)
			peer_sleep(fuzz_span_ns(in));
		else if (op < 200)
			good_segment(c, in);
		else if (op < 205)
			slab_fail_after(fuzz_u8(in), 1);
		else
			program_acts(&fd, op % 5, in);
	}
	peer_end();
}
