// SPDX-License-Identifier: MIT
/*
 * net.ipv4.neigh.default.*: the settings of a namespace's neighbour table. The
 * table is made when the namespace is, so its fields are reached through it and
 * not by an offset in struct net.
 *
 * Linux: net/core/neighbour.c (neigh_sysctl_template); there is a set for each
 * device too
 */
#include <linux/errno.h>
#include <linux/if_ether.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/sysctl.h>
#include <net/neighbour.h>
#include <net/net_namespace.h>

/* A full frame's share of the waiting queue: how packets become bytes. */
#define FRAME_TRUESIZE ((unsigned int)SKB_TRUESIZE(ETH_FRAME_LEN))

/* t->offset is in struct neigh_table; t->count is the unit of a u64 in
 * nanoseconds, 0 for an int. */
static void *neigh_field(struct net *net, const struct ctl_table *t)
{
	return net->ipv4.arp_tbl ? (u8 *)net->ipv4.arp_tbl + t->offset : NULL;
}

static int neigh_get(struct net *net, const struct ctl_table *t, char *buf, size_t size)
{
	const void *p = neigh_field(net, t);

	if (!p)
		return -ENOENT;
	if (t->count)
		return scnprintf(buf, size, "%llu",
				 (unsigned long long)(*(const u64 *)p / t->count));
	return scnprintf(buf, size, "%d", *(const int *)p);
}

static int neigh_parse(const struct ctl_table *t, const char *value, int *v)
{
	if (kstrtoint(value, 10, v) || *v < t->min || *v > t->max)
		return -EINVAL;
	return 0;
}

static int neigh_set(struct net *net, const struct ctl_table *t, const char *value)
{
	void *p = neigh_field(net, t);
	int v, err = neigh_parse(t, value, &v);

	if (!p)
		return -ENOENT;
	if (err)
		return err;
	if (t->count)
		*(u64 *)p = (u64)v * t->count;
	else
		*(int *)p = v;
	return 0;
}

static int base_reachable_set(struct net *net, const struct ctl_table *t, const char *value)
{
	int err = neigh_set(net, t, value);
	struct neigh_parms *p;

	if (err)
		return err;
	p = &net->ipv4.arp_tbl->parms;
	p->reachable_time_ns = neigh_rand_reach_time(p->base_reachable_time_ns);
	return 0;
}

static int unres_qlen_get(struct net *net, const struct ctl_table *t, char *buf, size_t size)
{
	const unsigned int *bytes = neigh_field(net, t);

	return bytes ? scnprintf(buf, size, "%u", *bytes / FRAME_TRUESIZE) : -ENOENT;
}

static int unres_qlen_set(struct net *net, const struct ctl_table *t, const char *value)
{
	unsigned int *bytes = neigh_field(net, t);
	int v, err = neigh_parse(t, value, &v);

	if (!bytes)
		return -ENOENT;
	if (!err)
		*bytes = (unsigned int)v * FRAME_TRUESIZE;
	return err;
}

#define NEIGH_CTL(name, field, unit, lo, hi) { .procname = "net.ipv4.neigh.default." name, \
	.offset = offsetof(struct neigh_table, field), .type = CTL_TYPE_HANDLER,	\
	.count = unit, .min = lo, .max = hi, .get = neigh_get, .set = neigh_set }

static const struct ctl_table neigh_table_ctl[] = {
	NEIGH_CTL("gc_thresh1", gc_thresh1, 0, 0, INT_MAX),
	NEIGH_CTL("gc_thresh2", gc_thresh2, 0, 0, INT_MAX),
	NEIGH_CTL("gc_thresh3", gc_thresh3, 0, 0, INT_MAX),
	NEIGH_CTL("gc_interval", gc_interval_ns, NSEC_PER_SEC, 1, INT_MAX),
	NEIGH_CTL("gc_stale_time", parms.gc_staletime_ns, NSEC_PER_SEC, 0, INT_MAX),
	NEIGH_CTL("delay_first_probe_time", parms.delay_probe_time_ns, NSEC_PER_SEC, 0, INT_MAX),
	NEIGH_CTL("retrans_time_ms", parms.retrans_time_ns, NSEC_PER_MSEC, 1, INT_MAX),
	NEIGH_CTL("ucast_solicit", parms.ucast_probes, 0, 0, INT_MAX),
	NEIGH_CTL("mcast_solicit", parms.mcast_probes, 0, 0, INT_MAX),
	NEIGH_CTL("app_solicit", parms.app_probes, 0, 0, INT_MAX),
	NEIGH_CTL("unres_qlen_bytes", parms.queue_len_bytes, 0, 0, INT_MAX),
	{ .procname = "net.ipv4.neigh.default.base_reachable_time_ms",
	  .offset = offsetof(struct neigh_table, parms.base_reachable_time_ns),
	  .type = CTL_TYPE_HANDLER, .count = NSEC_PER_MSEC, .min = 1, .max = INT_MAX,
	  .get = neigh_get, .set = base_reachable_set },
	{ .procname = "net.ipv4.neigh.default.unres_qlen",
	  .offset = offsetof(struct neigh_table, parms.queue_len_bytes),
	  .type = CTL_TYPE_HANDLER, .min = 0, .max = INT_MAX / FRAME_TRUESIZE,
	  .get = unres_qlen_get, .set = unres_qlen_set },
};

static int __init neigh_sysctl_init(void)
{
	register_sysctl_table(neigh_table_ctl, ARRAY_SIZE(neigh_table_ctl));
	return 0;
}

subsys_initcall(neigh_sysctl_init);
