/* SPDX-License-Identifier: MIT */
/*
 * Network devices, NAPI, the receive and transmit entry points (DEV-*, NAPI-*,
 * RX-*, TX-*). net/core/dev.c, net/core/napi.c, net/ethernet/eth.c.
 */
#ifndef LINUX_NETDEVICE_H
#define LINUX_NETDEVICE_H

#include <linux/if.h>
#include <linux/if_ether.h>
#include <linux/interrupt.h>
#include <linux/list.h>
#include <linux/skbuff.h>
#include <linux/timer.h>
#include <linux/types.h>

struct net;
struct Qdisc;
struct net_device;
struct napi_struct;
struct packet_type;
struct device;

typedef enum netdev_tx {
	NETDEV_TX_OK = 0,	/* driver consumed the skb */
	NETDEV_TX_BUSY = 0x10,	/* driver did not take it: the skb is the caller's again */
} netdev_tx_t;

#define NET_RX_SUCCESS	0
#define NET_RX_DROP	1
#define NET_XMIT_SUCCESS 0
#define NET_XMIT_DROP	1	/* skb dropped */
#define NET_XMIT_CN	2	/* congestion notification */
#define net_xmit_eval(e) ((e) == NET_XMIT_CN ? 0 : (e))
#define net_xmit_errno(e) ((e) != NET_XMIT_CN ? -105 /* ENOBUFS */ : 0)

#define NETIF_F_SG	BIT_ULL(0)	/* frags */
#define NETIF_F_IP_CSUM	BIT_ULL(1)
#define NETIF_F_HW_CSUM	BIT_ULL(3)	/* any CHECKSUM_PARTIAL */
#define NETIF_F_FRAGLIST BIT_ULL(6)
#define NETIF_F_GSO	BIT_ULL(14)	/* software GSO above the driver */
#define NETIF_F_GRO	BIT_ULL(15)
#define NETIF_F_TSO	BIT_ULL(16)	/* TCP over IPv4 */
#define NETIF_F_TSO_ECN	BIT_ULL(18)
#define NETIF_F_GSO_UDP_L4 BIT_ULL(28)
#define NETIF_F_RXCSUM	BIT_ULL(40)
#define NETIF_F_LOOPBACK BIT_ULL(46)

struct rtnl_link_stats64 {
	u64 rx_packets, tx_packets;
	u64 rx_bytes, tx_bytes;
	u64 rx_errors, tx_errors;
	u64 rx_dropped, tx_dropped;	/* no room in host memory / by the driver */
	u64 multicast;
	u64 rx_length_errors, rx_over_errors, rx_crc_errors, rx_frame_errors;
	u64 rx_fifo_errors, rx_missed_errors;
	u64 tx_aborted_errors, tx_carrier_errors, tx_fifo_errors;
	u64 rx_nohandler;
};

/* Each callback: context, may it sleep. */
struct net_device_ops {
	int (*ndo_init)(struct net_device *dev);	/* process, may sleep */
	void (*ndo_uninit)(struct net_device *dev);
	int (*ndo_open)(struct net_device *dev);	/* process */
	int (*ndo_stop)(struct net_device *dev);	/* process */
	/* Softirqs off, one at a time. Consumes the skb unless it returns
	 * NETDEV_TX_BUSY. skb->xmit_more: the doorbell may wait for the next. */
	netdev_tx_t (*ndo_start_xmit)(struct sk_buff *skb, struct net_device *dev);
	int (*ndo_set_mac_address)(struct net_device *dev, const u8 *addr);
	int (*ndo_change_mtu)(struct net_device *dev, int new_mtu);
	void (*ndo_set_rx_mode)(struct net_device *dev);
	void (*ndo_tx_timeout)(struct net_device *dev);
	/* Text of driver counters and of the rings, for `ethtool`-like commands. */
	size_t (*ndo_dump)(struct net_device *dev, char *buf, size_t size);
};

/* Link-layer header of a device type (net/ethernet/eth.c: eth_header_ops). */
struct neighbour;
struct hh_cache;
struct header_ops {
	/* Pushes a header; returns its length, or its negative when the
	 * destination is not known yet. saddr NULL: the device's own. */
	int (*create)(struct sk_buff *skb, struct net_device *dev, unsigned short type,
		      const void *daddr, const void *saddr, unsigned int len);
	int (*cache)(const struct neighbour *neigh, struct hh_cache *hh, __be16 type);
	void (*cache_update)(struct hh_cache *hh, const struct net_device *dev,
			     const unsigned char *haddr);
	int (*parse)(const struct sk_buff *skb, unsigned char *haddr);
};

#define __QUEUE_STATE_DRV_XOFF	0	/* netif_stop_queue() */
#define QUEUE_STATE_DRV_XOFF	(1UL << __QUEUE_STATE_DRV_XOFF)

struct netdev_queue {
	struct net_device *dev;
	struct Qdisc *qdisc;
	unsigned long state;		/* QUEUE_STATE_* */
	spinlock_t _xmit_lock;
	u64 trans_start_ns;
};

enum { __LINK_STATE_START, __LINK_STATE_PRESENT, __LINK_STATE_NOCARRIER };
enum { NETREG_UNINITIALIZED, NETREG_REGISTERED, NETREG_UNREGISTERED };

enum rx_handler_result {
	RX_HANDLER_CONSUMED,	/* handler took the skb */
	RX_HANDLER_ANOTHER,	/* skb->dev changed: another round */
	RX_HANDLER_EXACT,	/* only exact device matches */
	RX_HANDLER_PASS		/* as if there were no handler */
};
typedef enum rx_handler_result rx_handler_result_t;
typedef rx_handler_result_t rx_handler_func_t(struct sk_buff **pskb);

#define MAX_ADDR_LEN	8

struct net_device {
	char name[IFNAMSIZ];
	int ifindex;
	struct net *nd_net;		/* dev_net() */
	struct list_head dev_list;	/* of net->dev_base_head, by ifindex */
	unsigned long state;		/* __LINK_STATE_* */
	u8 reg_state;			/* NETREG_* */
	unsigned int flags;		/* IFF_* */
	unsigned short type;		/* ARPHRD_* */
	unsigned short hard_header_len;	/* bytes in front of the network header */
	unsigned short needed_headroom;
	u8 addr_len;
	u8 dev_addr[MAX_ADDR_LEN];
	u8 broadcast[MAX_ADDR_LEN];
	unsigned int mtu, min_mtu, max_mtu;	/* bytes of network-layer packet */
	unsigned int tx_queue_len;	/* packets; shown even where there is no queue */
	netdev_features_t features;	/* active */
	netdev_features_t hw_features;	/* changeable */
	unsigned int gso_max_size;	/* bytes */
	u16 gso_max_segs;
	const struct net_device_ops *netdev_ops;
	const struct header_ops *header_ops;
	const char *driver;		/* for ethtool -i */

	struct netdev_queue _tx;	/* the transmit queue */
	struct Qdisc *qdisc;		/* root */

	rx_handler_func_t *rx_handler;
	void *rx_handler_data;
	struct list_head ptype_all;	/* taps on this device */

	struct list_head napi_list;
	struct rtnl_link_stats64 stats;
	struct in_device *ip_ptr;	/* IPv4's part (net/ipv4/devinet.c) */
	struct list_head mc;		/* struct netdev_hw_addr: multicast filter */
	refcount_t refs;		/* dev_hold/dev_put */
	struct timer_list watchdog_timer;
	unsigned int watchdog_timeo_ms;
	void *priv;			/* netdev_priv(): driver's, sizeof_priv bytes, 64-aligned */
};

static inline struct net *dev_net(const struct net_device *dev)
{
	return dev->nd_net;
}

static inline void *netdev_priv(const struct net_device *dev)
{
	return dev->priv;
}

/* ---- NAPI -------------------------------------------------------------- */

#define NAPI_POLL_WEIGHT 64
enum { NAPI_STATE_SCHED, NAPI_STATE_MISSED, NAPI_STATE_DISABLE };

struct napi_struct {
	struct list_head poll_list;	/* on softnet_data.poll_list while scheduled */
	unsigned long state;		/* NAPI_STATE_* bits */
	int weight;
	/* Softirq. Does at most @budget packets; when it did fewer it has called
	 * napi_complete_done() and re-enabled its interrupt. Returns how many. */
	int (*poll)(struct napi_struct *napi, int budget);
	struct net_device *dev;
	struct list_head dev_list;	/* of dev->napi_list */
	unsigned int napi_id;
	struct sk_buff *gro_list;	/* held packets; GRO */
	unsigned int gro_count;
};

/* ---- per-CPU (SIRQ-5) -------------------------------------------------- */

struct softnet_data {
	struct list_head poll_list;		/* NAPI instances with work */
	struct sk_buff_head input_pkt_queue;	/* netif_rx(): lo, veth */
	struct sk_buff_head process_queue;	/* being worked on by process_backlog() */
	struct napi_struct backlog;
	struct Qdisc *output_queue;		/* __netif_schedule()d, chained by next_sched */
	struct Qdisc **output_queue_tailp;
	struct sk_buff *completion_queue;	/* dev_kfree_skb_irq() */
	/* softnet_stat */
	u64 processed, dropped, time_squeeze, received_rps;
	unsigned int xmit_recursion;
};

/* ---- packet types ------------------------------------------------------ */

struct packet_type {
	__be16 type;			/* ETH_P_*, network order; ETH_P_ALL: tap */
	struct net_device *dev;		/* NULL: every device */
	/* Consumes the skb. */
	int (*func)(struct sk_buff *skb, struct net_device *dev, struct packet_type *pt,
		    struct net_device *orig_dev);
	void *af_packet_priv;
	struct net *net;		/* taps: NULL or the only namespace they see */
	struct list_head list;
};

#define PTYPE_HASH_SIZE 16

#endif
