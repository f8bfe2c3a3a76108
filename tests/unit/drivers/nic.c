// SPDX-License-Identifier: MIT
/* Numbered frames for the tests of NIC drivers. */
#include "nic.h"

#include <linux/dma-mapping.h>
#include <linux/unaligned.h>

/** nic_find() - the interface of a driver, or NULL */
struct net_device *nic_find(const char *driver)
{
	struct net_device *dev;

	/* A doorbell for each packet, unless a test wants otherwise. */
	init_net->core.sysctl_xmit_more_max = 1;
	for_each_netdev(init_net, dev)
		if (dev->driver && !strcmp(dev->driver, driver))
			return dev;
	return NULL;
}

/** nic_fill() - see nic.h */
void nic_fill(u8 *frame, u32 seq, unsigned int len, const u8 *dst)
{
	unsigned int i;

	if (dst)
		memcpy(frame, dst, ETH_ALEN);
	else
		memset(frame, 0xff, ETH_ALEN);
	memset(frame + ETH_ALEN, 0x02, ETH_ALEN);
	put_unaligned_be16(NIC_ETHERTYPE, frame + 12);
	put_unaligned_be32(seq, frame + 14);
	put_unaligned_be32(len, frame + 18);
	for (i = NIC_MIN; i < len; i++)
		frame[i] = (u8)(seq * 7 + i);
}

static bool nic_check(const u8 *frame, u32 seq, unsigned int len)
{
	unsigned int i, want;

	if (len < NIC_MIN || get_unaligned_be32(frame + 14) != seq)
		return false;
	want = get_unaligned_be32(frame + 18);
	if (want > len)
		return false;
	for (i = NIC_MIN; i < want; i++)
		if (frame[i] != (u8)(seq * 7 + i))
			return false;
	return true;
}

static int nic_rcv(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt,
		   struct net_device *orig_dev)
{
	static u8 frame[70000];
	struct nic *nic = container_of(pt, struct nic, pt);

	nic->rx_count++;
	nic->rx_ip_summed = skb->ip_summed;
	nic->rx_frags = skb_shinfo(skb)->nr_frags;
	nic->rx_len = skb->len + ETH_HLEN;
	skb_push(skb, ETH_HLEN);
	if (skb->len > sizeof(frame) || skb_copy_bits(skb, 0, frame, (int)skb->len) ||
	    !nic_check(frame, nic->rx_seq, skb->len))
		nic->rx_bad++;
	nic->rx_seq++;
	if (nic->hold && nic->held_count < NIC_HOLD)
		nic->held[nic->held_count++] = skb;
	else
		consume_skb(skb);
	if (nic->on_rx)
		nic->on_rx(nic);
	return NET_RX_SUCCESS;
}

/** nic_release() - see nic.h */
void nic_release(struct nic *nic)
{
	static u8 frame[70000];
	u32 seq = nic->rx_seq - nic->held_count;

	for (unsigned int i = 0; i < nic->held_count; i++) {
		struct sk_buff *skb = nic->held[i];

		if (skb_copy_bits(skb, 0, frame, (int)skb->len) ||
		    !nic_check(frame, seq + i, skb->len))
			nic->rx_bad++;
		consume_skb(skb);
	}
	nic->held_count = 0;
	nic->hold = false;
}

/** nic_on_tx() - see nic.h */
void nic_on_tx(void *ctx, const u8 *frame, unsigned int len)
{
	struct nic *nic = ctx;

	/* What the stack sends on its own is not ours. */
	if (len < ETH_HLEN || get_unaligned_be16(frame + 12) != NIC_ETHERTYPE)
		return;
	nic->wire_count++;
	nic->wire_len = len;
	memcpy(nic->wire, frame, min(len, (unsigned int)sizeof(nic->wire)));
	if (!nic_check(frame, nic->wire_seq, len))
		nic->wire_bad++;
	nic->wire_seq++;
}

/** nic_skb() - see nic.h */
struct sk_buff *nic_skb(struct nic *nic, u32 seq, unsigned int len, unsigned int frags)
{
	static u8 frame[70000];
	unsigned int head = frags ? NIC_MIN : len, room = LL_RESERVED_SPACE(nic->dev);
	struct sk_buff *skb = alloc_skb(init_net, room + head, GFP_ATOMIC);
	unsigned int at = head, i;

	BUG_ON(!skb);
	nic_fill(frame, seq, len, NULL);
	skb_reserve(skb, (int)room);
	skb_put_data(skb, frame, head);
	for (i = 0; i < frags; i++) {
		unsigned int size = (len - at) / (frags - i);
		struct skb_page *page = skb_page_alloc(size, GFP_ATOMIC);

		BUG_ON(!page);
		memcpy(page->data, frame + at, size);
		skb_add_rx_frag(skb, (int)i, page, 0, size, size);
		at += size;
	}
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, ETH_HLEN);
	skb->protocol = htons(NIC_ETHERTYPE);
	skb->dev = nic->dev;
	return skb;
}

/** nic_send() - see nic.h */
void nic_send(struct nic *nic, unsigned int n, unsigned int len)
{
	while (n--)
		dev_queue_xmit(nic_skb(nic, nic->tx_seq++, len, 0));
}

/** nic_begin() - brings the interface up and listens */
void nic_begin(struct nic *nic, const char *driver, void *fake)
{
	memset(nic, 0, sizeof(*nic));
	nic->fake = fake;
	nic->dev = nic_find(driver);
	if (!nic->dev) {
		test_fail(__FILE__, __LINE__, "%s made no interface", driver);
		return;
	}
	nic->pt.type = htons(NIC_ETHERTYPE);
	nic->pt.dev = nic->dev;
	nic->pt.func = nic_rcv;
	dev_add_pack(&nic->pt);
	EXPECT_EQ(dev_open(nic->dev), 0);
	host_run();
}

/** nic_end() - takes it down */
void nic_end(struct nic *nic)
{
	dev_close(nic->dev);
	host_run();
	dev_remove_pack(&nic->pt);
	EXPECT_EQ(nic->rx_bad, 0UL);
	EXPECT_EQ(nic->wire_bad, 0UL);
}

/** nic_expect_dma_clean() - see nic.h */
void nic_expect_dma_clean(const struct device *dev)
{
	EXPECT_EQ(dev->dma_mapped, 0UL);
	EXPECT_EQ(dev->dma_coherent, 0UL);
	EXPECT_EQ(dev->dma_errors, 0UL);
}
