// SPDX-License-Identifier: MIT
/*
 * The five hooks of IPv4 (NF-1): for each namespace and place a chain of
 * functions by ascending priority. An empty chain costs one test, in nf_hook()
 * and NF_HOOK() of linux/netfilter.h.
 *
 * Linux: net/netfilter/core.c, with arrays for chains
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/netfilter.h>
#include <linux/slab.h>
#include <linux/trace.h>

static void nf_hook_entry_free_rcu(struct rcu_head *head)
{
	kfree(container_of(head, struct nf_hook_entry, rcu));
}

/**
 * nf_register_net_hook - put a function into a chain
 * @net: where
 * @ops: the place, the priority and the function; must stay until unregistered
 *
 * Among equal priorities the one registered first is called first.
 *
 * Context: process.
 * Return: 0, -EINVAL (no such place) or -ENOMEM.
 */
int nf_register_net_hook(struct net *net, const struct nf_hook_ops *ops)
{
	struct nf_hook_entry **p, *e;

	if (ops->pf != NFPROTO_IPV4 || ops->hooknum >= NF_INET_NUMHOOKS)
		return -EINVAL;
	e = kzalloc(sizeof(*e), GFP_KERNEL);
	if (!e)
		return -ENOMEM;
	e->hook = ops->hook;
	e->priv = ops->priv;
	e->orig_ops = ops;
	p = &net->ipv4.hooks[ops->hooknum];
	while (*p && (*p)->orig_ops->priority <= ops->priority)
		p = &(*p)->next;
	e->next = *p;
	rcu_assign_pointer(*p, e);
	return 0;
}

/**
 * nf_unregister_net_hook - take a function out of its chain
 * @net: where
 * @ops: as registered; packets on their way through the chain still see it
 *
 * Context: any.
 */
void nf_unregister_net_hook(struct net *net, const struct nf_hook_ops *ops)
{
	struct nf_hook_entry **p, *e;

	if (ops->hooknum >= NF_INET_NUMHOOKS)
		return;
	for (p = &net->ipv4.hooks[ops->hooknum]; (e = *p) != NULL; p = &e->next) {
		if (e->orig_ops != ops)
			continue;
		rcu_assign_pointer(*p, e->next);
		call_rcu(&e->rcu, nf_hook_entry_free_rcu);
		return;
	}
}

/**
 * nf_hook_slow - send a packet through a chain that is not empty
 * @skb: consumed unless the answer is 1
 * @state: where we are, handed to each function
 * @e: first of the chain
 *
 * Linux: NF_QUEUE hands the packet to a queue handler; here there is none, and
 * as in Linux without one it is dropped.
 *
 * Context: softirq, or process with softirqs off.
 * Return: 1: go on; 0: a function has stolen it; -EPERM: dropped.
 */
int nf_hook_slow(struct sk_buff *skb, struct nf_hook_state *state,
		 const struct nf_hook_entry *e)
{
	int ret = 1;

	trace_skb(skb);
	rcu_read_lock();
	while (e) {
		unsigned int verdict = e->hook(e->priv, skb, state) & 0xff;

		if (verdict == NF_REPEAT)
			continue;
		if (verdict == NF_STOLEN) {
			ret = 0;
			break;
		}
		if (verdict != NF_ACCEPT) {
			kfree_skb_reason(skb, SKB_DROP_REASON_NETFILTER_DROP);
			ret = -EPERM;
			break;
		}
		e = e->next;
	}
	rcu_read_unlock();
	return ret;
}

static int netfilter_net_init(struct net *net)
{
	memset(net->ipv4.hooks, 0, sizeof(net->ipv4.hooks));
	return 0;
}

static void netfilter_net_exit(struct net *net)
{
	unsigned int i;

	for (i = 0; i < NF_INET_NUMHOOKS; i++) {
		while (net->ipv4.hooks[i])
			nf_unregister_net_hook(net, net->ipv4.hooks[i]->orig_ops);
	}
}

static struct pernet_operations netfilter_net_ops __ro_after_init = {
	.init = netfilter_net_init,
	.exit = netfilter_net_exit,
};

static int __init netfilter_init(void)
{
	return register_pernet_subsys(&netfilter_net_ops);
}

core_initcall(netfilter_init);
