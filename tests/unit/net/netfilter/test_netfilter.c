// SPDX-License-Identifier: MIT
/* The hooks: order, verdicts, and who owns the packet after each. */
#include <linux/netfilter.h>
#include <linux/slab.h>

#include "../../test.h"

static char order[16];
static unsigned int verdict, repeats, went_on;

static void note(char c)
{
	size_t n = strlen(order);

	order[n] = c;
	order[n + 1] = '\0';
}

static unsigned int hook(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	char c = *(const char *)priv;

	note(c);
	EXPECT_EQ(state->hook, NF_INET_LOCAL_IN);
	if (c != 'b')
		return NF_ACCEPT;
	if (verdict == NF_REPEAT && repeats-- == 0)
		return NF_ACCEPT;
	if (verdict == NF_STOLEN)
		consume_skb(skb);
	return verdict;
}

static int okfn(struct net *net, struct sock *sk, struct sk_buff *skb)
{
	went_on++;
	consume_skb(skb);
	return 42;
}

static int run(unsigned int what)
{
	struct sk_buff *skb = alloc_skb(init_net, 10, GFP_KERNEL);

	verdict = what;
	order[0] = '\0';
	went_on = 0;
	return NF_HOOK(NFPROTO_IPV4, NF_INET_LOCAL_IN, init_net, NULL, skb, NULL, NULL, okfn);
}

TEST(chains_run_by_priority_and_verdicts_are_obeyed)
{
	static char names[] = "abc";
	struct nf_hook_ops a = { .hook = hook, .priv = &names[0], .pf = NFPROTO_IPV4,
				 .hooknum = NF_INET_LOCAL_IN, .priority = -10 };
	struct nf_hook_ops b = a, c = a, bad = a;
	u64 before = init_net->drops[SKB_DROP_REASON_NETFILTER_DROP];

	EXPECT_EQ(run(NF_ACCEPT), 42);
	EXPECT_STREQ(order, "");
	b.priv = &names[1];
	b.priority = 0;
	c.priv = &names[2];
	c.priority = 100;
	EXPECT_EQ(nf_register_net_hook(init_net, &c), 0);
	EXPECT_EQ(nf_register_net_hook(init_net, &a), 0);
	EXPECT_EQ(nf_register_net_hook(init_net, &b), 0);
	EXPECT_EQ(run(NF_ACCEPT), 42);
	EXPECT_STREQ(order, "abc");
	EXPECT_EQ(run(NF_DROP), -EPERM);
	EXPECT_STREQ(order, "ab");
	EXPECT_EQ(went_on, 0);
	EXPECT_EQ(init_net->drops[SKB_DROP_REASON_NETFILTER_DROP] - before, 1);
	EXPECT_EQ(run(NF_QUEUE), -EPERM);
	EXPECT_EQ(run(NF_STOLEN), 0);
	EXPECT_STREQ(order, "ab");
	repeats = 2;
	EXPECT_EQ(run(NF_REPEAT), 42);
	EXPECT_STREQ(order, "abbbc");
	nf_unregister_net_hook(init_net, &a);
	nf_unregister_net_hook(init_net, &c);
	EXPECT_EQ(run(NF_ACCEPT), 42);
	EXPECT_STREQ(order, "b");
	nf_unregister_net_hook(init_net, &b);
	nf_unregister_net_hook(init_net, &b);
	EXPECT_EQ(run(NF_DROP), 42);
	bad.hooknum = NF_INET_NUMHOOKS;
	EXPECT_EQ(nf_register_net_hook(init_net, &bad), -EINVAL);
	slab_fail_after(1, 0);
	EXPECT_EQ(nf_register_net_hook(init_net, &a), -ENOMEM);
}

TEST(hooks_of_a_namespace_go_with_it)
{
	static char name[] = "x";
	static struct nf_hook_ops ops = { .hook = hook, .priv = name, .pf = NFPROTO_IPV4,
					  .hooknum = NF_INET_FORWARD };
	struct net *net = net_create();

	EXPECT_EQ(nf_register_net_hook(net, &ops), 0);
	EXPECT_TRUE(init_net->ipv4.hooks[NF_INET_FORWARD] == NULL);
	net_destroy(net);
}
