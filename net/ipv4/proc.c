// SPDX-License-Identifier: MIT
/*
 * Counters and tables of IPv4 as text, byte for byte as Linux's /proc/net/snmp,
 * netstat, sockstat, route, arp and stat/rt_cache have it; and the drops of a
 * namespace by reason.
 *
 * Linux: net/ipv4/proc.c, fib_trie.c (route), arp.c, route.c (rt_cache)
 * RFC: 4293, 4022, 4113
 */
#include <linux/inetdevice.h>
#include <linux/kernel.h>
#include <linux/proc.h>
#include <net/arp.h>
#include <net/ip.h>
#include <net/ip_fib.h>
#include <net/protocol.h>
#include <net/route.h>
#include <net/tcp.h>
#include <net/udp.h>

#define X(name, text) text,
static const char *const snmp4_ip_list[] = { IPSTATS_MIBS(X) };
static const char *const snmp4_ipext_list[] = { IPEXT_MIBS(X) };
static const char *const snmp4_icmp_list[] = { ICMP_MIBS(X) };
static const char *const snmp4_tcp_list[] = { TCP_MIBS(X) };
static const char *const snmp4_udp_list[] = { UDP_MIBS(X) };
static const char *const snmp4_net_list[] = { LINUX_MIBS(X) };
#undef X

/* RFC 4293 ipForwarding: 1 forwards, 2 does not. */
#define IP_NOT_FORWARDING	2

static void show_names(struct proc_text *t, const char *const *names, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		proc_printf(t, " %s", names[i]);
}

static void show_values(struct proc_text *t, const u64 *values, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		proc_printf(t, " %lu", values[i]);
	proc_printf(t, "\n");
}

static void show_group(struct proc_text *t, const char *group, const char *const *names,
		       const u64 *values, unsigned int n)
{
	proc_printf(t, "%s:", group);
	show_names(t, names, n);
	proc_printf(t, "\n%s:", group);
	show_values(t, values, n);
}

static void show_ip(struct proc_text *t, struct net *net)
{
	proc_printf(t, "Ip: Forwarding DefaultTTL");
	show_names(t, snmp4_ip_list, ARRAY_SIZE(snmp4_ip_list));
	proc_printf(t, "\nIp: %d %d", IP_NOT_FORWARDING, net->ipv4.sysctl_ip_default_ttl);
	show_values(t, net->mib.ip, ARRAY_SIZE(snmp4_ip_list));
}

/* Every type that came or went, known or not. */
static void show_icmpmsg(struct proc_text *t, struct net *net)
{
	bool values;
	int i, any = 0;

	for (i = 0; i < 256; i++)
		any |= net->mib.icmp_in_type[i] || net->mib.icmp_out_type[i];
	if (!any)
		return;
	for (values = false;; values = true) {
		proc_printf(t, "IcmpMsg:");
		for (i = 0; i < 256; i++) {
			if (net->mib.icmp_in_type[i] && values)
				proc_printf(t, " %lu", net->mib.icmp_in_type[i]);
			else if (net->mib.icmp_in_type[i])
				proc_printf(t, " InType%d", i);
		}
		for (i = 0; i < 256; i++) {
			if (net->mib.icmp_out_type[i] && values)
				proc_printf(t, " %lu", net->mib.icmp_out_type[i]);
			else if (net->mib.icmp_out_type[i])
				proc_printf(t, " OutType%d", i);
		}
		proc_printf(t, "\n");
		if (values)
			return;
	}
}

/* MaxConn is a signed one: no limit. */
static void show_tcp(struct proc_text *t, struct net *net)
{
	unsigned int i;

	proc_printf(t, "Tcp:");
	show_names(t, snmp4_tcp_list, ARRAY_SIZE(snmp4_tcp_list));
	proc_printf(t, "\nTcp:");
	for (i = 0; i < ARRAY_SIZE(snmp4_tcp_list); i++) {
		if (i == TCP_MIB_MAXCONN)
			proc_printf(t, " %ld", (s64)net->mib.tcp[i]);
		else
			proc_printf(t, " %lu", net->mib.tcp[i]);
	}
	proc_printf(t, "\n");
}

/**
 * snmp_seq_show - /proc/net/snmp
 * @net: namespace
 * @buf: for the text
 * @size: of @buf, bytes
 *
 * Context: process.
 * Return: length of the whole text.
 */
size_t snmp_seq_show(struct net *net, char *buf, size_t size)
{
	static const u64 none[ARRAY_SIZE(snmp4_udp_list)];
	struct proc_text t = { .buf = buf, .size = size };

	show_ip(&t, net);
	show_group(&t, "Icmp", snmp4_icmp_list, net->mib.icmp, ARRAY_SIZE(snmp4_icmp_list));
	show_icmpmsg(&t, net);
	show_tcp(&t, net);
	show_group(&t, "Udp", snmp4_udp_list, net->mib.udp, ARRAY_SIZE(snmp4_udp_list));
	show_group(&t, "UdpLite", snmp4_udp_list, none, ARRAY_SIZE(snmp4_udp_list));
	return t.len;
}

/**
 * netstat_seq_show - /proc/net/netstat
 * @net: namespace
 * @buf: for the text
 * @size: of @buf, bytes
 *
 * Context: process.
 * Return: length of the whole text.
 */
size_t netstat_seq_show(struct net *net, char *buf, size_t size)
{
	struct proc_text t = { .buf = buf, .size = size };

	show_group(&t, "TcpExt", snmp4_net_list, net->mib.net, ARRAY_SIZE(snmp4_net_list));
	show_group(&t, "IpExt", snmp4_ipext_list, net->mib.ip + IPSTATS_MIB_SNMP_MAX,
		   ARRAY_SIZE(snmp4_ipext_list));
	return t.len;
}

/**
 * sockstat_seq_show - /proc/net/sockstat
 * @net: namespace
 * @buf: for the text
 * @size: of @buf, bytes
 *
 * Context: process.
 * Return: length of the whole text.
 */
size_t sockstat_seq_show(struct net *net, char *buf, size_t size)
{
	struct proc_text t = { .buf = buf, .size = size };

	proc_printf(&t, "sockets: used %lu\n", net->core.sockets_used);
	proc_printf(&t, "TCP: inuse %d orphan %ld tw %ld alloc %ld mem %ld\n",
		    sock_prot_inuse_get(net, &tcp_prot), net->ipv4.tcp_orphan_count,
		    net->ipv4.tcp_tw_count, net->ipv4.tcp_sockets_allocated,
		    net->ipv4.tcp_memory.allocated_pages);
	proc_printf(&t, "UDP: inuse %d mem 0\n", sock_prot_inuse_get(net, &udp_prot));
	proc_printf(&t, "UDPLITE: inuse 0\nRAW: inuse 0\nFRAG: inuse 0 memory 0\n");
	return t.len;
}

/**
 * drop_reasons_show - packets lost, by reason
 * @net: namespace
 * @buf: for the text
 * @size: of @buf, bytes
 *
 * One reason that occurred a line: its name, how often, what it means.
 *
 * Context: process.
 * Return: length of the whole text.
 */
size_t drop_reasons_show(struct net *net, char *buf, size_t size)
{
	struct proc_text t = { .buf = buf, .size = size };
	int i;

	proc_printf(&t, "%-24s %10s\n", "reason", "packets");
	for (i = SKB_NOT_DROPPED_YET + 1; i < SKB_DROP_REASON_MAX; i++) {
		if (net->drops[i])
			proc_printf(&t, "%-24s %10lu  %s\n",
				    skb_drop_reason_name((enum skb_drop_reason)i),
				    net->drops[i],
				    skb_drop_reason_text((enum skb_drop_reason)i));
	}
	return t.len;
}

#define RTF_UP		0x0001
#define RTF_GATEWAY	0x0002
#define RTF_HOST	0x0004
#define RTF_REJECT	0x0200

static void show_route(const struct fib_node *n, const struct fib_alias *fa, void *ctx)
{
	const struct fib_info *fi = fa->fa_info;
	const struct net_device *dev = fi->fib_nh.fib_nh_dev;
	unsigned int flags = RTF_UP;

	if (fa->fa_type == RTN_BROADCAST || fa->fa_type == RTN_MULTICAST)
		return;
	if (fa->fa_type == RTN_UNREACHABLE || fa->fa_type == RTN_PROHIBIT)
		flags = RTF_REJECT;
	if (fi->fib_nh.fib_nh_gw4)
		flags |= RTF_GATEWAY;
	if (n->plen == 32)
		flags |= RTF_HOST;
	proc_printf(ctx, "%s\t%08X\t%08X\t%04X\t%d\t%u\t%d\t%08X\t%d\t%u\t%u\n",
		    dev ? dev->name : "*", (__force u32)htonl(n->key),
		    (__force u32)fi->fib_nh.fib_nh_gw4, flags, 0, 0U, (int)fi->fib_priority,
		    (__force u32)inet_make_mask(n->plen), (int)fi->fib_mtu, 0U, 0U);
}

/* /proc/net/route: the main table. */
static size_t route_seq_show(struct net *net, char *buf, size_t size)
{
	struct proc_text t = { .buf = buf, .size = size };

	proc_printf(&t, "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\t"
		    "MTU\tWindow\tIRTT\n");
	fib_table_for_each(net->ipv4.fib_main, show_route, &t);
	return t.len;
}

#define ATF_COM		0x02
#define ATF_PERM	0x04

static void show_neigh(struct neighbour *n, void *ctx)
{
	unsigned int flags = 0;

	if (n->nud_state & NUD_NOARP)
		return;
	if (n->nud_state & NUD_PERMANENT)
		flags = ATF_PERM | ATF_COM;
	else if (n->nud_state & NUD_VALID)
		flags = ATF_COM;
	proc_printf(ctx, "%-16pI4 0x%-10x0x%-10x%pM     *        %s\n", n->primary_key,
		    n->dev->type, flags, n->ha, n->dev->name);
}

/* /proc/net/arp */
static size_t arp_seq_show(struct net *net, char *buf, size_t size)
{
	struct proc_text t = { .buf = buf, .size = size };

	proc_printf(&t, "IP address       HW type     Flags       HW address            "
		    "Mask     Device\n");
	neigh_for_each(net->ipv4.arp_tbl, show_neigh, &t);
	return t.len;
}

/* /proc/net/stat/rt_cache. Linux: the columns of old, one line a CPU. */
static size_t rt_cache_seq_show(struct net *net, char *buf, size_t size)
{
	const struct rt_cache_stat *s = &net->ipv4.rt_cache_stat;
	struct proc_text t = { .buf = buf, .size = size };

	proc_printf(&t, "entries  in_hit   in_slow_tot in_slow_mc in_no_route in_brd   "
		    "in_martian_dst in_martian_src out_hit  out_slow_tot out_slow_mc\n");
	proc_printf(&t, "%08x %08lx %08lx    %08lx   %08lx    %08lx %08lx       %08lx"
		    "       %08lx %08lx     %08lx\n", 0, s->in_hit, s->in_slow_tot,
		    s->in_slow_mc, s->in_no_route, s->in_brd, s->in_martian_dst,
		    s->in_martian_src, s->out_hit, s->out_slow_tot, s->out_slow_mc);
	return t.len;
}

/**
 * ipv4_proc_init - register the views
 *
 * Context: initcall (ip_init()).
 */
void ipv4_proc_init(void)
{
	proc_register("net/snmp", snmp_seq_show);
	proc_register("net/netstat", netstat_seq_show);
	proc_register("net/sockstat", sockstat_seq_show);
	proc_register("net/drops", drop_reasons_show);
	proc_register("net/route", route_seq_show);
	proc_register("net/arp", arp_seq_show);
	proc_register("net/stat/rt_cache", rt_cache_seq_show);
	proc_register("net/ip_addr", inet_addr_print);
	proc_register("net/ip_route", fib_route_print);
	proc_register("net/ip_neigh", arp_print);
}
