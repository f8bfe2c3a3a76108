// SPDX-License-Identifier: MIT
/* IPv4 in: each thing that can be wrong with a header has its counter and its
 * reason, brings no answer, and leaves the host alive. */
#include <linux/random.h>

#include "wire.h"

/* Before and after. */
struct counts {
	u64 ip[IPSTATS_MIB_MAX];
	u64 drops[SKB_DROP_REASON_MAX];
};

static void counts_take(const struct wire *w, struct counts *c)
{
	memcpy(c->ip, w->net->mib.ip, sizeof(c->ip));
	memcpy(c->drops, w->net->drops, sizeof(c->drops));
}

/* A ping is answered. */
static void expect_alive(struct wire *w)
{
	struct frame f;

	wire_ping(w, &(struct ip_spec){ 0 }, 8);
	EXPECT_TRUE(wire_pop(w, &f));
	expect_icmp_ok(&f);
}

/* Exactly one more drop, for @reason; @mib one more, -1: none of the errors. */
static void expect_dropped(struct wire *w, const struct counts *before, int mib, int reason,
			   int line)
{
	static const int errors[] = { IPSTATS_MIB_INHDRERRORS, IPSTATS_MIB_INADDRERRORS,
		IPSTATS_MIB_INTRUNCATEDPKTS, IPSTATS_MIB_INDISCARDS, IPSTATS_MIB_CSUMERRORS,
		IPSTATS_MIB_INNOROUTES, IPSTATS_MIB_INUNKNOWNPROTOS, IPSTATS_MIB_REASMFAILS };
	struct frame f;
	unsigned int i;
	int r;

	for (r = 0; r < SKB_DROP_REASON_MAX; r++) {
		u64 more = w->net->drops[r] - before->drops[r];

		if (more != (r == reason))
			test_fail(__FILE__, line, "%s: %lu drops", skb_drop_reason_name(r), more);
	}
	for (i = 0; i < ARRAY_SIZE(errors); i++) {
		u64 more = w->net->mib.ip[errors[i]] - before->ip[errors[i]];
		bool due = errors[i] == mib ||
			   (mib == IPSTATS_MIB_CSUMERRORS && errors[i] == IPSTATS_MIB_INHDRERRORS);

		if (more != due)
			test_fail(__FILE__, line, "counter %d: %lu more", errors[i], more);
	}
	if (wire_pop(w, &f))
		test_fail(__FILE__, line, "an answer was sent");
	expect_alive(w);
}

#define CHECK_DROP(w, spec, mib, reason) do {				\
	struct counts __before;						\
	counts_take(w, &__before);					\
	wire_ping(w, spec, 16);						\
	expect_dropped(w, &__before, mib, SKB_DROP_REASON_##reason, __LINE__); \
} while (0)

#define SPEC(...) (&(struct ip_spec){ __VA_ARGS__ })

TEST(each_malformed_ip_header_is_dropped_with_its_own_counter)
{
	struct wire w;

	wire_up_known(&w);
	expect_alive(&w);
	CHECK_DROP(&w, SPEC(.version = 5), IPSTATS_MIB_INHDRERRORS, IP_INHDR);
	CHECK_DROP(&w, SPEC(.version = 6), IPSTATS_MIB_INHDRERRORS, IP_INHDR);
	CHECK_DROP(&w, SPEC(.ihl = 4), IPSTATS_MIB_INHDRERRORS, IP_INHDR);
	CHECK_DROP(&w, SPEC(.ihl = 1), IPSTATS_MIB_INHDRERRORS, IP_INHDR);
	CHECK_DROP(&w, SPEC(.ihl = 15), IPSTATS_MIB_INHDRERRORS, IP_INHDR);
	CHECK_DROP(&w, SPEC(.bad_csum = true), IPSTATS_MIB_CSUMERRORS, IP_CSUM);
	CHECK_DROP(&w, SPEC(.tot_len = 19), IPSTATS_MIB_INHDRERRORS, IP_INHDR);
	CHECK_DROP(&w, SPEC(.tot_len = 45), IPSTATS_MIB_INTRUNCATEDPKTS, PKT_TOO_SMALL);
	CHECK_DROP(&w, SPEC(.tot_len = 65535), IPSTATS_MIB_INTRUNCATEDPKTS, PKT_TOO_SMALL);
	CHECK_DROP(&w, SPEC(.cut = 1), IPSTATS_MIB_INTRUNCATEDPKTS, PKT_TOO_SMALL);
	CHECK_DROP(&w, SPEC(.cut = 25), IPSTATS_MIB_INHDRERRORS, IP_INHDR);
	CHECK_DROP(&w, SPEC(.cut = 44), IPSTATS_MIB_INHDRERRORS, IP_INHDR);
	wire_down(&w);
}

TEST(each_impossible_address_is_dropped_with_its_own_reason)
{
	struct wire w;

	wire_up_known(&w);
	CHECK_DROP(&w, SPEC(.saddr = IP4(255, 255, 255, 255)), -1, IP_MARTIAN_SOURCE);
	CHECK_DROP(&w, SPEC(.saddr = IP4(224, 0, 0, 1)), -1, IP_MARTIAN_SOURCE);
	CHECK_DROP(&w, SPEC(.saddr = IP4(239, 1, 2, 3)), -1, IP_MARTIAN_SOURCE);
	CHECK_DROP(&w, SPEC(.saddr = IP4(127, 0, 0, 1)), -1, IP_MARTIAN_SOURCE);
	CHECK_DROP(&w, SPEC(.saddr = IP4(0, 1, 2, 3)), -1, IP_MARTIAN_SOURCE);
	CHECK_DROP(&w, SPEC(.any_addr = true, .daddr = US), -1, IP_MARTIAN_SOURCE);
	CHECK_DROP(&w, SPEC(.saddr = IP4(10, 0, 0, 255)), -1, IP_MARTIAN_SOURCE);
	CHECK_DROP(&w, SPEC(.saddr = US), -1, IP_LOCAL_SOURCE);
	CHECK_DROP(&w, SPEC(.daddr = IP4(127, 0, 0, 1)), -1, IP_INVALID_DEST);
	CHECK_DROP(&w, SPEC(.daddr = IP4(0, 1, 2, 3)), -1, IP_INVALID_DEST);
	CHECK_DROP(&w, SPEC(.any_addr = true, .saddr = PEER), -1, IP_INVALID_DEST);
	EXPECT_EQ(w.net->ipv4.rt_cache_stat.in_martian_src, 8);
	EXPECT_EQ(w.net->ipv4.rt_cache_stat.in_martian_dst, 3);
	wire_down(&w);
}

TEST(what_is_for_others_is_not_forwarded)
{
	static const u8 other[6] = { 2, 0, 0, 0, 0, 9 };
	struct wire w;

	wire_up_known(&w);
	CHECK_DROP(&w, SPEC(.daddr = IP4(10, 0, 0, 77)), IPSTATS_MIB_INADDRERRORS,
		   IP_INADDRERRORS);
	CHECK_DROP(&w, SPEC(.daddr = FAR), IPSTATS_MIB_INADDRERRORS, IP_INADDRERRORS);
	CHECK_DROP(&w, SPEC(.daddr = IP4(224, 0, 0, 9)), -1, IP_MC_NOMEMBER);
	CHECK_DROP(&w, SPEC(.mac_dest = other), -1, OTHERHOST);
	wire_down(&w);
}

/* One IGMP message arrives; nothing is sent for it, not even a question who asked. */
static void igmp_is_ignored(struct wire *w, __be32 group, const void *igmp, unsigned int len,
			    int mib, int reason, int line)
{
	static const u8 router_alert[4] = { IPOPT_RA, 4, 0, 0 };
	const u8 *g = (const u8 *)&group;
	u8 mac[6] = { 1, 0, 0x5e, g[1] & 0x7f, g[2], g[3] };
	struct counts before;

	counts_take(w, &before);
	wire_ip(w, SPEC(.saddr = IP4(10, 0, 0, 66), .daddr = group, .protocol = IPPROTO_IGMP,
			.ttl = 1, .options = router_alert, .optlen = 4, .mac_dest = mac),
		igmp, len);
	expect_dropped(w, &before, mib, reason, line);
}

TEST(igmp_to_a_host_that_joined_nothing_is_ignored)
{
	/* RFC 3376 4.1: queries, general and for a group with sources; 4.2: a report of
	 * one group record; and what claims more sources than it has. */
	static const u8 general[12] = { 0x11, 100, 0xee, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0 };
	static const u8 sources[20] = { 0x11, 10, 0, 0, 239, 1, 1, 1, 0, 0, 0, 2,
					10, 0, 0, 5, 10, 0, 0, 6 };
	static const u8 report[16] = { 0x22, 0, 0, 0, 0, 0, 0, 1, 4, 0, 0, 0, 239, 1, 1, 1 };
	static const u8 claims[12] = { 0x11, 100, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
	struct neigh_table *tbl;
	struct wire w;
	unsigned int i, known;

	wire_up_known(&w);
	tbl = w.net->ipv4.arp_tbl;
	known = tbl->entries;
	for (i = 0; i < 100; i++) {
		igmp_is_ignored(&w, IP4(224, 0, 0, 1), general, sizeof(general),
				IPSTATS_MIB_INUNKNOWNPROTOS, SKB_DROP_REASON_IP_NOPROTO, __LINE__);
		igmp_is_ignored(&w, IP4(224, 0, 0, 1), claims, sizeof(claims),
				IPSTATS_MIB_INUNKNOWNPROTOS, SKB_DROP_REASON_IP_NOPROTO, __LINE__);
		igmp_is_ignored(&w, IP4(239, 1, 1, 1), sources, sizeof(sources), -1,
				SKB_DROP_REASON_IP_MC_NOMEMBER, __LINE__);
		igmp_is_ignored(&w, IP4(224, 0, 0, 22), report, sizeof(report), -1,
				SKB_DROP_REASON_IP_MC_NOMEMBER, __LINE__);
	}
	host_sleep(10 * NSEC_PER_SEC);
	EXPECT_SILENCE(&w);
	EXPECT_EQ(tbl->entries, known);
	expect_alive(&w);
	wire_down(&w);
}

TEST(unicast_in_a_link_layer_broadcast_is_dropped)
{
	static const u8 bcast[6] = { 255, 255, 255, 255, 255, 255 };
	static const u8 group[6] = { 1, 0, 0x5e, 0, 0, 1 };
	struct wire w;

	wire_up_known(&w);
	CHECK_DROP(&w, SPEC(.mac_dest = bcast), -1, UNICAST_IN_L2_MULTICAST);
	CHECK_DROP(&w, SPEC(.mac_dest = group), -1, UNICAST_IN_L2_MULTICAST);
	wire_down(&w);
}

TEST(the_reverse_path_filter_drops_what_came_by_the_wrong_device)
{
	struct wire w;

	wire_up_plain(&w, 0);
	EXPECT_EQ(arp_set_permanent(w.dev, PEER, peer_mac), 0);
	w.net->ipv4.devconf_all.rp_filter = 1;
	CHECK_DROP(&w, SPEC(.saddr = FAR), -1, IP_RPFILTER);
	EXPECT_EQ(w.net->mib.net[LINUX_MIB_IPRPFILTER], 1);
	w.net->ipv4.devconf_all.rp_filter = 2;
	CHECK_DROP(&w, SPEC(.saddr = FAR), -1, IP_RPFILTER);
	wire_down(&w);
}

TEST(padding_behind_a_datagram_is_not_part_of_it)
{
	struct frame f;
	struct wire w;

	wire_up_known(&w);
	wire_ping(&w, SPEC(.pad = 18), 0);
	EXPECT_TRUE(wire_pop(&w, &f));
	expect_icmp_ok(&f);
	EXPECT_EQ(ntohs(frame_ip(&f)->tot_len), 28);
	wire_down(&w);
}

TEST(a_ttl_of_one_or_zero_reaches_us)
{
	struct wire w;

	wire_up_known(&w);
	wire_ping(&w, SPEC(.ttl = 1), 0);
	EXPECT_EQ(fake_netdev_drain(w.dev), 1);
	wire_down(&w);
}

TEST(fragments_are_counted_and_dropped)
{
	struct wire w;

	wire_up_known(&w);
	CHECK_DROP(&w, SPEC(.frag_off = IP_MF), IPSTATS_MIB_REASMFAILS, IP_FRAGMENT);
	CHECK_DROP(&w, SPEC(.frag_off = 3), IPSTATS_MIB_REASMFAILS, IP_FRAGMENT);
	EXPECT_EQ(w.net->mib.ip[IPSTATS_MIB_REASMREQDS], 2);
	wire_down(&w);
}

TEST(options_are_skipped)
{
	static const u8 rr[8] = { IPOPT_RR, 7, 4, 0, 0, 0, 0, IPOPT_END };
	static const u8 ts[8] = { IPOPT_TIMESTAMP, 8, 5, 0, 0, 0, 0, 0 };
	static const u8 ra[4] = { IPOPT_RA, 4, 0, 0 };
	static const u8 nops[40] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
				     1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 };
	static const u8 unknown[4] = { 0x5e, 4, 0xde, 0xad };
	static const u8 end[4] = { 0, 0xff, 0xff, 0xff };
	struct wire w;

	wire_up_known(&w);
	wire_ping(&w, SPEC(.options = rr, .optlen = 8), 4);
	wire_ping(&w, SPEC(.options = ts, .optlen = 8), 4);
	wire_ping(&w, SPEC(.options = ra, .optlen = 4), 4);
	wire_ping(&w, SPEC(.options = nops, .optlen = 40), 4);
	wire_ping(&w, SPEC(.options = unknown, .optlen = 4), 4);
	wire_ping(&w, SPEC(.options = end, .optlen = 4), 4);
	EXPECT_EQ(fake_netdev_drain(w.dev), 6);
	wire_down(&w);
}

/* A parameter problem that points at @ptr. */
static void check_bad_option(struct wire *w, const u8 *opt, unsigned int len, u8 ptr, int line)
{
	u64 drops = w->net->drops[SKB_DROP_REASON_IP_OPTIONS];
	u64 errors = w->net->mib.ip[IPSTATS_MIB_INHDRERRORS];
	struct icmphdr *icmph;
	struct frame f;

	host_sleep(2 * NSEC_PER_SEC);		/* the rate limit */
	wire_ping(w, SPEC(.options = opt, .optlen = len), 4);
	EXPECT_EQ(w->net->drops[SKB_DROP_REASON_IP_OPTIONS], drops + 1);
	EXPECT_EQ(w->net->mib.ip[IPSTATS_MIB_INHDRERRORS], errors + 1);
	if (!wire_pop(w, &f)) {
		test_fail(__FILE__, line, "no parameter problem");
		return;
	}
	expect_icmp_ok(&f);
	icmph = frame_l4(&f);
	EXPECT_EQ(icmph->type, ICMP_PARAMETERPROB);
	if (ntohl(icmph->un.gateway) >> 24 != ptr)
		test_fail(__FILE__, line, "points at %u", ntohl(icmph->un.gateway) >> 24);
	expect_alive(w);
}

#define CHECK_BAD_OPTION(w, ptr, ...) do {				\
	static const u8 __opt[] = { __VA_ARGS__ };			\
	check_bad_option(w, __opt, sizeof(__opt), ptr, __LINE__);	\
} while (0)

TEST(malformed_options_bring_a_parameter_problem)
{
	struct wire w;

	wire_up_known(&w);
	CHECK_BAD_OPTION(&w, 20, IPOPT_RR, 0, 4, 0);		/* length 0 */
	CHECK_BAD_OPTION(&w, 20, IPOPT_RR, 1, 4, 0);		/* length 1 */
	CHECK_BAD_OPTION(&w, 20, IPOPT_RR, 5, 4, 0);		/* past the end */
	CHECK_BAD_OPTION(&w, 20, 0x5e, 255, 0, 0);
	CHECK_BAD_OPTION(&w, 23, 1, 1, 1, IPOPT_RR);		/* no length */
	CHECK_BAD_OPTION(&w, 21, IPOPT_RR, 2, 1, 1);		/* no pointer */
	CHECK_BAD_OPTION(&w, 22, IPOPT_RR, 3, 3, 0);		/* pointer too small */
	CHECK_BAD_OPTION(&w, 22, IPOPT_RR, 4, 4, 0);		/* no room for an address */
	CHECK_BAD_OPTION(&w, 21, IPOPT_TIMESTAMP, 3, 5, 0);
	CHECK_BAD_OPTION(&w, 22, IPOPT_TIMESTAMP, 4, 4, 0);
	CHECK_BAD_OPTION(&w, 21, IPOPT_RA, 3, 0, 0);
	CHECK_BAD_OPTION(&w, 23, IPOPT_RR, 3, 4, IPOPT_RR, 3, 4, 0, 0);	/* twice */
	wire_down(&w);
}

RULE("RFC 9293", "3.9.2", "MUST-50: IP options that TCP does not know are ignored");
TEST(a_source_route_is_refused_unless_allowed_and_at_its_end)
{
	static const u8 onward[8] = { IPOPT_LSRR, 7, 4, 10, 0, 0, 9, 0 };
	static const u8 done[8] = { IPOPT_SSRR, 7, 8, 10, 0, 0, 9, 0 };
	struct wire w;

	wire_up_known(&w);
	CHECK_DROP(&w, SPEC(.options = onward, .optlen = 8), IPSTATS_MIB_INDISCARDS, IP_OPTIONS);
	CHECK_DROP(&w, SPEC(.options = done, .optlen = 8), IPSTATS_MIB_INDISCARDS, IP_OPTIONS);
	w.net->ipv4.devconf_all.accept_source_route = 1;
	CHECK_DROP(&w, SPEC(.options = onward, .optlen = 8), IPSTATS_MIB_INDISCARDS, IP_OPTIONS);
	wire_ping(&w, SPEC(.options = done, .optlen = 8), 4);
	EXPECT_EQ(fake_netdev_drain(w.dev), 1);
	wire_down(&w);
}

TEST(a_protocol_nobody_has_brings_protocol_unreachable)
{
	struct icmphdr *icmph;
	struct frame f;
	struct wire w;

	wire_up_known(&w);
	wire_ip(&w, SPEC(.protocol = 253), "hello", 5);
	EXPECT_EQ(w.net->drops[SKB_DROP_REASON_IP_NOPROTO], 1);
	EXPECT_EQ(w.net->mib.ip[IPSTATS_MIB_INUNKNOWNPROTOS], 1);
	EXPECT_TRUE(wire_pop(&w, &f));
	expect_icmp_ok(&f);
	icmph = frame_l4(&f);
	EXPECT_EQ(icmph->type, ICMP_DEST_UNREACH);
	EXPECT_EQ(icmph->code, ICMP_PROT_UNREACH);
	wire_down(&w);
}

TEST(received_packets_and_octets_are_counted)
{
	struct wire w;

	wire_up_known(&w);
	wire_ping(&w, SPEC(.tos = 2), 100);
	EXPECT_EQ(w.net->mib.ip[IPSTATS_MIB_INPKTS], 1);
	EXPECT_EQ(w.net->mib.ip[IPSTATS_MIB_INOCTETS], 128);
	EXPECT_EQ(w.net->mib.ip[IPSTATS_MIB_ECT0PKTS], 1);
	EXPECT_EQ(w.net->mib.ip[IPSTATS_MIB_INDELIVERS], 1);
	EXPECT_EQ(w.net->mib.ip[IPSTATS_MIB_OUTREQUESTS], 1);
	EXPECT_EQ(w.net->mib.ip[IPSTATS_MIB_OUTPKTS], 1);
	EXPECT_EQ(w.net->mib.ip[IPSTATS_MIB_OUTOCTETS], 128);
	fake_netdev_drain(w.dev);
	wire_down(&w);
}

/* Every byte of a good packet, every bit flipped: nothing breaks. */
TEST(any_damaged_bit_of_a_packet_leaves_the_host_alive)
{
	u8 buf[20 + 8 + 8];
	struct iphdr *iph = (void *)buf;
	unsigned int bit;
	struct wire w;

	wire_up_known(&w);
	for (bit = 0; bit < sizeof(buf) * 8; bit++) {
		memset(buf, 0, sizeof(buf));
		*iph = (struct iphdr){ .version = 4, .ihl = 5, .ttl = 64,
			.tot_len = htons(sizeof(buf)), .protocol = IPPROTO_ICMP,
			.saddr = PEER, .daddr = US };
		buf[20] = ICMP_ECHO;
		buf[bit / 8] ^= (u8)(1 << bit % 8);
		iph->check = 0;
		iph->check = ip_fast_csum(iph, iph->ihl >= 5 && iph->ihl < 9 ? iph->ihl : 5);
		wire_receive(&w, NULL, ETH_P_IP, buf, sizeof(buf));
	}
	host_sleep(10 * NSEC_PER_SEC);
	fake_netdev_drain(w.dev);
	expect_alive(&w);
	wire_down(&w);
}

/* What a stranger would send who knows the formats: the outside right, the
 * inside at random, now and then the inside of an inside. */
static void send_random(struct wire *w, u8 *buf)
{
	static const u8 protocols[] = { IPPROTO_ICMP, IPPROTO_UDP, IPPROTO_ICMP, 2, 47, 255 };
	static const u8 types[] = { ICMP_DEST_UNREACH, ICMP_REDIRECT, ICMP_ECHO, ICMP_ECHOREPLY,
		ICMP_TIME_EXCEEDED, ICMP_PARAMETERPROB, ICMP_TIMESTAMP, ICMP_SOURCE_QUENCH };
	unsigned int len = get_random_u32_below(100), optlen = get_random_u32_below(11) * 4;
	struct ip_spec s = { .saddr = get_random_u32_below(3) ? PEER : get_random_u32() };
	struct iphdr *quoted = (void *)(buf + 8);
	u8 options[40];

	get_random_bytes(buf, 128);
	get_random_bytes(options, sizeof(options));
	s.protocol = protocols[get_random_u32_below(ARRAY_SIZE(protocols))];
	if (!get_random_u32_below(4)) {
		s.options = options;
		s.optlen = optlen;
	}
	if (s.protocol == IPPROTO_ICMP) {
		buf[0] = types[get_random_u32_below(ARRAY_SIZE(types))];
		buf[1] &= 15;
		quoted->version = 4;
		quoted->ihl = 5 + get_random_u32_below(3);
		quoted->protocol = protocols[get_random_u32_below(ARRAY_SIZE(protocols))];
		quoted->saddr = US;
		memset(buf + 2, 0, 2);
		put_unaligned(ip_compute_csum(buf, (int)len), (__sum16 *)(void *)(buf + 2));
	} else if (s.protocol == IPPROTO_UDP) {
		put_unaligned(htons((u16)len), (__be16 *)(void *)(buf + 4));
		memset(buf + 6, 0, 2);
	}
	wire_ip(w, &s, buf, len);
}

TEST(packets_at_random_leave_the_host_alive)
{
	struct wire w;
	u8 buf[128];
	int i;

	wire_up_known(&w);
	for (i = 0; i < 20000; i++) {
		send_random(&w, buf);
		fake_netdev_drain(w.dev);
	}
	host_sleep(10 * NSEC_PER_SEC);
	fake_netdev_drain(w.dev);
	expect_alive(&w);
	wire_down(&w);
}
