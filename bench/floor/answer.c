// SPDX-License-Identifier: MIT
/*
 * A frame made into its answer, in place. There are no connections: what a TCP
 * segment says is enough to answer it. A SYN is accepted, data is echoed (port
 * 7), acknowledged (9) or answered with a page (80), a FIN is answered with one.
 * Only the stream out (19) has a place that it stands at.
 *
 * Nothing is repeated: a segment of ours that is lost is answered for again when
 * its cause is sent again; the stream goes back when it is told three times to.
 *
 * RFC: 826, 792, 768, 9293, 7323
 */
#include "floor.h"

#include <linux/byteorder.h>
#include <linux/icmp.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/string.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/checksum.h>

#define FIRST_SEQ	0x10000000U
#define WINDOW_SHIFT	7
#define STAMP_BYTES	12U	/* two NOPs and the timestamp option */
#define SYN_BYTES	20U	/* MSS, timestamps, window scale */
#define DUPLICATES	3
#define FLAGS_BYTE	13	/* of the TCP header */
#define FLAG_FIN	0x01
#define FLAG_SYN	0x02
#define FLAG_PSH	0x08
#define FLAG_ACK	0x10

static const char page[] =
	"HTTP/1.1 200 OK\r\nServer: Sojourn\r\nContent-Length: 267\r\n"
	"Content-Type: text/html; charset=utf-8\r\nConnection: keep-alive\r\n\r\n";
#define PAGE_BODY	267U

/* The stream out: one at a time, the last that was asked for. */
static struct {
	bool open;
	u8 head[ETH_IP_TCP + STAMP_BYTES];	/* of each of its frames */
	u32 acked, next, window;
	u32 shift;				/* of the peer's window */
	unsigned int same;			/* acknowledgements that say nothing new */
} out;

struct segment {
	struct ethhdr *eth;
	struct iphdr *ip;
	struct tcphdr *th;
	u8 *payload;
	u32 len;		/* of the payload */
	u32 stamp;		/* the peer's timestamp; 0: none */
	u32 shift;		/* its window scale, on a SYN */
};

static void swap_bytes(u8 *a, u8 *b, unsigned int n)
{
	while (n--) {
		u8 t = a[n];

		a[n] = b[n];
		b[n] = t;
	}
}

static bool answer_arp(struct frame *f, const u8 *mac)
{
	u8 *arp = f->data + ETH_HLEN;

	if (f->len < ETH_HLEN + 28 || get_unaligned_be16(arp + 6) != 1 ||
	    !memcmp(arp + 14, arp + 24, 4))
		return false;
	arp[7] = 2;
	swap_bytes(arp + 8, arp + 18, 10);	/* hardware and protocol address */
	memcpy(arp + 8, mac, ETH_ALEN);
	f->len = ETH_HLEN + 28;
	return true;
}

static bool answer_icmp(struct frame *f, u8 *at, u32 len)
{
	struct icmphdr *icmp = (struct icmphdr *)(void *)at;

	if (len < sizeof(*icmp) || icmp->type != ICMP_ECHO)
		return false;
	icmp->type = ICMP_ECHOREPLY;
	icmp->checksum = 0;
	icmp->checksum = csum_fold(csum_partial(icmp, (int)len, 0));
	return true;
}

static bool answer_udp(u8 *at, u32 len)
{
	struct udphdr *uh = (struct udphdr *)(void *)at;

	if (len < sizeof(*uh) || uh->dest != htons(7))
		return false;
	swap_bytes((u8 *)&uh->source, (u8 *)&uh->dest, 2);
	uh->check = 0;			/* RFC 768: none */
	return true;
}

/* ---- TCP ----------------------------------------------------------------------------- */

static void read_options(struct segment *s)
{
	u8 *at = (u8 *)s->th + sizeof(*s->th), *end = (u8 *)s->th + 4U * s->th->doff;

	while (at + 1 < end && *at) {
		if (*at == 1) {
			at++;
			continue;
		}
		if (at[1] < 2 || at + at[1] > end)
			return;
		if (at[0] == 8 && at[1] == 10)
			s->stamp = get_unaligned_be32(at + 2);
		else if (at[0] == 3 && at[1] == 3)
			s->shift = at[2] <= 14 ? at[2] : 14;
		at += at[1];
	}
}

static void put_stamp(u8 *at, u32 stamp)
{
	put_unaligned_be32(0x0101080a, at);
	put_unaligned_be32(stamp, at + 4);	/* its own clock is as good as any */
	put_unaligned_be32(stamp, at + 8);
}

/* The sums of headers that are complete: TCP's is the pseudo header's, for the
 * device to finish. @tcp_len: 0 where it does all that differs from piece to piece. */
static void finish_headers(struct iphdr *ip, struct tcphdr *th, u32 tcp_len)
{
	ip->check = 0;
	if (tcp_len)
		ip->check = ip_fast_csum(ip, 5);
	th->check = (__force __sum16)(u16)~(__force u16)csum_tcpudp_magic(
		ip->saddr, ip->daddr, tcp_len, IPPROTO_TCP, 0);
}

/* The segment back, with the first @len bytes of its payload. */
static bool reply(struct frame *f, struct segment *s, u32 len, bool syn)
{
	u32 seq = ntohl(s->th->ack_seq), ack = ntohl(s->th->seq) + s->len;
	u8 fin = s->th->fin ? FLAG_FIN : 0;
	u32 options = syn ? SYN_BYTES : s->stamp ? STAMP_BYTES : 0;
	u8 *at = (u8 *)(s->th + 1);

	if (len > CANNED_MSS)
		return false;
	if (len && s->payload != at + options)
		memmove(at + options, s->payload, len);
	swap_bytes((u8 *)&s->th->source, (u8 *)&s->th->dest, 2);
	s->th->seq = htonl(syn ? FIRST_SEQ : seq);
	s->th->ack_seq = htonl(ack + (syn || fin ? 1 : 0));
	((u8 *)s->th)[FLAGS_BYTE] = FLAG_ACK | fin | (syn ? FLAG_SYN : 0) | (len ? FLAG_PSH : 0);
	s->th->doff = (u16)((sizeof(*s->th) + options) / 4) & 15;
	s->th->window = htons(65535);
	s->th->urg_ptr = 0;
	if (syn) {
		put_unaligned_be32(0x020405b4, at);
		put_unaligned_be32(0x01030300 | WINDOW_SHIFT, at + 16);
		at += 4;
	}
	if (options)
		put_stamp(at, s->stamp);
	s->ip->tot_len = htons((u16)(sizeof(*s->ip) + sizeof(*s->th) + options + len));
	finish_headers(s->ip, s->th, (u32)sizeof(*s->th) + options + len);
	f->len = ETH_IP_TCP + options + len;
	f->csum = true;
	return true;
}

static void stream_open(const struct segment *s)
{
	struct tcphdr *th = (struct tcphdr *)(void *)(out.head + ETH_HLEN + sizeof(*s->ip));

	memcpy(out.head, s->eth, ETH_IP_TCP);
	swap_bytes((u8 *)&th->source, (u8 *)&th->dest, 2);
	((u8 *)th)[FLAGS_BYTE] = FLAG_ACK | FLAG_PSH;
	th->doff = (sizeof(*th) + STAMP_BYTES) / 4;
	th->ack_seq = htonl(ntohl(s->th->seq) + 1);
	th->window = htons(65535);
	out.open = true;
	out.shift = s->shift;
	out.acked = out.next = FIRST_SEQ + 1;
	out.window = 0;
	out.same = 0;
}

static void stream_acked(const struct segment *s)
{
	u32 ack = ntohl(s->th->ack_seq), window = (u32)ntohs(s->th->window) << out.shift;

	put_stamp(out.head + ETH_IP_TCP, s->stamp);
	out.same = ack == out.acked && window == out.window && ack != out.next ?
		   out.same + 1 : 0;
	if (out.same == DUPLICATES)
		out.next = ack;
	if ((s32)(ack - out.next) > 0)
		out.next = ack;
	out.acked = ack;
	out.window = window;
}

/**
 * stream_fill() - put a stream's bytes where stream_frame() leaves room for headers
 * @data: of a frame
 */
void stream_fill(u8 *data)
{
	u32 i;

	for (i = 0; i < CANNED_BYTES; i++)
		data[sizeof(out.head) + i] = (u8)(' ' + i % 95);
}

/**
 * stream_frame() - the stream's next frame
 * @f: its data has been filled by stream_fill(); the rest is set
 * @with_length: the device wants the frame's length in the pseudo header's sum
 *
 * Return: false: there is no stream, or its window is used up.
 */
bool stream_frame(struct frame *f, bool with_length)
{
	struct iphdr *ip = (struct iphdr *)(void *)(f->data + ETH_HLEN);
	struct tcphdr *th = (struct tcphdr *)(void *)(ip + 1);
	u32 bytes = sizeof(out.head) + CANNED_BYTES - ETH_HLEN;

	if (!out.open || (s32)(out.acked + out.window - out.next) < (s32)CANNED_BYTES)
		return false;
	memcpy(f->data, out.head, sizeof(out.head));
	th->seq = htonl(out.next);
	out.next += CANNED_BYTES;
	ip->tot_len = htons((u16)bytes);
	finish_headers(ip, th, with_length ? bytes - (u32)sizeof(*ip) : 0);
	f->len = sizeof(out.head) + CANNED_BYTES;
	f->csum = f->tso = true;
	f->head_len = sizeof(out.head);
	return true;
}

static bool answer_tcp(struct frame *f, struct segment *s, u32 len)
{
	u32 head = 4U * s->th->doff;
	u16 port;

	if (len < sizeof(*s->th) || head < sizeof(*s->th) || head > len)
		return false;
	s->payload = (u8 *)s->th + head;
	s->len = len - head;
	read_options(s);
	port = ntohs(s->th->dest);
	if (port == 19 && (s->th->rst || s->th->fin))
		out.open = false;
	if (s->th->rst)
		return false;
	if (s->th->syn) {
		if (port == 19)
			stream_open(s);
		return reply(f, s, 0, true);
	}
	if (port == 19 && out.open)
		stream_acked(s);
	if (!s->len && !s->th->fin)
		return false;
	if (port == 7)
		return reply(f, s, s->len, false);
	if (port == 80 && s->len) {
		memcpy(s->payload, page, sizeof(page) - 1);
		memset(s->payload + sizeof(page) - 1, 'p', PAGE_BODY);
		return reply(f, s, sizeof(page) - 1 + PAGE_BODY, false);
	}
	return reply(f, s, 0, false);
}

static bool answer_ip(struct frame *f)
{
	struct segment s = { .eth = (struct ethhdr *)f->data };
	u32 total, left = f->len - ETH_HLEN;

	s.ip = (struct iphdr *)(void *)(f->data + ETH_HLEN);
	if (left < sizeof(*s.ip) || s.ip->ihl != 5)
		return false;
	total = ntohs(s.ip->tot_len);
	if (total < sizeof(*s.ip) || total > left)
		return false;
	left = total - (u32)sizeof(*s.ip);
	swap_bytes((u8 *)&s.ip->saddr, (u8 *)&s.ip->daddr, 4);
	f->len = ETH_HLEN + total;
	s.th = (struct tcphdr *)(void *)(s.ip + 1);
	if (s.ip->protocol == IPPROTO_TCP)
		return answer_tcp(f, &s, left);
	if (s.ip->protocol == IPPROTO_UDP)
		return answer_udp((u8 *)s.th, left);
	return s.ip->protocol == IPPROTO_ICMP && answer_icmp(f, (u8 *)s.th, left);
}

/**
 * answer() - turn a frame into its answer
 * @f: data and length as they came; changed in place
 * @mac: ours
 *
 * Return: false: it wants no answer.
 */
bool answer(struct frame *f, const u8 *mac)
{
	struct ethhdr *eth = (struct ethhdr *)f->data;

	if (f->len < ETH_HLEN || f->len > FRAME_MAX)
		return false;
	memcpy(eth->h_dest, eth->h_source, ETH_ALEN);
	memcpy(eth->h_source, mac, ETH_ALEN);
	if (eth->h_proto == htons(ETH_P_IP))
		return answer_ip(f);
	return eth->h_proto == htons(ETH_P_ARP) && answer_arp(f, mac);
}
