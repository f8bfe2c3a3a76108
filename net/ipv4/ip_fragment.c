// SPDX-License-Identifier: MIT
/*
 * Reassembly, where it will be: fragments are counted and dropped
 * (docs/omissions.md).
 *
 * Linux: net/ipv4/ip_fragment.c
 * RFC: 791 3.2, 815
 */
#include <linux/errno.h>
#include <linux/skbuff.h>
#include <linux/trace.h>
#include <net/ip.h>

/**
 * ip_defrag - take a fragment
 * @net: namespace
 * @skb: fragment. Consumes.
 * @user: IP_DEFRAG_*
 *
 * Context: softirq.
 * Return: -ENOMEM, as Linux with net.ipv4.ipfrag_high_thresh=0: no datagram
 * can be put together.
 */
int ip_defrag(struct net *net, struct sk_buff *skb, u32 user)
{
	trace_skb(skb);
	IP_INC_STATS(net, IPSTATS_MIB_REASMREQDS);
	IP_INC_STATS(net, IPSTATS_MIB_REASMFAILS);
	kfree_skb_reason(skb, SKB_DROP_REASON_IP_FRAGMENT);
	return -ENOMEM;
}
