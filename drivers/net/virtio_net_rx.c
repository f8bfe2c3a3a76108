// SPDX-License-Identifier: MIT
/*
 * virtio-net, receive side: pages for the device, frames out of them.
 *
 * A frame up to GOOD_COPY_LEN is copied into an skb of its size and its page
 * goes back into the ring at once; of a larger one the headers are copied and
 * the page becomes a frag (skb_from_page()), so that the same code serves a
 * frame that spans buffers. Linear buffers, as in the e1000 driver, would save
 * that copy but could not be merged. With GUEST_TSO4 a packet of TCP may be as
 * large as IPv4 allows; it goes up as one, and says of how many it consists.
 *
 * Linux: drivers/net/virtio_net.c (receive_buf, page_to_skb, try_fill_recv ...)
 * Read first: virtio 1.2, 5.1.6.3 and 5.1.6.4.
 */
#include <linux/byteorder.h>
#include <linux/errno.h>
#include <linux/etherdevice.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/tcp.h>

#include "virtnet.h"

#define GOOD_COPY_LEN		SKB_RX_COPY
#define VIRTNET_REFILL_RETRY_NS	(10 * NSEC_PER_MSEC)

/* Gives a page to the device; false: it could not be, and is put. */
static bool virtnet_add_page(struct virtnet_info *vi, struct skb_page *page)
{
	struct scatterlist sg;

	sg_set_buf(&sg, page->data, page->size);
	if (likely(!virtqueue_add_inbuf(vi->rvq, &sg, 1, page)))
		return true;
	skb_page_put(page);
	return false;
}

/**
 * try_fill_recv() - gives the device as many buffers as its queue takes
 * @vi: the NIC, up
 *
 * One doorbell for all. When memory runs out, a timer tries again: with an empty
 * queue there would be no frame, hence no interrupt and no poll, for ever.
 * Context: softirqs off.
 */
void try_fill_recv(struct virtnet_info *vi)
{
	while (vi->rvq->num_free && !virtqueue_is_broken(vi->rvq)) {
		struct skb_page *page = skb_page_alloc(vi->rx_buf_len, GFP_ATOMIC);

		if (unlikely(!page || !virtnet_add_page(vi, page))) {
			vi->rx_refill_failed++;
			if (!timer_pending(&vi->refill_timer))
				mod_timer(&vi->refill_timer,
					  ktime_get_ns() + VIRTNET_REFILL_RETRY_NS);
			break;
		}
	}
	virtqueue_kick(vi->rvq);
}

/* The first buffer of a frame as an skb, @len bytes of frame in it. NULL when
 * there is no memory. Takes the page. */
static struct sk_buff *page_to_skb(struct virtnet_info *vi, struct skb_page *page,
				   unsigned int len)
{
	struct sk_buff *skb;
	unsigned int copy;

	if (len <= GOOD_COPY_LEN) {
		skb = napi_alloc_skb(&vi->napi, len);
		if (likely(skb))
			skb_put_data(skb, page->data + VIRTNET_HDR_LEN, len);
		vi->rx_copied++;
		virtnet_add_page(vi, page);
		return skb;
	}
	copy = eth_get_headlen(page->data + VIRTNET_HDR_LEN, len);
	skb = skb_from_page(dev_net(vi->dev), page, VIRTNET_HDR_LEN, len, copy, page->size);
	if (unlikely(!skb))
		virtnet_add_page(vi, page);
	return skb;
}

/*
 * Takes the further @n buffers of a frame off the queue and makes them frags of
 * its skb. False: they did not all come, or one was not as it should be, or
 * there is no skb; all that came are then back in the queue or the skb's.
 */
static bool virtnet_merge(struct virtnet_info *vi, struct sk_buff *skb, unsigned int n)
{
	bool good = skb != NULL;
	unsigned int len;

	while (n--) {
		struct skb_page *page = virtqueue_get_buf(vi->rvq, &len);

		if (unlikely(!page))
			return false;
		vi->rx_merged++;
		good = good && len && len <= page->size &&
		       skb_shinfo(skb)->nr_frags < MAX_SKB_FRAGS;
		if (likely(good))
			skb_add_rx_frag(skb, skb_shinfo(skb)->nr_frags, page, 0, len,
					page->size);
		else
			virtnet_add_page(vi, page);
	}
	return good;
}

/* Bytes of headers of a packet that is to be TCP over IPv4 with its TCP header at
 * @start, all of them in the linear part; 0: it is not. */
static unsigned int virtnet_rx_tcp_headers(const struct sk_buff *skb, unsigned int start)
{
	const struct ethhdr *eth = (const void *)skb->data;
	const struct iphdr *iph = (const void *)(skb->data + ETH_HLEN);
	const struct tcphdr *th = (const void *)(skb->data + start);
	unsigned int headers;

	if (start < ETH_HLEN + sizeof(*iph) || start + sizeof(*th) > skb_headlen(skb) ||
	    eth->h_proto != htons(ETH_P_IP) || iph->version != IPVERSION ||
	    start != ETH_HLEN + iph->ihl * 4U || iph->protocol != IPPROTO_TCP)
		return 0;
	headers = start + th->doff * 4U;
	return th->doff * 4U >= sizeof(*th) && headers <= skb_headlen(skb) ? headers : 0;
}

/* 5.1.6.4: a packet that stands for several; its checksum is set (CHECKSUM_PARTIAL).
 * -EINVAL: that cannot be. */
static int virtnet_rx_gso(struct virtnet_info *vi, struct sk_buff *skb,
			  const struct virtio_net_hdr_v1 *hdr)
{
	unsigned int size = le16_to_cpu(hdr->gso_size), headers, payload;
	bool ecn = hdr->gso_type & VIRTIO_NET_HDR_GSO_ECN;

	if ((hdr->gso_type & ~VIRTIO_NET_HDR_GSO_ECN) != VIRTIO_NET_HDR_GSO_TCPV4 ||
	    !vi->large_rx || (ecn && !virtio_has_feature(vi->vdev, VIRTIO_NET_F_GUEST_ECN)))
		return -EINVAL;
	/* hdr_len is a hint; one beyond the packet is a lie. */
	if (!size || !(hdr->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) ||
	    skb->csum_offset != offsetof(struct tcphdr, check) ||
	    le16_to_cpu(hdr->hdr_len) > skb->len)
		return -EINVAL;
	headers = virtnet_rx_tcp_headers(skb, le16_to_cpu(hdr->csum_start));
	if (!headers)
		return -EINVAL;
	payload = skb->len - headers;
	/* Linux: what is no larger than a segment is one. */
	if (payload <= size)
		return 0;
	skb_shinfo(skb)->gso_size = (unsigned short)size;
	skb_shinfo(skb)->gso_segs = (unsigned short)DIV_ROUND_UP(payload, size);
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4 | (ecn ? SKB_GSO_TCP_ECN : 0U);
	return 0;
}

/* 5.1.6.4.1: what the device says about checksums. -EINVAL: that cannot be. */
static int virtnet_rx_hdr(struct virtnet_info *vi, struct sk_buff *skb,
			  const struct virtio_net_hdr_v1 *hdr)
{
	if (hdr->flags & VIRTIO_NET_HDR_F_NEEDS_CSUM) {
		if (!virtio_has_feature(vi->vdev, VIRTIO_NET_F_GUEST_CSUM) ||
		    !skb_partial_csum_set(skb, le16_to_cpu(hdr->csum_start),
					  le16_to_cpu(hdr->csum_offset)))
			return -EINVAL;
	} else if ((hdr->flags & VIRTIO_NET_HDR_F_DATA_VALID) &&
		   (vi->dev->features & NETIF_F_RXCSUM)) {
		skb->ip_summed = CHECKSUM_UNNECESSARY;
	}
	return hdr->gso_type == VIRTIO_NET_HDR_GSO_NONE ? 0 : virtnet_rx_gso(vi, skb, hdr);
}

/* Counts a frame that cannot be, and ends what there is of it. */
static void virtnet_rx_bad(struct virtnet_info *vi, struct sk_buff *skb, u64 *counter)
{
	vi->dev->stats.rx_errors++;
	(*counter)++;
	kfree_skb_reason(skb, SKB_DROP_REASON_DEV_RX_ERROR);
}

/* One frame, beginning with the buffer @page, of which the device says that it
 * wrote @len bytes. Its words are checked one by one. */
static void receive_buf(struct virtnet_info *vi, struct skb_page *page, unsigned int len)
{
	struct rtnl_link_stats64 *stats = &vi->dev->stats;
	struct virtio_net_hdr_v1 hdr;
	struct sk_buff *skb;
	unsigned int buffers;
	bool merged;

	if (unlikely(len < VIRTNET_HDR_LEN + ETH_HLEN || len > page->size)) {
		virtnet_add_page(vi, page);
		virtnet_rx_bad(vi, NULL, &stats->rx_length_errors);
		return;
	}
	/* Out of the page: it may not be ours any more in a moment. */
	memcpy(&hdr, page->data, sizeof(hdr));
	buffers = vi->mergeable ? le16_to_cpu(hdr.num_buffers) : 1;
	skb = page_to_skb(vi, page, len - VIRTNET_HDR_LEN);
	merged = buffers && buffers <= virtqueue_get_vring_size(vi->rvq) &&
		 virtnet_merge(vi, skb, buffers - 1);
	if (unlikely(!skb)) {
		stats->rx_dropped++;
		return;
	}
	if (unlikely(!merged || skb->len > VIRTNET_FRAME_MAX)) {
		virtnet_rx_bad(vi, skb, &stats->rx_length_errors);
		return;
	}
	if (unlikely(virtnet_rx_hdr(vi, skb, &hdr))) {
		virtnet_rx_bad(vi, skb, &stats->rx_frame_errors);
		return;
	}
	stats->rx_packets++;
	stats->rx_bytes += skb->len;
	skb->protocol = eth_type_trans(skb, vi->dev);
	if (unlikely(skb->pkt_type == PACKET_MULTICAST))
		stats->multicast++;
	napi_gro_receive(&vi->napi, skb);
}

/**
 * virtnet_receive() - takes received frames off the queue and hands them up
 * @vi: the NIC, up
 * @budget: at most that many frames
 *
 * Refills when half of what a poll can take is used up.
 * Context: softirq. Return: how many frames.
 */
int virtnet_receive(struct virtnet_info *vi, int budget)
{
	struct skb_page *page;
	unsigned int len;
	int received = 0;

	while (received < budget && (page = virtqueue_get_buf(vi->rvq, &len))) {
		receive_buf(vi, page, len);
		received++;
	}
	if (vi->rvq->num_free >
	    min((unsigned int)budget, virtqueue_get_vring_size(vi->rvq)) / 2)
		try_fill_recv(vi);
	else
		/* Copied frames left their buffers in the queue: a device that
		 * had run dry waits to hear of them. */
		virtqueue_kick(vi->rvq);
	return received;
}
