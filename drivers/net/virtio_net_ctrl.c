// SPDX-License-Identifier: MIT
/*
 * virtio-net's control queue: receive filters, the MAC address, pairs of queues, how
 * long interrupts may wait.
 *
 * A command is a chain of up to three pieces: header, data, one byte of answer.
 * There is one at a time, and it is waited for by looking: the device answers in
 * microseconds, and the callers cannot sleep. A device that does not answer
 * keeps the command's memory until it does, or until it is reset. Softirqs are
 * off meanwhile: filters are changed from there too.
 *
 * Linux: drivers/net/virtio_net.c (virtnet_send_command ...)
 * Read first: virtio 1.2, 5.1.6.5.
 */
#include <linux/byteorder.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/etherdevice.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "virtnet.h"

#define CTRL_TIMEOUT_NS	(1000 * NSEC_PER_MSEC)
/* virtio_net.coalesce=; as `ethtool -C` in Linux, where nothing is asked for either
 * until somebody says so. */
static struct {
	bool set;
	u32 rx_usecs, rx_packets, tx_usecs, tx_packets;
} virtnet_coal __ro_after_init;

/* Bounds the wait where the clock stands still. */
#define CTRL_LOOKS	2000000U

/* Takes back a command that the device has used. False: it still has it. */
static bool virtnet_ctrl_reap(struct virtnet_info *vi)
{
	unsigned int len;

	if (vi->ctrl.busy && !virtqueue_get_buf(vi->cvq, &len))
		return false;
	vi->ctrl.busy = false;
	kfree(vi->ctrl.table);
	vi->ctrl.table = NULL;
	return true;
}

/* Looks until the command is used, but not for ever. */
static int virtnet_ctrl_wait(struct virtnet_info *vi)
{
	u64 end_ns = ktime_get_ns() + CTRL_TIMEOUT_NS;
	unsigned int looks = CTRL_LOOKS;

	while (!virtnet_ctrl_reap(vi)) {
		if (virtqueue_is_broken(vi->cvq))
			return -EIO;
		/* The clock is not read at each look: that may be an exit. */
		if (!--looks || (!(looks & 1023) && ktime_get_ns() > end_ns))
			return -ETIMEDOUT;
	}
	return vi->ctrl.status == VIRTIO_NET_OK ? 0 : -EINVAL;
}

/* Sends one command with @n pieces of data (0 or 1). 0; -EINVAL: the device said
 * no; -EBUSY, -ETIMEDOUT, -EIO: it does not answer. */
static int virtnet_send_command(struct virtnet_info *vi, u8 class, u8 cmd,
				const void *data, unsigned int len)
{
	struct virtnet_ctrl *ctrl = &vi->ctrl;
	struct scatterlist sg[3];
	unsigned int out = 0;
	int err;

	ctrl->hdr.class = class;
	ctrl->hdr.cmd = cmd;
	ctrl->status = VIRTIO_NET_ERR;
	sg_set_buf(&sg[out++], &ctrl->hdr, sizeof(ctrl->hdr));
	if (len)
		sg_set_buf(&sg[out++], data, len);
	sg_set_buf(&sg[out], &ctrl->status, sizeof(ctrl->status));
	err = virtqueue_add_sgs(vi->cvq, sg, out, 1, ctrl);
	if (!err) {
		ctrl->busy = true;
		virtqueue_kick(vi->cvq);
		err = virtnet_ctrl_wait(vi);
	}
	if (err) {
		vi->ctrl_errors++;
		netdev_warn(vi->dev, "control command %u/%u failed, error %d\n", class, cmd,
			    err);
	}
	return err;
}

/**
 * virtnet_ctrl_reset() - forgets what the device was told
 * @vi: the NIC, its device reset and its queues empty
 *
 * Context: process.
 */
void virtnet_ctrl_reset(struct virtnet_info *vi)
{
	vi->ctrl.busy = false;
	kfree(vi->ctrl.table);
	vi->ctrl.table = NULL;
	vi->promisc = vi->allmulti = CTRL_UNKNOWN;
}

/**
 * virtnet_ctrl_set_mac() - gives the device another MAC address
 * @vi: the NIC, up
 * @addr: the address
 *
 * virtio 1.2 5.1.6.5.2. Context: process.
 * Return: 0; -EOPNOTSUPP when the device cannot; another error when it did not.
 */
int virtnet_ctrl_set_mac(struct virtnet_info *vi, const u8 *addr)
{
	int err = -EBUSY;

	if (!vi->cvq || !virtio_has_feature(vi->vdev, VIRTIO_NET_F_CTRL_MAC_ADDR))
		return -EOPNOTSUPP;
	local_bh_disable();
	if (virtnet_ctrl_reap(vi)) {
		ether_addr_copy(vi->ctrl.mac, addr);
		err = virtnet_send_command(vi, VIRTIO_NET_CTRL_MAC,
					   VIRTIO_NET_CTRL_MAC_ADDR_SET, vi->ctrl.mac,
					   ETH_ALEN);
	}
	local_bh_enable();
	return err;
}

/* One of the two switches, unless it stands as wanted. virtio 1.2 5.1.6.5.1. */
static void virtnet_ctrl_switch(struct virtnet_info *vi, u8 cmd, u8 *told, bool on)
{
	if (*told == on || !virtnet_ctrl_reap(vi))
		return;
	vi->ctrl.value = on;
	if (!virtnet_send_command(vi, VIRTIO_NET_CTRL_RX, cmd, &vi->ctrl.value, 1))
		*told = on;
}

/* Both tables in one block: no further unicast address, and the multicast
 * addresses. Returns false when there is no memory for it. */
static bool virtnet_ctrl_set_table(struct virtnet_info *vi)
{
	unsigned int n = netdev_mc_count(vi->dev);
	size_t size = 2 * sizeof(struct virtio_net_ctrl_mac) + n * ETH_ALEN;
	const struct netdev_hw_addr *ha;
	struct virtio_net_ctrl_mac *unicast, *multicast;
	unsigned int i = 0;

	unicast = kzalloc(size, GFP_ATOMIC);
	if (!unicast)
		return false;
	multicast = unicast + 1;
	multicast->entries = cpu_to_le32(n);
	netdev_for_each_mc_addr(ha, vi->dev)
		ether_addr_copy(multicast->macs[i++], ha->addr);
	vi->ctrl.table = unicast;
	virtnet_send_command(vi, VIRTIO_NET_CTRL_MAC, VIRTIO_NET_CTRL_MAC_TABLE_SET, unicast,
			     (unsigned int)size);
	return true;
}

/**
 * virtnet_ctrl_set_rx_mode() - makes the receive filter what the interface asks for
 * @vi: the NIC, up
 *
 * Without the feature the device hands over what it will; the stack drops what
 * is for others. Context: process or softirq.
 */
void virtnet_ctrl_set_rx_mode(struct virtnet_info *vi)
{
	bool allmulti = vi->dev->flags & IFF_ALLMULTI;

	if (!vi->cvq || !virtio_has_feature(vi->vdev, VIRTIO_NET_F_CTRL_RX))
		return;
	local_bh_disable();
	if (virtnet_ctrl_reap(vi)) {
		if (!virtnet_ctrl_set_table(vi))
			allmulti = true;
		virtnet_ctrl_switch(vi, VIRTIO_NET_CTRL_RX_PROMISC, &vi->promisc,
				    vi->dev->flags & IFF_PROMISC);
		virtnet_ctrl_switch(vi, VIRTIO_NET_CTRL_RX_ALLMULTI, &vi->allmulti, allmulti);
	}
	local_bh_enable();
}

/**
 * virtnet_ctrl_set_pairs() - lets the device use several pairs of queues
 * @vi: the NIC, up
 * @pairs: of those that are set up
 *
 * virtio 1.2 5.1.6.5.5. Context: process.
 * Return: how many are used now; 1 when it did not.
 */
unsigned int virtnet_ctrl_set_pairs(struct virtnet_info *vi, unsigned int pairs)
{
	unsigned int now = 1;

	if (pairs == 1 || !vi->cvq)
		return 1;
	local_bh_disable();
	if (virtnet_ctrl_reap(vi)) {
		vi->ctrl.pairs = cpu_to_le16((u16)pairs);
		if (!virtnet_send_command(vi, VIRTIO_NET_CTRL_MQ,
					  VIRTIO_NET_CTRL_MQ_VQ_PAIRS_SET, &vi->ctrl.pairs,
					  sizeof(vi->ctrl.pairs)))
			now = pairs;
	}
	local_bh_enable();
	return now;
}

/**
 * virtnet_ctrl_announce_ack() - the link was told where we are
 * @vi: the NIC, up
 *
 * virtio 1.2 5.1.6.5.4. The device goes on asking if it does not hear of it.
 * Context: softirq.
 */
void virtnet_ctrl_announce_ack(struct virtnet_info *vi)
{
	/* A command without data. */
	if (vi->cvq && virtnet_ctrl_reap(vi))
		virtnet_send_command(vi, VIRTIO_NET_CTRL_ANNOUNCE,
				     VIRTIO_NET_CTRL_ANNOUNCE_ACK, NULL, 0);
}

static void virtnet_ctrl_coal(struct virtnet_info *vi, u8 cmd, u32 packets, u32 usecs)
{
	if (!virtnet_ctrl_reap(vi))
		return;
	vi->ctrl.coal.max_packets = cpu_to_le32(packets);
	vi->ctrl.coal.max_usecs = cpu_to_le32(usecs);
	virtnet_send_command(vi, VIRTIO_NET_CTRL_NOTF_COAL, cmd, &vi->ctrl.coal,
			     sizeof(vi->ctrl.coal));
}

/**
 * virtnet_ctrl_set_coal() - has interrupts wait as the command line says
 * @vi: the NIC, up
 *
 * virtio 1.2 5.1.6.5.6. Context: process.
 */
void virtnet_ctrl_set_coal(struct virtnet_info *vi)
{
	if (!virtnet_coal.set || !vi->cvq ||
	    !virtio_has_feature(vi->vdev, VIRTIO_NET_F_NOTF_COAL))
		return;
	local_bh_disable();
	virtnet_ctrl_coal(vi, VIRTIO_NET_CTRL_NOTF_COAL_TX_SET, virtnet_coal.tx_packets,
			  virtnet_coal.tx_usecs);
	virtnet_ctrl_coal(vi, VIRTIO_NET_CTRL_NOTF_COAL_RX_SET, virtnet_coal.rx_packets,
			  virtnet_coal.rx_usecs);
	local_bh_enable();
}

/* <rx usecs>,<rx packets>,<tx usecs>,<tx packets> */
static int virtnet_coalesce_setup(char *value)
{
	u32 *const fields[] = { &virtnet_coal.rx_usecs, &virtnet_coal.rx_packets,
				&virtnet_coal.tx_usecs, &virtnet_coal.tx_packets };
	unsigned int i;

	virtnet_coal.set = false;
	for (i = 0; i < ARRAY_SIZE(fields) && value; i++) {
		char *comma = strchr(value, ',');

		if (comma)
			*comma++ = '\0';
		if (kstrtouint(value, 0, fields[i]))
			break;
		value = comma;
	}
	virtnet_coal.set = i == ARRAY_SIZE(fields) && !value;
	if (!virtnet_coal.set)
		pr_err("virtio_net.coalesce=: not four numbers with commas between them\n");
	return virtnet_coal.set;
}
__setup("virtio_net.coalesce=", virtnet_coalesce_setup);
