// SPDX-License-Identifier: MIT
/*
 * The host under test and its wire: coming, going, frames in and out. peer.h
 * says what for.
 */
#include "peer.h"

#include <linux/inetdevice.h>
#include <linux/slab.h>
#include <net/checksum.h>
#include <net/inet_hashtables.h>
#include <uapi/linux/if_arp.h>
#include <uapi/linux/ip.h>

#include "../host/invariants.h"
#include "card.h"

#define ETH_OFF	14
#define IP_LEN	20
#define END_NS	(3600 * NSEC_PER_SEC)

struct peer peer;

static const u8 host_mac[6] = { 0x52, 0x54, 0, 0, 0, 1 };
static const u8 peer_mac[6] = { 0x52, 0x54, 0, 0, 0, 2 };

/* ---- what the host sends ------------------------------------------------------ */

static void answer_arp(const u8 *frame, size_t len)
{
	u8 reply[42];
	u32 asker, asked;

	if (len < sizeof(reply) || frame[21] != ARPOP_REQUEST || peer.deaf)
		return;
	memcpy(&asker, frame + 28, 4);
	memcpy(&asked, frame + 38, 4);
	if (asked == asker || asked == (__force u32)htonl(PEER_NOBODY))
		return;
	memcpy(reply, frame, sizeof(reply));
	memcpy(reply, host_mac, 6);
	memcpy(reply + 6, peer_mac, 6);
	reply[21] = ARPOP_REPLY;
	memcpy(reply + 22, peer_mac, 6);
	memcpy(reply + 28, &asked, 4);
	memcpy(reply + 32, host_mac, 6);
	memcpy(reply + 38, &asker, 4);
	card_answer(peer.dev, reply, sizeof(reply));
}

static struct peer_conn *conn_of(const struct tcphdr *th)
{
	unsigned int i;

	for (i = 0; i < PEER_CONNS; i++)
		if (ntohs(th->dest) == peer.conn[i].rport &&
		    (ntohs(th->source) == peer.conn[i].lport || !peer.conn[i].lport))
			return &peer.conn[i];
	return NULL;
}

static void learn_timestamp(struct peer_conn *c, const struct tcphdr *th)
{
	const u8 *opt = (const u8 *)(th + 1), *end = (const u8 *)th + th->doff * 4U;

	while (opt < end && *opt != TCPOPT_EOL) {
		if (*opt == TCPOPT_NOP) {
			opt++;
			continue;
		}
		EXPECT_TRUE(end - opt >= 2 && opt[1] >= 2 && opt[1] <= end - opt);
		if (*opt == TCPOPT_TIMESTAMP) {
			c->lts = (u32)opt[2] << 24 | opt[3] << 16 | opt[4] << 8 | opt[5];
			c->ts = true;
		}
		opt += opt[1];
	}
}

/* A segment left: what does it tell, and is its data right? */
static void learn_segment(const u8 *frame, size_t len)
{
	const struct tcphdr *th = (const struct tcphdr *)(frame + ETH_OFF + IP_LEN);
	struct peer_conn *c = conn_of(th);
	const u8 *data = (const u8 *)th + th->doff * 4U;
	u32 seq = ntohl(th->seq), bytes = (u32)(frame + len - data), i;

	if (!c)
		return;
	if (!th->rst) {
		u32 end = seq + bytes + th->syn + th->fin;

		learn_timestamp(c, th);
		if (th->syn || after(end, c->lnxt))
			c->lnxt = end;
		if (th->syn)
			c->luna = seq;
		if (th->ack)
			c->racked = ntohl(th->ack_seq);
	}
	for (i = 0; i < bytes && !peer.wild; i++)
		if (data[i] != fuzz_pattern(seq + th->syn + i))
			test_fail(__FILE__, __LINE__, "byte %u of a segment is damaged", i);
}

static void frame_out(void *ctx, const void *data, size_t len)
{
	struct peer_frame *f = &peer.sent[peer.nr_sent % PEER_SENT];
	const u8 *frame = data;

	invariants_frame(data, len);
	if (frame[12] == 8 && frame[13] == 6) {
		answer_arp(frame, len);
		return;
	}
	BUG_ON(len > sizeof(f->data));
	memcpy(f->data, data, len);
	f->len = (unsigned int)len;
	peer.nr_sent++;
	if (frame[ETH_OFF + 9] == IPPROTO_TCP)
		learn_segment(f->data, len);
}

/* ---- what arrives --------------------------------------------------------------- */

/**
 * peer_settle - do what can be done now, and look at everything
 */
void peer_settle(void)
{
	host_run();
	invariants_check(peer.net);
}

/**
 * peer_sleep - let time pass
 * @ns: span
 */
void peer_sleep(u64 ns)
{
	card_poll_ends(peer.dev);
	host_sleep(ns);
	peer_settle();
}

/**
 * peer_frame - a frame arrives
 * @frame: Ethernet header first
 * @len: its bytes
 */
void peer_frame(const void *frame, size_t len)
{
	card_input(peer.dev, frame, len);
	if (!peer.merges)
		card_poll_ends(peer.dev);
	peer_settle();
}

/**
 * peer_ip - an IP packet arrives
 * @protocol: IPPROTO_*
 * @saddr: from, host order
 * @payload: behind the header
 * @len: its bytes; what does not fit is cut
 * @opts: IP options
 * @optlen: their bytes, at most 40, a multiple of 4
 */
void peer_ip(u8 protocol, u32 saddr, const void *payload, unsigned int len, const u8 *opts,
	     unsigned int optlen)
{
	u8 frame[ETH_OFF + PEER_MTU] = { 0 };
	struct iphdr *iph = (struct iphdr *)(frame + ETH_OFF);

	len = min(len, (unsigned int)(PEER_MTU - IP_LEN - optlen));
	memcpy(frame, host_mac, 6);
	memcpy(frame + 6, peer_mac, 6);
	frame[12] = 8;
	iph->version = 4;
	iph->ihl = (5 + optlen / 4) & 15;
	iph->tot_len = htons((u16)(IP_LEN + optlen + len));
	iph->id = htons(peer.ip_id++);
	iph->frag_off = htons(IP_DF);
	iph->ttl = 64;
	iph->protocol = protocol;
	iph->saddr = htonl(saddr);
	iph->daddr = htonl(PEER_HOST);
	if (optlen)
		memcpy(iph + 1, opts, optlen);
	iph->check = ip_fast_csum(iph, iph->ihl);
	memcpy((u8 *)iph + IP_LEN + optlen, payload, len);
	peer_frame(frame, ETH_OFF + IP_LEN + optlen + len);
}

/* ---- segments --------------------------------------------------------------------- */

/**
 * peer_option - append an option, and pad
 * @s: segment
 * @opt: the option; what does not fit is left out
 * @len: its bytes
 */
void peer_option(struct peer_segment *s, const void *opt, unsigned int len)
{
	if (len > sizeof(s->opts) - s->opts_len)
		return;
	memcpy(s->opts + s->opts_len, opt, len);
	s->opts_len += len;
	while (s->opts_len % 4)
		s->opts[s->opts_len++] = TCPOPT_NOP;
}

static void add_timestamp(struct peer_segment *s, u32 val, u32 ecr)
{
	u8 opt[12] = { TCPOPT_NOP, TCPOPT_NOP, TCPOPT_TIMESTAMP, TCPOLEN_TIMESTAMP };
	__be32 v = htonl(val), e = htonl(ecr);

	memcpy(opt + 4, &v, 4);
	memcpy(opt + 8, &e, 4);
	peer_option(s, opt, sizeof(opt));
}

static u32 peer_clock(void)
{
	return (u32)(host_clock_ns / NSEC_PER_MSEC) + 100;
}

/**
 * peer_good - what a peer in order would send next
 * @c: connection
 * @s: filled in
 * @flags: TCPHDR_*
 * @len: bytes of data
 */
void peer_good(const struct peer_conn *c, struct peer_segment *s, u8 flags, unsigned int len)
{
	memset(s, 0, sizeof(*s));
	s->seq = c->rnxt;
	s->ack = flags & TCPHDR_ACK ? c->lnxt : 0;
	s->flags = flags;
	s->win = 32768;
	s->len = len;
	if (c->ts)
		add_timestamp(s, peer_clock(), c->lts);
}

/**
 * peer_send - a segment arrives
 * @c: connection
 * @s: the segment
 */
void peer_send(struct peer_conn *c, const struct peer_segment *s)
{
	u8 packet[PEER_MTU] = { 0 };
	struct tcphdr *th = (struct tcphdr *)packet;
	unsigned int hlen = (unsigned int)sizeof(*th) + s->opts_len, total;
	unsigned int len = min(s->len, PEER_MTU - IP_LEN - s->ip_opts_len - hlen);
	u32 end = s->seq + len + !!(s->flags & TCPHDR_SYN) + !!(s->flags & TCPHDR_FIN);

	th->source = htons(c->rport);
	th->dest = htons(c->lport);
	th->seq = htonl(s->seq);
	th->ack_seq = htonl(s->ack);
	th->doff = (hlen / 4) & 15;
	packet[13] = s->flags;
	th->window = htons(s->win);
	th->urg_ptr = htons(s->urg);
	memcpy(th + 1, s->opts, s->opts_len);
	fuzz_fill(packet + hlen, s->seq + th->syn, len);
	total = hlen + len;
	th->check = csum_tcpudp_magic(htonl(PEER_ADDR), htonl(PEER_HOST), total, IPPROTO_TCP,
				      csum_partial(packet, (int)total, (__force __wsum)0));
	c->urg |= th->urg;
	if (after(end, c->rnxt) && end - c->rnxt < 65536)
		c->rnxt = end;
	if (th->ack && after(s->ack, c->luna) && !after(s->ack, c->lnxt))
		c->luna = s->ack;
	peer_ip(IPPROTO_TCP, PEER_ADDR, packet, total, s->ip_opts, s->ip_opts_len);
}

static u32 choose_number(struct fuzz_input *in, unsigned int kind, u32 right, u32 old)
{
	switch (kind & 3) {
	case 0:
		return right;
	case 1:
		return old + (u32)(s8)fuzz_u8(in);
	case 2:
		return right + (u32)(s32)(s16)fuzz_u16(in);
	default:
		return right + fuzz_u32(in);
	}
}

/* One to three blocks of what the host has sent, or what it has not. */
static void choose_sack(const struct peer_conn *c, struct peer_segment *s, struct fuzz_input *in)
{
	u8 opt[2 + 3 * 8 + 2] = { TCPOPT_NOP, TCPOPT_NOP, TCPOPT_SACK }, n = fuzz_u8(in);
	unsigned int blocks = n % 3 + 1, i;
	u32 at = c->luna;

	opt[3] = (u8)(2 + blocks * 8);
	for (i = 0; i < blocks; i++) {
		u32 start = at + (u32)(s8)fuzz_u8(in) * (n & 0x40 ? 1 : 100);
		u32 end = start + fuzz_len(in, 20000);
		__be32 be[2] = { htonl(start), htonl(end) };

		memcpy(opt + 4 + i * 8, be, 8);
		at = n & 0x80 ? end : at;
	}
	peer_option(s, opt, 4 + blocks * 8);
}

/**
 * peer_fuzzed - a segment near the right one
 * @c: connection
 * @in: the input chooses
 */
void peer_fuzzed(struct peer_conn *c, struct fuzz_input *in)
{
	u8 flags = fuzz_u8(in), how = fuzz_u8(in), more = fuzz_u8(in), raw[40];
	bool ts = c->ts;
	struct peer_segment s;

	/* Bit 0: the timestamp as it should be, one of the input's, or none. */
	c->ts = ts && !(more & 1);
	peer_good(c, &s, flags, 0);
	c->ts = ts;
	s.seq = choose_number(in, how, c->rnxt, c->racked);
	s.ack = choose_number(in, how >> 2, c->lnxt, c->luna);
	s.len = how & 0x10 ? fuzz_len(in, PEER_MTU) : 0;
	if (how & 0x20)
		s.win = fuzz_u16(in);
	if (flags & TCPHDR_URG)
		s.urg = fuzz_u16(in);
	if (more & 2)
		add_timestamp(&s, peer_clock() + (u32)(s8)fuzz_u8(in),
			      c->lts + (u32)(s8)fuzz_u8(in));
	if (how & 0x40)
		choose_sack(c, &s, in);
	if (how & 0x80)
		peer_option(&s, raw, (unsigned int)fuzz_bytes(in, raw, fuzz_u8(in) % 41));
	if (more & 4) {
		s.ip_opts_len = fuzz_u8(in) % 11 * 4;
		fuzz_bytes(in, s.ip_opts, s.ip_opts_len);
	}
	peer_send(c, &s);
}

/* ---- begin and end ------------------------------------------------------------------ */

/**
 * peer_begin - a fresh host
 */
void peer_begin(void)
{
	struct card_config cfg = { .mtu = PEER_MTU, .features = NETIF_F_GRO,
				   .output = frame_out };
	unsigned int i;

	memset(&peer, 0, sizeof(peer));
	memcpy(cfg.mac, host_mac, 6);
	for (i = 0; i < PEER_CONNS; i++) {
		peer.conn[i].rport = (u16)(40000 + i);
		peer.conn[i].lport = PEER_PORT;
		peer.conn[i].rnxt = i & 1 ? 0xfffffe00U : 1000;
	}
	peer.saved_net = current->net;
	peer.saved_files = current->files;
	peer.net = net_create();
	BUG_ON(!peer.net);
	current->net = peer.net;
	current->files = files_create();
	BUG_ON(!current->files);
	BUG_ON(dev_open(peer.net->loopback_dev));
	peer.dev = card_create(peer.net, &cfg);
	BUG_ON(ip_config_set(peer.net, peer.dev, htonl(PEER_HOST), 24, htonl(PEER_ROUTER)));
	host_run();
	/* Who the peer is need not be asked. */
	peer_frame((const u8[42]){
		0x52, 0x54, 0, 0, 0, 1, 0x52, 0x54, 0, 0, 0, 2, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1,
		0x52, 0x54, 0, 0, 0, 2, 10, 0, 0, 2, 0, 0, 0, 0, 0, 0, 10, 0, 0, 1 }, 42);
}

static void close_all(void)
{
	slab_fail_after(0, 0);
	card_poll_ends(peer.dev);
	files_destroy(current->files);
	current->files = peer.saved_files;
	peer_settle();
	invariants_conserved(peer.net);
}

static void host_goes(void)
{
	card_mute(peer.dev);
	current->net = peer.saved_net;
	net_destroy(peer.net);
	host_run();
}

/**
 * peer_end_now - the host goes, whatever was under way
 */
void peer_end_now(void)
{
	close_all();
	host_goes();
}

/**
 * peer_end - all programs end, an hour passes, the host goes
 *
 * RFC 9293 3.8.3: what nobody acknowledges is given up; TIME-WAIT ends.
 */
void peer_end(void)
{
	int state;

	close_all();
	peer.deaf = true;
	peer_sleep(END_NS);
	for (state = TCP_ESTABLISHED; state <= TCP_CLOSING; state++)
		EXPECT_EQ(tcp_count_states(peer.net, state, 0), 0);
	EXPECT_EQ(peer.net->ipv4.tcp_orphan_count, 0);
	EXPECT_EQ(peer.net->ipv4.tcp_sockets_allocated, 0);
	invariants_conserved(peer.net);
	host_goes();
}
