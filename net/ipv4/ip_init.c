// SPDX-License-Identifier: MIT
/*
 * IPv4's beginning: what it registers, and what it sets up in each namespace.
 *
 * Linux: ip_init() (net/ipv4/ip_output.c), inet_init_net() (net/ipv4/af_inet.c),
 * arp_init(), fib_net_init() …: here a table says them in order. There is one
 * ip_packet_type a namespace, as its lists are.
 */
#include <linux/errno.h>
#include <linux/if_ether.h>
#include <linux/inetdevice.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <net/arp.h>
#include <net/icmp.h>
#include <net/inetpeer.h>
#include <net/ip.h>
#include <net/ip_fib.h>
#include <net/ping.h>
#include <net/route.h>
#include <net/udp.h>

/* The takers of the two ethertypes. */
struct ipv4_packet_types {
	struct packet_type ip_packet_type, arp_packet_type;
};

static int ipv4_sysctl_init(struct net *net)
{
	struct netns_ipv4 *ipv4 = &net->ipv4;

	ipv4->sysctl_ip_default_ttl = IPDEFTTL;
	ipv4->sysctl_ip_early_demux = 1;
	ipv4->sysctl_tcp_early_demux = 1;
	ipv4->sysctl_local_port_range[0] = 32768;
	ipv4->sysctl_local_port_range[1] = 60999;
	ipv4->sysctl_ip_prot_sock = 1024;
	ipv4->devconf_all.accept_redirects = 1;
	/* RFC 1122 3.3.6. Linux: 0. */
	ipv4->devconf_all.drop_unicast_in_l2_multicast = 1;
	ipv4->devconf_dflt = ipv4->devconf_all;
	ipv4->devconf_dflt.accept_source_route = 1;
	return 0;
}

/* What never changes of /proc/net/snmp's first TCP counters. */
static int ipv4_mib_init(struct net *net)
{
	net->mib.tcp[TCP_MIB_RTOALGORITHM] = 1;
	net->mib.tcp[TCP_MIB_RTOMIN] = 200;
	net->mib.tcp[TCP_MIB_RTOMAX] = 120000;
	net->mib.tcp[TCP_MIB_MAXCONN] = (u64)-1;
	return 0;
}

static int ip_packet_types_init(struct net *net)
{
	struct ipv4_packet_types *pt = kzalloc(sizeof(*pt), GFP_KERNEL);

	if (!pt)
		return -ENOMEM;
	pt->ip_packet_type.type = htons(ETH_P_IP);
	pt->ip_packet_type.func = ip_rcv;
	pt->ip_packet_type.net = net;
	pt->arp_packet_type.type = htons(ETH_P_ARP);
	pt->arp_packet_type.func = arp_rcv;
	pt->arp_packet_type.net = net;
	net->ipv4.packet_types = pt;
	dev_add_pack(&pt->ip_packet_type);
	dev_add_pack(&pt->arp_packet_type);
	return 0;
}

static void ip_packet_types_exit(struct net *net)
{
	struct ipv4_packet_types *pt = net->ipv4.packet_types;

	dev_remove_pack(&pt->arp_packet_type);
	dev_remove_pack(&pt->ip_packet_type);
	kfree(pt);
	net->ipv4.packet_types = NULL;
}

/* In order; undone in reverse. */
static const struct ipv4_part {
	int (*init)(struct net *net);
	void (*exit)(struct net *net);
} ipv4_parts[] = {
	{ ipv4_sysctl_init, NULL },
	{ ipv4_mib_init, NULL },
	{ inet_peer_base_init, inet_peer_base_exit },
	{ fib_net_init, fib_net_exit },
	{ ip_rt_net_init, NULL },
	{ arp_net_init, arp_net_exit },
	{ icmp_sk_init, NULL },
	{ udp_net_init, udp_net_exit },
	{ ping_net_init, ping_net_exit },
	{ ip_packet_types_init, ip_packet_types_exit },
};

static void ipv4_parts_exit(struct net *net, unsigned int n)
{
	while (n--) {
		if (ipv4_parts[n].exit)
			ipv4_parts[n].exit(net);
	}
}

static int ipv4_net_init(struct net *net)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ipv4_parts); i++) {
		int err = ipv4_parts[i].init(net);

		if (err) {
			ipv4_parts_exit(net, i);
			return err;
		}
	}
	return 0;
}

static void ipv4_net_exit(struct net *net)
{
	ipv4_parts_exit(net, ARRAY_SIZE(ipv4_parts));
}

static struct pernet_operations ipv4_net_ops __ro_after_init = {
	.init = ipv4_net_init,
	.exit = ipv4_net_exit,
};

/**
 * ip_init - bring IPv4, ARP, ICMP, UDP and ping up
 *
 * Context: initcall (inet_init()).
 */
void __init ip_init(void)
{
	if (register_pernet_subsys(&ipv4_net_ops))
		panic("no memory for IPv4");
	icmp_init();
	udp_init();
	ping_init();
	ipv4_sysctl_register();
	ipv4_proc_init();
	/* Last: devices that there are get their addresses and routes now. */
	ip_rt_init();
}
