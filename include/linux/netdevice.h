/* SPDX-License-Identifier: MIT */
/*
 * Network devices, NAPI, the receive and transmit entry points (DEV-*, NAPI-*,
 * RX-*, TX-*). net/core/dev.c, net/core/napi.c, net/ethernet/eth.c.
 */
#ifndef LINUX_NETDEVICE_H
#define LINUX_NETDEVICE_H

#include <linux/bitops.h>
#include <linux/if.h>
#include <linux/if_ether.h>
#include <linux/interrupt.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/notifier.h>
#include <linux/percpu.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
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
#define NET_XMIT_MASK	0x0f
#define NETDEV_TX_MASK	0xf0
#define net_xmit_eval(e) ((e) == NET_XMIT_CN ? 0 : (e))
#define net_xmit_errno(e) ((e) != NET_XMIT_CN ? -105 /* ENOBUFS */ : 0)

/* Did the driver take the skb? Also true for negative errors (dropped). */
static inline bool dev_xmit_complete(int rc)
{
	return likely(rc < NET_XMIT_MASK);
}

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
#define NETIF_F_CSUM_MASK (NETIF_F_IP_CSUM | NETIF_F_HW_CSUM)
/* What software does for devices that cannot. */
#define NETIF_F_GSO_SOFTWARE (NETIF_F_TSO | NETIF_F_TSO_ECN | NETIF_F_GSO_UDP_L4)
/* On every device. */
#define NETIF_F_SOFT_FEATURES (NETIF_F_GSO | NETIF_F_GRO)

#define GSO_MAX_SIZE	65536U
#define GSO_MAX_SEGS	65535U

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
	 * NETDEV_TX_BUSY. skb->xmit_more: the doorbell may wait for the next, or
	 * for ndo_xmit_flush. */
	netdev_tx_t (*ndo_start_xmit)(struct sk_buff *skb, struct net_device *dev);
	/* Rings the doorbell for packets that were handed over with xmit_more, if
	 * it has not rung for them yet. As ndo_start_xmit; may be left out. */
	void (*ndo_xmit_flush)(struct net_device *dev);
	int (*ndo_set_mac_address)(struct net_device *dev, const u8 *addr);
	int (*ndo_change_mtu)(struct net_device *dev, int new_mtu);
	void (*ndo_set_rx_mode)(struct net_device *dev);
	void (*ndo_tx_timeout)(struct net_device *dev);
	/* Text of driver counters and of the rings, for `ethtool`-like commands. */
	size_t (*ndo_dump)(struct net_device *dev, char *buf, size_t size);
	/* How many packets its rings hold; softirqs off. */
	unsigned int (*ndo_held)(const struct net_device *dev);
};

/* A link-layer header, ready to be copied in front of a packet (NB-3). */
#define HH_DATA_MOD	16
#define HH_DATA_LEN	16	/* 14 bytes of Ethernet, right-aligned */
struct hh_cache {
	unsigned int hh_len;		/* 0: not usable */
	u8 hh_data[HH_DATA_LEN] __aligned(8);
};
#define HH_DATA_OFF(len) (HH_DATA_LEN - (((len - 1) & (HH_DATA_MOD - 1)) + 1))

/* Headroom that a packet for @dev should be made with. */
#define LL_RESERVED_SPACE(dev)						\
	((((unsigned int)(dev)->hard_header_len + (dev)->needed_headroom) & \
	  ~(HH_DATA_MOD - 1U)) + HH_DATA_MOD)

/* Link-layer header of a device type (net/ethernet/eth.c: eth_header_ops). */
struct neighbour;
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
	struct Qdisc *qdisc;		/* NULL: packets are dropped (down, no carrier) */
	unsigned long state;		/* QUEUE_STATE_* */
	spinlock_t _xmit_lock;
	u64 trans_start_ns;		/* when it was stopped; watchdog */
};

enum { __LINK_STATE_START, __LINK_STATE_PRESENT, __LINK_STATE_NOCARRIER,
	__LINK_STATE_LINKWATCH_PENDING };
enum { NETREG_UNINITIALIZED, NETREG_REGISTERED, NETREG_UNREGISTERED };

/* net_device.priv_flags */
#define IFF_NO_QUEUE	(1U << 0)	/* packets go straight to the driver */

enum rx_handler_result {
	RX_HANDLER_CONSUMED,	/* handler took the skb */
	RX_HANDLER_ANOTHER,	/* skb->dev changed: another round */
	RX_HANDLER_EXACT,	/* only exact device matches */
	RX_HANDLER_PASS		/* as if there were no handler */
};
typedef enum rx_handler_result rx_handler_result_t;
typedef rx_handler_result_t rx_handler_func_t(struct sk_buff **pskb);

#define MAX_ADDR_LEN	8

/* An entry of the multicast filter: net/core/dev_addr_lists.c. */
struct netdev_hw_addr {
	struct list_head list;
	u8 addr[MAX_ADDR_LEN];
	unsigned int refcount;
};

struct net_device {
	char name[IFNAMSIZ];
	int ifindex;
	struct net *nd_net;		/* dev_net() */
	struct list_head dev_list;	/* of net->dev_base_head, by ifindex */
	unsigned long state;		/* __LINK_STATE_* */
	u8 reg_state;			/* NETREG_* */
	unsigned int flags;		/* IFF_* */
	unsigned int priv_flags;	/* IFF_NO_QUEUE … */
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
	struct Qdisc *qdisc;		/* root; _tx.qdisc is it too while the link is up */

	rx_handler_func_t *rx_handler;
	void *rx_handler_data;
	struct list_head ptype_all;	/* taps on this device */

	struct list_head napi_list;
	struct rtnl_link_stats64 stats;
	struct in_device *ip_ptr;	/* IPv4's part (net/ipv4/devinet.c) */
	struct list_head mc;		/* struct netdev_hw_addr: multicast filter */
	unsigned int promiscuity, allmulti;	/* how many asked for it */
	struct net_device *link_watch_next;	/* softnet_data.lweventlist */
	struct list_head xmit_owed_node;	/* softnet_data.xmit_owed_list */
	unsigned int xmit_owed, xmit_owed_bytes; /* packets that the device was not told of */
	refcount_t refs;		/* dev_hold/dev_put; the last one frees */
	bool needs_free_netdev;		/* unregistering gives up the creator's reference */
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

/* As header_ops->create(); 0 for a device without link-layer headers. */
static inline int dev_hard_header(struct sk_buff *skb, struct net_device *dev,
				  unsigned short type, const void *daddr,
				  const void *saddr, unsigned int len)
{
	if (!dev->header_ops || !dev->header_ops->create)
		return 0;
	return dev->header_ops->create(skb, dev, type, daddr, saddr, len);
}

/* ---- NAPI -------------------------------------------------------------- */

#define NAPI_POLL_WEIGHT 64
enum { NAPI_STATE_SCHED,	/* on a poll list, or being polled */
	NAPI_STATE_MISSED,	/* scheduled again meanwhile */
	NAPI_STATE_DISABLE,	/* not to be scheduled */
	NAPI_STATE_IN_BUSY_POLL }; /* polled by a thread that waits */

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

/* What the idle loop knows of the devices: net/core/idle_poll.c. */
struct napi_idle {
	struct napi_struct *last;		/* brought packets last; NULL: none did */
	struct napi_struct *kept;		/* ours to poll; NULL: none is */
	u64 since_ns;				/* nothing to do since; 0: there was something */
	u64 limit_ns;				/* so long it looks; 0: not at all */
	u64 looked_ns;				/* when it looked last */
	struct timer_list guard;		/* @kept waits for a thread */
	bool spent;				/* it has looked in vain: halt */
	u64 hits, misses;			/* waits that looking ended, and that it did not */
};

struct softnet_data {
	struct list_head poll_list;		/* NAPI instances with work */
	struct sk_buff_head input_pkt_queue;	/* netif_rx(): lo, veth */
	struct sk_buff_head process_queue;	/* being worked on by process_backlog() */
	struct napi_struct backlog;
	struct Qdisc *output_queue;		/* __netif_schedule()d, chained by next_sched */
	struct Qdisc **output_queue_tailp;
	struct sk_buff *completion_queue;	/* dev_kfree_skb_irq() */
	struct net_device *lweventlist;		/* carrier changes to tell, by link_watch_next */
	struct list_head xmit_owed_list;	/* devices whose doorbells wait */
	struct timer_list xmit_flush_timer;
	struct napi_idle idle;
	/* softnet_stat */
	u64 processed, dropped, time_squeeze, received_rps;
	u64 linearized;				/* packets that skb_linearize() copied */
	unsigned int xmit_recursion;
	unsigned int napi_gen_id;		/* last napi_id given */
	bool in_net_rx_action;
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

/* ---- devices (net/core/dev.c) ------------------------------------------- */

/*
 * A device with @sizeof_priv bytes for the driver, in init_net, not registered
 * yet; one reference is the caller's until free_netdev(). @name may hold one
 * %d: the first free number. NULL on no memory. Queues: one each is supported.
 */
struct net_device *alloc_netdev_mqs(size_t sizeof_priv, const char *name,
				    unsigned char name_assign_type,
				    void (*setup)(struct net_device *dev),
				    unsigned int txqs, unsigned int rxqs);
#define alloc_netdev(sizeof_priv, name, name_assign_type, setup) \
	alloc_netdev_mqs(sizeof_priv, name, name_assign_type, setup, 1, 1)
#define NET_NAME_UNKNOWN 0
#define NET_NAME_ENUM	 1
void free_netdev(struct net_device *dev);
/* 0 or -errno (-EEXIST, -EINVAL, -ENFILE, what ndo_init gave). Process. */
int __must_check register_netdevice(struct net_device *dev);
int __must_check register_netdev(struct net_device *dev);
void unregister_netdevice(struct net_device *dev);
void unregister_netdev(struct net_device *dev);

static inline void dev_net_set(struct net_device *dev, struct net *net)
{
	dev->nd_net = net;
}

#define SET_NETDEV_DEV(net, pdev) ((void)(net), (void)(pdev))

static inline void dev_hold(struct net_device *dev)
{
	if (dev)
		refcount_inc(&dev->refs);
}

void __netdev_free(struct net_device *dev);
static inline void dev_put(struct net_device *dev)
{
	if (dev && refcount_dec_and_test(&dev->refs))
		__netdev_free(dev);
}

/* Borrowed ("__", _rcu) or with a reference; NULL. */
struct net_device *__dev_get_by_name(struct net *net, const char *name);
struct net_device *dev_get_by_name(struct net *net, const char *name);
struct net_device *__dev_get_by_index(struct net *net, int ifindex);
struct net_device *dev_get_by_index(struct net *net, int ifindex);
struct net_device *dev_get_by_index_rcu(struct net *net, int ifindex);
struct net_device *dev_getbyhwaddr_rcu(struct net *net, unsigned short type, const u8 *ha);
struct net_device *dev_getfirstbyhwtype(struct net *net, unsigned short type);
#define for_each_netdev(net, d) list_for_each_entry(d, &(net)->dev_base_head, dev_list)
#define for_each_netdev_rcu(net, d) for_each_netdev(net, d)
#define for_each_netdev_safe(net, d, n) \
	list_for_each_entry_safe(d, n, &(net)->dev_base_head, dev_list)
bool dev_valid_name(const char *name);

int dev_open(struct net_device *dev);
void dev_close(struct net_device *dev);
unsigned int dev_get_flags(const struct net_device *dev);
int dev_change_flags(struct net_device *dev, unsigned int flags);
int dev_set_mtu(struct net_device *dev, int new_mtu);
int dev_set_mac_address(struct net_device *dev, const u8 *addr);
int dev_change_tx_queue_len(struct net_device *dev, unsigned int new_len);
const struct rtnl_link_stats64 *dev_get_stats(const struct net_device *dev);

void dev_set_rx_mode(struct net_device *dev);
int dev_set_promiscuity(struct net_device *dev, int inc);
int dev_set_allmulti(struct net_device *dev, int inc);
int dev_mc_add(struct net_device *dev, const u8 *addr);
int dev_mc_del(struct net_device *dev, const u8 *addr);
void dev_mc_flush(struct net_device *dev);
#define netdev_for_each_mc_addr(ha, dev) list_for_each_entry(ha, &(dev)->mc, list)
unsigned int netdev_mc_count(const struct net_device *dev);

static inline bool netif_running(const struct net_device *dev)
{
	return test_bit(__LINK_STATE_START, &dev->state);
}

static inline bool netif_device_present(const struct net_device *dev)
{
	return test_bit(__LINK_STATE_PRESENT, &dev->state);
}

static inline bool netif_carrier_ok(const struct net_device *dev)
{
	return !test_bit(__LINK_STATE_NOCARRIER, &dev->state);
}

static inline bool netif_oper_up(const struct net_device *dev)
{
	return netif_running(dev) && netif_carrier_ok(dev);
}

/* Link came or went. Any context; told upwards from a softirq (link_watch.c). */
void netif_carrier_on(struct net_device *dev);
void netif_carrier_off(struct net_device *dev);
void linkwatch_run_queue(void);

/* ---- events -------------------------------------------------------------- */

enum netdev_cmd {
	NETDEV_UP = 1,		/* opened */
	NETDEV_DOWN,		/* closed */
	NETDEV_REBOOT,
	NETDEV_CHANGE,		/* carrier or flags */
	NETDEV_REGISTER,
	NETDEV_UNREGISTER,	/* let go of it */
	NETDEV_CHANGEMTU,	/* it has another MTU */
	NETDEV_CHANGEADDR,
	NETDEV_GOING_DOWN,	/* about to be closed */
	NETDEV_CHANGENAME,
	NETDEV_PRE_UP,		/* about to be opened; an error forbids it */
	NETDEV_PRECHANGEMTU,	/* an error forbids it */
	NETDEV_CHANGE_TX_QUEUE_LEN,
	NETDEV_NOTIFY_PEERS		/* the link has to learn where we are */
};

struct netdev_notifier_info {
	struct net_device *dev;
};

static inline struct net_device *netdev_notifier_info_to_dev(const void *info)
{
	return ((const struct netdev_notifier_info *)info)->dev;
}

/* From initcalls only. Replays REGISTER and UP for the devices there are. The
 * callback gets a struct netdev_notifier_info *. Process or softirq context. */
int register_netdevice_notifier(struct notifier_block *nb);
int call_netdevice_notifiers(unsigned long val, struct net_device *dev);
void netdev_state_change(struct net_device *dev);
void netdev_notify_peers(struct net_device *dev);
void dev_flush_backlog(struct net_device *dev);

/* ---- transmit queue ------------------------------------------------------ */

static inline struct netdev_queue *netdev_get_tx_queue(struct net_device *dev, unsigned int index)
{
	(void)index;
	return &dev->_tx;
}

void __netif_schedule(struct Qdisc *q);
void netif_schedule(struct net_device *dev);
void netif_schedule_queue(struct netdev_queue *txq);
void netif_tx_wake_queue(struct netdev_queue *txq);
void netif_tx_stop_queue(struct netdev_queue *txq);

static inline void netif_tx_start_queue(struct netdev_queue *txq)
{
	clear_bit(__QUEUE_STATE_DRV_XOFF, &txq->state);
}

static inline bool netif_tx_queue_stopped(const struct netdev_queue *txq)
{
	return test_bit(__QUEUE_STATE_DRV_XOFF, &txq->state);
}

static inline bool netif_xmit_stopped(const struct netdev_queue *txq)
{
	return txq->state & QUEUE_STATE_DRV_XOFF;
}

/* ndo_open: the ring is empty. */
static inline void netif_start_queue(struct net_device *dev)
{
	netif_tx_start_queue(&dev->_tx);
}

/* ndo_start_xmit: the ring will not take another packet. Watched: when nothing
 * wakes the queue in watchdog_timeo_ms, ndo_tx_timeout is called. */
static inline void netif_stop_queue(struct net_device *dev)
{
	netif_tx_stop_queue(&dev->_tx);
}

/* Completion: there is room again. Any context. */
static inline void netif_wake_queue(struct net_device *dev)
{
	netif_tx_wake_queue(&dev->_tx);
}

static inline bool netif_queue_stopped(const struct net_device *dev)
{
	return netif_tx_queue_stopped(&dev->_tx);
}

/* The device makes progress: the watchdog's time begins anew. Linux: also for
 * each packet; here netif_stop_queue() does it. */
static inline void txq_trans_update(struct netdev_queue *txq)
{
	txq->trans_start_ns = ktime_get_ns();
}

static inline void netif_trans_update(struct net_device *dev)
{
	txq_trans_update(&dev->_tx);
}

/* Softirqs off. Keeps ndo_start_xmit out. */
static inline void __netif_tx_lock(struct netdev_queue *txq)
{
	spin_lock(&txq->_xmit_lock);
}

static inline void __netif_tx_unlock(struct netdev_queue *txq)
{
	spin_unlock(&txq->_xmit_lock);
}

static inline void netif_tx_lock_bh(struct net_device *dev)
{
	spin_lock_bh(&dev->_tx._xmit_lock);
}

static inline void netif_tx_unlock_bh(struct net_device *dev)
{
	spin_unlock_bh(&dev->_tx._xmit_lock);
}

/* No transmission from here on, and none under way. */
static inline void netif_tx_disable(struct net_device *dev)
{
	netif_tx_lock_bh(dev);
	netif_stop_queue(dev);
	netif_tx_unlock_bh(dev);
}

/* ---- transmit ------------------------------------------------------------ */

/* Sends skb by skb->dev, the link-layer header in place. Consumes. 0,
 * NET_XMIT_* or -errno (-ENETDOWN, -ENOMEM). Process or softirq. */
int dev_queue_xmit(struct sk_buff *skb);
int __dev_queue_xmit(struct sk_buff *skb);
/* A chain by ->next; returns what was not sent (NETDEV_TX_BUSY in *ret). */
struct sk_buff *dev_hard_start_xmit(struct sk_buff *first, struct net_device *dev,
				    struct netdev_queue *txq, int *ret);
bool dev_nit_active(const struct net_device *dev);
/* net/core/xmit_more.c */
bool dev_xmit_more(struct net_device *dev, unsigned int len, bool next);
void dev_xmit_flush(struct net_device *dev);
void dev_xmit_more_init(struct softnet_data *sd);
void net_idle_poll_init(struct softnet_data *sd);
bool net_idle_poll(bool fresh);
void net_idle_woken(struct napi_idle *idle, u64 now_ns);
void net_idle_forget(const struct napi_struct *n);
void dev_queue_xmit_nit(struct sk_buff *skb, struct net_device *dev);

/* The source address of a received packet; its length, 0 when there is none. */
static inline int dev_parse_header(const struct sk_buff *skb, unsigned char *haddr)
{
	const struct net_device *dev = skb->dev;

	if (!dev->header_ops || !dev->header_ops->parse)
		return 0;
	return dev->header_ops->parse(skb, haddr);
}

netdev_features_t netif_skb_features(const struct sk_buff *skb);
/* Fits the packet to what the device can do (checksum, linear). Consumes on
 * NULL. The _list form: a chain. net/core/gso.c */
struct sk_buff *validate_xmit_skb(struct sk_buff *skb, struct net_device *dev);
struct sk_buff *validate_xmit_skb_list(struct sk_buff *skb, struct net_device *dev);

/* Can a device cut this packet itself? */
static inline bool skb_gso_ok(const struct sk_buff *skb, netdev_features_t features)
{
	unsigned int type = skb_shinfo(skb)->gso_type;
	netdev_features_t need = ((type & SKB_GSO_TCPV4) ? NETIF_F_TSO : 0) |
				 ((type & SKB_GSO_TCP_ECN) ? NETIF_F_TSO_ECN : 0) |
				 ((type & SKB_GSO_UDP_L4) ? NETIF_F_GSO_UDP_L4 : 0);

	return (features & need) == need && !skb_has_frag_list(skb);
}

static inline bool netif_needs_gso(const struct sk_buff *skb, netdev_features_t features)
{
	return skb_is_gso(skb) &&
	       (skb->ip_summed != CHECKSUM_PARTIAL || !skb_gso_ok(skb, features));
}

static inline bool skb_needs_linearize(const struct sk_buff *skb, netdev_features_t features)
{
	return skb_is_nonlinear(skb) &&
	       ((skb_has_frag_list(skb) && !(features & NETIF_F_FRAGLIST)) ||
		(skb_shinfo(skb)->nr_frags && !(features & NETIF_F_SG)));
}

/* Frees from any context: in a hardirq the packet goes to completion_queue and
 * NET_TX_SOFTIRQ ends it. SKB_NOT_DROPPED_YET: the good end.
 * Linux: dev_kfree_skb_irq_reason(), dev_kfree_skb_any_reason(). */
void dev_kfree_skb_irq(struct sk_buff *skb, enum skb_drop_reason reason);
void dev_kfree_skb_any(struct sk_buff *skb, enum skb_drop_reason reason);

static inline void dev_consume_skb_irq(struct sk_buff *skb)
{
	dev_kfree_skb_irq(skb, SKB_NOT_DROPPED_YET);
}

static inline void dev_consume_skb_any(struct sk_buff *skb)
{
	dev_kfree_skb_any(skb, SKB_NOT_DROPPED_YET);
}

/* ---- receive ------------------------------------------------------------- */

/* All consume; NET_RX_SUCCESS or NET_RX_DROP. netif_rx(): any context.
 * netif_receive_skb(): softirqs off. */
int netif_rx(struct sk_buff *skb);
int __netif_rx(struct sk_buff *skb);
int netif_receive_skb(struct sk_buff *skb);
int netif_receive_skb_internal(struct sk_buff *skb);
/* A packet that was sent begins to be received: lo, veth. Its owner gets his
 * memory back; its destination stays (a local one serves both ways). */
void skb_turn_around(struct sk_buff *skb);

/* A taker: pt->net NULL with ETH_P_ALL and dev NULL is not allowed: every taker
 * belongs to one namespace (pt->net, else that of pt->dev). */
void dev_add_pack(struct packet_type *pt);
void dev_remove_pack(struct packet_type *pt);

/* One handler a device: bridge, macvlan. 0 or -EBUSY. */
int netdev_rx_handler_register(struct net_device *dev, rx_handler_func_t *rx_handler,
			       void *rx_handler_data);
void netdev_rx_handler_unregister(struct net_device *dev);

/* ---- NAPI (net/core/napi.c, gro.c) ---------------------------------------- */

void netif_napi_add_weight(struct net_device *dev, struct napi_struct *napi,
			   int (*poll)(struct napi_struct *, int), int weight);
static inline void netif_napi_add(struct net_device *dev, struct napi_struct *napi,
				  int (*poll)(struct napi_struct *, int))
{
	netif_napi_add_weight(dev, napi, poll, NAPI_POLL_WEIGHT);
}

void netif_napi_del(struct napi_struct *napi);
/* An added instance is disabled. ndo_open / ndo_stop. After napi_disable() it is
 * neither polled nor scheduled; the device's interrupt stays as it is. */
void napi_enable(struct napi_struct *n);
void napi_disable(struct napi_struct *n);
/* True: the caller has to mask the device and call __napi_schedule(). */
bool napi_schedule_prep(struct napi_struct *n);
/* Any context. */
void __napi_schedule(struct napi_struct *n);
static inline bool napi_schedule(struct napi_struct *n)
{
	if (!napi_schedule_prep(n))
		return false;
	__napi_schedule(n);
	return true;
}

/* @work < budget was done. True: unmask the device (and look once more whether
 * something came meanwhile); false: it was scheduled again. */
bool napi_complete_done(struct napi_struct *n, int work_done);
static inline bool napi_complete(struct napi_struct *n)
{
	return napi_complete_done(n, 0);
}

static inline bool napi_is_scheduled(const struct napi_struct *n)
{
	return test_bit(NAPI_STATE_SCHED, &n->state);
}

typedef enum gro_result {
	GRO_MERGED,		/* into another; the struct is kept by it */
	GRO_MERGED_FREE,	/* into another; the struct is not needed */
	GRO_HELD,		/* first of its flow, kept */
	GRO_NORMAL,		/* goes up as it is */
	GRO_CONSUMED
} gro_result_t;

/* What a poll function does with a received packet. Consumes. */
gro_result_t napi_gro_receive(struct napi_struct *napi, struct sk_buff *skb);
void napi_gro_flush(struct napi_struct *napi);

/* ---- log ----------------------------------------------------------------- */

#define netdev_printk(level, dev, f, a...) \
	printk(level "%s: " f, (dev)->name, ##a)
#define netdev_err(dev, f, a...)	netdev_printk(KERN_ERR, dev, f, ##a)
#define netdev_warn(dev, f, a...)	netdev_printk(KERN_WARNING, dev, f, ##a)
#define netdev_info(dev, f, a...)	netdev_printk(KERN_INFO, dev, f, ##a)
#define netdev_dbg(dev, f, a...)	netdev_printk(KERN_DEBUG, dev, f, ##a)

#endif
