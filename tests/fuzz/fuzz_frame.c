// SPDX-License-Identifier: MIT
/*
 * Frames, any bytes at all, into a host with everything that listens: TCP, UDP
 * (bound, connected, with errors asked for), ping. The first byte of each says
 * how much of the header is put right, so that also the depths are reached.
 *
 * RFC: 894, 791, 768, 792, 826
 */
#include "peer.h"

#include <linux/errno.h>
#include <net/checksum.h>
#include <uapi/linux/icmp.h>
#include <uapi/linux/ip.h>
#include <uapi/linux/udp.h>

#define ETH_OFF	14
#define IP_LEN	20

/* What is made of a frame's bytes. */
#define F_ETH	1	/* addressed to the host, and IPv4 */
#define F_IP	2	/* a header that is right, its options the input's */
#define F_DST	4	/* to the host's address and, above, a port that listens */
#define F_SUM	8	/* the checksum above is right */
#define F_BCAST	16	/* to everybody */
#define F_WAIT	32	/* time passes first */
#define F_READ	64	/* programs read */
#define F_POLL	128	/* the next one comes in the same poll */

static int fds[8];
static unsigned int nr_fds;

/** fuzz_target_init() - nothing to do */
void fuzz_target_init(void)
{
}

static int udp_socket(u16 port, u16 to, int protocol)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = __sys_socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, protocol), on = 1;

	EXPECT_GE(fd, 0);
	EXPECT_EQ(__sys_setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof(on)), 0);
	EXPECT_EQ(__sys_setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on)), 0);
	EXPECT_EQ(__sys_setsockopt(fd, IPPROTO_IP, IP_RECVTTL, &on, sizeof(on)), 0);
	EXPECT_EQ(__sys_bind(fd, (struct sockaddr *)&sin, sizeof(sin)), 0);
	if (to) {
		sin.sin_port = htons(to);
		sin.sin_addr.s_addr = htonl(PEER_ADDR);
		EXPECT_EQ(__sys_connect(fd, (struct sockaddr *)&sin, sizeof(sin)), 0);
		EXPECT_EQ(__sys_sendto(fd, "hello", 5, 0, NULL, 0), 5);
	}
	return fd;
}

static void listen_everywhere(void)
{
	int on = 1;

	nr_fds = 0;
	fds[nr_fds++] = peer_listen(PEER_PORT, 3);
	fds[nr_fds++] = udp_socket(53, 0, 0);
	fds[nr_fds++] = udp_socket(54, 1000, 0);
	EXPECT_EQ(__sys_setsockopt(fds[2], SOL_UDP, UDP_GRO, &on, sizeof(on)), 0);
	fds[nr_fds++] = udp_socket(7, 0, IPPROTO_ICMP);
	fds[nr_fds++] = peer_connect(&peer.conn[1]);
	peer_settle();
}

static void read_everything(void)
{
	u8 buf[2048], control[256];
	struct iovec iov = { .iov_base = buf, .iov_len = sizeof(buf) };
	struct sockaddr_in from;
	unsigned int i;

	for (i = 0; i < nr_fds; i++) {
		struct user_msghdr msg = {
			.msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = &iov,
			.msg_iovlen = 1, .msg_control = control,
			.msg_controllen = sizeof(control),
		};

		__sys_recvmsg(fds[i], &msg, i & 1 ? MSG_ERRQUEUE : 0);
		msg.msg_controllen = 20;
		__sys_recvmsg(fds[i], &msg, 0);
	}
	peer_settle();
}

static void fix_ip(u8 *frame, unsigned int *len, u8 how)
{
	struct iphdr *iph = (struct iphdr *)(frame + ETH_OFF);

	if (*len < ETH_OFF + IP_LEN)
		return;
	iph->version = 4;
	if (iph->ihl < 5 || iph->ihl * 4U > *len - ETH_OFF)
		iph->ihl = 5;
	iph->tot_len = htons((u16)(*len - ETH_OFF));
	iph->frag_off &= htons((u16)~(IP_MF | IP_OFFSET));
	if (how & F_DST) {
		iph->saddr = htonl(PEER_ADDR);
		iph->daddr = htonl(how & F_BCAST ? 0x0a0000ffU : PEER_HOST);
	}
	iph->check = 0;
	iph->check = ip_fast_csum(iph, iph->ihl);
}

/* The port follows from the port: which of those that listen. */
static void fix_ports(u8 *l4, u8 protocol)
{
	static const u16 tcp_ports[] = { PEER_PORT, 0, 81, PEER_PORT };
	static const u16 udp_ports[] = { 53, 54, 55, 7 };
	u16 port = protocol == IPPROTO_TCP ? tcp_ports[l4[3] & 3] : udp_ports[l4[3] & 3];

	if (!port)
		port = peer.conn[1].lport;
	if (l4[3] & 4 && protocol == IPPROTO_TCP) {
		l4[0] = (u8)(peer.conn[1].rport >> 8);
		l4[1] = (u8)peer.conn[1].rport;
	} else if (l4[3] & 4) {
		l4[0] = 1000 >> 8;
		l4[1] = 1000 & 0xff;
	}
	l4[2] = (u8)(port >> 8);
	l4[3] = (u8)port;
}

static void fix_transport(u8 *frame, unsigned int len, u8 how)
{
	struct iphdr *iph = (struct iphdr *)(frame + ETH_OFF);
	unsigned int off = ETH_OFF + iph->ihl * 4U, n;
	u8 *l4 = frame + off;

	if (len < off + 8)
		return;
	n = len - off;
	if (how & F_DST && (iph->protocol == IPPROTO_TCP || iph->protocol == IPPROTO_UDP))
		fix_ports(l4, iph->protocol);
	if (iph->protocol == IPPROTO_TCP && n >= 20) {
		memset(l4 + 16, 0, 2);
		*(__sum16 *)(void *)(l4 + 16) = csum_tcpudp_magic(iph->saddr, iph->daddr, n,
			IPPROTO_TCP, csum_partial(l4, (int)n, (__force __wsum)0));
	} else if (iph->protocol == IPPROTO_UDP) {
		memset(l4 + 6, 0, 2);
		if (how & F_DST)
			*(__be16 *)(void *)(l4 + 4) = htons((u16)n);
	} else if (iph->protocol == IPPROTO_ICMP) {
		memset(l4 + 2, 0, 2);
		*(__sum16 *)(void *)(l4 + 2) = ip_compute_csum(l4, (int)n);
	}
}

static void one_frame(struct fuzz_input *in)
{
	u8 how = fuzz_u8(in), frame[ETH_OFF + PEER_MTU + 64] __aligned(4);
	unsigned int len = fuzz_len(in, sizeof(frame)), at = 0;

	if (how & F_WAIT)
		peer_sleep(fuzz_span_ns(in));
	if (how & F_READ)
		read_everything();
	if (how & F_ETH) {
		static const u8 eth[14] = { 0x52, 0x54, 0, 0, 0, 1, 0x52, 0x54, 0, 0, 0, 2, 8, 0 };

		memcpy(frame, eth, sizeof(eth));
		if (how & F_BCAST)
			memset(frame, 0xff, 6);
		at = sizeof(eth);
		len = min(len + at, (unsigned int)sizeof(frame));
	}
	fuzz_bytes(in, frame + at, len - at);
	if (how & F_ETH && how & F_IP)
		fix_ip(frame, &len, how);
	if (how & F_ETH && how & F_SUM && len >= ETH_OFF + IP_LEN)
		fix_transport(frame, len, how);
	peer.merges = how & F_POLL;
	peer_frame(frame, len);
}

/** fuzz_target() - see above */
void fuzz_target(struct fuzz_input *in)
{
	int frames = 30;

	peer_begin();
	peer.wild = true;
	listen_everywhere();
	while (fuzz_more(in) && frames--)
		one_frame(in);
	read_everything();
	peer_end();
}
