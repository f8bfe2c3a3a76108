/* SPDX-License-Identifier: MIT */
/* The network device: features, configuration, header, control. virtio 1.2 5.1. */
#ifndef UAPI_LINUX_VIRTIO_NET_H
#define UAPI_LINUX_VIRTIO_NET_H

#include <linux/if_ether.h>
#include <linux/types.h>

/* Feature bits; 5.1.3 */
#define VIRTIO_NET_F_CSUM	0	/* device fills in checksums of what we send */
#define VIRTIO_NET_F_GUEST_CSUM	1	/* we take packets with checksums not filled in */
#define VIRTIO_NET_F_CTRL_GUEST_OFFLOADS 2
#define VIRTIO_NET_F_MTU	3	/* config.mtu is valid */
#define VIRTIO_NET_F_MAC	5	/* config.mac is valid */
#define VIRTIO_NET_F_GUEST_TSO4	7
#define VIRTIO_NET_F_GUEST_TSO6	8
#define VIRTIO_NET_F_GUEST_ECN	9
#define VIRTIO_NET_F_GUEST_UFO	10
#define VIRTIO_NET_F_HOST_TSO4	11
#define VIRTIO_NET_F_HOST_TSO6	12
#define VIRTIO_NET_F_HOST_ECN	13
#define VIRTIO_NET_F_HOST_UFO	14
#define VIRTIO_NET_F_MRG_RXBUF	15	/* a packet may span receive buffers */
#define VIRTIO_NET_F_STATUS	16	/* config.status is valid */
#define VIRTIO_NET_F_CTRL_VQ	17	/* there is a control queue */
#define VIRTIO_NET_F_CTRL_RX	18	/* ... which knows promiscuous and all-multicast */
#define VIRTIO_NET_F_CTRL_VLAN	19
#define VIRTIO_NET_F_GUEST_ANNOUNCE 21	/* it may ask us to tell where we are */
#define VIRTIO_NET_F_MQ		22	/* several pairs of queues */
#define VIRTIO_NET_F_CTRL_MAC_ADDR 23	/* ... and setting the MAC address */
#define VIRTIO_NET_F_NOTF_COAL	53	/* ... and how long interrupts may wait */
#define VIRTIO_NET_F_HOST_USO	56

struct virtio_net_config {
	u8 mac[ETH_ALEN];
	__le16 status;		/* VIRTIO_NET_S_* */
	__le16 max_virtqueue_pairs;
	__le16 mtu;
} __packed;
static_assert(sizeof(struct virtio_net_config) == 12, "virtio 1.2 5.1.4");

#define VIRTIO_NET_S_LINK_UP	1
#define VIRTIO_NET_S_ANNOUNCE	2

/* In front of every packet in either direction; 5.1.6. Twelve bytes on a
 * VERSION_1 device, whether or not buffers may be merged. */
struct virtio_net_hdr_v1 {
	u8 flags;
#define VIRTIO_NET_HDR_F_NEEDS_CSUM	1	/* fill in at csum_start + csum_offset */
#define VIRTIO_NET_HDR_F_DATA_VALID	2	/* rx: checksums are right */
	u8 gso_type;
#define VIRTIO_NET_HDR_GSO_NONE		0
#define VIRTIO_NET_HDR_GSO_TCPV4	1
#define VIRTIO_NET_HDR_GSO_UDP		3
#define VIRTIO_NET_HDR_GSO_TCPV6	4
#define VIRTIO_NET_HDR_GSO_UDP_L4	5
#define VIRTIO_NET_HDR_GSO_ECN		0x80
	__le16 hdr_len;		/* bytes of all headers, a hint */
	__le16 gso_size;	/* bytes a segment */
	__le16 csum_start;	/* from the beginning of the frame */
	__le16 csum_offset;	/* from csum_start */
	__le16 num_buffers;	/* rx: buffers this packet spans */
};
static_assert(sizeof(struct virtio_net_hdr_v1) == 12, "virtio 1.2 5.1.6");

/* Control commands; 5.1.6.5 */
struct virtio_net_ctrl_hdr {
	u8 class;
	u8 cmd;
};

typedef u8 virtio_net_ctrl_ack;
#define VIRTIO_NET_OK	0
#define VIRTIO_NET_ERR	1

#define VIRTIO_NET_CTRL_RX		0
#define  VIRTIO_NET_CTRL_RX_PROMISC	0
#define  VIRTIO_NET_CTRL_RX_ALLMULTI	1

#define VIRTIO_NET_CTRL_MAC		1
#define  VIRTIO_NET_CTRL_MAC_TABLE_SET	0
#define  VIRTIO_NET_CTRL_MAC_ADDR_SET	1

#define VIRTIO_NET_CTRL_ANNOUNCE	3
#define  VIRTIO_NET_CTRL_ANNOUNCE_ACK	0

#define VIRTIO_NET_CTRL_MQ		4
#define  VIRTIO_NET_CTRL_MQ_VQ_PAIRS_SET 0
#define   VIRTIO_NET_CTRL_MQ_VQ_PAIRS_MAX 0x8000

#define VIRTIO_NET_CTRL_NOTF_COAL	6
#define  VIRTIO_NET_CTRL_NOTF_COAL_TX_SET 0
#define  VIRTIO_NET_CTRL_NOTF_COAL_RX_SET 1

/* An interrupt after so many packets, or so long after the first. */
struct virtio_net_ctrl_coal {
	__le32 max_packets;
	__le32 max_usecs;
};
static_assert(sizeof(struct virtio_net_ctrl_coal) == 8, "virtio 1.2 5.1.6.5.6");

/* One of the two tables of MAC_TABLE_SET: unicast, then multicast. */
struct virtio_net_ctrl_mac {
	__le32 entries;
	u8 macs[][ETH_ALEN];
};
static_assert(sizeof(struct virtio_net_ctrl_mac) == 4, "virtio 1.2 5.1.6.5.2");

#endif
