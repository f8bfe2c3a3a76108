// SPDX-License-Identifier: MIT
/*
 * The other end of the wire, at a virtio-net card on PCI with a message for each
 * queue, as QEMU has it. Its offloads are those of a tap without vnet headers:
 * what the stack sends may be left to be cut and summed, what it gets is not.
 */
#include "peer.h"

#include <linux/byteorder.h>
#include <linux/etherdevice.h>
#include <linux/inetdevice.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/string.h>
#include <net/arp.h>
#include <net/checksum.h>
#include <net/ip.h>
#include <net/net_namespace.h>
#include <net/tcp.h>
#include <net/udp.h>

#include "../../drivers/net/virtnet.h"
#include "../host/fake_virtio.h"
#include "../unit/test.h"
#include "body.h"

#define IP4(a, b, c, d)	htonl((u32)(a) << 24 | (b) << 16 | (c) << 8 | (d))
#define US		IP4(10, 0, 2, 15)
#define PEER		IP4(10, 0, 2, 2)
#define WINDOW		60000		/* in units of 128 bytes */
#define WSCALE		7
#define FRAME_MIN	60
#define OPTIONS_SYN	20
#define OPTIONS		12

struct peer peer;
static struct peer last;		/* the connection that the stack closed */

static const u8 peer_mac[ETH_ALEN] = { 0x02, 0, 0, 0, 0, 2 };
static struct fake_virtio card;
static struct net_device *dev;
static u16 ip_id;

static struct {
	u64 (*read)(void *opaque, u64 off, unsigned int size);
	void (*write)(void *opaque, u64 off, unsigned int size, u64 value);
} registers;

/* ---- what the stack sends --------------------------------------------------------- */

static u32 tcp_timestamp(const struct tcphdr *th)
{
	const u8 *at = (const u8 *)(th + 1), *end = (const u8 *)th + th->doff * 4U;

	while (at + 10 <= end) {
		if (at[0] == TCPOPT_TIMESTAMP)
			return get_unaligned_be32(at + 2);
		at += at[0] <= 1 ? 1 : at[1] < 2 ? 2 : at[1];
	}
	return 0;
}

static void hear_tcp(const struct iphdr *iph, const struct tcphdr *th)
{
	u32 len = ntohs(iph->tot_len) - 20U - th->doff * 4U, seq = ntohl(th->seq);

	if (ntohs(th->source) != peer.their_port || ntohs(th->dest) != peer.port) {
		/* A connection that the stack opens. */
		if (!th->syn || th->ack)
			return;
		last = peer;
		peer_ports(ntohs(th->dest), ntohs(th->source));
	}
	if (th->syn)
		peer.rcv_nxt = seq;
	EXPECT_EQ(seq, peer.rcv_nxt);
	EXPECT_FALSE(th->rst);
	peer.rcv_nxt += len + th->syn + th->fin;
	peer.ts_recent = tcp_timestamp(th);
	peer.syn |= th->syn;
	peer.fin |= th->fin;
	peer.bytes += len;
	if (len) {
		EXPECT_LT(peer.acks, (unsigned int)PEER_ACKS);
		peer.ack[peer.acks++] = peer.rcv_nxt;
		peer.data = true;
	}
	if (!th->ack)
		return;
	peer.snd_una = ntohl(th->ack_seq);
	peer.window = (u32)ntohs(th->window) << (th->syn ? 0 : peer.wscale);
}

static void hear(void *ctx, const u8 *frame, unsigned int len)
{
	const struct iphdr *iph = (const void *)(frame + ETH_HLEN);

	EXPECT_GE(len, ETH_HLEN + 28U);
	if (get_unaligned_be16(frame + 12) != ETH_P_IP)
		return;
	if (iph->protocol == IPPROTO_TCP)
		hear_tcp(iph, (const void *)(iph + 1));
	else if (iph->protocol == IPPROTO_UDP)
		peer.datagrams++;
}

/* ---- what it gets ------------------------------------------------------------------- */

static u8 frame[ETH_HLEN + 20 + 60 + PEER_MSS];

static struct iphdr *ip_begin(u8 protocol, unsigned int len)
{
	struct iphdr *iph = (void *)(frame + ETH_HLEN);

	memcpy(frame, dev->dev_addr, ETH_ALEN);
	memcpy(frame + ETH_ALEN, peer_mac, ETH_ALEN);
	put_unaligned_be16(ETH_P_IP, frame + 12);
	*iph = (struct iphdr){ .version = 4, .ihl = 5, .ttl = 64, .protocol = protocol,
			       .tot_len = htons((u16)(sizeof(*iph) + len)),
			       .id = htons(++ip_id), .frag_off = htons(IP_DF),
			       .saddr = PEER, .daddr = US };
	iph->check = ip_fast_csum(iph, 5);
	return iph;
}

static void wire(unsigned int len)
{
	EXPECT_TRUE(fake_virtio_rx(&card, frame, max(ETH_HLEN + 20 + len, FRAME_MIN + 0U), NULL));
}

/* Those of Linux, with everything on. */
static unsigned int put_options(u8 *to, bool syn)
{
	static const u8 syn_options[] = { 2, 4, 1460 >> 8, 1460 & 255, 4, 2 };
	static const u8 wscale[] = { 1, 3, 3, WSCALE };
	u8 *at = to;

	if (syn) {
		memcpy(at, syn_options, sizeof(syn_options));
		at += sizeof(syn_options);
	} else {
		*at++ = 1;
		*at++ = 1;
	}
	*at++ = 8;
	*at++ = 10;
	put_unaligned_be32((u32)(host_clock_ns / NSEC_PER_MSEC), at);
	put_unaligned_be32(peer.ts_recent, at + 4);
	at += 8;
	if (syn) {
		memcpy(at, wscale, sizeof(wscale));
		at += sizeof(wscale);
	}
	return (unsigned int)(at - to);
}

static void segment(u8 flags, u32 ack, unsigned int len)
{
	const bool syn = flags & TCPHDR_SYN;
	const unsigned int hlen = sizeof(struct tcphdr) + (syn ? OPTIONS_SYN : OPTIONS);
	struct tcphdr *th = (void *)(ip_begin(IPPROTO_TCP, hlen + len) + 1);

	memset(th, 0, sizeof(*th));
	th->source = htons(peer.port);
	th->dest = htons(peer.their_port);
	th->seq = htonl(peer.snd_nxt);
	th->ack_seq = htonl(flags & TCPHDR_ACK ? ack : 0);
	th->doff = hlen / 4;
	((u8 *)th)[13] = flags;
	th->window = htons(WINDOW);
	EXPECT_EQ(put_options((u8 *)(th + 1), syn), hlen - 20);
	memset((u8 *)th + hlen, 'c', len);
	th->check = csum_tcpudp_magic(PEER, US, hlen + len, IPPROTO_TCP,
				      csum_partial(th, (int)(hlen + len), 0));
	peer.snd_nxt += len + syn + !!(flags & TCPHDR_FIN);
	wire(hlen + len);
}

/** peer_says() - see peer.h */
void peer_says(u8 flags, unsigned int len)
{
	peer.acks = 0;
	segment(flags, peer.rcv_nxt, len);
}

/** peer_acks() - see peer.h */
void peer_acks(u32 ack)
{
	segment(TCPHDR_ACK, ack, 0);
}

/** peer_ends_last() - see peer.h */
bool peer_ends_last(void)
{
	const struct peer now = peer;
	const bool fin = last.fin;

	if (!fin)
		return false;
	peer = last;
	peer_says(TCPHDR_ACK | TCPHDR_FIN, 0);
	peer = now;
	last.fin = false;
	return true;
}

/** peer_datagram() - see peer.h */
void peer_datagram(unsigned int len)
{
	struct udphdr *uh = (void *)(ip_begin(IPPROTO_UDP, sizeof(*uh) + len) + 1);

	*uh = (struct udphdr){ .source = htons(peer.port), .dest = htons(peer.their_port),
			       .len = htons((u16)(sizeof(*uh) + len)) };
	memset(uh + 1, 'c', len);
	uh->check = csum_tcpudp_magic(PEER, US, sizeof(*uh) + len, IPPROTO_UDP,
				      csum_partial(uh, (int)(sizeof(*uh) + len), 0));
	wire(sizeof(*uh) + len);
}

/** peer_ports() - see peer.h */
void peer_ports(u16 port, u16 their_port)
{
	const u64 bytes = peer.bytes, datagrams = peer.datagrams;
	const u32 isn = peer.snd_nxt + 64000;

	peer = (struct peer){ .port = port, .their_port = their_port, .snd_una = isn,
			      .snd_nxt = isn, .wscale = WSCALE, .bytes = bytes,
			      .datagrams = datagrams };
}

/* ---- the card ---------------------------------------------------------------------------- */

static u64 card_read(void *opaque, u64 off, unsigned int size)
{
	bool was = body_world_enter();
	u64 value = registers.read(opaque, off, size);

	body_dear.register_accesses++;
	body_world_leave(was);
	return value;
}

static void card_write(void *opaque, u64 off, unsigned int size, u64 value)
{
	bool was = body_world_enter();

	registers.write(opaque, off, size, value);
	body_dear.register_accesses++;
	body_world_leave(was);
	body_serve();
}

/** peer_plug() - see peer.h */
void peer_plug(void)
{
	fake_virtio_init(&card, false);
	registers.read = card.pci.bar[4].read;
	registers.write = card.pci.bar[4].write;
	card.pci.bar[4].read = card_read;
	card.pci.bar[4].write = card_write;
	fake_virtio_plug(&card, 3);
	for_each_netdev(init_net, dev)
		if (dev->driver && !strcmp(dev->driver, "virtio_net"))
			break;
	card.dma_dev = ((struct virtnet_info *)netdev_priv(dev))->vdev->dma_dev;
	card.on_tx = hear;
	EXPECT_EQ(ip_config_set(init_net, dev, US, 24, 0), 0);
	EXPECT_EQ(arp_set_permanent(dev, PEER, peer_mac), 0);
}
