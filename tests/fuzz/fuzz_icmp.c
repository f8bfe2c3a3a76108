// SPDX-License-Identifier: MIT
/*
 * ICMP: errors that quote what the host has sent, whole or cut or bent, about
 * TCP in each state, UDP and ping; and queries.
 *
 * RFC: 792, 1122 3.2.2, 1191, 5927
 */
#include "peer.h"

#include <net/checksum.h>
#include <net/icmp.h>
#include <uapi/linux/icmp.h>
#include <uapi/linux/ip.h>

#define ETH_OFF	14
#define IP_LEN	20

static const int states[] = {
	TCP_ESTABLISHED, TCP_SYN_SENT, TCP_SYN_RECV, TCP_NEW_SYN_RECV, TCP_FIN_WAIT1,
	TCP_CLOSE_WAIT, TCP_LISTEN, TCP_TIME_WAIT,
};

static int tcp_fd, udp_fd, ping_fd;

/** fuzz_target_init() - nothing to do */
void fuzz_target_init(void)
{
}

static void open_datagram_sockets(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(53) };
	struct icmphdr echo = { .type = ICMP_ECHO };
	int on = 1;

	to.sin_addr.s_addr = htonl(PEER_ADDR);
	udp_fd = __sys_socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	ping_fd = __sys_socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, IPPROTO_ICMP);
	EXPECT_EQ(__sys_setsockopt(udp_fd, IPPROTO_IP, IP_RECVERR, &on, sizeof(on)), 0);
	EXPECT_EQ(__sys_setsockopt(ping_fd, IPPROTO_IP, IP_RECVERR, &on, sizeof(on)), 0);
	EXPECT_EQ(__sys_connect(udp_fd, (struct sockaddr *)&to, sizeof(to)), 0);
	EXPECT_EQ(__sys_connect(ping_fd, (struct sockaddr *)&to, sizeof(to)), 0);
	EXPECT_EQ(__sys_sendto(udp_fd, "question", 8, 0, NULL, 0), 8);
	EXPECT_EQ(__sys_sendto(ping_fd, &echo, sizeof(echo), 0, NULL, 0), (ssize_t)sizeof(echo));
	peer_settle();
}

/* An error about one of the last packets. */
static void one_error(struct fuzz_input *in)
{
	static const u8 types[] = { ICMP_DEST_UNREACH, ICMP_TIME_EXCEEDED, ICMP_PARAMETERPROB,
				    ICMP_SOURCE_QUENCH, ICMP_REDIRECT };
	const struct peer_frame *f = &peer.sent[fuzz_u8(in) % PEER_SENT];
	u8 how = fuzz_u8(in), packet[PEER_MTU] __aligned(4) = { 0 };
	unsigned int quoted = f->len > ETH_OFF ? f->len - ETH_OFF : 0, changes;
	struct icmphdr *icmph = (struct icmphdr *)packet;

	icmph->type = how & 0x80 ? fuzz_u8(in) : types[how % ARRAY_SIZE(types)];
	icmph->code = fuzz_u8(in) % 20;
	if (how & 0x08)
		icmph->un.gateway = htonl(fuzz_u16(in));
	if (how & 0x10)
		quoted = min(quoted, (unsigned int)fuzz_u8(in));
	quoted = min(quoted, (unsigned int)(sizeof(packet) - sizeof(*icmph)));
	memcpy(icmph + 1, f->data + ETH_OFF, quoted);
	for (changes = how >> 5 & 3; changes; changes--)
		if (quoted) {
			u8 at = fuzz_u8(in);

			packet[8 + at % quoted] ^= fuzz_u8(in);
		}
	icmph->checksum = ip_compute_csum(packet, (int)(8 + quoted));
	peer_ip(IPPROTO_ICMP, how & 4 ? PEER_ADDR : PEER_ROUTER, packet, 8 + quoted, NULL, 0);
}

/* Anything else, its checksum right. */
static void one_message(struct fuzz_input *in)
{
	u8 packet[256] __aligned(4);
	unsigned int len = fuzz_u8(in);

	fuzz_bytes(in, packet, len);
	if (len >= 4) {
		memset(packet + 2, 0, 2);
		*(__sum16 *)(void *)(packet + 2) = ip_compute_csum(packet, (int)len);
	}
	peer_ip(IPPROTO_ICMP, PEER_ADDR, packet, len, NULL, 0);
}

static void read_errors(void)
{
	u8 buf[512], control[256];
	struct iovec iov = { .iov_base = buf, .iov_len = sizeof(buf) };
	int fds[] = { tcp_fd, udp_fd, ping_fd }, i;

	for (i = 0; i < 3; i++) {
		struct user_msghdr msg = {
			.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control,
			.msg_controllen = sizeof(control),
		};

		__sys_recvmsg(fds[i], &msg, MSG_ERRQUEUE);
		__sys_recvmsg(fds[i], &msg, 0);
	}
	peer_settle();
}

/** fuzz_target() - see above */
void fuzz_target(struct fuzz_input *in)
{
	struct peer_conn *c = &peer.conn[0];
	u8 first = fuzz_u8(in);
	int steps = 40, on = 1;

	peer_begin();
	open_datagram_sockets();
	tcp_fd = peer_reach(c, states[first % ARRAY_SIZE(states)], fuzz_u8(in));
	if (first & 0x80)
		__sys_setsockopt(tcp_fd, IPPROTO_IP, IP_RECVERR, &on, sizeof(on));
	while (fuzz_more(in) && steps--) {
		u8 op = fuzz_u8(in);

		if (op < 128)
			one_error(in);
		else if (op < 150)
			one_message(in);
		else if (op < 170)
			peer_write(tcp_fd, fuzz_len(in, 4096), 0);
		else if (op < 190)
			peer_fuzzed(c, in);
		else if (op < 210)
			peer_sleep(fuzz_span_ns(in));
		else if (op < 230)
			read_errors();
		else
			__sys_sendto(op & 1 ? udp_fd : ping_fd, "\10\0\0\0\0\0\0\0again", 13, 0,
				     NULL, 0);
	}
	peer_end();
}
