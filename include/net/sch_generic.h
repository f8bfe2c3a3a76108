/* SPDX-License-Identifier: MIT */
/* Queueing disciplines (QD-1 … QD-5): net/sched/. */
#ifndef NET_SCH_GENERIC_H
#define NET_SCH_GENERIC_H

#include <linux/netdevice.h>
#include <linux/skbuff.h>
#include <linux/timer.h>

struct Qdisc;
struct Qdisc_ops {
	const char *id;
	size_t priv_size;
	/* Consumes the skb; NET_XMIT_SUCCESS, _DROP, _CN. skbs it drops go through
	 * qdisc_drop(). */
	int (*enqueue)(struct sk_buff *skb, struct Qdisc *sch);
	struct sk_buff *(*dequeue)(struct Qdisc *sch);	/* returns a reference or NULL */
	struct sk_buff *(*peek)(struct Qdisc *sch);
	int (*init)(struct Qdisc *sch, const void *opt);
	void (*reset)(struct Qdisc *sch);
	void (*destroy)(struct Qdisc *sch);
};

#define TCQ_F_NOQUEUE	1		/* straight to the driver */

enum {
	__QDISC_STATE_SCHED,		/* on softnet_data.output_queue */
	__QDISC_STATE_RUNNING,		/* somebody is in __qdisc_run() */
	__QDISC_STATE_DEACTIVATED	/* device closed */
};

#define qdisc_priv(q) ((q)->privdata)

struct Qdisc {
	const struct Qdisc_ops *ops;
	unsigned int flags;		/* TCQ_F_* */
	u32 limit;			/* packets */
	u32 handle;
	struct netdev_queue *dev_queue;
	struct sk_buff_head gso_skb;	/* requeued: the driver was busy (QD-3) */
	struct sk_buff_head q;		/* qlen counts all packets inside */
	struct {
		u64 bytes, packets;
		u32 drops, requeues, overlimits, backlog /* bytes */;
	} qstats;
	unsigned long state;		/* __QDISC_STATE_* */
	struct Qdisc *next_sched;	/* softnet_data.output_queue */
	void *privdata;
};

struct qdisc_watchdog {
	struct timer_list timer;
	struct Qdisc *qdisc;
};

/* What a qdisc may keep in a packet while it holds it. */
struct qdisc_skb_cb {
	unsigned int pkt_len;		/* bytes, link-layer header included */
	unsigned char data[20];
};
static_assert(sizeof(struct qdisc_skb_cb) <= sizeof_field(struct sk_buff, cb), "cb[48]");

static inline struct qdisc_skb_cb *qdisc_skb_cb(const struct sk_buff *skb)
{
	return (struct qdisc_skb_cb *)(void *)(uintptr_t)skb->cb;
}

static inline unsigned int qdisc_pkt_len(const struct sk_buff *skb)
{
	return qdisc_skb_cb(skb)->pkt_len;
}

static inline struct net_device *qdisc_dev(const struct Qdisc *sch)
{
	return sch->dev_queue->dev;
}

/* Guards the qdisc and everything in it. Softirqs off. */
static inline spinlock_t *qdisc_lock(struct Qdisc *sch)
{
	return &sch->q.lock;
}

static inline u32 qdisc_qlen(const struct Qdisc *sch)
{
	return sch->q.qlen;
}

static inline bool qdisc_is_running(const struct Qdisc *sch)
{
	return test_bit(__QDISC_STATE_RUNNING, &sch->state);
}

static inline bool qdisc_run_begin(struct Qdisc *sch)
{
	return !__test_and_set_bit(__QDISC_STATE_RUNNING, &sch->state);
}

static inline void qdisc_run_end(struct Qdisc *sch)
{
	__clear_bit(__QDISC_STATE_RUNNING, &sch->state);
}

static inline void qdisc_bstats_update(struct Qdisc *sch, const struct sk_buff *skb)
{
	sch->qstats.bytes += skb->len;
	sch->qstats.packets++;
}

/* ---- net/sched/sch_generic.c -------------------------------------------- */

extern const struct Qdisc_ops noqueue_qdisc_ops, pfifo_fast_ops;

/* Sends what is queued as far as the driver takes it. Lock held, released
 * around the driver. */
void __qdisc_run(struct Qdisc *q);
void qdisc_run(struct Qdisc *q);
bool sch_direct_xmit(struct sk_buff *skb, struct Qdisc *q, struct net_device *dev,
		     struct netdev_queue *txq);
/* Drops a packet that the qdisc does not take (QDISC_DROP). Consumes. */
int qdisc_drop(struct sk_buff *skb, struct Qdisc *sch);

/* NULL on no memory. Process context. */
struct Qdisc *qdisc_create(struct netdev_queue *dev_queue, const struct Qdisc_ops *ops,
			   const void *opt);
void qdisc_reset(struct Qdisc *qdisc);
void qdisc_destroy(struct Qdisc *qdisc);
/* Puts @qdisc (NULL: the default one) in the place of the present root, which
 * is emptied and freed. 0 or -ENOMEM. */
int dev_graft_qdisc(struct net_device *dev, struct Qdisc *qdisc);

void dev_init_scheduler(struct net_device *dev);
void dev_shutdown(struct net_device *dev);
void dev_activate(struct net_device *dev);
void dev_deactivate(struct net_device *dev);

/* ---- net/sched/sch_api.c ------------------------------------------------- */

void qdisc_watchdog_init(struct qdisc_watchdog *wd, struct Qdisc *qdisc);
/* Has the qdisc run again at @expires_ns. */
void qdisc_watchdog_schedule_ns(struct qdisc_watchdog *wd, u64 expires_ns);
void qdisc_watchdog_cancel(struct qdisc_watchdog *wd);

#endif
