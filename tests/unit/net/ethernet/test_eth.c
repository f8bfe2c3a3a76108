// SPDX-License-Identifier: MIT
/* Ethernet headers, off and on. */
#include <linux/slab.h>
#include <net/neighbour.h>
#include <net/net_namespace.h>

#include "../../test.h"
#include "../fake_netdev.h"

static int type_of(struct net_device *dev, const u8 *dest, __be16 *proto)
{
	struct sk_buff *skb = fake_frame(dev, dest, ETH_P_IP, 46);
	int type;

	*proto = eth_type_trans(skb, dev);
	type = skb->pkt_type;
	EXPECT_EQ(skb->len, 46);
	EXPECT_EQ(skb->data - skb_mac_header(skb), ETH_HLEN);
	EXPECT_TRUE(skb->dev == dev);
	consume_skb(skb);
	return type;
}

TEST(the_destination_address_tells_whose_a_frame_is)
{
	static const u8 other[ETH_ALEN] = { 2, 0, 0, 0, 0, 0x77 };
	static const u8 group[ETH_ALEN] = { 1, 0, 0x5e, 0, 0, 1 };
	static const u8 all[ETH_ALEN] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	struct net_device *dev = fake_netdev_create(init_net, 0);
	__be16 proto;

	EXPECT_EQ(type_of(dev, NULL, &proto), PACKET_HOST);
	EXPECT_EQ(proto, htons(ETH_P_IP));
	EXPECT_EQ(type_of(dev, other, &proto), PACKET_OTHERHOST);
	EXPECT_EQ(type_of(dev, group, &proto), PACKET_MULTICAST);
	EXPECT_EQ(type_of(dev, all, &proto), PACKET_BROADCAST);
	fake_netdev_destroy(dev);
}

/* A frame of TCP over IPv4, with one byte that is different. */
static unsigned int headlen_with(unsigned int at, u8 value, unsigned int len)
{
	u8 frame[400] = { [12] = 0x08, [14] = 0x45, [20] = 0x40, [23] = 6, [46] = 0x80 };

	frame[at] = value;
	/* With 40 bytes of IP options the TCP header lies elsewhere. */
	frame[86] = 0x60;
	return eth_get_headlen(frame, len);
}

TEST(the_headers_of_tcp_belong_into_the_linear_part_and_of_all_else_a_piece)
{
	EXPECT_EQ(headlen_with(0, 0, 400), 14U + 20 + 32);
	EXPECT_EQ(headlen_with(46, 0x50, 400), 14U + 20 + 20);
	EXPECT_EQ(headlen_with(14, 0x4f, 400), 14U + 60 + 24);
	/* Not IPv4, not TCP, a fragment (first and later), headers that are none. */
	EXPECT_EQ(headlen_with(12, 0x86, 400), (unsigned int)SKB_RX_COPY);
	EXPECT_EQ(headlen_with(23, 17, 400), (unsigned int)SKB_RX_COPY);
	EXPECT_EQ(headlen_with(20, 0x20, 400), (unsigned int)SKB_RX_COPY);
	EXPECT_EQ(headlen_with(21, 1, 400), (unsigned int)SKB_RX_COPY);
	EXPECT_EQ(headlen_with(14, 0x44, 400), (unsigned int)SKB_RX_COPY);
	EXPECT_EQ(headlen_with(46, 0x40, 400), (unsigned int)SKB_RX_COPY);
	/* And never more than there is. */
	EXPECT_EQ(headlen_with(0, 0, 60), 60U);
	EXPECT_EQ(headlen_with(0, 0, 53), 53U);
	EXPECT_EQ(headlen_with(0, 0, 33), 33U);
	EXPECT_EQ(headlen_with(0, 0, 0), 0U);
}

TEST(lengths_are_not_ethertypes)
{
	struct net_device *dev = fake_netdev_create(init_net, 0);
	struct sk_buff *skb = fake_frame(dev, NULL, ETH_P_802_3_MIN - 1, 46);

	EXPECT_EQ(eth_type_trans(skb, dev), htons(ETH_P_802_2));
	consume_skb(skb);
	skb = fake_frame(dev, NULL, ETH_P_802_3_MIN, 46);
	EXPECT_EQ(eth_type_trans(skb, dev), htons(ETH_P_802_3_MIN));
	consume_skb(skb);
	fake_netdev_destroy(dev);
}

TEST(frames_shorter_than_a_header_are_not_read_beyond_their_end)
{
	struct net_device *dev = fake_netdev_create(init_net, 0);
	unsigned int len;

	for (len = 0; len < ETH_HLEN; len++) {
		struct sk_buff *skb = fake_frame(dev, NULL, ETH_P_IP, 0);

		skb_trim(skb, len);
		EXPECT_EQ(eth_type_trans(skb, dev), 0);
		EXPECT_EQ(skb->len, len);
		consume_skb(skb);
	}
	fake_netdev_destroy(dev);
}

TEST(a_header_is_built_and_parsed)
{
	static const u8 dest[ETH_ALEN] = { 1, 2, 3, 4, 5, 6 };
	static const u8 src[ETH_ALEN] = { 6, 5, 4, 3, 2, 1 };
	struct net_device *dev = fake_netdev_create(init_net, 0);
	struct sk_buff *skb = alloc_skb(init_net, 100, GFP_KERNEL);
	u8 addr[ETH_ALEN];

	skb_reserve(skb, 50);
	EXPECT_EQ(eth_header(skb, dev, ETH_P_ARP, dest, src, 28), ETH_HLEN);
	EXPECT_MEMEQ(skb->data, dest, ETH_ALEN);
	EXPECT_MEMEQ(skb->data + 6, src, ETH_ALEN);
	EXPECT_EQ(skb->data[12] << 8 | skb->data[13], ETH_P_ARP);
	skb_reset_mac_header(skb);
	skb->dev = dev;
	EXPECT_EQ(dev_parse_header(skb, addr), ETH_ALEN);
	EXPECT_MEMEQ(addr, src, ETH_ALEN);
	skb_pull(skb, ETH_HLEN);
	EXPECT_EQ(eth_header(skb, dev, ETH_P_802_3, NULL, NULL, 28), -ETH_HLEN);
	EXPECT_MEMEQ(skb->data + 6, dev->dev_addr, ETH_ALEN);
	EXPECT_EQ(skb->data[13], 28);
	consume_skb(skb);
	fake_netdev_destroy(dev);
}

TEST(short_frames_are_padded_with_zeros)
{
	struct net_device *dev = fake_netdev_create(init_net, 0);
	struct sk_buff *skb = fake_packet(dev, 10, 0);

	memset(skb->tail, 0xcc, skb_tailroom(skb));
	EXPECT_EQ(eth_skb_pad(skb), 0);
	EXPECT_EQ(skb->len, ETH_ZLEN);
	EXPECT_TRUE(!memchr_inv_any(skb->data + ETH_HLEN + 10, 0, ETH_ZLEN - ETH_HLEN - 10));
	consume_skb(skb);
	fake_netdev_destroy(dev);
}

TEST(addresses_are_compared_and_judged)
{
	u8 a[ETH_ALEN] = { 2, 0, 0, 0, 0, 1 }, b[ETH_ALEN];
	struct net_device *dev;

	ether_addr_copy(b, a);
	EXPECT_TRUE(ether_addr_equal(a, b));
	b[5]++;
	EXPECT_FALSE(ether_addr_equal(a, b));
	b[5]--;
	b[0] ^= 0x80;
	EXPECT_FALSE(ether_addr_equal(a, b));
	eth_zero_addr(b);
	EXPECT_TRUE(is_zero_ether_addr(b));
	EXPECT_FALSE(is_valid_ether_addr(b));
	eth_broadcast_addr(b);
	EXPECT_TRUE(is_broadcast_ether_addr(b) && is_multicast_ether_addr(b));
	b[3] = 0;
	EXPECT_FALSE(is_broadcast_ether_addr(b));
	eth_random_addr(b);
	EXPECT_TRUE(is_valid_ether_addr(b) && is_local_ether_addr(b));
	dev = fake_netdev_create(init_net, 0);
	EXPECT_EQ(dev_set_mac_address(dev, b), 0);
	EXPECT_MEMEQ(dev->dev_addr, b, ETH_ALEN);
	eth_zero_addr(b);
	EXPECT_EQ(dev_set_mac_address(dev, b), -EADDRNOTAVAIL);
	EXPECT_EQ(eth_validate_addr(dev), 0);
	fake_netdev_destroy(dev);
}
