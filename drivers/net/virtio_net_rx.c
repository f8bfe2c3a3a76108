// SPDX-License-Identifier: MIT
/*
 * virtio-net, receive side: frames out of buffers.
 *
 * A frame up to GOOD_COPY_LEN is copied into an skb of its size and its buffer
 * goes back into the ring at once; of a larger one the headers are copied and
 * the piece of the block becomes a frag (skb_from_page()), so that the same code
 * serves a frame that spans buffers. Linear buffers, as in the e1000 driver, would
 * save that copy but could not be merged. With GUEST_TSO4 a packet of TCP may be as
 * large as IPv4 allows; it goes up as one, and says of how many it consists. It may
 * come in more pieces than a packet has frags: the rest is on its frag_list.
 *
 * Linux: drivers/net/virtio_net.c (receive_buf, page_to_skb, receive_mergeable ...)
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
/* Of the headers of a longer one: all of Ethernet, IP and TCP, and as much as fits into
 * the smaller of the two kinds of heads. */
#define GOOD_HEAD_LEN		160U

/* The next buffer that the device is done with. */
static struct virtnet_rx_buf *virtnet_get_buf(struct receive_queue *rq, unsigned int *len)
{
	struct virtnet_rx_buf *buf = virtqueue_get_buf(rq->vq, len);

	if (likely(buf))
		rq->posted -= buf->len;
	return buf;
}

/* The first buffer of a frame as an skb, @len bytes of frame in it. NULL when
 * there is no memory. Spends the buffer. */
static struct sk_buff *buf_to_skb(struct receive_queue *rq, struct virtnet_rx_buf *buf,
				  unsigned int len)
{
	const u8 *frame = buf->page->data + buf->offset + VIRTNET_HDR_LEN;
	unsigned int offset = buf->offset + VIRTNET_HDR_LEN, copy, truesize;
	struct sk_buff *skb;

	if (len <= GOOD_COPY_LEN) {
		skb = napi_alloc_skb(&rq->napi, len);
		if (likely(skb))
			skb_put_data(skb, frame, len);
		rq->copied++;
		virtnet_give_back(rq, buf);
		return skb;
	}
	copy = min(eth_get_headlen(frame, len), GOOD_HEAD_LEN);
	skb = skb_from_page(dev_net(rq->vi->dev), buf->page, offset, len, copy, 0);
	if (unlikely(!skb)) {
		virtnet_give_back(rq, buf);
		return NULL;
	}
	virtnet_take_page(rq, buf, VIRTNET_HDR_LEN + len, &truesize);
	skb->truesize += truesize;
	return skb;
}

/* The packet that a further frag of @head goes to: itself, or the last of its
 * frag_list, *@last. NULL when there is no memory for another. */
static struct sk_buff *virtnet_skb_for_frag(struct sk_buff *head, struct sk_buff **last)
{
	struct sk_buff *skb;

	if (likely(skb_shinfo(*last)->nr_frags < MAX_SKB_FRAGS))
		return *last;
	skb = alloc_skb(dev_net(head->dev), 0, GFP_ATOMIC);
	if (unlikely(!skb))
		return NULL;
	if (*last == head)
		skb_shinfo(head)->frag_list = skb;
	else
		(*last)->next = skb;
	head->truesize += skb->truesize;
	*last = skb;
	return skb;
}

/* Adds @len bytes of a further buffer to a frame. Spends the buffer. */
static bool virtnet_add_frag(struct receive_queue *rq, struct sk_buff *head,
			     struct sk_buff **last, struct virtnet_rx_buf *buf,
			     unsigned int len)
{
	unsigned int offset = buf->offset, truesize;
	struct sk_buff *skb = *last;
	int n = skb_shinfo(skb)->nr_frags;
	struct skb_page *page;

	/* What follows in the same block, as buffers that were cut one after the other
	 * do, goes on in the same frag. */
	if (skb_can_coalesce(skb, n, buf->page, offset)) {
		page = virtnet_take_page(rq, buf, len, &truesize);
		skb_coalesce_rx_frag(skb, n - 1, len, truesize);
		skb_page_put(page);
	} else {
		skb = virtnet_skb_for_frag(head, last);
		if (unlikely(!skb)) {
			virtnet_give_back(rq, buf);
			return false;
		}
		page = virtnet_take_page(rq, buf, len, &truesize);
		skb_add_rx_frag(skb, skb_shinfo(skb)->nr_frags, page, offset, len, truesize);
	}
	if (unlikely(skb != head)) {
		head->len += len;
		head->data_len += len;
		head->truesize += truesize;
	}
	return true;
}

/*
 * Takes the further @n buffers of a frame off the queue and makes them frags of
 * its skb. False: they did not all come, or one was not as it should be, or
 * there is no skb; all that came are then back in the queue or the skb's.
 */
static bool virtnet_merge(struct receive_queue *rq, struct sk_buff *skb, unsigned int n)
{
	struct sk_buff *last = skb;
	bool good = skb != NULL;
	unsigned int len;

	while (n--) {
		struct virtnet_rx_buf *buf = virtnet_get_buf(rq, &len);

		if (unlikely(!buf))
			return false;
		rq->merged++;
		good = good && len && len <= buf->len && skb->len + len <= VIRTNET_FRAME_MAX;
		if (likely(good))
			good = virtnet_add_frag(rq, skb, &last, buf, len);
		else
			virtnet_give_back(rq, buf);
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

/* A frame that is whole: what the device says about it, and up. */
static void virtnet_receive_done(struct receive_queue *rq, struct sk_buff *skb,
				 const struct virtio_net_hdr_v1 *hdr)
{
	struct net_device *dev = rq->vi->dev;
	struct rtnl_link_stats64 *stats = &dev->stats;

	if (unlikely(virtnet_rx_hdr(rq->vi, skb, hdr))) {
		virtnet_rx_bad(rq->vi, skb, &stats->rx_frame_errors);
		return;
	}
	rq->packets++;
	stats->rx_packets++;
	stats->rx_bytes += skb->len;
	skb->protocol = eth_type_trans(skb, dev);
	if (unlikely(skb->pkt_type == PACKET_MULTICAST))
		stats->multicast++;
	napi_gro_receive(&rq->napi, skb);
}

/* One frame, beginning with @buf, of which the device says that it wrote @len
 * bytes. Its words are checked one by one. */
static void receive_buf(struct receive_queue *rq, struct virtnet_rx_buf *buf, unsigned int len)
{
	struct rtnl_link_stats64 *stats = &rq->vi->dev->stats;
	struct virtio_net_hdr_v1 hdr;
	struct sk_buff *skb;
	unsigned int buffers;
	bool merged;

	if (unlikely(len < VIRTNET_HDR_LEN + ETH_HLEN || len > buf->len)) {
		virtnet_give_back(rq, buf);
		virtnet_rx_bad(rq->vi, NULL, &stats->rx_length_errors);
		return;
	}
	/* Out of the buffer: it may not be ours any more in a moment. */
	memcpy(&hdr, buf->page->data + buf->offset, sizeof(hdr));
	buffers = rq->vi->mergeable ? le16_to_cpu(hdr.num_buffers) : 1;
	skb = buf_to_skb(rq, buf, len - VIRTNET_HDR_LEN);
	if (likely(skb))
		skb->dev = rq->vi->dev;
	merged = buffers && buffers <= virtqueue_get_vring_size(rq->vq) &&
		 virtnet_merge(rq, skb, buffers - 1);
	if (unlikely(!skb)) {
		stats->rx_dropped++;
		return;
	}
	ewma_pkt_len_add(&rq->mrg_avg_pkt_len, min(skb->len, VIRTNET_FRAME_MAX));
	if (unlikely(!merged || skb->len > VIRTNET_FRAME_MAX)) {
		virtnet_rx_bad(rq->vi, skb, &stats->rx_length_errors);
		return;
	}
	virtnet_receive_done(rq, skb, &hdr);
}

/**
 * virtnet_receive() - takes received frames off the queue and hands them up
 * @rq: the queue, up
 * @budget: at most that many frames
 *
 * Refills when half of what a poll can take is used up, or half of the bytes.
 * Context: softirq. Return: how many frames.
 */
int virtnet_receive(struct receive_queue *rq, int budget)
{
	struct virtnet_rx_buf *buf;
	unsigned int len;
	int received = 0;

	while (received < budget && (buf = virtnet_get_buf(rq, &len))) {
		receive_buf(rq, buf, len);
		received++;
	}
	if (rq->vq->num_free > min((unsigned int)budget, virtqueue_get_vring_size(rq->vq)) / 2 ||
	    rq->posted < rq->posted_max / 2)
		try_fill_recv(rq);
	else
		/* Copied frames left their buffers in the queue: a device that
		 * had run dry waits to hear of them. */
		virtqueue_kick(rq->vq);
	return received;
}
