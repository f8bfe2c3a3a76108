// SPDX-License-Identifier: MIT
/*
 * virtio-net, transmit side.
 *
 * The doorbell is an exit of the virtual machine, an interrupt another: of each there
 * are to be few.
 *
 *	doorbell	once for all packets that follow each other (xmit_more), and only
 *			when the device asks for it
 *	interrupt	none for a few small packets: what is sent next, or the poll for
 *			what comes in answer, finds them done. When nothing comes,
 *			tx_timer looks (VIRTNET_TX_QUIET_NS). Somebody may wait for what
 *			many packets or large ones hold, room in the ring or in a socket's
 *			send buffer: these raise one when three quarters of them are sent
 *
 * Linux: drivers/net/virtio_net.c (start_xmit, xmit_skb, free_old_xmit ...). Linux
 * asks for an interrupt whenever packets are under way.
 * Read first: virtio 1.2, 5.1.6.2.
 */
#include <linux/byteorder.h>
#include <linux/errno.h>
#include <linux/etherdevice.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/jhash.h>
#include <linux/kernel.h>
#include <linux/tcp.h>
#include <linux/trace.h>

#include "virtnet.h"

/* Beyond a quarter of the ring, or so many bytes, completions are worth an interrupt. */
#define VIRTNET_TX_QUIET_BYTES	(16U << 10)
#define VIRTNET_TX_QUIET_NS	(4 * NSEC_PER_MSEC)

#define VIRTNET_UDP_HLEN	8U	/* bytes */

/* ---- completions ------------------------------------------------------------- */

/**
 * free_old_xmit_skbs() - reaps what the device has sent
 * @sq: the queue, up
 * @budget: of the poll; 0: not in a poll
 *
 * Consumes the skbs. Context: softirqs off.
 */
void free_old_xmit_skbs(struct send_queue *sq, int budget)
{
	struct rtnl_link_stats64 *stats = &sq->vi->dev->stats;
	struct sk_buff *skb;
	unsigned int len;

	while ((skb = virtqueue_get_buf(sq->vq, &len))) {
		stats->tx_packets++;
		stats->tx_bytes += skb->len;
		sq->packets++;
		sq->held--;
		sq->held_bytes -= skb->len;
		napi_consume_skb(skb, budget);
	}
}

/* May what is under way be left to be found? */
static bool virtnet_tx_quiet(const struct send_queue *sq)
{
	return sq->held <= virtqueue_get_vring_size(sq->vq) / 4 &&
	       sq->held_bytes <= VIRTNET_TX_QUIET_BYTES && !netif_queue_stopped(sq->vi->dev);
}

/**
 * virtnet_tx_arm() - sees to it that what is under way will be reaped
 * @sq: the queue, up
 *
 * By an interrupt when most of it is sent, or by the timer.
 * Context: softirqs off.
 * Return: false: most is sent already, and there may be no interrupt for it: reap,
 * and call again.
 */
bool virtnet_tx_arm(struct send_queue *sq)
{
	struct timer_list *timer = &sq->vi->tx_timer;

	if (!virtnet_tx_quiet(sq))
		return virtqueue_enable_cb_delayed(sq->vq);
	virtqueue_disable_cb(sq->vq);
	if (sq->held && !timer_pending(timer))
		mod_timer(timer, ktime_get_ns() + VIRTNET_TX_QUIET_NS);
	return true;
}

/**
 * virtnet_tx_timer() - packets were sent that raise no interrupt
 * @t: vi->tx_timer
 *
 * What is still under way now will raise one: the device is slow, or does not work.
 * Context: softirq.
 */
void virtnet_tx_timer(struct timer_list *t)
{
	struct virtnet_info *vi = from_timer(vi, t, tx_timer);
	unsigned int i;

	for (i = 0; i < vi->pairs; i++) {
		struct send_queue *sq = &vi->sq[i];

		free_old_xmit_skbs(sq, 0);
		while (sq->held && !napi_is_scheduled(&sq->rq->napi) &&
		       !virtqueue_enable_cb_delayed(sq->vq))
			free_old_xmit_skbs(sq, 0);
	}
	virtnet_tx_wake(vi);
}

static bool virtnet_tx_room(const struct virtnet_info *vi, const struct send_queue *sq,
			    unsigned int packets)
{
	return sq->vq->num_free >= min(packets * vi->tx_descs_max,
				       virtqueue_get_vring_size(sq->vq));
}

/**
 * virtnet_tx_wake() - lets packets come again when there is room
 * @vi: the NIC
 *
 * In all queues: the next packet may go to any. For some packets, not for one: fewer
 * wake-ups. Context: softirqs off.
 */
void virtnet_tx_wake(struct virtnet_info *vi)
{
	unsigned int i;

	if (likely(!netif_queue_stopped(vi->dev)) || !netif_carrier_ok(vi->dev) || !vi->up)
		return;
	for (i = 0; i < vi->pairs; i++)
		if (!virtnet_tx_room(vi, &vi->sq[i], 2))
			return;
	vi->tx_restart_queue++;
	netif_wake_queue(vi->dev);
}

/* ---- packets --------------------------------------------------------------------- */

/* 5.1.6.2: how the device is to cut a packet whose TCP or UDP header is at @start. 0,
 * or -EINVAL. */
static int virtnet_fill_gso(struct sk_buff *skb, struct virtio_net_hdr_v1 *hdr, unsigned int start)
{
	const struct skb_shared_info *sh = skb_shinfo(skb);
	const struct tcphdr *th = (const void *)(skb->data + start);
	unsigned int headers = start + VIRTNET_UDP_HLEN;

	if (sh->gso_type & SKB_GSO_TCPV4) {
		if (start + sizeof(*th) > skb_headlen(skb))
			return -EINVAL;
		headers = start + th->doff * 4U;
		hdr->gso_type = VIRTIO_NET_HDR_GSO_TCPV4;
		if (sh->gso_type & SKB_GSO_TCP_ECN)
			hdr->gso_type |= VIRTIO_NET_HDR_GSO_ECN;
	} else if (sh->gso_type & SKB_GSO_UDP_L4 && skb->dev->features & NETIF_F_GSO_UDP_L4) {
		hdr->gso_type = VIRTIO_NET_HDR_GSO_UDP_L4;
	} else {
		return -EINVAL;
	}
	if (headers > skb_headlen(skb))
		return -EINVAL;
	hdr->gso_size = cpu_to_le16(sh->gso_size);
	/* Linux: the length of the linear part, which is a worse hint. */
	hdr->hdr_len = cpu_to_le16((u16)headers);
	return 0;
}

/* 5.1.6.2: what the device has to know of a packet. 0, or -EINVAL. */
static int virtnet_fill_hdr(struct sk_buff *skb, struct virtio_net_hdr_v1 *hdr)
{
	int start;

	*hdr = (struct virtio_net_hdr_v1){ .gso_type = VIRTIO_NET_HDR_GSO_NONE };
	if (skb->ip_summed != CHECKSUM_PARTIAL)
		return skb_is_gso(skb) ? -EINVAL : 0;
	start = skb_checksum_start_offset(skb);
	if (start < 0)
		return -EINVAL;
	hdr->flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
	hdr->csum_start = cpu_to_le16(start);
	hdr->csum_offset = cpu_to_le16(skb->csum_offset);
	return skb_is_gso(skb) ? virtnet_fill_gso(skb, hdr, (unsigned int)start) : 0;
}

/*
 * The header goes in front of the frame where the headroom is ours to write:
 * one piece instead of two. Else it lies in skb->cb, which is the driver's while
 * the driver holds the skb.
 */
static int xmit_skb(struct send_queue *sq, struct sk_buff *skb)
{
	struct scatterlist sg[MAX_SKB_FRAGS + 2];
	struct virtio_net_hdr_v1 *hdr;
	unsigned int n = 0, f;
	bool push;

	static_assert(sizeof(*hdr) <= sizeof(skb->cb), "the header fits into cb");
	push = skb_headroom(skb) >= VIRTNET_HDR_LEN && !skb_header_cloned(skb) &&
	       IS_ALIGNED((uintptr_t)skb->data, __alignof__(*hdr));
	hdr = push ? (void *)(skb->data - VIRTNET_HDR_LEN) : (void *)skb->cb;
	if (virtnet_fill_hdr(skb, hdr))
		return -EINVAL;
	if (push) {
		sg_set_buf(&sg[n++], hdr, VIRTNET_HDR_LEN + skb_headlen(skb));
	} else {
		sg_set_buf(&sg[n++], hdr, VIRTNET_HDR_LEN);
		sg_set_buf(&sg[n++], skb->data, skb_headlen(skb));
	}
	for (f = 0; f < skb_shinfo(skb)->nr_frags; f++) {
		const skb_frag_t *frag = &skb_shinfo(skb)->frags[f];

		sg_set_buf(&sg[n++], skb_frag_address(frag), skb_frag_size(frag));
	}
	return virtqueue_add_outbuf(sq->vq, sg, n, skb);
}

/*
 * The ring may not take another packet: stop. The completions that will wake the
 * queue may have come already, before the interrupt was asked for: look again.
 * With the poll scheduled it is the poll that looks.
 */
static void virtnet_tx_stop(struct virtnet_info *vi, struct send_queue *sq)
{
	netif_stop_queue(vi->dev);
	if (!napi_is_scheduled(&sq->rq->napi)) {
		do
			free_old_xmit_skbs(sq, 0);
		while (!virtnet_tx_arm(sq));
	}
	if (virtnet_tx_room(vi, sq, 2))
		netif_start_queue(vi->dev);
}

/* A flow stays in one queue, so that it stays in order: its addresses and ports
 * choose. What is not IPv4 goes to the first. */
static struct send_queue *virtnet_select_queue(struct virtnet_info *vi, const struct sk_buff *skb)
{
	const struct iphdr *iph = (const void *)(skb->data + ETH_HLEN);
	unsigned int ports_at = ETH_HLEN + sizeof(*iph);
	u32 ports = 0;

	if (likely(vi->curr_pairs == 1) || skb->protocol != htons(ETH_P_IP) ||
	    skb_headlen(skb) < ports_at)
		return &vi->sq[0];
	/* A fragment has ports in the first of them only, options move them. */
	if (iph->ihl == 5 && !(iph->frag_off & htons(IP_MF | IP_OFFSET)) &&
	    (iph->protocol == IPPROTO_TCP || iph->protocol == IPPROTO_UDP) &&
	    skb_headlen(skb) >= ports_at + sizeof(ports))
		memcpy(&ports, skb->data + ports_at, sizeof(ports));
	return &vi->sq[jhash_3words((__force u32)iph->saddr, (__force u32)iph->daddr, ports, 0) %
		       vi->curr_pairs];
}

/* The end of a burst: sees to completions and doorbell of the queue of the last packet,
 * and of those that others went to. With the poll scheduled, completions are its. */
static void virtnet_kick(struct virtnet_info *vi)
{
	unsigned int i;

	for (i = 0; i < vi->pairs; i++) {
		struct send_queue *sq = &vi->sq[i];

		if (!sq->unkicked)
			continue;
		sq->unkicked = false;
		while (!napi_is_scheduled(&sq->rq->napi) && !virtnet_tx_arm(sq))
			free_old_xmit_skbs(sq, 0);
		virtqueue_kick(sq->vq);
	}
}

/**
 * virtnet_xmit_flush() - announces what start_xmit() did not (ndo_xmit_flush)
 * @dev: the interface
 *
 * Context: softirqs off.
 */
void virtnet_xmit_flush(struct net_device *dev)
{
	struct virtnet_info *vi = netdev_priv(dev);
	unsigned int i;

	for (i = 0; i < vi->pairs; i++)
		if (vi->sq[i].unkicked)
			free_old_xmit_skbs(&vi->sq[i], 0);
	virtnet_kick(vi);
}

/**
 * start_xmit() - puts a packet into a transmit queue (ndo_start_xmit)
 * @skb: Ethernet header first; linear or with frags, no frag_list
 * @dev: the interface
 *
 * Consumes @skb. With skb->xmit_more the doorbell waits for the next packet.
 * Stops the queue when another packet might not fit. Context: softirqs off.
 * Return: NETDEV_TX_OK; NETDEV_TX_BUSY when it was called with a full ring.
 */
netdev_tx_t start_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct virtnet_info *vi = netdev_priv(dev);
	struct send_queue *sq = virtnet_select_queue(vi, skb);
	unsigned int len = skb->len;
	bool more = skb->xmit_more;
	int err;

	trace_skb(skb);
	if (!more)
		free_old_xmit_skbs(sq, 0);
	sq->unkicked = true;
	err = xmit_skb(sq, skb);
	if (unlikely(err == -ENOSPC)) {
		virtnet_tx_stop(vi, sq);
		virtnet_kick(vi);
		return NETDEV_TX_BUSY;
	}
	if (unlikely(err)) {
		dev->stats.tx_dropped++;
		dev->stats.tx_errors++;
		dev_kfree_skb_any(skb, SKB_DROP_REASON_DEV_TX_ERROR);
	} else {
		sq->held++;
		sq->held_bytes += len;
	}
	if (unlikely(!virtnet_tx_room(vi, sq, 1)))
		virtnet_tx_stop(vi, sq);
	/* Also for packets before one that was dropped. */
	if (!more || netif_queue_stopped(dev))
		virtnet_kick(vi);
	return NETDEV_TX_OK;
}
