// SPDX-License-Identifier: MIT
/*
 * Driver for virtio network devices: one pair of queues. Receiving is in
 * virtio_net_rx.c, the control queue in virtio_net_ctrl.c.
 *
 *   virtqueue interrupt   skb_recv_done / skb_xmit_done: callbacks off,
 *                         napi_schedule()
 *   virtnet_poll          link, receive up to the budget, refill, reap,
 *                         callbacks on, and a last look
 *
 * One NAPI instance serves both queues: what is sent in answer to what was
 * received is reaped in the same round. Closing the interface resets the device:
 * only then are the buffers ours again without doubt.
 *
 * Linux: drivers/net/virtio_net.c
 * Read first: virtio 1.2, 5.1.
 * Left out: several queue pairs, VLAN filtering, announcing.
 */
#include <linux/byteorder.h>
#include <linux/errno.h>
#include <linux/etherdevice.h>
#include <linux/init.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/tcp.h>
#include <linux/trace.h>

#include "virtnet.h"

#define VIRTNET_BUF_MIN		1536U	/* a frame of MTU 1500 and its header */
#define VIRTNET_BUF_MAX		4096U	/* a longer frame takes more than one */
#define VIRTNET_WATCHDOG_MS	5000

static const char virtnet_driver_name[] = "virtio_net";

/* ---- interrupts ------------------------------------------------------------- */

/*
 * Callbacks off, poll scheduled. When it is scheduled already, or about to
 * finish, napi_schedule_prep() has noted that (NAPI_STATE_MISSED) and the poll
 * goes another round: nothing to do.
 */
static void virtnet_napi_schedule(struct virtnet_info *vi)
{
	if (!napi_schedule_prep(&vi->napi))
		return;
	virtqueue_disable_cb(vi->rvq);
	virtqueue_disable_cb(vi->svq);
	__napi_schedule(&vi->napi);
}

static void skb_recv_done(struct virtqueue *rvq)
{
	trace_here();
	virtnet_napi_schedule(dev_get_drvdata(&rvq->vdev->dev));
}

static void skb_xmit_done(struct virtqueue *svq)
{
	trace_here();
	virtnet_napi_schedule(dev_get_drvdata(&svq->vdev->dev));
}

/* Hardirq: the link is looked at in the poll. */
static void virtnet_config_changed(struct virtio_device *vdev)
{
	struct virtnet_info *vi = dev_get_drvdata(&vdev->dev);

	vi->config_event = true;
	virtnet_napi_schedule(vi);
}

/* ---- transmit ------------------------------------------------------------------ */

/* Reaps what the device has sent; consumes the skbs. */
static void free_old_xmit_skbs(struct virtnet_info *vi, int budget)
{
	struct rtnl_link_stats64 *stats = &vi->dev->stats;
	struct sk_buff *skb;
	unsigned int len;

	while ((skb = virtqueue_get_buf(vi->svq, &len))) {
		stats->tx_packets++;
		stats->tx_bytes += skb->len;
		napi_consume_skb(skb, budget);
	}
}

static bool virtnet_tx_room(const struct virtnet_info *vi, unsigned int packets)
{
	return vi->svq->num_free >= min(packets * vi->tx_descs_max,
					virtqueue_get_vring_size(vi->svq));
}

/* Woken when there is room for some packets, not for one: fewer wake-ups. */
static void virtnet_tx_wake(struct virtnet_info *vi)
{
	if (unlikely(netif_queue_stopped(vi->dev)) && netif_carrier_ok(vi->dev) && vi->up &&
	    virtnet_tx_room(vi, 2)) {
		vi->tx_restart_queue++;
		netif_wake_queue(vi->dev);
	}
}

/* 5.1.6.2: how the device is to cut a packet whose TCP header is at @start. 0, or
 * -EINVAL. */
static int virtnet_fill_gso(struct sk_buff *skb, struct virtio_net_hdr_v1 *hdr, unsigned int start)
{
	const struct skb_shared_info *sh = skb_shinfo(skb);
	const struct tcphdr *th = (const void *)(skb->data + start);

	if (!(sh->gso_type & SKB_GSO_TCPV4) || start + sizeof(*th) > skb_headlen(skb) ||
	    start + th->doff * 4U > skb_headlen(skb))
		return -EINVAL;
	hdr->gso_type = VIRTIO_NET_HDR_GSO_TCPV4;
	if (sh->gso_type & SKB_GSO_TCP_ECN)
		hdr->gso_type |= VIRTIO_NET_HDR_GSO_ECN;
	hdr->gso_size = cpu_to_le16(sh->gso_size);
	/* Linux: the length of the linear part, which is a worse hint. */
	hdr->hdr_len = cpu_to_le16((u16)(start + th->doff * 4U));
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
static int xmit_skb(struct virtnet_info *vi, struct sk_buff *skb)
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
	return virtqueue_add_outbuf(vi->svq, sg, n, skb);
}

/*
 * Reaps, and moves the interrupt to where most of what is under way will be
 * done. With the poll scheduled neither is needed: it will do both.
 */
static void virtnet_xmit_reap(struct virtnet_info *vi)
{
	if (napi_is_scheduled(&vi->napi))
		return;
	do {
		virtqueue_disable_cb(vi->svq);
		free_old_xmit_skbs(vi, 0);
	} while (!virtqueue_enable_cb_delayed(vi->svq));
}

/*
 * The ring may not take another packet: stop. The completions that will wake the
 * queue may have come already, before the interrupt was asked for: look again.
 * With the poll scheduled it is the poll that looks.
 */
static void virtnet_tx_stop(struct virtnet_info *vi)
{
	netif_stop_queue(vi->dev);
	virtnet_xmit_reap(vi);
	if (virtnet_tx_room(vi, 2))
		netif_start_queue(vi->dev);
}

/**
 * start_xmit() - puts a packet into the transmit queue (ndo_start_xmit)
 * @skb: Ethernet header first; linear or with frags, no frag_list
 * @dev: the interface
 *
 * Consumes @skb. With skb->xmit_more the doorbell waits for the next packet.
 * Stops the queue when another packet might not fit. Context: softirqs off.
 * Return: NETDEV_TX_OK; NETDEV_TX_BUSY when it was called with a full ring.
 */
static netdev_tx_t start_xmit(struct sk_buff *skb, struct net_device *dev)
{
	struct virtnet_info *vi = netdev_priv(dev);
	bool more = skb->xmit_more;
	int err;

	trace_skb(skb);
	if (!more)
		virtnet_xmit_reap(vi);
	err = xmit_skb(vi, skb);
	if (unlikely(err == -ENOSPC)) {
		virtnet_tx_stop(vi);
		virtqueue_kick(vi->svq);
		return NETDEV_TX_BUSY;
	}
	if (unlikely(err)) {
		dev->stats.tx_dropped++;
		dev->stats.tx_errors++;
		dev_kfree_skb_any(skb, SKB_DROP_REASON_DEV_TX_ERROR);
	}
	if (unlikely(!virtnet_tx_room(vi, 1)))
		virtnet_tx_stop(vi);
	/* Also for packets before one that was dropped. */
	if (!more || netif_queue_stopped(dev))
		virtqueue_kick(vi->svq);
	return NETDEV_TX_OK;
}

/* ---- poll and link --------------------------------------------------------------- */

/* Memory for receive buffers had run out. */
static void virtnet_refill_timer(struct timer_list *t)
{
	struct virtnet_info *vi = from_timer(vi, t, refill_timer);

	try_fill_recv(vi);
	virtnet_napi_schedule(vi);
}

/* Reads the link's state; without STATUS the link is always up. 5.1.4.2 */
static void virtnet_check_link(struct virtnet_info *vi)
{
	u16 status = VIRTIO_NET_S_LINK_UP;

	vi->config_event = false;
	if (vi->vdev->config->get_status(vi->vdev) & VIRTIO_CONFIG_S_NEEDS_RESET) {
		netdev_err(vi->dev, "device needs a reset: take the interface down and up\n");
		virtio_break_device(vi->vdev);
		status = 0;
	} else if (virtio_has_feature(vi->vdev, VIRTIO_NET_F_STATUS)) {
		status = virtio_cread16(vi->vdev, offsetof(struct virtio_net_config, status));
	}
	if (!!(status & VIRTIO_NET_S_LINK_UP) == netif_carrier_ok(vi->dev))
		return;
	if (status & VIRTIO_NET_S_LINK_UP) {
		netdev_info(vi->dev, "link up\n");
		netif_carrier_on(vi->dev);
		netif_wake_queue(vi->dev);
	} else {
		netdev_info(vi->dev, "link down\n");
		netif_carrier_off(vi->dev);
	}
}

/*
 * Callbacks on, then a last look at both queues. A frame that was used after the
 * poll's last look but before the device saw that we want an interrupt raises
 * none: without the look it would lie there until the next one. Receiving wants
 * to hear of the next frame, transmitting of most of what is under way.
 */
static void virtqueue_napi_complete(struct virtnet_info *vi, int received)
{
	unsigned int rx = virtqueue_enable_cb_prepare(vi->rvq);
	bool tx_done = !virtqueue_enable_cb_delayed(vi->svq);

	if (!napi_complete_done(&vi->napi, received)) {
		virtqueue_disable_cb(vi->rvq);
		virtqueue_disable_cb(vi->svq);
	} else if (virtqueue_poll(vi->rvq, rx) || tx_done) {
		virtnet_napi_schedule(vi);
	}
}

/**
 * virtnet_poll() - the poll function
 * @napi: the NIC's
 * @budget: at most that many received frames
 *
 * Context: NET_RX softirq. Return: received frames, less than @budget when done.
 */
static int virtnet_poll(struct napi_struct *napi, int budget)
{
	struct virtnet_info *vi = container_of(napi, struct virtnet_info, napi);
	int received;

	trace_here();
	vi->polls++;
	if (unlikely(vi->config_event))
		virtnet_check_link(vi);
	received = virtnet_receive(vi, budget);
	free_old_xmit_skbs(vi, budget);
	virtnet_tx_wake(vi);
	if (received < budget)
		virtqueue_napi_complete(vi, received);
	return received;
}

/* ---- up and down ------------------------------------------------------------------- */

static int virtnet_find_vqs(struct virtnet_info *vi)
{
	vq_callback_t *callbacks[VIRTNET_VQS] = { skb_recv_done, skb_xmit_done, NULL };
	static const char *const names[VIRTNET_VQS] = { "input.0", "output.0", "control" };
	bool ctrl = virtio_has_feature(vi->vdev, VIRTIO_NET_F_CTRL_VQ);
	struct virtqueue *vqs[VIRTNET_VQS];
	int err;

	err = vi->vdev->config->find_vqs(vi->vdev, ctrl ? VIRTNET_VQS : VIRTNET_VQS - 1, vqs,
					 callbacks, names);
	if (err)
		return err;
	vi->rvq = vqs[VIRTNET_RQ];
	vi->svq = vqs[VIRTNET_SQ];
	vi->cvq = ctrl ? vqs[VIRTNET_CQ] : NULL;
	return 0;
}

/* Buffers of a size for the MTU; packets of no more pieces than the ring has. */
static void virtnet_size(struct virtnet_info *vi)
{
	unsigned int frame = VIRTNET_HDR_LEN + ETH_HLEN + 4 + vi->dev->mtu;
	unsigned int half = max(virtqueue_get_vring_size(vi->rvq) / 2, 1U);

	vi->rx_buf_len = clamp(ALIGN(frame, 64U), VIRTNET_BUF_MIN, VIRTNET_BUF_MAX);
	/* A packet of 64 KiB fits into MAX_SKB_FRAGS buffers, and into half of a small
	 * ring: the other half may be waiting to be refilled. */
	if (vi->large_rx)
		vi->rx_buf_len = max(VIRTNET_BUF_MAX,
				     ALIGN(DIV_ROUND_UP(VIRTNET_HDR_LEN + VIRTNET_FRAME_MAX,
							half), 64U));
	vi->tx_descs_max = MAX_SKB_FRAGS + 2;
	if (virtqueue_get_vring_size(vi->svq) < 2 * vi->tx_descs_max) {
		vi->dev->features &= ~(NETIF_F_SG | NETIF_F_TSO | NETIF_F_TSO_ECN);
		vi->tx_descs_max = 2;
	}
}

/* Takes all buffers back from a device that was just reset. */
static void virtnet_free_bufs(struct virtnet_info *vi)
{
	struct skb_page *page;
	struct sk_buff *skb;

	while ((skb = virtqueue_detach_unused_buf(vi->svq))) {
		vi->dev->stats.tx_dropped++;
		dev_kfree_skb_any(skb, SKB_DROP_REASON_DEV_RESET);
	}
	while ((page = virtqueue_detach_unused_buf(vi->rvq)))
		skb_page_put(page);
	while (vi->cvq && virtqueue_detach_unused_buf(vi->cvq))
		;
}

/* The line about the NIC: when its interrupts are known, the first time up. */
static void virtnet_log(const struct virtnet_info *vi)
{
	const struct virtio_device *vdev = vi->vdev;

	netdev_info(vi->dev, "virtio_net at %s, %pM, irq %d %d, features: sg%s%s%s%s%s%s%s%s\n",
		    vdev->config->bus_name(vdev), vi->dev->dev_addr,
		    vdev->config->vq_irq(vi->rvq), vdev->config->vq_irq(vi->svq),
		    virtio_has_feature(vdev, VIRTIO_NET_F_CSUM) ? " tx-checksum" : "",
		    virtio_has_feature(vdev, VIRTIO_NET_F_HOST_TSO4) ? " tso" : "",
		    virtio_has_feature(vdev, VIRTIO_NET_F_GUEST_CSUM) ? " rx-checksum" : "",
		    vi->mergeable ? " mergeable" : "",
		    vi->large_rx ? " large-receive" : "",
		    virtio_has_feature(vdev, VIRTIO_F_RING_EVENT_IDX) ? " event-idx" : "",
		    virtio_has_feature(vdev, VIRTIO_F_RING_INDIRECT_DESC) ? " indirect" : "",
		    virtio_has_feature(vdev, VIRTIO_NET_F_CTRL_VQ) ? " control" : "");
}

/* The device, from wherever it is, to work. Context: process. */
static int virtnet_up(struct virtnet_info *vi)
{
	struct virtio_device *vdev = vi->vdev;
	int err = 0;

	if (vi->used)
		err = virtio_negotiate(vdev);
	if (!err && vi->used && vdev->features != vi->features) {
		netdev_err(vi->dev, "device has other features than before\n");
		err = -EIO;
	}
	if (!err)
		err = virtnet_find_vqs(vi);
	if (err) {
		vi->used = true;
		netdev_err(vi->dev, "cannot set up the queues, error %d\n", err);
		return err;
	}
	if (!vi->used)
		virtnet_log(vi);
	vi->used = true;
	virtnet_size(vi);
	virtnet_ctrl_reset(vi);
	vi->up = true;
	/* The poll before the device: an interrupt in between would be lost. From
	 * the first buffer on the poll may be scheduled, and it uses the queues
	 * that we are using here: not before we are done. */
	local_bh_disable();
	napi_enable(&vi->napi);
	virtio_device_ready(vdev);
	try_fill_recv(vi);
	if (vi->cvq && !ether_addr_equal(vi->dev->dev_addr, vi->mac))
		virtnet_ctrl_set_mac(vi, vi->dev->dev_addr);
	virtnet_ctrl_set_rx_mode(vi);
	netif_start_queue(vi->dev);
	virtnet_check_link(vi);
	local_bh_enable();
	return 0;
}

/* Resets the device and takes everything back. Context: process. */
static void virtnet_down(struct virtnet_info *vi)
{
	if (!vi->up)
		return;
	vi->up = false;
	netif_tx_disable(vi->dev);
	netif_carrier_off(vi->dev);
	napi_disable(&vi->napi);
	del_timer_sync(&vi->refill_timer);
	virtio_reset_device(vi->vdev);
	virtnet_free_bufs(vi);
	virtnet_ctrl_reset(vi);
	vi->vdev->config->del_vqs(vi->vdev);
	vi->rvq = vi->svq = vi->cvq = NULL;
}

static int virtnet_open(struct net_device *dev)
{
	netif_carrier_off(dev);
	return virtnet_up(netdev_priv(dev));
}

static int virtnet_close(struct net_device *dev)
{
	virtnet_down(netdev_priv(dev));
	return 0;
}

/* Buffers that do not fit the new MTU are changed for others: down and up. */
static int virtnet_change_mtu(struct net_device *dev, int new_mtu)
{
	struct virtnet_info *vi = netdev_priv(dev);
	unsigned int old_mtu = dev->mtu, len = vi->rx_buf_len;
	int err;

	dev->mtu = (unsigned int)new_mtu;
	if (!vi->up)
		return 0;
	virtnet_size(vi);
	if (vi->rx_buf_len == len)
		return 0;
	virtnet_down(vi);
	err = virtnet_up(vi);
	if (err)
		dev->mtu = old_mtu;
	return err;
}

static int virtnet_set_mac_address(struct net_device *dev, const u8 *addr)
{
	struct virtnet_info *vi = netdev_priv(dev);
	int err = 0;

	if (!is_valid_ether_addr(addr))
		return -EADDRNOTAVAIL;
	if (!virtio_has_feature(vi->vdev, VIRTIO_NET_F_CTRL_MAC_ADDR))
		return -EOPNOTSUPP;
	/* Down: the device is told when it comes up. */
	if (vi->up)
		err = virtnet_ctrl_set_mac(vi, addr);
	if (!err)
		eth_hw_addr_set(dev, addr);
	return err;
}

static void virtnet_set_rx_mode(struct net_device *dev)
{
	struct virtnet_info *vi = netdev_priv(dev);

	if (vi->up)
		virtnet_ctrl_set_rx_mode(vi);
}

/* A queue that hangs: perhaps a doorbell was lost. What the device holds cannot
 * be taken back without a reset, which is the administrator's. */
static void virtnet_tx_timeout(struct net_device *dev)
{
	struct virtnet_info *vi = netdev_priv(dev);

	if (!vi->up)
		return;
	dev->stats.tx_errors++;
	netdev_warn(dev, "transmit queue hangs: %u free of %u%s\n", vi->svq->num_free,
		    virtqueue_get_vring_size(vi->svq),
		    virtqueue_is_broken(vi->svq) ? ", broken" : "");
	virtqueue_notify(vi->svq);
	virtnet_napi_schedule(vi);
}

/* ndo_dump: counters, then a line for each queue. */
static size_t virtnet_dump(struct net_device *dev, char *buf, size_t size)
{
	struct virtnet_info *vi = netdev_priv(dev);
	size_t n;

	n = (size_t)scnprintf(buf, size,
		"polls %llu\ntx_restart_queue %llu\nrx_copied %llu\nrx_merged %llu\n"
		"rx_refill_failed %llu\nctrl_errors %llu\nrx_buf_len %u\nfeatures %#llx\n",
		(unsigned long long)vi->polls, (unsigned long long)vi->tx_restart_queue,
		(unsigned long long)vi->rx_copied, (unsigned long long)vi->rx_merged,
		(unsigned long long)vi->rx_refill_failed,
		(unsigned long long)vi->ctrl_errors, vi->rx_buf_len,
		(unsigned long long)vi->features);
	if (!vi->up)
		return n + (size_t)scnprintf(buf + n, size - n, "down\n");
	n += virtqueue_dump(vi->rvq, buf + n, size - n);
	n += virtqueue_dump(vi->svq, buf + n, size - n);
	if (vi->cvq)
		n += virtqueue_dump(vi->cvq, buf + n, size - n);
	return n;
}

/* ndo_held: packets not reaped yet. Receive buffers are pages, not packets. */
static unsigned int virtnet_held(const struct net_device *dev)
{
	const struct virtnet_info *vi = netdev_priv(dev);

	return vi->up ? virtqueue_outstanding(vi->svq) : 0;
}

static const struct net_device_ops virtnet_netdev = {
	.ndo_open = virtnet_open,
	.ndo_stop = virtnet_close,
	.ndo_start_xmit = start_xmit,
	.ndo_set_mac_address = virtnet_set_mac_address,
	.ndo_change_mtu = virtnet_change_mtu,
	.ndo_set_rx_mode = virtnet_set_rx_mode,
	.ndo_tx_timeout = virtnet_tx_timeout,
	.ndo_dump = virtnet_dump,
	.ndo_held = virtnet_held,
};

/* ---- probe and remove ------------------------------------------------------------ */

/* 5.1.4: the device's address, or one made up. */
static void virtnet_init_mac(struct virtnet_info *vi)
{
	if (virtio_has_feature(vi->vdev, VIRTIO_NET_F_MAC)) {
		virtio_cread_bytes(vi->vdev, offsetof(struct virtio_net_config, mac),
				   vi->mac, ETH_ALEN);
		if (is_valid_ether_addr(vi->mac)) {
			eth_hw_addr_set(vi->dev, vi->mac);
			return;
		}
	}
	eth_hw_addr_random(vi->dev);
	dev_warn(&vi->vdev->dev, "no MAC address; random one\n");
}

/* Without merging a frame is one buffer; 5.1.4.1: the device's MTU is a bound. */
static void virtnet_init_mtu(struct virtnet_info *vi)
{
	struct net_device *dev = vi->dev;
	u16 mtu;

	dev->min_mtu = ETH_MIN_MTU;
	dev->max_mtu = vi->mergeable ? ETH_MAX_MTU : ETH_DATA_LEN;
	if (!virtio_has_feature(vi->vdev, VIRTIO_NET_F_MTU))
		return;
	mtu = virtio_cread16(vi->vdev, offsetof(struct virtio_net_config, mtu));
	if (mtu < dev->min_mtu) {
		dev_warn(&vi->vdev->dev, "device's MTU %u is not possible, ignored\n", mtu);
		return;
	}
	dev->max_mtu = min(dev->max_mtu, (unsigned int)mtu);
	dev->mtu = dev->max_mtu;
}

static void virtnet_init_netdev(struct virtnet_info *vi)
{
	struct net_device *dev = vi->dev;

	dev->netdev_ops = &virtnet_netdev;
	dev->driver = virtnet_driver_name;
	dev->needed_headroom = VIRTNET_HDR_LEN;
	dev->watchdog_timeo_ms = VIRTNET_WATCHDOG_MS;
	dev->hw_features = NETIF_F_SG;
	if (virtio_has_feature(vi->vdev, VIRTIO_NET_F_CSUM))
		dev->hw_features |= NETIF_F_HW_CSUM;
	if (virtio_has_feature(vi->vdev, VIRTIO_NET_F_HOST_TSO4))
		dev->hw_features |= NETIF_F_TSO;
	if (virtio_has_feature(vi->vdev, VIRTIO_NET_F_HOST_ECN))
		dev->hw_features |= NETIF_F_TSO_ECN;
	if (virtio_has_feature(vi->vdev, VIRTIO_NET_F_GUEST_CSUM))
		dev->hw_features |= NETIF_F_RXCSUM;
	dev->features |= dev->hw_features;
	vi->mergeable = virtio_has_feature(vi->vdev, VIRTIO_NET_F_MRG_RXBUF);
	vi->large_rx = virtio_has_feature(vi->vdev, VIRTIO_NET_F_GUEST_TSO4);
}

/* 5.1.3.1: what requires what. Large packets are taken in merged buffers only: of
 * 64 KiB each, a ring of them would take 16 MiB. */
static void virtnet_validate(struct virtio_device *vdev)
{
	if (!virtio_has_feature(vdev, VIRTIO_NET_F_CSUM))
		__virtio_clear_bit(vdev, VIRTIO_NET_F_HOST_TSO4);
	if (!virtio_has_feature(vdev, VIRTIO_NET_F_HOST_TSO4))
		__virtio_clear_bit(vdev, VIRTIO_NET_F_HOST_ECN);
	if (!virtio_has_feature(vdev, VIRTIO_NET_F_GUEST_CSUM) ||
	    !virtio_has_feature(vdev, VIRTIO_NET_F_MRG_RXBUF))
		__virtio_clear_bit(vdev, VIRTIO_NET_F_GUEST_TSO4);
	if (!virtio_has_feature(vdev, VIRTIO_NET_F_GUEST_TSO4))
		__virtio_clear_bit(vdev, VIRTIO_NET_F_GUEST_ECN);
}

/**
 * virtnet_probe() - makes an interface of a device that was found
 * @vdev: the device, at FEATURES_OK
 *
 * Context: process. Return: 0 or -errno.
 */
static int virtnet_probe(struct virtio_device *vdev)
{
	struct net_device *dev = alloc_etherdev(sizeof(struct virtnet_info));
	struct virtnet_info *vi;
	int err;

	trace_here();
	if (!dev)
		return -ENOMEM;
	vi = netdev_priv(dev);
	vi->vdev = vdev;
	vi->dev = dev;
	vi->features = vdev->features;
	SET_NETDEV_DEV(dev, &vdev->dev);
	dev_set_drvdata(&vdev->dev, vi);
	timer_setup(&vi->refill_timer, virtnet_refill_timer, 0);
	virtnet_init_netdev(vi);
	virtnet_init_mac(vi);
	virtnet_init_mtu(vi);
	virtnet_ctrl_reset(vi);
	netif_napi_add(dev, &vi->napi, virtnet_poll);
	err = register_netdev(dev);
	if (err) {
		netif_napi_del(&vi->napi);
		dev_set_drvdata(&vdev->dev, NULL);
		free_netdev(dev);
		return err;
	}
	netif_carrier_off(dev);
	return 0;
}

static void virtnet_remove(struct virtio_device *vdev)
{
	struct virtnet_info *vi = dev_get_drvdata(&vdev->dev);

	unregister_netdev(vi->dev);
	virtnet_down(vi);
	netif_napi_del(&vi->napi);
	dev_set_drvdata(&vdev->dev, NULL);
	free_netdev(vi->dev);
}

static const struct virtio_device_id virtnet_id_table[] = {
	{ VIRTIO_ID_NET },
	{ 0 }
};

static const unsigned int virtnet_features[] = {
	VIRTIO_NET_F_CSUM, VIRTIO_NET_F_GUEST_CSUM, VIRTIO_NET_F_MTU, VIRTIO_NET_F_MAC,
	VIRTIO_NET_F_MRG_RXBUF, VIRTIO_NET_F_STATUS, VIRTIO_NET_F_CTRL_VQ,
	VIRTIO_NET_F_CTRL_RX, VIRTIO_NET_F_CTRL_MAC_ADDR, VIRTIO_NET_F_HOST_TSO4,
	VIRTIO_NET_F_HOST_ECN, VIRTIO_NET_F_GUEST_TSO4, VIRTIO_NET_F_GUEST_ECN,
};

static struct virtio_driver virtio_net_driver = {
	.name = virtnet_driver_name,
	.id_table = virtnet_id_table,
	.feature_table = virtnet_features,
	.feature_table_size = ARRAY_SIZE(virtnet_features),
	.validate = virtnet_validate,
	.probe = virtnet_probe,
	.remove = virtnet_remove,
	.config_changed = virtnet_config_changed,
};

static int __init virtio_net_driver_init(void)
{
	return register_virtio_driver(&virtio_net_driver);
}
module_init(virtio_net_driver_init);
