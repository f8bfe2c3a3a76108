// SPDX-License-Identifier: MIT
/*
 * Driver for virtio network devices: the interface, its queues, its interrupts.
 * Receiving is in virtio_net_rx.c and virtio_net_buf.c, sending in virtio_net_tx.c,
 * the control queue in virtio_net_ctrl.c.
 *
 *   virtqueue interrupt   skb_recv_done / skb_xmit_done: callbacks off,
 *                         napi_schedule()
 *   virtnet_poll          link, receive up to the budget, refill, reap,
 *                         callbacks on, and a last look
 *
 * One NAPI instance serves both queues of a pair: what is sent in answer to what was
 * received is reaped in the same round. There is one pair; virtio_net.queue_pairs=
 * asks for more, between which flows are then spread. Closing the interface resets the device:
 * only then are the buffers ours again without doubt.
 *
 * Linux: drivers/net/virtio_net.c
 * Read first: virtio 1.2, 5.1.
 * Left out: VLAN filtering, RSS, CTRL_GUEST_OFFLOADS.
 */
#include <linux/byteorder.h>
#include <linux/errno.h>
#include <linux/etherdevice.h>
#include <linux/init.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/trace.h>

#include "virtnet.h"

#define VIRTNET_WATCHDOG_MS	5000

static const char virtnet_driver_name[] = "virtio_net";

/* virtio_net.queue_pairs=; Linux: one for each CPU, of which there is one. */
static unsigned int virtnet_wanted_pairs __ro_after_init = 1;

/* ---- interrupts ------------------------------------------------------------- */

/**
 * virtnet_napi_schedule() - a pair of queues has something to do
 * @rq: its receive queue
 *
 * Callbacks off, poll scheduled. When it is scheduled already, or about to
 * finish, napi_schedule_prep() has noted that (NAPI_STATE_MISSED) and the poll
 * goes another round: nothing to do. Context: any.
 */
void virtnet_napi_schedule(struct receive_queue *rq)
{
	if (!napi_schedule_prep(&rq->napi))
		return;
	virtqueue_disable_cb(rq->vq);
	virtqueue_disable_cb(virtnet_sq(rq)->vq);
	__napi_schedule(&rq->napi);
}

static struct virtnet_info *vq2info(const struct virtqueue *vq)
{
	return dev_get_drvdata(&vq->vdev->dev);
}

static void skb_recv_done(struct virtqueue *rvq)
{
	trace_here();
	virtnet_napi_schedule(&vq2info(rvq)->rq[rvq->index / 2]);
}

static void skb_xmit_done(struct virtqueue *svq)
{
	trace_here();
	virtnet_napi_schedule(&vq2info(svq)->rq[svq->index / 2]);
}

/* Hardirq: the link is looked at in the poll. */
static void virtnet_config_changed(struct virtio_device *vdev)
{
	struct virtnet_info *vi = dev_get_drvdata(&vdev->dev);

	vi->config_event = true;
	virtnet_napi_schedule(&vi->rq[0]);
}

/* ---- poll and link --------------------------------------------------------------- */

/* Memory for receive buffers had run out. */
static void virtnet_refill_timer(struct timer_list *t)
{
	struct virtnet_info *vi = from_timer(vi, t, refill_timer);

	unsigned int i;

	for (i = 0; i < vi->pairs; i++) {
		try_fill_recv(&vi->rq[i]);
		virtnet_napi_schedule(&vi->rq[i]);
	}
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
	/* 5.1.4.2, 5.1.6.5.4: we are on another link now, as after a migration. */
	if (status & VIRTIO_NET_S_ANNOUNCE &&
	    virtio_has_feature(vi->vdev, VIRTIO_NET_F_GUEST_ANNOUNCE)) {
		netdev_notify_peers(vi->dev);
		virtnet_ctrl_announce_ack(vi);
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
 * to hear of the next frame, transmitting as virtnet_tx_arm() says.
 */
static void virtqueue_napi_complete(struct receive_queue *rq, int received)
{
	struct send_queue *sq = virtnet_sq(rq);
	unsigned int rx = virtqueue_enable_cb_prepare(rq->vq);
	bool tx_done = !virtnet_tx_arm(sq);

	if (!napi_complete_done(&rq->napi, received)) {
		virtqueue_disable_cb(rq->vq);
		virtqueue_disable_cb(sq->vq);
	} else if (virtqueue_poll(rq->vq, rx) || tx_done) {
		virtnet_napi_schedule(rq);
	}
}

/**
 * virtnet_poll() - the poll function
 * @napi: a pair's
 * @budget: at most that many received frames
 *
 * Context: NET_RX softirq. Return: received frames, less than @budget when done.
 */
static int virtnet_poll(struct napi_struct *napi, int budget)
{
	struct receive_queue *rq = container_of(napi, struct receive_queue, napi);
	struct virtnet_info *vi = rq->vi;
	int received;

	trace_here();
	vi->polls++;
	if (unlikely(vi->config_event))
		virtnet_check_link(vi);
	received = virtnet_receive(rq, budget);
	free_old_xmit_skbs(virtnet_sq(rq), budget);
	virtnet_tx_wake(vi);
	if (received < budget)
		virtqueue_napi_complete(rq, received);
	return received;
}

/* ---- up and down ------------------------------------------------------------------- */

/* What find_vqs() wants to know, and says. */
struct virtnet_vqs {
	vq_callback_t *callbacks[VIRTNET_VQS];
	const char *names[VIRTNET_VQS];
	struct virtqueue *vqs[VIRTNET_VQS];
};

/* 5.1.2: the control queue is behind all pairs that the device has, also those that
 * are not set up. */
static int virtnet_find_vqs(struct virtnet_info *vi)
{
	static const char *const names[2 * VIRTNET_MAX_PAIRS] = {
		"input.0", "output.0", "input.1", "output.1",
		"input.2", "output.2", "input.3", "output.3",
	};
	bool ctrl = virtio_has_feature(vi->vdev, VIRTIO_NET_F_CTRL_VQ);
	struct virtnet_vqs *find = kzalloc(sizeof(*find), GFP_KERNEL);
	unsigned int i, n = 2 * vi->pairs;
	int err;

	if (!find)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		find->callbacks[i] = i & 1 ? skb_xmit_done : skb_recv_done;
		find->names[i] = names[i];
	}
	if (ctrl) {
		n = 2 * vi->dev_pairs + 1;
		find->names[n - 1] = "control";
	}
	err = vi->vdev->config->find_vqs(vi->vdev, n, find->vqs, find->callbacks, find->names);
	for (i = 0; !err && i < vi->pairs; i++) {
		vi->rq[i].vq = find->vqs[2 * i];
		vi->sq[i].vq = find->vqs[2 * i + 1];
	}
	vi->cvq = !err && ctrl ? find->vqs[n - 1] : NULL;
	kfree(find);
	return err;
}

/* Gives the queues back; @vi->vdev was reset. */
static void virtnet_del_vqs(struct virtnet_info *vi)
{
	struct sk_buff *skb;
	unsigned int i;

	for (i = 0; i < vi->pairs; i++) {
		struct send_queue *sq = &vi->sq[i];

		while ((skb = virtqueue_detach_unused_buf(sq->vq))) {
			vi->dev->stats.tx_dropped++;
			dev_kfree_skb_any(skb, SKB_DROP_REASON_DEV_RESET);
		}
		sq->held = sq->held_bytes = 0;
		sq->unkicked = false;
		virtnet_rx_teardown(&vi->rq[i]);
		sq->vq = vi->rq[i].vq = NULL;
	}
	while (vi->cvq && virtqueue_detach_unused_buf(vi->cvq))
		;
	vi->vdev->config->del_vqs(vi->vdev);
	vi->cvq = NULL;
}

/* What the queues can take. */
static int virtnet_setup_queues(struct virtnet_info *vi)
{
	unsigned int i;
	int err = 0;

	vi->tx_descs_max = MAX_SKB_FRAGS + 2;
	for (i = 0; !err && i < vi->pairs; i++) {
		/* Packets of no more pieces than the ring has. */
		if (virtqueue_get_vring_size(vi->sq[i].vq) < 2 * (MAX_SKB_FRAGS + 2)) {
			vi->dev->features &= ~(NETIF_F_SG | NETIF_F_TSO | NETIF_F_TSO_ECN |
					       NETIF_F_GSO_UDP_L4);
			vi->tx_descs_max = 2;
		}
		err = virtnet_rx_setup(&vi->rq[i]);
	}
	return err;
}

/* The line about the NIC: when its interrupts are known, the first time up. */
static void virtnet_log(const struct virtnet_info *vi)
{
	const struct virtio_device *vdev = vi->vdev;

	netdev_info(vi->dev, "virtio_net at %s, %pM, irq %d %d, features: sg%s%s%s%s%s%s%s%s\n",
		    vdev->config->bus_name(vdev), vi->dev->dev_addr,
		    vdev->config->vq_irq(vi->rq[0].vq), vdev->config->vq_irq(vi->sq[0].vq),
		    virtio_has_feature(vdev, VIRTIO_NET_F_CSUM) ? " tx-checksum" : "",
		    virtio_has_feature(vdev, VIRTIO_NET_F_HOST_TSO4) ? " tso" : "",
		    virtio_has_feature(vdev, VIRTIO_NET_F_GUEST_CSUM) ? " rx-checksum" : "",
		    vi->mergeable ? " mergeable" : "",
		    vi->large_rx ? " large-receive" : "",
		    virtio_has_feature(vdev, VIRTIO_F_RING_EVENT_IDX) ? " event-idx" : "",
		    virtio_has_feature(vdev, VIRTIO_F_RING_INDIRECT_DESC) ? " indirect" : "",
		    virtio_has_feature(vdev, VIRTIO_NET_F_CTRL_VQ) ? " control" : "");
}

/* From wherever the device is to queues that are set up. */
static int virtnet_prepare(struct virtnet_info *vi)
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
	if (!err) {
		err = virtnet_setup_queues(vi);
		if (err) {
			virtio_reset_device(vdev);
			virtnet_del_vqs(vi);
		}
	}
	if (err)
		netdev_err(vi->dev, "cannot set up the queues, error %d\n", err);
	else if (!vi->used)
		virtnet_log(vi);
	vi->used = true;
	return err;
}

/* The device to work. Context: process. */
static int virtnet_up(struct virtnet_info *vi)
{
	unsigned int i;
	int err = virtnet_prepare(vi);

	if (err)
		return err;
	virtnet_ctrl_reset(vi);
	vi->up = true;
	/* The poll before the device: an interrupt in between would be lost. From
	 * the first buffer on the poll may be scheduled, and it uses the queues
	 * that we are using here: not before we are done. */
	local_bh_disable();
	for (i = 0; i < vi->pairs; i++) {
		napi_enable(&vi->rq[i].napi);
		virtqueue_disable_cb(vi->sq[i].vq);
	}
	virtio_device_ready(vi->vdev);
	for (i = 0; i < vi->pairs; i++)
		try_fill_recv(&vi->rq[i]);
	vi->curr_pairs = virtnet_ctrl_set_pairs(vi, vi->pairs);
	virtnet_ctrl_set_coal(vi);
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
	unsigned int i;

	if (!vi->up)
		return;
	vi->up = false;
	netif_tx_disable(vi->dev);
	netif_carrier_off(vi->dev);
	for (i = 0; i < vi->pairs; i++)
		napi_disable(&vi->rq[i].napi);
	del_timer_sync(&vi->refill_timer);
	del_timer_sync(&vi->tx_timer);
	virtio_reset_device(vi->vdev);
	virtnet_del_vqs(vi);
	virtnet_ctrl_reset(vi);
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
	unsigned int i;

	if (!vi->up)
		return;
	dev->stats.tx_errors++;
	for (i = 0; i < vi->pairs; i++) {
		struct virtqueue *vq = vi->sq[i].vq;

		netdev_warn(dev, "transmit queue %u hangs: %u free of %u%s\n", i, vq->num_free,
			    virtqueue_get_vring_size(vq),
			    virtqueue_is_broken(vq) ? ", broken" : "");
		virtqueue_notify(vq);
		virtnet_napi_schedule(&vi->rq[i]);
	}
}

/* How often each of @packets cost an exit, in hundredths. */
static size_t virtnet_dump_rates(const struct virtqueue *vq, u64 packets, char *buf, size_t size)
{
	const struct virtqueue_stats *st = virtqueue_get_stats(vq);
	u64 kicks = st->kicks * 100 / max(packets, (u64)1);
	u64 irqs = (st->interrupts + st->spurious) * 100 / max(packets, (u64)1);

	return (size_t)scnprintf(buf, size,
		"  packets %llu, each: doorbells %llu.%02llu interrupts %llu.%02llu\n",
		(unsigned long long)packets, (unsigned long long)kicks / 100,
		(unsigned long long)kicks % 100, (unsigned long long)irqs / 100,
		(unsigned long long)irqs % 100);
}

static size_t virtnet_dump_pair(const struct receive_queue *rq, const struct send_queue *sq,
				char *buf, size_t size)
{
	size_t n = virtqueue_dump(rq->vq, buf, size);

	n += virtnet_dump_rates(rq->vq, rq->packets, buf + n, size - n);
	n += (size_t)scnprintf(buf + n, size - n,
		"  copied %llu merged %llu split %llu refill_failed %llu"
		" average %u buffers %u..%u posted %u of %u\n",
		(unsigned long long)rq->copied, (unsigned long long)rq->merged,
		(unsigned long long)rq->split, (unsigned long long)rq->refill_failed,
		ewma_pkt_len_read(&rq->mrg_avg_pkt_len), rq->min_buf_len, rq->max_buf_len,
		rq->posted, rq->posted_max);
	n += virtqueue_dump(sq->vq, buf + n, size - n);
	return n + virtnet_dump_rates(sq->vq, sq->packets, buf + n, size - n);
}

/* ndo_dump: counters, then some lines for each queue. */
static size_t virtnet_dump(struct net_device *dev, char *buf, size_t size)
{
	struct virtnet_info *vi = netdev_priv(dev);
	unsigned int i;
	size_t n;

	n = (size_t)scnprintf(buf, size,
		"polls %llu\ntx_restart_queue %llu\nctrl_errors %llu\nfeatures %#llx\n",
		(unsigned long long)vi->polls, (unsigned long long)vi->tx_restart_queue,
		(unsigned long long)vi->ctrl_errors, (unsigned long long)vi->features);
	if (!vi->up)
		return n + (size_t)scnprintf(buf + n, size - n, "down\n");
	for (i = 0; i < vi->pairs; i++)
		n += virtnet_dump_pair(&vi->rq[i], &vi->sq[i], buf + n, size - n);
	if (vi->cvq)
		n += virtqueue_dump(vi->cvq, buf + n, size - n);
	return n;
}

/* ndo_held: packets not reaped yet. Receive buffers are pages, not packets. */
static unsigned int virtnet_held(const struct net_device *dev)
{
	const struct virtnet_info *vi = netdev_priv(dev);
	unsigned int i, held = 0;

	for (i = 0; vi->up && i < vi->pairs; i++)
		held += virtqueue_outstanding(vi->sq[i].vq);
	return held;
}

static const struct net_device_ops virtnet_netdev = {
	.ndo_open = virtnet_open,
	.ndo_stop = virtnet_close,
	.ndo_start_xmit = start_xmit,
	.ndo_xmit_flush = virtnet_xmit_flush,
	.ndo_set_mac_address = virtnet_set_mac_address,
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
	if (virtio_has_feature(vi->vdev, VIRTIO_NET_F_HOST_USO))
		dev->hw_features |= NETIF_F_GSO_UDP_L4;
	if (virtio_has_feature(vi->vdev, VIRTIO_NET_F_GUEST_CSUM))
		dev->hw_features |= NETIF_F_RXCSUM;
	dev->features |= dev->hw_features;
	vi->mergeable = virtio_has_feature(vi->vdev, VIRTIO_NET_F_MRG_RXBUF);
	vi->large_rx = virtio_has_feature(vi->vdev, VIRTIO_NET_F_GUEST_TSO4);
}

/* Pairs that the device has, 5.1.4; 1 where more are of no use: nobody asked for them,
 * or they are too many to say where the control queue is. */
static unsigned int virtnet_dev_pairs(struct virtio_device *vdev)
{
	u16 max = virtio_cread16(vdev, offsetof(struct virtio_net_config, max_virtqueue_pairs));

	if (virtnet_wanted_pairs == 1 || max < 2)
		return 1;
	if (max > VIRTNET_DEV_PAIRS) {
		dev_warn(&vdev->dev, "%u pairs of queues are more than %u: using one\n", max,
			 VIRTNET_DEV_PAIRS);
		return 1;
	}
	return max;
}

/* 5.1.3.1: what requires what. Large packets are taken in merged buffers only: of
 * 64 KiB each, a ring of them would take 16 MiB. */
static void virtnet_validate(struct virtio_device *vdev)
{
	static const unsigned int of_ctrl_vq[] = {
		VIRTIO_NET_F_CTRL_RX, VIRTIO_NET_F_CTRL_MAC_ADDR, VIRTIO_NET_F_MQ,
		VIRTIO_NET_F_GUEST_ANNOUNCE, VIRTIO_NET_F_NOTF_COAL,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(of_ctrl_vq); i++)
		if (!virtio_has_feature(vdev, VIRTIO_NET_F_CTRL_VQ))
			__virtio_clear_bit(vdev, of_ctrl_vq[i]);
	if (!virtio_has_feature(vdev, VIRTIO_NET_F_STATUS))
		__virtio_clear_bit(vdev, VIRTIO_NET_F_GUEST_ANNOUNCE);
	if (virtio_has_feature(vdev, VIRTIO_NET_F_MQ) && virtnet_dev_pairs(vdev) == 1)
		__virtio_clear_bit(vdev, VIRTIO_NET_F_MQ);
	if (!virtio_has_feature(vdev, VIRTIO_NET_F_CSUM)) {
		__virtio_clear_bit(vdev, VIRTIO_NET_F_HOST_TSO4);
		__virtio_clear_bit(vdev, VIRTIO_NET_F_HOST_USO);
	}
	if (!virtio_has_feature(vdev, VIRTIO_NET_F_HOST_TSO4))
		__virtio_clear_bit(vdev, VIRTIO_NET_F_HOST_ECN);
	if (!virtio_has_feature(vdev, VIRTIO_NET_F_GUEST_CSUM) ||
	    !virtio_has_feature(vdev, VIRTIO_NET_F_MRG_RXBUF))
		__virtio_clear_bit(vdev, VIRTIO_NET_F_GUEST_TSO4);
	if (!virtio_has_feature(vdev, VIRTIO_NET_F_GUEST_TSO4))
		__virtio_clear_bit(vdev, VIRTIO_NET_F_GUEST_ECN);
}

static void virtnet_add_queues(struct virtnet_info *vi)
{
	unsigned int i;

	vi->dev_pairs = 1;
	if (virtio_has_feature(vi->vdev, VIRTIO_NET_F_MQ))
		vi->dev_pairs = virtnet_dev_pairs(vi->vdev);
	vi->pairs = min(virtnet_wanted_pairs, vi->dev_pairs);
	vi->curr_pairs = 1;
	for (i = 0; i < vi->pairs; i++) {
		vi->rq[i].vi = vi->sq[i].vi = vi;
		vi->sq[i].rq = &vi->rq[i];
		netif_napi_add(vi->dev, &vi->rq[i].napi, virtnet_poll);
	}
}

static void virtnet_remove_queues(struct virtnet_info *vi)
{
	unsigned int i;

	for (i = 0; i < vi->pairs; i++)
		netif_napi_del(&vi->rq[i].napi);
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
	timer_setup(&vi->tx_timer, virtnet_tx_timer, 0);
	virtnet_init_netdev(vi);
	virtnet_init_mac(vi);
	virtnet_init_mtu(vi);
	virtnet_ctrl_reset(vi);
	virtnet_add_queues(vi);
	err = register_netdev(dev);
	if (err) {
		virtnet_remove_queues(vi);
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
	virtnet_remove_queues(vi);
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
	VIRTIO_NET_F_HOST_USO, VIRTIO_NET_F_GUEST_ANNOUNCE, VIRTIO_NET_F_MQ,
	VIRTIO_NET_F_NOTF_COAL,
};

static int virtnet_queue_pairs_setup(char *value)
{
	unsigned int pairs;

	if (kstrtouint(value, 0, &pairs) || !pairs || pairs > VIRTNET_MAX_PAIRS) {
		pr_err("virtio_net.queue_pairs=: not a number from 1 to %u\n",
		       VIRTNET_MAX_PAIRS);
		return 0;
	}
	virtnet_wanted_pairs = pairs;
	return 1;
}
__setup("virtio_net.queue_pairs=", virtnet_queue_pairs_setup);

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
