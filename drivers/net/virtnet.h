/* SPDX-License-Identifier: MIT */
/*
 * The virtio-net driver's own state, shared by its files: virtio_net.c,
 * virtio_net_rx.c (receiving), virtio_net_ctrl.c (control queue).
 */
#ifndef DRIVERS_NET_VIRTNET_H
#define DRIVERS_NET_VIRTNET_H

#include <linux/if_ether.h>
#include <linux/netdevice.h>
#include <linux/timer.h>
#include <linux/virtio.h>
#include <linux/virtio_net.h>

/* virtio 1.2 5.1.2, one pair */
#define VIRTNET_RQ	0
#define VIRTNET_SQ	1
#define VIRTNET_CQ	2
#define VIRTNET_VQS	3

/* In front of every frame, in either direction. */
#define VIRTNET_HDR_LEN	((unsigned int)sizeof(struct virtio_net_hdr_v1))

/* What a command and its answer are put together in; the device reads and writes
 * it until the command is used. */
struct virtnet_ctrl {
	struct virtio_net_ctrl_hdr hdr;
	virtio_net_ctrl_ack status;	/* written by the device */
	u8 value;			/* CTRL_RX */
	u8 mac[ETH_ALEN];		/* CTRL_MAC_ADDR_SET */
	void *table;			/* CTRL_MAC_TABLE_SET, kmalloc'ed; or NULL */
	bool busy;			/* the device has it */
};

struct virtnet_info {
	struct virtio_device *vdev;
	struct net_device *dev;
	struct virtqueue *rvq, *svq;	/* while the interface is up */
	struct virtqueue *cvq;		/* or NULL */
	struct napi_struct napi;
	struct timer_list refill_timer;	/* receive buffers could not be had */

	bool up;			/* between virtnet_up() and virtnet_down() */
	bool used;			/* was up once: negotiate again before the next */
	u64 features;			/* agreed upon at the probe */
	u8 mac[ETH_ALEN];		/* the device's own; zero: it has none */
	bool mergeable;			/* MRG_RXBUF */
	bool large_rx;			/* GUEST_TSO4: packets larger than a frame come */
	unsigned int rx_buf_len;	/* bytes of a receive buffer, header included */
	unsigned int tx_descs_max;	/* of one packet */

	/* Written in hardirq context. */
	bool config_event;		/* config_changed seen, not looked at yet */

	struct virtnet_ctrl ctrl;
	/* What the device was last told; CTRL_UNKNOWN after a reset. */
	u8 promisc, allmulti;

	u64 polls;
	u64 tx_restart_queue;
	u64 rx_copied;
	u64 rx_merged;			/* buffers beyond the first of a frame */
	u64 rx_refill_failed;		/* refills that found no memory */
	u64 ctrl_errors;
};

#define CTRL_UNKNOWN	0xff

/* Longest packet that is believed: an IPv4 packet, Ethernet and a VLAN tag. */
#define VIRTNET_FRAME_MAX	(ETH_MAX_MTU + ETH_HLEN + 4)

/* virtio_net_rx.c */
void try_fill_recv(struct virtnet_info *vi);
int virtnet_receive(struct virtnet_info *vi, int budget);

/* virtio_net_ctrl.c */
void virtnet_ctrl_reset(struct virtnet_info *vi);
int virtnet_ctrl_set_mac(struct virtnet_info *vi, const u8 *addr);
void virtnet_ctrl_set_rx_mode(struct virtnet_info *vi);

#endif
