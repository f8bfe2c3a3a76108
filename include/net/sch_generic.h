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

#define TCQ_F_NOQUEUE	1
#define TCQ_F_CAN_BYPASS 2

enum { __QDISC_STATE_SCHED, __QDISC_STATE_RUNNING, __QDISC_STATE_DEACTIVATED };

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

#endif
