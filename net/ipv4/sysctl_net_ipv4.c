// SPDX-License-Identifier: MIT
/*
 * net.ipv4.*, but for TCP's own (sysctl_tcp.c) and the neighbours'
 * (net/core/neigh_sysctl.c). What a setting means is said in Linux's
 * Documentation/networking/ip-sysctl.rst.
 *
 * net.ipv4.conf.all and .default are here; a device's own start as default's
 * (docs/omissions.md).
 *
 * Linux: net/ipv4/sysctl_net_ipv4.c, devinet.c, route.c
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/sysctl.h>
#include <net/ip.h>
#include <net/net_namespace.h>

static int port_range_get(struct net *net, const struct ctl_table *t, char *buf, size_t size)
{
	const int *range = net->ipv4.sysctl_local_port_range;

	return snprintf(buf, size, "%d\t%d", range[0], range[1]);
}

/* Two ports, the first not above the second. */
static int port_range_set(struct net *net, const struct ctl_table *t, const char *value)
{
	char text[32], *p = text, *first, *second;
	unsigned int low, high;

	if (strscpy(text, value, sizeof(text)) < 0)
		return -EINVAL;
	p = strim(text);
	first = strsep(&p, " \t");
	if (!p)
		return -EINVAL;
	second = skip_spaces(p);
	if (kstrtouint(first, 10, &low) || kstrtouint(second, 10, &high))
		return -EINVAL;
	if (low < 1 || high > 65535 || low > high)
		return -EINVAL;
	net->ipv4.sysctl_local_port_range[0] = (int)low;
	net->ipv4.sysctl_local_port_range[1] = (int)high;
	return 0;
}

#define CONF(which, field, name, lo, hi)				\
	CTL_NET("net.ipv4.conf." name, ipv4.devconf_##which.field, CTL_TYPE_INT, lo, hi)
/* One setting in both places. */
#define CONF_BOTH(field, lo, hi)					\
	CONF(all, field, "all." #field, lo, hi),			\
	CONF(dflt, field, "default." #field, lo, hi)

static const struct ctl_table ipv4_net_table[] = {
	CTL_NET("net.ipv4.ip_forward", ipv4.sysctl_ip_forward, CTL_TYPE_INT, 0, 0),
	CTL_NET("net.ipv4.ip_default_ttl", ipv4.sysctl_ip_default_ttl, CTL_TYPE_INT, 1, 255),
	CTL_NET("net.ipv4.ip_no_pmtu_disc", ipv4.sysctl_ip_no_pmtu_disc, CTL_TYPE_INT, 0, 3),
	CTL_NET("net.ipv4.ip_early_demux", ipv4.sysctl_ip_early_demux, CTL_TYPE_INT, 0, 1),
	CTL_NET("net.ipv4.tcp_early_demux", ipv4.sysctl_tcp_early_demux, CTL_TYPE_INT, 0, 1),
	CTL_NET("net.ipv4.udp_early_demux", ipv4.sysctl_udp_early_demux, CTL_TYPE_INT, 0, 0),
	CTL_NET("net.ipv4.ip_nonlocal_bind", ipv4.sysctl_ip_nonlocal_bind, CTL_TYPE_INT, 0, 1),
	{ .procname = "net.ipv4.ip_local_port_range", .type = CTL_TYPE_HANDLER,
	  .get = port_range_get, .set = port_range_set },
	CTL_NET("net.ipv4.ip_unprivileged_port_start", ipv4.sysctl_ip_prot_sock, CTL_TYPE_INT,
		0, 65535),
	CTL_NET("net.ipv4.icmp_echo_ignore_all", ipv4.sysctl_icmp_echo_ignore_all,
		CTL_TYPE_INT, 0, 1),
	CTL_NET("net.ipv4.icmp_echo_ignore_broadcasts",
		ipv4.sysctl_icmp_echo_ignore_broadcasts, CTL_TYPE_INT, 0, 1),
	CTL_NET("net.ipv4.icmp_ratelimit", ipv4.sysctl_icmp_ratelimit_ms, CTL_TYPE_INT, 0,
		INT_MAX),
	CTL_NET("net.ipv4.icmp_ratemask", ipv4.sysctl_icmp_ratemask, CTL_TYPE_INT, 0, INT_MAX),
	CTL_NET("net.ipv4.icmp_msgs_per_sec", ipv4.sysctl_icmp_msgs_per_sec, CTL_TYPE_INT, 0,
		INT_MAX),
	CTL_NET("net.ipv4.icmp_msgs_burst", ipv4.sysctl_icmp_msgs_burst, CTL_TYPE_INT, 0,
		INT_MAX),
	CTL_NET("net.ipv4.route.min_pmtu", ipv4.ip_rt_min_pmtu, CTL_TYPE_INT, IPV4_MIN_MTU,
		65535),
	CTL_NET("net.ipv4.route.mtu_expires", ipv4.ip_rt_mtu_expires_ns, CTL_TYPE_SECS_NS, 1,
		INT_MAX),
	CTL_NET("net.ipv4.route.min_adv_mss", ipv4.ip_rt_min_advmss, CTL_TYPE_INT, 0, 65535),
	CONF_BOTH(rp_filter, 0, 2),
	CONF_BOTH(log_martians, 0, 1),
	CONF_BOTH(accept_source_route, 0, 1),
	CONF_BOTH(accept_redirects, 0, 1),
	CONF_BOTH(accept_local, 0, 1),
	CONF_BOTH(route_localnet, 0, 1),
	CONF_BOTH(forwarding, 0, 0),
	CONF_BOTH(arp_announce, 0, 2),
	CONF_BOTH(arp_ignore, 0, 8),
	CONF_BOTH(arp_filter, 0, 1),
	CONF_BOTH(arp_accept, 0, 1),
	CONF_BOTH(arp_notify, 0, 1),
	CONF_BOTH(drop_gratuitous_arp, 0, 1),
	CONF_BOTH(drop_unicast_in_l2_multicast, 0, 1),
};

/**
 * ipv4_sysctl_register - make the settings known
 *
 * Context: initcall (ip_init()).
 */
void ipv4_sysctl_register(void)
{
	register_sysctl_table(ipv4_net_table, ARRAY_SIZE(ipv4_net_table));
}
