// SPDX-License-Identifier: MIT
/*
 * A simulated link between two namespaces; simlink.h says what it does.
 *
 * Each direction keeps its frames in order of arrival and has one timer, armed
 * for the first of them.
 */
#include "simlink.h"

#include <linux/byteorder.h>
#include <linux/etherdevice.h>
#include <linux/inetdevice.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <net/net_namespace.h>

#define DEFAULT_QUEUE	1000
#define MILLION		1000000U
#define GAP_BYTES	24		/* preamble, FCS, gap: what Ethernet adds */

struct flying {
	struct list_head node;		/* of simlink_end.flying, by due_ns */
	u64 due_ns;
	unsigned int len;
	u8 data[];
};

/* What leaves one side. */
struct simlink_end {
	struct simlink *link;
	int side;
	struct net_device *dev;		/* NULL: gone */
	struct simlink_config cfg;
	struct simlink_stats stats;
	u64 random;			/* state */
	u64 free_ns;			/* when the wire is free again */
	/* When each frame of the queue begins to leave: a ring, oldest first. */
	u64 *begins_ns;
	unsigned int ring_size, ring_head, nr_waiting;
	struct list_head flying;
	unsigned int nr_flying;
	struct timer_list timer;
	bool (*wants_loss)(void *ctx, const void *frame, size_t len);
	void *loss_ctx;
};

struct simlink {
	struct simlink_end end[2];
	simlink_tap_t tap;
	void *tap_ctx;
};

/* What a device knows. */
struct simlink_priv {
	struct simlink_end *end;	/* NULL: the link is gone */
};

/* ---- chance -------------------------------------------------------------------------- */

/* splitmix64 (Steele, Lea, Flood 2014). */
static u64 next_random(struct simlink_end *end)
{
	u64 z = end->random += 0x9e3779b97f4a7c15ULL;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
	return z ^ (z >> 31);
}

static bool chance(struct simlink_end *end, u32 ppm)
{
	return ppm && next_random(end) % MILLION < ppm;
}

/* ---- arriving ---------------------------------------------------------------------------- */

static void simlink_tap(struct simlink *link, int side, enum simlink_fate fate,
			const void *frame, size_t len)
{
	if (link->tap)
		link->tap(link->tap_ctx, side, fate, frame, len);
}

static void simlink_deliver(struct simlink_end *end, const struct flying *f)
{
	struct net_device *dev = end->link->end[!end->side].dev;
	struct sk_buff *skb;

	if (!dev || !netif_running(dev))
		return;
	simlink_tap(end->link, end->side, SIMLINK_DELIVERED, f->data, f->len);
	skb = netdev_alloc_skb_ip_align(dev, f->len);
	if (!skb) {
		dev->stats.rx_dropped++;
		return;
	}
	skb_put_data(skb, f->data, f->len);
	end->stats.delivered++;
	end->stats.bytes += f->len;
	dev->stats.rx_packets++;
	dev->stats.rx_bytes += f->len;
	skb->protocol = eth_type_trans(skb, dev);
	netif_rx(skb);
}

static void simlink_arm(struct simlink_end *end)
{
	if (!list_empty(&end->flying))
		mod_timer(&end->timer, list_first_entry(&end->flying, struct flying, node)->due_ns);
}

static void simlink_timer(struct timer_list *t)
{
	struct simlink_end *end = from_timer(end, t, timer);
	u64 now_ns = ktime_get_ns();

	while (!list_empty(&end->flying)) {
		struct flying *f = list_first_entry(&end->flying, struct flying, node);

		if (f->due_ns > now_ns)
			break;
		list_del(&f->node);
		end->nr_flying--;
		simlink_deliver(end, f);
		kfree(f);
	}
	simlink_arm(end);
}

/* ---- leaving ----------------------------------------------------------------------------- */

/* Forgets frames that have begun to leave. */
static void simlink_queue_drain(struct simlink_end *end, u64 now_ns)
{
	while (end->nr_waiting && end->begins_ns[end->ring_head] < now_ns) {
		end->ring_head = (end->ring_head + 1) % end->ring_size;
		end->nr_waiting--;
	}
}

/* Makes the ring twice as large. */
static bool simlink_queue_grow(struct simlink_end *end)
{
	unsigned int size = end->ring_size ? 2 * end->ring_size : 16, i;
	u64 *ring = kmalloc(size * sizeof(*ring), GFP_ATOMIC);

	if (!ring)
		return false;
	for (i = 0; i < end->nr_waiting; i++)
		ring[i] = end->begins_ns[(end->ring_head + i) % end->ring_size];
	kfree(end->begins_ns);
	end->begins_ns = ring;
	end->ring_size = size;
	end->ring_head = 0;
	return true;
}

/* A frame that takes @frame_ns joins the queue. false: there is no room. */
static bool simlink_queue_join(struct simlink_end *end, u64 now_ns, u64 frame_ns)
{
	unsigned int limit = end->cfg.queue_limit ? end->cfg.queue_limit : DEFAULT_QUEUE;
	u64 begin_ns = max(end->free_ns, now_ns);

	end->free_ns = begin_ns;
	if (!frame_ns)
		return true;
	simlink_queue_drain(end, now_ns);
	if (end->nr_waiting >= limit)
		return false;
	if (end->nr_waiting == end->ring_size && !simlink_queue_grow(end))
		return false;
	end->begins_ns[(end->ring_head + end->nr_waiting++) % end->ring_size] = begin_ns;
	end->free_ns = begin_ns + frame_ns;
	return true;
}

static void simlink_launch(struct simlink_end *end, const void *data, unsigned int len,
			   u64 due_ns)
{
	struct flying *f = kmalloc(sizeof(*f) + len, GFP_ATOMIC), *at;

	if (!f) {
		end->stats.queue_drops++;
		return;
	}
	f->due_ns = due_ns;
	f->len = len;
	memcpy(f->data, data, len);
	if (chance(end, end->cfg.corrupt_ppm)) {
		u64 bit = next_random(end) % (len * 8ULL);

		f->data[bit / 8] ^= (u8)(1U << bit % 8);
		end->stats.corrupted++;
	} else {
		simlink_tap(end->link, end->side, SIMLINK_FLYING, data, len);
	}
	/* Behind the last that arrives no later. */
	list_for_each_entry_reverse(at, &end->flying, node)
		if (at->due_ns <= due_ns)
			break;
	list_add(&f->node, &at->node);
	end->nr_flying++;
	simlink_arm(end);
}

static void simlink_send(struct simlink_end *end, const void *data, unsigned int len)
{
	const struct simlink_config *cfg = &end->cfg;
	u64 now_ns = ktime_get_ns(), frame_ns = 0, due_ns;

	end->stats.sent++;
	simlink_tap(end->link, end->side, SIMLINK_SENT, data, len);
	if (cfg->rate_bps)
		frame_ns = (len + GAP_BYTES) * 8ULL * NSEC_PER_SEC / cfg->rate_bps;
	if (!simlink_queue_join(end, now_ns, frame_ns)) {
		end->stats.queue_drops++;
		simlink_tap(end->link, end->side, SIMLINK_LOST, data, len);
		return;
	}
	if (chance(end, cfg->loss_ppm) ||
	    (end->wants_loss && end->wants_loss(end->loss_ctx, data, len))) {
		end->stats.lost++;
		simlink_tap(end->link, end->side, SIMLINK_LOST, data, len);
		return;
	}
	due_ns = end->free_ns + cfg->delay_ns;
	if (chance(end, cfg->reorder_ppm)) {
		due_ns += cfg->reorder_ns ? cfg->reorder_ns : cfg->delay_ns;
		end->stats.reordered++;
	}
	simlink_launch(end, data, len, due_ns);
	if (chance(end, cfg->duplicate_ppm)) {
		end->stats.duplicated++;
		simlink_launch(end, data, len, due_ns);
	}
}

/* ---- the devices ----------------------------------------------------------------------------- */

static int simlink_open(struct net_device *dev)
{
	netif_start_queue(dev);
	return 0;
}

static int simlink_stop(struct net_device *dev)
{
	netif_stop_queue(dev);
	return 0;
}

static netdev_tx_t simlink_xmit(struct sk_buff *skb, struct net_device *dev)
{
	const struct simlink_priv *priv = netdev_priv(dev);

	if (skb_linearize(skb)) {
		dev->stats.tx_dropped++;
		kfree_skb_reason(skb, SKB_DROP_REASON_NOMEM);
		return NETDEV_TX_OK;
	}
	dev->stats.tx_packets++;
	dev->stats.tx_bytes += skb->len;
	netif_trans_update(dev);
	if (priv->end)
		simlink_send(priv->end, skb->data, skb->len);
	consume_skb(skb);
	return NETDEV_TX_OK;
}

/* The namespace goes. */
static void simlink_uninit(struct net_device *dev)
{
	struct simlink_priv *priv = netdev_priv(dev);

	if (priv->end)
		priv->end->dev = NULL;
	priv->end = NULL;
}

static const struct net_device_ops simlink_ops = {
	.ndo_open = simlink_open,
	.ndo_stop = simlink_stop,
	.ndo_uninit = simlink_uninit,
	.ndo_start_xmit = simlink_xmit,
};

static int simlink_add_dev(struct simlink *link, int side, struct net *net)
{
	const u8 mac[ETH_ALEN] = { 0x02, 0, 0, 0, (u8)net->id, (u8)(side + 1) };
	struct net_device *dev = alloc_etherdev(sizeof(struct simlink_priv));
	struct simlink_priv *priv;

	if (!dev)
		return -ENOMEM;
	priv = netdev_priv(dev);
	dev_net_set(dev, net);
	dev->netdev_ops = &simlink_ops;
	dev->driver = "simlink";
	dev->max_mtu = ETH_MAX_MTU;
	dev->needs_free_netdev = true;
	eth_hw_addr_set(dev, mac);
	if (register_netdev(dev)) {
		free_netdev(dev);
		return -ENOMEM;
	}
	priv->end = &link->end[side];
	link->end[side].dev = dev;
	return 0;
}

/* ---- the link ------------------------------------------------------------------------ */

/**
 * simlink_change() - see simlink.h
 * @link: the link
 * @side: the sender
 * @cfg: copied; NULL: a perfect cable
 */
void simlink_change(struct simlink *link, int side, const struct simlink_config *cfg)
{
	struct simlink_end *end = &link->end[side];

	memset(&end->cfg, 0, sizeof(end->cfg));
	if (cfg)
		end->cfg = *cfg;
	/* The two directions differ, with one seed too. */
	end->random = end->cfg.seed + (u64)side * 0xd1b54a32d192ed03ULL;
}

/**
 * simlink_create() - see simlink.h
 * @net0: namespace of side 0
 * @net1: namespace of side 1
 * @from0: what happens to frames of side 0
 * @from1: what happens to frames of side 1
 *
 * Return: the link, or NULL.
 */
struct simlink *simlink_create(struct net *net0, struct net *net1,
			       const struct simlink_config *from0,
			       const struct simlink_config *from1)
{
	struct simlink *link = kzalloc(sizeof(*link), GFP_KERNEL);
	int side;

	if (!link)
		return NULL;
	for (side = 0; side < 2; side++) {
		struct simlink_end *end = &link->end[side];

		end->link = link;
		end->side = side;
		INIT_LIST_HEAD(&end->flying);
		timer_setup(&end->timer, simlink_timer, 0);
		simlink_change(link, side, side ? from1 : from0);
	}
	if (simlink_add_dev(link, 0, net0) || simlink_add_dev(link, 1, net1)) {
		simlink_destroy(link);
		return NULL;
	}
	return link;
}

/**
 * simlink_destroy() - see simlink.h
 * @link: the link
 */
void simlink_destroy(struct simlink *link)
{
	struct flying *f, *n;
	int side;

	for (side = 0; side < 2; side++) {
		struct simlink_end *end = &link->end[side];

		del_timer_sync(&end->timer);
		list_for_each_entry_safe(f, n, &end->flying, node)
			kfree(f);
		kfree(end->begins_ns);
		if (end->dev) {
			struct simlink_priv *priv = netdev_priv(end->dev);

			priv->end = NULL;
		}
	}
	kfree(link);
}

/**
 * simlink_dev() - see simlink.h
 * @link: the link
 * @side: 0 or 1
 *
 * Return: borrowed, or NULL.
 */
struct net_device *simlink_dev(const struct simlink *link, int side)
{
	return link->end[side].dev;
}

/**
 * simlink_stats() - what became of the frames of a side
 * @link: the link
 * @side: the sender
 *
 * Return: borrowed.
 */
const struct simlink_stats *simlink_stats(const struct simlink *link, int side)
{
	return &link->end[side].stats;
}

/**
 * simlink_in_flight() - frames on their way
 * @link: the link
 * @side: the sender
 *
 * Return: how many.
 */
unsigned int simlink_in_flight(const struct simlink *link, int side)
{
	return link->end[side].nr_flying;
}

/**
 * simlink_set_tap() - have every frame seen
 * @link: the link
 * @tap: must not send; NULL: nobody
 * @ctx: for @tap
 */
void simlink_set_tap(struct simlink *link, simlink_tap_t tap, void *ctx)
{
	link->tap = tap;
	link->tap_ctx = ctx;
}

/**
 * simlink_set_loss() - lose what a function says
 * @link: the link
 * @side: the sender
 * @wants: true: this one; NULL: none
 * @ctx: for @wants
 */
void simlink_set_loss(struct simlink *link, int side,
		      bool (*wants)(void *ctx, const void *frame, size_t len), void *ctx)
{
	link->end[side].wants_loss = wants;
	link->end[side].loss_ctx = ctx;
}

/* ---- hosts --------------------------------------------------------------------------- */

/**
 * simhost_create() - a namespace with lo up
 *
 * Return: the namespace, or NULL.
 */
struct net *simhost_create(void)
{
	struct net *net = net_create();

	if (net && dev_open(net->loopback_dev)) {
		net_destroy(net);
		return NULL;
	}
	return net;
}

static int configure(const struct simlink *link, int side, struct net *net)
{
	__be32 addr = htonl(0x0a000001U + (u32)side);

	return ip_config_set(net, link->end[side].dev, addr, 24, 0);
}

/**
 * simlink_two_hosts() - see simlink.h
 * @host0: 10.0.0.1
 * @host1: 10.0.0.2
 * @from0: what happens to frames of the first
 * @from1: what happens to frames of the second
 *
 * Return: the link, or NULL.
 */
struct simlink *simlink_two_hosts(struct net **host0, struct net **host1,
				  const struct simlink_config *from0,
				  const struct simlink_config *from1)
{
	struct simlink *link;

	*host0 = simhost_create();
	if (!*host0)
		return NULL;
	*host1 = simhost_create();
	if (!*host1)
		goto destroy0;
	link = simlink_create(*host0, *host1, from0, from1);
	if (!link)
		goto destroy1;
	if (!configure(link, 0, *host0) && !configure(link, 1, *host1))
		return link;
	simlink_destroy(link);
destroy1:
	net_destroy(*host1);
destroy0:
	net_destroy(*host0);
	return NULL;
}
