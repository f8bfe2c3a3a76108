// SPDX-License-Identifier: MIT
/*
 * ARP: packets of every kind, true and false, while the host has something to
 * send to addresses known, unknown and silent, and while time passes.
 *
 * RFC: 826, 1122 2.3.2, 5227, 4861 7.3 (the states)
 */
#include "peer.h"

#include <net/arp.h>
#include <net/neighbour.h>
#include <uapi/linux/if_arp.h>

static int udp;

/** fuzz_target_init() - nothing to do */
void fuzz_target_init(void)
{
}

static u32 choose_address(struct fuzz_input *in)
{
	u8 b = fuzz_u8(in);

	switch (b >> 5) {
	case 0:
		return PEER_HOST;
	case 1:
		return PEER_ADDR;
	case 2:
		return PEER_NOBODY;
	case 3:
		return 0;
	case 4:
		return 0x7f000001U;
	case 5:
		return 0xe0000001U + b;
	case 6:
		return 0x0a000000U + fuzz_u16(in);
	default:
		return fuzz_u32(in);
	}
}

static void put_address(u8 *to, struct fuzz_input *in)
{
	__be32 addr = htonl(choose_address(in));

	memcpy(to, &addr, 4);
}

static void one_packet(struct fuzz_input *in)
{
	u8 frame[60] = { 0x52, 0x54, 0, 0, 0, 1, 0x52, 0x54, 0, 0, 0, 2, 8, 6, 0, 1, 8, 0, 6, 4 };
	u8 how = fuzz_u8(in);
	unsigned int len = 42;

	frame[21] = how & 3;
	memcpy(frame + 22, frame + 6, 6);
	memcpy(frame + 32, frame, 6);
	if (how & 4)
		memset(frame, 0xff, 6);
	put_address(frame + 28, in);
	put_address(frame + 38, in);
	if (how & 8)
		fuzz_bytes(in, frame + 22, 6);
	if (how & 16)
		fuzz_bytes(in, frame + 14, 8);
	if (how & 32)
		len = fuzz_u8(in) % sizeof(frame);
	if (how & 64)
		memset(frame + 22, 0xff, 6);
	peer_frame(frame, len);
}

static void send_somewhere(struct fuzz_input *in)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9) };

	to.sin_addr.s_addr = htonl(choose_address(in));
	__sys_sendto(udp, "to whom?", 8, 0, (struct sockaddr *)&to, sizeof(to));
	peer_settle();
}

static void choose_setting(struct fuzz_input *in)
{
	struct ipv4_devconf *conf = &peer.net->ipv4.devconf_all;
	u8 b = fuzz_u8(in);

	conf->arp_ignore = b & 7;
	conf->arp_announce = b >> 3 & 3;
	conf->arp_accept = b >> 5 & 1;
	conf->arp_filter = b >> 6 & 1;
	conf->drop_gratuitous_arp = b >> 7;
}

/** fuzz_target() - see above */
void fuzz_target(struct fuzz_input *in)
{
	int steps = 60, on = 1;

	peer_begin();
	udp = __sys_socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	EXPECT_GE(udp, 0);
	EXPECT_EQ(__sys_setsockopt(udp, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on)), 0);
	while (fuzz_more(in) && steps--) {
		u8 op = fuzz_u8(in);

		if (op < 128)
			one_packet(in);
		else if (op < 200)
			send_somewhere(in);
		else if (op < 235)
			peer_sleep(fuzz_span_ns(in));
		else if (op < 250)
			peer.deaf = op & 1;
		else
			choose_setting(in);
	}
	peer_end();
}
