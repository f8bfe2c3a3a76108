// SPDX-License-Identifier: MIT
/*
 * Text views of devices and of the per-CPU receive state: /proc/net/dev,
 * link, qdisc, softnet_stat, and the rings as their drivers show them.
 *
 * Linux: net/core/net-procfs.c
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/netdevice.h>
#include <linux/proc.h>
#include <net/net_namespace.h>
#include <net/sch_generic.h>

static size_t dev_seq_show(struct net *net, char *buf, size_t size)
{
	struct proc_text t = { .buf = buf, .size = size };
	const struct net_device *dev;

	proc_printf(&t, "Inter-|   Receive                                                |"
			"  Transmit\n"
			" face |bytes    packets errs drop fifo frame compressed multicast|"
			"bytes    packets errs drop fifo colls carrier compressed\n");
	for_each_netdev(net, dev) {
		const struct rtnl_link_stats64 *s = dev_get_stats(dev);

		proc_printf(&t, "%6s: %7lu %7lu %4lu %4lu %4lu %5lu %10u %9lu ", dev->name,
			    s->rx_bytes, s->rx_packets, s->rx_errors,
			    s->rx_dropped + s->rx_missed_errors, s->rx_fifo_errors,
			    s->rx_length_errors + s->rx_over_errors + s->rx_crc_errors +
				    s->rx_frame_errors, 0U, s->multicast);
		proc_printf(&t, "%8lu %7lu %4lu %4lu %4lu %5u %7lu %10u\n", s->tx_bytes,
			    s->tx_packets, s->tx_errors, s->tx_dropped, s->tx_fifo_errors, 0U,
			    s->tx_carrier_errors + s->tx_aborted_errors, 0U);
	}
	return t.len;
}

static void ifconfig_flags(struct proc_text *t, unsigned int flags)
{
	static const struct {
		unsigned int bit;
		const char *name;
	} names[] = {
		{ IFF_UP, "UP" }, { IFF_BROADCAST, "BROADCAST" }, { IFF_LOOPBACK, "LOOPBACK" },
		{ IFF_RUNNING, "RUNNING" }, { IFF_NOARP, "NOARP" }, { IFF_PROMISC, "PROMISC" },
		{ IFF_ALLMULTI, "ALLMULTI" }, { IFF_MULTICAST, "MULTICAST" },
	};
	const char *sep = "<";
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (flags & names[i].bit) {
			proc_printf(t, "%s%s", sep, names[i].name);
			sep = ",";
		}
	}
	proc_printf(t, "%s", sep[0] == '<' ? "<>" : ">");
}

/* What `ip -s link` shows. */
static size_t link_show(struct net *net, char *buf, size_t size)
{
	struct proc_text t = { .buf = buf, .size = size };
	const struct net_device *dev;

	for_each_netdev(net, dev) {
		const struct rtnl_link_stats64 *s = dev_get_stats(dev);

		proc_printf(&t, "%d: %s: ", dev->ifindex, dev->name);
		ifconfig_flags(&t, dev_get_flags(dev));
		proc_printf(&t, " mtu %u qdisc %s txqueuelen %u driver %s\n", dev->mtu,
			    dev->qdisc ? dev->qdisc->ops->id : "none", dev->tx_queue_len,
			    dev->driver ? dev->driver : "none");
		proc_printf(&t, "    ether %pM\n", dev->dev_addr);
		proc_printf(&t, "    RX packets %lu bytes %lu errors %lu dropped %lu missed %lu\n",
			    s->rx_packets, s->rx_bytes, s->rx_errors, s->rx_dropped,
			    s->rx_missed_errors);
		proc_printf(&t, "    TX packets %lu bytes %lu errors %lu dropped %lu\n",
			    s->tx_packets, s->tx_bytes, s->tx_errors, s->tx_dropped);
	}
	return t.len;
}

/* Linux: hexadecimal columns, a line a CPU. */
static size_t softnet_seq_show(struct net *net, char *buf, size_t size)
{
	const struct softnet_data *sd = this_cpu()->softnet;
	struct proc_text t = { .buf = buf, .size = size };

	proc_printf(&t, "processed %lu\ndropped %lu\ntime_squeeze %lu\nlinearized %lu\n",
		    sd->processed, sd->dropped, sd->time_squeeze, sd->linearized);
	proc_printf(&t, "halt_poll_hits %lu\nhalt_poll_misses %lu\n", sd->idle.hits, sd->idle.misses);
	proc_printf(&t, "input_pkt_queue %u\nprocess_queue %u\n",
		    skb_queue_len(&sd->input_pkt_queue), skb_queue_len(&sd->process_queue));
	return t.len;
}

static size_t qdisc_show(struct net *net, char *buf, size_t size)
{
	struct proc_text t = { .buf = buf, .size = size };
	const struct net_device *dev;

	for_each_netdev(net, dev) {
		const struct Qdisc *q = dev->qdisc;

		if (!q)
			continue;
		proc_printf(&t, "qdisc %s dev %s\n", q->ops->id, dev->name);
		proc_printf(&t, " Sent %lu bytes %lu pkt (dropped %u, overlimits %u requeues %u)\n",
			    q->qstats.bytes, q->qstats.packets, q->qstats.drops,
			    q->qstats.overlimits, q->qstats.requeues);
		proc_printf(&t, " backlog %ub %up\n", q->qstats.backlog, qdisc_qlen(q));
	}
	return t.len;
}

/* "/proc/ring/eth0" */
static ssize_t ring_show(struct net *net, const char *rest, char *buf, size_t size)
{
	struct net_device *dev = __dev_get_by_name(net, rest);

	if (!dev)
		return -ENODEV;
	if (!dev->netdev_ops->ndo_dump)
		return -EOPNOTSUPP;
	return (ssize_t)dev->netdev_ops->ndo_dump(dev, buf, size);
}

static int __init dev_proc_init(void)
{
	proc_register("net/dev", dev_seq_show);
	proc_register("net/link", link_show);
	proc_register("net/softnet_stat", softnet_seq_show);
	proc_register("net/qdisc", qdisc_show);
	proc_register_prefix("ring/", ring_show, NULL);
	return 0;
}
subsys_initcall(dev_proc_init);
