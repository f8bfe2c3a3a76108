// SPDX-License-Identifier: MIT
/*
 * Network namespaces: struct net is the whole mutable state of a stack, and
 * this makes and unmakes them. Every subsystem registers once, at boot, what it
 * sets up in each (struct pernet_operations); a namespace is set up in that
 * order and taken down in reverse. Devices go first, while the subsystems that
 * let go of them are still there.
 *
 * Namespaces form a list that begins with init_net.
 *
 * Linux: net/core/net_namespace.c
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <net/net_namespace.h>

struct net *init_net __ro_after_init;

/* Registration tables. Subsystems are set up before devices. */
static struct list_head pernet_subsys __ro_after_init = LIST_HEAD_INIT(pernet_subsys);
static struct list_head pernet_device __ro_after_init = LIST_HEAD_INIT(pernet_device);

/**
 * net_next - the namespace after another
 * @net: a namespace
 *
 * Context: process.
 * Return: the next by age, or NULL.
 */
struct net *net_next(const struct net *net)
{
	if (list_is_last(&net->list, &init_net->list))
		return NULL;
	return list_entry(net->list.next, struct net, list);
}

static void net_ops_exit_list(struct net *net, struct list_head *ops_list)
{
	struct pernet_operations *ops;

	list_for_each_entry_reverse(ops, ops_list, list) {
		if (ops->exit)
			ops->exit(net);
	}
}

/* 0, or the error of one: then those before it have been undone. */
static int net_ops_init_list(struct net *net, struct list_head *ops_list)
{
	struct pernet_operations *ops;
	int err;

	list_for_each_entry(ops, ops_list, list) {
		err = ops->init ? ops->init(net) : 0;
		if (err)
			goto undo;
	}
	return 0;
undo:
	while (ops->list.prev != ops_list) {
		ops = list_entry(ops->list.prev, struct pernet_operations, list);
		if (ops->exit)
			ops->exit(net);
	}
	return err;
}

static int register_pernet_operations(struct list_head *ops_list,
				      struct pernet_operations *ops)
{
	struct net *net;
	int err;

	for_each_net(net) {
		err = ops->init ? ops->init(net) : 0;
		if (err)
			return err;
	}
	list_add_tail(&ops->list, ops_list);
	return 0;
}

/**
 * register_pernet_subsys - have something set up in each namespace
 * @ops: a static object; stays registered
 *
 * Context: initcalls.
 * Return: 0, or the error of setting it up in a namespace there is.
 */
int register_pernet_subsys(struct pernet_operations *ops)
{
	return register_pernet_operations(&pernet_subsys, ops);
}

/**
 * register_pernet_device - the same for what makes devices
 * @ops: a static object; stays registered
 *
 * Context: initcalls.
 * Return: 0, or the error of setting it up in a namespace there is.
 */
int register_pernet_device(struct pernet_operations *ops)
{
	return register_pernet_operations(&pernet_device, ops);
}

static void netns_core_defaults(struct netns_core *core)
{
	core->sysctl_somaxconn = 4096;
	core->sysctl_rmem_max = 212992;
	core->sysctl_wmem_max = 212992;
	core->sysctl_rmem_default = 212992;
	core->sysctl_wmem_default = 212992;
	core->sysctl_netdev_max_backlog = 1000;
	core->sysctl_netdev_budget = 300;
	core->sysctl_guest_halt_poll_ns = 200 * NSEC_PER_USEC;
	core->sysctl_netdev_budget_usecs = 8000;
	core->sysctl_dev_weight = 64;
	core->sysctl_xmit_more_max = 16;
	core->sysctl_optmem_max = 131072;
}

static struct net *net_alloc(unsigned int id)
{
	struct net *net = kzalloc(sizeof(*net), GFP_KERNEL);
	int i;

	if (!net)
		return NULL;
	refcount_set(&net->count, 1);
	net->id = id;
	/* Ids of packets are told apart wherever they go. */
	net->next_packet_id = (u64)id << 48;
	INIT_LIST_HEAD(&net->list);
	INIT_LIST_HEAD(&net->dev_base_head);
	INIT_LIST_HEAD(&net->ptype_all);
	for (i = 0; i < PTYPE_HASH_SIZE; i++)
		INIT_LIST_HEAD(&net->ptype_base[i]);
	netns_core_defaults(&net->core);
	return net;
}

/* Takes away every device, lo last: it was the first. Drivers are told by
 * ndo_uninit. */
static void default_device_exit(struct net *net)
{
	while (!list_empty(&net->dev_base_head)) {
		struct net_device *dev = list_entry(net->dev_base_head.prev,
						    struct net_device, dev_list);

		unregister_netdevice(dev);
	}
}

/**
 * net_create - a new namespace
 *
 * Context: process, may sleep.
 * Return: a namespace with lo down, or NULL.
 */
struct net *net_create(void)
{
	struct net *last = list_entry(init_net->list.prev, struct net, list);
	struct net *net = net_alloc(last->id + 1);

	if (!net)
		return NULL;
	list_add_tail(&net->list, &init_net->list);
	if (net_ops_init_list(net, &pernet_subsys))
		goto fail;
	if (!net_ops_init_list(net, &pernet_device))
		return net;
	default_device_exit(net);
	net_ops_exit_list(net, &pernet_subsys);
	rcu_barrier();
fail:
	list_del(&net->list);
	kfree(net);
	return NULL;
}

/**
 * net_destroy - give back a namespace and everything in it
 * @net: no thread uses it any more; nothing is sent
 *
 * Context: process, may sleep; softirqs on.
 */
void net_destroy(struct net *net)
{
	local_bh_disable();
	local_bh_enable();		/* what is pending still finds it whole */

	default_device_exit(net);
	net_ops_exit_list(net, &pernet_device);
	net_ops_exit_list(net, &pernet_subsys);
	rcu_barrier();
	WARN_ON(net_packets_alive(net));
	list_del(&net->list);
	if (net == init_net)
		init_net = NULL;
	kfree(net);
}

static int __init net_ns_init(void)
{
	init_net = net_alloc(0);
	if (!init_net)
		panic("no memory for the initial network namespace");
	/* Threads inherit it from the one that starts them. */
	current->net = init_net;
	return 0;
}

core_initcall(net_ns_init);
