/* SPDX-License-Identifier: MIT */
/*
 * The forwarding information base: what routes there are. fib_frontend.c
 * (policy: which routes an address brings), fib_semantics.c (next hops),
 * fib_trie.c (longest prefix).
 *
 * Linux: include/net/ip_fib.h
 */
#ifndef NET_IP_FIB_H
#define NET_IP_FIB_H

#include <linux/list.h>
#include <linux/types.h>
#include <net/dst.h>
#include <net/flow.h>
#include <net/net_namespace.h>
#include <uapi/linux/rtnetlink.h>

struct rtable;
struct in_ifaddr;
struct in_device;
struct fib_info;

/* What user or kernel asks for when it adds or deletes a route. */
struct fib_config {
	u8 fc_dst_len;		/* bits of prefix */
	u8 fc_tos;
	u8 fc_protocol;		/* RTPROT_* */
	u8 fc_scope;		/* RT_SCOPE_* */
	u8 fc_type;		/* RTN_* */
	u32 fc_table;		/* RT_TABLE_* */
	__be32 fc_dst;
	__be32 fc_gw4;		/* 0: directly connected */
	int fc_oif;		/* ifindex; 0: found by the gateway */
	u32 fc_flags;		/* RTNH_F_* */
	u32 fc_priority;	/* metric; the lower, the better */
	__be32 fc_prefsrc;	/* source for packets by this route; 0: choose */
	u32 fc_mtu;		/* 0: the device's */
	bool fc_append;		/* behind a route that differs in its way only; else -EEXIST */
};

/* What ICMP told about one destination behind a next hop. */
struct fib_nh_exception {
	struct fib_nh_exception *fnhe_next;
	__be32 fnhe_daddr;
	u32 fnhe_pmtu;		/* bytes; 0: not known */
	bool fnhe_mtu_locked;
	__be32 fnhe_gw;		/* by redirect; 0 */
	u64 fnhe_expires_ns;	/* 0: never */
	u64 fnhe_stamp_ns;	/* last used */
	struct rtable *fnhe_rth_output;	/* cached, holds a reference; NULL */
};

#define FNHE_HASH_SHIFT		6
#define FNHE_HASH_SIZE		(1 << FNHE_HASH_SHIFT)
#define FNHE_RECLAIM_DEPTH	5	/* longest chain: the oldest is reused */

struct fib_nh {
	struct net_device *fib_nh_dev;	/* holds a reference; NULL: blackhole kinds */
	int fib_nh_oif;
	u8 fib_nh_scope;
	u8 fib_nh_flags;		/* RTNH_F_* */
	__be32 fib_nh_gw4;		/* 0: destination is on the link */
	struct rtable *nh_rth_input;	/* cached, holds a reference (RT-5) */
	struct rtable *nh_rth_output;
	struct fib_nh_exception **nh_exceptions;	/* FNHE_HASH_SIZE chains; NULL */
	struct fib_info *nh_parent;
	__be32 nh_saddr;		/* chosen source … */
	u32 nh_saddr_genid;		/* … as of this dev_addr_genid */
};

/* One way to go, shared by all routes that go it. */
struct fib_info {
	struct hlist_node fib_hash;	/* of netns_ipv4.fib_info_hash */
	struct net *fib_net;
	unsigned int fib_treeref;	/* fib_aliases */
	bool fib_dead;
	u8 fib_protocol;
	u8 fib_scope;
	u8 fib_type;
	__be32 fib_prefsrc;
	u32 fib_tb_id;
	u32 fib_priority;
	u32 fib_mtu;			/* RTAX_MTU; 0 */
	struct fib_nh fib_nh;
};

struct fib_table;

struct fib_result {
	__be32 prefix;
	u8 prefixlen;
	u8 type;			/* RTN_* */
	u8 scope;
	struct fib_info *fi;		/* borrowed */
	struct fib_table *table;
};
#define FIB_RES_NH(res)		(&(res).fi->fib_nh)
#define FIB_RES_DEV(res)	(FIB_RES_NH(res)->fib_nh_dev)
#define FIB_RES_GW(res)		(FIB_RES_NH(res)->fib_nh_gw4)

/* Routes of one prefix that differ in type of service or metric. */
struct fib_alias {
	struct list_head fa_list;	/* of fib_node.aliases: tos falling, then metric rising */
	struct fib_info *fa_info;
	u8 fa_tos;
	u8 fa_type;
};

/* A node of the trie: a prefix, with routes or only to branch at. */
struct fib_node {
	u32 key;			/* host order, bits beyond plen are 0 */
	u8 plen;
	struct fib_node *parent;
	struct fib_node *child[2];	/* by the bit after plen */
	struct list_head aliases;	/* fib_alias; empty: branch only */
};

struct fib_table {
	struct net *net;
	u32 tb_id;			/* RT_TABLE_* */
	unsigned int tb_num_routes;
	struct fib_node *root;		/* NULL: empty */
};

#define FIB_LOOKUP_IGNORE_LINKSTATE	1

/* ---- fib_trie.c: process, or softirq for lookups ----------------------------- */

struct fib_table *fib_trie_table(struct net *net, u32 id);
void fib_free_table(struct fib_table *tb);
/* 0 and *res; -EAGAIN: no route; -ENETUNREACH, -EACCES, -EINVAL by the route's type. */
int fib_table_lookup(struct fib_table *tb, const struct flowi4 *flp,
		     struct fib_result *res, int fib_flags);
/* 0, -EEXIST, -ENOBUFS, or as fib_create_info(). */
int fib_table_insert(struct net *net, struct fib_table *tb, const struct fib_config *cfg);
/* 0 or -ESRCH. */
int fib_table_delete(struct net *net, struct fib_table *tb, const struct fib_config *cfg);
/* Removes routes whose fib_info is dead (@all: all); how many. */
int fib_table_flush(struct net *net, struct fib_table *tb, bool all);
/* Calls @fn for every route, by rising prefix. */
void fib_table_for_each(struct fib_table *tb,
			void (*fn)(const struct fib_node *n, const struct fib_alias *fa,
				   void *ctx), void *ctx);

/* ---- fib_semantics.c ----------------------------------------------------------- */

/* Returns a fib_treeref, or ERR_PTR(-EINVAL, -ENETUNREACH, -ENETDOWN, -ENODEV, -ENOBUFS). */
struct fib_info *fib_create_info(struct net *net, const struct fib_config *cfg);
void fib_release_info(struct fib_info *fi);
/* Marks what leaves by @dev, or from @local, dead; how many were. */
int fib_sync_down_dev(struct net_device *dev, bool force);
int fib_sync_down_addr(struct net *net, __be32 local);
__be32 fib_result_prefsrc(struct net *net, struct fib_result *res);

extern const struct fib_prop {
	int error;
	u8 scope;
} fib_props[RTN_MAX + 1];

/* ---- fib_frontend.c -------------------------------------------------------------- */

struct fib_table *fib_get_table(struct net *net, u32 id);
/* Local table, then main. As fib_table_lookup(), with -ENETUNREACH for no route. */
int fib_lookup(struct net *net, const struct flowi4 *flp, struct fib_result *res,
	       unsigned int flags);
/* Is @src a good source for what came in by @dev? 0 or 1 (1: on the link), or
 * -EINVAL (martian), -EXDEV (reverse path filter). */
int fib_validate_source(struct sk_buff *skb, __be32 src, __be32 dst, u8 tos,
			struct net_device *dev, struct in_device *idev);
/* The source for an answer to @skb, received by broadcast perhaps; 0. */
__be32 fib_compute_spec_dst(struct sk_buff *skb);

void fib_add_ifaddr(struct in_ifaddr *ifa);
void fib_del_ifaddr(struct in_ifaddr *ifa, struct in_ifaddr *iprim);
void fib_disable_ip(struct net_device *dev, bool force);
/* Routes of administrators: `ip route add`. As fib_table_insert(). */
int ip_route_add(struct net *net, const struct fib_config *cfg);
int ip_route_del(struct net *net, const struct fib_config *cfg);
/* `ip route`-like text of the main table; returns the length of the whole. */
size_t fib_route_print(struct net *net, char *buf, size_t size);

int fib_net_init(struct net *net);
void fib_net_exit(struct net *net);

#endif
