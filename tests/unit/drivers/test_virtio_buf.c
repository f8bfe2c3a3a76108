// SPDX-License-Identifier: MIT
/*
 * What the virtio-net driver receives into: how long buffers are, what a packet pays
 * for, what goes back into the ring, how much memory all of it takes.
 */
#include <linux/slab.h>

#include "../../../drivers/net/virtnet.h"
#include "test_virtio_net.h"

#define GUEST_TSO4	(1ULL << 7)
#define MRG_RXBUF	(1ULL << 15)

static struct fake_virtio fake;
static struct nic nic;

/* What came up, kept: as in the queue of a socket whose reader is elsewhere. */
static struct sk_buff_head kept;
static struct packet_type keeper;

static int keep(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt,
		struct net_device *orig_dev)
{
	__skb_queue_tail(&kept, skb);
	return NET_RX_SUCCESS;
}

static void begin(u64 without, size_t memory)
{
	host_set_memory(memory);
	fake_virtio_init(&fake, false);
	fake.offered &= ~without;
	virtio_test_begin(&fake, &nic);
	__skb_queue_head_init(&kept);
	/* In place of the numbered frames' own. */
	dev_remove_pack(&nic.pt);
	keeper = (struct packet_type){ .type = htons(NIC_ETHERTYPE), .dev = nic.dev,
				       .func = keep };
	dev_add_pack(&keeper);
}

static void end(void)
{
	EXPECT_TRUE(skb_queue_empty(&kept));
	dev_remove_pack(&keeper);
	dev_add_pack(&nic.pt);
	virtio_test_end(&fake, &nic);
	host_set_memory(HOST_MEMORY);
}

static struct receive_queue *rq(void)
{
	return &((struct virtnet_info *)netdev_priv(nic.dev))->rq[0];
}

static void frames(unsigned int n, unsigned int len)
{
	while (n--) {
		EXPECT_TRUE(virtio_test_rx(&fake, nic.rx_seq++, len));
		host_run();
	}
}

/* Frees what was kept; its bytes were those of the frames. */
static void drop_kept(void)
{
	static u8 is[70000], want[70000];
	struct sk_buff *skb;

	while ((skb = __skb_dequeue(&kept))) {
		unsigned int len = skb->len + ETH_HLEN;
		u32 seq;

		skb_push(skb, ETH_HLEN);
		EXPECT_EQ(skb_copy_bits(skb, 0, is, (int)len), 0);
		seq = get_unaligned_be32(is + 14);
		nic_fill(want, seq, len, NULL);
		EXPECT_MEMEQ(is, want, len);
		consume_skb(skb);
	}
}

static unsigned int kept_truesize(void)
{
	unsigned int sum = 0;
	struct sk_buff *skb;

	skb_queue_walk(&kept, skb)
		sum += skb->truesize;
	return sum;
}

TEST(virtio_net_charges_a_frame_for_what_it_takes)
{
	begin(0, HOST_MEMORY);
	frames(100, 1514);
	/* A struct, a head for the headers, and 1,536 bytes. */
	EXPECT_LT(kept_truesize(), 100U * (1536 + 1024));
	drop_kept();
	end();
}

TEST(virtio_net_makes_buffers_as_long_as_what_comes)
{
	begin(0, HOST_MEMORY);
	EXPECT_LT(rq()->posted, 256U * 1600);
	frames(300, 60000);
	EXPECT_GT(rq()->posted, 200U * 12288);
	EXPECT_LE(rq()->posted, rq()->posted_max + rq()->max_buf_len);
	/* Five buffers of 16 KiB and not forty of 1,536 bytes. */
	rq()->merged = 0;
	drop_kept();
	frames(16, 60000);
	EXPECT_LE(rq()->merged, 16UL * 4);
	/* Small ones again: one takes a piece of a long buffer, not all of it. */
	drop_kept();
	rq()->split = 0;
	frames(200, 1000);
	EXPECT_GE(rq()->split, 100UL);
	EXPECT_LT(kept_truesize(), 200U * 5000);
	drop_kept();
	end();
}

TEST(virtio_net_gives_memory_back_when_a_transfer_is_over)
{
	unsigned int posted;

	begin(0, HOST_MEMORY);
	frames(300, 60000);
	posted = rq()->posted;
	drop_kept();
	/* Acknowledgements and the like, which are copied. */
	frames(1000, 66);
	EXPECT_LT(rq()->posted, posted / 4);
	EXPECT_EQ(fake_virtio_rx_room(&fake), 256U);
	drop_kept();
	end();
}

TEST(virtio_net_takes_a_packet_in_more_pieces_than_it_has_frags)
{
	struct sk_buff *skb;
	unsigned int i;

	begin(0, HOST_MEMORY);
	/* Every other buffer leaves the ring: none has its neighbour beside it. */
	for (i = 0; i < 256; i++)
		frames(1, i & 1 ? 1514 : 100);
	drop_kept();
	for (i = 0; i < 20 && !skb_queue_len(&kept); i++) {
		frames(1, 65000);
		skb = skb_peek_tail(&kept);
		EXPECT_EQ(skb->len, 65000U - ETH_HLEN);
		if (!skb_has_frag_list(skb))
			drop_kept();
	}
	EXPECT_LT(i, 20U);
	EXPECT_EQ(skb_shinfo(skb_peek_tail(&kept))->nr_frags, (u8)MAX_SKB_FRAGS);
	drop_kept();
	EXPECT_EQ(nic.dev->stats.rx_errors, 0UL);
	end();
}

TEST(virtio_net_drops_a_packet_when_there_is_no_memory_for_its_list)
{
	unsigned int n;

	begin(0, HOST_MEMORY);
	for (n = 0; n < 256; n++)
		frames(1, n & 1 ? 1514 : 100);
	drop_kept();
	for (n = 1; n < 30; n++) {
		slab_fail_after(n, 0);
		frames(1, 65000);
		slab_fail_after(0, 0);
		drop_kept();
		frames(1, 1514);
		EXPECT_EQ(skb_queue_len(&kept), 1U);
		drop_kept();
	}
	EXPECT_GT(nic.dev->stats.rx_errors + nic.dev->stats.rx_dropped, 0UL);
	end();
}

TEST(virtio_net_posts_no_more_than_its_share_of_memory)
{
	static const size_t mib[] = { 1, 8, 16, 64, 128, 4096 };

	for (unsigned int i = 0; i < ARRAY_SIZE(mib); i++) {
		size_t share = clamp((mib[i] << 20) / 32, (size_t)256 << 10, (size_t)4 << 20);

		begin(0, mib[i] << 20);
		frames(400, 60000);
		drop_kept();
		frames(4, 65000);
		EXPECT_LT(rq()->posted, share + 20000);
		EXPECT_GT(rq()->posted, share * 3 / 4);
		drop_kept();
		EXPECT_EQ(nic.dev->stats.rx_errors, 0UL);
		end();
	}
}

TEST(virtio_net_does_not_split_a_buffer_that_only_one_frame_may_use)
{
	begin(MRG_RXBUF | GUEST_TSO4, HOST_MEMORY);
	frames(300, 700);
	EXPECT_EQ(rq()->split, 0UL);
	EXPECT_EQ(rq()->posted, 256U * 1536);
	drop_kept();
	end();
}
