// SPDX-License-Identifier: MIT
/* Frames of one flow become one packet: which do, which do not, and when it goes up. */
#include <net/gro.h>
#include <net/net_namespace.h>

#include "../../test.h"
#include "tcp_frame.h"

#define MSS 1000

/* A device, its NAPI instance, and what came up. */
struct gro {
	struct net_device *dev;
	struct napi_struct napi;
	struct packet_type taker;
	struct sk_buff_head up;
};

static struct gro g;

static int no_poll(struct napi_struct *napi, int budget)
{
	return 0;
}

static int take(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt,
		struct net_device *orig_dev)
{
	__skb_queue_tail(&g.up, skb);
	return 0;
}

static void begin(void)
{
	memset(&g, 0, sizeof(g));
	g.dev = fake_netdev_create(init_net, NETIF_F_GRO);
	__skb_queue_head_init(&g.up);
	g.taker = (struct packet_type){ .type = htons(ETH_P_ALL), .dev = g.dev, .func = take,
					.net = init_net };
	dev_add_pack(&g.taker);
	netif_napi_add(g.dev, &g.napi, no_poll);
	napi_enable(&g.napi);
}

static void end(void)
{
	struct sk_buff *skb;

	napi_disable(&g.napi);
	netif_napi_del(&g.napi);
	while ((skb = __skb_dequeue(&g.up)) != NULL)
		consume_skb(skb);
	dev_remove_pack(&g.taker);
	fake_netdev_destroy(g.dev);
}

/* The next frame of the poll. */
static gro_result_t frame(const struct tcp_frame *f)
{
	struct sk_buff *skb = tcp_frame(g.dev, f);
	gro_result_t ret;

	skb->protocol = eth_type_trans(skb, g.dev);
	local_bh_disable();
	ret = napi_gro_receive(&g.napi, skb);
	local_bh_enable();
	return ret;
}

static void flush(void)
{
	local_bh_disable();
	napi_gro_flush(&g.napi);
	local_bh_enable();
}

/* What came up next: payload [@seq, @seq + @len) of @segs frames (0: none merged). */
static void expect_up(u32 seq, unsigned int len, unsigned int segs)
{
	struct sk_buff *skb = __skb_dequeue(&g.up);
	const struct iphdr *iph;

	EXPECT_TRUE(skb != NULL);
	if (!skb)
		return;
	/* The frame's own checks come after the taps: IP has seen the packet, too. */
	iph = (const void *)skb_network_header(skb);
	tcp_frame_expect(skb, 40, seq, len);
	EXPECT_EQ(ntohs(iph->tot_len), 40 + len);
	EXPECT_EQ(ip_fast_csum(iph, 5), 0);
	EXPECT_EQ(skb_shinfo(skb)->gso_segs, segs);
	EXPECT_EQ(skb_shinfo(skb)->gso_size, segs ? MSS : 0);
	if (segs) {
		const struct tcphdr *th = (const void *)(iph + 1);

		EXPECT_EQ((int)skb->ip_summed, CHECKSUM_PARTIAL);
		EXPECT_EQ(th->check, (u16)~(u16)tcp_v4_check((int)(20 + len), iph->saddr,
							      iph->daddr, 0));
	}
	consume_skb(skb);
}

#define expect_no_more() EXPECT_TRUE(skb_queue_empty(&g.up))

static struct tcp_frame nth(unsigned int n)
{
	return (struct tcp_frame){ .seq = 1 + n * MSS, .len = MSS, .id = (u16)(7 + n),
				   .ack = 9, .window = 500, .frag_off = IP_DF };
}

static void merge_some(bool paged)
{
	u64 before = init_net->mib.ip[IPSTATS_MIB_NOECTPKTS];
	unsigned int n;

	begin();
	for (n = 0; n < 30; n++) {
		struct tcp_frame f = nth(n);

		f.paged = paged;
		EXPECT_EQ(frame(&f), n ? GRO_MERGED : GRO_HELD);
	}
	expect_no_more();
	flush();
	expect_up(1, 30 * MSS, 30);
	expect_no_more();
	/* What is counted is what was on the wire. */
	EXPECT_EQ(init_net->mib.ip[IPSTATS_MIB_NOECTPKTS] - before, 30);
	end();
}

TEST(frames_of_a_flow_become_one_packet)
{
	merge_some(false);
}

TEST(frames_with_pages_become_one_packet)
{
	merge_some(true);
}

TEST(merged_packet_is_no_longer_than_ip_allows)
{
	unsigned int n;

	begin();
	for (n = 0; n < 70; n++) {
		struct tcp_frame f = nth(n);

		frame(&f);
	}
	flush();
	expect_up(1, 65 * MSS, 65);
	expect_up(1 + 65 * MSS, 5 * MSS, 5);
	expect_no_more();
	end();
}

TEST(short_segment_or_push_ends_what_is_merged)
{
	struct tcp_frame f;

	begin();
	f = nth(0);
	frame(&f);
	f = nth(1);
	f.len = 10;
	EXPECT_EQ(frame(&f), GRO_MERGED);
	expect_up(1, MSS + 10, 2);
	f = nth(2);
	frame(&f);
	f = nth(3);
	f.flags = TCPHDR_PSH | TCPHDR_FIN;
	EXPECT_EQ(frame(&f), GRO_MERGED);
	/* The end that the last one said is that of the whole. */
	EXPECT_EQ(skb_queue_len(&g.up), 1);
	EXPECT_EQ(skb_peek(&g.up)->data[20 + 13], TCPHDR_ACK | TCPHDR_PSH | TCPHDR_FIN);
	expect_up(1 + 2 * MSS, 2 * MSS, 2);
	expect_no_more();
	end();
}

static u32 seq_of(const struct sk_buff *skb)
{
	const struct tcphdr *th = (const void *)(skb->data + sizeof(struct iphdr));

	return ntohl(th->seq);
}

/* @f, after the frame before it: it is not merged. */
static void expect_apart(const char *what, struct tcp_frame f)
{
	struct tcp_frame first = nth(0);
	unsigned int n;

	begin();
	frame(&first);
	if (frame(&f) == GRO_MERGED)
		test_fail(__FILE__, __LINE__, "%s: was merged", what);
	flush();
	for (n = 0; n < 2 && !skb_queue_empty(&g.up); n++) {
		struct sk_buff *skb = __skb_dequeue(&g.up);

		EXPECT_EQ(skb_shinfo(skb)->gso_size, 0);
		/* In the order in which they came, when they are of one flow. */
		if (f.sport == 0 && !f.bad_sum)
			EXPECT_EQ(seq_of(skb), n ? f.seq : first.seq);
		consume_skb(skb);
	}
	EXPECT_EQ(n, 2);
	expect_no_more();
	end();
}

#define APART(what, ...) do {						\
	struct tcp_frame __f = nth(1);					\
	__VA_ARGS__;							\
	expect_apart(what, __f);					\
} while (0)

TEST(frames_that_differ_are_not_merged)
{
	APART("another port", __f.sport = 1001);
	APART("a gap", __f.seq++);
	APART("an overlap", __f.seq--);
	APART("a repetition", __f.seq = 1);
	APART("another acknowledgment", __f.ack++);
	APART("another window", __f.window++);
	APART("longer than those before", __f.len++);
	APART("CWR", __f.flags = TCPHDR_CWR);
	APART("ECE", __f.flags = TCPHDR_ECE);
	APART("SYN", __f.flags = TCPHDR_SYN);
	APART("RST", __f.flags = TCPHDR_RST);
	APART("URG", __f.flags = TCPHDR_URG);
	APART("no data", __f.len = 0);
	APART("another TTL", __f.ttl = 63);
	APART("an id from elsewhere", __f.id += 5);
	APART("may be fragmented", __f.frag_off = 0);
	APART("a fragment", __f.frag_off = 0x2000);
	APART("padded", __f.len = 2; __f.padding = 4);
	APART("a wrong checksum", __f.bad_sum = true);
}

TEST(padded_frame_is_not_merged)
{
	struct tcp_frame f = nth(0);

	begin();
	f.len = 2;
	f.padding = 4;
	EXPECT_EQ(frame(&f), GRO_NORMAL);
	EXPECT_EQ(skb_queue_len(&g.up), 1);
	EXPECT_EQ(skb_shinfo(skb_peek(&g.up))->gso_size, 0);
	end();
}

TEST(flows_are_merged_side_by_side_and_the_oldest_goes_when_there_are_too_many)
{
	unsigned int n, flow;

	begin();
	for (n = 0; n < 3; n++)
		for (flow = 0; flow < 8; flow++) {
			struct tcp_frame f = nth(n);

			f.sport = (u16)(2000 + flow);
			EXPECT_EQ(frame(&f), n ? GRO_MERGED : GRO_HELD);
		}
	expect_no_more();
	{
		struct tcp_frame f = nth(0);

		EXPECT_EQ(frame(&f), GRO_HELD);
	}
	expect_up(1, 3 * MSS, 3);
	expect_no_more();
	flush();
	for (flow = 1; flow < 8; flow++)
		expect_up(1, 3 * MSS, 3);
	expect_up(1, MSS, 0);
	expect_no_more();
	end();
}

TEST(device_without_gro_gets_its_frames_through_at_once)
{
	struct tcp_frame f = nth(0);

	begin();
	g.dev->features &= ~NETIF_F_GRO;
	EXPECT_EQ(frame(&f), GRO_NORMAL);
	expect_up(1, MSS, 0);
	end();
}
