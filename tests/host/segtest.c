// SPDX-License-Identifier: MIT
/*
 * The peer of a host under test: frames in and out, ARP answered, sockets driven
 * without blocking. segtest.h tells how it is used.
 */
#include "segtest.h"

#include <linux/fs.h>
#include <linux/inetdevice.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <net/checksum.h>
#include <net/inet_account.h>
#include <net/inet_hashtables.h>
#include <uapi/linux/icmp.h>
#include <uapi/linux/if_arp.h>
#include <uapi/linux/if_ether.h>
#include <uapi/linux/in.h>
#include <uapi/linux/poll.h>

#include "hosted_dev.h"
#include "invariants.h"
#include "segtext.h"

#define FRAMES_MAX	1024
#define ETH_OFF		14
#define IP_LEN		20

struct seg_frame {
	u64 when;
	unsigned int len;
	u8 data[SEG_FRAME_MAX];
};

static const u8 host_mac[6] = { 0x52, 0x54, 0, 0, 0, 1 };
static const u8 peer_mac[6] = { 0x52, 0x54, 0, 0, 0, 2 };

struct net *seg_net;
static struct net *saved_net;
static struct files_struct *saved_files;
static struct net_device *eth;
static u16 next_rport;
static u16 next_ip_id;

/* What the host has sent and nobody has read: head is read next. */
static struct seg_frame frames[FRAMES_MAX];
static unsigned int frames_head, frames_count;

/* ---- the wire ------------------------------------------------------------------- */

static void answer_arp(const u8 *frame, unsigned int len)
{
	u8 reply[42];
	u32 asker, asked;

	if (len < sizeof(reply) || frame[21] != ARPOP_REQUEST)
		return;
	memcpy(&asker, frame + 28, 4);
	memcpy(&asked, frame + 38, 4);
	if (asked == asker || asked == (__force u32)htonl(SEG_NOBODY))
		return;
	memcpy(reply, frame, sizeof(reply));
	memcpy(reply, host_mac, 6);
	memcpy(reply + 6, peer_mac, 6);
	reply[21] = ARPOP_REPLY;
	memcpy(reply + 22, peer_mac, 6);
	memcpy(reply + 28, &asked, 4);
	memcpy(reply + 32, host_mac, 6);
	memcpy(reply + 38, &asker, 4);
	hosted_dev_input(eth, reply, sizeof(reply));
}

static __sum16 tcp_checksum(const struct iphdr *iph, const void *th, unsigned int len)
{
	return csum_tcpudp_magic(iph->saddr, iph->daddr, len, IPPROTO_TCP,
				 csum_partial(th, (int)len, (__force __wsum)0));
}

/* What holds for every packet, whatever is in it. */
static void check_packet(const u8 *frame, unsigned int len)
{
	const struct iphdr *iph = (const struct iphdr *)(frame + ETH_OFF);
	const struct tcphdr *th = (const struct tcphdr *)(iph + 1);

	EXPECT_GE(len, (unsigned int)(ETH_OFF + IP_LEN));
	EXPECT_TRUE(iph->version == 4);
	EXPECT_TRUE(iph->ihl == 5);
	EXPECT_EQ(ntohs(iph->tot_len), len - ETH_OFF);
	EXPECT_EQ(ip_fast_csum(iph, iph->ihl), 0);
	EXPECT_MEMEQ(frame, peer_mac, 6);
	EXPECT_MEMEQ(frame + 6, host_mac, 6);
	if (iph->protocol != IPPROTO_TCP)
		return;
	EXPECT_TRUE(th->doff >= 5);
	EXPECT_LE(th->doff * 4U + IP_LEN + ETH_OFF, len);
	EXPECT_TRUE(!th->res1);
	EXPECT_EQ(tcp_checksum(iph, th, len - ETH_OFF - IP_LEN), 0);
}

static void frame_out(void *ctx, const void *data, size_t len)
{
	struct seg_frame *f = &frames[(frames_head + frames_count) % FRAMES_MAX];
	const u8 *frame = data;

	if (len >= ETH_OFF && frame[12] == 8 && frame[13] == 6) {
		answer_arp(frame, (unsigned int)len);
		return;
	}
	check_packet(frame, (unsigned int)len);
	if (frames_count == FRAMES_MAX || len > SEG_FRAME_MAX) {
		test_fail(__FILE__, __LINE__, "more sent than a test can read");
		return;
	}
	f->when = host_clock_ns;
	f->len = (unsigned int)len;
	memcpy(f->data, data, len);
	frames_count++;
}

static struct sock *held;

/**
 * seg_hold - a thread is busy with the socket: what arrives waits in its backlog
 * @c: the connection; one at a time
 */
void seg_hold(const struct seg_conn *c)
{
	struct file *file;
	int err;

	held = sockfd_lookup_light(c->fd, &err, &file)->sk;
	sock_hold(held);
	fput(file);
	lock_sock(held);
}

/**
 * seg_release - it is no longer
 */
void seg_release(void)
{
	release_sock(held);
	sock_put(held);
	held = NULL;
	host_run();
	invariants_check(seg_net);
}

/**
 * seg_inject - a frame arrives at the host
 * @frame: Ethernet header first
 * @len: its bytes
 */
void seg_inject(const void *frame, size_t len)
{
	hosted_dev_input(eth, frame, len);
	host_run();
	if (!held)
		invariants_check(seg_net);
}

static const struct seg_frame *next_frame(void)
{
	host_run();
	return frames_count ? &frames[frames_head] : NULL;
}

static void pop_frame(void)
{
	frames_head = (frames_head + 1) % FRAMES_MAX;
	frames_count--;
}

/* ---- begin and end ------------------------------------------------------------------ */

/**
 * seg_begin - a fresh host
 */
void seg_begin(void)
{
	struct hosted_dev_config cfg = { .mtu = SEG_MTU, .output = frame_out };

	memcpy(cfg.mac, host_mac, 6);
	frames_head = 0;
	frames_count = 0;
	next_rport = 40000;
	next_ip_id = 1;
	seg_net = net_create();
	BUG_ON(!seg_net);
	saved_net = current->net;
	saved_files = current->files;
	current->net = seg_net;
	current->files = files_create();
	BUG_ON(!current->files);
	BUG_ON(dev_open(seg_net->loopback_dev));
	eth = hosted_dev_create(seg_net, &cfg);
	BUG_ON(!eth);
	BUG_ON(ip_config_set(seg_net, eth, htonl(SEG_HOST), 24, htonl(SEG_ROUTER)));
	host_run();
	/* Who the peer is need not be asked in the middle of a test. */
	hosted_dev_input(eth, (const u8[42]){
		0x52, 0x54, 0, 0, 0, 1, 0x52, 0x54, 0, 0, 0, 2, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1,
		0x52, 0x54, 0, 0, 0, 2, 10, 0, 0, 2, 0, 0, 0, 0, 0, 0, 10, 0, 0, 1 }, 42);
	host_run();
	seg_flush();
}

/**
 * seg_end - the host goes, and must have been in order
 */
void seg_end(void)
{
	seg_none();
	invariants_conserved(seg_net);
	invariants_check(seg_net);
	/* Those with a linger time do not wait. */
	current->flags |= PF_EXITING;
	files_destroy(current->files);
	current->flags &= ~(unsigned int)PF_EXITING;
	current->files = saved_files;
	host_run();
	invariants_conserved(seg_net);
	invariants_check(seg_net);
	frames_count = 0;
	hosted_dev_mute(eth);
	current->net = saved_net;
	net_destroy(seg_net);
	seg_net = NULL;
	host_run();
	frames_count = 0;
}

/* ---- sockets ---------------------------------------------------------------------------- */

/**
 * seg_conn_init - a connection that is none yet
 * @c: filled in
 */
void seg_conn_init(struct seg_conn *c)
{
	memset(c, 0, sizeof(*c));
	c->raddr = SEG_PEER;
	c->rport = next_rport++;
	c->lport = SEG_PORT;
	c->risn = c->rport * 1000U;
	c->win = 32768;
	c->fd = -1;
}

/**
 * seg_set_isn - let the clock run until the host's next ISN is a given one
 * @c: connection, ports and addresses set
 * @isn: to be
 *
 * RFC 9293 3.4.1: ISNs go with the clock, 64 ns a step here as in Linux.
 */
void seg_set_isn(struct seg_conn *c, u32 isn)
{
	u32 now = tcp_v4_init_seq(seg_net, htonl(SEG_HOST), htonl(c->raddr), htons(c->lport),
				  htons(c->rport));

	seg_sleep((u64)(u32)(isn - now) * 64);
	now = tcp_v4_init_seq(seg_net, htonl(SEG_HOST), htonl(c->raddr), htons(c->lport),
			      htons(c->rport));
	EXPECT_EQ(now, isn);
}

/**
 * seg_socket - a TCP socket
 *
 * Return: non-blocking descriptor, or -errno.
 */
int seg_socket(void)
{
	return __sys_socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
}

static struct sockaddr_in address(u32 addr, u16 port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(port) };

	sin.sin_addr.s_addr = htonl(addr);
	return sin;
}

/**
 * seg_bind - bind to a port of the host
 * @fd: socket
 * @port: host order
 *
 * Return: 0 or -errno.
 */
int seg_bind(int fd, u16 port)
{
	struct sockaddr_in sin = address(SEG_HOST, port);

	return __sys_bind(fd, (struct sockaddr *)&sin, sizeof(sin));
}

/**
 * seg_listen - a listening socket
 * @port: host order
 * @backlog: for listen()
 *
 * Return: descriptor.
 */
int seg_listen(u16 port, int backlog)
{
	struct sockaddr_in sin = address(0, port);
	int fd = seg_socket();

	EXPECT_GE(fd, 0);
	EXPECT_EQ(seg_setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, 1), 0);
	EXPECT_EQ(__sys_bind(fd, (struct sockaddr *)&sin, sizeof(sin)), 0);
	EXPECT_EQ(__sys_listen(fd, backlog), 0);
	return fd;
}

/**
 * seg_connect_start - connect() without waiting
 * @c: whom to; its fd is made unless it has one; its port is learned
 *
 * Return: what connect() says.
 */
int seg_connect_start(struct seg_conn *c)
{
	struct sockaddr_in sin = address(c->raddr, c->rport);
	int len = sizeof(sin), ret;

	if (c->fd < 0)
		c->fd = seg_socket();
	ret = __sys_connect(c->fd, (struct sockaddr *)&sin, sizeof(sin));
	if (!__sys_getsockname(c->fd, (struct sockaddr *)&sin, &len))
		c->lport = ntohs(sin.sin_port);
	host_run();
	return ret;
}

/**
 * seg_close - close() without waiting
 * @c: its socket is gone
 *
 * Return: what close() says.
 */
int seg_close(struct seg_conn *c)
{
	int ret;

	current->flags |= PF_EXITING;
	ret = close_fd((unsigned int)c->fd);
	current->flags &= ~(unsigned int)PF_EXITING;
	c->fd = -1;
	host_run();
	return ret;
}

/**
 * seg_setsockopt - set an option that is an int
 * @fd: socket
 * @level: SOL_*
 * @name: option
 * @val: value
 *
 * Return: 0 or -errno.
 */
int seg_setsockopt(int fd, int level, int name, int val)
{
	int ret = __sys_setsockopt(fd, level, name, &val, sizeof(val));

	host_run();
	return ret;
}

/**
 * seg_getsockopt - read an option that is an int
 * @fd: socket
 * @level: SOL_*
 * @name: option
 *
 * Return: its value or -errno.
 */
int seg_getsockopt(int fd, int level, int name)
{
	int val = 0, len = sizeof(val), ret;

	ret = __sys_getsockopt(fd, level, name, &val, &len);
	return ret ? ret : val;
}

/**
 * seg_error - SO_ERROR, which is cleared by it
 * @fd: socket
 *
 * Return: error number.
 */
int seg_error(int fd)
{
	return seg_getsockopt(fd, SOL_SOCKET, SO_ERROR);
}

/**
 * seg_poll - what poll() finds now
 * @fd: socket
 *
 * Return: POLL* bits.
 */
int seg_poll(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN | POLLOUT | POLLPRI | POLLRDHUP };

	EXPECT_GE(__sys_poll(&p, 1, 0), 0);
	return p.revents;
}

/**
 * seg_sock - the socket behind a descriptor
 * @fd: open
 *
 * Return: it, without a reference; NULL: it is none.
 */
struct sock *seg_sock(int fd)
{
	struct socket *sock;
	struct file *file;
	int err;

	sock = sockfd_lookup_light(fd, &err, &file);
	if (!sock)
		return NULL;
	fput(file);
	return sock->sk;
}

/**
 * seg_info - TCP_INFO
 * @fd: socket
 * @info: filled in
 */
void seg_info(int fd, struct tcp_info *info)
{
	int len = sizeof(*info);

	memset(info, 0, sizeof(*info));
	EXPECT_EQ(__sys_getsockopt(fd, SOL_TCP, TCP_INFO, info, &len), 0);
}

/**
 * seg_state - state of a socket
 * @fd: socket
 *
 * Return: TCP_*.
 */
int seg_state(int fd)
{
	struct tcp_info info;

	seg_info(fd, &info);
	return info.tcpi_state;
}

/**
 * seg_count - endpoints of the host in a state
 * @state: TCP_*
 *
 * Return: how many, descriptors or not.
 */
unsigned int seg_count(int state)
{
	return tcp_count_states(seg_net, state, 0);
}

/**
 * seg_write - send the next bytes of the pattern
 * @c: connection
 * @len: bytes
 * @flags: MSG_*
 *
 * Return: as send().
 */
ssize_t seg_write(struct seg_conn *c, size_t len, int flags)
{
	size_t done = 0;
	ssize_t ret = 0;

	while (done < len) {
		static u8 buf[262144];
		size_t n = min(len - done, sizeof(buf)), i;

		for (i = 0; i < n; i++)
			buf[i] = seg_pattern(c->written + i);
		ret = __sys_sendto(c->fd, buf, n, (unsigned int)flags, NULL, 0);
		host_run();
		if (ret < 0)
			break;
		c->written += (u64)ret;
		done += (size_t)ret;
		if ((size_t)ret < n)
			break;
	}
	return done ? (ssize_t)done : ret;
}

/**
 * seg_recv - recv()
 * @c: connection
 * @buf: for the data
 * @len: bytes
 * @flags: MSG_*
 *
 * Return: as recv().
 */
ssize_t seg_recv(struct seg_conn *c, void *buf, size_t len, int flags)
{
	ssize_t ret = __sys_recvfrom(c->fd, buf, len, (unsigned int)flags, NULL, NULL);

	host_run();
	return ret;
}

/**
 * seg_read - read, and compare with the pattern
 * @c: connection
 * @len: bytes at most
 *
 * Return: as recv(): one call's worth for each 64 KiB.
 */
ssize_t seg_read(struct seg_conn *c, size_t len)
{
	static u8 buf[65536];
	size_t done = 0;
	ssize_t ret = 0, i;

	do {
		ret = seg_recv(c, buf, min(len - done, sizeof(buf)), 0);
		for (i = 0; i < ret; i++) {
			if (buf[i] != seg_pattern(c->read + (u64)i)) {
				test_fail(__FILE__, __LINE__, "byte %lu read is not what was sent",
					  c->read + (u64)i);
				break;
			}
		}
		if (ret > 0) {
			c->read += (u64)ret;
			done += (size_t)ret;
		}
	} while (ret > 0 && done < len);
	return done ? (ssize_t)done : ret;
}

/* ---- time ----------------------------------------------------------------------------------- */

/**
 * seg_sleep - let time pass
 * @ns: span
 */
void seg_sleep(u64 ns)
{
	host_sleep(ns);
	host_run();
}

static void describe(const struct seg_conn *c, const struct seg_frame *f, char *buf,
		     size_t size)
{
	static const struct seg_conn absolute;
	const struct iphdr *iph = (const struct iphdr *)(f->data + ETH_OFF);

	if (iph->protocol == IPPROTO_TCP)
		seg_format(c ? c : &absolute, (const struct tcphdr *)(iph + 1),
			   f->len - ETH_OFF - IP_LEN, buf, size);
	else
		scnprintf(buf, size, "IP protocol %u, %u bytes", iph->protocol, f->len - ETH_OFF);
}

/**
 * __seg_none - nothing was sent
 * @file: caller's
 * @line: caller's
 */
void __seg_none(const char *file, int line)
{
	const struct seg_frame *f;
	char text[200];

	while ((f = next_frame()) != NULL) {
		describe(NULL, f, text, sizeof(text));
		test_fail(file, line, "sent, and nothing was expected: %s", text);
		pop_frame();
	}
}

/**
 * __seg_quiet - nothing is sent for a time
 * @file: caller's
 * @line: caller's
 * @ns: span
 */
void __seg_quiet(const char *file, int line, u64 ns)
{
	__seg_none(file, line);
	seg_sleep(ns);
	__seg_none(file, line);
}

/**
 * seg_flush - forget what was sent
 *
 * Return: packets forgotten.
 */
unsigned int seg_flush(void)
{
	unsigned int n;

	host_run();
	n = frames_count;
	frames_count = 0;
	return n;
}

/* ---- segments ------------------------------------------------------------------------- */

static size_t build(struct seg_conn *c, u8 *frame, const char *text)
{
	struct iphdr *iph = seg_frame_ip(frame);
	struct tcphdr *th = seg_frame_tcp(frame);
	struct seg_spec s;
	unsigned int hlen, i;
	u8 *payload;

	if (!seg_parse(c, true, text, &s))
		panic("segtest: \"%s\" is no segment", text);
	hlen = (unsigned int)sizeof(*th) + s.opts_len;
	if (hlen > 60 || s.len > SEG_MTU - IP_LEN - hlen)
		panic("segtest: \"%s\" is too long", text);
	memset(frame, 0, SEG_FRAME_MAX);
	memcpy(frame, host_mac, 6);
	memcpy(frame + 6, peer_mac, 6);
	frame[12] = 8;
	iph->version = 4;
	iph->ihl = 5;
	iph->tos = s.ecn;
	iph->tot_len = htons((u16)(IP_LEN + hlen + s.len));
	iph->id = htons(next_ip_id++);
	iph->frag_off = htons(IP_DF);
	iph->ttl = 64;
	iph->protocol = IPPROTO_TCP;
	iph->saddr = htonl(c->raddr);
	iph->daddr = htonl(SEG_HOST);
	iph->check = ip_fast_csum(iph, 5);
	th->source = htons(c->rport);
	th->dest = htons(c->lport);
	th->seq = htonl(s.seq);
	th->ack_seq = htonl(s.ack);
	th->doff = (hlen / 4) & 0xf;
	((u8 *)th)[13] = s.flags;
	th->window = htons(s.has_win ? s.win : c->win);
	th->urg_ptr = htons(s.urg);
	memcpy(th + 1, s.opts, s.opts_len);
	payload = (u8 *)th + hlen;
	/* Byte 0 of the stream has the number after the SYN's. */
	for (i = 0; i < s.len; i++)
		payload[i] = seg_pattern(s.seq + th->syn - c->risn - 1 + i);
	seg_fix_checksum(frame, ETH_OFF + IP_LEN + hlen + s.len);
	return ETH_OFF + IP_LEN + hlen + s.len;
}

/**
 * seg_fix_checksum - the checksum of a frame that was changed
 * @frame: IPv4 without options, TCP
 * @len: its bytes
 */
void seg_fix_checksum(u8 *frame, size_t len)
{
	struct tcphdr *th = seg_frame_tcp(frame);

	th->check = 0;
	th->check = tcp_checksum(seg_frame_ip(frame), th, (unsigned int)len - ETH_OFF - IP_LEN);
}

/**
 * seg_build - a segment from the peer, as a frame
 * @c: connection
 * @frame: SEG_FRAME_MAX bytes
 * @fmt: the segment
 *
 * Return: bytes.
 */
size_t seg_build(struct seg_conn *c, u8 *frame, const char *fmt, ...)
{
	char text[256];
	va_list args;

	va_start(args, fmt);
	vscnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	return build(c, frame, text);
}

/**
 * seg_in - a segment arrives from the peer
 * @c: connection
 * @fmt: the segment
 */
void seg_in(struct seg_conn *c, const char *fmt, ...)
{
	u8 frame[SEG_FRAME_MAX];
	char text[256];
	va_list args;

	va_start(args, fmt);
	vscnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	seg_inject(frame, build(c, frame, text));
}

/* The first SYN and the first timestamp tell what numbers are relative to. */
static void learn(struct seg_conn *c, const struct tcphdr *th)
{
	const u8 *opt = (const u8 *)(th + 1), *end = (const u8 *)th + th->doff * 4U;

	if (th->syn && !c->lisn_known) {
		c->lisn = ntohl(th->seq);
		c->lisn_known = true;
	}
	while (!c->ts_known && opt < end) {
		unsigned int len = *opt <= TCPOPT_NOP ? 1 : end - opt > 1 ? opt[1] : 0;

		if (!len || *opt == TCPOPT_EOL || len > (size_t)(end - opt))
			return;
		if (*opt == TCPOPT_TIMESTAMP && len == TCPOLEN_TIMESTAMP) {
			__be32 val;

			memcpy(&val, opt + 2, 4);
			c->ts_base = ntohl(val);
			c->ts_known = true;
		}
		opt += len;
	}
}

/**
 * seg_take - the next segment that was sent, whatever it is
 * @c: connection: what numbers are relative to
 * @sent: filled in
 *
 * Return: false when nothing was sent.
 */
bool seg_take(struct seg_conn *c, struct seg_sent *sent)
{
	const struct seg_frame *f = next_frame();
	const struct tcphdr *th;

	if (!f)
		return false;
	th = (const struct tcphdr *)(f->data + ETH_OFF + IP_LEN);
	learn(c, th);
	sent->tos = f->data[ETH_OFF + 1];
	sent->ttl = f->data[ETH_OFF + 8];
	sent->id = (u16)(f->data[ETH_OFF + 4] << 8 | f->data[ETH_OFF + 5]);
	sent->flags = ((const u8 *)th)[13];
	sent->seq = ntohl(th->seq) - c->lisn;
	sent->ack = th->ack ? ntohl(th->ack_seq) - c->risn : 0;
	sent->len = f->len - ETH_OFF - IP_LEN - th->doff * 4U;
	sent->edge = sent->ack + ntohs(th->window);
	pop_frame();
	return true;
}

static const char *wrong_payload(const struct seg_conn *c, const struct tcphdr *th,
				 unsigned int len)
{
	const u8 *payload = (const u8 *)th + th->doff * 4U;
	/* A probe's byte stands before what it says. */
	u64 off = (u32)(ntohl(th->seq) + th->syn - c->lisn - 1);
	unsigned int i;

	for (i = 0; i < len - th->doff * 4U; i++)
		if (payload[i] != seg_pattern(off + i))
			return "payload";
	return NULL;
}

static const char *compare(struct seg_conn *c, const struct seg_frame *f, const char *text)
{
	const struct iphdr *iph = (const struct iphdr *)(f->data + ETH_OFF);
	const struct tcphdr *th = (const struct tcphdr *)(iph + 1);
	unsigned int len = f->len - ETH_OFF - IP_LEN;
	struct seg_spec spec;
	const char *differs;

	if (iph->protocol != IPPROTO_TCP)
		return "protocol";
	if (ntohl(iph->daddr) != c->raddr || ntohl(iph->saddr) != SEG_HOST)
		return "addresses";
	if (ntohs(th->source) != c->lport || ntohs(th->dest) != c->rport)
		return "ports";
	learn(c, th);
	if (!seg_parse(c, false, text, &spec))
		panic("segtest: \"%s\" is no segment", text);
	differs = seg_differs(&spec, iph, th, len);
	return differs ? differs : wrong_payload(c, th, len);
}

static void expect(const char *file, int line, struct seg_conn *c, const char *text)
{
	const struct seg_frame *f = next_frame();
	const char *differs;
	char sent[200];

	if (!f) {
		test_fail(file, line, "expected \"%s\", nothing was sent", text);
		return;
	}
	differs = compare(c, f, text);
	if (differs) {
		describe(c, f, sent, sizeof(sent));
		test_fail(file, line, "expected \"%s\", sent was \"%s\" (%s)", text, sent, differs);
	}
	pop_frame();
}

/**
 * __seg_out - the next segment that was sent
 * @file: caller's
 * @line: caller's
 * @c: connection
 * @fmt: the segment
 */
void __seg_out(const char *file, int line, struct seg_conn *c, const char *fmt, ...)
{
	char text[256];
	va_list args;

	va_start(args, fmt);
	vscnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	expect(file, line, c, text);
}

/**
 * __seg_out_at - a segment that is sent later
 * @file: caller's
 * @line: caller's
 * @c: connection
 * @lo: not before so many nanoseconds
 * @hi: not after
 * @fmt: the segment
 */
void __seg_out_at(const char *file, int line, struct seg_conn *c, u64 lo, u64 hi,
		  const char *fmt, ...)
{
	u64 start = host_clock_ns, end = start + hi;
	char text[256];
	va_list args;

	va_start(args, fmt);
	vscnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	if (lo)
		__seg_none(file, line);
	while (!next_frame() && host_clock_ns < end)
		host_advance(min(end, host_clock_armed()));
	if (next_frame() && next_frame()->when < start + lo)
		test_fail(file, line, "\"%s\" was sent %lu us too early, after %lu us", text,
			  (start + lo - next_frame()->when) / 1000,
			  (next_frame()->when - start) / 1000);
	if (!next_frame())
		test_fail(file, line, "nothing was sent in %lu us", hi / 1000);
	expect(file, line, c, text);
}

/**
 * seg_icmp_cut - an ICMP error arrives that quotes less than it should
 * @c: the connection it is about
 * @type: ICMP_*
 * @code: of @type
 * @info: the second word of its header
 * @seq: sequence number it quotes, relative
 * @quoted: bytes of the segment, up to 8
 */
void seg_icmp_cut(struct seg_conn *c, u8 type, u8 code, u32 info, u32 seq, size_t quoted)
{
	u8 frame[ETH_OFF + IP_LEN + 8 + IP_LEN + 8] = { 0 };
	const size_t len = sizeof(frame) - 8 + min(quoted, (size_t)8);
	struct iphdr *iph = seg_frame_ip(frame);
	struct icmphdr *icmph = (struct icmphdr *)(iph + 1);
	struct iphdr *inner = (struct iphdr *)(icmph + 1);
	__be16 *ports = (__be16 *)(inner + 1);
	__be32 word = htonl(info), number = htonl(seq + c->lisn);

	memcpy(frame, host_mac, 6);
	memcpy(frame + 6, peer_mac, 6);
	frame[12] = 8;
	iph->version = 4;
	iph->ihl = 5;
	iph->tot_len = htons((u16)(len - ETH_OFF));
	iph->ttl = 64;
	iph->protocol = IPPROTO_ICMP;
	iph->saddr = htonl(SEG_ROUTER);
	iph->daddr = htonl(SEG_HOST);
	iph->check = ip_fast_csum(iph, 5);
	icmph->type = type;
	icmph->code = code;
	memcpy((u8 *)icmph + 4, &word, 4);
	inner->version = 4;
	inner->ihl = 5;
	inner->tot_len = htons(1040);
	inner->frag_off = htons(IP_DF);
	inner->ttl = 63;
	inner->protocol = IPPROTO_TCP;
	inner->saddr = htonl(SEG_HOST);
	inner->daddr = htonl(c->raddr);
	inner->check = ip_fast_csum(inner, 5);
	ports[0] = htons(c->lport);
	ports[1] = htons(c->rport);
	memcpy(ports + 2, &number, 4);
	icmph->checksum = ip_compute_csum(icmph, (int)len - ETH_OFF - IP_LEN);
	seg_inject(frame, len);
}

/**
 * seg_icmp - an ICMP error arrives
 * @c: connection of the segment it is about
 * @type: ICMP_*
 * @code: of that type
 * @info: the second word of the header (RFC 1191: the MTU), host order
 * @seq: relative sequence number of that segment
 */
void seg_icmp(struct seg_conn *c, u8 type, u8 code, u32 info, u32 seq)
{
	seg_icmp_cut(c, type, code, info, seq, 8);
}

/* ---- handshakes ----------------------------------------------------------------------- */

static void handshake(struct seg_conn *c, const char *opts, u16 win, u64 rtt)
{
	char sel[64] = "";

	c->win = win;
	seg_in(c, "S 0:0(0) win %u <%s>", win, opts);
	seg_out(c, "S. 0:0(0) ack 1 <*>");
	if (rtt)
		seg_sleep(rtt);
	if (strstr(opts, "TS"))
		scnprintf(sel, sizeof(sel), "<nop,nop,TS val 101 ecr 0>");
	seg_in(c, ". 1:1(0) ack 1 %s", sel);
}

/**
 * seg_handshake - the peer connects
 * @c: connection; somebody listens at its port
 * @opts: of the peer's SYN
 * @win: its window field, here and later
 */
void seg_handshake(struct seg_conn *c, const char *opts, u16 win)
{
	handshake(c, opts, win, 0);
}

/**
 * seg_accept - accept()
 * @listener: its socket
 * @c: gets the new socket, if there is one
 *
 * Return: descriptor or -errno.
 */
int seg_accept(int listener, struct seg_conn *c)
{
	int fd = __sys_accept4(listener, NULL, NULL, SOCK_NONBLOCK);

	host_run();
	if (fd >= 0)
		c->fd = fd;
	return fd;
}

/**
 * seg_passive_rtt - an established connection that the peer opened, from afar
 * @c: filled in
 * @opts: of the peer's SYN; timestamps: "TS val 100 ecr 0"
 * @win: its window field
 * @rtt: between the SYN-ACK and the third ACK, nanoseconds
 */
void seg_passive_rtt(struct seg_conn *c, const char *opts, u16 win, u64 rtt)
{
	int listener = seg_listen(SEG_PORT, 5);

	seg_conn_init(c);
	handshake(c, opts, win, rtt);
	EXPECT_GE(seg_accept(listener, c), 0);
	EXPECT_EQ(close_fd((unsigned int)listener), 0);
	seg_none();
}

/**
 * seg_passive - an established connection that the peer opened
 * @c: filled in
 * @opts: of the peer's SYN; timestamps: "TS val 100 ecr 0"
 * @win: its window field
 */
void seg_passive(struct seg_conn *c, const char *opts, u16 win)
{
	seg_passive_rtt(c, opts, win, 0);
}

/**
 * seg_active - an established connection that the host opened
 * @c: filled in
 * @opts: of the peer's SYN-ACK; timestamps: "TS val 100 ecr 0"
 * @win: its window field
 */
void seg_active(struct seg_conn *c, const char *opts, u16 win)
{
	seg_conn_init(c);
	c->win = win;
	EXPECT_EQ(seg_connect_start(c), -EINPROGRESS);
	seg_out(c, "S 0:0(0) <*>");
	seg_in(c, "S. 0:0(0) ack 1 win %u <%s>", win, opts);
	seg_out(c, ". 1:1(0) ack 1 <*>");
	EXPECT_EQ(seg_error(c->fd), 0);
	EXPECT_EQ(seg_state(c->fd), TCP_ESTABLISHED);
	seg_none();
}
