/* SPDX-License-Identifier: MIT */
/* The five hooks (NF-1). Empty chains cost one test. net/netfilter/core.c */
#ifndef LINUX_NETFILTER_H
#define LINUX_NETFILTER_H

#include <linux/rcupdate.h>
#include <net/net_namespace.h>

enum nf_inet_hooks {
	NF_INET_PRE_ROUTING,
	NF_INET_LOCAL_IN,
	NF_INET_FORWARD,
	NF_INET_LOCAL_OUT,
	NF_INET_POST_ROUTING,
	NF_INET_NUMHOOKS
};
#define NFPROTO_IPV4	2

#define NF_DROP		0
#define NF_ACCEPT	1
#define NF_STOLEN	2	/* the hook consumed the skb */
#define NF_QUEUE	3
#define NF_REPEAT	4

struct nf_hook_state {
	u8 hook;
	u8 pf;
	struct net_device *in, *out;
	struct sock *sk;
	struct net *net;
	int (*okfn)(struct net *net, struct sock *sk, struct sk_buff *skb);
};

/* Borrows the skb unless it answers NF_STOLEN. */
typedef unsigned int nf_hookfn(void *priv, struct sk_buff *skb, const struct nf_hook_state *state);

struct nf_hook_ops {
	nf_hookfn *hook;
	void *priv;
	u8 pf;
	unsigned int hooknum;
	int priority;		/* ascending */
};

/* A hook in the chain of one place, by ascending priority. */
struct nf_hook_entry {
	struct nf_hook_entry *next;
	nf_hookfn *hook;
	void *priv;
	const struct nf_hook_ops *orig_ops;
	struct rcu_head rcu;
};

int nf_register_net_hook(struct net *net, const struct nf_hook_ops *ops);
void nf_unregister_net_hook(struct net *net, const struct nf_hook_ops *ops);
/* 1: go on; 0: stolen; -EPERM: dropped and freed. */
int nf_hook_slow(struct sk_buff *skb, struct nf_hook_state *state, const struct nf_hook_entry *e);

static inline int nf_hook(u8 pf, unsigned int hook, struct net *net, struct sock *sk,
			  struct sk_buff *skb, struct net_device *in, struct net_device *out,
			  int (*okfn)(struct net *, struct sock *, struct sk_buff *))
{
	struct nf_hook_entry *e = net->ipv4.hooks[hook];
	struct nf_hook_state state;

	if (likely(!e))
		return 1;
	state = (struct nf_hook_state){ .hook = (u8)hook, .pf = pf, .in = in, .out = out,
					.sk = sk, .net = net, .okfn = okfn };
	return nf_hook_slow(skb, &state, e);
}

/* Runs the chain and, if it accepts, okfn. Consumes the skb. */
static inline int NF_HOOK(u8 pf, unsigned int hook, struct net *net, struct sock *sk,
			  struct sk_buff *skb, struct net_device *in, struct net_device *out,
			  int (*okfn)(struct net *, struct sock *, struct sk_buff *))
{
	int ret = nf_hook(pf, hook, net, sk, skb, in, out, okfn);

	if (ret == 1)
		ret = okfn(net, sk, skb);
	return ret;
}

#endif
