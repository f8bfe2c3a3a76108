// SPDX-License-Identifier: MIT
/*
 * Floods of ARP and of pings from everywhere: a connection goes on meanwhile, and
 * what they cost is bounded and given back.
 *
 * RFC: 826, 1122 2.3.2.1, 3.2.2.6
 */
#include "../host/segtest.h"

#include <linux/string.h>
#include <net/arp.h>
#include <net/checksum.h>
#include <net/neighbour.h>
#include <uapi/linux/icmp.h>
#include <uapi/linux/if_arp.h>
#include <uapi/linux/in.h>

#define FLOOD		20000U
#define EACH		200U	/* frames between two segments of the connection */
#define PING_BYTES	56U

static const u8 host_mac[6] = { 0x52, 0x54, 0, 0, 0, 1 };
static const u8 peer_mac[6] = { 0x52, 0x54, 0, 0, 0, 2 };

/* Who asks: of 10.0.0.0/24 only when the number is small. */
static void arp_request(u32 number)
{
	u8 frame[42] = { [12] = 8, [13] = 6, 0, 1, 8, 0, 6, 4, 0, ARPOP_REQUEST };
	u8 mac[6] = { 2, 0, (u8)(number >> 24), (u8)(number >> 16), (u8)(number >> 8), (u8)number };
	__be32 asker = htonl(0x0a000003 + number), asked = htonl(SEG_HOST);

	memset(frame, 0xff, 6);
	memcpy(frame + 6, mac, 6);
	memcpy(frame + 22, mac, 6);
	memcpy(frame + 28, &asker, 4);
	memcpy(frame + 38, &asked, 4);
	seg_inject(frame, sizeof(frame));
}

static void ping(u32 number)
{
	u8 frame[14 + 20 + 8 + PING_BYTES] = { [12] = 8 };
	struct iphdr *iph = (struct iphdr *)(frame + 14);
	struct icmphdr *icmp = (struct icmphdr *)(iph + 1);

	memcpy(frame, host_mac, 6);
	memcpy(frame + 6, peer_mac, 6);
	*iph = (struct iphdr){ .version = 4, .ihl = 5, .tot_len = htons(sizeof(frame) - 14),
			       .ttl = 64, .protocol = IPPROTO_ICMP, .saddr = htonl(SEG_PEER),
			       .daddr = htonl(SEG_HOST) };
	iph->check = ip_fast_csum(iph, iph->ihl);
	*icmp = (struct icmphdr){ .type = ICMP_ECHO };
	icmp->un.echo.sequence = htons((u16)number);
	icmp->checksum = ip_compute_csum(icmp, 8 + PING_BYTES);
	seg_inject(frame, sizeof(frame));
}

/* A byte there and one back. */
static void exchange(struct seg_conn *c, u32 at)
{
	EXPECT_EQ(seg_write(c, 1, 0), 1);
	seg_out(c, "P. %u:%u(1) ack %u <*>", at, at + 1, at);
	seg_in(c, "P. %u:%u(1) ack %u", at, at + 1, at + 1);
	EXPECT_EQ(seg_read(c, 1), 1);
	seg_sleep(seg_ms(50));
	seg_out(c, ". %u:%u(0) ack %u <*>", at + 1, at + 1, at + 1);
}

TEST(arp_flood_leaves_a_connection_alive)
{
	struct seg_conn c;
	u32 i, at = 1;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	for (i = 0; i < FLOOD; i++) {
		arp_request(i);
		if (i % EACH == EACH - 1)
			exchange(&c, at++);
	}
	EXPECT_EQ(seg_tcp_mib(RETRANSSEGS), 0);
	EXPECT_LE(seg_net->ipv4.arp_tbl->entries, (unsigned int)seg_net->ipv4.arp_tbl->gc_thresh3);
	EXPECT_GT(seg_net->ipv4.arp_tbl->stats.table_fulls, 0);
	seg_end();
}

TEST(ping_flood_leaves_a_connection_alive)
{
	struct seg_conn c;
	u32 i, at = 1;

	seg_begin();
	seg_passive(&c, "mss 1000", 32768);
	for (i = 0; i < FLOOD; i++) {
		ping(i);
		if (i % EACH == EACH - 1) {
			EXPECT_EQ(seg_flush(), EACH);	/* each was answered */
			exchange(&c, at++);
		}
	}
	EXPECT_EQ(seg_tcp_mib(RETRANSSEGS), 0);
	seg_end();
}
