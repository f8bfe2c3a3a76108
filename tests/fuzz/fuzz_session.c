// SPDX-License-Identifier: MIT
/*
 * Sessions: system calls, segments, datagrams, time and lack of memory, in any
 * order. The host begins with a listener that the calls know.
 */
#include "calls.h"
#include "peer.h"

#include <linux/slab.h>
#include <uapi/linux/udp.h>

/** fuzz_target_init() - nothing to do */
void fuzz_target_init(void)
{
}

/* What a peer in order would do next, so that sessions get far in few bytes. */
static void peer_does_well(struct fuzz_input *in)
{
	u8 b = fuzz_u8(in);
	struct peer_conn *c = &peer.conn[b & 3];
	static const u8 flags[] = { TCPHDR_SYN, TCPHDR_ACK, TCPHDR_ACK | TCPHDR_PSH,
				    TCPHDR_ACK | TCPHDR_FIN, TCPHDR_SYN | TCPHDR_ACK };
	struct peer_segment s;

	peer_good(c, &s, flags[(b >> 2) % ARRAY_SIZE(flags)], 0);
	if (!(s.flags & TCPHDR_SYN))
		s.len = fuzz_len(in, 1460);
	peer_send(c, &s);
}

/* A connection of the host's learns the port it was given. */
static void learn_port(struct fuzz_input *in)
{
	u8 b = fuzz_u8(in);
	const struct sock *sk = peer_sock(calls_fd(in));

	peer.conn[b & 3].lport = sk && sk->sk_num ? sk->sk_num : PEER_PORT;
}

static void datagram(struct fuzz_input *in)
{
	u8 packet[200] = { 0 };
	struct udphdr *uh = (struct udphdr *)packet;
	unsigned int len = fuzz_u8(in) % 190 + 8;

	uh->source = htons(peer.conn[fuzz_u8(in) & 3].rport);
	uh->dest = htons((u16)(fuzz_u8(in) * 300));
	uh->len = htons((u16)len);
	peer_ip(IPPROTO_UDP, PEER_ADDR, packet, len, NULL, 0);
}

/** fuzz_target() - see above */
void fuzz_target(struct fuzz_input *in)
{
	int steps = 100;

	peer_begin();
	calls_forget();
	calls_learn(peer_listen(PEER_PORT, 5));
	while (fuzz_more(in) && steps--) {
		u8 op = fuzz_u8(in);

		if (op < 128)
			calls_one(in);
		else if (op < 170)
			peer_does_well(in);
		else if (op < 200)
			peer_fuzzed(&peer.conn[op & 3], in);
		else if (op < 210)
			learn_port(in);
		else if (op < 220)
			datagram(in);
		else if (op < 245)
			peer_sleep(fuzz_span_ns(in));
		else
			slab_fail_after(fuzz_u8(in), op & 3);
	}
	peer_end();
}
