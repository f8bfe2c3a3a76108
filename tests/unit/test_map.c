// SPDX-License-Identifier: MIT
/*
 * docs/map.md is true: a segment is echoed over each driver, slowly and fast,
 * and the trace of its way up and of the answer's way down is, name by name,
 * file by file, context by context, what the tables of the map say.
 */
#include <linux/byteorder.h>
#include <linux/dma-mapping.h>
#include <linux/inetdevice.h>
#include <linux/net.h>
#include <linux/slab.h>
#include <linux/trace.h>
#include <net/arp.h>
#include <net/checksum.h>
#include <net/ip.h>
#include <net/net_namespace.h>
#include <net/tcp.h>
#include <uapi/linux/unistd.h>

#include "../host/fake_e1000.h"
#include "drivers/nic.h"
#include "drivers/test_virtio_net.h"

#define IP4(a, b, c, d) htonl((u32)(a) << 24 | (b) << 16 | (c) << 8 | (d))
#define US	IP4(10, 9, 0, 1)
#define PEER	IP4(10, 9, 0, 2)
#define OUR_PORT 7
#define PEER_PORT 4000
#define ECHO_LEN 100
#define ROWS_MAX 96

/* ---- the map ------------------------------------------------------------------ */

__asm__(".pushsection .rodata\n"
	".hidden map_text\n.globl map_text\n"
	"map_text: .incbin \"docs/map.md\"\n.byte 0\n"
	".popsection");
extern const char map_text[] __attribute__((visibility("hidden")));

struct row {
	char name[40], file[64], when[32], ctx[24];
};

/* What stands in a cell, without blanks and backticks around it. */
static const char *cell(const char *at, char *to, size_t size)
{
	size_t len = strcspn(at, "|\n"), skip = strspn(at, " `");
	const char *end = at + len;

	skip = min(skip, len);
	at += skip;
	len -= skip;
	while (len && (at[len - 1] == ' ' || at[len - 1] == '`'))
		len--;
	scnprintf(to, size, "%.*s", (int)len, at);
	return *end == '|' ? end + 1 : end;
}

/* Does one of the words of @when stand in @now? None: always. */
static bool applies(const char *when, const char *now)
{
	char words[32], *rest = words, *word;
	bool any = false;

	strscpy(words, when, sizeof(words));
	while ((word = strsep(&rest, ", "))) {
		if (!*word)
			continue;
		any = true;
		if (strstr(now, word))
			return true;
	}
	return !any;
}

/* The rows of the table under @heading that apply. */
static unsigned int map_rows(const char *heading, const char *now, struct row *rows)
{
	const char *at = strstr(map_text, heading);
	unsigned int n = 0;

	EXPECT_TRUE(at);
	for (at = at ? strchr(at, '\n') + 1 : ""; *at && strncmp(at, "## ", 3);) {
		const char *next = strchr(at, '\n');

		if (!strncmp(at, "| `", 3) && n < ROWS_MAX) {
			struct row *r = &rows[n];

			at = cell(at + 1, r->name, sizeof(r->name));
			at = cell(at, r->file, sizeof(r->file));
			at = cell(at, r->when, sizeof(r->when));
			cell(at, r->ctx, sizeof(r->ctx));
			n += applies(r->when, now);
		}
		at = next ? next + 1 : "";
	}
	return n;
}

/* ---- the trace ------------------------------------------------------------------ */

/* The packet that passed @name last. */
static u64 packet_at(const char *name)
{
	size_t i = trace_count();

	while (i--)
		if (!strcmp(trace_get(i)->tp->name, name))
			return trace_get(i)->packet_id;
	test_fail(__FILE__, __LINE__, "nobody passed %s", name);
	return 0;
}

static char *next_word(char **line)
{
	static char none[1];
	char *word;

	do {
		word = strsep(line, " ");
	} while (word && !*word);
	return word ? word : none;
}

/* A line of trace_print_packet(): "   123 ns  softirq  ip_rcv   net/…". */
static bool line_is(char *line, const struct row *row)
{
	const char *ctx, *name, *file;

	next_word(&line);
	next_word(&line);
	ctx = next_word(&line);
	name = next_word(&line);
	file = next_word(&line);
	if (!strcmp(ctx, "task"))
		ctx = "process";
	return !strcmp(name, row->name) && !strcmp(file, row->file) && strstr(row->ctx, ctx);
}

static void expect_way(const char *heading, const char *now, u64 id)
{
	static struct row rows[ROWS_MAX];
	static char text[16384], line[128];
	unsigned int n = map_rows(heading, now, rows), i = 0;
	char *rest = text, *at;

	EXPECT_GT(n, 20U);
	trace_print_packet(id, text, sizeof(text));
	strsep(&rest, "\n");		/* "packet 123" */
	while ((at = strsep(&rest, "\n")) && *at) {
		strscpy(line, at, sizeof(line));
		if (i < n && line_is(at, &rows[i])) {
			i++;
			continue;
		}
		test_fail("docs/map.md", 0, "%s (%s): row %u is %s, %s, %s; the trace says \"%s\"",
			  heading, now, i + 1, i < n ? rows[i].name : "past the end",
			  i < n ? rows[i].file : "", i < n ? rows[i].ctx : "", line);
		return;
	}
	if (i < n)
		test_fail("docs/map.md", 0, "%s (%s): nobody passes %s", heading, now,
			  rows[i].name);
}

/* ---- the peer ------------------------------------------------------------------- */

static struct peer {
	bool (*wire)(void *fake, const void *frame, unsigned int len);
	void *fake;
	struct net_device *dev;
	u32 seq, ack;		/* next to send; next to expect */
	u16 window;
	unsigned int data;	/* bytes of payload that came */
	int listener, fd;
} peer;

static bool wire_e1000(void *fake, const void *frame, unsigned int len)
{
	return fake_e1000_rx(fake, frame, len, NULL);
}

static bool wire_virtio(void *fake, const void *frame, unsigned int len)
{
	return fake_virtio_rx(fake, frame, len, NULL);
}

/* What the stack sent. */
static void peer_hears(void *ctx, const u8 *frame, unsigned int len)
{
	const struct iphdr *iph = (const void *)(frame + ETH_HLEN);
	const struct tcphdr *th = (const void *)(iph + 1);

	if (len < ETH_HLEN + sizeof(*iph) + sizeof(*th) || frame[12] != 8 || frame[13] ||
	    iph->protocol != IPPROTO_TCP)
		return;
	len = ntohs(iph->tot_len) - sizeof(*iph) - th->doff * 4U;
	if (th->syn)
		peer.ack = ntohl(th->seq) + 1;
	else if (ntohl(th->seq) == peer.ack)
		peer.ack += len;
	peer.data += len;
}

static void peer_says(u8 flags, unsigned int len)
{
	static u8 frame[ETH_HLEN + 40 + ECHO_LEN];
	struct iphdr *iph = (void *)(frame + ETH_HLEN);
	struct tcphdr *th = (void *)(iph + 1);
	const unsigned int tcp_len = sizeof(*th) + len;

	memset(frame, 0, sizeof(frame));
	memcpy(frame, peer.dev->dev_addr, ETH_ALEN);
	frame[6] = 2;
	frame[12] = 8;
	*iph = (struct iphdr){ .version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_TCP,
			       .tot_len = htons((u16)(sizeof(*iph) + tcp_len)),
			       .saddr = PEER, .daddr = US };
	iph->check = ip_fast_csum(iph, 5);
	th->source = htons(PEER_PORT);
	th->dest = htons(OUR_PORT);
	th->seq = htonl(peer.seq);
	th->ack_seq = htonl(flags & TCPHDR_ACK ? peer.ack : 0);
	th->doff = 5;
	((u8 *)th)[13] = flags;
	th->window = htons(peer.window);
	memset(th + 1, 'e', len);
	th->check = csum_tcpudp_magic(PEER, US, tcp_len, IPPROTO_TCP,
				      csum_partial(th, (int)tcp_len, 0));
	peer.seq += len + !!(flags & TCPHDR_SYN);
	EXPECT_TRUE(peer.wire(peer.fake, frame, max(ETH_HLEN + 20 + tcp_len, 60U)));
	host_run();
}

/* ---- the echo ------------------------------------------------------------------- */

static void echo_open(void)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(OUR_PORT) };

	EXPECT_EQ(ip_config_set(init_net, peer.dev, US, 24, 0), 0);
	EXPECT_EQ(arp_set_permanent(peer.dev, PEER, (const u8[]){ 2, 0, 0, 0, 0, 0 }), 0);
	host_run();
	peer.listener = __sys_socket(AF_INET, SOCK_STREAM, 0);
	EXPECT_EQ(__sys_bind(peer.listener, (struct sockaddr *)&sin, sizeof(sin)), 0);
	EXPECT_EQ(__sys_listen(peer.listener, 1), 0);
	peer.seq = 1000;
	peer.window = 30000;
	peer_says(TCPHDR_SYN, 0);
	peer_says(TCPHDR_ACK, 0);
	peer.fd = __sys_accept4(peer.listener, NULL, NULL, SOCK_NONBLOCK);
	EXPECT_GE(peer.fd, 0);
}

static void echo_close(void)
{
	peer_says(TCPHDR_RST | TCPHDR_ACK, 0);
	EXPECT_EQ(syscall_dispatch(__NR_close, peer.fd, 0, 0, 0, 0, 0), 0);
	EXPECT_EQ(syscall_dispatch(__NR_close, peer.listener, 0, 0, 0, 0, 0), 0);
}

/* A segment comes, is read, written, and acknowledged. */
static void echo_once(void)
{
	char buf[2 * ECHO_LEN];

	peer.data = 0;
	peer_says(TCPHDR_ACK | TCPHDR_PSH, ECHO_LEN);
	EXPECT_EQ(syscall_dispatch(__NR_read, peer.fd, (long)buf, sizeof(buf), 0, 0, 0), ECHO_LEN);
	EXPECT_EQ(syscall_dispatch(__NR_write, peer.fd, (long)buf, ECHO_LEN, 0, 0, 0), ECHO_LEN);
	host_run();
	EXPECT_EQ(peer.data, (unsigned int)ECHO_LEN);
	peer_says(TCPHDR_ACK, 0);
}

static void echo_traced(const char *now)
{
	trace_clear();
	EXPECT_GT(trace_enable("*", true), 100U);
	echo_once();
	trace_enable("*", false);
	expect_way("## Received", now, packet_at("ip_local_deliver_finish") ?
					       packet_at("skb_copy_datagram_iter") : 0);
	expect_way("## Sent", now, packet_at("tcp_transmit_skb"));
	trace_clear();
}

/* Both ways of @nic: @slow and @fast name what applies. */
static void walk(const char *slow, const char *fast)
{
	const int metrics = init_net->ipv4.sysctl_tcp_nometrics_save;
	const int demux = init_net->ipv4.sysctl_ip_early_demux;

	init_net->ipv4.sysctl_tcp_nometrics_save = 1;
	echo_open();
	/* Until the connection is one that answers: no ACK of its own. */
	echo_once();
	echo_once();
	/* A window that nobody predicted, and a route to look up. */
	init_net->ipv4.sysctl_ip_early_demux = 0;
	peer.window -= 1000;
	echo_traced(slow);
	init_net->ipv4.sysctl_ip_early_demux = demux;
	echo_traced(fast);
	echo_close();
	init_net->ipv4.sysctl_tcp_nometrics_save = metrics;
}

/* @fake is a device that is not plugged in yet. */
static void walk_e1000(struct fake_e1000 *fake, const char *driver, const char *slow,
		       const char *fast)
{
	dma_debug_enable(true);
	fake_e1000_plug(fake);
	fake->on_tx = peer_hears;
	peer = (struct peer){ .wire = wire_e1000, .fake = fake, .dev = nic_find(driver) };
	walk(slow, fast);
	dev_close(peer.dev);
	host_run();
	fake_e1000_unplug(fake);
	dma_debug_enable(false);
}

static struct fake_e1000 fake_e1000;

TEST(map_of_an_echo_over_e1000_is_what_the_trace_says)
{
	fake_e1000_init(&fake_e1000);
	walk_e1000(&fake_e1000, "e1000", "e1000 82540 slow route", "e1000 82540 fast demux");
}

TEST(map_of_an_echo_over_e1000e_is_what_the_trace_says)
{
	fake_e1000e_init(&fake_e1000, true);
	walk_e1000(&fake_e1000, "e1000e", "e1000 82574 slow route", "e1000 82574 fast demux");
}

static void walk_virtio(bool on_mmio, unsigned int msix, const char *slow, const char *fast)
{
	static struct fake_virtio fake;

	fake_virtio_init(&fake, on_mmio);
	virtio_test_plug(&fake, msix);
	fake.on_tx = peer_hears;
	peer = (struct peer){ .wire = wire_virtio, .fake = &fake,
			      .dev = nic_find("virtio_net") };
	walk(slow, fast);
	dev_close(peer.dev);
	host_run();
	fake_virtio_unplug(&fake);
	dma_debug_enable(false);
}

TEST(map_of_an_echo_over_virtio_with_messages_is_what_the_trace_says)
{
	walk_virtio(false, 3, "virtio msix slow route", "virtio msix fast demux");
}

TEST(map_of_an_echo_over_virtio_with_a_line_is_what_the_trace_says)
{
	walk_virtio(false, 0, "virtio intx slow route", "virtio intx fast demux");
}

TEST(map_of_an_echo_over_virtio_mmio_is_what_the_trace_says)
{
	walk_virtio(true, 0, "virtio mmio slow route", "virtio mmio fast demux");
}
