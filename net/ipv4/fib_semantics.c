// SPDX-License-Identifier: MIT
/*
 * What a route says: next hops, checked when the route is made, shared by all
 * routes that go the same way, and marked dead when their device goes down.
 *
 * Linux: net/ipv4/fib_semantics.c (which also has several next hops a route)
 * RFC: 1812 5.2.4.3
 */
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/hash.h>
#include <linux/inetdevice.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <net/ip.h>
#include <net/ip_fib.h>
#include <net/route.h>

/* What a lookup that ends at a type answers, and how near such a route is at
 * least. */
const struct fib_prop fib_props[RTN_MAX + 1] = {
	[RTN_UNSPEC]		= { 0, RT_SCOPE_NOWHERE },
	[RTN_UNICAST]		= { 0, RT_SCOPE_UNIVERSE },
	[RTN_LOCAL]		= { 0, RT_SCOPE_HOST },
	[RTN_BROADCAST]		= { 0, RT_SCOPE_LINK },
	[RTN_ANYCAST]		= { 0, RT_SCOPE_LINK },
	[RTN_MULTICAST]		= { 0, RT_SCOPE_UNIVERSE },
	[RTN_BLACKHOLE]		= { -EINVAL, RT_SCOPE_UNIVERSE },
	[RTN_UNREACHABLE]	= { -EHOSTUNREACH, RT_SCOPE_UNIVERSE },
	[RTN_PROHIBIT]		= { -EACCES, RT_SCOPE_UNIVERSE },
	[RTN_THROW]		= { -EAGAIN, RT_SCOPE_UNIVERSE },
	[RTN_NAT]		= { -EINVAL, RT_SCOPE_NOWHERE },
	[RTN_XRESOLVE]		= { -EINVAL, RT_SCOPE_NOWHERE },
};

static struct hlist_head *fib_info_bucket(struct net *net, int oif, __be32 gw)
{
	u32 h = hash_32((__force u32)gw ^ (u32)oif, 6);

	return &net->ipv4.fib_info_hash[h & (FIB_INFO_HASH_SIZE - 1)];
}

static bool fib_info_same(const struct fib_info *a, const struct fib_info *b)
{
	return a->fib_protocol == b->fib_protocol && a->fib_scope == b->fib_scope &&
	       a->fib_type == b->fib_type && a->fib_prefsrc == b->fib_prefsrc &&
	       a->fib_tb_id == b->fib_tb_id && a->fib_priority == b->fib_priority &&
	       a->fib_mtu == b->fib_mtu && !b->fib_dead &&
	       a->fib_nh.fib_nh_oif == b->fib_nh.fib_nh_oif &&
	       a->fib_nh.fib_nh_gw4 == b->fib_nh.fib_nh_gw4 &&
	       a->fib_nh.fib_nh_scope == b->fib_nh.fib_nh_scope &&
	       a->fib_nh.fib_nh_flags == b->fib_nh.fib_nh_flags;
}

/* One that says the same already, or NULL. */
static struct fib_info *fib_find_info(struct net *net, const struct fib_info *fi)
{
	struct hlist_head *head = fib_info_bucket(net, fi->fib_nh.fib_nh_oif,
						  fi->fib_nh.fib_nh_gw4);
	struct fib_info *other;

	hlist_for_each_entry(other, head, fib_hash) {
		if (fib_info_same(fi, other))
			return other;
	}
	return NULL;
}

static void free_fib_info(struct fib_info *fi)
{
	struct fib_nh *nh = &fi->fib_nh;

	fib_nh_flush_cache(nh);
	if (nh->fib_nh_dev)
		dev_put(nh->fib_nh_dev);
	kfree(fi);
}

/**
 * fib_release_info - a route that used it is gone
 * @fi: fib_info; the caller's fib_treeref ends
 *
 * The cached dst entries of the next hop go with the last route.
 *
 * Context: process.
 */
void fib_release_info(struct fib_info *fi)
{
	if (--fi->fib_treeref)
		return;
	hlist_del(&fi->fib_hash);
	free_fib_info(fi);
}

/* The gateway must itself be reachable, and nearer than what is behind it. */
static int fib_check_gw(struct net *net, struct fib_nh *nh, const struct fib_config *cfg)
{
	struct flowi4 fl4 = { .daddr = nh->fib_nh_gw4, .flowi4_oif = nh->fib_nh_oif,
			      .flowi4_scope = max_t(u8, cfg->fc_scope + 1, RT_SCOPE_LINK) };
	struct fib_result res;
	struct net_device *dev;
	int err;

	err = fib_lookup(net, &fl4, &res, FIB_LOOKUP_IGNORE_LINKSTATE);
	if (err)
		return err;
	if (res.type != RTN_UNICAST && res.type != RTN_LOCAL)
		return -EINVAL;
	dev = FIB_RES_DEV(res);
	if (!dev)
		return -ENODEV;
	if (!(dev->flags & IFF_UP))
		return -ENETDOWN;
	nh->fib_nh_scope = res.scope;
	nh->fib_nh_oif = dev->ifindex;
	nh->fib_nh_dev = dev;
	dev_hold(dev);
	return 0;
}

/* "onlink": the gateway is on the link because the administrator says so. */
static int fib_check_onlink(struct net *net, struct fib_nh *nh)
{
	struct net_device *dev = __dev_get_by_index(net, nh->fib_nh_oif);

	if (!dev)
		return -ENODEV;
	if (!(dev->flags & IFF_UP))
		return -ENETDOWN;
	if (inet_addr_type(net, nh->fib_nh_gw4) != RTN_UNICAST)
		return -EINVAL;
	nh->fib_nh_scope = RT_SCOPE_LINK;
	nh->fib_nh_dev = dev;
	dev_hold(dev);
	return 0;
}

/* No gateway: the destination is on the device's link, or is ours. */
static int fib_check_direct(struct net *net, struct fib_nh *nh, const struct fib_config *cfg)
{
	struct net_device *dev = __dev_get_by_index(net, nh->fib_nh_oif);

	if (!dev || !__in_dev_get_rtnl(dev))
		return -ENODEV;
	if (cfg->fc_scope != RT_SCOPE_HOST && !(dev->flags & IFF_UP))
		return -ENETDOWN;
	nh->fib_nh_scope = cfg->fc_scope == RT_SCOPE_HOST ? RT_SCOPE_NOWHERE
							  : RT_SCOPE_HOST;
	nh->fib_nh_dev = dev;
	dev_hold(dev);
	return 0;
}

static int fib_check_nh(struct net *net, struct fib_nh *nh, const struct fib_config *cfg)
{
	if (cfg->fc_scope == RT_SCOPE_HOST || !nh->fib_nh_gw4)
		return nh->fib_nh_gw4 ? -EINVAL : fib_check_direct(net, nh, cfg);
	if (nh->fib_nh_flags & RTNH_F_ONLINK)
		return cfg->fc_scope >= RT_SCOPE_LINK ? -EINVAL : fib_check_onlink(net, nh);
	return fib_check_gw(net, nh, cfg);
}

/* A preferred source must be ours, or become ours by this very route. */
static bool fib_valid_prefsrc(struct net *net, const struct fib_config *cfg)
{
	if (cfg->fc_type == RTN_LOCAL && cfg->fc_dst && cfg->fc_dst == cfg->fc_prefsrc)
		return true;
	return inet_addr_type(net, cfg->fc_prefsrc) == RTN_LOCAL;
}

static int fib_check_config(struct net *net, const struct fib_config *cfg)
{
	if (cfg->fc_type == RTN_UNSPEC || cfg->fc_type > RTN_MAX)
		return -EINVAL;
	if (cfg->fc_scope > RT_SCOPE_HOST || fib_props[cfg->fc_type].scope > cfg->fc_scope)
		return -EINVAL;
	if (cfg->fc_mtu && (cfg->fc_mtu < IPV4_MIN_MTU || cfg->fc_mtu > IP_MAX_MTU))
		return -EINVAL;
	if (cfg->fc_flags & (RTNH_F_DEAD | RTNH_F_LINKDOWN))
		return -EINVAL;
	/* A type that answers with an error leads nowhere. */
	if (fib_props[cfg->fc_type].error && (cfg->fc_gw4 || cfg->fc_oif))
		return -EINVAL;
	return 0;
}

static struct fib_info *fib_new_info(struct net *net, const struct fib_config *cfg)
{
	struct fib_info *fi = kzalloc(sizeof(*fi), GFP_KERNEL);

	if (!fi)
		return NULL;
	fi->fib_net = net;
	fi->fib_protocol = cfg->fc_protocol;
	fi->fib_scope = cfg->fc_scope;
	fi->fib_type = cfg->fc_type;
	fi->fib_prefsrc = cfg->fc_prefsrc;
	fi->fib_tb_id = cfg->fc_table;
	fi->fib_priority = cfg->fc_priority;
	fi->fib_mtu = cfg->fc_mtu;
	fi->fib_nh.nh_parent = fi;
	fi->fib_nh.fib_nh_oif = cfg->fc_oif;
	fi->fib_nh.fib_nh_gw4 = cfg->fc_gw4;
	fi->fib_nh.fib_nh_flags = (u8)cfg->fc_flags;
	return fi;
}

/**
 * fib_create_info - the fib_info for a route
 * @net: namespace
 * @cfg: the route
 *
 * Context: process.
 * Return: a fib_treeref, on an existing one if it says the same, else on a new
 * one; ERR_PTR(-EINVAL) for what makes no sense, -ENETUNREACH when there is no
 * way to the gateway, -ENODEV, -ENETDOWN, -ENOBUFS.
 */
struct fib_info *fib_create_info(struct net *net, const struct fib_config *cfg)
{
	struct fib_info *fi, *other;
	int err = fib_check_config(net, cfg);

	if (err)
		return ERR_PTR(err);
	fi = fib_new_info(net, cfg);
	if (!fi)
		return ERR_PTR(-ENOBUFS);
	if (!fib_props[cfg->fc_type].error)
		err = fib_check_nh(net, &fi->fib_nh, cfg);
	if (!err && cfg->fc_prefsrc && !fib_valid_prefsrc(net, cfg))
		err = -EINVAL;
	if (err) {
		free_fib_info(fi);
		return ERR_PTR(err);
	}
	other = fib_find_info(net, fi);
	if (other) {
		free_fib_info(fi);
		other->fib_treeref++;
		return other;
	}
	fi->fib_treeref = 1;
	hlist_add_head(&fi->fib_hash, fib_info_bucket(net, fi->fib_nh.fib_nh_oif,
						      fi->fib_nh.fib_nh_gw4));
	return fi;
}

/**
 * fib_sync_down_dev - what leaves by a device leads nowhere any more
 * @dev: device
 * @force: the device's own addresses too (it goes away); they stay ours when
 *	it is only down
 *
 * Context: process.
 * Return: how many fib_infos died; fib_table_flush() removes their routes.
 */
int fib_sync_down_dev(struct net_device *dev, bool force)
{
	struct net *net = dev_net(dev);
	struct fib_info *fi;
	unsigned int i;
	int dead = 0;

	for (i = 0; i < FIB_INFO_HASH_SIZE; i++) {
		hlist_for_each_entry(fi, &net->ipv4.fib_info_hash[i], fib_hash) {
			if (fi->fib_nh.fib_nh_dev != dev || fi->fib_dead)
				continue;
			if (fi->fib_nh.fib_nh_scope == RT_SCOPE_NOWHERE && !force)
				continue;
			fi->fib_nh.fib_nh_flags |= RTNH_F_DEAD;
			fi->fib_dead = true;
			dead++;
		}
	}
	return dead;
}

/**
 * fib_sync_down_addr - routes that prefer a source which is gone
 * @net: namespace
 * @local: address
 *
 * Context: process.
 * Return: how many fib_infos died.
 */
int fib_sync_down_addr(struct net *net, __be32 local)
{
	struct fib_info *fi;
	unsigned int i;
	int dead = 0;

	for (i = 0; i < FIB_INFO_HASH_SIZE; i++) {
		hlist_for_each_entry(fi, &net->ipv4.fib_info_hash[i], fib_hash) {
			if (fi->fib_prefsrc != local || fi->fib_dead)
				continue;
			fi->fib_dead = true;
			dead++;
		}
	}
	return dead;
}

/**
 * fib_result_prefsrc - the source address for packets by a route
 * @net: namespace
 * @res: result of a lookup
 *
 * What a next hop's device gives is remembered until addresses change.
 *
 * Context: any.
 * Return: the address; 0: none.
 */
__be32 fib_result_prefsrc(struct net *net, struct fib_result *res)
{
	struct fib_nh *nh = FIB_RES_NH(*res);

	if (res->fi->fib_prefsrc)
		return res->fi->fib_prefsrc;
	if (!nh->fib_nh_dev)
		return 0;
	if (nh->nh_saddr_genid != net->ipv4.dev_addr_genid) {
		nh->nh_saddr = inet_select_addr(nh->fib_nh_dev, nh->fib_nh_gw4,
						res->fi->fib_scope);
		nh->nh_saddr_genid = net->ipv4.dev_addr_genid;
	}
	return nh->nh_saddr;
}
